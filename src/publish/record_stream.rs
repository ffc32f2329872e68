//! Records as a stream: rows of the envelope as Arrow IPC, as they come, closed by the record that says how many there should be.
//!
//! Batches are cut by the rows alone, so that the bytes depend on nothing else; each is sent on as soon as it is full. Who reads the
//! stream may be gone any moment: then writing fails, and nothing more is said.

use std::io::Write;

use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;

use crate::error::Error;
use crate::model::envelope::{End, Envelope, Row};

/// Rows of a batch.
const ROWS: usize = 1024;

/// A stream that is being written.
pub struct RecordStream<'a, W: Write> {
    envelope: &'a Envelope,
    writer: StreamWriter<W>,
    /// Rows that are not written yet.
    waiting: Vec<Row>,
    counts: End,
}

impl<W: Write> std::fmt::Debug for RecordStream<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordStream").field("counts", &self.counts).finish_non_exhaustive()
    }
}

fn write_error(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) => Error::io("write to", "standard output")(source),
        other => Error::Fault(other.to_string()),
    }
}

impl<'a, W: Write> RecordStream<'a, W> {
    /// Begins a stream. `program` and `schemas` are the digests that its end will name.
    ///
    /// # Errors
    /// `Io` where it cannot be written.
    pub fn new(envelope: &'a Envelope, program: String, schemas: String, out: W) -> Result<Self, Error> {
        let writer = StreamWriter::try_new(out, envelope.schema()).map_err(write_error)?;
        Ok(Self { envelope, writer, waiting: Vec::new(), counts: End { program, schemas, ..End::default() } })
    }

    /// Takes a row.
    ///
    /// # Errors
    /// `Io` where it cannot be written.
    pub fn push(&mut self, row: Row) -> Result<(), Error> {
        match row {
            Row::Record(..) => self.counts.records += 1,
            Row::Document(_) => self.counts.documents += 1,
            Row::Error(_) => {
                self.counts.documents += 1;
                self.counts.errors += 1;
            }
            Row::Finding(_) | Row::End(_) => {}
        }
        self.waiting.push(row);
        if self.waiting.len() >= ROWS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.waiting);
        let batch = self.envelope.batch(&rows).map_err(write_error)?;
        self.writer.write(&batch).and_then(|()| self.writer.flush()).map_err(write_error)
    }

    /// Writes what waits, and then the end record in a batch of its own. Returns it when all of it has been handed on.
    ///
    /// # Errors
    /// `Io` where it cannot be written.
    pub fn finish(mut self) -> Result<End, Error> {
        if !self.waiting.is_empty() {
            self.write()?;
        }
        let end = self.counts.clone();
        self.waiting.push(Row::End(end.clone()));
        self.write()?;
        self.writer.finish().and_then(|()| self.writer.flush()).map_err(write_error)?;
        Ok(end)
    }
}
