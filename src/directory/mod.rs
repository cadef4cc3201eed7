//! The picture of the world that every answer is made from: immutable, indexed, versioned.
//!
//! A [`Directory`] is built whole from recorded rows, or refused with every fault listed. It holds all
//! recorded rows of living facts, so that any day and any earlier state of knowledge are views of it.
//! No input or output, no clock; rows come from `store`.

pub mod access;
pub mod api_key;
pub mod board;
pub mod board_records;
pub mod board_rows;
mod build;
pub mod change;
pub mod checks;
pub mod feed;
pub mod governance;
pub mod live;
pub mod lookup;
pub mod names;
pub mod person;
pub mod records;
pub mod route;
pub mod seat;
pub mod view;

pub use person::Person;
pub use seat::{Board, Seat};

use crate::domain::board::{AgencyKind, PersonKey};
use crate::domain::organisation::BodyKind;
use chrono::{DateTime, Utc};
use records::{AuthorityRow, BodyRow, ChangeStamp, Code, DataSet, Name, Records, Row, Statement};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// Index of a body in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyId(u32);

/// Index of a local authority in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorityId(u32);

/// Index of a board in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoardId(u32);

/// Index of a seat in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeatId(u32);

/// Index of a post in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId(u32);

/// A body with everything ever recorded of it.
#[derive(Debug)]
pub struct Body {
    /// What it is and its stable key.
    pub identity: BodyRow,
    /// Days on which it exists.
    pub periods: Vec<Row<()>>,
    /// Its names of every usage.
    pub names: Vec<Row<Name>>,
    /// Its codes of every scheme.
    pub codes: Vec<Row<Code>>,
    /// Of an area: who covers it. Of any other body: the areas that it covers.
    pub coverage: Vec<Row<Link>>,
    /// Of a contract package area: its company. Of a company: its area.
    pub operation: Vec<Row<BodyId>>,
    /// Of a company: its owners. Of an owner: its companies.
    pub ownership: Vec<Row<Share>>,
    /// Bodies that it took over from.
    pub predecessors: Vec<Row<BodyId>>,
    /// Bodies that took over from it.
    pub successors: Vec<Row<BodyId>>,
    /// What sources state about it where they disagree.
    pub statements: Vec<Row<Statement>>,
    /// Boards that serve it, where it is an area.
    pub boards: Vec<BoardId>,
    /// Posts in it.
    pub posts: Vec<PostId>,
    /// Of an agency: as what it has the duty to co-operate.
    pub duties: Vec<Row<AgencyKind>>,
    /// Its mailboxes.
    pub mailboxes: Vec<Row<seat::Mailbox>>,
    /// Seats that ever belonged to it.
    pub seats: Vec<SeatId>,
}

/// The other end of a coverage, and the kind of the covering body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The other end.
    pub body: BodyId,
    /// Kind of the body that covers.
    pub kind: BodyKind,
}

/// The other end of an ownership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The other end.
    pub body: BodyId,
    /// Partners of the owner in this contract, as the source names them.
    pub partners: Option<String>,
}

/// A public post with everything recorded of it.
#[derive(Debug)]
pub struct Post {
    /// Its stable key.
    pub slug: String,
    /// Title, body and line over time.
    pub descriptions: Vec<Row<PostDescription>>,
    /// Holders whom a published source names.
    pub holders: Vec<Row<String>>,
}

/// What a post is at a time.
#[derive(Debug)]
pub struct PostDescription {
    /// Its title.
    pub title: String,
    /// The body that it belongs to.
    pub body: BodyId,
    /// The post that it reports to.
    pub reports_to: Option<PostId>,
}

/// A local authority of one data set, or one that later took the place of some of them.
#[derive(Debug)]
pub struct Authority {
    /// Its row.
    pub row: AuthorityRow,
    /// The area that it lies in.
    pub area: BodyId,
    /// Forces that ever had the code of its police force area; one, unless the code passed to another.
    pub forces: Vec<BodyId>,
    /// Codes of the authorities that it took the place of; empty for those of the data set itself.
    pub predecessors: Vec<String>,
}

/// Reference data: versioned as whole sets, shared between directories while a set stays.
#[derive(Debug, Default)]
pub struct Reference {
    /// The sets of local authorities, each with the versions in which it is what we know.
    pub sets: Vec<AuthoritySet>,
}

/// One data set of local authorities, indexed.
#[derive(Debug)]
pub struct AuthoritySet {
    /// What the set is and when it was recorded.
    pub data_set: DataSet,
    /// Authorities in the order of their codes; those of the set first, their later successors after.
    pub authorities: Vec<Authority>,
    /// How many of them are of the set itself.
    pub listed: usize,
    by_code: HashMap<String, AuthorityId>,
    by_name: HashMap<String, Vec<AuthorityId>>,
}

impl AuthoritySet {
    /// The authority of an index.
    pub fn authority(&self, id: AuthorityId) -> &Authority {
        &self.authorities[id.0 as usize]
    }

    /// The authority with an ONS code, whatever the case.
    pub fn by_code(&self, code: &str) -> Option<AuthorityId> {
        self.by_code.get(&code.to_ascii_uppercase()).copied()
    }

