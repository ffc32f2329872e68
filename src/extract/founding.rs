//! Founding: the year in which a dialogue was established.
//!
//! In: a page and a dialogue that it names. Out: the year, as a verb, a label or the column of a table says it.

use std::ops::Range;

use super::dates::DateMention;
use super::page::Page;
use super::roles;
use crate::model::date::Precision;
use crate::model::gazetteer::Tag;
use crate::model::span::Span;
use crate::model::text::BlockKind;

/// How far behind the verb the date stands, in tokens.
const NEAR: usize = 10;
/// Most words before a verb that opens its sentence: `It was`.
const OPENING: usize = 2;
/// How far behind `since 2006` the name of the dialogue begins, in tokens.
const NAMED: usize = 3;

/// The blocks that may tell when something was founded.
#[must_use]
pub fn telling(page: &Page<'_>) -> Vec<usize> {
    let tells = |block: &usize| page.any_begins(&page.range(*block), |tag| matches!(tag, Tag::Established | Tag::Since));
    (0..page.blocks.blocks.len()).filter(tells).collect()
}

/// The year, and where it stands: in one of the blocks of [`telling`], or in a table.
pub fn year_of(page: &Page<'_>, telling: &[usize], dialogue: usize) -> Option<(i64, Span)> {
    let date = in_text(page, telling, dialogue).or_else(|| in_table(page, dialogue))?;
    Some((i64::from(chrono::Datelike::year(&date.period.start)), page.span(&date.tokens)))
}

fn in_text<'a>(page: &'a Page<'_>, telling: &[usize], dialogue: usize) -> Option<&'a DateMention> {
    telling.iter().find_map(|&block| {
        let range = page.range(block);
        let is_subject = page.subject(block) == Some(dialogue);
        let labelled = || labelled(page, block).filter(|_| is_subject);
        let said = || page.sentences(range.clone()).into_iter().chain(page.lines(block)).find_map(|range| said(page, range, is_subject, dialogue));
        labelled().or_else(said)
    })
}

/// `The X Process was launched in 2008`, `Created in 2003`, `2003: founded`, `Since 2006, the X Process ...`.
fn said<'a>(page: &'a Page<'_>, range: Range<usize>, is_subject: bool, dialogue: usize) -> Option<&'a DateMention> {
    let is_verb = |tag: Tag| tag == Tag::Established;
    if let Some(verb) = page.begins(&range, is_verb).find_map(|token| page.mark(token, is_verb)) {
        // Who was founded is named before the verb; a sentence that opens with the verb goes on from those before.
        let before = range.start..verb.first;
        let words = before.clone().filter(|&token| page.is_word(token)).count();
        let has_noun = || before.clone().any(|token| page.mark(token, Tag::is_titled_head).is_some());
        let is_about = match page.dialogues_in(before.clone()).last() {
            Some((_, named)) => named == dialogue,
            None => is_subject && (words <= OPENING || has_noun()),
        };
        let beside = || page.dates_in(before.clone()).find(|date| date.tokens.end == verb.first);
        let behind = || page.dates_in(range.clone()).find(|date| date.tokens.start >= verb.end && date.tokens.start <= verb.end + NEAR);
        if let Some(date) = is_about.then(|| beside().or_else(behind)).flatten() {
            return Some(date);
        }
    }
    let since = page.mark(range.start, |tag| tag == Tag::Since)?;
    let date = page.dates_in(range.clone()).next().filter(|date| date.tokens.start == since.end)?;
    let (name, named) = page.dialogues_in(range).next()?;
    (named == dialogue && name.start <= date.tokens.end + NAMED).then_some(date)
}

/// `Since: 1996`; a label on a line of its own and the year on the next.
fn labelled<'a>(page: &'a Page<'_>, block: usize) -> Option<&'a DateMention> {
    let opens = |value: &Range<usize>| page.dates_in(value.clone()).next().filter(|date| date.tokens.start == value.start);
    let beside =
        || roles::labels(page, page.range(block)).into_iter().filter(|(label, _)| is_label(page, label)).find_map(|(_, value)| opens(&value));
    let below = || page.lines(block).windows(2).filter(|pair| is_label(page, &pair[0])).find_map(|pair| opens(&pair[1]));
    beside().or_else(below)
}

fn is_label(page: &Page<'_>, label: &Range<usize>) -> bool {
    !label.is_empty() && page.mark(label.start, |tag| matches!(tag, Tag::Established | Tag::Since)).is_some_and(|mark| mark.end == label.end)
}

/// The year in its column of the row that names the dialogue first.
fn in_table<'a>(page: &'a Page<'_>, dialogue: usize) -> Option<&'a DateMention> {
    let is_row = |block: usize| page.block(block).kind == BlockKind::Row;
    let mut head = None;
    for (block, _) in page.numbered_blocks().filter(|(block, _)| is_row(*block)) {
        if block == 0 || !is_row(block - 1) {
            head = Some(block);
            continue;
        }
        let is_about = page.dialogues_in(page.range(block)).next().is_some_and(|(_, named)| named == dialogue);
        if let Some(head) = head.filter(|_| is_about) {
            let heads = page.placed_cells(head);
            let cells = page.placed_cells(block);
            let first = cells.iter().position(|cell| page.dialogues_in(cell.clone()).next().is_some())?;
            let is_year = |cell: &Range<usize>| {
                page.dates_in(cell.clone()).next().filter(|date| date.tokens == *cell && date.period.precision == Precision::Year)
            };
            let columns = || cells.iter().enumerate().skip(first + 1);
            let told = columns().filter(|(at, _)| heads.get(*at).is_some_and(|head| is_label(page, head)));
            let date = told.filter_map(|(_, cell)| page.dates_in(cell.clone()).next()).next();
            // The only year of a row, right behind the name: `Process | Year | ...`
            let years: Vec<_> = columns().filter_map(|(at, cell)| is_year(cell).map(|date| (at, date))).collect();
            let alone = || matches!(years.as_slice(), [(at, _)] if *at <= first + 2).then(|| years[0].1);
            if let Some(date) = date.or_else(alone) {
                return Some(date);
            }
        }
    }
    None
}
