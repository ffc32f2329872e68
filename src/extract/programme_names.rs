//! Programmes by the noun in their name: `X Project`, `X (ABC) programme`, `X project (ABC)`, `Programa X`.
//!
//! In: a token and the block that it is in. Out: the name that begins there, where its words are those of one.

use std::ops::Range;

use super::dialogues::has_initials;
use super::names::{line_end, name_at, trim_openers};
use super::page::Page;
use super::programme_sentences::is_own_word;
use super::programme_terms::is_text;
use super::programmes::{Named, acronym_behind, is_noun};
use crate::model::gazetteer::{Shape, Tag};

/// How far behind the noun who pays stands at most, in tokens.
const PAID: usize = 5;
/// How far behind a name who pays makes a plain word before the noun a name, in tokens.
const FUNDED: usize = 14;

/// `X Project`, `X (ABC) programme`, `X project (ABC)`, `Programa X`.
pub fn at_name(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    let glued = at > range.start && page.tokens.touches_previous(at) && !matches!(page.text(at - 1), "(" | "“" | "«" | "\"" | "‘" | "’");
    if glued || page.tokens.marks_at(at).any(|mark| matches!(mark.tag, Tag::Opener | Tag::Article) && page.token(at).shape != Shape::Upper) {
        return None;
    }
    let start = over_count(page, at, range.end);
    if start >= range.end || !page.is_capital(start) {
        return None;
    }
    let name = trim_openers(page, name_at(page, start, line_end(page, start, range.end))?);
    // `EU-funded X project`
    let name = match name.clone().find(|&token| page.has(token, Tag::Funded)) {
        Some(verb) if verb + 1 < name.end => verb + 1..name.end,
        _ => name,
    };
    if is_called_programme(page, &name, range.end) {
        return Some(Named::new(name, None, "programmes/is"));
    }
    let name = own_part(page, name);
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let is_known = page
        .tokens
        .marks_at(name.start)
        .any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Country(_)) && mark.end >= name.end);
    let of_dialogue = page.is_within_dialogue(&name)
        || page.dialogues_in(name.end..range.end.min(name.end + 3)).any(|(tokens, _)| tokens.start == name.end + 1 && page.text(name.end) == "(");
    // The end of the name of a body: `United Nations Development Programme`.
    let of_body = (name.start.saturating_sub(3)..=name.start).any(|token| {
        page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.first <= name.start && mark.end >= name.end)
    });
    let is_job = name.clone().any(|token| page.has(token, Tag::PersonTitle) && page.is_capital(token));
    // The way through a web site, and a text called after the place or body that adopted it.
    let is_trail = name.start > range.start && page.text(name.start - 1) == ">" || name.end < range.end && page.text(name.end) == ">";
    // `SUMMARY REPORT OF THE SUPPORT PROJECT`: a piece of what stands before it.
    let is_piece = page.has(name.start, Tag::Of) || page.has(name.start, Tag::Connector) || page.has(name.start, Tag::Article);
    if is_piece || is_known || of_body || of_dialogue || is_job || name.len() > 30 || is_trail || is_text(page, &name) {
        return None;
    }
    let acronym = acronym_behind(page, name.end, range.end);
    // The name runs over a line end: its short form tells where it begins.
    let given = page.acronyms.iter().find(|given| given.name.end == name.end && given.name.start < name.start && name.len() == 1);
    let name = given.map_or(name, |given| trim_openers(page, given.name.clone()));
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count().max(capitals);
    let noun_behind =
        |token: usize| token < range.end && page.token(token).shape == Shape::Lower && page.gap_before(token) == " " && is_noun(page, token);
    let noun_anyhow = |token: usize| token < range.end && page.gap_before(token) == " " && is_noun(page, token);
    // `X (ABC) programme`
    if acronym.is_some() && noun_anyhow(name.end + 3) && capitals >= 2 {
        return Some(Named::new(name, acronym, "programmes/acronym"));
    }
    let is_own = |token: &usize| {
        let says_sort = |tag: Tag| matches!(tag, Tag::Filler | Tag::Generic | Tag::Role(_) | Tag::PartyNoun(_) | Tag::Heading(_));
        page.is_capital(*token) && !is_noun(page, *token) && !page.tokens.marks_at(*token).any(|mark| says_sort(mark.tag))
    };
    let own = name.clone().any(|token| is_own(&token));
    // `Pilot Project`, `Forward Work Plan`: one plain word before the noun is no name.
    let plain = name.clone().filter(|&token| page.is_capital(token) && !is_noun_part(page, &name, token)).count();
    let is_funded = || page.any_begins(&(name.end..range.end.min(name.end + FUNDED)), |tag| tag == Tag::FundedBy);
    // Among words in capitals one is no acronym.
    let words = || name.clone().filter(|&token| page.is_word(token));
    let has_acronym = words().any(|token| page.token(token).shape == Shape::Upper) && !words().all(|token| page.token(token).shape == Shape::Upper);
    let is_plain = plain == 1 && !has_acronym && !is_funded();
    // `X project (ABC)`
    let is_short_name = name.clone().any(|token| page.token(token).shape == Shape::Upper)
        && page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_))).is_none();
    // `the X Y project, funded by`
    let is_paid = || {
        (name.end + 1..range.end.min(name.end + PAID)).any(|token| page.mark(token, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_some())
    };
    // `A B Le projet`: the noun opens another sentence.
    let is_apart = page.has(name.end - 1, Tag::Article);
    if noun_behind(name.end) && (capitals >= 3 || capitals >= 2 && (is_short_name || is_paid())) && own && !is_apart {
        let with_noun = name.start..name.end + 1;
        let acronym = acronym_behind(page, with_noun.end, range.end);
        return Some(Named::new(with_noun, acronym, "programmes/noun"));
    }
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let nouns = |from: usize| page.mark(from, |tag| tag == Tag::ProgrammeHead).filter(|mark| page.is_capital(from) && mark.end <= name.end);
    let front = (name.start..small).filter_map(nouns).find(|mark| mark.end >= small);
    let last = (name.start..name.end).filter_map(nouns).find(|mark| mark.end == name.end);
    let head = front.or(last);
    let counted = start > at;
    let says_less = |mark: &crate::model::tokens::Mark| {
        // `the Initiative` refers to one named elsewhere; where the noun stands first, one at the end is of another thing.
        mark.first > name.start
            && (page.has(mark.first - 1, Tag::Article) || page.vocabulary().language.noun_first && front.is_none() && acronym.is_none())
    };
    if head.as_ref().is_some_and(says_less) {
        return None;
    }
    let leads = nouns(name.start);
    let is_name = match (head, leads) {
        // `Plan of Action` alone is a sort of text; with a count before it or an acronym behind it is one text.
        (Some(head), _) if head.first == name.start => counted || acronym.as_ref().is_some_and(|short| has_initials(page, &name, short)),
        (Some(head), _) => own && !(is_plain && head.end == name.end && head.first > name.start) || acronym.is_some() && plain > 1,
        // `Programa X`: the noun first and a name right behind it, where the language has it so; `Project Development Phase` is no name.
        (None, Some(noun)) if page.vocabulary().language.noun_first => {
            noun.end < name.end
                && page.is_capital(noun.end)
                && !page.has(noun.end, Tag::Of)
                && !page.has(noun.end, Tag::Connector)
                && own
                && capitals >= 3
        }
        (None, _) => false,
    };
    // `Proyecto TIDEWATER`
    let own_word = name.len() == 2 && leads.is_some_and(|noun| noun.end == name.start + 1) && is_own_word(page, name.start + 1);
    if own_word && page.vocabulary().language.noun_first {
        return Some(Named::new(name.start + 1..name.end, acronym, "programmes/name"));
    }
    let name = if counted { at..name.end } else { name };
    is_name.then_some(Named::new(name, acronym, "programmes/name"))
}

