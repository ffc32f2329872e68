//! CSV files that people write: rows as structs, each with its place, and every problem at its line and column.
//!
//! The columns are those of the struct: one that is missing or unknown is told once, not in every row.

use std::fmt;

use csv::StringRecord;
use serde::Deserializer;
use serde::de::{DeserializeOwned, Visitor};

use super::complaint::Complaint;
use super::schemas::SchemaFiles;
use super::toml_file::line_and_column;
use crate::findings::{Finding, Place, Report, code};

/// The rows of a file that are as they should be.
#[derive(Debug)]
pub struct CsvRows<'a, T> {
    pub rows: Vec<T>,
    /// The byte at which each of them starts.
    starts: Vec<usize>,
    header: StringRecord,
    text: &'a str,
    path: String,
}

impl<'a, T: DeserializeOwned> CsvRows<'a, T> {
    /// Reads a file; every row that does not fit is a finding of its own.
    pub fn read(files: &'a SchemaFiles, path: &str, report: &mut Report) -> Self {
        let text = files.get(path);
        // A missing file has no rows; that it is missing is told below.
        let mut rows =
            Self { rows: Vec::new(), starts: Vec::new(), header: StringRecord::new(), text: text.unwrap_or_default(), path: files.display(path) };
        if text.is_none() {
            report.push(Finding::new(code::SCHEMA_INVALID, Place::file(&rows.path), "the file is missing"));
            return rows;
        }
        // A mark that some programs put before the text is no part of the first name.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(rows.text.as_bytes());
        match reader.headers() {
            Ok(header) => rows.header = header.clone(),
            Err(error) => report.push(Finding::new(code::SCHEMA_INVALID, Place::new(&rows.path, 1, 1), error.to_string())),
        }
        if !rows.has_its_columns(report) {
            return rows;
        }
        let mut record = StringRecord::new();
        while let Ok(true) = reader.read_record(&mut record) {
            let start = record.position().map_or(0, |position| position.byte() as usize);
            // The reader counts empty lines, and the end of the one before, to the row behind them.
            let start = start + rows.text.as_bytes()[start..].iter().take_while(|byte| b"\r\n".contains(byte)).count();
            if record.len() != rows.header.len() {
                let (found, expected) = (record.len(), rows.header.len());
                let message = format!("the row has {found} fields, the header {expected}");
                let finding = Finding::new(code::SCHEMA_INVALID, rows.place_in(start, expected.min(found - 1)), message);
                report.push(finding.compared(format!("{found} fields"), format!("{expected} fields")));
                continue;
            }
            match record.deserialize(Some(&rows.header)) {
                Ok(row) => {
                    rows.rows.push(row);
                    rows.starts.push(start);
                }
                Err(error) => {
                    let (field, message) = match error.kind() {
                        csv::ErrorKind::Deserialize { err, .. } => (err.field().map(|field| field as usize), err.kind().to_string()),
                        _ => (None, error.to_string()),
                    };
                    // Where the place is lost on the way, the message quotes the value.
                    let quotes = |value: &str| !value.is_empty() && message.contains(&format!("\"{value}\""));
                    let field = field.or_else(|| record.iter().position(quotes)).unwrap_or(0);
                    // A row that is cut short has no such field: its value is empty.
                    let value = record.get(field).unwrap_or_default();
                    let message = if quotes(value) { message } else { format!("\"{value}\": {message}") };
                    report.push(Complaint::of_serde(&message).finding(code::SCHEMA_INVALID, rows.place_in(start, field)));
                }
            }
        }
        rows
    }

    /// Tells of columns that are missing, unknown or there twice.
    fn has_its_columns(&self, report: &mut Report) -> bool {
        let wanted = field_names::<T>();
        let mut complaints = Vec::new();
        for name in wanted.iter().filter(|name| !self.header.iter().any(|column| column == **name)) {
            complaints.push((0, Complaint::new(format!("the column \"{name}\" is missing")).compared("no such column", *name)));
        }
        for (at, column) in self.header.iter().enumerate() {
            if !wanted.contains(&column) {
                let expected = wanted.join(", ");
                complaints
                    .push((at, Complaint::new(format!("the column \"{column}\" is not known, expected {expected}")).compared(column, expected)));
            } else if self.header.iter().take(at).any(|other| other == column) {
                let complaint = Complaint::new(format!("the column \"{column}\" stands twice"));
                complaints.push((at, complaint.compared(column, "a name that no other column has")));
            }
        }
        let is_sound = complaints.is_empty();
        for (at, complaint) in complaints {
            report.push(complaint.finding(code::SCHEMA_INVALID, self.place_in(0, at)));
        }
        is_sound
    }
}

impl<T> CsvRows<'_, T> {
    /// Where the value of a column stands in a row.
    #[must_use]
    pub fn place(&self, row: usize, column: &str) -> Place {
        let field = self.header.iter().position(|name| name == column).unwrap_or(0);
        self.place_in(self.starts.get(row).copied().unwrap_or(0), field)
    }

    /// Where a field stands in the row that starts at a byte.
    fn place_in(&self, start: usize, field: usize) -> Place {
        let bytes = self.text.as_bytes();
        let (mut at, mut seen, mut is_quoted) = (start, 0, false);
        while seen < field && at < bytes.len() {
            match bytes[at] {
                b'"' => is_quoted = !is_quoted,
                b',' if !is_quoted => seen += 1,
                b'\n' if !is_quoted => break,
                _ => {}
            }
            at += 1;
        }
        let (line, column) = line_and_column(self.text, at);
        Place::new(&self.path, line, column)
    }

    /// Reports every row for which `problem` has something to say about a column.
    pub fn check(&self, column: &str, report: &mut Report, problem: impl Fn(usize, &T) -> Option<Complaint>) {
        for (at, row) in self.rows.iter().enumerate() {
            if let Some(complaint) = problem(at, row) {
                report.push(complaint.finding(code::SCHEMA_INVALID, self.place(at, column)));
            }
        }
    }

    /// The rows, after each was told its line.
    #[must_use]
    pub fn into_rows(mut self, tell: impl Fn(&mut T, u32)) -> Vec<T> {
        let (mut line, mut before) = (1, 0);
        for (row, &start) in self.rows.iter_mut().zip(&self.starts) {
            line += self.text.as_bytes()[before..start].iter().filter(|byte| **byte == b'\n').count() as u32;
            before = start;
            tell(row, line);
        }
        self.rows
    }

    /// The line of a row.
    #[must_use]
    pub fn line(&self, row: usize) -> u32 {
        self.place(row, "").line
    }
}

/// The names of the fields of a struct, as serde reads them.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The names are handed over before anything is read; that nothing is, is the error that ends it.
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// Takes the names of the fields of the struct that is asked for.
struct FieldNames<'n>(&'n mut &'static [&'static str]);

#[derive(Debug)]
struct Asked;

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only the names were asked for")
    }
}

impl std::error::Error for Asked {}

impl serde::de::Error for Asked {
    fn custom<M: fmt::Display>(_: M) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
        Err(Asked)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, fields: &'static [&'static str], _: V) -> Result<V::Value, Asked> {
        *self.0 = fields;
        Err(Asked)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}
