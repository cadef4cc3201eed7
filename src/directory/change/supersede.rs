//! What is recorded of one thing from a day on takes the place of what stood: which rows give way, and whether the fact goes on.
//!
//! What stood is closed and stays visible to whoever asks what was known then; a shorter row of the same fact says what is
//! still held of it. Which rows are about the same thing is left to each order.

use super::integrity::words;
use super::refusal::{Refusal, RefusalCode};
use super::rows::{NewRow, Number, Table, Write};
use super::terms::{next_number, nothing};
use crate::directory::records::Row;
use crate::domain::period::Period;

/// How the same is read that is recorded again from a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It goes on: one fact, with other days.
    GoesOn,
    /// It is another of its kind: a document or a declaration has its own day.
    IsAnother,
}

/// What gives way, and what stands in its place.
#[derive(Clone, Debug)]
pub struct Superseded {
    /// Closes what stood, and adds what is still held of it.
    pub writes: Vec<Write>,
    /// The fact that what is recorded goes on with or puts right; none where it is a new one.
    pub fact: Option<i64>,
    /// Days of what is recorded: from its own first day, or from that of the fact that goes on.
    pub valid: Period,
}

/// Makes room for days in a table, among the standing rows about the same thing. A row that began earlier ends the day
/// before; one of the same first day is put right. What of them lies after the new days falls: nobody said it.
///
/// # Errors
///
/// Where a row begins later within the days, and where the same stands already.
pub fn supersede<'r, T: 'r>(
    table: Table,
    rows: impl Iterator<Item = &'r Row<T>>,
    valid: Period,
    (again, is_same): (Again, impl Fn(&T) -> bool),
    shorter: impl Fn(&T, Period) -> NewRow,
) -> Result<Superseded, Refusal> {
    let mut made = Superseded { writes: Vec::new(), fact: None, valid };
    let mut stands = false;
    for row in rows.filter(|row| row.valid.overlaps(&valid)) {
        let (begins, same) = (row.valid.from(), is_same(&row.value));
        if begins > valid.from() {
            let message = format!(
                "Something of the same kind is recorded {}: give a lastDay before {begins}.",
                words(row.valid)
            );
            return Err(Refusal::new(RefusalCode::Overlap, "lastDay", message));
        }
        let goes_on = begins == valid.from() || same && again == Again::GoesOn;
        stands = same && goes_on && row.valid.until() == valid.until() && made.writes.is_empty();
        made.writes.push(Write::Close(table, row.fact));
        match Period::new(begins, Some(valid.from())) {
            Some(before) if !goes_on => {
                made.writes.push(Write::Add(Number::Known(row.fact), shorter(&row.value, before)));
            }
            _ => {
                // Of two that go on, read as one thing, the first number and the first day stay.
                made.fact = made.fact.or(Some(row.fact));
                let begins = begins.min(made.valid.from());
                made.valid = Period::new(begins, valid.until()).unwrap_or(valid);
            }
        }
    }
    if stands { Err(nothing("from")) } else { Ok(made) }
}

