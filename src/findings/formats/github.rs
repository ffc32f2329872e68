//! Workflow commands of GitHub Actions: each finding annotates its line in the pull request.

use std::fmt::Write as _;

use super::{Told, with_hint};
use crate::findings::{Finding, Severity};

pub fn render(told: &Told<'_>) -> String {
    let mut text = String::new();
    for finding in &told.findings {
        let _ = writeln!(text, "{}", command(finding));
    }
    // What the run came to is a line of the log, not an annotation; what stopped it is told on standard error.
    if told.ending.is_good() {
        let _ = writeln!(text, "{}", told.ending.says);
    }
    text
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = &finding.place;
    let mut properties = format!("file={}", property(&place.path));
    for (key, number) in [("line", place.line), ("col", place.column)] {
        if number > 0 {
            let _ = write!(properties, ",{key}={number}");
        }
    }
    format!("::{name} {properties},title={}::{}", property(finding.code), data(&with_hint(finding)))
}

/// A text behind the second pair of colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
