//! Issuing API keys: random characters from the system, a change in the database, and the key itself once.

use crate::directory::access::NewKey;
use crate::directory::api_key::ApiKey;
use crate::domain::access::{Grant, Role};
use crate::store::keys::{By, KeyChange, KeyOrder};
use crate::store::{Store, StoreError};
use chrono::NaiveDate;

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    /// What it is for; never a personal name.
    pub label: String,
    /// Last day on which it is taken; none where it does not expire.
    pub expires_on: Option<NaiveDate>,
    /// Its roles.
    pub grants: Vec<Grant>,
}

/// What the first key is for.
const FIRST: &str = "first administrator";

/// Issues a key; it is known to nobody but the caller, and cannot be shown again.
///
/// # Errors
///
/// Where the database is away or refuses, and where the system has no random bytes.
pub async fn issue_key(
    store: &Store,
    request: &KeyRequest,
    by: By<'_>,
) -> Result<(ApiKey, KeyChange), StoreError> {
    let key = drawn()?;
    let change = store.change_keys(&KeyOrder::Issue(new_key(&key, request)), by).await?;
    Ok((key, change))
}

/// Issues an administrator's key if no key was ever issued; none where one was.
///
/// # Errors
///
/// As [`issue_key`].
pub async fn issue_first_key(store: &Store, by: By<'_>) -> Result<Option<ApiKey>, StoreError> {
    let grants = Grant::new(Role::NationalAdministrator, None).into_iter().collect();
    let request = KeyRequest { label: FIRST.to_owned(), expires_on: None, grants };
    let key = drawn()?;
    let change = store.change_keys(&KeyOrder::IssueFirst(new_key(&key, &request)), by).await?;
    Ok(matches!(change, KeyChange::Done(_)).then_some(key))
}

/// A key that nobody knows yet.
///
/// # Errors
///
/// Where the system has no random bytes.
pub fn drawn() -> Result<ApiKey, StoreError> {
    ApiKey::draw(getrandom::fill)
        .map_err(|_| StoreError::Fault("the system has no random bytes for a key".to_owned()))
}

/// What is recorded of a key.
pub fn new_key(key: &ApiKey, request: &KeyRequest) -> NewKey {
    NewKey {
        prefix: key.prefix(),
        digest: key.digest(),
        label: request.label.clone(),
        expires_on: request.expires_on,
        grants: request.grants.clone(),
    }
}
