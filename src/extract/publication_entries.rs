//! Entries: what in a list of publications is an entry, and what its words say of it.
//!
//! In: blocks and ranges of tokens. Out: the entries of a block; whether a range is prose, a date, a body, or has the noun of a publication.

use std::ops::Range;

use super::dates::DateMention;
use super::page::Page;
use super::titles;
use crate::model::gazetteer::{PublicationLabel, Shape, Tag};

/// Longest entry that is a title and no prose, in words.
const ENTRY_WORDS: usize = 45;

/// Whether a block is a date and nothing more.
pub fn is_date_only(page: &Page<'_>, range: &Range<usize>) -> bool {
    // `Year 2018`
    let label = page.mark(range.start, |tag| tag == Tag::Publication(PublicationLabel::Date)).map_or(range.start, |mark| mark.end);
    let is_whole = |date: &DateMention| (date.tokens.start == range.start || date.tokens.start == label) && date.tokens.end == range.end;
    !range.is_empty() && page.dates_in(range.clone()).any(is_whole)
}

/// Whether a quotation mark opens at a token.
pub fn quote_opens(page: &Page<'_>, token: usize) -> bool {
    !page.opening_quotes_in(&(token..token + 1)).is_empty()
}

/// Whether the noun of a publication stands in a range with a capital.
pub fn capital_noun(page: &Page<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|token| {
        page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some_and(|mark| mark.end <= range.end)
    })
}

/// Whether a heading names bodies and nothing more: the publishers of what stands under it.
pub fn names_bodies(page: &Page<'_>, range: &Range<usize>) -> bool {
    let mut next = range.start;
    let mut any = false;
    while next < range.end {
        match page.mark(next, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= range.end) {
            Some(mark) => (next, any) = (mark.end, true),
            None if page.is_word(next) && !page.has(next, Tag::And) && !page.has(next, Tag::Article) => return false,
            None => next += 1,
        }
    }
    any
}

/// A block of sentences: it ends like one and has many small words.
pub fn is_prose(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let sentences = page.sentences(range.clone());
    // `The group heard about ...`
    let opens_like_prose = |first: &Range<usize>| {
        first.len() > 12 && page.has(first.start, Tag::Article) && page.is_capital(first.start) && page.token(first.start + 1).shape == Shape::Lower
    };
    let described = sentences.first().is_some_and(|first| page.text(first.end - 1) == "." && opens_like_prose(first));
    let opens_with_sentence =
        sentences.first().is_some_and(|first| page.text(first.end - 1) == "." && first.clone().filter(|&token| page.is_word(token)).count() > 18);
    // A title on a line of its own, its source on the next.
    let is_entry = range
        .clone()
        .find(|&token| token > range.start && page.gap_before(token).contains('\n'))
        .is_some_and(|second| titles::starts_with_source(page, second, range.end));
    // A sentence has a verb or a relative word; a title in quotation marks may be one all the same.
    let quoted = range.clone().any(|token| matches!(page.text(token), "“" | "\"" | "«" | "‘"));
    let is_verb = |token: usize| {
        page.token(token).shape == Shape::Lower
            && page.has(token, Tag::ListEnd)
            && !page.has(token, Tag::Connector)
            && !page.has(token, Tag::PlacePreposition)
    };
    let dated = page.dates_in(range.clone()).next().is_some();
    let is_sentence = !quoted && !dated && words >= 7 && (range.clone().any(is_verb) || page.text(range.end - 1) == ".");
    words > ENTRY_WORDS || described || (opens_with_sentence || is_sentence) && !is_entry
}

/// A sentence about the title above it: a full stop at its end and a verb.
pub fn describes(page: &Page<'_>, entry: &Range<usize>) -> bool {
    let quoted = entry.clone().any(|token| quote_opens(page, token));
    let has_verb = entry.clone().any(|token| {
        page.token(token).shape == Shape::Lower
            && (page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition)
                || page.mark(token, |tag| matches!(tag, Tag::Phrase(_))).is_some())
    });
    !quoted && has_verb && page.text(entry.end - 1) == "."
}

/// An item that opens with the noun of a publication and has a date, without a verb before it.
pub fn opens_with_noun(page: &Page<'_>, range: &Range<usize>) -> bool {
    let noun =
        page.mark(range.start, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| page.is_capital(range.start) && mark.end < range.end);
    noun.is_some() && page.dates_in(range.clone()).next().is_some() && page.sentences(range.clone()).len() == 1 && !describes(page, range)
}

/// The entries of a block: the block, or parts of it of which each begins a line behind an entry that has its date or full stop.
pub fn entries(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    let dated = |range: &Range<usize>| page.dates_in(range.clone()).next().is_some();
    for line in page.lines(block) {
        let first = line.clone().find(|&token| !matches!(page.text(token), "*" | "_") || quote_opens(page, token)).unwrap_or(line.start);
        let opens = (page.is_capital(first) || quote_opens(page, first) || page.token(first).shape == Shape::Number) && !page.is_in_date(first);
        // `IOM (2015). Title` below another entry; below a title the line would be its source.
        let is_source = titles::starts_with_source(page, line.start, line.end);
        let is_complete = |entry: &Range<usize>| {
            let ends_in_date = page.dates_in(entry.clone()).last().is_some_and(|date| entry.end - date.tokens.end <= 8);
            let closes = matches!(page.text(entry.end - 1), ")" | "”" | "»" | "\"");
            let stops = page.text(entry.end - 1) == "." && dated(entry);
            ends_in_date && !matches!(page.text(entry.end - 1), "," | ":" | "–" | "-") || closes || stops
        };
        let begins = |entry: &Range<usize>| is_complete(entry) && (!is_source || dated(entry) && line.len() > 3);
        // `2019  Title`
        let is_dated = page.dates_in(line.clone()).next().is_some_and(|date| {
            let next = date.tokens.end;
            date.tokens.start == line.start && next < line.end && page.gap_before(next).len() > 1 && page.is_capital(next)
        });
        match entries.last_mut() {
            Some(entry) if !is_dated && !(opens && begins(entry)) => entry.end = line.end,
            _ => entries.push(line),
        }
    }
    entries
}

/// The kind of publication that a noun in a range says.
pub fn publication_noun<'a>(page: &'a Page<'_>, range: &Range<usize>) -> Option<&'a str> {
    let is_noun = |tag: Tag| matches!(tag, Tag::PublicationHead(_));
    page.begins(range, is_noun).find_map(|token| match page.mark(token, is_noun).filter(|mark| mark.end <= range.end)?.tag {
        Tag::PublicationHead(kind) => Some(page.vocabulary().names.publication[usize::from(kind)].kind.as_str()),
        _ => None,
    })
}

/// `The X Database is now on Y`: the title of what an entry announces, up to the verb.
#[must_use]
pub fn announced(page: &Page<'_>, entry: &Range<usize>) -> Option<Range<usize>> {
    let verb = entry.clone().find(|&token| page.mark(token, |tag| tag == Tag::Announced).is_some())?;
    let mut title = entry.start..verb;
    // A bracket before the verb says the name again.
    if title.len() > 3 && page.text(title.end - 1) == ")" {
        let open = title.clone().rev().find(|&token| page.text(token) == "(")?;
        title.end = open;
    }
    let capitals = title.clone().filter(|&token| page.is_capital(token)).count();
    let small = title.clone().filter(|&token| page.token(token).shape == Shape::Lower).count();
    (capitals >= 3 && capitals > small && publication_noun(page, &title).is_some()).then_some(title)
}
