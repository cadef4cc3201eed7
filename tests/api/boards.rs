//! Boards over GraphQL: seats and their days, what is found, who sees names, and the report over all boards.
//!
//! What is expected follows from the seed's own files and the rules' sentences, read by hand.

use crate::support::database::RUNTIME;
use crate::support::people::person;
use crate::support::{TestDatabase, TestService};
use probation_directory::clock::{Clock, SystemClock};
use probation_directory::domain::access::{Caller, Grant, Role};
use probation_directory::domain::board::rules::BOARD;
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::graphql::{Context, Documents, Gate, Limits, Refusal, Request, Trusted};
use probation_directory::store::seed::ExampleSet;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// A service with the example set, which all tests of boards share.
pub static EXAMPLES: LazyLock<TestService> = LazyLock::new(|| {
    let database = TestDatabase::seeded();
    let set = ExampleSet::embedded().expect("the example set");
    RUNTIME.block_on(database.store.load_examples(&set)).expect("a version");
    TestService::start(database)
});

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    Gate::with_limits(
        Trusted::of_the_project(),
        Limits { cost: 2_000_000, batch_cost: 2_000_000, ..Limits::KEPT },
    )
});

/// Whoever was granted these roles.
pub fn caller(grants: &[(Role, Option<&str>)]) -> Arc<Caller> {
    let grants: Vec<Grant> = grants
        .iter()
        .map(|(role, area)| Grant::new(*role, area.map(str::to_owned)).expect("a grant"))
        .collect();
    Arc::new(if grants.is_empty() { Caller::anyone() } else { Caller::new("key:test", &grants) })
}

/// What a caller is answered, by plan where there is one or by juniper alone; both must be the same.
pub fn ask_as(caller: &Arc<Caller>, query: &str) -> Value {
    let documents = Documents::default();
    let quoted = json!(query).to_string();
    let answer = |is_plain| {
        let request = Request { query: Some(&quoted), is_plain, ..Request::default() };
        let admitted = match GATE.admit(&documents, &request, "r1") {
            Ok(admitted) => admitted,
            Err(Refusal::Answered(answer)) => panic!("{}", String::from_utf8_lossy(&answer.body)),
            Err(refusal) => panic!("{refusal:?}"),
        };
        let loaded = EXAMPLES.live.current().expect("a directory");
        let context = Context::new(loaded, DEFAULT_DIRECTORY_DATE, SystemClock.now()).asked_by(caller);
        GATE.answer(&admitted, &context, "r1").body
    };
    let (planned, plain, again) = (answer(false), answer(true), answer(false));
    assert_eq!(planned, plain, "{query}");
    assert_eq!(planned, again, "{query}");
    let body: Value = serde_json::from_slice(&planned).expect("JSON");
    assert!(body.get("errors").is_none(), "{query}: {body}");
    body["data"].clone()
}

/// Whoever sends no key.
pub fn anyone() -> Arc<Caller> {
    caller(&[])
}

fn slugs(nodes: &Value) -> Vec<String> {
    let slug = |node: &Value| node["slug"].as_str().expect("a slug").to_owned();
    nodes.as_array().expect("nodes").iter().map(slug).collect()
}

