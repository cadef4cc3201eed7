//! What each seed file is: its columns, its key, what it points to, what excludes what, and the statements
//! that read and write it. One row a file.
//!
//! The statements take and give rows as JSON in the columns of the file, so that a seed row, a recorded fact
//! and the last seed can be laid side by side.

use super::files::{Row, shorten};
use super::seats::{AGENCY_DUTIES, SEATS};
use crate::domain::organisation::{BodyKind, NameUsage, is_slug};
use crate::domain::source::Basis;
use chrono::NaiveDate;
use serde_json::Value;

/// What may stand in a cell.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// Text of 1 to 200 characters without control characters.
    Name,
    /// The same, or nothing.
    OptionalName,
    /// Text of at most 2,000 characters without control characters, or nothing.
    Note,
    /// A slug.
    Slug,
    /// A slug, or nothing.
    OptionalSlug,
    /// A day.
    Day,
    /// A day, or nothing.
    OptionalDay,
    /// A code of a scheme.
    Code,
    /// A code scheme.
    Scheme,
    /// Keys of sources, separated by semicolons.
    Sources,
    /// The key of a source.
    SourceKey,
    /// A basis.
    Basis,
    /// A kind of body.
    Kind,
    /// The same, or nothing.
    OptionalKind,
    /// A usage of a name.
    Usage,
    /// A code of a list of the domain.
    Known {
        /// Whether the list has it.
        is_known: fn(&str) -> bool,
        /// What would be right.
        wanted: &'static str,
    },
    /// One of these.
    OneOf(&'static [&'static str]),
    /// An ONS code of England or Wales.
    OnsCode,
    /// The same, or nothing.
    OptionalOnsCode,
    /// A field's name in lower case.
    Field,
    /// The name of a file beside this one.
    File,
}

/// A column of a file.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What may stand in it.
    pub cell: Cell,
}

/// What a column points to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A body of this kind.
    Body(&'static str),
    /// A body of the kind that another column names.
    BodyOfKindIn(&'static str),
    /// The same, where there is one.
    OptionalBodyOfKindIn(&'static str),
    /// The board of an area.
    Board,
    /// A post, where there is one.
    Post,
}

/// A column that points to a row of another file.
#[derive(Clone, Copy, Debug)]
pub struct Pointer {
    /// The column.
    pub column: &'static str,
    /// What it points to.
    pub target: Target,
}

/// Columns of which equal cells exclude overlapping days.
#[derive(Clone, Copy, Debug)]
pub struct Exclusion {
    /// The columns.
    pub columns: &'static [&'static str],
    /// Only where this column has one of these cells.
    pub only: Option<(&'static str, &'static [&'static str])>,
}

impl Exclusion {
    /// Whether it applies to a row.
    pub fn applies<'r>(&self, cell: impl Fn(&str) -> &'r str) -> bool {
        self.only.is_none_or(|(column, cells)| cells.contains(&cell(column)))
    }
}

/// A seed file and the table behind it.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// Name of the relation.
    pub name: &'static str,
    /// Its file.
    pub file: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
    /// Columns that make its key.
    pub key: &'static [&'static str],
    /// What it points to.
    pub pointers: &'static [Pointer],
    /// What excludes what.
    pub exclusions: &'static [Exclusion],
    /// Adds identities that are not there yet; $1 is the array of rows.
    pub identity: Option<&'static str>,
    /// Adds facts; $1 is the array of rows, each with its fact number.
    pub insert: &'static str,
    /// Closes facts; $1 are their numbers, $2 the version.
    pub close: &'static str,
    /// What is known now, as fact number and content.
    pub current: &'static str,
}

impl Relation {
    /// The key of a row.
    pub fn key_of(&self, row: &Row) -> String {
        self.key.iter().map(|column| row.text(column)).collect::<Vec<_>>().join("|")
    }

