//! A board read on days, calendars and in states of knowledge, from rows written out here.

use super::*;
use crate::directory::board_records::{
    AppointmentRow, AttendanceRow, BoardRecords, ConfirmationRow, DeclarationRow, DeputyRow, OfficeRow,
    PersonRow, SeatDescriptionRow, SeatRow,
};
use crate::directory::person::{NameState, PersonName};
use crate::directory::records::{BoardRow, BodyRow, ChangeStamp, Coverage, Name, Records, plain_citation};
use crate::directory::seat::{Document, Report};
use crate::directory::view::Moment;
use crate::directory::{Directory, Fault};
use crate::domain::board::codes::DeclaredBy;
use crate::domain::board::{AgencyKind, AppointedBy, Attendance, Authority, Declaration, DeclarationKind};
use crate::domain::calendar::Calendar;
use crate::domain::organisation::NameUsage;
use crate::domain::period::Versions;
use crate::domain::source::{Basis, EXAMPLE};
use chrono::{DateTime, Utc};

const AREA: i64 = 1;
const FORCE: i64 = 2;
const TRUST: i64 = 3;
const DIVISION: i64 = 4;
const COUNCIL: i64 = 5;
const BOARD: i64 = 1;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn days(text: &str) -> Period {
    let (from, last) = text.split_once("..").expect("two days");
    Period::through(day(from), (!last.is_empty()).then(|| day(last))).expect("a period")
}

fn versions(from: i64, until: Option<i64>) -> Versions {
    Versions::new(from, until).expect("versions")
}

/// A row known from version 1 on.
fn row<T>(valid: &str, value: T) -> Row<T> {
    let citation = plain_citation("GK", Basis::Unconfirmed);
    Row { fact: 1, valid: days(valid), recorded: versions(1, None), citation, value }
}

/// The same, known in some versions only.
fn known<T>(mut row: Row<T>, from: i64, until: Option<i64>) -> Row<T> {
    row.recorded = versions(from, until);
    row
}

fn fact<T>(mut row: Row<T>, fact: i64) -> Row<T> {
    row.fact = fact;
    row
}

fn at(version: i64) -> ChangeStamp {
    let at: DateTime<Utc> = "2014-01-01T00:00:00Z".parse().expect("an instant");
    ChangeStamp { version, at: at + chrono::Duration::days(version) }
}

fn seat(seat: i64, valid: &str, basis: SeatBasis, body: Option<i64>) -> Row<SeatDescriptionRow> {
    row(valid, SeatDescriptionRow { seat, basis, title: "A seat".to_owned(), body })
}

fn appointed(seat: i64, person: i64, term: &str) -> Row<AppointmentRow> {
    let appointed_by = Some(AppointedBy::OwnBody);
    let person = PersonKey(person);
    row(term, AppointmentRow { seat, person, appointed_by, end_reason: None, renewal_of: None })
}

const TRUST_SEAT: i64 = 10;
const DIVISION_SEAT: i64 = 11;
const LAY_SEAT: i64 = 12;
const POLICE_SEAT: i64 = 13;
const COUNCIL_SEAT: i64 = 14;

