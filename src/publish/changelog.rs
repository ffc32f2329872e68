//! The changelog: one entry a release, written from the rows.
//!
//! In: the difference to the release before, with causes. Out: Markdown under the headings of Keep a Changelog. An entry is
//! written once and then only copied from release to release; a withdrawal adds a marker in the changelog above them all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::cause::Cause;
use super::changes::{Change, Difference, Op, Presence, TableDifference};
use super::difference::Counts;
use super::labels::Labels;
use super::markdown::{counted, escaped, grouped};
use super::tables::Tables;
use super::version::{Bump, Kind, Version};
use crate::model::TableSchema;
use crate::model::table::Role;

/// Name of the file, in each release and above them.
pub const NAME: &str = "CHANGELOG.md";

/// Rows of one table that are named under one heading; the rest is a number and a pointer to `changes.csv`.
const NAMED: usize = 20;

/// What an entry tells of.
#[derive(Debug)]
pub struct Entry<'a> {
    pub version: Version,
    pub date: NaiveDate,
    /// None for the first release.
    pub bump: Option<Bump>,
    pub reason: &'a str,
    pub difference: &'a Difference,
    pub labels: &'a Labels,
    pub old: Option<&'a dyn Tables>,
    pub new: &'a dyn Tables,
}

impl std::fmt::Debug for dyn Tables + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.schemas().iter().map(|schema| &schema.name)).finish()
    }
}

/// The top of every changelog.
#[must_use]
pub fn header(title: &str) -> String {
    format!(
        "# Changelog\n\nReleases of \"{}\", the newest first. Numbers and entries are computed from the difference between the rows of two\n\
         releases; every single change of a release is a row of its `changes.csv`. Entries are never rewritten.\n",
        escaped(title)
    )
}

/// The changelog of a release: the header, its entry, and the entries of the release before.
#[must_use]
pub fn with_history(title: &str, entry: &str, previous: Option<&str>) -> String {
    let older = previous.map_or("", entries);
    let parting = if older.is_empty() { "" } else { "\n" };
    format!("{}\n{entry}{parting}{older}", header(title))
}

/// The entries of a changelog, without its header.
#[must_use]
pub fn entries(changelog: &str) -> &str {
    if changelog.starts_with("## ") {
        return changelog;
    }
    changelog.find("\n## ").map_or("", |at| &changelog[at + 1..])
}

/// The changelog with a marker at each withdrawn release.
#[must_use]
pub fn marked(changelog: &str, withdrawn: &BTreeMap<Version, (NaiveDate, String)>) -> String {
    let mut marked = String::with_capacity(changelog.len());
    for line in changelog.split_inclusive('\n') {
        let version = line.strip_prefix("## [").and_then(|rest| rest.split(']').next()).and_then(|version| version.parse::<Version>().ok());
        match version.and_then(|version| withdrawn.get(&version)) {
            Some((date, reason)) => {
                let _ = write!(marked, "{} [YANKED]\n\n**Withdrawn on {date}:** {}\n", line.trim_end(), escaped(reason));
            }
            None => marked.push_str(line),
        }
    }
    marked
}

/// The line of a table in the numbers of an entry.
#[must_use]
pub fn count_line(table: &str, counts: &Counts) -> String {
    let numbers = [counts.before, counts.added, counts.removed, counts.modified, counts.after].map(grouped);
    format!("| {table} | {} |\n", numbers.join(" | "))
}

/// Writes the entry of a release.
#[must_use]
pub fn entry(entry: &Entry<'_>) -> String {
    let mut text = format!("## [{}] - {}\n\n", entry.version, entry.date);
    match entry.bump {
        None => {
            let facts: Vec<&TableDifference> = entry.difference.tables.iter().filter(|table| table.role == Role::Fact).collect();
            let rows = facts.iter().map(|table| table.counts.after).sum();
            let sources = entry.difference.table("sources").map_or(0, |table| table.counts.after);
            let _ = writeln!(text, "First release: {} of facts from {}.\n", counted(rows, "row"), counted(sources, "source"));
        }
        Some(bump) => {
            let _ = writeln!(text, "{} release, because {}.\n", capitalized(bump.name()), escaped(entry.reason));
            let _ = writeln!(text, "**What a reader must do:** {}\n", advice(bump, entry.difference));
        }
    }
    text.push_str("| table | before | added | removed | modified | after |\n| :-- | --: | --: | --: | --: | --: |\n");
    for table in entry.difference.tables.iter().filter(|table| entry.bump.is_none() || table.counts.moved() || decides(table)) {
        text.push_str(&count_line(&table.name, &table.counts));
    }
    if entry.bump.is_none() {
        first(entry, &mut text);
    } else {
        sections(entry, &mut text);
    }
    text
}

