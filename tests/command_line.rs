//! The program as people and scripts run it: what it writes, what it says, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::Path;

use project::{Csv, Ran, copy_of_the_project, edit, empty_folder, files, rollcall, root, tables};

const FACTSHEET: &str = "raw/asia-eu-dialogue-factsheet.txt";

fn publish(folder: &Path) -> Ran {
    rollcall(folder, &["publish", "--date", "2026-01-02"])
}

/// A project with its first release.
fn published(name: &str) -> std::path::PathBuf {
    let folder = copy_of_the_project(name);
    publish(&folder).exits(0).says(&["published 1.0.0"]);
    folder
}

/// Fails unless the run was refused and wrote nothing.
fn refused(folder: &Path, pieces: &[&str]) {
    publish(folder).exits(1).says(pieces).says(&["nothing was written"]);
    assert!(!folder.join("output").exists(), "{:?}", files(&folder.join("output")).keys());
}

#[test]
fn a_release_has_every_table_twice_and_says_what_it_is() {
    let folder = published("command_line_release");
    let written = files(&folder.join("output"));
    for table in tables().keys() {
        for extension in ["csv", "parquet"] {
            assert!(written.contains_key(&format!("1.0.0/{table}.{extension}")), "{table}.{extension}");
        }
    }
    for file in
        ["CHANGELOG.md", "versions.json", "latest.json", "1.0.0/CHANGELOG.md", "1.0.0/datapackage.json", "1.0.0/SHA256SUMS", "1.0.0/README.md"]
    {
        assert!(written.get(file).is_some_and(|bytes| !bytes.is_empty()), "{file}");
    }
    let memberships = Csv::read(&folder.join("output/1.0.0/memberships.csv"));
    assert!(memberships.rows.len() > 50, "{} memberships", memberships.rows.len());
    assert!(!written.keys().any(|path| path.contains("staging") || path.contains("lock")), "{:?}", written.keys());
}

#[test]
fn publishing_again_writes_nothing() {
    let folder = published("command_line_again");
    let before = files(&folder.join("output"));
    publish(&folder).exits(0).says(&["identical to 1.0.0"]);
    rollcall(&folder, &["publish", "--date", "2031-05-06"]).exits(0).says(&["identical to 1.0.0"]);
    assert!(files(&folder.join("output")) == before, "a second run changed output/");
}

#[test]
fn the_same_input_gives_the_same_bytes_for_any_number_of_threads() {
    let one = copy_of_the_project("command_line_one_thread");
    let many = copy_of_the_project("command_line_many_threads");
    rollcall(&one, &["publish", "--date", "2026-01-02", "--threads", "1"]).exits(0);
    rollcall(&many, &["publish", "--date", "2026-01-02", "--threads", "7"]).exits(0);
    assert!(files(&one.join("output")) == files(&many.join("output")));
}

#[test]
fn a_changed_text_gives_the_next_version_and_leaves_the_old_folder_alone() {
    let folder = published("command_line_next");
    let before = files(&folder.join("output/1.0.0"));
    edit(&folder.join(FACTSHEET), "15 – 16 October, 2014", "15 – 17 October, 2014");
    rollcall(&folder, &["check", "--date", "2026-01-03"]).exits(0).says(&["would publish 1.1.0"]);
    publish(&folder).exits(0).says(&["published 1.1.0"]);
    assert!(files(&folder.join("output/1.0.0")) == before, "the old release changed");
    let meetings = Csv::read(&folder.join("output/1.1.0/meetings.csv"));
    assert!(meetings.column("end_date").contains(&"2014-10-17"));
    let changelog = fs::read_to_string(folder.join("output/CHANGELOG.md")).unwrap();
    let (new, old) = (changelog.find("1.1.0").unwrap(), changelog.rfind("1.0.0").unwrap());
    assert!(new < old, "the changelog has the newest version first");
    let changes = Csv::read(&folder.join("output/1.1.0/changes.csv"));
    let at = |column: &str| changes.position(column);
    let changed = changes.rows.iter().find(|row| row[at("table")] == "meetings" && row[at("column")] == "end_date").unwrap();
    assert_eq!((changed[at("old")].as_str(), changed[at("new")].as_str()), ("2014-10-16", "2014-10-17"));
    rollcall(&folder, &["verify"]).exits(0).says(&["sound", "1.0.0", "1.1.0"]);
    rollcall(&folder, &["diff", "1.0.0", "1.1.0"]).exits(0).says(&["2014-10-17"]);
}

