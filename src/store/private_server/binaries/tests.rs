//! Tests of the search for binaries, on made-up machines whose programs are small scripts.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

/// A directory with a `postgres` and an `initdb` that say they are of `version`.
fn install(directory: &Path, version: &str) {
    fs::create_dir_all(directory).expect("directory");
    for name in ["postgres", "initdb"] {
        let script = format!("#!/bin/sh\necho '{name} (PostgreSQL) {version} (Test)'\n");
        program(&directory.join(name), &script);
    }
}

fn program(file: &Path, script: &str) {
    fs::write(file, script).expect("script");
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("chmod");
}

struct Machine {
    root: tempfile::TempDir,
    options: Options,
    data: Vec<(u32, PathBuf)>,
}

impl Machine {
    fn new(path: &[&str]) -> Machine {
        let root = tempfile::tempdir().expect("temporary directory");
        let path = std::env::join_paths(path.iter().map(|one| root.path().join(one))).expect("path");
        let options = Options {
            base: root.path().to_owned(),
            durable: false,
            bin_dir: None,
            source: Source::System,
            program: PathBuf::new(),
            path: Some(path),
        };
        Machine { root, options, data: Vec::new() }
    }

    fn install(&self, directory: &str, version: &str) {
        install(&self.root.path().join(directory), version);
    }

    fn find(&self) -> Result<(String, String), PrivateServerError> {
        let account = Account::ourselves();
        let cache = self.root.path().join("fetched");
        let search = Search {
            options: &self.options,
            account: &account,
            data: &self.data,
            cache: &cache,
            root: self.root.path(),
        };
        let root = self.root.path().canonicalize().expect("root");
        find(&search, &mut |_| {}).map(|found| {
            let place = found.directory.strip_prefix(root).expect("below the root").display().to_string();
            (place, found.version)
        })
    }
}

fn is(place: &str, version: &str) -> (String, String) {
    (place.to_owned(), version.to_owned())
}

#[test]
fn the_order_is_given_path_config_usual() {
    let mut machine = Machine::new(&["first", "second"]);
    machine.install("usr/pgsql-17/bin", "17.1");
    assert_eq!(machine.find().expect("usual"), is("usr/pgsql-17/bin", "17.1"));
    machine.install("usr/lib/postgresql/9.6/bin", "9.6.1");
    machine.install("usr/lib/postgresql/15/bin", "15.18");
    machine.install("usr/lib/postgresql/16/bin", "16.1");
    assert_eq!(machine.find().expect("newest of Debian"), is("usr/lib/postgresql/16/bin", "16.1"));
    machine.install("by config", "15.2");
    fs::create_dir_all(machine.root.path().join("second")).expect("second");
    let bindir = machine.root.path().join("by config");
    program(
        &machine.root.path().join("second/pg_config"),
        &format!("#!/bin/sh\necho '{}'\n", bindir.display()),
    );
    assert_eq!(machine.find().expect("config"), is("by config", "15.2"));
    machine.install("second", "18beta1");
    assert_eq!(machine.find().expect("second in PATH"), is("second", "18beta1"));
    machine.install("first", "14.9");
    assert_eq!(machine.find().expect("too old is passed over"), is("second", "18beta1"));
    machine.install("given", "15.0");
    machine.options.bin_dir = Some(machine.root.path().join("given"));
    assert_eq!(machine.find().expect("given"), is("given", "15.0"));
}

#[test]
fn a_link_in_path_leads_to_the_real_directory() {
    let machine = Machine::new(&["links"]);
    machine.install("real", "16.4");
    fs::create_dir(machine.root.path().join("links")).expect("links");
    symlink("../real/postgres", machine.root.path().join("links/postgres")).expect("link");
    assert_eq!(machine.find().expect("followed"), is("real", "16.4"));
}

#[test]
fn a_wrong_directory_given_is_an_error_even_when_others_would_do() {
    let mut machine = Machine::new(&["first"]);
    machine.install("first", "16.1");
    machine.options.bin_dir = Some(machine.root.path().join("nowhere"));
    assert!(matches!(machine.find(), Err(PrivateServerError::WrongBinDir { .. })));
    machine.options.bin_dir = Some(machine.root.path().join("first"));
    machine.data = vec![(15, "pg15".into())];
    let error = machine.find().expect_err("another major version than the data's");
    assert!(matches!(error, PrivateServerError::WrongBinDir { .. }), "{error}");
}

#[test]
fn the_error_names_every_place_and_every_way_out() {
    let machine = Machine::new(&["first", "second"]);
    machine.install("first", "13.1");
    let error = machine.find().expect_err("nothing will do").to_string();
    for part in [
        "first (in PATH): is PostgreSQL 13.1, older than 15",
        "second (in PATH): is not a directory",
        "pg_config --bindir: there is no `pg_config` in PATH",
        "usr/lib/postgresql/*/bin: is not there",
        "usr/pgsql-*/bin: is not there",
        "usr/local/pgsql/bin: is not a directory",
        "opt/homebrew/opt/postgresql@*/bin: is not there",
        "Fetching a copy: it was switched off",
        "apt-get install postgresql",
        "PG_BIN_DIR",
        "DATABASE_URL",
    ] {
        assert!(error.contains(part), "{part} is missing in:\n{error}");
    }
}

#[test]
fn data_decides_the_major_version() {
    let mut machine = Machine::new(&["first", "second"]);
    machine.install("first", "17.1");
    machine.install("second", "15.3");
    machine.data = vec![(15, "/base/pg15".into())];
    assert_eq!(machine.find().expect("of the data's version"), is("second", "15.3"));
    machine.data = vec![(17, "/base/pg17".into()), (15, "/base/pg15".into())];
    assert_eq!(machine.find().expect("the newest data"), is("first", "17.1"));
    machine.data = vec![(18, "/base/pg18".into()), (15, "/base/pg15".into())];
    assert_eq!(machine.find().expect("data that can be opened"), is("second", "15.3"));
    machine.data = vec![(16, "/base/pg16".into())];
    let error = machine.find().expect_err("never an empty one of another version");
    assert!(matches!(error, PrivateServerError::NoBinariesForData { major: 16, .. }), "{error}");
    assert!(error.to_string().contains("first (in PATH): is PostgreSQL 17.1"), "{error}");
}
