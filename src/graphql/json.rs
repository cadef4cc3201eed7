//! Values of answers as JSON text, byte for byte as serde_json writes them.
//!
//! One pass into one text, so that what a plan has written already is copied and not read again. Reading JSON is
//! serde_json's business.

use super::scalar::Scalar;
use chrono::{Datelike, NaiveDate};
use juniper::Value;
use std::fmt::Write;

/// An answer is longer than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Appends a value to a text, which with it has at most that many bytes. Tells how many parts were copied as JSON.
///
/// # Errors
///
/// Where it has more; writing stops soon after that shows, anywhere.
pub fn append(value: &Value<Scalar>, out: &mut String, most: usize) -> Result<usize, TooLarge> {
    let mut copied = 0;
    match value {
        Value::Null => out.push_str("null"),
        Value::Scalar(scalar) => {
            if let Scalar::Json(json) = scalar {
                room(out, json.len(), most)?;
                copied += 1;
            }
            append_scalar(scalar, out);
        }
        Value::List(items) => {
            let mut separator = '[';
            for item in items {
                out.push(separator);
                copied += append(item, out, most)?;
                separator = ',';
            }
            out.push_str(if separator == '[' { "[]" } else { "]" });
        }
        Value::Object(object) => {
            let mut separator = '{';
            for (key, item) in object.iter() {
                out.push(separator);
                text(key, out);
                out.push(':');
                copied += append(item, out, most)?;
                separator = ',';
            }
            out.push_str(if separator == '{' { "{}" } else { "}" });
        }
    }
    room(out, 0, most)?;
    Ok(copied)
}

fn room(out: &str, more: usize, most: usize) -> Result<(), TooLarge> {
    if out.len() + more > most { Err(TooLarge) } else { Ok(()) }
}

fn append_scalar(scalar: &Scalar, out: &mut String) {
    match scalar {
        Scalar::Int(value) => int(*value, out),
        // How a floating-point number is shortened is left to those who know.
        Scalar::Float(value) => out.push_str(&serde_json::to_string(value).unwrap_or_default()),
        Scalar::String(value) => text(value, out),
        Scalar::Boolean(value) => truth(*value, out),
        Scalar::Json(json) => out.push_str(json),
    }
}

/// Appends a text as a JSON string.
pub fn text(value: &str, out: &mut String) {
    if stands_as_it_is(value.as_bytes()) {
        out.push('"');
        out.push_str(value);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(value).unwrap_or_default());
    }
}

/// Whether nothing of a text is written otherwise in a JSON string: no quote, backslash or control character.
///
/// Looks at eight bytes at a time: most of the time of writing an answer goes here.
fn stands_as_it_is(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // Subtracting carries into the high bit of a byte that is less, unless the byte had that bit itself.
    let has_less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word & HIGH != 0;
    let has = |word: u64, byte: u8| has_less(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = text.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_ne_bytes(*word));
    !words.into_iter().any(|word| has_less(word, b' ') || has(word, b'"') || has(word, b'\\'))
        && rest.iter().all(|byte| *byte >= b' ' && *byte != b'"' && *byte != b'\\')
}

/// Appends a whole number.
pub fn int(value: i32, out: &mut String) {
    // Writing into a String cannot fail.
    let _ = write!(out, "{value}");
}

/// Appends a truth value.
pub fn truth(value: bool, out: &mut String) {
    out.push_str(if value { "true" } else { "false" });
}

/// Appends a day as YYYY-MM-DD, without quotes.
pub fn day(value: NaiveDate, out: &mut String) {
    let Ok(year @ 0..=9999) = u32::try_from(value.year()) else {
        let _ = write!(out, "{}", value.format("%Y-%m-%d"));
        return;
    };
    let digit = |number: u32| char::from(b'0' + (number % 10) as u8);
    for number in [year / 1000, year / 100, year / 10, year] {
        out.push(digit(number));
    }
    for number in [value.month(), value.day()] {
        out.push('-');
        out.push(digit(number / 10));
        out.push(digit(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use juniper::Object;
    use proptest::prelude::*;

    fn write(value: &Value<Scalar>, most: usize) -> Result<String, TooLarge> {
        let mut out = String::new();
        append(value, &mut out, most).map(|_| out)
    }

    fn value() -> impl Strategy<Value = Value<Scalar>> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(|value| Value::Scalar(Scalar::Int(value))),
            any::<f64>().prop_map(|value| Value::Scalar(Scalar::Float(value))),
            any::<bool>().prop_map(|value| Value::Scalar(Scalar::Boolean(value))),
            any::<String>().prop_map(|value| Value::Scalar(Scalar::String(value))),
            "[\\x00-\\x7f]*".prop_map(|value| Value::Scalar(Scalar::String(value))),
            any::<String>().prop_map(|value| Value::Scalar(Scalar::Json(
                serde_json::json!({ value: [1.5, null] }).to_string()
            ))),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect::<Object<Scalar>>())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_written_as_serde_json_writes_it(value in value()) {
            let expected = serde_json::to_string(&value).expect("JSON");
            prop_assert_eq!(write(&value, expected.len()), Ok(expected.clone()));
            prop_assert_eq!(write(&value, expected.len() - 1), Err(TooLarge));
        }

        #[test]
        fn every_text_is_written_as_serde_json_writes_it(
            before in "[a-zA-Zé\u{7f}\u{80}]{0,20}", odd in any::<char>(), low in 0_u8..128, after in "[ -~ŵ]{0,20}",
        ) {
            for text in [format!("{before}{odd}{after}"), format!("{before}{}{after}", char::from(low)), before, after] {
                let mut out = String::new();
                super::text(&text, &mut out);
                prop_assert_eq!(out, serde_json::to_string(&text).expect("JSON"));
            }
        }

        #[test]
        fn every_day_is_written_as_chrono_writes_it(number in -4_000_000_i32..4_000_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(number).expect("a day");
            let mut out = String::new();
            day(date, &mut out);
            prop_assert_eq!(out, date.format("%Y-%m-%d").to_string());
        }
    }

    #[test]
    fn writing_stops_soon_after_there_is_no_more_room() {
        let word = Value::Scalar(Scalar::String("word".to_owned()));
        let mut out = String::new();
        assert_eq!(append(&Value::List(vec![word; 1_000]), &mut out, 50), Err(TooLarge));
        assert!(out.len() < 60, "{out}");
        let json = Value::Scalar(Scalar::Json("[1,2,3,4,5,6,7,8,9]".to_owned()));
        let mut out = String::new();
        assert_eq!(append(&json, &mut out, 10), Err(TooLarge));
        assert!(out.is_empty());
    }
}
