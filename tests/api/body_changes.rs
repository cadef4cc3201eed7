//! Changes of organisations, agencies, mailboxes, posts and owners.

use crate::support::changes::{payload, refusals};
use crate::support::people::key;
use crate::support::{TestDatabase, TestService};
use probation_directory::directory::api_key::ApiKey;
use probation_directory::domain::access::Role;
use serde_json::{Value, json};

struct Desk {
    service: TestService,
    national: ApiKey,
}

impl Desk {
    fn new() -> Desk {
        let database = TestDatabase::seeded();
        let national = key(&database, &[(Role::NationalAdministrator, None)]);
        Desk { service: TestService::start(database), national }
    }

    fn ask(&self, name: &str, input: &Value, select: &str) -> Value {
        payload(self.service.client, Some(&self.national), name, input, select)
    }

    /// Makes a change that nothing stands in the way of.
    #[track_caller]
    fn done(&self, name: &str, input: &Value, select: &str) -> Value {
        let told = self.ask(name, input, select);
        assert_eq!(refusals(&told), [""; 0], "{name} {input}: {told}");
        told
    }

    /// Sees to it that something is refused.
    #[track_caller]
    fn refused(&self, name: &str, input: &Value, due: &[&str]) {
        let told = self.ask(name, input, "organisation { slug } agency { slug } post { slug }");
        assert_eq!(refusals(&told), due, "{name} {input}: {told}");
        for node in ["organisation", "agency", "post"] {
            assert_eq!(told[node], Value::Null, "{name} {input}");
        }
    }

    /// What stands of a table about a body: a column and the days of each row, in order.
    fn rows(&self, table: &str, column: &str, slug: &str) -> Vec<String> {
        self.service.database.texts(&format!(
            "SELECT concat_ws(' ', r.{column}, r.valid) AS text FROM {table} r JOIN body b ON b.id = r.body_id \
             WHERE b.slug = '{slug}' AND upper_inf(r.recorded) ORDER BY lower(r.valid), 1"
        ))
    }

    /// The areas that an agency covers, with their days.
    fn areas(&self, slug: &str) -> Vec<String> {
        self.service.database.texts(&format!(
            "SELECT concat_ws(' ', a.slug, r.valid) AS text FROM coverage r JOIN body b ON b.id = r.body_id JOIN body a ON a.id = r.area_id \
             WHERE b.slug = '{slug}' AND upper_inf(r.recorded) ORDER BY 1"
        ))
    }
}

fn with(base: &Value, more: &Value) -> Value {
    let mut input = base.clone();
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    input
}

fn agency() -> Value {
    json!({
        "slug": "example-trust", "name": "Example Trust", "country": "England", "kinds": ["NHS_TRUST", "HOUSING_AUTHORITY"],
        "areas": ["kent", "essex"], "from": "2015-01-01"
    })
}

#[test]
fn an_agency_is_registered_with_its_duties_and_areas_and_the_boards_say_what_that_changes() {
    let desk = Desk::new();
    let select = "agency { slug name country period { from lastDay } duties { kind } mappaAreas { slug } } organisation { slug } \
                  boards { mappaArea { slug } } changedFindings { on after { rule { id } verdict } }";
    let told = desk.done("registerAgency", &agency(), select);
    let due = json!({
        "slug": "example-trust", "name": "Example Trust", "country": "England",
        "period": { "from": "2015-01-01", "lastDay": null },
        "duties": [{ "kind": "HOUSING_AUTHORITY" }, { "kind": "NHS_TRUST" }],
        "mappaAreas": [{ "slug": "essex" }, { "slug": "kent" }]
    });
    assert_eq!(told["agency"], due);
    assert_eq!(told["organisation"]["slug"], json!("example-trust"));
    assert_eq!(
        told["boards"],
        json!([{ "mappaArea": { "slug": "essex" } }, { "mappaArea": { "slug": "kent" } }])
    );
    // An agency that is known of and has no seat is one whose place is not recorded.
    for change in told["changedFindings"].as_array().expect("a list") {
        assert_ne!(change["after"]["verdict"], json!("NOT_MET"), "{told}");
    }
    // By the name as well, as anybody would look for it.
    let found = desk
        .service
        .client
        .data("{ agency(slug: \"example-trust\", on: \"2015-01-01\") { name } }", json!({}));
    assert_eq!(found["agency"]["name"], json!("Example Trust"));
    let until = with(&agency(), &json!({ "slug": "another-trust", "lastDay": "2015-12-31" }));
    desk.done("registerAgency", &until, "");
    assert_eq!(desk.rows("body_period", "basis", "another-trust"), ["RECORDED [2015-01-01,2016-01-01)"]);
}

