//! JUnit XML, for servers that show test results: one test case a check, and one a finding.
//!
//! A check that did not run is an error, not a silence. Warnings and infos are told as output of a case that passed.

use std::fmt::Write as _;

use super::Told;
use crate::findings::{Check, Finding, Outcome, Severity};

pub fn render(told: &Told<'_>) -> String {
    let checks: Vec<Case> = told.checks.iter().map(check).collect();
    let findings: Vec<Case> = told.findings.iter().map(|finding| case(finding)).collect();
    let all = || checks.iter().chain(&findings);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"rollcall\" {}>", counts(&all().collect::<Vec<_>>()));
    for (name, cases) in [("checks", &checks), ("findings", &findings)] {
        let _ = writeln!(text, "  <testsuite name=\"{name}\" {}>", counts(&cases.iter().collect::<Vec<_>>()));
        cases.iter().for_each(|case| text.push_str(&case.text));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// A test case as text, and how it counts.
struct Case {
    text: String,
    result: CaseResult,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CaseResult {
    Passed,
    Failed,
    Error,
    Skipped,
}

fn counts(cases: &[&Case]) -> String {
    let count = |result| cases.iter().filter(|case| case.result == result).count();
    let (failed, error, skipped) = (count(CaseResult::Failed), count(CaseResult::Error), count(CaseResult::Skipped));
    format!("tests=\"{}\" failures=\"{failed}\" errors=\"{error}\" skipped=\"{skipped}\" time=\"0\"", cases.len())
}

fn check(check: &Check) -> Case {
    let measured = format!("{} over {} rows, expected {}", check.measured, check.rows, check.expected);
    let (result, inner) = match (check.outcome, &check.waived) {
        (Outcome::Passed, _) => (CaseResult::Passed, format!("<system-out>{}</system-out>", escaped(&measured))),
        (_, Some(why)) => (CaseResult::Skipped, format!("<skipped message=\"{}\"/>", escaped(why))),
        (Outcome::Failed, _) if check.severity == Severity::Error => {
            (CaseResult::Failed, format!("<failure type=\"{}\" message=\"{}\"/>", escaped(&check.kind), escaped(&measured)))
        }
        (Outcome::Failed, _) => (CaseResult::Passed, format!("<system-out>{}: {}</system-out>", check.severity.name(), escaped(&measured))),
        (Outcome::NotRun, None) => (CaseResult::Error, format!("<error type=\"{}\" message=\"did not run\"/>", escaped(&check.kind))),
    };
    Case { text: testcase("checks", &check.id, "", &inner), result }
}

fn case(finding: &Finding) -> Case {
    let place = &finding.place;
    let line = if place.line > 0 { format!(" line=\"{}\"", place.line) } else { String::new() };
    let attributes = format!(" file=\"{}\"{line}", escaped(&place.path));
    let name = format!("{place} {}", finding.message);
    let (result, inner) = match finding.severity {
        Severity::Error => (
            CaseResult::Failed,
            format!("<failure type=\"{}\" message=\"{}\">{}</failure>", escaped(finding.code), escaped(&finding.message), escaped(&details(finding))),
        ),
        other => (CaseResult::Passed, format!("<system-out>{}: {}</system-out>", other.name(), escaped(&details(finding)))),
    };
    Case { text: testcase(finding.code, &name, &attributes, &inner), result }
}

/// The message, what was compared where anything was, and the hint, a line each.
fn details(finding: &Finding) -> String {
    let compared = finding.found.iter().zip(&finding.expected).map(|(found, expected)| format!("\nfound: {found}\nexpected: {expected}"));
    let hint = finding.hint.iter().map(|hint| format!("\nhint: {hint}"));
    compared.chain(hint).fold(finding.message.clone(), |text, line| text + &line)
}

fn testcase(class: &str, name: &str, attributes: &str, inner: &str) -> String {
    let name = escaped(name).replace('\n', " ");
    format!("    <testcase classname=\"{}\" name=\"{name}\"{attributes} time=\"0\">{inner}</testcase>\n", escaped(class))
}

/// Text in XML: markup is shown, and what XML cannot hold is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other if other < ' ' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
