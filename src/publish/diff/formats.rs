//! The formats of a difference: for people, and for programs.

use std::fmt::Write as _;
use std::str::FromStr;

use serde::Serialize;

use super::Compared;
use crate::publish::changes::{Op, Presence, TableDifference};
use crate::publish::markdown::counted;
use crate::publish::version::Kind;
use crate::publish::{csv_file, datapackage};

/// Rows of one kind that are named for people; the other formats have all.
const NAMED: usize = 50;

/// A format of differences.
#[derive(Debug)]
pub struct Format {
    pub name: &'static str,
    /// Whether rows and values are shown by name, which takes reading the tables again.
    pub(super) has_names: bool,
    pub render: fn(&Compared) -> String,
}

/// All formats, the default first.
pub const FORMATS: &[Format] = &[
    Format { name: "human", has_names: true, render: human },
    Format { name: "json", has_names: false, render: json },
    Format { name: "csv", has_names: false, render: csv },
];

impl FromStr for &'static Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| format!("\"{name}\" is none of the formats {}", names.join(", ")))
    }
}

fn human(compared: &Compared) -> String {
    let Some(decision) = &compared.decision else { return format!("{} and {}: no row differs\n", compared.old, compared.new) };
    let mut text = format!("{} → {}: {} ({})\n", compared.old, compared.new, decision.bump.name(), decision.reason);
    for table in compared.difference.tables.iter().filter(|table| table.moved()) {
        let counts = &table.counts;
        let presence = match table.presence {
            Presence::Added => ", new table",
            Presence::Removed => ", table gone",
            Presence::Both => "",
        };
        let _ = writeln!(
            text,
            "\n{}: {} → {}: +{} -{} ~{}{presence}",
            table.name,
            counts.before,
            counted(counts.after, "row"),
            counts.added,
            counts.removed,
            counts.modified
        );
        for change in &table.schema {
            let _ = writeln!(text, "  ! {} {}", if change.column.is_empty() { "table" } else { &change.column }, change.detail);
        }
        for (op, sign) in [(Op::Added, '+'), (Op::Removed, '-'), (Op::Modified, '~')] {
            rows(compared, table, op, sign, &mut text);
        }
    }
    text
}

fn rows(compared: &Compared, table: &TableDifference, op: Op, sign: char, text: &mut String) {
    let schema = compared.schemas.iter().find(|schema| schema.name == table.name);
    let rows = table.rows(op);
    for (row_id, changes) in rows.iter().take(NAMED) {
        let label = compared.labels.row(&table.name, row_id);
        let name = if label == *row_id { String::new() } else { format!("  {label}") };
        let _ = writeln!(text, "  {sign} {row_id}{name}");
        for change in changes.iter().filter(|_| op == Op::Modified) {
            let value = |value: &str| compared.labels.value(schema, &change.column, value);
            let _ = writeln!(text, "      {}: {} → {}", change.column, value(&change.old), value(&change.new));
        }
    }
    if rows.len() > NAMED {
        let _ = writeln!(text, "  {sign} {} more", rows.len() - NAMED);
    }
}

#[derive(Serialize)]
struct DiffFile<'a> {
    old: &'a str,
    new: &'a str,
    bump: Option<&'static str>,
    reason: Option<&'a str>,
    tables: Vec<DiffTable<'a>>,
}

#[derive(Serialize)]
struct DiffTable<'a> {
    table: &'a str,
    before: u64,
    added: u64,
    removed: u64,
    modified: u64,
    after: u64,
    schema: Vec<DiffSchema<'a>>,
    changes: Vec<DiffChange<'a>>,
}

#[derive(Serialize)]
struct DiffSchema<'a> {
    kind: String,
    column: &'a str,
    detail: &'a str,
}

#[derive(Serialize)]
struct DiffChange<'a> {
    row_id: &'a str,
    column: &'a str,
    op: &'static str,
    old: &'a str,
    new: &'a str,
    cause: &'static str,
    source_id: Option<&'a str>,
}

fn json(compared: &Compared) -> String {
    let tables = compared.difference.tables.iter().filter(|table| table.moved()).map(|table| DiffTable {
        table: &table.name,
        before: table.counts.before,
        added: table.counts.added,
        removed: table.counts.removed,
        modified: table.counts.modified,
        after: table.counts.after,
        schema: table
            .schema
            .iter()
            .map(|change| DiffSchema { kind: kind_name(change.kind), column: &change.column, detail: &change.detail })
            .collect(),
        changes: table
            .changes
            .iter()
            .map(|change| DiffChange {
                row_id: &change.row_id,
                column: &change.column,
                op: change.op.name(),
                old: &change.old,
                new: &change.new,
                cause: change.cause.name(),
                source_id: change.source_id.as_deref(),
            })
            .collect(),
    });
    datapackage::json(&DiffFile {
        old: &compared.old,
        new: &compared.new,
        bump: compared.decision.as_ref().map(|decision| decision.bump.name()),
        reason: compared.decision.as_ref().map(|decision| decision.reason.as_str()),
        tables: tables.collect(),
    })
}

/// `ColumnRemoved` as `column-removed`.
fn kind_name(kind: Kind) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn csv(compared: &Compared) -> String {
    let mut writer = csv_file::writer(Vec::new());
    let header = ["table", "row_id", "column", "op", "old", "new", "cause", "source_id"];
    let rows = compared.difference.sorted_changes().into_iter().map(|change| {
        let source = change.source_id.as_deref().unwrap_or_default();
        [&*change.table, &change.row_id, &change.column, change.op.name(), &change.old, &change.new, change.cause.name(), source]
    });
    // Writing to memory cannot fail, and what is written is text.
    for row in std::iter::once(header).chain(rows) {
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
