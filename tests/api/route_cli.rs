//! `route` and `check --cases` as people run them: one decision in words and as JSON, and files of cases.

use crate::support::TestDatabase;
use crate::support::database::program;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// Nothing here writes to the database.
static DATABASE: LazyLock<TestDatabase> = LazyLock::new(TestDatabase::seeded);

/// A text that must not be seen in any message.
const MARK: &str = "zqxmark";

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

#[expect(clippy::disallowed_methods, reason = "the program needs the PATH that the tests have")]
fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(program())
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", &DATABASE.url)
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

impl Run {
    fn ended(&self, code: i32) -> &Run {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// `route` with flags as one text.
fn route(flags: &str) -> Run {
    let arguments: Vec<&str> = ["route"].into_iter().chain(flags.split(' ')).collect();
    run(folder().path(), &arguments)
}

fn route_json(flags: &str, code: i32) -> Value {
    let run = route(&format!("{flags} --json"));
    serde_json::from_str(&run.ended(code).out).expect("one JSON object")
}

/// A folder with a file of cases, and what `route --csv` makes of it.
struct Decided {
    folder: TempDir,
    run: Run,
}

fn decide(text: impl AsRef<[u8]>, more: &[&str]) -> Decided {
    let folder = folder();
    std::fs::write(folder.path().join("in.csv"), text).expect("a file");
    let arguments = [&["route", "--csv", "in.csv", "--out", "out.csv"], more].concat();
    let run = run(folder.path(), &arguments);
    Decided { folder, run }
}

impl Decided {
    fn out(&self) -> PathBuf {
        self.folder.path().join("out.csv")
    }

    fn rows(&self) -> Vec<BTreeMap<String, String>> {
        self.run.ended(0);
        let mut reader = csv::Reader::from_path(self.out()).expect("the answers");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// Sees to it that nothing is left beside the input.
    fn wrote_nothing(&self) {
        let names = std::fs::read_dir(self.folder.path()).expect("a folder");
        let names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(names, ["in.csv"]);
    }
}

const SEFTON: &str = "--on 2014-11-01 --residence Sefton --age 34 --supervision community-order";

#[test]
fn a_decision_in_words_begins_with_whose_it_is() {
    let run = route(&format!("{SEFTON} --risk high --category NOT_ELIGIBLE --public-interest yes"));
    let lines: Vec<&str> = run.ended(0).out.lines().collect();
    assert_eq!(lines[0], "The National Probation Service allocates; this is advice.");
    assert_eq!(lines[2], "NPS North West manages this case.");
    for part in [
        "decided by     R-20: ",
        "area           Merseyside",
        "placed by      R-32: the person lives there",
        "also holds     R-27: ",
        "2014-11-01 (published calendar, version 1, rules ",
    ] {
        assert!(run.out.contains(part), "{part} is not in\n{}", run.out);
    }
    assert_eq!(run.err, "");
}

#[test]
fn before_the_restructure_the_decision_is_the_trusts_and_the_other_calendar_is_compared() {
    let flags = "--residence Sefton --age 34 --supervision licence --risk low --category not-eligible";
    let run = route(&format!("--on 2014-05-01 --calendar operational {flags}"));
    assert!(run.ended(0).out.starts_with("The probation trust decides"), "{}", run.out);
    assert!(run.out.contains("Merseyside Probation Trust manages this case."), "{}", run.out);
    assert!(run.out.contains("the other calendar gives another answer"), "{}", run.out);
    assert!(!route(&format!("--on 2014-06-01 {flags}")).out.contains("other calendar"));
}

#[test]
fn what_is_pending_and_what_is_presumed_is_told() {
    let flags = "--risk high --category not-eligible --escalation referred --transfer-to Kent --transfer-state requested";
    let run = route(&format!("{SEFTON} {flags}"));
    let out = &run.ended(0).out;
    assert!(out.contains("Merseyside CRC manages this case."), "{out}");
    assert!(
        out.contains("pending        NPS North West manages if the escalation is accepted (R-29)"),
        "{out}"
    );
    assert!(out.contains("warning        R-29: URGENT"), "{out}");
    assert!(out.contains("(--rsr)"), "{out}");
}

#[test]
fn missing_facts_are_no_failure_and_are_named_by_their_flags() {
    let run = route(SEFTON);
    let out = &run.ended(0).out;
    assert!(out.contains("missing        --risk: FACT_MISSING "), "{out}");
    assert!(out.contains("missing        --category: FACT_MISSING "), "{out}");
    let answer = route_json(SEFTON, 0);
    assert_eq!(answer["outcome"], "NEEDS_FACTS");
    assert_eq!(answer["manager"], Value::Null);
    let fields: Vec<&Value> =
        answer["problems"].as_array().expect("a list").iter().map(|problem| &problem["field"]).collect();
    assert_eq!(fields, ["mappaCategory", "riskOfSeriousHarm"]);
}

#[test]
fn a_refused_case_fails_with_the_field_and_the_remedy() {
    let run = route(&format!("{SEFTON} --risk low --category category-3 --level level-1 --rsr -0.01"));
    let out = &run.ended(1).out;
    assert!(out.contains("refused        --level: CATEGORY3_LEVEL1 "), "{out}");
    assert!(out.contains("give one of them. (R-04a)"), "{out}");
    assert!(out.contains("refused        --rsr: RSR_OUT_OF_RANGE "), "{out}");
    assert_eq!(run.err, "");
    let answer = route_json("--on 2014-11-01 --residence Wales", 1);
    assert_eq!(answer["problems"][0]["code"], "AREA_AMBIGUOUS");
    assert_eq!(answer["problems"][0]["candidates"].as_array().map(Vec::len), Some(4));
    let later = route("--on 2021-06-26 --residence Sefton");
    assert!(later.ended(1).out.contains("the probation region is North West"), "{}", later.out);
}

#[test]
fn a_decision_as_json_has_the_names_of_the_schema() {
    let answer = route_json(&format!("{SEFTON} --risk medium --category not-eligible --rsr 6.9"), 0);
    assert_eq!(answer["outcome"], "MANAGED");
    assert_eq!(
        answer["manager"],
        json!({ "kind": "NPS_DIVISION", "name": "North West", "precision": "NAMED" })
    );
    assert_eq!(answer["decidedBy"]["rule"]["id"], "R-28");
    assert_eq!(answer["decidedBy"]["rule"]["basis"], "UNCONFIRMED");
    assert!(answer["decidedBy"]["because"].is_string());
    assert_eq!(answer["placedBy"]["rule"]["id"], "R-32");
    assert_eq!(answer["mappaArea"]["slug"], "merseyside");
    assert_eq!(answer["warnings"][0]["rule"]["id"], "R-28");
    assert_eq!(answer["alsoHolds"], json!([]));
    assert!(answer["considered"].as_array().is_some_and(|all| all.len() > 15));
    assert_eq!(answer["problems"], json!([]));
    assert_eq!(answer["pending"], Value::Null);
    assert_eq!((&answer["on"], &answer["calendar"]), (&json!("2014-11-01"), &json!("PUBLISHED")));
    assert_eq!(answer["directoryVersion"], 1);
    assert!(answer["rulesVersion"].is_string());
    // A case of the division: the company delivers interventions beside it, and nothing is arranged under MAPPA.
    assert_eq!(answer["allocation"]["name"], "North West");
    let interventions: Vec<&Value> =
        answer["interventions"].as_array().expect("a list").iter().map(|body| &body["kind"]).collect();
    assert_eq!(interventions, [&json!("NPS_DIVISION"), &json!("CRC")]);
    assert_eq!((&answer["courtAdvice"], &answer["mappa"]), (&Value::Null, &Value::Null));
    let eligible = route_json(&format!("{SEFTON} --category category-2 --level level-2"), 0);
    assert_eq!(eligible["mappa"]["board"]["slug"], "merseyside");
    assert_eq!(eligible["mappa"]["leadAgency"], "PROBATION");
    assert_eq!(eligible["mappa"]["meeting"], "LEVEL_2");
    assert!(eligible["mappa"]["chair"].as_str().is_some_and(|chair| chair.contains("senior officer")));
    let child = route_json("--on 2014-11-01 --no-fixed-abode --age 15 --supervision custody", 0);
    assert_eq!(child["manager"]["precision"], "KIND_ONLY");
}

#[test]
fn codes_names_and_whereabouts_are_ways_to_give_a_place() {
    let facts = "--on 2014-11-01 --age 34 --supervision licence --risk high --category not-eligible";
    for place in [
        "--residence-code ONS=E08000014",
        "--residence ONS=E08000014",
        "--usually-found-in Sefton",
        "--no-fixed-abode --usually-found-in Sefton",
        "--no-fixed-abode --sentenced-in Sefton",
    ] {
        let answer = route_json(&format!("{facts} {place}"), 0);
        assert_eq!(answer["mappaArea"]["slug"], "merseyside", "{place}: {answer}");
    }
}

#[test]
fn bad_flags_are_all_told_and_never_with_their_values() {
    let run = route(&format!("--on {MARK} --age {MARK} --risk {MARK} --terrorism {MARK} --rsr 6.899"));
    run.ended(2);
    for flag in ["--on takes", "--age takes", "--risk takes", "--terrorism takes yes or no", "--rsr takes"] {
        assert!(run.err.contains(flag), "{flag} is not in {}", run.err);
    }
    let twice = route(&format!("{SEFTON} --residence-code ONS=E08000014"));
    assert!(twice.ended(2).err.contains("--residence-code takes one of"), "{}", twice.err);
    assert!(!run.err.contains(MARK) && run.out.is_empty(), "{}", run.err);
    for flags in
        ["--residence Sefton", "--csv in.csv", "--csv in.csv --out out.csv --age 3", "--template --age 3"]
    {
        route(flags).ended(2);
    }
}

#[test]
fn the_template_can_be_decided_as_it_is() {
    let template = run(folder().path(), &["route", "--template"]);
    let decided = decide(&template.ended(0).out, &[]);
    let rows = decided.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["outcome"], "MANAGED", "{rows:?}");
    assert_eq!(rows[0]["managerKind"], "CRC");
    assert_eq!(rows[0]["managerName"], "Merseyside CRC");
    assert_eq!((rows[0]["decidedBy"].as_str(), rows[0]["placedBy"].as_str()), ("R-30", "R-32"));
    assert_eq!((rows[0]["problems"].as_str(), rows[0]["needs"].as_str()), ("", ""));
    assert_eq!(decided.run.out, "1 rows decided (1 MANAGED), 0 bad cells.\n");
    assert_eq!(decided.run.err, "");
}

#[test]
fn a_long_file_is_decided_row_by_row_in_order() {
    let mut text = "on,residence,age,supervision,riskOfSeriousHarm,mappaCategory,reference\n".to_owned();
    for row in 0..2_000 {
        let risk = if row % 2 == 0 { "LOW" } else { "very-high" };
        text.push_str(&format!("2014-11-01,Kent,{},CUSTODY,{risk},NOT_ELIGIBLE,r{row}\n", 18 + row % 60));
    }
    let decided = decide(&text, &["--keep", "reference"]);
    let rows = decided.rows();
    assert_eq!(rows.len(), 2_000);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row["reference"], format!("r{index}"));
        assert_eq!(row["managerKind"], if index % 2 == 0 { "CRC" } else { "NPS_DIVISION" });
        assert_eq!(row["area"], "kent");
    }
    assert_eq!(decided.run.out, "2000 rows decided (2000 MANAGED), 0 bad cells.\n");
    let names = std::fs::read_dir(decided.folder.path()).expect("a folder").count();
    assert_eq!(names, 2, "only the input and the answers are there");
}

