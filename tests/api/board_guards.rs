//! What PostgreSQL keeps of boards beyond overlaps: lay advisers, terms and seats, vacancies, companies, attendance, names.
//!
//! Each refusal is tried again with its guard taken away, where it must pass.

use crate::storage::{CHANGE, Session, assert_refused};
use crate::support::TestDatabase;
use crate::support::database::RUNTIME;
use diesel::result::Error;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use probation_directory::store::StoreError;

/// A new person with a made-up name.
fn person(key: &str) -> String {
    format!(
        "INSERT INTO person (key) VALUES ('{key}'); INSERT INTO person_name (person_id, name, review_on) \
         SELECT id, 'Example Person {key}', '2030-01-01' FROM person WHERE key = '{key}'"
    )
}

/// A new seat of a lay adviser.
fn lay_seat(area: &str, slug: &str) -> String {
    format!(
        "INSERT INTO seat (board_id, slug) SELECT id, '{slug}' FROM board WHERE slug = '{area}'; \
         INSERT INTO seat_description (seat_id, board_id, seat_basis, title, valid, source, basis) \
         SELECT s.id, b.id, 'LAY_ADVISER', 'Lay adviser', '[2004-04-05,)', 'GK', 'UNCONFIRMED' \
         FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = '{area}' AND s.slug = '{slug}'"
    )
}

fn appoint(area: &str, seat: &str, key: &str, term: &str) -> String {
    format!(
        "INSERT INTO appointment (seat_id, board_id, person_id, valid, source, basis) \
         SELECT s.id, b.id, p.id, '{term}', 'GK', 'UNCONFIRMED' FROM seat s JOIN board b ON b.id = s.board_id, person p \
         WHERE b.slug = '{area}' AND s.slug = '{seat}' AND p.key = '{key}'"
    )
}

fn approve(area: &str, days: &str) -> String {
    format!(
        "INSERT INTO board_document (board_id, kind, valid, source, basis) \
         SELECT id, 'MINISTERIAL_APPROVAL', '{days}', 'GK', 'UNCONFIRMED' FROM board WHERE slug = '{area}'"
    )
}

fn close(table: &str, rows: &str) -> String {
    format!(
        "UPDATE {table} SET recorded = int8range(lower(recorded), (SELECT version FROM head)) WHERE upper_inf(recorded) AND {rows}"
    )
}

/// Statements under a change are refused by a check, and pass to their end with it taken away.
#[track_caller]
fn refused(session: &mut Session, check: &str, table: &str, says: &str, statements: &str) {
    let version = session.version();
    let outcome = session.run(&format!("{CHANGE}; {statements}"));
    assert_refused(outcome, says, statements);
    assert_eq!(session.version(), version, "nothing is written of what is refused");
    // Deferred checks run before the statement that fails on purpose.
    let without = format!("ALTER TABLE {table} DISABLE TRIGGER {check}");
    let outcome =
        session.run(&format!("{without}; {CHANGE}; {statements}; SET CONSTRAINTS ALL IMMEDIATE; SELECT 1/0"));
    assert_refused(outcome, "division by zero", &format!("without {check}, {statements}"));
}

const CAP: &str = "more than two lay advisers need the approval of the minister";
const ELSEWHERE: &str = "a lay adviser holds no other seat on any board";
const WITHIN: &str = "a term lies within the days of its seat";
const VACANT: &str = "a seat is not held and vacant on one day";

