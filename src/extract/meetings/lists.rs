//! Lists: which blocks are lists of meetings, and which of their lines are entries.
//!
//! In: a block. Out: whether it is such a list, and the entries of one with remarks between them. Prose, terms of office and titles of
//! publications have dates too and are none.

use std::ops::Range;

use super::entries::{self, has_role_label, parts};
use super::ordinals::ordinal_at;
use super::{HEADING, LINE, in_dialogue, places_in};
use crate::extract::page::Page;
use crate::extract::places::place_at;
use crate::extract::{roles, sections};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// A paragraph whose first line is the heading of the entries in the other lines.
pub fn is_headed_list(page: &Page<'_>, block: usize) -> bool {
    let lines = page.lines(block);
    let Some((head, entries)) = lines.split_first().filter(|(_, entries)| !entries.is_empty()) else { return false };
    let announces =
        || sections::section_of(page, head.clone()).map_or_else(|| has_noun_of_meetings(page, head), |section| section.reads == Reads::Meetings);
    let is_entry = |line: &Range<usize>| line.len() <= LINE && !is_sentence(page, line) && page.dates_in(line.clone()).next().is_some();
    let fitting = || entries.iter().filter(|line| is_entry(line)).count();
    let are_entries = |fitting: usize| fitting == entries.len() || fitting >= DATED && fitting * 4 >= entries.len() * 3;
    page.text(head.end - 1) != "." && page.dates_in(head.clone()).next().is_none() && are_entries(fitting()) && announces()
}

/// Whether a paragraph has several lines, and each begins with a date: signs within a line part no entries.
pub fn opens_with_dates(page: &Page<'_>, block: usize) -> bool {
    let lines = page.lines(block);
    let is_dated = |line: &Range<usize>| page.dates_in(line.clone()).next().is_some_and(|date| date.tokens.start == line.start);
    lines.len() > 1 && lines.iter().all(is_dated)
}

/// Whether a name is that of a text: the noun of one before its first small word, and no noun of a meeting there.
pub fn names_text(page: &Page<'_>, name: &Range<usize>) -> bool {
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let has = |of: &dyn Fn(Tag) -> bool| (name.start..small).any(|token| page.mark(token, of).is_some());
    has(&|tag| matches!(tag, Tag::PublicationHead(_))) && !has(&|tag| tag == Tag::MeetingHead)
}

/// Most words of an entry before its day.
const LEAD: usize = 16;
/// Fewest lines with a day and a place that make a paragraph a list, whatever else they say.
const DATED: usize = 3;

/// The entries of a paragraph of which most lines begin with the name or place of a meeting and have its day: what stands behind it, a theme
/// or a count, is left out. None where it is no such list.
pub fn dated_entries(page: &Page<'_>, block: usize, in_section: bool) -> Vec<Range<usize>> {
    if page.dates_in(page.range(block)).next().is_none() {
        return Vec::new();
    }
    let lines = page.lines(block);
    let fewest = if in_section { 2 } else { DATED };
    // `1st PSC: 9 December 2020 / 2nd PSC: Lima, 24 November 2021`: numbered meetings side by side.
    let numbered = |parts: &Vec<Range<usize>>| {
        parts.len() > 1 && parts.iter().all(|part| part.clone().take(2).any(|token| ordinal_at(page, token, part.end).is_some()))
    };
    let side_by_side: Vec<Range<usize>> = lines.iter().map(|line| entries::split(page, line)).filter(numbered).flatten().collect();
    if !side_by_side.is_empty() {
        return side_by_side;
    }
    if lines.len() < fewest || roles::governing_role(page, block).is_some() && !in_section {
        return Vec::new();
    }
    let entry = |line: &Range<usize>| {
        let date = page.dates_in(line.clone()).find(|date| in_section || date.period.precision != Precision::Year)?;
        let lead = (line.start..date.tokens.start).filter(|&token| page.is_word(token)).count();
        let begins = page.token(line.start).shape != Shape::Lower && lead <= LEAD;
        if !begins {
            return None;
        }
        let ends = |token: &usize| matches!(page.text(*token), ";" | "“" | "«" | "\"" | "|") && *token > line.start;
        let sentence = page.sentences(line.clone()).into_iter().next()?;
        let end = sentence.clone().find(ends).unwrap_or(sentence.end);
        let cut = line.start..end;
        let read = parts(page, &cut, true);
        let names_one = read.ordinal.is_some() || read.place.as_ref().is_some_and(|place| place.city.is_some());
        let is_plain =
            !has_role_label(page, cut.clone()) && !is_publication(page, &cut) && !has_finite_verb_before(page, line.start, date.tokens.start);
        (date.tokens.end <= end && names_one && is_plain).then_some(cut)
    };
    let found: Vec<Range<usize>> = lines.iter().filter_map(entry).collect();
    if found.len() >= fewest && found.len() * 5 >= lines.len() * 3 { found } else { Vec::new() }
}

