//! The directory on a day, on a calendar, as known in a version: a pure view of its rows.

use super::records::Row;
use super::{Authority, AuthoritySet, BoardId, Body, BodyId, Directory, PostId, Share};
use crate::domain::calendar::{Calendar, PROBATION_RECORDED_FROM};
use crate::domain::organisation::{BodyKind, NameUsage};
use crate::domain::period::Period;
use crate::domain::source::Citation;
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;

/// What a question is asked about: a day, a calendar, and a state of knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The day asked about.
    pub on: NaiveDate,
    /// The calendar it is read on.
    pub calendar: Calendar,
    /// The version whose knowledge is asked for.
    pub known: i64,
}

/// Why an instant has no state of knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAtFault {
    /// Before the first version; its instant, where there is one.
    BeforeRecords(Option<DateTime<Utc>>),
    /// Later than now.
    InFuture,
}

/// A directory seen at a moment.
#[derive(Clone, Copy, Debug)]
pub struct View<'d> {
    /// The directory.
    pub directory: &'d Directory,
    /// The moment.
    pub moment: Moment,
}

/// A row that answers for a day, with its period as the calendar shows it.
#[derive(Clone, Copy, Debug)]
pub struct Held<'d, T> {
    /// What the row says.
    pub value: &'d T,
    /// Its days, on the calendar asked for.
    pub period: Period,
    /// Whether the day asked about is one of them.
    pub in_force: bool,
    /// What it rests on.
    pub citation: &'d Citation,
}

/// Who is in charge of probation in an area, or that this is not recorded for the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InCharge {
    /// The trust; or the division and the company; or the region.
    Recorded(Vec<BodyId>),
    /// Before probation bodies are recorded.
    NotRecorded,
}

impl Directory {
    /// The last version recorded at or before an instant.
    ///
    /// # Errors
    ///
    /// Where the instant lies before the first version or after `now`.
    pub fn version_at(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<i64, KnownAtFault> {
        // The database dates changes, and its clock may be ahead of ours.
        if at > now && self.recorded_at().is_none_or(|last| at > last) {
            return Err(KnownAtFault::InFuture);
        }
        let later = self.changes().partition_point(|change| change.at <= at);
        match later {
            0 => Err(KnownAtFault::BeforeRecords(self.changes().first().map(|change| change.at))),
            _ => Ok(self.changes()[later - 1].version),
        }
    }

    /// The directory on a day and calendar, as known now.
    pub fn view(&self, on: NaiveDate, calendar: Calendar) -> View<'_> {
        self.at(Moment { on, calendar, known: self.version() })
    }

    /// The directory at a moment.
    pub fn at(&self, moment: Moment) -> View<'_> {
        View { directory: self, moment }
    }
}

impl<'d> View<'d> {
    /// The stored day on which structural relations are read.
    pub fn structural_day(&self) -> NaiveDate {
        self.moment.calendar.structural_day(self.moment.on)
    }

