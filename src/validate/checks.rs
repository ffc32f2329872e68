//! The account of checks: every one that is declared has an outcome, and what it found goes to the report unless a waiver excuses it.

use chrono::NaiveDate;

use super::Against;
use crate::findings::{CheckResult, Finding, Place, Report, Severity, code};
use crate::model::Cell;
use crate::model::dataset::Row;
use crate::model::expectations::Waiver;

/// Whether a check ran, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    NotRun,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotRun => "not_run",
        }
    }
}

/// One check that was declared.
#[derive(Clone, Debug)]
pub struct Check {
    pub id: String,
    pub kind: &'static str,
    pub severity: Severity,
    pub rows: usize,
    pub measured: String,
    pub expected: String,
    pub outcome: Outcome,
    /// Until when and why a failure is excused; known when the waivers are applied.
    pub waived: Option<String>,
}

impl Check {
    /// A check that ran as told; no waiver is known yet.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: &'static str, severity: Severity, rows: usize, outcome: Outcome) -> Self {
        Self { id: id.into(), kind, severity, rows, measured: String::new(), expected: String::new(), outcome, waived: None }
    }

    fn result(&self) -> CheckResult {
        CheckResult {
            id: self.id.clone(),
            kind: self.kind,
            severity: self.severity,
            rows: self.rows,
            measured: self.measured.clone(),
            expected: self.expected.clone(),
            outcome: self.outcome.name(),
            waived: self.waived.clone(),
        }
    }
}

/// All checks of a run.
#[derive(Debug)]
pub struct Checks<'a> {
    checks: Vec<Check>,
    findings: Vec<(String, Finding)>,
    waivers: &'a [(Place, Waiver)],
    today: NaiveDate,
}

impl<'a> Checks<'a> {
    #[must_use]
    pub fn new(waivers: &'a [(Place, Waiver)], today: NaiveDate) -> Self {
        Self { checks: Vec::new(), findings: Vec::new(), waivers, today }
    }

    /// A check with what it found: it failed where it found anything.
    pub fn add(&mut self, check: Check, findings: Vec<Finding>) {
        let id = check.id.clone();
        self.checks.push(check);
        self.findings.extend(findings.into_iter().map(|finding| (id.clone(), finding)));
    }

    /// A rule that every row of a table must keep: what breaks it is counted.
    pub fn rule(&mut self, table: &str, rule: &'static str, rows: usize, findings: Vec<Finding>) {
        let outcome = if findings.is_empty() { Outcome::Passed } else { Outcome::Failed };
        let check = Check::new(format!("{table}/{rule}"), rule, Severity::Error, rows, outcome);
        self.add(Check { measured: format!("{} broken", findings.len()), expected: "0 broken".to_owned(), ..check }, findings);
    }

    /// Applies the waivers, reports what was found and gives the rows of the table `checks`.
    pub fn finish(mut self, against: &Against<'_>, report: &mut Report) -> Vec<Row> {
        for (place, waiver) in self.waivers {
            let failed = self.checks.iter_mut().find(|check| check.id == waiver.check && check.outcome != Outcome::Passed);
            let Some(check) = failed else {
                let message = format!("the waiver of \"{}\" excuses nothing: no such check fails", waiver.check);
                report.push(Finding::new(code::WAIVER_UNUSED, place.clone(), message).hint("remove it"));
                continue;
            };
            if waiver.expires < self.today {
                let message = format!("the waiver of \"{}\" held until {}", waiver.check, waiver.expires);
                report.push(Finding::new(code::WAIVER_EXPIRED, place.clone(), message).hint(format!("mend what it excused: {}", waiver.reason)));
                continue;
            }
            let why = format!("waived until {}: {}", waiver.expires, waiver.reason);
            check.severity = Severity::Info;
            check.waived = Some(why.clone());
            for (_, finding) in self.findings.iter_mut().filter(|(id, _)| id == &waiver.check) {
                *finding = finding.clone().severity(Severity::Info).hint(&why);
            }
        }
        for (_, finding) in self.findings {
            report.push(finding);
        }
        report.checks = self.checks.iter().map(Check::result).collect();
        report.checks.sort();
        let Some(schema) = against.schemas.table("checks") else { return Vec::new() };
        let mut rows: Vec<Row> = self.checks.iter().map(|check| row(schema, check)).collect();
        rows.sort_by(|a, b| crate::model::dataset::compare(a, b, &schema.key_positions()));
        rows
    }
}

fn row(schema: &crate::model::TableSchema, check: &Check) -> Row {
    let cell = |column: &str| match column {
        "check_id" => Cell::text(check.id.as_str()),
        "kind" => Cell::text(check.kind),
        "severity" => Cell::text(check.severity.name()),
        "rows_examined" => Cell::Integer(check.rows as i64),
        "measured" => Cell::text(check.measured.as_str()),
        "expected" => Cell::text(check.expected.as_str()),
        "outcome" => Cell::text(check.outcome.name()),
        _ => Cell::Null,
    };
    schema.fields.iter().map(|field| cell(&field.name)).collect()
}
