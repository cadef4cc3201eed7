//! Which items a list is asked for: filters, and what they hold for. An absent member of a filter asks for nothing.
//!
//! Pages are left to `lists`.

use super::bounds::{Found, known_slug};
use crate::directory::{AuthorityId, BodyId};
use crate::domain::board::PersonKey;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::Scalar;
use crate::graphql::types::board::words::AgencyKind;
use crate::graphql::types::board::{Board, known_rule};
use crate::graphql::types::rule::Verdict;
use juniper::{GraphQLEnum, GraphQLInputObject};

/// A country of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Country {
    /// England.
    England,
    /// Wales.
    Wales,
}

impl Country {
    fn name(self) -> &'static str {
        match self {
            Country::England => "England",
            Country::Wales => "Wales",
        }
    }
}

/// Which MAPPA areas: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct MappaAreaFilter {
    /// Slug of the probation trust.
    probation_trust: Option<String>,
    /// Slug of the division of the National Probation Service.
    nps_division: Option<String>,
    /// Slug of the contract package area.
    contract_package_area: Option<String>,
    /// Slug of the region of the unified Probation Service.
    probation_region: Option<String>,
    /// Slug of the police force.
    police_force: Option<String>,
    /// The country.
    country: Option<Country>,
}

/// Which organisations: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct OrganisationFilter {
    /// Slug of a MAPPA area that it covers on the day or, where it covers none then, covered or will.
    mappa_area: Option<String>,
    /// Slug of the division of the National Probation Service in which its areas lie, lay or will lie.
    nps_division: Option<String>,
    /// The country.
    country: Option<Country>,
    /// Whether it exists on the day asked about.
    in_force: Option<bool>,
}

/// Which local authorities: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct LocalAuthorityFilter {
    /// Slug of the MAPPA area.
    mappa_area: Option<String>,
    /// The country.
    country: Option<Country>,
    /// Whether it exists on the day asked about, as far as is recorded.
    in_force: Option<bool>,
}

/// Which boards: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct BoardFilter {
    /// Id of a rule that says something of the board. Of a rule about persons, only boards that whoever asks looks after.
    finding: Option<String>,
    /// What that rule says in all or, without a rule, what some rule says: a breach counts before what is not recorded.
    verdict: Option<Verdict>,
    /// Whether some seat is recorded as vacant.
    has_vacancy: Option<bool>,
    /// Slug of the division of the National Probation Service in which the area lies, lay or will lie.
    nps_division: Option<String>,
    /// The country.
    country: Option<Country>,
}

/// Which agencies: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct AgencyFilter {
    /// Slug of a MAPPA area that it serves on the day.
    mappa_area: Option<String>,
    /// As what it has the duty to co-operate on the day.
    duty: Option<AgencyKind>,
    /// Whether it exists on the day asked about.
    in_force: Option<bool>,
}

/// Which people: all that is given must hold. An absent member asks for nothing.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
#[graphql(scalar = Scalar)]
pub struct PersonFilter {
    /// Slug of the area of a board that the person ever had to do with.
    board: Option<String>,
}

impl MappaAreaFilter {
    /// The areas for which it holds.
    ///
    /// # Errors
    ///
    /// Where it names a body that the directory does not know.
    pub fn areas(&self, context: &Context, at: At) -> Found<Vec<BodyId>> {
        let view = context.view(at);
        let mut areas: Vec<_> = view.bodies(BodyKind::MappaArea).collect();
        for (kind, field, slug) in [
            (BodyKind::ProbationTrust, "filter.probationTrust", &self.probation_trust),
            (BodyKind::NpsDivision, "filter.npsDivision", &self.nps_division),
            (BodyKind::ContractPackageArea, "filter.contractPackageArea", &self.contract_package_area),
            (BodyKind::ProbationRegion, "filter.probationRegion", &self.probation_region),
            (BodyKind::PoliceForce, "filter.policeForce", &self.police_force),
        ] {
            if let Some(body) = known_slug(context, at, kind, field, slug)? {
                let covered = view.areas(body);
                areas.retain(|area| covered.contains(area));
            }
        }
        areas.retain(|id| lies_in(self.country, &view.body(*id).identity.country));
        Ok(areas)
    }
}

