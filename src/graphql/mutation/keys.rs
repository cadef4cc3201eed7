//! Inputs about API keys and their roles. The secret of a key is drawn here and goes into one answer, and nowhere else.

use super::Ordered;
use super::given::{Given, Manner, given};
use crate::actions::issue_key::{KeyRequest, drawn, new_key};
use crate::directory::api_key::{ApiKey, Prefix};
use crate::directory::change::{GrantRole, IssueApiKey, Refusal, RefusalCode, RevokeApiKey, RevokeRole};
use crate::domain::access::Grant;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::caller::Role;
use juniper::GraphQLInputObject;
use serde::Serialize;
use std::sync::Arc;

/// Most roles that a key is issued with.
const MOST_GRANTS: usize = 50;

/// A role, with its area where it has one.
#[derive(Clone, Debug, GraphQLInputObject, Serialize)]
#[graphql(scalar = Scalar)]
pub struct GrantInput {
    /// The role.
    pub role: Role,
    /// Slug of the MAPPA area, for the role BOARD_ADMINISTRATOR and for no other.
    pub area: Option<String>,
}

given! {
    /// Which key is to be issued.
    IssueApiKeyInput {
        /// What the key is for: a system or an office, never a person.
        label: String,
        /// Last day on which it is taken, in London; it does not expire where absent.
        expires_on: Option<LocalDate>,
        /// Its roles. At most 50.
        grants: Vec<GrantInput>,
    }
    |input| Issuing::draw(input)?.order()
}

given! {
    /// Which key is to be revoked.
    RevokeApiKeyInput {
        /// The eight characters that name the key.
        key: String,
    }
    |input| Ok(Arc::new(RevokeApiKey { key: prefix(&input.key) }))
}

given! {
    /// Which key is to have a role.
    GrantRoleInput {
        /// The eight characters that name the key.
        key: String,
        /// The role.
        role: Role,
        /// Slug of the MAPPA area, for the role BOARD_ADMINISTRATOR and for no other.
        area: Option<String>,
    }
    |input| Ok(Arc::new(GrantRole {
        key: prefix(&input.key),
        grant: grant(input.role, input.area, "area").map_err(|refusal| vec![refusal])?,
    }))
}

given! {
    /// Which key is to have a role no longer.
    RevokeRoleInput {
        /// The eight characters that name the key.
        key: String,
        /// The role.
        role: Role,
        /// Slug of the MAPPA area, for the role BOARD_ADMINISTRATOR and for no other.
        area: Option<String>,
    }
    |input| Ok(Arc::new(RevokeRole {
        key: prefix(&input.key),
        grant: grant(input.role, input.area, "area").map_err(|refusal| vec![refusal])?,
    }))
}

/// A key that is to be issued, with its secret.
#[derive(Serialize)]
pub struct Issuing {
    #[serde(flatten)]
    input: IssueApiKeyInput,
    /// The key.
    #[serde(skip)]
    pub key: ApiKey,
}

impl Issuing {
    /// Draws the secret.
    ///
    /// # Errors
    ///
    /// Where the system has no random bytes.
    pub fn draw(input: IssueApiKeyInput) -> Result<Issuing, Vec<Refusal>> {
        let key = drawn().map_err(|_| {
            vec![Refusal::new(
                RefusalCode::InvalidValue,
                "input",
                "The system has no random bytes: try again.",
            )]
        })?;
        Ok(Issuing { input, key })
    }
}

impl Given for Issuing {
    fn manner(&self) -> Manner {
        self.input.manner()
    }

    fn order(self) -> Ordered {
        let Issuing { input, key } = self;
        if input.grants.len() > MOST_GRANTS {
            let message =
                format!("A key is issued with at most {MOST_GRANTS} roles: grant it more afterwards.");
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "grants", message)]);
        }
        let grants = input.grants.into_iter().map(|it| grant(it.role, it.area, "grants"));
        let mut grants: Vec<Grant> = grants.collect::<Result<_, _>>().map_err(|refusal| vec![refusal])?;
        grants.sort();
        grants.dedup();
        let request =
            KeyRequest { label: input.label, expires_on: input.expires_on.map(|day| day.0), grants };
        Ok(Arc::new(IssueApiKey { key: new_key(&key, &request) }))
    }
}

/// What names a key; a whole key that was found somewhere does as well. None where it is neither: it may be anything, and
/// is not repeated.
fn prefix(text: &str) -> Option<Prefix> {
    Prefix::read(text).or_else(|| ApiKey::read(text).map(|key| key.prefix()))
}

fn grant(role: Role, area: Option<String>, field: &'static str) -> Result<Grant, Refusal> {
    Grant::new(role.in_domain(), area).ok_or_else(|| {
        let message = "The role BOARD_ADMINISTRATOR takes the slug of an area, and no other role does.";
        Refusal::new(RefusalCode::InvalidValue, field, message)
    })
}
