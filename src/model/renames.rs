//! `schemas/renames.toml`: ids that changed and rows that were withdrawn.

use serde::Deserialize;

use super::schemas::{SchemaFiles, line_and_column};
use super::toml_file;
use crate::findings::{Finding, Place, Report, code};

/// The file as it is in the folder.
const PATH: &str = "renames.toml";

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
    /// A row that comes back to its own id after some renames was never renamed.
    fn check_cycles(&self, files: &SchemaFiles, text: &str, report: &mut Report) {
        for entry in &self.renames {
            let first = entry.get_ref();
            let mut id = &first.new;
            let next = |id: &String| self.renames.iter().map(toml::Spanned::get_ref).find(|other| other.table == first.table && other.old == *id);
            for _ in 0..self.renames.len() {
                if *id == first.old {
                    let (line, column) = line_and_column(text, entry.span().start);
                    let message = format!("\"{}\" of {} is renamed in a circle", first.old, first.table);
                    let finding = Finding::new(code::SCHEMA_INVALID, Place::new(files.display(PATH), line, column), message);
                    report.push(finding.compared(&first.old, "a new id that does not lead back"));
                    break;
                }
                let Some(other) = next(id) else { break };
                id = &other.new;
            }
        }
    }

    /// Reads the file; a project without one renames nothing.
    pub fn parse(files: &SchemaFiles, report: &mut Report) -> Self {
        let Some(text) = files.get(PATH) else { return Self::default() };
        let Some(renames) = toml_file::parse::<Self>(text, &files.display(PATH), code::SCHEMA_INVALID, report) else { return Self::default() };
        let entries =
            renames.renames.iter().map(|entry| (entry.span().start, &entry.get_ref().table, &entry.get_ref().old, &entry.get_ref().reason)).chain(
                renames.withdrawn.iter().map(|entry| (entry.span().start, &entry.get_ref().table, &entry.get_ref().row_id, &entry.get_ref().reason)),
            );
        let mut seen: Vec<(&String, &String)> = Vec::new();
        for (start, table, row, reason) in entries {
            let (line, column) = line_and_column(text, start);
            let place = Place::new(files.display(PATH), line, column);
            if files.get(&format!("tables/{table}.json")).is_none() {
                report.push(Finding::new(code::SCHEMA_INVALID, place.clone(), format!("there is no table \"{table}\"")).compared(table, "a table"));
            }
            if reason.trim().is_empty() {
                report.push(Finding::new(code::SCHEMA_INVALID, place.clone(), format!("\"{row}\" has no reason")).compared("", "a reason"));
            }
            if seen.contains(&(table, row)) {
                let finding = Finding::new(code::SCHEMA_INVALID, place, format!("\"{row}\" of {table} stands twice"));
                report.push(finding.compared(row, "a row that no other entry has"));
            }
            seen.push((table, row));
        }
        renames.check_cycles(files, text, report);
        renames
    }
}
