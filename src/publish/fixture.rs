//! Small tables for the unit tests of this stage.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::NaiveDate;

use super::release::{Outcome, Published, ReleaseContext, Step, release};
use super::{Bump, Digests};
use crate::error::Error;
use crate::model::dataset::{Dataset, Row, Table, compare};
use crate::model::rows::{EntrySorter, Shelf, Sorter, Ties};
use crate::model::settings::DatasetSettings;
use crate::model::{Cell, TableSchema};

/// A table of five columns, one a type.
pub fn meetings() -> TableSchema {
    table(
        r#"{"name": "meetings", "title": "Meetings", "description": "Meetings.", "position": 1, "role": "fact", "primaryKey": ["meeting_id"],
        "fields": [
          {"name": "meeting_id", "type": "string", "description": "Id.", "kind": "id", "origin": "assigned", "constraints": {"required": true}},
          {"name": "name", "type": "string", "description": "Name.", "kind": "name", "origin": "stated", "constraints": {"required": true}},
          {"name": "ordinal", "type": "integer", "description": "Which.", "kind": "count", "origin": "stated"},
          {"name": "day", "type": "date", "description": "Day.", "kind": "date", "origin": "stated"},
          {"name": "share", "type": "number", "description": "Share.", "kind": "number", "origin": "computed"}
        ]}"#,
    )
}

/// A table from the text of its schema.
pub fn table(text: &str) -> TableSchema {
    serde_json::from_str(text).unwrap()
}

