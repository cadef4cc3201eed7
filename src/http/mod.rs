//! The HTTP service: the only place that names actix-web.
//!
//! Leaves what an answer says to `graphql` and starting up to `cli`.

mod admission;
mod allowance;
mod answers;
mod body;
mod caller;
mod graphql;
mod health;
mod media;
mod members;
mod metrics;
mod refusal;
mod request_id;
mod waiting;

use crate::actions::make_change::Writer;
use crate::clock::{Clock, today_in_london};
use crate::directory::live::LiveDirectory;
use crate::graphql::{Gate, Trusted};
use crate::store::Store;
use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{HttpServiceFactory, Server, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::{App, Error, FromRequest, Handler, HttpResponse, HttpServer, Responder, web};
pub use admission::Admission;
pub use allowance::Allowance;
pub use caller::Attempts;
use chrono::NaiveDate;
pub use metrics::Metrics;
use socket2::SockRef;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
pub use waiting::Waiting;

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a client may take nothing of an answer that waits for it.
const UNTAKEN_WAIT: Duration = Duration::from_secs(8);
/// How long a client may take to close.
const DISCONNECT_WAIT: Duration = Duration::from_secs(1);

/// Age without confirmation by the database from which a snapshot no longer counts as ready.
const STALE_AFTER: Duration = Duration::from_secs(15 * 60);

/// How often callers are forgotten who have asked for nothing of late.
const FORGET_AFTER: Duration = Duration::from_secs(60);

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
    /// What makes changes.
    pub writer: Writer,
    /// For `knownAt` and the day.
    pub clock: Arc<dyn Clock>,
    /// The day that look-ups fall back to.
    pub day: DirectoryDay,
    /// Age, without confirmation by the database, from which a snapshot no longer counts as ready.
    pub stale_after: Duration,
    /// What requests are admitted by.
    pub gate: Gate,
    /// What each caller may ask for.
    pub allowance: Arc<Allowance>,
    /// How often keys were wrong.
    pub attempts: Arc<Attempts>,
    /// How many requests may be open.
    pub admission: Arc<Admission>,
    /// How many requests may wait for a change.
    pub waiting: Arc<Waiting>,
    /// Figures of the process.
    pub metrics: Arc<Metrics>,
    /// Origins whose pages may ask from a browser; none, unless told.
    pub cors_origins: Vec<String>,
    /// Bytes of answers that each worker keeps; none for no answer.
    pub answer_bytes: usize,
}

/// Fields that one caller may ask for in a minute, where nothing else is said.
pub const COST_PER_MINUTE: u32 = 3_000_000;
/// Requests that may be open at once, where nothing else is said.
pub const OPEN_REQUESTS: usize = 2_000;
/// Requests that may wait for a change at once, where nothing else is said.
pub const WAITING_REQUESTS: usize = 1_000;
/// Bytes of answers that each worker keeps, where nothing else is said.
pub const ANSWER_BYTES: usize = 16 * 1024 * 1024;

impl Service {
    /// A service with the usual limits, which trusts the project's own documents beside any other.
    ///
    /// # Errors
    ///
    /// Where two figures have one name.
    pub fn new(
        live: Arc<LiveDirectory>,
        store: Store,
        clock: Arc<dyn Clock>,
        day: DirectoryDay,
    ) -> Result<Service, prometheus::Error> {
        let writer = Writer::new(store.clone(), Arc::clone(&live), Arc::clone(&clock));
        let waiting = Arc::new(Waiting::new(WAITING_REQUESTS, &live));
        Ok(Service {
            live,
            store,
            writer,
            clock,
            day,
            stale_after: STALE_AFTER,
            gate: Gate::new(Trusted::of_the_project()),
            allowance: Arc::new(Allowance::new(COST_PER_MINUTE)),
            attempts: Arc::default(),
            admission: Arc::new(Admission::new(OPEN_REQUESTS)),
            waiting,
            metrics: Arc::new(Metrics::new()?),
            cors_origins: Vec::new(),
            answer_bytes: ANSWER_BYTES,
        })
    }

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
        // Its connections inherit it: a client that takes nothing of an answer would keep it here for ever.
        SockRef::from(&listener).set_tcp_user_timeout(Some(UNTAKEN_WAIT))?;
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
    let (allowance, attempts) = (Arc::clone(&service.allowance), Arc::clone(&service.attempts));
    let head_wait = Duration::from_secs(service.gate.limits.seconds_to_arrive);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(service.clone()))
            .app_data(web::Data::new(graphql::Worker::new(service.answer_bytes)))
            .wrap(Condition::new(!service.cors_origins.is_empty(), cors(&service.cors_origins)))
            .configure(graphql::routes)
            .configure(health::routes)
            .configure(metrics::routes)
            .default_service(web::to(not_found))
    })
    .workers(workers)
    .client_request_timeout(head_wait)
    .client_disconnect_timeout(DISCONNECT_WAIT)
    // A client that has closed its side is gone, and waits for no change any more.
    .h1_allow_half_closed(false)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(shutdown.as_secs())
    .disable_signals()
    .listen(port.listener)?
    .run();
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(FORGET_AFTER).await;
            allowance.forget_the_idle();
            attempts.forget_the_idle();
        }
    });
    Ok(server)
}

/// What a browser may be told to allow: pages of these origins, and nothing that a GraphQL client does not send.
fn cors(origins: &[String]) -> Cors {
    let allowed = [header::CONTENT_TYPE, header::ACCEPT, header::AUTHORIZATION, header::IF_NONE_MATCH];
    let cors = Cors::default()
        .allowed_methods(["GET", "POST"])
        .allowed_headers(allowed)
        .allowed_header("directory-min-version")
        .expose_headers([header::ETAG, header::RETRY_AFTER])
        .block_on_origin_mismatch(true)
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Runs the service on a runtime of actix's own until it ends.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// A page that is read with GET or HEAD.
fn page<F, A>(path: &str, shown: F) -> impl HttpServiceFactory + use<F, A>
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let (get, head) = (web::get().to(shown.clone()), web::head().to(shown));
    web::resource(path).route(get).route(head).default_service(web::to(only_read)).wrap(from_fn(left_unread))
}

/// Reads nothing of a body that a page has no use for.
async fn left_unread(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let body = request.extract::<web::Payload>().await?;
    let (request, response) = next.call(request).await?.into_parts();
    Ok(ServiceResponse::new(request, body::closing(response.map_into_boxed_body(), body)))
}

async fn only_read() -> HttpResponse {
    let message = "This page takes GET and HEAD.";
    let refusal = refusal::refused(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message);
    refusal.respond_with_allow(&request_id::fresh(), "GET, HEAD")
}

async fn not_found(body: web::Payload) -> HttpResponse {
    let message = "There is nothing here. The GraphQL endpoint is /graphql; /info tells more.";
    let refusal = refusal::refused(StatusCode::NOT_FOUND, "NOT_FOUND", message);
    body::closing(refusal.respond(&request_id::fresh()), body)
}
