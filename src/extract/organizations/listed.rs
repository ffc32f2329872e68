//! Listed: entries of lists of organisations, under a heading, behind a label or behind the name of a state.

use std::ops::Range;

use super::{Bodies, Body, is_dialogue, is_name_of_one_body, organization_head};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind};
use crate::extract::roles;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::text::BlockKind;

/// Entries of lists of organisations.
pub fn listed(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    let Some(heading) = roles::governing_role(page, block) else { return };
    // Items under "Partners" are bodies where they are no states.
    let role = page.vocabulary().roles.role[usize::from(heading.role)].role.as_str();
    let is_open = heading.party.is_none()
        && matches!(role, "partner" | "observer")
        && page.block(block).kind == BlockKind::Item
        && page.range(block).len() <= 10;
    if heading.party != Some(PartyNoun::Organization) && !is_open {
        return;
    }
    let range = page.range(block);
    let is_prose = range
        .clone()
        .filter(|&token| {
            page.token(token).shape == Shape::Lower && page.is_word(token) && !page.has(token, Tag::Connector) && !page.has(token, Tag::And)
        })
        .count()
        * 3
        > range.len();
    if is_prose || heading.words.start >= range.start {
        return;
    }
    let stretches = if page.block(block).kind == BlockKind::Row { page.cells(block) } else { page.lines(block) };
    for stretch in stretches {
        entries(page, &stretch, true, bodies);
    }
}

/// Entries behind a label: `Observers: A, B, C`.
pub fn labelled(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    for (label, value) in roles::labels(page, page.range(block)) {
        let Some(role) = roles::role_of(page, label) else { continue };
        if role.party != Some(PartyNoun::State) && value.len() >= 3 {
            entries(page, &value, role.party == Some(PartyNoun::Organization), bodies);
        }
    }
}

/// `A: ABC, DEF`: acronyms behind the name of a state, on two lines that follow each other at least.
pub fn by_state(page: &Page<'_>, bodies: &mut Bodies) {
    let mut run: Vec<Vec<usize>> = Vec::new();
    for (block, _) in page.numbered_blocks() {
        for line in page.lines(block) {
            match acronyms_of_state(page, &line) {
                Some(names) => run.push(names),
                None => take(page, &mut run, bodies),
            }
        }
    }
    take(page, &mut run, bodies);
}

/// `unions in A (ABC), B (DEF)`, `ABC (A), DEF (B)`: acronyms in brackets behind a state, or states behind an acronym, at
/// least two in a block. Codes of states have three letters at most.
pub fn beside_states(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    let range = page.range(block);
    let is_acronym = |token: usize| {
        let text = page.text(token);
        (4..=8).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase())
            && page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Group(_) | Tag::Dialogue(_))).is_none()
            && !is_dialogue(page, &(token..token + 1))
    };
    let mut names: Vec<usize> = Vec::new();
    for &open in page.open_brackets_in(&range) {
        if page.text(open) != "(" || open == range.start || open + 2 >= range.end {
            continue;
        }
        let state = page.mark(open + 1, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end < range.end && page.text(mark.end) == ")");
        if state.is_some() && is_acronym(open - 1) {
            names.push(open - 1);
        }
        let behind_state = (open.saturating_sub(4).max(range.start)..open)
            .any(|token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == open));
        if behind_state && page.text(open + 2) == ")" && is_acronym(open + 1) {
            names.push(open + 1);
        }
    }
    take(page, &mut names.into_iter().map(|token| vec![token]).collect(), bodies);
}

fn take(page: &Page<'_>, run: &mut Vec<Vec<usize>>, bodies: &mut Bodies) {
    let names = std::mem::take(run);
    for token in names.iter().filter(|_| names.len() >= 2).flatten().copied() {
        let name = token..token + 1;
        let is_known = page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_))).is_some();
        if !is_known && !is_dialogue(page, &name) {
            let acronym = Some(name.clone());
            bodies.add(page, Body { known: None, name, spelled: false, acronym, kind: "other".to_owned(), rule: "organizations/by-state" });
        }
    }
}

