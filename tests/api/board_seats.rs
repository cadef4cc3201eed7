//! Seats of every board as the published lists have the bodies, on both calendars; the agencies of Merseyside; and the
//! example set, which is loaded once, marks every fact, and never stands beside anybody recorded.

use crate::places::expected;
use crate::storage::{CHANGE, Session};
use crate::support::database::RUNTIME;
use crate::support::{TestDatabase, TestService};
use chrono::{Days, NaiveDate};
use probation_directory::actions::load_examples::load_examples;
use probation_directory::actions::prepare_database::Ownership;
use probation_directory::directory::Directory;
use probation_directory::directory::lookup::{Place, PlaceFault};
use probation_directory::directory::view::View;
use probation_directory::domain::board::{BoardOn, SeatBasis, SeatState};
use probation_directory::domain::calendar::Calendar;
use probation_directory::domain::organisation::{BodyKind, NameUsage};
use probation_directory::store::seed::SeedFiles;
use std::collections::{BTreeMap, BTreeSet};

const CALENDARS: [Calendar; 2] = [Calendar::Operational, Calendar::Published];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn seeded() -> Directory {
    TestService::shared().live.current().expect("a directory").directory.clone()
}

fn boards(directory: &Directory, on: NaiveDate, calendar: Calendar) -> Vec<BoardOn> {
    let view = directory.view(on, calendar);
    directory.boards().map(|id| view.board_on(id)).collect()
}

fn codes(board: &BoardOn) -> Vec<&'static str> {
    let mut codes: Vec<_> = board.seats.iter().map(|seat| seat.basis.code()).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn each_of_the_42_boards_has_its_statutory_seats_on_every_day_from_2010() {
    let directory = seeded();
    for calendar in CALENDARS {
        for on in [
            "2010-04-01",
            "2014-03-31",
            "2014-04-01",
            "2014-05-31",
            "2014-06-01",
            "2014-11-01",
            "2021-06-25",
            "2021-06-26",
        ] {
            let boards = boards(&directory, day(on), calendar);
            assert_eq!(boards.len(), 42);
            let police =
                boards.iter().flat_map(|board| &board.seats).filter(|seat| seat.basis.code() == "RA_POLICE");
            assert_eq!(police.count(), 43, "London has two forces ({on}, {calendar:?})");
            for board in boards.iter().filter(|board| board.area != "merseyside") {
                let mut due = vec![
                    "COORDINATOR",
                    "LAY_ADVISER",
                    "LAY_ADVISER",
                    "RA_POLICE",
                    "RA_PRISON",
                    "RA_PROBATION",
                ];
                if board.area == "london" {
                    due.insert(3, "RA_POLICE");
                }
                assert_eq!(codes(board), due, "{} {on} {calendar:?}", board.area);
                assert!(
                    board.seats.iter().all(|seat| seat.state == SeatState::NotRecorded),
                    "{}",
                    board.area
                );
                assert_eq!(board.boards_of_area, 1);
            }
        }
    }
    // Before the map of trusts is complete, probation is not recorded; before the Act there is no board.
    for board in boards(&directory, day("2010-03-31"), Calendar::Published) {
        assert!(!codes(&board).contains(&"RA_PROBATION"), "{}", board.area);
    }
    for board in boards(&directory, day("2004-04-04"), Calendar::Published) {
        assert_eq!((board.seats.len(), board.boards_of_area), (0, 0), "{}", board.area);
    }
}

