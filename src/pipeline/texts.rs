//! Texts: the feed of a folder of sources.
//!
//! In: the files below `raw/`, in path order. Out: their readings. While some documents are read, the ones before them are taken: never
//! more than two batches are in memory.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::feed::{Feed, Take, Totals};
use super::knowledge::{Gazetteers, countries_of_prose, ignored_lines};
use super::reading::{Mode, Reader, Reading};
use super::{Project, refuse_errors};
use crate::clean;
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::ingest::{self, Described};
use crate::model::document::Format;
use crate::model::reference::ALIASES;
use crate::model::schemas::Schemas;
use crate::model::vocabulary::Familiarity;

/// About how many bytes of text are read at a time.
const BATCH: usize = 1 << 18;

/// The texts of a project.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    pub project: &'a Project,
    pub schemas: &'a Schemas,
    pub mode: Mode,
}

impl Feed for Texts<'_> {
    fn each(&mut self, report: &mut Report, take: &mut Take<'_>) -> Result<Totals, Error> {
        let Self { project, schemas, mode } = *self;
        let raw = ingest::RawFolder { folder: project.raw.clone(), fallback_registry: project.own_raw.clone(), ids_are_stems: mode.ids_are_stems };
        let ignored = ignored_lines(schemas, report);
        let countries = countries_of_prose(schemas, report)?;
        let (intake, mut items) = ingest::open(&raw, report)?;
        // With a registry that is wrong the texts are looked at for what is wrong with them too, and not read.
        let is_sound = !report.has_errors();
        let gazetteers = Gazetteers::new(schemas, &countries);
        let familiarity = Familiarity::new(&schemas.vocabularies);
        let reader = Reader { schemas, ignored: &ignored, countries: &countries, gazetteers: &gazetteers, is_traced: mode.is_traced };
        let read_item = |item| {
            let mut report = Report::default();
            let taken = intake.document(item, &|text, format| describe(&familiarity, text, format), &mut report)?;
            let document = taken.document.as_ref().filter(|_| is_sound);
            let reading = document.and_then(|document| reader.read(document));
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
