//! The program as people run it: what it prints, what it refuses, and how it ends.
//!
//! It runs with an environment of the test's own. A private server is started only where there is no other way.

use crate::support::database::{RUNTIME, program};
use crate::support::{Client, TestDatabase, TestService};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use probation_directory::directory::api_key::ApiKey;
use serde_json::{Value, json};
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A password that must not be seen anywhere.
const SECRET: &str = "zqxsecret";

/// Longest wait for something that the program is to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place to run the program in: its home, its working folder, and room for its data.
struct Place {
    folder: TempDir,
}

/// What a run of the program came to.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
    took: Duration,
}

impl Place {
    fn new() -> Place {
        // The private server's account must be able to pass through.
        let folder = tempfile::Builder::new()
            .prefix("probation-directory-cli-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .expect("a folder");
        Place { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data_dir(&self) -> String {
        self.path("data").display().to_string()
    }

    #[expect(clippy::disallowed_methods, reason = "the program needs the PATH that the tests have")]
    fn command(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("DATA_DIR", self.data_dir())
            .envs(settings.iter().copied())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Run {
        let started = Instant::now();
        let output = self.command(arguments, settings).output().expect("a run");
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
            took: started.elapsed(),
        }
    }

    /// Whether nothing of a private server was made.
    fn is_untouched(&self) -> bool {
        !self.path("data").exists()
    }
}

impl Run {
    fn ended(&self, code: i32, what: &str) -> &Run {
        assert_eq!(self.code, Some(code), "{what}: {}{}", self.out, self.err);
        self
    }

    /// Sees to it that there is one message, and a plain one.
    fn said_once(&self, part: &str) {
        assert!(self.err.contains(part), "{part} is not in {}", self.err);
        assert_eq!(self.err.trim_end().lines().count(), 1, "{}", self.err);
        assert!(self.err.starts_with("probation-directory: "), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        assert_eq!(self.out, "");
    }
}

/// A program that serves, with what it prints line by line.
struct Serving {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    welcome: Vec<String>,
    address: SocketAddr,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    receive
}

impl Serving {
    fn start(place: &Place, settings: &[(&str, &str)]) -> Serving {
        let mut command = place.command(&["serve"], settings);
        let mut child = command
            .env("BIND", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let out = lines(child.stdout.take().expect("output"));
        let err = lines(child.stderr.take().expect("errors"));
        let mut welcome = Vec::new();
        while welcome.last().is_none_or(|line: &String| line != "Ctrl-C stops it.") {
            match out.recv_timeout(PATIENCE) {
                Ok(line) => welcome.push(line),
                Err(_) => panic!("it does not serve: {welcome:?} {:?}", err.try_iter().collect::<Vec<_>>()),
            }
        }
        let address =
            welcome[0].split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        let address = address.parse().expect("an address");
        Serving { child, out, err, welcome, address }
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        kill(Pid::from_raw(pid), signal).expect("a signal");
    }

    /// Waits for its end; gives the exit code and the rest of what it printed.
    fn end(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        let mut rest = String::new();
        // What it prints to ends when it does.
        for from in [&self.out, &self.err] {
            while let Ok(line) = from.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                rest.push_str(&line);
                rest.push('\n');
            }
        }
        assert!(Instant::now() < deadline, "it does not end: {rest}");
        (self.child.wait().expect("a status").code(), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_shows_examples() {
    let place = Place::new();
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["seed", "--help"],
        &["locate", "--help"],
        &["check", "--help"],
        &["schema", "--help"],
        &["key", "--help"],
        &["key", "issue", "--help"],
        &["key", "list", "--help"],
        &["key", "revoke", "--help"],
        &["grant", "--help"],
        &["withdraw", "--help"],
        &["completions", "--help"],
    ] {
        let run = place.run(arguments, &[]);
        run.ended(0, &format!("{arguments:?}"));
        assert!(run.out.contains("Example"), "{arguments:?}: {}", run.out);
        assert!(run.out.contains("probation-directory"), "{arguments:?}: {}", run.out);
    }
    assert!(place.run(&["--help"], &[]).out.contains("Exit codes"));
    assert_eq!(
        place.run(&["--version"], &[]).out.trim(),
        format!("probation-directory {}", env!("CARGO_PKG_VERSION"))
    );
    assert!(place.is_untouched());
}

#[test]
fn a_command_line_that_is_wrong_ends_with_2() {
    let place = Place::new();
    for arguments in [
        &["frobnicate"][..],
        &["--frobnicate"],
        &["locate"],
        &["locate", "Sefton", "--area", "kent"],
        &["locate", "Sefton", "--on", "2014-02-30"],
        &["locate", "Sefton", "--on", "2014-6-1"],
        &["locate", "Sefton", "--on", "+2014-06-01"],
        &["locate", "Sefton", "--on", "tomorrow"],
        &["locate", "Sefton", "--calendar", "julian"],
        &["locate", "--code", "C06"],
        &["completions", "cobol"],
        &["seed", "--dir"],
    ] {
        let run = place.run(arguments, &[]);
        run.ended(2, &format!("{arguments:?}"));
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(!run.err.is_empty() && !run.err.contains("panicked"), "{arguments:?}: {}", run.err);
    }
    assert!(place.run(&["frobnicate"], &[]).err.contains("frobnicate"));
    assert!(place.is_untouched());
}

#[test]
fn wrong_settings_are_all_told_at_once_and_nothing_is_started() {
    let place = Place::new();
    let settings = [
        ("BIND", "x"),
        ("POOL_SIZE", "0"),
        ("DIRECTORY_DATE", "tomorrow"),
        ("PG_SOURCE", "moon"),
        ("SHUTDOWN_SECONDS", "-1"),
        ("WORKERS", "many"),
        ("RUST_LOG", "probation_directory=loud"),
        ("DATABASE_URL", "postgresql://someone:zqxsecret@host:port/directory"),
    ];
    for arguments in [&[][..], &["serve"], &["check"], &["check-config"], &["reset", "--yes"]] {
        let run = place.run(arguments, &settings);
        run.ended(2, &format!("{arguments:?}"));
        for (name, _) in settings {
            let told =
                run.err.lines().filter(|line| line.contains(&format!(". {name} (environment): "))).count();
            assert_eq!(told, 1, "{name} in {}", run.err);
        }
        assert_eq!(run.err.lines().count(), settings.len() + 1, "{}", run.err);
        assert!(!run.err.contains(SECRET), "{}", run.err);
        assert!(place.is_untouched(), "{arguments:?}");
    }
}

#[test]
fn a_taken_port_is_one_message_and_leaves_nothing_behind() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let bind = taken.local_addr().expect("an address").to_string();
    for arguments in [&[][..], &["serve"]] {
        let run = place.run(arguments, &[("BIND", &bind)]);
        run.ended(1, "a taken port").said_once("BIND");
        assert!(run.err.contains(&bind), "{}", run.err);
        assert!(place.is_untouched());
    }
}

#[test]
fn a_database_out_of_reach_is_one_message_within_seconds_and_without_the_password() {
    let place = Place::new();
    // One that refuses, and one that accepts and never says a word.
    let closed = {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port");
        port.local_addr().expect("an address")
    };
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addresses = [closed, silent.local_addr().expect("an address")];
    for address in addresses {
        let url = format!("postgresql://someone:{SECRET}@{address}/directory");
        for arguments in [&["serve"][..], &["migrate"], &["seed"], &["check"], &["locate", "Sefton"]] {
            let run = place.run(arguments, &[("DATABASE_URL", &url), ("BIND", "127.0.0.1:0")]);
            run.ended(1, &format!("{arguments:?}")).said_once("out of reach");
            assert!(run.took < Duration::from_secs(10), "{arguments:?} took {:?}", run.took);
            assert!(!run.err.contains(SECRET), "{}", run.err);
        }
        let run = place.run(&["check"], &[("DATABASE_URL", &url), ("RUST_LOG", "trace")]);
        assert!(!run.err.contains(SECRET) && !run.out.contains(SECRET), "{}", run.err);
    }
    assert!(place.is_untouched());
}

#[test]
fn the_settings_are_shown_with_where_they_come_from_and_without_the_password() {
    let place = Place::new();
    let file = "bind = \"127.0.0.1:9000\"\npool_size = 3\n";
    std::fs::write(place.path("probation-directory.toml"), file).expect("a file");
    let url =
        format!("postgresql://someone:{SECRET}@db.example/directory?sslmode=verify-full&password={SECRET}");
    let run = place.run(&["check-config"], &[("DATABASE_URL", &url), ("POOL_SIZE", "5")]);
    run.ended(0, "check-config");
    assert!(!run.out.contains(SECRET) && !run.err.contains(SECRET), "{}", run.out);
    let line = |name: &str| {
        let start = format!("{name} = ");
        run.out.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{name}: {}", run.out))
    };
    let database = line("DATABASE_URL");
    assert!(
        database.contains("***") && database.contains("db.example") && database.contains("verify-full"),
        "{database}"
    );
    assert!(line("BIND").contains("127.0.0.1:9000") && line("BIND").contains("(file "), "{}", line("BIND"));
    assert!(line("POOL_SIZE").starts_with("POOL_SIZE = 5 ") && line("POOL_SIZE").ends_with("(environment)"));
    assert!(line("DIRECTORY_DATE").contains("2014-11-01") && line("DIRECTORY_DATE").ends_with("(default)"));
    assert!(place.is_untouched());
}

#[test]
fn the_schema_that_is_printed_is_the_one_that_is_served() {
    let run = Place::new().run(&["schema"], &[]);
    run.ended(0, "schema");
    let served = TestService::shared().client.send("GET", "/schema.graphql", &[], b"");
    assert_eq!(run.out.trim_end(), String::from_utf8(served.body).expect("text").trim_end());
    assert!(run.out.contains("type Query {"));
}

#[test]
fn completions_are_a_script() {
    let run = Place::new().run(&["completions", "bash"], &[]);
    run.ended(0, "completions");
    let registers =
        |line: &str| line.trim().starts_with("complete -F ") && line.ends_with(" probation-directory");
    assert!(run.out.lines().any(registers), "{}", run.out);
    for command in ["serve", "migrate", "locate"] {
        assert!(run.out.contains(command), "{command}");
    }
}

#[test]
fn an_empty_database_is_migrated_once_and_seeded_once() {
    let (place, database) = (Place::new(), TestDatabase::empty());
    let settings = [("DATABASE_URL", database.url.as_str())];
    let run = place.run(&["migrate"], &settings);
    run.ended(0, "migrate");
    assert!(run.out.starts_with("Applied: "), "{}", run.out);
    let migrations =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).expect("a folder");
    let mut count = 0;
    for entry in migrations.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().into_string().expect("text");
        let version = name.split('_').next().expect("a version");
        assert!(run.out.contains(version), "{version} in {}", run.out);
        count += 1;
    }
    assert!(count >= 4);
    assert_eq!(
        place.run(&["migrate"], &settings).ended(0, "migrate again").out.trim(),
        "The schema is up to date."
    );

    let run = place.run(&["seed"], &settings);
    run.ended(0, "seed");
    assert!(run.out.starts_with("Version 1: "), "{}", run.out);
    assert!(run.out.contains("349 rows of reference data"), "{}", run.out);
    let again = place.run(&["seed"], &settings);
    assert_eq!(again.ended(0, "seed again").out.trim(), "Nothing differs from what is known.");
    let folder = format!("{}/seed", env!("CARGO_MANIFEST_DIR"));
    let same = place.run(&["seed", "--dir", &folder], &settings);
    assert_eq!(same.ended(0, "seed from the folder").out.trim(), "Nothing differs from what is known.");
    assert_eq!(database.text("SELECT version::text AS text FROM head"), "1");

    let run = place.run(&["check"], &settings);
    run.ended(0, "check");
    assert!(run.out.lines().count() > 10, "{}", run.out);
    assert!(run.out.lines().all(|line| line.starts_with("ok ")), "{}", run.out);
    assert!(place.is_untouched());
}

#[test]
fn a_unix_socket_is_reached_whatever_sslmode_asks_for() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    for mode in ["disable", "prefer", "require", "verify-full"] {
        let url = format!("{}&sslmode={mode}", database.url);
        place.run(&["locate", "Sefton"], &[("DATABASE_URL", &url)]).ended(0, mode);
    }
}

#[test]
fn a_poisoned_seed_is_refused_whole_with_every_place_at_fault() {
    let (place, database) = (Place::new(), TestDatabase::migrated());
    let folder = place.path("seed");
    std::fs::create_dir(&folder).expect("a folder");
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seed")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    /// Changes one cell, and says on which line.
    fn poison(file: &Path, start: &str, from: &str, to: &str) -> usize {
        let text = std::fs::read_to_string(file).expect("a file");
        let index = text.lines().position(|line| line.starts_with(start)).expect("a line");
        let changed: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(n, line)| if n == index { line.replacen(from, to, 1) } else { line.to_owned() })
            .collect();
        assert_ne!(changed[index], text.lines().nth(index).expect("a line"));
        std::fs::write(file, changed.join("\n") + "\n").expect("a file");
        index + 1
    }
    let day = poison(&folder.join("bodies.csv"), "NPS_DIVISION,north-west,", "2014-06-01", "2014-02-30");
    let area = poison(&folder.join("local_authorities.csv"), "E08000014,", ",merseyside,", ",atlantis,");
    let path = folder.display().to_string();
    let run = place.run(&["seed", "--dir", &path], &[("DATABASE_URL", &database.url)]);
    run.ended(1, "a poisoned seed");
    assert_eq!(run.out, "");
    for wanted in [
        format!("bodies.csv line {day}, column from"),
        format!("local_authorities.csv line {area}, column mappa_area"),
    ] {
        assert!(run.err.contains(&wanted), "{wanted} is not in {}", run.err);
    }
    for (table, count) in [("change", "0"), ("body", "0")] {
        assert_eq!(database.text(&format!("SELECT count(*)::text AS text FROM {table}")), count, "{table}");
    }
    assert_eq!(database.text("SELECT version::text AS text FROM head"), "0");

    let missing = place.path("nowhere").display().to_string();
    let run = place.run(&["seed", "--dir", &missing], &[("DATABASE_URL", &database.url)]);
    run.ended(1, "a folder that is not there");
    assert!(run.err.contains("bodies.csv"), "{}", run.err);
}

#[test]
fn an_older_schema_stops_us_with_the_missing_migration_and_what_to_do() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let reverted =
        RUNTIME.block_on(database.store.revert_migration()).expect("a migration").expect("a version");
    let settings = [("DATABASE_URL", database.url.as_str()), ("BIND", "127.0.0.1:0")];
    for arguments in [&["check"][..], &["serve"], &["locate", "Sefton"]] {
        let run = place.run(arguments, &settings);
        run.ended(1, &format!("{arguments:?}")).said_once(&reverted);
        assert!(run.err.contains("probation-directory migrate"), "{}", run.err);
    }
    let run = place.run(&["migrate"], &settings);
    assert!(run.ended(0, "migrate").out.contains(&reverted), "{}", run.out);
}

