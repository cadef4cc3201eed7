//! What a URL of a database becomes, which are refused, and that its password is never shown.

use super::*;

fn database(url: &str) -> DatabaseUrl {
    from_environment(&[("DATABASE_URL", url)]).unwrap().database_url.unwrap()
}

fn database_fault(url: &str) -> String {
    let text = fault("DATABASE_URL", url);
    assert!(!text.contains("hush"), "the password is shown: {text}");
    text
}

#[test]
fn the_url_is_kept_without_the_parameters_of_tls() {
    for (given, url, tls) in [
        ("h/d", "h/d", "prefer"),
        ("h?sslmode=disable", "h", "disable"),
        ("h/d?sslmode=prefer", "h/d", "prefer"),
        ("h/d?sslmode=require&user=a", "h/d?user=a", "require"),
        ("h/d?a%62c=x&%73slmode=verify-ca", "h/d?a%62c=x", "verify-ca"),
        ("h?sslrootcert=a%2Fb&sslmode=verify-full&port=1", "h?port=1", "verify-full, sslrootcert a/b"),
        ("h/d?sslmode=require&sslrootcert=ca.pem", "h/d", "verify-ca, sslrootcert ca.pem"),
        ("h/d?sslrootcert=ca.pem", "h/d", "prefer, sslrootcert ca.pem"),
        ("h/d?sslrootcert=system", "h/d", "verify-full"),
        ("/d?host=/run/postgresql", "/d?host=/run/postgresql", "prefer"),
        ("u@[::1]:5433,b:,c/d", "u@[::1]:5433,b:,c/d", "prefer"),
    ] {
        for scheme in ["postgres", "postgresql"] {
            let database = database(&format!("{scheme}://{given}"));
            assert_eq!(database.url.expose(), format!("{scheme}://{url}"));
            assert_eq!(database.to_string(), format!("{scheme}://{url}, sslmode {tls}"));
        }
    }
    let database = database("postgres://h?sslmode=require&sslrootcert=ca.pem");
    assert_eq!((database.tls, database.root_certificates), (Tls::VerifyCa, Some("ca.pem".into())));
}

#[test]
fn a_url_that_cannot_be_used_is_refused_without_showing_its_password() {
    let modes = "is `allow`; give one of disable, prefer, require, verify-ca, verify-full";
    for (place, wrong) in [
        ("h/d?sslmode=allow", modes),
        ("h/d?sslmode=verify_full", "has an sslmode that is `verify_full`"),
        ("h/d?sslrootcert=", "has an sslrootcert that is ``"),
        ("h/d?sslmode=require&sslrootcert=system", "has an sslrootcert that is `system`"),
        ("h/d?ssl_mode=require", "has the unknown parameter `ssl_mode`; those of TLS are"),
        ("h/d?user", "has a parameter that cannot be read"),
        ("h/d?user=100%", "has a parameter that cannot be read"),
        ("h:port/d", "has a host or port that cannot be read"),
        ("h:65536/d", "has a host or port that cannot be read"),
        ("::1/d", "has a host or port that cannot be read"),
        ("[::1]5432/d", "has a host or port that cannot be read"),
        ("/d", "names no host"),
        ("hush@h/d", "has an `@` that does not end the user and password"),
        ("h/d\n", "has a space or a line break"),
    ] {
        let text = database_fault(&format!("postgres://u:hush@{place}"));
        assert!(text.contains(wrong), "{place}: {text}");
    }
    for (url, wrong) in [
        ("u:hush@h/d", "is not a postgres:// or postgresql:// URL"),
        ("postgres:hush", "is not a postgres:// or postgresql:// URL"),
        ("postgres://u:hush", "has a host or port that cannot be read"),
        ("postgres://u:hu/hush@h/d", "has an `@` that does not end"),
        ("postgres://u:hu?hush@h/d", "has an `@` that does not end"),
    ] {
        let text = database_fault(url);
        assert!(text.contains(wrong), "{url}: {text}");
    }
}

#[test]
fn the_password_is_hidden_wherever_it_stands() {
    for (url, hidden) in [
        ("postgres://u:hush@h:1/d?user=a", "postgres://u:***@h:1/d?user=a"),
        ("postgres://u@h/d", "postgres://u@h/d"),
        ("postgres://:hush@h", "postgres://:***@h"),
        ("postgres://u:hush:hush@h?a=b", "postgres://u:***@h?a=b"),
        ("postgres://h/d?p%61ssword=hush&user=a", "postgres://h/d?password=***&user=a"),
    ] {
        let database = database(url);
        assert_eq!(database.to_string(), format!("{hidden}, sslmode prefer"));
        assert_eq!(database.url.expose(), url);
        assert!(!format!("{database:?}").contains("hush"));
    }
}