#[test]
fn a_third_lay_adviser_needs_the_approval_of_the_minister_on_every_day_of_the_term() {
    let mut session = Session::of(&TestDatabase::seeded());
    let two =
        [person("lay-one-1"), person("lay-two-2"), person("lay-three-3"), lay_seat("kent", "lay-adviser-3")];
    session.must(&format!("{CHANGE}; {}", two.join("; ")));
    let first = appoint("kent", "lay-adviser-1", "lay-one-1", "[2013-01-01,2016-01-01)");
    let second = appoint("kent", "lay-adviser-2", "lay-two-2", "[2014-01-01,2017-01-01)");
    session.must(&format!("{CHANGE}; {first}; {second}"));
    let third = |term: &str| appoint("kent", "lay-adviser-3", "lay-three-3", term);
    let cap = "check_lay_adviser_cap";
    refused(&mut session, cap, "appointment", CAP, &third("[2015-12-31,2018-01-01)"));
    refused(&mut session, cap, "appointment", CAP, &third("[2013-01-01,2014-01-02)"));
    // An approval that ends before the third day is no approval of it.
    let short =
        format!("{}; {}", approve("kent", "[2014-01-01,2015-12-31)"), third("[2014-06-01,2017-01-01)"));
    let outcome = session.run(&format!("{CHANGE}; {short}"));
    assert_refused(outcome, CAP, "an approval that ends too early");
    let late = format!("{}; {}", approve("kent", "[2014-06-02,)"), third("[2014-06-01,2017-01-01)"));
    assert_refused(session.run(&format!("{CHANGE}; {late}")), CAP, "an approval that begins too late");
    // Days with two need none, and with one it is taken.
    session.must(&format!("{CHANGE}; {}", third("[2016-01-01,2018-01-01)")));
    session.must(&format!(
        "{CHANGE}; {}; {}; {}",
        close("appointment", "person_id = (SELECT id FROM person WHERE key = 'lay-three-3')"),
        approve("kent", "[2014-06-01,2016-01-01)"),
        third("[2014-06-01,2017-01-01)")
    ));
    // The approval cannot be taken back while three sit on it.
    refused(&mut session, cap, "board_document", CAP, &close("board_document", "true"));
    // A seat that becomes a lay adviser's counts.
    let other = "UPDATE seat_description SET recorded = int8range(lower(recorded), (SELECT version FROM head)) \
        WHERE upper_inf(recorded) AND seat_id = (SELECT s.id FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = 'kent' AND s.slug = 'coordinator')";
    let made = "INSERT INTO seat_description (seat_id, board_id, seat_basis, title, valid, source, basis) \
        SELECT s.id, b.id, 'LAY_ADVISER', 'x', '[2004-04-05,)', 'GK', 'UNCONFIRMED' FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = 'kent' AND s.slug = 'coordinator'";
    session.must(&format!(
        "{CHANGE}; {}; {}",
        person("coordinator-4"),
        appoint("kent", "coordinator", "coordinator-4", "[2016-06-01,2016-12-01)")
    ));
    refused(&mut session, cap, "seat_description", CAP, &format!("{other}; {made}"));
}

