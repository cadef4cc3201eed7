//! What the private server needs to know of the process around it: search path, home, user and program.
//!
//! These are no settings of ours, so they are not checked, described or taken from the file. What follows from
//! them is left to `store::private_server`.

use std::ffi::OsString;
use std::path::PathBuf;

/// The process around us, as it was at start-up.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `PATH`, where programs are looked for.
    pub path: Option<OsString>,
    /// `HOME`, unless empty.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`, unless it is empty or relative: the specification says to ignore it then.
    pub xdg_data_home: Option<PathBuf>,
    /// Whether this process acts as root, whom PostgreSQL refuses.
    pub is_root: bool,
    /// The program that is running.
    pub executable: PathBuf,
}

impl Surroundings {
    /// Looks around, once, at start-up.
    ///
    /// # Errors
    ///
    /// The system cannot say which program is running.
    #[expect(clippy::disallowed_methods, reason = "the surroundings are read here and nowhere else")]
    pub fn read() -> std::io::Result<Self> {
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Ok(Self {
            path: std::env::var_os("PATH"),
            home: path("HOME"),
            xdg_data_home: path("XDG_DATA_HOME").filter(|path| path.is_absolute()),
            is_root: nix::unistd::geteuid().is_root(),
            executable: std::env::current_exe()?,
        })
    }
}