    /// Whether two contents cannot both be true.
    pub fn excludes(&self, a: &Value, b: &Value) -> bool {
        let cell = |content: &Value, column: &str| content[column].as_str().unwrap_or_default().to_owned();
        let day = |content: &Value, column: &str| {
            content[column].as_str().and_then(|day| day.parse::<NaiveDate>().ok())
        };
        let ends_before =
            |a: &Value, b: &Value| day(a, "last_day").is_some_and(|last| Some(last) < day(b, "from"));
        self.exclusions.iter().any(|exclusion| {
            let applies = |content: &Value| {
                exclusion.only.is_none_or(|(column, cells)| cells.contains(&cell(content, column).as_str()))
            };
            applies(a)
                && applies(b)
                && exclusion.columns.iter().all(|column| cell(a, column) == cell(b, column))
                && !ends_before(a, b)
                && !ends_before(b, a)
        })
    }
}

/// Whether a text is an ONS code of England or Wales.
pub fn is_ons_code(text: &str) -> bool {
    text.len() == 9 && text.starts_with(['E', 'W']) && text[1..].chars().all(|c| c.is_ascii_digit())
}

fn is_text(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control) && text.trim() == text
}

/// Whether a country fits the first letter of an ONS code.
pub fn has_fitting_country(code: &str, country: &str) -> bool {
    match code.chars().next() {
        Some('E') => country == "England",
        Some('W') => country == "Wales",
        _ => false,
    }
}

impl Cell {
    /// Checks a cell.
    ///
    /// # Errors
    ///
    /// What is wrong and what would be right.
    pub fn check(&self, text: &str) -> Result<(), String> {
        let is_capitals = |longest: usize| {
            !text.is_empty()
                && text.len() <= longest
                && text.starts_with(|c: char| c.is_ascii_uppercase())
                && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        };
        let (sound, wanted) = match self {
            Cell::Name => (
                !text.is_empty() && is_text(text, 200),
                "text of 1 to 200 characters without control characters or outer spaces",
            ),
            Cell::OptionalName => (
                is_text(text, 200),
                "text of at most 200 characters without control characters or outer spaces",
            ),
            Cell::Note => (
                is_text(text, 2000),
                "text of at most 2,000 characters without control characters or outer spaces",
            ),
            Cell::Slug => (is_slug(text), "a slug: lower-case letters and digits in words joined by hyphens"),
            Cell::OptionalSlug => (text.is_empty() || is_slug(text), "a slug, or nothing"),
            Cell::Day => (is_day(text), "a day from 1900-01-01 to 2199-12-31, as YYYY-MM-DD"),
            Cell::OptionalDay => (text.is_empty() || is_day(text), "a day as YYYY-MM-DD, or nothing"),
            Cell::Code => (
                (1..=40).contains(&text.len())
                    && text.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c)),
                "a code of letters, digits and ._/- that begins with a letter or digit",
            ),
            Cell::Scheme => (is_capitals(40), "a scheme in capitals"),
            Cell::SourceKey => {
                (is_capitals(20) && !text.contains('_'), "a source key in capitals and digits")
            }
            Cell::Sources => (
                !text.is_empty() && text.split(';').all(|key| !key.is_empty()),
                "source keys separated by semicolons",
            ),
            Cell::Basis => (
                Basis::from_code(text).is_some(),
                "FOUNDING_DOCUMENT, STATUTE, PUBLISHED, GUIDANCE, RECORDED, UNCONFIRMED or ASSUMPTION",
            ),
            Cell::Kind => (BodyKind::from_code(text).is_some(), "a kind of body, for example MAPPA_AREA"),
            Cell::OptionalKind => (
                text.is_empty() || BodyKind::from_code(text).is_some(),
                "a kind of body, for example AGENCY, or nothing",
            ),
            Cell::Known { is_known, wanted } => (is_known(text), *wanted),
            Cell::Usage => {
                (NameUsage::from_code(text).is_some(), "NAME, OFFICIAL_NAME, WELSH_NAME, SHORT_NAME or ALIAS")
            }
            Cell::OnsCode => (is_ons_code(text), "an ONS code: E or W and eight digits"),
            Cell::OptionalOnsCode => (text.is_empty() || is_ons_code(text), "an ONS code, or nothing"),
            Cell::Field => (
                text.len() <= 60
                    && text.starts_with(|c: char| c.is_ascii_lowercase())
                    && text.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "a field in lower case and underscores",
            ),
            Cell::File => (
                text.strip_suffix(".csv").is_some_and(|stem| {
                    !stem.is_empty() && stem.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                }),
                "a file name in lower case that ends in .csv",
            ),
            Cell::OneOf(choices) if choices.contains(&text) => return Ok(()),
            Cell::OneOf(choices) => {
                return Err(format!("{} is none of {}", shorten(text), choices.join(", ")));
            }
        };
        if sound { Ok(()) } else { Err(format!("{} is not {wanted}", shorten(text))) }
    }
}

