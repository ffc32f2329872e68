//! The tables of one release against their schemas, their Parquet twins and each other.
//!
//! One pass over each table: each value against its column, each row against its rules, and the Parquet, spelt as CSV, against the hash of the
//! CSV; where something is wrong both files are read side by side to tell what. Of references the hashes are compared: what a column names
//! against what the other table has.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use chrono::Datelike;
use regex::Regex;

use super::Problems;
use crate::error::Error;
use crate::model::bound::Bound;
use crate::model::dataset::{Row, row_id};
use crate::model::table::{Field, RowRule};
use crate::model::value_hashes::{Hashes, hash_of};
use crate::model::{Cell, TableSchema};
use crate::publish::descriptor::ReleaseTable;
use crate::publish::folder::{OpenRelease, key_values};
use crate::publish::rows::RowSource;
use crate::publish::sums::HashingWriter;
use crate::publish::tables::{csv_path, parquet_path};
use crate::publish::{csv_file, parquet_file};

/// Problems of one table that are told; a broken table has as many as rows.
const TOLD: usize = 5;

/// Hashes of the values of some columns, by table and columns: what references name, and what they may name.
type Values = BTreeMap<(String, Vec<String>), Hashes>;

/// Checks all tables; returns the number of rows. Those that are the same files as in a release that was checked when it was made are
/// looked at only where they refer to others, or others to them.
///
/// # Errors
/// `Io` where a file cannot be read.
pub fn tables(release: &OpenRelease, checked: Option<&OpenRelease>, problems: &mut Problems) -> Result<u64, Error> {
    let mut values = Values::new();
    let is_kept = |table: &str| checked.is_some_and(|checked| checked.table(table).is_some() && checked.table(table) == release.table(table));
    let keys = || {
        let all = release.release.tables.iter().flat_map(|table| table.schema.foreign_keys.iter().map(move |key| (&table.schema, key)));
        all.filter(|(schema, key)| !(is_kept(&schema.name) && is_kept(&key.reference.resource)))
    };
    for (schema, key) in keys() {
        values.insert((schema.name.clone(), key.fields.clone()), Hashes::default());
        values.insert((key.reference.resource.clone(), key.reference.fields.clone()), Hashes::default());
    }
    let mut rows = 0;
    for table in &release.release.tables {
        if is_kept(&table.schema.name) {
            collect(release, &table.schema, &mut values)?;
            rows += table.rows;
            continue;
        }
        let sound = is_sound(release, table, &mut values);
        if Problems::default().catch(sound)? == Some(true) {
            rows += table.rows;
        } else {
            let checked = problems_of_table(release, table, &mut values, problems);
            rows += problems.catch(checked)?.unwrap_or(0);
        }
    }
    values.values_mut().for_each(Hashes::sort);
    for (schema, key) in keys() {
        let named = values.get(&(schema.name.clone(), key.fields.clone()));
        let there = values.get(&(key.reference.resource.clone(), key.reference.fields.clone()));
        if let (Some(named), Some(there)) = (named, there)
            && !named.iter().all(|hash| there.has(hash))
        {
            let missing = problems.catch(dangling(release, schema, &key.fields, there))?;
            for value in missing.into_iter().flatten() {
                let path = csv_path(&release.folder, &schema.name);
                problems.push(&path, format!("{} \"{value}\" is not in {}", key.fields.join("/"), key.reference.resource));
            }
        }
    }
    Ok(rows)
}

/// The first of the values that rows refer to and that are not there.
fn dangling(release: &OpenRelease, schema: &TableSchema, columns: &[String], there: &Hashes) -> Result<Vec<String>, Error> {
    let columns: Vec<usize> = columns.iter().filter_map(|column| schema.position_of(column)).collect();
    let mut rows = csv_file::TableReader::open(&csv_path(&release.folder, &schema.name), schema)?;
    let (mut spelt, mut missing) = (Vec::new(), BTreeSet::new());
    while rows.advance()? {
        if hash_of(rows.row(), &columns, &mut spelt).is_some_and(|hash| !there.has(hash)) {
            missing.insert(row_id(rows.row(), &columns));
        }
    }
    Ok(missing.into_iter().take(TOLD).collect())
}

