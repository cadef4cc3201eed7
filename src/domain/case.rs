//! The facts of a case as they are given: never about a named person, each of them perhaps absent.
//!
//! Codes of the facts' values are those of files and of the schema. `Debug` tells which facts are known, not
//! their values.

use super::calendar::Calendar;
use chrono::NaiveDate;
use std::fmt;

/// An area, by a number that only whoever made it can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AreaKey(pub u32);

/// What routing needs to know of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Which area.
    pub key: AreaKey,
    /// Whether it lies in Wales.
    pub in_wales: bool,
}

/// A place after it was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It lies in one area.
    In(Area),
    /// Nothing of that name or code is held.
    Unknown,
    /// It could lie in more than one area.
    Ambiguous,
    /// It lies outside England and Wales.
    OutOfScope,
    /// It was not looked up, since the directory does not reach the day.
    NotLookedUp,
}

impl Place {
    /// The area, where it is known.
    pub fn area(self) -> Option<Area> {
        match self {
            Place::In(area) => Some(area),
            Place::Unknown | Place::Ambiguous | Place::OutOfScope | Place::NotLookedUp => None,
        }
    }
}

/// Where somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// At an address in this place.
    At(Place),
    /// At no address, but usually found here.
    UsuallyFoundIn(Place),
    /// At no address.
    NoFixedAbode,
}

/// A move to another area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The area that is left; the residence where it is absent.
    pub from: Option<Place>,
    /// The area that is moved to.
    pub to: Place,
    /// How far it has come.
    pub state: Option<TransferState>,
}

/// Declares an enum of a fact with the codes of its values.
macro_rules! fact {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $value_doc:literal])+ $value:ident = $code:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $value_doc])+ $value),+ }

        impl $name {
            /// Every value with its code, in order.
            pub const ALL: &'static [($name, &'static str)] = &[$(($name::$value, $code)),+];

            /// The value of a code; none for any other text.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().find(|(_, known)| *known == code).map(|(value, _)| *value)
            }

            /// The code of the value.
            pub fn code(self) -> &'static str {
                $name::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, code)| *code)
            }
        }
    };
}

fact! {
    /// How far a transfer has come.
    TransferState {
        /// Asked for; the receiving area has not accepted.
        Requested = "REQUESTED",
        /// The receiving area has accepted.
        Accepted = "ACCEPTED",
    }
}

fact! {
    /// Under what somebody is supervised.
    Supervision {
        /// A community order.
        CommunityOrder = "COMMUNITY_ORDER",
        /// A suspended sentence order.
        SuspendedSentenceOrder = "SUSPENDED_SENTENCE_ORDER",
        /// A deferred sentence.
        DeferredSentence = "DEFERRED_SENTENCE",
        /// A sentence being served in custody.
        Custody = "CUSTODY",
        /// A licence after release.
        Licence = "LICENCE",
        /// Post-sentence supervision after a licence.
        PostSentenceSupervision = "POST_SENTENCE_SUPERVISION",
        /// A hospital order.
        HospitalOrder = "HOSPITAL_ORDER",
        /// A guardianship order.
        GuardianshipOrder = "GUARDIANSHIP_ORDER",
        /// No supervision and no order.
        None = "NONE",
    }
}

fact! {
    /// The assessed risk of serious harm.
    RiskOfSeriousHarm {
        /// Low.
        Low = "LOW",
        /// Medium.
        Medium = "MEDIUM",
        /// High.
        High = "HIGH",
        /// Very high.
        VeryHigh = "VERY_HIGH",
    }
}

fact! {
    /// The MAPPA category.
    MappaCategory {
        /// Not eligible.
        NotEligible = "NOT_ELIGIBLE",
        /// Registered sexual offenders.
        Category1 = "CATEGORY_1",
        /// In the main, violent offenders sentenced to 12 months or more.
        Category2 = "CATEGORY_2",
        /// Other dangerous offenders.
        Category3 = "CATEGORY_3",
    }
}

