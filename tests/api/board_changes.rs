//! Changes of boards over GraphQL: chairs, deputies, seats, vacancies, papers, meetings, declarations and confirmations.
//!
//! Each is asked for as a dry run first, which writes nothing; then made, and read back at once; and what was known before
//! stays what was known before. What is expected follows from the files of the example set, read by hand.

use crate::support::people::{key, post_as};
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

/// A service on the example set, and the key of whoever looks after these boards.
struct Changing {
    service: TestService,
    key: ApiKey,
}

/// What a change did.
struct Did {
    /// What was read before it.
    before: Value,
    /// What was read after it.
    after: Value,
    /// Its payload.
    payload: Value,
}

fn changing(boards: &[&'static str]) -> Changing {
    let database = TestDatabase::filled();
    let roles: Vec<_> = boards.iter().map(|area| (Role::BoardAdministrator, Some(*area))).collect();
    let key = key(&database, &roles);
    Changing { service: TestService::start(database), key }
}

impl Changing {
    fn versions(&self) -> String {
        self.service.database.text("SELECT count(*)::text AS text FROM change")
    }

    fn ask(&self, query: &str, variables: &Value) -> Value {
        let request = json!({ "query": query, "variables": variables });
        let body = post_as(self.service.client, Some(&self.key), &request, &[]).json();
        assert!(body.get("errors").is_none(), "{query} with {variables}: {body}");
        body["data"].clone()
    }

    fn send(&self, mutation: &str, input: &Value) -> Value {
        let mut name = mutation.to_owned();
        name[..1].make_ascii_uppercase();
        let query = format!(
            "mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ board {{ slug version view {{ on }} }}
                seats {{ slug }} persons {{ key }} changedFindings {{ on before after {{ rule {{ id }} verdict }} }}
                userErrors {{ code field message rule }} directoryVersion dryRun }} }}"
        );
        self.ask(&query, &json!({ "input": input }))[mutation].clone()
    }

    /// Makes a change: what is written in `of` is selected of a board on a day, before and after.
    fn does(&self, mutation: &str, input: Value, (area, on): (&str, &str), of: &str) -> Did {
        let database = &self.service.database;
        let query = format!(
            "query($area: String!, $on: LocalDate, $known: DateTime) {{ board(area: $area, on: $on, knownAt: $known) {{ version {of} }} }}"
        );
        let read = |known: Option<&str>| {
            self.ask(&query, &json!({ "area": area, "on": on, "known": known }))["board"].clone()
        };
        let now = "SELECT to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS text FROM change";
        let (before, known, dump) = (read(None), database.text(now), database.dump());
        let mut dry = input.clone();
        dry["dryRun"] = json!(true);
        let tried = self.send(mutation, &dry);
        assert_eq!(
            (&tried["userErrors"], &tried["dryRun"]),
            (&json!([]), &json!(true)),
            "{mutation}: {tried}"
        );
        assert!(database.dump() == dump, "{mutation}: a dry run wrote something");
        assert_eq!(read(None), before, "{mutation}");
        let mut real = input;
        real["expectedVersion"] = before["version"].clone();
        let payload = self.send(mutation, &real);
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        assert_eq!(payload["changedFindings"], tried["changedFindings"], "{mutation}");
        assert_eq!(payload["board"]["slug"], area, "{mutation}");
        let after = read(None);
        assert_eq!(
            (&after["version"], &payload["directoryVersion"]),
            (&payload["board"]["version"], &payload["board"]["version"])
        );
        assert_ne!(after, before, "{mutation}");
        assert_eq!(read(Some(&known)), before, "{mutation}: what was known before has changed");
        Did { before, after, payload }
    }

    /// Is refused for one reason: code, field and rule. Nothing is written.
    fn refused(&self, mutation: &str, input: Value, (code, field, rule): (&str, &str, Option<&str>)) {
        let versions = self.versions();
        let payload = self.send(mutation, &input);
        let what = format!("{mutation} with {input}: {payload}");
        let errors = payload["userErrors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{what}");
        let told = (errors[0]["code"].as_str(), errors[0]["field"].as_str(), errors[0]["rule"].as_str());
        assert_eq!(told, (Some(code), Some(field), rule), "{what}");
        assert!(errors[0]["message"].as_str().is_some_and(|text| text.len() > 20), "{what}");
        assert_eq!((&payload["board"], self.versions()), (&Value::Null, versions), "{what}");
    }
}

/// What a change makes a rule say: the first day, what it said, and what it says.
fn found(payload: &Value, rule: &str) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("nothing").to_owned();
    let changes = payload["changedFindings"].as_array().expect("findings").iter();
    changes
        .filter(|change| change["after"]["rule"]["id"] == rule)
        .map(|change| (text(&change["on"]), text(&change["before"]), text(&change["after"]["verdict"])))
        .collect()
}

