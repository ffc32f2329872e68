//! Marking: what the gazetteer knows at each token of a text, found by a look or taken over from a text that it was written in before.
//!
//! A look walks the tree of words and asks the table of countries where a name can begin. Of both is kept how far they looked: where all
//! of that stands as it stood before, side by side, another look would find the same.

use std::cmp::Reverse;
use std::ops::Range;

use super::countries::running::{Finder, Reading};
use super::gazetteer::{Gazetteer, Shape, Tag, UNKNOWN, Written};
use super::span::Span;
use super::tokens::{Mark, Token, Tokens, cut_known, may_stand_inside};

/// The longest name in tokens, marks between its words included.
const LONGEST: usize = 24;

/// Marks one token after another.
struct Marker<'a> {
    text: &'a str,
    tokens: &'a [Token],
    gazetteer: &'a Gazetteer,
    finder: Finder<'a>,
    marks: Vec<Mark>,
    starts: Vec<u32>,
    looked: Vec<u32>,
    others: Vec<(usize, usize)>,
    /// Up to where a name goes that is of something else and has the name of a country in it.
    other: usize,
}

impl<'a> Marker<'a> {
    fn new(text: &'a str, tokens: &'a [Token], gazetteer: &'a Gazetteer) -> Self {
        Self {
            text,
            tokens,
            gazetteer,
            finder: Finder::new(&gazetteer.countries, text, tokens, gazetteer.language()),
            marks: Vec::with_capacity(tokens.len() / 2),
            starts: Vec::with_capacity(tokens.len() + 1),
            looked: Vec::with_capacity(tokens.len()),
            others: Vec::new(),
            other: 0,
        }
    }

    /// Marks the next token by a look at the text.
    fn look(&mut self) {
        let first = self.starts.len();
        let start = self.marks.len();
        self.starts.push(start as u32);
        let is_known = self.tokens[first].word != UNKNOWN;
        let walked = if is_known { walk(self.text, self.tokens, first, self.gazetteer, &mut self.marks) } else { first + 1 };
        let names = self.finder.at(first);
        if !names.is_empty() || first < self.other {
            for name in names {
                let tag = match name.reading {
                    Reading::Name => self.gazetteer.country(name.entity).map(Tag::Country),
                    Reading::Demonym => self.gazetteer.country(name.entity).map(Tag::Demonym),
                    Reading::Ambiguous => None,
                    Reading::Other => {
                        self.other = self.other.max(name.end);
                        self.others.push((first, name.end));
                        None
                    }
                };
                let mark = tag.map(|tag| Mark { tag, first, end: name.end });
                let found = &self.marks[start..];
                let mark = mark.filter(|mark| !found.contains(mark));
                self.marks.extend(mark);
            }
            let mut kept = start;
            for at in start..self.marks.len() {
                let mark = self.marks[at];
                if !matches!(mark.tag, Tag::Country(_)) || mark.end > self.other {
                    self.marks[kept] = mark;
                    kept += 1;
                }
            }
            self.marks.truncate(kept);
            self.marks[start..].sort_by_key(|mark| Reverse(mark.end));
        }
        self.looked.push(walked.max(self.finder.looked()).min(u32::MAX as usize) as u32);
    }

    /// Marks the next token as the token `from` of another text is marked.
    fn take_over(&mut self, before: &Tokens, from: usize) {
        let first = self.starts.len();
        self.starts.push(self.marks.len() as u32);
        self.marks.extend(before.marks_at(from).map(|mark| Mark { tag: mark.tag, first, end: mark.end - from + first }));
        for &(_, end) in before.others_at(from) {
            self.other = self.other.max(end - from + first);
            self.others.push((first, end - from + first));
        }
        self.looked.push((before.looked[from] as usize - from + first) as u32);
    }

