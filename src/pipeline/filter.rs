//! Filter: documents in, records out, as Arrow IPC streams, for use inside other programs.
//!
//! In: a stream of documents. Out: a stream of what each states, in their order, and the end record. Nothing else is read or written, so
//! that the same documents give the same bytes, however they come. A document that is none gives an error in its place, and so does one on
//! which the program fails: somebody else's run of a day must not end over one page.

use std::collections::{BTreeSet, HashSet};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::error::ArrowError;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::knowledge::{Gazetteers, countries_of_prose, ignored_lines};
use super::reading::{Reader, Reading};
use super::sources::masked_text;
use super::texts::describe;
use crate::error::Error;
use crate::findings::Report;
use crate::ingest::{DocumentStream, Incoming};
use crate::model::digest;
use crate::model::document::Document;
use crate::model::envelope::{DocumentRow, End, Envelope, ErrorRow, FindingRow, Row};
use crate::model::expectations::Expectations;
use crate::model::familiarity::Familiarity;
use crate::model::record;
use crate::model::record_table::{RecordTable, RecordTables};
use crate::model::schemas::Schemas;
use crate::publish::record_stream::RecordStream;
use crate::resolve;
use crate::validate::Mask;

/// About how many bytes of text are read at a time.
const BATCH: usize = 1 << 18;

/// How a stream is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct FilterMode {
    /// Whether records of personal values go out too.
    pub include_withheld: bool,
    /// Whether the first document that is none ends the run.
    pub is_strict: bool,
}

/// What became of a document: its rows, and its id where it has one.
struct Filtered {
    number: u64,
    id: Option<String>,
    rows: Result<Vec<Row>, String>,
}

/// Reads documents from `input` and writes what they state to `output`. Returns what the end record says, when all of it has been handed on.
///
/// # Errors
/// `Io` where `input` is damaged or cut, or `output` is closed; `Gate` where a document is none and that is to be the end.
pub fn filter(schemas: &Schemas, mode: FilterMode, input: impl Read + Send, output: impl Write + Send, report: &mut Report) -> Result<End, Error> {
    let ignored = ignored_lines(schemas, report);
    let countries = countries_of_prose(schemas, report)?;
    let gazetteers = Gazetteers::new(schemas, &countries);
    let reader = Reader { schemas, ignored: &ignored, countries: &countries, gazetteers: &gazetteers, is_traced: false, keeps_evidence: true };
    let filter = Filter { reader, familiarity: Familiarity::new(&schemas.vocabularies), mask: Mask::new(schemas)?, cited: cited(schemas), mode };
    let envelope = Envelope::new(&schemas.tables);
    let mut documents = DocumentStream::new(input)?;
    let mut out = RecordStream::new(&envelope, digest::PROGRAM.to_owned(), digest::of_schemas(&schemas.files), output)?;
    let mut ids = Ids::default();
    let mut done: Vec<Filtered> = Vec::new();
    let mut batch = documents.batch(BATCH)?;
    while !(batch.is_empty() && done.is_empty()) {
        let take_all = || {
            for filtered in std::mem::take(&mut done) {
                ids.first(filtered).into_rows(mode.is_strict)?.into_iter().try_for_each(|row| out.push(row))?;
            }
            documents.batch(BATCH)
        };
        let (next, read) = rayon::join(take_all, || batch.into_par_iter().map(|incoming| filter.one(incoming)).collect());
        (batch, done) = (next?, read);
    }
    out.finish()
}

/// The sources that expectations cite: their claims are looked up in the text.
fn cited(schemas: &Schemas) -> BTreeSet<String> {
    let expectations = Expectations::parse(&schemas.files, &mut Report::default());
    expectations.expectations.into_iter().filter_map(|(_, expectation)| Some(expectation.claim?.source)).collect()
}

/// The ids that there were, by a hash of each.
#[derive(Debug, Default)]
struct Ids(HashSet<u64>);

impl Ids {
    /// Makes an error of a document whose id was there before.
    fn first(&mut self, mut filtered: Filtered) -> Filtered {
        if let (Some(id), Ok(_)) = (&filtered.id, &filtered.rows) {
            let mut key = [0; 8];
            key.copy_from_slice(&Sha256::digest(id.as_bytes())[..8]);
            if !self.0.insert(u64::from_le_bytes(key)) {
                filtered.rows = Err(format!("its id \"{id}\" was there before"));
            }
        }
        filtered
    }
}

