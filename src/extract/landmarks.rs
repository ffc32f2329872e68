//! Landmarks: where the lines and sentences of a page may begin, and its signs: numbers, capitals, colons, brackets, quotes.
//!
//! In: the tokens of a page. Out: for a range of tokens those of one sort, without a look at the others: rules cut every block again and again,
//! and few blocks have a colon. Noted in one pass over the page.

use std::ops::Range;

use crate::model::gazetteer::{Shape, Tag};
use crate::model::tokens::{Token, Tokens};

/// What a token can be that a rule looks for by itself.
#[derive(Clone, Copy, Debug)]
pub enum Landmark {
    /// It begins a line, but for the first of the text.
    LineStart,
    /// A sentence may begin with it.
    SentenceStart,
    /// A colon or equals sign: what can end a label.
    LabelSign,
    /// A number in digits.
    Digits,
    /// A number begins with it, in digits or in words.
    Number,
    OpenBracket,
    /// A sign that may open a quotation.
    OpenQuote,
    /// A word that begins with a capital.
    Capital,
}

/// How many sorts there are.
const SORTS: usize = Landmark::Capital as usize + 1;

/// The landmarks of a page.
#[derive(Debug, Default)]
pub struct Landmarks {
    /// The tokens of each sort, in their order.
    tokens: [Vec<usize>; SORTS],
    /// For each token how many of each sort stand before it, and at the end how many there are.
    before: Vec<[u32; SORTS]>,
}

impl Landmarks {
    /// Notes those of a text.
    #[must_use]
    pub fn of(text: &str, scanned: &Tokens) -> Self {
        let tokens = scanned.tokens.as_slice();
        let all = 0..tokens.len();
        let mut cardinals = scanned.begins(&all, |tag| matches!(tag, Tag::Cardinal(_))).peekable();
        let mut found: [Vec<usize>; SORTS] = Default::default();
        let mut before = Vec::with_capacity(tokens.len() + 1);
        let mut counts = [0; SORTS];
        let mut note = |sort: Landmark, token: usize, counts: &mut [u32; SORTS]| {
            found[sort as usize].push(token);
            counts[sort as usize] += 1;
        };
        let mut end = 0;
        for (at, token) in tokens.iter().enumerate() {
            before.push(counts);
            let range = token.span.range();
            if range.start > end {
                let gap = &text.as_bytes()[end..range.start];
                if at > 0 && gap != b" " && gap.contains(&b'\n') {
                    note(Landmark::LineStart, at, &mut counts);
                }
                if token.shape != Shape::Lower && ends_sentence(text, &tokens[..at]) {
                    note(Landmark::SentenceStart, at, &mut counts);
                }
            }
            end = range.end;
            if cardinals.next_if_eq(&at).is_some() || token.shape == Shape::Number {
                note(Landmark::Number, at, &mut counts);
            }
            match token.shape {
                Shape::Number => note(Landmark::Digits, at, &mut counts),
                Shape::Mark => {
                    let italics = || opens_italics(text, token, tokens.get(at + 1)).then_some(Landmark::OpenQuote);
                    if let Some(sort) = sort_of(&text[range]).or_else(italics) {
                        note(sort, at, &mut counts);
                    }
                }
                Shape::Capital | Shape::Upper => note(Landmark::Capital, at, &mut counts),
                Shape::Lower => {}
            }
        }
        before.push(counts);
        Self { tokens: found, before }
    }

    /// The tokens of a sort that lie in a range.
    #[must_use]
    pub fn within(&self, sort: Landmark, range: &Range<usize>) -> &[usize] {
        let tokens = &self.tokens[sort as usize];
        let before = |token: usize| self.before.get(token).map_or(tokens.len(), |before| before[sort as usize] as usize);
        &tokens[before(range.start)..before(range.end.max(range.start))]
    }

    /// Cuts a range before those of the tokens of a sort behind its first one for which `holds` is true.
    #[must_use]
    pub fn split(&self, sort: Landmark, range: Range<usize>, holds: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
        let starts = self.within(sort, &(range.start + 1..range.end));
        let mut parts = Vec::with_capacity(starts.len() + 1);
        let mut first = range.start;
        for &start in starts.iter().filter(|&&start| holds(start)) {
            parts.push(first..start);
            first = start;
        }
        if first < range.end {
            parts.push(first..range.end);
        }
        parts
    }
}

fn sort_of(sign: &str) -> Option<Landmark> {
    match sign {
        ":" | "=" => Some(Landmark::LabelSign),
        "(" | "[" => Some(Landmark::OpenBracket),
        "“" | "„" | "«" | "\"" | "‘" => Some(Landmark::OpenQuote),
        _ => None,
    }
}

/// `*Title*`: whether a sign opens words in italics.
fn opens_italics(text: &str, sign: &Token, next: Option<&Token>) -> bool {
    let opens = |next: &Token| !matches!(next.shape, Shape::Lower | Shape::Mark) && next.span.start == sign.span.end;
    matches!(&text[sign.span.range()], "*" | "_") && next.is_some_and(opens)
}

/// Whether a sentence may end with the last of some tokens.
fn ends_sentence(text: &str, tokens: &[Token]) -> bool {
    let sign = |token: &Token| &text[token.span.range()];
    let [.., last] = tokens else { return false };
    if last.shape != Shape::Mark {
        return false;
    }
    match sign(last) {
        // Leaders part the columns of a table.
        "." => tokens.len() < LEADER || !tokens[tokens.len() - LEADER..].iter().all(|dot| sign(dot) == "."),
        "?" | "!" => true,
        "”" | "\"" | "»" | ")" => tokens.len() >= 2 && sign(&tokens[tokens.len() - 2]) == ".",
        _ => false,
    }
}

/// Fewest dots of a leader.
const LEADER: usize = 4;
