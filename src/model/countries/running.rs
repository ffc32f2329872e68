//! Countries in running text: the names that begin at a word.
//!
//! In: a text cut into tokens, and the table. Out: every name that begins at a token, with where it ends. One probe with the first word
//! says how many words a name may have, and nearly always that there is none; so nothing is built at start, and what running text
//! means by a name is what the normalizer says of it. A name begins and ends at word boundaries; scripts that write no spaces are
//! probed letter by letter. Codes are no names here, nor are words in lower case. A name may go over a comma or a bracket where what
//! stands behind belongs to it: `X, Republic of`.

use super::entity::{Entity, Standing};
use super::layout::{Hit, Kind, Layout, prefix};
use super::{CountryTable, fold, fold_rules, words};
use std::cell::Cell;

use crate::model::gazetteer::{PACKED, Shape, packed_lower};
use crate::model::tokens::{Token, may_stand_inside};

/// What a text says about a country at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Its name.
    Name,
    /// A name that several countries share.
    Ambiguous,
    /// Its people, its language, or something of it.
    Demonym,
    /// Something else that has the name of a country in it: a province, a region.
    Other,
}

/// A name that begins at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The token behind it.
    pub end: usize,
    /// The number of what it stands for.
    pub entity: u16,
    pub reading: Reading,
}

/// A text, and buffers for one word of it after another.
#[derive(Debug)]
pub struct Finder<'a> {
    table: &'a CountryTable,
    layout: Layout<'a>,
    text: &'a str,
    tokens: &'a [Token],
    /// The language of the text: its words are no names, whatever they are in another.
    language: &'a str,
    key: Vec<u8>,
    spaced: Vec<u8>,
    /// The tokens that were looked up last and that `spaced` has, where they are of ASCII letters: the same with one word more needs no more than
    /// that word.
    held: Option<(usize, usize)>,
    names: Vec<Name>,
    /// The token behind the last that was looked at from the first of a name.
    looked: Cell<usize>,
}

/// The longest name of a script without spaces, in letters.
const LETTERS: usize = 24;
/// How many small words may stand between two parts of a name, and one more: "of the".
const SMALL: usize = 3;
/// How many words may stand behind a comma or in a bracket.
const WORDS_BEHIND: usize = 8;

impl<'a> Finder<'a> {
    #[must_use]
    pub fn new(table: &'a CountryTable, text: &'a str, tokens: &'a [Token], language: &'a str) -> Self {
        Self {
            table,
            layout: table.layout(),
            text,
            tokens,
            language,
            key: Vec::new(),
            spaced: Vec::new(),
            held: None,
            names: Vec::new(),
            looked: Cell::new(0),
        }
    }

    /// The names that begin at the token `first`, the shortest first.
    pub fn at(&mut self, first: usize) -> &[Name] {
        self.names.clear();
        self.looked.set(first + 1);
        match self.tokens[first].shape {
            Shape::Capital | Shape::Upper => self.spelled(first),
            // The words of running text, nearly all: they begin no name.
            Shape::Lower if self.text.as_bytes()[self.tokens[first].span.range().start].is_ascii_lowercase() && !self.capital_follows(first) => {}
            Shape::Lower => match self.text[self.tokens[first].span.range()].chars().next() {
                Some(letter) if fold_rules::is_solid(letter) => self.solid(first),
                Some(letter) if letter.is_lowercase() && !self.capital_follows(first) => {}
                _ => self.spelled(first),
            },
            Shape::Number | Shape::Mark => {}
        }
        &self.names
    }

    /// The token behind the last that the names of the last token depend on; behind the end of the text too, where something may follow in
    /// another text.
    #[must_use]
    pub fn looked(&self) -> usize {
        self.looked.get()
    }

