//! No trace of a person: marks stand wherever a caller can put something of a case, and afterwards none is found
//! in a log, an error, a header, a page about the service, the database or the database server's log.
//!
//! The program runs as it does for people, with every record logged. What a caller chose as the name of a response
//! key comes back in `data` and `path`, by the specification of GraphQL; nothing else may.

use crate::support::client::Reply;
use crate::support::database::{base, program};
use crate::support::traces::{found, none, number, word};
use crate::support::{Client, TestDatabase};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use tempfile::TempDir;

/// Everything is logged, with the parts named that would be left out of a plain `trace`.
const EVERYTHING: &str = "trace,tokio_postgres::query=trace,actix_http::h1::decoder=trace";

/// What is asked of a case: every part of an answer that comes from its facts.
const ANSWER: &str = "
    fragment Answer on RoutingAnswer {
        index on calendar outcome explanation otherCalendarDiffers
        manager { ...Body } pending { to { ...Body } kind decidedBy { id title } }
        mappaArea { slug name } mappa { leadAgency level meeting chair identification informationSharing }
        courtAdvice { ...Body } initialAssessment { ...Body } allocation { ...Body }
        escalationReview { ...Body } enforcement { ...Body } interventions { ...Body }
        decidedBy { ...Found } placedBy { ...Found } alsoHolds { ...Found } considered { ...Found }
        warnings { ...Found } eventsSincePrevious { slug title }
        problems { code message field remedy candidates { mappaArea { slug } } rule { id } }
    }
    fragment Body on ManagingBody { kind name precision contact }
    fragment Found on Finding { rule { id } verdict severity because missing }";

#[test]
fn the_service_leaves_no_trace_of_a_case_and_logs_lines_of_text() {
    leaves_no_trace("text");
}

#[test]
fn the_service_leaves_no_trace_of_a_case_and_logs_json() {
    leaves_no_trace("json");
}

fn leaves_no_trace(log_format: &str) {
    let database = TestDatabase::seeded();
    database.log_every_statement();
    let server_log = Log::of_the_database_server();
    let serving = Serving::start(&database, log_format);
    let mut findings = Vec::new();
    let mut met = BTreeSet::new();
    let mut ids = Vec::new();
    for request in requests() {
        let reply = serving.client.raw(&request.bytes);
        findings.extend(request.traces(&reply));
        met.extend(codes(&reply));
        ids.extend(request.is_graphql.then(|| reply.header("x-request-id").map(str::to_owned)).flatten());
    }
    for page in PAGES {
        let reply = serving.client.send("GET", page, &[], b"");
        findings.extend(Request::new(page, Vec::new()).traces(&reply));
    }
    let activity = database.texts("SELECT coalesce(query, '') AS text FROM pg_stat_activity");
    findings.extend(found("pg_stat_activity", activity.join("\n").as_bytes()));
    let ended = serving.end();
    findings.extend(found("standard output", ended.out.as_bytes()));
    findings.extend(found("the log", ended.err.as_bytes()));
    findings.extend(in_files("the service's folder", ended.folder.path()));
    findings.extend(found("the database", database.dump().as_bytes()));
    findings.extend(found("the database server's log", &server_log.since(&database)));
    none(&findings);
    is_the_log_of(&ended.err, &ids);
    reached_every_kind_of_answer(&met);
}

#[test]
fn the_command_line_leaves_no_trace_of_a_case_given_by_flags() {
    let (database, server_log) = (TestDatabase::seeded(), Log::of_the_database_server());
    database.log_every_statement();
    let mut findings = Vec::new();
    for flags in flags() {
        let folder = TempDir::new().expect("a folder");
        let mut command = command(folder.path(), &database.url);
        let ran = command.args(["route", "--on", "2014-11-01"]).args(&flags).output().expect("a run");
        let what = format!("route {}", flags.join(" "));
        assert_ne!(ran.status.code(), None, "{what}");
        findings.extend(found(&format!("standard output of {what}"), &ran.stdout));
        findings.extend(found(&format!("standard error of {what}"), &ran.stderr));
        findings.extend(in_files(&format!("the folder of {what}"), folder.path()));
    }
    findings.extend(found("the database", database.dump().as_bytes()));
    findings.extend(found("the database server's log", &server_log.since(&database)));
    none(&findings);
}

/// Command lines with a mark: in each flag, in words that belong to none, and where a flag takes nothing.
fn flags() -> Vec<Vec<String>> {
    const SOUND: &str =
        "--residence Sefton --age 34 --supervision custody --risk low --category not-eligible";
    let of_words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = Vec::new();
    for flag in "calendar supervision risk risk-of-serious-harm category mappa-category level registered \
         escalation nps-earlier deportation terrorism public-interest most-serious transfer-state \
         residence residence-code usually-found-in sentenced-in at-court transfer-from transfer-to age \
         sentence-months rsr on"
        .split(' ')
    {
        let (mark, number) = (word(&format!("--{flag}")), number(&format!("--{flag}")));
        lines.push(of_words(&format!("--{flag} {mark} --json")));
        lines.push(of_words(&format!("--{flag}={number}")));
        lines.push(of_words(&format!("--{flag} 3 --{flag} {mark}")));
    }
    let mark = word("a word that belongs to no flag");
    for words in [
        // A place of two words without quotation marks.
        format!("--residence Milton {mark}"),
        format!("--age 34 {number} {mark}", number = number("a number that belongs to no flag")),
        format!("-- {mark}"),
        format!("--no-fixed-abode={mark}"),
        format!("--no-fixed-abode {mark}"),
        format!("--json={mark}"),
        format!("--template {mark}"),
        format!("--residence -{mark}"),
        format!("--residence-code ONS={mark}"),
        format!("--residence-code {mark}=E08000014"),
        format!("{SOUND} --at-court {mark}"),
        format!("{SOUND} --residnce={mark}"),
        format!("{SOUND} --csv in.csv --out out.csv --age {mark}"),
    ] {
        lines.push(of_words(&words));
    }
    lines.push(vec!["--residence".to_owned(), format!("{mark}\u{7}")]);
    lines.push(vec!["--residence".to_owned(), mark.repeat(40)]);
    lines.push(vec![format!("--residence {mark}")]);
    lines
}

