//! Entries: meetings of lists, tables and labels, of which name, date and place stand in any order.
//!
//! An entry is taken apart at its signs: dates and places first, what is left is the name. Where nothing is left, the heading that it
//! stands under names it, else the dialogue.

use std::ops::Range;

use super::ordinals::{lone_roman, ordinal_at, ordinal_behind};
use super::series::series_name;
use super::{Meeting, in_dialogue, places_in};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::extract::roles;
use crate::model::date::Precision;
use crate::model::gazetteer::{MeetingLabel, Shape, Tag};

/// Longest name of a city that no list of cities has, in tokens.
const CITY: usize = 3;

/// What an entry says.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Empty where date and place are all.
    pub name: Range<usize>,
    pub ordinal: Option<(i64, Range<usize>)>,
    /// Index into the dates of the page.
    pub date: Option<usize>,
    pub place: Option<Place>,
}

impl Parts {
    /// Whether it is a date, a place or both and nothing more.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.name.is_empty() && (self.date.is_some() || self.place.is_some())
    }
}

/// The most telling date of a range: the first that is finer than a year, else the first that is one year.
#[must_use]
pub fn best_date(page: &Page<'_>, range: &Range<usize>) -> Option<usize> {
    let first = page.dates.partition_point(|date| date.tokens.start < range.start);
    let dates = || (first..page.dates.len()).take_while(|&at| page.dates[at].tokens.end <= range.end);
    dates().find(|&at| page.dates[at].period.precision != Precision::Year).or_else(|| dates().find(|&at| is_of_meeting(page, at)))
}

/// A span of several years is no date of a meeting.
#[must_use]
pub fn is_of_meeting(page: &Page<'_>, date: usize) -> bool {
    use chrono::Datelike;
    let period = page.dates[date].period;
    period.precision != Precision::Year || period.start.year() == period.end.year()
}

/// Takes an entry apart; `open` where it stands in a list of meetings, so that a city may be one that we do not know.
#[must_use]
pub fn parts(page: &Page<'_>, range: &Range<usize>, open: bool) -> Parts {
    let date = best_date(page, range);
    let (mut place, mut ordinal) = (None, None);
    let mut at = range.start;
    loop {
        let next = over_openers(page, over_signs(page, at, range.end), range.end);
        if let Some(end) = date_at(page, next).filter(|end| *end <= range.end) {
            at = end;
        } else if let Some(found) = leading_place(page, next, range.end, next > range.start).filter(|_| place.is_none()) {
            at = found.tokens.end;
            place = Some(found);
        } else if let Some((value, end)) = lone_ordinal(page, next, range.end).filter(|_| ordinal.is_none()) {
            at = end;
            ordinal = Some((value, next..end));
        } else {
            at = over_signs(page, at, range.end);
            break;
        }
    }
    let start = at;
    // Leaders part the columns of a table: `24 May . . . . . Workshop`.
    let leaders = (start..range.end.saturating_sub(1)).find(|&token| page.text(token) == "." && page.text(token + 1) == ".");
    let mut end = leaders.unwrap_or(range.end);
    if let Some(first) = page.dates_in(start..range.end).next() {
        end = end.min(first.tokens.start);
    }
    if place.is_none() {
        let found: Vec<Place> = places_in(page, start..range.end)
            .filter(|place| !is_inside_title(page, start, place) && !in_dialogue(page, place.tokens.start))
            .collect();
        let is_known = |place: &&Place| place.city.as_ref().is_some_and(|city| page.mark(city.start, |tag| matches!(tag, Tag::City(_))).is_some());
        place = found.iter().find(is_known).or_else(|| found.iter().find(|place| place.city.is_some())).or(found.first()).cloned();
        if let Some(place) = place.as_ref().filter(|place| place.tokens.start >= start) {
            end = end.min(place.tokens.start);
        }
    }
    let mut name = trim_signs(page, start..end.max(start));
    if place.is_none()
        && open
        && date.is_some()
        && let Some((city, rest)) = unknown_city(page, &name, range.end)
    {
        name = trim_signs(page, rest);
        place = Some(Place { tokens: city.clone(), city: Some(city), country: None });
    }
    // `28 April 2023, Lisbon (60 officials)`: a bracket behind place and day says more of the meeting, and does not name it.
    let in_bracket = name.start > range.start && page.text(name.start - 1) == "(" && name.start - 1 > range.start;
    let is_remark = || {
        page.text(range.end - 1) == ")"
            && (name.start..range.end - 1).all(|token| !matches!(page.text(token), ")" | "("))
            && !name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some())
    };
    if in_bracket && date.is_some() && place.is_some() && is_remark() {
        name = name.start..name.start;
    }
    // `en ligne` says where it was and is no name.
    if page.mark(name.start, |tag| tag == Tag::Online).is_some_and(|mark| mark.end >= name.end) {
        name = name.start..name.start;
    }
    // `next: X`, a label in small letters.
    if let Some(colon) = name.clone().take(4).find(|&token| page.text(token) == ":").filter(|&colon| colon + 1 < name.end)
        && (name.start..colon).all(|token| page.token(token).shape == Shape::Lower)
    {
        name = trim_signs(page, colon + 1..name.end);
    }
    // A name is no longer than a sentence, whatever was set together.
    if name.clone().any(|token| page.text(token) == ".")
        && let Some(first) = page.sentences(name.clone()).first()
    {
        name = trim_signs(page, first.clone());
    }
    let ordinal = ordinal.or_else(|| ordinal_of(page, &name));
    Parts { name, ordinal, date, place }
}

