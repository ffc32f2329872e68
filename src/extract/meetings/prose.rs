//! Prose: meetings named in sentences and headings, with the date and place that belong to each.
//!
//! A name in capitals, an ordinal or a noun in small letters with a place and a day right behind it; and those of whom a sentence says that they
//! met somewhere on some day.

use std::ops::Range;

use super::entries::is_of_meeting;
use super::hosts::from_hosts;
use super::ordinals::ordinal_at;
use super::{Meeting, from_series, in_dialogue, places_in, series_name};
use crate::extract::names::{name_at, trim_openers};
use crate::extract::owners::{named_in, of_clause};
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Most tokens between a noun in small letters and the first of its place and date, and between those.
const NEAR: usize = 4;
/// Most tokens between a verb of meeting and the last of its place and date.
const CLAUSE: usize = 24;

/// A name in the text and its ordinal.
type Name = (Range<usize>, Option<(i64, Range<usize>)>);

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
        if !enough || is_small && !dated || plain && !is_event_of_dialogue(page, &room) || is_of_role(page, &name, ordinal.is_some()) {
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

/// `Officials met in Geneva on 19 January 2015`, `Elle se tiendra à Tunis les 10 et 11 novembre 2009`: a verb of meeting with a city and a day, and no
/// name that they belong to.
fn from_verb(page: &Page<'_>, block: usize, sentence: &Range<usize>, taken: &[usize], meetings: &mut Vec<Meeting>) {
    if page.block(block).kind == BlockKind::Heading || page.dates_in(sentence.clone()).next().is_none() {
        return;
    }
    let mut taken = taken.to_vec();
    let is_verb = |tag: Tag| matches!(tag, Tag::Held | Tag::Met);
    for token in page.begins(sentence, is_verb) {
        let verb = page.mark(token, is_verb).filter(|mark| mark.end <= sentence.end);
        let Some(verb) = verb else { continue };
        let clause_end = (verb.end..sentence.end).find(|&token| page.text(token) == ";").unwrap_or(sentence.end);
        let clause = verb.end..clause_end.min(verb.end + CLAUSE);
        let Some((place, date)) = place_and_date(page, &clause).filter(|(_, date)| !taken.contains(date)) else { continue };
        taken.push(date);
        let subject = subject(page, sentence.start, verb.first);
        // The title of the document names the meeting of which its first sentence says where and when: `The representatives of ..., meeting in ...`.
        if verb.tag == Tag::Met && subject.is_none() {
            let mut titles = meetings.iter_mut().filter(|meeting| meeting.rule == "meetings/heading");
            if let Some(title) = titles.find(|meeting| meeting.date.is_none() && meeting.place.is_none()) {
                (title.date, title.place) = (Some(date), Some(place));
            }
            continue;
        }
        let upto = place.tokens.start.min(page.dates[date].tokens.start);
        let name = if verb.tag == Tag::Met {
            of_heading(page, block).or(subject)
        } else {
            object(page, verb.end, upto).or_else(|| noun_before(page, block, verb.first))
        };
        let Some(name) = name else { continue };
        let dialogue = of_clause(page, block, &(sentence.start..clause.start));
        meetings.push(Meeting { name, ordinal: None, date: Some(date), place: Some(place), dialogue, rule: "meetings/verb" });
    }
}

/// What was convened or held: a name right behind the verb.
fn object(page: &Page<'_>, verb_end: usize, upto: usize) -> Option<Range<usize>> {
    let first = (verb_end..upto.min(verb_end + 3)).find(|&token| page.is_capital(token))?;
    name_at(page, first, upto).filter(|name| name.len() >= 2)
}

/// The meeting that the heading right above a block, or the dated title in its first line, names.
fn of_heading(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let body = super::below_title(page, block).start;
    let range = if body > page.range(block).start {
        page.range(block).start..body
    } else {
        page.range(page.heading(block).filter(|heading| heading + 1 == block)?)
    };
    let name =
        range.clone().find_map(|token| named_at(page, token, range.end).map(|(name, _)| name).or_else(|| small_noun_at(page, token, range.end)))?;
    (!is_plain_dialogue(page, &name)).then_some(name)
}

/// Who met: the words before the verb.
fn subject(page: &Page<'_>, start: usize, verb: usize) -> Option<Range<usize>> {
    let mut first = (start..verb).rev().find(|&token| matches!(page.text(token), ";" | ":" | "•")).map_or(start, |sign| sign + 1);
    while first < verb && (page.has(first, Tag::Article) || !page.is_word(first) || page.is_in_date(first)) {
        first += 1;
    }
    let mut end = verb;
    while end > first && (!page.is_word(end - 1) || page.has(end - 1, Tag::ListEnd) && page.token(end - 1).shape == Shape::Lower) {
        end -= 1;
    }
    // A long subject says who they are after a first few words.
    let stop = (first..end).find(|&token| matches!(page.text(token), "," | "(")).unwrap_or(end);
    (first < stop && stop - first <= 14).then_some(first..stop)
}

/// The last noun of a meeting before a verb: in its block, else in the heading.
fn noun_before(page: &Page<'_>, block: usize, verb: usize) -> Option<Range<usize>> {
    let own = page.range(block).start;
    series_name(page, own.max(verb.saturating_sub(60)), verb).or_else(|| {
        let heading = page.range(page.heading(block)?);
        series_name(page, heading.start, heading.end)
    })
}

/// A city and a date finer than a year, in either order and close together.
fn place_and_date(page: &Page<'_>, room: &Range<usize>) -> Option<(Place, usize)> {
    let place = places_in(page, room.clone()).find(|place| place.city.is_some() && is_tied(page, place, room)).or_else(|| planned_for(page, room))?;
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
fn right_behind(page: &Page<'_>, room: &Range<usize>) -> Option<(Place, usize)> {
    let (place, date) = place_and_date(page, room)?;
    let tokens = &page.dates[date].tokens;
    let (first, second) = if place.tokens.start < tokens.start { (&place.tokens, tokens) } else { (tokens, &place.tokens) };
    // A verb of taking place and remarks such as "for experts" may stand between.
    let is_near = first.start - room.start <= 2 * NEAR && (room.start..first.start).all(|token| !page.is_capital(token) && page.text(token) != ";");
    (is_near && second.start - first.end <= NEAR).then_some((place, date))
}

/// A noun of a meeting in small letters with what belongs to it: `seminar on biometrics`, `réunion d’experts`, `regional conference`.
fn small_noun_at(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    if page.token(at).shape != Shape::Lower {
        return None;
    }
    let head = page.mark(at, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end)?;
    let is_plain = |token: usize| {
        page.token(token).shape == Shape::Lower
            && page.gap_before(token + 1) == " "
            && !page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::ListEnd | Tag::Article | Tag::Connector | Tag::And | Tag::PlacePreposition | Tag::Opener | Tag::Held | Tag::Met
                )
            })
    };
    let mut first = head.first;
    while first > 0 && head.first - first < 2 && is_plain(first - 1) {
        first -= 1;
    }
    let mut last = head.end;
    let mut next = head.end;
    while next < end && next < head.end + 10 && !page.is_in_date(next) {
        let opens = next == head.end || page.has(next, Tag::Of);
        let small = page.has(next, Tag::Connector) || page.has(next, Tag::Of);
        let is_joint = small && (opens || !page.has(next, Tag::ListEnd)) && !(page.has(next, Tag::PlacePreposition) && next != head.end);
        let place_behind = small && next + 1 < end && (page.is_in_date(next + 1) || place_at(page, next + 1, end, false).is_some());
        let cut = matches!(page.text(next), "’" | "'") && page.tokens.touches_previous(next);
        if place_behind || !(is_joint || cut || page.is_word(next) && !page.has(next, Tag::ListEnd) && !page.has(next, Tag::And) && !small) {
            break;
        }
        if page.mark(next, |tag| matches!(tag, Tag::Held | Tag::Met)).is_some() {
            break;
        }
        next += 1;
        if !is_joint && !cut {
            last = next;
        }
    }
    Some(first..last)
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
    // `Ministry of Labour and Vocational Training`: the end of the name of a body.
    let of_body = ordinal.is_none()
        && found.start >= 2
        && (page.has(found.start - 1, Tag::And) || page.has(found.start - 1, Tag::Of))
        && page.is_capital(found.start - 2)
        && (found.start.saturating_sub(8)..found.start - 1)
            .any(|token| page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some());
    let words = found.clone().filter(|&token| page.is_word(token)).count();
    // `Dialogue States` are no meeting.
    let names_parties = page.mark(found.end - 1, |tag| matches!(tag, Tag::PartyNoun(_))).is_some_and(|mark| mark.end == found.end);
    let is_body = page.acronyms.iter().any(|given| {
        given.name.start <= found.start
            && given.name.end >= found.end
            && given.acronym.len() > 1
            && ordinal.is_none()
            && page.dates_in(given.acronym.end..end).next().is_none()
    });
    (words >= 2 && !names_parties && !is_body && !of_body).then_some((found, ordinal))
}

