//! The answer to "who manages this case, and why".

use super::area::MappaArea;
use super::board::Board;
use super::body::BodyAt;
use super::case::{CaseInput, MappaLevel};
use super::common::{Basis, CalendarName};
use super::directory::int;
use super::organisations::OrganisationValue;
use super::place::{Problem, candidates_of};
use super::rule::{Finding, Rule, Severity};
use crate::actions::routing_examples::Examples;
use crate::directory::route::{NamedBody, Route};
use crate::directory::view::Moment;
use crate::domain::calendar::{UNIFICATION, in_window};
use crate::domain::events::ChangeEvent as Event;
use crate::domain::organisation::BodyKind;
use crate::domain::routing::alternatives::alternatives;
use crate::domain::routing::decide::{Manager, Outcome, PendingKind};
use crate::domain::routing::duties::{Duties, Duty, LeadAgency as Lead, Meeting, advice};
use crate::domain::routing::rule::{BodyRole, Rule as Row};
use crate::domain::routing::{RULES_VERSION, Tables};
use crate::graphql::context::{At, Context};
use crate::graphql::plan::Planned;
use crate::graphql::scalar::{LocalDate, Scalar};
use juniper::{GraphQLEnum, GraphQLObject, graphql_object};
use std::sync::{LazyLock, OnceLock};

/// The tables in force, with their rules and examples.
pub struct Routing {
    /// The tables.
    pub tables: Tables,
    rules: Vec<Row>,
    examples: Examples,
}

/// What every request is routed by.
pub static ROUTING: LazyLock<Routing> = LazyLock::new(|| {
    let tables = Tables::default();
    // The bench is part of the program and tested: without it rules would only lack their examples.
    Routing { rules: tables.rules(), tables, examples: Examples::built_in().unwrap_or_default() }
});

impl Routing {
    /// Every rule in the order of the tables.
    pub fn rules(&self) -> &[Row] {
        &self.rules
    }

    /// Examples of a rule.
    pub fn examples(&self, id: &str) -> &[String] {
        self.examples.of(id)
    }
}

/// What becomes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum RoutingOutcome {
    /// Somebody manages it.
    Managed,
    /// Nobody supervises.
    NotSupervised,
    /// Facts are missing on which the manager hangs.
    NeedsFacts,
    /// Not recorded for the day.
    NotRecorded,
    /// The facts were refused.
    Refused,
}

impl From<Outcome> for RoutingOutcome {
    fn from(outcome: Outcome) -> RoutingOutcome {
        match outcome {
            Outcome::Managed => RoutingOutcome::Managed,
            Outcome::NotSupervised => RoutingOutcome::NotSupervised,
            Outcome::NeedsFacts => RoutingOutcome::NeedsFacts,
            Outcome::NotRecorded => RoutingOutcome::NotRecorded,
            Outcome::Refused => RoutingOutcome::Refused,
        }
    }
}

/// A kind of body that manages a case or has a duty in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum ManagingBodyKind {
    /// A probation trust.
    ProbationTrust,
    /// A division of the National Probation Service.
    NpsDivision,
    /// A community rehabilitation company.
    Crc,
    /// A police force.
    PoliceForce,
    /// A youth offending team.
    YouthOffendingTeam,
    /// A mental health service.
    HealthService,
}

/// How much is known of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum BodyPrecision {
    /// The organisation is known by name.
    Named,
    /// Only its kind is known; the name is in words.
    KindOnly,
}

/// A body that manages a case or has a duty in it.
#[derive(Clone)]
pub struct ManagingBody {
    at: At,
    body: NamedBody,
}

