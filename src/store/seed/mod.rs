//! Loading a seed: files checked whole, merged three ways with what is known, written in one transaction.
//!
//! `files` reads and checks, `relations` says what each file is, `merge` decides, this file writes.

mod examples;
mod files;
mod merge;
mod relations;
mod seats;

pub use examples::{EXAMPLE_FILES, ExampleFile, ExampleSet};
pub use files::{SeedFault, SeedFaults, SeedFiles};
pub use merge::Conflict;

use super::{Connection, Store, StoreError};
use chrono::NaiveDate;
use diesel::sql_types::{Array, BigInt, Binary, Bytea, Date, Integer, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl;
use files::Row;
use merge::{Known, Plan};
use relations::{RELATIONS, Relation};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// What a seed did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// The version that it made; none where nothing was to do.
    pub version: Option<i64>,
    /// Facts added, replaced and closed.
    pub counts: Counts,
    /// Facts on which the seed and an administrator disagree; the administrator's stands.
    pub conflicts: Vec<Conflict>,
}

/// How many facts a seed touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New facts.
    pub added: usize,
    /// Facts replaced by what the new seed says.
    pub replaced: usize,
    /// Facts that the new seed no longer states.
    pub closed: usize,
    /// Rows of reference data, where a new set was loaded.
    pub reference: usize,
}

#[derive(diesel::QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = BigInt)]
    fact: i64,
    #[diesel(sql_type = Jsonb)]
    content: Value,
}

#[derive(diesel::QueryableByName)]
struct SeededRow {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    fact: i64,
    #[diesel(sql_type = Jsonb)]
    content: Value,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct LoadedSet {
    #[diesel(sql_type = Binary)]
    sha256: Vec<u8>,
    #[diesel(sql_type = Date)]
    as_of: NaiveDate,
}

impl Store {
    /// Whether the program's own seed is to be merged at a start: it was not before, and the last one was not loaded
    /// from a folder by hand.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn is_seed_due(&self, seed: &SeedFiles) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let standing: Number = diesel::sql_query(
            "SELECT (SELECT count(*) FROM change WHERE action = 'LOAD_SEED' AND body ->> 'seed' = $1) \
             + (SELECT count(*) FROM (SELECT body FROM change WHERE action = 'LOAD_SEED' ORDER BY version DESC LIMIT 1) AS last \
                WHERE body ->> 'origin' = 'folder') AS number",
        )
        .bind::<Text, _>(seed.digest())
        .get_result(&mut connection)
        .await?;
        Ok(standing.number == 0)
    }

    /// Merges a seed into what is known, all or nothing; does nothing where nothing differs.
    ///
    /// # Errors
    ///
    /// Where the database is away, refuses a row, or the whole would make no directory; then nothing is written.
    pub async fn load_seed(&self, seed: &SeedFiles) -> Result<SeedReport, StoreError> {
        let mut connection = self.connection().await?;
        connection
            .build_transaction()
            .run(async |connection| {
                // The head is taken first, so that two seeds cannot both find nothing loaded.
                diesel::sql_query("SELECT version FROM head FOR UPDATE").execute(connection).await?;
                let report = merge_seed(connection, seed).await?;
                Ok(report)
            })
            .await
    }
}

