//! Document stream: documents as an Arrow IPC stream brings them, one after the other.
//!
//! In: the stream, with the columns of a record ([`COLUMNS`]) and `path`, where each lies. Out: what may become documents, numbered through
//! the whole stream, so that nothing depends on how it was cut into batches. Texts are read as the bytes that they are: one that is not
//! UTF-8 spoils itself, not the batch that it came in.

use std::io::Read;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Field, Schema};
use sha2::{Digest, Sha256};

use super::ipc::Batches;
use super::records::{At, COLUMNS, Raw};
use super::registry::derived_entry;
use super::sources::{Describe, Described, SIZE_LIMIT};
use crate::error::Error;
use crate::model::Document;
use crate::model::document::{Format, uncompressed};
use crate::model::record::hex;

/// The column that says where a document lies, besides those of a record.
const PATH: &str = "path";

/// Longest path in bytes.
const LONGEST_PATH: usize = 1000;

/// What may become a document.
#[derive(Debug)]
pub struct Incoming {
    /// From 1, through the whole stream.
    pub number: u64,
    /// One a column, `path` last; the name of the first column that is not UTF-8 where there is one.
    values: Result<[Option<String>; 5], &'static str>,
}

/// The documents of a stream.
#[derive(Debug)]
pub struct DocumentStream<R> {
    batches: Batches<R>,
    /// Where each of [`names`] is among the columns that are read.
    positions: [Option<usize>; 5],
    batch: Option<RecordBatch>,
    /// The row of the batch that comes next.
    next: usize,
    number: u64,
}

fn names() -> [&'static str; 5] {
    let [id, text, published, language] = COLUMNS;
    [id, text, published, language, PATH]
}

fn read_error(error: std::io::Error) -> Error {
    Error::io("read", "standard input")(error)
}

impl<R: Read> DocumentStream<R> {
    /// Reads the beginning of a stream.
    ///
    /// # Errors
    /// `Io` where it is none, or has no texts in the columns `id` and `text`.
    pub fn new(input: R) -> Result<Self, Error> {
        let mut positions = [None; 5];
        let batches = Batches::new(input, |schema| {
            positions = self::positions(&schema)?;
            let mut read: Vec<usize> = positions.into_iter().flatten().collect();
            read.sort_unstable();
            positions = positions.map(|position| read.binary_search(&position?).ok());
            let fields: Vec<Field> = schema.fields().iter().map(|field| as_bytes(field)).collect();
            Ok((Schema::new(fields), Some(read)))
        });
        Ok(Self { batches: batches.map_err(read_error)?, positions, batch: None, next: 0, number: 0 })
    }

    /// Some documents, of about so many bytes together; none at the end.
    ///
    /// # Errors
    /// `Io` where the stream is damaged or cut.
    pub fn batch(&mut self, bytes: usize) -> Result<Vec<Incoming>, Error> {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < bytes
            && let Some(incoming) = self.next()?
        {
            // Each costs something however short it is.
            size += 64 + incoming.values.as_ref().map_or(0, |values| values.iter().flatten().map(String::len).sum());
            batch.push(incoming);
        }
        Ok(batch)
    }

    fn next(&mut self) -> Result<Option<Incoming>, Error> {
        while self.batch.as_ref().is_none_or(|batch| self.next >= batch.num_rows()) {
            // The batch is let go before there is another.
            (self.batch, self.next) = (None, 0);
            self.batch = self.batches.next().map_err(read_error)?;
            if self.batch.is_none() {
                return Ok(None);
            }
        }
        let Some(batch) = &self.batch else { return Ok(None) };
        let mut values = Ok([const { None }; 5]);
        for (at, name) in names().into_iter().enumerate() {
            let Some(position) = self.positions[at] else { continue };
            match (text_at(batch.column(position), self.next), &mut values) {
                (Ok(value), Ok(values)) => values[at] = value,
                (Err(()), Ok(_)) => values = Err(name),
                (_, Err(_)) => {}
            }
        }
        self.next += 1;
        self.number += 1;
        Ok(Some(Incoming { number: self.number, values }))
    }
}

/// Where the columns are; a day may be a date, and a column of nulls alone is none.
fn positions(schema: &Schema) -> Result<[Option<usize>; 5], String> {
    let mut found = [None; 5];
    for (name, place) in names().into_iter().zip(&mut found) {
        let mut with_name = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
        let Some((at, field)) = with_name.next() else { continue };
        if with_name.next().is_some() {
            return Err(format!("there are two columns \"{name}\""));
        }
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => *place = Some(at),
            DataType::Date32 if name == "published" => *place = Some(at),
            DataType::Null if !["id", "text"].contains(&name) => {}
            other => return Err(format!("column \"{name}\" is {other}, expected texts (Utf8, LargeUtf8 or Utf8View)")),
        }
    }
    match found {
        [Some(_), Some(_), ..] => Ok(found),
        [None, ..] => Err("there is no column \"id\"".to_owned()),
        _ => Err("there is no column \"text\"".to_owned()),
    }
}

/// A column of texts as one of bytes, which lie in the stream alike.
fn as_bytes(field: &Field) -> Field {
    let data_type = match field.data_type() {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        other => other.clone(),
    };
    // A null where none may be is the error of one document.
    Field::new(field.name(), data_type, true)
}

fn text_at(array: &dyn Array, row: usize) -> Result<Option<String>, ()> {
    if array.is_null(row) {
        return Ok(None);
    }
    let bytes = match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().value(row),
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        DataType::BinaryView => array.as_binary_view().value(row),
        _ => return Ok(Date32Type::to_naive_date_opt(array.as_primitive::<Date32Type>().value(row)).map(|day| day.to_string())),
    };
    std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|_| ())
}

impl Incoming {
    /// The id, where there is one that can be read.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.values.as_ref().ok()?[0].as_deref()
    }

    /// The document, or what keeps it from being one. It says of itself what an entry of a registry would.
    ///
    /// # Errors
    /// What is wrong, without the text.
    pub fn document(self, describe: Describe<'_>) -> Result<Document, String> {
        let [id, text, published, language, path] = self.values.map_err(|column| format!("its {column} is not UTF-8"))?;
        if let Some(size) = text.as_ref().map(|text| text.len() as u64).filter(|size| *size > SIZE_LIMIT) {
            return Err(format!("its text has {size} bytes, at most {SIZE_LIMIT} can be read"));
        }
        let raw = Raw::of_values(At::Document(self.number), [id, text, published, language]);
        let record = raw.checked(false).map_err(|(_, complaint)| complaint.message)?;
        let path = path.filter(|path| !path.is_empty());
        if path.as_deref().is_some_and(|path| !is_below(path)) {
            return Err(format!("its path is no path below a folder, of at most {LONGEST_PATH} bytes"));
        }
        let path = path.unwrap_or_else(|| format!("#{}", record.id));
        // A record of a file is text whatever its id looks like.
        let format = if path.contains('#') { None } else { Format::of(uncompressed(&path).as_ref()) }.unwrap_or(Format::Text);
        let described = describe(&record.text, format);
        let language = record.language.unwrap_or(described.language);
        let mut entry = derived_entry(&record.id, Described { language, ..described });
        entry.published = record.published;
        let sha256 = hex(&Sha256::digest(record.text.as_bytes()));
        Ok(Document::in_format(format, entry, path.clone(), path, sha256, record.text))
    }
}

/// Whether a path leads to something below the folder that it starts from.
fn is_below(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && !path.contains(|letter: char| letter.is_control() || letter == '\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