#[test]
fn the_command_line_leaves_no_trace_of_a_file_of_cases_but_the_columns_to_keep() {
    let (database, server_log) = (TestDatabase::seeded(), Log::of_the_database_server());
    database.log_every_statement();
    let mut findings = Vec::new();
    for (what, file) in files() {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("in.csv"), file).expect("a file");
        let mut command = command(folder.path(), &database.url);
        let ran = command.args(["route", "--csv", "in.csv", "--out", "out.csv", "--keep", "reference"]);
        let ran = ran.output().expect("a run");
        findings.extend(found(&format!("standard output of {what}"), &ran.stdout));
        findings.extend(found(&format!("standard error of {what}"), &ran.stderr));
        // What was asked to be kept is kept, which also shows that the answers are searched.
        let out = folder.path().join("out.csv");
        let answers = if ran.status.success() { read(&out) } else { String::new() };
        assert_eq!(answers.contains(KEPT), ran.status.success(), "{what}: {answers}");
        findings.extend(found(&format!("the answers to {what}"), answers.as_bytes()));
        let _ = std::fs::remove_file(&out);
        std::fs::remove_file(folder.path().join("in.csv")).expect("the file");
        findings.extend(in_files(&format!("the folder of {what}"), folder.path()));
    }
    findings.extend(found("the database", database.dump().as_bytes()));
    findings.extend(found("the database server's log", &server_log.since(&database)));
    none(&findings);
}

/// What stands in the column to keep: no mark, so that a mark in the answers is always one too many.
const KEPT: &str = "row-of-our-own";

/// Files of cases with marks in cells, sound and broken; with what is wrong of them.
fn files() -> Vec<(String, Vec<u8>)> {
    let mark = word("a cell of a file");
    let columns = "on calendar residence residenceCode noFixedAbode usuallyFoundIn sentencedIn atCourt \
         transferFrom transferTo transferState age supervision sentenceMonths riskOfSeriousHarm \
         mappaCategory mappaLevel registeredSexualOffender rsrPercent escalation \
         managedByNpsEarlierInSentence liableToDeportation terrorism publicInterest mostSeriousOffence"
        .split(' ')
        .collect::<Vec<_>>();
    let head = format!("reference,{}\n", columns.join(","));
    let row = |at: usize, text: &str| {
        let cell = |index: usize| match index {
            _ if index == at => text.to_owned(),
            0 => "2014-11-01".to_owned(),
            _ => String::new(),
        };
        format!("{KEPT},{}\n", (0..columns.len()).map(cell).collect::<Vec<_>>().join(","))
    };
    let rows: String = (0..columns.len())
        .flat_map(|at| {
            let position = format!("cell {}", columns[at]);
            [
                row(at, &word(&position)),
                row(at, &number(&position).to_string()),
                row(at, &format!("={}", word(&position))),
            ]
        })
        .collect();
    let sound = format!("{head}{KEPT},2014-11-01\n");
    vec![
        ("each column".to_owned(), format!("{head}{rows}").into_bytes()),
        (
            "uneven rows".to_owned(),
            format!("{sound}{KEPT},{mark}\n{KEPT}{}\n", format!(",{mark}").repeat(40)).into_bytes(),
        ),
        (
            "a row that is not UTF-8".to_owned(),
            [sound.as_bytes(), KEPT.as_bytes(), b",", mark.as_bytes(), b"\xff\n"].concat(),
        ),
        ("a control character".to_owned(), format!("{sound}{KEPT},2014-11-01,,\u{7}{mark}\n").into_bytes()),
        (
            "an open quotation mark".to_owned(),
            format!("{sound}{KEPT},\"{}", mark.repeat(200_000)).into_bytes(),
        ),
        ("no names of columns".to_owned(), format!("{mark},{mark}\n{mark},{mark}\n").into_bytes()),
        ("a separator of another kind".to_owned(), format!("on;reference\n{mark};{mark}\n").into_bytes()),
    ]
}