    /// The same of a stretch of tokens that names of something else neither begin in nor reach into.
    fn take_over_all(&mut self, before: &Tokens, from: Range<usize>) {
        let (first, marks) = (self.starts.len(), self.marks.len() as u32);
        let moved = |token: usize| token - from.start + first;
        let bounds = &before.starts[from.start..=from.end];
        let of_stretch = &before.marks[bounds[0] as usize..bounds[from.len()] as usize];
        self.starts.extend(bounds[..from.len()].iter().map(|start| start - bounds[0] + marks));
        self.marks.extend(of_stretch.iter().map(|mark| Mark { tag: mark.tag, first: moved(mark.first), end: moved(mark.end) }));
        self.looked.extend(before.looked[from.clone()].iter().map(|&looked| moved(looked as usize) as u32));
    }

    fn finish(self) -> Marked {
        let Self { marks, mut starts, looked, others, .. } = self;
        starts.push(marks.len() as u32);
        Marked { marks, starts, looked, others }
    }
}

/// The marks of a text.
struct Marked {
    marks: Vec<Mark>,
    starts: Vec<u32>,
    looked: Vec<u32>,
    others: Vec<(usize, usize)>,
}

impl Marked {
    fn of(self, tokens: Vec<Token>) -> Tokens {
        Tokens { tokens, marks: self.marks, starts: self.starts, looked: self.looked, others: self.others }
    }
}

/// A piece of a text that was written into another, and where it begins there.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub before: Span,
    pub at: usize,
}

/// Tokens that stand side by side in both texts.
struct Run {
    before: Range<usize>,
    tokens: usize,
}

impl Tokens {
    /// Cuts `text` and finds everything that the gazetteer knows.
    #[must_use]
    pub fn scan(text: &str, gazetteer: &Gazetteer) -> Self {
        let tokens = cut_known(text, gazetteer);
        let mut marker = Marker::new(text, &tokens, gazetteer);
        tokens.iter().for_each(|_| marker.look());
        marker.finish().of(tokens)
    }

    /// Cuts `text` and finds what the tree of words knows: all but names of countries.
    #[must_use]
    pub fn scan_wording(text: &str, gazetteer: &Gazetteer) -> Self {
        let tokens = cut_known(text, gazetteer);
        let mut marked = Marked { marks: Vec::new(), starts: Vec::with_capacity(tokens.len() + 1), looked: Vec::new(), others: Vec::new() };
        for first in 0..tokens.len() {
            marked.starts.push(marked.marks.len() as u32);
            let is_known = tokens[first].word != UNKNOWN;
            let looked = if is_known { walk(text, &tokens, first, gazetteer, &mut marked.marks) } else { first + 1 };
            marked.looked.push(looked as u32);
        }
        marked.starts.push(marked.marks.len() as u32);
        marked.of(tokens)
    }

    /// What [`Tokens::scan`] makes of `text`, which pieces of the text `old` that these are the tokens of were written into, with nothing but
    /// white space between them.
    #[must_use]
    pub fn rewritten(&self, old: &str, text: &str, pieces: &[Piece], gazetteer: &Gazetteer) -> Self {
        let Some((tokens, runs)) = self.regrouped(old, text, pieces) else { return Self::scan(text, gazetteer) };
        let mut marker = Marker::new(text, &tokens, gazetteer);
        for run in runs {
            let mut from = run.before.start;
            while from < run.before.end {
                let first = marker.starts.len();
                // The rest of a name of something else that began before weighs on the names within it.
                let reach = |other: usize, at: usize| other.saturating_sub(at);
                let (was, is) = (reach(self.other_before(from), from), reach(marker.other, first));
                let plain = if was == 0 && is == 0 { self.plain_from(from..run.before.end) } else { 0 };
                if plain > 0 {
                    marker.take_over_all(self, from..from + plain);
                    from += plain;
                    continue;
                }
                let is_whole = self.looked[from] as usize <= run.before.end;
                if is_whole && was == is {
                    marker.take_over(self, from);
                } else {
                    marker.look();
                }
                from += 1;
            }
            debug_assert_eq!(marker.starts.len(), run.tokens);
        }
        marker.finish().of(tokens)
    }

