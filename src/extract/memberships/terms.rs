//! Terms: from when to when somebody has a role, as dates beside the name say.

use std::ops::Range;

use super::Role;
use crate::extract::dates::DateMention;
use crate::extract::page::Page;
use crate::extract::parties::{self, Mention};
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
            // `from 2014 to 2016`
            let is_range = page.is_in_date(date.tokens.start + 2) && date.period.reduced_start() != date.period.reduced_end();
            if is_range && by_turns && date.tokens.len() > 2 {
                found.end.get_or_insert((date.period, span));
            }
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

/// The term of one of those whom a sentence names as holders of a role: `chaired by A from 2014 to 2016, by B until 2018`.
///
/// What stands between a holder and the next is said of that one; a date elsewhere holds where the sentence has no other.
pub fn own_term(page: &Page<'_>, sentence: &Range<usize>, party: &Mention, role: &Role) -> Term {
    if let Some(note) = party.note.clone().filter(|note| page.dates_in(note.clone()).next().is_some()) {
        return term(page, note, role);
    }
    // Those who hold it together share what is said behind the last of them.
    let clause = (party.end..sentence.end).find(|&token| matches!(page.text(token), ";" | ")")).unwrap_or(sentence.end);
    let (found, last) = parties::list_at(page, party.name.start, clause);
    // `the co-chairs A and B (2017-2018)`
    let joint =
        found.last().and_then(|last| last.note.clone()).filter(|note| role.name == "co_chair" && page.dates_in(note.clone()).next().is_some());
    if let Some(note) = joint.filter(|_| found.len() == 2) {
        return term(page, note, role);
    }
    let last = last.max(party.end);
    let ends =
        |token: &usize| page.text(*token) == ";" || page.is_capital(*token) && page.mark(*token, |tag| matches!(tag, Tag::Country(_))).is_some();
    let behind = last..(last..sentence.end).find(ends).unwrap_or(sentence.end);
    let first = page.dates_in(behind.clone()).next();
    // `chaired by A, and in 2015 by B`: the date of the next.
    let is_of_next = |date: usize| (behind.start..date).any(|token| page.has(token, Tag::And));
    if first.is_some_and(|date| !is_of_next(date.tokens.start)) {
        return term(page, behind, role);
    }
    let before = (sentence.start..party.name.start).rev().find(ends).map_or(sentence.start, |token| token + 1)..party.name.start;
    // `In 2013 it was chaired by A`, but not `set up in 2002 and is chaired by A`.
    let is_of_clause = |date: &DateMention| {
        let says_other = (date.tokens.end..before.end).any(|token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some());
        date.tokens.start <= sentence.start + 2 || !says_other
    };
    if page.dates_in(before.clone()).next().is_some_and(is_of_clause) { term(page, before, role) } else { Term::default() }
}

/// A name that starts with a date or a bracketed year: `2012: A`, `2010–2011 – B`.
pub fn over_term(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    // `since 2018: A`
    let says_since = page.tokens.marks_at(at.min(end)).find(|mark| mark.tag == Tag::Since && mark.end < end && page.is_in_date(mark.end));
    if let Some(since) = says_since.filter(|_| at < end) {
        next = since.end;
    }
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
