//! Keeping the directory that is served in step with the database: on announcement, and by a slow poll for
//! an announcement that was lost. A refresh that fails keeps what is there.

use crate::clock::Clock;
use crate::directory::live::LiveDirectory;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What keeps one process's directory in step.
#[derive(Clone)]
pub struct Follower {
    /// Where versions come from.
    pub store: Store,
    /// Where the directory is served from.
    pub live: Arc<LiveDirectory>,
    /// For when it was loaded.
    pub clock: Arc<dyn Clock>,
    /// How often the newest version is asked for without an announcement.
    pub poll: Duration,
}

impl Follower {
    /// Loads the keys and the directory if the database has a newer version than the one served.
    ///
    /// # Errors
    ///
    /// Where the database is away or what is recorded makes no directory; what is served stays.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let outcome = self.load_newer().await;
        if let Err(error) = &outcome {
            self.live.fail(match error {
                StoreError::Faults(faults) => {
                    format!("what is recorded does not make a directory: {} faults", faults.len())
                }
                error => error.to_string(),
            });
        }
        outcome
    }

    async fn load_newer(&self) -> Result<(), StoreError> {
        let served = self.live.current();
        if let Some(served) = &served
            && self.store.newest_version().await? == served.directory.version()
        {
            self.live.confirm(self.clock.now());
            return Ok(());
        }
        // First, and whatever becomes of the directory: a key that was revoked must not be taken any longer.
        let keys = self.live.keys().version();
        self.live.replace_keys(Arc::new(self.store.load_keys().await?), Some(keys));
        let directory = self.store.load_directory(served.as_ref().map(|served| &served.directory)).await?;
        log::info!(version = directory.version(); "directory loaded");
        let version = served.map(|served| served.directory.version());
        self.live.replace(directory, version, self.clock.now());
        Ok(())
    }

    /// Follows for ever. Losing the database is waited out with growing pauses.
    pub async fn follow(self) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            match self.listen_until_lost().await {
                // It had been listening, so the trouble is new.
                Listened::ForAWhile => pause = SHORTEST_PAUSE,
                Listened::NotAtAll => pause = (pause * 2).min(LONGEST_PAUSE),
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn listen_until_lost(&self) -> Listened {
        let mut listener = match self.store.listen().await {
            Ok(listener) => listener,
            Err(error) => {
                self.live.fail(error.to_string());
                log::warn!("cannot listen for changes: {error}");
                // Whoever cannot listen may still be able to ask.
                self.refresh_and_report().await;
                return Listened::NotAtAll;
            }
        };
        // Whatever was committed before we listened was not announced to us.
        self.refresh_and_report().await;
        loop {
            tokio::select! {
                heard = listener.next() => match heard {
                    Ok(()) => self.refresh_and_report().await,
                    Err(error) => {
                        log::warn!("{error}");
                        return Listened::ForAWhile;
                    }
                },
                () = tokio::time::sleep(self.poll) => self.refresh_and_report().await,
            }
        }
    }

    async fn refresh_and_report(&self) {
        let told = self.live.state().fault;
        if let Err(error) = self.refresh().await
            // A fault that stays is told once.
            && self.live.state().fault != told
        {
            log::error!("the directory could not be refreshed and stays as it was: {error}");
        }
    }
}

enum Listened {
    ForAWhile,
    NotAtAll,
}
