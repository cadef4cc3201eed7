//! THE REFUSAL TABLE: input that no answer can be given to. Every row is checked, and every refusal reported.
//!
//! Rows read the case as it was given: nothing absent is ever refused, and only explicit contradictions are.

use super::rule::{Rule, Table};
use super::values::{AGES, LAST_DAY, PSS_MONTHS, REHABILITATION_ACT, RESTRUCTURE};
use crate::domain::calendar::FIRST_DAY;
use crate::domain::case::{Case, Escalation, MappaCategory, MappaLevel, Place, Residence, Supervision};
use crate::domain::source::Basis;

/// A row: what it finds wrong with a case, as the fields at fault.
#[derive(Clone, Copy)]
pub struct RefuseRow {
    /// The rule.
    pub rule: Rule,
    /// The code of the refusal.
    pub code: &'static str,
    /// The fields at fault; empty where the row does not apply.
    pub faults: &'static (dyn Fn(&Case) -> Vec<&'static str> + Sync),
    /// What is wrong, and what would be acceptable.
    pub message: &'static str,
}

const fn rule(id: &'static str, title: &'static str, source: &'static str, basis: Basis) -> Rule {
    Rule { id, table: Table::Refuse, title, source, basis, from: None, until: None }
}

/// The field where a condition holds.
fn field(name: &'static str, is_wrong: bool) -> Vec<&'static str> {
    if is_wrong { vec![name] } else { Vec::new() }
}

/// Fields of the case whose places are as asked for.
fn places(case: &Case, is_wrong: fn(Place) -> bool) -> Vec<&'static str> {
    let residence = match case.residence {
        Some(Residence::At(place)) => Some(("residence.place", place)),
        Some(Residence::UsuallyFoundIn(place)) => Some(("residence.usuallyFoundIn", place)),
        Some(Residence::NoFixedAbode) | None => None,
    };
    let given = [
        residence,
        case.sentenced_in.map(|place| ("sentencedIn", place)),
        case.at_court.map(|place| ("atCourt", place)),
        case.transfer.and_then(|transfer| transfer.from).map(|place| ("transfer.from", place)),
        case.transfer.map(|transfer| ("transfer.to", transfer.to)),
    ];
    given.into_iter().flatten().filter(|(_, place)| is_wrong(*place)).map(|(name, _)| name).collect()
}

/// The category that is given or follows from registration.
fn category(case: &Case) -> Option<MappaCategory> {
    case.category.or((case.registered == Some(true)).then_some(MappaCategory::Category1))
}

