//! Deciding a CSV file of cases row by row, of any length in constant memory.
//!
//! Nothing of a case is kept or told but to the output: faults name row and column, never what stands there.

use super::case_text::{CellFault, Cells, Column};
use super::run_cases::{outcome_code, role_code};
use crate::directory::Directory;
use crate::domain::routing::Tables;
use crate::domain::routing::decide::{Outcome, Problem};
use csv::{ByteRecord, ReaderBuilder, Writer};
use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

/// What is answered of each row, after the columns that are kept.
pub const ANSWERS: [&str; 9] = [
    "outcome",
    "managerKind",
    "managerName",
    "decidedBy",
    "placedBy",
    "area",
    "warnings",
    "problems",
    "needs",
];

/// Longest row, in bytes: a quotation mark left open must not draw the whole file into memory.
const LONGEST_ROW: u64 = 1024 * 1024;
/// Most bad cells listed one by one.
const MOST_LISTED: usize = 20;
/// Rows between two reports of progress.
const PROGRESS_EVERY: u64 = 500;
/// The code of a row with more or fewer cells than the first row.
const UNEVEN: &str = "ROW_UNEVEN";

/// A cell that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// The row; the names of the columns are row 1.
    pub row: u64,
    /// Name of the column; none where the whole row is at fault.
    pub column: Option<&'static str>,
    /// The code.
    pub code: &'static str,
    /// What would be acceptable.
    pub acceptable: &'static str,
}

/// What deciding a file came to.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// Rows decided.
    pub rows: u64,
    /// How many rows had each outcome.
    pub outcomes: Vec<(&'static str, u64)>,
    /// How many cells, or whole rows, could not be taken.
    pub bad_cells: u64,
    /// The first of them.
    pub first_bad: Vec<BadCell>,
}

/// Why a file was not decided.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// The columns are not those of the template.
    #[error("{0}")]
    Columns(String),
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Read(csv::Error),
    /// The answer cannot be written.
    #[error("the answers cannot be written: {0}")]
    Write(csv::Error),
}

/// The names of the columns, and one row as an example.
pub fn template() -> String {
    let line = |text: fn(Column) -> &'static str| {
        Column::ALL.iter().map(|column| text(*column)).collect::<Vec<_>>().join(",")
    };
    format!("{}\n{}\n", line(Column::name), line(Column::example))
}

/// Decides every row of a file; `progress` hears how many bytes are read.
///
/// # Errors
///
/// Where the columns are not those of the template or kept, and where reading or writing fails.
pub fn route_cases(
    directory: &Directory,
    tables: &Tables,
    input: impl Read,
    output: impl Write,
    keep: &[String],
    progress: &mut dyn FnMut(u64),
) -> Result<FileReport, FileFault> {
    let (since, total) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let input = Bounded { inner: input, since: Rc::clone(&since), total: Rc::clone(&total) };
    let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(input);
    let mut writer = Writer::from_writer(output);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(FileFault::Read)?;
    let columns = Columns::read(&record, keep).map_err(FileFault::Columns)?;
    let names = columns.kept.iter().map(|at| record.get(*at).unwrap_or_default());
    write(&mut writer, names.chain(ANSWERS.map(str::as_bytes))).map_err(FileFault::Write)?;
    let mut report = FileReport::default();
    loop {
        since.set(0);
        if !reader.read_byte_record(&mut record).map_err(FileFault::Read)? {
            break;
        }
        report.rows += 1;
        let answer = columns.decide(directory, tables, &record, &mut report);
        let kept = columns.kept.iter().map(|at| record.get(*at).unwrap_or_default());
        let cells = kept.chain(answer.iter().map(String::as_bytes));
        write(&mut writer, cells).map_err(FileFault::Write)?;
        if report.rows.is_multiple_of(PROGRESS_EVERY) {
            progress(total.get());
        }
    }
    writer.flush().map_err(|error| FileFault::Write(error.into()))?;
    progress(total.get());
    Ok(report)
}

/// Where each column stands in the file.
struct Columns {
    facts: Vec<(usize, Column)>,
    kept: Vec<usize>,
    width: usize,
}