fn turn(on: &str, before: &str, after: &str) -> (String, String, String) {
    (on.to_owned(), before.to_owned(), after.to_owned())
}

const CHAIR: &str = "chairState chair { since person { key } } deputyChairs { person { key } }";

#[test]
fn a_deputy_of_the_chair_becomes_chair_and_both_offices_end_the_day_before() {
    let it = changing(&["merseyside"]);
    let input = json!({ "board": "merseyside", "person": "example-person-265", "from": "2015-01-01" });
    let did = it.does("replaceChair", input, ("merseyside", "2015-01-01"), CHAIR);
    assert_eq!(did.before["chair"]["person"]["key"], "example-person-267");
    assert_eq!(did.before["deputyChairs"][0]["person"]["key"], "example-person-265");
    assert_eq!(
        did.after["chair"],
        json!({ "since": "2015-01-01", "person": { "key": "example-person-265" } })
    );
    assert_eq!((&did.after["deputyChairs"], &did.after["chairState"]), (&json!([]), &json!("HELD")));
    assert_eq!(did.payload["board"]["view"]["on"], "2015-01-01");
    let query = format!("{{ board(area: \"merseyside\", on: \"2014-12-31\") {{ {CHAIR} }} }}");
    let eve = &it.ask(&query, &json!({}))["board"];
    assert_eq!(eve["chair"]["person"]["key"], "example-person-267");
    assert_eq!(eve["deputyChairs"][0]["person"]["key"], "example-person-265");
}

#[test]
fn that_nobody_chairs_is_recorded_as_such_and_found() {
    let it = changing(&["merseyside"]);
    let input =
        json!({ "board": "merseyside", "nobody": true, "from": "2014-11-01", "lastDay": "2014-12-31" });
    let did = it.does("replaceChair", input, ("merseyside", "2014-11-01"), CHAIR);
    assert_eq!((&did.after["chairState"], &did.after["chair"]), (&json!("VACANT"), &Value::Null));
    assert_eq!(found(&did.payload, "G-08a")[0], turn("2014-11-01", "MET", "NOT_MET"));
    // Put right under the same first day.
    let input = json!({ "board": "merseyside", "person": "example-person-269", "from": "2014-11-01" });
    let did = it.does("replaceChair", input, ("merseyside", "2020-01-01"), CHAIR);
    assert_eq!(
        (&did.before["chairState"], &did.after["chairState"]),
        (&json!("NOT_RECORDED"), &json!("HELD"))
    );
}

#[test]
fn a_chair_who_begins_later_is_not_overwritten() {
    let it = changing(&["merseyside"]);
    let board = ("merseyside", "2016-04-01");
    it.does(
        "replaceChair",
        json!({ "board": "merseyside", "person": "example-person-269", "from": "2016-04-01" }),
        board,
        CHAIR,
    );
    let early = json!({ "board": "merseyside", "person": "example-person-265", "from": "2015-06-01" });
    it.refused("replaceChair", early, ("OVERLAP", "lastDay", None));
    let until = |last: &str| json!({ "board": "merseyside", "person": "example-person-265", "from": "2015-06-01", "lastDay": last });
    it.refused("replaceChair", until("2016-04-01"), ("OVERLAP", "lastDay", None));
    let did = it.does("replaceChair", until("2016-03-31"), ("merseyside", "2016-03-31"), CHAIR);
    assert_eq!(did.after["chair"]["person"]["key"], "example-person-265");
}

