//! Facts that are all known, and the questions that rules ask of them.
//!
//! A row asks questions by name only; what a question means stands here. How absent facts are completed is
//! decided in `decide`.

use super::values::{
    ADULT_AGE, REHABILITATION_ACT, RESTRUCTURE, RSR_THRESHOLD, SHORT_SENTENCE_MONTHS, TRUSTS_RECORDED,
    WALES_REUNION,
};
use crate::domain::case::{Escalation, MappaCategory, MappaLevel, RiskOfSeriousHarm, Supervision};
use chrono::NaiveDate;

/// The facts of a case with a value for each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The stored day on which the restructure is read.
    pub day: NaiveDate,
    /// The day asked about.
    pub on: NaiveDate,
    /// Age in years.
    pub age: i32,
    /// Under what the person is supervised.
    pub supervision: Supervision,
    /// Length of the sentence in months; none where it was not given, and then no row that reads it applies.
    pub sentence_months: Option<i32>,
    /// The assessed risk of serious harm.
    pub risk: RiskOfSeriousHarm,
    /// The MAPPA category.
    pub category: MappaCategory,
    /// The MAPPA level; none where the person is not eligible, or in category 3 without a level.
    pub level: Option<MappaLevel>,
    /// RSR in hundredths of a per cent; none where it was not given.
    pub rsr_hundredths: Option<i32>,
    /// How far an escalation has come.
    pub escalation: Escalation,
    /// Managed by the NPS earlier in this sentence.
    pub nps_earlier: bool,
    /// Liable to deportation.
    pub deportation: bool,
    /// A terrorism or extremism case.
    pub terrorism: bool,
    /// A public interest case.
    pub public_interest: bool,
    /// One of the most serious offences.
    pub most_serious: bool,
    /// The area that counts lies in Wales.
    pub in_wales: bool,
}

impl Facts {
    /// Under 18 on the day.
    pub fn is_child(&self) -> bool {
        self.age < ADULT_AGE.value
    }

    /// Under a sentence of the court that probation (or a youth offending team) supervises.
    pub fn is_supervised(&self) -> bool {
        matches!(
            self.supervision,
            Supervision::CommunityOrder
                | Supervision::SuspendedSentenceOrder
                | Supervision::DeferredSentence
                | Supervision::Custody
                | Supervision::Licence
                | Supervision::PostSentenceSupervision
        )
    }

    /// Neither supervised nor under an order.
    pub fn is_unsupervised(&self) -> bool {
        self.supervision == Supervision::None
    }

    /// In any MAPPA category.
    pub fn is_mappa(&self) -> bool {
        self.category != MappaCategory::NotEligible
    }

    /// A registered sexual offender: category 1.
    pub fn is_registered(&self) -> bool {
        self.category == MappaCategory::Category1
    }

    /// Assessed as high or very high risk of serious harm.
    pub fn is_high_risk(&self) -> bool {
        self.risk >= RiskOfSeriousHarm::High
    }

    /// Released from custody, and supervised since.
    pub fn is_released(&self) -> bool {
        matches!(self.supervision, Supervision::Licence | Supervision::PostSentenceSupervision)
    }

    /// Before trusts are recorded.
    pub fn is_before_trusts(&self) -> bool {
        self.on < TRUSTS_RECORDED.value
    }

    /// On or after the restructure, on the calendar asked for.
    pub fn is_restructured(&self) -> bool {
        self.day >= RESTRUCTURE.value
    }

    /// RSR given, and at the threshold or over it.
    pub fn is_rsr_at_threshold(&self) -> bool {
        self.rsr_hundredths.is_some_and(|rsr| rsr >= RSR_THRESHOLD.value)
    }

    /// RSR just under the threshold or on it, where sources differ.
    pub fn is_rsr_on_the_edge(&self) -> bool {
        self.rsr_hundredths.is_some_and(|rsr| rsr == RSR_THRESHOLD.value || rsr == RSR_THRESHOLD.value - 1)
    }

    /// A company's case that waits for the NPS, or was sent back by it.
    pub fn is_escalation_open_or_rejected(&self) -> bool {
        matches!(self.escalation, Escalation::Referred | Escalation::Rejected)
    }

    /// Released after a sentence under 12 months, under the Act of 2014.
    pub fn is_short_sentence_release(&self) -> bool {
        self.is_released()
            && self.on >= REHABILITATION_ACT.value
            && self.sentence_months.is_some_and(|months| months < SHORT_SENTENCE_MONTHS.value)
    }

    /// In Wales, after its company's cases went to NPS Wales.
    pub fn is_wales_reunited(&self) -> bool {
        self.in_wales && self.on >= WALES_REUNION.value
    }

    /// Another criterion than risk and escalation that makes it an NPS case.
    pub fn has_other_nps_criterion(&self) -> bool {
        self.is_mappa()
            || self.nps_earlier
            || (self.most_serious && self.is_released())
            || self.deportation
            || self.supervision == Supervision::DeferredSentence
            || self.terrorism
            || self.public_interest
            || self.is_rsr_at_threshold()
    }
}

impl std::fmt::Debug for Facts {
    /// Never shows a value of a case.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Facts")
    }
}
