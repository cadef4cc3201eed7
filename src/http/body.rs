//! Bodies of requests: read with bounds on size and time, and left alone where an answer is given before their end.

use super::admission::Slot;
use super::refusal::{Refusal, refused};
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use futures_util::StreamExt;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

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

/// Reads a whole body.
///
/// # Errors
///
/// Where it is too large or too slow, or there is no room for it.
pub async fn read(
    body: &mut web::Payload,
    slot: &mut Slot<'_>,
    most: usize,
    seconds: u64,
) -> Result<web::Bytes, Refusal> {
    let wait = Duration::from_secs(seconds);
    tokio::time::timeout(wait, collect(body, slot, most)).await.map_err(|_| {
        let message = "The body did not arrive within 5 seconds.";
        refused(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", message)
    })?
}

async fn collect(body: &mut web::Payload, slot: &mut Slot<'_>, most: usize) -> Result<web::Bytes, Refusal> {
    let mut first = web::Bytes::new();
    let mut more = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body could not be read."))?;
        if first.len() + more.len() + chunk.len() > most {
            let message = "The body is larger than 512 KiB.";
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED", message));
        }
        slot.hold(chunk.len())?;
        // Most bodies come in one piece, which need not be copied.
        if first.is_empty() && more.is_empty() {
            first = chunk;
        } else {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&chunk);
        }
    }
    Ok(if more.is_empty() { first } else { more.into() })
}
