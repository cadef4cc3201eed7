//! A server that was started: knowing when it is ready, how it ended, and stopping it.
//!
//! Starting it is left to `cluster`, and what to do when it ends to `keeper`.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::{Doing, PrivateServerError};
use super::left_over::PidFile;

/// How long a server may take to stop after SIGINT before it is sent SIGQUIT.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// How often something is looked at while we wait for it.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// A server process that was started.
#[derive(Debug)]
pub(super) struct Server {
    /// The process.
    pub child: Child,
    /// Its data directory.
    pub data: PathBuf,
    /// Its log.
    pub log: PathBuf,
    /// Where its own part of the log begins.
    pub log_start: u64,
}

impl Server {
    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it takes connections: its pid file is its own and says so.
    pub fn is_ready(&self) -> bool {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let file = PidFile::parse(&file);
        file.is_some_and(|file| file.ready && i64::from(file.pid.as_raw()) == i64::from(self.child.id()))
    }

    /// How it ended, when it has, with the last lines it logged.
    ///
    /// # Errors
    /// When the system will not say.
    pub fn ended(&mut self) -> Result<Option<String>, PrivateServerError> {
        let status = self.child.try_wait().doing(|| "wait for PostgreSQL".to_owned())?;
        Ok(status.map(|status| format!("it ended ({status}): {}", self.last_lines())))
    }

    /// Stops it and waits for its end: open transactions are rolled back and everything is written.
    ///
    /// # Errors
    /// When the system will not say whether it ended.
    pub fn stop(&mut self) -> Result<(), PrivateServerError> {
        let pid = pid_of(self.child.id())?;
        for (signal, patience) in
            [(Signal::SIGINT, PATIENCE), (Signal::SIGQUIT, PATIENCE), (Signal::SIGKILL, PATIENCE)]
        {
            // It is not reaped yet, so the number is still its own. A failure means that it just ended.
            let _ = kill(pid, signal);
            let start = Instant::now();
            while start.elapsed() < patience {
                if self.child.try_wait().doing(|| "wait for PostgreSQL".to_owned())?.is_some() {
                    return Ok(());
                }
                sleep(TICK);
            }
            log::warn!(signal = signal.as_str(); "the private PostgreSQL does not stop");
        }
        Err(PrivateServerError::Start("the server does not stop".to_owned()))
    }

    /// The end of what it logged since it was started.
    fn last_lines(&self) -> String {
        let mut text = Vec::new();
        let read = File::open(&self.log).and_then(|mut log| {
            // A server that failed to start has logged little; whatever the log is, read no more than its
            // end.
            let from = self.log_start.max(log.metadata()?.len().saturating_sub(4_000));
            log.seek(SeekFrom::Start(from))?;
            log.read_to_end(&mut text)
        });
        if read.is_err() {
            return format!("see {}", self.log.display());
        }
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.get(lines.len().saturating_sub(4)..).unwrap_or_default().join("; ")
    }
}

/// The process id as the type that is signalled.
fn pid_of(id: u32) -> Result<Pid, PrivateServerError> {
    let id = i32::try_from(id).map_err(|_| PrivateServerError::Start(format!("{id} is no process id")))?;
    Ok(Pid::from_raw(id))
}
