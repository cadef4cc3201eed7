//! `key`, `grant` and `withdraw`: API keys and their roles, as whoever keeps the service gives them out.
//!
//! A key is printed once, alone on standard output, and never again. What is told of a mistake repeats no argument that
//! could be a key in the wrong place.

use super::database::{Connected, Database};
use super::{Failure, print};
use crate::actions::issue_key::{KeyRequest, issue_first_key, issue_key};
use crate::actions::prepare_database::Ownership;
use crate::clock::{Clock, SystemClock, today_in_london};
use crate::directory::access::KeyRow;
use crate::directory::api_key::{ApiKey, Prefix};
use crate::domain::access::{Grant, Role};
use crate::store::keys::{By, KeyChange, KeyOrder};
use chrono::NaiveDate;

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory key issue --label 'case system of Kent' --role reader --expires 2027-03-31
  probation-directory key issue --label 'board clerks' --role board-administrator --area kent --area sussex
  probation-directory key list
  probation-directory key revoke k3x9f2ab --reason 'left in a public log'";

pub(super) const GRANT_EXAMPLES: &str = "\
Examples:
  probation-directory grant k3x9f2ab reader
  probation-directory grant k3x9f2ab board-administrator --area kent
  probation-directory withdraw k3x9f2ab board-administrator --area kent

Roles: reader, board-administrator (with --area), national-administrator, auditor.";

/// Under whom the changes of this command line are recorded.
const ACTOR: &str = "command-line";
/// Longest label, as the table has it.
const LONGEST_LABEL: usize = 100;

/// What is done with keys.
#[derive(clap::Subcommand)]
pub enum KeyCommand {
    /// Issue a key and print it, this once.
    #[command(after_help = EXAMPLES)]
    Issue(Issue),
    /// List the keys: what names each, never its secret.
    #[command(after_help = "Example:\n  probation-directory key list")]
    List,
    /// Revoke a key, for good; running services hear of it at once.
    #[command(after_help = "Example:\n  probation-directory key revoke k3x9f2ab")]
    Revoke(Revoke),
}

/// A key that is to be issued.
#[derive(clap::Args)]
pub struct Issue {
    /// What the key is for: a system or an office, never a person.
    #[arg(long)]
    label: String,
    /// Last day on which it is taken, in London; it does not expire where none is given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::asked::day)]
    expires: Option<NaiveDate>,
    /// A role: reader, board-administrator (with --area), national-administrator, auditor. May be given more than once.
    #[arg(long)]
    role: Vec<String>,
    /// Slug of a MAPPA area for the role board-administrator. May be given more than once.
    #[arg(long)]
    area: Vec<String>,
    /// Why, for the record of changes.
    #[arg(long)]
    reason: Option<String>,
}

/// A key that is to be revoked.
#[derive(clap::Args)]
pub struct Revoke {
    /// The eight characters that name the key; a whole key that was found somewhere does as well.
    prefix: String,
    /// Why, for the record of changes.
    #[arg(long)]
    reason: Option<String>,
}

/// A role that a key is to have, or to have no longer.
#[derive(clap::Args)]
pub struct RoleOfKey {
    /// The eight characters that name the key.
    prefix: String,
    /// The role: reader, board-administrator (with --area), national-administrator, auditor.
    role: String,
    /// Slug of the MAPPA area, for the role board-administrator.
    #[arg(long)]
    area: Option<String>,
    /// Why, for the record of changes.
    #[arg(long)]
    reason: Option<String>,
}

/// Does what is to be done with keys.
pub fn key(database: &Database<'_>, command: &KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::Issue(arguments) => issue(database, arguments),
        KeyCommand::List => list(database),
        KeyCommand::Revoke(arguments) => {
            let order = KeyOrder::Revoke(prefix(&arguments.prefix)?);
            done(database, &order, arguments.reason.as_deref(), "Revoked.", "It was revoked before.")
        }
    }
}

/// Grants a key a role.
pub fn grant(database: &Database<'_>, arguments: &RoleOfKey) -> Result<(), Failure> {
    let order = KeyOrder::Grant(prefix(&arguments.prefix)?, arguments.grant()?);
    done(database, &order, arguments.reason.as_deref(), "Granted.", "It has that role already.")
}

