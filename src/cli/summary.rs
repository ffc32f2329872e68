//! The summary of a run as Markdown, fit for a pull request: what would be published and why, what changed, what was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::findings::formats::Told;
use crate::findings::{Outcome as Checked, Severity};
use crate::publish::{Outcome, Published, escaped};

/// Findings of one code that are listed; the rest is counted.
const SHOWN: usize = 20;

#[must_use]
pub fn render(told: &Told<'_>, outcome: Option<&Outcome>) -> String {
    let mut text = String::from("# Rollcall\n\n");
    match outcome {
        Some(Outcome::WouldPublish(published)) => release(published, "Would publish", &mut text),
        Some(Outcome::Published(published)) => release(published, "Published", &mut text),
        Some(Outcome::Identical { version }) => {
            let _ = writeln!(text, "**Nothing to publish:** the data are those of {version}.");
        }
        None => {
            let _ = writeln!(text, "**Nothing would be published:** {}.", escaped(&told.ending.says));
        }
    }
    findings(told, &mut text);
    checks(told, &mut text);
    text
}

fn release(published: &Published, what: &str, text: &mut String) {
    let after = published.previous.map_or_else(String::new, |previous| format!(", after {previous}"));
    let bump = published.bump.map_or_else(|| "first release".to_owned(), |bump| format!("{} release", bump.name()));
    let _ = write!(text, "**{what} {}** ({bump}{after}), because: {}.\n\n{}", published.version, escaped(&published.reason), published.summary);
}

fn findings(told: &Told<'_>, text: &mut String) {
    let count = |severity| told.count(severity);
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let _ = write!(text, "\n## Findings\n\n{errors} errors, {warnings} warnings, {infos} infos.\n");
    let mut of_code: BTreeMap<&str, usize> = BTreeMap::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        for finding in told.findings.iter().filter(|finding| finding.severity == severity) {
            let seen = of_code.entry(finding.code).or_default();
            *seen += 1;
            if *seen == 1 {
                let _ = write!(text, "\n### {} `{}`\n\n", severity.name(), finding.code);
            }
            if *seen > SHOWN {
                continue;
            }
            let _ = write!(text, "- `{}`: {}", finding.place.to_string().replace('`', "'"), escaped(&finding.message));
            if let Some(hint) = &finding.hint {
                let _ = write!(text, "<br>hint: {}", escaped(hint));
            }
            text.push('\n');
        }
        for (code, seen) in std::mem::take(&mut of_code).into_iter().filter(|(_, seen)| *seen > SHOWN) {
            let _ = write!(text, "\nand {} more of `{code}`\n", seen - SHOWN);
        }
    }
}

/// How many checks passed, and those that did not.
fn checks(told: &Told<'_>, text: &mut String) {
    text.push_str("\n## Checks\n\n");
    if told.checks.is_empty() {
        text.push_str("None ran.\n");
        return;
    }
    let passed = told.checks.iter().filter(|check| check.outcome == Checked::Passed).count();
    let _ = writeln!(text, "{passed} of {} passed.", told.checks.len());
    let others: Vec<_> = told.checks.iter().filter(|check| check.outcome != Checked::Passed).collect();
    if others.is_empty() {
        return;
    }
    text.push_str("\n| check | severity | outcome | rows | measured | expected |\n| :-- | :-- | :-- | --: | :-- | :-- |\n");
    for check in others {
        let outcome = check.waived.as_ref().map_or_else(|| check.outcome.name().replace('_', " "), |why| escaped(why));
        let (measured, expected) = (escaped(&check.measured), escaped(&check.expected));
        let _ = writeln!(text, "| {} | {} | {outcome} | {} | {measured} | {expected} |", escaped(&check.id), check.severity.name(), check.rows);
    }
}
