//! Ordinals of meetings: in words, digits or Roman numerals, before or behind the noun.

use std::ops::Range;

use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// An ordinal in words, digits or Roman numerals: its value and the token behind it.
#[must_use]
pub fn ordinal_at(page: &Page<'_>, at: usize, end: usize) -> Option<(i64, usize)> {
    if at >= end {
        return None;
    }
    if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))) {
        let Tag::Ordinal(value) = mark.tag else { return None };
        // `SEXTO. Aceptar ...` numbers a paragraph.
        let is_number = mark.end < end && matches!(page.text(mark.end), "." | ")" | "-" | ":") && page.tokens.touches_previous(mark.end);
        return (!is_number || page.mark(mark.end + 1, |tag| tag == Tag::MeetingHead).is_some()).then_some((i64::from(value), mark.end));
    }
    if page.token(at).shape == Shape::Number && page.text(at).len() <= 2 && at + 1 < end {
        // `2.º Encuentro`
        let suffix = at + 1 + usize::from(page.text(at + 1) == "." && at + 2 < end && page.tokens.touches_previous(at + 2));
        let suffixed = page.tokens.touches_previous(suffix) && (page.has(suffix, Tag::OrdinalSuffix) || matches!(page.text(suffix), "º" | "ª" | "°"));
        return suffixed.then(|| page.text(at).parse().ok().map(|value| (value, suffix + 1)))?;
    }
    if !page.is_capital(at) {
        return None;
    }
    if let Some(value) = suffixed_roman(page, at) {
        return Some((value, at + 1));
    }
    let may_be_roman = is_roman_shape(page, at) && at + 1 < end && page.is_capital(at + 1) && page.text(at).len() <= 5;
    if may_be_roman { roman(page.text(at)).map(|value| (value, at + 1)) } else { None }
}

/// A number behind the noun of a meeting: `Plenary II`, `Meeting #3`, `Round 7`.
#[must_use]
pub fn ordinal_behind(page: &Page<'_>, at: usize, end: usize) -> Option<(i64, Range<usize>)> {
    let mut first = at;
    while first < end
        && first < at + 3
        && (matches!(page.text(first), "#" | "." | "º" | "°") || matches!(page.text(first), "No" | "Nº" | "no" | "n" | "N"))
    {
        first += 1;
    }
    if first >= end || page.is_in_date(first) {
        return None;
    }
    let stands_free = first + 1 >= end || !page.tokens.touches_previous(first + 1) || matches!(page.text(first + 1), "," | ")" | ":" | ";" | ".");
    let value = match page.token(first).shape {
        Shape::Number if page.text(first).len() <= 2 => page.text(first).parse().ok(),
        _ if is_roman_shape(page, first) => roman(page.text(first)),
        _ => None,
    };
    value.filter(|_| stands_free).map(|value| (value, first..first + 1))
}

/// A Roman numeral that stands alone.
#[must_use]
pub fn lone_roman(page: &Page<'_>, at: usize) -> Option<i64> {
    if is_roman_shape(page, at) { roman(page.text(at)) } else { suffixed_roman(page, at) }
}

fn is_roman_shape(page: &Page<'_>, at: usize) -> bool {
    page.token(at).shape == Shape::Upper || page.text(at).len() == 1 && page.is_capital(at)
}

/// `IIe`, `Ire`: a Roman numeral with its ending in one word.
fn suffixed_roman(page: &Page<'_>, at: usize) -> Option<i64> {
    let text = page.text(at);
    let split = text.find(|letter: char| !"IVX".contains(letter)).filter(|&split| split > 0 && page.is_capital(at) && !page.has(at, Tag::Article))?;
    let (number, suffix) = text.split_at(split);
    let is_suffix = page.vocabulary().numbers.ordinal_suffixes.iter().any(|known| known == suffix);
    roman(number).filter(|_| is_suffix)
}

fn roman(text: &str) -> Option<i64> {
    let digit = |letter: char| match letter {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let digits: Option<Vec<i64>> = text.chars().map(digit).collect();
    let digits = digits.filter(|digits| !digits.is_empty())?;
    let value = digits.iter().enumerate().map(|(at, value)| if digits.get(at + 1).is_some_and(|next| next > value) { -value } else { *value }).sum();
    (1..=60).contains(&value).then_some(value)
}
