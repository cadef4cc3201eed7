//! Orders about agencies under the duty to co-operate: register, amend, end.
//!
//! What of an agency ends, ends on a day; what was recorded stays visible to whoever asks what was known then.

use super::bodies::{LONGEST_NAME, Renaming};
use super::days::{chosen, ended};
use super::ground::{Ground, standing, text};
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{BodyKey, Identity, NewRow, Table, Write};
use super::summary::Summary;
use super::terms::next_number;
use super::{Decision, Order, Right, Scope};
use crate::directory::{Body, BodyId, Directory};
use crate::domain::board::AgencyKind;
use crate::domain::organisation::{BodyKind, LONGEST_SLUG, NameUsage, is_slug};
use crate::domain::period::Period;
use chrono::NaiveDate;

/// Countries that a body serves, as the directory names them.
pub const COUNTRIES: [&str; 3] = ["England", "Wales", "England and Wales"];

/// An agency that is not known yet.
#[derive(Clone, Debug)]
pub struct RegisterAgency {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The country that it serves.
    pub country: String,
    /// As what it has the duty.
    pub kinds: Vec<AgencyKind>,
    /// Slugs of the areas that it serves.
    pub areas: Vec<String>,
    /// First day of all that.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
}

/// What is recorded of an agency is another from a day on.
#[derive(Clone, Debug)]
pub struct AmendAgency {
    /// Its slug.
    pub agency: String,
    /// Another name.
    pub name: Option<String>,
    /// As what else it has the duty.
    pub add_kinds: Vec<AgencyKind>,
    /// As what it has the duty no longer.
    pub end_kinds: Vec<AgencyKind>,
    /// Slugs of areas that it serves as well.
    pub add_areas: Vec<String>,
    /// Slugs of areas that it serves no longer.
    pub end_areas: Vec<String>,
    /// The first day of what is new; what ends has its last day before.
    pub from: NaiveDate,
}

/// An agency ends, with its duties, areas and mailboxes.
#[derive(Clone, Debug)]
pub struct EndAgency {
    /// Its slug.
    pub agency: String,
    /// Its last day.
    pub last_day: NaiveDate,
}

fn key(slug: &str) -> BodyKey {
    (BodyKind::Agency, slug.to_owned())
}

fn scope(slug: &str) -> Scope {
    Scope::new(Right::National).with_body(BodyKind::Agency, slug)
}

/// Whether nothing stands twice in a list.
fn each_once<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().all(|(nth, it)| !list[..nth].contains(it))
}

fn twice(field: &'static str) -> Refusal {
    let message =
        format!("{field} has something twice, or something that is to begin and to end: give each once.");
    Refusal::new(RefusalCode::InvalidValue, field, message)
}

fn areas(ground: &Ground<'_>, slugs: &[String], field: &'static str) -> Result<Vec<BodyId>, Refusal> {
    slugs.iter().map(|slug| ground.body(BodyKind::MappaArea, slug, field)).collect()
}

fn boards(ground: &Ground<'_>, areas: &[BodyId]) -> Vec<String> {
    let boards = areas.iter().flat_map(|area| &ground.directory.body(*area).boards);
    boards.map(|board| ground.directory.board(*board).slug.clone()).collect()
}

fn duty(agency: &str, kind: AgencyKind, valid: Period) -> NewRow {
    NewRow::AgencyDuty { agency: agency.to_owned(), kind, valid }
}

fn coverage(agency: &str, area: &str, valid: Period) -> NewRow {
    NewRow::Coverage { area: area.to_owned(), body: key(agency), valid }
}

fn add(writes: &mut Vec<Write>, row: NewRow) {
    let number = next_number(writes);
    writes.push(Write::Add(number, row));
}

