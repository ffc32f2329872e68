//! The records of all documents as they wait for the second half.
//!
//! In: batches, as records cross the boundary, each with all records of some documents. Those for which there is no room go to the shelf.
//! Whoever looks at all records sees one batch after the other, and never more than one at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt32Type;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use super::TableSchema;
use super::record::{BEFORE_FIELDS, Evidence, check_batch};
use super::rows::Shelf;
use super::schemas::Schemas;
use crate::error::Error;

type Numbers = PrimitiveArray<UInt32Type>;

/// The records of some documents, by table.
pub type RecordTables = BTreeMap<String, Arc<RecordTable>>;

/// All records, some documents at a time.
#[derive(Debug, Default)]
pub struct RecordBatches {
    batches: Vec<BTreeMap<String, Waiting>>,
    counts: BTreeMap<String, usize>,
}

/// The records of a table in one batch.
#[derive(Debug)]
enum Waiting {
    Here(Arc<RecordTable>),
    Aside { at: u64, bytes: usize },
}

impl RecordBatches {
    /// All records in memory, as one batch.
    #[must_use]
    pub fn of(tables: RecordTables) -> Self {
        let counts = tables.iter().map(|(name, table)| (name.clone(), table.rows())).collect();
        Self { batches: vec![tables.into_iter().map(|(name, table)| (name, Waiting::Here(table))).collect()], counts }
    }

    /// Adds the records of some documents.
    ///
    /// # Errors
    /// `Fault` where a batch has another schema than records of its table; those of the shelf.
    pub fn push(&mut self, tables: Vec<(&TableSchema, RecordBatch)>, shelf: &dyn Shelf) -> Result<(), Error> {
        let mut waiting = BTreeMap::new();
        for (schema, batch) in tables {
            *self.counts.entry(schema.name.clone()).or_default() += batch.num_rows();
            let bytes = to_bytes(&batch).map_err(fault)?;
            let table = match shelf.put(&bytes)? {
                Some(at) => Waiting::Aside { at, bytes: bytes.len() },
                // What builders have to spare would stay as long as the records.
                None => Waiting::Here(Arc::new(RecordTable::of(schema, &from_bytes(&bytes).map_err(fault)?).map_err(fault)?)),
            };
            waiting.insert(schema.name.clone(), table);
        }
        self.batches.push(waiting);
        Ok(())
    }

    /// How many records there are, by table.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    /// Shows the records of some tables, one batch after the other.
    ///
    /// # Errors
    /// Those of the shelf and of `look`.
    pub fn each(
        &self,
        schemas: &Schemas,
        shelf: &dyn Shelf,
        is_wanted: &dyn Fn(&str) -> bool,
        look: &mut dyn FnMut(&RecordTables) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for batch in &self.batches {
            let mut tables = RecordTables::new();
            for (name, waiting) in batch.iter().filter(|(name, _)| is_wanted(name)) {
                let table = match waiting {
                    Waiting::Here(table) => Arc::clone(table),
                    Waiting::Aside { at, bytes } => Arc::new(read(schemas, name, &shelf.get(*at, *bytes), shelf)?),
                };
                tables.insert(name.clone(), table);
            }
            if !tables.is_empty() {
                look(&tables)?;
            }
        }
        Ok(())
    }
}

fn read(schemas: &Schemas, table: &str, bytes: &[u8], shelf: &dyn Shelf) -> Result<RecordTable, Error> {
    shelf.check()?;
    let schema = schemas.table(table).ok_or_else(|| Error::Fault(format!("there is no table \"{table}\"")))?;
    from_bytes(bytes).and_then(|batch| RecordTable::of(schema, &batch)).map_err(fault)
}

fn to_bytes(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(batch)?;
    writer.finish()?;
    writer.into_inner()
}

fn from_bytes(bytes: &[u8]) -> Result<RecordBatch, ArrowError> {
    let batch = StreamReader::try_new(bytes, None)?.next();
    batch.unwrap_or_else(|| Err(ArrowError::IpcError("a batch that was put aside is not there".to_owned())))
}

fn fault(error: ArrowError) -> Error {
    Error::Fault(error.to_string())
}

/// The records of one table in one batch.
#[derive(Debug)]
pub struct RecordTable {
    batch: RecordBatch,
    /// The pieces of evidence of each record.
    offsets: OffsetBuffer<i32>,
    names: Vec<String>,
    /// The column that each piece is for, as a position in the names.
    name_of: Vec<u16>,
    /// First and last line, first byte and the byte behind the last.
    numbers: [Numbers; 4],
    quotes: StringArray,
    digests: StringArray,
}

impl RecordTable {
    /// The records of one batch.
    ///
    /// # Errors
    /// Where the batch has another schema than records of the table.
    pub fn of(schema: &TableSchema, batch: &RecordBatch) -> Result<Self, ArrowError> {
        check_batch(schema, batch)?;
        let (Some(evidence), true) = (batch.columns().last(), batch.num_columns() > BEFORE_FIELDS) else {
            return Err(ArrowError::SchemaError(format!("records of {} lack columns", schema.name)));
        };
        let evidence = evidence.as_list::<i32>();
        let pieces = evidence.values().as_struct();
        let (names, name_of) = named(pieces)?;
        let number = |at: usize| pieces.column(at).as_primitive::<UInt32Type>().clone();
        Ok(Self {
            offsets: evidence.offsets().clone(),
            names,
            name_of,
            numbers: [number(1), number(2), number(3), number(4)],
            quotes: pieces.column(5).as_string().clone(),
            digests: pieces.column(6).as_string().clone(),
            batch: batch.clone(),
        })
    }

    /// Those of the records that are chosen.
    ///
    /// # Errors
    /// `Fault` where they cannot be taken out.
    pub fn only(&self, schema: &TableSchema, is_chosen: impl Fn(usize) -> bool) -> Result<Self, Error> {
        let chosen: BooleanArray = (0..self.rows()).map(|row| Some(is_chosen(row))).collect();
        filter_record_batch(&self.batch, &chosen).and_then(|batch| Self::of(schema, &batch)).map_err(fault)
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The source of a record.
    #[must_use]
    pub fn source(&self, row: usize) -> &str {
        self.column(0).as_string::<i32>().value(row)
    }

    /// A column of the batch.
    #[must_use]
    pub fn column(&self, at: usize) -> &ArrayRef {
        self.batch.column(at)
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

    #[must_use]
    pub fn quote(&self, piece: usize) -> &str {
        self.quotes.value(piece)
    }

    /// The digest of what a piece says, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self, piece: usize) -> &str {
        self.digests.value(piece)
    }

    #[must_use]
    pub fn evidence(&self, piece: usize) -> Evidence {
        let [line_start, line_end, byte_start, byte_end] = self.numbers(piece);
        let (quote, quote_sha256) = (self.quote(piece).to_owned(), self.digest(piece).to_owned());
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