    /// The tokens of the pieces, and which of them stand side by side as they did; none where a piece cuts through a token
    /// or two pieces make one.
    fn regrouped(&self, old: &str, text: &str, pieces: &[Piece]) -> Option<(Vec<Token>, Vec<Run>)> {
        let mut tokens: Vec<Token> = Vec::with_capacity(self.tokens.len());
        let mut runs: Vec<Run> = Vec::new();
        let mut end = 0;
        let filled = || pieces.iter().filter(|piece| !piece.before.is_empty());
        for (piece, range) in filled().zip(self.within_each(filled().map(|piece| piece.before))) {
            // A word that was put together again is in no piece.
            if piece.at == end && !tokens.is_empty() {
                return None;
            }
            let (first, last) = (self.tokens.get(range.start)?, self.tokens.get(range.end.checked_sub(1)?)?);
            if first.span.start != piece.before.start || last.span.end != piece.before.end {
                return None;
            }
            let goes_on = runs.last().is_some_and(|run| run.before.end == range.start)
                && is_line_end(&text[end..piece.at])
                && is_line_end(&old[self.tokens[range.start - 1].span.range().end..first.span.range().start]);
            let moved = |span: Span| {
                let start = span.range().start - piece.before.range().start + piece.at;
                Span::new(start, start + span.len())
            };
            tokens.extend(self.tokens[range.clone()].iter().map(|token| Token { span: moved(token.span), ..*token }));
            end = piece.at + piece.before.len();
            match runs.last_mut().filter(|_| goes_on) {
                Some(run) => (run.before.end, run.tokens) = (range.end, tokens.len()),
                None => runs.push(Run { before: range, tokens: tokens.len() }),
            }
        }
        Some((tokens, runs))
    }

    /// How many tokens of a run, from its first on, depend on nothing behind it and begin no name of something else.
    fn plain_from(&self, run: Range<usize>) -> usize {
        let other = self.others.get(self.others.partition_point(|(first, _)| *first < run.start)).map_or(run.end, |(first, _)| *first);
        self.looked[run.start..run.end.min(other)].iter().take_while(|&&looked| looked as usize <= run.end).count()
    }

    /// Up to where a name of something else goes that begins before a token.
    fn other_before(&self, token: usize) -> usize {
        self.others.iter().take_while(|(first, _)| *first < token).map(|(_, end)| *end).max().unwrap_or(0)
    }

    fn others_at(&self, token: usize) -> &[(usize, usize)] {
        let from = self.others.partition_point(|(first, _)| *first < token);
        let length = self.others[from..].iter().take_while(|(first, _)| *first == token).count();
        &self.others[from..from + length]
    }
}

/// Whether a stretch between two words is the end of one line, and no empty line.
fn is_line_end(between: &str) -> bool {
    between.bytes().filter(|&byte| byte == b'\n').count() == 1
}

/// Follows the tree of words from one token, notes every name on the way, and returns the token behind the last that it looked at.
fn walk(text: &str, tokens: &[Token], first: usize, gazetteer: &Gazetteer, marks: &mut Vec<Mark>) -> usize {
    let mut node = 0;
    let mut at = first;
    let mut written = Written::of(tokens[first].shape);
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
        written = written.and(token.shape);
        words += 1;
        at += 1;
        // Names of bodies have commas in them; between other names and words a comma parts two.
        let holds = |tag: &Tag| !over_comma || matches!(tag, Tag::Dialogue(_) | Tag::Organization(_));
        marks.extend(gazetteer.tags(node, written).filter(holds).map(|tag| Mark { tag, first, end: at }));
    }
    if marks.len() > start + 1 {
        marks[start..].reverse();
    }
    // The end of the text counts as looked at: in another text something may follow.
    at + usize::from(words < LONGEST)
}