#[test]
fn a_refusal_of_a_check_is_told_by_its_name() {
    let mut session = Session::of(&TestDatabase::filled());
    let outcome = session.run(&format!(
        "{CHANGE}; {}; {}; {}",
        person("lay-three-3"),
        lay_seat("surrey", "lay-adviser-3"),
        appoint("surrey", "lay-adviser-3", "lay-three-3", "[2014-06-01,2015-01-01)")
    ));
    match StoreError::from(outcome.expect_err("a refusal")) {
        StoreError::Refused(what) => assert_eq!(what, "lay_adviser_cap"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lay_adviser_holds_no_other_seat_on_any_board() {
    let mut session = Session::of(&TestDatabase::seeded());
    session.must(&format!("{CHANGE}; {}", person("lay-one-1")));
    session.must(&format!(
        "{CHANGE}; {}",
        appoint("kent", "lay-adviser-1", "lay-one-1", "[2013-01-01,2016-01-01)")
    ));
    let check = "check_lay_adviser_elsewhere";
    for seat in ["lay-adviser-1", "coordinator", "police"] {
        let elsewhere = appoint("surrey", seat, "lay-one-1", "[2015-12-31,2016-06-01)");
        refused(&mut session, check, "appointment", ELSEWHERE, &elsewhere);
    }
    // On other days it is another matter.
    session
        .must(&format!("{CHANGE}; {}", appoint("surrey", "police", "lay-one-1", "[2016-01-01,2017-01-01)")));
    // Whoever is no lay adviser may sit on two boards.
    session.must(&format!("{CHANGE}; {}", person("governor-2")));
    for area in ["kent", "surrey"] {
        session.must(&format!("{CHANGE}; {}", appoint(area, "prison", "governor-2", "[2013-01-01,)")));
    }
}

#[test]
fn a_term_lies_within_the_days_of_its_seat_on_one_of_the_calendars() {
    let mut session = Session::of(&TestDatabase::seeded());
    session.must(&format!("{CHANGE}; {}", person("member-of-probation")));
    for (seat, term) in [
        ("probation-trust", "[2012-01-01,2014-06-02)"),
        ("probation-trust", "[2012-01-01,)"),
        ("probation-trust", "[2010-03-31,2012-01-01)"),
        ("probation-division", "[2014-03-31,2015-01-01)"),
        ("probation-division", "[2014-06-01,2021-06-27)"),
        ("probation-region", "[2021-06-25,)"),
    ] {
        let outside = appoint("kent", seat, "member-of-probation", term);
        refused(&mut session, "check_term", "appointment", WITHIN, &outside);
    }
    for (seat, term) in [
        ("probation-trust", "[2010-04-01,2014-04-01)"),
        // The published calendar has the division from 1 April.
        ("probation-division", "[2014-04-01,2021-06-26)"),
        ("probation-region", "[2021-06-26,)"),
    ] {
        session.must(&format!("{CHANGE}; {}", appoint("kent", seat, "member-of-probation", term)));
    }
}

#[test]
fn a_seat_is_not_held_and_vacant_on_one_day() {
    let mut session = Session::of(&TestDatabase::seeded());
    let vacate = |days: &str| {
        format!(
            "INSERT INTO vacancy (seat_id, valid, source, basis) SELECT s.id, '{days}', 'GK', 'UNCONFIRMED' \
             FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = 'kent' AND s.slug = 'prison'"
        )
    };
    session.must(&format!("{CHANGE}; {}", person("governor-2")));
    session
        .must(&format!("{CHANGE}; {}", appoint("kent", "prison", "governor-2", "[2013-01-01,2014-08-01)")));
    refused(&mut session, "check_vacancy", "vacancy", VACANT, &vacate("[2014-07-31,2014-09-01)"));
    session.must(&format!("{CHANGE}; {}", vacate("[2014-08-01,2014-09-01)")));
    let again = |days: &str| appoint("kent", "prison", "governor-2", days);
    refused(&mut session, "check_vacancy", "appointment", VACANT, &again("[2014-08-31,2015-01-01)"));
    session.must(&format!("{CHANGE}; {}", again("[2014-09-01,2015-01-01)")));
    // A vacancy that was closed is none.
    session.must(&format!("{CHANGE}; {}; {}", close("vacancy", "true"), again("[2014-08-01,2014-09-01)")));
}

#[test]
fn a_company_has_no_statutory_seat_and_a_lay_adviser_no_body() {
    let mut session = Session::of(&TestDatabase::seeded());
    let seat = |basis: &str, kind: &str, slug: &str| {
        format!(
            "INSERT INTO seat (board_id, slug) SELECT id, 'new' FROM board WHERE slug = 'kent'; \
             INSERT INTO seat_description (seat_id, board_id, seat_basis, title, body_id, body_kind, valid, source, basis) \
             SELECT s.id, b.id, '{basis}', 'x', o.id, o.kind, '[2014-06-01,)', 'GK', 'UNCONFIRMED' \
             FROM seat s JOIN board b ON b.id = s.board_id, body o WHERE s.slug = 'new' AND b.slug = 'kent' AND o.kind = '{kind}' AND o.slug = '{slug}'"
        )
    };
    let company = ("CRC", "kent-surrey-and-sussex");
    for basis in ["RA_POLICE", "RA_PROBATION", "RA_PRISON", "DTC"] {
        let outcome = session.run(&format!("{CHANGE}; {}", seat(basis, company.0, company.1)));
        assert_refused(outcome, "seat_company_without_statutory_place", basis);
        let without = "ALTER TABLE seat_description DROP CONSTRAINT seat_company_without_statutory_place";
        let outcome =
            session.run(&format!("{without}; {CHANGE}; {}; SELECT 1/0", seat(basis, company.0, company.1)));
        assert_refused(outcome, "division by zero", &format!("without the constraint, {basis}"));
    }
    let outcome = session.run(&format!("{CHANGE}; {}", seat("LAY_ADVISER", "POLICE_FORCE", "kent-police")));
    assert_refused(outcome, "seat_lay_adviser_of_no_body", "a lay adviser of the police");
    session.must(&format!("{CHANGE}; {}", seat("INVITED_PARTNER", company.0, company.1)));
}

#[test]
fn attendance_is_that_of_a_meeting_of_the_board() {
    let mut session = Session::of(&TestDatabase::filled());
    let at = |of: &str| {
        format!(
            "INSERT INTO meeting_attendance (meeting, board_id, seat_id, attendance, source, basis) \
             SELECT (SELECT m.fact FROM meeting m JOIN board o ON o.id = m.board_id WHERE o.slug = '{of}' AND m.held_on = '2013-09-10'), \
               b.id, s.id, 'PRESENT', 'GK', 'UNCONFIRMED' \
             FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = 'kent' AND s.slug = 'police'"
        )
    };
    let says = "attendance is that of a meeting of the board";
    refused(&mut session, "check_attendance", "meeting_attendance", says, &at("surrey"));
    session.must(&format!("{CHANGE}; {}", at("kent")));
}

#[test]
fn a_name_is_written_and_erased_with_a_change_and_never_comes_back() {
    let database = TestDatabase::filled();
    let mut session = Session::of(&database);
    let of = "person_id = (SELECT id FROM person WHERE key = 'example-person-001')";
    let rename = format!("UPDATE person_name SET name = 'Example Person 001a' WHERE {of}");
    let erase = format!("UPDATE person_name SET name = NULL WHERE {of}");
    let alone = "is written only with a change in the same transaction";
    for statement in [&rename, &erase] {
        assert_refused(session.run(statement), alone, statement);
        let replica = format!("SET LOCAL session_replication_role = replica; {statement}");
        assert_refused(session.run(&replica), alone, &replica);
        let without = format!("ALTER TABLE person_name DISABLE TRIGGER guard_name; {statement}; SELECT 1/0");
        let passes = if statement == &rename { "division by zero" } else { "person_name" };
        assert_refused(session.run(&without), passes, &without);
    }
    for statement in [format!("DELETE FROM person_name WHERE {of}"), "TRUNCATE person_name".to_owned()] {
        let outcome = session.run(&format!("{CHANGE}; {statement}"));
        assert_refused(outcome, "is refused: history is never lost", &statement);
    }
    session.must(&format!("{CHANGE}; {rename}"));
    session.must(&format!("{CHANGE}; {erase}"));
    let erased = session.version();
    let mark =
        format!("SELECT coalesce(name, 'none') || ' ' || erased_version AS text FROM person_name WHERE {of}");
    assert_eq!(session.text(&mark), format!("none {erased}"));
    let back = "an erased name does not come back";
    assert_refused(session.run(&format!("{CHANGE}; {rename}")), back, &rename);
    // Looked at again, an erased name keeps the version that erased it.
    session.must(&format!("{CHANGE}; UPDATE person_name SET review_on = '2031-01-01' WHERE {of}"));
    assert_eq!(session.text(&mark), format!("none {erased}"));
    let nobody = "INSERT INTO person (key) VALUES ('nobody-at-all'); INSERT INTO person_name (person_id, review_on) SELECT max(id), '2030-01-01' FROM person";
    assert_refused(
        session.run(&format!("{CHANGE}; {nobody}")),
        "a name is erased only where one stood",
        nobody,
    );
    // The name stands nowhere any more.
    assert!(!database.dump().contains("Example Person 001"), "the erased name is still there");
}

#[test]
fn eight_writers_at_once_appoint_two_lay_advisers() {
    const WRITERS: usize = 8;
    let database = TestDatabase::seeded();
    let mut session = Session::of(&database);
    for number in 0..WRITERS {
        session.must(&format!(
            "{CHANGE}; {}; {}",
            person(&format!("writer-{number}")),
            lay_seat("kent", &format!("lay-{number}"))
        ));
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let mut connection: AsyncPgConnection = database.connection();
            let one = appoint(
                "kent",
                &format!("lay-{number}"),
                &format!("writer-{number}"),
                "[2014-01-01,2017-01-01)",
            );
            // In the order of every writer: the board, then the head.
            let lock = "SELECT FROM board WHERE slug = 'kent' FOR NO KEY UPDATE";
            RUNTIME.spawn(async move { connection.batch_execute(&format!("{lock}; {CHANGE}; {one}")).await })
        })
        .collect();
    let outcomes: Vec<Result<(), Error>> =
        writers.into_iter().map(|writer| RUNTIME.block_on(writer).expect("a task")).collect();
    let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(taken, 2, "{outcomes:?}");
    for outcome in outcomes.into_iter().filter(Result::is_err) {
        assert_refused(outcome, CAP, "a third");
    }
}

/// Says that one person is the same as another.
fn merge(one: &str, into: &str) -> String {
    format!(
        "INSERT INTO person_merge (person_id, into_id, source, basis) \
         SELECT a.id, b.id, 'GK', 'UNCONFIRMED' FROM person a, person b WHERE a.key = '{one}' AND b.key = '{into}'"
    )
}

/// A database with persons of these keys, and terms: area, seat, key, days.
fn with_terms(keys: &[&str], terms: &[(&str, &str, &str, &str)]) -> Session {
    let mut session = Session::of(&TestDatabase::seeded());
    let persons: Vec<String> = keys.iter().map(|key| person(key)).collect();
    let terms: Vec<String> =
        terms.iter().map(|(area, seat, key, days)| appoint(area, seat, key, days)).collect();
    session.must(&format!("{CHANGE}; {}; {}", persons.join("; "), terms.join("; ")));
    session
}

const ONE_SEAT: &str = "a person holds one seat of a board a day";

#[test]
fn a_lay_adviser_who_was_recorded_twice_holds_no_other_seat_either() {
    let check = "check_lay_adviser_elsewhere";
    let mut session = with_terms(
        &["adviser-one", "member-two", "member-three", "between-four"],
        &[
            ("kent", "lay-adviser-1", "adviser-one", "[2013-01-01,2016-01-01)"),
            ("surrey", "police", "member-two", "[2015-12-31,2017-01-01)"),
            ("sussex", "prison", "member-three", "[2016-01-01,2017-01-01)"),
        ],
    );
    // Whichever of them is read as the other.
    for (one, into) in [("adviser-one", "member-two"), ("member-two", "adviser-one")] {
        refused(&mut session, check, "person_merge", ELSEWHERE, &merge(one, into));
    }
    // From the day on which the lay adviser's term is over, it is another matter.
    session.must(&format!("{CHANGE}; {}", merge("member-three", "adviser-one")));
    // By way of others it is the same person too, up and down again.
    session.must(&format!("{CHANGE}; {}", merge("adviser-one", "between-four")));
    refused(&mut session, check, "person_merge", ELSEWHERE, &merge("member-two", "between-four"));
    // Nor does such a person get another seat afterwards, by any of the keys.
    let again = |days: &str| appoint("essex", "coordinator", "member-three", days);
    refused(&mut session, check, "appointment", ELSEWHERE, &again("[2015-12-31,2016-02-01)"));
    session.must(&format!("{CHANGE}; {}", again("[2016-01-01,2016-02-01)")));
    // A seat that becomes a lay adviser's counts.
    let of_two = "seat_id = (SELECT s.id FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = 'sussex' AND s.slug = 'prison')";
    let made = format!(
        "{}; INSERT INTO seat_description (seat_id, board_id, seat_basis, title, valid, source, basis) \
         SELECT id, board_id, 'LAY_ADVISER', 'x', '[2004-04-05,)', 'GK', 'UNCONFIRMED' FROM seat WHERE {}",
        close("seat_description", of_two),
        of_two.replace("seat_id", "id")
    );
    refused(&mut session, check, "seat_description", ELSEWHERE, &made);
    // Found to be two after all, they are.
    session.must(&format!(
        "{CHANGE}; {}; {}",
        close("person_merge", "person_id = (SELECT id FROM person WHERE key = 'adviser-one')"),
        merge("member-two", "between-four")
    ));
}

#[test]
fn a_person_who_was_recorded_twice_holds_one_seat_of_a_board_a_day() {
    let check = "check_one_seat_a_person";
    let mut session = with_terms(
        &["member-one", "member-two", "member-three"],
        &[
            ("kent", "police", "member-one", "[2013-01-01,2016-01-01)"),
            ("kent", "prison", "member-two", "[2015-12-31,2017-01-01)"),
            ("kent", "coordinator", "member-three", "[2012-01-01,2013-01-01)"),
            ("surrey", "prison", "member-three", "[2013-01-01,2016-01-01)"),
        ],
    );
    for (one, into) in [("member-one", "member-two"), ("member-two", "member-one")] {
        refused(&mut session, check, "person_merge", ONE_SEAT, &merge(one, into));
    }
    // One after the other on a board, and on two boards at once, they may sit.
    session.must(&format!("{CHANGE}; {}", merge("member-three", "member-one")));
    let next = |days: &str| appoint("kent", "police", "member-three", days);
    refused(
        &mut session,
        check,
        "appointment",
        ONE_SEAT,
        &appoint("kent", "coordinator", "member-three", "[2015-12-31,2016-06-01)"),
    );
    session.must(&format!("{CHANGE}; {}", next("[2016-01-01,2016-06-01)")));
    // A ring of persons comes to an end.
    session.must(&format!("{CHANGE}; {}", merge("member-one", "member-three")));
    refused(
        &mut session,
        check,
        "appointment",
        ONE_SEAT,
        &appoint("kent", "coordinator", "member-one", "[2016-05-31,2016-07-01)"),
    );
    // A refusal is told by its name.
    let outcome = session.run(&format!(
        "{CHANGE}; {}",
        appoint("kent", "coordinator", "member-one", "[2016-05-31,2016-07-01)")
    ));
    match StoreError::from(outcome.expect_err("a refusal")) {
        StoreError::Refused(what) => assert_eq!(what, "person_one_seat_a_board"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_an_administrator_recorded_is_unconfirmed_to_an_older_schema() {
    let database = TestDatabase::filled();
    let mut session = Session::of(&database);
    session.must(&format!(
        "{CHANGE}; INSERT INTO review (board_id, held_on, source, basis) SELECT id, '2014-10-01', 'ADMIN', 'RECORDED' FROM board WHERE slug = 'kent'; \
         INSERT INTO meeting (board_id, held_on, source, basis) SELECT id, '2014-10-01', 'ADMIN', 'RECORDED' FROM board WHERE slug = 'kent'"
    ));
    let bases = "SELECT string_agg(basis, ' ') AS text FROM (SELECT basis FROM review WHERE source = 'ADMIN' UNION ALL SELECT basis FROM meeting WHERE source = 'ADMIN') AS of";
    assert_eq!(session.text(bases), "RECORDED RECORDED");
    let taken_back = RUNTIME.block_on(database.store.revert_migration()).expect("a migration taken back");
    assert_eq!(taken_back.as_deref(), Some("00000000000007"));
    assert_eq!(session.text(bases), "UNCONFIRMED UNCONFIRMED");
    let outcome = session.run(&format!(
        "{CHANGE}; INSERT INTO review (board_id, held_on, source, basis) SELECT id, '2014-10-02', 'ADMIN', 'RECORDED' FROM board WHERE slug = 'kent'"
    ));
    assert_refused(outcome, "basis_check", "a basis that the older schema does not know");
    // The guards are back in force.
    let outcome = session.run(&format!("{CHANGE}; UPDATE review SET basis = 'STATUTE'"));
    assert_refused(outcome, "is never altered", "a fact altered");
    assert_eq!(RUNTIME.block_on(database.store.migrate()).expect("migrations"), ["00000000000007"]);
}
