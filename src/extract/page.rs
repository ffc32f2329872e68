//! Page: one document as the extractors see it: blocks, tokens, dates, and which dialogue each block is about.
//!
//! Made once a document, read by every extractor. What is found here is found once: names of dialogues, acronyms that the document
//! gives, dates.

use std::cell::OnceCell;
use std::ops::Range;

use super::dates::{self, DateMention};
use super::dialogues::{self, Named};
use super::landmarks::{Landmark, Landmarks};
use super::names;
use super::owners::{self, Owner};
use super::roles::{self, RoleHeading};
use super::sections::{self, Section};
use super::trace::Trace;
use crate::model::document::Document;
use crate::model::gazetteer::{Gazetteer, Shape, Tag, UNKNOWN, fold};
use crate::model::record::is_one_line;
use crate::model::reference::Reference;
use crate::model::span::Span;
use crate::model::text::{Block, BlockKind, Blocks};
use crate::model::tokens::{Mark, Token, Tokens};
use crate::model::vocabulary::Vocabulary;

/// One document, scanned.
#[derive(Debug)]
pub struct Page<'a> {
    pub document: &'a Document,
    pub blocks: &'a Blocks,
    pub gazetteer: &'a Gazetteer,
    pub reference: &'a Reference,
    pub tokens: &'a Tokens,
    /// The text of each token: rules ask for it more often than for anything else.
    words: Vec<&'a str>,
    /// Tokens of each block.
    ranges: Vec<Range<usize>>,
    /// Starts of lines and sentences, and signs.
    landmarks: Landmarks,
    /// Whether a label that projects have stands anywhere.
    pub has_project_labels: bool,
    /// In the order of the text, none overlapping.
    pub dates: Vec<DateMention>,
    /// For each token whether it is part of a date, and how many dates begin before it.
    in_date: Vec<bool>,
    dates_before: Vec<u32>,
    /// `Name (ACRONYM)` as the document gives them.
    pub acronyms: Vec<names::Acronym>,
    /// The dialogues that the document names.
    pub dialogues: Vec<Named>,
    /// Where it names them: tokens and index into `dialogues`, in the order of the text.
    pub dialogue_mentions: Vec<(Range<usize>, usize)>,
    /// The dialogue that each block is about.
    owners: Vec<Option<Owner>>,
    /// Names of dialogues and nouns that point back to them, as in `dialogue_mentions`.
    referents: Vec<(Range<usize>, usize)>,
    /// What the label of each block says, once somebody asked: every entry of a list asks what its heading says.
    read_labels: Vec<OnceCell<ReadLabel>>,
    /// The same of what a heading leaves to the one above it: the states under it, limited to a group.
    passed_on: Vec<OnceCell<Option<Option<Range<usize>>>>>,
    /// Off, unless somebody asked for it.
    pub trace: Trace,
}

/// What a block says as a heading or lead-in.
#[derive(Debug)]
struct ReadLabel {
    section: Option<Section>,
    role: Option<RoleHeading>,
}

