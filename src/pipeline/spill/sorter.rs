//! Sorting the rows of one table: as bytes, under keys whose order is that of the rows.

use std::sync::Arc;

use super::Inner;
use super::entries::Sorting;
use super::format::{RunWriter, decode, encode};
use crate::error::Error;
use crate::model::dataset::{Row, Table};
use crate::model::frame::day_number;
use crate::model::rows::{Entries, EntrySorter, Sorter, Ties};
use crate::model::table::FieldType;
use crate::model::{Cell, TableSchema};

/// The rows of one table while they come.
#[derive(Debug)]
pub struct RowSorter {
    inner: Arc<Inner>,
    /// Positions of the columns of the key, with their types.
    columns: Vec<(usize, FieldType)>,
    ties: Ties,
    sorting: Sorting,
    /// About what the rows would take in memory.
    bytes: usize,
    /// Used again for each.
    key: Vec<u8>,
    row: Vec<u8>,
}

impl RowSorter {
    #[must_use]
    pub fn new(inner: Arc<Inner>, schema: &TableSchema, ties: Ties) -> Self {
        let columns = schema.key_positions().into_iter().map(|at| (at, schema.fields[at].field_type)).collect();
        Self { sorting: Sorting::new(Arc::clone(&inner)), inner, columns, ties, bytes: 0, key: Vec::new(), row: Vec::new() }
    }
}

impl Sorter for RowSorter {
    fn push(&mut self, row: &Row) -> Result<(), Error> {
        self.bytes += size(row);
        self.key.clear();
        self.columns.iter().for_each(|&(at, field_type)| spell(&row[at], field_type, &mut self.key));
        self.row.clear();
        encode(row, &mut self.row);
        self.sorting.push(&self.key, &self.row)
    }

    fn finish(self: Box<Self>) -> Result<Table, Error> {
        let Self { inner, ties, sorting, bytes, .. } = *self;
        let stays = !sorting.has_spilled() && inner.hold(bytes);
        let entries = sorting.sorted()?;
        let fault = || inner.fails("read rows from")(std::io::ErrorKind::InvalidData.into());
        if stays {
            let mut rows = Vec::new();
            each(entries, ties, &fault, &mut |bytes| {
                let mut row = Row::new();
                decode(bytes, &mut row).ok_or_else(fault)?;
                rows.push(row);
                Ok(())
            })?;
            rows.shrink_to_fit();
            return Ok(Table::of(rows));
        }
        let mut writer = RunWriter::new(Arc::clone(&inner))?;
        each(entries, ties, &fault, &mut |row| writer.push(row))?;
        let run = writer.end()?;
        let rows = run.rows;
        Ok(if rows == 0 { Table::of(Vec::new()) } else { Table::stored(Arc::new(run), rows) })
    }
}

/// Shows all rows, of those with one key the least where that stands for all.
fn each(mut entries: Box<dyn Entries>, ties: Ties, fault: &dyn Fn() -> Error, show: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    if ties == Ties::Keep {
        while entries.advance()? {
            show(entries.entry())?;
        }
        return Ok(());
    }
    let (mut key, mut least, mut is_there) = (Vec::new(), Vec::new(), false);
    while entries.advance()? {
        let is_repeated = is_there && entries.key() == key;
        if is_repeated && entries.entry() != least {
            let (mut one, mut other) = (Row::new(), Row::new());
            decode(entries.entry(), &mut one).and_then(|()| decode(&least, &mut other)).ok_or_else(fault)?;
            let order = one.iter().zip(&other).map(|(one, other)| one.order(other)).find(|order| order.is_ne());
            if order.is_some_and(std::cmp::Ordering::is_lt) {
                entries.entry().clone_into(&mut least);
            }
        } else if !is_repeated {
            if is_there {
                show(&least)?;
            }
            entries.key().clone_into(&mut key);
            entries.entry().clone_into(&mut least);
        }
        is_there = true;
    }
    if is_there { show(&least) } else { Ok(()) }
}

/// Appends a cell so that the order of the bytes is that of the cells: empty first, text by bytes, numbers and days by value.
fn spell(cell: &Cell, field_type: FieldType, out: &mut Vec<u8>) {
    const SIGN: u64 = 1 << 63;
    let number = |value: f64| {
        let bits = value.to_bits();
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    };
    out.push(u8::from(!cell.is_null()));
    match cell {
        Cell::Null => {}
        Cell::Text(text) => {
            // A text ends with two zeros: one that goes on with a zero stands behind it.
            for part in text.as_bytes().split_inclusive(|byte| *byte == 0) {
                out.extend_from_slice(part);
                out.extend(part.ends_with(&[0]).then_some(u8::MAX));
            }
            out.extend_from_slice(&[0, 0]);
        }
        Cell::Integer(value) if field_type == FieldType::Number => out.extend_from_slice(&number(*value as f64).to_be_bytes()),
        Cell::Integer(value) => out.extend_from_slice(&(*value as u64 ^ SIGN).to_be_bytes()),
        Cell::Number(value) => out.extend_from_slice(&number(*value).to_be_bytes()),
        Cell::Date(day) => out.extend_from_slice(&(day_number(*day) as u32 ^ 1 << 31).to_be_bytes()),
        Cell::Boolean(value) => out.push(u8::from(*value)),
    }
}

/// About what a row takes in memory: its cells, and its texts with what an allocation costs.
fn size(row: &Row) -> usize {
    const ALLOCATION: usize = 16;
    let texts: usize = row.iter().filter_map(Cell::as_text).map(|text| text.len() + ALLOCATION).sum();
    size_of::<Row>() + ALLOCATION + row.len() * size_of::<Cell>() + texts
}
