//! Questions about the record itself: terms in order, one holder a seat, one seat a person, and seats that change hands on
//! the restructure.

use super::rule::{Said, Subject};
use super::seats::{PROBATION, body_open, no_seat, no_seats};
use super::sieve::{Sifted, each, sift};
use super::{BoardOn, HolderOn, PersonKey, SeatBody, SeatOn, SeatState, words};
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
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

/// Seats of a division begin on the restructure, and follow what came before without a gap.
///
/// That a seat of probation ended is recorded evidence of a gap up to the next one that is recorded. Where none is recorded
/// before the division's, another may have been there.
pub fn divisions_begin_in_time(board: &BoardOn) -> Vec<Said> {
    let restructure = board.calendar.restructure();
    of_kind(board, BodyKind::NpsDivision, |seat| {
        let (from, before) = first_of_division(board, seat);
        let of = words::seat(seat);
        if from < restructure {
            let because = format!("{of} begins on {from}, before the restructure of {restructure}");
            return Said::not_met(because, Some(from));
        }
        let ended = before.as_ref().and_then(|before| before.until.map(|until| (before, until)));
        if let Some((before, until)) = ended.filter(|(_, until)| *until < from) {
            return Said::not_met(
                format!("{of} begins on {from}, and {} ended the day before {until}", before.name),
                Some(until),
            );
        }
        if from == restructure {
            return Said::met(format!("{of} begins on {restructure}, the restructure"));
        }
        match before {
            Some(Before { name, has_body: true, .. }) => Said::not_met(
                format!(
                    "{of} begins on {from}, and {name} was in force until then, past the restructure of {restructure}"
                ),
                Some(restructure),
            ),
            Some(Before { name, slug, .. }) => Said::not_recorded(
                format!("{of} begins on {from}; the body that {name} belonged to before is not recorded"),
                vec![format!("seats.{slug}.body")],
            ),
            None => {
                let last = from.pred_opt().unwrap_or(from);
                Said::not_recorded(
                    format!(
                        "{of} begins on {from}; who sat for probation {} is not recorded",
                        words::span(restructure, last)
                    ),
                    vec![words::seats_field(PROBATION)],
                )
            }
        }
    })
}

/// What came before the seat of a division, last of all.
struct Before {
    slug: String,
    name: String,
    has_body: bool,
    until: Option<NaiveDate>,
}

/// First day of a division's seat, with others of a division from which it follows without a gap; and the seat of
/// probation before that which ended last.
fn first_of_division(board: &BoardOn, seat: &SeatOn) -> (NaiveDate, Option<Before>) {
    let now = board.of(PROBATION).filter(|other| other.slug != seat.slug);
    let now = now.map(|other| (&other.slug, other.body.as_ref(), other.period));
    let ended = board.ended_probation.iter().map(|other| (&other.slug, other.body.as_ref(), other.period));
    let others: Vec<(&String, Option<&SeatBody>, Period)> = now.chain(ended).collect();
    let mut from = seat.period.from();
    let follows = |from: NaiveDate| {
        others
            .iter()
            .filter(|(_, body, _)| body.is_some_and(|body| body.kind == BodyKind::NpsDivision))
            .filter(|(_, _, period)| period.from() < from && period.until().is_none_or(|until| from <= until))
            .map(|(_, _, period)| period.from())
            .min()
    };
    while let Some(earlier) = follows(from) {
        from = earlier;
    }
    let before = others.iter().filter(|(_, _, period)| period.from() < from);
    // One without an end is the last to end.
    let last = before.max_by_key(|(_, _, period)| period.until().unwrap_or(NaiveDate::MAX));
    let before = last.map(|(slug, body, period)| Before {
        slug: (*slug).clone(),
        name: words::seat_of(slug, *body),
        has_body: body.is_some(),
        until: period.until(),
    });
    (from, before)
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
