//! Lists page by page, filters, opaque ids in every view, and the chains between organisations.
//!
//! What is expected is worked out from the tables of `tests/expected`.

use crate::places::expected;
use crate::support::TestService;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn data(query: &str, variables: Value) -> Value {
    TestService::shared().client.data(query, variables)
}

/// The slug of a name: lower case, words joined by hyphens.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(',', "").replace(' ', "-")
}

/// The slug of a trust: that of its statutory name without what says that it is one.
fn trust_slug(name: &str) -> String {
    slug(name.trim_end_matches(" Trust").trim_end_matches(" Probation"))
}

type Row = BTreeMap<String, String>;

/// What makes a slug of a row of the map.
type Slug = fn(&Row) -> String;

/// The slugs that a rule makes of the rows of the map which fit.
fn of_map(make: impl Fn(&Row) -> String, fits: impl Fn(&Row) -> bool) -> Vec<String> {
    let slugs: BTreeSet<String> = expected("map").iter().filter(|row| fits(row)).map(make).collect();
    slugs.into_iter().collect()
}

fn area(row: &Row) -> String {
    slug(&row["mappa_area"])
}

fn trust(row: &Row) -> String {
    trust_slug(&row["statutory_trust"])
}

fn division(row: &Row) -> String {
    slug(&row["nps_division"])
}

fn package(row: &Row) -> String {
    slug(&row["contract_package_area"])
}

fn region(row: &Row) -> String {
    slug(&row["probation_region_2021"])
}

/// Every list with the name of its key and the keys that it must have, in order.
fn lists() -> Vec<(&'static str, &'static str, Vec<String>)> {
    let mut authorities: Vec<String> =
        expected("authorities").iter().map(|row| row["code"].clone()).collect();
    authorities.sort();
    let mut forces: Vec<String> = expected("forces").iter().map(|row| slug(&row["force"])).collect();
    forces.sort();
    vec![
        ("mappaAreas", "slug", of_map(area, |_| true)),
        ("probationTrusts", "slug", of_map(trust, |_| true)),
        ("npsDivisions", "slug", of_map(division, |_| true)),
        ("contractPackageAreas", "slug", of_map(package, |_| true)),
        ("communityRehabilitationCompanies", "slug", of_map(package, |_| true)),
        ("localAuthorities", "code", authorities),
        ("policeForces", "slug", forces),
        ("probationRegions", "slug", of_map(region, |_| true)),
        ("boards", "slug", of_map(area, |_| true)),
    ]
}

struct Page {
    keys: Vec<String>,
    start: Value,
    end: Value,
    has_next: bool,
    has_previous: bool,
}

/// One page, with what must agree in every page already compared.
fn page(list: &str, key: &str, total: usize, arguments: &str) -> Page {
    let query = format!(
        "{{ {list}{arguments} {{
            totalCount edges {{ cursor node {{ {key} }} }} nodes {{ {key} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }} }}"
    );
    let answer = data(&query, json!({}))[list].clone();
    assert_eq!(answer["totalCount"], json!(total), "{list}{arguments}");
    let edges = answer["edges"].as_array().expect("edges");
    let nodes: Vec<Value> = edges.iter().map(|edge| edge["node"].clone()).collect();
    assert_eq!(answer["nodes"], json!(nodes), "{list}{arguments}");
    let info = &answer["pageInfo"];
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    assert_eq!(info["startCursor"], cursor(edges.first()), "{list}{arguments}");
    assert_eq!(info["endCursor"], cursor(edges.last()), "{list}{arguments}");
    Page {
        keys: nodes.iter().filter_map(|node| node[key].as_str()).map(str::to_owned).collect(),
        start: info["startCursor"].clone(),
        end: info["endCursor"].clone(),
        has_next: info["hasNextPage"].as_bool().expect("a truth value"),
        has_previous: info["hasPreviousPage"].as_bool().expect("a truth value"),
    }
}

