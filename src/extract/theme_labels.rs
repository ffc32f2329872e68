//! Themes behind a label or in brackets: `Priorities: A; B; C`, `5 work streams (A, B, C)`, `under the theme “A”`.
//!
//! In: a block. Out: its themes, with the kind that the wording before them gives.

use std::ops::Range;

use super::enumerations::{PART_WORDS, bounded, closing, commas, enumeration, split};
use super::page::Page;
use super::roles;
use super::sections::{self, Section};
use super::theme_items::{LINE_WORDS, small_lines};
use super::theme_marks::{bulleted_run, over_marker};
use super::theme_parts::over_part;
use super::theme_records::emit;
use super::theme_sections::themes_of;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;
use crate::model::vocabulary::Reads;

/// Longest label, in tokens.
const LABEL: usize = 30;

/// How far before a quotation its noun stands, in tokens.
const NEAR: usize = 9;

/// `under the theme “Safe work”`, `Its central theme is “Safe work”`.
pub fn from_quotes(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    for quote in super::titles::quoted_in_any_case(page, page.range(block)) {
        let start = page.range(block).start;
        let is_small = |token: usize| page.token(token).shape == Shape::Lower || matches!(page.text(token), ":" | "," | "’" | "'");
        let noun = (quote.tokens.start.saturating_sub(NEAR).max(start)..quote.tokens.start).rev().find_map(|token| {
            let mark = page.mark(token, |tag| is_theme(page, tag)).filter(|mark| mark.end <= quote.tokens.start)?;
            (mark.end..quote.tokens.start).all(is_small).then_some(mark)
        });
        if noun.is_none() && (names_occasion(page, start, &quote.tokens) || is_motto(page, block, &quote.tokens)) {
            let section = Section { reads: Reads::Themes, kind: Some("theme".to_owned()), words: start..start };
            emit(page, block, quote.tokens, &section, block, "themes/occasion", drafts);
            continue;
        }
        let Some(Mark { tag: Tag::Heading(index), first, end }) = noun else { continue };
        let heading = &page.vocabulary().headings[index as usize];
        if heading.kind.as_deref() == Some("theme") {
            let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words: first..end };
            emit(page, block, quote.tokens, &section, block, "themes/quote", drafts);
        }
    }
}

/// Last block in which the title of a report on a meeting stands.
const TITLE: usize = 3;

/// `XII Conference`, `“Decent work for all”`, `Lima, 3 May 2012`: a quotation on a line of its own between the name of a meeting and its day.
fn is_motto(page: &Page<'_>, block: usize, quote: &Range<usize>) -> bool {
    let lines = page.lines(block);
    let Some(at) = lines.iter().position(|line| line.contains(&quote.start)).filter(|_| block <= TITLE) else { return false };
    let is_alone = lines[at].start + 1 >= quote.start && lines[at].end <= quote.end + 1;
    let above = (block > 0).then(|| page.range(block - 1));
    let below = (block + 1 < page.blocks.blocks.len()).then(|| page.range(block + 1));
    let before = if at > 0 { Some(lines[at - 1].clone()) } else { above };
    let behind = lines.get(at + 1).cloned().or(below);
    let names_meeting = |line: Range<usize>| {
        page.begins(&line, |tag| tag == Tag::MeetingHead || tag.is_titled_head() || matches!(tag, Tag::Dialogue(_))).next().is_some()
    };
    let is_dated = |line: Range<usize>| page.dates_in(line).any(|date| date.period.precision == crate::model::date::Precision::Day);
    let words = quote.clone().filter(|&token| page.is_word(token)).count();
    is_alone && words >= ABOUT && before.is_some_and(names_meeting) && behind.is_some_and(is_dated)
}

/// How far before a quotation the name of its meeting begins, in tokens.
const OCCASION: usize = 24;
/// Fewest words of what a meeting was about.
const ABOUT: usize = 4;

