//! Document stream: documents as an Arrow IPC stream brings them, one after the other.
//!
//! In: the stream, with the columns of a record ([`COLUMNS`]) and `path`, where each lies. Out: what may become documents, numbered through
//! the whole stream, so that nothing depends on how it was cut into batches. A text that is not UTF-8
//! spoils itself, not the batch that it came in.

use std::io::Read;

use arrow::array::RecordBatch;
use sha2::{Digest, Sha256};

use super::columns::{Columns, Values};
use super::ipc::Batches;
use super::records::{At, COLUMNS, Raw, not_utf8};
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
    /// One a column, `path` last.
    values: Values<5>,
}

/// The documents of a stream.
#[derive(Debug)]
pub struct DocumentStream<R> {
    batches: Batches<R>,
    columns: Columns<5>,
    batch: Option<RecordBatch>,
    /// The row of the batch that comes next.
    next: usize,
    number: u64,
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
        let [id, text, published, language] = COLUMNS;
        let (batches, columns) = Batches::of_columns(input, [id, text, published, language, PATH]).map_err(read_error)?;
        Ok(Self { batches, columns, batch: None, next: 0, number: 0 })
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
        let values = self.columns.values(batch, self.next);
        self.next += 1;
        self.number += 1;
        Ok(Some(Incoming { number: self.number, values }))
    }
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
        let [id, text, published, language, path] = self.values.map_err(not_utf8)?;
        if let Some(size) = text.as_ref().map(|text| text.len() as u64).filter(|size| *size > SIZE_LIMIT) {
            return Err(format!("its text has {size} bytes, at most {SIZE_LIMIT} can be read"));
        }
        let raw = Raw::of_values(At::Document(self.number), Ok([id, text, published, language]));
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
