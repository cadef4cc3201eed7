//! Plans: subtrees of answers that write themselves as JSON, where juniper would build a value a field.
//!
//! Nothing else in `graphql` knows how this works. A document is looked through once ([`Plans::of`]), which finds the
//! selections that nothing is merged into. A field whose result is [`Planned`] compiles its selection for the type
//! the first time it is resolved, and from then on writes the whole subtree into one text, which the answer copies.
//! What is unusual, a directive, an argument, a field without a writer, has no plan: juniper resolves it as ever, and
//! plans stand below it wherever they can. The bytes are the same either way; `tests/api/plans.rs` holds them together.
//!
//! `shapes` says which fields have writers. A writer calls the resolver of its field and nothing else, so that there is
//! one place that says what a field is. It must not fail and must hang on nothing but the snapshot: no errors, no
//! rights of the caller. For that reason persons and callers have no shape, nor have posts and their holders: whoever
//! may see a name is juniper's to ask, field by field. A writer that asks who asks breaks a test, and is told anyone.
//!
//! `whole` goes one step further for documents that are one look-up: they need juniper the first time only.
//!
//! Leaves look-ups to the types, and JSON itself to `json`.

mod compile;
mod document;
mod planned;
mod shapes;
mod whole;
mod written;

pub use document::Plans;
pub use planned::{Planned, is_writing};
pub use whole::Arguments;
