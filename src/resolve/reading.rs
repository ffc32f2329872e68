//! Records read where they lie in their batches, by table, each with its schema at hand.
//!
//! Nothing is copied: of most records only a few values are looked at, and there are many records. Those of persons are left out here,
//! once, so that no table can publish them.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, BooleanArray, PrimitiveArray, StringArray};
use arrow::datatypes::UInt32Type;

use super::Input;
use crate::findings::Place;
use crate::model::date::Period;
use crate::model::record::{self, BEFORE_FIELDS, Evidence};
use crate::model::record_table::{RecordTable, RecordTables};
use crate::model::schemas::Schemas;
use crate::model::source::{SourceRow, SourceText, Text};
use crate::model::span::Span;
use crate::model::table::RecordField;
use crate::model::{Cell, TableSchema};

type Numbers = PrimitiveArray<UInt32Type>;

/// The records of all tables in some batches, in order of source and position.
#[derive(Debug)]
pub struct Records<'t> {
    tables: BTreeMap<&'t str, Ordered<'t>>,
    around: &'t Around<'t>,
}

/// The records of one table: where their values lie, and the order in which they are read.
#[derive(Debug)]
struct Ordered<'t> {
    parts: Vec<Columns<'t>>,
    /// Part and row of each.
    order: Vec<(u32, u32)>,
}

/// What is known of all records.
#[derive(Debug)]
pub struct Around<'t> {
    /// The text of each source, under its path as findings name it; empty where it is not at hand.
    texts: BTreeMap<&'t str, SourceText<'t>>,
}

impl<'t> Records<'t> {
    /// Brings the records into order; a table without any has none.
    #[must_use]
    pub fn read(batches: &'t [RecordTables], schemas: &'t Schemas, around: &'t Around<'t>) -> Self {
        let mut tables: BTreeMap<&str, Ordered<'t>> = BTreeMap::new();
        for (schema, records) in batches.iter().flat_map(|batch| of_tables(batch, schemas)) {
            let ordered = tables.entry(schema.name.as_str()).or_insert_with(|| Ordered { parts: Vec::new(), order: Vec::new() });
            let columns = Columns::new(schema, records);
            let part = ordered.parts.len() as u32;
            ordered.order.extend((0..records.rows() as u32).filter(|&row| !columns.is_of_a_person(row)).map(|row| (part, row)));
            ordered.parts.push(columns);
        }
        for Ordered { parts, order } in tables.values_mut() {
            let place = |&(part, row): &(u32, u32)| {
                let part = &parts[part as usize];
                (part.source_ids.value(row as usize), part.seqs.value(row as usize))
            };
            order.sort_by(|a, b| place(a).cmp(&place(b)));
        }
        Self { tables, around }
    }

    /// The records of a table.
    pub fn of<'a>(&'a self, table: &str) -> impl Iterator<Item = Reading<'a>> + 'a {
        let ordered = self.tables.get(table);
        ordered.into_iter().flat_map(move |ordered| {
            let reading = |&(part, row): &(u32, u32)| Reading { columns: &ordered.parts[part as usize], row, around: self.around };
            ordered.order.iter().map(reading)
        })
    }
}

impl<'t> Around<'t> {
    /// The texts are for the places of findings alone.
    #[must_use]
    pub fn new(input: &Input<'t>) -> Self {
        let without = |source: &'t SourceRow| SourceText { source_id: source.id(), display_path: &source.display_path, text: Text::default() };
        let texts: BTreeMap<&str, &SourceText<'t>> = input.texts.iter().map(|text| (text.source_id, text)).collect();
        let text = |source: &'t SourceRow| texts.get(source.id()).map_or_else(|| without(source), |text| **text);
        Self { texts: input.sources.iter().map(|source| (source.id(), text(source))).collect() }
    }

    /// Where evidence stands.
    #[must_use]
    pub fn place(&self, source: &str, piece: &Evidence) -> Place {
        self.text(source).place(piece.line_start, piece.byte_start as usize)
    }

    /// The text of a source under its path; one that is not among the sources goes by its id.
    fn text<'a>(&self, source: &'a str) -> SourceText<'a>
    where
        't: 'a,
    {
        self.texts.get(source).copied().unwrap_or(SourceText { source_id: source, display_path: source, text: Text::default() })
    }
}

/// The tables of which there are records.
fn of_tables<'t>(records: &'t RecordTables, schemas: &'t Schemas) -> impl Iterator<Item = (&'t TableSchema, &'t RecordTable)> {
    records.iter().filter_map(|(name, records)| Some((schemas.table(name)?, &**records)))
}

