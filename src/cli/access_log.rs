//! `access-log`: to whom names of persons were shown, for an auditor. It prints no name, and so writes no row of its own.
//!
//! The log is in the database and never in the directory that is served, so that only this command reads it.

use super::Failure;
use super::database::Database;
use crate::store::access_log::AccessRow;

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory access-log
  probation-directory access-log --after 100 --first 50 --format json";

/// Which rows, and how they are printed.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only rows after the one of this number: the last that was read before.
    #[arg(long, value_name = "ID", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    /// How many rows at most, up to 1000; the oldest first.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    first: u32,
    /// How rows are printed: a line each, in words or as a JSON object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Prints rows of the access log, in the order in which they were written.
pub fn access_log(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let rows = connected.run(connected.store.access_log(arguments.after, arguments.first))?;
    let lines: Vec<String> = match arguments.format {
        Format::Json => {
            rows.iter().map(serde_json::to_string).collect::<Result<_, _>>().map_err(Failure::failed)?
        }
        Format::Text if rows.is_empty() => vec!["No names were shown.".to_owned()],
        Format::Text => rows.iter().map(line).collect(),
    };
    if lines.is_empty() { Ok(()) } else { super::print(&lines.join("\n")) }
}

fn line(row: &AccessRow) -> String {
    format!(
        "{} {} {} request {} operation {} document {} version {} boards {} persons {}",
        row.id,
        row.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        row.actor,
        row.request_id,
        row.operation.as_deref().unwrap_or("-"),
        row.document.as_deref().unwrap_or("-"),
        row.version,
        row.boards.join(","),
        row.persons.join(",")
    )
}
