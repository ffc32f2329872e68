//! Themes: items under headings of focus, priority, objective, message, declaration or work stream.
//!
//! In: a page. Out: one record an item, with the kind that the heading gives it and whose it is. Items stand as list items, as short lines
//! or headings of their own, behind a label ("Theme: ...") or in brackets behind a counted noun ("5 work streams (A, B, C)").

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections::{self, Section};
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest item that is a heading or line of its own, in words.
const LINE_WORDS: usize = 14;

/// Emits the themes of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut open: Option<(usize, Section)> = None;
    for (block, content) in page.numbered_blocks() {
        if content.kind == BlockKind::Heading {
            let own = themes_of(page, page.range(block));
            match (own, open.take()) {
                (Some(section), _) => open = Some((block, section)),
                // Headings right under a heading of themes are its items.
                (None, Some((heading, section)))
                    if sections::section_of(page, page.range(block)).is_none() && lists_headings(page, heading, block) =>
                {
                    emit(page, block, page.range(block), &section, heading, "themes/heading", drafts);
                    open = Some((heading, section));
                }
                _ => {}
            }
            continue;
        }
        let before = drafts.len();
        from_brackets(page, block, drafts);
        from_labels(page, block, drafts);
        if drafts.len() > before {
            continue;
        }
        match content.kind {
            BlockKind::Item => {
                if let Some((above, section)) = sections::section(page, block).filter(|(_, section)| section.reads == Reads::Themes) {
                    // An item that introduces others is no theme itself.
                    let introduces = page.text(page.range(block).end - 1) == ":"
                        && page.blocks.blocks.get(block + 1).is_some_and(|next| next.heading == Some(block));
                    let is_nested = page.block(above).kind != BlockKind::Item
                        && page.block(block).heading != Some(above)
                        && !page.introductions(block).take_while(|at| *at != above).all(|at| page.block(at).kind == BlockKind::Paragraph);
                    if !introduces && !is_nested {
                        emit(page, block, page.range(block), &section, above, "themes/item", drafts);
                    }
                }
            }
            BlockKind::Paragraph => {
                if let Some((heading, section)) =
                    open.clone().filter(|(heading, _)| page.block(block).heading == Some(*heading) || lists_headings(page, *heading, block))
                {
                    let range = page.range(block);
                    let is_line = range.clone().filter(|&token| page.is_word(token)).count() <= LINE_WORDS
                        && !matches!(page.text(range.end - 1), "." | ":" | "?");
                    if is_line && page.dates_in(range.clone()).next().is_none() && page.is_capital(range.start)
                        || is_line && page.token(range.start).shape == Shape::Number
                    {
                        emit(page, block, range, &section, heading, "themes/line", drafts);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a section holds nothing but short headings and lines from its heading up to a block.
fn lists_headings(page: &Page<'_>, heading: usize, upto: usize) -> bool {
    let first_is_heading = heading + 1 == upto || page.block(heading + 1).kind == BlockKind::Heading;
    let short = (heading + 1..upto).all(|at| match page.block(at).kind {
        BlockKind::Heading => true,
        BlockKind::Paragraph => page.range(at).len() <= LINE_WORDS,
        _ => false,
    });
    first_is_heading || short
}

/// The wording of themes in a heading or label.
fn themes_of(page: &Page<'_>, range: Range<usize>) -> Option<Section> {
    sections::section_of(page, roles::label_part(page, range)).filter(|section| section.reads == Reads::Themes && section.kind.is_some())
}

/// `Theme: Migration with Dignity`, `Priority: Identify ...`.
fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let Some(colon) = range.clone().find(|&token| page.text(token) == ":") else { return };
    if colon + 1 >= range.end || colon == range.start || colon - range.start > 6 {
        return;
    }
    if let Some(section) = themes_of(page, range.start..colon) {
        let parts = split(page, colon + 1..range.end, &[";"]);
        for part in parts {
            emit(page, block, part, &section, block, "themes/label", drafts);
        }
    }
}

/// `5 thematic work streams (A, B, C)`: a counted noun of themes with a list in brackets.
fn from_brackets(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    for token in range.clone() {
        let Some(mark) = page.mark(token, |tag| matches!(tag, Tag::Heading(_))) else { continue };
        let Tag::Heading(index) = mark.tag else { continue };
        let heading = &page.vocabulary().headings[index as usize];
        let counted = (token.saturating_sub(4).max(range.start)..token)
            .any(|before| page.token(before).shape == Shape::Number || page.mark(before, |tag| matches!(tag, Tag::Cardinal(_))).is_some());
        if heading.reads != Reads::Themes || !counted || mark.end >= range.end || !matches!(page.text(mark.end), "(" | ":") {
            continue;
        }
        let Some(close) = closing(page, mark.end, range.end) else { continue };
        let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words: mark.first..mark.end };
        for part in split(page, mark.end + 1..close, &[",", ";"]) {
            emit(page, block, part, &section, block, "themes/brackets", drafts);
        }
        return;
    }
}

/// The bracket that closes the one at a token; the end where it is none.
fn closing(page: &Page<'_>, open: usize, end: usize) -> Option<usize> {
    if page.text(open) != "(" {
        return Some(end);
    }
    let mut depth = 0;
    for token in open..end {
        match page.text(token) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(token);
        }
    }
    None
}

/// Parts of a range at signs outside of brackets.
fn split(page: &Page<'_>, range: Range<usize>, signs: &[&str]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut first, mut depth) = (range.start, 0);
    for token in range.clone() {
        match page.text(token) {
            "(" => depth += 1,
            ")" => depth -= 1,
            sign if depth == 0 && signs.contains(&sign) => {
                parts.push(first..token);
                first = token + 1;
            }
            _ => {}
        }
    }
    parts.push(first..range.end);
    parts.retain(|part| part.clone().any(|token| page.is_word(token)));
    parts
}

/// Emits one theme.
fn emit(page: &Page<'_>, block: usize, range: Range<usize>, section: &Section, heading: usize, rule: &'static str, drafts: &mut Vec<Draft>) {
    let mut range = range;
    while range.len() > 1 && matches!(page.text(range.end - 1), ";" | "," | ":") {
        range.end -= 1;
    }
    if !range.clone().any(|token| page.is_word(token)) {
        return;
    }
    let Some(kind) = &section.kind else { return };
    let span = page.span(&range);
    let mut draft = Draft::new("themes", rule);
    if let Some(owner) = owner(page, block, heading) {
        draft = draft.with("owner", page.value_of(&owner), page.span(&owner));
    }
    draft = draft.with("kind", kind.as_str(), page.span(&section.words)).with("text", page.value(span), span);
    let year = page.dates_in(page.range(heading)).next().filter(|_| page.block(heading).kind == BlockKind::Heading);
    if let Some(date) = year {
        draft = draft.with("year", i64::from(chrono::Datelike::year(&date.period.start)), page.span(&date.tokens));
    }
    drafts.push(draft);
}

/// Whose theme it is: a name in the possessive in the heading, the dialogue or body named there, else the dialogue of the section.
fn owner(page: &Page<'_>, block: usize, heading: usize) -> Option<Range<usize>> {
    let range = page.range(heading);
    let possessive = range
        .clone()
        .find(|&token| matches!(page.text(token), "'" | "’") && token + 1 < range.end && page.text(token + 1) == "s" && token > range.start);
    if let Some(end) = possessive.filter(|_| page.block(heading).kind == BlockKind::Heading) {
        return Some(range.start..end);
    }
    if let Some((_, dialogue)) = page.dialogues_in(range.clone()).next() {
        return Some(page.dialogues[dialogue].name.clone());
    }
    let body = range.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).filter(|mark| mark.end <= range.end));
    if let Some(mark) = body.filter(|_| page.block(heading).kind == BlockKind::Heading) {
        return Some(mark.first..mark.end);
    }
    page.subject(block).map(|dialogue| page.dialogues[dialogue].name.clone())
}