/// Meetings in countries, with the tables that tell of sources, evidence, changes and tombstones.
pub fn schemas() -> Vec<TableSchema> {
    let column = |name: &str, required: bool, origin: &str| {
        format!(
            r#"{{"name": "{name}", "type": "string", "description": "A.", "kind": "text", "origin": "{origin}", "constraints": {{"required": {required}}}}}"#
        )
    };
    let simple = |name: &str, position: u32, role: &str, key: &str, columns: &[(&str, bool)]| {
        let fields: Vec<String> = columns.iter().map(|(column_name, required)| column(column_name, *required, "computed")).collect();
        table(&format!(
            r#"{{"name": "{name}", "title": "T", "description": "D.", "position": {position}, "role": "{role}", "primaryKey": {key}, "fields": [{}]}}"#,
            fields.join(", ")
        ))
    };
    let mut meetings = meetings();
    meetings.fields.push(serde_json::from_str(&column("iso3", false, "stated")).unwrap());
    meetings.foreign_keys = serde_json::from_str(r#"[{"fields": ["iso3"], "reference": {"resource": "countries", "fields": ["iso3"]}}]"#).unwrap();
    vec![
        meetings,
        simple("countries", 2, "reference", r#"["iso3"]"#, &[("iso3", true), ("name", true)]),
        simple(
            "sources",
            3,
            "provenance",
            r#"["source_id"]"#,
            &[("source_id", true), ("title", true), ("publisher", true), ("licence", true), ("path", true), ("sha256", true)],
        ),
        simple(
            "evidence",
            4,
            "provenance",
            r#"["table", "row_id", "column", "source_id"]"#,
            &[("table", true), ("row_id", true), ("column", true), ("source_id", true)],
        ),
        simple(
            "changes",
            5,
            "history",
            r#"["table", "row_id", "column"]"#,
            &[
                ("table", true),
                ("row_id", true),
                ("column", false),
                ("op", true),
                ("old", false),
                ("new", false),
                ("cause", true),
                ("source_id", false),
            ],
        ),
        simple("tombstones", 6, "history", r#"["table", "row_id"]"#, &[("table", true), ("row_id", true), ("last_version", true), ("reason", true)]),
    ]
}

pub fn row(values: &[&str]) -> Row {
    values.iter().map(|value| Cell::text(*value)).collect()
}

/// A meeting in a country.
pub fn meeting(id: &str, name: &str, ordinal: i64, iso3: &str) -> Row {
    vec![Cell::text(id), Cell::text(name), Cell::Integer(ordinal), Cell::Date("2014-10-15".parse().unwrap()), Cell::Null, Cell::text(iso3)]
}

/// Two meetings that one source states.
pub fn dataset() -> Dataset {
    let mut dataset = Dataset::default();
    *dataset.rows_mut("meetings") = vec![meeting("first", "First Meeting", 1, "LKA"), meeting("second", "Second, \"big\" Meeting", 2, "NPL")];
    *dataset.rows_mut("countries") = vec![row(&["LKA", "Sri Lanka"]), row(&["NPL", "Nepal"])];
    *dataset.rows_mut("sources") = vec![row(&["leaflet", "Leaflet", "Office", "CC0-1.0", "leaflet.txt", "aa"])];
    *dataset.rows_mut("evidence") = ["first", "second"].iter().map(|id| row(&["meetings", id, "name", "leaflet"])).collect();
    dataset
}

pub fn settings() -> DatasetSettings {
    DatasetSettings {
        records_left_out: 0.01,
        severity: Default::default(),
        name: "meetings".to_owned(),
        title: "Meetings".to_owned(),
        description: "Who met where.".to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        licence_url: "https://creativecommons.org/licenses/by/4.0/".to_owned(),
        publisher: "Office".to_owned(),
        keywords: vec!["meetings".to_owned()],
        base_url: None,
        attribution: Some("Office, Meetings".to_owned()),
    }
}

/// A folder of its own for a test, removed at its end.
pub struct TempFolder {
    path: PathBuf,
}

impl TempFolder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("rollcall-publish-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // In memory where that can be had: publishing waits for the disk at every file.
        let places = [PathBuf::from("/dev/shm"), std::env::temp_dir()].map(|place| place.join(&name));
        let path = places.into_iter().find(|path| std::fs::create_dir(path).is_ok()).unwrap();
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.path).unwrap();
    }
}

/// What a test publishes, with everything that it may turn.
pub struct Publisher {
    pub folder: TempFolder,
    pub schemas: Vec<TableSchema>,
    pub settings: DatasetSettings,
    pub digests: Digests,
    pub date: NaiveDate,
    pub bump: Option<Bump>,
    pub dry_run: bool,
}

impl Publisher {
    pub fn new() -> Self {
        Self {
            folder: TempFolder::new(),
            schemas: schemas(),
            settings: settings(),
            digests: Digests { program: "1".to_owned(), rules: "r".to_owned(), reference: "f".to_owned(), corrections: "c".to_owned() },
            date: "2026-01-02".parse().unwrap(),
            bump: None,
            dry_run: false,
        }
    }

    pub fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    pub fn release(&self, version: &str) -> PathBuf {
        self.output().join(version)
    }

    pub fn publish(&self, dataset: Dataset) -> Result<Outcome, Error> {
        self.publish_until(dataset, &|_| Ok(()))
    }

    pub fn publish_until(&self, dataset: Dataset, before: &dyn Fn(Step) -> Result<(), Error>) -> Result<Outcome, Error> {
        self.with_context(|context| release(dataset, &ReleaseContext { before, ..*context }))
    }

    pub fn with_context<T>(&self, with: impl FnOnce(&ReleaseContext<'_>) -> T) -> T {
        with(&ReleaseContext {
            output: &self.output(),
            schemas: &self.schemas,
            settings: &self.settings,
            date: self.date,
            bump: self.bump,
            dry_run: self.dry_run,
            digests: &self.digests,
            shelf: &MemoryShelf,
            lock_wait: Duration::ZERO,
            before: &|_| Ok(()),
        })
    }

    /// Publishes what must be a new release.
    pub fn published(&self, dataset: Dataset) -> Published {
        match self.publish(dataset).unwrap() {
            Outcome::Published(published) => published,
            other => panic!("{other:?}"),
        }
    }
}

/// All files below a folder with their bytes.
pub fn files(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    files
}

/// A shelf that has room for everything.
#[derive(Debug)]
pub struct MemoryShelf;

impl Shelf for MemoryShelf {
    fn sorter(&self, schema: &TableSchema, _: Ties) -> Box<dyn Sorter> {
        Box::new(MemorySorter { key: schema.key_positions(), rows: Vec::new() })
    }

    fn entries(&self) -> Box<dyn EntrySorter> {
        unimplemented!("publishing sorts no entries")
    }

    fn put(&self, _: &[u8]) -> Result<Option<u64>, Error> {
        Ok(None)
    }

    fn get(&self, _: u64, _: usize) -> Vec<u8> {
        Vec::new()
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

struct MemorySorter {
    key: Vec<usize>,
    rows: Vec<Row>,
}

impl Sorter for MemorySorter {
    fn push(&mut self, row: &Row) -> Result<(), Error> {
        self.rows.push(row.clone());
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Table, Error> {
        self.rows.sort_by(|a, b| compare(a, b, &self.key));
        Ok(Table::of(self.rows))
    }
}
