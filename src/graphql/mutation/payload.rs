//! What a mutation answers: what was changed, as it stands now, or why nothing was.

use crate::actions::make_change::{Done, Made};
use crate::directory::change::{Effect, Refusal, effects};
use crate::domain::board::check::Finding as BoardFinding;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::board::Board;
use crate::graphql::types::board::seat::Seat;
use crate::graphql::types::person::Person;
use crate::graphql::types::rule::{Finding, Verdict};
use juniper::GraphQLObject;

/// Most differences that a payload shows.
const MOST_EFFECTS: usize = 200;

/// Why a change was refused: nothing was written.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct UserError {
    /// The code, from a closed list.
    pub code: String,
    /// The field of the input.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// Id of the board rule that refuses; null where it is none of them.
    pub rule: Option<String>,
}

/// A rule of the board table that says something else with a change than without it.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct FindingChange {
    /// The first day of the difference.
    pub on: LocalDate,
    /// What the rule said without the change; null where it said nothing.
    pub before: Option<Verdict>,
    /// What it says with the change.
    pub after: Finding,
}

/// What came of a change of a board.
pub struct BoardChange(pub Made);

/// What came of a change of a person.
pub struct PersonChange(pub Made);

/// What every payload tells.
pub trait Payload {
    /// What came of the order.
    fn made(&self) -> &Made;

    /// The change, where there is one.
    fn done(&self) -> Option<&Done> {
        match self.made() {
            Made::Done(done) => Some(done),
            Made::Refused { .. } => None,
        }
    }

    /// The view in which what was changed is shown: the day on which it takes effect.
    fn at(&self, context: &Context) -> Option<At> {
        let done = self.done()?;
        let default = context.default_at();
        let on = done.summary.on.unwrap_or(default.on);
        // What was not written, or is not the newest any more, is no object that a client may take for what stands.
        let is_newest = !done.is_dry && done.version == done.loaded.directory.version();
        let known = (!is_newest).then_some(done.version);
        Some(At { on, known, ..default })
    }

    /// Why nothing was written.
    fn errors(&self) -> Vec<UserError> {
        match self.made() {
            Made::Done(_) => Vec::new(),
            Made::Refused { refusals, .. } => refusals.iter().map(UserError::of).collect(),
        }
    }

    /// The version of the change; the newest one where nothing was written.
    fn version(&self) -> i64 {
        match self.made() {
            Made::Done(done) if done.is_dry => done.version - 1,
            Made::Done(done) => done.version,
            Made::Refused { version, .. } => *version,
        }
    }
}

impl Payload for BoardChange {
    fn made(&self) -> &Made {
        &self.0
    }
}

impl Payload for PersonChange {
    fn made(&self) -> &Made {
        &self.0
    }
}

impl UserError {
    pub(super) fn of(refusal: &Refusal) -> UserError {
        UserError {
            code: refusal.code.code().to_owned(),
            field: refusal.field.to_owned(),
            message: refusal.message.clone(),
            rule: refusal.rule.map(str::to_owned),
        }
    }
}

/// Boards that a change touches, as they stand with it.
pub(super) fn boards(payload: &impl Payload, context: &Context) -> Vec<Board> {
    let (Some(done), Some(at)) = (payload.done(), payload.at(context)) else { return Vec::new() };
    let ids = done.summary.boards.iter().filter_map(|slug| context.directory().board_by_slug(slug));
    ids.filter_map(|id| Board::of_area(context, at, context.directory().board(id).area)).collect()
}

/// Persons that a change is about, as they stand with it.
pub(super) fn persons(payload: &impl Payload, context: &Context) -> Vec<Person> {
    let (Some(done), Some(at)) = (payload.done(), payload.at(context)) else { return Vec::new() };
    let keys = done.summary.persons.iter();
    keys.filter_map(|key| Some(Person { at, key: context.directory().person_by_key(key)? })).collect()
}

/// What rules say differently with the change, as far as whoever asks may know it.
pub(super) fn changed_findings(payload: &impl Payload, context: &Context) -> Vec<FindingChange> {
    let (Some(done), Some(at)) = (payload.done(), payload.at(context)) else { return Vec::new() };
    let mut changes = Vec::new();
    for slug in &done.summary.boards {
        let Some(id) = context.directory().board_by_slug(slug) else { continue };
        let may_see = context.caller().may_see_person_findings(slug);
        let board = Board { at, area: context.directory().board(id).area };
        let seen = effects(context.directory(), id, done.version).into_iter();
        let seen = seen.filter(|effect| may_see || !effect.after.is_about_person);
        changes.extend(seen.map(|effect| FindingChange::of(context, board, &effect)));
    }
    changes.truncate(MOST_EFFECTS);
    changes
}

