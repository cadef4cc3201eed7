//! GraphQL over HTTP: POST with JSON, GET for queries, both media types of answers, no batches.
//!
//! The order of a request: a place, who asks, a body, the caller's allowance, an answer kept from before, the gate, the
//! answer. Nothing of a request's content is logged.

use super::admission::Slot;
use super::answers::{Answers, KeptAnswer};
use super::caller::{Asker, Payer};
use super::media::{Media, accepted, has_json_body};
use super::members::Members;
use super::metrics::Ending;
use super::refusal::{Refusal, later, refused};
use super::{Service, allowance, body, page, request_id};
use crate::actions::make_change::By;
use crate::directory::live::Loaded;
use crate::graphql::{self, Admitted, Answer, Context, Documents, Outcome, Wait, schema_definition};
use crate::store::access_log::Access;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// Longest wait for a version that a client has seen elsewhere.
const VERSION_WAIT: Duration = Duration::from_secs(2);
/// How often it is looked for meanwhile.
const VERSION_LOOK: Duration = Duration::from_millis(10);
/// The least version that an answer may be made from.
const MIN_VERSION: &str = "directory-min-version";
/// Asks for an answer that is made without compiled plans and not kept, to be compared with the usual one.
const PLAIN: &str = "directory-compiled-plans";

/// What the log is told of an answer whose names are hidden because it cannot be recorded that they were shown.
const LOG_UNAVAILABLE: &str = "ACCESS_LOG_UNAVAILABLE";

static DEFINITION: LazyLock<String> = LazyLock::new(schema_definition);

/// What one worker keeps for itself.
pub struct Worker {
    documents: Documents,
    answers: RefCell<Answers>,
}

impl Worker {
    /// A worker with room for answers of so many bytes.
    pub fn new(answer_bytes: usize) -> Worker {
        Worker { documents: Documents::default(), answers: RefCell::new(Answers::new(answer_bytes)) }
    }
}

/// Adds the endpoint, the published schema and the published limits.
pub fn routes(app: &mut web::ServiceConfig) {
    app.route("/graphql", web::to(endpoint))
        .service(page("/schema.graphql", definition))
        .service(page("/limits", limits));
}

async fn definition() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(DEFINITION.as_str())
}

async fn limits(service: web::Data<Service>) -> HttpResponse {
    let mut limits = serde_json::to_value(service.gate.limits).unwrap_or_default();
    limits["costPerMinute"] = service.allowance.per_minute.into();
    limits["openRequests"] = service.admission.most().into();
    limits["waitingRequests"] = service.waiting.most().into();
    HttpResponse::Ok().content_type("application/json; charset=utf-8").body(limits.to_string())
}

/// What is told of a request when it has ended, in the log and in figures: nothing of its content.
#[derive(Default)]
struct Told {
    label: Option<String>,
    hash: Option<String>,
    cost: u64,
    codes: Vec<String>,
    /// How long it waited for a change, which is no work of ours.
    waited: Duration,
}

/// How a request ended, with its answer.
struct Ended {
    response: HttpResponse,
    ending: Ending,
    told: Told,
}

async fn endpoint(
    http: HttpRequest,
    mut body: web::Payload,
    service: web::Data<Service>,
    worker: web::Data<Worker>,
) -> HttpResponse {
    let started = Instant::now();
    let request_id = request_id::fresh();
    let ended = match handle(&http, &mut body, &service, &worker, &request_id).await {
        // Whoever gets has no use for a body, and it is left alone.
        Ok(ended) if *http.method() == Method::GET => {
            Ended { response: body::closing(ended.response, body), ..ended }
        }
        Ok(ended) => ended,
        Err(refusal) => {
            let response = match refusal.status {
                StatusCode::METHOD_NOT_ALLOWED => refusal.respond_with_allow(&request_id, allowed(&http)),
                _ => refusal.respond(&request_id),
            };
            let is_deferred = refusal.retry_after.is_some();
            let ending = if is_deferred { Ending::Deferred } else { Ending::Refused };
            let told = Told { codes: vec![refusal.code.to_owned()], ..Told::default() };
            Ended { response: body::closing(response, body), ending, told }
        }
    };
    let Ended { response, ending, told } = ended;
    let time = started.elapsed().saturating_sub(told.waited);
    service.metrics.count(told.label.as_deref(), ending, time, told.cost);
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    log::info!(
        request_id,
        status = response.status().as_u16(),
        micros,
        operation = told.label.as_deref().unwrap_or("-"),
        document = told.hash.as_deref().map_or("-", |hash| &hash[..16]),
        cost = told.cost,
        codes = told.codes.join(",");
        "graphql"
    );
    response
}