#[test]
fn an_agency_that_cannot_be_one_is_refused_with_each_field() {
    let desk = Desk::new();
    for (more, due) in [
        (json!({ "slug": "Example" }), vec!["INVALID_VALUE slug"]),
        (json!({ "slug": "-a" }), vec!["INVALID_VALUE slug"]),
        (json!({ "slug": "a--b" }), vec!["INVALID_VALUE slug"]),
        (json!({ "slug": "" }), vec!["INVALID_VALUE slug"]),
        (json!({ "slug": "a".repeat(101) }), vec!["INVALID_VALUE slug"]),
        (json!({ "slug": "riverside" }), vec!["ALREADY_THERE slug"]),
        (json!({ "name": " " }), vec!["INVALID_VALUE name"]),
        (json!({ "name": "a".repeat(201) }), vec!["INVALID_VALUE name"]),
        (json!({ "country": "Scotland" }), vec!["INVALID_VALUE country"]),
        (json!({ "kinds": [] }), vec!["INVALID_VALUE kinds"]),
        (json!({ "kinds": ["NHS_TRUST", "NHS_TRUST"] }), vec!["INVALID_VALUE kinds"]),
        (json!({ "areas": [] }), vec!["INVALID_VALUE areas"]),
        (json!({ "areas": ["kent", "kent"] }), vec!["INVALID_VALUE areas"]),
        (json!({ "areas": ["kent", "nowhere"] }), vec!["UNKNOWN_ORGANISATION areas"]),
        (json!({ "from": "2001-03-31" }), vec!["DATE_OUT_OF_SCOPE from"]),
        (json!({ "lastDay": "2014-12-31" }), vec!["END_BEFORE_START lastDay"]),
        (json!({ "country": "X", "name": "" }), vec!["INVALID_VALUE country", "INVALID_VALUE name"]),
    ] {
        desk.refused("registerAgency", &with(&agency(), &more), &due);
    }
    desk.done("registerAgency", &with(&agency(), &json!({ "slug": "a".repeat(100) })), "");
}

#[test]
fn an_agency_has_other_names_duties_and_areas_from_a_day_on_and_what_ends_ends_the_day_before() {
    let desk = Desk::new();
    desk.done("registerAgency", &agency(), "");
    let input = json!({
        "agency": "example-trust", "name": "Example Trust North", "addKinds": ["SOCIAL_LANDLORD"], "endKinds": ["NHS_TRUST"],
        "addAreas": ["sussex"], "endAreas": ["essex"], "from": "2016-01-01"
    });
    let told = desk.done(
        "amendAgency",
        &input,
        "agency { name duties { kind } mappaAreas { slug } } boards { mappaArea { slug } }",
    );
    let due = json!({
        "name": "Example Trust North", "duties": [{ "kind": "HOUSING_AUTHORITY" }, { "kind": "SOCIAL_LANDLORD" }],
        "mappaAreas": [{ "slug": "kent" }, { "slug": "sussex" }]
    });
    assert_eq!(told["agency"], due);
    let slugs: Vec<&str> = told["boards"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|board| board["mappaArea"]["slug"].as_str())
        .collect();
    assert_eq!(slugs, ["essex", "kent", "sussex"]);
    assert_eq!(
        desk.rows("body_name", "name", "example-trust"),
        ["Example Trust [2015-01-01,2016-01-01)", "Example Trust North [2016-01-01,)"]
    );
    assert_eq!(
        desk.rows("agency_duty", "kind", "example-trust"),
        [
            "HOUSING_AUTHORITY [2015-01-01,)",
            "NHS_TRUST [2015-01-01,2016-01-01)",
            "SOCIAL_LANDLORD [2016-01-01,)"
        ]
    );
    assert_eq!(
        desk.areas("example-trust"),
        ["essex [2015-01-01,2016-01-01)", "kent [2015-01-01,)", "sussex [2016-01-01,)"]
    );
    let of = |more: Value| with(&json!({ "agency": "example-trust", "from": "2016-06-01" }), &more);
    for (input, due) in [
        (of(json!({})), "NOTHING_TO_CHANGE input"),
        (of(json!({ "addKinds": [], "endAreas": [] })), "NOTHING_TO_CHANGE input"),
        (of(json!({ "name": "Example Trust North" })), "NOTHING_TO_CHANGE name"),
        (of(json!({ "name": "" })), "INVALID_VALUE name"),
        (of(json!({ "addKinds": ["SOCIAL_LANDLORD"] })), "OVERLAP addKinds"),
        (of(json!({ "endKinds": ["NHS_TRUST"] })), "UNKNOWN_RECORD endKinds"),
        (of(json!({ "addKinds": ["NHS_TRUST"], "endKinds": ["NHS_TRUST"] })), "INVALID_VALUE addKinds"),
        (of(json!({ "addAreas": ["kent"] })), "OVERLAP addAreas"),
        (of(json!({ "endAreas": ["essex"] })), "UNKNOWN_RECORD endAreas"),
        (of(json!({ "addAreas": ["surrey", "surrey"] })), "INVALID_VALUE addAreas"),
        (of(json!({ "addAreas": ["nowhere"] })), "UNKNOWN_ORGANISATION addAreas"),
        (of(json!({ "endAreas": ["nowhere"] })), "UNKNOWN_ORGANISATION endAreas"),
        (of(json!({ "name": "X", "from": "2014-12-31" })), "DATE_OUT_OF_SCOPE from"),
        (of(json!({ "name": "X", "agency": "nowhere" })), "UNKNOWN_ORGANISATION agency"),
    ] {
        desk.refused("amendAgency", &input, &[due]);
    }
}

