//! Records: candidate rows as one document states them. They are what crosses the boundary between the two halves, as Arrow
//! record batches, one schema per table ([`TableSchema::record_arrow_schema`]).
//!
//! An extractor writes a [`Draft`] (columns by name, spans into the joined text); sealing it against the document makes a
//! [`Record`] (cells in schema order, evidence as bytes and lines of the file).

use std::borrow::Borrow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListArray, RecordBatch, StringBuilder, StructArray,
    UInt32Array, UInt32Builder,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, UInt32Type};
use arrow::error::ArrowError;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Cell;
use super::document::Document;
use super::span::{Span, SpanMap};
use super::table::{FieldType, RecordField, TableSchema, evidence_fields, evidence_item};

/// Longest quote in characters.
const QUOTE_LIMIT: usize = 200;

/// A candidate row as an extractor writes it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub table: &'static str,
    /// The rule that read it, `<extractor>/<rule>`.
    pub rule: &'static str,
    pub cells: Vec<DraftCell>,
    /// Personal data: left out of every output unless asked for.
    pub withheld: bool,
}

/// A value and where the text says it; no span where it is derived from the other cells.
#[derive(Clone, Debug)]
pub struct DraftCell {
    pub column: &'static str,
    pub value: Cell,
    /// Spans into the joined text.
    pub spans: Spans,
}

/// The spans of a value. Nearly all have one, which is kept in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Spans {
    #[default]
    None,
    One(Span),
    Many(Vec<Span>),
}

impl From<&[Span]> for Spans {
    fn from(spans: &[Span]) -> Self {
        match spans {
            [] => Self::None,
            [span] => Self::One(*span),
            _ => Self::Many(spans.to_vec()),
        }
    }
}

impl std::ops::Deref for Spans {
    type Target = [Span];

    fn deref(&self) -> &[Span] {
        match self {
            Self::None => &[],
            Self::One(span) => std::slice::from_ref(span),
            Self::Many(spans) => spans,
        }
    }
}

/// Cells that most drafts have room for.
const CELLS: usize = 8;

impl Draft {
    #[must_use]
    pub fn new(table: &'static str, rule: &'static str) -> Self {
        Self { table, rule, cells: Vec::with_capacity(CELLS), withheld: false }
    }

    /// A stated value. An empty one is left out.
    #[must_use]
    pub fn with(mut self, column: &'static str, value: impl Into<Cell>, span: Span) -> Self {
        self.set(column, value, &[span]);
        self
    }

    /// A value that follows from others.
    #[must_use]
    pub fn derived(mut self, column: &'static str, value: impl Into<Cell>) -> Self {
        self.set(column, value, &[]);
        self
    }

    pub fn set(&mut self, column: &'static str, value: impl Into<Cell>, spans: &[Span]) {
        let value = value.into();
        if value.is_null() {
            return;
        }
        match self.cells.iter_mut().find(|cell| cell.column == column) {
            Some(cell) => *cell = DraftCell { column, value, spans: spans.into() },
            None => self.cells.push(DraftCell { column, value, spans: spans.into() }),
        }
    }

    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&DraftCell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cell(column).and_then(|cell| cell.value.as_text())
    }

    /// The spans of a column, to copy evidence from one column to another; none where the column is empty.
    #[must_use]
    pub fn spans(&self, column: &str) -> Spans {
        self.cell(column).map(|cell| cell.spans.clone()).unwrap_or_default()
    }
}

/// A candidate row at the boundary.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub source_id: String,
    /// Position among the records of its document and table.
    pub seq: u32,
    pub rule: String,
    /// First line of its evidence.
    pub line: u32,
    pub withheld: bool,
    /// One a field of the record schema.
    pub cells: Vec<Cell>,
    pub evidence: Vec<Evidence>,
}

/// Bytes of a file that say a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    pub column: String,
    pub line_start: u32,
    pub line_end: u32,
    pub byte_start: u32,
    pub byte_end: u32,
    pub quote: String,
    pub quote_sha256: String,
}

impl Evidence {
    /// Evidence for `column` in `span` of the file.
    #[must_use]
    pub fn new(column: &str, document: &Document, span: Span) -> Self {
        let (line_start, line_end) = document.lines_of(span);
        let bytes = &document.text[span.range()];
        Self {
            column: column.to_owned(),
            line_start,
            line_end,
            byte_start: span.start,
            byte_end: span.end,
            quote: quote(bytes),
            quote_sha256: hex(&Sha256::digest(bytes.as_bytes())),
        }
    }
}