#[test]
fn probations_seat_is_the_trusts_then_the_divisions_then_the_regions_on_both_calendars() {
    let days = [
        ("2010-04-01", "PUBLISHED", "probation-trust"),
        ("2014-03-31", "PUBLISHED", "probation-trust"),
        ("2014-04-01", "PUBLISHED", "probation-division"),
        ("2014-04-01", "OPERATIONAL", "probation-trust"),
        ("2014-05-31", "PUBLISHED", "probation-division"),
        ("2014-05-31", "OPERATIONAL", "probation-trust"),
        ("2014-06-01", "OPERATIONAL", "probation-division"),
        ("2021-06-25", "PUBLISHED", "probation-division"),
        ("2021-06-26", "PUBLISHED", "probation-region"),
    ];
    let query = "query($on: LocalDate, $calendar: Calendar) { boards(on: $on, calendar: $calendar) {
        totalCount nodes { slug seats { slug basis inForce state period { from lastDay } } } } }";
    for (on, calendar, due) in days {
        let data = TestService::shared().client.data(query, json!({ "on": on, "calendar": calendar }));
        assert_eq!(data["boards"]["totalCount"], 42);
        for board in data["boards"]["nodes"].as_array().expect("boards") {
            let seats = board["seats"].as_array().expect("seats");
            let of: Vec<&Value> = seats.iter().filter(|seat| seat["basis"] == "RA_PROBATION").collect();
            assert_eq!(of.len(), 1, "{on} {calendar}: {board}");
            assert_eq!((&of[0]["slug"], &of[0]["inForce"]), (&json!(due), &json!(true)), "{on} {calendar}");
            let edge = match (due, calendar) {
                ("probation-trust", "PUBLISHED") => ("lastDay", "2014-03-31"),
                ("probation-trust", _) => ("lastDay", "2014-05-31"),
                ("probation-division", "PUBLISHED") => ("from", "2014-04-01"),
                ("probation-division", _) => ("from", "2014-06-01"),
                _ => ("from", "2021-06-26"),
            };
            assert_eq!(of[0]["period"][edge.0], edge.1, "{on} {calendar}: {board}");
        }
    }
}

#[test]
fn a_board_of_which_nothing_is_recorded_breaks_no_rule() {
    let query = "query($on: LocalDate) { boards(filter: { verdict: NOT_MET }, on: $on) { nodes { slug } }
        board(area: \"kent\", on: $on) { findings(verdict: NOT_MET) { rule { id } } isExample
            seats { state holder { termsServed } since } chair { since } chairState } }";
    for on in ["2012-01-01", "2014-05-01", "2014-11-01", "2020-01-01"] {
        let data = TestService::shared().client.data(query, json!({ "on": on }));
        assert_eq!(data["boards"]["nodes"], json!([]), "{on}");
        let board = &data["board"];
        assert_eq!((&board["findings"], &board["isExample"]), (&json!([]), &json!(false)), "{on}");
        assert_eq!((&board["chair"], &board["chairState"]), (&Value::Null, &json!("NOT_RECORDED")));
        for seat in board["seats"].as_array().expect("seats") {
            assert_eq!((&seat["state"], &seat["holder"]), (&json!("NOT_RECORDED"), &Value::Null), "{on}");
        }
    }
}

#[test]
fn a_seat_is_held_to_the_last_day_of_a_term_and_vacant_from_the_next_where_that_is_recorded() {
    let of = |on: &str| {
        let query = format!(
            "{{ board(area: \"bedfordshire\", on: \"{on}\") {{ isExample vacancies {{ slug since }}
                findings(rule: \"G-10\") {{ verdict since severity }} layAdvisers {{ slug state since }} }} }}"
        );
        ask_as(&anyone(), &query)["board"].clone()
    };
    let before = of("2014-07-31");
    assert_eq!(
        before["layAdvisers"][1],
        json!({ "slug": "lay-adviser-2", "state": "HELD", "since": "2013-05-01" })
    );
    assert_eq!((&before["vacancies"], &before["findings"][0]["verdict"]), (&json!([]), &json!("MET")));
    let after = of("2014-08-01");
    assert_eq!(after["vacancies"], json!([{ "slug": "lay-adviser-2", "since": "2014-08-01" }]));
    let due = json!([{ "verdict": "NOT_MET", "since": "2014-08-01", "severity": "ERROR" }]);
    assert_eq!((&after["findings"], &after["isExample"]), (&due, &json!(true)));
}

#[test]
fn what_was_not_known_yet_is_not_shown_for_an_instant_before_it() {
    let service = &EXAMPLES;
    let first = service.client.data("{ directory { firstRecordedAt } }", json!({}));
    let query = "query($at: DateTime) { board(area: \"bedfordshire\", knownAt: $at) {
        isExample vacancies { slug } history { kind } seats { state history { kind } } view { knownVersion } } }";
    let data = service.client.data(query, json!({ "at": first["directory"]["firstRecordedAt"] }));
    let board = &data["board"];
    assert_eq!((&board["isExample"], &board["vacancies"]), (&json!(false), &json!([])));
    assert_eq!(board["view"]["knownVersion"], 1);
    for seat in board["seats"].as_array().expect("seats") {
        assert_eq!(seat["state"], "NOT_RECORDED");
        for row in seat["history"].as_array().expect("rows") {
            assert_eq!(row["kind"], "SEAT");
        }
    }
    let now = service.client.data(query, json!({ "at": null }));
    assert_eq!(now["board"]["vacancies"], json!([{ "slug": "lay-adviser-2" }]));
}