#[test]
fn unknown_columns_are_refused_unless_they_are_kept() {
    let text = "on,residence,note,Age\n2014-11-01,Sefton,zqxmark,3\n";
    let decided = decide(text, &["--keep", "note"]);
    let err = &decided.run.ended(1).err;
    assert!(err.contains("row 1, column 4: \u{201c}Age\u{201d} is no column of the template"), "{err}");
    assert!(!err.contains(MARK) && !err.contains("note"), "{err}");
    decided.wrote_nothing();
    for (text, keep, part) in [
        ("on,age,age\n", "on", "column 3: \u{201c}age\u{201d} stands there twice"),
        ("on\n", "note", "\u{201c}note\u{201d} is to be kept and is no column of the file"),
        ("on,outcome\n", "outcome", "\u{201c}outcome\u{201d} is a column of the answer"),
    ] {
        let decided = decide(text, &["--keep", keep]);
        assert!(decided.run.ended(1).err.contains(part), "{}", decided.run.err);
    }
}

#[test]
fn a_file_without_names_of_columns_is_refused_without_telling_what_it_holds() {
    for text in ["", "\n", "2014-11-01,zqxmark,34\n"] {
        let decided = decide(text, &[]);
        let err = &decided.run.ended(1).err;
        assert!(err.contains("the first row must name the columns"), "{err}");
        assert!(!err.contains(MARK), "{err}");
        decided.wrote_nothing();
    }
}

