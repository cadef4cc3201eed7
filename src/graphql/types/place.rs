//! Places: how they are asked for, and the answer with everything that covers them.

use super::area::{ContractPackageArea, MappaArea, RecordState, company, covering};
use super::authority::LocalAuthority;
use super::body::BodyAt;
use super::common::CalendarName;
use super::directory::int;
use super::organisations::{
    CommunityRehabilitationCompany, NpsDivision, OrganisationValue, PoliceForce, ProbationRegion,
    ProbationTrust,
};
use super::rule::Rule;
use crate::directory::lookup::{Candidate, LONGEST_TEXT, Located, Place, PlaceFault, Precision};
use crate::directory::view::InCharge;
use crate::domain::calendar::FIRST_DAY;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::{At, Context};
use crate::graphql::plan::Planned;
use crate::graphql::scalar::{LocalDate, Scalar};
use juniper::{GraphQLEnum, GraphQLInputObject, GraphQLObject, graphql_object};
use serde::Deserialize;

/// A place. Exactly one of these.
#[derive(Clone, Debug, GraphQLInputObject, Deserialize)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "PlaceInput", scalar = Scalar)]
pub enum PlaceInput {
    /// Slug or name of a MAPPA area.
    MappaArea(String),
    /// ONS code or name of a local authority.
    LocalAuthority(String),
    /// Slug or name of a police force.
    PoliceForce(String),
    /// A bare name: tried as area, alias, authority and force, then as trust, division, company or region.
    Name(String),
    /// A code of any scheme that is held.
    Code(CodeInput),
}

/// A code with its scheme.
#[derive(Clone, Debug, GraphQLInputObject, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(scalar = Scalar)]
pub struct CodeInput {
    /// Whose code it is, for example ONS or NDELIUS.
    scheme: String,
    /// The code.
    value: String,
}

impl From<PlaceInput> for Place {
    fn from(input: PlaceInput) -> Place {
        match input {
            PlaceInput::MappaArea(text) => Place::MappaArea(text),
            PlaceInput::LocalAuthority(text) => Place::LocalAuthority(text),
            PlaceInput::PoliceForce(text) => Place::PoliceForce(text),
            PlaceInput::Name(text) => Place::Name(text),
            PlaceInput::Code(CodeInput { scheme, value }) => Place::Code { scheme, value },
        }
    }
}

/// How near a place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(name = "PlacePrecision", scalar = Scalar)]
pub enum PlacePrecision {
    /// The authority or force is known, and with it the area.
    Exact,
    /// Only the area is known.
    Area,
}

/// What keeps a question from being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum ProblemCode {
    /// Nothing of that name or code is held.
    UnknownPlace,
    /// It could be any of the candidates.
    AmbiguousPlace,
    /// It lies outside England and Wales.
    OutOfScope,
    /// No code of that scheme is held.
    UnknownScheme,
    /// Empty, too long, or with control characters.
    BadText,
    /// The day lies outside what is answered for.
    DateOutOfScope,
    /// A case: nothing of that name or code is held.
    AreaUnknown,
    /// A case: the place lies in more than one area.
    AreaAmbiguous,
    /// A case: the place lies outside England and Wales.
    AreaOutOfScope,
    /// A case: the manager hangs on a fact that is absent.
    FactMissing,
    /// A case: category 2 without supervision or order.
    #[graphql(name = "CATEGORY_2_BASIS_UNCLEAR")]
    Category2BasisUnclear,
    /// A case: a level of a person who is not eligible.
    LevelWithoutCategory,
    /// A case: category 3 at level 1.
    #[graphql(name = "CATEGORY3_LEVEL1")]
    Category3Level1,
    /// A case: RSR is no percentage.
    RsrOutOfRange,
    /// A case: the age is out of range.
    AgeOutOfRange,
    /// A case: a registered sexual offender outside category 1.
    #[graphql(name = "RSO_NOT_CATEGORY1")]
    RsoNotCategory1,
    /// A case: category 1 without registration.
    #[graphql(name = "CATEGORY1_NOT_RSO")]
    Category1NotRso,
    /// A case: post-sentence supervision before it began.
    PssBeforeOra,
    /// A case: post-sentence supervision after too long a sentence.
    PssSentenceTooLong,
    /// A case: an escalation before there was anybody to escalate to.
    EscalationBeforeRestructure,
    /// A case: a rejected escalation, and a risk that is still high.
    RoshContradictsReview,
}

