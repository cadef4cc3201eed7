//! What an import would change, line by line, without a name: worked out anew from the rows and what was known before.

use super::import::{Recorded, stands};
use super::import_rows::{Column, ImportRow, Said, Who};
use super::refusal::Refusal;
use super::rows::Table;
use super::summary::FactWritten;
use crate::directory::Directory;
use crate::directory::records::Row;
use crate::directory::seat::Appointment;
use crate::domain::board::{AppointedBy, EndReason};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashSet};

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineChange {
    /// A term is added.
    Added,
    /// A term that is recorded is put right, or ended.
    Changed,
    /// The term stands as the line says.
    Unchanged,
    /// A cell of it stands in the way of the whole.
    Refused,
}

impl LineChange {
    /// As people read it.
    pub fn code(self) -> &'static str {
        match self {
            LineChange::Added => "ADDED",
            LineChange::Changed => "CHANGED",
            LineChange::Unchanged => "UNCHANGED",
            LineChange::Refused => "REFUSED",
        }
    }
}

/// What becomes of a line, in words that name nobody and repeat no cell that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportLine {
    /// The line of the file.
    pub line: usize,
    /// What becomes of it.
    pub change: LineChange,
    /// Slug of the board; none where there is no such board.
    pub board: Option<String>,
    /// Slug of the seat; none where the board has none such.
    pub seat: Option<String>,
    /// Number of the appointment; none of a new term that is not written.
    pub appointment: Option<i64>,
    /// The term as it is recorded; none of a new one.
    pub before: Option<String>,
    /// The term as the line says; none where that is refused or the same.
    pub after: Option<String>,
}

/// What becomes of each line, compared with what was known in a version. `facts` are those that were written.
pub fn diff(
    directory: &Directory,
    known: i64,
    rows: &[ImportRow],
    refusals: &[Refusal],
    facts: &[FactWritten],
) -> Vec<ImportLine> {
    let recorded = Recorded::at(directory, known);
    let refused: BTreeSet<usize> = refusals.iter().filter_map(|refusal| refusal.line).collect();
    let of_terms = || facts.iter().filter(|fact| fact.table == Table::Appointment.name());
    let closed: HashSet<i64> = of_terms().filter(|fact| !fact.added).map(|fact| fact.fact).collect();
    // What is corrected keeps its number, and its row is closed; what is left was added, in the order of the lines.
    let mut added = of_terms().map(|fact| fact.fact).filter(|fact| !closed.contains(fact));
    let lines = rows.iter().map(|row| {
        let old = row.appointment().ok().flatten().and_then(|fact| recorded.get(fact)).map(|(_, old)| old);
        let said = row.read().ok().filter(|_| !refused.contains(&row.line));
        let change = match (&said, old) {
            (None, _) => LineChange::Refused,
            (Some(said), Some(old)) if stands(directory, said, old) => LineChange::Unchanged,
            (Some(_), Some(_)) => LineChange::Changed,
            (Some(_), None) => LineChange::Added,
        };
        let is_after = matches!(change, LineChange::Added | LineChange::Changed);
        let board = directory.board_by_slug(row.cell(Column::Board));
        let seat = board.and_then(|board| directory.seat_by_slug(board, row.cell(Column::Seat)));
        ImportLine {
            line: row.line,
            change,
            board: board.map(|board| directory.board(board).slug.clone()),
            seat: seat.map(|seat| directory.seat(seat).slug.clone()),
            appointment: match change {
                LineChange::Added => added.next(),
                _ => old.map(|old| old.fact),
            },
            before: old.map(|old| before(directory, old)),
            after: said.filter(|_| is_after).map(|said| after(directory, &said)),
        }
    });
    lines.collect()
}

fn before(directory: &Directory, row: &Row<Appointment>) -> String {
    let key = directory.person(row.value.person).map_or("", |person| person.key.as_str());
    let Appointment { appointed_by, end_reason, .. } = row.value;
    words(key, row.valid.from(), row.valid.last_day(), appointed_by, end_reason)
}

fn after(directory: &Directory, said: &Said) -> String {
    let who = match &said.who {
        Who::Known(key) if directory.person_by_key(key).is_some() => key,
        // What is no key may be a name.
        Who::Known(_) => "somebody who is not recorded",
        Who::New(_) => "somebody new",
    };
    words(who, said.from, said.last_day, said.appointed_by, said.end_reason)
}

fn words(
    who: &str,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
    appointed_by: Option<AppointedBy>,
    end_reason: Option<EndReason>,
) -> String {
    let mut text = match last_day {
        Some(last) => format!("{who} from {from} to {last}"),
        None => format!("{who} from {from} on"),
    };
    if let Some((_, code)) = AppointedBy::ALL.iter().find(|(by, _)| appointed_by == Some(*by)) {
        text.push_str(&format!(", appointed by {code}"));
    }
    if let Some((_, code)) = EndReason::ALL.iter().find(|(reason, _)| end_reason == Some(*reason)) {
        text.push_str(&format!(", ended by {code}"));
    }
    text
}
