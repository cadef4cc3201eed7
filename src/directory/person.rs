//! Persons on boards, and the type that carries a name no further than to whoever may see it.
//!
//! Who may see it is decided where it is asked for.

use super::records::Row;
use super::{BoardId, BodyId, SeatId};
use crate::domain::board::codes::DeclaredBy;
use crate::domain::board::{Declaration, PersonKey};
use crate::domain::period::Versions;
use chrono::NaiveDate;
use std::fmt;

/// A name of a person. It cannot be printed: neither by `Display`, which it has not, nor by `Debug`, which says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Takes a name as it is recorded.
    pub fn new(name: String) -> PersonName {
        PersonName(name)
    }

    /// Whether it can be recorded: 1 to 200 characters, none of them a control character, no space at either end.
    pub fn is_sound(&self) -> bool {
        let name = &self.0;
        let length = name.chars().count();
        (1..=200).contains(&length) && name.trim() == name && !name.chars().any(char::is_control)
    }

    /// The name, for the one row that holds it, and for nothing else.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// The name, for an answer to somebody who may see it, and for nothing else.
    pub fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName")
    }
}

/// What is known of a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameState {
    /// The name, and the day on which it is to be looked at whether it is still needed.
    Held(PersonName, NaiveDate),
    /// Erased by this version.
    Erased(i64),
    /// None was recorded.
    NotRecorded,
}

/// A person with everything recorded about them.
#[derive(Debug)]
pub struct Person {
    /// Key outside the directory: random, and saying nothing of who it is.
    pub key: String,
    /// Versions that know the person.
    pub recorded: Versions,
    /// The name. It has no history: what stands now is shown for every day and every state of knowledge.
    pub name: NameState,
    /// Bodies that the person comes from.
    pub bodies: Vec<Row<BodyId>>,
    /// Seats that the person ever held.
    pub seats: Vec<SeatId>,
    /// Boards that the person ever had to do with: in a seat, as a deputy, in an office or by a declaration.
    pub boards: Vec<BoardId>,
    /// What was declared, for which board.
    pub declarations: Vec<Row<Declared>>,
    /// Who this person is the same as.
    pub merged_into: Vec<Row<PersonKey>>,
    /// Who is the same as this person.
    pub merged_from: Vec<Row<PersonKey>>,
}

/// What was declared of a person for a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The board.
    pub board: BoardId,
    /// What was declared, and whether it holds.
    pub declaration: Declaration,
    /// The office that declared it.
    pub declared_by: DeclaredBy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_printed_by_nothing() {
        let name = PersonName::new("Example Person 001".to_owned());
        let held = NameState::Held(name.clone(), NaiveDate::MIN);
        for text in [format!("{name:?}"), format!("{name:#?}"), format!("{held:?}")] {
            assert!(!text.contains("Example"), "{text}");
        }
        assert_eq!(name.shown(), "Example Person 001");
    }
}
