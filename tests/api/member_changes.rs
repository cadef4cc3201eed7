//! Persons and their terms changed over HTTP: what is written, what is refused, and what stays visible.

use crate::support::people::{Granted, key, post_as};
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

const NATIONAL: &[Granted] = &[(Role::NationalAdministrator, None)];

const ADD: &str = "mutation($input: AddPersonInput!) { addPerson(input: $input) { \
    person { key name { name state } } directoryVersion dryRun repeated userErrors { code field message rule } } }";

/// What every change of a board answers in these tests.
const BOARD: &str = "appointment directoryVersion dryRun repeated board { slug view { on } } seats { slug state holder { \
    person { key } term { from lastDay } appointment } } changedFindings { on before after { rule { id } verdict } } \
    userErrors { code field message rule }";

/// A service on the seeded boards, which nobody sits on, and who administers all of them.
struct Office {
    service: TestService,
    key: ApiKey,
}

impl Office {
    fn new(database: TestDatabase) -> Office {
        let key = key(&database, NATIONAL);
        Office { service: TestService::start(database), key }
    }

    fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let reply = post_as(self.service.client, Some(&self.key), &body, &[]);
        let answer = reply.json();
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    fn add(&self, name: &str) -> String {
        let added = self.ask(ADD, json!({ "input": { "name": name } }))["addPerson"].clone();
        assert_eq!(added["userErrors"], json!([]), "{added}");
        added["person"]["key"].as_str().expect("a key").to_owned()
    }

    /// Makes a change of a board: what it answers.
    fn change(&self, mutation: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {BOARD} }} }}");
        self.ask(&query, json!({ "input": input }))[mutation].clone()
    }

    #[track_caller]
    fn done(&self, mutation: &str, input: Value) -> Value {
        let changed = self.change(mutation, input);
        assert_eq!(changed["userErrors"], json!([]), "{changed}");
        changed
    }

    /// Sees to it that a change is refused with one code, field and rule, and that nothing is written.
    #[track_caller]
    fn refused(&self, mutation: &str, input: Value, code: &str, field: &str, rule: Option<&str>) {
        let before = self.service.database.text("SELECT count(*)::text AS text FROM change");
        let changed = self.change(mutation, input);
        let errors = changed["userErrors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{changed}");
        let told = (&errors[0]["code"], &errors[0]["field"], &errors[0]["rule"]);
        assert_eq!(told, (&json!(code), &json!(field), &json!(rule)), "{changed}");
        assert_eq!(changed["board"], Value::Null);
        assert_eq!(self.service.database.text("SELECT count(*)::text AS text FROM change"), before);
    }

    fn appoint(&self, board: &str, seat: &str, person: &str, from: &str, last_day: Option<&str>) -> i64 {
        let input =
            json!({ "board": board, "seat": seat, "person": person, "from": from, "lastDay": last_day });
        self.done("appointMember", input)["appointment"].as_i64().expect("a number")
    }

    /// State of a seat on a day, as known at an instant: the holder's key and the last day of the term.
    fn seat(&self, board: &str, seat: &str, on: &str, known_at: Option<&str>) -> Value {
        let query = "query($board: String!, $on: LocalDate, $at: DateTime) { board(area: $board, on: $on, knownAt: $at) { \
            seats { slug state holder { person { key } term { from lastDay } } } } }";
        let answer = self.ask(query, json!({ "board": board, "on": on, "at": known_at }));
        let seats = answer["board"]["seats"].as_array().expect("seats");
        let found = seats.iter().find(|it| it["slug"] == seat).unwrap_or(&Value::Null);
        json!([found["state"], found["holder"]["person"]["key"], found["holder"]["term"]["lastDay"]])
    }

    /// The instant of the newest change.
    fn now(&self) -> String {
        self.service.database.text(
            "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS text FROM head",
        )
    }
}

fn empty() -> Office {
    Office::new(TestDatabase::seeded())
}

