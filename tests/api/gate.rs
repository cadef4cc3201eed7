//! The gate over HTTP: documents that keep failing, errors that tell little, trusted documents, and answers that are
//! kept and never outlive what they were made from.

use crate::seed::{SeedFolder, load};
use crate::support::client::Reply;
use crate::support::database::RUNTIME;
use crate::support::{TestDatabase, TestService};
use chrono::{DateTime, TimeDelta, Utc};
use probation_directory::clock::Clock;
use probation_directory::graphql::{Gate, Limits, Trust, Trusted};
use probation_directory::http::{DirectoryDay, Service};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Arc, Mutex};

const VERSION: &str = "{ directory { version } }";

fn operation(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql/operations");
    std::fs::read_to_string(folder.join(format!("{name}.graphql"))).expect("an operation")
}

fn id_of(document: &str) -> String {
    let digest: String = Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}")
}

fn code(reply: &Reply) -> String {
    reply.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

fn with_gate(gate: Gate) -> TestService {
    TestService::start_with(TestDatabase::seeded(), |service| Service { gate, ..service })
}

fn kept_answers(service: &TestService) -> u64 {
    figure(service, "directory_kept_answers_total")
}

fn figure(service: &TestService, name: &str) -> u64 {
    let text = String::from_utf8(service.client.send("GET", "/metrics", &[], b"").body).expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|number| number.parse().ok()).expect("a figure")
}

#[test]
fn a_document_that_panics_three_times_is_blocked_and_no_other() {
    let service = TestService::seeded();
    // juniper panics on a variable of an unknown type that has a default.
    let ask = |name: &str| {
        service.client.post(&json!({ "query": format!("query($v: {name} = 1) {{ __typename }}") }))
    };
    for _ in 0..3 {
        let reply = ask("Zz");
        assert_eq!((reply.status, code(&reply).as_str()), (500, "INTERNAL"));
    }
    for _ in 0..2 {
        let reply = ask("Zz");
        assert_eq!((reply.status, code(&reply).as_str()), (200, "DOCUMENT_BLOCKED"));
    }
    assert_eq!(code(&ask("Zy")), "INTERNAL");
    assert!(service.client.data(VERSION, json!({}))["directory"]["version"].is_i64());
}

#[test]
fn a_document_that_takes_too_long_three_times_is_blocked_though_it_is_kept() {
    // No document is answered in no time at all.
    let limits = Limits { milliseconds: 0, ..Limits::KEPT };
    let service = with_gate(Gate::with_limits(Trusted::of_the_project(), limits));
    let query = "query($slug: String!) { mappaAreas(first: 100) { nodes { slug codes { value: __typename } } } mappaArea(slug: $slug) { slug } }";
    let ask = |slug: &str| service.client.post(&json!({ "query": query, "variables": { "slug": slug } }));
    for slug in ["kent", "essex", "suffolk"] {
        assert_eq!(ask(slug).json()["data"]["mappaArea"]["slug"], json!(slug));
    }
    assert_eq!(code(&ask("norfolk")), "DOCUMENT_BLOCKED");
    assert_eq!(service.client.post(&json!({ "query": "{ __typename }" })).status, 200);
}

#[test]
fn at_most_ten_errors_are_told_each_short_and_none_repeats_what_was_sent() {
    const MARK: &str = "zqxzqxzqx";
    let client = TestService::shared().client;
    let many = |part: &str, count: usize| part.replace("MARK", MARK).repeat(count);
    let long = MARK.repeat(100);
    let fields = (0..10).map(|n| format!("f{n}: mappaArea(slug: \"\") {{ slug }} ")).collect::<String>();
    for (what, query, errors) in [
        ("fifty unknown fields", format!("{{ {} }}", many("MARK ", 50)), 10),
        ("fifty wrong texts", format!("{{ {} }}", many("mappaAreas(first: \"MARK\") { totalCount } ", 9)), 9),
        ("ten fields that fail", format!("{{ {fields} }}"), 10),
        ("a long name", format!("{{ {long} }}"), 1),
        ("a long type", format!("query($v: {long}) {{ __typename }}"), 2),
        ("a long text", format!("{{ mappaAreas(first: \"{long}\") {{ totalCount }} }}"), 1),
        ("a long fragment", format!("{{ ...{long} }}"), 1),
        ("a long directive", format!("{{ __typename @{long} }}"), 1),
    ] {
        let body = client.post(&json!({ "query": query })).json();
        let told = body["errors"].as_array().unwrap_or_else(|| panic!("{what}: {body}"));
        assert_eq!(told.len(), errors, "{what}: {body}");
        for error in told {
            let message = error["message"].as_str().unwrap_or_default();
            assert!((1..=200).contains(&message.chars().count()), "{what}: {error}");
        }
        assert!(!body.to_string().contains(MARK), "{what}: {body}");
    }
}

