//! Making a change: the steps of a write in their order, from the lock to the answer.
//!
//! Lock, the newest directory, a reused key, rights, the expected version, what integrity allows, rows with their change, a
//! look at the whole, commit, and only then the answer. The work runs by itself: a client that goes away does not cut it. What
//! an order means is left to `directory::change`, and how rows are written to `store`.

use crate::clock::{Clock, today_in_london};
use crate::directory::Directory;
use crate::directory::access::Keys;
use crate::directory::api_key::Prefix;
use crate::directory::change::{
    Decision, Ground, Order, Refusal, RefusalCode, Right, Scope, Summary, board_touched, body_touched,
    person_touched,
};
use crate::directory::live::{LiveDirectory, Loaded};
use crate::domain::access::Caller;
use crate::domain::organisation::is_slug;
use crate::store::write::{CommitFault, Locks, NewChange, OpenWrite};
use crate::store::{Store, StoreError};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// How often a write begins anew because what it touches has moved meanwhile.
const ATTEMPTS: usize = 3;
/// Longest wait for one's turn. One change that hangs at a database which fell silent must not hang all that stand behind it;
/// nothing was done for them.
const TURN_WAIT: Duration = Duration::from_millis(1400);

/// What makes changes in one process.
#[derive(Clone)]
pub struct Writer {
    store: Store,
    live: Arc<LiveDirectory>,
    clock: Arc<dyn Clock>,
    queue: Arc<Queue>,
}

/// Writes of one process stand in line here, and not each at a connection.
#[derive(Debug, Default)]
struct Queue {
    turn: Mutex<()>,
    /// How often the database was away: whoever stood in line then need not find out again.
    failures: AtomicU64,
}

/// Who gives an order, and how.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who. Looked at again with the keys of the newest version.
    pub by: By,
    /// Why, in the words of whoever gives it.
    pub reason: Option<String>,
    /// The version of the last change that the giver knows of whatever is touched.
    pub expected_version: Option<i64>,
    /// Whether nothing is to be written.
    pub is_dry: bool,
    /// The key under which it may be repeated, and a digest of the content.
    pub idempotency: Option<(String, [u8; 32])>,
}

/// Whoever gives an order.
#[derive(Clone, Debug)]
pub enum By {
    /// The holder of an API key.
    Key(Prefix),
    /// Whoever has no key: no order is open to them.
    Anyone,
    /// Whoever has the command line and the database.
    CommandLine,
}

/// What came of an order.
#[derive(Clone, Debug)]
pub enum Made {
    /// It is done, was done under this key before, or would be.
    Done(Box<Done>),
    /// It is refused, and nothing is written.
    Refused {
        /// Why; never empty.
        refusals: Vec<Refusal>,
        /// The newest version.
        version: i64,
    },
}

/// A change that was made, or would be.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its version. Of a dry run: the one that it would have had.
    pub version: i64,
    /// What it touched.
    pub summary: Summary,
    /// The directory with it.
    pub loaded: Arc<Loaded>,
    /// Whether it was made earlier, under the same key.
    pub is_repeated: bool,
    /// Whether nothing was written.
    pub is_dry: bool,
}

/// Why nobody can tell what came of an order, or nothing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database is away or busy: nothing was written.
    Unavailable,
    /// The connection was lost at the commit: it may be done. The same idempotency key finds out.
    OutcomeUnknown,
    /// Our fault; nothing was written.
    Broken,
}

/// What a decision is made on.
struct Newest {
    directory: Arc<Loaded>,
    keys: Arc<Keys>,
}

impl Writer {
    /// A writer that refreshes what this process serves.
    pub fn new(store: Store, live: Arc<LiveDirectory>, clock: Arc<dyn Clock>) -> Writer {
        Writer { store, live, clock, queue: Arc::default() }
    }

    /// Carries out an order to its end, whether or not anybody waits for it.
    ///
    /// # Errors
    ///
    /// Where the database is away, the outcome is not known, or something broke.
    pub async fn make(&self, order: Arc<dyn Order>, asked: Asked) -> Result<Made, Fault> {
        // No order is open to whoever has no key, in any version: they get no place in the line, and no lock.
        if matches!(asked.by, By::Anyone) {
            let served = self.live.current().ok_or(Fault::Unavailable)?;
            let refusals = vec![forbidden(&order.scope(&served.directory))];
            return Ok(Made::Refused { refusals, version: served.directory.version() });
        }
        let writer = self.clone();
        let work = tokio::spawn(async move { writer.carry_out(&*order, &asked).await });
        work.await.unwrap_or_else(|_| {
            log::error!("a change broke off; nothing of it was written");
            Err(Fault::Broken)
        })
    }

