//! Rules and what they say of a case or of a board.

use super::board::Board;
use super::board::seat::Seat;
use super::body::BodyAt;
use super::organisations::Agency;
use super::person::Person;
use crate::actions::board_examples::board_examples;
use crate::actions::routing_examples::Examples;
use crate::domain::board::check::Finding as BoardFinding;
use crate::domain::board::rule::{RuleKind as Kind, Subject, Verdict as BoardVerdict};
use crate::domain::board::rules::BOARD;
use crate::domain::finding::Severity as Grave;
use crate::domain::organisation::BodyKind;
use crate::domain::routing::decide::{Finding as Found, Verdict as Said};
use crate::domain::routing::rule::{Rule as Row, Table};
use crate::domain::source::Basis as Standing;
use crate::graphql::context::Context;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::common::Basis;
use juniper::{GraphQLEnum, GraphQLObject, graphql_object};
use std::sync::LazyLock;

/// A rule, as it stands in its table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    row: &'static Row,
    kind: Option<RuleKind>,
}

// The bench is part of the program and tested: without it rules would only lack their examples.
static BOARD_EXAMPLES: LazyLock<Examples> = LazyLock::new(|| board_examples().unwrap_or_default());

/// What stands where a finding names a rule that is in no table; a test keeps that from happening.
static UNLISTED: Row = Row {
    id: "R-00",
    table: Table::Manager,
    title: "A rule that stands in no table",
    source: "none",
    basis: Standing::Assumption,
    from: None,
    until: None,
};

impl Rule {
    /// Every rule, in the order of the tables.
    pub fn all(context: &Context) -> Vec<Rule> {
        context.routing.rules().iter().map(Rule::of_routing).collect()
    }

    /// The rule of an id.
    pub fn named(context: &Context, id: &str) -> Option<Rule> {
        context.routing.rules().iter().find(|row| row.id == id).map(Rule::of_routing)
    }

    /// Every rule of the board table, in its order.
    pub fn all_of_boards() -> Vec<Rule> {
        BOARD.iter().map(|row| Rule { row: &row.rule, kind: Some(row.kind.into()) }).collect()
    }

    /// The rule of the board table of an id.
    pub fn of_board(id: &str) -> Option<Rule> {
        let row = BOARD.iter().find(|row| row.rule.id == id)?;
        Some(Rule { row: &row.rule, kind: Some(row.kind.into()) })
    }

    fn of_routing(row: &'static Row) -> Rule {
        Rule { row, kind: None }
    }
}

/// A rule, as it stands in its table.
#[graphql_object(scalar = Scalar, context = Context)]
impl Rule {
    /// Its id, never reused.
    pub fn id(&self) -> &str {
        self.row.id
    }

    /// The table that it stands in: REFUSE, MANAGER, PLACE or DUTIES of routing, or BOARD.
    pub fn table(&self) -> &str {
        self.row.table.code()
    }

    /// What a breach of it means; null for rules of routing, which cannot be broken.
    pub fn kind(&self) -> Option<RuleKind> {
        self.kind
    }

    /// What it says, in a sentence.
    pub fn title(&self) -> &str {
        self.row.title
    }

    /// Who says so.
    pub fn source(&self) -> &str {
        self.row.source
    }

    /// Standing of that source.
    pub fn basis(&self) -> Basis {
        self.row.basis.into()
    }

    /// First day on which it can apply, on the operational calendar; null without a first.
    pub fn from(&self) -> Option<LocalDate> {
        self.row.from.map(LocalDate)
    }

    /// First day on which it no longer can; null without an end.
    pub fn until(&self) -> Option<LocalDate> {
        self.row.until.map(LocalDate)
    }

    /// Situations of cases in which it applies or nearly does or, of a rule of boards, of boards on a day. At most 100.
    pub fn examples(&self, context: &Context) -> Vec<&str> {
        let examples = match self.kind {
            None => context.routing.examples(self.row.id),
            Some(_) => BOARD_EXAMPLES.of(self.row.id),
        };
        examples.iter().take(100).map(String::as_str).collect()
    }
}

/// What a breach of a rule of boards means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum RuleKind {
    /// The record itself would be wrong: a change that brings a breach in is refused.
    Integrity,
    /// The board is not as it is to be: that is reported, and refuses nothing.
    Compliance,
    /// It explains, and cannot be broken.
    Note,
}

