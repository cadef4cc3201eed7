//! Which account runs the server, and how a program is started as that account so that it ends with us.
//!
//! PostgreSQL refuses to run as root, so root hands it to another account. Everything is started through
//! `setpriv` of util-linux: it changes the account and asks the kernel for a signal when the parent ends,
//! which would need `unsafe` code here. Which program is started is left to the callers.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User, getegid, geteuid};
use serde::{Deserialize, Serialize};

use super::error::{Doing, PrivateServerError};

/// The search path of everything we start: fixed, so that the caller's environment has no say in it.
const CLEAN_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The account that runs the server, and the means to start a program as it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    /// Its user id.
    pub uid: u32,
    /// Its primary group.
    pub gid: u32,
    /// Its name, for messages.
    pub name: String,
    /// Whether it is another account than ours, which only root can have.
    switch: bool,
    /// Where `setpriv` is. Only Linux has it; elsewhere nothing tells the server that its keeper ended.
    setpriv: Option<PathBuf>,
}

impl Account {
    /// Chooses the account. As an ordinary user it is our own. As root it is the owner of `data` (an existing
    /// data directory), else `postgres`, else `nobody`.
    ///
    /// # Errors
    /// When `setpriv` is missing (on Linux), or root finds no account that would do.
    pub fn choose(data: Option<&Path>, path: Option<&OsStr>) -> Result<Account, PrivateServerError> {
        let setpriv = if cfg!(target_os = "linux") {
            Some(
                find_setpriv(path)
                    .filter(|file| knows_pdeathsig(file))
                    .ok_or(PrivateServerError::NoSetpriv)?,
            )
        } else {
            None
        };
        if !geteuid().is_root() {
            let name = known(User::from_uid(geteuid()));
            let name = name.map_or_else(|| format!("uid {}", geteuid()), |user| user.name);
            return Ok(Account {
                uid: geteuid().as_raw(),
                gid: getegid().as_raw(),
                name,
                switch: false,
                setpriv,
            });
        }
        let user = match data {
            Some(data) => {
                let owner = fs::metadata(data).doing(|| format!("look at {}", data.display()))?.uid();
                known(User::from_uid(Uid::from_raw(owner))).ok_or_else(|| {
                    PrivateServerError::NoAccount(format!(
                        "{} belongs to uid {owner}, which has no name",
                        data.display()
                    ))
                })?
            }
            None => {
                known(User::from_name("postgres")).or_else(|| known(User::from_name("nobody"))).ok_or_else(
                    || PrivateServerError::NoAccount("there is neither `postgres` nor `nobody`".to_owned()),
                )?
            }
        };
        if user.uid.is_root() {
            return Err(PrivateServerError::NoAccount(format!("`{}` is root too", user.name)));
        }
        Ok(Account { uid: user.uid.as_raw(), gid: user.gid.as_raw(), name: user.name, switch: true, setpriv })
    }

    /// Our own account, even as root: for tests which start nothing that minds.
    #[cfg(test)]
    pub fn ourselves() -> Account {
        let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
        Account { uid, gid, name: "ourselves".to_owned(), switch: false, setpriv: None }
    }

