//! The gate: a request is admitted by what its document and variables are, and then answered from one snapshot,
//! both behind a barrier against panics.
//!
//! Between the two the transport may charge the caller. Reading a request off the wire, and what a caller may ask for
//! in all, is left to `http`.

use super::answer::{Answer, Beside, Outcome};
use super::context::Context;
use super::document::{Document, Exceeded, Refused, Source};
use super::error::{self, Code};
use super::failing::Failing;
use super::json::TooLarge;
use super::kept::Kept;
use super::limits::Limits;
use super::plan::Arguments;
use super::scalar::Scalar;
use super::trusted::{Trust, Trusted};
use super::variables::{self, Fault};
use super::wait::Wait;
use super::{SCHEMA, Schema};
use futures_util::FutureExt;
use juniper::{OperationType, Variables};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most documents that a worker keeps, and the bytes of their texts.
const MOST_DOCUMENTS: usize = 1_000;
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// A longer document is read anew each time: a tree is many times its text.
const LONGEST_KEPT: usize = 16 * 1024;

/// A request as it stands in its body: JSON texts, of which only the kind was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'r> {
    /// The document, a JSON string.
    pub query: Option<&'r str>,
    /// The id of a trusted document, a JSON string.
    pub document_id: Option<&'r str>,
    /// Which of its operations, a JSON string.
    pub operation_name: Option<&'r str>,
    /// The variables, a JSON object.
    pub variables: Option<&'r str>,
    /// Bytes of the whole body.
    pub bytes: usize,
    /// Whether the method may only read.
    pub only_queries: bool,
    /// Whether everything is resolved by juniper alone: to cross-check an answer.
    pub is_plain: bool,
}

/// Why a request is not answered.
#[derive(Debug)]
pub enum Refusal {
    /// With an answer in the shape of GraphQL's.
    Answered(Answer),
    /// The operation is not a query, where only queries are taken.
    NotAQuery,
    /// The document takes a case, and the method would put it into an address.
    CaseInAddress,
    /// The body is larger than one of this document may be.
    BodyTooLarge,
}

/// A document as a worker keeps it.
struct Entry {
    document: Document,
    /// Name of the operation, where the document is a trusted one: others are named by whoever writes them.
    label: Option<String>,
}

/// A request that may be executed.
pub struct Admitted {
    entry: Rc<Entry>,
    given: Given,
    /// Whether variables were sent that the document does not declare; the specification has them passed over.
    has_undeclared: bool,
    is_plain: bool,
    /// What it costs.
    pub cost: u64,
}

/// What a request gives to its document.
enum Given {
    /// Variables, for juniper.
    Variables(Variables<Scalar>),
    /// The arguments of the one look-up that the document is.
    Arguments(Arguments),
}

impl Admitted {
    /// Name of the operation, where the document is a trusted one.
    pub fn label(&self) -> Option<&str> {
        self.entry.label.as_deref()
    }

    /// SHA-256 of the document; none where that could be of a case.
    pub fn hash(&self) -> Option<&str> {
        let about = &self.entry.document.about;
        (!about.is_private).then_some(about.hash.as_str())
    }

    /// What it waits for before it is executed; none where it does not.
    pub fn wait(&self) -> Option<Wait> {
        match &self.given {
            Given::Variables(variables) => self.entry.document.about.waits.with(variables),
            Given::Arguments(_) => None,
        }
    }

    /// Whether it is answered without juniper, by the plan of the one look-up that its document is.
    pub fn is_whole(&self) -> bool {
        matches!(self.given, Given::Arguments(_))
    }

    /// Whether it changes something.
    pub fn is_a_change(&self) -> bool {
        self.entry.document.about.kind == OperationType::Mutation
    }

    /// Whether the answer that anyone gets may be kept.
    ///
    /// Nothing of a case is, neither where the document takes one nor where a caller sends one in variables that it does
    /// not declare. Names of holders of public posts may be in it: a published source names them, and they are
    /// shown to anyone, with it.
    pub fn may_be_kept(&self) -> bool {
        let about = &self.entry.document.about;
        !about.takes_a_case && !self.has_undeclared && about.kind == OperationType::Query
    }
}

/// The documents that one worker keeps.
pub struct Documents {
    kept: RefCell<Kept<Rc<Entry>>>,
    /// The key of the request at hand.
    key: RefCell<Vec<u8>>,
}

