//! Running files of example cases against the tables: each says in a sentence what should come out, and why.
//!
//! Files are read leniently, as people write them: a cell that is no day or no value of its fact becomes a refusal
//! of the case and not of the file.

use crate::directory::Directory;
use crate::directory::lookup::Place;
use crate::directory::route::{NamedBody, Places, ResidenceAsked, Route};
use crate::domain::calendar::{Calendar, DEFAULT_DIRECTORY_DATE};
use crate::domain::case::{
    Case, Escalation, MappaCategory, MappaLevel, RiskOfSeriousHarm, Supervision, Transfer, TransferState,
};
use crate::domain::routing::Tables;
use crate::domain::routing::decide::{Outcome, PendingKind};
use crate::domain::routing::duties::{Duties, Duty, LeadAgency, Meeting};
use crate::domain::routing::rule::BodyRole;
use chrono::NaiveDate;
use serde::Deserialize;
use std::path::Path;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The cases.
    #[serde(default)]
    pub case: Vec<Example>,
}

/// A case with what is expected of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Example {
    /// What it is about, in a sentence.
    pub name: String,
    on: String,
    calendar: Option<String>,
    residence: Option<ResidenceText>,
    sentenced_in: Option<PlaceText>,
    at_court: Option<PlaceText>,
    transfer: Option<TransferText>,
    age: Option<i32>,
    supervision: Option<String>,
    sentence_months: Option<i32>,
    risk_of_serious_harm: Option<String>,
    mappa_category: Option<String>,
    mappa_level: Option<String>,
    registered_sexual_offender: Option<bool>,
    rsr_percent: Option<f64>,
    escalation: Option<String>,
    managed_by_nps_earlier_in_sentence: Option<bool>,
    liable_to_deportation: Option<bool>,
    terrorism: Option<bool>,
    public_interest: Option<bool>,
    most_serious_offence: Option<bool>,
    /// What is expected.
    pub expect: Expectation,
}

