//! Who is shown which names: every role on every kind of person, by every way to a name, with plans and without; that it
//! is recorded, and what becomes of names where it cannot be.

use crate::marks::{Log, Serving};
use crate::support::client::Reply;
use crate::support::database::RUNTIME;
use crate::support::people::{Granted, bearer, erase, key, person, post_as};
use crate::support::{Client, TestDatabase, TestService};
use diesel_async::SimpleAsyncConnection;
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use probation_directory::graphql::{Gate, Limits, Trusted};
use probation_directory::http::Service;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// What every made-up name has in it.
pub const MARK: &str = "Zqxname";

/// A person: key, name, and seats by board and slug.
type Recorded = (&'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);

/// Persons of every kind.
const PERSONS: [Recorded; 6] = [
    ("person-of-kent", Some("Zqxname Kent"), &[("kent", "lay-adviser-1")]),
    ("person-of-essex", Some("Zqxname Essex"), &[("essex", "lay-adviser-1")]),
    ("person-of-both", Some("Zqxname Both"), &[("kent", "prison"), ("essex", "prison")]),
    ("person-of-none", Some("Zqxname None"), &[]),
    ("person-erased", Some("Zqxname Erased"), &[("kent", "police")]),
    ("person-nameless", None, &[("kent", "lay-adviser-2")]),
];

/// Callers, and what each is told of the persons: the name, `hidden`, `erased` or `not recorded`.
const CALLERS: [(&[Granted], [&str; 6]); 8] = [
    (&[], ["hidden", "hidden", "hidden", "hidden", "hidden", "hidden"]),
    (&[(Role::Auditor, None)], ["hidden", "hidden", "hidden", "hidden", "hidden", "hidden"]),
    (&[(Role::Reader, None)], ["name", "name", "name", "hidden", "erased", "not recorded"]),
    (
        &[(Role::BoardAdministrator, Some("kent"))],
        ["name", "hidden", "name", "hidden", "erased", "not recorded"],
    ),
    (&[(Role::BoardAdministrator, Some("essex"))], ["hidden", "name", "name", "hidden", "hidden", "hidden"]),
    (
        &[(Role::BoardAdministrator, Some("sussex")), (Role::Auditor, None)],
        ["hidden", "hidden", "hidden", "hidden", "hidden", "hidden"],
    ),
    (
        &[(Role::BoardAdministrator, Some("kent")), (Role::BoardAdministrator, Some("essex"))],
        ["name", "name", "name", "hidden", "erased", "not recorded"],
    ),
    (&[(Role::NationalAdministrator, None)], ["name", "name", "name", "name", "erased", "not recorded"]),
];

fn database() -> TestDatabase {
    let database = TestDatabase::seeded();
    for (key, name, seats) in PERSONS {
        person(&database, key, name, seats);
    }
    erase(&database, "person-erased");
    database
}

/// Has persons of Kent and Essex in every other place where the schema has a person: offices, a deputy, a next term, and
/// what is declared, of which findings are told.
fn everywhere(database: &TestDatabase) {
    let of = |area: &str, key: &str| {
        format!(
            "FROM board b JOIN seat s ON s.board_id = b.id, person p WHERE b.slug = '{area}' AND p.key = '{key}'"
        )
    };
    let tail = "'[2014-11-01,2017-11-01)', 'GK', 'ASSUMPTION'";
    let mut statements =
        vec!["INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned()];
    for (area, member) in [("kent", "person-of-kent"), ("essex", "person-of-essex")] {
        for (kind, key) in [("CHAIR", "person-of-both"), ("DEPUTY_CHAIR", member)] {
            let from = of(area, key);
            statements.push(format!(
                "INSERT INTO office (board_id, kind, person_id, valid, source, basis) SELECT b.id, '{kind}', p.id, {tail} {from} AND s.slug = 'police'"
            ));
        }
        let from = of(area, member);
        statements.push(format!(
            "INSERT INTO deputy (seat_id, person_id, valid, source, basis) SELECT s.id, p.id, {tail} {from} AND s.slug = 'police'"
        ));
        statements.push(format!(
            "INSERT INTO appointment (seat_id, board_id, person_id, valid, source, basis) \
             SELECT s.id, b.id, p.id, '[2017-11-01,2020-11-01)', 'GK', 'ASSUMPTION' {from} AND s.slug = 'lay-adviser-1'"
        ));
        statements.push(format!(
            "INSERT INTO declaration (person_id, board_id, kind, holds, declared_by, valid, source, basis) \
             SELECT p.id, b.id, 'ADULT', true, 'RESPONSIBLE_AUTHORITY', {tail} {from} AND s.slug = 'police'"
        ));
    }
    database.execute_together(&statements);
}

/// A service on those persons, with a key for each caller.
fn service() -> (TestService, Vec<ApiKey>) {
    let database = database();
    let keys = CALLERS.iter().map(|(roles, _)| key(&database, roles)).collect();
    (TestService::start(database), keys)
}

/// What an answer tells of a person, as the table of callers says it.
fn told(of: &Value, name: Option<&str>) -> &'static str {
    match (of["name"]["state"].as_str(), of["name"]["name"].as_str()) {
        (Some("SHOWN"), shown @ Some(_)) if shown == name => "name",
        (Some("HIDDEN"), None) => "hidden",
        (Some("ERASED"), None) => "erased",
        (Some("NOT_RECORDED"), None) => "not recorded",
        other => panic!("{other:?}"),
    }
}

const NAME: &str = "id key name { name state }";

#[test]
fn a_name_is_shown_to_whoever_may_see_it_by_every_way_to_it() {
    let (service, keys) = service();
    let client = service.client;
    // Those without any right are joined by whoever sends no key.
    let callers = CALLERS.iter().zip(&keys).map(|((roles, due), key)| (*roles, due, Some(key)));
    for (roles, due, key) in callers.chain([(&[][..], &["hidden"; 6], None)]) {
        for headers in [&[][..], &[("directory-compiled-plans", "off")]] {
            for ((person, name, _), due) in PERSONS.iter().zip(due) {
                let what = format!("{person} to {roles:?} {headers:?}");
                let query = "query($key: String!) { person(key: $key) { id key name { name state } } }";
                let ask = |request: &Value| post_as(client, key, request, headers);
                let direct = ask(&json!({ "query": query, "variables": { "key": person } }));
                let found = direct.json()["data"]["person"].clone();
                assert_eq!((told(&found, *name), found["key"].as_str()), (*due, Some(*person)), "{what}");
                assert_eq!(text(&direct).contains(MARK), *due == "name", "{what}");
                let node = format!("query($id: ID!) {{ node(id: $id) {{ ... on Person {{ {NAME} }} }} }}");
                let node = ask(&json!({ "query": node, "variables": { "id": found["id"] } }));
                assert_eq!(node.json()["data"]["node"], found, "{what}");
                let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id ...P } } fragment P on Person { key name { name state } }";
                let ids = json!([found["id"], "x", found["id"]]);
                let nodes = ask(&json!({ "query": nodes, "variables": { "ids": ids } }));
                assert_eq!(nodes.json()["data"]["nodes"], json!([found, null, found]), "{what}");
                for reply in [direct, node, nodes] {
                    assert_eq!(reply.status, 200, "{what}");
                    assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
                    assert!(reply.header("vary").is_some_and(|vary| vary.contains("Authorization")));
                }
            }
        }
    }
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Rows of the access log: actor, operation, boards, persons by their keys, and whether the document's hash stands there.
fn log(database: &TestDatabase) -> Vec<String> {
    database.texts(
        "SELECT concat_ws(' ', actor, coalesce(operation, '-'), (document IS NOT NULL)::text, version, boards::text, \
           (SELECT string_agg(p.key, ',' ORDER BY p.key) FROM person p WHERE p.id = ANY (persons))) AS text FROM access_log ORDER BY id",
    )
}

