//! Changes of the directory, for whoever keeps in step: what each version did, as far as whoever asks may see it.
//!
//! Waiting for the next one is left to `http`, by what `wait` finds in a request.

use super::board::Board;
use super::body::BodyAt;
use super::caller::Role;
use super::directory::int;
use super::organisations::OrganisationValue;
use super::person::Person;
use crate::directory::feed::{ChangeRow, FactTouched, KeyTouched};
use crate::domain::organisation::BodyKind;
use crate::graphql::connection::{PageInfo, page_size};
use crate::graphql::context::{At, Context};
use crate::graphql::error::{Mistake, mistake};
use crate::graphql::node::node_id;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::{DateTime, LocalDate, Scalar};
use crate::graphql::wait::LONGEST_WAIT;
use juniper::{FieldResult, GraphQLEnum, GraphQLObject, ID, graphql_object};
use std::sync::Arc;

/// Most of what one change touched that is listed.
const MOST_TOUCHED: usize = 200;
/// The table of what was declared of persons, which is for those who look after a board.
const DECLARATIONS: &str = "declaration";

/// A change: what made a version of the directory.
#[derive(Clone, Debug)]
pub struct Change {
    at: At,
    row: Arc<ChangeRow>,
}

/// Whether a row of a fact was added or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum ChangedFactState {
    /// A row was added: what is known now.
    Added,
    /// The row that stood was closed: it is known no longer.
    Closed,
}

/// A fact that a change wrote.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangedFact {
    /// The table that holds it.
    pub table: String,
    /// Number of the fact, the same through every correction and in `history`.
    pub fact: i32,
    /// Whether a row of it was added or closed.
    pub state: ChangedFactState,
}

/// A body that a change touched.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangedBody {
    /// Its kind, as a code.
    pub kind: String,
    /// Its slug.
    pub slug: String,
    /// The organisation; null where the body is an area.
    pub organisation: Option<OrganisationValue>,
}

/// A role that a change of keys was about.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangedGrant {
    /// The role.
    pub role: Role,
    /// Slug of the area that it is for; null where it is for no area alone.
    pub area: Option<String>,
}

/// An API key that a change was about.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangedKey {
    /// What names the key; no part of its secret.
    pub prefix: String,
    /// What it is for, where the change says it.
    pub label: Option<String>,
    /// Its last day; null where it does not expire, and where the change does not say it.
    pub expires_on: Option<LocalDate>,
    /// Roles that were granted or taken back. At most 50.
    pub grants: Vec<ChangedGrant>,
}

impl Change {
    /// The change that made a version, where the view knows it.
    pub fn find(context: &Context, at: At, version: i64) -> Option<Change> {
        let known = at.known.unwrap_or_else(|| context.directory().version());
        let row = context.directory().feed().change(version).filter(|row| row.version <= known)?;
        Some(Change { at, row: Arc::clone(row) })
    }

    /// The change of a node's key.
    pub fn by_key(context: &Context, at: At, key: &str) -> Option<Change> {
        let version: i64 = key.parse().ok()?;
        Change::find(context, at, version).filter(|_| version.to_string() == key)
    }

    /// Whether it is about keys, and they are hidden from whoever asks.
    fn hides_keys(&self, context: &Context) -> bool {
        let caller = context.caller();
        !self.row.touched.keys.is_empty() && !caller.may_audit() && !caller.may_administer()
    }

    /// Whether it is about what was declared of persons, and they are hidden from whoever asks: that somebody declared
    /// something is for whoever may see what.
    fn hides_persons(&self, context: &Context) -> bool {
        let (caller, touched) = (context.caller(), &self.row.touched);
        let may_see = caller.may_audit()
            || !touched.boards.is_empty()
                && touched.boards.iter().all(|board| caller.may_see_person_findings(board));
        touched.facts.iter().any(|fact| fact.table.as_ref() == DECLARATIONS) && !may_see
    }
}

