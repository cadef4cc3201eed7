//! The house rules that a compiler does not check: who may name whom, where each framework stays, how a file opens.
//!
//! It reads the source as text, so it is a little rough: comments and literals are blanked, `use` trees are
//! opened, and what macros make is not seen. Each rule has a test at the end which proves that it can fail.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// The house, left to right: a module names those of earlier rows and itself. Two in one row do not meet.
const HOUSE: [&[&str]; 9] = [
    &["domain"],
    &["directory"],
    &["clock"],
    &["store"],
    &["actions"],
    &["graphql", "pages"],
    &["http"],
    &["cli"],
    &["main"],
];

/// Modules beside the house, and what they may name: `cli` and `main` hand on what they need from them.
const BESIDE: [(&str, &[&str]); 2] = [("config", &[]), ("logging", &["config"])];

/// The modules that may name those beside the house.
const NAMES_BESIDE: [&str; 2] = ["cli", "main"];

/// Each framework, and the start of the paths that may name it.
const FRAMEWORKS: [(&str, &[&str]); 21] = [
    ("diesel", &["src/store/"]),
    ("diesel_async", &["src/store/"]),
    ("diesel_migrations", &["src/store/"]),
    ("tokio_postgres", &["src/store/"]),
    ("tokio_postgres_rustls", &["src/store/"]),
    ("deadpool", &["src/store/"]),
    ("rustls", &["src/store/"]),
    ("rustls_native_certs", &["src/store/"]),
    ("juniper", &["src/graphql/"]),
    ("self_cell", &["src/graphql/"]),
    ("actix_web", &["src/http/"]),
    ("actix_cors", &["src/http/"]),
    ("governor", &["src/http/"]),
    ("prometheus", &["src/http/"]),
    ("socket2", &["src/http/"]),
    ("clap", &["src/cli/", "src/cli.rs"]),
    ("clap_complete", &["src/cli/", "src/cli.rs"]),
    ("env_logger", &["src/logging"]),
    ("mimalloc", &["src/main.rs"]),
    ("nix", &["src/store/private_server/", "src/config"]),
    ("::config", &["src/config"]),
];

/// The crates that `domain` may name besides std.
const DOMAIN_CRATES: [&str; 2] = ["chrono", "serde"];

/// Parts of `std::env` which read nothing from the process.
const PURE_ENV: [&str; 3] = ["consts", "split_paths", "join_paths"];

/// What `domain` and `directory` must not do: files, network, and asking the machine for the time or for chance.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "tokio",
    "log",
    "getrandom",
];

#[test]
fn modules_name_only_what_stands_to_their_left() {
    none(&every(house_order, &source("src")));
}

#[test]
fn every_module_has_its_place_in_the_house() {
    let lib = source("src").into_iter().find(|file| file.path == "src/lib.rs").expect("src/lib.rs");
    none(&unplaced(&lib));
}

#[test]
fn each_framework_is_named_in_one_module_only() {
    none(&every(frameworks, &source("src")));
}

#[test]
fn the_environment_is_read_by_the_settings_only() {
    none(&every(environment, &source("src")));
}

#[test]
fn the_domain_names_no_crate_but_std_chrono_and_serde() {
    let crates = dependencies(&read("Cargo.toml"));
    assert!(crates.contains("serde"), "the dependencies of Cargo.toml were not understood: {crates:?}");
    none(&every(|file| domain_crates(file, &crates), &source("src")));
}

#[test]
fn domain_and_directory_have_no_input_or_output_no_clock_and_no_async() {
    none(&every(pure, &source("src")));
}

#[test]
fn every_file_says_at_the_top_what_it_is_for() {
    none(&every(opening, &source("src")));
    none(&every(opening, &source("tests")));
}

#[test]
fn nothing_is_unsafe_or_left_unfinished() {
    none(&every(unfinished, &source("src")));
    none(&every(unfinished, &source("tests")));
}

#[test]
fn unwrap_stays_in_tests() {
    none(&every(unwraps, &source("src")));
}

#[test]
fn names_and_keys_are_taken_out_of_their_wrappers_in_one_place() {
    none(&every(unwrapped, &source("src")));
}

