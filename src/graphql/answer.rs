//! An answer as bytes, with what the transport needs to know of it.

use super::json::{self, TooLarge};
use super::scalar::Scalar;
use juniper::Value;
use serde_json::Value as Json;
use std::fmt::Write;

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
    /// How many subtrees of its data wrote themselves from a plan.
    pub planned: usize,
}

impl Answer {
    /// An answer without data.
    pub fn of_errors(outcome: Outcome, errors: Vec<Json>) -> Answer {
        let codes = codes(&errors);
        let body = serde_json::to_vec(&serde_json::json!({ "errors": errors })).unwrap_or_default();
        Answer { body, outcome, codes, planned: 0 }
    }

    /// An answer with data, and errors where there are any; `cost` is what was asked for and what may be.
    ///
    /// # Errors
    ///
    /// Where it would have more bytes than `most`.
    pub fn of_data(
        data: &Value<Scalar>,
        errors: Vec<Json>,
        cost: (u64, u64),
        most: usize,
    ) -> Result<Answer, TooLarge> {
        let mut body = String::with_capacity(512);
        body.push('{');
        if !errors.is_empty() {
            let errors = serde_json::to_string(&errors).unwrap_or_default();
            body.push_str(&format!("\"errors\":{errors},"));
        }
        body.push_str("\"data\":");
        let planned = json::append(data, &mut body, most)?;
        finished(body, codes(&errors), planned, cost, most)
    }

    /// An answer whose data writes itself as a whole, into a text that has room for it.
    ///
    /// # Errors
    ///
    /// Where it would have more bytes than `most`.
    pub fn of_written(
        room: String,
        write: impl FnOnce(&mut String),
        cost: (u64, u64),
        most: usize,
    ) -> Result<Answer, TooLarge> {
        let mut body = room;
        body.reserve(MORE_ROOM);
        body.push_str("{\"data\":");
        write(&mut body);
        finished(body, Vec::new(), 1, cost, most)
    }
}

/// Room for what stands round data.
const MORE_ROOM: usize = 96;

fn finished(
    mut body: String,
    codes: Vec<String>,
    planned: usize,
    (requested, limit): (u64, u64),
    most: usize,
) -> Result<Answer, TooLarge> {
    // Writing into a text does not fail.
    let _ = write!(body, ",\"extensions\":{{\"cost\":{{\"requested\":{requested},\"limit\":{limit}}}}}}}");
    if body.len() > most {
        return Err(TooLarge);
    }
    Ok(Answer { body: body.into_bytes(), outcome: Outcome::Executed, codes, planned })
}

fn codes(errors: &[Json]) -> Vec<String> {
    errors.iter().filter_map(|error| error["extensions"]["code"].as_str().map(str::to_owned)).collect()
}
