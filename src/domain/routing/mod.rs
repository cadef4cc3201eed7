//! Who manages a case, decided by tables that can be laid beside the guidance.
//!
//! `values` holds the dated numbers, `facts` the questions that rows ask, `rule` what a row is; `refuse`, `manager`,
//! `place` and `duties` are the tables; `decide` runs them and keeps the whole trace; `warnings` says what a reader of the
//! decision should know. Pure: no clock, no input or output; bodies are named by kind and area here, and by their names in
//! `directory`.

pub mod alternatives;
pub mod decide;
pub mod duties;
pub mod facts;
pub mod manager;
pub mod place;
pub mod refuse;
pub mod rule;
pub mod values;
pub mod warnings;

/// Version of the tables: grows with every change of a rule.
pub const RULES_VERSION: &str = "2026-11-25";

use duties::{DUTIES, DutyRow};
use manager::MANAGER;
use place::{PLACE, PlaceRow};
use refuse::{REFUSE, RefuseRow};
use rule::{ManagerRow, Rule};

/// The four tables that a case is decided by.
#[derive(Clone)]
pub struct Tables {
    /// Input that is refused.
    pub refuse: Vec<RefuseRow>,
    /// Who manages.
    pub manager: Vec<ManagerRow>,
    /// Which area counts.
    pub place: Vec<PlaceRow>,
    /// What else is answered.
    pub duties: Vec<DutyRow>,
}

impl Default for Tables {
    /// The tables as they are in force.
    fn default() -> Tables {
        Tables {
            refuse: REFUSE.to_vec(),
            manager: MANAGER.to_vec(),
            place: PLACE.to_vec(),
            duties: DUTIES.to_vec(),
        }
    }
}

impl Tables {
    /// Every rule, in the order of the tables.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.refuse.iter().map(|row| row.rule).collect();
        rules.push(warnings::LEVEL_OPEN);
        for row in &self.manager {
            if row.rule.id == "R-20" {
                rules.push(decide::RISK_NEEDED);
            }
            rules.push(row.rule);
        }
        rules.extend(self.place.iter().map(|row| row.rule));
        rules.extend(self.duties.iter().map(|row| row.rule));
        rules
    }
}
