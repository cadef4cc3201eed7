//! Documents that were changed at random, through the gate, in this process: `cargo bench --bench fuzz -- 1000000 7` sends
//! a million of them from the seed 7. Fails where one makes something panic that is not known to, or takes too long.

#[expect(dead_code, reason = "everything runs in this thread, wherever that is")]
#[path = "support/cores.rs"]
mod cores;
#[expect(dead_code, reason = "nothing is served")]
#[path = "support/ground.rs"]
mod ground;
#[path = "support/mutations.rs"]
mod mutations;

use ground::Ground;
use probation_directory::graphql::{Gate, Trusted};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The longest that one document may take.
const LONGEST: Duration = Duration::from_secs(2);

#[expect(clippy::disallowed_methods, reason = "a bench has no command line but this")]
fn arguments() -> (u64, u64) {
    let mut numbers = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    (numbers.next().unwrap_or(100_000), numbers.next().unwrap_or(1))
}

fn main() -> ExitCode {
    let (count, seed) = arguments();
    let ground = Ground::prepare();
    let gate = Gate::new(Trusted::of_the_project());
    // What panics is counted, and need not be told each time.
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let report = mutations::run(&gate, &ground.loaded(), seed, count);
    println!("{count} documents from seed {seed} in {:?}: {report:#?}", started.elapsed());
    match report.new_panics.is_empty() && report.slowest.0 < LONGEST {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