impl Default for Documents {
    fn default() -> Documents {
        let kept = RefCell::new(Kept::new(MOST_TEXT, MOST_DOCUMENTS));
        Documents { kept, key: RefCell::default() }
    }
}

impl Documents {
    /// How many are kept.
    pub fn count(&self) -> usize {
        self.kept.borrow().count()
    }
}

/// What all workers share in admitting requests.
#[derive(Clone)]
pub struct Gate {
    schema: &'static Schema,
    /// The limits that are kept.
    pub limits: &'static Limits,
    trusted: Arc<Trusted>,
    failing: Arc<Failing>,
}

impl Gate {
    /// A gate that keeps the published limits.
    pub fn new(trusted: Trusted) -> Gate {
        static KEPT: Limits = Limits::KEPT;
        Gate { schema: &SCHEMA, limits: &KEPT, trusted: Arc::new(trusted), failing: Arc::default() }
    }

    /// A gate with other limits, which stay for as long as the process.
    pub fn with_limits(trusted: Trusted, limits: Limits) -> Gate {
        let schema = Box::leak(Box::new(super::schema_within(&limits)));
        Gate { schema, limits: Box::leak(Box::new(limits)), ..Gate::new(trusted) }
    }

    /// Admits a request, or says why not. Never panics.
    ///
    /// # Errors
    ///
    /// Where it is not executed.
    pub fn admit(
        &self,
        documents: &Documents,
        request: &Request<'_>,
        request_id: &str,
    ) -> Result<Admitted, Refusal> {
        let admitting = AssertUnwindSafe(|| self.admit_unguarded(documents, request, request_id));
        catch_unwind(admitting).unwrap_or_else(|_| {
            if let Ok(text) = self.text(request, request_id) {
                self.failing.note(&text, Instant::now());
            }
            Err(Refusal::Answered(broken(request_id)))
        })
    }

    fn admit_unguarded(
        &self,
        documents: &Documents,
        request: &Request<'_>,
        request_id: &str,
    ) -> Result<Admitted, Refusal> {
        // No document that may be executed is that long: it need not be parsed to say so.
        if request.query.is_some_and(|query| query.len() > self.limits.body_bytes) {
            return Err(Refusal::BodyTooLarge);
        }
        let entry = self.entry(documents, request, request_id).map_err(Refusal::Answered)?;
        let about = &entry.document.about;
        if request.only_queries && about.kind != OperationType::Query {
            return Err(Refusal::NotAQuery);
        }
        if request.only_queries && about.takes_a_case {
            return Err(Refusal::CaseInAddress);
        }
        if !about.is_batch && request.bytes > self.limits.body_bytes {
            return Err(Refusal::BodyTooLarge);
        }
        let refuse = |errors| Refusal::Answered(Answer::of_errors(Outcome::Refused, errors));
        let given = self
            .given(&entry.document, request)
            .map_err(|fault| refuse(vec![of_variables(fault, request_id)]))?;
        let price = match &given {
            Given::Variables(variables) => about.price.with(variables),
            Given::Arguments(_) => about.price.with(&Variables::new()),
        };
        let (cost, most) = (price, about.most_cost(self.limits));
        if cost > most {
            let message = format!(
                "The request asks for {cost} fields, counted with the sizes of its lists, and may ask for {most}: ask for smaller pages or fewer fields."
            );
            let mut error = error::whole(Code::CostExceeded, &message, request_id);
            error["extensions"]["cost"] = serde_json::json!({ "requested": cost, "limit": most });
            return Err(refuse(vec![error]));
        }
        let has_undeclared = match &given {
            Given::Variables(variables) => variables.keys().any(|name| !about.variables.contains(name)),
            Given::Arguments(_) => false,
        };
        let is_plain = request.is_plain;
        Ok(Admitted { entry: Rc::clone(&entry), given, has_undeclared, is_plain, cost })
    }

    /// What a request gives to its document, read once and by whoever is to use it.
    fn given(&self, document: &Document, request: &Request<'_>) -> Result<Given, Fault> {
        let Some(text) = request.variables else { return Ok(Given::Variables(Variables::new())) };
        variables::measure(text, self.limits, document.about.is_batch)?;
        let whole = document.plans.whole().filter(|_| !request.is_plain);
        match whole.and_then(|(whole, _)| whole.read(text)) {
            Some(arguments) => Ok(Given::Arguments(arguments)),
            None => variables::read(text).map(Given::Variables),
        }
    }

