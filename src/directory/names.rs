//! Folding of names, so that they match whatever the case, `&` or `and`, punctuation and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded form of a name: lower case, `&` as `and`, no accents, apostrophes dropped, every other run of
/// punctuation and spaces as one space.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    let mut push = |word: &str, is_gap: bool| {
        if is_gap {
            gap = true;
            return;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        folded.push_str(word);
    };
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '&' | '+' => {
                push("", true);
                push("and", false);
                push("", true);
            }
            '\'' | '\u{2019}' | '`' => {}
            c if c.is_alphanumeric() => push(c.to_lowercase().collect::<String>().as_str(), false),
            _ => push("", true),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_take_for_the_same_fold_alike() {
        for (a, b) in [
            ("Surrey & Sussex", "surrey and sussex"),
            ("Surrey&Sussex", "Surrey and Sussex"),
            ("King's Lynn and West Norfolk", "Kings Lynn & West Norfolk"),
            ("Bristol, City of", "bristol city of"),
            ("Ynys Môn", "YNYS MON"),
            ("Dyfed-Powys", "dyfed powys"),
            ("  Stoke-on-Trent ", "Stoke on Trent"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("Durham"), fold("County Durham"));
    }
}