/// A paragraph of which each line is an entry: in a list of meetings short lines, elsewhere lines that mostly have a date and a place or
/// the noun of a meeting.
pub fn is_list_of_lines(page: &Page<'_>, block: usize, in_section: bool) -> bool {
    let lines = super::lines::with_whole_dates(page, block);
    let is_line = |line: &Range<usize>| {
        let begins = page.token(line.start).shape != Shape::Lower || in_section && page.dates_in(line.clone()).next().is_some();
        line.len() <= LINE && !is_sentence(page, line) && begins
    };
    if !lines.iter().all(is_line) {
        return false;
    }
    let dated = lines.iter().filter(|line| page.dates_in((*line).clone()).next().is_some()).count();
    if in_section {
        return dated > 0;
    }
    let tells = |line: &&Range<usize>| {
        let read = parts(page, line, false);
        let exact = read.date.is_some_and(|date| page.dates[date].period.precision != Precision::Year);
        let has_city = read.place.as_ref().is_some_and(|place| place.city.is_some());
        exact && (has_city || starts_like_meeting(page, line)) && page.sentences((*line).clone()).len() == 1 && !has_role_label(page, (*line).clone())
    };
    // A title in a line and its place and date in the next.
    let pairs = || {
        lines.len().is_multiple_of(2)
            && lines
                .chunks(2)
                .all(|pair| starts_like_meeting(page, &pair[0]) && parts(page, &pair[1], true).is_bare() && tells(&&(pair[0].start..pair[1].end)))
    };
    lines.len() >= 2
        && dated * 2 >= lines.len()
        && !lines.iter().any(|line| is_publication(page, line))
        && roles::governing_role(page, block).is_none()
        && (lines.iter().all(|line| tells(&line)) || pairs())
}

/// Whether a paragraph of a list of meetings has entries with remarks behind them, and is no running text.
pub fn has_remarks(page: &Page<'_>, block: usize) -> bool {
    let sentences = page.sentences(page.range(block));
    let is_running = sentences.first().is_none_or(|first| is_sentence(page, first) || has_finite_verb_before(page, first.start, first.end));
    let leaders = page.range(block).any(|token| page.text(token) == "." && token > 0 && page.text(token - 1) == ".");
    !is_running && !leaders && super::lines::whole(page, block).into_iter().any(|entry| page.sentences(entry).len() > 1)
}

/// A sentence: a full stop at its end, and a verb or many small words.
pub fn is_sentence(page: &Page<'_>, range: &Range<usize>) -> bool {
    if page.text(range.end - 1) != "." {
        return false;
    }
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let small = range.clone().filter(|&token| page.token(token).shape == Shape::Lower).count();
    let first = range.clone().find(|&token| !matches!(page.text(token), "(" | "[" | "“" | "«" | "\"")).unwrap_or(range.start);
    let opens = page.tokens.marks_at(first).any(|mark| matches!(mark.tag, Tag::Opener | Tag::PlacePreposition | Tag::Article));
    words >= 8 && small * 3 > words && (opens || has_finite_verb_before(page, range.start, range.end))
}

