//! The board table on the page of the rules, with the numbers that it turns on.
//!
//! Headings and what every rule has are written by `rules_page`.

use super::rules_page::{Page, basis};
use crate::domain::board::rule::{BoardRow, RuleKind};
use crate::domain::board::values::VALUES;
use crate::domain::finding::Table;

fn kind(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Integrity => "a change that brings a breach in is refused",
        RuleKind::Compliance => "a breach is reported and never refused",
        RuleKind::Note => "it explains",
    }
}

/// Writes the table, and then the numbers.
pub fn board(page: &mut Page<'_>, table: &[BoardRow]) {
    page.table(Table::Board);
    for row in table {
        let what = format!("`{}` ({})", row.kind.code(), kind(row.kind));
        let severity = format!("`{}`", row.severity.code());
        let mut says = vec![("Kind", what.as_str()), ("Severity", severity.as_str())];
        if row.is_about_person {
            says.push(("Shown", "to administrators of that board only: it is about a person"));
        }
        page.rule(&row.rule, &says);
    }
    numbers(page);
}

fn numbers(page: &mut Page<'_>) {
    page.line("\n## Numbers of the board table\n\nA changed number is a new row with its own days.\n");
    page.line("| number | of what | from | to | source | basis |");
    page.line("| ---: | --- | --- | --- | --- | --- |");
    for value in VALUES {
        let last = value.until.and_then(|until| until.pred_opt()).map(|last| last.to_string());
        page.line(&format!(
            "| {} | {} | {} | {} | {} | {} |",
            value.number,
            value.quantity.name(),
            value.from,
            last.unwrap_or_default(),
            value.source,
            basis(value.basis)
        ));
    }
}