/// The ordinal in the first words of a name, or behind the noun of a meeting.
#[must_use]
pub fn ordinal_of(page: &Page<'_>, name: &Range<usize>) -> Option<(i64, Range<usize>)> {
    let leading = name.clone().take(3).find_map(|token| ordinal_at(page, token, name.end).map(|(value, after)| (value, token..after)));
    leading
        .or_else(|| {
            name.clone().find_map(|token| {
                let head = page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end < name.end)?;
                ordinal_behind(page, head.end, name.end)
            })
        })
        .or_else(|| {
            // `PAFoM 3`: a number behind the name of a dialogue.
            let (tokens, _) = page.dialogues_in(name.clone()).next().filter(|(tokens, _)| tokens.start == name.start)?;
            ordinal_behind(page, tokens.end, name.end).filter(|(_, number)| number.end == name.end)
        })
}

/// The end of the date that starts at a token.
fn date_at(page: &Page<'_>, token: usize) -> Option<usize> {
    let at = page.dates.partition_point(|date| date.tokens.start < token);
    page.dates.get(at).filter(|date| date.tokens.start == token).map(|date| date.tokens.end)
}

/// A place that an entry opens with, or that `follows` its date, and that is a part of its own.
fn leading_place(page: &Page<'_>, at: usize, end: usize, follows: bool) -> Option<Place> {
    let place = place_at(page, at, end, true).filter(|_| !in_dialogue(page, at))?;
    let next = place.tokens.end;
    let stands_alone = next >= end || is_break(page, next) || matches!(page.text(next), ":" | "," | "–" | "-" | "—" | "(" | ")" | ";" | "|" | ".");
    // `2012 Geneva, A Framework of Cooperation`: the cells of a row that lost its columns.
    let is_cell = follows && place.city.is_some() && place.country.is_some() && next < end && page.is_capital(next);
    (stands_alone || is_cell || page.is_in_date(next)).then_some(place)
}

/// An ordinal with nothing behind it that it could number: a cell, or one before a place.
fn lone_ordinal(page: &Page<'_>, at: usize, end: usize) -> Option<(i64, usize)> {
    if at + 1 == end {
        return lone_roman(page, at).map(|value| (value, end));
    }
    // `VI – Lima, May 2006`
    let sign = at + 1;
    if sign + 1 < end
        && matches!(page.text(sign), "–" | "—" | ":" | "-")
        && (page.text(sign) == ":" || !page.tokens.touches_previous(sign))
        && let Some(value) = lone_roman(page, at)
    {
        return Some((value, sign));
    }
    let (value, next) = ordinal_at(page, at, end)?;
    let is_alone = next >= end
        || is_break(page, next)
        || matches!(page.text(next), "|" | ":" | "–" | "—")
        || leading_place(page, next, end, false).is_some()
        || page.is_in_date(next);
    is_alone.then_some((value, next))
}

/// Whether a wide gap or a line end stands before a token.
fn is_break(page: &Page<'_>, token: usize) -> bool {
    let gap = page.gap_before(token);
    gap.contains(['\t', '\n']) || gap.contains("   ")
}

