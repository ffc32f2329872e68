//! The records of one table, of all documents, as they wait for the second half.
//!
//! In: batches, as records cross the boundary. Their cells stay as they are. The words of their evidence, quotes and digests, are more than
//! all the rest and are looked at when evidence is written, and hardly ever before: they go to the shelf where there is no room for them.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::UInt32Type;
use arrow::error::ArrowError;

use super::TableSchema;
use super::record::{BEFORE_FIELDS, Evidence, check_batch};
use super::rows::Shelf;
use crate::error::Error;

type Numbers = PrimitiveArray<UInt32Type>;

/// All records of a table, in the batches in which they came.
#[derive(Debug, Default)]
pub struct RecordTable {
    pub parts: Vec<Part>,
}

impl RecordTable {
    /// The records of one batch, all of it in memory.
    ///
    /// # Errors
    /// Where the batch has another schema than records of the table.
    pub fn of(schema: &TableSchema, batch: &RecordBatch) -> Result<Self, ArrowError> {
        Ok(Self { parts: vec![Part::new(schema, batch)?] })
    }

    /// Adds the records of a batch.
    ///
    /// # Errors
    /// `Fault` where the batch has another schema than records of the table; those of the shelf.
    pub fn push(&mut self, schema: &TableSchema, batch: &RecordBatch, shelf: &dyn Shelf) -> Result<(), Error> {
        let mut part = Part::new(schema, batch).map_err(|error| Error::Fault(error.to_string()))?;
        part.put_aside(shelf)?;
        self.parts.push(part);
        Ok(())
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.parts.iter().map(Part::rows).sum()
    }
}

/// The records of one batch.
#[derive(Debug)]
pub struct Part {
    /// What stands before the fields of the record, and these.
    columns: Vec<ArrayRef>,
    /// The pieces of evidence of each record.
    offsets: OffsetBuffer<i32>,
    names: Vec<String>,
    /// The column that each piece is for, as a position in the names.
    name_of: Vec<u16>,
    /// First and last line, first byte and the byte behind the last.
    numbers: [Numbers; 4],
    words: Words,
}

#[derive(Debug)]
enum Words {
    Here {
        quotes: StringArray,
        digests: StringArray,
    },
    /// Of each piece the quote and the digest, one behind the other: where they begin, and where the quote and the digest of each end.
    Aside {
        at: u64,
        ends: Vec<[u32; 2]>,
    },
}

impl Part {
    fn new(schema: &TableSchema, batch: &RecordBatch) -> Result<Self, ArrowError> {
        check_batch(schema, batch)?;
        let (Some(evidence), true) = (batch.columns().last(), batch.num_columns() > BEFORE_FIELDS) else {
            return Err(ArrowError::SchemaError(format!("records of {} lack columns", schema.name)));
        };
        let mut columns = batch.columns()[..batch.num_columns() - 1].to_vec();
        // What builders have to spare would stay as long as the records.
        columns.iter_mut().for_each(Array::shrink_to_fit);
        let evidence = evidence.as_list::<i32>();
        let pieces = evidence.values().as_struct();
        let (names, name_of) = named(pieces)?;
        let number = |at: usize| {
            let mut numbers = pieces.column(at).as_primitive::<UInt32Type>().clone();
            numbers.shrink_to_fit();
            numbers
        };
        let words = Words::Here { quotes: pieces.column(5).as_string().clone(), digests: pieces.column(6).as_string().clone() };
        Ok(Self { columns, offsets: evidence.offsets().clone(), names, name_of, numbers: [number(1), number(2), number(3), number(4)], words })
    }

    fn put_aside(&mut self, shelf: &dyn Shelf) -> Result<(), Error> {
        let Words::Here { quotes, digests } = &self.words else { return Ok(()) };
        let mut text = Vec::new();
        let mut ends = Vec::with_capacity(quotes.len());
        for at in 0..quotes.len() {
            text.extend_from_slice(quotes.value(at).as_bytes());
            let end_of_quote = text.len() as u32;
            text.extend_from_slice(digests.value(at).as_bytes());
            ends.push([end_of_quote, text.len() as u32]);
        }
        if let Some(at) = shelf.put(&text)? {
            self.words = Words::Aside { at, ends };
        }
        Ok(())
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.len())
    }

    /// A column of the batch.
    #[must_use]
    pub fn column(&self, at: usize) -> &ArrayRef {
        &self.columns[at]
    }

    /// Positions of the pieces of evidence of a record.
    #[must_use]
    pub fn pieces(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// The column that a piece is for.
    #[must_use]
    pub fn name(&self, piece: usize) -> &str {
        &self.names[usize::from(self.name_of[piece])]
    }

    /// First and last line of a piece, its first byte and the byte behind its last.
    #[must_use]
    pub fn numbers(&self, piece: usize) -> [u32; 4] {
        [0, 1, 2, 3].map(|at| self.numbers[at].value(piece))
    }

    /// The quote of a piece and its digest.
    #[must_use]
    pub fn words(&self, piece: usize, shelf: &dyn Shelf) -> (String, String) {
        match &self.words {
            Words::Here { quotes, digests } => (quotes.value(piece).to_owned(), digests.value(piece).to_owned()),
            Words::Aside { at, ends } => {
                let start = piece.checked_sub(1).map_or(0, |before| ends[before][1]);
                let [end_of_quote, end] = ends[piece];
                let text = shelf.get(at + u64::from(start), (end - start) as usize);
                // What cannot be read is told by the shelf.
                let (quote, digest) = text.split_at(((end_of_quote - start) as usize).min(text.len()));
                let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                (words(quote), words(digest))
            }
        }
    }

    #[must_use]
    pub fn evidence(&self, piece: usize, shelf: &dyn Shelf) -> Evidence {
        let [line_start, line_end, byte_start, byte_end] = self.numbers(piece);
        let (quote, quote_sha256) = self.words(piece, shelf);
        Evidence { column: self.name(piece).to_owned(), line_start, line_end, byte_start, byte_end, quote, quote_sha256 }
    }
}

/// The columns that pieces are for, each once, and which of them each piece is for.
fn named(pieces: &StructArray) -> Result<(Vec<String>, Vec<u16>), ArrowError> {
    let column = pieces.column(0).as_string::<i32>();
    let mut names: Vec<String> = Vec::new();
    let mut name_of = Vec::with_capacity(column.len());
    for at in 0..column.len() {
        let name = column.value(at);
        let known = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        name_of.push(u16::try_from(known).map_err(|_| ArrowError::SchemaError("evidence is for too many columns".to_owned()))?);
    }
    Ok((names, name_of))
}
