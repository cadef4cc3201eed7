//! What the foundation costs: cold and warm start, memory, and the time from a commit to its being served.
//!
//! Run it with `cargo bench --bench foundation`. It starts a durable private server of its own in a temporary
//! folder, and the program itself; figures depend on the machine, so compare them with each other.

#[expect(dead_code, reason = "the service is a process of its own")]
#[path = "support/cores.rs"]
mod cores;
#[expect(dead_code, reason = "the service is a process of its own")]
#[path = "support/ground.rs"]
mod ground;

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use ground::{Ground, open_folder, program};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 5;
const CHANGES: usize = 300;

fn main() {
    starts(open_folder().path());
    commit_to_visible(&Ground::prepare());
}

/// Starts the program and waits until it answers.
fn start(data: &Path) -> (Child, Duration) {
    let began = Instant::now();
    let mut child = Command::new(program())
        .arg("serve")
        .env("DATA_DIR", data)
        .env("BIND", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let out = child.stdout.take().expect("its output");
    let mut lines = BufReader::new(out).lines();
    let answers = lines.by_ref().map_while(Result::ok).any(|line| line.contains("answers at"));
    assert!(answers, "the program did not start");
    let took = began.elapsed();
    // Whoever reads the rest of the welcome must not be gone before it is written.
    std::thread::spawn(move || lines.for_each(drop));
    (child, took)
}

fn stop(mut child: Child) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("a signal");
    assert!(child.wait().expect("an exit").success());
}

fn memory(child: &Child, of: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(of)).unwrap_or_default();
    line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

fn starts(folder: &Path) {
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    for round in 0..STARTS {
        let data = folder.join(format!("start{round}"));
        let (child, took) = start(&data);
        cold.push(took);
        stop(child);
        let (child, took) = start(&data);
        warm.push(took);
        if round == STARTS - 1 {
            println!(
                "memory of the service    {} resident, {} at most",
                memory(&child, "VmRSS"),
                memory(&child, "VmHWM")
            );
        }
        stop(child);
    }
    report("cold start until it answers (initdb, migrations, seed)", &mut cold);
    report("warm start until it answers", &mut warm);
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!("{what}: p50 {:.2} ms, p99 {:.2} ms, n = {}", at(0.5), at(0.99), times.len());
}

fn commit_to_visible(ground: &Ground) {
    ground.runtime().block_on(async {
        let follower = ground.follower();
        let (store, live) = (follower.store.clone(), follower.live.clone());
        tokio::spawn(follower.follow());
        let mut writer = AsyncPgConnection::establish(&ground.url()).await.expect("a connection");
        let mut times = Vec::new();
        let mut loads = Vec::new();
        for number in 0..CHANGES {
            let version = write(&mut writer, number).await;
            let committed = Instant::now();
            while live.current().is_none_or(|loaded| loaded.directory.version() < version) {
                tokio::time::sleep(Duration::from_micros(50)).await;
            }
            // The first changes may come before the follower listens.
            if number >= 10 {
                times.push(committed.elapsed());
            }
            if number % 10 == 0 {
                let began = Instant::now();
                store.load_directory(None).await.expect("a directory");
                loads.push(began.elapsed());
            }
        }
        report("commit until it is served", &mut times);
        report("loading and building the whole directory", &mut loads);
    });
}

/// Corrects the note of one name, in a version of its own.
async fn write(connection: &mut AsyncPgConnection, number: usize) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        version: i64,
    }
    connection
        .build_transaction()
        .run(async |connection| {
            let row: Version = diesel::sql_query(
                "INSERT INTO change (actor, action, body) VALUES ('bench', 'CORRECT_NAME', '{}') RETURNING version",
            )
            .get_result(connection)
            .await?;
            diesel::sql_query(
                "WITH closed AS (UPDATE body_name SET recorded = int8range(lower(recorded), (SELECT version FROM head)) \
                 WHERE upper_inf(recorded) AND id = (SELECT max(id) FROM body_name WHERE usage = 'ALIAS' AND upper_inf(recorded)) \
                 RETURNING *) INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis, note) \
                 SELECT fact, body_id, usage, name, valid, source, basis, $1 FROM closed",
            )
            .bind::<diesel::sql_types::Text, _>(format!("round {number}"))
            .execute(connection)
            .await?;
            diesel::sql_query("SELECT pg_notify('directory_version', (SELECT version::text FROM head))")
                .execute(connection)
                .await?;
            Ok::<i64, diesel::result::Error>(row.version)
        })
        .await
        .expect("a change")
}