#[test]
fn what_cannot_be_of_chairs_and_deputies_is_refused() {
    let it = changing(&["merseyside", "kent"]);
    let chair = |extra: Value| with(json!({ "board": "merseyside", "from": "2015-01-01" }), extra);
    it.refused("replaceChair", chair(json!({})), ("INVALID_VALUE", "person", None));
    it.refused(
        "replaceChair",
        chair(json!({ "person": "example-person-265", "nobody": true })),
        ("INVALID_VALUE", "person", None),
    );
    it.refused(
        "replaceChair",
        chair(json!({ "person": "nobody-known" })),
        ("UNKNOWN_PERSON", "person", None),
    );
    it.refused(
        "replaceChair",
        chair(json!({ "nobody": true, "lastDay": "2014-12-31" })),
        ("END_BEFORE_START", "lastDay", None),
    );
    it.refused(
        "replaceChair",
        chair(json!({ "nobody": true, "from": "1999-01-01" })),
        ("DATE_OUT_OF_SCOPE", "from", None),
    );
    // No board has the slug, so nobody looks after it.
    it.refused(
        "replaceChair",
        chair(json!({ "nobody": true, "board": "atlantis" })),
        ("FORBIDDEN", "input", None),
    );
    it.refused(
        "replaceChair",
        chair(json!({ "nobody": true, "board": "essex" })),
        ("FORBIDDEN", "input", None),
    );
    // Their chair goes on until the same day.
    let same = json!({ "person": "example-person-267", "lastDay": "2016-03-31" });
    it.refused("replaceChair", chair(same), ("NOTHING_TO_CHANGE", "from", None));
    // Norfolk's governor was recorded twice, and is known by the other key.
    it.refused(
        "replaceChair",
        chair(json!({ "person": "example-person-308" })),
        ("PERSON_MERGED", "person", None),
    );
    let deputy = |extra: Value| {
        with(json!({ "board": "merseyside", "from": "2015-01-01", "person": "example-person-269" }), extra)
    };
    it.refused("recordDeputy", deputy(json!({ "mayCommit": true })), ("INVALID_VALUE", "mayCommit", None));
    it.refused(
        "recordDeputy",
        deputy(json!({ "person": "example-person-267" })),
        ("OVERLAP", "person", None),
    );
    it.refused("recordDeputy", deputy(json!({ "seat": "throne" })), ("UNKNOWN_SEAT", "seat", None));
    it.refused(
        "recordDeputy",
        deputy(json!({ "seat": "probation-division" })),
        ("SEAT_CLOSED", "seat", None),
    );
    let same = json!({ "seat": "police", "person": "example-person-266", "mayCommit": true });
    it.refused("recordDeputy", deputy(same), ("NOTHING_TO_CHANGE", "from", None));
}

#[test]
fn deputies_of_the_chair_and_of_a_holder_are_recorded() {
    let it = changing(&["merseyside"]);
    let input = json!({ "board": "merseyside", "person": "example-person-269", "from": "2015-01-01" });
    let did = it.does("recordDeputy", input, ("merseyside", "2015-01-01"), CHAIR);
    assert_eq!(did.after["deputyChairs"].as_array().map(Vec::len), Some(2));
    // The deputy for the police ends as such, and another follows.
    let of = "seats { slug deputies { person { key } mayCommit } }";
    let ends = json!({ "board": "merseyside", "seat": "police", "person": "example-person-266", "from": "2012-09-01",
        "lastDay": "2014-12-31", "mayCommit": true });
    let did = it.does("recordDeputy", ends, ("merseyside", "2015-01-01"), of);
    let of_police = |board: &Value| {
        board["seats"]
            .as_array()
            .expect("seats")
            .iter()
            .find(|seat| seat["slug"] == "police")
            .expect("a seat")["deputies"]
            .clone()
    };
    assert_eq!(
        of_police(&did.before),
        json!([{ "person": { "key": "example-person-266" }, "mayCommit": true }])
    );
    assert_eq!(of_police(&did.after), json!([]));
    let next = json!({ "board": "merseyside", "seat": "police", "person": "example-person-273", "from": "2015-01-01" });
    let did = it.does("recordDeputy", next, ("merseyside", "2015-01-01"), of);
    assert_eq!(
        of_police(&did.after),
        json!([{ "person": { "key": "example-person-273" }, "mayCommit": null }])
    );
}

const SEATS: &str = "seats { slug basis title state body { slug } period { from lastDay } }";

fn seat<'b>(board: &'b Value, slug: &str) -> Option<&'b Value> {
    board["seats"].as_array().expect("seats").iter().find(|seat| seat["slug"] == slug)
}

#[test]
fn a_seat_is_added_and_a_vacancy_recorded_in_it() {
    let it = changing(&["merseyside"]);
    let input = json!({ "board": "merseyside", "seat": "merseyside-crc", "basis": "INVITED_PARTNER", "title": "Rehabilitation company",
        "body": { "kind": "CRC", "slug": "merseyside" }, "from": "2014-07-01" });
    let did = it.does("addSeat", input, ("merseyside", "2014-07-01"), SEATS);
    assert_eq!(seat(&did.before, "merseyside-crc"), None);
    let added = seat(&did.after, "merseyside-crc").expect("the seat");
    assert_eq!((&added["basis"], &added["state"]), (&json!("INVITED_PARTNER"), &json!("NOT_RECORDED")));
    assert_eq!(
        (&added["body"]["slug"], &added["period"]["from"]),
        (&json!("merseyside"), &json!("2014-07-01"))
    );
    assert_eq!(did.payload["seats"], json!([{ "slug": "merseyside-crc" }]));
    let input = json!({ "board": "merseyside", "seat": "merseyside-crc", "from": "2014-08-01", "lastDay": "2014-09-30" });
    let did = it.does("recordVacancy", input, ("merseyside", "2014-08-01"), SEATS);
    assert_eq!(seat(&did.after, "merseyside-crc").expect("the seat")["state"], "VACANT");
    // The same vacancy goes on: one fact with another last day.
    let input = json!({ "board": "merseyside", "seat": "merseyside-crc", "from": "2014-09-15" });
    let of = "seats { slug state since }";
    let did = it.does("recordVacancy", input, ("merseyside", "2014-11-01"), of);
    assert_eq!(seat(&did.after, "merseyside-crc").expect("the seat")["since"], "2014-08-01");
}

