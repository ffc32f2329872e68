//! Bad input is the normal case: each case spoils a sound project in one way, and says what must be told.
//!
//! The project lies in tests/bad_input/project, the cases in tests/bad_input/cases.toml, and what the program prints for each in
//! tests/bad_input/findings.txt. A case that is refused exits with 1, names file, line and column of every problem, and leaves output/
//! as it was, byte for byte. `BLESS=1 cargo test --release --test bad_input` writes findings.txt anew; read the difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use project::{Ran, copy, edit, empty_folder, files, rollcall, root};
use regex::Regex;
use rollcall::findings::{CODES, code};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One way to spoil the project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    edit: Vec<Edit>,
    /// Another command than publish.
    command: Option<Vec<String>>,
    /// Problems that have no line: a file or folder that is not there, or empty.
    #[serde(default)]
    whole_file: bool,
    /// Warnings and infos alone: the data are not refused.
    #[serde(default)]
    accepted: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    /// Replaces this text, which must be there.
    find: Option<String>,
    #[serde(default)]
    replace: String,
    append: Option<String>,
    write: Option<String>,
    /// Bytes in hexadecimal digits behind what is there.
    bytes: Option<String>,
    #[serde(default)]
    remove: bool,
}

/// Spoils a file. One that the project does not have is taken from the schemas that ship with the program.
fn spoil(folder: &Path, change: &Edit) {
    let path = folder.join(&change.file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let shipped = root().join(&change.file);
    if !path.exists() && change.write.is_none() && !change.remove && shipped.is_file() {
        fs::copy(shipped, &path).unwrap();
    }
    let mut bytes = fs::read(&path).unwrap_or_default();
    if let Some(find) = &change.find {
        edit(&path, find, &change.replace);
        return;
    }
    if change.remove {
        return if path.is_dir() { fs::remove_dir_all(&path).unwrap() } else { fs::remove_file(&path).unwrap() };
    }
    if let Some(text) = &change.append {
        bytes.extend(text.as_bytes());
    }
    if let Some(text) = &change.write {
        bytes = text.as_bytes().to_vec();
    }
    if let Some(digits) = &change.bytes {
        let digit = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        bytes.extend((0..digits.len()).step_by(2).map(digit));
    }
    fs::write(&path, bytes).unwrap();
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(root().join("tests/bad_input/cases.toml")).unwrap();
    toml::from_str::<Cases>(&text).unwrap_or_else(|error| panic!("{error}")).case
}

/// A copy of the sound project with its release.
fn sound(name: &str) -> std::path::PathBuf {
    let folder = empty_folder(name);
    copy(&root().join("tests/bad_input/project"), &folder);
    let ran = rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(0);
    assert!(!ran.stdout.contains('['), "the project is not sound:\n{}", ran.stdout);
    folder
}

/// The findings of a case, one a line, hints below.
fn told(case: &Case, ran: &Ran) -> String {
    let is_release = |line: &str| line.starts_with("would publish ") || line.starts_with("identical to ");
    let lines: Vec<&str> = ran.stdout.lines().take_while(|line| !is_release(line)).collect();
    format!("== {}\n{}\n\n", case.name, lines.join("\n"))
}

#[test]
fn every_case_says_all_that_is_wrong_and_where() {
    let sound = sound("bad_input_sound");
    let before = files(&sound.join("output"));
    let place = Regex::new(r"^[^:\n]+:[0-9]+:[0-9]+: error\[[a-z0-9-]+\]: .").unwrap();
    let code_of = Regex::new(r"(?m)^[^ \n][^\n]*: (?:error|warning|info)\[([a-z0-9-]+)\]: ").unwrap();
    let cases = cases();
    let mut all = String::new();
    let mut codes: BTreeSet<String> = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut wrong: Vec<String> = Vec::new();
    for case in &cases {
        assert!(names.insert(&case.name), "{} stands twice", case.name);
        let folder = empty_folder("bad_input_case");
        copy(&sound, &folder);
        case.edit.iter().for_each(|change| spoil(&folder, change));
        let ran = if let Some(command) = &case.command {
            rollcall(&folder, &command.iter().map(String::as_str).collect::<Vec<_>>())
        } else if case.accepted {
            rollcall(&folder, &["check", "--date", "2026-01-03"])
        } else {
            rollcall(&folder, &["publish", "--date", "2026-01-03"])
        };
        let errors: Vec<&str> = ran.stdout.lines().filter(|line| line.contains(": error[")).collect();
        let is_placed = case.whole_file || errors.iter().all(|line| place.is_match(line));
        let is_refused = ran.code == 1 && !errors.is_empty() && (case.command.is_some() || ran.stderr.contains("nothing was written"));
        for (holds, what) in [
            (if case.accepted { ran.code == 0 } else { is_refused }, "ended otherwise"),
            (is_placed, "an error without file, line and column"),
            (files(&folder.join("output")) == before, "output/ changed"),
        ] {
            if !holds {
                wrong.push(format!("{}: {what} (exit code {})\n{}{}", case.name, ran.code, ran.stdout, ran.stderr));
            }
        }
        codes.extend(code_of.captures_iter(&ran.stdout).map(|found| found[1].to_owned()));
        all.push_str(&told(case, &ran));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.iter().filter(|case| !case.accepted).count() >= 50, "{} cases", cases.len());
    let path = root().join("tests/bad_input/findings.txt");
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless");
        fs::write(&path, &all).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    let mut differing = String::new();
    let sections = |text: &str| -> Vec<String> { text.split("\n\n== ").map(|section| section.trim().to_owned()).collect() };
    let (expected, found) = (sections(&expected), sections(&all));
    for section in found.iter().filter(|section| !expected.contains(section)) {
        let _ = write!(differing, "{section}\n\n");
    }
    assert!(differing.is_empty() && expected.len() == found.len(), "not as in tests/bad_input/findings.txt (BLESS=1 writes it):\n{differing}");
    // It takes more records than a case should have: tests/resolve_sources.rs.
    codes.insert(code::BLOCK_CUT.name.to_owned());
    let never: Vec<&str> = CODES.iter().map(|code| code.name).filter(|name| !codes.contains(*name)).collect();
    assert_eq!(never, Vec::<&str>::new(), "no case produces these codes");
}

#[test]
fn what_is_compared_is_told_apart_for_patterns_doubles_and_comparators_too() {
    let folder = empty_folder("bad_input_compared");
    copy(&root().join("tests/bad_input/project"), &folder);
    let cases = cases();
    // Each in a file of its own, so that all are told in one run.
    for name in [
        "a pattern that is no regular expression",
        "ids of reference data that stand twice",
        "an id of the registry that stands twice",
        "expectations without a comparator, with two, of no table, of a table that there is not",
        "renames in a circle, twice, of no table, without a reason",
    ] {
        let case = cases.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("there is no case {name:?}"));
        case.edit.iter().for_each(|change| spoil(&folder, change));
    }
    let told: serde_json::Value = serde_json::from_str(&rollcall(&folder, &["check", "--format", "json"]).exits(1).stdout).unwrap();
    let findings: Vec<&serde_json::Value> = told["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error").collect();
    let silent: Vec<&&serde_json::Value> =
        findings.iter().filter(|finding| !finding["found"].is_string() || !finding["expected"].is_string()).collect();
    assert!(findings.len() >= 8 && silent.is_empty(), "{} findings, of these say nothing: {silent:#?}", findings.len());
    let of = |part: &str| findings.iter().find(|finding| finding["message"].as_str().unwrap().contains(part)).unwrap_or_else(|| panic!("{part}"));
    assert_eq!(of("regular expression")["expected"], "a regular expression");
    assert_eq!(of("no comparator")["found"], "no comparator");
}

#[test]
fn every_code_is_explained_with_a_paragraph_and_an_example() {
    let folder = empty_folder("bad_input_explained");
    let mut short = Vec::new();
    for code in CODES {
        let told = rollcall(&folder, &["explain", code.name]).exits(0).stdout;
        let paragraph = told.lines().nth(2).unwrap();
        if paragraph.split(". ").count() < 2 || paragraph.len() < 80 {
            short.push(code.name);
        }
        let example = told.split("Example:\n\n").nth(1).unwrap();
        assert!(example.contains(&format!("{}[{}]: ", code.severity.name(), code.name)), "{}: {example}", code.name);
        assert!(example.lines().count() >= 2, "{}: the example says nothing to do", code.name);
    }
    assert_eq!(short, Vec::<&str>::new(), "their paragraph is none");
}
