//! What PostgreSQL itself keeps: comments, no overlaps, history that nobody can rewrite, versions without a gap,
//! a chain that shows tampering, and migrations that come and go cleanly.

use crate::support::TestDatabase;
use crate::support::database::RUNTIME;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use probation_directory::actions::prepare_database::{Ownership, prepare_database};
use probation_directory::store::migrations::SchemaState;
use probation_directory::store::seed::SeedFiles;
use probation_directory::store::{Store, Target};
use std::collections::BTreeMap;

/// Rows of tables that a seed leaves empty, as if version 1 had recorded them.
const NOT_SEEDED: [(&str, &str); 2] = [
    (
        "api_key",
        "INSERT INTO api_key (prefix, digest, label, recorded) VALUES ('aaaaaaaa', sha256('a'), 'a tool', '[1,)')",
    ),
    (
        "role_grant",
        "INSERT INTO role_grant (key_id, role, recorded) SELECT id, 'READER', '[1,)' FROM api_key",
    ),
];

/// A seeded database with a row in every table of facts, and one in the access log.
fn full() -> TestDatabase {
    let database = TestDatabase::filled();
    let mut session = Session::of(&database);
    for (table, row) in NOT_SEEDED {
        session.must(&format!(
            "ALTER TABLE {table} DISABLE TRIGGER ALL; {row}; ALTER TABLE {table} ENABLE TRIGGER ALL; \
             ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_fact; ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_rewrite; \
             ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate"
        ));
    }
    session.must("INSERT INTO access_log (actor, request_id, version, boards, persons) VALUES ('key:aaaaaaaa', 'r', 1, '{kent}', '{7}')");
    database
}

/// Records a change; what follows in the same transaction belongs to it.
pub const CHANGE: &str = "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')";

/// One connection for many statements.
pub struct Session {
    connection: AsyncPgConnection,
}

impl Session {
    /// A session of a database.
    pub fn of(database: &TestDatabase) -> Session {
        Session { connection: database.connection() }
    }

    /// Runs statements as one transaction: all of them or none.
    pub fn run(&mut self, statements: &str) -> Result<(), Error> {
        // PostgreSQL treats statements that are sent together as one transaction.
        RUNTIME.block_on(self.connection.batch_execute(statements))
    }

    /// The same, where nothing may go wrong.
    pub fn must(&mut self, statements: &str) {
        self.run(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// Texts from a query that names them `text`.
    pub fn texts(&mut self, query: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        let rows: Vec<Row> = RUNTIME
            .block_on(diesel::sql_query(query).load(&mut self.connection))
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }

    /// The one text of a query that names it `text`.
    pub fn text(&mut self, query: &str) -> String {
        let texts = self.texts(query);
        assert_eq!(texts.len(), 1, "{query}: {texts:?}");
        texts.into_iter().next().unwrap_or_default()
    }

    /// The newest version.
    pub fn version(&mut self) -> i64 {
        self.text("SELECT version::text AS text FROM head").parse().expect("a number")
    }

    /// The first version at which the chain does not hold, as text; empty where it holds.
    pub fn first_bad_of_chain(&mut self) -> String {
        self.text("SELECT coalesce(first_bad_change()::text, '') AS text")
    }

    fn first_bad(&mut self) -> Option<i64> {
        let text = self.first_bad_of_chain();
        (!text.is_empty()).then(|| text.parse().expect("a number"))
    }
}

/// What kind of error PostgreSQL gave.
pub fn kind_of(outcome: &Result<(), Error>) -> Option<&DatabaseErrorKind> {
    match outcome {
        Err(Error::DatabaseError(kind, _)) => Some(kind),
        _ => None,
    }
}

/// An exclusion must have refused it.
#[track_caller]
pub fn assert_excluded(outcome: Result<(), Error>, what: &str) {
    let is_excluded = matches!(kind_of(&outcome), Some(DatabaseErrorKind::ExclusionViolation));
    assert!(is_excluded, "{what}: {outcome:?}");
}

/// It must have been refused with a message.
#[track_caller]
pub fn assert_refused(outcome: Result<(), Error>, by: &str, what: &str) {
    match outcome {
        Err(Error::DatabaseError(_, information)) if information.message().contains(by) => {}
        other => panic!("{what} should be refused with {by:?}: {other:?}"),
    }
}

const ALTERED: &str = "is never altered: its recorded range is closed";
const LOST: &str = "is refused: history is never lost";
const WITHOUT_CHANGE: &str = "is written only with a change in the same transaction";
const HEAD: &str = "the head moves only with a change";

/// Tables that keep history, as the catalogue has them.
fn tables_of_facts(session: &mut Session) -> Vec<String> {
    let tables = session.texts(
        "SELECT c.relname::text AS text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'recorded' ORDER BY 1",
    );
    assert!(tables.len() >= 36, "{tables:?}");
    tables
}

#[test]
fn every_table_and_every_column_is_commented() {
    let bare = TestDatabase::migrated().texts(
        "SELECT c.relname || coalesce('.' || a.attname, '') AS text \
         FROM pg_class c LEFT JOIN LATERAL (SELECT NULL::name AS attname, 0 AS attnum UNION ALL \
           SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a ON true \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') \
           AND c.relname <> '__diesel_schema_migrations' \
           AND coalesce(CASE WHEN a.attnum = 0 THEN obj_description(c.oid, 'pg_class') ELSE col_description(c.oid, a.attnum) END, '') = ''",
    );
    assert_eq!(bare, Vec::<String>::new());
}

/// A table as `src/store/schema.rs` names it.
struct Named {
    table: String,
    key: Vec<String>,
    columns: Vec<(String, String)>,
}

/// The `table!` blocks of `src/store/schema.rs`.
fn named_tables() -> Vec<Named> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/schema.rs");
    let text = std::fs::read_to_string(path).expect("the schema");
    let mut tables = Vec::new();
    for block in text.split("table! {").skip(1) {
        let (head, rest) = block.split_once('{').expect("columns");
        let (table, key) = head.split_once('(').expect("a primary key");
        let key = key.split_once(')').expect("a primary key").0;
        let (columns, _) = rest.split_once('}').expect("an end of the columns");
        let columns = columns.split(',').map(str::trim).filter(|column| !column.is_empty()).map(|column| {
            let (sql_name, column) = match column.strip_prefix("#[sql_name = \"") {
                Some(rest) => rest.split_once("\"]").map(|(name, rest)| (Some(name), rest)).expect("a name"),
                None => (None, column),
            };
            let (name, kind) = column.split_once("->").expect("a type");
            (sql_name.unwrap_or(name.trim()).to_owned(), kind.trim().to_owned())
        });
        tables.push(Named {
            table: table.trim().to_owned(),
            key: key.split(',').map(|name| name.trim().to_owned()).collect(),
            columns: columns.collect(),
        });
    }
    tables
}

#[test]
fn the_tables_that_the_program_names_agree_with_the_catalogue() {
    let named = named_tables();
    assert!(named.len() >= 19, "only {} tables were found in the schema", named.len());
    let mut session = Session::of(&TestDatabase::migrated());
    for table in named {
        let name = &table.table;
        let columns = session.texts(&format!(
            "SELECT a.attname || ' ' || CASE WHEN t.typtype = 'd' THEN t.typbasetype::regtype ELSE a.atttypid::regtype END \
               || CASE WHEN a.attnotnull THEN '' ELSE ' or null' END AS text \
             FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
             WHERE a.attrelid = to_regclass('public.{name}') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        ));
        let mut remaining = columns.iter();
        for (column, kind) in &table.columns {
            let (kind, null) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), " or null"),
                None => (kind.as_str(), ""),
            };
            let kind = match kind {
                "Bool" => "boolean",
                "BigInt" => "bigint",
                "Integer" => "integer",
                "Text" => "text",
                "Date" => "date",
                "Timestamptz" => "timestamp with time zone",
                "Daterange" => "daterange",
                "Int8range" => "int8range",
                other => panic!("{name}.{column} has a type that this test does not know: {other}"),
            };
            let due = format!("{column} {kind}{null}");
            // In the order of the catalogue: each is looked for behind the one before.
            assert!(
                remaining.any(|found| *found == due),
                "{name} should have {due:?} in its place among {columns:?}"
            );
        }
        let key = session.texts(&format!(
            "SELECT a.attname::text AS text FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number \
             WHERE i.indisprimary AND i.indrelid = 'public.{name}'::regclass ORDER BY k.place"
        ));
        assert_eq!(table.key, key, "primary key of {name}");
    }
}