impl Order for RegisterAgency {
    fn action(&self) -> &'static str {
        "REGISTER_AGENCY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        scope(&self.slug)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let mut refusals = self.unfit(ground);
        let name = text(&self.name, "name", LONGEST_NAME).map_err(|refusal| refusals.push(refusal));
        let areas = areas(ground, &self.areas, "areas").map_err(|refusal| refusals.push(refusal));
        let valid = ground.period(self.from, self.last_day).map_err(|refusal| refusals.push(refusal));
        let (Ok(name), Ok(areas), Ok(valid), []) = (name, areas, valid, &refusals[..]) else {
            return Err(refusals);
        };
        let body = key(&self.slug);
        let identity = Identity::Body(BodyKind::Agency, self.slug.clone(), self.country.clone());
        let mut writes = vec![Write::Identity(identity)];
        add(&mut writes, NewRow::BodyPeriod { body: body.clone(), valid });
        add(&mut writes, NewRow::BodyName { body, usage: NameUsage::Name, name, valid });
        for kind in &self.kinds {
            add(&mut writes, duty(&self.slug, *kind, valid));
        }
        for area in &self.areas {
            add(&mut writes, coverage(&self.slug, area, valid));
        }
        let summary = Summary { on: Some(self.from), ..Summary::default() };
        let summary = summary.with_body(BodyKind::Agency, &self.slug).with_boards(boards(ground, &areas));
        Ok(Decision { writes, summary })
    }
}

impl RegisterAgency {
    fn unfit(&self, ground: &Ground<'_>) -> Refused {
        let mut refusals = Vec::new();
        let mut refuse = |is_unfit: bool, field: &'static str, message: String| {
            if is_unfit {
                refusals.push(Refusal::new(RefusalCode::InvalidValue, field, message));
            }
        };
        let message =
            format!("slug must have small letters, digits and single hyphens, at most {LONGEST_SLUG}.");
        refuse(!is_slug(&self.slug), "slug", message);
        let message = format!("country must be one of {}.", COUNTRIES.join(", "));
        refuse(!COUNTRIES.contains(&self.country.as_str()), "country", message);
        let message = "An agency has its duty as something: give at least one of kinds.".to_owned();
        refuse(self.kinds.is_empty(), "kinds", message);
        let message = "An agency serves some area: give at least one of areas.".to_owned();
        refuse(self.areas.is_empty(), "areas", message);
        refusals.extend((!each_once(&self.kinds)).then(|| twice("kinds")));
        refusals.extend((!each_once(&self.areas)).then(|| twice("areas")));
        if ground.directory.by_slug(BodyKind::Agency, &self.slug).is_some() {
            let message = "An agency has that slug: amend it, or give another slug.";
            refusals.push(Refusal::new(RefusalCode::AlreadyThere, "slug", message));
        }
        refusals
    }
}

impl Order for AmendAgency {
    fn action(&self) -> &'static str {
        "AMEND_AGENCY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        scope(&self.agency)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let agency =
            ground.body(BodyKind::Agency, &self.agency, "agency").map_err(|refusal| vec![refusal])?;
        let period = ground.day(self.from, "from").and_then(|from| ground.period_of(agency, from, "from"));
        let period = period.map_err(|refusal| vec![refusal])?;
        let mut refusals = Vec::new();
        if !each_once(&[&self.add_kinds[..], &self.end_kinds[..]].concat()) {
            refusals.push(twice("addKinds"));
        }
        if !each_once(&[&self.add_areas[..], &self.end_areas[..]].concat()) {
            refusals.push(twice("addAreas"));
        }
        let mut touched = Vec::new();
        for (slugs, field) in [(&self.add_areas, "addAreas"), (&self.end_areas, "endAreas")] {
            match areas(ground, slugs, field) {
                Ok(areas) => touched.extend(areas),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let body = ground.directory.body(agency);
        let writes = self.writes(ground, body, period)?;
        if writes.is_empty() {
            let message = "Nothing is to be changed: give a name, kinds or areas.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "input", message)]);
        }
        let summary = Summary { on: Some(self.from), ..Summary::default() };
        let summary = summary.with_body(BodyKind::Agency, &self.agency).with_boards(boards(ground, &touched));
        Ok(Decision { writes, summary: summary.with_boards(ground.boards_of(agency)) })
    }
}

impl AmendAgency {
    fn writes(&self, ground: &Ground<'_>, body: &Body, period: Period) -> Result<Vec<Write>, Refused> {
        let (mut writes, mut refusals) = (Vec::new(), Vec::new());
        if let Some(name) = &self.name {
            let key = key(&self.agency);
            let renaming = Renaming { body: &key, usage: NameUsage::Name, name, from: self.from };
            match renaming.writes(&body.names, period, 0) {
                Ok(renamed) => writes.extend(renamed),
                Err(refusal) => refusals.push(refusal),
            }
        }
        let again = |slug: &str| format!("{slug} is not recorded of the agency for that day and later.");
        for kind in &self.end_kinds {
            let rows = chosen(&body.duties, |it| it == kind);
            let gone = ended(Table::AgencyDuty, rows, self.from, |_, valid| duty(&self.agency, *kind, valid));
            if gone.is_empty() {
                let message = again(kind.code());
                refusals.push(Refusal::new(RefusalCode::UnknownRecord, "endKinds", message));
            }
            writes.extend(gone);
        }
        for area in &self.end_areas {
            let rows = chosen(&body.coverage, |link| ground.directory.body(link.body).identity.slug == *area);
            let gone =
                ended(Table::Coverage, rows, self.from, |_, valid| coverage(&self.agency, area, valid));
            if gone.is_empty() {
                refusals.push(Refusal::new(RefusalCode::UnknownRecord, "endAreas", again(area)));
            }
            writes.extend(gone);
        }
        let Some(days) = Period::new(self.from, period.until()) else {
            let message = "The agency does not exist on that day: give one of its period.";
            refusals.push(Refusal::new(RefusalCode::DateOutOfScope, "from", message));
            return Err(refusals);
        };
        let stands = |what: &str| format!("{what} is recorded of the agency for some of the days already.");
        for kind in &self.add_kinds {
            if standing(&body.duties).any(|row| row.value == *kind && row.valid.overlaps(&days)) {
                let message = stands(kind.code());
                refusals.push(Refusal::new(RefusalCode::Overlap, "addKinds", message));
            }
            add(&mut writes, duty(&self.agency, *kind, days));
        }
        for area in &self.add_areas {
            let is_it = |id: BodyId| ground.directory.body(id).identity.slug == *area;
            if standing(&body.coverage).any(|row| is_it(row.value.body) && row.valid.overlaps(&days)) {
                refusals.push(Refusal::new(RefusalCode::Overlap, "addAreas", stands(area)));
            }
            add(&mut writes, coverage(&self.agency, area, days));
        }
        if refusals.is_empty() { Ok(writes) } else { Err(refusals) }
    }
}

impl Order for EndAgency {
    fn action(&self) -> &'static str {
        "END_AGENCY"
    }

