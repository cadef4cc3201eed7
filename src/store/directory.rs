//! Loading a whole directory: every recorded row, in one read-only transaction that sees one version.

use super::schema::*;
use super::{Connection, Store, StoreError};
use crate::directory::records::{
    AuthorityRow, BoardRow, BodyRow, ChangeStamp, Code, Coverage, DataSet, Name, Operation, Ownership,
    PostDescriptionRow, PostRow, Records, Row, SourceRow, Statement, Succession, Successor,
};
use crate::directory::{Directory, Fault};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::period::{Period, Versions};
use crate::domain::source::{Basis, Citation};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

type DayRange = (Bound<NaiveDate>, Bound<NaiveDate>);
type VersionRange = (Bound<i64>, Bound<i64>);
/// Source, basis and note, as every fact has them.
type Cited = (String, String, Option<String>);

impl Store {
    /// Loads and builds the directory; reference data that did not change is taken over from `earlier`.
    ///
    /// # Errors
    ///
    /// Where the database is away, or every fault of what is recorded.
    pub async fn load_directory(&self, earlier: Option<&Directory>) -> Result<Directory, StoreError> {
        let mut connection = self.connection().await?;
        let loaded = connection
            .build_transaction()
            .read_only()
            .repeatable_read()
            .run(async |connection| load(connection).await)
            .await?;
        build(loaded, earlier)
    }
}

/// Checks that what a transaction has written so far makes a directory.
pub(super) async fn check(connection: &mut Connection) -> Result<(), StoreError> {
    build(load(connection).await?, None).map(|_| ())
}

fn build(
    (records, faults): (Records, Vec<Fault>),
    earlier: Option<&Directory>,
) -> Result<Directory, StoreError> {
    match (Directory::build(records, earlier), faults.is_empty()) {
        (Ok(directory), true) => Ok(directory),
        (Ok(_), false) => Err(StoreError::Faults(faults)),
        (Err(more), _) => Err(StoreError::Faults(faults.into_iter().chain(more).collect())),
    }
}

/// Turns columns into domain values and keeps what cannot be turned as faults.
#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
    citations: HashMap<Cited, Arc<Citation>>,
}

impl Reader {
    fn fault<T>(&mut self, place: &'static str, what: &str) -> Option<T> {
        self.faults.push(Fault { place, what: what.to_owned() });
        None
    }

    fn period(&mut self, place: &'static str, range: DayRange) -> Option<Period> {
        let from = match range.0 {
            Bound::Included(day) => Some(day),
            Bound::Excluded(day) => day.succ_opt(),
            Bound::Unbounded => None,
        };
        let until = match range.1 {
            Bound::Included(day) => day.succ_opt(),
            Bound::Excluded(day) => Some(day),
            Bound::Unbounded => None,
        };
        let period = from.and_then(|from| Period::new(from, until));
        period.or_else(|| self.fault(place, "a period without a first day, or empty"))
    }

    fn versions(&mut self, place: &'static str, range: VersionRange) -> Option<Versions> {
        let from = match range.0 {
            Bound::Included(version) => Some(version),
            Bound::Excluded(version) => Some(version + 1),
            Bound::Unbounded => None,
        };
        let until = match range.1 {
            Bound::Included(version) => Some(version + 1),
            Bound::Excluded(version) => Some(version),
            Bound::Unbounded => None,
        };
        let versions = from.and_then(|from| Versions::new(from, until));
        versions.or_else(|| self.fault(place, "a recorded range without a first version, or empty"))
    }

    fn citation(&mut self, place: &'static str, cited: Cited) -> Option<Arc<Citation>> {
        if let Some(citation) = self.citations.get(&cited) {
            return Some(Arc::clone(citation));
        }
        let Some(basis) = Basis::from_code(&cited.1) else {
            return self.fault(place, "a basis that is not known");
        };
        let citation = Arc::new(Citation { source: cited.0.clone(), basis, note: cited.2.clone() });
        self.citations.insert(cited, Arc::clone(&citation));
        Some(citation)
    }

    fn kind(&mut self, place: &'static str, code: &str) -> Option<BodyKind> {
        BodyKind::from_code(code).or_else(|| self.fault(place, "a kind of body that is not known"))
    }

    fn row<T>(
        &mut self,
        place: &'static str,
        fact: i64,
        valid: DayRange,
        recorded: VersionRange,
        cited: Cited,
        value: T,
    ) -> Option<Row<T>> {
        let valid = self.period(place, valid)?;
        let recorded = self.versions(place, recorded)?;
        let citation = self.citation(place, cited)?;
        Some(Row { fact, valid, recorded, citation, value })
    }
}

