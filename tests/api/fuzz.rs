//! Documents that were changed at random: each is answered or refused, none takes long, and what panics is known.
//!
//! `benches/fuzz.rs` sends a million of them.

#[path = "../../benches/support/mutations.rs"]
mod mutations;

use crate::support::TestService;
use probation_directory::graphql::{Gate, Trusted};
use std::time::Duration;

/// Where the numbers begin, and how many documents follow.
const SEED: u64 = 20_140_601;
const COUNT: u64 = 20_000;

#[test]
fn twenty_thousand_documents_changed_at_random_are_answered_or_refused() {
    let loaded = TestService::shared().live.current().expect("a directory");
    let gate = Gate::new(Trusted::of_the_project());
    let report = mutations::run(&gate, &loaded, SEED, COUNT);
    println!("{COUNT} documents from seed {SEED}: {report:#?}");
    assert_eq!(report.new_panics, Vec::<String>::new());
    assert!(report.slowest.0 < Duration::from_secs(2), "{:?}", report.slowest);
    // They are no mere noise: many are executed, more are refused, and what is known to panic did.
    assert!(report.sound > COUNT / 50 && report.refused > COUNT / 3 && report.panics > 0, "{report:?}");
}
