//! The organisational directory and governance service for the 2014 probation restructure.
//!
//! Each module imports from those to its left only:
//! domain, directory, clock, store, actions, graphql, http, cli. `config` and `logging` are named by `cli` alone.

#![forbid(unsafe_code)]

pub mod actions;
pub mod cli;
pub mod clock;
pub mod config;
pub mod directory;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod logging;
pub mod store;
