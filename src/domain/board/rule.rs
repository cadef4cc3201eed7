//! What a row of THE BOARD TABLE is, and what it can say of a board. What every rule has stands in `domain::finding`.

use super::values::BOARDS;
use super::{BoardOn, PersonKey, SeatOn};
use crate::domain::finding::{Rule, Severity, Table};
use crate::domain::source::Basis;
use chrono::NaiveDate;

/// What a breach of a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// The record itself would be wrong: a change that brings a breach in is refused.
    Integrity,
    /// The board is not as it is to be: reported, and never a refusal.
    Compliance,
    /// It explains, and cannot be broken.
    Note,
}

impl RuleKind {
    /// Every kind with its code.
    pub const ALL: [(RuleKind, &'static str); 3] =
        [(RuleKind::Integrity, "INTEGRITY"), (RuleKind::Compliance, "COMPLIANCE"), (RuleKind::Note, "NOTE")];

    /// The code of the kind.
    pub fn code(self) -> &'static str {
        RuleKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| *code)
    }
}

/// What a rule says of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// What is recorded shows that it holds.
    Met,
    /// What is recorded shows that it does not hold.
    NotMet,
    /// What is recorded does not tell.
    NotRecorded,
    /// It has nothing to hold of.
    NotApplicable,
    /// It explains.
    Note,
}

impl Verdict {
    /// Every verdict with its code; of several the first counts.
    pub const ALL: [(Verdict, &'static str); 5] = [
        (Verdict::NotMet, "NOT_MET"),
        (Verdict::NotRecorded, "NOT_RECORDED"),
        (Verdict::Met, "MET"),
        (Verdict::Note, "NOTE"),
        (Verdict::NotApplicable, "NOT_APPLICABLE"),
    ];

    /// The code of the verdict.
    pub fn code(self) -> &'static str {
        Verdict::ALL.iter().find(|(verdict, _)| *verdict == self).map_or("", |(_, code)| *code)
    }

    /// The verdict of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.iter().find(|(_, known)| *known == code).map(|(verdict, _)| *verdict)
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A seat, by its slug.
    Seat(String),
    /// An agency, by its slug.
    Agency(String),
    /// A person, by number.
    Person(PersonKey),
}

impl Subject {
    /// A seat.
    pub fn seat(seat: &SeatOn) -> Subject {
        Subject::Seat(seat.slug.clone())
    }
}

/// What one row says: of the whole board, or of one agency or seat of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it says.
    pub verdict: Verdict,
    /// Why, in a sentence with its numbers and days, and with names of bodies only.
    pub because: String,
    /// First day on which it is known not to hold; none where that is not known, and for other verdicts.
    pub since: Option<NaiveDate>,
    /// What would have to be recorded to tell, by its fields.
    pub missing: Vec<String>,
    /// What it is about; empty for the whole board.
    pub subjects: Vec<Subject>,
}

impl Said {
    fn new(verdict: Verdict, because: impl Into<String>) -> Said {
        Said { verdict, because: because.into(), since: None, missing: Vec::new(), subjects: Vec::new() }
    }

    /// The rule holds.
    pub fn met(because: impl Into<String>) -> Said {
        Said::new(Verdict::Met, because)
    }

    /// The rule does not hold, since that day where it is known.
    pub fn not_met(because: impl Into<String>, since: Option<NaiveDate>) -> Said {
        Said { since, ..Said::new(Verdict::NotMet, because) }
    }

    /// What is recorded does not tell; `missing` would.
    pub fn not_recorded(because: impl Into<String>, missing: Vec<String>) -> Said {
        Said { missing, ..Said::new(Verdict::NotRecorded, because) }
    }

    /// There is nothing that the rule could hold of.
    pub fn not_applicable(because: impl Into<String>) -> Said {
        Said::new(Verdict::NotApplicable, because)
    }

    /// Something to know, whatever is recorded.
    pub fn note(because: impl Into<String>) -> Said {
        Said::new(Verdict::Note, because)
    }

    /// The same, said of these.
    pub fn about(self, subjects: impl IntoIterator<Item = Subject>) -> Said {
        Said { subjects: subjects.into_iter().collect(), ..self }
    }
}

/// The condition of a row.
pub type Condition = &'static (dyn Fn(&BoardOn) -> Vec<Said> + Sync);

/// A row of the table. Its condition is a reference, so that a test can put another in its place.
#[derive(Clone, Copy)]
pub struct BoardRow {
    /// The rule.
    pub rule: Rule,
    /// What a breach means.
    pub kind: RuleKind,
    /// How grave a breach is.
    pub severity: Severity,
    /// Whether its findings tell something of a person: only administrators of the board may see those.
    pub is_about_person: bool,
    /// What it says of a board; none for a note that needs no board.
    pub says: Option<Condition>,
}

impl BoardRow {
    /// A row that applies from the first day of boards, unless it says another.
    const fn new(id: &'static str, title: &'static str, source: &'static str, basis: Basis) -> BoardRow {
        BoardRow {
            rule: Rule {
                id,
                table: Table::Board,
                title,
                source,
                basis,
                from: Some(BOARDS.value),
                until: None,
            },
            kind: RuleKind::Note,
            severity: Severity::Note,
            is_about_person: false,
            says: None,
        }
    }

    /// A rule whose breach must not come into the record.
    pub const fn integrity(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        basis: Basis,
        says: Condition,
    ) -> BoardRow {
        BoardRow {
            kind: RuleKind::Integrity,
            severity: Severity::Error,
            says: Some(says),
            ..BoardRow::new(id, title, source, basis)
        }
    }

    /// A rule that a board is to keep.
    pub const fn error(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        basis: Basis,
        says: Condition,
    ) -> BoardRow {
        BoardRow { kind: RuleKind::Compliance, ..BoardRow::integrity(id, title, source, basis, says) }
    }

    /// A rule of practice, or one that is not confirmed.
    pub const fn warning(
        id: &'static str,
        title: &'static str,
        source: &'static str,
        basis: Basis,
        says: Condition,
    ) -> BoardRow {
        BoardRow { severity: Severity::Warning, ..BoardRow::error(id, title, source, basis, says) }
    }

    /// What explains, whatever the board.
    pub const fn note(id: &'static str, title: &'static str, source: &'static str, basis: Basis) -> BoardRow {
        BoardRow::new(id, title, source, basis)
    }

    /// The same, with what it says of a board.
    pub const fn saying(self, says: Condition) -> BoardRow {
        BoardRow { says: Some(says), ..self }
    }

    /// The same, of a person.
    pub const fn about_a_person(self) -> BoardRow {
        BoardRow { is_about_person: true, ..self }
    }

    /// The same, applying from a day on.
    pub const fn from(self, from: NaiveDate) -> BoardRow {
        BoardRow { rule: Rule { from: Some(from), ..self.rule }, ..self }
    }

    /// The same, no longer applying from a day on.
    pub const fn until(self, until: NaiveDate) -> BoardRow {
        BoardRow { rule: Rule { until: Some(until), ..self.rule }, ..self }
    }
}
