//! SARIF 2.1.0: for code scanning and for the tools that collect results of many checkers.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Told, with_hint};
use crate::findings::{CODES, Code, Finding, Severity};

/// Where the schema of the format is kept by those who make it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub fn render(told: &Told<'_>) -> String {
    let results: Vec<Value> = told.findings.iter().map(|finding| result(finding)).collect();
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "rules": CODES.iter().map(|code| rule(code)).collect::<Vec<Value>>(),
    });
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": told.ending.outcome != "failed" }],
            "results": results,
            "properties": { "outcome": told.ending.outcome, "says": told.ending.says },
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.name,
        "shortDescription": { "text": first_sentence(code.meaning) },
        "fullDescription": { "text": code.meaning },
        "help": { "text": format!("{}\n\n{}", code.meaning, code.example) },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end()
}

fn result(finding: &Finding) -> Value {
    let place = &finding.place;
    let mut physical = json!({ "artifactLocation": { "uri": address(&place.path) } });
    if place.line > 0 {
        let mut region = json!({ "startLine": place.line });
        if place.column > 0 {
            region["startColumn"] = json!(place.column);
        }
        physical["region"] = region;
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": CODES.iter().position(|code| code.name == finding.code),
        "level": level(finding.severity),
        "message": { "text": with_hint(finding) },
        "locations": [{ "physicalLocation": physical }],
    });
    if let (Some(found), Some(expected)) = (&finding.found, &finding.expected) {
        result["properties"] = json!({ "found": found, "expected": expected });
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as the reference of a URI: relative as it is, absolute with its scheme.
fn address(path: &str) -> String {
    let mut address = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}
