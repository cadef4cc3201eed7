//! Owners and modes of files: checking them before something is trusted, and setting them whatever the umask
//! is.
//!
//! Also removing, where it is no matter that nothing is there. Which paths those are is left to the callers.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use nix::unistd::geteuid;

use super::error::{Doing, PrivateServerError};

/// Whether `path` is a directory, not a link to one, which `uid` owns and nobody else can use.
pub(super) fn is_private_to(path: &Path, uid: u32) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|meta| meta.is_dir() && meta.uid() == uid && meta.permissions().mode() & 0o7777 == 0o700)
}

/// Checks that `path`, which must not be a link, belongs to us.
pub(super) fn check_owner(path: &Path) -> Result<(), PrivateServerError> {
    let meta = fs::symlink_metadata(path).doing(|| format!("look at {}", path.display()))?;
    let why = if meta.is_symlink() {
        "it is a symbolic link".to_owned()
    } else if meta.uid() != geteuid().as_raw() {
        format!("it belongs to uid {}, and this program runs as uid {}", meta.uid(), geteuid())
    } else {
        return Ok(());
    };
    Err(PrivateServerError::Untrusted { path: path.to_owned(), why })
}

/// Checks that `path` belongs to us and that nobody else may write to it.
pub(super) fn check_private(path: &Path) -> Result<(), PrivateServerError> {
    check_owner(path)?;
    let mode = mode(path)?;
    if mode & 0o022 == 0 {
        return Ok(());
    }
    let why = format!("others may write to it (mode {mode:o})");
    Err(PrivateServerError::Untrusted { path: path.to_owned(), why })
}

/// The mode bits of `path`.
pub(super) fn mode(path: &Path) -> Result<u32, PrivateServerError> {
    let meta = fs::symlink_metadata(path).doing(|| format!("look at {}", path.display()))?;
    Ok(meta.permissions().mode() & 0o7777)
}

/// Sets the mode bits of `path`, whatever the umask is.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), PrivateServerError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .doing(|| format!("set the mode of {}", path.display()))
}

/// Removes a file; one that is not there is as good.
pub(super) fn remove_file(path: &Path) -> Result<(), PrivateServerError> {
    absent_is_fine(fs::remove_file(path)).doing(|| format!("remove {}", path.display()))
}

/// Removes a directory with all that is in it, without following links; one that is not there is as good.
pub(super) fn remove_tree(path: &Path) -> Result<(), PrivateServerError> {
    absent_is_fine(fs::remove_dir_all(path)).doing(|| format!("remove {}", path.display()))
}

/// Takes "not found" for success.
fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_no_private_directory() {
        let outer = tempfile::tempdir().expect("temporary directory");
        let real = outer.path().join("real");
        fs::create_dir(&real).expect("real");
        set_mode(&real, 0o700).expect("chmod");
        let link = outer.path().join("link");
        std::os::unix::fs::symlink(&real, &link).expect("link");
        let us = geteuid().as_raw();
        assert!(is_private_to(&real, us));
        assert!(!is_private_to(&link, us));
        assert!(!is_private_to(&real, us + 1));
        set_mode(&real, 0o750).expect("chmod");
        assert!(!is_private_to(&real, us));
        check_private(&real).expect("others may only read");
        set_mode(&real, 0o770).expect("chmod");
        assert!(check_private(&real).is_err());
        assert!(check_private(&link).is_err());
    }

    #[test]
    fn removing_what_is_not_there_is_fine() {
        let outer = tempfile::tempdir().expect("temporary directory");
        remove_file(&outer.path().join("none")).expect("nothing to do");
        remove_tree(&outer.path().join("none")).expect("nothing to do");
    }
}