#[test]
fn a_newer_schema_stops_us_too() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    database
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')")
        .expect("a row");
    let settings = [("DATABASE_URL", database.url.as_str()), ("BIND", "127.0.0.1:0")];
    for arguments in [&["check"][..], &["serve"], &["locate", "Sefton"]] {
        let run = place.run(arguments, &settings);
        run.ended(1, &format!("{arguments:?}")).said_once("99999999999999");
        assert!(run.err.contains("newer"), "{}", run.err);
    }
}

#[test]
fn locate_prints_who_covers_a_place_on_a_day_and_calendar() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let settings = [("DATABASE_URL", database.url.as_str())];
    let located = |arguments: &[&str]| {
        let run = place.run(&[&["locate"], arguments].concat(), &settings);
        run.ended(0, &format!("{arguments:?}"));
        run.out
    };
    let line = |text: &str, label: &str| -> String {
        let line = text.lines().find_map(|line| line.trim_start().strip_prefix(label));
        line.unwrap_or_else(|| panic!("{label} is not in {text}")).trim().to_owned()
    };
    for (calendar, ends, begins, in_charge) in [
        ("published", "2014-03-31", "2014-04-01", "North West; Merseyside CRC"),
        ("operational", "2014-05-31", "2014-06-01", "Merseyside"),
    ] {
        for name in [
            &["Sefton"][..],
            &["--authority", "E08000014"],
            &["--authority", "sefton"],
            &["--code", "ONS=E08000014"],
        ] {
            let text = located(&[name, &["--on", "2014-05-01", "--calendar", calendar]].concat());
            assert!(text.starts_with(&format!("on 2014-05-01 ({calendar} calendar, version 1)")), "{text}");
            assert_eq!(line(&text, "local authority"), "Sefton (E08000014)");
            assert_eq!(line(&text, "MAPPA area"), "Merseyside");
            assert_eq!(line(&text, "police"), "Merseyside Police");
            let is_over = calendar == "published";
            let (trust, division) = (line(&text, "probation trust"), line(&text, "NPS division"));
            let state = |in_force: bool| if in_force { "in force)" } else { "not in force that day)" };
            assert_eq!(trust, format!("Merseyside (2010-04-01 to {ends}, {}", state(!is_over)), "{text}");
            assert_eq!(division, format!("North West ({begins} to 2021-06-25, {}", state(is_over)), "{text}");
            assert!(
                line(&text, "company").starts_with(&format!("Merseyside CRC ({begins} to 2021-06-25")),
                "{text}"
            );
            assert_eq!(line(&text, "in charge"), in_charge, "{text}");
            assert!(line(&text, "note").contains("other calendar"), "{text}");
        }
    }
    // Without a day, the directory date.
    assert!(located(&["Sefton"]).starts_with("on 2014-11-01 (published calendar"));
    let set = [("DATABASE_URL", database.url.as_str()), ("DIRECTORY_DATE", "2012-01-01")];
    let run = place.run(&["locate", "--area", "kent"], &set);
    assert!(run.ended(0, "a directory date").out.starts_with("on 2012-01-01 "), "{}", run.out);
    let london = located(&["--area", "london", "--on", "2016-01-01"]);
    assert!(line(&london, "note").contains("more than one force"), "{london}");
}

