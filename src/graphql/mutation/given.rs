//! What every input of a mutation has: its order, and the manner in which it is asked for.

use super::Ordered;
use crate::directory::change::{Refusal, RefusalCode};
use serde::Serialize;
use serde_json::Value;

/// How a change is asked for.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Why.
    pub reason: Option<String>,
    /// The version of the last change that the giver knows of.
    pub expected_version: Option<i32>,
    /// Whether nothing is to be written.
    pub dry_run: Option<bool>,
    /// The key under which it may be repeated.
    pub idempotency_key: Option<String>,
}

/// An input of a mutation.
pub trait Given: Serialize {
    /// How the change is asked for.
    fn manner(&self) -> Manner;

    /// What is asked for.
    ///
    /// # Errors
    ///
    /// Where a value cannot be one.
    fn order(self) -> Ordered;

    /// The content as text: the same for the same content, whatever the key of a repeat.
    fn content(&self) -> String {
        let mut content = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(fields) = &mut content {
            fields.remove("idempotency_key");
            fields.remove("dry_run");
        }
        content.to_string()
    }
}

/// What a value of an enum means. Every one has a meaning; one without would be refused, and never passed over.
///
/// # Errors
///
/// Where it has none.
pub fn meant<T>(value: Option<T>, field: &'static str) -> Result<T, Vec<Refusal>> {
    let message = "No such value is recorded: give one that the schema names.";
    value.ok_or_else(|| vec![Refusal::new(RefusalCode::InvalidValue, field, message)])
}

/// Declares an input with the fields that every one has, and says where its manner stands.
macro_rules! given {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $($(#[doc = $of:literal])+ $field:ident: $type:ty,)+
        }
        $order:expr
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, juniper::GraphQLInputObject, serde::Serialize)]
        #[graphql(scalar = crate::graphql::scalar::Scalar)]
        pub struct $name {
            $($(#[doc = $of])+ $field: $type,)+
            /// Why the change is made, up to 2,000 characters. Name no person.
            reason: Option<String>,
            /// The version of the last change that touched what this changes, as far as you know; refused where there was a
            /// later one.
            expected_version: Option<i32>,
            /// Whether nothing is to be written; false where absent.
            dry_run: Option<bool>,
            /// Key under which the same request may be repeated: it gets its first answer, and is not made twice.
            idempotency_key: Option<String>,
        }

        impl crate::graphql::mutation::given::Given for $name {
            fn manner(&self) -> crate::graphql::mutation::given::Manner {
                crate::graphql::mutation::given::Manner {
                    reason: self.reason.clone(),
                    expected_version: self.expected_version,
                    dry_run: self.dry_run,
                    idempotency_key: self.idempotency_key.clone(),
                }
            }

            fn order(self) -> crate::graphql::mutation::Ordered {
                let order: fn($name) -> crate::graphql::mutation::Ordered = $order;
                order(self)
            }
        }
    };
}

pub(super) use given;
