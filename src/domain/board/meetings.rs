//! Questions about meetings as a whole: how many there are, and whether they are quorate.
//!
//! Days before meetings were recorded say nothing of meetings. Who stays away is asked in `attendance`.

use super::attendance::Representation;
use super::days::{out_of_span, span_from, span_to};
use super::rule::Said;
use super::sieve::unset;
use super::values::Quantity;
use super::{Attendance, Authority, BoardOn, Meeting, SeatBasis, SeatOn, words};
use chrono::NaiveDate;

/// Months of a year.
pub const MONTHS_A_YEAR: u32 = 12;
/// Field of the meetings.
pub const MEETINGS: &str = "meetings";

/// Meetings up to the day, from a day on; the newest last.
pub fn held(board: &BoardOn, from: NaiveDate) -> impl DoubleEndedIterator<Item = &Meeting> {
    board.meetings.iter().filter(move |meeting| from <= meeting.on && meeting.on <= board.on)
}

/// Whether every meeting from a day on is recorded.
pub fn is_recorded_from(board: &BoardOn, day: NaiveDate) -> bool {
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
