//! The one place that turns mistakes and faults into GraphQL errors: codes from a closed list, a field, a
//! remedy, and never a value of the request.

use super::known_names;
use super::scalar::Scalar;
use juniper::{FieldError, GraphQLError, RuleError, Value, parser::SourcePosition};
use serde_json::{Value as Json, json};

/// Codes of top-level errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request cannot be read.
    BadRequest,
    /// A value is not what its field takes.
    BadUserInput,
    /// The document is not valid for this schema.
    GraphqlValidationFailed,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document is larger than this service takes.
    LimitExceeded,
    /// The request asks for more fields than one answer may have.
    CostExceeded,
    /// No trusted document has that id.
    PersistedQueryNotFound,
    /// Only trusted documents are taken.
    DocumentNotTrusted,
    /// The document has failed too often of late.
    DocumentBlocked,
    /// The database is away or busy, and nothing was written.
    Unavailable,
    /// The connection was lost at a commit: it may be written, or not.
    OutcomeUnknown,
    /// Our fault.
    Internal,
}

impl Code {
    /// The code as clients see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::BadRequest => "BAD_REQUEST",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::LimitExceeded => "LIMIT_EXCEEDED",
            Code::CostExceeded => "COST_EXCEEDED",
            Code::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Code::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Code::DocumentBlocked => "DOCUMENT_BLOCKED",
            Code::Unavailable => "UNAVAILABLE",
            Code::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Code::Internal => "INTERNAL",
        }
    }
}

/// Mistakes of a caller that a resolver finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A value is not what its field takes.
    BadUserInput,
    /// The day lies before the directory begins.
    DateOutOfScope,
    /// The instant lies before the first record.
    KnownAtBeforeRecords,
    /// The instant lies in the future.
    KnownAtInFuture,
    /// The database is away or busy, and nothing was written.
    Unavailable,
    /// The connection was lost at a commit: it may be written, or not.
    OutcomeUnknown,
    /// Our fault, and nothing was written.
    Broken,
}

impl Mistake {
    fn code(self) -> &'static str {
        match self {
            Mistake::BadUserInput => Code::BadUserInput.as_str(),
            Mistake::DateOutOfScope => "DATE_OUT_OF_SCOPE",
            Mistake::KnownAtBeforeRecords => "KNOWN_AT_BEFORE_RECORDS",
            Mistake::KnownAtInFuture => "KNOWN_AT_IN_FUTURE",
            Mistake::Unavailable => Code::Unavailable.as_str(),
            Mistake::OutcomeUnknown => Code::OutcomeUnknown.as_str(),
            Mistake::Broken => Code::Internal.as_str(),
        }
    }
}

/// An error that a resolver gives: what is wrong with which field, and what would be right.
pub fn mistake(mistake: Mistake, field: &str, message: &str, remedy: &str) -> FieldError<Scalar> {
    let mut extensions = juniper::Object::with_capacity(3);
    for (key, value) in [("code", mistake.code()), ("field", field), ("remedy", remedy)] {
        extensions.add_field(key, Value::scalar(value.to_owned()));
    }
    FieldError::new(message, Value::object(extensions))
}

/// Most characters of a message.
pub const LONGEST_MESSAGE: usize = 200;

/// Most errors that an answer carries.
pub const MOST_ERRORS: usize = 10;

/// An error of the whole request.
pub fn whole(code: Code, message: &str, request_id: &str) -> Json {
    json!({ "message": message, "extensions": { "code": code.as_str(), "requestId": request_id } })
}

/// What is told of something that exceeds a limit.
pub fn of_limit(what: &str, limit: &str, most: usize) -> String {
    format!("{what}: {limit} may be at most {most}. /limits tells all limits.")
}

/// The errors of a request that was not executed.
pub fn of_graphql(error: &GraphQLError, request_id: &str) -> Vec<Json> {
    match error {
        GraphQLError::ParseError(spanning) => {
            // What is too deep for the parser is too deep even for a document that asks for the schema.
            let exceeded = match &spanning.item {
                juniper::ParseError::DepthLimitExceeded(most) => Some(("introspectionDepth", *most)),
                juniper::ParseError::TokenLimitExceeded(most) => Some(("documentTokens", *most)),
                juniper::ParseError::FieldLimitExceeded(most) => Some(("documentFields", *most)),
                _ => None,
            };
            let position = [&spanning.start()];
            vec![match exceeded {
                Some((limit, most)) => {
                    let message = of_limit("The document", limit, most);
                    let mut error = located(Code::LimitExceeded, message, &position, request_id, None);
                    error["extensions"]["limit"] = json!({ "name": limit, "most": most });
                    error
                }
                None => {
                    let message = "The document is not GraphQL: it cannot be read from this place on.";
                    located(Code::GraphqlParseFailed, message.to_owned(), &position, request_id, None)
                }
            }]
        }
        GraphQLError::ValidationError(errors) => {
            errors.iter().take(MOST_ERRORS).map(|error| of_rule(error, request_id)).collect()
        }
        GraphQLError::NoOperationProvided => {
            vec![whole(Code::BadRequest, "The document has no operation.", request_id)]
        }
        GraphQLError::MultipleOperationsProvided => vec![whole(
            Code::BadRequest,
            "The document has more than one operation: say which in operationName.",
            request_id,
        )],
        GraphQLError::UnknownOperationName => {
            vec![whole(
                Code::BadRequest,
                "The document has no operation of the name in operationName.",
                request_id,
            )]
        }
        GraphQLError::IsSubscription | GraphQLError::NotSubscription | GraphQLError::NotSupported(_) => {
            vec![whole(Code::BadRequest, "This service answers queries only.", request_id)]
        }
    }
}