#[test]
fn every_example_of_locate_answers() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let help = place.run(&["locate", "--help"], &[]).out;
    let examples: Vec<&str> =
        help.lines().filter_map(|line| line.trim().strip_prefix("probation-directory ")).collect();
    assert_eq!(examples.len(), 3, "{help}");
    for example in examples {
        let arguments: Vec<&str> = example.split(' ').collect();
        place.run(&arguments, &[("DATABASE_URL", &database.url)]).ended(0, example);
    }
}

#[test]
fn a_place_that_locate_does_not_find_ends_with_1_and_says_why() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let settings = [("DATABASE_URL", database.url.as_str())];
    let run = place.run(&["locate", "Wales"], &settings);
    run.ended(1, "Wales");
    assert_eq!(run.out, "");
    let asked: Vec<&str> = run.err.lines().skip(1).map(str::trim).collect();
    assert_eq!(
        asked,
        ["--area dyfed-powys", "--area gwent", "--area north-wales", "--area south-wales"],
        "{}",
        run.err
    );
    for suggestion in asked {
        let arguments: Vec<&str> = std::iter::once("locate").chain(suggestion.split(' ')).collect();
        place.run(&arguments, &settings).ended(0, suggestion);
    }
    for (arguments, part) in [
        (&["locate", "Atlantis"][..], "no place"),
        (&["locate", "Scotland"], "outside England and Wales"),
        (&["locate", "--authority", "S12000036"], "outside England and Wales"),
        (&["locate", "--code", "MOON=1"], "NDELIUS"),
        (&["locate", "Sefton", "--on", "2001-03-31"], "2001-04-01"),
        (&["locate", ""], "1 to 200 characters"),
    ] {
        place.run(arguments, &settings).ended(1, &format!("{arguments:?}")).said_once(part);
    }
}