    fn scope(&self, _: &Directory) -> Scope {
        scope(&self.agency)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let refused = |code, message: String| Err(vec![Refusal::new(code, "lastDay", message)]);
        let agency =
            ground.body(BodyKind::Agency, &self.agency, "agency").map_err(|refusal| vec![refusal])?;
        ground.day(self.last_day, "lastDay").map_err(|refusal| vec![refusal])?;
        let body = ground.directory.body(agency);
        if !standing(&body.periods).any(|row| row.valid.contains(self.last_day)) {
            let message = "The agency does not exist on that day: give one of its period.".to_owned();
            return refused(RefusalCode::EndBeforeStart, message);
        }
        let Some(until) = self.last_day.succ_opt() else {
            return refused(RefusalCode::DateOutOfScope, "There is no day after that one.".to_owned());
        };
        let slug = &self.agency;
        let mut writes = ended(Table::BodyPeriod, standing(&body.periods), until, |_, valid| {
            NewRow::BodyPeriod { body: key(slug), valid }
        });
        if writes.is_empty() {
            let message = "The agency ends on that day already.".to_owned();
            return refused(RefusalCode::NothingToChange, message);
        }
        // A name that is cut to the days of its body still covers all of them.
        writes.extend(ended(Table::BodyName, standing(&body.names), until, |row, valid| NewRow::BodyName {
            body: key(slug),
            usage: row.value.usage,
            name: row.value.name.clone(),
            valid,
        }));
        writes.extend(ended(Table::AgencyDuty, standing(&body.duties), until, |row, valid| {
            duty(slug, row.value, valid)
        }));
        writes.extend(ended(Table::Coverage, standing(&body.coverage), until, |row, valid| {
            coverage(slug, &ground.directory.body(row.value.body).identity.slug, valid)
        }));
        writes.extend(ended(Table::Mailbox, standing(&body.mailboxes), until, |row, valid| {
            NewRow::Mailbox {
                body: key(slug),
                purpose: row.value.purpose,
                address: super::MailboxAddress::new(row.value.address.clone()),
                valid,
            }
        }));
        // The first day on which it shows is the one after the last.
        let summary = Summary { on: Some(until), ..Summary::default() }.with_body(BodyKind::Agency, slug);
        Ok(Decision { writes, summary: summary.with_boards(ground.boards_of(agency)) })
    }
}