    /// The document of a request, kept or made ready.
    fn entry(
        &self,
        documents: &Documents,
        request: &Request<'_>,
        request_id: &str,
    ) -> Result<Rc<Entry>, Answer> {
        let mut key = documents.key.borrow_mut();
        key.clear();
        for part in [request.query, request.document_id, request.operation_name] {
            key.extend_from_slice(part.unwrap_or_default().as_bytes());
            key.push(0);
        }
        let refuse = |code, message: &str| {
            Answer::of_errors(Outcome::Refused, vec![error::whole(code, message, request_id)])
        };
        let unless_failing = |document: &str| {
            let message = "This document has failed three times within ten minutes: send another, or wait.";
            let is_blocked = self.failing.blocks(document, Instant::now());
            if is_blocked { Err(refuse(Code::DocumentBlocked, message)) } else { Ok(()) }
        };
        if let Some(entry) = documents.kept.borrow_mut().get(&key) {
            unless_failing(entry.document.text())?;
            return Ok(entry);
        }
        let query = self.text(request, request_id)?;
        unless_failing(&query)?;
        let operation_name = match request.operation_name.map(text_of) {
            Some(None) => return Err(refuse(Code::BadRequest, "operationName is no text in Unicode.")),
            name => name.flatten().filter(|name| !name.is_empty()),
        };
        let prepared = Document::prepare(Source { query, operation_name }, self.schema, self.limits);
        let document = prepared.map_err(|refused| match refused {
            Refused::Graphql(error) => {
                Answer::of_errors(Outcome::Refused, error::of_graphql(&error, request_id))
            }
            Refused::Exceeds(exceeded) => {
                Answer::of_errors(Outcome::Refused, vec![of_limit(exceeded, "The document", request_id)])
            }
        })?;
        let about = &document.about;
        let is_trusted = self.trusted.has(&about.hash);
        if self.trusted.trust == Trust::Only && !is_trusted {
            let message = "This service takes trusted documents only: give the documentId of one.";
            return Err(refuse(Code::DocumentNotTrusted, message));
        }
        let label = about.name.clone().filter(|_| is_trusted);
        let is_kept = !about.is_private && document.text().len() <= LONGEST_KEPT;
        let weight = document.text().len();
        let entry = Rc::new(Entry { document, label });
        if is_kept {
            documents.kept.borrow_mut().insert(&key, Rc::clone(&entry), weight);
        }
        Ok(entry)
    }

    /// The text of the document that a request means.
    fn text(&self, request: &Request<'_>, request_id: &str) -> Result<String, Answer> {
        let refuse = |code, message: &str| {
            Answer::of_errors(Outcome::Refused, vec![error::whole(code, message, request_id)])
        };
        let bad = |message: &str| refuse(Code::BadRequest, message);
        match (request.query, request.document_id) {
            (Some(_), Some(_)) => Err(bad("Give query or documentId, not both.")),
            (None, None) => Err(bad("query is missing.")),
            (Some(query), None) => text_of(query).ok_or_else(|| bad("query is no text in Unicode.")),
            (None, Some(_)) if self.trusted.trust == Trust::Off => {
                Err(bad("Documents are not taken by their ids here: give query."))
            }
            (None, Some(id)) => {
                let found = text_of(id).and_then(|id| self.trusted.text(&id).map(str::to_owned));
                found.ok_or_else(|| {
                    let message = "No trusted document has that documentId: give one of a manifest, as sha256: and its hash.";
                    refuse(Code::PersistedQueryNotFound, message)
                })
            }
        }
    }

    /// Executes an admitted request. Never panics: a panic inside becomes an answer with code `INTERNAL`.
    pub fn answer(&self, admitted: &Admitted, context: &Context, request_id: &str) -> Answer {
        let started = Instant::now();
        let document = &admitted.entry.document;
        let answering = AssertUnwindSafe(|| self.answer_unguarded(admitted, context, request_id));
        let answer = catch_unwind(answering).unwrap_or_else(|_| {
            self.failing.note(document.text(), Instant::now());
            broken(request_id)
        });
        if started.elapsed() > Duration::from_millis(self.limits.milliseconds) {
            self.failing.note(document.text(), Instant::now());
        }
        answer
    }

