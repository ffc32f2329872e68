//! Publishing many documents, from the texts to the release: does the time for each document stay the same, and the memory?
//!
//! Makes its own corpora below target/ (seeded), of several sizes, and publishes each into an empty store; then once more, where nothing
//! has changed; both without the cache. `DOCUMENTS="1000 10000"` sets other numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where something is not as it should be")]

#[allow(dead_code, reason = "what is planted is looked for elsewhere")]
mod corpus;
mod process;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use corpus::Corpus;

const SEED: u64 = 7;

/// A project with so many documents in one file; the bytes of their texts.
fn project(folder: &Path, documents: usize) -> usize {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::create_dir_all(folder.join("schemas")).unwrap();
    // What the texts of the repository must come to says nothing of these.
    for name in ["expectations.toml", "corrections.toml", "ignored.toml"] {
        fs::write(folder.join("schemas").join(name), "").unwrap();
    }
    fs::create_dir_all(folder.join("schemas/reference")).unwrap();
    // There are two states of that name.
    fs::write(folder.join("schemas/reference/aliases.csv"), "name,iso3,note\nCongo,COG,\n").unwrap();
    let mut out = BufWriter::new(File::create(folder.join("raw/texts.jsonl")).unwrap());
    let mut bytes = 0;
    for made in Corpus::new(SEED).take(documents) {
        bytes += made.text.len();
        writeln!(out, "{}", serde_json::json!({"id": made.id, "text": made.text, "language": "en", "published": "2020"})).unwrap();
    }
    out.flush().unwrap();
    bytes
}

fn publish(root: &Path) -> process::Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    process::run(command.args(["--quiet", "--root"]).arg(root).args(["publish", "--no-cache", "--date", "2026-01-02"]))
}

fn main() {
    let sizes = std::env::var("DOCUMENTS").unwrap_or_else(|_| "1000 10000 50000".to_owned());
    println!("{:>10}{:>10}{:>10}{:>14}{:>14}{:>10}{:>16}", "documents", "MB", "CPU s", "CPU s a GB", "ms a document", "MB RAM", "again, CPU s");
    for documents in sizes.split_whitespace().map(|size| size.parse::<usize>().unwrap()) {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("publish").join(documents.to_string());
        let megabytes = project(&root, documents) as f64 / 1e6;
        let run = publish(&root);
        let again = publish(&root);
        let (a_gigabyte, a_document) = (run.cpu / megabytes * 1e3, run.cpu / documents as f64 * 1e3);
        println!("{documents:>10}{megabytes:>10.1}{:>10.2}{a_gigabyte:>14.1}{a_document:>14.3}{:>10.0}{:>16.2}", run.cpu, run.memory, again.cpu);
    }
}