#[test]
fn every_migration_can_be_taken_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut seen = 0;
    let mut faults = Vec::new();
    for entry in fs::read_dir(&folder).expect("migrations can be listed") {
        let entry = entry.expect("migrations can be listed");
        if !entry.path().is_dir() {
            continue;
        }
        seen += 1;
        for name in ["up.sql", "down.sql"] {
            let is_there =
                fs::read_to_string(entry.path().join(name)).is_ok_and(|text| !text.trim().is_empty());
            if !is_there {
                let file = format!("migrations/{}/{name}", entry.file_name().display());
                faults.push(Fault {
                    file,
                    line: 1,
                    rule: "a migration has an up.sql and a down.sql".to_owned(),
                });
            }
        }
    }
    assert!(seen > 0, "no migrations were found");
    none(&faults);
}

// The rules.

fn house_order(file: &SourceFile) -> Vec<Fault> {
    let from = file.module();
    if from == "lib" {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for path in &file.paths {
        let Some(named) = file.reaches(path) else { continue };
        if !may_name(from, named) {
            faults.push(file.fault(
                path.line,
                format!("`{from}` must not name `{named}`: it does not stand to its left"),
            ));
        }
    }
    faults
}

fn may_name(from: &str, named: &str) -> bool {
    if from == named {
        return true;
    }
    if let Some((_, may)) = BESIDE.iter().find(|(module, _)| *module == from) {
        return may.contains(&named);
    }
    if BESIDE.iter().any(|(module, _)| *module == named) {
        return NAMES_BESIDE.contains(&from);
    }
    match (place(from), place(named)) {
        (Some(from), Some(named)) => named < from,
        _ => false,
    }
}

/// The row of a module in the house.
fn place(module: &str) -> Option<usize> {
    HOUSE.iter().position(|row| row.contains(&module))
}

fn unplaced(lib: &SourceFile) -> Vec<Fault> {
    let declared = lib.code.lines().zip(1..).filter_map(|(line, number)| {
        let (_, module) = line.split_once("mod ")?;
        Some((module.strip_suffix(';')?.trim(), number))
    });
    let is_placed =
        |module: &str| place(module).is_some() || BESIDE.iter().any(|(beside, _)| *beside == module);
    declared
        .filter(|(module, _)| !is_placed(module))
        .map(|(module, line)| {
            lib.fault(line, format!("`{module}` has no place in the house; give it one in {}", file!()))
        })
        .collect()
}

fn frameworks(file: &SourceFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (framework, homes) in FRAMEWORKS {
        if homes.iter().any(|home| file.path.starts_with(home)) {
            continue;
        }
        for path in file.paths.iter().filter(|path| path.is_of_crate(framework)) {
            faults.push(
                file.fault(path.line, format!("`{framework}` is named in {} only", homes.join(" and "))),
            );
        }
    }
    faults
}

fn environment(file: &SourceFile) -> Vec<Fault> {
    if file.module() == "config" {
        return Vec::new();
    }
    let reads = |path: &&NamedPath| match path.segments()[..] {
        ["std", "env", part, ..] => !PURE_ENV.contains(&part),
        ["std", "env"] => true,
        _ => false,
    };
    let rule = "`std::env` is read in src/config only; take a `Config` or `Surroundings`";
    file.paths.iter().filter(reads).map(|path| file.fault(path.line, rule)).collect()
}

fn domain_crates(file: &SourceFile, crates: &BTreeSet<String>) -> Vec<Fault> {
    if file.module() != "domain" {
        return Vec::new();
    }
    let foreign = |path: &&NamedPath| {
        let first = path.segments()[0];
        path.segments().len() > 1 && crates.contains(first) && !DOMAIN_CRATES.contains(&first)
    };
    let rule = |path: &NamedPath| format!("`domain` names std, chrono and serde only, not `{}`", path.text);
    file.paths.iter().filter(foreign).map(|path| file.fault(path.line, rule(path))).collect()
}

fn pure(file: &SourceFile) -> Vec<Fault> {
    let module = file.module();
    if module != "domain" && module != "directory" {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for path in &file.paths {
        if path.text == "async" {
            faults.push(file.fault(path.line, format!("`{module}` is not async")));
        }
        // `Utc::now` counts however its beginning is spelt; a crate or a part of std only as a beginning.
        let is_named = |impure: &&&str| match impure.split_once("::") {
            Some(("std", _)) => path.starts_with(impure),
            Some(_) => path.ends_with(impure),
            None => path.is_of_crate(impure) && path.segments().len() > 1,
        };
        if let Some(impure) = IMPURE.iter().find(is_named) {
            faults.push(file.fault(path.line, format!("`{module}` is pure: no `{impure}`")));
        }
    }
    faults
}

fn opening(file: &SourceFile) -> Vec<Fault> {
    match file.text.starts_with("//!") {
        true => Vec::new(),
        false => vec![file.fault(1, "a file opens with `//!`: what it is for and what it does not do")],
    }
}

fn unfinished(file: &SourceFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (line, number) in file.code.lines().zip(1..) {
        for word in ["todo!", "unimplemented!", "dbg!"] {
            if words(line).any(|found| format!("{found}!") == word) && line.contains(word) {
                faults.push(file.fault(number, format!("no `{word}` stays")));
            }
        }
        if words(line).any(|word| word == "unsafe") {
            faults.push(file.fault(number, "no `unsafe`"));
        }
    }
    faults
}

fn unwraps(file: &SourceFile) -> Vec<Fault> {
    let lines = file.code.lines().zip(1..);
    lines
        .filter(|(line, number)| line.contains(".unwrap()") && !file.is_test(*number))
        .map(|(_, number)| {
            file.fault(number, "no `.unwrap()` outside tests: say what is meant, or hand the error on")
        })
        .collect()
}

/// What takes a name out of the type that keeps it from being printed, or a key, and the files that may.
const UNWRAPPED: [(&str, &str, &[&str]); 3] = [
    (
        "PersonName::written",
        "a name of a person is written to the one row that holds it only",
        &["src/store/write.rs"],
    ),
    (
        ".shown()",
        "a name of a person is shown where that is noted only: by `Context::name_of` and `cli::names`",
        &["src/graphql/shown.rs", "src/cli/names.rs"],
    ),
    (
        ".expose()",
        "a secret is taken out only where it is used",
        &["src/cli/key.rs", "src/cli/serve.rs", "src/cli/database.rs", "src/graphql/mutation/outcomes.rs"],
    ),
];

fn unwrapped(file: &SourceFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (call, rule, may) in UNWRAPPED {
        let lines =
            file.code.lines().zip(1..).filter(|(line, number)| line.contains(call) && !file.is_test(*number));
        if !may.contains(&file.path.as_str()) {
            faults.extend(lines.map(|(_, number)| file.fault(number, rule)));
        }
    }
    faults
}

// Reading source.

/// A rule broken at a place.
struct Fault {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

#[track_caller]
fn none(faults: &[Fault]) {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert!(lines.is_empty(), "the house rules are broken:\n{}\n", lines.join("\n"));
}

fn every(rule: impl Fn(&SourceFile) -> Vec<Fault>, files: &[SourceFile]) -> Vec<Fault> {
    assert!(!files.is_empty(), "no source was found");
    files.iter().flat_map(rule).collect()
}

/// One file, and what the rules look at.
struct SourceFile {
    /// The path from the project's folder, with `/`.
    path: String,
    text: String,
    /// The text with comments and literals blanked; lines stay where they are.
    code: String,
    paths: Vec<NamedPath>,
    /// Lines of items that are compiled for tests only.
    test_lines: Vec<Range<usize>>,
}

impl SourceFile {
    fn new(path: &str, text: &str) -> SourceFile {
        let code = blanked(text);
        let paths = named_paths(&code);
        let test_lines = test_lines(&code);
        SourceFile { path: path.to_owned(), text: text.to_owned(), code, paths, test_lines }
    }

    fn fault(&self, line: usize, rule: impl Into<String>) -> Fault {
        Fault { file: self.path.clone(), line, rule: rule.into() }
    }

    /// The module of the house that the file belongs to.
    fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = below.split('/').next().unwrap_or(below);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many `super` lead from the file to the root of the crate.
    fn depth(&self) -> usize {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let is_root_of_module = below.ends_with("/mod.rs");
        below.split('/').count() - usize::from(is_root_of_module)
    }

    /// Whether the whole file is a test module of its own.
    fn is_test_file(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    fn is_test(&self, line: usize) -> bool {
        self.is_test_file() || self.test_lines.iter().any(|lines| lines.contains(&line))
    }

    /// The top module of the crate that a path leads to, if it goes by the root.
    fn reaches<'p>(&self, path: &'p NamedPath) -> Option<&'p str> {
        let segments = path.segments();
        let named = match segments.first() {
            Some(&"crate" | &"probation_directory") => segments.get(1),
            Some(&"super") => {
                let ups = segments.iter().take_while(|segment| **segment == "super").count();
                // In a test module inside the file, one more leads to the root.
                let inside = usize::from(self.is_test(path.line) && !self.is_test_file());
                if ups < self.depth() + inside {
                    return None;
                }
                segments.get(ups)
            }
            _ => None,
        };
        // A macro of the crate stands at its root, wherever it is written.
        named.copied().filter(|_| !(path.is_macro && segments.len() == 2))
    }
}

/// A path as it is written, with the groups of `use` opened.
#[derive(Debug, PartialEq, Eq)]
struct NamedPath {
    line: usize,
    /// Segments joined by `::`; begins with `::` where the source does.
    text: String,
    is_macro: bool,
}

impl NamedPath {
    fn segments(&self) -> Vec<&str> {
        self.text.trim_start_matches("::").split("::").collect()
    }

    /// Whether it begins with a crate; one written `::name` must be spelt so.
    fn is_of_crate(&self, name: &str) -> bool {
        match name.starts_with("::") {
            true => self.text == name || self.text.starts_with(&format!("{name}::")),
            false => self.segments()[0] == name,
        }
    }

    fn starts_with(&self, beginning: &str) -> bool {
        let text = self.text.trim_start_matches("::");
        text == beginning || text.starts_with(&format!("{beginning}::"))
    }

    fn ends_with(&self, end: &str) -> bool {
        self.text == end || self.text.ends_with(&format!("::{end}"))
    }
}

fn source(folder: &str) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    paths.iter().map(|path| SourceFile::new(path, &read(path))).collect()
}

fn collect(folder: &str, paths: &mut Vec<String>) {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(&at).unwrap_or_else(|error| panic!("{folder} cannot be listed: {error}")) {
        let entry = entry.expect("the folder can be listed");
        let name = entry.file_name().into_string().expect("names are UTF-8");
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            collect(&path, paths);
        } else if name.ends_with(".rs") {
            paths.push(path);
        }
    }
}

