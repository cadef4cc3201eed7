//! The version of the last change that touched a board, a person or a body: what `expectedVersion` is compared with.
//!
//! As of now, or as it was known by some version.

use crate::directory::person::NameState;
use crate::directory::records::Row;
use crate::directory::{BoardId, BodyId, Directory};
use crate::domain::board::PersonKey;
use crate::domain::period::Versions;

/// The newest version at which something of a board was recorded or closed.
pub fn board_touched(directory: &Directory, id: BoardId) -> i64 {
    board_touched_by(directory, id, directory.version())
}

/// The newest version at which something of a person was recorded, closed or erased.
pub fn person_touched(directory: &Directory, key: PersonKey) -> i64 {
    person_touched_by(directory, key, directory.version())
}

/// The newest version at which something of a body was recorded or closed.
pub fn body_touched(directory: &Directory, id: BodyId) -> i64 {
    body_touched_by(directory, id, directory.version())
}

/// The same of a board, as it was known by a version; 0 where nothing was.
pub fn board_touched_by(directory: &Directory, id: BoardId, known: i64) -> i64 {
    let board = directory.board(id);
    let own = [
        newest(&board.names, known),
        newest(&board.offices, known),
        newest(&board.meetings, known),
        newest(&board.attendance, known),
        newest(&board.documents, known),
        newest(&board.reports, known),
        newest(&board.reviews, known),
        newest(&board.confirmations, known),
    ];
    let seats = board.seats.iter().map(|id| {
        let seat = directory.seat(*id);
        let rows = [
            newest(&seat.descriptions, known),
            newest(&seat.vacancies, known),
            newest(&seat.appointments, known),
            newest(&seat.deputies, known),
        ];
        rows.into_iter().max().unwrap_or(0)
    });
    let declared = directory.persons().map(|(_, person)| {
        let of_board = person.declarations.iter().filter(|row| row.value.board == id);
        of_board.map(|row| last(row.recorded, known)).max().unwrap_or(0)
    });
    own.into_iter().chain(seats).chain(declared).max().unwrap_or(0)
}

/// The same of a person, as it was known by a version; 0 where nothing was.
pub fn person_touched_by(directory: &Directory, key: PersonKey, known: i64) -> i64 {
    let Some(person) = directory.person(key) else { return 0 };
    let terms = person.seats.iter().flat_map(|id| &directory.seat(*id).appointments);
    let own = terms.filter(|row| row.value.person == key).map(|row| last(row.recorded, known));
    let erased = match person.name {
        NameState::Erased(version) if version <= known => version,
        _ => 0,
    };
    let rows = [
        last(person.recorded, known),
        newest(&person.bodies, known),
        newest(&person.declarations, known),
        newest(&person.merged_into, known),
        newest(&person.merged_from, known),
        erased,
    ];
    own.chain(rows).max().unwrap_or(0)
}

/// The same of a body, as it was known by a version; 0 where nothing was.
pub fn body_touched_by(directory: &Directory, id: BodyId, known: i64) -> i64 {
    let body = directory.body(id);
    let rows = [
        last(body.identity.recorded, known),
        newest(&body.periods, known),
        newest(&body.names, known),
        newest(&body.codes, known),
        newest(&body.coverage, known),
        newest(&body.operation, known),
        newest(&body.ownership, known),
        newest(&body.predecessors, known),
        newest(&body.successors, known),
        newest(&body.duties, known),
        newest(&body.mailboxes, known),
    ];
    rows.into_iter().max().unwrap_or(0)
}

fn newest<T>(rows: &[Row<T>], known: i64) -> i64 {
    rows.iter().map(|row| last(row.recorded, known)).max().unwrap_or(0)
}

/// The version that closed a row, or recorded it while it stands; 0 where that was not known yet.
fn last(recorded: Versions, known: i64) -> i64 {
    let versions = [recorded.until(), Some(recorded.from())];
    versions.into_iter().flatten().find(|version| *version <= known).unwrap_or(0)
}
