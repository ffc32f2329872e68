//! Citations: the parts of an entry that cites a text: `Body (2013). Title. City, Publisher, May 2014 (PDF)`.
//!
//! In: the tokens of an entry. Out: where its title stands, and who wrote or published it, when. An entry is cut at its commas, full
//! stops, dashes and brackets, and each part is told by its words; the first part that is none of the others opens the title.

use std::ops::Range;

use super::page::Page;
use super::publication_entries::publication_noun;
use super::{sections, titles};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// Longest name of bodies that are told by their acronyms, in tokens.
const BODIES: usize = 9;
/// Longest publisher that no reference knows, in tokens.
const PUBLISHER: usize = 3;
/// Longest wording of what a text is, in words: `film documentaire`, `Policy Brief No. 6`.
const SORT: usize = 6;

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Body,
    Person,
    Place,
    Date,
    Sort,
    Note,
    Words,
}

#[derive(Clone, Debug)]
struct Part<'a> {
    role: Role,
    tokens: Range<usize>,
    /// The sign before it.
    sign: &'a str,
}

/// The parts of an entry; none where it has no title.
#[must_use]
pub fn parse(page: &Page<'_>, entry: &Range<usize>) -> Option<Citation> {
    let quote = titles::quoted(page, entry.clone()).into_iter().next().filter(|quote| quote.tokens.start < entry.start + 12);
    let (before, title, rest) = match quote {
        Some(quote) => {
            let before = parts(page, entry.start..quote.tokens.start);
            // What is quoted within a title is part of it.
            let opens_list =
                |words: &Part<'_>| sections::section_of(page, words.tokens.clone()).is_some_and(|section| section.reads == Reads::Publications);
            if before.iter().any(|part| part.role == Role::Words && !opens_list(part)) {
                return plain(page, entry);
            }
            (before, quote.title, parts(page, quote.tokens.end..entry.end))
        }
        None => return plain(page, entry),
    };
    Some(Citation { is_quoted: true, ..citation(page, &before, title, &rest, entry.end) })
}

fn plain(page: &Page<'_>, entry: &Range<usize>) -> Option<Citation> {
    let parts = parts(page, entry.clone());
    let first = parts.iter().position(|part| part.role == Role::Words)?;
    // A notice of rights is no title.
    if (entry.start..parts[first].tokens.start).any(|token| page.text(token) == "©") {
        return None;
    }
    let mut last = first;
    while last + 1 < parts.len() && continues(page, &parts, first, last + 1) {
        last += 1;
    }
    let title = parts[first].tokens.start..parts[last].tokens.end;
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
        // `the case of A, of B and of C`, `Bulletin, no. 34`
        (Role::Note, ",") => !is_last && page.token(part.tokens.start).shape == Shape::Lower && !follows(Role::Words),
        _ => false,
    }
}

/// The first known body of several, else all of the part.
fn body_in(page: &Page<'_>, tokens: Range<usize>) -> Range<usize> {
    let known = tokens.clone().find_map(|token| page.mark(token, is_body).filter(|mark| mark.end <= tokens.end));
    known.map_or(tokens, |mark| mark.first..mark.end)
}

fn is_body(tag: Tag) -> bool {
    matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_))
}

fn parts<'a>(page: &'a Page<'_>, entry: Range<usize>) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut sign = "";
    let mut start = entry.start;
    let mut at = entry.start;
    while at < entry.end {
        if matches!(page.text(at), "(" | "[") {
            let close = (at + 1..entry.end).find(|&token| matches!(page.text(token), ")" | "]")).unwrap_or(entry.end);
            add(page, &mut parts, start..at, sign);
            bracketed(page, &mut parts, at + 1..close);
            sign = ")";
            start = (close + 1).min(entry.end);
            at = start;
            continue;
        }
        let wide = at > start && page.is_wide_before(at);
        if wide {
            add(page, &mut parts, start..at, sign);
            // `Annex III   Title`, `Doc/2   Title`: a column of numbers.
            if let [Part { role: role @ Role::Words, tokens, .. }] = parts.as_mut_slice()
                && tokens.len() <= PUBLISHER
            {
                *role = Role::Note;
            }
            sign = "";
            start = at;
        }
        if parts_at(page, &parts, start..at, entry.end) {
            add(page, &mut parts, start..at, sign);
            sign = page.text(at);
            // `Video: Title`
            if let [Part { role: role @ Role::Words, .. }] = parts.as_mut_slice()
                && sign == ":"
            {
                *role = Role::Sort;
            }
            start = at + 1;
        }
        at += 1;
    }
    add(page, &mut parts, start..entry.end, sign);
    persons(page, &mut parts);
    parts
}

/// What stands in brackets tells of the title; what is none of the known parts is a note.
fn bracketed<'a>(page: &'a Page<'_>, into: &mut Vec<Part<'a>>, inner: Range<usize>) {
    if inner.is_empty() {
        return;
    }
    for mut part in parts(page, inner) {
        if matches!(part.role, Role::Words | Role::Person) {
            part.role = if publication_noun(page, &part.tokens).is_some() { Role::Sort } else { Role::Note };
        }
        part.sign = "(";
        into.push(part);
    }
}

