//! `rollcall normalize` as a program: files, standard input, columns, formats, exit codes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use project::rollcall;

/// A folder of its own with one file in it.
fn folder(test: &str, file: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("normalize").join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), text).unwrap();
    folder
}

#[test]
fn a_file_of_names_becomes_a_csv() {
    let folder = folder("file", "names.txt", "Nepal\nCôte d’Ivoire\n\nKorea, Rep.\nKorea\nZaire\nNarnia\nPhilipines\n");
    let ran = rollcall(&folder, &["normalize", "names.txt"]).exits(0);
    assert_eq!(
        ran.stdout,
        "name,alpha2,alpha3,numeric,status\nNepal,NP,NPL,524,exact\nCôte d’Ivoire,CI,CIV,384,exact\n,,,,none\n\"Korea, Rep.\",KR,KOR,410,alias\n\
         Korea,,,,ambiguous\nZaire,ZR,ZAR,180,historical\nNarnia,,,,none\nPhilipines,PH,PHL,608,fuzzy\n"
    );
}

#[test]
fn standard_input_is_read_where_no_file_is_named() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("normalize")
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"Viet Nam\r\n\xff\xfe\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "name,alpha2,alpha3,numeric,status\nViet Nam,VN,VNM,704,exact\n\u{fffd}\u{fffd},,,,none\n");
}

#[test]
fn a_column_is_resolved_and_the_others_pass_untouched() {
    let folder = folder("column", "data.csv", "id,alpha2,Country\n007,x,\"Tanzania, United Republic of\"\n1.0,\"a \"\"b\"\"\",Kosovo\n");
    let ran = rollcall(&folder, &["normalize", "data.csv", "--column", "Country"]).exits(0);
    assert_eq!(
        ran.stdout,
        "id,alpha2,Country,Country_alpha2,alpha3,numeric,status\n007,x,\"Tanzania, United Republic of\",TZ,TZA,834,exact\n1.0,\"a \"\"b\"\"\",Kosovo,XK,XKX,,exact\n"
    );
    rollcall(&folder, &["normalize", "data.csv", "--column", "Land"]).exits(2).says(&["--column Land", "id, alpha2, Country"]);
}

#[test]
fn json_has_up_to_three_suggestions() {
    let folder = folder("json", "names.txt", "Ambia\nCongo\n004\n");
    let ran = rollcall(&folder, &["normalize", "names.txt", "--format", "json"]).exits(0);
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let suggestions = lines[0]["suggestions"].as_array().unwrap();
    assert!((1..=3).contains(&suggestions.len()) && suggestions.contains(&"Zambia".into()), "{suggestions:?}");
    assert_eq!((&lines[1]["status"], &lines[1]["candidates"]), (&"ambiguous".into(), &serde_json::json!(["CG", "CD"])));
    assert_eq!((&lines[2]["alpha3"], &lines[2]["numeric"]), (&"AFG".into(), &"004".into()));
}

#[test]
fn unknown_names_fail_the_run_only_where_that_is_asked_for() {
    let folder = folder("unknown", "names.txt", "Nepal\nNarnia\nKorea\n");
    let kept = rollcall(&folder, &["normalize", "names.txt"]).exits(0);
    assert_eq!(kept.stdout, rollcall(&folder, &["normalize", "names.txt", "--unknown", "keep"]).exits(0).stdout);
    let failed = rollcall(&folder, &["normalize", "names.txt", "--unknown", "error"]).exits(1);
    assert_eq!(failed.stdout, kept.stdout);
    failed.says(&["line 2", "\"Narnia\" is no country"]).says(&["line 3", "\"Korea\" is more than one country"]).says(&["2 of 3 names"]);
}

#[test]
fn a_day_decides_what_names_mean() {
    let folder = folder("as_of", "names.txt", "Burma\nZaire\nSwaziland\nMacedonia\nthe EU\n");
    let codes = |day: &[&str]| -> Vec<String> {
        let arguments = [&["normalize", "names.txt"], day].concat();
        let stdout = rollcall(&folder, &arguments).exits(0).stdout;
        stdout.lines().skip(1).map(|line| line.split(',').nth(2).unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(codes(&["--as-of", "1980-06-01"]), ["BUR", "ZAR", "SWZ", "MKD", ""]);
    assert_eq!(codes(&["--as-of", "2020-06-01"]), ["MMR", "COD", "SWZ", "MKD", ""]);
    rollcall(&folder, &["normalize", "names.txt", "--as-of", "2020-13-01"]).exits(2);
}

#[test]
fn a_projects_own_aliases_come_first_and_a_broken_table_is_refused() {
    let folder = folder("own", "names.txt", "the Kingdom in the Sky\n");
    let reference = folder.join("schemas/reference");
    fs::create_dir_all(&reference).unwrap();
    fs::write(reference.join("aliases.csv"), "name,iso3,note\nThe Kingdom in the Sky,LSO,\n").unwrap();
    rollcall(&folder, &["normalize", "names.txt"]).exits(0).says(&["the Kingdom in the Sky,LS,LSO,426,alias"]);
    let names = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/reference/country_names.csv")).unwrap();
    fs::write(reference.join("country_names.csv"), format!("{names}kenya,UG,en,common\n")).unwrap();
    rollcall(&folder, &["normalize", "names.txt"]).exits(1).says(&["country_names.csv:", "kenya", "another entity"]);
}
