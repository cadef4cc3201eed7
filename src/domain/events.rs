//! Days on which who manages a case, or how, changed for everybody.

use super::calendar::{Calendar, OPERATIONAL_RESTRUCTURE, PUBLISHED_RESTRUCTURE, UNIFICATION};
use super::source::Basis;
use chrono::NaiveDate;

/// An event in the history of the arrangements.
#[derive(Clone, Copy, Debug)]
pub struct ChangeEvent {
    /// Stable key.
    pub slug: &'static str,
    /// The day, on the operational calendar.
    pub on: NaiveDate,
    /// What happened.
    pub title: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// Standing of that source.
    pub basis: Basis,
}

impl ChangeEvent {
    /// The day as a calendar shows it.
    pub fn day(&self, calendar: Calendar) -> NaiveDate {
        match calendar {
            Calendar::Published if self.on == OPERATIONAL_RESTRUCTURE => PUBLISHED_RESTRUCTURE,
            _ => self.on,
        }
    }
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("not a day"),
    }
}

/// The events, in the order of their days.
pub const EVENTS: [ChangeEvent; 8] = [
    ChangeEvent {
        slug: "first-statutory-duty",
        on: day(2001, 4, 1),
        title: "Police and probation first share the statutory duty",
        source: "P22",
        basis: Basis::Published,
    },
    ChangeEvent {
        slug: "criminal-justice-act-2003",
        on: day(2004, 4, 5),
        title: "Prisons join the Responsible Authority; lay advisers become statutory",
        source: "P11",
        basis: Basis::Statute,
    },
    ChangeEvent {
        slug: "trust-map-complete",
        on: day(2010, 4, 1),
        title: "The map of 35 probation trusts is complete",
        source: "GK",
        basis: Basis::Unconfirmed,
    },
    ChangeEvent {
        slug: "restructure",
        on: OPERATIONAL_RESTRUCTURE,
        title: "The National Probation Service and the community rehabilitation companies begin",
        source: "founding document (1 April 2014); P1, P6, P7 (1 June 2014)",
        basis: Basis::FoundingDocument,
    },
    ChangeEvent {
        slug: "trusts-dissolved",
        on: day(2014, 11, 1),
        title: "First day after the trusts ceased to exist in law",
        source: "P8",
        basis: Basis::Statute,
    },
    ChangeEvent {
        slug: "companies-sold",
        on: day(2015, 2, 1),
        title: "The companies are sold; release and supervision under the Offender Rehabilitation Act 2014 begin",
        source: "P6, P12",
        basis: Basis::Statute,
    },
    ChangeEvent {
        slug: "wales-reunited",
        on: day(2019, 12, 1),
        title: "In Wales the company's cases pass to NPS Wales, during December 2019; the day is not confirmed",
        source: "P26",
        basis: Basis::Unconfirmed,
    },
    ChangeEvent {
        slug: "unified-probation-service",
        on: UNIFICATION,
        title: "The unified Probation Service begins",
        source: "P26",
        basis: Basis::Published,
    },
];

/// Events after the earlier of two days and not after the later, as a calendar shows them.
pub fn events_between(one: NaiveDate, other: NaiveDate, calendar: Calendar) -> Vec<&'static ChangeEvent> {
    let (earlier, later) = (one.min(other), one.max(other));
    EVENTS.iter().filter(|event| earlier < event.day(calendar) && event.day(calendar) <= later).collect()
}
