//! `export`: boards, seats or members on a day as CSV, for a spreadsheet.

use super::Failure;
use super::asked::Asked;
use super::board::name;
use super::database::Database;
use super::names::{person, record_names};
use crate::actions::csv_cells::harmless;
use crate::directory::view::View;
use crate::directory::{BoardId, Directory};
use crate::domain::board::check::{check, overall};
use crate::domain::board::rule::Verdict;
use crate::domain::board::rules::BOARD;
use crate::domain::board::{AppointedBy, PersonKey, SeatState};

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory export boards
  probation-directory export seats --on 2014-05-31 --calendar operational > seats.csv
  probation-directory export members --names > members.csv";

/// What is exported.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum List {
    /// One row a board, with how many rules are met.
    Boards,
    /// One row a seat in force, with its state.
    Seats,
    /// One row a seat that is held, with the term.
    Members,
}

/// Which list, and on which day.
#[derive(clap::Args)]
pub struct Arguments {
    /// The list.
    list: List,
    #[command(flatten)]
    asked: Asked,
    /// With members: their names. A row of the access log says so.
    #[arg(long)]
    names: bool,
}

/// Prints a list as CSV.
pub fn export(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.names && arguments.list != List::Members {
        return Err(Failure::Usage("--names goes with members".to_owned()));
    }
    let connected = database.prepared()?;
    let directory = connected.run(connected.store.load_directory(None))?;
    let view = arguments.asked.view(database, &directory);
    let rows = match arguments.list {
        List::Boards => boards(view),
        List::Seats => seats(view),
        List::Members => {
            let (rows, boards, persons) = members(view, arguments.names);
            if arguments.names {
                record_names(&connected, &directory, "export", &boards, &persons)?;
            }
            rows
        }
    };
    super::print(&csv(&rows)?)
}

pub(super) type Cells = Vec<String>;

/// Rows as CSV, no cell of which a spreadsheet takes for a formula.
pub(super) fn csv(rows: &[Cells]) -> Result<String, Failure> {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        out.write_record(row.iter().map(|cell| harmless(cell))).map_err(Failure::failed)?;
    }
    let bytes = out.into_inner().map_err(Failure::failed)?;
    String::from_utf8(bytes).map_err(Failure::failed)
}

pub(super) fn header(names: &[&str]) -> Cells {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn all(directory: &Directory) -> impl Iterator<Item = BoardId> + '_ {
    directory.boards()
}

fn boards(view: View<'_>) -> Vec<Cells> {
    let mut rows = vec![header(&[
        "board",
        "name",
        "on",
        "not_met",
        "met",
        "not_recorded",
        "not_applicable",
        "rules_not_met",
        "examples",
    ])];
    for id in all(view.directory) {
        let findings = check(BOARD, &view.board_on(id));
        let of = |verdict: Verdict| -> Vec<&str> {
            let rules = BOARD.iter().map(|row| row.rule.id);
            rules.filter(|rule| overall(&findings, rule) == Some(verdict)).collect()
        };
        rows.push(vec![
            view.directory.board(id).slug.clone(),
            name(view, id),
            view.moment.on.to_string(),
            of(Verdict::NotMet).len().to_string(),
            of(Verdict::Met).len().to_string(),
            of(Verdict::NotRecorded).len().to_string(),
            of(Verdict::NotApplicable).len().to_string(),
            of(Verdict::NotMet).join(";"),
            if view.has_examples(id) { "yes" } else { "no" }.to_owned(),
        ]);
    }
    rows
}

fn seats(view: View<'_>) -> Vec<Cells> {
    let mut rows = vec![header(&[
        "board",
        "seat",
        "basis",
        "body_kind",
        "body",
        "from",
        "last_day",
        "state",
        "vacant_since",
        "confirmed_on",
    ])];
    for id in all(view.directory) {
        for seat in view.board_on(id).seats {
            let (state, since) = match &seat.state {
                SeatState::Held(_) => ("HELD", None),
                SeatState::Vacant(since) => ("VACANT", Some(*since)),
                SeatState::NotRecorded => ("NOT_RECORDED", None),
            };
            let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
            rows.push(vec![
                view.directory.board(id).slug.clone(),
                seat.slug.clone(),
                seat.basis.code().to_owned(),
                seat.body.as_ref().map_or("", |body| body.kind.code()).to_owned(),
                seat.body.as_ref().map_or_else(String::new, |body| body.slug.clone()),
                seat.period.from().to_string(),
                day(seat.period.last_day()),
                state.to_owned(),
                day(since),
                day(seat.confirmed_on),
            ]);
        }
    }
    rows
}

fn members(view: View<'_>, with_names: bool) -> (Vec<Cells>, Vec<BoardId>, Vec<PersonKey>) {
    let mut rows = vec![header(&[
        "board",
        "seat",
        "basis",
        "person",
        "from",
        "last_day",
        "terms",
        "appointed_by",
        "comes_from",
        "examples",
    ])];
    let (mut boards, mut persons) = (Vec::new(), Vec::new());
    for id in all(view.directory) {
        for seat in view.board_on(id).seats {
            let SeatState::Held(holder) = &seat.state else { continue };
            if boards.last() != Some(&id) {
                boards.push(id);
            }
            persons.push(holder.person);
            let appointed = AppointedBy::ALL.iter().find(|(by, _)| holder.appointed_by == Some(*by));
            rows.push(vec![
                view.directory.board(id).slug.clone(),
                seat.slug.clone(),
                seat.basis.code().to_owned(),
                person(view, holder.person, with_names),
                holder.term.from().to_string(),
                holder.term.last_day().map_or_else(String::new, |day| day.to_string()),
                holder.terms.len().to_string(),
                appointed.map_or("", |(_, code)| code).to_owned(),
                holder.from.as_ref().map_or_else(String::new, |body| body.slug.clone()),
                if view.has_examples(id) { "yes" } else { "no" }.to_owned(),
            ]);
        }
    }
    (rows, boards, persons)
}
