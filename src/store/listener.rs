//! Hearing of new versions: one connection that listens, reported as a stream of wake-ups.
//!
//! Leaves reconnecting and reloading to `actions`.

use super::{CHANNEL, Connection, Store, StoreError};
use diesel_async::RunQueryDsl;
use futures_util::StreamExt;

/// A connection that listens for new versions.
pub struct Listener {
    connection: Connection,
}

impl Store {
    /// Opens a connection that listens; whatever commits after this is heard.
    ///
    /// # Errors
    ///
    /// Where the database is away.
    pub async fn listen(&self) -> Result<Listener, StoreError> {
        let mut connection = self.own_connection().await?;
        diesel::sql_query(format!("LISTEN {CHANNEL}")).execute(&mut connection).await?;
        Ok(Listener { connection })
    }
}

impl Listener {
    /// Waits for the next announcement.
    ///
    /// # Errors
    ///
    /// Where the connection is lost: both an error and an end of the stream mean that.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        let mut announcements = std::pin::pin!(self.connection.notifications_stream());
        match announcements.next().await {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => {
                Err(StoreError::Unavailable("the listening connection was lost".to_owned()))
            }
        }
    }
}
