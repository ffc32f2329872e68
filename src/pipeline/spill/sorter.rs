//! Sorting the rows of one table: in memory as far as there is room, then in runs.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Inner;
use super::format::{Run, RunWriter};
use super::merge::merge;
use crate::error::Error;
use crate::model::dataset::{Row, Table, compare};
use crate::model::rows::{Sorter, Ties};
use crate::model::{Cell, TableSchema};

/// The order of the rows of a table.
#[derive(Clone, Debug)]
pub struct Order {
    key: Vec<usize>,
    pub ties: Ties,
}

impl Order {
    /// Rows of one key that are all kept stay as they came.
    #[must_use]
    pub fn of(&self, a: &Row, b: &Row) -> Ordering {
        let by_key = compare(a, b, &self.key);
        match self.ties {
            Ties::Keep => by_key,
            Ties::Least => by_key.then_with(|| a.iter().zip(b).map(|(a, b)| a.order(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)),
        }
    }

    #[must_use]
    pub fn same_key(&self, a: &Row, b: &Row) -> bool {
        compare(a, b, &self.key).is_eq()
    }
}

/// The rows of one table while they come.
#[derive(Debug)]
pub struct RowSorter {
    inner: Arc<Inner>,
    order: Order,
    rows: Vec<Row>,
    /// About what they take in memory.
    bytes: usize,
    writer: Option<RunWriter>,
    runs: Vec<Run>,
}

impl RowSorter {
    #[must_use]
    pub fn new(inner: Arc<Inner>, schema: &TableSchema, ties: Ties) -> Self {
        let order = Order { key: schema.key_positions(), ties };
        Self { inner, order, rows: Vec::new(), bytes: 0, writer: None, runs: Vec::new() }
    }

    fn sort(&mut self) {
        let order = &self.order;
        self.rows.sort_by(|a, b| order.of(a, b));
        if order.ties == Ties::Least {
            self.rows.dedup_by(|a, b| order.same_key(a, b));
        }
    }

    /// Puts the rows that are in memory aside.
    fn spill(&mut self) -> Result<(), Error> {
        self.sort();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => self.writer.insert(RunWriter::new(Arc::clone(&self.inner))?),
        };
        self.rows.iter().try_for_each(|row| writer.push(row))?;
        self.runs.push(writer.end_run()?);
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }
}

impl Sorter for RowSorter {
    fn push(&mut self, row: Row) -> Result<(), Error> {
        self.bytes += size(&row);
        self.rows.push(row);
        if self.inner.is_full(self.bytes) { self.spill() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Table, Error> {
        if self.runs.is_empty() && self.inner.hold(self.bytes) {
            self.sort();
            self.rows.shrink_to_fit();
            return Ok(Table::of(self.rows));
        }
        if !self.rows.is_empty() {
            self.spill()?;
        }
        self.rows = Vec::new();
        self.writer = None;
        if self.runs.is_empty() {
            return Ok(Table::of(Vec::new()));
        }
        let run = merge(&self.inner, self.runs, &self.order)?;
        let rows = run.rows;
        Ok(Table::stored(Arc::new(run), rows))
    }
}

/// About what a row takes in memory: its cells, and its texts with what an allocation costs.
fn size(row: &Row) -> usize {
    const ALLOCATION: usize = 16;
    let texts: usize = row.iter().filter_map(Cell::as_text).map(|text| text.len() + ALLOCATION).sum();
    size_of::<Row>() + ALLOCATION + row.capacity() * size_of::<Cell>() + texts
}
