//! What a change does to what the board table finds, over all days that it touches.

use crate::directory::view::{Moment, View};
use crate::directory::{BoardId, Directory};
use crate::domain::board::check::{Finding, check, overall};
use crate::domain::board::rule::Verdict;
use crate::domain::board::rules::BOARD;
use crate::domain::calendar::{Calendar, FIRST_DAY};
use chrono::{Months, NaiveDate};
use std::collections::BTreeMap;

/// How far beyond the last day that is recorded a rule is looked at: longer than any that is broken by time alone.
const BEYOND: Months = Months::new(120);

/// A rule that says something else from a day on.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The first day of the difference.
    pub on: NaiveDate,
    /// Id of the rule.
    pub rule: &'static str,
    /// What it said without the change; none where no such board was known.
    pub before: Option<Verdict>,
    /// What it says with it, and why: what counts most first.
    pub after: Finding,
}

/// What every rule of the board table says differently with a version of a board and without it, in the order of the days
/// and of the table: the first day of each difference.
pub fn effects(directory: &Directory, board: BoardId, version: i64) -> Vec<Effect> {
    let at = |on, known| directory.at(Moment { on, calendar: Calendar::Operational, known });
    let mut open = at(FIRST_DAY, version).turning_days(board);
    open.extend(at(FIRST_DAY, version - 1).turning_days(board));
    // Time alone breaks a rule as well: it is looked once beyond the last day, and findings name the day since which.
    open.extend(open.last().and_then(|day| day.checked_add_months(BEYOND)));
    let mut known = BTreeMap::new();
    while let Some(on) = open.pop_first() {
        if on < FIRST_DAY || known.contains_key(&on) {
            continue;
        }
        let both = (found(at(on, version - 1), board), found(at(on, version), board));
        open.extend(both.0.iter().chain(&both.1).filter_map(|finding| finding.since));
        known.insert(on, both);
    }
    let mut last: BTreeMap<&str, (Option<Verdict>, Option<Verdict>)> = BTreeMap::new();
    let mut effects = Vec::new();
    for (on, (before, after)) in known {
        for row in BOARD {
            let id = row.rule.id;
            let pair = (overall(&before, id), overall(&after, id));
            if pair.0 != pair.1 && last.get(id) != Some(&pair) {
                let counts = after.iter().filter(|it| it.rule == id && Some(it.verdict) == pair.1);
                effects.extend(counts.take(1).map(|after| Effect {
                    on,
                    rule: id,
                    before: pair.0,
                    after: after.clone(),
                }));
            }
            last.insert(id, pair);
        }
    }
    effects
}

fn found(view: View<'_>, board: BoardId) -> Vec<Finding> {
    check(BOARD, &view.board_on(board))
}
