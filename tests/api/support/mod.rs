//! What tests stand on: a throw-away PostgreSQL cluster, clones of a migrated and seeded database, a service
//! on a free port, and a client.

pub mod changes;
pub mod client;
pub mod database;
pub mod people;
pub mod proxy;
pub mod random;
pub mod record;
pub mod service;
pub mod shapes;
pub mod traces;

pub use client::Client;
pub use database::TestDatabase;
pub use service::TestService;
