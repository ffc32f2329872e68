//! Pipeline: the stages in order. The only module that knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::error::Error;
use crate::extract::IgnoredLine;
use crate::findings::{Finding, Place, Report, code};
use crate::ingest::Described;
use crate::model::dataset::Dataset;
use crate::model::document::{Document, Format};
use crate::model::gazetteer::Gazetteer;
use crate::model::record::{self, Record};
use crate::model::reference::{ALIASES, Alias, Reference};
use crate::model::schemas::{SchemaFiles, Schemas, parse_toml};
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::model::span::Span;
use crate::model::text::CleanText;
use crate::model::vocabulary::Familiarity;
use crate::normalize::country::{self, Normalizer, Sources};
use crate::publish::{Bump, Digests, Outcome, ReleaseContext, Step};
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

/// One gazetteer a language, each made when the first text in it comes.
#[derive(Debug)]
pub struct Gazetteers<'a> {
    schemas: &'a Schemas,
    countries: &'a Normalizer,
    /// As the vocabularies are.
    made: Vec<OnceLock<Gazetteer>>,
}

impl<'a> Gazetteers<'a> {
    #[must_use]
    pub fn new(schemas: &'a Schemas, countries: &'a Normalizer) -> Self {
        Self { schemas, countries, made: schemas.vocabularies.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The gazetteer for a language; that of the first vocabulary where the language has none.
    #[must_use]
    pub fn of(&self, language: &str) -> Option<&Gazetteer> {
        let at = self.schemas.vocabularies.iter().position(|vocabulary| vocabulary.code == language).unwrap_or(0);
        let vocabulary = self.schemas.vocabularies.get(at)?;
        Some(self.made[at].get_or_init(|| Gazetteer::new(&self.schemas.reference, vocabulary, self.countries.table())))
    }
}

/// How the first half is to be run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    /// Whether ids are file stems whatever the registry says.
    pub ids_are_stems: bool,
    /// Whether to tell which rule took a block, and which refused it.
    pub is_traced: bool,
}

/// What one document states.
#[derive(Debug)]
struct Reading {
    records: BTreeMap<String, Vec<Record>>,
    coverage: CoverageRow,
    withheld: u64,
    /// The rows of `aliases.csv` that resolved a name.
    aliases: BTreeSet<usize>,
    /// Empty unless it was asked for.
    trace: String,
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

/// About how many bytes of text are read at a time.
const BATCH: usize = 1 << 18;

/// What all documents of a run came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub documents: usize,
    pub bytes: usize,
    pub records: usize,
    /// Files that could not be read, or not to their ends.
    pub refused: usize,
    read: u64,
    no_fact: u64,
    ignored: u64,
    unread: u64,
    blank: u64,
}

impl Totals {
    fn add(&mut self, document: &Document, reading: &Reading) {
        let row = &reading.coverage;
        self.documents += 1;
        self.bytes += document.text.len();
        self.records += reading.records.values().map(Vec::len).sum::<usize>();
        self.read += row.read;
        self.no_fact += row.no_fact;
        self.ignored += row.ignored;
        self.unread += row.unread;
        self.blank += row.blank;
    }

