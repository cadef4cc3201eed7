//! Meetings of a board, its documents, reports and reviews, and who confirmed what is recorded.

use super::seat::Seat;
use super::words::{Attendance, ConfirmedSubject, SeatBasis};
use crate::directory::BoardId;
use crate::directory::records::Row;
use crate::directory::seat::Document;
use crate::domain::board::Meeting as MeetingOn;
use crate::domain::board::codes::DocumentKind;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::common::{Citation, Period};
use juniper::GraphQLObject;

/// Most documents, reports or reviews of a kind.
const MOST: usize = 50;
/// Most confirmations.
const MOST_CONFIRMATIONS: usize = 200;

/// A memorandum, a business plan or a minister's approval of more lay advisers.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct BoardDocument {
    /// Days for which it holds.
    pub period: Period,
    /// Whether the day asked about is one of them.
    pub in_force: bool,
    /// Where it is published; null where that is not recorded.
    pub location: Option<String>,
    /// Where it comes from.
    pub citation: Citation,
}

/// How a seat was represented at a meeting.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct SeatAttendance {
    /// Slug of the seat.
    pub seat: String,
    /// Why the seat existed on that day.
    pub basis: SeatBasis,
    /// How it was represented.
    pub attendance: Attendance,
}

/// A meeting of a board.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct BoardMeeting {
    /// Its day.
    pub on: LocalDate,
    /// Whether the chair or a deputy of the chair presided; null where that is not recorded.
    pub is_chaired: Option<bool>,
    /// How seats were represented; of a seat that is missing that is not recorded. At most 100.
    pub attendance: Vec<SeatAttendance>,
}

/// A report of a board for a year from 1 April to 31 March.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct AnnualReport {
    /// The year in which the period reported on begins: 2013 for 2013-14.
    pub year: i32,
    /// When it was published; null where it is recorded as not published.
    pub published_on: Option<LocalDate>,
    /// Where it is published; null where that is not recorded.
    pub location: Option<String>,
    /// Where that comes from.
    pub citation: Citation,
}

/// A review of the arrangements of an area.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct BoardReview {
    /// Its day.
    pub on: LocalDate,
    /// Whether the lay advisers were consulted; null where that is not recorded.
    pub consulted_lay_advisers: Option<bool>,
    /// Where that comes from.
    pub citation: Citation,
}

/// That somebody confirmed that what is recorded is right and whole.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Confirmation {
    /// What was confirmed.
    pub subject: ConfirmedSubject,
    /// The seat; null where it was the board or its agencies.
    pub seat: Option<Seat>,
    /// The day.
    pub confirmed_on: LocalDate,
    /// The identity of the service that confirmed it, never a person's name; null for whoever may not see who acts here:
    /// auditors may.
    pub confirmed_by: Option<String>,
    /// Where that comes from.
    pub citation: Citation,
}

/// Documents of a kind that began on the day or before it, the newest last.
pub fn documents(
    context: &Context,
    at: At,
    rows: &[Row<Document>],
    kind: DocumentKind,
) -> Vec<BoardDocument> {
    let view = context.view(at);
    let is_known = |row: &&Row<Document>| {
        row.value.kind == kind && row.recorded.contains(view.moment.known) && row.valid.from() <= at.on
    };
    let mut rows: Vec<&Row<Document>> = rows.iter().filter(is_known).collect();
    rows.sort_by_key(|row| (row.valid, row.fact));
    let document = |row: &Row<Document>| BoardDocument {
        period: row.valid.into(),
        in_force: row.valid.contains(at.on),
        location: row.value.url.clone(),
        citation: Citation::of(view, &row.citation),
    };
    newest(rows, MOST).map(document).collect()
}

impl From<&MeetingOn> for BoardMeeting {
    fn from(meeting: &MeetingOn) -> BoardMeeting {
        let attendance = meeting.attendance.iter().take(100);
        BoardMeeting {
            on: LocalDate(meeting.on),
            is_chaired: meeting.is_chaired,
            attendance: attendance
                .map(|(seat, basis, attendance)| SeatAttendance {
                    seat: seat.clone(),
                    basis: (*basis).into(),
                    attendance: (*attendance).into(),
                })
                .collect(),
        }
    }
}

/// The newest of so many rows, in their order.
fn newest<T>(rows: Vec<T>, most: usize) -> impl Iterator<Item = T> {
    let more = rows.len().saturating_sub(most);
    rows.into_iter().skip(more)
}

/// Annual reports that are known of, the newest last.
pub fn annual_reports(context: &Context, at: At, board: BoardId) -> Vec<AnnualReport> {
    let view = context.view(at);
    let rows = newest(view.annual_reports(board), MOST);
    rows.map(|row| AnnualReport {
        year: row.value.year,
        published_on: row.value.published_on.map(LocalDate),
        location: row.value.url.clone(),
        citation: Citation::of(view, &row.citation),
    })
    .collect()
}

/// Reviews up to the day, the newest last.
pub fn reviews(context: &Context, at: At, board: BoardId) -> Vec<BoardReview> {
    let view = context.view(at);
    let rows = newest(view.reviews(board), MOST);
    rows.map(|row| BoardReview {
        on: LocalDate(row.valid.from()),
        consulted_lay_advisers: row.value,
        citation: Citation::of(view, &row.citation),
    })
    .collect()
}

/// Confirmations up to the day, the newest last.
pub fn confirmations(context: &Context, at: At, board: BoardId) -> Vec<Confirmation> {
    let view = context.view(at);
    let may_see_actors = context.caller().may_audit();
    let rows = newest(view.confirmations(board), MOST_CONFIRMATIONS);
    rows.map(|row| Confirmation {
        subject: row.value.subject.into(),
        seat: row.value.seat.and_then(|id| Seat::find(context, at, id)),
        confirmed_on: LocalDate(row.valid.from()),
        confirmed_by: may_see_actors.then(|| row.value.by.clone()),
        citation: Citation::of(view, &row.citation),
    })
    .collect()
}
