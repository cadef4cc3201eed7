//! What holds of every board whatever is known of it: of random boards, sound and unsound.
//!
//! A board is *forgotten* in part by making facts of it unrecorded: less knowledge must never make a breach.

use crate::board_cases::POSSIBLE;
use chrono::{Days, NaiveDate};
use probation_directory::domain::board::check::{Finding, check, overall};
use probation_directory::domain::board::rule::{Subject, Verdict};
use probation_directory::domain::board::rules::BOARD;
use probation_directory::domain::board::{
    AgencyKind, AgencyOn, AnnualReport, AppointedBy, Attendance, BoardOn, Declaration, DeclarationKind,
    DeputyOn, HolderOn, Meeting, OfficeOn, PersonKey, Review, SeatBasis, SeatBody, SeatIndex, SeatOn,
    SeatState,
};
use probation_directory::domain::calendar::Calendar;
use probation_directory::domain::finding::Severity;
use probation_directory::domain::organisation::BodyKind;
use probation_directory::domain::period::Period;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Persons have numbers that stand in no other number of a finding.
const FIRST_PERSON: i64 = 700_000;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Days on which something begins, the days before them, and others.
fn days() -> impl Strategy<Value = NaiveDate> {
    let edges =
        ["2004-04-05", "2010-04-01", "2013-01-01", "2014-04-01", "2014-06-01", "2016-02-29", "2021-06-26"];
    let edge = (proptest::sample::select(edges.to_vec()), 0..3_u64)
        .prop_map(|(edge, before)| day(edge) + Days::new(1) - Days::new(before));
    let any = (0..8_000_u64).prop_map(|after| day("2002-01-01") + Days::new(after));
    prop_oneof![1 => edge, 2 => any]
}

/// A day up to `on`, most often not long before it.
fn before(on: NaiveDate) -> impl Strategy<Value = NaiveDate> {
    prop_oneof![2 => 0..500_u64, 1 => 0..4_000_u64].prop_map(move |back| on - Days::new(back))
}

/// A period that holds the day.
fn around(on: NaiveDate) -> impl Strategy<Value = Period> {
    (before(on), proptest::option::of(1..2_000_u64)).prop_map(move |(from, ahead)| {
        Period::new(from, ahead.map(|ahead| on + Days::new(ahead))).expect("a period")
    })
}

/// A period of any kind near the day.
fn near(on: NaiveDate) -> impl Strategy<Value = Period> {
    (0..3_000_u64, proptest::option::of(1..3_000_u64)).prop_map(move |(back, length)| {
        let from = on + Days::new(300) - Days::new(back);
        Period::new(from, length.map(|length| from + Days::new(length))).expect("a period")
    })
}

fn bodies() -> impl Strategy<Value = SeatBody> {
    let kinds = [
        BodyKind::PoliceForce,
        BodyKind::ProbationTrust,
        BodyKind::NpsDivision,
        BodyKind::Crc,
        BodyKind::ProbationRegion,
        BodyKind::NationalBody,
    ];
    (
        proptest::sample::select(kinds.to_vec()),
        proptest::sample::select(vec!["wales", "merseyside", "north-west"]),
    )
        .prop_map(|(kind, slug)| SeatBody { kind, slug: slug.to_owned(), name: format!("The {slug}") })
}

fn persons() -> impl Strategy<Value = PersonKey> {
    (0..8_i64).prop_map(|key| PersonKey(FIRST_PERSON + key))
}

fn declarations(on: NaiveDate) -> impl Strategy<Value = Vec<Declaration>> {
    let kinds = DeclarationKind::ALL.map(|(kind, _)| kind);
    let one = (proptest::sample::select(kinds.to_vec()), proptest::bool::weighted(0.7), near(on))
        .prop_map(|(kind, holds, valid)| Declaration { kind, holds, valid });
    proptest::collection::vec(one, 0..6)
}

