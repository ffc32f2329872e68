//! Parquet as others read it: pyarrow, pandas (with two kinds of columns), polars and duckdb see what the CSV says, cell by cell, and give
//! the same answer to one question of a statistician.
//!
//! The readers are Python packages, pinned in tests/readers/requirements.txt, and get a virtual environment below target/, which needs
//! Python 3 with venv and a package index; without them the test is skipped, but not by CI.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod foreign;
mod project;

use std::process::Command;

use foreign::{is_there, python, run, tell};
use project::{copy_of_the_project, rollcall, root, skipped};

#[test]
fn five_readers_see_in_parquet_what_the_csv_says() {
    if !is_there("python3") {
        skipped("python3 is not there: no Parquet file was read with pyarrow, pandas, polars or duckdb");
        return;
    }
    let bin = match python("readers_environment", &root().join("tests/readers/requirements.txt")) {
        Ok(bin) => bin,
        Err(problem) if std::env::var_os("CI").is_none() => {
            skipped(&format!("the environment of tests/readers cannot be made, so no Parquet file was read with the readers:\n{problem}"));
            return;
        }
        Err(problem) => panic!("the environment of tests/readers cannot be made:\n{problem}"),
    };
    let project = copy_of_the_project("readers");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    let check = run(Command::new(bin.join("python")).arg(root().join("tests/readers/check.py")).arg(project.join("output/1.0.0")));
    let told = check.unwrap_or_else(|problem| panic!("{problem}"));
    let told = String::from_utf8(told.stdout).unwrap();
    let readers: Vec<&str> = told.lines().filter(|line| line.contains("cells of")).collect();
    readers.iter().for_each(|line| tell(&format!("conformance  ok       {line}")));
    assert_eq!(readers.len(), 5, "{told}");
    let mut walk = Command::new(bin.join("python"));
    walk.arg(root().join("tests/readers/walk.py")).arg(project.join("output/1.0.0")).arg(project.join("picture.svg"));
    let told = run(&mut walk).unwrap_or_else(|problem| panic!("{problem}"));
    tell(&format!("conformance  ok       {}", String::from_utf8_lossy(&told.stdout).trim_end()));
}
