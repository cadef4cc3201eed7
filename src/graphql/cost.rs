//! How much a document asks for, from its lists, before anything of it is executed.
//!
//! The schema has cycles (an area has a division, which has areas), so that a short document could ask for
//! millions of fields. Depth and token limits do not see that; this does.

use super::SCHEMA;
use super::scalar::Scalar;
use juniper::{Definition, InputValue, Selection, Variables};
use std::collections::HashMap;

/// Most fields, counted with the sizes of their lists, that one request may ask for.
pub const LARGEST: u64 = 50_000;

/// Items of a page where none is asked for.
const DEFAULT_PAGE: u64 = 50;

/// About how many items the plain lists of the schema have in the directory as it is; what is not named here is
/// no list. A page's own fields take the size that was asked for.
const SIZES: [(&str, u64); 26] = [
    ("considered", 26),
    ("alternatives", 100),
    ("warnings", 6),
    ("alsoHolds", 4),
    ("problems", 3),
    ("interventions", 2),
    ("eventsSincePrevious", 4),
    ("routingRules", 70),
    ("mappaAreas", 42),
    ("localAuthorities", 48),
    ("policeForces", 2),
    ("inCharge", 3),
    ("predecessors", 40),
    ("successors", 12),
    ("contractPackageAreas", 7),
    ("companies", 21),
    ("owners", 3),
    ("posts", 10),
    ("codes", 3),
    ("names", 8),
    ("shortNames", 3),
    ("aliases", 5),
    ("statements", 5),
    ("sources", 9),
    ("candidates", 4),
    ("checks", 16),
];

/// Root fields that answer with a page.
const PAGES: [&str; 9] = [
    "mappaAreas",
    "probationTrusts",
    "npsDivisions",
    "contractPackageAreas",
    "communityRehabilitationCompanies",
    "localAuthorities",
    "policeForces",
    "probationRegions",
    "nationalBodies",
];

