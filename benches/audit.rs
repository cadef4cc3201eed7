//! What a long record costs: verifying its chain, loading its changes whole and only the newest, and holding them.
//!
//! Run it with `cargo bench --bench audit`, or with another number of changes: `cargo bench --bench audit -- 10000`. It
//! starts a durable private server of its own in a temporary folder; figures depend on the machine.

#[expect(dead_code, reason = "no process is pinned")]
#[path = "support/cores.rs"]
mod cores;
#[expect(dead_code, reason = "nothing is served")]
#[path = "support/ground.rs"]
mod ground;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use ground::Ground;
use std::time::Instant;

const CHANGES: usize = 100_000;

#[expect(clippy::disallowed_methods, reason = "a bench has no command line of its own")]
fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let ground = Ground::prepare();
    ground.runtime().block_on(measure(&ground, asked.unwrap_or(CHANGES)));
}

async fn measure(ground: &Ground, changes: usize) {
    let store = ground.follower().store;
    let mut writer = AsyncPgConnection::establish(&ground.url()).await.expect("a connection");
    // As a usual appointment says it: a board, two persons, three facts, and a reason of a line.
    let write = format!(
        "DO $$ BEGIN FOR n IN 1..{changes} LOOP \
           INSERT INTO change (actor, action, reason, body) VALUES ('key:abcdefgh', 'APPOINT_BOARD_MEMBER', \
             'the body named its new representative, letter ' || n, jsonb_build_object('on', '2014-11-03', 'boards', jsonb_build_array('kent'), \
               'persons', jsonb_build_array(md5('a' || n), md5('b' || n % 1000)), 'facts', jsonb_build_array( \
               jsonb_build_object('table', 'vacancy', 'fact', n, 'added', false), jsonb_build_object('table', 'vacancy', 'fact', n, 'added', true), \
               jsonb_build_object('table', 'appointment', 'fact', n, 'added', true)))); \
           COMMIT; END LOOP; END $$"
    );
    writer.batch_execute("SET synchronous_commit = off").await.expect("a setting");
    writer.batch_execute(&write).await.expect("changes");
    let began = Instant::now();
    let head = store.verify_chain(None).await.expect("a database").expect("a chain that holds");
    println!("verifying {} changes: {:.2} s", head.version, began.elapsed().as_secs_f64());
    let (before, began) = (resident(), Instant::now());
    let directory = store.load_directory(None).await.expect("a directory");
    println!(
        "loading all of it: {:.2} s; the process grew by {} MB",
        began.elapsed().as_secs_f64(),
        resident().saturating_sub(before) / 1024
    );
    writer
        .batch_execute("INSERT INTO change (actor, action, body) VALUES ('bench', 'TEST', '{}')")
        .await
        .expect("a change");
    let (before, began) = (resident(), Instant::now());
    let newer = store.load_directory(Some(&directory)).await.expect("a directory");
    println!(
        "loading one change more: {:.2} s; the process grew by {} MB",
        began.elapsed().as_secs_f64(),
        resident().saturating_sub(before) / 1024
    );
    assert_eq!(newer.version(), head.version + 1);
}

/// Memory of this process in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}
