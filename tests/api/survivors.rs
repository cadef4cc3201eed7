//! Every row of every routing table matters: taken out, or turned into its opposite, it spoils a case of the bench.

use crate::support::TestService;
use probation_directory::actions::run_cases::run_cases;
use probation_directory::directory::Directory;
use probation_directory::domain::case::Case;
use probation_directory::domain::routing::Tables;
use probation_directory::domain::routing::decide::Manager;
use probation_directory::domain::routing::duties::{LeadAgency, Meeting, Routed, Says};
use probation_directory::domain::routing::facts::Facts;
use probation_directory::domain::routing::rule::BodyRole;
use std::path::{Path, PathBuf};

/// Rules that say what is so and have no condition that could be left out.
const NOTES: [&str; 2] = ["R-04b", "R-10"];

/// The bench, and each of its files in a folder of its own, since most rows fail in the file of their own rule.
struct Bench {
    directory: std::sync::Arc<probation_directory::directory::live::Loaded>,
    whole: PathBuf,
    parts: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let directory = TestService::shared().live.current().expect("a directory");
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/routing");
        let parts = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(&whole).expect("the cases") {
            let file = entry.expect("an entry").path();
            let rule = file.file_stem().expect("a name");
            std::fs::create_dir(parts.path().join(rule)).expect("a folder");
            std::fs::copy(&file, parts.path().join(rule).join("cases.toml")).expect("a copy");
        }
        Bench { directory, whole, parts }
    }

    fn directory(&self) -> &Directory {
        &self.directory.directory
    }

    fn fails_in(&self, tables: &Tables, folder: &Path) -> bool {
        let report = run_cases(self.directory(), tables, folder).expect("the cases");
        !report.mismatches.is_empty()
    }

    /// Whether no case tells these tables from those in force.
    fn is_survived_by(&self, tables: &Tables, rule: &str) -> bool {
        let own = self.parts.path().join(rule);
        let fails_early = own.exists() && self.fails_in(tables, &own);
        !fails_early && !self.fails_in(tables, &self.whole)
    }
}

/// What is lived in for as long as the test process: rows hold conditions for good.
fn for_good<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Tables in which each row once is taken out, with the rule and what was done.
fn without_a_row() -> Vec<(&'static str, String, Tables)> {
    let tables = Tables::default();
    let mut changed = Vec::new();
    for (index, row) in tables.refuse.iter().enumerate() {
        let mut without = tables.clone();
        without.refuse.remove(index);
        changed.push((row.rule.id, format!("{} taken out of the refusals", row.rule.id), without));
    }
    for (index, row) in tables.manager.iter().enumerate() {
        let mut without = tables.clone();
        without.manager.remove(index);
        changed.push((row.rule.id, format!("{} taken out of the manager table", row.rule.id), without));
    }
    for (index, row) in tables.place.iter().enumerate() {
        let mut without = tables.clone();
        without.place.remove(index);
        changed.push((row.rule.id, format!("{} taken out of the place table", row.rule.id), without));
    }
    for (index, row) in tables.duties.iter().enumerate() {
        let mut without = tables.clone();
        without.duties.remove(index);
        changed.push((row.rule.id, format!("{} taken out of the duties", row.rule.id), without));
    }
    changed
}

/// Another kind of body that could be thought to have the duty.
fn another(role: BodyRole) -> BodyRole {
    match role {
        BodyRole::Trust | BodyRole::Company => BodyRole::Division,
        BodyRole::Division => BodyRole::Company,
        BodyRole::Police => BodyRole::YouthOffendingTeam,
        BodyRole::YouthOffendingTeam | BodyRole::HealthService => BodyRole::Police,
    }
}

/// Another answer of the same kind; words where there was none, and none where there were words or a board.
fn reversed_answer(says: Option<Says>) -> Option<Says> {
    match says {
        Some(Says::Bodies(bodies)) => {
            let swap = |manager: Manager| Manager { role: another(manager.role), ..manager };
            Some(Says::Bodies(bodies.into_iter().map(swap).collect()))
        }
        Some(Says::Leads(LeadAgency::Probation)) => Some(Says::Leads(LeadAgency::Police)),
        Some(Says::Leads(_)) => Some(Says::Leads(LeadAgency::Probation)),
        Some(Says::Meets(Meeting::None)) => Some(Says::Meets(Meeting::Level2)),
        Some(Says::Meets(_)) => Some(Says::Meets(Meeting::None)),
        Some(Says::BoardOf(_) | Says::Words) => None,
        None => Some(Says::Words),
    }
}

/// Tables in which each condition once is its opposite. Of a place there is no opposite, so that those rows are only
/// taken out; of a duty it is another answer.
fn with_a_row_reversed() -> Vec<(&'static str, String, Tables)> {
    let tables = Tables::default();
    let mut changed = Vec::new();
    for (index, row) in tables.refuse.iter().enumerate() {
        let faults = row.faults;
        let mut reversed = tables.clone();
        reversed.refuse[index].faults =
            for_good(move |case: &Case| if faults(case).is_empty() { vec!["on"] } else { Vec::new() });
        changed.push((
            row.rule.id,
            format!("{} refuses what it took, and takes what it refused", row.rule.id),
            reversed,
        ));
    }
    for (index, row) in tables.manager.iter().enumerate() {
        let when = row.when;
        let mut reversed = tables.clone();
        reversed.manager[index].when = for_good(move |facts: &Facts| !when(facts));
        changed.push((row.rule.id, format!("{} applies where it did not", row.rule.id), reversed));
    }
    for (index, row) in tables.duties.iter().enumerate() {
        let says = row.says;
        let mut reversed = tables.clone();
        reversed.duties[index].says = for_good(move |routed: &Routed<'_>| reversed_answer(says(routed)));
        changed.push((row.rule.id, format!("{} answers otherwise", row.rule.id), reversed));
    }
    changed
}

fn assert_none_survives(changed: Vec<(&'static str, String, Tables)>) {
    let bench = Bench::new();
    assert!(!bench.fails_in(&Tables::default(), &bench.whole), "the bench passes on the tables in force");
    let survivors: Vec<String> = changed
        .into_iter()
        .filter(|(rule, _, tables)| bench.is_survived_by(tables, rule))
        .map(|(_, what, _)| what)
        .collect();
    assert!(survivors.is_empty(), "{} survivors:\n{}", survivors.len(), survivors.join("\n"));
}

#[test]
fn no_row_can_be_taken_out_without_a_case_that_fails() {
    assert_none_survives(without_a_row());
}

#[test]
fn no_condition_can_be_reversed_without_a_case_that_fails() {
    assert_none_survives(with_a_row_reversed());
}

#[test]
fn rules_without_a_condition_stand_among_the_rules() {
    let rules: Vec<&str> = Tables::default().rules().iter().map(|rule| rule.id).collect();
    for note in NOTES {
        assert_eq!(rules.iter().filter(|id| **id == note).count(), 1, "{note}");
    }
}

#[test]
fn every_rule_is_a_row_that_was_changed_or_a_note() {
    let changed: Vec<&str> = without_a_row().iter().map(|(rule, _, _)| *rule).collect();
    for rule in Tables::default().rules() {
        assert_ne!(changed.contains(&rule.id), NOTES.contains(&rule.id), "{}", rule.id);
    }
}
