//! What plans save: answers in process with plans and without, for what clients ask most.
//!
//! Run it with `cargo bench --bench plans`. One thread, best of several rounds, both ways in turn, from the request to the
//! answer. What an operation of the same document takes that asks for nothing, finding it and reading the variables,
//! is told beside.

#[expect(dead_code, reason = "everything runs in this thread, wherever that is")]
#[path = "support/cores.rs"]
mod cores;
#[expect(dead_code, reason = "nothing is served")]
#[path = "support/ground.rs"]
mod ground;

use ground::Ground;
use probation_directory::clock::{Clock, SystemClock};
use probation_directory::directory::live::Loaded;
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::graphql::{Answer, Context, Documents, Gate, Request, Trusted};
use serde_json::{Value, json};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(150);

const AREAS: &str = "query Asked { mappaAreas(first: 100) { nodes { name slug
    probationTrust { name slug period { from lastDay } }
    npsDivision { name slug period { from lastDay } }
    crc { name slug period { from lastDay } } } } }";

const NAMES: &str = "query Asked { mappaAreas(first: 100) { nodes { id name slug } } }";

const LOCATE: &str = "query Asked { locate(place: { localAuthority: \"E08000014\" }) {
    mappaArea { slug name } probationTrust { slug name } npsDivision { slug name period { from lastDay } inForce }
    crc { slug name } localAuthority { code name } policeForces { slug name } inCharge { slug name }
    precision problems { code message } } }";

const ROUTE: &str = "query Asked($case: CaseInput!) { route(case: $case) {
    outcome explanation manager { kind name precision } mappaArea { slug name }
    decidedBy { rule { id title basis } because } alsoHolds { rule { id } } warnings { rule { id } because missing }
    problems { code field message } } }";

fn main() {
    let loaded = Ground::prepare().loaded();
    let case = json!({
        "on": "2014-11-01", "residence": { "place": { "localAuthority": "E08000014" } }, "age": 30,
        "supervision": "COMMUNITY_ORDER", "riskOfSeriousHarm": "MEDIUM", "mappaCategory": "NOT_ELIGIBLE",
    });
    compare("42 areas with trust, division and company", AREAS, &json!({}), &loaded);
    compare("42 areas, id, name and slug", NAMES, &json!({}), &loaded);
    compare("where a place lies and who covers it", LOCATE, &json!({}), &loaded);
    compare("who manages a case, and why", ROUTE, &json!({ "case": case }), &loaded);
}

fn compare(what: &str, query: &str, variables: &Value, loaded: &Arc<Loaded>) {
    let query = json!(format!("{query} query Nothing {{ __typename }}")).to_string();
    let variables = variables.to_string();
    let request = |operation_name, is_plain| Request {
        query: Some(&query),
        operation_name: Some(operation_name),
        variables: Some(&variables),
        is_plain,
        ..Request::default()
    };
    let (asked, nothing) = (request("\"Asked\"", false), request("\"Nothing\"", true));
    let plain = request("\"Asked\"", true);
    let context =
        Context::new(Arc::clone(loaded), DEFAULT_DIRECTORY_DATE, SystemClock.now().max(loaded.loaded_at));
    let worker = Worker { gate: Gate::new(Trusted::of_the_project()), documents: Documents::default() };
    let answer = |request: &Request<'_>| worker.answer(request, &context).body;
    assert_eq!(worker.answer(&asked, &context).planned, 1, "{what}: not by plan");
    let bytes = answer(&asked);
    assert_eq!(bytes, answer(&plain), "{what}: not the same answer");
    let mut best = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        for (best, request) in best.iter_mut().zip([&nothing, &plain, &asked]) {
            *best = best.min(round(|| answer(request)));
        }
    }
    let [nothing, plain, planned] = best;
    println!(
        "{what}: juniper {plain:.1} us, plan {planned:.1} us, {:.1} times as fast; nothing {nothing:.1} us; {} bytes",
        plain / planned,
        bytes.len()
    );
}

/// Microseconds an answer.
fn round(answer: impl Fn() -> Vec<u8>) -> f64 {
    let (began, mut answers) = (Instant::now(), 0_u32);
    while began.elapsed() < ROUND {
        for _ in 0..10 {
            black_box(answer());
        }
        answers += 10;
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(answers)
}

/// A gate with the documents that it keeps.
struct Worker {
    gate: Gate,
    documents: Documents,
}

impl Worker {
    fn answer(&self, request: &Request<'_>, context: &Context) -> Answer {
        let admitted = self.gate.admit(&self.documents, request, "bench").expect("admitted");
        self.gate.answer(&admitted, context, "bench")
    }
}
