//! Orders about persons: add.
//!
//! A name stands in one row that can be erased; everything else holds the key.

use super::ground::Ground;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{Identity, NewRow, Number, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope};
use crate::directory::Directory;
use crate::directory::person::PersonName;
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::{Months, NaiveDate};

/// Months after which it is looked at whether a name is still needed, where nothing else is said.
const REVIEW: Months = Months::new(36);

/// Somebody who was not known is recorded.
#[derive(Clone, Debug)]
pub struct AddPerson {
    /// The key: random, and drawn by whoever makes the order.
    pub key: String,
    /// The name.
    pub name: PersonName,
    /// Kind and slug of the body that the person comes from; none where that is not recorded.
    pub comes_from: Option<(BodyKind, String)>,
    /// First day on which the person belongs to that body.
    pub from: Option<NaiveDate>,
    /// Day on which it is to be looked at whether the name is still needed; in three years where it is none.
    pub review_on: Option<NaiveDate>,
}

impl Order for AddPerson {
    fn action(&self) -> &'static str {
        "ADD_PERSON"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::AnyAdministrator)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let mut refusals = Vec::new();
        if let Err(refusal) = sound(&self.name) {
            refusals.push(refusal);
        }
        let mut writes = vec![Write::Identity(Identity::Person(self.key.clone()))];
        let review_on = self.review_on.unwrap_or(ground.today + REVIEW);
        if let Err(refusal) = ground.day(review_on, "reviewOn") {
            refusals.push(refusal);
        }
        let name = Some(self.name.clone());
        writes.push(Write::Name { person: self.key.clone(), name, review_on: Some(review_on) });
        if let Some((kind, slug)) = &self.comes_from {
            let from = self.from.unwrap_or(ground.today);
            let found = ground.body(*kind, slug, "comesFrom");
            let valid = ground.day(from, "from").map(|from| Period::new(from, None));
            refusals.extend(found.err());
            match valid {
                Ok(Some(valid)) => writes.push(Write::Add(
                    Number::New(0),
                    NewRow::PersonBody { person: self.key.clone(), body: (*kind, slug.clone()), valid },
                )),
                Ok(None) => {}
                Err(refusal) => refusals.push(refusal),
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let summary = Summary { on: Some(ground.today), ..Summary::default() }.with_person(&self.key);
        Ok(Decision { writes, summary })
    }
}

/// Whether a name can be recorded. The message repeats nothing of it.
///
/// # Errors
///
/// Where it is empty, too long, or has control characters.
pub fn sound(name: &PersonName) -> Result<(), Refusal> {
    if name.is_sound() {
        return Ok(());
    }
    let message = "name must have 1 to 200 characters, no control character, and no space at either end.";
    Err(Refusal::new(RefusalCode::InvalidValue, "name", message))
}
