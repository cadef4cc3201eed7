//! Building boards, their seats and the persons on them from recorded rows; every fault by numbers and slugs, never by
//! a name.

use super::Builder;
use crate::directory::board_records::{
    AppointmentRow, AttendanceRow, BoardRecords, ConfirmationRow, DeclarationRow, DeputyRow, OfficeRow,
    PersonRow, SeatDescriptionRow, SeatRow,
};
use crate::directory::person::{Declared, Person};
use crate::directory::records::{BoardRow, Row};
use crate::directory::seat::{
    Appointment, AttendanceAt, Board, Confirmation, Deputy, OfficeHeld, Seat, SeatDescription,
};
use crate::directory::{BoardId, SeatId};
use crate::domain::board::PersonKey;
use crate::domain::source::EXAMPLE;
use std::collections::HashMap;

/// Keys of the tables, with what stands for them in the directory.
#[derive(Default)]
struct Keys {
    boards: HashMap<i64, BoardId>,
    seats: HashMap<i64, SeatId>,
}

impl Builder {
    /// Boards with their names, seats, holders and records, and the persons.
    pub(super) fn boards(
        &mut self,
        boards: Vec<(i64, BoardRow)>,
        names: Vec<Row<(i64, String)>>,
        records: BoardRecords,
    ) {
        let mut keys = Keys::default();
        self.identities(boards, &mut keys);
        self.attach("agency_duty", records.duties, |body| &mut body.duties, Some);
        self.attach("mailbox", records.mailboxes, |body| &mut body.mailboxes, Some);
        self.of_board(&keys, "board_description", names, |board| &mut board.names);
        self.seats(records.seats, &mut keys);
        self.descriptions(records.descriptions, &keys);
        self.persons(records.persons);
        self.person_bodies(records.person_bodies);
        self.merges(records.merges);
        self.vacancies(records.vacancies, &keys);
        self.appointments(records.appointments, &keys);
        self.deputies(records.deputies, &keys);
        self.offices(records.offices, &keys);
        self.of_board(&keys, "meeting", records.meetings, |board| &mut board.meetings);
        self.of_board(&keys, "board_document", records.documents, |board| &mut board.documents);
        self.of_board(&keys, "annual_report", records.reports, |board| &mut board.reports);
        self.of_board(&keys, "review", records.reviews, |board| &mut board.reviews);
        self.attendance(records.attendance, &keys);
        self.declarations(records.declarations, &keys);
        self.confirmations(records.confirmations, &keys);
        self.sort_boards();
    }

    fn identities(&mut self, mut rows: Vec<(i64, BoardRow)>, keys: &mut Keys) {
        rows.sort_by(|(_, a), (_, b)| a.slug.cmp(&b.slug));
        for (key, board) in rows {
            let Some(area) = self.body_of("board", board.area) else { continue };
            let id = BoardId(self.live.boards.len() as u32);
            keys.boards.insert(key, id);
            self.body_mut(area).boards.push(id);
            self.live.board_slugs.insert(board.slug.clone(), id);
            self.live.boards.push(Board {
                slug: board.slug,
                area,
                names: Vec::new(),
                seats: Vec::new(),
                offices: Vec::new(),
                meetings: Vec::new(),
                attendance: Vec::new(),
                documents: Vec::new(),
                reports: Vec::new(),
                reviews: Vec::new(),
                confirmations: Vec::new(),
                examples: Vec::new(),
            });
        }
    }

    fn board_at(&mut self, keys: &Keys, place: &'static str, key: i64) -> Option<BoardId> {
        let id = keys.boards.get(&key).copied();
        if id.is_none() {
            self.fault(place, format!("points to board {key}, which does not exist"));
        }
        id
    }

    fn seat_at(&mut self, keys: &Keys, place: &'static str, key: i64) -> Option<SeatId> {
        let id = keys.seats.get(&key).copied();
        if id.is_none() {
            self.fault(place, format!("points to seat {key}, which does not exist"));
        }
        id
    }

    fn has_person(&mut self, place: &'static str, key: PersonKey) -> bool {
        let is_there = self.live.persons.contains_key(&key);
        if !is_there {
            self.fault(place, format!("points to person {}, who does not exist", key.0));
        }
        is_there
    }

    fn board_mut(&mut self, id: BoardId) -> &mut Board {
        &mut self.live.boards[id.0 as usize]
    }

    fn seat_mut(&mut self, id: SeatId) -> &mut Seat {
        &mut self.live.seats[id.0 as usize]
    }