    /// The body of an index.
    pub fn body(&self, id: BodyId) -> &'d Body {
        self.directory.body(id)
    }

    /// Whether the body was known in the version asked for: its identity, and days on which it exists.
    pub fn knows(&self, id: BodyId) -> bool {
        let (body, known) = (self.body(id), self.moment.known);
        body.identity.recorded.contains(known) && body.periods.iter().any(|row| row.recorded.contains(known))
    }

    /// The bodies of a kind that were known, in the order of their slugs.
    pub fn bodies(&self, kind: BodyKind) -> impl Iterator<Item = BodyId> + use<'d> {
        let view = *self;
        self.directory.bodies(kind).iter().copied().filter(move |id| view.knows(*id))
    }

    /// The body of a kind with a slug, where it was known.
    pub fn by_slug(&self, kind: BodyKind, slug: &str) -> Option<BodyId> {
        self.directory.by_slug(kind, slug).filter(|id| self.knows(*id))
    }

    fn held<T>(&self, row: &'d Row<T>, day: NaiveDate, structural: bool) -> Held<'d, T> {
        Held {
            value: &row.value,
            period: if structural { self.moment.calendar.shown(row.valid) } else { row.valid },
            in_force: row.valid.contains(day),
            citation: &row.citation,
        }
    }

    /// Every row that was known, of structural relations in force on the day.
    pub fn in_force<T>(&self, rows: &'d [Row<T>]) -> impl Iterator<Item = Held<'d, T>> + use<'d, T> {
        let (view, day) = (*self, self.structural_day());
        rows.iter()
            .filter(move |row| row.recorded.contains(view.moment.known) && row.valid.contains(day))
            .map(move |row| view.held(row, day, true))
    }

    /// Every row that was known, whatever its days, in order.
    pub fn known<T>(&self, rows: &'d [Row<T>]) -> impl Iterator<Item = Held<'d, T>> + use<'d, T> {
        let (view, day) = (*self, self.structural_day());
        rows.iter()
            .filter(move |row| row.recorded.contains(view.moment.known))
            .map(move |row| view.held(row, day, true))
    }

    /// The row that answers for the day: the one in force, else the last that was, else the first that will be.
    pub fn nearest<T>(&self, rows: &'d [Row<T>], wanted: impl Fn(&T) -> bool) -> Option<Held<'d, T>> {
        let day = self.structural_day();
        let rank = |row: &Row<T>| {
            let from = row.valid.from();
            if from <= day { (1, Some(from), None) } else { (0, None, Some(Reverse(from))) }
        };
        let mut nearest = None;
        // Every answer asks this many times over: from the end, so that the first in force is the last of them.
        for row in rows.iter().rev() {
            if !wanted(&row.value) || !row.recorded.contains(self.moment.known) {
                continue;
            }
            if row.valid.contains(day) {
                return Some(self.held(row, day, true));
            }
            if nearest.is_none_or(|nearest| rank(row) > rank(nearest)) {
                nearest = Some(row);
            }
        }
        nearest.map(|row| self.held(row, day, true))
    }

    /// When the body exists: the period that answers for the day.
    pub fn period(&self, id: BodyId) -> Option<Held<'d, ()>> {
        self.nearest(&self.body(id).periods, |()| true)
    }

    /// Whether the body exists on the day; none where that is not recorded, as of trusts before 1 April 2010.
    pub fn is_in_force(&self, id: BodyId) -> Option<bool> {
        self.is_recorded(id).then(|| self.period(id).is_some_and(|held| held.in_force))
    }

    /// Whether anything is recorded of bodies of its kind for the day.
    pub fn is_recorded(&self, id: BodyId) -> bool {
        self.body(id).identity.kind != BodyKind::ProbationTrust || self.moment.on >= PROBATION_RECORDED_FROM
    }

    /// The name of a usage that answers for the day.
    pub fn name(&self, id: BodyId, usage: NameUsage) -> Option<&'d str> {
        self.nearest(&self.body(id).names, |name| name.usage == usage).map(|held| held.value.name.as_str())
    }

    /// The plain name shown; the slug where no version known then had a name.
    pub fn plain_name(&self, id: BodyId) -> &'d str {
        self.name(id, NameUsage::Name).unwrap_or(&self.body(id).identity.slug)
    }

    /// Names of a usage that are in force on the day; all that were known where none is.
    pub fn names(&self, id: BodyId, usage: NameUsage) -> Vec<&'d str> {
        let names = &self.body(id).names;
        let of_usage = |held: &Held<'d, super::records::Name>| held.value.usage == usage;
        let mut found: Vec<&str> =
            self.in_force(names).filter(of_usage).map(|held| held.value.name.as_str()).collect();
        if found.is_empty() {
            found = self.known(names).filter(of_usage).map(|held| held.value.name.as_str()).collect();
        }
        found.dedup();
        found
    }

    /// The body of a kind whose area this is, was or will be.
    pub fn covering(&self, area: BodyId, kind: BodyKind) -> Option<(BodyId, Held<'d, super::Link>)> {
        self.nearest(&self.body(area).coverage, |link| link.kind == kind).map(|held| (held.value.body, held))
    }

    /// Every force of an area on the day, in the order of their slugs.
    pub fn forces(&self, area: BodyId) -> Vec<BodyId> {
        self.in_force(&self.body(area).coverage)
            .filter(|held| held.value.kind == BodyKind::PoliceForce)
            .map(|held| held.value.body)
            .collect()
    }

    /// The force that polices an authority: the one that has the code of its police force area on the day.
    pub fn force_of(&self, authority: &Authority) -> Option<BodyId> {
        if let [one] = authority.forces.as_slice() {
            return Some(*one);
        }
        let code = &authority.row.police_force_area_code;
        let standing = |id: &BodyId| {
            self.nearest(&self.body(*id).codes, |known| known.scheme == "ONS" && known.code == *code)
                .map(|held| (held.in_force, *id))
        };
        authority.forces.iter().filter_map(standing).max_by_key(|(in_force, _)| *in_force).map(|(_, id)| id)
    }

    /// The areas that a body covers on the day; every area that it ever covered where it covers none then.
    pub fn areas(&self, id: BodyId) -> Vec<BodyId> {
        let body = self.body(id);
        if body.identity.kind == BodyKind::MappaArea {
            return vec![id];
        }
        if body.identity.kind == BodyKind::Crc {
            return self.package_of(id).map_or_else(Vec::new, |package| self.areas(package));
        }
        if body.identity.kind == BodyKind::CrcOwner {
            let mut areas: Vec<BodyId> =
                self.companies_of(id).into_iter().flat_map(|(crc, _)| self.areas(crc)).collect();
            areas.sort();
            areas.dedup();
            return areas;
        }
        let mut areas: Vec<BodyId> = self.in_force(&body.coverage).map(|held| held.value.body).collect();
        if areas.is_empty() {
            areas = self.known(&body.coverage).map(|held| held.value.body).collect();
        }
        areas.sort();
        areas.dedup();
        areas
    }

    /// The company that works, worked or will work in a contract package area.
    pub fn company_in(&self, package: BodyId) -> Option<(BodyId, Held<'d, BodyId>)> {
        self.nearest(&self.body(package).operation, |_| true).map(|held| (*held.value, held))
    }

    /// The contract package area of a company; none for any other body.
    pub fn package_of(&self, crc: BodyId) -> Option<BodyId> {
        (self.body(crc).identity.kind == BodyKind::Crc).then_some(())?;
        self.nearest(&self.body(crc).operation, |_| true).map(|held| *held.value)
    }

    /// The owner of a company that answers for the day.
    pub fn owner(&self, crc: BodyId) -> Option<Held<'d, Share>> {
        self.nearest(&self.body(crc).ownership, |_| true)
    }

    /// The companies of an owner on the day; every one that it ever owned where it owns none then.
    pub fn companies_of(&self, owner: BodyId) -> Vec<(BodyId, Held<'d, Share>)> {
        let rows = &self.body(owner).ownership;
        let mut held: Vec<_> = self.in_force(rows).map(|held| (held.value.body, held)).collect();
        if held.is_empty() {
            held = self.known(rows).map(|held| (held.value.body, held)).collect();
        }
        held.sort_by_key(|(id, _)| *id);
        held
    }

    /// The division in which a contract package area lies: that of its areas, where they agree.
    pub fn division_of_package(&self, package: BodyId) -> Option<BodyId> {
        let mut divisions: Vec<BodyId> = self
            .areas(package)
            .into_iter()
            .filter_map(|area| self.covering(area, BodyKind::NpsDivision).map(|(id, _)| id))
            .collect();
        divisions.sort();
        divisions.dedup();
        match divisions.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Who is in charge of probation in an area on the day.
    pub fn in_charge(&self, area: BodyId) -> InCharge {
        if self.moment.on < PROBATION_RECORDED_FROM {
            return InCharge::NotRecorded;
        }
        let order = [
            BodyKind::ProbationTrust,
            BodyKind::NpsDivision,
            BodyKind::ContractPackageArea,
            BodyKind::ProbationRegion,
        ];
        let mut found = Vec::new();
        for kind in order {
            for held in self.in_force(&self.body(area).coverage).filter(|held| held.value.kind == kind) {
                match kind {
                    // The place is not in charge: the company that works in it is.
                    BodyKind::ContractPackageArea => found.extend(
                        self.company_in(held.value.body)
                            .filter(|(_, held)| held.in_force)
                            .map(|(crc, _)| crc),
                    ),
                    _ => found.push(held.value.body),
                }
            }
        }
        InCharge::Recorded(found)
    }

    /// Whether the other calendar says otherwise of an area; none outside the window in which they differ.
    pub fn other_calendar_differs(&self, area: BodyId) -> Option<bool> {
        let moment = Moment { calendar: self.moment.calendar.other(), ..self.moment };
        crate::domain::calendar::in_window(self.moment.on)
            .then(|| self.in_charge(area) != self.directory.at(moment).in_charge(area))
    }

    /// The set of local authorities that was known.
    pub fn authorities(&self) -> Option<&'d AuthoritySet> {
        self.directory.reference.sets.iter().find(|set| {
            set.data_set.name == "LOCAL_AUTHORITIES" && set.data_set.recorded.contains(self.moment.known)
        })
    }

    /// The board of an area that was known, with its name for the day.
    pub fn board(&self, area: BodyId) -> Option<(BoardId, Held<'d, String>)> {
        self.body(area)
            .boards
            .iter()
            .find_map(|id| self.nearest(&self.directory.board(*id).names, |_| true).map(|held| (*id, held)))
    }

    /// What a post is on the day.
    pub fn post(&self, id: PostId) -> Option<Held<'d, super::PostDescription>> {
        self.nearest(&self.directory.post(id).descriptions, |_| true)
    }

    /// Who holds a post on the day; none where no source speaks of that day. People are never moved by a calendar.
    pub fn holder(&self, id: PostId) -> Option<Held<'d, String>> {
        let on = self.moment.on;
        self.directory
            .post(id)
            .holders
            .iter()
            .find(|row| row.recorded.contains(self.moment.known) && row.valid.contains(on))
            .map(|row| self.held(row, on, false))
    }
}
