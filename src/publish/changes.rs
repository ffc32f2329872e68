//! The changes between two sets of tables, cell by cell: the table `changes`, and the events that decide on the version.
//!
//! An added or removed row is one change for each of its values, so that applying all changes to the old tables gives the
//! new ones exactly, and undoing them the old. The table `changes` itself tells of changes and is not compared.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::Cause;
use super::difference::{self, Columns, Counts, RowChange, SchemaChange, merge, schema_changes};
use super::row_changes::{KeepAll, TakeChanges};
use super::rows::MemoryRows;
use super::tables::{Form, MemoryTables, TableFile, Tables};
use super::version::{Event, Kind};
use super::{batch_merge, byte_merge, tombstones};
use crate::error::Error;
use crate::model::dataset::{Row, row_id};
use crate::model::table::Role;
use crate::model::{Cell, TableSchema};

/// Name of the table that tells of changes.
pub const TABLE: &str = "changes";

/// What happened to the row of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    Added,
    Removed,
    Modified,
}

impl Op {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
        }
    }
}

/// One cell that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub table: String,
    pub row_id: String,
    pub column: String,
    pub op: Op,
    pub old: String,
    pub new: String,
    pub cause: Cause,
    pub source_id: Option<String>,
}

impl Change {
    /// The change as a row of the table `changes`; columns that its schema lacks are left out.
    #[must_use]
    pub fn to_row(&self, schema: &TableSchema) -> Row {
        let value = |column: &str| match column {
            "table" => Cell::text(&self.table),
            "row_id" => Cell::text(&self.row_id),
            "column" => Cell::text(&self.column),
            "op" => Cell::text(self.op.name()),
            "old" => Cell::text(&self.old),
            "new" => Cell::text(&self.new),
            "cause" => Cell::text(self.cause.name()),
            "source_id" => Cell::optional(self.source_id.as_deref()),
            _ => Cell::Null,
        };
        schema.fields.iter().map(|field| value(&field.name)).collect()
    }
}

/// Whether a table is in both sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Both,
    Added,
    Removed,
}

/// What differs in one table.
#[derive(Clone, Debug)]
pub struct TableDifference {
    pub name: String,
    pub role: Role,
    pub presence: Presence,
    pub schema: Vec<SchemaChange>,
    pub counts: Counts,
    /// In the order of row ids, then columns; empty where they were taken row by row.
    pub changes: Vec<Change>,
}

impl TableDifference {
    /// The ids of rows that were added, removed or modified, in order, each with its changes.
    #[must_use]
    pub fn rows(&self, op: Op) -> BTreeMap<&str, Vec<&Change>> {
        let mut rows: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.op == op) {
            rows.entry(&change.row_id).or_default().push(change);
        }
        rows
    }

    #[must_use]
    pub fn moved(&self) -> bool {
        self.presence != Presence::Both || !self.schema.is_empty() || self.counts.moved()
    }
}

/// What differs between two sets of tables, by table: those of the new set in their order, then those that are gone.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    pub tables: Vec<TableDifference>,
}

impl Difference {
    /// Compares two sets of tables. Causes are unknown until [`super::cause::explain`] looks for them.
    ///
    /// # Errors
    /// `Io` or `Store` where a table cannot be read.
    pub fn between(old: &dyn Tables, new: &dyn Tables) -> Result<Self, Error> {
        Self::taken_by(old, new, &mut KeepAll)
    }

    /// The same where not all changes are kept: those of some tables are taken row by row. Where rows are withdrawn to protect a person all
    /// are kept: what speaks of these is only known when all rows are.
    ///
    /// # Errors
    /// `Io` or `Store` where a table cannot be read; those of `take`.
    pub fn taken_by(old: &dyn Tables, new: &dyn Tables, take: &mut dyn TakeChanges) -> Result<Self, Error> {
        let private = tombstones::private(new)?;
        let mut keep_all = KeepAll;
        let take = if private.is_empty() { take } else { &mut keep_all };
        let mut tables = Vec::new();
        for schema in new.schemas().iter().filter(|schema| schema.name != TABLE) {
            tables.push(match old.schema(&schema.name) {
                Some(before) => both(old, before, new, schema, take)?,
                None => one(new, schema, Presence::Added, take)?,
            });
        }
        for schema in old.schemas().iter().filter(|schema| schema.name != TABLE && new.schema(&schema.name).is_none()) {
            tables.push(one(old, schema, Presence::Removed, take)?);
        }
        let mut difference = Self { tables };
        difference.withhold(private, &|table| old.schema(table));
        Ok(difference)
    }

