//! Wrong input is answered with a code, the field at fault and a remedy, and never with a value of the request.

use crate::places::expected;
use crate::support::TestService;
use crate::support::client::Reply;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A word that stands in every wrong value, so that an answer which repeats one is found out.
const CANARY: &str = "zqxcanary";

/// Most errors that an answer carries.
const MOST_ERRORS: usize = 10;

const LOCATE: &str = "
    query Locate($place: PlaceInput!, $on: LocalDate, $calendar: Calendar, $knownAt: DateTime) {
        locate(place: $place, on: $on, calendar: $calendar, knownAt: $knownAt) {
            mappaArea { slug }
            problems { code message field remedy candidates { mappaArea { slug } localAuthority { code } } }
        }
    }";

/// Posts a request and sees to it that its answer repeats none of its values.
fn post(query: &str, variables: &Value) -> Reply {
    let reply = TestService::shared().client.post(&json!({ "query": query, "variables": variables }));
    repeats_nothing(&reply);
    reply
}

fn repeats_nothing(reply: &Reply) {
    let text = String::from_utf8_lossy(&reply.body).to_lowercase();
    assert!(!text.contains(CANARY), "a value came back: {text}");
}

fn is_given(text: &Value) -> bool {
    text.as_str().is_some_and(|text| !text.is_empty())
}

/// The first error of a request that must have one, with this code and field, and with a remedy.
fn refused(query: &str, variables: &Value, code: &str, field: &str) -> Value {
    let reply = post(query, variables);
    let body = reply.json();
    let error = body["errors"][0].clone();
    let what = format!("{query} with {variables}: {body}");
    assert_eq!(error["extensions"]["code"], json!(code), "{what}");
    assert_eq!(error["extensions"]["field"], json!(field), "{what}");
    assert!(is_given(&error["extensions"]["remedy"]), "{what}");
    assert!(is_given(&error["message"]), "{what}");
    assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id"), "{what}");
    error
}

/// The problem of a place that must not be found, with this code and field, and with a remedy.
fn not_found(place: Value, on: &str, code: &str, field: &str) -> Value {
    let variables = json!({ "place": place, "on": on });
    let body = post(LOCATE, &variables).json();
    let what = format!("{variables}: {body}");
    assert!(body.get("errors").is_none(), "{what}");
    assert_eq!(body["data"]["locate"]["mappaArea"], Value::Null, "{what}");
    let problems = body["data"]["locate"]["problems"].as_array().expect("problems");
    assert_eq!(problems.len(), 1, "{what}");
    let problem = problems[0].clone();
    assert_eq!(problem["code"], json!(code), "{what}");
    assert_eq!(problem["field"], json!(field), "{what}");
    assert!(is_given(&problem["remedy"]) && is_given(&problem["message"]), "{what}");
    problem
}

fn candidates(problem: &Value) -> Vec<String> {
    let candidates = problem["candidates"].as_array().expect("candidates");
    let mut slugs: Vec<String> = candidates
        .iter()
        .filter_map(|candidate| candidate["mappaArea"]["slug"].as_str())
        .map(str::to_owned)
        .collect();
    slugs.sort();
    slugs
}

/// A connection's first cursor.
fn cursor(list: &str) -> String {
    let query = format!("{{ {list} {{ pageInfo {{ startCursor }} }} }}");
    let data = TestService::shared().client.data(&query, json!({}));
    let list = data.as_object().and_then(|data| data.values().next()).expect("a list");
    list["pageInfo"]["startCursor"].as_str().expect("a cursor").to_owned()
}

#[test]
fn an_unknown_place_says_which_member_is_at_fault() {
    for (place, field) in [
        (json!({ "name": CANARY }), "place.name"),
        (json!({ "mappaArea": CANARY }), "place.mappaArea"),
        (json!({ "localAuthority": CANARY }), "place.localAuthority"),
        (json!({ "policeForce": CANARY }), "place.policeForce"),
        (json!({ "code": { "scheme": "NDELIUS", "value": CANARY } }), "place.code.value"),
        (json!({ "code": { "scheme": "ONS", "value": CANARY } }), "place.code.value"),
        (json!({ "code": { "scheme": "ONS", "value": "E99999999" } }), "place.code.value"),
        (json!({ "localAuthority": "E99999999" }), "place.localAuthority"),
    ] {
        assert_eq!(candidates(&not_found(place, "2014-11-01", "UNKNOWN_PLACE", field)), [""; 0]);
    }
}

