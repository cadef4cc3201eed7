//! The servers of the load comparison: the built program in its four forms, handlers of fixed bytes, and the other
//! GraphQL servers of `benches/peers`, all on one core with the PostgreSQL that they share.
//!
//! The first of them starts a private PostgreSQL in a temporary folder, as anybody's first start does; it is stopped
//! when all have ended. What they are asked is left to the benches.

use super::cores::Cores;
use super::load::{self, Connection};
use super::programs::Program;
use super::questions;
use probation_directory::config::Surroundings;
use serde_json::Value as Json;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The folder of the other servers.
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers");
/// Settings of the service that hold where nothing else is said; those of whoever runs the bench are left aside.
const SETTINGS: [&str; 9] = [
    "CONFIG_FILE",
    "CORS_ORIGINS",
    "DATABASE_URL",
    "DIRECTORY_DATE",
    "LOG_FORMAT",
    "OPEN_REQUESTS",
    "POOL_SIZE",
    "TRUSTED_DOCUMENTS",
    "TRUSTED_MANIFESTS",
];

/// How long the private PostgreSQL may take to end.
const STOP_WAIT: Duration = Duration::from_secs(30);

/// What the service writes to its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// A line of each request, as always, to /dev/null.
    Usual,
    /// Warnings.
    Warnings,
}

impl Log {
    /// In words.
    pub fn told(self) -> String {
        match self {
            Log::Usual => "service, usual log to /dev/null".to_owned(),
            Log::Warnings => "service, RUST_LOG=warn".to_owned(),
        }
    }
}

/// Whether the service keeps answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// As always.
    Usual,
    /// It keeps none.
    None,
}

impl Cache {
    /// In words.
    pub fn told(self) -> &'static str {
        match self {
            Cache::Usual => "answer kept",
            Cache::None => "no answer kept",
        }
    }
}

/// Another GraphQL server.
pub struct Peer {
    /// Its name.
    pub name: &'static str,
    /// It, running.
    pub program: Rc<Program>,
    /// The data directory of the PostgreSQL that works for it, where one does.
    pub postgresql: Option<PathBuf>,
}