/// Bytes of a file as one line of NFC text, at most 200 characters.
#[must_use]
pub fn quote(bytes: &str) -> String {
    // Nearly all are a few words of one line.
    if bytes.len() <= QUOTE_LIMIT && is_one_line(bytes.as_bytes()) {
        return bytes.to_owned();
    }
    let mut line = String::with_capacity(bytes.len().min(4 * QUOTE_LIMIT));
    for word in bytes.split_whitespace() {
        // Composing shortens a text by far less than this: what is cut off stands behind the limit.
        if line.len() > 64 * QUOTE_LIMIT {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_ascii() && is_nfc_quick(line.chars()) != IsNormalized::Yes {
        line = line.nfc().take(QUOTE_LIMIT).collect();
    }
    line.truncate(line.char_indices().nth(QUOTE_LIMIT).map_or(line.len(), |(at, _)| at));
    line.truncate(line.trim_end().len());
    line
}

/// Whether bytes are signs of ASCII with single spaces between them, and some.
#[must_use]
pub fn is_one_line(bytes: &[u8]) -> bool {
    let mut after_space = true;
    for &byte in bytes {
        let is_space = byte == b' ';
        if !(byte.is_ascii_graphic() || is_space && !after_space) {
            return false;
        }
        after_space = is_space;
    }
    !after_space
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = vec![0; 2 * bytes.len()];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    // They are ASCII.
    String::from_utf8(digits).unwrap_or_default()
}

/// What drafts of one document and table are sealed against.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    pub schema: &'a TableSchema,
    pub document: &'a Document,
    pub map: &'a SpanMap,
    /// Whether anybody will look at the evidence: of what says every cell it takes more than the record does.
    pub keeps_evidence: bool,
}

impl Seal<'_> {
    /// The record of a draft: cells in schema order, evidence as bytes of the file.
    #[must_use]
    pub fn seal(&self, draft: Draft, seq: u32) -> Record {
        let fields = self.schema.record.as_ref().map_or(&[][..], |record| &record.fields);
        let line = self.line(&draft, fields);
        let mut cells = vec![Cell::Null; fields.len()];
        let mut evidence = Vec::new();
        for cell in draft.cells {
            let position = fields.iter().position(|field| field.name == cell.column);
            debug_assert!(position.is_some(), "{} has no record field {}", self.schema.name, cell.column);
            let Some(position) = position else { continue };
            cells[position] = nfc(cell.value);
            if self.keeps_evidence {
                evidence.extend(cell.spans.iter().map(|&span| Evidence::new(cell.column, self.document, self.map.to_file(span))));
            }
        }
        evidence.sort();
        evidence.dedup();
        Record { source_id: self.document.id().to_owned(), seq, rule: draft.rule.to_owned(), line, withheld: draft.withheld, cells, evidence }
    }

    /// The line of a record is that of what it is about: whose it is, and the heading it stands under, may be far above.
    fn line(&self, draft: &Draft, fields: &[RecordField]) -> u32 {
        let is_context = |field: &RecordField| {
            self.schema.name != "dialogues"
                && (matches!(field.kind.as_deref(), Some("dialogue" | "owner"))
                    || matches!(field.name.as_str(), "role" | "kind")
                    || field.name.ends_with("_id")
                    || field.name.starts_with("owner"))
        };
        let line_of = |cell: &DraftCell| cell.spans.iter().map(|&span| self.map.to_file(span).start).min().map(|byte| self.document.line_of(byte));
        let stated = || draft.cells.iter().filter(|cell| !cell.spans.is_empty());
        let own = fields.iter().filter(|field| !is_context(field)).find_map(|field| stated().find(|cell| field.name == cell.column));
        let known = |cell: &&DraftCell| fields.iter().any(|field| field.name == cell.column);
        own.and_then(line_of).or_else(|| stated().filter(known).filter_map(line_of).min()).unwrap_or(1)
    }
}

