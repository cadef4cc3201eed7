//! Seeds: loaded once, refused whole with every fault in its place, and merged three ways with what
//! administrators made of the last one.

use crate::snapshot::eventually;
use crate::storage::{CHANGE, Session};
use crate::support::database::{RUNTIME, program};
use crate::support::{TestDatabase, TestService};
use probation_directory::actions::prepare_database::{Ownership, prepare_database};
use probation_directory::store::StoreError;
use probation_directory::store::seed::{SeedFault, SeedFaults, SeedFiles, SeedReport};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// A copy of the checkout's seed that a test may change.
pub struct SeedFolder {
    folder: tempfile::TempDir,
}

impl SeedFolder {
    /// A copy as it is.
    pub fn copy() -> SeedFolder {
        let folder = tempfile::tempdir().expect("a folder");
        let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed");
        for entry in std::fs::read_dir(seed).expect("the seed") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "csv") {
                std::fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
            }
        }
        SeedFolder { folder }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file's text.
    pub fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).expect("a file")
    }

    /// Writes a file as it is given.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(file), bytes).expect("a file");
    }

    fn rows(&self, file: &str) -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_path(self.path().join(file)).expect("a file");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    fn write_rows(&self, file: &str, rows: &[Vec<String>]) {
        let mut writer =
            csv::WriterBuilder::new().flexible(true).from_path(self.path().join(file)).expect("a file");
        for row in rows {
            writer.write_record(row).expect("a row");
        }
        writer.flush().expect("a file");
    }

    fn column(rows: &[Vec<String>], column: &str) -> usize {
        rows[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// The line of the one row that has these cells; the header is line 1.
    pub fn line(&self, file: &str, cells: &[(&str, &str)]) -> u64 {
        let rows = self.rows(file);
        let fits =
            |row: &Vec<String>| cells.iter().all(|(column, cell)| row[Self::column(&rows, column)] == *cell);
        let found: Vec<usize> = (1..rows.len()).filter(|index| fits(&rows[*index])).collect();
        assert_eq!(found.len(), 1, "{file} {cells:?}");
        found[0] as u64 + 1
    }

    /// Changes one cell; gives the line.
    pub fn set(&self, file: &str, line: u64, column: &str, cell: &str) -> u64 {
        let mut rows = self.rows(file);
        let place = Self::column(&rows, column);
        cell.clone_into(&mut rows[line as usize - 1][place]);
        self.write_rows(file, &rows);
        line
    }

    /// Removes every row with these cells; gives how many there were.
    pub fn remove(&self, file: &str, cells: &[(&str, &str)]) -> usize {
        let mut rows = self.rows(file);
        let before = rows.len();
        let header = rows[..1].to_vec();
        rows.retain(|row| !cells.iter().all(|(column, cell)| row[Self::column(&header, column)] == *cell));
        self.write_rows(file, &rows);
        before - rows.len()
    }

    /// Adds a row of which the other cells are empty; gives its line.
    pub fn add(&self, file: &str, cells: &[(&str, &str)]) -> u64 {
        let mut rows = self.rows(file);
        let mut row = vec![String::new(); rows[0].len()];
        for (column, cell) in cells {
            row[Self::column(&rows, column)] = (*cell).to_owned();
        }
        rows.push(row);
        self.write_rows(file, &rows);
        rows.len() as u64
    }

    /// Adds a copy of a row with some cells changed; gives its line.
    pub fn add_like(&self, file: &str, line: u64, cells: &[(&str, &str)]) -> u64 {
        let rows = self.rows(file);
        let mut row: Vec<(&str, &str)> = rows[0]
            .iter()
            .map(String::as_str)
            .zip(rows[line as usize - 1].iter().map(String::as_str))
            .collect();
        for (column, cell) in cells {
            row[Self::column(&rows, column)].1 = cell;
        }
        self.add(file, &row)
    }

    /// Reads and checks it.
    pub fn read(&self) -> Result<SeedFiles, SeedFaults> {
        SeedFiles::in_folder(self.path())
    }

    /// The faults that it must have.
    fn faults(&self) -> Vec<SeedFault> {
        match self.read() {
            Ok(_) => panic!("the seed is sound"),
            Err(SeedFaults(faults)) => faults,
        }
    }
}

/// Loads a sound seed.
pub fn load(database: &TestDatabase, seed: &SeedFolder) -> SeedReport {
    let files = seed.read().unwrap_or_else(|faults| panic!("{faults}"));
    RUNTIME.block_on(database.store.load_seed(&files)).unwrap_or_else(|error| panic!("{error}"))
}

fn refuse(database: &TestDatabase, seed: &SeedFolder) -> StoreError {
    let files = seed.read().unwrap_or_else(|faults| panic!("{faults}"));
    RUNTIME.block_on(database.store.load_seed(&files)).expect_err("a refusal")
}

#[test]
fn the_seed_of_the_program_loads_once_and_a_second_load_does_nothing() {
    let database = TestDatabase::migrated();
    let seed = SeedFiles::embedded().expect("a sound seed");
    let load = || RUNTIME.block_on(database.store.load_seed(&seed)).expect("a load");
    let first = load();
    assert_eq!(first.version, Some(1));
    assert_eq!(first.conflicts, []);
    let folder = SeedFolder::copy();
    let files = [
        "sources",
        "bodies",
        "names",
        "codes",
        "coverage",
        "companies",
        "owners",
        "successions",
        "statements",
        "posts",
        "post_holders",
        "boards",
        "agency_duties",
        "seats",
    ];
    let rows: usize = files.iter().map(|file| folder.rows(&format!("{file}.csv")).len() - 1).sum();
    assert_eq!((first.counts.added, first.counts.replaced, first.counts.closed), (rows, 0, 0));
    assert_eq!(first.counts.reference, 349);
    let mut session = Session::of(&database);
    let marks = |session: &mut Session| {
        session.texts("SELECT md5(string_agg(n::text, '' ORDER BY id)) AS text FROM body_name n UNION ALL SELECT count(*)::text FROM seed_fact")
    };
    let before = marks(&mut session);
    let second = load();
    assert_eq!(second, SeedReport::default());
    assert_eq!(session.version(), 1);
    assert_eq!(marks(&mut session), before);
    // The copy in a folder is the same seed.
    assert_eq!(super::seed::load(&database, &folder), SeedReport::default());
}

/// One way to spoil a seed and where it must be found.
struct Poison {
    what: &'static str,
    file: &'static str,
    column: Option<&'static str>,
    says: &'static str,
    /// Spoils the seed; gives the line.
    spoil: fn(&SeedFolder) -> u64,
    /// Whether nothing else can be wrong after it.
    alone: bool,
}

const fn poison(
    what: &'static str,
    file: &'static str,
    column: Option<&'static str>,
    says: &'static str,
    spoil: fn(&SeedFolder) -> u64,
) -> Poison {
    Poison { what, file, column, says, spoil, alone: true }
}

/// The same, where what points to the spoilt row is at fault too.
const fn spreading(
    what: &'static str,
    file: &'static str,
    column: Option<&'static str>,
    says: &'static str,
    spoil: fn(&SeedFolder) -> u64,
) -> Poison {
    Poison { what, file, column, says, spoil, alone: false }
}

fn kent(seed: &SeedFolder) -> u64 {
    seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "kent")])
}