#[test]
fn a_mark_that_is_left_is_found_in_every_place_that_is_searched() {
    let (database, server_log) = (TestDatabase::seeded(), Log::of_the_database_server());
    let is_found = |place: &str, bytes: &[u8]| assert_eq!(found(place, bytes).len(), 1, "{place}");
    let mark = word("a control");

    // A command that does not exist is repeated, by the same program with the same log.
    let folder = TempDir::new().expect("a folder");
    let ran = command(folder.path(), &database.url).arg(&mark).output().expect("a run");
    is_found("standard error", &ran.stderr);
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(folder.path().join("data/file"), &mark).expect("a file");
    assert_eq!(in_files("a folder", folder.path()).len(), 1);

    // The log of the server is shared, so that no mark may come into it: it is put behind what was logged.
    database.execute(&format!("CREATE TABLE control AS SELECT '{mark}'::text AS text")).expect("a table");
    is_found("the database", database.dump().as_bytes());
    database.log_every_statement();
    is_found("the database server's log", &[server_log.since(&database), mark.clone().into_bytes()].concat());

    let request = Request::document("a control", "{ __typename }");
    let reply = |header: &str, body: String| Reply {
        status: 200,
        headers: vec![("x-header".to_owned(), header.to_owned())],
        body: body.into_bytes(),
    };
    for (reply, findings) in [
        (reply(&mark, "{}".to_owned()), 1),
        (reply("x", json!({ "errors": [{ "message": mark }] }).to_string()), 1),
        (reply("x", json!({ "errors": [{ "extensions": { "field": mark } }] }).to_string()), 1),
        (reply("x", mark.clone()), 1),
        (reply("x", json!({ "data": { &mark: 1 }, "errors": [{ "path": [mark] }] }).to_string()), 0),
    ] {
        assert_eq!(request.traces(&reply).len(), findings, "{reply:?}");
    }

    for (form, bytes) in [
        ("capitals", mark.to_uppercase()),
        ("a number", format!("{}.25", number("a control"))),
        ("a list of bytes", format!("{:?}", format!("<{mark}>").as_bytes())),
        ("hexadecimal", mark.bytes().map(|byte| format!("{byte:02x}")).collect()),
        ("Base64", STANDARD.encode(&mark)),
        ("Base64 within more", STANDARD.encode(format!("<{mark}>"))),
        ("Base64 at the third offset", STANDARD.encode(format!("<<{mark}>"))),
    ] {
        is_found(form, bytes.as_bytes());
    }
}

/// Pages that tell about the service; one that is not there answers too.
const PAGES: [&str; 6] =
    ["/info", "/health/live", "/health/ready", "/health/ready/write", "/metrics", "/schema.graphql"];

/// Sees to it that what was searched is the log of the requests that were sent, panics and all.
fn is_the_log_of(log: &str, ids: &[String]) {
    assert!(ids.len() > 500, "{} requests", ids.len());
    for id in ids {
        assert!(log.contains(id.as_str()), "{id} is not in the log");
    }
    for record in ["panic at ", "actix_server", "TRACE"] {
        assert!(log.contains(record), "{record} is not in the log");
    }
}

/// Sees to it that requests came as far as they were meant to: each code stands for another way through.
fn reached_every_kind_of_answer(met: &BTreeSet<String>) {
    for code in "200 400 404 405 406 408 413 414 415 500 AREA_UNKNOWN AGE_OUT_OF_RANGE RSR_OUT_OF_RANGE \
         BAD_USER_INPUT GRAPHQL_VALIDATION_FAILED GRAPHQL_PARSE_FAILED LIMIT_EXCEEDED COST_EXCEEDED \
         INTERNAL MANAGED"
        .split(' ')
    {
        assert!(met.contains(code), "{code} is not among {met:?}");
    }
}

/// The status of an answer, and every code and outcome in it.
fn codes(reply: &Reply) -> Vec<String> {
    fn collect(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), value) {
                        ("code" | "outcome", Value::String(code)) => into.push(code.clone()),
                        _ => collect(value, into),
                    }
                }
            }
            _ => {}
        }
    }
    let mut codes = vec![reply.status.to_string()];
    collect(&serde_json::from_slice(&reply.body).unwrap_or_default(), &mut codes);
    codes
}

/// A request that carries marks.
struct Request {
    what: String,
    bytes: Vec<u8>,
    /// Whether it comes to the endpoint, which logs it.
    is_graphql: bool,
    /// Whether response keys are marks, which the answer repeats in `data` and `path`.
    has_keys: bool,
}

impl Request {
    fn new(what: &str, bytes: Vec<u8>) -> Request {
        Request { what: what.to_owned(), bytes, is_graphql: false, has_keys: false }
    }

    /// A POST of a body to the endpoint.
    fn post(what: &str, headers: &str, body: &[u8]) -> Request {
        let length = body.len();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        Request { is_graphql: true, ..Request::new(what, [head.as_bytes(), body].concat()) }
    }

    /// A POST of a GraphQL request.
    fn json(what: &str, body: &Value) -> Request {
        Request::post(what, AS_JSON, body.to_string().as_bytes())
    }

    fn document(what: &str, document: &str) -> Request {
        Request { has_keys: true, ..Request::json(what, &json!({ "query": document })) }
    }

    /// A request without a body.
    fn bare(what: &str, method: &str, path: &str, headers: &str) -> Request {
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n").into_bytes();
        Request { is_graphql: path.starts_with("/graphql?"), ..Request::new(what, head) }
    }

