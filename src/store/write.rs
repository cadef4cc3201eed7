//! A write in progress: one transaction that holds the head, in which everything is decided, written and looked at again.
//!
//! Locks are taken in one order everywhere: boards by their ids, persons by theirs, the head. Whoever holds the head sees
//! what every earlier write has done, and nobody else writes meanwhile. What is dropped without a commit is undone.

use super::written::{identity, insert_into, number, record};
use super::{Connection, Store, StoreError, announce, directory, keys};
use crate::directory::Directory;
use crate::directory::access::Keys;
use crate::directory::change::{FactWritten, Number, Summary, Table, Write};
use crate::directory::person::PersonName;
use crate::domain::source::{ADMIN, EXAMPLE};
use chrono::NaiveDate;
use diesel::OptionalExtension;
use diesel::sql_types::{Array, BigInt, Bytea, Date, Integer, Jsonb, Nullable, Text};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, RunQueryDsl, TransactionManager};
use serde_json::Value;
use std::time::Duration;

/// Longest wait until a write holds the head; after it the database counts as away, and nothing was written.
const HEAD_WAIT: Duration = Duration::from_millis(1400);
/// Longest wait for what follows, and for the commit.
const WRITE_WAIT: Duration = Duration::from_secs(20);
/// Longest wait for the answer to a commit; after it nobody knows what became of it.
const COMMIT_WAIT: Duration = Duration::from_secs(5);

/// What a write locks before the head.
#[derive(Clone, Debug, Default)]
pub struct Locks {
    /// Slugs of boards; those that do not exist are passed over.
    pub boards: Vec<String>,
    /// Numbers of persons.
    pub persons: Vec<i64>,
}

/// The change row of a write.
#[derive(Clone, Debug)]
pub struct NewChange<'a> {
    /// The identity that makes it.
    pub actor: &'a str,
    /// What is done.
    pub action: &'a str,
    /// Why, in the words of whoever makes it.
    pub reason: Option<&'a str>,
    /// The key under which it may be repeated, and what says whether the content is the same.
    pub idempotency: Option<(&'a str, [u8; 32])>,
}

/// What became of an earlier request under the same key.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The version that it made.
    pub version: i64,
    /// What says whether the content is the same.
    pub request_hash: Vec<u8>,
    /// What it touched.
    pub summary: Summary,
}

/// Why a commit gave no version.
#[derive(Debug)]
pub enum CommitFault {
    /// It was refused, and nothing is written.
    NotWritten(StoreError),
    /// The connection was lost meanwhile: it may be written, or not.
    Unknown,
}

/// A write in progress.
///
/// Its connection goes back to the pool only where its transaction is known to have ended. Whatever else becomes of the
/// write, the connection is closed, and the server undoes what was begun and gives up the locks.
pub struct OpenWrite {
    connection: Option<Object<Connection>>,
    /// The newest version: the one that everything is decided on.
    pub version: i64,
}

#[derive(diesel::QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

#[derive(diesel::QueryableByName)]
struct EarlierRow {
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Bytea)]
    request_hash: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    body: Value,
}

impl Store {
    /// Begins a write: takes the locks, and the head.
    ///
    /// # Errors
    ///
    /// Where the database is away, or the head is not to be had in time; then nothing was written.
    pub async fn begin_write(&self, locks: &Locks) -> Result<OpenWrite, StoreError> {
        let begun = tokio::time::timeout(HEAD_WAIT, async {
            let mut write = OpenWrite { connection: Some(self.connection().await?), version: 0 };
            let connection = write.open()?;
            AnsiTransactionManager::begin_transaction(connection).await?;
            if !locks.boards.is_empty() {
                diesel::sql_query("SELECT id FROM board WHERE slug = ANY($1) ORDER BY id FOR NO KEY UPDATE")
                    .bind::<Array<Text>, _>(&locks.boards)
                    .execute(connection)
                    .await?;
            }
            if !locks.persons.is_empty() {
                diesel::sql_query("SELECT id FROM person WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE")
                    .bind::<Array<BigInt>, _>(&locks.persons)
                    .execute(connection)
                    .await?;
            }
            let head: Head =
                diesel::sql_query("SELECT version FROM head FOR UPDATE").get_result(connection).await?;
            write.version = head.version;
            Ok(write)
        });
        let late = || StoreError::Unavailable("the head was not to be had in time".to_owned());
        begun.await.unwrap_or_else(|_| Err(late()))
    }
}

