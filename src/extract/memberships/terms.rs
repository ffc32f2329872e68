//! Terms: from when to when somebody has a role, as dates beside the name say.

use std::ops::Range;

use super::Role;
use crate::extract::page::Page;
use crate::model::date::Period;
use crate::model::gazetteer::Tag;
use crate::model::span::Span;

/// First and last day of a term as stated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    pub start: Option<(Period, Span)>,
    pub end: Option<(Period, Span)>,
}

/// The term that dates in a stretch of text state: a range, a year, from a day on or up to a day.
pub fn term(page: &Page<'_>, range: Range<usize>, role: &Role) -> Term {
    let mut found = Term::default();
    let by_turns = role.goes_round();
    let dates: Vec<_> = page.dates_in(range.clone()).collect();
    for (at, date) in dates.iter().enumerate() {
        let span = page.span(&date.tokens);
        let before = |of: fn(Tag) -> bool| {
            let first = date.tokens.start;
            (first.saturating_sub(2).max(range.start)..first).any(|token| page.tokens.marks_at(token).any(|mark| of(mark.tag) && mark.end == first))
        };
        let open_end = date.tokens.end < range.end
            && matches!(page.text(date.tokens.end), "-" | "–" | "—")
            && (date.tokens.end + 1 == range.end
                || !page.is_in_date(date.tokens.end + 1) && matches!(page.text(date.tokens.end + 1), ")" | "]" | "," | ";"));
        if before(|tag| tag == Tag::Until) && !(at == 0 && before(|tag| tag == Tag::Since)) {
            found.end = Some((date.period, span));
        } else if before(|tag| tag == Tag::Since) || open_end || !by_turns {
            found.start.get_or_insert((date.period, span));
        } else if found.start.is_none() {
            found.start = Some((date.period, span));
            found.end = Some((date.period, span));
        }
    }
    // `chaired by A until 2012 and by B from 2013`: the second date is of another term.
    if let (Some((start, _)), Some((end, _))) = (&found.start, &found.end)
        && start.start > end.end
    {
        found.start = None;
    }
    found
}

/// A name that starts with a date or a bracketed year: `2012: A`, `2010–2011 – B`.
pub fn over_term(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    loop {
        if let Some(date) = page.dates_in(next..end).next().filter(|date| date.tokens.start == next) {
            next = date.tokens.end;
        } else if next < end && next > at && matches!(page.text(next), ":" | "–" | "-" | "—" | "," | ")" | ".")
            || next < end && next + 1 < end && page.text(next) == "(" && page.is_in_date(next + 1)
        {
            next += 1;
        } else {
            return next;
        }
    }
}

/// Splits `2012: A; 2013: B` or `A (2012), B (2013)` at semicolons.
pub fn split_terms(page: &Page<'_>, value: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut first = value.start;
    for token in value.clone() {
        if page.text(token) == ";" {
            parts.push(first..token);
            first = token + 1;
        }
    }
    parts.push(first..value.end);
    parts.retain(|part| !part.is_empty());
    parts
}