    fn tell(&self, progress: Progress<'_>) {
        let Self { documents, bytes, records, refused: _, read, no_fact, ignored, unread, blank } = self;
        progress("ingest", &format!("{documents} sources, {bytes} bytes"));
        progress(
            "extract",
            &format!("{records} records; bytes: {read} read, {no_fact} without a fact, {ignored} ignored, {unread} unread, {blank} blank"),
        );
    }
}

/// Takes what a document came to, in the order of the documents.
type Take<'a> = dyn FnMut(Document, Reading) -> Result<(), Error> + Send + 'a;

/// The first half over a folder of sources: ingest, clean, segment, extract, normalize. While some documents are read, the ones before
/// them are taken: never more than two batches are in memory.
fn each_document(project: &Project, schemas: &Schemas, mode: Mode, report: &mut Report, take: &mut Take<'_>) -> Result<Totals, Error> {
    let raw = ingest::RawFolder { folder: project.raw.clone(), fallback_registry: project.own_raw.clone(), ids_are_stems: mode.ids_are_stems };
    let ignored = ignored_lines(schemas, report);
    let countries = countries_of_prose(schemas, report)?;
    let (intake, mut items) = ingest::open(&raw, report)?;
    // With a registry that is wrong the texts are looked at for what is wrong with them too, and not read.
    let is_sound = !report.has_errors();
    let gazetteers = Gazetteers::new(schemas, &countries);
    let familiarity = Familiarity::new(&schemas.vocabularies);
    let known = Known { schemas, ignored: &ignored, countries: &countries, is_traced: mode.is_traced };
    let read_item = |item| {
        let mut report = Report::default();
        let taken = intake.document(item, &|text, format| describe(&familiarity, text, format), &mut report)?;
        let document = taken.document.as_ref().filter(|_| is_sound);
        let reading = document.and_then(|document| Some(read(document, gazetteers.of(&document.entry.language)?, known)));
        Ok((taken, reading, report))
    };
    let mut seen = ingest::Seen::default();
    let mut totals = Totals::default();
    let mut used_aliases = BTreeSet::new();
    let mut done: Vec<Result<(ingest::Taken, Option<Reading>, Report), Error>> = Vec::new();
    let mut batch = items.batch(BATCH)?;
    while !(batch.is_empty() && done.is_empty()) {
        let take_all = || {
            for outcome in std::mem::take(&mut done) {
                let (taken, reading, found) = outcome?;
                report.extend(found);
                totals.refused += usize::from(taken.is_refused_file());
                let Some((document, mut reading)) = seen.take(taken, &intake, report).zip(reading) else { continue };
                report.extend(std::mem::take(&mut reading.report));
                used_aliases.append(&mut reading.aliases);
                totals.add(&document, &reading);
                take(document, reading)?;
            }
            if report.must_stop() { refuse_errors(report).map(|()| Vec::new()) } else { items.batch(BATCH) }
        };
        let (next, read) = rayon::join(take_all, || batch.into_par_iter().map(read_item).collect());
        (batch, done) = (next?, read);
    }
    seen.finish(&intake, &items, schemas.settings.records_left_out, report);
    if !is_sound {
        refuse_errors(report)?;
    }
    report_unused_aliases(schemas, &used_aliases, report);
    Ok(totals)
}

/// The first half, with everything that the second half needs of all documents.
///
/// # Errors
/// `Io` where a file cannot be read. What is wrong with a source is in the report.
pub fn first_half(project: &Project, schemas: &Schemas, mode: Mode, progress: Progress<'_>, report: &mut Report) -> Result<FirstHalf, Error> {
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let (mut documents, mut sources, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    let totals = each_document(project, schemas, mode, report, &mut |document, reading| {
        sources.push(source_row(&document, reading.withheld));
        coverage.push(reading.coverage);
        documents.push(document);
        for (table, of_table) in reading.records {
            records.entry(table).or_default().extend(of_table);
        }
        Ok(())
    })?;
    totals.tell(progress);
    let mut batches = BTreeMap::new();
    for schema in &schemas.tables {
        let of_table = records.remove(&schema.name).unwrap_or_default();
        let batch = record::to_batch(schema, &of_table).map_err(|error| Error::Fault(error.to_string()))?;
        batches.extend(batch.map(|batch| (schema.name.clone(), batch)));
    }
    Ok(FirstHalf { documents, batches, sources, coverage })
}

/// The first half into files, one a table, written as the records come.
///
/// # Errors
/// `Io` where a file cannot be read or written. What is wrong with a source is in the report.
pub fn extract(
    project: &Project,
    schemas: &Schemas,
    mode: Mode,
    mut writer: publish::extract::Writer<'_>,
    tell: Tell<'_>,
    report: &mut Report,
) -> Result<(Totals, Vec<publish::extract::Written>), Error> {
    let totals = each_document(project, schemas, mode, report, &mut |_, reading| {
        if !reading.trace.is_empty() {
            (tell.trace)(&reading.trace);
        }
        writer.take(reading.records)
    })?;
    totals.tell(tell.progress);
    Ok((totals, writer.finish()?))
}

/// Whom to tell what happens on the way.
#[derive(Clone, Copy)]
pub struct Tell<'a> {
    pub progress: Progress<'a>,
    /// Takes what the rules said of a document, where it was asked for.
    pub trace: &'a (dyn Fn(&str) + Sync),
}

impl std::fmt::Debug for Tell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tell").finish_non_exhaustive()
    }
}

