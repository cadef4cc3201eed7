//! The command line: the only place that names clap, and where settings meet everything else.

mod access_log;
mod asked;
mod audit;
mod board;
mod database;
mod export;
mod import;
mod key;
mod locate;
mod misuse;
mod names;
mod route;
mod route_answer;
mod serve;

use crate::actions::board_examples::board_examples;
use crate::actions::example_set::example_set;
use crate::actions::prepare_database;
use crate::actions::route_cases::template;
use crate::actions::routing_examples::Examples;
use crate::actions::rules_page::rules_page;
use crate::actions::run_board_cases::run_board_cases;
use crate::actions::run_cases::run_cases;
use crate::config::{Config, LogFormat, Surroundings};
use crate::directory::Directory;
use crate::domain::board::rules::BOARD;
use crate::domain::routing::Tables;
use crate::logging;
use crate::store::Store;
use crate::store::private_server::{self, KEEPER_COMMAND};
use crate::store::seed::{SeedFiles, SeedReport};
use clap::{CommandFactory, Parser, Subcommand};
use database::Database;
use std::fmt;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  probation-directory                                   start everything on 127.0.0.1:8014
  probation-directory locate Sefton --on 2014-05-01     who covers Sefton that day
  probation-directory route --on 2014-11-01 --residence Sefton --age 15   who manages a case, and why
  probation-directory board merseyside                  who sits on a board, and is it properly made up
  probation-directory check                             do the map's invariants hold
  DATABASE_URL=postgresql://directory@db.example/directory?sslmode=verify-full probation-directory migrate

Settings come from the environment and from probation-directory.toml; `check-config` lists them.
Exit codes: 0 done, 1 it could not be done or does not hold, 2 the command line or a setting is wrong.";

/// The organisational directory of the 2014 probation restructure in England and Wales.
#[derive(Parser)]
#[command(name = "probation-directory", version, about, after_help = EXAMPLES)]
struct Arguments {
    /// Do not fetch PostgreSQL where the system has none.
    #[arg(long, global = true)]
    no_fetch: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the directory over GraphQL; what happens when no command is given.
    #[command(after_help = "Example:\n  BIND=127.0.0.1:9000 probation-directory serve")]
    Serve,
    /// Bring the database's schema up to this program.
    #[command(
        after_help = "Example:\n  DATABASE_URL=postgresql://localhost/directory probation-directory migrate"
    )]
    Migrate,
    /// Merge a seed into what is known: an edited fact wins, and the conflict is listed.
    #[command(after_help = "Example:\n  probation-directory seed --dir my-seed")]
    Seed {
        /// Folder with the files of a seed; the built-in seed where none is given.
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
    /// Tell which area, trust, division and company cover a place.
    #[command(after_help = locate::EXAMPLES)]
    Locate(locate::Arguments),
    /// Tell who sits on a board, and whether it is properly made up.
    #[command(after_help = board::EXAMPLES)]
    Board(board::Arguments),
    /// Print boards, their seats or their members as CSV.
    #[command(after_help = export::EXAMPLES)]
    Export(export::Arguments),
    /// Bring in terms of board members from CSV: shown at first, and written with --apply.
    #[command(after_help = import::EXAMPLES)]
    Import(import::Arguments),
    /// Check the invariants of the map and the chain of changes.
    #[command(
        after_help = "Examples:\n  probation-directory check\n  probation-directory check --boards\n  probation-directory check --cases my-cases"
    )]
    Check {
        /// Also tell what is found of every board; a broken rule of integrity is a failure.
        #[arg(long)]
        boards: bool,
        /// Also run the example cases of a folder: files as in tests/cases/routing, and of boards as in
        /// tests/cases/board, which bear the id of their rule (G-10.toml).
        #[arg(long, value_name = "FOLDER")]
        cases: Option<PathBuf>,
    },
    /// Verify the chain of changes, and print its head to be kept elsewhere.
    #[command(after_help = audit::EXAMPLES)]
    VerifyAudit(audit::Arguments),
    /// Print the rules of routing and of boards, with their sources and examples.
    #[command(after_help = "Example:\n  probation-directory rules > docs/rules.md")]
    Rules,
    /// Make the files of the example boards anew, from the built-in seed.
    #[command(after_help = "Example:\n  probation-directory examples --dir seed/examples")]
    Examples {
        /// Folder that they are written into.
        #[arg(long, value_name = "FOLDER")]
        dir: PathBuf,
    },
    /// Tell who manages a case, and why; or decide a CSV file of cases.
    #[command(after_help = route::EXAMPLES)]
    Route(Box<route::Arguments>),
    /// Issue, list and revoke API keys.
    #[command(subcommand, after_help = key::EXAMPLES)]
    Key(key::KeyCommand),
    /// Grant an API key a role.
    #[command(after_help = key::GRANT_EXAMPLES)]
    Grant(key::RoleOfKey),
    /// Take a role back from an API key.
    #[command(after_help = key::GRANT_EXAMPLES)]
    Withdraw(key::RoleOfKey),
    /// Tell to whom names of persons were shown; no name is printed.
    #[command(after_help = access_log::EXAMPLES)]
    AccessLog(access_log::Arguments),
    /// Print every setting, with secrets hidden, and where it comes from.
    #[command(after_help = "Example:\n  BIND=0.0.0.0:80 probation-directory check-config")]
    CheckConfig,
    /// Print the GraphQL schema.
    #[command(after_help = "Example:\n  probation-directory schema > graphql/schema.graphql")]
    Schema,
    /// Remove the private server's data, after asking. A database behind DATABASE_URL is never touched.
    #[command(after_help = "Example:\n  probation-directory reset --yes")]
    Reset {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Print a completion script for a shell.
    #[command(after_help = "Example:\n  probation-directory completions bash > probation-directory.bash")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Keep the private server running while anybody uses it.
    #[command(name = KEEPER_COMMAND, hide = true)]
    Keep {
        /// What to keep.
        argument: String,
    },
}