#[test]
fn the_lists_have_as_many_items_as_the_map_says() {
    let counts: Vec<(&str, usize)> = lists().iter().map(|(list, _, keys)| (*list, keys.len())).collect();
    let wanted = [
        ("mappaAreas", 42),
        ("probationTrusts", 35),
        ("npsDivisions", 7),
        ("contractPackageAreas", 21),
        ("communityRehabilitationCompanies", 21),
        ("localAuthorities", 348),
        ("policeForces", 43),
        ("probationRegions", 12),
        ("boards", 42),
    ];
    assert_eq!(counts, wanted);
    for (list, count) in wanted {
        let answer = data(&format!("{{ {list} {{ totalCount nodes {{ id }} }} }}"), json!({}));
        assert_eq!(answer[list]["totalCount"], json!(count));
        // Fifty where no size is asked for.
        assert_eq!(answer[list]["nodes"].as_array().map(Vec::len), Some(count.min(50)), "{list}");
    }
}

#[test]
fn walking_forward_gives_every_item_once_and_in_order() {
    for (list, key, keys) in lists() {
        for size in [1, 7, 50, 100] {
            if size == 1 && keys.len() > 50 {
                continue;
            }
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let page = page(list, key, keys.len(), &format!("(first: {size}{after})"));
                let what = format!("{list} by {size} after {}", found.len());
                assert_eq!(page.has_previous, !found.is_empty(), "{what}");
                assert!(!page.keys.is_empty(), "{what} does not end");
                found.extend(page.keys);
                assert_eq!(page.has_next, found.len() < keys.len(), "{what}");
                if !page.has_next {
                    break;
                }
                after = format!(", after: {}", page.end);
            }
            assert_eq!(found, keys, "{list} by {size}");
        }
    }
}

#[test]
fn walking_backward_gives_every_item_once_and_in_order() {
    for (list, key, keys) in lists() {
        for size in [1, 7, 50, 100] {
            if size == 1 && keys.len() > 50 {
                continue;
            }
            let (mut found, mut before) = (Vec::new(), String::new());
            loop {
                let page = page(list, key, keys.len(), &format!("(last: {size}{before})"));
                let what = format!("{list} by {size} with {} behind", found.len());
                assert_eq!(page.has_next, !found.is_empty(), "{what}");
                assert!(!page.keys.is_empty(), "{what} does not end");
                found = [page.keys, found].concat();
                assert_eq!(page.has_previous, found.len() < keys.len(), "{what}");
                if !page.has_previous {
                    break;
                }
                before = format!(", before: {}", page.start);
            }
            assert_eq!(found, keys, "{list} by {size}");
        }
    }
}

#[test]
fn pages_between_cursors_and_past_the_ends_are_cut_right() {
    let keys = of_map(area, |_| true);
    let all = page("mappaAreas", "slug", 42, "(first: 42)");
    assert!(!all.has_next && !all.has_previous);
    let ask = |arguments: String| page("mappaAreas", "slug", 42, &arguments);
    let behind = ask(format!("(after: {})", all.end));
    assert_eq!(
        (behind.keys.len(), behind.start, behind.has_next, behind.has_previous),
        (0, Value::Null, false, true)
    );
    let in_front = ask(format!("(last: 5, before: {})", all.start));
    assert_eq!((in_front.keys.len(), in_front.has_next, in_front.has_previous), (0, true, false));

    let tenth = ask("(first: 10)".to_owned()).end;
    let thirtieth = ask("(first: 30)".to_owned()).end;
    let between = ask(format!("(after: {tenth}, before: {thirtieth})"));
    assert_eq!(between.keys, keys[10..29]);
    assert!(between.has_next && between.has_previous);
    assert_eq!(ask(format!("(first: 3, after: {tenth}, before: {thirtieth})")).keys, keys[10..13]);
    assert_eq!(ask(format!("(last: 3, after: {tenth}, before: {thirtieth})")).keys, keys[26..29]);
    assert_eq!(ask(format!("(after: {thirtieth}, before: {tenth})")).keys, [""; 0]);
}

