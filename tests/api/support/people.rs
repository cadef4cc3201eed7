//! Persons on boards with made-up names, and keys of callers with roles.

use super::client::{Client, Reply};
use super::database::{RUNTIME, TestDatabase};
use probation_directory::actions::issue_key::{KeyRequest, issue_key};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::{Grant, Role};
use probation_directory::store::keys::{By, KeyChange};
use serde_json::Value;

/// A role with the area that it is for.
pub type Granted = (Role, Option<&'static str>);

/// Who issues keys in tests.
pub const TESTER: By<'static> = By { actor: "tester", reason: None };

/// What a key of these roles is to be.
pub fn request(roles: &[Granted]) -> KeyRequest {
    let grant = |(role, area): &Granted| Grant::new(*role, area.map(str::to_owned)).expect("a grant");
    KeyRequest { label: "a tool".to_owned(), expires_on: None, grants: roles.iter().map(grant).collect() }
}

/// Issues a key with roles.
pub fn key(database: &TestDatabase, roles: &[Granted]) -> ApiKey {
    let issued = RUNTIME.block_on(issue_key(&database.store, &request(roles), TESTER));
    let (key, change) = issued.expect("a database");
    assert!(matches!(change, KeyChange::Done(_)), "{change:?}");
    key
}

/// The header that names a key.
pub fn bearer(key: &ApiKey) -> String {
    format!("Bearer {}", key.expose())
}

/// Posts a GraphQL request as the holder of a key, or as anyone.
pub fn post_as(client: Client, key: Option<&ApiKey>, request: &Value, headers: &[(&str, &str)]) -> Reply {
    let bearer = key.map(bearer);
    let mut all = vec![("content-type", "application/json")];
    all.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    all.extend(headers);
    client.send("POST", "/graphql", &all, request.to_string().as_bytes())
}

/// Records a person, with a name where there is one, and the seats that the person holds: boards with slugs of seats.
pub fn person(database: &TestDatabase, key: &str, name: Option<&str>, seats: &[(&str, &str)]) {
    let mut statements = vec![
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        format!("INSERT INTO person (key) VALUES ('{key}')"),
    ];
    statements.extend(name.map(|name| {
        format!(
            "INSERT INTO person_name (person_id, name, review_on) SELECT id, '{name}', '2030-01-01' FROM person WHERE key = '{key}'"
        )
    }));
    statements.extend(seats.iter().map(|(board, seat)| {
        format!(
            "INSERT INTO appointment (seat_id, board_id, person_id, valid, source, basis) \
             SELECT s.id, b.id, p.id, '[2014-11-01,2017-11-01)', 'GK', 'ASSUMPTION' FROM board b JOIN seat s ON s.board_id = b.id, person p \
             WHERE b.slug = '{board}' AND s.slug = '{seat}' AND p.key = '{key}'"
        )
    }));
    database.execute_together(&statements);
}

/// Erases the name of a person.
pub fn erase(database: &TestDatabase, key: &str) {
    database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        format!(
            "UPDATE person_name SET name = NULL WHERE person_id = (SELECT id FROM person WHERE key = '{key}')"
        ),
    ]);
}
