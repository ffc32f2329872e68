//! Known bodies: names and acronyms of the reference data, and their offices.

use std::collections::HashMap;
use std::ops::Range;

use super::{Bodies, Body, without_article};
use crate::extract::names::{line_end, name_at};
use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// Bodies of the reference data.
pub fn known(page: &Page<'_>, bodies: &mut Bodies) {
    let by_end: HashMap<usize, usize> = page.acronyms.iter().enumerate().map(|(at, given)| (given.name.end, at)).collect();
    let by_acronym: HashMap<usize, usize> = page.acronyms.iter().enumerate().map(|(at, given)| (given.acronym.start, at)).collect();
    let mut end = 0;
    let mut dialogues = page.dialogue_mentions.iter().map(|(tokens, _)| tokens).peekable();
    let is_body = |tag: Tag| matches!(tag, Tag::Organization(_));
    for token in page.begins(&(0..page.tokens.tokens.len()), is_body) {
        let Some(mark) = page.mark(token, is_body).filter(|_| token >= end) else { continue };
        let Tag::Organization(index) = mark.tag else { continue };
        while dialogues.peek().is_some_and(|tokens| tokens.end <= token) {
            dialogues.next();
        }
        let in_dialogue = dialogues.peek().is_some_and(|tokens| tokens.start <= token && mark.end <= tokens.end);
        end = mark.end;
        if let Some(unit) = office_of(page, &(mark.first..mark.end)) {
            end = unit.end;
            let kind = page.reference.organizations[index as usize].kind.to_string();
            bodies.add(page, Body { known: None, name: unit, spelled: true, acronym: None, kind, rule: "organizations/office" });
            continue;
        }
        // `United Nations Building` is a place.
        let in_address = page
            .tokens
            .tokens
            .get(mark.end)
            .is_some_and(|_| page.is_capital(mark.end) && page.has(mark.end, Tag::AddressWord) && page.gap_before(mark.end) == " ");
        if in_dialogue
            || in_address
            || is_code(page, token, mark.end)
            || !by_acronym.contains_key(&token) && is_shouted(page, token, mark.end)
            || page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|dialogue| dialogue.end >= mark.end)
        {
            continue;
        }
        let row = &page.reference.organizations[index as usize];
        let name = mark.first..mark.end;
        let text = page.value_of(&name);
        let is_acronym = row.acronym.as_deref() == Some(text.as_str())
            || (!text.contains(' ') && text.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase));
        let given = by_acronym
            .get(&name.start)
            .or_else(|| by_end.get(&name.end))
            .map(|&at| &page.acronyms[at])
            .filter(|given| given.name.end == name.end || given.acronym == name);
        let (name, acronym) = match given {
            Some(given) if given.acronym == name || given.name.len() >= name.len() => (given.name.clone(), Some(given.acronym.clone())),
            Some(given) => (name, Some(given.acronym.clone())),
            None => (name.clone(), is_acronym.then_some(name)),
        };
        let spelled = acronym.as_ref() != Some(&name);
        let name = if spelled { without_article(page, name) } else { name };
        bodies.add(page, Body { known: Some(index), name, spelled, acronym, kind: row.kind.to_string(), rule: "organizations/known" });
    }
}

/// `ILO Regional Office for Asia and the Pacific`, `IOM Bureau in Moscow`: a known body, the noun of a part and the place that tells it
/// from others of its kind.
fn office_of(page: &Page<'_>, body: &Range<usize>) -> Option<Range<usize>> {
    let end = page.range(page.block_of(body.start)).end;
    let head = (body.end..end.min(body.end + 4))
        .take_while(|&token| page.is_capital(token) && page.gap_before(token) == " ")
        .find(|&token| page.has(token, Tag::UnitHead))?;
    let small = head + 1;
    let ties = |tag: Tag| matches!(tag, Tag::Connector | Tag::PlacePreposition | Tag::Of);
    let is_small = small + 1 < end
        && page.token(small).shape == Shape::Lower
        && page.gap_before(small) == " "
        && page.tokens.marks_at(small).any(|mark| ties(mark.tag));
    let first = small + 1 + usize::from(is_small && page.has(small + 1, Tag::Article));
    let is_place = is_small && first < end && page.is_capital(first);
    let name = is_place.then(|| name_at(page, first, line_end(page, body.start, end))).flatten()?;
    (name.start == first && name.len() <= 8).then_some(body.start..name.end)
}

/// An acronym that stands for something else: the code of a state before its name, the group of states in `28 EU`, the question `WHO?`.
fn is_code(page: &Page<'_>, first: usize, end: usize) -> bool {
    if end != first + 1 || page.token(first).shape != Shape::Upper {
        return false;
    }
    let next = page.tokens.tokens.len() > end;
    let of_state = next
        && (page.gap_before(end).contains('\t') || page.gap_before(end).contains("  "))
        && page.token(first).span.len() <= 3
        && page.mark(end, |tag| matches!(tag, Tag::Country(_))).is_some();
    let is_group = page.mark(first, |tag| matches!(tag, Tag::Group(_))).is_some();
    let counted = is_group
        && (first > 0 && page.token(first - 1).shape == Shape::Number && !page.is_in_date(first - 1)
            || next && page.token(end).shape == Shape::Number && page.tokens.touches_previous(end)
            || page.tokens.tokens.len() > end + 1 && page.text(end) == "-" && page.token(end + 1).shape == Shape::Number);
    let asked = next && page.text(end) == "?";
    // `ASEAN-ACT` is another name, `ILO-IOM` are two.
    let compound = page.tokens.tokens.len() > end + 1
        && page.text(end) == "-"
        && page.tokens.touches_previous(end)
        && page.tokens.touches_previous(end + 1)
        && page.token(end + 1).shape == Shape::Upper
        && page.mark(end + 1, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_))).is_none();
    of_state || counted || asked || compound
}

/// A short acronym within a line in capitals is as likely a word.
fn is_shouted(page: &Page<'_>, first: usize, end: usize) -> bool {
    let is_upper = |token: usize| page.token(token).shape == Shape::Upper;
    let short = end == first + 1 && is_upper(first) && page.token(first).span.len() <= 4;
    let before = first > 0 && page.gap_before(first) == " " && is_upper(first - 1) && page.knows(first - 1);
    let after = end < page.tokens.tokens.len() && page.gap_before(end) == " " && is_upper(end);
    short && (after || before)
}
