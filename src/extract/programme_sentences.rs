//! Programmes that a sentence names beside the noun: `the X project`, `two programmes: X (ABC), “Y” and the Z initiative`, `X, a project of A`.
//!
//! In: a noun in lower case. Out: the names that stand with it. One word is a name only in capitals, and of no other meaning; where the noun
//! comes first, a name may go on in small letters up to what only a project has behind it.

use std::ops::Range;

use super::names::{name_at, name_before, trim_openers};
use super::page::Page;
use super::programme_entries::is_title;
use super::programme_terms::is_text;
use super::programmes::{Named, acronym_behind, is_noun};
use super::titles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// How far before the noun its article stands, in tokens.
const ARTICLE: usize = 4;
/// How far behind the noun a list of names begins, in tokens.
const LEAD: usize = 12;
/// Longest name that goes on in small letters, in tokens.
const SMALL: usize = 12;
/// Shortest word in capitals that is a name, in letters.
const WORD: usize = 4;

/// Whether a sentence refers to a project by its noun within a range: `A runs the X project in B`.
pub fn refers(page: &Page<'_>, range: &Range<usize>) -> bool {
    let is_lower_noun = |token: usize| page.token(token).shape == Shape::Lower && is_noun(page, token);
    let after_article = |token: usize| (token.saturating_sub(ARTICLE).max(range.start + 1)..token).any(|before| page.has(before, Tag::Article));
    page.begins(range, |tag| tag == Tag::ProgrammeHead).any(|token| is_lower_noun(token) && after_article(token))
}

/// A word in capitals, or mostly so, that means nothing else: `TIDEWATER`, `TIDEWaters`.
pub fn is_own_word(page: &Page<'_>, token: usize) -> bool {
    let text = page.text(token);
    let is_written_so = page.token(token).shape == Shape::Upper || text.chars().filter(|letter| letter.is_uppercase()).count() >= WORD - 1;
    page.is_capital(token) && is_written_so && text.chars().count() >= WORD && !page.knows(token)
}

/// `the TIDEWATER project`, `the Coastal Returns programme`: the words between an article and the noun.
pub fn before_noun(page: &Page<'_>, noun: usize, range: &Range<usize>) -> Option<Named> {
    if page.token(noun).shape != Shape::Lower || noun < range.start + 2 || page.gap_before(noun) != " " {
        return None;
    }
    let article = (noun.saturating_sub(ARTICLE).max(range.start)..noun - 1).rev().find(|&token| page.has(token, Tag::Article))?;
    let name = article + 1..noun;
    let is_own = |token: usize| {
        let says_sort = |tag: Tag| {
            matches!(
                tag,
                Tag::Filler
                    | Tag::Generic
                    | Tag::Role(_)
                    | Tag::PartyNoun(_)
                    | Tag::Heading(_)
                    | Tag::Country(_)
                    | Tag::Demonym(_)
                    | Tag::Organization(_)
                    | Tag::Dialogue(_)
                    | Tag::Group(_)
                    | Tag::City(_)
                    | Tag::Region
                    | Tag::DialogueHead(_)
                    | Tag::PublicationHead(_)
                    | Tag::MeetingHead
            )
        };
        page.is_capital(token) && page.token(token).shape != Shape::Number && !page.tokens.marks_at(token).any(|mark| says_sort(mark.tag))
    };
    let whole = name.clone().all(is_own);
    let has_roman = || name.len() == 2 && is_own_word(page, name.start) && is_number(page, name.start + 1);
    let is_name = name.len() == 1 && is_own_word(page, name.start) || has_roman() || name.len() >= 2 && whole && !is_text(page, &name);
    // A name in capitals is known without the noun, one of plain words by it.
    let end = if name.len() == 1 || has_roman() { name.end } else { noun + 1 };
    let acronym = acronym_behind(page, noun + 1, range.end);
    // A short form that the page spells out.
    let short = page.value_of(&name);
    if let Some(given) = page.acronyms.iter().find(|given| page.value_of(&given.acronym) == short) {
        let is_project = is_name && is_title(page, &given.name);
        return is_project.then(|| Named::new(given.name.clone(), Some(given.acronym.clone()), "programmes/noun"));
    }
    is_name.then(|| Named::new(name.start..end, acronym, "programmes/noun"))
}

