//! Documents that were changed at random, by the grammar: what they are made of is what sound and hostile documents are
//! made of, so that many still mean something.
//!
//! The same seed gives the same documents. Used by `benches/fuzz.rs` and by a test.

use chrono::DateTime;
use probation_directory::directory::live::Loaded;
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::graphql::{
    Answer, Context, Documents, Gate, Outcome, Refusal, Request, schema_definition,
};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Documents that are no operation of the project, and reach other parts of the service.
const SEEDS: [&str; 14] = [
    "{ directory { version checks { name holds } } }",
    "{ __schema { types { name fields { name args { name type { name ofType { name } } } } possibleTypes { name } } } }",
    "{ __type(name: \"Node\") { possibleTypes { interfaces { possibleTypes { name } } } } }",
    "query Q($first: Int = 5, $on: LocalDate) { mappaAreas(first: $first, on: $on) { nodes { slug inCharge { slug mappaAreas { slug } } } } }",
    "{ a: mappaArea(slug: \"kent\", on: \"2014-05-01\", calendar: OPERATIONAL) { ...A } b: mappaArea(slug: \"essex\") { ...A } } fragment A on MappaArea { name npsDivision { ...D } } fragment D on NpsDivision { slug mappaAreas { slug } }",
    "{ locate(place: { name: \"Sefton\" }) { index mappaArea { slug } problems { code candidates { mappaArea { slug } } } } }",
    "{ locateMany(places: [{ name: \"Kent\" } { code: { scheme: \"ONS\", value: \"E08000014\" } }], on: \"2014-11-01\") { index } }",
    "{ nodes(ids: [\"z\", \"TWFwcGFBcmVhOmtlbnQ\"]) { id ... on MappaArea { slug } ... on Organisation { name } } }",
    "{ route(case: { on: \"2014-11-01\", age: 34, residence: { place: { name: \"Sefton\" } } }) { outcome explanation alternatives { outcome } } }",
    "query($case: CaseInput!, $dates: [LocalDate!]! = [\"2014-05-01\"]) { compareRouting(case: $case, dates: $dates) { on outcome } }",
    "query($v: Boolean! = true) { __typename @include(if: $v) @skip(if: false) directory @include(if: $v) { version } }",
    "{ contractPackageArea(slug: \"wales\") { crc { contractPackageArea { crc { owners { citation { sources { title } } } } } } } }",
    "query A { __typename } query B { ... on Query { __typename ... { __typename } } }",
    "{ routingRules { id title examples } localAuthorities(last: 3) { edges { cursor node { name county { name } } } } }",
];

/// Values that are odd in one way or another.
const LITERALS: [&str; 22] = [
    "null",
    "true",
    "-1",
    "0",
    "100",
    "101",
    "2147483648",
    "1e999",
    "0.1",
    "\"\"",
    "\"kent\"",
    "\"\\u0000\"",
    "\"\\uD800\"",
    "\"2014-06-01\"",
    "\"\"\"block\"\"\"",
    "[]",
    "[[[1]]]",
    "{}",
    "{ name: \"z\" }",
    "$v",
    "LEGAL",
    "[null]",
];

const PARTS: [&str; 14] = [
    "@include(if: true)",
    "@skip(if: $v)",
    "@nothing",
    "...F",
    "... on Query { __typename }",
    "...",
    "fragment F on Query { ...F }",
    "fragment G on MappaArea { slug }",
    "$v: Z = 1",
    "$v: [Int!] = [1]",
    "x:",
    "query Q($v: Z = {}) {",
    "subscription",
    "mutation",
];

/// Names of types that a document may name only by mistake.
const TYPES: [&str; 5] = ["Zz", "[Zz!]", "Query", "[CaseInput!]", "Calendar"];

const VARIABLES: [&str; 7] = [
    "{}",
    "{\"v\":true}",
    "{\"first\":100,\"slug\":\"kent\"}",
    "{\"case\":{\"on\":\"2014-11-01\",\"age\":34}}",
    "{\"v\":[[[[1]]]]}",
    "{\"places\":[{\"name\":\"Kent\"}],\"slug\":null}",
    "{\"first\":-1,\"on\":\"2014-02-30\",\"v\":{}}",
];

/// What every operation of the project can be executed with.
pub const SOUND: &str = r#"{"after":null,"calendar":"PUBLISHED","case":{"on":"2014-11-01","age":34,"residence":{"place":{"name":"Sefton"}}},"cases":[{"on":"2014-11-01","age":34}],"code":"E08000014","dates":["2014-05-01","2014-06-01"],"division":"london","one":"z","many":["z","TWFwcGFBcmVhOmtlbnQ"],"filter":{},"first":5,"force":"kent","id":"z","ids":["z"],"on":"2014-11-01","packageArea":"wales","place":{"name":"Sefton"},"places":[{"name":"Kent"}],"region":"wales","slug":"kent","v":true,"last":null,"knownAt":null}"#;

