//! Changes of persons: amended, merged, erased, and refused.

use crate::support::changes::{mutate, payload, refusals};
use crate::support::people::{erase, key, person, post_as};
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

/// A service, and whoever looks after everything.
fn desk(prepare: impl FnOnce(&TestDatabase)) -> (TestService, ApiKey) {
    let database = TestDatabase::seeded();
    prepare(&database);
    let national = key(&database, &[(Role::NationalAdministrator, None)]);
    (TestService::start(database), national)
}

fn name_of(service: &TestService, key: &ApiKey, person: &str) -> Value {
    let query = "query($key: String!) { person(key: $key) { name { name state } } }";
    let reply =
        post_as(service.client, Some(key), &json!({ "query": query, "variables": { "key": person } }), &[]);
    reply.json()["data"]["person"]["name"].clone()
}

fn bodies(database: &TestDatabase, person: &str) -> Vec<String> {
    database.texts(&format!(
        "SELECT concat_ws(' ', b.kind, b.slug, r.valid) AS text FROM person_body r JOIN body b ON b.id = r.body_id \
         JOIN person p ON p.id = r.person_id WHERE p.key = '{person}' AND upper_inf(r.recorded) ORDER BY r.valid"
    ))
}

#[test]
fn a_name_and_an_organisation_are_put_right_and_what_was_before_ends_the_day_before() {
    let (service, national) =
        desk(|database| person(database, "person-one", Some("Example Person 001"), &[]));
    let amend = |input: Value| {
        payload(service.client, Some(&national), "amendPerson", &input, "person { key } persons { key }")
    };
    let force = json!({ "kind": "POLICE_FORCE", "slug": "kent-police" });
    let first = amend(json!({ "person": "person-one", "comesFrom": force, "from": "2014-01-01" }));
    assert_eq!((refusals(&first), first["person"]["key"].as_str()), (vec![], Some("person-one")));
    assert_eq!(bodies(&service.database, "person-one"), ["POLICE_FORCE kent-police [2014-01-01,)"]);
    // The name stays where only something else is given.
    assert_eq!(name_of(&service, &national, "person-one")["name"], json!("Example Person 001"));
    let other = json!({ "kind": "POLICE_FORCE", "slug": "essex-police" });
    let input = json!({ "person": "person-one", "name": "Example Person 001b", "comesFrom": other, "from": "2015-01-01", "reviewOn": "2031-01-01" });
    assert_eq!(refusals(&amend(input)), [""; 0]);
    assert_eq!(
        bodies(&service.database, "person-one"),
        ["POLICE_FORCE kent-police [2014-01-01,2015-01-01)", "POLICE_FORCE essex-police [2015-01-01,)"]
    );
    assert_eq!(name_of(&service, &national, "person-one")["name"], json!("Example Person 001b"));
    let review = "SELECT review_on::text AS text FROM person_name WHERE name = 'Example Person 001b'";
    assert_eq!(service.database.text(review), "2031-01-01");
    // Of the same day, the organisation was recorded wrongly: the fact keeps its number.
    let right = json!({ "person": "person-one", "comesFrom": force, "from": "2015-01-01" });
    assert_eq!(refusals(&amend(right)), [""; 0]);
    let facts = "SELECT count(DISTINCT fact)::text AS text FROM person_body r JOIN person p ON p.id = r.person_id WHERE p.key = 'person-one'";
    assert_eq!(service.database.text(facts), "2");
    // Whether the name that is given stands already is not told: it is written.
    let again = json!({ "person": "person-one", "name": "Example Person 001b" });
    assert_eq!(refusals(&amend(again)), [""; 0]);
}

