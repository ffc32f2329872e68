//! Themes: items under headings of focus, priority, theme, objective, message, declaration or work stream.
//!
//! In: a page. Out: one record an item, with the kind that the heading gives it and whose it is. Items stand as list items, rows, short
//! lines or headings of their own, as numbered paragraphs, behind a label ("Theme: ...", "six areas: A; B; C") or in brackets behind a
//! counted noun ("5 work streams (A, B, C)").

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections::{self, Section};
use super::theme_items::{is_title, items_of, lists_headings, over_marker, side_by_side};
use super::theme_labels::{from_brackets, from_labels, from_quotes};
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Headings up to this one may be lines of the title of the document.
const TITLE: usize = 2;

/// Emits the themes of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut open: Option<(usize, Section)> = None;
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        if content.kind == BlockKind::Heading {
            let own = themes_of(page, range.clone());
            match (own, open.take()) {
                (Some(section), _) => {
                    from_labels(page, block, drafts);
                    // `Joint declaration` in the title of the document has no items below it but in a list.
                    let is_title =
                        block <= TITLE
                            && page.blocks.blocks.get(block + 1).is_none_or(|next| {
                                next.kind != BlockKind::Item && !matches!(page.text(page.range(block + 1).start), "“" | "«" | "\"")
                            });
                    open = (!is_title).then_some((block, section));
                }
                // Headings right under a heading of themes are its items.
                (None, Some((heading, section)))
                    if heading > TITLE && sections::section_of(page, range.clone()).is_none() && lists_headings(page, heading, block) =>
                {
                    emit(page, block, range, &section, heading, "themes/heading", drafts);
                    open = Some((heading, section));
                }
                _ => {}
            }
            continue;
        }
        let before = drafts.len();
        from_quotes(page, block, drafts);
        let quoted = drafts.len();
        from_brackets(page, block, drafts);
        if drafts.len() == quoted {
            from_labels(page, block, drafts);
        }
        if drafts.len() > quoted {
            drop_doubles(drafts, before..quoted);
            continue;
        }
        match content.kind {
            BlockKind::Item => {
                if let Some((above, section)) = sections::section(page, block).filter(|(_, section)| section.reads == Reads::Themes) {
                    // An item that introduces others is no theme itself.
                    let introduces =
                        page.text(range.end - 1) == ":" && page.blocks.blocks.get(block + 1).is_some_and(|next| next.heading == Some(block));
                    // What stands below a title of its own is a theme too, what stands below a sentence explains it.
                    let leads = |at: usize| page.block(at).kind == BlockKind::Paragraph || is_title(page, at);
                    let is_nested = page.block(above).kind != BlockKind::Item
                        && page.block(block).heading != Some(above)
                        && !page.introductions(block).take_while(|at| *at != above).all(leads);
                    if !introduces && !is_nested {
                        for part in side_by_side(page, &range) {
                            emit(page, block, part, &section, above, "themes/item", drafts);
                        }
                    }
                }
            }
            BlockKind::Row | BlockKind::Paragraph => {
                if let Some((above, section)) = open.clone() {
                    let belongs = page.block(block).heading == Some(above)
                        || page.block(above).kind != BlockKind::Heading
                        || lists_headings(page, above, block);
                    let items = if belongs { items_of(page, block, content.kind) } else { Vec::new() };
                    // Behind a lead-in the first block that is no item ends the list.
                    if items.is_empty() && page.block(above).kind != BlockKind::Heading {
                        open = None;
                    }
                    for item in items {
                        emit(page, block, item, &section, above, "themes/line", drafts);
                    }
                }
                // A question or lead-in in the first line, its items below it.
                if let Some((title, lines)) = headed(page, block, content.kind) {
                    for line in lines {
                        emit(page, block, line, &title, block, "themes/line", drafts);
                    }
                }
                // `The States agree on the following points:`
                if content.kind == BlockKind::Paragraph && page.text(range.end - 1) == ":" {
                    let last = page.sentences(range.clone()).last().cloned().unwrap_or(range);
                    open = themes_of(page, last).map(|section| (block, section));
                }
            }
            BlockKind::Heading => {}
        }
    }
}

/// Takes out what a label has read again.
fn drop_doubles(drafts: &mut Vec<Draft>, quoted: Range<usize>) {
    let texts: Vec<Option<String>> = drafts[quoted.end..].iter().map(|draft| draft.text("text").map(str::to_owned)).collect();
    for at in quoted.rev() {
        if texts.contains(&drafts[at].text("text").map(str::to_owned)) {
            drafts.remove(at);
        }
    }
}

/// The wording of themes in the first line of a paragraph, and the numbered or short lines below it.
fn headed(page: &Page<'_>, block: usize, kind: BlockKind) -> Option<(Section, Vec<Range<usize>>)> {
    let lines = page.lines(block);
    let (first, items) = lines.split_first().filter(|(_, items)| !items.is_empty() && kind == BlockKind::Paragraph)?;
    let section = themes_of(page, first.clone()).filter(|_| matches!(page.text(first.end - 1), "?" | ":"))?;
    let numbered = items.iter().all(|line| over_marker(page, line) > line.start);
    let bulleted = items.iter().all(|line| matches!(page.text(line.start), "–" | "-" | "—" | "•"));
    (numbered || bulleted).then(|| (section, items.to_vec()))
}

/// The wording of themes in a heading or label.
pub fn themes_of(page: &Page<'_>, range: Range<usize>) -> Option<Section> {
    sections::section_of(page, roles::label_part(page, range)).filter(|section| section.reads == Reads::Themes && section.kind.is_some())
}

/// Emits one theme.
pub fn emit(page: &Page<'_>, block: usize, range: Range<usize>, section: &Section, heading: usize, rule: &'static str, drafts: &mut Vec<Draft>) {
    let mut range = over_marker(page, &range)..range.end;
    while range.len() > 1
        && (matches!(page.text(range.end - 1), ";" | "," | ":")
            || page.has(range.end - 1, Tag::And) && page.token(range.end - 1).shape == Shape::Lower)
    {
        range.end -= 1;
    }
    while range.len() > 1 && page.has(range.start, Tag::And) && page.token(range.start).shape == Shape::Lower {
        range.start += 1;
    }
    if let Some(quote) = super::titles::quoted(page, range.clone()).into_iter().next().filter(|quote| quote.tokens == range) {
        range = quote.title;
    }
    if !range.clone().any(|token| page.is_word(token)) {
        return;
    }
    let Some(kind) = &section.kind else { return };
    let is_entity = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_));
    let first = range.clone().find(|&token| !page.has(token, Tag::Article)).unwrap_or(range.start);
    let is_name = page.mark(first, is_entity).is_some_and(|mark| mark.end >= range.end);
    // `Chair: A` among work streams says who leads one.
    let labels = roles::labels(page, range.clone());
    let role = labels.iter().find(|(label, _)| roles::role_of(page, label.clone()).is_some());
    if is_name || role.is_some_and(|(label, _)| label.start <= range.start) {
        return;
    }
    if let Some((label, _)) = role {
        range.end = label.start;
        while range.len() > 1 && matches!(page.text(range.end - 1), "–" | "-" | "—" | "(" | "," | ";" | "|") {
            range.end -= 1;
        }
    }
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
