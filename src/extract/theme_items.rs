//! Items: which parts of a list, a paragraph or a row under a heading of themes are its items.
//!
//! In: a block. Out: its items, without the numbers and letters that they begin with. Nothing here asks what the heading says.

use std::ops::Range;

use super::enumerations::counted_up;
use super::page::Page;
use super::roles;
use super::sections;
use super::theme_marks::{over_marker, side_by_side};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Longest item that is a heading or line of its own, in words.
pub const LINE_WORDS: usize = 14;

/// Whether an item is a few words or ends in a colon.
pub fn is_title(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    page.text(range.end - 1) == ":" || words <= LINE_WORDS && page.text(range.end - 1) != "."
}

/// The items that a paragraph or row under a heading of themes holds.
pub fn items_of(page: &Page<'_>, block: usize, kind: BlockKind) -> Vec<Range<usize>> {
    let range = page.range(block);
    if kind == BlockKind::Row {
        return row_items(page, block);
    }
    let parts = side_by_side(page, &range);
    if parts.len() > 1 {
        return parts;
    }
    let counted = counted_up(page, &range);
    if counted.len() > 1 {
        return counted;
    }
    let numbered = over_marker(page, &range);
    if numbered > range.start && numbered < range.end && page.dates_in(range.clone()).next().is_none_or(|date| date.tokens.start > numbered) {
        // Numbered lines, each with those that go on with it.
        let lines = page.lines(block);
        let mut items: Vec<Range<usize>> = Vec::new();
        for line in lines {
            match items.last_mut() {
                Some(item) if over_marker(page, &line) == line.start => item.end = line.end,
                _ => items.push(line),
            }
        }
        return items;
    }
    let small = small_lines(page, &range);
    if !small.is_empty() {
        return small;
    }
    // A line that goes on in small letters, or behind a small word, is one with the next.
    let mut lines: Vec<Range<usize>> = Vec::new();
    for line in page.lines(block) {
        match lines.last_mut() {
            Some(last)
                if page.token(line.start).shape == Shape::Lower
                    || page.tokens.marks_at(last.end - 1).any(|mark| matches!(mark.tag, Tag::And | Tag::Connector | Tag::Of | Tag::Article)) =>
            {
                last.end = line.end;
            }
            _ => lines.push(line),
        }
    }
    let quoted = |line: &Range<usize>| matches!(page.text(line.start), "“" | "\"" | "«" | "‘");
    let is_item = |line: &Range<usize>| {
        let words = line.clone().filter(|&token| page.is_word(token)).count();
        words > 0
            && words <= LINE_WORDS
            && (page.is_capital(line.start) || quoted(line) || is_year(page, line.start))
            && !matches!(page.text(line.end - 1), "." | ":" | "?" | ",")
            && page.dates_in(line.clone()).all(|date| date.period.precision == Precision::Year && date.tokens.end < line.end)
    };
    if lines.iter().all(is_item) {
        return lines;
    }
    // A list right above a sentence.
    let listed: Vec<Range<usize>> = lines.iter().take_while(|line| is_item(line)).cloned().collect();
    let words = |line: &Range<usize>| line.clone().filter(|&token| page.is_word(token)).count();
    let is_followed = page.sentences(lines[listed.len()].start..range.end).iter().all(|sentence| page.text(sentence.end - 1) == ".");
    if listed.len() > 1 && is_followed && listed.iter().all(|line| words(line) <= SHORT) { listed } else { Vec::new() }
}

/// Fewest and longest lines of a list in small letters, in lines and words.
const SMALL_LINES: usize = 3;
const SMALL_WORDS: usize = 10;