/// What is expected of a case; what is absent is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expectation {
    outcome: String,
    manager: Option<BodyText>,
    decided_by: Option<String>,
    placed_by: Option<String>,
    area: Option<String>,
    also_holds: Option<Vec<String>>,
    warnings: Option<Vec<String>>,
    problems: Option<Vec<ProblemText>>,
    pending: Option<PendingText>,
    court_advice: Option<BodyText>,
    initial_assessment: Option<BodyText>,
    allocation: Option<BodyText>,
    escalation_review: Option<BodyText>,
    enforcement: Option<BodyText>,
    interventions: Option<Vec<BodyText>>,
    lead_agency: Option<String>,
    meeting: Option<String>,
    board: Option<String>,
    /// Ids of the duties' rules that answer in words.
    in_words: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyText {
    kind: String,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProblemText {
    code: String,
    field: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PendingText {
    to: BodyText,
    kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum PlaceText {
    MappaArea(String),
    LocalAuthority(String),
    PoliceForce(String),
    Name(String),
    Code { scheme: String, value: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum ResidenceText {
    Place(PlaceText),
    UsuallyFoundIn(PlaceText),
    NoFixedAbode(bool),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferText {
    from: Option<PlaceText>,
    to: PlaceText,
    state: Option<String>,
}

impl Expectation {
    /// Whether it says who decides on an escalation.
    pub fn asks_for_escalation_review(&self) -> bool {
        self.escalation_review.is_some()
    }
}

impl From<&PlaceText> for Place {
    fn from(text: &PlaceText) -> Place {
        match text {
            PlaceText::MappaArea(text) => Place::MappaArea(text.clone()),
            PlaceText::LocalAuthority(text) => Place::LocalAuthority(text.clone()),
            PlaceText::PoliceForce(text) => Place::PoliceForce(text.clone()),
            PlaceText::Name(text) => Place::Name(text.clone()),
            PlaceText::Code { scheme, value } => Place::Code { scheme: scheme.clone(), value: value.clone() },
        }
    }
}

/// A case that did not come out as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The file.
    pub file: String,
    /// The case.
    pub name: String,
    /// What differs: expected and found.
    pub what: String,
}

/// What running a folder of cases came to.
#[derive(Clone, Debug, Default)]
pub struct CasesReport {
    /// How many cases were run.
    pub run: usize,
    /// Those that did not come out as they say, and files that cannot be read.
    pub mismatches: Vec<Mismatch>,
}

/// Runs every `.toml` file of a folder.
///
/// # Errors
///
/// Where the folder cannot be read.
pub fn run_cases(directory: &Directory, tables: &Tables, folder: &Path) -> std::io::Result<CasesReport> {
    let mut report = CasesReport::default();
    for (file, text) in case_files(folder)?.into_iter().filter(|(file, _)| !is_of_boards(file)) {
        match toml::from_str::<CaseFile>(&text) {
            Ok(read) => {
                for example in read.case {
                    let differences = example.differences(directory, tables);
                    report.add(&file, &example.name, differences);
                }
            }
            Err(error) => report.unreadable(&file, error.message()),
        }
    }
    Ok(report)
}

/// Whether a file of cases is one of boards: it bears the id of a rule of the board table.
pub fn is_of_boards(file: &str) -> bool {
    file.starts_with("G-")
}

/// Every `.toml` file of a folder with its text, in order of their names.
///
/// # Errors
///
/// Where the folder or a file cannot be read.
pub fn case_files(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let named = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    paths.iter().map(|path| Ok((named(path).unwrap_or_default(), std::fs::read_to_string(path)?))).collect()
}

impl CasesReport {
    /// This one and another together.
    pub fn with(mut self, other: CasesReport) -> CasesReport {
        self.run += other.run;
        self.mismatches.extend(other.mismatches);
        self
    }

    /// Adds a case with what differs of it.
    pub fn add(&mut self, file: &str, name: &str, differences: Vec<String>) {
        self.run += 1;
        let mismatch = |what| Mismatch { file: file.to_owned(), name: name.to_owned(), what };
        self.mismatches.extend(differences.into_iter().map(mismatch));
    }

    /// Adds a file that is none of cases.
    pub fn unreadable(&mut self, file: &str, why: &str) {
        let what = format!("cannot be read: {why}");
        self.mismatches.push(Mismatch { file: file.to_owned(), name: "the file".to_owned(), what });
    }
}

/// A cell that is no value of its fact: the code and field of the refusal.
type CellFault = (&'static str, &'static str);

impl Example {
    fn read(&self) -> (Case, Places, Vec<CellFault>) {
        let mut faults = Vec::new();
        let calendar = match self.calendar.as_deref() {
            Some("OPERATIONAL") => Calendar::Operational,
            _ => Calendar::Published,
        };
        let on = self.on.parse::<NaiveDate>().ok().filter(|_| self.on.len() == 10);
        if on.is_none() {
            faults.push(("DATE_INVALID", "on"));
        }
        let mut case = Case::on(on.unwrap_or(DEFAULT_DIRECTORY_DATE), calendar);
        case.age = self.age;
        case.supervision = self.supervision.as_deref().and_then(Supervision::from_code);
        case.sentence_months = self.sentence_months;
        case.risk = self.risk_of_serious_harm.as_deref().and_then(RiskOfSeriousHarm::from_code);
        case.category = self.mappa_category.as_deref().and_then(MappaCategory::from_code);
        case.level = self.mappa_level.as_deref().and_then(MappaLevel::from_code);
        for (given, is_known, code, field) in [
            (&self.risk_of_serious_harm, case.risk.is_some(), "ROSH_UNKNOWN", "riskOfSeriousHarm"),
            (&self.mappa_category, case.category.is_some(), "CATEGORY_UNKNOWN", "mappaCategory"),
            (&self.mappa_level, case.level.is_some(), "LEVEL_UNKNOWN", "mappaLevel"),
        ] {
            if given.is_some() && !is_known {
                faults.push((code, field));
            }
        }
        case.registered = self.registered_sexual_offender;
        // At most two decimals are given, so that rounding only undoes the binary fraction.
        case.rsr_hundredths = self.rsr_percent.map(|percent| (percent * 100.0).round() as i32);
        case.escalation = self.escalation.as_deref().and_then(Escalation::from_code);
        case.nps_earlier = self.managed_by_nps_earlier_in_sentence;
        case.deportation = self.liable_to_deportation;
        case.terrorism = self.terrorism;
        case.public_interest = self.public_interest;
        case.most_serious = self.most_serious_offence;
        let mut places = Places {
            residence: self.residence.as_ref().and_then(|residence| match residence {
                ResidenceText::Place(place) => Some(ResidenceAsked::At(place.into())),
                ResidenceText::UsuallyFoundIn(place) => Some(ResidenceAsked::UsuallyFoundIn(place.into())),
                ResidenceText::NoFixedAbode(true) => Some(ResidenceAsked::NoFixedAbode),
                ResidenceText::NoFixedAbode(false) => None,
            }),
            sentenced_in: self.sentenced_in.as_ref().map(Place::from),
            at_court: self.at_court.as_ref().map(Place::from),
            ..Places::default()
        };
        if let Some(transfer) = &self.transfer {
            places.transfer_from = transfer.from.as_ref().map(Place::from);
            places.transfer_to = Some((&transfer.to).into());
            let state = transfer.state.as_deref().and_then(TransferState::from_code);
            case.transfer = Some(Transfer { from: None, to: crate::domain::case::Place::Unknown, state });
        }
        (case, places, faults)
    }

    fn differences(&self, directory: &Directory, tables: &Tables) -> Vec<String> {
        let mut differences = Vec::new();
        let (case, places, mut found) = self.read();
        let route = directory.view(case.on, case.calendar).route(tables, case, &places);
        if found.is_empty() {
            self.compare(directory, tables, &route, &mut differences);
        } else {
            // A day or a fact that cannot be read leaves nothing to decide; what else is refused is still told.
            found.extend(
                route
                    .decision
                    .problems
                    .iter()
                    .filter(|_| route.decision.outcome == Outcome::Refused)
                    .map(|problem| (problem.code, problem.field)),
            );
            compare(&mut differences, "outcome", Some(self.expect.outcome.as_str()), "REFUSED");
            self.compare_problems(&mut differences, &found);
        }
        differences
    }

    fn compare(&self, directory: &Directory, tables: &Tables, route: &Route, differences: &mut Vec<String>) {
        let expect = &self.expect;
        let decision = &route.decision;
        compare(differences, "outcome", Some(expect.outcome.as_str()), outcome_code(decision.outcome));
        let view = directory.view(route.case.on, route.case.calendar);
        let text = |body: &NamedBody| -> String {
            let name = body.body.map(|_| body.name.as_str());
            body_text(role_code(body.role), name)
        };
        let wanted = |body: &BodyText| body_text(&body.kind, body.name.as_deref());
        let manager = route.manager.as_ref().map(text).unwrap_or_default();
        compare(differences, "manager", expect.manager.as_ref().map(wanted), manager);
        let rule = |finding: &Option<crate::domain::routing::decide::Finding>| {
            finding.as_ref().map_or("", |finding| finding.rule).to_owned()
        };
        compare(differences, "decidedBy", expect.decided_by.clone(), rule(&decision.decided_by));
        compare(differences, "placedBy", expect.placed_by.clone(), rule(&decision.placed_by));
        let area = route.area.map(|id| directory.body(id).identity.slug.clone()).unwrap_or_default();
        compare(differences, "area", expect.area.clone(), area.clone());
        let ids = |findings: &[crate::domain::routing::decide::Finding]| {
            findings.iter().map(|finding| finding.rule.to_owned()).collect::<Vec<_>>()
        };
        compare(differences, "alsoHolds", expect.also_holds.clone(), ids(&decision.also_holds));
        let warned = ids(&decision.warnings);
        for id in expect.warnings.iter().flatten().filter(|id| !warned.contains(id)) {
            differences.push(format!("a warning of {id} is expected, and there are {warned:?}"));
        }
        let problems: Vec<(&str, &str)> =
            decision.problems.iter().map(|problem| (problem.code, problem.field)).collect();
        self.compare_problems(differences, &problems);
        if let Some(pending) = &expect.pending {
            let kind = match decision.pending.map(|pending| pending.kind) {
                Some(PendingKind::Escalation) => "ESCALATION",
                Some(PendingKind::Transfer) => "TRANSFER",
                None => "none",
            };
            compare(differences, "pending.kind", Some(pending.kind.as_str()), kind);
            let to = route.pending.as_ref().map(text).unwrap_or_default();
            compare(differences, "pending.to", Some(wanted(&pending.to)), to);
        }
        if decision.manager.is_none() {
            return;
        }
        let duties = Duties::of(&tables.duties, &route.case, decision);
        let of = |duty: Duty| -> Vec<String> {
            duties.bodies(duty).into_iter().map(|manager| text(&view.body_of(route, manager))).collect()
        };
        for (field, wanted_body, duty) in [
            ("courtAdvice", &expect.court_advice, Duty::CourtAdvice),
            ("initialAssessment", &expect.initial_assessment, Duty::InitialAssessment),
            ("allocation", &expect.allocation, Duty::Allocation),
            ("escalationReview", &expect.escalation_review, Duty::EscalationReview),
            ("enforcement", &expect.enforcement, Duty::Enforcement),
        ] {
            compare(differences, field, wanted_body.as_ref().map(|body| vec![wanted(body)]), of(duty));
        }
        let interventions =
            expect.interventions.as_ref().map(|bodies| bodies.iter().map(wanted).collect::<Vec<_>>());
        compare(differences, "interventions", interventions, of(Duty::Interventions));
        let lead = duties.lead_agency().map_or("", lead_agency_code);
        compare(differences, "leadAgency", expect.lead_agency.as_deref(), lead);
        compare(differences, "meeting", expect.meeting.as_deref(), duties.meeting().map_or("", meeting_code));
        let board =
            duties.board().map(|area| directory.body(view.area_of_key(area.key)).identity.slug.clone());
        compare(differences, "board", expect.board.clone(), board.unwrap_or_default());
        compare(differences, "inWords", expect.in_words.clone(), duties.in_words());
    }

    fn compare_problems(&self, differences: &mut Vec<String>, found: &[(&str, &str)]) {
        let Some(expected) = &self.expect.problems else { return };
        let mut left: Vec<&(&str, &str)> = found.iter().collect();
        for problem in expected {
            let at = left.iter().position(|(code, field)| {
                *code == problem.code && problem.field.as_deref().is_none_or(|wanted| wanted == *field)
            });
            match at {
                Some(at) => {
                    left.remove(at);
                }
                None => {
                    differences.push(format!("problem {} is expected, and there are {found:?}", problem.code))
                }
            }
        }
        if !left.is_empty() {
            differences.push(format!("problems that are not expected: {left:?}"));
        }
    }
}

fn compare<T: PartialEq<F> + std::fmt::Debug, F: std::fmt::Debug>(
    differences: &mut Vec<String>,
    what: &str,
    expected: Option<T>,
    found: F,
) {
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        differences.push(format!("{what} should be {expected:?} and is {found:?}"));
    }
}

fn body_text(kind: &str, name: Option<&str>) -> String {
    name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}

/// The code of the agency that leads.
pub fn lead_agency_code(agency: LeadAgency) -> &'static str {
    match agency {
        LeadAgency::Police => "POLICE",
        LeadAgency::Probation => "PROBATION",
        LeadAgency::YouthOffendingTeam => "YOUTH_OFFENDING_TEAM",
        LeadAgency::Health => "HEALTH",
    }
}

/// The code of a meeting.
pub fn meeting_code(meeting: Meeting) -> &'static str {
    match meeting {
        Meeting::None => "NONE",
        Meeting::Level2 => "LEVEL_2",
        Meeting::Level3 => "LEVEL_3",
    }
}

/// The code of an outcome.
pub fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Managed => "MANAGED",
        Outcome::NotSupervised => "NOT_SUPERVISED",
        Outcome::NeedsFacts => "NEEDS_FACTS",
        Outcome::NotRecorded => "NOT_RECORDED",
        Outcome::Refused => "REFUSED",
    }
}

/// The code of a kind of body.
pub fn role_code(role: BodyRole) -> &'static str {
    match role {
        BodyRole::Trust => "PROBATION_TRUST",
        BodyRole::Division => "NPS_DIVISION",
        BodyRole::Company => "CRC",
        BodyRole::Police => "POLICE_FORCE",
        BodyRole::YouthOffendingTeam => "YOUTH_OFFENDING_TEAM",
        BodyRole::HealthService => "HEALTH_SERVICE",
    }
}
