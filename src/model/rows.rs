//! Rows one after the other, in the order of their key: a table may be larger than memory, so that whoever looks at all of it sees one row
//! at a time.
//!
//! Where rows wait while there are too many of them is not said here: the pipeline keeps the [`Shelf`], stages only put rows on it.

use std::fmt::Debug;

use super::TableSchema;
use super::dataset::{Row, Table};
use crate::error::Error;

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

/// The rows of a table that are not in memory, in their order. They can be read any number of times.
pub trait StoredRows: Debug + Send + Sync {
    /// # Errors
    /// `Io` where they cannot be read.
    fn open(&self) -> Result<Box<dyn RowSource>, Error>;
}

/// What becomes of rows that have one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// All are kept, in the order in which they came: that there are several is somebody's finding.
    Keep,
    /// The least of them stands for all.
    Least,
}

/// Where rows and texts wait while there are more of them than memory has room for.
pub trait Shelf: Debug + Sync {
    /// Takes the rows of a table in any order.
    fn sorter(&self, schema: &TableSchema, ties: Ties) -> Box<dyn Sorter>;

    /// Takes entries under keys in any order.
    fn entries(&self) -> Box<dyn EntrySorter>;

    /// Puts a text aside and says where; none where there is room for it in memory, where it stays with whoever has it.
    ///
    /// # Errors
    /// `Io` where it cannot be put aside.
    fn put(&self, text: &[u8]) -> Result<Option<u64>, Error>;

    /// So many bytes of what was put aside. Empty where they cannot be read: [`Shelf::check`] then says so, and the run must end with that.
    fn get(&self, at: u64, bytes: usize) -> Vec<u8>;

    /// # Errors
    /// `Io` where something that was put aside could not be read.
    fn check(&self) -> Result<(), Error>;
}

/// Rows of one table on their way into the order of its key.
pub trait Sorter {
    /// # Errors
    /// `Io` where what does not fit into memory cannot be put aside.
    fn push(&mut self, row: Row) -> Result<(), Error>;

    /// All of them in order.
    ///
    /// # Errors
    /// `Io` where what was put aside cannot be read.
    fn finish(self: Box<Self>) -> Result<Table, Error>;
}

/// Bytes under keys, on their way into the order of these.
pub trait EntrySorter {
    /// # Errors
    /// `Io` where what does not fit into memory cannot be put aside.
    fn push(&mut self, key: &[u8], entry: &[u8]) -> Result<(), Error>;

    /// All of them by key; those of one key in the order in which they came.
    ///
    /// # Errors
    /// `Io` where what was put aside cannot be read.
    fn finish(self: Box<Self>) -> Result<Box<dyn Entries>, Error>;
}

/// Entries in the order of their keys, one at a time.
pub trait Entries {
    /// Goes to the next entry; false at the end.
    ///
    /// # Errors
    /// `Io` where it cannot be read.
    fn advance(&mut self) -> Result<bool, Error>;

    /// The key of the entry that [`Entries::advance`] went to.
    fn key(&self) -> &[u8];

    fn entry(&self) -> &[u8];
}