#[test]
fn whoever_is_shown_names_is_recorded_before_and_nobody_else() {
    let (service, keys) = service();
    let version = service.live.current().expect("a directory").directory.version();
    let ask =
        |key: Option<&ApiKey>, query: &str| post_as(service.client, key, &json!({ "query": query }), &[]);
    let kent = "{ person(key: \"person-of-kent\") { name { name state } } }";
    let (nothing, reader, of_kent) = (&keys[0], &keys[2], &keys[3]);
    // Nothing is shown: to whom it is hidden, where a name was erased, and where nobody asks for it.
    for (key, query) in [
        (None, kent),
        (Some(nothing), kent),
        (Some(of_kent), "{ person(key: \"person-of-essex\") { name { name state } } }"),
        (Some(reader), "{ person(key: \"person-erased\") { name { name state } } }"),
        (Some(reader), "{ person(key: \"person-of-kent\") { id key } }"),
        (Some(reader), "{ person(key: \"person-of-kent\") { name @skip(if: true) { name } } }"),
        (Some(reader), "{ person(key: \"nobody\") { name { name } } }"),
        (Some(reader), "{ mappaArea(slug: \"kent\") { name } }"),
    ] {
        assert_eq!(ask(key, query).status, 200);
    }
    assert_eq!(log(&service.database), [""; 0]);
    let answered = ask(Some(reader), kent);
    assert!(text(&answered).contains("Zqxname Kent"));
    // Three persons in one answer are one row; the administrator of Kent sees those of both boards by the one board.
    let three = "{ a: person(key: \"person-of-kent\") { name { name } } b: person(key: \"person-of-both\") { name { state } } c: person(key: \"person-of-essex\") { name { name } } }";
    ask(Some(of_kent), three);
    // The same again is another answer, and another row: nothing is kept of it.
    ask(Some(reader), kent);
    let actor = |key: &ApiKey| format!("key:{}", key.prefix());
    assert_eq!(
        log(&service.database),
        [
            format!("{} - true {version} {{kent}} person-of-kent", actor(reader)),
            format!("{} - true {version} {{kent}} person-of-both,person-of-kent", actor(of_kent)),
            format!("{} - true {version} {{kent}} person-of-kent", actor(reader)),
        ]
    );
    let id = service.database.text("SELECT request_id AS text FROM access_log ORDER BY id LIMIT 1");
    assert_eq!(answered.header("x-request-id"), Some(id.as_str()));
    // Beside a case in a literal the hash of the document is not told.
    let case = "{ person(key: \"person-of-kent\") { name { name } } route(case: { on: \"2014-11-01\" }) { outcome } }";
    ask(Some(reader), case);
    assert!(log(&service.database)[3].starts_with(&format!("{} - false", actor(reader))));
    assert_eq!(
        service.database.text("SELECT count(*)::text AS text FROM change WHERE action <> 'LOAD_SEED'"),
        "15"
    );
}