    async fn carry_out(&self, order: &dyn Order, asked: &Asked) -> Result<Made, Fault> {
        let failures = self.queue.failures.load(Ordering::Acquire);
        let Ok(_turn) = tokio::time::timeout(TURN_WAIT, self.queue.turn.lock()).await else {
            log::warn!("a change could not be made: those before it took too long");
            return Err(Fault::Unavailable);
        };
        if self.queue.failures.load(Ordering::Acquire) != failures {
            return Err(Fault::Unavailable);
        }
        let outcome = self.attempt(order, asked).await;
        if matches!(outcome, Err(Fault::Unavailable | Fault::OutcomeUnknown)) {
            self.queue.failures.fetch_add(1, Ordering::AcqRel);
        }
        outcome
    }

    async fn attempt(&self, order: &dyn Order, asked: &Asked) -> Result<Made, Fault> {
        let Some(served) = self.live.current() else { return Err(Fault::Unavailable) };
        let mut scope = order.scope(&served.directory);
        for _ in 0..ATTEMPTS {
            let mut write = self.store.begin_write(&locks(&scope)).await.map_err(fault)?;
            let newest = self.newest(&mut write).await?;
            let now = order.scope(&newest.directory.directory);
            if !scope.holds(&now) {
                write.roll_back().await;
                scope = now;
                continue;
            }
            return self.within(write, newest, order, &now, asked).await;
        }
        Err(Fault::Unavailable)
    }

    /// The newest directory and keys: those served, or what the transaction sees where another process has written since.
    async fn newest(&self, write: &mut OpenWrite) -> Result<Newest, Fault> {
        let served = self.live.current().ok_or(Fault::Unavailable)?;
        let taken = self.live.keys();
        let directory = match served.directory.version() == write.version {
            true => served,
            false => Arc::new(Loaded {
                directory: write.directory(&served.directory).await.map_err(fault)?,
                loaded_at: self.clock.now(),
            }),
        };
        let keys = match taken.version() == write.version {
            true => taken,
            false => Arc::new(write.keys().await.map_err(fault)?),
        };
        Ok(Newest { directory, keys })
    }

    async fn within(
        &self,
        mut write: OpenWrite,
        newest: Newest,
        order: &dyn Order,
        scope: &Scope,
        asked: &Asked,
    ) -> Result<Made, Fault> {
        let version = write.version;
        let now = self.clock.now();
        let today = today_in_london(now);
        let caller = caller(&asked.by, &newest.keys, today);
        let actor = caller.actor().unwrap_or_default();
        if !scope.is_open_to(&caller) {
            write.roll_back().await;
            return Ok(Made::Refused { refusals: vec![forbidden(scope)], version });
        }
        if let Some((key, hash)) = &asked.idempotency
            && let Some(earlier) = write.earlier(actor, key).await.map_err(fault)?
        {
            write.roll_back().await;
            if earlier.request_hash != hash {
                return Ok(Made::Refused { refusals: vec![reused()], version });
            }
            self.live.replace_keys(newest.keys, None);
            self.live.advance(Arc::clone(&newest.directory), now);
            return Ok(Made::Done(Box::new(Done {
                version: earlier.version,
                summary: earlier.summary,
                loaded: newest.directory,
                is_repeated: true,
                is_dry: false,
            })));
        }
        let ground = Ground { directory: &newest.directory.directory, today, actor, keys: &newest.keys };
        let decided = match stale(&newest.directory.directory, scope, asked.expected_version) {
            Some(refusal) => Err(vec![refusal]),
            None => order.decide(&ground),
        };
        let Decision { writes, summary } = match decided {
            Ok(decision) => decision,
            Err(refusals) => {
                write.roll_back().await;
                return Ok(Made::Refused { refusals, version });
            }
        };
        let idempotency = asked.idempotency.as_ref().map(|(key, hash)| (key.as_str(), *hash));
        let change =
            NewChange { actor, action: order.action(), reason: asked.reason.as_deref(), idempotency };
        let (version, summary) = match write.record(&change, &writes, summary).await {
            Ok(written) => written,
            Err(StoreError::Refused(place)) => {
                write.roll_back().await;
                return Ok(Made::Refused { refusals: vec![guarded(&place)], version });
            }
            Err(error) => {
                write.roll_back().await;
                return Err(fault(error));
            }
        };
        let directory = match write.directory(&newest.directory.directory).await {
            Ok(directory) => directory,
            Err(error) => {
                write.roll_back().await;
                return Err(fault(error));
            }
        };
        let keys = match write.keys().await {
            Ok(keys) => Arc::new(keys),
            Err(error) => {
                write.roll_back().await;
                return Err(fault(error));
            }
        };
        let loaded = Arc::new(Loaded { directory, loaded_at: now });
        let done =
            Done { version, summary, loaded: Arc::clone(&loaded), is_repeated: false, is_dry: asked.is_dry };
        if asked.is_dry {
            write.roll_back().await;
            return Ok(Made::Done(Box::new(done)));
        }
        match write.commit().await {
            Ok(()) => {}
            Err(CommitFault::NotWritten(StoreError::Refused(place))) => {
                return Ok(Made::Refused { refusals: vec![guarded(&place)], version: version - 1 });
            }
            Err(CommitFault::NotWritten(error)) => return Err(fault(error)),
            Err(CommitFault::Unknown) => return Err(Fault::OutcomeUnknown),
        }
        // The keys first: what is served as the newest must not stand beside keys of before.
        self.live.replace_keys(keys, None);
        self.live.advance(loaded, now);
        Ok(Made::Done(Box::new(done)))
    }
}

