//! Questions about the seats that a board must have: whose they are, and whether they are held.
//!
//! Companies, deputies, offices and lay advisers are asked about elsewhere.

use super::rule::{Said, Subject};
use super::sieve::{Filled, each};
use super::values::WALES_DIVISION;
use super::{Authority, BoardOn, SeatBasis, SeatBody, SeatOn, SeatState, words};
use crate::domain::calendar::{PROBATION_RECORDED_FROM, UNIFICATION};
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;

const AUTHORITIES: [Authority; 3] = [Authority::Police, Authority::Probation, Authority::Prison];
const POLICE: SeatBasis = SeatBasis::ResponsibleAuthority(Authority::Police);
/// The basis of probation's seat.
pub const PROBATION: SeatBasis = SeatBasis::ResponsibleAuthority(Authority::Probation);

/// Whether it is one of the Responsible Authority.
pub fn is_authority(seat: &&SeatOn) -> bool {
    seat.basis.is_responsible_authority()
}

/// Whether it is one under the duty to co-operate.
pub fn is_agency(seat: &&SeatOn) -> bool {
    seat.basis == SeatBasis::DutyToCooperate
}

/// Whether the statute knows the seat, so that it must not stay vacant.
fn is_statutory(seat: &&SeatOn) -> bool {
    is_authority(seat) || is_agency(seat) || seat.basis == SeatBasis::LayAdviser
}

/// What is said where no seat of somebody is recorded.
pub fn no_seat(whose: &str, basis: SeatBasis) -> Said {
    Said::not_recorded(format!("no seat of {whose} is recorded"), vec![words::seats_field(basis)])
}

/// What is said where no seat at all is recorded.
pub fn no_seats() -> Said {
    Said::not_recorded("no seat is recorded", vec!["seats".to_owned()])
}

/// Why a seat without a body leaves a question open, and the field that would tell.
pub fn body_open(seat: &SeatOn) -> (String, String) {
    let why = format!("the body that {} belongs to is not recorded", words::seat(seat));
    (why, words::seat_field(seat, "body"))
}

/// Whether two are one body.
pub fn is_same(one: &SeatBody, other: &SeatBody) -> bool {
    one.kind == other.kind && one.slug == other.slug
}

/// One board serves the area.
pub fn one_board(board: &BoardOn) -> Vec<Said> {
    let boards = words::count(board.boards_of_area, "board serves", "boards serve");
    vec![match board.boards_of_area {
        0 => Said::not_recorded("no board of the area is recorded for the day", vec!["boards".to_owned()]),
        1 => Said::met(format!("{boards} the area")),
        _ => Said::not_met(format!("{boards} the area"), None),
    }]
}

/// Police, probation and prison sit, each.
pub fn authorities_sit(board: &BoardOn) -> Vec<Said> {
    let sits = |authority: Authority| {
        let basis = SeatBasis::ResponsibleAuthority(authority);
        let seats: Vec<&SeatOn> = board.of(basis).collect();
        let said = Filled::of(&seats).said(words::authority(authority), words::seats_field(basis));
        said.about(seats.into_iter().map(Subject::seat))
    };
    AUTHORITIES.into_iter().map(sits).collect()
}

/// First day of a kind of body in charge of probation on the calendar of the board.
fn first_day_in_charge(board: &BoardOn, kind: BodyKind) -> NaiveDate {
    match kind {
        BodyKind::NpsDivision => board.calendar.restructure(),
        BodyKind::ProbationRegion => UNIFICATION,
        _ => PROBATION_RECORDED_FROM,
    }
}

