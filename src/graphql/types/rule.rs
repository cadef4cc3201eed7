//! Rules and what they say of a case.

use crate::domain::routing::decide::{Finding as Found, Verdict as Said};
use crate::domain::routing::rule::{Rule as Row, Table};
use crate::graphql::context::Context;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::common::Basis;
use juniper::{GraphQLEnum, GraphQLObject};

/// A rule, as it stands in its table.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Rule {
    /// Its id, never reused.
    pub id: String,
    /// The table that it stands in: REFUSE, MANAGER, PLACE or DUTIES.
    pub table: String,
    /// What it says, in a sentence.
    pub title: String,
    /// Who says so.
    pub source: String,
    /// Standing of that source.
    pub basis: Basis,
    /// First day on which it can apply, on the operational calendar; null without a first.
    pub from: Option<LocalDate>,
    /// First day on which it no longer can; null without an end.
    pub until: Option<LocalDate>,
    /// Situations in which it applies or nearly does. At most 100.
    pub examples: Vec<String>,
}

impl Rule {
    /// A rule of the tables with its examples.
    pub fn of(context: &Context, row: &Row) -> Rule {
        Rule {
            id: row.id.to_owned(),
            table: row.table.code().to_owned(),
            title: row.title.to_owned(),
            source: row.source.to_owned(),
            basis: row.basis.into(),
            from: row.from.map(LocalDate),
            until: row.until.map(LocalDate),
            examples: context.routing.examples(row.id).iter().take(100).cloned().collect(),
        }
    }

    /// The rule of an id.
    ///
    /// Every finding's rule is one of the tables or stands beside them; one that does not is shown by its id alone.
    pub fn named(context: &Context, id: &str) -> Rule {
        let known = context.routing.rules().iter().find(|row| row.id == id);
        known.map_or_else(
            || Rule {
                id: id.to_owned(),
                table: Table::Manager.code().to_owned(),
                title: String::new(),
                source: String::new(),
                basis: Basis::Assumption,
                from: None,
                until: None,
                examples: Vec::new(),
            },
            |row| Rule::of(context, row),
        )
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
            rule: Rule::named(context, found.rule),
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
