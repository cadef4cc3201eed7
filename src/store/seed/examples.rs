//! The example set: its files, read and checked like a seed, and loaded once in a change of its own.
//!
//! Every row rests on the source EXAMPLE by construction: the files have no columns for a source. What stands in the
//! files is made by `actions::example_set`; whether they are loaded is decided there too.

use super::files::{Row, SeedFaults, SeedFiles, read_files};
use super::relations::{Cell, Column, FROM, LAST_DAY, RELATIONS, SLUG, column};
use super::seats::{DUTY, SEAT_BASIS};
use crate::domain::source::EXAMPLE;
use crate::store::{Connection, Store, StoreError, announce, change, directory};
use diesel::sql_types::{BigInt, Integer, Jsonb, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One file of the example set.
#[derive(Clone, Copy, Debug)]
pub struct ExampleFile {
    /// Its name.
    pub file: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
    insert: Insert,
}

/// How rows of a file are written; $1 is the array of rows, each with its fact number, source, basis and note.
#[derive(Clone, Copy, Debug)]
enum Insert {
    /// As the seed's relation of this name does it.
    AsSeed(&'static str),
    /// By a statement of its own, after one that adds identities.
    Own(Option<&'static str>, &'static str),
}

const AREA: Column = column("mappa_area", Cell::Slug);
const SEAT: Column = column("seat", Cell::Slug);
const PERSON: Column = column("person", Cell::Slug);
const KIND: Column = column("kind", Cell::Kind);
const YES: Cell = Cell::OneOf(&["yes", "no", ""]);
const CODE: Cell = Cell::OneOf(&["MEMORANDUM", "BUSINESS_PLAN", "MINISTERIAL_APPROVAL"]);

/// Reads rows under the name `r`, with the columns that every fact has and those of a file.
macro_rules! rows {
    ($($columns:literal),*) => {
        concat!(
            "FROM jsonb_to_recordset($1) AS r(fact bigint, source text, basis text, note text, \"from\" date, last_day date",
            $(", ", $columns,)*
            ") "
        )
    };
}

/// Joins the board of a row, or its board and seat, or its person.
macro_rules! of {
    (board) => {
        "JOIN board b ON b.slug = r.mappa_area "
    };
    (seat) => {
        "JOIN board b ON b.slug = r.mappa_area JOIN seat s ON s.board_id = b.id AND s.slug = r.seat "
    };
    (person) => {
        "JOIN person p ON p.key = r.person "
    };
}

/// The files, in an order in which each row finds what it points to.
pub const EXAMPLE_FILES: &[ExampleFile] = &[
    ExampleFile {
        file: "sources.csv",
        columns: &[
            column("key", Cell::OneOf(&[EXAMPLE])),
            column("title", Cell::Note),
            column("location", Cell::Note),
            column("supports", Cell::Note),
        ],
        insert: Insert::AsSeed("sources"),
    },
    ExampleFile {
        file: "bodies.csv",
        columns: &[KIND, SLUG, column("country", Cell::OneOf(&["England", "Wales"])), FROM, LAST_DAY],
        insert: Insert::AsSeed("bodies"),
    },
    ExampleFile {
        file: "names.csv",
        columns: &[KIND, SLUG, column("usage", Cell::Usage), column("name", Cell::Name), FROM, LAST_DAY],
        insert: Insert::AsSeed("names"),
    },
    ExampleFile {
        file: "coverage.csv",
        columns: &[AREA, KIND, SLUG, FROM, LAST_DAY],
        insert: Insert::AsSeed("coverage"),
    },
    ExampleFile {
        file: "agency_duties.csv",
        columns: &[column("agency", Cell::Slug), DUTY, FROM, LAST_DAY],
        insert: Insert::AsSeed("agency_duties"),
    },
    ExampleFile {
        file: "mailboxes.csv",
        columns: &[
            KIND,
            SLUG,
            column("purpose", Cell::OneOf(&["MAPPA", "DUTY_TO_COOPERATE", "GENERAL"])),
            column("address", Cell::Name),
            FROM,
            LAST_DAY,
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO mailbox (fact, body_id, purpose, address, valid, source, basis, note) ",
                "SELECT r.fact, b.id, r.purpose, r.address, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("kind text, slug text, purpose text, address text"),
                "JOIN body b ON b.kind = r.kind AND b.slug = r.slug"
            ),
        ),
    },
    ExampleFile {
        file: "seats.csv",
        columns: &[
            AREA,
            SLUG,
            SEAT_BASIS,
            column("title", Cell::Name),
            column("body_kind", Cell::OptionalKind),
            column("body", Cell::OptionalSlug),
            FROM,
            LAST_DAY,
        ],
        insert: Insert::AsSeed("seats"),
    },
    ExampleFile {
        file: "persons.csv",
        columns: &[PERSON, column("name", Cell::Name), column("review_on", Cell::Day)],
        insert: Insert::Own(
            Some("INSERT INTO person (key) SELECT r.person FROM jsonb_to_recordset($1) AS r(person text)"),
            concat!(
                "INSERT INTO person_name (person_id, name, review_on) SELECT p.id, r.name, r.review_on ",
                rows!("person text, name text, review_on date"),
                of!(person)
            ),
        ),
    },
    ExampleFile {
        file: "person_bodies.csv",
        columns: &[PERSON, KIND, SLUG, FROM, LAST_DAY],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO person_body (fact, person_id, body_id, valid, source, basis, note) ",
                "SELECT r.fact, p.id, b.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("person text, kind text, slug text"),
                of!(person),
                "JOIN body b ON b.kind = r.kind AND b.slug = r.slug"
            ),
        ),
    },
    ExampleFile {
        file: "person_merges.csv",
        columns: &[PERSON, column("into", Cell::Slug)],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO person_merge (fact, person_id, into_id, source, basis, note) ",
                "SELECT r.fact, p.id, i.id, r.source, r.basis, r.note ",
                rows!("person text, \"into\" text"),
                of!(person),
                "JOIN person i ON i.key = r.into"
            ),
        ),
    },
    ExampleFile {
        file: "appointments.csv",
        columns: &[
            AREA,
            SEAT,
            PERSON,
            column(
                "appointed_by",
                Cell::OneOf(&["SECRETARY_OF_STATE", "RESPONSIBLE_AUTHORITY", "OWN_BODY", "BOARD", ""]),
            ),
            column(
                "end_reason",
                Cell::OneOf(&["TERM_ENDED", "RESIGNED", "REPLACED", "SEAT_ENDED", "REMOVED", "DIED", ""]),
            ),
            column("renews_from", Cell::OptionalDay),
            FROM,
            LAST_DAY,
        ],
        insert: Insert::Own(
            None,
            concat!(
                "WITH r AS (SELECT * ",
                rows!(
                    "mappa_area text, seat text, person text, appointed_by text, end_reason text, renews_from date"
                ),
                ") INSERT INTO appointment (fact, seat_id, board_id, person_id, appointed_by, end_reason, renewal_of, valid, source, basis, note) ",
                "SELECT r.fact, s.id, b.id, p.id, r.appointed_by, r.end_reason, o.fact, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                "FROM r ",
                of!(seat),
                of!(person),
                "LEFT JOIN r AS o ON o.mappa_area = r.mappa_area AND o.person = r.person AND o.from = r.renews_from ",
                "WHERE (o.fact IS NULL) = (r.renews_from IS NULL)"
            ),
        ),
    },
    ExampleFile {
        file: "vacancies.csv",
        columns: &[AREA, SEAT, FROM, LAST_DAY],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO vacancy (fact, seat_id, valid, source, basis, note) ",
                "SELECT r.fact, s.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("mappa_area text, seat text"),
                of!(seat)
            ),
        ),
    },
    ExampleFile {
        file: "offices.csv",
        columns: &[
            AREA,
            column("office", Cell::OneOf(&["CHAIR", "DEPUTY_CHAIR"])),
            column("person", Cell::OptionalSlug),
            FROM,
            LAST_DAY,
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO office (fact, board_id, kind, person_id, valid, source, basis, note) ",
                "SELECT r.fact, b.id, r.office, p.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("mappa_area text, office text, person text"),
                of!(board),
                "LEFT ",
                of!(person),
                "WHERE (p.id IS NULL) = (r.person IS NULL)"
            ),
        ),
    },
    ExampleFile {
        file: "deputies.csv",
        columns: &[AREA, SEAT, PERSON, column("may_commit", YES), FROM, LAST_DAY],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO deputy (fact, seat_id, person_id, may_commit, valid, source, basis, note) ",
                "SELECT r.fact, s.id, p.id, r.may_commit = 'yes', daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("mappa_area text, seat text, person text, may_commit text"),
                of!(seat),
                of!(person)
            ),
        ),
    },
    ExampleFile {
        file: "meetings.csv",
        columns: &[AREA, column("held_on", Cell::Day), column("is_chaired", YES)],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO meeting (fact, board_id, held_on, is_chaired, source, basis, note) ",
                "SELECT r.fact, b.id, r.held_on, r.is_chaired = 'yes', r.source, r.basis, r.note ",
                rows!("mappa_area text, held_on date, is_chaired text"),
                of!(board)
            ),
        ),
    },
    ExampleFile {
        file: "attendance.csv",
        columns: &[
            AREA,
            column("held_on", Cell::Day),
            SEAT,
            column("attendance", Cell::OneOf(&["PRESENT", "DEPUTY", "ABSENT"])),
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO meeting_attendance (fact, meeting, board_id, seat_id, attendance, source, basis, note) ",
                "SELECT r.fact, m.fact, b.id, s.id, r.attendance, r.source, r.basis, r.note ",
                rows!("mappa_area text, held_on date, seat text, attendance text"),
                of!(seat),
                "JOIN meeting m ON m.board_id = b.id AND m.held_on = r.held_on AND upper_inf(m.recorded)"
            ),
        ),
    },
    ExampleFile {
        file: "documents.csv",
        columns: &[AREA, column("document", CODE), column("url", Cell::OptionalName), FROM, LAST_DAY],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO board_document (fact, board_id, kind, url, valid, source, basis, note) ",
                "SELECT r.fact, b.id, r.document, r.url, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("mappa_area text, document text, url text"),
                of!(board)
            ),
        ),
    },
    ExampleFile {
        file: "reports.csv",
        columns: &[
            AREA,
            column(
                "year",
                Cell::Known {
                    is_known: |year| {
                        year.parse().is_ok_and(|year: i32| (2001..=2199).contains(&year)) && year.len() == 4
                    },
                    wanted: "a year of four digits",
                },
            ),
            column("published_on", Cell::OptionalDay),
            column("url", Cell::OptionalName),
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO annual_report (fact, board_id, year, published_on, url, source, basis, note) ",
                "SELECT r.fact, b.id, r.year, r.published_on, r.url, r.source, r.basis, r.note ",
                rows!("mappa_area text, year integer, published_on date, url text"),
                of!(board)
            ),
        ),
    },
    ExampleFile {
        file: "reviews.csv",
        columns: &[AREA, column("held_on", Cell::Day), column("consulted_lay_advisers", YES)],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO review (fact, board_id, held_on, consulted_lay_advisers, source, basis, note) ",
                "SELECT r.fact, b.id, r.held_on, r.consulted_lay_advisers = 'yes', r.source, r.basis, r.note ",
                rows!("mappa_area text, held_on date, consulted_lay_advisers text"),
                of!(board)
            ),
        ),
    },
    ExampleFile {
        file: "declarations.csv",
        columns: &[
            PERSON,
            AREA,
            column(
                "declaration",
                Cell::OneOf(&["LIVES_IN_AREA", "INDEPENDENT", "ELIGIBILITY_CHECKED", "ADULT", "SENIOR"]),
            ),
            column("holds", Cell::OneOf(&["yes", "no"])),
            column(
                "declared_by",
                Cell::OneOf(&["CHAIR", "COORDINATOR", "RESPONSIBLE_AUTHORITY", "OWN_BODY", "ADMINISTRATOR"]),
            ),
            FROM,
            LAST_DAY,
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO declaration (fact, person_id, board_id, kind, holds, declared_by, valid, source, basis, note) ",
                "SELECT r.fact, p.id, b.id, r.declaration, r.holds = 'yes', r.declared_by, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note ",
                rows!("person text, mappa_area text, declaration text, holds text, declared_by text"),
                of!(person),
                of!(board)
            ),
        ),
    },
    ExampleFile {
        file: "confirmations.csv",
        columns: &[
            AREA,
            column("subject", Cell::OneOf(&["BOARD", "SEAT", "AGENCIES"])),
            column("seat", Cell::OptionalSlug),
            column("confirmed_on", Cell::Day),
            column("confirmed_by", Cell::Name),
        ],
        insert: Insert::Own(
            None,
            concat!(
                "INSERT INTO attestation (fact, board_id, subject, seat_id, confirmed_on, confirmed_by, source, basis, note) ",
                "SELECT r.fact, b.id, r.subject, s.id, r.confirmed_on, r.confirmed_by, r.source, r.basis, r.note ",
                rows!("mappa_area text, subject text, seat text, confirmed_on date, confirmed_by text"),
                of!(board),
                "LEFT JOIN seat s ON s.board_id = b.id AND s.slug = r.seat WHERE (s.id IS NULL) = (r.seat IS NULL)"
            ),
        ),
    },
];

macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../seed/examples/", $file)).as_bytes())),*]
    };
}

/// The example set that is built into the program.
const EMBEDDED: &[(&str, &[u8])] = embedded![
    "sources.csv",
    "bodies.csv",
    "names.csv",
    "coverage.csv",
    "agency_duties.csv",
    "mailboxes.csv",
    "seats.csv",
    "persons.csv",
    "person_bodies.csv",
    "person_merges.csv",
    "appointments.csv",
    "vacancies.csv",
    "offices.csv",
    "deputies.csv",
    "meetings.csv",
    "attendance.csv",
    "documents.csv",
    "reports.csv",
    "reviews.csv",
    "declarations.csv",
    "confirmations.csv",
];

/// An example set whose every file was read and found sound.
#[derive(Clone, Debug)]
pub struct ExampleSet {
    digest: String,
    rows: Vec<(ExampleFile, Vec<Row>)>,
}

impl ExampleSet {
    /// The set that is built into the program.
    ///
    /// # Errors
    ///
    /// Every fault, where a file was built in that is not sound.
    pub fn embedded() -> Result<ExampleSet, SeedFaults> {
        ExampleSet::read(|file| {
            let found = EMBEDDED.iter().find(|(name, _)| *name == file);
            found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| "is not part of this program".to_owned())
        })
    }

    /// A set whose files come from `open`.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn read(open: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<ExampleSet, SeedFaults> {
        let due = EXAMPLE_FILES.iter().map(|file| (file.file, file.columns));
        let (digest, rows) = read_files(open, due)?;
        Ok(ExampleSet { digest, rows: EXAMPLE_FILES.iter().copied().zip(rows).collect() })
    }
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Store {
    /// Whether a seed is all that was ever recorded.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn holds_only(&self, seed: &SeedFiles) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let recorded: Number = diesel::sql_query(
            "SELECT count(*) AS number FROM change, head \
             WHERE head.version = 1 AND action = 'LOAD_SEED' AND body ->> 'seed' = $1",
        )
        .bind::<Text, _>(seed.digest())
        .get_result(&mut connection)
        .await?;
        Ok(recorded.number == 1)
    }

    /// Loads an example set, all or nothing; gives the version that it made. Does nothing where one was loaded before or
    /// anybody is recorded: examples and real members never stand side by side.
    ///
    /// # Errors
    ///
    /// Where the database is away, refuses a row, or the whole would make no directory; then nothing is written.
    pub async fn load_examples(&self, set: &ExampleSet) -> Result<Option<i64>, StoreError> {
        let mut connection = self.connection().await?;
        connection.build_transaction().run(async |connection| load(connection, set).await).await
    }
}

