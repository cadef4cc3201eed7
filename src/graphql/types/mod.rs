//! The types of the schema: one file a family. Doc comments here are the public documentation.

pub mod area;
pub mod authority;
pub mod board;
pub mod body;
pub mod caller;
pub mod case;
pub mod change;
pub mod common;
pub mod directory;
pub mod mailbox;
pub mod organisations;
pub mod person;
pub mod place;
pub mod post;
pub mod routing;
pub mod rule;

pub use common::CalendarName;
