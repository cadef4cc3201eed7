//! Seats of a board with whoever holds them, deputies, and offices.
//!
//! Whether a name is shown is left to `person`: here stand persons, never names.

use super::Board;
use super::declaration::Declaration;
use super::history::{RecordedRow, Rows};
use super::words::{AppointedBy, SeatBasis, SeatState};
use crate::directory::seat::SeatDescription;
use crate::directory::view::Held;
use crate::directory::{BoardId, SeatId};
use crate::domain::board::{DeputyOn, HolderOn, OfficeOn, SeatBody, SeatOn, SeatState as StateOn};
use crate::domain::source::EXAMPLE;
use crate::graphql::context::{At, Context};
use crate::graphql::node::node_id;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::{LocalDate, Scalar};
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::common::{Citation, Period, ViewAsked};
use crate::graphql::types::directory::int;
use crate::graphql::types::organisations::OrganisationValue;
use crate::graphql::types::person::Person;
use juniper::{GraphQLObject, ID, graphql_object};
use std::sync::Arc;

/// A seat of a board, on a day. It exists without a holder.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The view.
    pub at: At,
    /// The seat.
    pub id: SeatId,
    /// What is known of it on the day; none where it is not in force then.
    on: Option<Arc<SeatOn>>,
}

/// Whoever holds a seat.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct SeatHolder {
    /// The person.
    pub person: Person,
    /// Number of the appointment, by which mutations name it.
    pub appointment: i32,
    /// The term in which the day lies.
    pub term: Period,
    /// Terms on this board on the same basis that follow each other without a gap, the newest last. At most 20.
    pub terms: Vec<Period>,
    /// How many such terms there are.
    pub terms_served: i32,
    /// Who made the appointment; null where that is not recorded.
    pub appointed_by: Option<AppointedBy>,
    /// The organisation that the person comes from; null where that is not recorded.
    pub comes_from: Option<OrganisationValue>,
    /// What is declared of the person for this board on the day; null for whoever may not see it: administrators of the
    /// board may. At most 50.
    pub declarations: Option<Vec<Declaration>>,
}

/// Whoever deputises for the holder of a seat.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct SeatDeputy {
    /// The person.
    pub person: Person,
    /// The organisation that the person comes from; null where that is not recorded.
    pub comes_from: Option<OrganisationValue>,
    /// Whether a comparable standing and the power to commit the organisation were declared; null where nothing was.
    pub may_commit: Option<bool>,
}

/// Whoever holds an office of a board: its chair, or a deputy of the chair.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct OfficeHolder {
    /// The person.
    pub person: Person,
    /// The seat that the person holds on this board on the day; null where they hold none.
    pub seat: Option<Seat>,
    /// First day in the office.
    pub since: LocalDate,
}

/// A term that ends soon.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ExpiringTerm {
    /// The seat.
    pub seat: Seat,
    /// Whoever holds it until then.
    pub person: Person,
    /// Last day of the term.
    pub last_day: LocalDate,
    /// Whoever holds the seat from the day after; null where nobody is recorded.
    pub next: Option<Person>,
}

/// The organisation that rules see as a body.
pub fn organisation(context: &Context, at: At, body: Option<&SeatBody>) -> Option<OrganisationValue> {
    let body = body?;
    let id = context.view(at).by_slug(body.kind, &body.slug)?;
    OrganisationValue::of(context, BodyAt::new(at, id))
}

impl SeatHolder {
    fn of(context: &Context, at: At, board: BoardId, seat: SeatId, holder: &HolderOn) -> SeatHolder {
        // Whoever holds a seat on a day does so by the one appointment in whose term it lies.
        let fact = context.view(at).appointment(seat).map_or(0, |row| row.fact);
        SeatHolder {
            person: Person { at, key: holder.person },
            appointment: i32::try_from(fact).unwrap_or(i32::MAX),
            term: holder.term.into(),
            terms: holder.terms.iter().rev().take(20).rev().map(|term| (*term).into()).collect(),
            terms_served: int(holder.terms.len()),
            appointed_by: holder.appointed_by.map(AppointedBy::from),
            comes_from: organisation(context, at, holder.from.as_ref()),
            declarations: Declaration::all(context, at, holder.person, board),
        }
    }
}