#[test]
fn an_ambiguous_place_lists_every_area_that_it_could_be_and_each_answers() {
    let slug = |name: &str| name.to_lowercase().replace(' ', "-");
    let midlands: Vec<String> = expected("map")
        .iter()
        .filter(|row| row["nps_division"] == "Midlands")
        .map(|row| slug(&row["mappa_area"]))
        .collect();
    let welsh = ["dyfed-powys", "gwent", "north-wales", "south-wales"];
    let cases: [(Value, &str, Vec<&str>); 6] = [
        (json!({ "name": "Wales" }), "place.name", welsh.to_vec()),
        (json!({ "name": "Surrey and Sussex Probation Trust" }), "place.name", vec!["surrey", "sussex"]),
        (json!({ "name": "Midlands" }), "place.name", midlands.iter().map(String::as_str).collect()),
        (
            json!({ "code": { "scheme": "NDELIUS", "value": "SSP" } }),
            "place.code.value",
            vec!["surrey", "sussex"],
        ),
        (
            json!({ "code": { "scheme": "ndelius", "value": "dtv" } }),
            "place.code.value",
            vec!["cleveland", "durham"],
        ),
        (json!({ "code": { "scheme": "NDELIUS", "value": "WPT" } }), "place.code.value", welsh.to_vec()),
    ];
    for (place, field, areas) in cases {
        let problem = not_found(place.clone(), "2014-11-01", "AMBIGUOUS_PLACE", field);
        assert_eq!(candidates(&problem), areas, "{place}");
        for area in areas {
            let data = TestService::shared().client.data(LOCATE, json!({ "place": { "mappaArea": area } }));
            assert_eq!(data["locate"]["mappaArea"]["slug"], json!(area));
        }
    }
}

#[test]
fn a_place_outside_the_two_countries_is_out_of_scope_and_not_unknown() {
    for (place, field) in [
        (json!({ "name": "Scotland" }), "place.name"),
        (json!({ "name": "northern ireland" }), "place.name"),
        (json!({ "mappaArea": "Scotland" }), "place.mappaArea"),
        (json!({ "localAuthority": "Jersey" }), "place.localAuthority"),
        (json!({ "localAuthority": "S12000036" }), "place.localAuthority"),
        (json!({ "localAuthority": "N09000003" }), "place.localAuthority"),
        (json!({ "policeForce": "Police Scotland" }), "place.policeForce"),
        (json!({ "code": { "scheme": "ONS", "value": "S12000036" } }), "place.code.value"),
        (json!({ "code": { "scheme": "ONS", "value": "N09000003" } }), "place.code.value"),
    ] {
        not_found(place, "2014-11-01", "OUT_OF_SCOPE", field);
    }
}

#[test]
fn an_unknown_scheme_is_answered_with_the_schemes_that_are_held() {
    let place = json!({ "code": { "scheme": CANARY, "value": CANARY } });
    let problem = not_found(place, "2014-11-01", "UNKNOWN_SCHEME", "place.code.scheme");
    for scheme in ["NDELIUS", "ONS"] {
        assert!(problem["remedy"].as_str().is_some_and(|remedy| remedy.contains(scheme)), "{problem}");
    }
}

#[test]
fn a_day_before_the_directory_begins_is_a_problem_of_a_place_and_the_day_itself_is_not() {
    let problem = not_found(json!({ "mappaArea": "merseyside" }), "2001-03-31", "DATE_OUT_OF_SCOPE", "on");
    assert!(problem["remedy"].as_str().is_some_and(|remedy| remedy.contains("2001-04-01")), "{problem}");
    not_found(json!({ "mappaArea": "merseyside" }), "1900-01-01", "DATE_OUT_OF_SCOPE", "on");
    let data = TestService::shared()
        .client
        .data(LOCATE, json!({ "place": { "mappaArea": "merseyside" }, "on": "2001-04-01" }));
    assert_eq!(data["locate"]["mappaArea"]["slug"], json!("merseyside"));
}

#[test]
fn a_day_before_the_directory_begins_is_an_error_of_every_other_look_up() {
    for look_up in [
        "mappaArea(slug: \"merseyside\", on: $on) { slug }",
        "probationTrust(slug: \"merseyside\", on: $on) { slug }",
        "npsDivision(slug: \"north-west\", on: $on) { slug }",
        "contractPackageArea(slug: \"merseyside\", on: $on) { slug }",
        "communityRehabilitationCompany(slug: \"merseyside\", on: $on) { slug }",
        "localAuthority(code: \"E08000014\", on: $on) { code }",
        "policeForce(slug: \"merseyside-police\", on: $on) { slug }",
        "probationRegion(slug: \"north-west\", on: $on) { slug }",
        "mappaAreas(on: $on) { totalCount }",
        "probationTrusts(on: $on) { totalCount }",
        "npsDivisions(on: $on) { totalCount }",
        "contractPackageAreas(on: $on) { totalCount }",
        "communityRehabilitationCompanies(on: $on) { totalCount }",
        "localAuthorities(on: $on) { totalCount }",
        "policeForces(on: $on) { totalCount }",
        "probationRegions(on: $on) { totalCount }",
    ] {
        let query = format!("query($on: LocalDate!) {{ {look_up} }}");
        let error = refused(&query, &json!({ "on": "2001-03-31" }), "DATE_OUT_OF_SCOPE", "on");
        assert!(error["extensions"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("2001-04-01")));
        TestService::shared().client.data(&query, json!({ "on": "2001-04-01" }));
    }
}