/// An answer with names hidden because it could not be recorded that they are shown.
#[track_caller]
fn hidden(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", text(reply));
    let body = reply.json();
    assert_eq!(body["data"]["person"]["name"], json!({ "name": null, "state": "HIDDEN" }), "{body}");
    assert_eq!(body["extensions"]["namesHidden"], json!("ACCESS_LOG_UNAVAILABLE"), "{body}");
    assert!(body["extensions"]["cost"]["requested"].is_u64(), "{body}");
    assert!(!text(reply).contains(MARK), "{body}");
}

#[test]
fn where_it_cannot_be_recorded_that_names_are_shown_they_are_hidden_and_the_answer_says_so() {
    let (service, keys) = service();
    let reader = &keys[2];
    let query =
        "{ person(key: \"person-of-kent\") { name { name state } } mappaArea(slug: \"kent\") { name } }";
    let ask = || post_as(service.client, Some(reader), &json!({ "query": query }), &[]);
    assert!(text(&ask()).contains("Zqxname Kent"));
    assert!(ask().json()["extensions"].get("namesHidden").is_none());
    let rows = log(&service.database).len();
    service.database.execute("ALTER TABLE access_log RENAME TO gone").expect("a statement");
    for _ in 0..3 {
        let reply = ask();
        hidden(&reply);
        assert_eq!(reply.json()["data"]["mappaArea"]["name"], json!("Kent"));
    }
    // Who would be shown no name notices nothing.
    let anyone = post_as(service.client, None, &json!({ "query": query }), &[]).json();
    assert!(anyone["extensions"].get("namesHidden").is_none(), "{anyone}");
    service.database.execute("ALTER TABLE gone RENAME TO access_log").expect("a statement");
    assert!(text(&ask()).contains("Zqxname Kent"));
    assert_eq!(log(&service.database).len(), rows + 1);
}

