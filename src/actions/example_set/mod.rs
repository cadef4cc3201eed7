//! The example set: made-up members, agencies and records for every board of the seed, the same on every run.
//!
//! Most boards come out sound; `troubles` says what is wrong with the others. Nobody in it can be taken for a real
//! person: names are "Example Person" and a number. What is made here is committed in `seed/examples`; loading it is
//! left to `load_examples`.

mod files;
mod troubles;

use crate::store::seed::SeedFiles;
use files::Files;
use troubles::{Trouble, has};

/// First day of most terms of members whom their own bodies send.
const SENT_FROM: &str = "2012-09-01";
/// Last day of a trust's cover, first and last day of the terms of its successor's members.
const TRUST_LAST_DAY: &str = "2014-05-31";
const DIVISION_FROM: &str = "2014-06-01";
const DIVISION_LAST_DAY: &str = "2017-05-31";
/// Days of the boards' meetings; the last two are after the restructure.
const MEETINGS: [&str; 5] = ["2013-09-10", "2013-12-10", "2014-03-11", "2014-06-17", "2014-09-16"];

/// The files of the example set by name, made from the boards and seats of a seed.
pub fn example_set(seed: &SeedFiles) -> Vec<(&'static str, String)> {
    let mut files = Files::default();
    files.add(
        "sources.csv",
        &[
            "EXAMPLE",
            "Example set of this program: every person and every agency in it is made up",
            "seed/examples",
            "boards with members and records for trying the service out; nothing in it is true",
        ],
    );
    for (index, board) in seed.rows("boards").iter().enumerate() {
        let area = board.text("mappa_area").to_owned();
        let seats = seed.rows("seats").iter().filter(|seat| seat.text("mappa_area") == area);
        let seats = seats.map(|seat| SeatOf {
            slug: seat.text("slug").to_owned(),
            basis: seat.text("seat_basis").to_owned(),
            body: (seat.text("body_kind").to_owned(), seat.text("body").to_owned()),
            last_day: seat.text("last_day").to_owned(),
        });
        let mut example = Example { files: &mut files, seats: seats.collect(), area, index };
        example.make();
    }
    files.written()
}

/// A seat of the seed, or one that the set adds.
#[derive(Clone)]
struct SeatOf {
    slug: String,
    basis: String,
    body: (String, String),
    last_day: String,
}

/// One board of the set while it is made.
struct Example<'f> {
    files: &'f mut Files,
    area: String,
    index: usize,
    seats: Vec<SeatOf>,
}

