//! The seed files of agencies and seats, and the statements that read and write them.
//!
//! What every relation is stands in `relations`.

use super::relations::{
    BASIS, Cell, Column, Exclusion, FROM, LAST_DAY, NOTE, Pointer, Relation, SLUG, SOURCE, Target, close,
    column, tail,
};
use crate::domain::board::{AgencyKind, SeatBasis};

/// As what an agency has the duty to co-operate.
pub(super) const DUTY: Column = column(
    "duty",
    Cell::Known {
        is_known: |code| AgencyKind::from_code(code).is_some(),
        wanted: "a kind under the duty to co-operate, for example YOUTH_OFFENDING_TEAM",
    },
);

/// Why a seat exists.
pub(super) const SEAT_BASIS: Column = column(
    "seat_basis",
    Cell::Known {
        is_known: |code| SeatBasis::from_code(code).is_some(),
        wanted: "why a seat exists, for example DTC",
    },
);

/// As what agencies have the duty to co-operate.
pub const AGENCY_DUTIES: Relation = Relation {
    name: "agency_duties",
    file: "agency_duties.csv",
    columns: &[column("agency", Cell::Slug), DUTY, FROM, LAST_DAY, SOURCE, BASIS, NOTE],
    key: &["agency", "duty", "from"],
    pointers: &[Pointer { column: "agency", target: Target::Body("AGENCY") }],
    exclusions: &[Exclusion { columns: &["agency", "duty"], only: None }],
    identity: None,
    insert: "INSERT INTO agency_duty (fact, body_id, kind, valid, source, basis, note) \
        SELECT r.fact, b.id, r.duty, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
        FROM jsonb_to_recordset($1) AS r(fact bigint, agency text, duty text, \"from\" date, last_day date, source text, basis text, note text) \
        JOIN body b ON b.kind = 'AGENCY' AND b.slug = r.agency",
    close: close!("agency_duty"),
    current: concat!(
        "SELECT d.fact, jsonb_build_object('agency', b.slug, 'duty', d.kind, ",
        tail!("d"),
        "FROM agency_duty d JOIN body b ON b.id = d.body_id WHERE upper_inf(d.recorded)"
    ),
};

/// Seats on boards.
pub const SEATS: Relation = Relation {
    name: "seats",
    file: "seats.csv",
    columns: &[
        column("mappa_area", Cell::Slug),
        SLUG,
        SEAT_BASIS,
        column("title", Cell::Name),
        column("body_kind", Cell::OptionalKind),
        column("body", Cell::OptionalSlug),
        FROM,
        LAST_DAY,
        SOURCE,
        BASIS,
        NOTE,
    ],
    key: &["mappa_area", "slug", "from"],
    pointers: &[
        Pointer { column: "mappa_area", target: Target::Board },
        Pointer { column: "body", target: Target::OptionalBodyOfKindIn("body_kind") },
    ],
    exclusions: &[Exclusion { columns: &["mappa_area", "slug"], only: None }],
    identity: Some(
        "INSERT INTO seat (board_id, slug) SELECT DISTINCT b.id, r.slug FROM jsonb_to_recordset($1) AS r(mappa_area text, slug text) \
        JOIN board b ON b.slug = r.mappa_area \
        WHERE NOT EXISTS (SELECT FROM seat s WHERE s.board_id = b.id AND s.slug = r.slug)",
    ),
    insert: "INSERT INTO seat_description (fact, seat_id, board_id, seat_basis, title, body_id, body_kind, valid, source, basis, note) \
        SELECT r.fact, s.id, b.id, r.seat_basis, r.title, o.id, o.kind, daterange(r.from, r.last_day, '[]'), r.source, r.basis, r.note \
        FROM jsonb_to_recordset($1) AS r(fact bigint, mappa_area text, slug text, seat_basis text, title text, body_kind text, body text, \
          \"from\" date, last_day date, source text, basis text, note text) \
        JOIN board b ON b.slug = r.mappa_area JOIN seat s ON s.board_id = b.id AND s.slug = r.slug \
        LEFT JOIN body o ON o.kind = r.body_kind AND o.slug = r.body \
        WHERE (o.id IS NULL) = (r.body IS NULL)",
    close: close!("seat_description"),
    current: concat!(
        "SELECT d.fact, jsonb_build_object('mappa_area', b.slug, 'slug', s.slug, 'seat_basis', d.seat_basis, 'title', d.title, ",
        "'body_kind', o.kind, 'body', o.slug, ",
        tail!("d"),
        "FROM seat_description d JOIN seat s ON s.id = d.seat_id JOIN board b ON b.id = d.board_id ",
        "LEFT JOIN body o ON o.id = d.body_id WHERE upper_inf(d.recorded)"
    ),
};
