//! Names of persons on the command line: printed only where they are asked for, after the access log has a row of it.
//!
//! Every command that prints a person comes here; to the API the same is `graphql::shown`.

use super::Failure;
use super::database::Connected;
use crate::directory::person::NameState;
use crate::directory::view::View;
use crate::directory::{BoardId, Directory};
use crate::domain::board::PersonKey;
use crate::store::access_log::Access;

/// Writes down that names are about to be shown; without the row they are not.
pub(super) fn record_names(
    connected: &Connected,
    directory: &Directory,
    command: &str,
    boards: &[BoardId],
    persons: &[PersonKey],
) -> Result<(), Failure> {
    if persons.is_empty() {
        return Ok(());
    }
    let access = Access {
        actor: "command-line".to_owned(),
        request_id: command.to_owned(),
        operation: None,
        document: None,
        version: directory.version(),
        boards: boards.iter().map(|id| directory.board(*id).slug.clone()).collect(),
        persons: persons.iter().map(|person| person.0).collect(),
    };
    connected.run(connected.store.record_access(&access))
}

/// A person by key, or by name where that is asked for and held.
pub(super) fn person(view: View<'_>, person: PersonKey, with_names: bool) -> String {
    match view.directory.person(person) {
        Some(person) => match &person.name {
            NameState::Held(name, _) if with_names => name.shown().to_owned(),
            _ => person.key.clone(),
        },
        None => "somebody who is not recorded".to_owned(),
    }
}
