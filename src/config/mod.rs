//! The settings: read from the environment and a file, checked, and handed on as types.
//!
//! This is the only place that reads the environment. Defaults give way to the file, the file to the
//! environment. Every fault is reported at once, with the setting, where it came from, and what would be
//! right.
//!
//! It does not try whether a setting works: that an address is free, a server answers or a directory can be
//! written is found by whoever uses it.

mod choices;
mod database_url;
mod faults;
mod reader;
mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use choices::{DirectoryDate, Examples, LogFormat, PgSource, Tls, TrustedDocuments};
pub use database_url::{DatabaseUrl, Secret};
pub use faults::{ConfigFaults, Fault, Origin, Refusal};
pub use surroundings::Surroundings;

use choices::{one_of, word};
use faults::shown;
use reader::{
    Reader, address, count, directory_date, files, folder, log_filter, seconds, variable, web_origins, whole,
};

/// The file that is read from the current directory when `CONFIG_FILE` names no other.
const DEFAULT_FILE: &str = "probation-directory.toml";
const CONFIG_FILE: &str = "CONFIG_FILE";

/// All settings, each within the bounds that its field states.
#[derive(Clone, Debug)]
pub struct Config {
    /// `CONFIG_FILE`: the file that was read, if any.
    pub config_file: Option<PathBuf>,
    /// `BIND`: the address and port to listen on.
    pub bind: SocketAddr,
    /// `DATABASE_URL`: the PostgreSQL server to use; without it a private one is started.
    pub database_url: Option<DatabaseUrl>,
    /// `DIRECTORY_DATE`: the day of a look-up that names none.
    pub directory_date: DirectoryDate,
    /// `EXAMPLES`: whether the example boards are loaded; unless told, into a new private database only.
    pub examples: Option<Examples>,
    /// `DATA_DIR`: where the private server keeps its data. A relative path counts from the current
    /// directory.
    pub data_dir: Option<PathBuf>,
    /// `PG_BIN_DIR`: where the programs of the private server are. A relative path counts from the current
    /// directory.
    pub pg_bin_dir: Option<PathBuf>,
    /// `PG_SOURCE`: where else they may be looked for.
    pub pg_source: PgSource,
    /// `LOG_FORMAT`: text or JSON lines.
    pub log_format: LogFormat,
    /// `RUST_LOG`: which records are logged, as env_logger takes it.
    pub rust_log: String,
    /// `WORKERS`: threads that serve requests, 1 to 256.
    pub workers: usize,
    /// `POOL_SIZE`: connections to the database, 1 to 100.
    pub pool_size: usize,
    /// `POLL_SECONDS`: how often the directory version is looked up in case a notification was lost, 1 to 300
    /// seconds.
    pub poll: Duration,
    /// `SHUTDOWN_SECONDS`: how long requests under way may take to end at shutdown, 0 to 300 seconds.
    pub shutdown: Duration,
    /// `TRUSTED_DOCUMENTS`: whether documents are taken by their ids, and others at all.
    pub trusted_documents: TrustedDocuments,
    /// `TRUSTED_MANIFESTS`: files of trusted documents beside the project's own, as Apollo's and Relay's compilers
    /// write them, separated by commas.
    pub trusted_manifests: Vec<PathBuf>,
    /// `CORS_ORIGINS`: origins whose pages may ask from a browser, separated by commas.
    pub cors_origins: Vec<String>,
    /// `COST_PER_MINUTE`: fields that one caller may ask for in a minute, 1,000 to 4,000,000,000.
    pub cost_per_minute: u32,
    /// `OPEN_REQUESTS`: requests that may be open at once, 1 to 100,000.
    pub open_requests: usize,
    /// `ANSWER_CACHE_MIB`: room for whole answers to look-ups in each worker, 0 to 4,096 MiB.
    pub answer_cache_mib: usize,
    origins: BTreeMap<&'static str, Origin>,
}

