//! Themes: items under headings of focus, priority, objective, message, declaration or work stream.
//!
//! In: a page. Out: one record an item, with the kind that the heading gives it and whose it is. Items stand as list items, rows, short
//! lines or headings of their own, as numbered paragraphs, behind a label ("Theme: ...", "six areas: A; B; C") or in brackets behind a
//! counted noun ("5 work streams (A, B, C)").

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections::{self, Section};
use crate::findings::Report;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;
use crate::model::vocabulary::Reads;

/// Longest item that is a heading or line of its own, in words.
const LINE_WORDS: usize = 14;
/// Longest item of an enumeration within a sentence, in words.
const PART_WORDS: usize = 12;
/// Headings up to this one may be lines of the title of the document.
const TITLE: usize = 2;
/// Longest label, in tokens.
const LABEL: usize = 30;

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

/// How far before a quotation its noun stands, in tokens.
const NEAR: usize = 5;

/// `under the theme “Safe work”`, `Its central theme is “Safe work”`.
fn from_quotes(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    for quote in super::titles::quoted(page, page.range(block)) {
        let start = page.range(block).start;
        let is_small = |token: usize| page.token(token).shape == Shape::Lower || matches!(page.text(token), ":" | "," | "’" | "'");
        let noun = (quote.tokens.start.saturating_sub(NEAR).max(start)..quote.tokens.start).rev().find_map(|token| {
            let mark = page.mark(token, |tag| is_theme(page, tag)).filter(|mark| mark.end <= quote.tokens.start)?;
            (mark.end..quote.tokens.start).all(is_small).then_some(mark)
        });
        let Some(Mark { tag: Tag::Heading(index), first, end }) = noun else { continue };
        let heading = &page.vocabulary().headings[index as usize];
        if heading.kind.as_deref() == Some("theme") {
            let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words: first..end };
            emit(page, block, quote.tokens, &section, block, "themes/quote", drafts);
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

/// Whether an item is a few words or ends in a colon.
fn is_title(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    page.text(range.end - 1) == ":" || words <= LINE_WORDS && page.text(range.end - 1) != "."
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

/// The items that a paragraph or row under a heading of themes holds.
fn items_of(page: &Page<'_>, block: usize, kind: BlockKind) -> Vec<Range<usize>> {
    let range = page.range(block);
    if kind == BlockKind::Row {
        return row_item(page, block).into_iter().collect();
    }
    let parts = side_by_side(page, &range);
    if parts.len() > 1 {
        return parts;
    }
    let numbered = over_marker(page, &range);
    if numbered > range.start && numbered < range.end && page.dates_in(range.clone()).next().is_none_or(|date| date.tokens.start > numbered) {
        // Numbered lines, or a numbered paragraph.
        let lines = page.lines(block);
        let each = lines.len() > 1 && lines.iter().all(|line| over_marker(page, line) > line.start);
        return if each { lines } else { vec![range] };
    }
    // A line that goes on in small letters, or behind a small word, is one with the next.
    let mut lines: Vec<Range<usize>> = Vec::new();
    for line in page.lines(block) {
        match lines.last_mut() {
            Some(last)
                if page.token(line.start).shape == Shape::Lower
                    || page.tokens.marks_at(last.end - 1).any(|mark| matches!(mark.tag, Tag::And | Tag::Connector | Tag::Of | Tag::Article)) =>
            {
                last.end = line.end;
            }
            _ => lines.push(line),
        }
    }
    let quoted = |line: &Range<usize>| matches!(page.text(line.start), "“" | "\"" | "«" | "‘");
    let is_item = |line: &Range<usize>| {
        let words = line.clone().filter(|&token| page.is_word(token)).count();
        words > 0
            && words <= LINE_WORDS
            && (page.is_capital(line.start) || quoted(line))
            && !matches!(page.text(line.end - 1), "." | ":" | "?" | ",")
            && page.dates_in(line.clone()).all(|date| date.period.precision == Precision::Year && date.tokens.end < line.end)
    };
    if lines.iter().all(is_item) { lines } else { Vec::new() }
}

/// The cell of a row that is an item: the one behind its number, or the only one with words.
fn row_item(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    let is_label = |cell: &Range<usize>| {
        let words = cell.clone().filter(|&token| page.is_word(token)).count();
        let has_number = cell.clone().any(|token| {
            page.token(token).shape == Shape::Number
                || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Ordinal(_)))
                || page.text(token).chars().count() == 1 && page.is_capital(token)
                || page.text(token).chars().all(|letter| "IVX".contains(letter))
        });
        words <= 2 && has_number && cell.clone().all(|token| page.text(token) != ":" && !page.is_in_date(token))
    };
    match cells.as_slice() {
        [label, item, ..] if cells.len() <= 3 && is_label(label) => Some(item.clone()),
        [item] => Some(item.clone()),
        _ => None,
    }
}

/// Items side by side on a line: `›› A ›› B`.
fn side_by_side(page: &Page<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let is_sign = |token: usize| matches!(page.text(token), "›" | "•" | "▪" | "►");
    if range.clone().filter(|&token| is_sign(token)).count() == 0 {
        return vec![range.clone()];
    }
    let mut parts = Vec::new();
    let mut first = range.start;
    for token in range.clone().filter(|&token| is_sign(token)).chain([range.end]) {
        if (first..token).any(|token| page.is_word(token)) {
            parts.push(first..token);
        }
        first = token + 1;
    }
    parts
}

/// Behind the number, letter or ordinal that an item begins with: `(1)`, `2 –`, `A  `, `IV.`, `PRIMERO.-`, `1.º`.
fn over_marker(page: &Page<'_>, range: &Range<usize>) -> usize {
    let mut at = range.start;
    let is_sign = |token: usize| matches!(page.text(token), "." | ")" | "-" | "–" | "—" | "]" | "º" | "ª" | "°" | ":" | "#" | "/");
    while at < range.end && matches!(page.text(at), "(" | "[" | "#" | "–" | "—" | "-" | "›" | "»" | "•" | "·") {
        at += 1;
    }
    if at >= range.end {
        return range.start;
    }
    let text = page.text(at);
    // `TR 1.`, `SG2`: a short name and a number.
    let short_name = page.token(at).shape == Shape::Upper && text.len() <= 3 && at + 2 < range.end && page.token(at + 1).shape == Shape::Number;
    if short_name && (matches!(page.text(at + 2), "." | ":" | ")" | "–" | "-") || page.gap_before(at + 2).len() > 1) {
        let sign = usize::from(!page.is_word(at + 2));
        return (at + 2 + sign).min(range.end - 1);
    }
    let is_letter = text.chars().count() == 1 && page.is_word(at);
    let is_roman = text.len() <= 5 && text.chars().all(|letter| "IVXivx".contains(letter));
    let end = match page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))) {
        Some(mark) => mark.end,
        None if page.token(at).shape == Shape::Number && text.len() <= 2 || is_letter || is_roman => at + 1,
        None => return if at > range.start && !matches!(page.text(range.start), "(" | "[") { at } else { range.start },
    };
    let wide = end < range.end && page.gap_before(end).len() > 1;
    let number_and_name = page.token(at).shape == Shape::Number && end < range.end && page.is_capital(end) && !page.is_in_date(at);
    let mut next = end;
    while next < range.end && is_sign(next) {
        next += 1;
    }
    if (next > end || wide || number_and_name) && next < range.end && !page.is_in_date(at) { next } else { range.start }
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

