//! The log: lines of text for people, or one JSON object a line for machines, on the standard error stream.
//!
//! Which records pass is decided by the filter of the settings; what a record may carry (never a name, a date
//! of birth, an address or a fact about a case) is decided where it is written. A panic is reported by its
//! place alone.

use std::io::{IsTerminal, Write};
use std::panic::PanicHookInfo;

use log::kv::{self, Key, Value, VisitSource, VisitValue};
use log::{LevelFilter, Log, Metadata, Record};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::config::LogFormat;

/// Libraries that write what they were sent at their finer levels: the driver bound values, and the HTTP server headers
/// that it cannot take.
const OUTSPOKEN: [&str; 2] = ["tokio_postgres", "actix_http"];

/// Starts the log and replaces the panic hook. `filter` is what env_logger takes, such as
/// `info,actix_web=warn`.
///
/// Call it once, before anything is logged; a second call changes nothing.
pub fn start(format: LogFormat, filter: &str) {
    let mut builder = env_logger::Builder::new();
    builder.parse_filters(filter).target(target());
    if format == LogFormat::Json {
        builder.format(|out, record| {
            let time = out.timestamp_millis().to_string();
            writeln!(out, "{}", json_line(record, &time))
        });
    }
    let logger = builder.build();
    let finest = logger.filter();
    if log::set_boxed_logger(Box::new(Discreet(logger))).is_ok() {
        log::set_max_level(finest);
        std::panic::set_hook(Box::new(|panic| log::error!("{}", panic_line(panic))));
    }
}

/// The standard error stream; with colours for a person, and without the care that they take for a file.
fn target() -> env_logger::Target {
    let stream = std::io::stderr();
    if stream.is_terminal() { env_logger::Target::Stderr } else { env_logger::Target::Pipe(Box::new(stream)) }
}

/// A log that leaves out the finer records of outspoken libraries, whatever the filter says of their parts.
struct Discreet(env_logger::Logger);

impl Log for Discreet {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_of = |library: &str| {
            let rest = metadata.target().strip_prefix(library);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let is_left_out =
            metadata.level() > LevelFilter::Info && OUTSPOKEN.iter().any(|library| is_of(library));
        !is_left_out && self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}

/// What is logged of a panic: its place. The message is left out, because it may carry a value of a request.
fn panic_line(panic: &PanicHookInfo<'_>) -> String {
    match panic.location() {
        Some(place) => format!("panic at {}:{}", place.file(), place.line()),
        None => "panic at an unknown place".to_owned(),
    }
}

/// The members that every line has, in this order, before those of the record.
#[derive(Serialize)]
struct Line<'a> {
    time: &'a str,
    level: &'a str,
    target: &'a str,
    message: String,
    #[serde(flatten)]
    values: Map<String, Json>,
}

/// One record as a JSON object without line breaks. `time` is RFC 3339, UTC.
///
/// The record's key-values become members of the object; one that is called like a member of every line gets
/// an underscore after its name.
fn json_line(record: &log::Record<'_>, time: &str) -> String {
    let mut values = Values(Map::new());
    // `Values` never refuses a key-value; a source that gives up half-way costs the rest of its values, not
    // the line.
    let _ = record.key_values().visit(&mut values);
    let line = Line {
        time,
        level: record.level().as_str(),
        target: record.target(),
        message: record.args().to_string(),
        values: values.0,
    };
    serde_json::to_string(&line)
        .unwrap_or_else(|_| r#"{"message":"a log record could not be written"}"#.to_owned())
}

struct Values(Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Values {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        let mut name = key.as_str().to_owned();
        if ["time", "level", "target", "message"].contains(&name.as_str()) {
            name.push('_');
        }
        let mut json = AsJson(Json::Null);
        value.visit(&mut json)?;
        self.0.insert(name, json.0);
        Ok(())
    }
}

/// Keeps numbers, truth values and absent values as such; everything else becomes text.
struct AsJson(Json);

impl<'v> VisitValue<'v> for AsJson {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), kv::Error> {
        self.0 = Json::from(value.to_string());
        Ok(())
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        self.0 = Json::Null;
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.0 = Json::from(value);
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.0 = Json::from(value);
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.0 = Json::from(value);
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.0 = Json::from(value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "2014-11-01T09:00:00.000Z";

    fn line_with(values: &[(&str, Value<'_>)]) -> String {
        let record = log::Record::builder()
            .level(log::Level::Warn)
            .target("probation_directory::store")
            .args(format_args!("the database is away\n\"again\""))
            .key_values(&values)
            .build();
        json_line(&record, TIME)
    }

    #[test]
    fn a_record_is_one_line_of_json_in_a_fixed_order() {
        assert_eq!(
            line_with(&[]),
            concat!(
                r#"{"time":"2014-11-01T09:00:00.000Z","level":"WARN","target":"probation_directory::store","#,
                r#""message":"the database is away\n\"again\""}"#
            )
        );
    }

    #[test]
    fn key_values_keep_their_kind() {
        let line = line_with(&[
            ("attempt", Value::from(3_u64)),
            ("offset", Value::from(-1_i64)),
            ("seconds", Value::from(0.5_f64)),
            ("ready", Value::from(false)),
            ("code", Value::from("UNAVAILABLE")),
            ("version", Value::null()),
            ("address", Value::from_display(&std::net::Ipv4Addr::LOCALHOST)),
        ]);
        let json: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(json["attempt"], 3);
        assert_eq!(json["offset"], -1);
        assert_eq!(json["seconds"], 0.5);
        assert_eq!(json["ready"], false);
        assert_eq!(json["code"], "UNAVAILABLE");
        assert!(json["version"].is_null());
        assert_eq!(json["address"], "127.0.0.1");
    }

    #[test]
    fn a_key_value_cannot_take_the_place_of_a_fixed_member() {
        let line = line_with(&[("level", Value::from("LEVEL_2")), ("time", Value::from(1_u64))]);
        assert_eq!(line.matches(r#""level":"#).count(), 1);
        let json: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(json["level"], "WARN");
        assert_eq!(json["level_"], "LEVEL_2");
        assert_eq!(json["time"], TIME);
        assert_eq!(json["time_"], 1);
    }
}