/// What a row excludes: a row that it starts from, and copies of it that are refused or taken.
struct Exclusion {
    table: &'static str,
    /// Condition that finds rows to start from.
    row: &'static str,
    /// JSON put over a copy that shares every version and day with the row and must be refused.
    refused: &'static [&'static str],
    /// The same, for copies that exclude nothing.
    taken: &'static [&'static str],
}

/// Of every table with an exclusion, what it must refuse and what it must not.
const EXCLUSIONS: &[Exclusion] = &[
    Exclusion {
        table: "source",
        row: "true",
        refused: &["{}", r#"{"title": "another"}"#],
        taken: &[r#"{"key": "ZZ9"}"#],
    },
    Exclusion {
        table: "body_period",
        row: "true",
        refused: &["{}", r#"{"note": "another"}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "body_name",
        row: "usage = 'NAME'",
        refused: &["{}", r#"{"name": "another"}"#],
        taken: &[
            r#"{"valid": "[1950-01-01,1960-01-01)"}"#,
            r#"{"usage": "WELSH_NAME"}"#,
            r#"{"usage": "SHORT_NAME"}"#,
        ],
    },
    Exclusion {
        table: "body_name",
        row: "usage = 'OFFICIAL_NAME'",
        refused: &[r#"{"name": "another"}"#],
        taken: &[r#"{"usage": "ALIAS"}"#],
    },
    Exclusion {
        table: "body_name",
        row: "usage = 'ALIAS'",
        refused: &["{}"],
        taken: &[r#"{"name": "another alias"}"#],
    },
    Exclusion {
        table: "body_code",
        row: "true",
        // A code means one body, whichever it is.
        refused: &["{}", r#"{"body_id": 900001}"#],
        taken: &[
            r#"{"code": "another"}"#,
            r#"{"scheme": "ANOTHER"}"#,
            r#"{"valid": "[1950-01-01,1960-01-01)"}"#,
        ],
    },
    Exclusion {
        table: "coverage",
        row: "kind = 'PROBATION_TRUST'",
        refused: &["{}", r#"{"body_id": 900001}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "coverage",
        row: "kind = 'NPS_DIVISION'",
        refused: &[r#"{"body_id": 900001}"#],
        taken: &[],
    },
    Exclusion {
        table: "coverage",
        row: "kind = 'CONTRACT_PACKAGE_AREA'",
        refused: &[r#"{"body_id": 900001}"#],
        taken: &[],
    },
    Exclusion {
        table: "coverage",
        row: "kind = 'PROBATION_REGION'",
        refused: &[r#"{"body_id": 900001}"#],
        taken: &[],
    },
    // An area may have two forces, but not one of them twice.
    Exclusion {
        table: "coverage",
        row: "kind = 'POLICE_FORCE'",
        refused: &["{}"],
        taken: &[r#"{"body_id": 900001}"#],
    },
    Exclusion {
        table: "operation",
        row: "true",
        refused: &["{}", r#"{"crc_id": 900001}"#, r#"{"package_id": 900001}"#],
        taken: &[r#"{"crc_id": 900001, "package_id": 900001}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "ownership",
        row: "true",
        refused: &["{}", r#"{"owner_id": 900001}"#],
        taken: &[r#"{"crc_id": 900001}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion { table: "succession", row: "true", refused: &["{}"], taken: &[r#"{"successor_id": 900001}"#] },
    Exclusion {
        table: "statement",
        row: "true",
        refused: &["{}", r#"{"used": "no"}"#],
        taken: &[r#"{"value": "another"}"#, r#"{"source": "ZZ9"}"#],
    },
    Exclusion {
        table: "post_description",
        row: "true",
        refused: &["{}", r#"{"title": "another"}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "post_holder",
        row: "true",
        refused: &["{}", r#"{"holder": "another"}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "board_description",
        row: "true",
        refused: &["{}", r#"{"name": "another"}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    // An area has many agencies, but not one of them twice.
    Exclusion {
        table: "coverage",
        row: "kind = 'AGENCY'",
        refused: &["{}"],
        taken: &[r#"{"body_id": 900001}"#],
    },
    Exclusion {
        table: "agency_duty",
        row: "true",
        refused: &["{}", r#"{"note": "another"}"#],
        taken: &[r#"{"kind": "HEALTH_AUTHORITY"}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "mailbox",
        row: "true",
        refused: &["{}", r#"{"address": "another@example.org"}"#],
        taken: &[r#"{"purpose": "GENERAL"}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "seat_description",
        row: "true",
        refused: &["{}", r#"{"title": "another"}"#, r#"{"seat_basis": "INVITED_PARTNER"}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "vacancy",
        row: "true",
        refused: &["{}", r#"{"note": "another"}"#],
        taken: &[r#"{"seat_id": 900001}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "person_body",
        row: "true",
        refused: &["{}", r#"{"body_id": 900001}"#],
        taken: &[r#"{"person_id": 900001}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "person_merge",
        row: "true",
        refused: &["{}", r#"{"into_id": 900001}"#],
        taken: &[r#"{"person_id": 900001}"#],
    },
    // One holder a seat, and one seat of a board a person, on a day.
    Exclusion {
        table: "appointment",
        row: "true",
        refused: &["{}", r#"{"person_id": 900001}"#, r#"{"seat_id": 900001}"#],
        taken: &[
            r#"{"person_id": 900001, "seat_id": 900001}"#,
            r#"{"seat_id": 900001, "board_id": 900001}"#,
            r#"{"valid": "[1950-01-01,1960-01-01)"}"#,
        ],
    },
    Exclusion {
        table: "office",
        row: "kind = 'CHAIR'",
        // Nobody in the chair is a state of the chair too, and nobody holds two offices of a board.
        refused: &["{}", r#"{"person_id": 900001}"#, r#"{"person_id": null}"#, r#"{"kind": "DEPUTY_CHAIR"}"#],
        taken: &[r#"{"kind": "DEPUTY_CHAIR", "person_id": 900001}"#, r#"{"board_id": 900001}"#],
    },
    Exclusion {
        table: "office",
        row: "person_id IS NULL",
        refused: &["{}", r#"{"person_id": 900001}"#],
        taken: &[r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "office",
        row: "kind = 'DEPUTY_CHAIR'",
        refused: &["{}"],
        taken: &[r#"{"person_id": 900001}"#],
    },
    Exclusion {
        table: "deputy",
        row: "true",
        refused: &["{}", r#"{"may_commit": null}"#],
        taken: &[r#"{"person_id": 900001}"#, r#"{"seat_id": 900001}"#],
    },
    Exclusion {
        table: "meeting",
        row: "true",
        refused: &["{}", r#"{"is_chaired": null}"#],
        taken: &[r#"{"held_on": "1950-01-01"}"#, r#"{"board_id": 900001}"#],
    },
    Exclusion {
        table: "meeting_attendance",
        row: "true",
        refused: &["{}", r#"{"attendance": "DEPUTY"}"#],
        taken: &[r#"{"seat_id": 900001}"#, r#"{"meeting": 900001}"#],
    },
    Exclusion {
        table: "board_document",
        row: "kind = 'MEMORANDUM'",
        refused: &["{}", r#"{"url": null}"#],
        taken: &[r#"{"kind": "MINISTERIAL_APPROVAL"}"#, r#"{"valid": "[1950-01-01,1960-01-01)"}"#],
    },
    Exclusion {
        table: "annual_report",
        row: "true",
        refused: &["{}", r#"{"published_on": null}"#],
        taken: &[r#"{"year": 2199}"#, r#"{"board_id": 900001}"#],
    },
    Exclusion {
        table: "review",
        row: "true",
        refused: &["{}", r#"{"consulted_lay_advisers": null}"#],
        taken: &[r#"{"held_on": "1950-01-01"}"#, r#"{"board_id": 900001}"#],
    },
    Exclusion {
        table: "declaration",
        row: "true",
        refused: &["{}", r#"{"holds": false}"#],
        taken: &[r#"{"board_id": 900001}"#, r#"{"person_id": 900001}"#],
    },
    Exclusion {
        table: "attestation",
        row: "true",
        refused: &["{}", r#"{"confirmed_by": "another"}"#],
        taken: &[r#"{"confirmed_on": "1950-01-01"}"#, r#"{"subject": "SEAT", "seat_id": 900001}"#],
    },
    Exclusion { table: "data_set", row: "true", refused: &["{}"], taken: &[r#"{"name": "ANOTHER"}"#] },
    Exclusion { table: "seed_fact", row: "true", refused: &["{}"], taken: &[r#"{"key": "another"}"#] },
    // A role that holds everywhere is had once; a key may have several.
    Exclusion {
        table: "role_grant",
        row: "role = 'READER'",
        refused: &["{}"],
        taken: &[r#"{"role": "AUDITOR"}"#, r#"{"key_id": 900001}"#],
    },
];

/// A copy of the first row that a condition finds, with JSON put over it, under a number of its own.
fn copy(table: &str, condition: &str, over: &str) -> String {
    format!(
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(r, '{over}'::jsonb || '{{\"id\": 900001}}')).* \
         FROM {table} r WHERE r.id = (SELECT min(id) FROM {table} WHERE {condition})"
    )
}

#[test]
fn no_two_facts_overlap_in_days_and_versions() {
    let mut session = Session::of(&full());
    let with_exclusion = session.texts(
        "SELECT DISTINCT conrelid::regclass::text AS text FROM pg_constraint WHERE contype = 'x' ORDER BY 1",
    );
    let mut listed: Vec<&str> = EXCLUSIONS.iter().map(|exclusion| exclusion.table).collect();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed, with_exclusion, "every table with an exclusion stands in this test");
    for Exclusion { table, row, refused, taken } in EXCLUSIONS {
        // The guards stand aside, keys too: what is left is what the ranges say.
        let off = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
        let close = format!(
            "UPDATE {table} SET recorded = '[1,3)' WHERE id = (SELECT min(id) FROM {table} WHERE {row})"
        );
        let versions = |over: &str, versions: &str| {
            let over = over.trim_end_matches('}');
            let comma = if over == "{" { "" } else { "," };
            copy(table, row, &format!("{over}{comma}\"recorded\": \"{versions}\"}}"))
        };
        for over in *refused {
            let what = format!("{table} where {row} with {over}");
            assert_excluded(
                session.run(&format!("{off}; {}", versions(over, "[1,)"))),
                &format!("{what}, both open"),
            );
            for range in ["[1,3)", "[2,)", "[2,3)"] {
                let outcome = session.run(&format!("{off}; {close}; {}", versions(over, range)));
                assert_excluded(outcome, &format!("{what}, {range} against the closed [1,3)"));
            }
            let later = format!("{off}; {close}; {}; SELECT 1/0", versions(over, "[3,)"));
            assert_refused(
                session.run(&later),
                "division by zero",
                &format!("{what}, from the version that closed it"),
            );
        }
        // Without the exclusion the copies are taken: nothing else refuses them.
        let without = format!(
            "DO $$ DECLARE n text; BEGIN FOR n IN SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = '{table}'::regclass \
             LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', n); END LOOP; END $$"
        );
        for over in *refused {
            let outcome = session.run(&format!("{off}; {without}; {}; SELECT 1/0", versions(over, "[1,)")));
            let what = format!("{table} where {row} with {over} is refused by an exclusion alone, so");
            assert_refused(outcome, "division by zero", &what);
        }
        for over in *taken {
            let outcome = session.run(&format!("{off}; {}; SELECT 1/0", versions(over, "[1,)")));
            assert_refused(
                outcome,
                "division by zero",
                &format!("{table} where {row} with {over} excludes nothing, so"),
            );
        }
    }
}

#[test]
fn an_overlap_is_refused_under_a_change_too() {
    let mut session = Session::of(&full());
    for Exclusion { table, row, refused, .. } in EXCLUSIONS {
        let outcome = session.run(&format!("{CHANGE}; {}", copy(table, row, refused[0])));
        assert_excluded(outcome, table);
    }
    assert_eq!(session.version(), 2);
}

#[test]
fn a_period_has_a_first_day_and_is_neither_empty_nor_infinite() {
    let mut session = Session::of(&full());
    let tables = session.texts(
        "SELECT c.relname::text AS text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'valid' ORDER BY 1",
    );
    assert!(tables.len() >= 10, "{tables:?}");
    for table in &tables {
        for period in [
            "empty",
            "[1950-06-01,1950-06-01)",
            "(,1950-06-01)",
            "(,)",
            "[-infinity,1950-06-01)",
            "(-infinity,1950-06-01)",
            "[1950-06-01,infinity)",
            "[1950-06-01,infinity]",
            "[infinity,)",
        ] {
            let over = format!(r#"{{"valid": "{period}"}}"#);
            let outcome = session.run(&format!("{CHANGE}; {}", copy(table, "true", &over)));
            assert!(
                matches!(kind_of(&outcome), Some(DatabaseErrorKind::CheckViolation)),
                "{table} {period}: {outcome:?}"
            );
        }
        let nothing = session.run(&format!("{CHANGE}; {}", copy(table, "true", r#"{"valid": null}"#)));
        assert!(
            matches!(kind_of(&nothing), Some(DatabaseErrorKind::NotNullViolation)),
            "{table}: {nothing:?}"
        );
        let reversed = session
            .run(&format!("{CHANGE}; {}", copy(table, "true", r#"{"valid": "[1951-01-01,1950-01-01)"}"#)));
        assert_refused(reversed, "range lower bound", table);
    }
    let ends = copy("succession", "true", r#"{"valid": "[1950-06-01,1960-06-01)"}"#);
    let outcome = session.run(&format!("{CHANGE}; {ends}"));
    assert!(
        matches!(kind_of(&outcome), Some(DatabaseErrorKind::CheckViolation)),
        "a succession has no end: {outcome:?}"
    );
    assert_eq!(session.version(), 2);
}

#[test]
fn recorded_versions_begin_at_one_or_later() {
    let mut session = Session::of(&full());
    for table in tables_of_facts(&mut session) {
        for versions in ["empty", "[3,3)", "(,3)", "(,)", "[0,)", "[-4,3)"] {
            let statements = format!(
                "ALTER TABLE {table} DISABLE TRIGGER ALL; UPDATE {table} SET recorded = '{versions}'"
            );
            let outcome = session.run(&statements);
            assert!(
                matches!(kind_of(&outcome), Some(DatabaseErrorKind::CheckViolation)),
                "{table} {versions}: {outcome:?}"
            );
        }
    }
}

/// Under which powers a rewrite is tried; `{table}` is the table.
const POWERS: [(&str, &str); 3] = [
    ("a superuser", ""),
    ("a superuser in the replication role", "SET LOCAL session_replication_role = replica;"),
    (
        "an ordinary owner of the table",
        "CREATE ROLE owner_of_{table}_in_{database}; GRANT ALL ON ALL TABLES IN SCHEMA public TO owner_of_{table}_in_{database}; \
         GRANT CREATE, USAGE ON SCHEMA public TO owner_of_{table}_in_{database}; \
         ALTER TABLE {table} OWNER TO owner_of_{table}_in_{database}; SET LOCAL ROLE owner_of_{table}_in_{database};",
    ),
];

/// The statements that give the power; undone with the transaction, which is always refused.
fn power(statements: &str, session: &mut Session, table: &str) -> String {
    let database = session.text("SELECT current_database()::text AS text");
    statements.replace("{table}", table).replace("{database}", &database)
}

/// Every column of a table but its number and its versions, with an expression for another value of its type.
fn other_values(session: &mut Session, table: &str) -> Vec<(String, String)> {
    let columns = session.texts(&format!(
        "SELECT a.attname || '|' || format_type(a.atttypid, NULL) AS text FROM pg_attribute a \
         WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' \
           AND a.attname <> 'recorded' ORDER BY a.attnum"
    ));
    let other = |column: &String| {
        let (name, kind) = column.split_once('|').expect("a type");
        let value = match kind {
            "text" => format!("coalesce({name}, '') || 'x'"),
            "basis" => format!("CASE {name} WHEN 'STATUTE' THEN 'PUBLISHED' ELSE 'STATUTE' END"),
            "bigint" | "integer" => format!("coalesce({name}, 0) + 1"),
            "date" => format!("coalesce({name}, '2014-01-01') + 1"),
            "boolean" => format!("NOT coalesce({name}, false)"),
            "bytea" => format!("sha256({name})"),
            "jsonb" => format!("{name} || '{{\"x\": 1}}'"),
            "period" => format!("daterange(lower({name}) - 1, upper({name}))"),
            "timestamp with time zone" => format!("{name} + interval '1 second'"),
            other => panic!("{table}.{name} has a type that this test does not know: {other}"),
        };
        (name.to_owned(), value)
    };
    columns.iter().map(other).collect()
}

#[test]
fn no_value_of_a_fact_is_ever_altered() {
    let mut session = Session::of(&full());
    let mut tried = 0;
    for table in tables_of_facts(&mut session) {
        for (column, value) in other_values(&mut session, &table) {
            for close in ["", ", recorded = int8range(lower(recorded), (SELECT version FROM head))"] {
                for (who, power_of) in [POWERS[0], POWERS[1]] {
                    let power = power(power_of, &mut session, &table);
                    let outcome = session
                        .run(&format!("{power} {CHANGE}; UPDATE {table} SET {column} = {value}{close}"));
                    assert_refused(outcome, ALTERED, &format!("{table}.{column}{close} by {who}"));
                    tried += 1;
                }
            }
        }
        let (column, value) = other_values(&mut session, &table).remove(0);
        let power = power(POWERS[2].1, &mut session, &table);
        let outcome = session.run(&format!("{power} {CHANGE}; UPDATE {table} SET {column} = {value}"));
        assert_refused(outcome, ALTERED, &format!("{table}.{column} by {}", POWERS[2].0));
    }
    assert!(tried > 400, "{tried}");
    assert_eq!(session.version(), 2);
}

#[test]
fn no_row_is_ever_deleted_or_truncated() {
    let mut session = Session::of(&full());
    let mut tables = tables_of_facts(&mut session);
    tables.push("change".to_owned());
    tables.push("access_log".to_owned());
    for table in &tables {
        for (who, power_of) in POWERS {
            let power = power(power_of, &mut session, table);
            for statement in [format!("DELETE FROM {table}"), format!("TRUNCATE {table} CASCADE")] {
                assert_refused(
                    session.run(&format!("{power} {CHANGE}; {statement}")),
                    LOST,
                    &format!("{statement} by {who}"),
                );
                assert_refused(
                    session.run(&format!("{power} {statement}")),
                    LOST,
                    &format!("{statement} by {who}"),
                );
            }
        }
    }
    for (column, value) in other_values(&mut session, "change") {
        for (who, power_of) in POWERS {
            let power = power(power_of, &mut session, "change");
            let outcome = session.run(&format!("{power} UPDATE change SET {column} = {value}"));
            assert_refused(outcome, LOST, &format!("change.{column} by {who}"));
        }
    }
    assert_eq!(session.version(), 2);
}

#[test]
fn a_recorded_range_is_closed_at_the_change_and_never_opened_again() {
    for (who, power_of) in [POWERS[0], POWERS[1]] {
        let mut session = Session::of(&full());
        for table in tables_of_facts(&mut session) {
            let power = power(power_of, &mut session, &table);
            let now = session.version();
            let row = format!("ctid = (SELECT min(ctid) FROM {table} WHERE upper_inf(recorded))");
            for range in [
                format!("int8range(lower(recorded), {})", now + 2),
                format!("int8range(lower(recorded), {now})"),
                format!("int8range(lower(recorded) + 1, {})", now + 1),
                format!("int8range(lower(recorded), {}, '[]')", now + 1),
                "recorded".to_owned(),
            ] {
                let outcome = session
                    .run(&format!("{power} {CHANGE}; UPDATE {table} SET recorded = {range} WHERE {row}"));
                let is_refused = match &outcome {
                    Err(Error::DatabaseError(_, information)) => {
                        // Closed at the version that recorded it, the range would be empty.
                        information.message().contains(ALTERED)
                            || information.message().contains("versions_check")
                    }
                    _ => false,
                };
                assert!(is_refused, "{table} set to {range} by {who}: {outcome:?}");
            }
            assert_eq!(session.version(), now);
            let mark = session.text(&format!("SELECT md5(r::text) AS text FROM {table} r WHERE {row}"));
            session.must(&format!(
                "{power} {CHANGE}; UPDATE {table} SET recorded = int8range(lower(recorded), {}) WHERE {row}",
                now + 1
            ));
            let closed = format!("upper(recorded) = {}", now + 1);
            let count = session.text(&format!("SELECT count(*)::text AS text FROM {table} WHERE {closed}"));
            assert_eq!(count, "1", "{table}: {mark}");
            for range in [
                "int8range(lower(recorded), NULL)".to_owned(),
                format!("int8range(lower(recorded), {})", now + 2),
            ] {
                let outcome = session
                    .run(&format!("{power} {CHANGE}; UPDATE {table} SET recorded = {range} WHERE {closed}"));
                assert_refused(outcome, ALTERED, &format!("{table} opened again by {who}"));
            }
        }
    }
}

#[test]
fn a_fact_is_written_only_with_a_change_in_the_same_transaction() {
    let mut session = Session::of(&full());
    session.must(CHANGE);
    for table in tables_of_facts(&mut session) {
        let insert = match table.as_str() {
            "local_authority" => {
                "INSERT INTO local_authority SELECT * FROM local_authority LIMIT 1".to_owned()
            }
            _ => copy(&table, "true", "{}"),
        };
        let close = format!("UPDATE {table} SET recorded = int8range(lower(recorded), 3)");
        for (who, power_of) in POWERS {
            let power = power(power_of, &mut session, &table);
            for statement in [&insert, &close] {
                assert_refused(
                    session.run(&format!("{power} {statement}")),
                    WITHOUT_CHANGE,
                    &format!("{statement} by {who}"),
                );
            }
        }
    }
    assert_eq!(session.version(), 3);
}

#[test]
fn the_head_moves_only_with_a_change_and_a_transaction_records_one() {
    let mut session = Session::of(&TestDatabase::seeded());
    for (who, power_of) in POWERS {
        let power = power(power_of, &mut session, "head");
        for statement in [
            "UPDATE head SET version = version + 1",
            "UPDATE head SET version = 7",
            "UPDATE head SET hash = sha256('x')",
            "UPDATE head SET transaction = pg_current_xact_id()",
            "UPDATE head SET version = version",
            "DELETE FROM head",
            "INSERT INTO head (singleton, version, hash) VALUES (false, 5, sha256('x'))",
        ] {
            assert_refused(
                session.run(&format!("{power} {statement}")),
                HEAD,
                &format!("{statement} by {who}"),
            );
            assert_refused(
                session.run(&format!("{power} {CHANGE}; {statement}")),
                HEAD,
                &format!("{statement} by {who}"),
            );
        }
        assert_refused(session.run(&format!("{power} TRUNCATE head")), LOST, who);
        let twice = session.run(&format!("{power} {CHANGE}; {CHANGE}"));
        assert_refused(twice, "a transaction records one change", who);
        let twice = format!("{power} {CHANGE}; SAVEPOINT a; {CHANGE}");
        assert_refused(session.run(&format!("BEGIN; {twice}")), "a transaction records one change", who);
        session.must("ROLLBACK");
    }
    assert_eq!(session.version(), 1);
    assert_eq!(session.first_bad(), None);
}

#[test]
fn a_fact_and_a_change_get_their_versions_whatever_is_given() {
    let mut session = Session::of(&TestDatabase::migrated());
    session.must(
        "INSERT INTO change (version, at, actor, action, body, previous_hash, hash) \
         VALUES (77, '1999-01-01Z', 'tester', 'TEST', '{}', sha256('a'), sha256('b')); \
         INSERT INTO source (key, title, location, supports, recorded) VALUES ('A1', '', '', '', '[40,)'), ('A2', '', '', '', '[1,9)'), ('A3', '', '', '', NULL)",
    );
    session.must(
        "BEGIN; INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}'); SAVEPOINT a; \
         INSERT INTO source (key, title, location, supports) VALUES ('B1', '', '', ''); ROLLBACK TO a; \
         INSERT INTO source (key, title, location, supports, recorded) VALUES ('B2', '', '', '', '[1,)'); COMMIT",
    );
    let recorded = session.texts("SELECT key || recorded::text AS text FROM source ORDER BY key");
    assert_eq!(recorded, ["A1[1,)", "A2[1,)", "A3[1,)", "B2[2,)"]);
    let changes = session.texts(
        "SELECT version || ' ' || (at > now() - interval '1 hour') AS text FROM change ORDER BY version",
    );
    assert_eq!(changes, ["1 true", "2 true"]);
    assert_eq!(session.first_bad(), None);
}

#[test]
fn a_key_of_an_actor_is_used_once() {
    let mut session = Session::of(&TestDatabase::migrated());
    let keyed = |actor: &str, key: &str| {
        format!(
            "INSERT INTO change (actor, action, body, idempotency_key, request_hash) VALUES ('{actor}', 'TEST', '{{}}', '{key}', sha256('{key}'))"
        )
    };
    session.must(&keyed("a", "k"));
    session.must(&keyed("b", "k"));
    session.must(&keyed("a", "l"));
    let again = session.run(&keyed("a", "k"));
    assert!(matches!(kind_of(&again), Some(DatabaseErrorKind::UniqueViolation)), "{again:?}");
    assert_eq!(session.version(), 3);
}

#[test]
fn versions_have_no_gap_and_instants_rise_under_eight_writers() {
    const WRITERS: usize = 8;
    const EACH: usize = 25;
    let database = TestDatabase::migrated();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let database = &database;
            scope.spawn(move || {
                let mut session = Session::of(database);
                for number in 0..EACH {
                    let change = format!(
                        "INSERT INTO change (actor, action, body) VALUES ('writer{writer}', 'TEST', '{{\"key\": \"W{writer}N{number}\"}}'); \
                         INSERT INTO source (key, title, location, supports) VALUES ('W{writer}N{number}', '', '', '')"
                    );
                    // Every fifth is first given up, by a fault or by its writer, and leaves nothing.
                    if number % 5 == 0 {
                        assert_refused(session.run(&format!("{change}; SELECT 1/0")), "division by zero", "a fault");
                        session.must(&format!("BEGIN; {change}; ROLLBACK"));
                    }
                    session.must(&change);
                }
            });
        }
    });
    let mut session = Session::of(&database);
    let due = (WRITERS * EACH).to_string();
    let sums = session.text(
        "SELECT count(*) || ' ' || min(version) || ' ' || max(version) || ' ' || (SELECT version FROM head) AS text FROM change",
    );
    assert_eq!(sums, format!("{due} 1 {due} {due}"));
    let standing_still = session.text(
        "SELECT count(*)::text AS text FROM (SELECT at, lag(at) OVER (ORDER BY version) AS before FROM change) c WHERE at <= before",
    );
    assert_eq!(standing_still, "0");
    let matching = session.text(
        "SELECT count(*)::text AS text FROM source s JOIN change c ON c.version = lower(s.recorded) AND c.body->>'key' = s.key",
    );
    assert_eq!(matching, due);
    assert_eq!(session.first_bad(), None);
    assert_eq!(
        RUNTIME.block_on(database.store.newest_version()).expect("a version"),
        (WRITERS * EACH) as i64
    );
}

#[test]
fn a_clock_that_stands_still_does_not_stop_history() {
    let mut session = Session::of(&TestDatabase::migrated());
    session.must(CHANGE);
    // As after a clock was set back: the newest change lies in the future.
    session.must(
        "ALTER TABLE head DISABLE TRIGGER ALL; UPDATE head SET at = now() + interval '1 day'; ALTER TABLE head ENABLE TRIGGER ALL",
    );
    session.must(CHANGE);
    session.must(CHANGE);
    let rising = session.texts(
        "SELECT (extract(epoch FROM at - lag(at) OVER (ORDER BY version)) * 1000000)::bigint::text AS text FROM change ORDER BY version OFFSET 2",
    );
    assert_eq!(rising, ["1"], "one microsecond after another");
}

#[test]
fn the_chain_shows_every_tampering() {
    let database = TestDatabase::migrated();
    let mut session = Session::of(&database);
    assert_eq!(session.first_bad(), None, "nothing recorded is a good chain");
    for _ in 0..5 {
        session.must(CHANGE);
    }
    assert_eq!(session.first_bad(), None);
    assert_eq!(RUNTIME.block_on(database.store.first_bad_change()).expect("an answer"), None);
    let off = "ALTER TABLE change DISABLE TRIGGER ALL; ALTER TABLE head DISABLE TRIGGER ALL";
    let rehash = "UPDATE change SET hash = change_hash(change) WHERE version = 3";
    for (tampering, first_bad) in [
        ("UPDATE change SET body = '{\"x\": 1}' WHERE version = 3", 3),
        ("UPDATE change SET actor = 'another' WHERE version = 1", 1),
        ("UPDATE change SET action = 'ANOTHER' WHERE version = 2", 2),
        ("UPDATE change SET reason = '' WHERE version = 2", 2),
        ("UPDATE change SET idempotency_key = 'k', request_hash = sha256('k') WHERE version = 2", 2),
        ("UPDATE change SET at = at + interval '1 microsecond' WHERE version = 3", 3),
        ("UPDATE change SET at = at - interval '1 day' WHERE version = 5", 5),
        ("UPDATE change SET hash = sha256('x') WHERE version = 2", 2),
        ("UPDATE change SET previous_hash = sha256('x') WHERE version = 4", 4),
        // Where a row is missing, the first that does not fit is the one behind it.
        ("DELETE FROM change WHERE version = 3", 4),
        ("DELETE FROM change WHERE version = 1", 2),
        // The tail is held by the head.
        ("DELETE FROM change WHERE version = 5", 5),
        ("DELETE FROM change WHERE version > 2", 5),
        ("DELETE FROM change", 5),
        ("UPDATE head SET version = 6", 6),
        ("UPDATE head SET hash = sha256('x')", 5),
        // A row that was changed and hashed anew no longer fits the one behind it.
        (&format!("UPDATE change SET body = '{{\"x\": 1}}' WHERE version = 3; {rehash}"), 4),
        // Numbers moved up over a hole.
        (
            "DELETE FROM change WHERE version = 3; UPDATE change SET version = version - 1 WHERE version = 4; \
          UPDATE change SET version = version - 1 WHERE version = 5",
            3,
        ),
        (
            "INSERT INTO change (version, at, actor, action, body, previous_hash, hash) \
          VALUES (6, now(), 'x', 'X', '{}', sha256('x'), sha256('x'))",
            5,
        ),
    ] {
        session.must(&format!("BEGIN; {off}; {tampering}"));
        let found = session.first_bad();
        session.must("ROLLBACK");
        assert_eq!(found, Some(first_bad), "{tampering}");
    }
    session.must(&format!("BEGIN; {off}; DELETE FROM head"));
    assert!(session.first_bad().is_some(), "without a head nothing says where the chain ends");
    session.must("ROLLBACK");
    session.must(&format!("{off}; UPDATE change SET body = '{{\"x\": 1}}' WHERE version = 3"));
    assert_eq!(RUNTIME.block_on(database.store.first_bad_change()).expect("an answer"), Some(3));
}

#[test]
fn a_row_of_the_access_log_is_dated_by_the_database_and_never_altered() {
    let mut session = Session::of(&TestDatabase::seeded());
    let row = |persons: &str| {
        format!(
            "INSERT INTO access_log (at, actor, request_id, version, boards, persons) \
             VALUES ('2001-01-01', 'key:aaaaaaaa', 'r', 1, '{{kent}}', '{persons}')"
        )
    };
    let nobody = session.run(&row("{}"));
    assert!(matches!(kind_of(&nobody), Some(DatabaseErrorKind::CheckViolation)), "{nobody:?}");
    session.must(&row("{7,8}"));
    assert_eq!(session.text("SELECT (at > now() - interval '1 hour')::text AS text FROM access_log"), "true");
    let columns = session.texts(
        "SELECT attname::text AS text FROM pg_attribute WHERE attrelid = 'access_log'::regclass AND attnum > 0 AND attidentity = ''",
    );
    assert_eq!(columns.len(), 8, "{columns:?}");
    for column in columns {
        for (who, power_of) in POWERS {
            let power = power(power_of, &mut session, "access_log");
            let outcome = session.run(&format!("{power} UPDATE access_log SET {column} = {column}"));
            assert_refused(outcome, LOST, &format!("access_log.{column} by {who}"));
        }
    }
    // Reading is no change of the directory.
    assert_eq!(session.version(), 1);
}

/// Everything of the schema public that no extension brought, by kind and name.
fn inventory(session: &mut Session) -> Vec<String> {
    session.texts(
        "SELECT kind || ' ' || name AS text FROM ( \
           SELECT 'relation' AS kind, relname::text AS name, oid, 'pg_class'::regclass AS class FROM pg_class WHERE relnamespace = 'public'::regnamespace \
           UNION ALL SELECT 'type', typname::text, oid, 'pg_type'::regclass FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd' \
           UNION ALL SELECT 'function', proname::text, oid, 'pg_proc'::regclass FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
           UNION ALL SELECT 'extension', extname::text, oid, 'pg_extension'::regclass FROM pg_extension WHERE extname <> 'plpgsql') o \
         WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.classid = o.class AND d.deptype = 'e') ORDER BY 1",
    )
}

/// Versions and full names of the migrations, from their folders.
fn migrations() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the migrations")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    names.into_iter().map(|name| (name.split('_').next().unwrap_or_default().to_owned(), name)).collect()
}

#[test]
fn migrations_are_taken_back_from_a_full_database_without_a_trace_and_applied_again() {
    let database = full();
    let mut session = Session::of(&database);
    let whole = inventory(&mut session);
    let mut due: Vec<String> = migrations().into_iter().map(|(version, _)| version).collect();
    let reverted: Vec<String> = RUNTIME.block_on(async {
        let mut reverted = Vec::new();
        while let Some(version) = database.store.revert_migration().await.expect("a migration taken back") {
            reverted.push(version);
        }
        reverted
    });
    due.reverse();
    assert_eq!(reverted, due);
    assert_eq!(
        inventory(&mut session),
        ["relation __diesel_schema_migrations", "relation __diesel_schema_migrations_pkey"]
    );
    assert_eq!(RUNTIME.block_on(database.store.schema_state()).expect("a state"), SchemaState::Empty);

    due.reverse();
    assert_eq!(RUNTIME.block_on(database.store.migrate()).expect("migrations"), due);
    assert_eq!(inventory(&mut session), whole);
    let seed = SeedFiles::embedded().expect("a sound seed");
    let report = RUNTIME.block_on(database.store.load_seed(&seed)).expect("a seeded database");
    assert_eq!(report.version, Some(1));
    let directory = RUNTIME.block_on(database.store.load_directory(None)).expect("a directory");
    let failing: Vec<_> = directory.checks().into_iter().filter(|check| !check.holds()).collect();
    assert_eq!(failing, []);
    assert_eq!(RUNTIME.block_on(database.store.migrate()).expect("nothing to do"), Vec::<String>::new());
}

#[test]
fn processes_that_migrate_at_once_apply_each_migration_once() {
    const PROCESSES: usize = 6;
    let database = TestDatabase::empty();
    let stores: Vec<Store> = (0..PROCESSES)
        .map(|_| {
            let _entered = RUNTIME.enter();
            Store::new(Target::private(database.url.clone()), 2).expect("a store")
        })
        .collect();
    let running: Vec<_> =
        stores.into_iter().map(|store| RUNTIME.spawn(async move { store.migrate().await })).collect();
    let mut applied: BTreeMap<String, usize> = BTreeMap::new();
    for process in running {
        for version in RUNTIME.block_on(process).expect("a task").expect("no process fails") {
            *applied.entry(version).or_default() += 1;
        }
    }
    let due: BTreeMap<String, usize> = migrations().into_iter().map(|(version, _)| (version, 1)).collect();
    assert_eq!(applied, due);
    assert_eq!(RUNTIME.block_on(database.store.schema_state()).expect("a state"), SchemaState::Current);
}

#[test]
fn the_state_of_a_schema_is_empty_current_older_or_newer() {
    let state = |database: &TestDatabase| RUNTIME.block_on(database.store.schema_state()).expect("a state");
    let seed = SeedFiles::embedded().expect("a sound seed");
    let prepare = |database: &TestDatabase, ownership| {
        RUNTIME
            .block_on(prepare_database(&database.store, ownership, &seed))
            .map_err(|error| error.to_string())
    };
    assert_eq!(state(&TestDatabase::empty()), SchemaState::Empty);
    let database = TestDatabase::migrated();
    assert_eq!(state(&database), SchemaState::Current);

    let names: Vec<String> = migrations().into_iter().map(|(_, name)| name).collect();
    RUNTIME.block_on(database.store.revert_migration()).expect("one taken back");
    assert_eq!(state(&database), SchemaState::Older(names[names.len() - 1..].to_vec()));
    RUNTIME.block_on(database.store.revert_migration()).expect("another taken back");
    assert_eq!(state(&database), SchemaState::Older(names[names.len() - 2..].to_vec()));
    // Somebody's server is not migrated behind their back.
    let refusal = prepare(&database, Ownership::Shared).expect_err("a refusal");
    assert!(names[names.len() - 2..].iter().all(|name| refusal.contains(name)), "{refusal}");
    assert!(refusal.contains("probation-directory migrate"), "{refusal}");
    assert_eq!(state(&database), SchemaState::Older(names[names.len() - 2..].to_vec()));
    let prepared = prepare(&database, Ownership::Private).expect("our own is migrated and seeded");
    assert_eq!(prepared.migrations.len(), 2);
    assert_eq!(prepared.seed.and_then(|report| report.version), Some(1));
    assert_eq!(state(&database), SchemaState::Current);

    Session::of(&database).must("INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')");
    assert_eq!(state(&database), SchemaState::Newer(vec!["99999999999999".to_owned()]));
    for ownership in [Ownership::Private, Ownership::Shared] {
        let refusal = prepare(&database, ownership).expect_err("a refusal");
        assert!(refusal.contains("99999999999999") && refusal.contains("newer program"), "{refusal}");
    }
    Session::of(&database).must("DELETE FROM __diesel_schema_migrations WHERE version = '00000000000002'");
    assert_eq!(state(&database), SchemaState::Newer(vec!["99999999999999".to_owned()]));
}

#[test]
fn an_empty_database_of_somebody_is_migrated_and_seeded_once() {
    let database = TestDatabase::empty();
    let seed = SeedFiles::embedded().expect("a sound seed");
    let prepare =
        || RUNTIME.block_on(prepare_database(&database.store, Ownership::Shared, &seed)).expect("a database");
    let first = prepare();
    assert_eq!(first.migrations.len(), migrations().len());
    assert_eq!(first.seed.and_then(|report| report.version), Some(1));
    // From then on the database is the truth, and no later seed is merged unasked.
    let second = prepare();
    assert_eq!((second.migrations, second.seed), (Vec::new(), None));
}

#[test]
fn a_database_that_holds_something_else_is_left_alone() {
    let database = TestDatabase::empty();
    let mut connection = database.connection();
    RUNTIME
        .block_on(connection.batch_execute("CREATE TABLE ledger (entry text)"))
        .expect("a table of somebody else's");
    let seed = SeedFiles::embedded().expect("a sound seed");
    let refused = RUNTIME.block_on(prepare_database(&database.store, Ownership::Shared, &seed));
    assert!(refused.expect_err("a refusal").to_string().contains("tables of something else"));
    let tables = database.texts("SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'");
    assert_eq!(tables, ["ledger"]);
}
