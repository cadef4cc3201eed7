//! `import members`: terms of board members as a template, and from a file; shown at first, and written where that is asked for.
//!
//! Nothing of a file is printed but what the directory knows by that key or slug: any cell may hold a name.

use super::board::board_of;
use super::database::{Connected, Database};
use super::export::{Cells, csv, header};
use super::names::{person, record_names};
use super::route::is_same;
use super::{Failure, print};
use crate::actions::follow_changes::Follower;
use crate::actions::import_members::{MOST_BYTES, failing_rows, import_order, told};
use crate::actions::make_change::{Asked, By, Fault, Made, Writer};
use crate::clock::{Clock, SystemClock};
use crate::directory::change::{
    Column, ImportBoardMembers, ImportLine, LineChange, Refusal, RefusalCode, board_touched, diff,
};
use crate::directory::live::LiveDirectory;
use crate::directory::view::View;
use crate::directory::{BoardId, Directory};
use crate::domain::board::{AppointedBy, EndReason, PersonKey};
use crate::domain::calendar::Calendar;
use chrono::NaiveDate;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory import members --template --board kent > members.csv
  probation-directory import members members.csv --errors wrong.csv
  probation-directory import members members.csv --apply --reason 'return of the board'";

/// Longest reason, in characters, as the API has it.
const LONGEST_REASON: usize = 2000;

/// What is brought in.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Terms in seats of boards.
    Members,
}

/// What is brought in, and how far.
#[derive(clap::Args)]
pub struct Arguments {
    /// What is brought in.
    what: What,
    /// The file: CSV in UTF-8 with the columns of the template, at most 2,000 rows and 1 MiB.
    #[arg(value_name = "FILE", required_unless_present = "template", conflicts_with = "template")]
    file: Option<PathBuf>,
    /// Print the terms that hold or are to come, as a file to change and bring in.
    #[arg(long)]
    template: bool,
    /// With --template: only the board of this area. May be given more than once.
    #[arg(long, value_name = "AREA", requires = "template")]
    board: Vec<String>,
    /// With --template: names of the members beside their keys. A row of the access log says so.
    #[arg(long, requires = "template")]
    names: bool,
    /// With --template: the day from which terms are printed; the directory date where none is given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::asked::day, requires = "template")]
    on: Option<NaiveDate>,
    /// Write the failing lines to this file, with what is wrong in a column more; names that the file has are among them.
    #[arg(long, value_name = "OUT", conflicts_with = "template")]
    errors: Option<PathBuf>,
    /// Write what the file says: all of it or nothing. Without it nothing is written.
    #[arg(long, requires = "reason", conflicts_with = "template")]
    apply: bool,
    /// Why, for the record of changes. Name no person.
    #[arg(long)]
    reason: Option<String>,
    /// Refuse it where a board of the file was changed after this version, as the template told it.
    #[arg(long, value_name = "VERSION", conflicts_with = "template")]
    expected_version: Option<i64>,
}

/// Prints a template, or brings a file in.
pub fn import(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let What::Members = arguments.what;
    match &arguments.file {
        None => template(database, arguments),
        Some(file) => bring_in(database, file, arguments),
    }
}

fn template(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let directory = connected.run(connected.store.load_directory(None))?;
    let on = arguments.on.unwrap_or_else(|| database.directory_date());
    let view = directory.view(on, Calendar::default());
    let mut boards: Vec<BoardId> = directory.boards().collect();
    if !arguments.board.is_empty() {
        let asked: Result<Vec<BoardId>, Failure> =
            arguments.board.iter().map(|area| board_of(view, area)).collect();
        let asked = asked?;
        boards.retain(|board| asked.contains(board));
    }
    let (rows, persons) = terms(view, &boards, arguments.names);
    if arguments.names {
        record_names(&connected, &directory, "import", &boards, &persons)?;
    }
    if let Some(version) = boards.iter().map(|board| board_touched(&directory, *board)).max() {
        eprintln!(
            "The last change of these boards is version {version}: with --expected-version {version} nothing is written over a later one."
        );
    }
    print(&csv(&rows)?)
}

