//! Every limit that is published: what is exactly as much is answered, and one more is refused with the limit's name.

use crate::support::client::Reply;
use crate::support::shapes::{SHAPES, nested};
use crate::support::{TestDatabase, TestService};
use probation_directory::graphql::{Gate, Limits, Trusted};
use probation_directory::http::Service;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn published() -> Value {
    TestService::shared().client.send("GET", "/limits", &[], b"").json()
}

fn most(limit: &str) -> usize {
    let most = published()[limit].as_u64().unwrap_or_else(|| panic!("{limit} is not published"));
    usize::try_from(most).expect("a size")
}

fn ask(body: &str) -> Reply {
    let headers = [("content-type", "application/json")];
    TestService::shared().client.send("POST", "/graphql", &headers, body.as_bytes())
}

fn document(query: &str) -> String {
    json!({ "query": query }).to_string()
}

fn shape(what: &str, size: usize) -> String {
    let shape = SHAPES.iter().find(|shape| shape.what == what).unwrap_or_else(|| panic!("no shape {what}"));
    (shape.body)(size)
}

fn with_variables(variables: &str) -> String {
    format!("{{\"query\":\"{{ __typename }}\",\"variables\":{variables}}}")
}

/// Each item has five tokens, the rest of the document twelve and three for the day; a keyword is one more.
fn tokens(count: usize) -> String {
    let (items, rest) = ((count - 15) / 5, (count - 15) % 5);
    let items = "{ name: \"z\" } ".repeat(items);
    let keyword = ["", "query"][rest];
    document(&format!("{keyword} {{ locateMany(places: [{items}], on: \"2014-11-01\") {{ index }} }}"))
}

/// A page of 98, of the authorities since a page costs no more than its list has, with 51 fields each and two fields round
/// it, then one and one.
fn cost(count: usize) -> String {
    let more = "totalCount ".repeat(count - (2 + 98 * 51));
    document(&format!("{{ localAuthorities(first: 98) {{ nodes {{ {} }} {more} }} }}", "code ".repeat(51)))
}

/// A batch of 495 with 101 fields each under one, then one and one.
fn batch_cost(count: usize) -> String {
    let more = "__typename ".repeat(count - (1 + 495 * 101));
    let query = format!(
        "query($v: [PlaceInput!]!) {{ locateMany(places: $v) {{ {} }} {more} }}",
        "index ".repeat(101)
    );
    json!({ "query": query, "variables": { "v": vec![json!({ "name": "z" }); 495] } }).to_string()
}

/// 110 types with two names and eight fields each, of which each has 170 names; then one and one.
fn introspection_cost(count: usize) -> String {
    let more = "__typename ".repeat(count - (2 + 110 * (2 + 1 + 8 * 170)));
    let names = "name ".repeat(170);
    document(&format!("{{ __schema {{ types {{ name name fields {{ {names} }} }} {more} }} }}"))
}

/// A limit with a request that has exactly so much of it.
type Limited = (&'static str, fn(usize) -> String);

const OF_A_DOCUMENT: [Limited; 12] = [
    ("documentTokens", tokens),
    ("documentDepth", |n| shape("levels of package areas and companies", n - 2)),
    ("introspectionDepth", |n| shape("levels of introspection", n - 2)),
    ("documentFields", |n| shape("overlapping fields", n - 1)),
    ("rootFields", |n| shape("fields of the root", n)),
    ("aliases", |n| shape("aliases", n)),
    ("fragments", |n| shape("fragments that are all spread in one place", n)),
    ("directivesAtOnePlace", |n| shape("directives at one place", n)),
    ("directives", |n| shape("directives everywhere", n)),
    ("variablesBytes", |n| with_variables(&format!("{{\"a\":\"{}\"}}", "z".repeat(n - 8)))),
    ("variablesDepth", |n| with_variables(&format!("{{\"a\":{}}}", nested("[", "", "]", n - 1)))),
    ("variablesItems", |n| with_variables(&format!("{{\"a\":[{}1]}}", "1,".repeat(n - 1)))),
];

const OF_COST: [Limited; 3] =
    [("cost", cost), ("batchCost", batch_cost), ("introspectionCost", introspection_cost)];

/// Limits of values, which are mistakes of a caller and say what would be right.
const OF_VALUES: [Limited; 6] = [
    ("batchItems", |n| shape("places in the variables", n)),
    ("nodeItems", |n| document(&format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"z\" ".repeat(n)))),
    ("compareDays", |n| {
        let days = "\"2014-11-01\" ".repeat(n);
        document(&format!(
            "{{ compareRouting(case: {{ on: \"2014-11-01\" }}, dates: [{days}]) {{ index }} }}"
        ))
    }),
    ("textCharacters", |n| shape("a text", n)),
    ("waitSeconds", |n| document(&format!("{{ changes(after: 0, waitSeconds: {n}) {{ complete }} }}"))),
    ("pageItems", |n| document(&format!("{{ mappaAreas(first: {n}) {{ totalCount }} }}"))),
];

/// Limits of bodies and addresses; the address is asked for apart.
const OF_BODIES: [Limited; 2] = [
    ("bodyBytes", |n| {
        let body = document("{ __typename }");
        let blanks = " ".repeat(n - body.len());
        body + &blanks
    }),
    ("batchBodyBytes", |n| {
        let body = shape("places in the variables", 1);
        let blanks = " ".repeat(n - body.len());
        body + &blanks
    }),
];

