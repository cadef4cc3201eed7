//! What is told of a command line that is wrong: flags by their names, and no word that belongs to none.
//!
//! `--residence Milton Keynes` without quotation marks leaves a word over that is part of a case.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

const REMEDY: &str = "put quotation marks around a name of several words";

/// The same error without words that are no flags.
pub(super) fn without_words(mut error: Error) -> Error {
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let argument = error.get(ContextKind::InvalidArg);
            if !matches!(argument, Some(ContextValue::String(name)) if is_flag(name)) {
                error.remove(ContextKind::InvalidArg);
                // A suggestion may repeat the word.
                let remedy = ContextValue::StyledStrs(vec![REMEDY.into()]);
                error.insert(ContextKind::Suggested, remedy);
            }
        }
        ErrorKind::TooManyValues => {
            error.insert(ContextKind::InvalidValue, ContextValue::String("\u{2026}".to_owned()));
        }
        _ => {}
    }
    error
}

fn is_flag(name: &str) -> bool {
    name.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-'))
}
