//! Keeping in step: changes by version without a gap, what of them is told to whom, and waiting for the next one.

use crate::marks::Serving;
use crate::rights::MARK;
use crate::snapshot::eventually;
use crate::support::client::Reply;
use crate::support::database::RUNTIME;
use crate::support::people::{Granted, TESTER, key, person, post_as};
use crate::support::{Client, TestDatabase, TestService};
use chrono::{DateTime, Utc};
use diesel_async::SimpleAsyncConnection;
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use probation_directory::http::{Admission, Service, Waiting};
use probation_directory::store::keys::KeyOrder;
use serde_json::{Value, json};
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const PAGE: &str = "query($after: Int, $first: Int, $wait: Int) { changes(after: $after, first: $first, waitSeconds: $wait) \
    { edges { cursor node { version at action } } nodes { version } throughVersion complete \
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// Records changes that say this, each in a transaction of its own.
fn record(database: &TestDatabase, bodies: &[Value]) {
    let mut connection = database.connection();
    for body in bodies {
        let statement = format!(
            "INSERT INTO change (actor, action, reason, body) VALUES ('zqxactor', 'ZQ', 'zqxreason', '{body}')"
        );
        RUNTIME.block_on(connection.batch_execute(&statement)).expect("a change");
    }
}

fn refresh(service: &TestService) {
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
}

/// A service with so many changes, the seed's among them.
fn with_changes(count: usize) -> TestService {
    let database = TestDatabase::seeded();
    record(&database, &vec![json!({}); count - 1]);
    TestService::start(database)
}

fn page(client: Client, variables: Value) -> Value {
    client.data(PAGE, variables)["changes"].clone()
}

fn versions(page: &Value) -> Vec<i64> {
    let nodes = page["nodes"].as_array().expect("nodes").iter();
    nodes.map(|node| node["version"].as_i64().expect("a version")).collect()
}

#[test]
fn whoever_goes_on_from_page_to_page_gets_every_version_once() {
    let service = with_changes(124);
    for first in [1, 7, 62, 100] {
        let (mut after, mut seen, mut pages) = (0, Vec::new(), 0);
        loop {
            let page = page(service.client, json!({ "after": after, "first": first }));
            let here = versions(&page);
            let through = page["throughVersion"].as_i64().expect("a version");
            assert_eq!(here.last(), Some(&through), "{page}");
            let cursor = |of: Option<&i64>| json!(of.map(|version| version.to_string()));
            let due = json!({
                "hasNextPage": through < 124, "hasPreviousPage": after > 0,
                "startCursor": cursor(here.first()), "endCursor": cursor(here.last()),
            });
            assert_eq!((&page["pageInfo"], &page["complete"]), (&due, &json!(through == 124)));
            for (edge, version) in page["edges"].as_array().expect("edges").iter().zip(&here) {
                assert_eq!(
                    (&edge["cursor"], &edge["node"]["version"]),
                    (&cursor(Some(version)), &json!(version))
                );
            }
            (after, pages) = (through, pages + 1);
            seen.extend(here);
            if page["complete"] == json!(true) {
                break;
            }
        }
        assert_eq!(seen, (1..=124).collect::<Vec<_>>(), "{first} at a time");
        assert_eq!(pages, 124_usize.div_ceil(first));
    }
    let first = page(service.client, json!({ "first": 100 }));
    let instant = |edge: &Value| -> DateTime<Utc> {
        edge["node"]["at"].as_str().and_then(|at| at.parse().ok()).expect("an instant")
    };
    let instants: Vec<_> = first["edges"].as_array().expect("edges").iter().map(instant).collect();
    assert!(instants.windows(2).all(|pair| pair[0] < pair[1]), "{instants:?}");
    // What came meanwhile is on the next page, and whoever was complete goes on from there.
    record(&service.database, &[json!({})]);
    assert_eq!(page(service.client, json!({ "after": 124 }))["complete"], json!(true));
    refresh(&service);
    let next = page(service.client, json!({ "after": 124 }));
    assert_eq!((versions(&next), &next["throughVersion"]), (vec![125], &json!(125)));
}

