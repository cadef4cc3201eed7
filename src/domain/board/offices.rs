//! Questions about who chairs, and about the standing of members.

use super::rule::{Said, Subject};
use super::seats::{is_agency, is_authority};
use super::sieve::each_holder;
use super::{BoardOn, DeclarationKind, HolderOn, OfficeOn, SeatBasis, SeatOn, SeatState, words};
use chrono::NaiveDate;

/// What is known of the chair.
enum Chair<'b> {
    /// Chairs from this seat.
    Sits(&'b OfficeOn, &'b SeatOn),
    /// Chairs, and holds no seat that is recorded.
    WithoutSeat,
    /// It is recorded that there is none.
    None,
    /// Nothing is recorded.
    NotRecorded,
}

fn chair(board: &BoardOn) -> Chair<'_> {
    let Some(chair) = &board.chair else {
        return if board.has_recorded_no_chair { Chair::None } else { Chair::NotRecorded };
    };
    let holds =
        |seat: &&SeatOn| matches!(&seat.state, SeatState::Held(holder) if holder.person == chair.person);
    let named = chair.seat.and_then(|index| board.seats.get(index.0));
    match named.or_else(|| board.seats.iter().find(holds)) {
        Some(seat) => Chair::Sits(chair, seat),
        None => Chair::WithoutSeat,
    }
}

fn chair_field() -> Vec<String> {
    vec!["chair".to_owned()]
}

fn chair_open() -> Said {
    Said::not_recorded("who chairs is not recorded", chair_field())
}

fn no_chair() -> Said {
    Said::not_applicable("it is recorded that nobody chairs")
}

/// First day on which the chair both chaired and held the seat.
fn chairs_from(office: &OfficeOn, seat: &SeatOn) -> NaiveDate {
    match &seat.state {
        SeatState::Held(holder) => office.since.max(holder.term.from()),
        SeatState::Vacant(_) | SeatState::NotRecorded => office.since,
    }
}

/// The board has a chair.
pub fn has_a_chair(board: &BoardOn) -> Vec<Said> {
    vec![match (&board.chair, board.has_recorded_no_chair) {
        (Some(chair), _) => Said::met(format!("the board has the same chair since {}", chair.since)),
        (None, true) => Said::not_met("it is recorded that nobody chairs", None),
        (None, false) => chair_open(),
    }]
}

/// The chair comes from the Responsible Authority.
pub fn chair_is_of_authority(board: &BoardOn) -> Vec<Said> {
    vec![match chair(board) {
        Chair::Sits(_, seat) if is_authority(&seat) => {
            Said::met(format!("the chair holds {}", words::seat(seat))).about([Subject::seat(seat)])
        }
        Chair::Sits(office, seat) => {
            let since = chairs_from(office, seat);
            Said::not_met(
                format!(
                    "the chair holds {} since {since}, and it is not of the Responsible Authority",
                    words::seat(seat)
                ),
                Some(since),
            )
            .about([Subject::seat(seat)])
        }
        Chair::WithoutSeat if is_whole_authority_recorded(board) => Said::not_met(
            format!(
                "the chair holds none of the seats of the Responsible Authority: {}",
                words::seats(board.seats.iter().filter(is_authority))
            ),
            None,
        ),
        Chair::WithoutSeat => {
            Said::not_recorded("which seat the chair holds is not recorded", vec!["chair.seat".to_owned()])
        }
        Chair::None => no_chair(),
        Chair::NotRecorded => chair_open(),
    }]
}

/// Whether police, probation and prison have a seat each, and of all of them it is recorded who holds them or that they
/// are vacant.
fn is_whole_authority_recorded(board: &BoardOn) -> bool {
    let bases =
        SeatBasis::ALL.iter().map(|(basis, _)| *basis).filter(|basis| basis.is_responsible_authority());
    bases.into_iter().all(|basis| is_recorded(board, basis))
}

/// Whether there are seats of a basis, none of them in doubt.
fn is_recorded(board: &BoardOn, basis: SeatBasis) -> bool {
    board.of(basis).next().is_some() && board.of(basis).all(|seat| seat.state != SeatState::NotRecorded)
}

/// No lay adviser chairs.
pub fn no_lay_adviser_chairs(board: &BoardOn) -> Vec<Said> {
    vec![match chair(board) {
        Chair::Sits(office, seat) if seat.basis == SeatBasis::LayAdviser => {
            let since = chairs_from(office, seat);
            Said::not_met(format!("the chair holds {} since {since}", words::seat(seat)), Some(since))
                .about([Subject::seat(seat)])
        }
        Chair::Sits(_, seat) => {
            Said::met(format!("the chair holds {}", words::seat(seat))).about([Subject::seat(seat)])
        }
        Chair::WithoutSeat if is_recorded(board, SeatBasis::LayAdviser) => Said::met(format!(
            "the chair holds none of the seats of lay advisers: {}",
            words::seats(board.of(SeatBasis::LayAdviser))
        )),
        Chair::WithoutSeat => {
            Said::not_recorded("which seat the chair holds is not recorded", vec!["chair.seat".to_owned()])
        }
        Chair::None => no_chair(),
        Chair::NotRecorded => chair_open(),
    }]
}

/// Members for the Responsible Authority and for agencies are senior.
pub fn members_are_senior(board: &BoardOn) -> Vec<Said> {
    let seats = board.seats.iter().filter(|seat| is_authority(seat) || is_agency(seat));
    let none = || {
        Said::not_recorded(
            "no seat of the Responsible Authority or of an agency is recorded",
            vec!["seats".to_owned()],
        )
    };
    each_holder(seats, none, |seat, holder| {
        declared(board, seat, holder, DeclarationKind::Senior, "is of the standing that the seat asks for")
    })
}

/// Says what is declared of a holder on the day.
pub fn declared(
    board: &BoardOn,
    seat: &SeatOn,
    holder: &HolderOn,
    kind: DeclarationKind,
    what: &str,
) -> Said {
    let of_day = || {
        holder
            .declarations
            .iter()
            .filter(|declaration| declaration.kind == kind && declaration.valid.contains(board.on))
    };
    let of = words::seat(seat);
    if let Some(against) = of_day().find(|declaration| !declaration.holds) {
        let since = against.valid.from().max(serves_from(holder));
        let because = format!(
            "it is declared, from {}, that it is not so that the holder of {of} {what}",
            against.valid.from()
        );
        return Said::not_met(because, Some(since));
    }
    match of_day().next() {
        Some(declaration) => Said::met(format!(
            "it is declared, from {}, that the holder of {of} {what}",
            declaration.valid.from()
        )),
        None => {
            let code =
                DeclarationKind::ALL.iter().find(|(known, _)| *known == kind).map_or("", |(_, code)| *code);
            let because = format!("whether the holder of {of} {what} is not declared for {}", board.on);
            Said::not_recorded(because, vec![words::seat_field(seat, &format!("holder.declarations.{code}"))])
        }
    }
}

/// First day of the holder on this board without a gap.
pub fn serves_from(holder: &HolderOn) -> NaiveDate {
    holder.terms.first().unwrap_or(&holder.term).from()
}
