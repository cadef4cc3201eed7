//! Orders about offices: who chairs a board, and who deputises for the chair or for the holder of a seat.
//!
//! Whether a chair comes from where a chair should, and whether anybody should deputise for whom, is found by rules and
//! never refused here.

use super::ground::{Ground, standing};
use super::integrity::words;
use super::refusal::{Refusal, RefusalCode, Refused, all};
use super::rows::{NewRow, SeatKey, Table};
use super::seats::exists;
use super::summary::Summary;
use super::supersede::{Again, supersede};
use super::terms::decided;
use super::{Decision, Order, Scope};
use crate::directory::records::Row;
use crate::directory::seat::{Deputy, OfficeHeld};
use crate::directory::{BoardId, Directory};
use crate::domain::board::PersonKey;
use crate::domain::board::codes::Office;
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Somebody else chairs a board from a day on, or nobody does.
#[derive(Clone, Debug)]
pub struct ReplaceChair {
    /// Slug of the board.
    pub board: String,
    /// Key of the person; none where it is recorded that nobody chairs.
    pub person: Option<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

/// Somebody deputises, for the chair or for the holder of a seat.
#[derive(Clone, Debug)]
pub struct RecordDeputy {
    /// Slug of the board.
    pub board: String,
    /// Slug of the seat; none for a deputy of the chair.
    pub seat: Option<String>,
    /// Key of the person.
    pub person: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
    /// Whether a comparable standing and the power to commit the body were declared; none where nothing was.
    pub may_commit: Option<bool>,
}

impl Order for ReplaceChair {
    fn action(&self) -> &'static str {
        "REPLACE_CHAIR"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        let scope = Scope::board(&self.board);
        match &self.person {
            Some(person) => scope.with_person(directory, person),
            None => scope,
        }
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let person = self.person.as_ref().map(|key| ground.person(key, "person")).transpose();
        let valid = ground.period(self.from, self.last_day);
        let (board, person, valid) = all(ground.board(&self.board), person, valid)?;
        let offices = Offices { ground, board, slug: &self.board };
        let is_chair = |row: &&Row<OfficeHeld>| row.value.office == Office::Chair;
        let chair = offices.give_way(is_chair, valid, |held| match (held.person, person) {
            (Some(held), Some(person)) => offices.are_one(held, person),
            (held, person) => held.is_none() && person.is_none(),
        })?;
        let mut writes = Vec::new();
        if let Some(person) = person {
            // One person holds one office of a board at a time.
            let deputises = |row: &&Row<OfficeHeld>| {
                row.value.office == Office::DeputyChair
                    && row.value.person.is_some_and(|held| offices.are_one(held, person))
            };
            writes = offices.give_way(deputises, valid, |_| false)?.writes;
        }
        writes.extend(chair.then(|valid| offices.row(Office::Chair, self.person.clone(), valid)));
        let summary = Summary::of_board(&self.board, self.from);
        let summary = match &self.person {
            Some(person) => summary.with_person(person),
            None => summary,
        };
        decided(ground, writes, summary)
    }
}

impl Order for RecordDeputy {
    fn action(&self) -> &'static str {
        "RECORD_DEPUTY"
    }

    fn scope(&self, directory: &Directory) -> Scope {
        Scope::board(&self.board).with_person(directory, &self.person)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let person = ground.person(&self.person, "person");
        let valid = ground.period(self.from, self.last_day);
        let (board, person, valid) = all(ground.board(&self.board), person, valid)?;
        match &self.seat {
            Some(seat) => self.of_holder(ground, (board, seat), person, valid),
            None => self.of_chair(ground, board, person, valid),
        }
    }
}