fn police_seat(seed: &SeedFolder) -> u64 {
    seed.line("seats.csv", &[("mappa_area", "merseyside"), ("slug", "police")])
}

fn ashford(seed: &SeedFolder) -> u64 {
    seed.line("local_authorities.csv", &[("code", "E07000105")])
}

const NAMES: &str = "names.csv";
const AUTHORITIES: &str = "local_authorities.csv";

const POISONS: &[Poison] = &[
    poison("an unknown kind", "coverage.csv", Some("kind"), "none of POLICE_FORCE", |s| {
        // A pointer of that kind is not found either, in another column.
        s.add_like("coverage.csv", 2, &[("kind", "CRC"), ("slug", "wales"), ("mappa_area", "gwent")])
    }),
    spreading("an unknown kind of body", "bodies.csv", Some("kind"), "a kind of body", |s| {
        s.set("bodies.csv", 2, "kind", "PARISH")
    }),
    spreading("a bad slug", "bodies.csv", Some("slug"), "a slug", |s| {
        s.set("bodies.csv", 2, "slug", "Bad Slug")
    }),
    spreading("a slug of hyphens", "bodies.csv", Some("slug"), "a slug", |s| {
        s.set("bodies.csv", 2, "slug", "a--b")
    }),
    poison("a slug too long for its table", "bodies.csv", Some("slug"), "a slug", |s| {
        s.add_like("bodies.csv", 2, &[("slug", &"a".repeat(101))])
    }),
    poison("a country that is none", "bodies.csv", Some("country"), "none of England", |s| {
        s.set("bodies.csv", 2, "country", "Scotland")
    }),
    poison("an impossible day", NAMES, Some("from"), "a day", |s| {
        s.set(NAMES, kent(s), "from", "2014-02-30")
    }),
    poison("a day of another century", NAMES, Some("from"), "a day", |s| {
        s.set(NAMES, kent(s), "from", "1814-06-01")
    }),
    poison("a day written loosely", NAMES, Some("from"), "a day", |s| {
        s.set(NAMES, kent(s), "from", "2001- 4-01")
    }),
    poison("a day with a sign", NAMES, Some("from"), "a day", |s| {
        s.set(NAMES, kent(s), "from", "+2001-4-01")
    }),
    poison("a missing first day", NAMES, Some("from"), "a day", |s| s.set(NAMES, kent(s), "from", "")),
    poison("a last day that is none", NAMES, Some("last_day"), "a day", |s| {
        s.set(NAMES, kent(s), "last_day", "someday")
    }),
    poison("a last day before the first", NAMES, Some("last_day"), "before the first day", |s| {
        s.set(NAMES, kent(s), "last_day", "2001-03-31")
    }),
    poison("an unknown source", NAMES, Some("source"), "no source has the key", |s| {
        s.set(NAMES, kent(s), "source", "S05;S999")
    }),
    poison("no source", NAMES, Some("source"), "source keys", |s| s.set(NAMES, kent(s), "source", "")),
    poison("an empty source between two", NAMES, Some("source"), "source keys", |s| {
        s.set(NAMES, kent(s), "source", "S05;;S09")
    }),
    poison("an unknown basis", NAMES, Some("basis"), "FOUNDING_DOCUMENT", |s| {
        s.set(NAMES, kent(s), "basis", "RUMOUR")
    }),
    poison("an unknown usage", NAMES, Some("usage"), "WELSH_NAME", |s| {
        s.set(NAMES, kent(s), "usage", "NICKNAME")
    }),
    poison("an empty name", NAMES, Some("name"), "1 to 200", |s| s.set(NAMES, kent(s), "name", "")),
    poison("an over-long name", NAMES, Some("name"), "1 to 200", |s| {
        s.set(NAMES, kent(s), "name", &"x".repeat(201))
    }),
    poison("a control character", NAMES, Some("name"), "control", |s| {
        s.set(NAMES, kent(s), "name", "Ke\u{7}nt")
    }),
    poison("a line break in a name", NAMES, Some("name"), "control", |s| {
        s.set(NAMES, kent(s), "name", "Kent\nand Medway")
    }),
    poison("outer spaces", NAMES, Some("name"), "outer spaces", |s| s.set(NAMES, kent(s), "name", "Kent ")),
    poison("an over-long note", NAMES, Some("note"), "2,000", |s| {
        s.set(NAMES, kent(s), "note", &"x".repeat(2001))
    }),
    poison("a name of a body that is not there", NAMES, Some("slug"), "there is no MAPPA_AREA", |s| {
        s.add_like(NAMES, kent(s), &[("slug", "wessex")])
    }),
    poison("two names at once", NAMES, Some("from"), "overlaps line", |s| {
        s.add_like(NAMES, kent(s), &[("name", "Kent and Medway"), ("from", "2010-04-01")])
    }),
    spreading("a row twice", NAMES, Some("kind"), "says again", |s| s.add_like(NAMES, kent(s), &[])),
    poison("a scheme in lower case", "codes.csv", Some("scheme"), "in capitals", |s| {
        s.set("codes.csv", 2, "scheme", "ndelius")
    }),
    poison("a code with a space", "codes.csv", Some("code"), "a code", |s| {
        s.set("codes.csv", 2, "code", "C 13")
    }),
    poison("a code that begins with a hyphen", "codes.csv", Some("code"), "a code", |s| {
        s.set("codes.csv", 2, "code", "-C13")
    }),
    poison("one code for two bodies", "codes.csv", Some("from"), "overlaps line 2", |s| {
        s.set("codes.csv", 3, "code", "C13")
    }),
    poison(
        "coverage of an area that is not there",
        "coverage.csv",
        Some("mappa_area"),
        "there is no MAPPA_AREA",
        |s| s.set("coverage.csv", 2, "mappa_area", "wessex"),
    ),
    poison(
        "coverage by a body that is not there",
        "coverage.csv",
        Some("slug"),
        "there is no CONTRACT_PACKAGE_AREA",
        |s| s.set("coverage.csv", 2, "slug", "wessex"),
    ),
    poison("two divisions at once", "coverage.csv", Some("from"), "overlaps line 3", |s| {
        s.add_like("coverage.csv", 3, &[("slug", "wales"), ("from", "2020-01-01")])
    }),
    poison("a company that is not there", "companies.csv", Some("crc"), "there is no CRC", |s| {
        s.set("companies.csv", 2, "crc", "wessex")
    }),
    poison("an owner that is not there", "owners.csv", Some("owner"), "there is no CRC_OWNER", |s| {
        s.set("owners.csv", 2, "owner", "wessex")
    }),
    poison("two owners on one day", "owners.csv", Some("from"), "overlaps line 2", |s| {
        s.set("owners.csv", 3, "from", "2015-01-31")
    }),
    poison("a succession without its day", "successions.csv", Some("on"), "a day", |s| {
        s.set("successions.csv", 2, "on", "")
    }),
    poison(
        "a successor that is not there",
        "successions.csv",
        Some("successor"),
        "there is no PROBATION_REGION",
        |s| s.set("successions.csv", 2, "successor", "wessex"),
    ),
    poison("a body that succeeds itself", "successions.csv", Some("successor"), "itself", |s| {
        s.add_like(
            "successions.csv",
            2,
            &[
                ("predecessor_kind", "CRC"),
                ("predecessor", "wales"),
                ("successor_kind", "CRC"),
                ("successor", "wales"),
            ],
        )
    }),
    poison("a statement used perhaps", "statements.csv", Some("used"), "none of yes, no", |s| {
        s.set("statements.csv", 2, "used", "maybe")
    }),
    poison("a field in capitals", "statements.csv", Some("field"), "lower case", |s| {
        s.set("statements.csv", 2, "field", "Sold On")
    }),
    poison("a field that begins with an underscore", "statements.csv", Some("field"), "lower case", |s| {
        s.set("statements.csv", 2, "field", "_sold_on")
    }),
    poison("a post that reports to nobody known", "posts.csv", Some("reports_to"), "there is no post", |s| {
        s.set("posts.csv", 3, "reports_to", "archbishop")
    }),
    poison("a post that reports to itself", "posts.csv", Some("reports_to"), "itself", |s| {
        s.set("posts.csv", 2, "reports_to", "ceo-noms")
    }),
    poison("a post without a title", "posts.csv", Some("title"), "1 to 200", |s| {
        s.set("posts.csv", 2, "title", "")
    }),
    poison("a holder of no post", "post_holders.csv", Some("post"), "there is no post", |s| {
        s.add_like("post_holders.csv", 2, &[("post", "archbishop")])
    }),
    poison("two holders at once", "post_holders.csv", Some("from"), "overlaps line 2", |s| {
        s.add_like("post_holders.csv", 2, &[("holder", "Somebody Else"), ("from", "2014-05-01")])
    }),
    poison("a board of no area", "boards.csv", Some("mappa_area"), "there is no MAPPA_AREA", |s| {
        s.add_like("boards.csv", 2, &[("mappa_area", "wessex")])
    }),
    poison("a seat on no board", "seats.csv", Some("mappa_area"), "there is no board", |s| {
        s.add_like("seats.csv", police_seat(s), &[("mappa_area", "wessex")])
    }),
    poison("a seat of no body", "seats.csv", Some("body"), "there is no POLICE_FORCE", |s| {
        s.set("seats.csv", police_seat(s), "body", "wessex-police")
    }),
    poison("a seat of a kind without a body", "seats.csv", Some("body"), "there is no POLICE_FORCE", |s| {
        s.set("seats.csv", police_seat(s), "body", "")
    }),
    poison("a seat twice at once", "seats.csv", Some("from"), "overlaps line", |s| {
        s.add_like("seats.csv", police_seat(s), &[("from", "2010-04-01")])
    }),
    poison("a company in a statutory seat", "seats.csv", Some("body_kind"), "belongs to no CRC", |s| {
        let line = s.set("seats.csv", police_seat(s), "body", "merseyside");
        s.set("seats.csv", line, "body_kind", "CRC")
    }),
    poison("a lay adviser of a body", "seats.csv", Some("body_kind"), "belongs to no POLICE_FORCE", |s| {
        s.set("seats.csv", police_seat(s), "seat_basis", "LAY_ADVISER")
    }),
    poison("a seat for no reason", "seats.csv", Some("seat_basis"), "why a seat exists", |s| {
        s.set("seats.csv", police_seat(s), "seat_basis", "HONORARY")
    }),
    poison("a duty of no agency", "agency_duties.csv", Some("agency"), "there is no AGENCY", |s| {
        s.add_like("agency_duties.csv", 2, &[("agency", "archbishop")])
    }),
    poison("a duty that is none", "agency_duties.csv", Some("duty"), "the duty to co-operate", |s| {
        s.set("agency_duties.csv", 2, "duty", "CHARITY")
    }),
    spreading("a source key in lower case", "sources.csv", Some("key"), "a source key", |s| {
        s.set("sources.csv", 2, "key", "founding")
    }),
    poison("a data set outside the folder", "data_sets.csv", Some("file"), "a file name", |s| {
        s.set("data_sets.csv", 2, "file", "../local_authorities.csv")
    }),
    poison("a data set nobody knows", "data_sets.csv", Some("name"), "none of LOCAL_AUTHORITIES", |s| {
        s.set("data_sets.csv", 2, "name", "PARISHES")
    }),
    poison("a data set twice", "data_sets.csv", Some("name"), "stands twice", |s| {
        s.add_like("data_sets.csv", 2, &[])
    }),
    poison("a data set without its day", "data_sets.csv", Some("as_of"), "a day", |s| {
        s.set("data_sets.csv", 2, "as_of", "")
    }),
    spreading("an ONS code of Scotland", AUTHORITIES, Some("code"), "E or W and eight digits", |s| {
        s.set(AUTHORITIES, ashford(s), "code", "S12000036")
    }),
    poison("a short ONS code", AUTHORITIES, Some("police_force_area_code"), "E or W and eight digits", |s| {
        s.set(AUTHORITIES, ashford(s), "police_force_area_code", "E2300003")
    }),
    poison(
        "a police force area of no force",
        AUTHORITIES,
        Some("police_force_area_code"),
        "no police force has the code",
        |s| s.set(AUTHORITIES, ashford(s), "police_force_area_code", "E23000099"),
    ),
    poison("a country that does not fit the code", AUTHORITIES, Some("country"), "first letter", |s| {
        s.set(AUTHORITIES, ashford(s), "country", "Wales")
    }),
    poison("half a successor", AUTHORITIES, Some("successor_code"), "together", |s| {
        s.set(AUTHORITIES, ashford(s), "successor_name", "Greater Ashford")
    }),
    poison("a successor without its day", AUTHORITIES, Some("successor_code"), "together", |s| {
        s.set(AUTHORITIES, s.line(AUTHORITIES, &[("code", "E07000004")]), "successor_from", "")
    }),
    poison("half a county", AUTHORITIES, Some("upper_tier_code"), "together", |s| {
        s.set(AUTHORITIES, ashford(s), "upper_tier_name", "")
    }),
    poison("an authority twice", AUTHORITIES, Some("code"), "stands twice", |s| {
        s.add_like(AUTHORITIES, ashford(s), &[("name", "Ashford again")])
    }),
    poison("an authority in no area", AUTHORITIES, Some("mappa_area"), "there is no MAPPA_AREA", |s| {
        s.set(AUTHORITIES, ashford(s), "mappa_area", "wessex")
    }),
    poison("a misspelt header", "companies.csv", None, "the header must be contract_package_area,crc", |s| {
        s.write("companies.csv", s.text("companies.csv").replacen("contract_package_area", "area", 1));
        1
    }),
    poison("a header in another order", "companies.csv", None, "the header must be", |s| {
        s.write(
            "companies.csv",
            s.text("companies.csv").replacen("contract_package_area,crc", "crc,contract_package_area", 1),
        );
        1
    }),
    poison("an empty file", "companies.csv", None, "the header must be", |s| {
        s.write("companies.csv", "");
        1
    }),
    poison("a missing file", "companies.csv", None, "cannot be read", |s| {
        std::fs::remove_file(s.path().join("companies.csv")).expect("removed");
        1
    }),
    poison("a missing data set", AUTHORITIES, None, "cannot be read", |s| {
        std::fs::remove_file(s.path().join(AUTHORITIES)).expect("removed");
        1
    }),
    poison("too many cells", "companies.csv", None, "must have 7 cells", |s| {
        let mut rows = s.rows("companies.csv");
        rows[4].push("more".to_owned());
        s.write_rows("companies.csv", &rows);
        5
    }),
    poison("too few cells", "companies.csv", None, "must have 7 cells", |s| {
        let mut rows = s.rows("companies.csv");
        rows[4].pop();
        s.write_rows("companies.csv", &rows);
        5
    }),
    poison("a quote that never closes", "companies.csv", None, "balanced quotes", |s| {
        s.write("companies.csv", s.text("companies.csv").replacen("kent-surrey", "\"kent-surrey", 1));
        12
    }),
    poison("a quote that never closes at the very end", "companies.csv", None, "balanced quotes", |s| {
        let text = s.text("companies.csv");
        let (rest, last) = text.trim_end().rsplit_once(',').expect("a last cell");
        s.write("companies.csv", format!("{rest},\"{last}"));
        22
    }),
    poison("bytes that are not UTF-8", "companies.csv", None, "is not UTF-8 here", |s| {
        let mut bytes = s.text("companies.csv").into_bytes();
        let third = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(1)
            .map(|(index, _)| index)
            .expect("a line");
        bytes[third + 3] = 0xff;
        s.write("companies.csv", bytes);
        3
    }),
    poison("an over-large file", "companies.csv", None, "is larger than", |s| {
        let mut text = s.text("companies.csv");
        text.push_str(&"x".repeat(5 * 1024 * 1024));
        s.write("companies.csv", text);
        1
    }),
    poison(
        "a fault in a file with the line ends of a spreadsheet",
        "companies.csv",
        Some("from"),
        "a day",
        |s| {
            let line = s.set("companies.csv", 20, "from", "2014-06-31");
            s.write("companies.csv", s.text("companies.csv").replace('\n', "\r\n"));
            line
        },
    ),
    poison("a fault behind an empty line", "companies.csv", Some("from"), "a day", |s| {
        let line = s.set("companies.csv", 20, "from", "2014-06-31");
        s.write("companies.csv", s.text("companies.csv").replacen('\n', "\n\n", 1));
        line + 1
    }),
    poison(
        "a fault in a file that begins with a byte order mark",
        "boards.csv",
        Some("from"),
        "a day",
        |s| {
            let line = s.set("boards.csv", 30, "from", "2004-04-31");
            s.write("boards.csv", format!("\u{feff}{}", s.text("boards.csv")));
            line
        },
    ),
];

