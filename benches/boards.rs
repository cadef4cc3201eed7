//! What boards cost in memory: building the directory and reading boards on a day, at 1, 10 and 100 times the 42.
//!
//! Run it with `cargo bench --bench boards`. Rows are made here and nothing is loaded, so that the figures are those of
//! the directory alone; compare them with each other.

use chrono::{DateTime, NaiveDate, Utc};
use probation_directory::directory::Directory;
use probation_directory::directory::board_records::{
    AppointmentRow, AttendanceRow, DeclarationRow, OfficeRow, PersonRow, SeatDescriptionRow, SeatRow,
};
use probation_directory::directory::person::{NameState, PersonName};
use probation_directory::directory::records::{
    BoardRow, BodyRow, ChangeStamp, Name, Records, Row, plain_citation,
};
use probation_directory::domain::board::codes::{DeclaredBy, Office};
use probation_directory::domain::board::{
    Attendance, Authority, Declaration, DeclarationKind, PersonKey, SeatBasis,
};
use probation_directory::domain::calendar::Calendar;
use probation_directory::domain::organisation::{BodyKind, NameUsage};
use probation_directory::domain::period::{Period, Versions};
use probation_directory::domain::source::{Basis, Citation};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Boards of the seed.
const BOARDS: i64 = 42;
/// Of each board: seats, terms a seat, meetings.
const SEATS: i64 = 12;
const TERMS: i64 = 4;
const MEETINGS: i64 = 12;
const ROUNDS: usize = 7;

fn main() {
    for times in [1, 10, 100] {
        let boards = BOARDS * times;
        let mut builds = Vec::new();
        let mut directory = None;
        for _ in 0..ROUNDS {
            let records = records(boards);
            let began = Instant::now();
            directory = Some(Directory::build(records, None).expect("a directory"));
            builds.push(began.elapsed());
        }
        let directory = directory.expect("a directory");
        let view = directory.view(day(2014, 11, 1), Calendar::Published);
        let mut reads: Vec<Duration> = directory
            .boards()
            .map(|id| {
                let began = Instant::now();
                std::hint::black_box(view.board_on(id));
                began.elapsed()
            })
            .collect();
        let mut expiring: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let began = Instant::now();
                std::hint::black_box(view.expiring(90));
                began.elapsed()
            })
            .collect();
        println!("{boards} boards, {} seats, {} terms:", boards * SEATS, boards * SEATS * TERMS);
        report("  building the directory", &mut builds);
        report("  reading a board on a day", &mut reads);
        report("  listing terms that end within 90 days", &mut expiring);
    }
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!("{what}: p50 {:.3} ms, p99 {:.3} ms, n = {}", at(0.5), at(0.99), times.len());
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

/// Rows of so many boards, each of an area of its own.
struct Maker {
    citation: Arc<Citation>,
    records: Records,
    facts: i64,
}

impl Maker {
    fn row<T>(&mut self, from: NaiveDate, until: Option<NaiveDate>, value: T) -> Row<T> {
        self.facts += 1;
        Row {
            fact: self.facts,
            valid: Period::new(from, until).expect("a period"),
            recorded: Versions::new(1, None).expect("versions"),
            citation: Arc::clone(&self.citation),
            value,
        }
    }

    fn board(&mut self, board: i64) {
        let always = (day(2001, 4, 1), None);
        let slug = format!("area-{board}");
        let recorded = Versions::new(1, None).expect("versions");
        let identity = BodyRow {
            kind: BodyKind::MappaArea,
            slug: slug.clone(),
            country: "England".to_owned(),
            recorded,
        };
        self.records.bodies.push((board, identity));
        let period = self.row(always.0, always.1, (board, ()));
        self.records.periods.push(period);
        let name = Name { usage: NameUsage::Name, name: slug.clone() };
        let name = self.row(always.0, always.1, (board, name));
        self.records.names.push(name);
        self.records.boards.push((board, BoardRow { slug: slug.clone(), area: board }));
        let title = self.row(always.0, always.1, (board, slug));
        self.records.board_names.push(title);
        for number in 0..SEATS {
            self.seat(board, number);
        }
        let chair =
            OfficeRow { board, office: Office::Chair, person: Some(PersonKey(board * SEATS * TERMS)) };
        let chair = self.row(always.0, always.1, chair);
        self.records.on_boards.offices.push(chair);
        for month in 0..MEETINGS {
            let on = day(2014, u32::try_from(month).unwrap_or_default() + 1, 10);
            let meeting = self.row(on, on.succ_opt(), (board, Some(true)));
            let fact = meeting.fact;
            self.records.on_boards.meetings.push(meeting);
            for number in 0..SEATS {
                let attendance = Attendance::Present;
                let at = AttendanceRow { meeting: fact, seat: board * SEATS + number, attendance };
                let at = self.row(always.0, always.1, at);
                self.records.on_boards.attendance.push(at);
            }
        }
    }

    fn seat(&mut self, board: i64, number: i64) {
        let basis = match number {
            0 => SeatBasis::ResponsibleAuthority(Authority::Police),
            1 => SeatBasis::ResponsibleAuthority(Authority::Probation),
            2 => SeatBasis::ResponsibleAuthority(Authority::Prison),
            3 | 4 => SeatBasis::LayAdviser,
            _ => SeatBasis::DutyToCooperate,
        };
        let key = board * SEATS + number;
        self.records.on_boards.seats.push((key, SeatRow { board, slug: format!("seat-{number}") }));
        let is = SeatDescriptionRow { seat: key, basis, title: "A seat".to_owned(), body: None };
        let is = self.row(day(2004, 4, 5), None, is);
        self.records.on_boards.descriptions.push(is);
        for term in 0..TERMS {
            let person = PersonKey(key * TERMS + term);
            let name =
                NameState::Held(PersonName::new(format!("Example Person {}", person.0)), day(2030, 1, 1));
            let identity = PersonRow {
                key: format!("person-{}", person.0),
                recorded: Versions::new(1, None).expect("versions"),
                name,
            };
            self.records.on_boards.persons.push((person, identity));
            let from = day(2004 + 3 * i32::try_from(term).unwrap_or_default(), 5, 1);
            let until = from.checked_add_months(chrono::Months::new(36));
            let appointment =
                AppointmentRow { seat: key, person, appointed_by: None, end_reason: None, renewal_of: None };
            let appointment = self.row(from, until, appointment);
            self.records.on_boards.appointments.push(appointment);
            let declaration = Declaration {
                kind: DeclarationKind::Senior,
                holds: true,
                valid: Period::new(from, until).expect("a period"),
            };
            let declared = DeclarationRow { person, board, declaration, declared_by: DeclaredBy::OwnBody };
            let declared = self.row(from, until, declared);
            self.records.on_boards.declarations.push(declared);
        }
    }
}

fn records(boards: i64) -> Records {
    let at: DateTime<Utc> = "2014-11-01T00:00:00Z".parse().expect("an instant");
    let mut maker = Maker {
        citation: plain_citation("GK", Basis::Assumption),
        records: Records { changes: vec![ChangeStamp { version: 1, at }], ..Records::default() },
        facts: 0,
    };
    (1..=boards).for_each(|board| maker.board(board));
    maker.records
}