/// What made a version of the directory. Anyone is told what was done, when, and to what; who did it and why, only who
/// audits.
#[graphql_object(scalar = Scalar, context = Context, impl = [NodeValue])]
impl Change {
    /// Opaque id; carries the view where that is not the default.
    fn id(&self) -> ID {
        node_id("Change", &self.row.version.to_string(), self.at, None)
    }

    /// The version that it made. Versions have no gap.
    fn version(&self) -> i32 {
        int(self.row.version)
    }

    /// When it was recorded.
    fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// What was done, as a verb in capitals.
    fn action(&self) -> &str {
        &self.row.action
    }

    /// The day on which it takes effect; null where it has no such day.
    fn on(&self) -> Option<LocalDate> {
        self.row.touched.on.map(LocalDate)
    }

    /// Boards that it touched. At most 50.
    fn boards(&self, context: &Context) -> Vec<Board> {
        let view = context.view(self.at);
        let boards = self.row.touched.boards.iter().take(50);
        boards
            .filter_map(|slug| {
                let area = view.by_slug(BodyKind::MappaArea, slug)?;
                Board::of_area(context, self.at, area)
            })
            .collect()
    }

    /// Organisations and areas that it touched. At most 200.
    fn bodies(&self, context: &Context) -> Vec<ChangedBody> {
        let view = context.view(self.at);
        let bodies = self.row.touched.bodies.iter().take(MOST_TOUCHED);
        bodies
            .map(|(kind, slug)| {
                let organisation = view
                    .by_slug(*kind, slug)
                    .and_then(|id| OrganisationValue::of(context, BodyAt::new(self.at, id)));
                ChangedBody { kind: kind.code().to_owned(), slug: slug.to_string(), organisation }
            })
            .collect()
    }

    /// Persons that it touched; names as far as whoever asks may see them. Of a change of declarations none, but to who
    /// looks after all boards that it touched, or audits. At most 200.
    fn persons(&self, context: &Context) -> Vec<Person> {
        if self.hides_persons(context) {
            return Vec::new();
        }
        let persons = self.row.touched.persons.iter().take(MOST_TOUCHED);
        persons.filter_map(|key| Person::find(context, self.at, key)).collect()
    }

    /// API keys that it was about. Empty but to the roles AUDITOR and NATIONAL_ADMINISTRATOR: which keys there are
    /// is nobody else's concern. At most 50.
    fn keys(&self, context: &Context) -> Vec<ChangedKey> {
        if self.hides_keys(context) {
            return Vec::new();
        }
        self.row.touched.keys.iter().take(50).map(ChangedKey::from).collect()
    }

    /// Facts that it wrote, in order; of a change of declarations as of its persons. At most 200, and empty where the
    /// change was not recorded fact by fact, as a seed is not.
    fn facts(&self, context: &Context) -> Vec<ChangedFact> {
        if self.hides_persons(context) || self.hides_keys(context) {
            return Vec::new();
        }
        self.row.touched.facts.iter().take(MOST_TOUCHED).map(ChangedFact::from).collect()
    }

    /// Who made it, as an identity of the service. Null but to the role AUDITOR: who changes the record does not watch over
    /// who changes it.
    fn actor(&self, context: &Context) -> Option<&str> {
        context.caller().may_audit().then_some(&*self.row.actor)
    }

    /// Why, in the words of whoever made it. Null where no reason was given, and but to the role AUDITOR: what is
    /// written there is not for everyone.
    fn reason(&self, context: &Context) -> Option<&str> {
        self.row.reason.as_deref().filter(|_| context.caller().may_audit())
    }

    /// Whether something that was recorded of it is withheld from whoever asks: its actor and reason; of a change of keys
    /// the keys; of a change of declarations the persons and facts.
    fn is_partly_withheld(&self, context: &Context) -> bool {
        !context.caller().may_audit() || self.hides_keys(context) || self.hides_persons(context)
    }
}

