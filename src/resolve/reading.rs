//! Records read back from the batches, by table, each with its schema at hand.
//!
//! Records of persons are left out here, once, so that no table can publish them.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use crate::error::Error;
use crate::findings::Place;
use crate::model::date::Period;
use crate::model::record::{self, Evidence, Record};
use crate::model::schemas::Schemas;
use crate::model::source::{SourceRow, SourceText};
use crate::model::span::Span;
use crate::model::{Cell, TableSchema};

/// The records of all tables, in order of source and position.
#[derive(Debug, Default)]
pub struct Records<'t> {
    tables: BTreeMap<String, Vec<Record>>,
    /// The text of each source, under its path as findings name it; empty where it is not at hand.
    texts: BTreeMap<&'t str, SourceText<'t>>,
}

impl<'t> Records<'t> {
    /// Reads every batch; a table without a batch has no records. The texts are for the places of findings alone.
    ///
    /// # Errors
    /// `Fault` where a batch has another schema than its table says.
    pub fn read(
        batches: &BTreeMap<String, RecordBatch>,
        sources: &'t [SourceRow],
        texts: &[SourceText<'t>],
        schemas: &Schemas,
    ) -> Result<Self, Error> {
        let mut tables = BTreeMap::new();
        for (name, batch) in batches {
            let Some(schema) = schemas.table(name) else { continue };
            let mut records = record::from_batch(schema, batch).map_err(|error| Error::Fault(format!("records of {name}: {error}")))?;
            records.retain(|record| !is_of_a_person(record, schema));
            records.sort_by(|a, b| (&a.source_id, a.seq).cmp(&(&b.source_id, b.seq)));
            tables.insert(name.clone(), records);
        }
        let without = |source: &'t SourceRow| SourceText { source_id: source.id(), display_path: &source.display_path, text: "" };
        let texts: BTreeMap<&str, &SourceText<'t>> = texts.iter().map(|text| (text.source_id, text)).collect();
        let text = |source: &'t SourceRow| texts.get(source.id()).map_or_else(|| without(source), |text| **text);
        Ok(Self { tables, texts: sources.iter().map(|source| (source.id(), text(source))).collect() })
    }

    /// The records of a table with its schema.
    pub fn of<'a>(&'a self, schemas: &'a Schemas, table: &str) -> impl Iterator<Item = Reading<'a>> + 'a {
        let schema = schemas.table(table);
        let records = self.tables.get(table).map_or(&[][..], Vec::as_slice);
        schema.into_iter().flat_map(move |schema| records.iter().map(move |record| Reading { record, schema, text: self.text(&record.source_id) }))
    }

    /// The text of a source under its path; one that is not among the sources goes by its id.
    fn text<'a>(&self, source: &'a str) -> SourceText<'a>
    where
        't: 'a,
    {
        self.texts.get(source).copied().unwrap_or(SourceText { source_id: source, display_path: source, text: "" })
    }

    /// Where evidence stands.
    #[must_use]
    pub fn place(&self, source: &str, piece: &Evidence) -> Place {
        self.text(source).place(piece.line_start, piece.byte_start as usize)
    }
}

/// The contact values of persons, in order, each once.
///
/// # Errors
/// `Fault` where a batch has another schema than its table says.
pub fn withheld(batches: &BTreeMap<String, RecordBatch>, schemas: &Schemas) -> Result<Vec<String>, Error> {
    let mut values = BTreeSet::new();
    for (name, batch) in batches {
        let Some(schema) = schemas.table(name) else { continue };
        let records = record::from_batch(schema, batch).map_err(|error| Error::Fault(format!("records of {name}: {error}")))?;
        for record in records.iter().filter(|record| is_of_a_person(record, schema)) {
            values.extend(record.text(schema, "value").map(str::to_owned));
        }
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
        let records = record::from_batch(schema, batch).map_err(|error| Error::Fault(format!("records of {name}: {error}")))?;
        for record in &records {
            let pieces = record.evidence.iter().map(|piece| (piece.column == "value", Span { start: piece.byte_start, end: piece.byte_end }));
            match is_of_a_person(record, schema) {
                true => withheld.extend(pieces),
                false => open.extend(pieces.map(|(_, span)| span)),
            }
        }
    }
    Ok(withheld.into_iter().filter(|(is_value, span)| *is_value || !open.contains(span)).map(|(_, span)| span).collect())
}

fn is_of_a_person(record: &Record, schema: &TableSchema) -> bool {
    record.withheld || *record.cell(schema, "personal") == Cell::Boolean(true)
}

/// One record with the schema that names its cells.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub record: &'a Record,
    schema: &'a TableSchema,
    text: SourceText<'a>,
}

impl<'a> Reading<'a> {
    #[must_use]
    pub fn source(&self) -> &'a str {
        &self.record.source_id
    }

    /// Where the first of `fields` with evidence starts, as findings name it.
    #[must_use]
    pub fn place(&self, fields: &[&str]) -> Place {
        let first = self.evidence(fields).into_iter().min_by_key(|piece| (piece.line_start, piece.byte_start));
        first.map_or_else(
            || Place::new(self.text.display_path, self.record.line, 0),
            |piece| self.text.place(piece.line_start, piece.byte_start as usize),
        )
    }

    #[must_use]
    pub fn cell(&self, field: &str) -> &'a Cell {
        self.record.cell(self.schema, field)
    }

    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.cell(field).as_text()
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
    pub fn evidence(&self, fields: &[&str]) -> Vec<&'a Evidence> {
        for field in fields {
            let pieces: Vec<&Evidence> = self.record.evidence.iter().filter(|piece| piece.column == *field).collect();
            if !pieces.is_empty() {
                return pieces;
            }
        }
        self.record.evidence.iter().min_by_key(|piece| (piece.byte_start, piece.byte_end)).into_iter().collect()
    }

    /// The line on which the first of `fields` with evidence stands.
    #[must_use]
    pub fn line(&self, fields: &[&str]) -> u32 {
        self.evidence(fields).iter().map(|piece| piece.line_start).min().unwrap_or(self.record.line)
    }
}