/// One area with a board of five seats and four persons, nobody appointed.
fn records() -> Records {
    let bodies = [
        (AREA, BodyKind::MappaArea, "sefton"),
        (FORCE, BodyKind::PoliceForce, "force"),
        (TRUST, BodyKind::ProbationTrust, "trust"),
        (DIVISION, BodyKind::NpsDivision, "division"),
        (COUNCIL, BodyKind::Agency, "council"),
    ];
    let identity = |(key, kind, slug): (i64, BodyKind, &str)| {
        let country = "England".to_owned();
        (key, BodyRow { kind, slug: slug.to_owned(), country, recorded: versions(1, None) })
    };
    let seats = [
        (TRUST_SEAT, "probation-trust"),
        (DIVISION_SEAT, "probation-division"),
        (LAY_SEAT, "lay-adviser-1"),
        (POLICE_SEAT, "police"),
        (COUNCIL_SEAT, "council"),
    ];
    let probation = SeatBasis::ResponsibleAuthority(Authority::Probation);
    let police = SeatBasis::ResponsibleAuthority(Authority::Police);
    let person = |number: i64| {
        let name = NameState::Held(PersonName::new(format!("Example Person {number}")), day("2030-01-01"));
        let key = format!("person-{number}");
        (PersonKey(number), PersonRow { key, recorded: versions(1, None), name })
    };
    let coverage = |valid: &str, body: i64, kind: BodyKind| row(valid, Coverage { area: AREA, body, kind });
    Records {
        changes: (1..=5).map(at).collect(),
        bodies: bodies.into_iter().map(identity).collect(),
        periods: bodies.iter().map(|(key, ..)| row("2001-04-01..", (*key, ()))).collect(),
        names: bodies
            .iter()
            .map(|(key, _, slug)| {
                let name = Name { usage: NameUsage::Name, name: slug.to_uppercase() };
                row("2001-04-01..", (*key, name))
            })
            .collect(),
        coverage: vec![
            coverage("2001-04-01..", FORCE, BodyKind::PoliceForce),
            coverage("2010-04-01..2014-05-31", TRUST, BodyKind::ProbationTrust),
            coverage("2014-06-01..2021-06-25", DIVISION, BodyKind::NpsDivision),
            coverage("2004-04-05..", COUNCIL, BodyKind::Agency),
        ],
        boards: vec![(BOARD, BoardRow { slug: "sefton".to_owned(), area: AREA })],
        board_names: vec![row("2004-04-05..", (BOARD, "Sefton Board".to_owned()))],
        on_boards: BoardRecords {
            duties: vec![
                row("2004-04-05..", (COUNCIL, AgencyKind::HousingAuthority)),
                row("2004-04-05..2013-12-31", (COUNCIL, AgencyKind::EducationAuthority)),
            ],
            seats: seats.map(|(key, slug)| (key, SeatRow { board: BOARD, slug: slug.to_owned() })).to_vec(),
            descriptions: vec![
                seat(TRUST_SEAT, "2010-04-01..2014-05-31", probation, Some(TRUST)),
                seat(DIVISION_SEAT, "2014-06-01..2021-06-25", probation, Some(DIVISION)),
                seat(LAY_SEAT, "2004-04-05..", SeatBasis::LayAdviser, None),
                seat(POLICE_SEAT, "2004-04-05..", police, Some(FORCE)),
                seat(COUNCIL_SEAT, "2004-04-05..", SeatBasis::DutyToCooperate, Some(COUNCIL)),
            ],
            persons: (1..=4).map(person).collect(),
            ..BoardRecords::default()
        },
        ..Records::default()
    }
}

fn built(records: Records) -> Directory {
    Directory::build(records, None).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn with(change: impl FnOnce(&mut BoardRecords)) -> Directory {
    let mut records = records();
    change(&mut records.on_boards);
    built(records)
}

fn on(directory: &Directory, on: &str, calendar: Calendar) -> BoardOn {
    let board = directory.board_by_slug("sefton").expect("the board");
    directory.view(day(on), calendar).board_on(board)
}

/// The board on a day, on the operational calendar.
fn that(directory: &Directory, day: &str) -> BoardOn {
    on(directory, day, Calendar::Operational)
}

fn slugs(board: &BoardOn) -> Vec<&str> {
    board.seats.iter().map(|seat| seat.slug.as_str()).collect()
}

fn seat_of<'b>(board: &'b BoardOn, slug: &str) -> &'b SeatOn {
    board.seats.iter().find(|seat| seat.slug == slug).expect("a seat")
}

fn holder<'b>(board: &'b BoardOn, slug: &str) -> Option<&'b HolderOn> {
    match &seat_of(board, slug).state {
        SeatState::Held(holder) => Some(holder),
        _ => None,
    }
}

#[test]
fn the_seat_of_the_trust_gives_way_to_that_of_the_division_on_the_day_of_the_calendar() {
    let directory = built(records());
    let before = ["council", "lay-adviser-1", "police", "probation-trust"];
    let after = ["council", "lay-adviser-1", "police", "probation-division"];
    for (calendar, last, first) in [
        (Calendar::Operational, "2014-05-31", "2014-06-01"),
        (Calendar::Published, "2014-03-31", "2014-04-01"),
    ] {
        let (last_on, first_on) = (on(&directory, last, calendar), on(&directory, first, calendar));
        assert_eq!((slugs(&last_on), slugs(&first_on)), (before.to_vec(), after.to_vec()), "{calendar:?}");
        assert_eq!(seat_of(&last_on, "probation-trust").period.last_day(), Some(day(last)));
        assert_eq!(seat_of(&first_on, "probation-division").period.from(), day(first));
        let names = [&last_on, &first_on].map(|board| board.probation.as_ref().map(|it| it.name.as_str()));
        assert_eq!(names, [Some("TRUST"), Some("DIVISION")]);
    }
    assert_eq!(that(&directory, "2010-03-31").probation, None);
    assert_eq!(that(&directory, "2014-06-01").boards_of_area, 1);
    assert_eq!(that(&directory, "2004-04-04").boards_of_area, 0);
}