    /// A command which runs `program` as this account: in `/`, with a clean environment and no input, and (on
    /// Linux) sent SIGINT when the *thread* that starts it ends.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = match &self.setpriv {
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                if self.switch {
                    command.arg(format!("--reuid={}", self.uid)).arg(format!("--regid={}", self.gid));
                    command.arg("--clear-groups");
                }
                command.args(["--pdeathsig", "INT"]).arg("--").arg(program);
                command
            }
            None => {
                let mut command = Command::new(program);
                if self.switch {
                    // std clears the supplementary groups when root changes the user.
                    command.uid(self.uid).gid(self.gid);
                }
                command
            }
        };
        command.env_clear().env("PATH", CLEAN_PATH).env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
        command.current_dir("/").stdin(Stdio::null());
        command
    }

    /// Gives `path` to this account. Does nothing for our own account.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn give(&self, path: &Path) -> Result<(), PrivateServerError> {
        if self.switch {
            chown(path, Some(self.uid), Some(self.gid))
                .doing(|| format!("give {} to {}", path.display(), self.name))?;
        }
        Ok(())
    }

    /// The first directory on the way to `path`, itself included, which this account cannot enter. Links are
    /// followed. Looks at the mode bits only, so an access control list that says otherwise is not seen.
    pub fn blocked_at(&self, path: &Path) -> Option<PathBuf> {
        if !self.switch {
            return None;
        }
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut way: Vec<&Path> = real.ancestors().collect();
        way.reverse();
        way.into_iter().find(|directory| !self.may_enter(directory)).map(Path::to_owned)
    }

    /// Whether the mode bits let this account, which has no group but its own, enter `directory`.
    fn may_enter(&self, directory: &Path) -> bool {
        let Ok(meta) = fs::metadata(directory) else {
            return false;
        };
        let mode = meta.permissions().mode();
        let bit = if meta.uid() == self.uid {
            0o100
        } else if meta.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        mode & bit != 0
    }
}

/// The user, when the look-up worked and found one. A look-up that fails is as good as no such user.
fn known(found: nix::Result<Option<User>>) -> Option<User> {
    found.ok().flatten()
}

/// `setpriv` on the caller's path, else on the fixed one.
fn find_setpriv(path: Option<&OsStr>) -> Option<PathBuf> {
    let fixed = OsString::from(CLEAN_PATH);
    let places = path.into_iter().flat_map(std::env::split_paths).chain(std::env::split_paths(&fixed));
    // A relative place would let the working directory decide what root runs.
    places
        .filter(|place| place.is_absolute())
        .map(|place| place.join("setpriv"))
        .find(|file| is_program(file))
}

/// Whether this `setpriv` can do what it is needed for. BusyBox has one of the same name that cannot.
fn knows_pdeathsig(setpriv: &Path) -> bool {
    let help = Command::new(setpriv).arg("--help").env_clear().stdin(Stdio::null()).output();
    help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--pdeathsig"))
}

/// Whether `file` is a regular file (or a link to one) with an execute bit.
pub(super) fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other() -> Account {
        Account {
            uid: 4_000_001,
            gid: 4_000_001,
            name: "other".to_owned(),
            switch: true,
            setpriv: Some("/x/setpriv".into()),
        }
    }

    #[test]
    fn a_private_directory_blocks_another_account() {
        let outer = tempfile::tempdir().expect("temporary directory");
        let inner = outer.path().join("inner");
        fs::create_dir(&inner).expect("inner");
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o700)).expect("chmod");
        let real = outer.path().canonicalize().expect("real");
        assert_eq!(other().blocked_at(&inner), Some(real));
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o711)).expect("chmod");
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o711)).expect("chmod");
        assert_eq!(other().blocked_at(&inner), None);
    }

    #[test]
    fn another_account_is_entered_through_setpriv_with_a_clean_environment() {
        let command = other().command(Path::new("/y/postgres"));
        let arguments: Vec<&OsStr> = command.get_args().collect();
        let expected = [
            "--reuid=4000001",
            "--regid=4000001",
            "--clear-groups",
            "--pdeathsig",
            "INT",
            "--",
            "/y/postgres",
        ];
        assert_eq!(arguments, expected.map(OsStr::new));
        let names: Vec<&OsStr> = command.get_envs().map(|(name, _)| name).collect();
        assert_eq!(names, ["LC_ALL", "PATH", "TZ"].map(OsStr::new));
    }

    #[test]
    fn a_relative_search_path_is_not_used() {
        let found = find_setpriv(Some(OsStr::new(".:relative"))).expect("setpriv of this machine");
        assert!(found.is_absolute());
    }
}