#[test]
fn a_log_that_takes_too_long_holds_no_answer_up_for_long() {
    let (service, keys) = service();
    let query = json!({ "query": "{ person(key: \"person-of-kent\") { name { name state } } }" });
    let mut blocking = service.database.connection();
    RUNTIME.block_on(blocking.batch_execute("BEGIN; LOCK TABLE access_log IN SHARE MODE")).expect("a lock");
    let started = Instant::now();
    hidden(&post_as(service.client, Some(&keys[2]), &query, &[]));
    let took = started.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(5)).contains(&took), "{took:?}");
    RUNTIME.block_on(blocking.batch_execute("ROLLBACK")).expect("an end");
    let deadline = Instant::now() + Duration::from_secs(10);
    while !text(&post_as(service.client, Some(&keys[2]), &query, &[])).contains("Zqxname Kent") {
        assert!(Instant::now() < deadline, "the log is there again");
    }
}

#[test]
fn two_callers_never_share_an_answer() {
    let (service, keys) = service();
    let query =
        "{ caller { actor roles areas { slug } } person(key: \"person-of-kent\") { name { name state } } }";
    let path = "/graphql?query=%7Bcaller%7Bactor%20roles%7Dperson(key:%22person-of-kent%22)%7Bname%7Bname%20state%7D%7D%7D";
    let callers: Vec<Option<&ApiKey>> = std::iter::once(None).chain(keys.iter().map(Some)).collect();
    let own = |key: Option<&ApiKey>| key.map(|key| format!("key:{}", key.prefix()));
    let mut tags = BTreeSet::new();
    // Each asks after each other, often enough for an answer to be kept where any is.
    for round in 0..4 {
        for key in callers.iter().copied() {
            let posted = post_as(service.client, key, &json!({ "query": query }), &[]);
            let bearer = key.map(bearer);
            let mut headers: Vec<(&str, &str)> = vec![("if-none-match", "*")];
            if round % 2 == 0 {
                headers.clear();
            }
            headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
            let got = service.client.send("GET", path, &headers, b"");
            if key.is_none() {
                tags.extend(got.header("etag").map(str::to_owned));
                assert_eq!(got.status, if round % 2 == 0 { 200 } else { 304 });
            } else {
                // What a key was needed for is nowhere to be had again by a tag.
                assert_eq!(
                    (got.status, got.header("etag"), got.header("cache-control")),
                    (200, None, Some("no-store"))
                );
            }
            let answers = if got.status == 200 { vec![posted, got] } else { vec![posted] };
            for answer in answers {
                let data = answer.json()["data"].clone();
                assert_eq!(data["caller"]["actor"].as_str().map(str::to_owned), own(key));
                let due = key.is_some_and(|key| [2, 3, 6, 7].iter().any(|nth| keys[*nth] == *key));
                assert_eq!(data["person"]["name"]["state"], json!(if due { "SHOWN" } else { "HIDDEN" }));
            }
        }
    }
    assert_eq!(tags.len(), 1);
    let of_two = post_as(service.client, Some(&keys[6]), &json!({ "query": query }), &[]).json();
    assert_eq!(of_two["data"]["caller"]["roles"], json!(["BOARD_ADMINISTRATOR"]));
    assert_eq!(of_two["data"]["caller"]["areas"], json!([{ "slug": "essex" }, { "slug": "kent" }]));
}