#[test]
fn seats_belong_to_the_force_trust_division_and_region_of_the_published_lists() {
    let directory = seeded();
    let mut forces: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in expected("forces") {
        forces.entry(row["mappa_area"].clone()).or_default().insert(row["force"].clone());
    }
    let lists: BTreeMap<String, BTreeMap<String, String>> =
        expected("map").into_iter().map(|row| (row["mappa_area"].clone(), row)).collect();
    assert_eq!((forces.len(), lists.len()), (42, 42));
    // The day, the calendar, which list, and what the body is.
    let of_probation = [
        ("2014-03-31", Calendar::Published, "statutory_trust", BodyKind::ProbationTrust),
        ("2014-04-01", Calendar::Published, "nps_division", BodyKind::NpsDivision),
        ("2014-05-31", Calendar::Operational, "statutory_trust", BodyKind::ProbationTrust),
        ("2014-06-01", Calendar::Operational, "nps_division", BodyKind::NpsDivision),
        ("2021-06-25", Calendar::Published, "nps_division", BodyKind::NpsDivision),
        ("2021-06-26", Calendar::Published, "probation_region_2021", BodyKind::ProbationRegion),
    ];
    for (on, calendar, list, kind) in of_probation {
        let view = directory.view(day(on), calendar);
        for id in directory.boards() {
            let board = view.board_on(id);
            let area = view.plain_name(directory.board(id).area);
            let seat = board.seats.iter().find(|seat| seat.basis.code() == "RA_PROBATION").expect("a seat");
            let body = seat.body.as_ref().expect("a body");
            assert_eq!(body.kind, kind, "{area} {on}");
            let known = view.by_slug(body.kind, &body.slug).expect("the body");
            let official = view.name(known, NameUsage::OfficialName).unwrap_or(view.plain_name(known));
            let name = if kind == BodyKind::ProbationTrust { official } else { &body.name };
            assert_eq!(name, lists[area][list], "{area} {on}");
            assert_eq!(board.probation.as_ref(), Some(body), "{area} {on}");
            let police = board.seats.iter().filter(|seat| seat.basis.code() == "RA_POLICE");
            let police: BTreeSet<String> =
                police.filter_map(|seat| Some(seat.body.as_ref()?.name.clone())).collect();
            assert_eq!(police, forces[&board.area], "{area}");
        }
    }
}

#[test]
fn no_day_is_without_a_seat_of_probation_from_2010_and_none_has_two() {
    let directory = seeded();
    for calendar in CALENDARS {
        let change = |on: &str| {
            let middle = day(on);
            (0..5).filter_map(move |shift| {
                middle.checked_sub_days(Days::new(2))?.checked_add_days(Days::new(shift))
            })
        };
        for on in change("2014-04-01").chain(change("2014-06-01")).chain(change("2021-06-26")) {
            for board in boards(&directory, on, calendar) {
                let seats = board.seats.iter().filter(|seat| seat.basis.code() == "RA_PROBATION").count();
                assert_eq!(seats, 1, "{} {on} {calendar:?}", board.area);
            }
        }
    }
}

#[test]
fn a_seat_shows_its_days_on_the_calendar_asked_for() {
    let directory = seeded();
    let id = directory.board_by_slug("kent").expect("a board");
    let days = |on: &str, calendar| {
        let board = directory.view(day(on), calendar).board_on(id);
        let seat = board.seats.into_iter().find(|seat| seat.basis.code() == "RA_PROBATION").expect("a seat");
        (seat.slug, seat.period.from().to_string(), seat.period.last_day().map(|day| day.to_string()))
    };
    let row = |slug: &str, from: &str, last: Option<&str>| {
        (slug.to_owned(), from.to_owned(), last.map(str::to_owned))
    };
    assert_eq!(
        days("2014-03-01", Calendar::Operational),
        row("probation-trust", "2010-04-01", Some("2014-05-31"))
    );
    assert_eq!(
        days("2014-03-01", Calendar::Published),
        row("probation-trust", "2010-04-01", Some("2014-03-31"))
    );
    assert_eq!(
        days("2015-01-01", Calendar::Operational),
        row("probation-division", "2014-06-01", Some("2021-06-25"))
    );
    assert_eq!(
        days("2015-01-01", Calendar::Published),
        row("probation-division", "2014-04-01", Some("2021-06-25"))
    );
    assert_eq!(days("2022-01-01", Calendar::Published), row("probation-region", "2021-06-26", None));
}

