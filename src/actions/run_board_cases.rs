//! Running files of example boards against THE BOARD TABLE: each says in a sentence what a rule should find.
//!
//! A file bears the id of its rule. What a case does not say is not recorded; a body is written `KIND:slug:name`.

use super::run_cases::{CasesReport, case_files, is_of_boards};
use crate::domain::board::check::{Finding, check};
use crate::domain::board::rule::{BoardRow, Subject};
use crate::domain::board::{
    AgencyKind, AgencyOn, AnnualReport, AppointedBy, Attendance, BoardOn, Declaration, DeclarationKind,
    DeputyOn, EndedSeat, HolderOn, Meeting, OfficeOn, PersonKey, Review, SeatBasis, SeatBody, SeatIndex,
    SeatOn, SeatState,
};
use crate::domain::calendar::Calendar;
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::NaiveDate;
use serde::Deserialize;
use std::path::Path;

/// A file of boards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardCaseFile {
    /// The cases.
    #[serde(default)]
    pub case: Vec<BoardExample>,
}

/// A board with what is expected of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BoardExample {
    /// What it is about, in a sentence.
    pub name: String,
    on: NaiveDate,
    calendar: Option<String>,
    #[serde(default)]
    is_welsh: bool,
    boards_of_area: Option<usize>,
    #[serde(default)]
    forces: Vec<String>,
    probation: Option<String>,
    #[serde(default)]
    seat: Vec<SeatText>,
    #[serde(default)]
    ended_probation: Vec<EndedText>,
    chair: Option<OfficeText>,
    #[serde(default)]
    no_chair: bool,
    #[serde(default)]
    agencies: Vec<AgencyText>,
    #[serde(default)]
    agencies_complete: bool,
    #[serde(default)]
    meetings: Vec<MeetingText>,
    meetings_recorded_from: Option<NaiveDate>,
    #[serde(default)]
    memoranda: Vec<Span>,
    #[serde(default)]
    reports: Vec<ReportText>,
    #[serde(default)]
    reviews: Vec<ReviewText>,
    #[serde(default)]
    business_plans: Vec<Span>,
    #[serde(default)]
    approvals: Vec<Span>,
    /// What is expected of the rule: each is found once.
    expect: Vec<Expected>,
    /// The verdict of every finding beside those; without it there are none.
    others: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Span {
    from: NaiveDate,
    last_day: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SeatText {
    slug: String,
    basis: String,
    body: Option<String>,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
    holder: Option<HolderText>,
    vacant_since: Option<NaiveDate>,
    #[serde(default)]
    deputies: Vec<DeputyText>,
}

/// A seat of probation that is no longer in force.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EndedText {
    slug: String,
    body: Option<String>,
    from: NaiveDate,
    last_day: NaiveDate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct HolderText {
    person: i64,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
    /// Terms before this one without a gap.
    #[serde(default)]
    before: Vec<Span>,
    appointed_by: Option<String>,
    body: Option<String>,
    #[serde(default)]
    declarations: Vec<DeclarationText>,
    /// Seats on other boards, each as `board:BASIS`.
    #[serde(default)]
    elsewhere: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DeclarationText {
    kind: String,
    holds: bool,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DeputyText {
    person: i64,
    body: Option<String>,
    may_commit: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OfficeText {
    person: i64,
    seat: Option<String>,
    since: NaiveDate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgencyText {
    body: String,
    kinds: Vec<String>,
    #[serde(default)]
    seats: Vec<String>,
}

/// A meeting; a seat that is not among those of the case is written `slug:BASIS`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeetingText {
    on: NaiveDate,
    chaired: Option<bool>,
    #[serde(default)]
    present: Vec<String>,
    #[serde(default)]
    deputy: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ReportText {
    year: i32,
    published_on: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewText {
    on: NaiveDate,
    consulted: Option<bool>,
}

/// A finding that is expected. Its day is always compared, so that without one there must be none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    verdict: String,
    since: Option<NaiveDate>,
    /// Texts that the reason holds.
    #[serde(default)]
    because: Vec<String>,
    missing: Option<Vec<String>>,
    /// Seats, agencies and persons, as `seat police`, `agency mersey-care`, `person 1`.
    about: Option<Vec<String>>,
}

/// Runs every file of boards in a folder against a table.
///
/// # Errors
///
/// Where the folder cannot be read.
pub fn run_board_cases(table: &[BoardRow], folder: &Path) -> std::io::Result<CasesReport> {
    let mut report = CasesReport::default();
    for (file, text) in case_files(folder)?.into_iter().filter(|(file, _)| is_of_boards(file)) {
        let rule = file.trim_end_matches(".toml");
        if !table.iter().any(|row| row.rule.id == rule) {
            report.unreadable(&file, "no rule of boards has that id");
        }
        match toml::from_str::<BoardCaseFile>(&text) {
            Ok(read) => {
                for example in read.case {
                    report.add(&file, &example.name, example.differences(table, rule));
                }
            }
            Err(error) => report.unreadable(&file, error.message()),
        }
    }
    Ok(report)
}

impl BoardExample {
    /// Verdicts that the case expects.
    pub fn verdicts(&self) -> impl Iterator<Item = &str> {
        self.expect.iter().map(|expected| expected.verdict.as_str())
    }

    fn differences(&self, table: &[BoardRow], rule: &str) -> Vec<String> {
        let board = match self.board() {
            Ok(board) => board,
            Err(what) => return vec![what],
        };
        let mut found: Vec<Finding> = check(table, &board);
        found.retain(|finding| finding.rule == rule);
        let mut differences = Vec::new();
        for expected in &self.expect {
            match found.iter().position(|finding| expected.is(finding)) {
                Some(at) => {
                    found.remove(at);
                }
                None => differences.push(format!("{expected:?} is expected, and there is {found:?}")),
            }
        }
        let is_other = |finding: &Finding| {
            self.others.as_deref().is_some_and(|verdict| finding.verdict.code() == verdict)
        };
        found.retain(|finding| !is_other(finding));
        if !found.is_empty() {
            differences.push(format!("findings that are not expected: {found:?}"));
        }
        differences
    }

    fn board(&self) -> Result<BoardOn, String> {
        let calendar = match self.calendar.as_deref() {
            None | Some("PUBLISHED") => Calendar::Published,
            Some("OPERATIONAL") => Calendar::Operational,
            Some(other) => return Err(format!("{other} is no calendar")),
        };
        Ok(BoardOn {
            on: self.on,
            calendar,
            area: "merseyside".to_owned(),
            is_welsh: self.is_welsh,
            boards_of_area: self.boards_of_area.unwrap_or(1),
            forces: self.forces.iter().map(|text| body(text)).collect::<Result<_, _>>()?,
            probation: self.probation.as_deref().map(body).transpose()?,
            seats: self.seat.iter().map(SeatText::read).collect::<Result<_, _>>()?,
            ended_probation: self.ended_probation.iter().map(EndedText::read).collect::<Result<_, _>>()?,
            chair: self.chair.as_ref().map(|chair| self.office(chair)).transpose()?,
            has_recorded_no_chair: self.no_chair,
            deputy_chairs: Vec::new(),
            agencies: self.agencies.iter().map(|agency| self.agency(agency)).collect::<Result<_, _>>()?,
            are_agencies_complete: self.agencies_complete,
            meetings: self.meetings.iter().map(|meeting| self.meeting(meeting)).collect::<Result<_, _>>()?,
            meetings_recorded_from: self.meetings_recorded_from,
            memoranda: spans(&self.memoranda)?,
            reports: self
                .reports
                .iter()
                .map(|report| AnnualReport { year: report.year, published_on: report.published_on })
                .collect(),
            reviews: self
                .reviews
                .iter()
                .map(|review| Review { on: review.on, consulted_lay_advisers: review.consulted })
                .collect(),
            business_plans: spans(&self.business_plans)?,
            approvals: spans(&self.approvals)?,
        })
    }

    fn seat_index(&self, slug: &str) -> Result<SeatIndex, String> {
        let at = self.seat.iter().position(|seat| seat.slug == slug);
        at.map(SeatIndex).ok_or_else(|| format!("{slug} is no seat of the case"))
    }

    fn office(&self, office: &OfficeText) -> Result<OfficeOn, String> {
        let seat = office.seat.as_deref().map(|slug| self.seat_index(slug)).transpose()?;
        Ok(OfficeOn { person: PersonKey(office.person), seat, since: office.since })
    }

    fn agency(&self, agency: &AgencyText) -> Result<AgencyOn, String> {
        let kind =
            |code: &String| AgencyKind::from_code(code).ok_or_else(|| format!("{code} is no kind of agency"));
        Ok(AgencyOn {
            body: body(&agency.body)?,
            kinds: agency.kinds.iter().map(kind).collect::<Result<_, _>>()?,
            seats: agency.seats.iter().map(|slug| self.seat_index(slug)).collect::<Result<_, _>>()?,
        })
    }

    fn meeting(&self, meeting: &MeetingText) -> Result<Meeting, String> {
        let ways = [
            (&meeting.present, Attendance::Present),
            (&meeting.deputy, Attendance::Deputy),
            (&meeting.absent, Attendance::Absent),
        ];
        let mut attendance = Vec::new();
        for (seats, how) in ways {
            for text in seats {
                let (slug, basis) = match text.split_once(':') {
                    Some((slug, basis)) => (slug, basis),
                    None => {
                        let seat = self.seat.get(self.seat_index(text)?.0);
                        (text.as_str(), seat.map_or("", |seat| seat.basis.as_str()))
                    }
                };
                attendance.push((slug.to_owned(), basis_of(basis)?, how));
            }
        }
        Ok(Meeting { on: meeting.on, attendance, is_chaired: meeting.chaired })
    }
}

impl Expected {
    fn is(&self, finding: &Finding) -> bool {
        let about: Vec<String> = finding.subjects.iter().map(subject_text).collect();
        self.verdict == finding.verdict.code()
            && self.since == finding.since
            && self.because.iter().all(|part| finding.because.contains(part))
            && self.missing.as_ref().is_none_or(|missing| *missing == finding.missing)
            && self.about.as_ref().is_none_or(|expected| *expected == about)
    }
}

impl SeatText {
    fn read(&self) -> Result<SeatOn, String> {
        let state = match (&self.holder, self.vacant_since) {
            (Some(holder), None) => SeatState::Held(Box::new(holder.read()?)),
            (None, Some(since)) => SeatState::Vacant(since),
            (None, None) => SeatState::NotRecorded,
            (Some(_), Some(_)) => return Err(format!("{} is held and vacant", self.slug)),
        };
        Ok(SeatOn {
            slug: self.slug.clone(),
            basis: basis_of(&self.basis)?,
            body: self.body.as_deref().map(body).transpose()?,
            period: period(self.from, self.last_day)?,
            state,
            deputies: self.deputies.iter().map(DeputyText::read).collect::<Result<_, _>>()?,
            confirmed_on: None,
        })
    }
}

impl EndedText {
    fn read(&self) -> Result<EndedSeat, String> {
        Ok(EndedSeat {
            slug: self.slug.clone(),
            body: self.body.as_deref().map(body).transpose()?,
            period: period(self.from, Some(self.last_day))?,
        })
    }
}

impl HolderText {
    fn read(&self) -> Result<HolderOn, String> {
        let term = period(self.from, self.last_day)?;
        let mut terms = spans(&self.before)?;
        terms.push(term);
        Ok(HolderOn {
            person: PersonKey(self.person),
            term,
            terms,
            appointed_by: self
                .appointed_by
                .as_deref()
                .map(|code| of_code(&AppointedBy::ALL, code))
                .transpose()?,
            from: self.body.as_deref().map(body).transpose()?,
            declarations: self.declarations.iter().map(DeclarationText::read).collect::<Result<_, _>>()?,
            elsewhere: self.elsewhere.iter().map(|text| elsewhere(text)).collect::<Result<_, _>>()?,
        })
    }
}

impl DeclarationText {
    fn read(&self) -> Result<Declaration, String> {
        let kind = of_code(&DeclarationKind::ALL, &self.kind)?;
        Ok(Declaration { kind, holds: self.holds, valid: period(self.from, self.last_day)? })
    }
}

impl DeputyText {
    fn read(&self) -> Result<DeputyOn, String> {
        let from = self.body.as_deref().map(body).transpose()?;
        Ok(DeputyOn { person: PersonKey(self.person), from, may_commit: self.may_commit })
    }
}

fn of_code<T: Copy>(all: &[(T, &str)], code: &str) -> Result<T, String> {
    let known = all.iter().find(|(_, known)| *known == code).map(|(value, _)| *value);
    known.ok_or_else(|| format!("{code} is no code"))
}

fn basis_of(code: &str) -> Result<SeatBasis, String> {
    SeatBasis::from_code(code).ok_or_else(|| format!("{code} is no basis of a seat"))
}

fn body(text: &str) -> Result<SeatBody, String> {
    let mut parts = text.splitn(3, ':');
    let (Some(kind), Some(slug), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(format!("{text} is no KIND:slug:name"));
    };
    let kind = BodyKind::from_code(kind).ok_or_else(|| format!("{kind} is no kind of body"))?;
    Ok(SeatBody { kind, slug: slug.to_owned(), name: name.to_owned() })
}

fn elsewhere(text: &str) -> Result<(String, SeatBasis), String> {
    let (board, basis) = text.split_once(':').ok_or_else(|| format!("{text} is no board:BASIS"))?;
    Ok((board.to_owned(), basis_of(basis)?))
}

fn period(from: NaiveDate, last_day: Option<NaiveDate>) -> Result<Period, String> {
    Period::through(from, last_day).ok_or_else(|| format!("a period from {from} ends before it begins"))
}

fn spans(all: &[Span]) -> Result<Vec<Period>, String> {
    all.iter().map(|span| period(span.from, span.last_day)).collect()
}

fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Seat(slug) => format!("seat {slug}"),
        Subject::Agency(slug) => format!("agency {slug}"),
        Subject::Person(PersonKey(key)) => format!("person {key}"),
    }
}
