//! What is printed: findings to standard output, progress and errors to standard error.

use std::io::{self, IsTerminal, Write};

use crate::error::Error;
use crate::findings::{Finding, Report, Severity};

/// Findings of one code that are shown; the rest is counted.
const SHOWN: usize = 20;

/// Prints text and a line end to standard output.
///
/// # Errors
/// `Io` where standard output is closed.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()).map_err(Error::io("write to", "standard output"))
}

/// Prints the findings by place, at most twenty of a code, and what they come to.
///
/// # Errors
/// `Io` where standard output is closed.
pub fn findings(report: &Report, quiet: bool) -> Result<(), Error> {
    let sorted = report.sorted();
    let mut text = String::new();
    let mut hidden: Vec<(&str, usize)> = Vec::new();
    for (at, finding) in sorted.iter().enumerate() {
        if quiet && finding.severity == Severity::Info {
            continue;
        }
        let before = sorted[..at].iter().filter(|other| other.code == finding.code).count();
        if before < SHOWN {
            text.push_str(&shown(finding));
            text.push('\n');
        } else if let Some((_, count)) = hidden.iter_mut().find(|(code, _)| *code == finding.code) {
            *count += 1;
        } else {
            hidden.push((finding.code, 1));
        }
    }
    for (code, count) in hidden {
        text.push_str(&format!("and {count} more of {code}\n"));
    }
    if text.is_empty() { Ok(()) } else { print(text.trim_end()) }
}

/// Whether somebody looks at standard output, and wants colours.
pub fn is_coloured() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A finding, coloured where somebody looks at it.
fn shown(finding: &Finding) -> String {
    let text = finding.to_string();
    if !is_coloured() {
        return text;
    }
    let colour = match finding.severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Info => "\u{1b}[1;34m",
    };
    let label = format!("{}[{}]", finding.severity.name(), finding.code);
    text.replacen(&label, &format!("{colour}{label}\u{1b}[0m"), 1)
}

/// One line of a stage on standard error.
pub fn progress(stage: &str, counts: &str) {
    // Progress that nobody can read is no reason to stop.
    let _ = writeln!(io::stderr(), "{stage:<10}{counts}");
}

/// What the rules said of a text, on standard error: it is no product, and no file of it is written.
pub fn trace(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A finding on standard error, for commands whose standard output is data.
pub fn complaint(finding: &Finding) {
    let _ = writeln!(io::stderr(), "{finding}");
}

/// Why the run ended early, on standard error.
pub fn error(error: &Error) {
    let _ = writeln!(io::stderr(), "rollcall: {error}");
}