/// `5th Assembly: Tunis, 2-4 July 2019 – “Decent work for all”`: a numbered meeting with its place and day right before a quotation.
fn names_occasion(page: &Page<'_>, start: usize, quote: &Range<usize>) -> bool {
    let Some(sign) = quote.start.checked_sub(1).filter(|&sign| sign > start && matches!(page.text(sign), "–" | "—" | ":" | "," | "(")) else {
        return false;
    };
    let from = sign.saturating_sub(OCCASION).max(start);
    let line = page.line_starts_in(from + 1..sign).last().copied().unwrap_or(from);
    let sentence = page.sentences(line..sign).pop().unwrap_or(line..sign);
    let before = sentence.start..sign;
    let any = |of: &dyn Fn(Tag) -> bool| before.clone().any(|token| page.mark(token, of).is_some());
    let is_dated = page.dates_in(before.clone()).any(|date| date.period.precision == crate::model::date::Precision::Day);
    let words = quote.clone().filter(|&token| page.is_word(token)).count();
    let meets = any(&|tag| matches!(tag, Tag::MeetingHead | Tag::Ordinal(_) | Tag::OrdinalSuffix)) || any(&|tag| matches!(tag, Tag::City(_)));
    let is_text = any(&|tag| matches!(tag, Tag::PublicationHead(_) | Tag::Published | Tag::ProgrammeHead));
    let is_listed = page
        .introductions(page.block_of(sign))
        .next()
        .is_some_and(|above| page.section_of(above).is_some_and(|section| section.reads == Reads::Publications));
    words >= ABOUT && is_dated && meets && !is_text && !is_listed
}

/// `Theme: Migration with Dignity`, `Priorities: a; b; c`, `The plan has six areas of cooperation: a; b; c`.
pub fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    // `Outcomes of 2023: a report` among publications is a title.
    let is_title = || sections::section(page, block).is_some_and(|(_, section)| section.reads == Reads::Publications);
    if page.colon_in(&page.range(block)).is_some() && page.block(block).kind == BlockKind::Item && is_title() {
        return;
    }
    for (label, value) in roles::labels(page, page.range(block)) {
        let in_heading = page.block(block).kind == BlockKind::Heading;
        if label.len() > LABEL || in_heading && page.dates_in(value.clone()).next().is_some() {
            continue;
        }
        let lines = lines_behind(page, &value);
        let value = bounded(page, value);
        let listed = enumeration(page, &value);
        // A comma may stand within the sentence that leads to the colon: `Four networks were made, namely: A, B`.
        let sentence = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&label.start));
        // It does not run over a line that begins anew.
        let sentence = sentence.map(|sentence| {
            let begins = |token: &usize| {
                page.gap_before(*token).contains('\n') && (page.is_capital(*token) || page.token(*token).shape == Shape::Number)
                    || page.gap_before(*token).contains('\t')
                    || page.gap_before(*token).contains("   ")
            };
            (sentence.start + 1..=label.start).rev().find(begins).unwrap_or(sentence.start)..sentence.end
        });
        if label.clone().any(|token| matches!(page.text(token), "“" | "«" | "\"")) {
            continue;
        }
        let label = sentence.map_or(label.start, |sentence| sentence.start).max(label.end.saturating_sub(LABEL))..label.end;
        // `Pillar 1 – Fair recruitment: A and B`: the part has its title before the colon.
        if over_part(page, &label).is_some() {
            continue;
        }
        let known = themes_of(page, label.clone()).or_else(|| {
            // Much else may stand before an enumeration with numbers.
            let mark =
                (label.start..label.end).rev().find_map(|token| page.mark(token, |tag| is_theme(page, tag)).filter(|mark| mark.end <= label.end))?;
            let Tag::Heading(index) = mark.tag else { return None };
            let heading = &page.vocabulary().headings[index as usize];
            let counted = (mark.first.saturating_sub(3).max(label.start)..mark.first)
                .any(|token| !page.is_in_date(token) && super::numbers::number_at(page, token, mark.first).is_some());
            (listed.len() >= 3 || counted && commas(page, &value, true).len() >= 3).then(|| Section {
                reads: Reads::Themes,
                kind: heading.kind.clone(),
                words: mark.first..mark.end,
            })
        });
        // `Working groups: chaired by A`
        let is_phrase = page.mark(value.start, |tag| matches!(tag, Tag::Phrase(_))).is_some();
        let Some(section) =
            known.filter(|section| !is_phrase && (is_announced(page, &section.words, value.start) || is_counted(page, &section.words, label.start)))
        else {
            continue;
        };
        // `Agenda item 3: Budget` as a heading is a part of the minutes.
        let is_item_of_minutes = || {
            let is_numbered = label.clone().any(|token| page.token(token).shape == Shape::Number && !page.is_in_date(token));
            is_numbered && page.blocks.blocks.get(block + 1).is_some_and(|next| next.after_blank && page.text_ends_sentence(block + 1))
        };
        if section.kind.as_deref() == Some("agenda_point") && (in_heading || is_item_of_minutes()) {
            continue;
        }
        // `with special focus on groups of workers: ...` is running text.
        if page.token(label.start).shape == Shape::Lower && label.end - section.words.end > 3 {
            continue;
        }
        // What a dialogue is about now is mostly several things, and its label stands in the singular.
        let plural = is_plural(page, &section.words) || section.kind.as_deref() == Some("current_focus");
        let parts = if listed.len() > 1 { listed } else { commas(page, &value, plural) };
        // The number nearest before the wording counts it.
        let count = (label.start..section.words.start.max(label.start) + 1)
            .rev()
            .filter(|&token| !page.is_in_date(token))
            .find_map(|token| super::numbers::number_at(page, token, label.end))
            .map_or(0, |count| count.value as usize);
        let counts = |parts: &[Range<usize>]| parts.len() > 1 && parts.len() == count;
        // `four pillars: A – B – C – D`; `five areas: Fair recruitment Portable pensions ...`, whose signs are lost.
        let others = [split(page, value.clone(), &["–", "—"]), run_together(page, &value, count)];
        let parts = match lines {
            Some(lines) => lines,
            None if counts(&parts) => parts,
            None => others.into_iter().find(|others| others.len() > 2 && counts(others.as_slice())).unwrap_or(parts),
        };
        // As many parts as the label counts are no prose.
        let fits = counts(&parts);
        let is_prose = page.text(value.end - 1) == "." && parts.len() < 2 && value.len() > 3 * PART_WORDS;
        if is_prose && !fits {
            continue;
        }
        let is_list = parts.len() > 1;
        for mut part in parts {
            // The full stop of the sentence ends no item.
            if is_list && part.len() > 1 && page.text(part.end - 1) == "." {
                part.end -= 1;
            }
            emit(page, block, part, &section, block, "themes/label", drafts);
        }
    }
}

