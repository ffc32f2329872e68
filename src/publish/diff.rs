//! The difference of two releases or folders, for people and for programs.
//!
//! In: two sets of tables, each a release of the store, the folder of a release, or a folder of CSV files in the schemas of the
//! project. Out: rows and cells by key, and the bump that they mean.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serialize;

use super::cause::{Digests, Moved, explain};
use super::changes::{Difference, Op, Presence, TableDifference};
use super::csv_file;
use super::datapackage;
use super::disk::Staging;
use super::folder::read_text;
use super::labels::Labels;
use super::markdown::counted;
use super::rows::unsound;
use super::tables::{FolderTables, Tables, csv_path};
use super::version::{Decision, Event, Kind, Version, decide};
use super::{paths, sorting, store};
use crate::error::Error;
use crate::model::TableSchema;

/// Rows of one kind that are named for people; the other formats have all.
const NAMED: usize = 50;

/// One side of a difference.
#[derive(Debug)]
pub struct Side {
    /// As it was asked for.
    pub name: String,
    tables: FolderTables,
    /// None where the folder does not say what it was made from.
    digests: Option<Digests>,
    /// Tables of a foreign folder that were not in the order of their key and had to be sorted first.
    pub sorted: Vec<String>,
    /// Where they were sorted; removed when dropped.
    _scratch: Option<Staging>,
}

impl Side {
    /// Opens a version of the store, `latest`, or a folder. The tables of a folder that is no release are sorted where they have to be, in
    /// `scratch`, which must not exist.
    ///
    /// # Errors
    /// `Usage` where there is no such release or folder, `Store` where its descriptor or a table cannot be read.
    pub fn open(name: &str, output: &Path, schemas: &[TableSchema], scratch: &Path) -> Result<Self, Error> {
        let in_store = name == "latest" || name.parse::<Version>().is_ok();
        let folder = if in_store { paths::path(output, Some(name), None)? } else { PathBuf::from(name) };
        if !folder.is_dir() {
            return Err(Error::Usage(format!("\"{name}\" is neither a release of {} nor a folder", output.display())));
        }
        let descriptor = folder.join(datapackage::NAME);
        if descriptor.is_file() {
            let release = datapackage::parse(&read_text(&descriptor)?).map_err(|problem| unsound(&descriptor, problem))?;
            if in_store {
                store::check_hashes(&folder, release.version)?;
            }
            let schemas = release.tables.into_iter().map(|table| table.schema).collect();
            let tables = FolderTables { folder, schemas };
            return Ok(Self { name: name.to_owned(), tables, digests: Some(release.making.digests), sorted: Vec::new(), _scratch: None });
        }
        let schemas: Vec<TableSchema> = schemas.iter().filter(|schema| csv_path(&folder, &schema.name).is_file()).cloned().collect();
        if schemas.is_empty() {
            return Err(Error::Usage(format!("the folder {name} has neither a datapackage.json nor a table of the project")));
        }
        let scratch = Staging::new(scratch.to_path_buf())?;
        let sorted = sorting::sorted(&folder, &schemas, &scratch.folder)?;
        let tables = FolderTables { folder: scratch.folder.clone(), schemas };
        Ok(Self { name: name.to_owned(), tables, digests: None, sorted, _scratch: Some(scratch) })
    }
}

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
    let labels = if format.has_names { Labels::new(&difference, Some(&old.tables), &new.tables)? } else { Labels::default() };
    let schemas =
        new.tables.schemas.iter().chain(old.tables.schemas.iter().filter(|schema| new.tables.schema(&schema.name).is_none())).cloned().collect();
    Ok(Compared { old: old.name.clone(), new: new.name.clone(), difference, decision, events, labels, schemas })
}

fn withdrawn(tables: &FolderTables) -> Result<BTreeSet<(String, String)>, Error> {
    let Some(schema) = tables.schema("tombstones") else { return Ok(BTreeSet::new()) };
    let (Some(table), Some(id)) = (schema.position_of("table"), schema.position_of("row_id")) else { return Ok(BTreeSet::new()) };
    let mut rows = tables.open(schema)?;
    let mut withdrawn = BTreeSet::new();
    while rows.advance()? {
        withdrawn.insert((rows.row()[table].spelling().into_owned(), rows.row()[id].spelling().into_owned()));
    }
    Ok(withdrawn)
}

