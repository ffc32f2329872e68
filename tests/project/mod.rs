//! A project for a test: folders of its own, the program run in them, and what it wrote read back.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The originals of the transcripts in raw/, where they lie beside the project. They are other people's prose, so they are not in it.
pub fn originals() -> Option<PathBuf> {
    Some(root().join("../shared/sources")).filter(|folder| folder.is_dir())
}

/// Says that a test did not run, past the capture of the test harness: nobody should take the silence for a pass.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "\n!!! SKIPPED: {why}\n");
}

/// An empty folder for a test; names are those of tests, so that no two share one.
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A folder with a copy of raw/ and schemas/ in it.
pub fn copy_of_the_project(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    for part in ["raw", "schemas"] {
        copy(&root().join(part), &folder.join(part));
    }
    folder
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Every file below a folder with its bytes, by path.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found);
    found
}

fn collect(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// Replaces one piece of text in a file, which must be there.
pub fn edit(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "{} has no \"{old}\"", path.display());
    fs::write(path, text.replacen(old, new, 1)).unwrap();
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Fails unless the exit code is the one given.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Fails unless a line of either output has all the pieces.
    pub fn says(self, pieces: &[&str]) -> Self {
        let told = self.stdout.lines().chain(self.stderr.lines()).any(|line| pieces.iter().all(|piece| line.contains(piece)));
        assert!(told, "no line with {pieces:?} in\n{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// Where tests let the program keep what it read: not where it keeps it for who runs them.
pub const CACHE: (&str, &str) = ("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));

/// Runs the program in a folder.
pub fn rollcall(folder: &Path, arguments: &[&str]) -> Ran {
    rollcall_with(folder, arguments, &[])
}

/// As [`rollcall`], in an environment with something more in it.
pub fn rollcall_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .envs([CACHE])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A CSV file as text.
#[derive(Debug)]
pub struct Csv {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { columns, rows }
    }

    pub fn position(&self, column: &str) -> usize {
        self.columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column} in {:?}", self.columns))
    }

    /// The cells of a column.
    pub fn column(&self, name: &str) -> Vec<&str> {
        let at = self.position(name);
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }
}

/// The schema of every published table, by name.
pub fn tables() -> BTreeMap<String, serde_json::Value> {
    let mut tables = BTreeMap::new();
    for entry in fs::read_dir(root().join("schemas/tables")).unwrap() {
        let path = entry.unwrap().path();
        let schema: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        tables.insert(schema["name"].as_str().unwrap().to_owned(), schema);
    }
    assert!(tables.len() > 20, "{} tables", tables.len());
    tables
}

/// The columns of a table: name and the whole declaration.
pub fn columns(table: &serde_json::Value) -> Vec<(&str, &serde_json::Value)> {
    table["fields"].as_array().unwrap().iter().map(|field| (field["name"].as_str().unwrap(), field)).collect()
}
