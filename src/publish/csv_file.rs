//! Tables as CSV: one spelling of every value, one order of the rows, and readers that take nothing else.
//!
//! UTF-8 without a byte order mark, lines end in LF, quotes only where a value needs them, empty means null. That a file has
//! its one form is what lets every later step be a merge.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Terminator, Writer, WriterBuilder};

use super::rows::{RowSource, disorder, unsound};
use crate::error::Error;
use crate::model::dataset::{Row, compare};
use crate::model::table::FieldType;
use crate::model::{Cell, TableSchema};

/// A writer with the dialect of a release.
pub fn writer<W: Write>(out: W) -> Writer<W> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).quote_style(QuoteStyle::Necessary).from_writer(out)
}

/// Bytes that are handed on at a time.
const BUFFER: usize = 1 << 16;

/// Writes tables row by row, header first, in the dialect of [`writer`].
#[derive(Debug)]
pub struct TableWriter<W: Write> {
    out: W,
    buffer: Vec<u8>,
}

impl<W: Write> TableWriter<W> {
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn new(out: W, columns: &[&str]) -> csv::Result<Self> {
        let mut writer = Self { out, buffer: Vec::with_capacity(2 * BUFFER) };
        writer.record(columns, |column, buffer| push_text(column, buffer))?;
        Ok(writer)
    }

    /// # Errors
    /// Where the file cannot be written to.
    pub fn write(&mut self, row: &[Cell]) -> csv::Result<()> {
        self.record(row, |cell, buffer| match cell {
            Cell::Text(text) => push_text(text, buffer),
            // What is no text has none of the bytes that need quotes.
            other => other.spell(buffer),
        })
    }

    fn record<T>(&mut self, values: &[T], push: impl Fn(&T, &mut Vec<u8>)) -> csv::Result<()> {
        let start = self.buffer.len();
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.buffer.push(b',');
            }
            push(value, &mut self.buffer);
        }
        if self.buffer.len() == start {
            // A line without any byte would be no record.
            self.buffer.extend_from_slice(b"\"\"");
        }
        self.buffer.push(b'\n');
        if self.buffer.len() >= BUFFER {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// What was written so far, but for what still waits to be handed on.
    pub fn handed_on(&mut self) -> &mut W {
        &mut self.out
    }

    /// # Errors
    /// Where the file cannot be written to.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.out.write_all(&self.buffer)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A text, in quotes where it needs them.
fn push_text(text: &str, buffer: &mut Vec<u8>) {
    // Without an end before the last byte this is a few instructions for sixteen of them.
    let needs_quotes = text.bytes().fold(false, |needs, byte| needs | matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if !needs_quotes {
        buffer.extend_from_slice(text.as_bytes());
        return;
    }
    buffer.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    buffer.push(b'"');
}

/// A csv error as one that can be told to a user.
pub fn write_error(path: &Path) -> impl FnOnce(csv::Error) -> Error {
    let path = path.to_path_buf();
    move |error| {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        };
        Error::Io { action: "write", path, source }
    }
}

/// Reads a table; refuses another header, another spelling of a value, another order, and a key that stands twice.
#[derive(Debug)]
pub struct TableReader<R> {
    reader: csv::Reader<R>,
    record: StringRecord,
    types: Vec<FieldType>,
    columns: Vec<String>,
    key: Vec<usize>,
    row: Row,
    previous: Row,
    path: PathBuf,
}

impl TableReader<BufReader<File>> {
    /// # Errors
    /// `Io` where there is no such file, `Store` where its header is another.
    pub fn open(path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        Self::new(BufReader::with_capacity(1 << 16, file), path, schema)
    }
}

impl<R: Read> TableReader<R> {
    /// Reads from anything; `path` is for messages.
    ///
    /// # Errors
    /// `Store` where the header is another.
    pub fn new(input: R, path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let mut reader = ReaderBuilder::new().from_reader(input);
        let header = reader.headers().map_err(|error| read_error(path, error))?;
        let expected = schema.column_names();
        if header.iter().ne(expected.iter().copied()) {
            let found: Vec<&str> = header.iter().collect();
            return Err(unsound(path, format!("the header is \"{}\", expected \"{}\"", found.join(","), expected.join(","))));
        }
        Ok(Self {
            reader,
            record: StringRecord::new(),
            types: schema.fields.iter().map(|field| field.field_type).collect(),
            columns: expected.into_iter().map(str::to_owned).collect(),
            key: schema.key_positions(),
            row: Row::new(),
            previous: Row::new(),
            path: path.to_path_buf(),
        })
    }

    fn problem(&self, problem: &str) -> Error {
        let line = self.record.position().map_or(0, csv::Position::line);
        unsound(&self.path, format!("line {line}: {problem}"))
    }
}

impl<R: Read> RowSource for TableReader<R> {
    fn advance(&mut self) -> Result<bool, Error> {
        std::mem::swap(&mut self.row, &mut self.previous);
        if !self.reader.read_record(&mut self.record).map_err(|error| read_error(&self.path, error))? {
            return Ok(false);
        }
        self.row.resize(self.types.len(), Cell::Null);
        for (position, text) in self.record.iter().enumerate() {
            let cell = &mut self.row[position];
            match self.types[position] {
                FieldType::String => cell.set_text(text),
                field_type => match parse(field_type, text) {
                    Some(parsed) => *cell = parsed,
                    None => {
                        let column = &self.columns[position];
                        return Err(
                            self.problem(&format!("\"{text}\" in column \"{column}\" is not the spelling of a {field_type:?}").to_lowercase())
                        );
                    }
                },
            }
        }
        if !self.previous.is_empty()
            && let Some(problem) = disorder(compare(&self.previous, &self.row, &self.key))
        {
            return Err(self.problem(problem));
        }
        Ok(true)
    }

    fn row(&self) -> &Row {
        &self.row
    }
}

fn read_error(path: &Path, error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::Io { action: "read", path: path.to_path_buf(), source },
        csv::ErrorKind::Utf8 { .. } => unsound(path, format!("line {line}: not UTF-8")),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            unsound(path, format!("line {line}: {len} values, the header has {expected_len}"))
        }
        other => unsound(path, format!("line {line}: {other:?}")),
    }
}