/// Why a command was not done, with the exit code that belongs to it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A setting or argument is wrong.
    Usage(String),
    /// It could not be done.
    Failed(String),
    /// It was done, and something does not hold; what was printed says what.
    DoesNotHold,
}

impl Failure {
    fn failed(error: impl fmt::Display) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// Runs the command line and gives the exit code.
pub fn run() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| misuse::without_words(error).exit());
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::DoesNotHold) => ExitCode::from(1),
        Err(Failure::Failed(message)) => {
            eprintln!("probation-directory: {message}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            eprintln!("probation-directory: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Some(Command::Schema) => return print(&crate::graphql::schema_definition()),
        Some(Command::Rules) => return rules(),
        Some(Command::Examples { dir }) => return examples(&dir),
        Some(Command::Route(arguments)) if arguments.template => return print(&template()),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "probation-directory", &mut script);
            return print(&String::from_utf8_lossy(&script));
        }
        Some(Command::Keep { argument }) => {
            logging::start(LogFormat::Text, "info");
            return private_server::keep(&argument).map_err(Failure::failed);
        }
        _ => {}
    }
    let config = Config::load().map_err(|faults| Failure::Usage(faults.to_string()))?;
    logging::start(config.log_format, &config.rust_log);
    if let Some(Command::CheckConfig) = arguments.command {
        return print(&config.describe());
    }
    let surroundings = Surroundings::read().map_err(Failure::failed)?;
    let database = Database { config: &config, surroundings: &surroundings, no_fetch: arguments.no_fetch };
    match arguments.command {
        None | Some(Command::Serve) => serve::serve(&database),
        Some(Command::Migrate) => migrate(&database),
        Some(Command::Seed { dir }) => seed(&database, dir),
        Some(Command::Locate(arguments)) => locate::locate(&database, &arguments),
        Some(Command::Route(arguments)) => route::route(&database, &arguments),
        Some(Command::Board(arguments)) => board::board(&database, &arguments),
        Some(Command::Export(arguments)) => export::export(&database, &arguments),
        Some(Command::Import(arguments)) => import::import(&database, &arguments),
        Some(Command::Check { boards, cases }) => check(&database, boards, cases.as_deref()),
        Some(Command::VerifyAudit(arguments)) => audit::verify_audit(&database, &arguments),
        Some(Command::Key(command)) => key::key(&database, &command),
        Some(Command::Grant(arguments)) => key::grant(&database, &arguments),
        Some(Command::Withdraw(arguments)) => key::withdraw(&database, &arguments),
        Some(Command::AccessLog(arguments)) => access_log::access_log(&database, &arguments),
        Some(Command::Reset { yes }) => reset(&database, yes),
        Some(
            Command::CheckConfig
            | Command::Schema
            | Command::Rules
            | Command::Examples { .. }
            | Command::Completions { .. }
            | Command::Keep { .. },
        ) => Ok(()),
    }
}

/// Prints to standard output; a reader that has gone is no fault.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::failed(error)),
        _ => Ok(()),
    }
}

fn migrate(database: &Database<'_>) -> Result<(), Failure> {
    let connected = database.connect()?;
    let applied = connected.run(prepare_database::migrate(&connected.store))?;
    match applied.len() {
        0 => print("The schema is up to date."),
        _ => print(&format!("Applied: {}", applied.join(", "))),
    }
}