/// Numbers that follow from one another (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The tokens of a document; what cannot be read is a token of its own.
fn tokens(document: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = document.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '.' if rest.starts_with("...") => 3,
            '#' => rest.find('\n').unwrap_or(rest.len()),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if first != '#' && first != ',' {
            tokens.push(token.to_owned());
        }
        rest = after.trim_start();
    }
    tokens
}

/// Tokens so many times.
fn again(tokens: Vec<String>, often: usize) -> Vec<String> {
    vec![tokens; often].concat()
}

/// The end of the group of brackets that begins at a place; the next token where none does.
fn end_of_group(tokens: &[String], start: usize) -> usize {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(start) {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return place + 1;
        }
    }
    tokens.len()
}

/// Makes documents.
pub struct Mutations {
    numbers: Numbers,
    seeds: Vec<Vec<String>>,
    names: Vec<String>,
    input_types: BTreeSet<String>,
}

impl Mutations {
    /// From the operations of the project, from seeds of other kinds, and with the names of the schema.
    pub fn new(seed: u64) -> Mutations {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql/operations");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("operations")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        let operations = files.iter().map(|file| std::fs::read_to_string(file).expect("an operation"));
        let seeds = operations.chain(SEEDS.map(str::to_owned)).map(|text| tokens(&text)).collect();
        let definition = schema_definition();
        let fields = definition
            .lines()
            .filter(|line| line.starts_with("  "))
            .filter_map(|line| line.trim().split([':', '(']).next());
        let is_name =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let names: BTreeSet<String> = fields.filter(is_name).map(str::to_owned).collect();
        let builtin = ["Int", "Float", "String", "Boolean", "ID"].map(str::to_owned);
        let named = definition.lines().filter_map(|line| {
            let (kind, rest) = line.split_once(' ')?;
            let is_type = ["input", "enum", "scalar", "type", "interface", "union"].contains(&kind);
            is_type.then(|| rest.split([' ', '{']).next().unwrap_or_default().to_owned())
        });
        Mutations {
            numbers: Numbers(seed),
            seeds,
            names: names.into_iter().collect(),
            input_types: named.chain(builtin).collect(),
        }
    }

    /// The next document.
    pub fn next(&mut self) -> String {
        let mut document = self.numbers.of(&self.seeds).clone();
        let changes = [1, 1, 1, 2, 3, 5][self.numbers.below(6)];
        for _ in 0..changes {
            self.change(&mut document);
        }
        document.join(" ")
    }

