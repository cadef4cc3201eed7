//! Orders about a person: add, amend. Who is the same as whom, and erasing, is left to `merges`.
//!
//! A name stands in one row that can be erased; everything else holds the key.

use super::days::{chosen, room};
use super::ground::Ground;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{BodyKey, Identity, NewRow, Number, Table, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::Directory;
use crate::directory::person::{NameState, Person, PersonName};
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

/// What is recorded of a person changes. What is absent stays as it is.
#[derive(Clone, Debug)]
pub struct AmendPerson {
    /// Key of the person.
    pub person: String,
    /// The name.
    pub name: Option<PersonName>,
    /// Kind and slug of the body that the person comes from.
    pub comes_from: Option<BodyKey>,
    /// First day on which the person belongs to that body; today where it is none.
    pub from: Option<NaiveDate>,
    /// Day on which it is to be looked at whether the name is still needed.
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
        refusals.extend(lone_first_day(self.from, self.comes_from.is_none()));
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

impl Order for AmendPerson {
    fn action(&self) -> &'static str {
        "AMEND_PERSON"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        Scope::new(Right::Persons).with_whole_person(directory, &self.person)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let number = ground.person(&self.person, "person").map_err(|refusal| vec![refusal])?;
        let Some(person) = ground.directory.person(number) else {
            let message = "No person has that key: give one of people.";
            return Err(vec![Refusal::new(RefusalCode::UnknownPerson, "person", message)]);
        };
        let (mut writes, mut refusals) = (Vec::new(), Vec::new());
        match self.renamed(ground, person) {
            Ok(write) => writes.extend(write),
            Err(refusal) => refusals.push(refusal),
        }
        let mut summary = Summary { on: Some(ground.today), ..Summary::default() }.with_person(&self.person);
        match self.moved(ground, person) {
            Ok(None) => {}
            Ok(Some((from, moved))) => {
                // Where somebody comes from may say something else of every board; a name says nothing.
                summary = summary.with_boards(self.scope(ground.directory).boards);
                summary.on = Some(from);
                writes.extend(moved);
            }
            Err(refusal) => refusals.push(refusal),
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        if writes.is_empty() {
            let message = "Nothing is to be changed: give a name, comesFrom or reviewOn that differs.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "input", message)]);
        }
        integrity::check(ground, &writes)?;
        Ok(Decision { writes, summary })
    }
}

impl AmendPerson {
    /// A name that is given is written even where it is the one that stands: whoever may change it may not be one of those
    /// who may see it, and is not told by a refusal.
    fn renamed(&self, ground: &Ground<'_>, person: &Person) -> Result<Option<Write>, Refusal> {
        if let Some(name) = &self.name {
            sound(name)?;
        }
        let review_on = self.review_on.map(|day| ground.day(day, "reviewOn")).transpose()?;
        let (name, review_on) = match (&self.name, &person.name) {
            (Some(name), NameState::Held(..)) => (name, review_on),
            (Some(name), _) => (name, Some(review_on.unwrap_or(ground.today + REVIEW))),
            (None, NameState::Held(name, due)) if review_on.is_some_and(|day| day != *due) => {
                (name, review_on)
            }
            (None, NameState::Held(..)) => return Ok(None),
            (None, _) if review_on.is_some() => {
                let message = "No name is recorded that could be looked at: give the name as well.";
                return Err(Refusal::new(RefusalCode::InvalidValue, "reviewOn", message));
            }
            (None, _) => return Ok(None),
        };
        Ok(Some(Write::Name { person: self.person.clone(), name: Some(name.clone()), review_on }))
    }

    /// The first day, and what is written for it; none where nothing is asked for, or it stands so.
    fn moved(
        &self,
        ground: &Ground<'_>,
        person: &Person,
    ) -> Result<Option<(NaiveDate, Vec<Write>)>, Refusal> {
        let Some((kind, slug)) = &self.comes_from else {
            return lone_first_day(self.from, true).map_or(Ok(None), Err);
        };
        let from = ground.day(self.from.unwrap_or(ground.today), "from")?;
        let body = ground.body(*kind, slug, "comesFrom")?;
        let rows = chosen(&person.bodies, |_| true);
        if rows.iter().any(|row| row.value == body && row.valid.contains(from) && row.valid.until().is_none())
        {
            return Ok(None);
        }
        let Some(valid) = Period::new(from, None) else { return Ok(None) };
        let room = room(Table::PersonBody, &rows, valid, |row, valid| {
            let before = &ground.directory.body(row.value).identity;
            let body = (before.kind, before.slug.clone());
            NewRow::PersonBody { person: self.person.clone(), body, valid }
        });
        let room = room.map_err(|later| {
            let message = format!(
                "An organisation is recorded {}: give a day from {}.",
                integrity::words(later),
                later.from()
            );
            Refusal::new(RefusalCode::Overlap, "from", message)
        })?;
        let number = room.number(0);
        let mut writes = room.writes;
        let body = (*kind, slug.clone());
        writes.push(Write::Add(number, NewRow::PersonBody { person: self.person.clone(), body, valid }));
        Ok(Some((from, writes)))
    }
}

/// Refuses a first day in an organisation that is not named.
fn lone_first_day(from: Option<NaiveDate>, is_alone: bool) -> Option<Refusal> {
    let message = "from is the first day in an organisation: give comesFrom as well.";
    from.filter(|_| is_alone).map(|_| Refusal::new(RefusalCode::InvalidValue, "from", message))
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