impl OrganisationFilter {
    /// The organisations of a kind for which it holds.
    ///
    /// # Errors
    ///
    /// Where it names a body that the directory does not know.
    pub fn bodies(&self, context: &Context, at: At, kind: BodyKind) -> Found<Vec<BodyId>> {
        let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &self.mappa_area)?;
        let division =
            known_slug(context, at, BodyKind::NpsDivision, "filter.npsDivision", &self.nps_division)?;
        let view = context.view(at);
        let lies_in_division = |id, division| {
            let covering = |area| view.covering(area, BodyKind::NpsDivision).map(|(id, _)| id);
            view.areas(id).into_iter().filter_map(covering).any(|covering| covering == division)
        };
        let bodies = view
            .bodies(kind)
            .filter(|id| area.is_none_or(|area| view.areas(*id).contains(&area)))
            .filter(|id| division.is_none_or(|division| lies_in_division(*id, division)))
            .filter(|id| lies_in(self.country, &view.body(*id).identity.country))
            .filter(|id| self.in_force.is_none_or(|wanted| view.is_in_force(*id) == Some(wanted)));
        Ok(bodies.collect())
    }
}

impl LocalAuthorityFilter {
    /// The authorities for which it holds, by their codes, in the order of the codes.
    ///
    /// # Errors
    ///
    /// Where it names an area that the directory does not know.
    pub fn authorities<'c>(&self, context: &'c Context, at: At) -> Found<Vec<(&'c str, AuthorityId)>> {
        let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &self.mappa_area)?;
        let Some(set) = context.view(at).authorities() else { return Ok(Vec::new()) };
        // Whoever asks for those in force gets the later ones too; the plain list is that of 31 March 2014.
        let ids = if self.in_force == Some(true) { set.all() } else { set.listed() };
        let fits = |id: &AuthorityId| {
            let authority = set.authority(*id);
            area.is_none_or(|area| authority.area == area)
                && lies_in(self.country, &authority.row.country)
                && self.in_force.is_none_or(|wanted| authority.row.in_force(at.on) == wanted)
        };
        let fitting = ids.into_iter().filter(fits);
        let mut found: Vec<_> = fitting.map(|id| (set.authority(id).row.code.as_str(), id)).collect();
        found.sort_by_key(|(code, _)| *code);
        Ok(found)
    }
}

impl BoardFilter {
    /// The boards for which it holds, in the order of the slugs of their areas.
    ///
    /// # Errors
    ///
    /// Where it names a rule or a division that there is none of.
    pub fn boards(&self, context: &Context, at: At) -> Found<Vec<Board>> {
        known_rule("filter.finding", self.finding.as_deref())?;
        let division =
            known_slug(context, at, BodyKind::NpsDivision, "filter.npsDivision", &self.nps_division)?;
        let view = context.view(at);
        let areas = view.bodies(BodyKind::MappaArea).filter(|area| {
            lies_in(self.country, &view.body(*area).identity.country)
                && division.is_none_or(|division| view.areas(division).contains(area))
        });
        let boards = areas
            .filter_map(|area| Board::of_area(context, at, area))
            .filter(|board| self.has_vacancy.is_none_or(|wanted| board.has_vacancy(context) == wanted))
            .filter(|board| board.says(context, self.finding.as_deref(), self.verdict));
        Ok(boards.collect())
    }
}

impl AgencyFilter {
    /// The agencies for which it holds.
    ///
    /// # Errors
    ///
    /// Where it names an area that the directory does not know.
    pub fn agencies(&self, context: &Context, at: At) -> Found<Vec<BodyId>> {
        let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &self.mappa_area)?;
        let view = context.view(at);
        let serves =
            |id: BodyId, area| view.in_force(&view.body(id).coverage).any(|held| held.value.body == area);
        let has_duty = |id: BodyId, duty| {
            view.in_force(&view.body(id).duties).any(|held| AgencyKind::from(*held.value) == duty)
        };
        let agencies = view
            .bodies(BodyKind::Agency)
            .filter(|id| area.is_none_or(|area| serves(*id, area)))
            .filter(|id| self.duty.is_none_or(|duty| has_duty(*id, duty)))
            .filter(|id| self.in_force.is_none_or(|wanted| view.is_in_force(*id) == Some(wanted)));
        Ok(agencies.collect())
    }
}

impl PersonFilter {
    /// The people for whom it holds, by their keys outside, in the order in which they were first recorded.
    ///
    /// # Errors
    ///
    /// Where it names an area that the directory does not know.
    pub fn people<'c>(&self, context: &'c Context, at: At) -> Found<Vec<(&'c str, PersonKey)>> {
        known_slug(context, at, BodyKind::MappaArea, "filter.board", &self.board)?;
        let known = context.view(at).moment.known;
        let board = self.board.as_deref().map(|slug| context.directory().board_by_slug(slug));
        let people = context.directory().persons().filter(|(_, person)| {
            person.recorded.contains(known)
                && board.is_none_or(|board| board.is_some_and(|board| person.boards.contains(&board)))
        });
        Ok(people.map(|(key, person)| (person.key.as_str(), key)).collect())
    }
}

/// Whether a country is the one asked for.
fn lies_in(asked: Option<Country>, country: &str) -> bool {
    asked.is_none_or(|asked| asked.name() == country)
}
