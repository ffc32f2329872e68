//! Single sources: taking a text among them, looking at one as the rules see it, starting a folder of them.

use std::path::{Path, PathBuf};

use super::first_half::first_half;
use super::knowledge::{Gazetteers, countries_of_prose, schemas};
use super::reading::Mode;
use super::texts::describe;
use super::{Project, Spill, refuse_errors};
use crate::error::Error;
use crate::findings::{Report, code};
use crate::ingest::{self, Described};
use crate::model::Document;
use crate::model::familiarity::Familiarity;
use crate::model::schemas::Schemas;
use crate::model::source::CoverageRow;
use crate::model::span::Span;
use crate::model::text::BlockKind;
use crate::model::text::CleanText;
use crate::normalize::country::Normalizer;
use crate::{clean, resolve, segment};

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
        let records = half.records.counts().iter().map(|(table, rows)| (table.clone(), *rows)).filter(|(_, rows)| *rows > 0).collect();
        let coverage = half.coverage.into_iter().next().unwrap_or_default();
        let ingest::Candidate { id, path, sha256, .. } = candidate;
        added.push(Added { id, path, sha256, described, looks_like, registered, records, coverage });
    }
    Ok(added)
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
        let heading = blocks.blocks.iter().find(|block| block.kind == BlockKind::Heading);
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
pub fn view(project: &Project, schemas: &Schemas, path: &Path) -> Result<Option<SourceView>, Error> {
    let of_one = Project { raw: path.to_owned(), own_raw: project.raw.clone(), spill: Spill::none(), ..project.clone() };
    let half = first_half(&of_one, schemas, Mode::default(), &|_, _| {}, &mut Report::default())?;
    let Some(document) = half.documents.into_iter().next() else { return Ok(None) };
    let mut withheld = Vec::new();
    half.records.each(schemas, &Spill::none(), &|_| true, &mut |records| {
        withheld.extend(resolve::withheld_spans(records, schemas));
        Ok(())
    })?;
    let masked = masked_text(&document, &withheld)?;
    let countries = countries_of_prose(schemas, &mut Report::default())?;
    let gazetteers = Gazetteers::new(schemas, &countries);
    let clean = gazetteers.of(&document.entry.language).map(|gazetteer| clean::run(&document.text, document.format, gazetteer)).unwrap_or_default();
    Ok(Some(SourceView { display_path: document.display_path, sha256: document.sha256, masked, clean }))
}

/// The text of a document with what is withheld masked, byte for byte as long.
pub(super) fn masked_text(document: &Document, withheld: &[Span]) -> Result<String, Error> {
    let mut masked = document.text.clone().into_bytes();
    for span in withheld {
        for byte in masked[span.range()].iter_mut().filter(|byte| !byte.is_ascii_whitespace()) {
            *byte = b'*';
        }
    }
    String::from_utf8(masked).map_err(|error| Error::Fault(error.to_string()))
}

/// Starts a project of one's own in a new folder.
///
/// # Errors
/// `Usage` where the folder holds something, `Io` where a file cannot be written.
pub fn init(folder: &Path) -> Result<ingest::Created, Error> {
    ingest::create(folder)
}
