//! Orders about API keys and their roles: issue, revoke, grant, take back.
//!
//! No secret comes here, only its digest. Somebody is always left who may give keys and roles.

use super::ground::{Ground, text};
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{KeyWrite, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope};
use crate::directory::Directory;
use crate::directory::access::NewKey;
use crate::directory::api_key::Prefix;
use crate::domain::access::{Caller, Grant, Role};
use crate::domain::organisation::BodyKind;

/// Longest label, as the table has it.
const LONGEST_LABEL: usize = 100;

/// A key is issued.
#[derive(Clone, Debug)]
pub struct IssueApiKey {
    /// The key.
    pub key: NewKey,
}

/// A key is revoked, for good.
#[derive(Clone, Debug)]
pub struct RevokeApiKey {
    /// What names it; none where what was given names no key.
    pub key: Option<Prefix>,
}

/// A key is granted a role.
#[derive(Clone, Debug)]
pub struct GrantRole {
    /// What names the key; none where what was given names no key.
    pub key: Option<Prefix>,
    /// The role.
    pub grant: Grant,
}

/// A role is taken back from a key.
#[derive(Clone, Debug)]
pub struct RevokeRole {
    /// What names the key; none where what was given names no key.
    pub key: Option<Prefix>,
    /// The role.
    pub grant: Grant,
}

fn known<'g>(ground: &Ground<'g>, key: Option<Prefix>) -> Result<(Prefix, &'g Caller), Refused> {
    let keys = ground.keys;
    key.and_then(|key| Some((key, keys.of(key)?))).ok_or_else(|| {
        let message = "No key has that name, or it was revoked: give the eight characters that name one.";
        vec![Refusal::new(RefusalCode::UnknownKey, "key", message)]
    })
}

fn area_of(ground: &Ground<'_>, grant: &Grant, field: &'static str) -> Result<(), Refusal> {
    match grant.area() {
        Some(area) => ground.body(BodyKind::MappaArea, area, field).map(|_| ()),
        None => Ok(()),
    }
}

/// Sees to it that somebody is left, where a key loses its power.
fn somebody_is_left(ground: &Ground<'_>, key: Prefix) -> Result<(), Refused> {
    let is_one = ground.keys.administrators(ground.today).any(|it| it == key);
    if is_one && !ground.keys.administrators(ground.today).any(|it| it != key) {
        let message = "No other key that is taken is that of a national administrator: issue one first.";
        return Err(vec![Refusal::new(RefusalCode::LastAdministrator, "key", message)]);
    }
    Ok(())
}

fn decided<'g>(
    ground: &Ground<'_>,
    write: KeyWrite,
    key: Prefix,
    roles: impl IntoIterator<Item = &'g Grant>,
) -> Decision {
    let summary = Summary { on: Some(ground.today), ..Summary::default() }.with_key(key, roles);
    Decision { writes: vec![Write::Key(write)], summary }
}

impl Order for IssueApiKey {
    fn action(&self) -> &'static str {
        "ISSUE_KEY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let label = text(&self.key.label, "label", LONGEST_LABEL);
        let expires = self.key.expires_on.filter(|last| *last < ground.today).map(|_| {
            let message = format!("The key would never be taken: give a day from {}.", ground.today);
            Refusal::new(RefusalCode::DateOutOfScope, "expiresOn", message)
        });
        let areas = self.key.grants.iter().filter_map(|grant| area_of(ground, grant, "grants").err());
        let mut refusals: Refused = label.as_ref().err().cloned().into_iter().chain(expires).collect();
        refusals.extend(areas.take(1));
        let Ok(label) = label else { return Err(refusals) };
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let key = NewKey { label, ..self.key.clone() };
        Ok(decided(ground, KeyWrite::Issue(key), self.key.prefix, &self.key.grants))
    }
}

impl Order for RevokeApiKey {
    fn action(&self) -> &'static str {
        "REVOKE_KEY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let (key, _) = known(ground, self.key)?;
        somebody_is_left(ground, key)?;
        Ok(decided(ground, KeyWrite::Revoke(key), key, []))
    }
}

impl Order for GrantRole {
    fn action(&self) -> &'static str {
        "GRANT_ROLE"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let (key, caller) = known(ground, self.key)?;
        area_of(ground, &self.grant, "area").map_err(|refusal| vec![refusal])?;
        if caller.has(&self.grant) {
            let message = "The key has that role already.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "role", message)]);
        }
        Ok(decided(ground, KeyWrite::Grant(key, self.grant.clone()), key, [&self.grant]))
    }
}

impl Order for RevokeRole {
    fn action(&self) -> &'static str {
        "WITHDRAW_ROLE"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let (key, caller) = known(ground, self.key)?;
        area_of(ground, &self.grant, "area").map_err(|refusal| vec![refusal])?;
        if !caller.has(&self.grant) {
            let message = "The key has not that role.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "role", message)]);
        }
        if self.grant.role() == Role::NationalAdministrator {
            somebody_is_left(ground, key)?;
        }
        Ok(decided(ground, KeyWrite::Withdraw(key, self.grant.clone()), key, [&self.grant]))
    }
}
