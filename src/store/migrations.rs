//! The schema's migrations: built in, applied under an advisory lock, never at request time.

use super::{Connection, Store, StoreError};
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncMigrationHarness, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Number of the advisory lock that migrating processes take in turn; of no other meaning.
const LOCK: i64 = 0x50_44_4D_49;

/// Where a database stands to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing is there.
    Empty,
    /// Nothing of ours is there, but tables of somebody else's.
    Foreign,
    /// Everything this program knows is applied, and nothing else.
    Current,
    /// These are missing.
    Older(Vec<String>),
    /// These are applied and unknown to this program.
    Newer(Vec<String>),
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// A migration with its version.
type Known = (String, Box<dyn Migration<Pg>>);

fn known() -> Result<Vec<Known>, StoreError> {
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS)
        .map_err(|_| StoreError::Fault("the built-in migrations cannot be read".to_owned()))?;
    let mut migrations: Vec<_> =
        migrations.into_iter().map(|m| (m.name().version().to_string(), m)).collect();
    migrations.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(migrations)
}

async fn applied(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Exists {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_there: bool,
    }
    let exists: Exists =
        diesel::sql_query("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS is_there")
            .get_result(connection)
            .await?;
    if !exists.is_there {
        return Ok(Vec::new());
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load(connection)
            .await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

async fn has_tables(connection: &mut Connection) -> Result<bool, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Tables {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let tables: Tables = diesel::sql_query(
        "SELECT count(*) AS number FROM pg_tables \
         WHERE schemaname = current_schema() AND tablename <> '__diesel_schema_migrations'",
    )
    .get_result(connection)
    .await?;
    Ok(tables.number > 0)
}

impl Store {
    /// Compares the database's schema with this program's.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let mut connection = self.own_connection().await?;
        let applied = applied(&mut connection).await?;
        if applied.is_empty() {
            return Ok(if has_tables(&mut connection).await? {
                SchemaState::Foreign
            } else {
                SchemaState::Empty
            });
        }
        let known = known()?;
        let newer: Vec<String> = applied
            .iter()
            .filter(|version| !known.iter().any(|(known, _)| known == *version))
            .cloned()
            .collect();
        if !newer.is_empty() {
            return Ok(SchemaState::Newer(newer));
        }
        let missing: Vec<String> = known
            .iter()
            .filter(|(version, _)| !applied.contains(version))
            .map(|(_, migration)| migration.name().to_string())
            .collect();
        Ok(if missing.is_empty() { SchemaState::Current } else { SchemaState::Older(missing) })
    }

    /// Applies every pending migration, one process at a time, each migration in a transaction of its own.
    ///
    /// Gives the versions of those that it applied.
    ///
    /// # Errors
    ///
    /// Where the database is away or a migration fails; those before it stay applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let mut connection = self.own_connection().await?;
        // A migration may take long; another process that migrates may have to be waited for.
        diesel::sql_query("SET lock_timeout = '60s'").execute(&mut connection).await?;
        diesel::sql_query("SELECT pg_advisory_lock($1)")
            .bind::<BigInt, _>(LOCK)
            .execute(&mut connection)
            .await?;
        let applied = tokio::task::spawn_blocking(move || {
            let mut harness = AsyncMigrationHarness::new(connection);
            harness
                .run_pending_migrations(MIGRATIONS)
                .map(|versions| versions.iter().map(ToString::to_string).collect::<Vec<_>>())
                .map_err(|error| StoreError::Fault(format!("a migration failed: {error}")))
            // The lock goes with the connection.
        });
        applied.await.map_err(|_| StoreError::Fault("a migration broke off".to_owned()))?
    }

    /// Takes the newest migration back; gives its version, or none where there is none.
    ///
    /// # Errors
    ///
    /// Where the database is away or the migration cannot be taken back.
    pub async fn revert_migration(&self) -> Result<Option<String>, StoreError> {
        let mut connection = self.own_connection().await?;
        diesel::sql_query("SELECT pg_advisory_lock($1)")
            .bind::<BigInt, _>(LOCK)
            .execute(&mut connection)
            .await?;
        if applied(&mut connection).await?.is_empty() {
            return Ok(None);
        }
        let reverted = tokio::task::spawn_blocking(move || {
            let mut harness = AsyncMigrationHarness::new(connection);
            harness
                .revert_last_migration(MIGRATIONS)
                .map(|version: MigrationVersion<'static>| Some(version.to_string()))
                .map_err(|error| StoreError::Fault(format!("a migration could not be taken back: {error}")))
        });
        reverted.await.map_err(|_| StoreError::Fault("a migration broke off".to_owned()))?
    }
}
