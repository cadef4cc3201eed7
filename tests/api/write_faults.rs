//! Changes while the database is away, silent, or cut off at the worst moment: what the caller is told is what is so, in time,
//! and reads go on.

use crate::support::people::{bearer, key, person};
use crate::support::proxy::{Passage, Proxy};
use crate::support::{Client, TestDatabase, TestService};
use probation_directory::domain::access::Role;
use serde_json::{Value, json};
use socket2::SockRef;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What callers are promised: by then a change that cannot be made has been answered.
const PROMISED: Duration = Duration::from_millis(1500);
const PERSON: &str = "faults-person";

/// A service whose every connection to the database passes a proxy.
struct Office {
    service: TestService,
    proxy: Proxy,
    bearer: String,
}

impl Office {
    fn new() -> Office {
        let database = TestDatabase::seeded();
        person(&database, PERSON, Some("Example Wren"), &[]);
        let key = key(&database, &[(Role::BoardAdministrator, Some("kent"))]);
        let proxy = Proxy::before(&database);
        let database = TestDatabase { store: proxy.store(), url: database.url };
        Office { service: TestService::start(database), proxy, bearer: bearer(&key) }
    }

    fn body(&self, idempotency_key: &str) -> Vec<u8> {
        let query = "mutation($input: AppointMemberInput!) { appointMember(input: $input) { directoryVersion repeated userErrors { code } } }";
        // Each key another day, so that no two contend for the seat.
        let day = 1 + idempotency_key.bytes().map(usize::from).sum::<usize>() % 28;
        let from = format!("20{}-01-{day:02}", 14 + idempotency_key.len() % 10);
        let input = json!({ "board": "kent", "seat": "police", "person": PERSON, "from": from, "lastDay": from,
            "idempotencyKey": idempotency_key });
        json!({ "query": query, "variables": { "input": input } }).to_string().into_bytes()
    }

    fn appoint(&self, idempotency_key: &str) -> Value {
        let headers = [("content-type", "application/json"), ("authorization", self.bearer.as_str())];
        self.service.client.send("POST", "/graphql", &headers, &self.body(idempotency_key)).json()
    }

    /// What came of a change: its version, and whether it is a repeat.
    #[track_caller]
    fn done(&self, idempotency_key: &str) -> (i64, bool) {
        let answer = self.appoint(idempotency_key);
        let payload = &answer["data"]["appointMember"];
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        let version = payload["directoryVersion"].as_i64().expect("a version");
        (version, payload["repeated"].as_bool().expect("whether it is a repeat"))
    }

    #[track_caller]
    fn told(&self, idempotency_key: &str, code: &str) {
        let answer = self.appoint(idempotency_key);
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }

    /// Sees to it that a change is answered as unavailable in the time that is promised, as long as this machine lets us
    /// measure that: the quickest of three counts.
    #[track_caller]
    fn unavailable_in_time(&self, name: &str) {
        let mut quickest = Duration::MAX;
        for nth in 0..3 {
            let began = Instant::now();
            self.told(&format!("{name}-{nth}"), "UNAVAILABLE");
            quickest = quickest.min(began.elapsed());
        }
        assert!(quickest <= PROMISED, "{name}: {quickest:?}");
    }

    #[track_caller]
    fn reads_go_on(&self) {
        let version =
            self.service.client.data("{ directory { version } board(area: \"kent\") { slug } }", json!({}));
        assert_eq!(version["board"]["slug"], "kent");
    }

    fn changes(&self, idempotency_key: &str) -> String {
        let query = "SELECT count(*)::text AS text FROM change WHERE idempotency_key";
        self.service.database.text(&format!("{query} = '{idempotency_key}'"))
    }

    /// Sends a change and leaves the connection open.
    fn begin(&self, idempotency_key: &str) -> TcpStream {
        let Client { address } = self.service.client;
        let body = self.body(idempotency_key);
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nauthorization: {}\r\ncontent-length: {}\r\n\r\n",
            self.bearer,
            body.len()
        );
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(&[head.as_bytes(), &body].concat()).expect("a request");
        stream
    }
}

