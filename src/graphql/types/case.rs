//! The facts of a case as clients give them. No name, no free text: places, days, numbers and codes only.

use super::common::CalendarName;
use super::place::PlaceInput;
use crate::directory::lookup::Place;
use crate::directory::route::{Places, ResidenceAsked};
use crate::domain::calendar::Calendar;
use crate::domain::case as facts;
use crate::graphql::scalar::{LocalDate, Scalar, read_as_input};
use juniper::{GraphQLEnum, GraphQLInputObject};
use serde::Deserialize;
use std::fmt;

/// Declares the schema's enum of a fact.
macro_rules! fact {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $value_doc:literal])+ $value:ident),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, GraphQLEnum)]
        #[graphql(scalar = Scalar)]
        #[allow(clippy::enum_variant_names, reason = "the values are the field's own terms")]
        pub enum $name { $($(#[doc = $value_doc])+ $value),+ }

        impl From<$name> for facts::$name {
            fn from(value: $name) -> facts::$name {
                match value { $($name::$value => facts::$name::$value),+ }
            }
        }
    };
}

fact! {
    /// How far a transfer has come.
    TransferState {
        /// Asked for; the receiving area has not accepted.
        Requested,
        /// The receiving area has accepted.
        Accepted,
    }
}

fact! {
    /// Under what somebody is supervised.
    Supervision {
        /// A community order.
        CommunityOrder,
        /// A suspended sentence order.
        SuspendedSentenceOrder,
        /// A deferred sentence.
        DeferredSentence,
        /// A sentence being served in custody.
        Custody,
        /// A licence after release.
        Licence,
        /// Post-sentence supervision after a licence.
        PostSentenceSupervision,
        /// A hospital order.
        HospitalOrder,
        /// A guardianship order.
        GuardianshipOrder,
        /// No supervision and no order.
        None,
    }
}

fact! {
    /// The assessed risk of serious harm.
    RiskOfSeriousHarm {
        /// Low.
        Low,
        /// Medium.
        Medium,
        /// High.
        High,
        /// Very high.
        VeryHigh,
    }
}

/// The MAPPA category.
#[derive(Clone, Copy, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum MappaCategory {
    /// Not eligible.
    NotEligible,
    /// Registered sexual offenders.
    #[graphql(name = "CATEGORY_1")]
    Category1,
    /// In the main, violent offenders sentenced to 12 months or more.
    #[graphql(name = "CATEGORY_2")]
    Category2,
    /// Other dangerous offenders.
    #[graphql(name = "CATEGORY_3")]
    Category3,
}

impl From<MappaCategory> for facts::MappaCategory {
    fn from(value: MappaCategory) -> facts::MappaCategory {
        match value {
            MappaCategory::NotEligible => facts::MappaCategory::NotEligible,
            MappaCategory::Category1 => facts::MappaCategory::Category1,
            MappaCategory::Category2 => facts::MappaCategory::Category2,
            MappaCategory::Category3 => facts::MappaCategory::Category3,
        }
    }
}

/// The MAPPA level.
#[derive(Clone, Copy, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum MappaLevel {
    /// Ordinary agency management.
    #[graphql(name = "LEVEL_1")]
    Level1,
    /// Active involvement of more than one agency.
    #[graphql(name = "LEVEL_2")]
    Level2,
    /// Senior oversight.
    #[graphql(name = "LEVEL_3")]
    Level3,
}

impl From<MappaLevel> for facts::MappaLevel {
    fn from(value: MappaLevel) -> facts::MappaLevel {
        match value {
            MappaLevel::Level1 => facts::MappaLevel::Level1,
            MappaLevel::Level2 => facts::MappaLevel::Level2,
            MappaLevel::Level3 => facts::MappaLevel::Level3,
        }
    }
}

impl From<facts::MappaLevel> for MappaLevel {
    fn from(value: facts::MappaLevel) -> MappaLevel {
        match value {
            facts::MappaLevel::Level1 => MappaLevel::Level1,
            facts::MappaLevel::Level2 => MappaLevel::Level2,
            facts::MappaLevel::Level3 => MappaLevel::Level3,
        }
    }
}

fact! {
    /// How far an escalation of risk from a company to the NPS has come.
    Escalation {
        /// None.
        None,
        /// Referred by the company, not yet decided.
        Referred,
        /// Accepted by the NPS.
        Accepted,
        /// Rejected by the NPS.
        Rejected,
    }
}

read_as_input!(Escalation, MappaCategory, MappaLevel, RiskOfSeriousHarm, Supervision, TransferState,);

/// Where somebody lives. Exactly one of these.
#[derive(Clone, GraphQLInputObject, Deserialize)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "ResidenceInput", scalar = Scalar)]
pub enum ResidenceInput {
    /// At an address in this place.
    Place(PlaceInput),
    /// At no address, but usually found here.
    UsuallyFoundIn(PlaceInput),
    /// At no address; false says nothing.
    NoFixedAbode(bool),
}

