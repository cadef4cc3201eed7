//! The two calendars of the restructure, and the days between which the directory answers.
//!
//! Facts are stored on the operational calendar; the published one is a view made here.
//! Appointments of people are never moved.

use super::period::Period;
use chrono::NaiveDate;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("not a day"),
    }
}

/// First day of the NPS and the companies by the public record (sources S02, S03, S14).
pub const OPERATIONAL_RESTRUCTURE: NaiveDate = day(2014, 6, 1);

/// First day of the NPS and the companies by the founding document.
pub const PUBLISHED_RESTRUCTURE: NaiveDate = day(2014, 4, 1);

/// First day on which the directory answers: police and probation first share the duty (source P22).
pub const FIRST_DAY: NaiveDate = day(2001, 4, 1);

/// First day for which probation bodies are recorded: the complete map of 35 trusts (unconfirmed).
pub const PROBATION_RECORDED_FROM: NaiveDate = day(2010, 4, 1);

/// First day of the unified Probation Service (sources P26, S21).
pub const UNIFICATION: NaiveDate = day(2021, 6, 26);

/// The directory date unless it is set: the first day after the trusts ended in law (source S01).
pub const DEFAULT_DIRECTORY_DATE: NaiveDate = day(2014, 11, 1);

/// Which record of the restructure a day is read on. They differ from 2014-04-01 to 2014-05-31 only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Restructure on 2014-04-01, as the founding document says.
    #[default]
    Published,
    /// Restructure on 2014-06-01, the public record; what is stored.
    Operational,
}

impl Calendar {
    /// First day of the restructure on this calendar.
    pub fn restructure(self) -> NaiveDate {
        match self {
            Calendar::Published => PUBLISHED_RESTRUCTURE,
            Calendar::Operational => OPERATIONAL_RESTRUCTURE,
        }
    }

    /// The stored day on which structural relations are read for the day asked about.
    pub fn structural_day(self, on: NaiveDate) -> NaiveDate {
        if self == Calendar::Published && in_window(on) { OPERATIONAL_RESTRUCTURE } else { on }
    }

    /// A stored structural period as this calendar shows it.
    pub fn shown(self, period: Period) -> Period {
        let shift = |bound: NaiveDate| {
            if self == Calendar::Published && bound == OPERATIONAL_RESTRUCTURE {
                PUBLISHED_RESTRUCTURE
            } else {
                bound
            }
        };
        // A period that lies inside the window would come out empty; it is then shown as stored.
        Period::new(shift(period.from()), period.until().map(shift)).unwrap_or(period)
    }

    /// The other calendar.
    pub fn other(self) -> Calendar {
        match self {
            Calendar::Published => Calendar::Operational,
            Calendar::Operational => Calendar::Published,
        }
    }
}

/// Whether the calendars differ on the day: from 2014-04-01 to 2014-05-31.
pub fn in_window(on: NaiveDate) -> bool {
    (PUBLISHED_RESTRUCTURE..OPERATIONAL_RESTRUCTURE).contains(&on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_calendar_reads_april_and_may_2014_as_the_first_of_june() {
        for (on, read) in [
            (day(2014, 3, 31), day(2014, 3, 31)),
            (day(2014, 4, 1), day(2014, 6, 1)),
            (day(2014, 5, 31), day(2014, 6, 1)),
            (day(2014, 6, 1), day(2014, 6, 1)),
        ] {
            assert_eq!(Calendar::Published.structural_day(on), read);
            assert_eq!(Calendar::Operational.structural_day(on), on);
        }
    }

    #[test]
    fn only_a_bound_on_the_restructure_is_shown_moved() {
        let trust = Period::new(day(2010, 4, 1), Some(day(2014, 6, 1))).expect("a period");
        assert_eq!(Calendar::Published.shown(trust).until(), Some(day(2014, 4, 1)));
        assert_eq!(Calendar::Operational.shown(trust), trust);
        let law = Period::new(day(2010, 4, 1), Some(day(2014, 11, 1))).expect("a period");
        assert_eq!(Calendar::Published.shown(law), law);
    }
}
