//! The command `route`.
