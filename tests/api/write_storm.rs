//! Many administrators who change few boards at once: whatever they do, no board is ever made up as none can be, nothing
//! that was acknowledged is lost, and nothing is done twice.
//!
//! `STORM_SECONDS` lets it rage for longer, `STORM_SEED` otherwise.

use crate::storage::{CHANGE, Session, assert_refused};
use crate::support::people::{bearer, key};
use crate::support::random::{Random, from_environment};
use crate::support::record::{DAY_0, Record};
use crate::support::{TestDatabase, TestService, database::RUNTIME};
use chrono::{Days, NaiveDate};
use probation_directory::domain::access::Role;
use serde_json::{Value, json};
use socket2::SockRef;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const BOARDS: [&str; 4] = ["essex", "kent", "surrey", "sussex"];
const SEATS: [&str; 3] = ["lay-adviser-1", "lay-adviser-2", "lay-adviser-3"];
const ADMINISTRATORS: usize = 32;
/// Few, so that one is often wanted on two boards.
const PERSONS: usize = 14;
const LONGEST_TERM: usize = 160;

/// A kind of change that administrators make.
struct Kind {
    /// Field of the mutation.
    mutation: &'static str,
    /// What the change row says.
    action: &'static str,
    /// Rows of terms that it adds, and that it closes.
    rows: (usize, usize),
    /// How often it is chosen.
    weight: usize,
    /// What is asked for; none where there is nothing to ask it of.
    input: fn(&mut Random, &Known) -> Option<Value>,
}

const KINDS: &[Kind] = &[
    Kind {
        mutation: "appointMember",
        action: "APPOINT_MEMBER",
        rows: (1, 0),
        weight: 5,
        input: |random, known| {
            let from = random.below(400);
            let last = (!random.chance(15)).then(|| day(from + random.below(LONGEST_TERM)));
            Some(
                json!({ "board": known.board, "seat": SEATS[random.below(3)], "person": person(random.below(PERSONS)),
                "from": day(from), "lastDay": last }),
            )
        },
    },
    Kind {
        mutation: "renewAppointment",
        action: "RENEW_APPOINTMENT",
        rows: (1, 0),
        weight: 2,
        input: |random, known| {
            let last = day(200 + random.below(250));
            random.one_of(&known.terms).map(|term| json!({ "appointment": term, "lastDay": last }))
        },
    },
    Kind {
        mutation: "endAppointment",
        action: "END_APPOINTMENT",
        rows: (1, 1),
        weight: 3,
        input: |random, known| {
            let last = day(random.below(450));
            random.one_of(&known.terms).map(|term| json!({ "appointment": term, "lastDay": last }))
        },
    },
    Kind {
        mutation: "correctAppointment",
        action: "CORRECT_APPOINTMENT",
        rows: (1, 1),
        weight: 2,
        input: |random, known| {
            let person = random.chance(50).then(|| person(random.below(PERSONS)));
            let last = day(100 + random.below(350));
            random
                .one_of(&known.terms)
                .map(|term| json!({ "appointment": term, "person": person, "lastDay": last }))
        },
    },
    Kind {
        mutation: "withdrawAppointment",
        action: "WITHDRAW_APPOINTMENT",
        rows: (0, 1),
        weight: 2,
        input: |random, known| random.one_of(&known.terms).map(|term| json!({ "appointment": term })),
    },
];

fn day(number: usize) -> NaiveDate {
    DAY_0.parse::<NaiveDate>().expect("a day") + Days::new(number as u64)
}

fn person(number: usize) -> String {
    format!("storm-person-{number}")
}

/// What administrators of a board know of it.
#[derive(Clone)]
struct Known {
    board: &'static str,
    /// Numbers of terms, some of them withdrawn since.
    terms: Vec<i64>,
    /// The version of the last change that anyone was told of.
    version: Option<i64>,
}

/// What came of sending a request once.
#[derive(Clone, Debug)]
enum Answer {
    Done {
        version: i64,
        term: Option<i64>,
        is_repeated: bool,
    },
    Refused(Vec<String>),
    /// Nothing was written, by what was told.
    Unavailable,
    /// Nobody can tell what came of it.
    Unknown,
}

