//! API keys from their issue to their end: what is taken, what is refused and how often, at whose cost, and that no part of a
//! secret stays anywhere.

use crate::marks::{Log, Serving, command};
use crate::support::client::Reply;
use crate::support::database::RUNTIME;
use crate::support::people::{TESTER, bearer, key, post_as, request};
use crate::support::{Client, TestDatabase, TestService};
use chrono::{DateTime, Utc};
use probation_directory::actions::issue_key::{KeyRequest, issue_first_key, issue_key};
use probation_directory::clock::{Clock, FixedClock, SystemClock, today_in_london};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::{Grant, Role};
use probation_directory::http::{Allowance, Service};
use probation_directory::store::keys::{KeyChange, KeyOrder};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

const CALLER: &str = "{ caller { actor roles areas { slug } } }";
const READER: &[(Role, Option<&str>)] = &[(Role::Reader, None)];

fn ask(client: Client, key: &ApiKey) -> Reply {
    post_as(client, Some(key), &json!({ "query": CALLER }), &[])
}

fn with_header(client: Client, value: &str) -> Reply {
    let headers = [("content-type", "application/json"), ("authorization", value)];
    client.send("POST", "/graphql", &headers, json!({ "query": CALLER }).to_string().as_bytes())
}

fn change(service: &TestService, order: &KeyOrder) -> KeyChange {
    RUNTIME.block_on(service.database.store.change_keys(order, TESTER)).expect("a database")
}

fn refresh(service: &TestService) {
    RUNTIME.block_on(service.follower.refresh()).expect("a refresh");
}

fn grant(role: Role, area: Option<&str>) -> Grant {
    Grant::new(role, area.map(str::to_owned)).expect("a grant")
}

/// Sees to it that a key was not taken; what was told.
#[track_caller]
fn refused(reply: &Reply) -> String {
    let body = reply.json();
    assert_eq!(
        (reply.status, &body["errors"][0]["extensions"]["code"]),
        (401, &json!("UNAUTHENTICATED")),
        "{body}"
    );
    assert_eq!(reply.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-request-id"), body["errors"][0]["extensions"]["requestId"].as_str());
    assert!(
        body.get("data").is_none() && body["errors"].as_array().is_some_and(|errors| errors.len() == 1),
        "{body}"
    );
    body["errors"][0]["message"].as_str().expect("a message").to_owned()
}

#[test]
fn a_key_is_issued_used_given_roles_and_revoked_and_each_counts_from_the_next_refresh() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    let prefix = key.prefix();
    // Issued elsewhere, as it were: not known here yet.
    refused(&ask(service.client, &key));
    refresh(&service);
    let due = |roles: Value, areas: Value| json!({ "actor": format!("key:{prefix}"), "roles": roles, "areas": areas });
    let told = || ask(service.client, &key).json()["data"]["caller"].clone();
    assert_eq!(told(), due(json!(["READER"]), json!([])));
    let kent = grant(Role::BoardAdministrator, Some("kent"));
    assert_eq!(change(&service, &KeyOrder::Grant(prefix, kent.clone())), KeyChange::Done(3));
    assert_eq!(told(), due(json!(["READER"]), json!([])));
    refresh(&service);
    assert_eq!(told(), due(json!(["READER", "BOARD_ADMINISTRATOR"]), json!([{ "slug": "kent" }])));
    assert_eq!(change(&service, &KeyOrder::Withdraw(prefix, grant(Role::Reader, None))), KeyChange::Done(4));
    refresh(&service);
    assert_eq!(told(), due(json!(["BOARD_ADMINISTRATOR"]), json!([{ "slug": "kent" }])));
    assert_eq!(change(&service, &KeyOrder::Revoke(prefix)), KeyChange::Done(5));
    assert_eq!(ask(service.client, &key).status, 200);
    refresh(&service);
    refused(&ask(service.client, &key));
    // What is done is not done again, and a revoked key gets nothing any more.
    assert_eq!(change(&service, &KeyOrder::Revoke(prefix)), KeyChange::Already);
    assert_eq!(change(&service, &KeyOrder::Grant(prefix, kent)), KeyChange::Revoked);
    let rows = service.database.texts("SELECT role || recorded::text AS text FROM role_grant ORDER BY id");
    assert_eq!(rows, ["READER[2,4)", "BOARD_ADMINISTRATOR[3,5)"]);
    assert_eq!(service.database.text("SELECT recorded::text AS text FROM api_key"), "[2,5)");
    assert_eq!(RUNTIME.block_on(service.database.store.first_bad_change()).expect("an answer"), None);
}