fn located(
    code: Code,
    message: String,
    positions: &[&SourcePosition],
    request_id: &str,
    value: Option<&WrongValue>,
) -> Json {
    let locations: Vec<Json> = positions
        .iter()
        .map(|position| json!({ "line": position.line() + 1, "column": position.column() + 1 }))
        .collect();
    let mut extensions = json!({ "code": code.as_str(), "requestId": request_id });
    if let Some(value) = value {
        extensions["field"] = json!(value.field);
        extensions["remedy"] = json!(value.remedy());
        if let Some(expected) = &value.expected {
            extensions["expectedType"] = json!(expected);
        }
    }
    json!({ "message": message, "locations": locations, "extensions": extensions })
}

/// Rules of validation whose messages name parts of the document only, never a value. Of the names, those of the schema
/// are told.
///
/// Whatever juniper says beyond these stays inside: a new message of a new version could echo a value.
const NAMING: [&str; 18] = [
    "Unknown field ",
    "Unknown argument ",
    "Unknown type ",
    "Unknown fragment",
    "Unknown directive",
    "Field \"",
    "Fragment \"",
    "Cannot spread fragment",
    "There can only be one ",
    "There can be only one ",
    "Variable \"$",
    "Variable \"",
    "Argument \"",
    "Directive \"",
    "This anonymous operation",
    "Subscriptions",
    "GraphQL introspection",
    "The document",
];

fn of_rule(error: &RuleError, request_id: &str) -> Json {
    let positions: Vec<&SourcePosition> = error.locations().iter().collect();
    if let Some(value) = WrongValue::read(error.message()) {
        let message = match (&value.expected, value.reason) {
            (_, Reason::UnknownMember) => format!("{} is not a member of its input type.", value.field),
            (_, Reason::NotExactlyOne) => format!("{} must have exactly one member.", value.field),
            (Some(expected), Reason::WrongType) => {
                format!("{} is not a valid value: expected {expected}.", value.field)
            }
            (None, Reason::WrongType) => format!("{} is not a valid value of its type.", value.field),
        };
        return located(Code::BadUserInput, message, &positions, request_id, Some(&value));
    }
    let is_naming = NAMING.iter().any(|start| error.message().starts_with(start));
    let told = is_naming.then(|| known_names::without_others(error.message())).flatten();
    let message = told.map_or_else(
        || "The document is not valid for this schema at this place.".to_owned(),
        |told| told.chars().take(LONGEST_MESSAGE).collect(),
    );
    located(Code::GraphqlValidationFailed, message, &positions, request_id, None)
}

/// A wrong value as juniper reports it, reduced to names that the schema or the document has: the value itself
/// is dropped.
struct WrongValue {
    field: String,
    expected: Option<String>,
    reason: Reason,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// It is not of its type.
    WrongType,
    /// Its type has no such member.
    UnknownMember,
    /// A `@oneOf` input was given none or several members.
    NotExactlyOne,
}

impl Reason {
    fn read(rest: &str) -> Reason {
        if rest.starts_with("Unknown field") || rest.starts_with("Field \"") {
            Reason::UnknownMember
        } else if rest.starts_with("Exactly one key")
            || rest.starts_with("Value for member field")
            || rest.contains("Exactly one key must be specified")
        {
            Reason::NotExactlyOne
        } else {
            Reason::WrongType
        }
    }
}

impl WrongValue {
    fn read(message: &str) -> Option<WrongValue> {
        if let Some(rest) = message.strip_prefix("Variable \"$") {
            let (name, rest) = rest.split_once('"')?;
            if let Some(rest) = rest.strip_prefix(" got invalid value. ") {
                let (path, rest) = path_of(rest);
                return Some(WrongValue {
                    field: field(name, &path),
                    expected: expected_in(rest),
                    reason: Reason::read(rest),
                });
            }
            let rest = rest.strip_prefix(" of required type \"")?;
            let (expected, rest) = rest.split_once('"')?;
            rest.starts_with(" was not provided").then(|| WrongValue {
                field: field(name, ""),
                expected: Some(expected.to_owned()),
                reason: Reason::WrongType,
            })
        } else {
            let rest = message.strip_prefix("Invalid value for argument \"")?;
            let (name, rest) = rest.split_once('"')?;
            let reason = rest.strip_prefix(", reason: ")?;
            let (path, reason) = literal_path_of(reason);
            Some(WrongValue {
                field: field(name, &path),
                expected: expected_in(reason),
                reason: Reason::read(reason),
            })
        }
    }