/// Adds the contact values of persons.
pub fn withheld(records: &RecordTables, schemas: &Schemas, values: &mut BTreeSet<String>) {
    for (schema, records) in of_tables(records, schemas) {
        let columns = Columns::new(schema, records);
        let personal = (0..records.rows() as u32).filter(|&row| columns.is_of_a_person(row));
        values.extend(personal.filter_map(|row| columns.text("value", row)).map(str::to_owned));
    }
}

/// Where in its file each withheld value stands, and the name of whoever it belongs to. An office that other records name is no secret.
#[must_use]
pub fn withheld_spans(records: &RecordTables, schemas: &Schemas) -> Vec<Span> {
    let (mut withheld, mut open) = (Vec::new(), BTreeSet::new());
    for (schema, records) in of_tables(records, schemas) {
        let columns = Columns::new(schema, records);
        for row in 0..records.rows() as u32 {
            let pieces = columns.pieces(row).map(|piece| (piece.column() == "value", Span { start: piece.byte_start(), end: piece.byte_end() }));
            match columns.is_of_a_person(row) {
                true => withheld.extend(pieces),
                false => open.extend(pieces.map(|(_, span)| span)),
            }
        }
    }
    withheld.into_iter().filter(|(is_value, span)| *is_value || !open.contains(span)).map(|(_, span)| span).collect()
}

/// A part of the records of a table.
#[derive(Debug)]
struct Columns<'t> {
    fields: &'t [RecordField],
    part: &'t RecordTable,
    source_ids: &'t StringArray,
    seqs: &'t Numbers,
    rules: &'t StringArray,
    lines: &'t Numbers,
    withheld: &'t BooleanArray,
}

impl<'t> Columns<'t> {
    fn new(schema: &'t TableSchema, part: &'t RecordTable) -> Self {
        Self {
            fields: schema.record.as_ref().map_or(&[][..], |record| &record.fields),
            part,
            source_ids: part.column(0).as_string(),
            seqs: part.column(1).as_primitive(),
            rules: part.column(2).as_string(),
            lines: part.column(3).as_primitive(),
            withheld: part.column(4).as_boolean(),
        }
    }

    fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|candidate| candidate.name == field)
    }

    fn cell(&self, field: &str, row: u32) -> Cell {
        let at = self.position(field);
        at.map_or(Cell::Null, |at| record::array_cell(self.fields[at].field_type, self.part.column(BEFORE_FIELDS + at), row as usize))
    }

    fn text(&self, field: &str, row: u32) -> Option<&str> {
        let texts = self.part.column(BEFORE_FIELDS + self.position(field)?).as_string_opt::<i32>()?;
        // An empty text is none, as in a cell.
        texts.is_valid(row as usize).then(|| texts.value(row as usize)).filter(|text| !text.is_empty())
    }

    fn is_of_a_person(&self, row: u32) -> bool {
        self.withheld.value(row as usize) || self.cell("personal", row) == Cell::Boolean(true)
    }

    fn pieces(&self, row: u32) -> impl Iterator<Item = Piece<'_>> {
        self.part.pieces(row as usize).map(|at| Piece { part: self.part, at })
    }
}

/// A piece of evidence where it lies in its batch.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    part: &'a RecordTable,
    at: usize,
}

impl<'a> Piece<'a> {
    #[must_use]
    pub fn column(&self) -> &'a str {
        self.part.name(self.at)
    }

    #[must_use]
    pub fn quote(&self) -> &'a str {
        self.part.quote(self.at)
    }

    /// The digest of what it says, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &'a str {
        self.part.digest(self.at)
    }

    /// First and last line, first byte and the byte behind the last.
    #[must_use]
    pub fn numbers(&self) -> [u32; 4] {
        self.part.numbers(self.at)
    }

    /// Its place among those of its batch.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    fn line_start(&self) -> u32 {
        self.part.numbers(self.at)[0]
    }

    fn byte_start(&self) -> u32 {
        self.part.numbers(self.at)[2]
    }

    fn byte_end(&self) -> u32 {
        self.part.numbers(self.at)[3]
    }

    #[must_use]
    pub fn to_evidence(self) -> Evidence {
        self.part.evidence(self.at)
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    columns: &'a Columns<'a>,
    row: u32,
    around: &'a Around<'a>,
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
        let text = self.around.text(self.source());
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
