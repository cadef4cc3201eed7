//! The version of the last change that touched a board, a person or a body: what `expectedVersion` is compared with.

use crate::directory::records::Row;
use crate::directory::{BoardId, BodyId, Directory};
use crate::domain::board::PersonKey;
use crate::domain::period::Versions;

/// The newest version at which something of a board was recorded or closed.
pub fn board_touched(directory: &Directory, id: BoardId) -> i64 {
    let board = directory.board(id);
    let own = [
        newest(&board.names),
        newest(&board.offices),
        newest(&board.meetings),
        newest(&board.attendance),
        newest(&board.documents),
        newest(&board.reports),
        newest(&board.reviews),
        newest(&board.confirmations),
    ];
    let seats = board.seats.iter().map(|id| {
        let seat = directory.seat(*id);
        let rows = [
            newest(&seat.descriptions),
            newest(&seat.vacancies),
            newest(&seat.appointments),
            newest(&seat.deputies),
        ];
        rows.into_iter().max().unwrap_or(0)
    });
    let declared = directory.persons().map(|(_, person)| {
        let of_board = person.declarations.iter().filter(|row| row.value.board == id);
        of_board.map(|row| last(row.recorded)).max().unwrap_or(0)
    });
    own.into_iter().chain(seats).chain(declared).max().unwrap_or(0)
}

/// The newest version at which something of a person was recorded, closed or erased.
pub fn person_touched(directory: &Directory, key: PersonKey) -> i64 {
    let Some(person) = directory.person(key) else { return 0 };
    let terms = person.seats.iter().flat_map(|id| &directory.seat(*id).appointments);
    let own = terms.filter(|row| row.value.person == key).map(|row| last(row.recorded));
    let erased = match person.name {
        crate::directory::person::NameState::Erased(version) => version,
        _ => 0,
    };
    let rows = [
        last(person.recorded),
        newest(&person.bodies),
        newest(&person.declarations),
        newest(&person.merged_into),
        newest(&person.merged_from),
        erased,
    ];
    own.chain(rows).max().unwrap_or(0)
}

/// The newest version at which something of a body was recorded or closed.
pub fn body_touched(directory: &Directory, id: BodyId) -> i64 {
    let body = directory.body(id);
    let rows = [
        last(body.identity.recorded),
        newest(&body.periods),
        newest(&body.names),
        newest(&body.codes),
        newest(&body.coverage),
        newest(&body.operation),
        newest(&body.ownership),
        newest(&body.predecessors),
        newest(&body.successors),
        newest(&body.duties),
        newest(&body.mailboxes),
    ];
    rows.into_iter().max().unwrap_or(0)
}

fn newest<T>(rows: &[Row<T>]) -> i64 {
    rows.iter().map(|row| last(row.recorded)).max().unwrap_or(0)
}

/// The version that closed a row, or recorded it while it stands.
fn last(recorded: Versions) -> i64 {
    recorded.until().unwrap_or(recorded.from())
}
