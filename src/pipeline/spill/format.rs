//! The form of rows that wait in a file: a run of them in order, each as what differs from the row before.
//!
//! Rows in the order of their key have most of their cells in common with their neighbour, so that this is a fraction of their size, and a
//! cell that stays need not be made again when it is read.

use std::io;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Inner;
use super::stream::{Part, Reader, Writer};
use crate::error::Error;
use crate::model::Cell;
use crate::model::dataset::Row;
use crate::model::frame::day_number;
use crate::model::rows::{RowSource, StoredRows};

/// Bytes of the length that stands before each row.
const LENGTH: usize = 4;

const NULL: u8 = 0;
const SAME: u8 = 1;
const TEXT: u8 = 2;
const INTEGER: u8 = 3;
const NUMBER: u8 = 4;
const DATE: u8 = 5;
const FALSE: u8 = 6;
const TRUE: u8 = 7;

/// Rows in order in a part of a file.
#[derive(Clone, Debug)]
pub struct Run {
    part: Part,
    pub rows: usize,
}

impl StoredRows for Run {
    fn open(&self) -> Result<Box<dyn RowSource>, Error> {
        Ok(Box::new(RunReader { reader: Reader::new(self.part.clone()), row: Row::new() }))
    }
}

/// Writes a run into a file of its own.
#[derive(Debug)]
pub struct RunWriter {
    writer: Writer,
    rows: usize,
    /// The row before, as [`encode`] writes it.
    last: Vec<u8>,
}

impl RunWriter {
    /// # Errors
    /// `Io` where there can be no file.
    pub fn new(inner: Arc<Inner>) -> Result<Self, Error> {
        let file = Arc::new(inner.file()?);
        Ok(Self { writer: Writer::new(inner, file, 0), rows: 0, last: Vec::new() })
    }

    /// Takes a row as [`encode`] writes it.
    ///
    /// # Errors
    /// `Io` where the file cannot be written to.
    pub fn push(&mut self, row: &[u8]) -> Result<(), Error> {
        let buffer = &mut self.writer.buffer;
        let start = buffer.len();
        buffer.extend_from_slice(&[0; LENGTH]);
        shorten(row, &self.last, buffer);
        let length = (buffer.len() - start - LENGTH) as u32;
        buffer[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
        self.last.clear();
        self.last.extend_from_slice(row);
        self.rows += 1;
        self.writer.pass_on()
    }

    /// # Errors
    /// `Io` where the file cannot be written to.
    pub fn end(self) -> Result<Run, Error> {
        Ok(Run { part: self.writer.end()?, rows: self.rows })
    }
}

/// Reads a run row by row.
#[derive(Debug)]
pub struct RunReader {
    reader: Reader,
    row: Row,
}

impl RunReader {
    fn read(&mut self) -> io::Result<bool> {
        if !self.reader.need(LENGTH)? {
            return Ok(false);
        }
        let length = LENGTH + u32::from_le_bytes(*self.reader.bytes().first_chunk().ok_or(io::ErrorKind::InvalidData)?) as usize;
        self.reader.need(length)?;
        decode(&self.reader.bytes()[LENGTH..length], &mut self.row).ok_or(io::ErrorKind::InvalidData)?;
        self.reader.skip(length);
        Ok(true)
    }
}

impl RowSource for RunReader {
    fn advance(&mut self) -> Result<bool, Error> {
        self.read().map_err(self.reader.fails())
    }

    fn row(&self) -> &Row {
        &self.row
    }
}

/// Appends a row, cell by cell.
pub fn encode(row: &Row, out: &mut Vec<u8>) {
    for cell in row {
        match cell {
            Cell::Null => out.push(NULL),
            Cell::Text(text) => {
                out.push(TEXT);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Cell::Integer(value) => {
                out.push(INTEGER);
                out.extend_from_slice(&value.to_le_bytes());
            }
            Cell::Number(value) => {
                out.push(NUMBER);
                out.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Cell::Date(day) => {
                out.push(DATE);
                out.extend_from_slice(&day_number(*day).to_le_bytes());
            }
            Cell::Boolean(value) => out.push(if *value { TRUE } else { FALSE }),
        }
    }
}

/// Appends what differs in a row from the row before; both as [`encode`] writes them.
fn shorten(mut row: &[u8], mut before: &[u8], out: &mut Vec<u8>) {
    while let Some((cell, rest)) = first_cell(row) {
        let (cell_before, rest_before) = first_cell(before).unwrap_or_default();
        if cell == cell_before && cell[0] != NULL {
            out.push(SAME);
        } else {
            out.extend_from_slice(cell);
        }
        (row, before) = (rest, rest_before);
    }
}

/// The bytes of the first cell, and those behind it.
fn first_cell(row: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match *row.first()? {
        TEXT => 5 + u32::from_le_bytes(*row.get(1..)?.first_chunk()?) as usize,
        INTEGER | NUMBER => 9,
        DATE => 5,
        _ => 1,
    };
    row.split_at_checked(length)
}

/// Makes of the row before the row that the bytes say; none where they say no row.
pub fn decode(mut bytes: &[u8], row: &mut Row) -> Option<()> {
    let mut at = 0;
    while let Some(tag) = take::<1>(&mut bytes) {
        if at == row.len() {
            row.push(Cell::Null);
        }
        let cell = &mut row[at];
        match tag[0] {
            NULL => *cell = Cell::Null,
            SAME => {}
            TEXT => {
                let length = u32::from_le_bytes(take(&mut bytes)?) as usize;
                let (text, rest) = bytes.split_at_checked(length)?;
                let text = std::str::from_utf8(text).ok()?;
                match cell {
                    Cell::Text(own) => text.clone_into(own),
                    other => *other = Cell::Text(text.to_owned()),
                }
                bytes = rest;
            }
            INTEGER => *cell = Cell::Integer(i64::from_le_bytes(take(&mut bytes)?)),
            NUMBER => *cell = Cell::Number(f64::from_bits(u64::from_le_bytes(take(&mut bytes)?))),
            DATE => {
                *cell = Cell::Date(NaiveDate::default().checked_add_signed(chrono::Duration::days(i32::from_le_bytes(take(&mut bytes)?).into()))?)
            }
            FALSE => *cell = Cell::Boolean(false),
            TRUE => *cell = Cell::Boolean(true),
            _ => return None,
        }
        at += 1;
    }
    row.truncate(at);
    Some(())
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}