    /// The token at `at`, of which is noted that it was looked at.
    fn look(&self, at: usize) -> Option<&'a Token> {
        self.looked.set(self.looked.get().max(at + 1));
        self.tokens.get(at)
    }

    /// A name whose first words have no capital has one soon: "former Yugoslav …".
    fn capital_follows(&self, first: usize) -> bool {
        self.look(first + 1).is_some_and(|next| matches!(next.shape, Shape::Capital | Shape::Upper))
    }

    fn spelled(&mut self, first: usize) {
        let reach = self.reach(first);
        if reach == 0 {
            return;
        }
        let mut base = self.name(first, first + 1, 1);
        let (mut at, mut words) = (first + 1, 1);
        while let Some(token) = self.look(at).filter(|_| !self.is_parted(at)) {
            if matches!(token.shape, Shape::Number | Shape::Mark) {
                match self.mark(at) {
                    "&" => words += 1,
                    "," | "(" => {
                        if let Some(base) = base.filter(|_| self.names.last().is_some_and(|name| name.end == at)) {
                            self.behind(first, at, base);
                        }
                        return;
                    }
                    _ if token.shape == Shape::Number || !self.may_stand_inside(at) => return,
                    _ => {}
                }
                at += 1;
                continue;
            }
            words += usize::from(!self.is_joined(at));
            if words > reach {
                return;
            }
            at += 1;
            base = self.name(first, at, words);
        }
    }

    /// How many words a name may have that begins at `first`.
    fn reach(&mut self, first: usize) -> usize {
        match self.reach_of(first, first + 1) {
            0 if self.look(first + 2).is_some() && self.is_joined(first + 2) => self.reach_of(first, first + 3),
            reach => reach,
        }
    }

    fn reach_of(&mut self, first: usize, end: usize) -> usize {
        if let Some((word, length)) = self.plain(first, end) {
            return self.layout.get_packed(word << 8 | u128::from(prefix::FIRST), length + 1).map_or(0, |hit| usize::from(hit.entity));
        }
        self.held = None;
        fold::fold_into(self.of(first, end), &mut self.spaced);
        self.look_up_with(prefix::FIRST).map_or(0, |hit| usize::from(hit.entity))
    }

    /// Notes the name from `first` to before `end`, if there is one, and returns what it is.
    fn name(&mut self, first: usize, end: usize, words: usize) -> Option<Hit> {
        let hit = self.look_up(first, end)?;
        let tokens = &self.tokens[first..end];
        let is_upper = |token: &Token| !matches!(token.shape, Shape::Lower | Shape::Capital);
        let is_capital = |token: &&Token| matches!(token.shape, Shape::Capital | Shape::Upper);
        // Short forms of one word count in capitals only: they are words of some language too.
        let is_short = words == 1 && (hit.kind == Kind::Abbreviation || self.spaced.len() <= 3 && self.spaced.is_ascii());
        let begins_small = self.text[tokens[0].span.range()].starts_with(char::is_lowercase);
        let is_written = match (is_short, begins_small) {
            (true, _) => tokens.iter().all(is_upper),
            (false, true) => words >= 3 && tokens.iter().filter(is_capital).count() >= 2,
            (false, false) => true,
        };
        if !is_written || words == 1 && self.is_a_word() {
            return None;
        }
        self.note(end, hit, words);
        Some(hit)
    }

    /// One short word of ASCII letters, as nearly all are, as a number and its length: it folds to small letters.
    fn plain(&self, first: usize, end: usize) -> Option<(u128, usize)> {
        const NOT_ASCII: u128 = u128::from_le_bytes([0x80; PACKED]);
        let Token { span, shape, .. } = self.tokens[first];
        // With the byte that says what a key is there are as many as fit into the number.
        if end != first + 1 || span.len() >= PACKED || matches!(shape, Shape::Number | Shape::Mark) {
            return None;
        }
        let rest = &self.text.as_bytes()[span.range().start..];
        let word = packed_lower(*rest.first_chunk()?, span.len());
        (word & NOT_ASCII == 0).then_some((word, span.len()))
    }

    fn look_up(&mut self, first: usize, end: usize) -> Option<Hit> {
        if let Some((word, length)) = self.plain(first, end) {
            self.look(first);
            self.spaced.clear();
            self.spaced.extend_from_slice(&word.to_le_bytes()[..length]);
            self.held = Some((first, end));
            return self.layout.get_packed(word, length);
        }
        let before = self.held.take().filter(|held| held.0 == first && held.1 < end);
        let rest = before.map(|(_, before)| &self.text[self.tokens[before - 1].span.range().end..self.tokens[end - 1].span.range().end]);
        let name = self.of(first, end);
        if rest.is_some_and(|rest| fold::fold_behind(rest, &mut self.spaced)) {
            self.held = Some((first, end));
        } else {
            fold::fold_spaced_into(name, &mut self.spaced);
        }
        if !self.spaced.contains(&(fold_rules::BREAK as u8)) {
            return self.layout.get(&self.spaced);
        }
        self.look_up_with(prefix::TEXT)
    }

    /// Looks up the words of `spaced` as a key of that sort.
    fn look_up_with(&mut self, prefix: u8) -> Option<Hit> {
        self.key.clear();
        self.key.push(prefix);
        self.key.extend_from_slice(&self.spaced);
        self.layout.get(&self.key)
    }

    /// Whether the name of one word that was looked up is a word of the text's own language.
    fn is_a_word(&mut self) -> bool {
        self.key.clear();
        self.key.push(prefix::WORD);
        self.key.extend_from_slice(self.language.as_bytes());
        self.key.push(b' ');
        self.key.extend_from_slice(&self.spaced);
        self.layout.get(&self.key).is_some()
    }

    fn note(&mut self, end: usize, hit: Hit, words: usize) {
        let reading = match hit.kind {
            Kind::Stop if words == 1 => return,
            Kind::Stop => Reading::Other,
            Kind::Demonym => Reading::Demonym,
            Kind::Ambiguous => Reading::Ambiguous,
            _ => Reading::Name,
        };
        self.names.push(Name { end, entity: hit.entity, reading });
    }

    /// Goes on over the comma or bracket at `at`, where the words behind it and the name before it are one name of the same country,
    /// or choose one where the name before it is several's.
    fn behind(&mut self, first: usize, at: usize, base: Hit) {
        let is_open = self.mark(at) == "(";
        let mut longest = None;
        let (mut next, mut words) = (at + 1, 0);
        while let Some(token) = self.look(next).filter(|_| words < WORDS_BEHIND && !self.is_parted(next)) {
            if matches!(token.shape, Shape::Number | Shape::Mark) {
                if !self.may_stand_inside(next) {
                    break;
                }
                next += 1;
                continue;
            }
            words += usize::from(!self.is_joined(next));
            next += 1;
            let closes = self.look(next).is_some_and(|token| token.shape == Shape::Mark) && self.mark(next) == ")";
            let is_whole = if is_open { closes } else { !self.is_cut(at + 1, next) };
            if is_whole && let Some(hit) = self.whole(first, at, next).filter(|hit| self.agrees(*hit, base)) {
                longest = Some((next + usize::from(is_open), hit));
            }
        }
        if let Some((end, hit)) = longest {
            self.note(end, hit, 1 + words);
        }
    }

    /// The name from `first` to before `end` in the order that it has or another, over the mark at `at`.
    fn whole(&mut self, first: usize, at: usize, end: usize) -> Option<Hit> {
        self.held = None;
        fold::fold_spaced_into(self.of(first, end), &mut self.spaced);
        let spaced = std::str::from_utf8(&self.spaced).ok()?.to_owned();
        let (before, behind) = (fold::fold_spaced(self.of(first, at)), fold::fold_spaced(self.of(at + 1, end)));
        // A letter is the first of another name: "A, D. R. of B".
        if behind.len() == 1 && words::is_empty(&behind) {
            return None;
        }
        // Said again it is another name, and not the rest of this one.
        if before.split(' ').any(|word| behind.split(' ').any(|other| other == word && other.len() > 3)) {
            return None;
        }
        self.look_up_with(prefix::TEXT).or_else(|| {
            let mut bag = Vec::new();
            words::bag(&spaced, &mut bag);
            self.spaced = bag;
            if self.spaced.is_empty() || !spaced.is_ascii() { None } else { self.look_up_with(prefix::WORDS) }
        })
    }

    /// Whether words behind a comma belong to the word that follows them: "A, South | B", "A, the | Republic of B".
    fn is_cut(&mut self, from: usize, end: usize) -> bool {
        let Some(next) = self.look(end).filter(|next| !matches!(next.shape, Shape::Number | Shape::Mark)) else { return false };
        if self.is_parted(end) {
            return false;
        }
        let same_line = !self.text[self.tokens[end - 1].span.range().end..next.span.range().start].contains('\n');
        let is_empty = |at: usize| words::is_empty(&fold::fold(self.of(at, at + 1)));
        let is_capital = matches!(next.shape, Shape::Capital | Shape::Upper);
        if is_capital && (same_line || (from..end).all(is_empty)) {
            return true;
        }
        // "A, Republic | of B" is two names.
        self.look(end + SMALL);
        let ahead = (end..self.tokens.len().min(end + SMALL)).find(|&at| self.tokens[at].shape != Shape::Lower || self.is_parted(at));
        let begins = |at: usize| at > end && (end..at).all(is_empty) && matches!(self.tokens[at].shape, Shape::Capital | Shape::Upper);
        if same_line && ahead.is_some_and(begins) {
            return true;
        }
        // "A, Republic of" at the end of a line is whole, whatever the next line begins with; so is "A, B" where B is a country.
        let goes_on = same_line || !is_empty(end - 1) && self.look_up(from, end).is_none();
        goes_on && self.look_up(from, end + 1).is_some()
    }

    /// Whether a name with more words means the country that the name before it does, or one of those that it can mean.
    fn agrees(&self, hit: Hit, base: Hit) -> bool {
        let of = |hit: Hit| self.table.entities().get(usize::from(hit.entity));
        let is_one_of = |entity: &Entity, base: &Entity| base.standing == Standing::Ambiguous && base.successors.contains(&entity.alpha2);
        let is_name = !matches!(hit.kind, Kind::Stop | Kind::Demonym | Kind::Ambiguous);
        is_name && (hit.entity == base.entity || of(hit).zip(of(base)).is_some_and(|(entity, base)| is_one_of(entity, base)))
    }

    /// Names in a script without spaces.
    fn solid(&mut self, first: usize) {
        let reach = self.reach(first).min(LETTERS);
        self.look(first + LETTERS);
        self.held = None;
        for (letters, end) in (1..=reach).zip(first + 1..=self.tokens.len()) {
            if end - 1 > first && !self.is_next_letter(end - 1) {
                return;
            }
            fold::fold_into(self.of(first, end), &mut self.spaced);
            if letters < 2 && self.spaced.len() < 6 {
                continue;
            }
            if let Some(hit) = self.layout.get(&self.spaced) {
                self.note(end, hit, letters);
            }
        }
    }

    fn is_next_letter(&self, at: usize) -> bool {
        let between = &self.text[self.tokens[at - 1].span.range().end..self.tokens[at].span.range().start];
        self.of(at, at + 1).starts_with(fold_rules::is_solid) && between.chars().all(|c| matches!(c, '\u{200b}' | '\u{200c}'))
    }

    fn of(&self, first: usize, end: usize) -> &'a str {
        self.look(end - 1);
        &self.text[self.tokens[first].span.to(self.tokens[end - 1].span).range()]
    }

    fn mark(&self, at: usize) -> &'a str {
        self.of(at, at + 1)
    }

    /// Whether a mark may stand between the words of a name. A full stop may behind short words only: it ends sentences too.
    fn may_stand_inside(&self, at: usize) -> bool {
        let mark = self.mark(at);
        may_stand_inside(mark) && (mark != "." || self.tokens[at - 1].span.range().len() <= 5)
    }

    /// Whether the word at `at` goes on with the one before an apostrophe.
    fn is_joined(&self, at: usize) -> bool {
        // Hardly a word stands right behind a mark.
        at >= 2
            && self.tokens[at - 1].span.end == self.tokens[at].span.start
            && self.tokens[at - 2].span.end == self.tokens[at - 1].span.start
            && self.mark(at - 1).starts_with(fold_rules::joins)
    }

    /// Whether a blank line stands before a token.
    fn is_parted(&self, at: usize) -> bool {
        let between = &self.text[self.tokens[at - 1].span.range().end..self.tokens[at].span.range().start];
        between.bytes().filter(|&byte| byte == b'\n').count() > 1
    }
}