#[test]
fn a_page_has_50_changes_unless_asked_and_begins_after_a_version_that_there_can_be() {
    let service = with_changes(60);
    let all = page(service.client, json!({}));
    assert_eq!(
        (versions(&all).len(), &all["throughVersion"], &all["complete"]),
        (50, &json!(50), &json!(false))
    );
    assert_eq!(versions(&page(service.client, json!({ "after": 0, "first": 100 }))).len(), 60);
    for after in [60, 61, i32::MAX] {
        let none = json!({
            "edges": [], "nodes": [], "throughVersion": 60, "complete": true,
            "pageInfo": { "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null },
        });
        assert_eq!(page(service.client, json!({ "after": after })), none, "{after}");
    }
    for (field, variables) in [
        ("after", json!({ "after": -1 })),
        ("first", json!({ "first": 0 })),
        ("first", json!({ "first": 101 })),
        ("waitSeconds", json!({ "after": 60, "wait": 26 })),
        ("waitSeconds", json!({ "after": 60, "wait": -1 })),
    ] {
        let error = service.client.error(PAGE, variables.clone());
        let extensions = &error["extensions"];
        assert_eq!(
            (&extensions["code"], &extensions["field"]),
            (&json!("BAD_USER_INPUT"), &json!(field)),
            "{error}"
        );
        assert!(extensions["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{variables}");
    }
}

/// Callers, and whether each is told who made a change and why, which keys one is about, of whom something was declared, and
/// the name of a person of Kent.
const CALLERS: [(&[Granted], [bool; 4]); 8] = [
    (&[], [false, false, false, false]),
    (&[(Role::Reader, None)], [false, false, false, true]),
    (&[(Role::BoardAdministrator, Some("kent"))], [false, false, false, true]),
    (&[(Role::BoardAdministrator, Some("essex"))], [false, false, false, false]),
    (
        &[(Role::BoardAdministrator, Some("kent")), (Role::BoardAdministrator, Some("essex"))],
        [false, false, true, true],
    ),
    (&[(Role::NationalAdministrator, None)], [false, true, true, true]),
    (&[(Role::Auditor, None)], [true, true, true, false]),
    (&[(Role::Reader, None), (Role::Auditor, None)], [true, true, true, true]),
];

const TOLD: &str = "query($after: Int) { changes(after: $after, first: 1) { nodes { id version action on actor reason \
    boards { slug } bodies { kind slug organisation { name } } persons { key name { state name } } \
    keys { prefix label expiresOn grants { role area } } facts { table fact state } isPartlyWithheld } } }";

#[test]
fn each_caller_is_told_of_a_change_what_the_table_of_roles_says() {
    let database = TestDatabase::seeded();
    person(&database, "person-of-kent", Some("Zqxname Kent"), &[("kent", "lay-adviser-1")]);
    let agency = database.text("SELECT min(slug) AS text FROM body WHERE kind = 'AGENCY'");
    let of_both = |table: &str| {
        json!({
            "on": "2014-11-03", "boards": ["kent", "essex"], "persons": ["person-of-kent"], "bodies": [format!("AGENCY/{agency}")],
            "facts": [{ "table": table, "fact": 7, "added": false }, { "table": table, "fact": 8, "added": true }],
        })
    };
    record(&database, &[of_both("appointment"), of_both("declaration")]);
    let newest =
        || database.text("SELECT version::text AS text FROM head").parse::<i64>().expect("a version");
    let (appointed, declared) = (newest() - 1, newest());
    let keys: Vec<ApiKey> = CALLERS.iter().map(|(roles, _)| key(&database, roles)).collect();
    let (prefix, issued) = (keys[4].prefix(), declared + 5);
    let service = TestService::start(database);
    let callers = CALLERS.iter().zip(&keys).map(|((roles, due), key)| (*roles, *due, Some(key)));
    for (roles, [audits, sees_keys, sees_declared, sees_names], key) in
        callers.chain([(&[][..], [false; 4], None)])
    {
        for headers in [&[][..], &[("directory-compiled-plans", "off")]] {
            let ask = |version: i64| {
                let variables = json!({ "after": version - 1 });
                let reply =
                    post_as(service.client, key, &json!({ "query": TOLD, "variables": variables }), headers);
                assert_eq!(reply.status, 200);
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                let change = reply.json()["data"]["changes"]["nodes"][0].clone();
                assert_eq!(change["version"], json!(version), "{text}");
                (change, text)
            };
            for (version, table, sees) in
                [(appointed, "appointment", true), (declared, "declaration", sees_declared)]
            {
                let (change, text) = ask(version);
                let what = format!("{table} to {roles:?} {headers:?}: {text}");
                assert_eq!(change["action"], json!("ZQ"), "{what}");
                assert_eq!(change["on"], json!("2014-11-03"), "{what}");
                assert_eq!(change["boards"], json!([{ "slug": "kent" }, { "slug": "essex" }]), "{what}");
                assert_eq!(change["bodies"][0]["slug"], json!(agency), "{what}");
                assert!(change["bodies"][0]["organisation"]["name"].is_string(), "{what}");
                assert_eq!(change["actor"], json!(audits.then_some("zqxactor")), "{what}");
                assert_eq!(change["reason"], json!(audits.then_some("zqxreason")), "{what}");
                assert_eq!(text.contains("zqxactor") || text.contains("zqxreason"), audits, "{what}");
                let facts = json!([
                    { "table": table, "fact": 7, "state": "CLOSED" }, { "table": table, "fact": 8, "state": "ADDED" }
                ]);
                assert_eq!(change["facts"], if sees { facts } else { json!([]) }, "{what}");
                let persons = change["persons"].as_array().expect("persons");
                assert_eq!(
                    persons.iter().map(|it| &it["key"]).collect::<Vec<_>>(),
                    ["person-of-kent"][..usize::from(sees)],
                    "{what}"
                );
                assert_eq!(change["isPartlyWithheld"], json!(!audits), "{what}");
                let shown = persons.iter().any(|it| it["name"]["name"] == json!("Zqxname Kent"));
                assert_eq!((shown, text.contains(MARK)), (sees && sees_names, sees && sees_names), "{what}");
            }
            let (change, text) = ask(issued);
            let what = format!("a key to {roles:?} {headers:?}: {text}");
            assert_eq!(change["action"], json!("ISSUE_KEY"), "{what}");
            let due = json!([{
                "prefix": prefix.as_str(), "label": "a tool", "expiresOn": null,
                "grants": [{ "role": "BOARD_ADMINISTRATOR", "area": "kent" }, { "role": "BOARD_ADMINISTRATOR", "area": "essex" }],
            }]);
            assert_eq!(change["keys"], if sees_keys { due } else { json!([]) }, "{what}");
            assert_eq!(text.contains(prefix.as_str()) || text.contains("a tool"), sees_keys, "{what}");
            for empty in ["boards", "bodies", "persons", "facts"] {
                assert_eq!(change[empty], json!([]), "{what}");
            }
        }
    }
}

#[test]
fn a_change_is_an_object_with_an_id_and_keeps_it() {
    let service = with_changes(3);
    let change = "query($id: ID!) { node(id: $id) { id ... on Change { version action } } }";
    let found = service.client.data("{ changes(after: 1) { nodes { id version } } }", json!({}));
    for node in found["changes"]["nodes"].as_array().expect("nodes") {
        let again = service.client.data(change, json!({ "id": node["id"] }))["node"].clone();
        assert_eq!((&again["id"], &again["version"]), (&node["id"], &node["version"]));
        assert_eq!(again["action"], json!("ZQ"));
    }
    // `Change:4`, `Change:0`, `Change:01` and `Change:x`.
    for id in ["Q2hhbmdlOjQ", "Q2hhbmdlOjA", "Q2hhbmdlOjAx", "Q2hhbmdlOng"] {
        assert_eq!(service.client.data(change, json!({ "id": id }))["node"], Value::Null, "{id}");
    }
}

#[test]
fn each_recorded_row_names_the_changes_that_recorded_and_closed_it() {
    let database = TestDatabase::seeded();
    person(&database, "person-of-kent", None, &[("kent", "lay-adviser-1")]);
    database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TAKE_BACK', '{}')".to_owned(),
        "UPDATE appointment SET recorded = int8range(lower(recorded), (SELECT version FROM head)) \
         WHERE person_id = (SELECT id FROM person WHERE key = 'person-of-kent')"
            .to_owned(),
    ]);
    let agency = database.text("SELECT min(slug) AS text FROM body WHERE kind = 'AGENCY'");
    let client = TestService::start(database).client;
    let rows =
        "history { kind fromVersion untilVersion recordedBy { version action } closedBy { version action } }";
    let query = format!(
        "query($agency: String!) {{ board(area: \"merseyside\") {{ {rows} seats {{ {rows} }} }} \
         person(key: \"person-of-kent\") {{ {rows} }} agency(slug: $agency) {{ {rows} }} }}"
    );
    let found = client.data(&query, json!({ "agency": agency }));
    let of = |value: &Value| value["history"].as_array().expect("rows").clone();
    let seats = found["board"]["seats"].as_array().expect("seats").iter().flat_map(of).collect();
    for (what, rows) in [
        ("board", of(&found["board"])),
        ("seats", seats),
        ("person", of(&found["person"])),
        ("agency", of(&found["agency"])),
    ] {
        assert!(!rows.is_empty(), "{what}");
        for row in rows {
            assert_eq!(row["recordedBy"]["version"], row["fromVersion"], "{what}: {row}");
            assert_eq!(
                row["closedBy"].get("version").unwrap_or(&Value::Null),
                &row["untilVersion"],
                "{what}: {row}"
            );
        }
    }
    let due = json!([{
        "kind": "APPOINTMENT", "fromVersion": 2, "untilVersion": 3,
        "recordedBy": { "version": 2, "action": "TEST" }, "closedBy": { "version": 3, "action": "TAKE_BACK" },
    }]);
    assert_eq!(found["person"]["history"], due);
}

