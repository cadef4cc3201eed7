//! Pages of what the directory lists, and single bodies by their slugs.
//!
//! Which items a list has is left to `filters`, how a page is cut to `connection`.

use super::bounds::{Found, sound};
use super::filters::OrganisationFilter;
use crate::directory::BodyId;
use crate::domain::organisation::BodyKind;
use crate::graphql::connection::{Page, PageArguments, connection, page};
use crate::graphql::context::{At, Context};
use crate::graphql::plan::Planned;
use crate::graphql::types::area::{ContractPackageArea, MappaArea};
use crate::graphql::types::authority::LocalAuthority;
use crate::graphql::types::board::Board;
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::organisations::{
    Agency, CommunityRehabilitationCompany, NationalBody, NpsDivision, PoliceForce, ProbationRegion,
    ProbationTrust,
};
use crate::graphql::types::person::Person;

connection!(MappaAreaConnection, MappaAreaEdge, MappaArea);
connection!(ProbationTrustConnection, ProbationTrustEdge, ProbationTrust);
connection!(NpsDivisionConnection, NpsDivisionEdge, NpsDivision);
connection!(ContractPackageAreaConnection, ContractPackageAreaEdge, ContractPackageArea);
connection!(
    CommunityRehabilitationCompanyConnection,
    CommunityRehabilitationCompanyEdge,
    CommunityRehabilitationCompany
);
connection!(LocalAuthorityConnection, LocalAuthorityEdge, LocalAuthority);
connection!(PoliceForceConnection, PoliceForceEdge, PoliceForce);
connection!(ProbationRegionConnection, ProbationRegionEdge, ProbationRegion);
connection!(NationalBodyConnection, NationalBodyEdge, NationalBody);
connection!(AgencyConnection, AgencyEdge, Agency);
connection!(BoardConnection, BoardEdge, Board);
connection!(PersonConnection, PersonEdge, Person, by juniper);

/// The body of a kind with a slug.
pub fn one<T>(
    context: &Context,
    at: At,
    kind: BodyKind,
    slug: &str,
    make: fn(BodyAt) -> T,
) -> Found<Option<Planned<T>>> {
    sound("slug", slug)?;
    Ok(context.view(at).by_slug(kind, slug).map(|id| Planned(make(BodyAt::new(at, id)))))
}

/// A page of bodies, by their slugs. The name is that of the list with its filter.
pub fn list<T, C: From<Page<T>>>(
    context: &Context,
    at: At,
    name: &str,
    arguments: &PageArguments,
    bodies: Vec<BodyId>,
    make: fn(BodyAt) -> T,
) -> Found<Planned<C>> {
    let item = |id| (context.directory().body(id).identity.slug.as_str(), make(BodyAt::new(at, id)));
    Ok(Planned(page(at, name, arguments, bodies.into_iter().map(item).collect())?.into()))
}

/// A page of the organisations of a kind.
pub fn organisations<T, C: From<Page<T>>>(
    context: &Context,
    at: At,
    kind: BodyKind,
    filter: Option<OrganisationFilter>,
    arguments: &PageArguments,
    make: fn(BodyAt) -> T,
) -> Found<Planned<C>> {
    let filter = filter.unwrap_or_default();
    let bodies = filter.bodies(context, at, kind)?;
    let name = format!("{}{:?}", kind.code(), filter);
    list(context, at, &name, arguments, bodies, make)
}
