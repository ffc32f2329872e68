//! The whole first half as a process of its own: files in, records of all tables out.
//!
//! Makes its own corpus below target/ (seeded), runs `rollcall extract` over it as a folder and as one JSONL file, and prints for each run
//! megabytes a CPU second and peak memory; beside them how much of what was planted came out. `DOCUMENTS` sets another number.
//! Where most of the time is other people's, the wall clock says little: read CPU.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where something is not as it should be")]

mod corpus;
mod process;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use corpus::{Corpus, Made};
use process::Run;

const SEED: u64 = 7;

fn extract(raw: &Path, out: &Path, threads: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(["--quiet", "--no-cache", "--threads", threads, "--root", env!("CARGO_MANIFEST_DIR"), "extract"]).arg(raw).arg("--out").arg(out);
    process::run(&mut command)
}

/// The rows of a file that extract wrote, as the values of some columns.
fn rows(out: &Path, table: &str, columns: &[&str]) -> HashSet<Vec<String>> {
    let mut reader = csv::Reader::from_path(out.join(format!("{table}.csv"))).unwrap();
    let header = reader.headers().unwrap().clone();
    let positions: Vec<usize> = columns.iter().map(|column| header.iter().position(|name| name == *column).unwrap()).collect();
    reader.records().map(|row| row.unwrap()).map(|row| positions.iter().map(|&at| row[at].to_owned()).collect()).collect()
}

/// The share of what was planted that came out.
fn recall(made: &[Made], found: &HashSet<Vec<String>>, planted: impl Fn(&Made) -> Vec<Vec<String>>) -> String {
    let (mut all, mut out) = (0, 0);
    for made in made {
        for fact in planted(made) {
            all += 1;
            out += usize::from(found.contains(&fact));
        }
    }
    format!("{out} of {all}, {:.2} %", 100.0 * out as f64 / f64::from(all.max(1)))
}

/// Writes documents as a folder and as one file; returns both, and the bytes of text.
fn write(folder: &Path, made: &[Made]) -> (PathBuf, PathBuf, usize) {
    let (texts, lines) = (folder.join("texts"), folder.join("texts.jsonl"));
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(&texts).unwrap();
    let mut out = BufWriter::new(File::create(&lines).unwrap());
    for Made { id, text, .. } in made {
        fs::write(texts.join(format!("{id}.txt")), text).unwrap();
        writeln!(out, "{}", serde_json::json!({"id": id, "text": text})).unwrap();
    }
    out.flush().unwrap();
    (texts, lines, made.iter().map(|made| made.text.len()).sum())
}

fn main() {
    let documents: usize = std::env::var("DOCUMENTS").map_or(10_000, |documents| documents.parse().unwrap());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole_process");
    let made: Vec<Made> = Corpus::new(SEED).take(documents).collect();
    let tenth = &made[..documents / 10];
    let (few, _, few_bytes) = write(&folder.join("few"), tenth);
    let (texts, lines, bytes) = write(&folder.join("all"), &made);
    println!("{documents} documents, {:.1} MB of text, seed {SEED}", bytes as f64 / 1e6);
    println!("{:<34}{:>12}{:>10}{:>10}{:>10}", "", "MB/CPU-s", "CPU s", "wall s", "MB");
    let told = |what: &str, bytes: usize, run: &Run| {
        println!("{what:<34}{:>12.1}{:>10.2}{:>10.2}{:>10.0}", bytes as f64 / 1e6 / run.cpu, run.cpu, run.wall, run.memory);
    };
    let out = folder.join("out");
    told("folder, a tenth, 1 thread", few_bytes, &extract(&few, &out, "1"));
    let one = extract(&texts, &out, "1");
    told("folder, 1 thread", bytes, &one);
    let two = extract(&texts, &out, "2");
    told("folder, 2 threads", bytes, &two);
    println!("{:<34}{:>12.2}", "one thread against two, wall", one.wall / two.wall);
    told("JSONL, 1 thread", bytes, &extract(&lines, &out, "1"));
    let members = rows(&out, "memberships", &["source_id", "iso3", "role"]);
    let meetings = rows(&out, "meetings", &["source_id", "start_date", "iso3"]);
    let all_members = |made: &Made| made.planted.members.iter().map(|(iso3, role)| vec![made.id.clone(), iso3.clone(), (*role).to_owned()]).collect();
    let all_meetings = |made: &Made| made.planted.meetings.iter().map(|(day, iso3)| vec![made.id.clone(), day.clone(), iso3.clone()]).collect();
    println!("{:<34}{}", "planted memberships that came out", recall(&made, &members, all_members));
    println!("{:<34}{}", "planted meetings that came out", recall(&made, &meetings, all_meetings));
}
