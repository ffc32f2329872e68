//! Heard: statements as bytes, on their way from the documents that make them to the rows that they are about.
//!
//! In: statements in the order of the documents, each with the table and the key of its row. Out: the same by table and key, so that all that
//! is said of one row is at hand when the row is made, and nothing else.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::settle::{Keyed, Statement, Statements};
use crate::error::Error;
use crate::model::record::Evidence;
use crate::model::rows::{Entries, EntrySorter, Shelf};
use crate::model::{Cell, TableSchema};

/// What one record says about one row, heard again.
#[derive(Debug)]
pub struct Heard<'e> {
    pub source: &'e str,
    pub rule: &'e str,
    line: u32,
    seq: u32,
    pub is_about_it: bool,
    pub apart: Option<(&'e str, &'e str)>,
    pub said: Vec<HeardSaid>,
    pieces: Vec<Piece<'e>>,
}

/// A value for a cell.
#[derive(Debug)]
pub struct HeardSaid {
    /// The position of its column.
    pub column: usize,
    pub value: Cell,
    /// Positions among the pieces of the statement.
    pub evidence: Vec<u32>,
    pub disputes: bool,
}

impl<'e> Heard<'e> {
    /// Where it stands among all statements.
    #[must_use]
    pub fn place(&self) -> (&'e str, u32, u32) {
        (self.source, self.line, self.seq)
    }

    /// The evidence for a value.
    pub fn pieces(&self, said: &HeardSaid) -> impl Iterator<Item = &Piece<'e>> {
        said.evidence.iter().filter_map(|&at| self.pieces.get(at as usize))
    }

    /// The same, to be kept.
    pub fn evidence(&self, said: &HeardSaid) -> impl Iterator<Item = Evidence> {
        self.pieces(said).map(|piece| Evidence {
            column: piece.column.to_owned(),
            line_start: piece.numbers[0],
            line_end: piece.numbers[1],
            byte_start: piece.numbers[2],
            byte_end: piece.numbers[3],
            quote: piece.quote.to_owned(),
            quote_sha256: piece.digest.to_owned(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Stored<'e> {
    #[serde(borrow)]
    source: &'e str,
    #[serde(borrow)]
    rule: &'e str,
    line: u32,
    seq: u32,
    is_about_it: bool,
    #[serde(borrow)]
    apart: Option<(&'e str, &'e str)>,
    #[serde(borrow)]
    said: Vec<StoredSaid<'e>>,
    #[serde(borrow)]
    pieces: Vec<Piece<'e>>,
}

#[derive(Serialize, Deserialize)]
struct StoredSaid<'e> {
    column: u32,
    #[serde(borrow)]
    value: Value<'e>,
    evidence: Vec<u32>,
    disputes: bool,
}

#[derive(Serialize, Deserialize)]
enum Value<'e> {
    Null,
    Text(&'e str),
    Integer(i64),
    Number(f64),
    /// Days since the first of the first year.
    Date(i32),
    Boolean(bool),
}

/// A piece of evidence: first and last line, first byte and the byte behind the last.
#[derive(Debug, Serialize, Deserialize)]
pub struct Piece<'e> {
    #[serde(borrow)]
    column: &'e str,
    pub numbers: [u32; 4],
    #[serde(borrow)]
    pub quote: &'e str,
    #[serde(borrow)]
    pub digest: &'e str,
}

impl<'e> From<&'e Cell> for Value<'e> {
    fn from(cell: &'e Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Text(text) => Self::Text(text),
            Cell::Integer(value) => Self::Integer(*value),
            Cell::Number(value) => Self::Number(*value),
            Cell::Date(day) => Self::Date(day.num_days_from_ce()),
            Cell::Boolean(value) => Self::Boolean(*value),
        }
    }
}

impl From<Value<'_>> for Cell {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Integer(value) => Self::Integer(value),
            Value::Number(value) => Self::Number(value),
            Value::Date(days) => Self::optional(NaiveDate::from_num_days_from_ce_opt(days)),
            Value::Boolean(value) => Self::Boolean(value),
        }
    }
}

/// All statements, while they are made.
pub struct Hearing<'s> {
    schemas: &'s [TableSchema],
    sorter: Box<dyn EntrySorter>,
    /// Used again for each.
    key: Vec<u8>,
    entry: Vec<u8>,
}

impl<'s> Hearing<'s> {
    #[must_use]
    pub fn new(schemas: &'s [TableSchema], shelf: &dyn Shelf) -> Self {
        Self { schemas, sorter: shelf.entries(), key: Vec::new(), entry: Vec::new() }
    }

