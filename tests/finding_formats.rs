//! What `check` tells in each format: JSON in its own schema, SARIF in the schema of the standard, annotations, JUnit and the summary;
//! and the workflow that puts them to use.
//!
//! The official schema of SARIF 2.1.0 is taken from the npm package @microsoft/jest-sarif, which ships it; without npm the test holds
//! against tests/formats/sarif-subset.schema.json alone, and says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod json_schema;
mod project;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use json_schema::problems;
use project::{copy_of_the_project, edit, files, rollcall, root, skipped};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value, json};

const FACTSHEET: &str = "raw/asia-eu-dialogue-factsheet.txt";

/// A project with a release, and then a state less: errors, warnings and infos.
fn refused(name: &str) -> PathBuf {
    let folder = copy_of_the_project(name);
    rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(0);
    edit(&folder.join(FACTSHEET), "  • Nepal\n", "");
    folder
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn schema(path: &str) -> Value {
    json_of(&fs::read_to_string(root().join(path)).unwrap())
}

#[test]
fn json_keeps_to_its_schema_whether_refused_published_or_identical() {
    let schema = schema("schemas/formats/findings.schema.json");
    let folder = refused("formats_json");
    let told = json_of(&rollcall(&folder, &["check", "--format", "json"]).exits(1).stdout);
    assert_eq!(problems(&schema, &told), Vec::<String>::new());
    assert_eq!((&told["outcome"], &told["release"]), (&json!("refused"), &Value::Null));
    let count = told["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error").count();
    assert!(count >= 2 && told["counts"]["error"] == count, "{told:#}");
    assert!(told["checks"].as_array().unwrap().iter().any(|check| check["outcome"] == "failed"));
    fs::copy(root().join(FACTSHEET), folder.join(FACTSHEET)).unwrap();
    edit(&folder.join(FACTSHEET), "15 – 16 October, 2014", "15 – 17 October, 2014");
    for (arguments, outcome) in [
        (&["check", "--format", "json"][..], "would_publish"),
        (&["publish", "--format", "json", "--date", "2026-01-03"], "published"),
        (&["check", "--format", "json", "--quiet"], "identical"),
    ] {
        let told = json_of(&rollcall(&folder, arguments).exits(0).stdout);
        assert_eq!(problems(&schema, &told), Vec::<String>::new());
        assert_eq!(told["outcome"], outcome);
        assert_eq!(told["release"]["version"], "1.1.0");
        assert!(told["counts"]["info"].as_u64().unwrap() > 0, "the formats for programs have all");
    }
}

#[test]
fn what_was_compared_is_told_apart_from_the_sentence() {
    let folder = refused("formats_compared");
    let told = json_of(&rollcall(&folder, &["check", "--format", "json"]).exits(1).stdout);
    let of = |code: &str| {
        let mut findings = told["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("no {code}"))
    };
    let compared = |code: &str| (of(code)["found"].clone(), of(code)["expected"].clone());
    assert_eq!(compared("count-differs"), (json!("38"), json!("39")));
    assert_eq!(compared("count-contradicted"), (json!("39"), json!("38")));
    assert_eq!(compared("line-unread"), (Value::Null, Value::Null), "nothing was compared");
    let sarif = json_of(&rollcall(&folder, &["check", "--format", "sarif"]).exits(1).stdout);
    let mut results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let result = results.find(|result| result["ruleId"] == "count-differs").unwrap();
    assert_eq!(result["properties"], json!({ "found": "38", "expected": "39" }));
    let junit = rollcall(&folder, &["check", "--format", "junit"]).exits(1).stdout;
    assert!(junit.contains("\nfound: 38\nexpected: 39\nhint: the source says 39"), "{junit}");
}

#[test]
fn what_two_sources_disagree_about_has_a_column() {
    let folder = refused("formats_columns");
    let told = json_of(&rollcall(&folder, &["check", "--format", "json"]).exits(1).stdout);
    let findings = told["findings"].as_array().unwrap().iter();
    let of_resolve: Vec<&Value> = findings
        .filter(|finding| ["count-contradicted", "sources-disagree", "role-unpublished"].iter().any(|code| finding["code"] == *code))
        .collect();
    assert!(!of_resolve.is_empty());
    for finding in of_resolve {
        let (path, line, column) = (finding["path"].as_str().unwrap(), finding["line"].as_u64().unwrap(), finding["column"].as_u64().unwrap());
        let text = fs::read_to_string(folder.join(path)).unwrap();
        let from_there: String = text.lines().nth(line as usize - 1).unwrap().chars().skip(column as usize - 1).collect();
        if finding["code"] == "count-contradicted" {
            // Numbers are written as digits or as a word.
            assert!(from_there.starts_with(finding["found"].as_str().unwrap()) || from_there.starts_with("nine "), "{finding:#} {from_there}");
        }
    }
}

#[test]
fn the_validator_sees_what_breaks_a_schema() {
    let schema = schema("schemas/formats/findings.schema.json");
    let folder = copy_of_the_project("formats_broken");
    let told = json_of(&rollcall(&folder, &["check", "--format", "json"]).exits(0).stdout);
    let broken = |path: &str, value: Value| {
        let mut told = told.clone();
        *told.pointer_mut(path).unwrap() = value;
        problems(&schema, &told)
    };
    for (path, value) in [
        ("/version", json!(2)),
        ("/outcome", json!("fine")),
        ("/findings/0/line", json!(0)),
        ("/findings/0/code", json!("Not A Code")),
        ("/release/version", json!("1.0")),
        ("/checks/0/rows_examined", json!("many")),
        ("/findings/0", json!({})),
    ] {
        assert!(!broken(path, value).is_empty(), "{path}");
    }
}

/// The schema that the standard comes with, where npm can bring it.
fn official_schema() -> Result<Value, String> {
    const PACKAGE: &str = "@microsoft/jest-sarif@1.0.0-beta.0";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif_schema");
    let file = folder.join("package/lib/schemas/sarif-2.1.0-rtm.5.json");
    if !file.is_file() {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let run = |command: &mut Command| {
            let output = command.current_dir(&folder).output().map_err(|error| error.to_string())?;
            if output.status.success() { Ok(output) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
        };
        let packed = run(Command::new("npm").args(["pack", "--silent", PACKAGE]))?;
        let name = String::from_utf8_lossy(&packed.stdout).trim().to_owned();
        run(Command::new("tar").args(["-xzf", &name]))?;
    }
    let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

#[test]
fn sarif_keeps_to_the_schema_of_the_standard() {
    let folder = refused("formats_sarif");
    let told = json_of(&rollcall(&folder, &["check", "--format", "sarif"]).exits(1).stdout);
    let results = told["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 10 && results.iter().any(|result| result["level"] == "error"), "{}", results.len());
    assert_eq!(problems(&schema("tests/formats/sarif-subset.schema.json"), &told), Vec::<String>::new());
    let mut broken = told.clone();
    broken["runs"][0]["results"][0]["level"] = json!("fatal");
    assert!(!problems(&schema("tests/formats/sarif-subset.schema.json"), &broken).is_empty());
    match official_schema() {
        Ok(official) => {
            assert_eq!(problems(&official, &told), Vec::<String>::new());
            assert!(!problems(&official, &broken).is_empty());
        }
        Err(why) => skipped(&format!("SARIF was held against our part of its schema alone, the official one cannot be had: {why}")),
    }
}

#[test]
fn annotations_name_the_line_and_the_log_keeps_them_on_theirs() {
    let folder = refused("formats_github");
    let told = rollcall(&folder, &["check", "--format", "github"]).exits(1).stdout;
    let error = told.lines().find(|line| line.starts_with("::error ")).unwrap();
    assert!(error.starts_with("::error file=schemas/expectations.toml,line=6,col=1,title=count-differs::memberships of "), "{error}");
    assert!(error.contains("%0Ahint: the source says 39"), "{error}");
    assert!(told.lines().all(|line| line.starts_with("::")), "{told}");
}

/// Whether tags are closed in order and attributes quoted; returns the names of the elements.
fn elements(xml: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut names = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a bare > in {}", &rest[..start]);
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else {
            let name = tag.split([' ', '/']).next().unwrap().to_owned();
            names.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    names
}

#[test]
fn junit_has_a_case_for_every_check_and_finding() {
    let folder = refused("formats_junit");
    let told = json_of(&rollcall(&folder, &["check", "--format", "json"]).exits(1).stdout);
    let xml = rollcall(&folder, &["check", "--format", "junit"]).exits(1).stdout;
    let names = elements(&xml);
    let count = |name: &str| names.iter().filter(|other| *other == name).count();
    let (checks, findings) = (told["checks"].as_array().unwrap(), told["findings"].as_array().unwrap());
    assert_eq!(count("testcase"), checks.len() + findings.len());
    let failed = checks.iter().filter(|check| check["outcome"] == "failed" && check["severity"] == "error").count();
    assert_eq!(count("failure"), failed + told["counts"]["error"].as_u64().unwrap() as usize);
    assert!(xml.contains("<testcase classname=\"checks\" name=\"asia-eu-participating-states\""), "{xml}");
}

#[test]
fn a_summary_says_version_rows_conflicts_findings_and_checks() {
    let folder = copy_of_the_project("formats_summary");
    rollcall(&folder, &["publish", "--date", "2026-01-02", "--summary", "first.md"]).exits(0);
    let first = fs::read_to_string(folder.join("first.md")).unwrap();
    assert!(first.contains("**Published 1.0.0** (first release), because: first release."), "{first}");
    assert!(first.contains("\n## New conflicts\n\n- contradiction: value of stated\\_counts") && !first.contains("\n### memberships"), "{first}");
    edit(&folder.join(FACTSHEET), "15 – 16 October, 2014", "15 – 17 October, 2014");
    edit(&folder.join("raw/global-migration-dialogues-slides.txt"), "countries of origin and nine ", "countries of origin and ten ");
    rollcall(&folder, &["check", "--summary", "next.md"]).exits(0);
    let next = fs::read_to_string(folder.join("next.md")).unwrap();
    assert!(next.contains("**Would publish ") && next.contains(" release, after 1.0.0), because: "), "{next}");
    assert!(next.lines().any(|line| line.starts_with("- changed: **Third") && line.contains("end date 2014-10-16 → 2014-10-17")), "{next}");
    assert!(next.contains("\n## New conflicts\n\nNone.\n") && next.contains("\n## Conflicts that are gone\n\n- contradiction: "), "{next}");
    assert!(next.lines().any(|line| line.starts_with("| meetings | ")), "{next}");
    assert!(next.contains("0 errors, ") && next.contains("\n### info `line-unread`\n"), "{next}");
    edit(&folder.join(FACTSHEET), "  • Nepal\n", "");
    rollcall(&folder, &["check", "--summary", "refused.md"]).exits(1);
    let refused = fs::read_to_string(folder.join("refused.md")).unwrap();
    assert!(refused.contains("**Nothing would be published:** refused: ") && refused.contains("the list lacks Nepal"), "{refused}");
    assert!(refused.contains("| asia-eu-participating-states | error | failed | 38 | 38 | 39 |"), "{refused}");
}

#[test]
fn what_cannot_be_told_is_known_before_the_work() {
    let folder = copy_of_the_project("formats_early");
    let ran = rollcall(&folder, &["check", "--format", "xml"]).exits(2).says(&["--format", "\"xml\" is none of human, json, github, sarif, junit"]);
    assert!(!ran.stderr.contains("ingest"), "{}", ran.stderr);
    let ran = rollcall(&folder, &["check", "--summary", "nowhere/summary.md"]).exits(3).says(&["nowhere/summary.md"]);
    assert!(!ran.stderr.contains("ingest"), "{}", ran.stderr);
}

#[test]
fn a_severity_is_set_by_code() {
    let folder = refused("formats_severity");
    let settings = folder.join("schemas/dataset.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let set = |lines: &str| fs::write(&settings, format!("{text}\n[severity]\n{lines}")).unwrap();
    set("count-differs = \"warning\"\nline-unread = \"warning\"\n");
    let told = rollcall(&folder, &["check"]).exits(0).stdout;
    assert!(told.contains("schemas/expectations.toml:6:1: warning[count-differs]") && told.contains("warning[line-unread]"), "{told}");
    set("count-differs = \"warning\"\nrow-invalid = \"info\"\n");
    let told = json_of(&rollcall(&folder, &["publish", "--date", "2026-01-03", "--format", "json"]).exits(0).stdout);
    let checks = fs::read_to_string(folder.join("output").join(told["release"]["version"].as_str().unwrap()).join("checks.csv")).unwrap();
    for row in ["asia-eu-participating-states,equals,warning,", "memberships/enum,enum,info,", "memberships/primary_key,primary_key,error,"] {
        assert!(checks.lines().any(|line| line.starts_with(row)), "{row}\n{checks}");
    }
    set("line-unread = \"error\"\n");
    let before = files(&folder.join("output"));
    rollcall(&folder, &["publish"]).exits(1).says(&["error[line-unread]"]);
    assert!(files(&folder.join("output")) == before);
    set("line-unred = \"error\"\n");
    rollcall(&folder, &["check"]).exits(1).says(&["schemas/dataset.toml:", "error[schema-invalid]", "\"line-unred\" is no code of a finding"]);
    set("personal-data = \"info\"\n");
    rollcall(&folder, &["check"]).exits(1).says(&["\"personal-data\" always stops the release"]);
    // A severity that an expectation gives itself is nearer than that of the code.
    fs::write(&settings, format!("{text}\n[severity]\ncount-differs = \"info\"\n")).unwrap();
    edit(
        &folder.join("schemas/expectations.toml"),
        "id = \"asia-eu-participating-states\"\n",
        "id = \"asia-eu-participating-states\"\nseverity = \"error\"\n",
    );
    let told = rollcall(&folder, &["check"]).exits(1).stdout;
    assert!(told.contains(":6:1: error[count-differs]") && told.contains(": info[count-differs]"), "{told}");
}

/// A YAML text as a JSON value; scalars are texts.
fn yaml(text: &str) -> Value {
    let mut events = Parser::new_from_str(text).map(|event| event.unwrap_or_else(|error| panic!("{error}")).0);
    loop {
        match events.next().unwrap() {
            Event::StreamStart | Event::DocumentStart(_) => {}
            event => return node(event, &mut events),
        }
    }
}

fn node<'a>(event: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Value {
    match event {
        Event::Scalar(text, ..) => Value::String(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return Value::Array(items),
                    event => items.push(node(event, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return Value::Object(map),
                    Event::Scalar(key, ..) => {
                        let value = events.next().unwrap();
                        assert!(map.insert(key.to_string(), node(value, events)).is_none(), "{key} stands twice");
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_workflow_calls_commands_and_options_that_there_are() {
    let workflow = yaml(&fs::read_to_string(root().join(".github/workflows/data.yml")).unwrap());
    assert!(workflow["on"]["pull_request"]["paths"].as_array().unwrap().contains(&json!("raw/**")));
    assert_eq!(workflow["permissions"]["contents"], "read");
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let mut commands = 0;
    for step in steps {
        let (run, uses) = (step.get("run").and_then(Value::as_str), step.get("uses").and_then(Value::as_str));
        assert!(run.is_some() != uses.is_some(), "{step:#}");
        assert!(uses.is_none_or(|uses| uses.contains("@v")), "{uses:?} has no version");
        for line in run.unwrap_or_default().lines() {
            let Some(arguments) = line.split("target/release/rollcall ").nth(1) else { continue };
            commands += 1;
            let words: Vec<&str> = arguments.split(['>', '|']).next().unwrap().split_whitespace().collect();
            let help = rollcall(root(), &[words[0], "--help"]).exits(0).stdout;
            for option in words.iter().filter(|word| word.starts_with("--")) {
                assert!(help.contains(option), "{line}");
            }
            if let Some(at) = words.iter().position(|word| *word == "--format") {
                assert!(help.contains(words[at + 1]), "{line}");
            }
        }
    }
    assert!(commands >= 4, "{commands} commands");
    assert!(steps.iter().any(|step| step["run"].as_str().is_some_and(|run| run.contains("--summary \"$GITHUB_STEP_SUMMARY\""))));
}

#[test]
fn the_parser_of_the_workflow_refuses_what_is_no_yaml() {
    assert!(std::panic::catch_unwind(|| yaml("a: [1, 2\nb: }")).is_err());
    assert_eq!(yaml("a:\n  - b: \"c\"\n    d: |\n      e\n"), json!({ "a": [{ "b": "c", "d": "e\n" }] }));
}
