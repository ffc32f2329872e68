//! Causes: why a cell differs from the last release, told from what moved between the two.
//!
//! A release records the hashes of its sources, rules, reference data and corrections. A cell whose source moved follows it.
//! Any other cell has the one thing as its cause that moved; where several moved, the cause is unknown rather than guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Change, Difference, Op, Presence};
use super::difference::SchemaChange;
use super::tables::Tables;
use super::version::Kind;
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::table::Role;

/// Why a cell differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    NewSource,
    SourceChanged,
    SourceRemoved,
    RuleChanged,
    ReferenceChanged,
    Correction,
    Schema,
    Unknown,
}

impl Cause {
    pub const ALL: [Self; 8] = [
        Self::NewSource,
        Self::SourceChanged,
        Self::SourceRemoved,
        Self::RuleChanged,
        Self::ReferenceChanged,
        Self::Correction,
        Self::Schema,
        Self::Unknown,
    ];

    /// As the table `changes` spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NewSource => "new_source",
            Self::SourceChanged => "source_changed",
            Self::SourceRemoved => "source_removed",
            Self::RuleChanged => "rule_changed",
            Self::ReferenceChanged => "reference_changed",
            Self::Correction => "correction",
            Self::Schema => "schema",
            Self::Unknown => "unknown",
        }
    }

    /// As a changelog says it; `source` is named where the cause is one.
    #[must_use]
    pub fn says(self, source: Option<&str>) -> String {
        let of = source.map_or_else(String::new, |source| format!(" `{source}`"));
        match self {
            Self::NewSource => format!("new source{of}"),
            Self::SourceChanged => format!("source{of} changed"),
            Self::SourceRemoved => format!("source{of} removed"),
            Self::RuleChanged => "the rules that read the sources changed".to_owned(),
            Self::ReferenceChanged => "reference data changed".to_owned(),
            Self::Correction => "reviewed correction".to_owned(),
            Self::Schema => "the schema changed".to_owned(),
            Self::Unknown => "cause unknown: more than one thing moved".to_owned(),
        }
    }
}

/// Hashes of what a release is made from, besides its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Digests {
    /// Version of the program.
    pub program: String,
    /// Vocabulary and lists of what is ignored.
    pub rules: String,
    pub reference: String,
    pub corrections: String,
}

/// What moved between two releases.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Sources that are new, changed or gone.
    pub sources: BTreeMap<String, Cause>,
    pub rules: bool,
    pub reference: bool,
    pub corrections: bool,
}

impl Moved {
    /// What moved between two sets of tables that were made with these digests.
    ///
    /// # Errors
    /// `Io` or `Store` where the table `sources` cannot be read.
    pub fn between(old: &dyn Tables, old_digests: &Digests, new: &dyn Tables, new_digests: &Digests) -> Result<Self, Error> {
        let (before, after) = (source_hashes(old)?, source_hashes(new)?);
        let mut sources = BTreeMap::new();
        for (source, hash) in &after {
            match before.get(source) {
                None => sources.insert(source.clone(), Cause::NewSource),
                Some(old_hash) if old_hash != hash => sources.insert(source.clone(), Cause::SourceChanged),
                Some(_) => None,
            };
        }
        for source in before.keys().filter(|source| !after.contains_key(*source)) {
            sources.insert(source.clone(), Cause::SourceRemoved);
        }
        Ok(Self {
            sources,
            rules: old_digests.rules != new_digests.rules || old_digests.program != new_digests.program,
            reference: old_digests.reference != new_digests.reference,
            corrections: old_digests.corrections != new_digests.corrections,
        })
    }

    /// The cause of a cell of which no own source moved.
    fn indirect(&self) -> (Cause, Option<String>) {
        let causes: BTreeSet<Cause> = self.sources.values().copied().collect();
        let mut candidates: Vec<Cause> = causes.into_iter().collect();
        candidates.extend(self.rules.then_some(Cause::RuleChanged));
        candidates.extend(self.reference.then_some(Cause::ReferenceChanged));
        candidates.extend(self.corrections.then_some(Cause::Correction));
        match candidates[..] {
            [Cause::RuleChanged | Cause::ReferenceChanged | Cause::Correction] => (candidates[0], None),
            [only] => (only, (self.sources.len() == 1).then(|| self.sources.keys().next().cloned()).flatten()),
            _ => (Cause::Unknown, None),
        }
    }
}

/// Name of the table of sources.
const SOURCES: &str = "sources";

/// Ids and hashes of the sources.
fn source_hashes(tables: &dyn Tables) -> Result<BTreeMap<String, String>, Error> {
    let mut hashes = BTreeMap::new();
    let Some(schema) = tables.schema(SOURCES) else { return Ok(hashes) };
    let (Some(id), Some(hash)) = (schema.position_of("source_id"), schema.position_of("sha256")) else { return Ok(hashes) };
    let mut rows = tables.open(schema)?;
    while rows.advance()? {
        hashes.insert(rows.row()[id].spelling().into_owned(), rows.row()[hash].spelling().into_owned());
    }
    Ok(hashes)
}

