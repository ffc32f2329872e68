//! The data set: all published tables as rows, before they are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Cell, TableSchema};

/// A row: one cell a column, in the order of the schema.
pub type Row = Vec<Cell>;

/// The rows of one table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
}

/// All tables by name. A table without rows is published with a header alone.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    pub tables: BTreeMap<String, Table>,
}

impl Dataset {
    /// The rows of a table, empty where it has none.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], |table| &table.rows)
    }

    pub fn rows_mut(&mut self, table: &str) -> &mut Vec<Row> {
        &mut self.tables.entry(table.to_owned()).or_default().rows
    }

    /// Brings every table into the published order.
    pub fn sort(&mut self, schemas: &[TableSchema]) {
        for schema in schemas {
            let key = schema.key_positions();
            self.rows_mut(&schema.name).sort_by(|a, b| compare(a, b, &key));
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
