//! The keys that are taken now, and who each of them stands for.
//!
//! Held in memory beside the directory, so that recognising a caller touches no database. A key is looked for by its
//! prefix and compared by its digest in constant time. Leaves loading to `store`, and what a caller may do to
//! `domain::access`.

use super::api_key::{ApiKey, KeyDigest, Prefix};
use crate::domain::access::{Caller, Grant};
use crate::domain::period::Versions;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A key as it is recorded, revoked or not.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// What names it.
    pub prefix: Prefix,
    /// SHA-256 of the whole.
    pub digest: KeyDigest,
    /// What it is for.
    pub label: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Last day on which it is taken; none where it does not expire.
    pub expires_on: Option<NaiveDate>,
    /// Versions from its issue to its revocation.
    pub recorded: Versions,
    /// Roles that it has now.
    pub grants: Vec<Grant>,
}

/// A key that is to be issued. Its secret is no part of it.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What names it.
    pub prefix: Prefix,
    /// SHA-256 of the whole.
    pub digest: KeyDigest,
    /// What it is for; never a personal name.
    pub label: String,
    /// Last day on which it is taken; none where it does not expire.
    pub expires_on: Option<NaiveDate>,
    /// Its roles.
    pub grants: Vec<Grant>,
}

impl KeyRow {
    /// Whether it is taken on a day: neither revoked nor expired.
    pub fn is_taken(&self, today: NaiveDate) -> bool {
        self.recorded.until().is_none() && self.expires_on.is_none_or(|last| today <= last)
    }
}

/// The identity under which what a key does is recorded.
pub fn actor_of(prefix: Prefix) -> String {
    format!("key:{prefix}")
}

/// A caller who was recognised by a key.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// What names the key.
    pub prefix: Prefix,
    /// Who it stands for.
    pub caller: Arc<Caller>,
}

/// Why a key is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is not known, or was revoked.
    Unknown,
    /// It is the right key, and its last day has passed. Told only to who holds the whole of it.
    Expired,
}

#[derive(Debug)]
struct Known {
    digest: KeyDigest,
    expires_on: Option<NaiveDate>,
    caller: Arc<Caller>,
}

/// The keys that are taken in one version.
#[derive(Debug, Default)]
pub struct Keys {
    version: i64,
    known: HashMap<Prefix, Known>,
}

impl Keys {
    /// The keys that a version takes, of all that are recorded.
    pub fn new(version: i64, rows: &[KeyRow]) -> Keys {
        let known = rows.iter().filter(|row| row.recorded.contains(version)).map(|row| {
            let caller = Arc::new(Caller::new(&actor_of(row.prefix), &row.grants));
            (row.prefix, Known { digest: row.digest, expires_on: row.expires_on, caller })
        });
        Keys { version, known: known.collect() }
    }

    /// The version; 0 where nothing was loaded.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// Who the holder of a key is on a day, by its prefix; none where the key is not taken. Only for whoever was recognised.
    pub fn holder(&self, prefix: Prefix, today: NaiveDate) -> Option<Arc<Caller>> {
        let known = self.known.get(&prefix)?;
        let is_taken = known.expires_on.is_none_or(|last| today <= last);
        is_taken.then(|| Arc::clone(&known.caller))
    }

    /// Who a key that was not revoked stands for, expired or not; none where there is none of that prefix.
    pub fn of(&self, prefix: Prefix) -> Option<&Caller> {
        self.known.get(&prefix).map(|known| &*known.caller)
    }

    /// Keys that are taken on a day and may give keys and roles.
    pub fn administrators(&self, today: NaiveDate) -> impl Iterator<Item = Prefix> {
        let is_taken = move |known: &Known| known.expires_on.is_none_or(|last| today <= last);
        let found =
            self.known.iter().filter(move |(_, known)| is_taken(known) && known.caller.may_administer());
        found.map(|(prefix, _)| *prefix)
    }

