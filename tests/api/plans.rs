//! Plans answer byte for byte as plain juniper does: random documents over the whole schema, and the known traps.
//!
//! Every answer is made twice in process, with plans and without. What is right is asked elsewhere.

use crate::support::TestService;
use probation_directory::clock::{Clock, SystemClock};
use probation_directory::domain::calendar::DEFAULT_DIRECTORY_DATE;
use probation_directory::graphql::{
    Answer, Context, Documents, Gate, Limits, Outcome, Refusal, Request, Trusted,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How many random documents are answered.
const DOCUMENTS: u64 = 3_000;
/// What random documents are made from: the same every time. One that fails names its own seed.
const SEED: u64 = 20_140_601;

/// A request to a document.
struct Asked {
    query: String,
    operation: Option<String>,
    variables: Value,
}

/// A gate that lets through what random documents have: they are many, and each is small.
static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let limits = Limits {
        document_tokens: 2_000,
        document_depth: 20,
        document_fields: 300,
        cost: 50_000,
        batch_cost: 50_000,
        ..Limits::NONE
    };
    Gate::with_limits(Trusted::of_the_project(), limits)
});

fn context() -> Context {
    let loaded = TestService::shared().live.current().expect("a directory");
    Context::new(loaded, DEFAULT_DIRECTORY_DATE, SystemClock.now())
}

fn answer(asked: &Asked, documents: &Documents, is_plain: bool) -> Answer {
    let quoted = |text: &str| json!(text).to_string();
    let (query, operation) = (quoted(&asked.query), asked.operation.as_deref().map(quoted));
    let variables = asked.variables.to_string();
    let request = Request {
        query: Some(&query),
        operation_name: operation.as_deref(),
        variables: Some(&variables),
        is_plain,
        ..Request::default()
    };
    match GATE.admit(documents, &request, "r1") {
        Ok(admitted) => GATE.answer(&admitted, &context(), "r1"),
        Err(Refusal::Answered(answer)) => answer,
        Err(refusal) => panic!("{refusal:?}: {}", asked.query),
    }
}

/// The data of a query, by juniper alone.
fn plain(query: &str) -> Value {
    let answer = answer(&request(query, json!({}), None), &Documents::default(), true);
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Answers a request both ways; what it says by plan, once that is the same.
#[track_caller]
fn same(asked: &Asked, what: &str) -> Answer {
    let documents = Documents::default();
    let (planned, plain) = (answer(asked, &documents, false), answer(asked, &documents, true));
    assert_eq!(plain.planned, 0);
    // A plan that is there already writes what it wrote when it was compiled.
    assert_eq!(answer(asked, &documents, false).body, planned.body, "{what}: not the same the second time");
    let text = |answer: &Answer| String::from_utf8_lossy(&answer.body).into_owned();
    if (planned.body.as_slice(), planned.outcome) != (plain.body.as_slice(), plain.outcome) {
        let (planned, plain) = (text(&planned), text(&plain));
        let at = planned.bytes().zip(plain.bytes()).position(|(a, b)| a != b).unwrap_or_default();
        let near = |text: &str| text.chars().skip(at.saturating_sub(80)).take(240).collect::<String>();
        panic!(
            "{what}: plan and juniper differ at byte {at}\nplan    {}\njuniper {}\n{}\nvariables {:?}",
            near(&planned),
            near(&plain),
            asked.query,
            asked.variables
        );
    }
    planned
}

fn request(query: &str, variables: Value, operation: Option<&str>) -> Asked {
    Asked { query: query.to_owned(), operation: operation.map(str::to_owned), variables }
}

/// Answers a query that must be answered; how many subtrees were written from plans.
#[track_caller]
fn planned(query: &str, variables: Value) -> usize {
    let answer = same(&request(query, variables, None), query);
    assert_eq!(answer.outcome, Outcome::Executed, "{}", String::from_utf8_lossy(&answer.body));
    assert!(answer.codes.is_empty(), "{}", String::from_utf8_lossy(&answer.body));
    answer.planned
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn word(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }
}

/// A field of the schema.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    gives: String,
}

/// A composite type of the schema.
#[derive(Debug)]
struct Type {
    fields: Vec<Field>,
    /// Types that a fragment on it may be for, itself among them.
    conditions: Vec<String>,
}

static TYPES: LazyLock<BTreeMap<String, Type>> = LazyLock::new(types);

fn types() -> BTreeMap<String, Type> {
    let query = "{ __schema { types { kind name interfaces { name } possibleTypes { name }
        fields(includeDeprecated: true) { name type { name ofType { name ofType { name ofType { name } } } } } } } }";
    let answer = plain(query);
    let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
    let all = answer["data"]["__schema"]["types"].as_array().expect("types").clone();
    let innermost = |mut of: &Value| {
        while of["name"].is_null() {
            of = &of["ofType"];
        }
        text(&of["name"])
    };
    let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
    let mut types = BTreeMap::new();
    for of in &all {
        let name = text(&of["name"]);
        if name.starts_with("__") || of["fields"].is_null() {
            continue;
        }
        let fields = list(&of["fields"]);
        let fields =
            fields.iter().map(|field| Field { name: text(&field["name"]), gives: innermost(&field["type"]) });
        let mut conditions = vec![name.clone()];
        conditions.extend(list(&of["interfaces"]).iter().map(|other| text(&other["name"])));
        conditions.extend(list(&of["possibleTypes"]).iter().map(|other| text(&other["name"])));
        types.insert(name, Type { fields: fields.collect(), conditions });
    }
    types
}