fn is_day(text: &str) -> bool {
    text.parse::<NaiveDate>().is_ok_and(|day| {
        // The parser is lenient about spaces and signs; a day has one spelling.
        (1900..=2199).contains(&chrono::Datelike::year(&day)) && day.to_string() == text
    })
}

/// A column of a file.
pub(super) const fn column(name: &'static str, cell: Cell) -> Column {
    Column { name, cell }
}

const KIND: Column = column("kind", Cell::Kind);
pub(super) const SLUG: Column = column("slug", Cell::Slug);
pub(super) const FROM: Column = column("from", Cell::Day);
pub(super) const LAST_DAY: Column = column("last_day", Cell::OptionalDay);
pub(super) const SOURCE: Column = column("source", Cell::Sources);
pub(super) const BASIS: Column = column("basis", Cell::Basis);
pub(super) const NOTE: Column = column("note", Cell::Note);

const COUNTRIES: Cell = Cell::OneOf(&["England", "Wales", "England and Wales"]);

/// Columns of the list of data sets.
pub const DATA_SET_COLUMNS: &[Column] = &[
    column("name", Cell::OneOf(&["LOCAL_AUTHORITIES"])),
    column("file", Cell::File),
    column("as_of", Cell::Day),
    SOURCE,
    BASIS,
    NOTE,
];

/// Columns of the file of local authorities.
pub const AUTHORITY_COLUMNS: &[Column] = &[
    column("code", Cell::OnsCode),
    column("name", Cell::Name),
    column("name_welsh", Cell::OptionalName),
    column("type", Cell::Name),
    column("country", Cell::OneOf(&["England", "Wales"])),
    column("upper_tier_code", Cell::OptionalOnsCode),
    column("upper_tier_name", Cell::OptionalName),
    column("police_force_area_code", Cell::OnsCode),
    column("police_force_area_name", Cell::Name),
    column("mappa_area", Cell::Slug),
    column("first_day", Cell::OptionalDay),
    column("successor_code", Cell::OptionalOnsCode),
    column("successor_name", Cell::OptionalName),
    column("successor_from", Cell::OptionalDay),
    SOURCE,
    BASIS,
    NOTE,
];

/// Adds the local authorities of a data set; $1 is the set, $2 the array of rows.
pub const INSERT_AUTHORITIES: &str = "\
    INSERT INTO local_authority (data_set_id, code, name, welsh_name, type, country, upper_tier_code, upper_tier_name, \
      police_force_area_code, area_slug, first_day, successor_code, successor_name, successor_from, source, basis, note) \
    SELECT $1, r.code, r.name, r.name_welsh, r.type, r.country, r.upper_tier_code, r.upper_tier_name, \
      r.police_force_area_code, r.mappa_area, r.first_day, r.successor_code, r.successor_name, r.successor_from, r.source, r.basis, r.note \
    FROM jsonb_to_recordset($2) AS r(code text, name text, name_welsh text, type text, country text, upper_tier_code text, \
      upper_tier_name text, police_force_area_code text, mappa_area text, first_day date, successor_code text, successor_name text, \
      successor_from date, source text, basis text, note text)";

/// Closing is the same statement for every table.
macro_rules! close {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET recorded = int8range(lower(recorded), $2) WHERE fact = ANY($1) AND upper_inf(recorded)"
        )
    };
}
pub(super) use close;

/// The columns that every fact has, as content.
macro_rules! tail {
    ($alias:literal) => {
        concat!(
            "'from', lower(",
            $alias,
            ".valid)::text, 'last_day', (upper(",
            $alias,
            ".valid) - 1)::text, ",
            "'source', ",
            $alias,
            ".source, 'basis', ",
            $alias,
            ".basis, 'note', ",
            $alias,
            ".note) AS content "
        )
    };
}
pub(super) use tail;

