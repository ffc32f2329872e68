//! Citations: the parts of an entry that cites a text: `Body (2013). Title. City, Publisher, May 2014 (PDF)`.
//!
//! In: the tokens of an entry. Out: where its title stands, and who wrote or published it, when. An entry is cut at its commas, full
//! stops, dashes and brackets, and each part is told by its words; the first part that is none of the others opens the title.

use std::ops::Range;

use super::citation_parts::{PUBLISHER, Part, Role, is_bare_noun, is_body, is_sort, parts};
use super::page::Page;
use super::{sections, titles};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// What a citation says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    pub title: Range<usize>,
    pub is_quoted: bool,
    /// Where what stands behind the title begins.
    pub behind: usize,
    /// The body that wrote or published it.
    pub body: Option<Range<usize>>,
    pub date: Option<Range<usize>>,
    /// A part that says what sort of text it is: `video`, `Policy brief`.
    pub sort: Option<Range<usize>>,
    /// Whether a body and then a date stand behind the title.
    pub is_sourced: bool,
    /// Whether each part but the title is a body, a place, a date, a sort or a note.
    pub is_whole: bool,
}

/// The parts of an entry; none where it has no title.
#[must_use]
pub fn parse(page: &Page<'_>, entry: &Range<usize>) -> Option<Citation> {
    let quote = titles::quoted(page, entry.clone()).into_iter().next().filter(|quote| quote.tokens.start < entry.start + 12);
    let (before, title, rest) = match quote {
        Some(quote) => {
            let mut before = parts(page, entry.start..quote.tokens.start);
            // What is quoted within a title is part of it; `Policy brief “Title”` says what it is.
            let opens_list =
                |words: &Part<'_>| sections::section_of(page, words.tokens.clone()).is_some_and(|section| section.reads == Reads::Publications);
            let says_sort = |words: &Part<'_>| words.tokens.end == quote.tokens.start && is_sort(page, &words.tokens);
            if before.iter().any(|part| part.role == Role::Words && !opens_list(part) && !says_sort(part)) {
                return plain(page, entry);
            }
            for part in &mut before {
                if part.role == Role::Words && says_sort(part) {
                    part.role = Role::Sort;
                }
            }
            (before, quote.title, parts(page, quote.tokens.end..entry.end))
        }
        None => return plain(page, entry),
    };
    Some(Citation { is_quoted: true, ..citation(page, &before, title, &rest, entry.end) })
}

fn plain(page: &Page<'_>, entry: &Range<usize>) -> Option<Citation> {
    let parts = parts(page, entry.clone());
    // What says no more than what it is is the title of a text that has no other: `Rules of procedure, 2015`.
    let is_words = |part: &Part<'_>| part.role == Role::Words;
    let is_own = |part: &Part<'_>| part.role == Role::Sort && page.is_capital(part.tokens.start);
    let first = parts.iter().position(is_words).or_else(|| parts.iter().position(is_own))?;
    // A notice of rights is no title.
    if (entry.start..parts[first].tokens.start).any(|token| page.text(token) == "©") {
        return None;
    }
    let mut last = first;
    while last + 1 < parts.len() && continues(page, &parts, first, last + 1) {
        last += 1;
    }
    let mut title = parts[first].tokens.start..parts[last].tokens.end;
    // `Harbour Forum (HF): Background booklet`: a name that is part of the title; a year in the bracket stands behind an author.
    if let [.., name, note] = &parts[..first]
        && (name.role, note.sign, page.text(title.start - 1)) == (Role::Body, "(", ":")
        && note.role != Role::Date
    {
        title.start = name.tokens.start;
    }
    Some(citation(page, &parts[..first], title, &parts[last + 1..], entry.end))
}

