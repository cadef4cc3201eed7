//! A document that was parsed, validated and priced once, to be executed many times.
//!
//! Leaves keeping it to whoever has the room, and executing it to `gate`.

use super::cost::{Fragments, Price, Pricing, is_batch, is_over_boards};
use super::limits::Limits;
use super::mutation::Mutation;
use super::plan::Plans;
use super::query::Query;
use super::scalar::Scalar;
use super::wait::Waits;
use super::{Context, Schema};
use juniper::meta::MetaType;
use juniper::{
    Definition, EmptySubscription, GraphQLError, InputValue, OperationType, Selection, ValidatedOperation,
};
use self_cell::self_cell;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// The text of a document, and which of its operations is meant.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub query: String,
    /// The operation; none where there is one only.
    pub operation_name: Option<String>,
}

type Operation<'d> = ValidatedOperation<'d, Query, Mutation, EmptySubscription<Context>, Scalar>;

self_cell!(
    struct Validated {
        owner: Source,
        #[covariant]
        dependent: Operation,
    }
);

/// A document that may be executed.
pub struct Document {
    validated: Validated,
    /// What is known of it without executing it.
    pub about: About,
    /// Its plans.
    pub plans: Arc<Plans>,
}

/// What is known of a document without executing it.
#[derive(Clone, Debug)]
pub struct About {
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Name of the operation.
    pub name: Option<String>,
    /// Whether any of its operations or fragments takes a case.
    pub takes_a_case: bool,
    /// Whether its text can hold facts of a case: such a document is neither kept nor told of by its hash.
    pub is_private: bool,
    /// Names of the variables that it declares.
    pub variables: Vec<String>,
    /// Whether it has a batch look-up.
    pub is_batch: bool,
    /// Whether it asks about all boards, which may cost as much.
    pub is_over_boards: bool,
    /// Whether it asks for the schema, and for nothing else.
    pub is_of_the_schema: bool,
    /// For what it waits before it is executed.
    pub waits: Waits,
    /// What it costs.
    pub price: Price,
    /// SHA-256 of the text, in hexadecimal.
    pub hash: String,
}

/// A limit that a document exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit, by its name where limits are published.
    pub limit: &'static str,
    /// What it allows.
    pub most: usize,
}

/// Why a document may not be executed.
pub enum Refused {
    /// It is no GraphQL, not valid, or its operation is not to be found.
    Graphql(GraphQLError),
    /// It is larger than it may be.
    Exceeds(Exceeded),
}

impl Document {
    /// Parses, validates and prices.
    ///
    /// # Errors
    ///
    /// Where the document may not be executed.
    ///
    /// # Panics
    ///
    /// juniper panics on a variable of an unknown type that has a default: callers have a barrier.
    pub fn prepare(source: Source, schema: &'static Schema, limits: &Limits) -> Result<Document, Refused> {
        let validated = Validated::try_new(source, |source| {
            ValidatedOperation::new(&source.query, source.operation_name.as_deref(), schema)
        })
        .map_err(Refused::Graphql)?;
        let kind = validated.borrow_dependent().operation_type();
        let (about, plans) = About::read(validated.borrow_owner(), kind, schema, limits)?;
        Ok(Document { validated, about, plans: Arc::new(plans) })
    }

    /// The operation.
    pub fn operation(&self) -> &Operation<'_> {
        self.validated.borrow_dependent()
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.validated.borrow_owner().query
    }
}

/// SHA-256 of a text, in hexadecimal.
pub fn hash_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Root fields that take a case.
const OF_A_CASE: [&str; 3] = ["route", "routeMany", "compareRouting"];

/// Root fields that ask for the schema, which is deeper than anything else.
const OF_THE_SCHEMA: [&str; 3] = ["__schema", "__type", "__typename"];

impl About {
    /// The most that it may cost.
    pub fn most_cost(&self, limits: &Limits) -> u64 {
        match (self.is_of_the_schema, self.is_batch || self.is_over_boards) {
            (true, _) => limits.introspection_cost,
            (_, true) => limits.batch_cost,
            _ => limits.cost,
        }
    }

