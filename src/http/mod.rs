//! The HTTP service: the only place that names actix-web.
//!
//! Leaves what an answer says to `graphql` and starting up to `cli`.

mod graphql;
mod health;
mod request_id;

use crate::clock::{Clock, today_in_london};
use crate::directory::live::LiveDirectory;
use crate::store::Store;
use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use chrono::NaiveDate;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a request's head.
const HEAD_WAIT: Duration = Duration::from_secs(5);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a client may take to close.
const DISCONNECT_WAIT: Duration = Duration::from_secs(1);

/// The day that look-ups fall back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryDay {
    /// Today in London, whenever the request comes in.
    Today,
    /// Always this day.
    Fixed(NaiveDate),
}

/// What requests are answered with.
#[derive(Clone)]
pub struct Service {
    /// The directory in force.
    pub live: Arc<LiveDirectory>,
    /// For readiness to write.
    pub store: Store,
    /// For `knownAt` and the day.
    pub clock: Arc<dyn Clock>,
    /// The day that look-ups fall back to.
    pub day: DirectoryDay,
    /// Age, without confirmation by the database, from which a snapshot no longer counts as ready.
    pub stale_after: Duration,
}

impl Service {
    /// The day that look-ups fall back to, now.
    pub fn directory_date(&self) -> NaiveDate {
        match self.day {
            DirectoryDay::Today => today_in_london(self.clock.now()),
            DirectoryDay::Fixed(day) => day,
        }
    }
}

/// A port that is taken, before anything else is started on it.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    /// The address that it came to.
    pub address: SocketAddr,
}

impl Port {
    /// Takes a port.
    ///
    /// # Errors
    ///
    /// Where it is taken or may not be used.
    pub fn take(address: SocketAddr) -> std::io::Result<Port> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Port { listener, address })
    }
}

/// Starts answering on a port; the server stops when its handle is told to.
///
/// # Errors
///
/// Where the port cannot be listened on.
pub fn serve(service: Service, port: Port, workers: usize, shutdown: Duration) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(service.clone()))
            .configure(graphql::routes)
            .configure(health::routes)
            .default_service(web::to(not_found))
    })
    .workers(workers)
    .client_request_timeout(HEAD_WAIT)
    .client_disconnect_timeout(DISCONNECT_WAIT)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(shutdown.as_secs())
    .disable_signals()
    .listen(port.listener)?
    .run();
    Ok(server)
}

/// Runs the service on a runtime of actix's own until it ends.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

async fn not_found(body: web::Payload) -> actix_web::HttpResponse {
    let message = "There is nothing here. The GraphQL endpoint is /graphql; /info tells more.";
    let refusal =
        graphql::refusal(actix_web::http::StatusCode::NOT_FOUND, "NOT_FOUND", message, &request_id::fresh());
    graphql::closing(refusal, body)
}
