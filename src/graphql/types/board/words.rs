//! Enums of boards, seats and agencies, as the schema names them.

use crate::domain::board;
use crate::domain::board::codes;
use crate::graphql::scalar::Scalar;
use juniper::GraphQLEnum;
use serde::Serialize;

/// Declares an enum of the schema that mirrors one of the domain, member by member.
macro_rules! mirrored {
    (
        $(#[doc = $doc:literal])+
        $name:ident of $domain:ty {
            $($(#[doc = $of:literal])+ $(#[graphql($attribute:meta)])? $variant:ident = $pattern:pat,)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum, Serialize)]
        #[graphql(scalar = Scalar)]
        pub enum $name {
            $($(#[doc = $of])+ $(#[graphql($attribute)])? $variant,)+
        }

        impl $name {
            /// The same in the words of the domain.
            pub fn in_domain(self) -> Option<$domain> {
                <$domain>::ALL.iter().map(|(it, _)| *it).find(|it| $name::from(*it) == self)
            }
        }

        impl From<$domain> for $name {
            fn from(of: $domain) -> $name {
                match of { $($pattern => $name::$variant,)+ }
            }
        }
    };
}

/// What is known of who holds a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum SeatState {
    /// Somebody holds it.
    Held,
    /// It is recorded as vacant.
    Vacant,
    /// Nobody has said whether it is held or vacant.
    NotRecorded,
}

mirrored! {
    /// Why a seat exists.
    SeatBasis of board::SeatBasis {
        /// The police sit as part of the Responsible Authority.
        RaPolice = board::SeatBasis::ResponsibleAuthority(board::Authority::Police),
        /// Probation sits as part of the Responsible Authority: the trust, then the division, then the region.
        RaProbation = board::SeatBasis::ResponsibleAuthority(board::Authority::Probation),
        /// The prison service sits as part of the Responsible Authority.
        RaPrison = board::SeatBasis::ResponsibleAuthority(board::Authority::Prison),
        /// An agency under the duty to co-operate.
        Dtc = board::SeatBasis::DutyToCooperate,
        /// A lay adviser.
        LayAdviser = board::SeatBasis::LayAdviser,
        /// A partner who is invited and has no place by statute.
        InvitedPartner = board::SeatBasis::InvitedPartner,
        /// The co-ordination of the arrangements, which answers to the board.
        Coordinator = board::SeatBasis::Coordinator,
    }
}

mirrored! {
    /// Who appointed a holder.
    AppointedBy of board::AppointedBy {
        /// The Secretary of State.
        SecretaryOfState = board::AppointedBy::SecretaryOfState,
        /// The Responsible Authority of the area.
        ResponsibleAuthority = board::AppointedBy::ResponsibleAuthority,
        /// The body that the seat belongs to names its own member.
        OwnBody = board::AppointedBy::OwnBody,
        /// The board.
        Board = board::AppointedBy::Board,
    }
}

mirrored! {
    /// Why an appointment ended or is to end.
    EndReason of board::EndReason {
        /// The term ran out.
        TermEnded = board::EndReason::TermEnded,
        /// The holder resigned.
        Resigned = board::EndReason::Resigned,
        /// The body sent another member.
        Replaced = board::EndReason::Replaced,
        /// The body or its seat ended.
        SeatEnded = board::EndReason::SeatEnded,
        /// The appointment was ended by whoever made it.
        Removed = board::EndReason::Removed,
        /// The holder died.
        Died = board::EndReason::Died,
    }
}

mirrored! {
    /// How a seat was represented at a meeting.
    Attendance of board::Attendance {
        /// By its holder.
        Present = board::Attendance::Present,
        /// By a deputy.
        Deputy = board::Attendance::Deputy,
        /// Not at all.
        Absent = board::Attendance::Absent,
    }
}

mirrored! {
    /// As what an agency is under the duty to co-operate.
    AgencyKind of board::AgencyKind {
        /// A youth offending team.
        YouthOffendingTeam = board::AgencyKind::YouthOffendingTeam,
        /// Jobcentre Plus, for the ministers of social security and employment.
        JobcentrePlus = board::AgencyKind::JobcentrePlus,
        /// NHS England.
        NhsEngland = board::AgencyKind::NhsEngland,
        /// A local authority for its education functions.
        EducationAuthority = board::AgencyKind::EducationAuthority,
        /// A local housing authority.
        HousingAuthority = board::AgencyKind::HousingAuthority,
        /// A local authority for its social services functions.
        SocialServicesAuthority = board::AgencyKind::SocialServicesAuthority,
        /// A registered social landlord or private registered provider.
        SocialLandlord = board::AgencyKind::SocialLandlord,
        /// A Health Authority; a residual term after 2013.
        HealthAuthority = board::AgencyKind::HealthAuthority,
        /// A clinical commissioning group, or a Local Health Board in Wales.
        CommissioningGroupOrHealthBoard = board::AgencyKind::CommissioningGroupOrHealthBoard,
        /// An NHS trust.
        NhsTrust = board::AgencyKind::NhsTrust,
        /// A provider of electronic monitoring.
        ElectronicMonitoringProvider = board::AgencyKind::ElectronicMonitoringProvider,
        /// Immigration functions of the Home Office.
        HomeOfficeImmigration = board::AgencyKind::HomeOfficeImmigration,
    }
}

mirrored! {
    /// What a mailbox of a body is for.
    MailboxPurpose of codes::MailboxPurpose {
        /// Referrals and everything else of the arrangements.
        Mappa = codes::MailboxPurpose::Mappa,
        /// The single point of contact under the duty to co-operate.
        DutyToCooperate = codes::MailboxPurpose::DutyToCooperate,
        /// Everything.
        General = codes::MailboxPurpose::General,
    }
}

mirrored! {
    /// What was confirmed to be recorded rightly and wholly.
    ConfirmedSubject of codes::Confirmed {
        /// The board with all its seats.
        Board = codes::Confirmed::Board,
        /// One seat.
        Seat = codes::Confirmed::Seat,
        /// That every agency of the area under the duty to co-operate is recorded.
        Agencies = codes::Confirmed::Agencies,
    }
}

mirrored! {
    /// What is declared of a person.
    DeclarationKind of board::DeclarationKind {
        /// Lives in the area and has strong links with it.
        LivesInArea = board::DeclarationKind::LivesInArea,
        /// Has no link with the business of managing offenders.
        Independent = board::DeclarationKind::Independent,
        /// The checks of eligibility were completed.
        EligibilityChecked = board::DeclarationKind::EligibilityChecked,
        /// Is 18 or over.
        Adult = board::DeclarationKind::Adult,
        /// Is of the standing that the seat asks for.
        Senior = board::DeclarationKind::Senior,
    }
}

mirrored! {
    /// The office that declared something of a person.
    DeclaredBy of codes::DeclaredBy {
        /// The chair of the board.
        Chair = codes::DeclaredBy::Chair,
        /// The co-ordination of the arrangements.
        Coordinator = codes::DeclaredBy::Coordinator,
        /// The Responsible Authority of the area.
        ResponsibleAuthority = codes::DeclaredBy::ResponsibleAuthority,
        /// The body that the person comes from.
        OwnBody = codes::DeclaredBy::OwnBody,
        /// An administrator of the board.
        Administrator = codes::DeclaredBy::Administrator,
    }
}

/// A document that a board agrees on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum, Serialize)]
#[graphql(scalar = Scalar)]
pub enum MemorandumKind {
    /// The memorandum between the Responsible Authority and the agencies.
    Memorandum,
    /// A business plan.
    BusinessPlan,
}

impl From<MemorandumKind> for codes::DocumentKind {
    fn from(kind: MemorandumKind) -> codes::DocumentKind {
        match kind {
            MemorandumKind::Memorandum => codes::DocumentKind::Memorandum,
            MemorandumKind::BusinessPlan => codes::DocumentKind::BusinessPlan,
        }
    }
}
