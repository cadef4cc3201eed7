//! An answer as bytes, with what the transport needs to know of it.

use serde::Serialize;
use serde_json::Value as Json;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed; there may be errors of single fields.
    Executed,
    /// It was refused before execution.
    Refused,
    /// We failed.
    Failed,
}

/// An answer to a GraphQL request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The JSON body.
    pub body: Vec<u8>,
    /// What became of the request.
    pub outcome: Outcome,
    /// Codes of the errors in it, in order; for the log.
    pub codes: Vec<String>,
}

impl Answer {
    /// An answer without data.
    pub fn of_errors(outcome: Outcome, errors: Vec<Json>) -> Answer {
        let codes = codes(&errors);
        let body = serde_json::to_vec(&serde_json::json!({ "errors": errors })).unwrap_or_default();
        Answer { body, outcome, codes }
    }

    /// An answer with data, and errors where there are any.
    pub fn of_data(data: &impl Serialize, errors: Vec<Json>) -> Answer {
        #[derive(Serialize)]
        struct Body<'a, D> {
            #[serde(skip_serializing_if = "<[Json]>::is_empty")]
            errors: &'a [Json],
            data: &'a D,
        }
        let codes = codes(&errors);
        let body = serde_json::to_vec(&Body { errors: &errors, data }).unwrap_or_default();
        Answer { body, outcome: Outcome::Executed, codes }
    }
}

fn codes(errors: &[Json]) -> Vec<String> {
    errors.iter().filter_map(|error| error["extensions"]["code"].as_str().map(str::to_owned)).collect()
}
