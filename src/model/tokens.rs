//! Tokens: a text cut into words, numbers and marks, and everything that the gazetteer knows in it.
//!
//! One pass: each token is looked up once, the tree of words is walked from every word, and the table of countries is asked where a
//! name can begin. Marks between the words of a name (hyphens, dashes, apostrophes) do not matter. Of a script that writes no
//! spaces between words each letter is a token.

use super::countries::fold_rules::is_solid;
use super::countries::running::{Finder, Reading};
use super::gazetteer::{Gazetteer, SHORT, Shape, Tag, UNKNOWN, fold, packed_lower};
use super::span::Span;
use std::cmp::Reverse;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// A word, a run of digits or a single mark.
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    pub tokens: Vec<Token>,
    /// By first token; of those with one first token the longest first.
    pub marks: Vec<Mark>,
    /// For each token where its marks start, and at the end how many there are: rules ask for the marks of a token all the time.
    starts: Vec<u32>,
}

/// The longest name in tokens, marks between its words included.
const LONGEST: usize = 24;

impl Tokens {
    /// Cuts `text` and finds everything that the gazetteer knows.
    #[must_use]
    pub fn scan(text: &str, gazetteer: &Gazetteer) -> Self {
        let tokens = cut(text, |word, ascii| number(text, word, ascii, gazetteer));
        let mut marks = Vec::new();
        let mut finder = Finder::new(&gazetteer.countries, text, &tokens, gazetteer.language());
        // Up to where a name goes that is of something else and has the name of a country in it.
        let mut other = 0;
        let mut starts = Vec::with_capacity(tokens.len() + 1);
        for first in 0..tokens.len() {
            let start = marks.len();
            starts.push(start as u32);
            if tokens[first].word != UNKNOWN {
                walk(text, &tokens, first, gazetteer, &mut marks);
            }
            let names = finder.at(first);
            if names.is_empty() && first >= other {
                continue;
            }
            for name in names {
                let tag = match name.reading {
                    Reading::Name => gazetteer.country(name.entity).map(Tag::Country),
                    Reading::Demonym => gazetteer.country(name.entity).map(Tag::Demonym),
                    Reading::Ambiguous => None,
                    Reading::Other => {
                        other = other.max(name.end);
                        None
                    }
                };
                let mark = tag.map(|tag| Mark { tag, first, end: name.end });
                marks.extend(mark.filter(|mark| !marks[start..].contains(mark)));
            }
            let mut kept = start;
            for at in start..marks.len() {
                let mark = marks[at];
                if !matches!(mark.tag, Tag::Country(_)) || mark.end > other {
                    marks[kept] = mark;
                    kept += 1;
                }
            }
            marks.truncate(kept);
            marks[start..].sort_by_key(|mark| Reverse(mark.end));
        }
        starts.push(marks.len() as u32);
        Self { tokens, marks, starts }
    }

    /// The tokens within a span, as a range.
    #[must_use]
    pub fn within(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.start < span.start);
        let end = self.tokens.partition_point(|token| token.span.end <= span.end);
        first..end.max(first)
    }

    /// The marks that lie within a range of tokens.
    pub fn marks_in(&self, range: Range<usize>) -> impl Iterator<Item = Mark> + '_ {
        self.marks[self.start(range.start)..self.start(range.end.max(range.start))].iter().copied().filter(move |mark| mark.end <= range.end)
    }

    /// Whether something for which `of` holds begins in a range of tokens, wherever it ends.
    #[must_use]
    pub fn any_begins(&self, range: &Range<usize>, of: impl Fn(Tag) -> bool) -> bool {
        self.marks[self.start(range.start)..self.start(range.end.max(range.start))].iter().any(|mark| of(mark.tag))
    }

    /// The marks that start at a token, the longest first.
    pub fn marks_at(&self, first: usize) -> impl Iterator<Item = Mark> + '_ {
        self.marks[self.start(first)..self.start(first + 1)].iter().copied()
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
        at > 0 && self.tokens[at - 1].span.end == self.tokens[at].span.start
    }
}

/// Follows the tree of words from one token and notes every name on the way.
fn walk(text: &str, tokens: &[Token], first: usize, gazetteer: &Gazetteer, marks: &mut Vec<Mark>) {
    let mut node = 0;
    let mut at = first;
    let mut shapes = [Shape::Mark; LONGEST];
    let mut words = 0;
    let mut over_comma = false;
    let start = marks.len();
    while at < tokens.len() && words < LONGEST {
        let token = tokens[at];
        if token.word == UNKNOWN {
            let mark = &text[token.span.range()];
            if words == 0 || token.shape != Shape::Mark || !(mark == "," || may_stand_inside(mark)) {
                break;
            }
            over_comma |= mark == ",";
            at += 1;
            continue;
        }
        let Some(next) = gazetteer.step(node, token.word) else { break };
        node = next;
        shapes[words] = token.shape;
        words += 1;
        at += 1;
        // Names of bodies have commas in them; between other names and words a comma parts two.
        let holds = |tag: &Tag| !over_comma || matches!(tag, Tag::Dialogue(_) | Tag::Organization(_));
        marks.extend(gazetteer.tags(node, &shapes[..words]).filter(holds).map(|tag| Mark { tag, first, end: at }));
    }
    marks[start..].reverse();
}

/// Whether a mark may stand between the words of a name.
#[must_use]
pub fn may_stand_inside(mark: &str) -> bool {
    matches!(mark, "-" | "–" | "—" | "‑" | "'" | "’" | "." | "/" | "+" | "´" | "`")
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
    if ascii && length <= SHORT {
        let rest = &text.as_bytes()[word.start..];
        let letters = rest.first_chunk().copied().unwrap_or_else(|| {
            // The end of the text: what it lacks counts for nothing.
            let mut letters = [0; SHORT];
            letters[..rest.len()].copy_from_slice(rest);
            letters
        });
        return gazetteer.packed(packed_lower(letters, length));
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