    /// Notes that something of the example set is known of a board.
    fn mark<T>(&mut self, board: BoardId, row: &Row<T>) {
        if row.citation.cites(EXAMPLE) {
            self.board_mut(board).examples.push(row.recorded);
        }
    }

    fn of_board<T>(
        &mut self,
        keys: &Keys,
        place: &'static str,
        rows: Vec<Row<(i64, T)>>,
        list: impl Fn(&mut Board) -> &mut Vec<Row<T>>,
    ) {
        for row in rows {
            let (row, (key, value)) = row.take();
            if let Some(id) = self.board_at(keys, place, key) {
                self.mark(id, &row);
                list(self.board_mut(id)).push(row.with(value));
            }
        }
    }

    fn seats(&mut self, mut rows: Vec<(i64, SeatRow)>, keys: &mut Keys) {
        rows.sort_by(|(_, a), (_, b)| a.slug.cmp(&b.slug));
        for (key, seat) in rows {
            let Some(board) = self.board_at(keys, "seat", seat.board) else { continue };
            let id = SeatId(self.live.seats.len() as u32);
            keys.seats.insert(key, id);
            self.board_mut(board).seats.push(id);
            self.live.seats.push(Seat {
                board,
                slug: seat.slug,
                descriptions: Vec::new(),
                vacancies: Vec::new(),
                appointments: Vec::new(),
                deputies: Vec::new(),
            });
        }
    }

    fn descriptions(&mut self, rows: Vec<Row<SeatDescriptionRow>>, keys: &Keys) {
        for row in rows {
            let (row, description) = row.take();
            let Some(seat) = self.seat_at(keys, "seat_description", description.seat) else { continue };
            let body = match description.body {
                None => None,
                Some(key) => match self.body_of("seat_description", key) {
                    None => continue,
                    body => body,
                },
            };
            if let Some(body) = body {
                let seats = &mut self.body_mut(body).seats;
                if !seats.contains(&seat) {
                    seats.push(seat);
                }
            }
            self.mark(self.live.seats[seat.0 as usize].board, &row);
            let value = SeatDescription { basis: description.basis, title: description.title, body };
            self.seat_mut(seat).descriptions.push(row.with(value));
        }
    }

    fn persons(&mut self, rows: Vec<(PersonKey, PersonRow)>) {
        for (key, person) in rows {
            self.live.person_keys.insert(person.key.clone(), key);
            let person = Person {
                key: person.key,
                recorded: person.recorded,
                name: person.name,
                bodies: Vec::new(),
                seats: Vec::new(),
                boards: Vec::new(),
                declarations: Vec::new(),
                merged_into: Vec::new(),
                merged_from: Vec::new(),
            };
            self.live.persons.insert(key, person);
        }
    }

    fn person_bodies(&mut self, rows: Vec<Row<(PersonKey, i64)>>) {
        for row in rows {
            let (row, (person, body)) = row.take();
            let Some(body) = self.body_of("person_body", body) else { continue };
            if self.has_person("person_body", person) {
                self.person(person, |person| person.bodies.push(row.with(body)));
            }
        }
    }

    fn person(&mut self, key: PersonKey, change: impl FnOnce(&mut Person)) {
        self.live.persons.entry(key).and_modify(change);
    }

    /// Notes that a person has to do with a board.
    fn joins(&mut self, person: PersonKey, board: BoardId) {
        self.person(person, |person| {
            if !person.boards.contains(&board) {
                person.boards.push(board);
            }
        });
    }

    fn merges(&mut self, rows: Vec<Row<(PersonKey, PersonKey)>>) {
        for row in rows {
            let (row, (person, into)) = row.take();
            if self.has_person("person_merge", person) && self.has_person("person_merge", into) {
                self.person(person, |person| person.merged_into.push(row.clone().with(into)));
                self.person(into, |into| into.merged_from.push(row.with(person)));
            }
        }
    }

    fn vacancies(&mut self, rows: Vec<Row<i64>>, keys: &Keys) {
        for row in rows {
            let (row, key) = row.take();
            let Some(seat) = self.seat_at(keys, "vacancy", key) else { continue };
            self.mark(self.live.seats[seat.0 as usize].board, &row);
            self.seat_mut(seat).vacancies.push(row);
        }
    }