async fn merge_seed(connection: &mut Connection, seed: &SeedFiles) -> Result<SeedReport, StoreError> {
    let mut seeded = seeded(connection).await?;
    let mut plans: Vec<(&Relation, Plan)> = Vec::new();
    for relation in RELATIONS {
        let known: Vec<Known> = diesel::sql_query(relation.current)
            .load::<KnownRow>(connection)
            .await?
            .into_iter()
            .map(|row| Known { fact: row.fact, content: row.content })
            .collect();
        let base = seeded.remove(relation.name).unwrap_or_default();
        plans.push((relation, merge::plan(relation, &base, seed.rows(relation.name), &known)));
    }
    let stale = stale_data_sets(connection, seed).await?;
    let mut report = SeedReport::default();
    for (_, plan) in &plans {
        report.counts.added += plan.insert.len();
        report.counts.replaced += plan.replace.len();
        report.counts.closed += plan.close.len();
        report.conflicts.extend(plan.conflicts.iter().cloned());
    }
    report.counts.reference = stale.iter().map(|row| seed.reference_rows(row).len()).sum();
    if plans.iter().all(|(_, plan)| plan.is_empty()) && stale.is_empty() {
        return Ok(report);
    }
    let version = record_change(connection, seed, &plans, &report).await?;
    report.version = Some(version);
    // Everything is closed before anything is added: a replaced fact must make room first.
    for (relation, plan) in &plans {
        close(connection, relation, plan, version).await?;
    }
    for (relation, plan) in &plans {
        insert(connection, relation, plan).await?;
    }
    for row in stale {
        load_data_set(connection, seed, row, version).await?;
    }
    // Rows that are each sound may still make no directory, together or with what administrators recorded.
    super::directory::check(connection).await?;
    super::announce(connection).await?;
    Ok(report)
}

async fn seeded(connection: &mut Connection) -> Result<HashMap<String, merge::Base>, StoreError> {
    let rows: Vec<SeededRow> =
        diesel::sql_query("SELECT relation, key, fact, content FROM seed_fact WHERE upper_inf(recorded)")
            .load(connection)
            .await?;
    let mut seeded: HashMap<String, merge::Base> = HashMap::new();
    for row in rows {
        let known = Known { fact: row.fact, content: row.content };
        seeded.entry(row.relation).or_default().insert(row.key, known);
    }
    Ok(seeded)
}

async fn record_change(
    connection: &mut Connection,
    seed: &SeedFiles,
    plans: &[(&Relation, Plan)],
    report: &SeedReport,
) -> Result<i64, StoreError> {
    let relations: BTreeMap<&str, Value> = plans
        .iter()
        .filter(|(_, plan)| !plan.is_empty())
        .map(|(relation, plan)| {
            let counts = json!({
                "added": plan.insert.len(), "replaced": plan.replace.len(), "closed": plan.close.len(),
            });
            (relation.name, counts)
        })
        .collect();
    let conflicts: Vec<Value> = report
        .conflicts
        .iter()
        .map(|conflict| json!({ "relation": conflict.relation, "key": conflict.key }))
        .collect();
    let body = json!({
        "seed": seed.digest(), "origin": seed.origin(), "relations": relations, "conflicts": conflicts, "referenceRows": report.counts.reference,
    });
    super::change::record(connection, "seed", "LOAD_SEED", None, &body).await
}

async fn close(
    connection: &mut Connection,
    relation: &Relation,
    plan: &Plan,
    version: i64,
) -> Result<(), StoreError> {
    let facts: Vec<i64> =
        plan.close.iter().map(|(_, fact)| *fact).chain(plan.replace.iter().map(|item| item.fact)).collect();
    if !facts.is_empty() {
        diesel::sql_query(relation.close)
            .bind::<Array<BigInt>, _>(&facts)
            .bind::<BigInt, _>(version)
            .execute(connection)
            .await?;
    }
    let keys: Vec<&str> = plan.seed_close.iter().map(String::as_str).collect();
    if !keys.is_empty() {
        diesel::sql_query(
            "UPDATE seed_fact SET recorded = int8range(lower(recorded), $3) \
             WHERE relation = $1 AND key = ANY($2) AND upper_inf(recorded)",
        )
        .bind::<Text, _>(relation.name)
        .bind::<Array<Text>, _>(&keys)
        .bind::<BigInt, _>(version)
        .execute(connection)
        .await?;
    }
    Ok(())
}

