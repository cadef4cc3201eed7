//! Organisations: forces, trusts, divisions, companies with their owners, regions, national bodies, agencies.

use super::area::{ContractPackageArea, MappaArea};
use super::board::agency::{self, AgencyDuty};
use super::board::history::RecordedRow;
use super::board::seat::Seat;
use super::body::{BodyAt, body_object};
use super::common::{Citation, CodeOfScheme, DatedName, Period, Statement, ViewAsked};
use super::directory::int;
use super::mailbox::{Mailbox, mailboxes};
use super::post::Post;
use crate::directory::change::body_touched_by;
use crate::directory::view::Held;
use crate::directory::{BodyId, PostId, Share};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::graphql::context::{At, Context};
use crate::graphql::plan::Planned;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::Scalar;
use juniper::{GraphQLObject, ID, graphql_interface};

/// An organisation of the directory, on a day.
#[graphql_interface]
#[graphql(
    for = [
        PoliceForce, ProbationTrust, NpsDivision, CommunityRehabilitationCompany, CompanyOwner, ProbationRegion,
        NationalBody, Agency
    ],
    scalar = Scalar,
    context = Context
)]
#[allow(dead_code, reason = "juniper derives OrganisationValue from it")]
pub trait Organisation {
    /// Opaque id; carries the view where that is not the default.
    fn id(&self) -> ID;
    /// The day, calendar and state of knowledge that this is the answer for.
    fn view(&self) -> ViewAsked;
    /// Stable key.
    fn slug(&self) -> &str;
    /// Plain name on the day.
    fn name(&self) -> &str;
    /// Legal or full name on the day; the plain name where it has no other.
    fn official_name(&self) -> &str;
    /// Name in Welsh; null where no source gives one.
    fn welsh_name(&self) -> Option<&str>;
    /// Abbreviations in use. At most 50.
    fn short_names(&self) -> Vec<&str>;
    /// Other spellings and old labels by which it is found. At most 50.
    fn aliases(&self) -> Vec<&str>;
    /// Every name ever recorded, with its days and sources. At most 200.
    fn names(&self) -> Vec<DatedName>;
    /// Codes by scheme. At most 50.
    fn codes(&self) -> Vec<CodeOfScheme>;
    /// Days on which it exists or, reached through an area, on which it covers that area.
    fn period(&self) -> Option<Period>;
    /// Whether the day asked about lies in the period; null where that is not recorded, as of trusts before
    /// 1 April 2010.
    fn in_force(&self) -> Option<bool>;
    /// Whether it is in force on the other calendar and not on this, or the reverse; null outside April and May 2014.
    fn other_calendar_differs(&self) -> Option<bool>;
    /// England, Wales, or England and Wales.
    fn country(&self) -> &str;
    /// Where the period comes from.
    fn citation(&self) -> Option<Citation>;
    /// What sources state where they disagree, side by side. At most 50.
    fn statements(&self) -> Vec<Statement>;
    /// MAPPA areas that it covers on the day; where it covers none then, those it covered or will. At most 50.
    fn mappa_areas(&self) -> Vec<MappaArea>;
    /// The whole chain of organisations whose work it took over, nearest first. At most 200.
    fn predecessors(&self) -> Vec<OrganisationValue>;
    /// The whole chain of organisations that took over its work, nearest first. At most 200.
    fn successors(&self) -> Vec<OrganisationValue>;
    /// Version of the last change that touched it, as known in the view: give it as `expectedVersion` of a mutation.
    fn version(&self) -> i32;
    /// Its mailboxes on the day, each of a role. At most 20.
    fn mailboxes(&self) -> Vec<Mailbox>;
    /// Public posts in it. At most 50.
    fn posts(&self) -> Vec<Post>;
}