#[test]
fn what_is_not_a_day_is_refused_in_a_variable() {
    let place = json!({ "mappaArea": "merseyside" });
    for on in [
        json!("2014-02-30"),
        json!("2014-6-1"),
        json!("20140601"),
        json!("2014-06-01T00:00:00Z"),
        json!(" 2014-06-01"),
        json!("1899-12-31"),
        json!("2200-01-01"),
        json!(""),
        json!(CANARY),
        json!(20_140_601),
        json!(2014.5),
        json!(true),
        json!({ CANARY: CANARY }),
        json!([CANARY]),
    ] {
        let error = refused(LOCATE, &json!({ "place": place, "on": on }), "BAD_USER_INPUT", "on");
        assert_eq!(error["extensions"]["expectedType"], json!("LocalDate"), "{on}");
        assert!(
            error["extensions"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("YYYY-MM-DD")),
            "{error}"
        );
        let shown = error["message"].as_str().unwrap_or_default();
        let value = on.as_str().filter(|text| !text.is_empty()).map_or_else(|| on.to_string(), str::to_owned);
        assert!(!shown.contains(&value), "{on}: {error}");
    }
}

#[test]
fn what_is_not_a_day_is_refused_in_a_literal() {
    for on in [
        "\"2014-02-30\"",
        "\"2014-6-1\"",
        "\"zqxcanary\"",
        "\"\"",
        "20140601",
        "true",
        "ZQXCANARY",
        "[\"zqxcanary\"]",
        "2014.5",
    ] {
        for query in [
            format!("{{ mappaArea(slug: \"merseyside\", on: {on}) {{ slug }} }}"),
            format!("{{ locate(place: {{ name: \"Sefton\" }}, on: {on}) {{ index }} }}"),
        ] {
            let error = refused(&query, &json!({}), "BAD_USER_INPUT", "on");
            assert!(!error["message"].as_str().unwrap_or_default().contains("2014"), "{on}: {error}");
        }
    }
    // The parser knows that a day is no object: it does not read this as any value.
    let on = "{ zqxcanary: \"zqxcanary\" }";
    let body =
        post(&format!("{{ mappaArea(slug: \"merseyside\", on: {on}) {{ slug }} }}"), &json!({})).json();
    assert_eq!(body["errors"][0]["extensions"]["code"], json!("GRAPHQL_PARSE_FAILED"), "{body}");
    assert_eq!(body["errors"][0]["locations"][0]["line"], json!(1), "{body}");
}

#[test]
fn a_size_of_a_page_outside_its_bounds_is_refused() {
    for (arguments, field) in [
        ("first: 0", "first"),
        ("first: 101", "first"),
        ("first: -1", "first"),
        ("first: 2147483647", "first"),
        ("last: 0", "last"),
        ("last: 101", "last"),
        ("last: -1", "last"),
        ("last: -2147483648", "last"),
        ("first: 1, last: 1", "last"),
    ] {
        for list in [
            "mappaAreas",
            "probationTrusts",
            "npsDivisions",
            "contractPackageAreas",
            "communityRehabilitationCompanies",
            "localAuthorities",
            "policeForces",
            "probationRegions",
        ] {
            refused(
                &format!("{{ {list}({arguments}) {{ totalCount }} }}"),
                &json!({}),
                "BAD_USER_INPUT",
                field,
            );
        }
    }
    let query = "query($first: Int, $last: Int) { mappaAreas(first: $first, last: $last) { totalCount } }";
    refused(query, &json!({ "first": 0 }), "BAD_USER_INPUT", "first");
    refused(query, &json!({ "last": 101 }), "BAD_USER_INPUT", "last");
    for first in
        [json!("5"), json!(CANARY), json!(1.5), json!(4_294_967_296_u64), json!(true), json!([1, CANARY])]
    {
        let error = refused(query, &json!({ "first": first }), "BAD_USER_INPUT", "first");
        assert_eq!(error["extensions"]["expectedType"], json!("Int"), "{first}");
    }
    for size in [1, 100] {
        TestService::shared().client.data(query, json!({ "first": size }));
        TestService::shared().client.data(query, json!({ "last": size }));
    }
}

