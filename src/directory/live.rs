//! The directory that a process serves now, and the keys that it takes: each swapped whole, read without waiting.
//!
//! The two are swapped apart: a key that was revoked is not taken any more, though the directory of that version cannot be
//! built. Leaves loading and listening to `store` and `actions`.

use super::Directory;
use super::access::Keys;
use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::{DateTime, Utc};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// Where requests take their snapshot from.
#[derive(Debug, Default)]
pub struct LiveDirectory {
    current: ArcSwapOption<Loaded>,
    keys: ArcSwap<Keys>,
    state: RwLock<RefreshState>,
    observers: RwLock<Vec<Observer>>,
}

/// Whoever is told of each version that is served, when it is.
struct Observer(Box<dyn Fn(i64) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// A directory with the instant at which this process loaded it.
#[derive(Debug)]
pub struct Loaded {
    /// The directory.
    pub directory: Directory,
    /// When it was loaded.
    pub loaded_at: DateTime<Utc>,
}

/// How refreshing goes, for readiness.
#[derive(Clone, Debug, Default)]
pub struct RefreshState {
    /// When the newest version was last confirmed with the database.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Why the last refresh failed; none where it did not. Counts and codes only, no row.
    pub fault: Option<String>,
}

impl LiveDirectory {
    /// The snapshot to serve a whole request from; none before the first load.
    pub fn current(&self) -> Option<Arc<Loaded>> {
        self.current.load_full()
    }

    /// Puts a freshly loaded directory in place.
    ///
    /// `instead_of` is the version that was served when the loading began. Where a newer one came meanwhile, by a write of
    /// this process, an older one does not take its place.
    pub fn replace(&self, directory: Directory, instead_of: Option<i64>, now: DateTime<Utc>) {
        self.put(Arc::new(Loaded { directory, loaded_at: now }), instead_of);
        self.confirm(now);
    }

    /// Tells of each version from now on, once requests are answered from it. What is told must not wait.
    pub fn observe(&self, tell: impl Fn(i64) + Send + Sync + 'static) {
        let mut observers = self.observers.write().unwrap_or_else(PoisonError::into_inner);
        observers.push(Observer(Box::new(tell)));
    }

    /// Puts what a write of this process made in place, unless a newer one is there.
    pub fn advance(&self, loaded: Arc<Loaded>, now: DateTime<Utc>) {
        self.put(loaded, None);
        self.confirm(now);
    }

    fn put(&self, loaded: Arc<Loaded>, instead_of: Option<i64>) {
        let version = loaded.directory.version();
        self.current.rcu(|served| {
            let newest = served.as_ref().map(|served| served.directory.version());
            let is_overtaken = newest.is_some_and(|newest| newest > version) && newest != instead_of;
            if is_overtaken { served.clone() } else { Some(Arc::clone(&loaded)) }
        });
        let observers = self.observers.read().unwrap_or_else(PoisonError::into_inner);
        observers.iter().for_each(|observer| (observer.0)(version));
    }

    /// The keys that are taken; none before the first load.
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// Puts freshly loaded keys in place; `instead_of` as for [`LiveDirectory::replace`].
    pub fn replace_keys(&self, keys: Arc<Keys>, instead_of: Option<i64>) {
        self.keys.rcu(|taken| {
            let newest = taken.version();
            let is_overtaken = newest > keys.version() && Some(newest) != instead_of;
            if is_overtaken { Arc::clone(taken) } else { Arc::clone(&keys) }
        });
    }

    /// Notes that the directory in place is the newest.
    pub fn confirm(&self, now: DateTime<Utc>) {
        self.set(RefreshState { confirmed_at: Some(now), fault: None });
    }

    /// Notes that a refresh failed; what is in place stays.
    pub fn fail(&self, fault: String) {
        let confirmed_at = self.state().confirmed_at;
        self.set(RefreshState { confirmed_at, fault: Some(fault) });
    }

    /// How refreshing goes.
    pub fn state(&self) -> RefreshState {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: RefreshState) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