/// A body that manages a case or has a duty in it.
#[graphql_object(scalar = Scalar, context = Context)]
impl ManagingBody {
    /// What kind of body.
    pub fn kind(&self) -> ManagingBodyKind {
        match self.body.role {
            BodyRole::Trust => ManagingBodyKind::ProbationTrust,
            BodyRole::Division => ManagingBodyKind::NpsDivision,
            BodyRole::Company => ManagingBodyKind::Crc,
            BodyRole::Police => ManagingBodyKind::PoliceForce,
            BodyRole::YouthOffendingTeam => ManagingBodyKind::YouthOffendingTeam,
            BodyRole::HealthService => ManagingBodyKind::HealthService,
        }
    }

    /// Its name, a trust's in full; words for the kind where only that is known.
    pub fn name(&self) -> &str {
        &self.body.name
    }

    /// How much is known of it.
    pub fn precision(&self) -> BodyPrecision {
        if self.body.body.is_some() { BodyPrecision::Named } else { BodyPrecision::KindOnly }
    }

    /// The organisation; null where only the kind is known.
    pub fn organisation(&self, context: &Context) -> Option<Planned<OrganisationValue>> {
        OrganisationValue::of(context, BodyAt::new(self.at, self.body.body?)).map(Planned)
    }

    /// Its role mailbox on the day; null where only the kind is known, or none is recorded. The organisation has all.
    pub fn contact<'c>(&self, context: &'c Context) -> Option<&'c str> {
        let mailboxes = context.view(self.at).mailboxes(self.body.body?);
        mailboxes.first().map(|row| row.value.address.as_str())
    }
}

/// What kind of move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum PendingMoveKind {
    /// From the company to the NPS.
    Escalation,
    /// To another area.
    Transfer,
}

/// A move that is not decided yet.
#[derive(Clone, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct PendingMove {
    /// Who would manage.
    pub to: ManagingBody,
    /// The rule that says so.
    pub decided_by: Option<Rule>,
    /// What kind of move.
    pub kind: PendingMoveKind,
}

/// Which agency leads a MAPPA case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum MappaMeeting {
    /// None: ordinary agency management.
    None,
    /// A meeting of the agencies involved.
    #[graphql(name = "LEVEL_2")]
    Level2,
    /// A meeting with senior staff who can commit resources.
    #[graphql(name = "LEVEL_3")]
    Level3,
}

/// The arrangements for a MAPPA-eligible offender.
#[derive(Clone, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct MappaArrangements {
    /// The board of the area that counts.
    pub board: Option<Board>,
    /// The agency that leads.
    pub lead_agency: LeadAgency,
    /// The level; null for category 3 where none was given.
    pub level: Option<MappaLevel>,
    /// The meeting; null where the level is.
    pub meeting: Option<MappaMeeting>,
    /// Who chairs the meeting, in words; null where there is none.
    pub chair: Option<String>,
    /// Who identifies the offender, in words.
    pub identification: Option<String>,
    /// Who shares information, in words.
    pub information_sharing: Option<String>,
    /// Who may refer the case to a higher level, in words.
    pub referral: Option<String>,
}

/// The change of one fact.
#[derive(Clone, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct FactChange {
    /// The field that changes.
    pub field: String,
    /// Its value in the case; null where it is absent.
    pub from: Option<String>,
    /// The value that it changes to.
    pub to: String,
}

/// The change of one fact that would send the case elsewhere.
#[derive(Clone, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Alternative {
    /// The change.
    pub change: FactChange,
    /// The outcome that would follow.
    pub outcome: RoutingOutcome,
    /// Who would manage.
    pub manager: Option<ManagingBody>,
    /// The rule that would decide.
    pub decided_by: Option<Rule>,
}

/// A day on which who manages, or how, changed for everybody.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangeEvent {
    /// Stable key.
    pub slug: String,
    /// The day, on the calendar asked for.
    pub on: LocalDate,
    /// What happened.
    pub title: String,
    /// Who says so.
    pub source: String,
    /// Standing of that source.
    pub basis: Basis,
}

/// Who manages a case, and why.
pub struct RoutingAnswer {
    index: usize,
    at: At,
    route: Route,
    events: Vec<&'static Event>,
    /// What else is answered of the case, worked out when the first of it is asked for.
    duties: OnceLock<Duties>,
}

