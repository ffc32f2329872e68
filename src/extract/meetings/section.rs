//! Section: whether a block stands in a list or table of meetings, and what its heading calls them.
//!
//! In: a block. Out: the section, by the nearest introduction with known wording or by the heads of the columns.

use std::ops::Range;

use super::entries;
use super::lists::has_noun_of_meetings;
use crate::extract::page::Page;
use crate::extract::{roles, sections};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// What the headings that were asked last say: the entries of a list have the same.
#[derive(Debug, Default)]
pub struct Sections {
    last: Option<(Option<usize>, Option<Option<Range<usize>>>)>,
}

impl Sections {
    /// Whether a block stands in a list of meetings, with what the heading calls them.
    #[allow(clippy::option_option, reason = "a section, and a name that it may have")]
    pub fn of(&mut self, page: &Page<'_>, block: usize) -> Option<Option<Range<usize>>> {
        if is_in_table_of_meetings(page, block) {
            return Some(None);
        }
        let heading = page.block(block).heading;
        if self.last.as_ref().is_none_or(|(above, _)| *above != heading) {
            self.last = Some((heading, section(page, block)));
        }
        self.last.as_ref().and_then(|(_, section)| section.clone())
    }
}

/// Whether a block stands in a list of meetings by its headings: the nearest introduction with known wording decides, or a short heading with
/// the noun of a meeting that is none itself.
#[allow(clippy::option_option, reason = "a section, and a name that it may have")]
fn section(page: &Page<'_>, block: usize) -> Option<Option<Range<usize>>> {
    for above in page.introductions(block) {
        let range = behind_annex(page, roles::label_part(page, page.range(above)));
        let known = sections::section_of(page, range.clone());
        match known {
            Some(section) if section.reads == Reads::Meetings => return Some(entries::named_by_heading(page, &range)),
            // `Meetings and successive chairs`, `Annex 2. Past conferences`
            Some(section)
                if section.reads == Reads::Nothing
                    && (begins_with_meetings(page, &range) || range.start > page.range(above).start && lists_meetings(page, above, &range)) =>
            {
                return Some(entries::named_by_heading(page, &range));
            }
            // `Hosts of the annual conference`: who held a role, and which meeting.
            Some(section) if section.reads == Reads::Nothing && is_of_hosts(page, &range) && lists_meetings(page, above, &range) => {
                return Some(entries::named_by_heading(page, &range));
            }
            Some(_) => return None,
            None if lists_meetings(page, above, &range) => return Some(entries::named_by_heading(page, &range)),
            None if page.block(above).kind == BlockKind::Heading => return None,
            None => {}
        }
    }
    None
}

/// `Annex 2. Past conferences`: what a numbered annex is of.
fn behind_annex(page: &Page<'_>, range: Range<usize>) -> Range<usize> {
    let is_sign = |token: &usize| matches!(page.text(*token), "." | "–" | "—" | ":" | "-");
    match range.clone().take(ANNEX).find(is_sign) {
        Some(sign) if sign + 1 < range.end && is_annex(page, &(range.start..sign)) => sign + 1..range.end,
        _ => range,
    }
}

/// A heading that states nothing, with its number: `Annex`, `Anexo I`.
fn is_annex(page: &Page<'_>, words: &Range<usize>) -> bool {
    let noun = page.mark(words.start, |tag| matches!(tag, Tag::Heading(_))).filter(|mark| mark.end <= words.end);
    let number = noun.map_or(words.start + 1, |mark| mark.end)..words.end;
    let is_number =
        |token: usize| page.token(token).shape == Shape::Number || page.text(token).len() == 1 || super::ordinals::lone_roman(page, token).is_some();
    let states_nothing = sections::section_of(page, words.clone()).is_some_and(|section| section.reads == Reads::Nothing);
    states_nothing && number.len() <= 1 && number.clone().all(is_number)
}

/// Longest such beginning with its sign, in tokens.
const ANNEX: usize = 3;

/// What the rows of a table of meetings are called that have no name of their own: as the heading above says.
pub fn series_of_table(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let heading = page.heading(block)?;
    let range = behind_annex(page, page.range(heading));
    let known = sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Meetings);
    // `Coming meetings` says nothing of what they are.
    let says_which = |name: &Range<usize>| name.clone().any(|token| page.has(token, Tag::Generic));
    entries::named_by_heading(page, &range).filter(|name| (known || has_noun_of_meetings(page, &range)) && says_which(name))
}

/// Whether a heading names meetings first, and a role behind an "and".
fn begins_with_meetings(page: &Page<'_>, range: &Range<usize>) -> bool {
    let first = range.clone().find(|&token| page.is_word(token) && !page.has(token, Tag::Article)).unwrap_or(range.start);
    let noun = page.mark(first, |tag| tag == Tag::MeetingHead);
    noun.is_some_and(|noun| noun.end < range.end && page.mark(noun.end, |tag| tag == Tag::And).is_some())
}

/// Whether a row stands in a table whose head names a column of days and one of places, or the like.
pub fn is_in_table_of_meetings(page: &Page<'_>, block: usize) -> bool {
    let is_row = |block: &usize| page.blocks.blocks.get(*block).is_some_and(|block| block.kind == BlockKind::Row);
    let Some(head) = (0..=block).rev().take_while(is_row).last().filter(|head| *head < block) else { return false };
    let is_column = |cell: &Range<usize>| {
        let mut next = cell.start;
        while next < cell.end {
            match page.mark(next, |tag| tag == Tag::MeetingColumn).filter(|mark| mark.end <= cell.end) {
                Some(mark) => next = mark.end,
                None if !page.is_word(next) || page.has(next, Tag::And) => next += 1,
                None => return false,
            }
        }
        !cell.is_empty()
    };
    page.cells(head).iter().filter(|cell| is_column(cell)).count() >= 2
}

/// Whether a heading speaks of those who hosted something.
fn is_of_hosts(page: &Page<'_>, range: &Range<usize>) -> bool {
    roles::role_of(page, range.clone()).is_some_and(|role| page.vocabulary().roles.role[usize::from(role.role)].role == "host")
}

/// `Hosts of the annual conference`, `Full Rounds`: the noun of a meeting in a heading that is the name of no single meeting.
fn lists_meetings(page: &Page<'_>, block: usize, range: &Range<usize>) -> bool {
    let is_one = || page.dates_in(range.clone()).next().is_some() || entries::ordinal_of(page, range).is_some();
    // The title of the document is none.
    block > 1 && page.block(block).kind == BlockKind::Heading && has_noun_of_meetings(page, range) && !is_one()
}
