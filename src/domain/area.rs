//! What lies outside the directory's two countries, so that it is told apart from what is unknown.
//!
//! Leaves the places inside England and Wales to the directory.

/// First letters of ONS codes of places outside England and Wales: Scotland, Northern Ireland, the islands.
/// From the coding system of the Office for National Statistics.
const FOREIGN_CODE_LETTERS: [char; 4] = ['S', 'N', 'L', 'M'];

/// Names, folded, of countries and islands outside England and Wales that people ask for.
const FOREIGN_NAMES: [&str; 12] = [
    "scotland",
    "northern ireland",
    "isle of man",
    "jersey",
    "guernsey",
    "alderney",
    "sark",
    "channel islands",
    "republic of ireland",
    "ireland",
    "police scotland",
    "police service of northern ireland",
];

/// Whether an ONS code belongs to a place outside England and Wales.
pub fn is_foreign_code(code: &str) -> bool {
    let mut letters = code.chars();
    letters.next().is_some_and(|first| FOREIGN_CODE_LETTERS.contains(&first.to_ascii_uppercase()))
        && code.len() == 9
        && letters.all(|c| c.is_ascii_digit())
}

/// Whether a folded name is that of a country or island outside England and Wales.
pub fn is_foreign_name(folded: &str) -> bool {
    FOREIGN_NAMES.contains(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scottish_code_is_foreign_and_a_welsh_one_is_not() {
        assert!(is_foreign_code("S12000036"));
        assert!(is_foreign_code("N09000003"));
        assert!(!is_foreign_code("W06000015"));
        assert!(!is_foreign_code("E08000012"));
        assert!(!is_foreign_code("SEFTON"));
    }
}
