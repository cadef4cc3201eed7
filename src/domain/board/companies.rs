//! Questions about community rehabilitation companies, which are no part of the Responsible Authority and have no duty to
//! co-operate: where they may sit, and from when.

use super::rule::{Said, Subject};
use super::seats::{body_open, is_agency, is_authority, no_seats};
use super::sieve::{Sifted, sift};
use super::{BoardOn, HolderOn, SeatBasis, SeatBody, SeatOn, SeatState, words};
use crate::domain::organisation::BodyKind;

fn is_crc(body: &SeatBody) -> bool {
    body.kind == BodyKind::Crc
}

/// Whether somebody from a company fills the seat.
fn company_fills(seat: &SeatOn) -> Sifted {
    match (&seat.state, &seat.body) {
        (_, Some(body)) if is_crc(body) => {
            let since = seat.period.from();
            Sifted::Wrong(format!("{} belongs to a company since {since}", words::seat(seat)), Some(since))
        }
        (SeatState::NotRecorded, _) => Sifted::Open(
            format!("who holds {} is not recorded", words::seat(seat)),
            words::seat_field(seat, "holder"),
        ),
        (SeatState::Vacant(_), _) => Sifted::Right,
        (SeatState::Held(holder), _) => company_sends(seat, holder),
    }
}

fn company_sends(seat: &SeatOn, holder: &HolderOn) -> Sifted {
    let since = holder.term.from();
    match &holder.from {
        Some(body) if is_crc(body) => Sifted::Wrong(
            format!("somebody from {} has held {} since {since}", words::body(body), words::seat(seat)),
            Some(since),
        ),
        Some(_) => Sifted::Right,
        None => Sifted::Open(
            format!("from which body the holder of {} comes is not recorded", words::seat(seat)),
            words::seat_field(seat, "holder.from"),
        ),
    }
}

/// No company fills a seat of the Responsible Authority.
pub fn no_company_in_authority(board: &BoardOn) -> Vec<Said> {
    sift(
        board.seats.iter().filter(is_authority),
        || Said::not_recorded("no seat of the Responsible Authority is recorded", vec!["seats".to_owned()]),
        |all| {
            format!(
                "nobody from a company holds any of {} of the Responsible Authority",
                words::count(all, "seat", "seats")
            )
        },
        company_fills,
    )
}

/// No seat of the Responsible Authority or under the duty to co-operate belongs to a company.
pub fn no_company_has_a_statutory_seat(board: &BoardOn) -> Vec<Said> {
    sift(
        board.seats.iter().filter(|seat| is_authority(seat) || is_agency(seat)),
        no_seats,
        |all| {
            format!(
                "{} of the Responsible Authority and of agencies belong to no company",
                words::count(all, "seat", "seats")
            )
        },
        |seat| match &seat.body {
            Some(body) if is_crc(body) => {
                let since = seat.period.from();
                Sifted::Wrong(
                    format!("{} belongs to a company since {since}", words::seat(seat)),
                    Some(since),
                )
            }
            Some(_) => Sifted::Right,
            None => {
                let (why, field) = body_open(seat);
                Sifted::Open(why, field)
            }
        },
    )
}

/// Nobody from a company holds the seat of an agency.
pub fn no_company_for_an_agency(board: &BoardOn) -> Vec<Said> {
    sift(
        board.seats.iter().filter(is_agency),
        || {
            Said::not_recorded(
                "no seat of an agency is recorded",
                vec![words::seats_field(SeatBasis::DutyToCooperate)],
            )
        },
        |all| {
            format!("nobody from a company holds any of {} of agencies", words::count(all, "seat", "seats"))
        },
        company_fills,
    )
}

/// A company is a partner from the restructure on.
pub fn company_is_partner_in_time(board: &BoardOn) -> Vec<Said> {
    let restructure = board.calendar.restructure();
    let invited = || board.of(SeatBasis::InvitedPartner);
    if invited().any(|seat| seat.body.as_ref().is_some_and(is_crc)) {
        return sift(
            invited().filter(|seat| seat.body.as_ref().is_some_and(is_crc)),
            no_seats,
            |all| {
                format!(
                    "{} of companies in force on {}, the restructure being of {restructure}",
                    words::count(all, "seat", "seats"),
                    board.on
                )
            },
            |seat| {
                if board.on >= restructure {
                    return Sifted::Right;
                }
                let since = seat.period.from();
                let how = format!(
                    "{} is in force since {since}, before the restructure of {restructure}",
                    words::seat(seat)
                );
                Sifted::Wrong(how, Some(since))
            },
        );
    }
    match invited().find(|seat| seat.body.is_none()) {
        Some(seat) => {
            let (why, field) = body_open(seat);
            vec![Said::not_recorded(why, vec![field]).about([Subject::seat(seat)])]
        }
        None => vec![Said::not_applicable("no company is recorded as an invited partner")],
    }
}