#[test]
fn the_agencies_of_merseyside_stand_with_their_kinds_and_how_sure_we_are() {
    let directory = seeded();
    let view = directory.view(day("2014-11-01"), Calendar::Published);
    let board = view.board_on(directory.board_by_slug("merseyside").expect("a board"));
    let basis_of = |slug: &str| {
        let id = view.by_slug(BodyKind::Agency, slug).expect("an agency");
        let held = view.period(id).expect("a period");
        probation_directory::domain::source::Basis::ALL
            .iter()
            .find(|(of, _)| *of == held.citation.basis)
            .map(|(_, code)| *code)
    };
    let mut found: Vec<BTreeMap<String, String>> = Vec::new();
    for agency in &board.agencies {
        let kinds: Vec<&str> = agency.kinds.iter().map(|kind| kind.code()).collect();
        let cells = [
            ("name", agency.body.name.clone()),
            ("kinds", kinds.join(";")),
            ("basis", basis_of(&agency.body.slug).unwrap_or_default().to_owned()),
        ];
        found.push(cells.map(|(column, cell)| (column.to_owned(), cell)).into());
        assert_eq!(agency.seats.len(), 1, "{}", agency.body.name);
        let seat = &board.seats[agency.seats[0].0];
        assert_eq!((seat.basis, seat.body.as_ref()), (SeatBasis::DutyToCooperate, Some(&agency.body)));
    }
    found.sort_by(|a, b| a["name"].cmp(&b["name"]));
    assert_eq!(found, expected("merseyside_agencies"));
    assert!(!board.are_agencies_complete, "nobody confirmed the list");
    // G4S was named beside Capita until 22 March 2014.
    for (on, due) in [("2014-03-22", true), ("2014-03-23", false)] {
        let board = directory
            .view(day(on), Calendar::Published)
            .board_on(directory.board_by_slug("merseyside").expect("a board"));
        assert_eq!(board.agencies.iter().any(|agency| agency.body.slug == "g4s"), due, "{on}");
    }
    // An agency is no place: that Capita serves Merseyside does not say where Capita is.
    for name in ["Capita", "Jobcentre Plus", "Mersey Care NHS Trust"] {
        let found = view.locate(&Place::Name(name.to_owned()));
        assert_eq!(found, Err(PlaceFault::Unknown { field: "name" }), "{name}");
    }
    // Of no other area are agencies recorded.
    for board in boards(&directory, day("2014-11-01"), Calendar::Published) {
        assert_eq!(board.agencies.is_empty(), board.area != "merseyside", "{}", board.area);
    }
}

#[test]
fn nobody_sits_on_any_board_of_the_seed_and_nothing_of_it_is_an_example() {
    let directory = seeded();
    assert_eq!(directory.persons().count(), 0);
    let view = directory.view(day("2014-11-01"), Calendar::Published);
    assert!(directory.boards().all(|id| !view.has_examples(id)));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seed");
    for entry in std::fs::read_dir(folder).expect("the seed") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let text = std::fs::read_to_string(&path).expect("a file");
            assert!(!text.contains("Example Person"), "{}", path.display());
        }
    }
}

fn load(database: &TestDatabase, ownership: Ownership, wanted: Option<bool>) -> Option<i64> {
    let seed = SeedFiles::embedded().expect("a sound seed");
    RUNTIME.block_on(load_examples(&database.store, ownership, &seed, wanted)).expect("an answer")
}

fn load_directory(database: &TestDatabase) -> Directory {
    RUNTIME.block_on(database.store.load_directory(None)).expect("a directory")
}

#[test]
fn examples_are_loaded_once_and_unless_told_into_a_fresh_private_database_only() {
    let database = TestDatabase::seeded();
    assert_eq!(load(&database, Ownership::Shared, None), None);
    assert_eq!(load(&database, Ownership::Private, Some(false)), None);
    assert_eq!(load(&database, Ownership::Private, None), Some(2));
    assert_eq!(load(&database, Ownership::Private, None), None);
    assert_eq!(load(&database, Ownership::Private, Some(true)), None);
    let mut session = Session::of(&database);
    let change = "SELECT actor || ' ' || action AS text FROM change WHERE version = 2";
    assert_eq!((session.version(), session.text(change)), (2, "examples LOAD_EXAMPLES".to_owned()));
    let bodies = session.texts("SELECT body::text AS text FROM change");
    assert!(bodies.iter().all(|body| !body.contains("Example Person")), "a change holds a name");
    // Told so, somebody's database takes them too.
    let told = TestDatabase::seeded();
    assert_eq!(load(&told, Ownership::Shared, Some(true)), Some(2));
}

#[test]
fn examples_never_stand_beside_anybody_recorded() {
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    session.must(&format!("{CHANGE}; INSERT INTO person (key) VALUES ('somebody-real')"));
    assert_eq!(load(&database, Ownership::Private, None), None);
    assert_eq!(load(&database, Ownership::Private, Some(true)), None);
    assert_eq!(session.version(), 2);
    // A private database with more than the seed is in use, and left alone unless told.
    let used = TestDatabase::seeded();
    Session::of(&used).must(CHANGE);
    assert_eq!(load(&used, Ownership::Private, None), None);
    assert_eq!(load(&used, Ownership::Private, Some(true)), Some(3));
}

