//! Who may change what: every field of `Mutation` by every kind of caller on every kind of target, by a table that is
//! written by hand. A mutation that has no row here fails.
//!
//! Everything is a dry run, so that nothing is written; that is made sure of as well.

use crate::support::changes::{mutate, refusals};
use crate::support::database::RUNTIME;
use crate::support::people::{TESTER, key, person, request};
use crate::support::{TestDatabase, TestService};
use probation_directory::actions::issue_key::{KeyRequest, issue_key};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use probation_directory::store::keys::KeyOrder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Which of the two board administrators may do it; a national administrator always may, and nobody else ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    OfKent,
    OfEssex,
    Both,
    Neither,
}

/// What whoever may is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// What would be changed.
    Done,
    /// A refusal with this code first.
    Refused(&'static str),
    /// Anything but that it is forbidden.
    Anything,
}

use May::{Both, Neither, OfEssex, OfKent};
use Told::{Anything, Done, Refused};

/// One input of a mutation: who may give it, and what they are told.
type Case = (Value, May, Told);

/// The numbers and names that inputs speak of.
struct World {
    of_kent: i64,
    of_essex: i64,
    of_moved: i64,
    reader: String,
    auditor: String,
}

/// Every mutation with its cases. Those of section 6 of the design: boards for whoever looks after them, persons for whoever
/// looks after all boards that they have to do with, everything else for national administrators.
fn table(world: &World) -> Vec<(&'static str, Vec<Case>)> {
    let on_boards = |input: fn(&str) -> Value, told: Told| {
        vec![
            (input("kent"), OfKent, told),
            (input("essex"), OfEssex, told),
            (input("nowhere"), Neither, Refused("UNKNOWN_BOARD")),
        ]
    };
    let on_terms = |more: Value| {
        let of = |number: i64| {
            let mut input = more.clone();
            input["appointment"] = json!(number);
            input
        };
        vec![
            (of(world.of_kent), OfKent, Done),
            (of(world.of_essex), OfEssex, Done),
            // The board that a person was on before is still a board, and its administrator looks after that term.
            (of(world.of_moved), OfKent, Done),
            (of(2_000_000_000), Both, Refused("UNKNOWN_APPOINTMENT")),
        ]
    };
    let on_persons = |more: Value| {
        let of = |person: &str| {
            let mut input = more.clone();
            input["person"] = json!(person);
            input
        };
        vec![
            (of("person-of-kent"), OfKent, Done),
            (of("person-of-essex"), OfEssex, Done),
            (of("person-moved"), Neither, Done),
            (of("person-of-none"), Both, Done),
            (of("nobody-at-all"), Both, Refused("UNKNOWN_PERSON")),
        ]
    };
    let national = |input: Value| vec![(input, Neither, Done)];
    let national_or_missing = |there: Value, missing: Value, code: &'static str| {
        vec![(there, Neither, Done), (missing, Neither, Refused(code))]
    };
    let agency = |slug: &str| json!({ "agency": slug, "name": "Another Name", "from": "2016-01-01" });
    let area = |slug: &str| json!({ "organisation": { "kind": "MAPPA_AREA", "slug": slug }, "purpose": "MAPPA", "address": "mappa@example.org", "from": "2016-01-01" });
    let merge = |person: &str, into: &str| json!({ "person": person, "into": into });
    vec![
        ("addPerson", vec![(json!({ "name": "Example Person" }), Both, Done)]),
        ("amendPerson", on_persons(json!({ "name": "Example Person" }))),
        (
            "mergePeople",
            vec![
                (merge("person-of-none", "person-of-kent"), OfKent, Done),
                (merge("person-of-kent", "person-of-none"), OfKent, Done),
                (merge("person-of-none", "person-of-essex"), OfEssex, Done),
                (merge("person-of-kent", "person-of-essex"), Neither, Refused("LAY_ADVISER_ELSEWHERE")),
                (merge("person-of-none", "person-moved"), Neither, Done),
                (merge("person-of-kent", "nobody-at-all"), OfKent, Refused("UNKNOWN_PERSON")),
                (merge("nobody-at-all", "nobody-at-all"), Both, Refused("UNKNOWN_PERSON")),
            ],
        ),
        (
            "erasePerson",
            national_or_missing(
                json!({ "person": "person-of-kent" }),
                json!({ "person": "nobody-at-all" }),
                "UNKNOWN_PERSON",
            ),
        ),
        (
            "appointMember",
            on_boards(
                |board| json!({ "board": board, "seat": "coordinator", "person": "person-of-none", "from": "2015-01-01" }),
                Done,
            ),
        ),
        ("renewAppointment", on_terms(json!({ "lastDay": "2017-12-01" }))),
        ("endAppointment", on_terms(json!({ "lastDay": "2014-12-01" }))),
        ("correctAppointment", on_terms(json!({ "from": "2014-11-02" }))),
        ("withdrawAppointment", on_terms(json!({}))),
        (
            "registerAgency",
            national(
                json!({ "slug": "a-new-agency", "name": "A New Agency", "country": "England", "kinds": ["NHS_TRUST"], "areas": ["kent"], "from": "2015-01-01" }),
            ),
        ),
        ("amendAgency", national_or_missing(agency("riverside"), agency("nowhere"), "UNKNOWN_ORGANISATION")),
        (
            "endAgency",
            national_or_missing(
                json!({ "agency": "riverside", "lastDay": "2018-01-01" }),
                json!({ "agency": "nowhere", "lastDay": "2018-01-01" }),
                "UNKNOWN_ORGANISATION",
            ),
        ),
        (
            "amendOrganisation",
            national_or_missing(
                json!({ "organisation": { "kind": "MAPPA_AREA", "slug": "kent" }, "name": "Another", "from": "2015-01-01" }),
                json!({ "organisation": { "kind": "MAPPA_AREA", "slug": "nowhere" }, "name": "Another", "from": "2015-01-01" }),
                "UNKNOWN_ORGANISATION",
            ),
        ),
        (
            "setFunctionalContact",
            vec![
                (area("kent"), OfKent, Done),
                (area("essex"), OfEssex, Done),
                (area("nowhere"), Neither, Refused("UNKNOWN_ORGANISATION")),
                (
                    json!({ "organisation": { "kind": "POLICE_FORCE", "slug": "kent-police" }, "purpose": "MAPPA", "address": "mappa@example.org", "from": "2016-01-01" }),
                    Neither,
                    Done,
                ),
                // A company has the slug of its place, which is that of an area as well: it is none.
                (
                    json!({ "organisation": { "kind": "CRC", "slug": "essex" }, "purpose": "MAPPA", "address": "mappa@example.org", "from": "2016-01-01" }),
                    Neither,
                    Done,
                ),
            ],
        ),
        (
            "setPostHolder",
            national_or_missing(
                json!({ "post": "chief-executive-essex", "holder": "Example Person", "source": "S11", "from": "2016-01-01" }),
                json!({ "post": "nowhere", "holder": "Example Person", "source": "S11", "from": "2016-01-01" }),
                "UNKNOWN_POST",
            ),
        ),
        (
            "recordOwnership",
            national_or_missing(
                json!({ "crc": "essex", "owner": "seetec", "from": "2020-01-01", "lastDay": "2021-06-25" }),
                json!({ "crc": "nowhere", "owner": "seetec", "from": "2020-01-01" }),
                "UNKNOWN_ORGANISATION",
            ),
        ),
        ("issueApiKey", national(json!({ "label": "a tool", "grants": [] }))),
        (
            "revokeApiKey",
            national_or_missing(json!({ "key": world.reader }), json!({ "key": "00000000" }), "UNKNOWN_KEY"),
        ),
        (
            "grantRole",
            national_or_missing(
                json!({ "key": world.auditor, "role": "READER" }),
                json!({ "key": "00000000", "role": "READER" }),
                "UNKNOWN_KEY",
            ),
        ),
        (
            "revokeRole",
            national_or_missing(
                json!({ "key": world.reader, "role": "READER" }),
                json!({ "key": "00000000", "role": "READER" }),
                "UNKNOWN_KEY",
            ),
        ),
        (
            "replaceChair",
            on_boards(
                |board| json!({ "board": board, "person": "person-of-none", "from": "2015-01-01" }),
                Anything,
            ),
        ),
        (
            "addSeat",
            on_boards(
                |board| json!({ "board": board, "seat": "a-partner", "basis": "INVITED_PARTNER", "title": "Partner", "from": "2015-01-01" }),
                Anything,
            ),
        ),
        (
            "closeSeat",
            on_boards(
                |board| json!({ "board": board, "seat": "coordinator", "lastDay": "2015-01-01" }),
                Anything,
            ),
        ),
        (
            "recordVacancy",
            on_boards(
                |board| json!({ "board": board, "seat": "coordinator", "from": "2015-01-01" }),
                Anything,
            ),
        ),
        (
            "recordDeclaration",
            on_boards(
                |board| json!({ "board": board, "person": "person-of-none", "kind": "ADULT", "holds": true, "declaredBy": "CHAIR", "from": "2015-01-01" }),
                Anything,
            ),
        ),
        (
            "recordMeeting",
            on_boards(|board| json!({ "board": board, "heldOn": "2015-01-01", "attendance": [] }), Anything),
        ),
        ("recordMemorandum", on_boards(|board| json!({ "board": board, "from": "2015-01-01" }), Anything)),
        ("recordAnnualReport", on_boards(|board| json!({ "board": board, "year": 2014 }), Anything)),
        ("recordApproval", on_boards(|board| json!({ "board": board, "from": "2015-01-01" }), Anything)),
        ("recordReview", on_boards(|board| json!({ "board": board, "heldOn": "2015-01-01" }), Anything)),
        (
            "recordDeputy",
            on_boards(
                |board| json!({ "board": board, "seat": "coordinator", "person": "person-of-none", "from": "2015-01-01" }),
                Anything,
            ),
        ),
        ("attestBoard", on_boards(|board| json!({ "board": board, "subject": "BOARD" }), Anything)),
        (
            "importBoardMembers",
            // A board that does not exist is a cell of the file that is wrong, and touches none.
            existing(on_boards(
                |board| {
                    let header = "board,seat,person,name,from,last_day,appointed_by,end_reason,appointment";
                    json!({ "csv": format!("{header}\n{board},police,person-of-none,,2015-01-01,,,,\n") })
                },
                Anything,
            )),
        ),
    ]
}

