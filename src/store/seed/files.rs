//! Seed files: read whole, checked cell by cell and against each other, every fault with file, line and column.
//!
//! Leaves what the files mean to `relations` and what to do with them to `merge`.

use super::relations::{
    AUTHORITY_COLUMNS, Cell, Column, DATA_SET_COLUMNS, Pointer, RELATIONS, Relation, Target,
    has_fitting_country, is_ons_code,
};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Most faults listed at once.
const MOST_FAULTS: usize = 50;
/// Largest file, in bytes.
const LARGEST_FILE: usize = 5 * 1024 * 1024;
/// Most rows of a file.
const MOST_ROWS: usize = 50_000;

/// One cell or row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedFault {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; the header is line 1.
    pub line: u64,
    /// Column by name; none where the whole row or file is at fault.
    pub column: Option<&'static str>,
    /// What is wrong and what would be right.
    pub what: String,
}

impl fmt::Display for SeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Every fault of a seed, at most fifty. Nothing of it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedFaults(pub Vec<SeedFault>);

impl fmt::Display for SeedFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the seed is refused whole:")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedFaults {}

/// One checked row of a seed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    line: u64,
    cells: BTreeMap<&'static str, String>,
}

impl Row {
    /// The text of a column; empty where the cell is.
    pub fn text(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// The day in a column; none where the cell is empty.
    pub fn day(&self, column: &str) -> Option<NaiveDate> {
        self.text(column).parse().ok()
    }

    /// The row as JSON: every column, empty cells as null.
    pub fn content(&self) -> Value {
        let cell = |text: &String| if text.is_empty() { Value::Null } else { Value::String(text.clone()) };
        Value::Object(
            self.cells.iter().map(|(column, text)| ((*column).to_owned(), cell(text))).collect::<Map<_, _>>(),
        )
    }

    #[cfg(test)]
    pub(super) fn of_content(content: &Value) -> Row {
        let columns = RELATIONS.iter().flat_map(|relation| relation.columns.iter());
        let cells = columns
            .filter_map(|column| {
                content
                    .get(column.name)
                    .map(|cell| (column.name, cell.as_str().unwrap_or_default().to_owned()))
            })
            .collect();
        Row { line: 0, cells }
    }
}

/// A seed whose every file was read and found sound.
#[derive(Clone, Debug)]
pub struct SeedFiles {
    origin: &'static str,
    digest: String,
    rows: HashMap<&'static str, Vec<Row>>,
    data_sets: Vec<Row>,
    reference: HashMap<String, (Vec<Row>, Vec<u8>)>,
}

macro_rules! embedded {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../seed/", $file)).as_bytes())),*]
    };
}

/// The seed that is built into the program.
const EMBEDDED: &[(&str, &[u8])] = embedded![
    "sources.csv",
    "bodies.csv",
    "names.csv",
    "codes.csv",
    "coverage.csv",
    "companies.csv",
    "owners.csv",
    "successions.csv",
    "statements.csv",
    "posts.csv",
    "post_holders.csv",
    "boards.csv",
    "agency_duties.csv",
    "seats.csv",
    "data_sets.csv",
    "local_authorities.csv",
];

impl SeedFiles {
    /// The seed that is built into the program.
    ///
    /// # Errors
    ///
    /// Every fault, where a file was built in that is not sound.
    pub fn embedded() -> Result<SeedFiles, SeedFaults> {
        SeedFiles::read(|file| {
            EMBEDDED
                .iter()
                .find(|(name, _)| *name == file)
                .map(|(_, bytes)| bytes.to_vec())
                .ok_or_else(|| "is not part of this program".to_owned())
        })
        .map(|seed| SeedFiles { origin: "program", ..seed })
    }

    /// A seed in a folder, of the same files.
    ///
    /// # Errors
    ///
    /// Every fault of every file, missing and unreadable ones too.
    pub fn in_folder(folder: &Path) -> Result<SeedFiles, SeedFaults> {
        SeedFiles::read(|file| {
            read_bounded(&folder.join(file)).map_err(|error| format!("cannot be read: {error}"))
        })
    }

