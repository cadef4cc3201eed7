//! The log of whom names were shown to: one row an answer, written before the answer is sent, and read in pages.
//!
//! Which names an answer shows is left to `graphql`, and what becomes of it without its row to `http`.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use std::time::Duration;

/// Longest wait for a row: an answer hangs on it.
const WAIT: Duration = Duration::from_millis(1500);

/// An answer that shows names, for the log of them.
#[derive(Clone, Debug)]
pub struct Access {
    /// Who is shown the names.
    pub actor: String,
    /// The request.
    pub request_id: String,
    /// Name of the operation, where its document is a trusted one.
    pub operation: Option<String>,
    /// SHA-256 of the document; none where its text can hold facts of a case.
    pub document: Option<String>,
    /// Version that it is answered from.
    pub version: i64,
    /// Slugs of the areas whose boards the names are of.
    pub boards: Vec<String>,
    /// Numbers of the persons.
    pub persons: Vec<i64>,
}

/// A row of the access log. It has no name: persons stand in it by their keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, diesel::QueryableByName)]
#[serde(rename_all = "camelCase")]
pub struct AccessRow {
    /// Its number: rows are read in this order.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// When it was written.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// Who was shown the names.
    #[diesel(sql_type = Text)]
    pub actor: String,
    /// The request.
    #[diesel(sql_type = Text)]
    pub request_id: String,
    /// Name of the operation, where its document is a trusted one.
    #[diesel(sql_type = Nullable<Text>)]
    pub operation: Option<String>,
    /// SHA-256 of the document; none where its text can hold facts of a case.
    #[diesel(sql_type = Nullable<Text>)]
    pub document: Option<String>,
    /// Version that was answered from.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Slugs of the areas whose boards the names are of.
    #[diesel(sql_type = Array<Text>)]
    pub boards: Vec<String>,
    /// Keys of the persons, in their order.
    #[diesel(sql_type = Array<Text>)]
    pub persons: Vec<String>,
}

impl Store {
    /// Rows of the access log after a number, the oldest first; at most so many.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn access_log(&self, after: i64, first: u32) -> Result<Vec<AccessRow>, StoreError> {
        let mut connection = self.connection().await?;
        let rows = diesel::sql_query(
            "SELECT l.id, l.at, l.actor, l.request_id, l.operation, l.document, l.version, l.boards, \
               ARRAY(SELECT p.key FROM person p WHERE p.id = ANY (l.persons) ORDER BY p.key) AS persons \
             FROM access_log l WHERE l.id > $1 ORDER BY l.id LIMIT $2",
        )
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(i64::from(first))
        .load(&mut connection)
        .await?;
        Ok(rows)
    }

    /// Writes a row of the access log, within a second and a half or not at all as far as anybody may rely on it.
    ///
    /// # Errors
    ///
    /// Where it is not certain that the row was written: then the names must not be shown.
    pub async fn record_access(&self, access: &Access) -> Result<(), StoreError> {
        let writing = async {
            let mut connection = self.connection().await?;
            diesel::sql_query(
                "INSERT INTO access_log (actor, request_id, operation, document, version, boards, persons) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind::<Text, _>(&access.actor)
            .bind::<Text, _>(&access.request_id)
            .bind::<Nullable<Text>, _>(&access.operation)
            .bind::<Nullable<Text>, _>(&access.document)
            .bind::<BigInt, _>(access.version)
            .bind::<Array<Text>, _>(&access.boards)
            .bind::<Array<BigInt>, _>(&access.persons)
            .execute(&mut connection)
            .await?;
            Ok(())
        };
        let late = |_| StoreError::Unavailable("the access log did not take a row in time".to_owned());
        tokio::time::timeout(WAIT, writing).await.map_err(late)?
    }
}
