//! Small corpora for tests: records as extract and normalize would hand them over, without any text.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;

use rollcall::findings::{Finding, Report};
use rollcall::ingest::schema_files;
use rollcall::model::dataset::{Dataset, Row};
use rollcall::model::record::{Evidence, Record, to_batch};
use rollcall::model::schemas::Schemas;
use rollcall::model::settings::SourceEntry;
use rollcall::model::source::{CoverageRow, SourceRow};
use rollcall::model::Cell;
use rollcall::resolve;

/// The schemas of the project.
pub fn schemas() -> Schemas {
    let mut report = Report::default();
    let files = schema_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas")), &mut report).expect("schemas/ is readable");
    let schemas = Schemas::parse(files, &mut report);
    assert!(!report.has_errors(), "{}", findings(&report).join("\n"));
    schemas.expect("schemas/ is sound")
}

pub fn findings(report: &Report) -> Vec<String> {
    report.sorted().into_iter().map(Finding::to_string).collect()
}

/// Records of several sources.
#[derive(Clone)]
pub struct Corpus {
    pub schemas: Schemas,
    pub sources: Vec<SourceRow>,
    pub records: BTreeMap<String, Vec<Record>>,
}

impl Corpus {
    pub fn new() -> Self {
        Self { schemas: schemas(), sources: Vec::new(), records: BTreeMap::new() }
    }

    /// Adds a source; `as_of` may be empty.
    pub fn source(&mut self, id: &str, as_of: &str) -> &mut Self {
        let entry = SourceEntry {
            id: id.to_owned(),
            title: format!("Title of {id}"),
            publisher: "Publisher".to_owned(),
            published: None,
            as_of: (!as_of.is_empty()).then(|| as_of.to_owned()),
            language: "en".to_owned(),
            licence: "CC0-1.0".to_owned(),
            url: None,
            transcript: false,
            original_sha256: None,
            note: None,
        };
        self.sources.push(SourceRow {
            entry,
            path: format!("{id}.txt"),
            display_path: format!("raw/{id}.txt"),
            sha256: "0".repeat(64),
            bytes: 1000,
            lines: 100,
            withheld: 0,
        });
        self
    }

    /// Adds a record on a line, with evidence for each of its cells.
    pub fn record(&mut self, source: &str, table: &str, line: u32, cells: &[(&str, Cell)]) -> &mut Self {
        let schema = self.schemas.table(table).expect(table);
        let fields = &schema.record.as_ref().expect("the table has records").fields;
        let mut values = vec![Cell::Null; fields.len()];
        let mut evidence = Vec::new();
        for (at, (column, cell)) in cells.iter().enumerate() {
            let position = fields.iter().position(|field| field.name == *column).unwrap_or_else(|| panic!("{table} has no {column}"));
            values[position] = cell.clone();
            let byte_start = line * 100 + at as u32;
            evidence.push(Evidence {
                column: (*column).to_owned(),
                line_start: line,
                line_end: line,
                byte_start,
                byte_end: byte_start + 1,
                quote: cell.spelling().into_owned(),
                quote_sha256: "0".repeat(64),
            });
        }
        evidence.sort();
        let own = self.records.entry(table.to_owned()).or_default();
        let seq = own.iter().filter(|record| record.source_id == source).count() as u32;
        own.push(Record { source_id: source.to_owned(), seq, rule: "test/rule".to_owned(), line, withheld: false, cells: values, evidence });
        self
    }

    /// States in a role of a dialogue, one a line.
    pub fn states(&mut self, source: &str, line: u32, dialogue: &str, role: &str, states: &[&str]) -> &mut Self {
        for (at, iso3) in states.iter().enumerate() {
            let name = self.schemas.reference.country(iso3).expect(iso3).name.clone();
            self.record(
                source,
                "memberships",
                line + at as u32,
                &[
                    ("dialogue", dialogue.into()),
                    ("dialogue_id", self.dialogue_id(dialogue)),
                    ("member_name", name.into()),
                    ("party", "state".into()),
                    ("iso3", (*iso3).into()),
                    ("role", role.into()),
                ],
            );
        }
        self
    }

    /// What normalize would know of a dialogue.
    pub fn dialogue_id(&self, name: &str) -> Cell {
        let known = self.schemas.reference.dialogues.iter().find(|row| row.name == name || row.other_names.iter().any(|other| other == name));
        known.map_or(Cell::Null, |row| row.dialogue_id.as_str().into())
    }

    pub fn resolve(&self) -> (Dataset, Report) {
        let mut report = Report::default();
        let batches = self
            .records
            .iter()
            .filter_map(|(table, records)| {
                let schema = self.schemas.table(table).expect(table);
                to_batch(schema, records).expect("records make a batch").map(|batch| (table.clone(), batch))
            })
            .collect();
        let coverage: Vec<CoverageRow> = self
            .sources
            .iter()
            .map(|source| CoverageRow { source_id: source.id().to_owned(), bytes: 1000, read: 900, blank: 100, ..CoverageRow::default() })
            .collect();
        let dataset = resolve::run(&batches, &self.sources, &coverage, &self.schemas, &mut report).expect("resolve runs");
        (dataset, report)
    }

    /// The cells of some columns of a row as spelt.
    pub fn cells(&self, table: &str, row: &Row, columns: &[&str]) -> Vec<String> {
        let schema = self.schemas.table(table).expect(table);
        columns.iter().map(|column| row[schema.position_of(column).unwrap_or_else(|| panic!("{table} has no {column}"))].spelling().into_owned()).collect()
    }

    /// Some columns of all rows of a table as spelt, joined by a bar.
    pub fn table(&self, dataset: &Dataset, table: &str, columns: &[&str]) -> Vec<String> {
        dataset.rows(table).iter().map(|row| self.cells(table, row, columns).join("|")).collect()
    }
}