    /// The difference of a first release from nothing: every row is added. That is told in numbers; cell by cell it would be the data once
    /// more, and only the first rows of the table `told` are.
    ///
    /// # Errors
    /// `Io` or `Store` where a table cannot be read.
    pub fn from_nothing(new: &MemoryTables<'_>, told: &str, rows: usize) -> Result<Self, Error> {
        let counts = new.schemas().iter().map(|schema| (schema, new.dataset.count(&schema.name) as u64));
        let mut difference = Self::in_numbers(counts);
        for table in difference.tables.iter_mut().filter(|table| table.name == told) {
            if let Some(schema) = new.schema(told) {
                table.changes = first_added(new, schema, rows)?;
            }
        }
        Ok(difference)
    }

    /// The difference of tables with so many rows from nothing.
    pub fn in_numbers<'a>(tables: impl Iterator<Item = (&'a TableSchema, u64)>) -> Self {
        Self { tables: tables.filter(|(schema, _)| schema.name != TABLE).map(|(schema, rows)| counted(schema, rows)).collect() }
    }

    /// Leaves of each row that was withdrawn to protect a person, and of each that is gone with it because it speaks of it, one change
    /// without column and value: what must no longer be published is not published once more as what it was.
    fn withhold<'a>(&mut self, mut private: BTreeSet<(String, String)>, schema: &dyn Fn(&str) -> Option<&'a TableSchema>) {
        if private.is_empty() {
            return;
        }
        loop {
            let mut found = BTreeSet::new();
            for table in &self.tables {
                let speaks = |changes: &[&Change]| schema(&table.name).is_some_and(|schema| speaks_of(schema, changes, &private));
                let rows = table.rows(Op::Removed).into_iter().filter(|(_, changes)| speaks(changes));
                found.extend(rows.map(|(row_id, _)| (table.name.clone(), row_id.to_owned())));
            }
            let known = private.len();
            private.extend(found);
            if private.len() == known {
                break;
            }
        }
        for table in &mut self.tables {
            let is_private = |change: &Change| change.op == Op::Removed && private.contains(&(change.table.clone(), change.row_id.clone()));
            for change in table.changes.iter_mut().filter(|change| is_private(change)) {
                change.column.clear();
                change.old.clear();
            }
            table.changes.sort();
            table.changes.dedup();
        }
    }

    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableDifference> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// All changes that are kept, in the order of the table `changes`.
    #[must_use]
    pub fn sorted_changes(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> = self.tables.iter().flat_map(|table| &table.changes).collect();
        changes.sort();
        changes
    }

    /// What moved, for the rules of the version number. `withdrawn` are the rows that have a tombstone, by table and id.
    #[must_use]
    pub fn events(&self, withdrawn: &BTreeSet<(String, String)>) -> Vec<Event> {
        self.tables.iter().flat_map(|table| events_of(table, withdrawn)).collect()
    }
}

/// Whether a row that is gone was about one of these: it named its table and id, or referred to it.
fn speaks_of(schema: &TableSchema, changes: &[&Change], rows: &BTreeSet<(String, String)>) -> bool {
    let value = |column: &str| changes.iter().find(|change| change.column == column).map_or("", |change| change.old.as_str());
    let named = |table: &str, id: String| rows.contains(&(table.to_owned(), id));
    named(value("table"), value("row_id").to_owned())
        || schema
            .foreign_keys
            .iter()
            .any(|key| named(&key.reference.resource, key.fields.iter().map(|column| value(column)).collect::<Vec<_>>().join("/")))
}

