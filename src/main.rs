//! The program: everything is in the library.

use std::process::ExitCode;

/// Answers are made of many short texts, which it hands out faster than the system's does (`benches/load.sh`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    probation_directory::cli::run()
}
