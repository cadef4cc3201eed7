//! Orders about what happened: meetings with attendance, reviews, declarations about members, confirmations.
//!
//! What is recorded here is never refused for what a rule finds of it.

use super::ground::{Ground, standing};
use super::refusal::{Refusal, RefusalCode, Refused, all};
use super::rows::{NewRow, Number, SeatKey, Table, Write};
use super::seats::exists;
use super::summary::Summary;
use super::supersede::{Again, supersede};
use super::terms::{decided, next_number, nothing};
use super::{Decision, Order, Scope};
use crate::directory::person::Declared;
use crate::directory::{BoardId, Directory, SeatId};
use crate::domain::board::codes::{Confirmed, DeclaredBy};
use crate::domain::board::{Attendance, DeclarationKind};
use crate::domain::calendar::Calendar;
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Most seats of which attendance at one meeting is recorded.
const MOST_SEATS: usize = 100;

/// A board met.
#[derive(Clone, Debug)]
pub struct RecordMeeting {
    /// Slug of the board.
    pub board: String,
    /// The day.
    pub held_on: NaiveDate,
    /// Whether the chair or a deputy of the chair presided; none where that is not recorded.
    pub is_chaired: Option<bool>,
    /// Slugs of seats, and how each was represented.
    pub attendance: Vec<(String, Attendance)>,
}

/// The arrangements of an area were reviewed.
#[derive(Clone, Debug)]
pub struct RecordReview {
    /// Slug of the board.
    pub board: String,
    /// The day.
    pub held_on: NaiveDate,
    /// Whether the lay advisers were consulted; none where that is not recorded.
    pub consulted_lay_advisers: Option<bool>,
}

/// Something is declared of a person for a board, by an office and without particulars.
#[derive(Clone, Debug)]
pub struct RecordDeclaration {
    /// Key of the person.
    pub person: String,
    /// Slug of the board.
    pub board: String,
    /// What is declared.
    pub kind: DeclarationKind,
    /// Whether it holds.
    pub holds: bool,
    /// The office that declares it.
    pub declared_by: DeclaredBy,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

/// What is recorded is confirmed to be right and whole.
#[derive(Clone, Debug)]
pub struct AttestBoard {
    /// Slug of the board.
    pub board: String,
    /// What is confirmed.
    pub subject: Confirmed,
    /// Slug of the seat, where one is confirmed.
    pub seat: Option<String>,
    /// The day; today where it is none.
    pub confirmed_on: Option<NaiveDate>,
}

/// One day, as a period.
fn one_day(day: NaiveDate) -> Option<Period> {
    Period::through(day, Some(day))
}

/// Checks that a seat exists on a day.
fn exists_on(ground: &Ground<'_>, seat: SeatId, day: NaiveDate, field: &'static str) -> Result<(), Refusal> {
    one_day(day).map_or(Ok(()), |valid| exists(ground, seat, valid, field))
}

impl Order for RecordMeeting {
    fn action(&self) -> &'static str {
        "RECORD_MEETING"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let day = ground.past_day(self.held_on, "heldOn");
        let (board, day, ()) = all(ground.board(&self.board), day, Ok(()))?;
        let mut meetings = standing(&ground.directory.board(board).meetings);
        if meetings.any(|row| row.valid.from() == day) {
            let message = format!(
                "A meeting on {day} is recorded already, and a board has one a day: give another day."
            );
            return Err(vec![Refusal::new(RefusalCode::Overlap, "heldOn", message)]);
        }
        self.check_seats(ground, board)?;
        let (board, held_on, is_chaired) = (self.board.clone(), day, self.is_chaired);
        let mut writes = vec![Write::Add(Number::New(0), NewRow::Meeting { board, held_on, is_chaired })];
        for (seat, attendance) in &self.attendance {
            let seat = SeatKey { board: self.board.clone(), seat: seat.clone() };
            let (meeting, attendance) = (Number::New(0), *attendance);
            writes.push(Write::Add(next_number(&writes), NewRow::Attendance { meeting, seat, attendance }));
        }
        decided(ground, writes, Summary::of_board(&self.board, day))
    }
}

impl RecordMeeting {
    fn check_seats(&self, ground: &Ground<'_>, board: BoardId) -> Result<(), Refused> {
        let invalid = |message: String| Refusal::new(RefusalCode::InvalidValue, "attendance", message);
        if self.attendance.len() > MOST_SEATS {
            return Err(vec![invalid(format!(
                "Attendance of at most {MOST_SEATS} seats can be given at once."
            ))]);
        }
        let mut seen = BTreeSet::new();
        let mut refusals = Vec::new();
        for (nth, (slug, _)) in self.attendance.iter().enumerate() {
            let Some(seat) = ground.directory.seat_by_slug(board, slug) else {
                let message = format!(
                    "The board has no seat of the slug in entry {} of attendance: give one of board {{ seats {{ slug }} }}.",
                    nth + 1
                );
                refusals.push(Refusal::new(RefusalCode::UnknownSeat, "attendance", message));
                continue;
            };
            refusals.extend(exists_on(ground, seat, self.held_on, "attendance").err().map(|refusal| {
                let message = format!("{slug}: {}", refusal.message);
                Refusal { message, ..refusal }
            }));
            if !seen.insert(slug) {
                refusals.push(invalid(format!("{slug} stands there twice: give each seat once.")));
            }
        }
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }
}

