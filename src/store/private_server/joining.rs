//! The users' side of the private server: seeing whether it runs, starting a keeper when none does, and
//! waiting until it is ready.
//!
//! What the keeper does then is left to `keeper`; who may use the server, and for how long, to the module
//! above.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::account::Account;
use super::binaries::{Search, find};
use super::error::{Doing, PrivateServerError};
use super::keeper::{Plan, State, try_exclusive};
use super::layout::Layout;
use super::modes::remove_file;
use super::{KEEPER_COMMAND, Options};

/// How long a server may take to become ready, after a crash too.
pub(super) const READY_WITHIN: Duration = Duration::from_secs(180);

/// Waits for a server that is ready, starting a keeper when none runs. Gives the keeper, when this started
/// it. To be called under the start lock, holding the users' lock.
pub(super) fn bring_up(
    options: &Options,
    layout: &Layout,
    say: &mut dyn FnMut(&str),
) -> Result<(State, Option<Child>), PrivateServerError> {
    // More than once, because a keeper may end while we look, or give way to another that was faster.
    for _ in 0..3 {
        let mut child = if keeper_runs(layout)? { None } else { start_keeper(options, layout, say)? };
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if let Some(state) = ready(layout) {
                if options.durable && !state.durable {
                    return Err(PrivateServerError::NotDurable { base: layout.base().to_owned() });
                }
                return Ok((state, child));
            }
            let ended = match &mut child {
                Some(child) => child.try_wait().doing(|| "look at the keeper".to_owned())?.is_some(),
                None => !keeper_runs(layout)?,
            };
            if ended {
                if let Ok(why) = fs::read_to_string(layout.keeper_error()) {
                    return Err(PrivateServerError::Keeper(why));
                }
                break;
            }
            if Instant::now() > deadline {
                return Err(not_started(layout, "was not ready in time"));
            }
            sleep(Duration::from_millis(10));
        }
    }
    Err(not_started(layout, "ended without a word"))
}

/// The error of a start about which the keeper says nothing.
fn not_started(layout: &Layout, what: &str) -> PrivateServerError {
    let base = layout.base().display();
    PrivateServerError::Start(format!("it {what}; see keeper.log and postgres.log in {base}"))
}

/// Chooses account and binaries, and starts a keeper with them; none where another has come up meanwhile.
fn start_keeper(
    options: &Options,
    layout: &Layout,
    say: &mut dyn FnMut(&str),
) -> Result<Option<Child>, PrivateServerError> {
    let data = layout.data_directories()?;
    let account = Account::choose(data.first().map(|(_, data)| data.as_path()), options.path.as_deref())?;
    if let Some(directory) = account.blocked_at(layout.base()) {
        return Err(PrivateServerError::Unreachable { directory, account: account.name });
    }
    let cache = layout.fetched();
    let search = Search { options, account: &account, data: &data, cache: &cache, root: Path::new("/") };
    let binaries = find(&search, say)?;
    let plan = Plan {
        base: layout.base().to_owned(),
        durable: options.durable,
        binaries: binaries.directory,
        version: binaries.version,
        major: binaries.major,
        account,
    };
    // Finding may have taken long, and a keeper whose starter died meanwhile may have come up: it is not started over.
    if keeper_runs(layout)? {
        return Ok(None);
    }
    say(&format!("starting a private PostgreSQL {} in {}", plan.version, layout.base().display()));
    launch(options, layout, &plan).map(Some)
}

/// Waits for the lock that makes joining and removing happen one at a time; held until the file is dropped.
pub(super) fn lock_start(layout: &Layout) -> Result<File, PrivateServerError> {
    let file = layout.lock_file("start.lock")?;
    retry_interrupted(|| file.lock()).doing(|| "lock start.lock".to_owned())?;
    Ok(file)
}

/// Repeats a call that a signal interrupted.
pub(super) fn retry_interrupted(mut call: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The state of a server that takes connections now.
fn ready(layout: &Layout) -> Option<State> {
    let state = serde_json::from_slice(&fs::read(layout.state()).ok()?).ok()?;
    // The file may be older than the server's end.
    answers(&layout.socket()).ok()?;
    Some(state)
}

/// Asks the server on `socket` whether it speaks TLS, only to hear that it answers: that it can be connected
/// to is not enough, because the kernel accepts for a server that hangs or is just ending. It then hangs up,
/// which is not logged.
fn answers(socket: &Path) -> io::Result<()> {
    /// A message of eight bytes with the code 80877103: see "SSLRequest" in the PostgreSQL manual.
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(&SSL_REQUEST)?;
    stream.read_exact(&mut [0])
}

/// Whether a keeper runs. To be asked only under the start lock: the question takes the keeper's lock for a
/// moment.
///
/// # Errors
/// When the lock file cannot be opened or locked.
fn keeper_runs(layout: &Layout) -> Result<bool, PrivateServerError> {
    Ok(try_exclusive(&layout.lock_file("keeper.lock")?)?.is_none())
}

/// Starts a keeper. It may find that another one was faster, and end.
///
/// # Errors
/// When it cannot be started.
fn launch(options: &Options, layout: &Layout, plan: &Plan) -> Result<Child, PrivateServerError> {
    remove_file(&layout.state())?;
    remove_file(&layout.keeper_error())?;
    let path = layout.base().join("keeper.log");
    let mut how = OpenOptions::new();
    how.write(true).create(true).truncate(true).mode(0o600);
    let log = how.open(&path).doing(|| format!("open {}", path.display()))?;
    let log_too = log.try_clone().doing(|| format!("share {}", path.display()))?;
    let argument = serde_json::to_string(plan).doing(|| "write down what the keeper is to do".to_owned())?;
    let mut keeper = Command::new(&options.program);
    keeper.arg(KEEPER_COMMAND).arg(argument);
    // It outlives us, so it takes nothing of ours along: no secrets, no working directory, no terminal.
    keeper.env_clear().current_dir("/").stdin(Stdio::null()).stdout(log).stderr(log_too);
    keeper.spawn().doing(|| format!("start {}", options.program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keeper_is_seen_by_its_lock() {
        let base = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::prepare(base.path()).expect("layout");
        assert!(!keeper_runs(&layout).expect("look"));
        let lock = layout.lock_file("keeper.lock").expect("open");
        assert!(try_exclusive(&lock).expect("lock").is_some());
        assert!(keeper_runs(&layout).expect("look"));
        drop(lock);
        assert!(!keeper_runs(&layout).expect("look"));
    }

    #[test]
    fn a_socket_that_takes_connections_and_says_nothing_is_not_ready() {
        let base = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::prepare(base.path()).expect("layout");
        fs::create_dir(layout.socket_directory()).expect("socket directory");
        let state = State { server: 1, version: "15.18".to_owned(), durable: true };
        fs::write(layout.state(), serde_json::to_vec(&state).expect("text")).expect("state");
        assert_eq!(ready(&layout), None, "no socket");
        let listener = std::os::unix::net::UnixListener::bind(layout.socket()).expect("bind");
        let server = std::thread::spawn(move || {
            for answer in [&b""[..], b"N"] {
                let (mut stream, _) = listener.accept().expect("accept");
                stream.read_exact(&mut [0; 8]).expect("the request");
                stream.write_all(answer).expect("answer");
            }
        });
        assert_eq!(ready(&layout), None, "no answer");
        assert_eq!(ready(&layout), Some(state), "an answer");
        server.join().expect("the server");
    }
}