/// The keys of a list with a filter and a view.
fn filtered(list: &str, key: &str, arguments: &str) -> Vec<String> {
    let answer =
        data(&format!("{{ {list}({arguments}, first: 100) {{ totalCount nodes {{ {key} }} }} }}"), json!({}));
    let nodes = answer[list]["nodes"].as_array().expect("nodes");
    assert_eq!(answer[list]["totalCount"].as_u64(), Some(nodes.len() as u64), "{list}({arguments})");
    nodes.iter().filter_map(|node| node[key].as_str()).map(str::to_owned).collect()
}

#[test]
fn areas_are_filtered_by_every_body_that_covers_them() {
    let members: [(&str, Slug); 4] = [
        ("probationTrust", trust),
        ("npsDivision", division),
        ("contractPackageArea", package),
        ("probationRegion", region),
    ];
    for (member, of) in members {
        for body in of_map(of, |_| true) {
            let wanted = of_map(area, |row| of(row) == body);
            // Whichever day is asked about: who covers an area then, covered it or will.
            for on in ["2012-01-01", "2014-11-01", "2022-01-01"] {
                let arguments = format!("filter: {{ {member}: \"{body}\" }}, on: \"{on}\"");
                assert_eq!(filtered("mappaAreas", "slug", &arguments), wanted, "{arguments}");
            }
        }
    }
    for row in expected("forces") {
        let arguments = format!("filter: {{ policeForce: \"{}\" }}", slug(&row["force"]));
        assert_eq!(filtered("mappaAreas", "slug", &arguments), [row["mappa_area"].as_str()], "{arguments}");
    }
    let welsh = of_map(area, |row| row["nps_division"] == "Wales");
    assert_eq!(filtered("mappaAreas", "slug", "filter: { country: WALES }"), welsh);
    let english = of_map(area, |row| row["nps_division"] != "Wales");
    assert_eq!(filtered("mappaAreas", "slug", "filter: { country: ENGLAND }"), english);
    let both = "filter: { npsDivision: \"north-west\", probationRegion: \"greater-manchester\" }";
    assert_eq!(filtered("mappaAreas", "slug", both), ["greater-manchester"]);
    assert_eq!(
        filtered("mappaAreas", "slug", "filter: { npsDivision: \"wales\", country: ENGLAND }"),
        [""; 0]
    );
    assert_eq!(filtered("mappaAreas", "slug", "filter: { npsDivision: null }").len(), 42);
}

#[test]
fn organisations_are_filtered_by_area_division_and_country() {
    let kinds: [(&str, Slug); 5] = [
        ("probationTrusts", trust),
        ("npsDivisions", division),
        ("contractPackageAreas", package),
        ("communityRehabilitationCompanies", package),
        ("probationRegions", region),
    ];
    for (list, of) in kinds {
        for row in expected("map") {
            let arguments = format!("filter: {{ mappaArea: \"{}\" }}", area(&row));
            assert_eq!(filtered(list, "slug", &arguments), [of(&row)], "{list}({arguments})");
        }
        for name in of_map(division, |_| true) {
            let arguments = format!("filter: {{ npsDivision: \"{name}\" }}");
            assert_eq!(
                filtered(list, "slug", &arguments),
                of_map(of, |row| division(row) == name),
                "{list}({arguments})"
            );
        }
        assert_eq!(filtered(list, "slug", "filter: { country: WALES }"), ["wales"], "{list}");
        let english = of_map(of, |row| row["nps_division"] != "Wales");
        assert_eq!(filtered(list, "slug", "filter: { country: ENGLAND }"), english, "{list}");
    }
    let london = filtered("policeForces", "slug", "filter: { mappaArea: \"london\" }");
    assert_eq!(london, ["city-of-london-police", "metropolitan-police-service"]);
    let welsh = filtered("policeForces", "slug", "filter: { npsDivision: \"wales\" }");
    assert_eq!(welsh, ["dyfed-powys-police", "gwent-police", "north-wales-police", "south-wales-police"]);
    assert_eq!(filtered("policeForces", "slug", "filter: { country: WALES }"), welsh);
}