#[test]
fn a_poisoned_seed_is_refused_whole_with_file_line_and_column() {
    assert!(POISONS.len() > 60);
    let mut wrong = Vec::new();
    for Poison { what, file, column, says, spoil, alone } in POISONS {
        let seed = SeedFolder::copy();
        let line = spoil(&seed);
        let Err(SeedFaults(faults)) = seed.read() else {
            wrong.push(format!("{what} was taken"));
            continue;
        };
        let found = faults.iter().any(|fault| {
            fault.file == *file && fault.line == line && fault.column == *column && fault.what.contains(says)
        });
        if !found || (*alone && faults.len() != 1) {
            wrong.push(format!(
                "{what}: {file} line {line}, {column:?}, {says:?} is not what was found: {faults:?}"
            ));
        }
        let told = SeedFaults(faults.clone()).to_string();
        assert!(told.starts_with("the seed is refused whole:") && !told.contains(char::from(7)), "{told}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn many_faults_are_listed_at_once_up_to_fifty() {
    let seed = SeedFolder::copy();
    let mut due = Vec::new();
    for (file, column, cell) in [
        ("sources.csv", "title", "\u{1}"),
        ("names.csv", "basis", "RUMOUR"),
        ("codes.csv", "scheme", "x"),
        ("owners.csv", "partners", "\u{1}"),
        ("posts.csv", "title", ""),
        ("boards.csv", "from", "today"),
        (AUTHORITIES, "successor_from", "tomorrow"),
    ] {
        due.push((file.to_owned(), seed.set(file, 4, column, cell)));
        if file != AUTHORITIES {
            due.push((file.to_owned(), seed.set(file, 6, column, cell)));
        }
    }
    let mut found: Vec<(String, u64)> =
        seed.faults().into_iter().map(|fault| (fault.file, fault.line)).collect();
    found.sort();
    found.dedup();
    due.sort();
    assert_eq!(found, due);
    let mut rows = seed.rows("names.csv");
    for row in rows.iter_mut().skip(1) {
        row[3].push('\u{1}');
    }
    seed.write_rows("names.csv", &rows);
    assert_eq!(seed.faults().len(), 50);
}

#[test]
fn a_refused_seed_of_the_command_line_writes_nothing_and_says_where() {
    let database = TestDatabase::seeded();
    let seed = SeedFolder::copy();
    let kent_line = seed.set(NAMES, kent(&seed), "from", "2014-02-30");
    let board_line = seed.set("boards.csv", 7, "source", "S999");
    let run = || {
        Command::new(program())
            .args(["seed", "--dir"])
            .arg(seed.path())
            .env_clear()
            .env("DATABASE_URL", &database.url)
            .output()
            .expect("the program")
    };
    let refused = run();
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success(), "{told}");
    for due in [
        format!("names.csv line {kent_line}, column from:"),
        format!("boards.csv line {board_line}, column source:"),
        "refused whole".to_owned(),
    ] {
        assert!(told.contains(&due), "{due:?} should be in {told}");
    }
    assert_eq!(Session::of(&database).version(), 1);
    // The same folder, mended but for a new note, is taken.
    seed.set(NAMES, kent_line, "from", "2001-04-01");
    seed.set("boards.csv", board_line, "source", "FOUNDING;P11");
    seed.set(NAMES, kent_line, "note", "mended");
    let taken = run();
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    assert!(
        String::from_utf8_lossy(&taken.stdout).contains("Version 2: 0 facts added, 1 replaced, 0 closed"),
        "{taken:?}"
    );
    assert_eq!(Session::of(&database).version(), 2);
}

#[test]
fn a_seed_that_would_make_no_directory_is_refused_whole() {
    let database = TestDatabase::seeded();
    type Spoilt = (&'static str, &'static str, fn(&SeedFolder));
    let cases: [Spoilt; 4] = [
        ("a body without a name", "MAPPA_AREA kent has no name on some day of its period", |seed| {
            assert_eq!(seed.remove(NAMES, &[("kind", "MAPPA_AREA"), ("slug", "kent")]), 1);
        }),
        ("a name that begins too late", "MAPPA_AREA kent has no name on some day of its period", |seed| {
            seed.set(NAMES, kent(seed), "from", "2001-04-02");
        }),
        ("names with a gap", "MAPPA_AREA kent has no name on some day of its period", |seed| {
            let line = seed.set(NAMES, kent(seed), "last_day", "2010-03-31");
            seed.add_like(NAMES, line, &[("from", "2010-04-02"), ("last_day", "")]);
        }),
        ("a later authority in two areas", "E06000060 would lie in more than one area", |seed| {
            seed.set(AUTHORITIES, seed.line(AUTHORITIES, &[("code", "E07000004")]), "mappa_area", "kent");
        }),
    ];
    for (what, says, spoil) in cases {
        let seed = SeedFolder::copy();
        spoil(&seed);
        match refuse(&database, &seed) {
            StoreError::Faults(faults) => {
                assert!(faults.iter().any(|fault| fault.what.contains(says)), "{what}: {faults:?}");
            }
            other => panic!("{what}: {other:?}"),
        }
        assert_eq!(Session::of(&database).version(), 1, "{what}");
    }
    RUNTIME.block_on(database.store.load_directory(None)).expect("what was there stays");
}

#[test]
fn two_processes_that_load_the_same_seed_make_one_version() {
    let database = TestDatabase::seeded();
    let folder = SeedFolder::copy();
    folder.set(NAMES, kent(&folder), "note", "new");
    // Both are held back at the head, so that neither has written when the other begins.
    let mut holder = Session::of(&database);
    holder.must("BEGIN; SELECT version FROM head FOR UPDATE");
    let loads: Vec<_> = (0..2)
        .map(|_| {
            let (store, files) = (database.store.clone(), folder.read().expect("a sound seed"));
            RUNTIME.spawn(async move { store.load_seed(&files).await })
        })
        .collect();
    let mut watcher = Session::of(&database);
    eventually("two loads that wait", || {
        let waiting = "SELECT pid::text AS text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        (watcher.texts(waiting).len() == 2).then_some(())
    });
    holder.must("ROLLBACK");
    let mut versions: Vec<Option<i64>> = loads
        .into_iter()
        .map(|load| RUNTIME.block_on(load).expect("a task").expect("a load").version)
        .collect();
    versions.sort();
    assert_eq!(versions, [None, Some(2)]);
}

/// A row of a name: number of its fact, name, note, versions.
fn rows_of_kent(session: &mut Session) -> Vec<String> {
    session.texts(
        "SELECT n.name || '|' || coalesce(n.note, '') || '|' || n.recorded AS text FROM body_name n JOIN body b ON b.id = n.body_id \
         WHERE b.kind = 'MAPPA_AREA' AND b.slug = 'kent' AND n.usage = 'NAME' ORDER BY n.id",
    )
}

fn facts_of_kent(session: &mut Session) -> usize {
    let facts = session.text(
        "SELECT count(DISTINCT n.fact)::text AS text FROM body_name n JOIN body b ON b.id = n.body_id \
         WHERE b.kind = 'MAPPA_AREA' AND b.slug = 'kent' AND n.usage = 'NAME'",
    );
    facts.parse().expect("a number")
}

/// An administrator's correction of the name of Kent, in one transaction.
pub fn correct_kent(session: &mut Session, name: &str, note: &str) {
    let open = "FROM body b WHERE b.id = n.body_id AND b.kind = 'MAPPA_AREA' AND b.slug = 'kent' AND n.usage = 'NAME' AND upper_inf(n.recorded)";
    session.must(&format!(
        "{CHANGE}; UPDATE body_name n SET recorded = int8range(lower(n.recorded), (SELECT version FROM head)) {open}; \
         INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis, note) \
         SELECT n.fact, n.body_id, n.usage, '{name}', n.valid, n.source, n.basis, nullif('{note}', '') FROM body_name n JOIN head h ON true \
         JOIN body b ON b.id = n.body_id WHERE b.kind = 'MAPPA_AREA' AND b.slug = 'kent' AND n.usage = 'NAME' AND upper(n.recorded) = h.version"
    ));
}

fn conflicts(report: &SeedReport) -> Vec<(&str, &str, &str)> {
    report
        .conflicts
        .iter()
        .map(|conflict| (conflict.relation, conflict.key.as_str(), conflict.reason))
        .collect()
}

#[test]
fn an_untouched_fact_follows_a_new_seed_under_its_number_and_the_old_row_stays_visible() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    let seed = SeedFolder::copy();
    seed.set(NAMES, kent(&seed), "note", "new");
    let report = load(&database, &seed);
    assert_eq!(
        (report.version, report.counts.added, report.counts.replaced, report.counts.closed),
        (Some(2), 0, 1, 0)
    );
    assert_eq!(rows_of_kent(&mut session), ["Kent||[1,2)", "Kent|new|[2,)"]);
    // A name that the seed had wrong is the same fact, though the name is what it is keyed by.
    seed.set(NAMES, kent(&seed), "name", "Kent and Medway");
    let report = load(&database, &seed);
    assert_eq!(
        (report.version, report.counts.added, report.counts.replaced, report.counts.closed),
        (Some(3), 0, 1, 0)
    );
    assert_eq!(rows_of_kent(&mut session), ["Kent||[1,2)", "Kent|new|[2,3)", "Kent and Medway|new|[3,)"]);
    assert_eq!(facts_of_kent(&mut session), 1);
    assert_eq!(report.conflicts, []);
    assert_eq!(load(&database, &seed), SeedReport::default());
    // And back again.
    seed.set(NAMES, kent(&seed), "name", "Kent");
    load(&database, &seed);
    assert_eq!(rows_of_kent(&mut session).last().map(String::as_str), Some("Kent|new|[4,)"));
    assert_eq!(facts_of_kent(&mut session), 1);
}