#[test]
fn reset_asks_first_and_touches_nothing_but_the_private_server() {
    let place = Place::new();
    assert_eq!(
        place.run(&["reset", "--yes"], &[]).ended(0, "nothing there").out.trim(),
        "There was nothing to remove."
    );
    let database = TestDatabase::seeded();
    let run = place.run(&["reset", "--yes"], &[("DATABASE_URL", &database.url)]);
    run.ended(2, "with DATABASE_URL").said_once("DATABASE_URL");
    assert_eq!(database.text("SELECT version::text AS text FROM head"), "1");
    assert!(place.is_untouched());

    place.run(&["migrate"], &[]).ended(0, "a private server");
    let clusters = || -> Vec<String> {
        let entries = std::fs::read_dir(place.path("data")).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
        names.filter(|name| name.starts_with("pg")).collect()
    };
    assert_eq!(clusters().len(), 1);
    place.run(&["reset"], &[]).ended(2, "nobody to ask").said_once("--yes");
    assert_eq!(clusters().len(), 1);
    assert_eq!(place.run(&["reset", "--yes"], &[]).ended(0, "reset").out.trim(), "Removed.");
    assert_eq!(clusters(), [""; 0]);
}

#[test]
fn serve_tells_where_it_answers_and_what_to_ask() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let serving = Serving::start(&place, &[("DATABASE_URL", &database.url)]);
    let text = serving.welcome.join("\n");
    let client = Client::new(serving.address);
    for part in [
        env!("CARGO_PKG_VERSION"),
        "directory date 2014-11-01, version 1",
        "42 MAPPA areas, 35 trusts, 7 NPS divisions, 21 companies, 43 police forces, 348 local authorities, 42 boards",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("key"), "somebody's server gets its keys by the command line: {text}");
    let address = serving.address;
    let start = format!("curl -s http://{address}/graphql -H 'content-type: application/json' -d '");
    let mut answers = Vec::new();
    for line in serving.welcome.iter().map(|line| line.trim()).filter(|line| line.starts_with("curl ")) {
        let body = line.strip_prefix(&start).and_then(|rest| rest.strip_suffix('\'')).expect("a body");
        assert!(!body.contains('\''), "the shell would end it early: {body}");
        let reply = client.send("POST", "/graphql", &[("content-type", "application/json")], body.as_bytes());
        assert_eq!(reply.status, 200, "{body}");
        assert!(reply.json().get("errors").is_none(), "{body}: {}", reply.json());
        answers.push(reply.json()["data"].clone());
    }
    assert_eq!(answers.len(), 3, "{text}");
    let named = |name: &str| json!({ "name": name });
    assert_eq!(
        answers[0]["locate"],
        json!({
            "mappaArea": named("Merseyside"), "probationTrust": named("Merseyside"), "npsDivision": named("North West"),
            "crc": named("Merseyside CRC"),
        })
    );
    // On 1 May 2014 by the public record the trust was still in charge.
    assert_eq!(answers[1]["mappaArea"]["inCharge"].as_array().map(Vec::len), Some(1));
    assert_eq!(answers[1]["mappaArea"]["otherCalendarDiffers"], json!(true));
    let checks = answers[2]["directory"]["checks"].as_array().expect("checks");
    assert!(checks.len() > 5 && checks.iter().all(|check| check["holds"] == json!(true)), "{checks:?}");
    assert!(place.is_untouched());
}