/// Limits that a document or its variables cannot exceed, each with who looks at it.
const ELSEWHERE: [&str; 10] = [
    // Below in this file.
    "queryStringBytes",
    "answerBytes",
    "batchAnswerBytes",
    // `gate`
    "errors",
    "errorCharacters",
    "milliseconds",
    // `guards`
    "costPerMinute",
    "openRequests",
    // `changes`
    "waitingRequests",
    // `slow`
    "secondsToArrive",
];

#[track_caller]
fn answered(what: &str, reply: &Reply) {
    let start: String = String::from_utf8_lossy(&reply.body).chars().take(300).collect();
    assert_eq!(reply.status, 200, "{what}: {start}");
    assert!(start.starts_with("{\"data\":{"), "{what}: {start}");
}

fn error(what: &str, reply: &Reply, code: &str) -> Value {
    let body = reply.json();
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{what} is answered: {body}"));
    assert_eq!((errors.len(), &errors[0]["extensions"]["code"]), (1, &json!(code)), "{what}: {body}");
    errors[0].clone()
}

#[test]
fn what_is_exactly_the_limit_is_answered_and_one_more_is_refused_with_its_name() {
    for (limit, of) in OF_A_DOCUMENT {
        let most = most(limit);
        answered(limit, &ask(&of(most)));
        let error = error(limit, &ask(&of(most + 1)), "LIMIT_EXCEEDED");
        assert_eq!(error["extensions"]["limit"], json!({ "name": limit, "most": most }), "{error}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(limit) && message.contains(&most.to_string()), "{error}");
    }
    for (limit, of) in OF_COST {
        let most = most(limit);
        let reply = ask(&of(most));
        answered(limit, &reply);
        assert_eq!(
            reply.json()["extensions"]["cost"],
            json!({ "requested": most, "limit": most }),
            "{limit}"
        );
        let error = error(limit, &ask(&of(most + 1)), "COST_EXCEEDED");
        assert_eq!(error["extensions"]["cost"], json!({ "requested": most + 1, "limit": most }), "{limit}");
    }
    for (limit, of) in OF_VALUES {
        answered(limit, &ask(&of(most(limit))));
        let error = error(limit, &ask(&of(most(limit) + 1)), "BAD_USER_INPUT");
        let remedy = error["extensions"]["remedy"].as_str().unwrap_or_default();
        assert!(remedy.contains(&most(limit).to_string()), "{error}");
    }
    for (limit, of) in OF_BODIES {
        answered(limit, &ask(&of(most(limit))));
        let reply = ask(&of(most(limit) + 1));
        assert_eq!(reply.status, 413, "{limit}");
        error(limit, &reply, "LIMIT_EXCEEDED");
    }
}

#[test]
fn an_address_may_be_as_long_as_is_published() {
    let client = TestService::shared().client;
    let asked = |bytes: usize| {
        let query = "query=%7B__typename%7D&z=";
        let path = format!("/graphql?{query}{}", "z".repeat(bytes - query.len()));
        client.send("GET", &path, &[], b"")
    };
    let most = most("queryStringBytes");
    answered("queryStringBytes", &asked(most));
    let reply = asked(most + 1);
    assert_eq!(reply.status, 414);
    error("queryStringBytes", &reply, "LIMIT_EXCEEDED");
}

#[test]
fn an_answer_may_be_as_long_as_is_published() {
    let page = document("{ localAuthorities(first: 100) { nodes { slug: code name } } }");
    let batch = shape("places in the variables", 50);
    for (limit, body) in [("answerBytes", page), ("batchAnswerBytes", batch)] {
        let whole = ask(&body).body.len();
        let limited = |bytes: usize| {
            let limits = match limit {
                "answerBytes" => Limits { answer_bytes: bytes, ..Limits::KEPT },
                _ => Limits { batch_answer_bytes: bytes, ..Limits::KEPT },
            };
            let gate = Gate::with_limits(Trusted::of_the_project(), limits);
            let service = TestService::start_with(TestDatabase::seeded(), |usual| Service { gate, ..usual });
            let headers = [("content-type", "application/json")];
            service.client.send("POST", "/graphql", &headers, body.as_bytes())
        };
        answered(limit, &limited(whole));
        let error = error(limit, &limited(whole - 1), "LIMIT_EXCEEDED");
        assert_eq!(error["extensions"]["limit"], json!({ "name": limit, "most": whole - 1 }), "{error}");
    }
}

#[test]
fn every_published_limit_is_tried() {
    let published: BTreeSet<String> =
        published().as_object().expect("limits").keys().map(ToOwned::to_owned).collect();
    let tried = OF_A_DOCUMENT.into_iter().chain(OF_COST).chain(OF_VALUES).chain(OF_BODIES);
    let tried: BTreeSet<String> =
        tried.map(|(limit, _)| limit.to_owned()).chain(ELSEWHERE.map(str::to_owned)).collect();
    assert_eq!(published, tried);
}

#[test]
fn a_literal_counts_as_deep_as_a_document() {
    // The list in the argument is a level below the selection's, and the parser counts them all.
    let levels = most("introspectionDepth");
    let deep = |n: usize| document(&format!("{{ nodes(ids: {}) {{ id }} }}", nested("[", "\"z\"", "]", n)));
    let codes: Vec<Value> = [levels - 1, levels + 1]
        .map(|n| ask(&deep(n)).json()["errors"][0]["extensions"]["code"].clone())
        .into_iter()
        .collect();
    assert_eq!(codes, [json!("BAD_USER_INPUT"), json!("LIMIT_EXCEEDED")]);
}
