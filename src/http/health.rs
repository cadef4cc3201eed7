//! Whether the process lives, is ready to answer and ready to write, and what it is.

use super::{Service, page};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::SecondsFormat;
use serde_json::{Value as Json, json};

/// Adds the health endpoints and `/info`.
pub fn routes(app: &mut web::ServiceConfig) {
    app.service(page("/health/live", live))
        .service(page("/health/ready", ready))
        .service(page("/health/ready/write", ready_to_write))
        .service(page("/info", info));
}

fn report(status: StatusCode, body: &Json) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .body(body.to_string())
}

/// The event loop answers. Never asks the database: an outage must not restart every replica.
async fn live() -> HttpResponse {
    report(StatusCode::OK, &json!({ "status": "UP" }))
}

/// A directory is loaded, and was confirmed with the database not too long ago.
async fn ready(service: web::Data<Service>) -> HttpResponse {
    let (state, now) = (service.live.state(), service.clock.now());
    let age = state.confirmed_at.map(|at| now.signed_duration_since(at));
    let is_fresh = age.is_some_and(|age| age.to_std().unwrap_or_default() <= service.stale_after);
    let loaded = service.live.current();
    let is_ready = loaded.is_some() && is_fresh;
    let body = json!({
        "status": if is_ready { "UP" } else { "DOWN" },
        "directoryVersion": loaded.as_ref().map(|loaded| loaded.directory.version()),
        "loadedAt": loaded.as_ref().map(|loaded| loaded.loaded_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "confirmedSecondsAgo": age.map(|age| age.num_seconds().max(0)),
        "refreshFault": state.fault,
    });
    report(if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body)
}

/// The database can be reached.
async fn ready_to_write(service: web::Data<Service>) -> HttpResponse {
    match service.store.newest_version().await {
        Ok(version) => report(StatusCode::OK, &json!({ "status": "UP", "databaseVersion": version })),
        Err(error) => {
            let body = json!({ "status": "DOWN", "fault": error.to_string() });
            report(StatusCode::SERVICE_UNAVAILABLE, &body)
        }
    }
}

async fn info(service: web::Data<Service>) -> HttpResponse {
    let loaded = service.live.current();
    let body = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "directoryVersion": loaded.as_ref().map(|loaded| loaded.directory.version()),
        "directoryDate": service.directory_date().to_string(),
        "calendar": "PUBLISHED",
        "graphql": "/graphql",
        "schema": "/schema.graphql",
    });
    report(StatusCode::OK, &body)
}
