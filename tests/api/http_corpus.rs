//! Malformed and odd requests, byte for byte, each with the one status that answers it.
//!
//! Statuses are those of RFC 9110 and 9112, of the specification of GraphQL over HTTP, and of what `src/http` says it does.

use crate::support::client::Reply;
use crate::support::{Client, TestService};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const GOOD: &str = "{\"query\":\"{ __typename }\"}";
const GET: &str = "/graphql?query=%7B__typename%7D";

/// A request with the status that answers it and the code of its first error: `""` for none, `"-"` where the request
/// was refused before there was any shape of an answer.
struct Odd {
    what: String,
    bytes: Vec<u8>,
    status: u16,
    code: &'static str,
}

fn odd(what: &str, bytes: impl Into<Vec<u8>>, status: u16, code: &'static str) -> Odd {
    Odd { what: what.to_owned(), bytes: bytes.into(), status, code }
}

/// A POST with lines of its head and a body whose length is told.
fn post(lines: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn json_body(body: impl AsRef<[u8]>) -> Vec<u8> {
    post("Content-Type: application/json\r\n", body)
}

fn get(path: &str, lines: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n").into_bytes()
}

/// A POST whose head says something of its own about the body's length.
fn framed(lines: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n{lines}\r\n{body}"
    )
    .into_bytes()
}

/// A good GET with its request line and head as given.
fn head(text: &str) -> Vec<u8> {
    format!("{text}Connection: close\r\n\r\n").into_bytes()
}

/// About ten MiB of zeros, deflated by hand into little more than fifty KiB: one literal, then "258 of the last byte".
fn bomb() -> Vec<u8> {
    let mut bits = vec![true, true, false];
    bits.extend([false, false, true, true, false, false, false, false]);
    for _ in 0..32_000 {
        bits.extend([true, true, false, false, false, true, false, true]);
        bits.extend([false; 5]);
    }
    bits.extend([false; 7]);
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let bytes = bits.chunks(8).map(|byte| (0..).zip(byte).map(|(place, bit)| u8::from(*bit) << place).sum());
    header.into_iter().chain(bytes).collect()
}