fn read(path: &str) -> String {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(at).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// The crates under `[dependencies]`, as source spells them.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != "[dependencies]").skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_")))
        .collect()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c| !is_of_word(c)).filter(|word| !word.is_empty())
}

/// The text with every comment and literal replaced by spaces, line by line.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => end_of_line(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_block(&chars, at),
            '"' => end_of_string(&chars, at),
            '\'' => end_of_char(&chars, at),
            // A word is passed whole, so that an `r` at its end opens no raw string.
            c if is_of_word(c) => {
                let end = (at..chars.len()).find(|i| !is_of_word(chars[*i])).unwrap_or(chars.len());
                let word: String = chars[at..end].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr")
                    .then(|| end_of_raw_string(&chars, end))
                    .flatten();
                code.push_str(&word);
                at = end;
                match raw {
                    Some(end) => end,
                    None => continue,
                }
            }
            c => {
                code.push(c);
                at += 1;
                continue;
            }
        };
        code.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    code
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len())
}

fn end_of_block(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The end of `#"..."#` that begins here; none where it is a raw identifier.
fn end_of_raw_string(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return None;
    }
    let closes = |i: &usize| {
        chars[*i] == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let close = (at + hashes + 1..chars.len()).find(closes)?;
    Some(close + 1 + hashes)
}

/// The end of a character; of a lifetime only its quote.
fn end_of_char(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => (at + 3..chars.len()).find(|i| chars[*i] == '\'').map_or(chars.len(), |i| i + 1),
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// The lines of each item behind `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for marker in ["#[cfg(test)]", "#[cfg(all(test,"] {
        for (at, _) in code.match_indices(marker) {
            let rest = &code[at + marker.len()..];
            let mut depth = 0;
            let mut end = rest.len();
            for (offset, c) in rest.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ';' if depth == 0 => {}
                    _ => continue,
                }
                if depth <= 0 {
                    end = offset;
                    break;
                }
            }
            let line = |at: usize| 1 + code[..at].matches('\n').count();
            found.push(line(at)..line(at + marker.len() + end) + 1);
        }
    }
    found
}