    /// Authorities with a folded name, English or Welsh.
    pub fn by_name(&self, folded: &str) -> &[AuthorityId] {
        self.by_name.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Indexes of the authorities of the set itself, in the order of their codes.
    pub fn listed(&self) -> Vec<AuthorityId> {
        self.all().into_iter().take(self.listed).collect()
    }

    /// Indexes of every authority, later ones too, in the order of their codes.
    pub fn all(&self) -> Vec<AuthorityId> {
        (0..self.authorities.len() as u32).map(AuthorityId).collect()
    }
}

/// The part that changes with every write.
#[derive(Debug, Default)]
pub struct Live {
    changes: Vec<ChangeStamp>,
    feed: feed::Feed,
    bodies: Vec<Body>,
    boards: Vec<Board>,
    board_slugs: HashMap<String, BoardId>,
    seats: Vec<Seat>,
    persons: BTreeMap<PersonKey, Person>,
    person_keys: HashMap<String, PersonKey>,
    posts: Vec<Post>,
    sources: Vec<records::SourceRow>,
    by_slug: HashMap<(BodyKind, String), BodyId>,
    by_kind: BTreeMap<BodyKind, Vec<BodyId>>,
    by_name: HashMap<String, Vec<BodyId>>,
    by_code: HashMap<(String, String), Vec<BodyId>>,
    schemes: Vec<String>,
}

/// One immutable state of the directory.
#[derive(Clone, Debug)]
pub struct Directory {
    live: Arc<Live>,
    reference: Arc<Reference>,
}

/// Something recorded that cannot be true, found while a directory was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The table or set.
    pub place: &'static str,
    /// What is wrong, by slugs and codes.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl Directory {
    /// Builds and indexes a directory from recorded rows.
    ///
    /// # Errors
    ///
    /// Every fault found: rows that point nowhere, kinds that do not fit, bodies without a period or
    /// without a name on some day of it, authorities in no area.
    pub fn build(records: Records, earlier: Option<&Directory>) -> Result<Directory, Vec<Fault>> {
        build::Builder::default().build(records, earlier)
    }

    /// The newest version that it holds; 0 where nothing was ever recorded.
    pub fn version(&self) -> i64 {
        self.live.changes.last().map_or(0, |change| change.version)
    }

    /// When that version was recorded.
    pub fn recorded_at(&self) -> Option<DateTime<Utc>> {
        self.live.changes.last().map(|change| change.at)
    }

    /// Every change stamp in order.
    pub fn changes(&self) -> &[ChangeStamp] {
        &self.live.changes
    }

    /// What each of these changes did.
    pub fn feed(&self) -> &feed::Feed {
        &self.live.feed
    }

    /// The body of an index.
    pub fn body(&self, id: BodyId) -> &Body {
        &self.live.bodies[id.0 as usize]
    }

    /// The bodies of a kind, in the order of their slugs.
    pub fn bodies(&self, kind: BodyKind) -> &[BodyId] {
        self.live.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The body of a kind with a slug.
    pub fn by_slug(&self, kind: BodyKind, slug: &str) -> Option<BodyId> {
        self.live.by_slug.get(&(kind, slug.to_owned())).copied()
    }

    /// Bodies that ever bore a folded name.
    pub fn by_name(&self, folded: &str) -> &[BodyId] {
        self.live.by_name.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Bodies that ever had a code of a scheme.
    pub fn by_code(&self, scheme: &str, code: &str) -> &[BodyId] {
        let key = (scheme.to_ascii_uppercase(), code.to_ascii_uppercase());
        self.live.by_code.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Every code scheme that is held, in order.
    pub fn schemes(&self) -> &[String] {
        &self.live.schemes
    }

    /// The board of an index.
    pub fn board(&self, id: BoardId) -> &Board {
        &self.live.boards[id.0 as usize]
    }

    /// Every board, in the order of their slugs.
    pub fn boards(&self) -> impl Iterator<Item = BoardId> {
        (0..self.live.boards.len() as u32).map(BoardId)
    }

    /// The board with a slug: that of its area.
    pub fn board_by_slug(&self, slug: &str) -> Option<BoardId> {
        self.live.board_slugs.get(slug).copied()
    }

    /// The seat of an index.
    pub fn seat(&self, id: SeatId) -> &Seat {
        &self.live.seats[id.0 as usize]
    }

    /// The seat of a board with a slug.
    pub fn seat_by_slug(&self, board: BoardId, slug: &str) -> Option<SeatId> {
        self.board(board).seats.iter().copied().find(|id| self.seat(*id).slug == slug)
    }

    /// A person, where there is one of that number.
    pub fn person(&self, key: PersonKey) -> Option<&Person> {
        self.live.persons.get(&key)
    }

    /// The person with a key as it is known outside the directory.
    pub fn person_by_key(&self, key: &str) -> Option<PersonKey> {
        self.live.person_keys.get(key).copied()
    }

    /// Every person, in the order in which they were first recorded.
    pub fn persons(&self) -> impl Iterator<Item = (PersonKey, &Person)> {
        self.live.persons.iter().map(|(key, person)| (*key, person))
    }

    /// The post of an index.
    pub fn post(&self, id: PostId) -> &Post {
        &self.live.posts[id.0 as usize]
    }

    /// The post with a slug.
    pub fn post_by_slug(&self, slug: &str) -> Option<PostId> {
        (0..self.live.posts.len() as u32).map(PostId).find(|id| self.post(*id).slug == slug)
    }

    /// Every source ever recorded.
    pub fn sources(&self) -> &[records::SourceRow] {
        &self.live.sources
    }

    /// The reference data.
    pub fn reference(&self) -> &Arc<Reference> {
        &self.reference
    }
}
