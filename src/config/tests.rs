//! Settings from both sources: what they become, which are refused, and how that is told.
//!
//! What a single URL of a database means is left to `database_url`.

use super::*;

mod database_url;

const PATH: &str = "etc/directory.toml";

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn from_environment(variables: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
    Config::from_sources(&environment(variables), None)
}

fn from_file(text: &str) -> Result<Config, ConfigFaults> {
    Config::from_sources(&BTreeMap::new(), Some((Path::new(PATH), text)))
}

/// The one fault that this variable causes.
fn fault(name: &str, value: &str) -> String {
    let faults = from_environment(&[(name, value)]).expect_err(value);
    assert_eq!(faults.faults().len(), 1, "{faults}");
    faults.faults()[0].to_string()
}

#[test]
fn with_nothing_set_the_defaults_hold() {
    for config in [from_environment(&[]).unwrap(), from_file("").unwrap()] {
        assert_eq!(config.bind.to_string(), "127.0.0.1:8014");
        assert_eq!(config.database_url, None);
        assert_eq!(config.directory_date.to_string(), "2014-11-01");
        assert_eq!((config.data_dir, config.pg_bin_dir), (None, None));
        assert_eq!((config.pg_source, config.log_format), (PgSource::Any, LogFormat::Text));
        assert_eq!(config.rust_log, "info,actix_server=warn");
        assert!((1..=256).contains(&config.workers));
        assert_eq!(config.pool_size, 8);
        assert_eq!((config.poll.as_secs(), config.shutdown.as_secs()), (5, 20));
    }
}

#[test]
fn every_setting_is_read_from_either_source() {
    let values = [
        ("BIND", "[::1]:80"),
        ("DATABASE_URL", "postgres://h/d"),
        ("DIRECTORY_DATE", "today"),
        ("EXAMPLES", "none"),
        ("DATA_DIR", "data"),
        ("PG_BIN_DIR", "/usr/lib/postgresql/17/bin"),
        ("PG_SOURCE", "system"),
        ("LOG_FORMAT", "json"),
        ("RUST_LOG", "warn,probation_directory::store=debug/pool"),
        ("WORKERS", "3"),
        ("POOL_SIZE", "100"),
        ("POLL_SECONDS", "1"),
        ("SHUTDOWN_SECONDS", "0"),
        ("TRUSTED_DOCUMENTS", "only"),
        ("TRUSTED_MANIFESTS", "a.json, b.json"),
        ("CORS_ORIGINS", "https://a.example, http://localhost:3000"),
        ("COST_PER_MINUTE", "1000"),
        ("OPEN_REQUESTS", "7"),
        ("ANSWER_CACHE_MIB", "0"),
    ];
    let file: String =
        values.iter().map(|(name, value)| format!("{} = {value:?}\n", name.to_lowercase())).collect();
    for config in [from_environment(&values).unwrap(), from_file(&file).unwrap()] {
        assert_eq!(config.bind.to_string(), "[::1]:80");
        assert_eq!(config.database_url.unwrap().url.expose(), "postgres://h/d");
        assert_eq!(config.directory_date, DirectoryDate::Today);
        assert_eq!(config.examples, Some(Examples::None));
        assert_eq!(config.data_dir.unwrap(), Path::new("data"));
        assert_eq!(config.pg_bin_dir.unwrap(), Path::new("/usr/lib/postgresql/17/bin"));
        assert_eq!((config.pg_source, config.log_format), (PgSource::System, LogFormat::Json));
        assert_eq!(config.rust_log, "warn,probation_directory::store=debug/pool");
        assert_eq!(config.trusted_documents, TrustedDocuments::Only);
        assert_eq!(config.trusted_manifests, [Path::new("a.json"), Path::new("b.json")]);
        assert_eq!(config.cors_origins, ["https://a.example", "http://localhost:3000"]);
        assert_eq!((config.cost_per_minute, config.open_requests, config.answer_cache_mib), (1_000, 7, 0));
        assert_eq!((config.workers, config.pool_size), (3, 100));
        assert_eq!((config.poll.as_secs(), config.shutdown.as_secs()), (1, 0));
    }
}

#[test]
fn numbers_and_days_of_the_file_need_no_quotation_marks() {
    let config = from_file("workers = 3\ndirectory_date = 2015-02-01").unwrap();
    assert_eq!(config.workers, 3);
    assert_eq!(config.directory_date.to_string(), "2015-02-01");
}

