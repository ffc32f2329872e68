//! The difference of two releases, folders or files, for people and for programs.
//!
//! In: two sets of tables, as CSV or Parquet: each a release of the store, the folder of a release, or files in the schemas of the
//! project. Out: rows and cells by key, and the bump that they mean; the same whichever form was read.

mod formats;
mod side;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::cause::{Moved, explain};
use super::changes::{Difference, Presence};
use super::labels::Labels;
use super::markdown::counted;
use super::tables::Tables;
use super::version::{Decision, Event, Kind, decide};
use crate::error::Error;
use crate::model::TableSchema;

pub use super::tables::Form;
pub use formats::{FORMATS, Format};
pub use side::{Lookup, Side};

/// The difference of two sides.
#[derive(Debug)]
pub struct Compared {
    pub old: String,
    pub new: String,
    pub difference: Difference,
    /// None where nothing differs.
    pub decision: Option<Decision>,
    events: Vec<Event>,
    labels: Labels,
    schemas: Vec<TableSchema>,
}

/// Compares two sides for a format.
///
/// # Errors
/// `Io` or `Store` where a table cannot be read or is not in its order.
pub fn compare(old: &Side, new: &Side, format: &Format) -> Result<Compared, Error> {
    let mut difference = Difference::between(&old.tables, &new.tables)?;
    if let (Some(before), Some(after)) = (&old.digests, &new.digests) {
        let moved = Moved::between(&old.tables, before, &new.tables, after)?;
        explain(&mut difference, &old.tables, &new.tables, &moved)?;
    }
    let events = difference.events(&withdrawn(&new.tables)?);
    let decision = decide(&events);
    let told: Vec<_> = difference.tables.iter().collect();
    let labels = if format.has_names { Labels::new(&told, &old.tables, &new.tables)? } else { Labels::default() };
    let schemas =
        new.tables.schemas().iter().chain(old.tables.schemas().iter().filter(|schema| new.tables.schema(&schema.name).is_none())).cloned().collect();
    Ok(Compared { old: old.name.clone(), new: new.name.clone(), difference, decision, events, labels, schemas })
}

fn withdrawn(tables: &dyn Tables) -> Result<BTreeSet<(String, String)>, Error> {
    let Some(schema) = tables.schema("tombstones") else { return Ok(BTreeSet::new()) };
    let (Some(table), Some(id)) = (schema.position_of("table"), schema.position_of("row_id")) else { return Ok(BTreeSet::new()) };
    let mut rows = tables.open(schema)?;
    let mut withdrawn = BTreeSet::new();
    while rows.advance()? {
        withdrawn.insert((rows.row()[table].spelling().into_owned(), rows.row()[id].spelling().into_owned()));
    }
    Ok(withdrawn)
}

/// What breaks for somebody who uses these columns (`memberships.iso3`) or tables (`memberships`); all tables where none is named.
///
/// A column breaks where it is gone, renamed, retyped or stands elsewhere; a table where it or its key is gone or another, or rows
/// are gone without a tombstone.
#[must_use]
pub fn breaking(compared: &Compared, uses: &[String]) -> Vec<String> {
    let mut broken = Vec::new();
    for table in &compared.difference.tables {
        let columns: Vec<Option<&str>> = uses
            .iter()
            .filter_map(|used| {
                let (of, column) = used.split_once('.').map_or((used.as_str(), None), |(of, column)| (of, Some(column)));
                (of == table.name).then_some(column)
            })
            .collect();
        if columns.is_empty() && !uses.is_empty() {
            continue;
        }
        let whole = columns.is_empty() || columns.contains(&None);
        if table.presence == Presence::Removed {
            broken.push(format!("{}: the table is gone", table.name));
        }
        for change in &table.schema {
            let breaks =
                matches!(change.kind, Kind::ColumnRemoved | Kind::ColumnRenamed | Kind::ColumnInserted | Kind::ColumnRetyped | Kind::KeyChanged);
            // Who uses columns by name is not troubled by another column that is new or gone.
            let by_place = change.kind == Kind::ColumnInserted;
            let concerns = whole || (change.kind == Kind::KeyChanged) || (!by_place && columns.contains(&Some(change.column.as_str())));
            if breaks && concerns {
                let column = if change.column.is_empty() { String::new() } else { format!(".{}", change.column) };
                broken.push(format!("{}{column}: {}", table.name, change.detail));
            }
        }
        let is_removal = |event: &&Event| event.kind == Kind::RowRemoved && event.table == table.name;
        if let Some(event) = compared.events.iter().find(is_removal) {
            broken.push(format!("{}: {} gone without a tombstone", table.name, counted(event.count, "row")));
        }
    }
    broken
}
