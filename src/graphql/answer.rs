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

    /// An answer with data, and errors where there are any; `cost` is what was asked for and what may be. None where
    /// it would have more bytes than `most`.
    pub fn of_data(
        data: &impl Serialize,
        errors: Vec<Json>,
        cost: (u64, u64),
        most: usize,
    ) -> Option<Answer> {
        #[derive(Serialize)]
        struct Body<'a, D> {
            #[serde(skip_serializing_if = "<[Json]>::is_empty")]
            errors: &'a [Json],
            data: &'a D,
            extensions: Extensions,
        }
        #[derive(Serialize)]
        struct Extensions {
            cost: Cost,
        }
        #[derive(Serialize)]
        struct Cost {
            requested: u64,
            limit: u64,
        }
        let codes = codes(&errors);
        let (requested, limit) = cost;
        let extensions = Extensions { cost: Cost { requested, limit } };
        let mut body = Bounded { bytes: Vec::with_capacity(512), most };
        serde_json::to_writer(&mut body, &Body { errors: &errors, data, extensions }).ok()?;
        Some(Answer { body: body.bytes, outcome: Outcome::Executed, codes })
    }
}

/// Takes bytes up to a bound.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(std::io::Error::other("the answer is too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn codes(errors: &[Json]) -> Vec<String> {
    errors.iter().filter_map(|error| error["extensions"]["code"].as_str().map(str::to_owned)).collect()
}