fn decides(table: &TableDifference) -> bool {
    matches!(table.role, Role::Fact | Role::Reference)
}

/// The first release adds its tables; naming each row would be the data once more.
fn first(entry: &Entry<'_>, text: &mut String) {
    text.push_str("\n### Added\n\n");
    for table in &entry.difference.tables {
        let description = entry.new.schema(&table.name).map_or("", |schema| schema.description.as_str());
        let _ = writeln!(text, "- `{}`: {}. {}", table.name, counted(table.counts.after, "row"), escaped(description));
    }
}

fn advice(bump: Bump, difference: &Difference) -> String {
    let broken: Vec<String> = difference.tables.iter().filter(|table| breaks(table)).map(|table| format!("`{}`", table.name)).collect();
    match bump {
        Bump::Major if broken.is_empty() => "look at what is removed below: rows that your work may name are gone.".to_owned(),
        Bump::Major => format!("look at your code that reads {}: columns, keys or the table itself are not what they were.", broken.join(", ")),
        Bump::Minor => {
            "nothing breaks: columns keep their names, types and places. Load again to have the new rows and values; totals will differ.".to_owned()
        }
        Bump::Patch => "nothing breaks: no row came or went in the tables of facts. Load again if you use a value named below.".to_owned(),
    }
}

fn breaks(table: &TableDifference) -> bool {
    let major = [Kind::ColumnRemoved, Kind::ColumnRenamed, Kind::ColumnInserted, Kind::ColumnRetyped, Kind::KeyChanged];
    table.presence == Presence::Removed || table.schema.iter().any(|change| major.contains(&change.kind))
}

/// The headings of Keep a Changelog, each with the tables that have something under it.
fn sections(entry: &Entry<'_>, text: &mut String) {
    let mut added = String::new();
    let mut changed = String::new();
    let mut fixed = String::new();
    let mut removed = String::new();
    for table in &entry.difference.tables {
        let schema = entry.new.schema(&table.name).or_else(|| entry.old.and_then(|old| old.schema(&table.name)));
        match table.presence {
            Presence::Added => {
                let _ = writeln!(
                    added,
                    "- Table `{}`: {}. {}",
                    table.name,
                    counted(table.counts.after, "row"),
                    schema.map_or_else(String::new, |schema| escaped(&schema.description))
                );
                continue;
            }
            Presence::Removed => {
                let _ = writeln!(removed, "- Table `{}` with {}.", table.name, counted(table.counts.before, "row"));
                continue;
            }
            Presence::Both => {}
        }
        schema_lines(table, &mut added, &mut changed, &mut removed);
        if !is_told(table, schema) {
            continue;
        }
        row_lines(entry, table, Op::Added, &mut added);
        row_lines(entry, table, Op::Removed, &mut removed);
        modified_lines(entry, table, schema, &mut changed, &mut fixed);
    }
    if !entry.difference.tables.iter().any(decided_and_moved) {
        changed.push_str(&provenance_line(entry.difference));
    }
    for (heading, lines) in [("Added", added), ("Changed", changed), ("Fixed", fixed), ("Removed", removed)] {
        if !lines.is_empty() {
            let _ = write!(text, "\n### {heading}\n\n{lines}");
        }
    }
}

fn decided_and_moved(table: &TableDifference) -> bool {
    decides(table) && table.moved()
}

/// Rows of facts, of reference data, of sources and of disagreements are named; those that say where a fact stands are counted.
pub fn is_told(table: &TableDifference, schema: Option<&TableSchema>) -> bool {
    let by_source = schema.is_some_and(|schema| {
        let to_sources = schema.foreign_keys.iter().filter(|key| key.reference.resource == "sources").flat_map(|key| &key.fields);
        to_sources.into_iter().any(|column| schema.primary_key.contains(column))
    });
    tells_by_name(&table.name) || (decides(table) && !by_source)
}

/// Whether rows of a table are named although they decide nothing.
pub fn tells_by_name(table: &str) -> bool {
    matches!(table, "sources" | "conflicts" | "tombstones")
}

fn schema_lines(table: &TableDifference, added: &mut String, changed: &mut String, removed: &mut String) {
    for change in &table.schema {
        let column = if change.column.is_empty() { String::new() } else { format!(", column `{}`", change.column) };
        let section = match change.kind {
            Kind::ColumnAppended => &mut *added,
            Kind::ColumnRemoved => &mut *removed,
            _ => &mut *changed,
        };
        let _ = writeln!(section, "- Table `{}`{column}: {}.", table.name, escaped(&change.detail));
    }
}

