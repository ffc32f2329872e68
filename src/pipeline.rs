//! Pipeline: the stages in order. The only module that knows it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::error::Error;
use crate::extract::IgnoredLine;
use crate::findings::{Finding, Place, Report, code};
use crate::model::dataset::Dataset;
use crate::model::document::Document;
use crate::model::gazetteer::Gazetteer;
use crate::model::record::{self, Record};
use crate::model::reference::CountryName;
use crate::model::schemas::{Schemas, parse_toml};
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::publish::{Bump, Digests, Outcome, ReleaseContext};
use crate::{clean, extract, ingest, normalize, publish, resolve, segment, validate};

/// Where a project keeps its things.
#[derive(Clone, Debug)]
pub struct Project {
    pub raw: PathBuf,
    /// The folder whose registry applies where `raw` has none.
    pub own_raw: PathBuf,
    pub schemas: PathBuf,
    pub output: PathBuf,
}

/// Tells what a stage has done: its name and a line of counts.
pub type Progress<'a> = &'a (dyn Fn(&str, &str) + Sync);

/// One gazetteer a language.
#[derive(Debug)]
pub struct Gazetteers {
    by_language: BTreeMap<String, Gazetteer>,
    fallback: String,
}

impl Gazetteers {
    /// Builds the gazetteers of the vocabularies that the documents need.
    #[must_use]
    pub fn new(schemas: &Schemas, documents: &[Document]) -> Self {
        let fallback = schemas.vocabularies.first().map_or_else(String::new, |vocabulary| vocabulary.code.clone());
        let has_vocabulary = |language: &str| schemas.vocabularies.iter().any(|vocabulary| vocabulary.code == language);
        let needed = |code: &str| {
            documents.iter().any(|document| {
                let language = document.entry.language.as_str();
                language == code || (code == fallback && !has_vocabulary(language))
            })
        };
        let needed: Vec<_> = schemas.vocabularies.iter().filter(|vocabulary| needed(&vocabulary.code)).collect();
        let build = |vocabulary: &&crate::model::vocabulary::Vocabulary| {
            let names = country_names(schemas, &vocabulary.code);
            (vocabulary.code.clone(), Gazetteer::new(&schemas.reference, vocabulary, &names))
        };
        Self { by_language: needed.par_iter().map(build).collect(), fallback }
    }

    /// The gazetteer for a language; that of the first vocabulary where the language has none.
    #[must_use]
    pub fn of(&self, language: &str) -> Option<&Gazetteer> {
        self.by_language.get(language).or_else(|| self.by_language.get(&self.fallback))
    }
}

/// The names of countries that texts of a language can use.
fn country_names<'a>(schemas: &'a Schemas, language: &str) -> Vec<&'a CountryName> {
    let names = &schemas.reference.country_names;
    // A name is listed once, under the first of its languages: every name in the Latin script counts.
    let is_latin = |name: &CountryName| name.key.is_ascii() || name.language == language;
    names.iter().filter(|name| name.kind != "ambiguous" && is_latin(name)).collect()
}

/// What one document states.
#[derive(Debug)]
struct Reading {
    records: BTreeMap<String, Vec<Record>>,
    coverage: CoverageRow,
    withheld: u64,
    report: Report,
}

/// What all documents state: the boundary between the two halves.
#[derive(Debug)]
pub struct FirstHalf {
    pub documents: Vec<Document>,
    /// One batch of records a table.
    pub batches: BTreeMap<String, RecordBatch>,
    pub sources: Vec<SourceRow>,
    pub coverage: Vec<CoverageRow>,
}

/// Reads and parses the schemas.
///
/// # Errors
/// `Refused` where something in them is wrong, which is then in the report.
pub fn schemas(project: &Project, report: &mut Report) -> Result<Schemas, Error> {
    let files = ingest::schema_files(&project.schemas, report)?;
    let schemas = Schemas::parse(files, report);
    refuse_errors(report)?;
    schemas.ok_or(Error::Refused { errors: 1 })
}

