//! What is written: rows that are closed, rows that are added, identities, names. How, is left to `store`.
//!
//! Bodies, boards, seats and persons are named by their keys; facts by their numbers, or as the nth new one of the change.

use super::contact::MailboxAddress;
use crate::directory::access::NewKey;
use crate::directory::api_key::Prefix;
use crate::directory::person::PersonName;
use crate::domain::access::Grant;
use crate::domain::board::codes::{Confirmed, DeclaredBy, DocumentKind, MailboxPurpose, Office};
use crate::domain::board::{AgencyKind, AppointedBy, Attendance, DeclarationKind, EndReason, SeatBasis};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::period::Period;
use chrono::NaiveDate;

/// A table of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Days on which bodies exist.
    BodyPeriod,
    /// Names of bodies.
    BodyName,
    /// Which bodies cover an area.
    Coverage,
    /// Who owns a company.
    Ownership,
    /// As what an agency has its duty.
    AgencyDuty,
    /// Mailboxes of bodies.
    Mailbox,
    /// Holders of public posts.
    PostHolder,
    /// What seats are.
    SeatDescription,
    /// Seats recorded as vacant.
    Vacancy,
    /// Bodies that persons come from.
    PersonBody,
    /// Persons who are the same as others.
    PersonMerge,
    /// Terms in seats.
    Appointment,
    /// Chairs and their deputies.
    Office,
    /// Deputies of holders.
    Deputy,
    /// Meetings.
    Meeting,
    /// Attendance at meetings.
    Attendance,
    /// Memoranda, plans, approvals.
    Document,
    /// Annual reports.
    Report,
    /// Reviews.
    Review,
    /// Declarations about members.
    Declaration,
    /// Confirmations of what is recorded.
    Attestation,
}

impl Table {
    /// Every table with its name in the database.
    pub const ALL: [(Table, &'static str); 21] = [
        (Table::BodyPeriod, "body_period"),
        (Table::BodyName, "body_name"),
        (Table::Coverage, "coverage"),
        (Table::Ownership, "ownership"),
        (Table::AgencyDuty, "agency_duty"),
        (Table::Mailbox, "mailbox"),
        (Table::PostHolder, "post_holder"),
        (Table::SeatDescription, "seat_description"),
        (Table::Vacancy, "vacancy"),
        (Table::PersonBody, "person_body"),
        (Table::PersonMerge, "person_merge"),
        (Table::Appointment, "appointment"),
        (Table::Office, "office"),
        (Table::Deputy, "deputy"),
        (Table::Meeting, "meeting"),
        (Table::Attendance, "meeting_attendance"),
        (Table::Document, "board_document"),
        (Table::Report, "annual_report"),
        (Table::Review, "review"),
        (Table::Declaration, "declaration"),
        (Table::Attestation, "attestation"),
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        Table::ALL.iter().find(|(table, _)| *table == self).map_or("", |(_, name)| *name)
    }
}

/// The number of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// One that is known: the row corrects or goes on with it.
    Known(i64),
    /// The nth new one of the change, counted from 0.
    New(usize),
}

/// One step of writing.
#[derive(Clone, Debug)]
pub enum Write {
    /// An identity: written before any row that names it.
    Identity(Identity),
    /// The standing row of a fact is closed: it was what we knew until now.
    Close(Table, i64),
    /// A row is added.
    Add(Number, NewRow),
    /// The name of a person is written, put right, or erased where it is none.
    Name {
        /// Key of the person.
        person: String,
        /// The name.
        name: Option<PersonName>,
        /// Day on which it is to be looked at whether it is still needed; none leaves the day as it is.
        review_on: Option<NaiveDate>,
    },
    /// A key or a role of one.
    Key(KeyWrite),
}

/// A step of writing API keys and their roles.
#[derive(Clone, Debug)]
pub enum KeyWrite {
    /// A key is taken from now on, with its roles.
    Issue(NewKey),
    /// A key is taken no longer, and has no roles any more.
    Revoke(Prefix),
    /// A key has a role from now on.
    Grant(Prefix, Grant),
    /// A key has a role no longer.
    Withdraw(Prefix, Grant),
}

/// Something that is known from now on.
#[derive(Clone, Debug)]
pub enum Identity {
    /// A person.
    Person(String),
    /// A seat of a board.
    Seat(SeatKey),
    /// A body, with the country that it serves.
    Body(BodyKind, String, String),
}

