//! API keys with their roles: issued, revoked, granted and taken back by changes like any other.
//!
//! No secret comes here, only its digest. Drawing a key is left to `actions`, recognising a caller to `directory::access`.

use super::{Connection, Store, StoreError, announce, change};
use crate::directory::access::{KeyRow, Keys, NewKey};
use crate::directory::api_key::Prefix;
use crate::directory::change::KeyWrite;
use crate::domain::access::{Grant, Role};
use crate::domain::period::Versions;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A change of keys or roles.
#[derive(Clone, Debug)]
pub enum KeyOrder {
    /// Issues a key.
    Issue(NewKey),
    /// Issues a key if none was ever issued.
    IssueFirst(NewKey),
    /// Revokes a key and takes back its roles.
    Revoke(Prefix),
    /// Grants a key a role.
    Grant(Prefix, Grant),
    /// Takes a role back from a key.
    Withdraw(Prefix, Grant),
}

/// Who makes a change of keys, and why.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// The identity.
    pub actor: &'a str,
    /// Why, in the words of whoever makes it.
    pub reason: Option<&'a str>,
}

/// What came of a change of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// It is done, in this version.
    Done(i64),
    /// It was so already.
    Already,
    /// No key has that prefix.
    UnknownKey,
    /// The key was revoked, and a revoked key has no roles.
    Revoked,
    /// No MAPPA area has that slug.
    UnknownArea(String),
}

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    prefix: String,
    #[diesel(sql_type = Binary)]
    digest: Vec<u8>,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Timestamptz)]
    issued_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    issued: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    revoked: Option<i64>,
}

#[derive(diesel::QueryableByName)]
struct Granted {
    #[diesel(sql_type = BigInt)]
    key_id: i64,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Text>)]
    area: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_open: bool,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Store {
    /// Every key that was ever issued, with the roles that it has now; the newest last.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        Ok(self.load_rows().await?.1)
    }

    /// The keys that are taken now.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn load_keys(&self) -> Result<Keys, StoreError> {
        let (version, rows) = self.load_rows().await?;
        Ok(Keys::new(version, &rows))
    }

    async fn load_rows(&self) -> Result<(i64, Vec<KeyRow>), StoreError> {
        let mut connection = self.connection().await?;
        connection.build_transaction().read_only().repeatable_read().run(async |c| load(c).await).await
    }

    /// Makes a change of keys or roles, as one transaction, and tells every process of the new version.
    ///
    /// # Errors
    ///
    /// Where the database is away or refuses.
    pub async fn change_keys(&self, order: &KeyOrder, by: By<'_>) -> Result<KeyChange, StoreError> {
        let mut connection = self.connection().await?;
        connection
            .build_transaction()
            .run(async |connection| {
                // The head is taken first: two cannot both find that something is still to be done.
                diesel::sql_query("SELECT version FROM head FOR UPDATE").execute(connection).await?;
                let change = match order {
                    KeyOrder::Issue(key) => issue(connection, key, by).await?,
                    KeyOrder::IssueFirst(key) => issue_first(connection, key, by).await?,
                    KeyOrder::Revoke(prefix) => revoke(connection, *prefix, by).await?,
                    KeyOrder::Grant(prefix, role) => grant(connection, *prefix, role, by).await?,
                    KeyOrder::Withdraw(prefix, role) => withdraw(connection, *prefix, role, by).await?,
                };
                if matches!(change, KeyChange::Done(_)) {
                    announce(connection).await?;
                }
                Ok(change)
            })
            .await
    }
}

/// The keys that are taken as a transaction sees it.
pub(super) async fn load_within(connection: &mut Connection) -> Result<Keys, StoreError> {
    let (version, rows) = load(connection).await?;
    Ok(Keys::new(version, &rows))
}

async fn load(connection: &mut Connection) -> Result<(i64, Vec<KeyRow>), StoreError> {
    let version: Number =
        diesel::sql_query("SELECT version AS number FROM head").get_result(connection).await?;
    let keys: Vec<Key> = diesel::sql_query(
        "SELECT k.id, k.prefix, k.digest, k.label, c.at AS issued_at, k.expires_on, \
           lower(k.recorded) AS issued, upper(k.recorded) AS revoked \
         FROM api_key k JOIN change c ON c.version = lower(k.recorded) ORDER BY k.id",
    )
    .load(connection)
    .await?;
    let granted: Vec<Granted> = diesel::sql_query(
        "SELECT g.key_id, g.role, a.slug AS area FROM role_grant g LEFT JOIN body a ON a.id = g.area_id \
         WHERE upper_inf(g.recorded) ORDER BY g.id",
    )
    .load(connection)
    .await?;
    let mut grants: HashMap<i64, Vec<Grant>> = HashMap::new();
    for Granted { key_id, role, area } in granted {
        // What this program does not know gives no right.
        let grant = Role::from_code(&role).and_then(|role| Grant::new(role, area));
        grants.entry(key_id).or_default().extend(grant);
    }
    let rows = keys.into_iter().map(|key| {
        let unsound = || StoreError::Fault("a key is recorded that cannot be one".to_owned());
        Ok(KeyRow {
            prefix: Prefix::read(&key.prefix).ok_or_else(unsound)?,
            digest: key.digest.try_into().map_err(|_| unsound())?,
            label: key.label,
            issued_at: key.issued_at,
            expires_on: key.expires_on,
            recorded: Versions::new(key.issued, key.revoked).ok_or_else(unsound)?,
            grants: grants.remove(&key.id).unwrap_or_default(),
        })
    });
    Ok((version.number, rows.collect::<Result<_, StoreError>>()?))
}