#[test]
fn an_edit_wins_over_a_later_seed_and_the_conflict_is_listed_once() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    correct_kent(&mut session, "Kent and Medway", "as its board calls it");
    let after_edit = ["Kent||[1,2)", "Kent and Medway|as its board calls it|[2,)"];
    assert_eq!(rows_of_kent(&mut session), after_edit);
    let seed = SeedFolder::copy();
    assert_eq!(load(&database, &seed), SeedReport::default(), "the seed itself did not change");

    // The seed changes something else of the fact.
    seed.set(NAMES, kent(&seed), "note", "new");
    let report = load(&database, &seed);
    assert_eq!(report.version, Some(3));
    assert_eq!((report.counts.added, report.counts.replaced, report.counts.closed), (0, 0, 0));
    let due =
        ("names", "MAPPA_AREA|kent|NAME|Kent|2001-04-01", "the new seed changes a fact that was edited");
    assert_eq!(conflicts(&report), [due]);
    assert_eq!(rows_of_kent(&mut session), after_edit);
    assert_eq!(load(&database, &seed), SeedReport::default(), "a conflict is listed once");
    let recorded = session.text("SELECT (body->'conflicts')::text AS text FROM change WHERE version = 3");
    assert_eq!(recorded, r#"[{"key": "MAPPA_AREA|kent|NAME|Kent|2001-04-01", "relation": "names"}]"#);

    // The seed changes the very cell that was edited, which is part of its key.
    seed.set(NAMES, kent(&seed), "name", "County of Kent");
    let report = load(&database, &seed);
    let due = (
        "names",
        "MAPPA_AREA|kent|NAME|County of Kent|2001-04-01",
        "the new seed changes a fact that was edited",
    );
    assert_eq!(conflicts(&report), [due]);
    assert_eq!(rows_of_kent(&mut session), after_edit);
    assert_eq!(load(&database, &seed), SeedReport::default(), "a conflict is listed once");
}

