//! Strategic Management Boards: what is known of a board on a day, and what each rule finds of it.
//!
//! `rules` is THE BOARD TABLE and `check` runs it; `rule` says what a row is, `values` holds dated numbers. The questions
//! that rows ask stand by topic: `seats`, `companies`, `deputies`, `offices`, `advisers`, `agencies`, `meetings`,
//! `attendance`, `papers`, `record`; `sieve`, `days` and `words` are what they share. Where the facts come from is left to
//! `directory`, and who may see findings about persons to whoever answers.

mod advisers;
mod agencies;
mod attendance;
pub mod check;
mod companies;
mod days;
mod deputies;
mod meetings;
mod offices;
mod papers;
mod record;
pub mod rule;
pub mod rules;
mod seats;
mod sieve;
pub mod values;
pub mod words;

pub mod codes;

use crate::domain::calendar::Calendar;
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::NaiveDate;

/// A member of the Responsible Authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authority {
    /// The chief officer of police.
    Police,
    /// The provider of probation services: the trust, then the National Probation Service, then the region.
    Probation,
    /// The minister for prisons, through the prison service.
    Prison,
}

/// A kind of body under the duty to co-operate (Criminal Justice Act 2003, section 325(6)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgencyKind {
    /// A youth offending team.
    YouthOffendingTeam,
    /// Ministers for social security and employment, through Jobcentre Plus.
    JobcentrePlus,
    /// NHS England.
    NhsEngland,
    /// A local authority for its education functions.
    EducationAuthority,
    /// A local housing authority.
    HousingAuthority,
    /// A local authority for its social services functions.
    SocialServicesAuthority,
    /// A registered social landlord or private registered provider.
    SocialLandlord,
    /// A Health Authority; a residual term after 2013.
    HealthAuthority,
    /// A clinical commissioning group, or a Local Health Board in Wales.
    CommissioningGroupOrHealthBoard,
    /// An NHS trust.
    NhsTrust,
    /// A provider of electronic monitoring.
    ElectronicMonitoringProvider,
    /// Immigration functions of the Home Office.
    HomeOfficeImmigration,
}

impl AgencyKind {
    /// Every kind with the code that files and tables use.
    pub const ALL: [(AgencyKind, &'static str); 12] = [
        (AgencyKind::YouthOffendingTeam, "YOUTH_OFFENDING_TEAM"),
        (AgencyKind::JobcentrePlus, "JOBCENTRE_PLUS"),
        (AgencyKind::NhsEngland, "NHS_ENGLAND"),
        (AgencyKind::EducationAuthority, "EDUCATION_AUTHORITY"),
        (AgencyKind::HousingAuthority, "HOUSING_AUTHORITY"),
        (AgencyKind::SocialServicesAuthority, "SOCIAL_SERVICES_AUTHORITY"),
        (AgencyKind::SocialLandlord, "SOCIAL_LANDLORD"),
        (AgencyKind::HealthAuthority, "HEALTH_AUTHORITY"),
        (AgencyKind::CommissioningGroupOrHealthBoard, "COMMISSIONING_GROUP_OR_HEALTH_BOARD"),
        (AgencyKind::NhsTrust, "NHS_TRUST"),
        (AgencyKind::ElectronicMonitoringProvider, "ELECTRONIC_MONITORING_PROVIDER"),
        (AgencyKind::HomeOfficeImmigration, "HOME_OFFICE_IMMIGRATION"),
    ];

    /// The kind of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<AgencyKind> {
        AgencyKind::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }

    /// The code that files and tables use.
    pub fn code(self) -> &'static str {
        AgencyKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| *code)
    }
}

/// Why a seat exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatBasis {
    /// A member of the Responsible Authority sits by statute.
    ResponsibleAuthority(Authority),
    /// A body under the duty to co-operate; its kinds stand with the agency.
    DutyToCooperate,
    /// A lay adviser.
    LayAdviser,
    /// An invited partner without a statutory place, for example a community rehabilitation company.
    InvitedPartner,
    /// MAPPA co-ordination, accountable to the board and not counted to its quorum.
    Coordinator,
}

impl SeatBasis {
    /// Every basis with the code that files and tables use.
    pub const ALL: [(SeatBasis, &'static str); 7] = [
        (SeatBasis::ResponsibleAuthority(Authority::Police), "RA_POLICE"),
        (SeatBasis::ResponsibleAuthority(Authority::Probation), "RA_PROBATION"),
        (SeatBasis::ResponsibleAuthority(Authority::Prison), "RA_PRISON"),
        (SeatBasis::DutyToCooperate, "DTC"),
        (SeatBasis::LayAdviser, "LAY_ADVISER"),
        (SeatBasis::InvitedPartner, "INVITED_PARTNER"),
        (SeatBasis::Coordinator, "COORDINATOR"),
    ];

    /// The basis of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<SeatBasis> {
        SeatBasis::ALL.iter().find(|(_, known)| *known == code).map(|(basis, _)| *basis)
    }

