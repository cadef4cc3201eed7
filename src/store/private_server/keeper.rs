//! The keeper: a small process which starts the server, watches over it, and stops it when its last user has
//! ended.
//!
//! It is this same program, run again with hidden arguments, in a session of its own so that Ctrl-C in a
//! terminal does not reach it. Users say nothing to it: each holds a shared lock on one file for as long as
//! it lives, and the keeper waits for the exclusive lock, which the system gives it when all users have
//! ended, however they ended. Starting a keeper and choosing the binaries are left to `joining`, the server
//! itself to `cluster`.
//!
//! The keeper handles no signals. When one ends it (SIGTERM, or even SIGKILL), the system sends SIGINT to the
//! server, which then shuts down cleanly; the next user that asks gets a new keeper.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::cluster::Cluster;
use super::error::{Doing, PrivateServerError};
use super::layout::Layout;
use super::modes::{remove_file, set_mode};
use super::server::Server;

/// What a keeper is told when it is started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The base directory, free of links.
    pub base: PathBuf,
    /// Whether what is written must survive a crash of the machine.
    pub durable: bool,
    /// Where `postgres` and `initdb` are.
    pub binaries: PathBuf,
    /// Their version.
    pub version: String,
    /// Their major version.
    pub major: u32,
    /// Who runs them.
    pub account: Account,
}

/// What a keeper says about a server that is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The process id of the server, for people who look.
    pub server: u32,
    /// Its version.
    pub version: String,
    /// Whether it keeps what it is given.
    pub durable: bool,
}

impl State {
    /// Writes it so that a reader sees all of it or nothing.
    fn write(&self, layout: &Layout) -> Result<(), PrivateServerError> {
        let new = layout.base().join("server.json.new");
        let text = serde_json::to_vec(self).doing(|| "write the state of the server".to_owned())?;
        remove_file(&new)?;
        let mut how = OpenOptions::new();
        let mut file = how
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)
            .doing(|| format!("make {}", new.display()))?;
        file.write_all(&text).doing(|| format!("write {}", new.display()))?;
        fs::rename(&new, layout.state()).doing(|| format!("rename {}", new.display()))
    }
}

/// Tries to lock a file exclusively. `None` when another process has it.
pub(super) fn try_exclusive(file: &File) -> Result<Option<()>, PrivateServerError> {
    match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => {
            Err(error).doing(|| "lock a file of the private server".to_owned())
        }
    }
}

/// The body of the keeper process: returns when the last user has ended and the server has stopped. Must be
/// called on the main thread and be all that the process does, because the server ends with the thread that
/// calls this.
///
/// # Errors
/// When the server cannot be started. The reason is also left for the process that joins.
pub fn keep(argument: &str) -> Result<(), PrivateServerError> {
    let plan: Plan =
        serde_json::from_str(argument).doing(|| "understand what the keeper is to do".to_owned())?;
    // Fails only for the leader of a process group, which has what it wants if it leads its session too.
    let _ = nix::unistd::setsid();
    let layout = Layout::existing(&plan.base)?;
    let lock = layout.lock_file("keeper.lock")?;
    if try_exclusive(&lock)?.is_none() {
        return Ok(());
    }
    let result = run(&plan, &layout);
    if let Err(error) = &result {
        // Best effort: the one who joins also sees that we ended.
        let _ = fs::write(layout.keeper_error(), error.to_string());
        let _ = set_mode(&layout.keeper_error(), 0o600);
    }
    remove_file(&layout.state())?;
    // In this order: who joins waits for the users' lock, and must find the keeper's lock free then.
    drop(lock);
    drop(result?);
    Ok(())
}

/// Why a server is no longer watched.
enum End {
    /// No users are left. The file holds the lock that keeps new ones waiting until we have ended.
    NoUsers(File),
    /// It ended by itself.
    Died { why: String, was_ready: bool },
}

