//! GraphQL over HTTP: POST with JSON, GET for queries, both media types of answers, no batches.
//!
//! Reads a request with bounds on size and time, hands it to `graphql`, and gives the answer the status that
//! its media type asks for. Nothing of a request's content is logged.

use super::{Service, request_id};
use crate::graphql::{Answer, Context, Executed, Outcome, Request, execute, schema_definition};
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

/// Largest body; batch look-ups of 500 places fit.
const LARGEST_BODY: usize = 512 * 1024;
/// Largest query string of a GET.
const LARGEST_QUERY: usize = 16 * 1024;
/// Longest wait for a whole body.
const BODY_WAIT: Duration = Duration::from_secs(5);

const JSON: &str = "application/json; charset=utf-8";
const RESPONSE_JSON: &str = "application/graphql-response+json; charset=utf-8";

static DEFINITION: LazyLock<String> = LazyLock::new(schema_definition);

/// Adds the endpoint and the published schema.
pub fn routes(app: &mut web::ServiceConfig) {
    app.route("/graphql", web::to(endpoint)).route("/schema.graphql", web::get().to(definition));
}

async fn definition() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(DEFINITION.as_str())
}

/// The media type of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Media {
    /// `application/json`: a GraphQL error does not change the status.
    Plain,
    /// `application/graphql-response+json`: a refused request is a 400.
    Response,
}

/// A request that was refused before there was any GraphQL to speak of.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn refused(status: StatusCode, code: &'static str, message: &'static str) -> Refusal {
    Refusal { status, code, message }
}

/// An answer of ours that is no GraphQL answer, in the shape of one.
pub fn refusal(status: StatusCode, code: &str, message: &str, request_id: &str) -> HttpResponse {
    let error = json!({ "message": message, "extensions": { "code": code, "requestId": request_id } });
    let mut response = HttpResponse::build(status);
    response.insert_header(("X-Request-Id", request_id));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header((header::ALLOW, "GET, POST"));
    }
    response.content_type(JSON).body(json!({ "errors": [error] }).to_string())
}

/// A small answer that keeps what was not read of its request's body.
struct Closing {
    bytes: Option<web::Bytes>,
    _unread: web::Payload,
}

impl MessageBody for Closing {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<web::Bytes, Infallible>>> {
        Poll::Ready(self.bytes.take().map(Ok))
    }
}

/// Sees to it that the connection is closed after an answer where the request's body was not read to its end.
///
/// A body that is dropped while the answer is still on its way is read on and thrown away by actix if it comes in
/// chunks, for as long as the client likes.
pub fn closing(response: HttpResponse, unread: web::Payload) -> HttpResponse {
    let (response, body) = response.into_parts();
    let bytes = body.try_into_bytes().unwrap_or_default();
    response.set_body(Closing { bytes: Some(bytes), _unread: unread }).map_into_boxed_body()
}

async fn endpoint(http: HttpRequest, mut body: web::Payload, service: web::Data<Service>) -> HttpResponse {
    let started = Instant::now();
    let request_id = request_id::fresh();
    let response = match read(&http, &mut body).await {
        Err(Refusal { status, code, message }) => {
            report(&request_id, started, status, &[code.to_owned()]);
            return closing(refusal(status, code, message, &request_id), body);
        }
        Ok((media, request)) => answer(&http, &service, media, &request, &request_id),
    };
    let (response, codes) = response;
    report(&request_id, started, response.status(), &codes);
    response
}

/// One line a request: nothing of its content.
fn report(request_id: &str, started: Instant, status: StatusCode, codes: &[String]) {
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    log::info!(request_id, status = status.as_u16(), micros, codes = codes.join(","); "graphql");
}

fn answer(
    http: &HttpRequest,
    service: &Service,
    media: Media,
    request: &Request,
    request_id: &str,
) -> (HttpResponse, Vec<String>) {
    let Some(loaded) = service.live.current() else {
        let message = "No directory is loaded yet.";
        let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message, request_id);
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
        return (response, vec!["UNAVAILABLE".to_owned()]);
    };
    let context = Context::new(loaded, service.directory_date(), service.clock.now());
    match execute(request, &context, http.method() == Method::GET, request_id) {
        Executed::NotAQuery => post_only("GET takes queries only; use POST.", request_id),
        Executed::CaseInAddress => {
            post_only("A case is taken by POST only: addresses are kept in logs.", request_id)
        }
        Executed::Answered(answer) => {
            let codes = answer.codes.clone();
            (respond(answer, media, request_id), codes)
        }
    }
}

/// The refusal of a GET that must be a POST.
fn post_only(message: &str, request_id: &str) -> (HttpResponse, Vec<String>) {
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message, request_id);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    (response, vec!["METHOD_NOT_ALLOWED".to_owned()])
}

