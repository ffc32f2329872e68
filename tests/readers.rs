//! Parquet as others read it: pyarrow, pandas, polars and duckdb see what the CSV says, cell by cell.
//!
//! The readers are Python packages, pinned in tests/readers/requirements.txt. The test makes a virtual environment for them under
//! target/ once, which needs Python 3 with venv and a package index; without them the test is skipped, but not by CI.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use project::{copy_of_the_project, rollcall, root, skipped};

fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let told = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(output) } else { Err(told()) }
}

/// The interpreter of an environment that has the readers; made anew where the requirements are others than last time.
fn python() -> Result<PathBuf, String> {
    let requirements = root().join("tests/readers/requirements.txt");
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers_environment");
    let stamp = environment.join("requirements.txt");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = fs::read(&requirements).unwrap();
    if fs::read(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "-r"]).arg(&requirements))?;
    fs::write(&stamp, wanted).unwrap();
    Ok(python)
}

#[test]
fn four_readers_see_in_parquet_what_the_csv_says() {
    if run(Command::new("python3").arg("--version")).is_err() {
        skipped("python3 is not there: no Parquet file was read with pyarrow, pandas, polars or duckdb");
        return;
    }
    let python = match python() {
        Ok(python) => python,
        Err(problem) if std::env::var_os("CI").is_none() => {
            skipped(&format!("the environment of tests/readers cannot be made, so no Parquet file was read with the four readers:\n{problem}"));
            return;
        }
        Err(problem) => panic!("the environment of tests/readers cannot be made:\n{problem}"),
    };
    let project = copy_of_the_project("readers");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    let check = run(Command::new(python).arg(root().join("tests/readers/check.py")).arg(project.join("output/1.0.0")));
    let told = check.unwrap_or_else(|problem| panic!("{problem}"));
    assert!(String::from_utf8_lossy(&told.stdout).contains("cells of"));
}
