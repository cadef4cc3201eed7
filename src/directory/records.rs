//! Rows as the store hands them over, in the words of the domain: what a directory is built from.
//!
//! Plain data; the keys are those of the tables and mean nothing outside one set of records.

use super::board_records::BoardRecords;
use super::feed::Feed;
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::period::{Period, Versions};
use crate::domain::source::{Basis, Citation};
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;

/// One recorded row of a fact: true on some days, known in some versions, resting on something.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Number of the fact, the same through every correction.
    pub fact: i64,
    /// Days on which it is true.
    pub valid: Period,
    /// Versions in which it is what we know.
    pub recorded: Versions,
    /// What it rests on.
    pub citation: Arc<Citation>,
    /// What it says.
    pub value: T,
}

impl<T> Row<T> {
    /// The row without its value, and the value.
    pub fn take(self) -> (Row<()>, T) {
        let Row { fact, valid, recorded, citation, value } = self;
        (Row { fact, valid, recorded, citation, value: () }, value)
    }
}

impl Row<()> {
    /// The row with a value.
    pub fn with<T>(self, value: T) -> Row<T> {
        Row { fact: self.fact, valid: self.valid, recorded: self.recorded, citation: self.citation, value }
    }
}

/// A version and when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeStamp {
    /// The version.
    pub version: i64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// A document or record on which facts rest.
#[derive(Clone, Debug)]
pub struct SourceRow {
    /// Short key by which facts cite it.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Where it can be found.
    pub location: String,
    /// What it was used for.
    pub supports: String,
    /// Versions in which this is what we know of it.
    pub recorded: Versions,
}

/// Identity of a body.
#[derive(Clone, Debug)]
pub struct BodyRow {
    /// What it is.
    pub kind: BodyKind,
    /// Its stable key within the kind.
    pub slug: String,
    /// Country it serves.
    pub country: String,
    /// Versions that know it.
    pub recorded: Versions,
}

/// A name in a usage.
#[derive(Clone, Debug)]
pub struct Name {
    /// How it is used.
    pub usage: NameUsage,
    /// The name as its source writes it.
    pub name: String,
}

/// A code of a scheme.
#[derive(Clone, Debug)]
pub struct Code {
    /// Whose code it is.
    pub scheme: String,
    /// The code.
    pub code: String,
}

/// Which body covers an area.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Key of the area.
    pub area: i64,
    /// Key of the covering body.
    pub body: i64,
    /// Kind of the covering body.
    pub kind: BodyKind,
}

/// Which company works in a contract package area.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Key of the contract package area.
    pub package: i64,
    /// Key of the company.
    pub crc: i64,
}

/// Who owns a company.
#[derive(Clone, Debug)]
pub struct Ownership {
    /// Key of the company.
    pub crc: i64,
    /// Key of the owner.
    pub owner: i64,
    /// Partners of the owner in this contract.
    pub partners: Option<String>,
}

/// Which body took over from which.
#[derive(Clone, Debug)]
pub struct Succession {
    /// Key of the body whose work was taken over.
    pub predecessor: i64,
    /// Key of the body that took it over.
    pub successor: i64,
}

/// What a source states where sources disagree.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What about the body is stated.
    pub field: String,
    /// What this source states.
    pub value: String,
    /// Whether the directory uses it, or on which calendar.
    pub used: String,
}

/// Identity of a board.
#[derive(Clone, Debug)]
pub struct BoardRow {
    /// Its stable key.
    pub slug: String,
    /// Key of its area.
    pub area: i64,
}

/// Identity of a post.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// Its stable key.
    pub slug: String,
}

/// What a post is at a time.
#[derive(Clone, Debug)]
pub struct PostDescriptionRow {
    /// Key of the post.
    pub post: i64,
    /// Its title.
    pub title: String,
    /// Key of its body.
    pub body: i64,
    /// Key of the post that it reports to.
    pub reports_to: Option<i64>,
}

/// A whole set of reference data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// What it holds.
    pub name: String,
    /// Day for which it was true.
    pub as_of: NaiveDate,
    /// How many rows it has.
    pub row_count: usize,
    /// Versions in which it is what we know.
    pub recorded: Versions,
}

/// The authority that took the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Its ONS code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
}

/// A local authority of a data set.
#[derive(Clone, Debug)]
pub struct AuthorityRow {
    /// ONS code.
    pub code: String,
    /// Name in English.
    pub name: String,
    /// Name in Welsh.
    pub welsh_name: Option<String>,
    /// Kind of authority.
    pub kind: String,
    /// England or Wales.
    pub country: String,
    /// Code and name of the county above it.
    pub upper_tier: Option<(String, String)>,
    /// ONS code of its police force area.
    pub police_force_area_code: String,
    /// Slug of its MAPPA area.
    pub area_slug: String,
    /// First day, where it is recorded.
    pub from: Option<NaiveDate>,
    /// The authority that took its place.
    pub successor: Option<Successor>,
    /// What the row rests on.
    pub citation: Arc<Citation>,
}

impl AuthorityRow {
    /// Whether the authority exists on the day, as far as is recorded.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.successor.as_ref().is_none_or(|next| on < next.from)
    }
}

/// Every recorded row of the directory.
#[derive(Debug, Default)]
pub struct Records {
    /// Every version, in order.
    pub changes: Vec<ChangeStamp>,
    /// What these did; nothing where a directory is built only to see whether it can be.
    pub feed: Feed,
    /// Sources.
    pub sources: Vec<SourceRow>,
    /// Bodies by key.
    pub bodies: Vec<(i64, BodyRow)>,
    /// When bodies exist.
    pub periods: Vec<Row<(i64, ())>>,
    /// Names of bodies.
    pub names: Vec<Row<(i64, Name)>>,
    /// Codes of bodies.
    pub codes: Vec<Row<(i64, Code)>>,
    /// Who covers which area.
    pub coverage: Vec<Row<Coverage>>,
    /// Which company works where.
    pub operations: Vec<Row<Operation>>,
    /// Who owns which company.
    pub ownerships: Vec<Row<Ownership>>,
    /// Who took over from whom.
    pub successions: Vec<Row<Succession>>,
    /// What sources state where they disagree.
    pub statements: Vec<Row<(i64, Statement)>>,
    /// Boards by key.
    pub boards: Vec<(i64, BoardRow)>,
    /// Names of boards.
    pub board_names: Vec<Row<(i64, String)>>,
    /// Seats and persons, and what is recorded of them.
    pub on_boards: BoardRecords,
    /// Posts by key.
    pub posts: Vec<(i64, PostRow)>,
    /// What posts are.
    pub post_descriptions: Vec<Row<PostDescriptionRow>>,
    /// Who holds them.
    pub post_holders: Vec<Row<(i64, String)>>,
    /// Sets of reference data by key.
    pub data_sets: Vec<(i64, DataSet)>,
    /// Local authorities with the key of their set.
    pub authorities: Vec<(i64, AuthorityRow)>,
}

/// A citation with nothing to note; for rows that are written in code.
pub fn plain_citation(source: &str, basis: Basis) -> Arc<Citation> {
    Arc::new(Citation { source: source.to_owned(), basis, note: None })
}
