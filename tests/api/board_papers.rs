//! What stands beside the seats of a board over GraphQL: mailboxes, documents, confirmations, declarations; and examples of
//! the rules.
//!
//! What is expected is read by hand from the files of the example set and of the bench.

use crate::boards::{anyone, ask_as, caller};
use crate::support::{TestDatabase, TestService};
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

#[test]
fn the_papers_of_a_board_stand_with_their_days_and_where_they_are_published() {
    let of = |on: &str| {
        let query = format!(
            "{{ board(area: \"kent\", on: \"{on}\") {{ memoranda {{ inForce location }} businessPlans {{ inForce period {{ from lastDay }} }}
                approvals {{ inForce }} annualReports {{ year publishedOn location citation {{ sources {{ key }} }} }}
                reviews {{ on consultedLayAdvisers citation {{ basis }} }}
                confirmations {{ subject confirmedOn seat {{ slug }} citation {{ basis }} }} }} }}"
        );
        ask_as(&anyone(), &query)["board"].clone()
    };
    let board = of("2014-11-01");
    let at = "https://example.org/mappa/kent";
    assert_eq!(
        board["memoranda"],
        json!([{ "inForce": true, "location": format!("{at}/memorandum/2012-04-01") }])
    );
    let plans = json!([
        { "inForce": false, "period": { "from": "2013-04-01", "lastDay": "2014-03-31" } },
        { "inForce": true, "period": { "from": "2014-04-01", "lastDay": "2015-03-31" } }
    ]);
    assert_eq!((&board["businessPlans"], &board["approvals"]), (&plans, &json!([])));
    let report = |year: i32, on: &str| json!({ "year": year, "publishedOn": on, "location": format!("{at}/report/{year}"), "citation": { "sources": [{ "key": "EXAMPLE" }] } });
    assert_eq!(board["annualReports"], json!([report(2012, "2013-10-24"), report(2013, "2014-10-23")]));
    let review =
        json!({ "on": "2014-03-20", "consultedLayAdvisers": true, "citation": { "basis": "ASSUMPTION" } });
    assert_eq!(board["reviews"], json!([review]));
    let confirmed = |subject: &str, on: &str| json!({ "subject": subject, "confirmedOn": on, "seat": null, "citation": { "basis": "ASSUMPTION" } });
    let both = [confirmed("AGENCIES", "2014-04-10"), confirmed("BOARD", "2014-10-15")];
    assert_eq!(board["confirmations"], json!(both));
    assert_eq!(of("2014-10-15")["confirmations"], json!(both));
    assert_eq!(of("2014-10-14")["confirmations"], json!(both[..1]));
    assert_eq!((&of("2014-03-19")["reviews"], &of("2014-04-09")["confirmations"]), (&json!([]), &json!([])));
    let approved = ask_as(&anyone(), "{ board(area: \"cambridgeshire\") { approvals { inForce } } }");
    assert_eq!(approved["board"]["approvals"], json!([{ "inForce": true }]));
}

#[test]
fn who_confirmed_a_board_is_told_to_auditors_only() {
    let query = "{ board(area: \"kent\") { confirmations { confirmedBy } } }";
    let of = |roles: &[(Role, Option<&str>)]| {
        let rows = ask_as(&caller(roles), query)["board"]["confirmations"].clone();
        let rows = rows.as_array().expect("rows").clone();
        assert_eq!(rows.len(), 2);
        rows.into_iter().map(|row| row["confirmedBy"].clone()).collect::<Vec<Value>>()
    };
    let others: [&[(Role, Option<&str>)]; 4] = [
        &[],
        &[(Role::Reader, None)],
        &[(Role::BoardAdministrator, Some("kent"))],
        &[(Role::NationalAdministrator, None)],
    ];
    for roles in others {
        assert_eq!(of(roles), [Value::Null, Value::Null], "{roles:?}");
    }
    assert_eq!(
        of(&[(Role::Auditor, None)]),
        [json!("example administrator"), json!("example administrator")]
    );
}