/// Ids of objects of every kind, in several views.
static IDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lists = [
        "mappaAreas",
        "probationTrusts",
        "npsDivisions",
        "contractPackageAreas",
        "communityRehabilitationCompanies",
        "localAuthorities",
        "policeForces",
        "probationRegions",
        "nationalBodies",
        "agencies",
        "boards",
    ];
    let mut ids = vec!["bm9uc2Vuc2U".to_owned(), "%".to_owned()];
    for list in lists {
        let area = if list == "mappaAreas" { "board { id } probationTrust { id } region { id }" } else { "" };
        let query = format!("{{ {list}(on: \"2014-05-01\", first: 2) {{ nodes {{ id {area} }} }} }}");
        collect(&plain(&query), &mut ids);
    }
    ids
});

fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            ids.extend(members.get("id").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| collect(value, ids));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, ids)),
        _ => {}
    }
}

/// A random document in the making.
struct Document<'r> {
    random: &'r mut Random,
    /// Fields that may still be asked for.
    left: usize,
    /// Fragments by the type that they are on, with their names.
    fragments: Vec<(String, String)>,
    definitions: String,
    variables: BTreeSet<&'static str>,
}

/// The variables that a document may declare.
const VARIABLES: [(&str, &str); 5] = [
    ("yes", "$yes: Boolean!"),
    ("no", "$no: Boolean! = false"),
    ("case", "$case: CaseInput!"),
    ("cases", "$cases: [CaseInput!]!"),
    ("on", "$on: LocalDate"),
];

