//! For people: the findings by place, at most twenty of a code, the rest counted, and how the run ended.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Told;
use crate::findings::{Finding, Severity};

/// Findings of one code that are shown; the rest is counted. The formats for programs have all.
const SHOWN: usize = 20;

/// The findings, then how the run ended.
pub fn render(told: &Told<'_>) -> String {
    let mut text = lines(&told.findings, &BTreeMap::new(), told.quiet, told.colour);
    // What stopped the run is told on standard error.
    if told.ending.is_good() {
        let _ = writeln!(text, "{}", told.ending.says);
        if let Some(changelog) =
            told.ending.release.as_ref().map(|release| release.changelog.trim_end()).filter(|_| told.ending.outcome == "would_publish")
        {
            let _ = write!(text, "\n{changelog}\n");
        }
    }
    text
}

/// The findings alone, one or two lines each; `dropped` were counted only.
#[must_use]
pub fn lines(findings: &[&Finding], dropped: &BTreeMap<(&'static str, Severity), usize>, quiet: bool, colour: bool) -> String {
    let mut text = String::new();
    let mut of_code: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !(quiet && finding.severity == Severity::Info)) {
        let count = of_code.entry(finding.code).or_default();
        *count += 1;
        if *count <= SHOWN {
            let _ = writeln!(text, "{}", if colour { coloured(finding) } else { finding.to_string() });
        }
    }
    for ((code, _), count) in dropped.iter().filter(|((_, severity), _)| !(quiet && *severity == Severity::Info)) {
        *of_code.entry(code).or_default() += count;
    }
    for (code, count) in of_code.into_iter().filter(|(_, count)| *count > SHOWN) {
        let _ = writeln!(text, "and {} more of {code}; --format json has all", count - SHOWN);
    }
    text
}

/// The severity and the code stand out.
fn coloured(finding: &Finding) -> String {
    let colour = match finding.severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Info => "\u{1b}[1;34m",
    };
    let label = format!("{}[{}]", finding.severity.name(), finding.code);
    finding.to_string().replacen(&label, &format!("{colour}{label}\u{1b}[0m"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Place, Report, code};

    fn report() -> Report {
        let mut report = Report::default();
        for line in 1..=23 {
            report.push(Finding::new(code::LINE_UNREAD, Place::new("raw/a.txt", line, 1), "unread"));
        }
        report.push(Finding::new(code::ROW_INVALID, Place::new("raw/a.txt", 9, 1), "broken"));
        report
    }

    #[test]
    fn twenty_of_a_kind_are_shown_and_the_rest_is_counted() {
        let report = report();
        let text = lines(&report.sorted(), report.dropped(), false, false);
        assert_eq!(text.lines().filter(|line| line.contains("[line-unread]")).count(), 20);
        assert!(text.contains("raw/a.txt:9:1: error[row-invalid]: broken\n") && text.ends_with("and 3 more of line-unread; --format json has all\n"));
        assert_eq!(lines(&report.sorted(), report.dropped(), true, false), "raw/a.txt:9:1: error[row-invalid]: broken\n");
    }

    #[test]
    fn colour_is_there_only_where_it_is_wanted() {
        let report = report();
        assert!(!lines(&report.sorted(), report.dropped(), false, false).contains('\u{1b}'));
        assert!(lines(&report.sorted(), report.dropped(), true, true).contains("9:1: \u{1b}[1;31merror[row-invalid]\u{1b}[0m: broken"));
    }
}