#[test]
fn a_vacant_seat_of_a_lay_adviser_makes_the_board_one_short_from_that_day_on() {
    let it = changing(&["merseyside"]);
    // The term ends on 31 December 2015, and what follows is not recorded.
    let input = json!({ "board": "merseyside", "seat": "lay-adviser-1", "from": "2016-01-15", "lastDay": "2016-02-29" });
    let did = it.does("recordVacancy", input, ("merseyside", "2016-01-15"), "seats { slug state }");
    assert_eq!(seat(&did.after, "lay-adviser-1").expect("the seat")["state"], "VACANT");
    let due = [turn("2016-01-15", "NOT_RECORDED", "NOT_MET")];
    assert_eq!(found(&did.payload, "G-10"), due);
}

#[test]
fn a_seat_that_closes_ends_what_runs_beyond_it_where_that_is_asked_for() {
    let it = changing(&["merseyside", "bedfordshire"]);
    let close = json!({ "board": "merseyside", "seat": "lay-adviser-1", "lastDay": "2014-12-31" });
    it.refused("closeSeat", close.clone(), ("SEAT_CLOSED", "lastDay", Some("G-34a")));
    let query = "seats { slug holder { person { key } } } person: slug";
    let did = it.does(
        "closeSeat",
        with(close, json!({ "endAppointments": true })),
        ("merseyside", "2015-01-01"),
        query,
    );
    assert!(seat(&did.before, "lay-adviser-1").is_some() && seat(&did.after, "lay-adviser-1").is_none());
    assert_eq!(did.payload["persons"], json!([{ "key": "example-person-271" }]));
    assert_eq!(did.payload["board"]["view"]["on"], "2015-01-01");
    // One lay adviser's seat is left, so that two are not on record any more; a seat that is gone is no vacant one, and the
    // change is made whatever is found.
    assert_eq!(found(&did.payload, "G-10")[0], turn("2015-01-01", "MET", "NOT_RECORDED"));
    let reason = it.service.database.text(
        "SELECT end_reason || ' ' || upper(a.valid)::text AS text FROM appointment a JOIN person p ON p.id = a.person_id \
         WHERE p.key = 'example-person-271' AND upper_inf(a.recorded)",
    );
    assert_eq!(reason, "SEAT_ENDED 2015-01-01");
    // A vacancy and deputies beyond the day are cut.
    let close = json!({ "board": "bedfordshire", "seat": "lay-adviser-2", "lastDay": "2014-10-31" });
    it.does("closeSeat", close, ("bedfordshire", "2014-11-01"), SEATS);
    let vacancy = "SELECT upper(v.valid)::text AS text FROM vacancy v JOIN seat s ON s.id = v.seat_id JOIN board b ON b.id = s.board_id \
        WHERE b.slug = 'bedfordshire' AND s.slug = 'lay-adviser-2' AND upper_inf(v.recorded)";
    assert_eq!(it.service.database.text(vacancy), "2014-11-01");
    let close = json!({ "board": "bedfordshire", "seat": "police", "lastDay": "2014-10-31", "endAppointments": true });
    it.does("closeSeat", close, ("bedfordshire", "2014-11-01"), SEATS);
    let deputy = "SELECT upper(v.valid)::text AS text FROM deputy v JOIN seat s ON s.id = v.seat_id JOIN board b ON b.id = s.board_id \
        WHERE b.slug = 'bedfordshire' AND s.slug = 'police' AND upper_inf(v.recorded)";
    assert_eq!(it.service.database.text(deputy), "2014-11-01");
}

