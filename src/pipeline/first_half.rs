//! The first half: what a feed gives, kept for the second half or written as it comes.

use std::collections::BTreeMap;

use super::feed::Feed;
use super::reading::{Mode, source_row};
use super::recorded::Recorded;
use super::texts::Texts;
use super::{Progress, Project, Totals};
use crate::error::Error;
use crate::findings::Report;
use crate::model::document::Document;
use crate::model::record::{self, Record};
use crate::model::record_table::RecordBatches;
use crate::model::rows::Shelf;
use crate::model::schemas::Schemas;
use crate::model::source::{CoverageRow, SourceRow};
use crate::publish;

/// What all documents state: the boundary between the two halves.
#[derive(Debug)]
pub struct FirstHalf {
    pub documents: Vec<Document>,
    /// Their records.
    pub records: RecordBatches,
    pub sources: Vec<SourceRow>,
    pub coverage: Vec<CoverageRow>,
    /// A hash of all documents in order, where the feed knows one.
    pub inputs: Option<[u8; 32]>,
}

/// The first half over the texts of a project, or over the records that it has in their place, with everything that the second half needs
/// of all documents.
///
/// # Errors
/// `Io` where a file cannot be read. What is wrong with a source is in the report.
pub fn first_half(project: &Project, schemas: &Schemas, mode: Mode, progress: Progress<'_>, report: &mut Report) -> Result<FirstHalf, Error> {
    match &project.records {
        Some(folder) => gather(&mut Recorded { project, folder, schemas }, schemas, &project.spill, progress, report),
        None => gather(&mut Texts { project, schemas, mode, progress }, schemas, &project.spill, progress, report),
    }
}

/// Everything that the second half needs of all documents of a feed. What there is no room for goes to the shelf.
///
/// # Errors
/// Those of the feed and of the shelf.
pub fn gather(feed: &mut dyn Feed, schemas: &Schemas, shelf: &dyn Shelf, progress: Progress<'_>, report: &mut Report) -> Result<FirstHalf, Error> {
    let mut gathered = Gathered::new(schemas, shelf);
    let (mut documents, mut sources, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    let totals = feed.each(report, &mut |mut document, reading| {
        sources.push(source_row(&document, reading.withheld));
        coverage.push(reading.coverage);
        document.put_aside(shelf)?;
        documents.push(document);
        gathered.take(reading.records)
    })?;
    totals.tell(progress);
    Ok(FirstHalf { documents, records: gathered.finish()?, sources, coverage, inputs: totals.inputs })
}

/// Records that wait to be put into a batch: as Arrow has them they take a fraction of the memory.
const WAITING: usize = 4096;

/// Records as they come, all those of a document into one batch.
struct Gathered<'a> {
    schemas: &'a Schemas,
    shelf: &'a dyn Shelf,
    waiting: BTreeMap<String, Vec<Record>>,
    count: usize,
    batches: RecordBatches,
}

impl<'a> Gathered<'a> {
    fn new(schemas: &'a Schemas, shelf: &'a dyn Shelf) -> Self {
        Self { schemas, shelf, waiting: BTreeMap::new(), count: 0, batches: RecordBatches::default() }
    }

    fn take(&mut self, records: BTreeMap<String, Vec<Record>>) -> Result<(), Error> {
        for (table, mut records) in records {
            self.count += records.len();
            self.waiting.entry(table).or_default().append(&mut records);
        }
        if self.count >= WAITING { self.pack() } else { Ok(()) }
    }

    fn pack(&mut self) -> Result<(), Error> {
        let mut tables = Vec::new();
        for (table, records) in self.waiting.iter_mut().filter(|(_, records)| !records.is_empty()) {
            let Some(schema) = self.schemas.table(table) else { continue };
            let batch = record::to_batch(schema, records).map_err(|error| Error::Fault(error.to_string()))?;
            tables.extend(batch.map(|batch| (schema, batch)));
            records.clear();
        }
        self.count = 0;
        self.batches.push(tables, self.shelf)
    }

    fn finish(mut self) -> Result<RecordBatches, Error> {
        self.pack()?;
        Ok(self.batches)
    }
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
    let mode = Mode { leaves_out_evidence: !writer.writes_evidence(), ..mode };
    let totals = Texts { project, schemas, mode, progress: tell.progress }.each(report, &mut |_, reading| {
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