#[test]
fn locked_says_whether_output_is_up_to_date() {
    let folder = published("command_line_locked");
    rollcall(&folder, &["check", "--locked"]).exits(0);
    let before = files(&folder.join("output"));
    edit(&folder.join(FACTSHEET), "15 – 16 October, 2014", "15 – 17 October, 2014");
    rollcall(&folder, &["check", "--locked"]).exits(1).says(&["not up to date", "1.1.0"]);
    assert!(files(&folder.join("output")) == before, "check wrote something");
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = copy_of_the_project("command_line_dry");
    rollcall(&folder, &["publish", "--dry-run"]).exits(0).says(&["would publish 1.0.0"]);
    assert!(!folder.join("output").exists());
}

#[test]
fn verify_finds_a_byte_that_changed() {
    let folder = published("command_line_verify");
    rollcall(&folder, &["verify"]).exits(0).says(&["sound: 1.0.0"]);
    edit(&folder.join("output/1.0.0/meetings.csv"), "Colombo", "Colomba");
    rollcall(&folder, &["verify"]).exits(4).says(&["meetings.csv"]);
}

#[test]
fn path_is_where_a_file_lies() {
    let folder = published("command_line_path");
    let path = |arguments: &[&str]| rollcall(&folder, &[&["path"], arguments].concat()).exits(0).stdout.trim_end().to_owned();
    assert_eq!(path(&[]), "output/1.0.0");
    assert_eq!(path(&["latest", "meetings"]), "output/1.0.0/meetings.csv");
    assert_eq!(path(&["1.0.0", "meetings.parquet"]), "output/1.0.0/meetings.parquet");
    rollcall(&folder, &["path", "9.9.9"]).exits(2).says(&["9.9.9", "1.0.0"]);
}

#[test]
fn schema_prints_every_table_or_one() {
    let folder = empty_folder("command_line_schema");
    let listed = rollcall(&folder, &["schema"]).exits(0).stdout;
    for table in tables().keys() {
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(table)), "{table}");
        let one: serde_json::Value = serde_json::from_str(&rollcall(&folder, &["schema", table]).exits(0).stdout).unwrap();
        assert_eq!(one["name"], table.as_str());
    }
    rollcall(&folder, &["schema", "nonesuch"]).exits(2).says(&["nonesuch", "memberships"]);
}

/// The columns that `extract --to csv` promises.
const EXTRACT: &[(&str, &str)] = &[
    ("memberships", "source_id,dialogue_name,member_name,iso3,role,group,start_date,end_date,line"),
    ("meetings", "source_id,dialogue_name,name,ordinal,start_date,end_date,city,iso3,line"),
    ("organizations", "source_id,name,acronym,line"),
    ("contacts", "source_id,owner,kind,value,personal,line"),
    ("figures", "source_id,value,unit,what,place_iso3,year,line"),
    ("stated_counts", "source_id,dialogue_name,role,group,value,line"),
    ("dialogues", "source_id,name,acronym,established,line"),
    ("themes", "source_id,owner,text,kind,line"),
    ("publications", "source_id,title,kind,publisher,date,line"),
    ("programmes", "source_id,name,acronym,funder,line"),
];

