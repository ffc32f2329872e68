//! One of two CSV files that are compared by bytes: a buffer that moves along the file, and the rows in it that had to be parsed. Rows that
//! are in no file yet are spelt as the file that they will be.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use csv_core::ReadRecordResult;

use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::Row;
use crate::publish::csv_file::{TableWriter, parse, write_error};
use crate::publish::rows::{RowSource, disorder, unsound};

/// Bytes that are held of each file; more where a row is longer.
pub const BUFFER: usize = 1 << 18;

/// Whole rows at the beginning of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WholeRows {
    pub count: u64,
    /// Where the last of them begins.
    pub last: usize,
    /// Where it ends.
    pub end: usize,
}

/// The rows that end within a text that begins with a row.
pub fn whole_rows(text: &[u8]) -> WholeRows {
    if memchr::memchr(b'"', text).is_none() {
        let Some(newline) = memchr::memrchr(b'\n', text) else { return WholeRows::default() };
        let last = memchr::memrchr(b'\n', &text[..newline]).map_or(0, |before| before + 1);
        return WholeRows { count: memchr::memchr_iter(b'\n', &text[..=newline]).count() as u64, last, end: newline + 1 };
    }
    let mut rows = WholeRows::default();
    while let Some(length) = row_length(&text[rows.end..]) {
        rows = WholeRows { count: rows.count + 1, last: rows.end, end: rows.end + length };
    }
    rows
}

/// The length of the first row with its line end; a line end in quotes is part of a value.
fn row_length(text: &[u8]) -> Option<usize> {
    let mut in_quotes = false;
    for at in memchr::memchr2_iter(b'"', b'\n', text) {
        match text[at] {
            b'"' => in_quotes = !in_quotes,
            _ if !in_quotes => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Rows as the CSV file of them.
struct Spelt<'a> {
    rows: Box<dyn RowSource + 'a>,
    /// None where there are no more rows.
    writer: Option<TableWriter<Vec<u8>>>,
    bytes: Cursor<Vec<u8>>,
}

impl<'a> Spelt<'a> {
    fn new(rows: Box<dyn RowSource + 'a>, schema: &TableSchema) -> csv::Result<Self> {
        let writer = TableWriter::new(Vec::new(), &schema.column_names())?;
        Ok(Self { rows, writer: Some(writer), bytes: Cursor::default() })
    }

    /// Spells as many rows as the writer hands on at once.
    fn more(&mut self, mut writer: TableWriter<Vec<u8>>) -> io::Result<()> {
        while writer.handed_on().is_empty() {
            if !self.rows.advance().map_err(io::Error::other)? {
                self.bytes = Cursor::new(writer.finish()?);
                return Ok(());
            }
            writer.write(self.rows.row()).map_err(io::Error::other)?;
        }
        self.bytes = Cursor::new(std::mem::take(writer.handed_on()));
        self.writer = Some(writer);
        Ok(())
    }
}

impl Read for Spelt<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.position() == self.bytes.get_ref().len() as u64
            && let Some(writer) = self.writer.take()
        {
            self.more(writer)?;
        }
        self.bytes.read(buffer)
    }
}

/// One of the two files.
pub struct Side<'a> {
    file: Box<dyn Read + 'a>,
    path: PathBuf,
    schema: &'a TableSchema,
    key: Vec<usize>,
    all: Vec<usize>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    /// Rows passed over, the header among them.
    passed: u64,
    /// The row passed over last; empty at the beginning.
    before: Vec<u8>,
    /// The length of the row that was parsed and not yet passed over.
    parsed: Option<usize>,
    pub row: Row,
    splitter: Splitter,
}

impl<'a> Side<'a> {
    pub fn open(path: &Path, schema: &'a TableSchema) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        Self::of(Box::new(file), path, schema)
    }

    /// Rows in the order of their key as if they were in a file; what is told of them has the name of the table.
    pub fn spell(rows: Box<dyn RowSource + 'a>, schema: &'a TableSchema) -> Result<Self, Error> {
        let path = PathBuf::from(format!("{}.csv", schema.name));
        let spelt = Spelt::new(rows, schema).map_err(write_error(&path))?;
        Self::of(Box::new(spelt), &path, schema)
    }

