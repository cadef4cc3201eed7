//! Types and rules of the field: periods, calendars, kinds of bodies, what a fact rests on.
//!
//! Pure: no clock, no input or output, no framework. What is known of the world stands in `directory`.

pub mod access;
pub mod area;
pub mod board;
pub mod calendar;
pub mod case;
pub mod events;
pub mod finding;
pub mod organisation;
pub mod period;
pub mod routing;
pub mod source;