#[test]
fn extract_writes_the_promised_columns() {
    let folder = copy_of_the_project("command_line_extract");
    rollcall(&folder, &["extract", "--out", "records", "--to", "csv"]).exits(0);
    let written = files(&folder.join("records"));
    assert_eq!(written.len(), EXTRACT.len(), "{:?}", written.keys());
    for (table, columns) in EXTRACT {
        let text = String::from_utf8(written[&format!("{table}.csv")].clone()).unwrap();
        assert_eq!(text.lines().next(), Some(*columns), "{table}");
    }
    let memberships = Csv::read(&folder.join("records/memberships.csv"));
    let roles = memberships.column("role");
    assert!(roles.contains(&"member_state") && roles.contains(&"observer_organisation"), "{roles:?}");
    assert!(memberships.column("source_id").contains(&"asia-eu-dialogue-factsheet"));
    assert!(!folder.join("output").exists(), "extract publishes nothing");
}

#[test]
fn extract_reads_one_file_or_a_folder_and_writes_whole_records() {
    let folder = copy_of_the_project("command_line_extract_one");
    rollcall(&folder, &["extract", FACTSHEET, "--out", "one"]).exits(0);
    let one = Csv::read(&folder.join("one/memberships.csv"));
    assert!(one.column("source_id").iter().all(|id| *id == "asia-eu-dialogue-factsheet") && one.rows.len() > 50);
    for format in ["parquet", "arrow"] {
        rollcall(&folder, &["extract", "--out", format, "--to", format]).exits(0);
        let file = folder.join(format).join(format!("memberships.{format}"));
        let magic: &[u8] = if format == "parquet" { b"PAR1" } else { b"ARROW1" };
        assert!(fs::read(&file).unwrap().starts_with(magic), "{}", file.display());
    }
    rollcall(&folder, &["extract", "--out", "x", "--to", "xlsx"]).exits(2).says(&["xlsx", "parquet"]);
}

#[test]
fn a_missing_state_stops_the_release_and_the_message_says_all() {
    let folder = copy_of_the_project("command_line_missing_state");
    let text = fs::read_to_string(folder.join(FACTSHEET)).unwrap();
    let line = text.lines().position(|line| line.contains("39 Member States")).unwrap() + 1;
    edit(&folder.join(FACTSHEET), "  • Nepal\n", "");
    refused(&folder, &["schemas/expectations.toml:", "error[count-differs]", "38", "expected 39"]);
    let ran = publish(&folder);
    let claim = format!("line {line}");
    assert!(ran.stdout.contains("Nepal"), "the missing row is named:\n{}", ran.stdout);
    assert!(ran.stdout.contains(&claim) || ran.stdout.contains(&format!("factsheet.txt:{line}")), "{claim}:\n{}", ran.stdout);
    assert!(ran.stdout.contains("10, expected 11"), "{}", ran.stdout);
}

#[test]
fn a_missing_folder_of_sources_is_named() {
    let folder = empty_folder("command_line_no_raw");
    refused(&folder, &["raw: error[raw-missing]"]);
    fs::create_dir(folder.join("raw")).unwrap();
    refused(&folder, &["raw: error[raw-missing]", "no text (.txt, .html, .htm, .jsonl, .parquet, .arrow)"]);
}

#[test]
fn an_empty_file_is_named() {
    let folder = copy_of_the_project("command_line_empty_file");
    fs::write(folder.join("raw/blank.txt"), "\n  \n").unwrap();
    refused(&folder, &["raw/blank.txt: error[source-empty]"]);
}

#[test]
fn a_byte_that_is_not_utf8_is_named_with_its_offset_and_line() {
    let folder = copy_of_the_project("command_line_not_utf8");
    fs::write(folder.join("raw/latin.txt"), b"Members\n\nC\xf4te d'Ivoire\n").unwrap();
    refused(&folder, &["raw/latin.txt:3:2: error[source-not-utf8]", "byte 10", "0xf4"]);
}