impl Document<'_> {
    fn variable(&mut self, name: &'static str) -> String {
        self.variables.insert(name);
        format!("${name}")
    }

    fn directive(&mut self) -> String {
        if !self.random.one_in(40) {
            return String::new();
        }
        match self.random.below(4) {
            0 => format!(" @include(if: {})", self.variable("yes")),
            1 => format!(" @skip(if: {})", self.variable("yes")),
            2 => format!(" @include(if: {})", self.variable("no")),
            _ => " @skip(if: false)".to_owned(),
        }
    }

    /// What is asked of an object of a type.
    fn selection(&mut self, of: &str, depth: usize) -> String {
        let mut text = String::from("{");
        for _ in 0..=self.random.below(5) {
            if self.left == 0 {
                break;
            }
            text.push(' ');
            let part = self.part(of, depth);
            text.push_str(&part);
        }
        if text == "{" {
            text.push_str(" __typename");
        }
        text.push_str(" }");
        text
    }

    fn part(&mut self, of: &str, depth: usize) -> String {
        match self.random.below(16) {
            0 => "__typename".to_owned(),
            1 => "kindOf: __typename".to_owned(),
            2 | 3 if depth > 0 => {
                let on = self.random.pick(&TYPES[of].conditions).clone();
                let directive = self.directive();
                format!("... on {on}{directive} {}", self.selection(&on, depth - 1))
            }
            4 if depth > 0 => {
                let directive = self.directive();
                format!("...{directive} {}", self.selection(of, depth - 1))
            }
            5 if depth > 0 => self.fragment(of, depth),
            _ => self.field(of, depth),
        }
    }

    /// A fragment that is there already, or a new one.
    fn fragment(&mut self, of: &str, depth: usize) -> String {
        let fits: Vec<String> =
            self.fragments.iter().filter(|(on, _)| on == of).map(|(_, name)| name.clone()).collect();
        let name = if !fits.is_empty() && self.random.one_in(2) {
            // What it spreads out to was counted once; that is near enough.
            self.left = self.left.saturating_sub(5);
            self.random.pick(&fits).clone()
        } else {
            let inner = self.selection(of, depth - 1);
            let name = format!("F{}", self.fragments.len());
            self.definitions.push_str(&format!(" fragment {name} on {of} {inner}"));
            self.fragments.push((of.to_owned(), name.clone()));
            name
        };
        let directive = self.directive();
        // Twice now and then: equal keys from the same place.
        let again = if self.random.one_in(4) { format!(" ...{name}") } else { String::new() };
        format!("...{name}{directive}{again}")
    }

    fn field(&mut self, of: &str, depth: usize) -> String {
        let fields = &TYPES[of].fields;
        let field = self.random.pick(fields).clone();
        let is_composite = TYPES.contains_key(&field.gives);
        if is_composite && depth == 0 {
            return "__typename".to_owned();
        }
        self.left -= 1;
        // One alias a field: equal keys then mean equal fields, which may be merged.
        let alias = if self.random.one_in(5) { format!("an_{}: ", field.name) } else { String::new() };
        let directive = self.directive();
        let inner = if is_composite {
            format!(" {}", self.selection(&field.gives, depth - 1))
        } else {
            String::new()
        };
        format!("{alias}{}{directive}{inner}", field.name)
    }

    /// A root field with arguments.
    fn root(&mut self, index: usize) -> String {
        let (field, gives) = self.root_field();
        let inner = self.selection(gives, 5);
        // The same root again now and then, to be merged.
        let again = if self.random.one_in(12) {
            format!(" r{index}: {field} {}", self.selection(gives, 4))
        } else {
            String::new()
        };
        format!(" r{index}: {field} {inner}{again}")
    }

    fn day(&mut self) -> String {
        if self.random.one_in(6) {
            return self.variable("on");
        }
        let days = [
            "2001-03-31",
            "2001-04-01",
            "2009-12-31",
            "2010-04-01",
            "2014-03-31",
            "2014-04-01",
            "2014-05-31",
            "2014-06-01",
            "2014-11-01",
            "2015-02-01",
            "2019-04-01",
            "2021-06-25",
            "2021-06-26",
            "2023-04-01",
            "2199-12-31",
        ];
        format!("\"{}\"", self.random.pick(&days))
    }

    /// The arguments that every look-up takes.
    fn view(&mut self) -> String {
        let mut text = String::new();
        if !self.random.one_in(3) {
            text.push_str(&format!(", on: {}", self.day()));
        }
        if self.random.one_in(2) {
            text.push_str(self.random.word(&[", calendar: OPERATIONAL", ", calendar: PUBLISHED"]));
        }
        if self.random.one_in(20) {
            text.push_str(
                self.random
                    .word(&[", knownAt: \"1999-01-01T00:00:00Z\"", ", knownAt: \"2199-01-01T00:00:00Z\""]),
            );
        }
        text
    }

    fn place(&mut self) -> String {
        let places = [
            "name: \"Sefton\"",
            "name: \"Kent\"",
            "name: \"Abertawe\"",
            "name: \"Lincoln\"",
            "name: \"Atlantis\"",
            "name: \"Wales\"",
            "name: \"Glasgow\"",
            "name: \"\"",
            "name: \"North West\"",
            "name: \"London\"",
            "localAuthority: \"E08000014\"",
            "localAuthority: \"E07000246\"",
            "localAuthority: \"S12000033\"",
            "policeForce: \"kent-police\"",
            "policeForce: \"City of London Police\"",
            "mappaArea: \"london\"",
            "mappaArea: \"dyfed-powys\"",
            "code: { scheme: \"ONS\", value: \"E07000190\" }",
            "code: { scheme: \"X\", value: \"Y\" }",
            "code: { scheme: \"NDELIUS\", value: \"N01\" }",
        ];
        format!("{{ {} }}", self.random.pick(&places))
    }

    fn root_field(&mut self) -> (String, &'static str) {
        const LISTS: [(&str, &str, &str, &str); 11] = [
            ("mappaAreas", "mappaArea", "MappaArea", "merseyside"),
            ("probationTrusts", "probationTrust", "ProbationTrust", "merseyside"),
            ("npsDivisions", "npsDivision", "NpsDivision", "north-west"),
            ("contractPackageAreas", "contractPackageArea", "ContractPackageArea", "merseyside"),
            (
                "communityRehabilitationCompanies",
                "communityRehabilitationCompany",
                "CommunityRehabilitationCompany",
                "wales",
            ),
            ("localAuthorities", "localAuthority", "LocalAuthority", "E07000190"),
            ("policeForces", "policeForce", "PoliceForce", "kent-police"),
            ("probationRegions", "probationRegion", "ProbationRegion", "north-west"),
            ("nationalBodies", "nationalBody", "NationalBody", "national-probation-service"),
            ("agencies", "agency", "Agency", "sefton-council"),
            ("boards", "board", "Board", "merseyside"),
        ];
        match self.random.below(20) {
            0..=6 => {
                let (list, _, gives, _) = *self.random.pick(&LISTS);
                let size = self.random.below(5);
                let size = match self.random.below(10) {
                    0 => format!("first: {}", 40 + size),
                    1 => format!("last: {size}"),
                    2 => "after: \"nothing\"".to_owned(),
                    _ => format!("first: {}", 1 + size),
                };
                let gives = &TYPES.get_key_value(&format!("{gives}Connection")).expect("a connection").0;
                (format!("{list}({size}{})", self.view()), gives)
            }
            7..=9 => {
                let (_, single, gives, slug) = *self.random.pick(&LISTS);
                let key = match single {
                    "localAuthority" => "code",
                    "board" => "area",
                    _ => "slug",
                };
                let slug = if self.random.one_in(10) { self.random.word(&["", "nowhere"]) } else { slug };
                (format!("{single}({key}: \"{slug}\"{})", self.view()), gives)
            }
            10 | 11 => (format!("locate(place: {}{})", self.place(), self.view()), "PlaceAnswer"),
            12 | 13 => {
                let places: Vec<String> = (0..self.random.below(5)).map(|_| self.place()).collect();
                (format!("locateMany(places: [{}]{})", places.join(", "), self.view()), "PlaceAnswer")
            }
            14 => (format!("route(case: {})", self.variable("case")), "RoutingAnswer"),
            15 => (format!("routeMany(cases: {})", self.variable("cases")), "RoutingAnswer"),
            16 => {
                let case = self.variable("case");
                (
                    format!(
                        "compareRouting(case: {case}, dates: [\"2014-03-31\", \"2014-06-01\", \"2021-06-26\"])"
                    ),
                    "RoutingAnswer",
                )
            }
            17 => (format!("node(id: \"{}\")", self.random.pick(&IDS)), "Node"),
            18 => {
                let ids: Vec<String> =
                    (0..self.random.below(6)).map(|_| format!("\"{}\"", self.random.pick(&IDS))).collect();
                (format!("nodes(ids: [{}])", ids.join(", ")), "Node")
            }
            _ => {
                let roots = [
                    ("routingRules", "Rule"),
                    ("routingRule(id: \"M-01\")", "Rule"),
                    ("directory", "DirectoryStatus"),
                ];
                let (root, gives) = *self.random.pick(&roots);
                (root.to_owned(), gives)
            }
        }
    }
}

