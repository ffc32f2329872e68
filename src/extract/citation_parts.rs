//! Citation parts: what the pieces of an entry that cites a text are: a body, a place, a date, a sort of text, a note, or words of a title.
//!
//! In: the tokens of an entry. Out: its parts in their order, each with what it is and the sign before it. An entry is cut at its commas, full
//! stops, dashes, brackets and lines.

use std::ops::Range;

use super::page::Page;
use super::publication_entries::publication_noun;
use super::sections;
use crate::model::gazetteer::{PublicationLabel, Shape, Tag};
use crate::model::vocabulary::Reads;

/// Longest name of bodies that are told by their acronyms, in tokens.
const BODIES: usize = 9;
/// Most acronyms side by side: `UN ESCAP`.
const ACRONYMS: usize = 2;
/// Longest publisher that no reference knows, in tokens.
pub const PUBLISHER: usize = 3;
/// Longest wording of what a text is, in words: `film documentaire`, `Policy Brief No. 6`.
const SORT: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Body,
    Person,
    Place,
    Date,
    Sort,
    Note,
    Words,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub role: Role,
    pub tokens: Range<usize>,
    /// The sign before it.
    pub sign: String,
}

pub fn is_body(tag: Tag) -> bool {
    matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_))
}

pub fn parts(page: &Page<'_>, entry: Range<usize>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut sign = String::new();
    let mut start = entry.start;
    let mut at = entry.start;
    while at < entry.end {
        if matches!(page.text(at), "(" | "[") {
            let close = (at + 1..entry.end).find(|&token| matches!(page.text(token), ")" | "]")).unwrap_or(entry.end);
            add(page, &mut parts, start..at, &sign);
            bracketed(page, &mut parts, at + 1..close);
            sign = String::from(")");
            start = (close + 1).min(entry.end);
            at = start;
            continue;
        }
        let ends_line = at > start && page.gap_before(at).contains('\n');
        if ends_line && (opens_source(page, at, entry.end) && !wants_more(page, at - 1) || is_bare_noun(page, &(start..at))) {
            add(page, &mut parts, start..at, &sign);
            sign = String::from("\n");
            start = at;
        }
        // `2019  Title`: a year in a column of its own.
        if at > start && start == entry.start && page.gap_before(at).len() > 1 && is_date(page, &(start..at)) {
            add(page, &mut parts, start..at, &sign);
            start = at;
        }
        let wide = at > start && page.is_wide_before(at);
        if wide {
            add(page, &mut parts, start..at, &sign);
            // `Annex III   Title`, `Doc/2   Title`: a column of numbers.
            if let [Part { role: role @ Role::Words, tokens, .. }] = parts.as_mut_slice()
                && tokens.len() <= PUBLISHER
            {
                *role = Role::Note;
            }
            sign.clear();
            start = at;
        }
        if parts_at(page, &parts, start..at, entry.end) {
            add(page, &mut parts, start..at, &sign);
            sign = page.text(at).to_owned();
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
    add(page, &mut parts, start..entry.end, &sign);
    persons(page, &mut parts);
    // `Chair's Summary, Third Round`
    if let [first, next, ..] = parts.as_mut_slice()
        && (first.role, next.role, next.sign.as_str()) == (Role::Sort, Role::Words, ",")
    {
        first.role = Role::Words;
    }
    parts
}

/// Whether a line tells of the title above it: what it is, or the body that it is from, up to a sign or its end.
fn opens_source(page: &Page<'_>, at: usize, end: usize) -> bool {
    let is_head = |tag: Tag| matches!(tag, Tag::PublicationHead(_)) || is_body(tag);
    let closes = |next: usize| {
        next >= end
            || matches!(page.text(next), "," | "|" | "·" | "•" | "(" | "." | "–" | ";")
            || page.token(next).shape == Shape::Number
            || page.gap_before(next).contains('\n')
    };
    page.is_capital(at) && page.mark(at, is_head).is_some_and(|mark| closes(mark.end))
}

/// Whether a title cannot end with a word.
fn wants_more(page: &Page<'_>, last: usize) -> bool {
    matches!(page.text(last), ":" | "-" | "&")
        || page
            .tokens
            .marks_at(last)
            .any(|mark| mark.end == last + 1 && matches!(mark.tag, Tag::And | Tag::Of | Tag::Connector | Tag::Article | Tag::PlacePreposition))
}

/// What stands in brackets tells of the title; what is none of the known parts is a note.
fn bracketed(page: &Page<'_>, into: &mut Vec<Part>, inner: Range<usize>) {
    // `(Source: X)` tells of another text.
    let names_source =
        page.mark(inner.start, |tag| tag == Tag::Publication(PublicationLabel::Publisher)).is_some_and(|mark| page.text(mark.end) == ":");
    if inner.is_empty() || names_source {
        return;
    }
    for mut part in parts(page, inner) {
        if matches!(part.role, Role::Words | Role::Person) {
            part.role = if publication_noun(page, &part.tokens).is_some() { Role::Sort } else { Role::Note };
        }
        part.sign = String::from("(");
        into.push(part);
    }
}

/// Whether a sign parts what stands before it from what follows.
fn parts_at(page: &Page<'_>, parts: &[Part], before: Range<usize>, end: usize) -> bool {
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
            // `Geneva: IOM`
            let is_place = || role_of(page, &before) == Role::Place;
            !touches
                && (is_first || is_place())
                && (is_place() || is_label || matches!(role_of(page, &before), Role::Body | Role::Date | Role::Person))
        }
        _ => false,
    }
}