#[test]
fn what_cannot_be_recorded_of_a_person_is_refused_with_its_field() {
    let (service, national) = desk(|database| {
        person(database, "person-one", Some("Example Person 001"), &[]);
        person(database, "person-nameless", None, &[]);
        person(database, "person-erased", Some("Example Person 002"), &[]);
        erase(database, "person-erased");
        person(database, "person-twice", Some("Example Person 003"), &[]);
    });
    let ask =
        |name: &str, input: Value| payload(service.client, Some(&national), name, &input, "person { key }");
    assert_eq!(
        refusals(&ask("mergePeople", json!({ "person": "person-twice", "into": "person-one" }))),
        [""; 0]
    );
    let force = json!({ "kind": "POLICE_FORCE", "slug": "kent-police" });
    let there = json!({ "person": "person-one", "comesFrom": force, "from": "2014-01-01" });
    assert_eq!(refusals(&ask("amendPerson", there.clone())), [""; 0]);
    let long = "x".repeat(201);
    for (name, input, due) in [
        ("amendPerson", json!({ "person": "person-one" }), "NOTHING_TO_CHANGE input"),
        ("amendPerson", there, "NOTHING_TO_CHANGE input"),
        (
            "amendPerson",
            json!({ "person": "person-one", "reviewOn": "2030-01-01" }),
            "NOTHING_TO_CHANGE input",
        ),
        ("amendPerson", json!({ "person": "person-one", "from": "2015-01-01" }), "INVALID_VALUE from"),
        ("amendPerson", json!({ "person": "person-one", "name": "" }), "INVALID_VALUE name"),
        ("amendPerson", json!({ "person": "person-one", "name": " x" }), "INVALID_VALUE name"),
        ("amendPerson", json!({ "person": "person-one", "name": long }), "INVALID_VALUE name"),
        (
            "amendPerson",
            json!({ "person": "person-one", "comesFrom": { "kind": "POLICE_FORCE", "slug": "nowhere" } }),
            "UNKNOWN_ORGANISATION comesFrom",
        ),
        (
            "amendPerson",
            json!({ "person": "person-one", "comesFrom": { "kind": "SHIP", "slug": "kent-police" } }),
            "UNKNOWN_ORGANISATION comesFrom",
        ),
        (
            "amendPerson",
            json!({ "person": "person-one", "comesFrom": force, "from": "2001-03-31" }),
            "DATE_OUT_OF_SCOPE from",
        ),
        // What is recorded from 2014 on stays: nobody said that it falls.
        (
            "amendPerson",
            json!({ "person": "person-one", "comesFrom": force, "from": "2013-01-01" }),
            "OVERLAP from",
        ),
        (
            "amendPerson",
            json!({ "person": "person-one", "reviewOn": "1999-01-01" }),
            "DATE_OUT_OF_SCOPE reviewOn",
        ),
        (
            "amendPerson",
            json!({ "person": "person-nameless", "reviewOn": "2031-01-01" }),
            "INVALID_VALUE reviewOn",
        ),
        ("amendPerson", json!({ "person": "nobody-at-all", "name": "Example" }), "UNKNOWN_PERSON person"),
        ("amendPerson", json!({ "person": "person-erased", "name": "Example" }), "PERSON_ERASED person"),
        ("amendPerson", json!({ "person": "person-twice", "name": "Example" }), "PERSON_MERGED person"),
        ("mergePeople", json!({ "person": "person-one", "into": "person-one" }), "INVALID_VALUE into"),
        ("mergePeople", json!({ "person": "person-one", "into": "nobody-at-all" }), "UNKNOWN_PERSON into"),
        ("mergePeople", json!({ "person": "nobody-at-all", "into": "person-one" }), "UNKNOWN_PERSON person"),
        ("mergePeople", json!({ "person": "person-erased", "into": "person-one" }), "PERSON_ERASED person"),
        (
            "mergePeople",
            json!({ "person": "person-nameless", "into": "person-erased" }),
            "PERSON_ERASED into",
        ),
        (
            "mergePeople",
            json!({ "person": "person-twice", "into": "person-nameless" }),
            "PERSON_MERGED person",
        ),
        // It would be a ring.
        ("mergePeople", json!({ "person": "person-one", "into": "person-twice" }), "PERSON_MERGED into"),
        ("erasePerson", json!({ "person": "nobody-at-all" }), "UNKNOWN_PERSON person"),
        ("erasePerson", json!({ "person": "person-erased" }), "NOTHING_TO_CHANGE person"),
        ("erasePerson", json!({ "person": "person-nameless" }), "NOTHING_TO_CHANGE person"),
    ] {
        let told = ask(name, input.clone());
        assert_eq!(refusals(&told), [due], "{name} {input}");
        assert_eq!(told["person"], Value::Null, "{name} {input}");
    }
    // The key that is right is told to whoever has the other.
    let told = ask("amendPerson", json!({ "person": "person-twice", "name": "Example" }));
    assert!(
        told["userErrors"][0]["message"].as_str().is_some_and(|text| text.contains("person-one")),
        "{told}"
    );
}