#[test]
fn organisations_are_filtered_by_whether_they_exist_on_the_day() {
    for (list, on, calendar, count) in [
        ("probationTrusts", "2010-03-31", "PUBLISHED", 0),
        ("probationTrusts", "2010-04-01", "PUBLISHED", 35),
        ("probationTrusts", "2014-10-31", "PUBLISHED", 35),
        ("probationTrusts", "2014-11-01", "OPERATIONAL", 0),
        ("npsDivisions", "2014-03-31", "PUBLISHED", 0),
        ("npsDivisions", "2014-04-01", "PUBLISHED", 7),
        ("npsDivisions", "2014-05-31", "OPERATIONAL", 0),
        ("npsDivisions", "2014-06-01", "OPERATIONAL", 7),
        ("npsDivisions", "2021-06-25", "PUBLISHED", 7),
        ("npsDivisions", "2021-06-26", "PUBLISHED", 0),
        ("contractPackageAreas", "2014-04-01", "PUBLISHED", 21),
        ("contractPackageAreas", "2014-04-01", "OPERATIONAL", 0),
        ("communityRehabilitationCompanies", "2014-05-31", "OPERATIONAL", 0),
        ("communityRehabilitationCompanies", "2014-06-01", "OPERATIONAL", 21),
        ("communityRehabilitationCompanies", "2021-06-26", "PUBLISHED", 0),
        ("probationRegions", "2021-06-25", "PUBLISHED", 0),
        ("probationRegions", "2021-06-26", "PUBLISHED", 12),
        ("policeForces", "2001-04-01", "PUBLISHED", 43),
    ] {
        let all = lists().into_iter().find(|(name, ..)| *name == list).expect("a list").2.len();
        // What is not recorded is neither in force nor out of it.
        let is_recorded = list != "probationTrusts" || on >= "2010-04-01";
        let out = if is_recorded { all - count } else { 0 };
        for (wanted, count) in [(true, count), (false, out)] {
            let arguments = format!("filter: {{ inForce: {wanted} }}, on: \"{on}\", calendar: {calendar}");
            assert_eq!(filtered(list, "slug", &arguments).len(), count, "{list}({arguments})");
        }
    }
}

#[test]
fn authorities_are_filtered_by_area_country_and_whether_they_exist() {
    let rows = expected("authorities");
    let codes = |fits: &dyn Fn(&Row) -> bool| {
        let mut codes: Vec<String> =
            rows.iter().filter(|row| fits(row)).map(|row| row["code"].clone()).collect();
        codes.sort();
        codes
    };
    for name in of_map(area, |_| true) {
        let wanted = codes(&|row| row["mappa_area"] == name);
        let arguments = format!("filter: {{ mappaArea: \"{name}\" }}");
        assert_eq!(filtered("localAuthorities", "code", &arguments), wanted, "{name}");
        for on in ["2019-04-01", "2023-04-01"] {
            let is_gone =
                |row: &Row| !row["successor_from"].is_empty() && row["successor_from"].as_str() <= on;
            let arguments = format!("filter: {{ mappaArea: \"{name}\", inForce: false }}, on: \"{on}\"");
            let gone = codes(&|row| row["mappa_area"] == name && is_gone(row));
            assert_eq!(filtered("localAuthorities", "code", &arguments), gone, "{arguments}");
        }
    }
    let welsh = codes(&|row| row["code"].starts_with('W'));
    assert_eq!(welsh.len(), 22);
    assert_eq!(filtered("localAuthorities", "code", "filter: { country: WALES }"), welsh);
}

