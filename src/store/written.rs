//! How each kind of row is written: its statement, and the record that the statement reads.
//!
//! Bodies, boards, seats and persons are found by their keys; a statement that finds one of them missing writes no row,
//! and the writer refuses the whole.

use crate::directory::change::{Identity, NewRow, Number, Table};
use crate::domain::board::codes::{Confirmed, DeclaredBy, DocumentKind, MailboxPurpose, Office};
use crate::domain::board::{AppointedBy, Attendance, DeclarationKind, EndReason};
use crate::domain::period::Period;
use crate::domain::source::ADMIN;
use serde_json::{Value, json};

/// Reads the one row of $1 under the name `r`, with the columns that every fact has and those of a table.
macro_rules! row {
    ($($columns:literal),*) => {
        concat!(
            "FROM jsonb_to_record($1) AS r(fact bigint, source text, basis text, \"from\" date, until date",
            $(", ", $columns,)*
            ") "
        )
    };
}

/// The columns that every fact has.
macro_rules! cited {
    () => {
        "r.source, r.basis "
    };
}

/// Joins a body of the row.
macro_rules! body {
    () => {
        "JOIN body b ON b.kind = r.body_kind AND b.slug = r.body "
    };
}

/// Joins the board of the row.
macro_rules! board {
    () => {
        "JOIN board d ON d.slug = r.board "
    };
}

/// Joins the board of the row and its seat.
macro_rules! seat {
    () => {
        "JOIN board d ON d.slug = r.board JOIN seat s ON s.board_id = d.id AND s.slug = r.seat "
    };
}

/// Joins the person of the row.
macro_rules! person {
    () => {
        "JOIN person p ON p.key = r.person "
    };
}

/// The days of the row.
macro_rules! valid {
    () => {
        "daterange(r.from, r.until)"
    };
}

