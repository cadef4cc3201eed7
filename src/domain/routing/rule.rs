//! What a row of a routing table is, and what it can lead to.

use super::facts::Facts;
use crate::domain::source::Basis;
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
}

impl Table {
    /// Every table with its code.
    pub const ALL: [(Table, &'static str); 4] = [
        (Table::Refuse, "REFUSE"),
        (Table::Manager, "MANAGER"),
        (Table::Place, "PLACE"),
        (Table::Duties, "DUTIES"),
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

/// A kind of body that can manage a case or do a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyRole {
    /// The probation trust of the area.
    Trust,
    /// The NPS division of the area.
    Division,
    /// The community rehabilitation company of the area.
    Company,
    /// The police force of the area.
    Police,
    /// The youth offending team of the home local authority; known by kind only.
    YouthOffendingTeam,
    /// The mental health service; known by kind only.
    HealthService,
}

/// What a row of the manager table leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// This body of the area that counts manages.
    Managed(BodyRole),
    /// Nobody supervises.
    NotSupervised,
    /// Not recorded for the day.
    NotRecorded,
    /// A fact must be made clear first, though one was given.
    Unclear,
    /// The facts contradict each other.
    Refused,
}

/// A row of the manager table. Its condition is a reference, so that a test can put another in its place.
#[derive(Clone, Copy)]
pub struct ManagerRow {
    /// The rule.
    pub rule: Rule,
    /// When it applies.
    pub when: &'static (dyn Fn(&Facts) -> bool + Sync),
    /// What it leads to.
    pub to: Destination,
    /// Why, in a sentence.
    pub because: &'static str,
}
