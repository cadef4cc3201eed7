//! How long a request wants to wait for a change: found in its document and variables before anything is executed.
//!
//! Waiting itself is left to `http`, and refusing what cannot be waited for to the field.

use super::cost::Fragments;
use super::scalar::Scalar;
use juniper::{InputValue, Selection, Variables};
use std::collections::HashMap;
use std::time::Duration;

/// Most seconds that a request may wait: less than what usual proxies wait for an answer.
pub const LONGEST_WAIT: u64 = 25;

/// The root field that may wait, with its arguments.
const CHANGES: &str = "changes";
const AFTER: &str = "after";
const SECONDS: &str = "waitSeconds";

/// What a request waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// For a version greater than this one.
    pub after: i64,
    /// No longer than this.
    pub at_most: Duration,
}

/// A number that a document says: its value, or a variable's with its default.
#[derive(Clone, Debug)]
enum Said {
    Value(Option<i32>),
    Variable(String, Option<i32>),
}

impl Said {
    fn of(value: Option<&InputValue<Scalar>>, defaults: &HashMap<&str, &InputValue<Scalar>>) -> Said {
        match value {
            Some(InputValue::Variable(name)) => {
                Said::Variable(name.clone(), defaults.get(name.as_str()).and_then(|value| number(value)))
            }
            value => Said::Value(value.and_then(number)),
        }
    }

    fn read(&self, variables: &Variables<Scalar>) -> Option<i32> {
        match self {
            Said::Value(value) => *value,
            Said::Variable(name, default) => variables.get(name).map_or(*default, number),
        }
    }
}

fn number(value: &InputValue<Scalar>) -> Option<i32> {
    match value {
        InputValue::Scalar(Scalar::Int(number)) => Some(*number),
        _ => None,
    }
}

/// What the root fields of an operation say of waiting.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    /// Of each that asks for changes: after which version, and for how many seconds.
    fields: Vec<(Said, Said)>,
}

impl Waits {
    /// Looks through the selections of an operation, fragments spread out. It must have been validated.
    pub fn of<'d>(
        selections: &'d [Selection<'d, Scalar>],
        fragments: &Fragments<'d>,
        defaults: &HashMap<&'d str, &'d InputValue<Scalar>>,
    ) -> Waits {
        let mut waits = Waits::default();
        waits.look(selections, fragments, defaults);
        waits
    }

    fn look<'d>(
        &mut self,
        selections: &'d [Selection<'d, Scalar>],
        fragments: &Fragments<'d>,
        defaults: &HashMap<&'d str, &'d InputValue<Scalar>>,
    ) {
        for selection in selections {
            match selection {
                Selection::Field(field) if field.item.name.item == CHANGES => {
                    let argument = |name: &str| {
                        let mut items = field.item.arguments.iter().flat_map(|all| &all.item.items);
                        items.find(|(key, _)| key.item == name).map(|(_, value)| &value.item)
                    };
                    self.fields
                        .push((Said::of(argument(AFTER), defaults), Said::of(argument(SECONDS), defaults)));
                }
                Selection::Field(_) => {}
                Selection::InlineFragment(inline) => {
                    self.look(&inline.item.selection_set, fragments, defaults);
                }
                Selection::FragmentSpread(spread) => {
                    let (_, inner) = fragments.get(spread.item.name.item).copied().unwrap_or_default();
                    self.look(inner, fragments, defaults);
                }
            }
        }
    }

    /// What is waited for with these variables; none where the answer is wanted now, as where one of several fields names no
    /// wait, or a number is one that the field refuses.
    ///
    /// Of several fields the first that has something ends the wait for all.
    pub fn with(&self, variables: &Variables<Scalar>) -> Option<Wait> {
        let waits = self.fields.iter().map(|(after, seconds)| {
            let after = after.read(variables).unwrap_or(0);
            let seconds = u64::try_from(seconds.read(variables)?).ok()?;
            let is_sound = after >= 0 && (1..=LONGEST_WAIT).contains(&seconds);
            is_sound.then(|| Wait { after: after.into(), at_most: Duration::from_secs(seconds) })
        });
        let waits: Vec<Wait> = waits.collect::<Option<_>>()?;
        let after = waits.iter().map(|wait| wait.after).min()?;
        let at_most = waits.iter().map(|wait| wait.at_most).min()?;
        Some(Wait { after, at_most })
    }
}