    /// Who a key stands for on a day.
    ///
    /// # Errors
    ///
    /// Where it is not taken. An unknown prefix takes as long as a wrong secret.
    pub fn recognise(&self, key: &ApiKey, today: NaiveDate) -> Result<Recognised, NotTaken> {
        let prefix = key.prefix();
        let known = self.known.get(&prefix);
        let due = known.map_or(&[0; 32], |known| &known.digest);
        let is_right = bool::from(due.ct_eq(&key.digest()));
        match known.filter(|_| is_right) {
            None => Err(NotTaken::Unknown),
            Some(known) if known.expires_on.is_some_and(|last| last < today) => Err(NotTaken::Expired),
            Some(known) => Ok(Recognised { prefix, caller: Arc::clone(&known.caller) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;

    fn key(seed: u8) -> ApiKey {
        let mut next = seed;
        let random = |bytes: &mut [u8]| {
            bytes.iter_mut().for_each(|byte| {
                next = next.wrapping_mul(5).wrapping_add(37);
                *byte = next >> 2;
            });
            Ok::<(), ()>(())
        };
        ApiKey::draw(random).expect("a key")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn row(key: &ApiKey, expires_on: Option<&str>, recorded: (i64, Option<i64>)) -> KeyRow {
        KeyRow {
            prefix: key.prefix(),
            digest: key.digest(),
            label: "a tool".to_owned(),
            issued_at: DateTime::UNIX_EPOCH,
            expires_on: expires_on.map(day),
            recorded: Versions::new(recorded.0, recorded.1).expect("versions"),
            grants: Grant::new(Role::Reader, None).into_iter().collect(),
        }
    }

    const TODAY: &str = "2026-05-01";

    #[test]
    fn a_key_stands_for_a_caller_with_its_roles_named_by_its_prefix() {
        let key = key(1);
        let keys = Keys::new(2, &[row(&key, None, (2, None))]);
        let recognised = keys.recognise(&key, day(TODAY)).expect("a caller");
        assert_eq!(recognised.caller.actor(), Some(format!("key:{}", key.prefix()).as_str()));
        assert!(recognised.caller.may_see_names("kent") && !recognised.caller.may_change("kent"));
    }

    #[test]
    fn another_key_is_not_taken_though_it_has_the_prefix_of_one() {
        let key = key(1);
        let other = self::key(2);
        let digest_of_other = KeyRow { digest: other.digest(), ..row(&key, None, (1, None)) };
        let keys = Keys::new(1, &[digest_of_other]);
        for wrong in [&key, &other] {
            assert_eq!(keys.recognise(wrong, day(TODAY)).err(), Some(NotTaken::Unknown));
        }
        assert_eq!(Keys::default().recognise(&key, day(TODAY)).err(), Some(NotTaken::Unknown));
    }

    #[test]
    fn a_key_is_taken_up_to_its_last_day() {
        let key = key(1);
        let keys = Keys::new(1, &[row(&key, Some("2026-04-30"), (1, None))]);
        assert!(keys.recognise(&key, day("2026-04-30")).is_ok());
        assert_eq!(keys.recognise(&key, day("2026-05-01")).err(), Some(NotTaken::Expired));
        assert!(row(&key, Some("2026-04-30"), (1, None)).is_taken(day("2026-04-30")));
        assert!(!row(&key, Some("2026-04-30"), (1, None)).is_taken(day("2026-05-01")));
    }

    #[test]
    fn a_key_is_taken_from_the_version_of_its_issue_to_that_of_its_revocation() {
        let key = key(1);
        let rows = [row(&key, None, (3, Some(5)))];
        for (version, is_taken) in [(2, false), (3, true), (4, true), (5, false), (6, false)] {
            let keys = Keys::new(version, &rows);
            assert_eq!(keys.recognise(&key, day(TODAY)).is_ok(), is_taken, "{version}");
            assert_eq!((keys.version(), keys.count()), (version, usize::from(is_taken)));
        }
        assert!(!rows[0].is_taken(day(TODAY)));
    }
}
