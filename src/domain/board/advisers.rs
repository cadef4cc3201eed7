//! Questions about lay advisers: how many there are, who appointed them, what is declared of them, and their terms.
//!
//! Whether they come to meetings is asked in `meetings`, whether a deputy stands in for one in `deputies`.

use super::days::months_after;
use super::offices::{declared, serves_from};
use super::rule::{Said, Subject};
use super::seats::{is_agency, is_authority, is_same, no_seat};
use super::sieve::{each_holder, unset};
use super::values::Quantity;
use super::{AppointedBy, BoardOn, DeclarationKind, HolderOn, SeatBasis, SeatBody, SeatOn, SeatState, words};
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;

const LAY_ADVISER: SeatBasis = SeatBasis::LayAdviser;
const MONTHS_A_YEAR: u32 = 12;

/// Seats of lay advisers by what is known of them.
struct Advisers<'b> {
    held: Vec<(&'b SeatOn, &'b HolderOn)>,
    vacant: Vec<(&'b SeatOn, NaiveDate)>,
    open: Vec<&'b SeatOn>,
}

impl<'b> Advisers<'b> {
    fn of(board: &'b BoardOn) -> Advisers<'b> {
        let mut advisers = Advisers { held: Vec::new(), vacant: Vec::new(), open: Vec::new() };
        for seat in board.of(LAY_ADVISER) {
            match &seat.state {
                SeatState::Held(holder) => advisers.held.push((seat, holder)),
                SeatState::Vacant(since) => advisers.vacant.push((seat, *since)),
                SeatState::NotRecorded => advisers.open.push(seat),
            }
        }
        advisers
    }

    fn seats(&self) -> usize {
        self.held.len() + self.vacant.len() + self.open.len()
    }

    /// How many lay advisers there can be at most.
    fn most(&self) -> usize {
        self.held.len() + self.open.len()
    }

    fn open_fields(&self) -> Vec<String> {
        self.open.iter().map(|seat| words::seat_field(seat, "holder")).collect()
    }

    fn told(&self) -> String {
        format!(
            "of {}, {} {} held, {} vacant and {} not recorded",
            words::count(self.seats(), "seat of a lay adviser", "seats of lay advisers"),
            self.held.len(),
            words::is(self.held.len()),
            self.vacant.len(),
            self.open.len()
        )
    }

    /// First day since which so many seats were vacant that fewer than `least` could be held.
    fn short_since(&self, least: usize) -> Option<NaiveDate> {
        let mut days: Vec<NaiveDate> = self.vacant.iter().map(|(_, since)| *since).collect();
        days.sort_unstable();
        days.get(self.seats().saturating_sub(least)).copied()
    }
}

fn no_lay_seat() -> Said {
    no_seat("a lay adviser", LAY_ADVISER)
}

fn number(of: Quantity, board: &BoardOn) -> Option<usize> {
    of.on(board.on).and_then(|number| usize::try_from(number).ok())
}

/// There are as many lay advisers as there must be.
pub fn are_enough(board: &BoardOn) -> Vec<Said> {
    let Some(least) = number(Quantity::LayAdvisers, board) else { return unset(Quantity::LayAdvisers) };
    let advisers = Advisers::of(board);
    let told = advisers.told();
    vec![if advisers.held.len() >= least {
        Said::met(format!("{told}; {least} are required"))
    } else if advisers.most() >= least {
        Said::not_recorded(format!("{told}; {least} are required"), advisers.open_fields())
    } else if advisers.vacant.is_empty() {
        let because = format!("{told}; {least} are required, and that there are fewer is not recorded");
        Said::not_recorded(because, vec![words::seats_field(LAY_ADVISER)])
    } else {
        let vacant = words::seats(advisers.vacant.iter().map(|(seat, _)| *seat));
        let since = advisers.short_since(least);
        Said::not_met(
            format!("{told}: {vacant} {} vacant; {least} are required", words::is(advisers.vacant.len())),
            since,
        )
        .about(advisers.vacant.iter().map(|(seat, _)| Subject::seat(seat)))
    }]
}

/// There are more only where ministers approved.
pub fn more_are_approved(board: &BoardOn) -> Vec<Said> {
    let Some(most) = number(Quantity::LayAdvisers, board) else { return unset(Quantity::LayAdvisers) };
    let advisers = Advisers::of(board);
    if advisers.seats() == 0 {
        return vec![no_lay_seat()];
    }
    let told = advisers.told();
    if advisers.most() <= most {
        return vec![Said::met(format!("{told}; more than {most} would need ministerial approval"))];
    }
    if let Some(approval) = board.approvals.iter().find(|approval| approval.contains(board.on)) {
        return vec![Said::met(format!(
            "{told}; ministers approved more than {most} from {}",
            approval.from()
        ))];
    }
    if advisers.held.len() <= most {
        let because =
            format!("{told}; more than {most} would need ministerial approval, and none is recorded");
        return vec![Said::not_recorded(because, advisers.open_fields())];
    }
    let mut days: Vec<NaiveDate> = advisers.held.iter().map(|(_, holder)| serves_from(holder)).collect();
    days.sort_unstable();
    let ended = board.approvals.iter().filter_map(|approval| approval.until());
    let lapsed = ended.filter(|until| *until <= board.on).max();
    let since = days.get(most).copied().max(lapsed);
    vec![
        Said::not_met(
            format!("{told}; no ministerial approval of more than {most} is recorded for {}", board.on),
            since,
        )
        .about(advisers.held.iter().map(|(seat, _)| Subject::seat(seat))),
    ]
}

/// Whom the Secretary of State appointed.
pub fn by_the_secretary_of_state(board: &BoardOn) -> Vec<Said> {
    appointed(board, AppointedBy::SecretaryOfState, "the Secretary of State")
}

/// Whom the Responsible Authority appointed.
pub fn by_the_authority(board: &BoardOn) -> Vec<Said> {
    appointed(board, AppointedBy::ResponsibleAuthority, "the Responsible Authority")
}

fn appointed(board: &BoardOn, by: AppointedBy, whom: &str) -> Vec<Said> {
    let advisers = Advisers::of(board);
    if advisers.seats() == 0 {
        return vec![no_lay_seat()];
    }
    let held = advisers.held.len();
    if held == 0 {
        let told = advisers.told();
        return vec![if advisers.open.is_empty() {
            Said::not_applicable(told)
        } else {
            Said::not_recorded(told, advisers.open_fields())
        }];
    }
    let those = |answer: Option<AppointedBy>| -> Vec<&SeatOn> {
        advisers
            .held
            .iter()
            .filter(|(_, holder)| holder.appointed_by == answer)
            .map(|(seat, _)| *seat)
            .collect()
    };
    let (ours, open) = (those(Some(by)), those(None));
    let mut note = Said::note(format!(
        "of {}, {whom} appointed {} ({}); of {} it is not recorded who did ({})",
        words::count(held, "lay adviser", "lay advisers"),
        ours.len(),
        words::seats(ours.iter().copied()),
        open.len(),
        words::seats(open.iter().copied())
    ));
    note.missing = open.iter().map(|seat| words::seat_field(seat, "holder.appointedBy")).collect();
    vec![note.about(ours.into_iter().map(Subject::seat))]
}

fn of_each_adviser(board: &BoardOn, ask: impl Fn(&SeatOn, &HolderOn) -> Said) -> Vec<Said> {
    each_holder(board.of(LAY_ADVISER), no_lay_seat, ask)
}

/// They live in the area and have strong links with it.
pub fn live_in_the_area(board: &BoardOn) -> Vec<Said> {
    of_each_adviser(board, |seat, holder| {
        let what = "lives in the area and has strong links with it";
        declared(board, seat, holder, DeclarationKind::LivesInArea, what)
    })
}

/// They have nothing to do with managing offenders.
pub fn are_independent(board: &BoardOn) -> Vec<Said> {
    of_each_adviser(board, |seat, holder| match &holder.from {
        Some(body) if manages_offenders(board, body) => {
            let since = holder.term.from();
            let because = format!(
                "the holder of {}, in a term from {since}, comes from {}",
                words::seat(seat),
                words::body(body)
            );
            Said::not_met(because, Some(since))
        }
        _ => {
            let what = "has no link with the business of managing offenders";
            declared(board, seat, holder, DeclarationKind::Independent, what)
        }
    })
}

/// Whether a body is of the Responsible Authority, has the duty to co-operate here, or is a company.
fn manages_offenders(board: &BoardOn, body: &SeatBody) -> bool {
    let is_of_the_field = matches!(
        body.kind,
        BodyKind::PoliceForce
            | BodyKind::ProbationTrust
            | BodyKind::NpsDivision
            | BodyKind::ProbationRegion
            | BodyKind::Crc
    );
    let has_a_seat = || {
        let seats = board.seats.iter().filter(|seat| is_authority(seat) || is_agency(seat));
        seats.filter_map(|seat| seat.body.as_ref()).any(|other| is_same(other, body))
    };
    is_of_the_field || has_a_seat() || board.agencies.iter().any(|agency| is_same(&agency.body, body))
}

/// They passed the checks of eligibility.
pub fn are_eligible(board: &BoardOn) -> Vec<Said> {
    of_each_adviser(board, |seat, holder| {
        let what = "passed the checks of eligibility, convictions and cautions among them";
        declared(board, seat, holder, DeclarationKind::EligibilityChecked, what)
    })
}

/// They are 18 or over.
pub fn are_adults(board: &BoardOn) -> Vec<Said> {
    of_each_adviser(board, |seat, holder| {
        declared(board, seat, holder, DeclarationKind::Adult, "is 18 or over")
    })
}

/// A term is no longer than it is to be.
pub fn terms_are_short_enough(board: &BoardOn) -> Vec<Said> {
    let Some(years) = Quantity::TermYears.on(board.on) else { return unset(Quantity::TermYears) };
    of_each_adviser(board, |seat, holder| {
        let from = holder.term.from();
        let over = months_after(from, years * MONTHS_A_YEAR);
        let of = format!("the term in {} from {from}", words::seat(seat));
        match holder.term.until() {
            Some(until) if until <= over => {
                Said::met(format!("{of} ends the day before {until}, within {years} years"))
            }
            Some(until) => Said::not_met(
                format!("{of} ends the day before {until}, and {years} years are over on {over}"),
                Some(from),
            ),
            None if board.on >= over => {
                Said::not_met(format!("{of} goes on, and {years} years were over on {over}"), Some(over))
            }
            None => Said::not_recorded(
                format!("{of} has no last day on record; {years} years are over on {over}"),
                vec![words::seat_field(seat, "holder.lastDay")],
            ),
        }
    })
}

/// A term is renewed no more often than it may be, and all terms together are no longer.
pub fn renewals_are_few_enough(board: &BoardOn) -> Vec<Said> {
    let Some(years) = Quantity::TermYears.on(board.on) else { return unset(Quantity::TermYears) };
    let Some(renewals) = Quantity::Renewals.on(board.on) else { return unset(Quantity::Renewals) };
    of_each_adviser(board, |seat, holder| {
        let from = serves_from(holder);
        let over = months_after(from, years * (renewals + 1) * MONTHS_A_YEAR);
        let renewed = holder.terms.len().saturating_sub(1);
        let told = format!(
            "the holder of {} serves since {from}, the term renewed {}; at most {} and {} years to {over} are usual",
            words::seat(seat),
            words::count(renewed, "time", "times"),
            words::count(renewals as usize, "renewal", "renewals"),
            years * (renewals + 1),
        );
        let last_lawful = holder.terms.get(renewals as usize + 1).map(|term| term.from());
        let ran_over = (board.on >= over).then_some(over);
        match [last_lawful, ran_over].into_iter().flatten().min() {
            Some(since) => Said::not_met(told, Some(since)),
            None => Said::met(told),
        }
    })
}

/// They hold no other seat anywhere.
pub fn hold_no_other_seat(board: &BoardOn) -> Vec<Said> {
    of_each_adviser(board, |seat, holder| {
        let of = words::seat(seat);
        let here =
            board.seats.iter().filter(|other| other.slug != seat.slug).find_map(|other| match &other.state {
                SeatState::Held(also) if also.person == holder.person => Some((other, also.term.from())),
                _ => None,
            });
        if let Some((other, from)) = here {
            let since = from.max(holder.term.from());
            return Said::not_met(
                format!("the holder of {of} also holds {} since {since}", words::seat(other)),
                Some(since),
            );
        }
        if holder.elsewhere.is_empty() {
            return Said::met(format!("the holder of {of} holds no other seat on record"));
        }
        let boards =
            words::list(holder.elsewhere.iter().map(|(board, basis)| format!("{board} ({})", basis.code())));
        Said::not_met(format!("the holder of {of} also holds a seat on the board of {boards}"), None)
    })
}