#[test]
fn a_seat_of_probation_that_ended_is_told_from_the_day_after_its_last_on_the_calendar() {
    let directory = built(records());
    let ended = |day: &str, calendar: Calendar| -> Vec<(String, Option<NaiveDate>)> {
        let board = on(&directory, day, calendar);
        board.ended_probation.into_iter().map(|seat| (seat.slug, seat.period.last_day())).collect()
    };
    let trust = |last: &str| ("probation-trust".to_owned(), Some(day(last)));
    for (calendar, last, first) in [
        (Calendar::Operational, "2014-05-31", "2014-06-01"),
        (Calendar::Published, "2014-03-31", "2014-04-01"),
    ] {
        assert_eq!(ended(last, calendar), [], "{calendar:?}");
        assert_eq!(ended(first, calendar), [trust(last)], "{calendar:?}");
        assert_eq!(ended("2021-06-25", calendar), [trust(last)], "{calendar:?}");
        let division = ("probation-division".to_owned(), Some(day("2021-06-25")));
        assert_eq!(ended("2021-06-26", calendar), [trust(last), division], "{calendar:?}");
    }
    // Seats of others are not among them, and a row that is not known is none.
    let directory = with(|records| {
        for row in &mut records.descriptions {
            if row.value.seat == POLICE_SEAT {
                row.valid = days("2004-04-05..2010-12-31");
            } else if row.value.seat == TRUST_SEAT {
                row.recorded = versions(1, Some(2));
            }
        }
    });
    assert_eq!(that(&directory, "2014-11-01").ended_probation, []);
}

#[test]
fn a_seat_of_a_lay_adviser_and_a_term_are_moved_by_no_calendar() {
    let directory = with(|records| {
        records.descriptions[2] = seat(LAY_SEAT, "2014-06-01..", SeatBasis::LayAdviser, None);
        records.appointments =
            vec![appointed(POLICE_SEAT, 1, "2014-06-01.."), appointed(LAY_SEAT, 2, "2014-06-01..2017-05-31")];
    });
    let board = on(&directory, "2014-05-31", Calendar::Published);
    assert!(!slugs(&board).contains(&"lay-adviser-1"));
    assert_eq!(seat_of(&board, "police").state, SeatState::NotRecorded);
    let board = on(&directory, "2014-06-01", Calendar::Published);
    assert_eq!(seat_of(&board, "lay-adviser-1").period.from(), day("2014-06-01"));
    assert_eq!(holder(&board, "police").map(|it| it.term.from()), Some(day("2014-06-01")));
}

#[test]
fn a_term_ends_by_its_day_without_another_row() {
    let directory = with(|records| {
        records.appointments = vec![appointed(LAY_SEAT, 1, "2011-10-01..2014-09-30")];
        records.vacancies = vec![row("2014-10-05..", LAY_SEAT)];
    });
    let state = |on: &str| seat_of(&that(&directory, on), "lay-adviser-1").state.clone();
    assert_eq!(state("2011-09-30"), SeatState::NotRecorded);
    assert!(matches!(state("2014-09-30"), SeatState::Held(_)));
    // What followed is not known until a vacancy is recorded: an empty seat is not a vacant one.
    assert_eq!(state("2014-10-01"), SeatState::NotRecorded);
    assert_eq!(state("2014-10-05"), SeatState::Vacant(day("2014-10-05")));
}

