//! The account of checks: every one that is declared has an outcome, and what it found goes to the report unless a waiver excuses it.

use super::Against;
use super::places::{self, Told};
use crate::error::Error;
use crate::findings::Place;
use crate::findings::{Check, Code, Finding, Outcome, Report, Severity, code, find};
use crate::model::Cell;
use crate::model::dataset::{Dataset, Row};
use crate::model::expectations::Waiver;

/// All checks of a run.
#[derive(Debug)]
pub struct Checks<'a> {
    checks: Vec<Check>,
    /// What was found, and by which of the checks.
    findings: Vec<Told>,
    by: Vec<String>,
    waivers: &'a [(Place, Waiver)],
    against: &'a Against<'a>,
}

impl<'a> Checks<'a> {
    #[must_use]
    pub fn new(waivers: &'a [(Place, Waiver)], against: &'a Against<'a>) -> Self {
        Self { checks: Vec::new(), findings: Vec::new(), by: Vec::new(), waivers, against }
    }

    /// The severity of a check: that of the worst of its findings; where it has none, that of the code that it would give.
    #[must_use]
    pub fn severity(&self, code: &Code, findings: &[Told]) -> Severity {
        let set = &self.against.schemas.settings.severity;
        let of = |code: &Code| set.get(code.name).copied().unwrap_or(code.severity);
        findings.iter().filter_map(|told| find(told.finding.code)).map(of).min().unwrap_or_else(|| of(code))
    }

    /// A check with what it found.
    pub fn add(&mut self, check: Check, findings: Vec<Told>) {
        self.by.extend(findings.iter().map(|_| check.id.clone()));
        self.checks.push(check);
        self.findings.extend(findings);
    }

    /// A rule that every row of a table must keep: what breaks it is counted.
    pub fn rule(&mut self, table: &str, rule: &'static str, code: &Code, rows: usize, findings: Vec<Told>) {
        let check = Check {
            id: format!("{table}/{rule}"),
            kind: rule.into(),
            severity: self.severity(code, &findings),
            rows,
            measured: format!("{} broken", findings.len()),
            expected: "0 broken".to_owned(),
            outcome: if findings.is_empty() { Outcome::Passed } else { Outcome::Failed },
            waived: None,
        };
        self.add(check, findings);
    }

    /// A rule that could not look at anything.
    pub fn not_run(&mut self, table: &str, rule: &'static str, code: &Code, why: &str) {
        let (id, severity) = (format!("{table}/{rule}"), self.severity(code, &[]));
        let (measured, expected) = (format!("not run: {why}"), "0 broken".to_owned());
        self.add(Check { id, kind: rule.into(), severity, rows: 0, measured, expected, outcome: Outcome::NotRun, waived: None }, Vec::new());
    }

    /// That a table has rows.
    pub fn at_least_one(&mut self, table: &str, rows: usize, findings: Vec<Told>) {
        let check = Check {
            id: format!("{table}/not_empty"),
            kind: "not_empty".into(),
            severity: self.severity(code::TABLE_EMPTY, &findings),
            rows,
            measured: format!("{rows} rows"),
            expected: "at least 1 row".to_owned(),
            outcome: if findings.is_empty() { Outcome::Passed } else { Outcome::Failed },
            waived: None,
        };
        self.add(check, findings);
    }

    /// Applies the waivers, reports what was found and gives the rows of the table `checks`.
    ///
    /// # Errors
    /// `Io` where the evidence cannot be read.
    pub fn finish(mut self, dataset: &Dataset, report: &mut Report) -> Result<Vec<Row>, Error> {
        places::find(dataset, self.against, &mut self.findings)?;
        for (place, waiver) in self.waivers {
            let failed = self.checks.iter_mut().find(|check| check.id == waiver.check && check.outcome != Outcome::Passed);
            let Some(check) = failed else {
                let message = format!("the waiver of \"{}\" excuses nothing: no such check fails", waiver.check);
                report.push(Finding::new(code::WAIVER_UNUSED, place.clone(), message).hint("remove it"));
                continue;
            };
            let today = self.against.today;
            if waiver.expires < today {
                let message = format!("the waiver of \"{}\" held until {}", waiver.check, waiver.expires);
                let finding = Finding::new(code::WAIVER_EXPIRED, place.clone(), message).hint(format!("mend what it excused: {}", waiver.reason));
                report.push(finding.compared(format!("today is {today}"), format!("a day up to {}", waiver.expires)));
                continue;
            }
            let why = format!("waived until {}: {}", waiver.expires, waiver.reason);
            check.severity = Severity::Info;
            check.waived = Some(why.clone());
            for (_, Told { finding, .. }) in self.by.iter().zip(&mut self.findings).filter(|(id, _)| **id == waiver.check) {
                let hint = finding.hint.as_ref().map_or_else(|| why.clone(), |hint| format!("{why}; {hint}"));
                *finding = finding.clone().severity(Severity::Info).hint(hint);
            }
        }
        for Told { finding, .. } in self.findings {
            report.push(finding);
        }
        self.checks.sort();
        let rows = self.against.schemas.table("checks").map_or_else(Vec::new, |schema| {
            let mut rows: Vec<Row> = self.checks.iter().map(|check| row(schema, check)).collect();
            rows.sort_by(|a, b| crate::model::dataset::compare(a, b, &schema.key_positions()));
            rows
        });
        report.checks = self.checks;
        Ok(rows)
    }
}

fn row(schema: &crate::model::TableSchema, check: &Check) -> Row {
    let cell = |column: &str| match column {
        "check_id" => Cell::text(check.id.as_str()),
        "kind" => Cell::text(check.kind.as_ref()),
        "severity" => Cell::text(check.severity.name()),
        "rows_examined" => Cell::Integer(check.rows as i64),
        "measured" => Cell::text(check.measured.as_str()),
        "expected" => Cell::text(check.expected.as_str()),
        "outcome" => Cell::text(check.outcome.name()),
        _ => Cell::Null,
    };
    schema.fields.iter().map(|field| cell(&field.name)).collect()
}