#[test]
fn a_name_that_is_shown_stands_in_no_log() {
    let database = database();
    let key = key(&database, &[(Role::Reader, None)]);
    database.log_every_statement();
    let server_log = Log::of_the_database_server();
    let serving = Serving::start(&database, "json");
    let query = "{ person(key: \"person-of-kent\") { name { name } } mappaArea(slug: \"\") { slug } }";
    let headers = [&[][..], &[("directory-compiled-plans", "off")]];
    for headers in headers {
        let reply = post_as(serving.client, Some(&key), &json!({ "query": query }), headers);
        assert!(text(&reply).contains("Zqxname Kent") && !reply.json()["errors"].to_string().contains(MARK));
    }
    let figures = serving.client.send("GET", "/metrics", &[], b"");
    let ended = serving.end();
    for (place, bytes) in [
        ("the log", ended.err.as_bytes()),
        ("standard output", ended.out.as_bytes()),
        ("the figures", &figures.body),
        ("the database server's log", &server_log.since(&database)),
    ] {
        assert!(!String::from_utf8_lossy(bytes).contains(MARK), "a name is in {place}");
    }
}

/// Fields of the schema that show names of persons on boards, and may do so to whoever may see them.
const SHOWS_NAMES: [&str; 1] = ["PersonName.name"];
/// Types that have a person: an object of each must come in some answer, or nothing was shown of them.
const HAVE_PERSONS: [&str; 7] = [
    "ExpiringTerm",
    "FindingSubject",
    "OfficeHolder",
    "PersonConnection",
    "RecordedRow",
    "SeatDeputy",
    "SeatHolder",
];
/// Fields that show names of holders of public posts, which a published source names: to anyone.
const SHOWS_HOLDERS: [&str; 1] = ["PostHolder.name"];

/// The schema as introspection tells it.
struct Schema {
    types: BTreeMap<String, Value>,
}