    fn of(file: Box<dyn Read + 'a>, path: &Path, schema: &'a TableSchema) -> Result<Self, Error> {
        let mut side = Self {
            file,
            path: path.to_path_buf(),
            schema,
            key: schema.key_positions(),
            all: (0..schema.fields.len()).collect(),
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            at_end: false,
            passed: 0,
            before: Vec::new(),
            parsed: None,
            row: Row::new(),
            splitter: Splitter::new(),
        };
        let length = side.whole_row()?.unwrap_or(0);
        let header = side.splitter.split(&side.buffer[..length]);
        if !header.iter().map(|column| std::str::from_utf8(column).unwrap_or_default()).eq(schema.column_names()) {
            let found = String::from_utf8_lossy(&side.buffer[..length]);
            return Err(unsound(path, format!("the header is \"{}\", expected \"{}\"", found.trim_end(), schema.column_names().join(","))));
        }
        side.start = length;
        side.passed = 1;
        Ok(side)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads on where less than an eighth of the buffer is left: what is left is moved to its front.
    pub fn fill(&mut self) -> Result<(), Error> {
        if self.at_end || self.end - self.start > self.buffer.len() / 8 {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        while self.end < self.buffer.len() {
            match self.file.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.at_end = true;
                    break;
                }
                Ok(read) => self.end += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io("read", &self.path)(error)),
            }
        }
        Ok(())
    }

    /// The length of the next row, which is in the buffer then; none at the end of the file.
    fn whole_row(&mut self) -> Result<Option<usize>, Error> {
        loop {
            self.fill()?;
            if let Some(length) = row_length(self.bytes()) {
                return Ok(Some(length));
            }
            if self.at_end {
                return Ok(Some(self.bytes().len()).filter(|length| *length > 0));
            }
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
    }

    /// Parses the next row, unless it is parsed; false at the end of the file.
    pub fn peek(&mut self) -> Result<bool, Error> {
        if self.parsed.is_some() {
            return Ok(true);
        }
        let Some(length) = self.whole_row()? else { return Ok(false) };
        let line = self.passed + 1;
        let bytes = &self.buffer[self.start..self.start + length];
        self.row.clear();
        cells(&mut self.splitter, bytes, self.schema, &self.all, &mut self.row)
            .map_err(|problem| unsound(&self.path, format!("row {line}: {problem}")))?;
        if !self.before.is_empty() {
            let mut before = Row::new();
            cells(&mut self.splitter, &self.before, self.schema, &self.key, &mut before)
                .map_err(|problem| unsound(&self.path, format!("row {}: {problem}", line - 1)))?;
            let order = self.key.iter().zip(&before).map(|(&at, above)| above.order(&self.row[at])).find(|order| order.is_ne());
            if let Some(problem) = disorder(order.unwrap_or(Ordering::Equal)) {
                return Err(unsound(&self.path, format!("row {line}: {problem}")));
            }
        }
        self.parsed = Some(length);
        Ok(true)
    }

    /// Goes past the row that was parsed.
    pub fn advance(&mut self) {
        if let Some(length) = self.parsed.take() {
            self.skip(&WholeRows { count: 1, last: 0, end: length });
        }
    }

    /// Goes past rows that are in the buffer.
    pub fn skip(&mut self, rows: &WholeRows) {
        self.before.clear();
        self.before.extend_from_slice(&self.buffer[self.start + rows.last..self.start + rows.end]);
        self.start += rows.end;
        self.passed += rows.count;
        self.parsed = None;
    }
}

/// Appends some of the cells of a row.
fn cells(splitter: &mut Splitter, bytes: &[u8], schema: &TableSchema, wanted: &[usize], row: &mut Row) -> Result<(), String> {
    let values = splitter.split(bytes);
    if values.len() != schema.fields.len() {
        return Err(format!("{} values, the header has {}", values.len(), schema.fields.len()));
    }
    for &at in wanted {
        let field = &schema.fields[at];
        let text = std::str::from_utf8(values[at]).map_err(|_| "not UTF-8".to_owned())?;
        let is_no = || format!("\"{text}\" in column \"{}\" is not the spelling of a {:?}", field.name, field.field_type).to_lowercase();
        row.push(parse(field.field_type, text).ok_or_else(is_no)?);
    }
    Ok(())
}

/// Takes rows apart into values.
struct Splitter {
    reader: csv_core::Reader,
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    fn new() -> Self {
        Self { reader: csv_core::Reader::new(), values: vec![0; 1024], ends: vec![0; 64] }
    }

    /// The values of one row, without quotes.
    fn split(&mut self, row: &[u8]) -> Vec<&[u8]> {
        self.reader.reset();
        let (mut read, mut written, mut count) = (0, 0, 0);
        loop {
            let (result, nin, nout, nend) = self.reader.read_record(&row[read..], &mut self.values[written..], &mut self.ends[count..]);
            (read, written, count) = (read + nin, written + nout, count + nend);
            match result {
                // The row has no line end: to be told that nothing follows ends it.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.values.resize(2 * self.values.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        let starts = std::iter::once(0).chain(self.ends[..count].iter().copied());
        starts.zip(&self.ends[..count]).map(|(start, &end)| &self.values[start..end]).collect()
    }
}