/// The lines of a list in small letters whose bullets are lost: nothing but short lines, none of which ends a sentence.
#[must_use]
pub fn small_lines(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    if page.token(range.start).shape != Shape::Lower {
        return Vec::new();
    }
    let is_joint = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Connector | Tag::Of | Tag::Article));
    let mut items: Vec<Range<usize>> = Vec::new();
    for line in page.lines_in(range.clone()) {
        match items.last_mut() {
            Some(item) if is_joint(item.end - 1) => item.end = line.end,
            _ => items.push(line),
        }
    }
    let is_item = |item: &Range<usize>| {
        let words = item.clone().filter(|&token| page.is_word(token)).count();
        (1..=SMALL_WORDS).contains(&words)
            && page.token(item.start).shape == Shape::Lower
            && !is_joint(item.start)
            && !matches!(page.text(item.end - 1), "," | ":")
            && !item.clone().any(|token| matches!(page.text(token), "@" | "|"))
    };
    let ends = items.iter().rev().skip(1).any(|item| page.text(item.end - 1) == ".");
    if items.len() >= SMALL_LINES && !ends && items.iter().all(is_item) { items } else { Vec::new() }
}

/// `Fair recruitment` on a line above sentences about it: the title that a paragraph begins with.
#[must_use]
pub fn title_of_text(page: &Page<'_>, block: usize, kind: BlockKind) -> Vec<Range<usize>> {
    let range = page.range(block);
    let lines = page.lines(block);
    let is_titled = |title: &&Range<usize>| {
        let words = (*title).clone().filter(|&token| page.is_word(token)).count();
        (1..=SHORT).contains(&words)
            && page.is_word(title.end - 1)
            && page.is_capital(title.start)
            && is_title_of_text(page, title, title.end..range.end)
    };
    if kind != BlockKind::Paragraph || lines.len() < 2 || page.text(range.end - 1) != "." {
        return Vec::new();
    }
    lines.first().filter(is_titled).into_iter().cloned().collect()
}

/// Fewest words of a text with a title on a line above it.
const TEXT: usize = 5;

/// Whether a line is the title of the text below it, and no part of a sentence.
fn is_title_of_text(page: &Page<'_>, title: &Range<usize>, text: Range<usize>) -> bool {
    let tells = |token: usize| {
        page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::LinkVerb | Tag::HeadingVerb(_) | Tag::Held | Tag::Met | Tag::Published))
            && page.token(token).shape == Shape::Lower
    };
    let opens = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Article | Tag::Opener | Tag::Pointer));
    // A line that is full goes on in the next one.
    let width = |range: &Range<usize>| page.token(range.end - 1).span.end - page.token(range.start).span.start;
    let first = page.lines_in(text.clone()).first().map_or(0, &width);
    page.is_capital(text.start)
        && width(title) + width(&(text.start..text.start + 1)) < first
        && !opens(title.start)
        && !title.clone().any(tells)
        && (opens(text.start) || text.clone().any(tells))
        && text.filter(|&token| page.is_word(token)).count() >= TEXT
}

/// Longest line of a list right above a sentence, in words.
const SHORT: usize = 6;

/// Whether each cell of a row has a number or letter: items of a list that stand side by side.
pub fn is_row_of_items(page: &Page<'_>, block: usize) -> bool {
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    cells.len() > 1 && cells.iter().all(|cell| over_marker(page, cell) > cell.start)
}

/// The cell of a row that is an item: the one behind its number, or the only one with words.
fn row_items(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    let is_label = |cell: &Range<usize>| {
        let words = cell.clone().filter(|&token| page.is_word(token)).count();
        let has_number = cell.clone().any(|token| {
            page.token(token).shape == Shape::Number
                || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Ordinal(_)))
                || page.text(token).chars().count() == 1 && page.is_capital(token)
                || page.text(token).chars().all(|letter| "IVX".contains(letter))
        });
        words <= 2 && has_number && cell.clone().all(|token| page.text(token) != ":" && !page.is_in_date(token))
    };
    let item = match cells.as_slice() {
        [label, item, ..] if cells.len() <= 3 && is_label(label) => Some(item.clone()),
        // The year of a meeting, and what it was about.
        [year, item] if is_year(page, year.start) && year.len() == 1 => Some(year.start..item.end),
        [item] => Some(item.clone()),
        // `Skills | lead: A`: who leads it stands beside it.
        [item, note] if says_who_leads(page, note) => Some(item.clone()),
        _ => None,
    };
    match item {
        Some(item) => vec![item],
        // One word beside titles of several is one too.
        None if cells.len() > 1 && cells.iter().any(|cell| cell.len() > 1) && cells.iter().all(|cell| is_side_title(page, cell)) => cells,
        None => Vec::new(),
    }
}