#[test]
fn an_earlier_state_of_knowledge_shows_what_was_known_then() {
    let directory = with(|records| {
        // Recorded in version 2, put right in version 4.
        records.appointments = vec![
            known(fact(appointed(POLICE_SEAT, 1, "2013-01-01.."), 7), 2, Some(4)),
            known(fact(appointed(POLICE_SEAT, 1, "2013-01-01..2014-06-30"), 7), 4, None),
            known(fact(appointed(POLICE_SEAT, 2, "2014-07-01.."), 8), 4, None),
        ];
    });
    let board = directory.board_by_slug("sefton").expect("the board");
    let holder_in = |known: i64| {
        let moment = Moment { on: day("2014-08-01"), calendar: Calendar::Operational, known };
        holder(&directory.at(moment).board_on(board), "police").map(|it| it.person)
    };
    assert_eq!(
        (1..=5).map(holder_in).collect::<Vec<_>>(),
        [None, Some(PersonKey(1)), Some(PersonKey(1)), Some(PersonKey(2)), Some(PersonKey(2))]
    );
    let seat = directory.seat_by_slug(board, "police").expect("the seat");
    let history = directory.seat(seat).history(7);
    let recorded: Vec<_> = history.iter().map(|row| (row.recorded.from(), row.recorded.until())).collect();
    assert_eq!(recorded, [(2, Some(4)), (4, None)]);
}

#[test]
fn terms_that_follow_each_other_on_the_same_basis_are_counted_together() {
    let directory = with(|records| {
        records.appointments = vec![
            // A gap of a day parts this one from the others.
            appointed(LAY_SEAT, 1, "2005-01-01..2006-12-30"),
            appointed(LAY_SEAT, 1, "2010-01-01..2012-12-31"),
            appointed(LAY_SEAT, 1, "2007-01-01..2009-12-31"),
            appointed(LAY_SEAT, 1, "2013-01-01..2015-12-31"),
            // From the trust to the division without a day between.
            appointed(TRUST_SEAT, 2, "2012-01-01..2014-05-31"),
            appointed(DIVISION_SEAT, 2, "2014-06-01..2017-05-31"),
        ];
    });
    let board = that(&directory, "2014-11-01");
    let lay = holder(&board, "lay-adviser-1").expect("a lay adviser");
    let all = ["2007-01-01..2009-12-31", "2010-01-01..2012-12-31", "2013-01-01..2015-12-31"];
    assert_eq!((lay.term, lay.terms.clone()), (days(all[2]), all.map(days).to_vec()));
    let early = that(&directory, "2011-01-01");
    assert_eq!(holder(&early, "lay-adviser-1").map(|it| it.terms.clone()), Some(all.map(days).to_vec()));
    let first = that(&directory, "2006-12-30");
    assert_eq!(
        holder(&first, "lay-adviser-1").map(|it| it.terms.clone()),
        Some(vec![days("2005-01-01..2006-12-30")])
    );
    let probation = holder(&board, "probation-division").expect("a member for probation");
    assert_eq!(probation.terms, ["2012-01-01..2014-05-31", "2014-06-01..2017-05-31"].map(days));
}

#[test]
fn a_holder_comes_with_body_declarations_and_seats_elsewhere() {
    let mut records = records();
    let other = 2;
    records.bodies.push((9, BodyRow { slug: "kent".to_owned(), ..records.bodies[0].1.clone() }));
    records.periods.push(row("2001-04-01..", (9, ())));
    records.names.push(row("2001-04-01..", (9, Name { usage: NameUsage::Name, name: "Kent".to_owned() })));
    records.boards.push((other, BoardRow { slug: "kent".to_owned(), area: 9 }));
    let boards = &mut records.on_boards;
    boards.seats.push((20, SeatRow { board: other, slug: "prison".to_owned() }));
    let prison = SeatBasis::ResponsibleAuthority(Authority::Prison);
    boards.descriptions.push(seat(20, "2004-04-05..", prison, None));
    boards.appointments =
        vec![appointed(POLICE_SEAT, 1, "2013-01-01.."), appointed(20, 1, "2014-01-01..2014-12-31")];
    boards.person_bodies = vec![row("2013-01-01..", (PersonKey(1), FORCE))];
    let declared = |board: i64, kind: DeclarationKind, valid: &str| {
        let declaration = Declaration { kind, holds: true, valid: days(valid) };
        let person = PersonKey(1);
        row(valid, DeclarationRow { person, board, declaration, declared_by: DeclaredBy::OwnBody })
    };
    boards.declarations = vec![
        declared(BOARD, DeclarationKind::Senior, "2013-01-01.."),
        declared(BOARD, DeclarationKind::Adult, "2012-01-01..2013-12-31"),
        declared(other, DeclarationKind::Independent, "2013-01-01.."),
    ];
    let directory = built(records);
    let board = that(&directory, "2014-11-01");
    let held = holder(&board, "police").expect("a holder");
    assert_eq!(held.from.as_ref().map(|body| body.name.as_str()), Some("FORCE"));
    assert_eq!(held.appointed_by, Some(AppointedBy::OwnBody));
    let kinds: Vec<_> = held.declarations.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [DeclarationKind::Senior]);
    assert_eq!(held.elsewhere, [("kent".to_owned(), prison)]);
    let later = that(&directory, "2015-01-01");
    assert_eq!(holder(&later, "police").map(|it| it.elsewhere.len()), Some(0));
}