#[test]
fn terms_without_a_gap_are_counted_together() {
    let query =
        "{ board(area: \"kent\") { seats { slug holder { termsServed terms { from lastDay } appointedBy
        term { from } person { key } comesFrom { name } } } chair { seat { slug } since } } }";
    let data = ask_as(&anyone(), query);
    let seats = data["board"]["seats"].as_array().expect("seats");
    let of = |slug: &str| &seats.iter().find(|seat| seat["slug"] == slug).expect("a seat")["holder"];
    let terms = json!([
        { "from": "2010-05-01", "lastDay": "2013-04-30" },
        { "from": "2013-05-01", "lastDay": "2016-04-30" }
    ]);
    assert_eq!((&of("lay-adviser-2")["termsServed"], &of("lay-adviser-2")["terms"]), (&json!(2), &terms));
    assert_eq!(of("lay-adviser-2")["appointedBy"], "SECRETARY_OF_STATE");
    assert_eq!((&of("police")["termsServed"], &of("prison")["termsServed"]), (&json!(1), &Value::Null));
    assert_eq!(data["board"]["chair"], json!({ "seat": { "slug": "police" }, "since": "2013-04-01" }));
}

#[test]
fn every_agency_of_merseyside_is_listed_with_whether_it_sits() {
    let query = "query($on: LocalDate) { board(area: \"merseyside\", on: $on) { areAgenciesComplete
        representation { agency { slug } status kinds seats { slug } } kindCoverage { kind agencies { slug } held notRecorded } }
        agencies(filter: { mappaArea: \"merseyside\" }, first: 100, on: $on) { totalCount nodes { slug } } }";
    // Thirty in the seed, one of which, G4S, ended on 22 March 2014.
    for (on, count) in [("2014-03-22", 30), ("2014-03-23", 29), ("2014-11-01", 29)] {
        let data = TestService::shared().client.data(query, json!({ "on": on }));
        let of = data["board"]["representation"].as_array().expect("agencies");
        assert_eq!((of.len(), &data["agencies"]["totalCount"]), (count, &json!(count)), "{on}");
        assert!(of.iter().all(
            |it| it["status"] == "NOT_RECORDED" && it["seats"].as_array().is_some_and(|of| of.len() == 1)
        ));
        let monitors = data["board"]["kindCoverage"].as_array().expect("kinds");
        let monitor =
            monitors.iter().find(|it| it["kind"] == "ELECTRONIC_MONITORING_PROVIDER").expect("a kind");
        let due = if on == "2014-03-22" { vec!["capita", "g4s"] } else { vec!["capita"] };
        assert_eq!(slugs(&monitor["agencies"]), due, "{on}");
        assert_eq!((&monitor["held"], &monitor["notRecorded"]), (&json!(0), &json!(due.len())));
    }
}

const NAMES: &str = "{ people(first: 100) { nodes { key name { name state } boards { slug } } }
    board(area: \"kent\") { seats { holder { person { name { name state } } } deputies { person { name { name state } } } }
        chair { person { name { name state } } } deputyChairs { person { name { name state } } }
        expiring(withinDays: 3660) { person { name { name state } } next { name { name state } } }
        representation { holder { person { name { name } } } }
        findings { because subjects { person { name { name } } seat { slug } agency { slug } } }
        history { text person { name { name } } } layAdvisers { history { text person { name { name } } } } } }";

