//! A contest under load: servers that are asked the same, in turn, round by round, and a table of how they did.
//!
//! Each round asks each of them once, the handler of fixed bytes first; ratios are of one round, so that they say
//! little of what else the machine did. Who takes part, and what is asked, is left to the benches.

use super::cores::{self, Cores};
use super::load::{self, Connection, Exchange, Figures, Waiting};
use super::programs::{self, Program};
use super::servers::Peer;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Connections of the load client.
const CONNECTIONS: usize = 16;
/// How long each is asked before it is measured. Node takes seconds until it has compiled what it runs most.
const WARM_UP: Duration = Duration::from_secs(1);
const NODE_WARM_UP: Duration = Duration::from_secs(6);
/// What counts the answers of the service that were kept from before.
const KEPT: &str = "directory_kept_answers_total ";

/// How a contest is held.
pub struct Terms {
    /// Where servers and client run.
    pub cores: Cores,
    /// How often each is asked.
    pub rounds: usize,
    /// For how long.
    pub lasting: Duration,
    /// What the client does meanwhile.
    pub waiting: Waiting,
}

impl Terms {
    /// In words.
    pub fn told(&self) -> String {
        let Terms { cores, rounds, lasting, waiting } = self;
        let seconds = lasting.as_secs_f64();
        format!(
            "{}; one worker, {CONNECTIONS} connections; {rounds} rounds of {seconds} s each in turn; a client with nothing to do is {waiting:?}\nmedians of the rounds; CPU is the server's for an answer, PG that of PostgreSQL; ratios with their least and most",
            cores.told()
        )
    }
}

/// One round of one server.
struct Round {
    figures: Figures,
    /// Microseconds of CPU that an answer took.
    cpu: f64,
    /// The same of PostgreSQL, where it works for this server.
    postgresql: Option<f64>,
    /// The share of answers that were kept from before, where the server counts them.
    kept: Option<f64>,
}

impl Round {
    fn rps(&self) -> f64 {
        self.figures.rps
    }

    fn whole_cpu(&self) -> f64 {
        self.cpu + self.postgresql.unwrap_or(0.0)
    }
}

/// What kind of server takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// The handler of fixed bytes.
    Fixed,
    /// The service.
    Service,
    /// Another GraphQL server, with the data directory of the PostgreSQL that works for it, where one does.
    Peer(Option<PathBuf>),
}

/// A server with what it is asked.
struct Contestant {
    kind: Kind,
    name: String,
    program: Rc<Program>,
    exchanges: Arc<[Exchange]>,
    warm_up: Duration,
    /// Which request is next: a round goes on where the one before ended, so that it does not ask the same again.
    next: usize,
    rounds: Vec<Round>,
}

/// Servers that are asked the same.
pub struct Contest {
    title: String,
    /// The handler of fixed bytes first.
    contestants: Vec<Contestant>,
}

/// The length of an answer of which half are shorter.
pub fn usual_length(exchanges: &[Exchange]) -> usize {
    let mut lengths: Vec<usize> = exchanges.iter().map(|exchange| exchange.length).collect();
    lengths.sort_unstable();
    lengths[lengths.len() / 2]
}

impl Contest {
    /// A contest with a handler of fixed bytes, which is sent what the others are sent.
    pub fn new(title: &str, fixed: Rc<Program>, exchanges: &[Exchange]) -> Contest {
        let length = usual_length(exchanges);
        let fixed_bytes = |exchange: &Exchange| Exchange { length, request: Arc::clone(&exchange.request) };
        let exchanges = exchanges.iter().map(fixed_bytes).collect();
        let mut contest = Contest { title: format!("{title}; {length} bytes"), contestants: Vec::new() };
        contest.add(Kind::Fixed, "fixed bytes", fixed, exchanges, WARM_UP);
        contest
    }

    /// Lets the service take part, in one of its forms.
    pub fn add_service(&mut self, name: &str, program: Rc<Program>, exchanges: Arc<[Exchange]>) {
        self.add(Kind::Service, name, program, exchanges, WARM_UP);
    }

    /// Lets another GraphQL server take part.
    pub fn add_peer(&mut self, peer: Peer, exchanges: Arc<[Exchange]>) {
        self.add(Kind::Peer(peer.postgresql), peer.name, peer.program, exchanges, NODE_WARM_UP);
    }

    fn add(
        &mut self,
        kind: Kind,
        name: &str,
        program: Rc<Program>,
        exchanges: Arc<[Exchange]>,
        warm_up: Duration,
    ) {
        let name = name.to_owned();
        self.contestants.push(Contestant {
            kind,
            name,
            program,
            exchanges,
            warm_up,
            next: 0,
            rounds: Vec::new(),
        });
    }

    /// Holds it and prints how it went; whether every answer was right.
    pub fn run(mut self, terms: &Terms) -> bool {
        for contestant in &mut self.contestants {
            contestant.ask(terms, contestant.warm_up);
        }
        for _ in 0..terms.rounds {
            for contestant in &mut self.contestants {
                let round = contestant.ask(terms, terms.lasting);
                contestant.rounds.push(round);
            }
        }
        self.print();
        self.contestants.iter().all(|contestant| contestant.errors() == 0)
    }

