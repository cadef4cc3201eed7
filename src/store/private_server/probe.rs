//! Looks at one directory for the programs of a PostgreSQL server, and runs them to learn their version.
//!
//! Which directories, and what to make of what is found, is left to `binaries`.

use std::path::{Path, PathBuf};

use super::account::{Account, is_program};

/// The oldest major version that will do.
pub(super) const OLDEST_MAJOR: u32 = 15;

/// A directory with `postgres` and `initdb` that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    /// The directory, free of links.
    pub directory: PathBuf,
    /// The version as the server gives it, as in "15.18".
    pub version: String,
    /// Its major version.
    pub major: u32,
}

/// Looks at one directory: `postgres` and `initdb` are there, `account` can run them, and they are new
/// enough.
pub(super) fn probe(directory: &Path, account: &Account) -> Result<Binaries, String> {
    let postgres = directory.join("postgres");
    if !directory.is_dir() {
        return Err("is not a directory".to_owned());
    }
    if !is_program(&postgres) {
        return Err("has no `postgres`".to_owned());
    }
    // The server finds its libraries beside the real file, not beside a link to it.
    let directory = real_directory(directory);
    let (postgres, initdb) = (directory.join("postgres"), directory.join("initdb"));
    if !is_program(&postgres) || !is_program(&initdb) {
        return Err(format!("{} has not both `postgres` and `initdb`", directory.display()));
    }
    if let Some(blocked) = account.blocked_at(&directory) {
        return Err(format!("the account `{}` cannot enter {}", account.name, blocked.display()));
    }
    let (version, major) = version(&run(account, &postgres, "--version")?)?;
    if version_major(&run(account, &initdb, "--version")?) != Some(major) {
        return Err("its `initdb` is of another version than its `postgres`".to_owned());
    }
    if major < OLDEST_MAJOR {
        return Err(format!("is PostgreSQL {version}, older than {OLDEST_MAJOR}"));
    }
    Ok(Binaries { directory, version, major })
}

/// The directory in which the `postgres` of `directory` really lies; `directory` itself when that cannot be
/// told.
pub(super) fn real_directory(directory: &Path) -> PathBuf {
    let real =
        directory.join("postgres").canonicalize().or_else(|_| directory.canonicalize().map(|d| d.join("_")));
    real.ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_else(|| directory.to_owned())
}

/// Runs a program with one argument as `account`, and gives what it printed.
pub(super) fn run(account: &Account, program: &Path, argument: &str) -> Result<String, String> {
    let output = account
        .command(program)
        .arg(argument)
        .output()
        .map_err(|error| format!("{} cannot be run: {error}", program.display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} does not run: {}", program.display(), said.lines().next().unwrap_or("it says nothing")))
}

/// The version in "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", and its major part.
fn version(output: &str) -> Result<(String, u32), String> {
    let version = output.split_whitespace().nth(2).unwrap_or_default();
    let major =
        version_major(output).ok_or_else(|| format!("does not give its version but {:?}", output.trim()))?;
    Ok((version.to_owned(), major))
}

/// The major version alone.
fn version_major(output: &str) -> Option<u32> {
    let version = output.split_whitespace().nth(2)?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(
            version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Ok(("15.18".to_owned(), 15))
        );
        assert_eq!(version("postgres (PostgreSQL) 19devel\n"), Ok(("19devel".to_owned(), 19)));
        assert!(version("hello").is_err());
    }
}
