//! The data set: all published tables as rows, before they are written.
//!
//! A table is in memory or, where there is no room for it, on the shelf. Whoever looks at any table goes through [`Dataset::open`] or
//! [`Dataset::each`]; [`Dataset::rows`] is for tables that are small by nature.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::{MemoryRows, RowSource, StoredRows, collect};
use super::{Cell, TableSchema};
use crate::error::Error;

/// A row: one cell a column, in the order of the schema.
pub type Row = Vec<Cell>;

/// The rows of one table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Those in memory: all, or none where they are stored.
    rows: Vec<Row>,
    stored: Option<(Arc<dyn StoredRows>, usize)>,
}

impl Table {
    /// A table in memory.
    #[must_use]
    pub fn of(rows: Vec<Row>) -> Self {
        Self { rows, stored: None }
    }

    /// So many rows that lie elsewhere, in the order of their key.
    #[must_use]
    pub fn stored(rows: Arc<dyn StoredRows>, count: usize) -> Self {
        Self { rows: Vec::new(), stored: Some((rows, count)) }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.as_ref().map_or(self.rows.len(), |(_, count)| *count)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// # Errors
    /// `Io` where stored rows cannot be read.
    pub fn open(&self) -> Result<Box<dyn RowSource + '_>, Error> {
        match &self.stored {
            Some((rows, _)) => rows.open().map(|rows| rows as Box<dyn RowSource>),
            None => Ok(Box::new(MemoryRows::new(&self.rows))),
        }
    }
}

/// All tables by name. A table without rows is published with a header alone.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    pub tables: BTreeMap<String, Table>,
}

impl Dataset {
    /// The rows of a table that is in memory, empty where it has none.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[Row] {
        let table = self.tables.get(table);
        debug_assert!(table.is_none_or(|table| table.stored.is_none()), "stored rows are no slice");
        table.map_or(&[], |table| &table.rows)
    }

    /// The rows of a table that is in memory, to be changed.
    pub fn rows_mut(&mut self, table: &str) -> &mut Vec<Row> {
        let table = self.tables.entry(table.to_owned()).or_default();
        debug_assert!(table.stored.is_none(), "stored rows are not changed in place");
        &mut table.rows
    }

    /// How many rows a table has.
    #[must_use]
    pub fn count(&self, table: &str) -> usize {
        self.tables.get(table).map_or(0, Table::len)
    }

    /// Whether a table is not in memory.
    #[must_use]
    pub fn is_stored(&self, table: &str) -> bool {
        self.tables.get(table).is_some_and(|table| table.stored.is_some())
    }

    /// The rows of a table one after the other, wherever they are.
    ///
    /// # Errors
    /// `Io` where stored rows cannot be read.
    pub fn open(&self, table: &str) -> Result<Box<dyn RowSource + '_>, Error> {
        self.tables.get(table).map_or_else(|| Ok(Box::new(MemoryRows::new(&[])) as Box<dyn RowSource>), Table::open)
    }

    /// Shows every row of a table.
    ///
    /// # Errors
    /// `Io` where stored rows cannot be read; those of `look`.
    pub fn each(&self, table: &str, mut look: impl FnMut(&Row) -> Result<(), Error>) -> Result<(), Error> {
        let mut rows = self.open(table)?;
        while rows.advance()? {
            look(rows.row())?;
        }
        Ok(())
    }

    /// Brings a table into memory.
    ///
    /// # Errors
    /// `Io` where stored rows cannot be read.
    pub fn load(&mut self, table: &str) -> Result<(), Error> {
        if let Some(table) = self.tables.get_mut(table).filter(|table| table.stored.is_some()) {
            let rows = collect(&mut *table.open()?)?;
            *table = Table::of(rows);
        }
        Ok(())
    }

    pub fn set(&mut self, name: &str, table: Table) {
        self.tables.insert(name.to_owned(), table);
    }

    /// Brings every table into the published order. Stored ones are in it.
    pub fn sort(&mut self, schemas: &[TableSchema]) {
        for schema in schemas {
            let key = schema.key_positions();
            let table = self.tables.entry(schema.name.clone()).or_default();
            table.rows.sort_by(|a, b| compare(a, b, &key));
        }
    }
}

/// The order of two rows by the columns of a key.
#[must_use]
pub fn compare(a: &[Cell], b: &[Cell], key: &[usize]) -> Ordering {
    key.iter().map(|&at| a[at].order(&b[at])).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The key of a row as one text: its values joined by a slash.
#[must_use]
pub fn row_id(row: &[Cell], key: &[usize]) -> String {
    let values: Vec<_> = key.iter().map(|&at| row[at].spelling()).collect();
    values.join("/")
}