#[test]
fn a_database_that_was_put_back_from_a_copy_is_read_anew() {
    let database = TestDatabase::seeded();
    record(&database, &[json!({ "boards": ["kent"] })]);
    let earlier = RUNTIME.block_on(database.store.load_directory(None)).expect("a directory");
    let boards = |directory: &probation_directory::directory::Directory, version: i64| -> Vec<String> {
        let change = directory.feed().change(version).expect("a change");
        change.touched.boards.iter().map(|slug| slug.to_string()).collect()
    };
    // Another version 2 than the one that was seen, and one more.
    let mut session = database.connection();
    let statements = "SET session_replication_role = replica; ALTER TABLE change DISABLE TRIGGER ALL; ALTER TABLE head DISABLE TRIGGER ALL; \
        DELETE FROM change WHERE version = 2; \
        UPDATE head SET version = 1, at = (SELECT at FROM change), hash = (SELECT hash FROM change), transaction = NULL; \
        ALTER TABLE change ENABLE ALWAYS TRIGGER record_change; ALTER TABLE head ENABLE ALWAYS TRIGGER guard_head";
    RUNTIME.block_on(session.batch_execute(statements)).expect("another past");
    record(&database, &[json!({ "boards": ["essex"] }), json!({ "boards": ["sussex"] })]);
    let later = RUNTIME.block_on(database.store.load_directory(Some(&earlier))).expect("a directory");
    assert_eq!((boards(&later, 2), boards(&later, 3)), (vec!["essex".to_owned()], vec!["sussex".to_owned()]));
    // What did go on is taken over as it was.
    record(&database, &[json!({ "boards": ["kent"] })]);
    let last = RUNTIME.block_on(database.store.load_directory(Some(&later))).expect("a directory");
    assert_eq!((last.version(), boards(&last, 4)), (4, vec!["kent".to_owned()]));
    let shared = |version| last.feed().change(version).zip(later.feed().change(version));
    assert!((1..=3).all(|version| shared(version).is_some_and(|(one, other)| Arc::ptr_eq(one, other))));
}