impl OrganisationValue {
    /// The organisation that a body is; none for a place.
    pub fn of(context: &Context, body: BodyAt) -> Option<OrganisationValue> {
        Some(match context.directory().body(body.id).identity.kind {
            BodyKind::PoliceForce => PoliceForce(body).into(),
            BodyKind::ProbationTrust => ProbationTrust(body).into(),
            BodyKind::NpsDivision => NpsDivision(body).into(),
            BodyKind::Crc => CommunityRehabilitationCompany(body).into(),
            BodyKind::CrcOwner => CompanyOwner(body).into(),
            BodyKind::ProbationRegion => ProbationRegion(body).into(),
            BodyKind::NationalBody => NationalBody(body).into(),
            BodyKind::Agency => Agency(body).into(),
            BodyKind::MappaArea | BodyKind::ContractPackageArea => return None,
        })
    }
}

fn areas(context: &Context, body: BodyAt) -> Planned<Vec<MappaArea>> {
    let areas = context.view(body.at).areas(body.id);
    areas.into_iter().map(|id| MappaArea(BodyAt::new(body.at, id))).collect()
}

fn posts(context: &Context, body: BodyAt) -> Vec<Post> {
    let view = context.view(body.at);
    let posts = view.body(body.id).posts.iter().copied();
    let is_here = |id: &PostId| view.post(*id).is_some_and(|held| held.value.body == body.id);
    posts.filter(is_here).map(|id| Post { at: body.at, id }).collect()
}

