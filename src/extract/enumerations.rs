//! Enumerations: the parts of a list within a sentence.
//!
//! In: a range of tokens. Out: its parts: behind numbers in brackets, between semicolons, bars or bullets, or between commas where all of
//! them are short. A sign within brackets parts nothing.

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// Longest item of an enumeration within a sentence, in words.
pub const PART_WORDS: usize = 14;

/// `1) A, 2) B`, `[1] A [2] B`, `a) A; b) B`: parts behind numbers or letters that count up; none where they do not, or the first stands late.
pub fn counted_up(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    const LETTERS: &str = "abcdefghijkl";
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for close in value.clone().filter(|&token| matches!(page.text(token), ")" | "]")) {
        let Some(number) = close.checked_sub(1).filter(|&number| number >= value.start && page.tokens.touches_previous(close)) else { continue };
        let wanted = marks.len();
        let is_next = page.text(number).parse() == Ok(wanted + 1) || page.text(number) == &LETTERS[wanted.min(11)..(wanted + 1).min(12)];
        let opens = number > value.start && matches!(page.text(number - 1), "(" | "[");
        if is_next {
            marks.push((number - usize::from(opens), close + 1));
        }
    }
    if marks.len() < 2 || marks[0].0 > value.start {
        return Vec::new();
    }
    let ends = marks.iter().skip(1).map(|(start, _)| *start).chain([value.end]);
    let parts = marks.iter().zip(ends).map(|((_, first), end)| *first..end);
    parts.map(|part| without_sign(page, part)).filter(|part| !part.is_empty()).collect()
}

fn without_sign(page: &Page<'_>, mut part: Range<usize>) -> Range<usize> {
    while part.len() > 1 && (matches!(page.text(part.end - 1), "," | ";") || page.has(part.end - 1, Tag::And)) {
        part.end -= 1;
    }
    part
}

/// A value behind a label without what stands behind it: another sentence, or a line that begins anew.
#[must_use]
pub fn bounded(page: &Page<'_>, value: Range<usize>) -> Range<usize> {
    let sentence = page.sentences(value.clone()).into_iter().next().unwrap_or(value);
    let is_joint = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Connector | Tag::Of | Tag::Article));
    let opens = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Opener | Tag::Article | Tag::Pointer));
    let is_name = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Demonym(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_) | Tag::Region);
    // Parts in small letters do not go on with a capital, but in a name.
    let is_small = page.token(sentence.start).shape == Shape::Lower;
    let begins = |start: &usize| {
        let before = *start - 1;
        let ends_part = page.token(before).shape == Shape::Lower && !is_joint(before);
        let anew = opens(*start) || is_small && page.mark(*start, is_name).is_none() && page.token(*start).shape == Shape::Capital;
        page.is_capital(*start) && ends_part && anew
    };
    if sentence.is_empty() {
        return sentence;
    }
    let starts = page.line_starts_in(sentence.start + 1..sentence.end);
    // The last line may go on with a label of its own.
    let has_label = |start: &usize| {
        let block = page.range(page.block_of(*start));
        let end = page.line_starts_in(*start + 1..block.end).first().copied().unwrap_or(block.end);
        sentence.end < end && page.colon_in(&(sentence.end..end)).is_some()
    };
    let end = starts.iter().copied().find(begins).or_else(|| starts.last().copied().filter(has_label));
    sentence.start..end.unwrap_or(sentence.end)
}

/// Parts of an enumeration with semicolons or numbers in brackets; one part where it has neither.
pub fn enumeration(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let counted = counted_up(page, value);
    if counted.len() > 1 {
        return counted;
    }
    let numbers: Vec<usize> = value
        .clone()
        .filter(|&token| {
            matches!(page.text(token), "(" | "[")
                && token + 2 < value.end
                && matches!(page.text(token + 2), ")" | "]")
                && (page.token(token + 1).shape == Shape::Number || page.text(token + 1).len() <= 3 && page.token(token + 1).shape == Shape::Lower)
        })
        .collect();
    if numbers.len() >= 2 && numbers[0] <= value.start + 1 {
        let ends = numbers.iter().skip(1).copied().chain([value.end]);
        return numbers.iter().zip(ends).map(|(&start, end)| start + 3..end).filter(|part| !part.is_empty()).collect();
    }
    let bars = split(page, value.clone(), &["|", "•", "·"]);
    if bars.len() > 1 {
        return bars;
    }
    let semicolons = split(page, value.clone(), &[";"]);
    if semicolons.len() > 1 { with_last_two(page, semicolons) } else { slashes(page, value) }
}

/// `A; B, and C`: the last two of an enumeration, parted by another sign than the others.
fn with_last_two(page: &Page<'_>, mut parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let Some(last) = parts.pop() else { return parts };
    let commas: Vec<usize> = last.clone().filter(|&token| page.text(token) == ",").collect();
    match commas.as_slice() {
        [comma] if *comma > last.start && comma + 2 < last.end && page.has(comma + 1, Tag::And) => {
            parts.extend([last.start..*comma, comma + 2..last.end])
        }
        _ => parts.push(last),
    }
    parts
}

/// Parts between slashes with a space on either side; one within a word parts nothing.
fn slashes(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let is_apart = |token: &usize| {
        page.text(*token) == "/" && !page.tokens.touches_previous(*token) && *token + 1 < value.end && !page.tokens.touches_previous(*token + 1)
    };
    let mut first = value.start;
    let mut parts = Vec::new();
    for token in value.clone().filter(is_apart).chain([value.end]) {
        if first < token {
            parts.push(first..token);
        }
        first = token + 1;
    }
    parts
}

/// Parts of a plain enumeration with commas and a last `and`: `A, B and C`, where the label speaks of several.
pub fn commas(page: &Page<'_>, value: &Range<usize>, plural: bool) -> Vec<Range<usize>> {
    let parts = split(page, value.clone(), &[","]);
    if !plural || parts.len() < 2 {
        return vec![value.clone()];
    }
    let mut list: Vec<Range<usize>> = Vec::new();
    let last = parts.len() - 1;
    for (at, part) in parts.into_iter().enumerate() {
        let opens = page.has(part.start, Tag::And);
        let and = (part.start..part.end).rev().find(|&token| !opens && page.has(token, Tag::And) && token > part.start && token + 1 < part.end);
        match and.filter(|_| at == last) {
            Some(and) => list.extend([part.start..and, and + 1..part.end]),
            None => list.push(part),
        }
    }
    let short = list.iter().all(|part| part.clone().filter(|&token| page.is_word(token)).count() <= PART_WORDS);
    if short { list } else { vec![value.clone()] }
}

/// The bracket that closes the one at a token; the end where it is none.
pub fn closing(page: &Page<'_>, open: usize, end: usize) -> Option<usize> {
    if page.text(open) != "(" {
        return Some(end);
    }
    let mut depth = 0;
    for token in open..end {
        match page.text(token) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(token);
        }
    }
    None
}

/// Parts of a range at signs outside of brackets.
pub fn split(page: &Page<'_>, range: Range<usize>, signs: &[&str]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut first, mut depth) = (range.start, 0);
    for token in range.clone() {
        match page.text(token) {
            "(" => depth += 1,
            // One without an opening bracket stands behind a letter or number: `a) A; b) B`.
            ")" if depth > 0 => depth -= 1,
            sign if depth == 0 && signs.contains(&sign) => {
                parts.push(first..token);
                first = token + 1;
            }
            _ => {}
        }
    }
    parts.push(first..range.end);
    parts.retain(|part| part.clone().any(|token| page.is_word(token)));
    parts
}
