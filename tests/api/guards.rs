//! What stands before the gate: room for so many requests, each caller's allowance, the version a client has seen,
//! tags of answers, and pages of other origins.

use crate::seed::{SeedFolder, load};
use crate::support::client::Reply;
use crate::support::database::RUNTIME;
use crate::support::{Client, TestDatabase, TestService};
use probation_directory::http::{Admission, Allowance, Service};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

const VERSION: &str = "{\"query\":\"{ directory { version } }\"}";
const GET: &str = "/graphql?query=%7Bdirectory%7Bversion%7D%7D";

fn code(reply: &Reply) -> String {
    reply.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

fn post(client: Client, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers = [&[("content-type", "application/json")], headers].concat();
    client.send("POST", "/graphql", &headers, body.as_bytes())
}

/// Sees to it that a request is told to come again, in the header and in the body alike.
fn told_to_wait(reply: &Reply, status: u16, wanted: &str, most: u64) {
    assert_eq!((reply.status, code(reply).as_str()), (status, wanted), "{}", reply.json());
    let seconds: u64 = reply.header("retry-after").and_then(|text| text.parse().ok()).expect("Retry-After");
    assert!((1..=most).contains(&seconds), "{seconds}");
    assert_eq!(reply.json()["errors"][0]["extensions"]["retryAfter"], json!(seconds));
}

#[test]
fn a_request_beyond_the_room_is_told_to_come_again_and_is_taken_once_others_have_ended() {
    let admission = Arc::new(Admission::new(3));
    let shared = Arc::clone(&admission);
    let service =
        TestService::start_with(TestDatabase::seeded(), |usual| Service { admission: shared, ..usual });
    let until = |open: usize| {
        let deadline = Instant::now() + Duration::from_secs(10);
        while admission.open() != open {
            assert!(Instant::now() < deadline, "{} are open", admission.open());
            std::thread::yield_now();
        }
    };
    let slow: Vec<TcpStream> = (0..3)
        .map(|_| {
            let mut stream = TcpStream::connect(service.client.address).expect("a connection");
            let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{";
            stream.write_all(head.as_bytes()).expect("a head");
            stream
        })
        .collect();
    until(3);
    told_to_wait(&post(service.client, &[], VERSION), 503, "OVERLOADED", 60);
    told_to_wait(&service.client.send("GET", GET, &[], b""), 503, "OVERLOADED", 60);
    // Whether the process lives is told all the same.
    assert_eq!(service.client.send("GET", "/health/live", &[], b"").status, 200);
    let figures = String::from_utf8(service.client.send("GET", "/metrics", &[], b"").body).expect("text");
    assert!(figures.contains("\ndirectory_requests_open 3\n"), "{figures}");
    drop(slow);
    until(0);
    assert_eq!(post(service.client, &[], VERSION).status, 200);
}

/// A page of 1 + 1 + 100 x 4 fields.
const PAGE: &str = "{ localAuthorities(first: 100) { nodes { code name code name } } }";

/// A GET of that page from an address of this machine.
fn page_from(from: [u8; 4], to: SocketAddr) -> String {
    let stream = RUNTIME.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind((Ipv4Addr::from(from), 0).into()).expect("an address");
        socket.connect(to).await.expect("a connection").into_std().expect("a stream")
    });
    let mut stream = stream;
    stream.set_nonblocking(false).expect("a blocking stream");
    let path = format!("/graphql?query={}", PAGE.replace(' ', "+").replace('{', "%7B").replace('}', "%7D"));
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_caller_who_spent_the_allowance_is_told_to_come_again_and_another_is_unharmed() {
    let allowance = Arc::new(Allowance::new(500));
    let service = TestService::start_with(TestDatabase::seeded(), |usual| Service { allowance, ..usual });
    assert_eq!(service.client.send("GET", "/limits", &[], b"").json()["costPerMinute"], json!(500));
    // One fits, two do not.
    let page = json!({ "query": PAGE }).to_string();
    assert_eq!(post(service.client, &[], &page).status, 200);
    told_to_wait(&post(service.client, &[], &page), 429, "RATE_LIMITED", 60);
    // What was refused was not charged beyond what reading it took, so that a small one still fits.
    assert_eq!(post(service.client, &[], VERSION).status, 200);
    assert_eq!(page_from([127, 0, 0, 2], service.client.address), "HTTP/1.1 200 OK");
    // One that cannot be read costs a hundred, which are not left.
    told_to_wait(&post(service.client, &[], "{\"query\":\"{\"}"), 429, "RATE_LIMITED", 60);
    assert_eq!(page_from([127, 0, 0, 3], service.client.address), "HTTP/1.1 200 OK");
    assert_eq!(service.client.send("GET", "/health/ready", &[], b"").status, 200);
}

#[test]
fn who_has_a_whole_allowance_may_spend_it_on_one_request_that_costs_as_much_or_more() {
    let allowance = Arc::new(Allowance::new(100));
    let service = TestService::start_with(TestDatabase::seeded(), |usual| Service { allowance, ..usual });
    let page = json!({ "query": PAGE }).to_string();
    assert_eq!(post(service.client, &[], &page).status, 200);
    told_to_wait(&post(service.client, &[], &page), 429, "RATE_LIMITED", 60);
}

#[test]
fn a_client_may_say_which_version_an_answer_must_have() {
    let client = TestService::shared().client;
    for version in ["0", "1"] {
        assert_eq!(post(client, &[("directory-min-version", version)], VERSION).status, 200, "{version}");
    }
    let started = Instant::now();
    for version in ["2", "99999999999999999999999"] {
        told_to_wait(&post(client, &[("directory-min-version", version)], VERSION), 503, "STALE_REPLICA", 60);
    }
    assert!((2..10).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    for version in ["", "x", "-1", "+1", "1.0", "1 1", "0x1", "\u{661}"] {
        let reply = post(client, &[("directory-min-version", version)], VERSION);
        assert_eq!((reply.status, code(&reply).as_str()), (400, "BAD_REQUEST"), "{version}");
    }
}

#[test]
fn a_version_that_is_on_its_way_is_waited_for() {
    let service = TestService::seeded();
    let seed = SeedFolder::copy();
    let line = seed.line("names.csv", &[("kind", "MAPPA_AREA"), ("slug", "kent")]);
    seed.set("names.csv", line, "name", "Kent and Medway");
    assert_eq!(load(&service.database, &seed).version, Some(2));
    let client = service.client;
    let reply = std::thread::scope(|scope| {
        let asking = scope.spawn(move || post(client, &[("directory-min-version", "2")], VERSION));
        // Only when the request is there does the change arrive.
        let open = || String::from_utf8(client.send("GET", "/metrics", &[], b"").body).expect("text");
        while !open().contains("\ndirectory_requests_open 1\n") && !asking.is_finished() {}
        RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
        asking.join().expect("an answer")
    });
    assert_eq!(reply.status, 200, "{}", reply.json());
    assert_eq!(reply.json()["data"]["directory"]["version"], json!(2));
}

#[test]
fn an_answer_to_a_get_has_a_tag_and_is_not_sent_again_to_who_has_it() {
    let client = TestService::shared().client;
    let get = |headers: &[(&str, &str)]| client.send("GET", GET, headers, b"");
    let first = get(&[]);
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!((first.status, first.header("cache-control")), (200, Some("no-cache")));
    let weak = format!("W/{tag}");
    let among = format!("\"x\", {tag} ,\"y\"");
    for known in [tag.as_str(), weak.as_str(), among.as_str(), "*"] {
        let reply = get(&[("if-none-match", known)]);
        assert_eq!(
            (reply.status, reply.body.len(), reply.header("etag")),
            (304, 0, Some(tag.as_str())),
            "{known}"
        );
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{known}");
        assert_eq!(reply.header("vary"), first.header("vary"), "{known}");
    }
    for unknown in ["\"x\"", "", &tag[1..tag.len() - 1], &tag.to_uppercase()] {
        assert_eq!(get(&[("if-none-match", unknown)]).status, 200, "{unknown}");
    }
    // Each type of answer has a tag of its own, and the two vary by what was accepted.
    let other = get(&[("accept", "application/graphql-response+json")]);
    assert_ne!(other.header("etag"), Some(tag.as_str()));
    assert!(first.header("vary").is_some_and(|vary| vary.contains("Accept")));
}

#[test]
fn nothing_that_was_posted_or_went_wrong_has_a_tag() {
    let client = TestService::shared().client;
    let posted = post(client, &[("if-none-match", "*")], VERSION);
    let wrong = client.send("GET", "/graphql?query=%7Bnothing%7D", &[("if-none-match", "*")], b"");
    let half = "/graphql?query=%7BmappaArea(slug:%22%22)%7Bslug%7D%7D";
    let half = client.send("GET", half, &[("if-none-match", "*")], b"");
    for (what, reply) in [("posted", posted), ("wrong", wrong), ("half wrong", half)] {
        assert_eq!((reply.status, reply.header("etag")), (200, None), "{what}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
    }
    // A case is not taken from an address at all.
    let case = "/graphql?query=%7Broute(case:%7Bon:%222014-11-01%22%7D)%7Boutcome%7D%7D";
    let reply = client.send("GET", case, &[("if-none-match", "*")], b"");
    assert_eq!((reply.status, reply.header("etag"), reply.header("allow")), (405, None, Some("POST")));
}

const ALLOWED: &str = "access-control-allow-origin";

#[test]
fn pages_of_other_origins_may_ask_for_nothing_unless_told() {
    let client = TestService::shared().client;
    let origin = ("origin", "https://a.example");
    let simple = post(client, &[origin], VERSION);
    assert_eq!((simple.status, simple.header(ALLOWED)), (200, None));
    let preflight = [
        origin,
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let reply = client.send("OPTIONS", "/graphql", &preflight, b"");
    assert_eq!((reply.status, reply.header(ALLOWED)), (405, None));
}

#[test]
fn pages_of_an_origin_that_is_named_may_ask_and_no_others() {
    let service = TestService::start_with(TestDatabase::seeded(), |usual| Service {
        cors_origins: vec!["https://a.example".to_owned()],
        ..usual
    });
    let client = service.client;
    let preflight = |origin: &str, method: &str, header: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", header),
        ];
        client.send("OPTIONS", "/graphql", &headers, b"")
    };
    let reply = preflight("https://a.example", "POST", "content-type, directory-min-version");
    assert_eq!((reply.status, reply.header(ALLOWED)), (200, Some("https://a.example")));
    let methods = reply.header("access-control-allow-methods").unwrap_or_default().to_owned();
    assert!(methods.contains("POST") && methods.contains("GET") && !methods.contains("DELETE"), "{methods}");
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    for (origin, method, header) in [
        ("https://b.example", "POST", "content-type"),
        ("http://a.example", "POST", "content-type"),
        ("https://a.example.b.example", "POST", "content-type"),
        ("null", "POST", "content-type"),
        ("https://a.example", "DELETE", "content-type"),
        ("https://a.example", "POST", "x-anything"),
    ] {
        let reply = preflight(origin, method, header);
        assert!(
            reply.status == 400 && reply.header(ALLOWED).is_none(),
            "{origin} {method} {header}: {reply:?}"
        );
    }
    let named = post(client, &[("origin", "https://a.example")], VERSION);
    assert_eq!((named.status, named.header(ALLOWED)), (200, Some("https://a.example")));
    let vary = named.headers.iter().filter(|(name, _)| name == "vary").map(|(_, value)| value.as_str());
    let vary = vary.collect::<Vec<_>>().join(", ").to_ascii_lowercase();
    assert!(["origin", "accept"].iter().all(|name| vary.contains(name)), "{vary}");
    assert_eq!(post(client, &[("origin", "https://b.example")], VERSION).header(ALLOWED), None);
    // Who is no browser says no origin.
    assert_eq!(post(client, &[], VERSION).status, 200);
}