/// What may be asked where a method was not taken: a query of a case, or no query at all, by POST only.
fn allowed(http: &HttpRequest) -> &'static str {
    if *http.method() == Method::GET { "POST" } else { "GET, POST" }
}

async fn handle(
    http: &HttpRequest,
    payload: &mut web::Payload,
    service: &Service,
    worker: &Worker,
    request_id: &str,
) -> Result<Ended, Refusal> {
    let mut slot = service.admission.enter()?;
    let is_get = match *http.method() {
        Method::GET => true,
        Method::POST => false,
        _ => {
            let message = "This endpoint takes GET for queries and POST.";
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message));
        }
    };
    let asker = Asker::of(http, service)?;
    let media = accepted(http)?;
    let limits = service.gate.limits;
    let asked = if is_get {
        if http.query_string().len() > limits.query_string_bytes {
            let message = "The query string is larger than 16 KiB; use POST.";
            return Err(refused(StatusCode::URI_TOO_LONG, "LIMIT_EXCEEDED", message));
        }
        web::Bytes::copy_from_slice(http.query_string().as_bytes())
    } else {
        has_json_body(http)?;
        body::read(payload, &mut slot, limits.batch_body_bytes, limits.seconds_to_arrive).await?
    };
    service.allowance.charge(asker.payer, 1)?;
    let loaded = fresh_enough(http, service).await?;
    let exchange = Exchange { http, service, worker, request_id, asker, media, is_get, loaded };
    exchange.answer(asked, slot).await
}

/// A snapshot of at least the version that the client has seen elsewhere.
async fn fresh_enough(http: &HttpRequest, service: &Service) -> Result<Arc<Loaded>, Refusal> {
    let least = match http.headers().get(MIN_VERSION) {
        None => 0,
        Some(value) => whole_number(value.as_bytes()).ok_or_else(|| {
            let message = "Directory-Min-Version must be a whole number: the version of an answer.";
            refused(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
        })?,
    };
    let started = Instant::now();
    loop {
        match service.live.current() {
            Some(loaded) if loaded.directory.version() >= least => return Ok(loaded),
            None if least == 0 => {
                let message = "No directory is loaded yet.";
                return Err(later(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message, 2));
            }
            _ if started.elapsed() >= VERSION_WAIT => {
                let message = "This replica does not have the version of Directory-Min-Version yet: ask again, or another replica.";
                return Err(later(StatusCode::SERVICE_UNAVAILABLE, "STALE_REPLICA", message, 1));
            }
            _ => tokio::time::sleep(VERSION_LOOK).await,
        }
    }
}

/// A whole number in digits; one that is too large for any version is as large as that.
fn whole_number(text: &[u8]) -> Option<i64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(text).ok()?.parse().ok().or(Some(i64::MAX))).flatten()
}

/// A request that was read, with what it is answered from.
struct Exchange<'e> {
    http: &'e HttpRequest,
    service: &'e Service,
    worker: &'e Worker,
    request_id: &'e str,
    asker: Asker,
    media: Media,
    is_get: bool,
    loaded: Arc<Loaded>,
}

