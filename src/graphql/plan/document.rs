//! Which selections of a document may be written from a plan, and the plans that were compiled for them.
//!
//! Leaves the types to `compile`: here a document is looked through without regard to them.

use super::compile::{Plan, Selections};
use super::whole::Whole;
use crate::graphql::scalar::Scalar;
use juniper::{Definition, Operation, Selection};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most selections that are looked at, fragments spread out; a document with more has no plans.
///
/// Far more than a document may have; what is refused elsewhere should not cost time here.
pub const MOST_VISITS: usize = 2_000;

/// The plans of one document, for all of its operations.
///
/// Owns what it holds, so that it can be kept for as long as the document is.
#[derive(Debug, Default)]
pub struct Plans {
    /// In the order of their places.
    selections: Vec<Selected>,
    /// The operation that is meant, where it is one look-up.
    whole: Option<Whole>,
}

/// A selection that nothing is merged into, wherever it is used.
#[derive(Debug)]
struct Selected {
    place: usize,
    compiled: OnceLock<Compiled>,
}

/// What became of a selection for the type that came first.
#[derive(Debug)]
struct Compiled {
    type_name: &'static str,
    plan: Option<Plan>,
    /// How long the last text was that was written by the plan.
    last_length: AtomicUsize,
}

/// A plan with room for what it writes.
#[derive(Clone, Copy, Debug)]
pub struct Found<'p> {
    /// The plan.
    pub plan: &'p Plan,
    last_length: &'p AtomicUsize,
}

/// Most bytes that are made room for before anything is written.
const MOST_ROOM: usize = 64 * 1024;

impl Found<'_> {
    /// An empty text with room for as much as was written last: what is asked again is about as long.
    pub fn room(&self) -> String {
        String::with_capacity(self.last_length.load(Ordering::Relaxed).min(MOST_ROOM))
    }

    /// Notes how much was written.
    pub fn wrote(&self, length: usize) {
        self.last_length.store(length, Ordering::Relaxed);
    }
}