#[test]
fn an_operation_of_the_project_is_asked_for_by_its_hash() {
    let client = TestService::shared().client;
    let document = operation("Directory");
    let id = id_of(&document);
    let whole = client.post(&json!({ "query": document }));
    assert_eq!(whole.status, 200);
    for request in [json!({ "documentId": id }), json!({ "documentId": id, "operationName": "Directory" })] {
        assert_eq!(client.post(&request).body, whole.body, "{request}");
    }
    let path = format!("/graphql?documentId={}", id.replace(':', "%3A"));
    let got = client.send("GET", &path, &[], b"");
    assert_eq!((got.status, got.body), (200, whole.body));
    let areas = json!({ "documentId": id_of(&operation("Areas")), "variables": { "first": 1 } });
    assert_eq!(client.post(&areas).json()["data"]["mappaAreas"]["totalCount"], json!(42));
}

#[test]
fn every_operation_of_the_project_may_be_asked_for() {
    let variables = json!({
        "slug": "kent", "area": "kent", "code": "E08000014", "place": { "name": "Sefton" }, "places": [{ "name": "Kent" }],
        "case": { "on": "2014-11-01", "age": 34 }, "dates": ["2014-05-01", "2014-11-01"], "one": "z", "many": ["z"],
        "force": "kent", "packageArea": "wales", "division": "wales", "region": "wales",
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql/operations");
    let files = std::fs::read_dir(folder).expect("operations");
    for file in files.map(|file| file.expect("a file").path()) {
        let query = std::fs::read_to_string(&file).expect("an operation");
        let body =
            TestService::shared().client.post(&json!({ "query": query, "variables": variables })).json();
        assert!(body.get("errors").is_none() && body["data"].is_object(), "{}: {body}", file.display());
    }
}

#[test]
fn an_id_that_nobody_knows_is_not_found_and_a_query_beside_an_id_is_refused() {
    let client = TestService::shared().client;
    for id in ["", "x", "sha256:", &id_of(VERSION), &id_of(&operation("Directory"))[7..]] {
        let reply = client.post(&json!({ "documentId": id }));
        assert_eq!((reply.status, code(&reply).as_str()), (200, "PERSISTED_QUERY_NOT_FOUND"), "{id}");
        assert!(id.len() < 10 || !reply.json().to_string().contains(id), "{id}");
    }
    let both = client.post(&json!({ "query": VERSION, "documentId": id_of(&operation("Directory")) }));
    assert_eq!((both.status, code(&both).as_str()), (200, "BAD_REQUEST"));
    let other = json!({ "documentId": id_of(&operation("Directory")), "operationName": "Other" });
    assert_eq!(code(&client.post(&other)), "BAD_REQUEST");
}

#[test]
fn documents_are_taken_by_text_only_or_from_manifests_only_where_that_is_set() {
    let manifest =
        ("m.json".to_owned(), json!({ "mine": "query Mine { directory { version } }" }).to_string());
    let service =
        |trust| with_gate(Gate::new(Trusted::new(trust, std::slice::from_ref(&manifest)).expect("trusted")));
    let off = service(Trust::Off);
    assert_eq!(code(&off.client.post(&json!({ "documentId": "mine" }))), "BAD_REQUEST");
    assert_eq!(code(&off.client.post(&json!({ "query": VERSION }))), "");
    let only = service(Trust::Only);
    let (trusted, other) = (operation("Directory"), format!("{} ", operation("Directory")));
    for request in [
        json!({ "documentId": "mine" }),
        json!({ "documentId": id_of(&trusted) }),
        json!({ "query": trusted }),
    ] {
        assert_eq!(code(&only.client.post(&request)), "", "{request}");
    }
    for query in [other.as_str(), VERSION, "{ __schema { types { name } } }"] {
        assert_eq!(code(&only.client.post(&json!({ "query": query }))), "DOCUMENT_NOT_TRUSTED", "{query}");
    }
}

#[test]
fn an_answer_is_the_same_the_first_the_second_and_the_third_time() {
    let service = TestService::seeded();
    let ask = |request: &Value| service.client.post(request).body;
    for (nth, request) in [
        json!({ "query": VERSION }),
        json!({ "query": operation("Areas"), "variables": { "first": 5 } }),
        json!({ "query": "{ __schema { types { name } } }" }),
    ]
    .into_iter()
    .enumerate()
    {
        let answers = [ask(&request), ask(&request), ask(&request), ask(&request)];
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{request}");
        // Remembered the first time, kept the second, used from the third on.
        assert_eq!(kept_answers(&service), 2 * (nth as u64 + 1), "{request}");
    }
    let plain = |headers: &[(&str, &str)]| {
        let headers = [&[("content-type", "application/json")], headers].concat();
        service
            .client
            .send("POST", "/graphql", &headers, json!({ "query": VERSION }).to_string().as_bytes())
            .body
    };
    let before = kept_answers(&service);
    assert_eq!(plain(&[("directory-compiled-plans", "off")]), plain(&[]));
    assert_eq!(kept_answers(&service), before + 1);
}

#[test]
fn an_answer_to_an_address_is_never_taken_for_one_to_a_body() {
    let service = TestService::seeded();
    let (address, body) = ("query=%7B__typename%7D", "{\"query\":\"{__typename}\"}");
    let headers = [("content-type", "application/json")];
    for _ in 0..3 {
        assert_eq!(service.client.send("GET", &format!("/graphql?{address}"), &[], b"").status, 200);
        assert_eq!(service.client.send("POST", "/graphql", &headers, body.as_bytes()).status, 200);
    }
    let posted = service.client.send("POST", "/graphql", &headers, address.as_bytes());
    assert_eq!((posted.status, code(&posted).as_str()), (400, "BAD_REQUEST"));
    assert_eq!(service.client.send("GET", &format!("/graphql?{body}"), &[], b"").status, 400);
}

#[test]
fn nothing_is_kept_of_a_case() {
    let service = TestService::seeded();
    let case = json!({ "on": "2014-11-01", "residence": { "place": { "name": "Sefton" } }, "age": 34 });
    let many = "query($cases: [CaseInput!]!) { routeMany(cases: $cases) { outcome } }";
    let beside = "query($case: CaseInput!, $with: Boolean!) { route(case: $case) @include(if: $with) { outcome } __typename }";
    for request in [
        json!({ "query": operation("Route"), "variables": { "case": case } }),
        json!({ "query": many, "variables": { "cases": [case] } }),
        json!({ "query": beside, "variables": { "case": case, "with": false } }),
        json!({ "query": "{ route(case: { on: \"2014-11-01\", age: 34 }) { outcome } }" }),
        json!({ "query": "{ ...R } fragment R on Query { route(case: { on: \"2014-11-01\", age: 34 }) { outcome } }" }),
    ] {
        for _ in 0..4 {
            let reply = service.client.post(&request);
            assert_eq!((reply.status, code(&reply).as_str()), (200, ""), "{request}: {}", reply.json());
        }
    }
    assert_eq!(kept_answers(&service), 0);
}

#[test]
fn plans_are_turned_off_by_a_header_and_the_bytes_are_the_same() {
    let service = TestService::seeded();
    let planned = || figure(&service, "directory_planned_subtrees_total");
    let query = "query($p: PlaceInput!) { locate(place: $p) { mappaArea { name npsDivision { name } } } }";
    let body = json!({ "query": query, "variables": { "p": { "name": "Sefton" } } }).to_string();
    let ask = |headers: &[(&str, &str)]| {
        let all = [&[("content-type", "application/json")], headers].concat();
        let reply = service.client.send("POST", "/graphql", &all, body.as_bytes());
        assert_eq!(reply.status, 200);
        reply.body
    };
    let off = [("directory-compiled-plans", "off")];
    let usual = ask(&[]);
    assert_eq!(planned(), 1);
    assert_eq!(ask(&off), usual);
    assert_eq!(ask(&off), usual);
    assert_eq!((planned(), kept_answers(&service)), (1, 0));
    // Whole, by the plan that is there now.
    assert_eq!(ask(&[]), usual);
    assert_eq!(planned(), 2);
}

#[test]
fn nothing_is_kept_of_variables_that_no_document_declares() {
    let service = TestService::seeded();
    let case = json!({ "on": "2014-11-01", "residence": { "place": { "name": "Sefton" } }, "age": 34 });
    let query = "query($slug: String!) { mappaArea(slug: $slug) { name } }";
    for variables in [
        json!({ "slug": "kent", "case": case }),
        json!({ "slug": "kent", "x": 1 }),
        json!({ "slug": "kent", "Slug": "kent" }),
        json!({ "slug": "kent", "": null }),
    ] {
        for _ in 0..4 {
            let reply = service.client.post(&json!({ "query": query, "variables": variables }));
            assert_eq!(reply.json()["data"]["mappaArea"]["name"], json!("Kent"), "{variables}");
        }
        let variables: String = variables
            .to_string()
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        for _ in 0..4 {
            let path = format!("/graphql?query=%7B__typename%7D&variables={variables}");
            assert_eq!(service.client.send("GET", &path, &[], b"").status, 200);
        }
    }
    assert_eq!(kept_answers(&service), 0);
    // The same without them is kept.
    for _ in 0..4 {
        service.client.post(&json!({ "query": query, "variables": { "slug": "kent" } }));
    }
    assert_eq!(kept_answers(&service), 2);
}

#[test]
fn a_new_version_shows_at_once_though_answers_are_kept() {
    let service = TestService::seeded();
    let ask =
        || service.client.data("{ directory { version } mappaArea(slug: \"kent\") { name } }", json!({}));
    for _ in 0..4 {
        assert_eq!(ask(), json!({ "directory": { "version": 1 }, "mappaArea": { "name": "Kent" } }));
    }
    assert!(kept_answers(&service) > 0);
    let seed = SeedFolder::copy();
    let line = seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "kent")]);
    seed.set("names.csv", line, "name", "Kent and Medway");
    assert_eq!(load(&service.database, &seed).version, Some(2));
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
    for _ in 0..4 {
        assert_eq!(
            ask(),
            json!({ "directory": { "version": 2 }, "mappaArea": { "name": "Kent and Medway" } })
        );
    }
}

/// A clock that is set by hand.
struct SetClock(Mutex<DateTime<Utc>>);

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the time")
    }
}

#[test]
fn a_new_day_shows_at_once_though_answers_are_kept() {
    let start = DateTime::parse_from_rfc3339("2014-05-31T22:59:59Z").expect("an instant").with_timezone(&Utc);
    let clock = Arc::new(SetClock(Mutex::new(start)));
    let shared: Arc<dyn Clock> = Arc::<SetClock>::clone(&clock);
    let service = TestService::start_with(TestDatabase::seeded(), |usual| Service {
        clock: shared,
        day: DirectoryDay::Today,
        ..usual
    });
    let ask = || {
        service.client.data("{ mappaArea(slug: \"kent\") { view { on } } }", json!({}))["mappaArea"]["view"]["on"].clone()
    };
    for _ in 0..4 {
        assert_eq!(ask(), json!("2014-05-31"));
    }
    assert!(kept_answers(&service) > 0);
    // Midnight in London, in summer.
    *clock.0.lock().expect("the time") += TimeDelta::seconds(1);
    for _ in 0..4 {
        assert_eq!(ask(), json!("2014-06-01"));
    }
}
