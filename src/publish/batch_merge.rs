//! The difference of two Parquet files with the same columns, by record batches: rows that are equal are compared where they lie in
//! their columns and never become rows.
//!
//! In: two files in the order of their key. Out: what [`super::difference::merge`] makes of them. Memory is one batch of each, whatever
//! the size of the files. The key of every row must follow that of the row above it.

use std::cmp::Ordering;
use std::path::Path;

use arrow::array::{ArrayRef, DynComparator, RecordBatch, make_comparator};
use arrow::compute::SortOptions;

use super::difference::{Columns, Counts, RowChange};
use super::parquet_batches::Batches;
use super::rows::{disorder, unsound};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::Row;
use crate::model::record::array_cell;
use crate::model::table::FieldType;

/// Compares two files of the schema and hands each changed row to `sink`, in the order of the keys.
///
/// # Errors
/// `Io` where a file cannot be read, `Store` where it is not a table in its order; those of the sink.
pub fn merge(old: &Path, new: &Path, schema: &TableSchema, sink: &mut dyn FnMut(RowChange<'_>) -> Result<(), Error>) -> Result<Counts, Error> {
    let columns = Columns::new(schema, schema);
    let mut old = Side::open(old, schema)?;
    let mut new = Side::open(new, schema)?;
    let mut counts = Counts::default();
    loop {
        let (has_old, has_new) = (old.fill()?, new.fill()?);
        if !has_old && !has_new {
            return Ok(counts);
        }
        let pair = if has_old && has_new { Some(Pair::new(&old, &new)?) } else { None };
        // As far as both batches reach, or to the end of the one that is left.
        while old.left() + new.left() > 0 && (pair.is_none() || (old.left() > 0 && new.left() > 0)) {
            let next = pair.as_ref().map_or(if has_old { Ordering::Less } else { Ordering::Greater }, |pair| pair.keys(old.next, new.next));
            match next {
                Ordering::Less => {
                    counts.removed += 1;
                    sink(RowChange::Removed { old: &old.row() })?;
                }
                Ordering::Greater => {
                    counts.added += 1;
                    sink(RowChange::Added { new: &new.row() })?;
                }
                Ordering::Equal if pair.as_ref().is_some_and(|pair| pair.differ(old.next, new.next)) => {
                    let (before, after) = (old.row(), new.row());
                    // What other programs tell apart may be spelt alike: an empty text and no text.
                    if columns.differing(&before, &after).next().is_some() {
                        counts.modified += 1;
                        sink(RowChange::Modified { old: &before, new: &after })?;
                    }
                }
                Ordering::Equal => {}
            }
            if next.is_le() {
                counts.before += 1;
                old.next += 1;
            }
            if next.is_ge() {
                counts.after += 1;
                new.next += 1;
            }
        }
    }
}

/// Whether a file is in the order of its key. Only the columns of the key are read.
///
/// # Errors
/// `Io` where it cannot be read, `Store` where it has other columns or is not in order.
pub fn check_order(path: &Path, schema: &TableSchema) -> Result<(), Error> {
    let mut keys = Keys::default();
    let mut batches = Batches::of_columns(path, schema, &schema.key_positions())?;
    while let Some(batch) = batches.next()? {
        keys.follow(batch.columns(), path)?;
    }
    Ok(())
}

/// One of the two files.
struct Side {
    batches: Batches,
    batch: Option<RecordBatch>,
    /// The row of the batch that is next.
    next: usize,
    types: Vec<FieldType>,
    key: Vec<usize>,
    keys: Keys,
}

impl Side {
    fn open(path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let types = schema.fields.iter().map(|field| field.field_type).collect();
        let key = schema.key_positions();
        Ok(Self { batches: Batches::open(path, schema)?, batch: None, next: 0, types, key, keys: Keys::default() })
    }

    fn left(&self) -> usize {
        self.batch.as_ref().map_or(0, |batch| batch.num_rows() - self.next)
    }

    /// Reads on where the batch is at its end; false at the end of the file.
    fn fill(&mut self) -> Result<bool, Error> {
        while self.left() == 0 {
            self.next = 0;
            self.batch = self.batches.next()?;
            let Some(batch) = &self.batch else { return Ok(false) };
            let key: Vec<ArrayRef> = self.key.iter().map(|&at| ArrayRef::clone(batch.column(at))).collect();
            self.keys.follow(&key, &self.batches.path)?;
        }
        Ok(true)
    }

    fn columns(&self) -> &[ArrayRef] {
        self.batch.as_ref().map_or(&[], RecordBatch::columns)
    }

    fn row(&self) -> Row {
        self.types.iter().zip(self.columns()).map(|(field_type, column)| array_cell(*field_type, column, self.next)).collect()
    }
}

/// Two batches, ready to be compared column by column.
struct Pair {
    key: Vec<DynComparator>,
    others: Vec<DynComparator>,
}

impl Pair {
    fn new(old: &Side, new: &Side) -> Result<Self, Error> {
        let (mut key, mut others) = (Vec::new(), Vec::new());
        for (at, (before, after)) in old.columns().iter().zip(new.columns()).enumerate() {
            if !old.key.contains(&at) {
                others.push(comparator(before, after, &new.batches.path)?);
            }
        }
        for &at in &old.key {
            key.push(comparator(&old.columns()[at], &new.columns()[at], &new.batches.path)?);
        }
        Ok(Self { key, others })
    }

    fn keys(&self, old: usize, new: usize) -> Ordering {
        self.key.iter().map(|compare| compare(old, new)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn differ(&self, old: usize, new: usize) -> bool {
        self.others.iter().any(|compare| compare(old, new).is_ne())
    }
}

/// The order of published tables: empty first, text by bytes, numbers and days by value.
fn comparator(a: &ArrayRef, b: &ArrayRef, path: &Path) -> Result<DynComparator, Error> {
    let order = SortOptions { descending: false, nulls_first: true };
    make_comparator(a, b, order).map_err(|error| unsound(path, error.to_string()))
}

/// The keys of a file, batch after batch: each must follow the one before.
#[derive(Default)]
struct Keys {
    /// The columns of the batch before.
    before: Vec<ArrayRef>,
    /// Rows of all batches before.
    rows: usize,
}

impl Keys {
    fn follow(&mut self, key: &[ArrayRef], path: &Path) -> Result<(), Error> {
        let rows = key.first().map_or(0, |column| column.len());
        let order = |comparators: &[DynComparator], a: usize, b: usize| {
            comparators.iter().map(|compare| compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let refuse = |row: usize, found: Ordering| match disorder(found) {
            Some(problem) => Err(unsound(path, format!("row {}: {problem}", self.rows + row + 1))),
            None => Ok(()),
        };
        let within = key.iter().map(|column| comparator(column, column, path)).collect::<Result<Vec<_>, _>>()?;
        if let Some(last) = self.before.first().map(|column| column.len()).filter(|rows| *rows > 0) {
            let across = self.before.iter().zip(key).map(|(above, below)| comparator(above, below, path)).collect::<Result<Vec<_>, _>>()?;
            refuse(0, order(&across, last - 1, 0))?;
        }
        for row in 1..rows {
            refuse(row, order(&within, row - 1, row))?;
        }
        self.before = key.to_vec();
        self.rows += rows;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::difference;
    use super::super::fixture::{TempFolder, table};
    use super::super::parquet_file::{TableReader, write};
    use super::*;
    use crate::model::Cell;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["a", "b"], "fields": [
            {"name": "text", "type": "string", "description": "C.", "kind": "text", "origin": "stated"},
            {"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned"},
            {"name": "number", "type": "number", "description": "N.", "kind": "number", "origin": "stated"},
            {"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {"required": true}},
            {"name": "day", "type": "date", "description": "D.", "kind": "date", "origin": "stated"},
            {"name": "flag", "type": "boolean", "description": "F.", "kind": "flag", "origin": "stated"}]}"#,
        )
    }

    /// Tables in order, with empty cells and with empty parts of the key.
    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let others = (prop::option::of("[xyä]{1,2}"), prop::option::of(-2i8..2), prop::option::of(0i32..3), any::<Option<bool>>());
        prop::collection::btree_map((prop::option::of("[ab]{1,2}"), -8i64..8), others, 0..60).prop_map(|table| {
            let day = |days: i32| Cell::Date(chrono::NaiveDate::from_ymd_opt(2014, 10, 15 + days as u32).unwrap());
            let row = |((a, b), (text, number, days, flag)): ((Option<String>, i64), (Option<String>, Option<i8>, Option<i32>, Option<bool>))| {
                let number = number.map_or(Cell::Null, |number| Cell::Number(f64::from(number) / 4.0));
                let day = days.map_or(Cell::Null, day);
                vec![Cell::optional(text), Cell::optional(a), number, Cell::Integer(b), day, Cell::optional(flag)]
            };
            table.into_iter().map(row).collect()
        })
    }

    fn written(folder: &TempFolder, name: &str, rows: &[Row]) -> std::path::PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, write(Vec::new(), &schema(), rows, &Vec::new()).unwrap()).unwrap();
        path
    }

    proptest! {
        #[test]
        fn merging_batches_is_merging_rows(base in rows(), removed_at in 0usize..60, edited_at in 0usize..60, other in rows(), mix in any::<bool>()) {
            // Two tables that share most of their rows, or hardly any.
            let mut old = base.clone();
            if removed_at < old.len() {
                old.remove(removed_at);
            }
            if let Some(row) = old.get_mut(edited_at) {
                row[5] = Cell::Null;
            }
            let new = if mix { base } else { other };
            let folder = TempFolder::new();
            let (one, two) = (written(&folder, "one.parquet", &old), written(&folder, "two.parquet", &new));
            let schema = schema();
            let (mut by_batches, mut by_rows) = (Vec::new(), Vec::new());
            let counts = merge(&one, &two, &schema, &mut |change| { by_batches.push(format!("{change:?}")); Ok(()) }).unwrap();
            let (mut a, mut b) = (TableReader::open(&one, &schema).unwrap(), TableReader::open(&two, &schema).unwrap());
            let expected = difference::merge((&schema, &mut a), (&schema, &mut b), &mut |change| { by_rows.push(format!("{change:?}")); Ok(()) }).unwrap();
            prop_assert_eq!(counts, expected);
            prop_assert_eq!(by_batches, by_rows);
        }
    }

    #[test]
    fn what_is_not_in_order_is_refused_also_where_batches_meet() {
        let folder = TempFolder::new();
        let row = |b: i64| vec![Cell::Null, Cell::text("a"), Cell::Null, Cell::Integer(b), Cell::Null, Cell::Null];
        let sound = written(&folder, "sound.parquet", &(0..20).map(row).collect::<Vec<_>>());
        check_order(&sound, &schema()).unwrap();
        for (numbers, expected) in [
            (vec![0, 2, 1], "row 3: the row should stand before the one above it"),
            (vec![0, 1, 2, 3, 4, 5, 6, 6], "row 8: the key of the row before stands again"),
            (vec![0, 1, 2, 3, 4, 5, 6, 3], "row 8: the row should stand before the one above it"),
            (vec![0, 1, 2, 3, 4, 5, 6, 7, 7], "row 9: the key of the row before stands again"),
        ] {
            let broken = written(&folder, "broken.parquet", &numbers.into_iter().map(row).collect::<Vec<_>>());
            let by_merge = [merge(&sound, &broken, &schema(), &mut |_| Ok(())), merge(&broken, &sound, &schema(), &mut |_| Ok(()))];
            let by_rows =
                TableReader::open(&broken, &schema()).and_then(|mut rows| super::super::rows::collect(&mut rows).map(|_| Counts::default()));
            for result in by_merge.into_iter().chain([by_rows, check_order(&broken, &schema()).map(|()| Counts::default())]) {
                let message = result.unwrap_err().to_string();
                assert!(message.contains(expected), "{message}");
            }
        }
    }
}
