//! The change feed as the snapshot holds it: what each version did, in ids and codes, for whoever keeps in step.
//!
//! Rows of the past never change, so that the next directory shares those of the one before. Reading them is left to
//! `store`, and what of them is told to whom to whoever answers.

use crate::domain::access::Grant;
use crate::domain::organisation::BodyKind;
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;

/// What one version did.
///
/// With its texts shared it takes about half a kilobyte: a hundred thousand changes are some 50 MB, which
/// `cargo bench --bench audit` measures.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// The version.
    pub version: i64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who made it: an identity of the service.
    pub actor: Arc<str>,
    /// What was done, as a verb in capitals.
    pub action: Arc<str>,
    /// Why, in the words of whoever made it.
    pub reason: Option<Arc<str>>,
    /// What it touched; most changes touch little, and a seed says nothing here.
    pub touched: Touched,
}

/// What a change touched.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// The day on which it takes effect; none where it has no such day.
    pub on: Option<NaiveDate>,
    /// Slugs of boards.
    pub boards: Box<[Arc<str>]>,
    /// Bodies by kind and slug.
    pub bodies: Box<[(BodyKind, Arc<str>)]>,
    /// Keys of persons.
    pub persons: Box<[Arc<str>]>,
    /// API keys.
    pub keys: Box<[KeyTouched]>,
    /// Facts that were added and closed, in order.
    pub facts: Box<[FactTouched]>,
}

/// An API key that a change is about.
#[derive(Clone, Debug)]
pub struct KeyTouched {
    /// What names the key.
    pub prefix: Arc<str>,
    /// What it is for, where the change says it.
    pub label: Option<Arc<str>>,
    /// Its last day, where the change says it.
    pub expires_on: Option<NaiveDate>,
    /// Roles that the change is about.
    pub grants: Box<[Grant]>,
}

/// A fact of which a row was added or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactTouched {
    /// Its table.
    pub table: Arc<str>,
    /// Its number, the same through every correction.
    pub fact: i64,
    /// Whether a row of it was added; otherwise its standing row was closed.
    pub is_added: bool,
}

/// Every change, in order.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    rows: Vec<Arc<ChangeRow>>,
    hash: Vec<u8>,
}

impl Feed {
    /// The same feed with the changes that follow it, and the hash of the last of them.
    pub fn followed_by(&self, newer: Vec<ChangeRow>, hash: Vec<u8>) -> Feed {
        let rows = self.rows.iter().cloned().chain(newer.into_iter().map(Arc::new)).collect();
        Feed { rows, hash }
    }

    /// The newest version that it holds, with the hash of that change; none where it holds none.
    pub fn end(&self) -> Option<(i64, &[u8])> {
        self.rows.last().map(|row| (row.version, self.hash.as_slice()))
    }

    /// The change that made a version.
    pub fn change(&self, version: i64) -> Option<&Arc<ChangeRow>> {
        let index = usize::try_from(version.checked_sub(1)?).ok()?;
        // Versions have no gap, which building a directory checks.
        self.rows.get(index).filter(|row| row.version == version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: i64) -> ChangeRow {
        let text: Arc<str> = "TEST".into();
        let (actor, action) = (Arc::clone(&text), text);
        let touched = Touched::default();
        ChangeRow { version, at: DateTime::UNIX_EPOCH, actor, action, reason: None, touched }
    }

    #[test]
    fn a_feed_that_goes_on_shares_what_it_had() {
        let first = Feed::default().followed_by(vec![row(1), row(2)], vec![2]);
        let next = first.followed_by(vec![row(3)], vec![3]);
        assert_eq!((first.end(), next.end()), (Some((2, &[2][..])), Some((3, &[3][..]))));
        assert!(Arc::ptr_eq(&first.rows[1], &next.rows[1]));
        let versions = [-1, 0, 1, 3, 4, i64::MIN].map(|version| next.change(version).map(|row| row.version));
        assert_eq!(versions, [None, None, Some(1), Some(3), None, None]);
    }
}
