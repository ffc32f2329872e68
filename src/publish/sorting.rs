//! Sorting tables of a foreign folder, so that they can be merged: what is not in the order of its key is put into it, aside.
//!
//! In: a folder of CSV files, their columns and rows in any order. Out: a folder of the same tables as a release has them. Memory is one
//! run of rows, whatever the size of the file: runs are sorted one by one, written aside, and merged.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};

use super::csv_file::{TableReader, TableWriter, parse, write_error};
use super::disk;
use super::rows::{RowSource, unsound};
use super::tables::csv_path;
use crate::error::Error;
use crate::model::dataset::{Row, compare, row_id};
use crate::model::{Cell, TableSchema};

/// Bytes of text in a run of rows that is sorted in memory.
const RUN: usize = 4 << 20;
/// Most runs that are merged at once: each is an open file. Files that would make more have longer runs.
const RUNS: u64 = 500;

/// Puts the tables of a folder into another, in order; says which were not.
///
/// # Errors
/// `Store` where a file is not a table of its schema or a key stands twice; `Io` where one cannot be read or written.
pub fn sorted(folder: &Path, schemas: &[TableSchema], target: &Path) -> Result<Vec<String>, Error> {
    sorted_in_runs(folder, schemas, target, RUN)
}

fn sorted_in_runs(folder: &Path, schemas: &[TableSchema], target: &Path, run: usize) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for schema in schemas {
        let (from, to) = (csv_path(folder, &schema.name), csv_path(target, &schema.name));
        if is_in_order(&from, schema)? {
            let there = fs::canonicalize(&from).map_err(Error::io("read", &from))?;
            symlink(there, &to).map_err(Error::io("create", &to))?;
        } else {
            let bytes = fs::metadata(&from).map_err(Error::io("read", &from))?.len();
            let runs = runs_of(&from, schema, target, run.max((bytes / RUNS) as usize))?;
            merge(&runs, schema, &from, &to)?;
            found.push(schema.name.clone());
        }
    }
    Ok(found)
}

/// Whether a file is as a release has it.
fn is_in_order(path: &Path, schema: &TableSchema) -> Result<bool, Error> {
    let read = || -> Result<(), Error> {
        let mut reader = TableReader::open(path, schema)?;
        while reader.advance()? {}
        Ok(())
    };
    match read() {
        Ok(()) => Ok(true),
        Err(Error::Store { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Reads a file with its columns in any order and writes sorted runs of its rows.
fn runs_of(path: &Path, schema: &TableSchema, target: &Path, run: usize) -> Result<Vec<PathBuf>, Error> {
    let read_error = |error: csv::Error| unsound(path, error.to_string());
    let mut reader = ReaderBuilder::new().from_path(path).map_err(read_error)?;
    let header = reader.headers().map_err(read_error)?.clone();
    let positions: Option<Vec<usize>> = schema.column_names().iter().map(|name| header.iter().position(|column| column == *name)).collect();
    let Some(positions) = positions.filter(|positions| positions.len() == header.len()) else {
        let found: Vec<&str> = header.iter().collect();
        return Err(unsound(path, format!("the columns are \"{}\", expected \"{}\"", found.join(","), schema.column_names().join(","))));
    };
    let key = schema.key_positions();
    let (mut runs, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut record = StringRecord::new();
    let mut more = true;
    while more {
        more = reader.read_record(&mut record).map_err(read_error)?;
        if more {
            rows.push(cells(&record, &positions, schema).map_err(|problem| {
                let line = record.position().map_or(0, csv::Position::line);
                unsound(path, format!("line {line}: {problem}"))
            })?);
            bytes += record.as_slice().len();
        }
        if bytes >= run || (!more && !rows.is_empty()) {
            rows.sort_by(|a, b| compare(a, b, &key));
            let to = target.join(format!("{}.run-{}", schema.name, runs.len()));
            let mut writer = table_writer(&to, schema)?;
            rows.iter().try_for_each(|row: &Row| writer.write(row)).map_err(write_error(&to))?;
            finish(writer, &to)?;
            runs.push(to);
            rows.clear();
            bytes = 0;
        }
    }
    Ok(runs)
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

/// Merges sorted runs into one file and removes them.
fn merge(runs: &[PathBuf], schema: &TableSchema, from: &Path, to: &Path) -> Result<(), Error> {
    let key = schema.key_positions();
    let mut writer = table_writer(to, schema)?;
    let mut readers = Vec::new();
    for run in runs {
        let mut reader = TableReader::<BufReader<File>>::open(run, schema).map_err(|error| in_file(error, from))?;
        // A run is never empty.
        reader.advance().map_err(|error| in_file(error, from))?;
        readers.push(reader);
    }
    let mut last: Vec<Cell> = Vec::new();
    while let Some(next) = (0..readers.len()).min_by(|a, b| compare(readers[*a].row(), readers[*b].row(), &key)) {
        let row = readers[next].row();
        if !last.is_empty() && compare(&last, row, &key).is_eq() {
            return Err(unsound(from, format!("the key \"{}\" stands twice", row_id(row, &key))));
        }
        writer.write(row).map_err(write_error(to))?;
        last.clone_from(row);
        if !readers[next].advance().map_err(|error| in_file(error, from))? {
            readers.remove(next);
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

    fn sort(text: &str, run: usize) -> Result<(Vec<String>, String), String> {
        let folder = TempFolder::new();
        let target = folder.path().join("sorted");
        fs::create_dir(&target).unwrap();
        fs::write(folder.path().join("t.csv"), text).unwrap();
        let found = sorted_in_runs(folder.path(), &[schema()], &target, run).map_err(|error| error.to_string())?;
        assert_eq!(fs::read_dir(&target).unwrap().count(), 1, "runs are removed");
        Ok((found, fs::read_to_string(target.join("t.csv")).unwrap()))
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
        assert_eq!(sort("a,b,c\nx,1,\nx,2,\n", RUN).unwrap().0, [""; 0]);
        let (found, text) = sort("c,b,a\n,2,x\n,-10,x\n", RUN).unwrap();
        assert_eq!((found, text.as_str()), (vec!["t".to_owned()], "a,b,c\nx,-10,\nx,2,\n"), "columns in another order too");
    }

    #[test]
    fn what_cannot_be_sorted_is_refused() {
        for run in [1, RUN] {
            assert!(sort("a,b,c\nx,2,\nx,1,\nx,2,y\n", run).unwrap_err().contains("stands twice"), "{run}");
        }
        assert!(sort("a,b\nx,2\n", RUN).unwrap_err().contains("the columns are \"a,b\""));
        assert!(sort("a,b,c\nx,two,\n", RUN).unwrap_err().contains("line 2: \"two\" in column \"b\""));
    }
}