/// A format of differences.
#[derive(Debug)]
pub struct Format {
    pub name: &'static str,
    /// Whether rows and values are shown by name, which takes reading the tables again.
    has_names: bool,
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{Publisher, dataset, meeting};
    use super::*;

    fn compared(turn: impl FnOnce(&mut Publisher, &mut crate::model::dataset::Dataset)) -> Compared {
        let mut publisher = Publisher::new();
        publisher.published(dataset());
        let mut next = dataset();
        turn(&mut publisher, &mut next);
        let version = publisher.published(next).version.to_string();
        let scratch = publisher.folder.path().join("scratch");
        let side = |name: &str| Side::open(name, &publisher.output(), &publisher.schemas, &scratch).unwrap();
        compare(&side("1.0.0"), &side(&version), &FORMATS[0]).unwrap()
    }

    #[test]
    fn each_format_tells_the_same_changes() {
        let compared = compared(|publisher, data| {
            publisher.digests.rules = "other".to_owned();
            data.rows_mut("meetings")[0][5] = crate::model::Cell::text("NPL");
            data.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
        });
        let text = human(&compared);
        assert!(
            text.starts_with("1.0.0 → 1.1.0: minor (meetings: a row is new)\n\nmeetings: 2 → 3 rows: +1 -0 ~1\n  + third  Third Meeting\n"),
            "{text}"
        );
        assert!(text.contains("  ~ first  First Meeting\n      iso3: Sri Lanka (LKA) → Nepal (NPL)\n"), "{text}");
        let csv = csv(&compared);
        assert!(
            csv.starts_with("table,row_id,column,op,old,new,cause,source_id\nmeetings,first,iso3,modified,LKA,NPL,rule_changed,leaflet\n"),
            "{csv}"
        );
        let json: serde_json::Value = serde_json::from_str(&json(&compared)).unwrap();
        assert_eq!(json["tables"][0]["changes"].as_array().unwrap().len(), csv.lines().count() - 1);
    }

    #[test]
    fn what_is_not_used_does_not_break() {
        let compared = compared(|publisher, data| {
            publisher.schemas[0].fields.remove(4);
            data.rows_mut("meetings").iter_mut().for_each(|row| drop(row.remove(4)));
        });
        let uses = |columns: &[&str]| breaking(&compared, &columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>());
        assert_eq!(uses(&["meetings.share"]), ["meetings.share: gone"]);
        assert_eq!(uses(&["meetings.iso3", "countries"]), [""; 0]);
        assert_eq!(uses(&[]).len(), 1);
    }

    #[test]
    fn a_foreign_folder_is_sorted_first() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let foreign = publisher.folder.path().join("foreign");
        std::fs::create_dir(&foreign).unwrap();
        std::fs::write(foreign.join("countries.csv"), "name,iso3\nNepal,NPL\nCeylon,LKA\n").unwrap();
        let scratch = publisher.folder.path().join("scratch");
        let open = |name: &str| Side::open(name, &publisher.output(), &publisher.schemas, &scratch);
        let (old, new) = (open("1.0.0").unwrap(), open(&foreign.to_string_lossy()).unwrap());
        assert_eq!(new.sorted, ["countries"]);
        let csv = csv(&compare(&old, &new, &FORMATS[2]).unwrap());
        assert!(csv.contains("countries,LKA,name,modified,Sri Lanka,Ceylon,") && !csv.contains("countries,NPL"), "{csv}");
        drop(new);
        assert!(!scratch.exists());
        std::fs::write(foreign.join("countries.csv"), "iso3,name\nLKA,Ceylon\nLKA,Sri Lanka\n").unwrap();
        assert!(open(&foreign.to_string_lossy()).unwrap_err().to_string().contains("stands twice"));
        assert!(!scratch.exists());
    }

    #[test]
    fn a_release_and_its_copy_do_not_differ() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let scratch = publisher.folder.path().join("scratch");
        let side = |name: &str| Side::open(name, &publisher.output(), &publisher.schemas, &scratch).unwrap();
        let same = compare(&side("latest"), &side(&publisher.release("1.0.0").to_string_lossy()), &FORMATS[0]).unwrap();
        assert!(same.decision.is_none() && human(&same).contains("no row differs"));
        assert!(Side::open("nowhere", &publisher.output(), &publisher.schemas, &scratch).is_err());
    }
}