#[test]
fn a_cursor_fits_its_own_list_filter_and_view_only() {
    let query = "query($cursor: String, $on: LocalDate, $calendar: Calendar) {
        mappaAreas(after: $cursor, on: $on, calendar: $calendar) { totalCount }
    }";
    let backwards = "query($cursor: String) { mappaAreas(last: 5, before: $cursor) { totalCount } }";
    let own = cursor("mappaAreas");
    TestService::shared().client.data(query, json!({ "cursor": own }));
    TestService::shared().client.data(backwards, json!({ "cursor": own }));
    // The same view, said in full.
    TestService::shared()
        .client
        .data(query, json!({ "cursor": own, "on": "2014-11-01", "calendar": "PUBLISHED" }));

    let decoded = URL_SAFE_NO_PAD.decode(&own).expect("base64");
    let stamp = String::from_utf8(decoded).expect("text").rsplit_once('#').expect("a key").0.to_owned();
    for foreign in [
        cursor("probationTrusts"),
        cursor("localAuthorities"),
        cursor("mappaAreas(filter: { country: ENGLAND })"),
        cursor("mappaAreas(filter: { npsDivision: \"midlands\" })"),
        cursor("mappaAreas(on: \"2014-05-01\")"),
        cursor("mappaAreas(calendar: OPERATIONAL)"),
        CANARY.to_owned(),
        String::new(),
        "=====".to_owned(),
        format!("{own}="),
        URL_SAFE_NO_PAD.encode(CANARY),
        URL_SAFE_NO_PAD.encode([0xff, 0xfe]),
        URL_SAFE_NO_PAD.encode(format!("{stamp}#{CANARY}")),
        URL_SAFE_NO_PAD.encode(format!("{stamp}#")),
        "A".repeat(30_000),
    ] {
        let variables = json!({ "cursor": foreign });
        refused(query, &variables, "BAD_USER_INPUT", "after");
        refused(backwards, &variables, "BAD_USER_INPUT", "before");
        let echoed = String::from_utf8_lossy(&post(query, &variables).body).into_owned();
        assert!(foreign.len() < 3 || !echoed.contains(&foreign), "{foreign}");
    }
    refused(query, &json!({ "cursor": own, "on": "2014-10-31" }), "BAD_USER_INPUT", "after");
    refused(query, &json!({ "cursor": own, "calendar": "OPERATIONAL" }), "BAD_USER_INPUT", "after");
    refused(
        "{ mappaAreas(filter: { country: WALES }, after: \"zqxcanary\") { totalCount } }",
        &json!({}),
        "BAD_USER_INPUT",
        "after",
    );
}

#[test]
fn a_text_of_200_characters_is_looked_up_and_one_of_201_is_refused() {
    let slugs = "query($text: String!) { mappaArea(slug: $text) { slug } }";
    let codes = "query($text: String!) { localAuthority(code: $text) { code } }";
    // Characters count, not bytes.
    for letter in ["q", "ŵ", "😀"] {
        let (fits, too_long) = (letter.repeat(200), letter.repeat(201));
        not_found(json!({ "name": fits }), "2014-11-01", "UNKNOWN_PLACE", "place.name");
        for member in ["name", "mappaArea", "localAuthority", "policeForce"] {
            not_found(json!({ member: too_long }), "2014-11-01", "BAD_TEXT", &format!("place.{member}"));
        }
        let scheme = json!({ "code": { "scheme": too_long, "value": "E08000014" } });
        not_found(scheme, "2014-11-01", "BAD_TEXT", "place.code.scheme");
        let value = json!({ "code": { "scheme": "ONS", "value": too_long } });
        not_found(value, "2014-11-01", "BAD_TEXT", "place.code.value");
        for (query, field) in [(slugs, "slug"), (codes, "code")] {
            let root = if field == "slug" { "mappaArea" } else { "localAuthority" };
            assert_eq!(TestService::shared().client.data(query, json!({ "text": fits }))[root], Value::Null);
            refused(query, &json!({ "text": too_long }), "BAD_USER_INPUT", field);
        }
    }
}

#[test]
fn control_characters_and_empty_texts_are_refused() {
    for text in [
        "\0",
        "Sefton\0zqxcanary",
        "Sefton\u{7}zqxcanary",
        "Sef\nton zqxcanary",
        "zqxcanary\u{7f}",
        "zqxcanary\u{85}",
        "",
        "   ",
        "\u{a0}",
    ] {
        for member in ["name", "mappaArea", "localAuthority", "policeForce"] {
            not_found(json!({ member: text }), "2014-11-01", "BAD_TEXT", &format!("place.{member}"));
        }
        let query = "query($text: String!) { probationTrust(slug: $text) { slug } }";
        refused(query, &json!({ "text": text }), "BAD_USER_INPUT", "slug");
        let query = "query($text: String!) { localAuthority(code: $text) { code } }";
        refused(query, &json!({ "text": text }), "BAD_USER_INPUT", "code");
        let query = "query($text: String!) { mappaAreas(filter: { probationTrust: $text }) { totalCount } }";
        refused(query, &json!({ "text": text }), "BAD_USER_INPUT", "filter.probationTrust");
    }
}

