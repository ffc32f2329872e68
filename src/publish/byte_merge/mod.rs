//! The difference of two CSV files with the same columns, by bytes: rows that are equal are passed over and never taken apart.
//!
//! In: two files in the order of their key, or a file and rows in that order. Out: what [`super::difference::merge`] makes of them, at a fraction of its time: most
//! rows of two releases are the same, and comparing memory is many times faster than reading values. Only rows that differ are parsed, and each of
//! these must stand after the row above it. Memory is two buffers, whatever the size of the files.

mod side;

use std::cmp::Ordering;
use std::path::Path;

use super::difference::{Columns, Counts, RowChange};
use super::rows::RowSource;
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::compare;
use side::{Side, whole_rows};

/// Compares two files of the schema and hands each changed row to `sink`, in the order of the keys.
///
/// # Errors
/// `Io` where a file cannot be read, `Store` where it is not a table in its order; those of the sink.
pub fn merge(old: &Path, new: &Path, schema: &TableSchema, sink: Sink<'_>) -> Result<Counts, Error> {
    merge_sides(Side::open(old, schema)?, Side::open(new, schema)?, schema, sink)
}

/// Compares a file of the schema with rows that are in no file yet.
///
/// # Errors
/// `Io` where one of them cannot be read, `Store` where it is not a table in its order; those of the sink.
pub fn merge_rows(old: &Path, new: Box<dyn RowSource + '_>, schema: &TableSchema, sink: Sink<'_>) -> Result<Counts, Error> {
    merge_sides(Side::open(old, schema)?, Side::spell(new, schema)?, schema, sink)
}