impl ProblemCode {
    /// The code of a refusal of the routing tables.
    pub fn of(code: &str) -> ProblemCode {
        match code {
            "DATE_OUT_OF_SCOPE" => ProblemCode::DateOutOfScope,
            "AREA_UNKNOWN" => ProblemCode::AreaUnknown,
            "AREA_AMBIGUOUS" => ProblemCode::AreaAmbiguous,
            "AREA_OUT_OF_SCOPE" => ProblemCode::AreaOutOfScope,
            "CATEGORY_2_BASIS_UNCLEAR" => ProblemCode::Category2BasisUnclear,
            "LEVEL_WITHOUT_CATEGORY" => ProblemCode::LevelWithoutCategory,
            "CATEGORY3_LEVEL1" => ProblemCode::Category3Level1,
            "RSR_OUT_OF_RANGE" => ProblemCode::RsrOutOfRange,
            "AGE_OUT_OF_RANGE" => ProblemCode::AgeOutOfRange,
            "RSO_NOT_CATEGORY1" => ProblemCode::RsoNotCategory1,
            "CATEGORY1_NOT_RSO" => ProblemCode::Category1NotRso,
            "PSS_BEFORE_ORA" => ProblemCode::PssBeforeOra,
            "PSS_SENTENCE_TOO_LONG" => ProblemCode::PssSentenceTooLong,
            "ESCALATION_BEFORE_RESTRUCTURE" => ProblemCode::EscalationBeforeRestructure,
            "ROSH_CONTRADICTS_REVIEW" => ProblemCode::RoshContradictsReview,
            _ => ProblemCode::FactMissing,
        }
    }
}

/// One of several meanings of a place.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct PlaceCandidate {
    /// The area that it would lie in.
    pub mappa_area: MappaArea,
    /// The authority that it could be; null where it is known by area only.
    pub local_authority: Option<LocalAuthority>,
}

/// What keeps a question from being answered, and what would be right.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Problem {
    /// What it is.
    pub code: ProblemCode,
    /// What is wrong, in words.
    pub message: String,
    /// The field at fault, from the input's root.
    pub field: String,
    /// What to do.
    pub remedy: String,
    /// What the place could be, where it is ambiguous. At most 50.
    pub candidates: Vec<PlaceCandidate>,
    /// The rule that says so, of a case; null of a place.
    pub rule: Option<Rule>,
}

/// Where a place lies on a day, and who covers it.
pub struct PlaceAnswer {
    index: usize,
    at: At,
    outcome: Result<Located, Problem>,
}

impl PlaceAnswer {
    /// Looks a place up.
    pub fn find(context: &Context, at: At, index: usize, place: PlaceInput) -> PlaceAnswer {
        let outcome = context.view(at).locate(&place.into()).map_err(|fault| problem(at, fault));
        PlaceAnswer { index, at, outcome }
    }

    fn located(&self) -> Option<&Located> {
        self.outcome.as_ref().ok()
    }

    fn covering(&self, context: &Context, kind: BodyKind) -> Option<BodyAt> {
        covering(context, self.at, self.located()?.area, kind)
    }
}

fn problem(at: At, fault: PlaceFault) -> Problem {
    let (code, field, message, remedy) = match &fault {
        PlaceFault::Unknown { field } => (
            ProblemCode::UnknownPlace,
            *field,
            "No place of that name or code is held.".to_owned(),
            "check the spelling, or ask by the ONS code of the local authority".to_owned(),
        ),
        PlaceFault::Ambiguous { field, .. } => (
            ProblemCode::AmbiguousPlace,
            *field,
            "That could be more than one place.".to_owned(),
            "choose one of the candidates and ask by its slug or ONS code".to_owned(),
        ),
        PlaceFault::OutOfScope { field } => (
            ProblemCode::OutOfScope,
            *field,
            "That place lies outside England and Wales.".to_owned(),
            "ask for a place in England or Wales".to_owned(),
        ),
        PlaceFault::UnknownScheme { held } => (
            ProblemCode::UnknownScheme,
            "code.scheme",
            "No code of that scheme is held.".to_owned(),
            format!("give one of the schemes {}", held.join(", ")),
        ),
        PlaceFault::BadText { field } => (
            ProblemCode::BadText,
            *field,
            "That text cannot be the name or code of a place.".to_owned(),
            format!("give 1 to {LONGEST_TEXT} characters without control characters"),
        ),
        PlaceFault::DayOutOfScope => (
            ProblemCode::DateOutOfScope,
            "on",
            "The directory does not reach back to that day.".to_owned(),
            format!("give a day from {FIRST_DAY}"),
        ),
    };
    let field = if field == "on" { field.to_owned() } else { format!("place.{field}") };
    let candidates = candidates(at, &fault);
    Problem { code, message, field, remedy, candidates, rule: None }
}