fn both(
    old: &dyn Tables,
    old_schema: &TableSchema,
    new: &dyn Tables,
    new_schema: &TableSchema,
    take: &mut dyn TakeChanges,
) -> Result<TableDifference, Error> {
    let same_columns = difference::same_columns(old_schema, new_schema);
    if let (Some(was), Some(is), true) = (old.content(&old_schema.name), new.content(&new_schema.name), same_columns)
        && was == is
    {
        let counts = Counts { before: was.rows, after: is.rows, ..Counts::default() };
        return compared(old_schema, new_schema, Presence::Both, take, |_| Ok(counts));
    }
    let old_file = old.file(&old_schema.name).filter(|_| same_columns);
    compared(old_schema, new_schema, Presence::Both, take, |sink| match (old_file, new.file(&new_schema.name)) {
        (Some(TableFile { form: Form::Csv, path }), None) => byte_merge::merge_rows(&path, new.open(new_schema)?, new_schema, sink),
        (Some(old_file), Some(new_file)) if old_file.form == new_file.form => {
            let merge = match new_file.form {
                Form::Csv => byte_merge::merge,
                Form::Parquet => batch_merge::merge,
            };
            merge(&old_file.path, &new_file.path, new_schema, sink)
        }
        _ => merge((old_schema, &mut *old.open(old_schema)?), (new_schema, &mut *new.open(new_schema)?), sink),
    })
}

/// A table that only one of the sets has: compared with an empty one.
fn one(set: &dyn Tables, schema: &TableSchema, presence: Presence, take: &mut dyn TakeChanges) -> Result<TableDifference, Error> {
    let mut rows = set.open(schema)?;
    let mut none = MemoryRows::new(&[]);
    compared(schema, schema, presence, take, |sink| match presence {
        Presence::Removed => merge((schema, &mut *rows), (schema, &mut none), sink),
        _ => merge((schema, &mut none), (schema, &mut *rows), sink),
    })
}

/// The first rows of a table by their ids, as rows that were added.
fn first_added(new: &MemoryTables<'_>, schema: &TableSchema, count: usize) -> Result<Vec<Change>, Error> {
    let key = schema.key_positions();
    let mut first: BTreeMap<String, Row> = BTreeMap::new();
    new.dataset.each(&schema.name, |row| {
        first.insert(row_id(row, &key), row.clone());
        if first.len() > count {
            first.pop_last();
        }
        Ok(())
    })?;
    let cells = Cells { columns: Columns::new(schema, schema), old: schema, new: schema };
    let mut changes = Vec::new();
    first.values().for_each(|row| cells.push(RowChange::Added { new: row }, &mut changes));
    changes.sort();
    Ok(changes)
}

/// A table that only the new set has, in numbers.
fn counted(schema: &TableSchema, after: u64) -> TableDifference {
    let counts = Counts { added: after, after, ..Counts::default() };
    let (name, role) = (schema.name.clone(), schema.role);
    TableDifference { name, role, presence: Presence::Added, schema: Vec::new(), counts, changes: Vec::new() }
}