impl RecordDeputy {
    fn of_chair(
        &self,
        ground: &Ground<'_>,
        board: BoardId,
        person: PersonKey,
        valid: Period,
    ) -> Result<Decision, Refused> {
        if self.may_commit.is_some() {
            let message =
                "Deputies of the chair commit no organisation: give mayCommit with a seat, or leave it out.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "mayCommit", message)]);
        }
        let offices = Offices { ground, board, slug: &self.board };
        let is_one =
            |row: &&Row<OfficeHeld>| row.value.person.is_some_and(|held| offices.are_one(held, person));
        let mut chairs = offices.rows().filter(|row| row.value.office == Office::Chair).filter(is_one);
        if let Some(row) = chairs.find(|row| row.valid.overlaps(&valid)) {
            let message = format!(
                "The person chairs the board {}, and deputises for nobody as its chair: give other days.",
                words(row.valid)
            );
            return Err(vec![Refusal::new(RefusalCode::Overlap, "person", message)]);
        }
        let deputises = |row: &&Row<OfficeHeld>| row.value.office == Office::DeputyChair && is_one(row);
        let writes = offices.give_way(deputises, valid, |_| true)?;
        let row = |valid| offices.row(Office::DeputyChair, Some(self.person.clone()), valid);
        let summary = Summary::of_board(&self.board, self.from).with_person(&self.person);
        decided(ground, writes.then(row), summary)
    }

    fn of_holder(
        &self,
        ground: &Ground<'_>,
        (board, slug): (BoardId, &String),
        person: PersonKey,
        valid: Period,
    ) -> Result<Decision, Refused> {
        let seat = ground.seat(board, slug).map_err(one)?;
        exists(ground, seat, valid, "seat").map_err(one)?;
        let offices = Offices { ground, board, slug: &self.board };
        let key = SeatKey { board: self.board.clone(), seat: slug.clone() };
        let row = |person: String, may_commit: Option<bool>, valid: Period| NewRow::Deputy {
            seat: key.clone(),
            person,
            may_commit,
            valid,
        };
        let rows = standing(&ground.directory.seat(seat).deputies);
        let rows = rows.filter(|row| offices.are_one(row.value.person, person));
        let is_same = |held: &Deputy| held.may_commit == self.may_commit;
        let shorter = |held: &Deputy, valid: Period| row(ground.key_of(held.person), held.may_commit, valid);
        let writes = supersede(Table::Deputy, rows, valid, (Again::GoesOn, is_same), shorter).map_err(one)?;
        let writes = writes.then(|valid| row(self.person.clone(), self.may_commit, valid));
        let summary = Summary::of_board(&self.board, self.from).with_seat(&self.board, slug);
        decided(ground, writes, summary.with_person(&self.person))
    }
}

/// Offices of one board.
struct Offices<'g, 'd> {
    ground: &'g Ground<'d>,
    board: BoardId,
    slug: &'g str,
}

impl<'d> Offices<'_, 'd> {
    fn rows(&self) -> impl Iterator<Item = &'d Row<OfficeHeld>> {
        standing(&self.ground.directory.board(self.board).offices)
    }

    /// Whether two keys are read as one person.
    fn are_one(&self, one: PersonKey, other: PersonKey) -> bool {
        let view = self.ground.directory.view(self.ground.today, Default::default());
        view.one(one) == view.one(other)
    }

    fn row(&self, office: Office, person: Option<String>, valid: Period) -> NewRow {
        NewRow::Office { board: self.slug.to_owned(), office, person, valid }
    }

    fn give_way(
        &self,
        is_meant: impl Fn(&&Row<OfficeHeld>) -> bool,
        valid: Period,
        is_same: impl Fn(&OfficeHeld) -> bool,
    ) -> Result<super::supersede::Superseded, Refused> {
        let shorter = |held: &OfficeHeld, valid: Period| {
            self.row(held.office, held.person.map(|person| self.ground.key_of(person)), valid)
        };
        let rows = self.rows().filter(|row| is_meant(row));
        supersede(Table::Office, rows, valid, (Again::GoesOn, is_same), shorter).map_err(one)
    }
}

fn one(refusal: Refusal) -> Refused {
    vec![refusal]
}