/// The statement that adds a row of a table.
pub fn insert_into(table: Table) -> &'static str {
    match table {
        Table::BodyPeriod => concat!(
            "INSERT INTO body_period (fact, body_id, valid, source, basis) SELECT r.fact, b.id, ",
            valid!(),
            ", ",
            cited!(),
            row!("body_kind text, body text"),
            body!()
        ),
        Table::BodyName => concat!(
            "INSERT INTO body_name (fact, body_id, usage, name, valid, source, basis) ",
            "SELECT r.fact, b.id, r.usage, r.name, ",
            valid!(),
            ", ",
            cited!(),
            row!("body_kind text, body text, usage text, name text"),
            body!()
        ),
        Table::Coverage => concat!(
            "INSERT INTO coverage (fact, area_id, kind, body_id, valid, source, basis) ",
            "SELECT r.fact, a.id, b.kind, b.id, ",
            valid!(),
            ", ",
            cited!(),
            row!("area text, body_kind text, body text"),
            body!(),
            "JOIN body a ON a.kind = 'MAPPA_AREA' AND a.slug = r.area"
        ),
        Table::Ownership => concat!(
            "INSERT INTO ownership (fact, crc_id, owner_id, partners, valid, source, basis) ",
            "SELECT r.fact, c.id, o.id, r.partners, ",
            valid!(),
            ", ",
            cited!(),
            row!("crc text, owner text, partners text"),
            "JOIN body c ON c.kind = 'CRC' AND c.slug = r.crc JOIN body o ON o.kind = 'CRC_OWNER' AND o.slug = r.owner"
        ),
        Table::AgencyDuty => concat!(
            "INSERT INTO agency_duty (fact, body_id, kind, valid, source, basis) ",
            "SELECT r.fact, b.id, r.kind, ",
            valid!(),
            ", ",
            cited!(),
            row!("agency text, kind text"),
            "JOIN body b ON b.kind = 'AGENCY' AND b.slug = r.agency"
        ),
        Table::Mailbox => concat!(
            "INSERT INTO mailbox (fact, body_id, purpose, address, valid, source, basis) ",
            "SELECT r.fact, b.id, r.purpose, r.address, ",
            valid!(),
            ", ",
            cited!(),
            row!("body_kind text, body text, purpose text, address text"),
            body!()
        ),
        Table::PostHolder => concat!(
            "INSERT INTO post_holder (fact, post_id, holder, valid, source, basis) ",
            "SELECT r.fact, o.id, r.holder, ",
            valid!(),
            ", ",
            cited!(),
            row!("post text, holder text"),
            "JOIN post o ON o.slug = r.post"
        ),
        Table::SeatDescription => concat!(
            "INSERT INTO seat_description (fact, seat_id, board_id, seat_basis, title, body_id, body_kind, valid, source, basis) ",
            "SELECT r.fact, s.id, d.id, r.seat_basis, r.title, b.id, b.kind, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, seat text, seat_basis text, title text, body_kind text, body text"),
            seat!(),
            "LEFT ",
            body!(),
            "WHERE (b.id IS NULL) = (r.body IS NULL)"
        ),
        Table::Vacancy => concat!(
            "INSERT INTO vacancy (fact, seat_id, valid, source, basis) SELECT r.fact, s.id, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, seat text"),
            seat!()
        ),
        Table::PersonBody => concat!(
            "INSERT INTO person_body (fact, person_id, body_id, valid, source, basis) ",
            "SELECT r.fact, p.id, b.id, ",
            valid!(),
            ", ",
            cited!(),
            row!("person text, body_kind text, body text"),
            person!(),
            body!()
        ),
        Table::PersonMerge => concat!(
            "INSERT INTO person_merge (fact, person_id, into_id, source, basis) SELECT r.fact, p.id, i.id, ",
            cited!(),
            row!("person text, \"into\" text"),
            person!(),
            "JOIN person i ON i.key = r.into"
        ),
        Table::Appointment => concat!(
            "INSERT INTO appointment (fact, seat_id, board_id, person_id, appointed_by, end_reason, renewal_of, valid, source, basis) ",
            "SELECT r.fact, s.id, d.id, p.id, r.appointed_by, r.end_reason, r.renewal_of, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, seat text, person text, appointed_by text, end_reason text, renewal_of bigint"),
            seat!(),
            person!()
        ),
        Table::Office => concat!(
            "INSERT INTO office (fact, board_id, kind, person_id, valid, source, basis) ",
            "SELECT r.fact, d.id, r.office, p.id, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, office text, person text"),
            board!(),
            "LEFT ",
            person!(),
            "WHERE (p.id IS NULL) = (r.person IS NULL)"
        ),
        Table::Deputy => concat!(
            "INSERT INTO deputy (fact, seat_id, person_id, may_commit, valid, source, basis) ",
            "SELECT r.fact, s.id, p.id, r.may_commit, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, seat text, person text, may_commit boolean"),
            seat!(),
            person!()
        ),
        Table::Meeting => concat!(
            "INSERT INTO meeting (fact, board_id, held_on, is_chaired, source, basis) ",
            "SELECT r.fact, d.id, r.held_on, r.is_chaired, ",
            cited!(),
            row!("board text, held_on date, is_chaired boolean"),
            board!()
        ),
        Table::Attendance => concat!(
            "INSERT INTO meeting_attendance (fact, meeting, board_id, seat_id, attendance, source, basis) ",
            "SELECT r.fact, r.meeting, d.id, s.id, r.attendance, ",
            cited!(),
            row!("board text, seat text, meeting bigint, attendance text"),
            seat!()
        ),
        Table::Document => concat!(
            "INSERT INTO board_document (fact, board_id, kind, url, valid, source, basis) ",
            "SELECT r.fact, d.id, r.document, r.url, ",
            valid!(),
            ", ",
            cited!(),
            row!("board text, document text, url text"),
            board!()
        ),
        Table::Report => concat!(
            "INSERT INTO annual_report (fact, board_id, year, published_on, url, source, basis) ",
            "SELECT r.fact, d.id, r.year, r.published_on, r.url, ",
            cited!(),
            row!("board text, year integer, published_on date, url text"),
            board!()
        ),
        Table::Review => concat!(
            "INSERT INTO review (fact, board_id, held_on, consulted_lay_advisers, source, basis) ",
            "SELECT r.fact, d.id, r.held_on, r.consulted, ",
            cited!(),
            row!("board text, held_on date, consulted boolean"),
            board!()
        ),
        Table::Declaration => concat!(
            "INSERT INTO declaration (fact, person_id, board_id, kind, holds, declared_by, valid, source, basis) ",
            "SELECT r.fact, p.id, d.id, r.declaration, r.holds, r.declared_by, ",
            valid!(),
            ", ",
            cited!(),
            row!("person text, board text, declaration text, holds boolean, declared_by text"),
            person!(),
            board!()
        ),
        Table::Attestation => concat!(
            "INSERT INTO attestation (fact, board_id, subject, seat_id, confirmed_on, confirmed_by, source, basis) ",
            "SELECT r.fact, d.id, r.subject, s.id, r.confirmed_on, r.confirmed_by, ",
            cited!(),
            row!("board text, subject text, seat text, confirmed_on date, confirmed_by text"),
            board!(),
            "LEFT JOIN seat s ON s.board_id = d.id AND s.slug = r.seat WHERE (s.id IS NULL) = (r.seat IS NULL)"
        ),
    }
}