#[test]
fn what_cannot_be_done_with_a_key_changes_nothing() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    let other = key_of_nobody();
    for (order, due) in [
        (KeyOrder::Revoke(other.prefix()), KeyChange::UnknownKey),
        (KeyOrder::Grant(other.prefix(), grant(Role::Reader, None)), KeyChange::UnknownKey),
        (KeyOrder::Grant(key.prefix(), grant(Role::Reader, None)), KeyChange::Already),
        (KeyOrder::Withdraw(key.prefix(), grant(Role::Auditor, None)), KeyChange::Already),
        (
            KeyOrder::Grant(key.prefix(), grant(Role::BoardAdministrator, Some("nowhere"))),
            KeyChange::UnknownArea("nowhere".to_owned()),
        ),
        // A trust of that name is no area.
        (
            KeyOrder::Grant(key.prefix(), grant(Role::BoardAdministrator, Some("wales"))),
            KeyChange::UnknownArea("wales".to_owned()),
        ),
    ] {
        assert_eq!(change(&service, &order), due, "{order:?}");
    }
    let unknown =
        KeyRequest { grants: vec![grant(Role::BoardAdministrator, Some("nowhere"))], ..request(&[]) };
    let (_, issued) =
        RUNTIME.block_on(issue_key(&service.database.store, &unknown, TESTER)).expect("a database");
    assert_eq!(issued, KeyChange::UnknownArea("nowhere".to_owned()));
    assert_eq!(service.database.text("SELECT version::text AS text FROM head"), "2");
    // One is the first whoever else tries to be.
    let first = || RUNTIME.block_on(issue_first_key(&service.database.store, TESTER)).expect("a database");
    assert!(first().is_none());
    let database = TestDatabase::seeded();
    let first = || RUNTIME.block_on(issue_first_key(&database.store, TESTER)).expect("a database");
    assert!(first().is_some() && first().is_none());
    let role = database.text(
        "SELECT g.role || k.recorded::text AS text FROM role_grant g JOIN api_key k ON k.id = g.key_id",
    );
    assert_eq!(role, "NATIONAL_ADMINISTRATOR[2,)");
}

/// A key with a right checksum that was never issued.
fn key_of_nobody() -> ApiKey {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let mut state = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let random = |bytes: &mut [u8]| {
        bytes.iter_mut().for_each(|byte| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 33) as u8;
        });
        Ok::<(), ()>(())
    };
    ApiKey::draw(random).expect("a key")
}

#[test]
fn a_change_of_keys_is_recorded_without_any_secret() {
    let database = TestDatabase::seeded();
    let key = key(&database, &[(Role::BoardAdministrator, Some("kent")), (Role::Auditor, None)]);
    let body: Value =
        serde_json::from_str(&database.text("SELECT body::text AS text FROM change WHERE version = 2"))
            .expect("JSON");
    let grants =
        json!([{ "role": "BOARD_ADMINISTRATOR", "area": "kent" }, { "role": "AUDITOR", "area": null }]);
    let due = json!({ "key": key.prefix().as_str(), "label": "a tool", "expiresOn": null, "grants": grants });
    assert_eq!(body, due);
    assert_eq!(
        database.text("SELECT actor || action AS text FROM change WHERE version = 2"),
        "testerISSUE_KEY"
    );
    let digest: String = key.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(database.text("SELECT encode(digest, 'hex') AS text FROM api_key"), digest);
    none_of(&key, "the database", database.dump().as_bytes());
}

/// Sees to it that no part of a key's secret, nor its checksum, stands anywhere.
#[track_caller]
fn none_of(key: &ApiKey, place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let secret = &key.expose()[12..55];
    for from in 0..=secret.len() - 8 {
        let part = &secret[from..from + 8];
        assert!(!text.contains(part), "a part of the secret is in {place}");
    }
    assert!(!text.contains(&format!("_{}", &key.expose()[56..])), "the checksum is in {place}");
}

