//! THE DUTIES TABLE: what else is answered of a case that is routed. Each row answers its own question.
//!
//! A row that reads a fact which is absent does not apply; its answer is then none.

use super::decide::Manager;
use super::facts::Facts;
use super::rule::{BodyRole, Rule, Table};
use super::values::{RESTRUCTURE, TRUSTS_RECORDED};
use crate::domain::case::{Area, Case, MappaLevel};
use crate::domain::source::Basis;

/// A question beside that of the manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Who advises the court.
    CourtAdvice,
    /// Who assesses at the outset.
    InitialAssessment,
    /// Who allocates the case.
    Allocation,
    /// Who decides on an escalation.
    EscalationReview,
    /// Who acts on a breach, and on recall.
    Enforcement,
    /// Who delivers interventions.
    Interventions,
}

/// The facts of a routed case that duties turn on.
#[derive(Clone, Copy)]
pub struct Routed<'c> {
    /// The case.
    pub case: &'c Case,
    /// Its facts, all known.
    pub facts: Facts,
    /// Who manages.
    pub manager: Manager,
}

impl Routed<'_> {
    fn court(&self) -> Option<Area> {
        self.case.at_court.and_then(crate::domain::case::Place::area)
    }

    /// Who does probation's public work on the day: the trust, then the division.
    fn public_body(&self) -> BodyRole {
        if self.facts.is_restructured() { BodyRole::Division } else { BodyRole::Trust }
    }

    fn at_court(&self) -> Option<Manager> {
        let area = self.court()?;
        let role = if self.facts.is_child() { BodyRole::YouthOffendingTeam } else { self.public_body() };
        Some(Manager { role, area: Some(area) })
    }

    fn is_allocated_by_the_nps(&self) -> bool {
        self.facts.is_restructured() && matches!(self.manager.role, BodyRole::Division | BodyRole::Company)
    }

    fn here(&self, role: BodyRole) -> Manager {
        Manager { role, area: self.manager.area }
    }
}

/// A row: who has the duty; empty where the row does not apply.
#[derive(Clone, Copy)]
pub struct DutyRow {
    /// The rule.
    pub rule: Rule,
    /// Its question.
    pub duty: Duty,
    /// The answer.
    pub who: &'static (dyn Fn(&Routed<'_>) -> Vec<Manager> + Sync),
}

const fn rule(id: &'static str, title: &'static str, source: &'static str, basis: Basis) -> Rule {
    Rule { id, table: Table::Duties, title, source, basis, from: None, until: None }
}

/// The table.
pub const DUTIES: &[DutyRow] = &[
    DutyRow {
        rule: rule(
            "R-40",
            "The trust advises courts before the restructure, the NPS after it, for every adult; under 18 the youth offending team",
            "founding document; P28 (OMA 2007 s.4)",
            Basis::FoundingDocument,
        ),
        duty: Duty::CourtAdvice,
        who: &|routed: &Routed<'_>| routed.at_court().into_iter().collect(),
    },
    DutyRow {
        rule: rule(
            "R-37",
            "Work at the court stage belongs to the area of the court: the NPS assesses at the outset",
            "founding document for the work; own reading for the court's area",
            Basis::FoundingDocument,
        ),
        duty: Duty::InitialAssessment,
        who: &|routed: &Routed<'_>| routed.at_court().into_iter().collect(),
    },
    DutyRow {
        rule: rule(
            "R-44",
            "After the restructure the NPS allocates every case; a case at court is allocated by the court's area",
            "founding document; P1",
            Basis::FoundingDocument,
        ),
        duty: Duty::Allocation,
        who: &|routed: &Routed<'_>| {
            let court = routed.at_court().filter(|_| !routed.facts.is_child());
            let here = || routed.is_allocated_by_the_nps().then(|| routed.here(BodyRole::Division));
            court.or_else(here).into_iter().collect()
        },
    },
    DutyRow {
        rule: rule(
            "R-21b",
            "The NPS decides on an escalation",
            "founding document; P2",
            Basis::FoundingDocument,
        ),
        duty: Duty::EscalationReview,
        who: &|routed: &Routed<'_>| {
            let is_company = routed.manager.role == BodyRole::Company;
            is_company.then(|| routed.here(BodyRole::Division)).into_iter().collect()
        },
    },
    DutyRow {
        rule: rule(
            "R-42",
            "The trust acts on breach and recall before the restructure; after it the NPS, on referral from the company. Recall itself is the Secretary of State's decision. The police act on breach of notification",
            "founding document; P28 (ORA 2014 s.14)",
            Basis::FoundingDocument,
        ),
        duty: Duty::Enforcement,
        who: &|routed: &Routed<'_>| match routed.manager.role {
            BodyRole::Trust | BodyRole::Division | BodyRole::Company => {
                vec![routed.here(routed.public_body())]
            }
            BodyRole::Police => vec![routed.manager],
            BodyRole::YouthOffendingTeam => vec![routed.manager],
            BodyRole::HealthService => Vec::new(),
        },
    },
    DutyRow {
        rule: rule(
            "R-41",
            "Before the restructure the trust delivers interventions; after it the company for its own cases, and for the NPS beside the NPS's own",
            "founding document; P6",
            Basis::FoundingDocument,
        ),
        duty: Duty::Interventions,
        who: &|routed: &Routed<'_>| match routed.manager.role {
            BodyRole::Trust => vec![routed.manager],
            BodyRole::Division => vec![routed.manager, routed.here(BodyRole::Company)],
            BodyRole::Company => vec![routed.manager],
            BodyRole::Police | BodyRole::YouthOffendingTeam | BodyRole::HealthService => Vec::new(),
        },
    },
];