fn holders(on: NaiveDate) -> impl Strategy<Value = HolderOn> {
    let elsewhere = proptest::collection::vec(Just(("kent".to_owned(), SeatBasis::LayAdviser)), 0..2);
    let by = proptest::option::of(proptest::sample::select(AppointedBy::ALL.map(|(by, _)| by).to_vec()));
    let term = prop_oneof![12 => around(on), 1 => near(on)];
    let earlier = proptest::collection::vec(1..1_500_u64, 0..3);
    (persons(), term, earlier, by, proptest::option::of(bodies()), declarations(on), elsewhere).prop_map(
        |(person, term, earlier, appointed_by, from, declarations, elsewhere)| {
            let mut terms = vec![term];
            for length in earlier {
                let until = terms[0].from();
                terms.insert(0, Period::new(until - Days::new(length), Some(until)).expect("a period"));
            }
            HolderOn { person, term, terms, appointed_by, from, declarations, elsewhere }
        },
    )
}

fn seats(on: NaiveDate) -> impl Strategy<Value = SeatOn> {
    let bases = SeatBasis::ALL.map(|(basis, _)| basis);
    let state = prop_oneof![
        3 => holders(on).prop_map(|holder| SeatState::Held(Box::new(holder))),
        1 => before(on).prop_map(SeatState::Vacant),
        1 => Just(SeatState::NotRecorded),
    ];
    let deputy = (persons(), proptest::option::of(bodies()), proptest::option::of(any::<bool>()))
        .prop_map(|(person, from, may_commit)| DeputyOn { person, from, may_commit });
    (
        proptest::sample::select(bases.to_vec()),
        proptest::option::weighted(0.8, bodies()),
        around(on),
        state,
        proptest::collection::vec(deputy, 0..2),
    )
        .prop_map(|(basis, body, period, state, deputies)| SeatOn {
            slug: String::new(),
            basis,
            body,
            period,
            state,
            deputies,
            confirmed_on: None,
        })
}

/// A meeting in which each seat that was in force is present, represented, absent, or not named.
fn meetings(on: NaiveDate, seats: Vec<SeatOn>) -> impl Strategy<Value = Vec<Meeting>> {
    let ways: Vec<Option<Attendance>> = [
        None,
        Some(Attendance::Present),
        Some(Attendance::Deputy),
        Some(Attendance::Absent),
        Some(Attendance::Absent),
    ]
    .to_vec();
    let attendance = proptest::collection::vec(proptest::sample::select(ways), seats.len());
    let one = (0..900_u64, proptest::option::of(any::<bool>()), attendance).prop_map(
        move |(back, is_chaired, ways)| {
            let held_on = on + Days::new(30) - Days::new(back);
            let named = seats.iter().zip(ways).filter(|(seat, _)| seat.period.contains(held_on));
            let attendance =
                named.filter_map(|(seat, how)| how.map(|how| (seat.slug.clone(), seat.basis, how))).collect();
            Meeting { on: held_on, attendance, is_chaired }
        },
    );
    proptest::collection::vec(one, 0..5).prop_map(|mut meetings| {
        meetings.sort_by_key(|meeting| meeting.on);
        meetings.dedup_by_key(|meeting| meeting.on);
        meetings
    })
}

fn agencies(seats: usize) -> impl Strategy<Value = Vec<AgencyOn>> {
    let kinds = proptest::collection::vec(
        proptest::sample::select(AgencyKind::ALL.map(|(kind, _)| kind).to_vec()),
        1..3,
    );
    let of = proptest::collection::vec((0..=seats).prop_map(SeatIndex), 0..3);
    let one = (bodies(), kinds, of).prop_map(|(body, kinds, seats)| AgencyOn { body, kinds, seats });
    proptest::collection::vec(one, 0..4)
}

