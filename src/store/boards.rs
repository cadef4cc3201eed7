//! Loading what is recorded of boards: seats, persons, appointments and dated records, for the directory.
//!
//! A writer of these tables first takes the board row `FOR NO KEY UPDATE` (several boards in the order of their ids),
//! then the persons, then the head by recording its change; the triggers of the tables are the check.

use super::rows::{ALWAYS, Reader, VersionRange, events, facts, that_day};
use super::schema::*;
use super::{Connection, StoreError};
use crate::directory::board_records::{
    AppointmentRow, AttendanceRow, BoardRecords, ConfirmationRow, DeclarationRow, DeputyRow, OfficeRow,
    PersonRow, SeatDescriptionRow, SeatRow,
};
use crate::directory::person::{NameState, PersonName};
use crate::directory::records::Row;
use crate::directory::seat::{Document, Mailbox, Report};
use crate::domain::board::codes::{Confirmed, DeclaredBy, DocumentKind, MailboxPurpose, Office};
use crate::domain::board::{
    AgencyKind, AppointedBy, Attendance, Declaration, DeclarationKind, EndReason, PersonKey, SeatBasis,
};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::ops::Bound;

/// Loads every recorded row of boards, seats and persons.
pub(super) async fn load(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<BoardRecords, StoreError> {
    Ok(BoardRecords {
        duties: duties(connection, reader).await?,
        mailboxes: mailboxes(connection, reader).await?,
        seats: seats(connection).await?,
        descriptions: descriptions(connection, reader).await?,
        vacancies: vacancies(connection, reader).await?,
        persons: persons(connection, reader).await?,
        person_bodies: person_bodies(connection, reader).await?,
        merges: merges(connection, reader).await?,
        appointments: appointments(connection, reader).await?,
        offices: offices(connection, reader).await?,
        deputies: deputies(connection, reader).await?,
        meetings: meetings(connection, reader).await?,
        attendance: attendance(connection, reader).await?,
        documents: documents(connection, reader).await?,
        reports: reports(connection, reader).await?,
        reviews: reviews(connection, reader).await?,
        declarations: declarations(connection, reader).await?,
        confirmations: confirmations(connection, reader).await?,
    })
}

/// What loading a table of facts gives.
type Loaded<T> = Result<Vec<Row<T>>, StoreError>;

async fn duties(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, AgencyKind)> {
    facts!(
        connection,
        reader,
        agency_duty,
        "agency_duty",
        (body_id: i64, kind: String),
        |reader: &mut Reader, body, kind: String| {
            Some((body, reader.code("agency_duty", &AgencyKind::ALL, &kind)?))
        }
    )
}

async fn mailboxes(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, Mailbox)> {
    facts!(
        connection,
        reader,
        mailbox,
        "mailbox",
        (body_id: i64, purpose: String, address: String),
        |reader: &mut Reader, body, purpose: String, address| {
            let purpose = reader.code("mailbox", &MailboxPurpose::ALL, &purpose)?;
            Some((body, Mailbox { purpose, address }))
        }
    )
}

async fn seats(connection: &mut Connection) -> Result<Vec<(i64, SeatRow)>, StoreError> {
    let rows: Vec<(i64, i64, String)> =
        seat::table.select((seat::id, seat::board_id, seat::slug)).order(seat::id).load(connection).await?;
    Ok(rows.into_iter().map(|(id, board, slug)| (id, SeatRow { board, slug })).collect())
}

async fn descriptions(connection: &mut Connection, reader: &mut Reader) -> Loaded<SeatDescriptionRow> {
    facts!(
        connection,
        reader,
        seat_description,
        "seat_description",
        (seat_id: i64, seat_basis: String, title: String, body_id: Option<i64>),
        |reader: &mut Reader, seat, basis: String, title, body| {
            let basis = reader.code("seat_description", &SeatBasis::ALL, &basis)?;
            Some(SeatDescriptionRow { seat, basis, title, body })
        }
    )
}

async fn vacancies(connection: &mut Connection, reader: &mut Reader) -> Loaded<i64> {
    facts!(connection, reader, vacancy, "vacancy", (seat_id: i64), |_: &mut Reader, seat| Some(seat))
}

async fn persons(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<(PersonKey, PersonRow)>, StoreError> {
    type Named = (i64, String, VersionRange, Option<(Option<String>, NaiveDate, Option<i64>)>);
    let rows: Vec<Named> = person::table
        .left_join(person_name::table.on(person_name::person_id.eq(person::id)))
        .select((
            person::id,
            person::key,
            person::recorded,
            (person_name::name, person_name::review_on, person_name::erased_version).nullable(),
        ))
        .order(person::id)
        .load(connection)
        .await?;
    let rows = rows.into_iter().filter_map(|(id, key, recorded, name)| {
        let recorded = reader.versions("person", recorded)?;
        let name = match name {
            Some((Some(name), review_on, _)) => NameState::Held(PersonName::new(name), review_on),
            Some((None, _, Some(version))) => NameState::Erased(version),
            _ => NameState::NotRecorded,
        };
        Some((PersonKey(id), PersonRow { key, recorded, name }))
    });
    Ok(rows.collect())
}

async fn person_bodies(connection: &mut Connection, reader: &mut Reader) -> Loaded<(PersonKey, i64)> {
    facts!(
        connection,
        reader,
        person_body,
        "person_body",
        (person_id: i64, body_id: i64),
        |_: &mut Reader, person, body| Some((PersonKey(person), body))
    )
}

async fn merges(connection: &mut Connection, reader: &mut Reader) -> Loaded<(PersonKey, PersonKey)> {
    events!(
        connection,
        reader,
        person_merge,
        "person_merge",
        (person_id: i64, into_id: i64),
        |_: &mut Reader, person, into| Some((ALWAYS, (PersonKey(person), PersonKey(into))))
    )
}

async fn appointments(connection: &mut Connection, reader: &mut Reader) -> Loaded<AppointmentRow> {
    facts!(
        connection,
        reader,
        appointment,
        "appointment",
        (
            seat_id: i64,
            person_id: i64,
            appointed_by: Option<String>,
            end_reason: Option<String>,
            renewal_of: Option<i64>
        ),
        |reader: &mut Reader, seat, person, appointed_by, end_reason, renewal_of| {
            Some(AppointmentRow {
                seat,
                person: PersonKey(person),
                appointed_by: reader.optional_code("appointment", &AppointedBy::ALL, appointed_by)?,
                end_reason: reader.optional_code("appointment", &EndReason::ALL, end_reason)?,
                renewal_of,
            })
        }
    )
}

async fn offices(connection: &mut Connection, reader: &mut Reader) -> Loaded<OfficeRow> {
    facts!(
        connection,
        reader,
        office,
        "office",
        (board_id: i64, kind: String, person_id: Option<i64>),
        |reader: &mut Reader, board, kind: String, person: Option<i64>| {
            let office = reader.code("office", &Office::ALL, &kind)?;
            Some(OfficeRow { board, office, person: person.map(PersonKey) })
        }
    )
}

async fn deputies(connection: &mut Connection, reader: &mut Reader) -> Loaded<DeputyRow> {
    facts!(
        connection,
        reader,
        deputy,
        "deputy",
        (seat_id: i64, person_id: i64, may_commit: Option<bool>),
        |_: &mut Reader, seat, person, may_commit| {
            Some(DeputyRow { seat, person: PersonKey(person), may_commit })
        }
    )
}

async fn meetings(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, Option<bool>)> {
    events!(
        connection,
        reader,
        meeting,
        "meeting",
        (board_id: i64, held_on: NaiveDate, is_chaired: Option<bool>),
        |_: &mut Reader, board, held_on, is_chaired| Some((that_day(held_on), (board, is_chaired)))
    )
}

async fn attendance(connection: &mut Connection, reader: &mut Reader) -> Loaded<AttendanceRow> {
    events!(
        connection,
        reader,
        meeting_attendance,
        "meeting_attendance",
        (meeting: i64, seat_id: i64, attendance: String),
        |reader: &mut Reader, meeting, seat, attendance: String| {
            let attendance = reader.code("meeting_attendance", &Attendance::ALL, &attendance)?;
            // The days are those of the meeting, which may be corrected.
            Some((ALWAYS, AttendanceRow { meeting, seat, attendance }))
        }
    )
}

async fn documents(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, Document)> {
    facts!(
        connection,
        reader,
        board_document,
        "board_document",
        (board_id: i64, kind: String, url: Option<String>),
        |reader: &mut Reader, board, kind: String, url| {
            let kind = reader.code("board_document", &DocumentKind::ALL, &kind)?;
            Some((board, Document { kind, url }))
        }
    )
}

async fn reports(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, Report)> {
    events!(
        connection,
        reader,
        annual_report,
        "annual_report",
        (board_id: i64, year: i32, published_on: Option<NaiveDate>, url: Option<String>),
        |_: &mut Reader, board, year, published_on, url| {
            // From 1 April to 31 March; a year beyond the calendar shows as a period without a first day.
            let april = |year| NaiveDate::from_ymd_opt(year, 4, 1);
            let days = (
                april(year).map_or(Bound::Unbounded, Bound::Included),
                april(year + 1).map_or(Bound::Unbounded, Bound::Excluded),
            );
            Some((days, (board, Report { year, published_on, url })))
        }
    )
}

async fn reviews(connection: &mut Connection, reader: &mut Reader) -> Loaded<(i64, Option<bool>)> {
    events!(
        connection,
        reader,
        review,
        "review",
        (board_id: i64, held_on: NaiveDate, consulted_lay_advisers: Option<bool>),
        |_: &mut Reader, board, held_on, consulted| Some((that_day(held_on), (board, consulted)))
    )
}

async fn declarations(connection: &mut Connection, reader: &mut Reader) -> Loaded<DeclarationRow> {
    let rows: Loaded<(i64, i64, DeclarationKind, bool, DeclaredBy)> = facts!(
        connection,
        reader,
        declaration,
        "declaration",
        (person_id: i64, board_id: i64, kind: String, holds: bool, declared_by: String),
        |reader: &mut Reader, person, board, kind: String, holds, declared_by: String| {
            let kind = reader.code("declaration", &DeclarationKind::ALL, &kind)?;
            let declared_by = reader.code("declaration", &DeclaredBy::ALL, &declared_by)?;
            Some((person, board, kind, holds, declared_by))
        }
    );
    let with_days = |row: Row<_>| {
        let valid = row.valid;
        let (row, (person, board, kind, holds, declared_by)) = row.take();
        let declaration = Declaration { kind, holds, valid };
        row.with(DeclarationRow { person: PersonKey(person), board, declaration, declared_by })
    };
    Ok(rows?.into_iter().map(with_days).collect())
}

async fn confirmations(connection: &mut Connection, reader: &mut Reader) -> Loaded<ConfirmationRow> {
    events!(
        connection,
        reader,
        attestation,
        "attestation",
        (
            board_id: i64,
            subject: String,
            seat_id: Option<i64>,
            confirmed_on: NaiveDate,
            confirmed_by: String
        ),
        |reader: &mut Reader, board, subject: String, seat, confirmed_on, by| {
            let subject = reader.code("attestation", &Confirmed::ALL, &subject)?;
            Some((that_day(confirmed_on), ConfirmationRow { board, subject, seat, by }))
        }
    )
}
