//! Figures for Prometheus. Operations are told apart by the names of trusted documents only: any other name is the
//! caller's to choose, and could say anything.

use super::{Service, page};
use actix_web::{HttpResponse, web};
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};
use std::sync::Arc;
use std::time::Duration;

/// What operations without a name of ours are counted under.
const OTHER: &str = "other";

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Answered without errors.
    Answered,
    /// Answered, with errors of single fields.
    WithErrors,
    /// Refused: the request was wrong or too large.
    Refused,
    /// Refused for now: too much was asked, or the service was not able.
    Deferred,
    /// We failed.
    Failed,
}

impl Ending {
    const ALL: [Ending; 5] =
        [Ending::Answered, Ending::WithErrors, Ending::Refused, Ending::Deferred, Ending::Failed];

    fn label(self) -> &'static str {
        match self {
            Ending::Answered => "answered",
            Ending::WithErrors => "with_errors",
            Ending::Refused => "refused",
            Ending::Deferred => "deferred",
            Ending::Failed => "failed",
        }
    }
}

/// The figures of a process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    /// Those of operations without a name of ours, at hand: most requests are of such.
    others: [IntCounter; Ending::ALL.len()],
    others_seconds: Histogram,
    cost: IntCounter,
    kept_answers: IntCounter,
    planned: IntCounter,
    open: IntGauge,
    waiting: IntGauge,
    version: IntGauge,
    unconfirmed: IntGauge,
}

impl Metrics {
    /// Figures that begin with nothing.
    ///
    /// # Errors
    ///
    /// Where two figures have one name.
    pub fn new() -> prometheus::Result<Metrics> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("directory_requests_total", "GraphQL requests by operation and ending"),
            &["operation", "ending"],
        )?;
        let buckets =
            vec![0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.1, 0.5, 2.0];
        let seconds = HistogramVec::new(
            HistogramOpts::new("directory_request_seconds", "Time from arrival to answer").buckets(buckets),
            &["operation"],
        )?;
        let cost = IntCounter::new("directory_cost_total", "Fields that were asked for")?;
        let kept_answers =
            IntCounter::new("directory_kept_answers_total", "Answers that were kept from before")?;
        let planned =
            IntCounter::new("directory_planned_subtrees_total", "Subtrees of answers that plans wrote")?;
        let open = IntGauge::new("directory_requests_open", "Requests that are open")?;
        let waiting = IntGauge::new("directory_requests_waiting", "Requests that wait for a change")?;
        let version = IntGauge::new("directory_version", "Version of the directory that is served")?;
        let unconfirmed = IntGauge::new(
            "directory_confirmed_seconds_ago",
            "Seconds since the database confirmed the version served; -1 for never",
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(cost.clone()))?;
        registry.register(Box::new(kept_answers.clone()))?;
        registry.register(Box::new(planned.clone()))?;
        for gauge in [&open, &waiting, &version, &unconfirmed] {
            registry.register(Box::new(gauge.clone()))?;
        }
        let others = Ending::ALL.map(|ending| requests.with_label_values(&[OTHER, ending.label()]));
        let others_seconds = seconds.with_label_values(&[OTHER]);
        Ok(Metrics {
            registry,
            requests,
            seconds,
            others,
            others_seconds,
            cost,
            kept_answers,
            planned,
            open,
            waiting,
            version,
            unconfirmed,
        })
    }

    /// Counts a request.
    pub fn count(&self, operation: Option<&str>, ending: Ending, time: Duration, cost: u64) {
        match operation {
            Some(operation) => {
                self.requests.with_label_values(&[operation, ending.label()]).inc();
                self.seconds.with_label_values(&[operation]).observe(time.as_secs_f64());
            }
            None => {
                self.others[ending as usize].inc();
                self.others_seconds.observe(time.as_secs_f64());
            }
        }
        self.cost.inc_by(cost);
    }

    /// Counts subtrees of an answer that plans wrote.
    pub fn count_planned(&self, subtrees: usize) {
        self.planned.inc_by(subtrees as u64);
    }

    /// Counts an answer that was kept from before.
    pub fn count_kept(&self) {
        self.kept_answers.inc();
    }
}

/// Adds the endpoint.
pub fn routes(app: &mut web::ServiceConfig) {
    app.service(page("/metrics", shown));
}

async fn shown(service: web::Data<Service>) -> HttpResponse {
    let metrics: &Arc<Metrics> = &service.metrics;
    metrics.open.set(i64::try_from(service.admission.open()).unwrap_or(i64::MAX));
    metrics.waiting.set(i64::try_from(service.waiting.count()).unwrap_or(i64::MAX));
    metrics.version.set(service.live.current().map_or(0, |loaded| loaded.directory.version()));
    let confirmed = service.live.state().confirmed_at;
    let age = confirmed.map_or(-1, |at| service.clock.now().signed_duration_since(at).num_seconds().max(0));
    metrics.unconfirmed.set(age);
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    if encoder.encode(&metrics.registry.gather(), &mut text).is_err() {
        return HttpResponse::InternalServerError().finish();
    }
    HttpResponse::Ok().content_type(encoder.format_type().to_owned()).body(text)
}