    fn read(
        source: &Source,
        kind: OperationType,
        schema: &Schema,
        limits: &Limits,
    ) -> Result<(About, Plans), Refused> {
        let document = juniper::parser::parse_document_source::<Scalar>(&source.query, &schema.schema)
            .map_err(|error| Refused::Graphql(error.into()))?;
        let mut counts = Counts::default();
        let mut fragments = Fragments::new();
        let (mut operation, mut has_default) = (None, false);
        for definition in &document {
            match definition {
                Definition::Fragment(fragment) => {
                    counts.fragments += 1;
                    counts.directives(fragment.item.directives.as_ref().map_or(0, Vec::len));
                    counts.selections(&fragment.item.selection_set);
                    let of = fragment.item.type_condition.item;
                    fragments.insert(fragment.item.name.item, (of, &fragment.item.selection_set));
                }
                Definition::Operation(found) => {
                    counts.directives(found.item.directives.as_ref().map_or(0, Vec::len));
                    counts.selections(&found.item.selection_set);
                    let mut variables =
                        found.item.variables_definition.iter().flat_map(|all| all.item.iter());
                    has_default |= variables.any(|(_, variable)| variable.default_value.is_some());
                    let name = found.item.name.as_ref().map(|name| name.item);
                    if source.operation_name.is_none() || name == source.operation_name.as_deref() {
                        operation = Some(&found.item);
                    }
                }
            }
        }
        let Some(operation) = operation else {
            return Err(Refused::Graphql(GraphQLError::UnknownOperationName));
        };
        let mut roots = Vec::new();
        root_fields(&operation.selection_set, &fragments, &mut roots);
        let is_of_the_schema = roots.iter().all(|name| OF_THE_SCHEMA.contains(name));
        counts.root_fields = roots.len();
        counts.depth = depth(&operation.selection_set, &fragments);
        counts.within(limits, is_of_the_schema).map_err(Refused::Exceeds)?;
        if kind == OperationType::Mutation && roots.len() > 1 {
            return Err(Refused::Exceeds(Exceeded { limit: "rootFieldsOfAMutation", most: 1 }));
        }
        let (mut defaults, mut variables) = (HashMap::new(), Vec::new());
        for (name, definition) in operation.variables_definition.iter().flat_map(|all| all.item.iter()) {
            variables.push(name.item.to_owned());
            defaults.extend(definition.default_value.as_ref().map(|value| (name.item, &value.item)));
        }
        let is_of_objects =
            |name: &str| matches!(schema.schema.concrete_type_by_name(name), Some(MetaType::Object(_)));
        let waits = match kind {
            OperationType::Query => Waits::of(&operation.selection_set, &fragments, &defaults),
            _ => Waits::default(),
        };
        let pricing = Pricing { fragments: &fragments, is_of_objects: &is_of_objects, defaults };
        let about = About {
            kind,
            name: operation.name.as_ref().map(|name| name.item.to_owned()),
            takes_a_case: counts.takes_a_case,
            // A mutation may have a name in its text.
            is_private: kind == OperationType::Mutation
                || counts.has_literal_case
                || counts.takes_a_case && has_default,
            variables,
            is_batch: roots.iter().any(|name| is_batch(name)),
            is_over_boards: roots.iter().any(|name| is_over_boards(name)),
            is_of_the_schema: is_of_the_schema && roots.iter().any(|name| *name != "__typename"),
            waits,
            price: pricing.of(&operation.selection_set),
            hash: hash_of(&source.query),
        };
        Ok((about, Plans::of(&document).of_operation(operation)))
    }
}

/// Names of the root fields that an operation selects, fragments spread out.
fn root_fields<'d>(
    selections: &'d [Selection<'d, Scalar>],
    fragments: &Fragments<'d>,
    found: &mut Vec<&'d str>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => found.push(field.item.name.item),
            Selection::InlineFragment(inline) => root_fields(&inline.item.selection_set, fragments, found),
            Selection::FragmentSpread(spread) => {
                let (_, inner) = fragments.get(spread.item.name.item).copied().unwrap_or_default();
                root_fields(inner, fragments, found);
            }
        }
    }
}