/// The table.
pub const REFUSE: &[RefuseRow] = &[
    RefuseRow {
        rule: rule(
            "R-01b",
            "Routing answers from 1 April 2001 to 25 June 2021",
            "P22; P26",
            Basis::Published,
        ),
        code: "DATE_OUT_OF_SCOPE",
        faults: &|case: &Case| field("on", case.on < FIRST_DAY || case.on > LAST_DAY.value),
        message: "Routing answers for days from 2001-04-01 to 2021-06-25.",
    },
    RefuseRow {
        rule: rule("R-02a", "A place must be known", "founding document (42 areas)", Basis::FoundingDocument),
        code: "AREA_UNKNOWN",
        faults: &|case: &Case| places(case, |place| place == Place::Unknown),
        message: "No place of that name or code is held: give an area, an ONS code or a name as the directory lists it.",
    },
    RefuseRow {
        rule: rule("R-02b", "A place must lie in one area", "own reading", Basis::Assumption),
        code: "AREA_AMBIGUOUS",
        faults: &|case: &Case| places(case, |place| place == Place::Ambiguous),
        message: "That place lies in more than one area: choose one of the candidates.",
    },
    RefuseRow {
        rule: rule(
            "R-02c",
            "A place must lie in England or Wales",
            "founding document",
            Basis::FoundingDocument,
        ),
        code: "AREA_OUT_OF_SCOPE",
        faults: &|case: &Case| places(case, |place| place == Place::OutOfScope),
        message: "That place lies outside England and Wales.",
    },
    RefuseRow {
        rule: rule(
            "R-03",
            "A level belongs to a MAPPA-eligible offender",
            "founding document (levels are of eligible offenders)",
            Basis::FoundingDocument,
        ),
        code: "LEVEL_WITHOUT_CATEGORY",
        faults: &|case: &Case| {
            field("mappaLevel", case.level.is_some() && case.category == Some(MappaCategory::NotEligible))
        },
        message: "A level was given for a person who is not eligible: give the category, or leave the level out.",
    },
    RefuseRow {
        rule: rule(
            "R-04a",
            "Category 3 is never at level 1",
            "founding document (definition of category 3, and the dash in its table)",
            Basis::FoundingDocument,
        ),
        code: "CATEGORY3_LEVEL1",
        faults: &|case: &Case| {
            let is_wrong =
                case.level == Some(MappaLevel::Level1) && case.category == Some(MappaCategory::Category3);
            field("mappaLevel", is_wrong)
        },
        message: "A category 3 offender needs meetings, so level 2 or 3: give one of them.",
    },
    RefuseRow {
        rule: rule("R-05d", "RSR is a percentage", "own range", Basis::Assumption),
        code: "RSR_OUT_OF_RANGE",
        faults: &|case: &Case| {
            field("rsrPercent", case.rsr_hundredths.is_some_and(|rsr| !(0..=10_000).contains(&rsr)))
        },
        message: "RSR lies between 0 and 100 per cent, with at most two decimals.",
    },
    RefuseRow {
        rule: rule("R-05e", "Age lies between 10 and 120", "own range", Basis::Assumption),
        code: "AGE_OUT_OF_RANGE",
        faults: &|case: &Case| {
            field("age", case.age.is_some_and(|age| age < AGES.value.0 || age > AGES.value.1))
        },
        message: "Age lies between 10 and 120 years.",
    },
    RefuseRow {
        rule: rule(
            "R-06a",
            "A registered sexual offender is in category 1",
            "founding document; CJA 2003 s.327(2)",
            Basis::Statute,
        ),
        code: "RSO_NOT_CATEGORY1",
        faults: &|case: &Case| {
            let other = case.category.is_some_and(|category| category != MappaCategory::Category1);
            field("registeredSexualOffender", case.registered == Some(true) && other)
        },
        message: "A registered sexual offender is in category 1: correct the category or the registration.",
    },
    RefuseRow {
        rule: rule(
            "R-06b",
            "Category 1 is of registered sexual offenders",
            "founding document",
            Basis::FoundingDocument,
        ),
        code: "CATEGORY1_NOT_RSO",
        faults: &|case: &Case| {
            let is_wrong = case.registered == Some(false) && case.category == Some(MappaCategory::Category1);
            field("registeredSexualOffender", is_wrong)
        },
        message: "Category 1 is of registered sexual offenders: correct the category or the registration.",
    },
    RefuseRow {
        rule: rule(
            "R-07a",
            "Post-sentence supervision began on 1 February 2015",
            "P12, SI 2015/40",
            Basis::Statute,
        ),
        code: "PSS_BEFORE_ORA",
        faults: &|case: &Case| {
            let is_pss = case.supervision == Some(Supervision::PostSentenceSupervision);
            field("supervision", is_pss && case.on < REHABILITATION_ACT.value)
        },
        message: "There was no post-sentence supervision before 2015-02-01.",
    },
    RefuseRow {
        rule: rule(
            "R-07b",
            "Post-sentence supervision follows sentences under 24 months",
            "P12, ORA 2014 s.2",
            Basis::Statute,
        ),
        code: "PSS_SENTENCE_TOO_LONG",
        faults: &|case: &Case| {
            let is_pss = case.supervision == Some(Supervision::PostSentenceSupervision);
            field(
                "sentenceMonths",
                is_pss && case.sentence_months.is_some_and(|months| months >= PSS_MONTHS.value),
            )
        },
        message: "Post-sentence supervision follows sentences of under 24 months.",
    },
    RefuseRow {
        rule: rule(
            "R-09",
            "There was nothing to escalate before the restructure",
            "follows from the founding document",
            Basis::FoundingDocument,
        ),
        code: "ESCALATION_BEFORE_RESTRUCTURE",
        faults: &|case: &Case| {
            let is_escalated = case.escalation.is_some_and(|escalation| escalation != Escalation::None);
            field("escalation", is_escalated && case.calendar.structural_day(case.on) < RESTRUCTURE.value)
        },
        message: "Escalation is from a company to the NPS, which did not exist on that day.",
    },
];

/// Whether a completion of a case contradicts itself, as the rows above would refuse it.
pub fn is_consistent(
    rows: &[RefuseRow],
    case: &Case,
    supervision: Supervision,
    level: Option<MappaLevel>,
    of: MappaCategory,
) -> bool {
    let completed = Case { supervision: Some(supervision), category: Some(of), level, ..*case };
    let is_registered =
        case.registered.is_none_or(|registered| registered == (of == MappaCategory::Category1));
    is_registered
        && category(&completed).is_some()
        && rows
            .iter()
            .filter(|row| !row.rule.id.starts_with("R-02"))
            .all(|row| (row.faults)(&completed).is_empty())
}
