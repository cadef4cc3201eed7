//! The contract: the published schema is the program's, its fixed names are there, and every published
//! operation runs.

use crate::support::TestService;
use probation_directory::graphql::schema_definition;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn in_checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_published_schema_is_that_of_the_program() {
    let published =
        std::fs::read_to_string(in_checkout("graphql/schema.graphql")).expect("the published schema");
    assert!(
        published == schema_definition(),
        "graphql/schema.graphql is not the program's: run `cargo run -- schema > graphql/schema.graphql` and look at the difference"
    );
}

/// Names that clients may rely on: a type, and fields of it as they are written in the schema.
const FIXED: [(&str, &[&str]); 12] = [
    (
        "type Query",
        &[
            "node(id: ID!): Node",
            "nodes(ids: [ID!]!): [Node]!",
            "directory: DirectoryStatus!",
            "locate(place: PlaceInput!, on: LocalDate, calendar: Calendar, knownAt: DateTime): PlaceAnswer!",
            "locateMany(places: [PlaceInput!]!, on: LocalDate, calendar: Calendar, knownAt: DateTime): [PlaceAnswer!]!",
            "mappaArea(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): MappaArea",
            "mappaAreas(filter: MappaAreaFilter, first: Int, after: String, last: Int, before: String, on: LocalDate, calendar: Calendar, knownAt: DateTime): MappaAreaConnection!",
            "probationTrust(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): ProbationTrust",
            "npsDivision(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): NpsDivision",
            "contractPackageArea(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): ContractPackageArea",
            "communityRehabilitationCompany(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): CommunityRehabilitationCompany",
            "localAuthority(code: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): LocalAuthority",
            "policeForce(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): PoliceForce",
            "probationRegion(slug: String!, on: LocalDate, calendar: Calendar, knownAt: DateTime): ProbationRegion",
        ],
    ),
    ("interface Node", &["id: ID!"]),
    (
        "input PlaceInput @oneOf",
        &[
            "mappaArea: String",
            "localAuthority: String",
            "policeForce: String",
            "name: String",
            "code: CodeInput",
        ],
    ),
    (
        "type PlaceAnswer",
        &[
            "mappaArea: MappaArea",
            "probationTrust: ProbationTrust",
            "npsDivision: NpsDivision",
            "contractPackageArea: ContractPackageArea",
            "crc: CommunityRehabilitationCompany",
            "localAuthority: LocalAuthority",
            "policeForces: [PoliceForce!]!",
            "region: ProbationRegion",
            "precision: PlacePrecision",
            "on: LocalDate!",
            "calendar: Calendar!",
            "directoryVersion: Int!",
            "problems: [Problem!]!",
        ],
    ),
    (
        "type MappaArea",
        &[
            "id: ID!",
            "slug: String!",
            "name: String!",
            "officialName: String!",
            "welshName: String",
            "aliases: [String!]!",
            "codes: [Code!]!",
            "period: Period",
            "inForce: Boolean",
            "probationTrust: ProbationTrust",
            "npsDivision: NpsDivision",
            "crc: CommunityRehabilitationCompany",
            "inCharge: [Organisation!]!",
        ],
    ),
    (
        "interface Organisation",
        &[
            "id: ID!",
            "slug: String!",
            "name: String!",
            "officialName: String!",
            "welshName: String",
            "aliases: [String!]!",
            "codes: [Code!]!",
            "period: Period",
            "inForce: Boolean",
            "predecessors: [Organisation!]!",
            "successors: [Organisation!]!",
            "mappaAreas: [MappaArea!]!",
        ],
    ),
    (
        "type DirectoryStatus",
        &[
            "version: Int!",
            "directoryDate: LocalDate!",
            "calendar: Calendar!",
            "loadedAt: DateTime!",
            "counts: DirectoryCounts!",
            "checks: [DirectoryCheck!]!",
        ],
    ),
    ("type DirectoryCheck", &["name: String!", "left: Int!", "right: Int!", "holds: Boolean!"]),
    ("enum Calendar", &["PUBLISHED", "OPERATIONAL"]),
    (
        "type PageInfo",
        &["hasNextPage: Boolean!", "hasPreviousPage: Boolean!", "startCursor: String", "endCursor: String"],
    ),
    (
        "type MappaAreaConnection",
        &["edges: [MappaAreaEdge!]!", "nodes: [MappaArea!]!", "pageInfo: PageInfo!", "totalCount: Int!"],
    ),
    ("enum ProblemCode", &["UNKNOWN_PLACE", "AMBIGUOUS_PLACE", "OUT_OF_SCOPE"]),
];

/// The lines of a type without descriptions.
fn members(schema: &str, heading: &str) -> Vec<String> {
    let start = schema.find(&format!("\n{heading} ")).unwrap_or_else(|| panic!("no {heading}"));
    let body = &schema[start..];
    let open = body.find("{\n").expect("an opening brace");
    let body = &body[open + 2..];
    let body = &body[..body.find("\n}").expect("a closing brace")];
    body.lines().map(without_descriptions).filter(|line| !line.is_empty()).collect()
}

