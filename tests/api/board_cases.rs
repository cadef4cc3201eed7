//! The bench of board cases: worked out from the rules and never from output, with a case for each verdict of each rule,
//! and a case that fails for each row that is taken out or turned round.

use probation_directory::actions::run_board_cases::{BoardCaseFile, run_board_cases};
use probation_directory::domain::board::BoardOn;
use probation_directory::domain::board::rule::{BoardRow, Condition, RuleKind, Said, Verdict};
use probation_directory::domain::board::rules::BOARD;
use probation_directory::domain::finding::{Severity, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each rule can say. Every rule says that it does not apply on days before its first.
pub const POSSIBLE: &[(&str, &[Verdict])] = {
    use Verdict::{Met, NotApplicable, NotMet, NotRecorded, Note};
    const CHECKED: &[Verdict] = &[Met, NotMet, NotRecorded, NotApplicable];
    const SAID: &[Verdict] = &[Note, NotApplicable];
    &[
        ("G-01", CHECKED),
        ("G-02", CHECKED),
        ("G-03a", CHECKED),
        ("G-03b", CHECKED),
        ("G-03c", SAID),
        ("G-04", CHECKED),
        ("G-05", CHECKED),
        ("G-06", SAID),
        ("G-07", CHECKED),
        ("G-08a", CHECKED),
        ("G-08b", CHECKED),
        ("G-09", CHECKED),
        ("G-10", CHECKED),
        ("G-11a", &[Note, NotRecorded, NotApplicable]),
        ("G-11b", &[Note, NotRecorded, NotApplicable]),
        ("G-12", CHECKED),
        ("G-13", SAID),
        ("G-14", CHECKED),
        ("G-15", CHECKED),
        ("G-16", CHECKED),
        ("G-17", CHECKED),
        ("G-18a", CHECKED),
        ("G-18b", CHECKED),
        ("G-19a", CHECKED),
        ("G-19b", SAID),
        ("G-20", SAID),
        ("G-21", CHECKED),
        ("G-22a", CHECKED),
        ("G-22b", CHECKED),
        ("G-23", SAID),
        ("G-24", CHECKED),
        ("G-25a", CHECKED),
        ("G-25b", CHECKED),
        ("G-25c", CHECKED),
        ("G-26", CHECKED),
        ("G-27", CHECKED),
        ("G-28", CHECKED),
        ("G-29a", CHECKED),
        ("G-29b", CHECKED),
        ("G-29c", CHECKED),
        ("G-30a", CHECKED),
        ("G-30b", SAID),
        ("G-31a", CHECKED),
        ("G-31b", SAID),
        // That a board did not review is never recorded, so that it is never found.
        ("G-32a", &[Met, NotRecorded, NotApplicable]),
        ("G-32b", CHECKED),
        ("G-33", CHECKED),
        ("G-34a", CHECKED),
        // Nothing of a second holder is open: one that is not recorded is none.
        ("G-34b", CHECKED),
        ("G-35a", CHECKED),
        ("G-35b", CHECKED),
        ("G-36a", CHECKED),
        ("G-36b", CHECKED),
        ("G-37", SAID),
        ("G-38", SAID),
    ]
};

/// Rows that say the same of every board.
const NOTES: [&str; 10] =
    ["G-06", "G-13", "G-19b", "G-20", "G-23", "G-30b", "G-31b", "G-37", "G-38", "G-03c"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/board")
}

#[test]
fn every_board_case_comes_out_as_it_says() {
    let report = run_board_cases(BOARD, &folder()).expect("the cases");
    assert!(report.run >= 500, "{} cases", report.run);
    let told: Vec<String> = report
        .mismatches
        .iter()
        .map(|mismatch| format!("{} \u{201c}{}\u{201d}: {}", mismatch.file, mismatch.name, mismatch.what))
        .collect();
    assert!(told.is_empty(), "{} of {} cases:\n{}", told.len(), report.run, told.join("\n"));
}

#[test]
fn every_verdict_that_a_board_rule_can_give_has_a_case() {
    let mut lacking = Vec::new();
    for (rule, possible) in POSSIBLE {
        let text = std::fs::read_to_string(folder().join(format!("{rule}.toml"))).expect(rule);
        let file: BoardCaseFile = toml::from_str(&text).expect(rule);
        let expected: BTreeSet<&str> = file.case.iter().flat_map(|case| case.verdicts()).collect();
        let possible: BTreeSet<&str> = possible.iter().map(|verdict| verdict.code()).collect();
        if expected != possible {
            lacking.push(format!("{rule}: {expected:?} and not {possible:?}"));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn every_board_rule_has_a_file_of_cases_and_every_file_a_rule() {
    let rows: Vec<&str> = BOARD.iter().map(|row| row.rule.id).collect();
    let possible: Vec<&str> = POSSIBLE.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rows, possible, "each id once, in order");
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the cases")
        .map(|entry| {
            entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    assert_eq!(files, rows.iter().map(|id| (*id).to_owned()).collect());
}

#[test]
fn every_numbered_rule_of_boards_is_in_the_table() {
    let numbers: BTreeSet<u32> = BOARD
        .iter()
        .map(|row| row.rule.id.trim_start_matches("G-").trim_end_matches(char::is_alphabetic))
        .map(|number| number.parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=38).collect());
}

#[test]
fn rows_are_of_one_piece() {
    for row in BOARD {
        let id = row.rule.id;
        assert_eq!(row.rule.table, Table::Board, "{id}");
        assert!(!row.rule.title.ends_with('.') && !row.rule.source.is_empty(), "{id}");
        match row.kind {
            RuleKind::Note => assert_eq!(row.severity, Severity::Note, "{id}"),
            RuleKind::Integrity => assert_eq!(row.severity, Severity::Error, "{id}"),
            RuleKind::Compliance => assert_ne!(row.severity, Severity::Note, "{id}"),
        }
        assert!(row.says.is_some() || row.kind == RuleKind::Note, "{id} has a condition or is a note");
    }
}

#[test]
fn what_is_refused_and_what_is_about_persons_is_as_agreed() {
    let of = |is: fn(&BoardRow) -> bool| -> Vec<&str> {
        BOARD.iter().filter(|row| is(row)).map(|row| row.rule.id).collect()
    };
    assert_eq!(
        of(|row| row.kind == RuleKind::Integrity),
        ["G-04", "G-12", "G-25a", "G-25b", "G-34a", "G-34b", "G-35a", "G-35b"]
    );
    assert_eq!(
        of(|row| row.is_about_person),
        [
            "G-07", "G-14", "G-15", "G-16", "G-17", "G-18a", "G-18b", "G-19a", "G-19b", "G-29b", "G-35a",
            "G-35b"
        ]
    );
}

#[test]
fn notes_say_the_same_of_every_board() {
    let notes: BTreeSet<&str> =
        BOARD.iter().filter(|row| row.says.is_none()).map(|row| row.rule.id).collect();
    let mut expected: BTreeSet<&str> = NOTES.into_iter().collect();
    expected.remove("G-03c");
    assert_eq!(notes, expected);
}

/// The bench with each of its files in a folder of its own: a row is told by the cases of its own rule.
struct Bench {
    parts: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let parts = tempfile::tempdir().expect("a folder");
        for (rule, _) in POSSIBLE {
            std::fs::create_dir(parts.path().join(rule)).expect("a folder");
            let name = format!("{rule}.toml");
            std::fs::copy(folder().join(&name), parts.path().join(rule).join(&name)).expect("a copy");
        }
        Bench { parts }
    }

    fn is_survived_by(&self, table: &[BoardRow], rule: &str) -> bool {
        let report = run_board_cases(table, &self.parts.path().join(rule)).expect("the cases");
        assert!(report.run > 0, "{rule} has cases");
        report.mismatches.is_empty()
    }
}

/// What is lived in for as long as the test process: rows hold conditions for good.
fn for_good(says: impl Fn(&BoardOn) -> Vec<Said> + Sync + 'static) -> Condition {
    Box::leak(Box::new(says))
}

/// One row of the table otherwise, and what was done to it.
struct Changed {
    rule: &'static str,
    what: &'static str,
    table: Vec<BoardRow>,
}

fn with_verdicts(index: usize, what: &'static str, turn: fn(Said) -> Said) -> Option<Changed> {
    let row = BOARD[index];
    let says = row.says?;
    let mut table = BOARD.to_vec();
    table[index].says = Some(for_good(move |board| says(board).into_iter().map(turn).collect()));
    Some(Changed { rule: row.rule.id, what, table })
}

fn as_verdict(said: Said, verdict: Verdict) -> Said {
    Said { verdict, since: None, ..said }
}

/// Every row taken out, and every condition turned round, always met, never met, or blind to what is not recorded.
fn changed() -> Vec<Changed> {
    let mut changed = Vec::new();
    for (index, row) in BOARD.iter().enumerate() {
        let mut table = BOARD.to_vec();
        table.remove(index);
        changed.push(Changed { rule: row.rule.id, what: "taken out", table });
        let mut ageless = BOARD.to_vec();
        ageless[index].rule.from = None;
        changed.push(Changed { rule: row.rule.id, what: "applies before its first day", table: ageless });
        if row.rule.until.is_some() {
            let mut endless = BOARD.to_vec();
            endless[index].rule.until = None;
            changed.push(Changed { rule: row.rule.id, what: "applies after its last day", table: endless });
        }
        changed.extend(with_verdicts(index, "is turned round", |said| match said.verdict {
            Verdict::Met => as_verdict(said, Verdict::NotMet),
            Verdict::NotMet => as_verdict(said, Verdict::Met),
            Verdict::Note => as_verdict(said, Verdict::NotApplicable),
            Verdict::NotRecorded | Verdict::NotApplicable => said,
        }));
        changed.extend(with_verdicts(index, "is always met", |said| as_verdict(said, Verdict::Met)));
        changed.extend(with_verdicts(index, "is never met", |said| as_verdict(said, Verdict::NotMet)));
        changed.extend(with_verdicts(index, "takes what is not recorded for no", |said| {
            match said.verdict {
                Verdict::NotRecorded => as_verdict(said, Verdict::NotMet),
                _ => said,
            }
        }));
        changed.extend(with_verdicts(index, "takes what is not recorded for yes", |said| {
            match said.verdict {
                Verdict::NotRecorded => as_verdict(said, Verdict::Met),
                _ => said,
            }
        }));
        changed.extend(with_verdicts(index, "does not say since when", |said| Said { since: None, ..said }));
    }
    changed
}

/// Changes that nothing can tell, because the row never says what they change.
fn says_nothing_of(change: &Changed) -> bool {
    let can = |verdict: Verdict| {
        POSSIBLE.iter().any(|(rule, possible)| *rule == change.rule && possible.contains(&verdict))
    };
    match change.what {
        "takes what is not recorded for no" | "takes what is not recorded for yes" => {
            !can(Verdict::NotRecorded)
        }
        // Notes have no day; and of these rules the record keeps none, but of what is declared or not.
        "does not say since when" => {
            !can(Verdict::NotMet) || ["G-01", "G-08a", "G-29a", "G-29b", "G-29c"].contains(&change.rule)
        }
        _ => false,
    }
}

#[test]
fn no_row_of_the_board_table_can_be_taken_out_or_turned_round_without_a_case_that_fails() {
    let bench = Bench::new();
    for (rule, _) in POSSIBLE {
        assert!(bench.is_survived_by(BOARD, rule), "{rule}: its cases pass on the table in force");
    }
    let survivors: Vec<String> = changed()
        .into_iter()
        .filter(|change| !says_nothing_of(change))
        .filter(|change| bench.is_survived_by(&change.table, change.rule))
        .map(|change| format!("{} {}", change.rule, change.what))
        .collect();
    assert!(survivors.is_empty(), "{} survivors:\n{}", survivors.len(), survivors.join("\n"));
}

#[test]
fn every_row_was_changed_in_every_way_that_it_can_be() {
    let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changed() {
        *ways.entry(change.rule).or_default() += 1;
    }
    for row in BOARD {
        let expected = 2 + usize::from(row.rule.until.is_some()) + 6 * usize::from(row.says.is_some());
        assert_eq!(ways.get(row.rule.id), Some(&expected), "{}", row.rule.id);
    }
}