#[test]
fn what_cannot_be_of_seats_is_refused() {
    let it = changing(&["merseyside", "bedfordshire"]);
    let add = |extra: Value| {
        with(
            json!({ "board": "merseyside", "seat": "new", "basis": "DTC", "title": "A seat", "from": "2014-07-01" }),
            extra,
        )
    };
    it.refused("addSeat", add(json!({ "seat": "police" })), ("ALREADY_THERE", "seat", None));
    it.refused("addSeat", add(json!({ "seat": "probation-trust" })), ("ALREADY_THERE", "seat", None));
    for slug in ["", "New", "new--seat", "-new", "new seat", "n\u{e9}w", "../x"] {
        it.refused("addSeat", add(json!({ "seat": slug })), ("INVALID_VALUE", "seat", None));
    }
    it.refused("addSeat", add(json!({ "title": " " })), ("INVALID_VALUE", "title", None));
    it.refused("addSeat", add(json!({ "title": "a".repeat(201) })), ("INVALID_VALUE", "title", None));
    let company = json!({ "kind": "CRC", "slug": "merseyside" });
    for basis in ["RA_POLICE", "RA_PROBATION", "RA_PRISON", "DTC"] {
        let of_company = add(json!({ "basis": basis, "body": company }));
        it.refused("addSeat", of_company, ("COMPANY_IN_STATUTORY_SEAT", "body", Some("G-25a")));
    }
    it.refused(
        "addSeat",
        add(json!({ "basis": "LAY_ADVISER", "body": company })),
        ("INVALID_VALUE", "body", None),
    );
    it.refused(
        "addSeat",
        add(json!({ "body": { "kind": "AGENCY", "slug": "none" } })),
        ("UNKNOWN_ORGANISATION", "body", None),
    );
    it.refused(
        "addSeat",
        add(json!({ "body": { "kind": "CLUB", "slug": "none" } })),
        ("UNKNOWN_ORGANISATION", "body", None),
    );
    let close = |seat: &str, last: &str| json!({ "board": "merseyside", "seat": seat, "lastDay": last });
    it.refused("closeSeat", close("throne", "2014-12-31"), ("UNKNOWN_SEAT", "seat", None));
    it.refused("closeSeat", close("police", "2004-04-04"), ("SEAT_CLOSED", "lastDay", None));
    it.refused("closeSeat", close("probation-trust", "2014-06-01"), ("SEAT_CLOSED", "lastDay", None));
    it.refused("closeSeat", close("probation-trust", "2014-05-31"), ("NOTHING_TO_CHANGE", "lastDay", None));
    let vacant = |board: &str, seat: &str, from: &str| json!({ "board": board, "seat": seat, "from": from });
    it.refused("recordVacancy", vacant("merseyside", "police", "2014-12-31"), ("OVERLAP", "from", None));
    it.refused(
        "recordVacancy",
        vacant("merseyside", "probation-division", "2018-01-01"),
        ("SEAT_CLOSED", "from", None),
    );
    it.refused(
        "recordVacancy",
        vacant("bedfordshire", "lay-adviser-2", "2014-09-01"),
        ("NOTHING_TO_CHANGE", "from", None),
    );
}

#[test]
fn memoranda_and_plans_follow_each_other() {
    let it = changing(&["merseyside"]);
    let of = "memoranda { location period { from lastDay } } businessPlans { period { from lastDay } }";
    let input =
        json!({ "board": "merseyside", "from": "2014-10-01", "url": "https://example.org/memorandum" });
    let did = it.does("recordMemorandum", input, ("merseyside", "2014-11-01"), of);
    let due = json!([
        { "location": "https://example.org/mappa/merseyside/memorandum/2012-04-01", "period": { "from": "2012-04-01", "lastDay": "2014-09-30" } },
        { "location": "https://example.org/memorandum", "period": { "from": "2014-10-01", "lastDay": null } },
    ]);
    assert_eq!(did.after["memoranda"], due);
    assert_eq!(did.after["businessPlans"], did.before["businessPlans"]);
    // A plan that was to hold until March 2015 is put right: it ran out, which is found.
    let input = json!({ "board": "merseyside", "kind": "BUSINESS_PLAN", "from": "2014-04-01", "lastDay": "2014-12-31" });
    let did = it.does("recordMemorandum", input, ("merseyside", "2014-11-01"), of);
    assert_eq!(did.after["businessPlans"][1]["period"]["lastDay"], "2014-12-31");
    assert_eq!(found(&did.payload, "G-33")[0], turn("2015-01-01", "MET", "NOT_MET"));
    let wrong = |url: &str| json!({ "board": "merseyside", "from": "2015-01-01", "url": url });
    for url in
        ["ftp://example.org/", "javascript:alert(1)", "https://user:secret@example.org/", "https://", ""]
    {
        it.refused("recordMemorandum", wrong(url), ("INVALID_VALUE", "url", None));
    }
    it.refused(
        "recordMemorandum",
        wrong(&format!("https://example.org/{}", "a".repeat(481))),
        ("INVALID_VALUE", "url", None),
    );
    it.refused(
        "recordMemorandum",
        json!({ "board": "merseyside", "from": "2014-09-01" }),
        ("OVERLAP", "lastDay", None),
    );
    let same =
        json!({ "board": "merseyside", "from": "2014-10-01", "url": "https://example.org/memorandum" });
    it.refused("recordMemorandum", same, ("NOTHING_TO_CHANGE", "from", None));
}