    fn print(&self) {
        println!("\n{}", self.title);
        println!(
            "  {:<48} {:>9} {:>8} {:>8} {:>7} {:>7} {:>6}  {:<20} by CPU",
            "", "answers/s", "CPU us", "PG us", "p50 ms", "p99 ms", "kept", "to fixed"
        );
        let fixed = &self.contestants[0];
        for contestant in &self.contestants {
            println!("{}", contestant.row(fixed));
        }
        let is_service = |contestant: &&Contestant| contestant.kind == Kind::Service;
        for peer in self.contestants.iter().filter(|contestant| matches!(contestant.kind, Kind::Peer(_))) {
            for ours in self.contestants.iter().filter(is_service) {
                let answers = ratio(ours, peer, |ours, peer| ours.rps() / peer.rps());
                let cpu = ratio(ours, peer, |ours, peer| peer.whole_cpu() / ours.whole_cpu());
                println!("  {:<48} {answers} times {}; by CPU {cpu}", ours.name, peer.name);
            }
        }
    }
}

impl Contestant {
    /// Asks it for so long.
    fn ask(&mut self, terms: &Terms, lasting: Duration) -> Round {
        let spent_by_postgresql = || match &self.kind {
            Kind::Peer(Some(data)) => Some(programs::spent_by_postgresql(data).as_secs_f64()),
            _ => None,
        };
        let kept = self.kept();
        let (spent, postgresql) = (self.program.spent(), spent_by_postgresql());
        let Contestant { program, exchanges, next, .. } = self;
        let (address, from) = (program.address, *next);
        let (figures, _) = cores::run_on(terms.cores.client, || {
            load::load(address, exchanges, from, CONNECTIONS, lasting, terms.waiting)
        });
        *next = figures.next;
        let answers = (figures.rps * lasting.as_secs_f64()).max(1.0);
        let each = |seconds: f64| seconds * 1e6 / answers;
        let spent = program.spent().saturating_sub(spent).as_secs_f64();
        let postgresql = spent_by_postgresql().zip(postgresql).map(|(after, before)| each(after - before));
        let kept = self.kept().zip(kept).map(|(after, before)| (after - before) / answers);
        Round { figures, cpu: each(spent), postgresql, kept }
    }

    /// How many answers it has given that were kept from before, if it is the service.
    fn kept(&self) -> Option<f64> {
        if self.kind != Kind::Service {
            return None;
        }
        let address = self.program.address;
        let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let mut connection = Connection::open(address);
        let figures = std::str::from_utf8(connection.ask(request.as_bytes())).ok()?;
        figures.lines().find_map(|line| line.strip_prefix(KEPT))?.trim().parse().ok()
    }

    fn errors(&self) -> u64 {
        self.rounds.iter().map(|round| round.figures.errors).sum()
    }

    fn median(&self, figure: impl Fn(&Round) -> f64) -> f64 {
        spread(self.rounds.iter().map(figure).collect()).median
    }

    fn row(&self, fixed: &Contestant) -> String {
        let shown = |figure: Option<f64>, digits: usize| {
            figure.map_or("-".to_owned(), |figure| format!("{figure:.digits$}"))
        };
        let of_some = |figure: fn(&Round) -> Option<f64>| {
            let figures: Option<Vec<f64>> = self.rounds.iter().map(figure).collect();
            figures.map(|figures| spread(figures).median)
        };
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let mut row = format!(
            "  {:<48} {:>9.0} {:>8.1} {:>8} {:>7.2} {:>7.2} {:>6}  {:<20} {}",
            self.name,
            self.median(Round::rps),
            self.median(|round| round.cpu),
            shown(of_some(|round| round.postgresql), 1),
            self.median(|round| milliseconds(round.figures.p50)),
            self.median(|round| milliseconds(round.figures.p99)),
            shown(of_some(|round| round.kept), 2),
            ratio(self, fixed, |own, fixed| own.rps() / fixed.rps()),
            ratio(self, fixed, |own, fixed| fixed.whole_cpu() / own.whole_cpu()),
        );
        if self.errors() > 0 {
            row.push_str(&format!("  {} WRONG OR NO ANSWERS", self.errors()));
        }
        row
    }
}

/// The middle, the least and the most of some figures.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

fn spread(mut figures: Vec<f64>) -> Spread {
    figures.sort_by(f64::total_cmp);
    let [least, .., most] = figures.as_slice() else {
        let only = figures.first().copied().unwrap_or(f64::NAN);
        return Spread { least: only, median: only, most: only };
    };
    Spread { least: *least, median: figures[figures.len() / 2], most: *most }
}

/// The ratio of two servers, round by round.
fn ratio(one: &Contestant, other: &Contestant, of: impl Fn(&Round, &Round) -> f64) -> String {
    let rounds = one.rounds.iter().zip(&other.rounds);
    let Spread { least, median, most } = spread(rounds.map(|(one, other)| of(one, other)).collect());
    format!("{median:.2} ({least:.2} to {most:.2})")
}
