//! The report over all boards of the example set, and its timeline, beside a table that was worked out by hand.

use crate::support::{TestDatabase, TestService};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is expected, from `tests/expected/governance_examples.toml`, which says why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    day: Vec<Day>,
    turn: Vec<Turn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    on: String,
    calendar: String,
    rule: Vec<OfRule>,
}

/// Boards by verdict, and the verdict of those that are not named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfRule {
    id: String,
    the_rest: String,
    #[serde(default)]
    met: Vec<String>,
    #[serde(default)]
    not_met: Vec<String>,
    #[serde(default)]
    not_recorded: Vec<String>,
    #[serde(default)]
    not_applicable: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    on: String,
    rule: String,
    not_met: usize,
}

const VERDICTS: [(&str, &str); 4] = [
    ("MET", "met"),
    ("NOT_MET", "notMet"),
    ("NOT_RECORDED", "notRecorded"),
    ("NOT_APPLICABLE", "notApplicable"),
];

impl OfRule {
    /// Areas of each verdict, of all that there are.
    fn areas(&self, all: &BTreeSet<String>) -> BTreeMap<&str, BTreeSet<String>> {
        let named = [&self.met, &self.not_met, &self.not_recorded, &self.not_applicable];
        let mut rest = all.clone();
        let mut areas = BTreeMap::new();
        for ((verdict, _), named) in VERDICTS.into_iter().zip(named) {
            for area in named {
                assert!(rest.remove(area), "{} {area}", self.id);
            }
            areas.insert(verdict, named.iter().cloned().collect::<BTreeSet<String>>());
        }
        let of_rest = areas.get_mut(self.the_rest.as_str()).expect("a verdict");
        assert!(of_rest.is_empty(), "{}: {} has the rest", self.id, self.the_rest);
        *of_rest = rest;
        areas
    }
}

fn expected() -> Expected {
    toml::from_str(include_str!("../expected/governance_examples.toml")).expect("the table")
}

fn slugs(areas: &Value) -> Vec<String> {
    let areas = areas.as_array().expect("areas");
    areas.iter().map(|area| area["slug"].as_str().expect("a slug").to_owned()).collect()
}

/// The report with the areas of one verdict: those of all four are more than one request may ask for.
const ROWS: &str = "query($on: LocalDate, $calendar: Calendar, $verdict: Verdict!) {
    governanceReport(on: $on, calendar: $calendar) { boards isExample
        rows { rule { id } met notMet notRecorded notApplicable areas(verdict: $verdict) { slug } } } }";

#[test]
fn the_report_on_the_example_set_is_the_table_that_was_worked_out_by_hand() {
    let service = TestService::start(TestDatabase::filled());
    let data = service.client.data("{ mappaAreas(first: 100) { nodes { slug } } }", json!({}));
    let all: BTreeSet<String> = slugs(&data["mappaAreas"]["nodes"]).into_iter().collect();
    assert_eq!(all.len(), 42);
    let expected = expected();
    assert_eq!(expected.day.len(), 3);
    for Day { on, calendar, rule: rules } in &expected.day {
        for (verdict, _) in VERDICTS {
            let variables = json!({ "on": on, "calendar": calendar, "verdict": verdict });
            let report = service.client.data(ROWS, variables)["governanceReport"].clone();
            assert_eq!((&report["boards"], &report["isExample"]), (&json!(42), &json!(true)));
            let rows = report["rows"].as_array().expect("rows");
            let asked: Vec<&str> = rows.iter().filter_map(|row| row["rule"]["id"].as_str()).collect();
            let due: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
            assert_eq!(asked, due, "{on}");
            for (row, rule) in rows.iter().zip(rules) {
                let due = rule.areas(&all);
                let areas: Vec<String> = due[verdict].iter().cloned().collect();
                assert_eq!(slugs(&row["areas"]), areas, "{on} {calendar} {} {verdict}", rule.id);
                for (verdict, field) in VERDICTS {
                    assert_eq!(row[field], due[verdict].len(), "{on} {calendar} {} {verdict}", rule.id);
                }
            }
        }
    }
    // With neither day nor calendar given, it is the report of the first day of the table.
    let usual = service.client.data(ROWS, json!({ "verdict": "NOT_MET" }));
    let first = json!({ "on": "2014-11-01", "calendar": "PUBLISHED", "verdict": "NOT_MET" });
    assert_eq!(usual, service.client.data(ROWS, first));
}

#[test]
fn the_timeline_of_the_example_set_has_the_turns_that_were_worked_out_by_hand() {
    let service = TestService::start(TestDatabase::filled());
    let query =
        "query($calendar: Calendar, $from: LocalDate) { governanceReport(calendar: $calendar, from: $from) {
        timelineFrom timeline { on rule { id } notMet } } }";
    let due: Vec<Value> = expected()
        .turn
        .into_iter()
        .map(|turn| json!({ "on": turn.on, "rule": { "id": turn.rule }, "notMet": turn.not_met }))
        .collect();
    assert!(due.len() > 5);
    for calendar in ["PUBLISHED", "OPERATIONAL"] {
        let data = service.client.data(query, json!({ "calendar": calendar }));
        let report = &data["governanceReport"];
        assert_eq!(report["timelineFrom"], "2013-11-01");
        assert_eq!(report["timeline"], json!(due), "{calendar}");
        // From a day on which something changes, it is part of where the timeline begins.
        let from = json!({ "calendar": calendar, "from": "2014-08-01" });
        let later = service.client.data(query, from)["governanceReport"]["timeline"].clone();
        let after: Vec<&Value> = due.iter().filter(|turn| turn["on"].as_str() > Some("2014-08-01")).collect();
        assert_eq!(later, json!(after), "{calendar}");
    }
}
