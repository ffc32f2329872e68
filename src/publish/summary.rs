//! The difference of a release for whoever reviews it: tables, their most telling rows, conflicts new and gone, as Markdown.
//!
//! The changelog is for readers of the data and names every kind of change; this is for the one who decides on a change to the
//! sources or schemas, and shows values old → new first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::changelog::{self, cause_of, is_told};
use super::changes::{Change, Difference, Op, TableDifference};
use super::labels::Labels;
use super::markdown::{escaped, grouped};
use crate::model::TableSchema;

/// Rows of a table that are named.
const ROWS: usize = 10;
/// The table of conflicts, of which the rows are named in the first release too.
pub const CONFLICTS: &str = "conflicts";
/// Conflicts that are named, new and gone.
pub const NAMED_CONFLICTS: usize = 20;

/// Everything that differs. Of the first release, where every row is new, the numbers and the conflicts.
#[must_use]
pub fn render(difference: &Difference, labels: &Labels, schemas: &[TableSchema], is_first: bool) -> String {
    let mut text = String::from("## Tables\n\n");
    let moved: Vec<&TableDifference> = difference.tables.iter().filter(|table| table.moved()).collect();
    if moved.is_empty() {
        text.push_str("No row differs: the description of the data set or of its tables does.\n");
    } else {
        text.push_str("| table | before | added | removed | changed | after |\n| :-- | --: | --: | --: | --: | --: |\n");
        moved.iter().for_each(|table| text.push_str(&changelog::count_line(&table.name, &table.counts)));
    }
    let schema = |table: &TableDifference| schemas.iter().find(|schema| schema.name == table.name);
    for table in moved.iter().filter(|table| !is_first && table.name != CONFLICTS && is_told(table, schema(table))) {
        let rows = telling(table, labels, schema(table));
        if rows.is_empty() {
            continue;
        }
        let _ = write!(text, "\n### {}\n\n", escaped(&table.name));
        rows.iter().take(ROWS).for_each(|row| text.push_str(row));
        if rows.len() > ROWS {
            let _ = writeln!(text, "- and {} more rows", grouped((rows.len() - ROWS) as u64));
        }
    }
    if let Some(conflicts) = difference.table(CONFLICTS) {
        let (new, gone) = (conflict_lines(conflicts, Op::Added), conflict_lines(conflicts, Op::Removed));
        let counts = conflicts.counts;
        for (heading, lines, count) in [("New conflicts", new, counts.added), ("Conflicts that are gone", gone, counts.removed)] {
            let _ = write!(text, "\n## {heading}\n\n{}", if lines.is_empty() { "None.\n" } else { "" });
            lines.iter().for_each(|line| text.push_str(line));
            if count > lines.len() as u64 {
                let _ = writeln!(text, "- and {} more", grouped(count - lines.len() as u64));
            }
        }
    }
    text
}

/// The rows of a table that differ: values that were replaced first, then those that came or went, then rows removed and added.
fn telling(table: &TableDifference, labels: &Labels, schema: Option<&TableSchema>) -> Vec<String> {
    let is_replaced = |change: &&&Change| !change.old.is_empty() && !change.new.is_empty();
    let modified = table.rows(Op::Modified);
    let (replaced, filled): (Vec<_>, Vec<_>) = modified.into_iter().partition(|(_, changes)| changes.iter().any(|change| is_replaced(&change)));
    let mut lines = Vec::new();
    for (row_id, changes) in replaced.into_iter().chain(filled) {
        let is_digest = |column: &str| {
            schema.and_then(|schema| schema.fields.iter().find(|field| field.name == column)).is_some_and(|field| field.kind == "digest")
        };
        let mut values: Vec<String> =
            changes.iter().filter(|change| !is_digest(&change.column)).map(|change| value(change, labels, schema)).collect();
        if values.is_empty() {
            values.push("another text".to_owned());
        }
        let label = escaped(labels.row(&table.name, row_id));
        lines.push(format!("- changed: **{label}**: {} ({})\n", values.join("; "), cause_of(&changes)));
    }
    for (op, word) in [(Op::Removed, "removed"), (Op::Added, "added")] {
        for (row_id, changes) in table.rows(op) {
            lines.push(format!("- {word}: **{}** ({})\n", escaped(labels.row(&table.name, row_id)), cause_of(&changes)));
        }
    }
    lines
}

fn value(change: &Change, labels: &Labels, schema: Option<&TableSchema>) -> String {
    let shown = |value: &str| escaped(&labels.value(schema, &change.column, value));
    format!("{} {} → {}", escaped(&change.column.replace('_', " ")), shown(&change.old), shown(&change.new))
}

/// The first conflicts, each with both sides.
fn conflict_lines(table: &TableDifference, op: Op) -> Vec<String> {
    let line = |changes: &Vec<&Change>| {
        let cells: BTreeMap<&str, &str> =
            changes.iter().map(|change| (change.column.as_str(), if op == Op::Added { change.new.as_str() } else { change.old.as_str() })).collect();
        let cell = |column: &str| escaped(cells.get(column).copied().unwrap_or_default());
        format!(
            "- {}: {} of {} {}: {} ({}) against {} ({})\n",
            cell("kind"),
            cell("column"),
            cell("table"),
            cell("row_id"),
            cell("value_a"),
            cell("source_a"),
            cell("value_b"),
            cell("source_b")
        )
    };
    table.rows(op).values().take(NAMED_CONFLICTS).map(line).collect()
}