/// A request with everything that came of it, however often it was sent.
#[derive(Debug)]
struct Request {
    kind: &'static str,
    action: &'static str,
    rows: (usize, usize),
    board: &'static str,
    actor: String,
    key: String,
    expected: Option<i64>,
    answers: Vec<Answer>,
}

impl Request {
    fn acknowledged(&self) -> Option<i64> {
        self.answers.iter().find_map(|answer| match answer {
            Answer::Done { version, .. } => Some(*version),
            _ => None,
        })
    }
}

/// A service on boards with a third seat for lay advisers, and persons who sit nowhere yet.
fn prepared() -> TestDatabase {
    let database = TestDatabase::seeded();
    let mut statements = vec![CHANGE.to_owned()];
    statements.extend((0..PERSONS).map(|number| {
        let key = person(number);
        format!(
            "INSERT INTO person (key) VALUES ('{key}'); INSERT INTO person_name (person_id, name, review_on) \
             SELECT id, 'Example {number}', '2040-01-01' FROM person WHERE key = '{key}'"
        )
    }));
    statements.extend(BOARDS.iter().map(|board| {
        format!(
            "INSERT INTO seat (board_id, slug) SELECT id, 'lay-adviser-3' FROM board WHERE slug = '{board}'; \
             INSERT INTO seat_description (seat_id, board_id, seat_basis, title, valid, source, basis) \
             SELECT s.id, b.id, 'LAY_ADVISER', 'Lay adviser', '[2004-04-05,)', 'GK', 'ASSUMPTION' \
             FROM seat s JOIN board b ON b.id = s.board_id WHERE b.slug = '{board}' AND s.slug = 'lay-adviser-3'"
        )
    }));
    database.execute_together(&statements);
    database
}

/// An administrator of one board.
struct Administrator<'s> {
    addresses: [SocketAddr; 2],
    bearer: String,
    actor: String,
    known: &'s Mutex<Known>,
    random: Random,
    requests: Vec<Request>,
}

impl Administrator<'_> {
    fn rage(&mut self, until: Instant) {
        while Instant::now() < until {
            self.change();
        }
    }

    fn change(&mut self) {
        let known = self.known.lock().expect("what is known").clone();
        let total = KINDS.iter().map(|kind| kind.weight).sum();
        let mut chosen = self.random.below(total);
        let kind = KINDS.iter().find(|kind| {
            let is_it = chosen < kind.weight;
            chosen = chosen.saturating_sub(kind.weight);
            is_it
        });
        let kind = kind.expect("a kind");
        let Some(mut input) = (kind.input)(&mut self.random, &known) else { return };
        let expected = known.version.filter(|_| self.random.chance(25));
        let key = format!("storm-{}", self.requests.len());
        input["expectedVersion"] = json!(expected);
        input["idempotencyKey"] = json!(key);
        let body = body(kind.mutation, &input);
        let first = self.random.below(2);
        let [here, there] = [self.addresses[first], self.addresses[1 - first]];
        let manner = self.random.below(10);
        let send = |address| send(address, kind.mutation, &self.request(address, &body));
        let answers = match manner {
            // The same at once from two threads, to one process or to both.
            chosen @ (0 | 1) => std::thread::scope(|scope| {
                let twin = scope.spawn(|| send(if chosen == 0 { here } else { there }));
                vec![send(here), twin.join().expect("an answer")]
            }),
            // The connection is gone before the answer comes; the request is repeated under its key.
            2 => {
                send_and_reset(here, &self.request(here, &body));
                vec![Answer::Unknown, send(here)]
            }
            // An answer that came is asked for once more, elsewhere.
            3 => vec![send(here), send(there)],
            _ => vec![send(here)],
        };
        let mut known = self.known.lock().expect("what is known");
        for answer in &answers {
            if let Answer::Done { version, term, .. } = answer {
                known.version = known.version.max(Some(*version));
                if let Some(term) = term.filter(|term| !known.terms.contains(term)) {
                    known.terms.push(term);
                }
            }
        }
        self.requests.push(Request {
            kind: kind.mutation,
            action: kind.action,
            rows: kind.rows,
            board: known.board,
            actor: self.actor.clone(),
            key,
            expected,
            answers,
        });
    }

    fn request(&self, address: SocketAddr, body: &str) -> Vec<u8> {
        format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             authorization: {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.bearer,
            body.len()
        )
        .into_bytes()
    }
}