/// A service on which so many requests may be open and so many wait, with what counts those.
fn waited_on(open: usize, waiting: usize) -> (TestService, Arc<Waiting>) {
    let mut kept = None;
    let service = TestService::start_with(TestDatabase::seeded(), |usual| {
        let waiting = Arc::new(Waiting::new(waiting, &usual.live));
        kept = Some(Arc::clone(&waiting));
        Service { admission: Arc::new(Admission::new(open)), waiting, ..usual }
    });
    (service, kept.expect("a service"))
}

/// A request that waits on a thread of its own.
fn waits(client: Client, key: Option<&ApiKey>, after: i64, seconds: u64) -> JoinHandle<Reply> {
    let request = json!({ "query": PAGE, "variables": { "after": after, "wait": seconds } });
    let key = key.cloned();
    std::thread::spawn(move || post_as(client, key.as_ref(), &request, &[]))
}

fn until_waiting(waiting: &Waiting, count: usize) {
    eventually(&format!("{count} that wait"), || (waiting.count() == count).then_some(()));
}

#[test]
fn whoever_waits_is_answered_with_the_change_as_soon_as_it_is_served() {
    let (service, waiting) = waited_on(1, 10);
    let first = waits(service.client, None, 1, 25);
    until_waiting(&waiting, 1);
    let began = Instant::now();
    let issued = key(&service.database, &[(Role::Auditor, None)]);
    // It is recorded, and not served yet.
    assert_eq!(waiting.count(), 1);
    refresh(&service);
    let reply = first.join().expect("an answer");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let page = reply.json()["data"]["changes"].clone();
    assert_eq!((versions(&page), &page["complete"]), (vec![2], &json!(true)));
    assert_eq!(page["edges"][0]["node"]["action"], json!("ISSUE_KEY"));
    // Nobody waits for what is there, nor by an address differently; a literal is as good as a variable.
    let path = "/graphql?query=%7Bchanges(after:1,waitSeconds:25)%7Bnodes%7Bversion%7D%7D%7D";
    let got = service.client.send("GET", path, &[], b"").json();
    assert_eq!(got["data"]["changes"]["nodes"], json!([{ "version": 2 }]));
    // Whose key is revoked meanwhile is told that, and not what came.
    let second = waits(service.client, Some(&issued), 2, 25);
    until_waiting(&waiting, 1);
    let revoke = KeyOrder::Revoke(issued.prefix());
    RUNTIME.block_on(service.database.store.change_keys(&revoke, TESTER)).expect("a database");
    refresh(&service);
    assert_eq!(second.join().expect("an answer").status, 401);
    assert_eq!(waiting.count(), 0);
}

