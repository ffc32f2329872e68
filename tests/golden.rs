//! Golden folders: a text, and what the first half makes of it.
//!
//! Each folder of tests/golden is a case, named for what it shows: `raw/` holds the text, `expected/` the tables that the case is about
//! as `rollcall extract` writes them, and the findings. A table that is empty but for its header says that nothing is to be read.
//!
//! tests/golden_not_yet holds cases of the same form, with what a careful reader expects and the program does not give yet. One that it gives
//! moves to tests/golden; none of them is ever blessed.
//!
//! `BLESS=1 cargo test --release --test golden` writes the files of `expected/` anew (create an empty one to add a table); read the
//! difference before you commit it. CI refuses to bless.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use project::{empty_folder, files, rollcall, root};

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = root().join("tests").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// What the first half makes of a case: its tables, and its findings but for those about the registry and the names that the project has.
fn outcome(case: &Path) -> BTreeMap<String, String> {
    let name = case.file_name().unwrap().to_string_lossy();
    let out = empty_folder(&format!("golden/{name}"));
    let schemas = root().join("schemas");
    let ran = rollcall(case, &["extract", "raw", "--schemas", &schemas.to_string_lossy(), "--out", &out.to_string_lossy()]);
    assert!(ran.code == 0, "{name}: {}\n{}", ran.stdout, ran.stderr);
    let mut outcome: BTreeMap<String, String> = files(&out).into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect();
    let mut findings = String::new();
    let mut is_left_out = false;
    for line in ran.stdout.lines() {
        let is_of_the_project = line.contains("[source-unregistered]") || line.contains("[alias-unused]");
        is_left_out = if line.starts_with("  ") { is_left_out } else { is_of_the_project };
        if !is_left_out {
            findings.push_str(line);
            findings.push('\n');
        }
    }
    outcome.insert("findings.txt".to_owned(), findings);
    outcome
}

fn bless(case: &Path, outcome: &BTreeMap<String, String>) {
    let folder = case.join("expected");
    fs::create_dir_all(&folder).unwrap();
    let named = files(&folder).into_keys().chain(["findings.txt".to_owned()]);
    for file in named {
        fs::write(folder.join(&file), outcome.get(&file).unwrap_or_else(|| panic!("{}: extract writes no {file}", case.display()))).unwrap();
    }
}

#[test]
fn every_case_gives_what_is_expected() {
    let cases = cases("golden");
    let is_blessing = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    assert!(!(is_blessing && std::env::var_os("CI").is_some()), "CI does not bless: run BLESS=1 on your machine and read the difference");
    let mut wrong = Vec::new();
    for case in &cases {
        let outcome = outcome(case);
        if is_blessing {
            bless(case, &outcome);
        }
        wrong.extend(differences(case, &outcome));
    }
    assert!(wrong.is_empty(), "{} files differ (- expected, + found)\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(cases.len() >= 60, "only {} cases", cases.len());
}

/// What a case expects and does not get, file by file.
fn differences(case: &Path, outcome: &BTreeMap<String, String>) -> Vec<String> {
    let expected = files(&case.join("expected"));
    let name = case.file_name().unwrap().to_string_lossy();
    assert!(expected.len() > 1 && expected.contains_key("findings.txt"), "{name}: expected/ needs findings.txt and a table");
    let mut wrong = Vec::new();
    for (file, bytes) in expected {
        let expected = String::from_utf8(bytes).unwrap();
        let found = outcome.get(&file).map_or("", String::as_str);
        if found != expected {
            wrong.push(format!("{name}/expected/{file}\n{}", difference(&expected, found)));
        }
    }
    wrong
}

#[test]
fn no_case_that_is_read_by_now_is_said_not_to_be() {
    let cases = cases("golden_not_yet");
    let read: Vec<String> = cases
        .iter()
        .filter(|case| differences(case, &outcome(case)).is_empty())
        .map(|case| case.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(read.is_empty(), "move to tests/golden, for they are read as expected: {read:?}");
}

/// The lines that stand in one text alone.
fn difference(expected: &str, found: &str) -> String {
    let only = |these: &str, those: &str, sign: char| -> Vec<String> {
        let those: Vec<&str> = those.lines().collect();
        these.lines().filter(|line| !those.contains(line)).map(|line| format!("{sign} {line}")).collect()
    };
    let lines = [only(expected, found, '-'), only(found, expected, '+')].concat();
    if lines.is_empty() { "the same lines in another order or number".to_owned() } else { lines.join("\n") }
}
