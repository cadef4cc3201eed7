//! Every area, authority, force and code answers as the records say, on days before, between and after.
//!
//! What is expected stands in `tests/expected`, drawn from the published map and lists and not from the seed.

use crate::support::TestService;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A table of `tests/expected`, as rows by column.
pub fn expected(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/tests/expected/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

const WHO: &str = "
    query Who($places: [PlaceInput!]!, $on: LocalDate!, $calendar: Calendar!) {
        locateMany(places: $places, on: $on, calendar: $calendar) {
            index
            problems { code }
            mappaArea { name }
            inCharge { name officialName }
            inChargeState
            otherCalendarDiffers
            probationTrust { officialName inForce period { from lastDay } }
            npsDivision { name inForce period { from lastDay } }
            contractPackageArea { name inForce }
            crc { slug inForce }
            region { name inForce }
            localAuthority { code name inForce successor { code } }
            policeForces { name codes { value } }
        }
    }";

fn ask(places: &[Value], on: &str, calendar: &str) -> Vec<Value> {
    let variables = json!({ "places": places, "on": on, "calendar": calendar });
    let data = TestService::shared().client.data(WHO, variables);
    data["locateMany"].as_array().expect("answers").clone()
}

/// Who is in charge, by reasoning from the days of the restructure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charge {
    NotRecorded,
    Trust,
    DivisionAndCompany,
    Region,
}

const DAYS: [(&str, &str, Charge); 20] = [
    ("2001-04-01", "OPERATIONAL", Charge::NotRecorded),
    ("2010-03-31", "PUBLISHED", Charge::NotRecorded),
    ("2010-04-01", "PUBLISHED", Charge::Trust),
    ("2014-03-31", "PUBLISHED", Charge::Trust),
    ("2014-03-31", "OPERATIONAL", Charge::Trust),
    ("2014-04-01", "PUBLISHED", Charge::DivisionAndCompany),
    ("2014-04-01", "OPERATIONAL", Charge::Trust),
    ("2014-05-31", "PUBLISHED", Charge::DivisionAndCompany),
    ("2014-05-31", "OPERATIONAL", Charge::Trust),
    ("2014-06-01", "PUBLISHED", Charge::DivisionAndCompany),
    ("2014-06-01", "OPERATIONAL", Charge::DivisionAndCompany),
    ("2014-10-31", "PUBLISHED", Charge::DivisionAndCompany),
    ("2014-11-01", "OPERATIONAL", Charge::DivisionAndCompany),
    ("2015-02-01", "PUBLISHED", Charge::DivisionAndCompany),
    ("2019-12-01", "PUBLISHED", Charge::DivisionAndCompany),
    ("2021-06-25", "PUBLISHED", Charge::DivisionAndCompany),
    ("2021-06-25", "OPERATIONAL", Charge::DivisionAndCompany),
    ("2021-06-26", "PUBLISHED", Charge::Region),
    ("2021-06-26", "OPERATIONAL", Charge::Region),
    ("2026-01-01", "PUBLISHED", Charge::Region),
];

