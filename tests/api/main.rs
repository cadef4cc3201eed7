//! Tests against the real thing: a private PostgreSQL, a running HTTP server, the program itself.
//!
//! One binary, one file a topic. `support` starts what is needed; every test that writes has a database of its own.

mod support;

mod audit;
mod bad_input;
mod board_cases;
mod board_changes;
mod board_cli;
mod board_guards;
mod board_papers;
mod board_properties;
mod board_seats;
mod boards;
mod body_changes;
mod cases;
mod change_marks;
mod changes;
mod cli;
mod contract;
mod fuzz;
mod gate;
mod governance;
mod guards;
mod hostile;
mod http;
mod http_corpus;
mod import_members;
mod key_changes;
mod keys;
mod limits;
mod marks;
mod member_changes;
mod pages;
mod person_changes;
mod places;
mod plans;
mod readme;
mod rights;
mod rights_matrix;
mod route_cli;
mod routing;
mod routing_properties;
mod rules_page;
mod seed;
mod slow;
mod snapshot;
mod storage;
mod survivors;
mod told;
mod write_faults;
mod write_model;
mod write_storm;