async fn insert(connection: &mut Connection, relation: &Relation, plan: &Plan) -> Result<(), StoreError> {
    let fresh: Vec<i64> =
        diesel::sql_query("SELECT nextval('fact_number') AS number FROM generate_series(1, $1)")
            .bind::<Integer, _>(plan.insert.len() as i32)
            .load::<Number>(connection)
            .await?
            .into_iter()
            .map(|row| row.number)
            .collect();
    let mut rows = Vec::with_capacity(plan.insert.len() + plan.replace.len());
    let mut seeds = Vec::new();
    let added = plan.insert.iter().zip(fresh).map(|((key, content), fact)| (key, content, fact));
    let replaced = plan.replace.iter().map(|item| (&item.key, &item.content, item.fact));
    for (key, content, fact) in added.chain(replaced) {
        let mut record = content.clone();
        record["fact"] = json!(fact);
        rows.push(record);
        seeds.push(json!({ "key": key, "fact": fact, "content": content }));
    }
    let kept = plan
        .seed_only
        .iter()
        .map(|item| json!({ "key": item.key, "fact": item.fact, "content": item.content }));
    seeds.extend(kept);
    if !rows.is_empty() {
        let expected = rows.len();
        let rows = Value::Array(rows);
        if let Some(identity) = relation.identity {
            diesel::sql_query(identity).bind::<Jsonb, _>(&rows).execute(connection).await?;
        }
        let written = diesel::sql_query(relation.insert).bind::<Jsonb, _>(&rows).execute(connection).await?;
        if written != expected {
            return Err(StoreError::Seed(format!(
                "{}: {written} of {expected} rows found everything that they point to",
                relation.name
            )));
        }
    }
    if !seeds.is_empty() {
        diesel::sql_query(
            "INSERT INTO seed_fact (relation, key, fact, content) \
             SELECT $1, r.key, r.fact, r.content FROM jsonb_to_recordset($2) AS r(key text, fact bigint, content jsonb)",
        )
        .bind::<Text, _>(relation.name)
        .bind::<Jsonb, _>(Value::Array(seeds))
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Rows of the list of data sets whose file or day differs from what was loaded last.
async fn stale_data_sets<'s>(
    connection: &mut Connection,
    seed: &'s SeedFiles,
) -> Result<Vec<&'s Row>, StoreError> {
    let mut stale = Vec::new();
    for row in seed.data_sets() {
        let loaded: Vec<LoadedSet> =
            diesel::sql_query("SELECT sha256, as_of FROM data_set WHERE name = $1 AND upper_inf(recorded)")
                .bind::<Text, _>(row.text("name"))
                .load(connection)
                .await?;
        let is_same =
            |set: &LoadedSet| set.sha256 == seed.reference_digest(row) && Some(set.as_of) == row.day("as_of");
        if !loaded.iter().any(is_same) {
            stale.push(row);
        }
    }
    Ok(stale)
}

async fn load_data_set(
    connection: &mut Connection,
    seed: &SeedFiles,
    row: &Row,
    version: i64,
) -> Result<(), StoreError> {
    let rows = seed.reference_rows(row);
    for table in [
        "UPDATE local_authority l SET recorded = int8range(lower(l.recorded), $2) FROM data_set d \
         WHERE d.id = l.data_set_id AND d.name = $1 AND upper_inf(d.recorded) AND upper_inf(l.recorded)",
        "UPDATE data_set SET recorded = int8range(lower(recorded), $2) WHERE name = $1 AND upper_inf(recorded)",
    ] {
        diesel::sql_query(table)
            .bind::<Text, _>(row.text("name"))
            .bind::<BigInt, _>(version)
            .execute(connection)
            .await?;
    }
    let id = diesel::sql_query(
        "INSERT INTO data_set (name, as_of, sha256, row_count) VALUES ($1, $2, $3, $4) RETURNING id AS number",
    )
    .bind::<Text, _>(row.text("name"))
    .bind::<Nullable<Date>, _>(row.day("as_of"))
    .bind::<Bytea, _>(seed.reference_digest(row))
    .bind::<Integer, _>(rows.len() as i32)
    .get_result::<Number>(connection)
    .await?;
    let records: Vec<Value> = rows.iter().map(Row::content).collect();
    diesel::sql_query(relations::INSERT_AUTHORITIES)
        .bind::<BigInt, _>(id.number)
        .bind::<Jsonb, _>(Value::Array(records))
        .execute(connection)
        .await?;
    Ok(())
}