impl Record {
    /// The cell of a record field.
    #[must_use]
    pub fn cell(&self, schema: &TableSchema, field: &str) -> &Cell {
        const NULL: &Cell = &Cell::Null;
        schema
            .record
            .as_ref()
            .and_then(|record| record.fields.iter().position(|candidate| candidate.name == field))
            .map_or(NULL, |position| &self.cells[position])
    }

    /// The text of a record field.
    #[must_use]
    pub fn text(&self, schema: &TableSchema, field: &str) -> Option<&str> {
        self.cell(schema, field).as_text()
    }
}

fn nfc(cell: Cell) -> Cell {
    match cell {
        Cell::Text(text) if !text.is_ascii() && is_nfc_quick(text.chars()) != IsNormalized::Yes => Cell::text(text.nfc().collect::<String>()),
        other => other,
    }
}

/// Writes cells of one column into an Arrow array; a cell of another type is null.
pub fn column_array<'a>(field_type: FieldType, cells: impl Iterator<Item = &'a Cell>) -> ArrayRef {
    let mut builder = ColumnBuilder::new(field_type);
    cells.for_each(|cell| builder.push(cell));
    builder.finish()
}

/// The cells of one column on their way into an Arrow array; a cell of another type is null.
#[derive(Debug)]
pub enum ColumnBuilder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Date(Date32Builder),
    Boolean(BooleanBuilder),
}