async fn issue(connection: &mut Connection, key: &NewKey, by: By<'_>) -> Result<KeyChange, StoreError> {
    let mut areas = Vec::new();
    for grant in &key.grants {
        match area_of(connection, grant).await? {
            Ok(area) => areas.push(area),
            Err(slug) => return Ok(KeyChange::UnknownArea(slug)),
        }
    }
    let grants: Vec<Value> =
        key.grants.iter().map(|grant| json!({ "role": grant.role().code(), "area": grant.area() })).collect();
    let body = json!({
        "key": key.prefix.as_str(), "label": key.label, "expiresOn": key.expires_on, "grants": grants,
    });
    let version = record(connection, by, "ISSUE_KEY", &body).await?;
    insert_key(connection, key, &areas).await?;
    Ok(KeyChange::Done(version))
}

async fn issue_first(connection: &mut Connection, key: &NewKey, by: By<'_>) -> Result<KeyChange, StoreError> {
    let issued: Number =
        diesel::sql_query("SELECT count(*) AS number FROM api_key").get_result(connection).await?;
    if issued.number > 0 { Ok(KeyChange::Already) } else { issue(connection, key, by).await }
}

async fn revoke(connection: &mut Connection, prefix: Prefix, by: By<'_>) -> Result<KeyChange, StoreError> {
    let key = match find(connection, prefix).await? {
        None => return Ok(KeyChange::UnknownKey),
        Some(found) if !found.is_open => return Ok(KeyChange::Already),
        Some(found) => found.id,
    };
    let version = record(connection, by, "REVOKE_KEY", &json!({ "key": prefix.as_str() })).await?;
    close_key(connection, key, version).await?;
    Ok(KeyChange::Done(version))
}

async fn grant(
    connection: &mut Connection,
    prefix: Prefix,
    role: &Grant,
    by: By<'_>,
) -> Result<KeyChange, StoreError> {
    let (key, area) = match standing(connection, prefix, role).await? {
        Standing::Not(why) => return Ok(why),
        Standing::Granted { .. } => return Ok(KeyChange::Already),
        Standing::NotGranted { key, area } => (key, area),
    };
    let version = record(connection, by, "GRANT_ROLE", &of_grant(prefix, role)).await?;
    insert_grant(connection, key, role.role(), area).await?;
    Ok(KeyChange::Done(version))
}

async fn withdraw(
    connection: &mut Connection,
    prefix: Prefix,
    role: &Grant,
    by: By<'_>,
) -> Result<KeyChange, StoreError> {
    let row = match standing(connection, prefix, role).await? {
        Standing::Not(why) => return Ok(why),
        Standing::NotGranted { .. } => return Ok(KeyChange::Already),
        Standing::Granted { row } => row,
    };
    let version = record(connection, by, "WITHDRAW_ROLE", &of_grant(prefix, role)).await?;
    close_grant(connection, row, version).await?;
    Ok(KeyChange::Done(version))
}

/// Carries out one step of a change that is recorded already; whether what it stands on was there.
pub(super) async fn carry_out(
    connection: &mut Connection,
    write: &KeyWrite,
    version: i64,
) -> Result<bool, StoreError> {
    match write {
        KeyWrite::Issue(key) => {
            let mut areas = Vec::new();
            for grant in &key.grants {
                let Ok(area) = area_of(connection, grant).await? else { return Ok(false) };
                areas.push(area);
            }
            insert_key(connection, key, &areas).await?;
        }
        KeyWrite::Revoke(prefix) => {
            let Some(found) = find(connection, *prefix).await?.filter(|found| found.is_open) else {
                return Ok(false);
            };
            close_key(connection, found.id, version).await?;
        }
        KeyWrite::Grant(prefix, role) => {
            let Standing::NotGranted { key, area } = standing(connection, *prefix, role).await? else {
                return Ok(false);
            };
            insert_grant(connection, key, role.role(), area).await?;
        }
        KeyWrite::Withdraw(prefix, role) => {
            let Standing::Granted { row } = standing(connection, *prefix, role).await? else {
                return Ok(false);
            };
            close_grant(connection, row, version).await?;
        }
    }
    Ok(true)
}

