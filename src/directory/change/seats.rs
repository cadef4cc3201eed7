//! Orders about seats: add one, close one, and record that one is vacant.
//!
//! A seat is never taken back: it ends. What was to be held in it beyond its end is ended with it only where that is asked for.

use super::ground::{Ground, standing, text};
use super::integrity::{is_within, words};
use super::refusal::{Refusal, RefusalCode, Refused, all};
use super::rows::{BodyKey, Identity, NewRow, Number, SeatKey, Table, Write};
use super::summary::Summary;
use super::supersede::{Again, supersede};
use super::terms::{decided, nothing};
use super::{Decision, Order, Scope};
use crate::directory::records::Row;
use crate::directory::{Directory, SeatId};
use crate::domain::board::{EndReason, SeatBasis};
use crate::domain::organisation::{BodyKind, LONGEST_SLUG, is_slug};
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;

/// Why a slug cannot be given again.
const TAKEN: &str =
    "The board has a seat of that slug, in force or closed, and a slug is never used again: give another.";

/// A board gets a seat.
#[derive(Clone, Debug)]
pub struct AddSeat {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat.
    pub seat: String,
    /// Why it exists.
    pub basis: SeatBasis,
    /// What it is called.
    pub title: String,
    /// The body that it belongs to; none for a lay adviser, and where that is not recorded.
    pub body: Option<BodyKey>,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

/// A seat ends, or is to end.
#[derive(Clone, Debug)]
pub struct CloseSeat {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat.
    pub seat: String,
    /// Its last day.
    pub last_day: NaiveDate,
    /// Whether terms that run beyond it end with it.
    pub ends_terms: bool,
}

/// A seat is vacant.
#[derive(Clone, Debug)]
pub struct RecordVacancy {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat.
    pub seat: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

impl Order for AddSeat {
    fn action(&self) -> &'static str {
        "ADD_SEAT"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let board = ground.board(&self.board);
        let is_there =
            board.as_ref().is_ok_and(|id| ground.directory.seat_by_slug(*id, &self.seat).is_some());
        let is_new = match is_there {
            true => Err(Refusal::new(RefusalCode::AlreadyThere, "seat", TAKEN)),
            false => sound_slug(&self.seat),
        };
        let title = text(&self.title, "title", LONGEST_TITLE);
        let days = ground.period(self.from, self.last_day);
        let mut refusals: Refused =
            [is_new.err(), self.check_body(ground).err()].into_iter().flatten().collect();
        let (valid, title) = match all(board, days, title) {
            Ok((_, valid, title)) if refusals.is_empty() => (valid, title),
            found => {
                refusals.extend(found.err().into_iter().flatten());
                return Err(refusals);
            }
        };
        let seat = SeatKey { board: self.board.clone(), seat: self.seat.clone() };
        let summary = Summary::of_board(&self.board, self.from).with_seat(&self.board, &self.seat);
        let (basis, body) = (self.basis, self.body.clone());
        let writes = vec![
            Write::Identity(Identity::Seat(seat.clone())),
            Write::Add(Number::New(0), NewRow::SeatDescription { seat, basis, title, body, valid }),
        ];
        decided(ground, writes, summary)
    }
}

impl AddSeat {
    fn check_body(&self, ground: &Ground<'_>) -> Result<(), Refusal> {
        let Some((kind, slug)) = &self.body else { return Ok(()) };
        ground.body(*kind, slug, "body")?;
        let is_statutory = self.basis.is_responsible_authority() || self.basis == SeatBasis::DutyToCooperate;
        if *kind == BodyKind::Crc && is_statutory {
            let message =
                "A community rehabilitation company has no statutory seat: add the seat as INVITED_PARTNER.";
            return Err(Refusal::new(RefusalCode::CompanyInStatutorySeat, "body", message).by("G-25a"));
        }
        if self.basis == SeatBasis::LayAdviser {
            let message = "A lay adviser comes from no organisation: leave the body out.";
            return Err(Refusal::new(RefusalCode::InvalidValue, "body", message));
        }
        Ok(())
    }
}

impl Order for CloseSeat {
    fn action(&self) -> &'static str {
        "CLOSE_SEAT"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        let mut scope = Scope::board(&self.board);
        let board = directory.board_by_slug(&self.board);
        if let Some(seat) = board.and_then(|board| directory.seat_by_slug(board, &self.seat)) {
            let beyond = standing(&directory.seat(seat).appointments)
                .filter(|row| self.ends_terms && runs_beyond(row.valid, self.last_day));
            scope.persons.extend(beyond.map(|row| row.value.person));
        }
        scope
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let seat = ground.board(&self.board).and_then(|board| ground.seat(board, &self.seat));
        let (id, last, ()) = all(seat, ground.day(self.last_day, "lastDay"), Ok(()))?;
        let seat = ground.directory.seat(id);
        let key = SeatKey { board: self.board.clone(), seat: self.seat.clone() };
        let mut writes = self.ended(ground, id, &key)?;
        let beyond = |valid: Period| runs_beyond(valid, last);
        let mut summary = Summary::of_board(&self.board, last.succ_opt().unwrap_or(last))
            .with_seat(&self.board, &self.seat);
        let terms: Vec<_> = standing(&seat.appointments).filter(|row| beyond(row.valid)).collect();
        if !self.ends_terms && !terms.is_empty() {
            let refusals = terms.iter().map(|row| {
                let message = format!(
                    "The seat is held beyond that day: appointment {} runs {}. End it first, or give endAppointments: true.",
                    row.fact,
                    words(row.valid)
                );
                Refusal::new(RefusalCode::SeatClosed, "lastDay", message).by("G-34a")
            });
            return Err(refusals.collect());
        }
        for row in terms {
            let person = ground.key_of(row.value.person);
            if !summary.persons.contains(&person) {
                summary = summary.with_person(&person);
            }
            writes.extend(cut(Table::Appointment, row, last, |held, valid| NewRow::Appointment {
                seat: key.clone(),
                person: person.clone(),
                appointed_by: held.appointed_by,
                end_reason: Some(EndReason::SeatEnded),
                renewal_of: held.renewal_of,
                valid,
            }));
        }
        for row in standing(&seat.vacancies).filter(|row| beyond(row.valid)) {
            writes.extend(cut(Table::Vacancy, row, last, |(), valid| NewRow::Vacancy {
                seat: key.clone(),
                valid,
            }));
        }
        for row in standing(&seat.deputies).filter(|row| beyond(row.valid)) {
            writes.extend(cut(Table::Deputy, row, last, |held, valid| NewRow::Deputy {
                seat: key.clone(),
                person: ground.key_of(held.person),
                may_commit: held.may_commit,
                valid,
            }));
        }
        decided(ground, writes, summary)
    }
}