    /// The marks in an answer: its headers, and its body but for response keys that a caller chose.
    fn traces(&self, reply: &Reply) -> Vec<String> {
        let headers: String =
            reply.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let mut body = reply.body.clone();
        if self.has_keys
            && let Ok(mut answer) = serde_json::from_slice::<Value>(&body)
        {
            remove(&mut answer, "data");
            answer["errors"].as_array_mut().into_iter().flatten().for_each(|error| remove(error, "path"));
            body = answer.to_string().into_bytes();
        }
        let mut findings = found(&format!("headers of the answer to {}", self.what), headers.as_bytes());
        findings.extend(found(&format!("the answer to {}", self.what), &body));
        findings
    }
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().expect("an object").remove(member);
}

const AS_JSON: &str = "Content-Type: application/json\r\n";

/// Every request: each position of a case in each query and form, then whatever else a request has.
fn requests() -> Vec<Request> {
    let mut requests =
        vec![Request::json("a sound case", &json!({ "query": route(), "variables": { "case": case() } }))];
    for change in changes() {
        requests.extend(asked(&change));
    }
    requests.extend(beside_the_case());
    requests.extend(documents());
    requests.extend(members());
    requests.extend(bodies());
    requests.extend(addresses());
    requests.extend(headers());
    requests
}

fn route() -> String {
    format!("query Q($case: CaseInput!) {{ route(case: $case) {{ ...Answer }} }} {ANSWER}")
}

/// A case that is decided, with a value for every fact that does not exclude another.
fn case() -> Value {
    json!({
        "on": "2014-11-01", "calendar": "PUBLISHED",
        "residence": { "place": { "name": "Sefton" } },
        "sentencedIn": { "policeForce": "Merseyside Police" }, "atCourt": { "mappaArea": "kent" },
        "transfer": { "from": { "name": "Sefton" }, "to": { "mappaArea": "kent" }, "state": "REQUESTED" },
        "age": 34, "supervision": "COMMUNITY_ORDER", "sentenceMonths": 18, "riskOfSeriousHarm": "LOW",
        "mappaCategory": "NOT_ELIGIBLE", "mappaLevel": null, "registeredSexualOffender": false,
        "rsrPercent": 3.5, "escalation": "NONE", "managedByNpsEarlierInSentence": false,
        "liableToDeportation": false, "terrorism": false, "publicInterest": false, "mostSeriousOffence": false
    })
}

/// The members of a case that hold a place, as paths.
const PLACES: [&[&str]; 6] = [
    &["residence", "place"],
    &["residence", "usuallyFoundIn"],
    &["sentencedIn"],
    &["atCourt"],
    &["transfer", "from"],
    &["transfer", "to"],
];

/// The members of a case that hold anything else.
const FACTS: [&[&str]; 19] = [
    &["on"],
    &["calendar"],
    &["residence", "noFixedAbode"],
    &["transfer", "state"],
    &["age"],
    &["supervision"],
    &["sentenceMonths"],
    &["riskOfSeriousHarm"],
    &["mappaCategory"],
    &["mappaLevel"],
    &["registeredSexualOffender"],
    &["rsrPercent"],
    &["escalation"],
    &["managedByNpsEarlierInSentence"],
    &["liableToDeportation"],
    &["terrorism"],
    &["publicInterest"],
    &["mostSeriousOffence"],
    &["residence"],
];

/// A case with a mark in one position.
struct Change {
    what: String,
    case: Value,
}

impl Change {
    fn at(path: &[&str], kind: &str, value: Value) -> Change {
        let mut case = case();
        if path.len() > 1 && path[0] == "residence" {
            // Exactly one of its members is given.
            case["residence"] = json!({});
        }
        *member(&mut case, path) = value;
        Change { what: format!("{} as {kind}", path.join(".")), case }
    }
}

/// The member of a case at a path.
fn member<'c>(case: &'c mut Value, path: &[&str]) -> &'c mut Value {
    path.iter().fold(case, |at, member| &mut at[*member])
}

fn changes() -> Vec<Change> {
    let places = PLACES.iter().flat_map(|path| {
        place_values(&path.join(".")).into_iter().map(|(kind, value)| Change::at(path, kind, value))
    });
    let facts = FACTS.iter().flat_map(|path| {
        fact_values(&path.join(".")).into_iter().map(|(kind, value)| Change::at(path, kind, value))
    });
    let unknown = [&[][..], &["residence"], &["transfer"]].map(|path| {
        let what = format!("an unknown member of the case {}", path.join("."));
        let mut case = case();
        member(&mut case, path)[word(&what)] = json!(word(&what));
        Change { what, case }
    });
    places.chain(facts).chain(unknown).collect()
}

/// What stands in a place: an unknown one in each way to give it, and what no place can be.
fn place_values(position: &str) -> Vec<(&'static str, Value)> {
    let mark = |kind: &str| word(&format!("{position} as {kind}"));
    vec![
        ("name", json!({ "name": mark("name") })),
        ("a name beside a known one", json!({ "name": format!("Sefton {}", mark("part")) })),
        ("mappaArea", json!({ "mappaArea": mark("mappaArea") })),
        ("localAuthority", json!({ "localAuthority": mark("localAuthority") })),
        ("policeForce", json!({ "policeForce": mark("policeForce") })),
        ("scheme", json!({ "code": { "scheme": mark("scheme"), "value": "E08000014" } })),
        ("value", json!({ "code": { "scheme": "ONS", "value": mark("value") } })),
        ("digits", json!({ "code": { "scheme": "ONS", "value": number(position).to_string() } })),
        ("an overlong name", json!({ "name": mark("overlong").repeat(40) })),
        ("a name with a control character", json!({ "name": format!("{}\u{7}", mark("control")) })),
        ("two members", json!({ "name": mark("two"), "policeForce": mark("two") })),
        ("an unknown member", json!({ mark("unknown"): mark("unknown") })),
        ("a number", json!({ "name": number(position) })),
        ("a list", json!({ "name": [mark("list")] })),
        ("a text", json!(mark("text"))),
    ]
}

