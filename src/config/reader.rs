//! Takes settings one by one from the environment and the file, and gathers what is wrong with them.
//!
//! The parsers of single values stand below. Which settings there are is left to `Config`, and the words of a
//! choice and the database's URL have parsers of their own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::config::{FileFormat, Source};
use chrono::NaiveDate;

use super::choices::DirectoryDate;
use super::faults::{ConfigFaults, Fault, Origin, Refusal, refuse, shown};

/// Both sources, and what was found in them so far.
pub(super) struct Reader<'e> {
    environment: &'e BTreeMap<String, String>,
    /// What nobody has taken yet of the file.
    file: BTreeMap<String, ::config::Value>,
    path: PathBuf,
    /// The settings asked for so far, as the file spells them.
    known: Vec<String>,
    origins: BTreeMap<&'static str, Origin>,
    faults: Vec<Fault>,
}

/// The value of this variable. An empty one counts as absent.
pub(super) fn variable<'e>(environment: &'e BTreeMap<String, String>, name: &str) -> Option<&'e str> {
    environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

impl<'e> Reader<'e> {
    pub(super) fn new(
        environment: &'e BTreeMap<String, String>,
        file: Option<(&Path, &str)>,
        faults: Vec<Fault>,
    ) -> Self {
        let (path, text) = file.unwrap_or((Path::new(""), ""));
        let mut reader = Self {
            environment,
            file: BTreeMap::new(),
            path: path.to_owned(),
            known: Vec::new(),
            origins: BTreeMap::new(),
            faults,
        };
        match ::config::File::from_str(text, FileFormat::Toml).collect() {
            Ok(values) => reader.file.extend(values),
            Err(error) => {
                // Below its first line the message quotes the file, which may hold a password.
                let message = error.to_string();
                let first = message.lines().next().unwrap_or_default();
                let place = first.strip_prefix("TOML parse error").unwrap_or_default();
                let refusal = Refusal::new(
                    format!("cannot be read as TOML{place}"),
                    "write each setting as name = \"value\"",
                );
                reader.faults.push(Fault::new("the file", reader.file_origin(), refusal));
            }
        }
        reader
    }

    fn file_origin(&self) -> Origin {
        Origin::File(self.path.clone())
    }

    /// Takes the setting into `slot` if somebody gave it, or notes why it cannot be used.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        slot: &mut T,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) {
        let key = name.to_lowercase();
        self.known.push(key.clone());
        let in_file = self.file.remove(&key);
        let (setting, origin, text) = match (variable(self.environment, name), in_file) {
            (Some(text), _) => (name.to_owned(), Origin::Environment, Ok(text.to_owned())),
            (None, Some(value)) => (key, self.file_origin(), value.into_string()),
            (None, None) => return,
        };
        let parsed = match text.as_deref() {
            Ok("") => refuse("is empty", "give a value or leave it out"),
            Ok(text) if text.contains(char::REPLACEMENT_CHARACTER) => {
                refuse("is not UTF-8", "write it in UTF-8")
            }
            Ok(text) => parse(text),
            Err(_) => refuse("is a list or a table", "give a single value"),
        };
        match parsed {
            Ok(value) => *slot = value,
            Err(refusal) => self.faults.push(Fault::new(setting, origin.clone(), refusal)),
        }
        self.origins.insert(name, origin);
    }

    /// Where each setting came from, or all faults; a key that nobody has taken is one.
    pub(super) fn finish(mut self) -> Result<BTreeMap<&'static str, Origin>, ConfigFaults> {
        let origin = self.file_origin();
        for key in self.file.keys() {
            let meant = key.to_lowercase().replace('-', "_");
            let right = match nearest(&meant, &self.known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("settings are {}", self.known.join(", ")),
            };
            // The value is not shown: the key may be a misspelt `database_url`.
            let refusal = Refusal::new("is not a setting", right);
            self.faults.push(Fault::new(shown(key), origin.clone(), refusal));
        }
        if self.faults.is_empty() { Ok(self.origins) } else { Err(ConfigFaults(self.faults)) }
    }
}

