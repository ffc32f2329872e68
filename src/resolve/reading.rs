//! Records read where they lie in their batches, by table, each with its schema at hand.
//!
//! Nothing is copied: of most records only a few values are looked at, and there are many records. Those of persons are left out here,
//! once, so that no table can publish them.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, PrimitiveArray, RecordBatch, StringArray, StructArray};
use arrow::datatypes::UInt32Type;

use crate::error::Error;
use crate::findings::Place;
use crate::model::date::Period;
use crate::model::record::{self, Evidence};
use crate::model::schemas::Schemas;
use crate::model::source::{SourceRow, SourceText};
use crate::model::span::Span;
use crate::model::table::RecordField;
use crate::model::{Cell, TableSchema};

type Numbers = PrimitiveArray<UInt32Type>;

/// The records of all tables, in order of source and position.
#[derive(Debug, Default)]
pub struct Records<'t> {
    tables: BTreeMap<&'t str, Batch<'t>>,
    /// The text of each source, under its path as findings name it; empty where it is not at hand.
    texts: BTreeMap<&'t str, SourceText<'t>>,
}

impl<'t> Records<'t> {
    /// Reads every batch; a table without a batch has no records. The texts are for the places of findings alone.
    ///
    /// # Errors
    /// `Fault` where a batch has another schema than its table says.
    pub fn read(
        batches: &'t BTreeMap<String, RecordBatch>,
        sources: &'t [SourceRow],
        texts: &[SourceText<'t>],
        schemas: &'t Schemas,
    ) -> Result<Self, Error> {
        let mut tables = BTreeMap::new();
        for (name, batch) in batches {
            let Some(schema) = schemas.table(name) else { continue };
            let mut batch = Batch::new(schema, batch)?;
            batch.order.retain(|&row| !batch.columns.is_of_a_person(row));
            let columns = &batch.columns;
            batch.order.sort_by_key(|&row| (columns.source_ids.value(row as usize), columns.seqs.value(row as usize)));
            tables.insert(name.as_str(), batch);
        }
        let without = |source: &'t SourceRow| SourceText { source_id: source.id(), display_path: &source.display_path, text: "" };
        let texts: BTreeMap<&str, &SourceText<'t>> = texts.iter().map(|text| (text.source_id, text)).collect();
        let text = |source: &'t SourceRow| texts.get(source.id()).map_or_else(|| without(source), |text| **text);
        Ok(Self { tables, texts: sources.iter().map(|source| (source.id(), text(source))).collect() })
    }

    /// The records of a table.
    pub fn of<'a>(&'a self, table: &str) -> impl Iterator<Item = Reading<'a>> + 'a {
        let batch = self.tables.get(table);
        batch.into_iter().flat_map(move |batch| batch.order.iter().map(move |&row| Reading { columns: &batch.columns, row, texts: &self.texts }))
    }

    /// Where evidence stands.
    #[must_use]
    pub fn place(&self, source: &str, piece: &Evidence) -> Place {
        text_of(&self.texts, source).place(piece.line_start, piece.byte_start as usize)
    }
}

/// The text of a source under its path; one that is not among the sources goes by its id.
fn text_of<'a>(texts: &BTreeMap<&'a str, SourceText<'a>>, source: &'a str) -> SourceText<'a> {
    texts.get(source).copied().unwrap_or(SourceText { source_id: source, display_path: source, text: "" })
}

/// The contact values of persons, in order, each once.
///
/// # Errors
/// `Fault` where a batch has another schema than its table says.
pub fn withheld(batches: &BTreeMap<String, RecordBatch>, schemas: &Schemas) -> Result<Vec<String>, Error> {
    let mut values = BTreeSet::new();
    for (name, batch) in batches {
        let Some(schema) = schemas.table(name) else { continue };
        let Batch { columns, order } = Batch::new(schema, batch)?;
        let personal = order.iter().filter(|&&row| columns.is_of_a_person(row));
        values.extend(personal.filter_map(|&row| columns.text("value", row)).map(str::to_owned));
    }
    Ok(values.into_iter().collect())
}