impl Order for RecordReview {
    fn action(&self) -> &'static str {
        "RECORD_REVIEW"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let day = ground.past_day(self.held_on, "heldOn");
        let (board, held_on, ()) = all(ground.board(&self.board), day, Ok(()))?;
        let mut reviews = standing(&ground.directory.board(board).reviews);
        let known = reviews.find(|row| row.valid.from() == held_on);
        let consulted_lay_advisers = self.consulted_lay_advisers;
        if known.is_some_and(|row| row.value == consulted_lay_advisers) {
            return Err(vec![nothing("heldOn")]);
        }
        let row = NewRow::Review { board: self.board.clone(), held_on, consulted_lay_advisers };
        // A review is known by its day: what is said of it anew puts right what was.
        let writes = match known {
            Some(known) => {
                vec![Write::Close(Table::Review, known.fact), Write::Add(Number::Known(known.fact), row)]
            }
            None => vec![Write::Add(Number::New(0), row)],
        };
        decided(ground, writes, Summary::of_board(&self.board, held_on))
    }
}

impl Order for RecordDeclaration {
    fn action(&self) -> &'static str {
        "RECORD_DECLARATION"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        Scope::board(&self.board).with_person(directory, &self.person)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let person = ground.person(&self.person, "person");
        let days = ground.period(self.from, self.last_day);
        let (board, person, valid) = all(ground.board(&self.board), person, days)?;
        let view = ground.directory.view(ground.today, Calendar::default());
        let one = view.one(person);
        // Whoever is declared about is known to the board: else a declaration would open a stranger's name to it.
        if !view.same(person).iter().any(|it| it.boards.contains(&board)) {
            let message = "The person has nothing to do with the board: appoint them, or record them as a deputy, first.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "person", message)]);
        }
        let (mut writes, mut own) = (Vec::new(), None);
        // What stands under other keys of the same person gives way as well.
        for (key, other) in ground.directory.persons().filter(|(key, _)| view.one(*key) == one) {
            let rows = standing(&other.declarations)
                .filter(|row| row.value.board == board && row.value.declaration.kind == self.kind);
            let is_same = |held: &Declared| {
                key == person && held.declaration.holds == self.holds && held.declared_by == self.declared_by
            };
            let shorter = |held: &Declared, valid| {
                self.row(&other.key, held.declaration.holds, held.declared_by, valid)
            };
            let made = supersede(Table::Declaration, rows, valid, (Again::IsAnother, is_same), shorter);
            let made = made.map_err(|refusal| vec![refusal])?;
            match key == person {
                true => own = Some(made),
                false => writes.extend(made.writes),
            }
        }
        let row = |valid| self.row(&self.person, self.holds, self.declared_by, valid);
        writes.extend(own.map_or_else(Vec::new, |made| made.then(row)));
        decided(ground, writes, Summary::of_board(&self.board, self.from).with_person(&self.person))
    }
}

impl RecordDeclaration {
    fn row(&self, person: &str, holds: bool, declared_by: DeclaredBy, valid: Period) -> NewRow {
        let (person, board, kind) = (person.to_owned(), self.board.clone(), self.kind);
        NewRow::Declaration { person, board, kind, holds, declared_by, valid }
    }
}

impl Order for AttestBoard {
    fn action(&self) -> &'static str {
        "ATTEST_BOARD"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let day = ground.past_day(self.confirmed_on.unwrap_or(ground.today), "confirmedOn");
        let (board, confirmed_on, ()) = all(ground.board(&self.board), day, self.check_subject())?;
        let mut summary = Summary::of_board(&self.board, confirmed_on);
        let mut seat = None;
        if let Some(slug) = &self.seat {
            let id = ground.seat(board, slug).map_err(|refusal| vec![refusal])?;
            exists_on(ground, id, confirmed_on, "seat").map_err(|refusal| vec![refusal])?;
            summary = summary.with_seat(&self.board, slug);
            seat = Some(id);
        }
        let mut known = standing(&ground.directory.board(board).confirmations);
        if known.any(|row| {
            row.valid.from() == confirmed_on && row.value.subject == self.subject && row.value.seat == seat
        }) {
            return Err(vec![nothing("confirmedOn")]);
        }
        let row = NewRow::Attestation {
            board: self.board.clone(),
            subject: self.subject,
            seat: self.seat.clone(),
            confirmed_on,
            by: ground.actor.to_owned(),
        };
        decided(ground, vec![Write::Add(Number::New(0), row)], summary)
    }
}

impl AttestBoard {
    fn check_subject(&self) -> Result<(), Refusal> {
        match (self.subject, &self.seat) {
            (Confirmed::Seat, None) => {
                let message = "Which seat is confirmed? Give its slug as seat.";
                Err(Refusal::new(RefusalCode::InvalidValue, "seat", message))
            }
            (Confirmed::Board | Confirmed::Agencies, Some(_)) => {
                let message = "A seat is given for the subject SEAT only: leave it out, or confirm the seat.";
                Err(Refusal::new(RefusalCode::InvalidValue, "seat", message))
            }
            (Confirmed::Seat, Some(_)) | (Confirmed::Board | Confirmed::Agencies, None) => Ok(()),
        }
    }
}