fn office(on: NaiveDate, seats: &[SeatOn]) -> impl Strategy<Value = Option<OfficeOn>> + use<> {
    let held: Vec<(SeatIndex, PersonKey)> = seats
        .iter()
        .enumerate()
        .filter_map(|(index, seat)| match &seat.state {
            SeatState::Held(holder) => Some((SeatIndex(index), holder.person)),
            _ => None,
        })
        .collect();
    let outsider = (persons(), before(on)).prop_map(|(person, since)| OfficeOn { person, seat: None, since });
    let member = (any::<prop::sample::Index>(), before(on)).prop_map(move |(at, since)| {
        let (seat, person) = if held.is_empty() {
            (None, PersonKey(FIRST_PERSON))
        } else {
            let (seat, person) = held[at.index(held.len())];
            (Some(seat), person)
        };
        OfficeOn { person, seat, since }
    });
    prop_oneof![1 => Just(None), 2 => member.prop_map(Some), 1 => outsider.prop_map(Some)]
}

type Papers = (Vec<Period>, Vec<Period>, Vec<Period>, Vec<AnnualReport>, Vec<Review>);

fn papers(on: NaiveDate) -> impl Strategy<Value = Papers> {
    let periods = || proptest::collection::vec(near(on), 0..3);
    let reports = proptest::collection::btree_map(2003..2022_i32, proptest::option::of(days()), 0..5)
        .prop_map(|all| {
            all.into_iter()
                .map(|(year, published_on)| AnnualReport { year, published_on })
                .collect::<Vec<_>>()
        });
    let review = (near(on), proptest::option::of(any::<bool>()))
        .prop_map(|(of, consulted_lay_advisers)| Review { on: of.from(), consulted_lay_advisers });
    (periods(), periods(), periods(), reports, proptest::collection::vec(review, 0..3))
}

fn boards() -> impl Strategy<Value = BoardOn> {
    let calendar = prop_oneof![Just(Calendar::Published), Just(Calendar::Operational)];
    (days(), calendar)
        .prop_flat_map(|(on, calendar)| {
            (Just(on), Just(calendar), proptest::collection::vec(seats(on), 0..10))
        })
        .prop_flat_map(|(on, calendar, mut seats)| {
            for (index, seat) in seats.iter_mut().enumerate() {
                seat.slug = format!("seat-{index}");
            }
            let of_board = (
                any::<bool>(),
                0..3_usize,
                proptest::collection::vec(bodies(), 0..3),
                proptest::option::of(bodies()),
                office(on, &seats),
                any::<bool>(),
            );
            let of_record = (
                agencies(seats.len()),
                any::<bool>(),
                meetings(on, seats.clone()),
                proptest::option::of(before(on)),
                papers(on),
            );
            (Just((on, calendar, seats)), of_board, of_record)
        })
        .prop_map(|((on, calendar, seats), of_board, of_record)| {
            let (is_welsh, boards_of_area, forces, probation, chair, has_recorded_no_chair) = of_board;
            let (agencies, are_agencies_complete, meetings, meetings_recorded_from, papers) = of_record;
            let (memoranda, business_plans, approvals, reports, reviews) = papers;
            BoardOn {
                on,
                calendar,
                area: "merseyside".to_owned(),
                is_welsh,
                boards_of_area,
                forces,
                probation,
                seats,
                ended_probation: Vec::new(),
                has_recorded_no_chair: has_recorded_no_chair && chair.is_none(),
                chair,
                deputy_chairs: Vec::new(),
                agencies,
                are_agencies_complete,
                meetings,
                meetings_recorded_from,
                memoranda,
                reports,
                reviews,
                business_plans,
                approvals,
            }
        })
}

