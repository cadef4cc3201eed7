//! The settings: read from the environment and a file, checked, and handed on as types.
//!
//! This is the only place that reads the environment. Defaults give way to the file, the file to the
//! environment. Every fault is reported at once, with the setting, where it came from, and what would be
//! right.
//!
//! It does not try whether a setting works: that an address is free, a server answers or a directory can be
//! written is found by whoever uses it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use ::config::{Environment, FileFormat, Source};
use chrono::{Datelike, NaiveDate};

/// The file that is read from the current directory when `CONFIG_FILE` names no other.
const DEFAULT_FILE: &str = "probation-directory.toml";
const CONFIG_FILE: &str = "CONFIG_FILE";

/// The settings as the environment spells them. The file uses the same names in lower case.
const NAMES: [&str; 13] = [
    CONFIG_FILE,
    "BIND",
    "DATABASE_URL",
    "DIRECTORY_DATE",
    "DATA_DIR",
    "PG_BIN_DIR",
    "PG_SOURCE",
    "LOG_FORMAT",
    "RUST_LOG",
    "WORKERS",
    "POOL_SIZE",
    "POLL_SECONDS",
    "SHUTDOWN_SECONDS",
];

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
            data_dir: None,
            pg_bin_dir: None,
            pg_source: PgSource::Any,
            log_format: LogFormat::Text,
            rust_log: "info,actix_server=warn".to_owned(),
            workers: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(256)),
            pool_size: 8,
            poll: Duration::from_secs(5),
            shutdown: Duration::from_secs(20),
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
        let mut environment = BTreeMap::new();
        let mut faults = Vec::new();
        for name in NAMES {
            match std::env::var(name) {
                Ok(value) => {
                    environment.insert(name.to_owned(), value);
                }
                Err(std::env::VarError::NotPresent) => {}
                Err(std::env::VarError::NotUnicode(_)) => {
                    faults.push(Fault::new(
                        name,
                        Origin::Environment,
                        Refusal::new("is not UTF-8", "write it in UTF-8"),
                    ));
                }
            }
        }
        let named = environment.get(CONFIG_FILE).filter(|path| !path.is_empty());
        let path = PathBuf::from(named.map_or(DEFAULT_FILE, String::as_str));
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let origin = if named.is_some() {
                    Origin::Environment
                } else {
                    Origin::Default
                };
                let wrong = format!("{} cannot be read: {error}", shown(&path.display().to_string()));
                faults.push(Fault::new(
                    CONFIG_FILE,
                    origin,
                    Refusal::new(wrong, "name a TOML file that can be read"),
                ));
                None
            }
        };
        Self::merge(
            &environment,
            file.as_deref().map(|text| (path.as_path(), text)),
            faults,
        )
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

    fn merge(
        environment: &BTreeMap<String, String>,
        file: Option<(&Path, &str)>,
        faults: Vec<Fault>,
    ) -> Result<Self, ConfigFaults> {
        let mut reader = Reader::new(environment, file, faults);
        let mut config = Self {
            config_file: file.map(|(path, _)| path.to_owned()),
            ..Self::default()
        };
        reader.read("BIND", &mut config.bind, address);
        reader.read("DATABASE_URL", &mut config.database_url, |text| {
            text.parse().map(Some)
        });
        reader.read("DIRECTORY_DATE", &mut config.directory_date, directory_date);
        reader.read("DATA_DIR", &mut config.data_dir, |text| {
            Ok(Some(PathBuf::from(text)))
        });
        reader.read("PG_BIN_DIR", &mut config.pg_bin_dir, |text| {
            Ok(Some(PathBuf::from(text)))
        });
        reader.read("PG_SOURCE", &mut config.pg_source, |text| {
            one_of(text, &PgSource::WORDS)
        });
        reader.read("LOG_FORMAT", &mut config.log_format, |text| {
            one_of(text, &LogFormat::WORDS)
        });
        reader.read("RUST_LOG", &mut config.rust_log, log_filter);
        reader.read("WORKERS", &mut config.workers, |text| {
            whole(text, 1..=256).map(usize::from)
        });
        reader.read("POOL_SIZE", &mut config.pool_size, |text| {
            whole(text, 1..=100).map(usize::from)
        });
        reader.read("POLL_SECONDS", &mut config.poll, |text| seconds(text, 1..=300));
        reader.read("SHUTDOWN_SECONDS", &mut config.shutdown, |text| {
            seconds(text, 0..=300)
        });
        config.origins = reader.finish()?;
        Ok(config)
    }

    /// Each setting on a line of its own: its name, its value with secrets hidden, and where it came from.
    pub fn describe(&self) -> String {
        let path = |path: &Option<PathBuf>| {
            path.as_ref()
                .map_or("not set".to_owned(), |path| path.display().to_string())
        };
        let values = [
            path(&self.config_file),
            self.bind.to_string(),
            self.database_url
                .as_ref()
                .map_or("not set".to_owned(), DatabaseUrl::to_string),
            self.directory_date.to_string(),
            path(&self.data_dir),
            path(&self.pg_bin_dir),
            word(&PgSource::WORDS, self.pg_source).to_owned(),
            word(&LogFormat::WORDS, self.log_format).to_owned(),
            self.rust_log.clone(),
            self.workers.to_string(),
            self.pool_size.to_string(),
            self.poll.as_secs().to_string(),
            self.shutdown.as_secs().to_string(),
        ];
        NAMES
            .iter()
            .zip(values)
            .map(|(name, value)| {
                let origin = self.origins.get(name).unwrap_or(&Origin::Default);
                format!("{name} = {value}    ({origin})\n")
            })
            .collect()
    }
}

