//! `route`: one case by flags, answered for a person or a machine, or a CSV file of cases.
//!
//! The facts come as texts and are read as a file's are, so that no message holds what they say.

use super::database::Database;
use super::route_answer::Answer;
use super::{Failure, print};
use crate::actions::case_text::{Cells, Column};
use crate::actions::route_cases::{FileReport, route_cases};
use crate::directory::Directory;
use crate::domain::routing::Tables;
use crate::domain::routing::decide::Outcome;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory route --on 2014-11-01 --residence Sefton --age 34 \\
    --supervision community-order --risk high --category not-eligible
  probation-directory route --on 2014-05-01 --residence-code ONS=E08000014 --age 34 --json
  probation-directory route --template > cases.csv
  probation-directory route --csv cases.csv --out answers.csv --keep reference

A place is a name, or SCHEME=VALUE. In files a place, a code or yes/no is written as with the flags, and the names of the columns are row 1.
A file is decided to its end whatever single rows hold: cells that cannot be taken are counted, listed by row and column, and their rows REFUSED.
Exit codes: 0 answered, also where facts are missing; 1 the case is refused, or it could not be done; 2 the command line is wrong.";

/// What to decide.
#[derive(clap::Args)]
pub struct Arguments {
    /// Print one JSON object.
    #[arg(long, conflicts_with_all = ["csv", "template"])]
    json: bool,
    /// Print the columns of a file with one row as an example.
    #[arg(long, conflicts_with_all = ["facts", "csv"])]
    pub(super) template: bool,
    /// Decide every row of this file.
    #[arg(long, value_name = "IN", requires = "out", conflicts_with = "facts")]
    csv: Option<PathBuf>,
    /// Write the answers to this file, which appears when all is done.
    #[arg(long, value_name = "OUT", requires = "csv")]
    out: Option<PathBuf>,
    /// Pass a column of the file on to the answers; may be repeated.
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    keep: Vec<String>,
    #[command(flatten)]
    facts: Facts,
}

/// The facts of a case; what is not given is not known.
#[derive(clap::Args)]
#[group(id = "facts", multiple = true)]
#[command(next_help_heading = "Facts of the case")]
struct Facts {
    /// The day asked about.
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present_any = ["csv", "template"])]
    on: Option<String>,
    /// The calendar on which it is read: published (the default) or operational.
    #[arg(long)]
    calendar: Option<String>,
    /// Where the person lives.
    #[arg(long, value_name = "NAME")]
    residence: Option<String>,
    /// Where the person lives, by a code.
    #[arg(long, value_name = "SCHEME=VALUE")]
    residence_code: Option<String>,
    /// The person has no address.
    #[arg(long)]
    no_fixed_abode: bool,
    /// Where a person without an address is usually found.
    #[arg(long, value_name = "NAME")]
    usually_found_in: Option<String>,
    /// The area of the sentencing court.
    #[arg(long, value_name = "NAME")]
    sentenced_in: Option<String>,
    /// The court before which the case now is.
    #[arg(long, value_name = "NAME")]
    at_court: Option<String>,
    /// The area that a transfer leaves; the residence where it is not given.
    #[arg(long, value_name = "NAME")]
    transfer_from: Option<String>,
    /// The area that a transfer is to.
    #[arg(long, value_name = "NAME")]
    transfer_to: Option<String>,
    /// How far the transfer has come: requested or accepted.
    #[arg(long, value_name = "STATE")]
    transfer_state: Option<String>,
    /// Age in years on the day.
    #[arg(long, value_name = "YEARS", allow_hyphen_values = true)]
    age: Option<String>,
    /// community-order, suspended-sentence-order, deferred-sentence, custody, licence, post-sentence-supervision,
    /// hospital-order, guardianship-order or none.
    #[arg(long)]
    supervision: Option<String>,
    /// Length of the sentence.
    #[arg(long, value_name = "MONTHS", allow_hyphen_values = true)]
    sentence_months: Option<String>,
    /// Risk of serious harm: low, medium, high or very-high.
    #[arg(long, alias = "risk-of-serious-harm")]
    risk: Option<String>,
    /// MAPPA category: not-eligible, category-1, category-2 or category-3.
    #[arg(long, alias = "mappa-category")]
    category: Option<String>,
    /// MAPPA level: level-1, level-2 or level-3.
    #[arg(long, alias = "mappa-level")]
    level: Option<String>,
    /// Whether the person is a registered sexual offender.
    #[arg(long, value_name = "yes|no", alias = "registered-sexual-offender")]
    registered: Option<String>,
    /// Risk of serious recidivism, with at most two decimals.
    #[arg(long, value_name = "PER CENT", alias = "rsr-percent", allow_hyphen_values = true)]
    rsr: Option<String>,
    /// Escalation from the company to the NPS: none, referred, accepted or rejected.
    #[arg(long)]
    escalation: Option<String>,
    /// Whether the NPS managed the case earlier in this sentence.
    #[arg(long, value_name = "yes|no", alias = "managed-by-nps-earlier-in-sentence")]
    nps_earlier: Option<String>,
    /// Whether the person is liable to deportation.
    #[arg(long, value_name = "yes|no", alias = "liable-to-deportation")]
    deportation: Option<String>,
    /// Whether it is a terrorism or extremism case.
    #[arg(long, value_name = "yes|no")]
    terrorism: Option<String>,
    /// Whether it is a public interest case.
    #[arg(long, value_name = "yes|no")]
    public_interest: Option<String>,
    /// Whether the offence is one of the most serious.
    #[arg(long, value_name = "yes|no", alias = "most-serious-offence")]
    most_serious: Option<String>,
}

