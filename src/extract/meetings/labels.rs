//! Labels: entries behind a label that announces meetings: `Last meeting: Brussels, 18 June 2013`.
//!
//! In: a block. Out: the meetings of its labels, in whichever line they stand.

use super::entries::{self, parts};
use super::lists::{has_noun_of_meetings, is_sentence};
use super::series::from_series;
use super::{HEADING, Meeting, lines};
use crate::extract::page::Page;
use crate::extract::{roles, sections};
use crate::model::gazetteer::Tag;
use crate::model::vocabulary::Reads;

/// Longest label before earlier meetings, in tokens.
const LABEL: usize = 3;

/// `Last meeting: Brussels, 18 June 2013`: entries behind a label that announces meetings, in whichever line of the block it stands.
pub fn from_labels(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) -> bool {
    let mut before = meetings.len();
    for (label, value) in roles::labels(page, page.range(block)) {
        let value = entries::trim_signs(page, value);
        // `SOMs: Lima, May 2016; Quito, 3 June 2017`: the noun of meetings before places and days and nothing else.
        let by_noun = || {
            has_noun_of_meetings(page, &label)
                && page.is_capital(label.start)
                && entries::split(page, &value).iter().all(|entry| parts(page, entry, true).is_bare())
        };
        // `Earlier editions: Lima (2014), Quito (2015)`: of the dialogue named before.
        let edition = label.clone().any(|token| page.has(token, Tag::Edition)) && label.len() <= LABEL;
        let announces = (sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Meetings) || by_noun())
            && entries::ordinal_of(page, &label).is_none();
        if !announces && !edition || label.len() > HEADING || is_sentence(page, &(label.start..value.end)) {
            continue;
        }
        if edition {
            let named = page.dialogues_in(page.range(block).start..label.start).last();
            let series = named.map(|(tokens, _)| tokens.clone()).or_else(|| Some(page.dialogues[page.subject(block)?].name.clone()));
            let found = meetings.len();
            from_series(page, block, &value, series.as_ref(), meetings);
            // The sentences before it are still to be read.
            before += meetings.len() - found;
            continue;
        }
        let series = entries::named_by_heading(page, &label).or_else(|| by_noun().then(|| label.clone()));
        let found = meetings.len();
        from_series(page, block, &value, series.as_ref(), meetings);
        if meetings.len() > found {
            continue;
        }
        // A line each, below the label.
        let lines = page.lines_in(value.clone());
        if lines.len() > 1 && page.gap_before(value.start).contains('\n') {
            lines::from_lines(page, block, &lines, series.as_ref(), meetings);
            continue;
        }
        for entry in entries::split(page, &value) {
            let read = parts(page, &entry, true);
            meetings.extend(entries::meeting(page, block, &entry, read, series.as_ref(), true));
        }
    }
    meetings.len() > before
}
