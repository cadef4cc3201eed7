//! API keys and roles over GraphQL: the secret stands in one answer, and somebody is always left who may give keys.

use crate::support::changes::{payload, refusals};
use crate::support::people::{key, post_as};
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

fn desk() -> (TestService, ApiKey) {
    let database = TestDatabase::seeded();
    let national = key(&database, &[(Role::NationalAdministrator, None)]);
    (TestService::start(database), national)
}

fn caller(service: &TestService, key: &ApiKey) -> Value {
    let query = "{ caller { actor roles areas { slug } } }";
    post_as(service.client, Some(key), &json!({ "query": query }), &[]).json()["data"]["caller"].clone()
}

const SELECT: &str = "key secret";

#[test]
fn a_key_is_issued_used_and_revoked_and_its_secret_is_told_once() {
    let (service, national) = desk();
    let ask = |name: &str, input: Value| payload(service.client, Some(&national), name, &input, SELECT);
    let request = json!({
        "label": "board clerks", "grants": [{ "role": "BOARD_ADMINISTRATOR", "area": "kent" }, { "role": "READER" }, { "role": "READER" }],
        "idempotencyKey": "once", "reason": "asked for by the office"
    });
    let dry = ask("issueApiKey", json!({ "label": "x", "grants": [], "dryRun": true }));
    assert_eq!((refusals(&dry), &dry["secret"], dry["dryRun"].as_bool()), (vec![], &Value::Null, Some(true)));
    let issued = ask("issueApiKey", request.clone());
    assert_eq!(refusals(&issued), [""; 0]);
    let secret = issued["secret"].as_str().and_then(ApiKey::read).expect("a key");
    assert_eq!(issued["key"], json!(secret.prefix().as_str()));
    // It is taken at once, and recorded with its roles and without its secret.
    let due = json!({
        "actor": format!("key:{}", secret.prefix()), "roles": ["READER", "BOARD_ADMINISTRATOR"], "areas": [{ "slug": "kent" }]
    });
    assert_eq!(caller(&service, &secret), due);
    let again = ask("issueApiKey", request);
    assert_eq!(
        (again["repeated"].as_bool(), &again["secret"], &again["key"]),
        (Some(true), &Value::Null, &issued["key"])
    );
    let version = issued["directoryVersion"].clone();
    let change = service.database.text(&format!(
        "SELECT concat_ws(' ', actor, action, reason, body) AS text FROM change WHERE version = {version}"
    ));
    assert_eq!(
        change.split_once(" {").map(|(start, _)| start),
        Some(format!("key:{} ISSUE_KEY asked for by the office", national.prefix()).as_str())
    );
    assert!(
        change.contains("BOARD_ADMINISTRATOR/kent") && change.contains(secret.prefix().as_str()),
        "{change}"
    );
    let dump = service.database.dump();
    assert!(!dump.contains(&secret.expose()[12..]), "the secret stands in the database");
    assert_eq!(service.database.text("SELECT count(*)::text AS text FROM api_key"), "2");
    let revoked = ask("revokeApiKey", json!({ "key": secret.prefix().as_str() }));
    assert_eq!((refusals(&revoked), &revoked["key"]), (vec![], &issued["key"]));
    assert_eq!(
        post_as(service.client, Some(&secret), &json!({ "query": "{ __typename }" }), &[]).status,
        401
    );
    let grants = "SELECT count(*)::text AS text FROM role_grant WHERE upper_inf(recorded)";
    assert_eq!(service.database.text(grants), "1");
}

