//! Ranges of days and of directory versions, half open.
//!
//! Leaves the calendars to `calendar` and the guarding of overlaps to PostgreSQL.

use chrono::NaiveDate;

/// Days on which something is true: from `from` until the day before `until`.
///
/// Guarantees: has a first day, and is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl Period {
    /// A period from its first day to the day before `until`; open where `until` is none.
    ///
    /// None where it would be empty.
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Option<Period> {
        until.is_none_or(|until| from < until).then_some(Period { from, until })
    }

    /// A period from its first to its last day, as people write it.
    ///
    /// None where the last day lies before the first.
    pub fn through(first: NaiveDate, last: Option<NaiveDate>) -> Option<Period> {
        match last {
            None => Period::new(first, None),
            Some(last) => Period::new(first, Some(last.succ_opt()?)),
        }
    }

    /// First day.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The day after the last; none while open.
    pub fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// Last day, as people say it; none while open.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.until.and_then(|until| until.pred_opt())
    }

    /// Whether `day` lies in the period.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether the two share a day.
    pub fn overlaps(&self, other: &Period) -> bool {
        self.until.is_none_or(|until| other.from < until) && other.until.is_none_or(|until| self.from < until)
    }
}

/// Directory versions in which a fact is what we know: from `from` until the version before `until`.
///
/// Guarantees: starts at version 1 or later, and is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions {
    from: i64,
    until: Option<i64>,
}

impl Versions {
    /// Versions from `from` to the one before `until`; open where `until` is none.
    ///
    /// None where it would be empty or start before version 1.
    pub fn new(from: i64, until: Option<i64>) -> Option<Versions> {
        (from >= 1 && until.is_none_or(|until| from < until)).then_some(Versions { from, until })
    }

    /// The version that recorded the fact.
    pub fn from(&self) -> i64 {
        self.from
    }

    /// The version that closed it; none while it is what we know.
    pub fn until(&self) -> Option<i64> {
        self.until
    }

    /// Whether the fact was what we knew in `version`.
    pub fn contains(&self, version: i64) -> bool {
        self.from <= version && self.until.is_none_or(|until| version < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_period_holds_its_first_day_and_its_last_and_no_other_edge() {
        let period = Period::through(day("2014-06-01"), Some(day("2021-06-25"))).expect("a period");
        assert!(!period.contains(day("2014-05-31")));
        assert!(period.contains(day("2014-06-01")));
        assert!(period.contains(day("2021-06-25")));
        assert!(!period.contains(day("2021-06-26")));
        assert_eq!(period.last_day(), Some(day("2021-06-25")));
    }

    #[test]
    fn a_period_is_never_empty() {
        assert_eq!(Period::new(day("2014-06-01"), Some(day("2014-06-01"))), None);
        assert_eq!(Period::through(day("2014-06-02"), Some(day("2014-06-01"))), None);
    }

    #[test]
    fn periods_that_meet_do_not_overlap() {
        let trust = Period::through(day("2010-04-01"), Some(day("2014-05-31"))).expect("a period");
        let division = Period::new(day("2014-06-01"), None).expect("a period");
        assert!(!trust.overlaps(&division) && !division.overlaps(&trust));
        assert!(trust.overlaps(&Period::new(day("2014-05-31"), None).expect("a period")));
    }

    #[test]
    fn a_version_range_starts_at_one_and_closes_before_its_end() {
        assert_eq!(Versions::new(0, None), None);
        assert_eq!(Versions::new(3, Some(3)), None);
        let closed = Versions::new(1, Some(3)).expect("versions");
        assert!(closed.contains(2) && !closed.contains(3));
    }
}