/// Longest title beside others on a line, in words.
const SIDE: usize = 8;

/// A title that stands beside others on a line: no name, no number, no label.
fn is_side_title(page: &Page<'_>, cell: &Range<usize>) -> bool {
    let words = cell.clone().filter(|&token| page.is_word(token)).count();
    let is_other = |token: usize| {
        page.token(token).shape == Shape::Number
            || matches!(page.text(token), ":" | "@" | "." | "/")
            || page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::City(_) | Tag::MeetingColumn | Tag::NameLabel | Tag::PersonTitle
                )
            })
    };
    (1..=SIDE).contains(&words)
        && page.is_capital(cell.start)
        && !cell.clone().any(is_other)
        && sections::section_of(page, cell.clone()).is_none()
        && (words == 1 || cell.clone().any(|token| page.token(token).shape == Shape::Lower))
}

/// Whether a cell begins with the label of a role: `lead: A`, `► coordinator: B`.
fn says_who_leads(page: &Page<'_>, cell: &Range<usize>) -> bool {
    roles::labels(page, cell.clone()).iter().any(|(label, value)| names_holder(page, label, value))
}

/// `lead: A`, `coordinator: B`: a word of a role, or any in small letters, before a state or body.
#[must_use]
pub fn names_holder(page: &Page<'_>, label: &Range<usize>, value: &Range<usize>) -> bool {
    let is_holder = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_))).is_some();
    let words = label.clone().filter(|&token| page.is_word(token)).count();
    let is_small = label.clone().all(|token| !page.is_capital(token));
    let first = value.clone().find(|&token| page.is_word(token) && !page.has(token, Tag::Article));
    roles::role_of(page, label.clone()).is_some() || words == 1 && is_small && first.is_some_and(is_holder)
}

/// Whether a token is a year.
fn is_year(page: &Page<'_>, token: usize) -> bool {
    page.dates_in(token..token + 1).any(|date| date.period.precision == Precision::Year)
}

/// What has stood below a heading so far, block by block.
#[derive(Clone, Copy, Debug)]
pub struct Below {
    blocks: usize,
    first_is_heading: bool,
    first_has_text: bool,
    has_text: bool,
    /// Nothing but short headings and lines.
    is_short: bool,
    pub only_items: bool,
}

impl Default for Below {
    fn default() -> Self {
        Self { blocks: 0, first_is_heading: false, first_has_text: false, has_text: false, is_short: true, only_items: true }
    }
}

