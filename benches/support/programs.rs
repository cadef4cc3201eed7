//! Programs that benches measure: each started on a core, asked where it answers, and stopped when it is let go of.
//!
//! What a program is told to do is left to whoever starts it.

use super::cores;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Ticks of a second in which Linux tells processes what they spent, on every machine that Rust has a compiler for.
const TICKS: u64 = 100;

/// A program that answers at an address.
pub struct Program {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Program {
    /// Starts a program on a core and waits until it says where it answers.
    ///
    /// Its standard input stays open for as long as we live, so that it can tell when we were killed.
    pub fn start(core: Option<usize>, command: &mut Command) -> Program {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let (child, _) = cores::run_on(core, || command.spawn());
        let mut child = child.unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
        let out = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(out).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| address_in(&line));
        let Some(address) = address else {
            let _ = child.kill();
            panic!("{command:?} did not say where it answers, and ended with {:?}", child.wait());
        };
        // Whoever reads the rest of what it says must not be gone before it is said.
        std::thread::spawn(move || lines.for_each(drop));
        Program { child, address }
    }

    /// What it has spent on any core, in all its threads.
    pub fn spent(&self) -> Duration {
        spent(self.child.id()).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        let _ = self.child.wait();
    }
}

/// The address of the first URL of a line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split('/').next()?.parse().ok()
}

/// What a PostgreSQL server and its processes have spent on any core; its data directory tells which it is.
pub fn spent_by_postgresql(data: &Path) -> Duration {
    let file = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let Some(server) = file.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else {
        return Duration::ZERO;
    };
    let processes = std::fs::read_dir("/proc").expect("the processes of this machine").flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let of_it = pids.filter(|pid| *pid == server || parent(*pid) == Some(server));
    of_it.filter_map(spent).sum()
}

fn parent(pid: u32) -> Option<u32> {
    field(pid, 4)?.try_into().ok()
}

fn spent(pid: u32) -> Option<Duration> {
    let ticks = field(pid, 14)? + field(pid, 15)?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS))
}

/// A field of `stat`, by its number in the manual; none of the first two, which hold the name.
fn field(pid: u32, number: usize) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold anything, brackets too.
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(number - 3)?.parse().ok()
}