/// A text that must not be shown: printing and debugging give `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one call that needs it. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How to reach a PostgreSQL server. Printing it hides the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl {
    /// The URL without `sslmode` and `sslrootcert`, which the driver does not know in full.
    pub url: Secret,
    /// How the connection is to be protected.
    pub tls: Tls,
    /// The certificates to trust in place of those of the system (`sslrootcert`). Whether they can be read is
    /// not checked.
    pub root_certificates: Option<PathBuf>,
}

impl DatabaseUrl {
    /// The URL with the password, wherever it stands, replaced by `***`.
    pub fn hidden(&self) -> String {
        let Some((scheme, rest)) = self.url.expose().split_once("://") else {
            return "***".to_owned();
        };
        // The last `@`: should the password hold a bare one, too much is hidden rather than too little.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((credentials, rest)) => match credentials.split_once(':') {
                Some((user, _)) => (format!("{user}:***@"), rest),
                None => (format!("{credentials}@"), rest),
            },
            None => (String::new(), rest),
        };
        let (server, query) = match rest.split_once('?') {
            Some((server, query)) => (server, Some(query)),
            None => (rest, None),
        };
        let query = query.map(|query| {
            let parameters: Vec<_> = query
                .split('&')
                .map(|parameter| match parameter.split_once('=') {
                    Some((key, _)) if percent_decoded(key).as_deref() == Some("password") => {
                        format!("{key}=***")
                    }
                    _ => parameter.to_owned(),
                })
                .collect();
            format!("?{}", parameters.join("&"))
        });
        format!("{scheme}://{user}{server}{}", query.unwrap_or_default())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, sslmode {}", self.hidden(), self.tls)?;
        match &self.root_certificates {
            Some(path) => write!(f, ", sslrootcert {}", path.display()),
            None => Ok(()),
        }
    }
}

/// The parameters of a URL that the driver takes, and the two that are taken here.
const URL_PARAMETERS: [&str; 19] = [
    "sslmode",
    "sslrootcert",
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "user",
];

impl FromStr for DatabaseUrl {
    type Err = Refusal;

    /// Reads a URL as libpq would, but strictly. What is refused is described without showing any of its
    /// secrets.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        const SHAPE: &str = "give postgres://USER:PASSWORD@HOST:PORT/DATABASE";
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        if !["postgres", "postgresql"].contains(&scheme) {
            return refuse("is not a postgres:// or postgresql:// URL", SHAPE);
        }
        if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
            return refuse("has a space or a line break", "write a space as %20");
        }
        let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = server.split_once('/').unwrap_or((server, ""));
        let hosts = authority.split_once('@').map_or(authority, |(_, hosts)| hosts);
        // Past this point no part of a password can stand where a host or a parameter is looked for.
        if [hosts, database, query].iter().any(|part| part.contains('@')) {
            return refuse(
                "has an `@` that does not end the user and password",
                "write @ / ? : in a user, a password or a parameter as %40 %2F %3F %3A",
            );
        }
        if !hosts.is_empty() && !hosts.split(',').all(is_host) {
            return refuse("has a host or port that cannot be read", SHAPE);
        }
        let mut kept = Vec::new();
        let mut names_host = !hosts.is_empty();
        let (mut tls, mut certificates) = (None, None);
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let decoded = parameter
                .split_once('=')
                .and_then(|(k, v)| Some((percent_decoded(k)?, percent_decoded(v)?)));
            let Some((key, value)) = decoded else {
                return refuse(
                    "has a parameter that cannot be read",
                    "write each parameter as NAME=VALUE",
                );
            };
            let is_again = match key.as_str() {
                "sslmode" => tls.replace(ssl_mode(&value)?).is_some(),
                "sslrootcert" => certificates.replace(value).is_some(),
                known if URL_PARAMETERS.contains(&known) => {
                    names_host |= known.starts_with("host") && !value.is_empty();
                    kept.push(parameter);
                    false
                }
                other => {
                    let right = match nearest(other, &URL_PARAMETERS) {
                        Some(known) => format!("did you mean {known}?"),
                        None => format!("known are {}", URL_PARAMETERS.join(", ")),
                    };
                    return refuse(format!("has the unknown parameter {}", shown(other)), right);
                }
            };
            if is_again {
                return refuse(format!("gives {key} twice"), "give it once");
            }
        }
        if !names_host {
            return refuse(
                "names no host",
                format!("{SHAPE}, or ?host= and the directory of its socket"),
            );
        }
        let (tls, root_certificates) = trust(tls, certificates)?;
        let question_mark = if kept.is_empty() { "" } else { "?" };
        let url = Secret(format!("{scheme}://{server}{question_mark}{}", kept.join("&")));
        Ok(Self {
            url,
            tls,
            root_certificates,
        })
    }
}