fn report_unused_aliases(schemas: &Schemas, used: &BTreeSet<usize>, report: &mut Report) {
    for (_, alias) in schemas.reference.aliases.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let message = format!("no source uses \"{}\" for {}", alias.name, alias.iso3);
        let place = Place::new(schemas.files.display(ALIASES), alias.line, 1);
        report.push(Finding::new(code::ALIAS_UNUSED, place, message).hint("remove the line, or write the name as the source does"));
    }
}

/// What a text that has no entry in the registry says of itself: its first line, and the language of whose frequent words it has most.
fn describe(familiarity: &Familiarity<'_>, file: &str, format: Format) -> Described {
    let text = clean::text_of(file, format);
    Described {
        title: text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned),
        language: familiarity.language_of(&text).unwrap_or_default().to_owned(),
    }
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
    is_traced: bool,
}

/// The first half for one document: a pure function of the document and the schemas.
fn read(document: &Document, gazetteer: &Gazetteer, known: Known<'_>) -> Reading {
    let Known { schemas, ignored, countries, is_traced } = known;
    let mut report = Report::default();
    let clean = clean::run(&document.text, document.format, gazetteer);
    let blocks = segment::run(&clean, gazetteer);
    if document.format == Format::Html && blocks.blocks.is_empty() {
        let finding = Finding::new(code::SOURCE_EMPTY, Place::file(&document.display_path), "the page has no text but scripts and navigation");
        report.push(finding.hint("save the page as the browser shows it"));
    }
    let mut extracted = extract::run(document, &blocks, gazetteer, &schemas.reference, is_traced, &mut report);
    let extract::Ledger { coverage, fates } = extract::audit(document, &blocks, &extracted, ignored, &mut report);
    let drafts = &mut extracted.drafts;
    let context = normalize::Context { document, map: &blocks.map, gazetteer, countries, schemas };
    let aliases = normalize::run(drafts, &context, &mut report);
    let trace = if is_traced { extract::render_trace(document, &blocks, drafts, &extracted.refusals, &fates) } else { String::new() };
    let withheld = drafts.iter().filter(|draft| draft.withheld).count() as u64;
    if withheld > 0 {
        let message = format!("{withheld} personal values were found and withheld");
        report.push(Finding::new(code::PERSONAL_WITHHELD, Place::file(&document.display_path), message));
    }
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for draft in extracted.drafts {
        if let Some(schema) = schemas.table(draft.table) {
            let of_table = records.entry(schema.name.clone()).or_default();
            let record = Record::seal(draft, of_table.len() as u32, schema, document, &blocks.map);
            of_table.push(record);
        }
    }
    Reading { records, coverage, withheld, aliases, trace, report }
}

/// A text that was taken among the sources.
#[derive(Clone, Debug)]
pub struct Added {
    pub id: String,
    pub path: PathBuf,
    pub sha256: String,
    pub described: Described,
    /// The language that the text is in, where no vocabulary has it.
    pub looks_like: Option<&'static str>,
    pub registered: ingest::Registered,
    /// Records a table.
    pub records: Vec<(String, usize)>,
    pub coverage: CoverageRow,
}

