//! The README tells of what is there: commands, files, packages, and one real row of each table.
//!
//! `BLESS=1 cargo test --release --test readme` writes the part about tables anew from `schemas/tables/` and the texts of the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use project::{columns, copy_of_the_project, rollcall, root, tables};

const BEGIN: &str = "<!-- tables: written by BLESS=1 cargo test --release --test readme -->\n";
const END: &str = "<!-- end of tables -->\n";

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// What stands between the marks.
fn section(readme: &str) -> &str {
    let start = readme.find(BEGIN).unwrap() + BEGIN.len();
    &readme[start..readme.find(END).unwrap()]
}

/// The part about tables: those of a part that are real rows of the release are kept.
fn written(release: &Path, known: &str) -> String {
    let tables = tables();
    let mut tables: Vec<_> = tables.values().collect();
    tables.sort_by_key(|table| table["position"].as_u64());
    let mut text = String::new();
    for table in tables {
        let name = table["name"].as_str().unwrap();
        let header: Vec<&str> = columns(table).into_iter().map(|(column, _)| column).collect();
        let csv = fs::read_to_string(release.join(format!("{name}.csv"))).unwrap();
        let row = example(&csv, known).unwrap_or("(no row in this release)");
        write!(text, "\n**{name}**: {}\n\n```csv\n{}\n{row}\n```\n", table["description"].as_str().unwrap(), header.join(",")).unwrap();
    }
    text.push('\n');
    text
}

/// The row that the README has already, else one with as few empty cells as any.
fn example<'a>(csv: &'a str, known: &str) -> Option<&'a str> {
    let rows = || csv.lines().skip(1);
    let kept = rows().find(|row| known.contains(&format!("\n{row}\n")));
    kept.or_else(|| rows().min_by_key(|row| (row.matches(",,").count() + usize::from(row.ends_with(',')), row.len())))
}

#[test]
fn every_table_is_there_with_a_real_row() {
    let project = copy_of_the_project("readme");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    let readme = readme();
    let found = section(&readme);
    let expected = written(&project.join("output/1.0.0"), found);
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        assert!(std::env::var_os("CI").is_none(), "CI does not bless");
        let (before, after) = (readme.find(BEGIN).unwrap() + BEGIN.len(), readme.find(END).unwrap());
        fs::write(root().join("README.md"), format!("{}{expected}{}", &readme[..before], &readme[after..])).unwrap();
        return;
    }
    let missing: Vec<&str> = expected.lines().filter(|line| !found.lines().any(|other| other == *line)).collect();
    assert!(missing.is_empty(), "README.md lacks, among its tables (BLESS=1 writes them):\n{}", missing.join("\n"));
    assert_eq!(found.matches("```csv\n").count(), tables().len());
}

/// What stands in the README in backquotes, and in its blocks of shell commands.
fn quoted(readme: &str) -> Vec<&str> {
    let spans = readme.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2));
    let shell = readme.split("```sh\n").skip(1).flat_map(|block| block.split("```").next().unwrap_or("").lines());
    spans.chain(shell.map(|line| line.split('#').next().unwrap_or("").trim())).collect()
}

#[test]
fn every_command_and_file_that_it_names_is_there() {
    let readme = readme();
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let help = rollcall(root(), &["--help"]).exits(0).stdout;
    let (mut commands, mut paths) = (0, 0);
    for quoted in quoted(&readme) {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        match words.as_slice() {
            ["make", target, ..] => assert!(makefile.contains(&format!("\n{target}:")), "{quoted}"),
            ["rollcall", command, rest @ ..] => {
                commands += 1;
                assert!(help.lines().any(|line| line.split_whitespace().next() == Some(command)), "{quoted}");
                let options = rollcall(root(), &[command, "--help"]).exits(0).stdout;
                for option in rest.iter().filter(|word| word.starts_with("--")) {
                    assert!(options.contains(option), "{quoted}");
                }
            }
            [path] if path.contains('/') && !path.contains(['<', '*']) && !path.starts_with("output/") && !path.starts_with("target/") => {
                paths += 1;
                assert!(root().join(path).exists(), "{path}");
            }
            _ => {}
        }
    }
    assert!(commands >= 9 && paths >= 10, "{commands} commands and {paths} paths");
    for command in help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1).take_while(|line| !line.is_empty()) {
        // What goes on over the line is set further in.
        let Some(name) = command.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.split_whitespace().next()) else {
            continue;
        };
        assert!(name == "help" || readme.contains(&format!("`rollcall {name}")), "README.md says nothing of rollcall {name}");
    }
}

#[test]
fn every_option_of_all_commands_and_every_package_is_told() {
    let readme = readme();
    for option in ["--root", "--raw", "--schemas", "--output", "--threads", "--no-cache", "--quiet"] {
        assert!(readme.contains(&format!("`{option}`")), "{option}");
    }
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let told = readme.split("## Packages").nth(1).unwrap().split("\n## ").next().unwrap();
    for section in ["dependencies", "dev-dependencies"] {
        for package in manifest[section].as_table().unwrap().keys() {
            let is_told = told
                .lines()
                .filter(|line| line.starts_with("| "))
                .any(|line| line.split('|').nth(1).unwrap().split(',').any(|name| name.trim() == package));
            assert!(is_told, "README.md does not say what {package} is for");
        }
    }
    let version = manifest["package"]["rust-version"].as_str().unwrap();
    assert!(readme.contains(&format!("Rust toolchain ({version} or newer)")));
}