#[test]
fn an_agency_ends_with_all_that_is_recorded_of_it_and_nothing_is_lost() {
    let desk = Desk::new();
    desk.done("registerAgency", &agency(), "");
    let mailbox = json!({
        "organisation": { "kind": "AGENCY", "slug": "example-trust" }, "purpose": "DUTY_TO_COOPERATE", "address": "spoc@example.org", "from": "2015-02-01"
    });
    desk.done("setFunctionalContact", &mailbox, "");
    desk.done(
        "amendAgency",
        &json!({ "agency": "example-trust", "name": "Later", "from": "2018-01-01" }),
        "",
    );
    for (last_day, due) in
        [("2014-12-31", "END_BEFORE_START lastDay"), ("2001-01-01", "DATE_OUT_OF_SCOPE lastDay")]
    {
        desk.refused("endAgency", &json!({ "agency": "example-trust", "lastDay": last_day }), &[due]);
    }
    desk.refused(
        "endAgency",
        &json!({ "agency": "nowhere", "lastDay": "2015-06-30" }),
        &["UNKNOWN_ORGANISATION agency"],
    );
    let input = json!({ "agency": "example-trust", "lastDay": "2017-12-31" });
    let told = desk.done("endAgency", &input, "agency { inForce period { lastDay } }");
    assert_eq!(told["agency"], json!({ "inForce": false, "period": { "lastDay": "2017-12-31" } }));
    assert_eq!(desk.rows("body_period", "basis", "example-trust"), ["RECORDED [2015-01-01,2018-01-01)"]);
    assert_eq!(desk.rows("body_name", "name", "example-trust"), ["Example Trust [2015-01-01,2018-01-01)"]);
    assert_eq!(
        desk.areas("example-trust"),
        ["essex [2015-01-01,2018-01-01)", "kent [2015-01-01,2018-01-01)"]
    );
    let duties = ["HOUSING_AUTHORITY [2015-01-01,2018-01-01)", "NHS_TRUST [2015-01-01,2018-01-01)"];
    assert_eq!(desk.rows("agency_duty", "kind", "example-trust"), duties);
    assert_eq!(
        desk.rows("mailbox", "address", "example-trust"),
        ["spoc@example.org [2015-02-01,2018-01-01)"]
    );
    desk.refused("endAgency", &input, &["NOTHING_TO_CHANGE lastDay"]);
    let later = json!({ "agency": "example-trust", "lastDay": "2018-01-01" });
    desk.refused("endAgency", &later, &["END_BEFORE_START lastDay"]);
    // Earlier still, down to its first day: it is a body all the same.
    desk.done("endAgency", &json!({ "agency": "example-trust", "lastDay": "2015-01-01" }), "");
    assert_eq!(desk.rows("body_name", "name", "example-trust"), ["Example Trust [2015-01-01,2015-01-02)"]);
    assert_eq!(desk.rows("mailbox", "address", "example-trust"), [""; 0]);
    // What was known before is known of before.
    let closed = "SELECT count(*)::text AS text FROM body_name n JOIN body b ON b.id = n.body_id WHERE b.slug = 'example-trust' AND NOT upper_inf(n.recorded)";
    assert_eq!(desk.service.database.text(closed), "3");
}