/// What stands in another fact: texts, words, numbers and shapes that it does not take.
fn fact_values(position: &str) -> Vec<(&'static str, Value)> {
    let mark = |kind: &str| word(&format!("{position} as {kind}"));
    let number = number(position);
    vec![
        ("a text", json!(mark("text"))),
        // In a literal this is a word without quotation marks, as a value of an enum is.
        ("a word", json!(mark("word").to_uppercase())),
        ("a day with more", json!(format!("2014-11-01{}", mark("more")))),
        ("a number", json!(number)),
        ("a negative number", json!(-number)),
        ("a fraction", json!(number as f64 + 0.25)),
        ("a long number", json!(number * 1_000_000_007)),
        ("a list", json!([mark("list")])),
        ("an object", json!({ mark("member"): mark("object") })),
    ]
}

/// A case in each query that takes one, in variables and in a literal.
fn asked(change: &Change) -> Vec<Request> {
    let (what, changed, literal) = (&change.what, &change.case, literal(&change.case));
    let days = json!(["2014-05-01", "2014-11-01"]);
    let many = "query Q($cases: [CaseInput!]!) { routeMany(cases: $cases) { ...Answer } }";
    let compared = "query Q($case: CaseInput!, $dates: [LocalDate!]!) {
        compareRouting(case: $case, dates: $dates) { ...Answer } }";
    let route_literal = format!("{{ route(case: {literal}) {{ ...Answer alternatives {{ outcome }} }} }}");
    let many_literal = format!("{{ routeMany(cases: [{literal}, {literal}]) {{ ...Answer }} }}");
    let compared_literal = format!("{{ compareRouting(case: {literal}, dates: {days}) {{ ...Answer }} }}");
    let ask = |kind: &str, query: &str, variables: Value| {
        let query = if query.contains("fragment") { query.to_owned() } else { format!("{query}{ANSWER}") };
        Request::json(&format!("{what} {kind}"), &json!({ "query": query, "variables": variables }))
    };
    vec![
        ask("in route", &route(), json!({ "case": changed })),
        ask("in routeMany", many, json!({ "cases": [case(), changed] })),
        ask("in compareRouting", compared, json!({ "case": changed, "dates": days })),
        ask("in a literal of route", &route_literal, json!({})),
        ask("in a literal of routeMany", &many_literal, json!({})),
        ask("in a literal of compareRouting", &compared_literal, json!({})),
    ]
}

/// Marks in arguments beside a case, and in place of one.
fn beside_the_case() -> Vec<Request> {
    let mark = word("an argument beside the case");
    let query =
        "query Q($case: CaseInput!, $cases: [CaseInput!]!, $dates: [LocalDate!]!, $knownAt: DateTime) {
        route(case: $case, knownAt: $knownAt) { outcome } routeMany(cases: $cases) { outcome }
        compareRouting(case: $case, dates: $dates) { outcome } }";
    let with = |name: &str, value: Value| {
        let mut variables =
            json!({ "case": case(), "cases": [case()], "dates": ["2014-11-01"], "knownAt": null });
        variables[name] = value;
        Request::json("an argument beside the case", &json!({ "query": query, "variables": variables }))
    };
    let of_variables = ["case", "cases", "dates", "knownAt"].into_iter().flat_map(|name| {
        [json!(mark), json!([mark]), json!({ &mark: mark }), json!(["2014-11-01", mark])]
            .map(|value| with(name, value))
    });
    let case = literal(&case());
    let of_literals = [
        format!("{{ route(case: \"{mark}\") {{ outcome }} }}"),
        format!("{{ route(case: {mark}) {{ outcome }} }}"),
        format!("{{ route(case: {case}, knownAt: \"{mark}\") {{ outcome }} }}"),
        format!("{{ routeMany(cases: [{case}, {mark}]) {{ outcome }} }}"),
        format!("{{ compareRouting(case: {case}, dates: [\"{mark}\", {mark}]) {{ outcome }} }}"),
    ]
    .map(|query| Request::json("an argument beside the case", &json!({ "query": query })));
    of_variables.chain(of_literals).collect()
}

