//! Cards: a meeting told by labels, each on a line of its own: `Date: ...`, `Venue: ...`, with the title beside a label, above or below them.
//!
//! In: a page. Out: the meetings of such records and the stretches of text that they take. A date alone makes no card, and a title with a date
//! only where it has the noun of a meeting: publications and projects have dates too.

use std::ops::Range;

use super::entries::{self, best_date, trim_signs};
use super::lists::starts_like_meeting;
use super::ordinals::ordinal_at;
use super::{LINE, Meeting, in_dialogue};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::model::gazetteer::{MeetingLabel, Shape, Tag};
use crate::model::text::BlockKind;

/// Longest name of a place that no list of places has, in tokens.
const PLACE: usize = 4;

/// The meetings of the cards of a page.
#[derive(Debug, Default)]
pub struct Cards {
    pub meetings: Vec<Meeting>,
    /// What they were read from, in the order of the text.
    taken: Vec<Range<usize>>,
}

impl Cards {
    /// The part of a range that no card took, line by line.
    #[must_use]
    pub fn rest(&self, page: &Page<'_>, range: Range<usize>) -> Vec<Range<usize>> {
        let is_taken = |line: &Range<usize>| {
            let at = self.taken.partition_point(|taken| taken.end <= line.start);
            self.taken.get(at).is_some_and(|taken| taken.start < line.end)
        };
        page.lines_in(range).into_iter().filter(|line| !is_taken(line)).collect()
    }

    /// Whether a card took some of a range.
    #[must_use]
    pub fn touch(&self, range: &Range<usize>) -> bool {
        let at = self.taken.partition_point(|taken| taken.end <= range.start);
        self.taken.get(at).is_some_and(|taken| taken.start < range.end)
    }
}

/// A line, with what its label says.
struct Line {
    block: usize,
    tokens: Range<usize>,
    label: Option<(MeetingLabel, Range<usize>)>,
    /// Whether a blank line stands above, or the block above is of another sort.
    opens: bool,
}

/// Finds the cards of a page.
#[must_use]
pub fn find(page: &Page<'_>) -> Cards {
    let mut cards = Cards::default();
    let has_label = |block: usize| page.any_begins(&page.range(block), |tag| matches!(tag, Tag::MeetingLabel(_)));
    if !page.numbered_blocks().any(|(block, _)| has_label(block)) {
        return cards;
    }
    let lines = lines(page);
    let mut at = 0;
    while at < lines.len() {
        let end = end_of_card(&lines, at);
        if end > at {
            card(page, &lines, at..end, &mut cards);
        }
        at = end.max(at + 1);
    }
    cards
}

fn lines(page: &Page<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (block, content) in page.numbered_blocks() {
        for (index, tokens) in page.lines(block).into_iter().filter(|line| !line.is_empty()).enumerate() {
            let opens = index == 0 && content.after_blank;
            // A label alone on its line has its value in the next.
            if let Some(last) = lines.last_mut().filter(|last| !opens && last.label.as_ref().is_some_and(|(_, value)| value.is_empty())) {
                let plain = label_of(page, &tokens).is_none() && tokens.len() <= LINE / 2;
                if let Some((_, value)) = last.label.as_mut().filter(|_| plain) {
                    *value = tokens.clone();
                    last.tokens.end = tokens.end;
                    continue;
                }
            }
            lines.push(Line { block, label: label_of(page, &tokens), tokens, opens });
        }
    }
    lines
}

/// The label that a line begins with, and what stands behind it.
fn label_of(page: &Page<'_>, line: &Range<usize>) -> Option<(MeetingLabel, Range<usize>)> {
    let mark = page.mark(line.start, |tag| matches!(tag, Tag::MeetingLabel(_))).filter(|mark| mark.end <= line.end)?;
    let Tag::MeetingLabel(label) = mark.tag else { return None };
    if mark.end == line.end {
        return Some((label, line.end..line.end));
    }
    let parts = matches!(page.text(mark.end), ":" | "|" | "–" | "—")
        || page.gap_before(mark.end).contains(['\t'])
        || page.gap_before(mark.end).contains("   ");
    let value = trim_signs(page, mark.end..line.end);
    parts.then_some((label, value))
}

/// The line behind the labels that follow each other from `at` on, each of another sort.
fn end_of_card(lines: &[Line], at: usize) -> usize {
    let mut seen: Vec<MeetingLabel> = Vec::new();
    for (next, line) in lines.iter().enumerate().skip(at) {
        match &line.label {
            Some((label, value)) if !value.is_empty() && !seen.contains(label) && (next == at || !line.opens) => seen.push(*label),
            _ => return next,
        }
    }
    lines.len()
}

