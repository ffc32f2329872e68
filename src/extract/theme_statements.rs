//! Themes that a sentence enumerates: `The three priorities are A, B and C`, `Current focus – A, B, C`, and `A, B and C.` below a heading.
//!
//! In: a paragraph. Out: the parts of its enumeration. Clauses with a verb of their own are no themes.

use std::ops::Range;

use super::enumerations::{commas, enumeration};
use super::numbers::number_at;
use super::page::Page;
use super::sections::Section;
use super::theme_labels::{is_plural, is_theme};
use super::themes::emit;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::vocabulary::Reads;

/// Longest part, in words.
const PART: usize = 9;
/// Fewest parts where nothing counts them.
const FEWEST: usize = 3;
/// How far behind the wording its verb stands, in tokens.
const NEAR: usize = 8;
/// Kinds that a noun names; what was agreed or done is told by a verb.
const NOUNS: [&str; 5] = ["current_focus", "priority", "objective", "theme", "work_stream"];

/// `The three thematic priorities are A, B and C.`
pub fn from_statements(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    if !page.any_begins(&range, |tag| is_theme(page, tag)) {
        return;
    }
    for sentence in page.sentences(range) {
        let Some((section, value, count)) = stated(page, &sentence) else { continue };
        let parts = parts_of(page, &value);
        if parts.len() >= FEWEST || parts.len() == count && count > 1 {
            for part in parts {
                emit(page, block, part, &section, block, "themes/statement", drafts);
            }
        }
    }
}

/// `A, B and C.` as all that stands in a paragraph.
pub fn enumerated(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let range = page.range(block);
    let parts = if page.sentences(range.clone()).len() == 1 { parts_of(page, &range) } else { Vec::new() };
    if parts.len() >= FEWEST { parts } else { Vec::new() }
}

/// Longest aim, in words.
const AIM: usize = 32;

/// `To make hiring fair.`: a sentence without a subject as all that stands below a heading of objectives.
pub fn aim(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let range = page.range(block);
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let is_subject = |tag: Tag| {
        matches!(tag, Tag::Article | Tag::Opener | Tag::Dialogue(_) | Tag::Organization(_) | Tag::Country(_) | Tag::PartyNoun(_) | Tag::Heading(_))
    };
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb);
    let is_aim = (4..=AIM).contains(&words)
        && page.is_capital(range.start)
        && page.text(range.end - 1) == "."
        && page.sentences(range.clone()).len() == 1
        && page.mark(range.start, is_subject).is_none()
        && !range.clone().any(|token| is_verb(token) || page.is_in_date(token));
    if is_aim { vec![range] } else { Vec::new() }
}

/// The wording of themes with its verb, what stands behind that, and how many the sentence counts.
fn stated(page: &Page<'_>, sentence: &Range<usize>) -> Option<(Section, Range<usize>, usize)> {
    let mark = sentence.clone().find_map(|token| page.mark(token, |tag| is_theme(page, tag)).filter(|mark| mark.end < sentence.end))?;
    let Tag::Heading(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[usize::from(index)];
    let words = mark.first..mark.end;
    if !heading.kind.as_deref().is_some_and(|kind| NOUNS.contains(&kind)) || !is_plural(page, &words) {
        return None;
    }
    let end = sentence.end.min(mark.end + NEAR);
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.mark(token, |tag| tag == Tag::LinkVerb).is_some();
    let is_dash = |token: usize| token == mark.end && matches!(page.text(token), "–" | "—") && mark.first <= sentence.start + 2;
    let verb = (mark.end..end).find(|&token| is_verb(token) || is_dash(token))?;
    let names = |token: usize| {
        page.is_capital(token)
            || page.is_in_date(token)
            || page
                .tokens
                .marks_at(token)
                .any(|mark| matches!(mark.tag, Tag::Of | Tag::Connector | Tag::Article | Tag::Generic | Tag::DialogueHead(_)))
    };
    // What a body works on is no theme of a dialogue; of working groups a sentence tells all sorts of things, unless it counts them.
    let of_body = (sentence.start..mark.first).any(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some());
    if of_body || !(mark.end..verb).all(names) {
        return None;
    }
    let mut start = page.mark(verb, |tag| tag == Tag::LinkVerb).map_or(verb + 1, |mark| mark.end);
    while start < sentence.end && (page.text(start) == ":" || page.has(start, Tag::LinkWord) && !page.has(start, Tag::Article)) {
        start += 1;
    }
    let count = (mark.first.saturating_sub(NEAR).max(sentence.start)..mark.first)
        .filter(|&token| !page.is_in_date(token))
        .find_map(|token| number_at(page, token, mark.first))
        .map_or(0, |count| count.value as usize);
    let is_counted = count > 1 || heading.kind.as_deref() != Some("work_stream");
    let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words };
    (is_counted && start < sentence.end).then_some((section, start..sentence.end, count))
}

/// The parts of an enumeration, if each is short and none is a clause.
fn parts_of(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let end = value.end - usize::from(matches!(page.text(value.end - 1), "." | "|"));
    let value = value.start..end;
    if value.is_empty() {
        return Vec::new();
    }
    let listed = enumeration(page, &value);
    let parts = if listed.len() > 1 { listed } else { commas(page, &value, true) };
    let is_clause = |part: &Range<usize>| {
        let words = part.clone().filter(|&token| page.is_word(token)).count();
        let tells = |token: usize| {
            page.token(token).shape == Shape::Lower
                && (page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition)
                    || page.mark(token, |tag| matches!(tag, Tag::Held | Tag::Published | Tag::Met)).is_some())
        };
        !(1..=PART).contains(&words) || part.clone().any(|token| tells(token) || page.is_in_date(token) || page.text(token) == "@")
    };
    if parts.iter().any(is_clause) { Vec::new() } else { parts }
}
