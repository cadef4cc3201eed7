//! A load client for benches: many keep-alive connections from one thread, with as little work a request as can be.
//!
//! Requests are bytes that were made beforehand, answers are told apart by `Content-Length`, and every answer is
//! checked against what it was when it was learnt, so that an error never counts as speed. There is no pipelining:
//! a connection has one request open at a time. Which core the client runs on is left to whoever calls it (`cores`).

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a single answer may take.
const ANSWER_WAIT: Duration = Duration::from_secs(20);
/// Room for an answer at first; it grows with the largest.
const ROOM: usize = 16 * 1024;

/// A request with what its answer must look like.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The whole request, head and body; shared, because several servers may be sent the same ones.
    pub request: Arc<[u8]>,
    /// How long the answer's body is.
    pub length: usize,
}

/// What the client does while no answer is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It sleeps. A server that is slower than the client then spends time on waking it with almost every answer.
    Sleeping,
    /// It keeps looking, as only a client with a core of its own should.
    Looking,
}

/// What a load came to.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Right answers a second.
    pub rps: f64,
    /// Half of them took no longer.
    pub p50: Duration,
    /// All but one in a hundred took no longer.
    pub p99: Duration,
    /// Answers of another status or length, and connections that broke.
    pub errors: u64,
    /// Which request would have been next.
    pub next: usize,
}

