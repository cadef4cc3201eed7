//! `board`: one board, answered as a person reads it, and `check --boards`: what is found of all of them.
//!
//! Names are printed only where they are asked for, and then the access log has a row of it first.

use super::Failure;
use super::asked::{Asked, told};
use super::database::Database;
use super::names::{person, record_names};
use crate::directory::view::View;
use crate::directory::{BoardId, Directory};
use crate::domain::board::check::{Finding, check, overall};
use crate::domain::board::rule::Verdict;
use crate::domain::board::rules::BOARD;
use crate::domain::board::words;
use crate::domain::board::{BoardOn, HolderOn, PersonKey, SeatOn, SeatState};

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory board merseyside
  probation-directory board merseyside --on 2014-05-01 --calendar operational --all";

/// Which board, and how much of it.
#[derive(clap::Args)]
pub struct Arguments {
    /// Slug or name of the MAPPA area.
    area: String,
    #[command(flatten)]
    asked: Asked,
    /// Print every finding, not only what is not met.
    #[arg(long)]
    all: bool,
    /// Print names of members. A row of the access log says so.
    #[arg(long)]
    names: bool,
}

/// Prints a board: its seats and what is found of it.
pub fn board(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let directory = connected.run(connected.store.load_directory(None))?;
    let view = arguments.asked.view(database, &directory);
    let id = board_of(view, &arguments.area)?;
    let board = view.board_on(id);
    if arguments.names {
        let persons: Vec<PersonKey> = holders(&board).map(|holder| holder.person).collect();
        record_names(&connected, &directory, "board", &[id], &persons)?;
    }
    super::print(&answer(view, id, &board, arguments))
}

/// The board of an area.
pub(super) fn board_of(view: View<'_>, area: &str) -> Result<BoardId, Failure> {
    let place = crate::directory::lookup::Place::MappaArea(area.to_owned());
    let located = view.locate(&place).map_err(|_| {
        Failure::Failed("no MAPPA area of that name is held; `export boards` lists all".to_owned())
    })?;
    let board = view.body(located.area).boards.first().copied();
    board.ok_or_else(|| Failure::Failed("no board is recorded for that area".to_owned()))
}

/// The name of a board.
pub(super) fn name(view: View<'_>, id: BoardId) -> String {
    let board = view.directory.board(id);
    view.board(board.area).map_or_else(|| board.slug.clone(), |(_, held)| held.value.clone())
}

fn holders(board: &BoardOn) -> impl Iterator<Item = &HolderOn> {
    board.seats.iter().filter_map(|seat| match &seat.state {
        SeatState::Held(holder) => Some(&**holder),
        _ => None,
    })
}

fn answer(view: View<'_>, id: BoardId, board: &BoardOn, arguments: &Arguments) -> String {
    let mut lines = vec![format!("{}, {}", name(view, id), told(view))];
    if view.has_examples(id) {
        lines.push("  made-up examples are among what follows".to_owned());
    }
    lines.extend(board.seats.iter().map(|seat| seat_line(view, seat, arguments.names)));
    let chair = match (&board.chair, board.has_recorded_no_chair) {
        (Some(chair), _) => {
            let seat = chair.seat.and_then(|index| board.seats.get(index.0));
            let seat = seat.map_or("a person without a seat here", |seat| seat.slug.as_str());
            format!("{seat}, since {}", chair.since)
        }
        (None, true) => "none, as recorded".to_owned(),
        (None, false) => "not recorded".to_owned(),
    };
    lines.push(format!("  {:<30}{chair}", "chair"));
    let findings = check(BOARD, board);
    lines.push(counts(&findings));
    let is_shown = |finding: &&Finding| arguments.all || finding.verdict == Verdict::NotMet;
    lines.extend(findings.iter().filter(is_shown).map(finding_line));
    lines.join("\n")
}

fn seat_line(view: View<'_>, seat: &SeatOn, with_names: bool) -> String {
    let body = seat.body.as_ref().map_or_else(String::new, words::body);
    let state = match &seat.state {
        SeatState::NotRecorded => "not recorded".to_owned(),
        SeatState::Vacant(since) => format!("vacant since {since}"),
        SeatState::Held(holder) => {
            let who = person(view, holder.person, with_names);
            let last = holder.term.last_day().map_or(String::new(), |day| format!(" to {day}"));
            format!("held by {who}, {}{last}", holder.term.from())
        }
    };
    format!("  {:<30}{:<40}{state}", seat.slug, body)
}

fn counts(findings: &[Finding]) -> String {
    let of = |verdict| BOARD.iter().filter(|row| overall(findings, row.rule.id) == Some(verdict)).count();
    format!(
        "  {:<30}{} not met, {} met, {} not recorded, {} not applicable, {} notes",
        "rules",
        of(Verdict::NotMet),
        of(Verdict::Met),
        of(Verdict::NotRecorded),
        of(Verdict::NotApplicable),
        of(Verdict::Note)
    )
}

fn finding_line(finding: &Finding) -> String {
    let since = finding.since.map_or(String::new(), |since| format!(" (since {since})"));
    format!("  {:<8}{:<16}{}{since}", finding.rule, finding.verdict.code(), finding.because)
}

/// What is found of every board on the directory date, rule by rule, and whether integrity holds everywhere.
pub(super) fn check_boards(database: &Database<'_>, directory: &Directory) -> Result<bool, Failure> {
    let view = directory.view(database.directory_date(), crate::domain::calendar::Calendar::default());
    let found: Vec<(BoardId, Vec<Finding>)> =
        directory.boards().map(|id| (id, check(BOARD, &view.board_on(id)))).collect();
    let mut lines = vec![format!("{} boards, {}", found.len(), told(view))];
    let mut holds = true;
    for row in BOARD {
        let of = |verdict: Verdict| -> Vec<&str> {
            let boards = found.iter().filter(|(_, findings)| overall(findings, row.rule.id) == Some(verdict));
            boards.map(|(id, _)| directory.board(*id).slug.as_str()).collect()
        };
        let not_met = of(Verdict::NotMet);
        let is_broken = row.kind == crate::domain::board::rule::RuleKind::Integrity && !not_met.is_empty();
        holds &= !is_broken;
        let which = if not_met.is_empty() { String::new() } else { format!(": {}", not_met.join(", ")) };
        lines.push(format!(
            "{} {:<8}{:>3} not met, {:>3} met, {:>3} not recorded, {:>3} not applicable{which}",
            if is_broken { "FAILED" } else { "ok    " },
            row.rule.id,
            not_met.len(),
            of(Verdict::Met).len(),
            of(Verdict::NotRecorded).len(),
            of(Verdict::NotApplicable).len()
        ));
    }
    super::print(&lines.join("\n"))?;
    Ok(holds)
}
