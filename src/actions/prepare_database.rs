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
}

/// Migrates and seeds as far as the ownership allows.
///
/// # Errors
///
/// Where the database is away, its schema is not this program's, or the seed does not fit.
pub async fn prepare_database(
    store: &Store,
    ownership: Ownership,
    seed: &SeedFiles,
) -> Result<Prepared, StoreError> {
    let state = store.schema_state().await?;
    let mut prepared = Prepared::default();
    match (state, ownership) {
        (SchemaState::Newer(versions), _) => {
            return Err(StoreError::Schema(format!(
                "the database was migrated by a newer program (unknown migrations {}); run that one",
                versions.join(", ")
            )));
        }
        (SchemaState::Older(missing), Ownership::Shared) => {
            return Err(StoreError::Schema(format!(
                "the database lacks the migrations {}; apply them with `probation-directory migrate`",
                missing.join(", ")
            )));
        }
        (SchemaState::Foreign, _) => {
            return Err(StoreError::Schema(
                "the database holds tables of something else; give the directory a database of its own"
                    .to_owned(),
            ));
        }
        (SchemaState::Current, _) => {}
        (SchemaState::Empty, _) | (SchemaState::Older(_), Ownership::Private) => {
            prepared.migrations = store.migrate().await?;
        }
    }
    // A program's seed is merged once: what was loaded by hand after it is not taken back at the next start.
    let is_due = match ownership {
        Ownership::Private => !store.knows_seed(seed).await?,
        Ownership::Shared => store.newest_version().await? == 0,
    };
    if is_due {
        prepared.seed = Some(store.load_seed(seed).await?);
    }
    Ok(prepared)
}
