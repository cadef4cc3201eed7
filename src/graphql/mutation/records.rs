//! Inputs about what a board did and has in writing: meetings, reviews, memoranda, approvals, reports, declarations.

use super::given::{given, meant};
use crate::directory::change::{
    RecordAnnualReport, RecordDeclaration, RecordDocument, RecordMeeting, RecordReview, Refusal,
};
use crate::domain::board::codes::DocumentKind;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::board::words::{Attendance, DeclarationKind, DeclaredBy, MemorandumKind};
use juniper::GraphQLInputObject;
use serde::Serialize;
use std::sync::Arc;

/// How a seat was represented at a meeting.
#[derive(Clone, Debug, GraphQLInputObject, Serialize)]
#[graphql(scalar = Scalar)]
pub struct SeatAttendanceInput {
    /// Slug of a seat that was in force on the day.
    pub seat: String,
    /// How it was represented.
    pub attendance: Attendance,
}

given! {
    /// When a board met, and who was there.
    RecordMeetingInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// The day, which has come. A board has one meeting a day.
        held_on: LocalDate,
        /// Whether the chair or a deputy of the chair presided; not recorded where absent.
        is_chaired: Option<bool>,
        /// How seats were represented; of a seat that is missing that is not recorded. Up to 100.
        attendance: Vec<SeatAttendanceInput>,
    }
    |input| {
        let read = |it: SeatAttendanceInput| {
            meant(it.attendance.in_domain(), "attendance").map(|attendance| (it.seat, attendance))
        };
        let attendance = input.attendance.into_iter().map(read).collect::<Result<Vec<_>, Vec<Refusal>>>()?;
        Ok(Arc::new(RecordMeeting {
            board: input.board,
            held_on: input.held_on.0,
            is_chaired: input.is_chaired,
            attendance,
        }))
    }
}

given! {
    /// When the arrangements of an area were reviewed. What is recorded of the same day is put right.
    RecordReviewInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// The day, which has come.
        held_on: LocalDate,
        /// Whether the lay advisers were consulted; not recorded where absent.
        consulted_lay_advisers: Option<bool>,
    }
    |input| Ok(Arc::new(RecordReview {
        board: input.board,
        held_on: input.held_on.0,
        consulted_lay_advisers: input.consulted_lay_advisers,
    }))
}

given! {
    /// Which memorandum or plan holds from a day on. One of its kind that held until then ends on the day before; one of the
    /// same first day is put right.
    RecordMemorandumInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// What it is; MEMORANDUM where absent.
        kind: Option<MemorandumKind>,
        /// First day for which it holds.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
        /// Where it is published, with http:// or https://, up to 500 characters; not recorded where absent.
        url: Option<String>,
    }
    |input| Ok(Arc::new(RecordDocument {
        board: input.board,
        kind: input.kind.unwrap_or(MemorandumKind::Memorandum).into(),
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
        url: input.url,
    }))
}

given! {
    /// For which days the minister approved more than two lay advisers. An approval that held until then ends on the day before;
    /// one of the same first day is put right.
    RecordApprovalInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// First day for which it holds.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
        /// Where it is published, with http:// or https://, up to 500 characters; not recorded where absent.
        url: Option<String>,
    }
    |input| Ok(Arc::new(RecordDocument {
        board: input.board,
        kind: DocumentKind::MinisterialApproval,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
        url: input.url,
    }))
}

given! {
    /// Whether and when the annual report of a year was published. What is recorded of the same year is put right.
    RecordAnnualReportInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// The year in which the period reported on begins: 2013 for 2013-14.
        year: i32,
        /// When it was published. Give this or `notPublished`.
        published_on: Option<LocalDate>,
        /// Whether it is known that it was not published; false where absent.
        not_published: Option<bool>,
        /// Where it is published, with http:// or https://, up to 500 characters; not recorded where absent.
        url: Option<String>,
    }
    |input| Ok(Arc::new(RecordAnnualReport {
        board: input.board,
        year: input.year,
        published_on: input.published_on.map(|day| day.0),
        is_unpublished: input.not_published.unwrap_or(false),
        url: input.url,
    }))
}

given! {
    /// What an office declares of a person for a board, yes or no, without particulars. A declaration of the same kind that
    /// held until then ends on the day before; one of the same first day is put right.
    RecordDeclarationInput {
        /// Key of the person.
        person: String,
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// What is declared.
        kind: DeclarationKind,
        /// Whether it holds.
        holds: bool,
        /// The office that declares it.
        declared_by: DeclaredBy,
        /// First day.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
    }
    |input| Ok(Arc::new(RecordDeclaration {
        person: input.person,
        board: input.board,
        kind: meant(input.kind.in_domain(), "kind")?,
        holds: input.holds,
        declared_by: meant(input.declared_by.in_domain(), "declaredBy")?,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
    }))
}
