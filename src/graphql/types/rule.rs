//! Rules and what they say of a case.

use crate::domain::routing::decide::{Finding as Found, Verdict as Said};
use crate::domain::routing::rule::{Rule as Row, Table};
use crate::domain::source::Basis as Standing;
use crate::graphql::context::Context;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::common::Basis;
use juniper::{GraphQLEnum, GraphQLObject, graphql_object};

/// A rule, as it stands in its table.
#[derive(Clone, Copy, Debug)]
pub struct Rule(&'static Row);

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
        context.routing.rules().iter().map(Rule).collect()
    }

    /// The rule of an id.
    pub fn named(context: &Context, id: &str) -> Option<Rule> {
        context.routing.rules().iter().find(|row| row.id == id).map(Rule)
    }
}

/// A rule, as it stands in its table.
#[graphql_object(scalar = Scalar, context = Context)]
impl Rule {
    /// Its id, never reused.
    pub fn id(&self) -> &str {
        self.0.id
    }

    /// The table that it stands in: REFUSE, MANAGER, PLACE or DUTIES.
    pub fn table(&self) -> &str {
        self.0.table.code()
    }

    /// What it says, in a sentence.
    pub fn title(&self) -> &str {
        self.0.title
    }

    /// Who says so.
    pub fn source(&self) -> &str {
        self.0.source
    }

    /// Standing of that source.
    pub fn basis(&self) -> Basis {
        self.0.basis.into()
    }

    /// First day on which it can apply, on the operational calendar; null without a first.
    pub fn from(&self) -> Option<LocalDate> {
        self.0.from.map(LocalDate)
    }

    /// First day on which it no longer can; null without an end.
    pub fn until(&self) -> Option<LocalDate> {
        self.0.until.map(LocalDate)
    }

    /// Situations in which it applies or nearly does. At most 100.
    pub fn examples(&self, context: &Context) -> Vec<&str> {
        context.routing.examples(self.0.id).iter().take(100).map(String::as_str).collect()
    }
}

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Verdict {
    /// It applies.
    Applies,
    /// It does not apply.
    DoesNotApply,
    /// It may apply: facts are missing.
    CannotTell,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Severity {
    /// It keeps the case from a decision.
    #[graphql(name = "ERROR")]
    Fault,
    /// A reader should be warned of it.
    Warning,
    /// It explains the decision.
    Note,
}

/// A rule with what it says of a case, and why.
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
    /// Facts on which it hangs, by their fields. At most 20.
    pub missing: Vec<String>,
}

impl Finding {
    /// A finding of a decision.
    pub fn of(context: &Context, found: &Found, severity: Severity) -> Finding {
        Finding {
            rule: Rule::named(context, found.rule).unwrap_or(Rule(&UNLISTED)),
            verdict: match found.verdict {
                Said::Applies => Verdict::Applies,
                Said::DoesNotApply => Verdict::DoesNotApply,
                Said::CannotTell => Verdict::CannotTell,
            },
            severity,
            because: found.because.to_owned(),
            missing: found.missing.iter().map(|field| (*field).to_owned()).collect(),
        }
    }
}