/// The known word that was probably meant: at most two slips away.
fn nearest<'k>(word: &str, known: &'k [String]) -> Option<&'k String> {
    let slips = known.iter().map(|candidate| (slips_between(word, candidate), candidate));
    slips.min().filter(|(slips, _)| *slips <= 2).map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out or exchanged to get from one to the other.
fn slips_between(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in right.chars().enumerate() {
            let exchanged = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

pub(super) fn address(text: &str) -> Result<SocketAddr, Refusal> {
    const RIGHT: &str = "give an IP address and a port, such as 127.0.0.1:8014 or [::1]:8014";
    text.parse().map_err(|_| Refusal::of(text, RIGHT))
}

pub(super) fn folder(text: &str) -> Result<Option<PathBuf>, Refusal> {
    Ok(Some(PathBuf::from(text)))
}

pub(super) fn directory_date(text: &str) -> Result<DirectoryDate, Refusal> {
    const DAYS: RangeInclusive<&str> = "2001-04-01"..="2199-12-31";
    if text == "today" {
        return Ok(DirectoryDate::Today);
    }
    // chrono also reads `2014-4-1` and `+2014-04-01`: only a day that is written as we would write it passes,
    // and days that are written so are in the order of their text.
    let is_ours = |day: &NaiveDate| day.to_string() == text && DAYS.contains(&text);
    let day = text.parse().ok().filter(is_ours);
    let right = || format!("give `today` or a day from {} to {}", DAYS.start(), DAYS.end());
    day.map(DirectoryDate::Day).ok_or_else(|| Refusal::of(text, right()))
}

/// The directives of env_logger, which would pass over an unknown level with no more than a warning.
pub(super) fn log_filter(text: &str) -> Result<String, Refusal> {
    let (directives, _pattern) = text.split_once('/').unwrap_or((text, ""));
    let mut levels = directives.split(',').filter_map(|directive| directive.split_once('='));
    let is_wrong = |level: &str| !level.is_empty() && level.parse::<log::LevelFilter>().is_err();
    match levels.find(|(_, level)| is_wrong(level.trim())) {
        Some((_, level)) => refuse(
            format!("has the level {}", shown(level.trim())),
            "levels are off, error, warn, info, debug, trace",
        ),
        None => Ok(text.to_owned()),
    }
}

pub(super) fn whole(text: &str, range: RangeInclusive<u32>) -> Result<u32, Refusal> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    let right = || format!("give a whole number from {} to {}", range.start(), range.end());
    number.ok_or_else(|| Refusal::of(text, right()))
}

/// A whole number of things that are counted in memory.
pub(super) fn count(text: &str, range: RangeInclusive<u32>) -> Result<usize, Refusal> {
    whole(text, range).map(|count| count as usize)
}

/// Files, separated by commas.
pub(super) fn files(text: &str) -> Result<Vec<PathBuf>, Refusal> {
    Ok(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(PathBuf::from).collect())
}

/// Origins of web pages, separated by commas.
pub(super) fn web_origins(text: &str) -> Result<Vec<String>, Refusal> {
    let is_origin = |text: &str| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        host.is_some_and(|host| {
            let is_of_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            !host.is_empty() && host.chars().all(is_of_host)
        })
    };
    let origins: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    match origins.iter().find(|origin| !is_origin(origin)) {
        Some(wrong) => {
            Err(Refusal::of(wrong, "give origins such as https://tools.example.org, separated by commas"))
        }
        None => Ok(origins),
    }
}

pub(super) fn seconds(text: &str, range: RangeInclusive<u32>) -> Result<Duration, Refusal> {
    whole(text, range).map(|seconds| Duration::from_secs(seconds.into()))
}
