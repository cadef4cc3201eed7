//! Reading a CSV file of terms of board members as an order.
//!
//! Faults name line and column, never what stands there: any cell may hold a name. What a row means is left to
//! `directory::change`.

use super::csv_cells::plain;
use super::make_change::drawn_key;
use crate::directory::change::{Column, ImportBoardMembers, ImportRow, Refusal, RefusalCode};
use csv::{ReaderBuilder, StringRecord};

/// Most rows of a file.
pub const MOST_ROWS: usize = 2_000;
/// Most bytes of a file.
pub const MOST_BYTES: usize = 1024 * 1024;
/// A column that is passed over: in it the failing lines of an earlier try say what was wrong.
pub const ERROR: &str = "error";

/// Reads a file as an order, with a key for everybody who may be new.
///
/// # Errors
///
/// Where it is no such file.
pub fn import_order(file: &[u8]) -> Result<ImportBoardMembers, Vec<Refusal>> {
    let rows = read_rows(file)?;
    let keys = rows.iter().filter(|row| row.may_add_person()).map(|_| drawn_key()).collect();
    let keys: Option<Vec<String>> = keys;
    let keys = keys.ok_or_else(|| vec![whole("The system has no random bytes: try again.")])?;
    Ok(ImportBoardMembers { rows, keys })
}

/// Reads the rows of a file: UTF-8 with or without a byte order mark, lines ended by LF or CR LF.
///
/// # Errors
///
/// Where it is too large, no UTF-8, or has other columns.
pub fn read_rows(file: &[u8]) -> Result<Vec<ImportRow>, Vec<Refusal>> {
    let (first, records) = records(file)?;
    let columns = columns(&first)?;
    let row = |(line, record): &(usize, StringRecord)| {
        let row = ImportRow::on_line(*line, record.len() == columns.len());
        let cells = columns.iter().zip(record).filter_map(|(column, cell)| Some(((*column)?, cell)));
        cells.fold(row, |row, (column, cell)| row.with(column, plain(cell.trim()).trim()))
    };
    Ok(records.iter().map(row).collect())
}

/// The failing lines of a file as they were given, with a column more that says what is wrong: the first are its columns.
/// Nothing where the file cannot be read by lines.
pub fn failing_rows(file: &[u8], refusals: &[Refusal]) -> Vec<Vec<String>> {
    let Ok((first, records)) = records(file) else { return Vec::new() };
    let is_kept = |nth: &usize| first.get(*nth).is_none_or(|name| name.trim() != ERROR);
    let row = |record: &StringRecord, error: String| -> Vec<String> {
        // A row that is too short is filled up, so that its fault stands in its column.
        let width = record.len().max(first.len());
        let cells =
            (0..width).filter(is_kept).map(|nth| plain(record.get(nth).unwrap_or_default()).to_owned());
        cells.chain([error]).collect()
    };
    let mut rows = vec![row(&first, ERROR.to_owned())];
    for (line, record) in &records {
        let of_line = refusals.iter().filter(|refusal| refusal.line == Some(*line));
        let told: Vec<String> = of_line.map(told).collect();
        if !told.is_empty() {
            rows.push(row(record, told.join("; ")));
        }
    }
    rows
}

/// A refusal in words: the column, the code, what would be right.
pub fn told(refusal: &Refusal) -> String {
    let column = if refusal.field.is_empty() { "the line" } else { refusal.field };
    format!("{column}: {}: {}", refusal.code.code(), refusal.message)
}

type Records = (StringRecord, Vec<(usize, StringRecord)>);

/// The first record of a file, and every other with the line that it begins on.
fn records(file: &[u8]) -> Result<Records, Vec<Refusal>> {
    if file.len() > MOST_BYTES {
        return Err(vec![whole("The file is larger than 1 MiB: give it in parts.")]);
    }
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = file.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        vec![whole("The line is no UTF-8: save the file as CSV in UTF-8.").at(line, "")]
    })?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut records = Vec::new();
    let mut first = None;
    for record in reader.records() {
        let record = record.map_err(|_| vec![whole("The file cannot be read as CSV.")])?;
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(start).unwrap_or_default());
        if first.is_none() {
            first = Some(record);
        } else if records.len() == MOST_ROWS {
            let message = format!("More than {MOST_ROWS} rows: give them in several files.");
            return Err(vec![whole(&message).at(line, "")]);
        } else {
            records.push((line, record));
        }
    }
    Ok((first.unwrap_or_default(), records))
}

