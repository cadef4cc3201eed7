//! Documents that keep failing: three panics or over-long answers within ten minutes, and a document is refused until
//! fewer than three of them are as young as that.
//!
//! Only a keyed hash of a document is held, and only of one that failed.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures after which a document is blocked.
const MOST: usize = 3;
/// How long a failure counts.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Most documents that are held.
const ROOM: usize = 10_000;

/// Documents that failed of late.
#[derive(Default)]
pub struct Failing {
    key: RandomState,
    held: AtomicUsize,
    failures: Mutex<HashMap<u64, Vec<Instant>>>,
}

impl Failing {
    /// Notes a failure of a document.
    pub fn note(&self, document: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, at| at.last().is_some_and(|last| now.duration_since(*last) < REMEMBERED));
        if failures.len() < ROOM {
            failures.entry(self.key.hash_one(document)).or_default().push(now);
        }
        self.held.store(failures.len(), Ordering::Relaxed);
    }

    /// Whether a document is refused.
    pub fn blocks(&self, document: &str, now: Instant) -> bool {
        if self.held.load(Ordering::Relaxed) == 0 {
            return false;
        }
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = failures.get(&self.key.hash_one(document)) else { return false };
        at.iter().filter(|at| now.duration_since(**at) < REMEMBERED).count() >= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_blocked_from_its_third_failure_until_they_are_forgotten() {
        let (failing, start) = (Failing::default(), Instant::now());
        for _ in 0..3 {
            assert!(!failing.blocks("{ a }", start));
            failing.note("{ a }", start);
        }
        assert!(failing.blocks("{ a }", start + Duration::from_secs(599)));
        assert!(!failing.blocks("{ b }", start));
        assert!(!failing.blocks("{ a }", start + Duration::from_secs(600)));
    }
}