#[test]
fn a_name_is_followed_by_another_and_no_day_is_without_one() {
    let desk = Desk::new();
    let of = |more: Value| {
        with(
            &json!({ "organisation": { "kind": "POLICE_FORCE", "slug": "kent-police" }, "from": "2016-01-01" }),
            &more,
        )
    };
    let told = desk.done(
        "amendOrganisation",
        &of(json!({ "name": "Police of Kent" })),
        "organisation { name } agency { slug }",
    );
    assert_eq!((&told["organisation"]["name"], &told["agency"]), (&json!("Police of Kent"), &Value::Null));
    // Between two names that are recorded, a third holds until the second.
    desk.done("amendOrganisation", &of(json!({ "name": "Kent Force", "from": "2015-01-01" })), "");
    let plain = "SELECT concat_ws(' ', name, valid) AS text FROM body_name n JOIN body b ON b.id = n.body_id \
                 WHERE b.slug = 'kent-police' AND usage = 'NAME' AND upper_inf(n.recorded) ORDER BY valid";
    assert_eq!(
        desk.service.database.texts(plain),
        [
            "Kent Police [2001-04-01,2015-01-01)",
            "Kent Force [2015-01-01,2016-01-01)",
            "Police of Kent [2016-01-01,)"
        ]
    );
    // Of the first day of a name: it was recorded wrongly.
    desk.done("amendOrganisation", &of(json!({ "name": "Kent Force Two", "from": "2015-01-01" })), "");
    assert_eq!(desk.service.database.texts(plain)[1], "Kent Force Two [2015-01-01,2016-01-01)");
    for (more, due) in [
        (json!({}), "NOTHING_TO_CHANGE name"),
        (json!({ "name": "Police of Kent" }), "NOTHING_TO_CHANGE name"),
        (json!({ "name": "a".repeat(201) }), "INVALID_VALUE name"),
        (json!({ "name": "a\u{7}" }), "INVALID_VALUE name"),
        (json!({ "name": "X", "from": "2001-03-31" }), "DATE_OUT_OF_SCOPE from"),
        (
            json!({ "name": "X", "organisation": { "kind": "POLICE_FORCE", "slug": "nowhere" } }),
            "UNKNOWN_ORGANISATION organisation",
        ),
        (
            json!({ "name": "X", "organisation": { "kind": "SHIP", "slug": "kent-police" } }),
            "UNKNOWN_ORGANISATION organisation",
        ),
        // A trust that has ended has no name from then on.
        (
            json!({ "name": "X", "organisation": { "kind": "PROBATION_TRUST", "slug": "kent" } }),
            "DATE_OUT_OF_SCOPE from",
        ),
    ] {
        desk.refused("amendOrganisation", &of(more), &[due]);
    }
    // Aliases stand beside each other; an area is no organisation of the schema, and is shown as what it is.
    for alias in ["Kentish Police", "The Police of Kent"] {
        desk.done("amendOrganisation", &of(json!({ "name": alias, "usage": "ALIAS" })), "");
    }
    desk.refused(
        "amendOrganisation",
        &of(json!({ "name": "Kentish Police", "usage": "ALIAS" })),
        &["NOTHING_TO_CHANGE name"],
    );
    let area = with(
        &of(json!({ "name": "Caint", "usage": "WELSH_NAME" })),
        &json!({ "organisation": { "kind": "MAPPA_AREA", "slug": "kent" } }),
    );
    let told = desk.done("amendOrganisation", &area, "organisation { slug } mappaArea { slug welshName }");
    assert_eq!(
        (&told["organisation"], &told["mappaArea"]),
        (&Value::Null, &json!({ "slug": "kent", "welshName": "Caint" }))
    );
}

