//! What a fact rests on: its sources and their standing.

use serde::{Deserialize, Serialize};

/// The standing of what a fact rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// The document that the directory exists for says it.
    FoundingDocument,
    /// An Act or an order says it.
    Statute,
    /// A published record was seen that says it.
    Published,
    /// Guidance says it.
    Guidance,
    /// An administrator of the directory recorded it.
    Recorded,
    /// Commonly stated, but not confirmed in a source.
    Unconfirmed,
    /// Our own assumption.
    Assumption,
}

impl Basis {
    /// Every basis with the code that files and tables use.
    pub const ALL: [(Basis, &'static str); 7] = [
        (Basis::FoundingDocument, "FOUNDING_DOCUMENT"),
        (Basis::Statute, "STATUTE"),
        (Basis::Published, "PUBLISHED"),
        (Basis::Guidance, "GUIDANCE"),
        (Basis::Recorded, "RECORDED"),
        (Basis::Unconfirmed, "UNCONFIRMED"),
        (Basis::Assumption, "ASSUMPTION"),
    ];

    /// The basis of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<Basis> {
        Basis::ALL.iter().find(|(_, known)| *known == code).map(|(basis, _)| *basis)
    }
}

/// A value with what it rests on.
#[derive(Clone, Copy, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who says so.
    pub source: &'static str,
    /// Standing of that source.
    pub basis: Basis,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Keys of the sources, separated by semicolons.
    pub source: String,
    /// Standing of the strongest of them.
    pub basis: Basis,
    /// What a reader should know about the fact.
    pub note: Option<String>,
}

/// Key of the source on which facts rest that an administrator recorded through this service.
pub const ADMIN: &str = "ADMIN";

/// Key of the source on which every fact of the example set rests.
pub const EXAMPLE: &str = "EXAMPLE";

impl Citation {
    /// Whether a source, by its key, is one of those that it rests on.
    pub fn cites(&self, key: &str) -> bool {
        self.source.split(';').any(|source| source == key)
    }
}
