//! Which names the schema has: an error repeats those, and none of a caller's own making.
//!
//! Somebody who puts a document together from texts may have a person's name where a field or variable stands.

use super::SCHEMA;
use juniper::meta::MetaType;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What stands where a name of a caller's own making is left out.
const LEFT_OUT: &str = "(not repeated)";

/// Names of types, fields, members of inputs, arguments and directives.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut names = HashSet::new();
    for directive in SCHEMA.schema.directive_list() {
        names.insert(directive.name.to_string());
        names.extend(directive.arguments.iter().map(|argument| argument.name.to_string()));
    }
    for of in SCHEMA.schema.concrete_type_list() {
        names.extend(of.name().map(ToString::to_string));
        let fields = match of {
            MetaType::Object(object) => object.fields.as_slice(),
            MetaType::Interface(interface) => interface.fields.as_slice(),
            MetaType::InputObject(object) => {
                names.extend(object.input_fields.iter().map(|member| member.name.to_string()));
                &[]
            }
            _ => &[],
        };
        for field in fields {
            names.insert(field.name.to_string());
            names.extend(field.arguments.iter().flatten().map(|argument| argument.name.to_string()));
        }
    }
    names
});

/// Whether anything of the schema is called so.
pub fn is_known(name: &str) -> bool {
    KNOWN.contains(name)
}

/// A message of validation without the names that the schema does not have. None where it cannot be told what of it
/// is a name.
pub fn without_others(message: &str) -> Option<String> {
    if message.starts_with("There can only be one ") {
        // Some of these have no quotation marks around the name, which is their last word.
        return message.split_once(" named ").map(|(what, _)| format!("{what} of the same name"));
    }
    let parts: Vec<&str> = message.split('"').collect();
    // Names stand between quotation marks, and have none themselves.
    let told = parts.iter().enumerate().map(|(index, part)| {
        let name = part.trim_matches(|c| "$@[]!".contains(c));
        if index % 2 == 0 || is_known(name) { *part } else { LEFT_OUT }
    });
    (parts.len() % 2 == 1).then(|| told.collect::<Vec<_>>().join("\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_schema_are_told_and_others_are_not() {
        for (message, told) in [
            (
                r#"Unknown argument "zq" on field "mappaArea" of type "Query""#,
                Some(r#"Unknown argument "(not repeated)" on field "mappaArea" of type "Query""#),
            ),
            (
                r#"Variable "$slug" of type "Int" used in position expecting type "String!""#,
                Some(r#"Variable "$slug" of type "Int" used in position expecting type "String!""#),
            ),
            (
                "There can only be one operation named zq",
                Some("There can only be one operation of the same name"),
            ),
            (
                r#"Directive "@include" argument "if" of type "Boolean!" is required"#,
                Some(r#"Directive "@include" argument "if" of type "Boolean!" is required"#),
            ),
            (r#"Unknown field "zq on type "Query""#, None),
        ] {
            assert_eq!(without_others(message).as_deref(), told, "{message}");
        }
    }
}
