//! Questions about who comes to meetings and who stays away.
//!
//! A meeting without a word on a seat says nothing of it.

use super::days::span_to;
use super::meetings::{MEETINGS, MONTHS_A_YEAR, held, is_recorded_from};
use super::offices::serves_from;
use super::rule::{Said, Subject};
use super::seats::{is_agency, is_authority, is_same, no_seat, no_seats};
use super::sieve::{each_holder, unset};
use super::values::Quantity;
use super::{Attendance, BoardOn, HolderOn, Meeting, SeatBasis, SeatOn, words};
use chrono::NaiveDate;

/// How an agency or an authority was represented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// By one at least.
    Represented,
    /// By none.
    Missed,
    /// Not told.
    Open,
}

/// How these seats were represented: by one of them, by none, or not told.
fn representation(meeting: &Meeting, seats: &[&SeatOn]) -> Representation {
    let of = |seat: &SeatOn| {
        meeting
            .attendance
            .iter()
            .find(|(slug, _, _)| *slug == seat.slug)
            .map(|(_, _, attendance)| *attendance)
    };
    let is_there = |attendance: Attendance| matches!(attendance, Attendance::Present | Attendance::Deputy);
    let in_force = || seats.iter().filter(|seat| seat.period.contains(meeting.on));
    if in_force().any(|seat| of(seat).is_some_and(is_there)) {
        Representation::Represented
    } else if in_force().next().is_some() && in_force().all(|seat| of(seat).is_some()) {
        Representation::Missed
    } else {
        Representation::Open
    }
}

/// No agency misses meetings one after the other.
pub fn nobody_stays_away(board: &BoardOn) -> Vec<Said> {
    let Some(run) = Quantity::MissesRunning.on(board.on) else { return unset(Quantity::MissesRunning) };
    let mut groups: Vec<Vec<&SeatOn>> = Vec::new();
    for seat in board.seats.iter().filter(|seat| is_authority(seat) || is_agency(seat)) {
        let is_of = |group: &&mut Vec<&SeatOn>| match (
            group.first().and_then(|first| first.body.as_ref()),
            &seat.body,
        ) {
            (Some(one), Some(other)) => is_same(one, other),
            _ => false,
        };
        match groups.iter_mut().find(is_of) {
            Some(group) => group.push(seat),
            None => groups.push(vec![seat]),
        }
    }
    if groups.is_empty() {
        return vec![no_seats()];
    }
    groups
        .iter()
        .map(|seats| {
            stays_away(board, seats, run as usize).about(seats.iter().map(|seat| Subject::seat(seat)))
        })
        .collect()
}

/// Whether the body of these seats stays away from the newest meetings, `run` of them being too many.
fn stays_away(board: &BoardOn, seats: &[&SeatOn], run: usize) -> Said {
    let whose = words::seats(seats.iter().copied());
    let Some(first) = seats.iter().map(|seat| seat.period.from()).min() else { return no_seats() };
    let newest: Vec<&Meeting> = held(board, first).rev().take(run).collect();
    let at = |meeting: &Meeting| representation(meeting, seats);
    if let Some(meeting) = newest.iter().find(|meeting| at(meeting) == Representation::Represented) {
        return Said::met(format!("{whose}: represented at the meeting of {}", meeting.on));
    }
    let days = words::list(newest.iter().rev().map(|meeting| meeting.on));
    if newest.iter().any(|meeting| at(meeting) == Representation::Open) {
        let because = format!("{whose}: of the meetings of {days} it is not recorded who was represented");
        return Said::not_recorded(
            because,
            newest.iter().flat_map(|meeting| unnamed(meeting, seats)).collect(),
        );
    }
    let missed = words::count(newest.len(), "meeting", "meetings");
    if newest.len() < run && is_recorded_from(board, first) {
        return Said::met(format!(
            "{whose}: absent from {missed} since {first}; {run} one after the other are too many"
        ));
    }
    let is_a_run =
        newest.len() == run && newest.last().is_some_and(|oldest| is_recorded_from(board, oldest.on));
    if !is_a_run {
        let because = format!(
            "{whose}: absent from {missed} on record since {first}, and whether there were others is not recorded"
        );
        return Said::not_recorded(because, vec![MEETINGS.to_owned()]);
    }
    let unknown = of_unknown_body(board, seats, &newest);
    if !unknown.is_empty() {
        let because = format!(
            "{whose}: absent on {days}; whether {} {} the same body's is not recorded",
            words::seats(unknown.iter().copied()),
            words::is(unknown.len())
        );
        return Said::not_recorded(
            because,
            unknown.iter().map(|seat| words::seat_field(seat, "body")).collect(),
        );
    }
    // The run may be longer than it must be: it became too long at its second meeting, whenever that was.
    let mut missed: Vec<NaiveDate> = held(board, first)
        .rev()
        .take_while(|meeting| at(meeting) == Representation::Missed && is_recorded_from(board, meeting.on))
        .map(|meeting| meeting.on)
        .collect();
    missed.reverse();
    let since = missed.get(run.saturating_sub(1)).copied();
    let many = words::count(missed.len(), "meeting", "meetings");
    Said::not_met(format!("{whose}: absent from {many} one after the other, {}", words::list(&missed)), since)
}

