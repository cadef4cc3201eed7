//! The schema and its execution: the only place that names juniper.
//!
//! Leaves transport to `http` and finding things out to `directory`.

mod answer;
mod connection;
mod context;
mod cost;
mod error;
mod execute;
mod known_names;
mod node;
mod query;
mod scalar;
mod types;

pub use answer::{Answer, Outcome};
pub use context::Context;
pub use error::Code;
pub use execute::{Executed, Request, execute};

use juniper::{EmptyMutation, EmptySubscription, RootNode};
use query::Query;
use scalar::Scalar;
use std::sync::LazyLock;

/// The schema with its root types.
pub(crate) type Schema = RootNode<Query, EmptyMutation<Context>, EmptySubscription<Context>, Scalar>;

/// Deepest nesting of a document; introspection needs 17.
const DEEPEST: usize = 20;
/// Most tokens of a document.
const MOST_TOKENS: usize = 2_000;
/// Most fields of a document, fragments spread out.
const MOST_FIELDS: usize = 300;

/// The one schema of the process.
pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    RootNode::new_with_scalar_value(Query, EmptyMutation::new(), EmptySubscription::new())
        .limit_depth(DEEPEST)
        .limit_tokens(MOST_TOKENS)
        .limit_fields(MOST_FIELDS)
});

/// The schema in the schema definition language, as it is published.
pub fn schema_definition() -> String {
    SCHEMA.as_sdl()
}
