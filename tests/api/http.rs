//! The endpoint over real HTTP: methods, media types, bounds, headers, and hostile requests.

use crate::support::client::Reply;
use crate::support::{Client, TestService};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const JSON: &str = "application/json; charset=utf-8";
const RESPONSE_JSON: &str = "application/graphql-response+json; charset=utf-8";
const QUERY: &[u8] = b"{\"query\":\"{ __typename }\"}";

fn client() -> Client {
    TestService::shared().client
}

fn post(headers: &[(&str, &str)], body: &[u8]) -> Reply {
    client().send("POST", "/graphql", headers, body)
}

fn post_json(body: &[u8]) -> Reply {
    post(&[("content-type", "application/json")], body)
}

/// A GET of the endpoint with parameters, percent-encoded here.
fn get(parameters: &[(&str, &str)]) -> Reply {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    client().send("GET", &format!("/graphql?{}", pairs.join("&")), &[], b"")
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn code(reply: &Reply) -> String {
    reply.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

/// Sees to it that an answer was refused with a status and code, and carries what every answer does.
fn refused(reply: &Reply, status: u16, code: &str, what: &str) {
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status, status, "{what}: {body}");
    let error = &reply.json()["errors"][0];
    assert_eq!(error["extensions"]["code"], json!(code), "{what}: {body}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}: {body}");
    assert!(reply.json().get("data").is_none(), "{what}: {body}");
    assert!(reply.header("x-request-id").is_some(), "{what}");
    assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id"), "{what}: {body}");
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{what}");
}

fn answered(reply: &Reply, what: &str) {
    assert_eq!(reply.status, 200, "{what}: {}", String::from_utf8_lossy(&reply.body));
    assert_eq!(reply.answer(), json!({ "data": { "__typename": "Query" } }), "{what}");
}

#[test]
fn an_answer_says_what_it_is_and_is_not_kept() {
    let reply = post_json(QUERY);
    answered(&reply, "a plain query");
    assert_eq!(reply.header("content-type"), Some(JSON));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("vary"), Some("Accept, Authorization"));
}

#[test]
fn every_answer_has_an_id_of_its_own_which_its_errors_repeat() {
    let requests: [(&str, &str, &[u8]); 7] = [
        ("POST", "/graphql", QUERY),
        ("POST", "/graphql", b"{\"query\":\"{ nothing }\"}"),
        ("POST", "/graphql", b"{\"query\":\"{\"}"),
        ("POST", "/graphql", b"{\"query\":\"{ mappaArea(slug: \\\"\\\") { slug } }\"}"),
        ("POST", "/graphql", b"nothing"),
        ("PUT", "/graphql", b""),
        ("GET", "/nothing", b""),
    ];
    let mut seen = BTreeSet::new();
    for (method, path, body) in requests.iter().chain(&requests) {
        let reply = client().send(method, path, &[("content-type", "application/json")], body);
        let id = reply.header("x-request-id").expect("an id").to_owned();
        for error in reply.json()["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["requestId"], json!(id), "{method} {path}: {error}");
        }
        assert!(seen.insert(id), "{method} {path} repeats an id");
    }
    // An id that a client sends is not taken over.
    let reply = post(&[("content-type", "application/json"), ("x-request-id", "mine")], QUERY);
    assert_ne!(reply.header("x-request-id"), Some("mine"));
}