impl CloseSeat {
    /// What the seat is, up to its last day.
    fn ended(&self, ground: &Ground<'_>, seat: SeatId, key: &SeatKey) -> Result<Vec<Write>, Refused> {
        let rows: Vec<_> = standing(&ground.directory.seat(seat).descriptions).collect();
        let exists: Vec<String> = rows.iter().map(|row| words(row.valid)).collect();
        let beyond = |row: &&&Row<_>| runs_beyond(row.valid, self.last_day);
        if rows.iter().any(|row| row.valid.last_day() == Some(self.last_day))
            && !rows.iter().any(|row| beyond(&row))
        {
            return Err(vec![nothing("lastDay")]);
        }
        if !rows.iter().any(|row| row.valid.contains(self.last_day)) {
            let message = format!(
                "The seat does not exist on that day: it exists {}. Give one of its days.",
                exists.join(", ")
            );
            return Err(vec![Refusal::new(RefusalCode::SeatClosed, "lastDay", message)]);
        }
        let mut writes = Vec::new();
        for row in rows.iter().filter(beyond) {
            writes.extend(cut(Table::SeatDescription, row, self.last_day, |held, valid| {
                let body = held.body.map(|body| {
                    let identity = &ground.directory.body(body).identity;
                    (identity.kind, identity.slug.clone())
                });
                let (basis, title) = (held.basis, held.title.clone());
                NewRow::SeatDescription { seat: key.clone(), basis, title, body, valid }
            }));
        }
        Ok(writes)
    }
}

impl Order for RecordVacancy {
    fn action(&self) -> &'static str {
        "RECORD_VACANCY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let seat = ground.board(&self.board).and_then(|board| ground.seat(board, &self.seat));
        let (id, valid, ()) = all(seat, ground.period(self.from, self.last_day), Ok(()))?;
        exists(ground, id, valid, "from").map_err(|refusal| vec![refusal])?;
        let seat = ground.directory.seat(id);
        let held: Refused = standing(&seat.appointments)
            .filter(|row| row.valid.overlaps(&valid))
            .map(|row| {
                let message = format!(
                    "The seat is held {}: end that term first, or give other days.",
                    words(row.valid)
                );
                Refusal::new(RefusalCode::Overlap, "from", message)
            })
            .collect();
        if !held.is_empty() {
            return Err(held);
        }
        let key = SeatKey { board: self.board.clone(), seat: self.seat.clone() };
        let vacant = |valid| NewRow::Vacancy { seat: key.clone(), valid };
        let rows = standing(&seat.vacancies);
        let made =
            supersede(Table::Vacancy, rows, valid, (Again::GoesOn, |()| true), |(), valid| vacant(valid));
        let writes = made.map_err(|refusal| vec![refusal])?.then(vacant);
        let summary = Summary::of_board(&self.board, self.from).with_seat(&self.board, &self.seat);
        decided(ground, writes, summary)
    }
}

/// Checks that a seat exists on every day of a period.
///
/// # Errors
///
/// Where it does not.
pub fn exists(ground: &Ground<'_>, seat: SeatId, valid: Period, field: &'static str) -> Result<(), Refusal> {
    let days: Vec<Period> =
        standing(&ground.directory.seat(seat).descriptions).map(|row| row.valid).collect();
    if is_within(&days, valid) {
        return Ok(());
    }
    let exists: Vec<String> = days.into_iter().map(words).collect();
    let message = format!(
        "The seat does not exist {}: it exists {}. Give some of its days.",
        words(valid),
        exists.join(", ")
    );
    Err(Refusal::new(RefusalCode::SeatClosed, field, message))
}

fn runs_beyond(valid: Period, last: NaiveDate) -> bool {
    valid.last_day().is_none_or(|day| day > last)
}

/// A row ends on a day; where it begins after it, nothing of it stands.
fn cut<T>(
    table: Table,
    row: &Row<T>,
    last: NaiveDate,
    shorter: impl FnOnce(&T, Period) -> NewRow,
) -> Vec<Write> {
    let mut writes = vec![Write::Close(table, row.fact)];
    if let Some(valid) = Period::through(row.valid.from(), Some(last)) {
        writes.push(Write::Add(Number::Known(row.fact), shorter(&row.value, valid)));
    }
    writes
}

/// Checks the form of a slug.
fn sound_slug(slug: &str) -> Result<(), Refusal> {
    if is_slug(slug) {
        return Ok(());
    }
    let message = format!(
        "A slug has 1 to {LONGEST_SLUG} lower-case letters and digits, with single hyphens between: lay-adviser-3, for example."
    );
    Err(Refusal::new(RefusalCode::InvalidValue, "seat", message))
}