impl Superseded {
    /// The writes with the row that stands from now on.
    pub fn then(self, row: impl FnOnce(Period) -> NewRow) -> Vec<Write> {
        let Superseded { mut writes, fact, valid } = self;
        let number = fact.map_or_else(|| next_number(&writes), Number::Known);
        writes.push(Write::Add(number, row(valid)));
        writes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::records::plain_citation;
    use crate::domain::period::Versions;
    use crate::domain::source::Basis;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn days(text: &str) -> Period {
        let (from, last) = text.split_once("..").expect("two days");
        Period::through(day(from), (!last.is_empty()).then(|| day(last))).expect("a period")
    }

    fn row(fact: i64, valid: &str, value: &'static str) -> Row<&'static str> {
        let recorded = Versions::new(1, None).expect("versions");
        let citation = plain_citation("GK", Basis::Assumption);
        Row { fact, valid: days(valid), recorded, citation, value }
    }

    /// What is written when `new` is recorded among rows, each write as one text; or the code of the refusal.
    fn made(rows: &[Row<&'static str>], again: Again, valid: &str, new: &'static str) -> Vec<String> {
        let named = |value: &str, valid: Period| NewRow::Document {
            board: value.to_owned(),
            kind: crate::domain::board::codes::DocumentKind::Memorandum,
            url: None,
            valid,
        };
        let is_same = |value: &&'static str| *value == new;
        let made = supersede(Table::Document, rows.iter(), days(valid), (again, is_same), |value, valid| {
            named(value, valid)
        });
        let writes = match made {
            Ok(made) => made.then(|valid| named(new, valid)),
            Err(refusal) => return vec![refusal.code.code().to_owned()],
        };
        let text = |write: &Write| match write {
            Write::Close(_, fact) => format!("close {fact}"),
            Write::Add(Number::Known(fact), NewRow::Document { board, valid, .. }) => {
                format!("{fact} {board} {}", words(*valid))
            }
            Write::Add(Number::New(nth), NewRow::Document { board, valid, .. }) => {
                format!("new {nth} {board} {}", words(*valid))
            }
            other => format!("{other:?}"),
        };
        writes.iter().map(text).collect()
    }

    #[test]
    fn what_began_earlier_ends_the_day_before() {
        let rows = [row(7, "2012-01-01..2016-12-31", "a"), row(8, "2017-01-01..", "z")];
        assert_eq!(
            made(&rows, Again::GoesOn, "2014-06-01..2016-12-31", "b"),
            ["close 7", "7 a from 2012-01-01 to 2014-05-31", "new 0 b from 2014-06-01 to 2016-12-31"]
        );
    }

    #[test]
    fn of_two_that_go_on_no_day_is_lost() {
        // As recorded of two persons who are read as one.
        for rows in [
            [row(7, "2012-01-01..", "a"), row(8, "2013-01-01..", "a")],
            [row(8, "2013-01-01..", "a"), row(7, "2012-01-01..", "a")],
        ] {
            let first = rows[0].fact;
            assert_eq!(
                made(&rows, Again::GoesOn, "2014-06-01..2014-12-31", "a"),
                [
                    format!("close {first}"),
                    format!("close {}", rows[1].fact),
                    format!("{first} a from 2012-01-01 to 2014-12-31")
                ]
            );
        }
    }

    #[test]
    fn what_begins_later_is_not_overwritten() {
        let rows = [row(7, "2017-01-01..", "a")];
        assert_eq!(made(&rows, Again::GoesOn, "2014-06-01..", "b"), ["OVERLAP"]);
        assert_eq!(made(&rows, Again::GoesOn, "2014-06-01..2017-01-01", "a"), ["OVERLAP"]);
        assert_eq!(
            made(&rows, Again::GoesOn, "2014-06-01..2016-12-31", "b"),
            ["new 0 b from 2014-06-01 to 2016-12-31"]
        );
    }

    #[test]
    fn what_has_the_same_first_day_is_put_right_under_its_number() {
        let rows = [row(7, "2014-06-01..", "a")];
        for again in [Again::GoesOn, Again::IsAnother] {
            assert_eq!(
                made(&rows, again, "2014-06-01..2014-12-31", "b"),
                ["close 7", "7 b from 2014-06-01 to 2014-12-31"]
            );
            assert_eq!(made(&rows, again, "2014-06-01..", "a"), ["NOTHING_TO_CHANGE"]);
        }
    }

    #[test]
    fn the_same_from_a_later_day_goes_on_or_is_another_of_its_kind() {
        let rows = [row(7, "2012-01-01..", "a")];
        assert_eq!(
            made(&rows, Again::GoesOn, "2014-06-01..2014-12-31", "a"),
            ["close 7", "7 a from 2012-01-01 to 2014-12-31"]
        );
        assert_eq!(made(&rows, Again::GoesOn, "2014-06-01..", "a"), ["NOTHING_TO_CHANGE"]);
        assert_eq!(
            made(&rows, Again::IsAnother, "2014-06-01..", "a"),
            ["close 7", "7 a from 2012-01-01 to 2014-05-31", "new 0 a from 2014-06-01 on"]
        );
    }
}
