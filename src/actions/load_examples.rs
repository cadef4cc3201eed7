//! Whether the example set is loaded, and loading it: by itself only where somebody tries the program out.

use super::prepare_database::Ownership;
use crate::store::seed::{ExampleSet, SeedFiles};
use crate::store::{Store, StoreError};

/// Loads the example set where it is wanted; gives the version that it made.
///
/// Unless told, it is loaded into the private server's database while nothing but the program's own seed is recorded
/// there, and never into somebody's.
///
/// # Errors
///
/// Where the database is away, or the set does not fit what is recorded.
pub async fn load_examples(
    store: &Store,
    ownership: Ownership,
    seed: &SeedFiles,
    wanted: Option<bool>,
) -> Result<Option<i64>, StoreError> {
    let is_wanted = match wanted {
        Some(wanted) => wanted,
        None => ownership == Ownership::Private && store.holds_only(seed).await?,
    };
    if !is_wanted {
        return Ok(None);
    }
    let set = ExampleSet::embedded().map_err(|faults| StoreError::Seed(faults.to_string()))?;
    store.load_examples(&set).await
}