async fn load(connection: &mut Connection) -> Result<(Records, Vec<Fault>), StoreError> {
    let mut reader = Reader::default();
    let records = Records {
        changes: changes(connection).await?,
        sources: sources(connection, &mut reader).await?,
        bodies: bodies(connection, &mut reader).await?,
        periods: periods(connection, &mut reader).await?,
        names: names(connection, &mut reader).await?,
        codes: codes(connection, &mut reader).await?,
        coverage: coverages(connection, &mut reader).await?,
        operations: operations(connection, &mut reader).await?,
        ownerships: ownerships(connection, &mut reader).await?,
        successions: successions(connection, &mut reader).await?,
        statements: statements(connection, &mut reader).await?,
        boards: boards(connection).await?,
        board_names: board_names(connection, &mut reader).await?,
        posts: posts(connection).await?,
        post_descriptions: post_descriptions(connection, &mut reader).await?,
        post_holders: post_holders(connection, &mut reader).await?,
        data_sets: data_sets(connection, &mut reader).await?,
        authorities: authorities(connection, &mut reader).await?,
    };
    Ok((records, reader.faults))
}

async fn changes(connection: &mut Connection) -> Result<Vec<ChangeStamp>, StoreError> {
    let rows: Vec<(i64, DateTime<Utc>)> =
        change::table.select((change::version, change::at)).order(change::version).load(connection).await?;
    Ok(rows.into_iter().map(|(version, at)| ChangeStamp { version, at }).collect())
}

async fn sources(connection: &mut Connection, reader: &mut Reader) -> Result<Vec<SourceRow>, StoreError> {
    let rows: Vec<(String, String, String, String, VersionRange)> = source::table
        .select((source::key, source::title, source::location, source::supports, source::recorded))
        .order(source::key)
        .load(connection)
        .await?;
    let rows = rows.into_iter().filter_map(|(key, title, location, supports, recorded)| {
        let recorded = reader.versions("source", recorded)?;
        Some(SourceRow { key, title, location, supports, recorded })
    });
    Ok(rows.collect())
}

async fn bodies(connection: &mut Connection, reader: &mut Reader) -> Result<Vec<(i64, BodyRow)>, StoreError> {
    let rows: Vec<(i64, String, String, String, VersionRange)> = body::table
        .select((body::id, body::kind, body::slug, body::country, body::recorded))
        .order(body::id)
        .load(connection)
        .await?;
    let rows = rows.into_iter().filter_map(|(id, kind, slug, country, recorded)| {
        let kind = reader.kind("body", &kind)?;
        let recorded = reader.versions("body", recorded)?;
        Some((id, BodyRow { kind, slug, country, recorded }))
    });
    Ok(rows.collect())
}

/// Loads the rows of a table of facts and turns each into a row of the domain.
macro_rules! facts {
    ($connection:ident, $reader:ident, $table:ident, $place:literal, ($($column:ident: $type:ty),*), $value:expr) => {{
        type Loaded = (i64, ($($type,)*), DayRange, VersionRange, Cited);
        let rows: Vec<Loaded> = $table::table
            .select((
                $table::fact,
                ($($table::$column,)*),
                $table::valid,
                $table::recorded,
                ($table::source, $table::basis, $table::note),
            ))
            .order($table::id)
            .load($connection)
            .await?;
        let mut read = Vec::with_capacity(rows.len());
        for (fact, ($($column,)*), valid, recorded, cited) in rows {
            let read_value = $value;
            if let Some(value) = read_value(&mut *$reader, $($column),*) {
                read.extend($reader.row($place, fact, valid, recorded, cited, value));
            }
        }
        Ok(read)
    }};
}

async fn periods(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, ())>>, StoreError> {
    facts!(connection, reader, body_period, "body_period", (body_id: i64), |_: &mut Reader, body| Some((body, ())))
}

async fn names(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, Name)>>, StoreError> {
    facts!(
        connection,
        reader,
        body_name,
        "body_name",
        (body_id: i64, usage: String, name: String),
        |reader: &mut Reader, body, usage: String, name| {
            let usage = NameUsage::from_code(&usage)
                .or_else(|| reader.fault("body_name", "a usage of a name that is not known"))?;
            Some((body, Name { usage, name }))
        }
    )
}

async fn codes(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, Code)>>, StoreError> {
    facts!(
        connection,
        reader,
        body_code,
        "body_code",
        (body_id: i64, scheme: String, code: String),
        |_: &mut Reader, body, scheme, code| Some((body, Code { scheme, code }))
    )
}

