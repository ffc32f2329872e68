//! Prose: meetings named in sentences and headings, with the date and place that belong to each.

use std::ops::Range;

use super::{Meeting, from_repeated, in_dialogue, ordinal_at, places_in};
use crate::extract::names::{name_at, trim_openers};
use crate::extract::page::Page;
use crate::extract::places::Place;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Names of meetings in running text.
pub fn from_prose(page: &Page<'_>, block: usize, sentence: &Range<usize>, meetings: &mut Vec<Meeting>) {
    let before = meetings.len();
    from_repeated(page, block, sentence.clone(), meetings);
    let repeated_from =
        meetings[before..].iter().filter_map(|meeting| meeting.date).map(|date| page.dates[date].tokens.start).min().unwrap_or(usize::MAX);
    let mut names: Vec<(Range<usize>, Option<(i64, Range<usize>)>)> = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        match named_at(page, at, sentence.end) {
            Some((name, ordinal)) => {
                // A meeting of a numbered dialogue within the title of another: both are meetings.
                let inner = (name.start + 1..name.end).find_map(|token| numbered_dialogue(page, token, sentence.end));
                at = name.end;
                names.push((name, ordinal));
                names.extend(inner);
            }
            None => at += 1,
        }
    }
    for index in 0..names.len() {
        let (name, ordinal) = names[index].clone();
        let nested = index > 0 && names[index - 1].0.end >= name.end;
        let follows = names.iter().map(|(other, _)| other.start).find(|start| *start >= name.end).unwrap_or(sentence.end);
        let room = name.end..follows;
        let date = if nested { None } else { date_for(page, &name, &room, sentence, index) };
        let date = date.filter(|date| page.dates[*date].tokens.start < repeated_from);
        let place = if nested { None } else { places_in(page, room.clone()).find(|place| is_tied(page, place, &room)) }
            .or_else(|| place_in_name(page, &name));
        let dated = date.is_some();
        let enough =
            ordinal.is_some() || dated || place.as_ref().is_some_and(|place| place.city.is_some() && page.block(block).kind == BlockKind::Heading);
        if !enough {
            continue;
        }
        // A heading stands for itself: the section before it says nothing of a meeting that it names without a number.
        let section = || {
            page.subject(block)
                .filter(|_| page.block(block).kind != BlockKind::Heading || ordinal.is_some() || page.dates_in(name.clone()).next().is_some())
        };
        let dialogue = page
            .dialogues_in(name.clone())
            .next()
            .or_else(|| page.dialogues_in(sentence.start..name.start).last())
            .map(|(_, dialogue)| dialogue)
            .or_else(section);
        meetings.push(Meeting { name, ordinal, date, place, dialogue, rule: "meetings/prose" });
    }
}

/// `7th Forum on Migrant Labour`, `2nd ADD`: an ordinal right before the name of a dialogue.
fn numbered_dialogue(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, Option<(i64, Range<usize>)>)> {
    let (value, after) = ordinal_at(page, at, end)?;
    let (tokens, _) = page.dialogue_mentions.iter().find(|(tokens, _)| tokens.start == after && tokens.end <= end)?;
    Some((at..tokens.end, Some((value, at..after))))
}