fn case(random: &mut Random) -> Value {
    let mut case =
        json!({ "on": random.pick(&["2009-01-01", "2014-05-01", "2014-11-01", "2018-02-03", "2021-06-26"]) });
    let mut may = |key: &str, values: &[Value]| {
        if !random.one_in(3) {
            case[key] = random.pick(values).clone();
        }
    };
    may("calendar", &[json!("OPERATIONAL"), json!("PUBLISHED")]);
    may(
        "residence",
        &[
            json!({ "place": { "name": "Sefton" } }),
            json!({ "place": { "mappaArea": "south-wales" } }),
            json!({ "place": { "name": "North West" } }),
            json!({ "usuallyFoundIn": { "localAuthority": "Camden" } }),
            json!({ "noFixedAbode": true }),
            json!({ "place": { "name": "Atlantis" } }),
        ],
    );
    may("sentencedIn", &[json!({ "name": "Kent" })]);
    may("atCourt", &[json!({ "name": "London" }), json!({ "name": "Lincoln" })]);
    may("transfer", &[json!({ "to": { "name": "Kent" }, "state": "REQUESTED" })]);
    may("age", &[json!(30), json!(17), json!(-1)]);
    may("supervision", &[json!("COMMUNITY_ORDER"), json!("LICENCE"), json!("HOSPITAL_ORDER"), json!("NONE")]);
    may("sentenceMonths", &[json!(6), json!(48)]);
    may("riskOfSeriousHarm", &[json!("LOW"), json!("MEDIUM"), json!("HIGH")]);
    may(
        "mappaCategory",
        &[json!("NOT_ELIGIBLE"), json!("CATEGORY_1"), json!("CATEGORY_2"), json!("CATEGORY_3")],
    );
    may("mappaLevel", &[json!("LEVEL_1"), json!("LEVEL_2"), json!("LEVEL_3")]);
    may("escalation", &[json!("REFERRED"), json!("ACCEPTED")]);
    case
}

/// A random request of one or two operations over the same fragments.
fn random_request(seed: u64) -> Asked {
    let mut random = Random(seed);
    let cases: Vec<Value> = (0..random.below(4)).map(|_| case(&mut random)).collect();
    let variables = json!({
        "yes": random.one_in(2), "on": "2014-05-01", "case": case(&mut random), "cases": cases,
    });
    let left = 20 + random.below(60);
    let mut document = Document {
        random: &mut random,
        left,
        fragments: Vec::new(),
        definitions: String::new(),
        variables: BTreeSet::new(),
    };
    let mut operations = String::new();
    let count = 1 + usize::from(document.random.one_in(4));
    for number in 0..count {
        document.variables.clear();
        // Fragments with variables of their own would have to be declared again: each operation declares all.
        let roots: String = (0..=document.random.below(2)).map(|index| document.root(index)).collect();
        operations.push_str(&format!(" query O{number} DECLARED {{{roots} }}"));
    }
    document.variables.clear();
    let text = format!("{}{}", operations, document.definitions);
    // Every variable is used, so that declaring all of them is sound whichever the fragments use.
    let uses: String = VARIABLES
        .iter()
        .filter(|(name, _)| text.contains(&format!("${name}")))
        .map(|(name, _)| match *name {
            "case" => "u_case: route(case: $case) { index }".to_owned(),
            "cases" => "u_cases: routeMany(cases: $cases) { index }".to_owned(),
            "on" => "u_on: mappaArea(slug: \"kent\", on: $on) { slug }".to_owned(),
            flag => format!("u_{flag}: __typename @include(if: ${flag})"),
        })
        .map(|part| format!(" {part}"))
        .collect();
    let declared: Vec<&str> = VARIABLES
        .iter()
        .filter(|(name, _)| text.contains(&format!("${name}")))
        .map(|(_, declared)| *declared)
        .collect();
    let declared = if declared.is_empty() { String::new() } else { format!("({}) ", declared.join(", ")) };
    let text = text.replace("DECLARED {", &format!("{declared}{{{uses}"));
    let operation = format!("O{}", random.below(count));
    request(&text, variables, Some(&operation))
}

