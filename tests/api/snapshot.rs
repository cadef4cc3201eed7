//! The snapshot that a process serves: kept in step with the database, never replaced by a faulty one, and seen
//! on any day and as known at any instant.

use crate::seed::{SeedFolder, correct_kent, load, recorded_at};
use crate::storage::{CHANGE, Session};
use crate::support::database::RUNTIME;
use crate::support::{TestDatabase, TestService};
use chrono::{DateTime, TimeDelta, Utc};
use probation_directory::actions::follow_changes::Follower;
use probation_directory::directory::records::{
    AuthorityRow, BoardRow, BodyRow, ChangeStamp, Coverage, DataSet, Name, Operation, Ownership,
    PostDescriptionRow, PostRow, Records, Row, Succession, Successor, plain_citation,
};
use probation_directory::directory::{Directory, Fault};
use probation_directory::domain::organisation::{BodyKind, NameUsage};
use probation_directory::domain::period::{Period, Versions};
use probation_directory::domain::source::Basis;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Waits for something that another task brings about.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A follower at work until the test ends.
struct Following(JoinHandle<()>);

impl Following {
    fn start(service: &TestService, poll: Duration) -> Following {
        let follower = Follower { poll, ..service.follower.clone() };
        Following(RUNTIME.spawn(follower.follow()))
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

const NEVER: Duration = Duration::from_secs(3600);
const OFTEN: Duration = Duration::from_millis(100);

/// Process numbers of the connections that listen.
fn listeners(session: &mut Session) -> Vec<String> {
    session.texts(
        "SELECT pid::text AS text FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN directory_version' \
           AND state = 'idle'",
    )
}

fn one_listener(session: &mut Session) -> String {
    eventually("a listening connection", || match listeners(session).as_slice() {
        [pid] => Some(pid.clone()),
        _ => None,
    })
}

fn served(service: &TestService) -> i64 {
    service.live.current().map_or(0, |loaded| loaded.directory.version())
}

fn wait_for_version(service: &TestService, version: i64) {
    eventually(&format!("version {version}"), || (served(service) == version).then_some(()));
}

fn ready(service: &TestService) -> (u16, Value) {
    let reply = service.client.send("GET", "/health/ready", &[], b"");
    (reply.status, reply.json())
}

fn name_of_kent(service: &TestService) -> Value {
    service.client.data("{ mappaArea(slug: \"kent\") { name } }", json!({}))["mappaArea"]["name"].clone()
}

fn rename_kent(seed: &SeedFolder, name: &str) {
    let line = seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "kent")]);
    seed.set("names.csv", line, "name", name);
}

#[test]
fn a_change_of_another_process_is_heard_and_shown() {
    let service = TestService::seeded();
    let _following = Following::start(&service, NEVER);
    one_listener(&mut Session::of(&service.database));
    let seed = SeedFolder::copy();
    // The first may still be found by the load that follows listening; the others are only heard of.
    for (version, name) in [(2, "Kent and Medway"), (3, "County of Kent"), (4, "Kent")] {
        rename_kent(&seed, name);
        assert_eq!(load(&service.database, &seed).version, Some(version));
        wait_for_version(&service, version);
        assert_eq!(name_of_kent(&service), json!(name));
    }
    assert_eq!(ready(&service).1["directoryVersion"], json!(4));
}

#[test]
fn a_change_that_was_not_announced_is_found_by_asking_now_and_then() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let _following = Following::start(&service, OFTEN);
    one_listener(&mut session);
    for (version, name) in [(2, "Kent and Medway"), (3, "County of Kent")] {
        correct_kent(&mut session, name, "");
        wait_for_version(&service, version);
        assert_eq!(name_of_kent(&service), json!(name));
    }
}