impl From<Kind> for RuleKind {
    fn from(kind: Kind) -> RuleKind {
        match kind {
            Kind::Integrity => RuleKind::Integrity,
            Kind::Compliance => RuleKind::Compliance,
            Kind::Note => RuleKind::Note,
        }
    }
}

/// What a rule says: of a case one of the first three, of a board one of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Verdict {
    /// It applies.
    Applies,
    /// It does not apply.
    DoesNotApply,
    /// It may apply: facts are missing.
    CannotTell,
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

impl From<BoardVerdict> for Verdict {
    fn from(verdict: BoardVerdict) -> Verdict {
        match verdict {
            BoardVerdict::Met => Verdict::Met,
            BoardVerdict::NotMet => Verdict::NotMet,
            BoardVerdict::NotRecorded => Verdict::NotRecorded,
            BoardVerdict::NotApplicable => Verdict::NotApplicable,
            BoardVerdict::Note => Verdict::Note,
        }
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Severity {
    /// It keeps a case from a decision, or a board is not as it must be.
    #[graphql(name = "ERROR")]
    Fault,
    /// A reader should be warned of it.
    Warning,
    /// It explains.
    Note,
}

/// Most facts and subjects of a finding of a board.
const MOST_OF_A_BOARD: usize = 200;

impl From<Grave> for Severity {
    fn from(severity: Grave) -> Severity {
        match severity {
            Grave::Error => Severity::Fault,
            Grave::Warning => Severity::Warning,
            Grave::Note => Severity::Note,
        }
    }
}

/// What a finding of a board is about.
#[derive(Clone, Debug)]
pub struct FindingSubject {
    board: Board,
    of: Subject,
    seat: Option<Seat>,
}

/// What a finding of a board is about: one of these.
#[graphql_object(scalar = Scalar, context = Context)]
impl FindingSubject {
    /// A seat of the board.
    fn seat(&self) -> Option<&Seat> {
        self.seat.as_ref()
    }

    /// An agency of the area.
    fn agency(&self, context: &Context) -> Option<Agency> {
        let Subject::Agency(slug) = &self.of else { return None };
        let id = context.view(self.board.at).by_slug(BodyKind::Agency, slug)?;
        Some(Agency(BodyAt::new(self.board.at, id)))
    }

    /// A person.
    fn person(&self) -> Option<Person> {
        let Subject::Person(key) = &self.of else { return None };
        Some(Person { at: self.board.at, key: *key })
    }
}

/// A rule with what it says of a case or of a board, and why.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What it says.
    pub verdict: Verdict,
    /// How grave it is.
    pub severity: Severity,
    /// Why, in a sentence.
    pub because: String,
    /// Facts on which it hangs, by their fields. At most 20 of a case, and 200 of a board.
    pub missing: Vec<String>,
    /// First day on which a rule of boards is known not to hold; null where that is not known, and for every other verdict.
    pub since: Option<LocalDate>,
    /// Seats, agencies and persons that a finding of a board is about; empty for the whole board, and for a case. At
    /// most 200.
    pub subjects: Vec<FindingSubject>,
}

impl Finding {
    /// A finding of a decision.
    pub fn of(context: &Context, found: &Found, severity: Severity) -> Finding {
        Finding {
            rule: Rule::named(context, found.rule).unwrap_or(Rule::of_routing(&UNLISTED)),
            verdict: match found.verdict {
                Said::Applies => Verdict::Applies,
                Said::DoesNotApply => Verdict::DoesNotApply,
                Said::CannotTell => Verdict::CannotTell,
            },
            severity,
            because: found.because.to_owned(),
            missing: found.missing.iter().map(|field| (*field).to_owned()).collect(),
            since: None,
            subjects: Vec::new(),
        }
    }

    /// A finding of a board with these seats.
    pub fn of_board(board: Board, found: &BoardFinding, seats: &[Seat]) -> Finding {
        let subjects = found.subjects.iter().take(MOST_OF_A_BOARD);
        let seat = |of: &Subject| {
            let Subject::Seat(slug) = of else { return None };
            seats.iter().find(|seat| seat.is_named(slug)).cloned()
        };
        Finding {
            rule: Rule::of_board(found.rule).unwrap_or(Rule::of_routing(&UNLISTED)),
            verdict: found.verdict.into(),
            severity: found.severity.into(),
            because: found.because.clone(),
            missing: found.missing.iter().take(MOST_OF_A_BOARD).cloned().collect(),
            since: found.since.map(LocalDate),
            subjects: subjects.map(|of| FindingSubject { board, of: of.clone(), seat: seat(of) }).collect(),
        }
    }
}