/// What is compared of every object.
const PARTS: &str = "
    fragment Parts on Node {
        id __typename
        ... on MappaArea { slug name inForce period { from lastDay } view { ...V } }
        ... on ProbationTrust { slug name inForce period { from lastDay } view { ...V } }
        ... on NpsDivision { slug name inForce period { from lastDay } view { ...V } }
        ... on ContractPackageArea { slug name inForce period { from lastDay } view { ...V } }
        ... on CommunityRehabilitationCompany { slug name inForce period { from lastDay } view { ...V } }
        ... on CompanyOwner { slug name inForce period { from lastDay } view { ...V } }
        ... on PoliceForce { slug name inForce period { from lastDay } view { ...V } }
        ... on ProbationRegion { slug name inForce period { from lastDay } view { ...V } }
        ... on LocalAuthority { code name inForce lifetime: period { from lastDay } view { ...V } }
        ... on Board { slug board: name inForce period { from lastDay } view { ...V } }
    }
    fragment V on View { on calendar knownVersion directoryVersion }";

/// Asks for objects by their ids, some at a time, and sees to it that each comes back as it was.
fn come_back(objects: &[Value]) {
    let query = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...Parts }} }} {PARTS}");
    for some in objects.chunks(100) {
        let ids: Vec<&Value> = some.iter().map(|object| &object["id"]).collect();
        let nodes = data(&query, json!({ "ids": ids }));
        for (object, node) in some.iter().zip(nodes["nodes"].as_array().expect("nodes")) {
            assert_eq!(node, object);
        }
    }
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ...Parts }} }} {PARTS}");
    for object in objects.iter().step_by(40) {
        assert_eq!(data(&query, json!({ "id": object["id"] }))["node"], *object);
    }
}

/// Every object of every list in a view.
fn objects(view: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for (list, _, keys) in lists() {
        let mut after = String::new();
        let before = found.len();
        loop {
            let query = format!(
                "{{ {list}(first: 100{after}{view}) {{ nodes {{ ...Parts }} pageInfo {{ hasNextPage endCursor }} }} }} {PARTS}"
            );
            let answer = data(&query, json!({}))[list].clone();
            let nodes = answer["nodes"].as_array().expect("nodes");
            assert!(!nodes.is_empty(), "{list} does not end");
            found.extend(nodes.iter().cloned());
            if answer["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = format!(", after: {}", answer["pageInfo"]["endCursor"]);
        }
        assert_eq!(found.len() - before, keys.len(), "{list}");
    }
    found
}

#[test]
fn every_object_comes_back_by_its_id_in_the_view_that_it_was_seen_in() {
    let status = data("{ directory { version firstRecordedAt } }", json!({}))["directory"].clone();
    let newest = &status["version"];
    let known = format!(", knownAt: {}", status["firstRecordedAt"]);
    let both = format!(", on: \"2014-05-01\", calendar: OPERATIONAL{known}");
    let views: [(&str, &str, &str, &Value); 6] = [
        ("", "2014-11-01", "PUBLISHED", newest),
        (", on: \"2012-01-01\"", "2012-01-01", "PUBLISHED", newest),
        (", on: \"2021-06-26\"", "2021-06-26", "PUBLISHED", newest),
        (", calendar: OPERATIONAL", "2014-11-01", "OPERATIONAL", newest),
        (&known, "2014-11-01", "PUBLISHED", &json!(1)),
        (&both, "2014-05-01", "OPERATIONAL", &json!(1)),
    ];
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for (view, on, calendar, version) in views {
        let objects = objects(view);
        assert_eq!(objects.len(), 42 + 35 + 7 + 21 + 21 + 348 + 43 + 12 + 42);
        for object in &objects {
            let echoed = json!({ "on": on, "calendar": calendar, "knownVersion": version, "directoryVersion": newest });
            assert_eq!(object["view"], echoed, "{object}");
            assert!(ids.insert(object["id"].to_string()), "an id of two objects or views: {object}");
        }
        come_back(&objects);
        count += objects.len();
    }
    assert_eq!(ids.len(), count);
}

#[test]
fn the_default_view_said_in_full_has_the_same_ids() {
    let plain = data("{ mappaAreas { nodes { id } } }", json!({}));
    let full = data("{ mappaAreas(on: \"2014-11-01\", calendar: PUBLISHED) { nodes { id } } }", json!({}));
    assert_eq!(plain, full);
}

#[test]
fn a_body_reached_through_an_area_keeps_the_period_of_the_coverage() {
    for (field, count) in [
        ("probationTrust", 42),
        ("npsDivision", 42),
        ("contractPackageArea", 42),
        ("crc", 42),
        ("region", 42),
        ("board", 42),
        ("policeForces", 43),
    ] {
        let query = format!(
            "query($on: LocalDate!, $calendar: Calendar!) {{
                mappaAreas(on: $on, calendar: $calendar) {{ nodes {{ {field} {{ ...Parts }} }} }}
            }} {PARTS}"
        );
        for (on, calendar) in
            [("2012-01-01", "PUBLISHED"), ("2014-05-01", "OPERATIONAL"), ("2014-11-01", "PUBLISHED")]
        {
            let answer = data(&query, json!({ "on": on, "calendar": calendar }));
            let mut found = Vec::new();
            for node in answer["mappaAreas"]["nodes"].as_array().expect("nodes") {
                match &node[field] {
                    Value::Array(forces) => found.extend(forces.iter().cloned()),
                    value => found.push(value.clone()),
                }
            }
            assert_eq!(found.len(), count, "{field}");
            assert!(found.iter().all(|object| object["view"]["on"] == json!(on)), "{field} on {on}");
            come_back(&found);
        }
    }
}