#[test]
fn a_listening_connection_that_is_lost_is_made_again() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let _following = Following::start(&service, NEVER);
    let seed = SeedFolder::copy();
    let mut version = 1;
    for round in 0..2 {
        let lost = one_listener(&mut session);
        session.must(&format!("SELECT pg_terminate_backend({lost})"));
        // Written while nobody may be listening, and not announced: it is found on listening again.
        correct_kent(&mut session, &format!("Kent {round}"), "");
        version += 1;
        let found = eventually("another listening connection", || {
            listeners(&mut session).into_iter().find(|pid| *pid != lost)
        });
        assert_ne!(found, lost);
        wait_for_version(&service, version);
        assert_eq!(name_of_kent(&service), json!(format!("Kent {round}")));
        // Written while somebody listens again.
        let line = seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "surrey")]);
        seed.set("names.csv", line, "note", &format!("round {round}"));
        version += 1;
        assert_eq!(load(&service.database, &seed).version, Some(version));
        wait_for_version(&service, version);
    }
    let (status, body) = ready(&service);
    assert_eq!((status, &body["refreshFault"]), (200, &Value::Null), "{body}");
}

#[test]
fn a_faulty_state_of_the_database_is_never_served_and_is_recovered_from() {
    let in_kent = "kind = 'MAPPA_AREA' AND slug = 'kent'";
    let close = |table: &str| {
        format!(
            "{CHANGE}; UPDATE {table} SET recorded = int8range(lower(recorded), 2) WHERE upper_inf(recorded) AND body_id = (SELECT id FROM body WHERE {in_kent})"
        )
    };
    let off = |table: &str| format!("{CHANGE}; ALTER TABLE {table} DISABLE TRIGGER ALL");
    let area = "(SELECT id FROM body WHERE kind = 'MAPPA_AREA' AND slug = 'surrey')";
    for (what, fault, mend) in [
        (
            "an area without a name",
            close("body_name"),
            "INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis, note) \
             SELECT fact, body_id, usage, name, valid, source, basis, note FROM body_name WHERE upper(recorded) = 2"
                .to_owned(),
        ),
        (
            "an area without a period",
            close("body_period"),
            "INSERT INTO body_period (fact, body_id, valid, source, basis, note) \
             SELECT fact, body_id, valid, source, basis, note FROM body_period WHERE upper(recorded) = 2"
                .to_owned(),
        ),
        (
            "a division that is an area",
            format!("{}; UPDATE coverage SET body_id = {area}, note = body_id::text WHERE kind = 'NPS_DIVISION' AND area_id = {area}", off("coverage")),
            format!("UPDATE coverage SET body_id = note::bigint, note = NULL WHERE kind = 'NPS_DIVISION' AND area_id = {area}"),
        ),
        (
            "a name of no body",
            format!("{}; UPDATE body_name SET body_id = 900001 WHERE body_id = {area} AND usage = 'ALIAS'; \
                     INSERT INTO body_name (fact, body_id, usage, name, valid, recorded, source, basis) VALUES (1, 900001, 'ALIAS', 'Nobody', '[2001-04-01,)', '[2,)', 'GK', 'UNCONFIRMED')", off("body_name")),
            "UPDATE body_name SET body_id = (SELECT id FROM body WHERE kind = 'MAPPA_AREA' AND slug = 'surrey') WHERE body_id = 900001".to_owned(),
        ),
    ] {
        let service = TestService::seeded();
        let mut session = Session::of(&service.database);
        let _following = Following::start(&service, OFTEN);
        one_listener(&mut session);
        session.must(&fault);
        let told = eventually(what, || ready(&service).1["refreshFault"].as_str().map(str::to_owned));
        assert!(told.starts_with("what is recorded does not make a directory"), "{what}: {told}");
        let (status, body) = ready(&service);
        assert_eq!((status, &body["status"], &body["directoryVersion"]), (200, &json!("UP"), &json!(1)), "{what}: {body}");
        assert_eq!(name_of_kent(&service), json!("Kent"), "{what}");
        assert_eq!(service.client.data("{ directory { version } }", json!({}))["directory"]["version"], json!(1));
        // Asking for it says what is wrong, and leaves what is served.
        let refusal = RUNTIME.block_on(service.follower.refresh()).expect_err("a fault").to_string();
        assert!(refusal.contains("does not make a directory"), "{what}: {refusal}");
        assert_eq!(served(&service), 1, "{what}");

        session.must(&format!("{CHANGE}; {mend}"));
        wait_for_version(&service, 3);
        eventually("a ready report without a fault", || ready(&service).1["refreshFault"].is_null().then_some(()));
        assert_eq!(name_of_kent(&service), json!("Kent"), "{what}");
    }
}

