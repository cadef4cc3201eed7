//! What a change row says of its change: ids, days and codes, no name. The first answer can be made again from it.

use crate::directory::api_key::Prefix;
use crate::domain::access::Grant;
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a change touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The day on which it takes effect; none where it has no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Slugs of boards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<String>,
    /// Seats, each as slugs of board and seat with a stroke between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<String>,
    /// Keys of persons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// Bodies, each as kind and slug with a stroke between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<String>,
    /// Slugs of posts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<String>,
    /// Prefixes of API keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Roles that were granted or taken back, each as its code, with the slug of its area after a stroke where it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Facts that were closed and added, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactWritten>,
}

/// A fact that was closed or added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactWritten {
    /// Its table.
    pub table: String,
    /// Its number.
    pub fact: i64,
    /// Whether a row of it was added; otherwise its standing row was closed.
    pub added: bool,
}

impl Summary {
    /// A change of boards on a day.
    pub fn of_board(board: &str, on: NaiveDate) -> Summary {
        Summary { on: Some(on), boards: vec![board.to_owned()], ..Summary::default() }
    }

    /// The same with a seat.
    pub fn with_seat(mut self, board: &str, seat: &str) -> Summary {
        self.seats.push(format!("{board}/{seat}"));
        self
    }

    /// The same with a person.
    pub fn with_person(mut self, key: &str) -> Summary {
        self.persons.push(key.to_owned());
        self
    }

    /// The same with a body.
    pub fn with_body(mut self, kind: BodyKind, slug: &str) -> Summary {
        self.bodies.push(format!("{}/{slug}", kind.code()));
        self
    }

    /// The same with boards on which it shows.
    pub fn with_boards(mut self, boards: impl IntoIterator<Item = String>) -> Summary {
        self.boards.extend(boards);
        self.boards.sort();
        self.boards.dedup();
        self
    }

    /// The same with a key, and roles of it.
    pub fn with_key<'g>(mut self, prefix: Prefix, roles: impl IntoIterator<Item = &'g Grant>) -> Summary {
        self.keys.push(prefix.to_string());
        self.roles.extend(roles.into_iter().map(|grant| match grant.area() {
            Some(area) => format!("{}/{area}", grant.role().code()),
            None => grant.role().code().to_owned(),
        }));
        self
    }

    /// The number of the first fact of a table that was added.
    pub fn added(&self, table: &str) -> Option<i64> {
        self.facts.iter().find(|it| it.added && it.table == table).map(|it| it.fact)
    }
}
