//! Tokens: a text cut into words, numbers and marks, and everything that the gazetteer knows in it.
//!
//! One pass: each token is looked up once; [`super::marking`] finds the names. Marks between the words of a name (hyphens, dashes,
//! apostrophes) do not matter. Of a script that writes no spaces between words each letter is a token.

use super::countries::fold_rules::is_solid;
use super::gazetteer::{Gazetteer, PACKED, Shape, Tag, UNKNOWN, fold, packed_lower};
use super::span::Span;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// A word, a run of digits or a single mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub shape: Shape,
    /// Number of the word in the gazetteer.
    pub word: u32,
}

/// A run of tokens that the gazetteer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub tag: Tag,
    /// First token.
    pub first: usize,
    /// Token after the last.
    pub end: usize,
}

/// A text as tokens and marks, both in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    pub tokens: Vec<Token>,
    /// By first token; of those with one first token the longest first.
    pub marks: Vec<Mark>,
    /// For each token where its marks start, and at the end how many there are: rules ask for the marks of a token all the time.
    pub(super) starts: Vec<u32>,
    /// For each token the one behind the last that its marks depend on.
    pub(super) looked: Vec<u32>,
    /// Names of something else that have the name of a country in them: first token, and the one behind the last.
    pub(super) others: Vec<(usize, usize)>,
}

impl Tokens {
    /// The tokens within a span, as a range.
    #[must_use]
    pub fn within(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.start < span.start);
        let end = self.tokens.partition_point(|token| token.span.end <= span.end);
        first..end.max(first)
    }

    /// The tokens within each of some spans, found without a search where they follow each other in the text, as nearly all do.
    pub fn within_each(&self, spans: impl Iterator<Item = Span>) -> Vec<Range<usize>> {
        let (mut next, mut behind) = (0, 0);
        let within = |span: Span| {
            if span.start < behind {
                return self.within(span);
            }
            let first = next + self.tokens[next..].iter().take_while(|token| token.span.start < span.start).count();
            let end = first + self.tokens[first..].iter().take_while(|token| token.span.end <= span.end).count();
            (next, behind) = (end, span.end);
            first..end
        };
        spans.map(within).collect()
    }

    /// The marks that lie within a range of tokens.
    pub fn marks_in(&self, range: Range<usize>) -> impl Iterator<Item = Mark> + '_ {
        self.marks[self.start(range.start)..self.start(range.end.max(range.start))].iter().copied().filter(move |mark| mark.end <= range.end)
    }

    /// Whether something for which `of` holds begins in a range of tokens, wherever it ends.
    #[must_use]
    pub fn any_begins(&self, range: &Range<usize>, of: impl Fn(Tag) -> bool) -> bool {
        self.any_mark(range, |mark| of(mark.tag))
    }

    /// Whether a mark for which `of` holds begins in a range of tokens, wherever it ends.
    #[must_use]
    pub fn any_mark(&self, range: &Range<usize>, of: impl Fn(&Mark) -> bool) -> bool {
        self.marks[self.start(range.start)..self.start(range.end.max(range.start))].iter().any(of)
    }

    /// The tokens of a range with which something begins for which `of` holds, wherever it ends; each once, in their order.
    pub fn begins(&self, range: &Range<usize>, of: impl Fn(Tag) -> bool) -> impl Iterator<Item = usize> {
        let mut last = None;
        let marks = self.marks[self.start(range.start)..self.start(range.end.max(range.start))].iter();
        marks.filter(move |mark| of(mark.tag)).map(|mark| mark.first).filter(move |&first| last.replace(first) != Some(first))
    }

    /// The marks that start at a token, the longest first.
    pub fn marks_at(&self, first: usize) -> impl Iterator<Item = Mark> + '_ {
        // Behind the last token there are none.
        let [from, to] = self.starts.get(first..).and_then(<[u32]>::first_chunk).copied().unwrap_or_default();
        self.marks[from as usize..to as usize].iter().copied()
    }

    /// The position of the first mark that starts at a token or behind it.
    fn start(&self, token: usize) -> usize {
        self.starts.get(token).map_or(self.marks.len(), |&start| start as usize)
    }

    /// The longest mark of a token for which `of` holds.
    pub fn mark_at(&self, first: usize, of: impl Fn(Tag) -> bool) -> Option<Mark> {
        self.marks_at(first).find(|mark| of(mark.tag))
    }

    /// From the first to the last byte of a range of tokens.
    #[must_use]
    pub fn span(&self, first: usize, end: usize) -> Span {
        self.tokens[first].span.to(self.tokens[end.max(first + 1) - 1].span)
    }

    /// Whether nothing stands between a token and the one before it.
    #[must_use]
    pub fn touches_previous(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|token| self.tokens[at - 1].span.end == token.span.start)
    }
}

