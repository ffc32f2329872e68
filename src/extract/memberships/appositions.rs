//! Appositions: a holder and a role side by side, with signs between them and no verb: `A, Chair in 2015`, `the co-chairs, A and B,`,
//! `Chair (2017: A, 2018: B)`.

use std::ops::Range;

use super::links::is_said;
use super::prose::parties_before;
use super::terms::{Term, over_term, term};
use super::turns::is_held;
use super::{Role, of_working_group, record};
use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;

/// Most small words between a role and the sign beside it.
const SMALL: usize = 4;
/// Longest bracket behind a role, in tokens.
const BRACKET: usize = 60;

/// Roles of a range whose holders stand in apposition to them.
pub fn from_appositions(page: &Page<'_>, block: usize, range: &Range<usize>, drafts: &mut Vec<Draft>) {
    let is_role = |tag: Tag| matches!(tag, Tag::Role(_));
    let mut end = range.start;
    for token in page.begins(range, is_role) {
        let Some(mark) = page.mark(token, is_role).filter(|mark| token >= end && mark.end <= range.end) else { continue };
        let words = mark.first..mark.end;
        end = mark.end;
        let Tag::Role(index) = mark.tag else { continue };
        if page.is_within_dialogue(&words) {
            continue;
        }
        let name = page.vocabulary().roles.role[index as usize].role.clone();
        let span = page.span(&words);
        let role = of_working_group(page, block, Role { name, words: span, text: page.value(span), group: None, party: None });
        if !is_held(&role) {
            continue;
        }
        let before = holders_before(page, range, &words, &role);
        let found = before.or_else(|| holders_behind(page, range, &words)).or_else(|| holders_in_bracket(page, range, &words, &role));
        let Some(dialogue) = found.is_some().then(|| of_statement(page, block, range, words.start)).flatten() else { continue };
        for (party, dates) in found.into_iter().flatten() {
            if !is_said(page, &party, &role, drafts) {
                drafts.push(record(page, Some(dialogue), &role, &party, dates, "memberships/apposition"));
            }
        }
    }
}

type Holders = Vec<(Mention, Term)>;

/// `A, Chair in 2015,`, `A and B, co-chairs of the Process for 2017-2018,`: a role with its dates, between two signs.
fn holders_before(page: &Page<'_>, range: &Range<usize>, words: &Range<usize>, role: &Role) -> Option<Holders> {
    let is_small = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Article | Tag::LinkWord | Tag::Filler));
    let first = (range.start..words.start).rev().take(SMALL).find(|&token| !is_small(token))?;
    if page.text(first) != "," {
        return None;
    }
    let dates = dates_behind(page, words.end, range.end, role);
    if dates.start.is_none() && dates.end.is_none() {
        return None;
    }
    let mut found = parties_before(page, range.start, first)?;
    if !is_plural(page, words) {
        found = found.pop().into_iter().collect();
    }
    let counts = found.iter().all(|party| party.kind == Kind::State) && found.last().is_some_and(|party| party.end == first);
    counts.then(|| found.into_iter().map(|party| (party, dates)).collect())
}

/// The term that the rest of the clause behind a role states, where it states nothing else: `Chair of the Process since 2013`.
pub fn dates_behind(page: &Page<'_>, at: usize, end: usize, role: &Role) -> Term {
    let first = over_dialogue(page, at, end);
    let tail = first..end_of_clause(page, first, end);
    let goes_with = |tag: Tag| {
        matches!(
            tag,
            Tag::Since | Tag::Until | Tag::PlacePreposition | Tag::Through | Tag::Of | Tag::Article | Tag::LinkWord | Tag::Filler | Tag::Connector
        )
    };
    let is_small = |token: usize| page.tokens.marks_at(token).any(|mark| goes_with(mark.tag));
    let says_more = |token: usize| page.is_word(token) && !page.is_in_date(token) && !is_small(token);
    if tail.clone().any(says_more) { Term::default() } else { term(page, tail, role) }
}

