//! Who asks, as they may check for themselves.

use super::area::MappaArea;
use super::body::BodyAt;
use crate::domain::access;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::Context;
use crate::graphql::plan::Planned;
use crate::graphql::scalar::Scalar;
use juniper::{GraphQLEnum, graphql_object};
use serde::Serialize;

/// Who asks.
pub struct Caller;

/// What a caller may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum, Serialize)]
#[graphql(scalar = Scalar)]
pub enum Role {
    /// Reads names of board members and lay advisers.
    Reader,
    /// Looks after the boards of named areas, and reads the names of their members.
    BoardAdministrator,
    /// Looks after everything: boards, organisations, agencies, roles and keys.
    NationalAdministrator,
    /// Reads who changed what and why, and who saw which names.
    Auditor,
}

impl Role {
    /// The same in the words of the domain.
    pub fn in_domain(self) -> access::Role {
        match self {
            Role::Reader => access::Role::Reader,
            Role::BoardAdministrator => access::Role::BoardAdministrator,
            Role::NationalAdministrator => access::Role::NationalAdministrator,
            Role::Auditor => access::Role::Auditor,
        }
    }
}

impl From<access::Role> for Role {
    fn from(role: access::Role) -> Role {
        match role {
            access::Role::Reader => Role::Reader,
            access::Role::BoardAdministrator => Role::BoardAdministrator,
            access::Role::NationalAdministrator => Role::NationalAdministrator,
            access::Role::Auditor => Role::Auditor,
        }
    }
}

/// Who asks, by the API key that was sent.
#[graphql_object(scalar = Scalar, context = Context)]
impl Caller {
    /// The identity under which changes, and names that are shown, are recorded; null where no key was sent.
    fn actor<'c>(&self, context: &'c Context) -> Option<&'c str> {
        context.caller().actor()
    }

    /// Roles of the key; at most four.
    fn roles(&self, context: &Context) -> Vec<Role> {
        context.caller().roles().map(Role::from).collect()
    }

    /// Areas for which the key has the role BOARD_ADMINISTRATOR; at most as many as there are.
    fn areas(&self, context: &Context) -> Planned<Vec<MappaArea>> {
        let at = context.default_at();
        let areas = context.caller().areas();
        let found = areas.filter_map(|slug| context.view(at).by_slug(BodyKind::MappaArea, slug));
        found.map(|id| MappaArea(BodyAt::new(at, id))).collect()
    }
}
