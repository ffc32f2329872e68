//! Meetings: a name, an ordinal, days and a place, from lists, table rows, labels, headings and prose.
//!
//! In: a page. Out: one record a meeting. A name counts as a meeting where it has an ordinal, a date or a place of its own; several
//! wordings of one meeting in a document are one record, the fullest.

mod cards;
mod columns;
mod entries;
mod headings;
mod hosts;
mod labels;
mod lines;
mod lists;
mod merge;
mod names;
mod ordinals;
mod prose;
mod refusals;
mod rows;
mod section;
mod series;
mod verbs;

use std::cell::OnceCell;
use std::ops::Range;

use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::findings::Report;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;

use entries::parts;
use headings::from_heading;
use labels::from_labels;
use lists::{has_remarks, is_dated_entry, is_headed_list, is_list_of_lines, is_sentence};
use merge::merge;
use prose::from_prose;
use refusals::{is_meeting, is_one_word, within_text, without_remark};
use section::{Sections, is_in_table_of_meetings};
use series::from_series;

/// Longest line of a list of meetings, in tokens.
const LINE: usize = 40;

/// Longest heading over a list of meetings that is known by their noun alone, in words.
const HEADING: usize = 8;

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
    let mut pending: Vec<Range<usize>> = Vec::new();
    let mut cards = cards::find(page);
    meetings.append(&mut cards.meetings);
    let mut behind_table = 0;
    let mut sections = Sections::default();
    for (block, content) in page.numbered_blocks() {
        if content.kind == BlockKind::Row && block >= behind_table && !is_in_table_of_meetings(page, block + 1) {
            behind_table = columns::from_table(page, block, &mut meetings).unwrap_or(block);
        }
        if block < behind_table {
            continue;
        }
        let range = page.range(block);
        if cards.touch(&range) {
            for line in cards.rest(page, range) {
                for sentence in page.sentences(line) {
                    from_prose(page, block, &sentence, &mut meetings);
                }
            }
            continue;
        }
        let section = sections.of(page, block);
        let series = section.clone().flatten();
        let dated = OnceCell::new();
        let dated_entries = || dated.get_or_init(|| lists::dated_entries(page, block, section.is_some()));
        if content.kind != BlockKind::Heading && section.is_none() && from_labels(page, block, &mut meetings) {
            continue;
        }
        match content.kind {
            BlockKind::Row
                if section.is_none() && page.cells(block).last().is_some_and(|cell| cell.len() > LINE / 2 && page.text(cell.end - 1) == ".") =>
            {
                for cell in page.cells(block) {
                    for sentence in page.sentences(cell) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
            BlockKind::Row => {
                let before = meetings.len();
                from_series(page, block, &range, series.as_ref(), &mut meetings);
                if meetings.len() == before {
                    rows::from_cells(page, block, &mut meetings);
                }
                if meetings.len() == before {
                    meetings.extend(rows::from_row(page, block, section));
                }
            }
            BlockKind::Item
                if section.is_some() && !is_sentence(page, &range) && !lines::announces_other(page, &range) || is_dated_entry(page, block) =>
            {
                let before = meetings.len();
                from_series(page, block, &range, series.as_ref(), &mut meetings);
                if meetings.len() == before {
                    for entry in entries::split(page, &range) {
                        let read = parts(page, &entry, section.is_some());
                        // A place and a day with a word beside them are the head of a piece of news.
                        if section.is_none() && read.ordinal.is_none() && is_one_word(page, &read.name) {
                            continue;
                        }
                        meetings.extend(entries::meeting(page, block, &entry, read, series.as_ref(), section.is_some()));
                    }
                }
            }
            BlockKind::Paragraph if section.is_some() && !lists::opens_with_dates(page, block) && entries::split(page, &range).len() > 1 => {
                lines::from_lines(page, block, &entries::split(page, &range), series.as_ref(), &mut meetings);
            }
            BlockKind::Paragraph if section.is_some() && has_remarks(page, block) => {
                // Entries with a remark behind them: the first sentence is the entry.
                for entry in lines::whole(page, block) {
                    let sentences = page.sentences(entry);
                    if let Some((first, remarks)) = lists::entry_and_remarks(page, &sentences) {
                        let before = meetings.len();
                        from_series(page, block, &first, series.as_ref(), &mut meetings);
                        if meetings.len() == before {
                            lines::from_lines(page, block, std::slice::from_ref(&first), series.as_ref(), &mut meetings);
                        }
                        for remark in remarks {
                            from_prose(page, block, remark, &mut meetings);
                        }
                    }
                }
            }
            BlockKind::Paragraph if is_list_of_lines(page, block, section.is_some()) => {
                let lines = if section.is_some() { lines::whole(page, block) } else { lines::with_whole_dates(page, block) };
                for line in lines {
                    let before = meetings.len();
                    from_series(page, block, &line, series.as_ref(), &mut meetings);
                    if meetings.len() == before {
                        pending.push(line);
                    } else {
                        lines::from_lines(page, block, &std::mem::take(&mut pending), series.as_ref(), &mut meetings);
                    }
                }
                lines::from_lines(page, block, &std::mem::take(&mut pending), series.as_ref(), &mut meetings);
            }
            BlockKind::Paragraph if is_headed_list(page, block) => {
                let lines = page.lines(block);
                let series = entries::named_by_heading(page, &lines[0]);
                lines::from_lines(page, block, &lines[1..], series.as_ref(), &mut meetings);
            }
            BlockKind::Heading => from_heading(page, block, &mut meetings),
            BlockKind::Paragraph if !dated_entries().is_empty() => {
                let entries = dated_entries();
                for entry in entries {
                    let read = parts(page, entry, true);
                    meetings.extend(entries::meeting(page, block, entry, read, series.as_ref(), section.is_some()));
                }
                // Sentences among them.
                for line in page.lines(block).into_iter().filter(|line| !entries.iter().any(|entry| line.contains(&entry.start))) {
                    for sentence in page.sentences(line) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
            _ => {
                for stretch in cards::titled_lines(page, block, below_title(page, block), &mut meetings) {
                    for sentence in page.sentences(stretch) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
        }
    }
    for meeting in &mut meetings {
        meeting.name = within_text(page, meeting).unwrap_or_else(|| without_remark(page, &meeting.name));
    }
    meetings.retain(|meeting| is_meeting(page, meeting));
    for meeting in merge(page, meetings) {
        drafts.push(record(page, &meeting));
    }
}

/// A block without the dated title of a piece of news in its first line.
fn below_title(page: &Page<'_>, block: usize) -> Range<usize> {
    let range = page.range(block);
    match page.lines(block).as_slice() {
        [title, body, ..] if page.is_in_date(title.start) && page.is_capital(body.start) && page.text(title.end - 1) != "." => body.start..range.end,
        _ => range,
    }
}

/// Whether a token is part of the name of a dialogue.
fn in_dialogue(page: &Page<'_>, token: usize) -> bool {
    page.is_within_dialogue(&(token..token + 1))
}

/// The places within a range, in the order of the text.
fn places_in<'a>(page: &'a Page<'_>, range: Range<usize>) -> impl Iterator<Item = Place> + 'a {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end {
            let alone = at == range.start
                || matches!(page.text(at - 1), "," | "(" | "–" | "-" | "—" | ":" | ";" | "|")
                || at >= 2 && page.text(at - 1) == "." && page.text(at - 2) == "."
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
