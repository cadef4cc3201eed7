//! PostgreSQL: the only place that names diesel. Rows become domain types here.
//!
//! Leaves deciding to `domain`, indexing to `directory` and the order of steps to `actions`.

pub mod access_log;
pub mod audit;
mod boards;
pub mod change;
mod connection;
mod directory;
mod feed;
pub mod keys;
mod listener;
pub mod migrations;
pub mod private_server;
mod rows;
mod schema;
pub mod seed;
pub mod write;
mod written;

pub use connection::{Target, Tls};
pub use listener::Listener;

use deadpool::Runtime;
use deadpool::managed::PoolError;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::AsyncPgConnection;
use diesel_async::RunQueryDsl;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use std::fmt;
use std::time::Duration;

/// A connection to the database.
pub type Connection = AsyncPgConnection;

/// Channel on which a new directory version is announced.
pub const CHANNEL: &str = "directory_version";

/// Longest wait for a pooled connection, for opening one, and for finding out whether one still works.
const WAIT: Duration = Duration::from_millis(1000);
const OPEN: Duration = Duration::from_millis(1200);
const RECYCLE: Duration = Duration::from_millis(1000);

/// Why the database did not do what was asked. No message carries a value of a row.
#[derive(Debug)]
pub enum StoreError {
    /// It cannot be reached, or did not answer in time.
    Unavailable(String),
    /// Its schema is older or newer than this program.
    Schema(String),
    /// It refused a row: the rule by its constraint or code.
    Refused(String),
    /// Its rows do not make a directory.
    Faults(Vec<crate::directory::Fault>),
    /// A seed does not fit.
    Seed(String),
    /// Anything else, by its code.
    Fault(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Unavailable(what) => write!(f, "the database is out of reach: {what}"),
            StoreError::Schema(what) | StoreError::Seed(what) => write!(f, "{what}"),
            StoreError::Refused(what) => write!(f, "the database refused the write: {what}"),
            StoreError::Faults(faults) => {
                write!(f, "what is recorded does not make a directory ({} faults):", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
            StoreError::Fault(what) => write!(f, "the database answered with a fault: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> StoreError {
        match error {
            DieselError::DatabaseError(kind, information) => {
                let place =
                    information.constraint_name().or(information.table_name()).unwrap_or("no constraint");
                match kind {
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                        StoreError::Unavailable("the connection was lost".to_owned())
                    }
                    DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::NotNullViolation
                    | DatabaseErrorKind::CheckViolation
                    | DatabaseErrorKind::ExclusionViolation => StoreError::Refused(place.to_owned()),
                    // A check of ours that refuses a row names itself, as a constraint does.
                    _ if information.constraint_name().is_some_and(|name| CHECKS.contains(&name)) => {
                        StoreError::Refused(place.to_owned())
                    }
                    // Messages raised by our own guards name tables and rules only; any other may carry a value.
                    _ => StoreError::Fault(guard_message(information.message()).unwrap_or(place).to_owned()),
                }
            }
            DieselError::NotFound => StoreError::Fault("a row that must exist does not".to_owned()),
            _ => StoreError::Fault("the statement could not be carried out".to_owned()),
        }
    }
}

/// Names of the checks that triggers make when a transaction commits.
const CHECKS: [&str; 7] = [
    "person_name_erasure",
    "appointment_within_seat",
    "seat_held_or_vacant",
    "lay_adviser_elsewhere",
    "lay_adviser_cap",
    "attendance_of_meeting",
    "person_one_seat_a_board",
];

fn guard_message(message: &str) -> Option<&str> {
    let ours = [
        "a fact of ",
        "a transaction records",
        "the head moves",
        "INSERT of ",
        "UPDATE of ",
        "DELETE of ",
        "TRUNCATE of ",
    ];
    ours.iter().any(|start| message.starts_with(start)).then_some(message)
}

impl<E: fmt::Debug> From<PoolError<E>> for StoreError {
    fn from(error: PoolError<E>) -> StoreError {
        let what = match error {
            PoolError::Timeout(_) => "no connection within the time allowed",
            PoolError::Backend(_) => "a connection could not be opened",
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                "the pool is closed"
            }
        };
        StoreError::Unavailable(what.to_owned())
    }
}

/// The database of one directory.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Connection>,
    target: Target,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// A store with a pool of at most `size` connections; none is opened yet.
    ///
    /// # Errors
    ///
    /// Where the target's certificates cannot be read.
    pub fn new(target: Target, size: usize) -> Result<Store, StoreError> {
        let pool = Pool::builder(target.manager()?)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(OPEN))
            .recycle_timeout(Some(RECYCLE))
            .build()
            .map_err(|_| StoreError::Fault("the pool could not be made".to_owned()))?;
        Ok(Store { pool, target })
    }

    /// Sees to it that a server has a database; `target` is any other database of that server.
    ///
    /// # Errors
    ///
    /// Where the server is away or refuses to make one.
    pub async fn ensure_database(target: &Target, name: &str) -> Result<(), StoreError> {
        let mut connection = target.connect().await?;
        let made =
            diesel::sql_query(format!("CREATE DATABASE {}", quoted(name))).execute(&mut connection).await;
        match made {
            // Two processes may both find it missing; 42P04 and the catalogue's unique index say that it is there.
            Err(DieselError::DatabaseError(_, information))
                if information.message().contains("already exists") =>
            {
                Ok(())
            }
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }

    /// A pooled connection, within about a second or not at all.
    ///
    /// # Errors
    ///
    /// Where there is none in time.
    pub async fn connection(&self) -> Result<Object<Connection>, StoreError> {
        Ok(self.pool.get().await?)
    }

    /// A connection of its own, outside the pool: for listening and for long locks.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened, with the reason but without the address's password.
    pub async fn own_connection(&self) -> Result<Connection, StoreError> {
        self.target.connect().await
    }

    /// Closes the pool: nothing is written any more.
    pub fn close(&self) {
        self.pool.close();
    }
}

/// Announces a new version to every process when the transaction commits.
pub(crate) async fn announce(connection: &mut Connection) -> Result<(), StoreError> {
    diesel::sql_query("SELECT pg_notify($1, (SELECT version::text FROM head))")
        .bind::<diesel::sql_types::Text, _>(CHANNEL)
        .execute(connection)
        .await?;
    Ok(())
}

/// A name as an SQL identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
