//! Questions about the agencies that have the duty to co-operate in the area: each of them sits, and each kind.

use super::rule::{Said, Subject};
use super::sieve::Filled;
use super::{AgencyKind, AgencyOn, BoardOn, SeatOn, words};
use chrono::NaiveDate;

const AGENCIES: &str = "agencies";

fn seats_of<'b>(board: &'b BoardOn, agency: &AgencyOn) -> Vec<&'b SeatOn> {
    agency.seats.iter().filter_map(|index| board.seats.get(index.0)).collect()
}

fn subject(agency: &AgencyOn) -> Subject {
    Subject::Agency(agency.body.slug.clone())
}

fn not_complete() -> Said {
    let because = "whether other agencies have the duty to co-operate in the area is not confirmed";
    Said::not_recorded(because, vec![AGENCIES.to_owned()])
}

/// Each agency of the area has a member.
pub fn each_agency_sits(board: &BoardOn) -> Vec<Said> {
    if board.agencies.is_empty() && board.are_agencies_complete {
        return vec![Said::not_applicable(
            "it is confirmed that no agency has the duty to co-operate in the area",
        )];
    }
    let sits = |agency: &AgencyOn| {
        let seats = seats_of(board, agency);
        let field = format!("{AGENCIES}.{}.seats", agency.body.slug);
        let subjects = [subject(agency)].into_iter().chain(seats.iter().map(|seat| Subject::seat(seat)));
        Filled::of(&seats).said(&words::body(&agency.body), field).about(subjects.collect::<Vec<_>>())
    };
    let mut said: Vec<Said> = board.agencies.iter().map(sits).collect();
    if !board.are_agencies_complete {
        said.push(not_complete());
    }
    said
}

/// Each kind of agency that is present in the area has a member.
pub fn each_kind_sits(board: &BoardOn) -> Vec<Said> {
    AgencyKind::ALL.iter().map(|(kind, _)| kind_sits(board, *kind)).collect()
}

fn kind_sits(board: &BoardOn, kind: AgencyKind) -> Said {
    let name = words::kind(kind);
    let agencies: Vec<&AgencyOn> =
        board.agencies.iter().filter(|agency| agency.kinds.contains(&kind)).collect();
    let subjects = || agencies.iter().map(|agency| subject(agency)).collect::<Vec<_>>();
    if agencies.is_empty() {
        return if board.are_agencies_complete {
            Said::not_applicable(format!("{name}: none in the area"))
        } else {
            Said::not_recorded(
                format!("{name}: none recorded in the area, and agencies are not confirmed complete"),
                vec![AGENCIES.to_owned()],
            )
        };
    }
    let mut vacant_since: Option<NaiveDate> = None;
    let mut open = Vec::new();
    for agency in &agencies {
        match Filled::of(&seats_of(board, agency)) {
            Filled::Held(held) => {
                let because =
                    format!("{name}: {} sits, in {}", words::body(&agency.body), words::seats(held));
                return Said::met(because).about(subjects());
            }
            Filled::Vacant(since) => vacant_since = vacant_since.max(Some(since)),
            Filled::Open(seats) => open.extend(seats.iter().map(|seat| words::seat_field(seat, "holder"))),
            Filled::NoSeat => open.push(format!("{AGENCIES}.{}.seats", agency.body.slug)),
        }
    }
    if !board.are_agencies_complete {
        open.push(AGENCIES.to_owned());
    }
    let names = words::bodies(agencies.iter().map(|agency| &agency.body));
    if open.is_empty() {
        let since = vacant_since.map(|since| format!(" since {since}")).unwrap_or_default();
        return Said::not_met(format!("{name}: nobody sits for {names}{since}"), vacant_since)
            .about(subjects());
    }
    Said::not_recorded(format!("{name}: whether somebody sits for {names} is not recorded"), open)
        .about(subjects())
}