/// The mode and the certificates together, by libpq's rules: a certificate to check against turns `require`
/// into `verify-ca`, and `system` stands for the system's own certificates and is only for `verify-full`.
fn trust(tls: Option<Tls>, certificates: Option<String>) -> Result<(Tls, Option<PathBuf>), Refusal> {
    match (tls, certificates.as_deref()) {
        (mode, None) => Ok((mode.unwrap_or(Tls::Prefer), None)),
        (_, Some("")) => refuse(
            "has an empty sslrootcert",
            "give the path of a PEM file, or leave it out",
        ),
        (None | Some(Tls::VerifyFull), Some("system")) => Ok((Tls::VerifyFull, None)),
        (Some(mode), Some("system")) => refuse(
            format!("has sslrootcert system with sslmode {mode}"),
            "give sslmode verify-full with it",
        ),
        (Some(Tls::Require), Some(path)) => Ok((Tls::VerifyCa, Some(path.into()))),
        (mode, Some(path)) => Ok((mode.unwrap_or(Tls::Prefer), Some(path.into()))),
    }
}

fn ssl_mode(text: &str) -> Result<Tls, Refusal> {
    one_of(text, &Tls::WORDS)
        .map_err(|refusal| Refusal::new(format!("has an sslmode that {}", refusal.wrong), refusal.right))
}

/// Whether this is a host with or without a port; an address of IPv6 stands in brackets.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, port.strip_prefix(':').or(Some("none"))),
        None => text
            .split_once(':')
            .map_or((text, None), |(host, port)| (host, Some(port))),
    };
    !host.is_empty() && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

/// The text with each `%41` read as `A`; none if that is not UTF-8. A lone `%` stands for itself, as with the
/// driver.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match rest {
            [b'%', high, low, ..] => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// How a connection to the database is protected; the meaning of each is libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    Disable,
    /// If the server offers it; its certificate is not checked.
    Prefer,
    /// Always; the server's certificate is not checked.
    Require,
    /// Always, with a certificate signed by a trusted authority.
    VerifyCa,
    /// Always, with such a certificate, made out to the host's name.
    VerifyFull,
}

impl Tls {
    const WORDS: [(&str, Self); 5] = [
        ("disable", Self::Disable),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];
}

impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word(&Self::WORDS, *self))
    }
}

/// The day of a look-up that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryDate {
    /// The present day in London, anew for each request.
    Today,
    /// Always this day, from 2001-04-01 to 2199-12-31.
    Day(NaiveDate),
}

impl Default for DirectoryDate {
    /// 2014-11-01, the first day after the trusts ended in law.
    fn default() -> Self {
        NaiveDate::from_ymd_opt(2014, 11, 1).map_or(Self::Today, Self::Day)
    }
}

impl fmt::Display for DirectoryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// Where the programs of the private PostgreSQL server may come from, when `PG_BIN_DIR` names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PgSource {
    /// The system if it has them, otherwise fetched.
    Any,
    /// The system only.
    System,
    /// Fetched only.
    Fetched,
}

impl PgSource {
    const WORDS: [(&str, Self); 3] = [
        ("any", Self::Any),
        ("system", Self::System),
        ("fetched", Self::Fetched),
    ];
}

/// How a record of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line of text, for people.
    Text,
    /// A JSON object on a line, for machines.
    Json,
}

impl LogFormat {
    const WORDS: [(&str, Self); 2] = [("text", Self::Text), ("json", Self::Json)];
}

/// What the private server needs to know of the process around it. These are no settings of ours.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `PATH`, where programs are looked for.
    pub path: Option<OsString>,
    /// `HOME`, unless empty.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`, unless it is empty or relative: the specification says to ignore it then.
    pub xdg_data_home: Option<PathBuf>,
    /// Whether this process acts as root, whom PostgreSQL refuses.
    pub is_root: bool,
    /// The program that is running.
    pub executable: PathBuf,
}

impl Surroundings {
    /// Looks around, once, at start-up.
    ///
    /// # Errors
    ///
    /// The system cannot say which program is running.
    #[expect(
        clippy::disallowed_methods,
        reason = "the surroundings are read here and nowhere else"
    )]
    pub fn read() -> std::io::Result<Self> {
        let path_in = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Ok(Self {
            path: std::env::var_os("PATH"),
            home: path_in("HOME"),
            xdg_data_home: path_in("XDG_DATA_HOME").filter(|path| path.is_absolute()),
            is_root: nix::unistd::geteuid().is_root(),
            executable: std::env::current_exe()?,
        })
    }
}

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody gave one.
    Default,
    /// The file at this path.
    File(PathBuf),
    /// The environment.
    Environment,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment => f.write_str("environment"),
        }
    }
}

/// Why a value is refused. Neither text shows a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, to be read after the name of the setting.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Refusal {
    fn new(wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self {
            wrong: wrong.into(),
            right: right.into(),
        }
    }
}

fn refuse<T>(wrong: impl Into<String>, right: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(wrong, right))
}

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name, spelt as where it came from: upper case in the environment, lower case in the file.
    pub setting: String,
    /// Where the value came from.
    pub origin: Origin,
    /// What is wrong with it.
    pub refusal: Refusal,
}

impl Fault {
    fn new(setting: impl Into<String>, origin: Origin, refusal: Refusal) -> Self {
        Self {
            setting: setting.into(),
            origin,
            refusal,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            origin,
            refusal: Refusal { wrong, right },
        } = self;
        write!(f, "{setting} ({origin}): {wrong}; {right}")
    }
}

