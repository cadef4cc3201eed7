//! The rows of an import of board members: which cells a row has, and what each may say.
//!
//! A cell is never told again: it may hold a name, in whatever column. What a row means for what is recorded is left to
//! `import`, reading a file to `actions`.

use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::SeatKey;
use crate::directory::person::PersonName;
use crate::domain::board::{AppointedBy, EndReason};
use chrono::NaiveDate;
use std::fmt;

/// What the placeholder of somebody new begins with.
const NEW: &str = "new-";
/// Longest placeholder, in characters.
const LONGEST_MARK: usize = 40;

/// A column of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Slug of the board.
    Board,
    /// Slug of the seat.
    Seat,
    /// Key of the person, or the placeholder of somebody new.
    Person,
    /// Name of somebody new.
    Name,
    /// First day of the term.
    From,
    /// Last day of the term.
    LastDay,
    /// Who made the appointment.
    AppointedBy,
    /// Why the term ended.
    EndReason,
    /// Number of the appointment.
    Appointment,
}

impl Column {
    /// Every column with its name, in the order of the template.
    pub const ALL: [(Column, &'static str); 9] = [
        (Column::Board, "board"),
        (Column::Seat, "seat"),
        (Column::Person, "person"),
        (Column::Name, "name"),
        (Column::From, "from"),
        (Column::LastDay, "last_day"),
        (Column::AppointedBy, "appointed_by"),
        (Column::EndReason, "end_reason"),
        (Column::Appointment, "appointment"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Column::ALL.iter().find(|(column, _)| *column == self).map_or("", |(_, name)| *name)
    }

    /// The column of a name.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.iter().find(|(_, known)| *known == name).map(|(column, _)| *column)
    }
}

/// A row as it was given.
#[derive(Clone, Default)]
pub struct ImportRow {
    /// The line of the file that it begins on; the names of the columns are on line 1.
    pub line: usize,
    /// Whether it has as many cells as there are columns.
    pub is_even: bool,
    cells: [String; Column::ALL.len()],
    /// The name, kept apart so that it cannot be told.
    name: Option<PersonName>,
}

impl fmt::Debug for ImportRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportRow").field("line", &self.line).finish_non_exhaustive()
    }
}

/// Who is to hold a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The person of a key, who may not exist.
    Known(String),
    /// Somebody new; rows with one placeholder are about one person.
    New(Option<String>),
}

/// What a row says.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub seat: SeatKey,
    pub who: Who,
    pub from: NaiveDate,
    pub last_day: Option<NaiveDate>,
    pub appointed_by: Option<AppointedBy>,
    pub end_reason: Option<EndReason>,
    pub appointment: Option<i64>,
}

impl ImportRow {
    /// A row without a cell yet.
    pub fn on_line(line: usize, is_even: bool) -> ImportRow {
        ImportRow { line, is_even, ..ImportRow::default() }
    }

    /// The same with a cell.
    pub fn with(mut self, column: Column, text: &str) -> ImportRow {
        match column {
            Column::Name => self.name = (!text.is_empty()).then(|| PersonName::new(text.to_owned())),
            _ => text.clone_into(&mut self.cells[column as usize]),
        }
        self
    }

    /// Whether it may be about somebody who is not recorded yet, who then needs a key.
    pub fn may_add_person(&self) -> bool {
        !matches!(self.who(), Ok(Who::Known(_)))
    }

    /// Slug of the board, as it was given.
    pub fn board(&self) -> &str {
        self.cell(Column::Board)
    }

    pub(super) fn cell(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    pub(super) fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }

    /// A refusal of a cell.
    pub(super) fn refuse(&self, code: RefusalCode, column: Column, message: impl Into<String>) -> Refusal {
        Refusal::new(code, column.name(), message).at(self.line, column.name())
    }

