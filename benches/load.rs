//! What the service answers under load: beside a handler of fixed bytes of the same length, and beside other GraphQL
//! servers that hold the same data.
//!
//! `benches/load.sh` builds what is needed and runs it; `--help` tells how to run it for longer. Every server is a
//! program of its own on one core, and the load client has another. All of a group are asked in turn, round by round,
//! so that whatever else the machine does falls on each of them. Figures depend on the machine: compare them with each
//! other. Only a wrong answer is a failure. What runs is left to `support/contest.rs`, what is asked to `questions.rs`.

#[allow(dead_code, reason = "cases that are decided in process are for the bench of routing")]
#[path = "support/cases.rs"]
mod cases;
#[path = "support/contest.rs"]
mod contest;
#[allow(dead_code, reason = "what threads of this process spent is for the bench of routing")]
#[path = "support/cores.rs"]
mod cores;
#[path = "support/fixed.rs"]
mod fixed;
#[path = "support/load.rs"]
mod load;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/questions.rs"]
mod questions;
#[path = "support/servers.rs"]
mod servers;

use clap::{Parser, ValueEnum};
use contest::{Contest, Terms};
use cores::Cores;
use load::{Connection, Exchange, Waiting};
use programs::Program;
use servers::{Cache, Log, Servers};
use std::io::Read;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// That of the program, for the handler of fixed bytes too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Different cases that are sent in turn: no answer to one is ever kept.
const CASES: usize = 12_000;
/// Days that each code is asked about where no two requests are alike. What is asked 200,000 requests later is no
/// longer remembered as asked before.
const DAYS: u64 = 600;
/// A group of servers that are asked the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Who manages a case: nothing of it is kept.
    Route,
    /// Who covers an authority, over and over: answers are kept.
    LocateAgain,
    /// Who covers an authority, on ever another day: no answer is found kept.
    LocateAnew,
    /// All areas, by other GraphQL servers too.
    Areas,
}

/// What the service answers under load.
#[derive(Parser)]
struct Arguments {
    /// Groups to run; all where none is named.
    group: Vec<Group>,
    /// Rounds of each group.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds that each is asked in a round.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Leave the other GraphQL servers aside.
    #[arg(long)]
    without_peers: bool,
    /// Let the load client look for answers without ever sleeping, so that a server need not wake it.
    #[arg(long)]
    spin: bool,
    /// Be the handler of that many fixed bytes, until the standard input ends.
    #[arg(long, hide = true)]
    fixed: Option<usize>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(length) = arguments.fixed {
        return be_fixed(length);
    }
    let terms = Terms {
        cores: Cores::choose(),
        rounds: arguments.rounds.max(1),
        lasting: Duration::from_secs_f64(arguments.seconds),
        waiting: if arguments.spin { Waiting::Looking } else { Waiting::Sleeping },
    };
    let servers = Servers::start(terms.cores);
    println!("{}", terms.told());
    let mut is_sound = true;
    for group in Group::value_variants() {
        if arguments.group.is_empty() || arguments.group.contains(group) {
            let contest = match group {
                Group::Route => route(&servers),
                Group::LocateAgain => locate_again(&servers),
                Group::LocateAnew => locate_anew(&servers),
                Group::Areas => areas(&servers, arguments.without_peers),
            };
            is_sound &= contest.run(&terms);
        }
    }
    if is_sound {
        ExitCode::SUCCESS
    } else {
        eprintln!("There were wrong answers, or none: no figure of this run counts.");
        ExitCode::FAILURE
    }
}

/// Is the handler of fixed bytes, for as long as whoever started it lives.
fn be_fixed(length: usize) -> ExitCode {
    // The core is that of whoever started us.
    let address = fixed::serve(vec![b'.'; length], None);
    println!("answers at http://{address}/graphql");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    ExitCode::SUCCESS
}

/// A contest of the service, with and without its log, and fixed bytes, on these requests.
fn beside_fixed(servers: &Servers, title: &str, exchanges: Vec<Exchange>) -> Contest {
    let exchanges: Arc<[Exchange]> = exchanges.into();
    let mut contest = Contest::new(title, servers.fixed(contest::usual_length(&exchanges)), &exchanges);
    for log in [Log::Usual, Log::Warnings] {
        contest.add_service(&log.told(), servers.service(log, Cache::Usual), Arc::clone(&exchanges));
    }
    contest
}

fn learn(service: &Program, bodies: Vec<String>, check: impl Fn(&[u8])) -> Vec<Exchange> {
    let request = |body: String| load::post(service.address, "/graphql", body.as_bytes());
    load::learn(service.address, bodies.into_iter().map(request).collect(), check)
}

fn route(servers: &Servers) -> Contest {
    let service = servers.service(Log::Usual, Cache::Usual);
    let bodies = questions::routes(&servers.area_slugs(), CASES);
    let title = format!("route, {CASES} cases in turn: nothing of a case is kept");
    beside_fixed(servers, &title, learn(&service, bodies, questions::is_managed))
}

fn locate_again(servers: &Servers) -> Contest {
    let service = servers.service(Log::Usual, Cache::Usual);
    let codes = servers.authority_codes();
    let title = format!("locate, {} ONS codes over and over: answers are kept", codes.len());
    let bodies = codes.iter().map(|code| questions::locate(code, questions::first_day())).collect();
    beside_fixed(servers, &title, learn(&service, bodies, questions::is_located))
}

fn locate_anew(servers: &Servers) -> Contest {
    let service = servers.service(Log::Usual, Cache::Usual);
    let codes = servers.authority_codes();
    let days = questions::days(DAYS);
    let bodies = days.flat_map(|day| codes.iter().map(move |code| questions::locate(code, day))).collect();
    let exchanges = learn(&service, bodies, questions::is_located);
    let title = format!("locate, {} codes and days in turn: no answer is found kept", exchanges.len());
    beside_fixed(servers, &title, exchanges)
}

fn areas(servers: &Servers, without_peers: bool) -> Contest {
    let service = servers.service(Log::Usual, Cache::None);
    let exchanges: Arc<[Exchange]> = learn(&service, vec![questions::areas()], questions::has_areas).into();
    let fixed = servers.fixed(contest::usual_length(&exchanges));
    let title = "42 areas with trust, division and company: names, slugs, periods";
    let mut contest = Contest::new(title, fixed, &exchanges);
    for cache in [Cache::None, Cache::Usual] {
        for log in [Log::Usual, Log::Warnings] {
            let name = format!("{}, {}", log.told(), cache.told());
            contest.add_service(&name, servers.service(log, cache), Arc::clone(&exchanges));
        }
    }
    if without_peers {
        println!("the other GraphQL servers are left aside");
        return contest;
    }
    let Some(peers) = servers.peers() else {
        println!("the other GraphQL servers are skipped: benches/load.sh installs them where there is npm");
        return contest;
    };
    let request = Arc::clone(&exchanges[0].request);
    let expected = data(&service, &request);
    for peer in peers {
        assert_eq!(data(&peer.program, &request), expected, "{} answers other data", peer.name);
        let exchanges = load::learn(peer.program.address, vec![request.to_vec()], questions::has_areas);
        contest.add_peer(peer, exchanges.into());
    }
    contest
}

/// The `data` of an answer, byte for byte.
fn data(program: &Program, request: &[u8]) -> String {
    questions::data(Connection::open(program.address).ask(request))
}