#[test]
fn a_body_that_is_no_json_object_in_utf_8_is_a_bad_request() {
    let bodies: [&[u8]; 12] = [
        b"{\"query\":\"{ __typename }\",\"zqxcanary\":\"\xff\xfe\"}",
        b"\xef\xbb\xbf{\"query\":\"{ __typename }\"}",
        b"\xc0\x80",
        b"",
        b"[]",
        b"[{\"query\":\"{ __typename }\"}]",
        b"\"zqxcanary\"",
        b"5",
        b"null",
        b"true",
        b"{\"query\":\"{ zqxcanary",
        b"{\"query\":\"{ __typename }\"} zqxcanary",
    ];
    for body in bodies {
        let client = &TestService::shared().client;
        let reply = client.send("POST", "/graphql", &[("content-type", "application/json")], body);
        repeats_nothing(&reply);
        let what = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(reply.status, 400, "{what}");
        let error = reply.json()["errors"][0].clone();
        assert_eq!(error["extensions"]["code"], json!("BAD_REQUEST"), "{what}");
        assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id"), "{what}");
        assert!(is_given(&error["message"]), "{what}");
    }
}

#[test]
fn a_place_is_given_by_exactly_one_member_in_a_variable() {
    for place in [
        json!({ "name": CANARY, "mappaArea": CANARY }),
        json!({ "name": CANARY, "mappaArea": null }),
        json!({}),
        json!({ "name": null }),
    ] {
        let error = refused(LOCATE, &json!({ "place": place }), "BAD_USER_INPUT", "place");
        assert!(
            error["extensions"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("exactly one")),
            "{place}: {error}"
        );
    }
    for place in [json!(CANARY), json!(5), json!([CANARY])] {
        refused(LOCATE, &json!({ "place": place }), "BAD_USER_INPUT", "place");
    }
    refused(LOCATE, &json!({ "place": null }), "BAD_USER_INPUT", "place");
    refused(LOCATE, &json!({ "place": { "name": 5 } }), "BAD_USER_INPUT", "place.name");
    refused(LOCATE, &json!({ "place": { "name": { CANARY: CANARY } } }), "BAD_USER_INPUT", "place.name");
    refused(
        LOCATE,
        &json!({ "place": { "code": { "scheme": "ONS" } } }),
        "BAD_USER_INPUT",
        "place.code.value",
    );
}

#[test]
fn a_place_is_given_by_exactly_one_member_in_a_literal() {
    for place in [
        "{ name: \"zqxcanary\", mappaArea: \"zqxcanary\" }",
        "{ name: \"zqxcanary\", mappaArea: null }",
        "{}",
        "{ name: null }",
    ] {
        let query = format!("{{ locate(place: {place}) {{ index }} }}");
        let error = refused(&query, &json!({}), "BAD_USER_INPUT", "place");
        assert!(
            error["extensions"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("exactly one")),
            "{place}: {error}"
        );
    }
    for (place, field) in [
        ("\"zqxcanary\"", "place"),
        ("5", "place"),
        ("null", "place"),
        ("{ name: 5 }", "place.name"),
        ("{ name: ZQXCANARY }", "place.name"),
        ("{ code: { scheme: \"zqxcanary\" } }", "place.code"),
    ] {
        refused(&format!("{{ locate(place: {place}) {{ index }} }}"), &json!({}), "BAD_USER_INPUT", field);
    }
}

#[test]
fn a_member_whose_variable_is_absent_or_null_is_no_member() {
    for query in [
        "query($name: String) { locate(place: { name: $name }) { index } }",
        "query($name: String) { locateMany(places: [{ name: \"Sefton\" }, { name: $name }]) { index } }",
    ] {
        for variables in [json!({}), json!({ "name": null })] {
            let body = post(query, &variables).json();
            let error = &body["errors"][0];
            assert_eq!(
                error["extensions"]["code"],
                json!("BAD_USER_INPUT"),
                "{query} with {variables}: {body}"
            );
            assert!(is_given(&error["extensions"]["remedy"]), "{query} with {variables}: {body}");
            assert_eq!(body["data"], Value::Null, "{query} with {variables}: {body}");
        }
    }
}

#[test]
fn an_unknown_member_is_refused_and_not_repeated() {
    let unknown = |place: Value| post(LOCATE, &json!({ "place": place })).json();
    for place in [
        json!({ CANARY: CANARY }),
        json!({ "name": "Sefton", CANARY: CANARY }),
        json!({ "zqxcanary\": In field \"name": CANARY }),
        json!({ "code": { "scheme": "ONS", "value": "E08000014", CANARY: 5 } }),
    ] {
        let body = unknown(place.clone());
        assert_eq!(body["errors"][0]["extensions"]["code"], json!("BAD_USER_INPUT"), "{place}: {body}");
        assert!(is_given(&body["errors"][0]["extensions"]["remedy"]), "{place}: {body}");
        let field = body["errors"][0]["extensions"]["field"].as_str().expect("a field").to_owned();
        assert!(field.starts_with("place"), "{place}: {body}");
    }
    for place in
        ["{ zqxcanary: \"zqxcanary\" }", "{ code: { scheme: \"ONS\", value: \"E08000014\", zqxcanary: 5 } }"]
    {
        let body = post(&format!("{{ locate(place: {place}) {{ index }} }}"), &json!({})).json();
        assert_eq!(body["errors"][0]["extensions"]["code"], json!("BAD_USER_INPUT"), "{place}: {body}");
    }
    let query = "query($filter: MappaAreaFilter) { mappaAreas(filter: $filter) { totalCount } }";
    refused(query, &json!({ "filter": { CANARY: CANARY } }), "BAD_USER_INPUT", "filter.(unknown)");
}