#[test]
fn a_revoked_key_is_refused_though_the_directory_of_that_version_cannot_be_built() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    refresh(&service);
    assert_eq!(ask(service.client, &key).status, 200);
    service.database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        "UPDATE body_name SET recorded = int8range(lower(recorded), 3) WHERE upper_inf(recorded) AND body_id = (SELECT id FROM body WHERE kind = 'MAPPA_AREA' AND slug = 'kent')".to_owned(),
    ]);
    change(&service, &KeyOrder::Revoke(key.prefix()));
    RUNTIME.block_on(service.follower.refresh()).expect_err("an area without a name");
    refused(&ask(service.client, &key));
    // Anyone is answered from what is there.
    assert_eq!(service.client.data("{ directory { version } }", json!({}))["directory"]["version"], json!(2));
}

#[test]
fn keys_are_taken_from_memory_while_the_database_is_away() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    refresh(&service);
    service.database.store.close();
    RUNTIME.block_on(service.follower.refresh()).expect_err("no database");
    assert_eq!(ask(service.client, &key).json()["data"]["caller"]["roles"], json!(["READER"]));
    refused(&ask(service.client, &key_of_nobody()));
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

#[test]
fn a_key_expires_at_the_end_of_its_last_day_in_london_and_its_holder_is_told() {
    let expiring = KeyRequest { expires_on: "2026-05-31".parse().ok(), ..request(READER) };
    // Midnight in London comes an hour earlier than in UTC, in summer.
    for (now, is_taken) in [("2026-05-31T22:59:59Z", true), ("2026-05-31T23:00:00Z", false)] {
        let database = TestDatabase::seeded();
        let (key, _) = RUNTIME.block_on(issue_key(&database.store, &expiring, TESTER)).expect("a key");
        let clock = Arc::new(FixedClock(instant(now)));
        let service = TestService::start_with(database, |usual| Service { clock, ..usual });
        let reply = ask(service.client, &key);
        if is_taken {
            assert_eq!(reply.json()["data"]["caller"]["roles"], json!(["READER"]));
            continue;
        }
        assert_eq!(refused(&reply), "The API key has expired: ask for another.");
        // However often: whoever holds the whole key guesses nothing.
        for _ in 0..30 {
            refused(&ask(service.client, &key));
        }
        // Another secret under the same prefix is not told that there is such a key.
        let forged = forged(&key);
        assert_eq!(refused(&with_header(service.client, &format!("Bearer {forged}"))), UNKNOWN);
    }
}

const UNKNOWN: &str = "The API key is not taken: it is not known here, or it was revoked.";

/// A whole key with the prefix of another and a secret that is not its own.
fn forged(key: &ApiKey) -> String {
    // The checksum is no secret: whoever knows how it is made can make it.
    let body = format!("pd_{}_{}", key.prefix(), "0".repeat(43));
    let mut sum = crc_32(body.as_bytes());
    let digits: String = (0..6)
        .map(|_| {
            let digit = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[sum as usize % 62];
            sum /= 62;
            char::from(digit)
        })
        .collect();
    let forged = format!("{body}_{digits}");
    assert!(ApiKey::read(&forged).is_some(), "{forged}");
    forged
}

/// CRC-32 as zip and PNG have it.
fn crc_32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