/// A value as a GraphQL literal; a text in capitals is a word, as values of enums are.
fn literal(value: &Value) -> String {
    let is_word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
    };
    match value {
        Value::String(text) if is_word(text) && text != "ONS" && text != "E08000014" => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", literal(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

/// Documents with a mark in each place that a document has; `MARK` stands for it.
const DOCUMENTS: [&str; 46] = [
    "query MARK { __typename }",
    "query MARK { nothing }",
    "query MARK { __typename } query MARK { __typename }",
    "query MARK { __typename } { __typename }",
    "query A { __typename } query MARK { __typename }",
    "mutation MARK { MARK }",
    "subscription MARK { MARK }",
    "{ MARK: __typename }",
    "{ MARK: __typename MARK: directory { version } }",
    "{ MARK: mappaArea(slug: \"\") { slug } }",
    "{ MARK: mappaArea(slug: 5) { slug } }",
    "{ MARK: mappaArea(slug: \"kent\") { MARK } }",
    "{ MARK: mappaAreas(first: 100) { nodes { MARK: localAuthorities { MARK: mappaArea { mappaArea: localAuthorities { MARK: name } } } } } }",
    "{ MARK }",
    "{ MARK { MARK } }",
    "{ __typename { MARK } }",
    "{ mappaArea(MARK: 1, slug: \"kent\") { slug } }",
    "{ mappaArea(slug: \"kent\", slug: \"MARK\") { slug } }",
    "{ mappaArea(slug: MARK) { slug } }",
    "{ mappaArea(slug: $MARK) { slug } }",
    "{ __typename @MARK }",
    "{ __typename @include(MARK: true) }",
    "{ __typename @include(if: \"MARK\") }",
    "{ __typename @skip(if: $MARK) }",
    "{ ...MARK }",
    "{ __typename } fragment MARK on Query { __typename }",
    "{ ...MARK } fragment MARK on Query { ...MARK }",
    "{ ...MARK } fragment MARK on MappaArea { slug }",
    "{ ...MARK } fragment MARK on MARK { slug }",
    "{ ...MARK } fragment MARK on Calendar { slug }",
    "{ ...MARK } fragment MARK on Query { __typename } fragment MARK on Query { __typename }",
    "{ ... on MARK { slug } }",
    "query($MARK: String) { __typename }",
    "query MARK($MARK: String) { __typename }",
    "query($MARK: String, $MARK: String) { mappaArea(slug: $MARK) { slug } }",
    "query($MARK: Query) { __typename }",
    "query($MARK: Int) { mappaArea(slug: $MARK) { slug } }",
    "query($MARK: CaseInput!) { route(case: $MARK) { outcome } }",
    "query($v: MARK) { __typename }",
    "query($v: MARK = 1) { __typename }",
    "query($v: X = \"MARK\") { __typename }",
    "query($v: Calendar = MARK) { mappaArea(slug: \"kent\", calendar: $v) { slug } }",
    "query($v: Int = \"MARK\") { mappaAreas(first: $v) { totalCount } }",
    "# MARK\n{ __typename } # MARK",
    "# MARK\n{ nothing } # MARK",
    "\"\"\"MARK\"\"\" { __typename }",
];

/// Documents that cannot be read, or are too much of something.
fn broken() -> Vec<(&'static str, String)> {
    vec![
        ("an open text", "{ mappaArea(slug: \"MARK".to_owned()),
        ("an open selection", "{ MARK".to_owned()),
        ("a stray word", "MARK { __typename }".to_owned()),
        ("a bad escape", "{ mappaArea(slug: \"\\uD800MARK\") { slug } }".to_owned()),
        ("a bad number", "{ mappaAreas(first: 1MARK) { totalCount } }".to_owned()),
        ("a character that no token has", "{ MARK? }".to_owned()),
        ("a name without quotation marks", "{ locate(place: { name: Milton MARK }) { index } }".to_owned()),
        ("a depth", format!("{}MARK{}", "{ MARK ".repeat(40), "}".repeat(40))),
        (
            "too many fields",
            format!("{{ {} }}", (0..400).map(|n| format!("MARK{n}: __typename ")).collect::<String>()),
        ),
    ]
}

fn documents() -> Vec<Request> {
    let sound = DOCUMENTS.iter().map(|document| (*document, (*document).to_owned()));
    let marked =
        |(what, document): (&str, String)| Request::document(what, &document.replace("MARK", &word(what)));
    let inside = |value: Value| {
        let query = "query($m: String) { route(case: { on: \"2014-11-01\", residence: { place: { name: $m } } }) { problems { code message field remedy } } }";
        Request::json("a variable inside a literal", &json!({ "query": query, "variables": { "m": value } }))
    };
    let mut requests: Vec<Request> = sound.chain(broken()).map(marked).collect();
    let mark = word("a variable inside a literal");
    requests.extend([json!(mark), json!([mark]), json!({ &mark: mark })].map(inside));
    let named = word("a variable's name");
    let query = format!("query(${named}: CaseInput!) {{ route(case: ${named}) {{ outcome }} }}");
    for value in [json!({ &named: 1 }), json!({ "on": named }), json!(null)] {
        let body = json!({ "query": query, "variables": { &named: value } });
        requests.push(Request::json("a variable's name", &body));
    }
    requests
}

/// Members of a request beside its document.
fn members() -> Vec<Request> {
    const SOUND: &str = "{ __typename }";
    let mark = word("members of a request");
    let marked = json!({ &mark: [mark, { &mark: mark }] });
    let bodies = [
        json!({ "query": SOUND, "variables": marked, "extensions": marked, "documentId": mark, &mark: marked }),
        json!({ "query": SOUND, "operationName": mark }),
        json!({ "query": SOUND, "operationName": marked }),
        json!({ "query": SOUND, "variables": mark }),
        json!({ "query": SOUND, "variables": [mark] }),
        json!({ "query": SOUND, "extensions": mark }),
        json!({ "query": SOUND, "id": mark, "extensions": { "persistedQuery": { "sha256Hash": mark } } }),
        json!({ "query": marked }),
        json!({ "documentId": mark }),
        json!([{ "query": SOUND, "variables": marked }]),
        json!(mark),
    ];
    bodies.iter().map(|body| Request::json("members of a request", body)).collect()
}

/// Bodies that are no request, and those that are sent as something else.
fn bodies() -> Vec<Request> {
    let mark = word("a body");
    let whole = json!({ "query": route(), "variables": { "case": { "on": mark } } }).to_string();
    let truncated = whole.find(&mark).expect("the mark") + mark.len();
    let post = |headers: &str, body: &[u8]| Request::post("a body", headers, body);
    let mut requests = vec![
        post(AS_JSON, mark.as_bytes()),
        post(AS_JSON, &whole.as_bytes()[..truncated]),
        post(AS_JSON, format!("{whole}{mark}").as_bytes()),
        post(AS_JSON, &[mark.as_bytes(), b"\xff"].concat()),
        post(AS_JSON, format!("{{\"query\": \"{{ __typename }}\", \"{mark}\": \"\u{1}{mark}\"}}").as_bytes()),
        post(AS_JSON, mark.repeat(60_000).as_bytes()),
        post("", whole.as_bytes()),
    ];
    for kind in [
        "application/x-www-form-urlencoded".to_owned(),
        "multipart/form-data; boundary=MARK".replace("MARK", &mark),
        format!("application/{mark}"),
        format!("application/json; charset={mark}"),
        format!("application/json; {mark}={mark}; charset={mark}"),
        mark.clone(),
    ] {
        requests.push(post(&format!("Content-Type: {kind}\r\n"), format!("query={mark}&{whole}").as_bytes()));
    }
    // The rest never comes: what did come is not told either.
    let head =
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n";
    let open = Request::new("a body", [head.as_bytes(), whole.as_bytes()].concat());
    requests.push(Request { is_graphql: true, ..open });
    for chunks in [
        format!("{:x};{mark}={mark}\r\n{whole}\r\n0\r\n{mark}: {mark}\r\n\r\n", whole.len()),
        format!("{mark}\r\n{whole}\r\n"),
    ] {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{AS_JSON}Transfer-Encoding: chunked\r\n\r\n"
        );
        requests.push(Request::new("a body in chunks", [head.as_bytes(), chunks.as_bytes()].concat()));
    }
    requests
}

