//! The tables as diesel sees them, for loading a snapshot. A test compares them with the catalogue.

#![allow(missing_docs, reason = "the migrations comment every table and column")]

use diesel::table;

table! { head (singleton) { singleton -> Bool, version -> BigInt, } }
table! { change (version) { version -> BigInt, at -> Timestamptz, } }
table! { source (id) { id -> BigInt, fact -> BigInt, key -> Text, title -> Text, location -> Text, supports -> Text, recorded -> Int8range, } }
table! { body (id) { id -> BigInt, kind -> Text, slug -> Text, country -> Text, recorded -> Int8range, } }
table! { body_period (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { body_name (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, usage -> Text, name -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { body_code (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, scheme -> Text, code -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { coverage (id) { id -> BigInt, fact -> BigInt, area_id -> BigInt, kind -> Text, body_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { operation (id) { id -> BigInt, fact -> BigInt, package_id -> BigInt, crc_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { ownership (id) { id -> BigInt, fact -> BigInt, crc_id -> BigInt, owner_id -> BigInt, partners -> Nullable<Text>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { succession (id) { id -> BigInt, fact -> BigInt, predecessor_id -> BigInt, successor_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { statement (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, field -> Text, value -> Text, used -> Text, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { post (id) { id -> BigInt, slug -> Text, recorded -> Int8range, } }
table! { post_description (id) { id -> BigInt, fact -> BigInt, post_id -> BigInt, title -> Text, body_id -> BigInt, reports_to_id -> Nullable<BigInt>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { post_holder (id) { id -> BigInt, fact -> BigInt, post_id -> BigInt, holder -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { board (id) { id -> BigInt, slug -> Text, area_id -> BigInt, recorded -> Int8range, } }
table! { board_description (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, name -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { data_set (id) { id -> BigInt, name -> Text, as_of -> Date, row_count -> Integer, recorded -> Int8range, } }
table! { local_authority (data_set_id, code) { data_set_id -> BigInt, code -> Text, name -> Text, welsh_name -> Nullable<Text>, #[sql_name = "type"] kind -> Text, upper_tier_code -> Nullable<Text>, upper_tier_name -> Nullable<Text>, police_force_area_code -> Text, area_slug -> Text, first_day -> Nullable<Date>, successor_code -> Nullable<Text>, successor_name -> Nullable<Text>, successor_from -> Nullable<Date>, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { agency_duty (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, kind -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { mailbox (id) { id -> BigInt, fact -> BigInt, body_id -> BigInt, purpose -> Text, address -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { seat (id) { id -> BigInt, board_id -> BigInt, slug -> Text, recorded -> Int8range, } }
table! { seat_description (id) { id -> BigInt, fact -> BigInt, seat_id -> BigInt, seat_basis -> Text, title -> Text, body_id -> Nullable<BigInt>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { vacancy (id) { id -> BigInt, fact -> BigInt, seat_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { person (id) { id -> BigInt, key -> Text, recorded -> Int8range, } }
table! { person_name (person_id) { person_id -> BigInt, name -> Nullable<Text>, review_on -> Date, erased_version -> Nullable<BigInt>, } }
table! { person_body (id) { id -> BigInt, fact -> BigInt, person_id -> BigInt, body_id -> BigInt, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { person_merge (id) { id -> BigInt, fact -> BigInt, person_id -> BigInt, into_id -> BigInt, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { appointment (id) { id -> BigInt, fact -> BigInt, seat_id -> BigInt, person_id -> BigInt, appointed_by -> Nullable<Text>, end_reason -> Nullable<Text>, renewal_of -> Nullable<BigInt>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { office (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, kind -> Text, person_id -> Nullable<BigInt>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { deputy (id) { id -> BigInt, fact -> BigInt, seat_id -> BigInt, person_id -> BigInt, may_commit -> Nullable<Bool>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { meeting (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, held_on -> Date, is_chaired -> Nullable<Bool>, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { meeting_attendance (id) { id -> BigInt, fact -> BigInt, meeting -> BigInt, seat_id -> BigInt, attendance -> Text, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { board_document (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, kind -> Text, url -> Nullable<Text>, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { annual_report (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, year -> Integer, published_on -> Nullable<Date>, url -> Nullable<Text>, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { review (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, held_on -> Date, consulted_lay_advisers -> Nullable<Bool>, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { declaration (id) { id -> BigInt, fact -> BigInt, person_id -> BigInt, board_id -> BigInt, kind -> Text, holds -> Bool, declared_by -> Text, valid -> Daterange, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }
table! { attestation (id) { id -> BigInt, fact -> BigInt, board_id -> BigInt, subject -> Text, seat_id -> Nullable<BigInt>, confirmed_on -> Date, confirmed_by -> Text, recorded -> Int8range, source -> Text, basis -> Text, note -> Nullable<Text>, } }

diesel::allow_tables_to_appear_in_same_query!(person, person_name);
