//! Clean: make text regular without losing where it came from.
//!
//! In: a decoded document. Out: the same text with broken words joined, and a map from every byte of it to the bytes on disk.
//! Furniture (page numbers, vertical side titles, captions) is set aside, not dropped: the coverage ledger needs it. Spelling is
//! left alone: an error of the source is the reader's to see. What a format means by its signs is undone first: from then on a page
//! and a text are the same.

mod characters;
mod furniture;
mod html;
mod joins;
mod leftovers;
mod line_spacing;
mod side_columns;
mod spacing;

use std::borrow::Cow;

use crate::model::document::Format;
use crate::model::gazetteer::Gazetteer;
use crate::model::span::{Span, SpanMap};
use crate::model::text::{Aside, CleanText, MarkedHeading};

/// The text of a file with regular characters, and what its format said of it.
#[derive(Debug, Default)]
struct Regular {
    text: String,
    map: SpanMap,
    headings: Vec<MarkedHeading>,
    asides: Vec<Aside>,
}

/// A line of the text with regular characters.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Bytes of the regular text, line end left out.
    start: usize,
    end: usize,
    aside: Option<&'static str>,
}

/// Cleans the text of a file.
#[must_use]
pub fn run(file: &str, format: Format, gazetteer: &Gazetteer) -> CleanText {
    let Regular { text, map, headings, asides } = regular(file, format);
    let mut lines = lines_of(&text);
    furniture::mark(&text, &mut lines, &gazetteer.vocabulary.furniture);
    let mut clean = joins::write(&text, &map, &lines, gazetteer);
    clean.headings = headings;
    clean.furniture.extend(asides);
    clean
}

/// The text of a file without its tags, before anything is joined or set aside.
#[must_use]
pub fn text_of(file: &str, format: Format) -> Cow<'_, str> {
    match format {
        Format::Text => Cow::Borrowed(file),
        Format::Html => Cow::Owned(html::read(file).text),
    }
}

fn regular(file: &str, format: Format) -> Regular {
    match format {
        Format::Text => {
            let (text, map) = characters::regular(file);
            let plain = leftovers::take_out(text, map);
            let (text, map) = spacing::close(plain.text, plain.map);
            Regular { text, map, ..plain }
        }
        Format::Html => html::read(file),
    }
}

fn lines_of(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())) {
        lines.push((start, end));
        start = end + 1;
    }
    if lines.last().is_some_and(|(start, end)| start >= end && lines.len() > 1) {
        lines.pop();
    }
    side_columns::part(text, line_spacing::close(text, lines)).into_iter().map(|(start, end)| Line { start, end, aside: None }).collect()
}

impl Line {
    fn text<'a>(&self, regular: &'a str) -> &'a str {
        &regular[self.start..self.end]
    }

    fn is_blank(&self, regular: &str) -> bool {
        self.text(regular).trim().is_empty()
    }

    /// The line as something set aside.
    fn set_aside(&self, map: &SpanMap, rule: &'static str) -> Aside {
        Aside { file: map.to_file(Span::new(self.start, self.end)), rule }
    }
}