/// Marks in the address, and methods that are none.
fn addresses() -> Vec<Request> {
    let mark = word("an address");
    let encoded = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    let marked = literal(&json!({ "on": "2014-11-01", "residence": { "place": { "name": mark } } }));
    let with_case = encoded(&format!("{{ route(case: {marked}) {{ outcome }} }}"));
    let with_variables = encoded(&route());
    let variables = encoded(&json!({ "case": { "on": "2014-11-01", &mark: mark } }).to_string());
    let sound = encoded("{ __typename }");
    let get = |path: String| Request::bare("an address", "GET", &path, "");
    let mut requests: Vec<Request> = [
        format!("/graphql?query={with_case}"),
        format!("/graphql?query={with_variables}&variables={variables}"),
        format!("/graphql?query={sound}&variables={variables}&extensions={variables}&{mark}={mark}"),
        format!("/graphql?query={sound}&operationName={mark}"),
        format!("/graphql?query={sound}&{mark}={mark}&{mark}={mark}"),
        format!("/graphql?query={sound}&variables={mark}"),
        format!("/graphql?query={sound}&variables=%22{mark}%22"),
        format!("/graphql?query={mark}"),
        format!("/graphql?{mark}"),
        format!("/graphql?query=%FF{mark}"),
        format!("/graphql?query={sound}&%zz{mark}=%{mark}"),
        format!("/graphql?query={}", mark.repeat(1_500)),
        format!("/{mark}"),
        format!("/{mark}/{mark}?{mark}"),
        format!("/graphql/{mark}"),
        format!("/%{mark}"),
        format!("/{}", mark.repeat(20_000)),
        format!("http://{mark}/{mark}"),
        format!("/info?{mark}"),
        format!("/health/live?{mark}={mark}"),
        format!("/health/ready/{mark}"),
        format!("/metrics?{mark}"),
        format!("/schema.graphql?{mark}"),
    ]
    .into_iter()
    .map(get)
    .collect();
    for method in [mark.to_uppercase().as_str(), "PUT", "HEAD", "OPTIONS", "DELETE", "CONNECT"] {
        requests.push(Request::bare("a method", method, &format!("/graphql?query={mark}"), ""));
        requests.push(Request::bare("a method", method, &format!("/{mark}"), ""));
    }
    let body = json!({ "query": "{ __typename }" }).to_string();
    let head = format!(
        "POST /graphql?{mark} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{AS_JSON}Content-Length: {}\r\n\r\n",
        body.len()
    );
    requests.push(Request::new("an address of a POST", [head.as_bytes(), body.as_bytes()].concat()));
    for line in [format!("GET / HTTP/9.{mark}"), format!("GET /{mark} {mark}"), mark.clone()] {
        requests.push(Request::new("a first line", format!("{line}\r\nHost: x\r\n\r\n").into_bytes()));
    }
    requests
}

