//! What benches stand on: a durable private server of their own, the directory loaded from it, and the service on free ports.
//!
//! Leaves what is asked and how often to the benches. Nothing is logged: no logger is started.

use super::cores;
use probation_directory::actions::follow_changes::Follower;
use probation_directory::actions::prepare_database::{Ownership, prepare_database};
use probation_directory::clock::SystemClock;
use probation_directory::config::Surroundings;
use probation_directory::directory::live::{LiveDirectory, Loaded};
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::http::{Allowance, DirectoryDay, Port, Service, block_on, serve};
use probation_directory::store::private_server::{Options, PrivateServer, Source};
use probation_directory::store::seed::SeedFiles;
use probation_directory::store::{Store, Target};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Name of the database, as the program itself calls it: commands in the same folder use the same one.
const DATABASE: &str = "directory";
/// How long a server may take to stop; none is told to.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// The program.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_probation-directory"))
}

/// A prepared database with the directory that was loaded from it.
pub struct Ground {
    folder: TempDir,
    live: Arc<LiveDirectory>,
    store: Store,
    // In this order: the pool's tasks end before the server that they are connected to.
    runtime: Runtime,
    server: PrivateServer,
}

impl Ground {
    /// Starts a server, prepares its database and loads the directory.
    pub fn prepare() -> Ground {
        let folder = open_folder();
        let server = private_server(&folder.path().join("data"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let (store, live) = runtime.block_on(load_directory(&server));
        Ground { folder, live, store, runtime, server }
    }

    /// A folder for files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What `DATA_DIR` must be for a command to use this server.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The directory.
    pub fn loaded(&self) -> Arc<Loaded> {
        self.live.current().expect("a directory")
    }

    /// Where what waits for the database runs.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The database, for a connection of one's own.
    pub fn url(&self) -> String {
        self.server.url(DATABASE)
    }

    /// What keeps the directory in step, once it is told to follow.
    pub fn follower(&self) -> Follower {
        follower(&self.store, &self.live)
    }

    /// Starts the real service with one worker on a core.
    pub fn serve(&self, core: Option<usize>) -> SocketAddr {
        let day = DirectoryDay::Fixed(DEFAULT_DIRECTORY_DATE);
        let service = Service::new(Arc::clone(&self.live), self.store.clone(), Arc::new(SystemClock), day);
        // All load comes from one address, whose allowance is charged and must not run out.
        let allowance = Arc::new(Allowance::new(u32::MAX));
        let service = Service { allowance, ..service.expect("a service") };
        let port = Port::take("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let address = port.address;
        std::thread::spawn(move || {
            cores::pin(core);
            block_on(async move { serve(service, port, 1, SHUTDOWN).expect("a server").await })
        });
        address
    }
}

/// A folder for files that the server's account can reach; it is removed with what it is kept in.
pub fn open_folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("probation-directory-bench").tempdir().expect("a folder");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), mode).expect("a folder that the server's account can reach");
    folder
}

fn private_server(base: &Path) -> PrivateServer {
    let options = Options {
        base: base.to_owned(),
        durable: true,
        bin_dir: None,
        source: Source::Any,
        program: program(),
        path: Surroundings::read().expect("the surroundings").path,
    };
    PrivateServer::join(&options, &mut |_| {}).expect("a private server")
}

async fn load_directory(server: &PrivateServer) -> (Store, Arc<LiveDirectory>) {
    Store::ensure_database(&Target::private(server.url("postgres")), DATABASE).await.expect("a database");
    let store = Store::new(Target::private(server.url(DATABASE)), 4).expect("a store");
    let seed = SeedFiles::embedded().expect("a sound seed");
    prepare_database(&store, Ownership::Private, &seed).await.expect("a prepared database");
    let live = Arc::new(LiveDirectory::default());
    follower(&store, &live).refresh().await.expect("a directory");
    (store, live)
}

/// A follower that hears of changes, and does not look for them by itself while a bench runs.
fn follower(store: &Store, live: &Arc<LiveDirectory>) -> Follower {
    let poll = Duration::from_secs(3600);
    Follower { store: store.clone(), live: Arc::clone(live), clock: Arc::new(SystemClock), poll }
}