    /// Takes the statements about rows of a table.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn take(&mut self, table: &str, statements: Statements<'_>) -> Result<(), Error> {
        let Some(position) = self.schemas.iter().position(|schema| schema.name == table) else { return Ok(()) };
        for Keyed { key, apart, is_about_it, say } in statements.0 {
            self.key.clear();
            self.key.extend_from_slice(&(position as u16).to_be_bytes());
            self.key.extend_from_slice(key.as_bytes());
            let apart = apart.as_ref().map(|(natural, digest)| (natural.as_str(), digest.as_str()));
            self.put(&self.schemas[position], &say(&key), apart, is_about_it)?;
        }
        Ok(())
    }

    fn put(&mut self, schema: &TableSchema, statement: &Statement<'_>, apart: Option<(&str, &str)>, is_about_it: bool) -> Result<(), Error> {
        let (mut places, mut pieces) = (Vec::new(), Vec::new());
        let mut said = Vec::with_capacity(statement.said.len());
        for value in &statement.said {
            let Some(column) = schema.position_of(value.column) else { continue };
            let evidence = value.evidence.iter().map(|piece| {
                let known = places.iter().position(|place| *place == piece.at());
                known.unwrap_or_else(|| {
                    places.push(piece.at());
                    pieces.push(Piece { column: piece.column(), numbers: piece.numbers(), quote: piece.quote(), digest: piece.digest() });
                    pieces.len() - 1
                }) as u32
            });
            let evidence = evidence.collect();
            said.push(StoredSaid { column: column as u32, value: Value::from(&value.value), evidence, disputes: value.disputes });
        }
        let reading = &statement.reading;
        let (source, rule, line, seq) = (reading.source(), reading.rule(), reading.own_line(), reading.seq());
        let stored = Stored { source, rule, line, seq, is_about_it, apart, said, pieces };
        self.entry.clear();
        self.entry = postcard::to_extend(&stored, std::mem::take(&mut self.entry)).map_err(fault)?;
        self.sorter.push(&self.key, &self.entry)
    }

    /// Everything that was said, row by row.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn finish(self) -> Result<AllHeard<'s>, Error> {
        let mut entries = self.sorter.finish()?;
        let is_there = entries.advance()?;
        Ok(AllHeard { schemas: self.schemas, entries, is_there })
    }
}

fn fault(error: postcard::Error) -> Error {
    Error::Fault(format!("a statement that waits: {error}"))
}

/// All statements in the order of tables and keys.
pub struct AllHeard<'s> {
    schemas: &'s [TableSchema],
    entries: Box<dyn Entries>,
    is_there: bool,
}

impl<'s> AllHeard<'s> {
    /// Hands on all that is said under each key of the table that comes next, with the table; none at the end.
    ///
    /// # Errors
    /// Those of the shelf and of `take`.
    pub fn next_table(
        &mut self,
        take: &mut dyn FnMut(&'s TableSchema, &str, Vec<Heard<'_>>) -> Result<(), Error>,
    ) -> Result<Option<&'s TableSchema>, Error> {
        let Some((table, schema)) = self.table() else { return Ok(None) };
        while self.is_there && self.entries.key().starts_with(&table) {
            let key = self.entries.key().to_vec();
            let mut entries: Vec<Vec<u8>> = Vec::new();
            while self.is_there && self.entries.key() == key {
                entries.push(self.entries.entry().to_vec());
                self.is_there = self.entries.advance()?;
            }
            let heard: Result<Vec<Heard<'_>>, Error> = entries.iter().map(|entry| heard(entry)).collect();
            take(schema, &String::from_utf8_lossy(&key[table.len()..]), heard?)?;
        }
        Ok(Some(schema))
    }

    /// The table of the statement that comes next, and how its keys begin.
    fn table(&self) -> Option<([u8; 2], &'s TableSchema)> {
        if !self.is_there {
            return None;
        }
        let table: [u8; 2] = *self.entries.key().first_chunk()?;
        Some((table, self.schemas.get(usize::from(u16::from_be_bytes(table)))?))
    }
}

fn heard(entry: &[u8]) -> Result<Heard<'_>, Error> {
    let Stored { source, rule, line, seq, is_about_it, apart, said, pieces } = postcard::from_bytes(entry).map_err(fault)?;
    let said = said.into_iter().map(|said| HeardSaid {
        column: said.column as usize,
        value: said.value.into(),
        evidence: said.evidence,
        disputes: said.disputes,
    });
    Ok(Heard { source, rule, line, seq, is_about_it, apart, said: said.collect(), pieces })
}
