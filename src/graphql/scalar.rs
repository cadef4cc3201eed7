//! The scalar value that every type of the schema names, and the strict scalars built on it.
//!
//! Own scalar values let a subtree of an answer be written straight from the snapshot (see `plan`); every type names
//! [`Scalar`] so that this needs no change of signatures.

use super::json;
use chrono::{DateTime as ChronoDateTime, NaiveDate, SecondsFormat, Utc};
use juniper::{GraphQLScalar, ScalarValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use std::fmt;

/// A scalar of a request or an answer.
#[derive(Clone, Debug, PartialEq, ScalarValue, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A whole number of 32 bits.
    #[value(to_float, to_int)]
    Int(i32),
    /// A floating-point number.
    #[value(to_float)]
    Float(f64),
    /// A text.
    #[value(as_str, to_string)]
    String(String),
    /// A truth value.
    #[value(to_bool)]
    Boolean(bool),
    /// A subtree of an answer that is written already, as JSON. Never read from a request: nothing converts to it.
    Json(#[serde(serialize_with = "as_it_stands")] String),
}

/// Hands written JSON to a serializer: the slow way, for whoever does not use the writer of `json`.
fn as_it_stands<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<&RawValue>(json).map_err(ser::Error::custom)?.serialize(serializer)
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Int(value) => value.fmt(f),
            Scalar::Float(value) => value.fmt(f),
            Scalar::String(value) => value.fmt(f),
            Scalar::Boolean(value) => value.fmt(f),
            Scalar::Json(value) => value.fmt(f),
        }
    }
}

impl From<i32> for Scalar {
    fn from(value: i32) -> Scalar {
        Scalar::Int(value)
    }
}

impl From<f64> for Scalar {
    fn from(value: f64) -> Scalar {
        Scalar::Float(value)
    }
}

impl From<String> for Scalar {
    fn from(value: String) -> Scalar {
        Scalar::String(value)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Scalar {
        Scalar::Boolean(value)
    }
}

impl TryFrom<Scalar> for String {
    type Error = Scalar;

    fn try_from(value: Scalar) -> Result<String, Scalar> {
        match value {
            Scalar::String(value) => Ok(value),
            other => Err(other),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a text or a truth value")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar::Boolean(value))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
                // JSON does not tell whole numbers from others: one too large for an Int may still be a Float.
                Ok(i32::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scalar, E> {
                Ok(i32::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar::Float(value))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar::String(value.to_owned()))
            }

            fn visit_string<E: de::Error>(self, value: String) -> Result<Scalar, E> {
                Ok(Scalar::String(value))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// A day without a time, written as YYYY-MM-DD, from 1900-01-01 to 2199-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLScalar, Serialize)]
#[graphql(
    scalar = Scalar,
    parse_token(String),
    specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html"
)]
pub struct LocalDate(pub NaiveDate);

impl LocalDate {
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        clippy::wrong_self_convention,
        reason = "the signature is the derive's"
    )]
    fn to_output(&self) -> String {
        let mut text = String::with_capacity(10);
        json::day(self.0, &mut text);
        text
    }

    fn from_input(text: &str) -> Result<LocalDate, Box<str>> {
        parse_day(text).map(LocalDate).ok_or_else(|| "not a day".into())
    }
}

/// A day as YYYY-MM-DD from 1900 to 2199; none for any other text.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |part: &[u8]| {
        part.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let year = number(&bytes[..4])?;
    if !(1900..=2199).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&bytes[5..7])?, number(&bytes[8..])?)
}

/// An instant in UTC, written as RFC 3339, for example 2014-06-01T09:30:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(
    scalar = Scalar,
    parse_token(String),
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html"
)]
pub struct DateTime(pub ChronoDateTime<Utc>);

impl DateTime {
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        clippy::wrong_self_convention,
        reason = "the signature is the derive's"
    )]
    fn to_output(&self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    fn from_input(text: &str) -> Result<DateTime, Box<str>> {
        let instant = (text.len() <= 40).then(|| ChronoDateTime::parse_from_rfc3339(text).ok()).flatten();
        instant.map(|at| DateTime(at.with_timezone(&Utc))).ok_or_else(|| "not an instant".into())
    }
}

/// Makes inputs that are written as a text readable from JSON, each as juniper reads it.
macro_rules! read_as_input {
    ($($type:ty),+ $(,)?) => {
        $(impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                let input = juniper::InputValue::Scalar($crate::graphql::scalar::Scalar::String(text));
                <$type as juniper::FromInputValue<$crate::graphql::scalar::Scalar>>::from_input_value(&input)
                    .map_err(|_| serde::de::Error::custom("no such value"))
            }
        })+
    };
}

pub(super) use read_as_input;

read_as_input!(LocalDate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_json_is_never_taken_from_a_request() {
        let text = r#"{"a":[1,2.5,true,"b"]}"#;
        let read = |json: &str| serde_json::from_str::<juniper::InputValue<Scalar>>(json).expect("an input");
        assert!(!format!("{:?}", read(text)).contains("Json"));
        let quoted = serde_json::to_string(text).expect("JSON");
        assert_eq!(read(&quoted), juniper::InputValue::Scalar(Scalar::String(text.to_owned())));
        let written = Scalar::Json(text.to_owned());
        assert_eq!((written.try_to_int(), written.try_to_bool(), written.try_as_str()), (None, None, None));
        assert_eq!(String::try_from(written.clone()), Err(written));
    }

    #[test]
    fn written_json_is_serialized_as_it_stands_and_never_unless_it_is_json() {
        let text = r#"{"b": 1,"a":[]}"#;
        assert_eq!(serde_json::to_string(&Scalar::Json(text.to_owned())).expect("JSON"), text);
        assert_eq!(serde_json::to_value(Scalar::Json(text.to_owned())).expect("JSON")["b"], 1);
        assert!(serde_json::to_string(&Scalar::Json("{]".to_owned())).is_err());
    }

    #[test]
    fn a_day_is_ten_characters_of_a_real_date() {
        assert_eq!(parse_day("2014-06-01"), NaiveDate::from_ymd_opt(2014, 6, 1));
        assert_eq!(parse_day("2012-02-29"), NaiveDate::from_ymd_opt(2012, 2, 29));
        for text in [
            "2014-6-1",
            "2014-02-30",
            "2013-02-29",
            "1899-12-31",
            "2200-01-01",
            "+014-06-01",
            "2014-06-01 ",
            "",
            "20140601",
            "２014-06-1",
        ] {
            assert_eq!(parse_day(text), None, "{text:?}");
        }
    }
}
