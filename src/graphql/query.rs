//! The root of every query: single look-ups, lists, places, nodes and the state of the directory.

use super::connection::{PageArguments, connection, page};
use super::context::{At, Context};
use super::error::{Mistake, mistake};
use super::node::{kind_of, read_id};
use super::plan::Planned;
use super::scalar::{DateTime, LocalDate, Scalar};
use super::types::CalendarName;
use super::types::area::{ContractPackageArea, MappaArea};
use super::types::authority::LocalAuthority;
use super::types::board::governance::GovernanceReport;
use super::types::board::seat::Seat;
use super::types::board::words::AgencyKind;
use super::types::board::{Board, known_rule};
use super::types::body::BodyAt;
use super::types::caller::Caller;
use super::types::case::CaseInput;
use super::types::change::{Change, ChangeConnection};
use super::types::directory::DirectoryStatus;
use super::types::organisations::{
    Agency, CommunityRehabilitationCompany, CompanyOwner, NationalBody, NpsDivision, PoliceForce,
    ProbationRegion, ProbationTrust,
};
use super::types::person::Person;
use super::types::place::{PlaceAnswer, PlaceInput};
use super::types::routing::RoutingAnswer;
use super::types::rule::{Rule, Verdict};
use crate::directory::lookup::is_sound_text;
use crate::domain::events::events_between;
use crate::domain::organisation::BodyKind;
use juniper::{FieldResult, GraphQLEnum, GraphQLInputObject, ID, graphql_interface, graphql_object};

/// Most places or cases of one request.
pub const LARGEST_BATCH: usize = 500;
/// Most days of one comparison.
pub const MOST_DAYS: usize = 50;
/// Most ids of one request.
pub const MOST_IDS: usize = 100;

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

type Found<T> = FieldResult<T, Scalar>;

/// Checks that a filter's slug names a body of the kind.
fn known_slug(
    context: &Context,
    at: At,
    kind: BodyKind,
    field: &str,
    slug: &Option<String>,
) -> Found<Option<crate::directory::BodyId>> {
    let Some(slug) = slug else { return Ok(None) };
    let found = is_sound_text(slug).then(|| context.view(at).by_slug(kind, slug)).flatten();
    found.map(Some).ok_or_else(|| {
        let message = format!("{field} names nothing that the directory knows.");
        mistake(Mistake::BadUserInput, field, &message, "give a slug as the directory lists it")
    })
}

fn sound(field: &str, text: &str) -> Found<()> {
    if is_sound_text(text) {
        return Ok(());
    }
    let remedy = "give 1 to 200 characters without control characters";
    Err(mistake(Mistake::BadUserInput, field, &format!("{field} cannot be a key of the directory."), remedy))
}

/// Checks that a list asks for no more than one request may.
fn at_most(field: &str, count: usize, most: usize) -> Found<()> {
    if count <= most {
        return Ok(());
    }
    let message = format!("{field} lists more than one request may ask for.");
    Err(mistake(Mistake::BadUserInput, field, &message, &format!("ask for at most {most} at a time")))
}

fn one<T>(
    context: &Context,
    at: At,
    kind: BodyKind,
    slug: &str,
    make: fn(BodyAt) -> T,
) -> Found<Option<Planned<T>>> {
    sound("slug", slug)?;
    Ok(context.view(at).by_slug(kind, slug).map(|id| Planned(make(BodyAt::new(at, id)))))
}

fn list<T, C: From<super::connection::Page<T>>>(
    context: &Context,
    at: At,
    name: &str,
    arguments: &PageArguments,
    bodies: Vec<crate::directory::BodyId>,
    make: fn(BodyAt) -> T,
) -> Found<Planned<C>> {
    let item = |id| (context.directory().body(id).identity.slug.as_str(), make(BodyAt::new(at, id)));
    Ok(Planned(page(at, name, arguments, bodies.into_iter().map(item).collect())?.into()))
}