#[test]
fn random_documents_are_answered_alike_with_plans_and_without() {
    let (mut executed, mut by_plan, mut subtrees) = (0, 0, 0);
    let mut outcomes = BTreeMap::new();
    for seed in SEED..SEED + DOCUMENTS {
        let request = random_request(seed);
        let answer = same(&request, &format!("seed {seed}"));
        *outcomes.entry(answer.codes.first().cloned().unwrap_or_default()).or_insert(0) += 1;
        assert_ne!(answer.outcome, Outcome::Failed, "seed {seed}: {}", request.query);
        if answer.outcome == Outcome::Executed {
            executed += 1;
            by_plan += usize::from(answer.planned > 0);
            subtrees += answer.planned;
        }
    }
    eprintln!(
        "{DOCUMENTS} documents, {executed} executed, {by_plan} by plan, {subtrees} subtrees; {outcomes:?}"
    );
    assert!(executed * 2 > DOCUMENTS as usize, "too few of the random documents are valid: {outcomes:?}");
    assert!(by_plan * 2 > executed, "too few random documents use a plan: {by_plan} of {executed}");
}

#[test]
fn hot_requests_are_written_whole() {
    let body = "__typename id slug name period { from until lastDay __typename }";
    let areas = format!(
        "mappaAreas(first: 100) {{ totalCount pageInfo {{ endCursor }} nodes {{ {body} probationTrust {{ {body} }} \
         npsDivision {{ {body} }} crc {{ {body} }} }} }}"
    );
    let place = format!(
        "precision mappaArea {{ {body} }} localAuthority {{ code }} policeForces {{ {body} }} inCharge {{ {body} }} \
         problems {{ code message candidates {{ mappaArea {{ slug }} }} }}"
    );
    let routing =
        "outcome explanation manager { kind name precision organisation { id ... on NpsDivision { name } } }
        decidedBy { rule { id title } because } considered { rule { id } verdict }
        alternatives { change { field from to } outcome } mappa { board { id name } leadAgency }";
    let case = case(&mut Random(1));
    for (query, variables) in [
        (format!("{{ {areas} }}"), json!({})),
        (format!("{{ locate(place: {{ name: \"Sefton\" }}) {{ {place} }} }}"), json!({})),
        (
            format!(
                "{{ locateMany(places: [{{ name: \"London\" }}, {{ name: \"Atlantis\" }}]) {{ {place} }} }}"
            ),
            json!({}),
        ),
        (
            format!("query($case: CaseInput!) {{ route(case: $case) {{ {routing} }} }}"),
            json!({ "case": case.clone() }),
        ),
        (
            format!("query($cases: [CaseInput!]!) {{ routeMany(cases: $cases) {{ {routing} }} }}"),
            json!({ "cases": [case.clone(), case] }),
        ),
    ] {
        assert_eq!(planned(&query, variables), 1, "{query}");
    }
}

#[test]
fn what_has_no_plan_is_resolved_by_juniper_and_plans_stand_below_it() {
    let kent = "mappaArea(slug: \"kent\")";
    for (selection, subtrees) in [
        // A directive, wherever it stands.
        ("name @include(if: true) npsDivision { slug }", 1),
        ("npsDivision @skip(if: false) { slug } crc { slug }", 2),
        ("... @include(if: true) { npsDivision { slug } }", 1),
        ("...F @skip(if: false)", 1),
        ("npsDivision { slug ...G @include(if: true) }", 0),
        // Posts may be shown to some and not to others.
        ("slug npsDivision { slug posts { title holder { name } } } crc { slug }", 1),
        ("npsDivision { slug mappaAreas { slug } posts { organisation { slug } } }", 1),
    ] {
        let named = match selection {
            text if text.contains("...F") => "fragment F on MappaArea { npsDivision { slug } }",
            text if text.contains("...G") => "fragment G on NpsDivision { name }",
            _ => "",
        };
        assert_eq!(
            planned(&format!("{{ {kent} {{ {selection} }} }} {named}"), json!({})),
            subtrees,
            "{selection}"
        );
    }
}

#[test]
fn no_name_of_a_holder_is_ever_written_from_a_plan() {
    let query = "{ npsDivision(slug: \"london\") { posts { __typename slug title holder { name } reportsTo { slug } } } }";
    assert_eq!(planned(query, json!({})), 0);
    let query = "{ nodes: npsDivisions { nodes { posts { holder { __typename name period { from } citation { basis } } } } } }";
    assert_eq!(planned(query, json!({})), 0);
}

