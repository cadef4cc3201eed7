//! What the board table finds over all boards: counts on a day, and the days on which a count of breaches changes.
//!
//! Counts of boards only: rules about persons and notes are left out. What rules find is left to the domain.

use super::records::Row;
use super::view::{Moment, View};
use super::{BoardId, BodyId};
use crate::domain::board::check::{Finding, check, overall};
use crate::domain::board::rule::{BoardRow, RuleKind, Verdict};
use crate::domain::board::rules::BOARD;
use crate::domain::calendar::{OPERATIONAL_RESTRUCTURE, PUBLISHED_RESTRUCTURE};
use crate::domain::organisation::BodyKind;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// What one rule says of every board on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOfBoards {
    /// Id of the rule.
    pub rule: &'static str,
    /// What counts of all that it says of the board of an area, by area.
    pub verdicts: Vec<(BodyId, Verdict)>,
}

/// A day on which the number of boards that break a rule is another than on the day before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The day.
    pub on: NaiveDate,
    /// Id of the rule.
    pub rule: &'static str,
    /// How many boards break it from that day on.
    pub not_met: usize,
}

/// Which rows a board breaks, by their index.
type Broken = Vec<bool>;

/// The rows of a table that are counted: what can be broken, and tells nothing of a person.
pub fn counted(table: &[BoardRow]) -> Vec<BoardRow> {
    table.iter().filter(|row| row.kind != RuleKind::Note && !row.is_about_person).copied().collect()
}

impl<'d> View<'d> {
    /// Every board that was known, with its area, in the order of the areas.
    pub fn boards(&self) -> Vec<(BodyId, BoardId)> {
        self.bodies(BodyKind::MappaArea).filter_map(|area| Some((area, self.board(area)?.0))).collect()
    }

    /// What each counted rule says of every board on the day.
    pub fn rules_of_boards(&self, table: &[BoardRow]) -> Vec<RuleOfBoards> {
        let rows = counted(table);
        let boards: Vec<(BodyId, Vec<Finding>)> =
            self.boards().into_iter().map(|(area, id)| (area, check(&rows, &self.board_on(id)))).collect();
        rows.iter()
            .map(|row| {
                let of = |(area, found): &(BodyId, Vec<Finding>)| Some((*area, overall(found, row.rule.id)?));
                RuleOfBoards { rule: row.rule.id, verdicts: boards.iter().filter_map(of).collect() }
            })
            .collect()
    }

    /// Days after `from`, up to the view's, on which the number of boards that break a rule changes, in order.
    pub fn turns(&self, table: &[BoardRow], from: NaiveDate) -> Vec<Turn> {
        let rows = counted(table);
        let mut counts = vec![0_i64; rows.len()];
        let mut changes: BTreeMap<(NaiveDate, usize), i64> = BTreeMap::new();
        for (_, board) in self.boards() {
            let days = self.days_of(&rows, board, from);
            let mut before: Option<&Broken> = None;
            for (day, broken) in &days {
                for (index, is_broken) in broken.iter().enumerate() {
                    match before {
                        None => counts[index] += i64::from(*is_broken),
                        Some(before) if before[index] != *is_broken => {
                            let more = if *is_broken { 1 } else { -1 };
                            *changes.entry((*day, index)).or_default() += more;
                        }
                        Some(_) => {}
                    }
                }
                before = Some(broken);
            }
        }
        let changed = changes.into_iter().filter(|(_, more)| *more != 0);
        let turns = changed.map(|((on, index), more)| {
            counts[index] += more;
            Turn {
                on,
                rule: rows[index].rule.id,
                not_met: usize::try_from(counts[index]).unwrap_or_default(),
            }
        });
        turns.collect()
    }

