//! Tombstones: rows that were withdrawn stay named, with the reason, in every release that follows.
//!
//! Where a row was withdrawn to protect a person, its tombstone says so, and the table of changes does not repeat what it said.

use std::collections::BTreeSet;

use super::folder::OpenRelease;
use super::tables::{MemoryTables, Tables};
use crate::error::Error;
use crate::model::dataset::{Dataset, Row, compare, row_id};
use crate::model::{Cell, TableSchema};

/// Name of the table.
const TABLE: &str = "tombstones";

/// Rows that have a tombstone, by table and id.
#[must_use]
pub fn withdrawn(dataset: &Dataset, schemas: &[TableSchema]) -> BTreeSet<(String, String)> {
    let Some((table, id)) = schemas.iter().find(|schema| schema.name == TABLE).and_then(places) else { return BTreeSet::new() };
    dataset.rows(TABLE).iter().map(|row| (row[table].spelling().into_owned(), row[id].spelling().into_owned())).collect()
}

fn places(schema: &TableSchema) -> Option<(usize, usize)> {
    Some((schema.position_of("table")?, schema.position_of("row_id")?))
}

/// Rows that were withdrawn to protect a person, by table and id.
///
/// # Errors
/// `Io` or `Store` where the table cannot be read.
pub fn private(tables: &dyn Tables) -> Result<BTreeSet<(String, String)>, Error> {
    let mut private = BTreeSet::new();
    let Some(schema) = tables.schema(TABLE) else { return Ok(private) };
    let (Some((table, id)), Some(marked)) = (places(schema), schema.position_of("private")) else { return Ok(private) };
    let mut rows = tables.open(schema)?;
    while rows.advance()? {
        let row = rows.row();
        if row[marked] == Cell::Boolean(true) {
            private.insert((row[table].spelling().into_owned(), row[id].spelling().into_owned()));
        }
    }
    Ok(private)
}

/// Completes the table: tombstones of earlier releases are kept, and the last release that had a row is filled in where it is
/// not said.
///
/// # Errors
/// `Gate` where a row that has a tombstone is there again, was not in the release that is said to have had it last, or is replaced by
/// nothing that there is or was.
pub fn complete(dataset: &mut Dataset, schemas: &[TableSchema], releases: &[OpenRelease]) -> Result<(), Error> {
    let previous = releases.last();
    let Some(schema) = schemas.iter().find(|schema| schema.name == TABLE) else { return Ok(()) };
    let (Some((table, id)), Some(last)) = (places(schema), schema.position_of("last_version")) else { return Ok(()) };
    let kept = previous.map(|previous| earlier(previous, schema)).transpose()?.unwrap_or_default();
    let rows = dataset.rows_mut(TABLE);
    for row in kept {
        match rows.iter_mut().find(|other| other[table] == row[table] && other[id] == row[id]) {
            Some(other) if other[last].is_null() => other[last] = row[last].clone(),
            Some(_) => {}
            None => rows.push(row),
        }
    }
    if let Some(previous) = previous {
        let version = Cell::text(previous.version().to_string());
        rows.iter_mut().filter(|row| row[last].is_null()).for_each(|row| row[last] = version.clone());
    }
    let key = schema.key_positions();
    rows.sort_by(|a, b| compare(a, b, &key));
    let dead = withdrawn(dataset, schemas);
    for schema in schemas.iter().filter(|schema| dead.iter().any(|(table, _)| *table == schema.name)) {
        let key = schema.key_positions();
        dataset.each(&schema.name, |row| {
            let id = row_id(row, &key);
            if dead.contains(&(schema.name.clone(), id.clone())) {
                return Err(Error::Gate(format!("the row \"{id}\" of {} was withdrawn and is there again: ids are never used twice", schema.name)));
            }
            Ok(())
        })?;
    }
    check_new(dataset, schemas, schema, releases)
}

/// Checks the tombstones that no earlier release has.
fn check_new(dataset: &Dataset, schemas: &[TableSchema], schema: &TableSchema, releases: &[OpenRelease]) -> Result<(), Error> {
    let (Some((table, id)), Some(last)) = (places(schema), schema.position_of("last_version")) else { return Ok(()) };
    let known = releases.last().map(|previous| earlier(previous, schema)).transpose()?.unwrap_or_default();
    let dead = withdrawn(dataset, schemas);
    for row in dataset.rows(TABLE).iter().filter(|row| !known.iter().any(|old| old[table] == row[table] && old[id] == row[id])) {
        let (of, name, version) = (row[table].spelling(), row[id].spelling(), row[last].spelling());
        let complain = |problem: String| Err(Error::Gate(format!("the tombstone of \"{name}\" of {of} (schemas/renames.toml): {problem}")));
        // A release that is not in this store cannot be asked.
        let had_it = releases.iter().find(|release| release.version().to_string() == version);
        if let Some(release) = had_it.filter(|_| !version.is_empty())
            && !has_row(&release.tables(), &of, &name)?
        {
            return complain(format!("release {version} has no such row"));
        }
        let replaced_by = schema.position_of("replaced_by").map(|at| row[at].spelling()).filter(|other| !other.is_empty());
        if let Some(other) = replaced_by {
            let is_dead = dead.contains(&(of.to_string(), other.to_string()));
            if !is_dead && !has_row(&MemoryTables { dataset, schemas }, &of, &other)? {
                return complain(format!("it is replaced by \"{other}\", which is no row and never was one"));
            }
        }
    }
    Ok(())
}

/// Whether a table has a row with this id.
fn has_row(tables: &dyn Tables, table: &str, id: &str) -> Result<bool, Error> {
    let Some(schema) = tables.schema(table) else { return Ok(false) };
    let key = schema.key_positions();
    let mut rows = tables.open(schema)?;
    while rows.advance()? {
        if row_id(rows.row(), &key) == id {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The tombstones of the release before, in the columns of today.
fn earlier(previous: &OpenRelease, schema: &TableSchema) -> Result<Vec<Row>, Error> {
    let tables = previous.tables();
    let Some(old) = tables.schema(TABLE) else { return Ok(Vec::new()) };
    let positions: Vec<Option<usize>> = schema.fields.iter().map(|field| old.position_of(&field.name)).collect();
    let mut rows = tables.open(old)?;
    let mut kept = Vec::new();
    while rows.advance()? {
        kept.push(positions.iter().map(|at| at.map_or(Cell::Null, |at| rows.row()[at].clone())).collect());
    }
    Ok(kept)
}
