//! Spans: where in a text something stands, and how a place in a cleaned text maps back to the bytes of the file.

use std::ops::Range;

/// A range of bytes of one text. Which text is known from the context: the file, or the text joined by segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end}");
        Self { start: offset(start), end: offset(end) }
    }

    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Ingest refuses files of 4 GiB and more, so an offset always fits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A stretch of text that stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Where it starts in the text.
    at: u32,
    /// The bytes of the file that it comes from. As long as the stretch: byte for byte. Otherwise the whole stretch stands for
    /// the whole range (a no-break space of two bytes that became a space of one).
    file: Span,
}

/// Maps every byte of a text to the bytes of the file that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap {
    runs: Vec<Run>,
    len: u32,
}

impl SpanMap {
    /// A text that is the file itself.
    #[must_use]
    pub fn identity(len: usize) -> Self {
        let mut map = Self::default();
        map.push(len, Span::new(0, len));
        map
    }

    /// Appends a stretch of `len` bytes that comes from `file`.
    pub fn push(&mut self, len: usize, file: Span) {
        if len == 0 {
            return;
        }
        let at = self.len;
        self.len += offset(len);
        if let Some(last) = self.runs.last() {
            let last_is_verbatim = last.file.len() == (at - last.at) as usize;
            if last_is_verbatim && last.file.end == file.start && file.len() == len {
                let run = self.runs.len() - 1;
                self.runs[run].file.end = file.end;
                return;
            }
        }
        self.runs.push(Run { at, file });
    }

    /// Appends the stretch `span` of the text that `inner` maps, piece by piece.
    pub fn push_mapped(&mut self, span: Span, inner: &Self) {
        let mut at = span.start;
        let mut index = inner.run_at(at);
        while at < span.end {
            let run = inner.runs[index];
            let run_end = inner.run_end(index);
            let stop = run_end.min(span.end);
            let file = if run.file.len() == (run_end - run.at) as usize {
                Span { start: run.file.start + (at - run.at), end: run.file.start + (stop - run.at) }
            } else {
                run.file
            };
            self.push((stop - at) as usize, file);
            at = stop;
            index += 1;
        }
    }

    /// The bytes of the file that `span` comes from, from the first to the last.
    #[must_use]
    pub fn to_file(&self, span: Span) -> Span {
        if self.runs.is_empty() {
            return Span { start: 0, end: 0 };
        }
        if span.is_empty() {
            let start = self.byte(span.start.min(self.len.saturating_sub(1))).start;
            return Span { start, end: start };
        }
        self.byte(span.start).to(self.byte(span.end - 1))
    }

    /// Each stretch of the file that `span` comes from, in the order of the text.
    pub fn pieces(&self, span: Span) -> Vec<Span> {
        let mut copy = Self::default();
        copy.push_mapped(span, self);
        copy.runs.iter().map(|run| run.file).collect()
    }

    /// Length of the text that is mapped.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn byte(&self, at: u32) -> Span {
        let index = self.run_at(at);
        let run = self.runs[index];
        let verbatim = run.file.len() == (self.run_end(index) - run.at) as usize;
        if verbatim {
            let start = run.file.start + (at - run.at);
            Span { start, end: start + 1 }
        } else {
            run.file
        }
    }

    fn run_at(&self, at: u32) -> usize {
        self.runs.partition_point(|run| run.at <= at).saturating_sub(1)
    }

    fn run_end(&self, index: usize) -> u32 {
        self.runs.get(index + 1).map_or(self.len, |next| next.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_another_length_stands_for_the_whole_range() {
        let mut map = SpanMap::default();
        map.push(3, Span::new(0, 3));
        map.push(1, Span::new(3, 5));
        map.push(2, Span::new(5, 7));
        assert_eq!(map.to_file(Span::new(0, 6)), Span::new(0, 7));
        assert_eq!(map.to_file(Span::new(3, 4)), Span::new(3, 5));
        assert_eq!(map.to_file(Span::new(4, 5)), Span::new(5, 6));
    }

    #[test]
    fn a_map_of_a_map_maps_to_the_file() {
        let mut inner = SpanMap::default();
        inner.push(2, Span::new(10, 12));
        inner.push(1, Span::new(12, 15));
        inner.push(4, Span::new(20, 24));
        let mut outer = SpanMap::default();
        outer.push_mapped(Span::new(1, 5), &inner);
        assert_eq!(outer.len(), 4);
        assert_eq!(outer.to_file(Span::new(0, 1)), Span::new(11, 12));
        assert_eq!(outer.to_file(Span::new(1, 2)), Span::new(12, 15));
        assert_eq!(outer.to_file(Span::new(3, 4)), Span::new(21, 22));
    }
}