    /// A seed whose files come from `open`.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn read(open: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<SeedFiles, SeedFaults> {
        let mut faults = Faults { list: Vec::new(), digest: Sha256::new() };
        let mut rows = HashMap::new();
        for relation in RELATIONS {
            if let Some(bytes) = faults.open(&open, relation.file) {
                let read = read_file(relation.file, &bytes, relation.columns, &mut faults);
                rows.insert(relation.name, read);
            }
        }
        let mut data_sets = Vec::new();
        let mut reference = HashMap::new();
        if let Some(bytes) = faults.open(&open, "data_sets.csv") {
            data_sets = read_file("data_sets.csv", &bytes, DATA_SET_COLUMNS, &mut faults);
            // What is no file name of this folder is at fault already, and never opened.
            for row in data_sets.iter().filter(|row| Cell::File.check(row.text("file")).is_ok()) {
                let file = row.text("file").to_owned();
                if let Some(bytes) = faults.open(&open, &file) {
                    let read = read_file(&file, &bytes, AUTHORITY_COLUMNS, &mut faults);
                    reference.insert(file, (read, Sha256::digest(&bytes).to_vec()));
                }
            }
        }
        let seed = SeedFiles { origin: "folder", digest: faults.digest(), rows, data_sets, reference };
        seed.check(&mut faults);
        if faults.list.is_empty() { Ok(seed) } else { Err(SeedFaults(faults.list)) }
    }

    /// Where it came from: `program` or `folder`.
    pub fn origin(&self) -> &'static str {
        self.origin
    }

    /// SHA-256 over every file: which seed this is.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The rows of a relation.
    pub fn rows(&self, relation: &str) -> &[Row] {
        self.rows.get(relation).map_or(&[], Vec::as_slice)
    }

    /// The list of data sets.
    pub fn data_sets(&self) -> &[Row] {
        &self.data_sets
    }

    /// The rows of a data set.
    pub fn reference_rows(&self, data_set: &Row) -> &[Row] {
        self.reference.get(data_set.text("file")).map_or(&[], |(rows, _)| rows)
    }

    /// SHA-256 of the file of a data set.
    pub fn reference_digest(&self, data_set: &Row) -> &[u8] {
        self.reference.get(data_set.text("file")).map_or(&[], |(_, digest)| digest)
    }

    fn check(&self, faults: &mut Faults) {
        let slugs = |relation, column| self.rows(relation).iter().map(move |row| row.text(column)).collect();
        let identities = Identities {
            bodies: self.rows("bodies").iter().map(|row| (row.text("kind"), row.text("slug"))).collect(),
            posts: slugs("posts", "slug"),
            boards: slugs("boards", "mappa_area"),
        };
        let sources: HashSet<&str> = self.rows("sources").iter().map(|row| row.text("key")).collect();
        for relation in RELATIONS {
            let rows = self.rows(relation.name);
            for row in rows {
                check_period(relation.file, row, relation.columns, faults);
                check_sources(relation.file, row, relation.columns, &sources, faults);
                for pointer in relation.pointers {
                    check_pointer(relation.file, row, pointer, &identities, faults);
                }
            }
            check_keys(relation, rows, faults);
            check_overlaps(relation, rows, faults);
        }
        self.check_against_themselves(faults);
        let police_codes: HashSet<&str> = self
            .rows("codes")
            .iter()
            .filter(|row| row.text("kind") == "POLICE_FORCE" && row.text("scheme") == "ONS")
            .map(|row| row.text("code"))
            .collect();
        let mut names = HashSet::new();
        for data_set in &self.data_sets {
            let file = data_set.text("file");
            if !names.insert(data_set.text("name")) {
                let what = format!("{} stands twice", data_set.text("name"));
                faults.add("data_sets.csv", data_set.line, Some("name"), what);
                continue;
            }
            check_sources("data_sets.csv", data_set, DATA_SET_COLUMNS, &sources, faults);
            let mut codes = HashSet::new();
            for row in self.reference_rows(data_set) {
                check_sources(file, row, AUTHORITY_COLUMNS, &sources, faults);
                let area = Pointer { column: "mappa_area", target: Target::Body("MAPPA_AREA") };
                check_pointer(file, row, &area, &identities, faults);
                if !codes.insert(row.text("code")) {
                    faults.add(file, row.line, Some("code"), format!("{} stands twice", row.text("code")));
                }
                let together = ["successor_code", "successor_name", "successor_from"];
                if together.iter().any(|c| row.text(c).is_empty())
                    && together.iter().any(|c| !row.text(c).is_empty())
                {
                    let what =
                        "successor_code, successor_name and successor_from are given together or not at all";
                    faults.add(file, row.line, Some("successor_code"), what.to_owned());
                }
                if row.text("upper_tier_code").is_empty() != row.text("upper_tier_name").is_empty() {
                    let what = "upper_tier_code and upper_tier_name are given together or not at all";
                    faults.add(file, row.line, Some("upper_tier_code"), what.to_owned());
                }
                let police = row.text("police_force_area_code");
                if is_ons_code(police) && !police_codes.contains(police) {
                    faults.add(
                        file,
                        row.line,
                        Some("police_force_area_code"),
                        format!("no police force has the code {police}"),
                    );
                }
                if !has_fitting_country(row.text("code"), row.text("country")) {
                    faults.add(
                        file,
                        row.line,
                        Some("country"),
                        "does not fit the first letter of the code".to_owned(),
                    );
                }
            }
        }
    }

    fn check_against_themselves(&self, faults: &mut Faults) {
        for row in self.rows("successions") {
            let end = |kind, slug| (row.text(kind), row.text(slug));
            if end("predecessor_kind", "predecessor") == end("successor_kind", "successor") {
                faults.add(
                    "successions.csv",
                    row.line,
                    Some("successor"),
                    "a body cannot succeed itself".to_owned(),
                );
            }
        }
        for row in self.rows("seats") {
            let (basis, kind) = (row.text("seat_basis"), row.text("body_kind"));
            let is_statutory = basis.starts_with("RA_") || basis == "DTC";
            if (kind == "CRC" && is_statutory) || (basis == "LAY_ADVISER" && !kind.is_empty()) {
                let what = format!("a seat as {basis} belongs to no {kind}");
                faults.add("seats.csv", row.line, Some("body_kind"), what);
            }
        }
        for row in self.rows("posts").iter().filter(|row| row.text("reports_to") == row.text("slug")) {
            faults.add(
                "posts.csv",
                row.line,
                Some("reports_to"),
                "a post cannot report to itself".to_owned(),
            );
        }
    }
}