#[test]
fn an_approval_is_not_cut_while_a_third_lay_adviser_needs_it() {
    let it = changing(&["cambridgeshire", "merseyside"]);
    // Three sit until the end of 2015; the approval holds until the end of 2016.
    let until = |from: &str, last: &str| json!({ "board": "cambridgeshire", "from": from, "lastDay": last });
    let cap = ("LAY_ADVISER_CAP", "seat", Some("G-12"));
    it.refused("recordApproval", until("2014-01-01", "2015-12-30"), cap);
    it.refused("recordApproval", until("2015-01-01", "2015-06-30"), cap);
    let of = "approvals { period { from lastDay } }";
    let did =
        it.does("recordApproval", until("2014-01-01", "2015-12-31"), ("cambridgeshire", "2014-11-01"), of);
    assert_eq!(
        did.after["approvals"],
        json!([{ "period": { "from": "2014-01-01", "lastDay": "2015-12-31" } }])
    );
    // With an approval a third may sit elsewhere too.
    let third = json!({ "board": "merseyside", "seat": "lay-adviser-3", "basis": "LAY_ADVISER", "title": "Lay adviser", "from": "2014-11-01" });
    it.does("addSeat", third, ("merseyside", "2014-11-01"), SEATS);
    let person = "example-person-270";
    let appoint = json!({ "board": "merseyside", "seat": "lay-adviser-3", "person": person, "from": "2014-11-01", "lastDay": "2015-10-31" });
    it.refused("appointMember", appoint.clone(), cap);
    it.does(
        "recordApproval",
        json!({ "board": "merseyside", "from": "2014-11-01" }),
        ("merseyside", "2014-11-01"),
        of,
    );
    it.does("appointMember", appoint, ("merseyside", "2014-11-01"), SEATS);
}

#[test]
fn an_annual_report_is_recorded_and_put_right() {
    let it = changing(&["merseyside"]);
    let of = "annualReports { year publishedOn }";
    let report = |extra: Value| with(json!({ "board": "merseyside", "year": 2014 }), extra);
    let did = it.does(
        "recordAnnualReport",
        report(json!({ "publishedOn": "2015-10-20" })),
        ("merseyside", "2015-12-01"),
        of,
    );
    assert_eq!(
        did.after["annualReports"].as_array().and_then(|all| all.last()),
        Some(&json!({ "year": 2014, "publishedOn": "2015-10-20" }))
    );
    it.refused(
        "recordAnnualReport",
        report(json!({ "publishedOn": "2015-10-20" })),
        ("NOTHING_TO_CHANGE", "year", None),
    );
    let did = it.does(
        "recordAnnualReport",
        report(json!({ "notPublished": true })),
        ("merseyside", "2015-12-01"),
        of,
    );
    assert_eq!(did.after["annualReports"].as_array().map(Vec::len), Some(3));
    assert_eq!(did.after["annualReports"][2], json!({ "year": 2014, "publishedOn": null }));
    assert!(found(&did.payload, "G-31a").iter().any(|(_, _, after)| after == "NOT_MET"), "{}", did.payload);
    it.refused("recordAnnualReport", report(json!({})), ("INVALID_VALUE", "publishedOn", None));
    let both = json!({ "publishedOn": "2015-10-20", "notPublished": true });
    it.refused("recordAnnualReport", report(both), ("INVALID_VALUE", "notPublished", None));
    let nowhere = json!({ "notPublished": true, "url": "https://example.org/" });
    it.refused("recordAnnualReport", report(nowhere), ("INVALID_VALUE", "url", None));
    it.refused(
        "recordAnnualReport",
        report(json!({ "publishedOn": "2014-03-31" })),
        ("INVALID_VALUE", "publishedOn", None),
    );
    it.refused(
        "recordAnnualReport",
        report(json!({ "publishedOn": "2190-01-01" })),
        ("DATE_OUT_OF_SCOPE", "publishedOn", None),
    );
    for year in [2000, 2190, i32::MAX, i32::MIN] {
        let of_year = report(json!({ "year": year, "notPublished": true }));
        it.refused("recordAnnualReport", of_year, ("DATE_OUT_OF_SCOPE", "year", None));
    }
}

