//! The PostgreSQL cluster itself: making its data directory, and starting a server on it.
//!
//! Everything here supposes that the caller is the one keeper. When to start is left to `keeper`, the running
//! server to `server`, what an earlier one left behind to `left_over`.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;

use super::account::Account;
use super::error::{Doing, PrivateServerError};
use super::layout::Layout;
use super::left_over::clear_left_over;
use super::modes::{remove_tree, set_mode};
use super::server::{Server, TICK};

/// Settings of every server, given on the command line so that no file in the data directory can change them.
/// Errors of statements are not logged, and nothing else is logged in detail: both repeat values from the
/// data.
const SETTINGS: [&str; 14] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "logging_collector=off",
    "log_destination=stderr",
    "log_timezone=UTC",
    "log_statement=none",
    "log_duration=off",
    "log_min_duration_statement=-1",
    "log_min_messages=log",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
];

/// Settings of a server that keeps what it is given.
const DURABLE: [&str; 3] = ["max_connections=100", "fsync=on", "full_page_writes=on"];

/// Settings of a server whose data may be lost when the machine goes down. The tests use it: cloning is ten
/// times faster.
const THROWN_AWAY: [&str; 4] =
    ["max_connections=200", "fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// A cluster: a data directory and what is needed to run it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster<'a> {
    /// Where everything lies.
    pub layout: &'a Layout,
    /// Who runs it.
    pub account: &'a Account,
    /// Where `postgres` and `initdb` are.
    pub binaries: &'a Path,
    /// Their major version.
    pub major: u32,
    /// Whether what is written must survive a crash of the machine.
    pub durable: bool,
}

impl Cluster<'_> {
    /// Makes the data directory when it is missing. It appears under its name only when it is whole.
    ///
    /// # Errors
    /// [`PrivateServerError::Initdb`] with what `initdb` said.
    pub fn make_data(&self) -> Result<(), PrivateServerError> {
        let data = self.layout.data(self.major);
        let half = data.with_extension("init");
        remove_half_made(&half)?;
        if data.exists() {
            return Ok(());
        }
        // The account may not be allowed to make a directory in the base, so it is given an empty one.
        DirBuilder::new().mode(0o700).create(&half).doing(|| format!("make {}", half.display()))?;
        set_mode(&half, 0o700)?;
        self.account.give(&half)?;
        let mut initdb = self.account.command(&self.binaries.join("initdb"));
        initdb.arg("-D").arg(&half).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "-k",
            "--no-instructions",
        ]);
        // libc, because a fetched copy is built without ICU.
        initdb.args(["--locale-provider=libc", "--locale=C.UTF-8"]);
        if !self.durable {
            initdb.arg("-N");
        }
        let output = initdb.output().doing(|| format!("run {}", self.binaries.join("initdb").display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
            remove_half_made(&half)?;
            return Err(PrivateServerError::Initdb { data, output: format!("{} ({said})", output.status) });
        }
        fs::rename(&half, &data).doing(|| format!("rename {}", half.display()))?;
        if self.durable {
            let base = self.layout.base();
            File::open(base).and_then(|base| base.sync_all()).doing(|| format!("sync {}", base.display()))?;
        }
        Ok(())
    }

    /// Starts the server, after clearing away what an earlier one left. It ends with the *thread* that calls
    /// this.
    ///
    /// # Errors
    /// When an earlier server cannot be stopped, or the program cannot be started. That it starts to listen
    /// is not waited for: see [`Server::is_ready`].
    pub fn spawn(&self) -> Result<Server, PrivateServerError> {
        let data = self.layout.data(self.major);
        clear_left_over(&data)?;
        self.layout.prepare_socket_directory(self.account)?;
        let log = self.layout.log_file("postgres.log")?;
        let log_start = log.metadata().doing(|| "look at postgres.log".to_owned())?.len();
        let log_too = log.try_clone().doing(|| "share postgres.log".to_owned())?;
        let mut command = self.command(&data);
        command.stdout(Stdio::from(log)).stderr(Stdio::from(log_too));
        let child =
            command.spawn().doing(|| format!("start {}", self.binaries.join("postgres").display()))?;
        Ok(Server { child, data, log: self.layout.base().join("postgres.log"), log_start })
    }

    /// The command line of the server.
    fn command(&self, data: &Path) -> Command {
        let mut command = self.account.command(&self.binaries.join("postgres"));
        command.arg("-D").arg(data);
        // A list of quoted names to PostgreSQL: unquoted, a comma in the path would end it.
        let mut directories = b"unix_socket_directories=\"".to_vec();
        for byte in self.layout.socket_directory().as_os_str().as_encoded_bytes() {
            directories.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
        }
        directories.push(b'"');
        command.arg("-c").arg(OsString::from_vec(directories));
        let kind: &[&str] = if self.durable { &DURABLE } else { &THROWN_AWAY };
        for setting in SETTINGS.iter().chain(kind) {
            command.args(["-c", setting]);
        }
        command
    }
}

/// Removes a half-made data directory. The `initdb` that made it was told to end with its keeper and may
/// still be at it.
fn remove_half_made(half: &Path) -> Result<(), PrivateServerError> {
    for _ in 0..20 {
        if remove_tree(half).is_ok() {
            return Ok(());
        }
        sleep(TICK * 10);
    }
    remove_tree(half)
}

#[cfg(test)]
mod tests;