impl RoutingAnswer {
    /// Decides a case.
    pub fn find(context: &Context, known: Option<i64>, index: usize, input: CaseInput) -> RoutingAnswer {
        let (case, places) = input.read();
        let at = At { on: case.on, calendar: case.calendar, known };
        let route = context.view(at).route(&context.routing.tables, case, &places);
        RoutingAnswer { index, at, route, events: Vec::new(), duties: OnceLock::new() }
    }

    /// The same answer with the events since the one before.
    pub fn after(self, events: Vec<&'static Event>) -> RoutingAnswer {
        RoutingAnswer { events, ..self }
    }

    fn named(&self, context: &Context, manager: Manager) -> ManagingBody {
        ManagingBody { at: self.at, body: context.view(self.at).body_of(&self.route, manager) }
    }

    fn duties(&self, context: &Context) -> &Duties {
        let table = &context.routing.tables.duties;
        self.duties.get_or_init(|| Duties::of(table, &self.route.case, &self.route.decision))
    }

    fn duty(&self, context: &Context, duty: Duty) -> Vec<ManagingBody> {
        let bodies = self.duties(context).bodies(duty).into_iter();
        bodies.map(|manager| self.named(context, manager)).collect()
    }
}

/// Who manages a case, and why. The NPS allocates; this is advice.
#[graphql_object(scalar = Scalar, context = Context)]
impl RoutingAnswer {
    /// Position in the request, from 0.
    pub fn index(&self) -> i32 {
        int(self.index)
    }

    /// The day that the answer is for.
    pub fn on(&self) -> LocalDate {
        LocalDate(self.at.on)
    }

    /// The calendar that it is read on.
    pub fn calendar(&self) -> CalendarName {
        self.at.calendar.into()
    }

    /// Version of the directory that the answer was made from.
    pub fn directory_version(&self, context: &Context) -> i32 {
        int(context.directory().version())
    }

    /// Version whose knowledge the answer shows.
    pub fn known_version(&self, context: &Context) -> i32 {
        int(self.at.known.unwrap_or_else(|| context.directory().version()))
    }