#[test]
fn a_private_server_shows_an_administrators_key_at_its_first_start_and_at_no_other() {
    let place = Place::new();
    let keys = |welcome: &[String]| -> Vec<String> {
        let words = welcome.iter().flat_map(|line| line.split_whitespace());
        words.filter(|word| ApiKey::read(word).is_some()).map(str::to_owned).collect()
    };
    let ask = |serving: &Serving, key: &str| {
        let bearer = format!("Bearer {key}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let query = json!({ "query": "{ caller { roles } directory { version } }" }).to_string();
        Client::new(serving.address).send("POST", "/graphql", &headers, query.as_bytes()).json()["data"]
            .clone()
    };
    // The seed, the example set and the key are a version each.
    let due = json!({ "caller": { "roles": ["NATIONAL_ADMINISTRATOR"] }, "directory": { "version": 3 } });
    let first = Serving::start(&place, &[("RUST_LOG", "trace")]);
    let shown = keys(&first.welcome);
    assert_eq!(shown.len(), 1, "{:?}", first.welcome);
    assert_eq!(ask(&first, &shown[0]), due);
    first.signal(Signal::SIGTERM);
    let (code, printed) = first.end();
    assert_eq!(code, Some(0), "{printed}");
    assert!(!printed.contains(&shown[0][12..20]), "the key is shown once");
    let second = Serving::start(&place, &[]);
    assert_eq!(keys(&second.welcome), [""; 0]);
    assert_eq!(ask(&second, &shown[0]), due);
}

#[test]
fn serve_seeds_an_empty_database_and_logs_nothing_of_a_request() {
    let (place, database) = (Place::new(), TestDatabase::empty());
    let serving = Serving::start(
        &place,
        &[("DATABASE_URL", &database.url), ("RUST_LOG", "debug"), ("LOG_FORMAT", "json")],
    );
    let client = Client::new(serving.address);
    let query =
        "query zqxname($name: String!) { zqxalias: locate(place: { name: $name }) { problems { code } } }";
    let data = client.data(query, json!({ "name": "zqxvalue" }));
    assert_eq!(data["zqxalias"]["problems"][0]["code"], json!("UNKNOWN_PLACE"));
    client.post(&json!({ "query": "{ mappaArea(slug: \"zqxliteral\", on: \"zqxday\") { slug } }" }));
    client.send("GET", "/graphql?query=%7Bzqxfield%7D", &[("x-zqxheader", "zqxheader")], b"");
    client.post(&json!({ "query": "query($v: X = \"zqxpanic\") { __typename }" }));
    serving.signal(Signal::SIGTERM);
    let (code, printed) = serving.end();
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        printed.contains("BAD_USER_INPUT") && printed.contains("INTERNAL"),
        "requests are not logged: {printed}"
    );
    assert!(!printed.contains("zqx"), "{printed}");
}

