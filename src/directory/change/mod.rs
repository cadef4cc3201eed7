//! Changes of the directory, decided before anything is written: what an order means, who may give it, what stands in its way.
//!
//! Every order is a type of its own that says what it touches ([`Order::scope`]) and what is to be written
//! ([`Order::decide`]). Integrity refuses here, with a rule and a field; the database guards the same once more.
//! Compliance never refuses: a resignation can always be recorded. Writing and locking are left to `store`, the order of
//! steps to `actions`.

mod effect;
mod ground;
mod import;
mod import_diff;
mod import_rows;
mod integrity;
mod persons;
mod refusal;
mod rows;
mod summary;
mod terms;
mod touched;

pub use effect::{Effect, effects};
pub use ground::Ground;
pub use import::ImportBoardMembers;
pub use import_diff::{ImportLine, LineChange, diff};
pub use import_rows::{Column, ImportRow};
pub use persons::AddPerson;
pub use refusal::{Refusal, RefusalCode, Refused};
pub use rows::{Identity, NewRow, Number, Table, Write};
pub use summary::{FactWritten, Summary};
pub use terms::{AppointMember, CorrectAppointment, EndAppointment, RenewAppointment, WithdrawAppointment};
pub use touched::{board_touched, body_touched, person_touched};

use super::Directory;
use crate::domain::access::Caller;
use crate::domain::board::PersonKey;
use crate::domain::organisation::BodyKind;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Something that is asked to be changed.
///
/// `Debug` of an order shows no name and no contact detail: names are [`PersonName`](super::person::PersonName)s.
pub trait Order: Debug + Send + Sync {
    /// What is done, as the change row says it: a verb in capitals.
    fn action(&self) -> &'static str;

    /// What it touches, as far as that is known of the directory: for locks, rights and `expectedVersion`.
    fn scope(&self, directory: &Directory) -> Scope;

    /// What is to be written.
    ///
    /// # Errors
    ///
    /// Every reason that stands in its way.
    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused>;
}

/// Who may give an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Whoever may change every board that it touches.
    Boards,
    /// Whoever looks after some board, or all.
    AnyAdministrator,
    /// National administrators.
    National,
}

/// What an order touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Slugs of boards, as they were given: they need not exist.
    pub boards: BTreeSet<String>,
    /// Persons who exist.
    pub persons: BTreeSet<PersonKey>,
    /// Other bodies, by kind and slug.
    pub bodies: BTreeSet<(BodyKind, String)>,
    /// Who may give it.
    pub right: Right,
}

impl Scope {
    /// Nothing, for those who have a right.
    pub fn new(right: Right) -> Scope {
        Scope { boards: BTreeSet::new(), persons: BTreeSet::new(), bodies: BTreeSet::new(), right }
    }

    /// One board, for those who may change it.
    pub fn board(slug: &str) -> Scope {
        Scope { boards: BTreeSet::from([slug.to_owned()]), ..Scope::new(Right::Boards) }
    }

    /// The same with a person, where there is one of that key.
    pub fn with_person(mut self, directory: &Directory, key: &str) -> Scope {
        self.persons.extend(directory.person_by_key(key));
        self
    }

    /// The same with a body.
    pub fn with_body(mut self, kind: BodyKind, slug: &str) -> Scope {
        self.bodies.insert((kind, slug.to_owned()));
        self
    }

    /// Whether a caller may give the order. Deny by default: where nothing is touched, nobody is the administrator of it.
    pub fn is_open_to(&self, caller: &Caller) -> bool {
        match self.right {
            Right::National => caller.may_administer(),
            Right::AnyAdministrator => caller.may_administer() || caller.areas().next().is_some(),
            Right::Boards => {
                caller.may_administer()
                    || !self.boards.is_empty() && self.boards.iter().all(|area| caller.may_change(area))
            }
        }
    }

    /// Whether everything of another scope is in this one: what was locked suffices.
    pub fn holds(&self, other: &Scope) -> bool {
        other.boards.is_subset(&self.boards) && other.persons.is_subset(&self.persons)
    }
}

/// What is to be written for an order, and what its answer shows.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Writes, in order: whatever is closed stands before what takes its place.
    pub writes: Vec<Write>,
    /// What the change row says of it; the facts are added when it is written.
    pub summary: Summary,
}