/// Makes facts of a board unrecorded: what `forget` says of each in turn, from its first on again.
fn forgotten(mut board: BoardOn, forget: &[bool]) -> BoardOn {
    let mut next = forget.iter().copied().cycle();
    let mut is_forgotten = move || next.next().unwrap_or(false);
    for seat in &mut board.seats {
        if is_forgotten() {
            seat.state = SeatState::NotRecorded;
        }
        if is_forgotten() {
            seat.body = None;
        }
        if is_forgotten() {
            seat.deputies.clear();
        }
        for deputy in &mut seat.deputies {
            if is_forgotten() {
                deputy.from = None;
            }
            if is_forgotten() {
                deputy.may_commit = None;
            }
        }
        if let SeatState::Held(holder) = &mut seat.state {
            holder.declarations.retain(|_| !is_forgotten());
            holder.elsewhere.retain(|_| !is_forgotten());
            if is_forgotten() {
                holder.from = None;
            }
            if is_forgotten() {
                holder.terms = vec![holder.term];
            }
        }
    }
    if is_forgotten() {
        board.chair = None;
        board.has_recorded_no_chair = false;
    }
    if let Some(chair) = board.chair.as_mut().filter(|_| is_forgotten()) {
        chair.seat = None;
    }
    if is_forgotten() {
        board.forces.clear();
    }
    if is_forgotten() {
        board.probation = None;
    }
    for agency in &mut board.agencies {
        if is_forgotten() {
            agency.seats.clear();
        }
    }
    if is_forgotten() {
        board.are_agencies_complete = false;
        board.agencies.retain(|_| !is_forgotten());
    }
    for meeting in &mut board.meetings {
        meeting.attendance.retain(|_| !is_forgotten());
        if is_forgotten() {
            meeting.is_chaired = None;
        }
    }
    if is_forgotten() {
        board.meetings_recorded_from = None;
    }
    if is_forgotten() {
        board.memoranda.clear();
    }
    if is_forgotten() {
        board.business_plans.clear();
    }
    board.reports.retain(|_| !is_forgotten());
    for review in &mut board.reviews {
        if is_forgotten() {
            review.consulted_lay_advisers = None;
        }
    }
    board
}

/// Whether whoever chairs holds one seat at most.
fn is_chair_in_one_seat(board: &BoardOn) -> bool {
    let is_chair = |seat: &&SeatOn| {
        let holder = match &seat.state {
            SeatState::Held(holder) => Some(holder.person),
            _ => None,
        };
        holder.is_some() && holder == board.chair.map(|chair| chair.person)
    };
    board.seats.iter().filter(is_chair).count() < 2
}

fn breaches(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().filter(|finding| finding.verdict == Verdict::NotMet).map(|finding| finding.rule).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_rule_says_something_it_can_say_and_why(board in boards()) {
        let findings = check(BOARD, &board);
        for (rule, possible) in POSSIBLE {
            let of_rule: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == *rule).collect();
            prop_assert!(!of_rule.is_empty(), "{rule} says nothing");
            for finding in of_rule {
                prop_assert!(possible.contains(&finding.verdict), "{finding:?}");
                prop_assert!(finding.because.len() > 10, "{finding:?}");
            }
        }
    }

    #[test]
    fn a_finding_is_whole(board in boards()) {
        let findings = check(BOARD, &board);
        // A term that does not hold the day is a fault of the record, and then days may lie ahead.
        let is_sound = overall(&findings, "G-34a") != Some(Verdict::NotMet);
        for finding in findings {
            let is_breach = finding.verdict == Verdict::NotMet;
            let row = BOARD.iter().find(|row| row.rule.id == finding.rule).expect("a row");
            prop_assert_eq!(finding.severity, if is_breach { row.severity } else { Severity::Note });
            prop_assert!(is_breach || finding.since.is_none(), "{:?}", finding);
            let is_past = finding.since.is_none_or(|since| since <= board.on);
            prop_assert!(is_past || !is_sound, "{:?} on {}", finding, board.on);
            let is_open = finding.verdict == Verdict::NotRecorded;
            prop_assert!(!is_open || !finding.missing.is_empty(), "{:?}", finding);
            prop_assert!(is_open || finding.verdict == Verdict::Note || finding.missing.is_empty(), "{:?}", finding);
        }
    }

    #[test]
    fn no_reason_names_a_person_and_only_findings_about_persons_point_to_one(board in boards()) {
        for finding in check(BOARD, &board) {
            prop_assert!(!finding.because.contains(&FIRST_PERSON.to_string()[..4]), "{:?}", finding);
            prop_assert!(!finding.missing.iter().any(|field| field.contains("70000")), "{:?}", finding);
            let points = finding.subjects.iter().any(|subject| matches!(subject, Subject::Person(_)));
            prop_assert!(finding.is_about_person || !points, "{:?}", finding);
        }
    }

    #[test]
    fn what_is_forgotten_never_makes_a_breach(
        board in boards(),
        forget in proptest::collection::vec(any::<bool>(), 1..60),
    ) {
        let (known, less) = (check(BOARD, &board), check(BOARD, &forgotten(board.clone(), &forget)));
        let (known, mut less) = (breaches(&known), breaches(&less));
        if !is_chair_in_one_seat(&board) {
            // From which of two seats such a person chairs is known only as long as it is said.
            less.retain(|rule| !["G-08b", "G-09"].contains(rule));
        }
        prop_assert!(less.is_subset(&known), "{:?} of what was known, {:?} of less", known, less);
    }

    #[test]
    fn a_board_of_which_nothing_is_recorded_has_no_breach(
        on in days(),
        is_published in any::<bool>(),
        is_welsh in any::<bool>(),
        boards_of_area in 0..2_usize,
        bases in proptest::collection::vec(proptest::sample::select(SeatBasis::ALL.map(|(basis, _)| basis).to_vec()), 0..8),
    ) {
        let calendar = if is_published { Calendar::Published } else { Calendar::Operational };
        let board = BoardOn { boards_of_area, is_welsh, seats: unrecorded(on, &bases), ..nothing(on, calendar) };
        let findings = check(BOARD, &board);
        prop_assert!(breaches(&findings).is_empty(), "{:?}", breaches(&findings));
    }
}

