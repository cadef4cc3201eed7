//! The schema and its execution: the only place that names juniper.
//!
//! Leaves transport to `http` and finding things out to `directory`.

mod answer;
mod connection;
mod context;
mod cost;
mod document;
mod error;
mod failing;
mod gate;
mod json;
mod kept;
mod known_names;
mod limits;
mod mutation;
mod node;
mod plan;
mod query;
mod scalar;
mod shown;
mod trusted;
mod types;
mod variables;
mod wait;

pub use answer::{Answer, Outcome};
pub use context::Context;
pub use error::Code;
pub use gate::{Admitted, Documents, Gate, Refusal, Request};
pub use kept::Kept;
pub use limits::Limits;
pub use plan::Plans;
pub use shown::Shown;
pub use trusted::{Trust, Trusted};
pub use wait::Wait;

use juniper::{EmptySubscription, RootNode};
use mutation::Mutation;
use query::Query;
use scalar::Scalar;
use std::sync::LazyLock;

/// The schema with its root types.
pub(crate) type Schema = RootNode<Query, Mutation, EmptySubscription<Context>, Scalar>;

/// The one schema of the process.
pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| schema_within(&Limits::KEPT));

/// The schema with limits of its own.
pub(crate) fn schema_within(limits: &Limits) -> Schema {
    RootNode::new_with_scalar_value(Query, Mutation, EmptySubscription::new())
        .limit_depth(limits.introspection_depth)
        .limit_tokens(limits.document_tokens)
        .limit_fields(limits.document_fields)
}

/// The schema in the schema definition language, as it is published.
pub fn schema_definition() -> String {
    SCHEMA.as_sdl()
}
