//! The table of changes on real releases: applied to the tables of the release before, it gives those of the release, cell by cell.
//!
//! Everything is read from the published CSV files alone, as somebody would who keeps a copy up to date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use project::{Csv, columns, copy_of_the_project, edit, rollcall, tables};

/// The rows of a table by row id, each as its values by column.
type Rows = BTreeMap<String, BTreeMap<String, String>>;

fn rows(release: &Path, name: &str, schema: &serde_json::Value) -> Rows {
    let csv = Csv::read(&release.join(format!("{name}.csv")));
    let key: Vec<usize> = schema["primaryKey"].as_array().unwrap().iter().map(|column| csv.position(column.as_str().unwrap())).collect();
    let id = |row: &[String]| key.iter().map(|at| row[*at].as_str()).collect::<Vec<_>>().join("/");
    csv.rows.iter().map(|row| (id(row), csv.columns.iter().cloned().zip(row.iter().cloned()).collect())).collect()
}

/// Applies the changes of a release to the one before; says how many there were.
fn assert_changes_lead(from: &Path, to: &Path) -> usize {
    let changes = Csv::read(&to.join("changes.csv"));
    let cell = |row: &[String], column: &str| row[changes.position(column)].clone();
    for (name, schema) in tables().iter().filter(|(name, _)| *name != "changes") {
        let mut found = rows(from, name, schema);
        for change in changes.rows.iter().filter(|row| cell(row, "table") == *name) {
            let (id, column, old, new) = (cell(change, "row_id"), cell(change, "column"), cell(change, "old"), cell(change, "new"));
            let empty = || columns(schema).iter().map(|(column, _)| ((*column).to_owned(), String::new())).collect();
            match cell(change, "op").as_str() {
                "removed" => drop(found.remove(&id)),
                "added" => drop(found.entry(id).or_insert_with(empty).insert(column, new)),
                _ => assert_eq!(found.get_mut(&id).unwrap().insert(column, new), Some(old), "{name} {id}"),
            }
        }
        assert_eq!(found, rows(to, name, schema), "{name}");
    }
    changes.rows.len()
}

#[test]
fn the_changes_of_a_release_applied_to_the_one_before_give_it() {
    let project = copy_of_the_project("changes");
    // Numbers that must hold are those of all five texts.
    fs::remove_file(project.join("schemas/expectations.toml")).unwrap();
    let mut texts: Vec<_> = fs::read_dir(project.join("raw")).unwrap().map(|entry| entry.unwrap().path()).collect();
    texts.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    texts.sort();
    let last = texts.pop().unwrap();
    // It comes and goes, so it is taken without an entry.
    let registry = fs::read_to_string(project.join("raw/sources.toml")).unwrap();
    let entry = format!("\nid = \"{}\"", last.file_stem().unwrap().to_str().unwrap());
    let others: Vec<&str> = registry.split("[[source]]").filter(|block| !block.contains(&entry)).collect();
    fs::write(project.join("raw/sources.toml"), others.join("[[source]]")).unwrap();
    let aside = project.join("aside");
    fs::rename(&last, &aside).unwrap();
    let publish = |date: &str| rollcall(&project, &["publish", "--quiet", "--date", date]).exits(0);
    publish("2026-01-02").says(&["published 1.0.0"]);
    fs::rename(&aside, &last).unwrap();
    publish("2026-01-03").says(&["published "]);
    edit(&texts[0], "Colombo", "Kathmandu");
    publish("2026-01-04").says(&["published "]);
    fs::remove_file(&last).unwrap();
    publish("2026-01-05").says(&["published "]);
    rollcall(&project, &["verify", "--quiet"]).exits(0);
    let versions: serde_json::Value = serde_json::from_str(&fs::read_to_string(project.join("output/versions.json")).unwrap()).unwrap();
    let folders: Vec<_> =
        versions["versions"].as_array().unwrap().iter().map(|entry| project.join("output").join(entry["path"].as_str().unwrap())).collect();
    assert_eq!(folders.len(), 4);
    for pair in folders.windows(2) {
        assert!(assert_changes_lead(&pair[1], &pair[0]) > 0);
    }
}
