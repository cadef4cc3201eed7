//! Integrity of seats: what the record would hold after a change is looked at, and the change refused where that cannot be.
//!
//! One holder a seat, one seat of a board a person, lay advisers in no other seat anywhere, a third of them by the minister's
//! approval only, no company in a statutory seat, no term outside its seat. The database guards the same.

use super::ground::{Ground, standing};
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{NewRow, SeatKey, Table, Write};
use crate::domain::board::SeatBasis;
use crate::domain::board::codes::DocumentKind;
use crate::domain::calendar::{OPERATIONAL_RESTRUCTURE, PUBLISHED_RESTRUCTURE};
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// A term as it would stand.
#[derive(Clone, Debug)]
struct Term {
    seat: SeatKey,
    /// Key of the one person that whoever holds it is read as.
    person: String,
    valid: Period,
    /// Whether the change touches it.
    is_touched: bool,
}

/// What a seat would be.
#[derive(Clone, Debug)]
struct Description {
    basis: SeatBasis,
    body: Option<BodyKind>,
    valid: Period,
}

/// What would stand of seats after a change.
struct After {
    terms: Vec<Term>,
    seats: HashMap<SeatKey, Vec<Description>>,
    approvals: HashMap<String, Vec<Period>>,
    origins: HashMap<String, Vec<(BodyKind, Period)>>,
}