#[test]
fn whoever_comes_from_a_company_holds_no_statutory_seat_under_any_key() {
    let company = json!({ "kind": "CRC", "slug": "kent-surrey-and-sussex" });
    let (service, national) = desk(|database| {
        person(database, "person-police", Some("Example Person 001"), &[("kent", "police")]);
        person(database, "person-company", Some("Example Person 002"), &[]);
        person(database, "person-again", Some("Example Person 003"), &[]);
    });
    let ask = |name: &str, input: Value| payload(service.client, Some(&national), name, &input, "");
    let moved = |person: &str, from: &str| {
        ask("amendPerson", json!({ "person": person, "comesFrom": company, "from": from }))
    };
    // The term is from 2014-11-01 to 2017-10-31.
    let told = moved("person-police", "2015-01-01");
    assert_eq!(refusals(&told), ["COMPANY_IN_STATUTORY_SEAT person"]);
    assert_eq!(told["userErrors"][0]["rule"], json!("G-04"));
    // An organisation is open: one of a later day than the term does no harm, and one before it does.
    assert_eq!(refusals(&moved("person-police", "2014-06-01")), ["COMPANY_IN_STATUTORY_SEAT person"]);
    assert_eq!(refusals(&moved("person-company", "2014-06-01")), [""; 0]);
    let merge = |from: &str, into: &str| ask("mergePeople", json!({ "person": from, "into": into }));
    for (from, into) in [("person-company", "person-police"), ("person-police", "person-company")] {
        assert_eq!(refusals(&merge(from, into)), ["COMPANY_IN_STATUTORY_SEAT person"], "{from} {into}");
    }
    // What the other record says of the same person counts as well.
    assert_eq!(refusals(&merge("person-police", "person-again")), [""; 0]);
    assert_eq!(refusals(&moved("person-again", "2015-01-01")), ["COMPANY_IN_STATUTORY_SEAT person"]);
    assert_eq!(refusals(&moved("person-again", "2017-11-01")), [""; 0]);
}

#[test]
fn two_records_of_one_person_are_read_as_one_and_both_keys_lead_there() {
    let (service, national) = desk(|database| {
        person(database, "person-kent", Some("Example Person 001"), &[("kent", "prison")]);
        person(database, "person-essex", Some("Example Person 002"), &[("essex", "prison")]);
    });
    let select = "person { key } persons { key } boards { mappaArea { slug } }";
    let input = json!({ "person": "person-kent", "into": "person-essex", "reason": "recorded twice" });
    let told = payload(service.client, Some(&national), "mergePeople", &input, select);
    assert_eq!(refusals(&told), [""; 0]);
    assert_eq!(told["person"]["key"], json!("person-essex"));
    assert_eq!(told["persons"], json!([{ "key": "person-essex" }, { "key": "person-kent" }]));
    let slugs = json!([{ "mappaArea": { "slug": "essex" } }, { "mappaArea": { "slug": "kent" } }]);
    assert_eq!(told["boards"], slugs);
    let query = "{ a: person(key: \"person-kent\") { key boards { mappaArea { slug } } } b: person(key: \"person-essex\") { key boards { mappaArea { slug } } } }";
    let found = service.client.data(query, json!({}));
    for of in ["a", "b"] {
        assert!(!found[of].is_null(), "{found}");
    }
    // Whoever looks after one of the boards only has no right to the whole person any more.
    let version = told["directoryVersion"].clone();
    let kent = key(&service.database, &[(Role::BoardAdministrator, Some("kent"))]);
    crate::support::database::RUNTIME.block_on(service.follower.refresh()).expect("a directory");
    let amend = json!({ "person": "person-essex", "name": "Example Person 003" });
    let told = payload(service.client, Some(&kent), "amendPerson", &amend, "");
    assert_eq!(refusals(&told), ["FORBIDDEN input"]);
    let body = service.database.text(&format!(
        "SELECT concat_ws(' ', actor, action, reason, body) AS text FROM change WHERE version = {version}"
    ));
    assert!(body.starts_with(&format!("key:{} MERGE_PEOPLE recorded twice", national.prefix())), "{body}");
}

