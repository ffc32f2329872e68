//! Prose: meetings named in sentences and headings, with the date and place that belong to each.
//!
//! A name in capitals, an ordinal or a noun in small letters with a place and a day right behind it; and those of whom a sentence says that they
//! met somewhere on some day.

use std::ops::Range;

use super::entries::is_of_meeting;
use super::hosts::from_hosts;
use super::names::{dialogue_that_met, is_event_of_dialogue, is_plain_dialogue, named_at, numbered_dialogue, small_noun_at};
use super::series::from_series;
use super::verbs::from_verb;
use super::{Meeting, places_in};
use crate::extract::owners::named_in;
use crate::extract::page::Page;
use crate::extract::parties;
use crate::extract::places::{Place, place_at};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Most tokens between a noun in small letters and the first of its place and date, and between those.
const NEAR: usize = 4;

/// A name in the text and its ordinal.
pub type Name = (Range<usize>, Option<(i64, Range<usize>)>);

/// Names of meetings in running text.
pub fn from_prose(page: &Page<'_>, block: usize, sentence: &Range<usize>, meetings: &mut Vec<Meeting>) {
    let before = meetings.len();
    if from_hosts(page, block, sentence, meetings) {
        return;
    }
    from_series(page, block, sentence, None, meetings);
    let in_series: Vec<usize> = meetings[before..].iter().filter_map(|meeting| meeting.date).collect();
    let mut names: Vec<Name> = Vec::new();
    // A name has the noun of a meeting in it or is that of a dialogue.
    let names_any = page.any_begins(sentence, |tag| matches!(tag, Tag::MeetingHead)) || page.dialogues_in(sentence.clone()).next().is_some();
    let mut at = if names_any { sentence.start } else { sentence.end };
    while at < sentence.end {
        match named_at(page, at, sentence.end) {
            Some((name, ordinal)) => {
                // A meeting of a numbered dialogue within the title of another: both are meetings.
                let inner = (name.start + 1..name.end).find_map(|token| numbered_dialogue(page, token, sentence.end));
                at = name.end;
                names.push((name, ordinal));
                names.extend(inner);
            }
            None => match dialogue_that_met(page, at, sentence.end).or_else(|| small_noun_at(page, at, sentence.end)) {
                Some(name) => {
                    at = name.end;
                    names.push((name, None));
                }
                None => at += 1,
            },
        }
    }
    let found = meetings.len();
    for index in 0..names.len() {
        let (name, ordinal) = names[index].clone();
        let nested = index > 0 && names[index - 1].0.end >= name.end;
        let follows = names.iter().map(|(other, _)| other.start).find(|start| *start >= name.end).unwrap_or(sentence.end);
        // Behind a semicolon something else begins.
        let follows = (name.end..follows).find(|&token| page.text(token) == ";").unwrap_or(follows);
        let room = name.end..follows;
        let is_small = ordinal.is_none() && page.token(name.start).shape == Shape::Lower;
        let (date, place) = if nested {
            (None, place_in_name(page, &name))
        } else if is_small {
            match right_behind(page, &room) {
                Some((place, date)) => (Some(date), Some(place)),
                None => match opening(page, &name, sentence, index) {
                    Some((date, Some(place))) if place.city.is_some() => (Some(date), Some(place)),
                    _ => continue,
                },
            }
        } else {
            let opened = || opening(page, &name, sentence, index);
            let date = date_for(page, &name, &room);
            let place = places_in(page, room.clone()).find(|place| is_tied(page, place, &room)).or_else(|| place_in_name(page, &name));
            match (date, place) {
                (None, place) => match opened() {
                    Some((date, before)) => (Some(date), place.or(before)),
                    None => (None, place),
                },
                found => found,
            }
        };
        let date = date.filter(|date| !in_series.contains(date));
        let dated = date.is_some();
        // `the ninth meeting` alone says nothing of a meeting.
        let is_numbered = ordinal.is_some() && (place.is_some() || name.clone().any(|token| page.is_capital(token)));
        let enough = is_numbered || dated || place.as_ref().is_some_and(|place| place.city.is_some() && page.block(block).kind == BlockKind::Heading);
        let plain = is_plain_dialogue(page, &name) && ordinal.is_none();
        // `the Forum, launched in Lima in May 2000`: a founding.
        let upto = date.map_or(name.end, |date| page.dates[date].tokens.start);
        let is_founding = plain && (name.end..upto).any(|token| page.mark(token, |tag| tag == Tag::Established).is_some());
        if is_founding || !enough || is_small && !dated || plain && !is_event_of_dialogue(page, &room) || is_of_role(page, &name, ordinal.is_some()) {
            continue;
        }
        // A heading stands for itself: the section before it says nothing of a meeting that it names without a number.
        let section = || {
            page.subject(block)
                .filter(|_| page.block(block).kind != BlockKind::Heading || ordinal.is_some() || page.dates_in(name.clone()).next().is_some())
        };
        let before = || page.dialogues_in(sentence.start..name.start).last().map(|(_, dialogue)| dialogue);
        let dialogue = named_in(page, &name).or_else(before).or_else(section);
        meetings.push(Meeting { name, ordinal, date, place, dialogue, rule: "meetings/prose" });
    }
    let taken: Vec<usize> = meetings[found..].iter().filter_map(|meeting| meeting.date).chain(in_series).collect();
    from_verb(page, block, sentence, &taken, meetings);
}