/// Takes texts among the sources and registers them; all of them or none.
///
/// # Errors
/// `Refused` where one of them cannot be taken: the report says why. `Io` where something cannot be read or written.
pub fn add(project: &Project, files: &[PathBuf], report: &mut Report) -> Result<Vec<Added>, Error> {
    let schemas = schemas(project, report)?;
    let candidates = ingest::candidates(files, &project.raw, report)?;
    refuse_errors(report)?;
    let countries = countries_of_prose(&schemas, report)?;
    let mut added = Vec::new();
    for candidate in candidates {
        let (described, looks_like) = described_by_itself(&schemas, &countries, &candidate);
        let registered = ingest::register(&candidate, &described, &project.raw)?;
        let of_one = Project { raw: candidate.path.clone(), own_raw: project.raw.clone(), ..project.clone() };
        let mut found = Report::default();
        let half = first_half(&of_one, &schemas, Mode::default(), &|_, _| {}, &mut found)?;
        // Aliases are for all the sources together: what one text does not use says nothing.
        report.extend(found.without(code::ALIAS_UNUSED));
        let records = half.batches.iter().map(|(table, batch)| (table.clone(), batch.num_rows())).filter(|(_, rows)| *rows > 0).collect();
        let coverage = half.coverage.into_iter().next().unwrap_or_default();
        let ingest::Candidate { id, path, sha256, .. } = candidate;
        added.push(Added { id, path, sha256, described, looks_like, registered, records, coverage });
    }
    Ok(added)
}

/// The names of countries as running text has them.
fn countries_of_prose(schemas: &Schemas, report: &mut Report) -> Result<Normalizer, Error> {
    let texts: Vec<&str> = country_files().map(|path| schemas.files.get(&path).unwrap_or_default()).collect();
    let mut countries = normalizer(&texts, &schemas.reference.aliases, &schemas.files.display("reference"), report)?;
    // In prose "IN" and "no" are words.
    countries.codes = false;
    Ok(countries)
}

