//! A case with its places looked up, its decision, and the bodies of the decision by name.
//!
//! The deciding is `domain::routing`'s; here are geography before it and names after it.

use super::BodyId;
use super::lookup::{Located, Place as Asked, PlaceFault};
use super::view::View;
use crate::domain::case::{Area, AreaKey, Case, Place, Residence, Transfer};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::routing::Tables;
use crate::domain::routing::decide::{Decision, Manager, decide};
use crate::domain::routing::rule::BodyRole;

/// The places of a case as they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Where the person lives.
    pub residence: Option<ResidenceAsked>,
    /// The area of the sentencing court.
    pub sentenced_in: Option<Asked>,
    /// The court before which the case now is.
    pub at_court: Option<Asked>,
    /// The area that is left.
    pub transfer_from: Option<Asked>,
    /// The area that is moved to.
    pub transfer_to: Option<Asked>,
}

/// Where somebody lives, as it is asked for.
#[derive(Clone, Debug)]
pub enum ResidenceAsked {
    /// At an address in this place.
    At(Asked),
    /// At no address, but usually found here.
    UsuallyFoundIn(Asked),
    /// At no address.
    NoFixedAbode,
}

/// A body that manages a case or has a duty in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBody {
    /// What kind of body.
    pub role: BodyRole,
    /// The organisation; none where only the kind is known.
    pub body: Option<BodyId>,
    /// Its name, as it stands alone: a trust's is its full one, since the plain one is a place's. Words for the kind
    /// where only that is known.
    pub name: String,
}

impl NamedBody {
    /// The body in a sentence.
    pub fn in_words(&self) -> String {
        match (self.role, self.body) {
            (BodyRole::Division, Some(_)) => format!("NPS {}", self.name),
            _ => self.name.clone(),
        }
    }
}

/// A decision with what its areas and bodies are called.
#[derive(Clone, Debug)]
pub struct Route {
    /// The case with its places looked up.
    pub case: Case,
    /// The decision.
    pub decision: Decision,
    /// Who manages.
    pub manager: Option<NamedBody>,
    /// Who would manage after a move that is not decided yet.
    pub pending: Option<NamedBody>,
    /// The area that counts.
    pub area: Option<BodyId>,
    /// Why places were not found, by their fields.
    pub place_faults: Vec<(&'static str, PlaceFault)>,
    located: Vec<(AreaKey, Located)>,
}

impl View<'_> {
    /// Looks the places of a case up, decides it, and names the bodies of the decision.
    ///
    /// The day and calendar of the view are those of the case.
    pub fn route(&self, tables: &Tables, mut case: Case, places: &Places) -> Route {
        let mut looked = LookedUp { view: *self, located: Vec::new(), faults: Vec::new() };
        case.residence = places.residence.as_ref().map(|residence| match residence {
            ResidenceAsked::At(place) => Residence::At(looked.up("residence.place", place)),
            ResidenceAsked::UsuallyFoundIn(place) => {
                Residence::UsuallyFoundIn(looked.up("residence.usuallyFoundIn", place))
            }
            ResidenceAsked::NoFixedAbode => Residence::NoFixedAbode,
        });
        case.sentenced_in = places.sentenced_in.as_ref().map(|place| looked.up("sentencedIn", place));
        case.at_court = places.at_court.as_ref().map(|place| looked.up("atCourt", place));
        if let Some(to) = &places.transfer_to {
            let from = places.transfer_from.as_ref().map(|place| looked.up("transfer.from", place));
            let to = looked.up("transfer.to", to);
            case.transfer =
                Some(Transfer { from, to, state: case.transfer.and_then(|transfer| transfer.state) });
        }
        let decision = decide(tables, &case);
        let mut route = Route {
            case,
            manager: None,
            pending: None,
            area: decision.area.map(|area| BodyId(area.key.0)),
            place_faults: looked.faults,
            located: looked.located,
            decision,
        };
        route.manager = route.decision.manager.map(|manager| self.body_of(&route, manager));
        route.pending = route.decision.pending.map(|pending| self.body_of(&route, pending.to));
        route
    }

    /// The area of a key that a route was made with.
    pub fn area_of_key(&self, key: AreaKey) -> BodyId {
        BodyId(key.0)
    }

    /// The body of a kind and area by its name; words for the kind where the body is not known.
    pub fn body_of(&self, route: &Route, manager: Manager) -> NamedBody {
        let area = manager.area.map(|area| BodyId(area.key.0));
        let one = |found: Option<BodyId>, kind: &str| NamedBody {
            role: manager.role,
            body: found,
            name: found.map_or(kind, |id| self.standing_name(id)).to_owned(),
        };
        let covering = |kind| area.and_then(|area| self.covering(area, kind)).map(|(id, _)| id);
        match manager.role {
            BodyRole::Trust => one(covering(BodyKind::ProbationTrust), "the probation trust"),
            BodyRole::Division => one(covering(BodyKind::NpsDivision), "the NPS division"),
            BodyRole::Company => {
                let company = covering(BodyKind::ContractPackageArea).and_then(|id| self.company_in(id));
                one(company.map(|(id, _)| id), "the community rehabilitation company")
            }
            BodyRole::Police => self.police(route, manager, area),
            BodyRole::YouthOffendingTeam => one(None, "the youth offending team of the home local authority"),
            BodyRole::HealthService => one(None, "the mental health service"),
        }
    }

    /// The name of a body as it stands alone: a trust's is its full one, since the plain one is a place's.
    pub fn standing_name(&self, id: BodyId) -> &str {
        let full = (self.body(id).identity.kind == BodyKind::ProbationTrust)
            .then(|| self.name(id, NameUsage::OfficialName))
            .flatten();
        full.unwrap_or_else(|| self.plain_name(id))
    }

    /// The force of the place that was given; both where only an area with two forces is known.
    fn police(&self, route: &Route, manager: Manager, area: Option<BodyId>) -> NamedBody {
        let given = route.located.iter().find(|(key, _)| Some(*key) == manager.area.map(|area| area.key));
        let forces = match given {
            Some((_, located)) => located.forces.clone(),
            None => area.map(|area| self.forces(area)).unwrap_or_default(),
        };
        match forces.as_slice() {
            [one] => {
                NamedBody { role: manager.role, body: Some(*one), name: self.plain_name(*one).to_owned() }
            }
            several => {
                let names: Vec<&str> = several.iter().map(|id| self.plain_name(*id)).collect();
                let name =
                    if names.is_empty() { "the police of the area".to_owned() } else { names.join(" or ") };
                NamedBody { role: manager.role, body: None, name }
            }
        }
    }
}

struct LookedUp<'d> {
    view: View<'d>,
    located: Vec<(AreaKey, Located)>,
    faults: Vec<(&'static str, PlaceFault)>,
}

impl LookedUp<'_> {
    fn up(&mut self, field: &'static str, place: &Asked) -> Place {
        match self.view.locate(place) {
            Ok(located) => {
                let key = AreaKey(located.area.0);
                let in_wales = self.view.body(located.area).identity.country == "Wales";
                self.located.push((key, located));
                Place::In(Area { key, in_wales })
            }
            Err(fault) => {
                let place = match &fault {
                    PlaceFault::Ambiguous { .. } => Place::Ambiguous,
                    PlaceFault::OutOfScope { .. } => Place::OutOfScope,
                    PlaceFault::DayOutOfScope => return Place::NotLookedUp,
                    PlaceFault::Unknown { .. }
                    | PlaceFault::UnknownScheme { .. }
                    | PlaceFault::BadText { .. } => Place::Unknown,
                };
                self.faults.push((field, fault));
                place
            }
        }
    }
}
