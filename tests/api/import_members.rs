//! Members of boards brought in from CSV: over HTTP and on the command line, what is shown, what is written, what is refused.

use crate::support::database::program;
use crate::support::people::{Granted, key, post_as};
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const NATIONAL: &[Granted] = &[(Role::NationalAdministrator, None)];
const HEAD: &str = "board,seat,person,name,from,last_day,appointed_by,end_reason,appointment";
/// A name that must be seen in no message.
const MARK: &str = "Example Zqxmark";

const IMPORT: &str = "mutation($input: ImportBoardMembersInput!) { importBoardMembers(input: $input) { rows dryRun repeated \
    directoryVersion diff { line change board seat appointment before after } cellErrors { line column code message rule } \
    boards { slug } seats { slug } persons { key } userErrors { code field message rule } } }";

/// A service with the boards of the seed or of the example set, and who administers all of them.
struct Office {
    service: TestService,
    key: ApiKey,
}

impl Office {
    fn new(database: TestDatabase) -> Office {
        let key = key(&database, NATIONAL);
        Office { service: TestService::start(database), key }
    }

    fn ask_as(&self, key: Option<&ApiKey>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let answer = post_as(self.service.client, key, &body, &[]).json();
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    fn import(&self, csv: &str, more: Value) -> Value {
        let mut input = json!({ "csv": csv });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.ask_as(Some(&self.key), IMPORT, json!({ "input": input }))["importBoardMembers"].clone()
    }

    #[track_caller]
    fn done(&self, csv: &str) -> Value {
        let made = self.import(csv, json!({}));
        assert_eq!((&made["userErrors"], &made["cellErrors"]), (&json!([]), &json!([])), "{made}");
        made
    }

    /// Sees to it that a file is refused for these cells, and that nothing is written.
    #[track_caller]
    fn refused(&self, csv: &str, due: &[(usize, &str, &str)]) -> Value {
        let before = self.count("change");
        let made = self.import(csv, json!({}));
        let errors = made["cellErrors"].as_array().expect("errors");
        let told: Vec<(usize, &str, &str)> = errors
            .iter()
            .map(|it| {
                let line = usize::try_from(it["line"].as_u64().expect("a line")).expect("a line");
                (line, it["column"].as_str().unwrap_or(""), it["code"].as_str().expect("a code"))
            })
            .collect();
        assert_eq!(told, due, "{made}");
        assert_eq!(made["userErrors"].as_array().map(Vec::len), Some(1), "{made}");
        assert!(!made.to_string().contains("Zqxmark"), "{made}");
        assert_eq!(self.count("change"), before);
        made
    }

    fn count(&self, table: &str) -> String {
        self.service.database.text(&format!("SELECT count(*)::text AS text FROM {table}"))
    }

    fn holder(&self, board: &str, seat: &str, on: &str) -> Value {
        let query = "query($board: String!, $on: LocalDate) { board(area: $board, on: $on) { seats { slug state holder { \
            person { key name { name } } term { from lastDay } appointment } } } }";
        let answer = self.ask_as(Some(&self.key), query, json!({ "board": board, "on": on }));
        let seats = answer["board"]["seats"].as_array().expect("seats");
        seats.iter().find(|it| it["slug"] == seat).unwrap_or(&Value::Null).clone()
    }
}

fn seeded() -> Office {
    Office::new(TestDatabase::seeded())
}

fn file(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn changes(made: &Value) -> Vec<&str> {
    made["diff"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|it| it["change"].as_str().expect("a change"))
        .collect()
}

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

#[expect(clippy::disallowed_methods, reason = "the program needs the PATH that the tests have")]
fn run(database: &TestDatabase, folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(program())
        .args(["import", "members"])
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", &database.url)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("a run");
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn somebody_new_is_brought_in_and_one_placeholder_is_one_person() {
    let office = seeded();
    let csv = file(&[
        &format!("kent,police,new-1,{MARK},2014-07-01,2017-06-30,OWN_BODY,,"),
        "essex,police,new-1,,2014-07-01,,,,",
        "surrey,police,,Example Wren,2014-07-01,,,,",
    ]);
    let shown = office.import(&csv, json!({ "dryRun": true }));
    assert_eq!((&shown["rows"], &shown["dryRun"]), (&json!(3), &json!(true)), "{shown}");
    assert_eq!(changes(&shown), ["ADDED", "ADDED", "ADDED"]);
    assert_eq!(
        shown["diff"][0]["after"],
        "somebody new from 2014-07-01 to 2017-06-30, appointed by OWN_BODY"
    );
    assert_eq!(office.count("person"), "0");
    let made = office.done(&csv);
    assert!(!made.to_string().contains("Zqxmark"), "{made}");
    assert_eq!(office.count("person"), "2");
    let (kent, essex) =
        (office.holder("kent", "police", "2014-07-01"), office.holder("essex", "police", "2014-07-01"));
    assert_eq!(
        kent["holder"]["person"],
        json!({ "key": essex["holder"]["person"]["key"], "name": { "name": MARK } })
    );
    assert_eq!(kent["holder"]["term"], json!({ "from": "2014-07-01", "lastDay": "2017-06-30" }));
    assert_eq!(kent["holder"]["appointment"], made["diff"][0]["appointment"]);
    assert_eq!(
        office.holder("surrey", "police", "2014-07-01")["holder"]["appointment"],
        made["diff"][2]["appointment"]
    );
    // One change for all of it.
    let actions = office
        .service
        .database
        .texts("SELECT action AS text FROM change WHERE action = 'IMPORT_BOARD_MEMBERS'");
    assert_eq!(actions.len(), 1);
}

#[test]
fn a_line_says_the_whole_of_its_term_and_terms_may_change_places() {
    let office = seeded();
    let made = office.done(&file(&[
        "kent,police,,Example Wren,2014-07-01,,,,",
        "kent,prison,,Example Crane,2014-07-01,,OWN_BODY,,",
    ]));
    let number = |nth: usize| made["diff"][nth]["appointment"].as_i64().expect("a number");
    let held = |seat| {
        office.holder("kent", seat, "2014-07-01")["holder"]["person"]["key"]
            .as_str()
            .expect("a key")
            .to_owned()
    };
    let (wren, crane) = (held("police"), held("prison"));
    // The two were recorded the wrong way round, and one resigned since.
    let csv = file(&[
        &format!("kent,police,{crane},,2014-07-01,,,,{}", number(0)),
        &format!("kent,prison,{wren},Example Wren,2014-07-01,2015-03-31,,RESIGNED,{}", number(1)),
    ]);
    let put_right = office.done(&csv);
    assert_eq!(changes(&put_right), ["CHANGED", "CHANGED"]);
    assert_eq!(put_right["diff"][1]["before"], format!("{crane} from 2014-07-01 on, appointed by OWN_BODY"));
    assert_eq!(
        put_right["diff"][1]["after"],
        format!("{wren} from 2014-07-01 to 2015-03-31, ended by RESIGNED")
    );
    assert_eq!((held("police"), held("prison")), (crane, wren));
    assert_eq!(office.holder("kent", "prison", "2015-04-01")["state"], "NOT_RECORDED");
    // The same again is nothing, and is told as that.
    let again = office.import(&csv, json!({}));
    assert_eq!(changes(&again), ["UNCHANGED", "UNCHANGED"]);
    assert_eq!(again["userErrors"][0]["code"], "NOTHING_TO_CHANGE");
}

#[test]
fn a_repeated_key_gets_the_first_answer() {
    let office = seeded();
    let csv = file(&["kent,police,,Example Wren,2014-07-01,,,,"]);
    let first = office.import(&csv, json!({ "idempotencyKey": "k-1" }));
    let again = office.import(&csv, json!({ "idempotencyKey": "k-1" }));
    assert_eq!((&first["repeated"], &again["repeated"]), (&json!(false), &json!(true)));
    assert_eq!((&first["diff"], &first["persons"]), (&again["diff"], &again["persons"]));
    assert_eq!(office.count("person"), "1");
}

#[test]
fn every_failing_cell_is_told_at_once_and_nothing_is_written() {
    let office = seeded();
    let made = office.done(&file(&["kent,police,,Example Wren,2014-07-01,,,,"]));
    let number = made["diff"][0]["appointment"].as_i64().expect("a number");
    let csv = file(&[
        "narnia,police,,Example A,2014-07-01,,,,",
        "essex,throne,,Example B,2014-07-01,,,,",
        &format!("surrey,police,{},,2014-07-01,,,,", MARK),
        "sussex,police,,,2014-07-01,,,,",
        "dorset,police,,Example C,01/07/2014,,,,",
        "cheshire,police,,Example D,2014-07-01,2014-06-30,,,",
        "cumbria,police,,Example E,2014-07-01,,THE_KING,,",
        "cleveland,police,,Example F,2014-07-01,,,RESIGNED,",
        "merseyside,police,,Example G,2014-07-01,,,,999999",
        &format!("kent,prison,,Example H,2014-07-01,,,,{number}"),
    ]);
    let refused = office.refused(
        &csv,
        &[
            (2, "board", "UNKNOWN_BOARD"),
            (3, "seat", "UNKNOWN_SEAT"),
            (4, "person", "UNKNOWN_PERSON"),
            (5, "person", "INVALID_VALUE"),
            (6, "from", "INVALID_VALUE"),
            (7, "last_day", "END_BEFORE_START"),
            (8, "appointed_by", "INVALID_VALUE"),
            (9, "end_reason", "INVALID_VALUE"),
            (10, "appointment", "UNKNOWN_APPOINTMENT"),
            (11, "seat", "INVALID_VALUE"),
        ],
    );
    assert_eq!(changes(&refused), ["REFUSED"; 10]);
    // What is no slug of the directory is not told back.
    assert_eq!((&refused["diff"][0]["board"], &refused["diff"][1]["seat"]), (&Value::Null, &Value::Null));
}

#[test]
fn integrity_is_told_of_the_line_that_breaks_it() {
    let office = seeded();
    office.refused(
        &file(&[
            "kent,police,new-1,Example Wren,2014-07-01,,,,",
            "kent,prison,new-1,,2015-07-01,,,,",
            "essex,police,,Example Crane,2014-07-01,,,,",
            "essex,police,,Example Heron,2015-07-01,,,,",
            "surrey,lay-adviser-1,new-2,Example Rook,2014-07-01,,,,",
            "surrey,probation-division,,Example Tern,2014-03-31,,,,",
            "dorset,police,new-3,Example Lark,2014-07-01,,,,",
            "dorset,prison,new-3,Example Other,2014-07-01,,,,",
        ]),
        &[
            (2, "person", "SECOND_SEAT_ON_BOARD"),
            (3, "person", "SECOND_SEAT_ON_BOARD"),
            (4, "from", "OVERLAP"),
            (5, "from", "OVERLAP"),
            (7, "seat", "SEAT_CLOSED"),
            (9, "name", "INVALID_VALUE"),
        ],
    );
}

#[test]
fn one_bad_line_among_five_hundred_leaves_nothing_behind() {
    let office = seeded();
    let query = "{ boards(first: 100) { nodes { slug seats { slug } } } }";
    let boards = office.ask_as(None, query, json!({}));
    let seats = |board: &Value| -> Vec<String> {
        let slugs = board["seats"].as_array().expect("seats").iter().filter_map(|it| it["slug"].as_str());
        slugs
            .filter(|slug| slug.starts_with("police") || slug.starts_with("prison"))
            .map(str::to_owned)
            .collect()
    };
    let mut rows = Vec::new();
    // Six years of one-year terms in the seats of the police and of the prison service of every board.
    'all: for year in 2014..2020 {
        for board in boards["boards"]["nodes"].as_array().expect("boards") {
            for seat in seats(board) {
                if rows.len() == 500 {
                    break 'all;
                }
                let slug = board["slug"].as_str().expect("a slug");
                rows.push(format!(
                    "{slug},{seat},,Example Person {},{year}-07-01,{}-06-30,,,",
                    rows.len(),
                    year + 1
                ));
            }
        }
    }
    assert_eq!(rows.len(), 500);
    let csv = |rows: &[String]| file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let mut bad = rows.clone();
    bad[249] = bad[249].replace("-07-01", "-07-41");
    let before = office.service.database.dump();
    office.refused(&csv(&bad), &[(251, "from", "INVALID_VALUE")]);
    assert_eq!(office.service.database.dump(), before);
    let made = office.done(&csv(&rows));
    assert_eq!(changes(&made), ["ADDED"; 500]);
    assert_eq!((office.count("appointment"), office.count("person")), ("500".to_owned(), "500".to_owned()));
}

#[test]
fn whoever_may_not_change_a_board_of_the_file_is_told_its_lines_and_nothing_else() {
    let database = TestDatabase::seeded();
    let kent = key(&database, &[(Role::BoardAdministrator, Some("kent"))]);
    let reader = key(&database, &[(Role::Reader, None)]);
    let office = Office::new(database);
    let ask = |key: Option<&ApiKey>, csv: &str| {
        let input = json!({ "input": { "csv": csv, "dryRun": true } });
        office.ask_as(key, IMPORT, input)["importBoardMembers"].clone()
    };
    let both = file(&["kent,police,,Example A,2014-07-01,,,,", "essex,police,,Example B,2014-07-01,,,,"]);
    let refused = ask(Some(&kent), &both);
    assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN", "{refused}");
    assert_eq!((&refused["diff"], refused["cellErrors"].as_array().map(Vec::len)), (&json!([]), Some(1)));
    assert_eq!(
        (&refused["cellErrors"][0]["line"], &refused["cellErrors"][0]["column"]),
        (&json!(3), &json!("board"))
    );
    for key in [Some(&reader), None] {
        let refused = ask(key, &both);
        assert_eq!((&refused["userErrors"][0]["code"], &refused["diff"]), (&json!("FORBIDDEN"), &json!([])));
    }
    // A board that does not exist is a mistake in a cell, and no matter of rights.
    let mistaken = ask(
        Some(&kent),
        &file(&["kent,police,,Example A,2014-07-01,,,,", "narnia,police,,Example B,2014-07-01,,,,"]),
    );
    assert_eq!(mistaken["cellErrors"][0]["code"], "UNKNOWN_BOARD", "{mistaken}");
    // Nor can a term of another board be changed by its number.
    let number =
        office.done(&file(&["essex,prison,,Example C,2014-07-01,,,,"]))["diff"][0]["appointment"].clone();
    let foreign = ask(Some(&kent), &file(&[&format!("kent,prison,,Example D,2014-07-01,,,,{number}")]));
    assert_eq!((&foreign["userErrors"][0]["code"], &foreign["diff"]), (&json!("FORBIDDEN"), &json!([])));
}

#[test]
fn a_template_brought_in_again_is_no_change_and_an_edit_is_shown_and_written() {
    let database = TestDatabase::filled();
    let folder = TempDir::new().expect("a folder");
    let run = |arguments: &[&str]| run(&database, folder.path(), arguments);
    let template = run(&["--template", "--on", "2014-11-01"]);
    assert_eq!(template.code, Some(0), "{}", template.err);
    assert!(template.out.starts_with(&format!("{HEAD}\n")), "{}", template.out);
    assert!(
        template.out.lines().count() > 100 && !template.out.contains("Example"),
        "names were not asked for"
    );
    let write = |text: &str| std::fs::write(folder.path().join("in.csv"), text).expect("a file");
    // As it is, as a spreadsheet saves it, and with names, which are noted and not read.
    let crlf = format!("\u{feff}{}", template.out.replace('\n', "\r\n"));
    let named = run(&["--template", "--on", "2014-11-01", "--names"]).out;
    assert!(named.contains("Example"), "{named}");
    let noted = database.text("SELECT count(*)::text AS text FROM access_log WHERE request_id = 'import'");
    assert_eq!(noted, "1");
    for text in [&template.out, &crlf, &named] {
        write(text);
        let shown = run(&["in.csv"]);
        assert_eq!(shown.code, Some(0), "{}{}", shown.out, shown.err);
        assert!(
            shown.out.contains("0 added, 0 changed") && shown.out.contains("Nothing differs"),
            "{}",
            shown.out
        );
    }
    // One term of Kent gets another last day.
    let row = template.out.lines().find(|line| line.starts_with("kent,police,")).expect("a row");
    let mut cells: Vec<&str> = row.split(',').collect();
    cells[5] = "2014-12-31";
    cells[7] = "RESIGNED";
    write(&template.out.replace(row, &cells.join(",")));
    let shown = run(&["in.csv"]);
    assert!(
        shown.out.contains("0 added, 1 changed") && shown.out.contains("to 2014-12-31, "),
        "{}",
        shown.out
    );
    let stands = || {
        database.text(&format!(
            "SELECT coalesce(upper(valid)::text, '') || coalesce(end_reason, '') AS text FROM appointment WHERE fact = {} AND upper_inf(recorded)",
            cells[8]
        ))
    };
    assert_ne!(stands(), "2015-01-01RESIGNED");
    let usage = run(&["in.csv", "--apply"]);
    assert_eq!(usage.code, Some(2), "a reason is asked for");
    let applied = run(&["in.csv", "--apply", "--reason", "return of the board"]);
    assert_eq!(applied.code, Some(0), "{}{}", applied.out, applied.err);
    assert!(applied.out.contains("Written as version"), "{}", applied.out);
    assert_eq!(stands(), "2015-01-01RESIGNED");
    let recorded =
        database.text("SELECT actor || ' ' || reason AS text FROM change ORDER BY version DESC LIMIT 1");
    assert_eq!(recorded, "command-line return of the board");
}

#[test]
fn failing_lines_are_written_with_what_is_wrong_and_no_cell_is_a_formula() {
    let database = TestDatabase::seeded();
    let folder = TempDir::new().expect("a folder");
    let run = |arguments: &[&str]| run(&database, folder.path(), arguments);
    let path = |name: &str| folder.path().join(name);
    // A name that a spreadsheet would reckon with, as it is and as it was made harmless.
    let csv = file(&[
        "kent,police,,=Example Zqxmark,2014-07-01,,,,",
        "essex,police,,Example Wren,soon,,,,",
        "surrey,police,,'+Example Zqxmark,then,,,,",
    ]);
    std::fs::write(path("in.csv"), csv).expect("a file");
    let refused = run(&["in.csv", "--errors", "wrong.csv", "--apply", "--reason", "a try"]);
    assert_eq!(refused.code, Some(1), "{}{}", refused.out, refused.err);
    assert!(!format!("{}{}", refused.out, refused.err).contains("Zqxmark"), "{}{}", refused.out, refused.err);
    assert!(refused.out.contains("line 3, from: INVALID_VALUE"), "{}", refused.out);
    assert_eq!(database.text("SELECT count(*)::text AS text FROM person"), "0");
    let wrong = std::fs::read_to_string(path("wrong.csv")).expect("a file");
    let lines: Vec<&str> = wrong.lines().collect();
    assert_eq!(lines.len(), 3, "{wrong}");
    assert_eq!(lines[0], format!("{HEAD},error"));
    assert!(lines[2].starts_with("surrey,police,,'+Example Zqxmark,then,,,,,"), "{wrong}");
    // Put right, the same file is brought in, and the names are what was meant.
    std::fs::write(path("right.csv"), wrong.replace("soon", "2014-07-01").replace("then", "2014-07-01"))
        .expect("a file");
    let applied = run(&["right.csv", "--apply", "--reason", "put right"]);
    assert_eq!(applied.code, Some(0), "{}{}", applied.out, applied.err);
    let names = database.texts("SELECT name AS text FROM person_name ORDER BY name");
    assert_eq!(names, ["+Example Zqxmark", "Example Wren"]);
    let template = run(&["--template", "--names", "--on", "2014-07-01", "--board", "surrey"]);
    assert!(template.out.contains(",'+Example Zqxmark,"), "{}", template.out);
    let logged = database.text("SELECT string_agg(c::text, '') AS text FROM change c");
    assert!(!logged.contains("Zqxmark"), "a name stands in the log of changes");
}

#[test]
fn bytes_at_random_are_refused_with_codes() {
    let office = seeded();
    let before = office.count("change");
    // A small generator of numbers: the same at every run.
    let mut state: u64 = 7;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("a number") % below
    };
    let parts = [
        "kent",
        "police",
        "new-1",
        "=",
        "\"",
        ",",
        "\n",
        "\r",
        "'",
        "2014-07-01",
        "\u{0}",
        "é",
        "9",
        "-",
        MARK,
        "🦉",
        "error",
        "board",
    ];
    for nth in 0..150 {
        let length = 1 + next(60);
        let noise: String = (0..length).map(|_| parts[next(parts.len())]).collect();
        // Half of them behind columns that are right, so that rows are read.
        let csv = if nth % 2 == 0 { format!("{HEAD}\n{noise}") } else { noise };
        let made = office.import(&csv, json!({ "dryRun": true }));
        let errors = made["cellErrors"].as_array().expect("errors").len()
            + made["userErrors"].as_array().expect("errors").len();
        assert!(errors > 0, "{csv:?}: {made}");
        assert!(!made.to_string().contains("Zqxmark"), "{csv:?}: {made}");
    }
    assert_eq!(office.count("change"), before);
}
