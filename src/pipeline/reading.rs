//! Reading: the first half for one document, a pure function of the document and the schemas.
//!
//! In: a document. Out: a [`Reading`], which is all that the rest of a run knows of it: wherever a reading comes from (a text, a run
//! before this one), what follows is the same.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::Counts;
use super::knowledge::Gazetteers;
use crate::extract::IgnoredLine;
use crate::findings::{Finding, Place, Report, code};
use crate::model::document::{Document, Format};
use crate::model::gazetteer::Gazetteer;
use crate::model::record::{Record, Seal};
use crate::model::schemas::Schemas;
use crate::model::source::CoverageRow;
use crate::normalize::country::Normalizer;
use crate::{clean, extract, normalize, segment};

/// How the first half is to be run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    /// Whether ids are file stems whatever the registry says.
    pub ids_are_stems: bool,
    /// Whether to tell which rule took a block, and which refused it.
    pub is_traced: bool,
    /// Whether nobody will look at the evidence of the records.
    pub leaves_out_evidence: bool,
    /// Where to count what has been read, while it goes on.
    pub counts: Option<&'static Counts>,
}

/// What one document states.
#[derive(Debug, Default)]
pub struct Reading {
    pub records: BTreeMap<String, Vec<Record>>,
    pub coverage: CoverageRow,
    pub withheld: u64,
    /// The rows of `aliases.csv` that resolved a name.
    pub aliases: BTreeSet<usize>,
    /// Empty unless it was asked for.
    pub trace: String,
    pub report: Report,
}

/// What is needed to read documents, of any language.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub schemas: &'a Schemas,
    pub ignored: &'a [IgnoredLine],
    pub countries: &'a Normalizer,
    pub gazetteers: &'a Gazetteers<'a>,
    pub is_traced: bool,
    pub keeps_evidence: bool,
}

impl Reader<'_> {
    /// What a document states; none where there is no vocabulary at all.
    #[must_use]
    pub fn read(&self, document: &Document) -> Option<Reading> {
        Some(read(document, self.gazetteers.of(&document.entry.language)?, self))
    }
}

fn read(document: &Document, gazetteer: &Gazetteer, reader: &Reader<'_>) -> Reading {
    let Reader { schemas, ignored, countries, is_traced, keeps_evidence, .. } = *reader;
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
    let trace = if is_traced { extract::render_trace(document, &blocks, drafts, &extracted.traced, &fates) } else { String::new() };
    let withheld = drafts.iter().filter(|draft| draft.withheld).count() as u64;
    if withheld > 0 {
        let message = format!("{withheld} personal values were found and withheld");
        report.push(Finding::new(code::PERSONAL_WITHHELD, Place::file(&document.display_path), message));
    }
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for draft in extracted.drafts {
        if let Some(schema) = schemas.table(draft.table) {
            let seal = Seal { schema, document, map: &blocks.map, keeps_evidence };
            match records.get_mut(&schema.name) {
                Some(of_table) => of_table.push(seal.seal(draft, of_table.len() as u32)),
                None => drop(records.insert(schema.name.clone(), vec![seal.seal(draft, 0)])),
            }
        }
    }
    Reading { records, coverage, withheld, aliases, trace, report }
}
