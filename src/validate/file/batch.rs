//! Batches: the records of a stretch of CSV as bounds of fields in a text, without a copy where nothing is quoted.
//!
//! In: bytes, in blocks. Out: batches of whole records. Separators are found eight bytes at a time; a stretch that has a quote or a
//! carriage return goes the careful way, byte by byte.

use std::io::{self, Read};

use crate::model::schemas::line_and_column;

/// Bytes that are read at once.
const BLOCK: usize = 1 << 18;

/// Some records that follow each other.
#[derive(Debug, Default)]
pub struct Batch {
    /// What the bounds are about: the file's own text, or the values without their quotes.
    text: String,
    /// Where each field starts and ends, record by record.
    bounds: Vec<(u32, u32)>,
    /// Where each record starts among the bounds.
    records: Vec<u32>,
    /// The line on which each record starts.
    lines: Vec<u32>,
}

impl Batch {
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Number of fields of a record.
    #[must_use]
    pub fn width(&self, record: usize) -> usize {
        let end = self.records.get(record + 1).map_or(self.bounds.len(), |&next| next as usize);
        end - self.records[record] as usize
    }

    #[must_use]
    pub fn field(&self, record: usize, column: usize) -> &str {
        let (start, end) = self.bounds[self.records[record] as usize + column];
        &self.text[start as usize..end as usize]
    }

    #[must_use]
    pub fn line(&self, record: usize) -> u32 {
        self.lines[record]
    }

    /// The column in which a field starts, from 1; of a record with quotes as if it had none.
    #[must_use]
    pub fn column(&self, record: usize, column: usize) -> u32 {
        (0..column).map(|before| self.field(record, before).chars().count() as u32 + 1).sum::<u32>() + 1
    }

    fn clear(&mut self) {
        self.text.clear();
        self.bounds.clear();
        self.records.clear();
        self.lines.clear();
    }
}

/// Why a file cannot be read on.
#[derive(Debug)]
pub enum Unreadable {
    Io(io::Error),
    /// Where the first byte that is not UTF-8 stands.
    NotUtf8 {
        line: u32,
        column: u32,
        byte: u8,
    },
    /// The line on which a quote opens that is never closed.
    OpenQuote {
        line: u32,
    },
}

/// Reads batches from bytes.
#[derive(Debug)]
pub struct Batches<R> {
    input: R,
    /// What was read and is not yet part of a batch.
    rest: Vec<u8>,
    line: u32,
    is_over: bool,
}

impl<R: Read> Batches<R> {
    pub fn new(input: R) -> Self {
        Self { input, rest: Vec::new(), line: 1, is_over: false }
    }

    /// Fills a batch with the next records; false at the end.
    ///
    /// # Errors
    /// Where the input cannot be read, is not UTF-8, or ends within quotes.
    pub fn next(&mut self, batch: &mut Batch) -> Result<bool, Unreadable> {
        batch.clear();
        loop {
            if self.is_over && self.rest.is_empty() {
                return Ok(false);
            }
            if !self.is_over {
                let before = self.rest.len();
                let read = self.input.by_ref().take(BLOCK as u64).read_to_end(&mut self.rest).map_err(Unreadable::Io)?;
                self.is_over = read < BLOCK;
                if self.is_over && self.rest.last().is_some_and(|byte| *byte != b'\n') {
                    self.rest.push(b'\n');
                }
                debug_assert!(self.rest.len() >= before);
            }
            let end = whole_records(&self.rest);
            if end == 0 {
                if self.is_over && !self.rest.is_empty() {
                    return Err(Unreadable::OpenQuote { line: self.line });
                }
                continue;
            }
            let mut text = std::mem::take(&mut batch.text).into_bytes();
            text.extend_from_slice(&self.rest[..end]);
            self.rest.drain(..end);
            batch.text = String::from_utf8(text).map_err(|error| {
                let (before, from) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
                let (line, column) = line_and_column(&String::from_utf8_lossy(before), before.len());
                Unreadable::NotUtf8 { line: self.line + line - 1, column, byte: from[0] }
            })?;
            if memchr::memchr2(b'"', b'\r', batch.text.as_bytes()).is_none() {
                self.split(batch);
            } else {
                self.split_quoted(batch);
            }
            if batch.len() > 0 {
                return Ok(true);
            }
            batch.clear();
        }
    }

    /// Splits at every comma and line end.
    fn split(&mut self, batch: &mut Batch) {
        let mut splitter =
            Splitter { bounds: &mut batch.bounds, records: &mut batch.records, lines: &mut batch.lines, line: self.line, first: 0, start: 0 };
        let bytes = batch.text.as_bytes();
        let (blocks, tail) = bytes.as_chunks::<8>();
        for (at, block) in blocks.iter().enumerate() {
            let word = u64::from_le_bytes(*block);
            let mut marks = equal(word, b',') | equal(word, b'\n');
            while marks != 0 {
                let offset = (marks.trailing_zeros() / 8) as usize;
                splitter.mark((at * 8 + offset) as u32, block[offset] == b'\n');
                marks &= marks - 1;
            }
        }
        let done = bytes.len() - tail.len();
        for (at, byte) in tail.iter().enumerate() {
            if matches!(byte, b',' | b'\n') {
                splitter.mark((done + at) as u32, *byte == b'\n');
            }
        }
        self.line = splitter.line;
    }