impl SeatDeputy {
    fn of(context: &Context, at: At, deputy: &DeputyOn) -> SeatDeputy {
        SeatDeputy {
            person: Person { at, key: deputy.person },
            comes_from: organisation(context, at, deputy.from.as_ref()),
            may_commit: deputy.may_commit,
        }
    }
}

impl OfficeHolder {
    /// A holder of an office, with one of the seats of the board.
    pub fn of(at: At, office: &OfficeOn, seats: &[Seat]) -> OfficeHolder {
        OfficeHolder {
            person: Person { at, key: office.person },
            seat: office.seat.and_then(|index| seats.get(index.0).cloned()),
            since: LocalDate(office.since),
        }
    }
}

impl Seat {
    /// Seats of a board that are in force on the day, in the order in which what is known of them stands.
    pub fn all(context: &Context, at: At, board: BoardId, seats: &[SeatOn]) -> Vec<Seat> {
        let ids = context.view(at).seats_in_force(board).into_iter();
        ids.zip(seats).map(|(seat, on)| Seat { at, id: seat.id, on: Some(Arc::new(on.clone())) }).collect()
    }

    /// A seat, in force on the day or not; none where the view knows nothing of it.
    pub fn find(context: &Context, at: At, id: SeatId) -> Option<Seat> {
        let view = context.view(at);
        let seat = context.directory().seat(id);
        view.known(&seat.descriptions).next()?;
        let index = view.seats_in_force(seat.board).iter().position(|held| held.id == id);
        let on = index.and_then(|index| view.board_on(seat.board).seats.into_iter().nth(index));
        Some(Seat { at, id, on: on.map(Arc::new) })
    }

    /// The seat of a key: the slug of its board, a stroke, and its own.
    pub fn by_key(context: &Context, at: At, key: &str) -> Option<Seat> {
        let (board, slug) = key.split_once('/')?;
        let board = context.directory().board_by_slug(board)?;
        Seat::find(context, at, context.directory().seat_by_slug(board, slug)?)
    }

    /// Whether it is one of a basis on the day.
    pub fn is(&self, basis: crate::domain::board::SeatBasis) -> bool {
        self.on.as_ref().is_some_and(|on| on.basis == basis)
    }

    /// Whether it is in force on the day and has a slug.
    pub fn is_named(&self, slug: &str) -> bool {
        self.on.as_ref().is_some_and(|on| on.slug == slug)
    }

    /// Whether it is recorded as vacant, or held, or neither; none where it is not in force.
    pub fn state_on(&self) -> Option<SeatState> {
        Some(match self.on.as_ref()?.state {
            StateOn::Held(_) => SeatState::Held,
            StateOn::Vacant(_) => SeatState::Vacant,
            StateOn::NotRecorded => SeatState::NotRecorded,
        })
    }

    /// The last day on which it was confirmed.
    pub fn confirmed(&self) -> Option<LocalDate> {
        self.on.as_ref().and_then(|on| on.confirmed_on).map(LocalDate)
    }

    /// Since when it is held or vacant.
    pub fn held_since(&self) -> Option<LocalDate> {
        match &self.on.as_ref()?.state {
            StateOn::Held(holder) => Some(LocalDate(holder.term.from())),
            StateOn::Vacant(since) => Some(LocalDate(*since)),
            StateOn::NotRecorded => None,
        }
    }

    /// Whoever holds it.
    pub fn held_by(&self, context: &Context) -> Option<SeatHolder> {
        let board = context.directory().seat(self.id).board;
        match &self.on.as_ref()?.state {
            StateOn::Held(holder) => Some(SeatHolder::of(context, self.at, board, self.id, holder)),
            StateOn::Vacant(_) | StateOn::NotRecorded => None,
        }
    }

