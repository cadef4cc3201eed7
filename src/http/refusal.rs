//! Requests that are refused before there is any GraphQL to speak of, answered in the shape of GraphQL's errors.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde_json::json;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The code of the error.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub message: &'static str,
    /// Seconds after which to ask again.
    pub retry_after: Option<u64>,
}

/// A refusal that asking again does not change.
pub const fn refused(status: StatusCode, code: &'static str, message: &'static str) -> Refusal {
    Refusal { status, code, message, retry_after: None }
}

/// A refusal for now.
pub const fn later(status: StatusCode, code: &'static str, message: &'static str, seconds: u64) -> Refusal {
    Refusal { status, code, message, retry_after: Some(seconds) }
}

impl Refusal {
    /// The answer.
    pub fn respond(&self, request_id: &str) -> HttpResponse {
        let mut error =
            json!({ "message": self.message, "extensions": { "code": self.code, "requestId": request_id } });
        let mut response = HttpResponse::build(self.status);
        response.insert_header(("X-Request-Id", request_id));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
            error["extensions"]["retryAfter"] = json!(seconds);
        }
        response
            .content_type("application/json; charset=utf-8")
            .body(json!({ "errors": [error] }).to_string())
    }

    /// The answer to a method that is not taken.
    pub fn respond_with_allow(&self, request_id: &str, allowed: &'static str) -> HttpResponse {
        let mut response = self.respond(request_id);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
        response
    }
}