/// A move to another area.
#[derive(Clone, GraphQLInputObject, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(scalar = Scalar)]
pub struct TransferInput {
    /// The area that is left; needed where the residence is already the new address.
    from: Option<PlaceInput>,
    /// The area that is moved to.
    to: PlaceInput,
    /// How far it has come.
    state: Option<TransferState>,
}

/// The facts of a case, never about a named person. What is absent is asked for where the manager hangs on it
/// (residence, age, supervision, MAPPA category, risk), derived (level 1; registration and category 1 from each
/// other), or presumed absent with a warning (everything else).
#[derive(Clone, GraphQLInputObject, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(scalar = Scalar)]
pub struct CaseInput {
    /// The day asked about; never today by default.
    on: LocalDate,
    /// The calendar on which it is read; PUBLISHED where absent.
    calendar: Option<CalendarName>,
    /// Where the person lives.
    residence: Option<ResidenceInput>,
    /// The area of the sentencing court; read where there is no fixed abode.
    sentenced_in: Option<PlaceInput>,
    /// The court before which the case now is: sets who advises, assesses and allocates.
    at_court: Option<PlaceInput>,
    /// A move to another area.
    transfer: Option<TransferInput>,
    /// Age in years on the day.
    age: Option<i32>,
    /// Under what the person is supervised.
    supervision: Option<Supervision>,
    /// Length of the sentence, in months.
    sentence_months: Option<i32>,
    /// The assessed risk of serious harm.
    risk_of_serious_harm: Option<RiskOfSeriousHarm>,
    /// The MAPPA category.
    mappa_category: Option<MappaCategory>,
    /// The MAPPA level.
    mappa_level: Option<MappaLevel>,
    /// Whether the person is a registered sexual offender.
    registered_sexual_offender: Option<bool>,
    /// The risk of serious recidivism, in per cent with at most two decimals.
    rsr_percent: Option<f64>,
    /// How far an escalation has come.
    escalation: Option<Escalation>,
    /// Whether the NPS managed the case earlier in this sentence.
    managed_by_nps_earlier_in_sentence: Option<bool>,
    /// Whether the person is liable to deportation.
    liable_to_deportation: Option<bool>,
    /// Whether it is a terrorism or extremism case.
    terrorism: Option<bool>,
    /// Whether it is a public interest case.
    public_interest: Option<bool>,
    /// Whether the offence is one of the most serious.
    most_serious_offence: Option<bool>,
}

impl fmt::Debug for CaseInput {
    /// Never shows a value of a case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseInput")
    }
}

impl CaseInput {
    /// The same facts on another day.
    pub fn at(self, on: LocalDate) -> CaseInput {
        CaseInput { on, ..self }
    }

    /// The calendar on which it is read.
    pub fn calendar(&self) -> Calendar {
        self.calendar.map_or_else(Calendar::default, Calendar::from)
    }

    /// The case with its places still to be looked up. A score with more than two decimals is out of range.
    pub fn read(self) -> (facts::Case, Places) {
        let mut case = facts::Case::on(self.on.0, self.calendar());
        case.age = self.age;
        case.supervision = self.supervision.map(Into::into);
        case.sentence_months = self.sentence_months;
        case.risk = self.risk_of_serious_harm.map(Into::into);
        case.category = self.mappa_category.map(Into::into);
        case.level = self.mappa_level.map(Into::into);
        case.registered = self.registered_sexual_offender;
        case.rsr_hundredths = self.rsr_percent.map(hundredths);
        case.escalation = self.escalation.map(Into::into);
        case.nps_earlier = self.managed_by_nps_earlier_in_sentence;
        case.deportation = self.liable_to_deportation;
        case.terrorism = self.terrorism;
        case.public_interest = self.public_interest;
        case.most_serious = self.most_serious_offence;
        let mut places = Places {
            residence: self.residence.and_then(|residence| match residence {
                ResidenceInput::Place(place) => Some(ResidenceAsked::At(place.into())),
                ResidenceInput::UsuallyFoundIn(place) => Some(ResidenceAsked::UsuallyFoundIn(place.into())),
                ResidenceInput::NoFixedAbode(true) => Some(ResidenceAsked::NoFixedAbode),
                ResidenceInput::NoFixedAbode(false) => None,
            }),
            sentenced_in: self.sentenced_in.map(Place::from),
            at_court: self.at_court.map(Place::from),
            ..Places::default()
        };
        if let Some(transfer) = self.transfer {
            places.transfer_from = transfer.from.map(Place::from);
            places.transfer_to = Some(transfer.to.into());
            let state = transfer.state.map(Into::into);
            // The places are looked up and put in by the directory.
            case.transfer = Some(facts::Transfer { from: None, to: facts::Place::NotLookedUp, state });
        }
        (case, places)
    }
}

/// Per cent as whole hundredths; a number that is none, or has more than two decimals, as one out of range.
fn hundredths(percent: f64) -> i32 {
    let scaled = percent * 100.0;
    let is_sound = scaled.is_finite() && (scaled - scaled.round()).abs() < 1e-6 && scaled.abs() < 1e6;
    if is_sound { scaled.round() as i32 } else { -1 }
}