/// `Theme: Migration with Dignity`, `Priorities: a; b; c`, `The plan has six areas of cooperation: a; b; c`.
fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    for (label, value) in roles::labels(page, page.range(block)) {
        if label.len() > LABEL || page.block(block).kind == BlockKind::Heading && page.dates_in(value.clone()).next().is_some() {
            continue;
        }
        let value = page.sentences(value.clone()).into_iter().next().unwrap_or(value);
        let listed = enumeration(page, &value);
        // A comma may stand within the sentence that leads to the colon: `Four networks were made, namely: A, B`.
        let sentence = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&label.start));
        // It does not run over a line that begins anew.
        let sentence = sentence.map(|sentence| {
            let begins = |token: &usize| page.gap_before(*token).contains('\n') && page.is_capital(*token);
            (sentence.start + 1..=label.start).rev().find(begins).unwrap_or(sentence.start)..sentence.end
        });
        if label.clone().any(|token| matches!(page.text(token), "“" | "«" | "\"")) {
            continue;
        }
        let label = sentence.map_or(label.start, |sentence| sentence.start).max(label.end.saturating_sub(LABEL))..label.end;
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
        let Some(section) = known.filter(|_| !is_phrase) else { continue };
        // `with special focus on groups of workers: ...` is running text.
        if page.token(label.start).shape == Shape::Lower && label.end - section.words.end > 3 {
            continue;
        }
        let is_prose = page.text(value.end - 1) == "." && listed.len() < 2 && value.len() > 3 * PART_WORDS;
        if is_prose {
            continue;
        }
        let plural = is_plural(page, &section.words);
        let parts = if listed.len() > 1 { listed } else { commas(page, &value, plural) };
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