type Sink<'a> = &'a mut dyn FnMut(RowChange<'_>) -> Result<(), Error>;

/// What a merge tells, as the difference of a table.
fn compared(
    old_schema: &TableSchema,
    new_schema: &TableSchema,
    presence: Presence,
    take: &mut dyn TakeChanges,
    merge: impl FnOnce(Sink<'_>) -> Result<Counts, Error>,
) -> Result<TableDifference, Error> {
    let cells = Cells { columns: Columns::new(old_schema, new_schema), old: old_schema, new: new_schema };
    let schema = if presence == Presence::Both { schema_changes(old_schema, new_schema) } else { Vec::new() };
    let is_taken = take.begin(old_schema, new_schema, presence, &schema);
    let mut changes = Vec::new();
    let counts = merge(&mut |change| {
        cells.push(change, &mut changes);
        if is_taken {
            take.take(&mut changes)?;
            changes.clear();
        }
        Ok(())
    })?;
    changes.sort_unstable();
    Ok(TableDifference { name: new_schema.name.clone(), role: new_schema.role, presence, schema, counts, changes })
}

/// Turns rows that differ into cells that differ.
#[derive(Debug)]
pub struct Cells<'a> {
    pub columns: Columns,
    pub old: &'a TableSchema,
    pub new: &'a TableSchema,
}

impl Cells<'_> {
    /// Appends the cells of a row that differs.
    pub fn push(&self, change: RowChange<'_>, changes: &mut Vec<Change>) {
        let make = |row_id: &str, column: &str, op: Op, old: &Cell, new: &Cell| Change {
            table: self.new.name.clone(),
            row_id: row_id.to_owned(),
            column: column.to_owned(),
            op,
            old: old.spelling().into_owned(),
            new: new.spelling().into_owned(),
            cause: Cause::Unknown,
            source_id: None,
        };
        match change {
            RowChange::Added { new } => {
                let id = row_id(new, &self.new.key_positions());
                let cells = self.new.fields.iter().zip(new).filter(|(_, cell)| !cell.is_null());
                changes.extend(cells.map(|(field, cell)| make(&id, &field.name, Op::Added, &Cell::Null, cell)));
            }
            RowChange::Removed { old } => {
                let id = row_id(old, &self.old.key_positions());
                let cells = self.old.fields.iter().zip(old).filter(|(_, cell)| !cell.is_null());
                changes.extend(cells.map(|(field, cell)| make(&id, &field.name, Op::Removed, cell, &Cell::Null)));
            }
            RowChange::Modified { old, new } => {
                let id = row_id(new, &self.new.key_positions());
                changes.extend(self.columns.differing(old, new).map(|(column, before, after)| make(&id, column, Op::Modified, before, after)));
            }
        }
    }
}

fn events_of(table: &TableDifference, withdrawn: &BTreeSet<(String, String)>) -> Vec<Event> {
    let event = |kind: Kind, count: usize| Event::new(kind, &table.name, count as u64);
    match table.presence {
        Presence::Added => return vec![event(Kind::TableAdded, 1)],
        Presence::Removed => return vec![event(Kind::TableRemoved, 1)],
        Presence::Both => {}
    }
    let mut events: Vec<Event> = table.schema.iter().map(|change| event(change.kind, 1)).collect();
    if !matches!(table.role, Role::Fact | Role::Reference) {
        let rows = table.counts.added + table.counts.removed + table.counts.modified;
        events.push(event(Kind::ProvenanceMoved, rows as usize));
        return merged(events);
    }
    let removed = table.rows(Op::Removed);
    let with_tombstone = removed.keys().filter(|id| withdrawn.contains(&(table.name.clone(), (**id).to_owned()))).count();
    events.push(event(Kind::RowRemoved, removed.len() - with_tombstone));
    events.push(event(Kind::RowWithdrawn, with_tombstone));
    events.push(event(Kind::RowAdded, table.counts.added as usize));
    for change in table.changes.iter().filter(|change| change.op == Op::Modified) {
        let kind = match change.cause {
            // The schema's own event says it already.
            Cause::Schema => continue,
            Cause::NewSource | Cause::SourceChanged | Cause::SourceRemoved => Kind::ValueFollowsSource,
            Cause::RuleChanged | Cause::ReferenceChanged | Cause::Correction => Kind::ValueCorrected,
            Cause::Unknown => Kind::ValueUnexplained,
        };
        events.push(event(kind, 1));
    }
    merged(events)
}

/// Events of one kind as one.
fn merged(events: Vec<Event>) -> Vec<Event> {
    let mut merged: Vec<Event> = Vec::new();
    for event in events.into_iter().filter(|event| event.count > 0) {
        match merged.iter_mut().find(|other| other.kind == event.kind && other.table == event.table) {
            Some(other) => other.count += event.count,
            None => merged.push(event),
        }
    }
    merged
}