#[test]
fn every_area_answers_on_days_before_between_and_after() {
    let map = expected("map");
    assert_eq!(map.len(), 42);
    let places: Vec<Value> = map.iter().map(|row| json!({ "name": row["mappa_area"] })).collect();
    for (on, calendar, charge) in DAYS {
        for (row, answer) in map.iter().zip(ask(&places, on, calendar)) {
            let what = format!("{} on {on}, {calendar}: {answer}", row["mappa_area"]);
            assert_eq!(answer["problems"], json!([]), "{what}");
            assert_eq!(answer["mappaArea"]["name"], json!(row["mappa_area"]), "{what}");
            assert_eq!(answer["probationTrust"]["officialName"], json!(row["statutory_trust"]), "{what}");
            assert_eq!(answer["npsDivision"]["name"], json!(row["nps_division"]), "{what}");
            assert_eq!(answer["contractPackageArea"]["name"], json!(row["contract_package_area"]), "{what}");
            assert_eq!(answer["region"]["name"], json!(row["probation_region_2021"]), "{what}");
            let in_charge: Vec<&str> = answer["inCharge"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(|body| body["officialName"].as_str())
                .collect();
            let state = if charge == Charge::NotRecorded { "NOT_RECORDED" } else { "RECORDED" };
            assert_eq!(answer["inChargeState"], json!(state), "{what}");
            match charge {
                Charge::NotRecorded => assert!(in_charge.is_empty(), "{what}"),
                Charge::Trust => assert_eq!(in_charge, [row["statutory_trust"].as_str()], "{what}"),
                Charge::DivisionAndCompany => {
                    let company = format!(
                        "The {} Community Rehabilitation Company Limited",
                        row["contract_package_area"]
                    );
                    assert_eq!(answer["inCharge"][0]["name"], json!(row["nps_division"]), "{what}");
                    assert_eq!(in_charge.len(), 2, "{what}");
                    assert_eq!(in_charge[1], company, "{what}");
                }
                Charge::Region => {
                    assert_eq!(answer["inCharge"][0]["name"], json!(row["probation_region_2021"]), "{what}")
                }
            }
            for (field, state) in [
                ("probationTrust", Charge::Trust),
                ("npsDivision", Charge::DivisionAndCompany),
                ("contractPackageArea", Charge::DivisionAndCompany),
                ("crc", Charge::DivisionAndCompany),
                ("region", Charge::Region),
            ] {
                // Before 2010-04-01 no trust is recorded, whatever there was: that is not "no".
                let is_open = field == "probationTrust" && charge == Charge::NotRecorded;
                let in_force = if is_open { Value::Null } else { json!(charge == state) };
                assert_eq!(answer[field]["inForce"], in_force, "{field} of {what}");
            }
            let window = on == "2014-04-01" || on == "2014-05-31";
            let differs = if window { json!(true) } else { Value::Null };
            assert_eq!(answer["otherCalendarDiffers"], differs, "{what}");
        }
    }
}

#[test]
fn a_coverage_is_shown_on_the_calendar_asked_for() {
    for (calendar, trust_ends, division_begins) in
        [("PUBLISHED", "2014-03-31", "2014-04-01"), ("OPERATIONAL", "2014-05-31", "2014-06-01")]
    {
        let answer = &ask(&[json!({ "mappaArea": "lincolnshire" })], "2014-05-01", calendar)[0];
        assert_eq!(answer["probationTrust"]["period"]["lastDay"], json!(trust_ends));
        assert_eq!(
            answer["npsDivision"]["period"],
            json!({ "from": division_begins, "lastDay": "2021-06-25" })
        );
    }
}

#[test]
fn a_trust_ends_in_law_months_after_its_coverage() {
    let query = "{
        trust: probationTrust(slug: \"merseyside\", on: \"2014-10-31\") { inForce period { lastDay } }
        gone: probationTrust(slug: \"merseyside\", on: \"2014-11-01\") { inForce }
        area: mappaArea(slug: \"merseyside\", on: \"2014-10-31\") { probationTrust { inForce period { lastDay } } }
    }";
    let data = TestService::shared().client.data(query, json!({}));
    assert_eq!(data["trust"], json!({ "inForce": true, "period": { "lastDay": "2014-10-31" } }));
    assert_eq!(data["gone"]["inForce"], json!(false));
    assert_eq!(
        data["area"]["probationTrust"],
        json!({ "inForce": false, "period": { "lastDay": "2014-03-31" } })
    );
}

#[test]
fn every_local_authority_answers_by_code_and_by_name() {
    let authorities = expected("authorities");
    assert_eq!(authorities.len(), 348);
    let forces: BTreeMap<String, String> =
        expected("forces").into_iter().map(|row| (row["ons_code"].clone(), row["force"].clone())).collect();
    let areas: BTreeMap<String, String> = expected("map")
        .into_iter()
        .map(|row| (row["mappa_area"].to_lowercase().replace(' ', "-"), row["mappa_area"].clone()))
        .collect();
    for key in ["code", "name"] {
        let places: Vec<Value> =
            authorities.iter().map(|row| json!({ "localAuthority": row[key] })).collect();
        for on in ["2010-04-01", "2014-11-01", "2019-03-31", "2019-04-01", "2023-04-01"] {
            for (row, answer) in authorities.iter().zip(ask(&places, on, "PUBLISHED")) {
                let what = format!("{} on {on}: {answer}", row["code"]);
                let is_gone = !row["successor_from"].is_empty() && row["successor_from"].as_str() <= on;
                if key == "name" && is_gone {
                    // A name may have passed on to the authority that took over.
                    assert_eq!(answer["mappaArea"]["name"], json!(areas[&row["mappa_area"]]), "{what}");
                    continue;
                }
                assert_eq!(answer["localAuthority"]["code"], json!(row["code"]), "{what}");
                assert_eq!(answer["localAuthority"]["name"], json!(row["name"]), "{what}");
                assert_eq!(answer["mappaArea"]["name"], json!(areas[&row["mappa_area"]]), "{what}");
                assert_eq!(answer["policeForces"].as_array().expect("a list").len(), 1, "{what}");
                assert_eq!(
                    answer["policeForces"][0]["name"],
                    json!(forces[&row["police_force_area_code"]]),
                    "{what}"
                );
                assert_eq!(answer["localAuthority"]["inForce"], json!(!is_gone), "{what}");
                let successor =
                    if row["successor_code"].is_empty() { Value::Null } else { json!(row["successor_code"]) };
                assert_eq!(answer["localAuthority"]["successor"]["code"], successor, "{what}");
            }
        }
    }
}

#[test]
fn a_later_authority_is_found_by_its_code_and_names_those_before_it() {
    let mut later: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in expected("authorities").into_iter().filter(|row| !row["successor_code"].is_empty()) {
        later.entry(row["successor_code"].clone()).or_default().push(row["code"].clone());
    }
    assert!(later.len() > 10);
    // Somerset West and Taunton took the place of two districts in 2019, and went into Somerset in its turn.
    let somerset = later.get_mut("E06000066").expect("Somerset");
    somerset.push("E07000246".to_owned());
    for (code, before) in later {
        let query = "query($code: String!) { localAuthority(code: $code, on: \"2023-04-01\") { inForce predecessors { code } } }";
        let data = TestService::shared().client.data(query, json!({ "code": code }));
        let predecessors: Vec<Value> = before.iter().map(|code| json!({ "code": code })).collect();
        assert_eq!(data["localAuthority"]["predecessors"], json!(predecessors), "{code}");
    }
}

#[test]
fn every_force_answers_by_name_and_code_and_london_has_two() {
    let forces = expected("forces");
    assert_eq!(forces.len(), 43);
    for row in &forces {
        let places = [
            json!({ "policeForce": row["force"] }),
            json!({ "code": { "scheme": "ONS", "value": row["ons_code"] } }),
        ];
        for answer in ask(&places, "2014-11-01", "PUBLISHED") {
            assert_eq!(answer["policeForces"][0]["name"], json!(row["force"]), "{answer}");
            assert_eq!(answer["policeForces"].as_array().map(Vec::len), Some(1), "{answer}");
            let slug =
                answer["mappaArea"]["name"].as_str().unwrap_or_default().to_lowercase().replace(' ', "-");
            assert_eq!(slug, row["mappa_area"]);
        }
    }
    let places = [
        json!({ "mappaArea": "london" }),
        json!({ "localAuthority": "E09000001" }),
        json!({ "localAuthority": "Camden" }),
    ];
    let answers = ask(&places, "2014-11-01", "PUBLISHED");
    let names = |answer: &Value| -> Vec<String> {
        answer["policeForces"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|force| force["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(names(&answers[0]), ["City of London Police", "Metropolitan Police Service"]);
    assert_eq!(names(&answers[1]), ["City of London Police"]);
    assert_eq!(names(&answers[2]), ["Metropolitan Police Service"]);
}

#[test]
fn every_code_of_the_case_system_means_its_body() {
    let fields = [
        ("ProbationTrust", "probationTrust", "2014-01-01"),
        ("NpsDivision", "npsDivision", "2016-01-01"),
        ("ContractPackageArea", "contractPackageArea", "2016-01-01"),
    ];
    let codes = expected("codes");
    assert_eq!(codes.len(), 35 + 7 + 21);
    for row in codes {
        let (_, field, on) = *fields.iter().find(|(kind, _, _)| *kind == row["kind"]).expect("a kind");
        let query = format!(
            "query($code: CodeInput!) {{ locate(place: {{ code: $code }}, on: \"{on}\") {{
                {field} {{ slug codes {{ scheme value }} }}
                problems {{ code candidates {{ mappaArea {{ {field} {{ slug }} }} }} }} }} }}"
        );
        let variables = json!({ "code": { "scheme": row["scheme"], "value": row["code"] } });
        let answer = TestService::shared().client.data(&query, variables)["locate"].clone();
        // A body that covers several areas is ambiguous as a place, and every candidate lies in it.
        let candidates = answer["problems"][0]["candidates"].as_array().cloned().unwrap_or_default();
        if candidates.is_empty() {
            assert_eq!(answer[field]["slug"], json!(row["slug"]), "{row:?}: {answer}");
        } else {
            assert_eq!(answer["problems"][0]["code"], json!("AMBIGUOUS_PLACE"));
            for candidate in candidates {
                assert_eq!(candidate["mappaArea"][field]["slug"], json!(row["slug"]), "{row:?}: {answer}");
            }
        }
    }
}

#[test]
fn names_match_whatever_their_spelling() {
    for (name, area) in [
        ("merseyside", "Merseyside"),
        ("MERSEYSIDE", "Merseyside"),
        ("Teesside", "Cleveland"),
        ("County Durham", "Durham"),
        ("Leicestershire & Rutland", "Leicestershire"),
        ("york and north yorkshire", "North Yorkshire"),
        ("Dyfed Powys", "Dyfed-Powys"),
        ("Abertawe", "South Wales"),
        ("sefton", "Merseyside"),
        ("Kings Lynn & West Norfolk", "Norfolk"),
        ("City of London Police", "London"),
        ("Thames Valley Probation", "Thames Valley"),
        ("Merseyside CRC", "Merseyside"),
    ] {
        let answer = &ask(&[json!({ "name": name })], "2014-11-01", "PUBLISHED")[0];
        assert_eq!(answer["mappaArea"]["name"], json!(area), "{name}: {answer}");
    }
}

#[test]
fn lincolnshire_is_in_the_north_east_and_then_in_the_east_midlands() {
    let before = &ask(&[json!({ "name": "Lincoln" })], "2014-11-01", "PUBLISHED")[0];
    assert_eq!(before["npsDivision"]["name"], json!("North East"));
    assert_eq!(before["contractPackageArea"]["name"], json!("Humberside, Lincolnshire and North Yorkshire"));
    let after = &ask(&[json!({ "name": "Lincoln" })], "2021-06-26", "PUBLISHED")[0];
    assert_eq!(after["inCharge"][0]["name"], json!("East Midlands"));
}

#[test]
fn a_later_authority_that_ended_in_its_turn_says_so_and_those_in_force_are_listed_with_it() {
    let client = TestService::shared().client;
    let query = "query($code: String!, $on: LocalDate!) {
        localAuthority(code: $code, on: $on) { inForce successor { code } period { from lastDay } } }";
    for (on, in_force) in
        [("2019-03-31", false), ("2019-04-01", true), ("2023-03-31", true), ("2023-04-01", false)]
    {
        let answer = client.data(query, json!({ "code": "E07000246", "on": on }))["localAuthority"].clone();
        assert_eq!(answer["inForce"], json!(in_force), "{on}");
        assert_eq!(answer["successor"]["code"], json!("E06000066"));
        assert_eq!(answer["period"], json!({ "from": "2019-04-01", "lastDay": "2023-03-31" }));
    }
    let query = "{ localAuthorities(on: \"2024-01-01\", first: 100, filter: { inForce: true, mappaArea: \"avon-and-somerset\" }) { nodes { code } } }";
    let listed = client.data(query, json!({}))["localAuthorities"]["nodes"].to_string();
    assert!(
        listed.contains("E06000066") && !listed.contains("E07000246") && !listed.contains("E07000187"),
        "{listed}"
    );
}

#[test]
fn people_need_not_know_the_official_order_of_words() {
    for (name, area) in [
        ("Bristol", "Avon and Somerset"),
        ("Kingston upon Hull", "Humberside"),
        ("Herefordshire", "West Mercia"),
    ] {
        let answer = &ask(&[json!({ "name": name })], "2014-11-01", "PUBLISHED")[0];
        assert_eq!(answer["mappaArea"]["name"], json!(area), "{name}: {answer}");
    }
}

#[test]
fn a_national_body_tells_what_sources_say_of_the_day_of_the_restructure() {
    let query = "{ nationalBody(slug: \"national-probation-service\") { id statements { field value used } posts { title } }
        post: npsDivision(slug: \"london\") { posts { title organisation { name } } } }";
    let data = TestService::shared().client.data(query, json!({}));
    let statements = data["nationalBody"]["statements"].as_array().expect("statements");
    let used = |day: &str| {
        let of_day = |s: &&Value| s["field"] == json!("started_on") && s["value"] == json!(day);
        statements.iter().find(of_day).map(|s| s["used"].clone())
    };
    assert_eq!(used("2014-04-01"), Some(json!("USED_ON_PUBLISHED_CALENDAR")));
    assert_eq!(used("2014-06-01"), Some(json!("USED_ON_OPERATIONAL_CALENDAR")));
    assert_eq!(data["post"]["posts"][0]["organisation"]["name"], json!("London"));
    let again = TestService::shared()
        .client
        .data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": data["nationalBody"]["id"] }));
    assert_eq!(again["node"]["id"], data["nationalBody"]["id"]);
}

#[test]
fn an_organisation_says_whether_the_other_calendar_differs() {
    let query = "{ now: npsDivision(slug: \"north-west\", on: \"2014-05-01\") { inForce otherCalendarDiffers }
        other: npsDivision(slug: \"north-west\", on: \"2014-05-01\", calendar: OPERATIONAL) { inForce otherCalendarDiffers }
        after: npsDivision(slug: \"north-west\", on: \"2014-06-01\") { inForce otherCalendarDiffers } }";
    let data = TestService::shared().client.data(query, json!({}));
    assert_eq!(data["now"], json!({ "inForce": true, "otherCalendarDiffers": true }));
    assert_eq!(data["other"], json!({ "inForce": false, "otherCalendarDiffers": true }));
    assert_eq!(data["after"], json!({ "inForce": true, "otherCalendarDiffers": null }));
}