/// How many fields an operation would answer with; none where that is more than [`LARGEST`].
///
/// The document must have been validated: fragments then have no cycles.
pub fn of(query: &str, operation_name: Option<&str>, variables: &Variables<Scalar>) -> Option<u64> {
    let Ok(document) = juniper::parser::parse_document_source::<Scalar>(query, &SCHEMA.schema) else {
        return Some(0);
    };
    let mut fragments: HashMap<&str, &[Selection<'_, Scalar>]> = HashMap::new();
    for definition in &document {
        if let Definition::Fragment(fragment) = definition {
            fragments.insert(fragment.item.name.item, &fragment.item.selection_set);
        }
    }
    let operation = document.iter().find_map(|definition| match definition {
        Definition::Operation(operation) => {
            let name = operation.item.name.as_ref().map(|name| name.item);
            (operation_name.is_none() || name == operation_name).then_some(&operation.item)
        }
        Definition::Fragment(_) => None,
    })?;
    let mut given: HashMap<&str, &InputValue<Scalar>> = HashMap::new();
    if let Some(definitions) = &operation.variables_definition {
        for (name, definition) in definitions.item.iter() {
            given.extend(definition.default_value.as_ref().map(|value| (name.item, &value.item)));
        }
    }
    given.extend(variables.iter().map(|(name, value)| (name.as_str(), value)));
    let mut counter = Counter { fragments, given, total: 0 };
    counter.count(&operation.selection_set, 1, None, true).then_some(counter.total)
}

/// Root fields that take a case.
const OF_A_CASE: [&str; 3] = ["route", "routeMany", "compareRouting"];

/// Whether a document selects a field that takes a case, in any of its operations or fragments.
pub fn takes_a_case(query: &str) -> bool {
    fn any(selections: &[Selection<'_, Scalar>]) -> bool {
        selections.iter().any(|selection| match selection {
            Selection::Field(field) => {
                OF_A_CASE.contains(&field.item.name.item)
                    || field.item.selection_set.as_deref().is_some_and(any)
            }
            Selection::FragmentSpread(_) => false,
            Selection::InlineFragment(inline) => any(&inline.item.selection_set),
        })
    }
    juniper::parser::parse_document_source::<Scalar>(query, &SCHEMA.schema).is_ok_and(|document| {
        document.iter().any(|definition| match definition {
            Definition::Operation(operation) => any(&operation.item.selection_set),
            Definition::Fragment(fragment) => any(&fragment.item.selection_set),
        })
    })
}

struct Counter<'d> {
    fragments: HashMap<&'d str, &'d [Selection<'d, Scalar>]>,
    /// Values of variables, their defaults where none was given.
    given: HashMap<&'d str, &'d InputValue<Scalar>>,
    total: u64,
}

impl<'d> Counter<'d> {
    /// Counts a selection set that is answered `times` over; false as soon as there is too much.
    fn count(
        &mut self,
        selections: &'d [Selection<'d, Scalar>],
        times: u64,
        page: Option<u64>,
        is_root: bool,
    ) -> bool {
        for selection in selections {
            let fits = match selection {
                Selection::Field(field) => {
                    self.total = self.total.saturating_add(times);
                    if self.total > LARGEST {
                        return false;
                    }
                    let field = &field.item;
                    let argument = |name: &str| {
                        let arguments = field.arguments.as_ref()?;
                        arguments
                            .item
                            .items
                            .iter()
                            .find(|(key, _)| key.item == name)
                            .map(|(_, value)| &value.item)
                    };
                    let name = field.name.item;
                    let is_page = is_root && PAGES.contains(&name);
                    let size = match (name, page) {
                        ("nodes" | "edges", Some(size)) => size,
                        ("locateMany", _) => self.length(argument("places")),
                        ("routeMany", _) => self.length(argument("cases")),
                        ("compareRouting", _) => self.length(argument("dates")),
                        ("nodes", _) => self.length(argument("ids")),
                        _ if is_page => 1,
                        _ => SIZES.iter().find(|(list, _)| *list == name).map_or(1, |(_, size)| *size),
                    };
                    let asked = |name: &str| self.number(argument(name));
                    let page =
                        is_page.then(|| asked("first").or_else(|| asked("last")).unwrap_or(DEFAULT_PAGE));
                    let inner = field.selection_set.as_deref().unwrap_or_default();
                    self.count(inner, times.saturating_mul(size), page, false)
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragments.get(spread.item.name.item).copied().unwrap_or_default();
                    self.count(inner, times, page, is_root)
                }
                Selection::InlineFragment(inline) => {
                    self.count(&inline.item.selection_set, times, page, is_root)
                }
            };
            if !fits {
                return false;
            }
        }
        true
    }

    /// A value as it will be: a variable's, where it is one.
    fn resolved<'v>(&'v self, value: Option<&'v InputValue<Scalar>>) -> Option<&'v InputValue<Scalar>> {
        match value? {
            InputValue::Variable(name) => self.given.get(name.as_str()).copied(),
            value => Some(value),
        }
    }

    /// How many items a list argument has; one for a single value, which GraphQL takes for a list.
    fn length(&self, value: Option<&InputValue<Scalar>>) -> u64 {
        match self.resolved(value) {
            Some(InputValue::List(items)) => items.len() as u64,
            _ => 1,
        }
    }

    fn number(&self, value: Option<&InputValue<Scalar>>) -> Option<u64> {
        match self.resolved(value)? {
            InputValue::Scalar(Scalar::Int(number)) => u64::try_from(*number).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(query: &str) -> Option<u64> {
        of(query, None, &Variables::new())
    }

    #[test]
    fn a_page_counts_as_many_items_as_were_asked_for() {
        assert_eq!(cost("{ mappaAreas(first: 7) { nodes { slug } totalCount } }"), Some(1 + 1 + 7 + 1));
        assert_eq!(cost("{ mappaAreas { edges { node { slug } } } }"), Some(1 + 1 + 50 + 50));
    }

    #[test]
    fn a_short_document_that_goes_round_in_circles_is_too_much() {
        let round = "npsDivision { mappaAreas { npsDivision { mappaAreas { npsDivision { mappaAreas { slug } } } } } }";
        assert_eq!(cost(&format!("{{ mappaAreas {{ nodes {{ {round} }} }} }}")), None);
    }

    #[test]
    fn a_variable_counts_with_its_default_and_null_as_nothing() {
        let page = "mappaAreas(first: $first, last: $last) { nodes { slug } }";
        assert_eq!(cost(&format!("query($first: Int = 100, $last: Int) {{ {page} }}")), Some(1 + 1 + 100));
        let variables = Variables::from([("first".to_owned(), InputValue::Null)]);
        let query = format!("query($first: Int, $last: Int = 7) {{ {page} }}");
        assert_eq!(of(&query, None, &variables), Some(1 + 1 + 7));
        let places = "query($places: [PlaceInput!]! = [{ name: \"Kent\" }, { name: \"Essex\" }]) \
            { locateMany(places: $places) { index } }";
        assert_eq!(cost(places), Some(1 + 2));
    }

    #[test]
    fn fragments_count_wherever_they_are_spread() {
        let query = "{ a: mappaArea(slug: \"kent\") { ...F } b: mappaArea(slug: \"kent\") { ...F } } fragment F on MappaArea { slug name }";
        assert_eq!(cost(query), Some(6));
    }
}
