//! Sorting tables of a foreign folder, so that they can be merged: what is not in the order of its key is put into it, aside.
//!
//! In: CSV or Parquet files, their columns and rows in any order. Out: files of the same tables as a release has them: those that were
//! in order themselves, the others as CSV. Rows for which there is no room in memory wait on the shelf.

use std::io::{BufWriter, Write};
use std::path::Path;

use arrow::array::RecordBatch;
use csv::{ReaderBuilder, StringRecord};

use super::csv_file::{TableReader, TableWriter, parse, write_error};
use super::parquet_batches::Batches;
use super::rows::{RowSource, unsound};
use super::tables::{Form, TableFile, csv_path};
use super::{batch_merge, disk};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::{Row, Table, compare, row_id};
use crate::model::record::array_cell;
use crate::model::rows::{Shelf, Sorter, Ties};

/// The file of a table in order: the file itself, or one that is written into `target`.
///
/// # Errors
/// `Store` where a file is not a table of its schema or a key stands twice; `Io` where one cannot be read or written.
pub fn sorted(file: TableFile, schema: &TableSchema, target: &Path, shelf: &dyn Shelf) -> Result<TableFile, Error> {
    if is_in_order(&file, schema)? {
        return Ok(file);
    }
    let mut sorter = shelf.sorter(schema, Ties::Keep);
    match file.form {
        Form::Csv => sort_csv(&file.path, schema, &mut *sorter)?,
        Form::Parquet => sort_parquet(&file.path, schema, &mut *sorter)?,
    }
    let to = csv_path(target, &schema.name);
    write(&sorter.finish()?, schema, &file.path, &to)?;
    Ok(TableFile { form: Form::Csv, path: to })
}