fn bodies() -> Vec<Odd> {
    let with_member = |members: &str| json_body(format!("{{\"query\":\"{{ __typename }}\",{members}}}"));
    vec![
        odd("a plain request", json_body(GOOD), 200, ""),
        odd("white space round the object", json_body(format!(" \r\n\t{GOOD}\n ")), 200, ""),
        odd("bad UTF-8 in a text", json_body(b"{\"query\":\"{ __typename }\xff\"}"), 400, "BAD_REQUEST"),
        odd(
            "an overlong encoding",
            json_body(b"{\"query\":\"{ __typename } \xc0\xaf\"}"),
            400,
            "BAD_REQUEST",
        ),
        odd("UTF-16", json_body(b"\xff\xfe{\0\"\0q\0"), 400, "BAD_REQUEST"),
        odd("a byte order mark", json_body(format!("\u{feff}{GOOD}")), 400, "BAD_REQUEST"),
        odd("truncated JSON", json_body(&GOOD[..GOOD.len() - 1]), 400, "BAD_REQUEST"),
        odd("a truncated text", json_body(&GOOD[..14]), 400, "BAD_REQUEST"),
        odd("something behind the object", json_body(format!("{GOOD}x")), 400, "BAD_REQUEST"),
        odd("two objects", json_body(format!("{GOOD}{GOOD}")), 400, "BAD_REQUEST"),
        odd("a comma too many", json_body("{\"query\":\"{ __typename }\",}"), 400, "BAD_REQUEST"),
        odd("single quotation marks", json_body("{'query':'{ __typename }'}"), 400, "BAD_REQUEST"),
        odd("a comment", json_body(format!("/* x */{GOOD}")), 400, "BAD_REQUEST"),
        odd("a raw line break in a text", json_body("{\"query\":\"{ __typename\n}\"}"), 400, "BAD_REQUEST"),
        odd("a NUL in a text", json_body(b"{\"query\":\"{ __typename }\0\"}"), 400, "BAD_REQUEST"),
        odd("not a number", with_member("\"variables\":{\"a\":NaN}"), 400, "BAD_REQUEST"),
        odd("a bad escape in a member that is left aside", with_member("\"z\":\"\\x\""), 400, "BAD_REQUEST"),
        odd("no body", json_body(""), 400, "BAD_REQUEST"),
        odd("blanks only", json_body("   "), 400, "BAD_REQUEST"),
        odd("null", json_body("null"), 400, "BAD_REQUEST"),
        odd("a text", json_body("\"{ __typename }\""), 400, "BAD_REQUEST"),
        odd("a list of members", json_body("[\"{ __typename }\",null,null,null,null]"), 400, "BAD_REQUEST"),
        odd("a batch", json_body(format!("[{GOOD}]")), 400, "BAD_REQUEST"),
        odd("no query", json_body("{}"), 400, "BAD_REQUEST"),
        odd("a query of null", json_body("{\"query\":null}"), 400, "BAD_REQUEST"),
        odd("a query of a number", json_body("{\"query\":1}"), 400, "BAD_REQUEST"),
        odd("two queries", with_member("\"query\":\"{ __typename }\""), 400, "BAD_REQUEST"),
        odd("two names of members that are left aside", with_member("\"z\":1,\"z\":2"), 200, ""),
        odd("variables of a list", with_member("\"variables\":[]"), 400, "BAD_REQUEST"),
        odd("variables of a text", with_member("\"variables\":\"{}\""), 400, "BAD_REQUEST"),
        odd("an operation's name of a number", with_member("\"operationName\":1"), 400, "BAD_REQUEST"),
        odd("extensions of a list", with_member("\"extensions\":[]"), 400, "BAD_REQUEST"),
        odd("a documentId of a list", with_member("\"documentId\":[]"), 400, "BAD_REQUEST"),
        // The members are of their kinds: what they say is a matter of GraphQL, whose errors leave the status alone.
        odd(
            "half of a pair in a query",
            json_body("{\"query\":\"{ __typename } #\\uD800\"}"),
            200,
            "BAD_REQUEST",
        ),
        odd(
            "half of a pair in an operation's name",
            with_member("\"operationName\":\"\\uD800\""),
            200,
            "BAD_REQUEST",
        ),
        odd(
            "half of a pair in a variable",
            with_member("\"variables\":{\"a\":\"\\uD800\"}"),
            200,
            "BAD_REQUEST",
        ),
        odd(
            "a variable of too large a number",
            with_member("\"variables\":{\"a\":1e999}"),
            200,
            "BAD_REQUEST",
        ),
        odd("a query and an id", with_member("\"documentId\":\"x\""), 200, "BAD_REQUEST"),
    ]
}

fn content() -> Vec<Odd> {
    let typed = |kind: &str| post(&format!("Content-Type: {kind}\r\n"), GOOD);
    let coded = |coding: &str, body: &[u8]| {
        post(&format!("Content-Type: application/json\r\nContent-Encoding: {coding}\r\n"), body)
    };
    // A stored block: the shortest gzip that there is of the body.
    let length = u8::try_from(GOOD.len()).expect("a short body");
    let mut small = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, length, 0, !length, 0xff];
    small.extend_from_slice(GOOD.as_bytes());
    let unsupported = "UNSUPPORTED_MEDIA_TYPE";
    vec![
        odd("no type of content", post("", GOOD), 415, unsupported),
        odd("plain text", typed("text/plain"), 415, unsupported),
        odd("a form", typed("application/x-www-form-urlencoded"), 415, unsupported),
        odd("a form of parts", typed("multipart/form-data; boundary=x"), 415, unsupported),
        odd("application/graphql", typed("application/graphql"), 415, unsupported),
        odd("another set of characters", typed("application/json; charset=latin1"), 415, unsupported),
        odd("a parameter that is not known", typed("application/json; v=1"), 200, ""),
        odd("gzip", coded("gzip", &small), 415, unsupported),
        odd("a gzip bomb", coded("gzip", &bomb()), 415, unsupported),
        odd("JSON that says it is gzip", coded("gzip", GOOD.as_bytes()), 415, unsupported),
        odd("two codings", coded("identity, br", GOOD.as_bytes()), 415, unsupported),
        odd("no coding, said in words", coded("identity", GOOD.as_bytes()), 200, ""),
        odd("gzip that does not say so", json_body(&small), 400, "BAD_REQUEST"),
        odd(
            "nothing that we answer with",
            post("Content-Type: application/json\r\nAccept: image/png\r\n", GOOD),
            406,
            "NOT_ACCEPTABLE",
        ),
    ]
}