/// A POST of JSON as bytes.
pub fn post(address: SocketAddr, path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: */*\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends every request once, one after another; `check` sees each body, and the length of each is what it must be from now on.
pub fn learn(address: SocketAddr, requests: Vec<Vec<u8>>, check: impl Fn(&[u8])) -> Vec<Exchange> {
    let mut connection = Connection::open(address);
    let learnt = |request: Vec<u8>| {
        let body = connection.ask(&request);
        check(body);
        Exchange { length: body.len(), request: request.into() }
    };
    requests.into_iter().map(learnt).collect()
}

/// Sends the requests in turn, from one of them on, over and over, on so many connections for so long.
pub fn load(
    address: SocketAddr,
    exchanges: &[Exchange],
    from: usize,
    connections: usize,
    duration: Duration,
    waiting: Waiting,
) -> Figures {
    let mut client = Client::new(address, exchanges, connections);
    client.next = from % exchanges.len();
    let began = Instant::now();
    for slot in 0..connections {
        client.send(slot);
    }
    client.run(began + duration, waiting);
    client.figures(began.elapsed())
}

/// A connection of which one question is asked at a time.
pub struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    filled: usize,
}

/// Where the body of a whole answer lies, and whether its status is 200.
struct Whole {
    is_ok: bool,
    body: std::ops::Range<usize>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).expect("a connection");
        // A request goes out in one write: nothing is gained by waiting for more.
        stream.set_nodelay(true).expect("no delay");
        stream.set_read_timeout(Some(ANSWER_WAIT)).expect("a time-out");
        Connection { stream, answer: vec![0; ROOM], filled: 0 }
    }

    /// Sends a request and waits for the body of its answer, which must be a 200.
    pub fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.send(request).expect("a request that is taken");
        loop {
            self.receive().expect("an answer");
            if let Some(whole) = self.whole() {
                assert!(whole.is_ok, "{}", String::from_utf8_lossy(&self.answer[..self.filled]));
                return &self.answer[whole.body];
            }
        }
    }

    fn send(&mut self, request: &[u8]) -> std::io::Result<()> {
        self.filled = 0;
        self.stream.write_all(request)
    }

    /// Reads what is there.
    fn receive(&mut self) -> std::io::Result<()> {
        if self.filled == self.answer.len() {
            self.answer.resize(self.filled * 2, 0);
        }
        let read = self.stream.read(&mut self.answer[self.filled..])?;
        self.filled += read;
        if read == 0 { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// The answer, once all of it is there. One without a length counts as an empty one that is not a 200.
    fn whole(&self) -> Option<Whole> {
        let answer = &self.answer[..self.filled];
        let (end, length) = head(answer)?;
        let is_ok = answer.starts_with(b"HTTP/1.1 200 ") && length.is_some();
        let body = end..end + length.unwrap_or(0);
        (answer.len() >= body.end).then_some(Whole { is_ok, body })
    }
}

/// Where the head ends, once it does, and the length of the body that it tells of. One pass over the lines.
fn head(answer: &[u8]) -> Option<(usize, Option<usize>)> {
    const NAME: &[u8] = b"content-length: ";
    let mut length = None;
    let mut at = 0;
    loop {
        let line = &answer[at..];
        let line = &line[..=line.iter().position(|byte| *byte == b'\n')?];
        at += line.len();
        if line == b"\r\n" {
            return Some((at, length));
        }
        if line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            length = std::str::from_utf8(&line[NAME.len()..]).ok()?.trim_end().parse().ok();
        }
    }
}

/// A connection with the request that is open on it.
struct Slot {
    connection: Connection,
    open: usize,
    sent: Instant,
}

struct Client<'e> {
    address: SocketAddr,
    exchanges: &'e [Exchange],
    epoll: Epoll,
    slots: Vec<Slot>,
    next: usize,
    took: Vec<Duration>,
    errors: u64,
}

impl Client<'_> {
    fn new(address: SocketAddr, exchanges: &[Exchange], connections: usize) -> Client<'_> {
        let epoll = Epoll::new(EpollCreateFlags::empty()).expect("an epoll");
        let slot = |_| Slot { connection: Connection::open(address), open: 0, sent: Instant::now() };
        let slots = (0..connections).map(slot).collect();
        let client = Client {
            address,
            exchanges,
            epoll,
            slots,
            next: 0,
            took: Vec::with_capacity(1 << 20),
            errors: 0,
        };
        (0..connections).for_each(|slot| client.watch(slot));
        client
    }

    fn watch(&self, slot: usize) {
        let event = EpollEvent::new(EpollFlags::EPOLLIN, slot as u64);
        self.epoll.add(&self.slots[slot].connection.stream, event).expect("a watched connection");
    }

    /// Sends the next request in turn.
    fn send(&mut self, slot: usize) {
        let open = self.next;
        self.next = (open + 1) % self.exchanges.len();
        let request = &self.exchanges[open].request;
        self.slots[slot].open = open;
        self.slots[slot].sent = Instant::now();
        if self.slots[slot].connection.send(request).is_err() {
            self.replace(slot);
        }
    }

    /// A new connection for one that broke; its request is lost.
    fn replace(&mut self, slot: usize) {
        self.errors += 1;
        // What is dropped is no longer watched.
        self.slots[slot].connection = Connection::open(self.address);
        self.watch(slot);
        self.send(slot);
    }

    fn run(&mut self, until: Instant, waiting: Waiting) {
        let mut events = vec![EpollEvent::empty(); self.slots.len()];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let longest = match waiting {
                Waiting::Sleeping => left.as_millis().max(1) as i32,
                Waiting::Looking => 0,
            };
            let wait = EpollTimeout::try_from(longest).expect("a time-out");
            let ready = self.epoll.wait(&mut events, wait).unwrap_or(0);
            for event in &events[..ready] {
                self.take(event.data() as usize);
            }
        }
    }

    /// Takes what came in on a connection and, where the answer is whole, sends the next request on it.
    fn take(&mut self, slot: usize) {
        if self.slots[slot].connection.receive().is_err() {
            return self.replace(slot);
        }
        let Slot { connection, open, sent } = &self.slots[slot];
        let Some(whole) = connection.whole() else { return };
        if whole.is_ok && whole.body.len() == self.exchanges[*open].length {
            self.took.push(sent.elapsed());
        } else {
            self.errors += 1;
        }
        self.send(slot);
    }

    fn figures(mut self, elapsed: Duration) -> Figures {
        self.took.sort_unstable();
        let at = |share: f64| {
            let place = (self.took.len().saturating_sub(1) as f64 * share).round() as usize;
            self.took.get(place).copied().unwrap_or_default()
        };
        let rps = self.took.len() as f64 / elapsed.as_secs_f64();
        Figures { rps, p50: at(0.5), p99: at(0.99), errors: self.errors, next: self.next }
    }
}
