//! Where everything lies below the base directory, with which modes, and the lock files.
//!
//! ```text
//! BASE/           0700; for root 0711, so that the server's account can pass through
//!   start.lock    held while somebody joins: joining and removing happen one at a time
//!   users.lock    shared by every user for as long as it lives; the keeper waits for it exclusively
//!   keeper.lock   held by the one keeper
//!   server.json   what the keeper says about a server that is ready
//!   keeper.error  why the keeper could not start the server
//!   keeper.log, postgres.log
//!   pg15/, pg18/  data, one directory a major version
//!   s/            the socket
//!   fetched/      a copy of the server's binaries
//! ```
//! What the files mean, and when they are written, is left to the modules which use them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;
use sha2::{Digest, Sha256};

use super::account::Account;
use super::error::{Doing, PrivateServerError};
use super::modes::{check_owner, check_private, is_private_to, mode, remove_file, remove_tree, set_mode};

/// The name of the socket: PostgreSQL derives it from the port, which is never used as one.
const SOCKET: &str = ".s.PGSQL.5432";

/// The longest path of a socket we make. Systems allow 104 or 108 bytes; this leaves some room.
const LONGEST_SOCKET_PATH: usize = 100;

/// The base directory and the paths below it.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The base directory, absolute and free of links.
    base: PathBuf,
}

impl Layout {
    /// Makes the base directory when it is missing, and checks that nobody else can change what is in it.
    ///
    /// # Errors
    /// [`PrivateServerError::Untrusted`] when it belongs to somebody else or others may write to it.
    pub fn prepare(base: &Path) -> Result<Layout, PrivateServerError> {
        let asked = std::path::absolute(base).doing(|| format!("find {}", base.display()))?;
        let closed = if geteuid().is_root() { 0o711 } else { 0o700 };
        if !asked.exists() {
            let parents = if geteuid().is_root() { 0o755 } else { 0o700 };
            DirBuilder::new()
                .recursive(true)
                .mode(parents)
                .create(&asked)
                .doing(|| format!("make {}", asked.display()))?;
        }
        let layout = Layout::existing(&asked)?;
        let mode = mode(&layout.base)?;
        // The mode of a directory which holds other things too is not ours to change, only to judge.
        if layout.is_ours()? && mode != closed && !(geteuid().is_root() && mode == 0o755) {
            set_mode(&layout.base, closed)?;
        }
        check_private(&layout.base)?;
        Ok(layout)
    }

    /// The layout of a base directory that is there. Changes nothing.
    ///
    /// # Errors
    /// When it is not there or is no directory of ours.
    pub fn existing(base: &Path) -> Result<Layout, PrivateServerError> {
        let base = base.canonicalize().doing(|| format!("find {}", base.display()))?;
        check_owner(&base)?;
        Ok(Layout { base })
    }

    /// The base directory.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// Whether the directory is used for nothing else: empty, or used by us before.
    fn is_ours(&self) -> Result<bool, PrivateServerError> {
        let mut entries = fs::read_dir(&self.base).doing(|| format!("read {}", self.base.display()))?;
        Ok(self.base.join("users.lock").exists() || entries.next().is_none())
    }