/// Seats of which nothing is recorded but that there are seats.
fn unrecorded(on: NaiveDate, bases: &[SeatBasis]) -> Vec<SeatOn> {
    let seat = |(index, basis): (usize, &SeatBasis)| SeatOn {
        slug: format!("seat-{index}"),
        basis: *basis,
        body: None,
        period: Period::new(on - Days::new(100), None).expect("a period"),
        state: SeatState::NotRecorded,
        deputies: Vec::new(),
        confirmed_on: None,
    };
    bases.iter().enumerate().map(seat).collect()
}

fn nothing(on: NaiveDate, calendar: Calendar) -> BoardOn {
    BoardOn {
        on,
        calendar,
        area: "merseyside".to_owned(),
        is_welsh: false,
        boards_of_area: 1,
        forces: Vec::new(),
        probation: None,
        seats: Vec::new(),
        ended_probation: Vec::new(),
        chair: None,
        has_recorded_no_chair: false,
        deputy_chairs: Vec::new(),
        agencies: Vec::new(),
        are_agencies_complete: false,
        meetings: Vec::new(),
        meetings_recorded_from: None,
        memoranda: Vec::new(),
        reports: Vec::new(),
        reviews: Vec::new(),
        business_plans: Vec::new(),
        approvals: Vec::new(),
    }
}

#[test]
fn on_no_day_at_all_is_an_unrecorded_board_in_breach() {
    let mut on = day("2001-04-01");
    while on < day("2023-01-01") {
        for calendar in [Calendar::Published, Calendar::Operational] {
            let findings = check(BOARD, &nothing(on, calendar));
            assert_eq!(breaches(&findings), BTreeSet::new(), "{on}");
        }
        on = on + Days::new(1);
    }
}

#[test]
fn of_several_findings_of_a_rule_a_breach_counts_before_what_is_open_and_that_before_what_is_met() {
    let on = day("2014-11-01");
    let mut board = nothing(on, Calendar::Published);
    assert_eq!(overall(&check(BOARD, &board), "G-02"), Some(Verdict::NotRecorded));
    board.seats = unrecorded(on, &SeatBasis::ALL.map(|(basis, _)| basis)[..3]);
    board.seats[0].state = SeatState::Vacant(on);
    assert_eq!(overall(&check(BOARD, &board), "G-02"), Some(Verdict::NotMet));
    assert_eq!(overall(&check(BOARD, &board), "G-01"), Some(Verdict::Met));
    assert_eq!(overall(&check(BOARD, &board), "G-99"), None);
}