/// Prepositions and articles before a date or place: `in Geneva`, `le 5 mai`, and a remark in brackets before them: `(planned)`.
fn over_openers(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end
        && next < at + 3
        && page.token(next).shape != Shape::Number
        && page.tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::PlacePreposition | Tag::Article | Tag::Of | Tag::Opener))
        && place_at(page, next, end, true).is_none()
        && !page.is_in_date(next)
    {
        next += 1;
    }
    let is_part = next < end && (page.is_in_date(next) || place_at(page, next, end, true).is_some());
    if is_part { next } else { at }
}

pub fn over_signs(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end {
        // `(planned) Stockholm`
        let remark =
            next == at && page.text(next) == "(" && next + 3 < end && page.token(next + 1).shape == Shape::Lower && page.text(next + 2) == ")";
        if remark {
            next += 3;
        } else if matches!(page.text(next), ":" | "," | "–" | "-" | "—" | "(" | ")" | "|" | "." | ";" | "→" | "›" | "»") {
            next += 1;
        } else {
            break;
        }
    }
    next
}

/// A place named in the middle of a title, with words of the title behind it.
fn is_inside_title(page: &Page<'_>, start: usize, place: &Place) -> bool {
    place.tokens.start == start
        && page.tokens.tokens.len() > place.tokens.end
        && page.is_word(place.tokens.end)
        && !page.is_in_date(place.tokens.end)
        && page.gap_before(place.tokens.end) == " "
}

/// A city that we do not know: capitalised words of no other meaning behind the last sign of a name, or alone. With what is left.
pub fn unknown_city(page: &Page<'_>, name: &Range<usize>, end: usize) -> Option<(Range<usize>, Range<usize>)> {
    let is_city = |part: &Range<usize>| {
        let part = part.clone();
        !part.is_empty()
            && part.len() <= CITY
            && page.is_capital(part.start)
            && part.clone().all(|token| {
                page.is_capital(token) && !page.knows(token) && page.token(token).shape != Shape::Upper || matches!(page.text(token), "-" | "’" | "'")
            })
    };
    if is_city(name) {
        return Some((name.clone(), name.start..name.start));
    }
    let is_sign = |token: usize| {
        matches!(page.text(token), "," | "–" | "—" | "(" | "|" | "-") && !page.tokens.touches_previous(token + 1) || is_break(page, token)
    };
    let sign = name.clone().skip(1).rev().find(|&token| is_sign(token) || page.text(token) == "(")?;
    let first = if matches!(page.text(sign), "," | "–" | "—" | "(" | "|" | "-") { sign + 1 } else { sign };
    let part = first..name.end;
    // The title goes on behind the city otherwise.
    let closes = part.end >= end || !page.is_word(part.end) || page.is_in_date(part.end) || is_break(page, part.end);
    (is_city(&part) && closes).then_some((part, name.start..sign))
}

/// Leaves out signs and small words at the edges of a title.
pub fn trim_signs(page: &Page<'_>, mut range: Range<usize>) -> Range<usize> {
    while !range.is_empty()
        && !page.is_word(range.start)
        && page.token(range.start).shape != Shape::Number
        && !matches!(page.text(range.start), "“" | "\"" | "«" | "‘")
    {
        range.start += 1;
    }
    while !range.is_empty() && page.has(range.start, Tag::Article) {
        range.start += 1;
    }
    loop {
        let Some(last) = range.end.checked_sub(1).filter(|last| *last >= range.start) else { return range };
        let small = page.token(last).shape == Shape::Lower
            && (page.mark(last, |tag| matches!(tag, Tag::ListEnd | Tag::Held)).is_some()
                || page.has(last, Tag::Article)
                || page.has(last, Tag::Of)
                || page.has(last, Tag::Since)
                || page.has(last, Tag::Through));
        if small || matches!(page.text(last), "," | "(" | "–" | "-" | "—" | ":" | ";" | "." | "|" | "[" | "/" | "→") {
            range.end = last;
        } else {
            return range;
        }
    }
}

