//! Questions about meetings: how many there are, who is represented, and who stays away.
//!
//! A meeting without a word on a seat says nothing of it; days before meetings were recorded say nothing of meetings.

use super::days::{out_of_span, span_from, span_to};
use super::offices::serves_from;
use super::rule::{Said, Subject};
use super::seats::{is_agency, is_authority, is_same, no_seat, no_seats};
use super::sieve::{each_holder, unset};
use super::values::Quantity;
use super::{Attendance, Authority, BoardOn, HolderOn, Meeting, SeatBasis, SeatOn, words};
use chrono::NaiveDate;

const MONTHS_A_YEAR: u32 = 12;
const MEETINGS: &str = "meetings";

/// Meetings up to the day, from a day on; the newest last.
fn held(board: &BoardOn, from: NaiveDate) -> impl DoubleEndedIterator<Item = &Meeting> {
    board.meetings.iter().filter(move |meeting| from <= meeting.on && meeting.on <= board.on)
}

/// Whether every meeting from a day on is recorded.
fn is_recorded_from(board: &BoardOn, day: NaiveDate) -> bool {
    board.meetings_recorded_from.is_some_and(|from| from <= day)
}

fn no_meeting() -> Said {
    Said::not_recorded("no meeting is recorded", vec![MEETINGS.to_owned()])
}

/// The board meets often enough.
pub fn often_enough(board: &BoardOn) -> Vec<Said> {
    let Some(least) = Quantity::MeetingsAYear.on(board.on) else { return unset(Quantity::MeetingsAYear) };
    let first = span_to(board.on, MONTHS_A_YEAR);
    let met = held(board, first).count();
    let least_many = least as usize;
    let told = format!(
        "{} {}; {least} are required in a year",
        words::count(met, "meeting is recorded", "meetings are recorded"),
        words::span(first, board.on)
    );
    if met >= least_many {
        return vec![Said::met(told)];
    }
    let Some(recorded_from) = board.meetings_recorded_from.filter(|from| *from <= first) else {
        return vec![Said::not_recorded(
            format!("{told}, and whether there were others is not recorded"),
            vec![MEETINGS.to_owned()],
        )];
    };
    // Too few since the meeting that would make them enough left the year, but not before a year was on record.
    let told_from = span_from(recorded_from, MONTHS_A_YEAR);
    let enough = board
        .meetings
        .iter()
        .rev()
        .filter(|meeting| meeting.on <= board.on)
        .nth(least_many.saturating_sub(1));
    let left = enough.map(|meeting| out_of_span(meeting.on, MONTHS_A_YEAR));
    vec![Said::not_met(told, Some(left.map_or(told_from, |left| left.max(told_from))))]
}

/// How an agency or an authority was represented.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Representation {
    Represented,
    Missed,
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

/// The newest meeting was quorate: chaired, with the Responsible Authority.
pub fn quorum(board: &BoardOn) -> Vec<Said> {
    let Some(least) = Quantity::QuorumAuthorities.on(board.on) else {
        return unset(Quantity::QuorumAuthorities);
    };
    let Some(meeting) = board.meetings.iter().rev().find(|meeting| meeting.on <= board.on) else {
        return vec![no_meeting()];
    };
    let authorities = [Authority::Police, Authority::Probation, Authority::Prison];
    let of = |authority: Authority| authority_at(board, meeting, SeatBasis::ResponsibleAuthority(authority));
    let with = |wanted: Representation| -> Vec<Authority> {
        authorities.into_iter().filter(|authority| of(*authority) == wanted).collect()
    };
    let (there, away, open) =
        (with(Representation::Represented), with(Representation::Missed), with(Representation::Open));
    let named = |all: &[Authority]| words::list(all.iter().map(|authority| words::authority(*authority)));
    let chaired = match meeting.is_chaired {
        Some(true) => "the chair or a deputy of the chair presided",
        Some(false) => "neither the chair nor a deputy of the chair presided",
        None => "who presided is not recorded",
    };
    let told = format!(
        "meeting of {}: {chaired}; of the Responsible Authority represented: {}; absent: {}; not recorded: {}; {least} are a quorum",
        meeting.on,
        named(&there),
        named(&away),
        named(&open)
    );
    let can_be = there.len() + open.len();
    if meeting.is_chaired == Some(false) || can_be < least as usize {
        return vec![Said::not_met(told, Some(meeting.on))];
    }
    if meeting.is_chaired.is_some() && there.len() >= least as usize {
        return vec![Said::met(told)];
    }
    let mut missing: Vec<String> = open
        .iter()
        .map(|authority| {
            let code = SeatBasis::ResponsibleAuthority(*authority).code();
            words::meeting_field(meeting, &format!("attendance.{code}"))
        })
        .collect();
    if meeting.is_chaired.is_none() {
        missing.push(words::meeting_field(meeting, "isChaired"));
    }
    vec![Said::not_recorded(told, missing)]
}

