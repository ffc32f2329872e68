//! Rows: meetings in the rows and cells of tables.
//!
//! In: a row. Out: the meeting that it is, or those that its cells are.

use std::ops::Range;

use super::entries::{Parts, best_date, called_above, has_role_label, meeting, ordinal_of, parts, split, unknown_city};
use super::ordinals::{ordinal_at, ordinal_behind};
use super::section::series_of_table;
use super::{Meeting, lists};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::places::Place;
use crate::extract::roles;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};

/// Cells of a row that are a whole meeting each: its noun or ordinal, a place and a day.
pub fn from_cells(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) {
    for cell in page.cells(block).into_iter().filter(|cell| !cell.is_empty()) {
        for entry in split(page, &cell) {
            let read = parts(page, &entry, false);
            let exact = read.date.is_some_and(|date| page.dates[date].period.precision != Precision::Year);
            let has_head = read.name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
            // One with a number needs no place: it may have met on line.
            let is_numbered = read.date.is_some() && has_head && read.ordinal.as_ref().is_some_and(|(_, number)| number.start == entry.start);
            if read.place.is_none() && read.ordinal.is_none() {
                super::columns::labelled(page, block, &entry, meetings);
                continue;
            }
            let is_placed = exact && read.place.is_some() && (has_head || read.ordinal.is_some());
            if (is_placed || is_numbered) && !read.name.is_empty() && !has_role_label(page, entry.clone()) {
                meetings.extend(meeting(page, block, &entry, read, None, false));
            }
        }
    }
}

/// A row of a table: cells with a date, a place and a name in any order.
pub fn from_row(page: &Page<'_>, block: usize, section: Option<Option<Range<usize>>>) -> Option<Meeting> {
    let range = page.range(block);
    let date = best_date(page, &range)?;
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    let in_section = section.is_some();
    let exact = page.dates[date].period.precision != Precision::Year;
    let quotes = || range.clone().any(|token| matches!(page.text(token), "“" | "«" | "\""));
    let is_numbered = || cells.iter().any(|cell| is_numbered_meeting(page, cell));
    let is_elsewhere = || !is_numbered() && (!exact || quotes() || roles::governing_role(page, block).is_some());
    let is_prose = page.text(range.end - 1) == "." && lists::has_finite_verb_before(page, range.start, range.end);
    if !in_section && is_elsewhere() || is_prose || has_role_label(page, range.clone()) {
        return None;
    }
    let read: Vec<Parts> = cells.iter().map(|cell| parts(page, cell, false)).collect();
    let place_of = |parts: &Parts| parts.place.clone();
    let mut place = read
        .iter()
        .find(|parts| parts.name.is_empty() && parts.place.as_ref().is_some_and(|place| place.city.is_some()))
        .or_else(|| read.iter().find(|parts| parts.name.is_empty() && parts.place.is_some()))
        .or_else(|| read.iter().find(|parts| parts.place.as_ref().is_some_and(|place| place.city.is_some())))
        .and_then(place_of);
    let is_number = |name: &Range<usize>| name.clone().all(|token| !page.is_word(token));
    // States are who was there.
    let are_states = |name: &Range<usize>| {
        let is_part = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Article)) || !page.is_word(token);
        let mut next = name.start;
        while next < name.end {
            let state = page.mark(next, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= name.end);
            match state {
                Some(mark) => next = mark.end,
                None if is_part(next) => next += 1,
                None => return false,
            }
        }
        true
    };
    let is_name = |parts: &&Parts| !parts.name.is_empty() && !is_number(&parts.name) && !are_states(&parts.name);
    let mut named: Vec<&Parts> = read.iter().filter(is_name).collect();
    let with_head = named.iter().any(|parts| parts.name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some()));
    if place.is_none() && (in_section || with_head) {
        // A short name with nothing known in it beside another cell, or alone under a heading of meetings, is the city.
        let city = named.iter().rposition(|parts| unknown_city(page, &parts.name, parts.name.end).is_some_and(|(_, rest)| rest.is_empty()));
        if let Some(at) = city.filter(|_| named.len() > 1 || in_section) {
            let name = named.remove(at).name.clone();
            place = Some(Place { tokens: name.clone(), city: Some(name), country: None });
        }
    }
    let is_outcome =
        |name: &Range<usize>| page.mark(name.start, |tag| matches!(tag, Tag::PublicationHead(_))).is_some() || lists::names_text(page, name);
    // `cancelled`, `on line`: words of a cell that say where, and no name.
    let is_remark = |name: &Range<usize>| {
        name.clone().all(|token| page.token(token).shape == Shape::Lower || !page.is_word(token)) && ordinal_of(page, name).is_none()
    };
    let has_head = |name: &Range<usize>| name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    let about_dialogue = |name: &Range<usize>| page.dialogues_in(name.clone()).next().is_some();
    let chosen = named
        .iter()
        .find(|parts| has_head(&parts.name) && !is_outcome(&parts.name))
        .or_else(|| {
            named
                .iter()
                .find(|parts| (in_section || place.is_some()) && !is_outcome(&parts.name) && (parts.ordinal.is_some() || about_dialogue(&parts.name)))
        })
        .or_else(|| named.iter().find(|parts| in_section && !is_outcome(&parts.name) && !is_remark(&parts.name)));
    let ordinal = read.iter().find_map(|parts| parts.ordinal.clone());
    let dialogue = of_entry(page, block, &range);
    let series = section.flatten();
    // Under a heading that names the meetings, a cell without their noun says what came of them or what they were about.
    let own = chosen.filter(|parts| series.is_none() || has_head(&parts.name) || place.is_none() || about_dialogue(&parts.name));
    let name = match (own, series) {
        (Some(parts), _) => parts.name.clone(),
        (None, Some(series)) if place.is_some() => series,
        (None, None) if in_section && place.is_some() => match (series_of_table(page, block), dialogue) {
            (Some(series), _) => series,
            (None, Some(dialogue)) => page.dialogues.get(dialogue)?.name.clone(),
            (None, None) => called_above(page, block)?,
        },
        _ => return None,
    };
    Some(Meeting { name, ordinal, date: Some(date), place, dialogue, rule: "meetings/row" })
}

/// `PAFoM 3`, `13th meeting`: a cell that is an ordinal with the noun of a meeting or a dialogue, and nothing more.
fn is_numbered_meeting(page: &Page<'_>, cell: &Range<usize>) -> bool {
    // Its place may follow: `7th Plenary, Halong Bay`.
    let ends = |end: usize| end == cell.end || page.text(end) == ",";
    let head_ends =
        || cell.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some_and(|mark| mark.end <= cell.end && ends(mark.end)));
    let dialogue_ends = |at: usize| page.dialogues_in(at..cell.end).next().is_some_and(|(tokens, _)| tokens.start == at && tokens.end == cell.end);
    let numbered_behind = || {
        page.dialogues_in(cell.clone()).next().is_some_and(|(tokens, _)| {
            tokens.start == cell.start && ordinal_behind(page, tokens.end, cell.end).is_some_and(|(_, number)| number.end == cell.end)
        })
    };
    ordinal_at(page, cell.start, cell.end).is_some_and(|(_, after)| after < cell.end && (head_ends() || dialogue_ends(after))) || numbered_behind()
}
