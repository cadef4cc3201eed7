//! The order that brings in many terms at once: new ones, and what is put right of those that are recorded.
//!
//! A row says the whole of its term as it is to stand. All of it is written or nothing; every cell that stands in the way is
//! told with its line. How cells are read is left to `import_rows`, what differs is told by `import_diff`.

use super::ground::{Ground, standing};
use super::import_rows::{Column, ImportRow, Said, Who};
use super::persons::AddPerson;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{NewRow, Number, SeatKey, Table, Write};
use super::summary::Summary;
use super::terms::seat_key;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::person::PersonName;
use crate::directory::records::Row;
use crate::directory::seat::Appointment;
use crate::directory::{Directory, SeatId};
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Terms of members of boards, as a file has them.
#[derive(Clone, Debug)]
pub struct ImportBoardMembers {
    /// The rows.
    pub rows: Vec<ImportRow>,
    /// Keys for whoever is new, as many as rows may be about somebody new: random, and drawn by whoever makes the order.
    pub keys: Vec<String>,
}

/// Appointments as they were known in a version, by their numbers.
pub(super) struct Recorded<'d>(HashMap<i64, (SeatId, &'d Row<Appointment>)>);

impl<'d> Recorded<'d> {
    pub(super) fn at(directory: &'d Directory, version: i64) -> Recorded<'d> {
        let seats = directory.boards().flat_map(|board| directory.board(board).seats.iter().copied());
        let rows = seats.flat_map(|seat| {
            let rows = directory.seat(seat).appointments.iter();
            rows.filter(|row| row.recorded.contains(version)).map(move |row| (row.fact, (seat, row)))
        });
        Recorded(rows.collect())
    }

    pub(super) fn get(&self, fact: i64) -> Option<(SeatId, &'d Row<Appointment>)> {
        self.0.get(&fact).copied()
    }
}

/// A term that is to stand otherwise than it does.
struct Step<'r> {
    row: &'r ImportRow,
    seat: SeatId,
    key: SeatKey,
    person: String,
    valid: Period,
    said: Said,
    old: Option<&'r Row<Appointment>>,
}

impl Order for ImportBoardMembers {
    fn action(&self) -> &'static str {
        "IMPORT_BOARD_MEMBERS"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        let recorded = Recorded::at(directory, directory.version());
        let mut scope = Scope::new(Right::Boards);
        for row in &self.rows {
            // A board that does not exist is told of its cell; it gives no right and takes none.
            let board = row.cell(Column::Board);
            scope.boards.extend(directory.board_by_slug(board).map(|_| board.to_owned()));
            if let Ok(Who::Known(key)) = row.who() {
                scope.persons.extend(directory.person_by_key(&key));
            }
            if let Ok(Some(fact)) = row.appointment()
                && let Some((seat, old)) = recorded.get(fact)
            {
                scope.boards.insert(seat_key(directory, seat).board);
                scope.persons.insert(old.value.person);
            }
        }
        let right = if scope.boards.is_empty() { Right::AnyAdministrator } else { Right::Boards };
        Scope { right, ..scope }
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let mut refused = Vec::new();
        let people = self.people(&mut refused);
        let recorded = Recorded::at(ground.directory, ground.directory.version());
        let mut lines = HashMap::new();
        let mut steps = Vec::new();
        for row in &self.rows {
            let first = lines.get(&row.appointment().ok().flatten()).copied();
            match step(ground, &recorded, &people, row, first) {
                Ok(Some(step)) => steps.push(step),
                Ok(None) => {}
                Err(refusals) => refused.extend(refusals),
            }
            if let Ok(Some(fact)) = row.appointment() {
                lines.entry(Some(fact)).or_insert(row.line);
            }
        }
        for person in people.values() {
            let in_place = |refusal: Refusal| refusal.at(person.line, Column::Name.name());
            refused.extend(person.writes(ground).err().into_iter().flatten().map(in_place));
        }
        let writes = writes(ground, &steps, &people);
        refused.extend(self.integrity(ground, &steps, &writes, &refused));
        if !refused.is_empty() {
            refused.sort_by_key(|refusal| refusal.line);
            return Err(refused);
        }
        let Some(on) = steps.iter().map(Step::on).min() else {
            let message = "Every row is what is recorded already.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "csv", message)]);
        };
        Ok(Decision { writes, summary: summary(ground, on, &steps) })
    }
}

/// Somebody who is to be recorded.
struct NewPerson<'r> {
    key: String,
    name: Option<&'r PersonName>,
    /// The first line about them.
    line: usize,
}

