//! An answer as bytes, with what the transport needs to know of it.

use super::json::{self, TooLarge};
use super::scalar::Scalar;
use super::shown::{Names, Shown};
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
    /// Names of persons on boards that its data shows: it may be sent only when that was recorded.
    pub shown: Shown,
}

/// What an answer says beside its data.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    /// What it cost.
    pub cost: u64,
    /// What it may cost.
    pub most_cost: u64,
    /// Whether names are withheld, and the caller is to be told so.
    pub names: Names,
}

impl Answer {
    /// An answer without data.
    pub fn of_errors(outcome: Outcome, errors: Vec<Json>) -> Answer {
        let codes = codes(&errors);
        let body = serde_json::to_vec(&serde_json::json!({ "errors": errors })).unwrap_or_default();
        Answer { body, outcome, codes, planned: 0, shown: Shown::default() }
    }

    /// An answer with data, and errors where there are any.
    ///
    /// # Errors
    ///
    /// Where it would have more bytes than `most`.
    pub fn of_data(
        data: &Value<Scalar>,
        errors: Vec<Json>,
        beside: Beside,
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
        finished(body, codes(&errors), planned, beside, most)
    }

    /// An answer whose data writes itself as a whole, into a text that has room for it.
    ///
    /// # Errors
    ///
    /// Where it would have more bytes than `most`.
    pub fn of_written(
        room: String,
        write: impl FnOnce(&mut String),
        beside: Beside,
        most: usize,
    ) -> Result<Answer, TooLarge> {
        let mut body = room;
        body.reserve(MORE_ROOM);
        body.push_str("{\"data\":");
        write(&mut body);
        finished(body, Vec::new(), 1, beside, most)
    }
}

/// Room for what stands round data.
const MORE_ROOM: usize = 96;

fn finished(
    mut body: String,
    codes: Vec<String>,
    planned: usize,
    beside: Beside,
    most: usize,
) -> Result<Answer, TooLarge> {
    let Beside { cost, most_cost, names } = beside;
    // Writing into a text does not fail.
    let _ = write!(body, ",\"extensions\":{{\"cost\":{{\"requested\":{cost},\"limit\":{most_cost}}}");
    if names == Names::Withheld {
        body.push_str(",\"namesHidden\":\"ACCESS_LOG_UNAVAILABLE\"");
    }
    body.push_str("}}");
    if body.len() > most {
        return Err(TooLarge);
    }
    let shown = Shown::default();
    Ok(Answer { body: body.into_bytes(), outcome: Outcome::Executed, codes, planned, shown })
}

fn codes(errors: &[Json]) -> Vec<String> {
    errors.iter().filter_map(|error| error["extensions"]["code"].as_str().map(str::to_owned)).collect()
}
