//! Bringing a database to where a directory can be loaded from it: migrated and seeded, or a clear refusal.

use crate::store::migrations::SchemaState;
use crate::store::seed::{SeedFiles, SeedReport};
use crate::store::{Store, StoreError};

/// Whose database it is, which decides how freely we act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The private server's: kept up with this program.
    Private,
    /// Somebody's server: only an empty database is migrated and seeded.
    Shared,
}

/// What was done.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// Migrations that were applied.
    pub migrations: Vec<String>,
    /// What the seed did; none where no seed was loaded.
    pub seed: Option<SeedReport>,
    /// The version in which the example set was loaded; none where it was not.
    pub examples: Option<i64>,
}

/// Brings the schema up to this program as far as the ownership allows; gives the versions applied.
///
/// # Errors
///
/// Where the database is away, holds something else, or has a schema that is not this program's.
pub async fn prepare_schema(store: &Store, ownership: Ownership) -> Result<Vec<String>, StoreError> {
    match (store.schema_state().await?, ownership) {
        (SchemaState::Older(missing), Ownership::Shared) => Err(StoreError::Schema(format!(
            "the database lacks the migrations {}; apply them with `probation-directory migrate`",
            missing.join(", ")
        ))),
        _ => migrate(store).await,
    }
}

/// Applies every pending migration, whosever the database is; gives the versions applied.
///
/// # Errors
///
/// Where the database is away, holds something else, or was migrated by a newer program.
pub async fn migrate(store: &Store) -> Result<Vec<String>, StoreError> {
    match store.schema_state().await? {
        SchemaState::Newer(versions) => Err(StoreError::Schema(format!(
            "the database was migrated by a newer program (unknown migrations {}); run that one",
            versions.join(", ")
        ))),
        SchemaState::Foreign => Err(StoreError::Schema(
            "the database holds tables of something else; give the directory a database of its own"
                .to_owned(),
        )),
        SchemaState::Current => Ok(Vec::new()),
        SchemaState::Empty | SchemaState::Older(_) => store.migrate().await,
    }
}

/// Migrates and seeds as far as the ownership allows.
///
/// # Errors
///
/// As [`prepare_schema`], and where the seed does not fit.
pub async fn prepare_database(
    store: &Store,
    ownership: Ownership,
    seed: &SeedFiles,
) -> Result<Prepared, StoreError> {
    let migrations = prepare_schema(store, ownership).await?;
    // The program's own seed is merged once, and not over one that was loaded by hand.
    let is_due = match ownership {
        Ownership::Private => store.is_seed_due(seed).await?,
        Ownership::Shared => store.newest_version().await? == 0,
    };
    let seed = if is_due { Some(store.load_seed(seed).await?) } else { None };
    Ok(Prepared { migrations, seed, examples: None })
}
