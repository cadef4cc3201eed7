//! THE DUTIES TABLE: what else is answered of a case that is routed. Each row answers its own question.
//!
//! A row that reads a fact which is absent does not apply; its answer is then none.

use super::decide::{Decision, Manager};
use super::facts::Facts;
use super::rule::{BodyRole, Rule, Table};
use super::values::{RESTRUCTURE, TRUSTS_RECORDED};
use crate::domain::case::{Area, Case, MappaLevel, Place};
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
    /// Which agency leads a MAPPA case.
    LeadAgency,
    /// Which meeting a MAPPA case has.
    Meeting,
    /// Who chairs the meeting.
    Chair,
    /// Which board looks after the area.
    Board,
    /// Who is identified as a MAPPA-eligible offender, and by whom.
    Identification,
    /// Who shares information.
    InformationSharing,
    /// Who may refer a case to a higher level.
    Referral,
}

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

/// Which meeting a MAPPA case has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// None: ordinary agency management.
    None,
    /// A meeting of the agencies involved.
    Level2,
    /// A meeting with senior staff who can commit resources.
    Level3,
}

/// What a row answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// These bodies, in order.
    Bodies(Vec<Manager>),
    /// This agency leads.
    Leads(LeadAgency),
    /// This meeting.
    Meets(Meeting),
    /// The board of this area.
    BoardOf(Area),
    /// The title of the rule, in words.
    Words,
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
        self.case.at_court.and_then(Place::area)
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

    /// Whether the person is known to be MAPPA-eligible: nothing is arranged on a guess.
    fn is_eligible(&self) -> bool {
        let is_known = self.case.category.is_some() || self.case.registered == Some(true);
        is_known && self.facts.is_mappa()
    }

    /// The meeting of the level; none where the level is not known.
    fn meeting(&self) -> Option<Meeting> {
        self.facts.level.filter(|_| self.is_eligible()).map(|level| match level {
            MappaLevel::Level1 => Meeting::None,
            MappaLevel::Level2 => Meeting::Level2,
            MappaLevel::Level3 => Meeting::Level3,
        })
    }

    /// Words that are said of every MAPPA-eligible offender.
    fn of_the_eligible(&self) -> Option<Says> {
        self.is_eligible().then_some(Says::Words)
    }
}

/// A row: what it answers; none where it does not apply.
#[derive(Clone, Copy)]
pub struct DutyRow {
    /// The rule.
    pub rule: Rule,
    /// Its question.
    pub duty: Duty,
    /// The answer.
    pub says: &'static (dyn Fn(&Routed<'_>) -> Option<Says> + Sync),
}

fn body(one: Option<Manager>) -> Option<Says> {
    one.map(|manager| Says::Bodies(vec![manager]))
}