/// `PROSPECT II`: the number of a phase.
fn is_number(page: &Page<'_>, token: usize) -> bool {
    page.token(token).shape == Shape::Number || page.text(token).chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'))
}

/// `the programme Passage sûr (PPS)`, `du programme Traversées (2019-2022)`: behind a noun that comes first, up to what only a project has.
pub fn in_small_letters(page: &Page<'_>, noun: usize, range: &Range<usize>) -> Option<Named> {
    if !page.vocabulary().language.noun_first || page.token(noun).shape != Shape::Lower {
        return None;
    }
    let start = noun + 1;
    if start + 1 >= range.end || !page.is_capital(start) || page.gap_before(start) != " " || page.token(start).shape == Shape::Number {
        return None;
    }
    let stops = |token: usize| !page.is_word(token) && !matches!(page.text(token), "-" | "’" | "'") || page.has(token, Tag::LinkVerb);
    let end = (start + 1..range.end.min(start + SMALL)).find(|&token| stops(token) || page.mark(token, |tag| tag == Tag::FundedBy).is_some())?;
    let acronym = acronym_behind(page, end, range.end);
    let pays = |token: usize| token < range.end && page.mark(token, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_some();
    let in_bracket = page.text(end) == "(" && end + 1 < range.end && (page.is_in_date(end + 1) || pays(end + 1));
    let name = start..end;
    let is_known = page
        .mark(start, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Dialogue(_) | Tag::Group(_) | Tag::City(_)))
        .is_some_and(|mark| mark.end >= name.end);
    let tells = acronym.is_some() || in_bracket || pays(end) || page.text(end) == "," && pays(end + 1);
    (tells && !is_known && !page.is_within_dialogue(&name)).then(|| Named::new(name, acronym, "programmes/noun"))
}

/// `two programmes: X (ABC), “Y” and the Z initiative`: the names in a list behind a noun in the plural.
pub fn listed(page: &Page<'_>, range: &Range<usize>) -> Vec<Named> {
    let announces = |tag: Tag| matches!(tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Programmes);
    let plurals = page.begins(range, announces).filter_map(|token| page.mark(token, announces)).map(|mark| mark.end);
    let is_plural = |from: &usize| page.token(from - 1).shape == Shape::Lower && page.text(from - 1).ends_with('s');
    plurals.filter(is_plural).flat_map(|from| behind_plural(page, from, range)).collect()
}