    fn appointments(&mut self, rows: Vec<Row<AppointmentRow>>, keys: &Keys) {
        for row in rows {
            let (row, appointment) = row.take();
            let Some(seat) = self.seat_at(keys, "appointment", appointment.seat) else { continue };
            let AppointmentRow { person, appointed_by, end_reason, renewal_of, .. } = appointment;
            if !self.has_person("appointment", person) {
                continue;
            }
            self.person(person, |person| {
                if !person.seats.contains(&seat) {
                    person.seats.push(seat);
                }
            });
            let board = self.live.seats[seat.0 as usize].board;
            self.joins(person, board);
            self.mark(board, &row);
            let value = Appointment { person, appointed_by, end_reason, renewal_of };
            self.seat_mut(seat).appointments.push(row.with(value));
        }
    }

    fn deputies(&mut self, rows: Vec<Row<DeputyRow>>, keys: &Keys) {
        for row in rows {
            let (row, deputy) = row.take();
            let Some(seat) = self.seat_at(keys, "deputy", deputy.seat) else { continue };
            if self.has_person("deputy", deputy.person) {
                let board = self.live.seats[seat.0 as usize].board;
                self.joins(deputy.person, board);
                self.mark(board, &row);
                let value = Deputy { person: deputy.person, may_commit: deputy.may_commit };
                self.seat_mut(seat).deputies.push(row.with(value));
            }
        }
    }

    fn offices(&mut self, rows: Vec<Row<OfficeRow>>, keys: &Keys) {
        for row in rows {
            let (row, office) = row.take();
            let Some(board) = self.board_at(keys, "office", office.board) else { continue };
            let OfficeRow { office, person, .. } = office;
            if person.is_none_or(|person| self.has_person("office", person)) {
                if let Some(person) = person {
                    self.joins(person, board);
                }
                self.mark(board, &row);
                self.board_mut(board).offices.push(row.with(OfficeHeld { office, person }));
            }
        }
    }

    fn attendance(&mut self, rows: Vec<Row<AttendanceRow>>, keys: &Keys) {
        for row in rows {
            let (row, at) = row.take();
            let Some(seat) = self.seat_at(keys, "meeting_attendance", at.seat) else { continue };
            let board = self.live.seats[seat.0 as usize].board;
            if self.board_mut(board).meetings.iter().any(|meeting| meeting.fact == at.meeting) {
                let value = AttendanceAt { meeting: at.meeting, seat, attendance: at.attendance };
                self.board_mut(board).attendance.push(row.with(value));
            } else {
                let what = format!("speaks of meeting {}, which is none of the board", at.meeting);
                self.fault("meeting_attendance", what);
            }
        }
    }

    fn declarations(&mut self, rows: Vec<Row<DeclarationRow>>, keys: &Keys) {
        for row in rows {
            let (row, declared) = row.take();
            let Some(board) = self.board_at(keys, "declaration", declared.board) else { continue };
            if self.has_person("declaration", declared.person) {
                self.joins(declared.person, board);
                self.mark(board, &row);
                let DeclarationRow { person, declaration, declared_by, .. } = declared;
                let value = Declared { board, declaration, declared_by };
                self.person(person, |person| person.declarations.push(row.with(value)));
            }
        }
    }

    fn confirmations(&mut self, rows: Vec<Row<ConfirmationRow>>, keys: &Keys) {
        for row in rows {
            let (row, confirmed) = row.take();
            let Some(board) = self.board_at(keys, "attestation", confirmed.board) else { continue };
            let seat = match confirmed.seat {
                None => None,
                Some(key) => match self.seat_at(keys, "attestation", key) {
                    None => continue,
                    seat => seat,
                },
            };
            self.mark(board, &row);
            let value = Confirmation { subject: confirmed.subject, seat, by: confirmed.by };
            self.board_mut(board).confirmations.push(row.with(value));
        }
    }

    /// Puts everything into the order of days, and of versions within a day.
    fn sort_boards(&mut self) {
        fn sort<T>(rows: &mut [Row<T>]) {
            rows.sort_by_key(|row| (row.valid, row.recorded.from()));
        }
        for board in &mut self.live.boards {
            sort(&mut board.names);
            sort(&mut board.offices);
            sort(&mut board.meetings);
            sort(&mut board.documents);
            sort(&mut board.reports);
            sort(&mut board.reviews);
            sort(&mut board.confirmations);
        }
        for seat in &mut self.live.seats {
            sort(&mut seat.descriptions);
            sort(&mut seat.vacancies);
            sort(&mut seat.appointments);
            sort(&mut seat.deputies);
        }
        for person in self.live.persons.values_mut() {
            sort(&mut person.bodies);
            sort(&mut person.declarations);
        }
        for body in &mut self.live.bodies {
            body.duties.sort_by_key(|row| (row.valid, row.value));
            sort(&mut body.mailboxes);
        }
    }
}