/// Levels of fields.
fn depth(selections: &[Selection<'_, Scalar>], fragments: &Fragments<'_>) -> usize {
    let levels = selections.iter().map(|selection| match selection {
        Selection::Field(field) => {
            1 + field.item.selection_set.as_ref().map_or(0, |inner| depth(inner, fragments))
        }
        Selection::InlineFragment(inline) => depth(&inline.item.selection_set, fragments),
        Selection::FragmentSpread(spread) => {
            fragments.get(spread.item.name.item).map_or(0, |(_, inner)| depth(inner, fragments))
        }
    });
    levels.max().unwrap_or(0)
}

/// What a document has of everything that is limited.
#[derive(Default)]
struct Counts {
    aliases: usize,
    fragments: usize,
    directives: usize,
    directives_at_one_place: usize,
    root_fields: usize,
    depth: usize,
    takes_a_case: bool,
    has_literal_case: bool,
}

impl Counts {
    fn directives(&mut self, here: usize) {
        self.directives += here;
        self.directives_at_one_place = self.directives_at_one_place.max(here);
    }

    fn selections(&mut self, selections: &[Selection<'_, Scalar>]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let field = &field.item;
                    self.aliases += usize::from(field.alias.is_some());
                    self.directives(field.directives.as_ref().map_or(0, Vec::len));
                    if OF_A_CASE.contains(&field.name.item) {
                        self.takes_a_case = true;
                        let arguments = field.arguments.iter().flat_map(|all| &all.item.items);
                        let mut values = arguments.map(|(_, value)| &value.item);
                        self.has_literal_case |=
                            values.any(|value| !matches!(value, InputValue::Variable(_)));
                    }
                    self.selections(field.selection_set.as_deref().unwrap_or_default());
                }
                Selection::InlineFragment(inline) => {
                    self.directives(inline.item.directives.as_ref().map_or(0, Vec::len));
                    self.selections(&inline.item.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(spread.item.directives.as_ref().map_or(0, Vec::len));
                }
            }
        }
    }

    fn within(&self, limits: &Limits, is_of_the_schema: bool) -> Result<(), Exceeded> {
        let deepest = match is_of_the_schema {
            true => ("introspectionDepth", limits.introspection_depth),
            false => ("documentDepth", limits.document_depth),
        };
        let limited = [
            (self.depth, deepest),
            (self.root_fields, ("rootFields", limits.root_fields)),
            (self.aliases, ("aliases", limits.aliases)),
            (self.fragments, ("fragments", limits.fragments)),
            (self.directives_at_one_place, ("directivesAtOnePlace", limits.directives_at_one_place)),
            (self.directives, ("directives", limits.directives)),
        ];
        let exceeded = limited.into_iter().find(|(count, (_, most))| count > most);
        exceeded.map_or(Ok(()), |(_, (limit, most))| Err(Exceeded { limit, most }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::SCHEMA;

    fn is_private(query: &str, operation: &str) -> bool {
        let source = Source { query: query.to_owned(), operation_name: Some(operation.to_owned()) };
        let document = Document::prepare(source, &SCHEMA, &Limits::KEPT);
        document.unwrap_or_else(|_| panic!("{query} is not taken")).about.is_private
    }

    #[test]
    fn a_document_that_can_hold_a_case_is_private_whichever_of_its_operations_is_asked() {
        let plain = "query B($c: CaseInput!) { route(case: $c) { outcome } } query A { __typename }";
        let default = "query B($c: CaseInput = { on: \"2014-11-01\" }) { route(case: $c) { outcome } } query A { __typename }";
        let literal = "query B { route(case: { on: \"2014-11-01\" }) { outcome } } query A { __typename }";
        for operation in ["A", "B"] {
            assert!(!is_private(plain, operation), "{operation}");
            assert!(is_private(default, operation), "{operation}");
            assert!(is_private(literal, operation), "{operation}");
        }
    }
}