/// Checks what would stand after writes.
///
/// # Errors
///
/// Every way in which it could not be.
pub fn check(ground: &Ground<'_>, writes: &[Write]) -> Result<(), Refused> {
    let after = After::of(ground, writes);
    let mut refusals = Vec::new();
    for term in after.terms.iter().filter(|term| term.is_touched) {
        after.check_seat(term, &mut refusals);
        after.check_holder(term, &mut refusals);
        after.check_person(term, &mut refusals);
        after.check_company(term, &mut refusals);
    }
    refusals.extend(after.over_cap().into_iter().map(|(_, _, refusal)| refusal));
    let mut seen = BTreeSet::new();
    refusals.retain(|refusal| seen.insert((refusal.code, refusal.message.clone())));
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Checks what would stand after writes, and tells which of the appointments among them is at fault, counted from 0; none
/// where it is a term that stands already.
pub fn check_each(ground: &Ground<'_>, writes: &[Write]) -> Vec<(Option<usize>, Refusal)> {
    let after = After::of(ground, writes);
    let is_appointment = |write: &&Write| matches!(write, Write::Add(_, NewRow::Appointment { .. }));
    // The terms of writes stand behind those that are kept, in their order.
    let kept = after.terms.len().saturating_sub(writes.iter().filter(is_appointment).count());
    let mut faults = Vec::new();
    for (nth, term) in after.terms.iter().enumerate().filter(|(_, term)| term.is_touched) {
        let mut refusals = Vec::new();
        after.check_seat(term, &mut refusals);
        after.check_holder(term, &mut refusals);
        after.check_person(term, &mut refusals);
        after.check_company(term, &mut refusals);
        faults.extend(refusals.into_iter().map(|refusal| (nth.checked_sub(kept), refusal)));
    }
    for (board, day, refusal) in after.over_cap() {
        let is_lay_then =
            |term: &Term| term.seat.board == *board && after.lay_days(term).any(|days| days.contains(day));
        let last = after.terms.iter().rposition(is_lay_then).and_then(|nth| nth.checked_sub(kept));
        faults.push((last, refusal));
    }
    let mut seen = BTreeSet::new();
    faults.retain(|(nth, refusal)| seen.insert((*nth, refusal.code, refusal.message.clone())));
    faults
}

impl After {
    fn of(ground: &Ground<'_>, writes: &[Write]) -> After {
        let directory = ground.directory;
        let closed: BTreeSet<(Table, i64)> = writes
            .iter()
            .filter_map(|write| match write {
                Write::Close(table, fact) => Some((*table, *fact)),
                _ => None,
            })
            .collect();
        let is_kept = |table: Table, fact: i64| !closed.contains(&(table, fact));
        let rows = || {
            writes.iter().filter_map(|write| match write {
                Write::Add(_, row) => Some(row),
                _ => None,
            })
        };
        let mut merges: HashMap<String, String> = HashMap::new();
        let mut origins: HashMap<String, Vec<(BodyKind, Period)>> = HashMap::new();
        for (_, person) in directory.persons() {
            let into = standing(&person.merged_into).filter(|row| is_kept(Table::PersonMerge, row.fact));
            merges.extend(into.map(|row| (person.key.clone(), ground.key_of(row.value))));
            let from = standing(&person.bodies).filter(|row| is_kept(Table::PersonBody, row.fact));
            let from = from.map(|row| (directory.body(row.value).identity.kind, row.valid));
            origins.entry(person.key.clone()).or_default().extend(from);
        }
        let mut merged = BTreeSet::new();
        let mut moved = BTreeSet::new();
        for row in rows() {
            match row {
                NewRow::PersonMerge { person, into } => {
                    merges.insert(person.clone(), into.clone());
                    merged.extend([person.clone(), into.clone()]);
                }
                NewRow::PersonBody { person, body, valid } => {
                    origins.entry(person.clone()).or_default().push((body.0, *valid));
                    moved.insert(person.clone());
                }
                _ => {}
            }
        }
        let one = |key: &str| {
            let mut key = key.to_owned();
            for _ in 0..merges.len() {
                match merges.get(&key) {
                    Some(into) => key.clone_from(into),
                    None => break,
                }
            }
            key
        };
        let mut seats: HashMap<SeatKey, Vec<Description>> = HashMap::new();
        let mut terms = Vec::new();
        let mut approvals: HashMap<String, Vec<Period>> = HashMap::new();
        let mut changed = BTreeSet::new();
        for id in directory.boards() {
            let board = directory.board(id);
            let held = standing(&board.documents).filter(|row| {
                row.value.kind == DocumentKind::MinisterialApproval && is_kept(Table::Document, row.fact)
            });
            approvals.entry(board.slug.clone()).or_default().extend(held.map(|row| row.valid));
            for seat in &board.seats {
                let seat = directory.seat(*seat);
                let key = SeatKey { board: board.slug.clone(), seat: seat.slug.clone() };
                let of_seat = seats.entry(key.clone()).or_default();
                for row in standing(&seat.descriptions) {
                    if !is_kept(Table::SeatDescription, row.fact) {
                        changed.insert(key.clone());
                        continue;
                    }
                    let body = row.value.body.map(|body| directory.body(body).identity.kind);
                    of_seat.push(Description { basis: row.value.basis, body, valid: row.valid });
                }
                let kept = standing(&seat.appointments).filter(|row| is_kept(Table::Appointment, row.fact));
                terms.extend(kept.map(|row| {
                    let key_of_person = ground.key_of(row.value.person);
                    let is_touched = merged.contains(&key_of_person) || moved.contains(&key_of_person);
                    Term { seat: key.clone(), person: one(&key_of_person), valid: row.valid, is_touched }
                }));
            }
        }
        for row in rows() {
            match row {
                NewRow::SeatDescription { seat, basis, body, valid, .. } => {
                    let body = body.as_ref().map(|(kind, _)| *kind);
                    let description = Description { basis: *basis, body, valid: *valid };
                    seats.entry(seat.clone()).or_default().push(description);
                    changed.insert(seat.clone());
                }
                NewRow::Appointment { seat, person, valid, .. } => {
                    let person = one(person);
                    terms.push(Term { seat: seat.clone(), person, valid: *valid, is_touched: true });
                }
                NewRow::Document { board, kind: DocumentKind::MinisterialApproval, valid, .. } => {
                    approvals.entry(board.clone()).or_default().push(*valid);
                }
                _ => {}
            }
        }
        for term in &mut terms {
            term.is_touched |= changed.contains(&term.seat) || merged.contains(&term.person);
        }
        After { terms, seats, approvals, origins }
    }

    fn descriptions(&self, seat: &SeatKey) -> &[Description] {
        self.seats.get(seat).map_or(&[], Vec::as_slice)
    }

    /// Days on which a term is one of a lay adviser.
    fn lay_days(&self, term: &Term) -> impl Iterator<Item = Period> {
        let lay = self.descriptions(&term.seat).iter().filter(|it| it.basis == SeatBasis::LayAdviser);
        lay.filter_map(|it| shared(it.valid, term.valid))
    }

    fn check_seat(&self, term: &Term, refusals: &mut Refused) {
        let mut days: Vec<Period> = self.descriptions(&term.seat).iter().map(|it| it.valid).collect();
        days.sort();
        let mut reached = Some(term.valid.from());
        for day in days {
            // A seat that begins with the restructure begins on 1 April by the published calendar.
            let is_restructured = day.from() == OPERATIONAL_RESTRUCTURE;
            let from = if is_restructured { PUBLISHED_RESTRUCTURE } else { day.from() };
            if let Some(at) = reached.filter(|at| from <= *at && day.until().is_none_or(|until| *at < until))
            {
                reached = day.until().map(|until| until.max(at));
            }
        }
        let is_within = match (reached, term.valid.until()) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(reached), Some(until)) => until <= reached,
        };
        if !is_within {
            let exists: Vec<String> =
                self.descriptions(&term.seat).iter().map(|it| words(it.valid)).collect();
            let exists = if exists.is_empty() { "never".to_owned() } else { exists.join(", ") };
            let message = format!(
                "The seat does not exist on every day of the term {}: it exists {exists}.",
                words(term.valid)
            );
            refusals.push(Refusal::new(RefusalCode::SeatClosed, "seat", message).by("G-34a"));
        }
    }

    fn check_holder(&self, term: &Term, refusals: &mut Refused) {
        let others = self.terms.iter().filter(|it| it.seat == term.seat && !std::ptr::eq(*it, term));
        for other in others.filter(|it| it.valid.overlaps(&term.valid)) {
            let message =
                format!("The seat is held {}: end that term first, or give other days.", words(other.valid));
            refusals.push(Refusal::new(RefusalCode::Overlap, "from", message).by("G-34b"));
        }
    }

    fn check_person(&self, term: &Term, refusals: &mut Refused) {
        let of_person = self.terms.iter().filter(|it| it.person == term.person && it.seat != term.seat);
        for other in of_person.filter(|it| it.valid.overlaps(&term.valid)) {
            let place = format!("{} of {}", other.seat.seat, other.seat.board);
            if other.seat.board == term.seat.board {
                let message = format!(
                    "The person holds the seat {place} {}: a person holds one seat on a board.",
                    words(other.valid)
                );
                refusals.push(Refusal::new(RefusalCode::SecondSeatOnBoard, "person", message).by("G-35a"));
            }
            let is_lay = self.lay_days(term).any(|days| days.overlaps(&other.valid))
                || self.lay_days(other).any(|days| days.overlaps(&term.valid));
            if is_lay {
                let message = format!(
                    "The person holds the seat {place} {}: a lay adviser holds no other seat on any board.",
                    words(other.valid)
                );
                refusals.push(Refusal::new(RefusalCode::LayAdviserElsewhere, "person", message).by("G-35b"));
            }
        }
    }

    fn check_company(&self, term: &Term, refusals: &mut Refused) {
        for it in self.descriptions(&term.seat) {
            let rule = match it.basis {
                SeatBasis::ResponsibleAuthority(_) => "G-04",
                SeatBasis::DutyToCooperate => "G-25b",
                _ => continue,
            };
            if it.body == Some(BodyKind::Crc) {
                let message = "A community rehabilitation company has no statutory seat: add the seat as INVITED_PARTNER.";
                refusals.push(Refusal::new(RefusalCode::CompanyInStatutorySeat, "seat", message).by("G-25a"));
            }
            let Some(days) = shared(it.valid, term.valid) else { continue };
            let origins = self.origins.get(&term.person).into_iter().flatten();
            let from_company = origins.filter(|(kind, _)| *kind == BodyKind::Crc);
            for (_, from) in from_company.filter(|(_, from)| from.overlaps(&days)) {
                let message = format!(
                    "The person comes from a community rehabilitation company {}, which fills no statutory seat.",
                    words(*from)
                );
                refusals.push(Refusal::new(RefusalCode::CompanyInStatutorySeat, "person", message).by(rule));
            }
        }
    }

    /// Boards with too many lay advisers, each with the first day of it.
    ///
    /// That day is one on which a term begins, or an approval has ended.
    fn over_cap(&self) -> Vec<(&String, NaiveDate, Refusal)> {
        let mut faults = Vec::new();
        let boards: BTreeSet<&String> = self.terms.iter().map(|term| &term.seat.board).collect();
        for board in boards {
            let of_board = self.terms.iter().filter(|term| term.seat.board == *board);
            let lay: Vec<Period> = of_board.flat_map(|term| self.lay_days(term)).collect();
            let approvals = self.approvals.get(board).map_or(&[][..], Vec::as_slice);
            let starts = lay.iter().map(Period::from);
            let days: BTreeSet<NaiveDate> =
                starts.chain(approvals.iter().filter_map(Period::until)).collect();
            let is_too_many = |day: &NaiveDate| {
                lay.iter().filter(|term| term.contains(*day)).count() > 2
                    && !approvals.iter().any(|approval| approval.contains(*day))
            };
            if let Some(day) = days.into_iter().find(is_too_many) {
                let message = format!(
                    "More than two lay advisers would sit on {day} without an approval of the minister in force: record the approval first, or give other days."
                );
                let refusal = Refusal::new(RefusalCode::LayAdviserCap, "seat", message).by("G-12");
                faults.push((board, day, refusal));
            }
        }
        faults
    }
}

/// Days that two periods share.
pub fn shared(one: Period, other: Period) -> Option<Period> {
    let from = one.from().max(other.from());
    let until = match (one.until(), other.until()) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Period::new(from, until)
}

/// A period as a message says it.
pub fn words(period: Period) -> String {
    match period.last_day() {
        Some(last) => format!("from {} to {last}", period.from()),
        None => format!("from {} on", period.from()),
    }
}