/// Words before which a path that starts with `::` may stand: `use ::config::File`.
const KEYWORDS: [&str; 14] =
    ["use", "as", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move", "mut", "return", "while"];

/// A word or a sign of blanked source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'c> {
    Word(&'c str),
    Colons,
    Sign(char),
}

fn tokens(code: &str) -> Vec<(usize, Token<'_>)> {
    let mut found = Vec::new();
    for (line, number) in code.lines().zip(1..) {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (token, length) = if is_of_word(c) {
                let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..end]), end)
            } else if rest.starts_with("::") {
                (Token::Colons, 2)
            } else {
                (Token::Sign(c), c.len_utf8())
            };
            if token != Token::Sign(' ') {
                found.push((number, token));
            }
            rest = &rest[length..];
        }
    }
    found
}

fn named_paths(code: &str) -> Vec<NamedPath> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).map(|before| tokens[before].1);
        let begins = match tokens[at].1 {
            // A method or a field is no path.
            Token::Word(_) => before != Some(Token::Sign('.')) && before != Some(Token::Colons),
            // `Vec::<u8>::new` goes on after `>`.
            Token::Colons => before != Some(Token::Sign('>')),
            Token::Sign(_) => false,
        };
        at = if begins { read_path(&tokens, at, "", &mut found) } else { at + 1 };
    }
    found
}

