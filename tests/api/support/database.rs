//! Databases for tests: one cluster a checkout, without fsync; a template once; a clone for each that writes.

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use probation_directory::actions::prepare_database::{Ownership, prepare_database};
use probation_directory::config::Surroundings;
use probation_directory::store::private_server::{Options, PrivateServer, Source};
use probation_directory::store::seed::{ExampleSet, SeedFiles};
use probation_directory::store::{Store, Target};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::Runtime;

/// Connections that a store of a test may hold.
const POOL: usize = 4;

/// The runtime that stores of tests live in.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static NEXT: AtomicU32 = AtomicU32::new(0);

struct Cluster {
    server: PrivateServer,
    template: String,
    empty_template: String,
    filled_template: String,
}

/// What stands in a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contents {
    Nothing,
    Seed,
    SeedAndExamples,
}

/// The program under test.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_probation-directory"))
}

/// A folder of this checkout's tests that the server's account can reach, whoever runs them.
pub fn base() -> PathBuf {
    let checkout = Sha256::digest(env!("CARGO_MANIFEST_DIR"));
    let mark: String = checkout.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    std::env::temp_dir().join(format!("probation-directory-tests-{}-{mark}", nix::unistd::geteuid()))
}

impl Cluster {
    fn start() -> Cluster {
        let options = Options {
            base: base(),
            durable: false,
            bin_dir: None,
            source: Source::Any,
            program: program(),
            path: Surroundings::read().expect("the surroundings").path,
        };
        let server =
            PrivateServer::join(&options, &mut |line| eprintln!("{line}")).expect("a private server");
        // Processes that test at the same time prepare one after another.
        let turn = File::create(base().join("template.lock")).expect("a lock file");
        turn.lock().expect("the lock");
        let mark = digest_of_sources();
        let (template, empty_template) = (format!("template_{mark}"), format!("empty_{mark}"));
        let filled_template = format!("filled_{mark}");
        RUNTIME.block_on(async {
            sweep(&server).await;
            make_template(&server, &template, Contents::Seed).await;
            make_template(&server, &empty_template, Contents::Nothing).await;
            make_template(&server, &filled_template, Contents::SeedAndExamples).await;
        });
        Cluster { server, template, empty_template, filled_template }
    }
}

/// What a template was made from: another migration or seed makes another template.
fn digest_of_sources() -> String {
    fn add(folder: &Path, digest: &mut Sha256) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        entries.sort();
        for entry in entries {
            if entry.is_dir() {
                add(&entry, digest);
            } else {
                digest.update(entry.file_name().expect("a name").as_encoded_bytes());
                digest.update(std::fs::read(&entry).expect("a file"));
            }
        }
    }
    let mut digest = Sha256::new();
    for folder in ["migrations", "seed"] {
        add(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut digest);
    }
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

async fn administer(server: &PrivateServer) -> AsyncPgConnection {
    AsyncPgConnection::establish(&server.url("postgres")).await.expect("a connection")
}