#[test]
fn a_person_is_added_appointed_and_read_right_after_and_the_answer_names_nobody() {
    let office = empty();
    let added = office.ask(ADD, json!({ "input": { "name": "Example Wren" } }))["addPerson"].clone();
    assert_eq!(added["userErrors"], json!([]));
    assert_eq!(added["person"]["name"], json!({ "name": null, "state": "HIDDEN" }));
    let person = added["person"]["key"].as_str().expect("a key");
    let appointed = office.done(
        "appointMember",
        json!({ "board": "merseyside", "seat": "police", "person": person, "from": "2014-07-01", "lastDay": "2017-06-30",
                "appointedBy": "OWN_BODY", "reason": "asked for by the board" }),
    );
    assert_eq!(appointed["board"], json!({ "slug": "merseyside", "view": { "on": "2014-07-01" } }));
    assert_eq!(appointed["seats"][0]["state"], "HELD");
    assert_eq!(appointed["seats"][0]["holder"]["person"]["key"], person);
    assert_eq!(appointed["directoryVersion"], json!(added["directoryVersion"].as_i64().map(|it| it + 1)));
    // Not before the term, on its first and last day, and not after.
    let held = json!(["HELD", person, "2017-06-30"]);
    for (on, due) in [
        ("2014-06-30", json!(["NOT_RECORDED", null, null])),
        ("2014-07-01", held.clone()),
        ("2017-06-30", held.clone()),
        ("2017-07-01", json!(["NOT_RECORDED", null, null])),
    ] {
        assert_eq!(office.seat("merseyside", "police", on, None), due, "{on}");
    }
    let query = "query($key: String!) { person(key: $key) { name { name state } } }";
    let named = office.ask(query, json!({ "key": person }));
    assert_eq!(named["person"]["name"], json!({ "name": "Example Wren", "state": "SHOWN" }));
    let reason = "SELECT reason || ' ' || actor AS text FROM change ORDER BY version DESC LIMIT 1";
    let actor = format!("asked for by the board key:{}", office.key.prefix());
    assert_eq!(office.service.database.text(reason), actor);
}

#[test]
fn an_early_end_a_correction_and_a_withdrawal_leave_what_was_known_before() {
    let office = empty();
    let (wren, crane) = (office.add("Example Wren"), office.add("Example Crane"));
    let fact = office.appoint("kent", "prison", &wren, "2014-06-01", Some("2017-05-31"));
    let known_as_appointed = office.now();
    let ended = office.done(
        "endAppointment",
        json!({ "appointment": fact, "lastDay": "2015-03-31", "endReason": "RESIGNED" }),
    );
    assert_eq!(ended["board"]["view"]["on"], "2015-04-01");
    assert_eq!(ended["appointment"], fact);
    let known_as_ended = office.now();
    office
        .done("correctAppointment", json!({ "appointment": fact, "person": crane, "lastDay": "2015-04-30" }));
    let known_as_corrected = office.now();
    office.done("withdrawAppointment", json!({ "appointment": fact }));
    let on = "2015-03-31";
    let seat = |known: Option<&str>| office.seat("kent", "prison", on, known);
    assert_eq!(seat(Some(&known_as_appointed)), json!(["HELD", wren, "2017-05-31"]));
    assert_eq!(seat(Some(&known_as_ended)), json!(["HELD", wren, "2015-03-31"]));
    assert_eq!(seat(Some(&known_as_corrected)), json!(["HELD", crane, "2015-04-30"]));
    assert_eq!(seat(None), json!(["NOT_RECORDED", null, null]));
    office.refused(
        "endAppointment",
        json!({ "appointment": fact, "lastDay": on }),
        "UNKNOWN_APPOINTMENT",
        "appointment",
        None,
    );
}

