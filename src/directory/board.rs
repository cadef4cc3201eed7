//! A board on a day: who holds which seat, and everything that the board table reads, as a pure view of recorded rows.
//!
//! Seats, coverage and who is in charge move with the calendar; terms of people and dated records never do. What rules
//! find is left to the domain.

use super::person::Person;
use super::records::Row;
use super::seat::{Appointment, Board, Seat, SeatDescription};
use super::view::{Held, InCharge, View};
use super::{BoardId, BodyId, Link, SeatId};
use crate::domain::board::codes::{Confirmed, DocumentKind, Office};
use crate::domain::board::{
    AgencyKind, AgencyOn, AnnualReport, Authority, BoardOn, DeputyOn, EndedSeat, HolderOn, Meeting, OfficeOn,
    PersonKey, Review, SeatBasis, SeatBody, SeatIndex, SeatOn, SeatState,
};
use crate::domain::calendar::Calendar;
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::{Days, NaiveDate};

/// The basis of probation's seats.
const PROBATION: SeatBasis = SeatBasis::ResponsibleAuthority(Authority::Probation);

/// A term that ends soon.
#[derive(Clone, Copy, Debug)]
pub struct Expiring<'d> {
    /// The board.
    pub board: BoardId,
    /// The seat.
    pub seat: SeatId,
    /// Its appointment, with the term.
    pub row: &'d Row<Appointment>,
    /// Last day of the term.
    pub last_day: NaiveDate,
    /// Who holds the seat from the day after on; none where nobody is recorded.
    pub next: Option<PersonKey>,
}

/// What a seat is on the day, without who holds it.
#[derive(Clone, Debug)]
pub struct SeatInForce<'d> {
    /// The seat.
    pub id: SeatId,
    /// What it is, with its days on the calendar asked for.
    pub held: Held<'d, SeatDescription>,
}

/// Whether a seat is an institution's, so that it moves with the calendar; a lay adviser's is not.
fn is_structural(basis: SeatBasis) -> bool {
    basis != SeatBasis::LayAdviser
}

impl<'d> View<'d> {
    /// Everything that is known of a board on the day: what the board table reads.
    pub fn board_on(&self, id: BoardId) -> BoardOn {
        let board = self.directory.board(id);
        let area = self.body(board.area);
        let seats = self.seats_in_force(id);
        let on = self.moment.on;
        let documents = |kind| self.documents(board, kind);
        let office = |office| self.offices(board, office, &seats);
        BoardOn {
            on,
            calendar: self.moment.calendar,
            area: board.slug.clone(),
            is_welsh: area.identity.country == "Wales",
            boards_of_area: self.boards_of(board.area),
            forces: self.forces(board.area).into_iter().map(|id| self.seat_body(id)).collect(),
            probation: self.public_probation(board.area).map(|id| self.seat_body(id)),
            seats: seats.iter().map(|seat| self.seat_on(board, seat)).collect(),
            ended_probation: self.ended_probation(board),
            chair: office(Office::Chair).into_iter().next(),
            has_recorded_no_chair: self.standing(&board.offices).any(|row| row.value.person.is_none()),
            deputy_chairs: office(Office::DeputyChair),
            agencies: self.agencies_of(board.area, &seats),
            are_agencies_complete: self.last_confirmed(board, |it, _| it == Confirmed::Agencies).is_some(),
            meetings: self.meetings(board),
            meetings_recorded_from: self.recorded(&board.meetings).map(|row| row.valid.from()).min(),
            memoranda: documents(DocumentKind::Memorandum),
            reports: self.reports(board),
            reviews: self.up_to_day(&board.reviews).map(review).collect(),
            business_plans: documents(DocumentKind::BusinessPlan),
            approvals: documents(DocumentKind::MinisterialApproval)
                .into_iter()
                .filter(|period| period.contains(on))
                .collect(),
        }
    }

