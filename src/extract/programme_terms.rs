//! What a sentence says of a programme: who pays, and where it works. And which names are texts, not programmes.

use std::ops::Range;

use super::names::name_at;
use super::page::Page;
use super::parties;
use super::programmes::{Named, is_noun};
use crate::model::gazetteer::{Shape, Tag};

/// `funded by A and B`, `A-funded X Project`.
pub fn funder(page: &Page<'_>, named: &Named, sentence: &Range<usize>) -> Option<Range<usize>> {
    let behind = (named.name.end..sentence.end).find_map(|token| page.mark(token, |tag| tag == Tag::FundedBy).filter(|mark| mark.end < sentence.end));
    if let Some(mark) = behind {
        let mut start = mark.end;
        while start < sentence.end && (page.has(start, Tag::Article) || matches!(page.text(start), "'" | "’")) {
            start += 1;
        }
        let (found, _) = parties::list_at(page, start, sentence.end);
        if let (Some(first), Some(last)) = (found.first(), found.last()) {
            return Some(first.name.start..last.name.end);
        }
    }
    let from = named.name.start.saturating_sub(8).max(sentence.start);
    let verb = (from..named.name.start).rev().find(|&token| page.has(token, Tag::Funded))?;
    let dash = verb.checked_sub(1).filter(|&dash| matches!(page.text(dash), "-" | "–"))?;
    let mark = (from..dash).find_map(|token| {
        page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_))).filter(|mark| mark.end == dash)
    });
    mark.map(|mark| mark.first..mark.end).or_else(|| (from..dash).find_map(|token| name_at(page, token, dash).filter(|name| name.end == dash)))
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
    is_declared || is_plan && called_after
}
