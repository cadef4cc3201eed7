//! Execution of one request on one snapshot, behind a barrier against panics.

use super::answer::{Answer, Outcome};
use super::context::Context;
use super::cost;
use super::error::{self, Code};
use super::json::TooLarge;
use super::plan::Plans;
use super::scalar::Scalar;
use super::{SCHEMA, Schema};
use juniper::{GraphQLError, InputValue, OperationType, ValidatedOperation, Variables};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Most bytes of an answer. Fields are counted before, but some are long texts or lists of them.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A request that the transport has read.
pub struct Request {
    /// The document.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The variables: an object, or nothing.
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What execution made of a request.
pub enum Executed {
    /// An answer, whole or with errors.
    Answered(Answer),
    /// The operation is not a query, where only queries are taken.
    NotAQuery,
    /// The document takes a case, and the method would put it into an address.
    CaseInAddress,
}

/// Executes a request. `only_queries` is set where the method must not change anything.
///
/// Never panics: a panic inside becomes an answer with code `INTERNAL`.
pub fn execute(request: &Request, context: &Context, only_queries: bool, request_id: &str) -> Executed {
    let barrier = catch_unwind(AssertUnwindSafe(|| run(&SCHEMA, request, context, only_queries, request_id)));
    barrier.unwrap_or_else(|_| {
        let message = "The service failed to answer. Tell its keepers the request id.";
        Executed::Answered(Answer::of_errors(
            Outcome::Failed,
            vec![error::whole(Code::Internal, message, request_id)],
        ))
    })
}

fn run(
    schema: &Schema,
    request: &Request,
    context: &Context,
    only_queries: bool,
    request_id: &str,
) -> Executed {
    let refused = |error: &GraphQLError| {
        Executed::Answered(Answer::of_errors(Outcome::Refused, error::of_graphql(error, request_id)))
    };
    let operation = match ValidatedOperation::new(&request.query, request.operation_name.as_deref(), schema) {
        Ok(operation) => operation,
        Err(error) => return refused(&error),
    };
    if only_queries && operation.operation_type() != OperationType::Query {
        return Executed::NotAQuery;
    }
    if only_queries && cost::takes_a_case(&request.query) {
        return Executed::CaseInAddress;
    }
    let variables = request.variables.as_ref().map(variables).unwrap_or_default();
    if cost::of(&request.query, request.operation_name.as_deref(), &variables).is_none() {
        let message = format!(
            "The request asks for more than {} fields, counted with the sizes of its lists: ask for smaller pages or fewer fields.",
            cost::LARGEST
        );
        let errors = vec![error::whole(Code::CostExceeded, &message, request_id)];
        return Executed::Answered(Answer::of_errors(Outcome::Refused, errors));
    }
    let planned = context.with_plans(|| plans_of(&request.query));
    match operation.execute_sync(&variables, planned.as_ref().unwrap_or(context)) {
        Err(error) => refused(&error),
        Ok((data, errors)) => {
            let errors = error::of_execution(&errors, request_id);
            let answer = Answer::of_data(&data, errors, LARGEST_ANSWER);
            Executed::Answered(answer.unwrap_or_else(|TooLarge| {
                let message = "The answer is too large: ask for smaller pages or fewer fields.";
                let errors = vec![error::whole(Code::CostExceeded, message, request_id)];
                Answer::of_errors(Outcome::Refused, errors)
            }))
        }
    }
}

/// The plans of a document; none of what is not GraphQL. For whoever keeps documents.
pub fn plans_of(query: &str) -> Arc<Plans> {
    let document = juniper::parser::parse_document_source::<Scalar>(query, &SCHEMA.schema);
    Arc::new(document.map(|document| Plans::of(&document)).unwrap_or_default())
}

fn variables(members: &serde_json::Map<String, serde_json::Value>) -> Variables<Scalar> {
    members
        .iter()
        .filter_map(|(name, value)| {
            serde_json::from_value::<InputValue<Scalar>>(value.clone())
                .ok()
                .map(|value| (name.clone(), value))
        })
        .collect()
}
