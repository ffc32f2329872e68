//! Numbered parts of a plan: `Pillar 1: A`, `Component 2. B`, `Axis III – C`, on lines of their own.
//!
//! In: a page. Out: the themes that such lines name where nothing above them announces a list. One such line alone refers to a part; two of
//! a noun are a list of them.

use std::ops::Range;

use super::page::Page;
use super::sections::Section;
use super::theme_records::emit;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;
use crate::model::vocabulary::Reads;

/// Longest title of a part, in words.
const LONGEST: usize = 24;

/// The noun with which a part begins, and where its title does.
#[must_use]
pub fn over_part(page: &Page<'_>, range: &Range<usize>) -> Option<(Mark, usize)> {
    let first = range.clone().find(|&token| page.is_word(token))?;
    let mark = page.mark(first, |tag| matches!(tag, Tag::PartHead(_))).filter(|mark| mark.end + 1 < range.end)?;
    let number = page.text(mark.end);
    let is_number = page.token(mark.end).shape == Shape::Number && number.len() <= 2 && !page.is_in_date(mark.end)
        || number.chars().all(|letter| "IVX".contains(letter))
        || number.chars().count() == 1 && page.token(mark.end).shape == Shape::Upper;
    let mut title = mark.end + 1;
    while title < range.end && matches!(page.text(title), "." | ":" | ")" | "–" | "—" | "-" | "|") {
        title += 1;
    }
    let is_parted = title > mark.end + 1 || page.gap_before(title).len() > 1;
    // `Pillar 1.2` numbers a part of a part.
    (is_number && is_parted && title < range.end && page.token(title).shape != Shape::Number).then_some((mark, title))
}

/// Emits the themes of numbered parts that no list has given.
pub fn from_parts(page: &Page<'_>, drafts: &mut Vec<Draft>) {
    let all = 0..page.tokens.tokens.len();
    let mut parts: Vec<(usize, Mark, Range<usize>)> = Vec::new();
    for token in page.begins(&all, |tag| matches!(tag, Tag::PartHead(_))) {
        let block = page.block_of(token);
        let range = page.range(block);
        let begins_line = token == range.start || page.gap_before(token).contains('\n') || !page.is_word(token - 1) && token == range.start + 1;
        if !begins_line || !page.is_capital(token) || page.mark(token, |tag| matches!(tag, Tag::PartHead(_))).is_none_or(|mark| mark.first != token) {
            continue;
        }
        let line = token..end_of_line(page, token, &range);
        if let Some((mark, title)) = over_part(page, &line) {
            parts.push((block, mark, title..line.end));
        }
    }
    let known: Vec<String> =
        drafts.iter().filter(|draft| draft.table == "themes").filter_map(|draft| draft.text("text").map(str::to_owned)).collect();
    for (block, mark, title) in &parts {
        let Tag::PartHead(kind) = mark.tag else { continue };
        let others = parts.iter().filter(|(_, other, _)| other.tag == mark.tag && page.text(other.first).eq_ignore_ascii_case(page.text(mark.first)));
        let title = first_sentence(page, title);
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let text = page.value_of(&title);
        let is_known = known.iter().any(|known| text.contains(known.as_str()) || known.contains(text.as_str()));
        if others.count() < 2 || !(1..=LONGEST).contains(&words) || is_known {
            continue;
        }
        let kind = page.vocabulary().names.part[usize::from(kind)].kind.clone();
        let section = Section { reads: Reads::Themes, kind: Some(kind), words: mark.first..mark.end };
        emit(page, *block, title, &section, *block, "themes/part", drafts);
    }
}

/// Where the line of a part ends: with its cell, or in the line below where that goes on in small letters.
fn end_of_line(page: &Page<'_>, token: usize, range: &Range<usize>) -> usize {
    if page.block(page.block_of(token)).kind != BlockKind::Paragraph {
        return (token + 3..range.end).find(|&next| page.text(next) == "|" && next > token + 4).unwrap_or(range.end);
    }
    let begins = |next: &&usize| page.token(**next).shape != Shape::Lower;
    page.line_starts_in(token + 1..range.end).iter().find(begins).copied().unwrap_or(range.end)
}

/// The title without the sentences behind it.
fn first_sentence(page: &Page<'_>, title: &Range<usize>) -> Range<usize> {
    let sentence = page.sentences(title.clone()).into_iter().next().unwrap_or_else(|| title.clone());
    let goes_on = sentence.end < title.end;
    sentence.start..sentence.end - usize::from(goes_on && page.text(sentence.end - 1) == ".")
}
