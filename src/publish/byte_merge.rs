//! The difference of two CSV files with the same columns, by bytes: rows that are equal are passed over and never taken apart.
//!
//! In: two files in the order of their key. Out: what [`super::difference::merge`] makes of them, at a fraction of its time: most
//! rows of two releases are the same, and comparing memory is many times faster than reading values. Only rows that differ are parsed, and each of
//! these must stand after the row above it. Memory is two buffers, whatever the size of the files.

use std::cmp::Ordering;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv_core::ReadRecordResult;

use super::csv_file::parse;
use super::difference::{Columns, Counts, RowChange};
use super::rows::{disorder, unsound};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::{Row, compare};

/// Bytes that are held of each file; more where a row is longer.
const BUFFER: usize = 1 << 18;

/// Compares two files of the schema and hands each changed row to `sink`, in the order of the keys.
///
/// # Errors
/// `Io` where a file cannot be read, `Store` where it is not a table in its order; those of the sink.
pub fn merge(old: &Path, new: &Path, schema: &TableSchema, sink: &mut dyn FnMut(RowChange<'_>) -> Result<(), Error>) -> Result<Counts, Error> {
    let columns = Columns::new(schema, schema);
    let key = schema.key_positions();
    let mut old = Side::open(old, schema)?;
    let mut new = Side::open(new, schema)?;
    let mut counts = Counts::default();
    loop {
        let equal = skip_equal(&mut old, &mut new)?;
        counts.before += equal;
        counts.after += equal;
        let next = match (old.peek()?, new.peek()?) {
            (false, false) => return Ok(counts),
            (true, true) => compare(&old.row, &new.row, &key),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        };
        match next {
            Ordering::Less => {
                counts.removed += 1;
                sink(RowChange::Removed { old: &old.row })?;
            }
            Ordering::Greater => {
                counts.added += 1;
                sink(RowChange::Added { new: &new.row })?;
            }
            Ordering::Equal => {
                if columns.differing(&old.row, &new.row).next().is_some() {
                    counts.modified += 1;
                    sink(RowChange::Modified { old: &old.row, new: &new.row })?;
                }
            }
        }
        if next.is_le() {
            counts.before += 1;
            old.advance();
        }
        if next.is_ge() {
            counts.after += 1;
            new.advance();
        }
    }
}

/// Goes past all rows that are the same bytes in both files; says how many.
fn skip_equal(old: &mut Side<'_>, new: &mut Side<'_>) -> Result<u64, Error> {
    let mut skipped = 0;
    loop {
        old.fill()?;
        new.fill()?;
        let (a, b) = (old.bytes(), new.bytes());
        let rows = whole_rows(&a[..first_difference(a, b)]);
        if rows.count == 0 {
            return Ok(skipped);
        }
        skipped += rows.count;
        old.skip(&rows);
        new.skip(&rows);
    }
}

/// How many bytes two texts have in common at their beginning.
fn first_difference(a: &[u8], b: &[u8]) -> usize {
    let mut at = 0;
    for step in [8192, 64, 1] {
        let equal = |(x, y): &(&[u8], &[u8])| x == y;
        at += a[at..].chunks_exact(step).zip(b[at..].chunks_exact(step)).take_while(equal).count() * step;
    }
    at
}

/// Whole rows at the beginning of a text.
#[derive(Debug, Default, PartialEq, Eq)]
struct WholeRows {
    count: u64,
    /// Where the last of them begins.
    last: usize,
    /// Where it ends.
    end: usize,
}

/// The rows that end within a text that begins with a row.
fn whole_rows(text: &[u8]) -> WholeRows {
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

/// One of the two files.
struct Side<'a> {
    file: File,
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
    row: Row,
    splitter: Splitter,
}

impl<'a> Side<'a> {
    fn open(path: &Path, schema: &'a TableSchema) -> Result<Self, Error> {
        let mut side = Self {
            file: File::open(path).map_err(Error::io("read", path))?,
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

    fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads on where less than half a buffer is left.
    fn fill(&mut self) -> Result<(), Error> {
        if self.at_end || self.end - self.start > self.buffer.len() / 2 {
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
    fn peek(&mut self) -> Result<bool, Error> {
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
    fn advance(&mut self) {
        if let Some(length) = self.parsed.take() {
            self.skip(&WholeRows { count: 1, last: 0, end: length });
        }
    }

    /// Goes past rows that are in the buffer.
    fn skip(&mut self, rows: &WholeRows) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::csv_file::{TableReader, TableWriter};
    use super::super::difference;
    use super::super::fixture::{TempFolder, table};
    use super::*;
    use crate::model::Cell;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["a", "b"], "fields": [
            {"name": "c", "type": "string", "description": "C.", "kind": "text", "origin": "stated"},
            {"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned", "constraints": {"required": true}},
            {"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {"required": true}}]}"#,
        )
    }

    fn write(path: &Path, rows: &[Row]) {
        let mut writer = TableWriter::new(Vec::new(), &schema().column_names()).unwrap();
        rows.iter().for_each(|row| writer.write(row).unwrap());
        std::fs::write(path, writer.finish().unwrap()).unwrap();
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let long = prop::option::of(1000usize..3000);
        prop::collection::btree_map(("[ab]{1,2}", 0i64..30), ("[x\",\n]{0,3}", long), 0..40).prop_map(|table| {
            table.into_iter().map(|((a, b), (c, long))| vec![Cell::text(c.repeat(long.unwrap_or(1))), Cell::text(a), Cell::Integer(b)]).collect()
        })
    }

    /// What each way to merge says, in words.
    fn told(change: RowChange<'_>) -> String {
        format!("{change:?}")
    }

    proptest! {
        #[test]
        fn merging_bytes_is_merging_rows(base in rows(), old_at in 0usize..40, new in rows(), mix in any::<bool>()) {
            // Two tables that share most of their rows, or hardly any.
            let mut old = base.clone();
            if old_at < old.len() {
                old.remove(old_at);
            }
            let new = if mix { base } else { new };
            let folder = TempFolder::new();
            let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
            write(&one, &old);
            write(&two, &new);
            let schema = schema();
            let (mut by_bytes, mut by_rows) = (Vec::new(), Vec::new());
            let counts = merge(&one, &two, &schema, &mut |change| { by_bytes.push(told(change)); Ok(()) }).unwrap();
            let (mut a, mut b) = (TableReader::open(&one, &schema).unwrap(), TableReader::open(&two, &schema).unwrap());
            let expected = difference::merge((&schema, &mut a), (&schema, &mut b), &mut |change| { by_rows.push(told(change)); Ok(()) }).unwrap();
            prop_assert_eq!(counts, expected);
            prop_assert_eq!(by_bytes, by_rows);
        }
    }

    #[test]
    fn a_row_longer_than_the_buffer_is_a_row() {
        let folder = TempFolder::new();
        let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
        let row = |text: &str, number: i64| vec![Cell::text(text.repeat(BUFFER)), Cell::text("a"), Cell::Integer(number)];
        write(&one, &[row("x", 1), row("y", 2)]);
        write(&two, &[row("x", 1), row("z", 2)]);
        let counts = merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap();
        assert_eq!((counts.before, counts.modified, counts.after), (2, 1, 2));
    }

    #[test]
    fn what_is_no_table_in_its_order_is_refused_where_it_differs() {
        let folder = TempFolder::new();
        let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
        std::fs::write(&one, "c,a,b\nx,a,1\nx,b,1\nx,c,1\n").unwrap();
        let cases = [
            ("c,b,a\n", "the header is \"c,b,a\""),
            ("c,a,b\nx,a,1\nx,c,1\nx,b,1\n", "row 4: the row should stand before the one above it"),
            ("c,a,b\nx,a,1\ny,a,1\n", "row 3: the key of the row before stands again"),
            ("c,a,b\nx,a,01\n", "row 2: \"01\" in column \"b\""),
            ("c,a,b\nx,a\n", "row 2: 2 values, the header has 3"),
            ("", "the header is \"\""),
        ];
        for (text, expected) in cases {
            std::fs::write(&two, text).unwrap();
            let message = merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap_err().to_string();
            assert!(message.contains(expected), "{text:?}: {message}");
        }
        std::fs::write(&two, "c,a,b\nx,a,1\nx,b,1\nx,c,1").unwrap();
        assert!(!merge(&one, &two, &schema(), &mut |_| Ok(())).unwrap().moved(), "the last line end is not missed");
    }
}
