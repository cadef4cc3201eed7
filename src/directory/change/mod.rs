//! Changes of the directory, decided before anything is written: what an order means, who may give it, what stands in its way.
//!
//! Every order is a type of its own that says what it touches ([`Order::scope`]) and what is to be written
//! ([`Order::decide`]). Integrity refuses here, with a rule and a field; the database guards the same once more.
//! Compliance never refuses: a resignation can always be recorded. Writing and locking are left to `store`, the order of
//! steps to `actions`.

mod agencies;
mod bodies;
mod contact;
mod days;
mod effect;
mod ground;
mod import;
mod import_diff;
mod import_rows;
mod integrity;
mod keys;
mod merges;
mod offices;
mod papers;
mod persons;
mod posts;
mod records;
mod refusal;
mod rows;
mod seats;
mod summary;
mod supersede;
mod terms;
mod touched;

pub use agencies::{AmendAgency, EndAgency, RegisterAgency};
pub use bodies::{AmendOrganisation, RecordOwnership};
pub use contact::{MailboxAddress, SetFunctionalContact};
pub use effect::{Effect, effects};
pub use ground::Ground;
pub use import::ImportBoardMembers;
pub use import_diff::{ImportLine, LineChange, diff};
pub use import_rows::{Column, ImportRow};
pub use keys::{GrantRole, IssueApiKey, RevokeApiKey, RevokeRole};
pub use merges::{ErasePerson, MergePeople};
pub use offices::{RecordDeputy, ReplaceChair};
pub use papers::{RecordAnnualReport, RecordDocument};
pub use persons::{AddPerson, AmendPerson};
pub use posts::SetPostHolder;
pub use records::{AttestBoard, RecordDeclaration, RecordMeeting, RecordReview};
pub use refusal::{Refusal, RefusalCode, Refused};
pub use rows::{Identity, KeyWrite, NewRow, Number, Table, Write};
pub use seats::{AddSeat, CloseSeat, RecordVacancy};
pub use summary::{FactWritten, Summary};
pub use terms::{AppointMember, CorrectAppointment, EndAppointment, RenewAppointment, WithdrawAppointment};
pub use touched::{
    board_touched, board_touched_by, body_touched, body_touched_by, person_touched, person_touched_by,
};

use super::Directory;
use crate::domain::access::Caller;
use crate::domain::board::PersonKey;
use crate::domain::calendar::{Calendar, FIRST_DAY};
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
    /// Whoever may change every board that the persons whom it touches have to do with; where those have to do with none,
    /// whoever looks after some board.
    Persons,
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

    /// The same with a person and everyone who is read as the same, and every board that any of them has to do with.
    pub fn with_whole_person(mut self, directory: &Directory, key: &str) -> Scope {
        let Some(person) = directory.person_by_key(key) else { return self };
        let newest = directory.view(FIRST_DAY, Calendar::default());
        for one in newest.same(person) {
            self.persons.extend(directory.person_by_key(&one.key));
            self.boards.extend(one.boards.iter().map(|board| directory.board(*board).slug.clone()));
        }
        self
    }

    /// Whether a caller may give the order. Deny by default: where nothing is touched, nobody is the administrator of it.
    pub fn is_open_to(&self, caller: &Caller) -> bool {
        let is_administrator = caller.may_administer() || caller.areas().next().is_some();
        let of_every_board = self.boards.iter().all(|area| caller.may_change(area));
        match self.right {
            Right::National => caller.may_administer(),
            Right::AnyAdministrator => is_administrator,
            Right::Persons => is_administrator && of_every_board,
            Right::Boards => caller.may_administer() || !self.boards.is_empty() && of_every_board,
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