type Sink<'s> = &'s mut dyn FnMut(RowChange<'_>) -> Result<(), Error>;

fn merge_sides(mut old: Side<'_>, mut new: Side<'_>, schema: &TableSchema, sink: Sink<'_>) -> Result<Counts, Error> {
    let columns = Columns::new(schema, schema);
    let key = schema.key_positions();
    let mut counts = Counts::default();
    loop {
        let equal = skip_equal(&mut old, &mut new)?;
        counts.before += equal;
        counts.after += equal;
        let next = match (old.peek()?, new.peek()?) {
            (false, false) => return Ok(counts),
            (true, true) => compare(&old.row, &new.row, &key),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        };
        match next {
            Ordering::Less => {
                counts.removed += 1;
                sink(RowChange::Removed { old: &old.row })?;
            }
            Ordering::Greater => {
                counts.added += 1;
                sink(RowChange::Added { new: &new.row })?;
            }
            Ordering::Equal => {
                if columns.differing(&old.row, &new.row).next().is_some() {
                    counts.modified += 1;
                    sink(RowChange::Modified { old: &old.row, new: &new.row })?;
                }
            }
        }
        if next.is_le() {
            counts.before += 1;
            old.advance();
        }
        if next.is_ge() {
            counts.after += 1;
            new.advance();
        }
    }
}

/// Goes past all rows that are the same bytes in both files; says how many.
fn skip_equal(old: &mut Side<'_>, new: &mut Side<'_>) -> Result<u64, Error> {
    let mut skipped = 0;
    loop {
        old.fill()?;
        new.fill()?;
        let (a, b) = (old.bytes(), new.bytes());
        let rows = whole_rows(&a[..first_difference(a, b)]);
        if rows.count == 0 {
            return Ok(skipped);
        }
        skipped += rows.count;
        old.skip(&rows);
        new.skip(&rows);
    }
}

/// How many bytes two texts have in common at their beginning.
fn first_difference(a: &[u8], b: &[u8]) -> usize {
    let mut at = 0;
    for step in [8192, 64, 1] {
        let equal = |(x, y): &(&[u8], &[u8])| x == y;
        at += a[at..].chunks_exact(step).zip(b[at..].chunks_exact(step)).take_while(equal).count() * step;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::csv_file::{TableReader, TableWriter};
    use super::super::difference;
    use super::super::fixture::{TempFolder, table};
    use super::super::rows::MemoryRows;
    use super::side::BUFFER;
    use super::*;
    use crate::model::Cell;
    use crate::model::dataset::Row;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["a", "b"], "fields": [
            {"name": "c", "type": "string", "description": "C.", "kind": "text", "origin": "stated"},
            {"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned", "constraints": {"required": true}},
            {"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {"required": true}}]}"#,
        )
    }

    fn write(path: &Path, rows: &[Row]) {
        let mut writer = TableWriter::new(Vec::new(), &schema().column_names()).unwrap();
        rows.iter().for_each(|row| writer.write(row).unwrap());
        std::fs::write(path, writer.finish().unwrap()).unwrap();
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let long = prop::option::of(1000usize..3000);
        prop::collection::btree_map(("[ab]{1,2}", 0i64..30), ("[x\",\n]{0,3}", long), 0..40).prop_map(|table| {
            table.into_iter().map(|((a, b), (c, long))| vec![Cell::text(c.repeat(long.unwrap_or(1))), Cell::text(a), Cell::Integer(b)]).collect()
        })
    }

    /// What each way to merge says, in words.
    fn told(change: RowChange<'_>) -> String {
        format!("{change:?}")
    }

    proptest! {
        #[test]
        fn merging_bytes_is_merging_rows(base in rows(), old_at in 0usize..40, new in rows(), mix in any::<bool>()) {
            // Two tables that share most of their rows, or hardly any.
            let mut old = base.clone();
            if old_at < old.len() {
                old.remove(old_at);
            }
            let new = if mix { base } else { new };
            let folder = TempFolder::new();
            let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
            write(&one, &old);
            write(&two, &new);
            let schema = schema();
            let (mut by_bytes, mut by_rows) = (Vec::new(), Vec::new());
            let counts = merge(&one, &two, &schema, &mut |change| { by_bytes.push(told(change)); Ok(()) }).unwrap();
            let (mut a, mut b) = (TableReader::open(&one, &schema).unwrap(), TableReader::open(&two, &schema).unwrap());
            let expected = difference::merge((&schema, &mut a), (&schema, &mut b), &mut |change| { by_rows.push(told(change)); Ok(()) }).unwrap();
            prop_assert_eq!(counts, expected);
            prop_assert_eq!(&by_bytes, &by_rows);
            let mut by_spelling = Vec::new();
            let counts = merge_rows(&one, Box::new(MemoryRows::new(&new)), &schema, &mut |change| { by_spelling.push(told(change)); Ok(()) }).unwrap();
            prop_assert_eq!(counts, expected);
            prop_assert_eq!(by_spelling, by_rows);
        }
    }

    #[test]
    fn a_row_longer_than_the_buffer_is_a_row() {
        let folder = TempFolder::new();
        let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
        let row = |text: &str, number: i64| vec![Cell::text(text.repeat(BUFFER)), Cell::text("a"), Cell::Integer(number)];
        write(&one, &[row("x", 1), row("y", 2)]);
        write(&two, &[row("x", 1), row("z", 2)]);
        let counts = merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap();
        assert_eq!((counts.before, counts.modified, counts.after), (2, 1, 2));
    }

    #[test]
    fn what_is_no_table_in_its_order_is_refused_where_it_differs() {
        let folder = TempFolder::new();
        let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
        std::fs::write(&one, "c,a,b\nx,a,1\nx,b,1\nx,c,1\n").unwrap();
        let cases = [
            ("c,b,a\n", "the header is \"c,b,a\""),
            ("c,a,b\nx,a,1\nx,c,1\nx,b,1\n", "row 4: the row should stand before the one above it"),
            ("c,a,b\nx,a,1\ny,a,1\n", "row 3: the key of the row before stands again"),
            ("c,a,b\nx,a,01\n", "row 2: \"01\" in column \"b\""),
            ("c,a,b\nx,a\n", "row 2: 2 values, the header has 3"),
            ("", "the header is \"\""),
        ];
        for (text, expected) in cases {
            std::fs::write(&two, text).unwrap();
            let message = merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap_err().to_string();
            assert!(message.contains(expected), "{text:?}: {message}");
        }
        std::fs::write(&two, "c,a,b\nx,a,1\nx,b,1\nx,c,1").unwrap();
        assert!(!merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap().moved(), "the last line end is not missed");
    }
}