#[test]
fn declarations_are_told_to_the_administrators_of_that_board_only() {
    let query = "{ board(area: \"kent\") {
        seats { slug holder { declarations { kind holds declaredBy period { from lastDay } recordedFrom citation { basis } } } }
        representation { holder { declarations { kind } } } findings { subjects { seat { holder { declarations { kind } } } } } } }";
    let others: [&[(Role, Option<&str>)]; 4] = [
        &[],
        &[(Role::Reader, None)],
        &[(Role::Auditor, None)],
        &[(Role::BoardAdministrator, Some("essex"))],
    ];
    for roles in others {
        let told = ask_as(&caller(roles), query).to_string();
        assert!(told.contains("\"declarations\":null") && !told.contains("\"declarations\":["), "{roles:?}");
        assert!(!told.contains("INDEPENDENT") && !told.contains("SENIOR"), "{roles:?}");
    }
    for role in [(Role::BoardAdministrator, Some("kent")), (Role::NationalAdministrator, None)] {
        let told = ask_as(&caller(&[role]), query);
        let of = |slug: &str| {
            let seats = told["board"]["seats"].as_array().expect("seats");
            seats.iter().find(|seat| seat["slug"] == slug).expect("a seat")["holder"].clone()
        };
        let adviser = of("lay-adviser-1")["declarations"].as_array().expect("declarations").clone();
        let kinds: Vec<&Value> = adviser.iter().map(|row| &row["kind"]).collect();
        assert_eq!(kinds, ["ADULT", "ELIGIBILITY_CHECKED", "INDEPENDENT", "LIVES_IN_AREA"]);
        for row in &adviser {
            assert_eq!(
                (&row["holds"], &row["declaredBy"]),
                (&json!(true), &json!("RESPONSIBLE_AUTHORITY")),
                "{row}"
            );
            assert_eq!(row["period"], json!({ "from": "2013-01-01", "lastDay": null }));
            assert!(row["recordedFrom"].is_string() && row["citation"]["basis"] == "ASSUMPTION", "{row}");
        }
        assert_eq!(of("police")["declarations"][0]["kind"], "SENIOR");
        // Nobody holds the prison's seat: there is no holder of whom anything could be told.
        assert_eq!(of("prison"), Value::Null);
    }
    // Of a person with seats on two boards, each administrator is told what was declared for the own board.
    let own = "{ boards { nodes { slug seats { holder { declarations { kind } } } } } }";
    let told = ask_as(&caller(&[(Role::BoardAdministrator, Some("kent"))]), own);
    for board in told["boards"]["nodes"].as_array().expect("boards") {
        let has_some = board.to_string().contains("\"declarations\":[");
        assert_eq!(has_some, board["slug"] == "kent", "{}", board["slug"]);
    }
}