impl Example<'_> {
    fn make(&mut self) {
        if self.has(Trouble::NothingRecorded) {
            return;
        }
        self.agencies();
        let police = self.sent("police", "RA_POLICE");
        let probation = self.probation();
        self.prison();
        self.lay_advisers();
        let coordinator = self.files.person();
        self.appoint("coordinator", &coordinator, "RESPONSIBLE_AUTHORITY", SENT_FROM, "");
        let agencies = self.members_of_agencies();
        let first = if self.index.is_multiple_of(2) { &police } else { &probation };
        let second = if *first == police { &probation } else { &police };
        self.offices(first, second, agencies.first().unwrap_or(first));
        self.meetings();
        self.documents();
        let area = self.area.clone();
        self.files.add("confirmations.csv", &[&area, "AGENCIES", "", "2014-04-10", "example administrator"]);
        self.files.add("confirmations.csv", &[&area, "BOARD", "", "2014-10-15", "example administrator"]);
        let address = format!("mappa.{area}@example.org");
        self.files.add("mailboxes.csv", &["MAPPA_AREA", &area, "MAPPA", &address, "2013-04-01", ""]);
    }

    fn has(&self, trouble: Trouble) -> bool {
        has(&self.area, trouble)
    }

    /// Example agencies and a seat for each; Merseyside has the recorded ones.
    fn agencies(&mut self) {
        if self.seats.iter().any(|seat| seat.basis == "DTC") {
            return;
        }
        let area = self.area.clone();
        // A police force area lies in Wales where its division does.
        let is_welsh = self.seats.iter().any(|seat| seat.body == ("NPS_DIVISION".into(), "wales".into()));
        let country = if is_welsh { "Wales" } else { "England" };
        let councils = ["EDUCATION_AUTHORITY", "HOUSING_AUTHORITY", "SOCIAL_SERVICES_AUTHORITY"];
        for (kind, title, duties) in [
            ("council", "Local authority", &councils[..]),
            ("nhs-trust", "NHS trust", &["NHS_TRUST"]),
            ("youth-offending-team", "Youth offending", &["YOUTH_OFFENDING_TEAM"]),
        ] {
            let slug = format!("example-{kind}-{area}");
            let name = format!("Example {title} ({area})");
            self.files.add("bodies.csv", &["AGENCY", &slug, country, "2013-04-01", ""]);
            self.files.add("names.csv", &["AGENCY", &slug, "NAME", &name, "2013-04-01", ""]);
            self.files.add("coverage.csv", &[&area, "AGENCY", &slug, "2013-04-01", ""]);
            for duty in duties {
                self.files.add("agency_duties.csv", &[&slug, duty, "2013-04-01", ""]);
            }
            if kind == "nhs-trust" && self.has(Trouble::AgencyWithoutSeat) {
                continue;
            }
            let seat = format!("example-{kind}");
            self.files.add("seats.csv", &[&area, &seat, "DTC", title, "AGENCY", &slug, "2013-04-01", ""]);
            let body = ("AGENCY".to_owned(), slug);
            self.seats.push(SeatOf { slug: seat, basis: "DTC".to_owned(), body, last_day: String::new() });
        }
    }

    /// A member whom a body sends to each seat of a basis that has no end, with a deputy; gives the first.
    fn sent(&mut self, slug: &str, basis: &str) -> String {
        let seats: Vec<SeatOf> = self.seats.iter().filter(|seat| seat.basis == basis).cloned().collect();
        let mut first = None;
        for seat in seats {
            let person = self.member(&seat, SENT_FROM, "");
            self.deputy(&seat, SENT_FROM, "");
            if seat.slug == slug {
                first = Some(person);
            }
        }
        first.unwrap_or_default()
    }

    /// A senior person of a seat's body, appointed to it by that body.
    fn member(&mut self, seat: &SeatOf, from: &str, last_day: &str) -> String {
        let person = self.files.person();
        let (kind, body) = &seat.body;
        self.files.add("person_bodies.csv", &[&person, kind, body, from, last_day]);
        self.appoint(&seat.slug, &person, "OWN_BODY", from, last_day);
        self.declare(&person, "SENIOR", true, "OWN_BODY");
        person
    }

    fn deputy(&mut self, seat: &SeatOf, from: &str, last_day: &str) {
        if self.has(Trouble::DeputyWithoutPower) && seat.basis == "RA_PRISON" {
            return;
        }
        let deputy = self.files.person();
        let (kind, body) = &seat.body;
        self.files.add("person_bodies.csv", &[&deputy, kind, body, from, last_day]);
        let is_lacking = self.has(Trouble::DeputyWithoutPower) && seat.basis == "RA_POLICE";
        let may_commit = if is_lacking { "no" } else { "yes" };
        let area = self.area.clone();
        self.files.add("deputies.csv", &[&area, &seat.slug, &deputy, may_commit, from, last_day]);
    }

    /// One person for probation, who passes from the trust to the division with the work.
    fn probation(&mut self) -> String {
        let of = |slug: &str| self.seats.iter().find(|seat| seat.slug == slug).cloned();
        let (Some(trust), Some(division)) = (of("probation-trust"), of("probation-division")) else {
            return String::new();
        };
        let person = self.member(&trust, SENT_FROM, TRUST_LAST_DAY);
        self.files.end_of_last_appointment("SEAT_ENDED");
        let (kind, body) = &division.body;
        self.files.add("person_bodies.csv", &[&person, kind, body, DIVISION_FROM, DIVISION_LAST_DAY]);
        self.appoint(&division.slug, &person, "OWN_BODY", DIVISION_FROM, DIVISION_LAST_DAY);
        self.deputy(&division, DIVISION_FROM, DIVISION_LAST_DAY);
        person
    }

    fn prison(&mut self) {
        let Some(seat) = self.seats.iter().find(|seat| seat.slug == "prison").cloned() else { return };
        let area = self.area.clone();
        if self.has(Trouble::PrisonVacant) {
            self.member(&seat, SENT_FROM, "2014-07-31");
            self.files.end_of_last_appointment("RESIGNED");
            self.files.add("vacancies.csv", &[&area, "prison", "2014-08-01", ""]);
        } else if let Some(person) = self.files.prison_member_of_two_boards(&area) {
            // One governor may sit on two boards.
            self.appoint(&seat.slug, &person, "OWN_BODY", SENT_FROM, "");
            self.declare(&person, "SENIOR", true, "OWN_BODY");
        } else if area == "norfolk" {
            // Recorded twice, once for each term, and found to be the same person.
            let one = self.member(&seat, SENT_FROM, "2013-12-31");
            let twin = self.member(&seat, "2014-01-01", "");
            self.files.add("person_merges.csv", &[&twin, &one]);
        } else {
            let person = self.member(&seat, SENT_FROM, "");
            if area == "northamptonshire" {
                self.files.keep_prison_member(&person);
            }
        }
        self.deputy(&seat, SENT_FROM, "");
    }

    fn lay_advisers(&mut self) {
        let area = self.area.clone();
        let first = self.lay_adviser(true);
        if self.has(Trouble::ThirdTerm) {
            let terms =
                [("2006-05-01", "2009-04-30"), ("2009-05-01", "2012-04-30"), ("2012-05-01", "2015-04-30")];
            self.terms("lay-adviser-1", &first, &terms);
        } else {
            self.terms("lay-adviser-1", &first, &[("2013-01-01", "2015-12-31")]);
        }
        let second = self.lay_adviser(false);
        if self.has(Trouble::LayAdviserVacant) {
            self.terms("lay-adviser-2", &second, &[("2013-05-01", "2014-07-31")]);
            self.files.end_of_last_appointment("RESIGNED");
            self.files.add("vacancies.csv", &[&area, "lay-adviser-2", "2014-08-01", ""]);
        } else if self.has(Trouble::TermRanOut) {
            self.terms("lay-adviser-2", &second, &[("2011-10-01", "2014-09-30")]);
        } else {
            let renewed = [("2010-05-01", "2013-04-30"), ("2013-05-01", "2016-04-30")];
            self.terms("lay-adviser-2", &second, &renewed);
        }
        if self.has(Trouble::ThirdLayAdviserApproved) {
            self.files.add(
                "seats.csv",
                &[&area, "lay-adviser-3", "LAY_ADVISER", "Lay adviser", "", "", "2014-01-01", ""],
            );
            let basis = "LAY_ADVISER".to_owned();
            let body = (String::new(), String::new());
            let slug = "lay-adviser-3".to_owned();
            self.seats.push(SeatOf { slug, basis, body, last_day: String::new() });
            let third = self.lay_adviser(false);
            self.terms("lay-adviser-3", &third, &[("2014-01-01", "2016-12-31")]);
            self.document("MINISTERIAL_APPROVAL", "2014-01-01", "2016-12-31");
        }
    }

    /// A lay adviser with what must be declared.
    fn lay_adviser(&mut self, is_first: bool) -> String {
        let person = self.files.person();
        for kind in ["LIVES_IN_AREA", "INDEPENDENT", "ELIGIBILITY_CHECKED", "ADULT"] {
            if kind == "ELIGIBILITY_CHECKED" && is_first && self.has(Trouble::EligibilityNotDeclared) {
                continue;
            }
            let holds = !(kind == "INDEPENDENT" && is_first && self.has(Trouble::NotIndependent));
            self.declare(&person, kind, holds, "RESPONSIBLE_AUTHORITY");
        }
        person
    }

    /// Terms of a lay adviser, each renewing the one before.
    fn terms(&mut self, seat: &str, person: &str, terms: &[(&str, &str)]) {
        let mut before = "";
        for (from, last_day) in terms {
            let row = [self.area.as_str(), seat, person, "SECRETARY_OF_STATE", "", before, from, last_day];
            self.files.add("appointments.csv", &row);
            before = from;
        }
    }

    fn appoint(&mut self, seat: &str, person: &str, by: &str, from: &str, last_day: &str) {
        self.files.add("appointments.csv", &[&self.area, seat, person, by, "", "", from, last_day]);
    }

    fn declare(&mut self, person: &str, kind: &str, holds: bool, by: &str) {
        let holds = if holds { "yes" } else { "no" };
        self.files.add("declarations.csv", &[person, &self.area, kind, holds, by, "2013-01-01", ""]);
    }

    /// Members for agencies under the duty to co-operate that have not ended.
    fn members_of_agencies(&mut self) -> Vec<String> {
        let seats: Vec<SeatOf> = self.seats.iter().filter(|seat| seat.basis == "DTC").cloned().collect();
        let mut members = Vec::new();
        for seat in seats {
            if seat.slug == "example-council" && self.has(Trouble::AgencySeatVacant) {
                let area = self.area.clone();
                self.files.add("vacancies.csv", &[&area, &seat.slug, "2014-05-01", ""]);
            } else if seat.last_day.is_empty() || seat.last_day.as_str() > "2020-01-01" {
                members.push(self.member(&seat, "2014-03-01", "2017-02-28"));
            }
        }
        members
    }

    fn offices(&mut self, first: &str, second: &str, of_agency: &str) {
        let area = self.area.clone();
        if self.has(Trouble::NoChair) {
            self.files.add("offices.csv", &[&area, "CHAIR", first, "2013-04-01", "2014-08-31"]);
            self.files.add("offices.csv", &[&area, "CHAIR", "", "2014-09-01", ""]);
        } else if self.has(Trouble::ChairOutsideAuthority) {
            self.files.add("offices.csv", &[&area, "CHAIR", of_agency, "2014-03-01", "2017-02-28"]);
        } else if !self.has(Trouble::ChairNotRecorded) {
            self.files.add("offices.csv", &[&area, "CHAIR", first, "2013-04-01", "2016-03-31"]);
        }
        if !self.has(Trouble::ChairNotRecorded) {
            self.files.add("offices.csv", &[&area, "DEPUTY_CHAIR", second, "2013-04-01", "2016-03-31"]);
        }
    }

    fn meetings(&mut self) {
        let area = self.area.clone();
        for (index, held_on) in MEETINGS.iter().enumerate() {
            if self.has(Trouble::TooFewMeetings) && (1..=3).contains(&index) {
                continue;
            }
            let is_lead = self.has(Trouble::NoChair) && index == 4;
            self.files.add("meetings.csv", &[&area, held_on, if is_lead { "no" } else { "yes" }]);
            // Who came is recorded for the last three.
            for seat in self.seats.clone() {
                let is_sitting = match seat.slug.as_str() {
                    "probation-trust" => index == 2,
                    "probation-division" => index > 2,
                    "probation-region" => false,
                    "lay-adviser-2" => !(self.has(Trouble::LayAdviserVacant) && index == 4),
                    "prison" => !(self.has(Trouble::PrisonVacant) && index == 4),
                    "example-council" => !self.has(Trouble::AgencySeatVacant),
                    _ => seat.last_day.is_empty() || seat.last_day.as_str() > "2020-01-01",
                };
                if index < 2 || !is_sitting {
                    continue;
                }
                let attendance = match seat.basis.as_str() {
                    "RA_PRISON" if self.has(Trouble::AbsentTwice) && index > 2 => "ABSENT",
                    "RA_POLICE" if index == 3 => "DEPUTY",
                    _ => "PRESENT",
                };
                self.files.add("attendance.csv", &[&area, held_on, &seat.slug, attendance]);
            }
        }
    }

    fn document(&mut self, kind: &str, from: &str, last_day: &str) {
        let url = format!("https://example.org/mappa/{}/{}/{from}", self.area, kind.to_lowercase());
        self.files.add("documents.csv", &[&self.area, kind, &url, from, last_day]);
    }

    fn documents(&mut self) {
        let area = self.area.clone();
        let is_lapsed = self.has(Trouble::Lapsed);
        self.document("MEMORANDUM", "2012-04-01", if is_lapsed { "2014-06-30" } else { "2016-03-31" });
        self.document("BUSINESS_PLAN", "2013-04-01", "2014-03-31");
        if !is_lapsed {
            self.document("BUSINESS_PLAN", "2014-04-01", "2015-03-31");
        }
        for (year, published_on) in [("2012", "2013-10-24"), ("2013", "2014-10-23")] {
            let url = format!("https://example.org/mappa/{area}/report/{year}");
            let is_missing = year == "2012" && self.has(Trouble::ReportNotPublished);
            let (published_on, url) = if is_missing { ("", "") } else { (published_on, url.as_str()) };
            self.files.add("reports.csv", &[&area, year, published_on, url]);
        }
        let consulted = if self.has(Trouble::LayAdvisersNotConsulted) { "no" } else { "yes" };
        self.files.add("reviews.csv", &[&area, "2014-03-20", consulted]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_committed_files_are_what_is_made() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/examples");
        let made = example_set(&SeedFiles::embedded().expect("a sound seed"));
        for (file, text) in &made {
            let committed = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
            assert!(committed == *text, "{file} differs from what `probation-directory examples` makes");
        }
        assert_eq!(made.len(), crate::store::seed::EXAMPLE_FILES.len());
    }

    #[test]
    fn no_name_can_be_taken_for_that_of_a_person() {
        let made = example_set(&SeedFiles::embedded().expect("a sound seed"));
        let persons = &made.iter().find(|(file, _)| *file == "persons.csv").expect("persons").1;
        assert!(persons.lines().count() > 300);
        for line in persons.lines().skip(1) {
            let name = line.split(',').nth(1).expect("a name");
            let number = name.strip_prefix("Example Person ").expect("an example's name");
            assert!(number.len() >= 3 && number.chars().all(|c| c.is_ascii_digit()), "{name}");
        }
    }
}
