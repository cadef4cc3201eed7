//! The README is true: its queries answer with what it shows.

use crate::support::TestService;
use serde_json::Value;

/// Fenced blocks of the README with their language, in order.
pub fn blocks() -> Vec<(String, String)> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), body.join("\n")));
        }
    }
    blocks
}

#[test]
fn every_query_of_the_readme_answers_as_it_says() {
    let blocks = blocks();
    let mut asked = 0;
    for pair in blocks.windows(2) {
        let [(_, command), (language, shown)] = pair else { continue };
        let Some((_, rest)) = command.split_once("-d '") else { continue };
        let body = rest.rsplit_once('\'').expect("a closing quote").0;
        assert_eq!(language, "json", "what follows {command}");
        let reply = TestService::shared().client.send(
            "POST",
            "/graphql",
            &[("content-type", "application/json")],
            body.as_bytes(),
        );
        let expected: Value = serde_json::from_str(shown).expect("JSON in the README");
        assert_eq!(reply.answer(), expected, "{command}");
        asked += 1;
    }
    assert!(asked >= 6, "{asked} queries in the README");
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let commands: Vec<String> = blocks().into_iter().take(2).map(|(_, body)| body).collect();
    assert_eq!(commands, ["cargo run --release", "cargo test"]);
}
