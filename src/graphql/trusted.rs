//! Trusted documents: those of the project and of clients' manifests, asked for by their id.
//!
//! A manifest is that of Apollo's or of Relay's compiler, as a file; reading files is left to `cli`.

use super::document::{Document, Refused, Source, hash_of};
use super::limits::Limits;
use super::{SCHEMA, error};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Whether documents are taken by their ids, and others at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Documents are taken by their text only.
    Off,
    /// By text or id.
    #[default]
    Allow,
    /// Those of the manifests only, by text or id.
    Only,
}

macro_rules! operations {
    ($($name:literal)+) => {
        /// The operations of the project.
        const OPERATIONS: &[&str] =
            &[$(include_str!(concat!("../../graphql/operations/", $name, ".graphql"))),+];
    };
}

operations! {
    "AreaOnADay" "Areas" "Board" "Changes" "Company" "CompareRouting" "Directory" "Divisions" "GovernanceReport" "Lists" "LocalAuthority"
    "Locate" "LocateMany" "Objects" "Route" "Single" "Succession"
}

/// Documents by their ids.
#[derive(Debug, Default)]
pub struct Trusted {
    /// What is taken.
    pub trust: Trust,
    texts: HashMap<String, std::sync::Arc<str>>,
    hashes: HashSet<String>,
}

/// An entry of Apollo's manifest.
#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

#[derive(Deserialize)]
struct ApolloManifest {
    operations: Vec<ApolloOperation>,
}

impl Trusted {
    /// The documents of the project, beside any other.
    pub fn of_the_project() -> Trusted {
        let mut trusted = Trusted::default();
        for text in OPERATIONS {
            trusted.add(None, text);
        }
        trusted
    }

    /// The documents of the project and of manifests, each a name for messages and its text.
    ///
    /// # Errors
    ///
    /// Every manifest that cannot be read, and every document of one that this schema does not take.
    pub fn new(trust: Trust, manifests: &[(String, String)]) -> Result<Trusted, Vec<String>> {
        let mut trusted = Trusted { trust, ..Trusted::of_the_project() };
        let mut faults = Vec::new();
        for (file, text) in manifests {
            match read(text) {
                Some(documents) => {
                    for (id, document) in documents {
                        match fault_of(&document) {
                            Some(fault) => faults.push(format!("{file}: document {id}: {fault}")),
                            None => trusted.add(Some(id), &document),
                        }
                    }
                }
                None => faults.push(format!(
                    "{file} is no manifest: give Apollo's (operations with id and body) or Relay's (an object from ids to documents)"
                )),
            }
        }
        if faults.is_empty() { Ok(trusted) } else { Err(faults) }
    }

    fn add(&mut self, id: Option<String>, text: &str) {
        let hash = hash_of(text);
        let text: std::sync::Arc<str> = text.into();
        self.texts.extend(id.map(|id| (id, text.clone())));
        self.texts.insert(format!("sha256:{hash}"), text);
        self.hashes.insert(hash);
    }

    /// The document of an id.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.texts.get(id).map(AsRef::as_ref)
    }

    /// Whether a document of this SHA-256 is among them.
    pub fn has(&self, hash: &str) -> bool {
        self.hashes.contains(hash)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

fn read(manifest: &str) -> Option<BTreeMap<String, String>> {
    let apollo = serde_json::from_str::<ApolloManifest>(manifest).ok();
    let apollo = apollo.map(|found| found.operations.into_iter().map(|one| (one.id, one.body)).collect());
    apollo.or_else(|| serde_json::from_str(manifest).ok())
}

/// Why a document is not taken; none where it is. A manifest of several operations in one document cannot be.
fn fault_of(text: &str) -> Option<String> {
    let source = Source { query: text.to_owned(), operation_name: None };
    match Document::prepare(source, &SCHEMA, &Limits::KEPT).err()? {
        Refused::Exceeds(exceeded) => Some(format!("more {} than {}", exceeded.limit, exceeded.most)),
        Refused::Graphql(error) => {
            let first = error::of_graphql(&error, "").into_iter().next().unwrap_or_default();
            Some(first["message"].as_str().unwrap_or_default().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: &str = "query Ping { directory { version } }";

    #[test]
    fn every_operation_of_the_project_is_trusted() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql/operations");
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let trusted = Trusted::new(Trust::Allow, &[]).unwrap();
        assert_eq!(files.len(), trusted.len());
        for file in files {
            let text = std::fs::read_to_string(file).unwrap();
            assert_eq!(trusted.text(&format!("sha256:{}", hash_of(&text))), Some(text.as_str()));
        }
    }

    #[test]
    fn manifests_of_apollo_and_of_relay_are_read() {
        let apollo = format!(
            r#"{{"format":"apollo-persisted-query-manifest","version":1,"operations":[{{"id":"a1","name":"Ping","type":"query","body":"{PING}"}}]}}"#
        );
        let relay = format!(r#"{{"r1":"{PING}"}}"#);
        for (manifest, id) in [(apollo, "a1"), (relay, "r1")] {
            let trusted = Trusted::new(Trust::Only, &[("m.json".to_owned(), manifest)]).unwrap();
            assert_eq!(trusted.text(id), Some(PING));
            assert_eq!(trusted.text(&format!("sha256:{}", hash_of(PING))), Some(PING));
            assert!(trusted.has(&hash_of(PING)));
            assert_eq!(trusted.text("other"), None);
        }
    }

    #[test]
    fn every_fault_of_a_manifest_is_told() {
        let manifests = [
            ("a.json".to_owned(), "[]".to_owned()),
            ("b.json".to_owned(), r#"{"x":"{ nothing }","y":"{"}"#.to_owned()),
        ];
        let faults = Trusted::new(Trust::Allow, &manifests).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].starts_with("a.json is no manifest"));
        assert!(faults[1].starts_with("b.json: document x: "));
    }
}