/// Runs servers until no users are left. Gives the locked users' file.
fn run(plan: &Plan, layout: &Layout) -> Result<File, PrivateServerError> {
    remove_file(&layout.state())?;
    let gone = wait_for_users(layout.lock_file("users.lock")?)?;
    let cluster = Cluster {
        layout,
        account: &plan.account,
        binaries: &plan.binaries,
        major: plan.major,
        durable: plan.durable,
    };
    cluster.make_data()?;
    let mut pause = SHORTEST_PAUSE;
    let mut never_ready = true;
    let mut failures = 0;
    loop {
        let start = Instant::now();
        let end = cluster.spawn().and_then(|mut server| watch(&mut server, &gone, plan, layout));
        match end {
            Ok(End::NoUsers(users)) => return Ok(users),
            Ok(End::Died { why, was_ready }) => {
                never_ready &= !was_ready;
                log::error!(why = why.as_str(); "the private PostgreSQL ended; starting it again");
                failures += 1;
                // The last server's processes may take a moment to end, so one failure is not the end.
                if never_ready && failures == 4 {
                    return Err(PrivateServerError::Start(why));
                }
            }
            Err(error) if never_ready => return Err(error),
            Err(error) => {
                log::error!(error = error.to_string().as_str(); "the private PostgreSQL cannot be started")
            }
        }
        if start.elapsed() > LONG_RUN {
            pause = SHORTEST_PAUSE;
        }
        match gone.recv_timeout(pause) {
            Ok(users) => return Ok(users),
            Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(LONGEST_PAUSE),
            Err(RecvTimeoutError::Disconnected) => return Err(nobody_waits()),
        }
    }
}

/// The first and the longest pause before a server that ended is started again.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A server that ran this long ended for a new reason, so the pauses begin anew.
const LONG_RUN: Duration = Duration::from_secs(30);

/// Watches one server until it ends or no users are left, in which case it is stopped.
fn watch(
    server: &mut Server,
    gone: &Receiver<File>,
    plan: &Plan,
    layout: &Layout,
) -> Result<End, PrivateServerError> {
    let mut ready = false;
    loop {
        let tick = if ready { Duration::from_millis(200) } else { Duration::from_millis(10) };
        match gone.recv_timeout(tick) {
            Ok(users) => {
                remove_file(&layout.state())?;
                server.stop()?;
                return Ok(End::NoUsers(users));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(nobody_waits()),
        }
        if let Some(why) = server.ended()? {
            remove_file(&layout.state())?;
            return Ok(End::Died { why, was_ready: ready });
        }
        if !ready && server.is_ready() {
            ready = true;
            State { server: server.pid(), version: plan.version.clone(), durable: plan.durable }
                .write(layout)?;
        }
    }
}

/// Waits, in a thread, for the lock that is free only when there are no users, and sends the locked file.
fn wait_for_users(users: File) -> Result<Receiver<File>, PrivateServerError> {
    let (send, gone) = mpsc::channel();
    let wait = move || {
        loop {
            match users.lock() {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    log::error!(error = error.to_string().as_str(); "cannot wait for the users' lock");
                    return;
                }
            }
        }
        // Nobody listens only when the keeper is ending anyway.
        let _ = send.send(users);
    };
    thread::Builder::new().name("users".to_owned()).spawn(wait).doing(|| "start a thread".to_owned())?;
    Ok(gone)
}

/// The error of a keeper that can no longer tell whether there are users.
fn nobody_waits() -> PrivateServerError {
    PrivateServerError::Start("its keeper cannot tell whether anybody uses it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_an_argument() {
        let plan = Plan {
            base: "/base with space".into(),
            durable: true,
            binaries: "/bin".into(),
            version: "15.18".to_owned(),
            major: 15,
            account: Account::ourselves(),
        };
        let text = serde_json::to_string(&plan).expect("write");
        assert_eq!(serde_json::from_str::<Plan>(&text).expect("read"), plan);
    }

    #[test]
    fn users_are_waited_for_however_they_end() {
        let base = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::prepare(base.path()).expect("layout");
        let user = layout.lock_file("users.lock").expect("open");
        user.lock_shared().expect("lock");
        let gone = wait_for_users(layout.lock_file("users.lock").expect("open")).expect("thread");
        assert!(gone.recv_timeout(Duration::from_millis(50)).is_err());
        drop(user);
        gone.recv_timeout(Duration::from_secs(10)).expect("the lock, once the user is gone");
    }
}