/// Takes a role back from a key.
pub fn withdraw(database: &Database<'_>, arguments: &RoleOfKey) -> Result<(), Failure> {
    let order = KeyOrder::Withdraw(prefix(&arguments.prefix)?, arguments.grant()?);
    done(database, &order, arguments.reason.as_deref(), "Taken back.", "It has not that role.")
}

/// On a private server, the administrator's key of its first start; none at any later one.
pub fn first_key(connected: &Connected) -> Result<Option<ApiKey>, Failure> {
    if connected.ownership == Ownership::Shared {
        return Ok(None);
    }
    let by = By { actor: ACTOR, reason: Some("first start of a private server") };
    connected.run(issue_first_key(&connected.store, by))
}

fn issue(database: &Database<'_>, arguments: &Issue) -> Result<(), Failure> {
    let request = arguments.request(today_in_london(SystemClock.now()))?;
    let connected = database.prepared()?;
    let by = By { actor: ACTOR, reason: arguments.reason.as_deref() };
    let (key, change) = connected.run(issue_key(&connected.store, &request, by))?;
    told(change, "", "")?;
    eprintln!("Key {} is issued. It is shown this once; send it as Authorization: Bearer.", key.prefix());
    print(key.expose())
}

impl Issue {
    fn request(&self, today: NaiveDate) -> Result<KeyRequest, Failure> {
        let length = self.label.chars().count();
        if !(1..=LONGEST_LABEL).contains(&length) || self.label.chars().any(char::is_control) {
            return Err(Failure::Usage(format!(
                "--label takes 1 to {LONGEST_LABEL} characters that can be printed"
            )));
        }
        if self.expires.is_some_and(|last| last < today) {
            return Err(Failure::Usage(format!("--expires takes a day from today, {today}")));
        }
        let mut grants = Vec::new();
        for role in &self.role {
            match role_of(role)? {
                Role::BoardAdministrator => {
                    let areas = self.area.iter().cloned();
                    grants.extend(areas.filter_map(|area| Grant::new(Role::BoardAdministrator, Some(area))));
                }
                role => grants.extend(Grant::new(role, None)),
            }
        }
        let has_areas = !self.area.is_empty();
        if has_areas
            != self.role.iter().any(|role| role_of(role).is_ok_and(|role| role == Role::BoardAdministrator))
        {
            return Err(Failure::Usage(AREAS.to_owned()));
        }
        grants.sort();
        grants.dedup();
        Ok(KeyRequest { label: self.label.clone(), expires_on: self.expires, grants })
    }
}

impl RoleOfKey {
    fn grant(&self) -> Result<Grant, Failure> {
        let role = role_of(&self.role)?;
        Grant::new(role, self.area.clone()).ok_or_else(|| Failure::Usage(AREAS.to_owned()))
    }
}

const AREAS: &str =
    "the role board-administrator takes --area with the slug of an area, and no other role does";

/// A role by its code, in letters of any size and with hyphens.
fn role_of(text: &str) -> Result<Role, Failure> {
    Role::from_code(&text.to_ascii_uppercase().replace('-', "_")).ok_or_else(|| {
        let message =
            "there is no such role: give reader, board-administrator, national-administrator or auditor";
        Failure::Usage(message.to_owned())
    })
}

fn prefix(text: &str) -> Result<Prefix, Failure> {
    let found = Prefix::read(text).or_else(|| ApiKey::read(text).map(|key| key.prefix()));
    found.ok_or_else(|| {
        Failure::Usage("a key is named by its eight characters: `key list` shows them".to_owned())
    })
}

fn done(
    database: &Database<'_>,
    order: &KeyOrder,
    reason: Option<&str>,
    done: &str,
    already: &str,
) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let change = connected.run(connected.store.change_keys(order, By { actor: ACTOR, reason }))?;
    print(told(change, done, already)?)
}

/// What a change came to, in words.
fn told<'a>(change: KeyChange, done: &'a str, already: &'a str) -> Result<&'a str, Failure> {
    let failed = |message: String| Err(Failure::Failed(message));
    match change {
        KeyChange::Done(_) => Ok(done),
        KeyChange::Already => Ok(already),
        KeyChange::UnknownKey => failed("no key has that name: `key list` shows all".to_owned()),
        KeyChange::Revoked => failed("that key was revoked, and has no roles any more".to_owned()),
        KeyChange::UnknownArea(slug) => {
            let is_slug = slug.len() <= 40 && slug.bytes().all(|c| c.is_ascii_lowercase() || c == b'-');
            let named = if is_slug { format!(" {slug}") } else { String::new() };
            failed(format!("no MAPPA area has the slug{named}, such as kent or avon-and-somerset"))
        }
    }
}

