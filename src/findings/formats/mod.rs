//! Formats: what a run found, for people and for the programs that read findings.
//!
//! In: the findings in order, the checks, and how the run ended. Out: one text. A format is one file and one entry of [`FORMATS`].

mod github;
mod human;
mod json;
mod junit;
mod sarif;

use super::{Check, Finding, Severity};

pub use human::lines as human_lines;
pub use json::VERSION as JSON_VERSION;

/// What a run came to, for any format.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// By place, each once.
    pub findings: Vec<&'a Finding>,
    /// None where the run did not come so far.
    pub checks: &'a [Check],
    pub ending: Ending,
    /// Whether somebody looks at it on a terminal that shows colours.
    pub colour: bool,
    /// Whether people are spared the infos.
    pub quiet: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// `identical`, `would_publish`, `published`, `refused` or `failed`; of a table alone `sound` or `refused`.
    pub outcome: &'static str,
    /// The release, where there is one or would be.
    pub release: Option<Release>,
    /// The same in a line.
    pub says: String,
}

/// The release that there is or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub version: String,
    pub previous: Option<String>,
    pub bump: Option<&'static str>,
    pub reason: String,
    /// The entry of the changelog; empty where nothing changed.
    pub changelog: String,
}

impl Ending {
    /// Whether the run came to a release, or to the word that there is none to make.
    fn is_good(&self) -> bool {
        !matches!(self.outcome, "refused" | "failed")
    }
}

impl Told<'_> {
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// A way to write findings down.
#[derive(Debug)]
pub struct Format {
    pub name: &'static str,
    pub render: fn(&Told<'_>) -> String,
}

/// All formats, the first one where none is asked for.
pub const FORMATS: &[Format] = &[
    Format { name: "human", render: human::render },
    Format { name: "json", render: json::render },
    Format { name: "github", render: github::render },
    Format { name: "sarif", render: sarif::render },
    Format { name: "junit", render: junit::render },
];

impl std::str::FromStr for &'static Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
            format!("\"{name}\" is none of {}", names.join(", "))
        })
    }
}

/// A finding and its hint as one text.
fn with_hint(finding: &Finding) -> String {
    match &finding.hint {
        Some(hint) => format!("{}\nhint: {hint}", finding.message),
        None => finding.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::findings::{Outcome, Place, Report, code};

    fn report() -> Report {
        let mut report = Report::default();
        let place = Place::new("raw/a b,c.txt", 31, 3);
        report.push(Finding::new(code::COUNTRY_UNKNOWN, place, "\"<Nar & nia>\" 100% unknown\nof 2").hint("add it, or: not"));
        report.push(Finding::new(code::ALIAS_UNUSED, Place::file("schemas/reference/aliases.csv"), "no source uses it"));
        report.checks.push(Check {
            id: "themes/primary_key".to_owned(),
            kind: "primary_key".into(),
            severity: Severity::Error,
            rows: 3,
            measured: "1 broken".to_owned(),
            expected: "0 broken".to_owned(),
            outcome: Outcome::Failed,
            waived: None,
        });
        report
    }

    fn rendered(name: &str) -> String {
        let report = report();
        let format: &Format = name.parse().unwrap();
        let ending = Ending { outcome: "refused", release: None, says: "refused: 1 error".to_owned() };
        (format.render)(&Told { findings: report.sorted(), checks: &report.checks, ending, colour: false, quiet: false })
    }

    #[test]
    fn every_format_ends_in_one_line_end_and_names_code_and_place() {
        for format in FORMATS {
            let text = rendered(format.name);
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}: {text:?}", format.name);
            assert!(text.contains("country-unknown") && text.contains("31"), "{}: {text}", format.name);
        }
        assert!("xml".parse::<&Format>().unwrap_err().contains("sarif"));
    }

    #[test]
    fn commands_of_a_workflow_escape_what_would_end_them() {
        let text = rendered("github");
        let first = text.lines().find(|line| line.starts_with("::error")).unwrap();
        assert_eq!(
            first,
            "::error file=raw/a b%2Cc.txt,line=31,col=3,title=country-unknown::\"<Nar & nia>\" 100%25 unknown%0Aof 2%0Ahint: add it, or: not"
        );
        assert!(text.lines().any(|line| line == "::notice file=schemas/reference/aliases.csv,title=alias-unused::no source uses it"), "{text}");
    }

    #[test]
    fn json_has_what_is_unknown_as_null() {
        let value: Value = serde_json::from_str(&rendered("json")).unwrap();
        assert_eq!((value["version"].as_u64(), value["counts"]["error"].as_u64()), (Some(JSON_VERSION), Some(1)));
        assert_eq!(value["findings"][0]["line"], 31);
        assert!(value["findings"][1]["line"].is_null() && value["findings"][1]["hint"].is_null() && value["release"].is_null());
        assert_eq!(value["checks"][0]["outcome"], "failed");
    }

    #[test]
    fn sarif_names_the_rule_of_each_result_and_a_place_that_is_an_address() {
        let value: Value = serde_json::from_str(&rendered("sarif")).unwrap();
        let run = &value["runs"][0];
        let result = &run["results"][0];
        let rule = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&"raw/a%20b%2Cc.txt".into(), &31.into()));
        assert!(run["results"][1]["locations"][0]["physicalLocation"]["region"].is_null(), "a whole file has no line");
        assert_eq!((&result["level"], &run["results"][1]["level"]), (&"error".into(), &"note".into()));
    }

    #[test]
    fn junit_counts_what_failed_and_escapes_markup() {
        let text = rendered("junit");
        assert!(text.contains("<testsuite name=\"findings\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""), "{text}");
        assert!(text.contains("<testsuite name=\"checks\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\""), "{text}");
        assert!(text.contains("&lt;Nar &amp; nia&gt;") && !text.contains("<Nar"), "{text}");
    }
}