/// Whether nothing at all is wrong with a table.
///
/// The rows of the Parquet file are spelt as CSV: where the hash of that is the one that the CSV file has, it has the same rows in its one
/// form, and need not be read.
///
/// # Errors
/// `Io` where the file cannot be read, `Store` where it is not a table in its order.
fn is_sound(release: &OpenRelease, table: &ReleaseTable, values: &mut Values) -> Result<bool, Error> {
    let schema = &table.schema;
    let path = parquet_path(&release.folder, &schema.name);
    let mut rows = parquet_file::TableReader::open(&path, schema)?;
    let is_of_it = |(key, value): (&str, String)| rows.key_value(key) == Some(value.as_str());
    if !key_values(schema, &release.release, table.table_version).into_iter().all(is_of_it) {
        return Ok(false);
    }
    let write_error = || csv_file::write_error(&path);
    let mut spelt = csv_file::TableWriter::new(HashingWriter::new(io::sink()), &schema.column_names()).map_err(write_error())?;
    let mut collecting = Collecting::new(schema, values);
    let mut checker = Checker::new(schema);
    let mut count = 0;
    while rows.advance()? {
        count += 1;
        let row = rows.row();
        spelt.write(row).map_err(write_error())?;
        if !row.iter().all(is_plain) || !checker.problems(row).is_empty() {
            return Ok(false);
        }
        collecting.row(row);
    }
    let (_, facts) = spelt.finish().map_err(Error::io("read", &path))?.finish();
    Ok(facts == table.csv && count == table.rows)
}

/// Whether the spelling of a value is read as that value for sure: numbers that are finite, years of four digits.
fn is_plain(cell: &Cell) -> bool {
    match cell {
        Cell::Number(value) => value.is_finite(),
        Cell::Date(day) => (0..=9999).contains(&day.year()),
        _ => true,
    }
}

/// Tells what is wrong with a table, and how many rows it has.
fn problems_of_table(release: &OpenRelease, table: &ReleaseTable, values: &mut Values, problems: &mut Problems) -> Result<u64, Error> {
    let schema = &table.schema;
    let (csv_file_path, parquet_file_path) = (csv_path(&release.folder, &schema.name), parquet_path(&release.folder, &schema.name));
    let mut csv_rows = csv_file::TableReader::open(&csv_file_path, schema)?;
    let mut parquet_rows = parquet_file::TableReader::open(&parquet_file_path, schema)?;
    for (key, value) in key_values(schema, &release.release, table.table_version) {
        if parquet_rows.key_value(key) != Some(value.as_str()) {
            problems.push(&parquet_file_path, format!("its {key} is not that of the release"));
        }
    }
    let mut rewritten =
        csv_file::TableWriter::new(HashingWriter::new(io::sink()), &schema.column_names()).map_err(csv_file::write_error(&csv_file_path))?;
    let mut collecting = Collecting::new(schema, values);
    let mut checker = Checker::new(schema);
    let mut told = 0;
    let mut rows = 0;
    while csv_rows.advance()? {
        rows += 1;
        if !parquet_rows.advance()? {
            problems.push(&parquet_file_path, format!("has {} rows, the CSV more", rows - 1));
            return Ok(rows);
        }
        let row = csv_rows.row();
        rewritten.write(row).map_err(csv_file::write_error(&csv_file_path))?;
        if told < TOLD {
            for problem in different(schema, row, parquet_rows.row()).into_iter().chain(checker.problems(row)) {
                told += 1;
                problems.push(&csv_file_path, format!("row {rows}: {problem}"));
            }
        }
        collecting.row(row);
    }
    if parquet_rows.advance()? {
        problems.push(&parquet_file_path, format!("has more rows than the CSV, which has {rows}"));
    }
    if rows != table.rows {
        problems.push(&csv_file_path, format!("has {rows} rows, datapackage.json says {}", table.rows));
    }
    let (_, facts) = rewritten.finish().map_err(Error::io("write", &csv_file_path))?.finish();
    if facts != table.csv {
        problems.push(&csv_file_path, "is not written in its one form (line ends, quotes)");
    }
    Ok(rows)
}

/// Feeds the sets of a table that need not be checked.
fn collect(release: &OpenRelease, schema: &TableSchema, values: &mut Values) -> Result<(), Error> {
    let mut collecting = Collecting::new(schema, values);
    let columns: BTreeSet<usize> = collecting.sets.iter().flat_map(|(columns, _)| columns.iter().copied()).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let columns: Vec<usize> = columns.into_iter().collect();
    let mut rows = parquet_file::TableReader::open_columns(&parquet_path(&release.folder, &schema.name), schema, &columns)?;
    while rows.advance()? {
        collecting.row(rows.row());
    }
    Ok(())
}

/// The sets that a table feeds, with the positions of their columns.
struct Collecting<'a> {
    sets: Vec<(Vec<usize>, &'a mut Hashes)>,
    /// Used again for each row.
    spelt: Vec<u8>,
}