    /// Variables to go with it, more often than not sound ones.
    pub fn variables(&mut self) -> Option<&'static str> {
        match self.numbers.below(10) {
            0 => None,
            1 | 2 => Some(*self.numbers.of(&VARIABLES)),
            _ => Some(SOUND),
        }
    }

    fn change(&mut self, document: &mut Vec<String>) {
        let at = self.numbers.below(document.len());
        let end = end_of_group(document, at);
        let is_name = |token: &str| token.starts_with(|c: char| c.is_ascii_alphabetic());
        match self.numbers.below(32) {
            0 => drop(document.drain(at..end)),
            1 => document.truncate(at),
            2 => {
                let other = self.numbers.below(document.len());
                document.swap(at, other);
            }
            // A group again and again, where it stands.
            3 | 4 => {
                let group = document[at..end].to_vec();
                let often = [1, 2, 5, 16, 64][self.numbers.below(5)];
                let more = group.iter().cycle().take((group.len() * often).min(2_500)).cloned();
                document.splice(at..at, more.collect::<Vec<_>>());
            }
            // A group within itself.
            5 => {
                let group = document[at..end].to_vec();
                let inside = at + self.numbers.below(end - at);
                document.splice(inside..inside, group);
            }
            // A group of another document.
            6 => {
                let other = self.numbers.of(&self.seeds).clone();
                let from = self.numbers.below(other.len());
                let group = other[from..end_of_group(&other, from)].to_vec();
                document.splice(at..at, group);
            }
            7 => document.insert(at, (*self.numbers.of(&PARTS)).to_owned()),
            8 => {
                let literal = (*self.numbers.of(&LITERALS)).to_owned();
                match document.iter().skip(at).position(|token| token == ":") {
                    Some(colon) if at + colon + 1 < document.len() => {
                        let value = at + colon + 1;
                        let value_end = end_of_group(document, value);
                        document.splice(value..value_end, [literal]);
                    }
                    _ => document.insert(at, literal),
                }
            }
            9 => {
                if let Some(colon) = document.iter().position(|token| token == "$").map(|dollar| dollar + 2)
                    && document.get(colon).is_some_and(|token| token == ":")
                {
                    document.insert(colon + 1, (*self.numbers.of(&TYPES)).to_owned());
                }
            }
            // A field by another name, or under one.
            10..=12 => {
                let name = self.numbers.of(&self.names).clone();
                let found = document.iter().skip(at).position(|token| is_name(token)).map(|found| at + found);
                match found {
                    Some(found) if self.numbers.below(3) > 0 => document[found] = name,
                    Some(found) => drop(document.splice(found..found, [name, ":".to_owned()])),
                    None => document.insert(at, name),
                }
            }
            // Selections that are sound where they stand, with what was there again.
            13..=30 => {
                let braces = document.iter().skip(at).position(|token| token == "{").map(|found| at + found);
                if let Some(open) = braces {
                    let close = end_of_group(document, open).saturating_sub(1).max(open + 1);
                    let inner = document[open + 1..close].to_vec();
                    let often = [2, 5, 20][self.numbers.below(3)];
                    let more = match self.numbers.below(6) {
                        0 => inner,
                        1 => again(inner, often),
                        2 => [tokens("... @include(if: true) {"), inner, tokens("}")].concat(),
                        3 => [again(tokens("... {"), often), inner, again(tokens("}"), often)].concat(),
                        4 => (0..often).flat_map(|n| tokens(&format!("a{n}: __typename"))).collect(),
                        _ => tokens("b: __typename @skip(if: false)"),
                    };
                    document.splice(open + 1..open + 1, more);
                }
            }
            _ => {
                let fragment = tokens(
                    "fragment F on Query { directory { version } ...F2 } fragment F2 on Query { __typename }",
                );
                document.extend(fragment);
                document.insert(at, "...F".to_owned());
            }
        }
        if document.is_empty() {
            document.push("{".to_owned());
        }
    }

    /// Whether juniper is known to panic on a document: a variable of an unknown type has a default.
    pub fn is_known_to_panic(&self, document: &str) -> bool {
        let tokens = tokens(document);
        tokens.iter().enumerate().filter(|(_, token)| *token == "$").any(|(dollar, _)| {
            let mut typed = tokens.iter().skip(dollar + 3);
            let is_of_type =
                |token: &&String| token.starts_with(|c: char| c.is_ascii_alphabetic() || "_[]!".contains(c));
            let is_known = typed
                .clone()
                .take_while(is_of_type)
                .all(|token| token.starts_with(['[', ']', '!']) || self.input_types.contains(token));
            let next = typed.find(|token| !is_of_type(token));
            !is_known && next.is_some_and(|token| token == "=")
        })
    }
}

/// What became of documents.
#[derive(Debug, Default)]
pub struct Report {
    /// How many were executed.
    pub executed: u64,
    /// How many of these without any error.
    pub sound: u64,
    /// How many were refused.
    pub refused: u64,
    /// How many made something panic, as is known of them.
    pub panics: u64,
    /// Those that did though it is not known.
    pub new_panics: Vec<String>,
    /// The longest that one took which was executed, and which.
    pub slowest_executed: (Duration, String),
    /// The longest of any.
    pub slowest: (Duration, String),
    /// The largest answer.
    pub largest: usize,
}

/// Sends so many documents through a gate, in this thread.
pub fn run(gate: &Gate, loaded: &Arc<Loaded>, seed: u64, count: u64) -> Report {
    let (mut mutations, mut report, documents) =
        (Mutations::new(seed), Report::default(), Documents::default());
    let now = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
    for _ in 0..count {
        let document = mutations.next();
        let query = json!(document).to_string();
        let variables = mutations.variables();
        let request =
            Request { query: Some(&query), variables, bytes: query.len() + 100, ..Request::default() };
        let started = Instant::now();
        let answer: Result<Answer, Refusal> = gate.admit(&documents, &request, "fuzz").map(|admitted| {
            gate.answer(&admitted, &Context::new(Arc::clone(loaded), DEFAULT_DIRECTORY_DATE, now), "fuzz")
        });
        let took = started.elapsed();
        let outcome = match &answer {
            Ok(answer) | Err(Refusal::Answered(answer)) => answer.outcome,
            Err(_) => Outcome::Refused,
        };
        match outcome {
            Outcome::Executed => {
                let answer = answer.expect("an answer");
                report.executed += 1;
                report.sound += u64::from(answer.codes.is_empty());
                report.largest = report.largest.max(answer.body.len());
                if answer.codes.iter().any(|code| code == "INTERNAL") {
                    report.new_panics.push(document.clone());
                }
                if took > report.slowest_executed.0 {
                    report.slowest_executed = (took, document.clone());
                }
            }
            Outcome::Refused => report.refused += 1,
            Outcome::Failed if mutations.is_known_to_panic(&document) => report.panics += 1,
            Outcome::Failed => report.new_panics.push(document.clone()),
        }
        if took > report.slowest.0 {
            report.slowest = (took, document);
        }
    }
    report
}
