//! Which core a thread runs on, and how much of one it uses.
//!
//! A server and its load client must not take turns on one core: the figure would then be of both. Affinity is
//! inherited, so that whatever a pinned thread starts stays on its core.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use std::time::Duration;

/// The cores that the server and the client have to themselves; none where there are not two.
#[derive(Clone, Copy, Debug)]
pub struct Cores {
    /// The server's.
    pub server: Option<usize>,
    /// The client's.
    pub client: Option<usize>,
}

impl Cores {
    /// Two cores that this process may use.
    pub fn choose() -> Cores {
        let allowed = sched_getaffinity(Pid::from_raw(0)).unwrap_or_default();
        let mut cores = (0..CpuSet::count()).filter(|core| allowed.is_set(*core).unwrap_or(false));
        match (cores.next(), cores.next()) {
            (Some(server), Some(client)) => Cores { server: Some(server), client: Some(client) },
            _ => Cores { server: None, client: None },
        }
    }

    /// In words.
    pub fn told(&self) -> String {
        match (self.server, self.client) {
            (Some(server), Some(client)) => {
                format!("server pinned to core {server}, client to core {client}")
            }
            _ => "NOT PINNED: there are no two cores, so that server and client take turns".to_owned(),
        }
    }
}

/// Binds the thread that calls it, and every thread that it starts, to a core.
pub fn pin(core: Option<usize>) {
    let Some(core) = core else { return };
    let mut set = CpuSet::new();
    set.set(core).expect("a core");
    sched_setaffinity(Pid::from_raw(0), &set).expect("a core that may be used");
}

/// Does something in a thread on a core; tells what it came to, and the time it spent on the core.
pub fn run_on<T: Send>(core: Option<usize>, work: impl FnOnce() -> T + Send) -> (T, Duration) {
    let pinned = move || {
        pin(core);
        let before = spent("/proc/thread-self/schedstat");
        let result = work();
        (result, spent("/proc/thread-self/schedstat").saturating_sub(before))
    };
    std::thread::scope(|scope| scope.spawn(pinned).join()).expect("a thread that does not panic")
}

/// Time that the living threads of this process have spent on any core.
pub fn spent_by_living_threads() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").expect("the threads of this process");
    threads.flatten().map(|thread| spent(&format!("{}/schedstat", thread.path().display()))).sum()
}

/// The first number of a `schedstat`: nanoseconds on a core. Nothing where the kernel keeps no count.
fn spent(path: &str) -> Duration {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}
