//! Texts: the feed of a folder of sources.
//!
//! In: the files below `raw/`, in path order. Out: their readings. While some documents are read, the ones before them are taken: never
//! more than two batches are in memory.

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::cache::{Cache, Fresh, Key};
use super::feed::{Feed, Take, Totals};
use super::knowledge::{Gazetteers, countries_of_prose, ignored_lines};
use super::reading::{Mode, Reader, Reading};
use super::{Progress, Project, refuse_errors};
use crate::clean;
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::ingest::{self, Described};
use crate::model::document::Format;
use crate::model::familiarity::Familiarity;
use crate::model::reference::ALIASES;
use crate::model::schemas::Schemas;

/// About how many bytes of text are read at a time.
const BATCH: usize = 1 << 18;

/// The texts of a project.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    pub project: &'a Project,
    pub schemas: &'a Schemas,
    pub mode: Mode,
    pub progress: Progress<'a>,
}

impl std::fmt::Debug for Texts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("project", &self.project).field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// What became of a text.
struct Done {
    taken: ingest::Taken,
    reading: Option<Reading>,
    key: Option<Key>,
    fresh: Option<Fresh>,
    report: Report,
}

impl Feed for Texts<'_> {
    fn each(&mut self, report: &mut Report, take: &mut Take<'_>) -> Result<Totals, Error> {
        let Self { project, schemas, mode, progress } = *self;
        let raw = ingest::RawFolder { folder: project.raw.clone(), fallback_registry: project.own_raw.clone(), ids_are_stems: mode.ids_are_stems };
        let ignored = ignored_lines(schemas, report);
        let countries = countries_of_prose(schemas, report)?;
        let (intake, mut items) = ingest::open(&raw, report)?;
        // With a registry that is wrong the texts are looked at for what is wrong with them too, and not read.
        let is_sound = !report.has_errors();
        // To take them apart at the end would be work for nothing: the process ends soon after.
        let gazetteers = ManuallyDrop::new(Gazetteers::new(schemas, &countries));
        let familiarity = Familiarity::new(&schemas.vocabularies);
        // What is kept for runs to come is whole.
        let keeps_evidence = !mode.leaves_out_evidence || project.cache.is_some();
        let reader = Reader { schemas, ignored: &ignored, countries: &countries, gazetteers: &gazetteers, is_traced: mode.is_traced, keeps_evidence };
        let cache = Cache::open(project.cache.as_deref(), schemas);
        let mut packing = cache.packing();
        let read_item = |item| {
            let mut report = Report::default();
            let taken = intake.document(item, &|text, format| describe(&familiarity, text, format), &mut report)?;
            let document = taken.document.as_ref().filter(|_| is_sound);
            // A trace tells what reading does, so that with one there must be reading.
            let key = document.filter(|_| !mode.is_traced).and_then(|document| cache.key(document));
            let with_evidence = !mode.leaves_out_evidence;
            let read = |document| cache.reading(key, document, schemas, with_evidence, || reader.read(document));
            let (reading, fresh) = document.map(read).unwrap_or_default();
            Ok(Done { taken, reading, key, fresh, report })
        };
        let mut seen = ingest::Seen::default();
        let mut totals = Totals::default();
        let mut inputs = project.cache.as_ref().map(|_| Sha256::new());
        let mut used_aliases = BTreeSet::new();
        let mut done: Vec<Result<Done, Error>> = Vec::new();
        let mut batch = items.batch(BATCH)?;
        while !(batch.is_empty() && done.is_empty()) {
            let is_single = batch.len() + done.len() < 2;
            let mut take_all = || {
                for outcome in std::mem::take(&mut done) {
                    let Done { taken, reading, key, fresh, report: found } = outcome?;
                    report.extend(found);
                    fresh.into_iter().for_each(|fresh| packing.keep(fresh));
                    totals.refused += usize::from(taken.is_refused_file());
                    let Some((document, mut reading)) = seen.take(taken, &intake, report).zip(reading) else { continue };
                    report.extend(std::mem::take(&mut reading.report));
                    used_aliases.append(&mut reading.aliases);
                    inputs.iter_mut().zip(key).for_each(|(inputs, key)| inputs.update(key));
                    totals.add(&document, &reading);
                    mode.counts.inspect(|counts| counts.add(document.text.len()));
                    take(document, reading)?;
                }
                mode.counts.inspect(|counts| counts.reach(items.position()));
                if report.must_stop() { refuse_errors(report).map(|()| Vec::new()) } else { items.batch(BATCH) }
            };
            (batch, done) = if is_single {
                // A single text is read before threads are started for it.
                let read = batch.into_iter().map(read_item).collect();
                (take_all()?, read)
            } else {
                let (next, read) = rayon::join(take_all, || batch.into_par_iter().map(read_item).collect());
                (next?, read)
            };
        }
        mode.counts.inspect(|counts| counts.end());
        if let Some(problem) = packing.finish() {
            progress("cache", &problem);
        }
        seen.finish(&intake, &items, schemas.settings.records_left_out, report);
        if !is_sound {
            refuse_errors(report)?;
        }
        totals.inputs = inputs.map(|inputs| inputs.finalize().into());
        report_unused_aliases(schemas, &used_aliases, report);
        Ok(totals)
    }
}

pub(super) fn report_unused_aliases(schemas: &Schemas, used: &BTreeSet<usize>, report: &mut Report) {
    for (_, alias) in schemas.reference.aliases.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let message = format!("no source uses \"{}\" for {}", alias.name, alias.iso3);
        let place = Place::new(schemas.files.display(ALIASES), alias.line, 1);
        report.push(Finding::new(code::ALIAS_UNUSED, place, message).hint("remove the line, or write the name as the source does"));
    }
}

/// What a text that has no entry in the registry says of itself: its first line, and the language of whose frequent words it has most.
pub(super) fn describe(familiarity: &Familiarity<'_>, file: &str, format: Format) -> Described {
    let text = clean::text_of(file, format);
    Described {
        title: text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned),
        language: familiarity.language_of(&text).unwrap_or_default().to_owned(),
    }
}