impl OpenWrite {
    /// What became of an earlier request of an actor under a key; none where there was none.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn earlier(&mut self, actor: &str, key: &str) -> Result<Option<Earlier>, StoreError> {
        let row: Option<EarlierRow> = diesel::sql_query(
            "SELECT version, request_hash, body FROM change WHERE actor = $1 AND idempotency_key = $2",
        )
        .bind::<Text, _>(actor)
        .bind::<Text, _>(key)
        .get_result(self.open()?)
        .await
        .optional()?;
        row.map(|EarlierRow { version, request_hash, body }| {
            let summary = serde_json::from_value(body)
                .map_err(|_| StoreError::Fault("an earlier change cannot be read".to_owned()))?;
            Ok(Earlier { version, request_hash, summary })
        })
        .transpose()
    }

    /// What stands now, what this write has written so far among it.
    ///
    /// # Errors
    ///
    /// Where the database is away, or what is recorded makes no directory.
    pub async fn directory(&mut self, earlier: &Directory) -> Result<Directory, StoreError> {
        in_time(directory::load_within(self.open()?, earlier)).await
    }

    /// The keys that are taken now, what this write has written so far among them.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn keys(&mut self) -> Result<Keys, StoreError> {
        in_time(keys::load_within(self.open()?)).await
    }

    /// Records a change with its rows, and has every deferred check made; gives the version and what was written.
    ///
    /// # Errors
    ///
    /// Where the database is away or refuses: then the whole is to be dropped.
    pub async fn record(
        &mut self,
        change: &NewChange<'_>,
        writes: &[Write],
        summary: Summary,
    ) -> Result<(i64, Summary), StoreError> {
        in_time(write(self.open()?, change, writes, summary)).await
    }

    fn open(&mut self) -> Result<&mut Connection, StoreError> {
        let ended = || StoreError::Fault("a write that has ended".to_owned());
        self.connection.as_deref_mut().ok_or_else(ended)
    }

    /// The transaction has ended: the connection may serve again.
    fn give_back(&mut self) {
        self.connection = None;
    }

    /// Tells every process of the new version and makes the whole last.
    ///
    /// # Errors
    ///
    /// Where it is refused, and where nobody can tell.
    pub async fn commit(mut self) -> Result<(), CommitFault> {
        let connection = self.open().map_err(CommitFault::NotWritten)?;
        in_time(announce(connection)).await.map_err(CommitFault::NotWritten)?;
        let committed = AnsiTransactionManager::commit_transaction(connection);
        match tokio::time::timeout(COMMIT_WAIT, committed).await {
            Ok(Ok(())) => {
                self.give_back();
                Ok(())
            }
            // A server that answers with a reason has undone the whole; a connection that was lost answers nothing.
            Ok(Err(error)) => match StoreError::from(error) {
                refused @ StoreError::Refused(_) => Err(CommitFault::NotWritten(refused)),
                _ => Err(CommitFault::Unknown),
            },
            Err(_) => Err(CommitFault::Unknown),
        }
    }

    /// Undoes the whole.
    pub async fn roll_back(mut self) {
        let Ok(connection) = self.open() else { return };
        let undone = AnsiTransactionManager::rollback_transaction(connection);
        if let Ok(Ok(())) = tokio::time::timeout(COMMIT_WAIT, undone).await {
            self.give_back();
        }
    }
}

impl Drop for OpenWrite {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = || StoreError::Unavailable("the database did not answer in time".to_owned());
    tokio::time::timeout(WRITE_WAIT, work).await.unwrap_or_else(|_| Err(late()))
}

async fn write(
    connection: &mut Connection,
    change: &NewChange<'_>,
    writes: &[Write],
    mut summary: Summary,
) -> Result<(i64, Summary), StoreError> {
    let count = writes.iter().filter(|write| matches!(write, Write::Add(Number::New(_), _))).count();
    let numbers = drawn(connection, count).await?;
    let unknown = || StoreError::Fault("a row without a number".to_owned());
    for write in writes {
        let written = match write {
            Write::Close(table, fact) => Some((*table, *fact, false)),
            Write::Add(it, row) => Some((row.table(), number(*it, &numbers).ok_or_else(unknown)?, true)),
            Write::Identity(_) | Write::Name { .. } | Write::Key(_) => None,
        };
        summary.facts.extend(written.map(|(table, fact, added)| FactWritten {
            table: table.name().to_owned(),
            fact,
            added,
        }));
    }
    let version = record_change(connection, change, &summary).await?;
    for write in writes {
        carry_out(connection, write, &numbers, version).await?;
    }
    // What is checked when a transaction ends is checked now, so that a refusal can be told as one.
    diesel::sql_query("SET CONSTRAINTS ALL IMMEDIATE").execute(connection).await?;
    Ok((version, summary))
}

