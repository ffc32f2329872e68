//! A document: the bytes of one source as they are on disk, decoded, with its entry in the registry.

use std::path::Path;

use super::rows::Shelf;
use super::settings::SourceEntry;
use super::source::{SourceRow, Text};
use super::span::Span;
use crate::error::Error;

/// How a file says what is text, heading, list and table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// By its lines.
    Text,
    /// By tags.
    Html,
}

/// Every format, with the extensions of its files.
pub const FORMATS: &[(Format, &[&str])] = &[(Format::Text, &["txt"]), (Format::Html, &["html", "htm"])];

impl Format {
    /// The format of a file by its extension, whatever its case; none for other files.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        FORMATS.iter().find(|(_, extensions)| extensions.contains(&extension.as_str())).map(|(format, _)| *format)
    }

    /// The extensions as a user reads them: `.txt, .html, .htm`.
    #[must_use]
    pub fn extensions() -> String {
        let all: Vec<String> = FORMATS.iter().flat_map(|(_, extensions)| extensions.iter().map(|extension| format!(".{extension}"))).collect();
        all.join(", ")
    }
}

/// The endings of compressed files.
const COMPRESSED: &[&str] = &[".gz", ".zst"];

/// The name that a file has when it is not compressed.
#[must_use]
pub fn uncompressed(name: &str) -> &str {
    let stem =
        |ending: &&str| name.len().checked_sub(ending.len()).filter(|&at| name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(ending));
    COMPRESSED.iter().find_map(stem).map_or(name, |at| &name[..at])
}

/// One source text. `text` is the file byte for byte, or what a compressed file or a record has as its text: spans into it are
/// spans into that.
#[derive(Clone, Debug)]
pub struct Document {
    pub entry: SourceEntry,
    /// Path below the folder of sources, with `/` on every system.
    pub path: String,
    /// The path as findings name it: the folder as the user gave it, and the path below.
    pub display_path: String,
    pub sha256: String,
    pub text: String,
    pub format: Format,
    line_starts: Vec<u32>,
    /// Bytes and lines of a text that is not at hand, or not as it was.
    measured: Option<(u64, u64)>,
}

impl Document {
    #[must_use]
    pub fn new(entry: SourceEntry, path: String, display_path: String, sha256: String, text: String) -> Self {
        // A single file that was named as it is may have any extension: then it is text.
        let format = Format::of(Path::new(uncompressed(&path))).unwrap_or(Format::Text);
        Self::in_format(format, entry, path, display_path, sha256, text)
    }

    /// A text that is of a format whatever its path looks like.
    #[must_use]
    pub fn in_format(format: Format, entry: SourceEntry, path: String, display_path: String, sha256: String, text: String) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Self { entry, path, display_path, sha256, text, format, line_starts, measured: None }
    }

    /// A text that was read elsewhere. `text` may be empty, or have what is withheld masked.
    #[must_use]
    pub fn read_elsewhere(entry: SourceEntry, path: String, display_path: String, sha256: String, text: String, bytes: u64, lines: u64) -> Self {
        Self { measured: Some((bytes, lines)), ..Self::in_format(Format::Text, entry, path, display_path, sha256, text) }
    }

    /// Bytes of the text.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.measured.map_or(self.text.len() as u64, |(bytes, _)| bytes)
    }

    #[must_use]
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    /// What the second half knows of it: the row of its source, and its text, on the shelf where there is no room for it.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn part(self, withheld: u64, shelf: &dyn Shelf) -> Result<(SourceRow, Body), Error> {
        let (bytes, lines) = (self.bytes(), self.line_count() as u64);
        let Self { entry, path, display_path, sha256, text, format, .. } = self;
        let body = match shelf.put(text.as_bytes())? {
            Some(at) => Body { format, place: Where::Aside { at, bytes: text.len() } },
            None => Body { format, place: Where::Here(text.into_boxed_str()) },
        };
        Ok((SourceRow { entry, path, display_path, sha256, bytes, lines, withheld }, body))
    }

    /// The line that a byte is on, from 1.
    #[must_use]
    pub fn line_of(&self, byte: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= byte) as u32
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn line_and_column(&self, byte: u32) -> (u32, u32) {
        let line = self.line_of(byte);
        let start = self.line_starts[line as usize - 1] as usize;
        let column = self.text[start..byte as usize].chars().count() as u32 + 1;
        (line, column)
    }

    /// First and last line of a span.
    #[must_use]
    pub fn lines_of(&self, span: Span) -> (u32, u32) {
        let last = if span.is_empty() { span.start } else { span.end - 1 };
        (self.line_of(span.start), self.line_of(last))
    }

    /// Number of lines; a last line without a line end counts.
    #[must_use]
    pub fn line_count(&self) -> usize {
        if let Some((_, lines)) = self.measured {
            return lines as usize;
        }
        let open_last = usize::from(!self.text.is_empty() && !self.text.ends_with('\n'));
        self.line_starts.len() - 1 + open_last
    }
}

/// The text of a document whose row is elsewhere.
#[derive(Clone, Debug)]
pub struct Body {
    pub format: Format,
    place: Where,
}

#[derive(Clone, Debug)]
enum Where {
    Here(Box<str>),
    Aside { at: u64, bytes: usize },
}

impl Body {
    #[must_use]
    pub fn text<'a>(&'a self, shelf: &'a dyn Shelf) -> Text<'a> {
        match &self.place {
            Where::Here(text) => Text::Here(text),
            Where::Aside { at, bytes } => Text::Aside { at: *at, bytes: *bytes, shelf },
        }
    }
}