#[test]
fn a_trust_has_another_id_through_an_area_because_its_period_is_another() {
    let query = "{
        mappaArea(slug: \"merseyside\") { probationTrust { id slug period { from lastDay } } }
        probationTrust(slug: \"merseyside\") { id slug period { from lastDay } }
    }";
    let answer = data(query, json!({}));
    let (through, alone) = (&answer["mappaArea"]["probationTrust"], &answer["probationTrust"]);
    assert_eq!(through["slug"], alone["slug"]);
    assert_ne!(through["id"], alone["id"]);
    for (trust, last_day) in [(through, "2014-03-31"), (alone, "2014-10-31")] {
        assert_eq!(trust["period"], json!({ "from": "2010-04-01", "lastDay": last_day }));
        let query =
            "query($id: ID!) { node(id: $id) { id ... on ProbationTrust { slug period { from lastDay } } } }";
        assert_eq!(data(query, json!({ "id": trust["id"] }))["node"], *trust);
    }
    // Two areas of one trust: two coverages, two ids.
    let query = "{ a: mappaArea(slug: \"surrey\") { probationTrust { id } } b: mappaArea(slug: \"sussex\") { probationTrust { id } } }";
    let answer = data(query, json!({}));
    assert_ne!(answer["a"]["probationTrust"]["id"], answer["b"]["probationTrust"]["id"]);
}

#[test]
fn several_ids_keep_their_order_with_null_for_those_that_are_none() {
    let query = "{
        kent: mappaArea(slug: \"kent\") { id }
        sefton: localAuthority(code: \"E08000014\", on: \"2014-05-01\") { id }
        trust: probationTrust(slug: \"wales\") { id }
        owner: communityRehabilitationCompany(slug: \"wales\", on: \"2016-01-01\") { owner { owner { id } } }
        board: mappaArea(slug: \"gwent\") { board { id } }
    }";
    let answer = data(query, json!({}));
    let ids = json!([
        answer["kent"]["id"],
        "nothing",
        answer["sefton"]["id"],
        URL_SAFE_NO_PAD.encode("MappaArea:nowhere"),
        answer["trust"]["id"],
        answer["owner"]["owner"]["owner"]["id"],
        answer["kent"]["id"],
        answer["board"]["board"]["id"],
    ]);
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) {
        __typename
        ... on MappaArea { slug } ... on LocalAuthority { code } ... on ProbationTrust { slug } ... on CompanyOwner { slug }
        ... on Board { slug }
    } }";
    let wanted = json!([
        { "__typename": "MappaArea", "slug": "kent" },
        null,
        { "__typename": "LocalAuthority", "code": "E08000014" },
        null,
        { "__typename": "ProbationTrust", "slug": "wales" },
        { "__typename": "CompanyOwner", "slug": "working-links" },
        { "__typename": "MappaArea", "slug": "kent" },
        { "__typename": "Board", "slug": "gwent" },
    ]);
    assert_eq!(data(query, json!({ "ids": ids }))["nodes"], wanted);
}

/// A chain as pairs of type and slug, in its order.
fn chain(answer: &Value) -> Vec<(String, String)> {
    let of = |item: &Value, part: &str| item[part].as_str().unwrap_or_default().to_owned();
    answer
        .as_array()
        .expect("a chain")
        .iter()
        .map(|item| (of(item, "__typename"), of(item, "slug")))
        .collect()
}

#[test]
fn a_division_comes_after_the_trusts_whose_areas_it_has() {
    for name in of_map(division, |_| true) {
        let query = "query($slug: String!) { npsDivision(slug: $slug) { predecessors { __typename slug } } }";
        let answer = data(query, json!({ "slug": name }));
        let found: BTreeSet<(String, String)> =
            chain(&answer["npsDivision"]["predecessors"]).into_iter().collect();
        let wanted: BTreeSet<(String, String)> = of_map(trust, |row| division(row) == name)
            .into_iter()
            .map(|slug| ("ProbationTrust".to_owned(), slug))
            .collect();
        assert_eq!(found, wanted, "{name}");
    }
    let query = "{ npsDivision(slug: \"north-west\") { predecessors { slug } } }";
    let mut slugs: Vec<Value> =
        data(query, json!({}))["npsDivision"]["predecessors"].as_array().expect("a chain").clone();
    slugs.sort_by_key(|item| item["slug"].to_string());
    let wanted = ["cheshire", "cumbria", "greater-manchester", "lancashire", "merseyside"]
        .map(|slug| json!({ "slug": slug }));
    assert_eq!(slugs, wanted);
}

#[test]
fn after_a_trust_come_its_division_and_company_and_then_the_regions() {
    let query = "query($on: LocalDate) { probationTrust(slug: \"merseyside\", on: $on) { successors { __typename slug } } }";
    for on in [Value::Null, json!("2012-01-01"), json!("2022-01-01")] {
        let found = chain(&data(query, json!({ "on": on }))["probationTrust"]["successors"]);
        let pair = |kind: &str, slug: &str| (kind.to_owned(), slug.to_owned());
        let near = BTreeSet::from([
            pair("NpsDivision", "north-west"),
            pair("CommunityRehabilitationCompany", "merseyside"),
        ]);
        let far = BTreeSet::from([
            pair("ProbationRegion", "north-west"),
            pair("ProbationRegion", "greater-manchester"),
        ]);
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[..2].iter().cloned().collect::<BTreeSet<_>>(), near, "{found:?}");
        assert_eq!(found[2..].iter().cloned().collect::<BTreeSet<_>>(), far, "{found:?}");
    }
    // The other way round: everything before the region, near and far.
    let query = "{ probationRegion(slug: \"greater-manchester\") { predecessors { __typename slug } } }";
    let found = chain(&data(query, json!({}))["probationRegion"]["predecessors"]);
    let unique: BTreeSet<&(String, String)> = found.iter().collect();
    assert_eq!(unique.len(), found.len(), "{found:?}");
    for slug in ["cheshire", "cumbria", "greater-manchester", "lancashire", "merseyside"] {
        assert!(found.contains(&("ProbationTrust".to_owned(), slug.to_owned())), "{slug}: {found:?}");
    }
    assert!(found.contains(&("NpsDivision".to_owned(), "north-west".to_owned())), "{found:?}");
    assert!(found.contains(&(
        "CommunityRehabilitationCompany".to_owned(),
        "cheshire-and-greater-manchester".to_owned()
    )));
}

#[test]
fn the_company_of_wales_had_three_owners_one_after_another() {
    let query = "query($on: LocalDate!, $calendar: Calendar!) {
        communityRehabilitationCompany(slug: \"wales\", on: $on, calendar: $calendar) {
            owners { owner { name } period { from lastDay } inForce }
            owner { owner { name } inForce }
        }
    }";
    let (ministry, links, seetec) = ("Ministry of Justice", "Working Links", "Seetec");
    for (calendar, first_day) in [("PUBLISHED", "2014-04-01"), ("OPERATIONAL", "2014-06-01")] {
        for (on, owner) in [
            ("2014-06-01", Some(ministry)),
            ("2015-01-31", Some(ministry)),
            ("2015-02-01", Some(links)),
            ("2019-02-14", Some(links)),
            ("2019-02-15", Some(seetec)),
            ("2021-06-25", Some(seetec)),
            ("2021-06-26", None),
            ("2014-03-31", None),
        ] {
            let answer =
                data(query, json!({ "on": on, "calendar": calendar }))["communityRehabilitationCompany"]
                    .clone();
            let wanted: Vec<Value> = [
                (ministry, first_day, "2015-01-31"),
                (links, "2015-02-01", "2019-02-14"),
                (seetec, "2019-02-15", "2021-06-25"),
            ]
            .iter()
            .map(|(name, from, last_day)| {
                let is_owner = owner == Some(*name);
                json!({ "owner": { "name": name }, "period": { "from": from, "lastDay": last_day }, "inForce": is_owner })
            })
            .collect();
            assert_eq!(answer["owners"], json!(wanted), "{on}, {calendar}");
            // Where nobody owns it, the nearest in time.
            let nearest = owner.unwrap_or(if on < "2014-06-01" { ministry } else { seetec });
            assert_eq!(
                answer["owner"],
                json!({ "owner": { "name": nearest }, "inForce": owner.is_some() }),
                "{on}, {calendar}"
            );
        }
    }
    // In April 2014 the calendars differ.
    for (calendar, is_owned) in [("PUBLISHED", true), ("OPERATIONAL", false)] {
        let answer = data(query, json!({ "on": "2014-04-01", "calendar": calendar }));
        assert_eq!(
            answer["communityRehabilitationCompany"]["owner"]["inForce"],
            json!(is_owned),
            "{calendar}"
        );
    }
}

#[test]
fn a_division_has_the_contract_package_areas_whose_areas_it_has() {
    let query = "query($slug: String!, $on: LocalDate!) {
        npsDivision(slug: $slug, on: $on) { contractPackageAreas { slug npsDivision { slug } crc { slug contractPackageArea { slug } } } }
    }";
    for name in of_map(division, |_| true) {
        let wanted = of_map(package, |row| division(row) == name);
        let wanted: Vec<Value> = wanted
            .iter()
            .map(|slug| {
                let crc = json!({ "slug": slug, "contractPackageArea": { "slug": slug } });
                json!({ "slug": slug, "npsDivision": { "slug": name }, "crc": crc })
            })
            .collect();
        for on in ["2012-01-01", "2014-11-01", "2022-01-01"] {
            let answer = data(query, json!({ "slug": name, "on": on }));
            assert_eq!(answer["npsDivision"]["contractPackageAreas"], json!(wanted), "{name} on {on}");
        }
    }
}
