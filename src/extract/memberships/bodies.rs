//! Bodies: names behind a label that says that bodies follow, be they known or not: `Member companies: A · B & C · D`; and names one a line,
//! perhaps below the state that they are of.
//!
//! In: the value of such a label, or a block of lines. Out: its entries, where each of them reads as a name. What parts them is the sign that
//! the list uses.

use std::ops::Range;

use super::emit::{coded_lines, is_debris};
use super::lists::begins_office;
use super::{is_known, looks_like_body};
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

/// A state, and the bodies below it.
pub type Bodies = (Range<usize>, Vec<Mention>);

/// States on lines of their own, each with bodies on the lines below it, where a second one is of that shape, in the block or in the one beside
/// it. Below the states of a list of delegations stand their offices.
#[must_use]
pub fn under_states(page: &Page<'_>, block: usize) -> Option<Vec<Bodies>> {
    let found = states_and_lines(page, block)?;
    let has_shape = |other: usize| {
        let is_sibling = page.blocks.blocks.get(other).is_some_and(|content| content.kind == page.block(block).kind);
        is_sibling && page.block(other).heading == page.block(block).heading && states_and_lines(page, other).is_some()
    };
    let is_repeated = found.len() >= 2 || has_shape(block + 1) || block > 0 && has_shape(block - 1);
    is_repeated.then_some(found)
}

/// The states of a block with what stands on the lines below each, where that is names of bodies and nothing else.
fn states_and_lines(page: &Page<'_>, block: usize) -> Option<Vec<Bodies>> {
    let state =
        |line: &Range<usize>| parties::party_at(page, line.start, line.end).filter(|party| party.kind == Kind::State && party.end == line.end);
    let is_office = |line: &Range<usize>| begins_office(page, line.start) || page.any_begins(line, |tag| tag == Tag::UnitHead);
    let mut found: Vec<Bodies> = Vec::new();
    for line in page.lines(block) {
        if let Some(head) = state(&line) {
            found.push((head.name.start..head.end, Vec::new()));
            continue;
        }
        // `ABC • DEF`: several on a line; a comma may stand within a name.
        let is_parted = line.clone().any(|token| is_strong(page.text(token)));
        let parts = if is_parted { entries(page, &line) } else { vec![line.clone()] };
        let names: Vec<Mention> = parts.into_iter().map(|entry| name_of(page, &entry)).collect::<Option<_>>()?;
        found.last_mut().filter(|_| !is_office(&line))?.1.extend(names);
    }
    let is_body = |name: &Mention| looks_like_body(page, name) || page.token(name.name.start).shape == Shape::Upper;
    let telling = found.iter().filter(|(_, names)| names.iter().any(is_body)).count();
    let is_list = found.iter().all(|(_, names)| !names.is_empty()) && telling * 4 >= found.len() * 3;
    (telling > 0 && is_list).then_some(found)
}

/// The bodies of a block, one a line: every line reads as a name, and most of them as that of a body.
#[must_use]
pub fn of_lines(page: &Page<'_>, block: usize) -> Option<Vec<Mention>> {
    let lines = page.lines(block);
    let is_office = |line: &Range<usize>| begins_office(page, line.start);
    if lines.len() < LINES || lines.iter().any(is_office) || coded_lines(page, block).is_some() {
        return None;
    }
    let seats = lines.iter().filter(|line| seat_of(page, line).is_some()).count();
    let cut = |line: &Range<usize>| line.start..seat_of(page, line).filter(|_| seats * 2 >= lines.len()).unwrap_or(line.end);
    let names: Vec<Mention> = lines.iter().map(|line| name_of(page, &cut(line))).collect::<Option<_>>()?;
    let telling = names.iter().filter(|name| looks_like_body(page, name)).count();
    let is_cut = names.iter().any(|name| is_debris(page, name));
    (!is_cut && telling * 3 >= names.len()).then_some(names)
}

/// Fewest lines of such a block.
const LINES: usize = 3;

/// Longest name of a place behind that of a body, in tokens.
const SEAT: usize = 3;

/// `Network with Migrants, Tokyo`: the comma before the place that a body has its seat in.
fn seat_of(page: &Page<'_>, line: &Range<usize>) -> Option<usize> {
    let comma = line.clone().rev().find(|&token| page.text(token) == ",").filter(|&comma| comma > line.start)?;
    let place = comma + 1..line.end;
    let is_state = || page.mark(place.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == place.end);
    let is_place = !place.is_empty() && (place.len() <= SEAT && place.clone().all(|token| page.is_capital(token)) || is_state());
    is_place.then_some(comma)
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

/// Whether a sign parts the entries of a list and stands in none of them.
fn is_strong(sign: &str) -> bool {
    matches!(sign, "·" | "•" | "|" | ";" | "∙" | "▪")
}

/// The parts of a list: between dots, bars or semicolons, else between commas and the word that joins the last two.
fn entries(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut depth = 0_usize;
    let mut strong = Vec::new();
    let mut weak = Vec::new();
    let mut known = range.start;
    for token in range.clone() {
        // A known body with `and` in its name.
        if let Some(mark) = page.mark(token, |tag| matches!(tag, Tag::Organization(_))).filter(|mark| token >= known && mark.end <= range.end) {
            known = mark.end;
        }
        match page.text(token) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            sign if depth == 0 && is_strong(sign) => strong.push(token..token + 1),
            "," if depth == 0 => weak.push(token..token + 1),
            _ if depth == 0 && token >= known => weak.extend(page.mark(token, |tag| tag == Tag::And).map(|mark| token..mark.end)),
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
    // `Support for Children and Women`: a preposition within a name stands before a capital.
    let stands_before_capital = |token: usize| (token + 1..end).find(|&next| !page.has(next, Tag::Article)).is_some_and(|next| page.is_capital(next));
    let is_joined = |token: usize| stands_before_capital(token) && page.mark(token, |tag| tag == Tag::LinkVerb).is_none();
    let says_more = |token: usize| {
        page.token(token).shape == Shape::Lower
            && page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::ListEnd | Tag::Negation)).is_some()
            && !page.has(token, Tag::Connector)
            && !is_joined(token)
            || matches!(page.text(token), ":" | "." | "…")
            || page.is_in_date(token)
            || page.token(token).shape == Shape::Number && page.gap_before(token).contains('\n')
    };
    let closes = note.as_ref().is_none_or(|note| note.end + 1 >= end);
    let is_name = !name.is_empty() && name.len() <= NAME && page.is_capital(first) && !is_state && closes && !name.clone().any(says_more);
    is_name.then_some(Mention { kind: Kind::Organization, name, note, end: entry.end })
}
