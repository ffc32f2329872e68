//! The texts of the project through all stages up to validation.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use corpus::{Corpus, findings, schemas};
use rollcall::findings::Report;
use rollcall::ingest::{RawFolder, documents};
use rollcall::model::dataset::Dataset;
use rollcall::model::record::to_batch;
use rollcall::model::source::{CoverageRow, SourceRow, SourceText};
use rollcall::pipeline::{Gazetteers, read};
use rollcall::{resolve, validate};

/// The data set of the texts in `raw/`, and what was reported.
fn publish_rows() -> (Corpus, Dataset, Vec<String>) {
    let schemas = schemas();
    let gazetteers = Gazetteers::new(&schemas);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("raw");
    let raw = RawFolder { folder: folder.clone(), fallback_registry: folder, ids_are_stems: false };
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
    let corpus = Corpus { schemas, sources, records };
    (corpus, dataset, findings(&report))
}

#[test]
fn a_union_of_27_and_one_of_28_are_both_right() {
    let (corpus, dataset, _) = publish_rows();
    let counts = corpus.table(&dataset, "stated_counts", &["subject_id", "group_id", "value", "as_of", "counted", "status"]);
    for expected in ["asia-eu-dialogue|european-union|28|2014-10-16|28|confirmed", "asia-eu-dialogue|european-union|27|2011-02-08|27|confirmed"] {
        assert!(counts.contains(&expected.to_owned()), "{counts:#?}");
    }
}

#[test]
fn nine_countries_of_destination_stand_against_ten() {
    let (corpus, dataset, _) = publish_rows();
    let conflicts = corpus.table(&dataset, "conflicts", &["source_a", "value_a", "source_b", "value_b", "kind"]);
    let expected = "global-migration-dialogues-slides|9|iom-labour-migration-factsheet|10 (derived: ARE BHR KOR KWT MYS OMN QAT SAU SGP YEM; groups expanded, less the members of colombo-process)|contradiction";
    assert!(conflicts.contains(&expected.to_owned()), "{conflicts:#?}");
}

#[test]
fn rows_of_real_texts_keep_their_schemas() {
    let (_, _, told) = publish_rows();
    let broken = ["row-invalid", "key-duplicate", "reference-dangling", "evidence-missing", "schema-pattern", "personal-data"];
    let told: Vec<&String> = told.iter().filter(|finding| broken.iter().any(|code| finding.contains(&format!("[{code}]")))).collect();
    assert_eq!(told, Vec::<&String>::new());
}