fn seed(database: &Database<'_>, folder: Option<PathBuf>) -> Result<(), Failure> {
    let files = match folder {
        None => SeedFiles::embedded(),
        Some(folder) => SeedFiles::in_folder(&folder),
    };
    let files = files.map_err(Failure::failed)?;
    let connected = database.connect()?;
    connected.run(prepare_database::prepare_schema(&connected.store, connected.ownership))?;
    let report = connected.run(connected.store.load_seed(&files))?;
    print(&told(&report))
}

/// What a seed did, in words.
pub(crate) fn told(report: &SeedReport) -> String {
    let Some(version) = report.version else { return "Nothing differs from what is known.".to_owned() };
    let counts = report.counts;
    let mut text = format!(
        "Version {version}: {} facts added, {} replaced, {} closed, {} rows of reference data loaded.",
        counts.added, counts.replaced, counts.closed, counts.reference
    );
    for conflict in &report.conflicts {
        text.push_str(&format!(
            "\nkept as edited: {} {}: {}",
            conflict.relation, conflict.key, conflict.reason
        ));
    }
    text
}

fn rules() -> Result<(), Failure> {
    let examples = Examples::built_in().map_err(Failure::failed)?;
    let boards = board_examples().map_err(Failure::failed)?;
    print(&rules_page(&Tables::default(), &examples, BOARD, &boards))
}

fn examples(folder: &Path) -> Result<(), Failure> {
    let seed = SeedFiles::embedded().map_err(Failure::failed)?;
    let files = example_set(&seed);
    for (file, text) in &files {
        std::fs::write(folder.join(file), text)
            .map_err(|error| Failure::Failed(format!("{file} cannot be written: {error}")))?;
    }
    print(&format!("{} files were written.", files.len()))
}

fn check(database: &Database<'_>, boards: bool, cases: Option<&Path>) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let directory: Directory = connected.run(connected.store.load_directory(None))?;
    let bad = connected.run(Store::first_bad_change(&connected.store))?;
    let checks = directory.checks();
    let mut text = String::new();
    for check in &checks {
        let mark = if check.holds() { "ok    " } else { "FAILED" };
        text.push_str(&format!("{mark} {}: {} = {}\n", check.name, check.left, check.right));
    }
    match bad {
        None => text.push_str(&format!("ok     chain of changes up to version {}\n", directory.version())),
        Some(version) => text.push_str(&format!("FAILED chain of changes: it breaks at version {version}\n")),
    }
    print(&text)?;
    let boards_hold = !boards || board::check_boards(database, &directory)?;
    let cases_hold = cases.map_or(Ok(true), |folder| check_cases(&directory, folder))?;
    let holds = cases_hold
        && boards_hold
        && bad.is_none()
        && checks.iter().all(crate::directory::checks::Check::holds);
    if holds { Ok(()) } else { Err(Failure::DoesNotHold) }
}

/// Runs the example cases of a folder; whether all came out as they say.
fn check_cases(directory: &Directory, folder: &Path) -> Result<bool, Failure> {
    let routing = run_cases(directory, &Tables::default(), folder);
    let report = routing.and_then(|routing| Ok(routing.with(run_board_cases(BOARD, folder)?)));
    let report = report.map_err(|error| {
        Failure::Failed(format!("the cases in {} cannot be read: {error}", folder.display()))
    })?;
    if report.run == 0 && report.mismatches.is_empty() {
        return Err(Failure::Failed(format!("there is no file of cases (*.toml) in {}", folder.display())));
    }
    let mut text = String::new();
    for mismatch in &report.mismatches {
        text.push_str(&format!(
            "FAILED {} \u{201c}{}\u{201d}: {}\n",
            mismatch.file, mismatch.name, mismatch.what
        ));
    }
    let mark = if report.mismatches.is_empty() { "ok    " } else { "FAILED" };
    text.push_str(&format!("{mark} cases: {} run, {} differences\n", report.run, report.mismatches.len()));
    print(&text)?;
    Ok(report.mismatches.is_empty())
}

fn reset(database: &Database<'_>, yes: bool) -> Result<(), Failure> {
    if database.config.database_url.is_some() {
        return Err(Failure::Usage(
            "DATABASE_URL is set: reset removes the private server's data only".to_owned(),
        ));
    }
    let base = database.base();
    if !yes && !confirmed(&format!("Remove everything recorded in {}?", base.display()))? {
        return Err(Failure::Failed("nothing was removed".to_owned()));
    }
    let removed = private_server::remove(&base).map_err(Failure::failed)?;
    print(if removed.anything { "Removed." } else { "There was nothing to remove." })
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Failure::Usage("there is nobody to ask; say --yes".to_owned()));
    }
    print!("{question} Type yes: ");
    std::io::stdout().flush().map_err(Failure::failed)?;
    let mut answer = String::new();
    input.lock().read_line(&mut answer).map_err(Failure::failed)?;
    Ok(answer.trim() == "yes")
}