/// The servers.
pub struct Servers {
    cores: Cores,
    services: Vec<(Log, Cache, Rc<Program>)>,
    areas: Vec<u8>,
    folder: TempDir,
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The private PostgreSQL ends after its last user, and its folder must not be taken away from under it.
        self.services.clear();
        let Ok(lock) = File::open(data(self.folder.path()).join("keeper.lock")) else { return };
        let until = Instant::now() + STOP_WAIT;
        while lock.try_lock().is_err() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Servers {
    /// Starts the service in each of its forms.
    pub fn start(cores: Cores) -> Servers {
        let folder = tempfile::Builder::new().prefix("probation-directory-load").tempdir().expect("a folder");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), mode).expect("a folder that the server's account can reach");
        let mut services = Vec::new();
        for cache in [Cache::Usual, Cache::None] {
            for log in [Log::Usual, Log::Warnings] {
                let program = Program::start(cores.server, &mut service(folder.path(), log, cache));
                services.push((log, cache, Rc::new(program)));
            }
        }
        let areas = ask(&services[0].2, &questions::areas());
        questions::has_areas(&areas);
        Servers { cores, services, areas, folder }
    }

    /// The service in one of its forms.
    pub fn service(&self, log: Log, cache: Cache) -> Rc<Program> {
        let is_it =
            |(its_log, its_cache, _): &&(Log, Cache, Rc<Program>)| (*its_log, *its_cache) == (log, cache);
        let (_, _, program) = self.services.iter().find(is_it).expect("every form was started");
        Rc::clone(program)
    }

    /// A handler of so many fixed bytes: this program itself, started anew.
    pub fn fixed(&self, length: usize) -> Rc<Program> {
        let ourselves = Surroundings::read().expect("the surroundings").executable;
        let mut command = Command::new(ourselves);
        Rc::new(Program::start(self.cores.server, command.arg("--fixed").arg(length.to_string())))
    }

    /// Slugs of the areas, in their order.
    pub fn area_slugs(&self) -> Vec<String> {
        let answer = questions::sound(&self.areas);
        let nodes = answer["data"]["mappaAreas"]["nodes"].as_array().expect("areas");
        nodes.iter().filter_map(|area| Some(area["slug"].as_str()?.to_owned())).collect()
    }

    /// ONS codes of the authorities, asked for page by page.
    pub fn authority_codes(&self) -> Vec<String> {
        let (mut codes, mut after) = (Vec::new(), None);
        loop {
            let page = ask(&self.services[0].2, &questions::authorities(after.as_deref()));
            let page: &Json = &questions::sound(&page)["data"]["localAuthorities"];
            let nodes = page["nodes"].as_array().expect("authorities");
            codes.extend(nodes.iter().filter_map(|node| Some(node["code"].as_str()?.to_owned())));
            if page["pageInfo"]["hasNextPage"] != true {
                return codes;
            }
            after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        }
    }

    /// The other GraphQL servers with what the service answers as their data; none where they are not installed.
    pub fn peers(&self) -> Option<[Peer; 2]> {
        // A Node of its own is among the packages, so that each machine runs the same; where it has none, the machine's.
        let installed = Path::new(PEERS).join("node_modules");
        let pinned = installed.join(".bin/node");
        if !installed.exists() {
            return None;
        }
        let node = if pinned.exists() { pinned } else { "node".into() };
        let areas = self.folder.path().join("areas.json");
        std::fs::write(&areas, &self.areas).expect("a file for the other servers");
        let (postgresql, socket) = self.postgresql();
        let start = |script: &str| {
            let mut command = Command::new(&node);
            command.arg(Path::new(PEERS).join(script)).arg(&areas);
            command.env("NODE_ENV", "production").env("GRAPHILE_ENV", "production");
            command.env("PGHOST", &socket).env("PGUSER", "postgres").env_remove("NODE_OPTIONS");
            Rc::new(Program::start(self.cores.server, &mut command))
        };
        let mercurius =
            Peer { name: "Mercurius, compiled", program: start("mercurius.mjs"), postgresql: None };
        let program = start("postgraphile.mjs");
        Some([mercurius, Peer { name: "PostGraphile", program, postgresql: Some(postgresql) }])
    }

    /// The data directory of the private PostgreSQL, and the directory of its socket.
    fn postgresql(&self) -> (PathBuf, String) {
        let folders = std::fs::read_dir(data(self.folder.path())).expect("its folder").flatten();
        let mut found = folders.map(|folder| folder.path()).filter_map(|folder| {
            let file = std::fs::read_to_string(folder.join("postmaster.pid")).ok()?;
            let socket = file.lines().nth(4)?.to_owned();
            Some((folder, socket))
        });
        found.next().expect("a running PostgreSQL")
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The service with one worker. All load comes from one address, whose allowance must not run out.
fn service(folder: &Path, log: Log, cache: Cache) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probation-directory"));
    // In that folder there is no file of settings.
    command.arg("serve").current_dir(folder).stderr(Stdio::null());
    for setting in SETTINGS {
        command.env_remove(setting);
    }
    command.env("BIND", "127.0.0.1:0").env("DATA_DIR", data(folder)).env("WORKERS", "1");
    command.env("COST_PER_MINUTE", "4000000000").env("SHUTDOWN_SECONDS", "1");
    match log {
        Log::Usual => command.env_remove("RUST_LOG"),
        Log::Warnings => command.env("RUST_LOG", "warn"),
    };
    match cache {
        Cache::Usual => command.env_remove("ANSWER_CACHE_MIB"),
        Cache::None => command.env("ANSWER_CACHE_MIB", "0"),
    };
    command
}

/// The body of an answer.
fn ask(program: &Program, body: &str) -> Vec<u8> {
    let request = load::post(program.address, "/graphql", body.as_bytes());
    Connection::open(program.address).ask(&request).to_vec()
}
