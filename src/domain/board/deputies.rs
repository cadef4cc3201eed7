//! Questions about deputies. That deputies are recorded at all is never asked: an absent one may only be unrecorded.

use super::rule::{Said, Subject};
use super::seats::{body_open, is_same, no_seat};
use super::sieve::{Sifted, each, sift};
use super::{BoardOn, SeatBasis, SeatBody, SeatOn, SeatState, words};

/// Deputies of the holder come from the body that has the seat.
pub fn deputies_are_of_the_body(board: &BoardOn) -> Vec<Said> {
    each(with_deputies(board), no_deputies, |seat| {
        let Some(body) = &seat.body else {
            let (why, field) = body_open(seat);
            return Said::not_recorded(why, vec![field]);
        };
        let others: Vec<&SeatBody> = seat
            .deputies
            .iter()
            .filter_map(|deputy| deputy.from.as_ref())
            .filter(|from| !is_same(from, body))
            .collect();
        if !others.is_empty() {
            let because = format!(
                "{} of {} from {}",
                words::count(others.len(), "deputy", "deputies"),
                words::seat(seat),
                words::bodies(others.iter().copied())
            );
            return Said::not_met(because, None);
        }
        if seat.deputies.iter().any(|deputy| deputy.from.is_none()) {
            return Said::not_recorded(
                format!("from which body a deputy for {} comes is not recorded", words::seat(seat)),
                vec![words::seat_field(seat, "deputies.from")],
            );
        }
        let deputies = words::count(seat.deputies.len(), "deputy", "deputies");
        Said::met(format!("{deputies} for {}: from {}", words::seat(seat), words::body(body)))
    })
}

/// Deputies are of comparable standing and can commit their body.
pub fn deputies_can_commit(board: &BoardOn) -> Vec<Said> {
    let mut said = each(with_deputies(board), no_deputies, |seat| {
        let may = |answer: Option<bool>| {
            seat.deputies.iter().filter(move |deputy| deputy.may_commit == answer).count()
        };
        let all = seat.deputies.len();
        if may(Some(false)) > 0 {
            return Said::not_met(
                format!(
                    "{} of {} for {} {} declared not to be of comparable standing with the power to commit the body",
                    may(Some(false)),
                    words::count(all, "deputy", "deputies"),
                    words::seat(seat),
                    words::is(may(Some(false)))
                ),
                None,
            );
        }
        if may(None) > 0 {
            return Said::not_recorded(
                format!(
                    "whether a deputy for {} is of comparable standing and can commit the body is not declared",
                    words::seat(seat)
                ),
                vec![words::seat_field(seat, "deputies.mayCommit")],
            );
        }
        Said::met(format!(
            "{} for {}: declared of comparable standing, with the power to commit the body",
            words::count(all, "deputy", "deputies"),
            words::seat(seat)
        ))
    });
    // Standing is that of a person, whom a reader with the right to see it must be able to find.
    for (seat, one) in with_deputies(board).zip(&mut said) {
        one.subjects.extend(seat.deputies.iter().map(|deputy| Subject::Person(deputy.person)));
    }
    said
}

fn with_deputies(board: &BoardOn) -> impl Iterator<Item = &SeatOn> {
    board.seats.iter().filter(|seat| seat.basis != SeatBasis::LayAdviser && !seat.deputies.is_empty())
}

fn no_deputies() -> Said {
    Said::not_recorded("no deputy is recorded", vec!["seats.deputies".to_owned()])
}

/// Nobody stands in for a lay adviser.
pub fn no_deputy_for_a_lay_adviser(board: &BoardOn) -> Vec<Said> {
    sift(
        board.of(SeatBasis::LayAdviser),
        || no_seat("a lay adviser", SeatBasis::LayAdviser),
        |all| {
            format!("no deputy is recorded for any of {} of lay advisers", words::count(all, "seat", "seats"))
        },
        |seat| {
            if !seat.deputies.is_empty() {
                let deputies = words::count(seat.deputies.len(), "deputy", "deputies");
                return Sifted::Wrong(format!("{} has {deputies}", words::seat(seat)), None);
            }
            if seat.state == SeatState::NotRecorded {
                let why = format!("who holds {} is not recorded, nor who stands in", words::seat(seat));
                return Sifted::Open(why, words::seat_field(seat, "holder"));
            }
            Sifted::Right
        },
    )
}
