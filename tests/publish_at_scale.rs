//! Publishing many documents: the same bytes for any number of threads, and no more memory for each document than it has to be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

#[path = "../benches/corpus/mod.rs"]
#[allow(dead_code, reason = "the benchmark uses all of it")]
mod corpus;
#[path = "../benches/process/mod.rs"]
mod process;
mod project;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use corpus::Corpus;
use project::{empty_folder, files};

/// A project with so many documents in one file.
fn documents(name: &str, count: usize) -> PathBuf {
    let root = empty_folder(name);
    fs::create_dir_all(root.join("raw")).unwrap();
    fs::create_dir_all(root.join("schemas/reference")).unwrap();
    for name in ["expectations.toml", "corrections.toml", "ignored.toml"] {
        fs::write(root.join("schemas").join(name), "").unwrap();
    }
    fs::write(root.join("schemas/reference/aliases.csv"), "name,iso3,note\nCongo,COG,\n").unwrap();
    fs::write(root.join("raw/texts.jsonl"), texts(count)).unwrap();
    root
}

fn texts(count: usize) -> String {
    let line = |made: corpus::Made| format!("{}\n", serde_json::json!({"id": made.id, "text": made.text, "language": "en", "published": "2020"}));
    Corpus::new(3).take(count).map(line).collect()
}

fn publish(root: &Path, options: &[&str]) -> process::Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    process::run(command.args(["--quiet", "--root"]).arg(root).args(["publish", "--no-cache", "--date", "2026-01-02"]).args(options))
}

#[test]
fn the_number_of_threads_changes_no_byte_of_a_release() {
    let root = documents("publish_at_scale_threads", 200);
    publish(&root, &["--threads", "1", "--output", root.join("one").to_str().unwrap()]);
    let one = files(&root.join("one"));
    assert!(one["1.0.0/memberships.csv"].len() > 100_000 && one["1.0.0/meetings.parquet"].len() > 1000);
    for threads in ["2", "5"] {
        let out = root.join(threads);
        publish(&root, &["--threads", threads, "--output", out.to_str().unwrap()]);
        assert!(files(&out) == one, "{threads} threads");
    }
}

#[test]
fn the_memory_that_rows_may_take_changes_no_byte_of_a_release() {
    let root = documents("publish_at_scale_memory", 200);
    let kept = |memory: &str| {
        let out = root.join(memory);
        fs::write(root.join("raw/texts.jsonl"), texts(200)).unwrap();
        publish(&root, &["--memory", memory, "--output", out.to_str().unwrap()]);
        // One text less: every table is compared with that of the release before.
        fs::write(root.join("raw/texts.jsonl"), texts(199)).unwrap();
        publish(&root, &["--memory", memory, "--output", out.to_str().unwrap(), "--bump", "major"]);
        files(&out)
    };
    let whole = kept("1GB");
    assert!(whole["2.0.0/changes.csv"].len() > 10_000 && whole["1.0.0/evidence.csv"].len() > 1_000_000);
    for memory in ["1MB", "20kB", "1"] {
        assert!(kept(memory) == whole, "{memory}");
    }
    let mut rebuild = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    let out = root.join("1");
    process::run(rebuild.args(["--quiet", "--memory", "1", "--root"]).arg(&root).arg("--output").arg(out).args(["verify", "--rebuild"]));
}

/// The repository's own data set has what the corpus has not: claims that are looked up in texts, corrections, conflicts, withheld values.
#[test]
fn the_memory_that_rows_may_take_changes_nothing_that_is_found() {
    let check = |memory: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        let root = ["--root", env!("CARGO_MANIFEST_DIR"), "--memory", memory, "--no-cache", "--quiet"];
        let ran = command.args(root).args(["check", "--format", "json", "--date", "2026-01-02"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let whole = check("1GB");
    assert!(whole.len() > 1000, "{whole}");
    assert_eq!(check("1"), whole);
}

#[test]
fn a_document_more_takes_less_than_a_quarter_of_a_megabyte() {
    if !Path::new("/proc/self/status").exists() {
        return project::skipped("no /proc here to read the memory of a process from");
    }
    let few = publish(&documents("publish_at_scale_few", 100), &["--memory", "4MB"]).memory;
    let many = publish(&documents("publish_at_scale_many", 500), &["--memory", "4MB"]).memory;
    assert!(few > 10.0, "{few} MB is no memory of a run");
    assert!(many - few < 100.0, "{few:.0} MB for 100 documents, {many:.0} MB for 500");
}

/// A line at the head of each text moves all the evidence below it: each piece is a row that goes and one that comes.
#[test]
fn changes_of_many_rows_take_no_more_memory_than_the_rows() {
    if !Path::new("/proc/self/status").exists() {
        return project::skipped("no /proc here to read the memory of a process from");
    }
    let root = documents("publish_at_scale_changes", 150);
    let first = publish(&root, &["--memory", "4MB"]).memory;
    let moved = texts(150).replace("\"text\":\"", "\"text\":\"A line that says nothing at all.\\n\\n");
    fs::write(root.join("raw/texts.jsonl"), moved).unwrap();
    let second = publish(&root, &["--memory", "4MB", "--bump", "major"]).memory;
    let changes = fs::metadata(root.join("output/2.0.0/changes.csv")).unwrap().len();
    assert!(changes > 50_000_000, "{changes} bytes of changes are not many");
    assert!(second < first + 40.0, "{first:.0} MB for the first release, {second:.0} MB for the one in which all moved");
}
