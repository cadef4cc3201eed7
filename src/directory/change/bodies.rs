//! Orders about organisations and areas: their names, and who owns a company.
//!
//! No order leaves a body without a name on a day on which it exists: a name ends only where another begins.

use super::days::{chosen, onwards, room};
use super::ground::{Ground, text};
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{BodyKey, NewRow, Number, Table, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::Directory;
use crate::directory::records::{Name, Row};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Longest name, as the table has it.
pub const LONGEST_NAME: usize = 200;

/// An organisation or an area bears another name.
#[derive(Clone, Debug)]
pub struct AmendOrganisation {
    /// Kind and slug of the body.
    pub body: BodyKey,
    /// The name.
    pub name: Option<String>,
    /// How it is used.
    pub usage: NameUsage,
    /// The first day.
    pub from: NaiveDate,
}

/// A company has an owner.
#[derive(Clone, Debug)]
pub struct RecordOwnership {
    /// Slug of the company: that of its contract package area.
    pub crc: String,
    /// Slug of the owner.
    pub owner: String,
    /// Partners of the owner in this contract.
    pub partners: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

impl Order for AmendOrganisation {
    fn action(&self) -> &'static str {
        "AMEND_ORGANISATION"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::new(Right::National).with_body(self.body.0, &self.body.1)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let (kind, slug) = &self.body;
        let body = ground.body(*kind, slug, "organisation").map_err(|refusal| vec![refusal])?;
        let Some(name) = &self.name else {
            let message = "Nothing is to be changed: give a name.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "name", message)]);
        };
        let period = ground.day(self.from, "from").and_then(|from| ground.period_of(body, from, "from"));
        let period = period.map_err(|refusal| vec![refusal])?;
        let names = &ground.directory.body(body).names;
        let renaming = Renaming { body: &self.body, usage: self.usage, name, from: self.from };
        let writes = renaming.writes(names, period, 0).map_err(|refusal| vec![refusal])?;
        let summary = Summary { on: Some(self.from), ..Summary::default() }.with_body(*kind, slug);
        Ok(Decision { writes, summary })
    }
}

/// A name that a body bears from a day on.
pub struct Renaming<'a> {
    /// The body.
    pub body: &'a BodyKey,
    /// How the name is used.
    pub usage: NameUsage,
    /// The name.
    pub name: &'a str,
    /// The first day.
    pub from: NaiveDate,
}

impl Renaming<'_> {
    /// What is written for it, where the new name is the nth new fact of its change.
    ///
    /// # Errors
    ///
    /// Where the name cannot be one, or stands already.
    pub fn writes(&self, names: &[Row<Name>], period: Period, nth: usize) -> Result<Vec<Write>, Refusal> {
        let name = text(self.name, "name", LONGEST_NAME)?;
        let stands = || {
            Refusal::new(RefusalCode::NothingToChange, "name", "That is the name that is recorded already.")
        };
        let is_one_of_many = matches!(self.usage, NameUsage::Alias | NameUsage::ShortName);
        // Of the names of such a usage each stands for itself: only the same name excludes itself.
        let rows = chosen(names, |it| it.usage == self.usage && (!is_one_of_many || it.name == name));
        if rows.iter().any(|row| row.value.name == name && row.valid.contains(self.from)) {
            return Err(stands());
        }
        let days = onwards(&rows, self.from, period).ok_or_else(stands)?;
        let room = room(Table::BodyName, &rows, days, |row, valid| self.row(row.value.name.clone(), valid));
        let room = room.map_err(|other| {
            let message = format!("A name is recorded {}.", integrity::words(other));
            Refusal::new(RefusalCode::Overlap, "from", message)
        })?;
        let number = room.number(nth);
        let mut writes = room.writes;
        writes.push(Write::Add(number, self.row(name, days)));
        Ok(writes)
    }

    fn row(&self, name: String, valid: Period) -> NewRow {
        NewRow::BodyName { body: self.body.clone(), usage: self.usage, name, valid }
    }
}

impl Order for RecordOwnership {
    fn action(&self) -> &'static str {
        "RECORD_OWNERSHIP"
    }

    fn scope(&self, _: &Directory) -> Scope {
        let scope = Scope::new(Right::National).with_body(BodyKind::Crc, &self.crc);
        scope.with_body(BodyKind::CrcOwner, &self.owner)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let crc = ground.body(BodyKind::Crc, &self.crc, "crc");
        let owner = ground.body(BodyKind::CrcOwner, &self.owner, "owner");
        let partners = self.partners.as_ref().map(|it| text(it, "partners", LONGEST_NAME)).transpose();
        let valid = ground.period(self.from, self.last_day);
        let (crc, owner, partners, valid) = match (crc, owner, partners, valid) {
            (Ok(crc), Ok(owner), Ok(partners), Ok(valid)) => (crc, owner, partners, valid),
            (crc, owner, partners, valid) => {
                let refusals = [crc.err(), owner.err(), partners.err(), valid.err()];
                return Err(refusals.into_iter().flatten().collect());
            }
        };
        // Nobody owns a company after it has ended.
        let whole = ground.period_of(crc, self.from, "from").map_err(|refusal| vec![refusal])?;
        let valid = integrity::shared(valid, whole).unwrap_or(valid);
        let rows = chosen(&ground.directory.body(crc).ownership, |_| true);
        let is_same = |body, of: &Option<String>| body == owner && *of == partners;
        if rows.iter().any(|row| row.valid == valid && is_same(row.value.body, &row.value.partners)) {
            let message = "That is what is recorded already.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "owner", message)]);
        }
        let row_of = |owner: &str, partners: Option<String>, valid| NewRow::Ownership {
            crc: self.crc.clone(),
            owner: owner.to_owned(),
            partners,
            valid,
        };
        let room = room(Table::Ownership, &rows, valid, |row, valid| {
            let before = &ground.directory.body(row.value.body).identity.slug;
            row_of(before, row.value.partners.clone(), valid)
        });
        let room = room.map_err(|other| {
            let message = format!("An owner is recorded {}: give other days.", integrity::words(other));
            vec![Refusal::new(RefusalCode::Overlap, "from", message)]
        })?;
        let number: Number = room.number(0);
        let mut writes = room.writes;
        writes.push(Write::Add(number, row_of(&self.owner, partners, valid)));
        let summary =
            Summary { on: Some(self.from), ..Summary::default() }.with_body(BodyKind::Crc, &self.crc);
        Ok(Decision { writes, summary: summary.with_body(BodyKind::CrcOwner, &self.owner) })
    }
}
