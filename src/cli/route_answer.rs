//! One decision, as a person reads it and as a machine does.
//!
//! The first sentence says whose decision it is: what is printed here is advice.

use crate::actions::case_text::{Column, ReadCase};
use crate::actions::run_cases::{lead_agency_code, meeting_code, outcome_code, role_code};
use crate::directory::Directory;
use crate::directory::lookup::PlaceFault;
use crate::directory::route::{NamedBody, ResidenceAsked, Route};
use crate::directory::view::View;
use crate::domain::calendar::{Calendar, in_window};
use crate::domain::case::MappaLevel;
use crate::domain::organisation::BodyKind;
use crate::domain::routing::decide::{Finding, Outcome, PendingKind, Problem, Verdict};
use crate::domain::routing::duties::{Duties, Duty, advice};
use crate::domain::routing::rule::Rule;
use crate::domain::routing::values::LAST_DAY;
use crate::domain::routing::{RULES_VERSION, Tables};
use crate::domain::source::Basis;
use serde::Serialize;

/// A decision with all that is told of it.
pub struct Answer<'d> {
    directory: &'d Directory,
    view: View<'d>,
    route: Route,
    duties: Duties,
    rules: Vec<Rule>,
    /// Whether the other calendar gives another answer; none where the calendars do not differ.
    other_differs: Option<bool>,
    /// The region that took over, where a later day is asked about.
    successor: Option<String>,
    /// Whether the residence was given by a code.
    has_code: bool,
}

impl<'d> Answer<'d> {
    /// Decides a case.
    pub fn of(directory: &'d Directory, tables: &Tables, read: &ReadCase, has_code: bool) -> Answer<'d> {
        let (on, calendar) = (read.case.on, read.case.calendar);
        let view = directory.view(on, calendar);
        let route = view.route(tables, read.case, &read.places);
        let other_differs = in_window(on).then(|| {
            let mut case = read.case;
            case.calendar = calendar.other();
            let other = directory.view(on, case.calendar).route(tables, case, &read.places);
            let of = |route: &Route| {
                let rule = route.decision.decided_by.as_ref().map(|finding| finding.rule);
                (route.decision.outcome, route.manager.clone(), rule)
            };
            of(&other) != of(&route)
        });
        let home = match &read.places.residence {
            Some(ResidenceAsked::At(place) | ResidenceAsked::UsuallyFoundIn(place)) => Some(place),
            Some(ResidenceAsked::NoFixedAbode) | None => None,
        };
        let later = home.filter(|_| on > LAST_DAY.value).and_then(|place| view.locate(place).ok());
        let successor = later
            .and_then(|located| view.covering(located.area, BodyKind::ProbationRegion))
            .map(|(region, _)| view.plain_name(region).to_owned());
        let duties = Duties::of(&tables.duties, &route.case, &route.decision);
        Answer { directory, view, route, duties, rules: tables.rules(), other_differs, successor, has_code }
    }

    /// What became of the case.
    pub fn outcome(&self) -> Outcome {
        self.route.decision.outcome
    }

    /// Whose decision it is.
    fn advice(&self) -> &'static str {
        advice(&self.route.case, self.route.decision.manager)
    }

    fn problem_text(&self, problem: &Problem) -> String {
        match (&self.successor, problem.code) {
            (Some(region), "DATE_OUT_OF_SCOPE") => {
                format!("{} From 2021-06-26 the probation region is {region}.", problem.message)
            }
            _ => problem.message.to_owned(),
        }
    }

    /// What an ambiguous place could be, in texts that are unambiguous.
    fn candidates(&self, problem: &Problem) -> Vec<String> {
        let faults = &self.route.place_faults;
        let fault = faults.iter().find(|(field, _)| *field == problem.field).map(|(_, fault)| fault);
        let Some(PlaceFault::Ambiguous { candidates, .. }) = fault else { return Vec::new() };
        let texts = candidates.iter().map(|candidate| {
            let area = self.view.plain_name(candidate.area);
            let authority = candidate.authority.zip(self.view.authorities());
            authority.map_or_else(
                || area.to_owned(),
                |(id, set)| {
                    let row = &set.authority(id).row;
                    format!("ONS={} ({}, {area})", row.code, row.name)
                },
            )
        });
        texts.collect()
    }