#[test]
fn a_process_is_not_ready_once_nothing_confirms_its_snapshot() {
    let service = TestService::seeded();
    // As if the last word from the database were a quarter of an hour and a second ago.
    let now: DateTime<Utc> = service.live.state().confirmed_at.expect("a first load");
    service.live.confirm(now - TimeDelta::seconds(901));
    let (status, body) = ready(&service);
    assert_eq!(
        (status, &body["status"], &body["directoryVersion"]),
        (503, &json!("DOWN"), &json!(1)),
        "{body}"
    );
    assert_eq!(name_of_kent(&service), json!("Kent"), "look-ups go on");
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    assert_eq!(ready(&service).0, 200);
}

const KENT: &str = "query($knownAt: DateTime, $on: LocalDate) {
    directory { version }
    mappaArea(slug: \"kent\", knownAt: $knownAt, on: $on) { name view { knownVersion } }
    locate(place: { name: \"Kent and Medway\" }, knownAt: $knownAt, on: $on) { knownVersion mappaArea { slug name } problems { code } }
}";

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

#[test]
fn an_earlier_state_of_knowledge_is_shown_as_it_was() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let ask = |known_at: &Value| service.client.data(KENT, json!({ "knownAt": known_at }));
    let first = recorded_at(&mut session, 1);
    let before_edit = ask(&json!(first));
    correct_kent(&mut session, "Kent and Medway", "");
    correct_kent(&mut session, "Kent", "put back");
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");

    let instants: Vec<DateTime<Utc>> =
        (1..=3).map(|version| instant(&recorded_at(&mut session, version))).collect();
    let tick = TimeDelta::microseconds(1);
    for (at, version, name) in [
        (instants[0], 1, "Kent"),
        (instants[0] + tick, 1, "Kent"),
        (instants[1] - tick, 1, "Kent"),
        (instants[1], 2, "Kent and Medway"),
        (instants[2] - tick, 2, "Kent and Medway"),
        (instants[2], 3, "Kent"),
        (instants[2] + tick, 3, "Kent"),
    ] {
        let data = ask(&json!(written(at)));
        assert_eq!(data["mappaArea"], json!({ "name": name, "view": { "knownVersion": version } }), "{at}");
        assert_eq!(data["locate"]["knownVersion"], json!(version), "{at}");
        let is_known = version == 2;
        let problems = if is_known { json!([]) } else { json!([{ "code": "UNKNOWN_PLACE" }]) };
        assert_eq!(data["locate"]["problems"], problems, "{at}: a name is found while it was known");
    }
    let mut again = ask(&json!(first));
    assert_eq!(again["directory"]["version"], json!(3));
    again["directory"]["version"] = json!(1);
    assert_eq!(again, before_edit, "later versions change nothing of what was known");
    let newest = ask(&Value::Null);
    assert_eq!(newest["mappaArea"], json!({ "name": "Kent", "view": { "knownVersion": 3 } }));
}

#[test]
fn an_instant_before_the_records_or_in_the_future_is_refused_with_what_would_be_right() {
    let service = TestService::seeded();
    let first = recorded_at(&mut Session::of(&service.database), 1);
    let before = written(instant(&first) - TimeDelta::microseconds(1));
    for known_at in [before.as_str(), "2014-11-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        let error = service.client.error(KENT, json!({ "knownAt": known_at }));
        assert_eq!(error["extensions"]["code"], json!("KNOWN_AT_BEFORE_RECORDS"), "{error}");
        assert_eq!(error["extensions"]["field"], json!("knownAt"), "{error}");
        let remedy = error["extensions"]["remedy"].as_str().expect("a remedy");
        assert!(remedy.contains(&first), "{remedy} should name {first}");
    }
    let error = service.client.error(KENT, json!({ "knownAt": "2199-01-01T00:00:00Z" }));
    assert_eq!(error["extensions"]["code"], json!("KNOWN_AT_IN_FUTURE"), "{error}");
    // The instant that the remedy names is taken.
    let data = service.client.data(KENT, json!({ "knownAt": first }));
    assert_eq!(data["mappaArea"]["view"]["knownVersion"], json!(1));
}

#[test]
fn a_day_and_an_instant_are_asked_for_apart() {
    let service = TestService::seeded();
    let mut session = Session::of(&service.database);
    let seed = SeedFolder::copy();
    let line = seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "kent")]);
    seed.set("names.csv", line, "last_day", "2012-12-31");
    seed.add_like(
        "names.csv",
        line,
        &[("name", "Kent and Medway"), ("from", "2013-01-01"), ("last_day", "")],
    );
    assert_eq!(load(&service.database, &seed).version, Some(2));
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    let first = recorded_at(&mut session, 1);
    for (on, known_at, name) in [
        ("2012-12-31", Value::Null, "Kent"),
        ("2013-01-01", Value::Null, "Kent and Medway"),
        ("2012-12-31", json!(first), "Kent"),
        ("2013-01-01", json!(first), "Kent"),
    ] {
        let data = service.client.data(KENT, json!({ "on": on, "knownAt": known_at }));
        assert_eq!(data["mappaArea"]["name"], json!(name), "{on}, {known_at}");
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

fn row<T>(from: &str, until: Option<&str>, value: T) -> Row<T> {
    Row {
        fact: 1,
        valid: Period::new(day(from), until.map(day)).expect("a period"),
        recorded: Versions::new(1, None).expect("versions"),
        citation: plain_citation("GK", Basis::Unconfirmed),
        value,
    }
}

fn body(key: i64, kind: BodyKind, slug: &str) -> (i64, BodyRow) {
    let recorded = Versions::new(1, None).expect("versions");
    (key, BodyRow { kind, slug: slug.to_owned(), country: "England".to_owned(), recorded })
}

fn name(key: i64, name: &str, from: &str, until: Option<&str>) -> Row<(i64, Name)> {
    row(from, until, (key, Name { usage: NameUsage::Name, name: name.to_owned() }))
}

fn authority(code: &str, area: &str, successor: Option<&str>) -> AuthorityRow {
    AuthorityRow {
        code: code.to_owned(),
        name: code.to_owned(),
        welsh_name: None,
        kind: "district".to_owned(),
        country: "England".to_owned(),
        upper_tier: None,
        police_force_area_code: "E23000099".to_owned(),
        area_slug: area.to_owned(),
        from: None,
        successor: successor.map(|code| Successor {
            code: code.to_owned(),
            name: code.to_owned(),
            from: day("2020-04-01"),
        }),
        citation: plain_citation("GK", Basis::Unconfirmed),
    }
}

#[test]
fn nothing_recorded_makes_an_empty_directory() {
    let directory = Directory::build(Records::default(), None).expect("a directory");
    assert_eq!((directory.version(), directory.recorded_at()), (0, None));
    let now = instant("2026-01-01T00:00:00Z");
    assert!(directory.version_at(now, now).is_err(), "nothing was known at any instant");
}

#[test]
fn every_fault_of_what_is_recorded_is_listed_at_once() {
    let (early, late) = (instant("2026-01-01T00:00:00Z"), instant("2026-01-02T00:00:00Z"));
    let records = Records {
        changes: [(1, late), (3, early)].map(|(version, at)| ChangeStamp { version, at }).to_vec(),
        bodies: vec![
            body(1, BodyKind::MappaArea, "kent"),
            body(2, BodyKind::MappaArea, "surrey"),
            body(3, BodyKind::NpsDivision, "south-east"),
            body(4, BodyKind::MappaArea, "kent"),
            body(5, BodyKind::Crc, "wales"),
            body(6, BodyKind::MappaArea, "sussex"),
        ],
        periods: [1, 2, 3, 4, 5]
            .map(|key| row("2001-04-01", None, (key, ())))
            .into_iter()
            .chain([row("2001-04-01", None, (91, ()))])
            .collect(),
        names: vec![
            name(1, "Kent", "2001-04-01", None),
            // Surrey has no name on the first day of May 2010, and the division none until the end.
            name(2, "Surrey", "2001-04-01", Some("2010-05-01")),
            name(2, "Surrey", "2010-05-02", None),
            name(3, "South East", "2001-04-01", Some("2021-06-26")),
            name(4, "Kent", "2001-04-01", None),
            name(5, "Wales CRC", "2001-04-01", None),
            name(6, "Sussex", "2001-04-01", None),
            name(92, "Nobody", "2001-04-01", None),
        ],
        coverage: vec![
            row("2014-06-01", None, Coverage { area: 1, body: 2, kind: BodyKind::NpsDivision }),
            row("2014-06-01", None, Coverage { area: 3, body: 3, kind: BodyKind::NpsDivision }),
            row("2014-06-01", None, Coverage { area: 93, body: 3, kind: BodyKind::NpsDivision }),
        ],
        operations: vec![row("2014-06-01", None, Operation { package: 1, crc: 5 })],
        ownerships: vec![row("2014-06-01", None, Ownership { crc: 5, owner: 3, partners: None })],
        successions: vec![row("2014-06-01", None, Succession { predecessor: 94, successor: 5 })],
        boards: vec![(1, BoardRow { slug: "kent".to_owned(), area: 95 })],
        board_names: vec![row("2004-04-05", None, (96, "Board".to_owned()))],
        posts: vec![(1, PostRow { slug: "head".to_owned() })],
        post_descriptions: vec![
            row(
                "2014-06-01",
                None,
                PostDescriptionRow { post: 1, title: "Head".to_owned(), body: 97, reports_to: None },
            ),
            row(
                "2014-06-01",
                None,
                PostDescriptionRow { post: 98, title: "Head".to_owned(), body: 3, reports_to: None },
            ),
        ],
        post_holders: vec![row("2014-06-01", None, (99, "Somebody".to_owned()))],
        data_sets: vec![(
            1,
            DataSet {
                name: "LOCAL_AUTHORITIES".to_owned(),
                as_of: day("2014-03-31"),
                row_count: 4,
                recorded: Versions::new(1, None).expect("versions"),
            },
        )],
        authorities: vec![
            (1, authority("E07000001", "wessex", None)),
            (1, authority("E07000002", "kent", Some("E06000099"))),
            (1, authority("E07000003", "surrey", Some("E06000099"))),
        ],
        ..Records::default()
    };
    let faults = Directory::build(records, None).expect_err("faults");
    let due = [
        ("change", "version 3 stands where 2 is due"),
        ("change", "version 3 is not later than the one before"),
        ("body", "MAPPA_AREA kent stands twice"),
        ("body", "MAPPA_AREA surrey has no name on some day of its period"),
        ("body", "NPS_DIVISION south-east has no name on some day of its period"),
        ("body", "MAPPA_AREA sussex has no period"),
        ("body_period", "body 91"),
        ("body_name", "body 92"),
        ("coverage", "surrey is a MAPPA_AREA, not a NPS_DIVISION"),
        ("coverage", "south-east is a NPS_DIVISION, not a MAPPA_AREA"),
        ("coverage", "body 93"),
        ("operation", "kent is a MAPPA_AREA, not a CONTRACT_PACKAGE_AREA"),
        ("ownership", "south-east is a NPS_DIVISION, not a CRC_OWNER"),
        ("succession", "body 94"),
        ("board", "body 95"),
        ("board_description", "board 96"),
        ("post_description", "body 97"),
        ("post_description", "post 98"),
        ("post_holder", "post 99"),
        ("data_set", "4 rows are announced and 3 found"),
        ("local_authority", "E07000001 lies in area wessex"),
        ("local_authority", "E07000002 names police force area E23000099"),
        ("local_authority", "E07000003 names police force area E23000099"),
        ("local_authority", "E06000099 would lie in more than one area"),
    ];
    for (place, what) in due {
        let fits = |fault: &&Fault| fault.place == place && fault.what.contains(what);
        assert_eq!(faults.iter().filter(fits).count(), 1, "{place}: {what} should be among {faults:#?}");
    }
    assert_eq!(faults.len(), due.len(), "{faults:#?}");
}

#[test]
fn reference_data_is_shared_while_neither_it_nor_what_it_points_to_changes() {
    let database = TestDatabase::seeded();
    let reload = |earlier: &Directory| {
        RUNTIME.block_on(database.store.load_directory(Some(earlier))).expect("a directory")
    };
    let is_shared = |a: &Directory, b: &Directory| Arc::ptr_eq(a.reference(), b.reference());
    let first = RUNTIME.block_on(database.store.load_directory(None)).expect("a directory");
    let mut session = Session::of(&database);
    correct_kent(&mut session, "Kent and Medway", "");
    let renamed = reload(&first);
    assert_eq!((first.version(), renamed.version()), (1, 2));
    assert!(is_shared(&first, &renamed), "a name is no reason to index every authority again");
    let seed = SeedFolder::copy();
    let line = seed.line("local_authorities.csv", &[("code", "E07000105")]);
    seed.set("local_authorities.csv", line, "note", "new");
    load(&database, &seed);
    let replaced = reload(&renamed);
    assert!(!is_shared(&renamed, &replaced));
    assert_eq!((renamed.reference().sets.len(), replaced.reference().sets.len()), (1, 2));
    assert!(!is_shared(&first, &RUNTIME.block_on(database.store.load_directory(None)).expect("a directory")));
}

#[test]
fn authorities_lie_where_they_lay_after_an_area_and_a_force_were_added_before_theirs() {
    let service = TestService::seeded();
    let places = [
        ("Camden", "london", "metropolitan-police"),
        ("Ashford", "kent", "kent-police"),
        ("Medway", "kent", "kent-police"),
    ];
    let check = |when: &str| {
        for (authority, area, force) in places {
            let query = "query($name: String!) { locate(place: { localAuthority: $name }) { mappaArea { slug } policeForces { slug } } }";
            let answer = service.client.data(query, json!({ "name": authority }))["locate"].clone();
            assert_eq!(answer["mappaArea"]["slug"], json!(area), "{authority} {when}");
            let slug = answer["policeForces"][0]["slug"].as_str().unwrap_or_default();
            assert!(slug.starts_with(force), "{authority} {when}: {answer}");
        }
    };
    check("at first");
    let seed = SeedFolder::copy();
    for (kind, old, new) in
        [("MAPPA_AREA", "kent", "a-new-area"), ("POLICE_FORCE", "kent-police", "a-new-force")]
    {
        let line = seed.line("bodies.csv", &[("kind", kind), ("slug", old)]);
        seed.add_like("bodies.csv", line, &[("slug", new)]);
        let line = seed.line("names.csv", &[("kind", kind), ("slug", old), ("usage", "NAME")]);
        seed.add_like("names.csv", line, &[("slug", new), ("name", new)]);
    }
    assert_eq!(load(&service.database, &seed).version, Some(2));
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    assert_eq!(
        service.client.data("{ mappaArea(slug: \"a-new-area\") { name } }", json!({}))["mappaArea"]["name"],
        json!("a-new-area")
    );
    check("after");
}

#[test]
fn a_code_that_passes_to_another_force_moves_its_authorities() {
    let service = TestService::seeded();
    let seed = SeedFolder::copy();
    // The codes of Kent and Surrey were the wrong way round.
    let lines = ["kent-police", "surrey-police"]
        .map(|slug| seed.line("codes.csv", &[("slug", slug), ("scheme", "ONS")]));
    seed.set("codes.csv", lines[0], "slug", "surrey-police");
    seed.set("codes.csv", lines[1], "slug", "kent-police");
    let report = load(&service.database, &seed);
    assert_eq!((report.version, report.conflicts.len()), (Some(2), 0));
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    let query = "query($knownAt: DateTime) {
        locate(place: { localAuthority: \"Ashford\" }, knownAt: $knownAt) { policeForces { slug } localAuthority { policeForce { slug } } }
    }";
    let first = recorded_at(&mut Session::of(&service.database), 1);
    for (known_at, slug) in [(Value::Null, "surrey-police"), (json!(first), "kent-police")] {
        let answer = service.client.data(query, json!({ "knownAt": known_at }))["locate"].clone();
        let due = json!({ "policeForces": [{ "slug": slug }], "localAuthority": { "policeForce": { "slug": slug } } });
        assert_eq!(answer, due, "{known_at}");
    }
}
