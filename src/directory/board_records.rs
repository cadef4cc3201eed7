//! Rows of boards, seats and persons as the store hands them over.
//!
//! Plain data, beside `records`; what they become in the directory stands in `seat` and `person`.

use super::person::NameState;
use super::records::Row;
use super::seat::{Document, Mailbox, Report};
use crate::domain::board::codes::{Confirmed, DeclaredBy, Office};
use crate::domain::board::{
    AgencyKind, AppointedBy, Attendance, Declaration, EndReason, PersonKey, SeatBasis,
};
use crate::domain::period::Versions;

/// Identity of a seat.
#[derive(Clone, Debug)]
pub struct SeatRow {
    /// Key of its board.
    pub board: i64,
    /// Its stable key within the board.
    pub slug: String,
}

/// What a seat is at a time.
#[derive(Clone, Debug)]
pub struct SeatDescriptionRow {
    /// Key of the seat.
    pub seat: i64,
    /// Why it exists.
    pub basis: SeatBasis,
    /// Its title.
    pub title: String,
    /// Key of the body that it belongs to.
    pub body: Option<i64>,
}

/// Identity and name of a person.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Key outside the directory.
    pub key: String,
    /// Versions that know the person.
    pub recorded: Versions,
    /// The name.
    pub name: NameState,
}

/// Who holds a seat.
#[derive(Clone, Debug)]
pub struct AppointmentRow {
    /// Key of the seat.
    pub seat: i64,
    /// The person.
    pub person: PersonKey,
    /// Who made the appointment.
    pub appointed_by: Option<AppointedBy>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// Number of the appointment that this one renews.
    pub renewal_of: Option<i64>,
}

/// Who holds an office.
#[derive(Clone, Debug)]
pub struct OfficeRow {
    /// Key of the board.
    pub board: i64,
    /// The office.
    pub office: Office,
    /// The person; none where it is recorded that nobody holds it.
    pub person: Option<PersonKey>,
}

/// Who deputises for the holder of a seat.
#[derive(Clone, Debug)]
pub struct DeputyRow {
    /// Key of the seat.
    pub seat: i64,
    /// The person.
    pub person: PersonKey,
    /// Whether the power to commit the body was declared.
    pub may_commit: Option<bool>,
}

/// How a seat was represented at a meeting.
#[derive(Clone, Debug)]
pub struct AttendanceRow {
    /// Number of the meeting as a fact.
    pub meeting: i64,
    /// Key of the seat.
    pub seat: i64,
    /// How.
    pub attendance: Attendance,
}

/// What was declared of a person.
#[derive(Clone, Debug)]
pub struct DeclarationRow {
    /// The person.
    pub person: PersonKey,
    /// Key of the board.
    pub board: i64,
    /// What was declared, and whether it holds.
    pub declaration: Declaration,
    /// The office that declared it.
    pub declared_by: DeclaredBy,
}

/// A confirmation.
#[derive(Clone, Debug)]
pub struct ConfirmationRow {
    /// Key of the board.
    pub board: i64,
    /// What was confirmed.
    pub subject: Confirmed,
    /// Key of the seat, where one was.
    pub seat: Option<i64>,
    /// The identity that confirmed it.
    pub by: String,
}

/// Every recorded row of boards, seats and persons.
#[derive(Debug, Default)]
pub struct BoardRecords {
    /// As what agencies have the duty to co-operate, by key of the body.
    pub duties: Vec<Row<(i64, AgencyKind)>>,
    /// Mailboxes, by key of the body.
    pub mailboxes: Vec<Row<(i64, Mailbox)>>,
    /// Seats by key.
    pub seats: Vec<(i64, SeatRow)>,
    /// What seats are.
    pub descriptions: Vec<Row<SeatDescriptionRow>>,
    /// Vacant seats, by key.
    pub vacancies: Vec<Row<i64>>,
    /// Persons.
    pub persons: Vec<(PersonKey, PersonRow)>,
    /// Bodies that persons come from, by key.
    pub person_bodies: Vec<Row<(PersonKey, i64)>>,
    /// Persons who are the same as others.
    pub merges: Vec<Row<(PersonKey, PersonKey)>>,
    /// Who holds which seat.
    pub appointments: Vec<Row<AppointmentRow>>,
    /// Who holds which office.
    pub offices: Vec<Row<OfficeRow>>,
    /// Who deputises.
    pub deputies: Vec<Row<DeputyRow>>,
    /// Meetings, by key of the board: whether the chair presided.
    pub meetings: Vec<Row<(i64, Option<bool>)>>,
    /// Attendance at meetings.
    pub attendance: Vec<Row<AttendanceRow>>,
    /// Documents, by key of the board.
    pub documents: Vec<Row<(i64, Document)>>,
    /// Annual reports, by key of the board.
    pub reports: Vec<Row<(i64, Report)>>,
    /// Reviews, by key of the board: whether the lay advisers were consulted.
    pub reviews: Vec<Row<(i64, Option<bool>)>>,
    /// Declarations.
    pub declarations: Vec<Row<DeclarationRow>>,
    /// Confirmations.
    pub confirmations: Vec<Row<ConfirmationRow>>,
}