#[test]
fn the_media_type_of_the_answer_is_what_the_client_prefers() {
    for (accept, media) in [
        ("application/json", JSON),
        ("application/graphql-response+json", RESPONSE_JSON),
        ("APPLICATION/GraphQL-Response+JSON", RESPONSE_JSON),
        ("application/graphql-response+json; charset=utf-8", RESPONSE_JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/graphql-response+json, application/json;q=0.9", RESPONSE_JSON),
        ("application/json, application/graphql-response+json", JSON),
        ("application/graphql-response+json, application/json", RESPONSE_JSON),
        ("application/graphql-response+json;q=0.5, application/json", JSON),
        ("application/json;q=0.1, application/graphql-response+json;q=0.2", RESPONSE_JSON),
        ("application/json; q=0.1 , application/graphql-response+json;Q=0.2", RESPONSE_JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/html, application/graphql-response+json;q=0.1", RESPONSE_JSON),
        ("application/json;q=0, application/graphql-response+json", RESPONSE_JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        // The closest range tells the quality of a type, so that these leave one.
        ("application/json;q=0, */*", RESPONSE_JSON),
        ("*/*;q=0.1, application/json;q=0, application/graphql-response+json;q=0.1", RESPONSE_JSON),
        ("*/*, application/json;q=0.5", RESPONSE_JSON),
        ("application/*;q=0, application/json", JSON),
    ] {
        let reply = post(&[("content-type", "application/json"), ("accept", accept)], QUERY);
        answered(&reply, accept);
        assert_eq!(reply.header("content-type"), Some(media), "{accept}");
    }
    let two = [
        ("content-type", "application/json"),
        ("accept", "text/html"),
        ("accept", "application/graphql-response+json"),
    ];
    assert_eq!(post(&two, QUERY).header("content-type"), Some(RESPONSE_JSON));
}

#[test]
fn a_client_that_takes_neither_media_type_is_told_so() {
    for accept in [
        "text/html",
        "text/*, image/png",
        "application/json;q=0",
        "application/json;q=0, application/graphql-response+json;q=0.0",
        "*/*;q=0",
        "application/json;q=nothing",
        "application/graphql",
    ] {
        let reply = post(&[("content-type", "application/json"), ("accept", accept)], QUERY);
        refused(&reply, 406, "NOT_ACCEPTABLE", accept);
        assert_eq!(reply.header("content-type"), Some(JSON), "{accept}");
    }
}

#[test]
fn a_body_of_another_type_is_not_read() {
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
        "application/json+x",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "text/plain; application/json",
        "",
    ] {
        refused(&post(&[("content-type", kind)], QUERY), 415, "UNSUPPORTED_MEDIA_TYPE", kind);
    }
    refused(&post(&[], QUERY), 415, "UNSUPPORTED_MEDIA_TYPE", "no type");
    for kind in [
        "application/json",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=\"UTF-8\"",
        "application/json ; profile=x",
    ] {
        answered(&post(&[("content-type", kind)], QUERY), kind);
    }
}

#[test]
fn other_methods_are_refused_with_those_that_are_taken() {
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW"] {
        let reply = client().send(
            method,
            "/graphql?query=%7B__typename%7D",
            &[("content-type", "application/json")],
            QUERY,
        );
        refused(&reply, 405, "METHOD_NOT_ALLOWED", method);
        assert_eq!(reply.header("allow"), Some("GET, POST"), "{method}");
    }
    let head = client().send("HEAD", "/graphql?query=%7B__typename%7D", &[], b"");
    assert_eq!((head.status, head.header("allow")), (405, Some("GET, POST")));
}

#[test]
fn a_query_can_be_asked_by_get() {
    answered(&get(&[("query", "{ __typename }")]), "GET");
    let query = "query A($slug: String!) { mappaArea(slug: $slug) { name } } query B { __typename }";
    let reply = get(&[("query", query), ("variables", "{\"slug\":\"dyfed-powys\"}"), ("operationName", "A")]);
    assert_eq!(reply.answer(), json!({ "data": { "mappaArea": { "name": "Dyfed-Powys" } } }));
    // It may be kept, if it is asked for by its tag each time.
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    assert!(reply.header("etag").is_some());
    answered(
        &get(&[("query", query), ("operationName", "B"), ("extensions", "{}")]),
        "GET of another operation",
    );
    answered(
        &get(&[("query", "{ __typename }"), ("variables", "null"), ("extensions", "null")]),
        "null members",
    );
    answered(&get(&[("query", "{ __typename }"), ("operationName", "")]), "no operation name");
    answered(&get(&[("query", "{ __typename }"), ("other", "5")]), "an unknown member");
    answered(&client().send("GET", "/graphql?query=%7B+__typename+%7D", &[], b""), "a plus for a space");
}

#[test]
fn a_get_that_cannot_be_read_is_a_bad_request() {
    for parameters in [
        &[("query", "{ __typename }"), ("variables", "nothing")][..],
        &[("query", "{ __typename }"), ("variables", "[1]")],
        &[("query", "{ __typename }"), ("variables", "1")],
        &[("query", "{ __typename }"), ("variables", "{")],
        &[("query", "{ __typename }"), ("variables", "")],
        &[("query", "{ __typename }"), ("extensions", "[]")],
        &[("query", "{ __typename }"), ("query", "{ __typename }")],
        &[("variables", "{}")],
    ] {
        refused(&get(parameters), 400, "BAD_REQUEST", &format!("{parameters:?}"));
    }
    refused(&client().send("GET", "/graphql", &[], b""), 400, "BAD_REQUEST", "no query");
}

#[test]
fn what_is_no_query_is_never_executed_by_get_and_what_is_unknown_never_at_all() {
    for document in [
        "mutation { appoint { id } }",
        "mutation { __typename }",
        "subscription { changed { id } }",
        "subscription { __typename }",
    ] {
        for accept in ["application/json", "application/graphql-response+json"] {
            let path = format!("/graphql?query={}", encoded(document));
            let body = json!({ "query": document }).to_string();
            let headers = [("content-type", "application/json"), ("accept", accept)];
            let mut replies = vec![client().send("GET", &path, &headers[1..], b"")];
            // What changes nothing is answered where it is posted.
            if document != "mutation { __typename }" {
                replies.push(post(&headers, body.as_bytes()));
            }
            for reply in replies {
                let body = reply.json();
                assert!(
                    body["errors"].as_array().is_some_and(|errors| !errors.is_empty()),
                    "{document}: {body}"
                );
                assert!(body.get("data").is_none(), "{document}: {body}");
                assert_ne!(code(&reply), "INTERNAL", "{document}: {body}");
                assert!(reply.status < 500, "{document}: {body}");
            }
        }
    }
}

#[test]
fn a_batch_is_not_taken() {
    for body in [
        "[{\"query\":\"{ __typename }\"}]",
        "[{\"query\":\"{ __typename }\"},{\"query\":\"{ __typename }\"}]",
        "[]",
    ] {
        refused(&post_json(body.as_bytes()), 400, "BAD_REQUEST", body);
    }
}

#[test]
fn members_of_a_request_have_their_types_and_others_are_left_aside() {
    for (member, value) in [
        ("query", json!(5)),
        ("query", json!(null)),
        ("query", json!({})),
        ("variables", json!([])),
        ("variables", json!("{}")),
        ("variables", json!(1)),
        ("operationName", json!(1)),
        ("operationName", json!({})),
        ("extensions", json!([])),
        ("extensions", json!("x")),
    ] {
        let mut request = json!({ "query": "{ __typename }" });
        request[member] = value;
        refused(&post_json(request.to_string().as_bytes()), 400, "BAD_REQUEST", &request.to_string());
    }
    refused(&post_json(b"{}"), 400, "BAD_REQUEST", "no query");
    for request in [
        json!({ "query": "{ __typename }", "other": [1, 2], "id": 5 }),
        json!({ "query": "{ __typename }", "variables": null, "operationName": null, "extensions": null }),
        json!({ "query": "{ __typename }", "variables": {}, "operationName": "", "extensions": { "any": 1 } }),
    ] {
        answered(&post_json(request.to_string().as_bytes()), &request.to_string());
    }
}

#[test]
fn an_operation_is_chosen_by_its_name() {
    let query = "query A { __typename } query B { directory { version } }";
    answered(&client().post(&json!({ "query": query, "operationName": "A" })), "A");
    for request in
        [json!({ "query": query }), json!({ "query": query, "operationName": "C" }), json!({ "query": "" })]
    {
        let reply = client().post(&request);
        assert_eq!(reply.status, 200, "{request}");
        assert!(
            ["BAD_REQUEST", "GRAPHQL_PARSE_FAILED"].contains(&code(&reply).as_str()),
            "{request}: {}",
            reply.json()
        );
    }
}

#[test]
fn a_body_of_64_kib_is_read_and_one_of_512_kib_for_a_batch_and_a_larger_one_is_refused() {
    let padded = |query: &[u8], size: usize| {
        let mut body = query.to_vec();
        body.resize(size, b' ');
        body
    };
    answered(&post_json(&padded(QUERY, 64 * 1024)), "64 KiB");
    refused(&post_json(&padded(QUERY, 64 * 1024 + 1)), 413, "LIMIT_EXCEEDED", "one byte more");
    let batch = b"{\"query\":\"{ locateMany(places: []) { index } }\"}";
    assert_eq!(post_json(&padded(batch, 512 * 1024)).answer(), json!({ "data": { "locateMany": [] } }));
    refused(&post_json(&padded(batch, 512 * 1024 + 1)), 413, "LIMIT_EXCEEDED", "one byte more of a batch");

    // Without a length in front: the bytes themselves are counted.
    let chunk = "x".repeat(32 * 1024);
    let mut request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n",
        client().address
    );
    for _ in 0..17 {
        request.push_str(&format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    }
    request.push_str("0\r\n\r\n");
    refused(&client().raw(request.as_bytes()), 413, "LIMIT_EXCEEDED", "chunks");
}

#[test]
fn a_refused_body_without_an_end_does_not_hold_the_connection_open() {
    let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
    for (path, headers, chunks, status) in [
        ("/graphql", "content-type: application/json\r\n", 17, "413"),
        ("/graphql", "content-type: text/plain\r\n", 1, "415"),
        ("/nothing", "", 1, "404"),
    ] {
        let mut stream = TcpStream::connect(client().address).expect("a connection");
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\n{headers}transfer-encoding: chunked\r\n\r\n");
        let _ = stream.write_all([head, chunk.repeat(chunks)].concat().as_bytes());
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        let is_open =
            ended.is_err_and(|error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
        assert!(!is_open, "{path} {status}: the connection stays open");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
}

#[test]
fn a_query_string_of_more_than_16_kib_is_refused() {
    let path = |size: usize| format!("/graphql?query=%7B__typename%7D&other={}", "x".repeat(size));
    answered(&client().send("GET", &path(15 * 1024), &[], b""), "15 KiB");
    refused(&client().send("GET", &path(17 * 1024), &[], b""), 414, "LIMIT_EXCEEDED", "17 KiB");
    let huge = client().send("GET", &path(300 * 1024), &[], b"");
    assert!((400..500).contains(&huge.status), "{}", huge.status);
}

#[test]
fn a_body_that_drips_is_cut_off_after_five_seconds() {
    let mut stream = TcpStream::connect(client().address).expect("a connection");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{{",
        client().address
    );
    stream.write_all(head.as_bytes()).expect("a head");
    let started = Instant::now();
    // A read that finds nothing paces the drops.
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a time-out");
    let mut answer = [0; 4096];
    let length = loop {
        match stream.read(&mut answer) {
            Ok(length) => break length,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                assert!(started.elapsed() < Duration::from_secs(15), "it is not cut off");
                let _ = stream.write_all(b" ");
            }
            Err(error) => panic!("{error}"),
        }
    };
    let waited = started.elapsed();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
    assert!((4.0..9.0).contains(&waited.as_secs_f64()), "{waited:?}");
    answered(&post_json(QUERY), "afterwards");
}

#[test]
fn a_head_that_never_ends_is_cut_off_too() {
    let reply = client().raw(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n");
    assert_eq!(reply.status, 408);
}

#[test]
fn what_is_refused_before_execution_has_the_status_of_its_media_type() {
    let documents = [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ mappaArea { slug } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ mappaArea(slug: \"kent\", on: \"2014-02-30\") { slug } }", "BAD_USER_INPUT"),
        ("query($slug: String!) { mappaArea(slug: $slug) { slug } }", "BAD_USER_INPUT"),
    ];
    for (document, wanted) in documents {
        let body = json!({ "query": document }).to_string();
        for (accept, status) in [("application/json", 200), ("application/graphql-response+json", 400)] {
            let reply = post(&[("content-type", "application/json"), ("accept", accept)], body.as_bytes());
            assert_eq!(reply.status, status, "{document} as {accept}: {}", reply.json());
            assert_eq!(code(&reply), wanted, "{document}: {}", reply.json());
            assert!(reply.json().get("data").is_none(), "{document}: {}", reply.json());
        }
    }
    // An error of a field is an answer, whatever the media type.
    let body =
        json!({ "query": "{ a: mappaArea(slug: \"\") { slug } b: mappaArea(slug: \"kent\") { slug } }" })
            .to_string();
    for accept in ["application/json", "application/graphql-response+json"] {
        let reply = post(&[("content-type", "application/json"), ("accept", accept)], body.as_bytes());
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json()["data"], json!({ "a": null, "b": { "slug": "kent" } }));
        assert_eq!(reply.json()["errors"][0]["path"], json!(["a"]));
    }
}

#[test]
fn an_unknown_name_does_not_draw_out_other_names() {
    for document in
        ["{ mappaAreaz }", "{ mappaArea(slog: \"kent\") { nam } }", "query($x: MappaAria) { __typename }"]
    {
        let body = client().post(&json!({ "query": document })).json().to_string();
        assert!(!body.contains("Did you mean"), "{document}: {body}");
        for name in ["mappaAreas", "\"name\"", "MappaAreaFilter"] {
            assert!(!body.contains(name), "{document}: {body}");
        }
    }
}

#[test]
fn elsewhere_there_is_nothing_and_that_is_said_in_json() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/graphql/"),
        ("POST", "/graphql/batch"),
        ("GET", "/graphiql"),
        ("GET", "/health"),
        ("DELETE", "/nothing"),
        ("GET", "/../etc/passwd"),
        ("GET", "/%2e%2e/etc/passwd"),
    ] {
        let reply = client().send(method, path, &[("content-type", "application/json")], b"");
        refused(&reply, 404, "NOT_FOUND", path);
        assert_eq!(reply.header("content-type"), Some(JSON), "{path}");
    }
}

#[test]
fn health_and_info_tell_how_things_stand() {
    let version = client().data("{ directory { version } }", json!({}))["directory"]["version"].clone();
    let ask = |path: &str| {
        let reply = client().send("GET", path, &[], b"");
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), Some(JSON), "{path}");
        reply
    };
    assert_eq!(ask("/health/live").json(), json!({ "status": "UP" }));
    let ready = ask("/health/ready").json();
    assert_eq!((&ready["status"], &ready["directoryVersion"]), (&json!("UP"), &version));
    assert!(ready["confirmedSecondsAgo"].as_i64().is_some_and(|age| (0..900).contains(&age)), "{ready}");
    assert_eq!(ready["refreshFault"], Value::Null);
    assert_eq!(ask("/health/ready/write").json(), json!({ "status": "UP", "databaseVersion": version }));
    for path in ["/health/live", "/health/ready", "/health/ready/write"] {
        assert_eq!(ask(path).header("cache-control"), Some("no-store"), "{path}");
    }
    let info = ask("/info").json();
    assert_eq!(info["name"], json!("probation-directory"));
    assert_eq!(info["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(info["directoryVersion"], version);
    assert_eq!(info["directoryDate"], json!("2014-11-01"));
    assert_eq!(info["calendar"], json!("PUBLISHED"));
    assert_eq!(info["graphql"], json!("/graphql"));
}

#[test]
fn the_schema_is_published_as_text() {
    let reply = client().send("GET", "/schema.graphql", &[], b"");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    let text = String::from_utf8(reply.body).expect("text");
    for part in [
        "type Query {",
        "interface Node {",
        "input PlaceInput @oneOf {",
        "enum Calendar {",
        "scalar LocalDate",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(text, probation_directory::graphql::schema_definition());
}

/// Requests that have brought servers down or kept them busy, each with codes that may answer it.
fn hostile() -> Vec<(&'static str, Value, &'static [&'static str])> {
    const UNREAD: &[&str] = &["LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED"];
    const TOO_MUCH: &[&str] = &["LIMIT_EXCEEDED", "COST_EXCEEDED"];
    const REFUSED: &[&str] = &[
        "LIMIT_EXCEEDED",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
        "COST_EXCEEDED",
    ];
    let document = |text: String| json!({ "query": text });
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let cycle = |length: usize| {
        (0..length).fold("{ ...F0 }".to_owned(), |text, n| {
            format!("{text} fragment F{n} on Query {{ ...F{} }}", (n + 1) % length)
        })
    };
    let doubling = |levels: usize| {
        let last = format!(" fragment F{levels} on Query {{ __typename }}");
        (0..levels).fold("{ ...F0 }".to_owned(), |text, n| {
            format!("{text} fragment F{n} on Query {{ ...F{next} ...F{next} }}", next = n + 1)
        }) + &last
    };
    let chain = |length: usize| {
        let last = format!(" fragment F{length} on Query {{ __typename }}");
        (0..length).fold("{ ...F0 }".to_owned(), |text, n| {
            format!("{text} fragment F{n} on Query {{ ...F{} }}", n + 1)
        }) + &last
    };
    let aliases = |count: usize, field: &str| {
        format!("{{ {} }}", (0..count).map(|n| format!("a{n}: {field} ")).collect::<String>())
    };
    let round = nested("npsDivision { mappaAreas { ", "slug", " } }", 6);
    vec![
        ("3,000 open braces", document("{".repeat(3_000)), UNREAD),
        ("3,000 levels of fields", document(nested("{ a ", "", "}", 3_000)), UNREAD),
        (
            "5,000 nested lists",
            document(format!("{{ mappaArea(slug: {}) {{ slug }} }}", nested("[", "1", "]", 5_000))),
            UNREAD,
        ),
        (
            "3,000 nested objects",
            document(format!("{{ locate(place: {}) {{ index }} }}", nested("{ a: ", "1", "}", 3_000))),
            UNREAD,
        ),
        (
            "5,000 nested list types",
            document(format!("query($v: {}) {{ __typename }}", nested("[", "Int", "]", 5_000))),
            UNREAD,
        ),
        (
            "5,000 nested inline fragments",
            document(format!("{{ {} }}", nested("... { ", "__typename", " }", 5_000))),
            UNREAD,
        ),
        ("1,000 aliases", document(aliases(1_000, "__typename")), UNREAD),
        ("1,000 aliases of a list", document(aliases(1_000, "mappaAreas { totalCount }")), UNREAD),
        (
            "60 aliases of a whole list",
            document(aliases(
                60,
                "localAuthorities(first: 100) { nodes { policeForce { mappaAreas { slug } } } }",
            )),
            TOO_MUCH,
        ),
        (
            "a fragment that spreads itself",
            document("{ ...F } fragment F on Query { ...F }".to_owned()),
            REFUSED,
        ),
        ("a cycle of 100 fragments", document(cycle(100)), REFUSED),
        ("a cycle of 1,500 fragments", document(cycle(1_500)), REFUSED),
        ("22 levels of doubling fragments", document(doubling(22)), REFUSED),
        ("a chain of 5,000 fragments", document(chain(5_000)), UNREAD),
        (
            "6 rounds between areas and divisions",
            document(format!("{{ mappaAreas {{ nodes {{ {round} }} }} }}")),
            TOO_MUCH,
        ),
        (
            "2,000 directives on one field",
            document(format!("{{ __typename {} }}", "@include(if: true) ".repeat(2_000))),
            UNREAD,
        ),
        ("10,000 unknown fields", document(format!("{{ {} }}", "nothing ".repeat(10_000))), UNREAD),
        (
            "a literal of 250 KB",
            document(format!("{{ mappaArea(slug: \"kent\", on: \"{}\") {{ slug }} }}", "zqx".repeat(83_000))),
            REFUSED,
        ),
        ("a name of 250 KB", document(format!("{{ {} }}", "zqx".repeat(83_000))), REFUSED),
        (
            "a variable of 100 levels",
            json!({
                "query": "query($v: [PlaceInput!]!) { locateMany(places: $v) { index } }",
                "variables": { "v": (0..100).fold(json!({ "name": "x" }), |inner, _| json!([inner])) },
            }),
            &["LIMIT_EXCEEDED"],
        ),
        (
            "a variable of 50,000 wrong items",
            json!({
                "query": "query($v: [PlaceInput!]!) { locateMany(places: $v) { index } }",
                "variables": { "v": vec![json!(1); 50_000] },
            }),
            &["BAD_USER_INPUT", "COST_EXCEEDED"],
        ),
    ]
}

#[test]
fn a_hostile_request_is_answered_with_a_code_and_the_server_goes_on() {
    for (what, request, codes) in hostile() {
        let started = Instant::now();
        let reply = client().post(&request);
        let took = started.elapsed();
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let start: String = text.chars().take(300).collect();
        let is_too_long = request["query"].as_str().is_some_and(|query| query.len() > 64 * 1024);
        let codes = if is_too_long { &["LIMIT_EXCEEDED"] } else { codes };
        assert_eq!(reply.status, if is_too_long { 413 } else { 200 }, "{what}: {start}");
        assert!(codes.contains(&code(&reply).as_str()), "{what}: {start}");
        assert!(reply.json().get("data").is_none(), "{what}: {start}");
        // An answer does not grow with what was wrong in the request, nor does the work.
        assert!(text.len() < 16 * 1024, "{what}: {} bytes", text.len());
        assert!(took < Duration::from_secs(5), "{what}: {took:?}");
        assert!(!text.contains(&"zqx".repeat(70)), "{what}: {start}");
        answered(&post_json(QUERY), what);
    }
}

#[test]
fn introspection_is_answered() {
    let query = "{ __schema { queryType { name } mutationType { name } types { name kind fields { name args { name type { name ofType { name } } } } } } }";
    let data = client().data(query, json!({}));
    assert_eq!(data["__schema"]["queryType"]["name"], json!("Query"));
    assert!(data["__schema"]["types"].as_array().is_some_and(|types| types.len() > 30));
}
