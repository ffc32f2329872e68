//! Parts of a count: `50 States (28 EU, 4 Schengen and 18 others)`, `28 + 11 = 39 States`: numbers that add up to one.

use std::ops::Range;

use super::{Counted, number_at};
use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;

/// Longest such bracket, and longest sum, in tokens.
const BRACKET: usize = 60;
const SUM: usize = 16;

/// The parts that the bracket or colon right behind a count names, one record each, where they add up to it.
pub fn of_total(page: &Page<'_>, range: &Range<usize>, counted: &Counted, total: &Draft) -> Vec<Draft> {
    let open = counted.end;
    if open >= range.end || !matches!(page.text(open), "(" | ":" | "," | "–") {
        return Vec::new();
    }
    if matches!(page.text(open), "," | "–") {
        return behind_comma(page, range, counted, total);
    }
    let close = (open + 1..range.end.min(open + BRACKET)).find(|&token| matches!(page.text(token), ")" | ":" | "."));
    let inner = open + 1..close.unwrap_or(range.end.min(open + BRACKET));
    // What a label in the next line says is none of them: `39: 28 of the north + 11 of the south / Observers: 7`.
    let is_label =
        |token: &usize| page.gap_before(*token).contains('\n') && (*token..range.end.min(*token + LABEL)).any(|sign| page.text(sign) == ":");
    let inner = inner.start..inner.clone().find(is_label).filter(|_| page.text(open) == ":").unwrap_or(inner.end);
    of_stretch(page, &inner, counted, total)
}

/// `57 States, of which 28 are European and 29 African`: parts behind a comma and a few small words, up to the end of the sentence.
fn behind_comma(page: &Page<'_>, range: &Range<usize>, counted: &Counted, total: &Draft) -> Vec<Draft> {
    let first = counted.end + 1;
    let Some(number) = page
        .number_from(&(first..range.end.min(first + SMALL)))
        .filter(|&number| (first..number).all(|token| page.token(token).shape == Shape::Lower))
    else {
        return Vec::new();
    };
    let end = (number..range.end.min(number + BRACKET))
        .find(|&token| matches!(page.text(token), "." | ";" | ":" | ")"))
        .unwrap_or(range.end.min(number + BRACKET));
    of_stretch(page, &(number..end), counted, total)
}

/// Longest label with its colon, in tokens.
const LABEL: usize = 4;

/// Most small words before such parts, in tokens.
const SMALL: usize = 5;

/// The parts that a stretch names, where they add up to the count.
fn of_stretch(page: &Page<'_>, inner: &Range<usize>, counted: &Counted, total: &Draft) -> Vec<Draft> {
    let parts = numbers(page, inner);
    if parts.len() < 2 || parts.iter().map(|(value, _)| value).sum::<i64>() != counted.value {
        return Vec::new();
    }
    let part = |(at, (value, number)): (usize, &(i64, Range<usize>))| {
        let next = parts.get(at + 1).map_or(inner.end, |(_, next)| next.start);
        let end = (number.end..next).find(|&token| matches!(page.text(token), "," | ";" | "+") || page.has(token, Tag::And)).unwrap_or(next);
        let span = page.span(number);
        let mut draft = Draft::new("stated_counts", "stated_counts/part").with("value", *value, span);
        for column in ["dialogue", "role"] {
            if let (Some(text), Some(&from)) = (total.text(column), total.spans(column).first()) {
                draft = draft.with(column, text, if column == "role" { span } else { from });
            }
        }
        draft = draft.derived("party", total.text("party").unwrap_or("state"));
        if number.end < end { draft.with("group", page.value_of(&(number.end..end)), page.span(&(number.end..end))) } else { draft }
    };
    parts.iter().enumerate().map(part).collect()
}

/// The numbers of a stretch that begin its entries.
fn numbers(page: &Page<'_>, inner: &Range<usize>) -> Vec<(i64, Range<usize>)> {
    let begins = |token: usize| {
        token == inner.start || matches!(page.text(token - 1), "," | ";" | "+" | "(") || page.mark(token - 1, |tag| tag == Tag::And).is_some()
    };
    let number = |token: usize| {
        let (value, next) = number_at(page, token, inner.end).filter(|_| begins(token) && !page.is_in_date(token))?;
        Some((value, token..next))
    };
    inner.clone().filter_map(number).collect()
}

/// `28 European + 11 Asian = `: whether a number stands behind a sum that comes to it.
pub fn is_sum(page: &Page<'_>, range: &Range<usize>, counted: &Counted) -> bool {
    let at = counted.number.start;
    if at <= range.start || page.text(at - 1) != "=" {
        return false;
    }
    let summed = at.saturating_sub(SUM).max(range.start)..at - 1;
    let is_number = |token: &usize| page.token(*token).shape == Shape::Number;
    let values = || summed.clone().filter(is_number).filter_map(|token| page.text(token).parse::<i64>().ok());
    summed.clone().any(|token| page.text(token) == "+") && values().sum::<i64>() == counted.value
}