/// Reads one card.
fn card(page: &Page<'_>, lines: &[Line], range: Range<usize>, cards: &mut Cards) {
    let value_of = |wanted: MeetingLabel| lines[range.clone()].iter().find_map(|line| line.label.as_ref().filter(|(label, _)| *label == wanted));
    let named = value_of(MeetingLabel::Name).map(|(_, value)| value.clone());
    let dated = value_of(MeetingLabel::Date).map(|(_, value)| value.clone());
    let placed = value_of(MeetingLabel::Place).map(|(_, value)| value.clone());
    // `Event | 26 October 2020`: the label says what it is, the title stands below.
    let bare = named.clone().filter(|value| dated.is_none() && is_date(page, value));
    let Some(date) = dated.or(bare.clone()).and_then(|value| best_date(page, &value)) else { return };
    let mut named = named.filter(|_| bare.is_none());
    let mut place = placed.as_ref().and_then(|value| place_of(page, value));
    let mut taken = lines[range.start].tokens.start..lines[range.end - 1].tokens.end;
    let is_meeting = |value: &Range<usize>| value.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    if named.is_none() {
        named = title_above(page, lines, range.start).filter(|_| bare.is_none());
        if let Some(below) = lines.get(range.end).filter(|line| named.is_none() && line.label.is_none() && !line.opens) {
            named = title_of(page, &below.tokens).filter(|title| is_meeting(title) || bare.is_some());
            // The place of a card without labels, in the line below its title.
            let next = lines.get(range.end + 1).filter(|line| bare.is_some() && !line.opens && line.label.is_none());
            place = place.or_else(|| next.and_then(|line| place_at(page, line.tokens.start, line.tokens.end, true)));
            taken.end = named.as_ref().map_or(taken.end, |title| title.end);
        }
    }
    let named = named.map(|name| trim_signs(page, name)).filter(|name| !name.is_empty());
    if place.is_none() && placed.is_none() && !named.as_ref().is_some_and(is_meeting) {
        return;
    }
    let block = lines[range.start].block;
    let Some(name) = named.or_else(|| entries::called_above(page, block)) else { return };
    let ordinal = entries::ordinal_of(page, &name);
    let dialogue = of_entry(page, block, &name);
    cards.meetings.push(Meeting { name, ordinal, date: Some(date), place, dialogue, rule: "meetings/card" });
    cards.taken.push(taken);
}

/// Whether a value is a date and nothing more.
fn is_date(page: &Page<'_>, value: &Range<usize>) -> bool {
    page.dates_in(value.clone()).next().is_some_and(|date| date.tokens.start == value.start && date.tokens.end == value.end)
}

/// The place behind a label: one that we know, else a few capitalised words.
fn place_of(page: &Page<'_>, value: &Range<usize>) -> Option<Place> {
    let first = entries::over_signs(page, value.start, value.end);
    let known = (first..value.end).find_map(|at| place_at(page, at, value.end, true).filter(|place| place.city.is_some() && !in_dialogue(page, at)));
    let any = || place_at(page, first, value.end, true);
    let stop = (first..value.end).find(|&token| !page.is_capital(token)).unwrap_or(value.end);
    let is_name = || stop > first && stop - first <= PLACE && page.token(first).shape == Shape::Capital;
    known.or_else(any).or_else(|| is_name().then_some(Place { city: Some(first..stop), country: None, tokens: first..stop }))
}

/// The title right above a card: a heading, or a line that starts like a meeting.
fn title_above(page: &Page<'_>, lines: &[Line], first: usize) -> Option<Range<usize>> {
    let above = lines.get(first.checked_sub(1)?).filter(|above| above.label.is_none())?;
    let is_heading = page.block(above.block).kind == BlockKind::Heading && above.block > 0;
    let joined = !lines[first].opens;
    let is_title = starts_like_meeting(page, &above.tokens) && page.text(above.tokens.end - 1) != ".";
    (is_heading && is_title || joined && is_title).then(|| above.tokens.clone())
}

/// The title that a line begins with: up to the sign behind which it says more.
fn title_of(page: &Page<'_>, line: &Range<usize>) -> Option<Range<usize>> {
    let is_open = |token: usize| {
        matches!(page.text(token), "," | ";" | ":" | "(" | ".") && token > line.start && !page.tokens.touches_previous((token + 1).min(line.end - 1))
    };
    let end = line.clone().find(|&token| is_open(token)).unwrap_or(line.end);
    let starts = page.is_capital(line.start) || ordinal_at(page, line.start, line.end).is_some();
    (starts && end - line.start <= LINE / 2).then_some(line.start..end)
}

/// `Side event, 12th Forum on X`: a numbered meeting of a dialogue in a title.
fn numbers_dialogue(page: &Page<'_>, title: &Range<usize>) -> bool {
    let is_named = |at: usize| page.dialogues_in(at..title.end).next().is_some_and(|(tokens, _)| tokens.start == at);
    page.dialogues_in(title.clone()).next().is_some()
        && title.clone().any(|token| ordinal_at(page, token, title.end).is_some_and(|(_, after)| is_named(after)))
}

/// A line with the title of a meeting and one right below with nothing but where and when, within other lines: the head of a leaflet. Emits
/// those, and returns the stretches before, between and behind them.
#[must_use]
pub fn titled_lines(page: &Page<'_>, block: usize, range: Range<usize>, meetings: &mut Vec<Meeting>) -> Vec<Range<usize>> {
    let mut rest = vec![range.clone()];
    if page.block(block).kind != BlockKind::Paragraph || range.is_empty() || page.dates_in(range.clone()).next().is_none() {
        return rest;
    }
    let lines = page.lines_in(range.clone());
    for pair in lines.windows(2) {
        let (title, place) = (&pair[0], &pair[1]);
        let is_title = title.len() <= LINE / 2
            && page.dates_in(title.clone()).next().is_none()
            && (starts_like_meeting(page, title) || numbers_dialogue(page, title))
            && !matches!(page.text(title.end - 1), "." | "," | ":" | ";");
        if !is_title || place.len() > LINE / 2 {
            continue;
        }
        let read = entries::parts(page, place, false);
        if !(read.is_bare() && read.date.is_some() && read.place.as_ref().is_some_and(|place| place.city.is_some())) {
            continue;
        }
        let ordinal = entries::ordinal_of(page, title);
        let dialogue = of_entry(page, block, title);
        meetings.push(Meeting { name: title.clone(), ordinal, date: read.date, place: read.place, dialogue, rule: "meetings/card" });
        if let Some(last) = rest.pop() {
            rest.extend([last.start..title.start, place.end..last.end].into_iter().filter(|stretch| !stretch.is_empty()));
        }
    }
    rest
}
