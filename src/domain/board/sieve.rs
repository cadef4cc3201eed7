//! Many seats, one finding: one seat that is wrong breaks a rule, one that is not recorded leaves it open.
//!
//! What makes a seat wrong is said by whoever asks.

use super::rule::{Said, Subject};
use super::values::Quantity;
use super::{HolderOn, SeatOn, SeatState, words};
use chrono::NaiveDate;

/// What a rule finds of one seat.
pub enum Sifted {
    /// As it is to be.
    Right,
    /// Not as it is to be: how, and since when where that is known.
    Wrong(String, Option<NaiveDate>),
    /// Not told by what is recorded: why, and the field that would tell.
    Open(String, String),
}

/// Says one thing of many seats; `none` where there are none, `right` of those that are all as they are to be.
pub fn sift<'s>(
    seats: impl IntoIterator<Item = &'s SeatOn>,
    none: impl FnOnce() -> Said,
    right: impl FnOnce(usize) -> String,
    ask: impl Fn(&SeatOn) -> Sifted,
) -> Vec<Said> {
    let (mut all, mut wrong, mut open) = (0, Vec::new(), Vec::new());
    for seat in seats {
        all += 1;
        match ask(seat) {
            Sifted::Right => {}
            Sifted::Wrong(how, since) => wrong.push((how, since, Subject::seat(seat))),
            Sifted::Open(why, field) => open.push((why, field, Subject::seat(seat))),
        }
    }
    if all == 0 {
        return vec![none()];
    }
    if !wrong.is_empty() {
        let because = words::list(wrong.iter().map(|(how, _, _)| how));
        let since = wrong.iter().filter_map(|(_, since, _)| *since).min();
        return vec![Said::not_met(because, since).about(wrong.into_iter().map(|(_, _, seat)| seat))];
    }
    if !open.is_empty() {
        let because = words::list(open.iter().map(|(why, _, _)| why));
        let fields = open.iter().map(|(_, field, _)| field.clone()).collect();
        return vec![Said::not_recorded(because, fields).about(open.into_iter().map(|(_, _, seat)| seat))];
    }
    vec![Said::met(right(all))]
}

/// Says one thing of each seat; `none` where there are none.
pub fn each<'s>(
    seats: impl IntoIterator<Item = &'s SeatOn>,
    none: impl FnOnce() -> Said,
    ask: impl Fn(&SeatOn) -> Said,
) -> Vec<Said> {
    let said: Vec<Said> = seats.into_iter().map(|seat| ask(seat).about([Subject::seat(seat)])).collect();
    if said.is_empty() { vec![none()] } else { said }
}

/// Says one thing of each holder; a seat of which nobody knows who holds it leaves the question open, and a vacant one
/// does not raise it.
pub fn each_holder<'s>(
    seats: impl IntoIterator<Item = &'s SeatOn>,
    none: impl FnOnce() -> Said,
    ask: impl Fn(&SeatOn, &HolderOn) -> Said,
) -> Vec<Said> {
    let mut all = 0;
    let mut said = Vec::new();
    for seat in seats {
        all += 1;
        match &seat.state {
            SeatState::Held(holder) => {
                let subjects = [Subject::seat(seat), Subject::Person(holder.person)];
                said.push(ask(seat, holder).about(subjects));
            }
            SeatState::NotRecorded => said.push(holder_open(seat)),
            SeatState::Vacant(_) => {}
        }
    }
    match (all, said.is_empty()) {
        (0, _) => vec![none()],
        (_, true) => {
            vec![Said::not_applicable("nobody holds such a seat: those that are recorded are vacant")]
        }
        (_, false) => said,
    }
}

/// Says that a number which a rule turns on is set for other days only.
pub fn unset(of: Quantity) -> Vec<Said> {
    vec![Said::not_applicable(format!("no number of {} is set for the day", of.name()))]
}

fn holder_open(seat: &SeatOn) -> Said {
    let because = format!("who holds {} is not recorded", words::seat(seat));
    Said::not_recorded(because, vec![words::seat_field(seat, "holder")]).about([Subject::seat(seat)])
}

/// Who fills seats, taken together.
pub enum Filled<'s> {
    /// These are held.
    Held(Vec<&'s SeatOn>),
    /// All are vacant, the last of them since that day.
    Vacant(NaiveDate),
    /// Of none is it recorded that it is held, and these could be.
    Open(Vec<&'s SeatOn>),
    /// There are no seats.
    NoSeat,
}

impl<'s> Filled<'s> {
    /// Who fills these.
    pub fn of(seats: &[&'s SeatOn]) -> Filled<'s> {
        let held: Vec<&SeatOn> =
            seats.iter().copied().filter(|seat| matches!(seat.state, SeatState::Held(_))).collect();
        if !held.is_empty() {
            return Filled::Held(held);
        }
        let open: Vec<&SeatOn> =
            seats.iter().copied().filter(|seat| seat.state == SeatState::NotRecorded).collect();
        if !open.is_empty() {
            return Filled::Open(open);
        }
        let vacant = seats.iter().filter_map(|seat| match seat.state {
            SeatState::Vacant(since) => Some(since),
            SeatState::Held(_) | SeatState::NotRecorded => None,
        });
        vacant.max().map_or(Filled::NoSeat, Filled::Vacant)
    }

    /// What a rule says that asks for one holder at least; `whose` is who would sit there.
    pub fn said(&self, whose: &str, no_seat_field: String) -> Said {
        match self {
            Filled::Held(held) => {
                let seats = words::seats(held.iter().copied());
                Said::met(format!("{seats} {} held", words::is(held.len())))
            }
            Filled::Vacant(since) => {
                Said::not_met(format!("no seat of {whose} is held since {since}"), Some(*since))
            }
            Filled::Open(open) => Said::not_recorded(
                format!("who holds {} is not recorded", words::seats(open.iter().copied())),
                open.iter().map(|seat| words::seat_field(seat, "holder")).collect(),
            ),
            Filled::NoSeat => {
                Said::not_recorded(format!("no seat of {whose} is recorded"), vec![no_seat_field])
            }
        }
    }
}