/// Which agency leads, by who manages.
fn lead_agency(manager: Manager) -> LeadAgency {
    match manager.role {
        BodyRole::Trust | BodyRole::Division | BodyRole::Company => LeadAgency::Probation,
        BodyRole::Police => LeadAgency::Police,
        BodyRole::YouthOffendingTeam => LeadAgency::YouthOffendingTeam,
        BodyRole::HealthService => LeadAgency::Health,
    }
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
        says: &|routed| body(routed.at_court()),
    },
    DutyRow {
        rule: rule(
            "R-37",
            "Work at the court stage belongs to the area of the court: the NPS assesses at the outset",
            "founding document for the work; own reading for the court's area",
            Basis::FoundingDocument,
        ),
        duty: Duty::InitialAssessment,
        says: &|routed| body(routed.at_court()),
    },
    DutyRow {
        rule: rule(
            "R-44",
            "After the restructure the NPS allocates every case; a case at court is allocated by the court's area",
            "founding document; P1",
            Basis::FoundingDocument,
        ),
        duty: Duty::Allocation,
        says: &|routed| {
            let court = routed.at_court().filter(|_| !routed.facts.is_child());
            let here = || routed.is_allocated_by_the_nps().then(|| routed.here(BodyRole::Division));
            body(court.or_else(here))
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
        says: &|routed| {
            let is_company = routed.manager.role == BodyRole::Company;
            body(is_company.then(|| routed.here(BodyRole::Division)))
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
        says: &|routed| match routed.manager.role {
            BodyRole::Trust | BodyRole::Division | BodyRole::Company => {
                body(Some(routed.here(routed.public_body())))
            }
            BodyRole::Police | BodyRole::YouthOffendingTeam => body(Some(routed.manager)),
            BodyRole::HealthService => None,
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
        says: &|routed| match routed.manager.role {
            BodyRole::Trust | BodyRole::Company => body(Some(routed.manager)),
            BodyRole::Division => Some(Says::Bodies(vec![routed.manager, routed.here(BodyRole::Company)])),
            BodyRole::Police | BodyRole::YouthOffendingTeam | BodyRole::HealthService => None,
        },
    },
    DutyRow {
        rule: rule("R-38", "The agency that manages a MAPPA case leads it", "P17; P24", Basis::Guidance),
        duty: Duty::LeadAgency,
        says: &|routed| routed.is_eligible().then(|| Says::Leads(lead_agency(routed.manager))),
    },
    DutyRow {
        rule: rule(
            "R-39",
            "Level 1 has no meeting; levels 2 and 3 have, at level 3 with senior staff who can commit resources",
            "founding document",
            Basis::FoundingDocument,
        ),
        duty: Duty::Meeting,
        says: &|routed| routed.meeting().map(Says::Meets),
    },
    DutyRow {
        rule: rule(
            "R-39b",
            "A senior officer of police or probation chairs the meeting, of the higher rank the higher the risk",
            "P18",
            Basis::Guidance,
        ),
        duty: Duty::Chair,
        says: &|routed| routed.meeting().filter(|meeting| *meeting != Meeting::None).map(|_| Says::Words),
    },
    DutyRow {
        rule: rule(
            "R-43",
            "The Strategic Management Board of the area, for MAPPA-eligible offenders only",
            "founding document",
            Basis::FoundingDocument,
        ),
        duty: Duty::Board,
        says: &|routed| routed.manager.area.filter(|_| routed.is_eligible()).map(Says::BoardOf),
    },
    DutyRow {
        rule: rule(
            "R-53",
            "The agency that manages the person identifies the person as MAPPA-eligible and tells the others",
            "founding document (eligible offenders are identified); own reading for who identifies",
            Basis::Assumption,
        ),
        duty: Duty::Identification,
        says: &|routed| routed.of_the_eligible(),
    },
    DutyRow {
        rule: rule(
            "R-54",
            "The agencies of the Responsible Authority and those with a duty to co-operate share information, to inform risk assessments and risk management plans",
            "founding document",
            Basis::FoundingDocument,
        ),
        duty: Duty::InformationSharing,
        says: &|routed| routed.of_the_eligible(),
    },
    DutyRow {
        rule: rule(
            "R-50",
            "Any agency of the Responsible Authority or with a duty to co-operate may refer a case to level 2 or 3; the lead agency decides on level 1",
            "no text found",
            Basis::Unconfirmed,
        ),
        duty: Duty::Referral,
        says: &|routed| routed.of_the_eligible(),
    },
];

/// What the duties table says of a case that is decided.
#[derive(Clone, Debug, Default)]
pub struct Duties {
    said: Vec<(Duty, Rule, Says)>,
}

impl Duties {
    /// Asks every row; none of them answers where nobody manages.
    pub fn of(rows: &[DutyRow], case: &Case, decision: &Decision) -> Duties {
        let Some((manager, facts)) = decision.manager.zip(decision.facts) else { return Duties::default() };
        let routed = Routed { case, facts, manager };
        let said = rows.iter().filter_map(|row| Some((row.duty, row.rule, (row.says)(&routed)?)));
        Duties { said: said.collect() }
    }

    fn find<T>(&self, duty: Duty, read: impl Fn(&Rule, &Says) -> Option<T>) -> Option<T> {
        self.said.iter().filter(|(of, ..)| *of == duty).find_map(|(_, rule, says)| read(rule, says))
    }

    /// The bodies that have a duty.
    pub fn bodies(&self, duty: Duty) -> Vec<Manager> {
        let bodies = |_: &Rule, says: &Says| match says {
            Says::Bodies(bodies) => Some(bodies.clone()),
            _ => None,
        };
        self.find(duty, bodies).unwrap_or_default()
    }

    /// The agency that leads; none where the person is not known to be eligible.
    pub fn lead_agency(&self) -> Option<LeadAgency> {
        self.find(Duty::LeadAgency, |_, says| match says {
            Says::Leads(agency) => Some(*agency),
            _ => None,
        })
    }

    /// The meeting; none where there is no level.
    pub fn meeting(&self) -> Option<Meeting> {
        self.find(Duty::Meeting, |_, says| match says {
            Says::Meets(meeting) => Some(*meeting),
            _ => None,
        })
    }

    /// The area whose board looks after the case.
    pub fn board(&self) -> Option<Area> {
        self.find(Duty::Board, |_, says| match says {
            Says::BoardOf(area) => Some(*area),
            _ => None,
        })
    }

    /// What is said in words, with a full stop.
    pub fn words(&self, duty: Duty) -> Option<String> {
        self.find(duty, |rule, says| (*says == Says::Words).then(|| format!("{}.", rule.title)))
    }

    /// Ids of the rules that answer in words.
    pub fn in_words(&self) -> Vec<&'static str> {
        self.said.iter().filter(|(.., says)| *says == Says::Words).map(|(_, rule, _)| rule.id).collect()
    }
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