/// A city and a date finer than a year, in either order and close together.
pub fn place_and_date(page: &Page<'_>, room: &Range<usize>) -> Option<(Place, usize)> {
    // `The next meeting will be held in A in May 2014`: a country is enough behind a verb of taking place.
    let is_held = |place: &Place| (room.start..place.tokens.start).any(|token| page.mark(token, |tag| tag == Tag::Held).is_some());
    let place = places_in(page, room.clone())
        .find(|place| (place.city.is_some() || is_held(place)) && is_tied(page, place, room))
        .or_else(|| planned_for(page, room))?;
    let first = page.dates.partition_point(|date| date.tokens.start < room.start);
    let date = (first..page.dates.len()).take_while(|&at| page.dates[at].tokens.end <= room.end).find(|&at| {
        let date = &page.dates[at];
        let apart = date.tokens.start.saturating_sub(place.tokens.end).max(place.tokens.start.saturating_sub(date.tokens.end));
        apart <= 2 * NEAR && date.period.precision != Precision::Year
    })?;
    Some((place, date))
}

/// The city behind a verb and one small word: `planned for Kampala`.
fn planned_for(page: &Page<'_>, room: &Range<usize>) -> Option<Place> {
    let start = room.start.saturating_sub(1);
    (room.start..room.end)
        .filter(|&token| token >= 2 && page.token(token - 1).shape == Shape::Lower && page.has(token - 1, Tag::Connector))
        .find(|&token| (start..token - 1).any(|verb| page.mark(verb, |tag| tag == Tag::Held).is_some_and(|mark| mark.end == token - 1)))
        .and_then(|token| place_at(page, token, room.end, false))
        .filter(|place| place.city.is_some())
}

/// The place and date right behind a noun in small letters.
pub fn right_behind(page: &Page<'_>, room: &Range<usize>) -> Option<(Place, usize)> {
    let (place, date) = place_and_date(page, room)?;
    let tokens = &page.dates[date].tokens;
    let (first, second) = if place.tokens.start < tokens.start { (&place.tokens, tokens) } else { (tokens, &place.tokens) };
    // A verb of taking place and remarks such as "for experts" may stand between.
    let is_near = first.start - room.start <= 2 * NEAR && (room.start..first.start).all(|token| !page.is_capital(token) && page.text(token) != ";");
    (is_near && second.start - first.end <= NEAR).then_some((place, date))
}