fn organisations<T, C: From<super::connection::Page<T>>>(
    context: &Context,
    at: At,
    kind: BodyKind,
    filter: Option<OrganisationFilter>,
    arguments: &PageArguments,
    make: fn(BodyAt) -> T,
) -> Found<Planned<C>> {
    let filter = filter.unwrap_or_default();
    let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &filter.mappa_area)?;
    let division =
        known_slug(context, at, BodyKind::NpsDivision, "filter.npsDivision", &filter.nps_division)?;
    let view = context.view(at);
    let divisions_of = |id| {
        let areas = view.areas(id).into_iter();
        areas
            .filter_map(|area| view.covering(area, BodyKind::NpsDivision).map(|(id, _)| id))
            .collect::<Vec<_>>()
    };
    let bodies = view
        .bodies(kind)
        .filter(|id| area.is_none_or(|area| view.areas(*id).contains(&area)))
        .filter(|id| division.is_none_or(|division| divisions_of(*id).contains(&division)))
        .filter(|id| filter.country.is_none_or(|country| view.body(*id).identity.country == country.name()))
        .filter(|id| filter.in_force.is_none_or(|wanted| view.is_in_force(*id) == Some(wanted)))
        .collect();
    let name = format!("{}{:?}", kind.code(), filter);
    list(context, at, &name, arguments, bodies, make)
}

/// The root of every query.
pub struct Query;

/// Questions to the directory. Look-ups take `on`, the day asked about (the directory date where absent),
/// `calendar`, the record of the restructure on which the day is read (PUBLISHED where absent), and `knownAt`, an
/// instant whose state of knowledge is asked for (now where absent). Lists answer 50 items where no size is asked
/// for, and at most 100.
#[graphql_object(scalar = Scalar, context = Context)]
impl Query {
    /// The object of an opaque id, in the view that the id carries; null where there is none.
    fn node(context: &Context, #[graphql(desc = "The id.")] id: ID) -> Option<Planned<NodeValue>> {
        find_node(context, &id).map(Planned)
    }

    /// The objects of opaque ids, in the order asked for; at most 100.
    fn nodes(
        context: &Context,
        #[graphql(desc = "The ids.")] ids: Vec<ID>,
    ) -> Found<Vec<Option<Planned<NodeValue>>>> {
        at_most("ids", ids.len(), MOST_IDS)?;
        Ok(ids.iter().map(|id| find_node(context, id).map(Planned)).collect())
    }

    /// The state of the directory: version, day, counts, invariants.
    fn directory() -> DirectoryStatus {
        DirectoryStatus
    }

    /// Who asks, and which roles they have: anyone, where no API key was sent.
    fn caller() -> Caller {
        Caller
    }

