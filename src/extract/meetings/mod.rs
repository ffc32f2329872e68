//! Meetings: a name, an ordinal, days and a place, from lists, table rows, headings and prose.
//!
//! In: a page. Out: one record a meeting. A name counts as a meeting where it has an ordinal, a date or a place of its own; several
//! wordings of one meeting in a document are one record, the fullest.

mod merge;
mod prose;

use std::ops::Range;

use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::extract::{roles, sections};
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

use merge::merge;
use prose::from_prose;

/// A meeting as one stretch of text states it.
#[derive(Clone, Debug)]
struct Meeting {
    name: Range<usize>,
    ordinal: Option<(i64, Range<usize>)>,
    /// Index into the dates of the page.
    date: Option<usize>,
    place: Option<Place>,
    dialogue: Option<usize>,
    rule: &'static str,
}

/// Emits the meetings of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut meetings: Vec<Meeting> = Vec::new();
    for (block, content) in page.numbered_blocks() {
        let in_section = is_in_section(page, block);
        match content.kind {
            BlockKind::Row => meetings.extend(from_row(page, block, in_section)),
            BlockKind::Item if in_section || is_dated_entry(page, block) => {
                let before = meetings.len();
                from_repeated(page, block, page.range(block), &mut meetings);
                if meetings.len() == before {
                    meetings.extend(from_entry(page, block, page.range(block), in_section));
                }
            }
            BlockKind::Paragraph if in_section && page.lines(block).iter().all(|line| is_dated_line(page, line)) => {
                for line in page.lines(block) {
                    meetings.extend(from_entry(page, block, line, true));
                }
            }
            BlockKind::Heading => from_heading(page, block, &mut meetings),
            _ => {
                for sentence in page.sentences(page.range(block)) {
                    from_prose(page, block, &sentence, &mut meetings);
                }
            }
        }
    }
    for meeting in merge(page, meetings) {
        drafts.push(record(page, &meeting));
    }
}

/// A line with a date that is no prose.
fn is_dated_line(page: &Page<'_>, line: &Range<usize>) -> bool {
    page.dates_in(line.clone()).next().is_some() && line.len() <= 40 && page.sentences(line.clone()).len() == 1 && page.text(line.end - 1) != "."
}

/// Whether the nearest introduction is a heading of meetings.
fn is_in_section(page: &Page<'_>, block: usize) -> bool {
    sections::section(page, block).is_some_and(|(_, section)| section.reads == Reads::Meetings)
}

/// An item outside of such a section that is a meeting all the same: a date and a place behind a title.
fn is_dated_entry(page: &Page<'_>, block: usize) -> bool {
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
    let near_end = range.end - date.tokens.end <= 8;
    let exact = date.period.precision < crate::model::date::Precision::Year;
    sentences == 1 && near_end && (place && exact || head) && !has_finite_verb_before(page, range.start, date.tokens.start)
}

fn has_role_label(page: &Page<'_>, range: Range<usize>) -> bool {
    roles::labels(page, range).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some())
}

/// An entry that starts like a publication, or has a title in quotation marks.
fn is_publication(page: &Page<'_>, range: &Range<usize>) -> bool {
    let starts = range.clone().take(3).any(|token| page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some());
    starts || range.clone().any(|token| matches!(page.text(token), "“" | "«" | "\""))
}

/// Prose has small words that lists of entries lack between a name and its date.
fn has_finite_verb_before(page: &Page<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|token| {
        page.mark(token, |tag| tag == Tag::ListEnd).is_some() && page.token(token).shape == Shape::Lower && !page.has(token, Tag::Connector)
    })
}

fn starts_like_meeting(page: &Page<'_>, range: &Range<usize>) -> bool {
    ordinal_at(page, range.start, range.end).is_some()
        || range
            .clone()
            .take(12)
            .any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some() && page.is_capital(token) && !in_dialogue(page, token))
}

/// Whether a token is part of the name of a dialogue.
fn in_dialogue(page: &Page<'_>, token: usize) -> bool {
    page.dialogue_mentions.iter().any(|(tokens, _)| tokens.contains(&token))
}

