//! Records: the texts of a file that holds many, one after the other: JSON objects a line, Parquet, Arrow IPC.
//!
//! In: the open file. Out: records as they stand there, which are looked at later and elsewhere, several at a time ([`Raw::parse`]). A
//! record has `id` and `text`, and may have `published` and `language`; whatever else it has is passed over. One that is not what it
//! should be is left out and told of with its place; nothing in it is guessed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use arrow::array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Deserialize;

use super::columns::{Columns, Values};
use super::files::{Container, decompressed};
use super::ipc;
use super::reading::Reading;
use crate::error::Error;
use crate::findings::{Finding, Place, code};
use crate::model::complaint::Complaint;
use crate::model::date::Period;
use crate::model::settings::{is_language, is_source_id};

/// The columns that are read, in the order of [`Record`].
pub const COLUMNS: [&str; 4] = ["id", "text", "published", "language"];

/// Longest id in bytes.
const LONGEST_ID: usize = 200;

/// Rows that are read from Parquet at a time: texts are long.
const ROWS: usize = 128;

/// A text with what its record says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: String,
    pub text: String,
    /// Reduced ISO 8601.
    pub published: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
}

/// Where a record stands, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Line(u32),
    /// A row group of Parquet or a batch of Arrow, and a row of it.
    Row {
        group: u32,
        row: u32,
        unit: &'static str,
    },
    /// A document of a stream, however that was cut into batches.
    Document(u64),
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row { group, row, unit } => write!(f, "{unit} {group}, row {row}"),
            Self::Document(number) => write!(f, "document {number}"),
        }
    }
}

/// A record as it stands in its file.
#[derive(Debug)]
pub struct Raw {
    pub at: At,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Line(Vec<u8>),
    /// One value a column of [`COLUMNS`].
    Row(Values<4>),
}

/// Why a record is none: the column of its line, and what is wrong.
type Problem = (u32, Complaint);

/// A record as JSON has it.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

impl Raw {
    /// A record of which the values are at hand, in the order of the columns id, text, published, language.
    #[must_use]
    pub fn of_values(at: At, values: Values<4>) -> Self {
        Self { at, content: Content::Row(values) }
    }

    /// About how much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.content {
            Content::Line(line) => line.len(),
            Content::Row(values) => values.iter().flatten().flatten().map(String::len).sum(),
        }
    }

    /// Its id, if it has one that can be read.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        match &self.content {
            Content::Line(line) => serde_json::from_slice::<Line>(line).ok()?.id,
            Content::Row(values) => values.as_ref().ok()?[0].clone(),
        }
    }

    /// The record; where it is none, the finding that says why. `is_published` asks for an id as published tables have it.
    ///
    /// # Errors
    /// The finding.
    pub fn parse(self, shown: &str, is_published: bool) -> Result<Record, Finding> {
        let at = self.at;
        self.checked(is_published).map_err(|(column, complaint)| {
            let finding = invalid(shown, at, column, &complaint.message);
            complaint.compare(finding)
        })
    }

    /// As [`Raw::parse`], for those who have places of their own.
    ///
    /// # Errors
    /// What is wrong, with the column of the line.
    pub fn checked(self, is_published: bool) -> Result<Record, Problem> {
        let bad = |column: u32, problem: String| Err((column, Complaint::new(problem)));
        let unlike = |column: &str, found: &str, expected: &str| {
            Err((1, Complaint::new(format!("{column} is \"{found}\", expected {expected}")).compared(found, expected)))
        };
        let [id, text, published, language] = match self.content {
            Content::Row(values) => values.map_err(|column| (1, Complaint::new(not_utf8(column))))?,
            // A list of values would do as an object for the library.
            Content::Line(bytes) if !bytes.trim_ascii_start().starts_with(b"{") => return bad(1, "an object was expected".to_owned()),
            Content::Line(bytes) => match serde_json::from_slice::<Line>(bytes.trim_ascii_end()) {
                Ok(line) => [line.id, line.text, line.published, line.language],
                // What the library says of a value may quote it.
                Err(error) if error.is_data() => return bad(error.column() as u32, "a text was expected".to_owned()),
                Err(error) => {
                    let told = error.to_string();
                    return bad(error.column() as u32, format!("no JSON: {}", told.split(" at line ").next().unwrap_or_default()));
                }
            },
        };
        let Some(id) = id.filter(|id| !id.is_empty()) else { return bad(1, "it has no id".to_owned()) };
        if id.len() > LONGEST_ID || id.contains(char::is_control) {
            return bad(1, format!("its id has control characters or more than {LONGEST_ID} bytes"));
        }
        if is_published && let Err(rule) = is_source_id(&id) {
            return unlike("id", &id, &rule.code);
        }
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return bad(1, format!("\"{id}\" has no text")) };
        let (published, language) = (published.filter(|day| !day.is_empty()), language.filter(|code| !code.is_empty()));
        if let Some(day) = published.as_deref().filter(|day| Period::parse_reduced(day).is_none()) {
            return unlike("published", day, "a day, month or year as 2014-10-15, 2014-10 or 2014");
        }
        if let Some(code) = language.as_deref().filter(|code| is_language(code).is_err()) {
            return unlike("language", code, "a two-letter ISO 639-1 code");
        }
        Ok(Record { id, text, published, language })
    }
}

