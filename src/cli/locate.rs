//! `locate`: one place, answered as a person reads it.

use super::Failure;
use super::database::Database;
use crate::directory::lookup::{Located, Place, PlaceFault, Precision};
use crate::directory::view::{InCharge, View};
use crate::directory::{AuthorityId, BodyId};
use crate::domain::calendar::Calendar;
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory locate Sefton
  probation-directory locate --authority E08000014 --on 2014-05-01 --calendar operational
  probation-directory locate --code NDELIUS=C06 --on 2016-01-01";

/// What to locate.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("place").required(true).args(["name", "area", "authority", "force", "code"])))]
pub struct Arguments {
    /// A bare name: tried as area, alias, authority and force, then as trust, division, company or region.
    name: Option<String>,
    /// Slug or name of a MAPPA area.
    #[arg(long)]
    area: Option<String>,
    /// ONS code or name of a local authority.
    #[arg(long)]
    authority: Option<String>,
    /// Slug or name of a police force.
    #[arg(long)]
    force: Option<String>,
    /// A code of a scheme.
    #[arg(long, value_name = "SCHEME=VALUE")]
    code: Option<String>,
    /// The day asked about; the directory date where none is given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<NaiveDate>,
    /// The calendar on which it is read.
    #[arg(long, value_enum, default_value = "published")]
    calendar: CalendarArgument,
}

/// chrono also reads `2014-6-1`: only a day that is written as we would write it passes.
pub(super) fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let day: Option<NaiveDate> = text.parse().ok();
    day.filter(|day| day.to_string() == text).ok_or("a day is written YYYY-MM-DD")
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum CalendarArgument {
    Published,
    Operational,
}

impl Arguments {
    fn place(&self) -> Result<Place, Failure> {
        let given = [
            self.name.clone().map(Place::Name),
            self.area.clone().map(Place::MappaArea),
            self.authority.clone().map(Place::LocalAuthority),
            self.force.clone().map(Place::PoliceForce),
        ];
        if let Some(place) = given.into_iter().flatten().next() {
            return Ok(place);
        }
        let code = self.code.as_deref().and_then(|code| code.split_once('='));
        let (scheme, value) = code.ok_or_else(|| Failure::Usage("--code takes SCHEME=VALUE".to_owned()))?;
        Ok(Place::Code { scheme: scheme.to_owned(), value: value.to_owned() })
    }
}

/// Prints who covers a place.
pub fn locate(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let place = arguments.place()?;
    let connected = database.prepared()?;
    let directory = connected.run(connected.store.load_directory(None))?;
    let on = arguments.on.unwrap_or_else(|| database.directory_date());
    let calendar = match arguments.calendar {
        CalendarArgument::Published => Calendar::Published,
        CalendarArgument::Operational => Calendar::Operational,
    };
    let view = directory.view(on, calendar);
    match view.locate(&place) {
        Ok(located) => super::print(&answer(view, &located)),
        Err(fault) => Err(Failure::Failed(refusal(view, &fault))),
    }
}

fn answer(view: View<'_>, located: &Located) -> String {
    let calendar = match view.moment.calendar {
        Calendar::Published => "published",
        Calendar::Operational => "operational",
    };
    let mut lines =
        vec![format!("on {} ({calendar} calendar, version {})", view.moment.on, view.moment.known)];
    let mut line = |what: &str, text: String| lines.push(format!("  {what:<22}{text}"));
    if let Some(authority) = located.authority {
        line("local authority", authority_text(view, authority));
    }
    line("MAPPA area", view.plain_name(located.area).to_owned());
    let forces: Vec<&str> = located.forces.iter().map(|id| view.plain_name(*id)).collect();
    line("police", forces.join(", "));
    for (what, kind) in [
        ("probation trust", BodyKind::ProbationTrust),
        ("NPS division", BodyKind::NpsDivision),
        ("contract package area", BodyKind::ContractPackageArea),
        ("probation region", BodyKind::ProbationRegion),
    ] {
        if let Some((id, held)) = view.covering(located.area, kind) {
            line(
                what,
                format!(
                    "{} ({})",
                    view.plain_name(id),
                    days(held.period, view.is_recorded(id).then_some(held.in_force))
                ),
            );
            if let Some((crc, held)) = view.company_in(id).filter(|_| kind == BodyKind::ContractPackageArea) {
                line(
                    "company",
                    format!("{} ({})", view.plain_name(crc), days(held.period, Some(held.in_force))),
                );
            }
        }
    }
    let charge = match view.in_charge(located.area) {
        InCharge::NotRecorded => "not recorded for that day".to_owned(),
        InCharge::Recorded(ids) => {
            ids.iter().map(|id: &BodyId| view.plain_name(*id)).collect::<Vec<_>>().join("; ")
        }
    };
    line("in charge", charge);
    if view.other_calendar_differs(located.area) == Some(true) {
        line("note", "the other calendar names others in charge on that day".to_owned());
    }
    if located.precision == Precision::Area && located.forces.len() > 1 {
        line("note", "only the area is known, which has more than one force".to_owned());
    }
    lines.join("\n")
}

fn authority_text(view: View<'_>, id: AuthorityId) -> String {
    view.authorities().map_or_else(String::new, |set| {
        let row = &set.authority(id).row;
        match &row.successor {
            Some(next) if !row.in_force(view.moment.on) => {
                format!("{} ({}), from {} {} ({})", row.name, row.code, next.from, next.name, next.code)
            }
            _ => format!("{} ({})", row.name, row.code),
        }
    })
}

fn days(period: crate::domain::period::Period, in_force: Option<bool>) -> String {
    let last = period.last_day().map_or_else(String::new, |day| format!(" to {day}"));
    let state = match in_force {
        None => "not recorded for that day",
        Some(true) => "in force",
        Some(false) => "not in force that day",
    };
    format!(
        "{}{last}, {state}",
        if last.is_empty() { format!("from {}", period.from()) } else { period.from().to_string() }
    )
}

fn refusal(view: View<'_>, fault: &PlaceFault) -> String {
    match fault {
        PlaceFault::Unknown { .. } => {
            "no place of that name or code is held; check the spelling or give an ONS code".to_owned()
        }
        PlaceFault::OutOfScope { .. } => "that place lies outside England and Wales".to_owned(),
        PlaceFault::BadText { .. } => "a place is 1 to 200 characters without control characters".to_owned(),
        PlaceFault::UnknownScheme { held } => {
            format!("no code of that scheme is held; schemes: {}", held.join(", "))
        }
        PlaceFault::DayOutOfScope => {
            format!("the directory answers from {}", crate::domain::calendar::FIRST_DAY)
        }
        PlaceFault::Ambiguous { candidates, .. } => {
            let mut text = "that could be more than one place; ask for one of".to_owned();
            for candidate in candidates {
                let area = &view.body(candidate.area).identity.slug;
                match candidate.authority {
                    Some(id) => text.push_str(&format!("\n  --authority {}", authority_text(view, id))),
                    None => text.push_str(&format!("\n  --area {area}")),
                }
            }
            text
        }
    }
}