#[test]
fn the_environment_stands_over_the_file_and_the_file_over_the_default() {
    let variables = environment(&[("WORKERS", "2"), ("POOL_SIZE", ""), ("workers", "9"), ("OTHER", "x")]);
    let file = "workers = 3\npool_size = 4";
    let config = Config::from_sources(&variables, Some((Path::new(PATH), file))).unwrap();
    assert_eq!((config.workers, config.pool_size), (2, 4));
    let description = config.describe();
    assert!(description.contains("CONFIG_FILE = etc/directory.toml    (default)\n"), "{description}");
    assert!(description.contains("WORKERS = 2    (environment)\n"), "{description}");
    assert!(description.contains("POOL_SIZE = 4    (file etc/directory.toml)\n"), "{description}");
    assert!(description.contains("POLL_SECONDS = 5    (default)\n"), "{description}");
}

#[test]
fn a_wrong_value_of_the_file_does_no_harm_when_the_environment_stands_over_it() {
    let file = Some((Path::new(PATH), "workers = \"many\""));
    assert_eq!(Config::from_sources(&environment(&[("WORKERS", "2")]), file).unwrap().workers, 2);
}

#[test]
fn the_description_names_every_setting_once_and_hides_the_password() {
    let url = "postgres://u:hush@h/d?password=hush&sslmode=verify-full&sslrootcert=ca.pem";
    let config = from_environment(&[("DATABASE_URL", url), ("CONFIG_FILE", "x")]).unwrap();
    let description = config.describe();
    let names: Vec<_> = description.lines().filter_map(|line| line.split(" = ").next()).collect();
    let faults = from_file("server = 1").unwrap_err().to_string();
    let known = faults.split_once("settings are ").unwrap().1.to_uppercase();
    assert_eq!(names.join(", "), format!("CONFIG_FILE, {known}"));
    assert!(description.contains("CONFIG_FILE = not set    (environment)\n"));
    assert!(description.contains(
        "DATABASE_URL = postgres://u:***@h/d?password=***, sslmode verify-full, sslrootcert ca.pem    (environment)\n"
    ));
    assert!(!description.contains("hush"));
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn all_faults_are_reported_at_once_in_the_order_of_the_settings() {
    let variables = environment(&[
        ("BIND", "localhost:8014"),
        ("DATABASE_URL", "mysql://u:hush@h/d"),
        ("DIRECTORY_DATE", "1999-01-01"),
        ("PG_SOURCE", "System"),
    ]);
    let file = "log_format = \"xml\"\nworkers = 0\npool_size = [1]\ndatabase_ulr = \"hush\"\nBIND = 1\n[server]\na = 1";
    let faults = Config::from_sources(&variables, Some((Path::new(PATH), file))).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "the settings cannot be used:\n\
         1. BIND (environment): is `localhost:8014`; give an IP address and a port, such as 127.0.0.1:8014 or [::1]:8014\n\
         2. DATABASE_URL (environment): is not a postgres:// or postgresql:// URL; give postgres://USER:PASSWORD@HOST:PORT/DATABASE\n\
         3. DIRECTORY_DATE (environment): is `1999-01-01`; give `today` or a day from 2001-04-01 to 2199-12-31\n\
         4. PG_SOURCE (environment): is `System`; give one of any, system, fetched\n\
         5. log_format (file etc/directory.toml): is `xml`; give one of text, json\n\
         6. workers (file etc/directory.toml): is `0`; give a whole number from 1 to 256\n\
         7. pool_size (file etc/directory.toml): is a list or a table; give a single value\n\
         8. `BIND` (file etc/directory.toml): is not a setting; did you mean bind?\n\
         9. `database_ulr` (file etc/directory.toml): is not a setting; did you mean database_url?\n\
         10. `server` (file etc/directory.toml): is not a setting; settings are bind, database_url, directory_date, examples, data_dir, pg_bin_dir, pg_source, log_format, rust_log, workers, pool_size, poll_seconds, shutdown_seconds, \
             trusted_documents, trusted_manifests, cors_origins, cost_per_minute, open_requests, answer_cache_mib"
    );
}

