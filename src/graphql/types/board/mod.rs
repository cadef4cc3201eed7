//! Strategic Management Boards: seats, offices, findings, and what is recorded of them.
//!
//! `seat`, `agency` and `papers` have what a board is made of, `declaration` what is declared of whoever sits there, `history` its rows as they were recorded, `governance` the
//! report over all boards. What rules find is left to `domain::board`; findings about persons are shown to the administrators
//! of the board only, and others are told how many there are.

pub mod agency;
pub mod declaration;
pub mod governance;
pub mod history;
pub mod papers;
pub mod seat;
pub mod words;

use super::area::MappaArea;
use super::body::BodyAt;
use super::common::{Citation, Period, ViewAsked};
use super::directory::int;
use super::mailbox::{Mailbox, mailboxes};
use super::rule::{Finding, Verdict};
use crate::directory::change::board_touched_by;
use crate::directory::{self, BoardId, BodyId};
use crate::domain::board::check::{Finding as Found, check, overall};
use crate::domain::board::codes::{Confirmed, DocumentKind};
use crate::domain::board::rules::BOARD;
use crate::domain::board::{BoardOn, SeatBasis, SeatOn, SeatState as StateOn};
use crate::graphql::context::{At, Context};
use crate::graphql::error::{Mistake, mistake};
use crate::graphql::node::node_id;
use crate::graphql::plan::Planned;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::{LocalDate, Scalar};
use agency::{KindCoverage, Representation};
use history::{RecordedRow, Rows};
use juniper::{FieldResult, ID, graphql_object};
use papers::{AnnualReport, BoardDocument, BoardMeeting, BoardReview, Confirmation, documents};
use seat::{ExpiringTerm, OfficeHolder, Seat};
use words::SeatState;

/// Days within which a term that ends is shown, where none are asked for.
const SOON: i32 = 90;
/// Most such days.
const LONGEST_AHEAD: i32 = 3660;

/// A Strategic Management Board, on a day.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// The view.
    pub at: At,
    /// Its area.
    pub area: BodyId,
}

impl Board {
    /// The board of an area, where the view knows one.
    pub fn of_area(context: &Context, at: At, area: BodyId) -> Option<Board> {
        context.view(at).board(area).map(|_| Board { at, area })
    }

    fn index(&self, context: &Context) -> Option<BoardId> {
        context.view(self.at).board(self.area).map(|(id, _)| id)
    }

    fn recorded<'c>(&self, context: &'c Context) -> Option<&'c directory::Board> {
        self.index(context).map(|id| context.directory().board(id))
    }

    /// Everything that is known of it on the day.
    pub fn known(&self, context: &Context) -> Option<BoardOn> {
        self.index(context).map(|id| context.view(self.at).board_on(id))
    }

    /// What is known of it, with its seats.
    fn with_seats(&self, context: &Context) -> Option<(BoardOn, Vec<Seat>)> {
        let id = self.index(context)?;
        let on = context.view(self.at).board_on(id);
        let seats = Seat::all(context, self.at, id, &on.seats);
        Some((on, seats))
    }

    /// Something that is found of it on the day.
    pub fn finding(&self, context: &Context, found: &Found) -> Finding {
        let seats = self.with_seats(context).map_or_else(Vec::new, |(_, seats)| seats);
        Finding::of_board(*self, found, &seats)
    }

    /// What the board table finds: what whoever asks may see, and how many findings they may not.
    pub fn found(&self, context: &Context) -> (Vec<Found>, usize) {
        self.known(context).map_or_else(|| (Vec::new(), 0), |on| self.found_of(context, &on))
    }

    fn found_of(&self, context: &Context, on: &BoardOn) -> (Vec<Found>, usize) {
        let may_see_persons = context.caller().may_see_person_findings(self.slug(context));
        let (shown, withheld): (Vec<Found>, Vec<Found>) =
            check(BOARD, on).into_iter().partition(|found| may_see_persons || !found.is_about_person);
        (shown, withheld.len())
    }

    /// Whether some seat is recorded as vacant.
    pub fn has_vacancy(&self, context: &Context) -> bool {
        let is_vacant = |seat: &SeatOn| matches!(seat.state, StateOn::Vacant(_));
        self.known(context).is_some_and(|on| on.seats.iter().any(is_vacant))
    }

    /// Whether a rule, or some rule, says so of it, as far as whoever asks may see that.
    pub fn says(&self, context: &Context, rule: Option<&str>, verdict: Option<Verdict>) -> bool {
        if rule.is_none() && verdict.is_none() {
            return true;
        }
        let (found, _) = self.found(context);
        let is_said = |rule: &str| {
            let said = overall(&found, rule);
            said.is_some_and(|said| verdict.is_none_or(|wanted| wanted == said.into()))
        };
        match rule {
            Some(rule) => is_said(rule),
            None => BOARD.iter().any(|row| is_said(row.rule.id)),
        }
    }

    fn documents(&self, context: &Context, kind: DocumentKind) -> Vec<BoardDocument> {
        let board = self.recorded(context);
        board.map_or_else(Vec::new, |board| documents(context, self.at, &board.documents, kind))
    }
}