#[test]
fn an_identical_correction_is_adopted_without_conflict_and_followed_from_then_on() {
    for (name, note) in
        [("Kent", "the same words"), ("Kent and Medway", ""), ("Kent and Medway", "the same words")]
    {
        let database = TestDatabase::seeded();
        let mut session = Session::of(&database);
        correct_kent(&mut session, name, note);
        let seed = SeedFolder::copy();
        let line = kent(&seed);
        seed.set(NAMES, line, "name", name);
        seed.set(NAMES, line, "note", note);
        let report = load(&database, &seed);
        assert_eq!(report.conflicts, [], "{name} {note}");
        assert_eq!((report.counts.added, report.counts.replaced, report.counts.closed), (0, 0, 0));
        assert_eq!(rows_of_kent(&mut session).len(), 2);
        seed.set(NAMES, line, "note", "later");
        let report = load(&database, &seed);
        assert_eq!((report.conflicts.len(), report.counts.replaced), (0, 1));
        let rows = rows_of_kent(&mut session);
        assert_eq!(rows.last(), Some(&format!("{name}|later|[4,)")), "{rows:?}");
        assert_eq!(facts_of_kent(&mut session), 1);
    }
}

fn open_aliases(session: &mut Session) -> Vec<String> {
    session.texts(
        "SELECT b.slug || '|' || n.name || '|' || n.recorded AS text FROM body_name n JOIN body b ON b.id = n.body_id \
         WHERE b.kind = 'PROBATION_TRUST' AND b.slug = 'kent' AND n.usage = 'ALIAS' ORDER BY n.id",
    )
}