async fn load(connection: &mut Connection, set: &ExampleSet) -> Result<Option<i64>, StoreError> {
    // In the order of every writer: the boards, then the head.
    diesel::sql_query("SELECT FROM board ORDER BY id FOR NO KEY UPDATE").execute(connection).await?;
    diesel::sql_query("SELECT version FROM head FOR UPDATE").execute(connection).await?;
    let recorded: Number = diesel::sql_query(
        "SELECT (SELECT count(*) FROM change WHERE action = 'LOAD_EXAMPLES') + (SELECT count(*) FROM person) AS number",
    )
    .get_result(connection)
    .await?;
    if recorded.number > 0 {
        return Ok(None);
    }
    let counts: BTreeMap<&str, usize> = set.rows.iter().map(|(file, rows)| (file.file, rows.len())).collect();
    let body = json!({ "examples": set.digest, "rows": counts });
    let version = change::record(connection, "examples", "LOAD_EXAMPLES", None, &body).await?;
    for (file, rows) in &set.rows {
        insert(connection, file, rows).await?;
    }
    directory::check(connection).await?;
    announce(connection).await?;
    Ok(Some(version))
}

async fn insert(connection: &mut Connection, file: &ExampleFile, rows: &[Row]) -> Result<(), StoreError> {
    let facts: Vec<Number> =
        diesel::sql_query("SELECT nextval('fact_number') AS number FROM generate_series(1, $1)")
            .bind::<Integer, _>(rows.len() as i32)
            .load(connection)
            .await?;
    let records = rows.iter().zip(facts).map(|(row, fact)| {
        let mut record = row.content();
        record["fact"] = json!(fact.number);
        record["source"] = json!(EXAMPLE);
        record["basis"] = json!("ASSUMPTION");
        record
    });
    let records = Value::Array(records.collect());
    let (identity, statement) = match file.insert {
        Insert::Own(identity, statement) => (identity, statement),
        Insert::AsSeed(name) => {
            let relation = RELATIONS.iter().find(|relation| relation.name == name);
            relation.map_or((None, ""), |relation| (relation.identity, relation.insert))
        }
    };
    if let Some(identity) = identity {
        diesel::sql_query(identity).bind::<Jsonb, _>(&records).execute(connection).await?;
    }
    let written = diesel::sql_query(statement).bind::<Jsonb, _>(&records).execute(connection).await?;
    if written == rows.len() {
        return Ok(());
    }
    let what = format!("{}: {written} of {} rows found everything that they point to", file.file, rows.len());
    Err(StoreError::Seed(format!("the example set does not fit: {what}")))
}