#[test]
fn an_entry_without_its_file_is_named_with_its_line() {
    let folder = copy_of_the_project("command_line_no_file");
    let registry = fs::read_to_string(folder.join("raw/sources.toml")).unwrap();
    let mut entry = 0;
    for (at, line) in registry.lines().enumerate() {
        if line == "[[source]]" {
            entry = at + 1;
        }
        if line.contains("made-working-group-recruitment") {
            break;
        }
    }
    fs::remove_file(folder.join("raw/made-working-group-recruitment.txt")).unwrap();
    refused(&folder, &[&format!("raw/sources.toml:{entry}"), "error[registry-entry-without-file]", "made-working-group-recruitment"]);
}

#[test]
fn an_unknown_type_in_a_schema_is_named_with_file_and_line() {
    let folder = copy_of_the_project("command_line_unknown_type");
    let path = folder.join("schemas/tables/meetings.json");
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().position(|line| line.contains("\"type\": \"integer\"")).unwrap() + 1;
    edit(&path, "\"type\": \"integer\"", "\"type\": \"whole\"");
    refused(&folder, &[&format!("schemas/tables/meetings.json:{line}:"), "error[schema-invalid]", "whole"]);
}

#[test]
fn an_unknown_key_in_any_toml_file_is_named_with_file_and_line() {
    let all = [
        "dataset.toml",
        "expectations.toml",
        "corrections.toml",
        "ignored.toml",
        "renames.toml",
        "vocabulary/en/headings.toml",
        "vocabulary/en/roles.toml",
    ];
    for file in all {
        let folder = copy_of_the_project("command_line_unknown_key");
        let path = folder.join("schemas").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("nonesuch = 1\n{text}")).unwrap();
        refused(&folder, &[&format!("schemas/{file}:1:"), "error[schema-invalid]", "nonesuch"]);
    }
    let folder = copy_of_the_project("command_line_unknown_key");
    edit(&folder.join("raw/sources.toml"), "licence = ", "license = ");
    refused(&folder, &["raw/sources.toml:", "error[registry-invalid]", "license"]);
}