#[test]
fn two_records_whose_terms_no_one_person_could_have_are_not_merged() {
    let (service, national) = desk(|database| {
        person(database, "person-police", Some("Example Person 001"), &[("kent", "police")]);
        person(database, "person-prison", Some("Example Person 002"), &[("kent", "prison")]);
        person(database, "person-lay", Some("Example Person 003"), &[("essex", "lay-adviser-1")]);
    });
    for (from, into, codes) in [
        ("person-police", "person-prison", ["SECOND_SEAT_ON_BOARD person"]),
        ("person-prison", "person-lay", ["LAY_ADVISER_ELSEWHERE person"]),
        ("person-lay", "person-police", ["LAY_ADVISER_ELSEWHERE person"]),
    ] {
        let input = json!({ "person": from, "into": into });
        let told = payload(service.client, Some(&national), "mergePeople", &input, "");
        let mut found = refusals(&told);
        found.dedup();
        assert_eq!(found, codes, "{from} {into}");
    }
    assert_eq!(service.database.text("SELECT count(*)::text AS text FROM person_merge"), "0");
}

#[test]
fn an_erased_name_is_gone_from_every_record_and_what_was_done_stays() {
    let (service, national) = desk(|database| {
        person(database, "person-kent", Some("Zqxname One"), &[("kent", "prison")]);
        person(database, "person-essex", Some("Zqxname Two"), &[("essex", "prison")]);
    });
    let ask = |name: &str, input: Value| {
        payload(service.client, Some(&national), name, &input, "persons { key name { name state } }")
    };
    assert_eq!(
        refusals(&ask("mergePeople", json!({ "person": "person-kent", "into": "person-essex" }))),
        [""; 0]
    );
    assert!(service.database.dump().contains("Zqxname"));
    let dry = ask("erasePerson", json!({ "person": "person-kent", "dryRun": true }));
    assert_eq!((refusals(&dry), dry["dryRun"].as_bool()), (vec![], Some(true)));
    assert!(service.database.dump().contains("Zqxname"));
    // By the other key: what stands under it is the name of the same person.
    let told = ask("erasePerson", json!({ "person": "person-kent", "reason": "as the law asks" }));
    assert_eq!(refusals(&told), [""; 0]);
    assert_eq!(told["persons"].as_array().map(Vec::len), Some(2), "{told}");
    assert!(!service.database.dump().contains("Zqxname"));
    for person in ["person-kent", "person-essex"] {
        assert_eq!(name_of(&service, &national, person), json!({ "name": null, "state": "ERASED" }));
        assert_eq!(refusals(&ask("erasePerson", json!({ "person": person }))), ["NOTHING_TO_CHANGE person"]);
    }
    let terms = "SELECT count(*)::text AS text FROM appointment WHERE upper_inf(recorded)";
    assert_eq!(service.database.text(terms), "2");
    let chain = "SELECT coalesce(first_bad_change()::text, 'whole') AS text";
    assert_eq!(service.database.text(chain), "whole");
}

#[test]
fn a_repeated_request_gets_its_first_answer_and_an_overtaken_one_is_refused() {
    let (service, national) =
        desk(|database| person(database, "person-one", Some("Example Person 001"), &[]));
    let force = |slug: &str| json!({ "kind": "POLICE_FORCE", "slug": slug });
    let input = |slug: &str, more: Value| {
        let mut input = json!({ "person": "person-one", "comesFrom": force(slug), "from": "2014-01-01" });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        input
    };
    let ask =
        |input: Value| payload(service.client, Some(&national), "amendPerson", &input, "person { key }");
    let first = ask(input("kent-police", json!({ "idempotencyKey": "once" })));
    let again = ask(input("kent-police", json!({ "idempotencyKey": "once" })));
    assert_eq!((first["repeated"].as_bool(), again["repeated"].as_bool()), (Some(false), Some(true)));
    assert_eq!(
        (&first["directoryVersion"], &first["person"]),
        (&again["directoryVersion"], &again["person"])
    );
    let other = ask(input("essex-police", json!({ "idempotencyKey": "once" })));
    assert_eq!(refusals(&other), ["IDEMPOTENCY_KEY_REUSED idempotencyKey"]);
    let version = first["directoryVersion"].as_i64().expect("a version");
    let stale = ask(input("essex-police", json!({ "expectedVersion": version - 1 })));
    assert_eq!(refusals(&stale), ["STALE_VERSION expectedVersion"]);
    assert_eq!(refusals(&ask(input("essex-police", json!({ "expectedVersion": version })))), [""; 0]);
    // Nothing of an answer names anybody.
    let reply = mutate(
        service.client,
        Some(&national),
        "amendPerson",
        &json!({ "person": "person-one", "name": "Zqxname" }),
        "person { name { name state } }",
    );
    assert!(!String::from_utf8_lossy(&reply.body).contains("Zqxname"));
}