#[test]
fn a_variable_that_nobody_declared_is_left_aside_and_not_repeated() {
    let body = post("{ __typename }", &json!({ CANARY: CANARY, "other": { CANARY: [CANARY] } })).answer();
    assert_eq!(body, json!({ "data": { "__typename": "Query" } }));
    let body = post(
        "query($on: LocalDate) { mappaArea(slug: \"kent\", on: $on) { slug } }",
        &json!({ CANARY: CANARY, "on": CANARY }),
    )
    .json();
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_filter_that_names_nothing_known_is_refused() {
    for (list, members) in [
        (
            "mappaAreas",
            &["probationTrust", "npsDivision", "contractPackageArea", "probationRegion", "policeForce"][..],
        ),
        ("probationTrusts", &["mappaArea", "npsDivision"]),
        ("npsDivisions", &["mappaArea", "npsDivision"]),
        ("contractPackageAreas", &["mappaArea", "npsDivision"]),
        ("communityRehabilitationCompanies", &["mappaArea", "npsDivision"]),
        ("policeForces", &["mappaArea", "npsDivision"]),
        ("probationRegions", &["mappaArea", "npsDivision"]),
        ("localAuthorities", &["mappaArea"]),
    ] {
        for member in members {
            let query =
                format!("query($slug: String) {{ {list}(filter: {{ {member}: $slug }}) {{ totalCount }} }}");
            for slug in [CANARY.to_owned(), "q".repeat(201)] {
                refused(&query, &json!({ "slug": slug }), "BAD_USER_INPUT", &format!("filter.{member}"));
            }
        }
    }
    let query = "query($country: Country) { mappaAreas(filter: { country: $country }) { totalCount } }";
    refused(query, &json!({ "country": CANARY }), "BAD_USER_INPUT", "country");
}

#[test]
fn five_hundred_places_and_a_hundred_ids_are_answered_and_one_more_is_refused() {
    let query = "query($places: [PlaceInput!]!) { locateMany(places: $places) { index } }";
    let places = |count: usize| json!({ "places": vec![json!({ "name": CANARY }); count] });
    let answered = post(query, &places(500)).json();
    assert_eq!(answered["data"]["locateMany"].as_array().map(Vec::len), Some(500));
    assert_eq!(answered["data"]["locateMany"][499]["index"], json!(499));
    refused(query, &places(501), "BAD_USER_INPUT", "places");
    assert_eq!(post(query, &places(0)).answer(), json!({ "data": { "locateMany": [] } }));

    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = |count: usize| json!({ "ids": vec![CANARY; count] });
    assert_eq!(post(query, &ids(100)).json()["data"]["nodes"], json!(vec![Value::Null; 100]));
    refused(query, &ids(101), "BAD_USER_INPUT", "ids");
}

#[test]
fn an_id_that_is_none_of_ours_is_null_in_its_place() {
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on MappaArea { slug } } }";
    let area = TestService::shared().client.data("{ mappaArea(slug: \"kent\") { id } }", json!({}))["mappaArea"]["id"].clone();
    let id = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let tampered = [
        CANARY.to_owned(),
        String::new(),
        "=".to_owned(),
        "A".repeat(401),
        URL_SAFE_NO_PAD.encode([0xff, 0xff]),
        id(""),
        id(":"),
        id("MappaArea"),
        id("MappaArea:"),
        id("MappaArea:zqxcanary"),
        id("MappaArea:KENT"),
        id("zqxcanary:kent"),
        id("NationalBody:nowhere"),
        id("Board:zqxcanary"),
        id("LocalAuthority:kent"),
        id("MappaArea:kent|"),
        id("MappaArea:kent|zqxcanary"),
        id("MappaArea:kent|zqxcanary=1"),
        id("MappaArea:kent|on=2014-02-30"),
        id("MappaArea:kent|on=2014-6-1"),
        // Before the directory begins no look-up answers, so neither does an id.
        id("MappaArea:kent|on=2001-03-31"),
        id("MappaArea:kent|calendar=zqxcanary"),
        id("MappaArea:kent|known=0"),
        id("MappaArea:kent|known=-1"),
        id("MappaArea:kent|known=2147483647"),
        id("MappaArea:kent|known=99999999999999999999"),
        id("MappaArea:kent|known=zqxcanary"),
        // An area is not reached through itself or another, nor a trust through an area that was never its own.
        id("MappaArea:kent|area=kent"),
        id("ProbationTrust:kent|area=zqxcanary"),
        id("ProbationTrust:kent|area=merseyside"),
        id("LocalAuthority:E08000014|area=merseyside"),
        id("Board:kent|area=kent"),
    ];
    let mut ids: Vec<Value> = tampered.iter().map(|id| json!(id)).collect();
    ids.insert(3, area.clone());
    ids.push(area.clone());
    let answered = post(query, &json!({ "ids": ids })).json();
    for (index, (id, node)) in
        ids.iter().zip(answered["data"]["nodes"].as_array().expect("nodes")).enumerate()
    {
        let text = URL_SAFE_NO_PAD.decode(id.as_str().unwrap_or_default()).unwrap_or_default();
        let wanted = if *id == area { json!({ "slug": "kent" }) } else { Value::Null };
        assert_eq!(*node, wanted, "{index}: {}", String::from_utf8_lossy(&text));
    }
    for id in tampered {
        let body = post("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": id })).answer();
        assert_eq!(body, json!({ "data": { "node": null } }), "{id}");
    }
}

