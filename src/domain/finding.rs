//! What every rule has whatever its table, and how grave a finding is.
//!
//! Conditions and what they lead to stand with each table: in `routing` and in `board`.

use super::source::Basis;
use chrono::NaiveDate;

/// Which table a rule stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Input that is refused; every row is checked.
    Refuse,
    /// Who manages; the first row that applies decides.
    Manager,
    /// Which area counts; the first row that applies decides.
    Place,
    /// What else is answered; each row answers its own question.
    Duties,
    /// What a board is to be; every row is checked.
    Board,
}

impl Table {
    /// Every table with its code.
    pub const ALL: [(Table, &'static str); 5] = [
        (Table::Refuse, "REFUSE"),
        (Table::Manager, "MANAGER"),
        (Table::Place, "PLACE"),
        (Table::Duties, "DUTIES"),
        (Table::Board, "BOARD"),
    ];

    /// The code of the table.
    pub fn code(self) -> &'static str {
        Table::ALL.iter().find(|(table, _)| *table == self).map_or("", |(_, code)| *code)
    }
}

/// A rule: what stands in every row whatever its table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id, never reused.
    pub id: &'static str,
    /// The table that it stands in.
    pub table: Table,
    /// What it says, in a sentence.
    pub title: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// Standing of that source.
    pub basis: Basis,
    /// First day on which it can apply, on the operational calendar; none without a first.
    pub from: Option<NaiveDate>,
    /// First day on which it no longer can; none without an end.
    pub until: Option<NaiveDate>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It explains.
    Note,
    /// A reader should be warned of it.
    Warning,
    /// Something is not as it must be.
    Error,
}

impl Severity {
    /// Every severity with its code, the gravest first.
    pub const ALL: [(Severity, &'static str); 3] =
        [(Severity::Error, "ERROR"), (Severity::Warning, "WARNING"), (Severity::Note, "NOTE")];

    /// The code of the severity.
    pub fn code(self) -> &'static str {
        Severity::ALL.iter().find(|(severity, _)| *severity == self).map_or("", |(_, code)| *code)
    }
}
