//! What an earlier server left behind: one that still runs, or a pid file of one that does not.
//!
//! PostgreSQL guards a data directory by the number in `postmaster.pid`, and cannot tell its old server from
//! another process that has this number by now. We can, so it is settled here before a server is started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::PrivateServerError;
use super::modes::remove_file;
use super::server::{PATIENCE, TICK};

/// What we read of `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    /// Line 1: the server.
    pub pid: Pid,
    /// Line 8: whether it is ready. Missing while it starts.
    pub ready: bool,
}

impl PidFile {
    /// Reads the file. `None` when it names no process, as when it is being written.
    pub fn parse(text: &str) -> Option<PidFile> {
        let mut lines = text.lines();
        // Negative in a stand-alone backend; 0 and 1 would signal others.
        let pid: i32 = lines.next()?.trim().parse().ok()?;
        let ready = lines.nth(6).is_some_and(|line| line.trim() == "ready");
        (pid > 1).then_some(PidFile { pid: Pid::from_raw(pid), ready })
    }
}

/// Stops a server that was left running on `data`, and removes a pid file that was left behind. PostgreSQL
/// itself would refuse to start when the number in an old file belongs to any live process of the account,
/// which is likely in containers, where numbers are small. Removing it is safe because only the holder of the
/// keeper's lock gets here.
///
/// # Errors
/// When the server does not stop.
pub(super) fn clear_left_over(data: &Path) -> Result<(), PrivateServerError> {
    let path = data.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(());
    };
    if let Some(file) = PidFile::parse(&text)
        && is_server_of(file.pid, data)
    {
        log::warn!(pid = file.pid.as_raw(); "stopping a private PostgreSQL whose keeper has ended");
        stop_other(file.pid, data)?;
    }
    remove_file(&path)
}

/// Stops a server which is not our child.
fn stop_other(pid: Pid, data: &Path) -> Result<(), PrivateServerError> {
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        // It may have ended by itself.
        let _ = kill(pid, signal);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !is_server_of(pid, data) {
                return Ok(());
            }
            sleep(TICK);
        }
    }
    Err(PrivateServerError::Start(format!("an earlier server (process {pid}) does not stop")))
}

/// Whether `pid` is alive (a zombie is not) and a PostgreSQL server which runs on `data`.
fn is_server_of(pid: Pid, data: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    if !cfg!(target_os = "linux") {
        return kill(pid, None).is_ok() && is_server_without_proc(pid, data);
    }
    let Ok(stat) = fs::read_to_string(process.join("stat")) else {
        return false;
    };
    // The name in brackets may hold anything, so the state is what follows the last bracket.
    let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
    if matches!(state, None | Some('Z' | 'X')) {
        return false;
    }
    let Ok(line) = fs::read(process.join("cmdline")) else {
        return false;
    };
    let mut arguments = line.split(|byte| *byte == 0);
    let program = arguments.next().unwrap_or_default();
    let is_postgres = program.ends_with(b"/postgres") || program == b"postgres";
    // A server works in its data directory, which it may have been told of in other words than ours.
    let is_there = || fs::read_link(process.join("cwd")).is_ok_and(|directory| directory == data);
    is_postgres && (arguments.any(|argument| argument == data.as_os_str().as_encoded_bytes()) || is_there())
}

/// The same where there is no `/proc`: asks `ps`.
fn is_server_without_proc(pid: Pid, data: &Path) -> bool {
    let output = Command::new("/bin/ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
    output.is_ok_and(|output| {
        let line = String::from_utf8_lossy(&output.stdout);
        line.contains("postgres -D ") && line.contains(&*data.to_string_lossy())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "4711\n/base/pg15\n1795500000\n5432\n/base/s\n\n  1234567         3\nready   \n";

    #[test]
    fn the_pid_file_is_read() {
        assert_eq!(PidFile::parse(READY), Some(PidFile { pid: Pid::from_raw(4711), ready: true }));
        let starting = READY.replace("ready   ", "starting");
        assert_eq!(PidFile::parse(&starting).map(|file| file.ready), Some(false));
        let early = READY.lines().take(6).collect::<Vec<_>>().join("\n");
        assert_eq!(PidFile::parse(&early).map(|file| file.ready), Some(false));
    }

    #[test]
    fn a_pid_file_that_names_no_process_to_signal_is_none() {
        for text in ["", "\n", "x\n", "-4711\n", "0\n", "1\n", "99999999999\n"] {
            assert_eq!(PidFile::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_pid_file_whose_number_belongs_to_another_process_is_removed_and_that_process_left_alone() {
        let data = tempfile::tempdir().expect("temporary directory");
        let mut other = Command::new("sleep").arg("60").spawn().expect("sleep");
        let file = data.path().join("postmaster.pid");
        fs::write(&file, READY.replace("4711", &other.id().to_string())).expect("write");
        clear_left_over(data.path()).expect("cleared");
        assert!(!file.exists());
        assert!(other.try_wait().expect("state").is_none(), "the other process was stopped");
        other.kill().expect("kill");
        other.wait().expect("wait");
    }
}