impl From<&FactTouched> for ChangedFact {
    fn from(fact: &FactTouched) -> ChangedFact {
        let state = if fact.is_added { ChangedFactState::Added } else { ChangedFactState::Closed };
        ChangedFact { table: fact.table.to_string(), fact: int(fact.fact), state }
    }
}

impl From<&KeyTouched> for ChangedKey {
    fn from(key: &KeyTouched) -> ChangedKey {
        let grants = key
            .grants
            .iter()
            .take(50)
            .map(|grant| ChangedGrant { role: grant.role().into(), area: grant.area().map(str::to_owned) });
        ChangedKey {
            prefix: key.prefix.to_string(),
            label: key.label.as_deref().map(str::to_owned),
            expires_on: key.expires_on.map(LocalDate),
            grants: grants.collect(),
        }
    }
}

/// A page of changes, by version and without a gap.
pub struct ChangeConnection {
    changes: Vec<Change>,
    through: i64,
    newest: i64,
}

impl ChangeConnection {
    /// The changes that follow a version.
    ///
    /// # Errors
    ///
    /// Where an argument is out of bounds.
    pub fn find(
        context: &Context,
        after: Option<i32>,
        first: Option<i32>,
        wait_seconds: Option<i32>,
    ) -> FieldResult<ChangeConnection, Scalar> {
        let after = after.unwrap_or(0);
        if after < 0 {
            let message = "after must be a version, and no version is negative.";
            let remedy = "give the throughVersion of the last page, or 0 for everything";
            return Err(mistake(Mistake::BadUserInput, "after", message, remedy));
        }
        if wait_seconds.is_some_and(|seconds| !(0..=LONGEST_WAIT as i32).contains(&seconds)) {
            let message = format!("waitSeconds must lie between 0 and {LONGEST_WAIT}.");
            let remedy = format!("give a number of seconds from 0 to {LONGEST_WAIT}, and ask again after it");
            return Err(mistake(Mistake::BadUserInput, "waitSeconds", &message, &remedy));
        }
        let size = page_size(first)?;
        let (at, newest) = (context.default_at(), context.directory().version());
        let after = i64::from(after).min(newest);
        let through = newest.min(after + i64::try_from(size).unwrap_or(i64::MAX));
        let changes =
            (after + 1..=through).filter_map(|version| Change::find(context, at, version)).collect();
        Ok(ChangeConnection { changes, through, newest })
    }
}

/// A change in its place on a page.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ChangeEdge {
    /// The version in digits: as a number, what `after` takes.
    pub cursor: String,
    /// The change.
    pub node: Change,
}

/// A page of changes, by version and without a gap. Whoever gives the `throughVersion` of one page as `after` of the next
/// misses nothing and gets nothing twice.
#[graphql_object(scalar = Scalar, context = Context)]
impl ChangeConnection {
    /// The changes of the page with their cursors.
    fn edges(&self) -> Vec<ChangeEdge> {
        let edge = |node: &Change| ChangeEdge { cursor: node.row.version.to_string(), node: node.clone() };
        self.changes.iter().map(edge).collect()
    }

    /// The changes of the page.
    fn nodes(&self) -> Vec<Change> {
        self.changes.clone()
    }

    /// Where the page stands.
    fn page_info(&self) -> PageInfo {
        let cursor = |change: Option<&Change>| change.map(|change| change.row.version.to_string());
        PageInfo {
            has_next_page: self.through < self.newest,
            has_previous_page: self.changes.first().map_or(self.through, |first| first.row.version - 1) > 0,
            start_cursor: cursor(self.changes.first()),
            end_cursor: cursor(self.changes.last()),
        }
    }

    /// The version through which the page is complete: give it as `after` to go on. That of the directory where the page is
    /// empty, and so below `after` where that was in the future.
    fn through_version(&self) -> i32 {
        int(self.through)
    }

    /// Whether there was no newer change when this answer was made.
    fn complete(&self) -> bool {
        self.through == self.newest
    }
}
