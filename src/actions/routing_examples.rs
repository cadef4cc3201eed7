//! The example cases of the bench as examples of the rules: built in, so that rules can be shown with them anywhere.
//!
//! A file bears the id of the rule that its cases are about. The cases are run by `run_cases`.

use super::run_cases::CaseFile;
use crate::domain::routing::Tables;
use crate::domain::routing::duties::Duty;
use std::collections::BTreeMap;

/// Names the files of the bench, and takes their texts in.
macro_rules! files {
    ($($id:literal)+) => {
        /// Every file of the bench: the rule that it is about, and its text.
        pub const FILES: &[(&str, &str)] = &[
            $(($id, include_str!(concat!("../../tests/cases/routing/", $id, ".toml")))),+
        ];
    };
}

files! {
    "R-01a" "R-01b" "R-02a" "R-02b" "R-02c" "R-03" "R-04a" "R-04b" "R-05a" "R-05b" "R-05c" "R-05d"
    "R-05e" "R-06a" "R-06b" "R-07a" "R-07b" "R-08" "R-09" "R-10" "R-11a" "R-11b" "R-12" "R-12b" "R-13"
    "R-14" "R-15" "R-16" "R-17" "R-18" "R-19" "R-20" "R-21" "R-22" "R-23" "R-24" "R-25" "R-26" "R-27"
    "R-28" "R-29" "R-30" "R-31" "R-32" "R-33" "R-34" "R-35" "R-36" "R-37" "R-38" "R-39" "R-39b" "R-40" "R-41"
    "R-42" "R-43" "R-44" "R-45" "R-46" "R-47" "R-48" "R-49" "R-50" "R-51" "R-52" "R-53" "R-54"
}

/// Examples in sentences, by the id that they are about.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    by_id: BTreeMap<String, Vec<String>>,
}

impl Examples {
    /// Those of the bench.
    ///
    /// # Errors
    ///
    /// The name of a file that is none of cases.
    pub fn built_in() -> Result<Examples, &'static str> {
        let mut examples = Examples::default();
        let tables = Tables::default();
        let reviewed = tables.duties.iter().filter(|row| row.duty == Duty::EscalationReview);
        let reviewed: Vec<&str> = reviewed.map(|row| row.rule.id).collect();
        for (id, text) in FILES {
            let file: CaseFile = toml::from_str(text).map_err(|_| *id)?;
            for example in file.case {
                // The question of who decides on an escalation is asked in the cases of other rules.
                for rule in reviewed.iter().filter(|_| example.expect.asks_for_escalation_review()) {
                    examples.add(rule, &example.name);
                }
                examples.add(id, &example.name);
            }
        }
        Ok(examples)
    }

    /// Adds an example of a rule.
    pub fn add(&mut self, id: &str, sentence: &str) {
        self.by_id.entry(id.to_owned()).or_default().push(sentence.to_owned());
    }

    /// The examples of a rule.
    pub fn of(&self, id: &str) -> &[String] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Every id with examples, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }
}