/// An organisation with the fields that all organisations have, and its own after them.
macro_rules! organisation {
    ($(#[doc = $doc:literal])+ $name:ident implements [$($interface:ident),*] { $($own:tt)* }) => {
        body_object! {
            $(#[doc = $doc])+
            $name implements [$($interface),*] {
                /// Whether it is in force on the other calendar and not on this, or the reverse; null outside April and May
                /// 2014.
                pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
                    self.0.other_calendar_differs(context)
                }

                /// MAPPA areas that it covers on the day; where it covers none then, those it covered or will. At most 50.
                pub fn mappa_areas(&self, context: &Context) -> Planned<Vec<MappaArea>> {
                    areas(context, self.0)
                }

                /// The whole chain of organisations whose work it took over, nearest first. At most 200.
                pub fn predecessors(&self, context: &Context) -> Planned<Vec<OrganisationValue>> {
                    Planned(self.0.chain(context, |body| &body.predecessors))
                }

                /// The whole chain of organisations that took over its work, nearest first. At most 200.
                pub fn successors(&self, context: &Context) -> Planned<Vec<OrganisationValue>> {
                    Planned(self.0.chain(context, |body| &body.successors))
                }

                /// Version of the last change that touched it, as known in the view: give it as `expectedVersion` of a
                /// mutation.
                pub fn version(&self, context: &Context) -> i32 {
                    let known = context.view(self.0.at).moment.known;
                    let touched = body_touched_by(context.directory(), self.0.id, known);
                    int(usize::try_from(touched).unwrap_or_default())
                }

                /// Its mailboxes on the day, each of a role. At most 20.
                pub fn mailboxes(&self, context: &Context) -> Planned<Vec<Mailbox>> {
                    mailboxes(context, self.0)
                }

                /// Public posts in it. At most 50.
                pub fn posts(&self, context: &Context) -> Vec<Post> {
                    posts(context, self.0)
                }

                $($own)*
            }
        }
    };
}

organisation! {
    /// A territorial police force.
    PoliceForce implements [NodeValue, OrganisationValue] {}
}

organisation! {
    /// A probation trust of before the restructure. Its own period ends in law on 31 October 2014; its coverage of
    /// areas ended at the restructure.
    ProbationTrust implements [NodeValue, OrganisationValue] {}
}

organisation! {
    /// A division of the National Probation Service.
    NpsDivision implements [NodeValue, OrganisationValue] {
        /// Contract package areas that lie in it. At most 50.
        pub fn contract_package_areas(&self, context: &Context) -> Planned<Vec<ContractPackageArea>> {
            let view = context.view(self.0.at);
            view.bodies(BodyKind::ContractPackageArea)
                .filter(|package| view.division_of_package(*package) == Some(self.0.id))
                .map(|id| ContractPackageArea(BodyAt::new(self.0.at, id)))
                .collect()
        }
    }
}

organisation! {
    /// A community rehabilitation company. Its key is that of the contract package area that it works in.
    CommunityRehabilitationCompany implements [NodeValue, OrganisationValue] {
        /// The place that it works in.
        pub fn contract_package_area(&self, context: &Context) -> Option<Planned<ContractPackageArea>> {
            let package = context.view(self.0.at).package_of(self.0.id)?;
            Some(Planned(ContractPackageArea(BodyAt { id: package, ..self.0 })))
        }

        /// The owner on the day, or the nearest to it.
        pub fn owner(&self, context: &Context) -> Option<Planned<Ownership>> {
            let held = context.view(self.0.at).owner(self.0.id)?;
            Some(Planned(Ownership::of(context, self.0.at, self.0.id, held)))
        }

        /// Every owner over time, in order. At most 50.
        pub fn owners(&self, context: &Context) -> Planned<Vec<Ownership>> {
            let view = context.view(self.0.at);
            view.known(&view.body(self.0.id).ownership)
                .map(|held| Ownership::of(context, self.0.at, self.0.id, held))
                .collect()
        }
    }
}

organisation! {
    /// An owner of community rehabilitation companies. Its period is that of its ownership, not of its own life.
    CompanyOwner implements [NodeValue, OrganisationValue] {
        /// Companies that it owns on the day; where it owns none then, those it owned or will. At most 50.
        pub fn companies(&self, context: &Context) -> Planned<Vec<CommunityRehabilitationCompany>> {
            let companies = context.view(self.0.at).companies_of(self.0.id);
            companies.into_iter().map(|(id, _)| CommunityRehabilitationCompany(BodyAt::new(self.0.at, id))).collect()
        }
    }
}

organisation! {
    /// A region of the unified Probation Service, from 26 June 2021.
    ProbationRegion implements [NodeValue, OrganisationValue] {}
}

organisation! {
    /// A body that serves the whole of England and Wales, or all of Wales.
    NationalBody implements [NodeValue, OrganisationValue] {}
}

organisation! {
    /// An agency under the duty to co-operate with the Responsible Authority of an area.
    Agency implements [NodeValue, OrganisationValue] {
        /// As what it has the duty on the day. At most 12.
        pub fn duties(&self, context: &Context) -> Vec<AgencyDuty> {
            agency::duties(context, self.0)
        }

        /// Seats on boards that belong to it on the day. At most 200.
        pub fn seats(&self, context: &Context) -> Vec<Seat> {
            agency::seats(context, self.0)
        }

        /// Every row ever recorded of its names, duties and areas, corrections among them, by its first day. At most 200.
        pub fn history(&self, context: &Context) -> Vec<RecordedRow> {
            agency::history(context, self.0)
        }

        /// Whether something of it is of the example set, and so made up.
        pub fn is_example(&self, context: &Context) -> bool {
            agency::is_example(context.view(self.0.at), self.0.id)
        }
    }
}

/// Who owned a company for a time.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Ownership {
    /// The company.
    pub company: CommunityRehabilitationCompany,
    /// Its owner.
    pub owner: CompanyOwner,
    /// Partners of the owner in this contract, as the source names them; null where none is named.
    pub partners: Option<String>,
    /// Days of ownership.
    pub period: Period,
    /// Whether the day asked about is one of them.
    pub in_force: bool,
    /// Where it comes from.
    pub citation: Citation,
}

impl Ownership {
    fn of(context: &Context, at: At, crc: BodyId, held: Held<'_, Share>) -> Ownership {
        Ownership {
            company: CommunityRehabilitationCompany(BodyAt::new(at, crc)),
            owner: CompanyOwner(BodyAt::new(at, held.value.body)),
            partners: held.value.partners.clone(),
            period: held.period.into(),
            in_force: held.in_force,
            citation: Citation::of(context.view(at), held.citation),
        }
    }
}
