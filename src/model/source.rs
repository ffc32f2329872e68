//! What the second half knows of a source: its entry in the registry, what ingest measured, and the text for claims.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::date::Period;
use super::rows::Shelf;
use super::settings::SourceEntry;
use super::toml_file::line_and_column;
use crate::findings::Place;

/// One source as `resolve` publishes it.
#[derive(Clone, Debug)]
pub struct SourceRow {
    pub entry: SourceEntry,
    /// Path below the folder of sources.
    pub path: String,
    /// The path as findings name it.
    pub display_path: String,
    pub sha256: String,
    pub bytes: u64,
    pub lines: u64,
    /// Number of personal values that were found and withheld.
    pub withheld: u64,
}

impl SourceRow {
    #[must_use]
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    /// The stretch of time that the source speaks of, where its entry gives one.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.entry.day()
    }

    /// The first day that the source can speak of.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.period().map(|period| period.start)
    }
}

/// What became of every byte of one source; the five shares add up to `bytes`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverageRow {
    pub source_id: String,
    pub bytes: u64,
    pub read: u64,
    pub no_fact: u64,
    pub ignored: u64,
    pub unread: u64,
    pub blank: u64,
}

/// The text of a source, in which the line of a claim is found.
#[derive(Clone, Copy, Debug)]
pub struct SourceText<'a> {
    pub source_id: &'a str,
    pub display_path: &'a str,
    pub text: Text<'a>,
}

/// A text in memory or on the shelf.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    Here(&'a str),
    Aside { at: u64, bytes: usize, shelf: &'a dyn Shelf },
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self::Here("")
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Here(text)
    }
}

impl<'a> Text<'a> {
    /// The text; empty where it cannot be read, which the shelf then tells.
    #[must_use]
    pub fn read(&self) -> Cow<'a, str> {
        match *self {
            Self::Here(text) => Cow::Borrowed(text),
            Self::Aside { at, bytes, shelf } => Cow::Owned(String::from_utf8(shelf.get(at, bytes)).unwrap_or_default()),
        }
    }
}

impl SourceText<'_> {
    /// Where a byte of the text stands; the line alone where the text has no such byte on it.
    #[must_use]
    pub fn place(&self, line: u32, byte: usize) -> Place {
        let text = self.text.read();
        let found = text.is_char_boundary(byte).then(|| line_and_column(&text, byte));
        let column = found.filter(|found| found.0 == line).map_or(0, |(_, column)| column);
        Place::new(self.display_path, line, column)
    }
}
