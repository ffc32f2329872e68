//! Headings: a heading that is the name of one meeting.
//!
//! In: a heading. Out: its meeting; where and when it took place may stand in the lines right below.

use std::ops::Range;

use super::entries::parts;
use super::lists::starts_like_meeting;
use super::ordinals::ordinal_at;
use super::prose::from_prose;
use super::{LINE, Meeting};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::sections;
use crate::model::date::Precision;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A heading that names one meeting: with an ordinal, a date or a bracketed place. What it lacks may stand in the lines right below it.
pub fn from_heading(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) {
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
    // A dated heading over a paragraph is a piece of news: its date is not that of the meeting.
    let dated_first = page.dates_in(range.clone()).next().filter(|date| date.tokens.start <= range.start + 1).map(|date| date.tokens.start);
    let is_news = dated_first.is_some() && page.blocks.blocks.get(block + 1).is_some_and(|next| next.kind == BlockKind::Paragraph);
    if is_news {
        for meeting in &mut meetings[before..] {
            meeting.date = meeting.date.filter(|&date| Some(page.dates[date].tokens.start) != dated_first);
        }
        let mut at = before;
        while at < meetings.len() {
            if meetings[at].date.is_none() && meetings[at].ordinal.is_none() {
                meetings.remove(at);
            } else {
                at += 1;
            }
        }
    }
    match &mut meetings[before..] {
        [meeting] if meeting.date.is_none() => take_lines_below(page, block, meeting),
        // `2022 Annual Meeting`, and the days below.
        [meeting] if meeting.place.is_none() && meeting.date.is_some_and(|date| page.dates[date].period.precision == Precision::Year) => {
            let year = meeting.date.take();
            take_lines_below(page, block, meeting);
            meeting.date = meeting.date.or(year);
        }
        // A title that says nothing itself: where and when stand below it.
        [] if is_title(page, &range) => {
            if let Some(mut of_series) = series_below(page, block, &range) {
                meetings.append(&mut of_series);
                return;
            }
            let dialogue = of_entry(page, block, &range);
            let mut meeting = Meeting { name: range, ordinal: None, date: None, place: None, dialogue, rule: "meetings/heading" };
            take_lines_below(page, block, &mut meeting);
            if meeting.date.is_some() && meeting.place.as_ref().is_some_and(|place| place.city.is_some()) {
                meetings.push(meeting);
            }
        }
        _ => {}
    }
}

/// A heading that begins with the noun of a meeting or has it in its first words, and is the name of no dialogue.
fn is_title(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    (2..=LINE / 2).contains(&words)
        && starts_like_meeting(page, range)
        && page.dates_in(range.clone()).next().is_none()
        && !page.is_within_dialogue(range)
}

/// `Meetings of the Committee` above lines with a place and a day each: one meeting a line.
fn series_below(page: &Page<'_>, block: usize, title: &Range<usize>) -> Option<Vec<Meeting>> {
    let next = block + 1;
    let lines = page.blocks.blocks.get(next).filter(|below| below.kind == BlockKind::Paragraph).map(|_| page.lines(next))?;
    let meeting = |line: &Range<usize>| {
        let read = parts(page, line, true);
        (line.len() <= LINE && read.is_bare() && read.date.is_some()).then(|| Meeting {
            name: title.clone(),
            ordinal: read.ordinal,
            date: read.date,
            place: read.place,
            dialogue: of_entry(page, next, line),
            rule: "meetings/heading",
        })
    };
    let meetings: Vec<Meeting> = lines.iter().map(meeting).collect::<Option<_>>()?;
    (meetings.len() >= 2).then_some(meetings)
}

/// The date and place in the lines right below a title, where they say nothing else.
fn take_lines_below(page: &Page<'_>, block: usize, meeting: &mut Meeting) {
    let below = (block + 1..page.blocks.blocks.len().min(block + 3)).flat_map(|next| page.lines(next)).take(2);
    for line in below {
        let own = parts(page, &line, true);
        let is_more = own.is_bare() && !(meeting.date.is_some() && own.date.is_some()) && !(meeting.place.is_some() && own.place.is_some());
        if !is_more || line.len() > LINE {
            return;
        }
        meeting.date = meeting.date.or(own.date);
        meeting.place = meeting.place.take().or(own.place);
    }
}