fn refuse_errors(report: &Report) -> Result<(), Error> {
    match report.count(crate::findings::Severity::Error) {
        0 => Ok(()),
        errors => Err(Error::Refused { errors }),
    }
}

/// The first half over a folder of sources: ingest, clean, segment, extract, normalize.
///
/// # Errors
/// `Io` where a file cannot be read. What is wrong with a source is in the report.
pub fn first_half(project: &Project, schemas: &Schemas, ids_are_stems: bool, progress: Progress<'_>, report: &mut Report) -> Result<FirstHalf, Error> {
    let raw = ingest::RawFolder { folder: project.raw.clone(), fallback_registry: project.own_raw.clone(), ids_are_stems };
    let documents = ingest::documents(&raw, &|text| language_of(schemas, text), report)?;
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    progress("ingest", &format!("{} sources, {bytes} bytes", documents.len()));
    let gazetteers = Gazetteers::new(schemas, &documents);
    let ignored = ignored_lines(schemas, report);
    let readings: Vec<Option<Reading>> = documents.par_iter().map(|document| Some(read(document, gazetteers.of(&document.entry.language)?, schemas, &ignored))).collect();
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let (mut sources, mut coverage) = (Vec::new(), Vec::new());
    for (document, reading) in documents.iter().zip(readings) {
        let Some(reading) = reading else { continue };
        report.extend(reading.report);
        sources.push(source_row(document, reading.withheld));
        coverage.push(reading.coverage);
        for (table, of_table) in reading.records {
            records.entry(table).or_default().extend(of_table);
        }
    }
    progress("extract", &extract_line(&records, &coverage));
    let mut batches = BTreeMap::new();
    for schema in &schemas.tables {
        let of_table = records.remove(&schema.name).unwrap_or_default();
        let batch = record::to_batch(schema, &of_table).map_err(|error| Error::Fault(error.to_string()))?;
        batches.extend(batch.map(|batch| (schema.name.clone(), batch)));
    }
    Ok(FirstHalf { documents, batches, sources, coverage })
}

fn extract_line(records: &BTreeMap<String, Vec<Record>>, coverage: &[CoverageRow]) -> String {
    let sum = |of: fn(&CoverageRow) -> u64| coverage.iter().map(of).sum::<u64>();
    let count: usize = records.values().map(Vec::len).sum();
    let (read, no_fact, ignored, unread, blank) = (sum(|row| row.read), sum(|row| row.no_fact), sum(|row| row.ignored), sum(|row| row.unread), sum(|row| row.blank));
    format!("{count} records; bytes: {read} read, {no_fact} without a fact, {ignored} ignored, {unread} unread, {blank} blank")
}