#[test]
fn a_meeting_is_recorded_with_the_seats_of_its_day() {
    let it = changing(&["merseyside"]);
    let of = "meetings { on isChaired attendance { seat attendance } }";
    let at = |day: &str, attendance: Value| json!({ "board": "merseyside", "heldOn": day, "isChaired": true, "attendance": attendance });
    let there =
        json!([{ "seat": "police", "attendance": "PRESENT" }, { "seat": "prison", "attendance": "DEPUTY" }]);
    let did = it.does("recordMeeting", at("2014-10-21", there.clone()), ("merseyside", "2014-11-01"), of);
    let newest = did.after["meetings"].as_array().and_then(|all| all.last()).expect("a meeting");
    assert_eq!(
        (&newest["on"], &newest["isChaired"], &newest["attendance"]),
        (&json!("2014-10-21"), &json!(true), &there)
    );
    // A seat that begins with the restructure begins on 1 April by the published calendar, and what it did then is shown.
    let division = json!([{ "seat": "probation-division", "attendance": "ABSENT" }]);
    let did = it.does("recordMeeting", at("2014-04-15", division.clone()), ("merseyside", "2014-11-01"), of);
    let meetings = did.after["meetings"].as_array().expect("meetings");
    let then = meetings.iter().find(|meeting| meeting["on"] == "2014-04-15").expect("the meeting");
    assert_eq!(then["attendance"], division);
    let refused = |day: &str, attendance: Value, due| it.refused("recordMeeting", at(day, attendance), due);
    refused("2014-09-16", json!([]), ("OVERLAP", "heldOn", None));
    refused("2190-01-01", json!([]), ("DATE_OUT_OF_SCOPE", "heldOn", None));
    let one = |seat: &str| json!([{ "seat": seat, "attendance": "ABSENT" }]);
    refused("2014-10-22", one("throne"), ("UNKNOWN_SEAT", "attendance", None));
    refused("2014-10-22", one("probation-trust"), ("SEAT_CLOSED", "attendance", None));
    let twice =
        json!([{ "seat": "police", "attendance": "PRESENT" }, { "seat": "police", "attendance": "ABSENT" }]);
    refused("2014-10-22", twice, ("INVALID_VALUE", "attendance", None));
    refused("2014-10-22", json!(vec![one("police")[0].clone(); 101]), ("INVALID_VALUE", "attendance", None));
}

#[test]
fn a_review_is_recorded_and_put_right() {
    let it = changing(&["merseyside"]);
    let of = "reviews { on consultedLayAdvisers }";
    let review = |consulted: Value| json!({ "board": "merseyside", "heldOn": "2014-10-01", "consultedLayAdvisers": consulted });
    let did = it.does("recordReview", review(json!(false)), ("merseyside", "2014-11-01"), of);
    assert_eq!(did.after["reviews"][1], json!({ "on": "2014-10-01", "consultedLayAdvisers": false }));
    assert!(
        found(&did.payload, "G-32b")
            .iter()
            .any(|(on, _, after)| (on.as_str(), after.as_str()) == ("2014-10-01", "NOT_MET")),
        "{}",
        did.payload
    );
    it.refused("recordReview", review(json!(false)), ("NOTHING_TO_CHANGE", "heldOn", None));
    let did = it.does("recordReview", review(json!(true)), ("merseyside", "2014-11-01"), of);
    assert_eq!(did.after["reviews"].as_array().map(Vec::len), Some(2));
    it.refused(
        "recordReview",
        json!({ "board": "merseyside", "heldOn": "2190-01-01" }),
        ("DATE_OUT_OF_SCOPE", "heldOn", None),
    );
}

#[test]
fn a_declaration_takes_the_place_of_the_one_before() {
    let it = changing(&["merseyside"]);
    let declare = |extra: Value| {
        let usual = json!({ "person": "example-person-271", "board": "merseyside", "kind": "INDEPENDENT", "holds": false,
            "declaredBy": "COORDINATOR", "from": "2014-10-01" });
        with(usual, extra)
    };
    let of = "findings(rule: \"G-15\") { verdict }";
    let did = it.does("recordDeclaration", declare(json!({})), ("merseyside", "2014-11-01"), of);
    let says = |board: &Value| {
        board["findings"].as_array().expect("findings").iter().any(|it| it["verdict"] == "NOT_MET")
    };
    assert_eq!((says(&did.before), says(&did.after)), (false, true));
    assert_eq!(found(&did.payload, "G-15")[0], turn("2014-10-01", "MET", "NOT_MET"));
    let rows = "SELECT count(*)::text AS text FROM declaration d JOIN person p ON p.id = d.person_id \
        WHERE p.key = 'example-person-271' AND d.kind = 'INDEPENDENT' AND upper_inf(d.recorded)";
    assert_eq!(it.service.database.text(rows), "2");
    it.refused("recordDeclaration", declare(json!({})), ("NOTHING_TO_CHANGE", "from", None));
    it.refused("recordDeclaration", declare(json!({ "from": "2014-09-01" })), ("OVERLAP", "lastDay", None));
    // A member of Cheshire's board: a declaration would open the name to the administrators of this one.
    let stranger = declare(json!({ "person": "example-person-038" }));
    it.refused("recordDeclaration", stranger, ("INVALID_VALUE", "person", None));
    it.refused(
        "recordDeclaration",
        declare(json!({ "person": "nobody-known" })),
        ("UNKNOWN_PERSON", "person", None),
    );
    it.refused(
        "recordDeclaration",
        declare(json!({ "person": "example-person-308" })),
        ("PERSON_MERGED", "person", None),
    );
}

