//! Recorded: the feed of records that earlier runs wrote, in place of texts.
//!
//! In: the files of a folder, each the stream of one run of the filter. Out: the readings that they have, as if the texts had been read here.
//! A file counts only as a whole: its end record must be there and say what there is, and this program and these schemas must have
//! made it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::feed::{Feed, Take, Totals};
use super::reading::Reading;
use super::texts::report_unused_aliases;
use super::{Project, refuse_errors};
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::ingest::{RawFolder, Runs, Step};
use crate::model::digest;
use crate::model::document::Document;
use crate::model::envelope::{DocumentRow, End, Envelope, Row};
use crate::model::schemas::Schemas;

/// The records of earlier runs over the texts of a project.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    pub project: &'a Project,
    pub folder: &'a Path,
    pub schemas: &'a Schemas,
}

/// One file, while it is read.
struct File {
    shown: Arc<str>,
    counts: End,
    end: Option<End>,
    /// What stands before the row that closes its document.
    reading: Reading,
    /// Ids of those rows.
    ids: BTreeSet<String>,
    findings: Vec<Finding>,
    /// Whether it was told already why the file cannot be used.
    is_refused: bool,
}

impl File {
    fn new(shown: Arc<str>) -> Self {
        let (reading, ids) = (Reading::default(), BTreeSet::new());
        Self { shown, counts: End::default(), end: None, reading, ids, findings: Vec::new(), is_refused: false }
    }

    fn refuse(&mut self, finding: Finding, report: &mut Report) {
        if !std::mem::replace(&mut self.is_refused, true) {
            report.push(finding);
        }
    }

    fn unfit(&mut self, problem: impl Into<String>, report: &mut Report) {
        let finding = Finding::new(code::RECORDS_UNFIT, Place::file(&*self.shown), problem);
        self.refuse(finding.hint("make the records of those documents again, with this program and these schemas"), report);
    }

    /// Holds what the end record says against what was there.
    fn finish(&mut self, expected: &End, report: &mut Report) {
        let Some(end) = self.end.take() else {
            return self.unfit("there is no end record: the stream was cut, or the run that wrote it failed", report);
        };
        if end.program != expected.program {
            return self.unfit("another program made them", report);
        }
        if end.schemas != expected.schemas {
            return self.unfit("they were made with other schemas", report);
        }
        let counts = |end: &End| format!("{} documents, {} records, {} errors", end.documents, end.records, end.errors);
        let (found, told) = (counts(&self.counts), counts(&end));
        if found != told {
            self.unfit(format!("there are {found}, the end record says {told}"), report);
        } else if !self.ids.is_empty() {
            self.unfit("records of a document stand there without the row that closes it", report);
        }
    }
}

impl Feed for Recorded<'_> {
    fn each(&mut self, report: &mut Report, take: &mut Take<'_>) -> Result<Totals, Error> {
        let raw = RawFolder { folder: self.folder.to_path_buf(), fallback_registry: self.project.own_raw.clone(), ids_are_stems: false };
        let envelope = Envelope::new(&self.schemas.tables);
        let expected = End { program: digest::PROGRAM.to_owned(), schemas: digest::of_schemas(&self.schemas.files), ..End::default() };
        let mut taking = Taking { schemas: self.schemas, runs: Runs::open(&raw, report)?, totals: Totals::default(), aliases: BTreeSet::new() };
        let mut file = File::new("".into());
        while let Some(step) = taking.runs.next()? {
            match step {
                Step::File(shown) => file = File::new(shown),
                Step::Batch(_) if file.is_refused => {}
                Step::Batch(batch) => match envelope.rows(&batch) {
                    Ok(rows) => {
                        for row in rows {
                            taking.row(row, &mut file, report, take)?;
                        }
                    }
                    Err(error) => file.unfit(format!("they are none that this program writes: {error}"), report),
                },
                Step::End(Some(finding)) => {
                    taking.totals.refused += 1;
                    file.refuse(finding, report);
                }
                Step::End(None) => file.finish(&expected, report),
            }
            if report.must_stop() {
                refuse_errors(report)?;
            }
        }
        taking.runs.finish(self.schemas.settings.records_left_out, report);
        report_unused_aliases(self.schemas, &taking.aliases, report);
        Ok(taking.totals)
    }
}

/// What is known of all files together.
struct Taking<'a> {
    schemas: &'a Schemas,
    runs: Runs,
    totals: Totals,
    aliases: BTreeSet<usize>,
}

impl Taking<'_> {
    fn row(&mut self, row: Row, file: &mut File, report: &mut Report, take: &mut Take<'_>) -> Result<(), Error> {
        if file.end.is_some() {
            file.unfit("there are rows after the end record", report);
        }
        match row {
            Row::Record(table, record) => {
                file.counts.records += 1;
                file.ids.insert(record.source_id.clone());
                file.reading.records.entry(table).or_default().push(record);
            }
            Row::Finding(row) => {
                file.ids.insert(row.source_id);
                file.findings.push(row.finding);
            }
            Row::Document(row) => {
                file.counts.documents += 1;
                self.close(row, file, report, take)?;
            }
            Row::Error(row) => {
                file.counts.documents += 1;
                file.counts.errors += 1;
                self.runs.error(&file.shown, row.document, &row.message, report);
            }
            Row::End(end) => file.end = Some(end),
        }
        Ok(())
    }

    fn close(&mut self, row: DocumentRow, file: &mut File, report: &mut Report, take: &mut Take<'_>) -> Result<(), Error> {
        let mut reading = std::mem::take(&mut file.reading);
        let (ids, findings) = (std::mem::take(&mut file.ids), std::mem::take(&mut file.findings));
        if let Some(other) = ids.iter().find(|id| **id != row.source_id) {
            file.unfit(format!("rows of \"{other}\" stand among those of \"{}\"", row.source_id), report);
        }
        let there = reading.records.values().map(Vec::len).sum::<usize>() as u64;
        if there != row.records {
            file.unfit(format!("\"{}\" has {there} records, its row says {}", row.source_id, row.records), report);
        }
        let aliases = self.schemas.reference.aliases.iter().enumerate();
        reading.aliases = aliases.filter(|(_, alias)| row.aliases.contains(&alias.line)).map(|(at, _)| at).collect();
        (reading.coverage, reading.withheld) = (row.coverage.clone(), row.withheld);
        let Some(document) = self.runs.document(&file.shown, file.counts.documents, row, report) else { return Ok(()) };
        rename(&document, &mut reading);
        for mut finding in findings {
            finding.place.path.clone_from(&document.display_path);
            report.push(finding);
        }
        self.aliases.append(&mut reading.aliases);
        self.totals.add(&document, &reading);
        take(document, reading)
    }
}

/// A registry may give a text another id than the one that it came with.
fn rename(document: &Document, reading: &mut Reading) {
    reading.coverage.source_id = document.id().to_owned();
    for record in reading.records.values_mut().flatten() {
        record.source_id = document.id().to_owned();
    }
}
