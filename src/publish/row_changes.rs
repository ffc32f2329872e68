//! The changes of rows that are so many that they are not held: each row's are taken when the merge finds it.
//!
//! In: the changes of one row after the other, table by table. Out: the table `changes` in its order, or one sum over all that is the same
//! for the same changes in any order. What says where facts stand moves with every line that is put into a source; of these rows nothing
//! is told but their number, and their causes follow from the row itself.

use sha2::{Digest, Sha256};

use super::cause::{Explaining, Moved, own_sources};
use super::changelog::tells_by_name;
use super::changes::{Change, Difference, Presence};
use super::difference::SchemaChange;
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::{Row, Table};
use crate::model::rows::{RowSource, Shelf, Sorter, Ties};
use crate::model::table::Role;

/// Takes the changes of rows as they are found.
pub trait TakeChanges {
    /// Whether to take those of a table, which is next. What is not taken is kept in the difference.
    fn begin(&mut self, old: &TableSchema, new: &TableSchema, presence: Presence, schema: &[SchemaChange]) -> bool;

    /// Takes the changes of one row.
    ///
    /// # Errors
    /// Those of where they go.
    fn take(&mut self, row: &mut [Change]) -> Result<(), Error>;
}

/// Keeps all changes in the difference.
#[derive(Debug)]
pub struct KeepAll;

impl TakeChanges for KeepAll {
    fn begin(&mut self, _: &TableSchema, _: &TableSchema, _: Presence, _: &[SchemaChange]) -> bool {
        false
    }

    fn take(&mut self, _: &mut [Change]) -> Result<(), Error> {
        Ok(())
    }
}

/// Puts the changes of tables that are only counted into the table `changes`, each with its cause.
pub struct Explained<'a> {
    moved: &'a Moved,
    /// None where nobody will read the table.
    rows: Option<(&'a TableSchema, Box<dyn Sorter>)>,
    explaining: Option<Explaining<'a>>,
}

impl<'a> Explained<'a> {
    #[must_use]
    pub fn new(moved: &'a Moved, schema: Option<&'a TableSchema>, shelf: &dyn Shelf) -> Self {
        Self { moved, rows: schema.map(|schema| (schema, shelf.sorter(schema, Ties::Keep))), explaining: None }
    }

    /// The table, with the changes that the difference has kept.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn finish(self, difference: &Difference) -> Result<Table, Error> {
        let Some((schema, mut sorter)) = self.rows else { return Ok(Table::default()) };
        difference.tables.iter().flat_map(|table| &table.changes).try_for_each(|change| sorter.push(&change.to_row(schema)))?;
        sorter.finish()
    }
}

impl TakeChanges for Explained<'_> {
    fn begin(&mut self, old: &TableSchema, new: &TableSchema, presence: Presence, schema: &[SchemaChange]) -> bool {
        let is_counted = !matches!(new.role, Role::Fact | Role::Reference) && !tells_by_name(&new.name);
        self.explaining = is_counted.then(|| Explaining::new(new, Some(old), presence, schema, self.moved));
        is_counted
    }

    fn take(&mut self, row: &mut [Change]) -> Result<(), Error> {
        let (Some(explaining), Some((schema, sorter))) = (&self.explaining, &mut self.rows) else { return Ok(()) };
        let own = own_sources(row, &explaining.source_columns);
        for change in row {
            // Evidence is for facts: there is none for these rows.
            explaining.explain(change, own.get(&change.row_id).cloned().unwrap_or_default());
            sorter.push(&change.to_row(schema))?;
        }
        Ok(())
    }
}

/// A sum over changes that does not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sum {
    count: u64,
    sum: u128,
}

impl Sum {
    /// Adds a change by what can be found again: its table, row, column and operation, and both values.
    fn add<T: AsRef<str>>(&mut self, values: [T; 6]) {
        let mut digest = Sha256::new();
        for value in &values {
            digest.update((value.as_ref().len() as u64).to_le_bytes());
            digest.update(value.as_ref());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        self.count += 1;
        self.sum = self.sum.wrapping_add(u128::from_le_bytes(bytes));
    }

    /// That of the rows of a table of changes, in which these values stand at these places.
    ///
    /// # Errors
    /// Those of the rows.
    pub fn of(rows: &mut dyn RowSource, places: [usize; 6]) -> Result<Self, Error> {
        let mut sum = Self::default();
        while rows.advance()? {
            let row: &Row = rows.row();
            sum.add(places.map(|at| row[at].spelling()));
        }
        Ok(sum)
    }
}

impl TakeChanges for Sum {
    fn begin(&mut self, _: &TableSchema, _: &TableSchema, _: Presence, _: &[SchemaChange]) -> bool {
        true
    }

    fn take(&mut self, row: &mut [Change]) -> Result<(), Error> {
        row.iter().for_each(|change| self.add([&*change.table, &*change.row_id, &*change.column, change.op.name(), &*change.old, &*change.new]));
        Ok(())
    }
}