/// Where in its file each withheld value stands, and the name of whoever it belongs to. An office that other records name is no secret.
///
/// # Errors
/// `Fault` where a batch has another schema than its table says.
pub fn withheld_spans(batches: &BTreeMap<String, RecordBatch>, schemas: &Schemas) -> Result<Vec<Span>, Error> {
    let (mut withheld, mut open) = (Vec::new(), BTreeSet::new());
    for (name, batch) in batches {
        let Some(schema) = schemas.table(name) else { continue };
        let Batch { columns, order } = Batch::new(schema, batch)?;
        for row in order {
            let pieces = columns.pieces(row).map(|piece| (piece.column() == "value", Span { start: piece.byte_start(), end: piece.byte_end() }));
            match columns.is_of_a_person(row) {
                true => withheld.extend(pieces),
                false => open.extend(pieces.map(|(_, span)| span)),
            }
        }
    }
    Ok(withheld.into_iter().filter(|(is_value, span)| *is_value || !open.contains(span)).map(|(_, span)| span).collect())
}

/// The records of one table: where their values lie, and the order in which they are read.
#[derive(Debug)]
struct Batch<'b> {
    columns: Columns<'b>,
    order: Vec<u32>,
}

#[derive(Debug)]
struct Columns<'b> {
    fields: &'b [RecordField],
    values: Vec<&'b ArrayRef>,
    source_ids: &'b StringArray,
    seqs: &'b Numbers,
    rules: &'b StringArray,
    lines: &'b Numbers,
    withheld: &'b BooleanArray,
    evidence: &'b ListArray,
    pieces: &'b StructArray,
}

impl<'b> Batch<'b> {
    fn new(schema: &'b TableSchema, batch: &'b RecordBatch) -> Result<Self, Error> {
        record::check_batch(schema, batch).map_err(|error| Error::Fault(format!("records of {}: {error}", schema.name)))?;
        let fields = schema.record.as_ref().map_or(&[][..], |record| &record.fields);
        let (before, rest) = batch.columns().split_at(record::BEFORE_FIELDS.min(batch.num_columns()));
        let ([source_ids, seqs, rules, lines, withheld], Some(evidence)) = (before, rest.last()) else {
            return Err(Error::Fault(format!("records of {} lack columns", schema.name)));
        };
        let evidence = evidence.as_list::<i32>();
        let columns = Columns {
            fields,
            values: rest.iter().take(fields.len()).collect(),
            source_ids: source_ids.as_string(),
            seqs: seqs.as_primitive(),
            rules: rules.as_string(),
            lines: lines.as_primitive(),
            withheld: withheld.as_boolean(),
            evidence,
            pieces: evidence.values().as_struct(),
        };
        Ok(Self { columns, order: (0..batch.num_rows() as u32).collect() })
    }
}

impl Columns<'_> {
    fn cell(&self, field: &str, row: u32) -> Cell {
        let at = self.fields.iter().position(|candidate| candidate.name == field);
        at.map_or(Cell::Null, |at| record::array_cell(self.fields[at].field_type, self.values[at], row as usize))
    }

    fn text(&self, field: &str, row: u32) -> Option<&str> {
        let at = self.fields.iter().position(|candidate| candidate.name == field)?;
        let texts = self.values[at].as_string_opt::<i32>()?;
        // An empty text is none, as in a cell.
        texts.is_valid(row as usize).then(|| texts.value(row as usize)).filter(|text| !text.is_empty())
    }

    fn is_of_a_person(&self, row: u32) -> bool {
        self.withheld.value(row as usize) || self.cell("personal", row) == Cell::Boolean(true)
    }

    fn pieces(&self, row: u32) -> impl Iterator<Item = Piece<'_>> {
        let offsets = self.evidence.value_offsets();
        (offsets[row as usize]..offsets[row as usize + 1]).map(|at| Piece { pieces: self.pieces, at: at as usize })
    }
}

/// A piece of evidence where it lies in its batch.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pieces: &'a StructArray,
    at: usize,
}