impl Filtered {
    fn into_rows(self, is_strict: bool) -> Result<Vec<Row>, Error> {
        match self.rows {
            Ok(rows) => Ok(rows),
            Err(message) if is_strict => Err(Error::Gate(format!("document {}: {message}", self.number))),
            Err(message) => Ok(vec![Row::Error(ErrorRow { source_id: self.id, document: self.number, message })]),
        }
    }
}

struct Filter<'a> {
    reader: Reader<'a>,
    familiarity: Familiarity<'a>,
    mask: Mask,
    cited: BTreeSet<String>,
    mode: FilterMode,
}

impl Filter<'_> {
    fn one(&self, incoming: Incoming) -> Filtered {
        let number = incoming.number;
        let id = incoming.id().filter(|id| !id.is_empty()).map(str::to_owned);
        // Nothing that was half changed is looked at again: what a document is read with is never changed.
        let rows = catch_unwind(AssertUnwindSafe(|| self.rows(incoming))).unwrap_or_else(|_| Err("the program failed on it".to_owned()));
        Filtered { number, id, rows }
    }

    fn rows(&self, incoming: Incoming) -> Result<Vec<Row>, String> {
        let document = incoming.document(&|text, format| describe(&self.familiarity, text, format))?;
        let reading = self.reader.read(&document).ok_or("there is no vocabulary to read it with")?;
        self.rows_of(document, reading).map_err(|error| error.to_string())
    }

    /// The rows of a document: its records table by table, what was found in it, and what closes it.
    fn rows_of(&self, document: Document, mut reading: Reading) -> Result<Vec<Row>, Error> {
        let schemas = self.reader.schemas;
        let text = if self.cited.contains(document.id()) { Some(cited_text(&document, &reading, schemas)?) } else { None };
        let withheld: Vec<&str> = schemas
            .tables
            .iter()
            .flat_map(|table| reading.records.get(&table.name).into_iter().flatten().map(move |record| (table, record)))
            .filter(|(_, record)| record.withheld)
            .filter_map(|(table, record)| record.text(table, "value"))
            .collect();
        self.mask.apply(&withheld, &mut reading.report);
        let mut rows = Vec::new();
        for table in &schemas.tables {
            let records = reading.records.remove(&table.name).unwrap_or_default();
            let shown = records.into_iter().filter(|record| self.mode.include_withheld || !record.withheld);
            rows.extend(shown.map(|record| Row::Record(table.name.clone(), record)));
        }
        let records = rows.len() as u64;
        let findings = reading.report.sorted().into_iter().cloned().enumerate();
        rows.extend(findings.map(|(seq, finding)| Row::Finding(FindingRow { source_id: document.id().to_owned(), seq: seq as u32, finding })));
        rows.push(Row::Document(DocumentRow {
            source_id: document.id().to_owned(),
            path: document.path.clone(),
            title: Some(document.entry.title.clone()),
            language: document.entry.language.clone(),
            published: document.entry.published.clone(),
            sha256: document.sha256.clone(),
            lines: document.line_count() as u64,
            withheld: reading.withheld,
            records,
            coverage: reading.coverage,
            aliases: reading.aliases.iter().filter_map(|&at| schemas.reference.aliases.get(at)).map(|alias| alias.line).collect(),
            text,
        }));
        Ok(rows)
    }
}

fn cited_text(document: &Document, reading: &Reading, schemas: &Schemas) -> Result<String, Error> {
    let mut batches = RecordTables::new();
    for table in &schemas.tables {
        let records = reading.records.get(&table.name).map_or(&[][..], Vec::as_slice);
        let fault = |error: ArrowError| Error::Fault(error.to_string());
        if let Some(batch) = record::to_batch(table, records).map_err(fault)? {
            batches.insert(table.name.clone(), Arc::new(RecordTable::of(table, &batch).map_err(fault)?));
        }
    }
    masked_text(document, &resolve::withheld_spans(&batches, schemas))
}
