//! Who manages a case, decided by tables that can be laid beside the guidance.
//!
//! `values` holds the dated numbers, `facts` the questions that rows ask, `rule` what a row is; `refuse`, `manager`,
//! `place` and `duties` are the tables; `decide` runs them and keeps the whole trace. Pure: no clock, no input or
//! output; bodies are named by kind and area here, and by their names in `directory`.

pub mod decide;
pub mod duties;
pub mod facts;
pub mod manager;
pub mod place;
pub mod refuse;
pub mod rule;
pub mod values;

/// Version of the tables: grows with every change of a rule.
pub const RULES_VERSION: &str = "2026-11-25";