#[test]
fn a_dropped_row_is_closed_and_a_new_one_is_added_in_one_version() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    let seed = SeedFolder::copy();
    let cells = [("kind", "PROBATION_TRUST"), ("slug", "kent"), ("usage", "ALIAS")];
    seed.add_like(NAMES, seed.line(NAMES, &cells), &[("name", "The Kent Trust")]);
    assert_eq!(seed.remove(NAMES, &[("slug", "kent"), ("name", "Kent Probation Trust")]), 1);
    let report = load(&database, &seed);
    assert_eq!(
        (report.version, report.counts.added, report.counts.replaced, report.counts.closed),
        (Some(2), 1, 0, 1)
    );
    assert_eq!(open_aliases(&mut session), ["kent|Kent Probation Trust|[1,2)", "kent|The Kent Trust|[2,)"]);
    let ancestors = session.texts("SELECT key || '|' || recorded AS text FROM seed_fact WHERE key LIKE 'PROBATION_TRUST|kent|ALIAS|%' ORDER BY id");
    assert_eq!(
        ancestors,
        [
            "PROBATION_TRUST|kent|ALIAS|Kent Probation Trust|2010-04-01|[1,2)",
            "PROBATION_TRUST|kent|ALIAS|The Kent Trust|2010-04-01|[2,)"
        ]
    );
    // What was dropped comes back as a new row.
    let whole = SeedFolder::copy();
    load(&database, &whole);
    assert_eq!(
        open_aliases(&mut session),
        ["kent|Kent Probation Trust|[1,2)", "kent|The Kent Trust|[2,3)", "kent|Kent Probation Trust|[3,)"]
    );
}