#[test]
fn those_who_wait_take_no_place_and_no_snapshot_and_are_so_many_and_no_more() {
    let (service, waiting) = waited_on(1, 3);
    let waiters: Vec<_> = (0..3).map(|_| waits(service.client, None, 1_000, 25)).collect();
    until_waiting(&waiting, 3);
    // One request may be open, and is.
    assert_eq!(service.client.data("{ directory { version } }", json!({}))["directory"]["version"], json!(1));
    let refused = waits(service.client, None, 1_000, 25).join().expect("an answer");
    let body = refused.json();
    assert_eq!((refused.status, &body["errors"][0]["extensions"]["code"]), (503, &json!("TOO_MANY_WAITING")));
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert_eq!(waiting.count(), 3);
    let limits = service.client.send("GET", "/limits", &[], b"").json();
    assert_eq!((&limits["waitingRequests"], &limits["waitSeconds"]), (&json!(3), &json!(25)));
    let old = Arc::downgrade(&service.live.current().expect("a directory"));
    record(&service.database, &[json!({})]);
    refresh(&service);
    eventually("the old snapshot to go", || old.upgrade().is_none().then_some(()));
    assert_eq!(waiting.count(), 3);
    // The service stops: everybody is answered with what there is.
    waiting.end();
    for waiter in waiters {
        let page = waiter.join().expect("an answer").json()["data"]["changes"].clone();
        assert_eq!((versions(&page), &page["throughVersion"]), (vec![], &json!(2)));
    }
    assert_eq!(waiting.count(), 0);
    assert_eq!(waits(service.client, None, 1_000, 25).join().expect("an answer").status, 200);
}

#[test]
fn a_wait_ends_with_its_time_or_when_the_client_goes_away() {
    let (service, waiting) = waited_on(10, 10);
    let began = Instant::now();
    let reply = waits(service.client, None, 1, 1).join().expect("an answer");
    let took = began.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(10)).contains(&took), "{took:?}");
    let page = reply.json()["data"]["changes"].clone();
    assert_eq!(
        (versions(&page), &page["throughVersion"], &page["complete"]),
        (vec![], &json!(1), &json!(true))
    );
    let body = json!({ "query": "{ changes(after: 1, waitSeconds: 25) { complete } }" }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(service.client.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        streams.push(stream);
    }
    until_waiting(&waiting, 2);
    drop(streams.pop());
    until_waiting(&waiting, 1);
    // Who closes only its own side is gone as well.
    streams[0].shutdown(Shutdown::Write).expect("an end");
    until_waiting(&waiting, 0);
}

#[test]
fn a_program_that_is_told_to_stop_lets_nobody_wait_any_longer() {
    let database = TestDatabase::seeded();
    let serving = Serving::start(&database, "json");
    let waiter = waits(serving.client, None, 1, 25);
    eventually("one that waits", || {
        let figures = serving.client.send("GET", "/metrics", &[], b"").body;
        String::from_utf8_lossy(&figures).contains("\ndirectory_requests_waiting 1\n").then_some(())
    });
    let began = Instant::now();
    serving.end();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let page = waiter.join().expect("an answer").json()["data"]["changes"].clone();
    assert_eq!((versions(&page), &page["complete"]), (vec![], &json!(true)));
}

#[test]
fn what_may_wait_is_never_answered_from_what_was_kept() {
    let (service, _) = waited_on(10, 10);
    let kept = || {
        let figures = service.client.send("GET", "/metrics", &[], b"").body;
        let text = String::from_utf8(figures).expect("figures");
        let line = text.lines().find(|line| line.contains("kept") && !line.starts_with('#'));
        line.and_then(|line| line.rsplit_once(' ')).map(|(_, count)| count.to_owned()).expect("a figure")
    };
    let ask = |query: &str| {
        (0..4).for_each(|_| assert_eq!(service.client.post(&json!({ "query": query })).status, 200))
    };
    let before = kept();
    ask("{ changes(after: 0, waitSeconds: 5) { complete } }");
    assert_eq!(kept(), before);
    ask("{ changes(after: 0) { complete } }");
    assert_ne!(kept(), before);
}
