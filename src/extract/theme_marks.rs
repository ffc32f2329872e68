//! Marks of items: the numbers, letters and bullets that part a list, on lines of their own or side by side.
//!
//! In: a range of tokens. Out: its items, and where the text behind a mark begins. Nothing here asks what the list is of.

use std::ops::Range;

use super::page::Page;
use super::theme_items::LINE_WORDS;
use crate::model::gazetteer::{Shape, Tag};

/// Items side by side on a line: `›› A ›› B`, `i. A     ii. B`.
pub fn side_by_side(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let is_sign = |token: usize| matches!(page.text(token), "›" | "•" | "▪" | "►");
    // A number or letter behind a wide gap begins another item.
    let is_numbered = |token: usize| {
        token > range.start
            && page.gap_before(token).len() > 2
            && !page.gap_before(token).contains('\n')
            && over_marker(page, &(token..range.end)) > token
    };
    let starts: Vec<usize> = range.clone().filter(|&token| is_sign(token) || is_numbered(token)).collect();
    if starts.is_empty() {
        return vec![range.clone()];
    }
    let mut parts = Vec::new();
    let mut first = range.start;
    for token in starts.into_iter().chain([range.end]) {
        if (first..token).any(|token| page.is_word(token)) {
            parts.push(first..token);
        }
        first = if token < range.end && is_sign(token) { token + 1 } else { token };
    }
    parts
}

/// Fewest items behind bullets within a line.
const BULLETED: usize = 3;
/// Longest wording before the first of them, in tokens.
const LEAD: usize = 4;

/// `Priorities • A • B • C` within running text: the words before the first bullet, and the items behind each. A letter can stand for a bullet
/// where its glyph was lost.
#[must_use]
pub fn bulleted_run(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let is_bullet = |token: &usize| {
        matches!(page.text(*token), "•" | "▪" | "►" | "▸" | "✓" | "o")
            && *token > range.start
            && *token + 1 < range.end
            && (page.is_capital(*token + 1) || page.text(*token) != "o")
            && !page.tokens.touches_previous(*token)
            && !page.tokens.touches_previous(*token + 1)
    };
    let bullets: Vec<usize> = range.clone().filter(is_bullet).collect();
    let (first, last) = (*bullets.first()?, *bullets.last()?);
    let ends_line = page.line_starts_in(last..range.end).first().copied().unwrap_or(range.end);
    let ends = bullets.iter().skip(1).copied().chain([ends_line]);
    let items: Vec<Range<usize>> = bullets.iter().zip(ends).map(|(&bullet, end)| bullet + 1..end).collect();
    let is_short = |item: &Range<usize>| item.clone().filter(|&token| page.is_word(token)).count() <= LINE_WORDS;
    let lead = first.saturating_sub(LEAD).max(range.start)..first;
    let (closed, open) = items.split_at(items.len() - 1);
    let is_list = items.len() >= BULLETED && closed.iter().all(is_short) && page.is_word(first - 1);
    // The last goes on in the text behind the list, where it is long.
    let longest = closed.iter().map(Range::len).max().unwrap_or(0);
    is_list.then(|| (lead, closed.iter().chain(open.iter().filter(|item| item.len() <= 2 * longest)).cloned().collect()))
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
    let is_code = page.token(at).shape == Shape::Upper && text.len() <= 3
        || text.len() == 1 && page.is_capital(at) && at + 1 < range.end && page.tokens.touches_previous(at + 1);
    let short_name = is_code && at + 2 < range.end && page.token(at + 1).shape == Shape::Number;
    if short_name && (matches!(page.text(at + 2), "." | ":" | ")" | "–" | "-") || page.gap_before(at + 2).len() > 1) {
        let sign = usize::from(!page.is_word(at + 2));
        return (at + 2 + sign).min(range.end - 1);
    }
    // `first, to inform; second, to train`
    if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))).filter(|mark| mark.end + 1 < range.end && page.text(mark.end) == ",") {
        return mark.end + 1;
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
    // `1.1 Title`, `2.3.1`
    while next > end
        && next + 1 < range.end
        && page.token(next).shape == Shape::Number
        && page.tokens.touches_previous(next)
        && page.text(next).len() <= 2
    {
        next += 1;
        while next + 1 < range.end && is_sign(next) {
            next += 1;
        }
    }
    if (next > end || wide || number_and_name) && next < range.end && !page.is_in_date(at) { next } else { range.start }
}

/// The parts of an item with several letters or numbers in brackets: `(a) one; (b) two`.
#[must_use]
pub fn lettered(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let is_letter = |token: usize| page.text(token).len() == 1 && page.is_word(token) || page.token(token).shape == Shape::Number;
    let opens = |token: &usize| page.text(*token) == "(" && *token + 2 < range.end && is_letter(*token + 1) && page.text(*token + 2) == ")";
    let behind_sign = |token: &usize| *token == range.start || matches!(page.text(*token - 1), ";" | "," | ".") || page.has(*token - 1, Tag::And);
    let starts: Vec<usize> = range.clone().filter(opens).filter(behind_sign).collect();
    // The mark of the first is gone where it made the item.
    let starts = if starts.first() == Some(&range.start) { starts } else { std::iter::once(range.start).chain(starts).collect() };
    let ends = starts.iter().skip(1).copied().chain([range.end]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

/// Cut where a bullet was lost: behind an empty line that begins with an article, which no noun before it can go on with.
#[must_use]
pub fn at_lost_bullets(page: &Page<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let is_small = |token: usize| {
        page.text(token).len() <= 4
            || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Opener | Tag::Connector | Tag::Of | Tag::Article | Tag::And))
    };
    let begins =
        |token: &usize| is_behind_empty_line(page, *token) && page.has(*token, Tag::Article) && page.is_word(*token - 1) && !is_small(*token - 1);
    let mut parts = Vec::new();
    let mut first = range.start;
    for token in (range.start + 1..range.end).filter(begins).chain([range.end]) {
        parts.push(first..token);
        first = token;
    }
    parts
}

/// An item and those below it that stand on lines of their own: `Mobility`, `a. agreements`, `b. quotas`.
#[must_use]
pub fn with_subordinates(page: &Page<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let is_letter = |token: usize| page.text(token).len() == 1 && page.token(token).shape == Shape::Lower;
    let is_mark = |token: usize| {
        let sign = token + 1;
        is_letter(token) && sign + 1 < range.end && matches!(page.text(sign), "." | ")") && page.tokens.touches_previous(sign)
            || matches!(page.text(token), "–" | "•" | "▪" | "◦" | "○" | "‣") && token + 1 < range.end
    };
    let starts = page.line_starts_in(range.start + 1..range.end).iter().copied().filter(|&token| is_mark(token));
    let starts: Vec<usize> = std::iter::once(range.start).chain(starts).collect();
    let ends = starts.iter().skip(1).copied().chain([range.end]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

/// Whether an empty line stands before a token in the file.
fn is_behind_empty_line(page: &Page<'_>, token: usize) -> bool {
    let line = |token: usize| page.document.line_of(page.blocks.map.to_file(page.token(token).span).start);
    page.gap_before(token).contains('\n') && line(token) > line(token - 1) + 1
}
