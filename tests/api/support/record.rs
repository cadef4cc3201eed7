//! What stands in the tables of boards, read by plain SQL and looked at day by day in the plainest way.
//!
//! Shares nothing with the program: neither its types nor its rules.

use super::TestDatabase;
use std::collections::{BTreeMap, BTreeSet};

/// Day 0 of everything that is counted in days here.
pub const DAY_0: &str = "2014-07-01";
/// Days that are looked at, from day 0 on; what is open or ends later is seen on the last of them.
pub const DAYS: i64 = 460;

/// From a number up to the one before another: days, or versions.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first.
    pub from: i64,
    /// The one after the last; far away where it is open.
    pub until: i64,
}

impl Span {
    /// Whether a number lies within.
    pub fn holds(&self, number: i64) -> bool {
        self.from <= number && number < self.until
    }
}

/// A row of a fact of a board.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat; empty where it is of none.
    pub seat: String,
    /// What it says: a person, the basis of a seat, nothing.
    pub what: String,
    /// Number of the fact.
    pub fact: i64,
    /// Days on which it is true.
    pub days: Span,
    /// Versions in which it is known.
    pub known: Span,
}

/// Every row of what is looked at.
#[derive(Debug)]
pub struct Record {
    /// Terms in seats.
    pub terms: Vec<Recorded>,
    /// What seats are.
    pub seats: Vec<Recorded>,
    /// Approvals of more than two lay advisers.
    pub approvals: Vec<Recorded>,
    /// Chairs who are persons.
    pub chairs: Vec<Recorded>,
}

impl Record {
    /// Reads what stands in a database.
    pub fn of(database: &TestDatabase) -> Record {
        let rows = |seat: &str, what: &str, from: &str| {
            let query = format!(
                "SELECT concat_ws('|', b.slug, {seat}, {what}, x.fact, lower(x.valid) - '{DAY_0}'::date, \
                 coalesce(upper(x.valid) - '{DAY_0}'::date, 9000000), lower(x.recorded), \
                 coalesce(upper(x.recorded), 9000000)) AS text FROM {from} JOIN board b ON b.id = x.board_id"
            );
            let mut connection = database.texts(&query);
            connection.drain(..).map(|text| read(&text)).collect::<Vec<_>>()
        };
        Record {
            terms: rows(
                "s.slug",
                "p.key",
                "(appointment x JOIN seat s ON s.id = x.seat_id JOIN person p ON p.id = x.person_id)",
            ),
            seats: rows("s.slug", "x.seat_basis", "(seat_description x JOIN seat s ON s.id = x.seat_id)"),
            approvals: rows(
                "''",
                "''",
                "(SELECT * FROM board_document WHERE kind = 'MINISTERIAL_APPROVAL') x",
            ),
            chairs: rows(
                "''",
                "x.person_id",
                "(SELECT * FROM office WHERE kind = 'CHAIR' AND person_id IS NOT NULL) x",
            ),
        }
    }

    /// Whatever could never be, on any day, as known in any version: as sentences.
    pub fn breaches(&self) -> Vec<String> {
        let mut versions: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for row in [&self.terms, &self.seats, &self.approvals, &self.chairs].into_iter().flatten() {
            let of_board = versions.entry(&row.board).or_default();
            of_board.insert(row.known.from);
            if row.known.until < 9_000_000 {
                of_board.insert(row.known.until);
            }
        }
        let mut breaches = Vec::new();
        for (board, versions) in versions {
            for version in versions {
                let known = |rows: &'_ [Recorded]| -> Vec<Recorded> {
                    rows.iter()
                        .filter(|row| row.board == board && row.known.holds(version))
                        .cloned()
                        .collect()
                };
                let of_board = Record {
                    terms: known(&self.terms),
                    seats: known(&self.seats),
                    approvals: known(&self.approvals),
                    chairs: known(&self.chairs),
                };
                let first = (0..=DAYS).find_map(|day| of_board.breach_on(day).map(|what| (day, what)));
                breaches.extend(
                    first.map(|(day, what)| format!("{board}, version {version}, day {day}: {what}")),
                );
            }
        }
        breaches
    }

    /// What could not be on a day, of rows of one board that are known together.
    fn breach_on(&self, day: i64) -> Option<String> {
        let on = |rows: &'_ [Recorded]| -> Vec<Recorded> {
            rows.iter().filter(|row| row.days.holds(day)).cloned().collect()
        };
        let (terms, seats) = (on(&self.terms), on(&self.seats));
        let is_lay =
            |term: &&Recorded| seats.iter().any(|seat| seat.seat == term.seat && seat.what == "LAY_ADVISER");
        let lay = terms.iter().filter(is_lay).count();
        if lay > 2 && on(&self.approvals).is_empty() {
            return Some(format!("{lay} lay advisers without an approval"));
        }
        let chairs = on(&self.chairs).len();
        if chairs > 1 {
            return Some(format!("{chairs} chairs"));
        }
        for (nth, term) in terms.iter().enumerate() {
            for other in &terms[..nth] {
                if other.seat == term.seat {
                    return Some(format!("two persons in {}", term.seat));
                }
                if other.what == term.what {
                    return Some(format!("one person in {} and {}", other.seat, term.seat));
                }
            }
            if !seats.iter().any(|seat| seat.seat == term.seat) {
                return Some(format!("a term in {}, which does not exist", term.seat));
            }
        }
        None
    }
}

fn read(text: &str) -> Recorded {
    let parts: Vec<&str> = text.split('|').collect();
    let [board, seat, what, fact, from, until, known_from, known_until] = parts[..] else {
        panic!("eight parts in {text}")
    };
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("a number: {text}"));
    Recorded {
        board: board.to_owned(),
        seat: seat.to_owned(),
        what: what.to_owned(),
        fact: number(fact),
        days: Span { from: number(from), until: number(until) },
        known: Span { from: number(known_from), until: number(known_until) },
    }
}