/// Checks that a text is the id of a rule of the board table.
///
/// # Errors
///
/// Where it is not.
pub fn known_rule(field: &str, rule: Option<&str>) -> FieldResult<(), Scalar> {
    if rule.is_none_or(|id| BOARD.iter().any(|row| row.rule.id == id)) {
        return Ok(());
    }
    let message = format!("{field} names no rule of the board table.");
    Err(mistake(Mistake::BadUserInput, field, &message, "give an id as boardRules lists it"))
}

/// A Strategic Management Board, on a day.
#[graphql_object(scalar = Scalar, context = Context, impl = [NodeValue])]
impl Board {
    /// Opaque id; carries the view where that is not the default.
    pub fn id(&self, context: &Context) -> ID {
        node_id("Board", self.slug(context), self.at, None)
    }

    /// The day, calendar and state of knowledge that this is the answer for.
    pub fn view(&self, context: &Context) -> ViewAsked {
        ViewAsked::of(context, self.at)
    }

    /// Stable key: the slug of its area.
    pub fn slug<'c>(&self, context: &'c Context) -> &'c str {
        let board = context.view(self.at).board(self.area).map(|(id, _)| &context.directory().board(id).slug);
        board.unwrap_or(&context.directory().body(self.area).identity.slug)
    }

    /// Version of the last change that touched it, as known in the view: give it as `expectedVersion` of a mutation.
    pub fn version(&self, context: &Context) -> i32 {
        let (directory, known) = (context.directory(), context.view(self.at).moment.known);
        let touched = self.index(context).map_or(0, |id| board_touched_by(directory, id, known));
        int(usize::try_from(touched).unwrap_or_default())
    }

    /// Name on the day; null where none is recorded.
    pub fn name<'c>(&self, context: &'c Context) -> Option<&'c str> {
        context.view(self.at).board(self.area).map(|(_, held)| held.value.as_str())
    }

    /// The area that it serves.
    pub fn mappa_area(&self) -> Planned<MappaArea> {
        Planned(MappaArea(BodyAt::new(self.at, self.area)))
    }

    /// Days on which it exists.
    pub fn period(&self, context: &Context) -> Option<Period> {
        context.view(self.at).board(self.area).map(|(_, held)| held.period.into())
    }

    /// Whether the day asked about is one of them; null where no day is recorded.
    pub fn in_force(&self, context: &Context) -> Option<bool> {
        context.view(self.at).board(self.area).map(|(_, held)| held.in_force)
    }

    /// Where that comes from.
    pub fn citation(&self, context: &Context) -> Option<Citation> {
        let view = context.view(self.at);
        view.board(self.area).map(|(_, held)| Citation::of(view, held.citation))
    }

    /// Seats that are in force on the day, in the order of their slugs. At most 200.
    pub fn seats(&self, context: &Context) -> Vec<Seat> {
        self.with_seats(context).map_or_else(Vec::new, |(_, seats)| seats)
    }

    /// Whoever chairs the board; null where nobody is recorded: `chairState` says whether that is known.
    pub fn chair(&self, context: &Context) -> Option<OfficeHolder> {
        let (on, seats) = self.with_seats(context)?;
        on.chair.map(|chair| OfficeHolder::of(self.at, &chair, &seats))
    }

    /// Whether there is a chair, none, or neither is recorded.
    pub fn chair_state(&self, context: &Context) -> SeatState {
        match self.known(context) {
            Some(on) if on.chair.is_some() => SeatState::Held,
            Some(on) if on.has_recorded_no_chair => SeatState::Vacant,
            _ => SeatState::NotRecorded,
        }
    }

    /// Deputies of the chair. At most 20.
    pub fn deputy_chairs(&self, context: &Context) -> Vec<OfficeHolder> {
        let Some((on, seats)) = self.with_seats(context) else { return Vec::new() };
        on.deputy_chairs.iter().map(|deputy| OfficeHolder::of(self.at, deputy, &seats)).collect()
    }

    /// Seats of lay advisers. At most 20.
    pub fn lay_advisers(&self, context: &Context) -> Vec<Seat> {
        let seats = self.with_seats(context).map_or_else(Vec::new, |(_, seats)| seats);
        seats.into_iter().filter(|seat| seat.is(SeatBasis::LayAdviser)).collect()
    }

    /// Every agency of the area that has the duty to co-operate, and whether it sits. At most 100.
    pub fn representation(&self, context: &Context) -> Vec<Representation> {
        let found = self.with_seats(context);
        found.map_or_else(Vec::new, |(on, seats)| Representation::all(context, self.at, &on, &seats))
    }

    /// The same for each kind of agency that the area has. At most 12.
    pub fn kind_coverage(&self, context: &Context) -> Vec<KindCoverage> {
        KindCoverage::all(&self.representation(context))
    }

    /// Whether it was confirmed that every agency of the area is recorded.
    pub fn are_agencies_complete(&self, context: &Context) -> bool {
        self.known(context).is_some_and(|on| on.are_agencies_complete)
    }

    /// Seats that are recorded as vacant. At most 200.
    pub fn vacancies(&self, context: &Context) -> Vec<Seat> {
        let seats = self.with_seats(context).map_or_else(Vec::new, |(_, seats)| seats);
        seats.into_iter().filter(|seat| seat.state_on() == Some(SeatState::Vacant)).collect()
    }

    /// Terms that end on the day or soon after it, the earliest first. At most 200.
    pub fn expiring(
        &self,
        context: &Context,
        #[graphql(desc = "Days after the one asked about, up to 3660; 90 where absent.")] within_days: Option<
            i32,
        >,
    ) -> FieldResult<Vec<ExpiringTerm>, Scalar> {
        let within = within_days.unwrap_or(SOON);
        let within = u32::try_from(within).ok().filter(|_| within <= LONGEST_AHEAD).ok_or_else(|| {
            let message = format!("withinDays must lie between 0 and {LONGEST_AHEAD}.");
            mistake(Mistake::BadUserInput, "withinDays", &message, "give a number from 0 to 3660")
        })?;
        let view = context.view(self.at);
        let id = self.index(context);
        let terms = view.expiring(within).into_iter().filter(|term| Some(term.board) == id);
        let terms = terms.filter_map(|term| {
            Some(ExpiringTerm {
                seat: Seat::find(context, self.at, term.seat)?,
                person: super::person::Person { at: self.at, key: view.one(term.row.value.person) },
                last_day: LocalDate(term.last_day),
                next: term.next.map(|key| super::person::Person { at: self.at, key }),
            })
        });
        Ok(terms.collect())
    }

    /// What every rule of the board table finds on the day, in the order of the table. Findings about persons are shown to
    /// the administrators of this board only. At most 500.
    pub fn findings(
        &self,
        context: &Context,
        #[graphql(desc = "Id of one rule.")] rule: Option<String>,
        #[graphql(desc = "What it says.")] verdict: Option<Verdict>,
    ) -> FieldResult<Vec<Finding>, Scalar> {
        known_rule("rule", rule.as_deref())?;
        let Some((on, seats)) = self.with_seats(context) else { return Ok(Vec::new()) };
        let (found, _) = self.found_of(context, &on);
        let wanted = found.into_iter().filter(|found| {
            rule.as_ref().is_none_or(|id| id == found.rule)
                && verdict.is_none_or(|verdict| verdict == found.verdict.into())
        });
        Ok(wanted.take(500).map(|found| Finding::of_board(*self, &found, &seats)).collect())
    }

    /// How many findings about persons there are that whoever asks may not see.
    pub fn findings_withheld(&self, context: &Context) -> i32 {
        int(self.found(context).1)
    }

    /// Meetings up to the day, the newest last. At most 100.
    pub fn meetings(&self, context: &Context) -> Vec<BoardMeeting> {
        let meetings = self.known(context).map(|on| on.meetings).unwrap_or_default();
        meetings.iter().skip(meetings.len().saturating_sub(100)).map(BoardMeeting::from).collect()
    }

    /// First day from which meetings are recorded at all; before it, few meetings say nothing.
    pub fn meetings_recorded_from(&self, context: &Context) -> Option<LocalDate> {
        self.known(context).and_then(|on| on.meetings_recorded_from).map(LocalDate)
    }

    /// Memoranda that hold on the day or held before it, the newest last. At most 50.
    pub fn memoranda(&self, context: &Context) -> Vec<BoardDocument> {
        self.documents(context, DocumentKind::Memorandum)
    }

    /// Business plans that hold on the day or held before it, the newest last. At most 50.
    pub fn business_plans(&self, context: &Context) -> Vec<BoardDocument> {
        self.documents(context, DocumentKind::BusinessPlan)
    }

    /// A minister's approvals of more than two lay advisers, on the day or before it. At most 50.
    pub fn approvals(&self, context: &Context) -> Vec<BoardDocument> {
        self.documents(context, DocumentKind::MinisterialApproval)
    }

    /// Annual reports that are known of, the newest last. At most 50.
    pub fn annual_reports(&self, context: &Context) -> Vec<AnnualReport> {
        let board = self.index(context);
        board.map_or_else(Vec::new, |board| papers::annual_reports(context, self.at, board))
    }

    /// Reviews of the arrangements up to the day, the newest last. At most 50.
    pub fn reviews(&self, context: &Context) -> Vec<BoardReview> {
        let board = self.index(context);
        board.map_or_else(Vec::new, |board| papers::reviews(context, self.at, board))
    }

    /// Mailboxes of the arrangements in its area on the day. At most 20.
    pub fn mailboxes(&self, context: &Context) -> Planned<Vec<Mailbox>> {
        mailboxes(context, BodyAt::new(self.at, self.area))
    }

    /// That somebody confirmed what is recorded of it, of a seat or of the agencies, up to the day, the newest last. At
    /// most 200.
    pub fn confirmations(&self, context: &Context) -> Vec<Confirmation> {
        let board = self.index(context);
        board.map_or_else(Vec::new, |board| papers::confirmations(context, self.at, board))
    }

    /// The last day, up to the one asked about, on which the whole board was confirmed; null where it never was.
    pub fn confirmed_on(&self, context: &Context) -> Option<LocalDate> {
        let known = context.view(self.at).moment.known;
        let rows = self.recorded(context)?.confirmations.iter();
        let of_board =
            rows.filter(|row| row.value.subject == Confirmed::Board && row.recorded.contains(known));
        of_board.map(|row| row.valid.from()).filter(|day| *day <= self.at.on).max().map(LocalDate)
    }

    /// Every row ever recorded of the board itself, corrections among them, by its first day; seats have their own. At
    /// most 200.
    pub fn history(&self, context: &Context) -> Vec<RecordedRow> {
        self.index(context).map_or_else(Vec::new, |id| Rows::of_board(context, self.at, id).listed())
    }

    /// Whether something of it is of the example set, and so made up.
    pub fn is_example(&self, context: &Context) -> bool {
        self.index(context).is_some_and(|id| context.view(self.at).has_examples(id))
    }
}
