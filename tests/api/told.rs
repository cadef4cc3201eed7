//! What the service tells of itself: limits, figures, and one line of the log for each request; nothing in them is of
//! a client's choosing.

use crate::marks::Serving;
use crate::support::{TestDatabase, TestService};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

const CHOSEN: &str = "Zqxzqx";

fn operation(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql/operations");
    std::fs::read_to_string(folder.join(format!("{name}.graphql"))).expect("an operation")
}

#[test]
fn the_limits_are_published_as_numbers() {
    let reply = TestService::shared().client.send("GET", "/limits", &[], b"");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json; charset=utf-8")));
    let limits = reply.json();
    for (limit, most) in [
        ("bodyBytes", 65_536),
        ("batchBodyBytes", 524_288),
        ("queryStringBytes", 16_384),
        ("secondsToArrive", 5),
        ("documentTokens", 2_000),
        ("documentDepth", 12),
        ("rootFields", 10),
        ("aliases", 15),
        ("batchItems", 500),
        ("nodeItems", 100),
        ("compareDays", 50),
        ("cost", 5_000),
        ("batchCost", 50_000),
        ("errors", 10),
        ("errorCharacters", 200),
        ("answerBytes", 2_097_152),
        ("openRequests", 2_000),
    ] {
        assert_eq!(limits[limit], json!(most), "{limit}");
    }
    assert!(limits.as_object().expect("limits").values().all(Value::is_u64), "{limits}");
}

#[test]
fn figures_tell_operations_apart_by_names_that_are_trusted_and_by_no_other() {
    let service = TestService::seeded();
    let client = service.client;
    let post = |request: Value| client.post(&request);
    post(json!({ "query": operation("Directory") }));
    post(json!({ "query": operation("Areas"), "variables": { "first": 3 } }));
    // The same name on another document, and another name that no document of ours has.
    post(json!({ "query": "query Single { directory { version } }" }));
    post(json!({ "query": format!("query {CHOSEN} {{ directory {{ version }} }}") }));
    post(json!({ "query": format!("query {CHOSEN} {{ {CHOSEN} }}"), "operationName": CHOSEN }));
    post(json!({ "query": "query($v: Zz = 1) { __typename }" }));
    post(json!({ "query": "{ mappaArea(slug: \"\") { slug } }" }));
    let text = String::from_utf8(client.send("GET", "/metrics", &[], b"").body).expect("text");
    let count = |operation: &str, ending: &str| {
        let start = format!("directory_requests_total{{ending=\"{ending}\",operation=\"{operation}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&start)?.parse::<u64>().ok()).unwrap_or(0)
    };
    let counts = [
        ("Directory", "answered", 1),
        ("Areas", "answered", 1),
        ("other", "answered", 2),
        ("other", "refused", 1),
        ("other", "failed", 1),
        ("other", "with_errors", 1),
    ];
    for (operation, ending, wanted) in counts {
        assert_eq!(count(operation, ending), wanted, "{operation} {ending}: {text}");
    }
    let labels: BTreeSet<&str> =
        text.split("operation=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(labels, BTreeSet::from(["Directory", "Areas", "other"]));
    assert!(!text.contains(CHOSEN) && !text.contains("Single"), "{text}");
    assert!(
        text.contains("\ndirectory_version 1\n") && text.contains("\ndirectory_requests_open 0\n"),
        "{text}"
    );
    let cost = text.lines().find_map(|line| line.strip_prefix("directory_cost_total ")?.parse::<u64>().ok());
    // Three of the page with its fields, at the least, and two versions.
    assert!(cost.is_some_and(|cost| cost > 25), "{cost:?}");
}

#[test]
fn the_log_has_a_line_for_each_request_with_these_fields_and_no_more() {
    let database = TestDatabase::seeded();
    let serving = Serving::start_with(&database, &[("LOG_FORMAT", "json"), ("RUST_LOG", "info")]);
    let requests = [
        (json!({ "query": operation("Directory") }), 200, "Directory", ""),
        (json!({ "query": format!("query {CHOSEN} {{ directory {{ version }} }}") }), 200, "-", ""),
        (json!({ "query": format!("{{ {CHOSEN} }}") }), 200, "-", "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": 5 }), 400, "-", "BAD_REQUEST"),
        (json!({ "query": "query($v: Zz = 1) { __typename }" }), 500, "-", "INTERNAL"),
        (json!({ "query": "{ route(case: { on: \"2014-11-01\" }) { outcome } }" }), 200, "-", ""),
    ];
    let ids: Vec<String> = requests
        .iter()
        .map(|(request, ..)| serving.client.post(request).header("x-request-id").expect("an id").to_owned())
        .collect();
    let log = serving.end().err;
    assert!(!log.contains(CHOSEN), "{log}");
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for ((request, status, operation, codes), id) in requests.iter().zip(&ids) {
        let of: Vec<&Value> = lines.iter().filter(|line| line["request_id"] == json!(id)).collect();
        assert_eq!(of.len(), 1, "{request}: {log}");
        let line = of[0].as_object().expect("an object");
        let own = ["request_id", "status", "micros", "operation", "document", "cost", "codes"];
        let usual = ["time", "level", "target", "message"];
        let keys: BTreeSet<&str> = line.keys().map(String::as_str).collect();
        let (own, usual) = (BTreeSet::from(own), BTreeSet::from(usual));
        assert!(own.is_subset(&keys), "{request}: {line:?}");
        assert!(keys.difference(&own).all(|key| usual.contains(key)), "{request}: {line:?}");
        assert_eq!(
            (&line["status"], &line["operation"], &line["codes"]),
            (&json!(status), &json!(operation), &json!(codes))
        );
        assert!(line["micros"].is_u64() && line["cost"].is_u64(), "{line:?}");
    }
    let hash = |nth: usize| {
        lines.iter().find(|line| line["request_id"] == json!(ids[nth])).map(|line| line["document"].clone())
    };
    assert!(hash(0).is_some_and(|hash| hash.as_str().is_some_and(|hash| hash.len() == 16)));
    // The text holds facts of a case: even its hash would tell whoever guesses.
    assert_eq!(hash(5), Some(json!("-")));
}