/// Whether a sign parts what stands before it from what follows.
fn parts_at(page: &Page<'_>, parts: &[Part<'_>], before: Range<usize>, end: usize) -> bool {
    let at = before.end;
    if page.token(at).shape != Shape::Mark {
        return false;
    }
    let next = at + 1;
    let touches = page.tokens.touches_previous(at) && next < end && page.tokens.touches_previous(next);
    match page.text(at) {
        ";" | "|" | "·" | "•" | "→" => true,
        "," => !(touches && at > 0 && page.token(at - 1).shape == Shape::Number && page.token(next).shape == Shape::Number),
        "–" | "—" | "-" | "/" => !page.tokens.touches_previous(at) && !page.is_in_date(at),
        "." => next >= end || !page.tokens.touches_previous(next) && !page.is_in_date(at) && !abbreviates(page, &before, next),
        ":" => {
            let is_first = parts.iter().all(|part| part.role != Role::Words);
            let is_listed = || sections::section_of(page, before.clone()).is_some_and(|section| section.reads == Reads::Publications);
            let is_label = !before.is_empty() && before.len() <= PUBLISHER && (publication_noun(page, &before).is_some() || is_listed());
            !touches && is_first && (is_label || matches!(role_of(page, &before), Role::Body | Role::Date | Role::Person))
        }
        _ => false,
    }
}

/// An initial, `no. 34`, `vol. 2`, or a stop within a sentence.
fn abbreviates(page: &Page<'_>, before: &Range<usize>, next: usize) -> bool {
    let Some(last) = before.clone().last() else { return true };
    let short = page.text(last).chars().count();
    short == 1 && page.is_capital(last)
        || short <= 4 && page.is_word(last) && page.token(next).shape == Shape::Number
        || page.token(next).shape == Shape::Lower
}

fn add<'a>(page: &Page<'_>, parts: &mut Vec<Part<'a>>, mut tokens: Range<usize>, sign: &'a str) {
    while !tokens.is_empty() && !page.is_word(tokens.start) && page.token(tokens.start).shape != Shape::Number {
        tokens.start += 1;
    }
    while !tokens.is_empty() && matches!(page.text(tokens.end - 1), "," | "." | ":" | ";" | "–" | "—" | "-") {
        tokens.end -= 1;
    }
    if !tokens.is_empty() {
        let mut role = role_of(page, &tokens);
        let has_title = parts.iter().any(|part| part.role == Role::Words);
        // `Harbour Dialogue - Summary of Activities 2016` is one title.
        let goes_on = matches!(sign, "–" | "—" | "-");
        let is_sort = || !goes_on && tokens.clone().filter(|&token| page.is_word(token)).count() <= SORT && publication_noun(page, &tokens).is_some();
        // Behind a title, or before its colon.
        if role == Role::Words && has_title && sign != ":" && is_sort() {
            role = Role::Sort;
        }
        parts.push(Part { role, tokens, sign });
    }
}

fn role_of(page: &Page<'_>, tokens: &Range<usize>) -> Role {
    let lower = page.token(tokens.start).shape == Shape::Lower;
    if is_date(page, tokens) {
        Role::Date
    } else if page.mark(tokens.start, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some_and(|mark| mark.end == tokens.end) {
        Role::Place
    } else if is_bodies(page, tokens) {
        Role::Body
    } else if lower && publication_noun(page, tokens).is_some() {
        Role::Sort
    } else if lower
        || page.token(tokens.start).shape == Shape::Number && !tokens.clone().any(|token| page.is_capital(token))
        || is_address(page, tokens)
    {
        Role::Note
    } else {
        Role::Words
    }
}

/// A date and hardly anything else: `May 2014`, `updated May 2014`, `Autumn 2019`.
fn is_date(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    page.dates_in(tokens.clone()).last().is_some_and(|date| {
        let others = tokens.len() - date.tokens.len().min(tokens.len());
        others == 0 || date.tokens.end == tokens.end && others == 1 || others <= 2 && page.token(tokens.start).shape == Shape::Lower
    })
}

fn is_address(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    page.text(tokens.start).starts_with("http") || page.text(tokens.start) == "www"
}

/// Files, which look like acronyms of bodies.
pub const FILES: [&str; 10] = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "html", "epub", "mp3", "mp4"];

/// Names of bodies and nothing more, or a name with the noun of a body.
fn is_bodies(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    if publication_noun(page, tokens).is_some() {
        return false;
    }
    let (mut any, mut others, mut at) = (false, 0, tokens.start);
    while at < tokens.end {
        if let Some(mark) = page.mark(at, is_body).filter(|mark| mark.end <= tokens.end) {
            (any, at) = (true, mark.end);
            continue;
        }
        let is_acronym =
            page.token(at).shape == Shape::Upper && page.text(at).chars().count() >= 2 && !FILES.contains(&page.text(at).to_lowercase().as_str());
        any |= is_acronym;
        let joins = !page.is_word(at) || page.has(at, Tag::And) || page.has(at, Tag::Article) || page.has(at, Tag::Of);
        others += usize::from(!is_acronym && !joins);
        at += 1;
    }
    let has_head = || {
        let head = tokens.clone().any(|token| {
            page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some_and(|mark| mark.end <= tokens.end)
        });
        head && tokens
            .clone()
            .all(|token| page.is_capital(token) || !page.is_word(token) || page.has(token, Tag::Connector) || page.has(token, Tag::Of))
    };
    tokens.len() <= BODIES && (any && others == 0 || has_head())
}

/// `Surname, A. B.`: a person, who is no part of the data.
fn persons(page: &Page<'_>, parts: &mut [Part<'_>]) {
    let is_initials = |tokens: &Range<usize>| {
        tokens
            .clone()
            .all(|token| !page.is_word(token) || page.text(token).chars().count() == 1 && page.is_capital(token) || page.has(token, Tag::And))
    };
    for at in 1..parts.len() {
        let surname = parts[at - 1].tokens.clone();
        if parts[at].sign == "," && surname.len() <= 2 && parts[at - 1].role == Role::Words && is_initials(&parts[at].tokens) {
            parts[at - 1].role = Role::Person;
            parts[at].role = Role::Person;
        }
    }
}