/// The date before the first name of a sentence: right at its start, or behind a verb of taking place that comes first, with the place there.
fn opening(page: &Page<'_>, name: &Range<usize>, sentence: &Range<usize>, index: usize) -> Option<(usize, Option<Place>)> {
    let date = page.dates.iter().rposition(|date| sentence.start <= date.tokens.start && date.tokens.end <= name.start)?;
    let tokens = &page.dates[date].tokens;
    if index > 0 || !is_of_meeting(page, date) {
        return None;
    }
    let right_before = name.start - tokens.end <= 6 && tokens.start <= sentence.start + 3;
    let has_verb = |range: Range<usize>| range.into_iter().any(|token| page.mark(token, |tag| tag == Tag::Held).is_some());
    let verb =
        has_verb(sentence.start..tokens.start.min(sentence.start + 3)) || tokens.start <= sentence.start + 3 && has_verb(tokens.end..name.start);
    let before = sentence.start..name.start;
    let place = verb.then(|| places_in(page, before.clone()).find(|place| place.city.is_some() || place.country.is_some())).flatten();
    (right_before || verb).then_some((date, place))
}

/// `the chairmanship of the Senior Officials’ Meetings`: who has a role there, no meeting.
fn is_of_role(page: &Page<'_>, name: &Range<usize>, numbered: bool) -> bool {
    let before = name.start.saturating_sub(3)..name.start;
    let of = before.clone().any(|token| page.has(token, Tag::Of));
    !numbered
        && of
        && before.clone().any(|token| page.token(token).shape == Shape::Lower && page.mark(token, |tag| matches!(tag, Tag::Role(_))).is_some())
}

/// The date of a named meeting: the next one behind it, else one within it.
fn date_for(page: &Page<'_>, name: &Range<usize>, room: &Range<usize>) -> Option<usize> {
    let first_in = |range: &Range<usize>| {
        page.dates.iter().enumerate().position(|(at, date)| {
            let before = date.tokens.start.saturating_sub(1);
            let until = || {
                before >= range.start && page.has(before, Tag::Until) && !page.has(before, Tag::Article) && !page.has(before, Tag::PlacePreposition)
            };
            range.start <= date.tokens.start && date.tokens.end <= range.end && is_of_meeting(page, at) && !until()
        })
    };
    first_in(room).or_else(|| first_in(name))
}

/// Whether a place belongs to the meeting before it: behind a preposition, a comma, a date or in brackets.
fn is_tied(page: &Page<'_>, place: &Place, room: &Range<usize>) -> bool {
    let first = place.tokens.start;
    if first == room.start {
        // `At the third meeting A, B and C were represented`
        return place.city.is_some() || parties::list_at(page, first, room.end).0.len() < 2;
    }
    let before = first - 1;
    let over_article = if page.has(before, Tag::Article) { before.saturating_sub(1) } else { before };
    matches!(page.text(before), "," | "(" | "–" | "-" | "—" | ":" | "·")
        || page.token(before).shape == Shape::Lower && page.has(before, Tag::Connector) && !page.has(before, Tag::Of)
        || page.mark(over_article, |tag| tag == Tag::PlacePreposition).is_some()
        || page.is_in_date(before)
        || is_host(page, over_article + 1)
}

/// Longest phrase before those who host, in tokens.
const HOSTED: usize = 5;

/// `will be hosted by A`: whether a phrase ends before a token that makes what follows the host.
fn is_host(page: &Page<'_>, at: usize) -> bool {
    let hosts = |tag: Tag| matches!(tag, Tag::Phrase(index) if page.vocabulary().roles.phrase[usize::from(index)].role == "host");
    (at.saturating_sub(HOSTED)..at).any(|first| page.tokens.marks_at(first).any(|mark| mark.end == at && hosts(mark.tag)))
}

/// A city in the name itself: `Dhaka Consultation`, `Dhaka ministerial consultation`.
fn place_in_name(page: &Page<'_>, name: &Range<usize>) -> Option<Place> {
    let mark = page.mark(name.start, |tag| matches!(tag, Tag::City(_))).filter(|mark| mark.end < name.end)?;
    let head_follows = page.mark(mark.end, |tag| matches!(tag, Tag::MeetingHead)).is_some();
    let is_dialogue = page.dialogue_mentions.iter().any(|(tokens, _)| tokens.contains(&name.start));
    (head_follows && !is_dialogue).then_some(Place { city: Some(mark.first..mark.end), country: None, tokens: mark.first..mark.end })
}
