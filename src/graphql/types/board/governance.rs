//! The report over all boards: how many keep each rule, and when that number changed. Counts only, nothing of a person.

use crate::directory::governance::RuleOfBoards;
use crate::domain::board::rule::Verdict as Said;
use crate::domain::board::rules::{BOARD, BOARD_RULES_VERSION};
use crate::domain::calendar::FIRST_DAY;
use crate::graphql::context::{At, Context};
use crate::graphql::error::{Mistake, mistake};
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::area::MappaArea;
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::common::ViewAsked;
use crate::graphql::types::directory::int;
use crate::graphql::types::rule::{Rule, Verdict};
use chrono::{Days, Months, NaiveDate};
use juniper::{FieldResult, graphql_object};

/// Longest window of a timeline, in days: three years.
const LONGEST_WINDOW: u64 = 1_096;
/// Most entries of a timeline.
const LONGEST_TIMELINE: usize = 1_000;

/// The boards of all areas on a day, as the board table finds them.
#[derive(Clone, Copy, Debug)]
pub struct GovernanceReport {
    at: At,
    from: NaiveDate,
}

/// What a rule says of the boards of all areas.
#[derive(Clone, Debug)]
pub struct GovernanceRow {
    at: At,
    of: RuleOfBoards,
}

/// A day on which the number of boards that break a rule changed.
#[derive(Clone, Copy, Debug, juniper::GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct GovernanceTurn {
    /// The day.
    pub on: LocalDate,
    /// The rule.
    pub rule: Rule,
    /// How many boards break it from that day on.
    pub not_met: i32,
}

impl GovernanceReport {
    /// The report of a day, with a timeline from another one.
    ///
    /// # Errors
    ///
    /// Where the timeline would begin after the day, before the directory does, or too long before the day.
    pub fn of(at: At, from: Option<LocalDate>) -> FieldResult<GovernanceReport, Scalar> {
        let earliest = at.on.checked_sub_days(Days::new(LONGEST_WINDOW)).unwrap_or(FIRST_DAY).max(FIRST_DAY);
        let year = at.on.checked_sub_months(Months::new(12)).unwrap_or(FIRST_DAY).max(FIRST_DAY);
        let from = from.map_or(year, |from| from.0);
        if (earliest..=at.on).contains(&from) {
            return Ok(GovernanceReport { at, from });
        }
        let message = format!("The timeline of that day can begin from {earliest} to {}.", at.on);
        Err(mistake(
            Mistake::BadUserInput,
            "from",
            &message,
            "give a day within three years before the one asked about",
        ))
    }

    fn turns(&self, context: &Context) -> Vec<GovernanceTurn> {
        let turns = context.view(self.at).turns(BOARD, self.from).into_iter();
        let turn = |turn: crate::directory::governance::Turn| {
            let rule = Rule::of_board(turn.rule)?;
            Some(GovernanceTurn { on: LocalDate(turn.on), rule, not_met: int(turn.not_met) })
        };
        turns.filter_map(turn).collect()
    }
}

/// The boards of all areas on a day, as the board table finds them. Rules about persons, and notes, are not counted.
#[graphql_object(scalar = Scalar, context = Context)]
impl GovernanceReport {
    /// The day, calendar and state of knowledge that this is the answer for.
    fn view(&self, context: &Context) -> ViewAsked {
        ViewAsked::of(context, self.at)
    }

    /// Version of the board table.
    fn rules_version() -> &'static str {
        BOARD_RULES_VERSION
    }

    /// How many boards there are.
    fn boards(&self, context: &Context) -> i32 {
        int(context.view(self.at).boards().len())
    }

    /// What each rule says, in the order of the board table. At most 200.
    fn rows(&self, context: &Context) -> Vec<GovernanceRow> {
        let rules = context.view(self.at).rules_of_boards(BOARD);
        rules.into_iter().map(|of| GovernanceRow { at: self.at, of }).collect()
    }

    /// First day of the timeline: the counts of that day are where it begins.
    fn timeline_from(&self) -> LocalDate {
        LocalDate(self.from)
    }

    /// Days after the first, up to the one asked about, on which the number of boards that break a rule changed; the
    /// latest where there are more. At most 1,000.
    fn timeline(&self, context: &Context) -> Vec<GovernanceTurn> {
        let turns = self.turns(context);
        let more = turns.len().saturating_sub(LONGEST_TIMELINE);
        turns.into_iter().skip(more).collect()
    }

    /// Whether something that is counted is of the example set, and so made up.
    fn is_example(&self, context: &Context) -> bool {
        let view = context.view(self.at);
        view.boards().into_iter().any(|(_, id)| view.has_examples(id))
    }
}

impl GovernanceRow {
    fn count(&self, verdict: Said) -> i32 {
        int(self.of.verdicts.iter().filter(|(_, said)| *said == verdict).count())
    }
}

/// What a rule says of the boards of all areas. Where it says several things of one board, a breach counts before what is
/// not recorded, and that before what is met.
#[graphql_object(scalar = Scalar, context = Context)]
impl GovernanceRow {
    /// The rule.
    fn rule(&self) -> Option<Rule> {
        Rule::of_board(self.of.rule)
    }

    /// How many boards keep it.
    fn met(&self) -> i32 {
        self.count(Said::Met)
    }

    /// How many boards break it, as far as is recorded.
    fn not_met(&self) -> i32 {
        self.count(Said::NotMet)
    }

    /// Of how many boards what is recorded does not tell.
    fn not_recorded(&self) -> i32 {
        self.count(Said::NotRecorded)
    }

    /// Of how many boards it has nothing to hold of.
    fn not_applicable(&self) -> i32 {
        self.count(Said::NotApplicable)
    }

    /// Areas of whose boards it says one thing, in the order of their slugs. At most 50.
    fn areas(&self, #[graphql(desc = "What it says.")] verdict: Verdict) -> Vec<MappaArea> {
        let of_verdict = self.of.verdicts.iter().filter(|(_, said)| Verdict::from(*said) == verdict);
        of_verdict.map(|(area, _)| MappaArea(BodyAt::new(self.at, *area))).collect()
    }
}
