//! How the code is layered: imports go one way, stages never meet, and what depends on the machine or on one source stays out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;
mod rust_source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use project::root;
use rust_source::{Source, read};

/// The modules of each layer, lowest first. A module may use those of lower layers, and itself.
const LAYERS: &[&[&str]] = &[
    &["findings", "error"],
    &["model"],
    &["ingest", "clean", "segment", "extract", "normalize", "resolve", "validate", "publish"],
    &["pipeline"],
    &["cli"],
    &["main"],
];

/// `lib.rs` names the modules, the build script is no part of the program.
const OUTSIDE: &[&str] = &["lib", "build"];

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    rust_files(&root().join("src"), &mut paths);
    paths.sort();
    let sources: Vec<Source> = paths.iter().map(|path| read(&root().join("src"), path)).collect();
    assert!(sources.len() > 100, "{} files below src/", sources.len());
    sources
}

fn rust_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn layer(module: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&module)).unwrap_or_else(|| panic!("the module \"{module}\" stands in no layer of tests/layers.rs"))
}

/// Whether one module may use another.
fn may_use(module: &str, other: &str) -> bool {
    // An error type of the crate is re-exported at the top.
    other == "Error" || module == other || layer(other) < layer(module) || (layer(module) == 0 && layer(other) == 0)
}

#[test]
fn imports_go_one_way_and_stages_never_meet() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !OUTSIDE.contains(&source.module.as_str())) {
        for (line, other) in source.uses_of_the_crate() {
            seen += 1;
            if !may_use(&source.module, &other) {
                wrong.push(format!("src/{}:{line}: {} uses {other}", source.path, source.module));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(seen > 300, "only {seen} imports were seen");
}

#[test]
fn a_stage_that_used_another_would_be_seen() {
    let source = Source::parse("clean/mod.rs", "use crate::{model::Span, extract};\nfn f() { super::super::segment::run() }\n// crate::publish\n");
    let used: Vec<String> = source.uses_of_the_crate().into_iter().map(|(_, module)| module).collect();
    assert_eq!(used, ["model", "extract", "segment"]);
    assert!(!may_use("clean", "extract") && !may_use("model", "clean") && !may_use("extract", "pipeline") && may_use("clean", "model"));
}

#[test]
fn every_file_says_what_it_is() {
    let missing: Vec<String> = sources().into_iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.path).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn only_the_command_line_reads_the_clock_the_environment_or_chance() {
    let machine = [
        "SystemTime",
        "Instant",
        "Utc::now",
        "Local::now",
        "env::var",
        "env::args",
        "env::current",
        "available_parallelism",
        "thread_rng",
        "rand::",
        "RandomState",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !["cli", "main", "build"].contains(&source.module.as_str())) {
        for (line, code) in source.code_outside_tests() {
            wrong.extend(machine.iter().filter(|word| code.contains(**word)).map(|word| format!("src/{}:{line}: {word}", source.path)));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Names of countries and dialogues as the reference data has them.
fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (file, column) in [("countries.csv", "name"), ("dialogues.csv", "name"), ("dialogues.csv", "acronym")] {
        let table = project::Csv::read(&root().join("schemas/reference").join(file));
        names.extend(table.column(column).into_iter().filter(|name| !name.is_empty()).map(str::to_owned));
    }
    assert!(names.contains("Sri Lanka") && names.len() > 250, "{} names", names.len());
    names
}

#[test]
fn no_dialogue_and_no_country_is_named_in_the_code() {
    let names = names();
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, literal) in source.literals_outside_tests() {
            let words =
                |text: &str| -> String { format!(" {} ", text.split(|letter: char| !letter.is_alphanumeric()).collect::<Vec<_>>().join(" ")) };
            let padded = words(&literal);
            wrong.extend(
                names.iter().filter(|name| padded.contains(&words(name))).map(|name| format!("src/{}:{line}: \"{literal}\" has {name}", source.path)),
            );
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
