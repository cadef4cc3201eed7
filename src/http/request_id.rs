//! Ids of requests: made here, told to the client and written to the log, never taken from outside.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Differs from process to process, so that ids of two replicas do not meet.
static PROCESS: LazyLock<u64> = LazyLock::new(|| {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
});

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An id that no other request of this process has.
pub fn fresh() -> String {
    let process = *PROCESS & 0xffff_ffff;
    format!("{process:08x}-{:08x}", NEXT.fetch_add(1, Ordering::Relaxed))
}
