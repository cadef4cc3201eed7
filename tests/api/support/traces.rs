//! Marks that stand for what is known of a person: made here, planted by tests, and looked for afterwards.
//!
//! All marks begin alike, so that a part of one, or one that no test knows of, is found as well.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::sync::{LazyLock, Mutex};

/// How marks in letters begin: a GraphQL name, a header's value and part of a path alike.
const LETTERS: &str = "qzjxvkwpy";
/// How marks in digits begin. With two digits more it is still an `Int`.
const DIGITS: &str = "18360749";

/// What stands for what: the place of a position gives its mark.
static POSITIONS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The number of a position, the same whenever it is asked for.
fn index(position: &str) -> usize {
    let mut positions = POSITIONS.lock().expect("the positions");
    positions.iter().position(|known| known == position).unwrap_or_else(|| {
        positions.push(position.to_owned());
        positions.len() - 1
    })
}

/// The mark of a position, in letters.
pub fn word(position: &str) -> String {
    let index = index(position);
    let letter = |of: usize| char::from(b'a' + u8::try_from(of % 26).expect("a letter"));
    format!("{LETTERS}{}{}{}", letter(index / 676), letter(index / 26), letter(index))
}

/// The mark of a position as an `Int` that no fact of a case can be.
pub fn number(position: &str) -> i64 {
    format!("{DIGITS}{:02}", index(position) % 100).parse().expect("a number")
}

/// Whether something is of marks, or holds one: each finding with what stands around it.
pub fn found(place: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_lowercase();
    let plain = [LETTERS, DIGITS].into_iter().filter_map(|stem| Some(around(&lower, lower.find(stem)?)));
    let coded = CODED.iter().filter_map(|form| Some(around(&text, text.find(form.as_str())?)));
    plain.chain(coded).map(|excerpt| format!("{place}: {}", named(&excerpt))).collect()
}

/// The forms that bytes take where somebody writes them out: hexadecimal, a list of numbers, Base64 at each offset.
static CODED: LazyLock<Vec<String>> =
    LazyLock::new(|| [LETTERS, DIGITS].into_iter().flat_map(|stem| coded(stem.as_bytes())).collect());

fn coded(stem: &[u8]) -> Vec<String> {
    let hexadecimal = stem.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = stem.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let base64 = (0..3).map(|offset| {
        // What depends on the bytes before and after is cut off.
        let text = STANDARD_NO_PAD.encode([&vec![0; offset], stem].concat());
        let first = (offset * 8).div_ceil(6);
        text[first..(offset + stem.len()) * 8 / 6].to_owned()
    });
    [hexadecimal, list].into_iter().chain(base64).collect()
}

fn around(text: &str, at: usize) -> String {
    let before: Vec<char> = text[..at].chars().rev().take(80).collect();
    before.into_iter().rev().chain(text[at..].chars().take(80)).collect()
}

/// An excerpt with the positions whose marks stand in it.
fn named(excerpt: &str) -> String {
    let positions = POSITIONS.lock().expect("the positions").clone();
    let held = |position: &&String| {
        excerpt.contains(&word(position)) || excerpt.contains(&number(position).to_string())
    };
    let held: Vec<&str> = positions.iter().filter(held).map(String::as_str).collect();
    format!("the mark of [{}] in \u{2026}{excerpt}\u{2026}", held.join("; "))
}

/// Sees to it that nothing was found.
pub fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} traces:\n{}", findings.len(), findings.join("\n"));
}
