//! Pipeline: the stages in order. The only module that knows it.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::model::reference::{ALIASES, Alias, CountryName, Reference};
use crate::model::schemas::{SchemaFiles, Schemas, parse_toml};
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::normalize::country::{self, Normalizer, Sources};
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
    let words: BTreeSet<&str> =
        schemas.reference.country_words.iter().filter(|word| word.language == language).map(|word| word.key.as_str()).collect();
    let is_word = |name: &CountryName| name.language != language && words.contains(name.key.as_str());
    names.iter().filter(|name| name.kind != "ambiguous" && is_latin(name) && !is_word(name)).collect()
}

/// What one document states.
#[derive(Debug)]
struct Reading {
    records: BTreeMap<String, Vec<Record>>,
    coverage: CoverageRow,
    withheld: u64,
    /// The rows of `aliases.csv` that resolved a name.
    aliases: BTreeSet<usize>,
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
    parse_toml::<IgnoredFile>(&files, "ignored.toml", report);
    let schemas = Schemas::parse(files, report);
    refuse_errors(report)?;
    if let Some(schemas) = &schemas {
        report.set_severities(&schemas.settings.severity);
    }
    schemas.ok_or(Error::Refused { errors: 1 })
}

/// The normalizer of country names: that of the program, or one made of the project's own tables where those differ; the
/// project's aliases on top. Reads no other schemas, so that the command that only normalizes starts at once.
///
/// # Errors
/// `Io` where a file cannot be read, `Refused` where the tables contradict themselves, which is then in the report.
pub fn countries(project: &Project, report: &mut Report) -> Result<Normalizer, Error> {
    let mut texts = Vec::new();
    for path in country_files() {
        texts.push(ingest::schema_file(&project.schemas, &path)?.unwrap_or_default());
    }
    let mut files = SchemaFiles { root: project.schemas.to_string_lossy().into_owned(), ..SchemaFiles::default() };
    if let Some(text) = ingest::schema_file(&project.schemas, ALIASES)? {
        files.files.insert(ALIASES.to_owned(), text.into_owned());
    }
    let aliases = Reference::parse_aliases(&files, report);
    normalizer(&texts, &aliases, &files.display("reference"), report)
}

/// The tables that a normalizer is made of.
fn country_files() -> impl Iterator<Item = String> {
    country::FILES.iter().map(|name| format!("reference/{name}"))
}

fn normalizer(texts: &[impl AsRef<str>], aliases: &[Alias], folder: &str, report: &mut Report) -> Result<Normalizer, Error> {
    let is_built_in = country_files().zip(texts).all(|(path, text)| ingest::built_in(&path) == Some(text.as_ref()));
    let countries = if is_built_in { Ok(Normalizer::built_in()) } else { Normalizer::from_csv(&Sources::of(texts)) };
    if let Err(problem) = &countries {
        report.push(Finding::new(code::SCHEMA_INVALID, Place::file(folder), problem.as_str()));
    }
    refuse_errors(report)?;
    let names = aliases.iter().map(|alias| (alias.name.as_str(), alias.iso3.as_str()));
    countries.map(|countries| countries.with_aliases(names)).map_err(|_| Error::Refused { errors: 1 })
}

/// As [`refuse_errors`], for what was found before validation, which is the one to mask what is personal.
fn refuse(report: &mut Report, schemas: &Schemas) -> Result<(), Error> {
    if report.has_errors() {
        validate::mask(schemas, report)?;
    }
    refuse_errors(report)
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
pub fn first_half(
    project: &Project,
    schemas: &Schemas,
    ids_are_stems: bool,
    progress: Progress<'_>,
    report: &mut Report,
) -> Result<FirstHalf, Error> {
    let raw = ingest::RawFolder { folder: project.raw.clone(), fallback_registry: project.own_raw.clone(), ids_are_stems };
    let documents = ingest::documents(&raw, &|text| language_of(schemas, text), report)?;
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    progress("ingest", &format!("{} sources, {bytes} bytes", documents.len()));
    let gazetteers = Gazetteers::new(schemas, &documents);
    let ignored = ignored_lines(schemas, report);
    let texts: Vec<&str> = country_files().map(|path| schemas.files.get(&path).unwrap_or_default()).collect();
    let mut countries = normalizer(&texts, &schemas.reference.aliases, &schemas.files.display("reference"), report)?;
    // In prose "IN" and "no" are words.
    countries.codes = false;
    let known = Known { schemas, ignored: &ignored, countries: &countries };
    let readings: Vec<Option<Reading>> =
        documents.par_iter().map(|document| Some(read(document, gazetteers.of(&document.entry.language)?, known))).collect();
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let (mut sources, mut coverage) = (Vec::new(), Vec::new());
    let mut used_aliases = BTreeSet::new();
    for (document, reading) in documents.iter().zip(readings) {
        let Some(reading) = reading else { continue };
        report.extend(reading.report);
        sources.push(source_row(document, reading.withheld));
        coverage.push(reading.coverage);
        used_aliases.extend(reading.aliases);
        for (table, of_table) in reading.records {
            records.entry(table).or_default().extend(of_table);
        }
    }
    report_unused_aliases(schemas, &used_aliases, report);
    progress("extract", &extract_line(&records, &coverage));
    let mut batches = BTreeMap::new();
    for schema in &schemas.tables {
        let of_table = records.remove(&schema.name).unwrap_or_default();
        let batch = record::to_batch(schema, &of_table).map_err(|error| Error::Fault(error.to_string()))?;
        batches.extend(batch.map(|batch| (schema.name.clone(), batch)));
    }
    Ok(FirstHalf { documents, batches, sources, coverage })
}

fn report_unused_aliases(schemas: &Schemas, used: &BTreeSet<usize>, report: &mut Report) {
    for (at, alias) in schemas.reference.aliases.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let message = format!("no source uses \"{}\" for {}", alias.name, alias.iso3);
        let place = Place::new(schemas.files.display(ALIASES), at as u32 + 2, 1);
        report.push(Finding::new(code::ALIAS_UNUSED, place, message).hint("remove the line, or write the name as the source does"));
    }
}