/// What is to be locked. A text that is no slug is no board either, and may be none that the database can read.
fn locks(scope: &Scope) -> Locks {
    Locks {
        boards: scope.boards.iter().filter(|text| is_slug(text)).cloned().collect(),
        persons: scope.persons.iter().map(|person| person.0).collect(),
    }
}

/// Who asks, by the newest keys: a key that was revoked or expired since gives no right any more.
fn caller(by: &By, keys: &Keys, today: NaiveDate) -> Arc<Caller> {
    match by {
        By::Key(prefix) => keys.holder(*prefix, today).unwrap_or_default(),
        By::Anyone => Arc::default(),
        By::CommandLine => Arc::new(Caller::command_line()),
    }
}

/// A digest of what an order says, keyed with what only its giver knows: the record of it tells nobody anything.
pub fn content_digest(seal: &[u8], content: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update((seal.len() as u64).to_be_bytes());
    digest.update(seal);
    digest.update(content.as_bytes());
    digest.finalize().into()
}

/// Compares the version that a caller knows with that of the last change of anything that is touched.
fn stale(directory: &Directory, scope: &Scope, expected: Option<i64>) -> Option<Refusal> {
    let expected = expected?;
    // Boards come with a person for the sake of rights; the version is that of the person then.
    let is_of_boards = scope.right == Right::Boards && !scope.boards.is_empty();
    let boards = scope.boards.iter().filter(|_| is_of_boards);
    let boards = boards.filter_map(|slug| directory.board_by_slug(slug));
    let boards = boards.map(|id| board_touched(directory, id));
    let bodies = scope.bodies.iter().filter_map(|(kind, slug)| directory.by_slug(*kind, slug));
    let bodies = bodies.map(|id| body_touched(directory, id));
    let persons = scope.persons.iter().filter(|_| !is_of_boards);
    let persons = persons.map(|key| person_touched(directory, *key));
    let last = boards.chain(bodies).chain(persons).max()?;
    (last != expected).then(|| {
        let message = format!(
            "The last change of what this touches is version {last}: look at it again, and give that as expectedVersion."
        );
        Refusal::new(RefusalCode::StaleVersion, "expectedVersion", message)
    })
}

fn forbidden(scope: &Scope) -> Refusal {
    let message = match scope.right {
        Right::National => "Only a national administrator may do this: send the API key of one.",
        // One sentence, whether or not what the order names is there.
        Right::AnyAdministrator | Right::Boards | Right::Persons => {
            "Only an administrator of every board that this touches may do it: send the API key of one."
        }
    };
    Refusal::new(RefusalCode::Forbidden, "input", message)
}

fn reused() -> Refusal {
    let message = "The key was used for a request of other content: give another key, or repeat that request as it was.";
    Refusal::new(RefusalCode::IdempotencyKeyReused, "idempotencyKey", message)
}

/// What a guard of the database refuses though it was found in order.
fn guarded(place: &str) -> Refusal {
    let message = format!("The database refuses it by {place}: ask for what is recorded now, and try again.");
    Refusal::new(RefusalCode::IntegrityRefused, "input", message)
}

fn fault(error: StoreError) -> Fault {
    match error {
        StoreError::Unavailable(what) => {
            log::warn!("a change could not be made: {what}");
            Fault::Unavailable
        }
        error => {
            log::error!("a change could not be made: {error}");
            Fault::Broken
        }
    }
}

/// A key for something new: random, in hexadecimal, and saying nothing of what it is for; none where the system has no random
/// bytes.
pub fn drawn_key() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
