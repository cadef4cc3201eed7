//! What routing costs: one decision, its alternatives, many cases in one request, a file of cases, and the service beside
//! a handler that answers fixed bytes.
//!
//! Run it with `cargo bench --bench routing`; `cargo bench --bench routing -- --help` tells how to run parts of it, and
//! for how long. It starts a durable private server of its own in a temporary folder. Figures depend on the machine:
//! compare them with each other; none is ever a failure. Cases, load client, cores and servers are left to `support`.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/cores.rs"]
mod cores;
#[path = "support/fixed.rs"]
mod fixed;
#[expect(dead_code, reason = "changes are recorded by the bench of the foundation")]
#[path = "support/ground.rs"]
mod ground;
#[allow(dead_code, reason = "where a round ended is for the bench of load")]
#[path = "support/load.rs"]
mod load;

use cases::{Numbered, SHORT};
use clap::{Parser, ValueEnum};
use cores::Cores;
use ground::Ground;
use load::{Connection, Exchange, Figures, Waiting};
use probation_directory::actions::case_text::ReadCase;
use probation_directory::clock::{Clock, SystemClock};
use probation_directory::directory::Directory;
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::domain::case::Case;
use probation_directory::domain::organisation::BodyKind;
use probation_directory::domain::routing::Tables;
use probation_directory::domain::routing::alternatives::alternatives;
use probation_directory::domain::routing::decide::decide;
use probation_directory::graphql::{Context, Documents, Gate, Request, Trusted};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::hint::black_box;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The question that is kept with the schema: reasons, warnings and all.
const WHOLE: &str = include_str!("../graphql/operations/Route.graphql");
/// The same of many cases, as a list would show it.
const MANY: &str = "query Q($cases: [CaseInput!]!) { routeMany(cases: $cases) { index outcome manager { kind name } mappaArea { name } decidedBy { rule { id } } warnings { rule { id } } problems { code field } } }";

/// Rounds of what is timed in microseconds, and how long each takes.
const SMALL_ROUNDS: usize = 15;
const SMALL_ROUND: Duration = Duration::from_millis(60);
/// Most cases of one request, and how often they are sent.
const MANY_CASES: usize = 500;
const MANY_ROUNDS: usize = 41;
/// Different requests that the load client sends in turn.
const VARIANTS: usize = 12_000;
/// Connections of the load client.
const CONNECTIONS: usize = 16;
/// How often the memory of a running program is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A part of this bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One decision, in process.
    Decide,
    /// The alternatives of one case, in process.
    Alternatives,
    /// 500 cases in one request.
    Many,
    /// Files of cases by the program.
    Csv,
    /// The service beside a handler that answers fixed bytes.
    Load,
}

/// What routing costs.
#[derive(Parser)]
struct Arguments {
    /// Parts to run; all where none is named.
    part: Vec<Part>,
    /// Rounds of the load, each of fixed bytes and of routing.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Length of a round, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Let the load client look for answers without ever sleeping, so that the server need not wake it.
    #[arg(long)]
    spin: bool,
    /// Rows of the smaller and of the larger file.
    #[arg(long, num_args = 2, default_values_t = [20_000, 200_000])]
    rows: Vec<usize>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let ground = Ground::prepare();
    let runs = |part| arguments.part.is_empty() || arguments.part.contains(&part);
    if runs(Part::Decide) {
        decisions(&ground);
    }
    if runs(Part::Alternatives) {
        changes(&ground);
    }
    if runs(Part::Many) {
        many(&ground);
    }
    if runs(Part::Csv) {
        files(&ground, &arguments.rows);
    }
    if runs(Part::Load) {
        beside_fixed_bytes(&ground, &arguments);
    }
}

/// A value of which half are smaller.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Times something that is done so many times in one go, and prints microseconds for one.
fn small(what: &str, times: usize, mut work: impl FnMut()) {
    let began = Instant::now();
    work();
    let repeats = (SMALL_ROUND.as_secs_f64() / began.elapsed().as_secs_f64()).ceil().max(1.0) as usize;
    let round = |_| {
        let began = Instant::now();
        (0..repeats).for_each(|_| work());
        began.elapsed().as_secs_f64() * 1e6 / (repeats * times) as f64
    };
    let mut rounds: Vec<f64> = (0..SMALL_ROUNDS).map(round).collect();
    let median = median(&mut rounds);
    println!("  {what:<72} best {:>9.2} us, median {median:>9.2} us", rounds[0]);
}

