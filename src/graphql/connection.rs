//! Pages of lists: stable order, cursors that fit one list and view only, both directions.

use super::context::{At, Context};
use super::error::{Mistake, mistake};
use super::node::{LONGEST, view_text};
use super::scalar::Scalar;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juniper::{FieldResult, GraphQLObject};
use sha2::{Digest, Sha256};

/// Items of a page where none is asked for.
const DEFAULT_PAGE: usize = 50;
/// Most items of a page.
pub const LARGEST_PAGE: usize = 100;

/// Which page of a list.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// Items from the start.
    pub first: Option<i32>,
    /// Cursor before the first of them.
    pub after: Option<String>,
    /// Items from the end.
    pub last: Option<i32>,
    /// Cursor behind the last of them.
    pub before: Option<String>,
}

/// Where a page stands in its list.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct PageInfo {
    /// Whether items follow this page.
    pub has_next_page: bool,
    /// Whether items stand before this page.
    pub has_previous_page: bool,
    /// Cursor of the first item; null on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last item; null on an empty page.
    pub end_cursor: Option<String>,
}

/// A page of a list.
pub struct Page<T> {
    /// Items with their keys.
    pub items: Vec<(String, T)>,
    /// The mark of the list, filter and view.
    stamp: String,
    /// How many items the whole list has.
    pub total: usize,
    /// Where the page stands.
    pub info: PageInfo,
    /// What it was asked for.
    pub at: At,
}

/// A size as it was asked for, within its bounds.
fn size(field: &str, asked: Option<i32>) -> FieldResult<Option<usize>, Scalar> {
    match asked {
        Some(asked) if !(1..=LARGEST_PAGE as i32).contains(&asked) => {
            let message = format!("{field} must lie between 1 and {LARGEST_PAGE}.");
            Err(mistake(Mistake::BadUserInput, field, &message, "give a number from 1 to 100"))
        }
        asked => Ok(asked.map(|asked| asked.unsigned_abs() as usize)),
    }
}

/// How many items a page has that is asked for from its start.
///
/// # Errors
///
/// Where it would have none, or too many.
pub fn page_size(first: Option<i32>) -> FieldResult<usize, Scalar> {
    Ok(size("first", first)?.unwrap_or(DEFAULT_PAGE))
}

/// Cuts a page out of a list whose items stand in a stable order by key.
///
/// `list` names the list and its filter; a cursor of another list, filter or view is refused.
///
/// # Errors
///
/// Where a size is out of bounds, both directions are asked for, or a cursor does not fit.
pub fn page<T>(
    at: At,
    list: &str,
    arguments: &PageArguments,
    items: Vec<(&str, T)>,
) -> FieldResult<Page<T>, Scalar> {
    let (first, last) = (size("first", arguments.first)?, size("last", arguments.last)?);
    if first.is_some() && last.is_some() {
        let message = "first and last cannot be given together.";
        return Err(mistake(
            Mistake::BadUserInput,
            "last",
            message,
            "give first with after, or last with before",
        ));
    }
    let stamp = stamp(&format!("{list}{}", view_text(at)));
    let place = |field: &str, cursor: &Option<String>| match cursor {
        None => Ok(None),
        Some(cursor) => {
            let key = read_cursor(&stamp, cursor);
            let index = key.and_then(|key| items.iter().position(|(of, _)| **of == key));
            index.map(Some).ok_or_else(|| {
                let message = "The cursor does not belong to this list, filter and view.";
                mistake(
                    Mistake::BadUserInput,
                    field,
                    message,
                    "give a cursor of the same list, filter, day and calendar",
                )
            })
        }
    };
    let total = items.len();
    let mut start = place("after", &arguments.after)?.map_or(0, |index| index + 1);
    let mut end = place("before", &arguments.before)?.unwrap_or(total).max(start);
    match last {
        Some(last) => start = start.max(end.saturating_sub(last)),
        None => end = end.min(start + first.unwrap_or(DEFAULT_PAGE)),
    }
    let items = items.into_iter().skip(start).take(end - start);
    let items: Vec<(String, T)> = items.map(|(key, item)| (key.to_owned(), item)).collect();
    let info = PageInfo {
        has_next_page: end < total,
        has_previous_page: start > 0,
        start_cursor: items.first().map(|(key, _)| cursor(&stamp, key)),
        end_cursor: items.last().map(|(key, _)| cursor(&stamp, key)),
    };
    Ok(Page { items, stamp, total, info, at })
}

impl<T> Page<T> {
    /// Cursors with their items; a page that is asked for its items alone makes no cursors.
    pub fn edges(&self) -> impl Iterator<Item = (String, &T)> {
        self.items.iter().map(|(key, item)| (cursor(&self.stamp, key), item))
    }
}

/// A short mark of a list, filter and view: cursors carry it, so that they fit nowhere else.
fn stamp(of: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(of)[..9])
}

fn cursor(stamp: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{stamp}#{key}"))
}

fn read_cursor(stamp: &str, cursor: &str) -> Option<String> {
    if cursor.len() > LONGEST {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (of, key) = text.rsplit_once('#')?;
    (of == stamp).then(|| key.to_owned())
}

/// Declares the connection and edge types of a list; `by juniper` where its items have no plans, as of persons.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        $crate::graphql::connection::connection!(
            $connection, $edge, $node,
            $crate::graphql::plan::Planned<Vec<$edge>>, $crate::graphql::plan::Planned<Vec<$node>>
        );
    };
    ($connection:ident, $edge:ident, $node:ty, by juniper) => {
        $crate::graphql::connection::connection!($connection, $edge, $node, Vec<$edge>, Vec<$node>);
    };
    ($connection:ident, $edge:ident, $node:ty, $edges:ty, $nodes:ty) => {
        /// A page of a list, in a stable order.
        pub struct $connection {
            page: $crate::graphql::connection::Page<$node>,
        }

        impl From<$crate::graphql::connection::Page<$node>> for $connection {
            fn from(page: $crate::graphql::connection::Page<$node>) -> Self {
                Self { page }
            }
        }

        /// A page of a list, in a stable order.
        #[juniper::graphql_object(scalar = $crate::graphql::scalar::Scalar, context = $crate::graphql::context::Context)]
        impl $connection {
            /// The items of the page with their cursors.
            pub fn edges(&self) -> $edges {
                self.page.edges().map(|(cursor, node)| $edge { cursor, node: node.clone() }).collect()
            }

            /// The items of the page.
            pub fn nodes(&self) -> $nodes {
                self.page.items.iter().map(|(_, node)| node.clone()).collect()
            }

            /// Where the page stands in its list.
            pub fn page_info(&self) -> $crate::graphql::connection::PageInfo {
                self.page.info.clone()
            }

            /// The day, calendar and state of knowledge that this is the answer for.
            pub fn view(&self, context: &Context) -> $crate::graphql::types::common::ViewAsked {
                $crate::graphql::types::common::ViewAsked::of(context, self.page.at)
            }

            /// How many items the whole list has, whatever the page.
            pub fn total_count(&self) -> i32 {
                i32::try_from(self.page.total).unwrap_or(i32::MAX)
            }
        }

        /// An item of a page with its cursor.
        #[derive(Clone, juniper::GraphQLObject)]
        #[graphql(scalar = $crate::graphql::scalar::Scalar, context = $crate::graphql::context::Context)]
        pub struct $edge {
            /// Cursor of the item.
            pub cursor: String,
            /// The item.
            pub node: $node,
        }
    };
}

pub(crate) use connection;
