//! Questions about what a board puts in writing: memorandum, annual report, reviews, business plan.

use super::BoardOn;
use super::days::{months_after, report_year, span_to, year_name};
use super::rule::Said;
use super::sieve::unset;
use super::values::{BOARDS, Quantity};
use crate::domain::period::Period;
use chrono::{Datelike, NaiveDate};

/// A paper in force on the day; one that is recorded to have ended without another is none.
fn in_force(periods: &[Period], on: NaiveDate, what: &str, field: &str) -> Said {
    if let Some(period) = periods.iter().rev().find(|period| period.contains(on)) {
        return Said::met(format!("a {what} is in force since {}", period.from()));
    }
    let ended = periods.iter().filter_map(|period| period.until()).filter(|until| *until <= on).max();
    match ended {
        Some(until) => Said::not_met(
            format!("no {what} is in force since {until}: the last one ended the day before"),
            Some(until),
        ),
        None => Said::not_recorded(format!("no {what} is recorded"), vec![field.to_owned()]),
    }
}

/// A memorandum is in force.
pub fn memorandum(board: &BoardOn) -> Vec<Said> {
    vec![in_force(&board.memoranda, board.on, "memorandum", "memoranda")]
}

/// A business plan is in force.
pub fn business_plan(board: &BoardOn) -> Vec<Said> {
    vec![in_force(&board.business_plans, board.on, "business plan", "businessPlans")]
}

/// First day on which the report for a year is late.
fn late_from(year: i32, months: u32) -> Option<NaiveDate> {
    report_year(year + 1).map(|end| months_after(end, months))
}

/// The annual report for each year is published in time.
pub fn annual_reports(board: &BoardOn) -> Vec<Said> {
    let Some(months) = Quantity::ReportMonths.on(board.on) else {
        return unset(Quantity::ReportMonths);
    };
    let is_due = |year: i32| late_from(year, months).is_some_and(|late| late <= board.on);
    let first = BOARDS.value.year();
    let Some(newest) = (first..=board.on.year()).rev().find(|year| is_due(*year)) else {
        let name = year_name(first);
        return vec![Said::not_applicable(format!("the first annual report, for {name}, is not due yet"))];
    };
    let is_published = |year: i32| {
        let mut days = board
            .reports
            .iter()
            .filter(|report| report.year == year)
            .filter_map(|report| report.published_on);
        days.any(|day| day <= board.on)
    };
    let mut late: Vec<i32> = board
        .reports
        .iter()
        .map(|report| report.year)
        .filter(|year| *year <= newest && !is_published(*year))
        .collect();
    late.sort_unstable();
    late.dedup();
    if let Some(oldest) = late.first() {
        let names: Vec<String> = late.iter().map(|year| year_name(*year)).collect();
        let because = format!(
            "recorded as not published by {}: {}; a report is late {months} months after its year",
            board.on,
            names.join(", ")
        );
        return vec![Said::not_met(because, late_from(*oldest, months))];
    }
    let name = year_name(newest);
    vec![if is_published(newest) {
        Said::met(format!("the report for {name} is published; it is the newest that is due"))
    } else {
        Said::not_recorded(
            format!("whether the report for {name} was published is not recorded"),
            vec![format!("reports.{name}")],
        )
    }]
}

/// The arrangements were reviewed within the usual time. That they were not is never recorded.
pub fn review(board: &BoardOn) -> Vec<Said> {
    let Some(months) = Quantity::ReviewMonths.on(board.on) else {
        return unset(Quantity::ReviewMonths);
    };
    let first = span_to(board.on, months);
    let newest = board.reviews.iter().map(|review| review.on).filter(|day| *day <= board.on).max();
    vec![match newest {
        Some(day) if day >= first => Said::met(format!("the arrangements were reviewed on {day}")),
        newest => {
            let last = newest.map(|day| format!("; the last on record is of {day}")).unwrap_or_default();
            let because = format!("no review from {first} to {} is recorded{last}", board.on);
            Said::not_recorded(because, vec!["reviews".to_owned()])
        }
    }]
}

/// Lay advisers were consulted on the last review.
pub fn advisers_consulted(board: &BoardOn) -> Vec<Said> {
    let newest = board.reviews.iter().filter(|review| review.on <= board.on).max_by_key(|review| review.on);
    let Some(review) = newest else {
        return vec![Said::not_recorded("no review is recorded", vec!["reviews".to_owned()])];
    };
    let day = review.on;
    vec![match review.consulted_lay_advisers {
        Some(true) => Said::met(format!("the lay advisers were consulted on the review of {day}")),
        Some(false) => {
            Said::not_met(format!("the lay advisers were not consulted on the review of {day}"), Some(day))
        }
        None => Said::not_recorded(
            format!("whether the lay advisers were consulted on the review of {day} is not recorded"),
            vec![format!("reviews.{day}.consultedLayAdvisers")],
        ),
    }]
}
