//! The organisational directory and governance service for the 2014 probation restructure.
//!
//! Modules stand in reading order: each imports from those above it only. `config` is named by `cli` alone.

#![forbid(unsafe_code)]

pub mod domain;
pub mod directory;
pub mod clock;
pub mod store;
pub mod actions;
pub mod graphql;
pub mod http;
pub mod config;
pub mod logging;
pub mod cli;