    fn description<'c>(&self, context: &'c Context) -> Option<Held<'c, SeatDescription>> {
        let view = context.view(self.at);
        view.seat(self.id).or_else(|| view.nearest(&view.directory.seat(self.id).descriptions, |_| true))
    }
}

/// A seat of a board, on a day. It exists without a holder.
#[graphql_object(scalar = Scalar, context = Context, impl = [NodeValue])]
impl Seat {
    /// Opaque id; carries the view where that is not the default.
    fn id(&self, context: &Context) -> ID {
        let seat = context.directory().seat(self.id);
        let board = &context.directory().board(seat.board).slug;
        node_id("Seat", &format!("{board}/{}", seat.slug), self.at, None)
    }

    /// The day, calendar and state of knowledge that this is the answer for.
    fn view(&self, context: &Context) -> ViewAsked {
        ViewAsked::of(context, self.at)
    }

    /// Stable key within the board.
    fn slug<'c>(&self, context: &'c Context) -> &'c str {
        &context.directory().seat(self.id).slug
    }

    /// The board.
    fn board(&self, context: &Context) -> Board {
        let board = context.directory().seat(self.id).board;
        Board { at: self.at, area: context.directory().board(board).area }
    }

    /// What it is called.
    fn title<'c>(&self, context: &'c Context) -> Option<&'c str> {
        self.description(context).map(|held| held.value.title.as_str())
    }

    /// Why it exists.
    fn basis(&self, context: &Context) -> Option<SeatBasis> {
        self.description(context).map(|held| held.value.basis.into())
    }

    /// The organisation that it belongs to; null for a lay adviser, and where that is not recorded.
    fn body(&self, context: &Context) -> Option<OrganisationValue> {
        let id = self.description(context)?.value.body?;
        OrganisationValue::of(context, BodyAt::new(self.at, id))
    }

    /// Days on which it is in force.
    fn period(&self, context: &Context) -> Option<Period> {
        self.description(context).map(|held| held.period.into())
    }

    /// Whether the day asked about is one of them.
    fn in_force(&self) -> bool {
        self.on.is_some()
    }

    /// Whether it is held, recorded as vacant, or neither; null where it is not in force on the day.
    fn state(&self) -> Option<SeatState> {
        self.state_on()
    }

    /// First day of the term or of the vacancy; null where neither is recorded.
    fn since(&self) -> Option<LocalDate> {
        self.held_since()
    }

    /// Whoever holds it; null unless the state is HELD.
    fn holder(&self, context: &Context) -> Option<SeatHolder> {
        self.held_by(context)
    }

    /// Deputies of its holder on the day. At most 20.
    fn deputies(&self, context: &Context) -> Vec<SeatDeputy> {
        let deputies = self.on.iter().flat_map(|on| on.deputies.iter().take(20));
        deputies.map(|deputy| SeatDeputy::of(context, self.at, deputy)).collect()
    }

    /// The last day, up to the one asked about, on which it was confirmed that what is recorded is right; null where it
    /// never was.
    fn confirmed_on(&self) -> Option<LocalDate> {
        self.confirmed()
    }

    /// Where what it is comes from.
    fn citation(&self, context: &Context) -> Option<Citation> {
        self.description(context).map(|held| Citation::of(context.view(self.at), held.citation))
    }

    /// Every row ever recorded of it, corrections among them, by its first day. At most 200.
    fn history(&self, context: &Context) -> Vec<RecordedRow> {
        Rows::of_seat(context, self.at, self.id).listed()
    }

    /// Whether something of it is of the example set, and so made up.
    fn is_example(&self, context: &Context) -> bool {
        let (view, seat) = (context.view(self.at), context.directory().seat(self.id));
        view.known(&seat.descriptions).any(|held| held.citation.cites(EXAMPLE))
            || view.known(&seat.appointments).any(|held| held.citation.cites(EXAMPLE))
            || view.known(&seat.deputies).any(|held| held.citation.cites(EXAMPLE))
            || view.known(&seat.vacancies).any(|held| held.citation.cites(EXAMPLE))
    }
}