#[test]
fn what_is_told_of_a_wrong_key_helps_to_mend_it_and_not_to_find_one() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    refresh(&service);
    let whole = key.expose();
    let malformed =
        "Authorization has no whole API key: send Bearer and the key as it was shown, or no such header.";
    let swapped = format!(
        "Bearer {}{}{}",
        &whole[..20],
        if whole.as_bytes()[20] == b'x' { 'y' } else { 'x' },
        &whole[21..]
    );
    for (header, due) in [
        (swapped.as_str(), malformed),
        (&format!("Bearer {}", &whole[..61]), malformed),
        (&format!("Bearer {whole}0"), malformed),
        (&format!("Basic {whole}"), malformed),
        (whole, malformed),
        ("Bearer", malformed),
        ("Bearer \u{e9}", malformed),
        (&format!("Bearer {whole}, Bearer {whole}"), malformed),
        (&format!("Bearer {}", forged(&key)), UNKNOWN),
        (&format!("Bearer {}", key_of_nobody().expose()), UNKNOWN),
    ] {
        assert_eq!(refused(&with_header(service.client, header)), due, "{header}");
    }
    // The name of the scheme is in letters of any size, and blanks do not matter.
    for header in [format!("bearer {whole}"), format!("BEARER   {whole} ")] {
        assert_eq!(with_header(service.client, &header).status, 200, "{header}");
    }
    // Other pages ask for no key, and so take none amiss.
    for page in ["/limits", "/info", "/metrics", "/health/ready", "/schema.graphql"] {
        assert_eq!(
            service.client.send("GET", page, &[("authorization", "Bearer x")], b"").status,
            200,
            "{page}"
        );
    }
    // Two headers: nobody can tell which was meant.
    let twice = [
        ("content-type", "application/json"),
        ("authorization", &*bearer(&key)),
        ("authorization", &*bearer(&key)),
    ];
    refused(&service.client.send("POST", "/graphql", &twice, b"{\"query\":\"{__typename}\"}"));
}

/// Statuses of so many requests with made-up keys, over as few connections as the service leaves open.
fn guess(client: Client, count: usize, key: impl Fn(usize) -> String) -> Vec<u16> {
    let mut statuses = Vec::with_capacity(count);
    let mut stream: Option<TcpStream> = None;
    let mut buffer = vec![0; 4_096];
    while statuses.len() < count {
        let mut open =
            stream.take().unwrap_or_else(|| TcpStream::connect(client.address).expect("a connection"));
        let key = key(statuses.len());
        let head = format!(
            "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\r\n"
        );
        let read = open.write_all(head.as_bytes()).and_then(|()| open.read(&mut buffer));
        if let Ok(length @ 1..) = read {
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            statuses.push(text.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"));
            stream = (!text.to_ascii_lowercase().contains("connection: close")).then_some(open);
        }
    }
    statuses
}

#[test]
fn ten_thousand_guesses_find_nothing_are_told_to_wait_from_the_twenty_first_and_lock_nobody_out() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    refresh(&service);
    let prefix_of_key = forged(&key);
    let started = Instant::now();
    let guesses = guess(service.client, 10_000, |nth| match nth % 3 {
        0 => prefix_of_key.clone(),
        1 => key_of_nobody().expose().to_owned(),
        _ => "pd_k3x9f2ab_wrong".to_owned(),
    });
    let waited = started.elapsed().as_secs() / 15;
    assert_eq!(guesses[..20], [401; 20]);
    let taken_amiss = guesses.iter().filter(|status| **status == 401).count();
    assert!(
        (20..=21 + waited as usize).contains(&taken_amiss),
        "{taken_amiss} in {waited} times fifteen seconds"
    );
    assert_eq!(guesses.iter().filter(|status| ![401, 429].contains(status)).count(), 0);
    // From the same address, the holder of the key and whoever sends none are answered as ever.
    assert_eq!(ask(service.client, &key).status, 200);
    assert_eq!(service.client.data("{ directory { version } }", json!({}))["directory"]["version"], json!(2));
    let told = with_header(service.client, &format!("Bearer {prefix_of_key}"));
    let body = told.json();
    assert_eq!((told.status, &body["errors"][0]["extensions"]["code"]), (429, &json!("RATE_LIMITED")));
    let wait: u64 = told.header("retry-after").and_then(|text| text.parse().ok()).expect("Retry-After");
    assert!((1..=16).contains(&wait), "{wait}");
    assert_eq!(body["errors"][0]["extensions"]["retryAfter"], json!(wait));
}