#[test]
fn names_are_hidden_from_anyone_and_shown_to_readers_and_to_administrators_of_the_board() {
    let hidden =
        [anyone(), caller(&[(Role::Auditor, None)]), caller(&[(Role::BoardAdministrator, Some("essex"))])];
    for caller in hidden {
        let kent = ask_as(&caller, NAMES)["board"].to_string();
        assert!(!kent.contains("Example Person"), "{kent}");
        assert!(kent.contains("HIDDEN"));
    }
    let all = ask_as(&anyone(), NAMES).to_string();
    assert!(!all.contains("Example Person") && !all.contains("SHOWN"));
    let shown = [
        caller(&[(Role::Reader, None)]),
        caller(&[(Role::BoardAdministrator, Some("kent"))]),
        caller(&[(Role::NationalAdministrator, None)]),
    ];
    for caller in shown {
        let kent = ask_as(&caller, NAMES)["board"].clone();
        assert_eq!(
            kent["chair"]["person"]["name"],
            json!({ "name": "Example Person 215", "state": "SHOWN" })
        );
    }
    // An administrator of Kent sees the names of Kent's people, and of no others.
    let data = ask_as(&caller(&[(Role::BoardAdministrator, Some("kent"))]), NAMES);
    for person in data["people"]["nodes"].as_array().expect("people") {
        let is_of_kent = slugs(&person["boards"]).contains(&"kent".to_owned());
        assert_eq!(person["name"]["state"] == "HIDDEN", !is_of_kent, "{person}");
    }
}

/// Every way from the root to a person's name, by the types of the schema: none may be new without standing here.
#[test]
fn every_type_that_leads_to_a_person_hides_the_name_from_anyone() {
    let schema = ask_as(
        &anyone(),
        "{ __schema { types { name kind fields { name type { name ofType { name ofType { name ofType { name } } } } } } } }",
    );
    let mut leads: BTreeSet<String> = BTreeSet::new();
    for of in schema["__schema"]["types"].as_array().expect("types") {
        for field in of["fields"].as_array().into_iter().flatten() {
            if field["type"].to_string().contains("\"Person\"") {
                leads.insert(format!(
                    "{}.{}",
                    of["name"].as_str().expect("a name"),
                    field["name"].as_str().expect("a name")
                ));
            }
        }
    }
    let asked = [
        // What a mutation answers names nobody, whoever asks.
        "BoardChangePayload.persons",
        "Change.persons",
        "ExpiringTerm.next",
        "ExpiringTerm.person",
        "FindingSubject.person",
        "ImportBoardMembersPayload.persons",
        "OfficeHolder.person",
        "PersonChangePayload.person",
        "PersonChangePayload.persons",
        "PersonConnection.nodes",
        "PersonEdge.node",
        "Query.person",
        "RecordedRow.person",
        "SeatDeputy.person",
        "SeatHolder.person",
    ];
    assert_eq!(leads, asked.map(str::to_owned).into());
}

/// Rules that tell something of a person, as the table marks them; those of declarations are among them.
fn personal() -> Vec<&'static str> {
    let rules: Vec<&str> = BOARD.iter().filter(|row| row.is_about_person).map(|row| row.rule.id).collect();
    assert!(["G-14", "G-15", "G-16", "G-17"].iter().all(|rule| rules.contains(rule)));
    rules
}

