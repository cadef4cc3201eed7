//! Questions about the record itself: terms in order, one holder a seat, one seat a person, and seats that change hands on
//! the restructure.

use super::rule::{Said, Subject};
use super::seats::{PROBATION, body_open, no_seat, no_seats};
use super::sieve::{Sifted, each, sift};
use super::{BoardOn, HolderOn, PersonKey, SeatOn, SeatState, words};
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Terms hold the day, and follow each other.
pub fn terms_are_in_order(board: &BoardOn) -> Vec<Said> {
    sift(
        &board.seats,
        no_seats,
        |all| {
            format!(
                "the terms of {} have a first day, and an end after it or none",
                words::count(all, "seat", "seats")
            )
        },
        |seat| match &seat.state {
            SeatState::Vacant(_) => Sifted::Right,
            SeatState::NotRecorded => Sifted::Open(
                format!("who holds {} is not recorded, nor since when", words::seat(seat)),
                words::seat_field(seat, "holder"),
            ),
            SeatState::Held(holder) => term_of(board, seat, holder),
        },
    )
}

fn term_of(board: &BoardOn, seat: &SeatOn, holder: &HolderOn) -> Sifted {
    if !holder.term.contains(board.on) {
        let how = format!(
            "the term in {} from {} does not hold {}",
            words::seat(seat),
            holder.term.from(),
            board.on
        );
        return Sifted::Wrong(how, Some(board.on));
    }
    let overlapping =
        holder.terms.iter().zip(holder.terms.iter().skip(1)).find(|(one, next)| one.overlaps(next));
    match overlapping {
        Some((_, next)) => {
            let how = format!("two terms in {} overlap on {}", words::seat(seat), next.from());
            Sifted::Wrong(how, Some(next.from()))
        }
        None => Sifted::Right,
    }
}

/// A seat has one holder.
pub fn one_holder_a_seat(board: &BoardOn) -> Vec<Said> {
    if board.seats.is_empty() {
        return vec![no_seats()];
    }
    let mut holders: BTreeMap<&str, Vec<(&SeatOn, NaiveDate)>> = BTreeMap::new();
    for seat in &board.seats {
        if let SeatState::Held(holder) = &seat.state {
            holders.entry(&seat.slug).or_default().push((seat, holder.term.from()));
        }
    }
    let twice = holders.into_values().find(|held| held.len() > 1);
    vec![match twice {
        Some(held) => {
            let since = held.iter().map(|(_, from)| *from).max();
            let name = held.first().map(|(seat, _)| words::seat(seat)).unwrap_or_default();
            Said::not_met(
                format!("{name} has {} at once", words::count(held.len(), "holder", "holders")),
                since,
            )
            .about(held.first().map(|(seat, _)| Subject::seat(seat)))
        }
        None => {
            Said::met(format!("none of {} has two holders", words::count(board.seats.len(), "seat", "seats")))
        }
    }]
}

/// A person holds one seat on a board.
pub fn one_seat_a_person(board: &BoardOn) -> Vec<Said> {
    if board.seats.is_empty() {
        return vec![no_seats()];
    }
    let mut held: BTreeMap<PersonKey, Vec<(&SeatOn, NaiveDate)>> = BTreeMap::new();
    for seat in &board.seats {
        if let SeatState::Held(holder) = &seat.state {
            held.entry(holder.person).or_default().push((seat, holder.term.from()));
        }
    }
    let twice: Vec<Said> = held
        .into_iter()
        .filter(|(_, seats)| seats.len() > 1)
        .map(|(person, mut seats)| {
            seats.sort_by_key(|(_, from)| *from);
            let since = seats.get(1).map(|(_, from)| *from);
            let because = format!("one person holds {}", words::seats(seats.iter().map(|(seat, _)| *seat)));
            let subjects = seats.iter().map(|(seat, _)| Subject::seat(seat)).chain([Subject::Person(person)]);
            Said::not_met(because, since).about(subjects.collect::<Vec<_>>())
        })
        .collect();
    if !twice.is_empty() {
        return twice;
    }
    let open: Vec<&SeatOn> = board.seats.iter().filter(|seat| seat.state == SeatState::NotRecorded).collect();
    if open.is_empty() {
        let seats = words::count(board.seats.len(), "seat", "seats");
        return vec![Said::met(format!("nobody holds two of {seats}"))];
    }
    let because = format!("who holds {} is not recorded", words::seats(open.iter().copied()));
    let fields = open.iter().map(|seat| words::seat_field(seat, "holder")).collect();
    vec![Said::not_recorded(because, fields).about(open.into_iter().map(Subject::seat))]
}

/// Seats of a trust end the day before the restructure.
pub fn trusts_end_in_time(board: &BoardOn) -> Vec<Said> {
    let restructure = board.calendar.restructure();
    of_kind(board, BodyKind::ProbationTrust, |seat| match seat.period.until() {
        Some(until) if until == restructure => {
            Said::met(format!("{} ends the day before {restructure}, the restructure", words::seat(seat)))
        }
        _ if board.on >= restructure => Said::not_met(
            format!(
                "{} is still in force on {}, and the restructure was on {restructure}",
                words::seat(seat),
                board.on
            ),
            Some(restructure),
        ),
        Some(until) => Said::not_met(
            format!(
                "{} ends the day before {until}, and the restructure is on {restructure}",
                words::seat(seat)
            ),
            None,
        ),
        None => Said::not_recorded(
            format!("the last day of {} is not recorded", words::seat(seat)),
            vec![words::seat_field(seat, "lastDay")],
        ),
    })
}

/// Seats of a division begin on the restructure.
pub fn divisions_begin_in_time(board: &BoardOn) -> Vec<Said> {
    let restructure = board.calendar.restructure();
    of_kind(board, BodyKind::NpsDivision, |seat| {
        let from = seat.period.from();
        if from < restructure {
            return Said::not_met(
                format!("{} begins on {from}, before the restructure of {restructure}", words::seat(seat)),
                Some(from),
            );
        }
        if from == restructure {
            return Said::met(format!("{} begins on {restructure}, the restructure", words::seat(seat)));
        }
        // Another seat of the division may have come before this one, and ended.
        let last = from.pred_opt().unwrap_or(from);
        Said::not_recorded(
            format!(
                "{} begins on {from}; who sat for probation {} is not recorded",
                words::seat(seat),
                words::span(restructure, last)
            ),
            vec![words::seats_field(PROBATION)],
        )
    })
}

/// Says one thing of each of probation's seats that belongs to a kind of body.
fn of_kind(board: &BoardOn, kind: BodyKind, ask: impl Fn(&SeatOn) -> Said) -> Vec<Said> {
    let seats: Vec<&SeatOn> = board.of(PROBATION).collect();
    if seats.is_empty() {
        return vec![no_seat("probation", PROBATION)];
    }
    let is_of_kind = |seat: &&SeatOn| seat.body.as_ref().is_some_and(|body| body.kind == kind);
    let open = seats.iter().find(|seat| seat.body.is_none()).map(|seat| {
        let (why, field) = body_open(seat);
        Said::not_recorded(why, vec![field]).about([Subject::seat(seat)])
    });
    let none = || {
        Said::not_applicable(format!(
            "probation's seat belongs to {}",
            words::bodies(seats.iter().filter_map(|seat| seat.body.as_ref()))
        ))
    };
    each(seats.iter().copied().filter(is_of_kind), || open.unwrap_or_else(none), ask)
}