fn framing() -> Vec<Odd> {
    let chunked = |body: &str| framed("Transfer-Encoding: chunked\r\n", body);
    let length = GOOD.len();
    let whole = format!("{length:x}\r\n{GOOD}\r\n0\r\n\r\n");
    vec![
        odd("chunks", chunked(&whole), 200, ""),
        odd(
            "chunks with extensions and a trailer",
            chunked(&format!("{length:X};a=b\r\n{GOOD}\r\n0\r\nX: y\r\n\r\n")),
            200,
            "",
        ),
        odd(
            "a length and chunks",
            framed(&format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"), &whole),
            400,
            "-",
        ),
        odd(
            "chunks and a length",
            framed(&format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"), &whole),
            400,
            "-",
        ),
        odd(
            "two lengths",
            framed(&format!("Content-Length: {length}\r\nContent-Length: 5\r\n"), GOOD),
            400,
            "-",
        ),
        odd("a list of lengths", framed(&format!("Content-Length: {length}, 5\r\n"), GOOD), 400, "-"),
        odd("a negative length", framed("Content-Length: -1\r\n", GOOD), 400, "-"),
        odd("a length with a sign", framed(&format!("Content-Length: +{length}\r\n"), GOOD), 400, "-"),
        odd("a length in hexadecimal", framed("Content-Length: 0x19\r\n", GOOD), 400, "-"),
        odd("a length of no number", framed("Content-Length: x\r\n", GOOD), 400, "-"),
        odd("a length beyond 64 bits", framed("Content-Length: 99999999999999999999\r\n", GOOD), 400, "-"),
        odd("a length of nothing", framed("Content-Length: 0\r\n", ""), 400, "BAD_REQUEST"),
        odd("no length at all", framed("", ""), 400, "BAD_REQUEST"),
        odd("a length that cuts the body off", framed("Content-Length: 10\r\n", GOOD), 400, "BAD_REQUEST"),
        odd("a chunk's size of no number", chunked("zz\r\n"), 400, "BAD_REQUEST"),
        odd("a chunk's size with a sign", chunked("-1\r\n"), 400, "BAD_REQUEST"),
        odd("a chunk's size beyond 64 bits", chunked("11111111111111111\r\n"), 400, "BAD_REQUEST"),
        odd("a chunk longer than it says", chunked(&format!("5\r\n{GOOD}\r\n0\r\n\r\n")), 400, "BAD_REQUEST"),
        odd(
            "a coding of the transfer that is not known",
            framed("Transfer-Encoding: xchunked\r\n", &whole),
            400,
            "-",
        ),
        odd("gzip below the chunks", framed("Transfer-Encoding: gzip, chunked\r\n", &whole), 400, "-"),
        odd(
            "chunks twice",
            framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", &whole),
            400,
            "-",
        ),
        odd("a body of a GET", [get(GET, "Content-Length: 5\r\n"), b"xxxxx".to_vec()].concat(), 200, ""),
    ]
}

fn heads() -> Vec<Odd> {
    let lines = |count: usize| (0..count).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    vec![
        odd("no host", head(&format!("GET {GET} HTTP/1.1\r\n")), 400, "-"),
        odd("no host on another page", head("GET /health/live HTTP/1.1\r\n"), 400, "-"),
        odd("two hosts", get(GET, "Host: y\r\n"), 400, "-"),
        // Nothing is chosen by the host, and it is not looked at beyond its number.
        odd("a host with a blank", head(&format!("GET {GET} HTTP/1.1\r\nHost: a b\r\n")), 200, ""),
        odd("a host of nothing", head(&format!("GET {GET} HTTP/1.1\r\nHost:\r\n")), 200, ""),
        odd("HTTP/1.0 without a host", head(&format!("GET {GET} HTTP/1.0\r\n")), 200, ""),
        odd("94 lines of a head beside two", get(GET, &lines(94)), 200, ""),
        odd("95 lines of a head beside two", get(GET, &lines(95)), 431, "-"),
        odd("a head of 200 KB", get(GET, &format!("X: {}\r\n", "y".repeat(200_000))), 431, "-"),
        odd("a line of 8 KB", get(GET, &format!("Cookie: {}\r\n", "y".repeat(8_000))), 200, ""),
        odd("a folded line", get(GET, "X: a\r\n b\r\n"), 400, "-"),
        odd("a blank before the colon", get(GET, "X : a\r\n"), 400, "-"),
        odd("a line without a colon", get(GET, "nothing\r\n"), 400, "-"),
        odd("a line without a name", get(GET, ": a\r\n"), 400, "-"),
        odd("a NUL in a value", get(GET, "X: a\0b\r\n"), 400, "-"),
        odd("a control character in a value", get(GET, "X: a\u{1}b\r\n"), 400, "-"),
        odd("a bare carriage return in a value", get(GET, "X: a\rb\r\n"), 400, "-"),
        odd("a tab in a value", get(GET, "X: a\tb\r\n"), 200, ""),
        odd("bytes above ASCII in a value", get(GET, "X: \u{e4}\r\n"), 200, ""),
        odd("bytes above ASCII in a name", get(GET, "\u{e4}: x\r\n"), 400, "-"),
        odd("line feeds alone", format!("GET {GET} HTTP/1.1\nHost: x\nConnection: close\n\n"), 200, ""),
        odd("empty lines before the first", [b"\r\n\r\n".to_vec(), get(GET, "")].concat(), 200, ""),
        odd("a line that asks for a part", get(GET, "Range: bytes=0-1\r\n"), 200, ""),
        odd(
            "an upgrade to a web socket",
            get(GET, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
            200,
            "",
        ),
        odd(
            "an upgrade to HTTP/2",
            get(GET, "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
            200,
            "",
        ),
        odd(
            "an expectation that is not known",
            post("Content-Type: application/json\r\nExpect: tea\r\n", GOOD),
            200,
            "",
        ),
        odd("a tag that is none", get(GET, "If-None-Match: x\"y,,\r\n"), 200, ""),
    ]
}

fn lines() -> Vec<Odd> {
    let line = |line: &str| head(&format!("{line}\r\nHost: x\r\n"));
    let method = "METHOD_NOT_ALLOWED";
    vec![
        odd("an absolute target", line(&format!("GET http://y{GET} HTTP/1.1")), 200, ""),
        odd("an encoded letter in the path", line("GET /%67raphql?query=%7B__typename%7D HTTP/1.1"), 200, ""),
        odd(
            "another case in the path",
            line("GET /GraphQL?query=%7B__typename%7D HTTP/1.1"),
            404,
            "NOT_FOUND",
        ),
        odd("two slashes", line("GET //graphql?query=%7B__typename%7D HTTP/1.1"), 404, "NOT_FOUND"),
        odd("a target without a slash", line("GET graphql HTTP/1.1"), 404, "NOT_FOUND"),
        odd("no target", line("GET HTTP/1.1"), 400, "-"),
        odd("a blank in the target", line("GET /graphql?query={ __typename } HTTP/1.1"), 400, "-"),
        odd("a NUL in the target", line("GET /graphql?query=\0 HTTP/1.1"), 400, "-"),
        odd(
            "a target of 17 KiB",
            line(&format!("GET {GET}&z={} HTTP/1.1", "z".repeat(17 * 1024))),
            414,
            "LIMIT_EXCEEDED",
        ),
        // The parser gives up on the head as a whole before it knows of what.
        odd("a target of 200 KB", line(&format!("GET {GET}&z={} HTTP/1.1", "z".repeat(200_000))), 431, "-"),
        odd("HTTP/2.0 in the line", line(&format!("GET {GET} HTTP/2.0")), 400, "-"),
        odd("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 400, "-"),
        odd("HTTP/9.9 in the line", line(&format!("GET {GET} HTTP/9.9")), 400, "-"),
        odd("no version", line(&format!("GET {GET}")), 400, "-"),
        odd(
            "a client hello of TLS",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            400,
            "-",
        ),
        odd("a method in small letters", line(&format!("get {GET} HTTP/1.1")), 405, method),
        odd("a method that nobody knows", line(&format!("BREW {GET} HTTP/1.1")), 405, method),
        odd("a method with a bracket", line(&format!("GE(T {GET} HTTP/1.1")), 400, "-"),
        odd("PUT", line(&format!("PUT {GET} HTTP/1.1")), 405, method),
        odd("DELETE", line(&format!("DELETE {GET} HTTP/1.1")), 405, method),
        odd("TRACE", line(&format!("TRACE {GET} HTTP/1.1")), 405, method),
        odd("OPTIONS", line(&format!("OPTIONS {GET} HTTP/1.1")), 405, method),
        odd("OPTIONS of everything", line("OPTIONS * HTTP/1.1"), 404, "NOT_FOUND"),
        odd("HEAD", line(&format!("HEAD {GET} HTTP/1.1")), 405, "-"),
        odd("HEAD of a page", line("HEAD /health/live HTTP/1.1"), 200, "-"),
        odd("POST of a page", line("POST /health/live HTTP/1.1"), 405, method),
        odd("DELETE of the schema", line("DELETE /schema.graphql HTTP/1.1"), 405, method),
    ]
}

fn parameters() -> Vec<Odd> {
    let asked = |query: &str| get(&format!("/graphql?{query}"), "");
    vec![
        odd("a GET of nothing", get("/graphql", ""), 400, "BAD_REQUEST"),
        odd("a parameter without a value", asked("query"), 200, "GRAPHQL_PARSE_FAILED"),
        odd(
            "two of one parameter",
            asked("query=%7B__typename%7D&query=%7B__typename%7D"),
            400,
            "BAD_REQUEST",
        ),
        odd("bytes that are no UTF-8", asked("query=%FF"), 400, "BAD_REQUEST"),
        odd("bytes that are no UTF-8 in a name", asked("query=%7B__typename%7D&%FF=1"), 400, "BAD_REQUEST"),
        // As browsers read it: what is no escape stands for itself, and is no GraphQL.
        odd("an escape that is none", asked("query=%zz"), 200, "GRAPHQL_PARSE_FAILED"),
        odd("half an escape", asked("query=%7B__typename%7D%2"), 200, "GRAPHQL_PARSE_FAILED"),
        odd("variables that are no JSON", asked("query=%7B__typename%7D&variables=%7B"), 400, "BAD_REQUEST"),
        odd("variables of a list", asked("query=%7B__typename%7D&variables=%5B%5D"), 400, "BAD_REQUEST"),
        odd("a body in the address", asked("%7B%22query%22:%22%7B__typename%7D%22%7D"), 400, "BAD_REQUEST"),
        odd("ampersands without parameters", asked("&&query=%7B__typename%7D&&"), 200, ""),
        odd("an address in the body", json_body("query=%7B__typename%7D"), 400, "BAD_REQUEST"),
        odd(
            "an address beside no body",
            String::from_utf8(framed("Content-Length: 0\r\n", "")).expect("text").replace("/graphql", GET),
            400,
            "BAD_REQUEST",
        ),
    ]
}

fn code(reply: &Reply) -> String {
    match serde_json::from_slice::<Value>(&reply.body) {
        Ok(body) => body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
        Err(_) => "-".to_owned(),
    }
}

fn faults(client: Client, corpus: &[Odd]) -> Vec<String> {
    let mut faults = Vec::new();
    for Odd { what, bytes, status, code: wanted } in corpus {
        match client.answer(bytes) {
            Err(error) => faults.push(format!("{what}: {error} for {status}")),
            Ok(reply) if (reply.status, code(&reply).as_str()) != (*status, wanted) => {
                let (told, body) = (reply.status, String::from_utf8_lossy(&reply.body).into_owned());
                faults.push(format!("{what}: {told} for {status} {wanted}: {body}"));
            }
            Ok(_) => {}
        }
    }
    faults
}

#[test]
fn every_odd_request_is_answered_with_its_status() {
    let client = TestService::shared().client;
    let topics = [bodies(), content(), framing(), heads(), lines(), parameters()];
    let corpus: Vec<Odd> = topics.into_iter().flatten().collect();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    println!("{} odd requests", corpus.len());
    let faults = faults(client, &corpus);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(
        client.post(&json!({ "query": "{ __typename }" })).json()["data"]["__typename"],
        json!("Query")
    );
}

#[test]
fn a_client_that_waits_for_leave_is_told_to_continue() {
    let mut stream = TcpStream::connect(TestService::shared().client.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    let head = String::from_utf8(post("Content-Type: application/json\r\nExpect: 100-continue\r\n", GOOD))
        .expect("text");
    let (head, body) = head.split_at(head.len() - GOOD.len());
    stream.write_all(head.as_bytes()).expect("a head");
    let mut leave = [0; 25];
    stream.read_exact(&mut leave).expect("leave");
    assert_eq!(leave, *b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).expect("a body");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn nothing_is_smuggled_behind_a_length_and_chunks() {
    let client = TestService::shared().client;
    let hidden = format!("0\r\n\r\nGET {GET} HTTP/1.1\r\nHost: x\r\n\r\n");
    let lines = format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", hidden.len());
    let request =
        String::from_utf8(framed(&lines, &hidden)).expect("text").replace("Connection: close\r\n", "");
    let mut stream = TcpStream::connect(client.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}