/// An ordinal in words, digits or Roman numerals: its value and the token behind it.
fn ordinal_at(page: &Page<'_>, at: usize, end: usize) -> Option<(i64, usize)> {
    if at >= end {
        return None;
    }
    if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))) {
        let Tag::Ordinal(value) = mark.tag else { return None };
        return Some((i64::from(value), mark.end));
    }
    if page.token(at).shape == Shape::Number && page.text(at).len() <= 2 && at + 1 < end {
        let suffixed = page.tokens.touches_previous(at + 1) && (page.has(at + 1, Tag::OrdinalSuffix) || matches!(page.text(at + 1), "º" | "ª" | "°"));
        return suffixed.then(|| page.text(at).parse().ok().map(|value| (value, at + 2)))?;
    }
    let roman = roman(page.text(at)).filter(|_| page.token(at).shape == Shape::Upper || page.text(at).len() == 1 && page.is_capital(at));
    roman.filter(|_| at + 1 < end && page.is_capital(at + 1) && page.text(at).len() <= 5).map(|value| (value, at + 1))
}

fn roman(text: &str) -> Option<i64> {
    let digit = |letter: char| match letter {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let digits: Option<Vec<i64>> = text.chars().map(digit).collect();
    let digits = digits.filter(|digits| !digits.is_empty())?;
    let value = digits.iter().enumerate().map(|(at, value)| if digits.get(at + 1).is_some_and(|next| next > value) { -value } else { *value }).sum();
    (1..=60).contains(&value).then_some(value)
}

/// The places within a range, in the order of the text.
fn places_in<'a>(page: &'a Page<'_>, range: Range<usize>) -> impl Iterator<Item = Place> + 'a {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end {
            let alone = at == range.start
                || matches!(page.text(at - 1), "," | "(" | "–" | "-" | ":" | ";" | "|")
                || page.mark(at - 1, |tag| tag == Tag::PlacePreposition).is_some()
                || page.has(at - 1, Tag::Article);
            let stands_free = alone
                && (at == range.start
                    || !page.has(at - 1, Tag::Article)
                    || at >= 2 && page.mark(at - 2, |tag| tag == Tag::PlacePreposition).is_some());
            match place_at(page, at, range.end, stands_free).filter(|place| stands_free || place.country.is_some()) {
                Some(place) => {
                    at = place.tokens.end;
                    return Some(place);
                }
                None => at += 1,
            }
        }
        None
    })
}

/// An entry of a list: a title up to its date and place, in whichever order they stand.
fn from_entry(page: &Page<'_>, block: usize, range: Range<usize>, in_section: bool) -> Option<Meeting> {
    let date = page.dates.iter().position(|date| range.start <= date.tokens.start && date.tokens.end <= range.end);
    let first_date = date.map(|date| page.dates[date].tokens.clone());
    let start = match &first_date {
        Some(tokens) if tokens.start == range.start || tokens.start == range.start + 1 && page.text(range.start) == "(" => {
            over_signs(page, tokens.end, range.end)
        }
        _ => range.start,
    };
    let place = pick_place(places_in(page, start..range.end).filter(|place| !is_inside_title(page, start, place)));
    let mut end = range.end;
    if let Some(tokens) = first_date.as_ref().filter(|tokens| tokens.start > start) {
        end = end.min(tokens.start);
    }
    if let Some(place) = place.as_ref().filter(|place| place.tokens.start > start) {
        end = end.min(place.tokens.start);
    }
    let mut name = trim_signs(page, start..end);
    let ordinal = (name.start..name.end)
        .find_map(|token| ordinal_at(page, token, name.end).map(|(value, after)| (value, token..after)))
        .filter(|(_, tokens)| tokens.start < name.start + 3);
    let dialogue = page.dialogues_in(range.clone()).next().map(|(_, dialogue)| dialogue).or(page.subject(block));
    if name.is_empty() {
        // A place and a date alone: a meeting of the dialogue.
        name = page.dialogues.get(dialogue?)?.name.clone();
    }
    let says_something = date.is_some() || ordinal.is_some() || (in_section && place.is_some());
    says_something.then_some(Meeting { name, ordinal, date, place, dialogue, rule: "meetings/entry" })
}