#[test]
fn each_key_has_an_allowance_of_its_own_wherever_it_asks_from() {
    let database = TestDatabase::seeded();
    let (one, other) = (key(&database, &[]), key(&database, READER));
    let allowance = Arc::new(Allowance::new(500));
    let service = TestService::start_with(database, |usual| Service { allowance, ..usual });
    // A page of 1 + 1 + 100 x 4 fields: one fits, two do not.
    let page = json!({ "query": "{ localAuthorities(first: 100) { nodes { code name code name } } }" });
    for key in [None, Some(&one), Some(&other)] {
        let statuses = [(); 2].map(|()| post_as(service.client, key, &page, &[]).status);
        assert_eq!(statuses, [200, 429], "{key:?}");
    }
}

#[test]
fn a_key_is_taken_with_a_get_as_well() {
    let service = TestService::seeded();
    let key = key(&service.database, READER);
    refresh(&service);
    let bearer = bearer(&key);
    let get = |path: &str| service.client.send("GET", path, &[("authorization", &bearer)], b"");
    let got = get("/graphql?query=%7Bcaller%7Broles%7D%7D");
    assert_eq!(got.json()["data"]["caller"]["roles"], json!(["READER"]));
    assert_eq!((got.header("etag"), got.header("cache-control")), (None, Some("no-store")));
    assert_eq!(service.client.send("PUT", "/graphql", &[("authorization", &bearer)], b"").status, 405);
}

/// Runs the program against a database.
fn run(database: &TestDatabase, arguments: &[&str]) -> Output {
    let folder = TempDir::new().expect("a folder");
    command(folder.path(), &database.url).env("RUST_LOG", "info").args(arguments).output().expect("a run")
}