/// The name of a dialogue with the place and day of its meeting right behind it.
fn dialogue_that_met(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let (tokens, _) = page.dialogues_in(at..end).next().filter(|(tokens, _)| tokens.start == at && tokens.end < end)?;
    is_event_of_dialogue(page, &(tokens.end..end)).then(|| tokens.clone())
}

/// Whether a name is that of a dialogue and nothing more.
fn is_plain_dialogue(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.is_within_dialogue(name)
}

/// `Forum on X, Suva, Fiji, 3–4 August 2015`: the dialogue itself met.
fn is_event_of_dialogue(page: &Page<'_>, room: &Range<usize>) -> bool {
    !room.is_empty() && matches!(page.text(room.start), "," | "(" | "–" | "—" | ":" | "·") && right_behind(page, room).is_some()
}

/// `the chairmanship of the Senior Officials’ Meetings`: who has a role there, no meeting.
fn is_of_role(page: &Page<'_>, name: &Range<usize>, numbered: bool) -> bool {
    let before = name.start.saturating_sub(3)..name.start;
    let of = before.clone().any(|token| page.has(token, Tag::Of));
    !numbered
        && of
        && before.clone().any(|token| page.token(token).shape == Shape::Lower && page.mark(token, |tag| matches!(tag, Tag::Role(_))).is_some())
}

