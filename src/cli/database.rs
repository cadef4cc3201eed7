//! The database of a command: the one of `DATABASE_URL`, or the private server, joined for as long as needed.

use super::Failure;
use crate::actions::load_examples::load_examples;
use crate::actions::prepare_database::{Ownership, Prepared, prepare_database};
use crate::clock::{Clock, SystemClock, today_in_london};
use crate::config::{
    Config, DirectoryDate, Examples as ExamplesSetting, PgSource, Surroundings, Tls as TlsSetting,
};
use crate::store::private_server::{self, Options, PrivateServer, Source};
use crate::store::seed::SeedFiles;
use crate::store::{Store, StoreError, Target, Tls};
use chrono::NaiveDate;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Name of the database on the private server.
const NAME: &str = "directory";

/// Where the database is, by settings.
pub struct Database<'c> {
    /// The settings.
    pub config: &'c Config,
    /// The process around us.
    pub surroundings: &'c Surroundings,
    /// Whether fetching PostgreSQL is off.
    pub no_fetch: bool,
}

/// A database that a command uses; the private server runs while this lives.
pub struct Connected {
    /// The store.
    pub store: Store,
    /// Whose database it is.
    pub ownership: Ownership,
    /// The private server; none behind `DATABASE_URL`.
    pub private: Option<Arc<PrivateServer>>,
    runtime: Runtime,
}

impl Database<'_> {
    /// Folder of the private server.
    pub fn base(&self) -> PathBuf {
        self.config.data_dir.clone().unwrap_or_else(|| {
            let around = self.surroundings;
            private_server::default_base(around.is_root, around.xdg_data_home.clone(), around.home.clone())
        })
    }

    /// The day that look-ups fall back to.
    pub fn directory_date(&self) -> NaiveDate {
        match self.config.directory_date {
            DirectoryDate::Today => today_in_london(SystemClock.now()),
            DirectoryDate::Day(day) => day,
        }
    }

    /// Reaches the database; joins or starts the private server where no other is set.
    pub fn connect(&self) -> Result<Connected, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(Failure::failed)?;
        let (target, ownership, private) = match &self.config.database_url {
            Some(url) => {
                let tls = match url.tls {
                    TlsSetting::Disable => Tls::Disable,
                    TlsSetting::Prefer => Tls::Prefer,
                    TlsSetting::Require => Tls::Require,
                    TlsSetting::VerifyCa => Tls::VerifyCa,
                    TlsSetting::VerifyFull => Tls::VerifyFull,
                };
                let target = Target::new(url.url.expose().to_owned(), tls, url.root_certificates.clone());
                (target, Ownership::Shared, None)
            }
            None => {
                let private = Arc::new(self.join()?);
                runtime
                    .block_on(Store::ensure_database(&Target::private(private.url("postgres")), NAME))
                    .map_err(Failure::failed)?;
                (Target::private(private.url(NAME)), Ownership::Private, Some(private))
            }
        };
        // The pool starts tasks of its own.
        let store = {
            let _entered = runtime.enter();
            Store::new(target, self.config.pool_size).map_err(Failure::failed)?
        };
        Ok(Connected { store, ownership, private, runtime })
    }

    fn join(&self) -> Result<PrivateServer, Failure> {
        let options = Options {
            base: self.base(),
            durable: true,
            bin_dir: self.config.pg_bin_dir.clone(),
            source: match self.config.pg_source {
                _ if self.no_fetch => Source::System,
                PgSource::Any => Source::Any,
                PgSource::System => Source::System,
                PgSource::Fetched => Source::Fetched,
            },
            program: self.surroundings.executable.clone(),
            path: self.surroundings.path.clone(),
        };
        PrivateServer::join(&options, &mut |line| eprintln!("{line}")).map_err(Failure::failed)
    }

    /// Reaches the database and brings it to where a directory can be loaded from it.
    pub fn prepared(&self) -> Result<Connected, Failure> {
        Ok(self.prepared_with_report()?.0)
    }

    /// The same, with what was done.
    pub fn prepared_with_report(&self) -> Result<(Connected, Prepared), Failure> {
        let seed = SeedFiles::embedded().map_err(Failure::failed)?;
        let connected = self.connect()?;
        let (store, ownership) = (&connected.store, connected.ownership);
        let mut prepared = connected.run(prepare_database(store, ownership, &seed))?;
        let wanted = self.config.examples.map(|choice| choice == ExamplesSetting::Load);
        prepared.examples = connected.run(load_examples(store, ownership, &seed, wanted))?;
        Ok((connected, prepared))
    }
}

impl Connected {
    /// Runs something against the database to its end.
    pub fn run<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, Failure> {
        self.runtime.block_on(work).map_err(Failure::failed)
    }

    /// The runtime that the pool's tasks live in.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}
