//! The page of the rules: the same as the tables, and every rule with an example.

use crate::support::database::program;
use probation_directory::actions::board_examples::{BOARD_FILES, board_examples};
use probation_directory::actions::routing_examples::{Examples, FILES};
use probation_directory::domain::board::rules::BOARD;
use probation_directory::domain::board::values::VALUES;
use probation_directory::domain::routing::Tables;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn printed() -> String {
    let output = Command::new(program()).arg("rules").env_clear().output().expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_page_that_is_checked_in_is_the_one_that_is_printed() {
    let page = std::fs::read_to_string(root().join("docs/rules.md")).expect("docs/rules.md");
    assert!(page == printed(), "make it again: probation-directory rules > docs/rules.md");
}

#[test]
fn every_rule_stands_on_the_page_once_and_has_an_example() {
    let (page, examples) = (printed(), Examples::built_in().expect("the examples"));
    for rule in Tables::default().rules() {
        let heading = format!("\n### {}: {}\n", rule.id, rule.title);
        assert_eq!(page.matches(&heading).count(), 1, "{}", rule.id);
        assert!(page.contains(rule.source), "{}", rule.id);
        assert!(!examples.of(rule.id).is_empty(), "{} has no example", rule.id);
    }
    for (table, next) in
        [("REFUSE", "MANAGER"), ("MANAGER", "PLACE"), ("PLACE", "DUTIES"), ("DUTIES", "BOARD")]
    {
        assert!(page.find(&format!("\n## {table}\n")) < page.find(&format!("\n## {next}\n")), "{table}");
    }
}

/// What stands on the page of a rule.
fn of(page: &str, id: &str) -> String {
    let start = page.find(&format!("### {id}:")).expect("the rule");
    page[start..].split("\n### ").next().unwrap_or_default().to_owned()
}

#[test]
fn every_board_rule_stands_on_the_page_once_with_what_a_breach_means() {
    let (page, examples) = (printed(), board_examples().expect("the examples"));
    for row in BOARD {
        let id = row.rule.id;
        assert_eq!(page.matches(&format!("\n### {id}: {}\n", row.rule.title)).count(), 1, "{id}");
        let text = of(&page, id);
        for says in [row.rule.source, &format!("- Kind: `{}`", row.kind.code())] {
            assert!(text.contains(says), "{id} says {says}");
        }
        assert!(text.contains(&format!("- Severity: `{}`", row.severity.code())), "{id}");
        assert_eq!(text.contains("- Shown: to administrators"), row.is_about_person, "{id}");
        assert!(!examples.of(id).is_empty(), "{id} has no example");
        assert!(examples.of(id).iter().all(|example| text.contains(example.as_str())), "{id}");
    }
}

#[test]
fn the_numbers_of_the_board_table_stand_on_the_page_with_their_sources() {
    let page = printed();
    for value in VALUES {
        let row = format!("| {} | {} | {} |", value.number, value.quantity.name(), value.from);
        assert!(page.contains(&row), "{row}");
        assert!(page.contains(value.source), "{}", value.source);
    }
    assert!(page.contains("| 3 | years of a lay adviser's term | 2004-04-05 |  | GK: commonly stated, no text found | **UNCONFIRMED** |"));
}

#[test]
fn what_no_source_settles_stands_out() {
    let page = printed();
    let of = |id: &str| of(&page, id);
    assert!(of("R-12b").contains("- Basis: **ASSUMPTION**\n"));
    assert!(of("R-28").contains("- Basis: **UNCONFIRMED**\n"));
    assert!(of("R-30").contains("- Basis: founding document\n- Period: from 2014-06-01\n"));
    assert!(of("G-18a").contains("- Basis: **UNCONFIRMED**\n- Period: from 2004-04-05\n"));
    assert!(of("G-05").contains("- Period: from 2014-06-01 to 2021-06-25\n"));
    assert!(of("G-26").contains("- Basis: guidance\n- Period: from 2013-01-01\n"));
    assert!(of("R-17").contains("- Period: to 2014-05-31\n") || of("R-17").contains(" to 2014-05-31\n"));
}

#[test]
fn every_file_of_cases_is_built_in() {
    for (folder, files) in [("routing", FILES), ("board", BOARD_FILES)] {
        let in_folder = std::fs::read_dir(root().join("tests/cases").join(folder)).expect("the cases");
        let in_folder: BTreeSet<String> = in_folder
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        let built_in: BTreeSet<String> = files.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(built_in, in_folder, "{folder}");
    }
}
