//! Requests that have brought servers down: each shape, from one of a thing to a hundred thousand, is answered or
//! refused as the limits say, by a program that is the same one afterwards.
//!
//! That the limits are what does it is shown by a service without them.

use crate::marks::Serving;
use crate::support::client::Reply;
use crate::support::shapes::{BODY, SHAPES, Shape};
use crate::support::{Client, TestDatabase, TestService};
use probation_directory::graphql::{Gate, Limits, Trusted};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Every code that an answer may carry for a request of these shapes.
const CODES: [&str; 7] = [
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "LIMIT_EXCEEDED",
    "COST_EXCEEDED",
    "INTERNAL",
];

/// Bytes that no body may exceed, and bytes that one without a batch look-up may not.
const LARGEST_BODY: usize = 512 * 1024;
const USUAL_BODY: usize = 64 * 1024;

/// The longest that any of them may take; what they really take is printed.
const LONGEST: Duration = Duration::from_secs(5);
/// What the program may grow by over thousands of them.
const GROWTH_KIB: u64 = 64 * 1024;

fn sizes(shape: &Shape) -> Vec<usize> {
    let mut sizes = vec![1, 64, 1_000, 100_000];
    if (1..BODY).contains(&shape.most) {
        sizes.extend([shape.most, shape.most + 1]);
    }
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

fn ask(client: Client, body: &str) -> (Reply, Duration) {
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let started = Instant::now();
    let reply = client.answer(&[head.as_bytes(), body.as_bytes()].concat()).expect("an answer");
    (reply, started.elapsed())
}

fn codes(body: &Value) -> Vec<&str> {
    let errors = body["errors"].as_array().into_iter().flatten();
    errors.map(|error| error["extensions"]["code"].as_str().unwrap_or("no code")).collect()
}

/// What is wrong with the answer to a shape of a size; none where nothing is.
fn fault(shape: &Shape, size: usize, bytes: usize, reply: &Reply, took: Duration) -> Option<String> {
    let text = String::from_utf8_lossy(&reply.body);
    let start: String = text.chars().take(300).collect();
    let told = |what: &str| Some(format!("{} of {size}: {what}: {} {start}", shape.what, reply.status));
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else { return told("no JSON") };
    if took > LONGEST {
        return told(&format!("it takes {took:?}"));
    }
    let codes = codes(&body);
    if bytes > LARGEST_BODY {
        return (reply.status != 413 || codes != ["LIMIT_EXCEEDED"]).then(|| told("not 413")).flatten();
    }
    if size <= shape.most && (bytes <= USUAL_BODY || shape.what.ends_with("in the variables")) {
        let is_answered = reply.status == 200 && codes.is_empty() && !body["data"].is_null();
        return (!is_answered).then(|| told("not answered")).flatten();
    }
    if codes.is_empty() || codes.len() > 10 {
        return told(&format!("{} errors", codes.len()));
    }
    if let Some(code) = codes.iter().find(|code| !CODES.contains(code) || !shape.codes.contains(code)) {
        return told(&format!("unexpected code {code}"));
    }
    let is_failure = codes == ["INTERNAL"];
    if !matches!((reply.status, is_failure), (200 | 400 | 413, false) | (500, true)) {
        return told("another status");
    }
    let messages = body["errors"].as_array().into_iter().flatten().map(|error| error["message"].as_str());
    for message in messages {
        if message.is_none_or(|message| message.is_empty() || message.chars().count() > 200) {
            return told("a message of another length");
        }
    }
    (text.len() > 16 * 1024).then(|| told(&format!("{} bytes", text.len()))).flatten()
}

/// Kibibytes of memory that a process holds.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").trim().parse().expect("a number")
}

/// The value below which ninety-nine in a hundred lie.
fn p99<T: Ord + Clone>(times: &mut [T]) -> Option<T> {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).cloned()
}

/// Asks an innocent question again and again: how long each took, and what went wrong.
fn bystander(client: Client, is_over: &AtomicBool) -> (Vec<Duration>, Vec<String>) {
    let (mut times, mut faults) = (Vec::new(), Vec::new());
    while !is_over.load(Ordering::Relaxed) {
        let (reply, took) = ask(client, "{\"query\":\"{ directory { version } }\"}");
        times.push(took);
        if reply.status != 200 || !reply.json()["data"]["directory"]["version"].is_i64() {
            faults.push(format!("{} {}", reply.status, String::from_utf8_lossy(&reply.body)));
        }
    }
    (times, faults)
}

/// How the hostile were answered.
#[derive(Default)]
struct Seen {
    faults: Vec<String>,
    answered: Vec<(Duration, String)>,
    refused: Vec<(Duration, String)>,
    most_kib: u64,
}

