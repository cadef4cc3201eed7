//! The variables of a request: bounded before they are read, and read once.

use super::document::Exceeded;
use super::limits::Limits;
use super::scalar::Scalar;
use juniper::Variables;

/// What is wrong with the variables of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They are larger than they may be.
    Exceeds(Exceeded),
    /// They are no JSON object.
    NotAnObject,
}

/// Reads the JSON text of an object.
///
/// # Errors
///
/// Where it is no object.
pub fn read(text: &str) -> Result<Variables<Scalar>, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::NotAnObject)
}

/// Measures the JSON text of an object before it is read.
///
/// # Errors
///
/// Where it is too large, too deep or too long for the limits.
pub fn measure(text: &str, limits: &Limits, is_batch: bool) -> Result<(), Fault> {
    let exceeded = |limit, most| Fault::Exceeds(Exceeded { limit, most });
    if !is_batch && text.len() > limits.variables_bytes {
        return Err(exceeded("variablesBytes", limits.variables_bytes));
    }
    let shape = Shape::of(text);
    if shape.depth > limits.variables_depth {
        return Err(exceeded("variablesDepth", limits.variables_depth));
    }
    // A batch look-up counts its own items, and names the field that has too many.
    if !is_batch && shape.items > limits.variables_items {
        return Err(exceeded("variablesItems", limits.variables_items));
    }
    Ok(())
}

/// How deep a JSON text is and how long its longest list, found without reading any of its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shape {
    depth: usize,
    items: usize,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let mut shape = Shape::default();
        // Items so far of each list or object that is open; one with nothing in it counts one, too.
        let mut open: Vec<usize> = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => skip_text(&mut bytes),
                b'[' | b'{' => {
                    open.push(1);
                    shape.depth = shape.depth.max(open.len());
                }
                b',' => {
                    if let Some(items) = open.last_mut() {
                        *items += 1;
                        shape.items = shape.items.max(*items);
                    }
                }
                b']' | b'}' => {
                    open.pop();
                }
                _ => {}
            }
        }
        shape
    }
}

/// Goes on behind the text that was begun.
fn skip_text(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_length_are_seen_through_texts() {
        let shape = |text| {
            let Shape { depth, items } = Shape::of(text);
            (depth, items)
        };
        assert_eq!(shape(r#"{"a":1}"#), (1, 0));
        assert_eq!(shape(r#"{"a":[1,2,3],"b":[[]]}"#), (3, 3));
        assert_eq!(shape(r#"{"a":"[[[,,,\"[[","b":"\\"}"#), (1, 2));
        assert_eq!(shape("]]]"), (0, 0));
    }

    #[test]
    fn the_limits_are_kept_to_the_item() {
        let list = |items: usize| format!(r#"{{"a":[{}]}}"#, vec!["1"; items].join(","));
        let most = Limits::KEPT.variables_items;
        assert!(measure(&list(most), &Limits::KEPT, false).is_ok());
        let exceeded = Fault::Exceeds(Exceeded { limit: "variablesItems", most });
        assert_eq!(measure(&list(most + 1), &Limits::KEPT, false).err(), Some(exceeded));
        assert!(measure(&list(501), &Limits::KEPT, true).is_ok());
        let deep = |levels: usize| format!("{}{}", r#"{"a":"#.repeat(levels) + "1", "}".repeat(levels));
        assert!(measure(&deep(6), &Limits::KEPT, false).is_ok());
        assert!(measure(&deep(7), &Limits::KEPT, false).is_err());
        assert_eq!(read("[1]").err(), Some(Fault::NotAnObject));
    }
}
