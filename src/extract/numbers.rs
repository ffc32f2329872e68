//! Numbers: digits with signs between them, words, and magnitudes, as one value.

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// A number of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Multiplied out: 2.5 million is 2500000.
    pub value: f64,
    pub tokens: Range<usize>,
    /// Whether a magnitude such as "million" is part of it.
    pub has_magnitude: bool,
    /// Whether it is written in digits.
    pub in_digits: bool,
}

/// The number that starts at a token.
#[must_use]
pub fn number_at(page: &Page<'_>, at: usize, end: usize) -> Option<Number> {
    let (mut value, mut next, in_digits) = match page.token(at).shape {
        Shape::Number => {
            let (value, next) = digits(page, at, end)?;
            (value, next, true)
        }
        _ => {
            let mark = page.mark(at, |tag| matches!(tag, Tag::Cardinal(_))).filter(|mark| mark.end <= end)?;
            let Tag::Cardinal(value) = mark.tag else { return None };
            (f64::from(value), mark.end, false)
        }
    };
    let mut has_magnitude = false;
    if next < end
        && let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::Magnitude(_))).filter(|mark| mark.end <= end)
    {
        let times = |at: u8| page.vocabulary().numbers.magnitudes.values().nth(usize::from(at));
        if let Tag::Magnitude(at) = mark.tag
            && let Some(&times) = times(at)
        {
            // Times a power of ten: rounding takes away what binary fractions add.
            value = (value * times as f64 * 100.0).round() / 100.0;
            next = mark.end;
            has_magnitude = true;
        }
    }
    // `2 million 210 thousand`
    if has_magnitude && let Some(rest) = smaller_part(page, next, end, value) {
        value += rest.value;
        next = rest.tokens.end;
    }
    if let Some(times) = short_magnitude(page, at, next, end).filter(|_| in_digits && !has_magnitude) {
        value = (value * times * 100.0).round() / 100.0;
        next += 1;
        has_magnitude = true;
    }
    Some(Number { value, tokens: at..next, has_magnitude, in_digits })
}

/// What a number with a magnitude goes on with: a smaller number with a smaller magnitude.
fn smaller_part(page: &Page<'_>, at: usize, end: usize, whole: f64) -> Option<Number> {
    let starts = at < end && page.token(at).shape == Shape::Number && page.gap_before(at) == " ";
    let rest = starts.then(|| number_at(page, at, end)).flatten()?;
    (rest.has_magnitude && rest.value < whole && rest.value.log10() < 6.0 && whole >= 1e6).then_some(rest)
}

/// A letter that stands for a magnitude right behind an amount of money: `€ 640k`, `1,1 M€`.
fn short_magnitude(page: &Page<'_>, first: usize, next: usize, end: usize) -> Option<f64> {
    let is_money = |token: usize| page.mark(token, |tag| tag == Tag::Currency).is_some();
    let beside_money = first > 0 && is_money(first - 1) || next + 1 < end && is_money(next + 1);
    let times = match (next < end).then(|| page.text(next))? {
        "k" | "K" => 1e3,
        "m" | "M" => 1e6,
        _ => return None,
    };
    (beside_money && (page.tokens.touches_previous(next) || page.gap_before(next) == " ")).then_some(times)
}

/// Digits in groups: `34,500`, `1.250.000`, `3 450`, `7.9`, `6,9`.
fn digits(page: &Page<'_>, at: usize, end: usize) -> Option<(f64, usize)> {
    let is_number = |token: usize| token < end && page.token(token).shape == Shape::Number;
    let mut groups = vec![page.text(at)];
    let mut signs: Vec<&str> = Vec::new();
    let mut next = at + 1;
    loop {
        let glued = next + 1 < end
            && matches!(page.text(next), "," | "." | "’" | "'")
            && is_number(next + 1)
            && page.tokens.touches_previous(next)
            && page.tokens.touches_previous(next + 1);
        if glued {
            signs.push(page.text(next));
            groups.push(page.text(next + 1));
            next += 2;
            continue;
        }
        let spaced = is_number(next)
            && page.gap_before(next) == " "
            && page.text(next).len() == 3
            && groups.last().is_some_and(|group| group.len() <= 3)
            && (groups.len() == 1 || signs.iter().all(|sign| *sign == " "));
        if spaced && !page.is_in_date(next) && !followed_by_digits(page, next, end) {
            signs.push(" ");
            groups.push(page.text(next));
            next += 1;
            continue;
        }
        break;
    }
    let (last, whole) = groups.split_last()?;
    let thousands = page.vocabulary().numbers.thousands.as_str();
    let is_decimal = match signs.as_slice() {
        [] => false,
        [.., before, sign] if before != sign => true,
        [" ", ..] => false,
        [sign] => !(last.len() == 3 && (*sign == thousands || matches!(*sign, "’" | "'") || thousands == " " && *sign == ".")),
        _ => last.len() != 3,
    };
    let text = if is_decimal { format!("{}.{last}", whole.concat()) } else { groups.concat() };
    (text.len() <= 20).then(|| text.parse().ok())?.map(|value| (value, next))
}

/// A group of three digits that is itself the start of a number with a decimal sign of another kind belongs to that number.
fn followed_by_digits(page: &Page<'_>, token: usize, end: usize) -> bool {
    token + 2 < end && page.text(token + 1) == "/" && page.tokens.touches_previous(token + 1)
}