/// `Priorities • A • B • C` within running text.
pub fn from_bullets(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let Some((lead, items)) = bulleted_run(page, &page.range(block)) else { return };
    let known = lead.clone().find_map(|token| page.mark(token, |tag| is_theme(page, tag)).filter(|mark| mark.end == lead.end));
    let Some(Mark { tag: Tag::Heading(index), first, end }) = known else { return };
    let section = Section { reads: Reads::Themes, kind: page.vocabulary().headings[index as usize].kind.clone(), words: first..end };
    for item in items {
        emit(page, block, item, &section, block, "themes/bullets", drafts);
    }
}

/// The lines behind a label that ends its own line, each an item: up to the first that is longer, or ends like a sentence.
fn lines_behind(page: &Page<'_>, value: &Range<usize>) -> Option<Vec<Range<usize>>> {
    if !page.gap_before(value.start).contains('\n') {
        return None;
    }
    let is_item = |line: &Range<usize>| {
        let words = line.clone().filter(|&token| page.is_word(token)).count();
        (1..=LINE_WORDS).contains(&words)
            && (page.is_capital(line.start) || over_marker(page, line) > line.start)
            && !line.clone().any(|token| matches!(page.text(token), ":" | "@" | "|" | ";" | "–" | "—") || page.is_in_date(token))
            && !matches!(page.text(line.end - 1), "." | ",")
    };
    let small = small_lines(page, value);
    let lines = if small.is_empty() { page.lines_in(value.clone()).into_iter().take_while(is_item).collect() } else { small };
    (lines.len() > 1).then_some(lines)
}

/// As many parts as counted, of a list whose signs were lost: each begins with a capital behind a word in small letters. Behind the last
/// another sentence may begin.
fn run_together(page: &Page<'_>, value: &Range<usize>, count: usize) -> Vec<Range<usize>> {
    let begins = |token: &usize| {
        page.is_capital(*token)
            && page.gap_before(*token) == " "
            && page.token(*token - 1).shape == Shape::Lower
            && !page.tokens.marks_at(*token - 1).any(|mark| matches!(mark.tag, Tag::Connector | Tag::And | Tag::Of | Tag::Article))
    };
    let starts: Vec<usize> = std::iter::once(value.start).chain((value.start + 1..value.end).filter(begins)).collect();
    let is_sentence = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Article | Tag::Opener));
    let ends_there = starts.len() == count || starts.get(count).is_some_and(|&behind| is_sentence(behind));
    if count < 2 || starts.len() < count || !ends_there {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([value.end]);
    let parts: Vec<Range<usize>> = starts.iter().zip(ends).map(|(&start, end)| start..end).take(count).collect();
    let is_short = |part: &Range<usize>| part.clone().filter(|&token| page.is_word(token)).count() <= LINE_WORDS;
    if parts.iter().all(is_short) { parts } else { Vec::new() }
}

pub fn is_theme(page: &Page<'_>, tag: Tag) -> bool {
    matches!(tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Themes)
}