#[test]
fn a_file_that_is_not_toml_is_reported_by_its_place_beside_the_other_faults() {
    let file = "workers = 3\ndatabase_url = postgres://u:hush@h/d\n";
    let faults = Config::from_sources(&environment(&[("WORKERS", "x")]), Some((Path::new(PATH), file)));
    let text = faults.unwrap_err().to_string();
    assert!(
        text.contains("1. the file (file etc/directory.toml): cannot be read as TOML at line 2, column 1"),
        "{text}"
    );
    assert!(text.contains("2. WORKERS"), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

#[test]
fn the_file_cannot_name_another_file_and_its_empty_values_are_faults() {
    let text = from_file("config_file = \"x\"").unwrap_err().to_string();
    assert!(text.contains("`config_file` (file etc/directory.toml): is not a setting"), "{text}");
    let text = from_file("data_dir = \"\"").unwrap_err().to_string();
    assert!(text.contains("data_dir (file etc/directory.toml): is empty"), "{text}");
}

#[test]
fn a_key_with_up_to_two_slips_is_recognised() {
    for (key, meant) in [
        ("bin", "did you mean bind?"),
        ("wind", "did you mean bind?"),
        ("bnid", "did you mean bind?"),
        ("Log-Format", "did you mean log_format?"),
        ("pool_seconds", "did you mean poll_seconds?"),
        ("data_url", "settings are bind, "),
    ] {
        let text = from_file(&format!("{key} = 1")).unwrap_err().to_string();
        assert!(text.contains(meant), "{text}");
    }
}

#[test]
fn the_day_must_be_within_reach_and_written_in_full() {
    for day in ["2001-04-01", "2199-12-31", "2016-02-29"] {
        let config = from_environment(&[("DIRECTORY_DATE", day)]).unwrap();
        assert_eq!(config.directory_date.to_string(), day);
    }
    for day in [
        "2001-03-31",
        "2200-01-01",
        "+12015-02-01",
        "2015-02-29",
        "2015-2-1",
        "+2015-02-01",
        "01/02/2015",
        "Today",
        "2015-02-01 ",
    ] {
        let text = fault("DIRECTORY_DATE", day);
        assert!(text.contains("give `today` or a day from 2001-04-01 to 2199-12-31"), "{text}");
    }
}

#[test]
fn numbers_must_be_whole_and_in_range() {
    for (name, least, most) in [
        ("WORKERS", 1, 256),
        ("POOL_SIZE", 1, 100),
        ("POLL_SECONDS", 1, 300),
        ("SHUTDOWN_SECONDS", 0, 300),
        ("OPEN_REQUESTS", 1, 100_000),
        ("ANSWER_CACHE_MIB", 0, 4_096),
        ("COST_PER_MINUTE", 1_000, 4_000_000_000_i64),
    ] {
        for number in [least, most] {
            assert!(from_environment(&[(name, &number.to_string())]).is_ok());
        }
        for number in [&(least - 1).to_string(), &(most + 1).to_string(), "5000000000", "1.5", "many"] {
            let text = fault(name, number);
            assert!(
                text.contains(&format!("is `{number}`; give a whole number from {least} to {most}")),
                "{text}"
            );
        }
    }
}

#[test]
fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
    for origin in
        ["*", "null", "https://", "example.org", "https://a.example/", "https://a.example,", "ftp://a"]
    {
        let text = fault("CORS_ORIGINS", origin);
        assert!(text.contains("give origins such as https://"), "{text}");
    }
}

#[test]
fn a_level_of_the_log_that_does_not_exist_is_a_fault() {
    for filter in ["off", "WARN", "info,actix_web=warn", "actix_web", "a=", "info/a=b", "info, b = debug"] {
        assert!(from_environment(&[("RUST_LOG", filter)]).is_ok(), "{filter}");
    }
    assert!(fault("RUST_LOG", "info,store=loud").contains("has the level `loud`; levels are off, error"));
    assert!(fault("RUST_LOG", "a=b=debug").contains("has the level `b=debug`"));
}

#[test]
fn a_value_is_shown_without_control_characters_and_not_endlessly() {
    assert!(fault("BIND", "a\u{1b}[31m\nb").contains(r"is `a\u{1b}[31m\nb`; give"));
    assert!(fault("BIND", &"x".repeat(1000)).len() < 250);
    assert!(fault("DATA_DIR", "a\u{fffd}b").contains("is not UTF-8"));
}
