//! Columns: a table with one column of meetings, whose head names them: `Last plenary`, a row for each dialogue, region or year.
//!
//! In: a row that may be the head of a table. Out: the meeting of each row, with the place and day of its cell. Tables with columns of days
//! and places of their own are read row by row.

use std::ops::Range;

use super::entries::{self, parts};
use super::series::series_name;
use super::{Meeting, lists};
use crate::extract::columns::{self, Columns};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::sections;
use crate::model::date::Precision;
use crate::model::gazetteer::Tag;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest head of such a column, in words.
const HEAD: usize = 6;

/// Emits the meetings of the table that begins with a row, and returns the block behind it where it has a column of meetings.
pub fn from_table(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) -> Option<usize> {
    let is_first = block == 0 || page.block(block - 1).kind != BlockKind::Row || page.block(block).after_blank;
    let table = columns::below(page, block).filter(|table| is_first && table.head.len() > 2)?;
    let place = (0..table.head.len()).find(|&place| holds_meetings(page, &table, place))?;
    let head = &table.head[place];
    let called = series_name(page, head.start, head.end).unwrap_or_else(|| head.clone());
    for (row, cells) in &table.rows {
        if let Some(cell) = &cells[place] {
            let read = parts(page, cell, true);
            let is_named = read.name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some()) || read.ordinal.is_some();
            let name = if is_named && !read.name.is_empty() { read.name } else { called.clone() };
            let dialogue = of_entry(page, *row, &page.range(*row));
            // `2006 | Dhaka | 11th Plenary, Dhaka`: the year of the row.
            let date = read.date.or_else(|| year_of_row(page, cells).filter(|_| is_named && read.place.is_some()));
            if date.is_some_and(|date| entries::is_of_meeting(page, date)) {
                meetings.push(Meeting { name, ordinal: read.ordinal, date, place: read.place, dialogue, rule: "meetings/column" });
            }
        }
        for cell in cells.iter().enumerate().filter(|(at, _)| *at != place).filter_map(|(_, cell)| cell.as_ref()) {
            labelled(page, *row, cell, meetings);
        }
    }
    Some(table.rows.last().map_or(block, |(row, _)| *row) + 1)
}

/// The date that is a cell of a row and nothing more.
fn year_of_row(page: &Page<'_>, cells: &[Option<Range<usize>>]) -> Option<usize> {
    let is_date = |cell: &Range<usize>| entries::best_date(page, cell).filter(|&date| page.dates[date].tokens.len() >= cell.len());
    cells.iter().flatten().find_map(is_date)
}

/// Whether the head of a column names meetings and most of its cells have a day or month and hardly anything else. A second column of days or
/// places parts what such a cell says.
fn holds_meetings(page: &Page<'_>, table: &Columns, place: usize) -> bool {
    let head = &table.head[place];
    let words = head.clone().filter(|&token| page.is_word(token)).count();
    let by_section = sections::section_of(page, head.clone()).is_some_and(|section| section.reads == Reads::Meetings);
    let by_noun = head.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    let is_dated =
        |cell: &Range<usize>| page.dates_in(cell.clone()).any(|date| date.period.precision != Precision::Year) && !lists::is_sentence(page, cell);
    let dated = |place: usize| table.rows.iter().filter_map(|(_, cells)| cells[place].as_ref()).filter(|cell| is_dated(cell)).count();
    let is_own = |at: usize| page.mark(table.head[at].start, |tag| matches!(tag, Tag::MeetingLabel(_) | Tag::MeetingColumn)).is_some();
    let others = (0..table.head.len()).filter(|&at| at != place && is_own(at) && dated(at) * 2 > table.rows.len()).count();
    words <= HEAD && (by_section || by_noun) && others == 0 && dated(place) >= 2 && dated(place) * 2 >= table.rows.len()
}

/// `Stakeholder consultation: 6 October 2020`: a cell of its own name and day.
pub fn labelled(page: &Page<'_>, block: usize, cell: &Range<usize>, meetings: &mut Vec<Meeting>) {
    let Some(date) = entries::best_date(page, cell).filter(|&date| page.dates[date].period.precision == Precision::Day) else { return };
    let start = page.dates[date].tokens.start;
    let Some(colon) = start.checked_sub(1).filter(|&colon| colon > cell.start && page.text(colon) == ":") else { return };
    let bracket = (cell.start..colon).find(|&token| page.text(token) == "(").unwrap_or(colon);
    let name = cell.start..bracket;
    let is_named = page.is_capital(name.start) && name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    if is_named && name.len() <= 2 * HEAD {
        let ordinal = entries::ordinal_of(page, &name);
        meetings.push(Meeting { name, ordinal, date: Some(date), place: None, dialogue: page.subject(block), rule: "meetings/cell" });
    }
}