/// Title and language of a text that nobody has described: its first heading, and the language that its letters and words look like. Where
/// no vocabulary has that language, it is named beside the one that comes nearest.
fn described_by_itself(schemas: &Schemas, countries: &Normalizer, candidate: &ingest::Candidate) -> (Described, Option<&'static str>) {
    let mut described = describe(&Familiarity::new(&schemas.vocabularies), &candidate.text, candidate.format);
    let looks_like = ingest::language_name(&clean::text_of(&candidate.text, candidate.format));
    let vocabulary = schemas.vocabularies.iter().find(|vocabulary| looks_like == Some(vocabulary.language.name.as_str()));
    if let Some(vocabulary) = vocabulary {
        described.language = vocabulary.code.clone();
    }
    let gazetteers = Gazetteers::new(schemas, countries);
    if let Some(gazetteer) = gazetteers.of(&described.language) {
        let blocks = segment::run(&clean::run(&candidate.text, candidate.format, gazetteer), gazetteer);
        let heading = blocks.blocks.iter().find(|block| block.kind == crate::model::text::BlockKind::Heading);
        if let Some(heading) = heading {
            described.title = Some(blocks.text_of(heading).split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    (described, looks_like.filter(|_| vocabulary.is_none()))
}

/// One source as the rules see it, for whoever looks at a line of it.
#[derive(Clone, Debug)]
pub struct SourceView {
    pub display_path: String,
    pub sha256: String,
    /// The file with what is withheld in it masked, byte for byte as long.
    pub masked: String,
    clean: CleanText,
}

impl SourceView {
    /// The cleaned text of some bytes of the file, where it is not what the file has there.
    #[must_use]
    pub fn cleaned(&self, file: Span) -> Option<String> {
        let comes_from = |at: usize, letter: char| file.contains(self.clean.map.to_file(Span::new(at, at + letter.len_utf8())));
        let text: String = self.clean.text.char_indices().filter(|(at, letter)| comes_from(*at, *letter)).map(|(_, letter)| letter).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (self.masked.get(file.range()) != Some(text.as_str()) && !text.is_empty()).then_some(text)
    }
}

/// Reads one source as [`first_half`] does, and keeps what its lines are; none where it cannot be read.
///
/// # Errors
/// As [`first_half`].
pub fn view(project: &Project, schemas: &Schemas, path: &std::path::Path) -> Result<Option<SourceView>, Error> {
    let of_one = Project { raw: path.to_owned(), own_raw: project.raw.clone(), ..project.clone() };
    let half = first_half(&of_one, schemas, Mode::default(), &|_, _| {}, &mut Report::default())?;
    let Some(document) = half.documents.into_iter().next() else { return Ok(None) };
    let mut masked = document.text.clone().into_bytes();
    for span in resolve::withheld_spans(&half.batches, schemas)? {
        for byte in masked[span.range()].iter_mut().filter(|byte| !byte.is_ascii_whitespace()) {
            *byte = b'*';
        }
    }
    let countries = countries_of_prose(schemas, &mut Report::default())?;
    let gazetteers = Gazetteers::new(schemas, &countries);
    let clean = gazetteers.of(&document.entry.language).map(|gazetteer| clean::run(&document.text, document.format, gazetteer)).unwrap_or_default();
    let masked = String::from_utf8(masked).map_err(|error| Error::Fault(error.to_string()))?;
    Ok(Some(SourceView { display_path: document.display_path, sha256: document.sha256, masked, clean }))
}

/// Starts a project of one's own in a new folder.
///
/// # Errors
/// `Usage` where the folder holds something, `Io` where a file cannot be written.
pub fn init(folder: &std::path::Path) -> Result<ingest::Created, Error> {
    ingest::create(folder)
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
#[derive(Clone, Copy)]
pub struct ReleaseOptions<'a> {
    pub date: NaiveDate,
    pub bump: Option<Bump>,
    pub dry_run: bool,
    pub lock_wait: Duration,
    /// Called before each step of publishing; an error stops the run there.
    pub before: &'a dyn Fn(Step) -> Result<(), Error>,
}

impl std::fmt::Debug for ReleaseOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReleaseOptions").field("date", &self.date).field("bump", &self.bump).field("dry_run", &self.dry_run).finish_non_exhaustive()
    }
}

/// All stages. What was found is in the report; an error-severity finding stops the run before anything is written.
///
/// # Errors
/// `Refused` where the report has errors; `Usage`, `Store` and `Io` as [`publish::release`] says.
pub fn run(project: &Project, options: &ReleaseOptions<'_>, progress: Progress<'_>, report: &mut Report) -> Result<Outcome, Error> {
    let schemas = schemas(project, report)?;
    let half = first_half(project, &schemas, Mode::default(), progress, report)?;
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

fn release_context<'a>(project: &'a Project, schemas: &'a Schemas, options: &ReleaseOptions<'a>, digests: &'a Digests) -> ReleaseContext<'a> {
    ReleaseContext {
        output: &project.output,
        schemas: &schemas.tables,
        settings: &schemas.settings,
        date: options.date,
        bump: options.bump,
        dry_run: options.dry_run,
        digests,
        lock_wait: options.lock_wait,
        before: options.before,
    }
}

/// Makes the newest release again from its predecessor and the sources, and names the files that differ.
///
/// # Errors
/// As [`run`]; `Usage` where there is no release.
pub fn rebuild(project: &Project, options: &ReleaseOptions<'_>, progress: Progress<'_>, report: &mut Report) -> Result<Vec<String>, Error> {
    let schemas = schemas(project, report)?;
    let half = first_half(project, &schemas, Mode::default(), progress, report)?;
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
    let texts: Vec<SourceText<'_>> = half.documents.iter().map(Document::source_text).collect();
    let mut dataset = resolve::run(&half.batches, &half.sources, &half.coverage, &texts, schemas, report)?;
    dataset.sort(&schemas.tables);
    let rows: usize = dataset.tables.values().map(|table| table.rows.len()).sum();
    progress("resolve", &format!("{rows} rows, {} conflicts", dataset.rows("conflicts").len()));
    let withheld = resolve::withheld_values(&half.batches, schemas)?;
    validate::run(&mut dataset, &validate::Against { schemas, texts: &texts, withheld: &withheld, previous, today }, report)?;
    let outcome = schemas.table("checks").and_then(|table| table.position_of("outcome"));
    let passed = dataset.rows("checks").iter().filter(|row| outcome.is_some_and(|at| row[at].as_text() == Some("passed"))).count();
    progress("validate", &format!("{passed} of {} checks passed", dataset.rows("checks").len()));
    Ok(dataset)
}