impl Default for Config {
    /// What holds when neither the environment nor a file says anything.
    fn default() -> Self {
        Self {
            config_file: None,
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 8014)),
            database_url: None,
            directory_date: DirectoryDate::default(),
            examples: None,
            data_dir: None,
            pg_bin_dir: None,
            pg_source: PgSource::Any,
            log_format: LogFormat::Text,
            rust_log: "info,actix_server=warn".to_owned(),
            workers: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(256)),
            pool_size: 8,
            poll: Duration::from_secs(5),
            shutdown: Duration::from_secs(20),
            trusted_documents: TrustedDocuments::Allow,
            trusted_manifests: Vec::new(),
            cors_origins: Vec::new(),
            cost_per_minute: 3_000_000,
            open_requests: 2_000,
            answer_cache_mib: 16,
            origins: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads the settings of this process from its environment and the file.
    ///
    /// # Errors
    ///
    /// Every setting that cannot be used, and the file if it cannot be read or understood.
    #[expect(
        clippy::disallowed_methods,
        reason = "the settings are read from the environment here and nowhere else"
    )]
    pub fn load() -> Result<Self, ConfigFaults> {
        // What is not UTF-8 is refused later, and only in a variable that is a setting.
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .collect();
        let named = variable(&environment, CONFIG_FILE);
        let path = Path::new(named.unwrap_or(DEFAULT_FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::merge(&environment, Some((path, &text)), Vec::new()),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Self::merge(&environment, None, Vec::new())
            }
            Err(error) => {
                let origin = named.map_or(Origin::Default, |_| Origin::Environment);
                let wrong = format!("{} cannot be read: {error}", shown(&path.to_string_lossy()));
                let refusal = Refusal::new(wrong, "name a TOML file that can be read");
                Self::merge(&environment, None, vec![Fault::new(CONFIG_FILE, origin, refusal)])
            }
        }
    }

    /// The settings that these sources give. `environment` may hold other variables too; an empty one counts
    /// as absent. `file` is the path, for messages, and the text of the file; `CONFIG_FILE` is not followed.
    ///
    /// # Errors
    ///
    /// Every setting that cannot be used, and every key of the file that is no setting.
    pub fn from_sources(
        environment: &BTreeMap<String, String>,
        file: Option<(&Path, &str)>,
    ) -> Result<Self, ConfigFaults> {
        Self::merge(environment, file, Vec::new())
    }

    /// As `from_sources`, beside faults that were found before.
    fn merge(
        environment: &BTreeMap<String, String>,
        file: Option<(&Path, &str)>,
        faults: Vec<Fault>,
    ) -> Result<Self, ConfigFaults> {
        let mut config = Self { config_file: file.map(|(path, _)| path.to_owned()), ..Self::default() };
        let mut reader = Reader::new(environment, file, faults);
        reader.read("BIND", &mut config.bind, address);
        reader.read("DATABASE_URL", &mut config.database_url, |text| text.parse().map(Some));
        reader.read("DIRECTORY_DATE", &mut config.directory_date, directory_date);
        reader.read("EXAMPLES", &mut config.examples, |text| one_of(text, &Examples::WORDS).map(Some));
        reader.read("DATA_DIR", &mut config.data_dir, folder);
        reader.read("PG_BIN_DIR", &mut config.pg_bin_dir, folder);
        reader.read("PG_SOURCE", &mut config.pg_source, |text| one_of(text, &PgSource::WORDS));
        reader.read("LOG_FORMAT", &mut config.log_format, |text| one_of(text, &LogFormat::WORDS));
        reader.read("RUST_LOG", &mut config.rust_log, log_filter);
        reader.read("WORKERS", &mut config.workers, |text| count(text, 1..=256));
        reader.read("POOL_SIZE", &mut config.pool_size, |text| count(text, 1..=100));
        reader.read("POLL_SECONDS", &mut config.poll, |text| seconds(text, 1..=300));
        reader.read("SHUTDOWN_SECONDS", &mut config.shutdown, |text| seconds(text, 0..=300));
        reader.read("TRUSTED_DOCUMENTS", &mut config.trusted_documents, |text| {
            one_of(text, &TrustedDocuments::WORDS)
        });
        reader.read("TRUSTED_MANIFESTS", &mut config.trusted_manifests, files);
        reader.read("CORS_ORIGINS", &mut config.cors_origins, web_origins);
        reader
            .read("COST_PER_MINUTE", &mut config.cost_per_minute, |text| whole(text, 1_000..=4_000_000_000));
        reader.read("OPEN_REQUESTS", &mut config.open_requests, |text| count(text, 1..=100_000));
        reader.read("ANSWER_CACHE_MIB", &mut config.answer_cache_mib, |text| count(text, 0..=4_096));
        config.origins = reader.finish()?;
        if variable(environment, CONFIG_FILE).is_some() {
            config.origins.insert(CONFIG_FILE, Origin::Environment);
        }
        Ok(config)
    }

    /// Each setting on a line of its own: its name, its value with secrets hidden, and where it came from.
    pub fn describe(&self) -> String {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let values = [
            (CONFIG_FILE, path(&self.config_file)),
            ("BIND", Some(self.bind.to_string())),
            ("DATABASE_URL", self.database_url.as_ref().map(DatabaseUrl::to_string)),
            ("DIRECTORY_DATE", Some(self.directory_date.to_string())),
            ("EXAMPLES", self.examples.map(|choice| word(choice, &Examples::WORDS).to_owned())),
            ("DATA_DIR", path(&self.data_dir)),
            ("PG_BIN_DIR", path(&self.pg_bin_dir)),
            ("PG_SOURCE", Some(word(self.pg_source, &PgSource::WORDS).to_owned())),
            ("LOG_FORMAT", Some(word(self.log_format, &LogFormat::WORDS).to_owned())),
            ("RUST_LOG", Some(self.rust_log.clone())),
            ("WORKERS", Some(self.workers.to_string())),
            ("POOL_SIZE", Some(self.pool_size.to_string())),
            ("POLL_SECONDS", Some(self.poll.as_secs().to_string())),
            ("SHUTDOWN_SECONDS", Some(self.shutdown.as_secs().to_string())),
            ("TRUSTED_DOCUMENTS", Some(word(self.trusted_documents, &TrustedDocuments::WORDS).to_owned())),
            (
                "TRUSTED_MANIFESTS",
                listed(self.trusted_manifests.iter().map(|path| path.display().to_string())),
            ),
            ("CORS_ORIGINS", listed(self.cors_origins.iter().cloned())),
            ("COST_PER_MINUTE", Some(self.cost_per_minute.to_string())),
            ("OPEN_REQUESTS", Some(self.open_requests.to_string())),
            ("ANSWER_CACHE_MIB", Some(self.answer_cache_mib.to_string())),
        ];
        let line = |(name, value): (&str, Option<String>)| {
            let value = value.as_deref().unwrap_or("not set");
            let origin = self.origins.get(name).unwrap_or(&Origin::Default);
            format!("{name} = {value}    ({origin})\n")
        };
        values.into_iter().map(line).collect()
    }
}

/// The parts of a list; none where it is empty.
fn listed(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