/// `XYZ conference on the labour dimensions of trafficking`: a short name, the noun of a meeting in small letters, and what it is about.
fn lower_case_title(page: &Page<'_>, name: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let head = (name.end..end.min(name.end + 3)).find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end))?;
    if name.len() == 1 && page.tokens.marks_at(name.start).any(|mark| matches!(mark.tag, Tag::Article | Tag::Opener)) {
        return None;
    }
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
    while last > head.end && page.has(last - 1, Tag::Connector) {
        last -= 1;
    }
    (last < end && matches!(page.text(last), "," | "(" | ".") || last == head.end).then_some(name.start..last)
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
        return true;
    }
    let before = first - 1;
    let over_article = if page.has(before, Tag::Article) { before.saturating_sub(1) } else { before };
    matches!(page.text(before), "," | "(" | "–" | "-" | "—" | ":" | "·")
        || page.token(before).shape == Shape::Lower && page.has(before, Tag::Connector) && !page.has(before, Tag::Of)
        || page.mark(over_article, |tag| tag == Tag::PlacePreposition).is_some()
        || page.is_in_date(before)
}

/// A city in the name itself: `Dhaka Consultation`, `Dhaka ministerial consultation`.
fn place_in_name(page: &Page<'_>, name: &Range<usize>) -> Option<Place> {
    let mark = page.mark(name.start, |tag| matches!(tag, Tag::City(_))).filter(|mark| mark.end < name.end)?;
    let head_follows = page.mark(mark.end, |tag| matches!(tag, Tag::MeetingHead)).is_some();
    let is_dialogue = page.dialogue_mentions.iter().any(|(tokens, _)| tokens.contains(&name.start));
    (head_follows && !is_dialogue).then_some(Place { city: Some(mark.first..mark.end), country: None, tokens: mark.first..mark.end })
}
