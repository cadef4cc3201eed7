//! What a change is decided on: the newest directory, the day, who asks; and the look-ups that every order needs.

use super::refusal::{Refusal, RefusalCode};
use crate::directory::access::Keys;
use crate::directory::person::NameState;
use crate::directory::records::Row;
use crate::directory::seat::Appointment;
use crate::directory::{BoardId, BodyId, Directory, SeatId};
use crate::domain::board::PersonKey;
use crate::domain::calendar::{Calendar, FIRST_DAY};
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::{Days, NaiveDate};

/// Days that something may lie ahead: a term, a seat, a meeting.
const AHEAD: Days = Days::new(10 * 366);

/// The newest directory, on the day of the change.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'d> {
    /// What is known.
    pub directory: &'d Directory,
    /// The day, in London.
    pub today: NaiveDate,
    /// The identity that makes the change.
    pub actor: &'d str,
    /// The keys that are taken.
    pub keys: &'d Keys,
}

/// Rows that are what we know now.
pub fn standing<T>(rows: &[Row<T>]) -> impl Iterator<Item = &Row<T>> {
    rows.iter().filter(|row| row.recorded.until().is_none())
}

impl<'d> Ground<'d> {
    /// The board of a slug.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn board(&self, slug: &str) -> Result<BoardId, Refusal> {
        self.directory.board_by_slug(slug).ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnknownBoard,
                "board",
                "No board has that slug: give that of its MAPPA area.",
            )
        })
    }

    /// The seat of a board with a slug.
    ///
    /// # Errors
    ///
    /// Where the board has none.
    pub fn seat(&self, board: BoardId, slug: &str) -> Result<SeatId, Refusal> {
        self.directory.seat_by_slug(board, slug).ok_or_else(|| {
            let message = "The board has no seat of that slug: give one of board { seats { slug } }, or add the seat first.";
            Refusal::new(RefusalCode::UnknownSeat, "seat", message)
        })
    }

    /// The person of a key, of whom something new may be recorded.
    ///
    /// # Errors
    ///
    /// Where there is none, where the person is known by another key now, and where the name was erased.
    pub fn person(&self, key: &str, field: &'static str) -> Result<PersonKey, Refusal> {
        let unknown = || {
            Refusal::new(
                RefusalCode::UnknownPerson,
                field,
                "No person has that key: give one of people, or add the person first.",
            )
        };
        let number = self.directory.person_by_key(key).ok_or_else(unknown)?;
        let person = self.directory.person(number).ok_or_else(unknown)?;
        if let Some(row) = standing(&person.merged_into).next() {
            let one = self.directory.view(self.today, Calendar::default()).one(row.value);
            let key = self.directory.person(one).map_or("", |one| one.key.as_str());
            let message =
                format!("The person was recorded twice and is known by another key now: give {key}.");
            return Err(Refusal::new(RefusalCode::PersonMerged, field, message));
        }
        if matches!(person.name, NameState::Erased(_)) {
            let message = "The name of the person was erased, and nothing new is recorded of them: add the person anew if that is lawful.";
            return Err(Refusal::new(RefusalCode::PersonErased, field, message));
        }
        Ok(number)
    }

    /// Key of a person as it is known outside the directory.
    pub fn key_of(&self, person: PersonKey) -> String {
        self.directory.person(person).map_or_else(String::new, |person| person.key.clone())
    }

    /// The body of a kind and slug.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn body(&self, kind: BodyKind, slug: &str, field: &'static str) -> Result<BodyId, Refusal> {
        self.directory.by_slug(kind, slug).ok_or_else(|| {
            let message = "No organisation of that kind has that slug.";
            Refusal::new(RefusalCode::UnknownOrganisation, field, message)
        })
    }

    /// The standing days of a body that hold a day: what is recorded of it then lies within them.
    ///
    /// # Errors
    ///
    /// Where the body does not exist on that day.
    pub fn period_of(&self, body: BodyId, day: NaiveDate, field: &'static str) -> Result<Period, Refusal> {
        let body = self.directory.body(body);
        let found = standing(&body.periods).find(|row| row.valid.contains(day));
        found.map(|row| row.valid).ok_or_else(|| {
            let slug = &body.identity.slug;
            let message = format!("{slug} does not exist on {day}: give a day of its period.");
            Refusal::new(RefusalCode::DateOutOfScope, field, message)
        })
    }

    /// Slugs of the boards on which something shows that is recorded of a body: those of areas that it covers, and those on
    /// which it has a seat.
    pub fn boards_of(&self, body: BodyId) -> Vec<String> {
        let body = self.directory.body(body);
        let areas = standing(&body.coverage).map(|row| row.value.body);
        let of_areas = areas.flat_map(|area| self.directory.body(area).boards.iter().copied());
        let of_seats = body.seats.iter().map(|seat| self.directory.seat(*seat).board);
        of_areas.chain(of_seats).map(|board| self.directory.board(board).slug.clone()).collect()
    }

    /// The appointment of a number, as it is known now, with its seat.
    ///
    /// # Errors
    ///
    /// Where none is known.
    pub fn appointment(&self, fact: i64) -> Result<(SeatId, &'d Row<Appointment>), Refusal> {
        appointment(self.directory, fact).ok_or_else(|| {
            let message =
                "No appointment that is known now has that number: give one of board { seats { holder { appointment } } }.";
            Refusal::new(RefusalCode::UnknownAppointment, "appointment", message)
        })
    }

    /// A day that may be recorded.
    ///
    /// # Errors
    ///
    /// Where it lies before the directory begins, or further ahead than anything is planned.
    pub fn day(&self, day: NaiveDate, field: &'static str) -> Result<NaiveDate, Refusal> {
        let last = self.today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
        if (FIRST_DAY..=last).contains(&day) {
            return Ok(day);
        }
        let message = format!("The day lies out of reach: give one from {FIRST_DAY} to {last}.");
        Err(Refusal::new(RefusalCode::DateOutOfScope, field, message))
    }

    /// A day that has come.
    ///
    /// # Errors
    ///
    /// As [`Ground::day`], and where it lies ahead: what has not happened is not recorded.
    pub fn past_day(&self, day: NaiveDate, field: &'static str) -> Result<NaiveDate, Refusal> {
        if day > self.today {
            let message = format!("The day has not come yet: give one up to {}.", self.today);
            return Err(Refusal::new(RefusalCode::DateOutOfScope, field, message));
        }
        self.day(day, field)
    }

    /// Days from a first to a last, as people give them in the fields `from` and `lastDay`.
    ///
    /// # Errors
    ///
    /// Where a day is out of reach, and where the last lies before the first.
    pub fn period(&self, from: NaiveDate, last_day: Option<NaiveDate>) -> Result<Period, Refusal> {
        self.day(from, "from")?;
        if let Some(last) = last_day {
            self.day(last, "lastDay")?;
        }
        Period::through(from, last_day).ok_or_else(|| {
            let message = format!("The last day lies before the first: give a lastDay from {from}, or none.");
            Refusal::new(RefusalCode::EndBeforeStart, "lastDay", message)
        })
    }
}

/// The appointment of a number, as it is known now, with its seat.
pub fn appointment(directory: &Directory, fact: i64) -> Option<(SeatId, &Row<Appointment>)> {
    let boards = directory.boards();
    let mut seats = boards.flat_map(|board| directory.board(board).seats.iter().copied());
    seats.find_map(|seat| {
        let row = standing(&directory.seat(seat).appointments).find(|row| row.fact == fact)?;
        Some((seat, row))
    })
}

/// A text that may be recorded: trimmed, without control characters, not too long.
///
/// # Errors
///
/// Where it is not.
pub fn text(value: &str, field: &'static str, most: usize) -> Result<String, Refusal> {
    let value = value.trim();
    let is_sound = !value.is_empty() && value.chars().count() <= most && !value.chars().any(char::is_control);
    if is_sound {
        return Ok(value.to_owned());
    }
    let message = format!("{field} must have 1 to {most} characters and no control character.");
    Err(Refusal::new(RefusalCode::InvalidValue, field, message))
}