    fn flag(&self, field: &'static str) -> &'static str {
        match Column::of_field(field) {
            Some(Column::Residence) if self.has_code => Column::ResidenceCode.flag(),
            Some(column) => column.flag(),
            None => field,
        }
    }

    /// The title and source of a rule, and how it stands where no source settles it.
    fn rule_text(&self, id: &str) -> String {
        let Some(rule) = self.rules.iter().find(|rule| rule.id == id) else { return id.to_owned() };
        let standing = match rule.basis {
            Basis::Assumption => "; ASSUMPTION",
            Basis::Unconfirmed => "; UNCONFIRMED",
            _ => "",
        };
        format!("{} (source: {}{standing})", rule.title, rule.source)
    }

    fn rule(&self, id: &str) -> Option<RuleJson> {
        let rule = self.rules.iter().find(|rule| rule.id == id)?;
        Some(RuleJson { id: rule.id, title: rule.title, source: rule.source, basis: rule.basis })
    }

    fn headline(&self) -> String {
        match (self.outcome(), &self.route.manager) {
            (Outcome::Managed, Some(body)) => format!("{} manages this case.", self.body_text(body)),
            (Outcome::Managed, None) => "Somebody manages this case.".to_owned(),
            (Outcome::NotSupervised, _) => "Nobody supervises in this case.".to_owned(),
            (Outcome::NeedsFacts, _) => "It cannot be told yet: facts are missing.".to_owned(),
            (Outcome::NotRecorded, _) => "Who managed then is not recorded.".to_owned(),
            (Outcome::Refused, _) => "The case is refused: something in it cannot be so.".to_owned(),
        }
    }

    fn body_text(&self, body: &NamedBody) -> String {
        let text = body.in_words();
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// The decision as a person reads it.
    pub fn words(&self) -> String {
        let decision = &self.route.decision;
        let mut lines = vec![self.advice().to_owned(), String::new(), self.headline()];
        let mut line = |what: &str, text: String| lines.push(format!("  {what:<15}{text}"));
        let calendar = match self.view.moment.calendar {
            Calendar::Published => "published",
            Calendar::Operational => "operational",
        };
        let (on, version) = (self.view.moment.on, self.view.moment.known);
        line("on", format!("{on} ({calendar} calendar, version {version}, rules {RULES_VERSION})"));
        if let Some(finding) = &decision.decided_by {
            let what = if self.outcome() == Outcome::NeedsFacts { "open at" } else { "decided by" };
            line(what, format!("{}: {}", finding.rule, finding.because));
            line("", self.rule_text(finding.rule));
        }
        if let Some(area) = self.route.area {
            line("area", self.view.plain_name(area).to_owned());
        }
        if let Some(finding) = &decision.placed_by {
            line("placed by", format!("{}: {}", finding.rule, finding.because));
            line("", self.rule_text(finding.rule));
        }
        for finding in &decision.also_holds {
            line("also holds", format!("{}: {}", finding.rule, finding.because));
        }
        if let Some((pending, body)) = decision.pending.zip(self.route.pending.as_ref()) {
            let what = match pending.kind {
                PendingKind::Escalation => "if the escalation is accepted",
                PendingKind::Transfer => "if the transfer is accepted",
            };
            line("pending", format!("{} manages {what} ({})", self.body_text(body), pending.rule));
        }
        for (what, text) in self.duty_lines() {
            line(what, text);
        }
        for finding in &decision.warnings {
            line("warning", format!("{}: {}{}", finding.rule, finding.because, self.flags(&finding.missing)));
        }
        let what = if self.outcome() == Outcome::Refused { "refused" } else { "missing" };
        for problem in &decision.problems {
            let (flag, text) = (self.flag(problem.field), self.problem_text(problem));
            line(what, format!("{flag}: {} {text} ({})", problem.code, problem.rule));
            for candidate in self.candidates(problem) {
                line("", format!("{flag} {candidate}"));
            }
        }
        match self.other_differs {
            Some(true) => line("note", "the other calendar gives another answer for that day".to_owned()),
            Some(false) => line("note", "the other calendar gives the same answer".to_owned()),
            None => {}
        }
        lines.join("\n")
    }

    /// Who has each duty in the case, and what is arranged.
    fn duty_lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        for (what, duty) in [
            ("at court", Duty::CourtAdvice),
            ("assessment", Duty::InitialAssessment),
            ("allocation", Duty::Allocation),
            ("escalation", Duty::EscalationReview),
            ("enforcement", Duty::Enforcement),
            ("interventions", Duty::Interventions),
        ] {
            let bodies = self.duty(duty);
            if !bodies.is_empty() {
                let names: Vec<String> = bodies.iter().map(|body| self.body_text(body)).collect();
                lines.push((what, names.join(" and ")));
            }
        }
        let Some(agency) = self.duties.lead_agency() else { return lines };
        let meeting = self.duties.meeting().map_or("not known without a level", meeting_code);
        let board = self.duties.board().map(|area| self.view.plain_name(self.view.area_of_key(area.key)));
        lines.push(("MAPPA", format!("lead agency {}; meeting {meeting}", lead_agency_code(agency))));
        lines.extend(board.map(|area| ("board", format!("Strategic Management Board of {area}"))));
        for duty in [Duty::Chair, Duty::Identification, Duty::InformationSharing, Duty::Referral] {
            lines.extend(self.duties.words(duty).map(|words| ("", words)));
        }
        lines
    }

    fn duty(&self, duty: Duty) -> Vec<NamedBody> {
        let bodies = self.duties.bodies(duty).into_iter();
        bodies.map(|manager| self.view.body_of(&self.route, manager)).collect()
    }

    fn mappa(&self) -> Option<MappaJson<'_>> {
        let board = self.duties.board().map(|area| self.view.area_of_key(area.key));
        Some(MappaJson {
            board: board.map(|id| AreaJson {
                slug: &self.directory.body(id).identity.slug,
                name: self.view.plain_name(id),
            }),
            lead_agency: lead_agency_code(self.duties.lead_agency()?),
            level: self.route.decision.facts.and_then(|facts| facts.level).map(MappaLevel::code),
            meeting: self.duties.meeting().map(meeting_code),
            chair: self.duties.words(Duty::Chair),
            identification: self.duties.words(Duty::Identification),
            information_sharing: self.duties.words(Duty::InformationSharing),
            referral: self.duties.words(Duty::Referral),
        })
    }