impl FindingChange {
    fn of(context: &Context, board: Board, effect: &Effect) -> FindingChange {
        let after: &BoardFinding = &effect.after;
        let board = Board { at: At { on: effect.on, ..board.at }, ..board };
        FindingChange {
            on: LocalDate(effect.on),
            before: effect.before.map(Verdict::from),
            after: board.finding(context, after),
        }
    }
}

/// Declares a payload: fields of its own, and after them those that every payload has.
macro_rules! payload {
    (
        $(#[doc = $doc:literal])+
        $type:ident as $name:literal { $($own:tt)* }
    ) => {
        $(#[doc = $doc])+
        #[juniper::graphql_object(
            scalar = crate::graphql::scalar::Scalar,
            context = crate::graphql::context::Context,
            name = $name
        )]
        impl $type {
            $($own)*

            /// Why nothing was changed; empty where it was. At most 50.
            fn user_errors(&self) -> Vec<crate::graphql::mutation::payload::UserError> {
                self.errors()
            }

            /// The version that the change made; of a dry run, and where nothing was changed, the newest one.
            fn directory_version(&self) -> i32 {
                crate::graphql::types::directory::int(usize::try_from(self.version()).unwrap_or_default())
            }

            /// Whether nothing was written because that was asked for.
            fn dry_run(&self) -> bool {
                self.done().is_some_and(|done| done.is_dry)
            }

            /// Whether this is the first answer again, to a request that was repeated under its key.
            fn repeated(&self) -> bool {
                self.done().is_some_and(|done| done.is_repeated)
            }
        }
    };
}

pub(super) use payload;

payload! {
    /// What came of a change of a board.
    BoardChange as "BoardChangePayload" {
        /// The board as it stands with the change, on the day on which that takes effect; null where nothing was changed.
        fn board(&self, context: &Context) -> Option<Board> {
            boards(self, context).into_iter().next()
        }

        /// Every board that was changed, likewise. At most 50.
        fn boards(&self, context: &Context) -> Vec<Board> {
            boards(self, context)
        }

        /// Seats that were changed. At most 200.
        fn seats(&self, context: &Context) -> Vec<Seat> {
            let (Some(done), Some(at)) = (self.done(), self.at(context)) else { return Vec::new() };
            done.summary.seats.iter().filter_map(|key| Seat::by_key(context, at, key)).collect()
        }

        /// Persons that it is about. At most 200.
        fn persons(&self, context: &Context) -> Vec<Person> {
            persons(self, context)
        }

        /// Number of the appointment that was recorded; null where none was.
        fn appointment(&self) -> Option<i32> {
            self.done()?.summary.added("appointment").map(|fact| i32::try_from(fact).unwrap_or(i32::MAX))
        }

        /// Rules that say something else with the change than without it, over all days that it touches: for each the first day
        /// of the difference. Findings about persons are shown to the administrators of the board only. At most 200.
        fn changed_findings(&self, context: &Context) -> Vec<FindingChange> {
            changed_findings(self, context)
        }
    }
}

payload! {
    /// What came of a change of a person.
    PersonChange as "PersonChangePayload" {
        /// The person as they stand with the change; null where nothing was changed. The name is not among it: ask for it.
        fn person(&self, context: &Context) -> Option<Person> {
            persons(self, context).into_iter().next()
        }

        /// Every person that was changed, likewise. At most 50.
        fn persons(&self, context: &Context) -> Vec<Person> {
            persons(self, context)
        }

        /// Boards on which something changes with it. At most 50.
        fn boards(&self, context: &Context) -> Vec<Board> {
            boards(self, context)
        }

        /// Rules that say something else with the change than without it, over all days that it touches: for each the first day
        /// of the difference. Findings about persons are shown to the administrators of the board only. At most 200.
        fn changed_findings(&self, context: &Context) -> Vec<FindingChange> {
            changed_findings(self, context)
        }
    }
}