/// Rows that came or went, each with its cause.
fn row_lines(entry: &Entry<'_>, table: &TableDifference, op: Op, lines: &mut String) {
    let rows = table.rows(op);
    for (row_id, changes) in rows.iter().take(NAMED) {
        let label = escaped(entry.labels.row(&table.name, row_id));
        let _ = writeln!(lines, "- {}: {label} ({}).", table.name.replace('_', " "), cause_of(changes));
    }
    rest(rows.len(), table, lines);
}

fn rest(rows: usize, table: &TableDifference, lines: &mut String) {
    if rows > NAMED {
        let _ = writeln!(lines, "- {}: {} more, all in `changes.csv`.", table.name.replace('_', " "), grouped((rows - NAMED) as u64));
    }
}

/// Rows of which values differ: corrected readings are fixed, the others changed.
fn modified_lines(entry: &Entry<'_>, table: &TableDifference, schema: Option<&TableSchema>, changed: &mut String, fixed: &mut String) {
    let rows = table.rows(Op::Modified);
    let (mut named_changed, mut named_fixed) = (0, 0);
    for (row_id, changes) in &rows {
        let corrected = changes.iter().all(|change| matches!(change.cause, Cause::RuleChanged | Cause::Correction | Cause::ReferenceChanged));
        let (section, named) = if corrected { (&mut *fixed, &mut named_fixed) } else { (&mut *changed, &mut named_changed) };
        *named += 1;
        if *named > NAMED {
            continue;
        }
        let is_digest = |column: &str| {
            schema.and_then(|schema| schema.fields.iter().find(|field| field.name == column)).is_some_and(|field| field.kind == "digest")
        };
        let mut values: Vec<String> = changes
            .iter()
            .filter(|change| !is_digest(&change.column))
            .map(|change| {
                let value = |value: &str| escaped(&entry.labels.value(schema, &change.column, value));
                format!("{} {} → {}", change.column.replace('_', " "), value(&change.old), value(&change.new))
            })
            .collect();
        if values.is_empty() {
            values.push("another text".to_owned());
        }
        let label = escaped(entry.labels.row(&table.name, row_id));
        let _ = writeln!(section, "- {}: {label}: {} ({}).", table.name.replace('_', " "), values.join("; "), cause_of(changes));
    }
    rest(named_changed, table, changed);
    rest(named_fixed, table, fixed);
}

/// The causes of a row's changes, each once.
pub fn cause_of(changes: &[&Change]) -> String {
    let mut causes: Vec<String> = Vec::new();
    for change in changes {
        let source = change.source_id.as_deref().filter(|_| matches!(change.cause, Cause::NewSource | Cause::SourceChanged | Cause::SourceRemoved));
        let says = change.cause.says(source);
        if !causes.contains(&says) {
            causes.push(says);
        }
    }
    causes.join("; ")
}

/// A release in which no fact moved says so, and what did.
fn provenance_line(difference: &Difference) -> String {
    let moved: Vec<String> = difference.tables.iter().filter(|table| table.counts.moved()).map(|table| format!("`{}`", table.name)).collect();
    match moved.len() {
        0 => "- No row differs: the description of the data set or of its tables does.\n".to_owned(),
        _ => format!("- No fact differs: what tells how we know does, in {}.\n", moved.join(", ")),
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_is_copied_and_never_rewritten() {
        let first = with_history("T", "## [1.0.0] - 2026-01-01\n\nFirst.\n", None);
        let second = with_history("T", "## [1.1.0] - 2026-02-01\n\nSecond.\n", Some(&first));
        assert!(second.ends_with("\n## [1.1.0] - 2026-02-01\n\nSecond.\n\n## [1.0.0] - 2026-01-01\n\nFirst.\n"), "{second}");
        assert_eq!(entries(&first), "## [1.0.0] - 2026-01-01\n\nFirst.\n");
    }

    #[test]
    fn a_withdrawal_adds_a_marker_to_its_release_alone() {
        let text = "# Changelog\n\n## [1.1.0] - 2026-02-01\n\nSecond.\n\n## [1.0.0] - 2026-01-01\n\nFirst.\n";
        let withdrawn = [("1.0.0".parse().unwrap(), ("2026-03-01".parse().unwrap(), "a name *slipped* in".to_owned()))].into();
        let marked = marked(text, &withdrawn);
        assert!(marked.contains("## [1.0.0] - 2026-01-01 [YANKED]\n\n**Withdrawn on 2026-03-01:** a name \\*slipped\\* in\n\nFirst."), "{marked}");
        assert!(marked.contains("## [1.1.0] - 2026-02-01\n"));
    }
}