fn extract_line(records: &BTreeMap<String, Vec<Record>>, coverage: &[CoverageRow]) -> String {
    let sum = |of: fn(&CoverageRow) -> u64| coverage.iter().map(of).sum::<u64>();
    let count: usize = records.values().map(Vec::len).sum();
    let (read, no_fact, ignored, unread, blank) =
        (sum(|row| row.read), sum(|row| row.no_fact), sum(|row| row.ignored), sum(|row| row.unread), sum(|row| row.blank));
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

/// What is known before any document is read.
#[derive(Clone, Copy)]
struct Known<'a> {
    schemas: &'a Schemas,
    ignored: &'a [IgnoredLine],
    countries: &'a Normalizer,
}

/// The first half for one document: a pure function of the document and the schemas.
fn read(document: &Document, gazetteer: &Gazetteer, known: Known<'_>) -> Reading {
    let Known { schemas, ignored, countries } = known;
    let mut report = Report::default();
    let clean = clean::run(&document.text, gazetteer);
    let blocks = segment::run(&clean, gazetteer);
    let mut drafts = extract::run(document, &blocks, gazetteer, &schemas.reference, &mut report);
    let coverage = extract::audit(document, &blocks, &drafts, ignored, &mut report);
    let context = normalize::Context { document, map: &blocks.map, gazetteer, countries, schemas };
    let aliases = normalize::run(&mut drafts, &context, &mut report);
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
    Reading { records, coverage, withheld, aliases, report }
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
    refuse(report, &schemas)?;
    let previous = last_rows(project, 0, &schemas)?;
    let dataset = second_half(&half, &schemas, previous.as_ref(), options.date, progress, report)?;
    refuse_errors(report)?;
    publish::release(dataset, &release_context(project, &schemas, options, &digests(&schemas)))
}

/// What a release is made from, besides its sources.
fn digests(schemas: &Schemas) -> Digests {
    let files = &schemas.files;
    Digests {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: files.digest(|path| path.starts_with("vocabulary/") || path == "ignored.toml"),
        reference: files.digest(|path| path.starts_with("reference/")),
        corrections: files.digest(|path| path == "corrections.toml"),
    }
}

fn release_context<'a>(project: &'a Project, schemas: &'a Schemas, options: &ReleaseOptions, digests: &'a Digests) -> ReleaseContext<'a> {
    ReleaseContext {
        output: &project.output,
        schemas: &schemas.tables,
        settings: &schemas.settings,
        date: options.date,
        bump: options.bump,
        dry_run: options.dry_run,
        digests,
        lock_wait: options.lock_wait,
        before: &|_| Ok(()),
    }
}

/// Makes the newest release again from its predecessor and the sources, and names the files that differ.
///
/// # Errors
/// As [`run`]; `Usage` where there is no release.
pub fn rebuild(project: &Project, options: &ReleaseOptions, progress: Progress<'_>, report: &mut Report) -> Result<Vec<String>, Error> {
    let schemas = schemas(project, report)?;
    let half = first_half(project, &schemas, false, progress, report)?;
    refuse(report, &schemas)?;
    let previous = last_rows(project, 1, &schemas)?;
    let dataset = second_half(&half, &schemas, previous.as_ref(), options.date, progress, report)?;
    refuse_errors(report)?;
    let scratch = project.output.with_file_name(format!(".rebuild-{}", std::process::id()));
    publish::rebuild(dataset, &release_context(project, &schemas, options, &digests(&schemas)), &scratch)
}

/// The tables of the newest release but `skip` that expectations compare with.
fn last_rows(project: &Project, skip: usize, schemas: &Schemas) -> Result<Option<Dataset>, Error> {
    publish::last_rows(&project.output, skip, &validate::tables_looked_at(&schemas.files), &schemas.tables)
}

/// The second half but for the writing: resolve and validate.
fn second_half(
    half: &FirstHalf,
    schemas: &Schemas,
    previous: Option<&Dataset>,
    today: NaiveDate,
    progress: Progress<'_>,
    report: &mut Report,
) -> Result<Dataset, Error> {
    let mut dataset = resolve::run(&half.batches, &half.sources, &half.coverage, schemas, report)?;
    dataset.sort(&schemas.tables);
    let rows: usize = dataset.tables.values().map(|table| table.rows.len()).sum();
    progress("resolve", &format!("{rows} rows, {} conflicts", dataset.rows("conflicts").len()));
    let texts: Vec<SourceText<'_>> = half
        .documents
        .iter()
        .map(|document| SourceText { source_id: document.id(), display_path: &document.display_path, text: &document.text })
        .collect();
    let withheld = resolve::withheld_values(&half.batches, schemas)?;
    validate::run(&mut dataset, &validate::Against { schemas, texts: &texts, withheld: &withheld, previous, today }, report)?;
    let outcome = schemas.table("checks").and_then(|table| table.position_of("outcome"));
    let passed = dataset.rows("checks").iter().filter(|row| outcome.is_some_and(|at| row[at].as_text() == Some("passed"))).count();
    progress("validate", &format!("{passed} of {} checks passed", dataset.rows("checks").len()));
    Ok(dataset)
}
