//! Areas: the MAPPA areas with everything that covers them, and the contract package areas.

use super::authority::LocalAuthority;
use super::board::Board;
use super::body::{BodyAt, body_object};
use super::common::{Citation, CodeOfScheme, DatedName, Period, Statement};
use super::organisations::{
    CommunityRehabilitationCompany, NpsDivision, OrganisationValue, PoliceForce, ProbationRegion,
    ProbationTrust,
};
use crate::directory::BodyId;
use crate::directory::view::InCharge;
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::graphql::context::{At, Context};
use crate::graphql::plan::Planned;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::Scalar;
use juniper::GraphQLEnum;

/// Whether something is recorded for the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum RecordState {
    /// It is recorded.
    Recorded,
    /// It is not recorded for that day, which says nothing of whether there was any.
    NotRecorded,
}

/// The body of a kind that covers an area, covered it or will, reached through the area.
pub fn covering(context: &Context, at: At, area: BodyId, kind: BodyKind) -> Option<BodyAt> {
    let (id, _) = context.view(at).covering(area, kind)?;
    Some(BodyAt { at, id, area: Some(area) })
}

/// The company that works in an area, worked there or will, reached through the area.
pub fn company(context: &Context, at: At, area: BodyId) -> Option<CommunityRehabilitationCompany> {
    let package = covering(context, at, area, BodyKind::ContractPackageArea)?;
    let (id, _) = context.view(at).company_in(package.id)?;
    Some(CommunityRehabilitationCompany(BodyAt { id, ..package }))
}

body_object! {
    /// One of the 42 areas of the multi-agency public protection arrangements (MAPPA), on a day.
    MappaArea implements [NodeValue] {
        /// The probation trust whose area this was; its period is that of the coverage.
        pub fn probation_trust(&self, context: &Context) -> Option<Planned<ProbationTrust>> {
            covering(context, self.0.at, self.0.id, BodyKind::ProbationTrust).map(ProbationTrust).map(Planned)
        }

        /// The division of the National Probation Service whose area this is, was or will be; its period is that of
        /// the coverage.
        pub fn nps_division(&self, context: &Context) -> Option<Planned<NpsDivision>> {
            covering(context, self.0.at, self.0.id, BodyKind::NpsDivision).map(NpsDivision).map(Planned)
        }

        /// The contract package area in which this lies, lay or will lie; its period is that of the coverage.
        pub fn contract_package_area(&self, context: &Context) -> Option<Planned<ContractPackageArea>> {
            covering(context, self.0.at, self.0.id, BodyKind::ContractPackageArea).map(ContractPackageArea).map(Planned)
        }

        /// The community rehabilitation company that works, worked or will work here; its period is that of the coverage.
        pub fn crc(&self, context: &Context) -> Option<Planned<CommunityRehabilitationCompany>> {
            company(context, self.0.at, self.0.id).map(Planned)
        }

        /// The region of the unified Probation Service, from 26 June 2021; its period is that of the coverage.
        pub fn region(&self, context: &Context) -> Option<Planned<ProbationRegion>> {
            covering(context, self.0.at, self.0.id, BodyKind::ProbationRegion).map(ProbationRegion).map(Planned)
        }

        /// Police forces of the area; London has two. At most 10.
        pub fn police_forces(&self, context: &Context) -> Planned<Vec<PoliceForce>> {
            let forces = context.view(self.0.at).forces(self.0.id);
            forces.into_iter().map(|id| PoliceForce(BodyAt { id, area: Some(self.0.id), ..self.0 })).collect()
        }

        /// Who is in charge of probation here on the day: the trust; then the division and the company; then the
        /// region. Empty where that is not recorded. At most 3.
        pub fn in_charge(&self, context: &Context) -> Planned<Vec<OrganisationValue>> {
            match context.view(self.0.at).in_charge(self.0.id) {
                InCharge::NotRecorded => Planned(Vec::new()),
                InCharge::Recorded(ids) => ids
                    .into_iter()
                    .filter_map(|id| {
                        OrganisationValue::of(context, BodyAt { id, area: Some(self.0.id), ..self.0 })
                    })
                    .collect(),
            }
        }

        /// Whether it is recorded who is in charge on the day; not before 1 April 2010.
        pub fn in_charge_state(&self, context: &Context) -> RecordState {
            match context.view(self.0.at).in_charge(self.0.id) {
                InCharge::NotRecorded => RecordState::NotRecorded,
                InCharge::Recorded(_) => RecordState::Recorded,
            }
        }

        /// Whether the other calendar names others in charge; null outside April and May 2014.
        pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
            context.view(self.0.at).other_calendar_differs(self.0.id)
        }

        /// Local authorities of 31 March 2014 that lie in the area, in the order of their codes. At most 50.
        pub fn local_authorities(&self, context: &Context) -> Planned<Vec<LocalAuthority>> {
            let Some(set) = context.view(self.0.at).authorities() else { return Planned(Vec::new()) };
            set.listed()
                .into_iter()
                .filter(|id| set.authority(*id).area == self.0.id)
                .map(|id| LocalAuthority { at: self.0.at, id })
                .collect()
        }

        /// The Strategic Management Board of the area.
        pub fn board(&self, context: &Context) -> Option<Planned<Board>> {
            Board::of_area(context, self.0.at, self.0.id).map(Planned)
        }
    }
}

body_object! {
    /// A place in which one community rehabilitation company works.
    ContractPackageArea implements [NodeValue] {
        /// MAPPA areas that lie in it on the day; where none does then, those that did or will. At most 50.
        pub fn mappa_areas(&self, context: &Context) -> Planned<Vec<MappaArea>> {
            let areas = context.view(self.0.at).areas(self.0.id);
            areas.into_iter().map(|id| MappaArea(BodyAt::new(self.0.at, id))).collect()
        }

        /// Whether it is in force on the other calendar and not on this, or the reverse; null outside April and May 2014.
        pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
            self.0.other_calendar_differs(context)
        }

        /// The division of the National Probation Service in which it lies whole.
        pub fn nps_division(&self, context: &Context) -> Option<Planned<NpsDivision>> {
            let id = context.view(self.0.at).division_of_package(self.0.id)?;
            Some(Planned(NpsDivision(BodyAt::new(self.0.at, id))))
        }

        /// The company that works there on the day, worked there or will.
        pub fn crc(&self, context: &Context) -> Option<Planned<CommunityRehabilitationCompany>> {
            let (id, _) = context.view(self.0.at).company_in(self.0.id)?;
            Some(Planned(CommunityRehabilitationCompany(BodyAt { id, ..self.0 })))
        }
    }
}