/// The seat of probation belongs to the trust, the division or the region in charge.
pub fn probation_follows_the_day(board: &BoardOn) -> Vec<Said> {
    let Some(in_charge) = &board.probation else {
        let because = "who is in charge of probation in the area is not recorded for the day";
        return vec![Said::not_recorded(because, vec!["probation".to_owned()])];
    };
    each(
        board.of(PROBATION),
        || no_seat("probation", PROBATION),
        |seat| match &seat.body {
            None => {
                let (why, field) = body_open(seat);
                Said::not_recorded(why, vec![field])
            }
            Some(body) if is_same(body, in_charge) => Said::met(format!(
                "{} is in charge, and {} is its own",
                words::body(in_charge),
                words::seat(seat)
            )),
            Some(_) => {
                let since = seat.period.from().max(first_day_in_charge(board, in_charge.kind)).min(board.on);
                Said::not_met(
                    format!(
                        "{} is in charge since {since}, and {} is not its own",
                        words::body(in_charge),
                        words::seat(seat)
                    ),
                    Some(since),
                )
            }
        },
    )
}

/// The seat of the police belongs to a force of the area.
pub fn police_of_the_area(board: &BoardOn) -> Vec<Said> {
    if board.forces.is_empty() {
        let because = "which police forces serve the area is not recorded for the day";
        return vec![Said::not_recorded(because, vec!["forces".to_owned()])];
    }
    let forces = words::bodies(&board.forces);
    each(
        board.of(POLICE),
        || no_seat("the police", POLICE),
        |seat| match &seat.body {
            None => {
                let (why, field) = body_open(seat);
                Said::not_recorded(why, vec![field])
            }
            Some(body) if board.forces.iter().any(|force| is_same(force, body)) => {
                Said::met(format!("{} is a force of the area", words::body(body)))
            }
            Some(body) => {
                let since = seat.period.from();
                Said::not_met(
                    format!(
                        "{} is no force of the area, which {forces} serve; it has the seat since {since}",
                        words::body(body)
                    ),
                    Some(since),
                )
            }
        },
    )
}

/// Where an area has several forces, which of them sits is explained.
pub fn several_forces(board: &BoardOn) -> Vec<Said> {
    vec![if board.forces.len() > 1 {
        Said::note(format!("{} serve the area: either may sit", words::bodies(&board.forces)))
    } else {
        Said::not_applicable("the area does not have several forces on record")
    }]
}

/// In Wales probation's seat is that of the one division.
pub fn wales_has_one_division(board: &BoardOn) -> Vec<Said> {
    if !board.is_welsh {
        return vec![Said::not_applicable("the area does not lie in Wales")];
    }
    each(
        board.of(PROBATION),
        || no_seat("probation", PROBATION),
        |seat| match &seat.body {
            None => {
                let (why, field) = body_open(seat);
                Said::not_recorded(why, vec![field])
            }
            Some(body) if body.kind == BodyKind::NpsDivision && body.slug == WALES_DIVISION.value => {
                Said::met(format!("{} has {}", words::body(body), words::seat(seat)))
            }
            Some(body) => {
                let since = seat.period.from().max(board.calendar.restructure());
                Said::not_met(
                    format!("{} has the seat of probation since {since}", words::body(body)),
                    Some(since),
                )
            }
        },
    )
}

/// A seat that the statute knows is not vacant.
pub fn no_vacancy(board: &BoardOn) -> Vec<Said> {
    each(board.seats.iter().filter(is_statutory), no_seats, |seat| match &seat.state {
        SeatState::Held(holder) => {
            Said::met(format!("{} is held in a term from {}", words::seat(seat), holder.term.from()))
        }
        SeatState::Vacant(since) => Said::not_met(
            format!("{} is vacant since {since}; the board can still act", words::seat(seat)),
            Some(*since),
        ),
        SeatState::NotRecorded => Said::not_recorded(
            format!("who holds {} is not recorded", words::seat(seat)),
            vec![words::seat_field(seat, "holder")],
        ),
    })
}

/// MAPPA is co-ordinated.
pub fn is_coordinated(board: &BoardOn) -> Vec<Said> {
    let seats: Vec<&SeatOn> = board.of(SeatBasis::Coordinator).collect();
    let said = Filled::of(&seats).said("MAPPA co-ordination", words::seats_field(SeatBasis::Coordinator));
    vec![said.about(seats.into_iter().map(Subject::seat))]
}
