//! Random sequences of changes beside a model that keeps, day by day, who holds which seat: what is taken and what is refused,
//! and what every version knew of every day, must be the same.
//!
//! The model shares no code with the program: it fills days of an array, and looks at every day. `MODEL_SEQUENCES` asks for
//! more of them, `MODEL_SEED` for others.

use crate::storage::CHANGE;
use crate::support::TestDatabase;
use crate::support::database::RUNTIME;
use crate::support::random::{Random, from_environment};
use chrono::{Days, NaiveDate};
use probation_directory::actions::follow_changes::Follower;
use probation_directory::actions::make_change::{Asked, By, Done, Made, Writer, content_digest};
use probation_directory::clock::SystemClock;
use probation_directory::directory::Directory;
use probation_directory::directory::change::{
    AppointMember, CorrectAppointment, EndAppointment, Order, RenewAppointment, WithdrawAppointment,
};
use probation_directory::directory::live::LiveDirectory;
use probation_directory::directory::view::Moment;
use probation_directory::domain::board::SeatState;
use probation_directory::domain::calendar::Calendar;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOARDS: [&str; 3] = ["east", "north", "west"];
const PERSONS: usize = 8;
/// Who comes from a company, and until which day.
const FROM_COMPANY: (usize, usize) = (5, 150);
/// The board that may have more than two lay advisers, and on which days.
const APPROVED: (usize, std::ops::Range<usize>) = (0, 150..250);
/// Days that the model keeps one by one, and the last of them, which stands for every day from then on.
const DAYS: usize = 400;
const FOR_EVER: usize = DAYS;

/// Sequences that share a database: more of them would make each change slower.
const A_DATABASE: usize = 20;
const OPERATIONS: usize = 40;

/// What a seat is on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Lay,
    Statutory,
    Other,
}

/// Seats of every board: slug, and what each is from a day to the one before another.
type Exists = &'static [(What, usize, usize)];
const SEATS: [(&str, Exists); 6] = [
    ("closed", &[(What::Statutory, 100, 300)]),
    ("guest", &[(What::Other, 0, 200), (What::Lay, 200, FOR_EVER + 1)]),
    ("lay-1", &[(What::Lay, 0, FOR_EVER + 1)]),
    ("lay-2", &[(What::Lay, 0, FOR_EVER + 1)]),
    ("lay-3", &[(What::Lay, 0, FOR_EVER + 1)]),
    ("police", &[(What::Statutory, 0, FOR_EVER + 1)]),
];

fn what_is(seat: usize, day: usize) -> Option<What> {
    let of_seat = SEATS[seat].1.iter();
    of_seat.clone().find(|(_, from, until)| *from <= day && day < *until).map(|(what, ..)| *what)
}

fn date(day: usize) -> NaiveDate {
    // A year in which the two calendars agree, and bank on no edge of the restructure.
    "2015-01-01".parse::<NaiveDate>().expect("a day") + Days::new(day as u64)
}

fn person(number: usize) -> String {
    format!("model-person-{number}")
}

/// Who holds a seat on a day, by which appointment.
type Cell = Option<(usize, i64)>;

/// Every seat of every board, day by day.
#[derive(Clone)]
struct State {
    seats: Vec<Rc<Vec<Cell>>>,
}

/// A term as the days say it: the last is none where it goes on for ever.
type Term = (usize, Option<usize>);

impl State {
    fn empty() -> State {
        let seats = (0..BOARDS.len() * SEATS.len()).map(|_| Rc::new(vec![None; DAYS + 1]));
        State { seats: seats.collect() }
    }

    fn cell(&self, board: usize, seat: usize, day: usize) -> Cell {
        self.seats[board * SEATS.len() + seat][day]
    }

    /// Where an appointment stands, whose it is, and its days.
    fn find(&self, fact: i64) -> Option<(usize, usize, Term)> {
        self.seats.iter().enumerate().find_map(|(place, days)| {
            let is_it = |cell: &Cell| cell.is_some_and(|(_, of)| of == fact);
            let from = days.iter().position(is_it)?;
            let last = days.iter().rposition(is_it)?;
            let person = days[from]?.0;
            Some((place, person, (from, (last < FOR_EVER).then_some(last))))
        })
    }