async fn coverages(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<Coverage>>, StoreError> {
    facts!(
        connection,
        reader,
        coverage,
        "coverage",
        (area_id: i64, kind: String, body_id: i64),
        |reader: &mut Reader, area, kind: String, body| {
            Some(Coverage { area, body, kind: reader.kind("coverage", &kind)? })
        }
    )
}

async fn operations(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<Operation>>, StoreError> {
    facts!(
        connection,
        reader,
        operation,
        "operation",
        (package_id: i64, crc_id: i64),
        |_: &mut Reader, package, crc| Some(Operation { package, crc })
    )
}

async fn ownerships(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<Ownership>>, StoreError> {
    facts!(
        connection,
        reader,
        ownership,
        "ownership",
        (crc_id: i64, owner_id: i64, partners: Option<String>),
        |_: &mut Reader, crc, owner, partners| Some(Ownership { crc, owner, partners })
    )
}

async fn successions(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<Succession>>, StoreError> {
    facts!(
        connection,
        reader,
        succession,
        "succession",
        (predecessor_id: i64, successor_id: i64),
        |_: &mut Reader, predecessor, successor| Some(Succession { predecessor, successor })
    )
}

async fn statements(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, Statement)>>, StoreError> {
    type Loaded = (i64, (i64, String, String, String), VersionRange, Cited);
    let rows: Vec<Loaded> = statement::table
        .select((
            statement::fact,
            (statement::body_id, statement::field, statement::value, statement::used),
            statement::recorded,
            (statement::source, statement::basis, statement::note),
        ))
        .order(statement::id)
        .load(connection)
        .await?;
    // What a source states has no days of its own.
    let always = (Bound::Included(crate::domain::calendar::FIRST_DAY), Bound::Unbounded);
    let rows = rows.into_iter().filter_map(|(fact, (body, field, value, used), recorded, cited)| {
        reader.row("statement", fact, always, recorded, cited, (body, Statement { field, value, used }))
    });
    Ok(rows.collect())
}

async fn boards(connection: &mut Connection) -> Result<Vec<(i64, BoardRow)>, StoreError> {
    let rows: Vec<(i64, String, i64)> = board::table
        .select((board::id, board::slug, board::area_id))
        .order(board::id)
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, slug, area)| (id, BoardRow { slug, area })).collect())
}

async fn board_names(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, String)>>, StoreError> {
    facts!(
        connection,
        reader,
        board_description,
        "board_description",
        (board_id: i64, name: String),
        |_: &mut Reader, board, name| Some((board, name))
    )
}

async fn posts(connection: &mut Connection) -> Result<Vec<(i64, PostRow)>, StoreError> {
    let rows: Vec<(i64, String)> =
        post::table.select((post::id, post::slug)).order(post::id).load(connection).await?;
    Ok(rows.into_iter().map(|(id, slug)| (id, PostRow { slug })).collect())
}

async fn post_descriptions(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<PostDescriptionRow>>, StoreError> {
    facts!(
        connection,
        reader,
        post_description,
        "post_description",
        (post_id: i64, title: String, body_id: i64, reports_to_id: Option<i64>),
        |_: &mut Reader, post, title, body, reports_to| Some(PostDescriptionRow { post, title, body, reports_to })
    )
}

async fn post_holders(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<Row<(i64, String)>>, StoreError> {
    facts!(
        connection,
        reader,
        post_holder,
        "post_holder",
        (post_id: i64, holder: String),
        |_: &mut Reader, post, holder| Some((post, holder))
    )
}

async fn data_sets(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<(i64, DataSet)>, StoreError> {
    let rows: Vec<(i64, String, NaiveDate, i32, VersionRange)> = data_set::table
        .select((data_set::id, data_set::name, data_set::as_of, data_set::row_count, data_set::recorded))
        .order(data_set::id)
        .load(connection)
        .await?;
    let rows = rows.into_iter().filter_map(|(id, name, as_of, row_count, recorded)| {
        let recorded = reader.versions("data_set", recorded)?;
        Some((id, DataSet { name, as_of, row_count: row_count.max(0) as usize, recorded }))
    });
    Ok(rows.collect())
}

type AuthorityColumns = (
    (i64, String, String, Option<String>, String),
    (Option<String>, Option<String>, String, String),
    (Option<NaiveDate>, Option<String>, Option<String>, Option<NaiveDate>),
    Cited,
);

async fn authorities(
    connection: &mut Connection,
    reader: &mut Reader,
) -> Result<Vec<(i64, AuthorityRow)>, StoreError> {
    use local_authority as l;
    let rows: Vec<AuthorityColumns> = l::table
        .select((
            (l::data_set_id, l::code, l::name, l::welsh_name, l::kind),
            (l::upper_tier_code, l::upper_tier_name, l::police_force_area_code, l::area_slug),
            (l::first_day, l::successor_code, l::successor_name, l::successor_from),
            (l::source, l::basis, l::note),
        ))
        .order((l::data_set_id, l::code))
        .load(connection)
        .await?;
    let rows = rows.into_iter().filter_map(|(identity, place, successor, cited)| {
        let (set, code, name, welsh_name, kind) = identity;
        // The first letter of a code is that of its country; the table checks that it is.
        let country = if code.starts_with('W') { "Wales" } else { "England" }.to_owned();
        let (tier_code, tier_name, police_force_area_code, area_slug) = place;
        let (first_day, code_after, name_after, from_after) = successor;
        let successor = match (code_after, name_after, from_after) {
            (Some(code), Some(name), Some(from)) => Some(Successor { code, name, from }),
            _ => None,
        };
        let citation = reader.citation("local_authority", cited)?;
        let upper_tier = tier_code.zip(tier_name);
        let row = AuthorityRow {
            code,
            name,
            welsh_name,
            kind,
            country,
            upper_tier,
            police_force_area_code,
            area_slug,
            from: first_day,
            successor,
            citation,
        };
        Some((set, row))
    });
    Ok(rows.collect())
}