fn body(mutation: &str, input: &Value) -> String {
    let of_kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {of_kind}!) {{ {mutation}(input: $input) {{ appointment directoryVersion repeated userErrors {{ code }} }} }}"
    );
    json!({ "query": query, "variables": { "input": input } }).to_string()
}

fn send(address: SocketAddr, mutation: &str, bytes: &[u8]) -> Answer {
    let Some(body) = exchange(address, bytes) else { return Answer::Unknown };
    if let Some(code) = body["errors"][0]["extensions"]["code"].as_str() {
        assert!(matches!(code, "UNAVAILABLE" | "OUTCOME_UNKNOWN"), "{body}");
        return if code == "UNAVAILABLE" { Answer::Unavailable } else { Answer::Unknown };
    }
    let payload = &body["data"][mutation];
    let refusals = payload["userErrors"].as_array().unwrap_or_else(|| panic!("no payload in {body}"));
    if !refusals.is_empty() {
        let code = |refusal: &Value| refusal["code"].as_str().expect("a code").to_owned();
        return Answer::Refused(refusals.iter().map(code).collect());
    }
    Answer::Done {
        version: payload["directoryVersion"].as_i64().expect("a version"),
        term: payload["appointment"].as_i64(),
        is_repeated: payload["repeated"].as_bool().expect("whether it is a repeat"),
    }
}

/// The body of an answer; none where the connection was lost.
fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Value> {
    let mut stream = TcpStream::connect(address).ok()?;
    // Thirty others may stand in line before us on a slow machine.
    stream.set_read_timeout(Some(Duration::from_secs(180))).ok()?;
    stream.write_all(bytes).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    serde_json::from_slice(&answer[head + 4..]).ok()
}

/// Sends a request and resets the connection at once.
fn send_and_reset(address: SocketAddr, bytes: &[u8]) {
    let Ok(mut stream) = TcpStream::connect(address) else { return };
    let _ = stream.write_all(bytes);
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}

