//! How far a run is: a bar on a terminal, nothing of it in a short run, in a pipe or with `--quiet`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use project::{copy_of_the_project, rollcall, skipped};

/// Enough texts that reading them shows a bar.
fn many_texts(root: &Path) {
    let text = fs::read_to_string(root.join("raw/iom-labour-migration-factsheet.txt")).unwrap();
    let lines = (0..400).map(|number| format!("{{\"id\": \"text-{number}\", \"text\": {:?}}}\n", format!("{number}\n{text}").replace('\u{a0}', " ")));
    fs::write(root.join("many.jsonl"), lines.collect::<String>()).unwrap();
}

/// Runs the program on a terminal of its own, for a while; none where the system has no `script`.
fn on_a_terminal(root: &Path, arguments: &str, signal_after: &str) -> Option<Output> {
    let command = format!("timeout -s INT {signal_after} {} {arguments}", env!("CARGO_BIN_EXE_rollcall"));
    let mut script = Command::new("script");
    script.args(["-qec", &command, "/dev/null"]).current_dir(root).env("TERM", "xterm").stdin(Stdio::null());
    script.output().ok()
}

#[test]
fn a_long_run_shows_a_bar_on_a_terminal_and_wipes_it_when_it_is_stopped() {
    let root = copy_of_the_project("progress-bar");
    many_texts(&root);
    let Some(ran) = on_a_terminal(&root, "extract many.jsonl --no-cache --threads 1 --out x", "2") else {
        return skipped("a bar on a terminal: there is no program `script`");
    };
    let told = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(["\u{2588}", " %", " documents, ", " MB/s"].iter().all(|piece| told.contains(piece)), "{told}");
    let behind = &told[told.rfind(" MB/s").unwrap()..];
    assert!(behind.contains("\u{1b}[2K"), "what is left on the line: {behind:?}");
    let quiet = on_a_terminal(&root, "extract many.jsonl --no-cache --quiet --threads 1 --out x", "2").unwrap();
    assert!(!String::from_utf8_lossy(&quiet.stdout).contains("MB/s"));
}

#[test]
fn a_short_run_tells_its_counts_and_no_more() {
    let root = copy_of_the_project("progress-short");
    let ran = rollcall(&root, &["extract", "--out", "x"]).exits(0);
    let stages: Vec<&str> = ran.stderr.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(stages, ["ingest", "extract", "written", "findings"], "{}", ran.stderr);
    assert!(ran.stderr.contains("5 sources, ") && !ran.stderr.contains("MB/s"));
    assert_eq!(rollcall(&root, &["extract", "--quiet", "--out", "x"]).exits(0).stderr, "");
}