    /// Version of the rules.
    pub fn rules_version() -> &'static str {
        RULES_VERSION
    }

    /// What becomes of the case.
    pub fn outcome(&self) -> RoutingOutcome {
        self.route.decision.outcome.into()
    }

    /// Whose decision it is, who would manage, and by which rule, in sentences.
    pub fn explanation(&self) -> String {
        let decision = &self.route.decision;
        let whose = advice(&self.route.case, decision.manager);
        let who = match &self.route.manager {
            Some(body) => format!(" {} manages", body.in_words()),
            None => format!(" Outcome: {}", crate::actions::run_cases::outcome_code(decision.outcome)),
        };
        let why = decision
            .decided_by
            .as_ref()
            .map_or_else(String::new, |f| format!(", by {}: {}", f.rule, f.because));
        format!("{whose}{who}{why}.")
    }

    /// Who manages; null where nobody does or that is not decided.
    pub fn manager(&self) -> Option<ManagingBody> {
        self.route.manager.clone().map(|body| ManagingBody { at: self.at, body })
    }

    /// A move that is not decided yet.
    pub fn pending(&self, context: &Context) -> Option<PendingMove> {
        let pending = self.route.decision.pending?;
        Some(PendingMove {
            to: self.named(context, pending.to),
            decided_by: Rule::named(context, pending.rule),
            kind: match pending.kind {
                PendingKind::Escalation => PendingMoveKind::Escalation,
                PendingKind::Transfer => PendingMoveKind::Transfer,
            },
        })
    }

    /// The area that counts for the case; null where it is not known or the facts were refused.
    pub fn mappa_area(&self) -> Option<Planned<MappaArea>> {
        let is_refused = self.route.decision.outcome == Outcome::Refused;
        self.route.area.filter(|_| !is_refused).map(|id| Planned(MappaArea(BodyAt::new(self.at, id))))
    }

    /// The MAPPA arrangements; null for a person who is not eligible, and where that is not decided.
    pub fn mappa(&self, context: &Context) -> Option<MappaArrangements> {
        let duties = self.duties(context);
        let lead = duties.lead_agency()?;
        let level = self.route.decision.facts?.level;
        let area = duties.board().map(|area| context.view(self.at).area_of_key(area.key));
        Some(MappaArrangements {
            board: area.map(|area| Board { at: self.at, area }),
            lead_agency: match lead {
                Lead::Police => LeadAgency::Police,
                Lead::Probation => LeadAgency::Probation,
                Lead::YouthOffendingTeam => LeadAgency::YouthOffendingTeam,
                Lead::Health => LeadAgency::Health,
            },
            level: level.map(Into::into),
            meeting: duties.meeting().map(|meeting| match meeting {
                Meeting::None => MappaMeeting::None,
                Meeting::Level2 => MappaMeeting::Level2,
                Meeting::Level3 => MappaMeeting::Level3,
            }),
            chair: duties.words(Duty::Chair),
            identification: duties.words(Duty::Identification),
            information_sharing: duties.words(Duty::InformationSharing),
            referral: duties.words(Duty::Referral),
        })
    }

    /// Who advises the court; null where the case is not before one.
    pub fn court_advice(&self, context: &Context) -> Option<ManagingBody> {
        self.duty(context, Duty::CourtAdvice).into_iter().next()
    }

    /// Who assesses at the outset; null where the case is not before a court.
    pub fn initial_assessment(&self, context: &Context) -> Option<ManagingBody> {
        self.duty(context, Duty::InitialAssessment).into_iter().next()
    }

    /// Who allocates the case.
    pub fn allocation(&self, context: &Context) -> Option<ManagingBody> {
        self.duty(context, Duty::Allocation).into_iter().next()
    }

    /// Who decides on an escalation; null where no company manages.
    pub fn escalation_review(&self, context: &Context) -> Option<ManagingBody> {
        self.duty(context, Duty::EscalationReview).into_iter().next()
    }

    /// Who acts on a breach, and on recall; recall itself is the Secretary of State's decision.
    pub fn enforcement(&self, context: &Context) -> Option<ManagingBody> {
        self.duty(context, Duty::Enforcement).into_iter().next()
    }

    /// Who delivers interventions. At most 3.
    pub fn interventions(&self, context: &Context) -> Vec<ManagingBody> {
        self.duty(context, Duty::Interventions)
    }

    /// The rule that decides or, where facts are missing, the first whose verdict is open.
    pub fn decided_by(&self, context: &Context) -> Option<Finding> {
        self.route.decision.decided_by.as_ref().map(|found| Finding::of(context, found, Severity::Note))
    }

    /// The rule that says which area counts.
    pub fn placed_by(&self, context: &Context) -> Option<Finding> {
        self.route.decision.placed_by.as_ref().map(|found| Finding::of(context, found, Severity::Note))
    }

    /// Later rules with the same destination that also hold: why the case stays if one falls away. At most 20.
    pub fn also_holds(&self, context: &Context) -> Planned<Vec<Finding>> {
        self.route
            .decision
            .also_holds
            .iter()
            .map(|found| Finding::of(context, found, Severity::Note))
            .collect()
    }

    /// Every rule of the manager table, in its order. At most 50.
    pub fn considered(&self, context: &Context) -> Planned<Vec<Finding>> {
        self.route
            .decision
            .considered
            .iter()
            .map(|found| Finding::of(context, found, Severity::Note))
            .collect()
    }

    /// What a reader should be warned of. At most 20.
    pub fn warnings(&self, context: &Context) -> Planned<Vec<Finding>> {
        self.route
            .decision
            .warnings
            .iter()
            .map(|found| Finding::of(context, found, Severity::Warning))
            .collect()
    }

    /// Every single change of a fact that would send the case elsewhere. At most 100.
    pub fn alternatives(&self, context: &Context) -> Planned<Vec<Alternative>> {
        let decision = &self.route.decision;
        if decision.outcome == Outcome::Refused {
            return Planned(Vec::new());
        }
        let found = alternatives(&context.routing.tables, &self.route.case, decision).into_iter();
        found
            .map(|alternative| Alternative {
                manager: alternative.manager.map(|manager| self.named(context, manager)),
                change: FactChange {
                    field: alternative.field.to_owned(),
                    from: alternative.from,
                    to: alternative.to,
                },
                outcome: alternative.outcome.into(),
                decided_by: alternative.decided_by.and_then(|id| Rule::named(context, id)),
            })
            .collect()
    }

    /// Refusals and missing facts, each with the field at fault. At most 50.
    pub fn problems(&self, context: &Context) -> Planned<Vec<Problem>> {
        let successor = || -> Option<String> {
            let area = match self.route.case.residence? {
                crate::domain::case::Residence::At(place)
                | crate::domain::case::Residence::UsuallyFoundIn(place) => place.area()?,
                crate::domain::case::Residence::NoFixedAbode => return None,
            };
            (self.at.on >= UNIFICATION).then_some(())?;
            let view = context.directory().at(Moment {
                known: context.directory().version(),
                on: self.at.on,
                calendar: self.at.calendar,
            });
            let id = view.area_of_key(area.key);
            let (region, _) = view.covering(id, BodyKind::ProbationRegion)?;
            Some(format!(" From that day the region {} is in charge there.", view.plain_name(region)))
        };
        let problems = self.route.decision.problems.iter();
        problems
            .map(|problem| {
                let mut message = problem.message.to_owned();
                if problem.code == "DATE_OUT_OF_SCOPE" {
                    message.push_str(&successor().unwrap_or_default());
                }
                Problem {
                    code: super::place::ProblemCode::of(problem.code),
                    message,
                    field: problem.field.to_owned(),
                    remedy: remedy(problem.code).to_owned(),
                    candidates: candidates_of(self.at, &self.route.place_faults, problem.field),
                    rule: Rule::named(context, problem.rule),
                }
            })
            .collect()
    }

    /// Whether outcome, manager or deciding rule differ on the other calendar; null outside April and May 2014.
    pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
        in_window(self.at.on).then(|| {
            let other = crate::domain::case::Case { calendar: self.at.calendar.other(), ..self.route.case };
            let decision = crate::domain::routing::decide::decide(&context.routing.tables, &other);
            let rule = |decision: &crate::domain::routing::decide::Decision| {
                decision.decided_by.as_ref().map(|f| f.rule)
            };
            decision.outcome != self.route.decision.outcome
                || decision.manager != self.route.decision.manager
                || rule(&decision) != rule(&self.route.decision)
        })
    }

    /// Events between the day before in the request and this one; `compareRouting` only. At most 20.
    pub fn events_since_previous(&self) -> Vec<ChangeEvent> {
        let event = |event: &&'static Event| ChangeEvent {
            slug: event.slug.to_owned(),
            on: LocalDate(event.day(self.at.calendar)),
            title: event.title.to_owned(),
            source: event.source.to_owned(),
            basis: event.basis.into(),
        };
        self.events.iter().map(event).collect()
    }
}

fn remedy(code: &str) -> &'static str {
    match code {
        "FACT_MISSING" => "give the fact",
        "CATEGORY_2_BASIS_UNCLEAR" => "say under what the person is supervised, or correct the category",
        "AREA_UNKNOWN" => "check the spelling, or give the ONS code of the local authority",
        "AREA_AMBIGUOUS" => "choose one of the candidates",
        "DATE_OUT_OF_SCOPE" => "give a day from 2001-04-01 to 2021-06-25",
        _ => "correct the fact as the message says",
    }
}
