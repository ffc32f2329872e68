//! `schemas/corrections.toml`: reviewed overrides of published cells, each with a reason and what it expects to find.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::expectations::Value;
use super::schemas::{SchemaFiles, line_and_column};
use super::table::{Field, FieldType};
use super::{Cell, date::Period, toml_file};
use crate::findings::{Finding, Place, Report, code};

/// The file as it is in the folder.
pub const PATH: &str = "corrections.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "correction")]
    corrections: Vec<toml::Spanned<Correction>>,
}

/// One override.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub table: String,
    /// The rows that it speaks of, by the values of columns.
    #[serde(rename = "where")]
    pub selector: BTreeMap<String, Value>,
    pub column: String,
    /// The value that the rows have; "" for none.
    pub from: Value,
    /// The value that they should have; "" for none.
    pub to: Value,
    pub reason: String,
    /// The source, or the initials of the reviewer.
    pub by: String,
    /// How many rows it changes.
    #[serde(default = "one")]
    pub expect: usize,
}

fn one() -> usize {
    1
}

/// Reads the file; a project without one corrects nothing. What is wrong with it is a finding with its line.
pub fn parse(files: &SchemaFiles, report: &mut Report) -> Vec<(Place, Correction)> {
    let Some(text) = files.get(PATH) else { return Vec::new() };
    let path = files.display(PATH);
    let Some(file) = toml_file::parse::<File>(text, &path, code::SCHEMA_INVALID, report) else { return Vec::new() };
    let mut corrections = Vec::new();
    for entry in file.corrections {
        let (line, column) = line_and_column(text, entry.span().start);
        let place = Place::new(&path, line, column);
        let correction = entry.into_inner();
        for (what, value) in [("reason", &correction.reason), ("by", &correction.by)] {
            if value.trim().is_empty() {
                report.push(
                    Finding::new(code::SCHEMA_INVALID, place.clone(), format!("the correction has no {what}"))
                        .compared("", format!("a value for {what}")),
                );
            }
        }
        corrections.push((place, correction));
    }
    corrections
}

/// A value of the file as a cell of a column; none where it does not fit the type.
#[must_use]
pub fn cell_of(field: &Field, value: &Value) -> Option<Cell> {
    let text = value.spelling();
    if text.is_empty() {
        return Some(Cell::Null);
    }
    match field.field_type {
        FieldType::String => Some(Cell::text(text)),
        FieldType::Integer => text.parse().ok().map(Cell::Integer),
        FieldType::Number => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Cell::Number),
        FieldType::Boolean => text.parse().ok().map(Cell::Boolean),
        FieldType::Date => Period::parse_reduced(&text).filter(|period| period.start == period.end).map(|period| Cell::Date(period.start)),
    }
}