    fn remedy(&self) -> &'static str {
        match self.reason {
            Reason::UnknownMember => return "give members that the type has in the schema",
            Reason::NotExactlyOne => return "give exactly one member, and not null",
            Reason::WrongType => {}
        }
        match self.expected.as_deref().map(|name| name.trim_end_matches('!')) {
            Some("LocalDate") => "give a day as YYYY-MM-DD, from 1900-01-01 to 2199-12-31",
            Some("DateTime") => "give an instant as RFC 3339 in UTC, for example 2014-06-01T09:30:00Z",
            Some("Int") => "give a whole number",
            Some("PlaceInput") => "give exactly one of the members of PlaceInput",
            Some("Calendar") => "give PUBLISHED or OPERATIONAL",
            _ => "look the type up in the schema and give a value of it",
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A wrong value's place. A variable is named where it is called like something of the schema, as a rule what it is for.
fn field(name: &str, path: &str) -> String {
    let name = if known_names::is_known(name) { name } else { "a variable" };
    format!("{name}{path}")
}

/// Whether the schema has an input field of that name: keys of a client's own making are not repeated.
fn is_input_field(name: &str) -> bool {
    is_name(name)
        && super::SCHEMA.schema.concrete_type_list().into_iter().any(|of| match of {
            juniper::meta::MetaType::InputObject(object) => {
                object.input_fields.iter().any(|f| f.name == name)
            }
            _ => false,
        })
}

fn path_of(mut rest: &str) -> (String, &str) {
    let mut path = String::new();
    loop {
        if let Some(after) = rest.strip_prefix("In element #")
            && let Some((number, after)) = after.split_once(": ")
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
        {
            path.push_str(&format!("[{number}]"));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("In field \"")
            && let Some((name, after)) = after.split_once("\": ")
        {
            path.push('.');
            path.push_str(if is_input_field(name) { name } else { "(unknown)" });
            rest = after;
        } else {
            return (path, rest);
        }
    }
}

fn literal_path_of(mut rest: &str) -> (String, &str) {
    let mut path = String::new();
    while let Some(after) = rest.strip_prefix("Error on \"")
        && let Some((_, after)) = after.split_once("\" field \"")
        && let Some((name, after)) = after.split_once("\": ")
    {
        path.push('.');
        path.push_str(if is_input_field(name) { name } else { "(unknown)" });
        rest = after;
    }
    (path, rest)
}

/// The type that was expected, where it is one of the schema's and stands where juniper puts it.
fn expected_in(rest: &str) -> Option<String> {
    let is_type = |name: &str| {
        let bare = name.trim_matches(|c| "[]!".contains(c));
        is_name(bare) && super::SCHEMA.schema.concrete_type_by_name(bare).is_some()
    };
    for (start, end) in [
        ("Expected input scalar `", '`'),
        ("Expected input of type `", '`'),
        ("Expected \"", '"'),
        ("Invalid value for enum \"", '"'),
        ("\"null\" specified for not nullable type \"", '"'),
    ] {
        if let Some((name, _)) = rest.strip_prefix(start).and_then(|after| after.split_once(end)) {
            return is_type(name).then(|| name.to_owned());
        }
    }
    // A literal's message ends with its type; the value before it may hold anything.
    for middle in ["\" for type \"", "\" for enum \""] {
        if let Some((_, name)) = rest.rsplit_once(middle) {
            let name = name.trim_end_matches('"');
            return is_type(name).then(|| name.to_owned());
        }
    }
    let name = rest.strip_prefix('"').and_then(|after| after.split_once("\" is ")).map(|(name, _)| name)?;
    is_type(name).then(|| name.to_owned())
}

/// How juniper begins what it says of an argument that it cannot convert. Validation has seen the types by then,
/// so what is left are variables within a literal that have no value.
const CONVERSIONS: [&str; 4] =
    ["Exactly one key must be specified", "Expected ", "Failed to convert ", "Missing argument "];

/// The errors of an execution, with codes; at most ten.
pub fn of_execution(errors: &[juniper::ExecutionError<Scalar>], request_id: &str) -> Vec<Json> {
    let located = errors.iter().take(MOST_ERRORS).map(|error| {
        let position = error.location();
        let mut extensions = serde_json::to_value(error.error().extensions()).unwrap_or(Json::Null);
        let mut message = error.error().message();
        // An error without a code of ours was not meant for clients.
        if extensions.get("code").is_none() {
            (message, extensions) = if CONVERSIONS.iter().any(|start| message.starts_with(start)) {
                let remedy = "give every variable inside an argument a value, and not null";
                let code = Code::BadUserInput.as_str();
                (
                    "A variable inside an argument has no value.",
                    json!({ "code": code, "field": "a variable", "remedy": remedy }),
                )
            } else {
                ("The service failed to answer this field.", json!({ "code": Code::Internal.as_str() }))
            };
        }
        extensions["requestId"] = json!(request_id);
        json!({
            "message": message,
            "locations": [{ "line": position.line() + 1, "column": position.column() + 1 }],
            "path": error.path(),
            "extensions": extensions,
        })
    });
    located.collect()
}