/// The meeting of an entry, named by `series` (a heading or the like) where it has no name of its own.
#[must_use]
pub fn meeting(
    page: &Page<'_>,
    block: usize,
    range: &Range<usize>,
    parts: Parts,
    series: Option<&Range<usize>>,
    in_section: bool,
) -> Option<Meeting> {
    let is_year = |date: usize| page.dates[date].period.precision == Precision::Year && page.dates[date].tokens == *range;
    // A year alone is the heading of what stands below it.
    if parts.date.is_some_and(is_year) {
        return None;
    }
    let dialogue = of_entry(page, block, range);
    let name = if parts.name.is_empty() || is_outcome(page, &parts) {
        match series {
            Some(series) => series.clone(),
            // A place and a date alone: a meeting of the dialogue, or what the heading calls them.
            None => match dialogue {
                Some(dialogue) => page.dialogues.get(dialogue)?.name.clone(),
                None => called_above(page, block).filter(|_| in_section)?,
            },
        }
    } else {
        parts.name
    };
    let has_city = parts.place.as_ref().is_some_and(|place| place.city.is_some());
    let is_named = || name.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::MeetingHead | Tag::Dialogue(_))).is_some());
    // `Date: June 2016`: the label of something else.
    let is_label = page
        .mark(name.start, |tag| matches!(tag, Tag::MeetingLabel(MeetingLabel::Date | MeetingLabel::Place)))
        .is_some_and(|mark| mark.end >= name.end);
    if is_label {
        return None;
    }
    let says_something = parts.date.is_some() || parts.ordinal.is_some() && is_named() || in_section && has_city;
    says_something.then_some(Meeting { name, ordinal: parts.ordinal, date: parts.date, place: parts.place, dialogue, rule: "meetings/entry" })
}

/// `Rome, 27 November 2014 Rome Declaration`, `Rome, 5 May 2006: adoption of a plan`: what stands behind place and day is what came of the meeting.
fn is_outcome(page: &Page<'_>, parts: &Parts) -> bool {
    let name = &parts.name;
    let is_behind = |place: &Place| place.tokens.start < name.start;
    let is_event = || page.mark(name.start, |tag| tag == Tag::OtherEvent).is_some();
    (super::lists::names_text(page, name) || !name.is_empty() && is_event())
        && parts.place.as_ref().is_some_and(is_behind)
        && parts.date.is_some_and(|date| page.dates[date].tokens.start < name.start)
}

/// The entries of a range that signs part: `A, Rome, 5 May 2014 / B, Lima, 6 June 2014`; the range itself where not nearly all parts have a date.
#[must_use]
pub fn split(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let is_sign = |token: usize| match page.text(token) {
        ";" | "|" | "•" => true,
        "/" => !page.tokens.touches_previous(token) && token + 1 < range.end && !page.tokens.touches_previous(token + 1),
        _ => false,
    };
    let whole = || vec![range.clone()];
    if page.dates_in(range.clone()).nth(1).is_none() {
        return whole();
    }
    let mut parts = Vec::new();
    let mut first = range.start;
    for token in range.clone().filter(|&token| is_sign(token)).chain([range.end]) {
        if first < token {
            parts.push(first..token);
        }
        first = token + 1;
    }
    // A year alone and a day alone are cells of one entry: `2011 | Geneva | 29–30 November`.
    let is_entry = |part: &&Range<usize>| page.dates_in((*part).clone()).next().is_some_and(|date| part.len() > date.tokens.len() + 1);
    let dated = parts.iter().filter(is_entry).count();
    if dated >= 2 && dated + 1 >= parts.len() && page.sentences(range.clone()).len() == 1 { parts } else { whole() }
}

pub fn has_role_label(page: &Page<'_>, range: Range<usize>) -> bool {
    roles::labels(page, range).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some())
}

/// The noun of a meeting in the headings above a block, with the words that belong to it; else the dialogue that the block is about.
#[must_use]
pub fn called_above(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let above = page.introductions(block).find_map(|above| {
        let range = page.range(above);
        series_name(page, range.start, range.end)
    });
    above.or_else(|| Some(page.dialogues[page.subject(block)?].name.clone()))
}

/// What the meetings under a heading are called: the noun of a meeting in it with the words that belong to it.
#[must_use]
pub fn named_by_heading(page: &Page<'_>, heading: &Range<usize>) -> Option<Range<usize>> {
    series_name(page, heading.start, heading.end).filter(|name| name.clone().filter(|&token| page.is_word(token)).count() >= 2)
}
