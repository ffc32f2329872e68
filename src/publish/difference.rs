//! The difference of two tables: what moved in the schema, and which rows, by one merge over rows in the order of their keys.
//!
//! In: two schemas and two streams of rows. Out: schema changes, counts, and each changed row handed to a sink, in order.
//! Memory is two rows, except where the key itself changed: then no order is common and rows are matched by their ids.

use std::cmp::Ordering;

use super::rows::{MemoryRows, RowSource, collect};
use super::version::Kind;
use crate::error::Error;
use crate::model::bound::Bound;
use crate::model::dataset::{Row, compare, row_id};
use crate::model::table::Field;
use crate::model::{Cell, TableSchema};

/// Rows of a table before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub before: u64,
    pub added: u64,
    pub removed: u64,
    pub modified: u64,
    pub after: u64,
}

impl Counts {
    #[must_use]
    pub fn moved(&self) -> bool {
        self.added + self.removed + self.modified > 0
    }
}

/// One row that differs; `old` and `new` are in the columns of their own schema.
#[derive(Clone, Copy, Debug)]
pub enum RowChange<'a> {
    Added { new: &'a Row },
    Removed { old: &'a Row },
    Modified { old: &'a Row, new: &'a Row },
}

/// Something that differs between two schemas of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaChange {
    pub kind: Kind,
    /// The column, empty for the table as a whole.
    pub column: String,
    /// What it was and is, for people.
    pub detail: String,
}

impl SchemaChange {
    fn new(kind: Kind, column: &str, detail: impl Into<String>) -> Self {
        Self { kind, column: column.to_owned(), detail: detail.into() }
    }
}

/// Where a column of the new table stands in the old one: under its name, or under the name that it declares to have had.
fn position_before(old: &TableSchema, new: &TableSchema, field: &Field) -> Option<usize> {
    let renamed = || field.renamed_from.as_ref().filter(|name| new.position_of(name).is_none()).and_then(|name| old.position_of(name));
    old.position_of(&field.name).or_else(renamed)
}

/// What differs between two schemas of one table, in the order of the rules.
#[must_use]
pub fn schema_changes(old: &TableSchema, new: &TableSchema) -> Vec<SchemaChange> {
    let mut changes = Vec::new();
    let before: Vec<Option<usize>> = new.fields.iter().map(|field| position_before(old, new, field)).collect();
    let common: Vec<(&Field, &Field)> = new.fields.iter().zip(&before).filter_map(|(field, at)| Some((&old.fields[(*at)?], field))).collect();
    for (_, field) in old.fields.iter().enumerate().filter(|(at, _)| !before.contains(&Some(*at))) {
        changes.push(SchemaChange::new(Kind::ColumnRemoved, &field.name, "gone"));
    }
    for (was, is) in common.iter().filter(|(was, is)| was.name != is.name) {
        changes.push(SchemaChange::new(Kind::ColumnRenamed, &was.name, format!("is now called {}", is.name)));
    }
    if !before.iter().flatten().is_sorted() {
        changes.push(SchemaChange::new(Kind::ColumnInserted, "", "the columns stand in another order"));
    }
    let last_old = before.iter().rposition(Option::is_some);
    for (position, field) in new.fields.iter().enumerate().filter(|(position, _)| before[*position].is_none()) {
        let inserted = last_old.is_some_and(|last| position < last);
        let kind = if inserted { Kind::ColumnInserted } else { Kind::ColumnAppended };
        changes.push(SchemaChange::new(kind, &field.name, "new"));
    }
    for (before, after) in &common {
        if before.field_type != after.field_type {
            let detail = format!("{:?} is now {:?}", before.field_type, after.field_type).to_lowercase();
            changes.push(SchemaChange::new(Kind::ColumnRetyped, &after.name, detail));
        } else if let Some((kind, detail)) = constraint_change(before, after) {
            changes.push(SchemaChange::new(kind, &after.name, detail));
        }
    }
    if key_before(old, new) != Some(old.key_positions()) {
        changes.push(SchemaChange::new(Kind::KeyChanged, "", format!("{} is now {}", old.primary_key.join(", "), new.primary_key.join(", "))));
    }
    changes
}

/// Where the columns of the new key stand in the old table; none where it lacks one.
fn key_before(old: &TableSchema, new: &TableSchema) -> Option<Vec<usize>> {
    new.key_positions().into_iter().map(|at| position_before(old, new, &new.fields[at])).collect()
}

/// Whether a column allows more or less than before. Both at once counts as more: a reader may meet what it never met.
fn constraint_change(old: &Field, new: &Field) -> Option<(Kind, String)> {
    let (before, after) = (&old.constraints, &new.constraints);
    if before == after {
        return None;
    }
    let more_values = after.one_of.iter().any(|value| !before.one_of.contains(value)) && !before.one_of.is_empty();
    let open_values = after.one_of.is_empty() && !before.one_of.is_empty();
    let lower = |a: Option<Bound>, b: Option<Bound>| a.is_some_and(|a| b.is_none_or(|b| b < a));
    let higher = |a: Option<Bound>, b: Option<Bound>| a.is_some_and(|a| b.is_none_or(|b| b > a));
    let length = |length: Option<usize>| length.map(|length| Bound::Number(length as f64));
    let loosened = (before.required && !after.required)
        || (before.unique && !after.unique)
        || more_values
        || open_values
        || (before.pattern.is_some() && before.pattern != after.pattern)
        || lower(before.minimum, after.minimum)
        || higher(before.maximum, after.maximum)
        || lower(length(before.min_length), length(after.min_length))
        || higher(length(before.max_length), length(after.max_length));
    Some(if loosened { (Kind::ConstraintLoosened, "allows more".to_owned()) } else { (Kind::ConstraintTightened, "allows less".to_owned()) })
}