    fn standing(&self) -> Vec<i64> {
        let mut facts: Vec<i64> =
            self.seats.iter().flat_map(|days| days.iter().flatten().map(|it| it.1)).collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    fn without(&self, fact: i64) -> State {
        let mut state = self.clone();
        for days in &mut state.seats {
            if days.iter().flatten().any(|it| it.1 == fact) {
                for cell in Rc::make_mut(days) {
                    *cell = cell.filter(|it| it.1 != fact);
                }
            }
        }
        state
    }

    /// With a term more; none where a day of it is taken.
    fn with(&self, place: usize, person: usize, fact: i64, (from, last): Term) -> Option<State> {
        let mut state = self.clone();
        let days = Rc::make_mut(&mut state.seats[place]);
        for cell in &mut days[from..=last.unwrap_or(FOR_EVER)] {
            if cell.replace((person, fact)).is_some() {
                return None;
            }
        }
        Some(state)
    }

    /// Whether every day could be.
    fn is_sound(&self) -> bool {
        (0..=FOR_EVER).all(|day| self.is_sound_on(day))
    }

    fn is_sound_on(&self, day: usize) -> bool {
        let mut held: Vec<(usize, usize, What)> = Vec::new();
        for board in 0..BOARDS.len() {
            let mut lay = 0;
            for seat in 0..SEATS.len() {
                let Some((person, _)) = self.cell(board, seat, day) else { continue };
                // Nobody sits in a seat that is not there.
                let Some(what) = what_is(seat, day) else { return false };
                if what == What::Statutory && person == FROM_COMPANY.0 && day < FROM_COMPANY.1 {
                    return false;
                }
                for (other_board, other, other_what) in &held {
                    let is_lay = what == What::Lay || *other_what == What::Lay;
                    if *other == person && (*other_board == board || is_lay) {
                        return false;
                    }
                }
                held.push((board, person, what));
                lay += usize::from(what == What::Lay);
            }
            if lay > 2 && !(board == APPROVED.0 && APPROVED.1.contains(&day)) {
                return false;
            }
        }
        true
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
enum Operation {
    Appoint { board: usize, seat: usize, person: usize, from: usize, last: Option<usize> },
    Renew { fact: i64, last: Option<usize> },
    End { fact: i64, last: usize },
    Correct { fact: i64, person: Option<usize>, from: Option<usize>, last: Option<usize>, is_open: bool },
    Withdraw { fact: i64 },
}

/// How it is asked for.
#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    expected: Option<i64>,
    is_dry: bool,
    /// Number of the key; the same as that of an earlier step where it is repeated.
    key: usize,
}

impl Operation {
    fn chosen(random: &mut Random, state: &State, withdrawn: &[i64]) -> Operation {
        let standing = state.standing();
        let kind = if standing.is_empty() { 0 } else { random.below(12) };
        let mut fact = standing.get(random.below(standing.len())).copied().unwrap_or(-1);
        if random.chance(4) {
            fact = random.one_of(withdrawn).copied().unwrap_or(987_654_321);
        }
        let from = random.below(DAYS);
        let last = (!random.chance(15)).then(|| (from + random.below(250)).min(DAYS - 1));
        let near = |random: &mut Random| random.below(DAYS);
        match kind {
            0..5 => {
                // Mostly where lay advisers sit, and on the board that may have more of them.
                let board = if random.chance(45) { APPROVED.0 } else { random.below(BOARDS.len()) };
                let seat = if random.chance(50) { 1 + random.below(4) } else { random.below(SEATS.len()) };
                let person = random.below(PERSONS);
                // Now and then the last day lies before the first.
                let last = if random.chance(3) { Some(near(random)) } else { last };
                Operation::Appoint { board, seat, person, from, last }
            }
            5 | 6 => {
                // Mostly after the term that is renewed.
                let ends = state.find(fact).and_then(|(_, _, (_, last))| last);
                let last = match ends {
                    Some(ends) if random.chance(80) => Some((ends + random.below(90)).min(DAYS - 1)),
                    _ => last,
                };
                Operation::Renew { fact, last }
            }
            7 | 8 => {
                let from = state.find(fact).map_or(0, |(_, _, (from, _))| from);
                let last = if random.chance(70) { from + random.below(100) } else { near(random) };
                Operation::End { fact, last: last.min(DAYS - 1) }
            }
            9 | 10 => Operation::Correct {
                fact,
                person: random.chance(40).then(|| random.below(PERSONS)),
                from: random.chance(40).then(|| near(random)),
                last: random.chance(40).then(|| near(random)),
                is_open: random.chance(15),
            },
            _ => Operation::Withdraw { fact },
        }
    }

    /// The order that the program is given.
    fn order(&self) -> Arc<dyn Order> {
        let date_of = |day: &Option<usize>| day.map(date);
        match self {
            Operation::Appoint { board, seat, person: number, from, last } => Arc::new(AppointMember {
                board: BOARDS[*board].to_owned(),
                seat: SEATS[*seat].0.to_owned(),
                person: person(*number),
                from: date(*from),
                last_day: date_of(last),
                appointed_by: None,
            }),
            Operation::Renew { fact, last } => {
                Arc::new(RenewAppointment { appointment: *fact, last_day: date_of(last), appointed_by: None })
            }
            Operation::End { fact, last } => {
                Arc::new(EndAppointment { appointment: *fact, last_day: date(*last), end_reason: None })
            }
            Operation::Correct { fact, person: number, from, last, is_open } => {
                Arc::new(CorrectAppointment {
                    appointment: *fact,
                    person: number.map(person),
                    from: date_of(from),
                    last_day: date_of(last),
                    is_open: *is_open,
                    appointed_by: None,
                    end_reason: None,
                })
            }
            Operation::Withdraw { fact } => Arc::new(WithdrawAppointment { appointment: *fact }),
        }
    }
}

/// The number that a new appointment gets in a trial, before anyone knows it.
const NEW: i64 = -7;

/// Everything that the model knows.
struct Model {
    state: State,
    /// The state of every version that it made.
    versions: BTreeMap<i64, State>,
    /// The version of the last change of each board.
    touched: [i64; 3],
    withdrawn: Vec<i64>,
}

impl Model {
    /// What an operation would make of the state; none where it is refused. And the board that it is about.
    fn tried(&self, operation: &Operation) -> (Option<State>, Option<usize>) {
        let of = |fact: &i64| self.state.find(*fact);
        let (next, place) = match operation {
            Operation::Appoint { board, seat, person, from, last } => {
                let place = board * SEATS.len() + seat;
                let is_forward = last.is_none_or(|last| *from <= last);
                let next = is_forward.then(|| self.state.with(place, *person, NEW, (*from, *last)));
                (next.flatten(), Some(place))
            }
            Operation::Renew { fact, last } => match of(fact) {
                Some((place, person, (_, Some(ends)))) => {
                    let is_forward = last.is_none_or(|last| ends < last);
                    let next = is_forward.then(|| self.state.with(place, person, NEW, (ends + 1, *last)));
                    (next.flatten(), Some(place))
                }
                found => (None, found.map(|it| it.0)),
            },
            Operation::End { fact, last } => match of(fact) {
                Some((place, person, (from, ends))) => {
                    let is_earlier = ends.is_none_or(|ends| *last < ends);
                    let without = self.state.without(*fact);
                    let next = (from <= *last && is_earlier)
                        .then(|| without.with(place, person, *fact, (from, Some(*last))));
                    (next.flatten(), Some(place))
                }
                None => (None, None),
            },
            Operation::Correct { fact, person, from, last, is_open } => match of(fact) {
                Some((place, holder, (old_from, old_last))) => {
                    let new_from = from.unwrap_or(old_from);
                    let new_last = if *is_open { None } else { last.or(old_last) };
                    let new_holder = person.unwrap_or(holder);
                    let is_plain = !(*is_open && last.is_some());
                    let is_forward = new_last.is_none_or(|last| new_from <= last);
                    let is_other = (new_holder, new_from, new_last) != (holder, old_from, old_last);
                    let without = self.state.without(*fact);
                    let next = (is_plain && is_forward && is_other)
                        .then(|| without.with(place, new_holder, *fact, (new_from, new_last)));
                    (next.flatten(), Some(place))
                }
                None => (None, None),
            },
            Operation::Withdraw { fact } => match of(fact) {
                Some((place, ..)) => (Some(self.state.without(*fact)), Some(place)),
                None => (None, None),
            },
        };
        (next.filter(State::is_sound), place.map(|place| place / SEATS.len()))
    }

    /// Takes over what was done.
    fn take(&mut self, mut next: State, board: usize, version: i64, fact: Option<i64>) {
        for days in &mut next.seats {
            if days.iter().flatten().any(|it| it.1 == NEW) {
                let number = fact.expect("the number of a new appointment");
                for cell in Rc::make_mut(days) {
                    *cell = cell.map(|it| if it.1 == NEW { (it.0, number) } else { it });
                }
            }
        }
        let gone = self.state.standing();
        self.state = next;
        let stays = self.state.standing();
        self.withdrawn.extend(gone.into_iter().filter(|fact| !stays.contains(fact)));
        self.touched[board] = version;
        self.versions.insert(version, self.state.clone());
    }

    /// What is due for a day as known in a version: who holds each seat that is there, and the term.
    fn due(&self, day: usize, known: i64) -> Vec<String> {
        let nothing = State::empty();
        let state = self.versions.range(..=known).next_back().map_or(&nothing, |(_, state)| state);
        let cell = day.min(FOR_EVER);
        let mut due = Vec::new();
        for (board, slug) in BOARDS.iter().enumerate() {
            for (seat, (name, _)) in SEATS.iter().enumerate() {
                if what_is(seat, cell).is_none() {
                    continue;
                }
                let held = state.cell(board, seat, cell).map(|(holder, fact)| {
                    let (_, _, (from, last)) = state.find(fact).expect("a term");
                    let last = last.map_or("open".to_owned(), |last| date(last).to_string());
                    format!("{} {} {last}", person(holder), date(from))
                });
                due.push(format!("{slug} {name}: {}", held.unwrap_or_else(|| "not recorded".to_owned())));
            }
        }
        due
    }
}

/// The same of a directory.
fn answered(directory: &Directory, day: usize, known: i64) -> Vec<String> {
    let view = directory.at(Moment { on: date(day), calendar: Calendar::Operational, known });
    let mut answered = Vec::new();
    for slug in BOARDS {
        let board = view.board_on(directory.board_by_slug(slug).expect("a board"));
        for seat in board.seats {
            let held = match seat.state {
                SeatState::Held(holder) => {
                    let key = directory.person(holder.person).map(|person| person.key.clone());
                    let last = holder.term.last_day().map_or("open".to_owned(), |last| last.to_string());
                    format!("{} {} {last}", key.expect("a person"), holder.term.from())
                }
                SeatState::Vacant(_) => "vacant".to_owned(),
                SeatState::NotRecorded => "not recorded".to_owned(),
            };
            answered.push(format!("{slug} {}: {held}", seat.slug));
        }
    }
    answered
}

/// Three boards with their seats, persons, a company and an approval, and nothing else.
fn world() -> Vec<String> {
    let cited = "'GK', 'ASSUMPTION'";
    let days = |from: usize, until: usize| {
        let until = if until > FOR_EVER { String::new() } else { date(until).to_string() };
        format!("'[{},{until})'", date(from))
    };
    let mut statements = vec![
        CHANGE.to_owned(),
        "INSERT INTO body (kind, slug, country) VALUES ('CRC', 'company', 'England')".to_owned(),
    ];
    for board in BOARDS {
        statements.push(format!(
            "INSERT INTO body (kind, slug, country) VALUES ('MAPPA_AREA', '{board}', 'England')"
        ));
        statements.push(format!(
            "INSERT INTO board (slug, area_id) SELECT slug, id FROM body WHERE slug = '{board}'"
        ));
        statements.push(format!(
            "INSERT INTO board_description (board_id, name, valid, source, basis) SELECT id, 'Board of {board}', '[2004-04-05,)', {cited} FROM board WHERE slug = '{board}'"
        ));
        for (seat, over_time) in SEATS {
            statements.push(format!(
                "INSERT INTO seat (board_id, slug) SELECT id, '{seat}' FROM board WHERE slug = '{board}'"
            ));
            statements.extend(over_time.iter().map(|(what, from, until)| {
                let basis = match what {
                    What::Lay => "LAY_ADVISER",
                    What::Other => "INVITED_PARTNER",
                    What::Statutory if seat == "police" => "RA_POLICE",
                    What::Statutory => "DTC",
                };
                format!(
                    "INSERT INTO seat_description (seat_id, board_id, seat_basis, title, valid, source, basis) \
                     SELECT s.id, b.id, '{basis}', 'A seat', {}, {cited} FROM board b JOIN seat s ON s.board_id = b.id \
                     WHERE b.slug = '{board}' AND s.slug = '{seat}'",
                    days(*from, *until)
                )
            }));
        }
    }
    statements.push(format!(
        "INSERT INTO body_period (body_id, valid, source, basis) SELECT id, '[2004-04-05,)', {cited} FROM body"
    ));
    statements.push(format!(
        "INSERT INTO body_name (body_id, usage, name, valid, source, basis) SELECT id, 'NAME', 'Body ' || slug, '[2004-04-05,)', {cited} FROM body"
    ));
    statements.push(format!(
        "INSERT INTO board_document (board_id, kind, valid, source, basis) SELECT id, 'MINISTERIAL_APPROVAL', {}, {cited} FROM board WHERE slug = '{}'",
        days(APPROVED.1.start, APPROVED.1.end),
        BOARDS[APPROVED.0]
    ));
    statements
        .extend((0..PERSONS).map(|number| format!("INSERT INTO person (key) VALUES ('{}')", person(number))));
    statements.push(
        "INSERT INTO person_name (person_id, name, review_on) SELECT id, 'Example ' || key, '2040-01-01' FROM person"
                .to_owned(),
    );
    statements.push(format!(
        "INSERT INTO person_body (person_id, body_id, valid, source, basis) \
         SELECT p.id, b.id, {}, {cited} FROM person p, body b WHERE p.key = '{}' AND b.slug = 'company'",
        days(0, FROM_COMPANY.1),
        person(FROM_COMPANY.0)
    ));
    statements
}

/// A database with a writer and the model of it.
struct Bench {
    database: TestDatabase,
    live: Arc<LiveDirectory>,
    writer: Writer,
    model: Model,
    /// Steps that were made, with their versions: each may be repeated under its key.
    made: Vec<(Step, i64)>,
    steps: usize,
    refused: usize,
    /// Every code by which something was refused.
    codes: BTreeSet<&'static str>,
    /// What was answered of days as known in versions that were past already.
    told: Vec<(usize, i64, Vec<String>)>,
}

impl Bench {
    fn new() -> Bench {
        let database = TestDatabase::migrated();
        database.execute_together(&world());
        let live = Arc::new(LiveDirectory::default());
        let follower = Follower {
            store: database.store.clone(),
            live: Arc::clone(&live),
            clock: Arc::new(SystemClock),
            poll: Duration::from_secs(3600),
        };
        RUNTIME.block_on(follower.refresh()).expect("a directory");
        let writer = Writer::new(database.store.clone(), Arc::clone(&live), Arc::new(SystemClock));
        let model = Model {
            state: State::empty(),
            versions: BTreeMap::new(),
            touched: [1; 3],
            withdrawn: Vec::new(),
        };
        Bench {
            database,
            live,
            writer,
            model,
            made: Vec::new(),
            steps: 0,
            refused: 0,
            codes: BTreeSet::new(),
            told: Vec::new(),
        }
    }

    fn ask(&mut self, step: &Step) -> Result<Box<Done>, String> {
        let digest = content_digest(b"model", &format!("{:?} {:?}", step.operation, step.expected));
        let asked = Asked {
            by: By::CommandLine,
            reason: None,
            expected_version: step.expected,
            is_dry: step.is_dry,
            idempotency: (!step.is_dry).then(|| (format!("key-{}", step.key), digest)),
        };
        match RUNTIME.block_on(self.writer.make(step.operation.order(), asked)).expect("a database") {
            Made::Done(done) => Ok(done),
            Made::Refused { refusals, .. } => {
                // The guards of the database are behind what the program decides, and never before it.
                assert!(
                    refusals.iter().all(|it| it.code.code() != "INTEGRITY_REFUSED"),
                    "{step:?}: {refusals:?}"
                );
                self.codes.extend(refusals.iter().map(|it| it.code.code()));
                Err(refusals.iter().map(|it| format!("{} {}", it.code.code(), it.message)).collect())
            }
        }
    }

    fn step(&mut self, random: &mut Random) {
        self.steps += 1;
        if random.chance(4)
            && let Some((step, version)) = random.one_of(&self.made).cloned()
        {
            let again = self.ask(&step).unwrap_or_else(|why| panic!("a repeat of {step:?}: {why}"));
            assert_eq!((again.version, again.is_repeated), (version, true), "{step:?}");
            return;
        }
        let operation = Operation::chosen(random, &self.model.state, &self.model.withdrawn);
        let (next, board) = self.model.tried(&operation);
        let expected = random.chance(20).then(|| match board {
            Some(board) if random.chance(60) => self.model.touched[board],
            _ => 1 + random.below(self.steps) as i64,
        });
        let is_current = match (board, expected) {
            (Some(board), Some(expected)) => self.model.touched[board] == expected,
            _ => true,
        };
        let step = Step { operation, expected, is_dry: random.chance(5), key: self.steps };
        let outcome = self.ask(&step);
        match (next.filter(|_| is_current), outcome) {
            (Some(next), Ok(done)) => {
                assert!(!done.is_repeated, "{step:?}");
                if !step.is_dry {
                    let board = board.expect("a board");
                    self.model.take(next, board, done.version, done.summary.added("appointment"));
                    self.made.push((step, done.version));
                }
            }
            (None, Err(_)) => self.refused += 1,
            (next, outcome) => {
                let due = if next.is_some() { "taken" } else { "refused" };
                let told = outcome.map(|done| done.version);
                panic!(
                    "{step:?} is to be {due}, and the program says {told:?}; made so far: {:#?}",
                    self.made
                )
            }
        }
    }

    /// Random days as known in random versions, of what is served and of what stands.
    fn compare(&mut self, random: &mut Random, pairs: usize) {
        let served = self.live.current().expect("a directory");
        let stands = RUNTIME.block_on(self.database.store.load_directory(None)).expect("a directory");
        let newest = stands.version();
        assert_eq!(served.directory.version(), newest);
        for _ in 0..pairs {
            let day = if random.chance(5) { DAYS + random.below(1000) } else { random.below(DAYS) };
            let known = if random.chance(20) { newest } else { 1 + random.below(newest as usize) as i64 };
            let due = self.model.due(day, known);
            assert_eq!(answered(&stands, day, known), due, "on {} as known in {known}", date(day));
            assert_eq!(answered(&served.directory, day, known), due, "on {} as known in {known}", date(day));
            self.told.push((day, known, due));
        }
    }

    /// Whatever was told of a version is told again, however much was changed since.
    fn told_is_told(&self) {
        let stands = RUNTIME.block_on(self.database.store.load_directory(None)).expect("a directory");
        for (day, known, told) in &self.told {
            assert_eq!(&answered(&stands, *day, *known), told, "on {} as known in {known}", date(*day));
        }
        assert_eq!(RUNTIME.block_on(self.database.store.first_bad_change()).expect("the chain"), None);
    }
}

#[test]
fn random_changes_are_taken_refused_and_remembered_as_a_day_by_day_model_says() {
    let sequences = from_environment("MODEL_SEQUENCES", 40) as usize;
    let seed = from_environment("MODEL_SEED", 1);
    let began = Instant::now();
    let (mut steps, mut made, mut refused, mut compared) = (0, 0, 0, 0);
    let mut codes = BTreeSet::new();
    for first in (0..sequences).step_by(A_DATABASE) {
        let mut bench = Bench::new();
        for sequence in first..sequences.min(first + A_DATABASE) {
            let mut random = Random::new(seed * 1_000_003 + sequence as u64);
            // Each begins with empty seats, and with whatever was known before.
            for fact in bench.model.state.standing() {
                let operation = Operation::Withdraw { fact };
                let (next, board) = bench.model.tried(&operation);
                bench.steps += 1;
                let step = Step { operation, expected: None, is_dry: false, key: bench.steps };
                let done = bench.ask(&step).unwrap_or_else(|why| panic!("{step:?}: {why}"));
                bench.model.take(next.expect("a state"), board.expect("a board"), done.version, None);
            }
            for _ in 0..OPERATIONS {
                bench.step(&mut random);
            }
            bench.compare(&mut random, 25);
        }
        bench.told_is_told();
        steps += bench.steps;
        made += bench.made.len();
        refused += bench.refused;
        compared += bench.told.len();
        codes.extend(bench.codes);
    }
    eprintln!(
        "{sequences} sequences, {steps} steps, {made} made, {refused} refused, {compared} days compared, in {:?}",
        began.elapsed()
    );
    // A sequence in which everything is refused would show nothing, nor would one in which a rule never spoke.
    assert!(made > sequences * OPERATIONS / 5 && refused > sequences * OPERATIONS / 5, "{made} {refused}");
    let due = [
        "COMPANY_IN_STATUTORY_SEAT",
        "END_BEFORE_START",
        "INVALID_VALUE",
        "LAY_ADVISER_CAP",
        "LAY_ADVISER_ELSEWHERE",
        "NOTHING_TO_CHANGE",
        "OVERLAP",
        "SEAT_CLOSED",
        "SECOND_SEAT_ON_BOARD",
        "STALE_VERSION",
        "UNKNOWN_APPOINTMENT",
    ];
    assert_eq!(codes, BTreeSet::from(due));
}

/// The model would notice: a state that no board can have is not sound, each for its own reason.
#[test]
fn the_model_knows_what_could_not_be() {
    let place = |board: usize, seat: &str| {
        board * SEATS.len() + SEATS.iter().position(|(slug, _)| *slug == seat).expect("a seat")
    };
    let state = |terms: &[(usize, usize, Term)]| {
        terms.iter().enumerate().try_fold(State::empty(), |state, (nth, (place, person, term))| {
            state.with(*place, *person, nth as i64, *term)
        })
    };
    let is_sound = |terms: &[(usize, usize, Term)]| state(terms).is_some_and(|state| state.is_sound());
    let [one, two, three] = ["lay-1", "lay-2", "lay-3"];
    assert!(is_sound(&[(place(1, one), 0, (0, None)), (place(1, two), 1, (0, None))]));
    // A third lay adviser on one day; with the approval; on the day after it ended.
    let third = |board: usize, term: Term| {
        is_sound(&[
            (place(board, one), 0, (0, None)),
            (place(board, two), 1, (0, None)),
            (place(board, three), 2, term),
        ])
    };
    assert!(!third(1, (160, Some(160))) && third(0, (160, Some(249))) && !third(0, (160, Some(250))));
    // A guest's seat is that of a lay adviser from day 200 on.
    let guest = |last| {
        is_sound(&[
            (place(1, one), 0, (0, None)),
            (place(1, two), 1, (0, None)),
            (place(1, "guest"), 2, (190, Some(last))),
        ])
    };
    assert!(guest(199) && !guest(200));
    // A held seat, two seats of one board, a lay adviser elsewhere, a seat that is not there, a company's person.
    assert!(!is_sound(&[(place(1, one), 0, (0, Some(9))), (place(1, one), 1, (9, None))]));
    assert!(!is_sound(&[(place(1, "police"), 0, (0, Some(9))), (place(1, "guest"), 0, (9, Some(20)))]));
    assert!(is_sound(&[(place(1, "police"), 0, (0, Some(9))), (place(2, "guest"), 0, (9, Some(20)))]));
    assert!(!is_sound(&[(place(1, one), 0, (0, Some(9))), (place(2, "police"), 0, (9, Some(20)))]));
    assert!(
        !is_sound(&[(place(1, "closed"), 0, (99, Some(120)))])
            && is_sound(&[(place(1, "closed"), 0, (100, Some(299)))])
    );
    assert!(
        !is_sound(&[(place(1, "police"), 5, (149, None))])
            && is_sound(&[(place(1, "police"), 5, (150, None))])
    );
}