impl<'a> Piece<'a> {
    fn text(&self, column: usize) -> &'a str {
        self.pieces.column(column).as_string::<i32>().value(self.at)
    }

    fn number(&self, column: usize) -> u32 {
        self.pieces.column(column).as_primitive::<UInt32Type>().value(self.at)
    }

    #[must_use]
    pub fn column(&self) -> &'a str {
        self.text(0)
    }

    #[must_use]
    pub fn quote(&self) -> &'a str {
        self.text(5)
    }

    fn line_start(&self) -> u32 {
        self.number(1)
    }

    fn byte_start(&self) -> u32 {
        self.number(3)
    }

    fn byte_end(&self) -> u32 {
        self.number(4)
    }

    #[must_use]
    pub fn to_evidence(self) -> Evidence {
        Evidence {
            column: self.column().to_owned(),
            line_start: self.line_start(),
            line_end: self.number(2),
            byte_start: self.byte_start(),
            byte_end: self.byte_end(),
            quote: self.quote().to_owned(),
            quote_sha256: self.text(6).to_owned(),
        }
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    columns: &'a Columns<'a>,
    row: u32,
    texts: &'a BTreeMap<&'a str, SourceText<'a>>,
}

impl<'a> Reading<'a> {
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.columns.source_ids.value(self.row as usize)
    }

    /// Position among the records of its document and table.
    #[must_use]
    pub fn seq(&self) -> u32 {
        self.columns.seqs.value(self.row as usize)
    }

    /// The rule that read it.
    #[must_use]
    pub fn rule(&self) -> &'a str {
        self.columns.rules.value(self.row as usize)
    }

    /// First line of what it is about.
    #[must_use]
    pub fn own_line(&self) -> u32 {
        self.columns.lines.value(self.row as usize)
    }

    /// All of its evidence.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'a>> + use<'a> {
        self.columns.pieces(self.row)
    }

    /// Where the first of `fields` with evidence starts, as findings name it.
    #[must_use]
    pub fn place(&self, fields: &[&str]) -> Place {
        let text = text_of(self.texts, self.source());
        let first = self.evidence(fields).into_iter().min_by_key(|piece| (piece.line_start(), piece.byte_start()));
        first.map_or_else(|| Place::new(text.display_path, self.own_line(), 0), |piece| text.place(piece.line_start(), piece.byte_start() as usize))
    }

    #[must_use]
    pub fn cell(&self, field: &str) -> Cell {
        self.columns.cell(field, self.row)
    }

    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.columns.text(field, self.row)
    }

    #[must_use]
    pub fn integer(&self, field: &str) -> Option<i64> {
        self.cell(field).as_integer()
    }

    /// A reduced date of the record as the stretch of time that it can mean.
    #[must_use]
    pub fn period(&self, field: &str) -> Option<Period> {
        self.text(field).and_then(Period::parse_reduced)
    }

    /// Evidence of the first of `fields` that has any; where none has, of the record's first words: a stated value always has a place.
    #[must_use]
    pub fn evidence(&self, fields: &[&str]) -> Vec<Piece<'a>> {
        for field in fields {
            let pieces: Vec<Piece<'a>> = self.pieces().filter(|piece| piece.column() == *field).collect();
            if !pieces.is_empty() {
                return pieces;
            }
        }
        self.pieces().min_by_key(|piece| (piece.byte_start(), piece.byte_end())).into_iter().collect()
    }

    /// The same, each piece with the rule that read it.
    #[must_use]
    pub fn ruled_evidence(&self, fields: &[&str]) -> Vec<(String, Evidence)> {
        self.evidence(fields).into_iter().map(|piece| (self.rule().to_owned(), piece.to_evidence())).collect()
    }

    /// The line on which the first of `fields` with evidence stands.
    #[must_use]
    pub fn line(&self, fields: &[&str]) -> u32 {
        self.evidence(fields).iter().map(Piece::line_start).min().unwrap_or_else(|| self.own_line())
    }
}
