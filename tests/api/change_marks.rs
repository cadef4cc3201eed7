//! No trace of what mutations are told of persons: names, mailboxes, reasons and secrets of keys stand where they are
//! recorded, and in no log, metric, error message or change row; a reason in the change row alone.

use crate::marks::Serving;
use crate::support::TestDatabase;
use crate::support::changes::mutate;
use crate::support::database::base;
use crate::support::people::{bearer, key, person};
use crate::support::traces::{found, none, word};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

/// Inputs with marks: sound ones, and those that are refused for the very value that is marked.
fn inputs() -> Vec<(&'static str, Value)> {
    let mark = |position: &str| word(&format!("an input of a change: {position}"));
    let kent = json!({ "kind": "MAPPA_AREA", "slug": "kent" });
    let contact = |address: String| json!({ "organisation": kent, "purpose": "MAPPA", "address": address, "from": "2015-01-01", "reason": mark("a reason") });
    let holder = |name: String| json!({ "post": "chief-executive-essex", "holder": name, "source": "S11", "from": "2016-01-01", "reason": mark("a reason") });
    let mut inputs = vec![
        ("setFunctionalContact", contact(format!("{}@example.org", mark("a mailbox")))),
        ("setFunctionalContact", contact(mark("no mailbox"))),
        (
            "setFunctionalContact",
            contact(format!("{}@example.org", mark("a mailbox in great letters").to_uppercase())),
        ),
        ("setPostHolder", holder(mark("a holder"))),
        ("setPostHolder", holder(format!(" {}", mark("no holder")))),
        ("revokeApiKey", json!({ "key": mark("no key") })),
        ("grantRole", json!({ "key": mark("no key of a role"), "role": "READER" })),
        ("issueApiKey", json!({ "label": format!("{}\u{7}", mark("no label")), "grants": [] })),
        (
            "registerAgency",
            json!({ "slug": mark("a slug").to_uppercase(), "name": "", "country": mark("a country"), "kinds": [], "areas": [mark("an area")], "from": "2015-01-01" }),
        ),
        ("amendPerson", json!({ "person": mark("no person"), "name": mark("a name of nobody") })),
        ("erasePerson", json!({ "person": mark("nobody to erase") })),
        (
            "addPerson",
            json!({ "name": mark("a name and a wrong reason"), "reason": format!("{}\u{7}", mark("a wrong reason")) }),
        ),
    ];
    for (name, base) in [
        ("addPerson", json!({ "reason": mark("a reason") })),
        ("amendPerson", json!({ "person": "person-one", "reason": mark("a reason") })),
    ] {
        for given in [
            mark("a name"),
            format!("{} ", mark("no name")),
            format!("{}\u{7}", mark("no name")),
            mark("a long name").repeat(40),
        ] {
            let mut input = base.clone();
            input["name"] = json!(given);
            inputs.push((name, input));
        }
    }
    inputs
}

#[test]
fn changes_leave_no_trace_of_what_they_are_told_of_persons() {
    let database = TestDatabase::seeded();
    person(&database, "person-one", None, &[]);
    let national = key(&database, &[(Role::NationalAdministrator, None)]);
    let log_before = std::fs::read(base().join("postgres.log")).expect("the server's log").len();
    let serving = Serving::start(&database, "json");
    let mut findings = Vec::new();
    let (mut done, mut refused) = (0, 0);
    let mut ask = |key: Option<&ApiKey>, name: &str, input: &Value| {
        let reply = mutate(serving.client, key, name, input, "");
        findings.extend(found(&format!("the answer to {name}"), &reply.body));
        let body = reply.json();
        assert!(body.get("errors").is_none(), "{name}: {body}");
        match body["data"][name]["userErrors"].as_array().map(Vec::len) {
            Some(0) => done += 1,
            _ => refused += 1,
        }
    };
    for (name, input) in inputs() {
        // To anyone as well, to whom nothing is told but that it is forbidden.
        for key in [Some(&national), None] {
            ask(key, name, &input);
        }
    }
    // A mailbox, a holder, and a name of one who is added and of one who is amended.
    assert_eq!((done, refused), (4, 36));
    // In a literal, and where the input is not even one.
    let mark = word("a literal of a change");
    for document in [
        format!(
            "mutation {{ addPerson(input: {{ name: \"{mark}\" }}) {{ person {{ key name {{ name }} }} }} }}"
        ),
        format!("mutation {{ addPerson(input: {{ name: \"{mark}\", {mark}: 1 }}) {{ person {{ key }} }} }}"),
        format!("mutation {{ addPerson(input: {{ name: {mark} }}) {{ person {{ key }} }} }}"),
        format!("mutation {{ addPerson(input: {{ name: \"{mark}\" }}) {{ {mark} }} }}"),
    ] {
        let body = json!({ "query": document }).to_string();
        let headers = [("content-type", "application/json"), ("authorization", &bearer(&national))];
        let reply = serving.client.send("POST", "/graphql", &headers, body.as_bytes());
        findings.extend(found("the answer to a literal", &reply.body));
    }
    let issued = mutate(
        serving.client,
        Some(&national),
        "issueApiKey",
        &json!({ "label": "a tool", "grants": [] }),
        "secret",
    );
    let secret = issued.json()["data"]["issueApiKey"]["secret"].as_str().expect("a secret")[12..].to_owned();
    for page in ["/metrics", "/info", "/health/ready"] {
        let reply = serving.client.send("GET", page, &[], b"");
        findings.extend(found(page, &reply.body));
        assert!(!String::from_utf8_lossy(&reply.body).contains(&secret), "{page}");
    }
    let ended = serving.end();
    findings.extend(found("standard output", ended.out.as_bytes()));
    findings.extend(found("the log", ended.err.as_bytes()));
    assert!(
        !ended.err.contains(&secret) && !ended.out.contains(&secret),
        "the secret of a key is in the log"
    );
    let changes = database.texts("SELECT (to_jsonb(c) - 'reason')::text AS text FROM change c");
    findings.extend(found("a change row beside its reason", changes.join("\n").as_bytes()));
    let accesses = database.texts("SELECT to_jsonb(a)::text AS text FROM access_log a");
    findings.extend(found("the access log", accesses.join("\n").as_bytes()));
    let log = std::fs::read(base().join("postgres.log")).expect("the server's log").split_off(log_before);
    findings.extend(found("the database server's log", &log));
    none(&findings);
    // The marks came as far as they were meant to, and are found where they are.
    let reasons = database.texts("SELECT coalesce(reason, '') AS text FROM change");
    assert!(!found("reasons", reasons.join("\n").as_bytes()).is_empty());
    for (table, column) in [("person_name", "name"), ("mailbox", "address"), ("post_holder", "holder")] {
        let rows = database.texts(&format!("SELECT coalesce({column}, '') AS text FROM {table}"));
        assert!(!found(table, rows.join("\n").as_bytes()).is_empty(), "{table}");
    }
}