fn behind_plural(page: &Page<'_>, from: usize, range: &Range<usize>) -> Vec<Named> {
    let Some(sentence) = page.sentences(range.clone()).into_iter().find(|sentence| sentence.contains(&(from - 1))) else {
        return Vec::new();
    };
    let opens = |token: &usize| matches!(page.text(*token), ":" | "," | "(" | "–" | "—") || page.mark(*token, |tag| tag == Tag::Namely).is_some();
    let Some(lead) = (from..sentence.end.min(from + LEAD)).find(opens) else { return Vec::new() };
    // A comma right behind the noun, an introducing word, or a colon further on.
    let is_colon = page.text(lead) == ":";
    if !is_colon && lead > from {
        return Vec::new();
    }
    let mut at = page.mark(lead, |tag| tag == Tag::Namely).map_or(lead + 1, |mark| mark.end);
    if let Some(mark) = (at < sentence.end).then(|| page.mark(at, |tag| tag == Tag::Namely)).flatten() {
        at = mark.end;
    }
    let mut found: Vec<Named> = Vec::new();
    while at < sentence.end {
        let Some((named, after)) = item(page, at, sentence.end) else { break };
        found.push(named);
        match separated(page, after, sentence.end) {
            Some(next) => at = next,
            None => break,
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// A name in a list, and the token behind it and its bracket.
fn item(page: &Page<'_>, at: usize, end: usize) -> Option<(Named, usize)> {
    let mut start = at;
    while start < end
        && (page.token(start).shape == Shape::Lower && (page.has(start, Tag::Article) || is_noun(page, start))
            || matches!(page.text(start), "’" | "'"))
    {
        start += 1;
    }
    let (name, behind) = match titles::quoted(page, start..end).into_iter().next().filter(|quote| quote.tokens.start == start) {
        Some(quote) => (quote.title, quote.tokens.end),
        None => {
            let name = trim_openers(page, name_at(page, start, end)?);
            // In a list `and` parts names, but for one before the last.
            let and = name.clone().find(|&token| page.has(token, Tag::And) && page.token(token).shape == Shape::Lower);
            let name = name.start..and.filter(|&and| and > name.start).unwrap_or(name.end);
            let words = name.clone().filter(|&token| page.is_capital(token)).count();
            let is_own = words >= 2 || is_own_word(page, name.start);
            let named = is_own && is_title(page, &name) && page.mark(name.start, |tag| matches!(tag, Tag::PersonTitle)).is_none();
            named.then_some((name.clone(), name.end))?
        }
    };
    let acronym = acronym_behind(page, behind, end);
    let close = (behind < end && page.text(behind) == "(").then(|| (behind..end).find(|&token| page.text(token) == ")")).flatten();
    let after = close.map_or(behind, |close| close + 1);
    Some((Named::new(name, acronym, "programmes/sentence"), after))
}

/// The token behind what parts two names of a list; who pays for the first may stand between.
fn separated(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let parts = |token: usize| matches!(page.text(token), "," | ";") || page.has(token, Tag::And) && page.token(token).shape == Shape::Lower;
    let mut next = at;
    while next < end && parts(next) {
        next += 1;
    }
    if next == at || next >= end {
        return None;
    }
    if page.mark(next, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_none() {
        return Some(next);
    }
    // Behind who pays, a name that has the noun or stands in quotation marks.
    (next + 1..end).find(|&token| {
        parts(token - 1)
            && item(page, token, end).is_some_and(|(named, _)| {
                page.is_capital(named.name.start)
                    && ((token..named.name.end).any(|word| is_noun(page, word)) || named.name.start > token && !page.is_word(named.name.start - 1))
            })
    })
}

/// `X, a project of A`, `X, an initiative funded by A`: the name before the comma.
pub fn apposed(page: &Page<'_>, noun: usize, range: &Range<usize>) -> Option<Named> {
    if page.token(noun).shape != Shape::Lower || noun < range.start + 3 {
        return None;
    }
    let article = (noun.saturating_sub(ARTICLE).max(range.start + 2)..noun).rev().find(|&token| page.has(token, Tag::Article))?;
    let comma = article - 1;
    let tells = noun + 1 < range.end && page.mark(noun + 1, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut | Tag::Of)).is_some();
    if page.text(comma) != "," || !tells {
        return None;
    }
    let sentence = page.sentences(range.clone()).into_iter().find(|sentence| sentence.contains(&noun))?;
    if let Some(quote) = titles::quoted(page, sentence.clone()).into_iter().find(|quote| quote.tokens.end == comma) {
        return Some(Named::new(quote.title, None, "programmes/is"));
    }
    let open = (page.text(comma - 1) == ")").then(|| (sentence.start..comma).rev().find(|&token| page.text(token) == "(")).flatten();
    let end = open.unwrap_or(comma);
    let from = (sentence.start..end).rev().find(|&token| page.text(token) == ",").map_or(sentence.start, |comma| comma + 1);
    let name = trim_openers(page, name_before(page, end, from)?);
    let acronym = acronym_behind(page, end, comma);
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let heads = |tag: Tag| matches!(tag, Tag::OrganizationHead(_) | Tag::DialogueHead(_) | Tag::TitledHead(_) | Tag::MeetingHead | Tag::PersonTitle);
    let is_other = name.clone().any(|token| page.is_capital(token) && page.mark(token, heads).is_some());
    (name.end == end && (capitals >= 2 || is_own_word(page, name.start)) && !is_other && is_title(page, &name))
        .then(|| Named::new(name, acronym, "programmes/is"))
}