/// The columns in the order of the file; none where one is passed over.
fn columns(first: &StringRecord) -> Result<Vec<Option<Column>>, Vec<Refusal>> {
    let mut refused = Vec::new();
    let mut columns: Vec<Option<Column>> = Vec::new();
    for (nth, name) in first.iter().map(str::trim).enumerate() {
        let column = Column::named(name);
        if column.is_some_and(|column| columns.contains(&Some(column))) {
            refused.push(whole(&format!("The column {name} stands there twice.")).at(1, ""));
        } else if column.is_none() && name != ERROR {
            // Without names of columns the first line is a row, which must not be told.
            let message = format!("Column {} has no name that is known.", nth + 1);
            refused.push(whole(&message).at(1, ""));
        }
        columns.push(column);
    }
    let missing: Vec<&str> =
        Column::ALL.iter().filter(|(it, _)| !columns.contains(&Some(*it))).map(|(_, name)| *name).collect();
    if !missing.is_empty() {
        let message = format!("The first line must name the columns; not there: {}.", missing.join(", "));
        refused.push(whole(&message).at(1, ""));
    }
    if refused.is_empty() { Ok(columns) } else { Err(refused) }
}

fn whole(message: &str) -> Refusal {
    Refusal::new(RefusalCode::InvalidValue, "csv", message)
}

/// Finds the lines of places in a text, from its start to its end.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the first row at a place or behind it: the reader passes over empty lines.
    fn of(&mut self, place: usize) -> usize {
        while let Some(byte) = self.text.get(self.at) {
            let is_end = matches!(byte, b'\r' | b'\n');
            if self.at >= place && !is_end {
                break;
            }
            self.at += 1;
            let is_first_of_two = *byte == b'\r' && self.text.get(self.at) == Some(&b'\n');
            self.line += usize::from(is_end && !is_first_of_two);
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "board,seat,person,name,from,last_day,appointed_by,end_reason,appointment";

    fn lines(text: &str) -> Vec<usize> {
        let rows = read_rows(text.as_bytes()).unwrap_or_else(|refused| panic!("{refused:?}"));
        rows.iter().map(|row| row.line).collect()
    }

    #[test]
    fn a_row_is_on_the_line_that_it_begins_on_whatever_ends_the_lines() {
        let row = "kent,police,,\"Example\nWren\",2014-06-01,,,,";
        assert_eq!(lines(&format!("{HEAD}\n{row}\n{row}\n")), [2, 4]);
        assert_eq!(lines(&format!("\u{feff}{HEAD}\r\n\r\n{row}\r\n{row}")), [3, 5]);
        assert_eq!(lines(HEAD), [] as [usize; 0]);
    }

    #[test]
    fn a_file_without_the_columns_is_refused_and_nothing_of_it_is_told() {
        for text in ["", "kent,police,Example Wren", "board,board,seat"] {
            let refused = read_rows(text.as_bytes()).expect_err("no file of members");
            assert!(refused.iter().all(|refusal| refusal.line == Some(1)), "{refused:?}");
            assert!(!format!("{refused:?}").contains("Example"), "{refused:?}");
        }
    }

    #[test]
    fn columns_stand_in_any_order_and_what_was_wrong_before_is_passed_over() {
        let text = "error,appointment,end_reason,appointed_by,last_day,from,name,person,seat,board\nx,,,,,2014-06-01,,,police,kent\n";
        assert_eq!(lines(text), [2]);
    }

    #[test]
    fn a_file_is_bounded_in_bytes_and_rows() {
        let row = ",,,,,,,,\n";
        let full = format!("{HEAD}\n{}", row.repeat(MOST_ROWS));
        assert_eq!(lines(&full).len(), MOST_ROWS);
        let refused = read_rows(format!("{full}{row}").as_bytes()).expect_err("one row too many");
        assert_eq!(refused[0].line, Some(MOST_ROWS + 2));
        assert!(read_rows(&vec![b'a'; MOST_BYTES + 1]).is_err());
        let refused = read_rows(b"board\n\nke\xffnt").expect_err("no UTF-8");
        assert_eq!(refused[0].line, Some(3));
    }
}
