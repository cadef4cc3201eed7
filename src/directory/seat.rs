//! Boards and their seats with everything ever recorded of them.
//!
//! What holds on a day is left to `board`.

use super::records::Row;
use super::{BoardId, BodyId, SeatId};
use crate::domain::board::codes::{Confirmed, DocumentKind, MailboxPurpose, Office};
use crate::domain::board::{AppointedBy, Attendance, EndReason, PersonKey, SeatBasis};
use crate::domain::period::Versions;
use chrono::NaiveDate;

/// A board with everything recorded of it.
#[derive(Debug)]
pub struct Board {
    /// Its stable key: the slug of its area.
    pub slug: String,
    /// The area that it serves.
    pub area: BodyId,
    /// Its name over time.
    pub names: Vec<Row<String>>,
    /// Its seats, in the order of their slugs.
    pub seats: Vec<SeatId>,
    /// Its offices, and days on which it is recorded that there is no chair.
    pub offices: Vec<Row<OfficeHeld>>,
    /// Its meetings: whether the chair or a deputy of the chair presided.
    pub meetings: Vec<Row<Option<bool>>>,
    /// How seats were represented at its meetings.
    pub attendance: Vec<Row<AttendanceAt>>,
    /// Memoranda, business plans and ministerial approvals.
    pub documents: Vec<Row<Document>>,
    /// Annual reports; the days are those of the year.
    pub reports: Vec<Row<Report>>,
    /// Reviews: whether the lay advisers were consulted.
    pub reviews: Vec<Row<Option<bool>>>,
    /// Confirmations that what is recorded is right and whole.
    pub confirmations: Vec<Row<Confirmation>>,
    /// Versions in which something of the example set is known of it.
    pub(super) examples: Vec<Versions>,
}

/// A seat with everything recorded of it.
#[derive(Debug)]
pub struct Seat {
    /// The board.
    pub board: BoardId,
    /// Its stable key within the board.
    pub slug: String,
    /// What it is over time.
    pub descriptions: Vec<Row<SeatDescription>>,
    /// Days on which it is recorded as vacant.
    pub vacancies: Vec<Row<()>>,
    /// Who held it, in the order of the terms and then of the versions.
    pub appointments: Vec<Row<Appointment>>,
    /// Who deputised for its holder.
    pub deputies: Vec<Row<Deputy>>,
}

impl Seat {
    /// Every row of one appointment, by its number as a fact, in the order of the versions that recorded them.
    pub fn history(&self, fact: i64) -> Vec<&Row<Appointment>> {
        let mut rows: Vec<_> = self.appointments.iter().filter(|row| row.fact == fact).collect();
        rows.sort_by_key(|row| row.recorded.from());
        rows
    }
}

/// What a seat is at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatDescription {
    /// Why it exists.
    pub basis: SeatBasis,
    /// Its title.
    pub title: String,
    /// The body that it belongs to.
    pub body: Option<BodyId>,
}

/// Who holds a seat; the days are the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The person.
    pub person: PersonKey,
    /// Who made the appointment; none where that is not recorded.
    pub appointed_by: Option<AppointedBy>,
    /// Why it ended or is to end; none where that is not recorded.
    pub end_reason: Option<EndReason>,
    /// Number of the appointment that this one renews.
    pub renewal_of: Option<i64>,
}

/// Who deputises for the holder of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deputy {
    /// The person.
    pub person: PersonKey,
    /// Whether a comparable standing and the power to commit the body were declared; none where nothing was.
    pub may_commit: Option<bool>,
}

/// Who holds an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeHeld {
    /// The office.
    pub office: Office,
    /// The person; none where it is recorded that nobody holds it.
    pub person: Option<PersonKey>,
}

/// How a seat was represented at a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttendanceAt {
    /// Number of the meeting as a fact.
    pub meeting: i64,
    /// The seat.
    pub seat: SeatId,
    /// How.
    pub attendance: Attendance,
}

/// A document of a board that holds for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Where it is published.
    pub url: Option<String>,
}

/// An annual report of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The year in which the period reported on begins.
    pub year: i32,
    /// When it was published; none where it is recorded as not published.
    pub published_on: Option<NaiveDate>,
    /// Where it is published.
    pub url: Option<String>,
}

/// A confirmation; the day is that of the confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// What was confirmed.
    pub subject: Confirmed,
    /// The seat, where one was.
    pub seat: Option<SeatId>,
    /// The identity of the service that confirmed it.
    pub by: String,
}

/// A mailbox of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// What it is for.
    pub purpose: MailboxPurpose,
    /// Its address.
    pub address: String,
}