fn existing(mut cases: Vec<Case>) -> Vec<Case> {
    cases.truncate(2);
    cases
}

/// Persons of one board, of none, and one who moved from Kent to Essex.
fn database() -> TestDatabase {
    let database = TestDatabase::seeded();
    person(&database, "person-of-kent", Some("Example Person 001"), &[("kent", "lay-adviser-1")]);
    person(&database, "person-of-essex", Some("Example Person 002"), &[("essex", "lay-adviser-1")]);
    person(&database, "person-of-none", Some("Example Person 003"), &[]);
    person(&database, "person-moved", Some("Example Person 004"), &[]);
    let term = |board: &str, days: &str| {
        format!(
            "INSERT INTO appointment (seat_id, board_id, person_id, valid, source, basis) \
             SELECT s.id, b.id, p.id, '{days}', 'GK', 'ASSUMPTION' FROM board b JOIN seat s ON s.board_id = b.id, person p \
             WHERE b.slug = '{board}' AND s.slug = 'prison' AND p.key = 'person-moved'"
        )
    };
    database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        term("kent", "[2014-11-01,2015-11-01)"),
        term("essex", "[2015-11-01,2017-11-01)"),
    ]);
    database
}

/// The number of the first term of a person.
fn first_term(database: &TestDatabase, person: &str) -> i64 {
    let number = database.text(&format!(
        "SELECT a.fact::text AS text FROM appointment a JOIN person p ON p.id = a.person_id WHERE p.key = '{person}' ORDER BY a.valid LIMIT 1"
    ));
    number.parse().expect("a number")
}

