//! Running THE BOARD TABLE over what is known of a board: every row is asked, and every answer kept.

use super::BoardOn;
use super::rule::{BoardRow, RuleKind, Said, Subject, Verdict};
use crate::domain::calendar::{Calendar, OPERATIONAL_RESTRUCTURE};
use crate::domain::finding::Severity;
use chrono::NaiveDate;

/// What one rule says of a board, or of one agency or seat of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// What a breach of it means.
    pub kind: RuleKind,
    /// What it says.
    pub verdict: Verdict,
    /// How grave that is: only what is not met is more than a note.
    pub severity: Severity,
    /// Whether it tells something of a person.
    pub is_about_person: bool,
    /// Why, with numbers and days, and without a person's name.
    pub because: String,
    /// First day on which it is known not to hold; none where that is not known, and for other verdicts.
    pub since: Option<NaiveDate>,
    /// What would have to be recorded to tell, by its fields.
    pub missing: Vec<String>,
    /// What it is about; empty for the whole board.
    pub subjects: Vec<Subject>,
}

/// Runs a table over a board, row by row.
pub fn check(table: &[BoardRow], board: &BoardOn) -> Vec<Finding> {
    table.iter().flat_map(|row| say(row, board).into_iter().map(|said| finding(row, board, said))).collect()
}

/// What counts of all that a rule says of a board: a breach before what is open, and that before what is met.
pub fn overall(findings: &[Finding], rule: &str) -> Option<Verdict> {
    let of_rule = findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.verdict);
    of_rule.min_by_key(|verdict| Verdict::ALL.iter().position(|(known, _)| known == verdict))
}

fn say(row: &BoardRow, board: &BoardOn) -> Vec<Said> {
    let day = board.calendar.structural_day(board.on);
    if let Some(from) = row.rule.from.filter(|from| day < *from) {
        return vec![Said::not_applicable(format!("the rule applies from {}", shown(board.calendar, from)))];
    }
    if let Some(until) = row.rule.until.filter(|until| *until <= day) {
        return vec![Said::not_applicable(format!("the rule no longer applies from {until}"))];
    }
    row.says.map_or_else(|| vec![Said::note(row.rule.title)], |says| says(board))
}

fn finding(row: &BoardRow, board: &BoardOn, said: Said) -> Finding {
    let is_breach = said.verdict == Verdict::NotMet;
    let first = row.rule.from.map(|from| shown(board.calendar, from));
    Finding {
        rule: row.rule.id,
        kind: row.kind,
        verdict: said.verdict,
        severity: if is_breach { row.severity } else { Severity::Note },
        is_about_person: row.is_about_person,
        because: said.because,
        // A rule is not broken before it applies.
        since: said.since.map(|since| first.map_or(since, |first| since.max(first))),
        missing: said.missing,
        subjects: said.subjects,
    }
}

/// A stored day as the calendar shows it.
fn shown(calendar: Calendar, day: NaiveDate) -> NaiveDate {
    if day == OPERATIONAL_RESTRUCTURE { calendar.restructure() } else { day }
}