/// Reads the path that begins here, with the groups in it, and gives the place behind it.
fn read_path(
    tokens: &[(usize, Token<'_>)],
    mut at: usize,
    prefix: &str,
    found: &mut Vec<NamedPath>,
) -> usize {
    let mut text = prefix.to_owned();
    let line = tokens[at].0;
    loop {
        match tokens.get(at).map(|token| token.1) {
            Some(Token::Colons) if !KEYWORDS.contains(&text.as_str()) => {
                text.push_str("::");
                at += 1;
            }
            Some(Token::Word(word)) if text.is_empty() || text.ends_with("::") => {
                text.push_str(word);
                at += 1;
            }
            Some(Token::Sign('{')) if text.ends_with("::") => {
                return read_group(tokens, at + 1, &text, found);
            }
            next => {
                let is_macro = next == Some(Token::Sign('!'));
                // `use a::{self}` names `a`.
                let text = text.trim_end_matches("::");
                let text = text.strip_suffix("::self").unwrap_or(text);
                if !text.is_empty() {
                    found.push(NamedPath { line, text: text.to_owned(), is_macro });
                }
                return at;
            }
        }
    }
}

fn read_group(
    tokens: &[(usize, Token<'_>)],
    mut at: usize,
    prefix: &str,
    found: &mut Vec<NamedPath>,
) -> usize {
    let mut is_new_name = false;
    while at < tokens.len() {
        at = match tokens[at].1 {
            Token::Sign('}') => return at + 1,
            Token::Word("as") => {
                is_new_name = true;
                at + 1
            }
            Token::Word(_) if is_new_name => {
                is_new_name = false;
                at + 1
            }
            Token::Word(_) => read_path(tokens, at, prefix, found),
            _ => at + 1,
        };
    }
    at
}

// The rules can fail.

#[cfg(test)]
mod the_rules_can_fail {
    use super::*;

    /// The lines on which a rule finds fault with a text at a path.
    fn lines(rule: impl Fn(&SourceFile) -> Vec<Fault>, path: &str, text: &str) -> Vec<usize> {
        rule(&SourceFile::new(path, text)).iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn a_module_that_names_one_to_its_right_is_caught() {
        assert_eq!(lines(house_order, "src/domain/area.rs", "//! x\n\nuse crate::store::Store;\n"), [3]);
        assert_eq!(lines(house_order, "src/store/a.rs", "use crate::{domain, graphql::Query};"), [1]);
        assert_eq!(lines(house_order, "src/store/a.rs", "use crate::{\n  domain::x,\n  http,\n};"), [3]);
        assert_eq!(lines(house_order, "src/clock.rs", "fn f() { crate::actions::g() }"), [1]);
        assert_eq!(lines(house_order, "src/directory/live.rs", "use super::super::store::Store;"), [1]);
        assert_eq!(lines(house_order, "src/directory/mod.rs", "use super::store::Store;"), [1]);
        assert_eq!(lines(house_order, "src/http/mod.rs", "use crate::unheard_of::X;"), [1]);
    }

    #[test]
    fn graphql_and_pages_do_not_meet_and_settings_come_through_cli() {
        assert_eq!(lines(house_order, "src/graphql/mod.rs", "use crate::pages::Page;"), [1]);
        assert_eq!(lines(house_order, "src/pages/mod.rs", "use crate::graphql::Query;"), [1]);
        assert_eq!(lines(house_order, "src/store/mod.rs", "use crate::config::Config;"), [1]);
        assert_eq!(lines(house_order, "src/config.rs", "use crate::domain::area;"), [1]);
        assert_eq!(lines(house_order, "src/logging.rs", "use crate::store::Store;"), [1]);
    }

    #[test]
    fn what_stands_to_the_left_is_not_caught() {
        let clean: [usize; 0] = [];
        assert_eq!(
            lines(house_order, "src/store/a.rs", "use crate::{domain, clock};\nuse crate::store::b;"),
            clean
        );
        assert_eq!(lines(house_order, "src/cli/serve.rs", "use crate::{config, logging, http};"), clean);
        assert_eq!(lines(house_order, "src/logging.rs", "use crate::config::LogFormat;"), clean);
        assert_eq!(lines(house_order, "src/http/health.rs", "use super::graphql::refusal;"), clean);
        assert_eq!(
            lines(house_order, "src/domain/a.rs", "// crate::store\nlet a = \"crate::store\";"),
            clean
        );
        assert_eq!(lines(house_order, "src/graphql/a.rs", "crate::answer!(x); pub(crate) fn f() {}"), clean);
        let inside = "#[cfg(test)]\nmod tests {\n    use super::graphql;\n}\n";
        assert_eq!(lines(house_order, "src/http/mod.rs", inside), clean);
    }

    #[test]
    fn a_module_without_a_place_is_caught() {
        assert_eq!(lines(unplaced, "src/lib.rs", "pub mod domain;\npub mod utils;\n"), [2]);
    }

    #[test]
    fn a_framework_outside_its_module_is_caught() {
        assert_eq!(lines(frameworks, "src/actions/a.rs", "use diesel::prelude::*;"), [1]);
        assert_eq!(lines(frameworks, "src/graphql/a.rs", "\nuse ::diesel_async::X;"), [2]);
        assert_eq!(lines(frameworks, "src/http/a.rs", "#[derive(juniper::GraphQLObject)]"), [1]);
        assert_eq!(lines(frameworks, "src/cli/serve.rs", "fn f(r: actix_web::HttpRequest) {}"), [1]);
        assert_eq!(lines(frameworks, "src/store/mod.rs", "use nix::unistd;"), [1]);
        assert_eq!(lines(frameworks, "src/cli/mod.rs", "use ::config::File;"), [1]);
        let clean: [usize; 0] = [];
        assert_eq!(lines(frameworks, "src/store/a.rs", "use {diesel::x, rustls};"), clean);
        assert_eq!(
            lines(frameworks, "src/cli/mod.rs", "use crate::config::Config; use std::os::unix;"),
            clean
        );
    }

    #[test]
    fn reading_the_environment_elsewhere_is_caught() {
        assert_eq!(lines(environment, "src/cli/mod.rs", "let a = std::env::var(\"A\");"), [1]);
        assert_eq!(lines(environment, "src/cli/mod.rs", "use std::{env, fmt};"), [1]);
        let clean: [usize; 0] = [];
        assert_eq!(
            lines(environment, "src/store/a.rs", "std::env::split_paths(p); std::env::consts::OS"),
            clean
        );
        assert_eq!(lines(environment, "src/config.rs", "std::env::var(name)"), clean);
    }

    #[test]
    fn a_crate_too_many_in_the_domain_is_caught() {
        let crates = dependencies(
            "[dependencies]\nserde_json = \"1\"\nserde = \"1\"\n\n[dev-dependencies]\nureq = \"3\"\n",
        );
        assert_eq!(crates.len(), 2);
        let rule = |file: &SourceFile| domain_crates(file, &crates);
        assert_eq!(lines(rule, "src/domain/a.rs", "use serde::Serialize;\nuse serde_json::Value;"), [2]);
        assert!(lines(rule, "src/store/a.rs", "use serde_json::Value;").is_empty());
    }

    #[test]
    fn input_output_a_clock_and_async_in_pure_code_are_caught() {
        assert_eq!(lines(pure, "src/domain/a.rs", "pub async fn f() {}"), [1]);
        assert_eq!(lines(pure, "src/directory/a.rs", "use std::{fmt, fs::File};"), [1]);
        assert_eq!(lines(pure, "src/directory/a.rs", "std::net::TcpStream::connect(a)"), [1]);
        assert_eq!(lines(pure, "src/domain/a.rs", "\nchrono::Utc::now()"), [2]);
        assert_eq!(lines(pure, "src/domain/a.rs", "Utc::now()"), [1]);
        assert_eq!(lines(pure, "src/directory/a.rs", "log::info!(x)"), [1]);
        assert!(lines(pure, "src/store/a.rs", "pub async fn f() { std::fs::read(x) }").is_empty());
    }

    #[test]
    fn a_file_without_an_opening_is_caught() {
        assert_eq!(lines(opening, "src/a.rs", "use std::fmt;\n"), [1]);
        assert!(lines(opening, "src/a.rs", "//! What it is for.\n").is_empty());
    }

    #[test]
    fn unsafe_and_unfinished_code_is_caught() {
        assert_eq!(lines(unfinished, "src/a.rs", "\nunsafe { x() }"), [2]);
        assert_eq!(lines(unfinished, "src/a.rs", "todo!()\ndbg!(x)\nunimplemented!()"), [1, 2, 3]);
        assert!(
            lines(unfinished, "src/lib.rs", "#![forbid(unsafe_code)]\n// todo!\nlet todo = 1;").is_empty()
        );
    }

    #[test]
    fn unwrap_outside_tests_is_caught() {
        let text = "fn f() { a.unwrap() }\n\n#[cfg(test)]\nmod tests {\n    fn g() { b.unwrap() }\n}\n\nfn h() { c.unwrap() }\n";
        assert_eq!(lines(unwrapped, "src/a.rs", "let a = name.shown();\nlet b = key.expose();"), [1, 2]);
        assert!(lines(unwrapped, "src/graphql/shown.rs", "let a = name.shown();").is_empty());
        assert_eq!(lines(unwraps, "src/a.rs", text), [1, 8]);
        assert!(lines(unwraps, "src/store/a/tests.rs", text).is_empty());
        assert!(lines(unwraps, "src/a.rs", "/// a.unwrap()\nlet a = b.unwrap_or(c);").is_empty());
    }

    #[test]
    fn literals_and_comments_are_blanked_and_lines_stay() {
        let text =
            "a /* b /* c */ d */ e\n\"f \\\" g\" 'h' '\\'' 'i: r#\"j \" k\"# r#l // m\nr\"n\" for\"o\"";
        let code = blanked(text);
        let left: Vec<&str> = words(&code).collect();
        assert_eq!(left, ["a", "e", "i", "r", "r", "l", "r", "for"]);
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn groups_are_opened() {
        let paths = named_paths("use a::{self, b::{c, d as e}, *};\nx.y::<Z>::w(a::b)");
        let texts: Vec<&str> = paths.iter().map(|path| path.text.as_str()).collect();
        assert_eq!(texts, ["use", "a", "a::b::c", "a::b::d", "x", "Z", "a::b"]);
    }
}