    /// Splits where quotes and carriage returns have their say, and takes them off.
    fn split_quoted(&mut self, batch: &mut Batch) {
        let raw = std::mem::take(&mut batch.text);
        let mut plain = String::with_capacity(raw.len());
        let mut fields: Vec<(u32, u32)> = Vec::new();
        let mut start = 0;
        let mut record_line = self.line;
        let mut letters = raw.chars().peekable();
        let mut is_quoted = false;
        while let Some(letter) = letters.next() {
            match letter {
                '"' if is_quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    plain.push('"');
                }
                '"' if is_quoted || plain.len() == start => is_quoted = !is_quoted,
                '\r' if !is_quoted && letters.peek() == Some(&'\n') => {}
                ',' | '\n' if !is_quoted => {
                    fields.push((start as u32, plain.len() as u32));
                    start = plain.len();
                    if letter == '\n' {
                        self.line += 1;
                        // A line without anything is no record.
                        if fields != [(start as u32, start as u32)] {
                            batch.records.push(batch.bounds.len() as u32);
                            batch.lines.push(record_line);
                            batch.bounds.append(&mut fields);
                        }
                        fields.clear();
                        record_line = self.line;
                    }
                }
                other => {
                    self.line += u32::from(other == '\n');
                    plain.push(other);
                }
            }
        }
        batch.text = plain;
    }
}

/// Collects fields and records.
struct Splitter<'a> {
    bounds: &'a mut Vec<(u32, u32)>,
    records: &'a mut Vec<u32>,
    lines: &'a mut Vec<u32>,
    line: u32,
    /// The first of the bounds of this record.
    first: u32,
    start: u32,
}

impl Splitter<'_> {
    #[inline]
    fn mark(&mut self, at: u32, ends_the_record: bool) {
        self.bounds.push((self.start, at));
        let is_blank = ends_the_record && self.start == at && self.bounds.len() as u32 == self.first + 1;
        self.start = at + 1;
        if !ends_the_record {
            return;
        }
        if is_blank {
            self.bounds.pop();
        } else {
            self.records.push(self.first);
            self.lines.push(self.line);
        }
        self.first = self.bounds.len() as u32;
        self.line += 1;
    }
}

/// The highest bit of every byte of a word that is `byte`.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    !(((differs & LOW) + LOW) | differs | LOW)
}

/// How many bytes are whole records: up to the last line end that is not quoted.
fn whole_records(bytes: &[u8]) -> usize {
    let Some(last) = memchr::memrchr(b'\n', bytes) else { return 0 };
    if memchr::memchr(b'"', bytes).is_none() {
        return last + 1;
    }
    let (mut is_quoted, mut end) = (false, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => end = at + 1,
            _ => {}
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All records, read in blocks of a few bytes.
    fn records(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let mut batches = Batches::new(bytes);
        let mut batch = Batch::default();
        let mut records = Vec::new();
        while batches.next(&mut batch).unwrap() {
            for record in 0..batch.len() {
                let fields = (0..batch.width(record)).map(|column| batch.field(record, column).to_owned()).collect();
                records.push((batch.line(record), fields));
            }
        }
        records
    }

    #[test]
    fn quotes_line_ends_and_blank_lines_are_read_as_csv_has_them() {
        let text = "a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n3,\n\"\",é";
        let found = records(text.as_bytes());
        let of = |fields: [&str; 2]| fields.map(str::to_owned).to_vec();
        assert_eq!(found, [(1, of(["a", "b"])), (2, of(["x, \"y\"\nz", "2"])), (5, of(["3", ""])), (6, of(["", "é"]))]);
    }

    #[test]
    fn lines_without_quotes_are_read_as_those_with_them() {
        let found = records("é,b\n\nc,dé€\n".as_bytes());
        assert_eq!(found, [(1, vec!["é".to_owned(), "b".to_owned()]), (3, vec!["c".to_owned(), "dé€".to_owned()])]);
        assert_eq!(records(b"one\n\ntwo\n\n"), [(1, vec!["one".to_owned()]), (3, vec!["two".to_owned()])], "a single column");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let mut batch = Batch::default();
        assert!(matches!(Batches::new(&b"a\nb\xffc\n"[..]).next(&mut batch), Err(Unreadable::NotUtf8 { line: 2, column: 2, byte: 0xff })));
        assert!(matches!(Batches::new(&b"a,\"b\nc\n"[..]).next(&mut batch), Err(Unreadable::OpenQuote { line: 1 })));
    }

    proptest! {
        #[test]
        fn records_without_quotes_are_those_of_the_csv_crate(rows in prop::collection::vec(prop::collection::vec("[a-zé€]{1,12}", 2), 1..40)) {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            let found: Vec<Vec<String>> = records(text.as_bytes()).into_iter().map(|(_, fields)| fields).collect();
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn records_are_those_of_the_csv_crate(rows in prop::collection::vec(prop::collection::vec("[a-zé,\"\n ]{0,12}", 3), 1..40), quote in any::<bool>()) {
            let style = if quote { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
            let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let bytes = writer.into_inner().unwrap();
            let found: Vec<Vec<String>> = records(&bytes).into_iter().map(|(_, fields)| fields).collect();
            prop_assert_eq!(found, rows);
        }
    }
}
