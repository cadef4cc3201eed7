//! Requests that wait for a change of the directory: how many may, and what ends their waiting.
//!
//! Whoever waits holds neither a place among the open requests nor a snapshot, only a place here. What the answer says is
//! left to `graphql`, once the wait is over.

use super::refusal::{Refusal, later};
use crate::directory::live::LiveDirectory;
use crate::graphql::Wait;
use actix_web::http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

const FULL: Refusal = later(
    StatusCode::SERVICE_UNAVAILABLE,
    "TOO_MANY_WAITING",
    "As many requests wait for a change as may: ask without waitSeconds, or again in five seconds.",
    5,
);

/// What those who wait hear of.
#[derive(Clone, Copy, Debug, Default)]
struct News {
    version: i64,
    is_ending: bool,
}

/// The requests that wait.
#[derive(Debug)]
pub struct Waiting {
    most: usize,
    count: AtomicUsize,
    news: Arc<watch::Sender<News>>,
}

/// The place of a request that waits; given back when it is dropped, and so when its client goes away.
struct Place<'w>(&'w AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Waiting {
    /// Room for so many that wait for what is served from here.
    pub fn new(most: usize, live: &LiveDirectory) -> Waiting {
        let news = Arc::new(watch::Sender::new(News::default()));
        let tell = Arc::clone(&news);
        live.observe(move |version| tell.send_modify(|news| news.version = version));
        // Observed first: a version that comes between is told twice, and not missed.
        if let Some(loaded) = live.current() {
            let version = loaded.directory.version();
            news.send_modify(|news| news.version = news.version.max(version));
        }
        Waiting { most, count: AtomicUsize::new(0), news }
    }

    /// How many may wait.
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many wait.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Ends every wait, now and from now on: the service stops.
    pub fn end(&self) {
        self.news.send_modify(|news| news.is_ending = true);
    }

    /// Waits until a greater version is served, the time is over, or the service stops.
    ///
    /// # Errors
    ///
    /// Where as many wait as may.
    pub async fn wait(&self, wait: Wait) -> Result<(), Refusal> {
        let is_over = |news: &News| news.is_ending || news.version > wait.after;
        if is_over(&self.news.borrow()) {
            return Ok(());
        }
        let before = self.count.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.count);
        if before >= self.most {
            return Err(FULL);
        }
        let mut heard = self.news.subscribe();
        // However it ends, what there is then is answered.
        let _ = tokio::time::timeout(wait.at_most, heard.wait_for(is_over)).await;
        Ok(())
    }
}