/// Terms that hold on the day of a view or begin after it, as rows of a file.
fn terms(view: View<'_>, boards: &[BoardId], with_names: bool) -> (Vec<Cells>, Vec<PersonKey>) {
    let mut rows = vec![header(&Column::ALL.map(|(_, name)| name))];
    let mut persons = Vec::new();
    let directory = view.directory;
    for id in boards {
        let board = directory.board(*id);
        for seat in board.seats.iter().map(|seat| directory.seat(*seat)) {
            let standing = seat.appointments.iter().filter(|row| row.recorded.until().is_none());
            for row in standing.filter(|row| row.valid.until().is_none_or(|until| view.moment.on < until)) {
                let key = person(view, row.value.person, false);
                // Whoever has no name is printed by the key, which is no name.
                let name = person(view, row.value.person, with_names);
                let name = if name == key { String::new() } else { name };
                persons.push(row.value.person);
                let by = AppointedBy::ALL.iter().find(|(by, _)| row.value.appointed_by == Some(*by));
                let reason = EndReason::ALL.iter().find(|(it, _)| row.value.end_reason == Some(*it));
                rows.push(vec![
                    board.slug.clone(),
                    seat.slug.clone(),
                    key,
                    name,
                    row.valid.from().to_string(),
                    row.valid.last_day().map_or_else(String::new, |day| day.to_string()),
                    by.map_or("", |(_, code)| code).to_owned(),
                    reason.map_or("", |(_, code)| code).to_owned(),
                    row.fact.to_string(),
                ]);
            }
        }
    }
    (rows, persons)
}

fn bring_in(database: &Database<'_>, file: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let reason = arguments.reason.as_deref().map(sound).transpose()?;
    if let Some(out) = &arguments.errors
        && is_same(file, out)
    {
        return Err(Failure::Usage("--errors must be another file than the one that is read".to_owned()));
    }
    let bytes = read(file)?;
    let made = match import_order(&bytes) {
        Err(refusals) => Outcome { lines: Vec::new(), refusals, version: None },
        Ok(order) => {
            let asked = Asked {
                by: By::CommandLine,
                reason,
                expected_version: arguments.expected_version,
                is_dry: !arguments.apply,
                idempotency: None,
            };
            make(&database.prepared()?, order, asked)?
        }
    };
    if let Some(out) = &arguments.errors {
        write_errors(out, &failing_rows(&bytes, &made.refusals))?;
    }
    print(&made.told())?;
    if made.refusals.is_empty() { Ok(()) } else { Err(Failure::DoesNotHold) }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::Failed(format!("{} cannot be read: {error}", file.display()));
    let mut bytes = Vec::new();
    // One byte more than there may be tells that the file is too large.
    let most = u64::try_from(MOST_BYTES + 1).unwrap_or(u64::MAX);
    File::open(file).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn sound(reason: &str) -> Result<String, Failure> {
    let is_sound = !reason.trim().is_empty()
        && reason.chars().count() <= LONGEST_REASON
        && !reason.chars().any(char::is_control);
    let wrong = || {
        Failure::Usage(format!(
            "--reason must have 1 to {LONGEST_REASON} characters and no control character"
        ))
    };
    is_sound.then(|| reason.to_owned()).ok_or_else(wrong)
}

/// What came of a file.
struct Outcome {
    lines: Vec<ImportLine>,
    refusals: Vec<Refusal>,
    /// The version that was written; none where nothing was.
    version: Option<i64>,
}

fn make(connected: &Connected, order: ImportBoardMembers, asked: Asked) -> Result<Outcome, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let live = Arc::new(LiveDirectory::default());
    let (store, poll) = (connected.store.clone(), Duration::from_secs(1));
    let follower = Follower { store, live: Arc::clone(&live), clock: Arc::clone(&clock), poll };
    connected.run(follower.refresh())?;
    let writer = Writer::new(connected.store.clone(), Arc::clone(&live), clock);
    let order = Arc::new(order);
    let made = connected.runtime().block_on(writer.make(Arc::clone(&order) as _, asked));
    let lines = |directory: &Directory, known, refusals: &[Refusal], facts: &[_]| {
        diff(directory, known, &order.rows, refusals, facts)
    };
    match made.map_err(failure)? {
        Made::Done(done) => {
            let facts = if done.is_dry { &[][..] } else { &done.summary.facts };
            let lines = lines(&done.loaded.directory, done.version - 1, &[], facts);
            Ok(Outcome { lines, refusals: Vec::new(), version: (!done.is_dry).then_some(done.version) })
        }
        Made::Refused { refusals, version } => {
            let loaded = live.current();
            let lines =
                loaded.map(|loaded| lines(&loaded.directory, version, &refusals, &[])).unwrap_or_default();
            // That a file says only what is recorded is nothing that stands in its way.
            let is_fault = |refusal: &Refusal| refusal.code != RefusalCode::NothingToChange;
            Ok(Outcome { lines, refusals: refusals.into_iter().filter(is_fault).collect(), version: None })
        }
    }
}