#[test]
fn thirty_two_administrators_at_once_break_nothing_lose_nothing_and_do_nothing_twice() {
    let seconds = from_environment("STORM_SECONDS", 5);
    let seed = from_environment("STORM_SEED", 1);
    let database = prepared();
    let keys: Vec<_> = (0..ADMINISTRATORS)
        .map(|nth| key(&database, &[(Role::BoardAdministrator, Some(BOARDS[nth % BOARDS.len()]))]))
        .collect();
    // Two processes, neither of which hears of the other's changes but by the database.
    let services = [database.of_another_process(), database].map(TestService::start);
    let addresses = [services[0].client.address, services[1].client.address];
    let known = BOARDS.map(|board| Mutex::new(Known { board, terms: Vec::new(), version: None }));
    let until = Instant::now() + Duration::from_secs(seconds);
    let requests: Vec<Request> = std::thread::scope(|scope| {
        let threads: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(nth, key)| {
                let mut administrator = Administrator {
                    addresses,
                    bearer: bearer(key),
                    actor: format!("key:{}", key.prefix()),
                    known: &known[nth % BOARDS.len()],
                    random: Random::new(seed * 1000 + nth as u64),
                    requests: Vec::new(),
                };
                scope.spawn(move || {
                    administrator.rage(until);
                    administrator.requests
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("an administrator")).collect()
    });
    report(&requests);
    let [database, _] = services.each_ref().map(|service| &service.database);
    let record = Record::of(database);
    assert_eq!(record.breaches(), Vec::<String>::new());
    every_acknowledged_change_is_there_once(database, &requests);
    every_change_did_what_it_says(database, &record, &requests);
    nothing_was_changed_unseen(&record, &requests);
    assert_eq!(RUNTIME.block_on(database.store.first_bad_change()).expect("the chain"), None);
    services.iter().for_each(what_is_served_is_what_stands);
    nobody_waited_in_a_ring(&services);
}

fn report(requests: &[Request]) {
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for answer in requests.iter().flat_map(|request| &request.answers) {
        let end = match answer {
            Answer::Done { is_repeated: true, .. } => "repeated".to_owned(),
            Answer::Done { .. } => "done".to_owned(),
            Answer::Refused(codes) => codes.join("+"),
            other => format!("{other:?}"),
        };
        *ends.entry(end).or_default() += 1;
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for request in requests.iter().filter(|request| request.acknowledged().is_some()) {
        *kinds.entry(request.kind).or_default() += 1;
    }
    eprintln!("{} requests: {ends:?}; done by kind: {kinds:?}", requests.len());
    // What was found in order under the locks is never refused by a guard of the database afterwards.
    assert!(ends.keys().all(|end| !end.contains("INTEGRITY_REFUSED")), "{ends:?}");
    // Less than this would prove nothing.
    assert!(ends.get("done").is_some_and(|done| *done >= 10), "{ends:?}");
    assert!(ends.contains_key("repeated"), "{ends:?}");
}

/// One change row for each acknowledged key, of the version that was told; none for a key that was only refused.
fn every_acknowledged_change_is_there_once(database: &TestDatabase, requests: &[Request]) {
    let rows = database.texts(
        "SELECT concat_ws('|', actor, idempotency_key, version, action) AS text FROM change WHERE idempotency_key IS NOT NULL",
    );
    let mut made: BTreeMap<(String, String), Vec<(i64, String)>> = BTreeMap::new();
    for row in rows {
        let parts: Vec<&str> = row.split('|').collect();
        let version = parts[2].parse().expect("a version");
        let of_key = made.entry((parts[0].to_owned(), parts[1].to_owned())).or_default();
        of_key.push((version, parts[3].to_owned()));
    }
    let mut versions = BTreeSet::new();
    for request in requests {
        let rows = made.remove(&(request.actor.clone(), request.key.clone())).unwrap_or_default();
        match request.acknowledged() {
            Some(version) => {
                assert_eq!(rows, [(version, request.action.to_owned())], "{request:?}");
                assert!(versions.insert(version), "{version} was told twice: {request:?}");
                let mut first = 0;
                for answer in &request.answers {
                    if let Answer::Done { version: told, is_repeated, .. } = answer {
                        assert_eq!(*told, version, "{request:?}");
                        first += usize::from(!is_repeated);
                    }
                }
                assert!(first <= 1, "made twice: {request:?}");
            }
            None if request.answers.iter().all(|answer| !matches!(answer, Answer::Unknown)) => {
                assert_eq!(rows, [], "refused, and made all the same: {request:?}");
            }
            None => assert!(rows.len() <= 1, "{request:?}"),
        }
    }
    assert!(made.is_empty(), "changes under keys that nobody used: {made:?}");
}

/// Each change wrote as many rows of terms as its kind does, and nothing else wrote any.
fn every_change_did_what_it_says(database: &TestDatabase, record: &Record, requests: &[Request]) {
    let rows =
        database.texts("SELECT concat_ws('|', version, action) AS text FROM change WHERE actor LIKE 'key:%'");
    let mut due: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let (version, action) = row.split_once('|').expect("two parts");
        let kind = KINDS.iter().find(|kind| kind.action == action).expect("a kind");
        due.insert(version.parse().expect("a version"), kind.rows);
    }
    let mut written: BTreeMap<i64, (usize, usize)> = due.keys().map(|version| (*version, (0, 0))).collect();
    for term in &record.terms {
        written.entry(term.known.from).or_default().0 += 1;
        if term.known.until < 9_000_000 {
            written.entry(term.known.until).or_default().1 += 1;
        }
    }
    assert_eq!(written, due);
    let facts: BTreeSet<i64> = record.terms.iter().map(|term| term.fact).collect();
    let made = database.text(
        "SELECT count(*)::text AS text FROM change WHERE action IN ('APPOINT_MEMBER', 'RENEW_APPOINTMENT')",
    );
    assert_eq!(facts.len().to_string(), made, "as many terms as appointments and renewals");
    for request in requests {
        if let Some(version) = request.acknowledged() {
            let begun = record.terms.iter().filter(|term| term.known.from == version);
            assert!(begun.clone().all(|term| term.board == request.board), "{request:?}");
            assert_eq!(begun.count(), request.rows.0, "{request:?}");
        }
    }
}

/// Who said what version they knew of changed nothing that another had changed meanwhile.
fn nothing_was_changed_unseen(record: &Record, requests: &[Request]) {
    for request in requests {
        let (Some(version), Some(expected)) = (request.acknowledged(), request.expected) else { continue };
        let between = |at: i64| expected < at && at < version;
        let of_board = record.terms.iter().filter(|term| term.board == request.board);
        let unseen = of_board.filter(|term| between(term.known.from) || between(term.known.until)).count();
        assert_eq!(unseen, 0, "{request:?}");
    }
}

fn what_is_served_is_what_stands(service: &TestService) {
    // What this process did last is not what the other did last.
    RUNTIME.block_on(service.follower.refresh()).expect("a directory");
    let served = service.live.current().expect("a directory");
    let loaded = RUNTIME.block_on(service.database.store.load_directory(None)).expect("a directory");
    assert_eq!(served.directory.version(), loaded.version());
    let shown = |directory: &probation_directory::directory::Directory| -> Vec<String> {
        let boards = directory.boards().map(|id| directory.board(id));
        let seats =
            boards.flat_map(|board| board.seats.iter().map(|seat| format!("{:?}", directory.seat(*seat))));
        seats.chain(directory.persons().map(|person| format!("{person:?}"))).collect()
    };
    assert_eq!(shown(&served.directory), shown(&loaded));
}

/// Sessions tell of deadlocks at the latest when they end.
fn nobody_waited_in_a_ring(services: &[TestService; 2]) {
    services.iter().for_each(|service| service.database.store.close());
    let database = &services[0].database;
    let until = Instant::now() + Duration::from_secs(20);
    let others = "SELECT count(*)::text AS text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while database.text(others) != "0" {
        assert!(Instant::now() < until, "sessions of a closed pool end");
    }
    let deadlocks = "SELECT deadlocks::text AS text FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(database.text(deadlocks), "0");
}

/// Control: two writers who take no lock and whom nothing guards both count one lay adviser, and three sit in the end.
#[test]
fn the_cap_counted_without_lock_and_guard_does_not_hold_and_the_storm_would_notice() {
    for is_guarded in [false, true] {
        let database = prepared();
        let mut owner = Session::of(&database);
        if !is_guarded {
            owner.must("ALTER TABLE appointment DISABLE TRIGGER check_lay_adviser_cap");
        }
        let appoint = |seat: &str, person: &str| {
            format!(
                "{CHANGE}; INSERT INTO appointment (seat_id, board_id, person_id, valid, source, basis) \
                 SELECT s.id, b.id, p.id, '[2014-08-01,2015-08-01)', 'GK', 'ASSUMPTION' \
                 FROM board b JOIN seat s ON s.board_id = b.id, person p WHERE b.slug = 'kent' AND s.slug = '{seat}' AND p.key = '{person}'"
            )
        };
        owner.must(&appoint(SEATS[0], &person(0)));
        let mut writers = [Session::of(&database), Session::of(&database)];
        for writer in &mut writers {
            writer.must("BEGIN");
            let held = writer.text(
                "SELECT count(*)::text AS text FROM appointment a JOIN board b ON b.id = a.board_id \
                 WHERE b.slug = 'kent' AND a.valid && '[2014-08-01,2015-08-01)' AND upper_inf(a.recorded)",
            );
            assert_eq!(held, "1", "there is room for one more");
        }
        let [first, second] = &mut writers;
        first.must(&format!("{}; COMMIT", appoint(SEATS[1], &person(1))));
        let outcome = second.run(&format!("{}; COMMIT", appoint(SEATS[2], &person(2))));
        let breaches = Record::of(&database).breaches();
        if is_guarded {
            assert_refused(outcome, "more than two lay advisers", "the third");
            assert_eq!(breaches, Vec::<String>::new());
        } else {
            outcome.expect("nothing refuses the third");
            assert_eq!(breaches.len(), 1, "{breaches:?}");
            assert!(breaches[0].ends_with("day 31: 3 lay advisers without an approval"), "{breaches:?}");
        }
    }
}