#[test]
fn a_signal_lets_open_requests_end_and_ends_with_0() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (place, database) = (Place::new(), TestDatabase::seeded());
        let serving = Serving::start(&place, &[("DATABASE_URL", &database.url), ("SHUTDOWN_SECONDS", "10")]);
        let body = "{\"query\":\"{ __typename }\"}";
        let mut stream = TcpStream::connect(serving.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("a head");
        // It says so when it has read the head and waits for the body.
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).expect("a word");
        assert!(
            answer[..length].starts_with(b"HTTP/1.1 100 "),
            "{}",
            String::from_utf8_lossy(&answer[..length])
        );

        let told = Instant::now();
        serving.signal(signal);
        while !serving.err.recv_timeout(PATIENCE).expect("a line").starts_with("Stopping") {}
        stream.write_all(body.as_bytes()).expect("a body");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let data: Value =
            serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        assert_eq!(data["data"], json!({ "__typename": "Query" }));

        let address = serving.address;
        let (code, printed) = serving.end();
        assert_eq!(code, Some(0), "{signal}: {printed}");
        assert!(told.elapsed() < Duration::from_secs(10), "{signal}: {:?}", told.elapsed());
        assert!(printed.contains("Stopped."), "{signal}: {printed}");
        assert!(TcpStream::connect(address).is_err(), "somebody still listens");
    }
}

#[test]
fn a_request_that_does_not_end_holds_a_stop_up_for_the_time_allowed_only() {
    let (place, database) = (Place::new(), TestDatabase::seeded());
    let serving = Serving::start(&place, &[("DATABASE_URL", &database.url), ("SHUTDOWN_SECONDS", "1")]);
    let mut stream = TcpStream::connect(serving.address).expect("a connection");
    let head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n";
    stream.write_all(head).expect("a head");
    let mut word = [0; 12];
    stream.read_exact(&mut word).expect("a word");
    let told = Instant::now();
    serving.signal(Signal::SIGINT);
    let (code, printed) = serving.end();
    assert_eq!(code, Some(0), "{printed}");
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
}