#[test]
fn a_renewal_is_a_term_of_its_own_that_follows_without_a_gap() {
    let office = empty();
    let wren = office.add("Example Wren");
    let first = office.appoint("kent", "lay-adviser-1", &wren, "2014-06-01", Some("2017-05-31"));
    let renewed = office.done("renewAppointment", json!({ "appointment": first, "lastDay": "2020-05-31" }));
    let second = renewed["appointment"].as_i64().expect("a number");
    assert_ne!(first, second);
    assert_eq!(
        renewed["seats"][0]["holder"]["term"],
        json!({ "from": "2017-06-01", "lastDay": "2020-05-31" })
    );
    assert_eq!(office.seat("kent", "lay-adviser-1", "2017-05-31", None), json!(["HELD", wren, "2017-05-31"]));
    let open = office.appoint("kent", "police", &office.add("Example Crane"), "2014-06-01", None);
    office.refused(
        "renewAppointment",
        json!({ "appointment": open }),
        "NOTHING_TO_CHANGE",
        "appointment",
        None,
    );
}

#[test]
fn whoever_was_recorded_twice_is_renewed_as_the_one_person() {
    let office = empty();
    let (wren, again) = (office.add("Example Wren"), office.add("Example Wren"));
    let fact = office.appoint("kent", "lay-adviser-1", &again, "2014-06-01", Some("2017-05-31"));
    let merge = "mutation($input: MergePeopleInput!) { mergePeople(input: $input) { userErrors { code } } }";
    let merged = office.ask(merge, json!({ "input": { "person": again, "into": wren } }));
    assert_eq!(merged["mergePeople"]["userErrors"], json!([]));
    office.done("renewAppointment", json!({ "appointment": fact, "lastDay": "2020-05-31" }));
    assert_eq!(office.seat("kent", "lay-adviser-1", "2017-06-01", None), json!(["HELD", wren, "2020-05-31"]));
}

#[test]
fn a_rule_that_time_alone_breaks_is_told_with_the_day_on_which_it_does() {
    let office = empty();
    let wren = office.add("Example Wren");
    let input = json!({ "board": "kent", "seat": "lay-adviser-1", "person": wren, "from": "2014-06-01" });
    let appointed = office.done("appointMember", input);
    // Nothing that is recorded turns on the day after three years of a term without an end.
    let turns = appointed["changedFindings"].as_array().expect("findings").iter();
    let of_rule: Vec<Value> = turns
        .filter(|it| it["after"]["rule"]["id"] == "G-18a" && it["after"]["verdict"] == "NOT_MET")
        .map(|it| it["on"].clone())
        .collect();
    assert_eq!(of_rule, [json!("2017-06-01")], "{appointed}");
}

