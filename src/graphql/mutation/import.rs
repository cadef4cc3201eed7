//! Many members of boards at once, from CSV: the input, and an answer that tells of every line and every failing cell.
//!
//! Nothing of the file is told again but what the directory knows by that key or slug: any cell may hold a name.

use super::given::given;
use super::payload::{FindingChange, Payload, UserError, boards, changed_findings, payload, persons};
use crate::actions::import_members::{import_order, read_rows};
use crate::actions::make_change::Made;
use crate::directory::change::{self, Column, ImportRow, Refusal, RefusalCode, diff};
use crate::graphql::context::Context;
use crate::graphql::scalar::Scalar;
use crate::graphql::types::board::Board;
use crate::graphql::types::board::seat::Seat;
use crate::graphql::types::directory::int;
use crate::graphql::types::person::Person;
use juniper::{GraphQLEnum, GraphQLObject};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most boards, seats and persons that a payload shows.
const MOST_BOARDS: usize = 50;
const MOST_SEATS: usize = 200;
/// Most cells that are told one by one.
const MOST_CELLS: usize = 20_000;

given! {
    /// Terms in seats, as a file has them.
    ImportBoardMembersInput {
        /// CSV in UTF-8 with the columns board, seat, person, name, from, last_day, appointed_by, end_reason and appointment, named
        /// on the first line; at most 2,000 rows. A row is the whole of its term as it is to stand. With the number of an
        /// appointment that one is put right, or ended, where a cell differs; without one the term is new. `person` is a
        /// key. For somebody new it is empty, or one placeholder such as new-1 on all lines about them, and `name` has the
        /// name; beside a key the name is not read. Days are YYYY-MM-DD. An apostrophe before = + - @ at the start of
        /// a cell is passed over, and so is a column named error. Send it as a variable, since the body of this request may have
        /// 512 KiB, and what is larger goes by `import members` on the command line, up to 1 MiB.
        csv: String,
    }
    |input| Ok(Arc::new(import_order(input.csv.as_bytes())?))
}

impl ImportBoardMembersInput {
    /// The rows of the file; none where it cannot be read.
    pub fn rows(&self) -> Vec<ImportRow> {
        read_rows(self.csv.as_bytes()).unwrap_or_default()
    }
}

/// What becomes of a line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
pub enum LineChange {
    /// A term is added.
    Added,
    /// A term that is recorded is put right, or ended.
    Changed,
    /// The term stands as the line says.
    Unchanged,
    /// A cell of it stands in the way of the whole.
    Refused,
}

/// What becomes of one line of a file. It names no person but by a key.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct ImportLine {
    /// The line; the names of the columns are on line 1.
    pub line: i32,
    /// What becomes of it.
    pub change: LineChange,
    /// Slug of the board; null where there is no such board.
    pub board: Option<String>,
    /// Slug of the seat; null where the board has none such.
    pub seat: Option<String>,
    /// Number of the appointment; null of a new term that is not written.
    pub appointment: Option<i32>,
    /// The term as it was recorded; null of a new one.
    pub before: Option<String>,
    /// The term as the line says; null where that is refused, or the same.
    pub after: Option<String>,
}

/// A cell of a file, or a whole line, that stands in the way.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct CellError {
    /// The line; the names of the columns are on line 1.
    pub line: i32,
    /// The name of the column; null where it is about the whole line.
    pub column: Option<String>,
    /// The code, one of those of `userErrors`.
    pub code: String,
    /// What is wrong, and what would be right. It repeats nothing that stands there.
    pub message: String,
    /// Id of the board rule that refuses; null where it is none of them.
    pub rule: Option<String>,
}

/// What came of an import.
pub struct ImportChange {
    made: Made,
    rows: Vec<ImportRow>,
}

impl Payload for ImportChange {
    fn made(&self) -> &Made {
        &self.made
    }

    /// What is no matter of a cell; where cells stand in the way, one error says how many.
    fn errors(&self) -> Vec<UserError> {
        let mut errors: Vec<UserError> =
            self.refusals().iter().filter(|it| it.line.is_none()).map(UserError::of).collect();
        let cells = self.refusals().len() - errors.len();
        if cells > 0 {
            let message = format!("{cells} cells stand in the way, and nothing was written: see cellErrors.");
            errors.push(UserError::of(&Refusal::new(RefusalCode::InvalidValue, "csv", message)));
        }
        errors
    }
}

impl ImportChange {
    /// What came of rows.
    pub fn new(made: Made, rows: Vec<ImportRow>) -> ImportChange {
        ImportChange { made, rows }
    }

