//! The files of the example set while they are filled, and the numbers of its persons.

use crate::store::seed::EXAMPLE_FILES;
use std::collections::BTreeMap;

/// Column of an appointment's end reason.
const END_REASON: usize = 4;

/// Rows of files by name.
#[derive(Default)]
pub(super) struct Files {
    rows: BTreeMap<&'static str, Vec<Vec<String>>>,
    persons: usize,
    prison_member: Option<String>,
}

impl Files {
    /// Adds a row to a file.
    pub(super) fn add(&mut self, file: &'static str, cells: &[&str]) {
        let row = cells.iter().map(|cell| (*cell).to_owned()).collect();
        self.rows.entry(file).or_default().push(row);
    }

    /// Adds a person and gives the key.
    pub(super) fn person(&mut self) -> String {
        self.persons += 1;
        let key = format!("example-person-{:03}", self.persons);
        let name = format!("Example Person {:03}", self.persons);
        self.add("persons.csv", &[&key, &name, "2030-01-01"]);
        key
    }

    /// Says why the appointment added last ended.
    pub(super) fn end_of_last_appointment(&mut self, reason: &str) {
        if let Some(row) = self.rows.get_mut("appointments.csv").and_then(|rows| rows.last_mut()) {
            reason.clone_into(&mut row[END_REASON]);
        }
    }

    /// Keeps a prison member for the board that shares one.
    pub(super) fn keep_prison_member(&mut self, person: &str) {
        self.prison_member = Some(person.to_owned());
    }

    /// The prison member of the board before, for the one that shares it.
    pub(super) fn prison_member_of_two_boards(&mut self, area: &str) -> Option<String> {
        if area == "northumbria" { self.prison_member.take() } else { None }
    }

    /// Every file as text, in the order in which they are loaded.
    pub(super) fn written(self) -> Vec<(&'static str, String)> {
        let written = EXAMPLE_FILES.iter().map(|file| {
            let header: Vec<&str> = file.columns.iter().map(|column| column.name).collect();
            let mut text = header.join(",");
            text.push('\n');
            let mut rows = self.rows.get(file.file).cloned().unwrap_or_default();
            rows.sort();
            for row in rows {
                // No cell of the set has a comma or a quote, so that none needs quotes.
                text.push_str(&row.join(","));
                text.push('\n');
            }
            (file.file, text)
        });
        written.collect()
    }
}