fn failure(fault: Fault) -> Failure {
    Failure::Failed(
        match fault {
            Fault::Unavailable => "the database is away or busy; nothing was written",
            Fault::OutcomeUnknown => {
                "the connection was lost at the last step: it may be written, or not; the same command without --apply shows it"
            }
            Fault::Broken => "it could not be written, and nothing was; the log says why",
        }
        .to_owned(),
    )
}

impl Outcome {
    /// What differs, what is wrong, and what came of it.
    fn told(&self) -> String {
        let mut text = Vec::new();
        for line in self.lines.iter().filter(|line| line.change != LineChange::Unchanged) {
            text.push(line_told(line));
        }
        for refusal in &self.refusals {
            let line = refusal.line.map_or("the file".to_owned(), |line| format!("line {line}"));
            text.push(format!("{line}, {}", told(refusal)));
        }
        let count = |change| self.lines.iter().filter(|line| line.change == change).count();
        text.push(format!(
            "{} added, {} changed, {} unchanged, {} refused.",
            count(LineChange::Added),
            count(LineChange::Changed),
            count(LineChange::Unchanged),
            count(LineChange::Refused)
        ));
        let differs = count(LineChange::Added) + count(LineChange::Changed) > 0;
        text.push(match self.version {
            Some(version) => format!("Written as version {version}."),
            None if !self.refusals.is_empty() => "Nothing is written.".to_owned(),
            None if differs => "Nothing is written yet: say --apply with a --reason.".to_owned(),
            None => "Nothing differs from what is recorded.".to_owned(),
        });
        text.join("\n")
    }
}

fn line_told(line: &ImportLine) -> String {
    let place = match (&line.board, &line.seat) {
        (Some(board), Some(seat)) => format!("{board}/{seat}"),
        (Some(board), None) => format!("{board}, an unknown seat"),
        _ => "an unknown board".to_owned(),
    };
    let number = line.appointment.map_or(String::new(), |number| format!(" appointment {number}"));
    let before = line.before.as_ref().map_or(String::new(), |before| format!(", was {before}"));
    let after = line.after.as_ref().map_or(String::new(), |after| format!(", is {after}"));
    format!("line {} {} {place}{number}{before}{after}", line.line, line.change.code())
}

/// What was given may hold names: only whoever runs the command may read it.
fn write_errors(out: &Path, rows: &[Cells]) -> Result<(), Failure> {
    let failed = |error| Failure::Failed(format!("{} cannot be written: {error}", out.display()));
    // Without a failing line there are only the names of the columns.
    let text = csv(rows)?;
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(out);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)
}
