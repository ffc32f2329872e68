//! Sorting tables of a foreign folder, so that they can be merged: what is not in the order of its key is put into it, aside.
//!
//! In: CSV or Parquet files, their columns and rows in any order. Out: files of the same tables as a release has them: those that were
//! in order themselves, the others as CSV. Memory is one run of rows, whatever the size of the file: runs are sorted one by one, written
//! aside, and merged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use csv::{ReaderBuilder, StringRecord};

use super::csv_file::{TableReader, TableWriter, parse, write_error};
use super::parquet_batches::Batches;
use super::rows::{RowSource, unsound};
use super::tables::{Form, TableFile, csv_path};
use super::{batch_merge, disk};
use crate::error::Error;
use crate::model::dataset::{Row, compare, row_id};
use crate::model::record::array_cell;
use crate::model::{Cell, TableSchema};

/// Bytes of text in a run of rows that is sorted in memory.
const RUN: usize = 4 << 20;
/// Most runs that are merged at once: each is an open file. Files that would make more have longer runs.
const RUNS: u64 = 500;

/// The file of a table in order: the file itself, or one that is written into `target`.
///
/// # Errors
/// `Store` where a file is not a table of its schema or a key stands twice; `Io` where one cannot be read or written.
pub fn sorted(file: TableFile, schema: &TableSchema, target: &Path) -> Result<TableFile, Error> {
    sorted_in_runs(file, schema, target, RUN)
}

fn sorted_in_runs(file: TableFile, schema: &TableSchema, target: &Path, run: usize) -> Result<TableFile, Error> {
    if is_in_order(&file, schema)? {
        return Ok(file);
    }
    let bytes = fs::metadata(&file.path).map_err(Error::io("read", &file.path))?.len();
    let run = run.max((bytes / RUNS) as usize);
    let runs = match file.form {
        Form::Csv => runs_of_csv(&file.path, schema, target, run)?,
        Form::Parquet => runs_of_parquet(&file.path, schema, target, run)?,
    };
    let to = csv_path(target, &schema.name);
    merge(&runs, schema, &file.path, &to)?;
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

/// Collects rows and writes them aside whenever they are as many as may be in memory.
struct Runs<'a> {
    schema: &'a TableSchema,
    target: &'a Path,
    run: usize,
    rows: Vec<Row>,
    bytes: usize,
    written: Vec<PathBuf>,
}

impl<'a> Runs<'a> {
    fn new(schema: &'a TableSchema, target: &'a Path, run: usize) -> Self {
        Self { schema, target, run, rows: Vec::new(), bytes: 0, written: Vec::new() }
    }