fn without_descriptions(line: &str) -> String {
    let mut kept = String::new();
    let mut is_description = false;
    for c in line.chars() {
        match c {
            '"' => is_description = !is_description,
            c if !is_description => kept.push(c),
            _ => {}
        }
    }
    kept.trim().replace("( ", "(").replace(",  ", ", ")
}

#[test]
fn names_that_clients_rely_on_are_in_the_schema() {
    let schema = format!("\n{}", schema_definition());
    for (heading, fields) in FIXED {
        let members = members(&schema, heading);
        for field in fields {
            assert!(
                members.iter().any(|member| member == field),
                "{heading} lacks `{field}`; it has {members:#?}"
            );
        }
    }
}

#[test]
fn everything_in_the_schema_is_described() {
    let schema = schema_definition();
    let mut previous_is_description = false;
    for line in schema.lines() {
        let line = line.trim();
        let is_description = line.starts_with('"');
        let is_definition = line.ends_with('{') || (line.contains(": ") && !is_description);
        if is_definition
            && !line.starts_with("schema")
            && !["query: Query", "mutation: Mutation"].contains(&line)
        {
            assert!(previous_is_description, "not described: {line}");
        }
        previous_is_description = is_description;
    }
}

/// Variables for each published operation.
fn variables(name: &str) -> Value {
    match name {
        "Locate" => json!({ "place": { "name": "Sefton" }, "on": "2014-05-01" }),
        "LocateMany" => {
            json!({ "places": [{ "localAuthority": "E08000014" }, { "policeForce": "kent-police" }] })
        }
        "AreaOnADay" => json!({ "slug": "merseyside", "on": "2014-05-01", "calendar": "OPERATIONAL" }),
        "Areas" => json!({ "filter": { "npsDivision": "north-east" }, "first": 3 }),
        "Divisions" | "Lists" => json!({ "on": "2014-11-01" }),
        "Company" => json!({ "slug": "wales", "on": "2019-03-01" }),
        "Succession" => json!({ "slug": "merseyside" }),
        "LocalAuthority" => json!({ "code": "E07000190", "on": "2020-01-01" }),
        "Single" => json!({
            "force": "merseyside-police", "packageArea": "merseyside", "division": "north-west", "region": "north-west",
        }),
        "Objects" => json!({ "one": "TWFwcGFBcmVhOmtlbnQ", "many": ["TWFwcGFBcmVhOmtlbnQ"] }),
        "Directory" => json!({}),
        "Changes" => json!({ "after": 0, "waitSeconds": 25 }),
        "Board" => json!({ "area": "merseyside", "on": "2014-11-01", "calendar": "PUBLISHED" }),
        "GovernanceReport" => json!({ "on": "2014-11-01", "from": "2014-10-01" }),
        "Route" => json!({ "case": {
            "on": "2014-11-01", "residence": { "place": { "name": "Sefton" } }, "age": 30,
            "supervision": "COMMUNITY_ORDER", "riskOfSeriousHarm": "HIGH", "mappaCategory": "NOT_ELIGIBLE",
        } }),
        "CompareRouting" => json!({ "case": {
            "on": "2014-11-01", "residence": { "place": { "name": "Sefton" } }, "age": 30,
            "supervision": "COMMUNITY_ORDER", "riskOfSeriousHarm": "LOW", "mappaCategory": "NOT_ELIGIBLE",
        }, "dates": ["2014-03-31", "2014-04-01"] }),
        other => panic!("no variables for {other}: add them here"),
    }
}

#[test]
fn every_published_operation_runs_and_stands_alone_in_a_file_of_its_name() {
    let mut seen = BTreeMap::new();
    for entry in std::fs::read_dir(in_checkout("graphql/operations")).expect("the operations") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let text = std::fs::read_to_string(&path).expect("an operation");
        assert!(text.contains(&format!("query {name}")), "{} must hold the operation {name}", path.display());
        assert_eq!(text.matches("query ").count(), 1, "{name}: one operation a file");
        let data = TestService::shared().client.data(&text, variables(&name));
        seen.insert(name, data);
    }
    assert!(seen.len() >= 12);
    assert_eq!(seen["Objects"]["node"]["name"], json!("Kent"));
    assert_eq!(seen["Areas"]["mappaAreas"]["totalCount"], json!(8));
    assert_eq!(seen["Board"]["board"]["slug"], json!("merseyside"));
    assert_eq!(seen["GovernanceReport"]["governanceReport"]["boards"], json!(42));
    assert_eq!(seen["LocalAuthority"]["localAuthority"]["successor"]["code"], json!("E07000246"));
    assert_eq!(seen["Company"]["communityRehabilitationCompany"]["owner"]["owner"]["name"], json!("Seetec"));
}