impl<'e> Exchange<'e> {
    async fn answer(self, asked: web::Bytes, slot: Slot<'e>) -> Result<Ended, Refusal> {
        let is_plain = self.http.headers().get(PLAIN).is_some_and(|value| value.as_bytes() == b"off");
        let date = self.service.directory_date();
        // Only what anyone is answered: nobody gets what was made for another's rights. And a body begins with a brace and
        // an address does not: else the bytes of one could be taken for the other.
        let may_be_kept = self.asker.is_anyone() && !is_plain && self.is_get != asked.starts_with(b"{");
        if may_be_kept {
            let kept = self.worker.answers.borrow_mut().get(&asked, &self.loaded, date);
            if let Some(kept) = kept {
                self.charge(kept.cost)?;
                self.service.metrics.count_kept();
                let told = Told {
                    label: kept.label.clone(),
                    hash: kept.hash.clone(),
                    cost: kept.cost,
                    ..Told::default()
                };
                let response = self.respond(StatusCode::OK, kept.body.clone(), kept.digest.as_deref());
                return Ok(Ended { response, ending: Ending::Answered, told });
            }
        }
        let members = match self.is_get {
            true => Members::of_query_string(self.http.query_string()),
            false => Members::of_body(&asked),
        }?;
        let request = members.request(asked.len(), self.is_get, is_plain);
        let admitted = match self.service.gate.admit(&self.worker.documents, &request, self.request_id) {
            Ok(admitted) => admitted,
            Err(refusal) => {
                // It was read and parsed all the same, and whoever cannot pay for that is told so instead.
                self.charge(allowance::REFUSED)?;
                return self.refuse(refusal);
            }
        };
        self.charge(admitted.cost)?;
        match admitted.wait() {
            None => self.execute(&admitted, may_be_kept.then_some(&asked)).await,
            Some(wait) => {
                // Of a request that waits nothing stays but what is to be executed, so that its answer is never kept.
                drop(members);
                drop(asked);
                let began = Instant::now();
                let (exchange, _slot) = self.after(wait, slot).await?;
                let waited = began.elapsed();
                let ended = exchange.execute(&admitted, None).await?;
                Ok(Ended { told: Told { waited, ..ended.told }, ..ended })
            }
        }
    }

    /// The same exchange once a change has come or the time is over: by then the caller's key may have been revoked, and there
    /// may be no place among the open requests.
    async fn after(self, wait: Wait, slot: Slot<'e>) -> Result<(Exchange<'e>, Slot<'e>), Refusal> {
        let Exchange { http, service, .. } = self;
        drop((slot, self.loaded));
        service.waiting.wait(wait).await?;
        let slot = service.admission.enter()?;
        let asker = Asker::of(http, service)?;
        let loaded = fresh_enough(http, service).await?;
        Ok((Exchange { asker, loaded, ..self }, slot))
    }

    /// Executes what was admitted; the answer is offered to those that are kept, under what it was asked by, where it may be.
    async fn execute(&self, admitted: &Admitted, keep_under: Option<&web::Bytes>) -> Result<Ended, Refusal> {
        let (date, now) = (self.service.directory_date(), self.service.clock.now());
        let context = Context::new(Arc::clone(&self.loaded), date, now);
        let context = context.asked_by(&self.asker.caller);
        let answer = match admitted.is_a_change() {
            true => self.change(admitted, context).await,
            false => self.answer_on_record(admitted, context).await,
        };
        self.service.metrics.count_planned(answer.planned);
        let told = Told {
            label: admitted.label().map(str::to_owned),
            hash: admitted.hash().map(str::to_owned),
            cost: admitted.cost,
            codes: answer.codes,
            ..Told::default()
        };
        let is_whole = answer.outcome == Outcome::Executed && told.codes.is_empty();
        let body = web::Bytes::from(answer.body);
        // Only what was got can be asked for again by its tag, and nothing that a key was needed for stays anywhere.
        let digest = (self.is_get && is_whole && self.asker.is_anyone()).then(|| digest_of(&body));
        if let Some(asked) = keep_under
            && is_whole
            && admitted.may_be_kept()
        {
            self.worker.answers.borrow_mut().offer(asked, || KeptAnswer {
                body: body.clone(),
                digest: digest.clone(),
                cost: told.cost,
                label: told.label.clone(),
                hash: told.hash.clone(),
            });
        }
        let ending = match answer.outcome {
            Outcome::Executed if is_whole => Ending::Answered,
            Outcome::Executed => Ending::WithErrors,
            Outcome::Refused => Ending::Refused,
            Outcome::Failed => Ending::Failed,
        };
        let response = self.respond(self.status(answer.outcome), body, digest.as_deref());
        Ok(Ended { response, ending, told })
    }

    /// Makes the change that is asked for.
    async fn change(&self, admitted: &Admitted, context: Context) -> Answer {
        let by = match self.asker.payer {
            Payer::Key(prefix) => By::Key(prefix),
            Payer::Peer(_) => By::Anyone,
        };
        let context = context.writing(self.service.writer.clone(), by, self.asker.seal.to_vec());
        self.service.gate.change(admitted, &context, self.request_id).await
    }