impl ColumnBuilder {
    #[must_use]
    pub fn new(field_type: FieldType) -> Self {
        match field_type {
            FieldType::String => Self::Text(StringBuilder::new()),
            FieldType::Integer => Self::Integer(Int64Builder::new()),
            FieldType::Number => Self::Number(Float64Builder::new()),
            FieldType::Date => Self::Date(Date32Builder::new()),
            FieldType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    pub fn push(&mut self, cell: &Cell) {
        match self {
            Self::Text(builder) => builder.append_option(cell.as_text()),
            Self::Integer(builder) => builder.append_option(cell.as_integer()),
            Self::Number(builder) => builder.append_option(if let Cell::Number(value) = cell { Some(*value) } else { None }),
            Self::Date(builder) => builder.append_option(cell.as_date().map(Date32Type::from_naive_date)),
            Self::Boolean(builder) => builder.append_option(if let Cell::Boolean(value) = cell { Some(*value) } else { None }),
        }
    }

    /// The cells so far; the next ones begin another array.
    pub fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Reads one value of an Arrow array that [`column_array`] wrote.
#[must_use]
pub fn array_cell(field_type: FieldType, array: &ArrayRef, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match field_type {
        FieldType::String => Cell::text(array.as_string::<i32>().value(row)),
        FieldType::Integer => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
        FieldType::Number => Cell::Number(array.as_primitive::<Float64Type>().value(row)),
        FieldType::Date => day_of(array.as_primitive::<Date32Type>().value(row)).map_or(Cell::Null, Cell::Date),
        FieldType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
    }
}

/// Reads one value into a cell, in the memory that it has.
pub fn read_cell(field_type: FieldType, array: &ArrayRef, row: usize, cell: &mut Cell) {
    match field_type {
        FieldType::String if array.is_valid(row) => cell.set_text(array.as_string::<i32>().value(row)),
        _ => *cell = array_cell(field_type, array, row),
    }
}

fn day_of(days: i32) -> Option<NaiveDate> {
    Date32Type::to_naive_date_opt(days)
}

/// The records of one table as a batch; none where nothing is extracted for the table.
///
/// # Errors
/// Where the arrays do not fit the schema: a fault of the program, not of the data.
pub fn to_batch<R: Borrow<Record>>(schema: &TableSchema, records: &[R]) -> Result<Option<RecordBatch>, ArrowError> {
    let (Some(arrow_schema), Some(record_schema)) = (schema.record_arrow_schema(), &schema.record) else {
        return Ok(None);
    };
    let records: Vec<&Record> = records.iter().map(Borrow::borrow).collect();
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(arrow::array::StringArray::from_iter_values(records.iter().map(|record| &record.source_id))),
        Arc::new(UInt32Array::from_iter_values(records.iter().map(|record| record.seq))),
        Arc::new(arrow::array::StringArray::from_iter_values(records.iter().map(|record| &record.rule))),
        Arc::new(UInt32Array::from_iter_values(records.iter().map(|record| record.line))),
        Arc::new(arrow::array::BooleanArray::from_iter(records.iter().map(|record| Some(record.withheld)))),
    ];
    for (position, field) in record_schema.fields.iter().enumerate() {
        columns.push(column_array(field.field_type, records.iter().map(|record| &record.cells[position])));
    }
    columns.push(Arc::new(evidence_array(&records)?));
    RecordBatch::try_new(Arc::new(arrow_schema), columns).map(Some)
}

fn evidence_array(records: &[&Record]) -> Result<ListArray, ArrowError> {
    let mut texts = [StringBuilder::new(), StringBuilder::new(), StringBuilder::new()];
    let mut numbers = [UInt32Builder::new(), UInt32Builder::new(), UInt32Builder::new(), UInt32Builder::new()];
    for piece in records.iter().flat_map(|record| &record.evidence) {
        for (builder, text) in texts.iter_mut().zip([&piece.column, &piece.quote, &piece.quote_sha256]) {
            builder.append_value(text);
        }
        for (builder, number) in numbers.iter_mut().zip([piece.line_start, piece.line_end, piece.byte_start, piece.byte_end]) {
            builder.append_value(number);
        }
    }
    let [mut column, mut quote, mut digest] = texts;
    let [line_start, line_end, byte_start, byte_end] = numbers.map(|mut builder| Arc::new(builder.finish()) as ArrayRef);
    let arrays: Vec<ArrayRef> =
        vec![Arc::new(column.finish()), line_start, line_end, byte_start, byte_end, Arc::new(quote.finish()), Arc::new(digest.finish())];
    let structs = StructArray::try_new(evidence_fields(), arrays, None)?;
    let offsets = OffsetBuffer::from_lengths(records.iter().map(|record| record.evidence.len()));
    ListArray::try_new(Arc::new(evidence_item()), offsets, Arc::new(structs), None)
}

/// How many columns of a batch of records stand before those of the record's fields; behind them stands the evidence.
pub const BEFORE_FIELDS: usize = 5;

/// Holds a batch against the schema that records of a table have.
///
/// # Errors
/// Where the batch has another schema.
pub fn check_batch(schema: &TableSchema, batch: &RecordBatch) -> Result<(), ArrowError> {
    match schema.record_arrow_schema() {
        Some(expected) if expected.fields() == batch.schema().fields() => Ok(()),
        _ => Err(ArrowError::SchemaError(format!("records of {} have another schema than schemas/tables says", schema.name))),
    }
}

/// Reads the records of a batch that [`to_batch`] made.
///
/// # Errors
/// Where the batch has another schema.
pub fn from_batch(schema: &TableSchema, batch: &RecordBatch) -> Result<Vec<Record>, ArrowError> {
    let Some(record_schema) = &schema.record else { return Ok(Vec::new()) };
    check_batch(schema, batch)?;
    let source_ids = batch.column(0).as_string::<i32>();
    let seqs = batch.column(1).as_primitive::<UInt32Type>();
    let rules = batch.column(2).as_string::<i32>();
    let lines = batch.column(3).as_primitive::<UInt32Type>();
    let withheld = batch.column(4).as_boolean();
    let evidence = batch.column(batch.num_columns() - 1).as_list::<i32>();
    let records = (0..batch.num_rows()).map(|row| Record {
        source_id: source_ids.value(row).to_owned(),
        seq: seqs.value(row),
        rule: rules.value(row).to_owned(),
        line: lines.value(row),
        withheld: withheld.value(row),
        cells: record_schema
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| array_cell(field.field_type, batch.column(BEFORE_FIELDS + at), row))
            .collect(),
        evidence: evidence_of(&evidence.value(row)),
    });
    Ok(records.collect())
}

fn evidence_of(items: &ArrayRef) -> Vec<Evidence> {
    let items = items.as_struct();
    let text = |at: usize, row: usize| items.column(at).as_string::<i32>().value(row).to_owned();
    let number = |at: usize, row: usize| items.column(at).as_primitive::<UInt32Type>().value(row);
    (0..items.len())
        .map(|row| Evidence {
            column: text(0, row),
            line_start: number(1, row),
            line_end: number(2, row),
            byte_start: number(3, row),
            byte_end: number(4, row),
            quote: text(5, row),
            quote_sha256: text(6, row),
        })
        .collect()
}