#[test]
fn equal_keys_are_merged_and_nothing_of_either_is_lost() {
    let area = "mappaArea(slug: \"london\")";
    for (query, subtrees) in [
        (format!("{{ {area} {{ slug }} {area} {{ name crc {{ slug }} }} }}"), 1),
        (format!("{{ {area} {{ crc {{ slug }} }} {area} {{ crc {{ name }} }} }}"), 0),
        (
            format!(
                "{{ {area} {{ slug crc {{ slug }} crc {{ name period {{ from }} period {{ until }} }} }} }}"
            ),
            1,
        ),
        (
            format!(
                "{{ {area} {{ policeForces {{ slug }} ...F }} }} fragment F on MappaArea {{ policeForces {{ name slug }} }}"
            ),
            1,
        ),
        (
            format!(
                "{{ {area} {{ policeForces {{ slug }} }} ...F }} fragment F on Query {{ {area} {{ policeForces {{ name }} }} }}"
            ),
            0,
        ),
        (
            format!(
                "{{ {area} {{ ...F ...F }} ... on Query {{ {area} {{ ...F }} }} }} fragment F on MappaArea {{ crc {{ slug }} }}"
            ),
            0,
        ),
        (
            format!(
                "{{ {area} {{ inCharge {{ slug ... on NpsDivision {{ name mappaAreas {{ slug }} }} mappaAreas {{ name }} }} }} }}"
            ),
            1,
        ),
        ("{ mappaAreas { nodes { slug } } mappaAreas { nodes { name } totalCount } }".to_owned(), 0),
        ("{ mappaAreas { edges { node { slug } } edges { node { name } cursor } } }".to_owned(), 1),
        (format!("{{ {area} {{ a: name a: name b: __typename b: __typename }} __typename __typename }}"), 1),
    ] {
        assert_eq!(planned(&query, json!({})), subtrees, "{query}");
    }
}

