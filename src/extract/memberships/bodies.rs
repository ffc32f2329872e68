//! Bodies: names behind a label that says that bodies follow, be they known or not: `Member companies: A · B & C · D`.
//!
//! In: the value of such a label. Out: its entries, where each of them reads as a name. What parts them is the sign that the list uses.

use std::ops::Range;

use super::is_known;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::model::gazetteer::{Shape, Tag};

/// Longest such name, in tokens.
const NAME: usize = 14;

/// The entries of a list of bodies; none where one of them is no name, or a state.
#[must_use]
pub fn named(page: &Page<'_>, range: &Range<usize>) -> Option<Vec<Mention>> {
    let names: Vec<Mention> = entries(page, range).into_iter().map(|entry| name_of(page, &entry)).collect::<Option<_>>()?;
    (names.len() >= 2).then_some(names)
}

/// Whether a list of three or more begins with a known body and goes on with names that end it for those who look for known ones.
pub fn mixes(page: &Page<'_>, range: &Range<usize>) -> bool {
    let (found, after) = parties::list_at(page, range.start, range.end);
    let is_read = after + 1 >= range.end;
    let known = found.first().is_some_and(|party| party.kind == Kind::Organization && is_known(page, party));
    !is_read && known && entries(page, range).len() >= 3
}

/// `Union of small words (ABC)`: a name that goes on in small letters up to its acronym.
pub fn with_acronym(page: &Page<'_>, party: &Mention, end: usize) -> Option<Mention> {
    let first = party.name.start;
    let goes_on = party.end < end && party.note.is_none() && page.token(party.end).shape == Shape::Lower;
    let open =
        (party.end..end.min(first + NAME)).find(|&token| page.token(token).shape == Shape::Mark && !matches!(page.text(token), "'" | "’" | "-"))?;
    let is_acronym = open + 2 < end
        && page.text(open) == "("
        && page.text(open + 2) == ")"
        && page.token(open + 1).shape == Shape::Upper
        && page.text(open + 1).chars().next() == page.text(first).chars().next();
    let says_more = (party.end..open).any(|token| page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::ListEnd | Tag::Role(_))).is_some());
    (goes_on && is_acronym && !says_more).then(|| Mention { name: first..open, note: Some(open + 1..open + 2), end: open + 3, ..party.clone() })
}

/// The parts of a list: between dots, bars or semicolons, else between commas and the word that joins the last two.
fn entries(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut depth = 0_usize;
    let mut strong = Vec::new();
    let mut weak = Vec::new();
    for token in range.clone() {
        match page.text(token) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "·" | "•" | "|" | ";" | "∙" | "▪" if depth == 0 => strong.push(token..token + 1),
            "," if depth == 0 => weak.push(token..token + 1),
            _ if depth == 0 => weak.extend(page.mark(token, |tag| tag == Tag::And).map(|mark| token..mark.end)),
            _ => {}
        }
    }
    // `Red Cross and Red Crescent Movement` alone is one name.
    let signs = if !strong.is_empty() {
        strong
    } else if weak.iter().any(|sign| page.text(sign.start) == ",") {
        weak
    } else {
        Vec::new()
    };
    let mut entries = Vec::new();
    let mut first = range.start;
    for sign in signs {
        entries.push(first..sign.start);
        first = sign.end;
    }
    entries.push(first..range.end);
    entries.retain(|entry| !entry.is_empty());
    entries
}

/// The name that an entry is, with its bracket, and nothing else.
fn name_of(page: &Page<'_>, entry: &Range<usize>) -> Option<Mention> {
    let is_small = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::Article) || matches!(page.text(token), "'" | "’");
    let first = entry.clone().find(|&token| !is_small(token))?;
    let end = if page.text(entry.end - 1) == "." { entry.end - 1 } else { entry.end };
    let open = (first..end).find(|&token| matches!(page.text(token), "(" | "["));
    let note = open.map(|open| open + 1..(open + 1..end).find(|&token| matches!(page.text(token), ")" | "]")).unwrap_or(end));
    let name = first..open.unwrap_or(end);
    let is_state = page.mark(first, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end >= name.end);
    let says_more = |token: usize| {
        page.token(token).shape == Shape::Lower && page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::ListEnd | Tag::Negation)).is_some()
            || matches!(page.text(token), ":" | "." | "…")
            || page.is_in_date(token)
            || page.token(token).shape == Shape::Number && page.gap_before(token).contains('\n')
    };
    let closes = note.as_ref().is_none_or(|note| note.end + 1 >= end);
    let is_name = !name.is_empty() && name.len() <= NAME && page.is_capital(first) && !is_state && closes && !name.clone().any(says_more);
    is_name.then_some(Mention { kind: Kind::Organization, name, note, end: entry.end })
}