/// What reading files gives: their digest, and the rows of each.
type ReadFiles = (String, Vec<Vec<Row>>);

/// Reads files and checks each by itself: its header, its cells and its days.
///
/// # Errors
///
/// Every fault of every file.
pub(super) fn read_files(
    open: impl Fn(&str) -> Result<Vec<u8>, String>,
    due: impl Iterator<Item = (&'static str, &'static [Column])>,
) -> Result<ReadFiles, SeedFaults> {
    let mut faults = Faults { list: Vec::new(), digest: Sha256::new() };
    let mut files = Vec::new();
    for (file, columns) in due {
        let bytes = faults.open(&open, file).unwrap_or_default();
        let rows = read_file(file, &bytes, columns, &mut faults);
        for row in &rows {
            check_period(file, row, columns, &mut faults);
        }
        files.push(rows);
    }
    if faults.list.is_empty() { Ok((faults.digest(), files)) } else { Err(SeedFaults(faults.list)) }
}

/// A file, cut off one byte behind the largest that is taken.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What reading gathers: the faults, and the digest of everything read.
struct Faults {
    list: Vec<SeedFault>,
    digest: Sha256,
}

impl Faults {
    fn digest(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn add(&mut self, file: &str, line: u64, column: Option<&'static str>, what: String) {
        if self.list.len() < MOST_FAULTS {
            self.list.push(SeedFault { file: file.to_owned(), line, column, what });
        }
    }

    fn open(&mut self, open: &impl Fn(&str) -> Result<Vec<u8>, String>, file: &str) -> Option<Vec<u8>> {
        match open(file) {
            Ok(bytes) if bytes.len() > LARGEST_FILE => {
                self.add(file, 1, None, format!("is larger than {LARGEST_FILE} bytes"));
                None
            }
            Ok(bytes) => {
                self.digest.update(file);
                self.digest.update(Sha256::digest(&bytes));
                Some(bytes)
            }
            Err(what) => {
                self.add(file, 1, None, what);
                None
            }
        }
    }
}

fn read_file(file: &str, bytes: &[u8], columns: &'static [Column], faults: &mut Faults) -> Vec<Row> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            faults.add(file, line, None, "is not UTF-8 here".to_owned());
            return Vec::new();
        }
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let expected: Vec<&str> = columns.iter().map(|column| column.name).collect();
    match reader.headers() {
        Ok(header) if header.iter().eq(expected.iter().copied()) => {}
        _ => {
            faults.add(file, 1, None, format!("the header must be {}", expected.join(",")));
            return Vec::new();
        }
    }
    let mut rows = Vec::new();
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.of(error.position());
                faults.add(
                    file,
                    line,
                    None,
                    format!("must have {} cells and balanced quotes", columns.len()),
                );
                continue;
            }
        };
        let line = lines.of(record.position());
        if rows.len() == MOST_ROWS {
            faults.add(file, line, None, format!("has more than {MOST_ROWS} rows"));
            break;
        }
        let mut cells = BTreeMap::new();
        for (column, cell) in columns.iter().zip(record.iter()) {
            if let Err(what) = column.cell.check(cell) {
                faults.add(file, line, Some(column.name), what);
            }
            cells.insert(column.name, cell.to_owned());
        }
        rows.push(Row { line, cells });
    }
    // A quote that opens in the last cell and never closes swallows nothing that would be missed.
    if text.matches('"').count() % 2 == 1 && !faults.list.iter().any(|fault| fault.file == file) {
        faults.add(file, rows.last().map_or(1, |row| row.line), None, "must have balanced quotes".to_owned());
    }
    rows
}

