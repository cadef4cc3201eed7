//! The clock: who may ask what time it is, and which day that is in London.
//!
//! Whoever needs the present takes a [`Clock`] as a parameter, so that tests can fix it. The directory date
//! and the days of a rule are not found here: they are given by the caller or by the settings.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};

/// Tells the present instant. Used by actions and everything to their right; never by a rule.
pub trait Clock: Send + Sync {
    /// The present instant, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that always shows the same instant.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The calendar day in London at the instant `now`.
///
/// British Summer Time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
/// October. The rule has stood since 1996; for earlier instants the answer may be a day out in the hour
/// before midnight UTC.
pub fn today_in_london(now: DateTime<Utc>) -> NaiveDate {
    let ahead = TimeDelta::hours(if is_summer_time(now) { 1 } else { 0 });
    now.checked_add_signed(ahead).unwrap_or(now).date_naive()
}

fn is_summer_time(now: DateTime<Utc>) -> bool {
    match now.month() {
        4..=9 => true,
        3 => is_past_the_change(now),
        10 => !is_past_the_change(now),
        _ => false,
    }
}

/// Whether 01:00 UTC on the last Sunday of this month has come. For months of 31 days, as March and October
/// are.
fn is_past_the_change(now: DateTime<Utc>) -> bool {
    let weekday_of_the_31st = (now.weekday().num_days_from_sunday() + 31 - now.day()) % 7;
    let last_sunday = 31 - weekday_of_the_31st;
    (now.day(), now.hour()) >= (last_sunday, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn day_at(text: &str) -> String {
        today_in_london(at(text)).to_string()
    }

    #[test]
    fn the_hour_changes_at_one_in_the_morning_utc_on_the_last_sunday() {
        for (winter, summer) in [
            ("2014-03-30T00:59:59.999Z", "2014-03-30T01:00:00Z"),
            ("2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00Z"),
            ("2014-10-26T01:00:00Z", "2014-10-26T00:59:59.999Z"),
            ("2026-10-25T01:00:00Z", "2026-10-25T00:59:59.999Z"),
            // A month that ends on a Sunday, and the earliest day the last Sunday can be.
            ("2019-03-31T00:59:59Z", "2019-03-31T01:00:00Z"),
            ("2015-10-25T01:00:00Z", "2015-10-25T00:59:59Z"),
        ] {
            assert!(!is_summer_time(at(winter)), "{winter}");
            assert!(is_summer_time(at(summer)), "{summer}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_london() {
        // The evening before the clocks go forward is still winter; the evening after is summer.
        assert_eq!(day_at("2014-03-29T23:30:00Z"), "2014-03-29");
        assert_eq!(day_at("2014-03-30T22:59:59Z"), "2014-03-30");
        assert_eq!(day_at("2014-03-30T23:00:00Z"), "2014-03-31");
        assert_eq!(day_at("2026-03-28T23:30:00Z"), "2026-03-28");
        assert_eq!(day_at("2026-03-29T23:00:00Z"), "2026-03-30");
        // The evening before the clocks go back is still summer; the evening after is winter.
        assert_eq!(day_at("2014-10-25T23:00:00Z"), "2014-10-26");
        assert_eq!(day_at("2014-10-26T23:59:59Z"), "2014-10-26");
        assert_eq!(day_at("2014-10-27T00:00:00Z"), "2014-10-27");
        assert_eq!(day_at("2026-10-24T23:00:00Z"), "2026-10-25");
        assert_eq!(day_at("2026-10-25T23:59:59Z"), "2026-10-25");
    }

    #[test]
    fn the_depth_of_winter_and_of_summer_are_plain() {
        assert_eq!(day_at("2014-12-31T23:59:59Z"), "2014-12-31");
        assert_eq!(day_at("2014-02-28T23:59:59Z"), "2014-02-28");
        assert_eq!(day_at("2014-06-30T23:00:00Z"), "2014-07-01");
    }

    #[test]
    fn a_fixed_clock_stands_still() {
        let clock: &dyn Clock = &FixedClock(at("2014-11-01T09:00:00Z"));
        assert_eq!(clock.now(), clock.now());
    }
}
