//! The texts of the project through all stages up to validation.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use corpus::{Corpus, findings, schemas};
use rollcall::findings::Report;
use rollcall::model::dataset::Dataset;
use rollcall::model::source::SourceText;
use rollcall::pipeline::{Mode, Project, Spill, first_half};
use rollcall::resolve;
use rollcall::validate::{self, Against};

/// The data set of the texts in `raw/`, and what was reported.
fn data_set() -> (Corpus, Dataset, Vec<String>) {
    let schemas = schemas();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let project = Project {
        raw: root.join("raw"),
        records: None,
        own_raw: root.join("raw"),
        schemas: root.join("schemas"),
        output: root.join("output"),
        cache: None,
        spill: Spill::none(),
    };
    let mut report = Report::default();
    let half = first_half(&project, &schemas, Mode::default(), &|_, _| {}, &mut report).expect("raw is readable");
    let texts: Vec<SourceText<'_>> = half.documents.iter().map(|document| document.source_text(&project.spill)).collect();
    let input = resolve::Input { records: &half.records, sources: &half.sources, coverage: &half.coverage, texts: &texts };
    let mut dataset = resolve::run(input, &schemas, &project.spill, &mut report).expect("resolves");
    let withheld = resolve::withheld_values(&half.records, &schemas, &project.spill).expect("records are at hand");
    let against = Against { schemas: &schemas, texts: &texts, withheld: &withheld, previous: None, today: NaiveDate::default() };
    validate::run(&mut dataset, &against, &mut report).expect("validates");
    let corpus = Corpus { schemas, sources: half.sources, records: BTreeMap::new() };
    (corpus, dataset, findings(&report))
}

#[test]
fn a_union_of_27_and_one_of_28_are_both_right() {
    let (corpus, dataset, _) = data_set();
    let counts = corpus.table(&dataset, "stated_counts", &["subject_id", "group_id", "value", "as_of", "counted", "status"]);
    for expected in ["asia-eu-dialogue|european-union|28|2014-10-16|28|confirmed", "asia-eu-dialogue|european-union|27|2011-02-08|27|confirmed"] {
        assert!(counts.contains(&expected.to_owned()), "{counts:#?}");
    }
}

#[test]
fn nine_countries_of_destination_stand_against_ten() {
    let (corpus, dataset, _) = data_set();
    let conflicts = corpus.table(&dataset, "conflicts", &["source_a", "value_a", "source_b", "value_b", "kind"]);
    let expected = "global-migration-dialogues-slides|9|iom-labour-migration-factsheet|10 (derived: ARE BHR KOR KWT MYS OMN QAT SAU SGP YEM; groups expanded, less the members of colombo-process)|contradiction";
    assert!(conflicts.contains(&expected.to_owned()), "{conflicts:#?}");
}

#[test]
fn rows_of_real_texts_keep_their_schemas() {
    let (_, _, told) = data_set();
    let broken = ["row-invalid", "key-duplicate", "reference-dangling", "evidence-missing", "schema-pattern", "personal-data"];
    let told: Vec<&String> = told.iter().filter(|finding| broken.iter().any(|code| finding.contains(&format!("[{code}]")))).collect();
    assert_eq!(told, Vec::<&String>::new());
}
