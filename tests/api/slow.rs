//! Clients that take their time: heads and bodies that drip, and answers that nobody reads. They are cut off, and whoever
//! asks as clients do is answered meanwhile.

use crate::marks::Serving;
use crate::support::{TestDatabase, TestService};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Connections of each kind.
const HEADS: usize = 500;
const BODIES: usize = 500;
const UNREAD: usize = 200;
/// How long good requests go on, in how many connections, and how often each asks.
const FOR: Duration = Duration::from_secs(11);
const ASKING: u32 = 8;
const EVERY: Duration = Duration::from_millis(40);
/// By when every slow connection must have been cut.
const CUT_BY: Duration = Duration::from_secs(10);

const GOOD: &str = "{\"query\":\"{ mappaArea(slug: \\\"kent\\\") { name npsDivision { name } } }\"}";

/// How many files a process may have open: what is slow is scaled down to that.
fn room() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("limits");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("a limit");
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(usize::MAX)
}

/// Sockets that a process has open.
fn sockets(pid: u32) -> usize {
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).expect("the files of the process");
    let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}

/// A connection, with when it began.
type Begun = (TcpStream, Instant);

/// A connection that has said this much.
fn begun(address: SocketAddr, text: &str) -> Begun {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(text.as_bytes()).expect("a beginning");
    stream.set_nonblocking(true).expect("a stream that does not wait");
    (stream, began)
}

fn head(length: usize) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// A page whose names make its answer long, asked for often enough that no buffer takes all the answers.
fn unread() -> String {
    let long = "z".repeat(400);
    let fields: String = (0..14).map(|n| format!("{long}{n}: name ")).collect();
    let body = json!({ "query": format!("{{ localAuthorities(first: 100) {{ nodes {{ {fields} }} }} }}") });
    let body = body.to_string();
    format!("{}{body}", head(body.len())).repeat(400)
}

/// Sends a piece to each connection once a second, until it is cut: the connections that are left when told to stop,
/// and the longest that one of the others lived.
fn drip(mut open: Vec<Begun>, piece: &str, stop: &Receiver<()>) -> (usize, Duration) {
    let mut longest = Duration::ZERO;
    while !open.is_empty() && stop.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout)
    {
        open.retain_mut(|(stream, began)| {
            let is_written = stream.write(piece.as_bytes()).is_ok();
            // An answer that says it took too long comes before the end.
            let mut answer = [0; 1024];
            let ended = loop {
                match stream.read(&mut answer) {
                    Ok(0) => break true,
                    Ok(_) => {}
                    Err(error) => break error.kind() != ErrorKind::WouldBlock,
                }
            };
            if ended || !is_written {
                longest = longest.max(began.elapsed());
            }
            is_written && !ended
        });
    }
    (open.len(), longest)
}

/// Asks at an even pace over one connection: how long each answer took, and what went wrong.
fn good(address: SocketAddr, nth: u32) -> (Vec<Duration>, Vec<String>) {
    let request = format!("{}{GOOD}", head(GOOD.len()));
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a time-out");
    let (_keep, tick) = channel::<()>();
    let (started, mut times, mut faults) = (Instant::now(), Vec::new(), Vec::new());
    let mut due = started + EVERY * nth / ASKING;
    while started.elapsed() < FOR {
        let _ = tick.recv_timeout(due.saturating_duration_since(Instant::now()));
        due += EVERY;
        let asked = Instant::now();
        let mut answer = [0; 4096];
        let read = stream.write_all(request.as_bytes()).and_then(|()| stream.read(&mut answer));
        times.push(asked.elapsed());
        match read.map(|length| String::from_utf8_lossy(&answer[..length]).into_owned()) {
            Ok(text) if text.starts_with("HTTP/1.1 200 ") && text.contains("\"name\":\"Kent\"") => {}
            wrong => {
                faults.push(format!("{wrong:?}"));
                stream = TcpStream::connect(address).expect("a connection");
                stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a time-out");
            }
        }
    }
    (times, faults)
}

#[test]
fn twelve_hundred_slow_clients_are_cut_off_and_good_ones_are_answered_meanwhile() {
    let settings = [("RUST_LOG", "warn"), ("WORKERS", "2"), ("COST_PER_MINUTE", "4000000000")];
    let database = TestDatabase::seeded();
    let serving = Serving::start_with(&database, &settings);
    let (address, pid) = (serving.client.address, serving.child.0.id());
    let part = (room() / 2).min(2_400);
    let many = |count: usize| count * part / 2_400;
    let before = sockets(pid);
    let slow_head = "POST /graphql HTTP/1.1\r\nhost: x\r\n";
    let heads: Vec<Begun> = (0..many(HEADS)).map(|_| begun(address, slow_head)).collect();
    let bodies: Vec<Begun> = (0..many(BODIES)).map(|_| begun(address, &(head(60_000) + "{"))).collect();
    let asked = unread();
    let unread: Vec<Begun> = (0..many(UNREAD))
        .map(|_| {
            let mut begun = begun(address, "");
            // As much as goes without waiting; the answers are left where they are.
            let _ = begun.0.write(asked.as_bytes());
            begun
        })
        .collect();
    let (stop_heads, heads_stop) = channel();
    let (stop_bodies, bodies_stop) = channel();
    let (heads, bodies, answered, open) = std::thread::scope(|scope| {
        let heads = scope.spawn(move || drip(heads, "x: y\r\n", &heads_stop));
        let bodies = scope.spawn(move || drip(bodies, " ", &bodies_stop));
        let asking: Vec<_> = (0..ASKING).map(|nth| scope.spawn(move || good(address, nth))).collect();
        let answered: Vec<_> = asking.into_iter().map(|thread| thread.join().expect("answers")).collect();
        let open = sockets(pid);
        drop((stop_heads, stop_bodies));
        (heads.join().expect("heads"), bodies.join().expect("bodies"), answered, open)
    });
    let (times, faults): (Vec<_>, Vec<_>) = answered.into_iter().unzip();
    let (mut times, faults): (Vec<_>, Vec<_>) =
        (times.into_iter().flatten().collect(), faults.into_iter().flatten().collect());
    times.sort_unstable();
    println!(
        "{} slow connections; heads cut by {:?}, bodies by {:?}; {} good requests, p99 {:?}, worst {:?}",
        many(HEADS) + many(BODIES) + unread.len(),
        heads.1,
        bodies.1,
        times.len(),
        times[times.len() * 99 / 100],
        times.last(),
    );
    assert_eq!(faults, Vec::<String>::new());
    assert!(times.len() > 1_500, "{}", times.len());
    assert_eq!((heads.0, bodies.0), (0, 0), "heads and bodies that still drip");
    assert!(heads.1 < CUT_BY && bodies.1 < CUT_BY, "{:?} {:?}", heads.1, bodies.1);
    // What nobody reads holds no connection either, nor what was made for it.
    assert!(open < before + 20, "{before} sockets became {open}");
    drop(unread);
    serving.end();
}

#[test]
fn a_body_that_nobody_asked_for_does_not_hold_a_connection_open() {
    let address = TestService::shared().client.address;
    for path in ["/graphql?query=%7B__typename%7D", "/health/live", "/schema.graphql", "/nothing"] {
        let text = format!("GET {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
        let (stop, stopped) = channel();
        let stream = begun(address, &text);
        let dripping = std::thread::spawn(move || drip(vec![stream], "1\r\nx\r\n", &stopped));
        let deadline = Instant::now() + CUT_BY;
        while !dripping.is_finished() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        drop(stop);
        assert_eq!(dripping.join().expect("a connection").0, 0, "{path} still drips");
    }
}