/// How an authority was represented: by its seats of then, which the meeting names, and by those of now.
fn authority_at(board: &BoardOn, meeting: &Meeting, basis: SeatBasis) -> Representation {
    let of_basis = || meeting.attendance.iter().filter(|(_, of, _)| *of == basis);
    if of_basis().any(|(_, _, attendance)| *attendance != Attendance::Absent) {
        return Representation::Represented;
    }
    let unnamed =
        |seat: &SeatOn| seat.period.contains(meeting.on) && of_basis().all(|(slug, _, _)| *slug != seat.slug);
    if of_basis().next().is_none() || board.of(basis).any(unnamed) {
        return Representation::Open;
    }
    Representation::Missed
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

fn stays_away(board: &BoardOn, seats: &[&SeatOn], run: usize) -> Said {
    let whose = words::seats(seats.iter().copied());
    let Some(first) = seats.iter().map(|seat| seat.period.from()).min() else { return no_seats() };
    let newest: Vec<&Meeting> = held(board, first).rev().take(run).collect();
    let at = |meeting: &Meeting| representation(meeting, seats);
    if let Some(meeting) = newest.iter().find(|meeting| at(meeting) == Representation::Represented) {
        return Said::met(format!("{whose}: represented at the meeting of {}", meeting.on));
    }
    let open: Vec<String> = newest
        .iter()
        .filter(|meeting| at(meeting) == Representation::Open)
        .flat_map(|meeting| {
            let unnamed =
                seats.iter().filter(|seat| meeting.attendance.iter().all(|(slug, _, _)| *slug != seat.slug));
            unnamed.map(|seat| words::meeting_field(meeting, &format!("attendance.{}", seat.slug)))
        })
        .collect();
    let days = words::list(newest.iter().rev().map(|meeting| meeting.on));
    if newest.iter().any(|meeting| at(meeting) == Representation::Open) {
        return Said::not_recorded(
            format!("{whose}: of the meetings of {days} it is not recorded who was represented"),
            open,
        );
    }
    let oldest = newest.last().map_or(first, |meeting| meeting.on);
    if newest.len() < run {
        let missed = words::count(newest.len(), "meeting", "meetings");
        return if is_recorded_from(board, first) {
            Said::met(format!(
                "{whose}: absent from {missed} since {first}; {run} one after the other are too many"
            ))
        } else {
            Said::not_recorded(
                format!(
                    "{whose}: absent from {missed} on record since {first}, and whether there were others is not recorded"
                ),
                vec![MEETINGS.to_owned()],
            )
        };
    }
    if !is_recorded_from(board, oldest) {
        let because =
            format!("{whose}: absent on {days}, and whether there were meetings between is not recorded");
        return Said::not_recorded(because, vec![MEETINGS.to_owned()]);
    }
    // The run may be longer than it must be: it became too long at its second meeting, whenever that was.
    let mut missed: Vec<NaiveDate> = held(board, first)
        .rev()
        .take_while(|meeting| at(meeting) == Representation::Missed && is_recorded_from(board, meeting.on))
        .map(|meeting| meeting.on)
        .collect();
    missed.reverse();
    let since = missed.get(run.saturating_sub(1)).copied();
    Said::not_met(
        format!(
            "{whose}: absent from {} one after the other, {}",
            words::count(missed.len(), "meeting", "meetings"),
            words::list(&missed)
        ),
        since,
    )
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
