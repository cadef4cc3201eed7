//! Loading a whole directory: every recorded row, in one read-only transaction that sees one version.

use super::rows::{ALWAYS, Cited, Reader, VersionRange, events, facts};
use super::schema::*;
use super::{Connection, Store, StoreError};
use crate::directory::feed::Feed;
use crate::directory::records::{
    AuthorityRow, BoardRow, BodyRow, ChangeStamp, Code, Coverage, DataSet, Name, Operation, Ownership,
    PostDescriptionRow, PostRow, Records, Row, SourceRow, Statement, Succession, Successor,
};
use crate::directory::{Directory, Fault};
use crate::domain::organisation::NameUsage;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

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
            .run(async |connection| {
                let (changes, feed) = super::feed::load(connection, earlier).await?;
                let (records, faults) = load(connection).await?;
                Ok::<_, StoreError>((Records { changes, feed, ..records }, faults))
            })
            .await?;
        build(loaded, earlier)
    }
}

/// Loads and builds what a transaction sees; reference data that did not change is taken over from `earlier`.
pub(super) async fn load_within(
    connection: &mut Connection,
    earlier: &Directory,
) -> Result<Directory, StoreError> {
    let (changes, feed) = super::feed::load(connection, Some(earlier)).await?;
    let (records, faults) = load(connection).await?;
    build((Records { changes, feed, ..records }, faults), Some(earlier))
}

/// Checks that what a transaction has written so far makes a directory.
pub(super) async fn check(connection: &mut Connection) -> Result<(), StoreError> {
    let changes = stamps(connection).await?;
    let (records, faults) = load(connection).await?;
    build((Records { changes, ..records }, faults), None).map(|_| ())
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

/// Every recorded row, without the changes by which they came.
async fn load(connection: &mut Connection) -> Result<(Records, Vec<Fault>), StoreError> {
    let mut reader = Reader::default();
    let records = Records {
        changes: Vec::new(),
        feed: Feed::default(),
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
        on_boards: super::boards::load(connection, &mut reader).await?,
        posts: posts(connection).await?,
        post_descriptions: post_descriptions(connection, &mut reader).await?,
        post_holders: post_holders(connection, &mut reader).await?,
        data_sets: data_sets(connection, &mut reader).await?,
        authorities: authorities(connection, &mut reader).await?,
    };
    Ok((records, reader.faults))
}

/// Versions alone: what is written just now is not served.
async fn stamps(connection: &mut Connection) -> Result<Vec<ChangeStamp>, StoreError> {
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
    // What a source states has no days of its own.
    events!(
        connection,
        reader,
        statement,
        "statement",
        (body_id: i64, field: String, value: String, used: String),
        |_: &mut Reader, body, field, value, used| Some((ALWAYS, (body, Statement { field, value, used })))
    )
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