/// The name of a meeting that starts at a token.
fn named_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, Option<(i64, Range<usize>)>)> {
    if at > 0 && page.is_capital(at - 1) && page.is_capital(at) && page.gap_before(at) == " " && !page.has(at - 1, Tag::Opener) {
        return None;
    }
    if let Some(found) = numbered_dialogue(page, at, end) {
        return Some(found);
    }
    let ordinal = ordinal_at(page, at, end);
    let start = ordinal.map_or(at, |(_, after)| after);
    if start >= end || page.is_in_date(at) {
        return None;
    }
    let name = name_at(page, start, end).map(|name| if ordinal.is_some() { name } else { trim_openers(page, name) });
    let head_of = |name: &Range<usize>| {
        name.clone()
            .find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= name.end && !in_dialogue(page, token)))
    };
    let found = match name {
        Some(name) if head_of(&name).is_some() => Some(name),
        Some(name) => lower_case_title(page, &name, end),
        // `1st consultation workshop`: small letters behind an ordinal.
        None => ordinal.and_then(|_| {
            let head =
                (start..end.min(start + 4)).rev().find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end))?;
            (start..head.first).all(|token| page.token(token).shape == Shape::Lower).then_some(start..head.end)
        }),
    }?;
    let found = if ordinal.is_none() { found } else { at..found.end };
    // The ordinal may stand behind an article that was left out.
    let ordinal = ordinal
        .map(|(value, after)| (value, at..after))
        .or_else(|| ordinal_at(page, found.start, found.end).map(|(value, after)| (value, found.start..after)));
    let words = found.clone().filter(|&token| page.is_word(token)).count();
    let plain_dialogue = ordinal.is_none() && page.dialogue_mentions.iter().any(|(tokens, _)| tokens.start <= found.start && tokens.end >= found.end);
    let is_body = page.acronyms.iter().any(|given| {
        given.name.start <= found.start
            && given.name.end >= found.end
            && given.acronym.len() > 1
            && ordinal.is_none()
            && page.dates_in(given.acronym.end..end).next().is_none()
    });
    (words >= 2 && !plain_dialogue && !is_body).then_some((found, ordinal))
}

/// `XYZ conference on the labour dimensions of trafficking`: a short name, the noun of a meeting in small letters, and what it is about.
fn lower_case_title(page: &Page<'_>, name: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let head = (name.end..end.min(name.end + 3)).find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end))?;
    if !(name.end..head.first)
        .all(|token| page.token(token).shape == Shape::Lower && page.mark(token, |tag| tag == Tag::ListEnd || tag == Tag::Connector).is_none())
    {
        return None;
    }
    let about = head.end < end && page.has(head.end, Tag::Connector) && page.mark(head.end, |tag| tag == Tag::PlacePreposition).is_none();
    let mut last = head.end;
    while about && last < end && page.is_word(last) && !page.is_in_date(last) {
        last += 1;
    }
    (last < end && matches!(page.text(last), "," | "(" | ".") || last == head.end).then_some(name.start..last)
}

/// The date of a named meeting: the next one behind it, else one right before the first name of the sentence.
fn date_for(page: &Page<'_>, name: &Range<usize>, room: &Range<usize>, sentence: &Range<usize>, index: usize) -> Option<usize> {
    let behind = page.dates.iter().position(|date| room.start <= date.tokens.start && date.tokens.end <= room.end);
    let inside = || page.dates.iter().position(|date| name.start <= date.tokens.start && date.tokens.end <= name.end);
    let before = || {
        let date = page.dates.iter().rposition(|date| sentence.start <= date.tokens.start && date.tokens.end <= name.start)?;
        (index == 0 && name.start - page.dates[date].tokens.end <= 6).then_some(date)
    };
    behind.or_else(inside).or_else(before)
}

/// Whether a place belongs to the meeting before it: behind a preposition, a comma, a date or in brackets.
fn is_tied(page: &Page<'_>, place: &Place, room: &Range<usize>) -> bool {
    let first = place.tokens.start;
    if first == room.start {
        return true;
    }
    let before = first - 1;
    let over_article = if page.has(before, Tag::Article) { before.saturating_sub(1) } else { before };
    matches!(page.text(before), "," | "(" | "–" | "-" | "—")
        || page.mark(over_article, |tag| tag == Tag::PlacePreposition).is_some()
        || page.is_in_date(before)
}

/// A city in the name itself: `Dhaka Consultation`.
fn place_in_name(page: &Page<'_>, name: &Range<usize>) -> Option<Place> {
    let mark = page.mark(name.start, |tag| matches!(tag, Tag::City(_))).filter(|mark| mark.end < name.end)?;
    let head_follows = page.mark(mark.end, |tag| matches!(tag, Tag::MeetingHead)).is_some();
    let is_dialogue = page.dialogue_mentions.iter().any(|(tokens, _)| tokens.contains(&name.start));
    (head_follows && !is_dialogue).then(|| Place { city: Some(mark.first..mark.end), country: None, tokens: mark.first..mark.end })
}