#[test]
fn a_required_variable_that_is_missing_is_named() {
    let error = refused(LOCATE, &json!({ CANARY: CANARY }), "BAD_USER_INPUT", "place");
    assert_eq!(error["extensions"]["expectedType"], json!("PlaceInput!"));
    let query = "query($slug: String!) { mappaArea(slug: $slug) { slug } }";
    refused(query, &json!({ "slug": null, "other": CANARY }), "BAD_USER_INPUT", "slug");
    let body = post("{ mappaArea { slug } }", &json!({})).json();
    assert_eq!(body["errors"][0]["extensions"]["code"], json!("GRAPHQL_VALIDATION_FAILED"));
}

#[test]
fn a_calendar_is_one_of_two() {
    let place = json!({ "mappaArea": "merseyside" });
    for calendar in [json!(CANARY), json!("published"), json!(""), json!(1), json!({ CANARY: 1 })] {
        let error =
            refused(LOCATE, &json!({ "place": place, "calendar": calendar }), "BAD_USER_INPUT", "calendar");
        let remedy = error["extensions"]["remedy"].as_str().unwrap_or_default();
        assert!(remedy.contains("PUBLISHED") && remedy.contains("OPERATIONAL"), "{calendar}: {error}");
    }
    // In a literal a calendar is a name, not a text.
    for calendar in ["ZQXCANARY", "\"zqxcanary\"", "\"PUBLISHED\"", "5"] {
        let query = format!("{{ mappaArea(slug: \"kent\", calendar: {calendar}) {{ slug }} }}");
        refused(&query, &json!({}), "BAD_USER_INPUT", "calendar");
    }
}

#[test]
fn known_at_is_an_instant_between_the_first_record_and_now() {
    let place = json!({ "mappaArea": "merseyside" });
    for known_at in [
        json!(CANARY),
        json!("2014-06-01"),
        json!("2014-06-01T09:30:00"),
        json!("2014-02-30T09:30:00Z"),
        json!(format!("2014-06-01T09:30:00.{}Z", "0".repeat(60))),
        json!(0),
        json!({ CANARY: 1 }),
    ] {
        let error =
            refused(LOCATE, &json!({ "place": place, "knownAt": known_at }), "BAD_USER_INPUT", "knownAt");
        assert_eq!(error["extensions"]["expectedType"], json!("DateTime"), "{known_at}");
    }
    refused(
        "{ mappaArea(slug: \"kent\", knownAt: \"zqxcanary\") { slug } }",
        &json!({}),
        "BAD_USER_INPUT",
        "knownAt",
    );

    let first = TestService::shared().client.data("{ directory { firstRecordedAt } }", json!({}))["directory"]["firstRecordedAt"].clone();
    let first = first.as_str().expect("an instant");
    let early = json!({ "place": place, "knownAt": "2000-01-01T00:00:00Z" });
    let error = refused(LOCATE, &early, "KNOWN_AT_BEFORE_RECORDS", "knownAt");
    let remedy = error["extensions"]["remedy"].as_str().unwrap_or_default();
    assert!(remedy.contains(&first[..19]), "{remedy} must name {first}");
    refused(
        LOCATE,
        &json!({ "place": place, "knownAt": "2199-12-31T00:00:00Z" }),
        "KNOWN_AT_IN_FUTURE",
        "knownAt",
    );
    TestService::shared().client.data(LOCATE, json!({ "place": place, "knownAt": first }));
}