/// The place of an entry: the first with a city, else the first.
fn pick_place(places: impl Iterator<Item = Place>) -> Option<Place> {
    let places: Vec<Place> = places.collect();
    places.iter().find(|place| place.city.is_some()).or(places.first()).cloned()
}

/// A place named in the middle of a title, with words of the title behind it.
fn is_inside_title(page: &Page<'_>, start: usize, place: &Place) -> bool {
    place.tokens.start == start
        && page.tokens.tokens.len() > place.tokens.end
        && page.is_word(place.tokens.end)
        && !page.is_in_date(place.tokens.end)
        && page.gap_before(place.tokens.end) == " "
}

fn over_signs(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end && matches!(page.text(next), ":" | "," | "–" | "-" | "—" | ")" | "|" | "." | ";") {
        next += 1;
    }
    next
}

/// Leaves out signs and small words at the edges of a title.
fn trim_signs(page: &Page<'_>, mut range: Range<usize>) -> Range<usize> {
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
            && (page.mark(last, |tag| tag == Tag::ListEnd).is_some()
                || page.has(last, Tag::Article)
                || page.has(last, Tag::Of)
                || page.has(last, Tag::Since)
                || page.has(last, Tag::Through));
        if small || matches!(page.text(last), "," | "(" | "–" | "-" | "—" | ":" | ";" | "." | "|" | "[" | "/") {
            range.end = last;
        } else {
            return range;
        }
    }
}

/// `Philippines: 16 September 2014, Viet Nam: 23 September 2014`, `2003 (Colombo), 2004 (Manila)`: one meeting a pair.
fn from_repeated(page: &Page<'_>, block: usize, range: Range<usize>, meetings: &mut Vec<Meeting>) {
    let mut pairs: Vec<(Place, usize)> = Vec::new();
    for (index, date) in page.dates.iter().enumerate().filter(|(_, date)| range.start <= date.tokens.start && date.tokens.end <= range.end) {
        let before = date.tokens.start.checked_sub(1).filter(|sign| *sign > range.start && matches!(page.text(*sign), ":" | "–" | "-" | "("));
        let place_before = before.and_then(|sign| {
            (sign.saturating_sub(5).max(range.start)..sign).find_map(|at| place_at(page, at, sign, true).filter(|place| place.tokens.end == sign))
        });
        let after = date.tokens.end;
        let place_after = (after + 1 < range.end && page.text(after) == "(")
            .then(|| place_at(page, after + 1, range.end, true))
            .flatten()
            .filter(|place| page.text(place.tokens.end.min(range.end - 1)) == ")" || page.text(place.tokens.end - 1) == ")");
        pairs.extend(place_before.or(place_after).map(|place| (place, index)));
    }
    if pairs.len() < 2 {
        return;
    }
    let first = pairs.iter().map(|(place, date)| place.tokens.start.min(page.dates[*date].tokens.start)).min().unwrap_or(range.start);
    let Some(name) = series_name(page, range.start, first) else { return };
    let dialogue =
        page.dialogues_in(range.start..first).last().map(|(_, dialogue)| dialogue).or_else(|| later_dialogue(page, block)).or(page.subject(block));
    for (place, date) in pairs {
        meetings.push(Meeting { name: name.clone(), ordinal: None, date: Some(date), place: Some(place), dialogue, rule: "meetings/series" });
    }
}

/// A dialogue that the rest of the block names.
fn later_dialogue(page: &Page<'_>, block: usize) -> Option<usize> {
    page.dialogues_in(page.range(block)).next().map(|(_, dialogue)| dialogue)
}

