//! Where the system may have the programs of a PostgreSQL server, in the order of looking.
//!
//! Whether what is there will do is left to `binaries`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::account::is_program;
use super::binaries::Search;
use super::probe::run;

/// A place to look at, or why there is none.
pub(super) struct Place {
    /// As a person would name it.
    pub label: String,
    /// The directory, or why none.
    pub directory: Result<PathBuf, String>,
}

/// The places of the system, in order. `pg_config` is run only when the search gets that far.
pub(super) fn system_places<'a>(search: &'a Search<'a>) -> impl Iterator<Item = Place> + 'a {
    let path = || search.options.path.as_deref().unwrap_or(OsStr::new(""));
    let on_path = std::env::split_paths(path()).map(|directory| {
        let label = format!("{} (in PATH)", directory.display());
        // A relative or empty entry would let the working directory decide what is run.
        let directory =
            if directory.is_absolute() { Ok(directory) } else { Err("is not an absolute path".to_owned()) };
        Place { label, directory }
    });
    let config = std::iter::once_with(move || {
        let found = std::env::split_paths(path()).map(|directory| directory.join("pg_config"));
        let found = found.filter(|file| file.is_absolute()).find(|file| is_program(file));
        let label = "pg_config --bindir".to_owned();
        let Some(program) = found else {
            return Place { label, directory: Err("there is no `pg_config` in PATH".to_owned()) };
        };
        match run(search.account, &program, "--bindir") {
            Ok(output) => {
                Place { label: format!("{} ({label})", output.trim()), directory: Ok(output.trim().into()) }
            }
            Err(why) => Place { label, directory: Err(why) },
        }
    });
    let usual = std::iter::once_with(move || usual_places(search.root)).flatten();
    on_path.chain(config).chain(usual)
}

/// The usual folders below `root`: those of Debian, of Red Hat, of a build from source, of Homebrew.
/// Where a folder is named after a version, the newest comes first.
fn usual_places(root: &Path) -> Vec<Place> {
    let mut places = versions_below(&root.join("usr/lib/postgresql"), "");
    places.extend(versions_below(&root.join("usr"), "pgsql-"));
    let from_source = root.join("usr/local/pgsql/bin");
    places.push(Place { label: from_source.display().to_string(), directory: Ok(from_source) });
    places.extend(versions_below(&root.join("opt/homebrew/opt"), "postgresql@"));
    places
}

/// The places PARENT/PREFIX*/bin where * is a version, the newest first; one place that says so when there
/// are none.
fn versions_below(parent: &Path, prefix: &str) -> Vec<Place> {
    let names = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut found: Vec<(u32, PathBuf)> = names
        .filter_map(|name| {
            let version = name.to_str()?.strip_prefix(prefix)?;
            // Debian's 9.6 and its like sort below 10.
            let major = version.split('.').next()?.parse().ok()?;
            Some((major, parent.join(name).join("bin")))
        })
        .collect();
    if found.is_empty() {
        let label = format!("{}/{prefix}*/bin", parent.display());
        return vec![Place { label, directory: Err("is not there".to_owned()) }];
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.0));
    found
        .into_iter()
        .map(|(_, path)| Place { label: path.display().to_string(), directory: Ok(path) })
        .collect()
}
