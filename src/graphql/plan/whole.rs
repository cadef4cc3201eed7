//! Documents that ask one look-up by variables and nothing else: once juniper has answered such a document and its
//! plan is there, what follows is read and written without it.
//!
//! Only what juniper would answer the same is read here. Whatever is unusual, a variable that is absent or null, a list,
//! a member that is not known, a value of another kind, is left to juniper, which says what is wrong with it.

use super::compile::Selections;
use super::document::{Found, Plans, place};
use super::planned::Writing;
use super::written::Written;
use crate::graphql::context::Context;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::CalendarName;
use crate::graphql::types::case::CaseInput;
use crate::graphql::types::place::{PlaceAnswer, PlaceInput};
use crate::graphql::types::routing::RoutingAnswer;
use juniper::macros::reflect::BaseType;
use juniper::{InputValue, Operation, Selection};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A look-up that is answered whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LookUp {
    Route,
    Locate,
}

/// An argument of such a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Argument {
    Case,
    Place,
    On,
    Calendar,
}

/// A look-up by its name, with its arguments by theirs.
type Named = (&'static str, LookUp, &'static [(&'static str, Argument)]);

const LOOK_UPS: [Named; 2] = [
    ("route", LookUp::Route, &[("case", Argument::Case)]),
    (
        "locate",
        LookUp::Locate,
        &[("place", Argument::Place), ("on", Argument::On), ("calendar", Argument::Calendar)],
    ),
];

/// An operation that is one look-up, each of its arguments a variable, each variable one of its arguments.
#[derive(Debug)]
pub struct Whole {
    look_up: LookUp,
    /// The key of its answer.
    key: String,
    /// Where its selection stands.
    place: usize,
    variables: Vec<(String, Argument)>,
}

/// A look-up with its arguments, as a request gives them.
#[derive(Clone)]
pub enum Arguments {
    /// Of `route`.
    Route(Box<CaseInput>),
    /// Of `locate`.
    Locate(PlaceInput, Option<LocalDate>, Option<CalendarName>),
}

/// The arguments that were read so far.
#[derive(Default)]
struct Given {
    case: Option<CaseInput>,
    place: Option<PlaceInput>,
    on: Option<LocalDate>,
    calendar: Option<CalendarName>,
}

impl Whole {
    /// What an operation asks, where it is such a one. It must have been validated.
    pub fn of(operation: &Operation<'_, Scalar>) -> Option<Whole> {
        let [Selection::Field(field)] = operation.selection_set.as_slice() else { return None };
        let field = &field.item;
        let (_, look_up, known) = LOOK_UPS.iter().find(|(name, ..)| *name == field.name.item)?;
        let has_directives = field.directives.is_some() || operation.directives.is_some();
        let mut variables = Vec::new();
        for (name, value) in field.arguments.iter().flat_map(|all| &all.item.items) {
            let (_, argument) = known.iter().find(|(known, _)| *known == name.item)?;
            let InputValue::Variable(variable) = &value.item else { return None };
            variables.push(((*variable).to_owned(), *argument));
        }
        let defined: Vec<_> = operation.variables_definition.iter().flat_map(|all| all.item.iter()).collect();
        let is_plain = defined.iter().all(|(name, definition)| {
            let uses = variables.iter().filter(|(variable, _)| variable == name.item).count();
            uses == 1 && definition.default_value.is_none() && definition.directives.is_none()
        });
        if has_directives || !is_plain || defined.len() != variables.len() {
            return None;
        }
        let selections: Selections<'_> = field.selection_set.as_deref()?;
        let key = field.alias.as_ref().unwrap_or(&field.name).item.to_owned();
        Some(Whole { look_up: *look_up, key, place: place(selections)?, variables })
    }

    /// Its plan; none where juniper has not compiled it yet, or could not.
    pub fn plan<'p>(&self, plans: &'p Plans) -> Option<Found<'p>> {
        let type_name = match self.look_up {
            LookUp::Route => <RoutingAnswer as BaseType<Scalar>>::NAME,
            LookUp::Locate => <PlaceAnswer as BaseType<Scalar>>::NAME,
        };
        plans.compiled(self.place, type_name)
    }

    /// Reads the JSON object of the variables; none where there is anything unusual.
    pub fn read(&self, json: &str) -> Option<Arguments> {
        // Nothing that is read here has a list in it, and serde would take one for an object.
        if json.contains('[') {
            return None;
        }
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let Given { case, place, on, calendar } =
            deserializer.deserialize_map(Reading(&self.variables)).ok()?;
        deserializer.end().ok()?;
        match self.look_up {
            LookUp::Route => Some(Arguments::Route(Box::new(case?))),
            LookUp::Locate => Some(Arguments::Locate(place?, on, calendar)),
        }
    }

    /// Appends the data of the answer, by the plan of the look-up.
    pub fn write(&self, arguments: Arguments, context: &Context, found: Found<'_>, out: &mut String) {
        let _writing = Writing::begin();
        let start = out.len();
        out.push_str("{\"");
        out.push_str(&self.key);
        out.push_str("\":");
        match arguments {
            Arguments::Route(case) => {
                RoutingAnswer::find(context, None, 0, *case).write(context, found.plan, out);
            }
            Arguments::Locate(place, on, calendar) => {
                let at = context.default_at().or(on, calendar);
                PlaceAnswer::find(context, at, 0, place).write(context, found.plan, out);
            }
        }
        out.push('}');
        found.wrote(out.len() - start);
    }
}

/// Reads an object that has every one of these variables once, not null, and nothing else.
struct Reading<'w>(&'w [(String, Argument)]);

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the variables")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Given, A::Error> {
        let unusual = || A::Error::custom("unusual");
        let (mut given, mut count) = (Given::default(), 0);
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            let found = self.0.iter().find(|(variable, _)| *variable == name);
            let (_, argument) = found.ok_or_else(unusual)?;
            let is_first = match argument {
                Argument::Case => given.case.replace(members.next_value()?).is_none(),
                Argument::Place => given.place.replace(members.next_value()?).is_none(),
                Argument::On => given.on.replace(members.next_value()?).is_none(),
                Argument::Calendar => given.calendar.replace(members.next_value()?).is_none(),
            };
            if !is_first {
                return Err(unusual());
            }
            count += 1;
        }
        if count == self.0.len() { Ok(given) } else { Err(unusual()) }
    }
}