/// What to say of a record with a column that is no text.
pub fn not_utf8(column: &str) -> String {
    format!("its {column} is not UTF-8")
}

/// A record that is left out.
pub fn invalid(shown: &str, at: At, column: u32, problem: &str) -> Finding {
    let (place, message) = match at {
        At::Line(line) => (Place::new(shown, line, column), format!("the record is left out: {problem}")),
        At::Row { .. } | At::Document(_) => (Place::file(shown), format!("{at}: the record is left out: {problem}")),
    };
    Finding::new(code::RECORD_INVALID, place, message).hint("mend the record, or take it out; --strict stops at the first")
}

/// The records of one file, first to last.
pub struct Records {
    shown: String,
    reading: Reading,
    source: Source,
    is_over: bool,
}

enum Source {
    Lines { input: Box<dyn BufRead + Send>, line: u32 },
    Batches(Batches),
}

type Reader = Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>;

struct Batches {
    reader: Reader,
    batch: Option<RecordBatch>,
    /// The row of the batch that comes next.
    next: usize,
    columns: Columns<4>,
    /// Rows of each row group of Parquet; empty where batches count for themselves.
    groups: Vec<u32>,
    group: u32,
    row: u32,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Records {
    /// Opens a file of records. Where it is no such file, the finding that says so.
    ///
    /// # Errors
    /// `Io` where the file cannot be opened.
    pub fn open(path: &Path, shown: String, container: Container) -> Result<Result<Self, Finding>, Error> {
        let reading = Reading::open(path)?;
        let file = reading.file()?;
        let source = match container {
            Container::Lines => decompressed(&shown, file).map(|input| Source::Lines { input, line: 0 }).map_err(|error| error.to_string()),
            Container::Parquet => parquet(file).map(Source::Batches),
            Container::Arrow => arrow(file).map(Source::Batches),
        };
        Ok(match source {
            Ok(source) => Ok(Self { shown, reading, source, is_over: false }),
            Err(problem) => {
                let finding =
                    Finding::new(code::RECORDS_UNREADABLE, Place::file(&shown), format!("the file has no records that can be read: {problem}"));
                Err(finding.hint("write it with the columns id and text, uncompressed or with zstd"))
            }
        })
    }

    /// The next record, or what keeps the rest of the file from being read; none at its end.
    pub fn next(&mut self) -> Option<Result<Raw, Finding>> {
        if self.is_over {
            return None;
        }
        let next = match &mut self.source {
            Source::Lines { input, line } => next_line(input, line).map_err(|(line, problem)| unreadable(Place::new(&self.shown, line, 1), &problem)),
            Source::Batches(batches) => batches.next().map_err(|problem| unreadable(Place::file(&self.shown), &problem)),
        };
        self.is_over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }

    /// The size of the file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.reading.size()
    }

