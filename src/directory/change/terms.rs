//! Orders about terms in seats: appoint, renew, end, correct, withdraw.
//!
//! A term is one fact. An early end and a correction close its row and add one of the same number; a renewal is a fact of its
//! own; what was recorded in error is closed and stays visible to whoever asks what was known then.

use super::ground::{Ground, appointment, standing};
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{NewRow, Number, SeatKey, Table, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::records::Row;
use crate::directory::seat::Appointment;
use crate::directory::{Directory, SeatId};
use crate::domain::board::{AppointedBy, EndReason};
use crate::domain::calendar::Calendar;
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Somebody is appointed to a seat.
#[derive(Clone, Debug)]
pub struct AppointMember {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat.
    pub seat: String,
    /// Key of the person.
    pub person: String,
    /// First day of the term.
    pub from: NaiveDate,
    /// Last day of the term; none where it is open.
    pub last_day: Option<NaiveDate>,
    /// Who made the appointment; none where that is not recorded.
    pub appointed_by: Option<AppointedBy>,
}

/// A term is followed by another of the same person in the same seat.
#[derive(Clone, Debug)]
pub struct RenewAppointment {
    /// Number of the appointment that is renewed.
    pub appointment: i64,
    /// Last day of the new term; none where it is open.
    pub last_day: Option<NaiveDate>,
    /// Who made the appointment; none where that is not recorded.
    pub appointed_by: Option<AppointedBy>,
}

/// A term ends, or is to end.
#[derive(Clone, Debug)]
pub struct EndAppointment {
    /// Number of the appointment.
    pub appointment: i64,
    /// Its last day.
    pub last_day: NaiveDate,
    /// Why it ends; none where that is not recorded.
    pub end_reason: Option<EndReason>,
}

/// What was recorded of a term was wrong. What is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CorrectAppointment {
    /// Number of the appointment.
    pub appointment: i64,
    /// Key of the person.
    pub person: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub last_day: Option<NaiveDate>,
    /// Whether the term has no last day, whatever was recorded.
    pub is_open: bool,
    /// Who made the appointment.
    pub appointed_by: Option<AppointedBy>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// An appointment was never made: it was recorded in error.
#[derive(Clone, Debug)]
pub struct WithdrawAppointment {
    /// Number of the appointment.
    pub appointment: i64,
}

impl Order for AppointMember {
    fn action(&self) -> &'static str {
        "APPOINT_MEMBER"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        Scope::board(&self.board).with_person(directory, &self.person)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let seat = ground.board(&self.board).and_then(|board| ground.seat(board, &self.seat));
        let person = ground.person(&self.person, "person");
        let valid = ground.period(self.from, self.last_day);
        let (seat, valid) = match (seat, person, valid) {
            (Ok(seat), Ok(_), Ok(valid)) => (seat, valid),
            (seat, person, valid) => {
                return Err([seat.err(), person.err(), valid.err()].into_iter().flatten().collect());
            }
        };
        let key = SeatKey { board: self.board.clone(), seat: self.seat.clone() };
        let mut writes = without_vacancy(ground, seat, &key, valid);
        let number = next_number(&writes);
        writes.push(Write::Add(
            number,
            NewRow::Appointment {
                seat: key,
                person: self.person.clone(),
                appointed_by: self.appointed_by,
                end_reason: None,
                renewal_of: None,
                valid,
            },
        ));
        decided(ground, writes, summary(&self.board, &self.seat, &self.person, valid.from()))
    }
}

impl Order for RenewAppointment {
    fn action(&self) -> &'static str {
        "RENEW_APPOINTMENT"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        scope_of(directory, self.appointment)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let old = Standing::find(ground, self.appointment)?;
        let Some(from) = old.row.valid.until() else {
            let message =
                "The term has no last day: there is nothing to renew. End it first, or leave it open.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "appointment", message)]);
        };
        // Who was recorded twice goes on as the one person.
        let one = ground.directory.view(ground.today, Calendar::default()).one(old.row.value.person);
        let person = ground.key_of(one);
        ground.person(&person, "appointment").map_err(|refusal| vec![refusal])?;
        let valid = ground.period(from, self.last_day).map_err(|refusal| vec![refusal])?;
        let mut writes = without_vacancy(ground, old.seat, &old.key, valid);
        let number = next_number(&writes);
        writes.push(Write::Add(
            number,
            NewRow::Appointment {
                seat: old.key.clone(),
                person: person.clone(),
                appointed_by: self.appointed_by,
                end_reason: None,
                renewal_of: Some(self.appointment),
                valid,
            },
        ));
        decided(ground, writes, summary(&old.key.board, &old.key.seat, &person, from))
    }
}

impl Order for EndAppointment {
    fn action(&self) -> &'static str {
        "END_APPOINTMENT"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        scope_of(directory, self.appointment)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let old = Standing::find(ground, self.appointment)?;
        let from = old.row.valid.from();
        let valid = ground.period(from, Some(self.last_day)).map_err(|refusal| vec![refusal])?;
        if old.row.valid.last_day().is_some_and(|last| last < self.last_day) {
            let message = format!(
                "The term is {} already: an end brings it forward. Renew it, or correct it where it was recorded wrongly.",
                integrity::words(old.row.valid)
            );
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "lastDay", message)]);
        }
        let end_reason = self.end_reason.or(old.row.value.end_reason);
        if old.row.valid == valid && old.row.value.end_reason == end_reason {
            return Err(vec![nothing("lastDay")]);
        }
        let appointment = Appointment { end_reason, ..old.row.value };
        // The first day on which it shows is the one after the last.
        let on = valid.until().unwrap_or(self.last_day);
        decided(ground, old.replaced(&old.person, &appointment, valid), old.summary(on))
    }
}

