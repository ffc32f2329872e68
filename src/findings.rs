//! Findings: what the stages have to say about the data, with a stable code and a place.
//!
//! A finding is data, not an error: it is collected in a [`Report`], sorted by place and printed by the command line. Messages
//! are lower case, quote what was read, and say found and expected; a hint says what to do, in the imperative.

mod codes;
pub mod formats;

pub use codes::{CODES, Code, code, find};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// What a finding means for the release: an error stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

impl Severity {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Where something stands: a file as the user would name it, line and column counted from 1, 0 where unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
pub struct Place {
    pub path: String,
    pub line: u32,
    pub column: u32,
}

impl Place {
    #[must_use]
    pub fn new(path: impl Into<String>, line: u32, column: u32) -> Self {
        Self { path: path.into(), line, column }
    }

    /// A whole file.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self::new(path, 0, 0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match (self.line, self.column) {
            (0, _) => Ok(()),
            (line, 0) => write!(f, ":{line}"),
            (line, column) => write!(f, ":{line}:{column}"),
        }
    }
}

/// The name of a code. By this name serde does not take it for a part of what is read.
type CodeName = &'static str;

/// One thing that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub struct Finding {
    pub place: Place,
    pub severity: Severity,
    #[serde(deserialize_with = "known_code")]
    pub code: CodeName,
    pub message: String,
    pub hint: Option<String>,
    /// Where something was compared: what is there. The message says the same in words.
    pub found: Option<String>,
    /// Where something was compared: what should be there.
    pub expected: Option<String>,
    /// Whether the severity was given to this finding itself, so that no setting for its code changes it.
    own_severity: bool,
}

/// The name of a code that there is.
fn known_code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<CodeName, D::Error> {
    let name = <Cow<'_, str> as serde::Deserialize>::deserialize(deserializer)?;
    find(&name).map(|code| code.name).ok_or_else(|| serde::de::Error::custom(format!("\"{name}\" is no code of a finding")))
}

impl Finding {
    /// A finding with the severity that its code has by default.
    #[must_use]
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            severity: code.severity,
            code: code.name,
            message: message.into(),
            hint: None,
            found: None,
            expected: None,
            own_severity: false,
        }
    }

    /// What is there, and what should be.
    #[must_use]
    pub fn compared(mut self, found: impl Into<String>, expected: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self.expected = Some(expected.into());
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Gives this finding a severity of its own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self.own_severity = true;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]: {}", self.place, self.severity.name(), self.code, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Whether a check ran, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub enum Outcome {
    Passed,
    Failed,
    NotRun,
}

impl Outcome {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotRun => "not_run",
        }
    }
}

/// A check that was declared, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub struct Check {
    pub id: String,
    pub kind: Cow<'static, str>,
    pub severity: Severity,
    pub rows: usize,
    pub measured: String,
    pub expected: String,
    pub outcome: Outcome,
    /// Until when and why a failure is excused; known when the waivers are applied.
    pub waived: Option<String>,
}

/// Everything that the stages found, in the order in which they found it until [`Report::sorted`].
#[derive(Clone, Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    /// Codes that are errors whatever the settings say.
    insisted: Vec<&'static str>,
    /// How many findings of a code are kept, where not all.
    kept: Option<usize>,
    /// How many there are of each code, where not all are kept.
    held: BTreeMap<&'static str, usize>,
    /// Those that were not kept.
    dropped: BTreeMap<(&'static str, Severity), usize>,
    /// Those that were not kept because the same was found before.
    repeated: BTreeMap<Severity, usize>,
    /// Severities that differ from those of the codes, by the name of the code.
    severities: BTreeMap<String, Severity>,
    /// By id; none where the run did not come so far.
    pub checks: Vec<Check>,
}

impl Report {
    /// A report of a run over any number of documents: of each code it keeps about so many findings, the first by place, and counts the
    /// others.
    #[must_use]
    pub fn keeping(kept: usize) -> Self {
        Self { kept: Some(kept.max(1)), ..Self::default() }
    }

    /// Makes findings of a code errors whatever the settings say, and the first of them a reason to stop.
    pub fn insist(&mut self, code: &Code) {
        self.insisted.push(code.name);
    }

    /// Whether something was found that the run was told to stop at.
    #[must_use]
    pub fn must_stop(&self) -> bool {
        !self.insisted.is_empty() && self.findings.iter().any(|finding| self.insisted.contains(&finding.code))
    }