    /// About how many bytes of the file were read.
    #[must_use]
    pub fn position(&self) -> u64 {
        match &self.source {
            Source::Batches(batches) if !batches.groups.is_empty() => (self.size() as f64 * batches.share()) as u64,
            Source::Batches(_) | Source::Lines { .. } => self.reading.position(),
        }
    }

    /// Whether the file is what it was when it was opened.
    ///
    /// # Errors
    /// `Io` where it is another by now.
    pub fn end(&self) -> Result<(), Error> {
        self.reading.end(None)
    }
}

fn unreadable(place: Place, problem: &str) -> Finding {
    Finding::new(code::RECORDS_UNREADABLE, place, format!("the rest of the file cannot be read: {problem}")).hint("put the whole file back")
}

/// The next line that is not blank.
fn next_line(input: &mut dyn BufRead, line: &mut u32) -> Result<Option<Raw>, (u32, String)> {
    loop {
        let mut bytes = Vec::new();
        *line += 1;
        let read = input.read_until(b'\n', &mut bytes).map_err(|error| (*line, error.to_string()))?;
        if read == 0 {
            return Ok(None);
        }
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(Raw { at: At::Line(*line), content: Content::Line(bytes) }));
        }
    }
}

fn parquet(file: File) -> Result<Batches, String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let columns = Columns::find(COLUMNS, builder.schema())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.positions());
    let groups = builder.metadata().row_groups().iter().map(|group| group.num_rows() as u32).collect();
    let reader = builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|error| error.to_string())?;
    let reader = reader.map(|batch| batch.map_err(|error| error.to_string()));
    Ok(Batches { reader: Box::new(reader), columns: columns.alone(), batch: None, next: 0, groups, group: 0, row: 0 })
}

fn arrow(file: File) -> Result<Batches, String> {
    let (mut batches, columns) = ipc::Batches::of_columns(BufReader::new(file), COLUMNS).map_err(|error| error.to_string())?;
    let reader = std::iter::from_fn(move || batches.next().map_err(|error| error.to_string()).transpose());
    Ok(Batches { reader: Box::new(reader), columns, batch: None, next: 0, groups: Vec::new(), group: 0, row: 0 })
}

impl Batches {
    /// The share of the rows that were read, where their number is known.
    fn share(&self) -> f64 {
        let before: u32 = self.groups.iter().take((self.group as usize).saturating_sub(1)).sum();
        f64::from(before + self.row) / f64::from(self.groups.iter().sum::<u32>().max(1))
    }

    fn next(&mut self) -> Result<Option<Raw>, String> {
        while self.batch.as_ref().is_none_or(|batch| self.next >= batch.num_rows()) {
            let Some(batch) = self.reader.next() else { return Ok(None) };
            self.batch = Some(batch?);
            self.next = 0;
            if self.groups.is_empty() {
                self.group += 1;
                self.row = 0;
            }
        }
        let Some(batch) = &self.batch else { return Ok(None) };
        // Groups without rows come no nearer.
        while !self.groups.is_empty()
            && (self.group == 0 || self.row >= self.groups[self.group as usize - 1])
            && (self.group as usize) < self.groups.len()
        {
            self.group += 1;
            self.row = 0;
        }
        self.row += 1;
        let values = self.columns.values(batch, self.next);
        self.next += 1;
        let unit = if self.groups.is_empty() { "batch" } else { "row group" };
        Ok(Some(Raw { at: At::Row { group: self.group, row: self.row, unit }, content: Content::Row(values) }))
    }
}
