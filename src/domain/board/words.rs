//! How findings name seats, bodies, days and fields. Nothing here names a person.

use super::{AgencyKind, Authority, Meeting, SeatBasis, SeatBody, SeatOn};
use crate::domain::organisation::BodyKind;
use chrono::NaiveDate;
use std::fmt::Display;

/// A body, with its kind where a plain name is that of several: a division and a region are both "North West".
pub fn body(body: &SeatBody) -> String {
    let name = &body.name;
    match body.kind {
        BodyKind::NpsDivision if !name.starts_with("NPS ") => format!("NPS {name}"),
        BodyKind::ProbationTrust if !name.contains("Probation") => format!("{name} Probation Trust"),
        BodyKind::ProbationRegion if !name.contains("Probation") => format!("{name} Probation Region"),
        _ => name.clone(),
    }
}

/// A seat, by its slug and the body that it belongs to.
pub fn seat(seat: &SeatOn) -> String {
    seat_of(&seat.slug, seat.body.as_ref())
}

/// A seat of a slug and a body, whether it is still in force or not.
pub fn seat_of(slug: &str, body: Option<&SeatBody>) -> String {
    match body {
        Some(body) => format!("seat {slug} of {}", self::body(body)),
        None => format!("seat {slug}"),
    }
}

/// Seats, in a list.
pub fn seats<'s>(all: impl IntoIterator<Item = &'s SeatOn>) -> String {
    list(all.into_iter().map(seat))
}

/// Bodies, in a list.
pub fn bodies<'b>(all: impl IntoIterator<Item = &'b SeatBody>) -> String {
    list(all.into_iter().map(body))
}

/// What is listed, with commas and "and".
pub fn list<T: Display>(all: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = all.into_iter().map(|item| item.to_string()).collect();
    match items.pop() {
        None => "none".to_owned(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}

/// A number of things: "1 meeting", "2 meetings".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "is" of one thing, "are" of others.
pub fn is(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// A member of the Responsible Authority.
pub fn authority(authority: Authority) -> &'static str {
    match authority {
        Authority::Police => "the police",
        Authority::Probation => "probation",
        Authority::Prison => "the prison service",
    }
}

/// A kind of agency, as its members are called.
pub fn kind(kind: AgencyKind) -> &'static str {
    match kind {
        AgencyKind::YouthOffendingTeam => "youth offending teams",
        AgencyKind::JobcentrePlus => "Jobcentre Plus",
        AgencyKind::NhsEngland => "NHS England",
        AgencyKind::EducationAuthority => "education authorities",
        AgencyKind::HousingAuthority => "housing authorities",
        AgencyKind::SocialServicesAuthority => "social services authorities",
        AgencyKind::SocialLandlord => "social landlords",
        AgencyKind::HealthAuthority => "Health Authorities",
        AgencyKind::CommissioningGroupOrHealthBoard => {
            "clinical commissioning groups and Local Health Boards"
        }
        AgencyKind::NhsTrust => "NHS trusts",
        AgencyKind::ElectronicMonitoringProvider => "providers of electronic monitoring",
        AgencyKind::HomeOfficeImmigration => "immigration functions of the Home Office",
    }
}

/// Field of the seats on a basis, where none is recorded.
pub fn seats_field(basis: SeatBasis) -> String {
    format!("seats.{}", basis.code())
}

/// A field of a seat.
pub fn seat_field(seat: &SeatOn, field: &str) -> String {
    format!("seats.{}.{field}", seat.slug)
}

/// A field of a meeting.
pub fn meeting_field(meeting: &Meeting, field: &str) -> String {
    format!("meetings.{}.{field}", meeting.on)
}

/// A span from its first to its last day.
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    format!("from {first} to {last}")
}