#[test]
fn persons_recorded_twice_are_read_as_one_from_the_version_that_says_so() {
    let directory = with(|records| {
        records.appointments = vec![
            appointed(LAY_SEAT, 1, "2010-01-01..2012-12-31"),
            appointed(LAY_SEAT, 2, "2013-01-01..2015-12-31"),
        ];
        records.offices = vec![row(
            "2014-01-01..",
            OfficeRow { board: BOARD, office: Office::Chair, person: Some(PersonKey(1)) },
        )];
        records.merges = vec![known(row("2001-04-01..", (PersonKey(2), PersonKey(1))), 3, None)];
    });
    let board = directory.board_by_slug("sefton").expect("the board");
    let seen = |known: i64| {
        let moment = Moment { on: day("2014-11-01"), calendar: Calendar::Operational, known };
        let board = directory.at(moment).board_on(board);
        let held = holder(&board, "lay-adviser-1").expect("a holder").clone();
        (held.person, held.terms.len(), board.chair.and_then(|chair| chair.seat).is_some())
    };
    assert_eq!(seen(2), (PersonKey(2), 1, false));
    assert_eq!(seen(3), (PersonKey(1), 2, true));
}

#[test]
fn a_ring_of_persons_read_as_one_another_comes_to_an_end() {
    let directory = with(|records| {
        let same = |one: i64, other: i64| row("2001-04-01..", (PersonKey(one), PersonKey(other)));
        records.merges = vec![same(1, 2), same(2, 3), same(3, 2)];
        records.appointments = vec![appointed(LAY_SEAT, 1, "2010-01-01..")];
    });
    assert!(holder(&that(&directory, "2014-11-01"), "lay-adviser-1").is_some());
}

#[test]
fn offices_are_told_with_the_seat_of_whoever_holds_them() {
    let office = |valid: &str, office: Office, person: Option<i64>| {
        row(valid, OfficeRow { board: BOARD, office, person: person.map(PersonKey) })
    };
    let directory = with(|records| {
        records.appointments = vec![appointed(POLICE_SEAT, 1, "2013-01-01..")];
        records.offices = vec![
            office("2013-04-01..2014-08-31", Office::Chair, Some(1)),
            office("2014-09-01..2014-10-31", Office::Chair, None),
            office("2013-04-01..", Office::DeputyChair, Some(3)),
        ];
    });
    let board = that(&directory, "2014-08-31");
    let chair = board.chair.expect("a chair");
    let seat = chair.seat.map(|seat| board.seats[seat.0].slug.as_str());
    assert_eq!((chair.person, seat, chair.since), (PersonKey(1), Some("police"), day("2013-04-01")));
    assert_eq!(
        board.deputy_chairs.iter().map(|it| (it.person, it.seat)).collect::<Vec<_>>(),
        [(PersonKey(3), None)]
    );
    let none = that(&directory, "2014-09-01");
    assert!(none.chair.is_none() && none.has_recorded_no_chair);
    // Nobody said anything of November: that is not the same as no chair.
    let silent = that(&directory, "2014-11-01");
    assert!(silent.chair.is_none() && !silent.has_recorded_no_chair);
}

