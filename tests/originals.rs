//! Transcripts and originals say the same: publishing from either gives the same facts.
//!
//! The transcripts in raw/ keep every fact of the originals to the letter and say the prose anew. So all columns of the fact tables
//! must agree but for prose and what hangs on it: ids hashed from prose, the order of rows, line numbers and hashes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::path::Path;

use project::{Csv, columns, empty_folder, originals, rollcall, root, skipped, tables};

/// The rows of a fact table in an order of their own, without what may differ.
fn facts(release: &Path, table: &str, schema: &serde_json::Value) -> Vec<String> {
    let csv = Csv::read(&release.join(format!("{table}.csv")));
    let kept: Vec<usize> = columns(schema)
        .into_iter()
        .enumerate()
        .filter(|(_, (name, column))| column["kind"] != "prose" && *name != "line")
        .map(|(at, _)| at)
        .collect();
    let mut rows: Vec<String> = csv.rows.iter().map(|row| kept.iter().map(|&at| without_hash(&row[at])).collect::<Vec<_>>().join(" | ")).collect();
    rows.sort();
    rows
}

/// An id that ends in eight digits of a hash of prose, without them.
fn without_hash(cell: &str) -> &str {
    match cell.rsplit_once('-') {
        Some((stem, tail)) if tail.len() == 8 && tail.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()) => stem,
        _ => cell,
    }
}

fn publish(raw: &Path, output: &Path) {
    let (root, raw, output) = (root().to_string_lossy(), raw.to_string_lossy(), output.to_string_lossy());
    rollcall(Path::new("."), &["publish", "--quiet", "--date", "2026-01-02", "--root", &root, "--raw", &raw, "--output", &output]).exits(0);
}

#[test]
fn transcripts_and_originals_give_the_same_facts() {
    let Some(originals) = originals() else {
        skipped("no originals at ../shared/sources beside the project: the transcripts in raw/ were compared with nothing");
        return;
    };
    let folder = empty_folder("originals");
    let (from_transcripts, from_originals) = (folder.join("transcripts"), folder.join("originals"));
    publish(&root().join("raw"), &from_transcripts);
    publish(&originals, &from_originals);
    let (mut rows, mut differences) = (0, Vec::new());
    for (table, schema) in tables().iter().filter(|(_, schema)| schema["role"] == "fact") {
        let [ours, theirs] = [&from_transcripts, &from_originals].map(|output| facts(&output.join("1.0.0"), table, schema));
        rows += ours.len();
        differences.extend(missing(&ours, &theirs).map(|row| format!("{table}: only from the transcript: {row}")));
        differences.extend(missing(&theirs, &ours).map(|row| format!("{table}: only from the original:   {row}")));
    }
    assert!(differences.is_empty(), "{} rows differ\n{}", differences.len(), differences.join("\n"));
    assert!(rows > 200, "only {rows} facts were compared");
}

/// Rows that stand more often in `these` than in `those`.
fn missing<'a>(these: &'a [String], those: &'a [String]) -> impl Iterator<Item = &'a String> {
    let count = |rows: &[String], row: &String| rows.iter().filter(|other| *other == row).count();
    these
        .iter()
        .enumerate()
        .filter(move |(at, row)| these[..*at].iter().filter(|other| other == row).count() >= count(those, row))
        .map(|(_, row)| row)
}

#[test]
fn what_may_differ_is_prose_and_its_hashes() {
    assert_eq!(without_hash("asia-eu-dialogue--current-focus--1616e453"), "asia-eu-dialogue--current-focus-");
    assert_eq!(without_hash("asia-eu-dialogue--npl--member"), "asia-eu-dialogue--npl--member");
    assert_eq!(without_hash("2014-10-16"), "2014-10-16");
    let rows = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
    assert_eq!(missing(&rows(&["a", "a", "b"]), &rows(&["a"])).collect::<Vec<_>>(), ["a", "b"]);
}
