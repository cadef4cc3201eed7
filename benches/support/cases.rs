//! Cases to be decided: numbered ones of which no two are alike, and those of the bench of example cases; and the
//! question that is asked about them most.
//!
//! Numbered cases are the same in every run. Each fact cycles with a period of its own, so that two neighbours differ in most facts.

use chrono::{Days, NaiveDate};
use probation_directory::actions::case_text::{Cells, Column, ReadCase};
use probation_directory::actions::routing_examples::FILES;
use serde_json::{Value as Json, json};

const SUPERVISIONS: [&str; 4] = ["COMMUNITY_ORDER", "SUSPENDED_SENTENCE_ORDER", "CUSTODY", "LICENCE"];
const RISKS: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "VERY_HIGH"];
/// Ages that numbered cases have, from 18. Prime to the 42 areas and to the 1,001 scores.
const AGES: usize = 43;
/// Scores that numbered cases have, in hundredths of a per cent from 0.
const SCORES: usize = 1_001;
/// Days that numbered cases are asked about, from the directory date.
const DAYS: usize = 400;

/// The shortest question of who manages.
pub const SHORT: &str =
    "query Q($case: CaseInput!) { route(case: $case) { manager { kind name } decidedBy { rule { id } } } }";

/// A case by its number.
#[derive(Clone, Debug)]
pub struct Numbered<'s> {
    area: &'s str,
    on: NaiveDate,
    age: usize,
    supervision: &'static str,
    risk: &'static str,
    score: usize,
}

impl<'s> Numbered<'s> {
    /// The case of a number; alike only once area, age and score have come round together, after some 250,000.
    pub fn new(areas: &'s [String], first_day: NaiveDate, number: usize) -> Numbered<'s> {
        Numbered {
            area: &areas[number % areas.len()],
            on: first_day + Days::new((number % DAYS) as u64),
            age: 18 + number % AGES,
            supervision: SUPERVISIONS[number / RISKS.len() % SUPERVISIONS.len()],
            risk: RISKS[number % RISKS.len()],
            // Neighbours lie far apart; 37 is prime to the scores.
            score: number * 37 % SCORES,
        }
    }

    /// As `CaseInput`.
    pub fn input(&self) -> Json {
        json!({
            "on": self.on.to_string(),
            "residence": { "place": { "mappaArea": self.area } },
            "age": self.age,
            "supervision": self.supervision,
            "riskOfSeriousHarm": self.risk,
            "mappaCategory": "NOT_ELIGIBLE",
            "rsrPercent": self.score as f64 / 100.0,
        })
    }

    /// As a row of a file with the columns of [`COLUMNS`].
    pub fn row(&self) -> String {
        let Numbered { area, on, age, supervision, risk, score } = self;
        let (whole, hundredths) = (score / 100, score % 100);
        format!("{on},{area},{age},{supervision},{risk},NOT_ELIGIBLE,{whole}.{hundredths:02}\n")
    }
}

/// The columns of a file of numbered cases.
pub const COLUMNS: &str = "on,residence,age,supervision,riskOfSeriousHarm,mappaCategory,rsrPercent\n";

/// A case from texts by column.
pub fn read(texts: &[(Column, String)]) -> ReadCase {
    let mut cells = Cells::empty();
    for (column, text) in texts {
        cells.set(*column, text);
    }
    cells.case()
}

/// A case of which nothing is left open: the example of the template, before a court, and moving.
pub fn every_fact() -> ReadCase {
    let mut texts: Vec<(Column, String)> =
        Column::ALL.iter().map(|column| (*column, column.example().to_owned())).collect();
    let more = [
        (Column::AtCourt, "Kent"),
        (Column::TransferFrom, "Sefton"),
        (Column::TransferTo, "Kent"),
        (Column::TransferState, "ACCEPTED"),
    ];
    texts.extend(more.map(|(column, text)| (column, text.to_owned())));
    read(&texts)
}

/// A case of which nothing is known but the day.
pub fn only_the_day() -> ReadCase {
    read(&[(Column::On, Column::On.example().to_owned())])
}

/// An adult's case as it is usually given: place, age, sentence, risk and category.
pub fn usual() -> ReadCase {
    let given =
        [Column::On, Column::Residence, Column::Age, Column::Supervision, Column::Risk, Column::Category];
    read(&given.map(|column| (column, column.example().to_owned())))
}

/// The same as `CaseInput`.
pub fn usual_input() -> Json {
    json!({
        "on": Column::On.example(),
        "residence": { "place": { "name": Column::Residence.example() } },
        "age": 34,
        "supervision": Column::Supervision.example(),
        "riskOfSeriousHarm": Column::Risk.example(),
        "mappaCategory": Column::Category.example(),
    })
}

/// The cases of the bench of examples that a row of a file can say, and how many there are in all.
pub fn examples() -> (Vec<ReadCase>, usize) {
    let files =
        FILES.iter().map(|(id, text)| toml::from_str::<toml::Table>(text).unwrap_or_else(|_| panic!("{id}")));
    let examples: Vec<toml::Value> =
        files.flat_map(|file| file["case"].as_array().cloned().unwrap_or_default()).collect();
    let texts = examples.iter().filter_map(|example| example_texts(example.as_table()?));
    let cases = texts.map(|texts| read(&texts)).filter(|read| read.faults.is_empty()).collect();
    (cases, examples.len())
}

/// The facts of an example by column; none where one of them cannot be said in a cell.
fn example_texts(example: &toml::Table) -> Option<Vec<(Column, String)>> {
    let mut texts = Vec::new();
    for (key, value) in example.iter().filter(|(key, _)| *key != "name" && *key != "expect") {
        match (key.as_str(), value) {
            ("residence", toml::Value::Table(residence)) => {
                for (kind, place) in residence {
                    let column = if kind == "place" { Column::Residence } else { Column::named(kind)? };
                    texts.push((column, cell(place)?));
                }
            }
            ("transfer", toml::Value::Table(transfer)) => {
                for (end, place) in transfer {
                    texts.push((Column::of_field(&format!("transfer.{end}"))?, cell(place)?));
                }
            }
            (key, value) => texts.push((Column::named(key)?, cell(value)?)),
        }
    }
    Some(texts)
}

/// A value as a cell; a place by its name or slug, which fold to the same.
fn cell(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Table(place) if place.len() == 1 => place.values().next().and_then(cell),
        _ => None,
    }
}