/// An item outside of such a section that is a meeting all the same: a date and a place behind a title.
pub fn is_dated_entry(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let sentences = page.sentences(range.clone()).len();
    // Terms of office and titles have dates too.
    if roles::governing_role(page, block).is_some() || has_role_label(page, range.clone()) || is_publication(page, &range) {
        page.refuse("meetings/entry", &range, "it stands under a role, or is a publication");
        return false;
    }
    let Some(date) = page.dates_in(range.clone()).next() else {
        page.refuse("meetings/entry", &range, "it stands under no heading of meetings and has no date");
        return false;
    };
    let place = places_in(page, range.clone()).next().is_some();
    let head = starts_like_meeting(page, &range);
    let near_end = range.end - date.tokens.end <= if ordinal_at(page, range.start, range.end).is_some() { LINE / 2 } else { 8 };
    let exact = date.period.precision < Precision::Year;
    // `Signed: Geneva, 5 May 2014`: a label that says what happened.
    let label = range.clone().take(4).find(|&token| page.text(token) == ":");
    let is_event = !head
        && label.is_some_and(|colon| place_at(page, range.start, colon, true).is_none() && place_at(page, colon + 1, range.end, true).is_some());
    sentences == 1 && near_end && (place && exact && !is_event || head) && !has_finite_verb_before(page, range.start, date.tokens.start)
}

/// An entry that starts like a publication, or has a title in quotation marks.
pub fn is_publication(page: &Page<'_>, range: &Range<usize>) -> bool {
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some();
    let starts = range.clone().take(3).any(is_noun);
    // The noun of a publication in a title before any noun of a meeting.
    let head = range.clone().find(|&token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some()).unwrap_or(range.end);
    let date = page.dates_in(range.clone()).next().map_or(range.end, |date| date.tokens.start);
    let titled = (range.start..head.min(date)).any(|token| page.is_capital(token) && is_noun(token));
    starts || titled || range.clone().any(|token| matches!(page.text(token), "“" | "«" | "\""))
}

/// Prose has small words that lists of entries lack between a name and its date.
pub fn has_finite_verb_before(page: &Page<'_>, from: usize, to: usize) -> bool {
    page.begins(&(from..to), |tag| tag == Tag::ListEnd)
        .any(|token| page.token(token).shape == Shape::Lower && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition))
}

pub fn starts_like_meeting(page: &Page<'_>, range: &Range<usize>) -> bool {
    ordinal_at(page, range.start, range.end).is_some()
        || range
            .clone()
            .take(12)
            .any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some() && page.is_capital(token) && !in_dialogue(page, token))
}

/// A few words with the noun of a meeting, which is no part of another name: `consultation mechanisms` are no meetings.
pub fn has_noun_of_meetings(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let ends_phrase = |token: usize| {
        token >= range.end
            || !page.is_word(token)
            || page
                .tokens
                .marks_at(token)
                .any(|mark| matches!(mark.tag, Tag::Connector | Tag::Of | Tag::PlacePreposition | Tag::And | Tag::Generic | Tag::Held))
    };
    // `Conferencias anteriores`, `Latest meetings`: several are a list, whatever stands beside the noun.
    let is_plural = |end: usize| page.text(end - 1).to_lowercase().ends_with("s") && !page.text(end - 1).to_lowercase().ends_with("ss");
    let is_noun = |token: usize| {
        page.mark(token, |tag| tag == Tag::MeetingHead).is_some_and(|mark| mark.end <= range.end && (ends_phrase(mark.end) || is_plural(mark.end)))
            && !in_dialogue(page, token)
    };
    words <= HEADING && page.text(range.end - 1) != "?" && range.clone().any(is_noun)
}

/// The entry that some sentences open with, and the others: `Third Assembly. Lima, 4 May 2016` is one entry.
pub fn entry_and_remarks<'a>(page: &Page<'_>, sentences: &'a [Range<usize>]) -> Option<(Range<usize>, &'a [Range<usize>])> {
    let (first, remarks) = sentences.split_first()?;
    let is_dated = page.dates_in(first.clone()).next().is_some();
    let says_when = |next: &&Range<usize>| {
        let read = parts(page, next, true);
        read.is_bare() && read.date.is_some()
    };
    Some(match remarks.first().filter(|_| !is_dated).filter(says_when) {
        Some(when) => (first.start..when.end, &remarks[1..]),
        None => (first.clone(), remarks),
    })
}