impl Facts {
    fn cells(&self) -> Cells<'_> {
        let mut cells = Cells::empty();
        for (column, text) in [
            (Column::On, &self.on),
            (Column::Calendar, &self.calendar),
            (Column::Residence, &self.residence),
            (Column::ResidenceCode, &self.residence_code),
            (Column::UsuallyFoundIn, &self.usually_found_in),
            (Column::SentencedIn, &self.sentenced_in),
            (Column::AtCourt, &self.at_court),
            (Column::TransferFrom, &self.transfer_from),
            (Column::TransferTo, &self.transfer_to),
            (Column::TransferState, &self.transfer_state),
            (Column::Age, &self.age),
            (Column::Supervision, &self.supervision),
            (Column::SentenceMonths, &self.sentence_months),
            (Column::Risk, &self.risk),
            (Column::Category, &self.category),
            (Column::Level, &self.level),
            (Column::Registered, &self.registered),
            (Column::Rsr, &self.rsr),
            (Column::Escalation, &self.escalation),
            (Column::NpsEarlier, &self.nps_earlier),
            (Column::Deportation, &self.deportation),
            (Column::Terrorism, &self.terrorism),
            (Column::PublicInterest, &self.public_interest),
            (Column::MostSerious, &self.most_serious),
        ] {
            if let Some(text) = text {
                cells.set(column, text);
            }
        }
        if self.no_fixed_abode {
            cells.set(Column::NoFixedAbode, "yes");
        }
        cells
    }
}

/// Answers one case, or decides a file.
pub fn route(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    if let Some((input, out)) = arguments.csv.as_deref().zip(arguments.out.as_deref()) {
        return file(database, input, out, &arguments.keep);
    }
    let cells = arguments.facts.cells();
    let has_code = cells.has(Column::ResidenceCode);
    let read = cells.case();
    if !read.faults.is_empty() {
        let faults = read.faults.iter();
        let told = faults.map(|fault| format!("{} takes {}", fault.column.flag(), fault.acceptable));
        return Err(Failure::Usage(told.collect::<Vec<_>>().join("\n")));
    }
    let directory = load(database)?;
    let tables = Tables::default();
    let answer = Answer::of(&directory, &tables, &read, has_code);
    let text = if arguments.json { answer.json().map_err(Failure::failed)? } else { answer.words() };
    print(&text)?;
    match answer.outcome() {
        Outcome::Refused => Err(Failure::DoesNotHold),
        _ => Ok(()),
    }
}

fn load(database: &Database<'_>) -> Result<Directory, Failure> {
    let connected = database.prepared()?;
    connected.run(connected.store.load_directory(None))
}

fn file(database: &Database<'_>, input: &Path, out: &Path, keep: &[String]) -> Result<(), Failure> {
    let unreadable = |error| Failure::Failed(format!("{} cannot be read: {error}", input.display()));
    let source = File::open(input).map_err(unreadable)?;
    let size = source.metadata().map_err(unreadable)?.len();
    if is_same(input, out) {
        return Err(Failure::Usage("--out must be another file than --csv".to_owned()));
    }
    let directory = load(database)?;
    let part = Part::create(out)?;
    let bar = bar(size);
    let mut progress = |bytes| bar.set_position(bytes);
    let sink = BufWriter::new(&part.file);
    let decided = route_cases(&directory, &Tables::default(), source, sink, keep, &mut progress);
    bar.finish_and_clear();
    let report = decided.map_err(|fault| Failure::Failed(format!("{}: {fault}", input.display())))?;
    part.finish(out)?;
    for bad in &report.first_bad {
        let column = bad.column.map(|column| format!(", column {column}")).unwrap_or_default();
        eprintln!("row {}{column}: {}: {}", bad.row, bad.code, bad.acceptable);
    }
    if report.bad_cells > report.first_bad.len() as u64 {
        eprintln!("and {} more", report.bad_cells - report.first_bad.len() as u64);
    }
    print(&told(&report))
}

/// Whether two names are of one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// What deciding a file came to, in words.
fn told(report: &FileReport) -> String {
    let counts: Vec<String> =
        report.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let outcomes = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("{} rows decided{outcomes}, {} bad cells.", report.rows, report.bad_cells)
}

/// A bar on a terminal only.
fn bar(size: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent}% {bytes}/{total_bytes} {eta}");
    ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A file under a temporary name beside the one that it becomes; removed where it does not come to that.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    fn create(out: &Path) -> Result<Part, Failure> {
        let failed = |error| Failure::Failed(format!("{} cannot be written: {error}", out.display()));
        let Some(name) = out.file_name() else {
            return Err(Failure::Usage("--out takes the name of a file".to_owned()));
        };
        if out.is_dir() {
            return Err(Failure::Usage("--out takes the name of a file, and that is a folder".to_owned()));
        }
        let name = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        let path = out.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
        Ok(Part { path, file })
    }

    fn finish(mut self, out: &Path) -> Result<(), Failure> {
        self.file.sync_all().map_err(Failure::failed)?;
        std::fs::rename(&self.path, out).map_err(Failure::failed)?;
        self.path = PathBuf::new();
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // Nothing more can be done where it cannot be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
