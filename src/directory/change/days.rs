//! How recorded days give way: rows that end earlier, and rows that make room for others. What was recorded later stays.

use super::ground::standing;
use super::rows::{NewRow, Number, Table, Write};
use crate::directory::records::Row;
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Ends rows before a day. What lies wholly from that day on falls.
pub fn ended<'r, T: 'r>(
    table: Table,
    rows: impl IntoIterator<Item = &'r Row<T>>,
    until: NaiveDate,
    again: impl Fn(&Row<T>, Period) -> NewRow,
) -> Vec<Write> {
    let mut writes = Vec::new();
    for row in rows.into_iter().filter(|row| row.valid.until().is_none_or(|end| end > until)) {
        writes.push(Write::Close(table, row.fact));
        let before = Period::new(row.valid.from(), Some(until));
        writes.extend(before.map(|valid| Write::Add(Number::Known(row.fact), again(row, valid))));
    }
    writes
}

/// Days from a day on, until what is recorded for later begins; else until the end of the row of that day, else until
/// that of a whole.
///
/// `rows` are those that exclude each other.
pub fn onwards<T>(rows: &[&Row<T>], from: NaiveDate, whole: Period) -> Option<Period> {
    let held = rows.iter().find(|row| row.valid.contains(from));
    let next = rows.iter().map(|row| row.valid.from()).filter(|start| *start > from).min();
    let until = match held {
        Some(row) => row.valid.until(),
        None => next.or(whole.until()),
    };
    Period::new(from, until)
}

/// Room that was made for something new.
pub struct Room {
    /// Rows that give way.
    pub writes: Vec<Write>,
    /// The fact that the new row puts right, where one began on the same day.
    pub corrects: Option<i64>,
}

impl Room {
    /// The number of the new row, where it is the nth new one of its change.
    pub fn number(&self, nth: usize) -> Number {
        self.corrects.map_or(Number::New(nth), Number::Known)
    }
}

/// Makes room for days: rows that began before end the day before, and one that began on the same day is put right.
///
/// # Errors
///
/// The days of a row that begins within them or goes on after them: nobody said that it falls.
pub fn room<T>(
    table: Table,
    rows: &[&Row<T>],
    days: Period,
    again: impl Fn(&Row<T>, Period) -> NewRow,
) -> Result<Room, Period> {
    let mut room = Room { writes: Vec::new(), corrects: None };
    for row in rows.iter().filter(|row| row.valid.overlaps(&days)) {
        let outlasts = days.until().is_some_and(|end| row.valid.until().is_none_or(|until| until > end));
        if row.valid.from() > days.from() || outlasts {
            return Err(row.valid);
        }
        room.writes.push(Write::Close(table, row.fact));
        match Period::new(row.valid.from(), Some(days.from())) {
            Some(valid) => room.writes.push(Write::Add(Number::Known(row.fact), again(row, valid))),
            None => room.corrects = Some(row.fact),
        }
    }
    Ok(room)
}

/// Rows that are what we know now and are wanted.
pub fn chosen<T>(rows: &[Row<T>], wanted: impl Fn(&T) -> bool) -> Vec<&Row<T>> {
    standing(rows).filter(|row| wanted(&row.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::records::plain_citation;
    use crate::domain::period::Versions;
    use crate::domain::source::Basis;

    fn period(from: &str, until: Option<&str>) -> Period {
        let day = |text: &str| text.parse().expect("a day");
        Period::new(day(from), until.map(day)).expect("a period")
    }

    fn row(fact: i64, valid: Period) -> Row<()> {
        let recorded = Versions::new(1, None).expect("versions");
        Row { fact, valid, recorded, citation: plain_citation("GK", Basis::Unconfirmed), value: () }
    }

    fn again(_: &Row<()>, valid: Period) -> NewRow {
        NewRow::Vacancy {
            seat: super::super::rows::SeatKey { board: String::new(), seat: String::new() },
            valid,
        }
    }

    /// What writes do: `-fact` closes, and a fact with its days is added.
    fn told(writes: &[Write]) -> Vec<String> {
        let told = |write: &Write| match write {
            Write::Close(_, fact) => format!("-{fact}"),
            Write::Add(Number::Known(fact), NewRow::Vacancy { valid, .. }) => {
                format!("{fact} {} {:?}", valid.from(), valid.until().map(|day| day.to_string()))
            }
            other => panic!("{other:?}"),
        };
        writes.iter().map(told).collect()
    }

    #[test]
    fn what_ends_keeps_the_days_before_and_what_lies_after_falls() {
        let rows = [
            row(1, period("2014-01-01", Some("2015-01-01"))),
            row(2, period("2014-06-01", None)),
            row(3, period("2015-01-01", None)),
        ];
        let writes = ended(Table::Vacancy, &rows, "2015-01-01".parse().expect("a day"), again);
        assert_eq!(told(&writes), ["-2", "2 2014-06-01 Some(\"2015-01-01\")", "-3"]);
    }

    #[test]
    fn what_is_new_goes_on_until_what_is_recorded_for_later() {
        let rows = [row(1, period("2014-01-01", Some("2016-01-01"))), row(2, period("2017-01-01", None))];
        let rows: Vec<&Row<()>> = rows.iter().collect();
        let whole = period("2010-01-01", Some("2020-01-01"));
        for (from, until) in [
            ("2013-01-01", Some("2014-01-01")),
            ("2014-01-01", Some("2016-01-01")),
            ("2015-01-01", Some("2016-01-01")),
            ("2016-01-01", Some("2017-01-01")),
            ("2018-01-01", None),
        ] {
            assert_eq!(
                onwards(&rows, from.parse().expect("a day"), whole),
                Some(period(from, until)),
                "{from}"
            );
        }
        assert_eq!(onwards::<()>(&[], whole.from(), whole), Some(whole));
    }

    #[test]
    fn room_is_made_by_what_began_before_and_by_nothing_else() {
        let rows = [row(1, period("2014-01-01", Some("2016-01-01"))), row(2, period("2017-01-01", None))];
        let rows: Vec<&Row<()>> = rows.iter().collect();
        let made = |days| room(Table::Vacancy, &rows, days, again);
        let before = made(period("2015-01-01", Some("2016-06-01"))).expect("room");
        assert_eq!(told(&before.writes), ["-1", "1 2014-01-01 Some(\"2015-01-01\")"]);
        assert_eq!((before.number(0), before.corrects), (Number::New(0), None));
        let same = made(period("2014-01-01", Some("2016-01-01"))).expect("room");
        assert_eq!((told(&same.writes), same.number(0)), (vec!["-1".to_owned()], Number::Known(1)));
        // A row that begins within, and one that goes on after.
        assert_eq!(made(period("2016-06-01", None)).err(), Some(rows[1].valid));
        assert_eq!(made(period("2015-01-01", Some("2015-06-01"))).err(), Some(rows[0].valid));
        assert!(made(period("2016-01-01", Some("2017-01-01"))).is_ok_and(|room| room.writes.is_empty()));
    }
}
