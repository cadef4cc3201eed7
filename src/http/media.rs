//! Media types: which one an answer has, and that a body is JSON.

use super::refusal::{Refusal, refused};
use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};

/// The media type of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: a GraphQL error does not change the status.
    Plain,
    /// `application/graphql-response+json`: a refused request is a 400.
    Response,
}

impl Media {
    /// What the header says.
    pub fn content_type(self) -> header::HeaderValue {
        header::HeaderValue::from_static(match self {
            Media::Plain => "application/json; charset=utf-8",
            Media::Response => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// Chooses the media type of the answer; a request that names none takes `application/json`.
///
/// The range that fits a type most closely tells its quality; of two alike, the one named more closely or first.
pub fn accepted(http: &HttpRequest) -> Result<Media, Refusal> {
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
pub fn has_json_body(http: &HttpRequest) -> Result<(), Refusal> {
    let unsupported = || {
        let message = "The body must be application/json in UTF-8, and not compressed.";
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    };
    let value = http
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(unsupported)?;
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    // Nothing is unpacked here: what is small on the wire could be any size.
    let mut codings = http.headers().get_all(header::CONTENT_ENCODING);
    let is_plain = codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let is_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && is_plain && is_utf8 { Ok(()) } else { Err(unsupported()) }
}
