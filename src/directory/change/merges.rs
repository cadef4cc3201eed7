//! Orders about who a person is: two records that are of one, and the lawful erasure of a name.
//!
//! A merge hides nothing: both keys stay, and each leads to the one person. An erasure takes the name, and nothing else.

use super::ground::Ground;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{NewRow, Number, Write};
use super::summary::Summary;
use super::terms::decided;
use super::{Decision, Order, Right, Scope};
use crate::directory::Directory;
use crate::directory::person::NameState;
use crate::domain::calendar::Calendar;

/// Somebody was recorded twice.
#[derive(Clone, Debug)]
pub struct MergePeople {
    /// Key of the record that is read as the other from now on.
    pub person: String,
    /// Key of the other.
    pub into: String,
}

/// The name of a person is erased.
#[derive(Clone, Debug)]
pub struct ErasePerson {
    /// Key of the person.
    pub person: String,
}

impl Order for MergePeople {
    fn action(&self) -> &'static str {
        "MERGE_PEOPLE"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        let scope = Scope::new(Right::Persons).with_whole_person(directory, &self.person);
        scope.with_whole_person(directory, &self.into)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let refusals: Refused =
            [ground.person(&self.person, "person").err(), ground.person(&self.into, "into").err()]
                .into_iter()
                .flatten()
                .collect();
        if !refusals.is_empty() {
            return Err(refusals);
        }
        // Neither is read as another, so that no ring can come of two that differ.
        if self.person == self.into {
            let message = "Both keys are the same: give those of two records.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "into", message)]);
        }
        let row = NewRow::PersonMerge { person: self.person.clone(), into: self.into.clone() };
        let summary = Summary { on: Some(ground.today), ..Summary::default() };
        let summary = summary.with_person(&self.into).with_person(&self.person);
        let summary = summary.with_boards(self.scope(ground.directory).boards);
        decided(ground, vec![Write::Add(Number::New(0), row)], summary)
    }
}

impl Order for ErasePerson {
    fn action(&self) -> &'static str {
        "ERASE_PERSON"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        Scope {
            right: Right::National,
            ..Scope::new(Right::Persons).with_whole_person(directory, &self.person)
        }
    }

    /// Every record of the person loses its name: what stands under another key is the same name.
    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let Some(person) = ground.directory.person_by_key(&self.person) else {
            let message = "No person has that key: give one of people.";
            return Err(vec![Refusal::new(RefusalCode::UnknownPerson, "person", message)]);
        };
        let mut summary = Summary { on: Some(ground.today), ..Summary::default() };
        let mut writes = Vec::new();
        for one in ground.directory.view(ground.today, Calendar::default()).same(person) {
            if matches!(one.name, NameState::Held(..)) {
                writes.push(Write::Name { person: one.key.clone(), name: None, review_on: None });
                summary = summary.with_person(&one.key);
            }
        }
        if writes.is_empty() {
            let message = "No name is recorded of the person, or it was erased.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "person", message)]);
        }
        Ok(Decision { writes, summary })
    }
}