#[test]
fn bad_cells_are_refused_in_their_rows_and_counted() {
    let text = format!(
        "on,residence,age,supervision,riskOfSeriousHarm,mappaCategory,mappaLevel,terrorism\n\
         2014-11-01,Sefton,34,CUSTODY,LOW,NOT_ELIGIBLE,,\n\
         {MARK},{MARK},34,CUSTODY,{MARK},{MARK},{MARK},{MARK}\n\
         2014-11-01,Sefton,old,CUSTODY,LOW,NOT_ELIGIBLE\n\
         2014-11-01,{MARK},34,CUSTODY,LOW,NOT_ELIGIBLE,LEVEL_2,\n\
         2014-11-01,Sefton,34,CUSTODY,,,,\n"
    );
    let decided = decide(&text, &[]);
    let rows = decided.rows();
    let of = |column: &str| rows.iter().map(|row| row[column].as_str()).collect::<Vec<_>>();
    assert_eq!(of("outcome"), ["MANAGED", "REFUSED", "REFUSED", "REFUSED", "NEEDS_FACTS"]);
    assert_eq!(
        of("problems"),
        [
            "",
            "DATE_INVALID on; ROSH_UNKNOWN riskOfSeriousHarm; CATEGORY_UNKNOWN mappaCategory; LEVEL_UNKNOWN mappaLevel; FLAG_INVALID terrorism; AREA_UNKNOWN residence",
            "NUMBER_INVALID age; ROW_UNEVEN",
            "AREA_UNKNOWN residence; LEVEL_WITHOUT_CATEGORY mappaLevel",
            "",
        ]
    );
    assert_eq!(of("needs")[4], "mappaCategory riskOfSeriousHarm");
    let (out, err) = (&decided.run.out, &decided.run.err);
    assert_eq!(out, "5 rows decided (1 MANAGED, 3 REFUSED, 1 NEEDS_FACTS), 7 bad cells.\n");
    assert!(err.contains("row 3, column on: DATE_INVALID: a day, as YYYY-MM-DD\n"), "{err}");
    assert!(err.contains("row 4, column age: NUMBER_INVALID: a whole number of years\n"), "{err}");
    assert!(err.contains("row 4: ROW_UNEVEN"), "{err}");
    assert!(!err.contains(MARK) && !err.contains("old"), "{err}");
    let answers = std::fs::read_to_string(decided.out()).expect("the answers");
    assert!(!answers.contains(MARK), "what is not kept is not passed on");
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_guarded_and_bytes_kept() {
    let cells: [&[u8]; 8] = [b"=1+1", b"+44", b"-1", b"@x", b"\tx", b"\"\rx\"", b"'=ok", b"\xff, a\" b"];
    let mut text = b"\xef\xbb\xbfon,\"=note\"\r\n".to_vec();
    for cell in &cells {
        let quoted = cell.starts_with(b"\"");
        text.extend_from_slice(b"2014-11-01,");
        if quoted {
            text.extend_from_slice(cell);
        } else {
            let doubled =
                cell.iter().flat_map(|byte| if *byte == b'"' { vec![b'"', b'"'] } else { vec![*byte] });
            text.push(b'"');
            text.extend(doubled);
            text.push(b'"');
        }
        text.extend_from_slice(b"\r\n");
    }
    let decided = decide(&text, &["--keep", "=note", "--keep", "on"]);
    decided.run.ended(0);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_path(decided.out()).expect("the answers");
    let firsts: Vec<Vec<u8>> =
        reader.byte_records().map(|row| row.expect("a row").get(0).expect("a cell").to_vec()).collect();
    let expected: [&[u8]; 9] =
        [b"'=note", b"'=1+1", b"'+44", b"'-1", b"'@x", b"'\tx", b"'\rx", b"'=ok", b"\xff, a\" b"];
    assert_eq!(firsts, expected);
}

#[test]
fn an_open_quotation_mark_stops_the_file_and_leaves_nothing() {
    let mut text = b"on,residence\n2014-11-01,\"".to_vec();
    text.resize(3 * 1024 * 1024, b'x');
    let decided = decide(&text, &[]);
    assert!(decided.run.ended(1).err.contains("a quotation mark left open"), "{}", decided.run.err);
    decided.wrote_nothing();
}

#[test]
fn the_input_is_never_written_over_and_the_answers_appear_whole() {
    let folder = folder();
    std::fs::write(folder.path().join("in.csv"), "on\n2014-11-01\n").expect("a file");
    let same = run(folder.path(), &["route", "--csv", "in.csv", "--out", "./in.csv"]);
    assert!(same.ended(2).err.contains("another file"), "{}", same.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("in.csv")).expect("it"), "on\n2014-11-01\n");
    for out in ["none/out.csv", "."] {
        assert_ne!(run(folder.path(), &["route", "--csv", "in.csv", "--out", out]).code, Some(0), "{out}");
    }
    run(folder.path(), &["route", "--csv", "none.csv", "--out", "out.csv"]).ended(1);
}