/// All that is wrong with the settings: one fault at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFaults(Vec<Fault>);

impl ConfigFaults {
    /// The faults: of the file as a whole first, then in the order of the settings, then unknown keys.
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        for (number, fault) in (1..).zip(&self.0) {
            write!(f, "\n{number}. {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigFaults {}

/// The merged sources, from which settings are taken one by one, and what was found wrong so far.
struct Reader {
    values: BTreeMap<String, ::config::Value>,
    origins: BTreeMap<&'static str, Origin>,
    file: Option<PathBuf>,
    faults: Vec<Fault>,
}

impl Reader {
    fn new(
        environment: &BTreeMap<String, String>,
        file: Option<(&Path, &str)>,
        mut faults: Vec<Fault>,
    ) -> Self {
        let ours = |name: &&str| environment.get(*name).filter(|value| !value.is_empty()).is_some();
        let origins: BTreeMap<_, _> = NAMES
            .into_iter()
            .filter(ours)
            .map(|name| (name, Origin::Environment))
            .collect();
        let given = origins.keys().filter(|name| **name != CONFIG_FILE);
        let given = given
            .map(|name| (String::from(*name), environment[*name].clone()))
            .collect();
        let mut builder = ::config::Config::builder();
        if let Some((path, text)) = file {
            let source = ::config::File::from_str(text, FileFormat::Toml);
            match source.collect() {
                Ok(_) => builder = builder.add_source(source),
                // The message of the parser quotes the line, which may hold a password: only the place is
                // kept.
                Err(error) => faults.push(Fault::new(
                    "the file",
                    Origin::File(path.to_owned()),
                    Refusal::new(
                        format!("cannot be read as TOML{}", place_in(&error.to_string())),
                        "write each setting as name = \"value\"",
                    ),
                )),
            }
        }
        let merged = builder
            .add_source(Environment::default().source(Some(given)))
            .build();
        let values = merged
            .and_then(|merged| merged.collect())
            .map(|values| values.into_iter().collect());
        let values = values.unwrap_or_else(|_| {
            let refusal = Refusal::new("cannot be merged", "remove keys from the file until they can");
            faults.push(Fault::new("the settings", Origin::Default, refusal));
            BTreeMap::new()
        });
        Self {
            values,
            origins,
            file: file.map(|(path, _)| path.to_owned()),
            faults,
        }
    }

    /// Takes the setting into `slot` if somebody gave it, or notes why it cannot be used.
    fn read<T>(&mut self, name: &'static str, slot: &mut T, parse: impl FnOnce(&str) -> Result<T, Refusal>) {
        let key = name.to_lowercase();
        let Some(value) = self.values.remove(&key) else {
            return;
        };
        let file = || Origin::File(self.file.clone().unwrap_or_default());
        let origin = self.origins.entry(name).or_insert_with(file).clone();
        let text = value
            .into_string()
            .map_err(|_| Refusal::new("is a list or a table", "give a single value"));
        let parsed = text.and_then(|text| match text.as_str() {
            "" => refuse("is empty", "give a value or leave it out"),
            text if text.contains('\0') => refuse("has a zero byte", "leave it out"),
            text => parse(text),
        });
        match parsed {
            Ok(value) => *slot = value,
            Err(refusal) => {
                let setting = if origin == Origin::Environment {
                    name
                } else {
                    key.as_str()
                };
                self.faults.push(Fault::new(setting, origin, refusal));
            }
        }
    }

    /// Where each setting came from, or all faults; a key that nobody has taken is one.
    fn finish(mut self) -> Result<BTreeMap<&'static str, Origin>, ConfigFaults> {
        let known: Vec<String> = NAMES
            .iter()
            .filter(|name| **name != CONFIG_FILE)
            .map(|name| name.to_lowercase())
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for key in self.values.into_keys() {
            let refusal = match key.as_str() {
                "config_file" => Refusal::new(
                    "cannot be set in the file itself",
                    "set CONFIG_FILE in the environment",
                ),
                // The value is not shown: the key may be a misspelt `database_url`.
                _ => Refusal::new(
                    "is not a setting",
                    match nearest(&key.to_lowercase().replace('-', "_"), &known) {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("settings are {}", known.join(", ")),
                    },
                ),
            };
            self.faults.push(Fault::new(
                shown(&key),
                Origin::File(self.file.clone().unwrap_or_default()),
                refusal,
            ));
        }
        if self.faults.is_empty() {
            Ok(self.origins)
        } else {
            Err(ConfigFaults(self.faults))
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, Refusal> {
    text.parse().map_err(|_| {
        let wrong = format!("{} is not an address with a port", shown(text));
        Refusal::new(
            wrong,
            "give an IP address and a port, such as 127.0.0.1:8014 or [::1]:8014",
        )
    })
}

fn directory_date(text: &str) -> Result<DirectoryDate, Refusal> {
    const RIGHT: &str = "give `today` or a day from 2001-04-01 to 2199-12-31";
    if text == "today" {
        return Ok(DirectoryDate::Today);
    }
    // chrono also reads `2014-4-1` and `+2014-04-01`: only a day that is written as we would write it passes.
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| day.to_string() == text);
    let Some(day) = day else {
        return refuse(format!("{} is not a day written YYYY-MM-DD", shown(text)), RIGHT);
    };
    if (day.year(), day.month()) < (2001, 4) || day.year() > 2199 {
        return refuse(
            format!("{} is outside what the directory can answer", shown(text)),
            RIGHT,
        );
    }
    Ok(DirectoryDate::Day(day))
}

/// The directives of env_logger, which it would otherwise pass over with a warning.
fn log_filter(text: &str) -> Result<String, Refusal> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    const RIGHT: &str = "give levels such as `info` or `warn,probation_directory=debug`";
    let (directives, pattern) = text.split_once('/').unwrap_or((text, ""));
    if pattern.contains('/') {
        return refuse(format!("{} has more than one `/`", shown(text)), RIGHT);
    }
    for directive in directives
        .split(',')
        .map(str::trim)
        .filter(|directive| !directive.is_empty())
    {
        let (target, level) = match directive.split_once('=') {
            Some((target, level)) => (target, level.trim()),
            None => (directive, ""),
        };
        if !level.is_empty() && level.parse::<log::LevelFilter>().is_err() {
            let wrong = format!("{} has {}, which is not a level", shown(text), shown(level));
            return refuse(wrong, format!("levels are {}", LEVELS.join(", ")));
        }
        // A bare word is a target with every level on: `inof` would log far more than was meant.
        let meant = if directive.contains('=') {
            None
        } else {
            nearest(&target.to_lowercase(), &LEVELS)
        };
        if let Some(meant) = meant.filter(|_| target.parse::<log::LevelFilter>().is_err()) {
            let wrong = format!("{} has {}, which is not a level", shown(text), shown(target));
            return refuse(
                wrong,
                format!("did you mean {meant}? (a target of that name: {target}=trace)"),
            );
        }
    }
    Ok(text.to_owned())
}

fn whole(text: &str, range: RangeInclusive<u16>) -> Result<u16, Refusal> {
    let right = format!("give a whole number from {} to {}", range.start(), range.end());
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse(format!("{} is not a whole number", shown(text)), right);
    }
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| Refusal::new(format!("{} is out of range", shown(text)), right))
}

fn seconds(text: &str, range: RangeInclusive<u16>) -> Result<Duration, Refusal> {
    whole(text, range).map(|seconds| Duration::from_secs(seconds.into()))
}

fn one_of<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, Refusal> {
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Refusal::new(
                format!("is {}", shown(text)),
                format!("give one of {}", known.join(", ")),
            )
        })
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| *known == value)
        .map_or("", |(word, _)| word)
}