    /// Takes a row that was so many bytes long.
    fn push(&mut self, row: Row, bytes: usize) -> Result<(), Error> {
        self.rows.push(row);
        self.bytes += bytes;
        if self.bytes >= self.run { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Error> {
        let key = self.schema.key_positions();
        self.rows.sort_by(|a, b| compare(a, b, &key));
        let to = self.target.join(format!("{}.run-{}", self.schema.name, self.written.len()));
        let mut writer = table_writer(&to, self.schema)?;
        self.rows.iter().try_for_each(|row: &Row| writer.write(row)).map_err(write_error(&to))?;
        finish(writer, &to)?;
        self.written.push(to);
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<PathBuf>, Error> {
        if !self.rows.is_empty() {
            self.write()?;
        }
        Ok(self.written)
    }
}

fn runs_of_parquet(path: &Path, schema: &TableSchema, target: &Path, run: usize) -> Result<Vec<PathBuf>, Error> {
    let mut batches = Batches::open(path, schema)?;
    let mut runs = Runs::new(schema, target, run);
    while let Some(batch) = batches.next()? {
        for at in 0..batch.num_rows() {
            let row = row_of(&batch, schema, at);
            let bytes = row.iter().map(|cell| cell.as_text().map_or(8, str::len)).sum();
            runs.push(row, bytes)?;
        }
    }
    runs.finish()
}

fn row_of(batch: &RecordBatch, schema: &TableSchema, at: usize) -> Row {
    schema.fields.iter().zip(batch.columns()).map(|(field, column)| array_cell(field.field_type, column, at)).collect()
}

/// Reads a file with its columns in any order and writes sorted runs of its rows.
fn runs_of_csv(path: &Path, schema: &TableSchema, target: &Path, run: usize) -> Result<Vec<PathBuf>, Error> {
    let read_error = |error: csv::Error| unsound(path, error.to_string());
    let mut reader = ReaderBuilder::new().from_path(path).map_err(read_error)?;
    let header = reader.headers().map_err(read_error)?.clone();
    let positions: Option<Vec<usize>> = schema.column_names().iter().map(|name| header.iter().position(|column| column == *name)).collect();
    let Some(positions) = positions.filter(|positions| positions.len() == header.len()) else {
        let found: Vec<&str> = header.iter().collect();
        return Err(unsound(path, format!("the columns are \"{}\", expected \"{}\"", found.join(","), schema.column_names().join(","))));
    };
    let mut runs = Runs::new(schema, target, run);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(read_error)? {
        let row = cells(&record, &positions, schema).map_err(|problem| {
            let line = record.position().map_or(0, csv::Position::line);
            unsound(path, format!("line {line}: {problem}"))
        })?;
        runs.push(row, record.as_slice().len())?;
    }
    runs.finish()
}

fn cells(record: &StringRecord, positions: &[usize], schema: &TableSchema) -> Result<Row, String> {
    let cell = |(at, field): (&usize, &crate::model::table::Field)| {
        let text = &record[*at];
        parse(field.field_type, text)
            .ok_or_else(|| format!("\"{text}\" in column \"{}\" is not the spelling of a {:?}", field.name, field.field_type).to_lowercase())
    };
    positions.iter().zip(&schema.fields).map(cell).collect()
}

type Writer = TableWriter<BufWriter<disk::NewFile>>;

fn table_writer(path: &Path, schema: &TableSchema) -> Result<Writer, Error> {
    TableWriter::new(BufWriter::new(disk::create(path)?), &schema.column_names()).map_err(write_error(path))
}

fn finish(writer: Writer, path: &Path) -> Result<(), Error> {
    writer.finish().and_then(|mut out| out.flush()).map_err(Error::io("write", path))
}

/// A sorted run and the row of it that is next. The greatest is the one whose row stands first, as a heap wants it.
struct Head<'a> {
    run: TableReader<BufReader<File>>,
    key: &'a [usize],
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(other.run.row(), self.run.row(), self.key)
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head<'_> {}

/// Merges sorted runs into one file and removes them.
fn merge(runs: &[PathBuf], schema: &TableSchema, from: &Path, to: &Path) -> Result<(), Error> {
    let key = schema.key_positions();
    let mut writer = table_writer(to, schema)?;
    let mut heads = BinaryHeap::new();
    for run in runs {
        let mut run = TableReader::open(run, schema).map_err(|error| in_file(error, from))?;
        // A run is never empty.
        run.advance().map_err(|error| in_file(error, from))?;
        heads.push(Head { run, key: &key });
    }
    let mut last: Vec<Cell> = Vec::new();
    while let Some(mut head) = heads.peek_mut() {
        let row = head.run.row();
        if !last.is_empty() && compare(&last, row, &key).is_eq() {
            return Err(unsound(from, format!("the key \"{}\" stands twice", row_id(row, &key))));
        }
        writer.write(row).map_err(write_error(to))?;
        last.clone_from(row);
        if !head.run.advance().map_err(|error| in_file(error, from))? {
            PeekMut::pop(head);
        }
    }
    finish(writer, to)?;
    runs.iter().try_for_each(|run| disk::remove_if_there(run))
}

/// What is wrong with a run is wrong with the file that it was made from.
fn in_file(error: Error, path: &Path) -> Error {
    match error {
        Error::Store { problem, .. } if problem.contains("stands again") => unsound(path, "a key stands twice"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::{TempFolder, table};
    use super::super::parquet_file;
    use super::super::rows::collect;
    use super::*;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["b", "a"], "fields": [
            {"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned", "constraints": {"required": true}},
            {"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {"required": true}},
            {"name": "c", "type": "string", "description": "C.", "kind": "text", "origin": "stated"}]}"#,
        )
    }

    /// The text of the file in order, and whether it had to be put into it.
    fn sort(text: &str, run: usize) -> Result<(bool, String), String> {
        sort_file("t.csv", text.as_bytes(), run)
    }

    fn sort_file(name: &str, bytes: &[u8], run: usize) -> Result<(bool, String), String> {
        let folder = TempFolder::new();
        let target = folder.path().join("sorted");
        fs::create_dir(&target).unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let file = TableFile { form: Form::of(&path).unwrap(), path };
        let found = sorted_in_runs(file.clone(), &schema(), &target, run).map_err(|error| error.to_string())?;
        let was_sorted = found != file;
        assert_eq!(fs::read_dir(&target).unwrap().count(), usize::from(was_sorted), "runs are removed");
        let mut writer = TableWriter::new(Vec::new(), &schema().column_names()).unwrap();
        collect(&mut *found.open(&schema()).unwrap()).unwrap().iter().for_each(|row| writer.write(row).unwrap());
        Ok((was_sorted, String::from_utf8(writer.finish().unwrap()).unwrap()))
    }

    fn parquet(schema: &TableSchema, rows: &[Row]) -> Vec<u8> {
        parquet_file::write(Vec::new(), schema, rows, &Vec::new()).unwrap()
    }

    proptest! {
        #[test]
        fn any_order_of_rows_and_any_size_of_runs_gives_the_same_file(
            rows in prop::collection::btree_map((-20i64..20, "[a-c]{1,3}"), "[x,\"\n]{0,4}", 1..40).prop_shuffle_rows(),
            run in 1usize..200,
        ) {
            let mut writer = TableWriter::new(Vec::new(), &["a", "b", "c"]).unwrap();
            rows.iter().for_each(|row| writer.write(row).unwrap());
            let text = String::from_utf8(writer.finish().unwrap()).unwrap();
            let (_, sorted) = sort(&text, run).unwrap();
            let (_, of_parquet) = sort_file("t.parquet", &parquet(&schema(), &rows), run).unwrap();
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
        assert!(!sort("a,b,c\nx,1,\nx,2,\n", RUN).unwrap().0);
        let (was_sorted, text) = sort("c,b,a\n,2,x\n,-10,x\n", RUN).unwrap();
        assert_eq!((was_sorted, text.as_str()), (true, "a,b,c\nx,-10,\nx,2,\n"), "columns in another order too");
        let row = |a: &str, b: i64| vec![Cell::text(a), Cell::Integer(b), Cell::Null];
        let (was_sorted, text) = sort_file("t.parquet", &parquet(&schema(), &[row("x", 2), row("x", -10)]), RUN).unwrap();
        assert_eq!((was_sorted, text.as_str()), (true, "a,b,c\nx,-10,\nx,2,\n"));
        // Parquet says which column is which, so these need not be sorted to be read.
        let mut turned = schema();
        turned.fields.reverse();
        let turned = parquet(&turned, &[vec![Cell::Null, Cell::Integer(2), Cell::text("x")]]);
        assert_eq!(sort_file("t.parquet", &turned, RUN).unwrap(), (false, "a,b,c\nx,2,\n".to_owned()));
    }

    #[test]
    fn what_cannot_be_sorted_is_refused() {
        for run in [1, RUN] {
            assert!(sort("a,b,c\nx,2,\nx,1,\nx,2,y\n", run).unwrap_err().contains("stands twice"), "{run}");
        }
        let row = |b: i64| vec![Cell::text("x"), Cell::Integer(b), Cell::Null];
        for rows in [[row(2), row(2), row(3)], [row(2), row(1), row(2)]] {
            assert!(sort_file("t.parquet", &parquet(&schema(), &rows), RUN).unwrap_err().contains("stands twice"));
        }
        let mut other = schema();
        other.fields.pop();
        assert!(sort_file("t.parquet", &parquet(&other, &[]), RUN).unwrap_err().contains("the columns are"));
        assert!(sort_file("t.parquet", b"a,b,c\n", RUN).unwrap_err().contains("t.parquet"));
        assert!(sort("a,b\nx,2\n", RUN).unwrap_err().contains("the columns are \"a,b\""));
        assert!(sort("a,b,c\nx,two,\n", RUN).unwrap_err().contains("line 2: \"two\" in column \"b\""));
    }
}
