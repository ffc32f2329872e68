//! Lines: entries of meetings that run over several lines, or of which date, place and name have lines of their own.
//!
//! In: the lines of a block. Out: its entries, whole.

use std::ops::Range;

use super::Meeting;
use super::entries::{Parts, has_role_label, meeting, parts};
use crate::extract::page::Page;
use crate::extract::{roles, sections};
use crate::model::date::Precision;
use crate::model::gazetteer::Tag;
use crate::model::vocabulary::Reads;

/// Shortest line that an entry may run over, in bytes.
const RUNNING_LINE: usize = 60;

/// The lines of a block, those put together that one entry runs over: a long line that has no date at its end and no full stop.
#[must_use]
pub fn whole(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    let mut last = 0;
    let has_date = |entry: &Range<usize>| page.dates_in(entry.clone()).next().is_some();
    let starts_with_date = |line: &Range<usize>| page.dates_in(line.clone()).next().is_some_and(|date| date.tokens.start == line.start);
    for line in page.lines(block) {
        let is_open = |entry: &Range<usize>| {
            let dated =
                page.dates_in(entry.clone()).last().is_some_and(|date| entry.end - date.tokens.end <= 8 && date.tokens.end > date.tokens.start);
            let end = entry.end - 1;
            let goes_on =
                page.text(end) == "," || page.tokens.marks_at(end).any(|mark| matches!(mark.tag, Tag::Of | Tag::And | Tag::Connector | Tag::Article));
            last >= RUNNING_LINE && (goes_on || !dated) && !matches!(page.text(entry.end - 1), "." | ")" | "”" | "»")
        };
        let length = page.span(&line).len();
        match entries.last_mut() {
            // `26 – 27` above `Sep 2017`: a date runs over.
            Some(entry) if is_within_date(page, line.start) => entry.end = line.end,
            // The line below begins with a date of its own.
            Some(entry) if is_open(entry) && !(has_date(entry) && starts_with_date(&line) && page.text(entry.end - 1) != ",") => entry.end = line.end,
            _ => entries.push(line),
        }
        last = length;
    }
    entries
}

/// Lines of a list of meetings: a line that has only a date or a place belongs to the name before it, or names nothing.
pub fn from_lines(page: &Page<'_>, block: usize, lines: &[Range<usize>], series: Option<&Range<usize>>, meetings: &mut Vec<Meeting>) {
    let mut open: Option<(Range<usize>, Parts)> = None;
    let mut close = |open: &mut Option<(Range<usize>, Parts)>| {
        if let Some((range, parts)) = open.take().filter(|(_, parts)| parts.date.is_some() || parts.ordinal.is_some()) {
            meetings.extend(meeting(page, block, &range, parts, series, true));
        }
    };
    for line in lines {
        if has_role_label(page, line.clone()) || announces_other(page, line) {
            close(&mut open);
            continue;
        }
        let own = parts(page, line, true);
        match open.as_mut() {
            Some((range, known)) if own.is_bare() && fits_behind(known, &own) => {
                known.date = known.date.or(own.date);
                known.place = known.place.take().or(own.place);
                range.end = line.end;
            }
            // The date first, the name in the line below.
            Some((range, known)) if known.is_bare() && known.place.is_none() && own.date.is_none() && !own.name.is_empty() => {
                known.name = own.name;
                known.ordinal = own.ordinal;
                known.place = own.place;
                range.end = line.end;
            }
            // The date first, the name below, and then where.
            Some((range, known)) if known.place.is_none() && own.date.is_none() && own.place.is_some() && begins_with_date(page, range) => {
                known.place = own.place;
                range.end = line.end;
            }
            // A year alone above entries with days of their own is their heading.
            Some((range, _)) if own.date.is_some() && is_year(page, range) => open = Some((line.clone(), own)),
            _ => {
                close(&mut open);
                open = Some((line.clone(), own));
            }
        }
    }
    close(&mut open);
}

/// `Documents: ...`: a label of something else than meetings.
pub fn announces_other(page: &Page<'_>, line: &Range<usize>) -> bool {
    roles::labels(page, line.clone()).iter().any(|(label, _)| {
        label.start == line.start
            && page.dates_in(label.clone()).next().is_none()
            && sections::section_of(page, label.clone()).is_some_and(|section| section.reads != Reads::Meetings)
    })
}

/// Whether a token stands within a date that began before it.
fn is_within_date(page: &Page<'_>, token: usize) -> bool {
    let mut before = page.dates_in(token.saturating_sub(RUNNING_DATE)..usize::MAX).take_while(|date| date.tokens.start < token);
    page.is_in_date(token) && before.any(|date| token < date.tokens.end)
}

/// Longest part of a date on the line before, in tokens.
const RUNNING_DATE: usize = 8;

/// Whether an entry has its date in its first line and its name below.
fn begins_with_date(page: &Page<'_>, range: &Range<usize>) -> bool {
    page.dates_in(range.clone())
        .next()
        .is_some_and(|date| date.tokens.start == range.start && date.tokens.end < range.end && page.gap_before(date.tokens.end).contains('\n'))
}

/// Whether a line is a year and nothing more.
fn is_year(page: &Page<'_>, line: &Range<usize>) -> bool {
    page.dates_in(line.clone()).next().is_some_and(|date| date.period.precision == Precision::Year && date.tokens.len() >= line.len())
}

/// Whether a line of date and place says what the entry before it lacks, and nothing that it has.
fn fits_behind(known: &Parts, own: &Parts) -> bool {
    !(known.date.is_some() && own.date.is_some()) && !(known.place.is_some() && own.place.is_some())
}