fn list(database: &Database<'_>) -> Result<(), Failure> {
    let connected = database.prepared()?;
    let keys = connected.run(connected.store.keys())?;
    if keys.is_empty() {
        return print("No key was ever issued.");
    }
    let today = today_in_london(SystemClock.now());
    let lines = keys.iter().map(|row| line(row, today));
    print(
        &std::iter::once(line_of("key", "state", "issued", "last day", "roles", "label"))
            .chain(lines)
            .collect::<String>(),
    )
}

fn line(row: &KeyRow, today: NaiveDate) -> String {
    let state = match row.recorded.until() {
        Some(_) => "revoked",
        None if row.is_taken(today) => "taken",
        None => "expired",
    };
    let expires = row.expires_on.map_or("-".to_owned(), |day| day.to_string());
    let roles: Vec<String> = row.grants.iter().map(role_and_area).collect();
    let roles = if roles.is_empty() { "-".to_owned() } else { roles.join(" ") };
    let issued = today_in_london(row.issued_at).to_string();
    line_of(row.prefix.as_str(), state, &issued, &expires, &roles, &row.label)
}

fn role_and_area(grant: &Grant) -> String {
    let role = grant.role().code().to_ascii_lowercase().replace('_', "-");
    grant.area().map_or(role.clone(), |area| format!("{role}:{area}"))
}

fn line_of(key: &str, state: &str, issued: &str, expires: &str, roles: &str, label: &str) -> String {
    format!("{key:8}  {state:7}  {issued:10}  {expires:10}  {roles:24}  {label}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(role: &[&str], area: &[&str], expires: Option<&str>) -> Result<KeyRequest, Failure> {
        let texts = |of: &[&str]| of.iter().map(|&text| text.to_owned()).collect();
        let expires = expires.map(|day| day.parse().unwrap());
        let issue =
            Issue { label: "a tool".to_owned(), expires, role: texts(role), area: texts(area), reason: None };
        issue.request("2026-05-01".parse().unwrap())
    }

    fn names(request: KeyRequest) -> Vec<String> {
        request.grants.iter().map(role_and_area).collect()
    }

    #[test]
    fn roles_and_areas_make_grants() {
        assert_eq!(names(issue(&[], &[], None).unwrap()), [""; 0]);
        assert_eq!(names(issue(&["reader", "READER"], &[], None).unwrap()), ["reader"]);
        let both = issue(&["board-administrator", "auditor"], &["kent", "essex", "kent"], None).unwrap();
        assert_eq!(names(both), ["board-administrator:essex", "board-administrator:kent", "auditor"]);
        let national = issue(&["National_Administrator"], &[], None).unwrap();
        assert_eq!(names(national), ["national-administrator"]);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for (role, area, expires) in [
            (&["reader"][..], &["kent"][..], None),
            (&[], &["kent"], None),
            (&["board-administrator"], &[], None),
            (&["admin"], &[], None),
            (&["reader"], &[], Some("2026-04-30")),
        ] {
            assert!(matches!(issue(role, area, expires), Err(Failure::Usage(_))), "{role:?} {area:?}");
        }
        assert!(issue(&["reader"], &[], Some("2026-05-01")).is_ok());
    }

    #[test]
    fn nothing_that_could_be_a_key_is_repeated() {
        let key = ApiKey::draw(|bytes| {
            bytes.iter_mut().zip(0..).for_each(|(byte, n)| *byte = n);
            Ok::<(), ()>(())
        });
        let key = key.unwrap();
        assert_eq!(prefix(key.expose()).unwrap(), key.prefix());
        let secret = &key.expose()[12..55];
        for failure in [
            prefix(&key.expose()[..40]).unwrap_err(),
            prefix(secret).unwrap_err(),
            role_of(secret).unwrap_err(),
            told(KeyChange::UnknownArea(key.expose().to_owned()), "", "").unwrap_err(),
            told(KeyChange::UnknownArea(secret.to_owned()), "", "").unwrap_err(),
        ] {
            assert!(!format!("{failure:?}").contains(&secret[..8]), "{failure:?}");
        }
    }
}
