//! Names of persons on boards: whether a caller may see one, and which were shown in an answer.
//!
//! The one place where a name is taken out of its wrapper for an answer, so that none is shown without being noted. What is
//! noted becomes a row of the access log before the answer is sent: that is left to `http`.

use super::context::Context;
use crate::directory::person::NameState;
use crate::domain::board::PersonKey;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The names that one answer shows: nothing but numbers and slugs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Slugs of the areas whose boards they are of.
    pub boards: BTreeSet<String>,
    /// Numbers of the persons.
    pub persons: BTreeSet<i64>,
}

impl Shown {
    /// Whether no name is shown.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }
}

/// Whether names are shown as far as the caller may see them, or to nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// To whoever may see them.
    #[default]
    AsAllowed,
    /// To nobody, since it cannot be recorded that they were shown.
    Withheld,
    /// To nobody: a change is made before it could be recorded that its answer shows names, and is not made twice.
    InNoChange,
}

/// Where names that are shown are noted, for the whole of one answer.
#[derive(Clone, Debug, Default)]
pub struct Notes(Arc<Mutex<Shown>>);

impl Notes {
    /// Notes a name as shown.
    fn note(&self, person: PersonKey, boards: &[&str]) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.persons.insert(person.0);
        shown.boards.extend(boards.iter().map(|&board| board.to_owned()));
    }

    /// What was noted so far.
    pub fn so_far(&self) -> Shown {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a caller is told of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'d> {
    /// The name.
    Shown(&'d str),
    /// The caller may not see it, or nobody may now.
    Hidden,
    /// It was erased.
    Erased,
    /// None was recorded.
    NotRecorded,
}

impl Context {
    /// What the caller is told of a person's name. One who may not see it is not told either whether there is one.
    ///
    /// The right follows from the boards that the person has to do with, and not from the way to the person: an object of one
    /// id says the same wherever it stands in an answer.
    pub fn name_of(&self, key: PersonKey) -> Name<'_> {
        let Some(person) = self.directory().person(key) else { return Name::NotRecorded };
        let caller = self.caller();
        let slugs = person.boards.iter().map(|board| self.directory().board(*board).slug.as_str());
        let seen: Vec<&str> = slugs.filter(|slug| caller.may_see_names(slug)).collect();
        // Whom no board knows yet is nobody's board member.
        let may_see = !seen.is_empty() || person.boards.is_empty() && caller.may_administer();
        if !may_see || self.names != Names::AsAllowed {
            return Name::Hidden;
        }
        match &person.name {
            NameState::Held(name, _) => {
                self.notes.note(key, &seen);
                Name::Shown(name.shown())
            }
            NameState::Erased(_) => Name::Erased,
            NameState::NotRecorded => Name::NotRecorded,
        }
    }
}