/// Columns that both tables have, as positions in each, and those that one of them has.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Name, position in the old row, position in the new row; in the order of the new table, then the old.
    pub pairs: Vec<(String, Option<usize>, Option<usize>)>,
}

impl Columns {
    #[must_use]
    pub fn new(old: &TableSchema, new: &TableSchema) -> Self {
        let in_new = new.fields.iter().enumerate();
        let mut pairs: Vec<_> = in_new.map(|(position, field)| (field.name.clone(), position_before(old, new, field), Some(position))).collect();
        let gone = old.fields.iter().enumerate().filter(|(position, _)| !pairs.iter().any(|(_, before, _)| *before == Some(*position)));
        let gone: Vec<_> = gone.map(|(position, field)| (field.name.clone(), Some(position), None)).collect();
        pairs.extend(gone);
        Self { pairs }
    }

    /// The columns in which two rows of the same key differ, with the value before and after.
    pub fn differing<'a>(&'a self, old: &'a Row, new: &'a Row) -> impl Iterator<Item = (&'a str, &'a Cell, &'a Cell)> {
        const NULL: &Cell = &Cell::Null;
        let cell = |row: &'a Row, at: &Option<usize>| at.map_or(NULL, |at| &row[at]);
        self.pairs
            .iter()
            .map(move |(name, from, to)| (name.as_str(), cell(old, from), cell(new, to)))
            .filter(|(_, before, after)| !same(before, after))
    }
}

/// Whether two cells would be written alike. A retyped column differs only where its spelling does.
fn same(a: &Cell, b: &Cell) -> bool {
    a == b || a.spelling() == b.spelling()
}

/// Whether the rows of two tables are spelt alike: the same columns of the same types, and the same key.
#[must_use]
pub fn same_columns(old: &TableSchema, new: &TableSchema) -> bool {
    let columns = |schema: &TableSchema| schema.fields.iter().map(|field| (field.name.clone(), field.field_type)).collect::<Vec<_>>();
    columns(old) == columns(new) && old.primary_key == new.primary_key
}

/// Merges two tables and hands each changed row to `sink`, in the order of the keys.
///
/// # Errors
/// Those of the two sources and of the sink.
pub fn merge(
    (old_schema, old): (&TableSchema, &mut dyn RowSource),
    (new_schema, new): (&TableSchema, &mut dyn RowSource),
    sink: &mut dyn FnMut(RowChange<'_>) -> Result<(), Error>,
) -> Result<Counts, Error> {
    let columns = Columns::new(old_schema, new_schema);
    let (old_key, new_key) = (old_schema.key_positions(), new_schema.key_positions());
    if comparable_keys(old_schema, new_schema) {
        let same_places = old_key == new_key;
        let order = |a: &Row, b: &Row| {
            if same_places {
                compare(a, b, &old_key)
            } else {
                old_key.iter().zip(&new_key).map(|(&at, &to)| a[at].order(&b[to])).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }
        };
        return merge_by(old, new, &order, &columns, sink);
    }
    let by_id = |mut rows: Vec<Row>, key: &[usize]| {
        rows.sort_by_cached_key(|row| row_id(row, key));
        rows
    };
    let old_rows = by_id(collect(old)?, &old_key);
    let new_rows = by_id(collect(new)?, &new_key);
    let order = |a: &Row, b: &Row| row_id(a, &old_key).cmp(&row_id(b, &new_key));
    merge_by(&mut MemoryRows::new(&old_rows), &mut MemoryRows::new(&new_rows), &order, &columns, sink)
}

/// Whether both tables are in one order: keys of the same columns with the same types.
fn comparable_keys(old: &TableSchema, new: &TableSchema) -> bool {
    let types = |schema: &TableSchema| -> Vec<_> { schema.key_positions().into_iter().map(|at| schema.fields[at].field_type).collect() };
    key_before(old, new) == Some(old.key_positions()) && types(old) == types(new)
}

fn merge_by(
    old: &mut dyn RowSource,
    new: &mut dyn RowSource,
    order: &dyn Fn(&Row, &Row) -> Ordering,
    columns: &Columns,
    sink: &mut dyn FnMut(RowChange<'_>) -> Result<(), Error>,
) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    let (mut has_old, mut has_new) = (old.advance()?, new.advance()?);
    while has_old || has_new {
        let next = match (has_old, has_new) {
            (true, true) => order(old.row(), new.row()),
            (true, false) => Ordering::Less,
            _ => Ordering::Greater,
        };
        match next {
            Ordering::Less => {
                counts.removed += 1;
                sink(RowChange::Removed { old: old.row() })?;
            }
            Ordering::Greater => {
                counts.added += 1;
                sink(RowChange::Added { new: new.row() })?;
            }
            Ordering::Equal => {
                if columns.differing(old.row(), new.row()).next().is_some() {
                    counts.modified += 1;
                    sink(RowChange::Modified { old: old.row(), new: new.row() })?;
                }
            }
        }
        if next.is_le() {
            counts.before += 1;
            has_old = old.advance()?;
        }
        if next.is_ge() {
            counts.after += 1;
            has_new = new.advance()?;
        }
    }
    Ok(counts)
}