#[test]
fn findings_about_persons_are_for_the_administrators_of_that_board() {
    let query = "{ boards { nodes { slug findingsWithheld findings { rule { id kind } subjects { person { key } } } } } }";
    let administrator = caller(&[(Role::BoardAdministrator, Some("kent"))]);
    let (open, own) = (ask_as(&anyone(), query), ask_as(&administrator, query));
    let personal = personal();
    for (open, own) in open["boards"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(own["boards"]["nodes"].as_array().into_iter().flatten())
    {
        let count = |board: &Value| board["findings"].as_array().map_or(0, Vec::len);
        let text = open["findings"].to_string();
        assert!(personal.iter().all(|rule| !text.contains(&format!("\"{rule}\""))), "{text}");
        assert!(!text.contains("\"key\""), "{text}");
        let withheld = open["findingsWithheld"].as_u64().expect("a number") as usize;
        assert!(withheld > 0);
        if open["slug"] == "kent" {
            assert_eq!((count(own), own["findingsWithheld"].as_u64()), (count(open) + withheld, Some(0)));
            assert!(personal.iter().all(|rule| own["findings"].to_string().contains(&format!("\"{rule}\""))));
        } else {
            assert_eq!(own, open);
        }
    }
}

#[test]
fn one_request_has_room_for_what_is_found_of_every_board_and_no_more_than_one_timeline() {
    let query = "{ boards(first: 42) { nodes { slug findings { rule { id } verdict } } } }";
    let data = EXAMPLES.client.data(query, json!({}));
    let boards = data["boards"]["nodes"].as_array().expect("boards");
    assert_eq!(boards.len(), 42);
    let open: BTreeSet<&str> =
        BOARD.iter().filter(|row| !row.is_about_person).map(|row| row.rule.id).collect();
    for board in boards {
        let found = board["findings"].as_array().expect("findings").iter();
        let found: BTreeSet<&str> = found.map(|of| of["rule"]["id"].as_str().expect("an id")).collect();
        assert!(found.is_subset(&open) && found.contains("G-10"), "{board}");
    }
    let report = "{ governanceReport { rows { rule { id } met areas(verdict: NOT_MET) { slug } } timeline { on notMet } } }";
    assert!(EXAMPLES.client.data(report, json!({}))["governanceReport"]["rows"].is_array());
    let two = "{ a: governanceReport { timeline { on } } b: governanceReport { timeline { on } } }";
    assert_eq!(EXAMPLES.client.error(two, json!({}))["extensions"]["code"], "COST_EXCEEDED");
}

#[test]
fn a_filter_by_a_rule_about_persons_tells_nobody_else() {
    let query = "{ boards(filter: { finding: \"G-17\" }) { nodes { slug } } }";
    assert_eq!(ask_as(&anyone(), query)["boards"]["nodes"], json!([]));
    let administrator = caller(&[(Role::BoardAdministrator, Some("kent"))]);
    assert_eq!(slugs(&ask_as(&administrator, query)["boards"]["nodes"]), ["kent"]);
}

#[test]
fn boards_are_found_by_what_a_rule_says_of_them() {
    let ask = |filter: &str| {
        slugs(
            &ask_as(&anyone(), &format!("{{ boards(filter: {filter}) {{ nodes {{ slug }} }} }}"))["boards"]["nodes"],
        )
    };
    assert_eq!(ask("{ finding: \"G-10\", verdict: NOT_MET }"), ["bedfordshire"]);
    assert_eq!(ask("{ finding: \"G-10\", verdict: NOT_MET, country: WALES }"), Vec::<String>::new());
    let vacant: BTreeSet<String> = ask("{ hasVacancy: true }").into_iter().collect();
    assert!(vacant.contains("bedfordshire") && vacant.contains("kent"), "{vacant:?}");
    let error = EXAMPLES.client.error("{ boards(filter: { finding: \"G-99\" }) { totalCount } }", json!({}));
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
}

#[test]
fn the_report_over_all_boards_is_what_a_count_by_hand_gives() {
    let report = ask_as(
        &anyone(),
        "{ governanceReport { boards isExample rows { rule { id kind } met notMet notRecorded notApplicable areas(verdict: NOT_MET) { slug } } } }",
    );
    let boards = ask_as(&anyone(), "{ boards { nodes { slug findings { rule { id kind } verdict } } } }");
    // A breach counts before what is not recorded, and that before what is met.
    let order = ["NOT_MET", "NOT_RECORDED", "MET", "NOT_APPLICABLE"];
    let mut counts: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    for board in boards["boards"]["nodes"].as_array().expect("boards") {
        let mut overall: BTreeMap<String, usize> = BTreeMap::new();
        for finding in board["findings"].as_array().expect("findings") {
            let Some(place) = order.iter().position(|verdict| finding["verdict"] == *verdict) else {
                continue;
            };
            let best =
                overall.entry(finding["rule"]["id"].as_str().expect("an id").to_owned()).or_insert(place);
            *best = place.min(*best);
        }
        for (rule, place) in overall {
            counts
                .entry((rule, order[place]))
                .or_default()
                .push(board["slug"].as_str().expect("a slug").to_owned());
        }
    }
    assert_eq!(
        (&report["governanceReport"]["boards"], &report["governanceReport"]["isExample"]),
        (&json!(42), &json!(true))
    );
    let rows = report["governanceReport"]["rows"].as_array().expect("rows");
    assert!(rows.len() > 30);
    for row in rows {
        let rule = row["rule"]["id"].as_str().expect("an id").to_owned();
        let of = |verdict| counts.get(&(rule.clone(), verdict)).cloned().unwrap_or_default();
        for (field, verdict) in
            [("notMet", order[0]), ("notRecorded", order[1]), ("met", order[2]), ("notApplicable", order[3])]
        {
            assert_eq!(row[field], of(verdict).len(), "{rule} {verdict}");
        }
        assert_eq!(slugs(&row["areas"]), of("NOT_MET"), "{rule}");
        assert_ne!(row["rule"]["kind"], "NOTE");
        assert!(!personal().contains(&rule.as_str()));
    }
}

#[test]
fn the_timeline_has_every_day_on_which_a_count_of_breaches_changes() {
    let count = |on: &str, rule: &str| {
        let query = format!(
            "{{ boards(filter: {{ finding: \"{rule}\", verdict: NOT_MET }}, on: \"{on}\") {{ totalCount }} }}"
        );
        EXAMPLES.client.data(&query, json!({}))["boards"]["totalCount"].as_i64().expect("a count")
    };
    let data = ask_as(
        &anyone(),
        "{ governanceReport(on: \"2014-11-01\", from: \"2014-07-01\") { timelineFrom timeline { on rule { id } notMet } rows { rule { id } notMet } } }",
    );
    let report = &data["governanceReport"];
    let turns = report["timeline"].as_array().expect("turns");
    let lay = turns.iter().find(|turn| turn["rule"]["id"] == "G-10").expect("a turn of G-10");
    assert_eq!((&lay["on"], &lay["notMet"]), (&json!("2014-08-01"), &json!(1)));
    let days: Vec<chrono::NaiveDate> = "2014-07-01"
        .parse::<chrono::NaiveDate>()
        .expect("a day")
        .iter_days()
        .take_while(|day| day.to_string().as_str() <= "2014-11-01")
        .collect();
    // Day by day, for the rules that change at all and one that does not.
    let mut rules: BTreeSet<&str> =
        turns.iter().map(|turn| turn["rule"]["id"].as_str().expect("an id")).collect();
    rules.insert("G-02");
    for rule in rules.into_iter().take(3) {
        let mut due = Vec::new();
        let mut before = count("2014-07-01", rule);
        for day in &days[1..] {
            let now = count(&day.to_string(), rule);
            if now != before {
                due.push(json!({ "on": day.to_string(), "rule": { "id": rule }, "notMet": now }));
            }
            before = now;
        }
        let found: Vec<Value> = turns.iter().filter(|turn| turn["rule"]["id"] == rule).cloned().collect();
        assert_eq!(found, due, "{rule}");
    }
}

#[test]
fn a_timeline_has_bounds() {
    for from in ["2014-11-02", "2011-01-01"] {
        let query =
            format!("{{ governanceReport(on: \"2014-11-01\", from: \"{from}\") {{ timelineFrom }} }}");
        let error = EXAMPLES.client.error(&query, json!({}));
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{from}");
    }
}

#[test]
fn every_rule_of_the_board_table_is_listed_with_its_kind() {
    let data = TestService::shared().client.data(
        "{ boardRules { id table kind title source basis from } boardRule(id: \"G-10\") { id kind } none: boardRule(id: \"R-20\") { id } routingRules { kind } }",
        json!({}),
    );
    let rules = data["boardRules"].as_array().expect("rules");
    assert!(rules.iter().all(|rule| rule["table"] == "BOARD" && rule["kind"].is_string()));
    assert_eq!(data["boardRule"], json!({ "id": "G-10", "kind": "COMPLIANCE" }));
    assert_eq!(data["none"], Value::Null);
    assert!(data["routingRules"].as_array().expect("rules").iter().all(|rule| rule["kind"].is_null()));
    let kinds: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["kind"].as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["INTEGRITY", "COMPLIANCE", "NOTE"]));
}

