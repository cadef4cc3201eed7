//! Orders about what a board has in writing: memoranda and plans, approvals of the minister, annual reports.
//!
//! Only where a paper stands is kept, never what is in it. Whether one is due or late is found by rules.

use super::ground::{Ground, standing};
use super::refusal::{Refusal, RefusalCode, Refused, all};
use super::rows::{NewRow, Number, Table, Write};
use super::summary::Summary;
use super::supersede::{Again, supersede};
use super::terms::{decided, nothing};
use super::{Decision, Order, Scope};
use crate::directory::Directory;
use crate::directory::seat::{Document, Report};
use crate::domain::board::codes::DocumentKind;
use crate::domain::calendar::FIRST_DAY;
use chrono::{Datelike, NaiveDate};

/// Longest address, in characters.
const LONGEST_URL: usize = 500;

/// A document holds for a time: a memorandum, a business plan, an approval of more than two lay advisers.
#[derive(Clone, Debug)]
pub struct RecordDocument {
    /// Slug of the board.
    pub board: String,
    /// What it is.
    pub kind: DocumentKind,
    /// First day for which it holds.
    pub from: NaiveDate,
    /// Last day; none where it is open.
    pub last_day: Option<NaiveDate>,
    /// Where it is published; none where that is not recorded.
    pub url: Option<String>,
}

/// The annual report of a year was published, or is known not to have been.
#[derive(Clone, Debug)]
pub struct RecordAnnualReport {
    /// Slug of the board.
    pub board: String,
    /// The year in which the period reported on begins.
    pub year: i32,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Whether it was not published.
    pub is_unpublished: bool,
    /// Where it is published; none where that is not recorded.
    pub url: Option<String>,
}

impl Order for RecordDocument {
    fn action(&self) -> &'static str {
        match self.kind {
            DocumentKind::MinisterialApproval => "RECORD_APPROVAL",
            DocumentKind::Memorandum | DocumentKind::BusinessPlan => "RECORD_MEMORANDUM",
        }
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let days = ground.period(self.from, self.last_day);
        let (board, valid, ()) = all(ground.board(&self.board), days, sound_url(self.url.as_deref()))?;
        let rows = standing(&ground.directory.board(board).documents);
        let rows = rows.filter(|row| row.value.kind == self.kind);
        let row = |url: &Option<String>, valid| NewRow::Document {
            board: self.board.clone(),
            kind: self.kind,
            url: url.clone(),
            valid,
        };
        let is_same = |held: &Document| held.url == self.url;
        let shorter = |held: &Document, valid| row(&held.url, valid);
        let made = supersede(Table::Document, rows, valid, (Again::IsAnother, is_same), shorter);
        let writes = made.map_err(|refusal| vec![refusal])?.then(|valid| row(&self.url, valid));
        // An approval that is cut short may leave a third lay adviser without cover: integrity looks at that.
        decided(ground, writes, Summary::of_board(&self.board, self.from))
    }
}

impl Order for RecordAnnualReport {
    fn action(&self) -> &'static str {
        "RECORD_ANNUAL_REPORT"
    }

    fn scope(&self, _: &Directory) -> Scope {
        Scope::board(&self.board)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let board = ground.board(&self.board);
        let (board, (), ()) = all(board, self.check_days(ground), sound_url(self.url.as_deref()))?;
        let (published_on, url) = (self.published_on, self.url.clone());
        let report = Report { year: self.year, published_on, url: url.clone() };
        let known = standing(&ground.directory.board(board).reports).find(|row| row.value.year == self.year);
        if known.is_some_and(|row| row.value == report) {
            return Err(vec![nothing("year")]);
        }
        let row = NewRow::Report { board: self.board.clone(), year: self.year, published_on, url };
        let writes = match known {
            Some(known) => {
                vec![Write::Close(Table::Report, known.fact), Write::Add(Number::Known(known.fact), row)]
            }
            None => vec![Write::Add(Number::New(0), row)],
        };
        let on = published_on.unwrap_or(ground.today);
        decided(ground, writes, Summary::of_board(&self.board, on))
    }
}

impl RecordAnnualReport {
    fn check_days(&self, ground: &Ground<'_>) -> Result<(), Refusal> {
        let first = FIRST_DAY.year();
        let begins =
            NaiveDate::from_ymd_opt(self.year, 4, 1).filter(|day| (FIRST_DAY..=ground.today).contains(day));
        let Some(begins) = begins else {
            let message = format!(
                "No year to report on has begun then: give the year in which it begins, from {first} on, 2013 for 2013-14."
            );
            return Err(Refusal::new(RefusalCode::DateOutOfScope, "year", message));
        };
        let invalid = |field, message: &str| Err(Refusal::new(RefusalCode::InvalidValue, field, message));
        match self.published_on {
            Some(_) if self.is_unpublished => invalid(
                "notPublished",
                "A report was published or it was not: give publishedOn or notPublished.",
            ),
            None if !self.is_unpublished => invalid(
                "publishedOn",
                "Give publishedOn, or notPublished: true where the report is known not to have been published.",
            ),
            None if self.url.is_some() => {
                invalid("url", "A report that was not published stands nowhere: leave the url out.")
            }
            None => Ok(()),
            Some(on) => {
                ground.past_day(on, "publishedOn")?;
                if on < begins {
                    return invalid(
                        "publishedOn",
                        "The report was published before its year began: look at the year and the day.",
                    );
                }
                Ok(())
            }
        }
    }
}

/// Checks an address that clients will show as a link. The message repeats nothing of it: it may hold a secret.
///
/// # Errors
///
/// Where it is of another scheme than http and https, too long, names a user, or has a character that no address has.
pub fn sound_url(url: Option<&str>) -> Result<(), Refusal> {
    let Some(url) = url else { return Ok(()) };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let is_of_url = |byte: u8| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte);
    let is_host = host.bytes().any(|byte| byte.is_ascii_alphanumeric()) && host.bytes().all(is_of_host);
    if is_host && url.len() <= LONGEST_URL && url.bytes().all(is_of_url) {
        return Ok(());
    }
    let message = format!(
        "url must be an address with http:// or https://, without a user or a password, of at most {LONGEST_URL} characters; write what is not ASCII percent-encoded."
    );
    Err(Refusal::new(RefusalCode::InvalidValue, "url", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_web_and_names_no_user() {
        let longest = format!("https://example.org/{}", "a".repeat(480));
        assert_eq!(longest.len(), 500);
        for sound in [
            "https://example.org",
            "http://example.org/a/b?c=d#e",
            "https://example.org:8443/",
            "https://example.org/mail/a@b",
            "https://[2001:db8::1]/",
            &longest,
        ] {
            assert_eq!(sound_url(Some(sound)), Ok(()), "{sound}");
        }
        let too_long = format!("{longest}a");
        for wrong in [
            "",
            "example.org",
            "ftp://example.org/",
            "javascript:alert(1)",
            "HTTPS:/example.org",
            "https://",
            "https:///path",
            "https://user@example.org/",
            "https://user:secret@example.org/",
            "https://example.org\\@evil.example/",
            "https://example.org/a b",
            "https://example.org/\n",
            "https://example.org/\u{202e}",
            " https://example.org/",
            &too_long,
        ] {
            let refusal = sound_url(Some(wrong)).expect_err(wrong);
            assert_eq!((refusal.code, refusal.field), (RefusalCode::InvalidValue, "url"), "{wrong}");
            assert!(!refusal.message.contains("example.org"), "{wrong}");
        }
        assert_eq!(sound_url(None), Ok(()));
    }
}
