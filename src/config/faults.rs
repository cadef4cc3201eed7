//! What is wrong with the settings, and how that is told: the setting, where it came from, what would be right.
//!
//! No text here shows a secret: whoever refuses a value that may hold one describes it without quoting it.
//! Finding the faults is left to `reader` and to the parsers.

use std::fmt;
use std::path::PathBuf;

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody gave one.
    Default,
    /// The file at this path.
    File(PathBuf),
    /// The environment.
    Environment,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment => f.write_str("environment"),
        }
    }
}

/// Why a value is refused. Neither text shows a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, to be read after the name of the setting.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Refusal {
    pub(super) fn new(wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { wrong: wrong.into(), right: right.into() }
    }

    /// Refuses a value that holds no secret, and shows it.
    pub(super) fn of(value: &str, right: impl Into<String>) -> Self {
        Self::new(format!("is {}", shown(value)), right)
    }
}

pub(super) fn refuse<T>(wrong: impl Into<String>, right: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(wrong, right))
}

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name, spelt as where it came from: upper case in the environment, lower case in the file.
    pub setting: String,
    /// Where the value came from.
    pub origin: Origin,
    /// What is wrong with it.
    pub refusal: Refusal,
}

impl Fault {
    pub(super) fn new(setting: impl Into<String>, origin: Origin, refusal: Refusal) -> Self {
        Self { setting: setting.into(), origin, refusal }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { wrong, right } = &self.refusal;
        write!(f, "{} ({}): {wrong}; {right}", self.setting, self.origin)
    }
}

/// All that is wrong with the settings: one fault at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFaults(pub(super) Vec<Fault>);

impl ConfigFaults {
    /// The faults: of the file as a whole first, then in the order of the settings, then unknown keys.
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        for (number, fault) in (1..).zip(&self.0) {
            write!(f, "\n{number}. {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigFaults {}

/// A value as a message shows it: in backticks, without control characters, and not endlessly long.
pub(super) fn shown(value: &str) -> String {
    let start: String = value.chars().take(80).flat_map(char::escape_debug).collect();
    let end = if value.chars().count() > 80 { "…" } else { "" };
    format!("`{start}{end}`")
}