impl Plans {
    /// Looks a document through. It must have been validated.
    pub fn of(document: &[Definition<'_, Scalar>]) -> Plans {
        let mut walk = Walk::new(document);
        let is_whole = document.iter().all(|definition| match definition {
            Definition::Operation(operation) => walk.visit(&[&operation.item.selection_set]).is_some(),
            Definition::Fragment(_) => true,
        });
        if !is_whole {
            return Plans::default();
        }
        let alone = walk.is_merged.into_iter().filter(|(_, is_merged)| !is_merged);
        let selections = alone.map(|(place, _)| Selected { place, compiled: OnceLock::new() }).collect();
        Plans { selections, whole: None }
    }

    /// The same plans of a document of which this operation is meant.
    pub fn of_operation(self, operation: &Operation<'_, Scalar>) -> Plans {
        Plans { whole: Whole::of(operation), ..self }
    }

    /// The look-up that the operation is, with its plan; none where juniper has to be asked.
    pub fn whole(&self) -> Option<(&Whole, Found<'_>)> {
        let whole = self.whole.as_ref()?;
        Some((whole, whole.plan(self)?))
    }

    /// The plan of the selection at a place, where one was compiled for the type.
    pub fn compiled(&self, place: usize, type_name: &'static str) -> Option<Found<'_>> {
        let index = self.selections.binary_search_by_key(&place, |selected| selected.place).ok()?;
        self.selections[index].compiled.get()?.found(type_name)
    }

    /// The plan of a selection for a type, compiled where this is the first time; none where it has none.
    pub fn find(
        &self,
        selections: Selections<'_>,
        type_name: &'static str,
        compile: impl FnOnce() -> Option<Plan>,
    ) -> Option<Found<'_>> {
        let place = place(selections)?;
        let index = self.selections.binary_search_by_key(&place, |selected| selected.place).ok()?;
        let compiled = &self.selections[index].compiled;
        let compiled =
            compiled.get_or_init(|| Compiled { type_name, plan: compile(), last_length: 0.into() });
        compiled.found(type_name)
    }
}

impl Compiled {
    fn found(&self, type_name: &'static str) -> Option<Found<'_>> {
        // A field has one type. Should that ever change, the type that came first has the plan.
        let plan = self.plan.as_ref().filter(|_| self.type_name == type_name)?;
        Some(Found { plan, last_length: &self.last_length })
    }
}

/// Where a selection set stands: its first selection belongs to no other.
pub fn place(selections: Selections<'_>) -> Option<usize> {
    selections.first().map(|first| match first {
        Selection::Field(field) => field.span.start.index(),
        Selection::FragmentSpread(spread) => spread.span.start.index(),
        Selection::InlineFragment(inline) => inline.span.start.index(),
    })
}

/// A look through a document, whatever the types.
struct Walk<'d> {
    fragments: HashMap<&'d str, Selections<'d>>,
    /// Places of selection sets of fields, and whether another selection is merged into them somewhere.
    is_merged: BTreeMap<usize, bool>,
    left: usize,
}

/// Selection sets of the fields with one response key: juniper resolves each, and merges what they answer.
type Answered<'d> = HashMap<&'d str, Vec<Selections<'d>>>;

impl<'d> Walk<'d> {
    fn new(document: &'d [Definition<'_, Scalar>]) -> Walk<'d> {
        let fragments = document.iter().filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                Some((fragment.item.name.item, fragment.item.selection_set.as_slice()))
            }
            Definition::Operation(_) => None,
        });
        Walk { fragments: fragments.collect(), is_merged: BTreeMap::new(), left: MOST_VISITS }
    }

    /// Visits what one object is asked for by several selection sets together; none where there is too much.
    fn visit(&mut self, together: &[Selections<'d>]) -> Option<()> {
        let mut answered = Answered::new();
        for selections in together {
            self.gather(selections, &mut answered)?;
        }
        // In any order: what is found out does not hang on it.
        for same_key in answered.into_values() {
            for place in same_key.iter().filter_map(|selections| place(selections)) {
                *self.is_merged.entry(place).or_default() |= same_key.len() > 1;
            }
            self.visit(&same_key)?;
        }
        Some(())
    }

    fn gather(&mut self, selections: Selections<'d>, answered: &mut Answered<'d>) -> Option<()> {
        for selection in selections {
            self.left = self.left.checked_sub(1)?;
            match selection {
                Selection::Field(field) => {
                    let Some(inner) = &field.item.selection_set else { continue };
                    let key = field.item.alias.as_ref().unwrap_or(&field.item.name).item;
                    answered.entry(key).or_default().push(inner);
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragments.get(spread.item.name.item).copied().unwrap_or_default();
                    self.gather(inner, answered)?;
                }
                Selection::InlineFragment(inline) => self.gather(&inline.item.selection_set, answered)?,
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::mutation::Mutation;
    use crate::graphql::query::Query;
    use crate::graphql::{Limits, SCHEMA, Schema};
    use juniper::{EmptySubscription, RootNode};
    use std::time::{Duration, Instant};

    fn plans(query: &str, schema: &Schema) -> Plans {
        let document = juniper::parser::parse_document_source(query, &schema.schema);
        Plans::of(&document.unwrap_or_else(|error| panic!("{query}: {error:?}")))
    }

    #[test]
    fn a_document_with_too_many_selections_has_no_plans_and_is_left_soon() {
        let schema: Schema = RootNode::new_with_scalar_value(Query, Mutation, EmptySubscription::new())
            .limit_tokens(100_000)
            .limit_fields(10_000);
        let aliases: String = (0..4_000).map(|number| format!(" a{number}: crc {{ slug }}")).collect();
        let query = format!("{{ mappaArea(slug: \"kent\") {{ {aliases} }} }}");
        let document = juniper::parser::parse_document_source(&query, &schema.schema).expect("a document");
        let began = Instant::now();
        assert!(Plans::of(&document).selections.is_empty());
        assert!(began.elapsed() < Duration::from_millis(50), "{:?}", began.elapsed());
        const {
            assert!(
                Limits::KEPT.document_tokens <= MOST_VISITS,
                "every document that is taken may have plans"
            )
        }
    }

    #[test]
    fn a_selection_may_have_a_plan_where_nothing_is_merged_into_it_in_any_place() {
        for (query, count) in [
            ("{ directory { version } }", 1),
            ("{ directory { counts { boards } } directory { version } }", 1),
            ("{ directory { counts { boards } } directory { counts { policeForces } } }", 0),
            ("{ ...F ...F } fragment F on Query { directory { version } }", 0),
            (
                "{ ...F } fragment F on Query { directory { version } } fragment G on Query { directory { version } }",
                1,
            ),
            (
                "query A { ...F } query B { ...F directory { version } } fragment F on Query { directory { version } }",
                0,
            ),
            ("{ a: directory { version } b: directory { version } }", 2),
        ] {
            assert_eq!(plans(query, &SCHEMA).selections.len(), count, "{query}");
        }
    }

    #[test]
    fn a_plan_belongs_to_the_type_that_came_first() {
        let document = juniper::parser::parse_document_source("{ directory { version } }", &SCHEMA.schema);
        let document = document.expect("a document");
        let Definition::Operation(operation) = &document[0] else { panic!("no operation") };
        let Selection::Field(field) = &operation.item.selection_set[0] else { panic!("no field") };
        let selections = field.item.selection_set.as_deref().expect("a selection");
        let plans = Plans::of(&document);
        assert!(plans.find(selections, "One", || Some(Plan::default())).is_some());
        assert!(plans.find(selections, "One", || panic!("compiled twice")).is_some());
        assert!(plans.find(selections, "Other", || panic!("compiled twice")).is_none());
        assert!(plans.find(&[], "One", || panic!("compiled")).is_none());
    }
}
