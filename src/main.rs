//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    probation_directory::cli::run()
}