async fn insert_key(
    connection: &mut Connection,
    key: &NewKey,
    areas: &[Option<i64>],
) -> Result<(), StoreError> {
    let issued: Number = diesel::sql_query(
        "INSERT INTO api_key (prefix, digest, label, expires_on) VALUES ($1, $2, $3, $4) RETURNING id AS number",
    )
    .bind::<Text, _>(key.prefix.as_str())
    .bind::<Binary, _>(key.digest.as_slice())
    .bind::<Text, _>(&key.label)
    .bind::<Nullable<Date>, _>(key.expires_on)
    .get_result(connection)
    .await?;
    for (grant, area) in key.grants.iter().zip(areas) {
        insert_grant(connection, issued.number, grant.role(), *area).await?;
    }
    Ok(())
}

async fn close_key(connection: &mut Connection, key: i64, version: i64) -> Result<(), StoreError> {
    for close in [
        "UPDATE role_grant SET recorded = int8range(lower(recorded), $2) WHERE key_id = $1 AND upper_inf(recorded)",
        "UPDATE api_key SET recorded = int8range(lower(recorded), $2) WHERE id = $1",
    ] {
        let statement = diesel::sql_query(close).bind::<BigInt, _>(key).bind::<BigInt, _>(version);
        statement.execute(connection).await?;
    }
    Ok(())
}

async fn close_grant(connection: &mut Connection, row: i64, version: i64) -> Result<(), StoreError> {
    diesel::sql_query("UPDATE role_grant SET recorded = int8range(lower(recorded), $2) WHERE id = $1")
        .bind::<BigInt, _>(row)
        .bind::<BigInt, _>(version)
        .execute(connection)
        .await?;
    Ok(())
}

async fn record(
    connection: &mut Connection,
    by: By<'_>,
    action: &str,
    body: &Value,
) -> Result<i64, StoreError> {
    change::record(connection, by.actor, action, by.reason, body).await
}

fn of_grant(prefix: Prefix, grant: &Grant) -> Value {
    json!({ "key": prefix.as_str(), "role": grant.role().code(), "area": grant.area() })
}

async fn insert_grant(
    connection: &mut Connection,
    key: i64,
    role: Role,
    area: Option<i64>,
) -> Result<(), StoreError> {
    diesel::sql_query("INSERT INTO role_grant (key_id, role, area_id) VALUES ($1, $2, $3)")
        .bind::<BigInt, _>(key)
        .bind::<Text, _>(role.code())
        .bind::<Nullable<BigInt>, _>(area)
        .execute(connection)
        .await?;
    Ok(())
}

async fn find(connection: &mut Connection, prefix: Prefix) -> Result<Option<Found>, StoreError> {
    let found = diesel::sql_query("SELECT id, upper_inf(recorded) AS is_open FROM api_key WHERE prefix = $1")
        .bind::<Text, _>(prefix.as_str())
        .get_result(connection)
        .await;
    Ok(found.optional()?)
}

/// Where a grant stands to what is recorded.
enum Standing {
    Not(KeyChange),
    Granted { row: i64 },
    NotGranted { key: i64, area: Option<i64> },
}

async fn standing(
    connection: &mut Connection,
    prefix: Prefix,
    grant: &Grant,
) -> Result<Standing, StoreError> {
    let key = match find(connection, prefix).await? {
        None => return Ok(Standing::Not(KeyChange::UnknownKey)),
        Some(found) if !found.is_open => return Ok(Standing::Not(KeyChange::Revoked)),
        Some(found) => found.id,
    };
    let area = match area_of(connection, grant).await? {
        Ok(area) => area,
        Err(slug) => return Ok(Standing::Not(KeyChange::UnknownArea(slug))),
    };
    let row = diesel::sql_query(
        "SELECT id AS number FROM role_grant \
         WHERE key_id = $1 AND role = $2 AND area_id IS NOT DISTINCT FROM $3 AND upper_inf(recorded)",
    )
    .bind::<BigInt, _>(key)
    .bind::<Text, _>(grant.role().code())
    .bind::<Nullable<BigInt>, _>(area)
    .get_result::<Number>(connection)
    .await;
    Ok(match row.optional()? {
        Some(row) => Standing::Granted { row: row.number },
        None => Standing::NotGranted { key, area },
    })
}

/// The area of a grant, none where it has none; its slug where no area has that.
async fn area_of(
    connection: &mut Connection,
    grant: &Grant,
) -> Result<Result<Option<i64>, String>, StoreError> {
    let Some(slug) = grant.area() else { return Ok(Ok(None)) };
    let found = diesel::sql_query(
        "SELECT id AS number FROM body WHERE kind = 'MAPPA_AREA' AND slug = $1 AND upper_inf(recorded)",
    )
    .bind::<Text, _>(slug)
    .get_result::<Number>(connection)
    .await;
    Ok(found.optional()?.map(|area| Some(area.number)).ok_or_else(|| slug.to_owned()))
}
