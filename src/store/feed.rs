//! Reading changes into the feed of a directory: all of them once, and then those that are new.
//!
//! What a writer says of a change beyond what is read here is for that writer. Writing changes is left to `change`.

use super::{Connection, StoreError};
use crate::directory::Directory;
use crate::directory::feed::{ChangeRow, FactTouched, Feed, KeyTouched, Touched};
use crate::directory::records::ChangeStamp;
use crate::domain::access::{Grant, Role};
use crate::domain::organisation::BodyKind;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Binary, Jsonb, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// Changes that are read at a time: as the database hands them over they take many times what is kept.
const AT_A_TIME: i64 = 2_000;

#[derive(diesel::QueryableByName)]
struct Recorded {
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    body: Value,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

#[derive(diesel::QueryableByName)]
struct Hash {
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

/// Every change, as stamps and as the feed: what an earlier directory holds is taken over from it.
pub(super) async fn load(
    connection: &mut Connection,
    earlier: Option<&Directory>,
) -> Result<(Vec<ChangeStamp>, Feed), StoreError> {
    let earlier = match earlier {
        Some(earlier) if goes_on(connection, earlier).await? => Some(earlier),
        _ => None,
    };
    let mut stamps = earlier.map(|earlier| earlier.changes().to_vec()).unwrap_or_default();
    let known = earlier.map(|earlier| earlier.feed().clone()).unwrap_or_default();
    let (mut newer, mut hash, mut texts) = (Vec::new(), Vec::new(), Texts::default());
    loop {
        let newest = stamps.last().map_or(0, |stamp| stamp.version);
        let rows: Vec<Recorded> = diesel::sql_query(
            "SELECT version, at, actor, action, reason, body, hash FROM change WHERE version > $1 ORDER BY version LIMIT $2",
        )
        .bind::<BigInt, _>(newest)
        .bind::<BigInt, _>(AT_A_TIME)
        .load(connection)
        .await?;
        let Some(last) = rows.last() else { break };
        hash.clone_from(&last.hash);
        stamps.extend(rows.iter().map(|row| ChangeStamp { version: row.version, at: row.at }));
        newer.extend(rows.into_iter().map(|row| read(row, &mut texts)));
    }
    let feed = if newer.is_empty() { known } else { known.followed_by(newer, hash) };
    Ok((stamps, feed))
}

/// Whether what is recorded goes on where an earlier directory ends: a database that was put back from a copy may not.
async fn goes_on(connection: &mut Connection, earlier: &Directory) -> Result<bool, StoreError> {
    let Some((version, hash)) = earlier.feed().end() else { return Ok(false) };
    let found = diesel::sql_query("SELECT hash FROM change WHERE version = $1")
        .bind::<BigInt, _>(version)
        .get_result::<Hash>(connection)
        .await;
    Ok(found.optional()?.is_some_and(|found| found.hash == hash))
}

/// Texts that many changes have in common: each is held once.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }

    fn list(&mut self, value: &Value) -> Box<[Arc<str>]> {
        strings(value).map(|text| self.shared(text)).collect()
    }
}

fn read(row: Recorded, texts: &mut Texts) -> ChangeRow {
    ChangeRow {
        version: row.version,
        at: row.at,
        actor: texts.shared(&row.actor),
        action: texts.shared(&row.action),
        reason: row.reason.map(Into::into),
        touched: touched(&row.body, texts),
    }
}

/// What a body says in the words that all writers share; anything else is passed over.
fn touched(body: &Value, texts: &mut Texts) -> Touched {
    Touched {
        on: day(&body["on"]),
        boards: texts.list(&body["boards"]),
        bodies: strings(&body["bodies"])
            .filter_map(|text| {
                let (kind, slug) = text.split_once('/')?;
                Some((BodyKind::from_code(kind)?, texts.shared(slug)))
            })
            .collect(),
        persons: texts.list(&body["persons"]),
        keys: keys(body, texts),
        facts: items(&body["facts"])
            .filter_map(|fact| {
                let table = texts.shared(fact["table"].as_str()?);
                let is_closed = !matches!(fact["closed"], Value::Null | Value::Bool(false));
                let is_added = fact["added"].as_bool().unwrap_or(!is_closed);
                Some(FactTouched { table, fact: fact["fact"].as_i64()?, is_added })
            })
            .collect(),
    }
}

/// The one key of a change of keys with what it says of it, and prefixes where only these are told.
fn keys(body: &Value, texts: &mut Texts) -> Box<[KeyTouched]> {
    let grant = |value: &Value| {
        let role = Role::from_code(value["role"].as_str()?)?;
        Grant::new(role, value["area"].as_str().map(str::to_owned))
    };
    let one = body["key"].as_str().map(|prefix| KeyTouched {
        prefix: texts.shared(prefix),
        label: body["label"].as_str().map(Into::into),
        expires_on: day(&body["expiresOn"]),
        grants: items(&body["grants"]).chain([body]).filter_map(grant).collect(),
    });
    let listed = strings(&body["keys"]).map(|prefix| KeyTouched {
        prefix: texts.shared(prefix),
        label: None,
        expires_on: None,
        grants: Box::default(),
    });
    one.into_iter().chain(listed).collect()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    items(value).filter_map(Value::as_str)
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_read_in_the_words_that_writers_share_and_nothing_else_matters() {
        let body = json!({
            "on": "2014-11-03", "boards": ["kent", 4, "essex"], "bodies": ["AGENCY/a-college", "NOTHING/x", "slugless"],
            "persons": ["p1"], "keys": ["k1"], "seats": ["kent/police"],
            "facts": [
                { "table": "appointment", "fact": 7, "added": false }, { "table": "appointment", "fact": 7, "added": true },
                { "table": "vacancy", "fact": 8, "closed": true }, { "table": "vacancy" }, 5
            ],
        });
        let read = touched(&body, &mut Texts::default());
        assert_eq!(read.on, "2014-11-03".parse().ok());
        assert_eq!(read.boards.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["kent", "essex"]);
        let bodies: Vec<_> = read.bodies.iter().map(|(kind, slug)| (*kind, slug.as_ref())).collect();
        assert_eq!(bodies, [(BodyKind::Agency, "a-college")]);
        assert_eq!((read.persons.len(), read.keys.len()), (1, 1));
        let facts: Vec<_> = read.facts.iter().map(|it| (it.table.as_ref(), it.fact, it.is_added)).collect();
        assert_eq!(facts, [("appointment", 7, false), ("appointment", 7, true), ("vacancy", 8, false)]);
        for odd in [json!(null), json!([]), json!({ "boards": "kent", "on": "soon", "facts": {} })] {
            let read = touched(&odd, &mut Texts::default());
            assert!(read.on.is_none() && read.boards.is_empty() && read.facts.is_empty(), "{odd}");
        }
    }

    #[test]
    fn a_change_of_keys_says_which_key_and_which_roles() {
        let issued = json!({
            "key": "abcd", "label": "a tool", "expiresOn": null,
            "grants": [{ "role": "READER", "area": null }, { "role": "BOARD_ADMINISTRATOR", "area": "kent" }],
        });
        let granted = json!({ "key": "abcd", "role": "AUDITOR", "area": null });
        for (body, roles) in
            [(issued, vec![Role::Reader, Role::BoardAdministrator]), (granted, vec![Role::Auditor])]
        {
            let keys = keys(&body, &mut Texts::default());
            let found: Vec<_> = keys.iter().flat_map(|key| key.grants.iter().map(Grant::role)).collect();
            assert_eq!((keys.len(), keys[0].prefix.as_ref(), found), (1, "abcd", roles));
        }
    }
}
