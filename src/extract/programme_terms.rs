//! What a sentence says of a programme: who pays, and where it works. And which names are texts, not programmes.

use std::ops::Range;

use super::names::name_at;
use super::page::Page;
use super::parties;
use super::programmes::{Named, is_noun};
use crate::model::gazetteer::{ProjectLabel, Shape, Tag};

/// `funded by A and B`, `A-funded X Project`.
pub fn funder(page: &Page<'_>, named: &Named, sentence: &Range<usize>) -> Option<Range<usize>> {
    let behind = (named.name.end..sentence.end).find_map(|token| page.mark(token, |tag| tag == Tag::FundedBy).filter(|mark| mark.end < sentence.end));
    if let Some(mark) = behind {
        let mut start = mark.end;
        while start < sentence.end && (page.has(start, Tag::Article) || matches!(page.text(start), "'" | "’")) {
            start += 1;
        }
        if let Some(found) = payers(page, start, sentence.end) {
            return Some(found);
        }
    }
    // `Donor: A`
    let label = page.begins(&(named.name.end..sentence.end), |tag| tag == Tag::Project(ProjectLabel::Funder)).find_map(|token| {
        page.mark(token, |tag| tag == Tag::Project(ProjectLabel::Funder)).filter(|mark| mark.end + 1 < sentence.end && page.text(mark.end) == ":")
    });
    if let Some(found) = label.and_then(|mark| payers(page, mark.end + 1, sentence.end)) {
        return Some(found);
    }
    // `With funding from A, B runs the project X`
    let opens = page.mark(sentence.start, |tag| tag == Tag::FundedBy).filter(|mark| mark.end < named.name.start);
    let comma = |from: usize| (from..named.name.start).find(|&token| page.text(token) == ",");
    if let Some(found) = opens.and_then(|mark| payers(page, mark.end, comma(mark.end)?)) {
        return Some(found);
    }
    let from = named.name.start.saturating_sub(8).max(sentence.start);
    let verb = (from..named.name.start).rev().find(|&token| page.has(token, Tag::Funded))?;
    let dash = verb.checked_sub(1).filter(|&dash| matches!(page.text(dash), "-" | "–"))?;
    let mark = (from..dash).find_map(|token| {
        page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_))).filter(|mark| mark.end == dash)
    });
    mark.map(|mark| mark.first..mark.end).or_else(|| (from..dash).find_map(|token| name_at(page, token, dash).filter(|name| name.end == dash)))
}

/// Who pays, in a list that begins at a token: it ends before a place where the programme works, a bar, a sum or another label.
pub fn payers(page: &Page<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    joint_payers(page, &parties::list_at(page, start, end).0, start)
}

/// Who pays, where nothing but the place behind a name says so: bodies, or one state; other states are those where the programme works.
pub fn payers_beside(page: &Page<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    let (found, _) = parties::list_at(page, start, end);
    let bodies = found.iter().take_while(|party| party.kind != parties::Kind::State || found.len() == 1).count();
    joint_payers(page, &found[..bodies], start)
}

fn joint_payers(page: &Page<'_>, found: &[parties::Mention], start: usize) -> Option<Range<usize>> {
    let is_label = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Project(_))).is_some() && page.gap_before(token).contains('\n');
    let mut whole: Option<Range<usize>> = None;
    for party in found {
        let between = whole.as_ref().map_or(start, |whole| whole.end)..party.name.start;
        let parts = |token: usize| {
            matches!(page.text(token), "|" | "·" | "•")
                || page.has(token, Tag::PlacePreposition)
                || page.text(token) == ";" && party.kind == parties::Kind::State && whole.is_some()
        };
        let is_sum = page.has(party.name.start, Tag::Currency);
        if between.clone().any(parts) || is_label(party.name.start) || is_sum {
            break;
        }
        let cut = (party.name.start + 1..party.name.end).find(|&token| is_label(token));
        let first = whole.map_or(party.name.start, |whole| whole.start);
        whole = Some(first..cut.unwrap_or(party.name.end));
        if cut.is_some() {
            break;
        }
    }
    whole
}

/// The states that a programme works in: a list behind `in`, `between` or a colon, in its sentence.
pub fn countries(page: &Page<'_>, named: &Named, sentence: &Range<usize>, funder: Option<&Range<usize>>) -> Vec<(u16, Range<usize>)> {
    let mut found: Vec<(u16, Range<usize>)> = Vec::new();
    let mut at = named.name.end;
    while at < sentence.end {
        let introduces = page.token(at).shape == Shape::Lower
            && page.tokens.marks_at(at).any(|mark| matches!(mark.tag, Tag::PlacePreposition | Tag::Connector | Tag::Since | Tag::Opener))
            || page.text(at) == ":";
        if !introduces || funder.is_some_and(|funder| funder.contains(&at)) {
            at += 1;
            continue;
        }
        let (listed, after) = parties::list_at(page, at + 1, sentence.end);
        for party in
            listed.iter().filter(|party| party.kind == parties::Kind::State && funder.is_none_or(|funder| !funder.contains(&party.name.start)))
        {
            if let Some(Tag::Country(index)) = page.mark(party.name.start, |tag| matches!(tag, Tag::Country(_))).map(|mark| mark.tag)
                && found.iter().all(|(other, _)| *other != index)
            {
                found.push((index, party.name.clone()));
            }
        }
        at = after.max(at + 1);
    }
    found
}

/// `Lima Plan of Action`, `X Declaration and Programme`: a text, and no project.
pub fn is_text(page: &Page<'_>, name: &Range<usize>) -> bool {
    let kind = |token: usize| match page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_)))?.tag {
        Tag::PublicationHead(kind) => Some(page.vocabulary().names.publication[usize::from(kind)].kind.as_str()),
        _ => None,
    };
    let is_declared = name
        .clone()
        .any(|token| page.is_capital(token) && kind(token).is_some_and(|kind| matches!(kind, "declaration" | "summary" | "position_paper")));
    let is_plan = name.clone().any(|token| is_noun(page, token) && kind(token) == Some("framework"));
    // Within the name of the place too: the rest of it is no name of its own.
    let is_head = |at: usize| page.mark(at.min(name.end - 1), |tag| matches!(tag, Tag::PublicationHead(_))).is_some();
    let called_after = (name.start.saturating_sub(3)..=name.start).any(|token| {
        page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end > name.start && is_head(mark.end))
    });
    // `Summary report of the X project`
    let is_report = kind(name.start).is_some_and(|kind| matches!(kind, "report" | "handbook" | "film"));
    is_declared || is_report || is_plan && called_after
}
