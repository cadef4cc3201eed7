//! Something between a store and PostgreSQL that can go away, fall silent, or cut and hold a connection at a statement.

use super::TestDatabase;
use super::database::RUNTIME;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use probation_directory::store::{Store, Target};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What is done with what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It passes.
    Open,
    /// Every connection is cut, and no new one taken.
    Away,
    /// Nothing passes in either direction, and nothing is cut.
    Silent,
    /// A statement of this text is held back until the passage changes, and passes then.
    HeldAt(&'static str),
    /// A statement of this text passes, and its connection is cut instead of the answer.
    CutAfter(&'static str),
    /// The connection is cut before a statement of this text passes.
    CutBefore(&'static str),
}

/// A proxy of the server of a database.
pub struct Proxy {
    _folder: tempfile::TempDir,
    url: String,
    gate: Arc<Gate>,
}

struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    passage: Passage,
    /// How often a statement was met that something was to be done about.
    met: usize,
    streams: Vec<UnixStream>,
}

impl Proxy {
    /// A proxy before the server of a database.
    pub fn before(database: &TestDatabase) -> Proxy {
        let (path, host) = database.url.split_once("?host=").expect("the address of a socket");
        let host = percent_decode_str(host).decode_utf8().expect("a path").into_owned();
        let folder = tempfile::tempdir().expect("a folder");
        let name = ".s.PGSQL.5432";
        let listener = UnixListener::bind(folder.path().join(name)).expect("a socket");
        let encoded =
            utf8_percent_encode(folder.path().to_str().expect("a path"), NON_ALPHANUMERIC).to_string();
        let state = State { passage: Passage::Open, met: 0, streams: Vec::new() };
        let gate = Arc::new(Gate { state: Mutex::new(state), changed: Condvar::new() });
        let accepting = Arc::clone(&gate);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if accepting.passage() == Passage::Away {
                    continue;
                }
                let Ok(server) = UnixStream::connect(format!("{host}/{name}")) else { continue };
                accepting.join(client, server);
            }
        });
        Proxy { _folder: folder, url: format!("{path}?host={encoded}"), gate }
    }

    /// A store that reaches the database through this.
    pub fn store(&self) -> Store {
        let _entered = RUNTIME.enter();
        Store::new(Target::private(self.url.clone()), 4).expect("a store")
    }

    /// Does something else with what passes from now on.
    pub fn set(&self, passage: Passage) {
        let mut state = self.gate.state.lock().expect("the state");
        state.passage = passage;
        if passage == Passage::Away {
            for stream in state.streams.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        self.gate.changed.notify_all();
    }

    /// Waits until so many statements were met, since the beginning, that something was to be done about.
    pub fn wait_until_met(&self, count: usize) {
        let state = self.gate.state.lock().expect("the state");
        let is_short = |state: &mut State| state.met < count;
        let waited = self.gate.changed.wait_timeout_while(state, Duration::from_secs(60), is_short);
        assert!(!waited.expect("the state").1.timed_out(), "the statement never came");
    }

    /// How many statements were met that something was to be done about.
    pub fn met(&self) -> usize {
        self.gate.state.lock().expect("the state").met
    }
}

impl Gate {
    fn passage(&self) -> Passage {
        self.state.lock().expect("the state").passage
    }

    fn meet(&self) {
        self.state.lock().expect("the state").met += 1;
        self.changed.notify_all();
    }

    /// Waits for as long as the passage is one of some.
    fn wait_while(&self, is_one: impl Fn(Passage) -> bool) {
        let mut state = self.state.lock().expect("the state");
        while is_one(state.passage) {
            state = self.changed.wait(state).expect("the state");
        }
    }

    /// Lets a client and a server talk, each direction in a thread of its own.
    fn join(self: &Arc<Gate>, client: UnixStream, server: UnixStream) {
        let twin = |stream: &UnixStream| stream.try_clone().expect("a stream");
        self.state.lock().expect("the state").streams.extend([twin(&client), twin(&server)]);
        let answers_are_cut = Arc::new(AtomicBool::new(false));
        let pair = (twin(&client), twin(&server));
        let (gate, is_cut) = (Arc::clone(self), Arc::clone(&answers_are_cut));
        std::thread::spawn(move || gate.pass_on(pair.0, pair.1, &is_cut, true));
        let gate = Arc::clone(self);
        std::thread::spawn(move || gate.pass_on(server, client, &answers_are_cut, false));
    }

    fn pass_on(&self, mut from: UnixStream, mut to: UnixStream, is_cut: &AtomicBool, is_asking: bool) {
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let length = from.read(&mut buffer).unwrap_or(0);
            let passes = length > 0 && self.lets_pass(&buffer[..length], is_cut, is_asking);
            if !passes || to.write_all(&buffer[..length]).is_err() {
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
                return;
            }
        }
    }

    /// Whether bytes are to pass; waits where they are to wait.
    fn lets_pass(&self, bytes: &[u8], is_cut: &AtomicBool, is_asking: bool) -> bool {
        if is_cut.load(Ordering::SeqCst) {
            return false;
        }
        let says = |text: &str| is_asking && bytes.windows(text.len()).any(|part| part == text.as_bytes());
        match self.passage() {
            Passage::HeldAt(text) if says(text) => {
                self.meet();
                self.wait_while(|now| now == Passage::HeldAt(text));
            }
            Passage::CutAfter(text) if says(text) => {
                is_cut.store(true, Ordering::SeqCst);
                self.meet();
            }
            Passage::CutBefore(text) if says(text) => {
                self.meet();
                return false;
            }
            Passage::Silent => self.wait_while(|now| now == Passage::Silent),
            _ => {}
        }
        self.passage() != Passage::Away
    }
}
