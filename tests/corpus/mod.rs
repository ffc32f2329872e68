//! Small corpora for tests: records as extract and normalize would hand them over, without any text.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rollcall::findings::{Finding, Report};
use rollcall::ingest::schema_files;
use rollcall::model::Cell;
use rollcall::model::dataset::{Dataset, Row};
use rollcall::model::record::{Evidence, Record, to_batch};
use rollcall::model::record_table::{RecordBatches, RecordTable};
use rollcall::model::schemas::Schemas;
use rollcall::model::settings::SourceEntry;
use rollcall::model::source::{CoverageRow, SourceRow};
use rollcall::pipeline::Spill;
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
                    ("member_name", name.as_str().into()),
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
                let batch = to_batch(schema, records).expect("records make a batch")?;
                Some((table.clone(), Arc::new(RecordTable::of(schema, &batch).expect("the batch is one of records"))))
            })
            .collect();
        let coverage: Vec<CoverageRow> = self
            .sources
            .iter()
            .map(|source| CoverageRow { source_id: source.id().to_owned(), bytes: 1000, read: 900, blank: 100, ..CoverageRow::default() })
            .collect();
        let input = resolve::Input { records: &RecordBatches::of(batches), sources: &self.sources, coverage: &coverage, texts: &[] };
        let dataset = resolve::run(input, &self.schemas, &Spill::none(), &mut report).expect("resolve runs");
        (dataset, report)
    }

    /// The cells of some columns of a row as spelt.
    pub fn cells(&self, table: &str, row: &Row, columns: &[&str]) -> Vec<String> {
        let schema = self.schemas.table(table).expect(table);
        columns
            .iter()
            .map(|column| row[schema.position_of(column).unwrap_or_else(|| panic!("{table} has no {column}"))].spelling().into_owned())
            .collect()
    }

    /// Some columns of all rows of a table as spelt, joined by a bar.
    pub fn table(&self, dataset: &Dataset, table: &str, columns: &[&str]) -> Vec<String> {
        dataset.rows(table).iter().map(|row| self.cells(table, row, columns).join("|")).collect()
    }
}

pub const UNION: [&str; 28] = [
    "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD",
    "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "GBR",
];
pub const PROCESS: [&str; 11] = ["AFG", "BGD", "CHN", "IND", "IDN", "NPL", "PAK", "PHL", "LKA", "THA", "VNM"];

pub fn text(value: &str) -> Cell {
    Cell::text(value)
}

pub fn count(corpus: &mut Corpus, source: &str, line: u32, dialogue: &str, value: i64, group: &str, beside: &str) {
    let id = corpus.dialogue_id(dialogue);
    let cells = [
        ("dialogue", text(dialogue)),
        ("dialogue_id", id),
        ("role", text("member")),
        ("party", text("state")),
        ("value", Cell::Integer(value)),
        ("group_id", text(group)),
        ("beside_group_id", text(beside)),
    ];
    let given: Vec<(&str, Cell)> = cells.into_iter().filter(|(_, cell)| !cell.is_null()).collect();
    corpus.record(source, "stated_counts", line, &given);
}

pub fn group_member(corpus: &mut Corpus, source: &str, line: u32, dialogue: &str, name: &str, group: &str) {
    let id = corpus.dialogue_id(dialogue);
    corpus.record(
        source,
        "memberships",
        line,
        &[
            ("dialogue", text(dialogue)),
            ("dialogue_id", id),
            ("member_name", text(name)),
            ("party", text("group")),
            ("member_group_id", text(group)),
            ("role", text("member")),
        ],
    );
}

pub fn meeting(corpus: &mut Corpus, source: &str, line: u32, dialogue: &str, cells: &[(&str, Cell)]) {
    let mut all = vec![("dialogue", text(dialogue)), ("dialogue_id", corpus.dialogue_id(dialogue))];
    all.extend(cells.iter().cloned());
    corpus.record(source, "meetings", line, &all);
}

/// A fact sheet with a list, slides of another year, and an undated leaflet.
pub fn three_sources(ids: [&str; 3]) -> Corpus {
    let [factsheet, slides, leaflet] = ids;
    let mut corpus = Corpus::new();
    corpus.source(factsheet, "2014-10-16").source(slides, "2013-11-26").source(leaflet, "");
    let long = "Asia – EU Dialogue on Labour Migration";
    let members: Vec<&str> = UNION.iter().chain(&PROCESS).copied().collect();
    corpus.states(factsheet, 40, long, "member", &members);
    count(&mut corpus, factsheet, 30, long, 39, "", "");
    count(&mut corpus, factsheet, 30, long, 28, "european-union", "");
    count(&mut corpus, factsheet, 30, long, 11, "colombo-process", "");
    corpus.states(factsheet, 82, long, "observer", &["BHR", "KWT", "MYS", "QAT", "KOR", "SAU", "ARE"]);
    for (at, name) in ["ADB", "ASEAN", "GCC", "DFID", "European Commission", "ILO", "IOM", "UN Women", "World Bank"].into_iter().enumerate() {
        let cells = [
            ("dialogue", text(long)),
            ("dialogue_id", text("asia-eu-dialogue")),
            ("member_name", text(name)),
            ("party", text("organisation")),
            ("role", text("observer")),
        ];
        corpus.record(factsheet, "memberships", 92 + at as u32, &cells);
    }
    corpus.record(
        factsheet,
        "dialogues",
        4,
        &[("name", text(long)), ("dialogue_id", text("asia-eu-dialogue")), ("established_year", Cell::Integer(2008)), ("secretariat", text("IOM"))],
    );
    corpus.record(
        factsheet,
        "organizations",
        24,
        &[("name", text("International Organization for Migration")), ("organization_id", text("iom")), ("acronym", text("IOM"))],
    );
    meeting(
        &mut corpus,
        factsheet,
        110,
        long,
        &[
            ("name", text("Second Asia – EU Dialogue on Labour Migration")),
            ("ordinal", Cell::Integer(2)),
            ("start_date", text("2011-02-08")),
            ("end_date", text("2011-02-09")),
            ("date_precision", text("day")),
            ("date_text", text("08 – 09 February, 2011")),
            ("city", text("Brussels")),
            ("iso3", text("BEL")),
        ],
    );
    let short = "Asia-EU Dialogue";
    group_member(&mut corpus, slides, 221, short, "Colombo Process", "colombo-process");
    group_member(&mut corpus, slides, 221, short, "EU27", "european-union");
    count(&mut corpus, slides, 221, short, 27, "european-union", "");
    meeting(&mut corpus, slides, 225, short, &[("name", text("2nd Asia-EU Dialogue")), ("ordinal", Cell::Integer(2))]);
    let other = "Abu Dhabi Dialogue";
    group_member(&mut corpus, slides, 206, other, "Colombo Process", "colombo-process");
    count(&mut corpus, slides, 206, other, 9, "", "colombo-process");
    group_member(&mut corpus, leaflet, 313, other, "Colombo Process States", "colombo-process");
    group_member(&mut corpus, leaflet, 314, other, "Gulf Cooperation Council States", "gulf-cooperation-council");
    corpus.states(leaflet, 315, other, "member", &["YEM", "KOR", "MYS", "SGP"]);
    corpus.states(leaflet, 311, other, "host", &["ARE"]);
    corpus
}