impl NewPerson<'_> {
    fn writes(&self, ground: &Ground<'_>) -> Result<Vec<Write>, Refused> {
        let Some(name) = self.name else {
            let message = "Somebody new needs a name on one of the lines of the placeholder.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "name", message)]);
        };
        let name = name.clone();
        let add = AddPerson { key: self.key.clone(), name, comes_from: None, from: None, review_on: None };
        Ok(add.decide(ground)?.writes)
    }
}

/// Whoever is new: by the placeholder, or by the line of a row without one.
type People<'r> = BTreeMap<Result<String, usize>, NewPerson<'r>>;

impl ImportBoardMembers {
    /// Whoever is new, each with a key of their own.
    fn people(&self, refused: &mut Refused) -> People<'_> {
        let mut people = People::new();
        let mut keys = self.keys.iter();
        for row in &self.rows {
            let Ok(Who::New(mark)) = row.who() else { continue };
            let name = row.name();
            match people.get_mut(&mark_of(mark.as_ref(), row)) {
                Some(known) if known.name.is_none() => known.name = name,
                Some(known) if name.is_some() && known.name != name => {
                    let message = "Lines of one placeholder are about one person and have one name.";
                    refused.push(row.refuse(RefusalCode::InvalidValue, Column::Name, message));
                }
                Some(_) => {}
                None => {
                    let key = keys.next().cloned().unwrap_or_default();
                    people.insert(mark_of(mark.as_ref(), row), NewPerson { key, name, line: row.line });
                }
            }
        }
        people
    }

    /// What integrity refuses. Where another cell about the same board or person is refused, what may follow from that is not told.
    fn integrity(
        &self,
        ground: &Ground<'_>,
        steps: &[Step<'_>],
        writes: &[Write],
        refused: &Refused,
    ) -> Refused {
        let lines: BTreeSet<usize> = refused.iter().filter_map(|refusal| refusal.line).collect();
        let bad = || self.rows.iter().filter(|row| lines.contains(&row.line));
        let boards: BTreeSet<&str> = bad().map(|row| row.cell(Column::Board)).collect();
        let persons: BTreeSet<&str> =
            bad().map(|row| row.cell(Column::Person)).filter(|key| !key.is_empty()).collect();
        let faults = integrity::check_each(ground, writes).into_iter();
        let told = faults.filter_map(|(nth, refusal)| match nth.and_then(|nth| steps.get(nth)) {
            Some(step) => {
                let follows = boards.contains(step.key.board.as_str())
                    || persons.contains(step.row.cell(Column::Person));
                let column = Column::named(refusal.field).unwrap_or(Column::Seat);
                (!follows).then(|| refusal.at(step.row.line, column.name()))
            }
            None => lines.is_empty().then_some(refusal),
        });
        told.collect()
    }
}

fn mark_of(mark: Option<&String>, row: &ImportRow) -> Result<String, usize> {
    mark.cloned().ok_or(row.line)
}

/// Refusals of the cells of a row.
struct Cells<'r> {
    row: &'r ImportRow,
    refused: Refused,
}

impl Cells<'_> {
    fn keep(&mut self, refusal: Refusal) {
        let column = match refusal.field {
            "lastDay" => Column::LastDay,
            field => Column::named(field).unwrap_or(Column::Appointment),
        };
        self.refused.push(refusal.at(self.row.line, column.name()));
    }

    fn take<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.keep(refusal)).ok()
    }
}

/// What a row changes; nothing where its term stands as the row says.
fn step<'r>(
    ground: &Ground<'r>,
    recorded: &Recorded<'r>,
    people: &People<'_>,
    row: &'r ImportRow,
    first: Option<usize>,
) -> Result<Option<Step<'r>>, Refused> {
    let said = row.read()?;
    let mut cells = Cells { row, refused: Vec::new() };
    let seat = ground.board(&said.seat.board).and_then(|board| ground.seat(board, &said.seat.seat));
    let seat = cells.take(seat);
    let old = said.appointment.and_then(|fact| recorded.get(fact));
    if said.appointment.is_some() && old.is_none() {
        let message = "No appointment that is known now has that number: leave it empty for a new term.";
        cells.keep(Refusal::new(RefusalCode::UnknownAppointment, "appointment", message));
    }
    if let Some(first) = first {
        let message = format!("The appointment stands on line {first} already: a term has one line.");
        cells.keep(Refusal::new(RefusalCode::InvalidValue, "appointment", message));
    }
    if let (Some((held, _)), Some(seat)) = (old, seat)
        && held != seat
    {
        let SeatKey { board, seat } = seat_key(ground.directory, held);
        let message = format!(
            "The appointment is one to {seat} of {board}: a term stays in its seat. Withdraw it, and appoint anew."
        );
        cells.keep(Refusal::new(RefusalCode::InvalidValue, "seat", message));
    }
    let old = old.map(|(_, row)| row);
    if old.is_some_and(|old| stands(ground.directory, &said, old)) {
        return if cells.refused.is_empty() { Ok(None) } else { Err(cells.refused) };
    }
    let person = match &said.who {
        Who::New(mark) => people.get(&mark_of(mark.as_ref(), row)).map(|person| person.key.clone()),
        // Whoever is recorded of the term already may be known by another key by now, or have no name any more.
        Who::Known(key) if old.is_some_and(|old| ground.key_of(old.value.person) == *key) => {
            Some(key.clone())
        }
        Who::Known(key) => cells.take(ground.person(key, "person")).map(|_| key.clone()),
    };
    let valid = cells.take(ground.period(said.from, said.last_day));
    if said.end_reason.is_some() && said.last_day.is_none() {
        let message = "A term that is open has no reason for its end: give last_day as well.";
        cells.keep(Refusal::new(RefusalCode::InvalidValue, "end_reason", message));
    }
    match (seat, person, valid) {
        (Some(seat), Some(person), Some(valid)) if cells.refused.is_empty() => {
            Ok(Some(Step { row, seat, key: said.seat.clone(), person, valid, said, old }))
        }
        _ => Err(cells.refused),
    }
}