    fn refusals(&self) -> &[Refusal] {
        match &self.made {
            Made::Done(_) => &[],
            Made::Refused { refusals, .. } => refusals,
        }
    }

    fn is_forbidden(&self) -> bool {
        self.refusals().iter().any(|it| it.code == RefusalCode::Forbidden)
    }

    /// Lines about boards that the caller may not change, where the whole is refused for that.
    fn forbidden(&self, context: &Context) -> Vec<Refusal> {
        let rows = self.rows.iter().filter(|_| self.is_forbidden());
        let slugs: BTreeSet<String> = context
            .directory()
            .boards()
            .map(|id| context.directory().board(id).slug.clone())
            .filter(|slug| !context.caller().may_change(slug))
            .collect();
        let board = Column::Board;
        rows.filter(|row| slugs.contains(row.board()))
            .map(|row| {
                let message = "Only an administrator of that board may change it.";
                Refusal::new(RefusalCode::Forbidden, board.name(), message).at(row.line, board.name())
            })
            .collect()
    }
}

impl CellError {
    fn of(refusal: &Refusal) -> Option<CellError> {
        let column = Some(refusal.field.to_owned()).filter(|field| !field.is_empty());
        Some(CellError {
            line: int(refusal.line?),
            column,
            code: refusal.code.code().to_owned(),
            message: refusal.message.clone(),
            rule: refusal.rule.map(str::to_owned),
        })
    }
}

impl ImportLine {
    fn of(line: change::ImportLine) -> ImportLine {
        ImportLine {
            line: int(line.line),
            change: match line.change {
                change::LineChange::Added => LineChange::Added,
                change::LineChange::Changed => LineChange::Changed,
                change::LineChange::Unchanged => LineChange::Unchanged,
                change::LineChange::Refused => LineChange::Refused,
            },
            board: line.board,
            seat: line.seat,
            appointment: line.appointment.map(int),
            before: line.before,
            after: line.after,
        }
    }
}

payload! {
    /// What came of an import: all of it was written, or nothing. A file that says only what is recorded changes
    /// nothing, and is told so as `NOTHING_TO_CHANGE`.
    ImportChange as "ImportBoardMembersPayload" {
        /// How many rows the file has, beside the names of the columns; 0 where it could not be read.
        fn rows(&self) -> i32 {
            int(self.rows.len())
        }

        /// What becomes of each line, whether it is written or would be; empty where the caller may not change a board of it. At
        /// most 2,000.
        fn diff(&self, context: &Context) -> Vec<ImportLine> {
            if self.is_forbidden() {
                return Vec::new();
            }
            let (known, facts) = match &self.made {
                Made::Done(done) if done.is_dry => (done.version - 1, &[][..]),
                Made::Done(done) => (done.version - 1, &done.summary.facts[..]),
                Made::Refused { version, .. } => (*version, &[][..]),
            };
            let lines = diff(context.directory(), known, &self.rows, self.refusals(), facts);
            lines.into_iter().map(ImportLine::of).collect()
        }

        /// Cells that stand in the way, in the order of the lines; empty where none does. At most 20,000.
        fn cell_errors(&self, context: &Context) -> Vec<CellError> {
            let forbidden = self.forbidden(context);
            let refusals = self.refusals().iter().chain(&forbidden);
            refusals.filter_map(CellError::of).take(MOST_CELLS).collect()
        }

        /// Boards that were changed, as they stand with the change on the first day on which it takes effect. At most 50.
        fn boards(&self, context: &Context) -> Vec<Board> {
            let mut boards = boards(self, context);
            boards.truncate(MOST_BOARDS);
            boards
        }

        /// Seats that were changed. At most 200.
        fn seats(&self, context: &Context) -> Vec<Seat> {
            let (Some(done), Some(at)) = (self.done(), self.at(context)) else { return Vec::new() };
            let keys = done.summary.seats.iter().take(MOST_SEATS);
            keys.filter_map(|key| Seat::by_key(context, at, key)).collect()
        }

        /// Persons that it is about. At most 200.
        fn persons(&self, context: &Context) -> Vec<Person> {
            let mut persons = persons(self, context);
            persons.truncate(MOST_SEATS);
            persons
        }

        /// Rules that say something else with the change than without it, over all days that it touches: for each the first day
        /// of the difference. Findings about persons are shown to the administrators of the board only. At most 200.
        fn changed_findings(&self, context: &Context) -> Vec<FindingChange> {
            changed_findings(self, context)
        }
    }
}