    /// Seats of a board that are in force on the day, in the order of their slugs; the same order as in
    /// [`View::board_on`].
    pub fn seats_in_force(&self, id: BoardId) -> Vec<SeatInForce<'d>> {
        let seats = self.directory.board(id).seats.iter();
        seats.filter_map(|id| self.seat(*id).map(|held| SeatInForce { id: *id, held })).collect()
    }

    /// What a seat is on the day; none where it is not in force.
    pub fn seat(&self, id: SeatId) -> Option<Held<'d, SeatDescription>> {
        let seat = self.directory.seat(id);
        let day = |basis: SeatBasis| {
            if is_structural(basis) { self.structural_day() } else { self.moment.on }
        };
        let row = self.recorded(&seat.descriptions).find(|row| row.valid.contains(day(row.value.basis)))?;
        let structural = is_structural(row.value.basis);
        let period = if structural { self.moment.calendar.shown(row.valid) } else { row.valid };
        Some(Held { value: &row.value, period, in_force: true, citation: &row.citation })
    }

    /// The body that a person comes from on the day; none where that is not recorded.
    pub fn comes_from(&self, person: PersonKey) -> Option<SeatBody> {
        self.from(person)
    }

    /// Seats that a person holds on the day, in the order of their boards.
    pub fn seats_held_by(&self, person: PersonKey) -> Vec<SeatId> {
        let held =
            self.appointments_of(&self.same(person)).filter(|(_, row)| row.valid.contains(self.moment.on));
        held.map(|(seat, _)| seat).filter(|seat| self.seat(*seat).is_some()).collect()
    }

    /// The appointment to a seat in whose term the day lies.
    pub fn appointment(&self, id: SeatId) -> Option<&'d Row<Appointment>> {
        self.standing(&self.directory.seat(id).appointments).next()
    }

    /// Whether something of the example set is known of a board.
    pub fn has_examples(&self, id: BoardId) -> bool {
        self.directory.board(id).examples.iter().any(|versions| versions.contains(self.moment.known))
    }

    /// Terms that end on the day or within so many days after it, the earliest first.
    pub fn expiring(&self, within_days: u32) -> Vec<Expiring<'d>> {
        let on = self.moment.on;
        let limit = on.checked_add_days(Days::new(u64::from(within_days))).unwrap_or(NaiveDate::MAX);
        let mut expiring = Vec::new();
        for board in self.directory.boards() {
            for seat in &self.directory.board(board).seats {
                let rows = &self.directory.seat(*seat).appointments;
                for row in self.recorded(rows) {
                    let Some(last_day) = row.valid.last_day() else { continue };
                    if (on..=limit).contains(&last_day) {
                        let next =
                            self.recorded(rows).find(|next| Some(next.valid.from()) == row.valid.until());
                        let next = next.map(|next| self.one(next.value.person));
                        expiring.push(Expiring { board, seat: *seat, row, last_day, next });
                    }
                }
            }
        }
        expiring.sort_by_key(|term| (term.last_day, term.board, term.seat));
        expiring
    }

    /// The person that one is read as, where two were recorded for the same.
    pub fn one(&self, person: PersonKey) -> PersonKey {
        let into = |key| {
            let person = self.directory.person(key)?;
            self.recorded(&person.merged_into).next().map(|row| row.value)
        };
        let mut seen = Vec::new();
        let mut one = person;
        // A ring of merges ends where it comes round.
        while let Some(next) = into(one).filter(|next| !seen.contains(next)) {
            seen.push(one);
            one = next;
        }
        one
    }

    /// A person and everyone who is read as the same.
    pub fn same(&self, person: PersonKey) -> Vec<&'d Person> {
        let mut keys = vec![self.one(person)];
        let mut at = 0;
        while let Some(it) = keys.get(at).and_then(|key| self.directory.person(*key)) {
            for row in self.recorded(&it.merged_from) {
                if !keys.contains(&row.value) {
                    keys.push(row.value);
                }
            }
            at += 1;
        }
        keys.into_iter().filter_map(|key| self.directory.person(key)).collect()
    }

    /// Rows that were known, of any days.
    pub(super) fn recorded<T>(&self, rows: &'d [Row<T>]) -> impl Iterator<Item = &'d Row<T>> + use<'d, T> {
        let known = self.moment.known;
        rows.iter().filter(move |row| row.recorded.contains(known))
    }

    /// Rows of people and records that were known and hold on the day: no calendar moves them.
    pub(super) fn standing<T>(&self, rows: &'d [Row<T>]) -> impl Iterator<Item = &'d Row<T>> + use<'d, T> {
        let on = self.moment.on;
        self.recorded(rows).filter(move |row| row.valid.contains(on))
    }

    /// Rows that were known and began on the day or before it.
    pub(super) fn up_to_day<T>(&self, rows: &'d [Row<T>]) -> impl Iterator<Item = &'d Row<T>> + use<'d, T> {
        let on = self.moment.on;
        self.recorded(rows).filter(move |row| row.valid.from() <= on)
    }

    /// A body as rules see it.
    pub fn seat_body(&self, id: BodyId) -> SeatBody {
        let identity = &self.body(id).identity;
        SeatBody { kind: identity.kind, slug: identity.slug.clone(), name: self.standing_name(id).to_owned() }
    }

    /// Seats of probation that ended by the structural day, as the calendar shows them.
    fn ended_probation(&self, board: &Board) -> Vec<EndedSeat> {
        let day = self.structural_day();
        let mut ended = Vec::new();
        for seat in board.seats.iter().map(|id| self.directory.seat(*id)) {
            let rows = self.recorded(&seat.descriptions).filter(|row| row.value.basis == PROBATION);
            for row in rows.filter(|row| row.valid.until().is_some_and(|until| until <= day)) {
                ended.push(EndedSeat {
                    slug: seat.slug.clone(),
                    body: row.value.body.map(|id| self.seat_body(id)),
                    period: self.moment.calendar.shown(row.valid),
                });
            }
        }
        ended.sort_by_key(|seat| seat.period.from());
        ended
    }

    fn boards_of(&self, area: BodyId) -> usize {
        let boards = self.body(area).boards.iter();
        boards.filter(|id| self.in_force(&self.directory.board(**id).names).next().is_some()).count()
    }

    /// The trust, division or region in charge of probation's public work.
    fn public_probation(&self, area: BodyId) -> Option<BodyId> {
        let InCharge::Recorded(bodies) = self.in_charge(area) else { return None };
        let is_public = |id: &BodyId| {
            let kind = self.body(*id).identity.kind;
            matches!(kind, BodyKind::ProbationTrust | BodyKind::NpsDivision | BodyKind::ProbationRegion)
        };
        bodies.into_iter().find(is_public)
    }

    fn seat_on(&self, board: &'d Board, seat: &SeatInForce<'d>) -> SeatOn {
        let recorded = self.directory.seat(seat.id);
        let description = seat.held.value;
        let deputies = self.standing(&recorded.deputies).map(|row| DeputyOn {
            person: self.one(row.value.person),
            from: self.from(row.value.person),
            may_commit: row.value.may_commit,
        });
        SeatOn {
            slug: recorded.slug.clone(),
            basis: description.basis,
            body: description.body.map(|id| self.seat_body(id)),
            period: seat.held.period,
            state: self.state(seat.id, recorded, description.basis),
            deputies: deputies.collect(),
            confirmed_on: self.last_confirmed(board, |subject, of| {
                subject == Confirmed::Board || (subject == Confirmed::Seat && of == Some(seat.id))
            }),
        }
    }

    fn state(&self, id: SeatId, seat: &'d Seat, basis: SeatBasis) -> SeatState {
        if let Some(row) = self.appointment(id) {
            return SeatState::Held(Box::new(self.holder_of(id, seat.board, basis, row)));
        }
        match self.standing(&seat.vacancies).next() {
            Some(row) => SeatState::Vacant(row.valid.from()),
            None => SeatState::NotRecorded,
        }
    }

    fn holder_of(&self, id: SeatId, board: BoardId, basis: SeatBasis, row: &Row<Appointment>) -> HolderOn {
        let person = row.value.person;
        let same = self.same(person);
        let declarations = same.iter().flat_map(|it| self.standing(&it.declarations));
        let of_board = declarations.filter(|row| row.value.board == board);
        HolderOn {
            person: self.one(person),
            term: row.valid,
            terms: self.terms(&same, board, basis, row.valid),
            appointed_by: row.value.appointed_by,
            from: self.from(person),
            declarations: of_board.map(|row| row.value.declaration).collect(),
            elsewhere: self.elsewhere(&same, id),
        }
    }

    /// Rows of appointments of a person, each with its seat.
    fn appointments_of(
        &self,
        same: &[&'d Person],
    ) -> impl Iterator<Item = (SeatId, &'d Row<Appointment>)> + use<'d> {
        let view = *self;
        let keys: Vec<PersonKey> =
            same.iter().filter_map(|it| self.directory.person_by_key(&it.key)).collect();
        let mut seats: Vec<SeatId> = same.iter().flat_map(|it| it.seats.iter().copied()).collect();
        seats.sort();
        seats.dedup();
        seats.into_iter().flat_map(move |seat| {
            let keys = keys.clone();
            let rows = view.recorded(&view.directory.seat(seat).appointments);
            rows.filter(move |row| keys.contains(&row.value.person)).map(move |row| (seat, row))
        })
    }

    /// Terms on a board on the same basis that follow each other without a gap, among them the one given.
    fn terms(&self, same: &[&'d Person], board: BoardId, basis: SeatBasis, term: Period) -> Vec<Period> {
        let is_alike = |seat: SeatId, on: NaiveDate| {
            let seat = self.directory.seat(seat);
            seat.board == board && self.was(seat, on).is_some_and(|was| was.basis == basis)
        };
        let alike = self.appointments_of(same).filter(|(seat, row)| is_alike(*seat, row.valid.from()));
        let mut terms: Vec<Period> = alike.map(|(_, row)| row.valid).collect();
        terms.sort();
        let at = terms.iter().position(|it| *it == term);
        let Some(at) = at else { return vec![term] };
        let follows = |pair: &[Period]| pair[0].until() == Some(pair[1].from());
        let first = (0..at).rev().take_while(|index| follows(&terms[*index..index + 2])).last().unwrap_or(at);
        let last = (at..terms.len() - 1).take_while(|index| follows(&terms[*index..index + 2])).last();
        terms[first..=last.map_or(at, |index| index + 1)].to_vec()
    }

    /// Other seats that a person holds on the day.
    fn elsewhere(&self, same: &[&'d Person], but: SeatId) -> Vec<(String, SeatBasis)> {
        let on = self.moment.on;
        let held = self.appointments_of(same).filter(|(seat, row)| *seat != but && row.valid.contains(on));
        held.filter_map(|(seat, _)| {
            let basis = self.seat(seat)?.value.basis;
            Some((self.directory.board(self.directory.seat(seat).board).slug.clone(), basis))
        })
        .collect()
    }

    /// The body that a person comes from on the day.
    fn from(&self, person: PersonKey) -> Option<SeatBody> {
        let same = self.same(person);
        let row = same.iter().find_map(|it| self.standing(&it.bodies).next())?;
        Some(self.seat_body(row.value))
    }

    fn offices(&self, board: &'d Board, office: Office, seats: &[SeatInForce<'d>]) -> Vec<OfficeOn> {
        let held = self.standing(&board.offices).filter(|row| row.value.office == office);
        held.filter_map(|row| {
            let person = self.one(row.value.person?);
            let holds = |seat: &SeatInForce<'_>| {
                self.appointment(seat.id).is_some_and(|row| self.one(row.value.person) == person)
            };
            let seat = seats.iter().position(holds).map(SeatIndex);
            Some(OfficeOn { person, seat, since: row.valid.from() })
        })
        .collect()
    }

    fn agencies_of(&self, area: BodyId, seats: &[SeatInForce<'d>]) -> Vec<AgencyOn> {
        let is_agency = |held: &Held<'_, Link>| held.value.kind == BodyKind::Agency;
        let agencies = self.in_force(&self.body(area).coverage).filter(is_agency);
        agencies
            .map(|held| {
                let id = held.value.body;
                let mut kinds: Vec<AgencyKind> =
                    self.in_force(&self.body(id).duties).map(|held| *held.value).collect();
                kinds.sort();
                let of_it = seats.iter().enumerate().filter(|(_, seat)| seat.held.value.body == Some(id));
                AgencyOn {
                    body: self.seat_body(id),
                    kinds,
                    seats: of_it.map(|(index, _)| SeatIndex(index)).collect(),
                }
            })
            .collect()
    }

    /// The last day, up to the one asked about, of a confirmation.
    fn last_confirmed(
        &self,
        board: &'d Board,
        wanted: impl Fn(Confirmed, Option<SeatId>) -> bool,
    ) -> Option<NaiveDate> {
        let rows = self.up_to_day(&board.confirmations);
        rows.filter(|row| wanted(row.value.subject, row.value.seat)).map(|row| row.valid.from()).max()
    }

    /// What a seat was on a day: by the record, else as a seat that begins with the restructure is on the published calendar,
    /// else what it was last. What was recorded of a seat does not fall with it where its days are corrected later.
    fn was(&self, seat: &'d Seat, on: NaiveDate) -> Option<&'d SeatDescription> {
        let at = |day| self.recorded(&seat.descriptions).find(|row| row.valid.contains(day));
        let last = || self.recorded(&seat.descriptions).filter(|row| row.valid.from() <= on).last();
        let row = at(on).or_else(|| at(Calendar::Published.structural_day(on))).or_else(last)?;
        Some(&row.value)
    }

    fn meetings(&self, board: &'d Board) -> Vec<Meeting> {
        let meetings = self.up_to_day(&board.meetings).map(|meeting| {
            let on = meeting.valid.from();
            let at = self.recorded(&board.attendance).filter(|row| row.value.meeting == meeting.fact);
            let attendance = at.filter_map(|row| {
                let seat = self.directory.seat(row.value.seat);
                Some((seat.slug.clone(), self.was(seat, on)?.basis, row.value.attendance))
            });
            Meeting { on, attendance: attendance.collect(), is_chaired: meeting.value }
        });
        meetings.collect()
    }

    /// Days of documents of a kind that hold on the day or held before it.
    fn documents(&self, board: &'d Board, kind: DocumentKind) -> Vec<Period> {
        let of_kind = self.up_to_day(&board.documents).filter(|row| row.value.kind == kind);
        of_kind.map(|row| row.valid).collect()
    }

    fn reports(&self, board: &'d Board) -> Vec<AnnualReport> {
        let reports = self.recorded(&board.reports);
        reports
            .map(|row| AnnualReport { year: row.value.year, published_on: row.value.published_on })
            .collect()
    }
}

fn review(row: &Row<Option<bool>>) -> Review {
    Review { on: row.valid.from(), consulted_lay_advisers: row.value }
}

#[cfg(test)]
mod tests;
