//! Documents that ask one look-up by variables and nothing else: once juniper has answered such a document and its
//! plan is there, what follows is read and written without it.
//!
//! Only what juniper would answer the same is read here. Whatever is unusual, a variable that is absent or null, a list,
//! a member that is not known, a value of another kind, is left to juniper, which says what is wrong with it.

use super::compile::Selections;
use super::document::{Found, Plans, place};
use super::written::Written;
use crate::graphql::context::Context;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::CalendarName;
use crate::graphql::types::case::CaseInput;
use crate::graphql::types::place::{PlaceAnswer, PlaceInput};
use crate::graphql::types::routing::RoutingAnswer;
use juniper::macros::reflect::BaseType;
use juniper::{InputValue, Operation, Selection};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
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

/// The arguments of a look-up, as a request gives them.
#[derive(Clone, Default)]
pub struct Arguments {
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
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let arguments = self.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(arguments)
    }

    /// Appends the data of the answer, by the plan of the look-up.
    pub fn write(&self, arguments: Arguments, context: &Context, found: Found<'_>, out: &mut String) {
        out.push_str("{\"");
        out.push_str(&self.key);
        out.push_str("\":");
        let Arguments { case, place, on, calendar } = arguments;
        if let Some(case) = case {
            RoutingAnswer::find(context, None, 0, case).write(context, found.plan, out);
        } else if let Some(place) = place {
            PlaceAnswer::find(context, context.default_at().or(on, calendar), 0, place)
                .write(context, found.plan, out);
        }
        out.push('}');
    }
}

/// Reads an object that has every variable once, not null, and nothing else.
impl<'de> DeserializeSeed<'de> for &Whole {
    type Value = Arguments;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arguments, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &Whole {
    type Value = Arguments;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the variables")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Arguments, A::Error> {
        let mut arguments = Arguments::default();
        let mut count = 0;
        while let Some(name) = members.next_key::<std::borrow::Cow<'de, str>>()? {
            let found = self.variables.iter().find(|(variable, _)| *variable == name);
            let is_first = match found.map(|(_, argument)| *argument) {
                Some(Argument::Case) => arguments.case.replace(members.next_value()?).is_none(),
                Some(Argument::Place) => arguments.place.replace(members.next_value()?).is_none(),
                Some(Argument::On) => arguments.on.replace(members.next_value()?).is_none(),
                Some(Argument::Calendar) => arguments.calendar.replace(members.next_value()?).is_none(),
                None => {
                    members.next_value::<IgnoredAny>()?;
                    false
                }
            };
            if !is_first {
                return Err(A::Error::custom("unusual"));
            }
            count += 1;
        }
        if count == self.variables.len() { Ok(arguments) } else { Err(A::Error::custom("incomplete")) }
    }
}