#[test]
fn a_mailbox_is_shown_on_its_days_whatever_the_calendar_and_a_case_is_told_of_it() {
    let database = TestDatabase::seeded();
    let mailbox = |slug: &str, kind: &str, purpose: &str, valid: &str| {
        format!(
            "INSERT INTO mailbox (fact, body_id, purpose, address, valid, source, basis) \
             SELECT nextval('fact_number'), id, '{purpose}', '{}.{slug}@example.org', '{valid}', 'EXAMPLE', 'ASSUMPTION' \
             FROM body WHERE slug = '{slug}' AND kind = '{kind}'",
            purpose.to_lowercase()
        )
    };
    database.execute_together(&[
        "INSERT INTO change (actor, action, body) VALUES ('tester', 'TEST', '{}')".to_owned(),
        mailbox("north-west", "NPS_DIVISION", "GENERAL", "[2014-06-01,)"),
        mailbox("north-west", "NPS_DIVISION", "MAPPA", "[2014-06-01,2015-01-01)"),
        mailbox("merseyside", "MAPPA_AREA", "MAPPA", "[2013-04-01,)"),
    ]);
    let service = TestService::start(database);
    let query = "query($on: LocalDate, $calendar: Calendar) {
        npsDivision(slug: \"north-west\", on: $on, calendar: $calendar) { mailboxes { purpose address period { from lastDay } } }
        board(area: \"merseyside\", on: $on, calendar: $calendar) { mailboxes { purpose address } } }";
    let mappa = json!({ "purpose": "MAPPA", "address": "mappa.north-west@example.org", "period": { "from": "2014-06-01", "lastDay": "2014-12-31" } });
    let general = json!({ "purpose": "GENERAL", "address": "general.north-west@example.org", "period": { "from": "2014-06-01", "lastDay": null } });
    for (on, calendar, due) in [
        ("2014-05-31", "PUBLISHED", vec![]),
        ("2014-05-31", "OPERATIONAL", vec![]),
        ("2014-06-01", "PUBLISHED", vec![&mappa, &general]),
        ("2014-12-31", "OPERATIONAL", vec![&mappa, &general]),
        ("2015-01-01", "PUBLISHED", vec![&general]),
    ] {
        let data = service.client.data(query, json!({ "on": on, "calendar": calendar }));
        assert_eq!(data["npsDivision"]["mailboxes"], json!(due), "{on} {calendar}");
        let of_area = json!([{ "purpose": "MAPPA", "address": "mappa.merseyside@example.org" }]);
        assert_eq!(data["board"]["mailboxes"], of_area, "{on} {calendar}");
    }
    let route = "query($case: CaseInput!) { route(case: $case) { manager { name contact } } }";
    let contact = |on: &str| {
        let case = json!({ "on": on, "residence": { "place": { "name": "Sefton" } }, "age": 34,
            "supervision": "COMMUNITY_ORDER", "riskOfSeriousHarm": "HIGH", "mappaCategory": "NOT_ELIGIBLE" });
        service.client.data(route, json!({ "case": case }))["route"]["manager"].clone()
    };
    // On the published calendar the division manages in May, when it had no mailbox yet.
    assert_eq!(contact("2014-05-31"), json!({ "name": "North West", "contact": null }));
    assert_eq!(
        contact("2014-06-01"),
        json!({ "name": "North West", "contact": "mappa.north-west@example.org" })
    );
    assert_eq!(
        contact("2015-01-01"),
        json!({ "name": "North West", "contact": "general.north-west@example.org" })
    );
}

#[test]
fn an_agency_is_one_wherever_an_organisation_is_told() {
    let query = "{ board(area: \"kent\") { seats { slug body { __typename slug } holder { comesFrom { __typename slug }
        person { comesFrom { __typename slug } } } history { organisation { __typename } } } } }";
    let data = ask_as(&anyone(), query);
    let seats = data["board"]["seats"].as_array().expect("seats");
    let council = seats.iter().find(|seat| seat["slug"] == "example-council").expect("a seat");
    let agency = json!({ "__typename": "Agency", "slug": "example-council-kent" });
    assert_eq!(council["body"], agency);
    assert_eq!(
        (&council["holder"]["comesFrom"], &council["holder"]["person"]["comesFrom"]),
        (&agency, &agency)
    );
    let told = council["history"].to_string();
    assert!(told.contains("\"Agency\""), "{told}");
    let police = seats.iter().find(|seat| seat["slug"] == "police").expect("a seat");
    assert_eq!(police["holder"]["comesFrom"], json!({ "__typename": "PoliceForce", "slug": "kent-police" }));
}

#[test]
fn rules_of_boards_are_shown_with_the_examples_of_the_bench() {
    let query = "{ boardRules { id examples } boardRule(id: \"G-01\") { examples } }";
    let data = TestService::shared().client.data(query, json!({}));
    let first = [
        "One board serves the area",
        "Two boards that serve one area are one too many",
        "An area without a board on record: that it has none is not recorded",
    ];
    assert_eq!(
        data["boardRule"]["examples"].as_array().expect("examples")[..3],
        first.map(|text| json!(text))
    );
    for rule in data["boardRules"].as_array().expect("rules") {
        assert!(rule["examples"].as_array().is_some_and(|examples| !examples.is_empty()), "{rule}");
    }
    // The list, the rule itself, and what a finding names are one.
    let of_finding =
        ask_as(&anyone(), "{ board(area: \"kent\") { findings(rule: \"G-01\") { rule { examples } } } }");
    assert_eq!(of_finding["board"]["findings"][0]["rule"], data["boardRule"]);
}