#[test]
fn check_runs_a_folder_of_cases_and_tells_what_differs() {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/routing");
    let whole = run(folder().path(), &["check", "--cases", &bench.display().to_string()]);
    let last = whole.ended(0).out.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("ok     cases: ") && last.ends_with(" run, 0 differences"), "{last}");

    let folder = folder();
    let example = |name: &str, outcome: &str| {
        format!("[[case]]\nname = \"{name}\"\non = \"2014-11-01\"\n[case.expect]\noutcome = \"{outcome}\"\n")
    };
    let text = [example("Nothing is known", "NEEDS_FACTS"), example("All is known", "MANAGED")].concat();
    std::fs::write(folder.path().join("own.toml"), text).expect("a file");
    let own = run(folder.path(), &["check", "--cases", "."]);
    let out = &own.ended(1).out;
    assert!(out.contains("ok     chain of changes"), "{out}");
    assert!(
        out.contains("FAILED own.toml \u{201c}All is known\u{201d}: outcome should be \"MANAGED\""),
        "{out}"
    );
    assert!(out.ends_with("FAILED cases: 2 run, 1 differences\n"), "{out}");
    assert!(!out.contains("Nothing is known"), "{out}");

    // Cases of boards bear the id of their rule; they stand beside those of routing.
    let board = |name: &str, verdict: &str| {
        format!(
            "[[case]]\nname = \"{name}\"\non = \"2014-11-01\"\nboardsOfArea = 2\n[[case.expect]]\nverdict = \"{verdict}\"\n"
        )
    };
    let boards = [board("Two boards", "NOT_MET"), board("Two boards are enough", "MET")].concat();
    std::fs::write(folder.path().join("G-01.toml"), boards).expect("a file");
    std::fs::write(folder.path().join("G-99.toml"), board("No rule", "MET")).expect("a file");
    let own = run(folder.path(), &["check", "--cases", "."]);
    let out = &own.ended(1).out;
    assert!(out.contains("FAILED G-01.toml \u{201c}Two boards are enough\u{201d}"), "{out}");
    assert!(out.contains("FAILED G-99.toml") && out.contains("no rule of boards has that id"), "{out}");
    assert!(out.contains("FAILED own.toml") && !out.contains("\u{201c}Two boards\u{201d}"), "{out}");
    assert!(out.contains("FAILED cases: 5 run, "), "{out}");
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/board");
    let whole = run(folder.path(), &["check", "--cases", &bench.display().to_string()]);
    let last = whole.ended(0).out.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("ok     cases: ") && last.ends_with(" run, 0 differences"), "{last}");

    let empty = run(self::folder().path(), &["check", "--cases", "."]);
    assert!(empty.ended(1).err.contains("no file of cases"), "{}", empty.err);
}