#[test]
fn integrity_refuses_with_its_rule_and_writes_nothing() {
    let office = empty();
    let (wren, crane, heron) =
        (office.add("Example Wren"), office.add("Example Crane"), office.add("Example Heron"));
    office.appoint("kent", "police", &wren, "2014-06-01", Some("2017-05-31"));
    let appoint = |board: &str, seat: &str, person: &str, from: &str, last: Option<&str>| json!({ "board": board, "seat": seat, "person": person, "from": from, "lastDay": last });
    let refused = |input, code, field, rule| office.refused("appointMember", input, code, field, rule);
    // The seat is held to 31 May 2017, and free the day after.
    refused(appoint("kent", "police", &crane, "2017-05-31", None), "OVERLAP", "from", Some("G-34b"));
    office.appoint("kent", "police", &crane, "2017-06-01", None);
    // Two seats of one board; another board is another matter.
    refused(
        appoint("kent", "prison", &wren, "2017-05-31", None),
        "SECOND_SEAT_ON_BOARD",
        "person",
        Some("G-35a"),
    );
    office.appoint("essex", "prison", &wren, "2014-06-01", Some("2014-12-31"));
    // A lay adviser holds no other seat anywhere, whichever of the two comes first.
    refused(
        appoint("sussex", "lay-adviser-1", &wren, "2017-05-31", None),
        "LAY_ADVISER_ELSEWHERE",
        "person",
        Some("G-35b"),
    );
    office.appoint("sussex", "lay-adviser-1", &heron, "2014-12-31", None);
    refused(
        appoint("surrey", "police", &heron, "2020-01-01", None),
        "LAY_ADVISER_ELSEWHERE",
        "person",
        Some("G-35b"),
    );
    // The division's seat begins with the restructure: on 1 April by the published calendar.
    refused(
        appoint("surrey", "probation-division", &crane, "2014-03-31", Some("2015-01-01")),
        "SEAT_CLOSED",
        "seat",
        Some("G-34a"),
    );
    let nobody = "0123456789abcdef0123456789abcdef";
    refused(appoint("kent", "prison", nobody, "2014-06-01", None), "UNKNOWN_PERSON", "person", None);
    refused(appoint("narnia", "prison", &crane, "2014-06-01", None), "UNKNOWN_BOARD", "board", None);
    // PostgreSQL has no text with such a character: it must not come so far.
    refused(appoint("kent\u{0}", "prison", &crane, "2014-06-01", None), "UNKNOWN_BOARD", "board", None);
    refused(appoint("kent", "throne", &crane, "2014-06-01", None), "UNKNOWN_SEAT", "seat", None);
    let backwards = appoint("kent", "prison", &crane, "2014-06-02", Some("2014-06-01"));
    refused(backwards, "END_BEFORE_START", "lastDay", None);
    refused(
        appoint("kent", "prison", &crane, "1914-06-01", Some("2014-06-01")),
        "DATE_OUT_OF_SCOPE",
        "from",
        None,
    );
    refused(appoint("kent", "prison", &crane, "2114-06-01", None), "DATE_OUT_OF_SCOPE", "from", None);
}

#[test]
fn of_a_person_whose_name_was_erased_nothing_new_is_recorded() {
    let office = empty();
    let wren = office.add("Example Wren");
    let fact = office.appoint("kent", "police", &wren, "2014-06-01", Some("2017-05-31"));
    let erase = "mutation($input: ErasePersonInput!) { erasePerson(input: $input) { userErrors { code } } }";
    let erased = office.ask(erase, json!({ "input": { "person": wren } }));
    assert_eq!(erased["erasePerson"]["userErrors"], json!([]));
    let again = json!({ "board": "kent", "seat": "police", "person": wren, "from": "2017-06-01" });
    office.refused("appointMember", again, "PERSON_ERASED", "person", None);
    let renewed = json!({ "appointment": fact, "lastDay": "2020-05-31" });
    office.refused("renewAppointment", renewed, "PERSON_ERASED", "appointment", None);
    // What the person did stands, and a resignation is recorded all the same.
    office.done(
        "endAppointment",
        json!({ "appointment": fact, "lastDay": "2015-05-31", "endReason": "RESIGNED" }),
    );
    assert_eq!(office.seat("kent", "police", "2015-05-31", None), json!(["HELD", wren, "2015-05-31"]));
}

#[test]
fn a_third_lay_adviser_waits_for_the_minister_and_a_resignation_for_nobody() {
    let office = Office::new(TestDatabase::filled());
    // Cambridgeshire has three by an approval, Cheshire two without one and a seat beside them.
    let query = "{ board(area: \"cheshire\", on: \"2014-11-01\") { layAdvisers { slug state holder { appointment } } } }";
    let board = office.ask(query, json!({}));
    let seats = board["board"]["layAdvisers"].as_array().expect("seats").clone();
    let held: Vec<&Value> = seats.iter().filter(|seat| seat["state"] == "HELD").collect();
    assert_eq!(held.len(), 2, "{board}");
    let resigned = office.done(
        "endAppointment",
        json!({ "appointment": held[0]["holder"]["appointment"], "lastDay": "2014-10-31", "endReason": "RESIGNED" }),
    );
    // What ends something made up is made up as well, and the fact says so in every row.
    let fact = held[0]["holder"]["appointment"].as_i64().expect("a number");
    let sources =
        format!("SELECT string_agg(source, ' ' ORDER BY id) AS text FROM appointment WHERE fact = {fact}");
    assert_eq!(office.service.database.text(&sources), "EXAMPLE ADMIN;EXAMPLE");
    // Nobody recorded the seat as vacant: fewer than two is a breach only where that is recorded, and no longer met.
    let of_rule = |id: &str| -> Vec<Value> {
        let found = resigned["changedFindings"].as_array().expect("findings").iter();
        found.filter(|it| it["after"]["rule"]["id"] == id).cloned().collect()
    };
    let two = of_rule("G-10");
    assert_eq!(two[0]["on"], "2014-11-01", "{resigned}");
    assert_eq!((&two[0]["before"], &two[0]["after"]["verdict"]), (&json!("MET"), &json!("NOT_RECORDED")));
}