/// The language of a text that has no entry in the registry: the one of whose frequent words it has most.
fn language_of(schemas: &Schemas, text: &str) -> String {
    let familiar = schemas.vocabularies.iter().rev().max_by_key(|vocabulary| vocabulary.familiarity(text));
    familiar.map_or_else(String::new, |vocabulary| vocabulary.code.clone())
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoredFile {
    #[serde(default)]
    line: Vec<IgnoredLine>,
}

fn ignored_lines(schemas: &Schemas, report: &mut Report) -> Vec<IgnoredLine> {
    parse_toml::<IgnoredFile>(&schemas.files, "ignored.toml", report).map_or_else(Vec::new, |file| file.line)
}

/// The first half for one document: a pure function of the document and the schemas.
fn read(document: &Document, gazetteer: &Gazetteer, schemas: &Schemas, ignored: &[IgnoredLine]) -> Reading {
    let mut report = Report::default();
    let clean = clean::run(&document.text, gazetteer);
    let blocks = segment::run(&clean, gazetteer);
    let mut drafts = extract::run(document, &blocks, gazetteer, &schemas.reference, &mut report);
    let coverage = extract::audit(document, &blocks, &drafts, ignored, &mut report);
    let context = normalize::Context { document, map: &blocks.map, gazetteer, schemas };
    normalize::run(&mut drafts, &context, &mut report);
    let withheld = drafts.iter().filter(|draft| draft.withheld).count() as u64;
    if withheld > 0 {
        let message = format!("{withheld} personal values were found and withheld");
        report.push(Finding::new(code::PERSONAL_WITHHELD, Place::file(&document.display_path), message));
    }
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for draft in drafts {
        if let Some(schema) = schemas.table(draft.table) {
            let of_table = records.entry(schema.name.clone()).or_default();
            let record = Record::seal(draft, of_table.len() as u32, schema, document, &blocks.map);
            of_table.push(record);
        }
    }
    Reading { records, coverage, withheld, report }
}

fn source_row(document: &Document, withheld: u64) -> SourceRow {
    SourceRow {
        entry: document.entry.clone(),
        path: document.path.clone(),
        display_path: document.display_path.clone(),
        sha256: document.sha256.clone(),
        bytes: document.text.len() as u64,
        lines: document.line_count() as u64,
        withheld,
    }
}

/// How a release is to be made.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseOptions {
    pub date: NaiveDate,
    pub bump: Option<Bump>,
    pub dry_run: bool,
    pub lock_wait: Duration,
}

/// All stages. What was found is in the report; an error-severity finding stops the run before anything is written.
///
/// # Errors
/// `Refused` where the report has errors; `Usage`, `Store` and `Io` as [`publish::release`] says.
pub fn run(project: &Project, options: &ReleaseOptions, progress: Progress<'_>, report: &mut Report) -> Result<Outcome, Error> {
    let schemas = schemas(project, report)?;
    let half = first_half(project, &schemas, false, progress, report)?;
    refuse_errors(report)?;
    let dataset = second_half(&half, &schemas, options.date, progress, report)?;
    refuse_errors(report)?;
    let files = &schemas.files;
    let digests = Digests {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: files.digest(|path| path.starts_with("vocabulary/") || path == "ignored.toml"),
        reference: files.digest(|path| path.starts_with("reference/")),
        corrections: files.digest(|path| path == "corrections.toml"),
    };
    let context = ReleaseContext {
        output: &project.output,
        schemas: &schemas.tables,
        settings: &schemas.settings,
        date: options.date,
        bump: options.bump,
        dry_run: options.dry_run,
        digests: &digests,
        lock_wait: options.lock_wait,
        before: &|_| Ok(()),
    };
    publish::release(dataset, &context)
}

/// The second half but for the writing: resolve and validate.
fn second_half(half: &FirstHalf, schemas: &Schemas, today: NaiveDate, progress: Progress<'_>, report: &mut Report) -> Result<Dataset, Error> {
    let mut dataset = resolve::run(&half.batches, &half.sources, &half.coverage, schemas, report)?;
    dataset.sort(&schemas.tables);
    let rows: usize = dataset.tables.values().map(|table| table.rows.len()).sum();
    progress("resolve", &format!("{rows} rows, {} conflicts", dataset.rows("conflicts").len()));
    let texts: Vec<SourceText<'_>> =
        half.documents.iter().map(|document| SourceText { source_id: document.id(), display_path: &document.display_path, text: &document.text }).collect();
    let withheld = resolve::withheld_values(&half.batches, schemas)?;
    validate::run(&mut dataset, &validate::Against { schemas, texts: &texts, withheld: &withheld, previous: None, today }, report)?;
    let outcome = schemas.table("checks").and_then(|table| table.position_of("outcome"));
    let passed = dataset.rows("checks").iter().filter(|row| outcome.is_some_and(|at| row[at].as_text() == Some("passed"))).count();
    progress("validate", &format!("{passed} of {} checks passed", dataset.rows("checks").len()));
    Ok(dataset)
}
