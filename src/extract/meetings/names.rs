//! Names: what meetings are called in running text: in capitals, with an ordinal, by a noun in small letters, or like their dialogue.
//!
//! In: a token. Out: the name that starts there, with its ordinal.

use std::ops::Range;

use super::in_dialogue;
use super::ordinals::ordinal_at;
use super::prose::right_behind;
use crate::extract::names::{name_at, trim_openers};
use crate::extract::page::Page;
use crate::extract::places::place_at;
use crate::model::gazetteer::{Shape, Tag};

/// A noun of a meeting in small letters with what belongs to it: `seminar on biometrics`, `réunion d’experts`, `regional conference`.
pub fn small_noun_at(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
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
        let opens = (head.end..next).all(|token| page.has(token, Tag::Generic)) || page.has(next, Tag::Of);
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

/// `7th Forum on Migrant Labour`, `2nd ADD`: an ordinal right before the name of a dialogue.
pub fn numbered_dialogue(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, Option<(i64, Range<usize>)>)> {
    let (value, after) = ordinal_at(page, at, end)?;
    let (tokens, _) = page.dialogue_mentions.iter().find(|(tokens, _)| tokens.start == after && tokens.end <= end)?;
    Some((at..tokens.end, Some((value, at..after))))
}

/// The name of a meeting that starts at a token.
pub fn named_at(page: &Page<'_>, at: usize, end: usize) -> Option<(Range<usize>, Option<(i64, Range<usize>)>)> {
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
        Some(name) if head_of(&name).is_some() => {
            let last = if page.mark(name.end - 1, |tag| tag == Tag::MeetingHead).is_some() { over_adjectives(page, name.end, end) } else { name.end };
            Some(name.start..last)
        }
        Some(name) => lower_case_title(page, &name, end),
        // `1st consultation workshop`: small letters behind an ordinal.
        None => ordinal.and_then(|_| {
            let head =
                (start..end.min(start + 4)).rev().find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end))?;
            (start..head.first).all(|token| page.token(token).shape == Shape::Lower).then(|| start..over_adjectives(page, head.end, end))
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
pub fn dialogue_that_met(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let (tokens, _) = page.dialogues_in(at..end).next().filter(|(tokens, _)| tokens.start == at && tokens.end < end)?;
    is_event_of_dialogue(page, &(tokens.end..end)).then(|| tokens.clone())
}

/// Whether a name is that of a dialogue and nothing more.
pub fn is_plain_dialogue(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.is_within_dialogue(name)
}

/// `Forum on X, Geneva, A, 3–4 August 2015`: the dialogue itself met.
pub fn is_event_of_dialogue(page: &Page<'_>, room: &Range<usize>) -> bool {
    !room.is_empty() && matches!(page.text(room.start), "," | "(" | "–" | "—" | ":" | "·") && right_behind(page, room).is_some()
}

/// What belongs to the noun of a meeting behind it: `Conférence ministérielle`, `reunión de altos funcionarios`.
fn over_adjectives(page: &Page<'_>, noun_end: usize, end: usize) -> usize {
    let mut last = noun_end;
    let mut next = noun_end;
    while next < end && next < noun_end + ADJECTIVES && page.gap_before(next) == " " && page.token(next).shape == Shape::Lower {
        if page.has(next, Tag::Generic) {
            next += 1;
            last = next;
        } else if page.has(next, Tag::Of) && next + 1 < end && !page.is_in_date(next + 1) {
            next += 1;
        } else if page.has(next, Tag::Article) && next > noun_end && page.has(next - 1, Tag::Of) {
            next += 1;
        } else {
            break;
        }
    }
    last
}

/// Longest wording behind the noun of a meeting that belongs to it, in tokens.
const ADJECTIVES: usize = 6;

/// `XYZ conference on the labour dimensions of trafficking`: a short name, the noun of a meeting in small letters, and what it is about.
fn lower_case_title(page: &Page<'_>, name: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let head = (name.end..end.min(name.end + 3)).find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= end))?;
    if name.len() == 1 && page.tokens.marks_at(name.start).any(|mark| matches!(mark.tag, Tag::Article | Tag::Opener)) {
        return None;
    }
    if !(name.end..head.first).all(|token| {
        page.token(token).shape == Shape::Lower && page.mark(token, |tag| matches!(tag, Tag::ListEnd | Tag::Connector | Tag::Article)).is_none()
    }) {
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
