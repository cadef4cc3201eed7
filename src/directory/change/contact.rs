//! Role mailboxes of organisations and areas. An address is shown by the directory, and told by no message and no log.

use super::days::{chosen, ended, onwards, room};
use super::ground::Ground;
use super::refusal::{Refusal, RefusalCode, Refused};
use super::rows::{BodyKey, NewRow, Table, Write};
use super::summary::Summary;
use super::{Decision, Order, Right, Scope, integrity};
use crate::directory::Directory;
use crate::directory::records::Row;
use crate::directory::seat::Mailbox;
use crate::domain::board::codes::MailboxPurpose;
use crate::domain::organisation::BodyKind;
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::fmt;

/// Longest address, as the table has it.
const LONGEST: usize = 200;

/// An address of a mailbox, which nothing prints by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct MailboxAddress(String);

impl MailboxAddress {
    /// Takes an address as it is given.
    pub fn new(address: String) -> MailboxAddress {
        MailboxAddress(address)
    }

    /// Whether it is one of a mailbox: in small letters, with one `@` and a domain of at least two labels.
    pub fn is_sound(&self) -> bool {
        let is_of = |text: &str, marks: &str| {
            let is_taken = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || marks.contains(c);
            !text.is_empty() && text.chars().all(is_taken)
        };
        let Some((local, domain)) = self.0.split_once('@') else { return false };
        let labels: Vec<&str> = domain.split('.').collect();
        let is_domain = labels.len() > 1 && labels.iter().all(|label| is_of(label, "-"));
        self.0.len() <= LONGEST && is_of(local, "._+-") && is_domain
    }

    /// The address, for the row that holds it, and for nothing else.
    pub fn written(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailboxAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxAddress")
    }
}

/// An organisation or an area has another mailbox for a purpose, or none any more.
#[derive(Clone, Debug)]
pub struct SetFunctionalContact {
    /// Kind and slug of the body.
    pub body: BodyKey,
    /// What the mailbox is for.
    pub purpose: MailboxPurpose,
    /// Its address; none where there is none from the day on.
    pub address: Option<MailboxAddress>,
    /// The first day.
    pub from: NaiveDate,
}

impl Order for SetFunctionalContact {
    fn action(&self) -> &'static str {
        "SET_FUNCTIONAL_CONTACT"
    }

    fn scope(&self, _: &Directory) -> Scope {
        let (kind, slug) = &self.body;
        // The mailboxes of an area are those of its arrangements, which its administrators keep.
        let scope = match kind {
            BodyKind::MappaArea => Scope::board(slug),
            _ => Scope::new(Right::National),
        };
        scope.with_body(*kind, slug)
    }

    fn decide(&self, ground: &Ground<'_>) -> Result<Decision, Refused> {
        let (kind, slug) = &self.body;
        let body = ground.body(*kind, slug, "organisation").map_err(|refusal| vec![refusal])?;
        let period = ground.day(self.from, "from").and_then(|from| ground.period_of(body, from, "from"));
        let address = self.address.as_ref().filter(|address| !address.is_sound()).map(|_| {
            let message = "address must be one of a mailbox, in small letters, such as mappa@example.org.";
            Refusal::new(RefusalCode::InvalidValue, "address", message)
        });
        let period = match (period, address) {
            (Ok(period), None) => period,
            (period, address) => return Err(period.err().into_iter().chain(address).collect()),
        };
        let rows = chosen(&ground.directory.body(body).mailboxes, |mailbox| mailbox.purpose == self.purpose);
        let writes = self.writes(&rows, period)?;
        if writes.is_empty() {
            let message = "That is what is recorded already.";
            return Err(vec![Refusal::new(RefusalCode::NothingToChange, "address", message)]);
        }
        let summary = Summary { on: Some(self.from), ..Summary::default() }.with_body(*kind, slug);
        Ok(Decision { writes, summary })
    }
}

impl SetFunctionalContact {
    fn row(&self, address: MailboxAddress, valid: Period) -> NewRow {
        NewRow::Mailbox { body: self.body.clone(), purpose: self.purpose, address, valid }
    }

    fn writes(&self, rows: &[&Row<Mailbox>], period: Period) -> Result<Vec<Write>, Refused> {
        let again =
            |row: &Row<Mailbox>, valid| self.row(MailboxAddress::new(row.value.address.clone()), valid);
        let held = rows.iter().copied().find(|row| row.valid.contains(self.from));
        let Some(address) = &self.address else {
            return Ok(ended(Table::Mailbox, held, self.from, again));
        };
        let Some(days) = onwards(rows, self.from, period) else { return Ok(Vec::new()) };
        if held.is_some_and(|row| row.value.address == address.written()) {
            return Ok(Vec::new());
        }
        let room = room(Table::Mailbox, rows, days, again).map_err(|other| {
            let message = format!("A mailbox is recorded {}.", integrity::words(other));
            vec![Refusal::new(RefusalCode::Overlap, "from", message)]
        })?;
        let number = room.number(0);
        let mut writes = room.writes;
        writes.push(Write::Add(number, self.row(address.clone(), days)));
        Ok(writes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_a_mailbox_in_small_letters() {
        let is_sound = |text: &str| MailboxAddress::new(text.to_owned()).is_sound();
        for sound in ["a@b.c", "mappa.kent+2@example-1.org", "0_-@x.y.z"] {
            assert!(is_sound(sound), "{sound}");
        }
        for wrong in [
            "",
            "@",
            "a@b",
            "a@b.",
            "a@.b",
            "@b.c",
            "A@b.c",
            "a@B.c",
            "a b@c.d",
            "a@b@c.d",
            "a@b.c ",
            "\u{e9}@b.c",
            "<a@b.c>",
            "a@b.c\n",
        ] {
            assert!(!is_sound(wrong), "{wrong:?}");
        }
        assert!(is_sound(&format!("{}@b.c", "a".repeat(196))));
        assert!(!is_sound(&format!("{}@b.c", "a".repeat(197))));
    }

    #[test]
    fn an_address_is_printed_by_nothing() {
        let address = MailboxAddress::new("secret@example.org".to_owned());
        assert_eq!(format!("{address:?}"), "MailboxAddress");
    }
}