    /// Answers, and lets names of persons out only when it is recorded that this caller is shown them; else it answers again
    /// without them, and says so.
    async fn answer_on_record(&self, admitted: &Admitted, context: Context) -> Answer {
        let answer = self.service.gate.answer(admitted, &context, self.request_id);
        if answer.shown.is_empty() {
            return answer;
        }
        let access = Access {
            // Only who was recognised is shown a name; were it not so, it would stand in the record.
            actor: self.asker.caller.actor().unwrap_or("anyone").to_owned(),
            request_id: self.request_id.to_owned(),
            operation: admitted.label().map(str::to_owned),
            document: admitted.hash().map(str::to_owned),
            version: self.loaded.directory.version(),
            boards: answer.shown.boards.iter().cloned().collect(),
            persons: answer.shown.persons.iter().copied().collect(),
        };
        match self.service.store.record_access(&access).await {
            Ok(()) => answer,
            Err(error) => {
                log::error!(request_id = self.request_id; "names are hidden, for the access log cannot be written: {error}");
                let context = context.without_names();
                let mut answer = self.service.gate.answer(admitted, &context, self.request_id);
                answer.codes.push(LOG_UNAVAILABLE.to_owned());
                answer
            }
        }
    }

    /// Charges what a request costs beyond the token that it was read for.
    fn charge(&self, cost: u64) -> Result<(), Refusal> {
        let allowance = &self.service.allowance;
        // Who has a whole allowance can spend it on one request that costs as much or more.
        let cost = cost.min(allowance.per_minute.into());
        allowance.charge(self.asker.payer, cost.saturating_sub(1))
    }

    fn refuse(&self, refusal: graphql::Refusal) -> Result<Ended, Refusal> {
        let post_only = |message| refused(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message);
        match refusal {
            graphql::Refusal::Answered(Answer { body, outcome, codes, .. }) => {
                let response = self.respond(self.status(outcome), body.into(), None);
                let ending = if outcome == Outcome::Failed { Ending::Failed } else { Ending::Refused };
                Ok(Ended { response, ending, told: Told { codes, ..Told::default() } })
            }
            graphql::Refusal::NotAQuery => Err(post_only("GET takes queries only; use POST.")),
            graphql::Refusal::CaseInAddress => {
                Err(post_only("A case is taken by POST only: addresses are kept in logs."))
            }
            graphql::Refusal::BodyTooLarge => {
                let message = "The body is larger than 64 KiB, and only batch look-ups may be.";
                Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED", message))
            }
        }
    }

    fn status(&self, outcome: Outcome) -> StatusCode {
        match (outcome, self.media) {
            (Outcome::Executed, _) | (Outcome::Refused, Media::Plain) => StatusCode::OK,
            (Outcome::Refused, Media::Response) => StatusCode::BAD_REQUEST,
            (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The answer with its headers. One with a digest can be asked for again by its tag.
    fn respond(&self, status: StatusCode, body: web::Bytes, digest: Option<&str>) -> HttpResponse {
        let tag = digest.map(|digest| tag_of(digest, self.media));
        let is_known = tag.as_ref().is_some_and(|tag| is_among(self.http, tag));
        let mut response = match is_known {
            true => HttpResponse::new(StatusCode::NOT_MODIFIED),
            false => HttpResponse::with_body(status, body).map_into_boxed_body(),
        };
        let headers = response.headers_mut();
        headers.reserve(8);
        if let Ok(id) = header::HeaderValue::from_str(self.request_id) {
            headers.insert(header::HeaderName::from_static("x-request-id"), id);
        }
        let cache = if tag.is_some() { "no-cache" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
        headers.insert(header::VARY, header::HeaderValue::from_static("Accept, Authorization"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
        if let Some(tag) = tag.and_then(|tag| header::HeaderValue::from_str(&tag).ok()) {
            headers.insert(header::ETAG, tag);
        }
        if !is_known {
            headers.insert(header::CONTENT_TYPE, self.media.content_type());
        }
        response
    }
}

/// What the tag of an answer is made of: it follows from what the answer says, and so from version, day, calendar and
/// document.
fn digest_of(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The tag of an answer, which differs between the media types.
fn tag_of(digest: &str, media: Media) -> String {
    let kind = if media == Media::Plain { 'j' } else { 'r' };
    format!("\"{kind}{digest}\"")
}

/// Whether a client says that it has the answer of this tag.
fn is_among(http: &HttpRequest, tag: &str) -> bool {
    let known = http.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|value| {
        let value = value.trim();
        value == "*" || value.strip_prefix("W/").unwrap_or(value) == tag
    })
}
