//! The table of changes: the one way in which a version comes to be.

use super::{Connection, Store, StoreError};
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use serde_json::Value;

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = Nullable<BigInt>)]
    version: Option<i64>,
}

/// Records a change and gives its version; facts written later in the same transaction belong to it.
///
/// The head stays locked until the transaction ends.
pub(super) async fn record(
    connection: &mut Connection,
    actor: &str,
    action: &str,
    reason: Option<&str>,
    body: &Value,
) -> Result<i64, StoreError> {
    let row: Version = diesel::sql_query(
        "INSERT INTO change (actor, action, reason, body) VALUES ($1, $2, $3, $4) RETURNING version",
    )
    .bind::<Text, _>(actor)
    .bind::<Text, _>(action)
    .bind::<Nullable<Text>, _>(reason)
    .bind::<Jsonb, _>(body)
    .get_result(connection)
    .await?;
    row.version.ok_or_else(|| StoreError::Fault("a change without a version".to_owned()))
}

impl Store {
    /// The newest version in the database; 0 where nothing was ever recorded.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn newest_version(&self) -> Result<i64, StoreError> {
        let mut connection = self.connection().await?;
        let row: Version = diesel::sql_query("SELECT version FROM head").get_result(&mut connection).await?;
        Ok(row.version.unwrap_or_default())
    }

    /// The first version at which the chain of changes does not hold; none where all of it does.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn first_bad_change(&self) -> Result<Option<i64>, StoreError> {
        let mut connection = self.connection().await?;
        let row: Version =
            diesel::sql_query("SELECT first_bad_change() AS version").get_result(&mut connection).await?;
        Ok(row.version)
    }
}