#[test]
fn boards_seats_people_and_agencies_are_found_again_by_their_ids_in_the_same_view() {
    let data = ask_as(
        &anyone(),
        "{ board(area: \"kent\", on: \"2014-05-01\", calendar: OPERATIONAL) { id seats { id slug holder { person { id } } } }
           agency(slug: \"sefton-council\", on: \"2014-05-01\") { id } }",
    );
    let mut ids = vec![data["board"]["id"].clone(), data["agency"]["id"].clone()];
    for seat in data["board"]["seats"].as_array().expect("seats") {
        ids.push(seat["id"].clone());
        ids.extend(seat["holder"]["person"]["id"].as_str().map(|id| json!(id)));
    }
    assert!(ids.len() > 12);
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Seat { view { on calendar } } ... on Person { view { on calendar } } } }";
    let nodes = EXAMPLES.client.data(query, json!({ "ids": ids }));
    for (id, node) in ids.iter().zip(nodes["nodes"].as_array().expect("nodes")) {
        assert_eq!(&node["id"], id, "{node}");
        if ["Seat", "Person"].contains(&node["__typename"].as_str().expect("a type")) {
            assert_eq!(node["view"], json!({ "on": "2014-05-01", "calendar": "OPERATIONAL" }));
        }
    }
}

#[test]
fn a_corrected_term_stands_in_the_history_beside_its_correction() {
    let database = TestDatabase::seeded();
    person(&database, "person-of-kent", None, &[("kent", "lay-adviser-1")]);
    database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        "UPDATE appointment SET recorded = int8range(lower(recorded), (SELECT version FROM head))".to_owned(),
        "INSERT INTO appointment (fact, seat_id, board_id, person_id, valid, source, basis) \
         SELECT fact, seat_id, board_id, person_id, '[2014-10-01,2017-11-01)', source, basis FROM appointment"
            .to_owned(),
    ]);
    let service = TestService::start(database);
    let query = "query($on: LocalDate) { board(area: \"kent\", on: $on) { layAdvisers { state history {
        kind fact period { from lastDay } fromVersion untilVersion recordedFrom recordedUntil person { key } } } }
        person(key: \"person-of-kent\", on: $on) { seats { slug } history { kind fromVersion untilVersion } } }";
    let of = |on: &str| service.client.data(query, json!({ "on": on }));
    let data = of("2014-10-31");
    assert_eq!(data["board"]["layAdvisers"][0]["state"], "HELD");
    let rows = data["board"]["layAdvisers"][0]["history"].as_array().expect("rows").clone();
    let terms: Vec<&Value> = rows.iter().filter(|row| row["kind"] == "APPOINTMENT").collect();
    let told: Vec<Value> = terms
        .iter()
        .map(|row| {
            json!([row["period"]["from"], row["period"]["lastDay"], row["fromVersion"], row["untilVersion"]])
        })
        .collect();
    assert_eq!(
        told,
        [json!(["2014-10-01", "2017-10-31", 3, null]), json!(["2014-11-01", "2017-10-31", 2, 3])]
    );
    assert_eq!(terms[0]["fact"], terms[1]["fact"]);
    assert_eq!(terms[1]["recordedUntil"], terms[0]["recordedFrom"]);
    assert!(terms.iter().all(|row| row["person"]["key"] == "person-of-kent"));
    let seats = |on: &str| of(on)["person"]["seats"].clone();
    assert_eq!(seats("2014-09-30"), json!([]));
    assert_eq!(seats("2014-10-01"), json!([{ "slug": "lay-adviser-1" }]));
    assert_eq!(seats("2017-11-01"), json!([]));
    let of_person = json!([
        { "kind": "APPOINTMENT", "fromVersion": 3, "untilVersion": null },
        { "kind": "APPOINTMENT", "fromVersion": 2, "untilVersion": 3 }
    ]);
    assert_eq!(data["person"]["history"], of_person);
    // To whoever asks what was known before the correction, it is not there yet, and nothing has an end.
    let before = terms[0]["recordedFrom"].as_str().expect("an instant");
    let before = chrono::DateTime::parse_from_rfc3339(before).expect("an instant")
        - chrono::TimeDelta::microseconds(1);
    let query = "query($at: DateTime) { board(area: \"kent\", on: \"2014-10-31\", knownAt: $at) { layAdvisers { state history { kind untilVersion } } } }";
    let data = service.client.data(query, json!({ "at": before.to_rfc3339() }));
    let lay = &data["board"]["layAdvisers"][0];
    assert_eq!(lay["state"], "NOT_RECORDED");
    let rows =
        json!([{ "kind": "SEAT", "untilVersion": null }, { "kind": "APPOINTMENT", "untilVersion": null }]);
    assert_eq!(lay["history"], rows);
}