impl Schema {
    fn of(client: Client) -> Schema {
        let query = "{ __schema { types { kind name possibleTypes { name } fields(includeDeprecated: true) { name
            args { name type { kind } } type { ...T } } } } }
            fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let all = client.data(query, json!({}))["__schema"]["types"].as_array().expect("types").clone();
        let named = |of: Value| (of["name"].as_str().unwrap_or_default().to_owned(), of);
        Schema { types: all.into_iter().map(named).collect() }
    }

    fn innermost(mut of: &Value) -> &str {
        while of["name"].is_null() {
            of = &of["ofType"];
        }
        of["name"].as_str().expect("a name")
    }

    /// What is selected of a type so that every field of everything that it leads to is asked for, each type's own objects
    /// once, the nearest first, and its texts wherever it stands.
    fn selection(&self, root: &str) -> String {
        let mut opened = BTreeSet::from([root.to_owned()]);
        let mut parts = vec![Part { of: root.to_owned(), inner: Vec::new() }];
        let mut next = 0;
        let mut to_open = vec![0];
        while let Some(&at) = to_open.get(next) {
            next += 1;
            for (before, inner) in self.objects_of(&parts[at].of) {
                let is_new = opened.insert(inner.clone()) || self.types[&inner]["kind"] == json!("INTERFACE");
                // A name is asked for wherever a person stands.
                let names = self.objects_of(&inner).into_iter().filter(|(_, of)| of == "PersonName");
                parts.push(Part { of: inner.clone(), inner: Vec::new() });
                let place = parts.len() - 1;
                parts[at].inner.push((before, place));
                if is_new && parts.len() < 2_000 {
                    to_open.push(place);
                    continue;
                }
                for (before, of) in names {
                    parts.push(Part { of, inner: Vec::new() });
                    let name = parts.len() - 1;
                    parts[place].inner.push((before, name));
                }
            }
        }
        self.written(&parts, 0)
    }

    /// What stands before an object that a type has, and the type of the object; of an interface, its types.
    fn objects_of(&self, name: &str) -> Vec<(String, String)> {
        let of = &self.types[name];
        if of["kind"] == json!("INTERFACE") {
            let possible = of["possibleTypes"].as_array().into_iter().flatten();
            let possible = possible.filter_map(|of| of["name"].as_str());
            return possible.map(|of| (format!("... on {of}"), of.to_owned())).collect();
        }
        let inner = |field: &Value| Schema::innermost(&field["type"]).to_owned();
        let fields = self.fields_of(name).filter(|field| !self.types[&inner(field)]["fields"].is_null());
        fields.map(|field| (Schema::key(name, field), inner(field))).collect()
    }

    /// Fields of a type that can be asked for without arguments.
    fn fields_of(&self, name: &str) -> impl Iterator<Item = &Value> {
        let of = &self.types[name];
        let fields = of["fields"].as_array().filter(|_| of["kind"] == json!("OBJECT"));
        fields.into_iter().flatten().filter(|field| {
            !field["args"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|arg| arg["type"]["kind"] == json!("NON_NULL"))
        })
    }

    /// A field under a key that names its type as well: fields of one name differ between types.
    fn key(of: &str, field: &Value) -> String {
        let field = field["name"].as_str().expect("a name");
        format!("{of}_{field}: {field}")
    }

    /// A document for each type that these fields of the root lead to, by the shortest way, which asks for one text at a
    /// time: so a plan writes it wherever it has one, which it cannot do of an object that is asked for whole.
    fn one_text_at_a_time(&self, starts: &[(String, String)]) -> Vec<String> {
        let mut ways: Vec<(String, Vec<String>)> = Vec::new();
        let mut met = BTreeSet::new();
        for (start, of) in starts {
            ways.push((of.clone(), vec![start.clone()]));
            met.insert(of.clone());
        }
        let mut next = 0;
        while let Some((of, way)) = ways.get(next).cloned() {
            next += 1;
            for (before, inner) in self.objects_of(&of) {
                if met.insert(inner.clone()) {
                    ways.push((inner, [way.clone(), vec![before]].concat()));
                }
            }
        }
        let document = |(of, way): (String, Vec<String>)| {
            let leaves = self
                .fields_of(&of)
                .filter(|field| self.types[Schema::innermost(&field["type"])]["fields"].is_null());
            let asked = leaves.enumerate().map(|(nth, leaf)| {
                let (opened, closed) = (way.join(" { "), "}".repeat(way.len()));
                format!("a{nth}: {opened} {{ {} {closed}", Schema::key(&of, leaf))
            });
            let asked: Vec<String> = asked.collect();
            (!asked.is_empty()).then(|| format!("{{ {} }}", asked.join(" ")))
        };
        ways.into_iter().filter_map(document).collect()
    }

    fn written(&self, parts: &[Part], at: usize) -> String {
        let Part { of, inner } = &parts[at];
        let leaves = self
            .fields_of(of)
            .filter(|field| self.types[Schema::innermost(&field["type"])]["fields"].is_null());
        let leaves = leaves.map(|field| Schema::key(of, field));
        let inner =
            inner.iter().map(|(before, part)| format!("{before} {{ {} }}", self.written(parts, *part)));
        std::iter::once("__typename".to_owned()).chain(leaves).chain(inner).collect::<Vec<_>>().join(" ")
    }

    /// The types of objects that a type leads to.
    fn reached(&self, root: &str, met: &mut BTreeSet<String>) {
        if met.insert(root.to_owned()) {
            self.objects_of(root).iter().for_each(|(_, inner)| self.reached(inner, met));
        }
    }
}

/// An object that is asked for, with the objects asked for of it.
struct Part {
    of: String,
    inner: Vec<(String, usize)>,
}

/// Types of objects that have something, by what they are asked to be called.
fn types_of(of: &Value, met: &mut BTreeSet<String>) {
    match of {
        Value::Array(items) => items.iter().for_each(|item| types_of(item, met)),
        Value::Object(members) => {
            met.extend(members.get("__typename").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| types_of(value, met));
        }
        _ => {}
    }
}

/// Fields, as `Type.field`, whose texts hold one of these.
fn where_it_stands(of: &Value, parts: &[String], found: &mut BTreeSet<String>) {
    match of {
        Value::Array(items) => items.iter().for_each(|item| where_it_stands(item, parts, found)),
        Value::Object(members) => {
            for (key, value) in members {
                if let Value::String(text) = value
                    && parts.iter().any(|part| text.contains(part.as_str()))
                {
                    found.insert(key.replace('_', "."));
                }
                where_it_stands(value, parts, found);
            }
        }
        _ => {}
    }
}

