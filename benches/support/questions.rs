//! What servers are asked under load, and what a right answer to it looks like.
//!
//! Leaves to the benches whom they ask, how often, and how many questions there are.

use super::cases::{Numbered, SHORT};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

/// Which area, trust, division and company cover an authority.
const LOCATE: &str = "query Q($code: String!, $on: LocalDate) { locate(place: { localAuthority: $code }, on: $on) { mappaArea { name } probationTrust { name } npsDivision { name } crc { name } problems { code } } }";
/// All areas with what covers them; other servers are sent the same bytes.
const AREAS: &str = "query Q { mappaAreas(first: 50) { nodes { slug name probationTrust { slug name period { from lastDay } } npsDivision { slug name period { from lastDay } } crc { slug name period { from lastDay } } } } }";
/// Areas that there are.
const AREA_COUNT: usize = 42;
/// A page of authorities, with no other filter than that they are the listed ones.
const AUTHORITIES: &str = "query Q($after: String) { localAuthorities(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { code } } }";

/// The first day that is asked about; the restructure lies among the days that follow.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2013, 1, 1).expect("a day")
}

/// So many days from the first.
pub fn days(count: u64) -> impl Iterator<Item = NaiveDate> {
    (0..count).map(|number| first_day() + Days::new(number))
}

/// Bodies that ask who manages cases of which no two are alike.
pub fn routes(areas: &[String], count: usize) -> Vec<String> {
    let first_day = NaiveDate::from_ymd_opt(2014, 11, 1).expect("a day");
    let body = |number| {
        let case = Numbered::new(areas, first_day, number).input();
        json!({ "query": SHORT, "variables": { "case": case } }).to_string()
    };
    (0..count).map(body).collect()
}

/// A body that asks who covers an authority on a day.
pub fn locate(code: &str, on: NaiveDate) -> String {
    json!({ "query": LOCATE, "variables": { "code": code, "on": on.to_string() } }).to_string()
}

/// The body that asks for all areas.
pub fn areas() -> String {
    json!({ "query": AREAS }).to_string()
}

/// The body that asks for a page of authorities.
pub fn authorities(after: Option<&str>) -> String {
    json!({ "query": AUTHORITIES, "variables": { "after": after } }).to_string()
}

/// An answer without errors.
pub fn sound(body: &[u8]) -> Json {
    let answer: Json = serde_json::from_slice(body).expect("an answer in JSON");
    assert!(answer.get("errors").is_none(), "{answer}");
    answer
}

/// Sees to it that somebody manages the case of an answer.
pub fn is_managed(body: &[u8]) {
    let answer = sound(body);
    assert!(answer["data"]["route"]["manager"]["name"].is_string(), "{answer}");
}

/// Sees to it that the place of an answer was found, with everything that covers it.
pub fn is_located(body: &[u8]) {
    let answer = sound(body);
    let found = &answer["data"]["locate"];
    let covers = ["mappaArea", "probationTrust", "npsDivision", "crc"];
    assert!(covers.iter().all(|kind| found[kind]["name"].is_string()), "{answer}");
}

/// Sees to it that an answer has every area.
pub fn has_areas(body: &[u8]) {
    let answer = sound(body);
    let areas = answer["data"]["mappaAreas"]["nodes"].as_array().map_or(0, Vec::len);
    assert_eq!(areas, AREA_COUNT, "{answer}");
}

/// The `data` of an answer as it stands there: what else an answer holds is each server's own affair.
pub fn data(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Answer<'b> {
        #[serde(borrow)]
        data: &'b RawValue,
    }
    let answer: Answer<'_> = serde_json::from_slice(body).expect("an answer in JSON");
    answer.data.get().to_owned()
}