/// A case with its places looked up.
fn looked_up(directory: &Directory, tables: &Tables, read: &ReadCase) -> Case {
    let view = directory.view(read.case.on, read.case.calendar);
    view.route(tables, read.case, &read.places).case
}

/// The cases that are decided in process: what they are, and one or more of each.
fn single_cases() -> Vec<(String, Vec<ReadCase>)> {
    let (examples, all) = cases::examples();
    let mix = format!("{} of the {all} example cases, each", examples.len());
    vec![
        ("every fact given".to_owned(), vec![cases::every_fact()]),
        ("a usual case".to_owned(), vec![cases::usual()]),
        ("nothing given but the day".to_owned(), vec![cases::only_the_day()]),
        (mix, examples),
    ]
}

fn decisions(ground: &Ground) {
    let loaded = ground.loaded();
    let directory = &loaded.directory;
    let tables = Tables::default();
    println!("one decision");
    for (what, reads) in single_cases() {
        let cases: Vec<Case> = reads.iter().map(|read| looked_up(directory, &tables, read)).collect();
        let what = match cases.as_slice() {
            [one] => format!("{what} ({:?})", decide(&tables, one).outcome),
            _ => what,
        };
        small(&format!("decide: {what}"), cases.len(), || {
            cases.iter().for_each(|case| drop(black_box(decide(&tables, black_box(case)))));
        });
    }
    for (what, reads) in single_cases() {
        small(&format!("places looked up, decided, named: {what}"), reads.len(), || {
            for read in &reads {
                let view = directory.view(read.case.on, read.case.calendar);
                drop(black_box(view.route(&tables, black_box(read.case), &read.places)));
            }
        });
    }
    let context = Context::new(ground.loaded(), DEFAULT_DIRECTORY_DATE, SystemClock.now());
    for (what, query) in
        [("manager and rule of a usual case", SHORT), ("Route.graphql of a usual case", WHOLE)]
    {
        let asked = Asked::new(query);
        is_managed(&asked.answer(&context));
        small(&format!("GraphQL in process: {what}"), 1, || {
            black_box(asked.answer(&context));
        });
    }
}

/// A question about the usual case, as a worker is asked it over and over.
struct Asked {
    gate: Gate,
    documents: Documents,
    query: String,
    variables: String,
}

impl Asked {
    fn new(query: &str) -> Asked {
        let variables = json!({ "case": cases::usual_input() }).to_string();
        let gate = Gate::new(Trusted::of_the_project());
        Asked { gate, documents: Documents::default(), query: json!(query).to_string(), variables }
    }

    fn answer(&self, context: &Context) -> Vec<u8> {
        let request =
            Request { query: Some(&self.query), variables: Some(&self.variables), ..Request::default() };
        let admitted = self.gate.admit(&self.documents, black_box(&request), "bench").expect("admitted");
        self.gate.answer(&admitted, context, "bench").body
    }
}

/// Sees to it that somebody manages the case of an answer.
fn is_managed(body: &[u8]) {
    let answer: Json = serde_json::from_slice(body).expect("an answer in JSON");
    let is_sound = answer.get("errors").is_none() && answer["data"]["route"]["manager"]["name"].is_string();
    assert!(is_sound, "{answer}");
}

fn changes(ground: &Ground) {
    let loaded = ground.loaded();
    let tables = Tables::default();
    println!("alternatives of one case, its decision at hand");
    for (what, reads) in single_cases() {
        let decided = reads.iter().map(|read| {
            let case = looked_up(&loaded.directory, &tables, read);
            (case, decide(&tables, &case))
        });
        let decided: Vec<_> = decided.collect();
        let found: usize =
            decided.iter().map(|(case, decision)| alternatives(&tables, case, decision).len()).sum();
        let each = found as f64 / decided.len() as f64;
        small(&format!("{what}: {each:.0} found"), decided.len(), || {
            for (case, decision) in &decided {
                drop(black_box(alternatives(&tables, black_box(case), decision)));
            }
        });
    }
}

/// Slugs of the areas.
fn areas(ground: &Ground) -> Vec<String> {
    let loaded = ground.loaded();
    let directory = &loaded.directory;
    let slug = |id: &_| directory.body(*id).identity.slug.clone();
    directory.bodies(BodyKind::MappaArea).iter().map(slug).collect()
}