/// Asks every shape in every size, then all but the largest again until there were thousands.
fn besiege(client: Client, pid: u32) -> Seen {
    let mut seen = Seen::default();
    let all: Vec<(&Shape, usize, String)> = SHAPES
        .iter()
        .flat_map(|shape| sizes(shape).into_iter().map(move |size| (shape, size, (shape.body)(size))))
        .collect();
    let small: Vec<_> = all
        .iter()
        .filter(|(shape, _, body)| body.len() <= 40_000 && !shape.what.contains("unknown type with"))
        .collect();
    let again = small.iter().copied().cycle().take(3_000);
    for (shape, size, body) in all.iter().chain(again) {
        let (reply, took) = ask(client, body);
        seen.faults.extend(fault(shape, *size, body.len(), &reply, took));
        let is_answered = reply.status == 200 && !reply.body.starts_with(b"{\"errors\":");
        let ended = if is_answered { &mut seen.answered } else { &mut seen.refused };
        ended.push((took, format!("{} of {size}, {} bytes", shape.what, reply.body.len())));
        seen.most_kib = seen.most_kib.max(resident(pid));
    }
    seen
}

#[test]
fn every_hostile_shape_is_answered_or_refused_at_every_size_by_a_program_that_lives_on() {
    let database = TestDatabase::seeded();
    let serving = Serving::start_with(&database, &[("RUST_LOG", "info"), ("COST_PER_MINUTE", "4000000000")]);
    let (client, pid) = (serving.client, serving.child.0.id());
    let mark = |client: Client| {
        let (reply, _) = ask(client, "{\"query\":\"{ __typename }\"}");
        reply.header("x-request-id").and_then(|id| id.split_once('-')).map(|(mark, _)| mark.to_owned())
    };
    let (before, mark_before) = (resident(pid), mark(client));
    let is_over = AtomicBool::new(false);
    let (mut seen, (mut asked, failed)) = std::thread::scope(|scope| {
        let bystander = scope.spawn(|| bystander(client, &is_over));
        let besieging = scope.spawn(|| besiege(client, pid));
        let seen = besieging.join();
        is_over.store(true, Ordering::Relaxed);
        (seen.expect("answers"), bystander.join().expect("answers"))
    });
    let health = client.send("GET", "/health/ready", &[], b"").status;
    let mark_after = mark(client);
    serving.end();
    seen.answered.sort();
    println!(
        "{} hostile requests: refusals p99 {:?}, worst {:?}; worst accepted {:?}; grown by {} KiB at most; bystander asked {} times, p99 {:?}",
        seen.answered.len() + seen.refused.len(),
        p99(&mut seen.refused),
        seen.refused.last(),
        seen.answered.last(),
        seen.most_kib.saturating_sub(before),
        asked.len(),
        p99(&mut asked),
    );
    seen.faults.sort();
    seen.faults.dedup();
    assert!(seen.faults.is_empty(), "{} faults:\n{}", seen.faults.len(), seen.faults.join("\n"));
    assert!(failed.is_empty() && asked.len() > 50, "{} asked: {failed:?}", asked.len());
    assert!(seen.most_kib < before + GROWTH_KIB, "{before} KiB became {} KiB", seen.most_kib);
    assert_eq!((health, mark_after), (200, mark_before));
}

/// Shapes that the limits refuse at these sizes, which the machine can bear without limits, too.
const GUARDED: [(&str, usize); 12] = [
    ("levels of introspection", 40),
    ("levels of package areas and companies", 40),
    ("nested inline fragments", 40),
    ("a chain of fragments", 40),
    ("doubling fragments", 10),
    ("fragments that are all spread in one place", 300),
    ("aliases", 500),
    // More than about 450 alike are refused by juniper itself.
    ("fields of the root", 400),
    ("directives at one place", 1_000),
    ("variables that nobody asks for", 1_000),
    ("rounds between areas and divisions", 2),
    ("rounds between possible types and interfaces", 4),
];

#[test]
fn without_its_limits_the_service_takes_what_they_refuse() {
    let unlimited = TestService::start_with(TestDatabase::seeded(), |service| {
        let gate = Gate::with_limits(Trusted::of_the_project(), Limits::NONE);
        probation_directory::http::Service { gate, ..service }
    });
    let (mut breaches, mut held) = (Vec::new(), Vec::new());
    for (what, size) in GUARDED {
        let shape = SHAPES.iter().find(|shape| shape.what == what).expect("a shape");
        let body = (shape.body)(size);
        let (kept, in_time) = ask(TestService::shared().client, &body);
        let fault = fault(shape, size, body.len(), &kept, in_time);
        assert!(fault.is_none() && size > shape.most, "{fault:?}");
        let (reply, took) = ask(unlimited.client, &body);
        let is_taken = !reply.body.starts_with(b"{\"errors\":");
        if is_taken {
            breaches.push(format!("{size} {what}: {took:?}, {} bytes", reply.body.len()));
        } else {
            held.push(format!("{what}: {}", String::from_utf8_lossy(&reply.body)));
        }
    }
    println!("without limits:\n{}", breaches.join("\n"));
    assert!(held.is_empty(), "refused without limits, too: {held:#?}");
}
