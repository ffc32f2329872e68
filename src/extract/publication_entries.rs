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

/// How far from the start of a line the noun of a meeting stands, in tokens.
const MEETING: usize = 7;

/// `Adopted at the Sixth Conference, A, 14 December 2022`, `6th Ministerial Conference, A, 14 December 2022`: the day of the text above.
pub fn adoption<'a>(page: &'a Page<'_>, line: &Range<usize>) -> Option<&'a DateMention> {
    let date = page.dates_in(line.clone()).last().filter(|date| date.tokens.end == line.end && date.tokens.start > line.start)?;
    let opens = page.mark(line.start, |tag| tag == Tag::Published).is_some();
    let head = line.start..date.tokens.start.min(line.start + MEETING);
    let is_counted = |token: usize| page.token(token).shape == Shape::Number || page.mark(token, |tag| matches!(tag, Tag::Ordinal(_))).is_some();
    let meets = || page.any_begins(&head, |tag| tag == Tag::MeetingHead) && is_counted(line.start);
    (opens || meets()).then_some(date)
}

/// The entries without the lines that say when what stands above them was adopted, and those days.
pub fn with_adoptions<'a>(page: &'a Page<'_>, list: Vec<Range<usize>>) -> Vec<(Range<usize>, Option<&'a DateMention>)> {
    let mut entries: Vec<(Range<usize>, Option<&'a DateMention>)> = Vec::new();
    for entry in list {
        let mut from = entry.start;
        for line in page.lines_in(entry.clone()) {
            let Some(date) = adoption(page, &line) else { continue };
            if from < line.start {
                entries.push((from..line.start, Some(date)));
            } else if let Some(above) = entries.last_mut() {
                above.1 = above.1.or(Some(date));
            } else {
                continue;
            }
            from = line.end;
        }
        if from < entry.end {
            entries.push((from..entry.end, None));
        }
    }
    entries
}

/// `Declaration of A and Plan of Action of A 2023-2027`: two texts, each with its noun and a word of its own.
pub fn two_titles(page: &Page<'_>, title: &Range<usize>) -> Option<[Range<usize>; 2]> {
    let is_and = |token: &usize| page.has(*token, Tag::And) && page.token(*token).shape == Shape::Lower;
    let is_noun = |tag: Tag| matches!(tag, Tag::PublicationHead(_) | Tag::ProgrammeHead);
    // A word in capitals beside the noun.
    let is_named = |part: &Range<usize>| {
        let nouns: Vec<Range<usize>> =
            page.begins(part, is_noun).filter_map(|token| page.mark(token, is_noun)).map(|mark| mark.first..mark.end).collect();
        // `Action Plan 2023-2027` is told by its years, `Programme 2014-2017` goes with what stands before it.
        let is_told = nouns.iter().any(|noun| noun.len() > 1);
        let is_word = |token: usize| {
            page.is_capital(token)
                || is_told && page.is_in_date(token)
                || page.vocabulary().language.noun_first && page.is_word(token) && !page.is_in_date(token)
        };
        let is_small = |token: usize| page.has(token, Tag::Of) || page.has(token, Tag::Connector) || page.has(token, Tag::Article);
        let is_own = |token: usize| is_word(token) && !is_small(token) && !nouns.iter().any(|noun| noun.contains(&token));
        !nouns.is_empty() && part.clone().any(is_own)
    };
    let and = title.clone().filter(|&and| and > title.start && and + 1 < title.end).filter(is_and).find(|&and| {
        let (first, second) = (title.start..and, and + 1..title.end);
        // The noun of the second opens it, or closes it before its years.
        let opens = |part: &Range<usize>| page.is_capital(part.start) && page.mark(part.start, is_noun).is_some();
        let capitals =
            page.is_capital(and + 1) && second.clone().take(NOUN).any(|token| page.is_capital(token) && page.mark(token, is_noun).is_some());
        let closes = || !page.vocabulary().language.noun_first && page.mark(and - 1, is_noun).is_some() && page.is_capital(and - 1);
        let is_listed = second.clone().any(|token| page.text(token) == ",");
        !is_listed && is_named(&first) && is_named(&second) && (opens(&first) && opens(&second) || closes() && capitals)
    })?;
    Some([title.start..and, and + 1..title.end])
}

/// How far behind `and` the noun of the second title stands, in tokens.
const NOUN: usize = 4;