    /// Executes an admitted mutation, to its end. Never panics: a panic inside becomes an answer with code `INTERNAL`.
    pub async fn change(&self, admitted: &Admitted, context: &Context, request_id: &str) -> Answer {
        let changing = AssertUnwindSafe(self.change_unguarded(admitted, context, request_id));
        // What panics outside the write itself has changed nothing, or shows what was changed wrongly; it is not blocked: a
        // document that changes something is not kept, and so neither counted.
        changing.catch_unwind().await.unwrap_or_else(|_| broken(request_id))
    }

    async fn change_unguarded(&self, admitted: &Admitted, context: &Context, request_id: &str) -> Answer {
        let document = &admitted.entry.document;
        let most_cost = document.about.most_cost(self.limits);
        let beside = Beside { cost: admitted.cost, most_cost, names: context.names };
        let most = self.limits.answer_of(document.about.is_batch);
        let Given::Variables(variables) = &admitted.given else { return broken(request_id) };
        match document.operation().execute(variables, context).await {
            Err(error) => Answer::of_errors(Outcome::Refused, error::of_graphql(&error, request_id)),
            Ok((data, errors)) => {
                let errors = error::of_execution(&errors, request_id);
                Answer::of_data(&data, errors, beside, most).unwrap_or_else(|TooLarge| {
                    let message =
                        "The change is made, and its answer is larger than it may be: ask for it by a query.";
                    let error = error::whole(Code::LimitExceeded, message, request_id);
                    Answer::of_errors(Outcome::Executed, vec![error])
                })
            }
        }
    }

    fn answer_unguarded(&self, admitted: &Admitted, context: &Context, request_id: &str) -> Answer {
        let document = &admitted.entry.document;
        let is_batch = document.about.is_batch;
        let most_cost = document.about.most_cost(self.limits);
        let beside = Beside { cost: admitted.cost, most_cost, names: context.names };
        let most = self.limits.answer_of(is_batch);
        let answer = match (&admitted.given, document.plans.whole()) {
            (Given::Arguments(arguments), Some((whole, found))) => {
                let write = |out: &mut String| whole.write(arguments.clone(), context, found, out);
                Answer::of_written(found.room(), write, beside, most)
            }
            // A look-up whose plan is there keeps it: its arguments are never without one.
            (Given::Arguments(_), None) => return broken(request_id),
            (Given::Variables(variables), _) => {
                let planned = (!admitted.is_plain).then(|| context.with_plans(&document.plans));
                match document.operation().execute_sync(variables, planned.as_ref().unwrap_or(context)) {
                    Err(error) => {
                        return Answer::of_errors(Outcome::Refused, error::of_graphql(&error, request_id));
                    }
                    Ok((data, errors)) => {
                        Answer::of_data(&data, error::of_execution(&errors, request_id), beside, most)
                    }
                }
            }
        };
        match answer {
            Ok(answer) => Answer { shown: context.notes.so_far(), ..answer },
            Err(TooLarge) => {
                let limit = if is_batch { "batchAnswerBytes" } else { "answerBytes" };
                let error = of_limit(Exceeded { limit, most }, "The answer", request_id);
                Answer::of_errors(Outcome::Refused, vec![error])
            }
        }
    }
}

/// The text of a JSON string; none where it holds half of a surrogate pair.
fn text_of(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn broken(request_id: &str) -> Answer {
    let message = "The service failed to answer. Tell its keepers the request id.";
    Answer::of_errors(Outcome::Failed, vec![error::whole(Code::Internal, message, request_id)])
}

fn of_variables(fault: Fault, request_id: &str) -> Json {
    match fault {
        Fault::Exceeds(exceeded) => of_limit(exceeded, "The variables", request_id),
        Fault::NotAnObject => error::whole(Code::BadRequest, "variables must be a JSON object.", request_id),
    }
}

fn of_limit(Exceeded { limit, most }: Exceeded, what: &str, request_id: &str) -> Json {
    let mut error = error::whole(Code::LimitExceeded, &error::of_limit(what, limit, most), request_id);
    error["extensions"]["limit"] = serde_json::json!({ "name": limit, "most": most });
    error
}