impl<'a> Collecting<'a> {
    fn new(schema: &TableSchema, values: &'a mut Values) -> Self {
        let of_table = values.iter_mut().filter(|((table, _), _)| *table == schema.name);
        let positions = |columns: &[String]| columns.iter().filter_map(|column| schema.position_of(column)).collect();
        Self { sets: of_table.map(|((_, columns), found)| (positions(columns), found)).collect(), spelt: Vec::new() }
    }

    fn row(&mut self, row: &Row) {
        for (columns, found) in &mut self.sets {
            if let Some(hash) = hash_of(row, columns, &mut self.spelt) {
                found.add(hash);
            }
        }
    }
}

/// Where a row of the CSV and the same row of the Parquet file differ.
fn different(schema: &TableSchema, csv: &Row, parquet: &Row) -> Option<String> {
    let (field, (a, b)) = schema.fields.iter().zip(csv.iter().zip(parquet)).find(|(_, (a, b))| a != b)?;
    Some(format!("{} is \"{}\", in Parquet \"{}\"", field.name, a.spelling(), b.spelling()))
}

/// The rules of a schema, made ready.
struct Checker<'a> {
    schema: &'a TableSchema,
    patterns: Vec<Option<Regex>>,
    /// The last cell of each column in which nothing was wrong: rows have most of their cells in common with their neighbours.
    sound: Row,
}

impl<'a> Checker<'a> {
    fn new(schema: &'a TableSchema) -> Self {
        let whole = |pattern: &String| Regex::new(&format!("^(?:{pattern})$")).ok();
        let patterns = schema.fields.iter().map(|field| field.constraints.pattern.as_ref().and_then(whole)).collect();
        Self { schema, patterns, sound: vec![Cell::Null; schema.fields.len()] }
    }

    fn problems(&mut self, row: &Row) -> Vec<String> {
        let mut problems = Vec::new();
        for (((field, pattern), cell), sound) in self.schema.fields.iter().zip(&self.patterns).zip(row).zip(&mut self.sound) {
            if cell.is_null() || cell != sound {
                let problem = cell_problem(field, pattern.as_ref(), cell);
                if problem.is_none() {
                    sound.clone_from(cell);
                }
                problems.extend(problem);
            }
        }
        problems.extend(self.schema.row_rules.iter().filter(|rule| !holds(self.schema, rule, row)).map(|rule| format!("breaks the rule {rule:?}")));
        problems
    }
}

fn cell_problem(field: &Field, pattern: Option<&Regex>, cell: &Cell) -> Option<String> {
    let rules = &field.constraints;
    if cell.is_null() {
        return rules.required.then(|| format!("{} is empty", field.name));
    }
    let value = cell.spelling();
    let has_lengths = rules.min_length.is_some() || rules.max_length.is_some();
    let length = if has_lengths { value.chars().count() } else { 0 };
    let broken = (!rules.one_of.is_empty() && !rules.one_of.iter().any(|allowed| *allowed == value))
        || pattern.is_some_and(|pattern| !pattern.is_match(&value))
        || Bound::of(cell).zip(rules.minimum).is_some_and(|(value, minimum)| value < minimum)
        || Bound::of(cell).zip(rules.maximum).is_some_and(|(value, maximum)| value > maximum)
        || rules.min_length.is_some_and(|minimum| length < minimum)
        || rules.max_length.is_some_and(|maximum| length > maximum);
    broken.then(|| format!("{} is \"{value}\", which its constraints do not allow", field.name))
}

fn holds(schema: &TableSchema, rule: &RowRule, row: &Row) -> bool {
    const NULL: &Cell = &Cell::Null;
    let cell = |column: &String| schema.position_of(column).map_or(NULL, |at| &row[at]);
    let known = |columns: &[String]| columns.iter().filter(|column| !cell(column).is_null()).count();
    let order = |[a, b]: &[String; 2]| (!cell(a).is_null() && !cell(b).is_null()).then(|| cell(a).order(cell(b)));
    match rule {
        RowRule::ExactlyOne(columns) => known(columns) == 1,
        RowRule::TogetherWith(columns) => [0, columns.len()].contains(&known(columns)),
        RowRule::Before(pair) => order(pair).is_none_or(std::cmp::Ordering::is_lt),
        RowRule::Ordered(pair) => order(pair).is_none_or(std::cmp::Ordering::is_le),
        RowRule::Sum(columns) => {
            let value = |column: &String| cell(column).as_integer().unwrap_or(0);
            columns.split_first().is_none_or(|(total, parts)| value(total) == parts.iter().map(value).sum::<i64>())
        }
    }
}