#[test]
fn a_role_is_granted_and_taken_back_and_holds_at_once() {
    let (service, national) = desk();
    let ask = |name: &str, input: Value| payload(service.client, Some(&national), name, &input, SELECT);
    let issued = ask("issueApiKey", json!({ "label": "a tool", "grants": [] }));
    let tool = issued["secret"].as_str().and_then(ApiKey::read).expect("a key");
    let of =
        |role: &str, area: Option<&str>| json!({ "key": tool.prefix().as_str(), "role": role, "area": area });
    assert_eq!(refusals(&ask("grantRole", of("BOARD_ADMINISTRATOR", Some("kent")))), [""; 0]);
    assert_eq!(caller(&service, &tool)["areas"], json!([{ "slug": "kent" }]));
    for (name, input, due) in [
        ("grantRole", of("BOARD_ADMINISTRATOR", Some("kent")), "NOTHING_TO_CHANGE role"),
        ("grantRole", of("BOARD_ADMINISTRATOR", Some("nowhere")), "UNKNOWN_ORGANISATION area"),
        ("grantRole", of("BOARD_ADMINISTRATOR", None), "INVALID_VALUE area"),
        ("grantRole", of("READER", Some("kent")), "INVALID_VALUE area"),
        ("grantRole", json!({ "key": "00000000", "role": "READER" }), "UNKNOWN_KEY key"),
        ("revokeRole", of("BOARD_ADMINISTRATOR", Some("essex")), "NOTHING_TO_CHANGE role"),
        ("revokeRole", of("BOARD_ADMINISTRATOR", Some("nowhere")), "UNKNOWN_ORGANISATION area"),
        ("revokeRole", of("READER", None), "NOTHING_TO_CHANGE role"),
        ("revokeRole", of("AUDITOR", Some("kent")), "INVALID_VALUE area"),
        ("revokeRole", json!({ "key": "00000000", "role": "READER" }), "UNKNOWN_KEY key"),
        ("revokeApiKey", json!({ "key": "00000000" }), "UNKNOWN_KEY key"),
        ("issueApiKey", json!({ "label": "", "grants": [] }), "INVALID_VALUE label"),
        ("issueApiKey", json!({ "label": "a".repeat(101), "grants": [] }), "INVALID_VALUE label"),
        (
            "issueApiKey",
            json!({ "label": "a", "grants": [], "expiresOn": "2020-01-01" }),
            "DATE_OUT_OF_SCOPE expiresOn",
        ),
        (
            "issueApiKey",
            json!({ "label": "a", "grants": [{ "role": "READER", "area": "kent" }] }),
            "INVALID_VALUE grants",
        ),
        (
            "issueApiKey",
            json!({ "label": "a", "grants": [{ "role": "BOARD_ADMINISTRATOR", "area": "nowhere" }] }),
            "UNKNOWN_ORGANISATION grants",
        ),
    ] {
        let told = ask(name, input.clone());
        assert_eq!(refusals(&told), [due], "{name} {input}");
        assert_eq!((&told["key"], &told["secret"]), (&Value::Null, &Value::Null), "{name} {input}");
    }
    assert_eq!(refusals(&ask("revokeRole", of("BOARD_ADMINISTRATOR", Some("kent")))), [""; 0]);
    assert_eq!(caller(&service, &tool)["areas"], json!([]));
    // A revoked key has no roles, and gets none.
    assert_eq!(refusals(&ask("revokeApiKey", json!({ "key": tool.prefix().as_str() }))), [""; 0]);
    for name in ["grantRole", "revokeRole"] {
        assert_eq!(refusals(&ask(name, of("READER", None))), ["UNKNOWN_KEY key"], "{name}");
    }
    assert_eq!(refusals(&ask("revokeApiKey", json!({ "key": tool.prefix().as_str() }))), ["UNKNOWN_KEY key"]);
}

#[test]
fn the_last_key_of_a_national_administrator_stays() {
    let (service, national) = desk();
    let prefix = national.prefix().to_string();
    let ask =
        |key: &ApiKey, name: &str, input: Value| payload(service.client, Some(key), name, &input, SELECT);
    let revoke = json!({ "key": prefix });
    let role = json!({ "key": prefix, "role": "NATIONAL_ADMINISTRATOR" });
    let is_last = || {
        assert_eq!(refusals(&ask(&national, "revokeApiKey", revoke.clone())), ["LAST_ADMINISTRATOR key"]);
        assert_eq!(refusals(&ask(&national, "revokeRole", role.clone())), ["LAST_ADMINISTRATOR key"]);
    };
    is_last();
    // A key that is none of an administrator's is none that could give keys.
    ask(&national, "issueApiKey", json!({ "label": "a tool", "grants": [{ "role": "AUDITOR" }] }));
    is_last();
    // Nor is one that has expired.
    service.database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        "INSERT INTO api_key (prefix, digest, label, expires_on) VALUES ('expired1', sha256('x'), 'x', '2020-01-01')".to_owned(),
        "INSERT INTO role_grant (key_id, role) SELECT id, 'NATIONAL_ADMINISTRATOR' FROM api_key WHERE prefix = 'expired1'".to_owned(),
    ]);
    is_last();
    // Such a one may be revoked, for it is not the last.
    assert_eq!(refusals(&ask(&national, "revokeApiKey", json!({ "key": "expired1" }))), [""; 0]);
    let other = ask(
        &national,
        "issueApiKey",
        json!({ "label": "another", "grants": [{ "role": "NATIONAL_ADMINISTRATOR" }] }),
    );
    let other = other["secret"].as_str().and_then(ApiKey::read).expect("a key");
    assert_eq!(refusals(&ask(&national, "revokeRole", role)), [""; 0]);
    assert_eq!(refusals(&ask(&other, "revokeApiKey", revoke)), [""; 0]);
    let last = ask(&other, "revokeApiKey", json!({ "key": other.prefix().as_str() }));
    assert_eq!(refusals(&last), ["LAST_ADMINISTRATOR key"]);
}

#[test]
fn a_whole_key_that_was_found_somewhere_is_revoked_and_never_repeated() {
    let (service, national) = desk();
    let ask = |name: &str, input: Value| payload(service.client, Some(&national), name, &input, SELECT);
    let issued = ask("issueApiKey", json!({ "label": "a tool", "grants": [] }));
    let secret = issued["secret"].as_str().expect("a secret");
    let told = ask("revokeApiKey", json!({ "key": secret }));
    assert_eq!((refusals(&told), &told["key"]), (vec![], &issued["key"]));
    assert!(!told.to_string().contains(&secret[12..]));
    // Whatever else is given for one may be a secret as well.
    let told = ask("revokeApiKey", json!({ "key": &secret[12..] }));
    assert_eq!(refusals(&told), ["UNKNOWN_KEY key"]);
    assert!(!told.to_string().contains(&secret[12..20]));
    assert!(!service.database.dump().contains(&secret[12..]));
}
