//! The first half over a text, stage by stage, as property tests need it.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rollcall::findings::Report;
use rollcall::ingest::schema_files;
use rollcall::model::document::{Document, Format};
use rollcall::model::gazetteer::Gazetteer;
use rollcall::model::reference::Reference;
use rollcall::model::schemas::Schemas;
use rollcall::model::settings::SourceEntry;
use rollcall::model::text::{Blocks, CleanText};
use rollcall::normalize::country::Normalizer;
use rollcall::pipeline::Gazetteers;
use rollcall::{clean, extract, normalize, segment};

/// What never changes between cases: the schemas of the project and the gazetteer of its first language.
struct Knowledge {
    schemas: &'static Schemas,
    gazetteers: Gazetteers<'static>,
    countries: &'static Normalizer,
}

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let mut report = Report::default();
        let files = schema_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas")), &mut report).unwrap();
        let schemas = Schemas::parse(files, &mut report).unwrap();
        let mut countries = Normalizer::built_in();
        // As in the pipeline: in running text a code is no name.
        countries.codes = false;
        // For as long as the test runs.
        let (schemas, countries): (&Schemas, &Normalizer) = (Box::leak(Box::new(schemas)), Box::leak(Box::new(countries)));
        let gazetteers = Gazetteers::new(schemas, countries);
        Knowledge { schemas, gazetteers, countries }
    })
}

pub fn gazetteer() -> &'static Gazetteer {
    knowledge().gazetteers.of("en").unwrap()
}

pub fn reference() -> &'static Reference {
    &knowledge().schemas.reference
}

pub fn document(text: &str) -> Document {
    document_at("text.txt", text)
}

fn document_at(path: &str, text: &str) -> Document {
    let entry = SourceEntry {
        id: "text".to_owned(),
        title: "A text".to_owned(),
        publisher: "A publisher".to_owned(),
        published: None,
        as_of: None,
        language: "en".to_owned(),
        licence: "CC0-1.0".to_owned(),
        url: None,
        transcript: false,
        original_sha256: None,
        note: None,
    };
    Document::new(entry, path.to_owned(), format!("raw/{path}"), "0".repeat(64), text.to_owned())
}

pub fn clean_text(text: &str) -> CleanText {
    clean::run(text, Format::Text, gazetteer())
}

pub fn blocks(text: &str) -> Blocks {
    segment::run(&clean_text(text), gazetteer())
}

/// The blocks of a page of HTML.
pub fn html_blocks(page: &str) -> Blocks {
    segment::run(&clean::run(page, Format::Html, gazetteer()), gazetteer())
}

/// The records of a text without their places: table, and columns with their values, in an order of their own.
///
/// Every span of every value is checked on the way: it lies in the joined text, and maps into the file.
pub fn rows(text: &str) -> Vec<String> {
    rows_of(&document(text), &blocks(text))
}

/// The records of a page of HTML, as [`rows`] gives those of a text.
pub fn rows_of_html(page: &str) -> Vec<String> {
    rows_of(&document_at("page.html", page), &html_blocks(page))
}

fn rows_of(document: &Document, blocks: &Blocks) -> Vec<String> {
    let Knowledge { schemas, countries, .. } = knowledge();
    let mut report = Report::default();
    let mut extracted = extract::run(document, blocks, gazetteer(), &schemas.reference, false, &mut report);
    let coverage = extract::audit(document, blocks, &extracted, &[], &mut report).coverage;
    let drafts = &mut extracted.drafts;
    assert_eq!(coverage.bytes, coverage.read + coverage.no_fact + coverage.ignored + coverage.unread + coverage.blank);
    let context = normalize::Context { document, map: &blocks.map, gazetteer: gazetteer(), countries, schemas };
    normalize::run(drafts, &context, &mut report);
    let mut rows: Vec<String> = Vec::new();
    for draft in drafts.iter() {
        for span in draft.cells.iter().flat_map(|cell| cell.spans.iter()) {
            assert!(span.range().end <= blocks.text.len() && blocks.text.get(span.range()).is_some(), "{span:?} of {}", draft.table);
            let file = blocks.map.to_file(*span).range();
            assert!(document.text.get(file.clone()).is_some(), "{file:?} of {}", draft.table);
        }
        let mut cells: Vec<String> = draft.cells.iter().map(|cell| format!("{}={}", cell.column, cell.value.spelling())).collect();
        cells.sort();
        rows.push(format!("{}: {}", draft.table, cells.join("; ")));
    }
    rows.sort();
    rows
}

/// So many cases of a law, the same in every run; PROPTEST_CASES and PROPTEST_RNG_SEED look further.
pub fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { cases };
    let rng_seed = if std::env::var_os("PROPTEST_RNG_SEED").is_some() { given.rng_seed } else { RngSeed::Fixed(20_141_015) };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..given }
}

/// Names of states as they stand in lists.
pub const STATES: &[&str] = &[
    "Nepal",
    "Sri Lanka",
    "Viet Nam",
    "Republic of Korea",
    "United Arab Emirates",
    "Bosnia and Herzegovina",
    "Kyrgyzstan",
    "Côte d’Ivoire",
    "Oman",
    "Niger",
    "Nigeria",
    "Guinea",
    "Papua New Guinea",
    "Timor-Leste",
    "Lebanon",
    "Chad",
    "Trinidad and Tobago",
    "Dominican Republic",
    "Dominica",
    "Germany",
];

/// Some states, in some order, each once.
pub fn states() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(STATES.to_vec(), 2..10).prop_shuffle()
}

/// A dialogue with a list of its members under a heading.
pub fn list(bullet: &str, states: &[&str]) -> String {
    let items: String = states.iter().map(|state| format!("{bullet}{state}\n")).collect();
    format!("Harbour Dialogue on Migration\n\nMember States\n\n{items}")
}

/// Text that is not a text: pieces of the genre, damage of every kind and letters of any script, in any order.
pub fn arbitrary_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "Member States", "Observer States and Organizations", "(39 Member States, 28 EU Member States", "Meetings", "Contact Information", "Chair:", "hosted by", "brings together",
            "Third Dialogue on Migration", "the Colombo Process", "International Organization for Migration (IOM)", "Nepal", "Sri Lanka", "EU27", "15 – 16 October, 2014", "from September to November 2014",
            "Q3 2016", "12/02/2015", "30 February 2011", "nine", "86 million", "Tel: +66 2 343 94 00", "office@example.org", "http://www.example.", "org/a", "migra", "tion", "(Photo:", "Page 3 of 9",
            "Established:", "2008", "99999999999999999999", "0", "and", "of the", "IV", "1st",
        ]).prop_map(str::to_owned),
        4 => proptest::sample::select(vec!["\n", "\n\n", " ", " ", "  • ", "\n• ", "\n1. ", "\na) ", "\n- ", ", ", "; ", ": ", " | ", "\t", "(", ")", "\u{c}", "\r\n", "\r", "\u{ad}", "\u{a0}", "\u{feff}", "\u{fffd}", "\u{200b}", "ﬁ", "\u{f0b7}", "“", "²", "*", "–", "-\n"]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "\\PC{0,12}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}
