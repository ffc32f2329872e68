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
    /// Used again for each row.
    texts: Vec<u8>,
}

impl RunWriter {
    /// # Errors
    /// `Io` where there can be no file.
    pub fn new(inner: Arc<Inner>) -> Result<Self, Error> {
        let file = Arc::new(inner.file()?);
        Ok(Self { writer: Writer::new(inner, file, 0), rows: 0, last: Vec::new(), texts: Vec::new() })
    }

    /// Takes a row as [`encode`] writes it.
    ///
    /// # Errors
    /// `Io` where the file cannot be written to.
    pub fn push(&mut self, row: &[u8]) -> Result<(), Error> {
        let buffer = &mut self.writer.buffer;
        let start = begin(buffer);
        shorten(row, &self.last, &mut self.texts, buffer);
        end(buffer, start);
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

/// Appends a row: the length of its cells, the cells, and behind them the texts of all, so that these are checked as one.
pub fn encode(row: &Row, out: &mut Vec<u8>) {
    let start = begin(out);
    for cell in row {
        match cell {
            Cell::Null => out.push(NULL),
            Cell::Text(text) => {
                out.push(TEXT);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
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
    end(out, start);
    row.iter().filter_map(Cell::as_text).for_each(|text| out.extend_from_slice(text.as_bytes()));
}

/// Leaves room for a length.
fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH]);
    start
}

/// Fills in the length of what was appended since.
fn end(out: &mut [u8], start: usize) {
    let length = (out.len() - start - LENGTH) as u32;
    out[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
}

/// A row as [`encode`] writes it, cell by cell.
#[derive(Default)]
struct Cells<'b> {
    cells: &'b [u8],
    texts: &'b [u8],
}

impl<'b> Cells<'b> {
    fn of(mut row: &'b [u8]) -> Option<Self> {
        let length = u32::from_le_bytes(take(&mut row)?) as usize;
        let (cells, texts) = row.split_at_checked(length)?;
        Some(Self { cells, texts })
    }

    /// The next cell, with its text.
    fn next(&mut self) -> Option<(&'b [u8], &'b [u8])> {
        let (length, text) = match *self.cells.first()? {
            TEXT => (5, u32::from_le_bytes(*self.cells.get(1..)?.first_chunk()?) as usize),
            INTEGER | NUMBER => (9, 0),
            DATE => (5, 0),
            _ => (1, 0),
        };
        let (cell, cells) = self.cells.split_at_checked(length)?;
        let (text, texts) = self.texts.split_at_checked(text)?;
        (self.cells, self.texts) = (cells, texts);
        Some((cell, text))
    }
}

/// Appends what differs in a row from the row before; both as [`encode`] writes them. `texts` is used again for each.
fn shorten(row: &[u8], before: &[u8], texts: &mut Vec<u8>, out: &mut Vec<u8>) {
    let (mut row, mut before) = (Cells::of(row).unwrap_or_default(), Cells::of(before).unwrap_or_default());
    texts.clear();
    let start = begin(out);
    while let Some((cell, text)) = row.next() {
        let cell_before = before.next();
        if cell[0] != NULL && cell_before == Some((cell, text)) {
            out.push(SAME);
        } else {
            out.extend_from_slice(cell);
            texts.extend_from_slice(text);
        }
    }
    end(out, start);
    out.extend_from_slice(texts);
}

/// Makes of the row before the row that the bytes say; none where they say no row.
pub fn decode(bytes: &[u8], row: &mut Row) -> Option<()> {
    let Cells { cells: mut bytes, texts } = Cells::of(bytes)?;
    let mut texts = simdutf8::basic::from_utf8(texts).ok()?;
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
                let (text, rest) = texts.split_at_checked(length)?;
                match cell {
                    Cell::Text(own) => text.clone_into(own),
                    other => *other = Cell::Text(text.to_owned()),
                }
                texts = rest;
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
