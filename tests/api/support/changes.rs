//! Mutations as a client sends them, and what is told of the refused.

use super::client::{Client, Reply};
use super::people::post_as;
use probation_directory::directory::api_key::ApiKey;
use serde_json::{Value, json};

/// What every payload tells.
pub const TOLD: &str = "userErrors { code field message rule } directoryVersion dryRun repeated";

/// Sends a mutation with its input as a variable, as the holder of a key or as anyone.
pub fn mutate(client: Client, key: Option<&ApiKey>, name: &str, input: &Value, select: &str) -> Reply {
    let (first, rest) = name.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let query = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ {TOLD} {select} }} }}");
    post_as(client, key, &json!({ "query": query, "variables": { "input": input } }), &[])
}

/// The payload of a mutation that must have no errors of another kind.
#[track_caller]
pub fn payload(client: Client, key: Option<&ApiKey>, name: &str, input: &Value, select: &str) -> Value {
    let body = mutate(client, key, name, input, select).json();
    assert!(body.get("errors").is_none(), "{name} {input}: {body}");
    body["data"][name].clone()
}

/// The codes and fields of what stands in the way, in order; empty where nothing does.
pub fn refusals(payload: &Value) -> Vec<String> {
    let errors = payload["userErrors"].as_array().expect("a list");
    let text = |error: &Value, member: &str| error[member].as_str().expect("a text").to_owned();
    errors.iter().map(|error| format!("{} {}", text(error, "code"), text(error, "field"))).collect()
}