fact! {
    /// The MAPPA level.
    MappaLevel {
        /// Ordinary agency management.
        Level1 = "LEVEL_1",
        /// Active involvement of more than one agency.
        Level2 = "LEVEL_2",
        /// Senior oversight.
        Level3 = "LEVEL_3",
    }
}

fact! {
    /// How far an escalation of risk from a company to the NPS has come.
    Escalation {
        /// None.
        None = "NONE",
        /// Referred by the company, not yet decided.
        Referred = "REFERRED",
        /// Accepted by the NPS.
        Accepted = "ACCEPTED",
        /// Rejected by the NPS.
        Rejected = "REJECTED",
    }
}

/// A case: the day and calendar, and every fact that was given.
#[derive(Clone, Copy)]
pub struct Case {
    /// The day asked about.
    pub on: NaiveDate,
    /// The calendar it is read on.
    pub calendar: Calendar,
    /// Where the person lives.
    pub residence: Option<Residence>,
    /// The area of the sentencing court.
    pub sentenced_in: Option<Place>,
    /// The court before which the case now is.
    pub at_court: Option<Place>,
    /// A move to another area.
    pub transfer: Option<Transfer>,
    /// Age in years on the day.
    pub age: Option<i32>,
    /// Under what the person is supervised.
    pub supervision: Option<Supervision>,
    /// Length of the sentence, in months.
    pub sentence_months: Option<i32>,
    /// The assessed risk of serious harm.
    pub risk: Option<RiskOfSeriousHarm>,
    /// The MAPPA category.
    pub category: Option<MappaCategory>,
    /// The MAPPA level.
    pub level: Option<MappaLevel>,
    /// Whether the person is a registered sexual offender.
    pub registered: Option<bool>,
    /// The risk of serious recidivism, in hundredths of a per cent.
    pub rsr_hundredths: Option<i32>,
    /// How far an escalation has come.
    pub escalation: Option<Escalation>,
    /// Whether the NPS managed the case earlier in this sentence.
    pub nps_earlier: Option<bool>,
    /// Whether the person is liable to deportation.
    pub deportation: Option<bool>,
    /// Whether it is a terrorism or extremism case.
    pub terrorism: Option<bool>,
    /// Whether it is a public interest case.
    pub public_interest: Option<bool>,
    /// Whether the offence is one of the most serious.
    pub most_serious: Option<bool>,
}

impl Case {
    /// A case of which only the day is given.
    pub fn on(on: NaiveDate, calendar: Calendar) -> Case {
        Case {
            on,
            calendar,
            residence: None,
            sentenced_in: None,
            at_court: None,
            transfer: None,
            age: None,
            supervision: None,
            sentence_months: None,
            risk: None,
            category: None,
            level: None,
            registered: None,
            rsr_hundredths: None,
            escalation: None,
            nps_earlier: None,
            deportation: None,
            terrorism: None,
            public_interest: None,
            most_serious: None,
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = [
            ("residence", self.residence.is_some()),
            ("sentencedIn", self.sentenced_in.is_some()),
            ("atCourt", self.at_court.is_some()),
            ("transfer", self.transfer.is_some()),
            ("age", self.age.is_some()),
            ("supervision", self.supervision.is_some()),
            ("sentenceMonths", self.sentence_months.is_some()),
            ("riskOfSeriousHarm", self.risk.is_some()),
            ("mappaCategory", self.category.is_some()),
            ("mappaLevel", self.level.is_some()),
            ("registeredSexualOffender", self.registered.is_some()),
            ("rsrPercent", self.rsr_hundredths.is_some()),
            ("escalation", self.escalation.is_some()),
            ("managedByNpsEarlierInSentence", self.nps_earlier.is_some()),
            ("liableToDeportation", self.deportation.is_some()),
            ("terrorism", self.terrorism.is_some()),
            ("publicInterest", self.public_interest.is_some()),
            ("mostSeriousOffence", self.most_serious.is_some()),
        ];
        let known = known.into_iter().filter(|(_, is_known)| *is_known).map(|(fact, _)| fact);
        f.write_str("Case knowing ")?;
        f.debug_list().entries(known).finish()
    }
}
