//! The settings that are a choice between a few words, and the directory date, which is a word or a day.
//!
//! What follows from a choice is left to whoever acts on it; `Tls` is a part of `DATABASE_URL`.

use std::fmt;

use chrono::NaiveDate;

use super::faults::Refusal;

/// How a connection to the database is protected; the meaning of each is libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    Disable,
    /// If the server offers it; its certificate is not checked.
    Prefer,
    /// Always; the server's certificate is not checked.
    Require,
    /// Always, with a certificate signed by a trusted authority.
    VerifyCa,
    /// Always, with such a certificate, made out to the host's name.
    VerifyFull,
}

impl Tls {
    pub(super) const WORDS: [(&str, Self); 5] = [
        ("disable", Self::Disable),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];
}

/// The day of a look-up that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryDate {
    /// The present day in London, anew for each request.
    Today,
    /// Always this day, from 2001-04-01 to 2199-12-31.
    Day(NaiveDate),
}

impl Default for DirectoryDate {
    /// 2014-11-01, the first day after the trusts ended in law.
    fn default() -> Self {
        NaiveDate::from_ymd_opt(2014, 11, 1).map_or(Self::Today, Self::Day)
    }
}

impl fmt::Display for DirectoryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// Where the programs of the private PostgreSQL server may come from, when `PG_BIN_DIR` names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PgSource {
    /// The system if it has them, otherwise fetched.
    Any,
    /// The system only.
    System,
    /// Fetched only.
    Fetched,
}

impl PgSource {
    pub(super) const WORDS: [(&str, Self); 3] =
        [("any", Self::Any), ("system", Self::System), ("fetched", Self::Fetched)];
}

/// Whether the example boards are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examples {
    /// Once, where nobody is recorded.
    Load,
    /// Never.
    None,
}

impl Examples {
    pub(super) const WORDS: [(&str, Self); 2] = [("load", Self::Load), ("none", Self::None)];
}

/// How a record of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line of text, for people.
    Text,
    /// A JSON object on a line, for machines.
    Json,
}

impl LogFormat {
    pub(super) const WORDS: [(&str, Self); 2] = [("text", Self::Text), ("json", Self::Json)];
}

/// Whether documents are taken by their ids, and others at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustedDocuments {
    /// By their text only.
    Off,
    /// By text or id.
    Allow,
    /// Those of the manifests only.
    Only,
}

impl TrustedDocuments {
    pub(super) const WORDS: [(&str, Self); 3] =
        [("off", Self::Off), ("allow", Self::Allow), ("only", Self::Only)];
}

/// The choice that this word stands for.
pub(super) fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, Refusal> {
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Refusal::of(text, format!("give one of {}", known.join(", ")))
    })
}

/// The word that stands for this choice.
pub(super) fn word<T: PartialEq>(choice: T, words: &[(&'static str, T)]) -> &'static str {
    let found = words.iter().find(|(_, known)| *known == choice);
    found.map_or("", |(word, _)| word)
}