#[test]
fn a_board_is_confirmed_by_whoever_sends_the_request() {
    let it = changing(&["merseyside"]);
    let attest = |extra: Value| with(json!({ "board": "merseyside", "confirmedOn": "2014-10-31" }), extra);
    let of = "confirmedOn seats { slug confirmedOn }";
    let did = it.does("attestBoard", attest(json!({ "subject": "BOARD" })), ("merseyside", "2014-11-01"), of);
    assert_eq!(
        (&did.before["confirmedOn"], &did.after["confirmedOn"]),
        (&json!("2014-10-15"), &json!("2014-10-31"))
    );
    let did = it.does(
        "attestBoard",
        attest(json!({ "subject": "SEAT", "seat": "police", "confirmedOn": "2014-11-01" })),
        ("merseyside", "2014-11-01"),
        of,
    );
    assert_eq!(seat(&did.after, "police").expect("a seat")["confirmedOn"], "2014-11-01");
    let by = it
        .service
        .database
        .texts("SELECT DISTINCT confirmed_by AS text FROM attestation a WHERE lower(recorded) > 2");
    let actor = it.service.database.text("SELECT actor AS text FROM change ORDER BY version DESC LIMIT 1");
    assert_eq!(by, [actor]);
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "BOARD" })),
        ("NOTHING_TO_CHANGE", "confirmedOn", None),
    );
    it.refused("attestBoard", attest(json!({ "subject": "SEAT" })), ("INVALID_VALUE", "seat", None));
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "AGENCIES", "seat": "police" })),
        ("INVALID_VALUE", "seat", None),
    );
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "SEAT", "seat": "throne" })),
        ("UNKNOWN_SEAT", "seat", None),
    );
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "SEAT", "seat": "probation-trust" })),
        ("SEAT_CLOSED", "seat", None),
    );
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "BOARD", "confirmedOn": "2190-01-01" })),
        ("DATE_OUT_OF_SCOPE", "confirmedOn", None),
    );
    it.refused(
        "attestBoard",
        attest(json!({ "subject": "AGENCIES", "expectedVersion": 1 })),
        ("STALE_VERSION", "expectedVersion", None),
    );
}

#[test]
fn a_change_names_nobody_even_to_those_who_may_see_the_names() {
    let it = changing(&["merseyside"]);
    let name = "person { key name { name state } }";
    let query = format!(
        "mutation {{ replaceChair(input: {{ board: \"merseyside\", person: \"example-person-269\", from: \"2015-01-01\" }}) {{
            userErrors {{ code }} persons {{ name {{ name state }} }} board {{ chair {{ {name} }} seats {{ holder {{ {name} }} }} }} }} }}"
    );
    let payload = it.ask(&query, &json!({}))["replaceChair"].clone();
    assert_eq!(payload["board"]["chair"]["person"]["key"], "example-person-269");
    let text = payload.to_string();
    assert!(!text.contains("Example Person") && !text.contains("SHOWN") && text.contains("HIDDEN"), "{text}");
    // In a query the same caller is told.
    let query = format!("{{ board(area: \"merseyside\", on: \"2015-01-01\") {{ chair {{ {name} }} }} }}");
    assert_eq!(it.ask(&query, &json!({}))["board"]["chair"]["person"]["name"]["state"], "SHOWN");
}

#[test]
fn an_organisation_tells_the_version_of_its_last_change() {
    let it = changing(&["merseyside"]);
    let query = "{ policeForce(slug: \"merseyside-police\") { version } agency(slug: \"sefton-council\") { version } board(area: \"kent\") { version } }";
    let found = it.ask(query, &json!({}));
    // Version 1 is the seed, version 2 the example set, which fills boards and adds agencies of its own.
    assert_eq!((&found["policeForce"]["version"], &found["agency"]["version"]), (&json!(1), &json!(1)));
    assert_eq!(found["board"]["version"], 2);
}

/// An input with some fields replaced.
fn with(mut input: Value, extra: Value) -> Value {
    for (name, value) in extra.as_object().expect("fields") {
        input[name] = value.clone();
    }
    input
}
