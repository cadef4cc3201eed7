//! Numbers and days that board rules turn on, each with its days, its source and standing. A changed number is a new row.

use crate::domain::source::{Basis, Sourced};
use chrono::NaiveDate;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("not a day"),
    }
}

/// First day of boards with lay advisers and prisons: section 326 of the Criminal Justice Act 2003 comes into force.
pub const BOARDS: Sourced<NaiveDate> =
    Sourced { value: day(2004, 4, 5), source: "P11", basis: Basis::Statute };

/// First day from which the MAPPA Guidance of 2012 is certain to apply: its own day in that year is not known.
pub const GUIDANCE_2012: Sourced<NaiveDate> =
    Sourced { value: day(2013, 1, 1), source: "P14 for the year", basis: Basis::Unconfirmed };

/// Slug of the division that is the whole of Wales.
pub const WALES_DIVISION: Sourced<&str> =
    Sourced { value: "wales", source: "FOUNDING", basis: Basis::FoundingDocument };

/// A number that rules turn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Lay advisers of a board.
    LayAdvisers,
    /// Years of a lay adviser's term.
    TermYears,
    /// Renewals of a lay adviser's term.
    Renewals,
    /// Meetings of a board in a year, at the least.
    MeetingsAYear,
    /// Meetings missed one after the other that are a finding.
    MissesRunning,
    /// Members of the Responsible Authority of whom one each makes a quorum, beside the chair.
    QuorumAuthorities,
    /// Months after the end of its year within which an annual report is published.
    ReportMonths,
    /// Months within which a board reviews its arrangements again.
    ReviewMonths,
}

impl Quantity {
    /// Every quantity with its name in a sentence.
    pub const ALL: [(Quantity, &'static str); 8] = [
        (Quantity::LayAdvisers, "lay advisers of a board"),
        (Quantity::TermYears, "years of a lay adviser's term"),
        (Quantity::Renewals, "renewals of a lay adviser's term"),
        (Quantity::MeetingsAYear, "meetings of a board in a year, at the least"),
        (Quantity::MissesRunning, "meetings missed one after the other that are a finding"),
        (Quantity::QuorumAuthorities, "members of the Responsible Authority in a quorum, beside the chair"),
        (
            Quantity::ReportMonths,
            "months after the end of its year within which an annual report is published",
        ),
        (Quantity::ReviewMonths, "months within which a board reviews its arrangements again"),
    ];

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        Quantity::ALL.iter().find(|(quantity, _)| *quantity == self).map_or("", |(_, name)| *name)
    }

    /// The number of the day; none where none is set for it.
    pub fn on(self, day: NaiveDate) -> Option<u32> {
        VALUES.iter().find(|row| row.quantity == self && row.is_of(day)).map(|row| row.number)
    }
}

/// A number with the days on which it counts and what it rests on.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    /// What it counts.
    pub quantity: Quantity,
    /// How many.
    pub number: u32,
    /// First day on which it counts.
    pub from: NaiveDate,
    /// First day on which it no longer does; none without an end.
    pub until: Option<NaiveDate>,
    /// Who says so.
    pub source: &'static str,
    /// Standing of that source.
    pub basis: Basis,
}

impl Value {
    fn is_of(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// The numbers.
pub const VALUES: &[Value] = &[
    Value {
        quantity: Quantity::LayAdvisers,
        number: 2,
        from: BOARDS.value,
        until: None,
        source: "founding document; P11 (CJA 2003 s.326(3))",
        basis: Basis::FoundingDocument,
    },
    Value {
        quantity: Quantity::TermYears,
        number: 3,
        from: BOARDS.value,
        until: None,
        source: "GK: commonly stated, no text found",
        basis: Basis::Unconfirmed,
    },
    Value {
        quantity: Quantity::Renewals,
        number: 1,
        from: BOARDS.value,
        until: None,
        source: "GK: commonly stated, no text found",
        basis: Basis::Unconfirmed,
    },
    Value {
        quantity: Quantity::MeetingsAYear,
        number: 3,
        from: GUIDANCE_2012.value,
        until: None,
        source: "P14",
        basis: Basis::Guidance,
    },
    Value {
        quantity: Quantity::MissesRunning,
        number: 2,
        from: BOARDS.value,
        until: None,
        source: "own number",
        basis: Basis::Assumption,
    },
    Value {
        quantity: Quantity::QuorumAuthorities,
        number: 3,
        from: BOARDS.value,
        until: None,
        source: "own number: no statutory quorum was found",
        basis: Basis::Assumption,
    },
    Value {
        quantity: Quantity::ReportMonths,
        number: 12,
        from: BOARDS.value,
        until: None,
        source: "own number for the statute's \u{201c}as soon as practicable\u{201d}",
        basis: Basis::Assumption,
    },
    Value {
        quantity: Quantity::ReviewMonths,
        number: 12,
        from: BOARDS.value,
        until: None,
        source: "own number: the statute sets none",
        basis: Basis::Assumption,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_from_its_first_day_to_the_day_before_its_end() {
        let value = Value { until: Some(day(2014, 6, 1)), from: day(2014, 1, 1), ..VALUES[0] };
        assert!(!value.is_of(day(2013, 12, 31)) && value.is_of(day(2014, 1, 1)));
        assert!(value.is_of(day(2014, 5, 31)) && !value.is_of(day(2014, 6, 1)));
    }

    #[test]
    fn every_quantity_has_one_number_a_day_and_a_name_of_its_own() {
        for (quantity, name) in Quantity::ALL {
            assert_eq!(quantity.name(), name);
            let of =
                |on: NaiveDate| VALUES.iter().filter(|row| row.quantity == quantity && row.is_of(on)).count();
            assert_eq!(of(day(2014, 11, 1)), 1, "{name}");
            assert_eq!(of(day(2004, 4, 4)), 0, "{name}");
        }
        assert_eq!(Quantity::TermYears.on(day(2004, 4, 4)), None);
        assert_eq!(Quantity::TermYears.on(day(2004, 4, 5)), Some(3));
        assert_eq!(Quantity::MeetingsAYear.on(day(2012, 12, 31)), None);
    }
}