fn many(ground: &Ground) {
    let areas = areas(ground);
    let inputs: Vec<Json> =
        (0..MANY_CASES).map(|number| Numbered::new(&areas, DEFAULT_DIRECTORY_DATE, number).input()).collect();
    let body = json!({ "query": MANY, "variables": { "cases": inputs } }).to_string();
    let address = ground.serve(None);
    let request = load::post(address, "/graphql", body.as_bytes());
    let mut connection = Connection::open(address);
    let mut length = 0;
    let mut rounds: Vec<f64> = (0..MANY_ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let answer = connection.ask(&request);
            let took = began.elapsed().as_secs_f64();
            are_managed(answer);
            length = answer.len();
            took
        })
        .collect();
    let median = median(&mut rounds);
    println!("routeMany with {MANY_CASES} cases in one request of {} bytes", request.len());
    println!(
        "  best {:.2} ms, median {:.2} ms, {length} bytes of answer, {:.0} cases a second",
        rounds[0] * 1e3,
        median * 1e3,
        MANY_CASES as f64 / median
    );
}

fn are_managed(body: &[u8]) {
    let answer: Json = serde_json::from_slice(body).expect("an answer in JSON");
    let routes = answer["data"]["routeMany"].as_array().map(Vec::as_slice).unwrap_or_default();
    let managed = routes.iter().filter(|route| route["manager"]["name"].is_string()).count();
    assert!(managed == MANY_CASES && answer.get("errors").is_none(), "only {managed} are managed");
}

/// How a program over a file went.
struct FileRun {
    took: Duration,
    peak: u64,
    said: String,
}

fn files(ground: &Ground, rows: &[usize]) {
    let areas = areas(ground);
    println!("probation-directory route --csv, the whole run of the program");
    let runs: Vec<(usize, FileRun)> = rows
        .iter()
        .map(|rows| {
            let input = ground.folder().join(format!("{rows}.csv"));
            write_cases(&input, &areas, *rows);
            (*rows, decide_file(ground, &input))
        })
        .collect();
    for (rows, run) in &runs {
        let seconds = run.took.as_secs_f64();
        println!(
            "  {rows:>7} rows: {seconds:.2} s, {:.0} rows a second, {} kB of memory at most; {}",
            *rows as f64 / seconds,
            run.peak,
            run.said
        );
    }
    if let [(few, first), .., (most, last)] = runs.as_slice() {
        let rows = most.abs_diff(*few) as f64;
        let seconds = last.took.as_secs_f64() - first.took.as_secs_f64();
        println!(
            "  without its start: {:.0} rows a second; {:.2} times the memory for {:.0} times the rows",
            rows / seconds,
            last.peak as f64 / first.peak as f64,
            *most as f64 / *few as f64
        );
    }
}

fn write_cases(path: &Path, areas: &[String], rows: usize) {
    let mut text = cases::COLUMNS.to_owned();
    for number in 0..rows {
        text.push_str(&Numbered::new(areas, DEFAULT_DIRECTORY_DATE, number).row());
    }
    std::fs::write(path, text).expect("a file of cases");
}