    /// Number of the appointment, where one can be read.
    pub(super) fn appointment(&self) -> Result<Option<i64>, Refusal> {
        let text = self.cell(Column::Appointment);
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|number: &i64| *number > 0);
        let message = "appointment takes the number of an appointment, or is empty for a new term.";
        number.map(Some).ok_or_else(|| self.refuse(RefusalCode::InvalidValue, Column::Appointment, message))
    }

    /// Who is to hold the seat.
    pub(super) fn who(&self) -> Result<Who, Refusal> {
        let text = self.cell(Column::Person);
        let refuse = |message| Err(self.refuse(RefusalCode::InvalidValue, Column::Person, message));
        match text.strip_prefix(NEW) {
            None if !text.is_empty() => Ok(Who::Known(text.to_owned())),
            None if self.name.is_some() => Ok(Who::New(None)),
            None => refuse("Give the key of the person, or the name of somebody new."),
            Some(mark) => {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
                match !mark.is_empty() && mark.len() <= LONGEST_MARK && mark.chars().all(is_plain) {
                    true => Ok(Who::New(Some(mark.to_owned()))),
                    false => refuse("A placeholder is new- with up to 40 letters and digits behind it."),
                }
            }
        }
    }

    /// What the row says, read cell by cell.
    ///
    /// # Errors
    ///
    /// Every cell that cannot be read.
    pub(super) fn read(&self) -> Result<Said, Refused> {
        let mut refused = Vec::new();
        if !self.is_even {
            let message =
                "The row has more or fewer cells than the first: put quotation marks around a comma.";
            let refusal = Refusal::new(RefusalCode::InvalidValue, "", message).at(self.line, "");
            return Err(vec![refusal]);
        }
        for column in [Column::Board, Column::Seat] {
            if self.cell(column).is_empty() {
                let message = format!("{} must be given.", column.name());
                refused.push(self.refuse(RefusalCode::InvalidValue, column, message));
            }
        }
        let seat =
            SeatKey { board: self.cell(Column::Board).to_owned(), seat: self.cell(Column::Seat).to_owned() };
        let mut keep = |refusal: Refusal| refused.push(refusal);
        let who = self.who().map_err(&mut keep).ok();
        let from = self.day(Column::From).map_err(&mut keep).ok();
        let last_day = self.day(Column::LastDay).map_err(&mut keep).ok().flatten();
        let by = self.code(Column::AppointedBy, &AppointedBy::ALL).map_err(&mut keep).ok();
        let end_reason = self.code(Column::EndReason, &EndReason::ALL).map_err(&mut keep).ok();
        let appointment = self.appointment().map_err(&mut keep).ok();
        if let Some(None) = from {
            keep(self.refuse(RefusalCode::InvalidValue, Column::From, "from must be given."));
        }
        match (who, from, by, end_reason, appointment) {
            (Some(who), Some(Some(from)), Some(appointed_by), Some(end_reason), Some(appointment))
                if refused.is_empty() =>
            {
                Ok(Said { seat, who, from, last_day, appointed_by, end_reason, appointment })
            }
            _ => Err(refused),
        }
    }

    /// A day is written as we would write it: what a spreadsheet makes of it is read as nothing else.
    fn day(&self, column: Column) -> Result<Option<NaiveDate>, Refusal> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let day: Option<NaiveDate> = text.parse().ok();
        let message = "A day is written YYYY-MM-DD.";
        let day = day.filter(|day| day.to_string() == text);
        day.map(Some).ok_or_else(|| self.refuse(RefusalCode::InvalidValue, column, message))
    }

    fn code<T: Copy>(&self, column: Column, all: &[(T, &'static str)]) -> Result<Option<T>, Refusal> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let found = all.iter().find(|(_, code)| *code == text).map(|(value, _)| *value);
        found.map(Some).ok_or_else(|| {
            let codes: Vec<&str> = all.iter().map(|(_, code)| *code).collect();
            let message = format!("{} is one of {}, or empty.", column.name(), codes.join(", "));
            self.refuse(RefusalCode::InvalidValue, column, message)
        })
    }
}
