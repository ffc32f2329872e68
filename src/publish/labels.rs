//! Labels: how a changelog names a row and a value, with countries, organisations and dialogues spelt out.
//!
//! Nothing here knows a table: a row is called by its name or title where it has one, else by what it refers to, in the order
//! of its columns.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Difference, Op};
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
    rows: BTreeMap<(String, String), String>,
}

impl Labels {
    /// Reads the names of both releases (the new one wins) and labels the rows that differ.
    ///
    /// # Errors
    /// `Io` or `Store` where a table cannot be read.
    pub fn new(difference: &Difference, old: Option<&dyn Tables>, new: &dyn Tables) -> Result<Self, Error> {
        let mut labels = Self::default();
        for tables in old.into_iter().chain([new]) {
            labels.read_names(tables)?;
        }
        for table in &difference.tables {
            let ids = |ops: &[Op]| -> BTreeSet<String> {
                // A change without a column is that of a row whose values are withheld: its name is one of them.
                let told = table.changes.iter().filter(|change| ops.contains(&change.op) && !change.column.is_empty());
                told.map(|change| change.row_id.clone()).collect()
            };
            labels.read_rows(new, &table.name, &ids(&[Op::Added, Op::Modified]))?;
            if let Some(old) = old {
                labels.read_rows(old, &table.name, &ids(&[Op::Removed]))?;
            }
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
        self.names.iter().find(|((_, candidate), _)| candidate == id).map(|(_, name)| name.as_str())
    }

    fn read_names(&mut self, tables: &dyn Tables) -> Result<(), Error> {
        for schema in tables.schemas() {
            let key = schema.key_positions();
            let (Some(name), &[key]) = (name_position(schema), key.as_slice()) else { continue };
            let mut rows = tables.open(schema)?;
            while rows.advance()? {
                let (id, name) = (rows.row()[key].spelling().into_owned(), rows.row()[name].spelling().into_owned());
                self.names.insert((schema.name.clone(), id), shortened(&name, VALUE_LIMIT));
            }
        }
        Ok(())
    }

    fn read_rows(&mut self, tables: &dyn Tables, table: &str, ids: &BTreeSet<String>) -> Result<(), Error> {
        let Some(schema) = tables.schema(table).filter(|_| !ids.is_empty()) else { return Ok(()) };
        let key = schema.key_positions();
        let mut rows = tables.open(schema)?;
        while rows.advance()? {
            let id = row_id(rows.row(), &key);
            if ids.contains(&id) {
                let label = self.label(schema, rows.row());
                self.rows.insert((table.to_owned(), id), label);
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

/// The table that a column refers to.
fn target<'a>(schema: &'a TableSchema, column: &str) -> Option<&'a str> {
    let refers = |fields: &[String]| fields.len() == 1 && fields[0] == column;
    schema.foreign_keys.iter().find(|key| refers(&key.fields)).map(|key| key.reference.resource.as_str())
}

fn name_position(schema: &TableSchema) -> Option<usize> {
    ["name", "title"].iter().find_map(|column| schema.position_of(column))
}