#[test]
fn one_bad_place_among_many_spoils_no_other() {
    let query = "query($places: [PlaceInput!]!) {
        locateMany(places: $places) { index mappaArea { slug } problems { code field } }
    }";
    let places = json!([
        { "name": "Sefton" },
        { "name": CANARY },
        { "mappaArea": "kent" },
        { "name": "Wales" },
        { "localAuthority": "S12000036" },
        { "code": { "scheme": CANARY, "value": "1" } },
        { "name": "\0" },
        { "localAuthority": "E09000001" },
    ]);
    let body = post(query, &json!({ "places": places })).json();
    assert!(body.get("errors").is_none(), "{body}");
    let answers = body["data"]["locateMany"].as_array().expect("answers");
    let wanted = [
        Ok("merseyside"),
        Err(("UNKNOWN_PLACE", "place.name")),
        Ok("kent"),
        Err(("AMBIGUOUS_PLACE", "place.name")),
        Err(("OUT_OF_SCOPE", "place.localAuthority")),
        Err(("UNKNOWN_SCHEME", "place.code.scheme")),
        Err(("BAD_TEXT", "place.name")),
        Ok("london"),
    ];
    assert_eq!(answers.len(), wanted.len());
    for (index, (answer, wanted)) in answers.iter().zip(wanted).enumerate() {
        assert_eq!(answer["index"], json!(index));
        match wanted {
            Ok(area) => {
                assert_eq!(answer["mappaArea"]["slug"], json!(area));
                assert_eq!(answer["problems"], json!([]));
            }
            Err((code, field)) => {
                assert_eq!(answer["mappaArea"], Value::Null);
                assert_eq!(answer["problems"], json!([{ "code": code, "field": field }]));
            }
        }
    }
}

#[test]
fn an_answer_carries_at_most_ten_errors() {
    let repeated = |times: usize, part: &dyn Fn(usize) -> String| (0..times).map(part).collect::<String>();
    let unknown_fields = format!("{{ {} }}", repeated(20, &|n| format!("nothing{n} ")));
    // No more fields of the root are taken than errors are told.
    let bad_keys = format!("{{ {} }}", repeated(10, &|n| format!("a{n}: mappaArea(slug: \"\") {{ slug }} ")));
    let bad_literals = format!(
        "{{ {} }}",
        repeated(10, &|n| format!("a{n}: mappaArea(slug: 5, on: \"{CANARY}\") {{ slug }} "))
    );
    for query in [unknown_fields, bad_keys, bad_literals] {
        let body = post(&query, &json!({})).json();
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(MOST_ERRORS), "{query}: {body}");
    }
    let query = "query($places: [PlaceInput!]!) { locateMany(places: $places) { index } }";
    let body = post(query, &json!({ "places": vec![json!({ "name": 5 }); 20] })).json();
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(MOST_ERRORS), "{body}");
    assert_eq!(body["errors"][0]["extensions"]["field"], json!("places[0].name"), "{body}");
}

#[test]
fn values_in_directives_defaults_and_fragments_are_not_repeated_either() {
    for query in [
        "{ __typename @include(if: \"zqxcanary\") }",
        "{ __typename @zqxother(if: \"zqxcanary\") }",
        "query($on: LocalDate = \"zqxcanary\") { mappaArea(slug: \"kent\", on: $on) { slug } }",
        "query($places: [PlaceInput!]! = [{ name: 5, mappaArea: \"zqxcanary\" }]) { locateMany(places: $places) { index } }",
        "{ mappaArea(slug: \"kent\") { slug(zqxother: \"zqxcanary\") } }",
        "{ mappaArea(slug: \"zqxcanary\", slug: \"zqxcanary\") { slug } }",
        "{ a: mappaArea(slug: \"zqxcanary\") { slug } a: mappaArea(slug: \"zqxcanary2\") { slug } }",
        "{ mappaArea(slug: \"zqxcanary",
        "{ mappaArea(slug: \"\\uD800zqxcanary\") { slug } }",
        "{ mappaArea(slug: \"zqxcanary\") }",
        "{ locate(place: { name: \"zqxcanary\", name: \"zqxcanary\" }) { index } }",
        "query($a: Int) { locate(place: { name: $a }) { index } } # zqxcanary",
    ] {
        let body = post(query, &json!({ "a": 5 })).json();
        let error = &body["errors"][0];
        assert!(
            is_given(&error["extensions"]["code"]) && is_given(&error["extensions"]["requestId"]),
            "{query}: {body}"
        );
        assert_ne!(error["extensions"]["code"], json!("INTERNAL"), "{query}: {body}");
    }
}

#[test]
fn a_panic_inside_is_an_internal_error_with_a_request_id_and_the_server_goes_on() {
    for query in [
        "query($v: X = 1) { __typename }",
        "query($v: [X] = 1) { __typename }",
        "query($v: X! = \"zqxcanary\") { __typename }",
    ] {
        let reply = post(query, &json!({}));
        assert_eq!(reply.status, 500, "{query}");
        let error = reply.json()["errors"][0].clone();
        assert_eq!(error["extensions"]["code"], json!("INTERNAL"), "{query}");
        assert!(reply.header("x-request-id").is_some());
        assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id"), "{query}");
        let after = TestService::shared().client.data("{ __typename }", json!({}));
        assert_eq!(after, json!({ "__typename": "Query" }));
    }
}