    /// How many findings of each code and severity are counted only.
    #[must_use]
    pub fn dropped(&self) -> &BTreeMap<(&'static str, Severity), usize> {
        &self.dropped
    }

    /// Keeps the first findings of a code.
    fn thin(&mut self, code: &'static str, kept: usize) {
        let (mut of_code, others): (Vec<Finding>, Vec<Finding>) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.code == code);
        of_code.sort();
        of_code.dedup_by(|finding, before| {
            let is_repeated = finding == before;
            *self.repeated.entry(finding.severity).or_default() += usize::from(is_repeated);
            is_repeated
        });
        for finding in of_code.drain(kept.min(of_code.len())..) {
            *self.dropped.entry((code, finding.severity)).or_default() += 1;
        }
        self.held.insert(code, of_code.len());
        self.findings = others;
        self.findings.append(&mut of_code);
    }

    /// Sets the severity of codes, for what was found and what will be. A finding with a severity of its own keeps it.
    pub fn set_severities(&mut self, severities: &BTreeMap<String, Severity>) {
        self.severities.clone_from(severities);
        self.held.clear();
        for finding in std::mem::take(&mut self.findings) {
            self.push(finding);
        }
    }

    pub fn push(&mut self, mut finding: Finding) {
        if let Some(severity) = self.severities.get(finding.code).filter(|_| !finding.own_severity) {
            finding.severity = *severity;
        }
        let code = finding.code;
        if self.insisted.contains(&code) {
            finding.severity = Severity::Error;
        }
        self.findings.push(finding);
        if let Some(kept) = self.kept {
            let held = self.held.entry(code).or_default();
            *held += 1;
            if *held > 2 * kept {
                self.thin(code, kept);
            }
        }
    }

    pub fn extend(&mut self, other: Self) {
        for finding in other.findings {
            self.push(finding);
        }
        self.checks.extend(other.checks);
    }

    /// Takes the findings and checks of another run, as they were at its end, in place of those of this one.
    pub fn replace(&mut self, findings: Vec<Finding>, checks: Vec<Check>) {
        (self.findings, self.checks) = (findings, checks);
    }

    /// The findings but for those of one code.
    #[must_use]
    pub fn without(mut self, code: &Code) -> Self {
        self.findings.retain(|finding| finding.code != code.name);
        self
    }

    /// Rewrites every text of the findings in which `mask` finds something that must not be said.
    pub fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        for finding in &mut self.findings {
            let others = [&mut finding.hint, &mut finding.found, &mut finding.expected];
            for text in others.into_iter().flatten().chain([&mut finding.message]) {
                if let Some(masked) = mask(text) {
                    *text = masked;
                }
            }
        }
    }

    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let dropped: usize = self.dropped.iter().filter(|((_, of), _)| *of == severity).map(|(_, count)| count).sum();
        self.findings.iter().filter(|finding| finding.severity == severity).count()
            + dropped
            + self.repeated.get(&severity).copied().unwrap_or_default()
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The findings that are kept, in the order in which they were found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings by place, each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut sorted: Vec<&Finding> = self.findings.iter().collect();
        sorted.sort();
        sorted.dedup();
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unread(line: u32) -> Finding {
        Finding::new(code::LINE_UNREAD, Place::new("a.txt", line, 1), "unread")
    }

    #[test]
    fn a_report_that_keeps_a_few_keeps_the_first_and_counts_the_others() {
        let (mut all, mut few) = (Report::default(), Report::keeping(5));
        for line in (1..=100).rev() {
            all.push(unread(line));
            few.push(unread(line));
        }
        few.push(unread(1));
        few.push(Finding::new(code::ROW_INVALID, Place::file("b.txt"), "broken"));
        let of = |report: &Report| report.sorted().into_iter().filter(|finding| finding.code == "line-unread").take(5).cloned().collect::<Vec<_>>();
        assert_eq!(of(&few), of(&all));
        assert!(few.findings.len() <= 12 && few.has_errors());
        assert_eq!(few.count(Severity::Info), 101, "one stands twice");
        let dropped: usize = few.dropped().values().sum();
        assert_eq!(few.sorted().len() + dropped, 101, "and is told once");
    }

    #[test]
    fn what_is_insisted_on_is_an_error_and_stops() {
        let mut report = Report::default();
        report.insist(code::RECORD_INVALID);
        report.push(unread(1));
        assert!(!report.must_stop());
        report.push(Finding::new(code::RECORD_INVALID, Place::file("a.jsonl"), "no JSON"));
        assert!(report.must_stop() && report.has_errors());
    }
}