#[test]
fn a_fragment_that_is_alone_in_one_operation_and_merged_in_another_has_no_plan_in_either() {
    let query = "
        query Alone { mappaArea(slug: \"kent\") { name @include(if: true) ...F } }
        query Merged { mappaArea(slug: \"kent\") { name @include(if: true) ...F crc { name country } } }
        query Other { mappaArea(slug: \"kent\") { name @include(if: true) npsDivision { slug } } }
        fragment F on MappaArea { crc { slug } }";
    for (operation, subtrees, holds) in [("Alone", 0, "slug"), ("Merged", 0, "country"), ("Other", 1, "slug")]
    {
        let answer = same(&request(query, json!({}), Some(operation)), operation);
        assert_eq!(answer.planned, subtrees, "{operation}");
        assert!(String::from_utf8_lossy(&answer.body).contains(holds), "{operation}");
    }
}

#[test]
fn fragments_that_double_and_hundreds_of_aliases_are_answered_alike() {
    // Spread out, the last of them asks for 2^7 fields.
    let mut query = String::from("{ mappaArea(slug: \"kent\") { ...F0 } }");
    for number in 0..7 {
        let next = number + 1;
        query.push_str(&format!(
            " fragment F{number} on MappaArea {{ ...F{next} ... on MappaArea {{ ...F{next} }} }}"
        ));
    }
    query.push_str(" fragment F7 on MappaArea { crc { slug } }");
    assert_eq!(planned(&query, json!({})), 1);
    let aliases: String = (0..295).map(|number| format!(" a{number}: name")).collect();
    assert_eq!(planned(&format!("{{ mappaArea(slug: \"kent\") {{ {aliases} }} }}"), json!({})), 1);
    let aliases: String = (0..145).map(|number| format!(" a{number}: crc {{ slug }}")).collect();
    assert_eq!(planned(&format!("{{ mappaArea(slug: \"kent\") {{ {aliases} }} }}"), json!({})), 1);
}

#[test]
fn absence_and_errors_come_out_alike() {
    let query = "{
        gone: mappaArea(slug: \"nowhere\") { slug }
        bare: mappaArea(slug: \"kent\", on: \"2005-01-01\") { welshName inForce inCharge { slug } board { name } region { slug } }
        none: node(id: \"nonsense\") { id }
        some: nodes(ids: [\"nonsense\", \"TWFwcGFBcmVhOmtlbnQ\", \"TWFwcGFBcmVhOm5vd2hlcmU\"]) { id __typename ... on MappaArea { name } }
        place: locate(place: { name: \"Atlantis\" }) { mappaArea { slug } problems { code } policeForces { slug } }
        empty: locateMany(places: []) { index } }";
    assert_eq!(planned(query, json!({})), 4);
    for query in [
        // A null where none may be takes everything with it; one where it may be only itself.
        "{ a: mappaArea(slug: \"kent\") { slug } b: mappaAreas(first: 0) { totalCount } }",
        "{ a: mappaArea(slug: \"kent\") { slug } b: mappaArea(slug: \"\") { slug } }",
        "{ a: mappaArea(slug: \"kent\") { slug } b: locate(place: { name: \"Kent\" }, knownAt: \"2199-01-01T00:00:00Z\") { on } }",
    ] {
        let answer = same(&request(query, json!({}), None), query);
        assert!(!answer.codes.is_empty(), "{query}");
    }
}

const ROUTE: &str = "query Who($facts: CaseInput!) { who: route(case: $facts) { outcome manager { kind name } problems { code field } considered { rule { id } verdict because } } }";
const LOCATE: &str = "query Where($p: PlaceInput!, $day: LocalDate, $c: Calendar) { locate(place: $p, on: $day, calendar: $c) { ...F } } fragment F on PlaceAnswer { on calendar mappaArea { slug } problems { code field candidates { mappaArea { slug } } } }";

/// What a document answers to variables as they stand, asked twice, and by juniper alone; whether the second time it was
/// read without juniper.
fn in_both_ways(query: &str, first: &str, variables: &str) -> bool {
    let documents = Documents::default();
    let query = json!(query).to_string();
    let ask = |variables: &str, is_plain| {
        let request =
            Request { query: Some(&query), variables: Some(variables), is_plain, ..Request::default() };
        match GATE.admit(&documents, &request, "r1") {
            Ok(admitted) => (admitted.is_whole(), GATE.answer(&admitted, &context(), "r1").body),
            Err(Refusal::Answered(answer)) => (false, answer.body),
            Err(refusal) => panic!("{refusal:?}: {variables}"),
        }
    };
    let (is_whole, body) = ask(first, false);
    assert!(!is_whole, "juniper compiles the plan");
    assert!(!body.starts_with(b"{\"errors\":"), "{query} is not taken");
    let ((is_whole, body), (plain_is_whole, plain)) = (ask(variables, false), ask(variables, true));
    let text = |body: Vec<u8>| String::from_utf8(body).expect("UTF-8");
    assert_eq!(text(body), text(plain), "{variables}");
    assert!(!plain_is_whole);
    is_whole
}

#[test]
fn a_look_up_by_variables_needs_juniper_the_first_time_only() {
    let case = json!({ "on": "2014-11-01", "calendar": "OPERATIONAL", "residence": { "place": { "name": "Sefton" } },
        "sentencedIn": { "mappaArea": "kent" }, "atCourt": { "policeForce": "kent-police" },
        "transfer": { "from": { "localAuthority": "Knowsley" }, "to": { "code": { "scheme": "ONS", "value": "E08000014" } }, "state": "REQUESTED" },
        "age": 34, "supervision": "LICENCE", "sentenceMonths": 24, "riskOfSeriousHarm": "VERY_HIGH", "mappaCategory": "CATEGORY_1",
        "mappaLevel": "LEVEL_2", "registeredSexualOffender": true, "rsrPercent": 6.89, "escalation": "REFERRED",
        "managedByNpsEarlierInSentence": false, "liableToDeportation": null, "terrorism": false, "publicInterest": true,
        "mostSeriousOffence": false });
    let first = json!({ "facts": { "on": "2014-11-01" } }).to_string();
    assert!(in_both_ways(ROUTE, &first, &json!({ "facts": case }).to_string()), "every fact is read");
    for fact in case.as_object().expect("a case").keys() {
        let one = json!({ "facts": { "on": "2014-05-01", fact: case[fact] } }).to_string();
        assert!(in_both_ways(ROUTE, &first, &one), "{one}");
    }
    for residence in [json!({ "noFixedAbode": true }), json!({ "usuallyFoundIn": { "name": "Wales" } })] {
        let one = json!({ "facts": { "on": "2014-05-01", "residence": residence } }).to_string();
        assert!(in_both_ways(ROUTE, &first, &one), "{one}");
    }
    let first = json!({ "p": { "name": "Kent" } }).to_string();
    let all = json!({ "c": "OPERATIONAL", "p": { "name": "Kent" }, "day": "2014-05-01" }).to_string();
    assert!(in_both_ways(LOCATE, &first, &all));
    let only = "query($p: PlaceInput!) { locate(place: $p) { on mappaArea { name } } }";
    assert!(in_both_ways(
        only,
        &first,
        &json!({ "p": { "code": { "scheme": "ONS", "value": "Z" } } }).to_string()
    ));
}

#[test]
fn what_is_unusual_in_variables_is_left_to_juniper() {
    let first = json!({ "facts": { "on": "2014-11-01" } }).to_string();
    for facts in [
        r#"null"#,
        r#"[]"#,
        r#"["2014-11-01"]"#,
        r#"[{"on":"2014-11-01"}]"#,
        r#""2014-11-01""#,
        r#"{}"#,
        r#"{"on":null}"#,
        r#"{"on":"2014-11-31"}"#,
        r#"{"on":["2014-11-01"]}"#,
        r#"{"on":20141101}"#,
        r#"{"on":"2014-11-01","on":"2014-11-02"}"#,
        r#"{"on":"2014-11-01","age":34,"age":35}"#,
        r#"{"on":"2014-11-01","name":"z"}"#,
        r#"{"on":"2014-11-01","sentenced_in":{"mappaArea":"kent"}}"#,
        r#"{"on":"2014-11-01","age":34.0}"#,
        r#"{"on":"2014-11-01","age":34.5}"#,
        r#"{"on":"2014-11-01","age":"34"}"#,
        r#"{"on":"2014-11-01","age":3400000000}"#,
        r#"{"on":"2014-11-01","age":-0}"#,
        r#"{"on":"2014-11-01","age":true}"#,
        r#"{"on":"2014-11-01","rsrPercent":7}"#,
        r#"{"on":"2014-11-01","rsrPercent":12345678901234567890}"#,
        r#"{"on":"2014-11-01","rsrPercent":1e999}"#,
        r#"{"on":"2014-11-01","rsrPercent":"7"}"#,
        r#"{"on":"2014-11-01","terrorism":"true"}"#,
        r#"{"on":"2014-11-01","terrorism":1}"#,
        r#"{"on":"2014-11-01","supervision":"licence"}"#,
        r#"{"on":"2014-11-01","supervision":"Licence"}"#,
        r#"{"on":"2014-11-01","supervision":{"LICENCE":null}}"#,
        r#"{"on":"2014-11-01","supervision":["LICENCE"]}"#,
        r#"{"on":"2014-11-01","supervision":3}"#,
        r#"{"on":"2014-11-01","mappaCategory":"CATEGORY1"}"#,
        r#"{"on":"2014-11-01","residence":"noFixedAbode"}"#,
        r#"{"on":"2014-11-01","residence":{}}"#,
        r#"{"on":"2014-11-01","residence":{"noFixedAbode":null}}"#,
        r#"{"on":"2014-11-01","residence":{"noFixedAbode":true,"place":null}}"#,
        r#"{"on":"2014-11-01","residence":{"noFixedAbode":true,"place":{"name":"Kent"}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"name":"Kent","mappaArea":"kent"}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"Name":"Kent"}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"name":7}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"name":"\ud800"}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"code":{"scheme":"ONS"}}}}"#,
        r#"{"on":"2014-11-01","residence":{"place":{"code":["ONS","E08000014"]}}}"#,
        r#"{"on":"2014-11-01","transfer":{}}"#,
        r#"{"on":"2014-11-01","transfer":{"to":null}}"#,
        r#"{"on":"2014-11-01","transfer":{"to":{"name":"Kent"},"by":1}}"#,
    ] {
        // Most are refused, a few mean something: the same either way.
        in_both_ways(ROUTE, &first, &format!("{{\"facts\":{facts}}}"));
    }
    for variables in [
        r#"{}"#,
        r#"{"facts":{"on":"2014-11-01"},"more":1}"#,
        r#"{"facts":{"on":"2014-11-01"},"facts":{"on":"2014-11-02"}}"#,
        r#"{"facts":{"on":"2014-11-01"}} "#,
        r#"{"fact\u0073":{"on":"2014-11-01"}}"#,
        r#"{"Facts":{"on":"2014-11-01"}}"#,
    ] {
        in_both_ways(ROUTE, &first, variables);
    }
    let first = json!({ "p": { "name": "Kent" } }).to_string();
    for variables in [
        r#"{"p":{"name":"Kent"}}"#,
        r#"{"p":{"name":"Kent"},"day":null,"c":null}"#,
        r#"{"p":null,"day":"2014-05-01","c":"OPERATIONAL"}"#,
        r#"{"p":{"name":"Kent"},"day":"1.5.2014","c":"OPERATIONAL"}"#,
        r#"{"p":{"name":"Kent"},"day":"2014-05-01","c":"operational"}"#,
    ] {
        assert!(!in_both_ways(LOCATE, &first, variables), "{variables}");
    }
}

#[test]
fn an_operation_that_is_more_than_one_look_up_is_always_left_to_juniper() {
    for query in [
        "query($p: PlaceInput!) { a: locate(place: $p) { on } b: locate(place: $p) { on } }",
        "query($p: PlaceInput!) { __typename locate(place: $p) { on } }",
        "query($p: PlaceInput!) { ...F } fragment F on Query { locate(place: $p) { on } }",
        "query($p: PlaceInput!) { locate(place: $p) @skip(if: false) { on } }",
        "query($p: PlaceInput!) { locate(place: $p, on: \"2014-05-01\") { on } }",
        "query($p: PlaceInput!, $d: LocalDate = \"2014-05-01\") { locate(place: $p, on: $d) { on } }",
        "query($p: PlaceInput!, $k: DateTime) { locate(place: $p, knownAt: $k) { on } }",
        "query($p: String!) { locate(place: { name: $p }) { on } }",
        "query($p: PlaceInput!) { locate(place: $p) { on npsDivision { posts { title } } } }",
        "query($p: PlaceInput!) { locateMany(places: [$p]) { on } }",
    ] {
        let place = if query.contains("$p: String") { json!("Kent") } else { json!({ "name": "Kent" }) };
        let variables = json!({ "p": place }).to_string();
        assert!(!in_both_ways(query, &variables, &variables), "{query}");
    }
}