/// A value as a message shows it: in backticks, without control characters, and not endlessly long.
fn shown(value: &str) -> String {
    let mut characters = value.chars();
    let start: String = characters
        .by_ref()
        .take(80)
        .flat_map(char::escape_debug)
        .collect();
    format!("`{start}{}`", if characters.next().is_some() { "…" } else { "" })
}

/// Where in the file the parser stopped, as ` (line 3, column 7)`, if its message says so.
fn place_in(message: &str) -> String {
    let place = message
        .split_once("at line ")
        .and_then(|(_, rest)| rest.split_once(", column "));
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    place.map_or(String::new(), |(line, column)| {
        format!(" (line {}, column {})", digits(line), digits(column))
    })
}

/// The known word that was probably meant: at most two slips away, and less than half of the word.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let slips = known
        .iter()
        .map(|candidate| (slips_between(word, candidate), *candidate));
    let (slips, candidate) = slips.min_by_key(|(slips, _)| *slips)?;
    (slips <= 2 && slips * 2 < candidate.len()).then_some(candidate)
}

/// How many letters must be put in, left out, exchanged or swapped with their neighbour to get from one to
/// the other.
fn slips_between(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "etc/directory.toml";

    fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
        variables
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    }

    fn from_environment(variables: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
        Config::from_sources(&environment(variables), None)
    }

    fn from_file(text: &str) -> Result<Config, ConfigFaults> {
        Config::from_sources(&BTreeMap::new(), Some((Path::new(PATH), text)))
    }

    /// The one fault that this variable causes.
    fn fault(name: &str, value: &str) -> String {
        let faults = from_environment(&[(name, value)]).expect_err(value);
        assert_eq!(faults.faults().len(), 1, "{faults}");
        faults.faults()[0].to_string()
    }

    fn database(url: &str) -> DatabaseUrl {
        from_environment(&[("DATABASE_URL", url)])
            .unwrap()
            .database_url
            .unwrap()
    }

    fn database_fault(url: &str) -> String {
        let text = fault("DATABASE_URL", url);
        assert!(!text.contains("hush"), "the password is shown: {text}");
        text
    }

    #[test]
    fn with_nothing_set_the_defaults_hold() {
        for config in [from_environment(&[]).unwrap(), from_file("").unwrap()] {
            assert_eq!(config.bind.to_string(), "127.0.0.1:8014");
            assert_eq!(config.database_url, None);
            assert_eq!(config.directory_date.to_string(), "2014-11-01");
            assert_eq!((config.data_dir, config.pg_bin_dir), (None, None));
            assert_eq!(
                (config.pg_source, config.log_format),
                (PgSource::Any, LogFormat::Text)
            );
            assert_eq!(config.rust_log, "info,actix_server=warn");
            assert!((1..=256).contains(&config.workers));
            assert_eq!(config.pool_size, 8);
            assert_eq!((config.poll.as_secs(), config.shutdown.as_secs()), (5, 20));
        }
    }

    #[test]
    fn every_setting_is_read_from_either_source() {
        let values = [
            ("BIND", "[::1]:80"),
            ("DATABASE_URL", "postgres://h/d"),
            ("DIRECTORY_DATE", "today"),
            ("DATA_DIR", "data"),
            ("PG_BIN_DIR", "/usr/lib/postgresql/17/bin"),
            ("PG_SOURCE", "system"),
            ("LOG_FORMAT", "json"),
            ("RUST_LOG", "warn,probation_directory::store=debug/pool"),
            ("WORKERS", "3"),
            ("POOL_SIZE", "100"),
            ("POLL_SECONDS", "1"),
            ("SHUTDOWN_SECONDS", "0"),
        ];
        let file: String = values
            .iter()
            .map(|(name, value)| format!("{} = {value:?}\n", name.to_lowercase()))
            .collect();
        for config in [from_environment(&values).unwrap(), from_file(&file).unwrap()] {
            assert_eq!(config.bind.to_string(), "[::1]:80");
            assert_eq!(config.database_url.unwrap().url.expose(), "postgres://h/d");
            assert_eq!(config.directory_date, DirectoryDate::Today);
            assert_eq!(config.data_dir.unwrap(), Path::new("data"));
            assert_eq!(
                config.pg_bin_dir.unwrap(),
                Path::new("/usr/lib/postgresql/17/bin")
            );
            assert_eq!(
                (config.pg_source, config.log_format),
                (PgSource::System, LogFormat::Json)
            );
            assert_eq!(config.rust_log, "warn,probation_directory::store=debug/pool");
            assert_eq!((config.workers, config.pool_size), (3, 100));
            assert_eq!((config.poll.as_secs(), config.shutdown.as_secs()), (1, 0));
        }
    }

    #[test]
    fn numbers_and_days_of_the_file_need_no_quotation_marks() {
        let config = from_file("workers = 3\ndirectory_date = 2015-02-01").unwrap();
        assert_eq!(config.workers, 3);
        assert_eq!(config.directory_date.to_string(), "2015-02-01");
    }

    #[test]
    fn the_environment_stands_over_the_file_and_the_file_over_the_default() {
        let variables = environment(&[
            ("WORKERS", "2"),
            ("POOL_SIZE", ""),
            ("workers", "9"),
            ("OTHER", "x"),
        ]);
        let file = "workers = 3\npool_size = 4";
        let config = Config::from_sources(&variables, Some((Path::new(PATH), file))).unwrap();
        assert_eq!((config.workers, config.pool_size), (2, 4));
        let description = config.describe();
        assert!(
            description.contains("CONFIG_FILE = etc/directory.toml    (default)\n"),
            "{description}"
        );
        assert!(
            description.contains("WORKERS = 2    (environment)\n"),
            "{description}"
        );
        assert!(
            description.contains("POOL_SIZE = 4    (file etc/directory.toml)\n"),
            "{description}"
        );
        assert!(
            description.contains("POLL_SECONDS = 5    (default)\n"),
            "{description}"
        );
    }

    #[test]
    fn a_wrong_value_of_the_file_does_no_harm_when_the_environment_stands_over_it() {
        let file = Some((Path::new(PATH), "workers = \"many\""));
        assert_eq!(
            Config::from_sources(&environment(&[("WORKERS", "2")]), file)
                .unwrap()
                .workers,
            2
        );
    }

    #[test]
    fn the_description_names_every_setting_once_and_hides_the_password() {
        let url = "postgres://u:hush@h/d?password=hush&sslmode=verify-full&sslrootcert=ca.pem";
        let config = from_environment(&[("DATABASE_URL", url), ("CONFIG_FILE", "x")]).unwrap();
        let description = config.describe();
        let names: Vec<_> = description
            .lines()
            .filter_map(|line| line.split(" = ").next())
            .collect();
        assert_eq!(names, NAMES);
        assert!(description.contains(
            "DATABASE_URL = postgres://u:***@h/d?password=***, sslmode verify-full, sslrootcert ca.pem    (environment)\n"
        ));
        assert!(!description.contains("hush"));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn all_faults_are_reported_at_once_in_the_order_of_the_settings() {
        let variables = environment(&[
            ("BIND", "localhost:8014"),
            ("DATABASE_URL", "mysql://u:hush@h/d"),
            ("DIRECTORY_DATE", "1999-01-01"),
            ("PG_SOURCE", "System"),
        ]);
        let file = "log_format = \"xml\"\nworkers = 0\npool_size = [1]\ndatabase_ulr = \"hush\"\nBIND = 1\n[server]\na = 1";
        let faults = Config::from_sources(&variables, Some((Path::new(PATH), file))).unwrap_err();
        assert_eq!(
            faults.to_string(),
            "the settings cannot be used:\n\
             1. BIND (environment): `localhost:8014` is not an address with a port; give an IP address and a port, such as 127.0.0.1:8014 or [::1]:8014\n\
             2. DATABASE_URL (environment): is not a postgres:// or postgresql:// URL; give postgres://USER:PASSWORD@HOST:PORT/DATABASE\n\
             3. DIRECTORY_DATE (environment): `1999-01-01` is outside what the directory can answer; give `today` or a day from 2001-04-01 to 2199-12-31\n\
             4. PG_SOURCE (environment): is `System`; give one of any, system, fetched\n\
             5. log_format (file etc/directory.toml): is `xml`; give one of text, json\n\
             6. workers (file etc/directory.toml): `0` is out of range; give a whole number from 1 to 256\n\
             7. pool_size (file etc/directory.toml): is a list or a table; give a single value\n\
             8. `BIND` (file etc/directory.toml): is not a setting; did you mean bind?\n\
             9. `database_ulr` (file etc/directory.toml): is not a setting; did you mean database_url?\n\
             10. `server` (file etc/directory.toml): is not a setting; settings are bind, database_url, directory_date, data_dir, pg_bin_dir, pg_source, log_format, rust_log, workers, pool_size, poll_seconds, shutdown_seconds"
        );
    }

    #[test]
    fn a_file_that_is_not_toml_is_reported_by_its_place_beside_the_other_faults() {
        let file = "workers = 3\ndatabase_url = postgres://u:hush@h/d\n";
        let faults = Config::from_sources(&environment(&[("WORKERS", "x")]), Some((Path::new(PATH), file)));
        let text = faults.unwrap_err().to_string();
        assert!(
            text.contains("1. the file (file etc/directory.toml): cannot be read as TOML (line 2, column 1"),
            "{text}"
        );
        assert!(text.contains("2. WORKERS"), "{text}");
        assert!(!text.contains("hush"), "{text}");
    }

    #[test]
    fn the_file_cannot_name_another_file_and_its_empty_values_are_faults() {
        let text = from_file("config_file = \"x\"").unwrap_err().to_string();
        assert!(
            text.contains("`config_file` (file etc/directory.toml): cannot be set in the file itself"),
            "{text}"
        );
        let text = from_file("data_dir = \"\"").unwrap_err().to_string();
        assert!(
            text.contains("data_dir (file etc/directory.toml): is empty"),
            "{text}"
        );
    }

    #[test]
    fn the_day_must_be_within_reach_and_written_in_full() {
        for day in ["2001-04-01", "2199-12-31", "2016-02-29"] {
            assert_eq!(
                from_environment(&[("DIRECTORY_DATE", day)])
                    .unwrap()
                    .directory_date
                    .to_string(),
                day
            );
        }
        for day in ["2001-03-31", "2200-01-01"] {
            assert!(fault("DIRECTORY_DATE", day).contains("is outside"));
        }
        for day in [
            "2015-02-29",
            "2015-2-1",
            "+2015-02-01",
            "01/02/2015",
            "Today",
            "2015-02-01 ",
        ] {
            assert!(fault("DIRECTORY_DATE", day).contains("is not a day written YYYY-MM-DD"));
        }
    }

    #[test]
    fn numbers_must_be_whole_and_in_range() {
        for (name, least, most) in [
            ("WORKERS", 1, 256),
            ("POOL_SIZE", 1, 100),
            ("POLL_SECONDS", 1, 300),
            ("SHUTDOWN_SECONDS", 0, 300),
        ] {
            for number in [least, most] {
                assert!(from_environment(&[(name, &number.to_string())]).is_ok());
            }
            for number in [
                (least - 1).to_string(),
                (most + 1).to_string(),
                "70000".to_owned(),
                "+5".to_owned(),
            ] {
                let text = fault(name, &number);
                assert!(
                    text.contains(&format!("give a whole number from {least} to {most}")),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_log_filter_that_would_be_passed_over_is_a_fault() {
        for filter in [
            "off",
            "WARN",
            "info,actix_web=warn",
            "probation_directory",
            "a=",
            "info/begin",
            "info, b=debug",
        ] {
            assert!(from_environment(&[("RUST_LOG", filter)]).is_ok(), "{filter}");
        }
        assert!(
            fault("RUST_LOG", "info,store=loud")
                .contains("has `loud`, which is not a level; levels are off, error")
        );
        assert!(fault("RUST_LOG", "a=b=debug").contains("has `b=debug`, which is not a level"));
        assert!(fault("RUST_LOG", "inof").contains("did you mean info?"));
        assert!(fault("RUST_LOG", "info/a/b").contains("has more than one `/`"));
    }

    #[test]
    fn a_value_is_shown_without_control_characters_and_not_endlessly() {
        assert!(fault("BIND", "a\u{1b}[31m\nb").contains(r"`a\u{1b}[31m\nb` is not an address"));
        assert!(fault("BIND", &"x".repeat(1000)).len() < 250);
        assert!(fault("DATA_DIR", "a\0b").contains("has a zero byte"));
    }

    #[test]
    fn the_url_is_kept_without_the_parameters_of_tls() {
        for (given, kept, tls, certificates) in [
            ("postgres://u:p@h/d", "postgres://u:p@h/d", Tls::Prefer, None),
            (
                "postgresql://h?sslmode=disable",
                "postgresql://h",
                Tls::Disable,
                None,
            ),
            (
                "postgres://h/d?sslmode=prefer",
                "postgres://h/d",
                Tls::Prefer,
                None,
            ),
            (
                "postgres://h/d?sslmode=require&user=a",
                "postgres://h/d?user=a",
                Tls::Require,
                None,
            ),
            (
                "postgres://h/d?a%70plication_name=x&%73slmode=verify-ca",
                "postgres://h/d?a%70plication_name=x",
                Tls::VerifyCa,
                None,
            ),
            (
                "postgres://h/d?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full&port=1",
                "postgres://h/d?port=1",
                Tls::VerifyFull,
                Some("/etc/ca.pem"),
            ),
            (
                "postgres://h/d?sslmode=require&sslrootcert=ca.pem",
                "postgres://h/d",
                Tls::VerifyCa,
                Some("ca.pem"),
            ),
            (
                "postgres://h/d?sslrootcert=ca.pem",
                "postgres://h/d",
                Tls::Prefer,
                Some("ca.pem"),
            ),
            (
                "postgres://h/d?sslrootcert=system",
                "postgres://h/d",
                Tls::VerifyFull,
                None,
            ),
            (
                "postgres:///d?host=/run/postgresql",
                "postgres:///d?host=/run/postgresql",
                Tls::Prefer,
                None,
            ),
            (
                "postgres://u:p@[::1]:5433,b:,c/d",
                "postgres://u:p@[::1]:5433,b:,c/d",
                Tls::Prefer,
                None,
            ),
        ] {
            let database = database(given);
            assert_eq!(database.url.expose(), kept);
            assert_eq!(
                (database.tls, database.root_certificates.as_deref()),
                (tls, certificates.map(Path::new)),
                "{given}"
            );
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_showing_its_password() {
        for (url, wrong) in [
            ("u:hush@h/d", "is not a postgres:// or postgresql:// URL"),
            ("postgres:hush", "is not a postgres:// or postgresql:// URL"),
            (
                "postgres://u:hush@h/d?sslmode=allow",
                "has an sslmode that is `allow`; give one of disable, prefer, require, verify-ca, verify-full",
            ),
            (
                "postgres://u:hush@h/d?sslmode=verify_full",
                "has an sslmode that is `verify_full`",
            ),
            (
                "postgres://u:hush@h/d?sslmode=prefer&sslmode=disable",
                "gives sslmode twice",
            ),
            ("postgres://u:hush@h/d?sslrootcert=", "has an empty sslrootcert"),
            (
                "postgres://u:hush@h/d?sslmode=require&sslrootcert=system",
                "has sslrootcert system with sslmode require",
            ),
            (
                "postgres://u:hush@h/d?ssl_mode=require",
                "has the unknown parameter `ssl_mode`; did you mean sslmode?",
            ),
            (
                "postgres://u:hush@h/d?pool=5",
                "has the unknown parameter `pool`; known are sslmode",
            ),
            (
                "postgres://u:hush@h/d?user",
                "has a parameter that cannot be read",
            ),
            (
                "postgres://u:hush@h:port/d",
                "has a host or port that cannot be read",
            ),
            (
                "postgres://u:hush@h:65536/d",
                "has a host or port that cannot be read",
            ),
            (
                "postgres://u:hush@::1/d",
                "has a host or port that cannot be read",
            ),
            (
                "postgres://u:hush@[::1]5432/d",
                "has a host or port that cannot be read",
            ),
            ("postgres://u:hush", "has a host or port that cannot be read"),
            ("postgres://u:hush@/d", "names no host"),
            (
                "postgres://u:hu@hush@h/d",
                "has an `@` that does not end the user and password",
            ),
            (
                "postgres://u:hu/hush@h/d",
                "has an `@` that does not end the user and password",
            ),
            (
                "postgres://u:hu?hush@h/d",
                "has an `@` that does not end the user and password",
            ),
            ("postgres://u:hush@h/d\n", "has a space or a line break"),
        ] {
            let text = database_fault(url);
            assert!(text.contains(wrong), "{url}: {text}");
        }
    }

    #[test]
    fn the_password_is_hidden_wherever_it_stands() {
        for (url, hidden) in [
            ("postgres://u:hush@h:1/d?user=a", "postgres://u:***@h:1/d?user=a"),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres://:hush@h", "postgres://:***@h"),
            (
                "postgres://h/d?p%61ssword=hush&user=a",
                "postgres://h/d?p%61ssword=***&user=a",
            ),
        ] {
            assert_eq!(database(url).hidden(), hidden);
        }
        // Even of a URL that was not checked.
        let unchecked = DatabaseUrl {
            url: Secret::new("x://u:hush@hu?sh@h"),
            tls: Tls::Prefer,
            root_certificates: None,
        };
        assert_eq!(unchecked.hidden(), "x://u:***@h");
        assert_eq!(format!("{} {:?}", unchecked.url, unchecked.url), "*** ***");
    }

    #[test]
    fn a_slip_is_a_letter_more_or_less_or_another_or_two_swapped() {
        for (left, right, slips) in [
            ("bind", "bind", 0),
            ("bnid", "bind", 1),
            ("bin", "bind", 1),
            ("blind", "bind", 1),
            ("wind", "bind", 1),
            ("", "bind", 4),
        ] {
            assert_eq!(slips_between(left, right), slips, "{left} {right}");
        }
        assert_eq!(nearest("data_url", &["database_url", "data_dir"]), None);
        assert_eq!(nearest("", &["off"]), None);
    }
}
