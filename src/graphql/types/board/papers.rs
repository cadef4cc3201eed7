//! Meetings of a board, its documents, reports and reviews.

use super::words::{Attendance, SeatBasis};
use crate::directory::records::Row;
use crate::directory::seat::Document;
use crate::domain::board::codes::DocumentKind;
use crate::domain::board::{AnnualReport as ReportOn, Meeting as MeetingOn, Review as ReviewOn};
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::common::{Citation, Period};
use juniper::GraphQLObject;

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
}

/// A review of the arrangements of an area.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct BoardReview {
    /// Its day.
    pub on: LocalDate,
    /// Whether the lay advisers were consulted; null where that is not recorded.
    pub consulted_lay_advisers: Option<bool>,
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
    rows.into_iter().map(document).collect()
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

impl From<&ReportOn> for AnnualReport {
    fn from(report: &ReportOn) -> AnnualReport {
        AnnualReport { year: report.year, published_on: report.published_on.map(LocalDate) }
    }
}

impl From<&ReviewOn> for BoardReview {
    fn from(review: &ReviewOn) -> BoardReview {
        BoardReview { on: LocalDate(review.on), consulted_lay_advisers: review.consulted_lay_advisers }
    }
}