#[test]
fn every_fact_of_the_example_set_rests_on_it_and_its_boards_say_so() {
    let database = TestDatabase::filled();
    let mut session = Session::of(&database);
    let tables = session.texts(
        "SELECT c.relname::text AS text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'source' \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'",
    );
    assert!(tables.len() > 25, "{tables:?}");
    let mut examples = 0;
    for table in tables {
        let added = format!("FROM {table} WHERE lower(recorded) = 2");
        let others = session
            .text(&format!("SELECT count(*) FILTER (WHERE source <> 'EXAMPLE')::text AS text {added}"));
        assert_eq!(others, "0", "{table}");
        let of_it: usize =
            session.text(&format!("SELECT count(*)::text AS text {added}")).parse().expect("a number");
        examples += of_it;
    }
    assert!(examples > 3000, "{examples}");
    let directory = load_directory(&database);
    let view = directory.view(day("2014-11-01"), Calendar::Published);
    let failing: Vec<_> = directory.checks().into_iter().filter(|check| !check.holds()).collect();
    assert_eq!(failing, []);
    let bare: Vec<&str> = directory
        .boards()
        .filter(|id| !view.has_examples(*id))
        .map(|id| directory.board(id).slug.as_str())
        .collect();
    assert_eq!(bare, ["lincolnshire"]);
    let before = directory.at(probation_directory::directory::view::Moment { known: 1, ..view.moment });
    assert!(directory.boards().all(|id| !before.has_examples(id)));
}

#[test]
fn the_example_boards_show_their_troubles_and_most_show_none() {
    let directory = load_directory(&TestDatabase::filled());
    let view = directory.view(day("2014-11-01"), Calendar::Published);
    let of = |slug: &str| board_of(&directory, view, slug);
    let vacant = |slug: &str, seat: &str| {
        let board = of(slug);
        let seat = board.seats.iter().find(|it| it.slug == seat).expect("a seat").clone();
        matches!(seat.state, SeatState::Vacant(_))
    };
    assert!(
        vacant("bedfordshire", "lay-adviser-2")
            && vacant("kent", "prison")
            && vacant("dorset", "example-council")
    );
    assert_eq!(of("cambridgeshire").approvals.len(), 1);
    let held = |board: &BoardOn| {
        board.of(SeatBasis::LayAdviser).filter(|seat| matches!(seat.state, SeatState::Held(_))).count()
    };
    assert_eq!(held(&of("cambridgeshire")), 3);
    let cheshire = of("cheshire");
    assert!(cheshire.chair.is_none() && !cheshire.has_recorded_no_chair);
    assert!(of("cleveland").has_recorded_no_chair);
    assert!(of("cumbria").memoranda.iter().all(|period| !period.contains(day("2014-11-01"))));
    assert!(
        of("derbyshire").reports.iter().any(|report| report.year == 2012 && report.published_on.is_none())
    );
    assert_eq!(of("derbyshire").reviews[0].consulted_lay_advisers, Some(false));
    let devon = of("devon-and-cornwall");
    assert_eq!(
        devon.seats.iter().find(|seat| seat.slug == "lay-adviser-2").map(|seat| &seat.state),
        Some(&SeatState::NotRecorded)
    );
    assert!(of("dorset").agencies.iter().any(|agency| agency.seats.is_empty()));
    assert_eq!(of("dyfed-powys").meetings.len(), 2);
    assert!(of("dyfed-powys").is_welsh && !of("essex").is_welsh);
    let chair = of("greater-manchester").chair.and_then(|chair| chair.seat).expect("a chair with a seat");
    assert_eq!(of("greater-manchester").seats[chair.0].basis, SeatBasis::DutyToCooperate);
    assert_eq!(held(&of("lincolnshire")), 0);
    let troubled = [
        "bedfordshire",
        "cheshire",
        "cleveland",
        "cumbria",
        "derbyshire",
        "devon-and-cornwall",
        "dorset",
        "dyfed-powys",
        "essex",
        "greater-manchester",
        "kent",
        "lincolnshire",
    ];
    for board in boards(&directory, day("2014-11-01"), Calendar::Published) {
        if !troubled.contains(&board.area.as_str()) {
            let whole = board.seats.iter().all(|seat| matches!(seat.state, SeatState::Held(_)));
            assert!(whole && board.chair.is_some() && board.are_agencies_complete, "{}", board.area);
        }
    }
    // One governor on two boards, and one recorded twice.
    let governor = |slug: &str| {
        let board = of(slug);
        let seat = board.seats.iter().find(|seat| seat.slug == "prison").expect("a seat").clone();
        match seat.state {
            SeatState::Held(holder) => (holder.person, holder.terms.len(), holder.elsewhere.len()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(governor("northamptonshire").0, governor("northumbria").0);
    assert_eq!(governor("northumbria").2, 1);
    assert_eq!(governor("norfolk").1, 2);
}

fn board_of(directory: &Directory, view: View<'_>, slug: &str) -> BoardOn {
    view.board_on(directory.board_by_slug(slug).expect("a board"))
}