#[test]
fn dated_records_are_told_up_to_the_day() {
    let directory = with(|records| {
        records.meetings = vec![
            fact(row("2014-03-11..2014-03-11", (BOARD, Some(true))), 5),
            row("2014-09-16..2014-09-16", (BOARD, None)),
        ];
        let at = |seat: i64, attendance| row("2001-04-01..", AttendanceRow { meeting: 5, seat, attendance });
        records.attendance = vec![at(TRUST_SEAT, Attendance::Present), at(POLICE_SEAT, Attendance::Deputy)];
        let document = |valid: &str, kind| row(valid, (BOARD, Document { kind, url: None }));
        records.documents = vec![
            document("2010-01-01..2012-12-31", DocumentKind::Memorandum),
            document("2014-10-01..", DocumentKind::Memorandum),
            document("2014-01-01..2014-06-30", DocumentKind::MinisterialApproval),
            document("2014-04-01..2015-03-31", DocumentKind::BusinessPlan),
        ];
        let report = Report { year: 2013, published_on: None, url: None };
        records.reports = vec![row("2013-04-01..2014-03-31", (BOARD, report))];
        records.reviews = vec![row("2014-03-20..2014-03-20", (BOARD, Some(false)))];
        let confirmed = |on: &str, subject, seat| {
            let by = "an administrator".to_owned();
            row(&format!("{on}..{on}"), ConfirmationRow { board: BOARD, subject, seat, by })
        };
        records.confirmations = vec![
            confirmed("2014-02-01", Confirmed::Seat, Some(POLICE_SEAT)),
            confirmed("2014-01-01", Confirmed::Board, None),
            confirmed("2014-05-01", Confirmed::Agencies, None),
        ];
        let deputy = DeputyRow { seat: POLICE_SEAT, person: PersonKey(4), may_commit: Some(false) };
        records.deputies = vec![row("2014-01-01..2014-12-31", deputy)];
        records.person_bodies = vec![row("2014-01-01..", (PersonKey(4), COUNCIL))];
    });
    let board = that(&directory, "2014-05-01");
    assert_eq!(board.meetings.len(), 1);
    assert_eq!((board.meetings[0].on, board.meetings[0].is_chaired), (day("2014-03-11"), Some(true)));
    // The trust's seat has ended since, and is told as it was at the meeting.
    let probation = SeatBasis::ResponsibleAuthority(Authority::Probation);
    assert!(board.meetings[0].attendance.contains(&(
        "probation-trust".to_owned(),
        probation,
        Attendance::Present
    )));
    assert_eq!(board.meetings_recorded_from, Some(day("2014-03-11")));
    assert_eq!(board.memoranda, [days("2010-01-01..2012-12-31")]);
    assert_eq!(board.approvals, [days("2014-01-01..2014-06-30")]);
    assert_eq!(board.business_plans, [days("2014-04-01..2015-03-31")]);
    assert_eq!(board.reports, [AnnualReport { year: 2013, published_on: None }]);
    let review = Review { on: day("2014-03-20"), consulted_lay_advisers: Some(false) };
    assert_eq!(board.reviews, [review]);
    assert!(board.are_agencies_complete && !that(&directory, "2014-04-30").are_agencies_complete);
    assert_eq!(seat_of(&board, "police").confirmed_on, Some(day("2014-02-01")));
    assert_eq!(seat_of(&board, "council").confirmed_on, Some(day("2014-01-01")));
    assert_eq!(seat_of(&that(&directory, "2013-12-31"), "police").confirmed_on, None);
    let deputies = &seat_of(&board, "police").deputies;
    assert_eq!(deputies.len(), 1);
    assert_eq!((deputies[0].person, deputies[0].may_commit), (PersonKey(4), Some(false)));
    assert_eq!(deputies[0].from.as_ref().map(|body| body.slug.as_str()), Some("council"));
    let later = that(&directory, "2014-11-01");
    assert_eq!(later.memoranda, ["2010-01-01..2012-12-31", "2014-10-01.."].map(days));
    assert_eq!((later.approvals.len(), later.meetings.len()), (0, 2));
}

#[test]
fn agencies_are_told_with_their_kinds_of_the_day_and_their_seats() {
    let directory = built(records());
    let board = that(&directory, "2014-11-01");
    assert_eq!(board.agencies.len(), 1);
    let council = &board.agencies[0];
    assert_eq!((council.body.kind, council.body.name.as_str()), (BodyKind::Agency, "COUNCIL"));
    assert_eq!(council.kinds, [AgencyKind::HousingAuthority]);
    assert_eq!(
        council.seats.iter().map(|seat| board.seats[seat.0].slug.as_str()).collect::<Vec<_>>(),
        ["council"]
    );
    let before = that(&directory, "2013-12-31");
    assert_eq!(before.agencies[0].kinds, [AgencyKind::EducationAuthority, AgencyKind::HousingAuthority]);
    assert_eq!(that(&directory, "2004-04-04").agencies, []);
}