/// A seat by its board and its slug.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeatKey {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat.
    pub seat: String,
}

/// A body by its kind and slug.
pub type BodyKey = (BodyKind, String);

/// A row of a table of facts. Persons are named by their keys.
#[derive(Clone, Debug)]
pub enum NewRow {
    /// A body exists.
    BodyPeriod { body: BodyKey, valid: Period },
    /// A body bears a name.
    BodyName { body: BodyKey, usage: NameUsage, name: String, valid: Period },
    /// A body covers an area.
    Coverage { area: String, body: BodyKey, valid: Period },
    /// A company is owned.
    Ownership { crc: String, owner: String, partners: Option<String>, valid: Period },
    /// An agency has its duty as a kind.
    AgencyDuty { agency: String, kind: AgencyKind, valid: Period },
    /// A body has a mailbox.
    Mailbox { body: BodyKey, purpose: MailboxPurpose, address: MailboxAddress, valid: Period },
    /// A public post is held.
    PostHolder { post: String, holder: PersonName, source: String, valid: Period },
    /// A seat is something.
    SeatDescription { seat: SeatKey, basis: SeatBasis, title: String, body: Option<BodyKey>, valid: Period },
    /// A seat is vacant.
    Vacancy { seat: SeatKey, valid: Period },
    /// A person comes from a body.
    PersonBody { person: String, body: BodyKey, valid: Period },
    /// A person is the same as another.
    PersonMerge { person: String, into: String },
    /// A seat is held.
    Appointment {
        seat: SeatKey,
        person: String,
        appointed_by: Option<AppointedBy>,
        end_reason: Option<EndReason>,
        renewal_of: Option<i64>,
        valid: Period,
    },
    /// An office is held, or nobody chairs.
    Office { board: String, office: Office, person: Option<String>, valid: Period },
    /// Somebody deputises for the holder of a seat.
    Deputy { seat: SeatKey, person: String, may_commit: Option<bool>, valid: Period },
    /// A meeting was held.
    Meeting { board: String, held_on: NaiveDate, is_chaired: Option<bool> },
    /// A seat was represented at a meeting, or was not.
    Attendance { meeting: Number, seat: SeatKey, attendance: Attendance },
    /// A document holds.
    Document { board: String, kind: DocumentKind, url: Option<String>, valid: Period },
    /// There is an annual report, or it was not published.
    Report { board: String, year: i32, published_on: Option<NaiveDate>, url: Option<String> },
    /// A review was held.
    Review { board: String, held_on: NaiveDate, consulted_lay_advisers: Option<bool> },
    /// Something is declared of a member.
    Declaration {
        person: String,
        board: String,
        kind: DeclarationKind,
        holds: bool,
        declared_by: DeclaredBy,
        valid: Period,
    },
    /// Something is confirmed to be recorded rightly.
    Attestation {
        board: String,
        subject: Confirmed,
        seat: Option<String>,
        confirmed_on: NaiveDate,
        by: String,
    },
}

impl NewRow {
    /// The table of the row.
    pub fn table(&self) -> Table {
        match self {
            NewRow::BodyPeriod { .. } => Table::BodyPeriod,
            NewRow::BodyName { .. } => Table::BodyName,
            NewRow::Coverage { .. } => Table::Coverage,
            NewRow::Ownership { .. } => Table::Ownership,
            NewRow::AgencyDuty { .. } => Table::AgencyDuty,
            NewRow::Mailbox { .. } => Table::Mailbox,
            NewRow::PostHolder { .. } => Table::PostHolder,
            NewRow::SeatDescription { .. } => Table::SeatDescription,
            NewRow::Vacancy { .. } => Table::Vacancy,
            NewRow::PersonBody { .. } => Table::PersonBody,
            NewRow::PersonMerge { .. } => Table::PersonMerge,
            NewRow::Appointment { .. } => Table::Appointment,
            NewRow::Office { .. } => Table::Office,
            NewRow::Deputy { .. } => Table::Deputy,
            NewRow::Meeting { .. } => Table::Meeting,
            NewRow::Attendance { .. } => Table::Attendance,
            NewRow::Document { .. } => Table::Document,
            NewRow::Report { .. } => Table::Report,
            NewRow::Review { .. } => Table::Review,
            NewRow::Declaration { .. } => Table::Declaration,
            NewRow::Attestation { .. } => Table::Attestation,
        }
    }
}