    /// Changes of the directory by version, without a gap: whoever asks again and again keeps in step. Waits for a newer one
    /// than `after` for as long as `waitSeconds` says, where there is none yet.
    fn changes(
        context: &Context,
        #[graphql(
            desc = "The version to go on from: `throughVersion` of the last page. All from the first where absent."
        )]
        after: Option<i32>,
        #[graphql(desc = "Changes of the page.")] first: Option<i32>,
        #[graphql(
            desc = "Most seconds to wait for a newer version, from 0 to 25. No wait where absent, and where another \
                    field `changes` of the request names none."
        )]
        wait_seconds: Option<i32>,
    ) -> Found<ChangeConnection> {
        ChangeConnection::find(context, after, first, wait_seconds)
    }

    /// The person on a board with a key. The name is shown to whoever may see it.
    fn person(
        context: &Context,
        #[graphql(desc = "The key.")] key: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Person>> {
        let at = context.look_up(on, calendar, known_at)?;
        sound("key", &key)?;
        Ok(Person::find(context, at, &key))
    }

    /// Where a place lies on a day, and who covers it.
    fn locate(
        context: &Context,
        #[graphql(desc = "The place.")] place: PlaceInput,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<PlaceAnswer>> {
        let at = context.asked(on, calendar, known_at)?;
        Ok(Planned(PlaceAnswer::find(context, at, 0, place)))
    }

    /// Where many places lie on a day, in the order asked for; at most 500. One that is not found spoils no other.
    fn locate_many(
        context: &Context,
        #[graphql(desc = "The places.")] places: Vec<PlaceInput>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<Vec<PlaceAnswer>>> {
        at_most("places", places.len(), LARGEST_BATCH)?;
        let at = context.asked(on, calendar, known_at)?;
        let places = places.into_iter().enumerate();
        Ok(places.map(|(index, place)| PlaceAnswer::find(context, at, index, place)).collect())
    }

    /// Who manages a case, and why. The NPS allocates; this is advice. POST only; nothing of a case is kept.
    fn route(
        context: &Context,
        #[graphql(desc = "The facts of the case.")] case: CaseInput,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<RoutingAnswer>> {
        let known = context.asked(None, None, known_at)?.known;
        Ok(Planned(RoutingAnswer::find(context, known, 0, case)))
    }

    /// Who manages many cases, in the order asked for; at most 500. One that is refused spoils no other. POST only.
    fn route_many(
        context: &Context,
        #[graphql(desc = "The facts of the cases.")] cases: Vec<CaseInput>,
    ) -> Found<Planned<Vec<RoutingAnswer>>> {
        at_most("cases", cases.len(), LARGEST_BATCH)?;
        let cases = cases.into_iter().enumerate();
        Ok(cases.map(|(index, case)| RoutingAnswer::find(context, None, index, case)).collect())
    }

    /// The same case on several days, in the order asked for, with the events between them; at most 50 days. POST only.
    fn compare_routing(
        context: &Context,
        #[graphql(desc = "The facts of the case; its own day is not read.")] case: CaseInput,
        #[graphql(desc = "The days.")] dates: Vec<LocalDate>,
    ) -> Found<Planned<Vec<RoutingAnswer>>> {
        at_most("dates", dates.len(), MOST_DAYS)?;
        let mut previous: Option<LocalDate> = None;
        let answers = dates.into_iter().enumerate().map(|(index, on)| {
            let case = case.clone().at(on);
            let events =
                previous.map(|before| events_between(before.0, on.0, case.calendar())).unwrap_or_default();
            previous = Some(on);
            RoutingAnswer::find(context, None, index, case).after(events)
        });
        Ok(answers.collect())
    }

    /// Every rule of the routing tables, in their order. At most 200.
    fn routing_rules(context: &Context) -> Planned<Vec<Rule>> {
        Planned(Rule::all(context))
    }

    /// The routing rule of an id.
    fn routing_rule(context: &Context, #[graphql(desc = "Its id.")] id: String) -> Option<Planned<Rule>> {
        Rule::named(context, &id).map(Planned)
    }

    /// Every rule of the board table, in its order. At most 200.
    fn board_rules() -> Planned<Vec<Rule>> {
        Planned(Rule::all_of_boards())
    }

    /// The rule of the board table of an id.
    fn board_rule(#[graphql(desc = "Its id.")] id: String) -> Option<Planned<Rule>> {
        Rule::of_board(&id).map(Planned)
    }

    /// The Strategic Management Board of an area.
    fn board(
        context: &Context,
        #[graphql(desc = "Slug of the area.")] area: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<Board>>> {
        let at = context.look_up(on, calendar, known_at)?;
        sound("area", &area)?;
        let area = context.view(at).by_slug(BodyKind::MappaArea, &area);
        Ok(area.and_then(|area| Board::of_area(context, at, area)).map(Planned))
    }

    /// Strategic Management Boards, in the order of the slugs of their areas.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn boards(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<BoardFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<BoardConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let filter = filter.unwrap_or_default();
        known_rule("filter.finding", filter.finding.as_deref())?;
        let division =
            known_slug(context, at, BodyKind::NpsDivision, "filter.npsDivision", &filter.nps_division)?;
        let view = context.view(at);
        let areas = view.bodies(BodyKind::MappaArea).filter(|area| {
            filter.country.is_none_or(|country| view.body(*area).identity.country == country.name())
                && division.is_none_or(|division| view.areas(division).contains(area))
        });
        let boards = areas
            .filter_map(|area| Board::of_area(context, at, area))
            .filter(|board| filter.has_vacancy.is_none_or(|wanted| board.has_vacancy(context) == wanted))
            .filter(|board| board.says(context, filter.finding.as_deref(), filter.verdict));
        let slug = |board: Board| (context.directory().body(board.area).identity.slug.as_str(), board);
        let arguments = PageArguments { first, after, last, before };
        Ok(Planned(page(at, &format!("BOARD{filter:?}"), &arguments, boards.map(slug).collect())?.into()))
    }

    /// What the board table finds over all boards: how many keep each rule, and when that changed.
    fn governance_report(
        context: &Context,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
        #[graphql(
            desc = "First day of the timeline: within three years before; a year before where absent."
        )]
        from: Option<LocalDate>,
    ) -> Found<GovernanceReport> {
        GovernanceReport::of(context.look_up(on, calendar, known_at)?, from)
    }

    /// The agency under the duty to co-operate with a slug.
    fn agency(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<Agency>>> {
        one(context, context.look_up(on, calendar, known_at)?, BodyKind::Agency, &slug, Agency)
    }

    /// Agencies under the duty to co-operate, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn agencies(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<AgencyFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<AgencyConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let filter = filter.unwrap_or_default();
        let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &filter.mappa_area)?;
        let view = context.view(at);
        let bodies = view
            .bodies(BodyKind::Agency)
            .filter(|id| {
                area.is_none_or(|area| {
                    view.in_force(&view.body(*id).coverage).any(|held| held.value.body == area)
                })
            })
            .filter(|id| {
                let mut duties = view.in_force(&view.body(*id).duties);
                filter.duty.is_none_or(|duty| duties.any(|held| AgencyKind::from(*held.value) == duty))
            })
            .filter(|id| filter.in_force.is_none_or(|wanted| view.is_in_force(*id) == Some(wanted)))
            .collect();
        let arguments = PageArguments { first, after, last, before };
        list(context, at, &format!("AGENCY{filter:?}"), &arguments, bodies, Agency)
    }

    /// People on boards, in the order in which they were first recorded. Names are shown to whoever may see them.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn people(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<PersonFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<PersonConnection> {
        let at = context.look_up(on, calendar, known_at)?;
        let filter = filter.unwrap_or_default();
        known_slug(context, at, BodyKind::MappaArea, "filter.board", &filter.board)?;
        let view = context.view(at);
        let board = filter.board.as_deref().map(|slug| context.directory().board_by_slug(slug));
        let people = context.directory().persons().filter(|(_, person)| {
            person.recorded.contains(view.moment.known)
                && board.is_none_or(|board| board.is_some_and(|board| person.boards.contains(&board)))
        });
        let items = people.map(|(key, person)| (person.key.as_str(), Person { at, key })).collect();
        let arguments = PageArguments { first, after, last, before };
        Ok(page(at, &format!("PERSON{filter:?}"), &arguments, items)?.into())
    }

    /// The MAPPA area with a slug.
    fn mappa_area(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<MappaArea>>> {
        one(context, context.look_up(on, calendar, known_at)?, BodyKind::MappaArea, &slug, MappaArea)
    }

    /// MAPPA areas, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn mappa_areas(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<MappaAreaFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<MappaAreaConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let filter = filter.unwrap_or_default();
        let view = context.view(at);
        let mut bodies: Vec<_> = view.bodies(BodyKind::MappaArea).collect();
        for (kind, field, slug) in [
            (BodyKind::ProbationTrust, "filter.probationTrust", &filter.probation_trust),
            (BodyKind::NpsDivision, "filter.npsDivision", &filter.nps_division),
            (BodyKind::ContractPackageArea, "filter.contractPackageArea", &filter.contract_package_area),
            (BodyKind::ProbationRegion, "filter.probationRegion", &filter.probation_region),
            (BodyKind::PoliceForce, "filter.policeForce", &filter.police_force),
        ] {
            if let Some(body) = known_slug(context, at, kind, field, slug)? {
                let areas = view.areas(body);
                bodies.retain(|area| areas.contains(area));
            }
        }
        bodies.retain(|id| {
            filter.country.is_none_or(|country| view.body(*id).identity.country == country.name())
        });
        let arguments = PageArguments { first, after, last, before };
        list(context, at, &format!("MAPPA_AREA{filter:?}"), &arguments, bodies, MappaArea)
    }

    /// The probation trust with a slug.
    fn probation_trust(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<ProbationTrust>>> {
        one(
            context,
            context.look_up(on, calendar, known_at)?,
            BodyKind::ProbationTrust,
            &slug,
            ProbationTrust,
        )
    }

    /// Probation trusts, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn probation_trusts(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<ProbationTrustConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::ProbationTrust, filter, &arguments, ProbationTrust)
    }

    /// The division of the National Probation Service with a slug.
    fn nps_division(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<NpsDivision>>> {
        one(context, context.look_up(on, calendar, known_at)?, BodyKind::NpsDivision, &slug, NpsDivision)
    }

    /// Divisions of the National Probation Service, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn nps_divisions(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<NpsDivisionConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::NpsDivision, filter, &arguments, NpsDivision)
    }

    /// The contract package area with a slug.
    fn contract_package_area(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<ContractPackageArea>>> {
        let at = context.look_up(on, calendar, known_at)?;
        one(context, at, BodyKind::ContractPackageArea, &slug, ContractPackageArea)
    }

    /// Contract package areas, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn contract_package_areas(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<ContractPackageAreaConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::ContractPackageArea, filter, &arguments, ContractPackageArea)
    }

    /// The community rehabilitation company with the slug of its contract package area.
    fn community_rehabilitation_company(
        context: &Context,
        #[graphql(desc = "Slug of its contract package area.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<CommunityRehabilitationCompany>>> {
        let at = context.look_up(on, calendar, known_at)?;
        one(context, at, BodyKind::Crc, &slug, CommunityRehabilitationCompany)
    }

    /// Community rehabilitation companies, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn community_rehabilitation_companies(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<CommunityRehabilitationCompanyConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::Crc, filter, &arguments, CommunityRehabilitationCompany)
    }

    /// The local authority with an ONS code.
    fn local_authority(
        context: &Context,
        #[graphql(desc = "Its ONS code.")] code: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<LocalAuthority>>> {
        sound("code", &code)?;
        let at = context.look_up(on, calendar, known_at)?;
        let id = context.view(at).authorities().and_then(|set| set.by_code(&code));
        Ok(id.map(|id| Planned(LocalAuthority { at, id })))
    }

    /// Local authorities of 31 March 2014, in the order of their codes; with the filter `inForce: true`, those of the
    /// day asked about, later ones among them.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn local_authorities(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<LocalAuthorityFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<LocalAuthorityConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let filter = filter.unwrap_or_default();
        let area = known_slug(context, at, BodyKind::MappaArea, "filter.mappaArea", &filter.mappa_area)?;
        let mut items = Vec::new();
        if let Some(set) = context.view(at).authorities() {
            // Whoever asks for those in force gets the later ones too; the plain list is that of 31 March 2014.
            for id in if filter.in_force == Some(true) { set.all() } else { set.listed() } {
                let authority = set.authority(id);
                let fits = area.is_none_or(|area| authority.area == area)
                    && filter.country.is_none_or(|country| authority.row.country == country.name())
                    && filter.in_force.is_none_or(|wanted| authority.row.in_force(at.on) == wanted);
                if fits {
                    items.push((authority.row.code.as_str(), LocalAuthority { at, id }));
                }
            }
        }
        items.sort_by_key(|(code, _)| *code);
        let arguments = PageArguments { first, after, last, before };
        Ok(Planned(page(at, &format!("LOCAL_AUTHORITY{filter:?}"), &arguments, items)?.into()))
    }

    /// The police force with a slug.
    fn police_force(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<PoliceForce>>> {
        one(context, context.look_up(on, calendar, known_at)?, BodyKind::PoliceForce, &slug, PoliceForce)
    }

    /// Police forces, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn police_forces(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<PoliceForceConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::PoliceForce, filter, &arguments, PoliceForce)
    }

    /// The region of the unified Probation Service with a slug.
    fn probation_region(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<ProbationRegion>>> {
        one(
            context,
            context.look_up(on, calendar, known_at)?,
            BodyKind::ProbationRegion,
            &slug,
            ProbationRegion,
        )
    }

    /// Regions of the unified Probation Service, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn probation_regions(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<ProbationRegionConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::ProbationRegion, filter, &arguments, ProbationRegion)
    }

    /// The national body with a slug, for example national-probation-service.
    fn national_body(
        context: &Context,
        #[graphql(desc = "Its slug.")] slug: String,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Option<Planned<NationalBody>>> {
        one(context, context.look_up(on, calendar, known_at)?, BodyKind::NationalBody, &slug, NationalBody)
    }

    /// National bodies, in the order of their slugs.
    #[allow(clippy::too_many_arguments, reason = "every argument is one of the field's")]
    fn national_bodies(
        context: &Context,
        #[graphql(desc = "Which of them.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "Items from the start.")] first: Option<i32>,
        #[graphql(desc = "Cursor before the first of them.")] after: Option<String>,
        #[graphql(desc = "Items from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor behind the last of them.")] before: Option<String>,
        #[graphql(desc = "The day asked about.")] on: Option<LocalDate>,
        #[graphql(desc = "The calendar on which it is read.")] calendar: Option<CalendarName>,
        #[graphql(desc = "The instant whose knowledge is asked for.")] known_at: Option<DateTime>,
    ) -> Found<Planned<NationalBodyConnection>> {
        let at = context.look_up(on, calendar, known_at)?;
        let arguments = PageArguments { first, after, last, before };
        organisations(context, at, BodyKind::NationalBody, filter, &arguments, NationalBody)
    }
}

fn find_node(context: &Context, id: &str) -> Option<NodeValue> {
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
