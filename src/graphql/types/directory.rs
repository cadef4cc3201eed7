//! The state of the directory: version, day, counts, invariants.

use super::common::CalendarName;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::Context;
use crate::graphql::scalar::{DateTime, LocalDate, Scalar};
use juniper::{GraphQLObject, graphql_object};

/// The state of the directory that this answer was made from.
pub struct DirectoryStatus;

/// How many of each there are, as known now.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct DirectoryCounts {
    /// MAPPA areas.
    pub mappa_areas: i32,
    /// Probation trusts.
    pub probation_trusts: i32,
    /// Divisions of the National Probation Service.
    pub nps_divisions: i32,
    /// Contract package areas.
    pub contract_package_areas: i32,
    /// Community rehabilitation companies.
    pub community_rehabilitation_companies: i32,
    /// Police forces.
    pub police_forces: i32,
    /// Regions of the unified Probation Service.
    pub probation_regions: i32,
    /// Local authorities of 31 March 2014.
    pub local_authorities: i32,
    /// Strategic Management Boards.
    pub boards: i32,
    /// Agencies under the duty to co-operate; of other areas than Merseyside none is recorded yet.
    pub agencies: i32,
}

/// An invariant of the map with both its sides.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct DirectoryCheck {
    /// What must hold, in words.
    pub name: String,
    /// What was found.
    pub left: i32,
    /// What it must be.
    pub right: i32,
    /// Whether both sides agree.
    pub holds: bool,
}

/// A whole number that GraphQL can carry.
pub fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// The state of the directory that this answer was made from.
#[graphql_object(scalar = Scalar, context = Context)]
impl DirectoryStatus {
    /// Version of the directory: grows by one with every change.
    fn version(context: &Context) -> i32 {
        int(context.directory().version())
    }

    /// When that version was recorded.
    fn recorded_at(context: &Context) -> Option<DateTime> {
        context.directory().recorded_at().map(DateTime)
    }

    /// When the first version was recorded: `knownAt` may not be earlier.
    fn first_recorded_at(context: &Context) -> Option<DateTime> {
        context.directory().changes().first().map(|change| DateTime(change.at))
    }

    /// The day that look-ups fall back to.
    fn directory_date(context: &Context) -> LocalDate {
        LocalDate(context.directory_date)
    }

    /// The calendar that look-ups fall back to.
    fn calendar() -> CalendarName {
        crate::domain::calendar::Calendar::default().into()
    }

    /// When this process loaded the version.
    fn loaded_at(context: &Context) -> DateTime {
        DateTime(context.loaded.loaded_at)
    }

    /// How many of each there are.
    fn counts(context: &Context) -> DirectoryCounts {
        let view = context.view(context.default_at());
        let count = |kind| int(view.bodies(kind).count());
        DirectoryCounts {
            mappa_areas: count(BodyKind::MappaArea),
            probation_trusts: count(BodyKind::ProbationTrust),
            nps_divisions: count(BodyKind::NpsDivision),
            contract_package_areas: count(BodyKind::ContractPackageArea),
            community_rehabilitation_companies: count(BodyKind::Crc),
            police_forces: count(BodyKind::PoliceForce),
            probation_regions: count(BodyKind::ProbationRegion),
            local_authorities: int(view.authorities().map_or(0, |set| set.listed)),
            agencies: count(BodyKind::Agency),
            boards: int(view.bodies(BodyKind::MappaArea).filter(|area| view.board(*area).is_some()).count()),
        }
    }

    /// Invariants of the whole map, on both calendars and every day. At most 50.
    fn checks(context: &Context) -> Vec<DirectoryCheck> {
        let checks = context.directory().checks().into_iter();
        checks
            .map(|check| DirectoryCheck {
                holds: check.holds(),
                name: check.name,
                left: int(check.left),
                right: int(check.right),
            })
            .collect()
    }
}