async fn run(connection: &mut AsyncPgConnection, statement: String) {
    diesel::sql_query(&statement)
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

async fn databases(connection: &mut AsyncPgConnection) -> Vec<String> {
    let rows: Vec<Named> = diesel::sql_query("SELECT datname::text AS name FROM pg_database")
        .load(connection)
        .await
        .expect("databases");
    rows.into_iter().map(|row| row.name).collect()
}

/// Drops databases of test processes that have ended.
async fn sweep(server: &PrivateServer) {
    let mut connection = administer(server).await;
    for name in databases(&mut connection).await {
        let owner = name
            .strip_prefix("t_")
            .and_then(|rest| rest.split('_').next())
            .and_then(|pid| pid.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            run(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn make_template(server: &PrivateServer, template: &str, contents: Contents) {
    let mut connection = administer(server).await;
    if databases(&mut connection).await.iter().any(|name| name == template) {
        return;
    }
    // Named as a template only when it is whole.
    let making = format!("making_{template}");
    run(&mut connection, format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
    run(&mut connection, format!("CREATE DATABASE {making}")).await;
    let store = Store::new(Target::private(server.url(&making)), POOL).expect("a store");
    if contents == Contents::Nothing {
        store.migrate().await.expect("a migrated database");
    } else {
        let seed = SeedFiles::embedded().expect("a sound seed");
        prepare_database(&store, Ownership::Private, &seed).await.expect("a prepared database");
    }
    if contents == Contents::SeedAndExamples {
        let set = ExampleSet::embedded().expect("a sound example set");
        assert_eq!(store.load_examples(&set).await.expect("an example set"), Some(2));
    }
    store.close();
    drop(store);
    run(
        &mut connection,
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{making}'"),
    )
    .await;
    run(&mut connection, format!("ALTER DATABASE {making} RENAME TO {template}")).await;
}

/// A database of its own for one test.
pub struct TestDatabase {
    /// Its store.
    pub store: Store,
    /// Its URL.
    pub url: String,
}

impl TestDatabase {
    /// A clone that is migrated and seeded.
    pub fn seeded() -> TestDatabase {
        TestDatabase::clone_of(Some(&CLUSTER.template))
    }

    /// A clone that is migrated and seeded, and holds the example set: something in every table.
    pub fn filled() -> TestDatabase {
        TestDatabase::clone_of(Some(&CLUSTER.filled_template))
    }

    /// A clone that is migrated and holds nothing.
    pub fn migrated() -> TestDatabase {
        TestDatabase::clone_of(Some(&CLUSTER.empty_template))
    }

    /// A database with nothing in it.
    pub fn empty() -> TestDatabase {
        TestDatabase::clone_of(None)
    }

    fn clone_of(template: Option<&str>) -> TestDatabase {
        let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let from =
            template.map(|template| format!(" TEMPLATE {template} STRATEGY FILE_COPY")).unwrap_or_default();
        RUNTIME.block_on(async {
            let mut connection = administer(&CLUSTER.server).await;
            run(&mut connection, format!("CREATE DATABASE {name}{from}")).await;
        });
        let url = CLUSTER.server.url(&name);
        let _entered = RUNTIME.enter();
        let store = Store::new(Target::private(url.clone()), POOL).expect("a store");
        TestDatabase { store, url }
    }

    /// The same database with a store of its own, as another process has one.
    pub fn of_another_process(&self) -> TestDatabase {
        let _entered = RUNTIME.enter();
        let store = Store::new(Target::private(self.url.clone()), POOL).expect("a store");
        TestDatabase { store, url: self.url.clone() }
    }

    /// A plain connection, for statements that the store would never make.
    pub fn connection(&self) -> AsyncPgConnection {
        RUNTIME.block_on(AsyncPgConnection::establish(&self.url)).expect("a connection")
    }

    /// Has the server log every statement of sessions that begin from now on, with the values bound to it.
    pub fn log_every_statement(&self) {
        let name = self.text("SELECT current_database()::text AS text");
        for setting in [
            "log_statement = 'all'",
            "log_error_verbosity = 'default'",
            "log_min_error_statement = 'error'",
            "log_parameter_max_length = -1",
            "log_parameter_max_length_on_error = -1",
        ] {
            self.execute(&format!("ALTER DATABASE {name} SET {setting}")).expect("a setting");
        }
    }

    /// Every row of every table as text.
    pub fn dump(&self) -> String {
        let tables = self.texts(
            "SELECT format('%I.%I', schemaname, tablename) AS text FROM pg_tables
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        );
        assert!(tables.len() > 10, "{tables:?}");
        let rows = tables
            .iter()
            .flat_map(|table| self.texts(&format!("SELECT row_of::text AS text FROM {table} AS row_of")));
        rows.collect::<Vec<_>>().join("\n")
    }

    /// Runs a statement; the error is what PostgreSQL says.
    pub fn execute(&self, statement: &str) -> Result<usize, diesel::result::Error> {
        let mut connection = self.connection();
        RUNTIME.block_on(diesel::sql_query(statement).execute(&mut connection))
    }

    /// Runs statements as one transaction, in which nothing may go wrong.
    pub fn execute_together(&self, statements: &[String]) {
        let together = statements.join("; ");
        let mut connection = self.connection();
        RUNTIME
            .block_on(connection.batch_execute(&together))
            .unwrap_or_else(|error| panic!("{together}: {error}"));
    }

    /// One text from a query that names it `text`.
    pub fn text(&self, query: &str) -> String {
        self.texts(query).pop().unwrap_or_else(|| panic!("{query}: no row"))
    }

    /// Texts from a query that names them `text`.
    pub fn texts(&self, query: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        let mut connection = self.connection();
        let rows: Vec<Row> = RUNTIME
            .block_on(diesel::sql_query(query).load(&mut connection))
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        rows.into_iter().map(|row| row.text).collect()
    }
}