/// The statement that adds an identity, and its record.
pub fn identity(identity: &Identity) -> (&'static str, Value) {
    match identity {
        Identity::Person(key) => (
            "INSERT INTO person (key) SELECT r.key FROM jsonb_to_record($1) AS r(key text)",
            json!({ "key": key }),
        ),
        Identity::Seat(seat) => (
            "INSERT INTO seat (board_id, slug) SELECT d.id, r.seat FROM jsonb_to_record($1) AS r(board text, seat text) JOIN board d ON d.slug = r.board",
            json!({ "board": seat.board, "seat": seat.seat }),
        ),
        Identity::Body(kind, slug, country) => (
            "INSERT INTO body (kind, slug, country) SELECT r.kind, r.slug, r.country FROM jsonb_to_record($1) AS r(kind text, slug text, country text)",
            json!({ "kind": kind.code(), "slug": slug, "country": country }),
        ),
    }
}

/// The record of a row: `numbers` are those of the new facts of the change.
pub fn record(fact: i64, row: &NewRow, numbers: &[i64]) -> Value {
    let mut record = content(row, numbers);
    record["fact"] = json!(fact);
    // A published source may name the holder of a post; everything else rests on whoever recorded it.
    let (source, basis) = match row {
        NewRow::PostHolder { source, .. } => (source.as_str(), "PUBLISHED"),
        _ => (ADMIN, "RECORDED"),
    };
    record["source"] = json!(source);
    record["basis"] = json!(basis);
    if let Some(valid) = days(row) {
        record["from"] = json!(valid.from());
        record["until"] = json!(valid.until());
    }
    record
}

/// The number of a fact, where it is known or drawn.
pub fn number(number: Number, numbers: &[i64]) -> Option<i64> {
    match number {
        Number::Known(fact) => Some(fact),
        Number::New(nth) => numbers.get(nth).copied(),
    }
}

fn days(row: &NewRow) -> Option<Period> {
    match row {
        NewRow::BodyPeriod { valid, .. }
        | NewRow::BodyName { valid, .. }
        | NewRow::Coverage { valid, .. }
        | NewRow::Ownership { valid, .. }
        | NewRow::AgencyDuty { valid, .. }
        | NewRow::Mailbox { valid, .. }
        | NewRow::PostHolder { valid, .. }
        | NewRow::SeatDescription { valid, .. }
        | NewRow::Vacancy { valid, .. }
        | NewRow::PersonBody { valid, .. }
        | NewRow::Appointment { valid, .. }
        | NewRow::Office { valid, .. }
        | NewRow::Deputy { valid, .. }
        | NewRow::Document { valid, .. }
        | NewRow::Declaration { valid, .. } => Some(*valid),
        NewRow::PersonMerge { .. }
        | NewRow::Meeting { .. }
        | NewRow::Attendance { .. }
        | NewRow::Report { .. }
        | NewRow::Review { .. }
        | NewRow::Attestation { .. } => None,
    }
}

