//! Agencies under the duty to co-operate, and how far the agencies of an area sit on its board.

use super::history::{RecordedRow, Rows};
use super::seat::{Seat, SeatHolder};
use super::words::{AgencyKind, SeatState};
use crate::directory::view::View;
use crate::directory::{BodyId, SeatId};
use crate::domain::board::{AgencyKind as Kind, AgencyOn, BoardOn};
use crate::domain::organisation::BodyKind;
use crate::domain::source::EXAMPLE;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::common::{Citation, Period};
use crate::graphql::types::directory::int;
use crate::graphql::types::organisations::Agency;
use juniper::GraphQLObject;

/// A duty of an agency to co-operate.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct AgencyDuty {
    /// As what the agency has it.
    pub kind: AgencyKind,
    /// First day of the duty.
    pub since: LocalDate,
    /// Days of the duty.
    pub period: Period,
    /// Where it comes from.
    pub citation: Citation,
}

/// How far an agency of the area sits on the board.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Representation {
    /// The agency.
    pub agency: Agency,
    /// HELD where one of its seats is held; VACANT where all that it has are recorded as vacant; else NOT_RECORDED, as
    /// where no seat of it is recorded.
    pub status: SeatState,
    /// Whoever holds the seat; null unless the status is HELD.
    pub holder: Option<SeatHolder>,
    /// First day of that term, or of the vacancy; null where neither is recorded.
    pub since: Option<LocalDate>,
    /// The last day on which that was confirmed; null where it never was.
    pub confirmed_on: Option<LocalDate>,
    /// As what it has the duty to co-operate. At most 12.
    pub kinds: Vec<AgencyKind>,
    /// Its seats on the board. At most 10.
    pub seats: Vec<Seat>,
}

/// How far agencies of a kind sit on the board.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct KindCoverage {
    /// The kind.
    pub kind: AgencyKind,
    /// Agencies of the kind that serve the area. At most 50.
    pub agencies: Vec<Agency>,
    /// How many of them sit.
    pub held: i32,
    /// How many have vacant seats only.
    pub vacant: i32,
    /// Of how many that is not recorded.
    pub not_recorded: i32,
}

impl Representation {
    /// Agencies of the area of a board, in the order of their slugs.
    pub fn all(context: &Context, at: At, on: &BoardOn, seats: &[Seat]) -> Vec<Representation> {
        let of = |agency| Representation::of(context, at, agency, seats);
        on.agencies.iter().filter_map(of).collect()
    }

    fn of(context: &Context, at: At, on: &AgencyOn, seats: &[Seat]) -> Option<Representation> {
        let id = context.view(at).by_slug(BodyKind::Agency, &on.body.slug)?;
        let own: Vec<Seat> = on.seats.iter().filter_map(|index| seats.get(index.0).cloned()).collect();
        let in_state = |state| own.iter().find(|seat| seat.state_on() == Some(state));
        let (status, seat) = match (in_state(SeatState::Held), in_state(SeatState::NotRecorded)) {
            (Some(seat), _) => (SeatState::Held, Some(seat)),
            (None, None) if !own.is_empty() => (SeatState::Vacant, own.first()),
            (None, seat) => (SeatState::NotRecorded, seat),
        };
        Some(Representation {
            agency: Agency(BodyAt::new(at, id)),
            status,
            holder: seat.and_then(|seat| seat.held_by(context)),
            since: seat.and_then(Seat::held_since),
            confirmed_on: seat.and_then(Seat::confirmed),
            kinds: on.kinds.iter().map(|kind| (*kind).into()).collect(),
            seats: own,
        })
    }
}

impl KindCoverage {
    /// Every kind that some agency of the area is of, in the order of the statute.
    pub fn all(of_agencies: &[Representation]) -> Vec<KindCoverage> {
        let kinds = Kind::ALL.iter().map(|(kind, _)| AgencyKind::from(*kind));
        let coverage = kinds.map(|kind| {
            let of_kind: Vec<_> = of_agencies.iter().filter(|it| it.kinds.contains(&kind)).collect();
            let count = |status| int(of_kind.iter().filter(|it| it.status == status).count());
            KindCoverage {
                kind,
                agencies: of_kind.iter().map(|it| it.agency).collect(),
                held: count(SeatState::Held),
                vacant: count(SeatState::Vacant),
                not_recorded: count(SeatState::NotRecorded),
            }
        });
        coverage.filter(|coverage| !coverage.agencies.is_empty()).collect()
    }
}

/// Duties of an agency that hold on the day.
pub fn duties(context: &Context, body: BodyAt) -> Vec<AgencyDuty> {
    let view = context.view(body.at);
    let held = view.in_force(&view.body(body.id).duties);
    held.map(|held| AgencyDuty {
        kind: (*held.value).into(),
        since: LocalDate(held.period.from()),
        period: held.period.into(),
        citation: Citation::of(view, held.citation),
    })
    .collect()
}

/// Seats that belong to an agency on the day.
pub fn seats(context: &Context, body: BodyAt) -> Vec<Seat> {
    let view = context.view(body.at);
    let is_own = |id: &SeatId| view.seat(*id).is_some_and(|held| held.value.body == Some(body.id));
    let ids = view.body(body.id).seats.iter().copied().filter(is_own);
    ids.filter_map(|id| Seat::find(context, body.at, id)).collect()
}

/// Every row ever recorded of an agency.
pub fn history(context: &Context, body: BodyAt) -> Vec<RecordedRow> {
    Rows::of_agency(context, body.at, body.id).listed()
}

/// Whether something of a body is of the example set.
pub fn is_example(view: View<'_>, id: BodyId) -> bool {
    let body = view.body(id);
    view.known(&body.periods).any(|held| held.citation.cites(EXAMPLE))
        || view.known(&body.duties).any(|held| held.citation.cites(EXAMPLE))
}
