//! Rows in the order of their key, one after the other: what the difference and the checks merge.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::model::dataset::Row;

/// A stream of rows that lends one at a time, so that no merge holds more than two.
pub trait RowSource {
    /// Goes to the next row; false at the end.
    ///
    /// # Errors
    /// `Io` where the file cannot be read, `Store` where it is not a table in its order.
    fn advance(&mut self) -> Result<bool, Error>;

    /// The row that [`RowSource::advance`] went to.
    fn row(&self) -> &Row;
}

/// The rows of a table in memory.
#[derive(Debug)]
pub struct MemoryRows<'a> {
    rows: std::slice::Iter<'a, Row>,
    row: Option<&'a Row>,
}

impl<'a> MemoryRows<'a> {
    #[must_use]
    pub fn new(rows: &'a [Row]) -> Self {
        Self { rows: rows.iter(), row: None }
    }
}

/// What stands before the first row and after the last.
static NO_ROW: Row = Vec::new();

impl RowSource for MemoryRows<'_> {
    fn advance(&mut self) -> Result<bool, Error> {
        self.row = self.rows.next();
        Ok(self.row.is_some())
    }

    fn row(&self) -> &Row {
        self.row.unwrap_or(&NO_ROW)
    }
}

/// All rows of a source.
///
/// # Errors
/// Those of the source.
pub fn collect(source: &mut dyn RowSource) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    while source.advance()? {
        rows.push(source.row().clone());
    }
    Ok(rows)
}

/// Shorthand for a file that is not what it should be.
pub fn unsound(path: &Path, problem: impl Into<String>) -> Error {
    Error::Store { path: PathBuf::from(path), problem: problem.into() }
}

/// What is wrong with a row whose key stands so to the one of the row before; nothing where it follows it.
#[must_use]
pub fn disorder(before: Ordering) -> Option<&'static str> {
    match before {
        Ordering::Less => None,
        Ordering::Equal => Some("the key of the row before stands again"),
        Ordering::Greater => Some("the row should stand before the one above it: the file is not sorted by its key"),
    }
}