impl Order for CorrectAppointment {
    fn action(&self) -> &'static str {
        "CORRECT_APPOINTMENT"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        let scope = scope_of(directory, self.appointment);
        match &self.person {
            Some(person) => scope.with_person(directory, person),
            None => scope,
        }
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let old = Standing::find(ground, self.appointment)?;
        if self.is_open && self.last_day.is_some() {
            let message = "A term is open, or it has a lastDay: give one of the two.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "lastDay", message)]);
        }
        let from = self.from.unwrap_or(old.row.valid.from());
        let last_day = match self.is_open {
            true => None,
            false => self.last_day.or(old.row.valid.last_day()),
        };
        let valid = ground.period(from, last_day).map_err(|refusal| vec![refusal])?;
        let person = match &self.person {
            Some(key) => {
                ground.person(key, "person").map_err(|refusal| vec![refusal])?;
                key.clone()
            }
            None => old.person.clone(),
        };
        let end_reason = self.end_reason.or(old.row.value.end_reason).filter(|_| last_day.is_some());
        if self.end_reason.is_some() && last_day.is_none() {
            let message = "A term that is open has no reason for its end: give a lastDay as well.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "endReason", message)]);
        }
        let appointed_by = self.appointed_by.or(old.row.value.appointed_by);
        let appointment = Appointment { appointed_by, end_reason, ..old.row.value };
        if person == old.person && valid == old.row.valid && appointment == old.row.value {
            return Err(vec![nothing("appointment")]);
        }
        let on = valid.from().min(old.row.valid.from());
        let mut summary = old.summary(on);
        if person != old.person {
            summary = summary.with_person(&person);
        }
        let mut writes = without_vacancy(ground, old.seat, &old.key, valid);
        writes.extend(old.replaced(&person, &appointment, valid));
        decided(ground, writes, summary)
    }
}

impl Order for WithdrawAppointment {
    fn action(&self) -> &'static str {
        "WITHDRAW_APPOINTMENT"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        scope_of(directory, self.appointment)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let old = Standing::find(ground, self.appointment)?;
        let writes = vec![Write::Close(Table::Appointment, self.appointment)];
        decided(ground, writes, old.summary(old.row.valid.from()))
    }
}

/// An appointment as it is known now.
struct Standing<'d> {
    seat: SeatId,
    key: SeatKey,
    /// Key of the person.
    person: String,
    row: &'d Row<Appointment>,
}

impl<'d> Standing<'d> {
    fn find(ground: &Ground<'d>, fact: i64) -> Result<Standing<'d>, Refused> {
        let (seat, row) = ground.appointment(fact).map_err(|refusal| vec![refusal])?;
        let person = ground.key_of(row.value.person);
        Ok(Standing { seat, key: seat_key(ground.directory, seat), person, row })
    }

    /// The row is closed, and another of the same number takes its place.
    fn replaced(&self, person: &str, appointment: &Appointment, valid: Period) -> Vec<Write> {
        let row = NewRow::Appointment {
            seat: self.key.clone(),
            person: person.to_owned(),
            appointed_by: appointment.appointed_by,
            end_reason: appointment.end_reason,
            renewal_of: appointment.renewal_of,
            valid,
        };
        let fact = self.row.fact;
        vec![Write::Close(Table::Appointment, fact), Write::Add(Number::Known(fact), row)]
    }

    fn summary(&self, on: NaiveDate) -> Summary {
        summary(&self.key.board, &self.key.seat, &self.person, on)
    }
}

/// A seat by its slugs.
pub fn seat_key(directory: &Directory, seat: SeatId) -> SeatKey {
    let seat = directory.seat(seat);
    SeatKey { board: directory.board(seat.board).slug.clone(), seat: seat.slug.clone() }
}

fn scope_of(directory: &Directory, fact: i64) -> Scope {
    match appointment(directory, fact) {
        Some((seat, row)) => {
            let mut scope = Scope::board(&seat_key(directory, seat).board);
            scope.persons.insert(row.value.person);
            scope
        }
        // Whoever looks after some board is told that there is none; it is no secret that others can guess.
        None => Scope::new(Right::AnyAdministrator),
    }
}

fn summary(board: &str, seat: &str, person: &str, on: NaiveDate) -> Summary {
    Summary::of_board(board, on).with_seat(board, seat).with_person(person)
}

/// What is asked for stands already.
pub fn nothing(field: &'static str) -> Refusal {
    Refusal::new(RefusalCode::NothingToChange, field, "That is what is recorded already.")
}

/// The number of the next new fact.
pub fn next_number(writes: &[Write]) -> Number {
    Number::New(writes.iter().filter(|write| matches!(write, Write::Add(Number::New(_), _))).count())
}

/// Ends what is recorded of a vacancy where a term begins. What of it lies after the term falls: nobody said it.
pub fn without_vacancy(ground: &Ground<'_>, seat: SeatId, key: &SeatKey, term: Period) -> Vec<Write> {
    let mut writes = Vec::new();
    let rows = standing(&ground.directory.seat(seat).vacancies);
    for row in rows.filter(|row| row.valid.overlaps(&term)) {
        writes.push(Write::Close(Table::Vacancy, row.fact));
        if let Some(valid) = Period::new(row.valid.from(), Some(term.from())) {
            let row_before = NewRow::Vacancy { seat: key.clone(), valid };
            writes.push(Write::Add(Number::Known(row.fact), row_before));
        }
    }
    writes
}

/// A decision that integrity allows.
///
/// # Errors
///
/// Where it does not.
pub fn decided(ground: &Ground<'_>, writes: Vec<Write>, summary: Summary) -> Result<Decision, Refused> {
    integrity::check(ground, &writes)?;
    Ok(Decision { writes, summary })
}