fn citation(page: &Page<'_>, before: &[Part<'_>], title: Range<usize>, rest: &[Part<'_>], end: usize) -> Citation {
    let all = || before.iter().chain(rest);
    let first = |role: Role| all().find(|part| part.role == role).map(|part| part.tokens.clone());
    // The day on which it came out is the last one; a year right behind the author stands before the title.
    let date = rest.iter().rev().chain(before).find(|part| part.role == Role::Date).map(|part| part.tokens.clone());
    let body = first(Role::Body).map(|tokens| body_in(page, tokens));
    Citation {
        behind: rest.first().map_or(end, |part| part.tokens.start).max(title.end),
        body,
        date,
        sort: first(Role::Sort),
        is_sourced: rest.iter().any(|part| part.role == Role::Body) && rest.last().is_some_and(|part| part.role == Role::Date),
        is_whole: all().all(|part| part.role != Role::Words),
        is_quoted: false,
        title,
    }
}

/// Whether a part goes on with the title that ends before it.
fn continues(page: &Page<'_>, parts: &[Part<'_>], first: usize, at: usize) -> bool {
    let part = &parts[at];
    let is_last = at + 1 == parts.len();
    let follows = |role: Role| parts.get(at + 1).is_some_and(|next| next.role == role);
    match (part.role, part.sign) {
        (Role::Words, "," | ":" | "–" | "—" | "-") => {
            let words = parts[first].tokens.start..parts[at - 1].tokens.end;
            let in_capitals = part.tokens.clone().all(|token| page.is_capital(token));
            // `Title, Harbour Press, Rome`: a publisher that no reference knows.
            let is_publisher = in_capitals && part.tokens.len() <= PUBLISHER && (follows(Role::Place) || follows(Role::Date));
            !(part.sign == "," && is_publisher && words.len() >= PUBLISHER)
        }
        // `Title, second edition`
        (Role::Note, ",") if part.tokens.clone().any(|token| page.has(token, Tag::Edition)) => true,
        // `The coast, motor of the land: a collection of practices`
        (Role::Note, ",") if parts.get(at + 1).is_some_and(|next| next.sign == ":") => page.token(part.tokens.start).shape == Shape::Lower,
        (Role::Sort, ":") => at > first + 1 && !is_bare_noun(page, &part.tokens) && parts[at - 1].role == Role::Note,
        // `the case of A, of B and of C`, `Bulletin, no. 34`
        (Role::Note, ",") => !is_last && page.token(part.tokens.start).shape == Shape::Lower && !follows(Role::Words),
        _ => false,
    }
}

/// What a line says of the text above it: `IOM | 2018 | English | Download`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub date: Option<Range<usize>>,
    pub body: Option<Range<usize>>,
    pub sort: Option<Range<usize>>,
}

/// The source that a line is, without a title: what it is, a body or a date, and besides these only words such as that of a language.
#[must_use]
pub fn source(page: &Page<'_>, line: &Range<usize>) -> Option<Source> {
    let parts = parts(page, line.clone());
    let is_other = |part: &Part<'_>| part.role == Role::Words && part.tokens.clone().filter(|&token| page.is_word(token)).count() > 2;
    let first = |role: Role| parts.iter().find(|part| part.role == role).map(|part| part.tokens.clone());
    let opens = parts.first().is_some_and(|part| matches!(part.role, Role::Body | Role::Date | Role::Sort));
    let (date, sort) = (first(Role::Date), first(Role::Sort));
    // `IOM with other agencies | Report | 2016`: the bare noun tells that it is one.
    let is_told = sort.as_ref().is_some_and(|sort| is_bare_noun(page, sort)) && (date.is_some() || first(Role::Body).is_some());
    let is_source = opens && date.is_some() && !parts.iter().any(is_other) || is_told && parts.len() <= PARTS;
    let body = first(Role::Body).or_else(|| parts.iter().find(|part| is_told && part.role == Role::Words).map(|part| part.tokens.clone()));
    (is_source && parts.len() > 1).then(|| Source { date, body: body.map(|tokens| body_in(page, tokens)), sort })
}

/// Most parts of a line that tells of the text above it.
const PARTS: usize = 6;

/// The first known body of several, else all of the part.
fn body_in(page: &Page<'_>, tokens: Range<usize>) -> Range<usize> {
    let known = tokens.clone().find_map(|token| page.mark(token, is_body).filter(|mark| mark.end <= tokens.end));
    known.map_or(tokens, |mark| mark.first..mark.end)
}