/// What a series of meetings is called: the last noun of a meeting before its dates, with the words that belong to it.
fn series_name(page: &Page<'_>, from: usize, first: usize) -> Option<Range<usize>> {
    let head = (from..first).rev().find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= first))?;
    let mut start = head.first;
    let capital = page.is_capital(head.first);
    while start > from && head.first - start < 12 {
        let before = start - 1;
        let belongs = if capital {
            page.is_capital(before)
        } else {
            page.token(before).shape == Shape::Lower
                && head.first - before <= 2
                && !page.tokens.marks_at(before).any(|mark| matches!(mark.tag, Tag::ListEnd | Tag::Article | Tag::Connector))
        };
        if !belongs {
            break;
        }
        start = before;
    }
    Some(start..head.end)
}

/// A row of a table: cells with a date, a place and a name in any order.
fn from_row(page: &Page<'_>, block: usize, in_section: bool) -> Option<Meeting> {
    let cells = page.cells(block);
    let range = page.range(block);
    let date = page.dates.iter().position(|date| range.start <= date.tokens.start && date.tokens.end <= range.end)?;
    let of_date = |cell: &Range<usize>| cell.start <= page.dates[date].tokens.start && page.dates[date].tokens.end <= cell.end;
    let place = cells
        .iter()
        .filter(|cell| !cell.is_empty())
        .find_map(|cell| place_at(page, cell.start, cell.end, true).filter(|place| place.tokens.end + 1 >= cell.end));
    let of_place = |cell: &Range<usize>| place.as_ref().is_some_and(|place| cell.start <= place.tokens.start && place.tokens.end <= cell.end);
    let cells: Vec<Range<usize>> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
    let exact = page.dates[date].period.precision < crate::model::date::Precision::Year;
    if !in_section && (!exact || roles::governing_role(page, block).is_some()) {
        return None;
    }
    let named = cells.iter().find(|cell| {
        !of_date(cell) && !of_place(cell) && (in_section || starts_like_meeting(page, cell) || page.dialogues_in((*cell).clone()).next().is_some())
    });
    if named.is_none() && !(in_section && place.is_some()) {
        return None;
    }
    let dialogue = page.dialogues_in(range.clone()).next().map(|(_, dialogue)| dialogue).or(page.subject(block));
    let name = match named {
        Some(cell) => trim_signs(page, cell.clone()),
        None => page.dialogues.get(dialogue?)?.name.clone(),
    };
    let ordinal = ordinal_at(page, name.start, range.end).map(|(value, after)| (value, name.start..after));
    (!name.is_empty()).then_some(Meeting { name, ordinal, date: Some(date), place, dialogue, rule: "meetings/row" })
}

/// A heading that names one meeting: with an ordinal, a date or a bracketed place.
fn from_heading(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) {
    let range = page.range(block);
    if sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Meetings)
        && page.text(range.end - 1) != ")"
        && (range.start..range.end).all(|token| ordinal_at(page, token, range.end).is_none())
    {
        return;
    }
    let before = meetings.len();
    from_prose(page, block, &range, meetings);
    for meeting in &mut meetings[before..] {
        meeting.rule = "meetings/heading";
    }
}

fn record(page: &Page<'_>, meeting: &Meeting) -> Draft {
    let name = page.span(&meeting.name);
    let mut draft = Draft::new("meetings", meeting.rule);
    if let Some(dialogue) = meeting.dialogue {
        let span: Span = page.span(&page.dialogues[dialogue].name);
        draft = draft.with("dialogue", page.value(span), span);
    }
    draft = draft.with("name", page.value(name), name);
    if let Some((value, tokens)) = &meeting.ordinal {
        draft = draft.with("ordinal", *value, page.span(tokens));
    }
    match meeting.date.map(|date| &page.dates[date]) {
        Some(date) => {
            let span = page.span(&date.tokens);
            draft = draft.with("start_date", date.period.reduced_start(), span).with("end_date", date.period.reduced_end(), span);
            draft = draft.derived("date_precision", date.period.precision.name()).with("date_text", page.value(span), span);
        }
        None => draft = draft.derived("date_precision", "none"),
    }
    if let Some(place) = &meeting.place {
        if let Some(city) = &place.city {
            draft = draft.with("city", page.value_of(city), page.span(city));
        }
        if let Some(country) = &place.country {
            draft = draft.with("country", page.value_of(country), page.span(country));
        }
    }
    draft
}
