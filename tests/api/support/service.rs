//! A service on a free port, answering from a database of its own.

use super::client::Client;
use super::database::{RUNTIME, TestDatabase};
use probation_directory::actions::follow_changes::Follower;
use probation_directory::clock::SystemClock;
use probation_directory::directory::live::LiveDirectory;
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::http::{Allowance, DirectoryDay, Port, Service, block_on, serve};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// A running service.
pub struct TestService {
    /// Its database.
    pub database: TestDatabase,
    /// What it serves from.
    pub live: Arc<LiveDirectory>,
    /// What keeps it in step; not following unless told to.
    pub follower: Follower,
    /// A client of it.
    pub client: Client,
}

static SHARED: LazyLock<TestService> = LazyLock::new(|| TestService::start(TestDatabase::seeded()));

impl TestService {
    /// The one that all tests share which only read.
    pub fn shared() -> &'static TestService {
        &SHARED
    }

    /// One of its own, on a seeded database.
    pub fn seeded() -> TestService {
        TestService::start(TestDatabase::seeded())
    }

    /// One on a database.
    pub fn start(database: TestDatabase) -> TestService {
        TestService::start_with(database, |service| service)
    }

    /// One with something about it that is not as usual.
    pub fn start_with(database: TestDatabase, change: impl FnOnce(Service) -> Service) -> TestService {
        let live = Arc::new(LiveDirectory::default());
        let follower = Follower {
            store: database.store.clone(),
            live: Arc::clone(&live),
            clock: Arc::new(SystemClock),
            poll: Duration::from_secs(3600),
        };
        RUNTIME.block_on(follower.refresh()).expect("a directory");
        let day = DirectoryDay::Fixed(DEFAULT_DIRECTORY_DATE);
        let service = Service::new(Arc::clone(&live), database.store.clone(), Arc::new(SystemClock), day);
        // Tests come from one address, and together ask for more than anybody may.
        let allowance = Arc::new(Allowance::new(u32::MAX));
        let service = change(Service { allowance, ..service.expect("a service") });
        let port = Port::take("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let client = Client::new(port.address);
        std::thread::spawn(move || {
            block_on(async move { serve(service, port, 1, Duration::from_secs(1)).expect("a server").await })
        });
        TestService { database, live, follower, client }
    }
}