fn candidates(at: At, fault: &PlaceFault) -> Vec<PlaceCandidate> {
    let PlaceFault::Ambiguous { candidates, .. } = fault else { return Vec::new() };
    let candidate = |Candidate { area, authority }: &Candidate| PlaceCandidate {
        mappa_area: MappaArea(BodyAt::new(at, *area)),
        local_authority: authority.map(|id| LocalAuthority { at, id }),
    };
    candidates.iter().map(candidate).collect()
}

/// What a place of a case could be, where it is ambiguous.
pub fn candidates_of(at: At, faults: &[(&'static str, PlaceFault)], field: &str) -> Vec<PlaceCandidate> {
    let fault = faults.iter().find(|(of, _)| *of == field);
    fault.map_or_else(Vec::new, |(_, fault)| candidates(at, fault))
}

/// Where a place lies on a day, and who covers it. The fields are null where `problems` says why.
#[graphql_object(scalar = Scalar, context = Context)]
impl PlaceAnswer {
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

    /// Version whose knowledge the answer shows: the newest unless `knownAt` asks for an earlier one.
    pub fn known_version(&self, context: &Context) -> i32 {
        int(self.at.known.unwrap_or_else(|| context.directory().version()))
    }

    /// The MAPPA area.
    pub fn mappa_area(&self) -> Option<Planned<MappaArea>> {
        Some(Planned(MappaArea(BodyAt::new(self.at, self.located()?.area))))
    }

    /// The probation trust whose area it was.
    pub fn probation_trust(&self, context: &Context) -> Option<Planned<ProbationTrust>> {
        self.covering(context, BodyKind::ProbationTrust).map(ProbationTrust).map(Planned)
    }

    /// The division of the National Probation Service.
    pub fn nps_division(&self, context: &Context) -> Option<Planned<NpsDivision>> {
        self.covering(context, BodyKind::NpsDivision).map(NpsDivision).map(Planned)
    }

    /// The contract package area.
    pub fn contract_package_area(&self, context: &Context) -> Option<Planned<ContractPackageArea>> {
        self.covering(context, BodyKind::ContractPackageArea).map(ContractPackageArea).map(Planned)
    }

    /// The community rehabilitation company.
    pub fn crc(&self, context: &Context) -> Option<Planned<CommunityRehabilitationCompany>> {
        company(context, self.at, self.located()?.area).map(Planned)
    }

    /// The region of the unified Probation Service.
    pub fn region(&self, context: &Context) -> Option<Planned<ProbationRegion>> {
        self.covering(context, BodyKind::ProbationRegion).map(ProbationRegion).map(Planned)
    }

    /// The local authority, where the place is one.
    pub fn local_authority(&self) -> Option<Planned<LocalAuthority>> {
        self.located()?.authority.map(|id| Planned(LocalAuthority { at: self.at, id }))
    }

    /// The police force; both of London's where only the area is known. At most 10.
    pub fn police_forces(&self) -> Planned<Vec<PoliceForce>> {
        let Some(located) = self.located() else { return Planned(Vec::new()) };
        let force = |id: &crate::directory::BodyId| {
            PoliceForce(BodyAt { at: self.at, id: *id, area: Some(located.area) })
        };
        located.forces.iter().map(force).collect()
    }

    /// Who is in charge of probation there on the day. At most 3.
    pub fn in_charge(&self, context: &Context) -> Planned<Vec<OrganisationValue>> {
        let Some(located) = self.located() else { return Planned(Vec::new()) };
        match context.view(self.at).in_charge(located.area) {
            InCharge::NotRecorded => Planned(Vec::new()),
            InCharge::Recorded(ids) => ids
                .into_iter()
                .filter_map(|id| {
                    OrganisationValue::of(context, BodyAt { at: self.at, id, area: Some(located.area) })
                })
                .collect(),
        }
    }

    /// Whether it is recorded who is in charge; not before 1 April 2010. Null where the place was not found.
    pub fn in_charge_state(&self, context: &Context) -> Option<RecordState> {
        let located = self.located()?;
        Some(match context.view(self.at).in_charge(located.area) {
            InCharge::NotRecorded => RecordState::NotRecorded,
            InCharge::Recorded(_) => RecordState::Recorded,
        })
    }

    /// How near the place was found; null where it was not.
    pub fn precision(&self) -> Option<PlacePrecision> {
        Some(match self.located()?.precision {
            Precision::Exact => PlacePrecision::Exact,
            Precision::Area => PlacePrecision::Area,
        })
    }

    /// Whether the other calendar names others in charge; null outside April and May 2014.
    pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
        context.view(self.at).other_calendar_differs(self.located()?.area)
    }

    /// Why the place was not found; empty where it was. At most 10.
    pub fn problems(&self) -> Planned<Vec<Problem>> {
        self.outcome.as_ref().err().cloned().into_iter().collect()
    }
}
