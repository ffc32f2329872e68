//! Pages: what the end of a page parted comes together again.
//!
//! In: the lines of a text, and what was set aside between them. Out: the same lines, without the empty lines of a page end where a list or
//! a sentence goes on behind it. Where nothing says so the empty lines stay: a page can begin with a paragraph.

use std::collections::HashSet;

use super::headings::{self, Page, Within};
use super::lines::{self, Line};
use super::signs::Signs;
use crate::model::text::CleanText;
use crate::model::tokens::Tokens;

/// What stands at the end of a page or between two.
const BETWEEN: &[&str] = &["page-number", "running-head", "vertical-title", "caption"];

/// The lines without the empty ones of page ends that part nothing.
pub fn close(clean: &CleanText, lines: Vec<Line>, tokens: &Tokens) -> Vec<Line> {
    let mut between: Vec<u32> = clean.furniture.iter().filter(|aside| BETWEEN.contains(&aside.rule)).map(|aside| aside.file.start).collect();
    if between.is_empty() && !lines.iter().any(|line| line.page_start) {
        return lines;
    }
    between.sort_unstable();
    let text = clean.text.as_str();
    let repeated = HashSet::new();
    let wrap = lines::wrap(text, &lines);
    let within = Within::each(&lines, tokens);
    let page = Page {
        text,
        lines: &lines,
        tokens,
        within: &within,
        repeated: &repeated,
        lone_bullets: &[],
        wrap,
        has_numbered_sections: false,
        is_dense: false,
    };
    let mut closed: Vec<Line> = Vec::with_capacity(lines.len());
    let mut before: Option<usize> = None;
    for at in (0..lines.len()).filter(|&at| !lines[at].is_blank()) {
        let first = before.map_or(0, |before| before + 1);
        let ends_page = |before: usize| {
            let (start, end) = (clean.map.to_file(lines[before].whole).end, clean.map.to_file(lines[at].whole).start);
            let next = between.partition_point(|&place| place < start);
            lines[at].page_start || between.get(next).is_some_and(|&place| place < end)
        };
        let goes_on = before.is_some_and(|before| (first < at || lines[at].page_start) && ends_page(before) && goes_on(before, at, &page));
        if !goes_on {
            closed.extend_from_slice(&lines[first..at]);
        }
        closed.push(Line { page_start: lines[at].page_start && !goes_on, ..lines[at] });
        before = Some(at);
    }
    closed.extend_from_slice(&lines[before.map_or(0, |before| before + 1)..]);
    closed
}

/// Whether what stands before the end of a page goes on behind it.
fn goes_on(before: usize, at: usize, page: &Page<'_>) -> bool {
    let (above, below) = (&page.lines[before], &page.lines[at]);
    if above.is_row || below.is_row || above.signs != Signs::None || below.signs != Signs::None {
        return false;
    }
    let (last, next) = (above.text(page.text), below.text(page.text));
    if below.marker.is_some() {
        // The next item of a list.
        return above.marker.is_some_and(|marker| below.marker.is_some_and(|other| other.is_like(marker)));
    }
    if last.ends_with([',', ';', '/', '-', '–', '&', '(']) || headings::ends_in_connector(before, page) || page.runs_over(at) {
        return true;
    }
    if last.ends_with(['.', '!', '?', ':', '”', '"', '»']) {
        return false;
    }
    let is_beside = |line: Option<usize>| line.and_then(|line| page.lines.get(line)).is_some_and(|line| !line.is_blank());
    let in_names = || page.is_name(before) && page.is_name(at) && (is_beside(before.checked_sub(1)) || is_beside(Some(at + 1)));
    let begins_small = || next.starts_with(|letter: char| letter.is_lowercase() || letter == '(');
    // A sentence does not begin behind a page end in the midst of short lines, nor behind an address.
    let begins_sentence = || next.ends_with('.') || page.is_full(at) && !begins_small();
    let ends_address = || last.rsplit(' ').next().is_some_and(|word| word.contains(['.', '@']));
    let is_within = || is_beside(before.checked_sub(1)) && is_beside(Some(at + 1)) && (page.is_full(before) || !begins_sentence());
    let is_open = || is_within() || page.is_full(before) && begins_small();
    // An item of one line that fills it ends there as often as not: a sentence behind the page end is one of its own.
    if above.marker.is_some() && begins_sentence() && !begins_small() {
        return false;
    }
    in_names() || !ends_address() && is_open() && !headings::is_heading(at, page)
}
