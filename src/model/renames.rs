//! `schemas/renames.toml`: ids that changed and rows that were withdrawn.

use serde::Deserialize;

use super::schemas::{SchemaFiles, line_and_column, toml_finding};
use crate::findings::{Finding, Place, Report, code};

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renames {
    /// Rows that took another id.
    #[serde(default, rename = "rename")]
    pub renames: Vec<toml::Spanned<Rename>>,
    /// Rows that were withdrawn.
    #[serde(default, rename = "withdrawn")]
    pub withdrawn: Vec<toml::Spanned<Withdrawn>>,
}

/// A row that goes on under another id.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    pub table: String,
    pub old: String,
    pub new: String,
    /// Last release that had the old id.
    pub last_version: String,
    pub reason: String,
}

/// A row that is no longer published.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    pub table: String,
    pub row_id: String,
    pub last_version: String,
    pub reason: String,
    /// Withdrawn to protect a person: no later release repeats what the row said.
    #[serde(default)]
    pub private: bool,
}

impl Renames {
    /// Reads the file; a project without one renames nothing.
    pub fn parse(files: &SchemaFiles, report: &mut Report) -> Self {
        const PATH: &str = "renames.toml";
        let Some(text) = files.get(PATH) else { return Self::default() };
        let renames: Self = match toml::from_str(text) {
            Ok(renames) => renames,
            Err(error) => {
                report.push(toml_finding(code::SCHEMA_INVALID, &files.display(PATH), text, &error));
                return Self::default();
            }
        };
        let entries =
            renames.renames.iter().map(|entry| (entry.span().start, &entry.get_ref().table, &entry.get_ref().old, &entry.get_ref().reason)).chain(
                renames.withdrawn.iter().map(|entry| (entry.span().start, &entry.get_ref().table, &entry.get_ref().row_id, &entry.get_ref().reason)),
            );
        let mut seen: Vec<(&String, &String)> = Vec::new();
        for (start, table, row, reason) in entries {
            let (line, column) = line_and_column(text, start);
            let place = Place::new(files.display(PATH), line, column);
            if files.get(&format!("tables/{table}.json")).is_none() {
                report.push(Finding::new(code::SCHEMA_INVALID, place.clone(), format!("there is no table \"{table}\"")));
            }
            if reason.trim().is_empty() {
                report.push(Finding::new(code::SCHEMA_INVALID, place.clone(), format!("\"{row}\" has no reason")));
            }
            if seen.contains(&(table, row)) {
                report.push(Finding::new(code::SCHEMA_INVALID, place, format!("\"{row}\" of {table} stands twice")));
            }
            seen.push((table, row));
        }
        renames
    }
}
