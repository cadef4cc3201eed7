//! From columns to values of the domain: what every table of facts has, and faults where a column cannot be read.
//!
//! Which tables there are is left to `directory` and `boards`.

use crate::directory::Fault;
use crate::directory::records::Row;
use crate::domain::board::codes::of_code;
use crate::domain::calendar::FIRST_DAY;
use crate::domain::organisation::BodyKind;
use crate::domain::period::{Period, Versions};
use crate::domain::source::{Basis, Citation};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

pub(super) type DayRange = (Bound<NaiveDate>, Bound<NaiveDate>);
pub(super) type VersionRange = (Bound<i64>, Bound<i64>);
/// Source, basis and note, as every fact has them.
pub(super) type Cited = (String, String, Option<String>);

/// Days of what has no days of its own.
pub(super) const ALWAYS: DayRange = (Bound::Included(FIRST_DAY), Bound::Unbounded);

/// The one day of something that happened.
pub(super) fn that_day(day: NaiveDate) -> DayRange {
    (Bound::Included(day), Bound::Included(day))
}

/// Turns columns into domain values and keeps what cannot be turned as faults.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    citations: HashMap<Cited, Arc<Citation>>,
}

impl Reader {
    pub(super) fn fault<T>(&mut self, place: &'static str, what: &str) -> Option<T> {
        self.faults.push(Fault { place, what: what.to_owned() });
        None
    }

    fn period(&mut self, place: &'static str, range: DayRange) -> Option<Period> {
        let from = match range.0 {
            Bound::Included(day) => Some(day),
            Bound::Excluded(day) => day.succ_opt(),
            Bound::Unbounded => None,
        };
        let until = match range.1 {
            Bound::Included(day) => day.succ_opt(),
            Bound::Excluded(day) => Some(day),
            Bound::Unbounded => None,
        };
        let period = from.and_then(|from| Period::new(from, until));
        period.or_else(|| self.fault(place, "a period without a first day, or empty"))
    }

    pub(super) fn versions(&mut self, place: &'static str, range: VersionRange) -> Option<Versions> {
        let from = match range.0 {
            Bound::Included(version) => Some(version),
            Bound::Excluded(version) => Some(version + 1),
            Bound::Unbounded => None,
        };
        let until = match range.1 {
            Bound::Included(version) => Some(version + 1),
            Bound::Excluded(version) => Some(version),
            Bound::Unbounded => None,
        };
        let versions = from.and_then(|from| Versions::new(from, until));
        versions.or_else(|| self.fault(place, "a recorded range without a first version, or empty"))
    }

    pub(super) fn citation(&mut self, place: &'static str, cited: Cited) -> Option<Arc<Citation>> {
        if let Some(citation) = self.citations.get(&cited) {
            return Some(Arc::clone(citation));
        }
        let Some(basis) = Basis::from_code(&cited.1) else {
            return self.fault(place, "a basis that is not known");
        };
        let citation = Arc::new(Citation { source: cited.0.clone(), basis, note: cited.2.clone() });
        self.citations.insert(cited, Arc::clone(&citation));
        Some(citation)
    }

    pub(super) fn kind(&mut self, place: &'static str, code: &str) -> Option<BodyKind> {
        BodyKind::from_code(code).or_else(|| self.fault(place, "a kind of body that is not known"))
    }

    /// What a code of a list stands for.
    pub(super) fn code<T: Copy>(
        &mut self,
        place: &'static str,
        all: &[(T, &'static str)],
        code: &str,
    ) -> Option<T> {
        of_code(all, code).or_else(|| self.fault(place, "a code that is not known"))
    }

    /// The same where there may be none; the outer none is a fault.
    pub(super) fn optional_code<T: Copy>(
        &mut self,
        place: &'static str,
        all: &[(T, &'static str)],
        code: Option<String>,
    ) -> Option<Option<T>> {
        match code {
            None => Some(None),
            Some(code) => self.code(place, all, &code).map(Some),
        }
    }

    pub(super) fn row<T>(
        &mut self,
        place: &'static str,
        fact: i64,
        valid: DayRange,
        recorded: VersionRange,
        cited: Cited,
        value: T,
    ) -> Option<Row<T>> {
        let valid = self.period(place, valid)?;
        let recorded = self.versions(place, recorded)?;
        let citation = self.citation(place, cited)?;
        Some(Row { fact, valid, recorded, citation, value })
    }
}

/// Loads the rows of a table of facts and turns each into a row of the domain.
macro_rules! facts {
    ($connection:ident, $reader:ident, $table:ident, $place:literal, ($($column:ident: $type:ty),*), $value:expr) => {{
        type Loaded = (i64, ($($type,)*), $crate::store::rows::DayRange, $crate::store::rows::VersionRange, $crate::store::rows::Cited);
        let rows: Vec<Loaded> = $table::table
            .select((
                $table::fact,
                ($($table::$column,)*),
                $table::valid,
                $table::recorded,
                ($table::source, $table::basis, $table::note),
            ))
            .order($table::id)
            .load($connection)
            .await?;
        let mut read = Vec::with_capacity(rows.len());
        for (fact, ($($column,)*), valid, recorded, cited) in rows {
            let read_value = $value;
            if let Some(value) = read_value(&mut *$reader, $($column),*) {
                read.extend($reader.row($place, fact, valid, recorded, cited, value));
            }
        }
        Ok(read)
    }};
}
pub(super) use facts;

/// The same for a table without a column of days: the value comes with the days that it speaks of.
macro_rules! events {
    ($connection:ident, $reader:ident, $table:ident, $place:literal, ($($column:ident: $type:ty),*), $value:expr) => {{
        type Loaded = (i64, ($($type,)*), $crate::store::rows::VersionRange, $crate::store::rows::Cited);
        let rows: Vec<Loaded> = $table::table
            .select((
                $table::fact,
                ($($table::$column,)*),
                $table::recorded,
                ($table::source, $table::basis, $table::note),
            ))
            .order($table::id)
            .load($connection)
            .await?;
        let mut read = Vec::with_capacity(rows.len());
        for (fact, ($($column,)*), recorded, cited) in rows {
            let read_value = $value;
            if let Some((days, value)) = read_value(&mut *$reader, $($column),*) {
                read.extend($reader.row($place, fact, days, recorded, cited, value));
            }
        }
        Ok(read)
    }};
}
pub(super) use events;