/// Whether a wording speaks of several: one of its words ends like a plural.
pub fn is_plural(page: &Page<'_>, words: &Range<usize>) -> bool {
    words.clone().filter(|&token| page.is_word(token)).any(|token| {
        let text = page.text(token).to_lowercase();
        text.len() >= 4 && text.ends_with(['s', 'x']) && !text.ends_with("us") && !text.ends_with("ss")
    })
}

/// `5 thematic work streams (A, B, C)`: a counted noun of themes with a list in brackets.
pub fn from_brackets(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let is_heading = |tag: Tag| matches!(tag, Tag::Heading(_));
    for token in page.begins(&range, is_heading) {
        let Some(mark) = page.mark(token, is_heading) else { continue };
        let Tag::Heading(index) = mark.tag else { continue };
        let heading = &page.vocabulary().headings[index as usize];
        let counted = (token.saturating_sub(4).max(range.start)..token).any(|before| {
            page.token(before).shape == Shape::Number && !page.is_in_date(before)
                || page.mark(before, |tag| matches!(tag, Tag::Cardinal(_))).is_some()
        });
        if heading.reads != Reads::Themes || !counted || mark.end >= range.end || !matches!(page.text(mark.end), "(" | ":") {
            continue;
        }
        let Some(close) = closing(page, mark.end, range.end) else { continue };
        let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words: mark.first..mark.end };
        let inside = if page.text(mark.end) == ":" { bounded(page, mark.end + 1..close) } else { mark.end + 1..close };
        let listed = enumeration(page, &inside);
        // `2 work streams (A and B, C and D)`: as many parts as counted.
        let count = (token.saturating_sub(4).max(range.start)..token).rev().find_map(|before| super::numbers::number_at(page, before, token));
        let count = count.map_or(0, |count| count.value as usize);
        let parts = split(page, inside.clone(), &[","]);
        let fits = count == parts.len();
        let parts = if fits { parts } else { commas(page, &inside, true) };
        let parts = if listed.len() > 1 { listed } else { parts };
        // One in brackets is a remark or a short form.
        let is_list = parts.len() > 1 || count == 1;
        for mut part in parts.into_iter().filter(|_| is_list) {
            // The full stop of the sentence ends no item.
            if part.len() > 1 && page.text(part.end - 1) == "." {
                part.end -= 1;
            }
            emit(page, block, part, &section, block, "themes/brackets", drafts);
        }
        return;
    }
}

/// Whether the wording of themes in a lead-in is what it announces: not the subject of a sentence that goes on to something else.
#[must_use]
pub fn announces(page: &Page<'_>, above: usize) -> bool {
    let range = page.range(above);
    let Some(section) = page.section_of(above).filter(|_| page.block(above).kind != BlockKind::Heading) else { return true };
    is_announced(page, &section.words, range.end)
}

/// Whether a number stands before the wording: `Four networks`.
fn is_counted(page: &Page<'_>, words: &Range<usize>, from: usize) -> bool {
    (words.start.saturating_sub(2).max(from)..words.start)
        .any(|token| !page.is_in_date(token) && super::numbers::number_at(page, token, words.start).is_some())
}

/// Most words behind the verb of which the wording is the subject: `the themes are these three`.
const BEHIND_VERB: usize = 3;

fn is_announced(page: &Page<'_>, words: &Range<usize>, end: usize) -> bool {
    let end = (words.end..end).find(|&token| page.text(token) == ":").unwrap_or(end);
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb);
    !(words.end < end && is_verb(words.end) && (words.end + 1..end).filter(|&token| page.is_word(token)).count() > BEHIND_VERB)
}

/// Longest label in the first cell of a row, in words.
const CELL: usize = 4;

/// `Priorities | A / B / C`: wording of themes in the first cell, its items in the others.
pub fn from_cells(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) -> bool {
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    let [label, value @ ..] = cells.as_slice() else { return false };
    let (Some(first), Some(last)) = (value.first(), value.last()) else { return false };
    let words = label.clone().filter(|&token| page.is_word(token)).count();
    let Some(section) = themes_of(page, label.clone()).filter(|section| words <= CELL && words <= section.words.len() + 2) else { return false };
    // A row of a table with heads has its own columns.
    if value.len() > 1 && !page.range(block).any(|token| token > label.end && page.gap_before(token).contains('\n')) {
        return false;
    }
    let found = drafts.len();
    for line in page.lines_in(first.start..last.end) {
        let listed = enumeration(page, &line);
        let parts = if listed.len() > 1 { listed } else { commas(page, &line, is_plural(page, &section.words)) };
        for part in parts {
            emit(page, block, part, &section, block, "themes/cell", drafts);
        }
    }
    drafts.len() > found
}
