//! Tables of a release, as text.

use std::path::Path;

use crate::error::Error;
use crate::pipeline::Project;
use crate::publish;

/// A table of a release.
#[derive(Debug)]
pub struct Table {
    columns: csv::StringRecord,
    pub rows: Vec<csv::StringRecord>,
}

impl Table {
    /// A table of the newest release.
    pub fn newest(project: &Project, table: &str) -> Result<Self, Error> {
        Self::read(&publish::path(&project.output, Some("latest"), Some(table))?)
    }

    pub fn read(path: &Path) -> Result<Self, Error> {
        let fault = |error: csv::Error| Error::Store { path: path.to_owned(), problem: error.to_string() };
        let mut reader = csv::Reader::from_path(path).map_err(fault)?;
        let columns = reader.headers().map_err(fault)?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(fault)?;
        Ok(Self { columns, rows })
    }

    /// The text of a cell; empty where the table has no such column.
    pub fn cell<'a>(&self, row: &'a csv::StringRecord, column: &str) -> &'a str {
        self.columns.iter().position(|name| name == column).and_then(|at| row.get(at)).unwrap_or_default()
    }

    /// The rows of a table about a table: those with its name and the id of the row.
    pub fn rows_of<'a>(&'a self, table: &'a str, id: &'a str) -> impl Iterator<Item = &'a csv::StringRecord> {
        self.rows.iter().filter(move |row| self.cell(row, "table") == table && self.cell(row, "row_id") == id)
    }
}