/// `the outgoing Chair, A (2008-2009),`, `the co-chairs, A and B,`: the holders between two commas behind the role.
fn holders_behind(page: &Page<'_>, range: &Range<usize>, words: &Range<usize>) -> Option<Holders> {
    let from = over_dialogue(page, words.end, range.end);
    // `the President for 2009, A, opened`
    let goes_with =
        |token: usize| page.is_in_date(token) || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::PlacePreposition));
    let comma = (from..range.end.min(from + SMALL)).find(|&token| !goes_with(token)).unwrap_or(from);
    let dated = page.dates_in(from..comma).next().map_or(Term::default(), |date| turn(page, date.tokens.clone()));
    if comma + 1 >= range.end || page.text(comma) != "," {
        return None;
    }
    let (found, after) = parties::list_at(page, comma + 1, range.end);
    let closes = after >= range.end || matches!(page.text(after), "," | "." | ")" | ";");
    let as_many = if is_plural(page, words) { found.len() >= 2 } else { found.len() == 1 };
    let is_told = words.start > range.start && page.is_word(words.start - 1) && page.token(words.start).shape != Shape::Upper;
    if !closes || !as_many || !is_told || found.iter().any(|party| party.kind != Kind::State) {
        return None;
    }
    Some(found.into_iter().map(|party| (party.clone(), party.note.map_or(dated, |note| turn(page, note)))).collect())
}

/// `Chair (2017: A, 2018: B)`, `Chair (currently A)`: a bracket of holders and dates behind the role, and nothing else in it.
fn holders_in_bracket(page: &Page<'_>, range: &Range<usize>, words: &Range<usize>, role: &Role) -> Option<Holders> {
    let is_small = |token: &usize| page.token(*token).shape == Shape::Lower;
    let from = over_dialogue(page, words.end, range.end);
    let open = (from..range.end.min(from + SMALL)).find(|token| !is_small(token)).filter(|&token| page.text(token) == "(")?;
    let close = (open + 1..range.end.min(open + BRACKET)).find(|&token| page.text(token) == ")")?;
    let beside = |token: usize| page.tokens.marks_at(token).find(|mark| matches!(mark.tag, Tag::LinkWord | Tag::Filler)).map(|mark| mark.end);
    let mut found = Holders::new();
    for part in parts(page, open + 1..close) {
        let mut at = over_term(page, part.start, part.end);
        while let Some(next) = beside(at).filter(|next| *next <= part.end && !page.is_capital(at)) {
            at = next;
        }
        let party = parties::party_at(page, at, part.end).filter(|party| party.kind == Kind::State && party.name.start == at)?;
        if !(party.end..part.end).all(|token| page.is_in_date(token) || !page.is_word(token) || page.has(token, Tag::Since)) {
            return None;
        }
        let dates = term(page, part, role);
        found.push((party, dates));
    }
    Some(found).filter(|found| !found.is_empty())
}

/// `2017: A, 2018: B`, `A; B`: the parts of a bracket, a date and a holder each.
fn parts(page: &Page<'_>, inner: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut first = inner.start;
    for token in inner.clone() {
        if matches!(page.text(token), ";" | "," | "/" | "→") && !page.is_in_date(token) {
            parts.push(first..token);
            first = token + 1;
        }
    }
    parts.push(first..inner.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The term that a bracket behind a holder states.
fn turn(page: &Page<'_>, note: Range<usize>) -> Term {
    let mut dates = page.dates_in(note).map(|date| (date.period, page.span(&date.tokens)));
    let first = dates.next();
    Term { start: first, end: dates.last().or(first) }
}

/// Over `of the Process` behind a role.
pub fn over_dialogue(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end && (page.has(next, Tag::Of) || page.has(next, Tag::Article)) {
        next += 1;
    }
    if next == at {
        return at;
    }
    let named = page.dialogues_in(next..end).find(|(tokens, _)| tokens.start == next).map(|(tokens, _)| tokens.end);
    let noun = || page.mark(next, |tag| tag.is_titled_head()).map(|mark| mark.end);
    let Some(after) = named.or_else(noun).filter(|after| *after <= end) else { return at };
    // Its acronym in brackets.
    if after + 2 < end && page.text(after) == "(" && page.text(after + 2) == ")" { after + 3 } else { after }
}

/// Where the clause that begins at a token ends: at the next sign that parts clauses.
fn end_of_clause(page: &Page<'_>, at: usize, end: usize) -> usize {
    (at..end).find(|&token| matches!(page.text(token), "," | ";" | "." | ")" | ":") && !page.is_in_date(token)).unwrap_or(end)
}

fn is_plural(page: &Page<'_>, words: &Range<usize>) -> bool {
    page.text(words.end - 1).to_lowercase().ends_with('s')
}