/// Whether a term stands as a row says.
pub(super) fn stands(directory: &Directory, said: &Said, row: &Row<Appointment>) -> bool {
    let key = directory.person(row.value.person).map(|person| &person.key);
    let is_held_by = matches!(&said.who, Who::Known(who) if Some(who) == key);
    is_held_by
        && said.from == row.valid.from()
        && said.last_day == row.valid.last_day()
        && said.appointed_by == row.value.appointed_by
        && said.end_reason == row.value.end_reason
}

impl Step<'_> {
    /// The first day on which something differs, or may.
    fn on(&self) -> NaiveDate {
        self.old.map_or(self.valid.from(), |old| self.valid.from().min(old.valid.from()))
    }
}

/// Everything that is closed stands before everything that is added: terms may change places.
fn writes(ground: &Ground<'_>, steps: &[Step<'_>], people: &People<'_>) -> Vec<Write> {
    let persons: BTreeSet<&String> = steps.iter().map(|step| &step.person).collect();
    let mut writes = Vec::new();
    for person in people.values().filter(|person| persons.contains(&person.key)) {
        // A person who cannot be recorded was told of already.
        writes.extend(person.writes(ground).unwrap_or_default());
    }
    let mut vacancies: BTreeMap<i64, (&SeatKey, &Row<()>, NaiveDate)> = BTreeMap::new();
    for step in steps {
        writes.extend(step.old.map(|old| Write::Close(Table::Appointment, old.fact)));
        let rows = standing(&ground.directory.seat(step.seat).vacancies);
        for row in rows.filter(|row| row.valid.overlaps(&step.valid)) {
            let from = step.valid.from();
            let until = vacancies.entry(row.fact).or_insert((&step.key, row, from));
            until.2 = until.2.min(from);
        }
    }
    writes.extend(vacancies.keys().map(|fact| Write::Close(Table::Vacancy, *fact)));
    for (fact, (seat, row, until)) in vacancies {
        let before = Period::new(row.valid.from(), Some(until));
        let row = before.map(|valid| NewRow::Vacancy { seat: seat.clone(), valid });
        writes.extend(row.map(|row| Write::Add(Number::Known(fact), row)));
    }
    let mut new = 0..;
    for step in steps {
        let number = match step.old {
            Some(old) => Number::Known(old.fact),
            None => Number::New(new.next().unwrap_or_default()),
        };
        let row = NewRow::Appointment {
            seat: step.key.clone(),
            person: step.person.clone(),
            appointed_by: step.said.appointed_by,
            end_reason: step.said.end_reason,
            renewal_of: step.old.and_then(|old| old.value.renewal_of),
            valid: step.valid,
        };
        writes.push(Write::Add(number, row));
    }
    writes
}

fn summary(ground: &Ground<'_>, on: NaiveDate, steps: &[Step<'_>]) -> Summary {
    let boards: BTreeSet<&String> = steps.iter().map(|step| &step.key.board).collect();
    let seats: BTreeSet<String> =
        steps.iter().map(|step| format!("{}/{}", step.key.board, step.key.seat)).collect();
    let before = steps.iter().filter_map(|step| Some(ground.key_of(step.old?.value.person)));
    let persons: BTreeSet<String> = steps.iter().map(|step| step.person.clone()).chain(before).collect();
    Summary {
        on: Some(on),
        boards: boards.into_iter().cloned().collect(),
        seats: seats.into_iter().collect(),
        persons: persons.into_iter().collect(),
        ..Summary::default()
    }
}
