//! The organisational directory and governance service for the 2014 probation restructure.
//!
//! Modules stand in reading order: each imports from those above it only. `config` is named by `cli` alone.

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