/// Whether a mark may stand between the words of a name.
#[must_use]
pub fn may_stand_inside(mark: &str) -> bool {
    matches!(mark, "-" | "–" | "—" | "‑" | "'" | "’" | "." | "/" | "+" | "´" | "`")
}

/// Cuts a text into words that have their numbers in the gazetteer.
pub(super) fn cut_known(text: &str, gazetteer: &Gazetteer) -> Vec<Token> {
    cut(text, |word, ascii| number(text, word, ascii, gazetteer))
}

/// Cuts a text; `number` gives the number of a word, and is told whether it is of ASCII letters or digits.
pub fn cut(text: &str, number: impl Fn(Range<usize>, bool) -> u32) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let start = at;
        if byte.is_ascii_alphabetic() || !byte.is_ascii() {
            let first = text[at..].chars().next().unwrap_or(' ');
            if !first.is_alphabetic() {
                at += first.len_utf8();
                if !first.is_whitespace() {
                    let word = if "€£".contains(first) { number(start..at, false) } else { UNKNOWN };
                    tokens.push(Token { span: Span::new(start, at), shape: Shape::Mark, word });
                }
                continue;
            }
            let (end, ascii) = word_end(text, at);
            at = end;
            let shape = if ascii { ascii_shape(&bytes[start..end]) } else { shape(&text[start..end]) };
            tokens.push(Token { span: Span::new(start, end), shape, word: number(start..end, ascii) });
        } else if byte.is_ascii_digit() {
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            tokens.push(Token { span: Span::new(start, at), shape: Shape::Number, word: number(start..at, true) });
        } else {
            at += 1;
            // A vertical tab is a space too.
            if !byte.is_ascii_whitespace() && byte != 0x0b {
                let word = if matches!(byte, b'%' | b'$' | b'&') { number(start..at, false) } else { UNKNOWN };
                tokens.push(Token { span: Span::new(start, at), shape: Shape::Mark, word });
            }
        }
    }
    tokens
}

/// Where the word that starts at `at` ends, and whether it is ASCII.
fn word_end(text: &str, at: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() && bytes[end].is_ascii_alphabetic() {
        end += 1;
    }
    if end == bytes.len() || bytes[end].is_ascii() {
        return (end, true);
    }
    let rest = &text[at..];
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let is_end: fn(char) -> bool = match rest.starts_with(is_solid) {
        true => |letter| !is_combining_mark(letter),
        false => |letter| is_solid(letter) || !letter.is_alphabetic() && !is_combining_mark(letter),
    };
    let length = rest[first..].find(is_end).map_or(rest.len(), |length| first + length);
    (at + length, false)
}

fn number(text: &str, word: Range<usize>, ascii: bool, gazetteer: &Gazetteer) -> u32 {
    let length = word.len();
    if ascii && length <= PACKED {
        let rest = &text.as_bytes()[word.start..];
        let letters = rest.first_chunk().copied().unwrap_or_else(|| {
            // The end of the text: what it lacks counts for nothing.
            let mut letters = [0; PACKED];
            letters[..rest.len()].copy_from_slice(rest);
            letters
        });
        return gazetteer.packed(packed_lower(letters, length), length);
    }
    gazetteer.word(&fold(&text[word]))
}

/// The shape of a word of ASCII letters.
fn ascii_shape(letters: &[u8]) -> Shape {
    match letters {
        [b'A'..=b'Z', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_uppercase) => Shape::Upper,
        [b'A'..=b'Z', ..] => Shape::Capital,
        _ => Shape::Lower,
    }
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
    let first = letters.next();
    match first {
        Some(letter) if letter.is_uppercase() => {
            let mut rest = letters.peekable();
            if rest.peek().is_some() && rest.all(|letter| letter.is_uppercase()) { Shape::Upper } else { Shape::Capital }
        }
        Some(_) => Shape::Lower,
        None => Shape::Mark,
    }
}