#[test]
fn a_dropped_row_that_was_edited_or_closed_is_left_as_administrators_made_it() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    let open = "usage = 'ALIAS' AND upper_inf(recorded) AND body_id = (SELECT id FROM body WHERE kind = 'PROBATION_TRUST' AND slug = 'kent')";
    session.must(&format!(
        "{CHANGE}; UPDATE body_name SET recorded = int8range(lower(recorded), 2) WHERE {open}; \
         INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis, note) \
         SELECT fact, body_id, usage, name, valid, source, basis, 'kept on purpose' FROM body_name WHERE upper(recorded) = 2"
    ));
    let seed = SeedFolder::copy();
    assert_eq!(seed.remove(NAMES, &[("slug", "kent"), ("name", "Kent Probation Trust")]), 1);
    let report = load(&database, &seed);
    let key = "PROBATION_TRUST|kent|ALIAS|Kent Probation Trust|2010-04-01";
    assert_eq!(conflicts(&report), [("names", key, "the new seed drops a fact that was edited")]);
    assert_eq!(
        open_aliases(&mut session),
        ["kent|Kent Probation Trust|[1,2)", "kent|Kent Probation Trust|[2,)"]
    );
    assert_eq!(load(&database, &seed), SeedReport::default());

    // A fact that an administrator closed stays closed, whether the seed changes or drops it.
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    session.must(&format!(
        "{CHANGE}; UPDATE body_name SET recorded = int8range(lower(recorded), 2) WHERE {open}"
    ));
    let seed = SeedFolder::copy();
    assert_eq!(load(&database, &seed), SeedReport::default());
    let line = seed.line(NAMES, &[("kind", "PROBATION_TRUST"), ("slug", "kent"), ("usage", "ALIAS")]);
    seed.set(NAMES, line, "note", "new");
    assert_eq!(
        conflicts(&load(&database, &seed)),
        [("names", key, "the new seed changes a fact that was closed")]
    );
    assert_eq!(open_aliases(&mut session), ["kent|Kent Probation Trust|[1,2)"]);
    seed.remove(NAMES, &[("slug", "kent"), ("name", "Kent Probation Trust")]);
    assert_eq!(load(&database, &seed).conflicts, []);
    assert_eq!(open_aliases(&mut session), ["kent|Kent Probation Trust|[1,2)"]);
}

#[test]
fn a_fact_of_an_administrator_is_adopted_where_a_seed_says_the_same_and_stands_where_it_says_otherwise() {
    let add = "INSERT INTO body_name (body_id, usage, name, valid, source, basis, note) \
               SELECT id, 'WELSH_NAME', 'Caint', '[2001-04-01,)', 'GK', 'UNCONFIRMED', NULL FROM body WHERE kind = 'MAPPA_AREA' AND slug = 'kent'";
    let count = |session: &mut Session| {
        session.text("SELECT count(*)::text AS text FROM body_name WHERE usage = 'WELSH_NAME'")
    };
    for (name, due) in
        [("Caint", None), ("Swydd Gaint", Some("the new seed adds a fact where another was recorded"))]
    {
        let database = TestDatabase::seeded();
        let mut session = Session::of(&database);
        session.must(&format!("{CHANGE}; {add}"));
        let seed = SeedFolder::copy();
        seed.add_like(
            NAMES,
            kent(&seed),
            &[("usage", "WELSH_NAME"), ("name", name), ("source", "GK"), ("basis", "UNCONFIRMED")],
        );
        let report = load(&database, &seed);
        assert_eq!(report.conflicts.first().map(|conflict| conflict.reason), due, "{name}");
        assert_eq!(report.conflicts.len(), usize::from(due.is_some()));
        assert_eq!(report.counts.added, 0);
        assert_eq!(count(&mut session), "1");
        assert_eq!(load(&database, &seed), SeedReport::default());
    }
}

#[test]
fn a_changed_holder_leaves_no_name_in_changes_or_conflicts() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    session.must(&format!(
        "{CHANGE}; UPDATE post_holder SET recorded = int8range(lower(recorded), 2) WHERE holder = 'Michael Spurr'; \
         INSERT INTO post_holder (fact, post_id, holder, valid, source, basis, note) \
         SELECT fact, post_id, 'Michael Edited', valid, source, basis, note FROM post_holder WHERE upper(recorded) = 2"
    ));
    let seed = SeedFolder::copy();
    seed.set(
        "post_holders.csv",
        seed.line("post_holders.csv", &[("holder", "Michael Spurr")]),
        "holder",
        "Michael Seeded",
    );
    let report = load(&database, &seed);
    assert_eq!(
        conflicts(&report),
        [("post_holders", "ceo-noms|2014-04-01", "the new seed changes a fact that was edited")]
    );
    let bodies = session.texts("SELECT body::text || coalesce(reason, '') || actor AS text FROM change");
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| !body.contains("Michael")), "{bodies:?}");
    assert_eq!(session.first_bad_of_chain(), "");
}

const LOOK: &str = "query($knownAt: DateTime) {
    directory { version }
    locate(place: { localAuthority: \"E07000105\" }, knownAt: $knownAt) {
        knownVersion localAuthority { name } mappaArea { slug } policeForces { slug }
    }
    mappaArea(slug: \"kent\", knownAt: $knownAt) { name view { knownVersion } }
}";

/// When a version was recorded, to the microsecond.
pub fn recorded_at(session: &mut Session, version: i64) -> String {
    session.text(&format!(
        "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS text FROM change WHERE version = {version}"
    ))
}

#[test]
fn local_authorities_are_replaced_as_a_whole_and_the_old_set_still_answers() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let seed = SeedFolder::copy();
    let line = seed.set(AUTHORITIES, ashford(&seed), "name", "Greater Ashford");
    seed.set(AUTHORITIES, line, "mappa_area", "sussex");
    seed.set(NAMES, kent(&seed), "name", "Kent and Medway");
    let report = load(&service.database, &seed);
    assert_eq!(report.version, Some(2));
    assert_eq!(
        (report.counts.added, report.counts.replaced, report.counts.closed, report.counts.reference),
        (0, 1, 0, 349)
    );
    let sets =
        session.texts("SELECT name || '|' || row_count || '|' || recorded AS text FROM data_set ORDER BY id");
    assert_eq!(sets, ["LOCAL_AUTHORITIES|349|[1,2)", "LOCAL_AUTHORITIES|349|[2,)"]);
    let rows = session.texts(
        "SELECT count(*) || '|' || recorded AS text FROM local_authority GROUP BY recorded ORDER BY recorded",
    );
    assert_eq!(rows, ["349|[1,2)", "349|[2,)"]);
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");

    let now = service.client.data(LOOK, json!({}));
    assert_eq!(now["directory"]["version"], json!(2));
    assert_eq!(now["locate"]["knownVersion"], json!(2));
    assert_eq!(now["locate"]["localAuthority"]["name"], json!("Greater Ashford"));
    assert_eq!(now["locate"]["mappaArea"]["slug"], json!("sussex"));
    assert_eq!(now["mappaArea"]["name"], json!("Kent and Medway"));
    let first = recorded_at(&mut session, 1);
    let before = service.client.data(LOOK, json!({ "knownAt": first }));
    assert_eq!(
        before["directory"]["version"],
        json!(2),
        "the directory is the newest; what it shows is older"
    );
    assert_eq!(before["locate"]["knownVersion"], json!(1));
    assert_eq!(before["locate"]["localAuthority"]["name"], json!("Ashford"));
    assert_eq!(before["locate"]["mappaArea"]["slug"], json!("kent"));
    assert_eq!(before["mappaArea"], json!({ "name": "Kent", "view": { "knownVersion": 1 } }));

    // A set that is true for another day is another set, though its rows are the same.
    seed.set("data_sets.csv", 2, "as_of", "2014-04-01");
    let report = load(&service.database, &seed);
    assert_eq!((report.version, report.counts.reference), (Some(3), 349));
    assert_eq!(load(&service.database, &seed), SeedReport::default());
}

