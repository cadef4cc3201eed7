//! `DATABASE_URL`: the URL of a PostgreSQL server, kept secret, with what it says of TLS taken out.
//!
//! It is read strictly where a password could end up in the wrong place, and where a slip could weaken TLS.
//! Its other parameters are left to the driver, and whether the server answers to `store`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::choices::{Tls, one_of, word};
use super::faults::{Refusal, refuse, shown};

/// A text that must not be shown: it cannot be printed, and debugging gives `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one call that needs it. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How to reach a PostgreSQL server. Printing it hides the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl {
    /// The URL without `sslmode` and `sslrootcert`, which the driver does not know in full.
    pub url: Secret,
    /// How the connection is to be protected.
    pub tls: Tls,
    /// The certificates to trust in place of those of the system (`sslrootcert`). Whether they can be read is
    /// not checked.
    pub root_certificates: Option<PathBuf>,
    /// The URL with the password, wherever it stands, replaced by `***`.
    hidden: String,
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, sslmode {}", self.hidden, word(self.tls, &Tls::WORDS))?;
        match &self.root_certificates {
            Some(path) => write!(f, ", sslrootcert {}", path.display()),
            None => Ok(()),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        const SHAPE: &str = "give postgres://USER:PASSWORD@HOST:PORT/DATABASE";
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        if !["postgres", "postgresql"].contains(&scheme) {
            return refuse("is not a postgres:// or postgresql:// URL", SHAPE);
        }
        if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
            return refuse("has a space or a line break", "write a space as %20");
        }
        let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = server.split_once('/').unwrap_or((server, ""));
        let (credentials, hosts) = authority.split_once('@').unwrap_or(("", authority));
        // Past this point no part of a password can stand where a host or a parameter is looked for.
        if [hosts, database, query].iter().any(|part| part.contains('@')) {
            return refuse(
                "has an `@` that does not end the user and password",
                "write @ / ? : in a user, a password or a parameter as %40 %2F %3F %3A",
            );
        }
        if hosts.is_empty() && !query.contains("host") {
            return refuse("names no host", format!("{SHAPE}, or ?host= and the directory of its socket"));
        }
        if !hosts.is_empty() && !hosts.split(',').all(is_host) {
            return refuse("has a host or port that cannot be read", SHAPE);
        }

        let mut url = format!("{scheme}://{server}");
        let mut hidden = match server.split_once('@').zip(credentials.split_once(':')) {
            Some(((_, place), (user, _))) => format!("{scheme}://{user}:***@{place}"),
            None => url.clone(),
        };
        let mut separator = '?';
        let (mut tls, mut certificates) = (None, None);
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let pair = parameter.split_once('=');
            let decoded =
                pair.and_then(|(key, value)| Some((percent_decoded(key)?, percent_decoded(value)?)));
            let Some((key, value)) = decoded else {
                return refuse(
                    "has a parameter that cannot be read",
                    "write each parameter as NAME=VALUE, and % as %25",
                );
            };
            match key.as_str() {
                "sslmode" => tls = Some(ssl_mode(&value)?),
                "sslrootcert" => certificates = Some(value),
                other if other.starts_with("ssl") && other != "sslnegotiation" => {
                    return refuse(
                        format!("has the unknown parameter {}", shown(other)),
                        "those of TLS are sslmode, sslrootcert and sslnegotiation",
                    );
                }
                other => {
                    let harmless = if other == "password" { "password=***" } else { parameter };
                    url.push_str(&format!("{separator}{parameter}"));
                    hidden.push_str(&format!("{separator}{harmless}"));
                    separator = '&';
                }
            }
        }
        let (tls, root_certificates) = trust(tls, certificates)?;
        Ok(Self { url: Secret(url), tls, root_certificates, hidden })
    }
}

/// The mode and the certificates together, by libpq's rules: a certificate to check against turns `require`
/// into `verify-ca`, and `system` stands for the system's own certificates and is only for `verify-full`.
fn trust(tls: Option<Tls>, certificates: Option<String>) -> Result<(Tls, Option<PathBuf>), Refusal> {
    match (tls, certificates.as_deref()) {
        (mode, None) => Ok((mode.unwrap_or(Tls::Prefer), None)),
        (None | Some(Tls::VerifyFull), Some("system")) => Ok((Tls::VerifyFull, None)),
        (_, Some(unfit @ ("" | "system"))) => refuse(
            format!("has an sslrootcert that is {}", shown(unfit)),
            "give the path of a PEM file, or system with sslmode verify-full",
        ),
        (Some(Tls::Require), Some(path)) => Ok((Tls::VerifyCa, Some(path.into()))),
        (mode, Some(path)) => Ok((mode.unwrap_or(Tls::Prefer), Some(path.into()))),
    }
}

fn ssl_mode(text: &str) -> Result<Tls, Refusal> {
    one_of(text, &Tls::WORDS)
        .map_err(|refusal| Refusal::new(format!("has an sslmode that {}", refusal.wrong), refusal.right))
}

/// Whether this is a host with or without a port; an address of IPv6 stands in brackets.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    let is_one = !host.is_empty() && (is_bracketed || !host.contains(':'));
    is_one && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// The text with each `%41` read as `A`; none if a `%` stands for nothing, or the result is not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, tail) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend(tail.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
