//! The organisational directory and governance service for the 2014 probation restructure.
//!
//! Modules stand in reading order: each imports from those above it only.

#![forbid(unsafe_code)]

pub mod domain;
pub mod directory;