/// Which agency leads a MAPPA case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadAgency {
    /// The police.
    Police,
    /// Probation: the trust, then the NPS.
    Probation,
    /// The youth offending team.
    YouthOffendingTeam,
    /// The mental health service.
    Health,
}

/// The rule that says who leads.
pub const LEAD_AGENCY: Rule =
    rule("R-38", "The agency that manages a MAPPA case leads it", "P17; P24", Basis::Guidance);

/// The rule that says which meeting there is and who chairs it.
pub const MEETING: Rule = rule(
    "R-39",
    "Level 1 has no meeting; levels 2 and 3 have, at level 3 with senior staff; a senior officer of police or probation chairs",
    "founding document; P18 for the chair",
    Basis::FoundingDocument,
);

/// The rule that says which board looks after a case's area.
pub const BOARD: Rule = rule(
    "R-43",
    "The Strategic Management Board of the area, for MAPPA-eligible offenders only",
    "founding document",
    Basis::FoundingDocument,
);

/// The rule that says who may refer.
pub const REFERRAL: Rule = rule(
    "R-50",
    "Any agency of the Responsible Authority or with a duty to co-operate may refer a case to level 2 or 3; the lead agency decides on level 1",
    "no text found",
    Basis::Unconfirmed,
);

/// Which agency leads, by who manages.
pub fn lead_agency(manager: Manager) -> LeadAgency {
    match manager.role {
        BodyRole::Trust | BodyRole::Division | BodyRole::Company => LeadAgency::Probation,
        BodyRole::Police => LeadAgency::Police,
        BodyRole::YouthOffendingTeam => LeadAgency::YouthOffendingTeam,
        BodyRole::HealthService => LeadAgency::Health,
    }
}

/// Which meeting a level has; none at level 1.
pub fn meeting(level: MappaLevel) -> Option<MappaLevel> {
    (level > MappaLevel::Level1).then_some(level)
}

/// Whose decision it is, in the sentence that every explanation opens with.
pub fn advice(case: &Case, manager: Option<Manager>) -> &'static str {
    let is_another = matches!(
        manager.map(|manager| manager.role),
        Some(BodyRole::Police | BodyRole::YouthOffendingTeam | BodyRole::HealthService)
    );
    if is_another {
        "The decision is that of the body named here; this is advice."
    } else if case.calendar.structural_day(case.on) >= RESTRUCTURE.value {
        "The National Probation Service allocates; this is advice."
    } else if case.on >= TRUSTS_RECORDED.value {
        "The probation trust decides on its cases; this is advice."
    } else {
        "Who decided on that day is not recorded; this is advice."
    }
}