/// The acronyms of a line that has a state, a colon and nothing else but them and a note in brackets.
fn acronyms_of_state(page: &Page<'_>, line: &Range<usize>) -> Option<Vec<usize>> {
    let state = page.mark(line.start, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end + 1 < line.end && page.text(mark.end) == ":")?;
    let note = (state.end + 1..line.end).find(|&token| page.text(token) == "(").filter(|_| page.text(line.end - 1) == ")");
    let list = state.end + 1..note.unwrap_or(line.end);
    let is_acronym = |token: usize| {
        let text = page.text(token);
        (3..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let is_sign = |token: usize| matches!(page.text(token), "," | ";" | "/");
    let names: Vec<usize> = list.clone().filter(|&token| is_acronym(token)).collect();
    let is_list =
        names.len() == list.clone().filter(|&token| is_sign(token)).count() + 1 && list.clone().all(|token| is_acronym(token) || is_sign(token));
    is_list.then_some(names)
}

/// A name that goes on in small words is one up to the next sign: `Agence tunisienne de coopération technique (ATCT)`.
fn whole_entry(page: &Page<'_>, mut party: parties::Mention, end: usize) -> parties::Mention {
    let goes_on = party.kind == Kind::Organization
        && party.note.is_none()
        && party.end < end
        && page.token(party.end).shape == Shape::Lower
        && !page.has(party.end, Tag::And)
        && page.gap_before(party.end) == " ";
    if !goes_on {
        return party;
    }
    let sign =
        (party.end..end).find(|&token| matches!(page.text(token), "," | ";" | "(" | "." | ":" | "|" | "–") || page.is_in_date(token)).unwrap_or(end);
    let is_sentence =
        (party.end..sign).any(|token| page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition));
    if is_sentence || sign - party.name.start > 14 {
        return party;
    }
    party.name.end = sign;
    party.note = (sign + 2 < end && page.text(sign) == "(" && page.text(sign + 2) == ")").then(|| sign + 1..sign + 2);
    party.end = party.note.as_ref().map_or(sign, |note| note.end + 1);
    party
}

/// The organisations of a list. Where the list may hold states too, an unknown name is one by its noun or its capitals.
fn entries(page: &Page<'_>, stretch: &Range<usize>, all: bool, bodies: &mut Bodies) {
    let (found, _) = parties::list_at(page, stretch.start, stretch.end);
    let is_list = found.len() >= 2;
    for party in found
        .into_iter()
        .map(|party| if all { whole_entry(page, party, stretch.end) } else { party })
        .filter(|party| party.kind == Kind::Organization && !is_dialogue(page, &party.name))
    {
        let one_acronym = party.name.len() == 1 && page.token(party.name.start).shape == Shape::Upper;
        let acronym = party
            .note
            .filter(|note| note.len() <= 4 && page.token(note.start).shape == Shape::Upper)
            .or_else(|| one_acronym.then(|| party.name.clone()));
        let is_known = page.mark(party.name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= party.name.end);
        let is_label = party.end < stretch.end && page.text(party.end) == ":"
            || page.mark(party.name.start, |tag| matches!(tag, Tag::Role(_))).is_some_and(|mark| mark.end >= party.name.end);
        // A known name at the end of a line, and the next line begins with a capital.
        let runs_on = page
            .mark(party.name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Group(_)))
            .is_some_and(|mark| mark.end < party.name.end && page.gap_before(mark.end).contains('\n'));
        if is_label || runs_on {
            continue;
        }
        let kind = organization_head(page, &party.name).filter(|_| is_name_of_one_body(page, &party.name));
        if is_known || !all && !(is_list && (acronym.is_some() || kind.is_some())) {
            continue;
        }
        bodies.add(
            page,
            Body {
                known: None,
                name: party.name,
                spelled: !one_acronym,
                acronym,
                kind: kind.unwrap_or_else(|| "other".to_owned()),
                rule: "organizations/list",
            },
        );
    }
}