/// Finds the cause of each change.
///
/// # Errors
/// `Io` or `Store` where the table `evidence` cannot be read.
pub fn explain(difference: &mut Difference, old: &dyn Tables, new: &dyn Tables, moved: &Moved) -> Result<(), Error> {
    let mut affected: Affected<'_> = BTreeMap::new();
    for table in difference.tables.iter().filter(|table| matches!(table.role, Role::Fact | Role::Reference)) {
        affected.insert(&table.name, table.changes.iter().map(|change| change.row_id.as_str()).collect());
    }
    let mut evidence = Evidence::default();
    if affected.values().any(|ids| !ids.is_empty()) {
        evidence.read(old, &affected)?;
        evidence.read(new, &affected)?;
    }
    for table in &mut difference.tables {
        // Of a table that is gone there is no new schema.
        let (before, after) = (old.schema(&table.name), new.schema(&table.name));
        let Some(schema) = after.or(before) else { continue };
        let explaining = Explaining::new(schema, before, table.presence, &table.schema, moved);
        let own = own_sources(&table.changes, &explaining.source_columns);
        for change in &mut table.changes {
            let mut sources = own.get(&change.row_id).cloned().unwrap_or_default();
            sources.extend(evidence.sources(&change.table, &change.row_id, &change.column, change.op));
            explaining.explain(change, sources);
        }
    }
    Ok(())
}

/// What is needed to find the causes of changes in one table.
#[derive(Debug)]
pub struct Explaining<'a> {
    moved: &'a Moved,
    role: Role,
    is_sources: bool,
    /// Whether all columns are what they are by another schema, and which are.
    is_all_schema: bool,
    of_schema: BTreeSet<String>,
    /// Columns that name a source.
    pub source_columns: BTreeSet<String>,
}

impl<'a> Explaining<'a> {
    #[must_use]
    pub fn new(table: &TableSchema, before: Option<&TableSchema>, presence: Presence, schema: &[SchemaChange], moved: &'a Moved) -> Self {
        let is_of_values = |change: &&SchemaChange| !matches!(change.kind, Kind::ConstraintLoosened | Kind::ConstraintTightened);
        Self {
            moved,
            role: table.role,
            is_sources: table.name == SOURCES,
            is_all_schema: presence != Presence::Both || schema.iter().any(|change| change.kind == Kind::KeyChanged),
            of_schema: schema.iter().filter(is_of_values).map(|change| change.column.clone()).collect(),
            source_columns: source_columns(before, Some(table)),
        }
    }

    /// Finds the cause of a change; `sources` are those that say the cell.
    pub fn explain(&self, change: &mut Change, mut sources: BTreeSet<String>) {
        let moved = self.moved;
        if self.is_all_schema || self.of_schema.contains(&change.column) {
            change.cause = Cause::Schema;
            return;
        }
        if self.role == Role::Reference && moved.reference {
            change.cause = Cause::ReferenceChanged;
            return;
        }
        if self.is_sources {
            // What the registry says of a source is part of it, although no hash is kept of it.
            change.cause = moved.sources.get(&change.row_id).copied().unwrap_or(Cause::SourceChanged);
            change.source_id = Some(change.row_id.clone());
            return;
        }
        // A row that is derived whole may name its source in its id alone.
        if sources.is_empty() {
            sources.extend(change.row_id.split('/').filter(|part| moved.sources.contains_key(*part)).map(str::to_owned));
        }
        let mover = sources.iter().find_map(|source| moved.sources.get(source).map(|cause| (*cause, source.clone())));
        let (cause, source) = match mover {
            Some((cause, source)) => (cause, Some(source)),
            None => moved.indirect(),
        };
        change.cause = cause;
        change.source_id = source.or_else(|| if sources.len() == 1 { sources.pop_first() } else { None });
    }
}

/// Columns that name a source.
fn source_columns(old: Option<&TableSchema>, new: Option<&TableSchema>) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for schema in [old, new].into_iter().flatten() {
        columns.extend(schema.fields.iter().filter(|field| field.name == "source_id").map(|field| field.name.clone()));
        let to_sources = schema.foreign_keys.iter().filter(|key| key.reference.resource == SOURCES);
        columns.extend(to_sources.flat_map(|key| key.fields.iter().cloned()));
    }
    columns
}

/// The sources that changed rows name in a column of their own.
pub fn own_sources(changes: &[Change], columns: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut own: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for change in changes.iter().filter(|change| columns.contains(&change.column)) {
        let values = [&change.old, &change.new].into_iter().filter(|value| !value.is_empty());
        own.entry(change.row_id.clone()).or_default().extend(values.cloned());
    }
    own
}

/// The ids of rows that changed, by table.
type Affected<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Which sources say which cells, for the rows that changed.
#[derive(Debug, Default)]
struct Evidence {
    /// By table and row: column and source.
    rows: BTreeMap<(String, String), BTreeSet<(String, String)>>,
}

impl Evidence {
    fn read(&mut self, tables: &dyn Tables, affected: &Affected<'_>) -> Result<(), Error> {
        let Some(schema) = tables.schema("evidence") else { return Ok(()) };
        let positions = ["table", "row_id", "column", "source_id"].map(|column| schema.position_of(column));
        let [Some(table), Some(row_id), Some(column), Some(source)] = positions else { return Ok(()) };
        let mut rows = tables.open_columns(schema, &[table, row_id, column, source])?;
        while rows.advance()? {
            let text = |at: usize| rows.row()[at].as_text().unwrap_or_default();
            if affected.get(text(table)).is_some_and(|ids| ids.contains(text(row_id))) {
                let row = self.rows.entry((text(table).to_owned(), text(row_id).to_owned())).or_default();
                row.insert((text(column).to_owned(), text(source).to_owned()));
            }
        }
        Ok(())
    }

    /// The sources of a cell; those of its row where the cell has none or the row is new or gone.
    fn sources(&self, table: &str, row_id: &str, column: &str, op: Op) -> BTreeSet<String> {
        let Some(pieces) = self.rows.get(&(table.to_owned(), row_id.to_owned())) else { return BTreeSet::new() };
        let of_cell: BTreeSet<String> = pieces.iter().filter(|(of, _)| of == column).map(|(_, source)| source.clone()).collect();
        if op == Op::Modified && !of_cell.is_empty() { of_cell } else { pieces.iter().map(|(_, source)| source.clone()).collect() }
    }
}