#[test]
fn a_dry_run_shows_what_would_be_and_leaves_no_trace() {
    let office = empty();
    let wren = office.add("Example Wren");
    let before = office.service.database.dump();
    let input = json!({ "board": "kent", "seat": "police", "person": wren, "from": "2014-06-01", "dryRun": true,
        "idempotencyKey": "one" });
    let shown = office.done("appointMember", input.clone());
    assert_eq!((&shown["dryRun"], &shown["seats"][0]["state"]), (&json!(true), &json!("HELD")));
    assert_eq!(office.service.database.dump(), before);
    assert_eq!(office.seat("kent", "police", "2014-06-01", None), json!(["NOT_RECORDED", null, null]));
    // The key of a dry run is not used up.
    let mut real = input;
    real["dryRun"] = json!(false);
    real["lastDay"] = json!("2015-05-31");
    assert_eq!(office.done("appointMember", real)["dryRun"], json!(false));
}

#[test]
fn a_repeated_key_gets_the_first_answer_and_another_content_under_it_is_refused() {
    let office = empty();
    let wren = office.add("Example Wren");
    let input = json!({ "board": "kent", "seat": "police", "person": wren, "from": "2014-06-01", "idempotencyKey": "k-1" });
    let first = office.done("appointMember", input.clone());
    let fact = first["appointment"].as_i64().expect("a number");
    // Something happens in between: the first answer is still that of its own version.
    office.done("endAppointment", json!({ "appointment": fact, "lastDay": "2015-05-31" }));
    let again = office.done("appointMember", input.clone());
    assert_eq!((&again["repeated"], &first["repeated"]), (&json!(true), &json!(false)));
    for field in ["appointment", "directoryVersion", "board", "seats", "changedFindings"] {
        assert_eq!(again[field], first[field], "{field}");
    }
    let mut other = input.clone();
    other["from"] = json!("2014-06-02");
    office.refused("appointMember", other, "IDEMPOTENCY_KEY_REUSED", "idempotencyKey", None);
    // A person who is added twice under one key is one person, and another name is another content.
    let add = |name: &str| {
        office.ask(ADD, json!({ "input": { "name": name, "idempotencyKey": "p-1" } }))["addPerson"].clone()
    };
    let person = add("Example Crane")["person"]["key"].clone();
    assert_eq!(add("Example Crane")["person"]["key"], person);
    assert_eq!(add("Example Heron")["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    // The record of the request tells nobody the name: its digest is keyed with what only the caller has.
    let digest = office
        .service
        .database
        .text("SELECT encode(request_hash, 'hex') AS text FROM change WHERE idempotency_key = 'p-1'");
    assert_eq!(digest.len(), 64);
}

#[test]
fn a_version_that_is_not_the_boards_last_is_stale_whatever_else_was_changed() {
    let office = empty();
    let (wren, crane) = (office.add("Example Wren"), office.add("Example Crane"));
    let appoint = |seat: &str, person: &str, expected: Option<i64>| json!({ "board": "kent", "seat": seat, "person": person, "from": "2014-06-01", "expectedVersion": expected });
    let first = office.done("appointMember", appoint("police", &wren, None));
    let version = first["directoryVersion"].as_i64().expect("a version");
    // A change of another board does not make it stale.
    office.appoint("essex", "police", &office.add("Example Heron"), "2014-06-01", None);
    let second = office.done("appointMember", appoint("prison", &crane, Some(version)));
    let input = appoint("lay-adviser-1", &office.add("Example Rook"), Some(version));
    office.refused("appointMember", input, "STALE_VERSION", "expectedVersion", None);
    assert!(second["directoryVersion"].as_i64() > Some(version));
}

#[test]
fn an_erasure_expects_the_version_of_the_person_and_not_of_the_boards() {
    let office = empty();
    let wren = office.add("Example Wren");
    office.appoint("kent", "police", &wren, "2014-06-01", None);
    let version =
        office.ask("query($key: String!) { person(key: $key) { version } }", json!({ "key": wren }));
    let version = version["person"]["version"].clone();
    // The board moves on, and the person does not.
    office.appoint("kent", "prison", &office.add("Example Crane"), "2014-06-01", None);
    let erase = "mutation($input: ErasePersonInput!) { erasePerson(input: $input) { userErrors { code } } }";
    let asked = |version: &Value| {
        let input = json!({ "person": wren, "expectedVersion": version, "dryRun": true });
        office.ask(erase, json!({ "input": input }))["erasePerson"]["userErrors"].clone()
    };
    assert_eq!(asked(&version), json!([]));
    assert_eq!(asked(&json!(version.as_i64().map(|it| it - 1))), json!([{ "code": "STALE_VERSION" }]));
}

#[test]
fn nobody_without_a_right_learns_or_changes_anything() {
    let database = TestDatabase::seeded();
    let kent = key(&database, &[(Role::BoardAdministrator, Some("kent"))]);
    let reader = key(&database, &[(Role::Reader, None)]);
    let office = Office::new(database);
    let wren = office.add("Example Wren");
    let ask = |key: Option<&ApiKey>, board: &str, person: &str| {
        let query =
            "mutation($input: AppointMemberInput!) { appointMember(input: $input) { userErrors { code } } }";
        let input = json!({ "board": board, "seat": "police", "person": person, "from": "2014-06-01", "dryRun": true });
        let body = json!({ "query": query, "variables": { "input": input } });
        post_as(office.service.client, key, &body, &[]).json()["data"]["appointMember"]["userErrors"].clone()
    };
    let forbidden = json!([{ "code": "FORBIDDEN" }]);
    for person in [wren.as_str(), "0123456789abcdef0123456789abcdef"] {
        for board in ["essex", "narnia"] {
            assert_eq!(ask(Some(&kent), board, person), forbidden);
        }
        for board in ["kent", "essex", "narnia"] {
            assert_eq!(ask(Some(&reader), board, person), forbidden);
            assert_eq!(ask(None, board, person), forbidden);
        }
    }
    assert_eq!(ask(Some(&kent), "kent", &wren), json!([]));
}

#[test]
fn one_mutation_a_request_and_none_by_get() {
    let office = empty();
    let two = "mutation { a: addPerson(input: { name: \"Example A\" }) { repeated } b: addPerson(input: { name: \"Example B\" }) { repeated } }";
    let reply = post_as(office.service.client, Some(&office.key), &json!({ "query": two }), &[]);
    let answer = reply.json();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{answer}");
    let one =
        "mutation%20%7B%20addPerson(input%3A%20%7B%20name%3A%20%22E%22%20%7D)%20%7B%20repeated%20%7D%20%7D";
    let reply = office.service.client.send("GET", &format!("/graphql?query={one}"), &[], b"");
    assert_eq!(reply.status, 405);
    let persons = office.service.database.text("SELECT count(*)::text AS text FROM person");
    assert_eq!(persons, "0");
}