    /// Opens the lock file `name`, without locking it. No child process inherits it: std opens with
    /// `O_CLOEXEC`.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn lock_file(&self, name: &str) -> Result<File, PrivateServerError> {
        let path = self.base.join(name);
        let mut how = OpenOptions::new();
        how.read(true).write(true).create(true).truncate(false).mode(0o600);
        how.open(&path).doing(|| format!("open {}", path.display()))
    }

    /// Opens a log file for appending, readable by us only. One that has grown over 10 MB is put aside first.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn log_file(&self, name: &str) -> Result<File, PrivateServerError> {
        let path = self.base.join(name);
        if fs::metadata(&path).is_ok_and(|meta| meta.len() > 10_000_000) {
            let old = self.base.join(format!("{name}.old"));
            fs::rename(&path, &old).doing(|| format!("rename {}", path.display()))?;
        }
        let mut how = OpenOptions::new();
        how.append(true).create(true).mode(0o600);
        how.open(&path).doing(|| format!("open {}", path.display()))
    }

    /// What the keeper says about a server that is ready.
    pub fn state(&self) -> PathBuf {
        self.base.join("server.json")
    }

    /// Why the keeper could not start the server.
    pub fn keeper_error(&self) -> PathBuf {
        self.base.join("keeper.error")
    }

    /// Where a fetched copy of the binaries lies.
    pub fn fetched(&self) -> PathBuf {
        self.base.join("fetched")
    }

    /// The data directory of a major version.
    pub fn data(&self, major: u32) -> PathBuf {
        self.base.join(format!("pg{major}"))
    }

    /// The data directories that are there, with their major versions, the newest first.
    ///
    /// # Errors
    /// When one of them is not what its name says, or the base directory cannot be read.
    pub fn data_directories(&self) -> Result<Vec<(u32, PathBuf)>, PrivateServerError> {
        let mut found = Vec::new();
        let entries = fs::read_dir(&self.base).doing(|| format!("read {}", self.base.display()))?;
        for entry in entries {
            let entry = entry.doing(|| format!("read {}", self.base.display()))?;
            let name = entry.file_name();
            let major =
                name.to_str().and_then(|name| name.strip_prefix("pg")).and_then(|major| major.parse().ok());
            let Some(major) = major else { continue };
            let path = entry.path();
            let says = fs::read_to_string(path.join("PG_VERSION")).unwrap_or_default();
            if says.trim().parse() != Ok::<u32, _>(major) {
                // Starting an empty database over something unknown could hide data.
                let why =
                    format!("its PG_VERSION does not say {major}, so it is no database of this program");
                return Err(PrivateServerError::Untrusted { path, why });
            }
            found.push((major, path));
        }
        found.sort_by_key(|found| std::cmp::Reverse(found.0));
        Ok(found)
    }

    /// The directory of the socket: `BASE/s`, or a short one below `/tmp` when that path would be too long
    /// for a socket.
    pub fn socket_directory(&self) -> PathBuf {
        let inside = self.base.join("s");
        if inside.join(SOCKET).as_os_str().len() <= LONGEST_SOCKET_PATH {
            return inside;
        }
        let digest = Sha256::digest(self.base.as_os_str().as_encoded_bytes());
        let short: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        PathBuf::from(format!("/tmp/probation-directory-{}-{short}", geteuid()))
    }

    /// The socket itself.
    pub fn socket(&self) -> PathBuf {
        self.socket_directory().join(SOCKET)
    }

    /// Makes the socket directory, for `account` only, and clears away the socket of an earlier server. To be
    /// called only when no server runs: PostgreSQL would take the number in an old lock file for a live
    /// server whenever another process has that number by now.
    ///
    /// # Errors
    /// [`PrivateServerError::Untrusted`] when the directory below `/tmp` belongs to somebody else, is a link,
    /// or is open.
    pub fn prepare_socket_directory(&self, account: &Account) -> Result<(), PrivateServerError> {
        let directory = self.socket_directory();
        let inside = directory.starts_with(&self.base);
        if inside && !is_private_to(&directory, account.uid) {
            // Nobody else writes to the base directory, so this is an older one, of another account.
            remove_tree(&directory)?;
        }
        match DirBuilder::new().mode(0o700).create(&directory) {
            Ok(()) => {
                set_mode(&directory, 0o700)?;
                account.give(&directory)?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // Ours and not yet given away: an earlier start ended in between.
                if is_private_to(&directory, geteuid().as_raw()) {
                    account.give(&directory)?;
                }
                if !is_private_to(&directory, account.uid) {
                    let why = format!("it is not a directory which only `{}` can use", account.name);
                    return Err(PrivateServerError::Untrusted { path: directory, why });
                }
            }
            Err(error) => return Err(error).doing(|| format!("make {}", directory.display())),
        }
        remove_file(&directory.join(SOCKET))?;
        remove_file(&directory.join(format!("{SOCKET}.lock")))
    }

    /// Removes data, sockets and logs; says whether there was any of it. Lock files and fetched binaries
    /// stay.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn clear(&self) -> Result<bool, PrivateServerError> {
        let mut anything = false;
        let entries = fs::read_dir(&self.base).doing(|| format!("read {}", self.base.display()))?;
        for entry in entries {
            let entry = entry.doing(|| format!("read {}", self.base.display()))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let major = name.strip_prefix("pg").map(|rest| rest.strip_suffix(".init").unwrap_or(rest));
            let is_data = major.is_some_and(|major| major.parse::<u32>().is_ok());
            match name {
                _ if is_data => remove_tree(&entry.path())?,
                "s" => remove_tree(&entry.path())?,
                "server.json" | "server.json.new" | "keeper.error" | "keeper.log" | "postgres.log"
                | "postgres.log.old" => remove_file(&entry.path())?,
                _ => continue,
            }
            anything = true;
        }
        let socket = self.socket_directory();
        let own = fs::symlink_metadata(&socket).is_ok_and(|meta| meta.is_dir());
        if own && (geteuid().is_root() || check_owner(&socket).is_ok()) {
            remove_tree(&socket)?;
            anything = true;
        }
        Ok(anything)
    }
}

#[cfg(test)]
mod tests;
