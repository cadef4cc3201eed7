//! What the service does, one verb a file: each brings the store, the directory and the clock together.

pub mod follow_changes;
pub mod prepare_database;
pub mod run_cases;