/// Marks in the names and values of headers, those that the server itself reads among them.
fn headers() -> Vec<Request> {
    let names = "X-Request-Id Accept Cookie Authorization Origin User-Agent Referer Host Forwarded \
         X-Forwarded-For Accept-Language Accept-Encoding Content-Encoding Traceparent Baggage \
         If-None-Match Range Upgrade Expect Connection Content-Length Transfer-Encoding \
         Access-Control-Request-Method X-HTTP-Method-Override Sec-WebSocket-Key"
        .split(' ');
    let body = json!({ "query": "{ __typename }" }).to_string();
    let mut requests = Vec::new();
    for name in names {
        let what = format!("header {name}");
        let line = format!("{name}: {}\r\n", word(&what));
        let digits = format!("{name}: {}MARK\r\n", number(&what));
        for line in [line, digits] {
            // With the header once more where the request has one already, which is another fault.
            let posted = Request::post(&what, &format!("{AS_JSON}{line}"), body.as_bytes());
            requests.push(Request { is_graphql: false, ..posted });
            let head = format!("POST /graphql HTTP/1.1\r\n{AS_JSON}{line}Connection: close\r\n\r\n");
            requests.push(Request::new(&what, head.into_bytes()));
            let head = format!("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{line}\r\n");
            requests.push(Request::new(&what, head.into_bytes()));
        }
    }
    let mark = word("the name of a header");
    for line in
        [format!("{mark}: {mark}\r\n"), format!("{mark}\r\n"), format!("{mark}\u{1}: \u{1}{mark}\r\n")]
    {
        requests.push(Request::bare("the name of a header", "GET", "/graphql", &line));
    }
    let many: String = (0..200).map(|n| format!("{mark}{n}: {mark}\r\n")).collect();
    requests.push(Request::bare("many headers", "GET", "/graphql", &many));
    requests
}

/// A program that serves a database, with everything that it prints.
pub struct Serving {
    /// The process.
    pub child: Running,
    out: JoinHandle<String>,
    welcome: String,
    folder: TempDir,
    /// A client of it.
    pub client: Client,
}

/// A process that does not outlive its test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a program left that has ended.
pub struct Ended {
    /// What it printed.
    pub out: String,
    /// Its log.
    pub err: String,
    folder: TempDir,
}

impl Serving {
    /// Starts the program on a free port.
    pub fn start(database: &TestDatabase, log_format: &str) -> Serving {
        Serving::start_with(database, &[("LOG_FORMAT", log_format)])
    }

    /// Starts it with settings of its own.
    pub fn start_with(database: &TestDatabase, settings: &[(&str, &str)]) -> Serving {
        let folder = TempDir::new().expect("a folder");
        let mut child = command(folder.path(), &database.url)
            .arg("serve")
            .env("BIND", "127.0.0.1:0")
            .env("WORKERS", "1")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let mut welcome = String::new();
        // It is printed once everything answers, and ends with this line.
        while !welcome.ends_with("Ctrl-C stops it.\n") {
            match lines.next() {
                Some(Ok(line)) => welcome.push_str(&format!("{line}\n")),
                _ => panic!("it does not serve: {welcome} {}", read(&folder.path().join("stderr"))),
            }
        }
        let address = welcome.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let client = Client::new(address.and_then(|text| text.parse().ok()).expect("an address"));
        let out =
            std::thread::spawn(move || lines.map_while(Result::ok).map(|line| format!("{line}\n")).collect());
        Serving { child: Running(child), out, welcome, folder, client }
    }

    /// Ends it in order.
    pub fn end(mut self) -> Ended {
        kill(Pid::from_raw(i32::try_from(self.child.0.id()).expect("a pid")), Signal::SIGTERM)
            .expect("a signal");
        let status = self.child.0.wait().expect("a status");
        let out = self.welcome + &self.out.join().expect("the output");
        let err = read(&self.folder.path().join("stderr"));
        assert!(status.success(), "{status}: {err}");
        Ended { out, err, folder: self.folder }
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned()
}

/// The program with every record logged, and with nothing else of the environment.
#[expect(clippy::disallowed_methods, reason = "the program needs the PATH that the tests have")]
pub fn command(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(program());
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("DATA_DIR", folder.join("data"))
        .env("DATABASE_URL", url)
        .env("RUST_LOG", EVERYTHING)
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

/// The log of the database server, from a place on.
pub struct Log {
    from: usize,
}

impl Log {
    /// From now on.
    pub fn of_the_database_server() -> Log {
        Log { from: Log::whole().len() }
    }

    fn whole() -> Vec<u8> {
        std::fs::read(base().join("postgres.log")).expect("the server's log")
    }

    /// What it logged; that statements of sessions of this database are there is made sure of.
    pub fn since(&self, database: &TestDatabase) -> Vec<u8> {
        // No mark: the log is shared by all tests that run.
        let last = database.text("SELECT 'the end of ' || current_database() AS text");
        database.execute(&format!("DO $$BEGIN PERFORM '{last}'; END$$")).expect("a statement");
        let log = Log::whole().split_off(self.from);
        assert!(String::from_utf8_lossy(&log).contains(&last), "{last} is not in the server's log");
        log
    }
}

/// The marks in the files of a folder, their names among them.
fn in_files(place: &str, folder: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        findings.extend(found(&format!("a name in {place}"), name.as_bytes()));
        if path.is_dir() {
            findings.extend(in_files(place, &path));
        } else {
            let mut bytes = Vec::new();
            File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).expect("a file");
            findings.extend(found(&format!("{name} in {place}"), &bytes));
        }
    }
    findings
}
