//! JSON: everything, in the form that `schemas/formats/findings.schema.json` states.
//!
//! The version counts the changes of that form that a reader must know of; fields that are added do not count.

use serde_json::{Value, json};

use super::Told;
use crate::findings::Severity;

/// The version of the form.
pub const VERSION: u64 = 1;

pub fn render(told: &Told<'_>) -> String {
    let known = |number: u32| if number == 0 { Value::Null } else { json!(number) };
    let findings: Vec<Value> = told
        .findings
        .iter()
        .map(|finding| {
            json!({
                "path": finding.place.path,
                "line": known(finding.place.line),
                "column": known(finding.place.column),
                "severity": finding.severity,
                "code": finding.code,
                "message": finding.message,
                "found": finding.found,
                "expected": finding.expected,
                "hint": finding.hint,
            })
        })
        .collect();
    let checks: Vec<Value> = told
        .checks
        .iter()
        .map(|check| {
            json!({
                "id": check.id,
                "kind": check.kind,
                "severity": check.severity,
                "rows_examined": check.rows,
                "measured": check.measured,
                "expected": check.expected,
                "outcome": check.outcome.name(),
                "waived": check.waived,
            })
        })
        .collect();
    let release = told.ending.release.as_ref().map(|release| {
        json!({ "version": release.version, "previous": release.previous, "bump": release.bump, "reason": release.reason, "changelog": release.changelog })
    });
    let document = json!({
        "version": VERSION,
        "program": env!("CARGO_PKG_VERSION"),
        "outcome": told.ending.outcome,
        "says": told.ending.says,
        "release": release,
        "counts": {
            "error": told.count(Severity::Error),
            "warning": told.count(Severity::Warning),
            "info": told.count(Severity::Info),
        },
        "findings": findings,
        "checks": checks,
    });
    format!("{document:#}\n")
}
