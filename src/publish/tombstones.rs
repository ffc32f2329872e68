//! Tombstones: rows that were withdrawn stay named, with the reason, in every release that follows.

use std::collections::BTreeSet;

use super::folder::OpenRelease;
use super::rows::unsound;
use super::tables::Tables;
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

/// Completes the table: tombstones of earlier releases are kept, and the last release that had a row is filled in where it is
/// not said.
///
/// # Errors
/// `Store` where a row that has a tombstone is there again, or was never in any release.
pub fn complete(dataset: &mut Dataset, schemas: &[TableSchema], previous: Option<&OpenRelease>) -> Result<(), Error> {
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
        if let Some(row) = dataset.rows(&schema.name).iter().find(|row| dead.contains(&(schema.name.clone(), row_id(row, &key)))) {
            let problem = format!("the row \"{}\" of {} was withdrawn and is there again: ids are never used twice", row_id(row, &key), schema.name);
            return Err(unsound(&previous.map_or_else(Default::default, |previous| previous.folder.clone()), problem));
        }
    }
    Ok(())
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
