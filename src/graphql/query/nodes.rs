//! Objects by their opaque ids: the interface that they share, and what an id leads to.
//!
//! How an id is written and read is left to `graphql::node`.

use crate::domain::organisation::BodyKind;
use crate::graphql::context::Context;
use crate::graphql::node::{kind_of, read_id};
use crate::graphql::scalar::Scalar;
use crate::graphql::types::area::{ContractPackageArea, MappaArea};
use crate::graphql::types::authority::LocalAuthority;
use crate::graphql::types::board::Board;
use crate::graphql::types::board::seat::Seat;
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::change::Change;
use crate::graphql::types::organisations::{
    Agency, CommunityRehabilitationCompany, CompanyOwner, NationalBody, NpsDivision, PoliceForce,
    ProbationRegion, ProbationTrust,
};
use crate::graphql::types::person::Person;
use juniper::{ID, graphql_interface};

/// An object with an opaque id.
#[graphql_interface]
#[graphql(
    for = [
        MappaArea, ProbationTrust, NpsDivision, ContractPackageArea, CommunityRehabilitationCompany, CompanyOwner,
        LocalAuthority, PoliceForce, ProbationRegion, NationalBody, Agency, Board,
        Seat, Person, Change
    ],
    scalar = Scalar,
    context = Context
)]
#[allow(dead_code, reason = "juniper derives NodeValue from it")]
pub trait Node {
    /// Opaque id; carries the view where that is not the default.
    fn id(&self) -> ID;
}

/// The object of an id, in the view that the id carries; none where there is none.
pub fn find(context: &Context, id: &str) -> Option<NodeValue> {
    let node = read_id(context, id)?;
    let view = context.view(node.at);
    let body = |kind| {
        let id = view.by_slug(kind, &node.key)?;
        let Some(slug) = &node.area else { return Some(BodyAt::new(node.at, id)) };
        let area = view.by_slug(BodyKind::MappaArea, slug)?;
        let reached = BodyAt { at: node.at, id, area: Some(area) };
        // A body is reached through areas that it covers, covered or will.
        reached.standing(context).period.is_some().then_some(reached)
    };
    match (node.type_name.as_str(), kind_of(&node.type_name)) {
        ("LocalAuthority", _) => {
            let id = view.authorities()?.by_code(&node.key)?;
            Some(LocalAuthority { at: node.at, id }.into())
        }
        ("Board", _) => {
            let area = view.by_slug(BodyKind::MappaArea, &node.key)?;
            Board::of_area(context, node.at, area).map(Into::into)
        }
        ("Seat", _) => Seat::by_key(context, node.at, &node.key).map(Into::into),
        ("Person", _) => Person::find(context, node.at, &node.key).map(Into::into),
        ("Change", _) => Change::by_key(context, node.at, &node.key).map(Into::into),
        (_, Some(BodyKind::MappaArea)) => body(BodyKind::MappaArea).map(|at| MappaArea(at).into()),
        (_, Some(BodyKind::PoliceForce)) => body(BodyKind::PoliceForce).map(|at| PoliceForce(at).into()),
        (_, Some(BodyKind::ProbationTrust)) => {
            body(BodyKind::ProbationTrust).map(|at| ProbationTrust(at).into())
        }
        (_, Some(BodyKind::NpsDivision)) => body(BodyKind::NpsDivision).map(|at| NpsDivision(at).into()),
        (_, Some(BodyKind::ContractPackageArea)) => {
            body(BodyKind::ContractPackageArea).map(|at| ContractPackageArea(at).into())
        }
        (_, Some(BodyKind::Crc)) => body(BodyKind::Crc).map(|at| CommunityRehabilitationCompany(at).into()),
        (_, Some(BodyKind::CrcOwner)) => body(BodyKind::CrcOwner).map(|at| CompanyOwner(at).into()),
        (_, Some(BodyKind::ProbationRegion)) => {
            body(BodyKind::ProbationRegion).map(|at| ProbationRegion(at).into())
        }
        (_, Some(BodyKind::NationalBody)) => body(BodyKind::NationalBody).map(|at| NationalBody(at).into()),
        (_, Some(BodyKind::Agency)) => body(BodyKind::Agency).map(|at| Agency(at).into()),
        _ => None,
    }
}