#[test]
fn a_text_without_an_entry_and_a_project_without_schemas_are_enough() {
    let folder = empty_folder("command_line_unregistered");
    fs::create_dir(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/leaflet.txt"), "Harbour Dialogue on Migration\n\nMember States (2)\n\n• Nepal\n• Sri Lanka\n").unwrap();
    publish(&folder).exits(0).says(&["raw/leaflet.txt: warning[source-unregistered]"]).says(&["published 1.0.0"]);
    assert_eq!(Csv::read(&folder.join("output/1.0.0/sources.csv")).column("source_id"), ["leaflet"]);
    assert_eq!(Csv::read(&folder.join("output/1.0.0/memberships.csv")).rows.len(), 2);
}

#[test]
fn a_wrong_command_line_ends_with_two_and_the_four_folders_can_be_elsewhere() {
    let folder = empty_folder("command_line_elsewhere");
    rollcall(&folder, &["publsh"]).exits(2);
    rollcall(&folder, &["publish", "--date", "soon"]).exits(2).says(&["soon"]);
    rollcall(&folder, &["explain", "nonesuch"]).exits(2).says(&["nonesuch"]);
    let raw = root().join("raw");
    let quiet = rollcall(&folder, &["publish", "--quiet", "--raw", &raw.to_string_lossy(), "--output", "there", "--date", "2026-01-02"]).exits(0);
    assert_eq!(quiet.stderr, "");
    assert!(folder.join("there/1.0.0/memberships.csv").is_file() && !folder.join("output").exists());
    let loud = rollcall(&folder, &["publish", "--root", &root().to_string_lossy(), "--output", "here", "--date", "2026-01-02"]).exits(0);
    for stage in ["ingest", "extract", "resolve", "validate", "findings"] {
        assert!(loud.stderr.lines().any(|line| line.starts_with(stage)), "{stage}:\n{}", loud.stderr);
    }
}

#[test]
fn a_row_is_explained_by_its_lines() {
    let folder = published("command_line_explain");
    let explain = |question: &[&str]| rollcall(&folder, &[&["explain"], question].concat());
    let told = explain(&["memberships", "asia-eu-dialogue--npl--member", "iso3"]).exits(0).stdout;
    let place = |word: &str| {
        let text = fs::read_to_string(folder.join(FACTSHEET)).unwrap();
        let line = text.lines().position(|line| line.contains(word)).unwrap();
        let column = text.lines().nth(line).unwrap().split(word).next().unwrap().chars().count();
        (line + 1, column)
    };
    let (line, column) = place("• Nepal");
    assert!(told.contains(&format!("{FACTSHEET}:{line}:{}", column + 3)), "{told}");
    // The line, and below it as many marks as the name is long, under the name.
    let shown: Vec<&str> = told.lines().collect();
    let at = shown.iter().position(|shown| shown.contains("• Nepal")).unwrap();
    let under = |of: &str| of.chars().count();
    let name = under(shown[at].split("Nepal").next().unwrap());
    assert_eq!(shown[at + 1].chars().skip(name).take(5).collect::<String>(), "^^^^^", "{told}");
    assert!(shown[at + 1].contains("memberships/list") && told.contains("since release    1.0.0"), "{told}");
    assert!(told.contains("stated by 1 source: asia-eu-dialogue-factsheet") && told.contains("no source disagrees"), "{told}");
    // A name that a line end breaks is shown as it was cleaned.
    edit(&folder.join(FACTSHEET), "15 – 16 October, 2014", "15 – 17 October, 2014");
    edit(&folder.join(FACTSHEET), "• Nepal", "• Ne\u{ad}pal");
    publish(&folder).exits(0).says(&["published 1.1.0"]);
    let told = explain(&["meetings", "asia-eu-dialogue--3", "end_date"]).exits(0);
    told.says(&["since release", "1.0.0"]).says(&["last changed in", "1.1.0", "2014-10-16", "2014-10-17"]);
    explain(&["memberships", "asia-eu-dialogue--npl--member", "iso3"]).exits(0).says(&["cleaned: \"Nepal\""]);
    // Where sources disagree, both are told.
    let counts = Csv::read(&folder.join("output/1.1.0/conflicts.csv"));
    let (table, row) = (counts.column("table")[0], counts.column("row_id")[0]);
    explain(&[table, row]).exits(0).says(&["sources disagree", counts.column("source_b")[0]]);
    // What there is not is named, with what is near.
    explain(&["memberships", "asia-eu-dialogue--nepal--member"]).exits(2).says(&["no row", "asia-eu-dialogue--npl--member"]);
    explain(&["nonesuch", "x"]).exits(2).says(&["no table \"nonesuch\"", "memberships"]);
    explain(&["memberships", "asia-eu-dialogue--npl--member", "x"]).exits(2).says(&["no column \"x\"", "iso3"]);
    explain(&["memberships", "asia-eu-dialogue--npl--member", "membership_id"]).exits(0).says(&["no line says it", "assigned"]);
    explain(&["count-differs"]).exits(0).says(&["count-differs", "error"]);
}

#[test]
fn an_explanation_shows_nothing_that_is_withheld() {
    let folder = empty_folder("command_line_explain_withheld");
    let text = "Lagoon Process on Migration\n\nMember States\n\n• Nepal\n\nContact\n\nInternational Organization for Migration\n\
                Email: lagoon@iom.int\nMs Ada Specimen, aspecimen@iom.int\n";
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/lagoon.txt"), text).unwrap();
    publish(&folder).exits(0);
    let contacts = Csv::read(&folder.join("output/1.0.0/contacts.csv"));
    let told = rollcall(&folder, &["explain", "contacts", contacts.column("contact_id")[0]]).exits(0).stdout;
    assert!(told.contains("lagoon@iom.int") && told.contains("****"), "{told}");
    assert!(!told.contains("Specimen") && !told.contains("aspecimen"), "{told}");
}
