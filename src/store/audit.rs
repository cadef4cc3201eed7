//! Verifying the chain of changes: each as it was recorded, each after the one before it, and the head at their end.
//!
//! The hashes are computed here. The functions and triggers of the database are not asked: whoever can alter a row can
//! alter them as well. What no chain can tell of itself, that its last changes are gone or that all of it was written anew,
//! a head tells that was kept elsewhere.

use super::{Connection, Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Binary, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use sha2::{Digest, Sha256};
use std::fmt;

/// Changes that are read at a time: the chain may be longer than memory.
const AT_A_TIME: i64 = 1_000;

/// SHA-256 of a change.
pub type ChangeHash = [u8; 32];

/// The end of a chain, to be kept where nobody who writes the record can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The newest version; 0 where nothing was recorded.
    pub version: i64,
    /// When it was recorded.
    pub at: Option<DateTime<Utc>>,
    /// Its hash, which stands for every change up to it.
    pub hash: ChangeHash,
}

/// A head that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// Its version.
    pub version: i64,
    /// Its hash.
    pub hash: ChangeHash,
}

/// Where a chain breaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The version.
    pub version: i64,
    /// What is wrong with it.
    pub how: How,
}

/// What is wrong with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is not there.
    Missing,
    /// What it says is not what was hashed.
    Altered,
    /// It was not made on the change that stands before it.
    NotAfterTheOneBefore,
    /// It is not later than the one before it.
    NotLater,
    /// The head, which is to be at its end, is elsewhere or another.
    NotTheHead,
    /// It is another change than the one that was kept.
    NotAsKept,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.version;
        match self.how {
            How::Missing => write!(f, "version {version} is missing"),
            How::Altered => write!(f, "version {version} was altered: what it says is not what was recorded"),
            How::NotAfterTheOneBefore => {
                write!(f, "version {version} was not made on the change that stands before it")
            }
            How::NotLater => write!(f, "version {version} is not later than the one before it"),
            How::NotTheHead => write!(f, "version {version} is the last, and the head is another"),
            How::NotAsKept => {
                write!(
                    f,
                    "version {version} is another change than the one that was kept: the chain was written anew"
                )
            }
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Recorded {
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    said: String,
    #[diesel(sql_type = Binary)]
    previous_hash: Vec<u8>,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

#[derive(diesel::QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

/// What a change says, as it was hashed: the columns in the one order and form of `change_hash`.
const CHANGES: &str = "SELECT version, at, previous_hash, hash, \
    jsonb_build_array(version, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), actor, action, reason, \
      idempotency_key, encode(request_hash, 'hex'), body)::text AS said \
    FROM change WHERE version > $1 ORDER BY version LIMIT $2";

impl Store {
    /// Verifies the whole chain, and that a head which was kept is in it. Writes nothing.
    ///
    /// # Errors
    ///
    /// Where the database is away. A chain that does not hold is an answer.
    pub async fn verify_chain(
        &self,
        kept: Option<KeptHead>,
    ) -> Result<Result<ChainHead, Broken>, StoreError> {
        let mut connection = self.connection().await?;
        let verify = async |connection: &mut Connection| verify(connection, kept).await;
        connection.build_transaction().read_only().repeatable_read().run(verify).await
    }
}

async fn verify(
    connection: &mut Connection,
    kept: Option<KeptHead>,
) -> Result<Result<ChainHead, Broken>, StoreError> {
    let mut chain = Chain { end: ChainHead { version: 0, at: None, hash: Sha256::digest(b"").into() }, kept };
    // From below every version that there can be: a row there is a forged one.
    let mut after = i64::MIN;
    loop {
        let rows: Vec<Recorded> = diesel::sql_query(CHANGES)
            .bind::<BigInt, _>(after)
            .bind::<BigInt, _>(AT_A_TIME)
            .load(connection)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.version;
        for row in &rows {
            if let Err(how) = chain.follow(row) {
                // Where one is missing, that is the first that is wrong, and not the one that is there instead.
                let version = if how == How::Missing { chain.end.version + 1 } else { row.version };
                return Ok(Err(Broken { version, how }));
            }
        }
    }
    let head = diesel::sql_query("SELECT version, at, hash FROM head").get_result(connection).await;
    Ok(chain.ends_at(head.optional()?))
}

/// A chain as far as it holds.
struct Chain {
    end: ChainHead,
    kept: Option<KeptHead>,
}

impl Chain {
    fn follow(&mut self, row: &Recorded) -> Result<(), How> {
        let hash: ChangeHash =
            Sha256::new().chain_update(&row.previous_hash).chain_update(&row.said).finalize().into();
        let is_other = |kept: &KeptHead| kept.version == row.version && kept.hash != hash;
        let found = [
            (row.version > self.end.version + 1, How::Missing),
            (row.version <= self.end.version, How::NotAfterTheOneBefore),
            (row.hash != hash, How::Altered),
            (row.previous_hash != self.end.hash, How::NotAfterTheOneBefore),
            (self.end.at.is_some_and(|before| row.at <= before), How::NotLater),
            (self.kept.as_ref().is_some_and(is_other), How::NotAsKept),
        ];
        if let Some((_, how)) = found.into_iter().find(|(is_wrong, _)| *is_wrong) {
            return Err(how);
        }
        self.end = ChainHead { version: row.version, at: Some(row.at), hash };
        Ok(())
    }

    fn ends_at(&self, head: Option<Head>) -> Result<ChainHead, Broken> {
        let last = self.end.version;
        let at_the_end = head
            .as_ref()
            .is_some_and(|head| (head.version, head.at) == (last, self.end.at) && head.hash == self.end.hash);
        // Whichever says that there were more: they are gone.
        let due = head.map_or(last, |head| head.version).max(self.kept.map_or(0, |kept| kept.version));
        match (due > last, at_the_end) {
            (true, _) => Err(Broken { version: last + 1, how: How::Missing }),
            (false, false) => Err(Broken { version: last, how: How::NotTheHead }),
            (false, true) => Ok(self.end),
        }
    }
}