/// Fields that would tell how these seats were represented.
fn unnamed(meeting: &Meeting, seats: &[&SeatOn]) -> Vec<String> {
    let is_unnamed = |seat: &&&SeatOn| {
        seat.period.contains(meeting.on) && meeting.attendance.iter().all(|(slug, _, _)| *slug != seat.slug)
    };
    seats
        .iter()
        .filter(is_unnamed)
        .map(|seat| words::meeting_field(meeting, &format!("attendance.{}", seat.slug)))
        .collect()
}

/// Seats of which the body is not recorded, so that it may be one that stayed away: these themselves, and others that may
/// have represented it.
fn of_unknown_body<'b>(board: &'b BoardOn, seats: &[&'b SeatOn], newest: &[&Meeting]) -> Vec<&'b SeatOn> {
    let own = seats.iter().copied().filter(|seat| seat.body.is_none());
    let may_have_come = |seat: &&SeatOn| {
        newest.iter().any(|meeting| {
            seat.period.contains(meeting.on) && representation(meeting, &[seat]) != Representation::Missed
        })
    };
    let is_another = |seat: &&SeatOn| seats.iter().all(|own| own.slug != seat.slug);
    let others = board.seats.iter().filter(|seat| is_authority(seat) || is_agency(seat));
    own.chain(others.filter(|seat| seat.body.is_none()).filter(is_another).filter(may_have_come)).collect()
}

/// Lay advisers come to every meeting.
pub fn advisers_attend(board: &BoardOn) -> Vec<Said> {
    let none = || no_seat("a lay adviser", SeatBasis::LayAdviser);
    each_holder(board.of(SeatBasis::LayAdviser), none, |seat, holder| attends(board, seat, holder))
}

fn attends(board: &BoardOn, seat: &SeatOn, holder: &HolderOn) -> Said {
    let first = span_to(board.on, MONTHS_A_YEAR).max(serves_from(holder));
    let meetings: Vec<&Meeting> = held(board, first).collect();
    let of = words::seat(seat);
    let span = words::span(first, board.on);
    let attended = |meeting: &Meeting| {
        meeting
            .attendance
            .iter()
            .find(|(slug, _, _)| *slug == seat.slug)
            .map(|(_, _, how)| *how == Attendance::Present)
    };
    let missed: Vec<NaiveDate> = meetings
        .iter()
        .filter(|meeting| attended(meeting) == Some(false))
        .map(|meeting| meeting.on)
        .collect();
    let all = words::count(meetings.len(), "meeting", "meetings");
    if let Some(since) = missed.first() {
        return Said::not_met(
            format!("the holder of {of} missed {} of {all} {span}: {}", missed.len(), words::list(&missed)),
            Some(*since),
        );
    }
    let mut missing: Vec<String> = meetings
        .iter()
        .filter(|meeting| attended(meeting).is_none())
        .map(|meeting| words::meeting_field(meeting, &format!("attendance.{}", seat.slug)))
        .collect();
    if !is_recorded_from(board, first) {
        missing.push(MEETINGS.to_owned());
    }
    if !missing.is_empty() {
        return Said::not_recorded(
            format!("whether the holder of {of} came to every meeting {span} is not recorded"),
            missing,
        );
    }
    if meetings.is_empty() {
        return Said::not_applicable(format!("there was no meeting {span}"));
    }
    Said::met(format!("the holder of {of} came to all of {all} {span}"))
}