    /// What a board breaks on the first day and on every day on which that may change.
    ///
    /// A breach begins or ends where a row does or, as time goes by, on a day that findings name. Whatever else differs
    /// between two of those days is looked for day by day, halving.
    fn days_of(&self, rows: &[BoardRow], board: BoardId, from: NaiveDate) -> BTreeMap<NaiveDate, Broken> {
        let last = self.moment.on;
        let mut open: BTreeSet<NaiveDate> = BTreeSet::from([from, last]);
        let within = |day: NaiveDate| (from < day && day <= last).then_some(day);
        for day in self.turning_days_of(board, rows).into_iter().filter_map(within) {
            open.extend([Some(day), day.pred_opt()].into_iter().flatten());
        }
        let mut known: BTreeMap<NaiveDate, Broken> = BTreeMap::new();
        while let Some(day) = open.pop_first() {
            let view = self.directory.at(Moment { on: day, ..self.moment });
            let found = check(rows, &view.board_on(board));
            for since in found.iter().filter_map(|finding| finding.since).filter_map(within) {
                let beside = [Some(since), since.pred_opt()].into_iter().flatten();
                open.extend(beside.filter(|day| !known.contains_key(day)));
            }
            let is_broken = |row: &BoardRow| overall(&found, row.rule.id) == Some(Verdict::NotMet);
            known.insert(day, rows.iter().map(is_broken).collect());
            if open.is_empty() {
                open.extend(between(&known));
            }
        }
        known
    }

    /// Days on which something that is recorded of a board, or a rule of the board table, begins or ends.
    pub fn turning_days(&self, id: BoardId) -> BTreeSet<NaiveDate> {
        let rows: Vec<BoardRow> = BOARD.to_vec();
        self.turning_days_of(id, &rows)
    }

    /// Days on which something that is recorded of a board, or a rule, begins or ends.
    fn turning_days_of(&self, id: BoardId, rows: &[BoardRow]) -> BTreeSet<NaiveDate> {
        let board = self.directory.board(id);
        let mut days = Turning(self.moment.known, BTreeSet::new());
        days.add(&board.names);
        days.add(&board.offices);
        days.add(&board.meetings);
        days.add(&board.documents);
        days.add(&board.reports);
        days.add(&board.reviews);
        days.add(&board.confirmations);
        days.1.extend(board.reports.iter().filter_map(|row| row.value.published_on));
        for seat in board.seats.iter().map(|id| self.directory.seat(*id)) {
            days.add(&seat.descriptions);
            days.add(&seat.vacancies);
            days.add(&seat.appointments);
            days.add(&seat.deputies);
        }
        for (_, person) in self.directory.persons().filter(|(_, person)| person.boards.contains(&id)) {
            days.add(&person.bodies);
            days.add(&person.declarations);
        }
        days.add(&self.body(board.area).coverage);
        for row in &self.body(board.area).coverage {
            days.add(&self.body(row.value.body).duties);
        }
        days.1.extend(rows.iter().flat_map(|row| [row.rule.from, row.rule.until]).flatten());
        days.1.extend([PUBLISHED_RESTRUCTURE, OPERATIONAL_RESTRUCTURE]);
        days.1
    }
}

struct Turning(i64, BTreeSet<NaiveDate>);

impl Turning {
    fn add<T>(&mut self, rows: &[Row<T>]) {
        for row in rows.iter().filter(|row| row.recorded.contains(self.0)) {
            self.1.insert(row.valid.from());
            self.1.extend(row.valid.until());
        }
    }
}

/// A day in the middle of each gap over which something changes.
fn between(known: &BTreeMap<NaiveDate, Broken>) -> Vec<NaiveDate> {
    let pairs = known.iter().zip(known.iter().skip(1));
    let middle = |((day, one), (next, other)): ((&NaiveDate, &Broken), (&NaiveDate, &Broken))| {
        let gap = (*next - *day).num_days();
        (one != other && gap > 1).then(|| day.checked_add_days(Days::new(gap.unsigned_abs() / 2)))
    };
    pairs.filter_map(middle).flatten().collect()
}