#[track_caller]
fn ran(database: &TestDatabase, arguments: &[&str], code: i32) -> (String, String) {
    let output = run(database, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    (out, err)
}

#[test]
fn keys_are_issued_listed_given_roles_and_revoked_on_the_command_line() {
    let database = TestDatabase::seeded();
    database.log_every_statement();
    let server_log = Log::of_the_database_server();
    let (none, _) = ran(&database, &["key", "list"], 0);
    assert_eq!(none.trim(), "No key was ever issued.");
    let issue = [
        "key",
        "issue",
        "--label",
        "case system of Kent",
        "--role",
        "reader",
        "--role",
        "board-administrator",
        "--area",
        "kent",
        "--expires",
        "2099-12-31",
        "--reason",
        "asked for by Kent",
    ];
    let (out, err) = ran(&database, &issue, 0);
    let key = ApiKey::read(out.trim()).expect("a key and nothing else on standard output");
    none_of(&key, "standard error", err.as_bytes());
    let prefix = key.prefix().to_string();
    assert!(err.contains(&prefix), "{err}");
    let line = |of: &str| {
        let (list, _) = ran(&database, &["key", "list"], 0);
        none_of(&key, "the list", list.as_bytes());
        let line = list
            .lines()
            .find(|line| line.starts_with(of))
            .unwrap_or_else(|| panic!("{of} in {list}"))
            .to_owned();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    let today = today_in_london(SystemClock.now());
    assert_eq!(
        line(&prefix),
        format!("{prefix} taken {today} 2099-12-31 reader board-administrator:kent case system of Kent")
    );
    ran(&database, &["withdraw", &prefix, "board-administrator", "--area", "kent"], 0);
    ran(&database, &["grant", &prefix, "AUDITOR"], 0);
    assert_eq!(ran(&database, &["grant", &prefix, "auditor"], 0).0.trim(), "It has that role already.");
    assert_eq!(
        line(&prefix),
        format!("{prefix} taken {today} 2099-12-31 reader auditor case system of Kent")
    );
    // A whole key that was found somewhere names itself.
    assert_eq!(ran(&database, &["key", "revoke", key.expose()], 0).0.trim(), "Revoked.");
    assert_eq!(ran(&database, &["key", "revoke", &prefix], 0).0.trim(), "It was revoked before.");
    assert_eq!(line(&prefix), format!("{prefix} revoked {today} 2099-12-31 - case system of Kent"));
    let changes = database.texts("SELECT action || ' ' || actor || ' ' || coalesce(reason, '-') AS text FROM change WHERE version > 1 ORDER BY version");
    assert_eq!(
        changes,
        [
            "ISSUE_KEY command-line asked for by Kent",
            "WITHDRAW_ROLE command-line -",
            "GRANT_ROLE command-line -",
            "REVOKE_KEY command-line -"
        ]
    );
    for (arguments, code, part) in [
        (&["key", "issue", "--label", ""][..], 2, "--label"),
        (&["key", "issue", "--label", "x", "--role", "king"], 2, "no such role"),
        (&["key", "issue", "--label", "x", "--role", "board-administrator"], 2, "--area"),
        (&["key", "issue", "--label", "x", "--role", "reader", "--area", "kent"], 2, "--area"),
        (&["key", "issue", "--label", "x", "--expires", "2014-01-01"], 2, "--expires"),
        (
            &["key", "issue", "--label", "x", "--role", "board-administrator", "--area", "nowhere"],
            1,
            "nowhere",
        ),
        (&["key", "revoke", "k3x9f2ab"], 1, "key list"),
        (&["key", "revoke", "K3X9F2AB"], 2, "key list"),
        (&["grant", &prefix, "reader"], 1, "revoked"),
        (&["grant", "k3x9f2ab", "reader"], 1, "key list"),
    ] {
        let (out, err) = ran(&database, arguments, code);
        assert!(
            out.is_empty() && err.contains(part) && err.trim().lines().count() == 1,
            "{arguments:?}: {out}{err}"
        );
    }
    assert_eq!(database.text("SELECT version::text AS text FROM head"), "5");
    none_of(&key, "the database server's log", &server_log.since(&database));
}

#[test]
fn no_part_of_a_key_stays_in_a_log_a_figure_an_error_or_a_database() {
    let database = TestDatabase::seeded();
    let (taken, unknown) = (key(&database, READER), key_of_nobody());
    let expired = KeyRequest { expires_on: "2020-01-01".parse().ok(), ..request(READER) };
    let (expired, _) = RUNTIME.block_on(issue_key(&database.store, &expired, TESTER)).expect("a key");
    database.log_every_statement();
    let server_log = Log::of_the_database_server();
    let serving = Serving::start(&database, "json");
    let client = serving.client;
    let keys = [&taken, &unknown, &expired];
    let mut answers = Vec::new();
    for key in keys {
        let whole = key.expose();
        for header in [
            format!("Bearer {whole}"),
            format!("bearer {}", &whole[..60]),
            format!("Basic {whole}"),
            whole.to_owned(),
        ] {
            answers.push(with_header(client, &header));
            answers.push(client.send(
                "GET",
                "/graphql?query=%7Bcaller%7Bactor%7D%7D",
                &[("authorization", &header)],
                b"",
            ));
            answers.push(client.send("GET", "/nothing", &[("authorization", &header)], b""));
            let broken = json!({ "query": "query($v: Zz = 1) { __typename }" }).to_string();
            let headers = [("content-type", "application/json"), ("authorization", header.as_str())];
            answers.push(client.send("POST", "/graphql", &headers, broken.as_bytes()));
            answers.push(client.send("POST", "/graphql", &headers, b"{"));
            answers.push(client.send("PUT", "/graphql", &headers, b""));
        }
    }
    let statuses: std::collections::BTreeSet<u16> = answers.iter().map(|answer| answer.status).collect();
    assert!(
        [200, 400, 401, 404, 405, 429, 500].iter().all(|status| statuses.contains(status)),
        "{statuses:?}"
    );
    for page in ["/metrics", "/info", "/limits", "/health/ready"] {
        answers.push(client.send("GET", page, &[], b""));
    }
    let ended = serving.end();
    for key in keys {
        for answer in &answers {
            let headers: String =
                answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            none_of(key, "the headers of an answer", headers.as_bytes());
            none_of(key, "an answer", &answer.body);
        }
        none_of(key, "standard output", ended.out.as_bytes());
        none_of(key, "the log", ended.err.as_bytes());
        none_of(key, "the database", database.dump().as_bytes());
        none_of(key, "the database server's log", &server_log.since(&database));
    }
    // The log is the one of these requests.
    let id = answers[0].header("x-request-id").expect("an id");
    assert!(ended.err.contains(id) && ended.err.contains("UNAUTHENTICATED"));
}
