//! THE MANAGER TABLE: who manages a case. Read from the top; the first row that applies decides, and later rows with
//! the same destination that also hold are reported.
//!
//! Conditions name questions of `facts`; there is no arithmetic and no nesting here.

use super::facts::Facts;
use super::rule::{BodyRole, Destination, ManagerRow, Rule, Table};
use super::values::{REHABILITATION_ACT, RESTRUCTURE, TRUSTS_RECORDED, WALES_REUNION};
use crate::domain::case::{Escalation, MappaCategory, Supervision};
use crate::domain::source::Basis;
use chrono::NaiveDate;

const fn rule(
    id: &'static str,
    title: &'static str,
    source: &'static str,
    basis: Basis,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Rule {
    Rule { id, table: Table::Manager, title, source, basis, from, until }
}

const NPS: Destination = Destination::Managed(BodyRole::Division);
const CRC: Destination = Destination::Managed(BodyRole::Company);

/// Before the restructure, an adult who is supervised.
fn is_trust_case(f: &Facts) -> bool {
    !f.is_restructured() && f.is_supervised()
}

/// From the restructure on, an adult who is supervised.
fn is_reformed_case(f: &Facts) -> bool {
    f.is_restructured() && f.is_supervised()
}

/// The table, in order.
pub const MANAGER: &[ManagerRow] = &[
    ManagerRow {
        rule: rule(
            "R-16",
            "Before 1 April 2010 local probation boards managed; they are not recorded",
            "GK",
            Basis::Unconfirmed,
            None,
            Some(TRUSTS_RECORDED.value),
        ),
        when: &Facts::is_before_trusts,
        to: Destination::NotRecorded,
        because: "who managed before 1 April 2010 is not recorded here: local probation boards, and from 2008 some trusts",
    },
    ManagerRow {
        rule: rule(
            "R-11a",
            "A supervised person under 18 is managed by the youth offending team of the home local authority",
            "P17; MAPPA Guidance ch. 23",
            Basis::Guidance,
            None,
            None,
        ),
        when: &(|f| f.is_child() && f.is_supervised()),
        to: Destination::Managed(BodyRole::YouthOffendingTeam),
        because: "the person is under 18 and supervised, whatever the risk, category or level",
    },
    ManagerRow {
        rule: rule(
            "R-12",
            "A person under a hospital order is managed by the mental health service",
            "P17; founding document (hospital orders are category 2)",
            Basis::Guidance,
            None,
            None,
        ),
        when: &(|f| f.supervision == Supervision::HospitalOrder),
        to: Destination::Managed(BodyRole::HealthService),
        because: "a hospital order is in force; the Secretary of State for Justice controls restricted patients",
    },
    ManagerRow {
        rule: rule(
            "R-12b",
            "A person under a guardianship order is managed by the mental health service",
            "by analogy with R-12",
            Basis::Assumption,
            None,
            None,
        ),
        when: &(|f| f.supervision == Supervision::GuardianshipOrder),
        to: Destination::Managed(BodyRole::HealthService),
        because: "a guardianship order is in force, which is taken as a hospital order is",
    },
    ManagerRow {
        rule: rule(
            "R-13",
            "A registered sexual offender without statutory supervision is managed by the police of the area",
            "P17",
            Basis::Guidance,
            None,
            None,
        ),
        when: &(|f| f.is_registered() && f.is_unsupervised()),
        to: Destination::Managed(BodyRole::Police),
        because: "the person must notify the police and is under no other supervision",
    },
    ManagerRow {
        rule: rule(
            "R-14",
            "A category 3 offender without statutory supervision is led by the police of the area",
            "own reading",
            Basis::Assumption,
            None,
            None,
        ),
        when: &(|f| f.category == MappaCategory::Category3 && f.is_unsupervised()),
        to: Destination::Managed(BodyRole::Police),
        because: "the person is in category 3 and under no other supervision",
    },
    ManagerRow {
        rule: rule(
            "R-08",
            "A category 2 offender without supervision or order: on what the category rests must be made clear",
            "P15 (public questions and answers); founding document (counts people disqualified from working with children)",
            Basis::Guidance,
            None,
            None,
        ),
        when: &(|f| f.category == MappaCategory::Category2 && f.is_unsupervised()),
        to: Destination::Unclear,
        because: "category 2 normally ends with the sentence or order; say under what the person is supervised, or that the category no longer holds",
    },
    ManagerRow {
        rule: rule(
            "R-15",
            "A person outside MAPPA without statutory supervision is managed by nobody",
            "P12",
            Basis::Published,
            None,
            None,
        ),
        when: &(|f| !f.is_mappa() && f.is_unsupervised()),
        to: Destination::NotSupervised,
        because: "the person is not eligible for MAPPA and under no supervision",
    },
    ManagerRow {
        rule: rule(
            "R-17",
            "Until the restructure the probation trust of the area manages every supervised adult",
            "founding document",
            Basis::FoundingDocument,
            Some(TRUSTS_RECORDED.value),
            Some(RESTRUCTURE.value),
        ),
        when: &is_trust_case,
        to: Destination::Managed(BodyRole::Trust),
        because: "before the restructure the trust manages, whatever the risk, category or score",
    },
    ManagerRow {
        rule: rule(
            "R-19",
            "Every MAPPA-eligible offender is an NPS case, in any category and at any level",
            "founding document; P6",
            Basis::FoundingDocument,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.is_mappa()),
        to: NPS,
        because: "the person is MAPPA-eligible",
    },
    ManagerRow {
        rule: rule(
            "R-20",
            "A high or very high risk of serious harm makes it an NPS case",
            "founding document; P2",
            Basis::FoundingDocument,
            Some(RESTRUCTURE.value),
            None,
        ),
        // While a referral is open, or after it was rejected, the assessed risk alone does not move the case.
        when: &(|f| is_reformed_case(f) && f.is_high_risk() && !f.is_escalation_open_or_rejected()),
        to: NPS,
        because: "the risk of serious harm is high or very high",
    },
    ManagerRow {
        rule: rule(
            "R-21",
            "A case whose escalation the NPS has accepted is an NPS case",
            "founding document; P2",
            Basis::FoundingDocument,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.escalation == Escalation::Accepted),
        to: NPS,
        because: "the NPS accepted the escalation",
    },
    ManagerRow {
        rule: rule(
            "R-22",
            "A case once with the NPS stays with it until the sentence ends",
            "P3 lists like-to-like transfers only; no text found",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.nps_earlier),
        to: NPS,
        because: "the NPS managed the case earlier in this sentence",
    },
    ManagerRow {
        rule: rule(
            "R-23",
            "A person released after one of the most serious offences is an NPS case",
            "founding document",
            Basis::FoundingDocument,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.most_serious && f.is_released()),
        to: NPS,
        because: "the person was released from custody after one of the most serious offences",
    },
    ManagerRow {
        rule: rule(
            "R-24",
            "A foreign national who meets the deportation criteria is an NPS case",
            "P4; P6",
            Basis::Published,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.deportation),
        to: NPS,
        because: "the person is liable to deportation",
    },
    ManagerRow {
        rule: rule(
            "R-25",
            "A deferred sentence is an NPS case; the founding document does not say so",
            "PI 05/2014, not seen in full",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.supervision == Supervision::DeferredSentence),
        to: NPS,
        because: "the sentence is deferred",
    },
    ManagerRow {
        rule: rule(
            "R-26",
            "A terrorism or extremism case is an NPS case; the founding document does not say so",
            "P5 for the policy",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.terrorism),
        to: NPS,
        because: "it is a terrorism or extremism case",
    },
    ManagerRow {
        rule: rule(
            "R-27",
            "A public interest case is an NPS case; the founding document does not say so",
            "P27",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.public_interest),
        to: NPS,
        because: "it is a public interest case",
    },
    ManagerRow {
        rule: rule(
            "R-28",
            "An RSR of 6.90 per cent or more makes it an NPS case; the founding document does not say so",
            "P13 for the band",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.is_rsr_at_threshold()),
        to: NPS,
        because: "the risk of serious recidivism is 6.90 per cent or more",
    },
    ManagerRow {
        rule: rule(
            "R-52",
            "A rejected escalation contradicts a risk that is still assessed as high",
            "P2 (all high-risk cases are NPS cases)",
            Basis::Published,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.escalation == Escalation::Rejected && f.is_high_risk()),
        to: Destination::Refused,
        because: "the NPS rejected the escalation, which says that the risk is not high; assess the risk anew or refer the case again",
    },
    ManagerRow {
        rule: rule(
            "R-51",
            "In Wales NPS Wales manages also what the company managed before, from December 2019",
            "P26; S40",
            Basis::Unconfirmed,
            Some(WALES_REUNION.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.is_wales_reunited()),
        to: NPS,
        because: "in Wales offender management passed from the company to NPS Wales; the company keeps interventions",
    },
    ManagerRow {
        rule: rule(
            "R-29",
            "While an escalation is undecided, or when it was rejected, the company keeps the case",
            "P2 for the process",
            Basis::Unconfirmed,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.is_escalation_open_or_rejected()),
        to: CRC,
        because: "the company keeps the case and the duty until the NPS accepts it",
    },
    ManagerRow {
        rule: rule(
            "R-31",
            "A person released after a sentence under 12 months is the company's",
            "founding document; P12",
            Basis::FoundingDocument,
            Some(REHABILITATION_ACT.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && f.is_short_sentence_release()),
        to: CRC,
        because: "the sentence was under 12 months and nothing makes it an NPS case",
    },
    ManagerRow {
        rule: rule(
            "R-30",
            "A supervised adult at low or medium risk of serious harm is the company's",
            "founding document; P6; P7",
            Basis::FoundingDocument,
            Some(RESTRUCTURE.value),
            None,
        ),
        when: &(|f| is_reformed_case(f) && !f.is_high_risk()),
        to: CRC,
        because: "the risk of serious harm is low or medium and nothing makes it an NPS case",
    },
];
