//! What can go wrong with the private server, in words for the person who started the program.
//!
//! Every message says what to do next. Printing and exit codes are left to the caller.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// One place where server binaries were looked for, and why it did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The place, as a person would name it: a directory, or `PATH`.
    pub place: String,
    /// Why it did not do.
    pub why: String,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// Why the private server is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivateServerError {
    /// No place has binaries of a PostgreSQL that would do.
    #[error(
        "no PostgreSQL {} or later was found to start a private server with.\nLooked at:\n{}\nFetching \
         a copy: {fetching}\nDo one of these: install PostgreSQL (on Debian and Ubuntu: apt-get install \
         postgresql), set PG_BIN_DIR to the directory that holds its `postgres` and `initdb`, or set \
         DATABASE_URL to a server that runs already.",
        super::probe::OLDEST_MAJOR,
        list(looked)
    )]
    NoBinaries {
        /// Every place looked at, in order.
        looked: Vec<Looked>,
        /// Whether fetching was off, or how it failed.
        fetching: String,
    },

    /// There is a database, but no binaries of the major version that can read it.
    #[error(
        "{} was made by PostgreSQL {major}, and no PostgreSQL {major} was found to open it with. An \
         empty database of another version was NOT started in its place.\nLooked at:\n{}\nFetching a \
         copy: {fetching}\nDo one of these: install PostgreSQL {major} (on Debian and Ubuntu: apt-get \
         install postgresql-{major}, or `postgresql` where that is version {major}), set PG_BIN_DIR to \
         the directory of its `postgres` and `initdb`, set DATABASE_URL to another server, or move {} \
         away to begin afresh.",
        data.display(), list(looked), data.display()
    )]
    NoBinariesForData {
        /// The data directory.
        data: PathBuf,
        /// Its major version.
        major: u32,
        /// Every place looked at, in order.
        looked: Vec<Looked>,
        /// Whether fetching was off, or how it failed.
        fetching: String,
    },

    /// `PG_BIN_DIR` was given and will not do. Nothing else is tried then.
    #[error(
        "PG_BIN_DIR is {}, which will not do: {why}. It must be the directory that holds `postgres` and \
         `initdb` of PostgreSQL {} or later; leave it out to have them searched for.",
        directory.display(), super::probe::OLDEST_MAJOR
    )]
    WrongBinDir {
        /// The directory given.
        directory: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// `setpriv` is missing, or is not the one of util-linux.
    #[error(
        "the `setpriv` of util-linux was not found. It starts the private server so that it ends with \
         this program, and under another account when this program runs as root. Install the package \
         util-linux, or set DATABASE_URL."
    )]
    NoSetpriv,

    /// Running as root, and no other account can be used.
    #[error(
        "PostgreSQL does not run as root, and no other account can be used: {0}. Set DATABASE_URL \
         instead."
    )]
    NoAccount(String),

    /// The account which runs the server cannot get to a directory.
    #[error(
        "the account `{account}`, which runs the private server because root may not, cannot enter {}. \
         Set DATA_DIR to a directory which every account can reach, such as \
         /var/lib/probation-directory.",
        directory.display()
    )]
    Unreachable {
        /// The first directory it cannot enter.
        directory: PathBuf,
        /// The name of the account.
        account: String,
    },

    /// Something in the data directory is not as this program leaves it: another owner, others may write, a
    /// link.
    #[error(
        "{} will not be used: {why}. Put it right, or set DATA_DIR to another directory.",
        path.display()
    )]
    Untrusted {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// A copy of the binaries could not be fetched, or is not the one this program was built for.
    #[error("it failed: {0}")]
    Fetch(String),

    /// `initdb` failed.
    #[error("could not make a database in {}: {output}", data.display())]
    Initdb {
        /// The directory that was to be made.
        data: PathBuf,
        /// What `initdb` said.
        output: String,
    },

    /// The server ended, or never became ready.
    #[error("the private PostgreSQL did not start: {0}")]
    Start(String),

    /// The keeper could not start the server, for the reason it left in its own words.
    #[error("{0}")]
    Keeper(String),

    /// A server runs there which does not keep what is written to it, and one which does was asked for.
    #[error(
        "the private server in {} runs without making its data durable (it was started for tests). End \
         the programs that use it, or set DATA_DIR to another directory.",
        base.display()
    )]
    NotDurable {
        /// The directory.
        base: PathBuf,
    },

    /// Processes use the server, so its data cannot be removed.
    #[error(
        "the private server in {} is in use. End every program that uses it, and try again.",
        base.display()
    )]
    InUse {
        /// The directory.
        base: PathBuf,
    },

    /// The operating system refused something.
    #[error("could not {doing}: {source}")]
    Io {
        /// What was being done, as in "open /a/b".
        doing: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Gives an [`io::Error`] the words that say what was being done.
pub(super) trait Doing<T> {
    /// Turns the error into [`PrivateServerError::Io`]; `doing` completes "could not ...".
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, PrivateServerError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, PrivateServerError> {
        self.map_err(|error| PrivateServerError::Io { doing: doing(), source: error.into() })
    }
}

/// One place a line, indented.
fn list(looked: &[Looked]) -> String {
    if looked.is_empty() {
        return "  (nowhere)".to_owned();
    }
    let lines: Vec<String> = looked.iter().map(|place| format!("  {place}")).collect();
    lines.join("\n")
}