/// An initial, `no. 34`, `vol. 2`, or a stop within a sentence.
fn abbreviates(page: &Page<'_>, before: &Range<usize>, next: usize) -> bool {
    let Some(last) = before.clone().last() else { return true };
    let short = page.text(last).chars().count();
    short == 1 && page.is_capital(last)
        || short <= 3 && page.is_word(last) && page.token(last).shape != Shape::Upper && page.token(next).shape == Shape::Number
        || page.token(next).shape == Shape::Lower
}

fn add(page: &Page<'_>, parts: &mut Vec<Part>, mut tokens: Range<usize>, sign: &str) {
    while !tokens.is_empty() && !page.is_word(tokens.start) && page.token(tokens.start).shape != Shape::Number {
        tokens.start += 1;
    }
    while !tokens.is_empty() && matches!(page.text(tokens.end - 1), "," | "." | ":" | ";" | "–" | "—" | "-" | "*" | "_") {
        tokens.end -= 1;
    }
    if !tokens.is_empty() {
        let mut role = role_of(page, &tokens);
        let has_title = parts.iter().any(|part| part.role == Role::Words);
        // `Harbour Dialogue - Summary of Activities 2016` is one title.
        let goes_on = matches!(sign, "–" | "—" | "-");
        let is_sort = || !goes_on && tokens.clone().filter(|&token| page.is_word(token)).count() <= SORT && publication_noun(page, &tokens).is_some();
        // Behind a title, or before its colon; the bare noun is never a title beside another.
        if role == Role::Words && (has_title && sign != ":" && is_sort() || is_bare_noun(page, &tokens)) {
            role = Role::Sort;
        }
        parts.push(Part { role, tokens, sign: sign.to_owned() });
    }
}

fn role_of(page: &Page<'_>, tokens: &Range<usize>) -> Role {
    let lower = page.token(tokens.start).shape == Shape::Lower;
    if is_date(page, tokens) {
        Role::Date
    } else if is_link(page, tokens) {
        Role::Note
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

/// `Working paper`, `Research report`: the noun of a text and nothing else, or with a word beside it where it is no title in capitals.
pub fn is_bare_noun(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    let is_head = |tag: Tag| matches!(tag, Tag::PublicationHead(_));
    let last = tokens.end - 1;
    page.mark(tokens.start, is_head).is_some_and(|mark| mark.end == tokens.end)
        || tokens.len() == 2 && page.token(last).shape == Shape::Lower && page.mark(last, is_head).is_some_and(|mark| mark.end == tokens.end)
}

/// `Policy brief`, `Occasional Paper Series No. 2`: what a text is, right before its quoted title.
pub fn is_sort(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    let words = tokens.clone().filter(|&token| page.is_word(token)).count();
    words <= SORT && !wants_more(page, tokens.end - 1) && publication_noun(page, tokens).is_some()
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

/// Files, their sizes and languages, which look like acronyms of bodies.
pub const FILES: [&str; 26] = [
    "pdf", "doc", "docx", "xls", "xlsx", "csv", "ppt", "html", "epub", "mp3", "mp4", "mb", "kb", "gb", "mo", "ko", "en", "fr", "es", "ar", "ru",
    "pt", "de", "web", "isbn", "issn",
];

fn is_file(page: &Page<'_>, token: usize) -> bool {
    FILES.contains(&page.text(token).to_lowercase().as_str())
}

/// `Download`, `PDF`, `2.4 MB`: where a text is to be had, and how large the file is.
fn is_link(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    let mut at = tokens.start;
    while at < tokens.end {
        match page.mark(at, |tag| tag == Tag::Publication(PublicationLabel::Link)).filter(|mark| mark.end <= tokens.end) {
            Some(mark) => at = mark.end,
            None if page.is_word(at) && !is_file(page, at) => return false,
            None => at += 1,
        }
    }
    tokens.clone().any(|token| page.is_word(token))
}

/// Names of bodies and nothing more, or a name with the noun of a body.
fn is_bodies(page: &Page<'_>, tokens: &Range<usize>) -> bool {
    if publication_noun(page, tokens).is_some() {
        return false;
    }
    let (mut any, mut others, mut at, mut in_row) = (false, 0, tokens.start, 0);
    while at < tokens.end {
        // `IOM Colombo`: the office of a body.
        if any && let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).filter(|mark| mark.end <= tokens.end) {
            at = mark.end;
            continue;
        }
        if let Some(mark) = page.mark(at, is_body).filter(|mark| mark.end <= tokens.end) {
            (any, at, in_row) = (true, mark.end, 0);
            continue;
        }
        let is_acronym = page.token(at).shape == Shape::Upper && page.text(at).chars().count() >= 2 && !is_file(page, at);
        // Several words in capitals are no acronyms.
        in_row = if is_acronym { in_row + 1 } else { 0 };
        if in_row > ACRONYMS {
            return false;
        }
        any |= is_acronym;
        let of_office = any && page.tokens.marks_at(at).any(|mark| matches!(mark.tag, Tag::UnitHead | Tag::Generic));
        let joins = of_office || !page.is_word(at) || page.has(at, Tag::And) || page.has(at, Tag::Article) || page.has(at, Tag::Of);
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
fn persons(page: &Page<'_>, parts: &mut [Part]) {
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
