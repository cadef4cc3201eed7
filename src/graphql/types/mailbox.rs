//! Mailboxes of bodies: of a role, never of a person.

use super::board::words::MailboxPurpose;
use super::body::BodyAt;
use super::common::{Citation, Period};
use crate::graphql::context::Context;
use crate::graphql::plan::Planned;
use crate::graphql::scalar::Scalar;
use juniper::GraphQLObject;

/// Most mailboxes of a body.
const MOST: usize = 20;

/// A mailbox of a body, of a role and never of a person.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Mailbox {
    /// What it is for.
    pub purpose: MailboxPurpose,
    /// Its address.
    pub address: String,
    /// Days on which it is in use.
    pub period: Period,
    /// Where it comes from.
    pub citation: Citation,
}

/// Mailboxes of a body on the day.
pub fn mailboxes(context: &Context, body: BodyAt) -> Planned<Vec<Mailbox>> {
    let view = context.view(body.at);
    let rows = view.mailboxes(body.id).into_iter().take(MOST);
    rows.map(|row| Mailbox {
        purpose: row.value.purpose.into(),
        address: row.value.address.clone(),
        period: row.valid.into(),
        citation: Citation::of(view, &row.citation),
    })
    .collect()
}
