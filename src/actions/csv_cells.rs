//! Cells of CSV files that people open in spreadsheets: none is taken for a formula, and each is read as it was meant.

/// What a spreadsheet takes for the beginning of a formula.
const BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell with an apostrophe before it where a spreadsheet would take it for a formula.
///
/// One that has such an apostrophe gets another, so that [`plain`] gives back every cell as it was.
pub fn harmless(cell: &str) -> String {
    if is_risky(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell as it was before it was made harmless.
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => cell,
    }
}

fn is_risky(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(BEGINS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("Kent = Kent"), "Kent = Kent");
    }

    #[test]
    fn every_cell_is_read_as_it_was_written() {
        for cell in ["", "'", "=1", "'=1", "''=1", "O'Example", "'Example'", "\t", "'\t"] {
            assert_eq!(plain(&harmless(cell)), cell);
        }
        assert_eq!(plain("'Example'"), "'Example'", "an apostrophe of its own stays");
    }
}
