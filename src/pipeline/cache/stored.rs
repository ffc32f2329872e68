//! A reading as bytes and back.
//!
//! What the document has is not stored again: a quote that is its bytes as they are, and who it is. Names of tables, rules and columns are
//! stored as they are: bytes of another program are of another generation and never come here, and what does not fit gives no reading.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::findings::{Finding, Report};
use crate::model::Cell;
use crate::model::document::Document;
use crate::model::record::{Evidence, Record, hex};
use crate::model::schemas::Schemas;
use crate::model::source::CoverageRow;
use crate::pipeline::reading::Reading;

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    /// By the position of the table.
    #[serde(borrow)]
    tables: Vec<(u32, Vec<StoredRecord<'a>>)>,
    /// Bytes, and what became of them: read, no fact, ignored, unread, blank.
    coverage: [u64; 6],
    withheld: u64,
    aliases: BTreeSet<usize>,
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    #[serde(borrow)]
    rule: &'a str,
    line: u32,
    withheld: bool,
    #[serde(borrow)]
    cells: Vec<StoredCell<'a>>,
    /// Pieces of evidence as bytes, which need not be read where nobody asks for them.
    #[serde(borrow)]
    evidence: Cow<'a, [u8]>,
}

#[derive(Serialize, Deserialize)]
enum StoredCell<'a> {
    Null,
    Text(&'a str),
    Integer(i64),
    Number(f64),
    /// Days since the first of the first year.
    Date(i32),
    Boolean(bool),
}

#[derive(Serialize, Deserialize)]
struct StoredEvidence<'a> {
    #[serde(borrow)]
    column: &'a str,
    line_start: u32,
    lines: u32,
    byte_start: u32,
    bytes: u32,
    /// None where it is the bytes.
    #[serde(borrow)]
    quote: Option<&'a str>,
    sha256: [u8; 32],
}

/// The bytes of a reading; none for one that cannot be stored, as one with a trace.
pub fn encode(reading: &Reading, document: &Document, schemas: &Schemas) -> Option<Vec<u8>> {
    let Reading { records, coverage, withheld, aliases, trace, report } = reading;
    if !trace.is_empty() || !report.checks.is_empty() {
        return None;
    }
    let mut tables = Vec::new();
    for (table, records) in records {
        let position = schemas.tables.iter().position(|schema| schema.name == *table)?;
        tables.push((position as u32, records.iter().map(|record| stored(record, document)).collect::<Option<_>>()?));
    }
    let CoverageRow { source_id: _, bytes, read, no_fact, ignored, unread, blank } = coverage;
    let coverage = [bytes, read, no_fact, ignored, unread, blank].map(|bytes| *bytes);
    let stored = Stored { tables, coverage, withheld: *withheld, aliases: aliases.clone(), findings: report.findings().to_vec() };
    postcard::to_extend(&stored, Vec::new()).ok()
}

/// The reading that bytes are of, with or without the evidence of its records; none where they are not those of a reading of this document.
pub fn decode(bytes: &[u8], document: &Document, schemas: &Schemas, with_evidence: bool) -> Option<Reading> {
    let stored: Stored<'_> = postcard::from_bytes(bytes).ok()?;
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for (position, of_table) in stored.tables {
        let schema = schemas.tables.get(position as usize)?;
        let fields = schema.record.as_ref().map_or(0, |record| record.fields.len());
        let read = |(seq, stored)| record(stored, seq, fields, document, with_evidence);
        let of_table = of_table.into_iter().enumerate().map(read).collect::<Option<_>>()?;
        records.insert(schema.name.clone(), of_table);
    }
    let [bytes, read, no_fact, ignored, unread, blank] = stored.coverage;
    let coverage = CoverageRow { source_id: document.id().to_owned(), bytes, read, no_fact, ignored, unread, blank };
    let mut report = Report::default();
    stored.findings.into_iter().for_each(|finding| report.push(finding));
    Some(Reading { records, coverage, withheld: stored.withheld, aliases: stored.aliases, trace: String::new(), report })
}

fn stored<'a>(record: &'a Record, document: &Document) -> Option<StoredRecord<'a>> {
    let cells = record.cells.iter().map(|cell| match cell {
        Cell::Null => StoredCell::Null,
        Cell::Text(text) => StoredCell::Text(text),
        Cell::Integer(value) => StoredCell::Integer(*value),
        Cell::Number(value) => StoredCell::Number(*value),
        Cell::Date(day) => StoredCell::Date(day.num_days_from_ce()),
        Cell::Boolean(value) => StoredCell::Boolean(*value),
    });
    let evidence = record.evidence.iter().map(|piece| {
        let is_the_bytes = document.text.get(piece.byte_start as usize..piece.byte_end as usize) == Some(piece.quote.as_str());
        Some(StoredEvidence {
            column: &piece.column,
            line_start: piece.line_start,
            lines: piece.line_end.checked_sub(piece.line_start)?,
            byte_start: piece.byte_start,
            bytes: piece.byte_end.checked_sub(piece.byte_start)?,
            quote: (!is_the_bytes).then_some(&piece.quote),
            sha256: digest(&piece.quote_sha256)?,
        })
    });
    let evidence = evidence.collect::<Option<Vec<_>>>()?;
    let evidence = Cow::Owned(postcard::to_extend(&evidence, Vec::new()).ok()?);
    Some(StoredRecord { rule: &record.rule, line: record.line, withheld: record.withheld, cells: cells.collect(), evidence })
}

fn record(stored: StoredRecord<'_>, seq: usize, fields: usize, document: &Document, with_evidence: bool) -> Option<Record> {
    let StoredRecord { rule, line, withheld, cells, evidence } = stored;
    if cells.len() != fields {
        return None;
    }
    let cells = cells.into_iter().map(|cell| {
        Some(match cell {
            StoredCell::Null => Cell::Null,
            StoredCell::Text(text) => Cell::Text(text.to_owned()),
            StoredCell::Integer(value) => Cell::Integer(value),
            StoredCell::Number(value) => Cell::Number(value),
            StoredCell::Date(days) => Cell::Date(NaiveDate::from_num_days_from_ce_opt(days)?),
            StoredCell::Boolean(value) => Cell::Boolean(value),
        })
    });
    let pieces: Vec<StoredEvidence<'_>> = if with_evidence { postcard::from_bytes(&evidence).ok()? } else { Vec::new() };
    let evidence = pieces.into_iter().map(|piece| {
        let byte_end = piece.byte_start.checked_add(piece.bytes)?;
        let bytes = document.text.get(piece.byte_start as usize..byte_end as usize)?;
        Some(Evidence {
            column: piece.column.to_owned(),
            line_start: piece.line_start,
            line_end: piece.line_start.checked_add(piece.lines)?,
            byte_start: piece.byte_start,
            byte_end,
            quote: piece.quote.unwrap_or(bytes).to_owned(),
            quote_sha256: hex(&piece.sha256),
        })
    });
    Some(Record {
        source_id: document.id().to_owned(),
        seq: u32::try_from(seq).ok()?,
        rule: rule.to_owned(),
        line,
        withheld,
        cells: cells.collect::<Option<_>>()?,
        evidence: evidence.collect::<Option<_>>()?,
    })
}

/// The bytes that hexadecimal digits are of.
fn digest(digits: &str) -> Option<[u8; 32]> {
    let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let mut bytes = [0; 32];
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}
