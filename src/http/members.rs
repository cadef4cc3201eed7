//! The members of a GraphQL request, from a body or from an address, as JSON texts whose kinds were looked at.
//!
//! What they say is left to `graphql`.

use super::refusal::{Refusal, refused};
use crate::graphql::Request;
use actix_web::http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The members of a request; those that are not known are left aside, as the specification asks.
#[derive(Debug, Default)]
pub struct Members<'b> {
    query: Option<Cow<'b, str>>,
    document_id: Option<Cow<'b, str>>,
    operation_name: Option<Cow<'b, str>>,
    variables: Option<Cow<'b, str>>,
    extensions: Option<Cow<'b, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'b> {
    #[serde(borrow)]
    query: Option<&'b RawValue>,
    #[serde(borrow)]
    document_id: Option<&'b RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'b RawValue>,
    #[serde(borrow)]
    variables: Option<&'b RawValue>,
    #[serde(borrow)]
    extensions: Option<&'b RawValue>,
}

const fn bad(message: &'static str) -> Refusal {
    refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}

impl<'b> Members<'b> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// Where it is no JSON object in UTF-8, or a member is of the wrong kind.
    pub fn of_body(body: &'b [u8]) -> Result<Members<'b>, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_| bad("The body is not UTF-8."))?;
        let first = text.trim_start_matches([' ', '\t', '\r', '\n']).bytes().next();
        if first == Some(b'[') {
            return Err(bad("Batches are not taken: the body must be one JSON object with a query."));
        }
        // A struct can be read from a list, too: only an object is taken.
        let body = (first == Some(b'{')).then(|| serde_json::from_str::<Body<'b>>(text).ok()).flatten();
        let body = body.ok_or_else(|| bad("The body must be a JSON object with a query."))?;
        let raw = |member: Option<&'b RawValue>| member.map(|value| Cow::Borrowed(value.get()));
        Members {
            query: raw(body.query),
            document_id: raw(body.document_id),
            operation_name: raw(body.operation_name),
            variables: raw(body.variables),
            extensions: raw(body.extensions),
        }
        .checked()
    }

    /// Reads the query string of an address; `variables` and `extensions` are JSON in their parameters.
    ///
    /// # Errors
    ///
    /// Where it is not UTF-8, names a parameter twice, or a member is of the wrong kind.
    pub fn of_query_string(query: &str) -> Result<Members<'static>, Refusal> {
        let mut members = Members::default();
        let mut named: Vec<String> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if named.contains(&name) {
                return Err(bad("A parameter is given twice."));
            }
            let text = || serde_json::to_string(&value).unwrap_or_default().into();
            match name.as_str() {
                "query" => members.query = Some(text()),
                "documentId" => members.document_id = Some(text()),
                "operationName" => members.operation_name = Some(text()),
                "variables" => members.variables = json(&value)?,
                "extensions" => members.extensions = json(&value)?,
                _ => {}
            }
            named.push(name);
        }
        members.checked()
    }

    fn checked(self) -> Result<Members<'b>, Refusal> {
        let is = |member: &Option<Cow<'b, str>>, first: u8| {
            member.as_ref().is_none_or(|text| text.as_bytes().first() == Some(&first))
        };
        for (is_right, message) in [
            (is(&self.query, b'"'), "query must be a string."),
            (is(&self.document_id, b'"'), "documentId must be a string."),
            (is(&self.operation_name, b'"'), "operationName must be a string."),
            (is(&self.variables, b'{'), "variables must be a JSON object."),
            (is(&self.extensions, b'{'), "extensions must be a JSON object."),
            (self.query.is_some() || self.document_id.is_some(), "query is missing."),
        ] {
            if !is_right {
                return Err(bad(message));
            }
        }
        Ok(self)
    }

    /// The request that they make.
    pub fn request(&self, bytes: usize, only_queries: bool, is_plain: bool) -> Request<'_> {
        Request {
            query: self.query.as_deref(),
            document_id: self.document_id.as_deref(),
            operation_name: self.operation_name.as_deref(),
            variables: self.variables.as_deref(),
            bytes,
            only_queries,
            is_plain,
        }
    }
}

fn decoded(part: &str) -> Result<String, Refusal> {
    let bytes: Vec<u8> = percent_decode_str(&part.replace('+', " ")).collect();
    String::from_utf8(bytes).map_err(|_| bad("The query string is not UTF-8."))
}

/// A parameter of JSON; none for null.
fn json(value: &str) -> Result<Option<Cow<'static, str>>, Refusal> {
    let read: Option<Box<RawValue>> =
        serde_json::from_str(value).map_err(|_| bad("variables and extensions must be JSON objects."))?;
    Ok(read.map(|value| value.get().to_owned().into()))
}
