//! Labels: how a changelog names a row and a value, with countries, organisations and dialogues spelt out.
//!
//! Nothing here knows a table: a row is called by its name or title where it has one, else by what it refers to, in the order
//! of its columns.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Op, TableDifference};
use super::markdown::shortened;
use super::tables::Tables;
use crate::error::Error;
use crate::model::dataset::{Row, row_id};
use crate::model::table::{Field, Origin};
use crate::model::{Cell, TableSchema};

/// Longest label of a value in characters.
const VALUE_LIMIT: usize = 120;
/// Parts of the label of a row that has no name.
const PARTS: usize = 4;

/// Names of things by table and id, and labels of rows that changed.
#[derive(Debug, Default)]
pub struct Labels {
    names: BTreeMap<(String, String), String>,
    /// The first table that names an id.
    tables: BTreeMap<String, String>,
    rows: BTreeMap<(String, String), String>,
}

impl Labels {
    /// Labels the rows that differ in the tables that are told of, with the names of what they refer to in both releases (the new one wins).
    /// Only what is needed for that is held.
    ///
    /// # Errors
    /// `Io` or `Store` where a table cannot be read.
    pub fn new(told: &[&TableDifference], old: &dyn Tables, new: &dyn Tables) -> Result<Self, Error> {
        let mut changed = Vec::new();
        for table in told {
            let ids = |ops: &[Op]| -> BTreeSet<String> {
                // A change without a column is that of a row whose values are withheld: its name is one of them.
                let named = table.changes.iter().filter(|change| ops.contains(&change.op) && !change.column.is_empty());
                named.map(|change| change.row_id.clone()).collect()
            };
            changed.extend(rows_of(new, &table.name, &ids(&[Op::Added, Op::Modified]))?);
            changed.extend(rows_of(old, &table.name, &ids(&[Op::Removed]))?);
        }
        let mut named: BTreeSet<String> = changed.iter().flat_map(|(_, row)| row).map(|cell| cell.spelling().into_owned()).collect();
        let values = told.iter().flat_map(|table| &table.changes).flat_map(|change| [&change.old, &change.new]);
        named.extend(values.filter(|value| !value.is_empty()).cloned());
        let mut labels = Self::default();
        for tables in [old, new] {
            labels.read_names(tables, &named)?;
        }
        for (schema, row) in &changed {
            let label = labels.label(schema, row);
            labels.rows.insert((schema.name.clone(), row_id(row, &schema.key_positions())), label);
        }
        Ok(labels)
    }

    /// How to call a row.
    #[must_use]
    pub fn row<'a>(&'a self, table: &str, row_id: &'a str) -> &'a str {
        self.rows.get(&(table.to_owned(), row_id.to_owned())).map_or(row_id, String::as_str)
    }

    /// How to call a value of a column: the name of what it refers to, with the id.
    #[must_use]
    pub fn value(&self, schema: Option<&TableSchema>, column: &str, value: &str) -> String {
        if value.is_empty() {
            return "none".to_owned();
        }
        match schema.and_then(|schema| target(schema, column)).and_then(|table| self.name(table, value)) {
            Some(name) => format!("{name} ({value})"),
            None => shortened(value, VALUE_LIMIT),
        }
    }

    fn name(&self, table: &str, id: &str) -> Option<&str> {
        self.names.get(&(table.to_owned(), id.to_owned())).map(String::as_str)
    }

    /// The name of an id that does not say which table it is of.
    fn name_anywhere(&self, id: &str) -> Option<&str> {
        self.name(self.tables.get(id)?, id)
    }

    fn read_names(&mut self, tables: &dyn Tables, wanted: &BTreeSet<String>) -> Result<(), Error> {
        for schema in tables.schemas().iter().filter(|_| !wanted.is_empty()) {
            let key = schema.key_positions();
            let (Some(name), &[key]) = (name_position(schema), key.as_slice()) else { continue };
            let mut rows = tables.open(schema)?;
            while rows.advance()? {
                let id = rows.row()[key].spelling();
                if wanted.contains(&*id) {
                    let table = self.tables.entry(id.to_string()).or_insert_with(|| schema.name.clone());
                    if schema.name < *table {
                        table.clone_from(&schema.name);
                    }
                    self.names.insert((schema.name.clone(), id.into_owned()), shortened(&rows.row()[name].spelling(), VALUE_LIMIT));
                }
            }
        }
        Ok(())
    }

    fn label(&self, schema: &TableSchema, row: &Row) -> String {
        if let Some(name) = name_position(schema).filter(|&name| !row[name].is_null()) {
            return shortened(&row[name].spelling(), VALUE_LIMIT);
        }
        let parts = schema.fields.iter().zip(row).filter_map(|(field, cell)| self.part(schema, field, cell));
        let parts: Vec<String> = parts.take(PARTS).collect();
        if parts.is_empty() { row_id(row, &schema.key_positions()) } else { parts.join(", ") }
    }

    /// What a column adds to the label of its row.
    fn part(&self, schema: &TableSchema, field: &Field, cell: &Cell) -> Option<String> {
        if cell.is_null() || matches!(field.origin, Origin::Derived | Origin::Computed) {
            return None;
        }
        let value = cell.spelling();
        if let Some(table) = target(schema, &field.name) {
            return Some(self.name(table, &value).unwrap_or(&value).to_owned());
        }
        match field.kind.as_str() {
            "id" => self.name_anywhere(&value).map(str::to_owned),
            _ if field.name.ends_with("_text") => None,
            "category" => Some(value.replace('_', " ")),
            _ => Some(shortened(&value, VALUE_LIMIT)),
        }
    }
}

/// The rows of a table that have one of these ids, each with the schema of the table.
fn rows_of<'a>(tables: &'a dyn Tables, table: &str, ids: &BTreeSet<String>) -> Result<Vec<(&'a TableSchema, Row)>, Error> {
    let mut found = Vec::new();
    let Some(schema) = tables.schema(table).filter(|_| !ids.is_empty()) else { return Ok(found) };
    let key = schema.key_positions();
    let mut rows = tables.open(schema)?;
    while found.len() < ids.len() && rows.advance()? {
        if ids.contains(&row_id(rows.row(), &key)) {
            found.push((schema, rows.row().clone()));
        }
    }
    Ok(found)
}

/// The table that a column refers to.
fn target<'a>(schema: &'a TableSchema, column: &str) -> Option<&'a str> {
    let refers = |fields: &[String]| fields.len() == 1 && fields[0] == column;
    schema.foreign_keys.iter().find(|key| refers(&key.fields)).map(|key| key.reference.resource.as_str())
}

fn name_position(schema: &TableSchema) -> Option<usize> {
    ["name", "title"].iter().find_map(|column| schema.position_of(column))
}