/// Whether a file can be merged as it is.
fn is_in_order(file: &TableFile, schema: &TableSchema) -> Result<bool, Error> {
    let read = || match file.form {
        Form::Csv => {
            let mut reader = TableReader::open(&file.path, schema)?;
            while reader.advance()? {}
            Ok(())
        }
        Form::Parquet => batch_merge::check_order(&file.path, schema),
    };
    match read() {
        Ok(()) => Ok(true),
        Err(Error::Store { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn sort_parquet(path: &Path, schema: &TableSchema, sorter: &mut dyn Sorter) -> Result<(), Error> {
    let mut batches = Batches::open(path, schema)?;
    while let Some(batch) = batches.next()? {
        (0..batch.num_rows()).try_for_each(|at| sorter.push(&row_of(&batch, schema, at)))?;
    }
    Ok(())
}

fn row_of(batch: &RecordBatch, schema: &TableSchema, at: usize) -> Row {
    schema.fields.iter().zip(batch.columns()).map(|(field, column)| array_cell(field.field_type, column, at)).collect()
}

/// Reads a file with its columns in any order.
fn sort_csv(path: &Path, schema: &TableSchema, sorter: &mut dyn Sorter) -> Result<(), Error> {
    let read_error = |error: csv::Error| unsound(path, error.to_string());
    let mut reader = ReaderBuilder::new().from_path(path).map_err(read_error)?;
    let header = reader.headers().map_err(read_error)?.clone();
    let positions: Option<Vec<usize>> = schema.column_names().iter().map(|name| header.iter().position(|column| column == *name)).collect();
    let Some(positions) = positions.filter(|positions| positions.len() == header.len()) else {
        let found: Vec<&str> = header.iter().collect();
        return Err(unsound(path, format!("the columns are \"{}\", expected \"{}\"", found.join(","), schema.column_names().join(","))));
    };
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(read_error)? {
        let row = cells(&record, &positions, schema).map_err(|problem| {
            let line = record.position().map_or(0, csv::Position::line);
            unsound(path, format!("line {line}: {problem}"))
        })?;
        sorter.push(&row)?;
    }
    Ok(())
}

fn cells(record: &StringRecord, positions: &[usize], schema: &TableSchema) -> Result<Row, String> {
    let cell = |(at, field): (&usize, &crate::model::table::Field)| {
        let text = &record[*at];
        parse(field.field_type, text)
            .ok_or_else(|| format!("\"{text}\" in column \"{}\" is not the spelling of a {:?}", field.name, field.field_type).to_lowercase())
    };
    positions.iter().zip(&schema.fields).map(cell).collect()
}

/// Writes rows in order into a file; each key stands once.
fn write(table: &Table, schema: &TableSchema, from: &Path, to: &Path) -> Result<(), Error> {
    let key = schema.key_positions();
    let mut writer = TableWriter::new(BufWriter::new(disk::create(to)?), &schema.column_names()).map_err(write_error(to))?;
    let mut rows = table.open()?;
    let mut last: Row = Row::new();
    while rows.advance()? {
        let row = rows.row();
        if !last.is_empty() && compare(&last, row, &key).is_eq() {
            return Err(unsound(from, format!("the key \"{}\" stands twice", row_id(row, &key))));
        }
        writer.write(row).map_err(write_error(to))?;
        last.clone_from(row);
    }
    writer.finish().and_then(|mut out| out.flush()).map_err(Error::io("write", to))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use std::fs;

    use super::super::fixture::{MemoryShelf, TempFolder, table};
    use super::super::parquet_file;
    use super::super::rows::collect;
    use super::*;
    use crate::model::Cell;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["b", "a"], "fields": [
            {"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned", "constraints": {"required": true}},
            {"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {"required": true}},
            {"name": "c", "type": "string", "description": "C.", "kind": "text", "origin": "stated"}]}"#,
        )
    }

    /// The text of the file in order, and whether it had to be put into it.
    fn sort(text: &str) -> Result<(bool, String), String> {
        sort_file("t.csv", text.as_bytes())
    }

    fn sort_file(name: &str, bytes: &[u8]) -> Result<(bool, String), String> {
        let folder = TempFolder::new();
        let target = folder.path().join("sorted");
        fs::create_dir(&target).unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let file = TableFile { form: Form::of(&path).unwrap(), path };
        let found = sorted(file.clone(), &schema(), &target, &MemoryShelf).map_err(|error| error.to_string())?;
        let was_sorted = found != file;
        assert_eq!(fs::read_dir(&target).unwrap().count(), usize::from(was_sorted));
        let mut writer = TableWriter::new(Vec::new(), &schema().column_names()).unwrap();
        collect(&mut *found.open(&schema()).unwrap()).unwrap().iter().for_each(|row| writer.write(row).unwrap());
        Ok((was_sorted, String::from_utf8(writer.finish().unwrap()).unwrap()))
    }

    fn parquet(schema: &TableSchema, rows: &[Row]) -> Vec<u8> {
        parquet_file::write(Vec::new(), schema, rows, &Vec::new()).unwrap()
    }

    proptest! {
        #[test]
        fn any_order_of_rows_gives_the_same_file(
            rows in prop::collection::btree_map((-20i64..20, "[a-c]{1,3}"), "[x,\"\n]{0,4}", 1..40).prop_shuffle_rows(),
        ) {
            let mut writer = TableWriter::new(Vec::new(), &["a", "b", "c"]).unwrap();
            rows.iter().for_each(|row| writer.write(row).unwrap());
            let text = String::from_utf8(writer.finish().unwrap()).unwrap();
            let (_, sorted) = sort(&text).unwrap();
            let (_, of_parquet) = sort_file("t.parquet", &parquet(&schema(), &rows)).unwrap();
            prop_assert_eq!(&sorted, &of_parquet);
            let mut expected = rows;
            expected.sort_by(|a, b| compare(a, b, &[1, 0]));
            prop_assert_eq!(collect(&mut TableReader::new(sorted.as_bytes(), Path::new("t.csv"), &schema()).unwrap()).unwrap(), expected);
        }
    }

    /// Shuffles the rows of a table.
    trait ShuffleRows: Strategy<Value = std::collections::BTreeMap<(i64, String), String>> + Sized {
        fn prop_shuffle_rows(self) -> BoxedStrategy<Vec<Row>>
        where
            Self: 'static,
        {
            let rows = |table: std::collections::BTreeMap<(i64, String), String>| {
                table.into_iter().map(|((b, a), c)| vec![Cell::text(a), Cell::Integer(b), Cell::text(c)]).collect::<Vec<Row>>()
            };
            self.prop_map(rows).prop_shuffle().boxed()
        }
    }

    impl<S: Strategy<Value = std::collections::BTreeMap<(i64, String), String>>> ShuffleRows for S {}

    #[test]
    fn a_file_in_order_stays_and_another_is_said() {
        assert!(!sort("a,b,c\nx,1,\nx,2,\n").unwrap().0);
        let (was_sorted, text) = sort("c,b,a\n,2,x\n,-10,x\n").unwrap();
        assert_eq!((was_sorted, text.as_str()), (true, "a,b,c\nx,-10,\nx,2,\n"), "columns in another order too");
        let row = |a: &str, b: i64| vec![Cell::text(a), Cell::Integer(b), Cell::Null];
        let (was_sorted, text) = sort_file("t.parquet", &parquet(&schema(), &[row("x", 2), row("x", -10)])).unwrap();
        assert_eq!((was_sorted, text.as_str()), (true, "a,b,c\nx,-10,\nx,2,\n"));
        // Parquet says which column is which, so these need not be sorted to be read.
        let mut turned = schema();
        turned.fields.reverse();
        let turned = parquet(&turned, &[vec![Cell::Null, Cell::Integer(2), Cell::text("x")]]);
        assert_eq!(sort_file("t.parquet", &turned).unwrap(), (false, "a,b,c\nx,2,\n".to_owned()));
    }

    #[test]
    fn what_cannot_be_sorted_is_refused() {
        assert!(sort("a,b,c\nx,2,\nx,1,\nx,2,y\n").unwrap_err().contains("stands twice"));
        let row = |b: i64| vec![Cell::text("x"), Cell::Integer(b), Cell::Null];
        for rows in [[row(2), row(2), row(3)], [row(2), row(1), row(2)]] {
            assert!(sort_file("t.parquet", &parquet(&schema(), &rows)).unwrap_err().contains("stands twice"));
        }
        let mut other = schema();
        other.fields.pop();
        assert!(sort_file("t.parquet", &parquet(&other, &[])).unwrap_err().contains("the columns are"));
        assert!(sort_file("t.parquet", b"a,b,c\n").unwrap_err().contains("t.parquet"));
        assert!(sort("a,b\nx,2\n").unwrap_err().contains("the columns are \"a,b\""));
        assert!(sort("a,b,c\nx,two,\n").unwrap_err().contains("line 2: \"two\" in column \"b\""));
    }
}