#[test]
fn a_body_that_a_seed_drops_is_known_before_and_not_after_until_it_comes_back() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let seed = SeedFolder::copy();
    // Working Links with all that says something of it.
    let owned = seed.remove("owners.csv", &[("owner", "working-links")]);
    assert!(owned > 0);
    for (file, kind, slug) in [
        (NAMES, "kind", "slug"),
        ("bodies.csv", "kind", "slug"),
        ("statements.csv", "subject_kind", "subject"),
    ] {
        seed.remove(file, &[(kind, "CRC_OWNER"), (slug, "working-links")]);
    }
    let report = load(&service.database, &seed);
    assert_eq!((report.version, report.conflicts.len()), (Some(2), 0));
    RUNTIME.block_on(service.follower.refresh()).expect("a directory without it");
    let query = "query($knownAt: DateTime) {
        communityRehabilitationCompany(slug: \"wales\", on: \"2016-01-01\", knownAt: $knownAt) { owners { owner { slug } } }
    }";
    let owners = |known_at: Value| -> Vec<String> {
        let data = service.client.data(query, json!({ "knownAt": known_at }));
        let owners = data["communityRehabilitationCompany"]["owners"].as_array().expect("owners").clone();
        owners.iter().map(|row| row["owner"]["slug"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let is_owner = |slugs: &[String]| slugs.iter().any(|slug| slug == "working-links");
    let first = recorded_at(&mut session, 1);
    assert!(is_owner(&owners(json!(first))));
    assert!(!is_owner(&owners(Value::Null)));
    // It is found neither by kind nor by slug, but was.
    let loaded = service.live.current().expect("a directory");
    let directory = &loaded.directory;
    let day = "2016-01-01".parse().expect("a day");
    let calendar = probation_directory::domain::calendar::Calendar::Operational;
    let kind = probation_directory::domain::organisation::BodyKind::CrcOwner;
    let at = |known| directory.at(probation_directory::directory::view::Moment { on: day, calendar, known });
    assert!(at(1).by_slug(kind, "working-links").is_some());
    assert!(at(2).by_slug(kind, "working-links").is_none());
    assert_eq!(at(1).bodies(kind).count(), at(2).bodies(kind).count() + 1);

    load(&service.database, &SeedFolder::copy());
    RUNTIME.block_on(service.follower.refresh()).expect("a directory with it again");
    assert!(is_owner(&owners(Value::Null)));
    assert!(!is_owner(&owners(json!(recorded_at(&mut session, 2)))));
}

#[test]
fn a_post_is_listed_with_its_body_as_it_was_known() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let slug = "chief-executive-wales";
    let seed = SeedFolder::copy();
    assert_eq!(seed.remove("posts.csv", &[("slug", slug)]), 1);
    seed.remove("post_holders.csv", &[("post", slug)]);
    load(&service.database, &seed);
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    let query = "query($knownAt: DateTime) {
        communityRehabilitationCompany(slug: \"wales\", on: \"2014-11-01\", knownAt: $knownAt) { posts { slug title } }
    }";
    let posts = |known_at: Value| {
        let data = service.client.data(query, json!({ "knownAt": known_at }));
        data["communityRehabilitationCompany"]["posts"].clone()
    };
    let before = posts(json!(recorded_at(&mut session, 1)));
    assert_eq!(before, json!([{ "slug": slug, "title": "Chief Executive Officer" }]));
    assert_eq!(posts(Value::Null), json!([]));
}

#[test]
fn a_seed_loaded_by_hand_is_not_taken_back_at_the_next_start() {
    let database = TestDatabase::seeded();
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seed")).expect("the seed") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    let boards = folder.path().join("boards.csv");
    let text = std::fs::read_to_string(&boards).expect("the boards");
    std::fs::write(&boards, text.replace("Kent Strategic Management Board", "Kent and Medway Board"))
        .expect("an edit");
    let edited = SeedFiles::in_folder(folder.path()).expect("a sound seed");
    let report = RUNTIME.block_on(database.store.load_seed(&edited)).expect("a loaded seed");
    assert_eq!(report.counts.replaced, 1);
    let own = SeedFiles::embedded().expect("a sound seed");
    let prepared =
        RUNTIME.block_on(prepare_database(&database.store, Ownership::Private, &own)).expect("a start");
    assert_eq!(prepared.seed, None);
    let name = database.text(
        "SELECT name AS text FROM board_description d JOIN board b ON b.id = d.board_id \
         WHERE b.slug = 'kent' AND upper_inf(d.recorded)",
    );
    assert_eq!(name, "Kent and Medway Board");
}

#[test]
fn a_body_does_not_change_its_country() {
    let database = TestDatabase::seeded();
    let seed = SeedFiles::read(|file| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seed").join(file);
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        Ok(text.replace("MAPPA_AREA,kent,England,", "MAPPA_AREA,kent,Wales,").into_bytes())
    })
    .expect("a seed that is sound in itself");
    let refused = RUNTIME.block_on(database.store.load_seed(&seed));
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(database.text("SELECT version::text AS text FROM head"), "1");
}