    fn flags(&self, fields: &[&'static str]) -> String {
        let flags: Vec<&str> = fields.iter().map(|field| self.flag(field)).collect();
        if flags.is_empty() { String::new() } else { format!(" ({})", flags.join(", ")) }
    }

    /// The decision as one JSON object, in the names of the schema.
    ///
    /// # Errors
    ///
    /// Where it cannot be written as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let decision = &self.route.decision;
        let body = |body: &'_ NamedBody| BodyJson {
            kind: role_code(body.role),
            name: body.name.clone(),
            precision: if body.body.is_some() { "NAMED" } else { "KIND_ONLY" },
        };
        let pending = decision.pending.zip(self.route.pending.as_ref());
        let finding = |finding: &'_ Finding| FindingJson {
            rule: self.rule(finding.rule),
            verdict: verdict_code(finding.verdict),
            because: finding.because,
            missing: finding.missing.clone(),
        };
        let one = |duty: Duty| self.duty(duty).first().map(body);
        let problem = |problem: &Problem| ProblemJson {
            code: problem.code,
            field: problem.field,
            message: self.problem_text(problem),
            rule: self.rule(problem.rule),
            candidates: self.candidates(problem),
        };
        let answer = AnswerJson {
            advice: self.advice(),
            outcome: outcome_code(decision.outcome),
            manager: self.route.manager.as_ref().map(body),
            pending: pending.map(|(pending, to)| PendingJson {
                to: body(to),
                decided_by: self.rule(pending.rule),
                kind: match pending.kind {
                    PendingKind::Escalation => "ESCALATION",
                    PendingKind::Transfer => "TRANSFER",
                },
            }),
            mappa_area: self.route.area.map(|id| AreaJson {
                slug: &self.directory.body(id).identity.slug,
                name: self.view.plain_name(id),
            }),
            mappa: self.mappa(),
            court_advice: one(Duty::CourtAdvice),
            initial_assessment: one(Duty::InitialAssessment),
            allocation: one(Duty::Allocation),
            escalation_review: one(Duty::EscalationReview),
            enforcement: one(Duty::Enforcement),
            interventions: self.duty(Duty::Interventions).iter().map(body).collect(),
            decided_by: decision.decided_by.as_ref().map(finding),
            placed_by: decision.placed_by.as_ref().map(finding),
            also_holds: decision.also_holds.iter().map(finding).collect(),
            considered: decision.considered.iter().map(finding).collect(),
            warnings: decision.warnings.iter().map(finding).collect(),
            problems: decision.problems.iter().map(problem).collect(),
            on: self.view.moment.on.to_string(),
            calendar: match self.view.moment.calendar {
                Calendar::Published => "PUBLISHED",
                Calendar::Operational => "OPERATIONAL",
            },
            other_calendar_differs: self.other_differs,
            directory_version: self.directory.version(),
            rules_version: RULES_VERSION,
        };
        serde_json::to_string(&answer)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerJson<'a> {
    advice: &'static str,
    outcome: &'static str,
    manager: Option<BodyJson>,
    pending: Option<PendingJson>,
    mappa_area: Option<AreaJson<'a>>,
    mappa: Option<MappaJson<'a>>,
    court_advice: Option<BodyJson>,
    initial_assessment: Option<BodyJson>,
    allocation: Option<BodyJson>,
    escalation_review: Option<BodyJson>,
    enforcement: Option<BodyJson>,
    interventions: Vec<BodyJson>,
    decided_by: Option<FindingJson>,
    placed_by: Option<FindingJson>,
    also_holds: Vec<FindingJson>,
    considered: Vec<FindingJson>,
    warnings: Vec<FindingJson>,
    problems: Vec<ProblemJson>,
    on: String,
    calendar: &'static str,
    other_calendar_differs: Option<bool>,
    directory_version: i64,
    rules_version: &'static str,
}

#[derive(Serialize)]
struct BodyJson {
    kind: &'static str,
    name: String,
    precision: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PendingJson {
    to: BodyJson,
    decided_by: Option<RuleJson>,
    kind: &'static str,
}

#[derive(Serialize)]
struct AreaJson<'a> {
    slug: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MappaJson<'a> {
    board: Option<AreaJson<'a>>,
    lead_agency: &'static str,
    level: Option<&'static str>,
    meeting: Option<&'static str>,
    chair: Option<String>,
    identification: Option<String>,
    information_sharing: Option<String>,
    referral: Option<String>,
}

#[derive(Serialize)]
struct RuleJson {
    id: &'static str,
    title: &'static str,
    source: &'static str,
    basis: Basis,
}

#[derive(Serialize)]
struct FindingJson {
    rule: Option<RuleJson>,
    verdict: &'static str,
    because: &'static str,
    missing: Vec<&'static str>,
}

fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Applies => "APPLIES",
        Verdict::DoesNotApply => "DOES_NOT_APPLY",
        Verdict::CannotTell => "CANNOT_TELL",
    }
}

#[derive(Serialize)]
struct ProblemJson {
    code: &'static str,
    field: &'static str,
    message: String,
    rule: Option<RuleJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
}