impl<'a> Page<'a> {
    /// Scans a document.
    #[must_use]
    pub fn new(document: &'a Document, blocks: &'a Blocks, gazetteer: &'a Gazetteer, reference: &'a Reference) -> Self {
        let tokens = &blocks.tokens;
        let ranges = tokens.within_each(blocks.blocks.iter().map(|block| block.span));
        let mut page = Self {
            document,
            blocks,
            gazetteer,
            reference,
            tokens,
            words: tokens.tokens.iter().map(|token| &blocks.text[token.span.range()]).collect(),
            ranges,
            landmarks: Landmarks::of(&blocks.text, tokens),
            has_project_labels: tokens.any_begins(&(0..tokens.tokens.len()), |tag| matches!(tag, Tag::Project(_))),
            dates: Vec::new(),
            in_date: Vec::new(),
            dates_before: Vec::new(),
            acronyms: Vec::new(),
            dialogues: Vec::new(),
            dialogue_mentions: Vec::new(),
            owners: vec![None; blocks.blocks.len()],
            referents: Vec::new(),
            read_labels: Vec::new(),
            passed_on: Vec::new(),
            trace: Trace::default(),
        };
        page.dates = dates::find(&page);
        page.in_date = vec![false; page.tokens.tokens.len()];
        for (before, date) in page.dates.iter().enumerate() {
            page.in_date[date.tokens.clone()].fill(true);
            page.dates_before.resize(date.tokens.start + 1, before as u32);
        }
        page.acronyms = names::acronyms(&page);
        (page.dialogues, page.dialogue_mentions) = dialogues::find(&page);
        page.owners = owners::owners(&page);
        page.referents = owners::find_references(&page, &page.owners);
        page.referents.extend(page.dialogue_mentions.iter().cloned());
        page.referents.sort_by_key(|(tokens, _)| tokens.start);
        page.read_labels = blocks.blocks.iter().map(|_| OnceCell::new()).collect();
        page.passed_on = blocks.blocks.iter().map(|_| OnceCell::new()).collect();
        page
    }

    /// The section that a block announces.
    #[must_use]
    pub fn section_of(&self, block: usize) -> Option<&Section> {
        self.read_label(block).section.as_ref()
    }

    /// The role that a block announces.
    #[must_use]
    pub fn role_of(&self, block: usize) -> Option<&RoleHeading> {
        self.read_label(block).role.as_ref()
    }

    /// Whether a heading leaves it to the one before it to say what those below it are; the group that it names.
    #[must_use]
    pub fn passed_on(&self, heading: usize) -> Option<Option<Range<usize>>> {
        self.passed_on[heading].get_or_init(|| roles::passes_on(self, heading)).clone()
    }

