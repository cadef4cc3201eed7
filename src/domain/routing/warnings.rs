//! What a reader of a decision should be warned of: what was taken where a fact is absent, where sources differ, and what
//! cannot wait.
//!
//! A warning moves no case: who manages, and on which facts that hangs, is decided in `decide` before any is made.

use super::decide::{Finding, Verdict};
use super::facts::Facts;
use super::rule::{BodyRole, Rule, Table};
use super::values::{ADULT_AGE, REHABILITATION_ACT, SHORT_SENTENCE_MONTHS, WALES_REUNION_CERTAIN};
use crate::domain::case::{Case, Escalation, MappaCategory, Supervision};
use crate::domain::source::Basis;

/// The rule of a level that category 3 leaves open: a warning, and never a refusal.
pub const LEVEL_OPEN: Rule = Rule {
    id: "R-04b",
    table: Table::Refuse,
    title: "A category 3 offender without a level is routed, with a warning",
    source: "own reading",
    basis: Basis::Assumption,
    from: None,
    until: None,
};

/// Everything that a reader should be warned of, in one order.
pub fn warnings(case: &Case, facts: &Facts, role: BodyRole) -> Vec<Finding> {
    let mut warnings = Vec::new();
    let mut warn = |is_due: bool, rule: &'static str, because: &'static str, missing: &[&'static str]| {
        if is_due {
            let missing = missing.to_vec();
            warnings.push(Finding { rule, verdict: Verdict::Applies, because, missing });
        }
    };
    let is_company = role == BodyRole::Company;
    let is_urgent = facts.escalation == Escalation::Referred && facts.is_high_risk() && is_company;
    warn(
        is_urgent,
        "R-29",
        "URGENT: the risk is high and the referral undecided; the company must not wait",
        &[],
    );
    let is_eligible = facts.is_mappa();
    let is_derived = is_eligible && case.level.is_none() && facts.level.is_some();
    warn(is_derived, "R-03", "no level was given; level 1 is taken for category 1 or 2", &["mappaLevel"]);
    let is_open_3 = facts.category == MappaCategory::Category3 && case.level.is_none();
    warn(is_open_3, LEVEL_OPEN.id, "a category 3 offender has level 2 or 3; none was given", &["mappaLevel"]);
    // A referral would leave with the company what is the NPS's for its risk alone.
    let is_by_risk_alone =
        role == BodyRole::Division && facts.is_high_risk() && !facts.has_other_nps_criterion();
    warn(
        is_by_risk_alone && case.escalation.is_none(),
        "R-21",
        "no escalation was given, and none is taken",
        &["escalation"],
    );
    // What was presumed absent matters only where its presence would move the case to the NPS.
    for (is_absent, rule, because, field) in [
        (case.escalation.is_none(), "R-21", "no escalation was given, and none is taken", "escalation"),
        (
            case.nps_earlier.is_none(),
            "R-22",
            "the NPS is taken not to have managed the case earlier",
            "managedByNpsEarlierInSentence",
        ),
        (
            case.most_serious.is_none() && facts.is_released(),
            "R-23",
            "the offence is taken not to be one of the most serious",
            "mostSeriousOffence",
        ),
        (
            case.deportation.is_none(),
            "R-24",
            "the person is taken not to be liable to deportation",
            "liableToDeportation",
        ),
        (case.terrorism.is_none(), "R-26", "it is taken not to be a terrorism case", "terrorism"),
        (
            case.public_interest.is_none(),
            "R-27",
            "it is taken not to be a public interest case",
            "publicInterest",
        ),
        (
            case.rsr_hundredths.is_none(),
            "R-28",
            "no RSR was given, and it is taken as under the threshold",
            "rsrPercent",
        ),
    ] {
        warn(is_company && is_absent, rule, because, &[field]);
    }
    let is_nps_time = facts.is_restructured() && facts.is_supervised() && !facts.is_child();
    warn(is_nps_time && facts.is_rsr_on_the_edge(), "R-28", "sources differ on 6.89 and 6.90 per cent", &[]);
    let is_contradicted = facts.escalation == Escalation::Rejected && facts.is_high_risk() && is_nps_time;
    warn(is_contradicted, "R-52", "the escalation was rejected and the risk is still assessed as high", &[]);
    let december = facts.is_wales_reunited() && facts.on < WALES_REUNION_CERTAIN.value;
    warn(december && is_nps_time, "R-51", "the day on which Wales was reunited is not confirmed", &[]);
    let is_short = facts.sentence_months.is_some_and(|months| months < SHORT_SENTENCE_MONTHS.value)
        && facts.supervision == Supervision::Custody
        && facts.on < REHABILITATION_ACT.value;
    warn(
        is_short,
        "R-31",
        "release from a sentence under 12 months brought no supervision before 1 February 2015",
        &[],
    );
    let is_open_pss =
        facts.supervision == Supervision::PostSentenceSupervision && facts.sentence_months.is_none();
    warn(is_open_pss, "R-07b", "the length of the sentence was not given", &["sentenceMonths"]);
    warn(
        facts.age == ADULT_AGE.value - 1 && facts.is_supervised(),
        "R-11a",
        "a move to adult services is planned from 17 and a half",
        &[],
    );
    warnings
}
