//! The bench of routing cases: worked out from the rules and the facts, never from output.

use crate::support::TestService;
use probation_directory::actions::run_cases::run_cases;
use probation_directory::domain::routing::Tables;
use std::path::Path;

#[test]
fn every_case_comes_out_as_it_says() {
    let loaded = TestService::shared().live.current().expect("a directory");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/routing");
    let report = run_cases(&loaded.directory, &Tables::default(), &folder).expect("the cases");
    assert!(report.run >= 200, "{} cases", report.run);
    let told: Vec<String> = report
        .mismatches
        .iter()
        .map(|mismatch| format!("{} \u{201c}{}\u{201d}: {}", mismatch.file, mismatch.name, mismatch.what))
        .collect();
    assert!(told.is_empty(), "{} of {} cases:\n{}", told.len(), report.run, told.join("\n"));
}
