//! Rows that stand beside the seats of a board, on a day: mailboxes, declarations, confirmations, reports and reviews.
//!
//! No calendar moves them. What rules make of them is left to `board` and the domain.

use super::person::Declared;
use super::records::Row;
use super::seat::{Confirmation, Mailbox, Report};
use super::view::View;
use super::{BoardId, BodyId};
use crate::domain::board::PersonKey;
use crate::domain::board::codes::MailboxPurpose;

impl<'d> View<'d> {
    /// Mailboxes of a body that are in use on the day, in the order of what they are for.
    pub fn mailboxes(&self, id: BodyId) -> Vec<&'d Row<Mailbox>> {
        let mut rows: Vec<_> = self.standing(&self.body(id).mailboxes).collect();
        let place = |purpose| MailboxPurpose::ALL.iter().position(|(of, _)| *of == purpose);
        rows.sort_by_key(|row| (place(row.value.purpose), row.value.address.as_str()));
        rows
    }

    /// What is declared of a person for a board on the day, in the order of the facts.
    pub fn declarations(&self, person: PersonKey, board: BoardId) -> Vec<&'d Row<Declared>> {
        let same = self.same(person);
        let rows = same.iter().flat_map(|it| self.standing(&it.declarations));
        let mut rows: Vec<_> = rows.filter(|row| row.value.board == board).collect();
        rows.sort_by_key(|row| row.fact);
        rows
    }

    /// Confirmations of a board up to the day, the newest last.
    pub fn confirmations(&self, id: BoardId) -> Vec<&'d Row<Confirmation>> {
        let mut rows: Vec<_> = self.up_to_day(&self.directory.board(id).confirmations).collect();
        rows.sort_by_key(|row| (row.valid.from(), row.fact));
        rows
    }

    /// Annual reports of a board that are known of, the newest last.
    pub fn annual_reports(&self, id: BoardId) -> Vec<&'d Row<Report>> {
        let mut rows: Vec<_> = self.recorded(&self.directory.board(id).reports).collect();
        rows.sort_by_key(|row| (row.value.year, row.fact));
        rows
    }

    /// Reviews of the arrangements up to the day, the newest last: whether the lay advisers were consulted.
    pub fn reviews(&self, id: BoardId) -> Vec<&'d Row<Option<bool>>> {
        let mut rows: Vec<_> = self.up_to_day(&self.directory.board(id).reviews).collect();
        rows.sort_by_key(|row| (row.valid.from(), row.fact));
        rows
    }
}
