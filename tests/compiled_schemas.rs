//! What the build made of the program's own schemas says what the files say, and holds for those files alone.

#![allow(clippy::unwrap_used, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use project::root;
use rollcall::findings::Report;
use rollcall::ingest;
use rollcall::model::countries::CountryTable;
use rollcall::model::gazetteer::Gazetteer;
use rollcall::model::schemas::{SchemaFiles, Schemas};

fn files(folder: &Path) -> SchemaFiles {
    let mut report = Report::default();
    let files = ingest::schema_files(folder, &mut report).unwrap();
    assert_eq!(report.findings().len(), 0);
    files
}

fn parsed(files: SchemaFiles) -> Schemas {
    let mut report = Report::default();
    let schemas = Schemas::parse(files, &mut report);
    assert_eq!(format!("{:?}", report.findings()), "[]");
    schemas.unwrap()
}

/// The same files as if none were the program's own.
fn as_those_of_a_project(files: &SchemaFiles) -> SchemaFiles {
    let mut own = files.clone();
    for (path, text) in files.files.iter() {
        own.files.insert(path.to_owned(), text.to_owned());
    }
    assert!(!own.files.are_built_in("reference/") && !own.files.are_built_in("vocabulary/en/"));
    own
}

#[test]
fn what_the_build_made_is_what_the_files_say() {
    let built_in = files(Path::new("no such folder"));
    assert!(built_in.files.are_built_in(""));
    let (compiled, read) = (parsed(built_in.clone()), parsed(as_those_of_a_project(&built_in)));
    assert!(compiled.reference.cities.len() > 500 && compiled.reference.group_members.iter().any(|row| row.valid_to.is_some()));
    assert_eq!(format!("{:?}", compiled.reference), format!("{:?}", read.reference));
    assert!(compiled.vocabularies.len() >= 3);
    let countries = Arc::new(CountryTable::built_in());
    for (compiled_tongue, read_tongue) in compiled.vocabularies.iter().zip(&read.vocabularies) {
        let (from_build, from_files) = (compiled_tongue.vocabulary().unwrap(), read_tongue.vocabulary().unwrap());
        assert_eq!(format!("{from_build:?}"), format!("{from_files:?}"));
        assert_eq!(format!("{:?}", compiled_tongue.language), format!("{:?}", from_files.language));
        let tree = compiled_tongue.built_tree();
        assert!(tree.is_some() && read_tongue.built_tree().is_none());
        let built = Gazetteer::new(&compiled.reference, from_build, &countries, tree).unwrap();
        let grown = Gazetteer::new(&read.reference, from_files, &countries, None).unwrap();
        // Not with `assert_eq`: it would print a megabyte.
        assert!(format!("{built:?}") == format!("{grown:?}"), "{}", compiled_tongue.code);
    }
}

#[test]
fn a_file_of_the_same_length_with_another_letter_is_the_projects_own() {
    let folder = project::empty_folder("compiled_schemas");
    let text = fs::read_to_string(root().join("schemas/reference/cities.csv")).unwrap();
    let changed = text.replacen("Colombo", "Kolombo", 1);
    assert!(changed != text && changed.len() == text.len());
    fs::create_dir_all(folder.join("reference")).unwrap();
    fs::write(folder.join("reference/cities.csv"), &text).unwrap();
    assert!(files(&folder).files.are_built_in(""));
    fs::write(folder.join("reference/cities.csv"), &changed).unwrap();
    let own = files(&folder);
    assert!(!own.files.are_built_in("reference/") && own.files.are_built_in("vocabulary/"));
    let cities = parsed(own).reference.cities;
    assert!(cities.iter().any(|city| city.name == "Kolombo") && !cities.iter().any(|city| city.name == "Colombo"));
}
