//! Spans of months that end with a day, and the days on which they are over.
//!
//! A month without the day that is asked for ends before it: three years from 29 February are over on 1 March.

use chrono::{Datelike, Months, NaiveDate};

/// The day that many months later; the next one where that month has no such day.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    let later = day.checked_add_months(Months::new(months)).unwrap_or(day);
    if later.day() == day.day() { later } else { later.succ_opt().unwrap_or(later) }
}

/// First day of the months that end with `day`.
pub fn span_to(day: NaiveDate, months: u32) -> NaiveDate {
    day.succ_opt().and_then(|next| next.checked_sub_months(Months::new(months))).unwrap_or(day)
}

/// First day of whose span `day` is no longer part.
pub fn out_of_span(day: NaiveDate, months: u32) -> NaiveDate {
    day.succ_opt().map_or(day, |next| months_after(next, months)).pred_opt().unwrap_or(day)
}

/// First day whose span begins on `day` or later.
pub fn span_from(day: NaiveDate, months: u32) -> NaiveDate {
    months_after(day, months).pred_opt().unwrap_or(day)
}

/// First day of the year of an annual report, which runs from 1 April; none outside the calendar.
pub fn report_year(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 4, 1)
}

/// A year of an annual report as it is written: 2013-14.
pub fn year_name(year: i32) -> String {
    format!("{year}-{:02}", (year + 1).rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_year_holds_its_first_day_and_its_last() {
        assert_eq!(span_to(day("2014-11-01"), 12), day("2013-11-02"));
        assert_eq!(out_of_span(day("2013-11-01"), 12), day("2014-11-01"));
        assert_eq!(span_from(day("2013-11-02"), 12), day("2014-11-01"));
    }

    #[test]
    fn the_days_on_which_a_span_is_over_fit_the_span_around_every_leap_day() {
        let mut on = day("2011-12-20");
        while on < day("2016-04-01") {
            let left = out_of_span(on, 12);
            assert!(span_to(left, 12) > on, "{on} left on {left}");
            assert!(span_to(left.pred_opt().expect("a day"), 12) <= on, "{on} left on {left}");
            let told = span_from(on, 12);
            assert!(span_to(told, 12) >= on, "{on} told on {told}");
            assert!(span_to(told.pred_opt().expect("a day"), 12) < on, "{on} told on {told}");
            on = on.succ_opt().expect("a day");
        }
    }

    #[test]
    fn years_from_a_leap_day_are_over_on_the_first_of_march() {
        assert_eq!(months_after(day("2012-02-29"), 36), day("2015-03-01"));
        assert_eq!(months_after(day("2011-11-01"), 36), day("2014-11-01"));
    }

    #[test]
    fn the_year_of_a_report_is_written_with_its_end() {
        assert_eq!(year_name(2013), "2013-14");
        assert_eq!(year_name(1999), "1999-00");
    }
}