    /// The code that files and tables use.
    pub fn code(self) -> &'static str {
        SeatBasis::ALL.iter().find(|(basis, _)| *basis == self).map_or("", |(_, code)| *code)
    }

    /// Whether the seat is one of the Responsible Authority.
    pub fn is_responsible_authority(self) -> bool {
        matches!(self, SeatBasis::ResponsibleAuthority(_))
    }
}

/// Who appointed a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppointedBy {
    /// The Secretary of State.
    SecretaryOfState,
    /// The Responsible Authority of the area.
    ResponsibleAuthority,
    /// The body that the seat belongs to names its own member.
    OwnBody,
    /// The board.
    Board,
}

impl AppointedBy {
    /// Every appointing body with the code that files and tables use.
    pub const ALL: [(AppointedBy, &'static str); 4] = [
        (AppointedBy::SecretaryOfState, "SECRETARY_OF_STATE"),
        (AppointedBy::ResponsibleAuthority, "RESPONSIBLE_AUTHORITY"),
        (AppointedBy::OwnBody, "OWN_BODY"),
        (AppointedBy::Board, "BOARD"),
    ];
}

/// Why an appointment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The term ran out.
    TermEnded,
    /// The holder resigned.
    Resigned,
    /// The body sent another member.
    Replaced,
    /// The body or its seat ended.
    SeatEnded,
    /// The appointment was ended by whoever made it.
    Removed,
    /// The holder died.
    Died,
}

impl EndReason {
    /// Every reason with the code that files and tables use.
    pub const ALL: [(EndReason, &'static str); 6] = [
        (EndReason::TermEnded, "TERM_ENDED"),
        (EndReason::Resigned, "RESIGNED"),
        (EndReason::Replaced, "REPLACED"),
        (EndReason::SeatEnded, "SEAT_ENDED"),
        (EndReason::Removed, "REMOVED"),
        (EndReason::Died, "DIED"),
    ];
}

/// What is declared of a person, by an office and never with particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclarationKind {
    /// Lives in the area and has strong links with it (G-14).
    LivesInArea,
    /// Has no link with the business of managing offenders (G-15).
    Independent,
    /// The checks of eligibility were completed, convictions among them (G-16).
    EligibilityChecked,
    /// Is 18 or over (G-17).
    Adult,
    /// Is of the standing that the seat asks for (G-07).
    Senior,
}

impl DeclarationKind {
    /// Every kind with the code that files and tables use.
    pub const ALL: [(DeclarationKind, &'static str); 5] = [
        (DeclarationKind::LivesInArea, "LIVES_IN_AREA"),
        (DeclarationKind::Independent, "INDEPENDENT"),
        (DeclarationKind::EligibilityChecked, "ELIGIBILITY_CHECKED"),
        (DeclarationKind::Adult, "ADULT"),
        (DeclarationKind::Senior, "SENIOR"),
    ];
}

/// A person, by number only: rules have no use for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub i64);

/// Index of a seat among those of one [`BoardOn`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeatIndex(pub usize);

/// A body that a seat belongs to, or that serves an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatBody {
    /// What it is.
    pub kind: BodyKind,
    /// Its stable key within the kind.
    pub slug: String,
    /// Its plain name.
    pub name: String,
}

/// What is declared of a holder, true or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// What is declared.
    pub kind: DeclarationKind,
    /// Whether it holds.
    pub holds: bool,
    /// Days for which it was declared.
    pub valid: Period,
}

/// Whoever holds a seat on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderOn {
    /// Who.
    pub person: PersonKey,
    /// The term in which the day lies.
    pub term: Period,
    /// Terms on this board on the same basis without a gap, this one among them and the newest last.
    pub terms: Vec<Period>,
    /// Who made the appointment; none where that is not recorded.
    pub appointed_by: Option<AppointedBy>,
    /// The body that the person comes from; none where that is not recorded.
    pub from: Option<SeatBody>,
    /// Declarations of the day.
    pub declarations: Vec<Declaration>,
    /// Seats that the person holds elsewhere on the day: slug of the board, and on which basis.
    pub elsewhere: Vec<(String, SeatBasis)>,
}

/// What is known of who holds a seat on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeatState {
    /// Held.
    Held(Box<HolderOn>),
    /// Recorded as vacant, since that day.
    Vacant(NaiveDate),
    /// Not recorded: neither held nor vacant as far as anyone has said.
    NotRecorded,
}

/// A deputy of whoever holds a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeputyOn {
    /// Who.
    pub person: PersonKey,
    /// The body that the person comes from; none where that is not recorded.
    pub from: Option<SeatBody>,
    /// Whether a comparable standing and the power to commit the body were declared; none where nothing was.
    pub may_commit: Option<bool>,
}