#[test]
fn while_the_database_is_away_changes_are_refused_in_time_and_reads_go_on() {
    let office = Office::new();
    office.done("before");
    office.proxy.set(Passage::Away);
    office.unavailable_in_time("away");
    // Whoever has no key is refused without the database, and so cannot hold up those who have one.
    let headers = [("content-type", "application/json")];
    let nobody = office.service.client.send("POST", "/graphql", &headers, &office.body("nobody")).json();
    assert_eq!(nobody["data"]["appointMember"]["userErrors"], json!([{ "code": "FORBIDDEN" }]));
    office.reads_go_on();
    office.proxy.set(Passage::Open);
    // Nothing of what was refused was done, and the same requests are made once now.
    assert_eq!(office.changes("away-0"), "0");
    assert!(!office.done("away-0").1);
    assert_eq!(office.changes("away-0"), "1");
}

#[test]
fn while_the_database_is_silent_changes_are_refused_in_time_and_reads_go_on() {
    let office = Office::new();
    office.done("before");
    office.proxy.set(Passage::Silent);
    office.unavailable_in_time("silent");
    office.reads_go_on();
    office.proxy.set(Passage::Open);
    assert_eq!(office.changes("silent-0"), "0");
    assert!(!office.done("silent-0").1);
}

#[test]
fn a_change_that_hangs_half_way_holds_up_no_other_for_longer_than_is_promised() {
    let office = Office::new();
    office.done("before");
    office.proxy.set(Passage::HeldAt("INSERT INTO change"));
    let hanging = office.begin("hanging");
    office.proxy.wait_until_met(1);
    office.unavailable_in_time("behind");
    office.reads_go_on();
    office.proxy.set(Passage::Open);
    // The database woke up, so the first is made, once.
    assert_eq!(office.done("hanging").0, office.done("hanging").0);
    assert_eq!((office.changes("hanging"), office.changes("behind-0")), ("1".to_owned(), "0".to_owned()));
    drop(hanging);
}

#[test]
fn a_connection_that_is_cut_at_the_commit_leaves_the_outcome_open_and_the_key_finds_it() {
    for (passage, is_written) in [(Passage::CutAfter("COMMIT"), true), (Passage::CutBefore("COMMIT"), false)]
    {
        let office = Office::new();
        office.done("before");
        office.proxy.set(passage);
        office.told("in-doubt", "OUTCOME_UNKNOWN");
        assert_eq!(office.proxy.met(), 1, "{passage:?}");
        office.proxy.set(Passage::Open);
        let (version, is_repeated) = office.done("in-doubt");
        assert_eq!(is_repeated, is_written, "{passage:?}");
        assert_eq!(office.done("in-doubt"), (version, true), "{passage:?}");
        assert_eq!(office.changes("in-doubt"), "1", "{passage:?}");
        // And this process serves what came of it.
        let served = office.service.live.current().expect("a directory").directory.version();
        assert_eq!(served, version, "{passage:?}");
    }
}

#[test]
fn a_connection_that_is_cut_before_the_commit_is_asked_for_writes_nothing() {
    for statement in
        ["BEGIN", "FOR UPDATE", "INSERT INTO change", "INSERT INTO appointment", "SET CONSTRAINTS"]
    {
        let office = Office::new();
        office.done("before");
        office.proxy.set(Passage::CutBefore(statement));
        office.told("cut", "UNAVAILABLE");
        assert_ne!(office.proxy.met(), 0, "{statement}");
        assert_eq!(office.changes("cut"), "0", "{statement}");
        office.proxy.set(Passage::Open);
        assert!(!office.done("cut").1, "{statement}");
    }
}

#[test]
fn a_client_that_goes_away_does_not_cut_its_change() {
    for (nth, statement) in ["INSERT INTO change", "COMMIT"].into_iter().enumerate() {
        let office = Office::new();
        office.done("before");
        office.proxy.set(Passage::HeldAt(statement));
        let stream = office.begin("reset");
        office.proxy.wait_until_met(1);
        SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("a reset");
        drop(stream);
        // One worker serves all: what it is asked now, it answers after it has met the reset.
        for _ in 0..3 {
            office.reads_go_on();
        }
        assert_eq!(office.changes("reset"), "0", "{nth}: it is held at {statement}");
        office.proxy.set(Passage::Open);
        assert!(office.done("reset").1, "{statement}: it was made though nobody waited");
        assert_eq!(office.changes("reset"), "1", "{statement}");
    }
}