fn is_theme(page: &Page<'_>, tag: Tag) -> bool {
    matches!(tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Themes)
}

/// Whether a wording speaks of several: one of its words ends like a plural.
fn is_plural(page: &Page<'_>, words: &Range<usize>) -> bool {
    words.clone().filter(|&token| page.is_word(token)).any(|token| {
        let text = page.text(token).to_lowercase();
        text.len() >= 4 && text.ends_with(['s', 'x']) && !text.ends_with("us") && !text.ends_with("ss")
    })
}

/// Parts of an enumeration with semicolons or numbers in brackets; one part where it has neither.
fn enumeration(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let numbers: Vec<usize> = value
        .clone()
        .filter(|&token| {
            matches!(page.text(token), "(" | "[")
                && token + 2 < value.end
                && matches!(page.text(token + 2), ")" | "]")
                && (page.token(token + 1).shape == Shape::Number || page.text(token + 1).len() <= 3 && page.token(token + 1).shape == Shape::Lower)
        })
        .collect();
    if numbers.len() >= 2 && numbers[0] <= value.start + 1 {
        let ends = numbers.iter().skip(1).copied().chain([value.end]);
        return numbers.iter().zip(ends).map(|(&start, end)| start + 3..end).filter(|part| !part.is_empty()).collect();
    }
    let bars = split(page, value.clone(), &["|", "•", "·"]);
    if bars.len() > 1 { bars } else { split(page, value.clone(), &[";"]) }
}

/// Parts of a plain enumeration with commas and a last `and`: `A, B and C`, where the label speaks of several.
fn commas(page: &Page<'_>, value: &Range<usize>, plural: bool) -> Vec<Range<usize>> {
    let parts = split(page, value.clone(), &[","]);
    if !plural || parts.len() < 2 {
        return vec![value.clone()];
    }
    let mut list: Vec<Range<usize>> = Vec::new();
    let last = parts.len() - 1;
    for (at, part) in parts.into_iter().enumerate() {
        let opens = page.has(part.start, Tag::And);
        let and = (part.start..part.end).rev().find(|&token| !opens && page.has(token, Tag::And) && token > part.start && token + 1 < part.end);
        match and.filter(|_| at == last) {
            Some(and) => list.extend([part.start..and, and + 1..part.end]),
            None => list.push(part),
        }
    }
    let short = list.iter().all(|part| part.clone().filter(|&token| page.is_word(token)).count() <= PART_WORDS);
    if short { list } else { vec![value.clone()] }
}

/// `5 thematic work streams (A, B, C)`: a counted noun of themes with a list in brackets.
fn from_brackets(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    for token in range.clone() {
        let Some(mark) = page.mark(token, |tag| matches!(tag, Tag::Heading(_))) else { continue };
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
        let inside = mark.end + 1..close;
        let listed = enumeration(page, &inside);
        // `2 work streams (A and B, C and D)`: as many parts as counted.
        let count = (token.saturating_sub(4).max(range.start)..token).rev().find_map(|before| super::numbers::number_at(page, before, token));
        let parts = split(page, inside.clone(), &[","]);
        let fits = count.is_some_and(|count| (count.value - parts.len() as f64).abs() < 0.5);
        let parts = if fits { parts } else { commas(page, &inside, true) };
        for part in if listed.len() > 1 { listed } else { parts } {
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