/// Records the change row itself; facts written later in the same transaction belong to it.
async fn record_change(
    connection: &mut Connection,
    change: &NewChange<'_>,
    summary: &Summary,
) -> Result<i64, StoreError> {
    let body = serde_json::to_value(summary)
        .map_err(|_| StoreError::Fault("a change that cannot be written down".to_owned()))?;
    let head: Head = diesel::sql_query(
        "INSERT INTO change (actor, action, reason, idempotency_key, request_hash, body) VALUES ($1, $2, $3, $4, $5, $6) RETURNING version",
    )
    .bind::<Text, _>(change.actor)
    .bind::<Text, _>(change.action)
    .bind::<Nullable<Text>, _>(change.reason)
    .bind::<Nullable<Text>, _>(change.idempotency.map(|(key, _)| key))
    .bind::<Nullable<Bytea>, _>(change.idempotency.as_ref().map(|(_, hash)| hash.as_slice()))
    .bind::<Jsonb, _>(&body)
    .get_result(connection)
    .await?;
    Ok(head.version)
}

async fn drawn(connection: &mut Connection, count: usize) -> Result<Vec<i64>, StoreError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i32::try_from(count).map_err(|_| StoreError::Fault("too many rows at once".to_owned()))?;
    let rows: Vec<Head> =
        diesel::sql_query("SELECT nextval('fact_number') AS version FROM generate_series(1, $1)")
            .bind::<Integer, _>(count)
            .load(connection)
            .await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

async fn carry_out(
    connection: &mut Connection,
    write: &Write,
    numbers: &[i64],
    version: i64,
) -> Result<(), StoreError> {
    let written = match write {
        Write::Identity(it) => {
            let (statement, record) = identity(it);
            diesel::sql_query(statement).bind::<Jsonb, _>(record).execute(connection).await?
        }
        Write::Close(table, fact) => {
            let statement = format!(
                "UPDATE {} SET recorded = int8range(lower(recorded), $2) WHERE fact = $1 AND upper_inf(recorded)",
                table.name()
            );
            diesel::sql_query(statement)
                .bind::<BigInt, _>(fact)
                .bind::<BigInt, _>(version)
                .execute(connection)
                .await?
        }
        Write::Add(it, row) => {
            let fact = number(*it, numbers).unwrap_or_default();
            let mut record = record(fact, row, numbers);
            // What corrects something made up is made up as well.
            if matches!(it, Number::Known(_)) && is_example(connection, row.table(), fact).await? {
                record["source"] = format!("{ADMIN};{EXAMPLE}").into();
            }
            diesel::sql_query(insert_into(row.table())).bind::<Jsonb, _>(record).execute(connection).await?
        }
        Write::Name { person, name, review_on } => {
            let name = name.as_ref().map(PersonName::written);
            name_person(connection, person, name, *review_on).await?
        }
        Write::Key(it) => usize::from(keys::carry_out(connection, it, version).await?),
    };
    if written == 1 {
        return Ok(());
    }
    // Everything was decided on this very version, so a row that finds nothing is our fault.
    Err(StoreError::Fault("a row that is to be written found nothing to stand on".to_owned()))
}

/// Whether a fact is of the example set, by any row of it.
async fn is_example(connection: &mut Connection, table: Table, fact: i64) -> Result<bool, StoreError> {
    let statement = format!(
        "SELECT count(*) AS version FROM {} WHERE fact = $1 AND $2 = ANY (string_to_array(source, ';'))",
        table.name()
    );
    let rows: Head = diesel::sql_query(statement)
        .bind::<BigInt, _>(fact)
        .bind::<Text, _>(EXAMPLE)
        .get_result(connection)
        .await?;
    Ok(rows.version > 0)
}

/// Puts a name right or erases it where there is a row, and else writes the row.
async fn name_person(
    connection: &mut Connection,
    person: &str,
    name: Option<&str>,
    review_on: Option<NaiveDate>,
) -> Result<usize, StoreError> {
    let statements = [
        "UPDATE person_name n SET name = $2, review_on = coalesce($3, n.review_on) FROM person p \
         WHERE p.id = n.person_id AND p.key = $1",
        "INSERT INTO person_name (person_id, name, review_on) SELECT p.id, $2, $3 FROM person p WHERE p.key = $1",
    ];
    for statement in statements {
        let written = diesel::sql_query(statement)
            .bind::<Text, _>(person)
            .bind::<Nullable<Text>, _>(name)
            .bind::<Nullable<Date>, _>(review_on)
            .execute(connection)
            .await?;
        if written > 0 {
            return Ok(written);
        }
    }
    Ok(0)
}