/// Whether a token lies in a noun of projects: `Work Plan`.
fn is_noun_part(page: &Page<'_>, name: &Range<usize>, token: usize) -> bool {
    let covers = |first: usize| page.mark(first, |tag| tag == Tag::ProgrammeHead).is_some_and(|mark| mark.end > token);
    (name.start..=token).any(covers)
}

/// `X was an earlier project`
fn is_called_programme(page: &Page<'_>, name: &Range<usize>, end: usize) -> bool {
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let copula =
        name.end + 2 < end && page.token(name.end).shape == Shape::Lower && page.has(name.end, Tag::ListEnd) && page.has(name.end + 1, Tag::Article);
    let is_dialogue = page.is_within_dialogue(name);
    capitals >= 3
        && copula
        && !is_dialogue
        && (name.end + 2..end.min(name.end + 5)).take_while(|&token| page.token(token).shape == Shape::Lower).any(|token| is_noun(page, token))
}

/// Leaves out a body spelled out in front, and what `and` holds behind the noun: `A B C Organization X Project and the Y`.
fn own_part(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    if let Some(mark) = page
        .mark(name.start, |tag| matches!(tag, Tag::Organization(_)))
        .filter(|mark| mark.end - mark.first >= 3 && mark.end < name.end && page.is_capital(mark.end))
    {
        name.start = mark.end;
    }
    let and = name.clone().find(|&token| page.has(token, Tag::And) && page.token(token).shape == Shape::Lower);
    if let Some(and) = and.filter(|&and| is_noun(page, and - 1) && and > name.start + 1) {
        name.end = and;
    }
    name
}

/// A count before the noun: `5-year 8-point Plan of Action`.
fn over_count(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    let mut last = at;
    while next + 1 < end && next < at + 8 && page.token(next).shape == Shape::Number && !page.is_in_date(next) {
        next += 1;
        if page.text(next) == "-" {
            next += 1;
        }
        if next < end && page.token(next).shape == Shape::Lower {
            next += 1;
            last = next;
        }
    }
    last
}
