//! The texts of the project through all stages up to validation.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use corpus::{findings, schemas};
use rollcall::findings::Report;
use rollcall::ingest::{RawFolder, documents};
use rollcall::model::record::to_batch;
use rollcall::model::source::{CoverageRow, SourceRow, SourceText};
use rollcall::pipeline::{Gazetteers, read};
use rollcall::{resolve, validate};

#[test]
fn dump() {
    let schemas = schemas();
    let gazetteers = Gazetteers::new(&schemas);
    let folder = std::env::var("RAW").map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("raw"), PathBuf::from);
    let raw = RawFolder { folder, fallback_registry: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("raw"), ids_are_stems: false };
    let mut report = Report::default();
    let documents = documents(&raw, &|_| "en".to_owned(), &mut report).expect("raw is readable");
    let mut records = BTreeMap::new();
    for document in &documents {
        let gazetteer = gazetteers.of("en").expect("a vocabulary");
        for (table, own) in read(document, gazetteer, &schemas, &mut report) {
            records.entry(table).or_insert_with(Vec::new).extend(own);
        }
    }
    let batches = records.iter().filter_map(|(table, records)| Some((table.clone(), to_batch(schemas.table(table)?, records).expect("a batch")?))).collect();
    let sources: Vec<SourceRow> = documents
        .iter()
        .map(|document| SourceRow {
            entry: document.entry.clone(),
            path: document.path.clone(),
            display_path: document.display_path.clone(),
            sha256: document.sha256.clone(),
            bytes: document.text.len() as u64,
            lines: document.line_count() as u64,
            withheld: 0,
        })
        .collect();
    let coverage: Vec<CoverageRow> = sources
        .iter()
        .map(|source| CoverageRow { source_id: source.id().to_owned(), bytes: source.bytes, read: source.bytes, ..CoverageRow::default() })
        .collect();
    let mut dataset = resolve::run(&batches, &sources, &coverage, &schemas, &mut report).expect("resolves");
    let texts: Vec<SourceText<'_>> = documents
        .iter()
        .map(|document| SourceText { source_id: document.id(), display_path: &document.display_path, text: &document.text })
        .collect();
    let against = validate::Against { schemas: &schemas, texts: &texts, withheld: &[], previous: None, today: NaiveDate::default() };
    validate::run(&mut dataset, &against, &mut report).expect("validates");
    for schema in &schemas.tables {
        let skip = ["countries", "groups", "group_members", "evidence", "sources", "coverage"].contains(&schema.name.as_str());
        println!("== {} {}", schema.name, dataset.rows(&schema.name).len());
        for row in dataset.rows(&schema.name).iter().filter(|_| !skip) {
            let cells: Vec<_> = row.iter().map(|cell| cell.spelling()).collect();
            println!("{}", cells.join("|"));
        }
    }
    println!("{}", findings(&report).join("\n"));
}
