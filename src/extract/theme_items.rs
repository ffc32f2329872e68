//! Items: which parts of a list, a paragraph or a row under a heading of themes are its items.
//!
//! In: a block. Out: its items, without the numbers and letters that they begin with. Nothing here asks what the heading says.

use std::ops::Range;

use super::page::Page;
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
        return row_item(page, block).into_iter().collect();
    }
    let parts = side_by_side(page, &range);
    if parts.len() > 1 {
        return parts;
    }
    let numbered = over_marker(page, &range);
    if numbered > range.start && numbered < range.end && page.dates_in(range.clone()).next().is_none_or(|date| date.tokens.start > numbered) {
        // Numbered lines, or a numbered paragraph.
        let lines = page.lines(block);
        let each = lines.len() > 1 && lines.iter().all(|line| over_marker(page, line) > line.start);
        return if each { lines } else { vec![range] };
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
            && (page.is_capital(line.start) || quoted(line))
            && !matches!(page.text(line.end - 1), "." | ":" | "?" | ",")
            && page.dates_in(line.clone()).all(|date| date.period.precision == Precision::Year && date.tokens.end < line.end)
    };
    if lines.iter().all(is_item) { lines } else { Vec::new() }
}

/// The cell of a row that is an item: the one behind its number, or the only one with words.
fn row_item(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
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
    match cells.as_slice() {
        [label, item, ..] if cells.len() <= 3 && is_label(label) => Some(item.clone()),
        [item] => Some(item.clone()),
        _ => None,
    }
}

/// Items side by side on a line: `›› A ›› B`.
pub fn side_by_side(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let is_sign = |token: usize| matches!(page.text(token), "›" | "•" | "▪" | "►");
    if range.clone().filter(|&token| is_sign(token)).count() == 0 {
        return vec![range.clone()];
    }
    let mut parts = Vec::new();
    let mut first = range.start;
    for token in range.clone().filter(|&token| is_sign(token)).chain([range.end]) {
        if (first..token).any(|token| page.is_word(token)) {
            parts.push(first..token);
        }
        first = token + 1;
    }
    parts
}

/// Behind the number, letter or ordinal that an item begins with: `(1)`, `2 –`, `A  `, `IV.`, `PRIMERO.-`, `1.º`.
pub fn over_marker(page: &Page<'_>, range: &Range<usize>) -> usize {
    let mut at = range.start;
    let is_sign = |token: usize| matches!(page.text(token), "." | ")" | "-" | "–" | "—" | "]" | "º" | "ª" | "°" | ":" | "#" | "/");
    while at < range.end && matches!(page.text(at), "(" | "[" | "#" | "–" | "—" | "-" | "›" | "»" | "•" | "·") {
        at += 1;
    }
    if at >= range.end {
        return range.start;
    }
    let text = page.text(at);
    // `TR 1.`, `SG2`: a short name and a number.
    let short_name = page.token(at).shape == Shape::Upper && text.len() <= 3 && at + 2 < range.end && page.token(at + 1).shape == Shape::Number;
    if short_name && (matches!(page.text(at + 2), "." | ":" | ")" | "–" | "-") || page.gap_before(at + 2).len() > 1) {
        let sign = usize::from(!page.is_word(at + 2));
        return (at + 2 + sign).min(range.end - 1);
    }
    let is_letter = text.chars().count() == 1 && page.is_word(at);
    let is_roman = text.len() <= 5 && text.chars().all(|letter| "IVXivx".contains(letter));
    let end = match page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))) {
        Some(mark) => mark.end,
        None if page.token(at).shape == Shape::Number && text.len() <= 2 || is_letter || is_roman => at + 1,
        None => return if at > range.start && !matches!(page.text(range.start), "(" | "[") { at } else { range.start },
    };
    let wide = end < range.end && page.gap_before(end).len() > 1;
    let number_and_name = page.token(at).shape == Shape::Number && end < range.end && page.is_capital(end) && !page.is_in_date(at);
    let mut next = end;
    while next < range.end && is_sign(next) {
        next += 1;
    }
    if (next > end || wide || number_and_name) && next < range.end && !page.is_in_date(at) { next } else { range.start }
}

/// Whether a section holds nothing but short headings and lines from its heading up to a block.
pub fn lists_headings(page: &Page<'_>, heading: usize, upto: usize) -> bool {
    let first_is_heading = heading + 1 == upto || page.block(heading + 1).kind == BlockKind::Heading;
    let short = (heading + 1..upto).all(|at| match page.block(at).kind {
        BlockKind::Heading => true,
        BlockKind::Paragraph => page.range(at).len() <= LINE_WORDS,
        _ => false,
    });
    first_is_heading || short
}
