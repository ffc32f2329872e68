//! History: since which release a row is there, and in which it last changed, by the table `changes` of each release.

use std::fmt::Write as _;

use super::Question;
use super::table::Table;
use crate::error::Error;
use crate::pipeline::Project;
use crate::publish;

/// A line that says since when, and one for the last change.
pub fn told(project: &Project, question: &Question<'_>) -> Result<String, Error> {
    let versions = publish::store::versions(&project.output)?;
    let Some(first) = versions.first() else { return Ok(String::new()) };
    let mut since = first.to_string();
    let mut last: Option<String> = None;
    for version in &versions {
        let changes = Table::read(&publish::path(&project.output, Some(&version.to_string()), Some("changes"))?)?;
        let of_row: Vec<_> = changes.rows_of(question.table, question.row).collect();
        let is_new = of_row.iter().any(|row| changes.cell(row, "op") == "added");
        if is_new {
            since = version.to_string();
            last = None;
            continue;
        }
        let of_cell = |row: &&&csv::StringRecord| question.column.is_none_or(|column| column == changes.cell(row, "column"));
        for row in of_row.iter().filter(of_cell) {
            let cell = |column: &str| changes.cell(row, column);
            last = Some(format!("{version}: {} from \"{}\" to \"{}\" ({})", cell("column"), cell("old"), cell("new"), cell("cause")));
        }
    }
    let mut text = String::new();
    let _ = writeln!(text, "  {:<16} {since}", "since release");
    if let Some(last) = last {
        let _ = writeln!(text, "  {:<16} {last}", "last changed in");
    }
    Ok(text)
}