/// A seat in force on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatOn {
    /// Its stable key within the board.
    pub slug: String,
    /// Why it exists.
    pub basis: SeatBasis,
    /// The body that it belongs to; none for lay advisers and where it is not recorded.
    pub body: Option<SeatBody>,
    /// Days on which it is in force, on the calendar asked for.
    pub period: Period,
    /// Who holds it.
    pub state: SeatState,
    /// Deputies of the day.
    pub deputies: Vec<DeputyOn>,
    /// The last day, up to the one asked about, on which the seat was confirmed right.
    pub confirmed_on: Option<NaiveDate>,
}

/// A seat of probation that is no longer in force on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSeat {
    /// Its stable key within the board.
    pub slug: String,
    /// The body that it belonged to; none where it is not recorded.
    pub body: Option<SeatBody>,
    /// Days on which it was in force, on the calendar asked for.
    pub period: Period,
}

/// An office of the board on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeOn {
    /// Who.
    pub person: PersonKey,
    /// The seat that the person holds on this board on the day; none where they hold none.
    pub seat: Option<SeatIndex>,
    /// First day in the office.
    pub since: NaiveDate,
}

/// How a seat was represented at a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// By its holder.
    Present,
    /// By a deputy.
    Deputy,
    /// Not at all.
    Absent,
}

impl Attendance {
    /// Every attendance with the code that files and tables use.
    pub const ALL: [(Attendance, &'static str); 3] =
        [(Attendance::Present, "PRESENT"), (Attendance::Deputy, "DEPUTY"), (Attendance::Absent, "ABSENT")];
}

/// A meeting of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its day.
    pub on: NaiveDate,
    /// Who was represented, by slug of the seat; what does not stand here is not recorded.
    pub attendance: Vec<(String, SeatBasis, Attendance)>,
    /// Whether the chair or a deputy of the chair presided; none where that is not recorded.
    pub is_chaired: Option<bool>,
}

/// A report for a year from 1 April to 31 March.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualReport {
    /// The year in which it begins: 2013 for 2013-14.
    pub year: i32,
    /// When it was published; none where it is recorded as not published.
    pub published_on: Option<NaiveDate>,
}

/// A review of the arrangements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its day.
    pub on: NaiveDate,
    /// Whether the lay advisers were consulted; none where that is not recorded.
    pub consulted_lay_advisers: Option<bool>,
}

/// An agency under the duty to co-operate that serves the area on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyOn {
    /// The agency.
    pub body: SeatBody,
    /// Kinds under which it has the duty.
    pub kinds: Vec<AgencyKind>,
    /// Its seats on the board.
    pub seats: Vec<SeatIndex>,
}

/// Everything that is known of a board on a day: what the board table reads.
#[derive(Clone, Debug)]
pub struct BoardOn {
    /// The day.
    pub on: NaiveDate,
    /// The calendar on which it is read.
    pub calendar: Calendar,
    /// Slug of the area, and of the board.
    pub area: String,
    /// Whether the area lies in Wales.
    pub is_welsh: bool,
    /// How many boards serve the area on the day.
    pub boards_of_area: usize,
    /// Police forces of the area on the day.
    pub forces: Vec<SeatBody>,
    /// The trust, division or region in charge of probation's public work there; none where that is not recorded.
    pub probation: Option<SeatBody>,
    /// Seats in force.
    pub seats: Vec<SeatOn>,
    /// Seats of probation that ended by the day, in the order of their first days.
    pub ended_probation: Vec<EndedSeat>,
    /// The chair; none where none is recorded.
    pub chair: Option<OfficeOn>,
    /// Whether it is recorded that there is no chair.
    pub has_recorded_no_chair: bool,
    /// Deputies of the chair.
    pub deputy_chairs: Vec<OfficeOn>,
    /// Agencies of the area under the duty to co-operate; not complete where `are_agencies_complete` is not so.
    pub agencies: Vec<AgencyOn>,
    /// Whether every agency of the area is recorded as far as somebody confirmed.
    pub are_agencies_complete: bool,
    /// Meetings up to the day, the newest last.
    pub meetings: Vec<Meeting>,
    /// First day from which meetings are recorded at all: before it, few meetings say nothing.
    pub meetings_recorded_from: Option<NaiveDate>,
    /// Memoranda in force on the day, or that ended before it, the newest last.
    pub memoranda: Vec<Period>,
    /// Annual reports known of.
    pub reports: Vec<AnnualReport>,
    /// Reviews up to the day, the newest last.
    pub reviews: Vec<Review>,
    /// Business plans in force on the day, or that ended before it, the newest last.
    pub business_plans: Vec<Period>,
    /// Ministerial approvals of more than two lay advisers that are in force on the day.
    pub approvals: Vec<Period>,
}

impl BoardOn {
    /// Seats of a basis.
    pub fn of(&self, basis: SeatBasis) -> impl Iterator<Item = &SeatOn> {
        self.seats.iter().filter(move |seat| seat.basis == basis)
    }
}