fn expired(database: &TestDatabase) -> ApiKey {
    let last = "2020-01-01".parse().expect("a day");
    let request = KeyRequest { expires_on: Some(last), ..request(&[(Role::NationalAdministrator, None)]) };
    RUNTIME.block_on(issue_key(&database.store, &request, TESTER)).expect("a database").0
}

fn revoked(database: &TestDatabase) -> ApiKey {
    let revoked = key(database, &[(Role::NationalAdministrator, None)]);
    let order = KeyOrder::Revoke(revoked.prefix());
    RUNTIME.block_on(database.store.change_keys(&order, TESTER)).expect("a database");
    revoked
}

/// Names of the mutations of the schema.
fn mutations(service: &TestService) -> BTreeSet<String> {
    let schema = service.client.data("{ __schema { mutationType { fields { name } } } }", json!({}));
    let fields = schema["__schema"]["mutationType"]["fields"].as_array().expect("fields").clone();
    fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn whoever_may_change_something_may_and_nobody_else_whatever_it_is() {
    let database = database();
    let of = |roles: &[(Role, Option<&'static str>)]| key(&database, roles);
    let (reader, auditor) = (of(&[(Role::Reader, None)]), of(&[(Role::Auditor, None)]));
    let kent = of(&[(Role::BoardAdministrator, Some("kent"))]);
    let essex = of(&[(Role::BoardAdministrator, Some("essex"))]);
    let national = of(&[(Role::NationalAdministrator, None)]);
    // A reader of names everywhere, and whoever watches over changes, may make none.
    let powerless = [None, Some(&reader), Some(&auditor)];
    let no_longer = [revoked(&database), expired(&database)];
    let world = World {
        of_kent: first_term(&database, "person-of-kent"),
        of_essex: first_term(&database, "person-of-essex"),
        of_moved: first_term(&database, "person-moved"),
        reader: reader.prefix().to_string(),
        auditor: auditor.prefix().to_string(),
    };
    let service = TestService::start(database);
    let version = || service.database.text("SELECT version::text AS text FROM head");
    let before = version();
    let mutations = mutations(&service);
    let table = table(&world);
    for name in &mutations {
        assert!(table.iter().any(|(known, _)| known == name), "{name} has no row: say who may do it");
    }
    for (name, cases) in table.iter().filter(|(name, _)| mutations.contains(*name)) {
        let mut told_to_the_powerless: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (input, may, told) in cases {
            let mut input = input.clone();
            input["dryRun"] = json!(true);
            let ask = |key: Option<&ApiKey>| {
                let body = mutate(service.client, key, name, &input, "").json();
                assert!(body.get("errors").is_none(), "{name} {input}: {body}");
                body["data"][*name].clone()
            };
            for key in powerless {
                // Whose right it is may hang on the kind of organisation, which the input says itself.
                let kind = input["organisation"]["kind"].to_string();
                told_to_the_powerless.entry(kind).or_default().insert(ask(key).to_string());
            }
            let administrators = [
                (&kent, matches!(may, OfKent | Both)),
                (&essex, matches!(may, OfEssex | Both)),
                (&national, true),
            ];
            for (key, may) in administrators {
                let payload = ask(Some(key));
                let what = format!("{name} {input} by {:?}: {payload}", key.prefix());
                let refusals = refusals(&payload);
                let first = refusals.first().and_then(|refusal| refusal.split(' ').next());
                match (may, told) {
                    // Nothing else is told to whoever may not.
                    (false, _) => assert_eq!(refusals, ["FORBIDDEN input"], "{what}"),
                    (true, Done) => {
                        assert_eq!((first, payload["dryRun"].as_bool()), (None, Some(true)), "{what}")
                    }
                    (true, Refused(code)) => assert_eq!(first, Some(*code), "{what}"),
                    (true, Anything) => assert_ne!(first, Some("FORBIDDEN"), "{what}"),
                }
            }
            for key in &no_longer {
                let reply = mutate(service.client, Some(key), name, &input, "");
                // Whoever tries a revoked key too often is told to wait, and nothing else.
                assert!(matches!(reply.status, 401 | 429), "{name}: {}", reply.status);
                assert!(reply.json().get("data").is_none(), "{name}");
            }
        }
        // The same in every case: whether what it names is there is not told by it.
        for told in told_to_the_powerless.values() {
            assert_eq!(told.len(), 1, "{name}: {told:?}");
            assert!(told.iter().all(|told| told.contains("\"FORBIDDEN\"")), "{name}: {told:?}");
        }
    }
    assert_eq!(version(), before);
}

#[test]
fn a_right_that_was_taken_back_since_the_process_heard_of_it_gives_nothing() {
    let database = database();
    let national = key(&database, &[(Role::NationalAdministrator, None)]);
    let kent = key(&database, &[(Role::BoardAdministrator, Some("kent"))]);
    let input =
        json!({ "board": "kent", "seat": "coordinator", "person": "person-of-none", "from": "2015-01-01" });
    // Nothing follows the database here: the process still takes both keys for what they were.
    let service = TestService::start(database);
    for key in [&national, &kent] {
        let order = KeyOrder::Revoke(key.prefix());
        RUNTIME.block_on(service.database.store.change_keys(&order, TESTER)).expect("a database");
        let reply = mutate(service.client, Some(key), "appointMember", &input, "").json();
        assert_eq!(refusals(&reply["data"]["appointMember"]), ["FORBIDDEN input"], "{reply}");
    }
    assert_eq!(
        service.database.text("SELECT count(*)::text AS text FROM change WHERE action = 'APPOINT_MEMBER'"),
        "0"
    );
}