#[test]
fn terms_that_end_soon_are_listed_with_who_follows() {
    let directory = with(|records| {
        records.appointments = vec![
            appointed(POLICE_SEAT, 1, "2013-01-01..2014-11-30"),
            appointed(POLICE_SEAT, 2, "2014-12-01.."),
            appointed(LAY_SEAT, 3, "2011-11-01..2014-10-31"),
            appointed(COUNCIL_SEAT, 4, "2014-01-01..2014-12-01"),
        ];
    });
    let expiring = |on: &str, within: u32| -> Vec<(String, Option<PersonKey>)> {
        let view = directory.view(day(on), Calendar::Operational);
        let terms = view.expiring(within);
        terms.iter().map(|term| (term.last_day.to_string(), term.next)).collect()
    };
    assert_eq!(expiring("2014-11-01", 29), [("2014-11-30".to_owned(), Some(PersonKey(2)))]);
    assert_eq!(expiring("2014-10-31", 0), [("2014-10-31".to_owned(), None)]);
    let all = ["2014-10-31", "2014-11-30", "2014-12-01"].map(str::to_owned);
    assert_eq!(expiring("2014-10-31", 31).into_iter().map(|(day, _)| day).collect::<Vec<_>>(), all);
    // A number of days beyond every calendar lists what there is.
    assert_eq!(expiring("2014-11-01", u32::MAX).len(), 2);
}

#[test]
fn a_board_says_whether_something_of_the_example_set_is_known_of_it() {
    let directory = with(|records| {
        let mut example = known(appointed(POLICE_SEAT, 1, "2013-01-01.."), 2, Some(4));
        example.citation = plain_citation(&format!("GK;{EXAMPLE}"), Basis::Assumption);
        records.appointments = vec![example];
    });
    let board = directory.board_by_slug("sefton").expect("the board");
    let has = |known: i64| {
        let moment = Moment { on: day("2014-11-01"), calendar: Calendar::Operational, known };
        directory.at(moment).has_examples(board)
    };
    assert_eq!((1..=5).map(has).collect::<Vec<_>>(), [false, true, true, false, false]);
}

#[test]
fn every_fault_of_boards_is_listed_by_numbers_and_never_by_a_name() {
    let mut records = records();
    let boards = &mut records.on_boards;
    boards.seats.push((30, SeatRow { board: 99, slug: "nowhere".to_owned() }));
    boards.descriptions.push(seat(31, "2004-04-05..", SeatBasis::LayAdviser, None));
    boards.descriptions.push(seat(POLICE_SEAT, "2004-04-05..", SeatBasis::DutyToCooperate, Some(98)));
    boards.appointments = vec![appointed(32, 1, "2013-01-01.."), appointed(POLICE_SEAT, 97, "2013-01-01..")];
    boards.vacancies = vec![row("2013-01-01..", 33)];
    boards.offices = vec![row(
        "2013-01-01..",
        OfficeRow { board: BOARD, office: Office::Chair, person: Some(PersonKey(96)) },
    )];
    boards.attendance = vec![row(
        "2001-04-01..",
        AttendanceRow { meeting: 95, seat: POLICE_SEAT, attendance: Attendance::Present },
    )];
    boards.merges = vec![row("2001-04-01..", (PersonKey(1), PersonKey(94)))];
    let faults = Directory::build(records, None).expect_err("faults");
    let listed: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert_eq!(
        listed,
        [
            "seat: points to board 99, which does not exist",
            "seat_description: points to seat 31, which does not exist",
            "seat_description: points to body 98, which does not exist",
            "person_merge: points to person 94, who does not exist",
            "vacancy: points to seat 33, which does not exist",
            "appointment: points to seat 32, which does not exist",
            "appointment: points to person 97, who does not exist",
            "office: points to person 96, who does not exist",
            "meeting_attendance: speaks of meeting 95, which is none of the board",
        ]
    );
}

#[test]
fn no_name_is_printed_with_the_directory() {
    let directory = built(records());
    let text = format!("{directory:?}");
    assert!(text.contains("person-1") && !text.contains("Example Person"), "a name was printed");
}