fn respond(answer: Answer, media: Media, request_id: &str) -> HttpResponse {
    let status = match (answer.outcome, media) {
        (Outcome::Executed, _) | (Outcome::Refused, Media::Plain) => StatusCode::OK,
        (Outcome::Refused, Media::Response) => StatusCode::BAD_REQUEST,
        (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    HttpResponse::build(status)
        .insert_header(("X-Request-Id", request_id))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type(match media {
            Media::Plain => JSON,
            Media::Response => RESPONSE_JSON,
        })
        .body(answer.body)
}

async fn read(http: &HttpRequest, body: &mut web::Payload) -> Result<(Media, Request), Refusal> {
    let is_get = match *http.method() {
        Method::GET => true,
        Method::POST => false,
        _ => {
            let message = "This endpoint takes GET for queries and POST.";
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message));
        }
    };
    let media = accepted(http)?;
    let members = if is_get {
        from_query(http.query_string())?
    } else {
        has_json_body(http)?;
        let bytes = tokio::time::timeout(BODY_WAIT, collect(body)).await.map_err(|_| {
            refused(
                StatusCode::REQUEST_TIMEOUT,
                "REQUEST_TIMEOUT",
                "The body did not arrive within 5 seconds.",
            )
        })??;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body is not UTF-8."))?;
        match serde_json::from_str(text) {
            Ok(Json::Object(members)) => members,
            Ok(Json::Array(_)) => {
                let message = "Batches are not taken: the body must be one JSON object with a query.";
                return Err(refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message));
            }
            Ok(_) | Err(_) => {
                let message = "The body must be a JSON object with a query.";
                return Err(refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message));
            }
        }
    };
    Ok((media, request(members)?))
}

/// Chooses the media type of the answer; a request that names none takes `application/json`.
///
/// The range that fits a type most closely tells its quality; of two alike, the one named more closely or first.
fn accepted(http: &HttpRequest) -> Result<Media, Refusal> {
    let wanted: Vec<&str> =
        http.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    if wanted.is_empty() {
        return Ok(Media::Plain);
    }
    let ranges: Vec<(String, f32)> = wanted
        .iter()
        .flat_map(|value| value.split(','))
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            (name, quality.map_or(1.0, |quality| quality.parse().unwrap_or(0.0)))
        })
        .collect();
    let closest = |media: Media| {
        let name = match media {
            Media::Plain => "application/json",
            Media::Response => "application/graphql-response+json",
        };
        [name, "application/*", "*/*"].iter().zip(0..).find_map(|(range, distance)| {
            let place = ranges.iter().position(|(known, _)| known == range)?;
            Some((ranges[place].1, distance, place, media))
        })
    };
    let fitting = [Media::Plain, Media::Response]
        .into_iter()
        .filter_map(closest)
        .filter(|(quality, ..)| *quality > 0.0);
    let best = fitting.min_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    best.map(|(.., media)| media).ok_or_else(|| {
        let message = "Answers are application/graphql-response+json or application/json.";
        refused(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
    })
}

/// JSON only: forms and plain text could be sent by any page without asking.
fn has_json_body(http: &HttpRequest) -> Result<(), Refusal> {
    let unsupported = || {
        let message = "The body must be application/json in UTF-8.";
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    };
    let value = http
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(unsupported)?;
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && is_utf8 { Ok(()) } else { Err(unsupported()) }
}

async fn collect(body: &mut web::Payload) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body could not be read."))?;
        if bytes.len() + chunk.len() > LARGEST_BODY {
            let message = "The body is larger than 512 KiB.";
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED", message));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The members of a GET; `variables` and `extensions` are JSON in their parameters.
fn from_query(query: &str) -> Result<Map<String, Json>, Refusal> {
    if query.len() > LARGEST_QUERY {
        let message = "The query string is larger than 16 KiB; use POST.";
        return Err(refused(StatusCode::URI_TOO_LONG, "LIMIT_EXCEEDED", message));
    }
    let bad = |message| refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message);
    let decoded = |part: &str| {
        let bytes: Vec<u8> = percent_decode_str(&part.replace('+', " ")).collect();
        String::from_utf8(bytes).map_err(|_| bad("The query string is not UTF-8."))
    };
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decoded(name)?, decoded(value)?));
    }
    let mut members = Map::new();
    for (name, value) in pairs {
        let value = match name.as_str() {
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|_| bad("variables and extensions must be JSON objects."))?,
            _ => Json::String(value),
        };
        if members.insert(name, value).is_some() {
            return Err(bad("A parameter is given twice."));
        }
    }
    Ok(members)
}

/// Checks the members of a request; those that are not known are left aside, as the specification asks.
fn request(mut members: Map<String, Json>) -> Result<Request, Refusal> {
    let bad = |message| refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message);
    let query = match members.remove("query") {
        Some(Json::String(query)) => query,
        Some(_) => return Err(bad("query must be a string.")),
        None => return Err(bad("query is missing.")),
    };
    let operation_name = match members.remove("operationName") {
        None | Some(Json::Null) => None,
        Some(Json::String(name)) if name.is_empty() => None,
        Some(Json::String(name)) => Some(name),
        Some(_) => return Err(bad("operationName must be a string.")),
    };
    let variables = match members.remove("variables") {
        None | Some(Json::Null) => None,
        Some(Json::Object(variables)) => Some(variables),
        Some(_) => return Err(bad("variables must be a JSON object.")),
    };
    match members.remove("extensions") {
        None | Some(Json::Null | Json::Object(_)) => {}
        Some(_) => return Err(bad("extensions must be a JSON object.")),
    }
    Ok(Request { query, operation_name, variables })
}