#[cfg(test)]
mod tests {
    use super::super::SCHEMA;
    use super::super::document::{Document, Source};
    use super::super::limits::Limits;
    use super::*;

    /// What a query waits for, as a version and seconds, with `$n` as a variable where it is given.
    fn waits(query: &str, n: Option<InputValue<Scalar>>) -> Option<(i64, u64)> {
        let source = Source { query: query.to_owned(), operation_name: Some("Q".to_owned()) };
        let document = Document::prepare(source, &SCHEMA, &Limits::KEPT);
        let document = document.unwrap_or_else(|_| panic!("{query} is refused"));
        let variables: Variables<Scalar> = n.into_iter().map(|value| ("n".to_owned(), value)).collect();
        document.about.waits.with(&variables).map(|wait| (wait.after, wait.at_most.as_secs()))
    }

    fn int(number: i32) -> Option<InputValue<Scalar>> {
        Some(InputValue::Scalar(Scalar::Int(number)))
    }

    #[test]
    fn a_wait_is_found_in_literals_variables_and_fragments_of_the_root_alone() {
        let page = "{ complete }";
        for (query, n, due) in [
            (format!("query Q {{ changes(after: 7, waitSeconds: 25) {page} }}"), None, Some((7, 25))),
            (format!("query Q {{ a: changes(waitSeconds: 1) {page} }}"), None, Some((0, 1))),
            (
                format!("query Q($n: Int) {{ changes(after: 7, waitSeconds: $n) {page} }}"),
                int(3),
                Some((7, 3)),
            ),
            (
                format!("query Q($n: Int) {{ changes(after: $n, waitSeconds: 3) {page} }}"),
                int(9),
                Some((9, 3)),
            ),
            (
                format!("query Q($n: Int = 4) {{ changes(after: 1, waitSeconds: $n) {page} }}"),
                None,
                Some((1, 4)),
            ),
            (
                format!("query Q($n: Int = 4) {{ changes(after: 1, waitSeconds: $n) {page} }}"),
                Some(InputValue::Null),
                None,
            ),
            (
                format!(
                    "query Q {{ ...F }} fragment F on Query {{ ... {{ changes(after: 2, waitSeconds: 5) {page} }} }}"
                ),
                None,
                Some((2, 5)),
            ),
            // The first that has something ends the wait, and whoever wants one answer now gets all now.
            (
                format!(
                    "query Q {{ a: changes(after: 9, waitSeconds: 5) {page} b: changes(after: 2, waitSeconds: 8) {page} }}"
                ),
                None,
                Some((2, 5)),
            ),
            (
                format!(
                    "query Q {{ a: changes(after: 9, waitSeconds: 5) {page} b: changes(after: 9) {page} }}"
                ),
                None,
                None,
            ),
            (format!("query Q {{ changes(after: 7) {page} }}"), None, None),
            (format!("query Q {{ changes(after: 7, waitSeconds: 0) {page} }}"), None, None),
            // These the field refuses, and nobody waits to be refused.
            (format!("query Q {{ changes(after: 7, waitSeconds: 26) {page} }}"), None, None),
            (format!("query Q {{ changes(after: 7, waitSeconds: -1) {page} }}"), None, None),
            (format!("query Q {{ changes(after: -7, waitSeconds: 2) {page} }}"), None, None),
            // Another operation of the document, and what is called like it, say nothing.
            (
                format!(
                    "query Q {{ changes: directory {{ version }} }} query R {{ changes(waitSeconds: 5) {page} }}"
                ),
                None,
                None,
            ),
        ] {
            assert_eq!(waits(&query, n), due, "{query}");
        }
    }
}