fn content(row: &NewRow, numbers: &[i64]) -> Value {
    match row {
        NewRow::BodyPeriod { body: (kind, body), .. } => json!({ "body_kind": kind.code(), "body": body }),
        NewRow::BodyName { body: (kind, body), usage, name, .. } => {
            json!({ "body_kind": kind.code(), "body": body, "usage": usage.code(), "name": name })
        }
        NewRow::Coverage { area, body: (kind, body), .. } => {
            json!({ "area": area, "body_kind": kind.code(), "body": body })
        }
        NewRow::Ownership { crc, owner, partners, .. } => {
            json!({ "crc": crc, "owner": owner, "partners": partners })
        }
        NewRow::AgencyDuty { agency, kind, .. } => json!({ "agency": agency, "kind": kind.code() }),
        NewRow::Mailbox { body: (kind, body), purpose, address, .. } => json!({
            "body_kind": kind.code(), "body": body, "purpose": code(&MailboxPurpose::ALL, purpose), "address": address.written(),
        }),
        NewRow::PostHolder { post, holder, .. } => json!({ "post": post, "holder": holder.written() }),
        NewRow::SeatDescription { seat, basis, title, body, .. } => json!({
            "board": seat.board, "seat": seat.seat, "seat_basis": basis.code(), "title": title,
            "body_kind": body.as_ref().map(|(kind, _)| kind.code()), "body": body.as_ref().map(|(_, slug)| slug),
        }),
        NewRow::Vacancy { seat, .. } => json!({ "board": seat.board, "seat": seat.seat }),
        NewRow::PersonBody { person, body: (kind, body), .. } => {
            json!({ "person": person, "body_kind": kind.code(), "body": body })
        }
        NewRow::PersonMerge { person, into } => json!({ "person": person, "into": into }),
        NewRow::Appointment { seat, person, appointed_by, end_reason, renewal_of, .. } => json!({
            "board": seat.board, "seat": seat.seat, "person": person, "renewal_of": renewal_of,
            "appointed_by": appointed_by.as_ref().map(|by| code(&AppointedBy::ALL, by)),
            "end_reason": end_reason.as_ref().map(|reason| code(&EndReason::ALL, reason)),
        }),
        NewRow::Office { board, office, person, .. } => {
            json!({ "board": board, "office": code(&Office::ALL, office), "person": person })
        }
        NewRow::Deputy { seat, person, may_commit, .. } => {
            json!({ "board": seat.board, "seat": seat.seat, "person": person, "may_commit": may_commit })
        }
        NewRow::Meeting { board, held_on, is_chaired } => {
            json!({ "board": board, "held_on": held_on, "is_chaired": is_chaired })
        }
        NewRow::Attendance { meeting, seat, attendance } => json!({
            "board": seat.board, "seat": seat.seat, "meeting": number(*meeting, numbers),
            "attendance": code(&Attendance::ALL, attendance),
        }),
        NewRow::Document { board, kind, url, .. } => {
            json!({ "board": board, "document": code(&DocumentKind::ALL, kind), "url": url })
        }
        NewRow::Report { board, year, published_on, url } => {
            json!({ "board": board, "year": year, "published_on": published_on, "url": url })
        }
        NewRow::Review { board, held_on, consulted_lay_advisers } => {
            json!({ "board": board, "held_on": held_on, "consulted": consulted_lay_advisers })
        }
        NewRow::Declaration { person, board, kind, holds, declared_by, .. } => json!({
            "person": person, "board": board, "declaration": code(&DeclarationKind::ALL, kind), "holds": holds,
            "declared_by": code(&DeclaredBy::ALL, declared_by),
        }),
        NewRow::Attestation { board, subject, seat, confirmed_on, by } => json!({
            "board": board, "subject": code(&Confirmed::ALL, subject), "seat": seat, "confirmed_on": confirmed_on,
            "confirmed_by": by,
        }),
    }
}

/// The code of a value that stands in a list of codes.
fn code<T: PartialEq>(all: &[(T, &'static str)], value: &T) -> &'static str {
    all.iter().find(|(known, _)| known == value).map_or("", |(_, code)| code)
}