#[test]
fn a_mailbox_is_set_replaced_and_ended_and_no_answer_repeats_an_address() {
    let desk = Desk::new();
    let of = |more: Value| {
        with(
            &json!({ "organisation": { "kind": "MAPPA_AREA", "slug": "kent" }, "purpose": "MAPPA", "from": "2015-01-01" }),
            &more,
        )
    };
    desk.done("setFunctionalContact", &of(json!({ "address": "one@example.org" })), "mappaArea { slug }");
    desk.done("setFunctionalContact", &of(json!({ "address": "two@example.org", "from": "2016-01-01" })), "");
    desk.done(
        "setFunctionalContact",
        &of(json!({ "address": "other@example.org", "purpose": "GENERAL" })),
        "",
    );
    let ended = of(json!({ "address": null, "from": "2017-01-01" }));
    desk.done("setFunctionalContact", &ended, "");
    let rows = || {
        let kind = "SELECT concat_ws(' ', purpose, address, valid) AS text FROM mailbox m JOIN body b ON b.id = m.body_id \
                    WHERE b.kind = 'MAPPA_AREA' AND b.slug = 'kent' AND upper_inf(m.recorded) ORDER BY 1";
        desk.service.database.texts(kind)
    };
    assert_eq!(
        rows(),
        [
            "GENERAL other@example.org [2015-01-01,)",
            "MAPPA one@example.org [2015-01-01,2016-01-01)",
            "MAPPA two@example.org [2016-01-01,2017-01-01)"
        ]
    );
    for (more, due) in [
        (json!({ "from": "2017-01-01" }), "NOTHING_TO_CHANGE address"),
        (json!({ "address": "one@example.org", "from": "2015-06-01" }), "NOTHING_TO_CHANGE address"),
        (json!({ "address": "x@example.org", "from": "2001-03-31" }), "DATE_OUT_OF_SCOPE from"),
        (
            json!({ "address": "x@example.org", "organisation": { "kind": "AGENCY", "slug": "nowhere" } }),
            "UNKNOWN_ORGANISATION organisation",
        ),
    ] {
        desk.refused("setFunctionalContact", &of(more), &[due]);
    }
    for address in [
        "Zqxmail@example.org",
        "zqxmail",
        "zqxmail@example",
        "zqx mail@example.org",
        "<zqxmail@example.org>",
        "",
    ] {
        let told = desk.ask("setFunctionalContact", &of(json!({ "address": address })), "");
        assert_eq!(refusals(&told), ["INVALID_VALUE address"], "{address}");
        assert!(!told.to_string().to_lowercase().contains("zqx"), "{told}");
    }
}

#[test]
fn a_holder_of_a_post_is_named_by_a_published_source_and_by_no_other() {
    let desk = Desk::new();
    let of = |more: Value| {
        let base = json!({ "post": "chief-executive-essex", "holder": "Example Person", "source": "S11", "from": "2016-01-01" });
        with(&base, &more)
    };
    // The seed names a holder from 2014-06-01 to 2015-01-31.
    let select = "post { slug holder { name citation { sources { key } } } } organisation { slug }";
    let told = desk.done("setPostHolder", &of(json!({})), select);
    assert_eq!(told["post"]["holder"]["name"], json!("Example Person"), "{told}");
    assert_eq!(told["organisation"]["slug"], json!("essex"));
    for (more, due) in [
        (json!({}), "NOTHING_TO_CHANGE holder"),
        (json!({ "post": "nowhere" }), "UNKNOWN_POST post"),
        (json!({ "source": null }), "INVALID_VALUE source"),
        (json!({ "source": "NOSUCH" }), "UNKNOWN_RECORD source"),
        (json!({ "source": "GK" }), "INVALID_VALUE source"),
        (json!({ "source": "ADMIN" }), "INVALID_VALUE source"),
        (json!({ "holder": "" }), "INVALID_VALUE holder"),
        (json!({ "holder": "x\ny" }), "INVALID_VALUE holder"),
        (json!({ "lastDay": "2015-12-31" }), "END_BEFORE_START lastDay"),
        (json!({ "from": "2013-01-01" }), "DATE_OUT_OF_SCOPE from"),
        (json!({ "from": "2021-06-26" }), "DATE_OUT_OF_SCOPE from"),
        // The holder of the seed sits in between.
        (json!({ "from": "2014-06-02", "lastDay": "2014-06-30" }), "OVERLAP from"),
        (json!({ "from": "2015-06-01", "holder": "Example Two" }), "OVERLAP from"),
        (json!({ "holder": null, "lastDay": "2017-01-01" }), "INVALID_VALUE lastDay"),
        (json!({ "holder": null, "from": "2015-06-01" }), "NOTHING_TO_CHANGE holder"),
    ] {
        desk.refused("setPostHolder", &of(more), &[due]);
    }
    desk.done(
        "setPostHolder",
        &of(json!({ "from": "2015-01-15", "lastDay": "2015-12-31", "holder": "Example Two" })),
        "",
    );
    desk.done("setPostHolder", &of(json!({ "from": "2018-01-01", "holder": null, "source": null })), "");
    let rows = "SELECT concat_ws(' ', h.valid, h.source, h.basis) AS text FROM post_holder h JOIN post p ON p.id = h.post_id \
                WHERE p.slug = 'chief-executive-essex' AND upper_inf(h.recorded) ORDER BY h.valid";
    assert_eq!(
        desk.service.database.texts(rows),
        [
            "[2014-06-01,2015-01-15) S11 PUBLISHED",
            "[2015-01-15,2016-01-01) S11 PUBLISHED",
            "[2016-01-01,2018-01-01) S11 PUBLISHED"
        ]
    );
}

