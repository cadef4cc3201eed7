//! Finds the programs of a PostgreSQL server: what makes a place do, and which is taken.
//!
//! Every place that does not do is remembered with the reason, for the one error at the end. Which places
//! there are is left to `places`, fetching a copy to `fetch`, and running the server to `cluster`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::{Looked, PrivateServerError};
use super::places::{Place, system_places};
use super::probe::{Binaries, probe, real_directory};
use super::{Options, Source, fetch};

/// What [`find`] searches for, and as whom.
pub(super) struct Search<'a> {
    /// The options of the one who joins.
    pub options: &'a Options,
    /// The account that will run the programs.
    pub account: &'a Account,
    /// The data directories that are there, newest first. With any, only binaries of one of their versions
    /// will do.
    pub data: &'a [(u32, PathBuf)],
    /// Where fetched copies lie.
    pub cache: &'a Path,
    /// Where the usual folders are looked for; `/` but in tests.
    pub root: &'a Path,
}

/// Finds binaries. With data directories there, those of the newest version among them for which there are
/// any.
///
/// # Errors
/// [`PrivateServerError::WrongBinDir`] when a directory was given and will not do,
/// [`PrivateServerError::NoBinaries`] when there are none anywhere,
/// [`PrivateServerError::NoBinariesForData`] when there are none of a version that can open the data.
pub(super) fn find(search: &Search<'_>, say: &mut dyn FnMut(&str)) -> Result<Binaries, PrivateServerError> {
    let mut looked = Looking { search, usable: Vec::new(), failed: Vec::new(), seen: HashSet::new() };
    if let Some(given) = &search.options.bin_dir {
        let wrong = |why| PrivateServerError::WrongBinDir { directory: given.clone(), why };
        let binaries = probe(given, search.account).map_err(wrong)?;
        return match search.data {
            [] => Ok(binaries),
            data if data.iter().any(|(major, _)| *major == binaries.major) => Ok(binaries),
            [(major, data), ..] => Err(wrong(format!(
                "it is PostgreSQL {}, and {} was made by PostgreSQL {major}",
                binaries.version,
                data.display()
            ))),
        };
    }
    if search.options.source != Source::Fetched {
        for place in system_places(search) {
            if looked.at(place) {
                return looked.best();
            }
        }
    }
    let fetching = if search.options.source == Source::System {
        "it was switched off".to_owned()
    } else {
        let label = search.cache.display().to_string();
        match fetch::cached(search.cache) {
            Ok(Some(directory)) => {
                if looked.at(Place { label, directory: Ok(directory) }) {
                    return looked.best();
                }
            }
            Ok(None) => looked.fail(label, "nothing was fetched before".to_owned()),
            Err(why) => {
                log::warn!(why = why.as_str(); "the fetched copy of PostgreSQL is not used");
                looked.fail(label, why);
            }
        }
        match looked.fetch(say) {
            Ok(true) => return looked.best(),
            Ok(false) => format!("only version {} can be fetched", fetch::MAJOR),
            Err(why) => why,
        }
    };
    looked.best().map_err(|error| error.with_fetching(fetching))
}

/// The state of a search.
struct Looking<'a> {
    search: &'a Search<'a>,
    /// What would do, if nothing better comes.
    usable: Vec<Binaries>,
    /// What did not do.
    failed: Vec<Looked>,
    /// Directories probed, so that one reached on several ways is probed once.
    seen: HashSet<PathBuf>,
}

impl Looking<'_> {
    /// Looks at a place. True when nothing better can come, so that the search may end.
    fn at(&mut self, place: Place) -> bool {
        let directory = match place.directory {
            Ok(directory) => directory,
            Err(why) => {
                self.fail(place.label, why);
                return false;
            }
        };
        if !self.seen.insert(real_directory(&directory)) {
            self.fail(place.label, "is a place named above".to_owned());
            return false;
        }
        match probe(&directory, self.search.account) {
            Ok(binaries) => {
                let ends = match self.search.data {
                    [] => true,
                    [(newest, _), ..] => *newest == binaries.major,
                };
                if !self.search.data.is_empty()
                    && !self.search.data.iter().any(|(major, _)| *major == binaries.major)
                {
                    self.fail(place.label, format!("is PostgreSQL {}", binaries.version));
                    return false;
                }
                self.usable.push(binaries);
                ends
            }
            Err(why) => {
                self.fail(place.label, why);
                false
            }
        }
    }

    /// Fetches a copy, unless something else was found or the data needs another version. Whether there is
    /// anything now.
    fn fetch(&mut self, say: &mut dyn FnMut(&str)) -> Result<bool, String> {
        let of_use =
            self.search.data.is_empty() || self.search.data.iter().any(|(major, _)| *major == fetch::MAJOR);
        if !of_use || !self.usable.is_empty() {
            return Ok(!self.usable.is_empty());
        }
        let directory = fetch::fetch(self.search.cache, say).map_err(|error| error.to_string())?;
        let binaries = probe(&directory, self.search.account)
            .map_err(|why| format!("the fetched copy in {} will not do: {why}", directory.display()))?;
        self.usable.push(binaries);
        Ok(true)
    }

    fn fail(&mut self, place: String, why: String) {
        self.failed.push(Looked { place, why });
    }

    /// The best of what was found: the newest when there is data, else the first.
    fn best(self) -> Result<Binaries, PrivateServerError> {
        let fetching = "it was not tried".to_owned();
        match self.search.data {
            [] => self
                .usable
                .into_iter()
                .next()
                .ok_or(PrivateServerError::NoBinaries { looked: self.failed, fetching }),
            [(major, data), ..] => self.usable.into_iter().max_by_key(|binaries| binaries.major).ok_or(
                PrivateServerError::NoBinariesForData {
                    data: data.clone(),
                    major: *major,
                    looked: self.failed,
                    fetching,
                },
            ),
        }
    }
}

impl PrivateServerError {
    /// Says what came of fetching.
    fn with_fetching(mut self, said: String) -> PrivateServerError {
        if let PrivateServerError::NoBinaries { fetching, .. }
        | PrivateServerError::NoBinariesForData { fetching, .. } = &mut self
        {
            *fetching = said;
        }
        self
    }
}

#[cfg(test)]
mod tests;