fn decide_file(ground: &Ground, input: &Path) -> FileRun {
    let began = Instant::now();
    let mut child = Command::new(ground::program())
        .arg("route")
        .arg("--csv")
        .arg(input)
        .arg("--out")
        .arg(input.with_extension("answers"))
        .env("DATA_DIR", ground.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut peak = 0;
    while child.try_wait().expect("a state").is_none() {
        peak = peak.max(peak_memory(&child));
        std::thread::sleep(LOOK_EVERY);
    }
    let took = began.elapsed();
    let output = child.wait_with_output().expect("its output");
    assert!(output.status.success(), "the program failed");
    let said = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    FileRun { took, peak, said }
}

/// The most memory that a running program has had, in kB; it only ever grows, so that the last look tells.
fn peak_memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A round of the load: its figures, and how much of their cores server and client used.
struct Round {
    figures: Figures,
    server: f64,
    client: f64,
}

impl Round {
    /// Microseconds that a share of a core comes to for each answer.
    fn each(&self, share: f64) -> f64 {
        share * 1e6 / self.figures.rps
    }
}

fn beside_fixed_bytes(ground: &Ground, arguments: &Arguments) {
    let cores = Cores::choose();
    let (real, real_exchanges) = real_side(ground, cores);
    let (fixed, fixed_exchanges) = fixed_side(&real_exchanges, &areas(ground), cores);
    let lasting = Duration::from_secs_f64(arguments.seconds);
    let waiting = if arguments.spin { Waiting::Looking } else { Waiting::Sleeping };
    let round = |address, exchanges, lasting| round(address, exchanges, lasting, waiting, cores);
    println!(
        "route over HTTP beside {} fixed bytes: {VARIANTS} different requests in turn, {CONNECTIONS} connections, one worker, no log",
        fixed_exchanges[0].length
    );
    println!("  {}; a client with nothing to do is {waiting:?}", cores.told());
    // Whatever is made on the first requests is made before it is timed.
    round(fixed, &fixed_exchanges, lasting / 3);
    round(real, &real_exchanges, lasting / 3);
    let (mut ratios, mut by_cpu) = (Vec::new(), Vec::new());
    for number in 1..=arguments.rounds {
        let fixed = round(fixed, &fixed_exchanges, lasting);
        let real = round(real, &real_exchanges, lasting);
        let ratio = real.figures.rps / fixed.figures.rps;
        println!("  round {number}: fixed {}", told(&fixed));
        println!("           route {}; ratio {ratio:.3}", told(&real));
        ratios.push(ratio);
        // Where others use the cores too, this says more than the answers that were left room for.
        by_cpu.push(fixed.each(fixed.server) / real.each(real.server));
    }
    spread("answers a second, route to fixed", &mut ratios);
    spread("the server's CPU an answer, fixed to route", &mut by_cpu);
}

/// Prints the median of ratios, and between which they lie.
fn spread(what: &str, ratios: &mut [f64]) {
    if ratios.is_empty() {
        return;
    }
    let median = median(ratios);
    println!("  median ratio {median:.3}, from {:.3} to {:.3}: {what}", ratios[0], ratios[ratios.len() - 1]);
}

/// The real service, and requests to it that each were answered once.
fn real_side(ground: &Ground, cores: Cores) -> (SocketAddr, Vec<Exchange>) {
    let address = ground.serve(cores.server);
    let bodies = bodies(&areas(ground));
    let requests = bodies.iter().map(|body| load::post(address, "/graphql", body.as_bytes())).collect();
    (address, load::learn(address, requests, is_managed))
}

/// A handler that answers as many bytes as the service does at the median, and the same requests to it.
fn fixed_side(real: &[Exchange], areas: &[String], cores: Cores) -> (SocketAddr, Vec<Exchange>) {
    let mut lengths: Vec<usize> = real.iter().map(|exchange| exchange.length).collect();
    lengths.sort_unstable();
    let length = lengths[lengths.len() / 2];
    let address = fixed::serve(vec![b'.'; length], cores.server);
    let bodies = bodies(areas);
    let requests = bodies.iter().map(|body| load::post(address, "/graphql", body.as_bytes())).collect();
    (address, load::learn(address, requests, |body| assert_eq!(body.len(), length)))
}

/// The bodies of the requests that the load client sends.
fn bodies(areas: &[String]) -> Vec<String> {
    let body = |number| {
        let case = Numbered::new(areas, DEFAULT_DIRECTORY_DATE, number).input();
        json!({ "query": SHORT, "variables": { "case": case } }).to_string()
    };
    (0..VARIANTS).map(body).collect()
}

fn round(
    address: SocketAddr,
    exchanges: &[Exchange],
    lasting: Duration,
    waiting: Waiting,
    cores: Cores,
) -> Round {
    let (began, before) = (Instant::now(), cores::spent_by_living_threads());
    let (figures, client) =
        cores::run_on(cores.client, || load::load(address, exchanges, 0, CONNECTIONS, lasting, waiting));
    let elapsed = began.elapsed().as_secs_f64();
    // The client's thread has ended, so that what the living ones spent is the server's.
    let server = cores::spent_by_living_threads().saturating_sub(before);
    Round { figures, server: server.as_secs_f64() / elapsed, client: client.as_secs_f64() / elapsed }
}

fn told(round: &Round) -> String {
    let Round { figures: Figures { rps, p50, p99, errors, .. }, server, client } = round;
    let mut told = format!(
        "{rps:>6.0} rps, p50 {:.2} ms, p99 {:.2} ms, CPU of server {:.0} % ({:.1} us each), of client {:.0} % ({:.1} us each)",
        p50.as_secs_f64() * 1e3,
        p99.as_secs_f64() * 1e3,
        server * 100.0,
        round.each(*server),
        client * 100.0,
        round.each(*client)
    );
    if *errors > 0 {
        write!(told, ", {errors} ERRORS").expect("a string");
    }
    told
}