/// Types that only a mutation leads to. What it answers names nobody, whoever asks: `member_changes` has that.
const OF_CHANGES: [&str; 10] = [
    "BoardChangePayload",
    "CellError",
    "FindingChange",
    "ImportBoardMembersPayload",
    "ImportLine",
    "KeyChangePayload",
    "Mutation",
    "OrganisationChangePayload",
    "PersonChangePayload",
    "UserError",
];

#[test]
fn no_field_of_the_schema_shows_a_name_but_those_that_ask_who_asks() {
    let database = database();
    everywhere(&database);
    let keys: Vec<ApiKey> = CALLERS.iter().map(|(roles, _)| key(&database, roles)).collect();
    let gate = Gate::with_limits(Trusted::of_the_project(), Limits::NONE);
    let service = TestService::start_with(database, |usual| Service { gate, ..usual });
    let client = service.client;
    let schema = Schema::of(client);
    let holders = service.database.texts("SELECT DISTINCT holder AS text FROM post_holder");
    assert!(holders.len() > 3, "{holders:?}");
    let names = vec![MARK.to_owned()];
    let mut met = BTreeSet::new();
    // Fields of the root that find something, each asked for by itself.
    let (mut roots, mut starts) = (Vec::new(), Vec::new());
    let case = "{ on: \"2014-11-01\", residence: { place: { name: \"Sefton\" } }, age: 34, supervision: COMMUNITY_ORDER, riskOfSeriousHarm: HIGH, mappaCategory: CATEGORY_1, mappaLevel: LEVEL_2 }";
    for field in schema.types["Query"]["fields"].as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        let kent = "TWFwcGFBcmVhOmtlbnQ";
        let asked = match name {
            "node" => vec![format!("(id: \"{kent}\")")],
            "nodes" => vec![format!("(ids: [\"{kent}\"])")],
            "person" => PERSONS.iter().map(|(key, ..)| format!("(key: \"{key}\")")).collect(),
            "locate" => vec!["(place: { name: \"Sefton\" })".to_owned()],
            "locateMany" => vec!["(places: [{ name: \"Sefton\" }, { name: \"Wales\" }])".to_owned()],
            "route" => vec![format!("(case: {case})")],
            "routeMany" => vec![format!("(cases: [{case}])")],
            "compareRouting" => vec![format!("(case: {case}, dates: [\"2014-05-01\", \"2015-05-01\"])")],
            // A term in Kent ends within days of the last of these days.
            "board" => vec![
                "(area: \"kent\")".to_owned(),
                "(area: \"essex\")".to_owned(),
                "(area: \"kent\", on: \"2017-10-20\")".to_owned(),
            ],
            "agency" => vec!["(slug: \"sefton-council\")".to_owned()],
            "boardRule" => vec!["(id: \"G-10\")".to_owned()],
            "routingRule" => vec!["(id: \"R-20\")".to_owned()],
            "localAuthority" => vec!["(code: \"E08000014\")".to_owned()],
            "mappaArea" | "contractPackageArea" | "communityRehabilitationCompany" => {
                vec!["(slug: \"kent\")".to_owned(), "(slug: \"merseyside\")".to_owned()]
            }
            "probationTrust" => vec!["(slug: \"kent\")".to_owned()],
            "npsDivision" | "probationRegion" => vec!["(slug: \"wales\")".to_owned()],
            "policeForce" => vec!["(slug: \"kent-police\")".to_owned()],
            "companyOwner" => vec!["(slug: \"ministry-of-justice\")".to_owned()],
            "nationalBody" => vec!["(slug: \"noms\")".to_owned()],
            _ => {
                let asks = field["args"].as_array().into_iter().flatten();
                let asks = asks.filter(|arg| arg["type"]["kind"] == json!("NON_NULL")).count();
                assert_eq!(asks, 0, "Query.{name} is not asked by this test: say how");
                let has_pages =
                    field["args"].as_array().into_iter().flatten().any(|arg| arg["name"] == json!("first"));
                vec![if has_pages { "(first: 2)".to_owned() } else { String::new() }]
            }
        };
        let inner = Schema::innermost(&field["type"]);
        let selection = match schema.types[inner]["fields"].is_null() {
            true => String::new(),
            false => format!("{{ {} }}", schema.selection(inner)),
        };
        if !schema.types[inner]["fields"].is_null() {
            schema.reached(inner, &mut met);
            starts.extend(asked.iter().map(|arguments| (format!("{name}{arguments}"), inner.to_owned())));
        }
        roots.extend(asked.into_iter().map(|arguments| format!("{{ {name}{arguments} {selection} }}")));
    }
    let unmet: Vec<&String> = schema
        .types
        .iter()
        .filter(|(name, of)| {
            of["kind"] == json!("OBJECT")
                && !name.starts_with("__")
                && *name != "Query"
                && !OF_CHANGES.contains(&name.as_str())
                && !met.contains(*name)
        })
        .map(|(name, _)| name)
        .collect();
    assert_eq!(unmet, [""; 0], "types that no query of this test leads to");
    roots.extend(schema.one_text_at_a_time(&starts));
    let by_plans = || -> u64 {
        let figures = text(&client.send("GET", "/metrics", &[], b""));
        let line = figures.lines().find_map(|line| line.strip_prefix("directory_planned_subtrees_total "));
        line.and_then(|number| number.parse().ok()).expect("a figure")
    };
    let ask = |nth: Option<usize>| {
        let (roles, due) = nth.map_or((&[][..], ["hidden"; 6]), |nth| CALLERS[nth]);
        let key = nth.map(|nth| &keys[nth]);
        let may_not: Vec<String> = PERSONS
            .iter()
            .zip(due)
            .filter(|(_, due)| *due != "name")
            .filter_map(|((_, name, _), _)| name.map(str::to_owned))
            .collect();
        let mut met = BTreeSet::new();
        for headers in [&[][..], &[("directory-compiled-plans", "off")]] {
            let (mut found, mut found_holders) = (BTreeSet::new(), BTreeSet::new());
            let before = by_plans();
            for query in &roots {
                let reply = post_as(client, key, &json!({ "query": query }), headers);
                let body = reply.json();
                assert!(
                    reply.status == 200 && body["data"].is_object(),
                    "{query:.200}: {:.400}",
                    body.to_string()
                );
                where_it_stands(&body["data"], &names, &mut found);
                where_it_stands(&body["data"], &holders, &mut found_holders);
                types_of(&body["data"], &mut met);
                // Not the name of anybody else either, nor one in errors or beside the data.
                let text = text(&reply);
                let told = may_not.iter().find(|name| text.contains(name.as_str()));
                assert_eq!(told, None, "{roles:?} {headers:?} {query:.200}");
                assert!(
                    !body["errors"].to_string().contains(MARK)
                        && !body["extensions"].to_string().contains(MARK)
                );
            }
            assert_eq!(by_plans() > before, headers.is_empty(), "plans write unless they are off");
            let may = due.contains(&"name");
            let shows: BTreeSet<String> =
                SHOWS_NAMES.iter().filter(|_| may).map(|&name| name.to_owned()).collect();
            assert_eq!(found, shows, "{roles:?} {headers:?}");
            let shows: BTreeSet<String> = SHOWS_HOLDERS.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(found_holders, shows, "{roles:?} {headers:?}");
        }
        // Findings about persons come to administrators only, and so do their subjects.
        let is_administrator = roles
            .iter()
            .any(|(role, _)| matches!(role, Role::BoardAdministrator | Role::NationalAdministrator));
        for of in HAVE_PERSONS.iter().filter(|of| **of != "FindingSubject" || is_administrator) {
            assert!(met.contains(*of), "{of} came in no answer to {roles:?}");
        }
    };
    // Without a key, an auditor, a reader, an administrator of Kent, one of Essex, one of all.
    [None, Some(1), Some(2), Some(3), Some(4), Some(7)].into_iter().for_each(ask);
}
