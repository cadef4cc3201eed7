//! The root of every query: single look-ups, lists, places, nodes and the state of the directory.
//!
//! Which items a list has is left to `filters`, how a page is made of them to `lists`, objects by id to `nodes`,
//! and what a question may name to `bounds`.

mod bounds;
mod filters;
mod lists;
mod nodes;

pub use lists::*;
pub use nodes::{Node, NodeValue};

use super::connection::{PageArguments, page};
use super::context::Context;
use super::plan::Planned;
use super::scalar::{DateTime, LocalDate, Scalar};
use super::types::CalendarName;
use super::types::area::{ContractPackageArea, MappaArea};
use super::types::authority::LocalAuthority;
use super::types::board::Board;
use super::types::board::governance::GovernanceReport;
use super::types::caller::Caller;
use super::types::case::CaseInput;
use super::types::change::ChangeConnection;
use super::types::directory::DirectoryStatus;
use super::types::organisations::{
    Agency, CommunityRehabilitationCompany, NationalBody, NpsDivision, PoliceForce, ProbationRegion,
    ProbationTrust,
};
use super::types::person::Person;
use super::types::place::{PlaceAnswer, PlaceInput};
use super::types::routing::RoutingAnswer;
use super::types::rule::Rule;
use crate::domain::events::events_between;
use crate::domain::organisation::BodyKind;
use bounds::{Found, at_most, sound};
use filters::{
    AgencyFilter, BoardFilter, LocalAuthorityFilter, MappaAreaFilter, OrganisationFilter, PersonFilter,
};
use juniper::{ID, graphql_object};
use lists::{list, one, organisations};

/// Most places or cases of one request.
pub const LARGEST_BATCH: usize = 500;
/// Most days of one comparison.
pub const MOST_DAYS: usize = 50;
/// Most ids of one request.
pub const MOST_IDS: usize = 100;

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
        nodes::find(context, &id).map(Planned)
    }

    /// The objects of opaque ids, in the order asked for; at most 100.
    fn nodes(
        context: &Context,
        #[graphql(desc = "The ids.")] ids: Vec<ID>,
    ) -> Found<Vec<Option<Planned<NodeValue>>>> {
        at_most("ids", ids.len(), MOST_IDS)?;
        Ok(ids.iter().map(|id| nodes::find(context, id).map(Planned)).collect())
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
        let boards = filter.boards(context, at)?.into_iter();
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
        let arguments = PageArguments { first, after, last, before };
        list(context, at, &format!("AGENCY{filter:?}"), &arguments, filter.agencies(context, at)?, Agency)
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
        let people = filter.people(context, at)?.into_iter();
        let items = people.map(|(text, key)| (text, Person { at, key })).collect();
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
        let arguments = PageArguments { first, after, last, before };
        list(context, at, &format!("MAPPA_AREA{filter:?}"), &arguments, filter.areas(context, at)?, MappaArea)
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
        let authority = |(code, id)| (code, LocalAuthority { at, id });
        let items = filter.authorities(context, at)?.into_iter().map(authority).collect();
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
