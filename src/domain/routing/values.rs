//! Days and numbers that rules turn on, each with its source and standing.

use crate::domain::calendar::{OPERATIONAL_RESTRUCTURE, PROBATION_RECORDED_FROM};
use crate::domain::source::{Basis, Sourced};
use chrono::NaiveDate;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("not a day"),
    }
}

/// First day of the restructure on the record that is stored.
pub const RESTRUCTURE: Sourced<NaiveDate> =
    Sourced { value: OPERATIONAL_RESTRUCTURE, source: "P1, P6, P7", basis: Basis::Published };

/// First day for which trusts are recorded.
pub const TRUSTS_RECORDED: Sourced<NaiveDate> =
    Sourced { value: PROBATION_RECORDED_FROM, source: "GK", basis: Basis::Unconfirmed };

/// First day of release and supervision under the Offender Rehabilitation Act 2014.
pub const REHABILITATION_ACT: Sourced<NaiveDate> =
    Sourced { value: day(2015, 2, 1), source: "P12, SI 2015/40", basis: Basis::Statute };

/// First day on which NPS Wales manages the cases of the company in Wales; the day itself is not confirmed.
pub const WALES_REUNION: Sourced<NaiveDate> =
    Sourced { value: day(2019, 12, 1), source: "P26", basis: Basis::Unconfirmed };

/// First day from which the reunion in Wales is beyond doubt.
pub const WALES_REUNION_CERTAIN: Sourced<NaiveDate> =
    Sourced { value: day(2020, 1, 1), source: "P26", basis: Basis::Unconfirmed };

/// Last day that routing answers for.
pub const LAST_DAY: Sourced<NaiveDate> =
    Sourced { value: day(2021, 6, 25), source: "P26, S21", basis: Basis::Published };

/// Age from which a person is an adult, in years.
pub const ADULT_AGE: Sourced<i32> = Sourced { value: 18, source: "P17, P30", basis: Basis::Guidance };

/// Ages that are taken, in years.
pub const AGES: Sourced<(i32, i32)> =
    Sourced { value: (10, 120), source: "own range", basis: Basis::Assumption };

/// RSR from which the NPS manages, in hundredths of a per cent.
pub const RSR_THRESHOLD: Sourced<i32> = Sourced { value: 690, source: "P13", basis: Basis::Unconfirmed };

/// A sentence shorter than this is short, in months.
pub const SHORT_SENTENCE_MONTHS: Sourced<i32> =
    Sourced { value: 12, source: "founding document; P12", basis: Basis::FoundingDocument };

/// Post-sentence supervision follows sentences shorter than this, in months.
pub const PSS_MONTHS: Sourced<i32> =
    Sourced { value: 24, source: "P12, ORA 2014 s.2", basis: Basis::Statute };