    fn read_label(&self, block: usize) -> &ReadLabel {
        self.read_labels[block].get_or_init(|| {
            let read = |label: Range<usize>| ReadLabel { section: sections::section_of(self, label.clone()), role: roles::role_of(self, label) };
            let last = roles::last_label(self, block).map(read).filter(|label| label.section.is_some() || label.role.is_some());
            let read = last.unwrap_or_else(|| read(roles::label_part(self, self.range(block))));
            // `Follow-up: main topics`: behind the colon of a heading.
            let behind = || sections::behind_colon(self, block);
            // `Lisbon Forum: the 10 members`
            let role_behind = || {
                let range = self.range(block);
                let colon = self.colon_in(&range).filter(|colon| self.block(block).kind == BlockKind::Heading && colon + 1 < range.end)?;
                roles::role_of(self, colon + 1..range.end)
            };
            ReadLabel { role: read.role.or_else(|| if read.section.is_none() { role_behind() } else { None }), section: read.section.or_else(behind) }
        })
    }

    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.gazetteer.vocabulary
    }

    #[must_use]
    pub fn block(&self, at: usize) -> &Block {
        &self.blocks.blocks[at]
    }

    /// Says that a rule looked at a range of tokens and left it, for a trace.
    pub fn refuse(&self, rule: &'static str, range: &Range<usize>, why: &'static str) {
        self.trace.note(
            rule,
            why,
            || if range.is_empty() { self.token(range.start.min(self.tokens.tokens.len() - 1)).span } else { self.span(range) },
        );
    }

    /// The blocks with their positions.
    pub fn numbered_blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.blocks.blocks.iter().enumerate()
    }

    #[must_use]
    pub fn range(&self, block: usize) -> Range<usize> {
        self.ranges[block].clone()
    }

    /// The block that a token is in.
    #[must_use]
    pub fn block_of(&self, token: usize) -> usize {
        self.ranges.partition_point(|range| range.end <= token).min(self.ranges.len().saturating_sub(1))
    }

    /// The tokens of each line of a block.
    #[must_use]
    pub fn lines(&self, block: usize) -> Vec<Range<usize>> {
        self.lines_in(self.range(block))
    }

    /// The tokens of each line of a range.
    #[must_use]
    pub fn lines_in(&self, range: Range<usize>) -> Vec<Range<usize>> {
        self.landmarks.split(Landmark::LineStart, range, |_| true)
    }

    /// The tokens of a range that begin a line, but for the first of the text.
    #[must_use]
    pub fn line_starts_in(&self, range: Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::LineStart, &range)
    }

    /// The colons and equals signs of a range: what can end a label.
    #[must_use]
    pub fn label_signs_in(&self, range: &Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::LabelSign, range)
    }

    /// The numbers in digits of a range.
    #[must_use]
    pub fn digits_in(&self, range: &Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::Digits, range)
    }

    /// The brackets that open in a range.
    #[must_use]
    pub fn open_brackets_in(&self, range: &Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::OpenBracket, range)
    }

    /// The words of a range that begin with a capital.
    #[must_use]
    pub fn capitals_in(&self, range: &Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::Capital, range)
    }

    /// The first token of a range with which a number begins, in digits or in words.
    #[must_use]
    pub fn number_from(&self, range: &Range<usize>) -> Option<usize> {
        self.landmarks.within(Landmark::Number, range).first().copied()
    }

    /// The signs of a range that may open a quotation.
    #[must_use]
    pub fn opening_quotes_in(&self, range: &Range<usize>) -> &[usize] {
        self.landmarks.within(Landmark::OpenQuote, range)
    }

    /// The first colon of a range.
    #[must_use]
    pub fn colon_in(&self, range: &Range<usize>) -> Option<usize> {
        self.label_signs_in(range).iter().copied().find(|&token| self.text(token) == ":")
    }

    /// Whether something for which `of` holds begins in a range. Rules ask this of a whole block before they look at its tokens.
    #[must_use]
    pub fn any_begins(&self, range: &Range<usize>, of: impl Fn(Tag) -> bool) -> bool {
        self.tokens.any_begins(range, of)
    }

    /// The tokens of each cell of a table row; the whole block where it has none.
    #[must_use]
    pub fn cells(&self, block: usize) -> Vec<Range<usize>> {
        let range = self.range(block);
        let mut cells = Vec::new();
        let mut first = range.start;
        let is_wide = |token: usize| self.text(token) == "|" || self.gap_before(token).contains('\t') || self.gap_before(token).contains("   ");
        let is_narrow = self.block(block).kind == BlockKind::Row && !range.clone().skip(1).any(is_wide);
        let gap = if is_narrow { "  " } else { "   " };
        for token in range.clone() {
            if self.text(token) == "|" {
                // An empty cell keeps its place; the bar at the start of a row opens none.
                if first < token || token > range.start {
                    cells.push(first..token);
                }
                first = token + 1;
            } else if token > first && (self.gap_before(token).contains('\t') || self.gap_before(token).contains(gap)) {
                cells.push(first..token);
                first = token;
            }
        }
        if first < range.end {
            cells.push(first..range.end);
        }
        cells
    }

    /// The cells of a row, each at its place in the table: an empty one where the row has none for a column.
    #[must_use]
    pub fn placed_cells(&self, block: usize) -> Vec<Range<usize>> {
        let cells = self.cells(block);
        let places = &self.block(block).places;
        if places.len() != cells.len() {
            return cells;
        }
        let mut placed = Vec::with_capacity(cells.len());
        for (cell, place) in cells.into_iter().zip(places) {
            placed.resize(usize::from(*place), cell.start..cell.start);
            placed.push(cell);
        }
        placed
    }

    /// The tokens of each sentence of a range: a full stop, question mark or exclamation mark, a space and no lower-case letter.
    #[must_use]
    pub fn sentences(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let first = range.start;
        self.landmarks.split(Landmark::SentenceStart, range, |token| {
            let ends = matches!(self.text(token - 1), "." | "?" | "!") || token >= first + 2;
            let is_abbreviation =
                token >= 2 + first && self.text(token - 1) == "." && self.token(token - 2).span.len() == 1 && self.is_capital(token - 2);
            // A sign that was lost comes out as a question mark, and a month may be cut short: `20 ? 22 June`, `22 nov. 2018`.
            let is_within_date = self.is_in_date(token - 1)
                && self.is_in_date(token)
                && self.dates_in(first..usize::MAX).any(|date| date.tokens.start < token && token < date.tokens.end);
            ends && !is_abbreviation && !is_within_date
        })
    }

    /// Whether some name or wording has the word at `at`.
    #[must_use]
    pub fn knows(&self, at: usize) -> bool {
        self.token(at).word != UNKNOWN || self.gazetteer.countries.has_word(&fold(self.text(at)))
    }

    /// The tokens of a range with which something begins for which `of` holds, in their order: few tokens are any, and rules that want one of
    /// them need not look at the others.
    pub fn begins(&self, range: &Range<usize>, of: impl Fn(Tag) -> bool) -> impl Iterator<Item = usize> {
        self.tokens.begins(range, of)
    }

    /// A token; behind the last one an empty mark, since rules look at what follows.
    #[must_use]
    pub fn token(&self, at: usize) -> Token {
        let end = self.blocks.text.len();
        self.tokens.tokens.get(at).copied().unwrap_or(Token { span: Span::new(end, end), shape: Shape::Mark, word: UNKNOWN })
    }

    #[must_use]
    pub fn text(&self, token: usize) -> &str {
        self.words.get(token).copied().unwrap_or_default()
    }

    /// Whether a block ends like a sentence, or a lead-in to a list.
    #[must_use]
    pub fn text_ends_sentence(&self, block: usize) -> bool {
        self.range(block).last().is_some_and(|last| matches!(self.text(last), "." | ":" | ";"))
    }

    /// What stands between a token and the one before it.
    #[must_use]
    pub fn gap_before(&self, token: usize) -> &str {
        if token == 0 {
            return "";
        }
        &self.blocks.text[self.token(token - 1).span.end as usize..self.token(token).span.start as usize]
    }

    /// Whether a tab or three spaces stand before a token: they part the columns of a table.
    #[must_use]
    pub fn is_wide_before(&self, token: usize) -> bool {
        let gap = self.gap(token);
        match gap {
            [] | [b' '] => false,
            _ => gap.len() > 2 && gap.windows(3).any(|spaces| spaces == b"   ") || gap.contains(&b'\t'),
        }
    }

    /// The bytes between a token and the one before it.
    #[inline]
    fn gap(&self, token: usize) -> &[u8] {
        match token.checked_sub(1) {
            Some(before) => &self.blocks.text.as_bytes()[self.token(before).span.end as usize..self.token(token).span.start as usize],
            None => &[],
        }
    }

    #[must_use]
    pub fn is_capital(&self, token: usize) -> bool {
        matches!(self.token(token).shape, Shape::Capital | Shape::Upper)
    }

    #[must_use]
    pub fn is_word(&self, token: usize) -> bool {
        matches!(self.token(token).shape, Shape::Capital | Shape::Upper | Shape::Lower)
    }

    /// The longest mark at a token for which `of` holds.
    #[must_use]
    pub fn mark(&self, token: usize, of: impl Fn(Tag) -> bool) -> Option<Mark> {
        self.tokens.mark_at(token, of)
    }

    #[must_use]
    pub fn has(&self, token: usize, tag: Tag) -> bool {
        self.tokens.marks_at(token).any(|mark| mark.tag == tag && mark.end == token + 1)
    }

    #[must_use]
    pub fn span(&self, range: &Range<usize>) -> Span {
        self.tokens.span(range.start, range.end)
    }

    /// A stretch of text as a value: one line, single spaces.
    #[must_use]
    pub fn value(&self, span: Span) -> String {
        let text = self.blocks.slice(span);
        if is_one_line(text.as_bytes()) {
            return text.to_owned();
        }
        let mut value = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(word);
        }
        value
    }

    /// The value of a range of tokens.
    #[must_use]
    pub fn value_of(&self, range: &Range<usize>) -> String {
        if range.is_empty() { String::new() } else { self.value(self.span(range)) }
    }

    /// The dates within a range of tokens.
    pub fn dates_in(&self, range: Range<usize>) -> impl Iterator<Item = &DateMention> {
        // Behind the last one there is none.
        let from = self.dates_before.get(range.start).map_or(self.dates.len(), |&before| before as usize);
        self.dates[from..].iter().take_while(move |date| date.tokens.start < range.end).filter(move |date| date.tokens.end <= range.end)
    }

    /// Whether a token is part of a date.
    #[must_use]
    pub fn is_in_date(&self, token: usize) -> bool {
        self.in_date.get(token).copied().unwrap_or_default()
    }

    /// The dialogues named within a range of tokens.
    pub fn dialogues_in(&self, range: Range<usize>) -> impl Iterator<Item = (&Range<usize>, usize)> {
        mentions_in(&self.dialogue_mentions, range)
    }

    /// The dialogues named within a range of tokens, or pointed back to by a noun.
    pub fn referents_in(&self, range: Range<usize>) -> impl Iterator<Item = (&Range<usize>, usize)> {
        mentions_in(&self.referents, range)
    }

    /// Whether a range is the name of a dialogue, or part of one.
    #[must_use]
    pub fn is_within_dialogue(&self, range: &Range<usize>) -> bool {
        // Mentions hardly overlap: those that start last before the range are enough.
        let at = self.dialogue_mentions.partition_point(|(tokens, _)| tokens.start <= range.start);
        self.dialogue_mentions[at.saturating_sub(8)..at].iter().any(|(tokens, _)| range.end <= tokens.end)
    }

    /// The dialogue that a block is about, and what says so.
    #[must_use]
    pub fn owner(&self, block: usize) -> Option<Owner> {
        self.owners[block]
    }

    /// The dialogue that a block is about.
    #[must_use]
    pub fn subject(&self, block: usize) -> Option<usize> {
        self.owners[block].map(|owner| owner.dialogue)
    }

    /// Says which dialogue each block is about, for a trace.
    pub fn note_owners(&self) {
        let told = |owner: Owner| (self.span(&self.dialogues[owner.dialogue].name), owner.evidence.told());
        self.trace.note_owners(|| self.owners.iter().map(|owner| owner.map(told)).collect());
    }

    /// Says of which dialogue a statement is, for a trace, where it is another than that of its block.
    pub fn decide(&self, range: &Range<usize>, owner: Owner) {
        self.trace.decide(|| (self.span(range), self.span(&self.dialogues[owner.dialogue].name), owner.evidence.told()));
    }

    /// The nearest block above that introduces this one, and so on outwards.
    pub fn introductions(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        self.blocks.headings_of(block)
    }

    /// The nearest heading above a block.
    #[must_use]
    pub fn heading(&self, block: usize) -> Option<usize> {
        self.introductions(block).find(|&above| self.block(above).kind == BlockKind::Heading)
    }
}

/// Those of some mentions, in the order of the text, that lie in a range.
fn mentions_in(mentions: &[(Range<usize>, usize)], range: Range<usize>) -> impl Iterator<Item = (&Range<usize>, usize)> {
    let from = mentions.partition_point(|(tokens, _)| tokens.start < range.start);
    let starts_within = mentions[from..].iter().take_while(move |(tokens, _)| tokens.start < range.end);
    starts_within.filter(move |(tokens, _)| tokens.end <= range.end).map(|(tokens, dialogue)| (tokens, *dialogue))
}
