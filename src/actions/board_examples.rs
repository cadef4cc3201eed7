//! The example boards of the bench as examples of the board rules: built in, so that rules can be shown with them anywhere.
//!
//! A file bears the id of the rule that its cases are about. The cases are run by `run_board_cases`.

use super::routing_examples::Examples;
use super::run_board_cases::BoardCaseFile;

/// Names the files of the bench, and takes their texts in.
macro_rules! files {
    ($($id:literal)+) => {
        /// Every file of the bench: the rule that it is about, and its text.
        pub const BOARD_FILES: &[(&str, &str)] = &[
            $(($id, include_str!(concat!("../../tests/cases/board/", $id, ".toml")))),+
        ];
    };
}

files! {
    "G-01" "G-02" "G-03a" "G-03b" "G-03c" "G-04" "G-05" "G-06" "G-07" "G-08a" "G-08b" "G-09" "G-10"
    "G-11a" "G-11b" "G-12" "G-13" "G-14" "G-15" "G-16" "G-17" "G-18a" "G-18b" "G-19a" "G-19b" "G-20"
    "G-21" "G-22a" "G-22b" "G-23" "G-24" "G-25a" "G-25b" "G-25c" "G-26" "G-27" "G-28" "G-29a" "G-29b"
    "G-29c" "G-30a" "G-30b" "G-31a" "G-31b" "G-32a" "G-32b" "G-33" "G-34a" "G-34b" "G-35a" "G-35b" "G-36a"
    "G-36b" "G-37" "G-38"
}

/// Those of the bench.
///
/// # Errors
///
/// The name of a file that is none of boards.
pub fn board_examples() -> Result<Examples, &'static str> {
    let mut examples = Examples::default();
    for (id, text) in BOARD_FILES {
        let file: BoardCaseFile = toml::from_str(text).map_err(|_| *id)?;
        for example in file.case {
            examples.add(id, &example.name);
        }
    }
    Ok(examples)
}
