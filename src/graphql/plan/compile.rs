//! From a selection set to a plan, for one type: fragments spread out, equal keys merged, keys written in advance.
//!
//! Whatever it does not know how to write as juniper would has no plan.

use super::document::MOST_VISITS;
use crate::graphql::context::Context;
use crate::graphql::scalar::Scalar;
use juniper::macros::reflect::BaseType;
use juniper::{Executor, Selection};
use std::collections::HashMap;

/// A selection set as juniper parsed it.
pub type Selections<'d> = &'d [Selection<'d, Scalar>];

/// How a value writes what is selected of it.
#[derive(Debug, Default)]
pub struct Plan {
    /// Of an object: what it writes, in order. Nothing for a leaf.
    pub steps: Vec<Step>,
    /// Of an interface: the plan of each of its types, in the order of the shape.
    pub kinds: Vec<Plan>,
}

/// One key of an object with its value.
#[derive(Debug)]
pub struct Step {
    /// The key as it is written, with the comma before it; with the value too, where that is the type's name.
    pub key: String,
    /// Index of the field in the shape, and the plan of its value.
    pub field: Option<(usize, Plan)>,
}

/// A field of a type that can be written.
pub struct Field<T> {
    /// Its name in the schema.
    pub name: &'static str,
    /// Makes the plan of its value.
    pub compile: fn(&mut Compiler<'_>, &[Selections<'_>]) -> Option<Plan>,
    /// Appends its value.
    pub write: fn(&T, &Context, &Plan, &mut String),
}

/// A type that can be written.
pub trait Shape: BaseType<Scalar> + Sized + 'static {
    /// Its fields that have writers.
    const FIELDS: &'static [Field<Self>];
}

/// The fields of one response key, merged.
struct Merged<'d> {
    key: &'d str,
    name: &'d str,
    together: Vec<Selections<'d>>,
}

/// What compiling needs of the document and the schema, with a bound on what it does.
pub struct Compiler<'d> {
    executor: &'d Executor<'d, 'd, Context, Scalar>,
    left: usize,
}

impl<'d> Compiler<'d> {
    /// Compiles for what an executor executes.
    pub fn new(executor: &'d Executor<'d, 'd, Context, Scalar>) -> Compiler<'d> {
        Compiler { executor, left: MOST_VISITS }
    }

    /// The plan of an object of a type that is asked for by several selection sets together.
    pub fn object<T: Shape>(&mut self, together: &[Selections<'_>]) -> Option<Plan> {
        let mut merged = Vec::new();
        let mut by_key = HashMap::new();
        for selections in together {
            self.gather(T::NAME, selections, &mut merged, &mut by_key)?;
        }
        let steps = merged.iter().enumerate().map(|(index, field)| {
            let comma = if index == 0 { "" } else { "," };
            if field.name == "__typename" {
                let key = format!("{comma}\"{}\":\"{}\"", field.key, T::NAME);
                return Some(Step { key, field: None });
            }
            let found = T::FIELDS.iter().position(|known| known.name == field.name)?;
            let plan = (T::FIELDS[found].compile)(self, &field.together)?;
            Some(Step { key: format!("{comma}\"{}\":", field.key), field: Some((found, plan)) })
        });
        Some(Plan { steps: steps.collect::<Option<_>>()?, kinds: Vec::new() })
    }

    /// Spreads fragments out where they are for the type, and merges equal keys in the order in which they come first.
    fn gather<'s>(
        &mut self,
        type_name: &str,
        selections: Selections<'s>,
        merged: &mut Vec<Merged<'s>>,
        by_key: &mut HashMap<&'s str, usize>,
    ) -> Option<()>
    where
        'd: 's,
    {
        for selection in selections {
            self.left = self.left.checked_sub(1)?;
            match selection {
                Selection::Field(field) => {
                    let field = &field.item;
                    (field.directives.is_none() && field.arguments.is_none()).then_some(())?;
                    let key = field.alias.as_ref().unwrap_or(&field.name).item;
                    let index = *by_key.entry(key).or_insert(merged.len());
                    if index == merged.len() {
                        merged.push(Merged { key, name: field.name.item, together: Vec::new() });
                    }
                    let same_key = &mut merged[index];
                    (same_key.name == field.name.item).then_some(())?;
                    same_key.together.extend(field.selection_set.as_deref());
                }
                Selection::FragmentSpread(spread) => {
                    spread.item.directives.is_none().then_some(())?;
                    let executor: &'d Executor<'d, 'd, Context, Scalar> = self.executor;
                    let fragment = executor.fragment_by_name(spread.item.name.item)?;
                    if self.is_for(fragment.type_condition.item, type_name) {
                        self.gather(type_name, &fragment.selection_set, merged, by_key)?;
                    }
                }
                Selection::InlineFragment(inline) => {
                    let inline = &inline.item;
                    inline.directives.is_none().then_some(())?;
                    let condition = inline.type_condition.as_ref().map(|condition| condition.item);
                    if condition.is_none_or(|condition| self.is_for(condition, type_name)) {
                        self.gather(type_name, &inline.selection_set, merged, by_key)?;
                    }
                }
            }
        }
        Some(())
    }

    fn is_for(&self, condition: &str, type_name: &str) -> bool {
        self.executor.schema().is_named_subtype(type_name, condition)
    }
}