/// Every relation, in an order in which each row finds what it points to.
pub const RELATIONS: &[Relation] = &[
    Relation {
        name: "sources",
        file: "sources.csv",
        columns: &[
            column("key", Cell::SourceKey),
            column("title", Cell::Note),
            column("location", Cell::Note),
            column("supports", Cell::Note),
        ],
        key: &["key"],
        pointers: &[],
        exclusions: &[Exclusion { columns: &["key"], only: None }],
        identity: None,
        insert: "INSERT INTO source (fact, key, title, location, supports) \
            SELECT r.fact, r.key, coalesce(r.title, ''), coalesce(r.location, ''), coalesce(r.supports, '') \
            FROM jsonb_to_recordset($1) AS r(fact bigint, key text, title text, location text, supports text)",
        close: close!("source"),
        current: "SELECT fact, jsonb_build_object('key', key, 'title', nullif(title, ''), 'location', nullif(location, ''), \
            'supports', nullif(supports, '')) AS content FROM source WHERE upper_inf(recorded)",
    },
    Relation {
        name: "bodies",
        file: "bodies.csv",
        columns: &[KIND, SLUG, column("country", COUNTRIES), FROM, LAST_DAY, SOURCE, BASIS, NOTE],
        key: &["kind", "slug", "from"],
        pointers: &[],
        exclusions: &[Exclusion { columns: &["kind", "slug"], only: None }],
        identity: Some(
            "INSERT INTO body (kind, slug, country) \
            SELECT DISTINCT ON (r.kind, r.slug) r.kind, r.slug, r.country \
            FROM jsonb_to_recordset($1) AS r(kind text, slug text, country text) \
            WHERE NOT EXISTS (SELECT FROM body b WHERE b.kind = r.kind AND b.slug = r.slug)",
        ),
        insert: "INSERT INTO body_period (fact, body_id, valid, source, basis, note) \
            SELECT r.fact, b.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, kind text, slug text, country text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body b ON b.kind = r.kind AND b.slug = r.slug AND b.country = r.country",
        close: close!("body_period"),
        current: concat!(
            "SELECT p.fact, jsonb_build_object('kind', b.kind, 'slug', b.slug, 'country', b.country, ",
            tail!("p"),
            "FROM body_period p JOIN body b ON b.id = p.body_id WHERE upper_inf(p.recorded)"
        ),
    },
    Relation {
        name: "names",
        file: "names.csv",
        columns: &[
            KIND,
            SLUG,
            column("usage", Cell::Usage),
            column("name", Cell::Name),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["kind", "slug", "usage", "name", "from"],
        pointers: &[Pointer { column: "slug", target: Target::BodyOfKindIn("kind") }],
        exclusions: &[
            Exclusion {
                columns: &["kind", "slug", "usage"],
                only: Some(("usage", &["NAME", "OFFICIAL_NAME", "WELSH_NAME"])),
            },
            Exclusion { columns: &["kind", "slug", "usage", "name"], only: None },
        ],
        identity: None,
        insert: "INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis, note) \
            SELECT r.fact, b.id, r.usage, r.name, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, kind text, slug text, usage text, name text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body b ON b.kind = r.kind AND b.slug = r.slug",
        close: close!("body_name"),
        current: concat!(
            "SELECT n.fact, jsonb_build_object('kind', b.kind, 'slug', b.slug, 'usage', n.usage, 'name', n.name, ",
            tail!("n"),
            "FROM body_name n JOIN body b ON b.id = n.body_id WHERE upper_inf(n.recorded)"
        ),
    },
    Relation {
        name: "codes",
        file: "codes.csv",
        columns: &[
            KIND,
            SLUG,
            column("scheme", Cell::Scheme),
            column("code", Cell::Code),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["kind", "slug", "scheme", "code", "from"],
        pointers: &[Pointer { column: "slug", target: Target::BodyOfKindIn("kind") }],
        exclusions: &[Exclusion { columns: &["scheme", "code"], only: None }],
        identity: None,
        insert: "INSERT INTO body_code (fact, body_id, scheme, code, valid, source, basis, note) \
            SELECT r.fact, b.id, r.scheme, r.code, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, kind text, slug text, scheme text, code text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body b ON b.kind = r.kind AND b.slug = r.slug",
        close: close!("body_code"),
        current: concat!(
            "SELECT c.fact, jsonb_build_object('kind', b.kind, 'slug', b.slug, 'scheme', c.scheme, 'code', c.code, ",
            tail!("c"),
            "FROM body_code c JOIN body b ON b.id = c.body_id WHERE upper_inf(c.recorded)"
        ),
    },
    Relation {
        name: "coverage",
        file: "coverage.csv",
        columns: &[
            column("mappa_area", Cell::Slug),
            column(
                "kind",
                Cell::OneOf(&[
                    "POLICE_FORCE",
                    "PROBATION_TRUST",
                    "NPS_DIVISION",
                    "CONTRACT_PACKAGE_AREA",
                    "PROBATION_REGION",
                    "AGENCY",
                ]),
            ),
            SLUG,
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["mappa_area", "kind", "slug", "from"],
        pointers: &[
            Pointer { column: "mappa_area", target: Target::Body("MAPPA_AREA") },
            Pointer { column: "slug", target: Target::BodyOfKindIn("kind") },
        ],
        exclusions: &[
            Exclusion {
                columns: &["mappa_area", "kind"],
                only: Some((
                    "kind",
                    &["PROBATION_TRUST", "NPS_DIVISION", "CONTRACT_PACKAGE_AREA", "PROBATION_REGION"],
                )),
            },
            Exclusion { columns: &["mappa_area", "kind", "slug"], only: None },
        ],
        identity: None,
        insert: "INSERT INTO coverage (fact, area_id, kind, body_id, valid, source, basis, note) \
            SELECT r.fact, a.id, r.kind, b.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, mappa_area text, kind text, slug text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body a ON a.kind = 'MAPPA_AREA' AND a.slug = r.mappa_area JOIN body b ON b.kind = r.kind AND b.slug = r.slug",
        close: close!("coverage"),
        current: concat!(
            "SELECT c.fact, jsonb_build_object('mappa_area', a.slug, 'kind', c.kind, 'slug', b.slug, ",
            tail!("c"),
            "FROM coverage c JOIN body a ON a.id = c.area_id JOIN body b ON b.id = c.body_id WHERE upper_inf(c.recorded)"
        ),
    },
    Relation {
        name: "companies",
        file: "companies.csv",
        columns: &[
            column("contract_package_area", Cell::Slug),
            column("crc", Cell::Slug),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["contract_package_area", "crc", "from"],
        pointers: &[
            Pointer { column: "contract_package_area", target: Target::Body("CONTRACT_PACKAGE_AREA") },
            Pointer { column: "crc", target: Target::Body("CRC") },
        ],
        exclusions: &[
            Exclusion { columns: &["contract_package_area"], only: None },
            Exclusion { columns: &["crc"], only: None },
        ],
        identity: None,
        insert: "INSERT INTO operation (fact, package_id, crc_id, valid, source, basis, note) \
            SELECT r.fact, p.id, c.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, contract_package_area text, crc text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body p ON p.kind = 'CONTRACT_PACKAGE_AREA' AND p.slug = r.contract_package_area \
            JOIN body c ON c.kind = 'CRC' AND c.slug = r.crc",
        close: close!("operation"),
        current: concat!(
            "SELECT o.fact, jsonb_build_object('contract_package_area', p.slug, 'crc', c.slug, ",
            tail!("o"),
            "FROM operation o JOIN body p ON p.id = o.package_id JOIN body c ON c.id = o.crc_id WHERE upper_inf(o.recorded)"
        ),
    },
    Relation {
        name: "owners",
        file: "owners.csv",
        columns: &[
            column("crc", Cell::Slug),
            column("owner", Cell::Slug),
            column("partners", Cell::Note),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["crc", "owner", "from"],
        pointers: &[
            Pointer { column: "crc", target: Target::Body("CRC") },
            Pointer { column: "owner", target: Target::Body("CRC_OWNER") },
        ],
        exclusions: &[Exclusion { columns: &["crc"], only: None }],
        identity: None,
        insert: "INSERT INTO ownership (fact, crc_id, owner_id, partners, valid, source, basis, note) \
            SELECT r.fact, c.id, o.id, r.partners, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, crc text, owner text, partners text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN body c ON c.kind = 'CRC' AND c.slug = r.crc JOIN body o ON o.kind = 'CRC_OWNER' AND o.slug = r.owner",
        close: close!("ownership"),
        current: concat!(
            "SELECT w.fact, jsonb_build_object('crc', c.slug, 'owner', o.slug, 'partners', w.partners, ",
            tail!("w"),
            "FROM ownership w JOIN body c ON c.id = w.crc_id JOIN body o ON o.id = w.owner_id WHERE upper_inf(w.recorded)"
        ),
    },
    Relation {
        name: "successions",
        file: "successions.csv",
        columns: &[
            column("predecessor_kind", Cell::Kind),
            column("predecessor", Cell::Slug),
            column("successor_kind", Cell::Kind),
            column("successor", Cell::Slug),
            column("on", Cell::Day),
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["predecessor_kind", "predecessor", "successor_kind", "successor"],
        pointers: &[
            Pointer { column: "predecessor", target: Target::BodyOfKindIn("predecessor_kind") },
            Pointer { column: "successor", target: Target::BodyOfKindIn("successor_kind") },
        ],
        exclusions: &[Exclusion {
            columns: &["predecessor_kind", "predecessor", "successor_kind", "successor"],
            only: None,
        }],
        identity: None,
        insert: "INSERT INTO succession (fact, predecessor_id, successor_id, valid, source, basis, note) \
            SELECT r.fact, p.id, s.id, daterange(r.on, NULL), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, predecessor_kind text, predecessor text, successor_kind text, successor text, \"on\" date, source text, basis text, note text) \
            JOIN body p ON p.kind = r.predecessor_kind AND p.slug = r.predecessor \
            JOIN body s ON s.kind = r.successor_kind AND s.slug = r.successor",
        close: close!("succession"),
        current: "SELECT x.fact, jsonb_build_object('predecessor_kind', p.kind, 'predecessor', p.slug, 'successor_kind', s.kind, \
            'successor', s.slug, 'on', lower(x.valid)::text, 'source', x.source, 'basis', x.basis, 'note', x.note) AS content \
            FROM succession x JOIN body p ON p.id = x.predecessor_id JOIN body s ON s.id = x.successor_id WHERE upper_inf(x.recorded)",
    },
    Relation {
        name: "statements",
        file: "statements.csv",
        columns: &[
            column("subject_kind", Cell::Kind),
            column("subject", Cell::Slug),
            column("field", Cell::Field),
            column("value", Cell::Note),
            column("used", Cell::OneOf(&["yes", "no", "published calendar", "operational calendar"])),
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["subject_kind", "subject", "field", "value", "source"],
        pointers: &[Pointer { column: "subject", target: Target::BodyOfKindIn("subject_kind") }],
        exclusions: &[Exclusion {
            columns: &["subject_kind", "subject", "field", "value", "source"],
            only: None,
        }],
        identity: None,
        insert: "INSERT INTO statement (fact, body_id, field, value, used, source, basis, note) \
            SELECT r.fact, b.id, r.field, coalesce(r.value, ''), r.used, r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, subject_kind text, subject text, field text, value text, used text, source text, basis text, note text) \
            JOIN body b ON b.kind = r.subject_kind AND b.slug = r.subject",
        close: close!("statement"),
        current: "SELECT s.fact, jsonb_build_object('subject_kind', b.kind, 'subject', b.slug, 'field', s.field, \
            'value', nullif(s.value, ''), 'used', s.used, 'source', s.source, 'basis', s.basis, 'note', s.note) AS content \
            FROM statement s JOIN body b ON b.id = s.body_id WHERE upper_inf(s.recorded)",
    },
    Relation {
        name: "posts",
        file: "posts.csv",
        columns: &[
            SLUG,
            column("title", Cell::Name),
            column("body_kind", Cell::Kind),
            column("body", Cell::Slug),
            column("reports_to", Cell::OptionalSlug),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["slug", "from"],
        pointers: &[
            Pointer { column: "body", target: Target::BodyOfKindIn("body_kind") },
            Pointer { column: "reports_to", target: Target::Post },
        ],
        exclusions: &[Exclusion { columns: &["slug"], only: None }],
        identity: Some(
            "INSERT INTO post (slug) SELECT DISTINCT r.slug FROM jsonb_to_recordset($1) AS r(slug text) \
            WHERE NOT EXISTS (SELECT FROM post p WHERE p.slug = r.slug)",
        ),
        insert: "INSERT INTO post_description (fact, post_id, title, body_id, reports_to_id, valid, source, basis, note) \
            SELECT r.fact, p.id, r.title, b.id, t.id, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, slug text, title text, body_kind text, body text, reports_to text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN post p ON p.slug = r.slug JOIN body b ON b.kind = r.body_kind AND b.slug = r.body \
            LEFT JOIN post t ON t.slug = r.reports_to",
        close: close!("post_description"),
        current: concat!(
            "SELECT d.fact, jsonb_build_object('slug', p.slug, 'title', d.title, 'body_kind', b.kind, 'body', b.slug, 'reports_to', t.slug, ",
            tail!("d"),
            "FROM post_description d JOIN post p ON p.id = d.post_id JOIN body b ON b.id = d.body_id ",
            "LEFT JOIN post t ON t.id = d.reports_to_id WHERE upper_inf(d.recorded)"
        ),
    },
    Relation {
        name: "post_holders",
        file: "post_holders.csv",
        columns: &[
            column("post", Cell::Slug),
            column("holder", Cell::Name),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        // The holder is not part of the key: keys are listed with conflicts, names are not.
        key: &["post", "from"],
        pointers: &[Pointer { column: "post", target: Target::Post }],
        exclusions: &[Exclusion { columns: &["post"], only: None }],
        identity: None,
        insert: "INSERT INTO post_holder (fact, post_id, holder, valid, source, basis, note) \
            SELECT r.fact, p.id, r.holder, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, post text, holder text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN post p ON p.slug = r.post",
        close: close!("post_holder"),
        current: concat!(
            "SELECT h.fact, jsonb_build_object('post', p.slug, 'holder', h.holder, ",
            tail!("h"),
            "FROM post_holder h JOIN post p ON p.id = h.post_id WHERE upper_inf(h.recorded)"
        ),
    },
    Relation {
        name: "boards",
        file: "boards.csv",
        columns: &[
            column("mappa_area", Cell::Slug),
            column("name", Cell::Name),
            FROM,
            LAST_DAY,
            SOURCE,
            BASIS,
            NOTE,
        ],
        key: &["mappa_area", "from"],
        pointers: &[Pointer { column: "mappa_area", target: Target::Body("MAPPA_AREA") }],
        exclusions: &[Exclusion { columns: &["mappa_area"], only: None }],
        identity: Some(
            "INSERT INTO board (slug, area_id) SELECT DISTINCT r.mappa_area, a.id FROM jsonb_to_recordset($1) AS r(mappa_area text) \
            JOIN body a ON a.kind = 'MAPPA_AREA' AND a.slug = r.mappa_area \
            WHERE NOT EXISTS (SELECT FROM board b WHERE b.slug = r.mappa_area)",
        ),
        insert: "INSERT INTO board_description (fact, board_id, name, valid, source, basis, note) \
            SELECT r.fact, b.id, r.name, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
            FROM jsonb_to_recordset($1) AS r(fact bigint, mappa_area text, name text, \"from\" date, last_day date, source text, basis text, note text) \
            JOIN board b ON b.slug = r.mappa_area",
        close: close!("board_description"),
        current: concat!(
            "SELECT d.fact, jsonb_build_object('mappa_area', b.slug, 'name', d.name, ",
            tail!("d"),
            "FROM board_description d JOIN board b ON b.id = d.board_id WHERE upper_inf(d.recorded)"
        ),
    },
    AGENCY_DUTIES,
    SEATS,
];