impl Columns {
    fn read(first: &ByteRecord, keep: &[String]) -> Result<Columns, String> {
        let names: Vec<String> =
            first.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        // Without names the first row is a case, which must not be told.
        if !names.iter().any(|name| name == Column::On.name()) {
            return Err(
                "the first row must name the columns, `on` among them; see route --template".to_owned()
            );
        }
        let mut faults = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let number = index + 1;
            let is_kept = keep.contains(name);
            if Column::named(name).is_none() && !is_kept {
                let name = told(name);
                faults.push(format!(
                    "row 1, column {number}: {name} is no column of the template and is not kept"
                ));
            } else if names[..index].contains(name) {
                faults.push(format!("row 1, column {number}: {} stands there twice", told(name)));
            }
        }
        let mut kept = Vec::new();
        for (index, name) in keep.iter().enumerate() {
            match names.iter().position(|held| held == name) {
                _ if ANSWERS.contains(&name.as_str()) => {
                    faults.push(format!("{} is a column of the answer and cannot be kept", told(name)));
                }
                None => faults.push(format!("{} is to be kept and is no column of the file", told(name))),
                Some(at) if !keep[..index].contains(name) => kept.push(at),
                Some(_) => {}
            }
        }
        if !faults.is_empty() {
            return Err(faults.join("\n"));
        }
        let facts = names.iter().enumerate();
        let facts = facts.filter_map(|(at, name)| Some((at, Column::named(name)?))).collect();
        Ok(Columns { facts, kept, width: names.len() })
    }

    /// The answer of one row, cell by cell.
    fn decide(
        &self,
        directory: &Directory,
        tables: &Tables,
        record: &ByteRecord,
        report: &mut FileReport,
    ) -> [String; ANSWERS.len()] {
        let row = report.rows + 1;
        let mut cells = Cells::empty();
        for (at, column) in &self.facts {
            match std::str::from_utf8(record.get(*at).unwrap_or_default()) {
                Ok(text) => cells.set(*column, text),
                Err(_) => cells.set_unreadable(*column),
            }
        }
        let has_code = cells.has(Column::ResidenceCode);
        let read = cells.case();
        let mut problems: Vec<String> =
            read.faults.iter().map(|fault| format!("{} {}", fault.code, fault.column.name())).collect();
        for CellFault { code, column, acceptable } in read.faults {
            report.note(BadCell { row, column: Some(column.name()), code, acceptable });
        }
        if record.len() != self.width {
            problems.push(UNEVEN.to_owned());
            let acceptable = "as many cells as the first row has";
            report.note(BadCell { row, column: None, code: UNEVEN, acceptable });
        }
        let view = directory.view(read.case.on, read.case.calendar);
        let route = view.route(tables, read.case, &read.places);
        let decision = &route.decision;
        let column = |problem: &Problem| match Column::of_field(problem.field) {
            Some(Column::Residence) if has_code => Column::ResidenceCode.name(),
            Some(column) => column.name(),
            None => problem.field,
        };
        let is_read = problems.is_empty();
        if is_read || decision.outcome == Outcome::Refused {
            let told = decision.problems.iter().filter(|problem| problem.code != "FACT_MISSING");
            problems.extend(told.map(|problem| format!("{} {}", problem.code, column(problem))));
        }
        let problems = problems.join("; ");
        if !is_read {
            // A cell that cannot be taken leaves nothing to decide.
            report.count(outcome_code(Outcome::Refused));
            let mut answer: [String; ANSWERS.len()] = Default::default();
            answer[0] = outcome_code(Outcome::Refused).to_owned();
            answer[7] = problems;
            return answer;
        }
        report.count(outcome_code(decision.outcome));
        let rule = |finding: &Option<crate::domain::routing::decide::Finding>| {
            finding.as_ref().map_or("", |finding| finding.rule).to_owned()
        };
        let manager = route.manager.as_ref();
        let mut warnings: Vec<&str> = decision.warnings.iter().map(|warning| warning.rule).collect();
        warnings.dedup();
        let needs = decision.problems.iter().filter(|_| decision.outcome == Outcome::NeedsFacts);
        let area = route.area.map(|id| directory.body(id).identity.slug.clone());
        [
            outcome_code(decision.outcome).to_owned(),
            manager.map_or("", |body| role_code(body.role)).to_owned(),
            manager.map_or("", |body| body.name.as_str()).to_owned(),
            rule(&decision.decided_by),
            rule(&decision.placed_by),
            area.unwrap_or_default(),
            warnings.join(" "),
            problems,
            needs.map(column).collect::<Vec<_>>().join(" "),
        ]
    }
}

impl FileReport {
    fn note(&mut self, bad: BadCell) {
        self.bad_cells += 1;
        if self.first_bad.len() < MOST_LISTED {
            self.first_bad.push(bad);
        }
    }

    fn count(&mut self, outcome: &'static str) {
        match self.outcomes.iter_mut().find(|(counted, _)| *counted == outcome) {
            Some((_, count)) => *count += 1,
            None => self.outcomes.push((outcome, 1)),
        }
    }
}

/// The name of a column as it can be printed.
fn told(name: &str) -> String {
    let plain: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
    format!("\u{201c}{plain}\u{201d}")
}

fn write<'c, W: Write>(
    writer: &mut Writer<W>,
    cells: impl Iterator<Item = &'c [u8]>,
) -> Result<(), csv::Error> {
    let mut guarded = Vec::new();
    for cell in cells {
        // A spreadsheet would run such a cell as a formula.
        if matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')) {
            guarded.clear();
            guarded.push(b'\'');
            guarded.extend_from_slice(cell);
            writer.write_field(&guarded)?;
        } else {
            writer.write_field(cell)?;
        }
    }
    writer.write_record(None::<&[u8]>)
}

/// A reader that counts, and stops where one row has no end.
struct Bounded<R> {
    inner: R,
    since: Rc<Cell<u64>>,
    total: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > LONGEST_ROW {
            return Err(io::Error::other("a row is longer than 1 MiB; is a quotation mark left open?"));
        }
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read as u64);
        self.total.set(self.total.get() + read as u64);
        Ok(read)
    }
}
