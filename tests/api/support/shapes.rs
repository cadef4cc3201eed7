//! Hostile requests that grow: each shape says how far it may grow, and what refuses it beyond.
//!
//! What is expected follows from the published limits and from GraphQL, and is checked by `hostile`.

use serde_json::json;

/// Codes of requests that are refused by what they are, whatever a document says.
const INVALID: &[&str] =
    &["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "BAD_REQUEST", "LIMIT_EXCEEDED"];
const LIMIT: &[&str] = &["LIMIT_EXCEEDED"];
const TOO_MUCH: &[&str] = &["LIMIT_EXCEEDED", "COST_EXCEEDED"];
const WRONG: &[&str] = &["LIMIT_EXCEEDED", "BAD_USER_INPUT"];

/// A request that grows.
pub struct Shape {
    /// What grows.
    pub what: &'static str,
    /// The greatest size that is answered; none where nothing of the kind is.
    pub most: usize,
    /// Codes that may refuse a greater one.
    pub codes: &'static [&'static str],
    /// The body of a size.
    pub body: fn(usize) -> String,
}

/// Something as often as this, in one piece.
pub fn times(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

fn document(text: String) -> String {
    json!({ "query": text }).to_string()
}

/// Something within something, so many times.
pub fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// Fragments of the root, each with what the next number gives.
fn fragments(count: usize, inner: impl Fn(usize) -> String) -> String {
    format!("{{ ...F0 }} {}", times(count, |n| format!("fragment F{n} on Query {{ {} }} ", inner(n))))
}

/// A body whose variables are written as text: a tree of such a depth would end the test instead of the service.
fn with_variables(query: &str, variables: &str) -> String {
    format!("{{\"query\":{},\"variables\":{variables}}}", json!(query))
}

fn list(count: usize, item: &str) -> String {
    format!("{{\"v\":[{}]}}", vec![item; count].join(","))
}

const LOCATE_MANY: &str = "query($v: [PlaceInput!]!) { locateMany(places: $v) { index } }";

fn named(literal: &str) -> String {
    document(format!("{{ mappaArea(slug: {literal}) {{ slug }} }}"))
}

macro_rules! shapes {
    ($($what:literal, $most:expr, $codes:expr, $make:expr;)+) => {
        /// Every shape.
        pub const SHAPES: &[Shape] = &[$(Shape { what: $what, most: $most, codes: $codes, body: $make }),+];
    };
}

/// As large as the body may be.
pub const BODY: usize = usize::MAX;

shapes! {
    "open braces", 0, INVALID, |n| document("{".repeat(n));
    "open brackets", 0, INVALID, |n| document(format!("{{ mappaArea(slug: {}", "[".repeat(n)));
    "levels of unknown fields", 0, INVALID, |n| document(nested("{ a ", "", "}", n));
    // A level for the root's field and one for the name.
    "levels of introspection", 18, LIMIT, |n| {
        document(format!("{{ __type(name: \"Query\") {{ {} }} }}", nested("ofType { ", "name", " }", n)))
    };
    // The root's field and the last slug are levels, too.
    "levels of package areas and companies", 10, LIMIT, |n| {
        let levels = times(n, |n| if n % 2 == 0 { "crc { " } else { "contractPackageArea { " }.to_owned());
        let ends = " }".repeat(n);
        document(format!("{{ contractPackageArea(slug: \"wales\") {{ {levels} slug {ends} }} }}"))
    };
    "nested lists in a literal", 0, INVALID, |n| {
        document(format!("{{ mappaArea(slug: {}) {{ slug }} }}", nested("[", "1", "]", n)))
    };
    "nested objects in a literal", 0, INVALID, |n| {
        document(format!("{{ locate(place: {}) {{ index }} }}", nested("{ a: ", "1", "}", n)))
    };
    "nested lists in a default", 0, INVALID, |n| {
        document(format!("query($v: Int = {}) {{ mappaAreas(first: $v) {{ totalCount }} }}", nested("[", "1", "]", n)))
    };
    "nested list types of a variable", 0, INVALID, |n| {
        document(format!("query($v: {}) {{ __typename }}", nested("[", "Int", "]", n)))
    };
    "nested inline fragments", 19, LIMIT, |n| document(format!("{{ {} }}", nested("... { ", "__typename", " }", n)));
    "a chain of fragments", 19, LIMIT, |n| {
        document(fragments(n, |k| if k + 1 < n { format!("...F{}", k + 1) } else { "__typename".to_owned() }))
    };
    "a cycle of fragments", 0, INVALID, |n| document(fragments(n, |k| format!("...F{}", (k + 1) % n)));
    // Two, four, eight fields of the root; sixteen are more than ten.
    "doubling fragments", 4, LIMIT, |n| {
        let inner = |k| if k + 1 < n { format!("...F{next} ...F{next}", next = k + 1) } else { "__typename".to_owned() };
        document(fragments(n, inner))
    };
    "doubling fragments that end in nothing", 0, INVALID, |n| {
        document(fragments(n, |k| format!("...F{next} ...F{next}", next = k + 1)))
    };
    "fragments that double in a circle", 0, INVALID, |n| {
        document(fragments(n, |k| format!("...F{next} ...F{next} __typename", next = (k + 1) % n)))
    };
    "fragments that are all spread in one place", 20, LIMIT, |n| {
        let spreads = times(n, |k| format!("...F{k} "));
        let bodies = times(n, |k| format!("fragment F{k} on DirectoryStatus {{ version }} "));
        document(format!("{{ directory {{ {spreads} }} }} {bodies}"))
    };
    "fragments that nobody spreads", 0, INVALID, |n| {
        document(format!("{{ __typename }} {}", times(n, |k| format!("fragment F{k} on Query {{ __typename }} "))))
    };
    "spreads of one fragment", 10, LIMIT, |n| {
        document(format!("{{ {} }} fragment F on Query {{ __typename }}", "...F ".repeat(n)))
    };
    "aliases", 15, LIMIT, |n| document(format!("{{ directory {{ {} }} }}", times(n, |k| format!("a{k}: version "))));
    "aliases of a list at the root", 10, TOO_MUCH, |n| {
        document(format!("{{ {} }}", times(n, |k| format!("a{k}: mappaAreas(first: 100) {{ nodes {{ slug }} }} "))))
    };
    "fields of the root", 10, LIMIT, |n| document(format!("{{ {} }}", "__typename ".repeat(n)));
    "directives at one place", 5, LIMIT, |n| document(format!("{{ __typename {} }}", "@include(if: true) ".repeat(n)));
    "directives everywhere", 20, LIMIT, |n| {
        document(format!("{{ directory {{ {} }} }}", "version @skip(if: false) ".repeat(n)))
    };
    "unknown directives", 0, INVALID, |n| document(format!("{{ __typename {} }}", "@nothing ".repeat(n)));
    "unknown fields", 0, INVALID, |n| document(format!("{{ {} }}", "nothing ".repeat(n)));
    "unknown arguments", 0, INVALID, |n| {
        document(format!("{{ mappaArea({}) {{ slug }} }}", times(n, |k| format!("a{k}: 1 "))))
    };
    "one argument, repeated", 1, INVALID, |n| {
        document(format!("{{ mappaArea({}) {{ slug }} }}", "slug: \"kent\" ".repeat(n)))
    };
    "members of an object that it does not have", 0, INVALID, |n| {
        document(format!("{{ locate(place: {{ {} }}) {{ index }} }}", times(n, |k| format!("a{k}: 1 "))))
    };
    // One field is the one they stand in.
    "overlapping fields", 299, LIMIT, |n| document(format!("{{ directory {{ {} }} }}", "version ".repeat(n)));
    "fields that do not agree", 1, INVALID, |n| {
        document(format!("{{ {} }}", times(n, |k| format!("mappaArea(slug: \"a{k}\") {{ slug }} "))))
    };
    "fields that do not agree in fragments", 1, INVALID, |n| {
        let fragment = |k| format!("fragment F{k} on Query {{ mappaArea(slug: \"a{k}\") {{ slug }} }} ");
        document(format!("{{ {} }} {}", times(n, |k| format!("...F{k} ")), times(n, fragment)))
    };
    "a text", 200, WRONG, |n| named(&format!("\"{}\"", "z".repeat(n)));
    "a text of escapes", 200, WRONG, |n| named(&format!("\"{}\"", "\\u0041".repeat(n)));
    "a block text", 200, WRONG, |n| named(&format!("\"\"\"{}\"\"\"", "z".repeat(n)));
    "a block text of indented lines", 0, INVALID, |n| named(&format!("\"\"\"{}\"\"\"", "\n  z".repeat(n + 1)));
    "a text in a variable", 200, WRONG, |n| {
        let query = "query($v: String!) { mappaArea(slug: $v) { slug } }";
        with_variables(query, &json!({ "v": "z".repeat(n) }).to_string())
    };
    // 1 and 11 are pages; 111 is more than a page may have.
    "digits of a number", 2, &["LIMIT_EXCEEDED", "COST_EXCEEDED", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"], |n| {
        document(format!("{{ mappaAreas(first: {}) {{ totalCount }} }}", "1".repeat(n)))
    };
    "digits of a fraction", 0, INVALID, |n| {
        document(format!("{{ mappaAreas(first: 1.{}e{}) {{ totalCount }} }}", "1".repeat(n), "9".repeat(n.min(400))))
    };
    "digits of a number in a variable", 2, &["LIMIT_EXCEEDED", "COST_EXCEEDED", "BAD_USER_INPUT", "BAD_REQUEST"], |n| {
        let query = "query($v: Int) { mappaAreas(first: $v) { totalCount } }";
        with_variables(query, &format!("{{\"v\":{}}}", "1".repeat(n)))
    };
    "a name", 0, INVALID, |n| document(format!("{{ {} }}", "z".repeat(n)));
    "an operation's name", BODY, LIMIT, |n| document(format!("query {} {{ __typename }}", "z".repeat(n)));
    "an operation's name that is asked for", 0, INVALID, |n| {
        json!({ "query": "{ __typename }", "operationName": "z".repeat(n) }).to_string()
    };
    "levels of the variables", 1, WRONG, |n| {
        with_variables(LOCATE_MANY, &format!("{{\"v\":{}}}", nested("[", "{\"name\":\"Kent\"}", "]", n)))
    };
    "levels of objects in the variables", 0, WRONG, |n| {
        with_variables(LOCATE_MANY, &format!("{{\"v\":{}}}", nested("{\"a\":", "[]", "}", n)))
    };
    "places in the variables", 500, &["LIMIT_EXCEEDED", "COST_EXCEEDED", "BAD_USER_INPUT"], |n| with_variables(LOCATE_MANY, &list(n, "{\"name\":\"Kent\"}"));
    "wrong places in the variables", 0, &["LIMIT_EXCEEDED", "COST_EXCEEDED", "BAD_USER_INPUT"], |n| with_variables(LOCATE_MANY, &list(n, "1"));
    "ids in the variables", 100, &["LIMIT_EXCEEDED", "COST_EXCEEDED", "BAD_USER_INPUT"], |n| {
        with_variables("query($v: [ID!]!) { nodes(ids: $v) { id } }", &list(n, "\"z\""))
    };
    "cases in the variables", 0, WRONG, |n| {
        with_variables("query($v: [CaseInput!]!) { routeMany(cases: $v) { outcome } }", &list(n, "{\"on\":\"zz\"}"))
    };
    "variables that nobody asks for", 200, LIMIT, |n| {
        let variables: Vec<String> = (0..n).map(|k| format!("\"a{k}\":1")).collect();
        with_variables("{ __typename }", &format!("{{{}}}", variables.join(",")))
    };
    "variables that are declared for nothing", 0, INVALID, |n| {
        document(format!("query({}) {{ __typename }}", times(n, |k| format!("$a{k}: Int "))))
    };
    // Five tokens an item beside twelve.
    "places in a literal", 397, LIMIT, |n| {
        document(format!("{{ locateMany(places: [{}]) {{ index }} }}", "{ name: \"z\" } ".repeat(n)))
    };
    "an unknown type with a default", 0, &["INTERNAL", "LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED"], |n| {
        document(format!("query($v: Z{} = 1) {{ __typename }}", "z".repeat(n)))
    };
    "an unknown type without a default", 0, INVALID, |n| {
        document(format!("query($v: Z{}) {{ __typename }}", "z".repeat(n)))
    };
    "halves of pairs in a literal", 0, INVALID, |n| named(&format!("\"{}\"", "\\uD800".repeat(n)));
    "control characters in a literal", 0, INVALID, |n| named(&format!("\"{}\"", "\\u0000".repeat(n)));
    "control characters in a document", 0, INVALID, |n| document(format!("{{ __typename {} }}", "\u{0}".repeat(n)));
    "comments only", 0, INVALID, |n| document("#\n".repeat(n));
    "comments before a query", BODY, LIMIT, |n| document(format!("{}{{ __typename }}", "#\n".repeat(n)));
    "commas", BODY, LIMIT, |n| document(format!("{{ __typename {} }}", ",".repeat(n)));
    // Fifty areas, each with a division of 42 areas; another round is 42 times as much.
    "rounds between areas and divisions", 1, TOO_MUCH, |n| {
        document(format!("{{ mappaAreas {{ nodes {{ {} }} }} }}", nested("npsDivision { mappaAreas { ", "slug", " } }", n)))
    };
    "rounds between areas and who is in charge", 1, TOO_MUCH, |n| {
        let inner = nested("inCharge { mappaAreas { ", "slug", " } }", n);
        document(format!("{{ mappaAreas(first: 10) {{ nodes {{ {inner} }} }} }}"))
    };
    // 110 types with 8 fields each, and 8 fields of theirs; then eight times as much.
    "rounds of introspection", 2, TOO_MUCH, |n| {
        let inner = nested("fields { type { ofType { ", "name", " } } }", n);
        document(format!("{{ __schema {{ types {{ {inner} }} }} }}"))
    };
    // 18 times as much each round.
    "rounds between possible types and interfaces", 3, TOO_MUCH, |n| {
        let inner = nested("possibleTypes { interfaces { ", "name", " } }", n);
        document(format!("{{ __type(name: \"Node\") {{ {inner} }} }}"))
    };
    // Five tokens each.
    "operations in one document", 400, LIMIT, |n| {
        let query = times(n, |k| format!("query Q{k} {{ __typename }} "));
        json!({ "query": query, "operationName": "Q0" }).to_string()
    };
    "operations without a name", 1, INVALID, |n| document("{ __typename } ".repeat(n));
    "levels of the extensions", BODY, LIMIT, |n| {
        format!("{{\"query\":\"{{ __typename }}\",\"extensions\":{{\"a\":{}}}}}", nested("[", "1", "]", n))
    };
    "a batch", 0, INVALID, |n| json!(vec![json!({ "query": "{ __typename }" }); n]).to_string();
}
