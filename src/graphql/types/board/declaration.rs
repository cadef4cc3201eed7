//! What is declared of a person for a board: shown to the administrators of that board only.
//!
//! Rules about declarations are left to `domain::board`.

use super::words::{DeclarationKind, DeclaredBy};
use crate::directory::BoardId;
use crate::domain::board::PersonKey;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{DateTime, Scalar};
use crate::graphql::types::common::{Citation, Period};
use juniper::GraphQLObject;

/// Most declarations of a person for a board.
const MOST: usize = 50;

/// What an office declared of a person for a board: whether something holds, never with particulars.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Declaration {
    /// What is declared.
    pub kind: DeclarationKind,
    /// Whether it holds.
    pub holds: bool,
    /// The office that declared it.
    pub declared_by: DeclaredBy,
    /// Days for which it was declared.
    pub period: Period,
    /// When it was recorded.
    pub recorded_from: Option<DateTime>,
    /// Where it comes from.
    pub citation: Citation,
}

impl Declaration {
    /// What is declared of a person for a board on the day; none for whoever may not see it.
    pub fn all(context: &Context, at: At, person: PersonKey, board: BoardId) -> Option<Vec<Declaration>> {
        let area = &context.directory().board(board).slug;
        if !context.caller().may_see_person_findings(area) {
            return None;
        }
        let view = context.view(at);
        let rows = view.declarations(person, board).into_iter().take(MOST);
        let declaration =
            |row: &crate::directory::records::Row<crate::directory::person::Declared>| Declaration {
                kind: row.value.declaration.kind.into(),
                holds: row.value.declaration.holds,
                declared_by: row.value.declared_by.into(),
                period: row.valid.into(),
                recorded_from: context.instant_of(row.recorded.from()),
                citation: Citation::of(view, &row.citation),
            };
        Some(rows.map(declaration).collect())
    }
}
