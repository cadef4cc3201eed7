//! `board`, `export` and `check --boards` as people run them: on the program's own seed, and with the example set.

use crate::readme::blocks;
use crate::support::TestDatabase;
use crate::support::database::program;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Nothing is recorded here but the program's own seed.
static BARE: LazyLock<TestDatabase> = LazyLock::new(TestDatabase::seeded);

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

#[expect(clippy::disallowed_methods, reason = "the program needs the PATH that the tests have")]
fn run(database: &TestDatabase, examples: &str, words: &str) -> Run {
    let output = Command::new(program())
        .args(words.split(' '))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", &database.url)
        .env("EXAMPLES", examples)
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .output()
        .expect("a run");
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[track_caller]
fn told(database: &TestDatabase, examples: &str, words: &str) -> String {
    let run = run(database, examples, words);
    assert_eq!(run.code, Some(0), "{words}: {}{}", run.out, run.err);
    run.out
}

/// Rows of a CSV text by their columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row =
        |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

#[test]
fn the_trust_sits_until_the_restructure_and_the_division_from_it_on_either_calendar() {
    for (calendar, before, from) in
        [("published", "2014-03-31", "2014-04-01"), ("operational", "2014-05-31", "2014-06-01")]
    {
        let ask = |on| told(&BARE, "none", &format!("board merseyside --on {on} --calendar {calendar}"));
        let (old, new) = (ask(before), ask(from));
        assert!(old.contains("Merseyside Probation Trust") && !old.contains("probation-division"), "{old}");
        assert!(new.contains("probation-division") && !new.contains("Merseyside Probation Trust"), "{new}");
        assert!(new.contains("Merseyside Police"), "{new}");
    }
}

#[test]
fn nothing_recorded_is_no_breach_of_any_board() {
    let boards = rows(&told(&BARE, "none", "export boards"));
    assert_eq!(boards.len(), 42);
    assert!(boards.iter().all(|row| row["not_met"] == "0" && row["examples"] == "no"), "{boards:?}");
    let checked = told(&BARE, "none", "check --boards");
    assert!(checked.contains("42 boards") && !checked.contains("FAILED"), "{checked}");
    let board = told(&BARE, "none", "board kent --all");
    assert!(board.contains("not recorded") && !board.contains("NOT_MET"), "{board}");
}

#[test]
fn seats_in_force_are_those_of_the_statute() {
    let seats = rows(&told(&BARE, "none", "export seats --on 2014-11-01"));
    let count = |basis: &str| seats.iter().filter(|row| row["basis"] == basis).count();
    // 43 territorial forces, of which London has two; one division and the prison service for each of 42 boards.
    assert_eq!((count("RA_POLICE"), count("RA_PROBATION"), count("RA_PRISON")), (43, 42, 42));
    assert_eq!(count("LAY_ADVISER"), 84);
    assert!(seats.iter().all(|row| row["state"] == "NOT_RECORDED"));
    let divisions = seats.iter().filter(|row| row["basis"] == "RA_PROBATION");
    assert!(divisions.clone().all(|row| row["body_kind"] == "NPS_DIVISION"));
    let welsh = divisions.filter(|row| row["body"] == "wales").count();
    assert_eq!(welsh, 4, "four forces of Wales");
    assert_eq!(rows(&told(&BARE, "none", "export members")).len(), 0);
}

#[test]
fn what_cannot_be_asked_is_told_with_what_would_be_right() {
    for (words, code, remedy) in [
        ("board atlantis", 1, "export boards"),
        ("board", 2, "<AREA>"),
        ("board kent --on 2014-6-1", 2, "YYYY-MM-DD"),
        ("export boards --names", 2, "members"),
        ("export people", 2, "members"),
    ] {
        let run = run(&BARE, "none", words);
        assert_eq!(run.code, Some(code), "{words}: {}{}", run.out, run.err);
        assert!(run.err.contains(remedy) && run.out.is_empty(), "{words}: {}", run.err);
    }
}

/// Whether lines stand in a text in this order: one after another, but where three dots say that some are left out.
#[track_caller]
fn stand_in(shown: &str, told: &str) {
    let mut told = told.lines();
    let mut has_gap = false;
    for line in shown.lines() {
        match line {
            "…" => has_gap = true,
            _ if has_gap => {
                assert!(told.any(|of| of == line), "{line}");
                has_gap = false;
            }
            _ => assert_eq!(told.next(), Some(line)),
        }
    }
    assert!(has_gap || told.next().is_none(), "more is told than {shown}");
}

#[test]
fn the_readme_shows_what_the_commands_about_boards_print() {
    let database = TestDatabase::seeded();
    told(&database, "load", "export boards");
    let mut shown = Vec::new();
    for pair in blocks().windows(2) {
        let [(_, command), (language, text)] = pair else { continue };
        let Some(words) = command.strip_prefix("probation-directory ") else { continue };
        let word = words.split(' ').next().unwrap_or_default();
        if ["board", "export", "check"].contains(&word) {
            assert_eq!(language, "text", "what follows {command}");
            stand_in(text, &told(&database, "none", words));
            shown.push(word.to_owned());
        }
    }
    assert_eq!(shown, ["board", "export", "check"]);
}

#[test]
fn names_are_printed_only_where_they_are_asked_for_and_then_the_access_log_says_so() {
    let database = TestDatabase::seeded();
    let logged = || database.text("SELECT count(*)::text AS text FROM access_log");
    let members = told(&database, "load", "export members");
    assert!(rows(&members).iter().any(|row| row["examples"] == "yes"), "{members}");
    let board = told(&database, "none", "board avon-and-somerset");
    assert!(board.contains("made-up examples"), "{board}");
    assert!(!members.contains("Example Person") && !board.contains("Example Person"));
    assert_eq!(logged(), "0");
    let members = told(&database, "none", "export members --names");
    assert!(members.contains("Example Person 009"), "{members}");
    let board = told(&database, "none", "board avon-and-somerset --names");
    assert!(board.contains("Example Person 009"), "{board}");
    assert_eq!(logged(), "2");
    assert_eq!(database.text("SELECT actor AS text FROM access_log LIMIT 1"), "command-line");
}

#[test]
fn the_access_log_is_read_in_pages_and_never_has_a_name() {
    let database = TestDatabase::filled();
    assert_eq!(told(&database, "none", "access-log"), "No names were shown.\n");
    assert_eq!(told(&database, "none", "access-log --format json"), "");
    let area = "avon-and-somerset";
    for words in ["export members --names", "board avon-and-somerset --names", "board kent --names"] {
        told(&database, "none", words);
    }
    database
        .execute(
            "INSERT INTO access_log (actor, request_id, operation, document, version, boards, persons) \
             SELECT 'key:pdk_reader', 'r-17', 'Board', repeat('0a', 32), 2, '{kent,norfolk}', array_agg(id) FROM person \
             WHERE key IN ('example-person-307', 'example-person-215')",
        )
        .expect("a row");
    let all = told(&database, "none", "access-log --format json");
    let rows: Vec<serde_json::Value> =
        all.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let ids: Vec<i64> = rows.iter().map(|row| row["id"].as_i64().expect("a number")).collect();
    assert!(ids.len() == 4 && ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    assert_eq!((&rows[1]["actor"], &rows[1]["requestId"]), (&"command-line".into(), &"board".into()));
    assert_eq!(rows[1]["boards"], serde_json::json!([area]));
    let mut last = rows[3].clone();
    let at = last.as_object_mut().and_then(|row| row.remove("at")).expect("an instant");
    assert!(chrono::DateTime::parse_from_rfc3339(at.as_str().expect("an instant")).is_ok(), "{at}");
    let due = serde_json::json!({
        "id": ids[3], "actor": "key:pdk_reader", "requestId": "r-17", "operation": "Board", "document": "0a".repeat(32),
        "version": 2, "boards": ["kent", "norfolk"], "persons": ["example-person-215", "example-person-307"]
    });
    assert_eq!(last, due);
    // Page by page they are the same rows, and after the last there is none.
    let page =
        |after: i64| told(&database, "none", &format!("access-log --format json --first 2 --after {after}"));
    assert_eq!([page(0), page(ids[1])].concat(), all);
    assert_eq!(page(ids[3]), "");
    let text = told(&database, "none", "access-log");
    assert_eq!(text.lines().count(), 4);
    let line = format!(
        " key:pdk_reader request r-17 operation Board document {} version 2 boards kent,norfolk persons example-person-215,example-person-307",
        "0a".repeat(32)
    );
    assert!(text.lines().last().is_some_and(|last| last.ends_with(&line)), "{text}");
    assert!(!all.contains("Example Person") && !text.contains("Example Person"));
    // Reading it shows nobody a name, and so is no row of it.
    assert_eq!(database.text("SELECT count(*)::text AS text FROM access_log"), "4");
    for words in [
        "access-log --first 0",
        "access-log --first 1001",
        "access-log --after -1",
        "access-log --format csv",
    ] {
        assert_eq!(run(&database, "none", words).code, Some(2), "{words}");
    }
}