impl Below {
    /// Notes the next block below the heading.
    pub fn note(&mut self, page: &Page<'_>, block: usize) {
        let kind = page.block(block).kind;
        let is_heading = kind == BlockKind::Heading || is_headline(page, block);
        self.first_is_heading |= self.blocks == 0 && is_heading;
        self.first_has_text |= self.blocks == 1 && is_text(page, block);
        self.has_text |= is_text(page, block);
        self.is_short &= is_heading || kind == BlockKind::Paragraph && page.range(block).len() <= LINE_WORDS;
        self.only_items &= kind == BlockKind::Item;
        self.blocks += 1;
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    #[must_use]
    pub fn has_text(&self) -> bool {
        self.has_text
    }

    /// Whether there is nothing but short headings and lines, or the next block is a heading as the first was.
    #[must_use]
    pub fn lists_headings(&self, page: &Page<'_>, next: usize) -> bool {
        // Below headings with running text a heading is one of them only if it has such text too.
        let like_the_first = || self.first_has_text && next + 1 < page.blocks.blocks.len() && is_text(page, next + 1);
        (self.first_is_heading || self.blocks == 0) && (!self.has_text || like_the_first()) || self.is_short
    }
}

/// Whether a paragraph is a line like a heading: short, without a sign at its end, above running text or a list.
#[must_use]
pub fn is_headline(page: &Page<'_>, block: usize) -> bool {
    let kind = |at: usize| page.blocks.blocks.get(at).map(|block| block.kind);
    is_line(page, block)
        && match kind(block + 1) {
            Some(BlockKind::Item) => true,
            Some(BlockKind::Paragraph) => {
                is_text(page, block + 1)
                    || over_marker(page, &page.range(block + 1)) > page.range(block + 1).start
                    || is_line(page, block + 1) && kind(block + 2).is_some() && is_text(page, block + 2)
            }
            _ => false,
        }
}

fn is_line(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    page.block(block).kind == BlockKind::Paragraph
        && (1..=LINE_WORDS).contains(&words)
        && range.clone().find(|&token| page.is_word(token)).is_some_and(|first| page.is_capital(first))
        && range.clone().last().is_some_and(|last| page.is_word(last) || page.token(last).shape == Shape::Number)
        && range.clone().all(|token| !matches!(page.text(token), ":" | "@" | "|" | "."))
}

/// Whether a block is running text: longer than a line, a capital first.
fn is_text(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    page.block(block).kind == BlockKind::Paragraph
        && page.is_capital(range.start)
        && range.clone().filter(|&token| page.is_word(token)).count() > LINE_WORDS
}

/// Whether nothing of its own stands below a heading: another heading follows, or what announces something else.
#[must_use]
pub fn is_childless(page: &Page<'_>, block: usize) -> bool {
    block + 1 >= page.blocks.blocks.len() || page.block(block + 1).kind == BlockKind::Heading || page.section_of(block + 1).is_some()
}

/// Shortest and longest subtitle, in words.
const SUBTITLE: std::ops::RangeInclusive<usize> = 6..=40;

/// What a numbered meeting was about, below its name in the title: words in capitals, neither a sentence nor the name of a text.
#[must_use]
pub fn subtitle(page: &Page<'_>) -> Option<(usize, Range<usize>)> {
    let title = (0..page.blocks.blocks.len().min(3)).find(|&block| page.block(block).kind == BlockKind::Heading)?;
    let heading = page.range(title);
    let ordinal = heading.clone().find_map(|token| match page.mark(token, |tag| matches!(tag, Tag::Ordinal(_))) {
        Some(mark) => Some(mark.end),
        None => (page.token(token).shape == Shape::Number && token + 1 < heading.end && page.has(token + 1, Tag::OrdinalSuffix)).then_some(token + 2),
    })?;
    let names_meeting = page.dialogues_in(ordinal..heading.end).next().is_some()
        || (ordinal..heading.end).any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    if !names_meeting || title + 1 >= page.blocks.blocks.len() || page.block(title + 1).kind != BlockKind::Paragraph {
        return None;
    }
    let mut text = page.range(title + 1);
    let is_small =
        |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Opener | Tag::Connector | Tag::Of | Tag::Article | Tag::And));
    // A small word at its end wants the next paragraph.
    if title + 2 < page.blocks.blocks.len() && page.block(title + 2).kind == BlockKind::Paragraph && is_small(text.end - 1) {
        text.end = page.range(title + 2).end;
    }
    let long: Vec<usize> = text.clone().filter(|&token| page.is_word(token) && page.text(token).chars().count() >= 5).collect();
    let capitals = long.iter().filter(|&&token| page.token(token).shape == Shape::Capital).count();
    let is_other = |token: usize| {
        matches!(page.text(token), ":" | "@" | "|" | ";")
            || page.is_in_date(token)
            || page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::PublicationHead(_) | Tag::MeetingHead | Tag::City(_) | Tag::Country(_) | Tag::Organization(_) | Tag::PersonTitle | Tag::Held
                )
            })
    };
    let words = text.clone().filter(|&token| page.is_word(token)).count();
    (SUBTITLE.contains(&words) && capitals * 5 >= long.len() * 3 && !text.clone().any(is_other)).then_some((title, text))
}
