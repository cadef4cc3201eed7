//! What the service does, one verb a file: each brings the store, the directory and the clock together.

pub mod board_examples;
mod board_rules_page;
pub mod case_text;
pub mod csv_cells;
pub mod example_set;
pub mod follow_changes;
pub mod import_members;
pub mod issue_key;
pub mod load_examples;
pub mod make_change;
pub mod prepare_database;
pub mod route_cases;
pub mod routing_examples;
pub mod rules_page;
pub mod run_board_cases;
pub mod run_cases;