/// The cell that has this spelling; none where no value of the type is spelt so.
#[must_use]
pub fn parse(field_type: FieldType, text: &str) -> Option<Cell> {
    Cell::parse(field_type, text).filter(|cell| cell.as_text().is_some() || cell.spelling() == text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::meetings;
    use super::super::rows::collect;
    use super::*;

    fn read(text: &str) -> Result<Vec<Row>, Error> {
        let schema = meetings();
        collect(&mut TableReader::new(text.as_bytes(), Path::new("meetings.csv"), &schema)?)
    }

    #[test]
    fn a_table_reads_as_it_is_written() {
        let rows = vec![
            vec![Cell::text("a"), Cell::text("One, \"two\"\nthree"), Cell::Integer(3), Cell::Date("2014-10-15".parse().unwrap()), Cell::Null],
            vec![Cell::text("b"), Cell::text("Zürich"), Cell::Null, Cell::Null, Cell::Number(0.5)],
        ];
        let schema = meetings();
        let mut writer = TableWriter::new(Vec::new(), &schema.column_names()).unwrap();
        rows.iter().for_each(|row| writer.write(row).unwrap());
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(text, "meeting_id,name,ordinal,day,share\na,\"One, \"\"two\"\"\nthree\",3,2014-10-15,\nb,Zürich,,,0.5\n");
        assert_eq!(read(&text).unwrap(), rows);
    }

    #[test]
    fn another_header_order_or_spelling_is_refused_with_its_line() {
        let header = "meeting_id,name,ordinal,day,share\n";
        let cases = [
            ("meeting_id,name,day,ordinal,share\n", "the header is"),
            (&format!("{header}b,x,,,\na,x,,,\n"), "line 3: the row should stand before"),
            (&format!("{header}a,x,,,\na,y,,,\n"), "line 3: the key of the row before stands again"),
            (&format!("{header}a,x,03,,\n"), "line 2: \"03\" in column \"ordinal\""),
            (&format!("{header}a,x,,2014-2-3,\n"), "\"2014-2-3\" in column \"day\""),
            (&format!("{header}a,x,,,0.50\n"), "\"0.50\" in column \"share\""),
            (&format!("{header}a,x,,,NaN\n"), "\"nan\" in column \"share\""),
            (&format!("{header}a,x\n"), "line 2: 2 values, the header has 5"),
        ];
        for (text, expected) in cases {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{text:?}: {message}");
        }
    }

    proptest! {
        #[test]
        fn rows_are_written_as_the_library_writes_them(rows in (1usize..4).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec("[ab,\"\n\r é;']{0,6}", columns), 1..8))) {
            let header = vec!["a"; rows[0].len()];
            let mut ours = TableWriter::new(Vec::new(), &header).unwrap();
            let mut theirs = writer(Vec::new());
            theirs.write_record(&header).unwrap();
            for row in rows {
                ours.write(&row.iter().map(|text| Cell::text(text.as_str())).collect::<Row>()).unwrap();
                theirs.write_record(&row).unwrap();
            }
            prop_assert_eq!(String::from_utf8(ours.finish().unwrap()).unwrap(), String::from_utf8(theirs.into_inner().unwrap()).unwrap());
        }
    }
}