#[test]
fn a_company_passes_to_another_owner_from_a_day_on() {
    let desk = Desk::new();
    let of = |more: Value| {
        let base =
            json!({ "crc": "essex", "owner": "seetec", "from": "2020-01-01", "lastDay": "2021-06-25" });
        with(&base, &more)
    };
    // The seed: the Ministry to 2015-01-31, Sodexo with Nacro to 2021-06-25.
    let told = desk.done(
        "recordOwnership",
        &of(json!({ "partners": "Example Partner" })),
        "organisation { slug ... on CommunityRehabilitationCompany { owner { owner { slug } partners } } }",
    );
    let due =
        json!({ "slug": "essex", "owner": { "owner": { "slug": "seetec" }, "partners": "Example Partner" } });
    assert_eq!(told["organisation"], due);
    let rows = "SELECT concat_ws(' ', o.slug, w.valid) AS text FROM ownership w JOIN body c ON c.id = w.crc_id JOIN body o ON o.id = w.owner_id \
                WHERE c.slug = 'essex' AND upper_inf(w.recorded) ORDER BY w.valid";
    assert_eq!(
        desk.service.database.texts(rows),
        [
            "ministry-of-justice [2014-06-01,2015-02-01)",
            "sodexo-nacro [2015-02-01,2020-01-01)",
            "seetec [2020-01-01,2021-06-26)"
        ]
    );
    // Without a last day, nobody owns the company after it ended all the same.
    desk.done("recordOwnership", &of(json!({ "partners": "Another", "lastDay": null })), "");
    assert_eq!(desk.service.database.texts(rows)[2], "seetec [2020-01-01,2021-06-26)");
    for (more, due) in [
        (json!({ "partners": "Another" }), "NOTHING_TO_CHANGE owner"),
        (json!({ "crc": "nowhere" }), "UNKNOWN_ORGANISATION crc"),
        (json!({ "owner": "nowhere" }), "UNKNOWN_ORGANISATION owner"),
        // A body of another kind is no owner.
        (json!({ "owner": "kent-police" }), "UNKNOWN_ORGANISATION owner"),
        (json!({ "partners": "" }), "INVALID_VALUE partners"),
        (json!({ "lastDay": "2019-12-31" }), "END_BEFORE_START lastDay"),
        (json!({ "from": "2014-05-31" }), "DATE_OUT_OF_SCOPE from"),
        (json!({ "from": "2016-01-01", "lastDay": "2016-12-31" }), "OVERLAP from"),
        (json!({ "from": "2014-12-01" }), "OVERLAP from"),
    ] {
        desk.refused("recordOwnership", &of(more), &[due]);
    }
}

#[test]
fn a_change_of_a_body_is_refused_where_somebody_was_faster() {
    let desk = Desk::new();
    let of = |version: i64| json!({ "agency": "riverside", "name": format!("Name {version}"), "from": "2016-01-01", "expectedVersion": version });
    // The seed is version 1, and the key version 2, which touches no body.
    let told = desk.done("amendAgency", &of(1), "");
    desk.refused("amendAgency", &of(1), &["STALE_VERSION expectedVersion"]);
    desk.done("amendAgency", &of(told["directoryVersion"].as_i64().expect("a version")), "");
}
