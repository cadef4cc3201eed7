//! What a row of a routing table is, and what it can lead to. What every rule has stands in `domain::finding`.

use super::facts::Facts;

pub use crate::domain::finding::{Rule, Table};

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