/// Lines of records, found in order: the reader's own count is off where lines end in CR LF or are empty.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let bytes = self.text.as_bytes();
        let start = position.map_or(0, |position| position.byte() as usize).clamp(self.at, bytes.len());
        let ends = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = start + ends;
        self.line += bytes[self.at..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = start;
        self.line
    }
}

fn check_period(file: &str, row: &Row, columns: &[Column], faults: &mut Faults) {
    if !columns.iter().any(|column| column.name == "last_day") {
        return;
    }
    if let (Some(from), Some(last)) = (row.day("from"), row.day("last_day"))
        && last < from
    {
        faults.add(file, row.line, Some("last_day"), format!("{last} lies before the first day, {from}"));
    }
}

fn check_sources(file: &str, row: &Row, columns: &[Column], sources: &HashSet<&str>, faults: &mut Faults) {
    if !columns.iter().any(|column| matches!(column.cell, Cell::Sources)) {
        return;
    }
    for key in row.text("source").split(';').filter(|key| !key.is_empty() && !sources.contains(key)) {
        faults.add(file, row.line, Some("source"), format!("no source has the key {}", shorten(key)));
    }
}

/// What rows of other files may point to.
struct Identities<'s> {
    bodies: HashSet<(&'s str, &'s str)>,
    posts: HashSet<&'s str>,
    boards: HashSet<&'s str>,
}

fn check_pointer(file: &str, row: &Row, pointer: &Pointer, identities: &Identities<'_>, faults: &mut Faults) {
    let Identities { bodies, posts, boards } = identities;
    let slug = row.text(pointer.column);
    let (found, what) = match pointer.target {
        Target::Body(kind) => (bodies.contains(&(kind, slug)), kind),
        Target::BodyOfKindIn(column) => (bodies.contains(&(row.text(column), slug)), row.text(column)),
        // A kind without a body, or the reverse, is nothing either.
        Target::OptionalBodyOfKindIn(column) => (
            (slug.is_empty() && row.text(column).is_empty()) || bodies.contains(&(row.text(column), slug)),
            row.text(column),
        ),
        Target::Board => (boards.contains(slug), "board"),
        Target::Post => (slug.is_empty() || posts.contains(slug), "post"),
    };
    if !found {
        faults.add(file, row.line, Some(pointer.column), format!("there is no {what} {}", shorten(slug)));
    }
}

fn check_keys(relation: &Relation, rows: &[Row], faults: &mut Faults) {
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in rows {
        if let Some(line) = seen.insert(relation.key_of(row), row.line) {
            let column = relation.key.first().copied();
            faults.add(relation.file, row.line, column, format!("says again what line {line} says"));
        }
    }
}

fn check_overlaps(relation: &Relation, rows: &[Row], faults: &mut Faults) {
    for exclusion in relation.exclusions {
        let mut groups: HashMap<Vec<&str>, Vec<&Row>> = HashMap::new();
        for row in rows.iter().filter(|row| exclusion.applies(|column| row.text(column))) {
            groups
                .entry(exclusion.columns.iter().map(|column| row.text(column)).collect())
                .or_default()
                .push(row);
        }
        for group in groups.values_mut() {
            group.sort_by_key(|row| row.day("from"));
            for pair in group.windows(2) {
                let open_or_later = |last: Option<NaiveDate>| last.is_none() || last >= pair[1].day("from");
                if open_or_later(pair[0].day("last_day")) {
                    let what = format!(
                        "overlaps line {}: one at a time for {}",
                        pair[0].line,
                        exclusion.columns.join(", ")
                    );
                    faults.add(relation.file, pair[1].line, Some("from"), what);
                }
            }
        }
    }
}

/// A cell as it may stand in a message: seeds hold no case, but a poisoned file may hold anything.
pub(super) fn shorten(cell: &str) -> String {
    let clean: String = cell.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("\u{201c}{clean}\u{201d}")
}
