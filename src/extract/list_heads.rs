//! Heads within lists: words before the names of a list that say of whom it is one, and are no party themselves.
//!
//! In: a place in a list. Out: where the names begin: behind `from Africa,`, `Asia (3):`, `ministers of labour of`; or that those who follow
//! only say where others are: `trade unions of A and B` lists no states.

use super::page::Page;
use super::parties::over_separators;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};

/// Most small words before the name of a region, and longest such name, in tokens.
const SMALL: usize = 5;
const REGION: usize = 6;

/// Whether a head may begin at a token, or parties that are counted: a look at what all of them have, before a look at each.
#[must_use]
pub fn may_begin(page: &Page<'_>, at: usize, end: usize) -> bool {
    let is_in_one = |tag: Tag| matches!(tag, Tag::Region | Tag::PartyNoun(_) | Tag::Delegates | Tag::Qualifier(_));
    page.any_begins(&(at..end.min(at + SMALL + REGION)), is_in_one)
}

/// `from Africa, `, `pour l'Asie : `, `North (2) – `: behind the part of the world that the states behind it are of.
#[must_use]
pub fn over_region(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let is_region = |token: usize| page.has(token, Tag::Region);
    (at..end.min(at + SMALL + REGION)).find(|&token| is_region(token))?;
    let is_small = |token: usize| !is_region(token) && !page.is_capital(token) && page.text(token) != ":" && !is_joint(page, token);
    let first = (at..end.min(at + SMALL)).find(|&token| !is_small(token))?;
    let is_of_name = |token: &usize| page.is_capital(*token) || is_region(*token) || page.has(*token, Tag::And) || page.has(*token, Tag::Article);
    let name = first..(first..end.min(first + REGION)).find(|token| !is_of_name(token)).unwrap_or(first);
    // `the Northern Council States, A and B`
    let is_body = || page.mark(first, |tag| matches!(tag, Tag::Group(_) | Tag::Organization(_) | Tag::Dialogue(_))).is_some();
    if !name.clone().any(is_region) || names_state(page, first) || is_body() {
        return None;
    }
    let is_bracketed = name.end + 2 < end && page.text(name.end) == "(" && page.text(name.end + 2) == ")";
    // `rive sud :`: what sort of region it is can stand behind its noun.
    let has_sort = name.end + 1 < end && page.token(name.end).shape == Shape::Lower && matches!(page.text(name.end + 1), ":" | ",");
    let sign = name.end + if is_bracketed { 3 } else { usize::from(has_sort) };
    let verb = || page.mark(sign, |tag| tag == Tag::LinkVerb).filter(|_| first > at).map(|mark| mark.end);
    let behind = match page.text(Some(sign).filter(|&sign| sign < end)?) {
        ":" | "–" | "—" | "-" | "(" => sign + 1,
        "," if first > at => sign + 1,
        _ => verb()?,
    };
    names_state(page, over_article(page, behind, end)).then_some(behind)
}

/// A sign that parts the entries of a list.
fn is_joint(page: &Page<'_>, token: usize) -> bool {
    matches!(page.text(token), "," | ";" | "." | "(" | ")")
}

fn names_state(page: &Page<'_>, token: usize) -> bool {
    token < page.tokens.tokens.len() && page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some()
}

fn over_article(page: &Page<'_>, at: usize, end: usize) -> usize {
    let is_before = |token: usize| page.has(token, Tag::Article) || page.has(token, Tag::Of) || matches!(page.text(token), "'" | "’");
    (at..end).find(|&token| !is_before(token) || names_state(page, token)).unwrap_or(end)
}

/// Most words before the noun of delegates, and longest way from it to the first state, in tokens.
const BEFORE: usize = 6;
const PORTFOLIO: usize = 20;

/// `the ministers of labour of A`, `We, the representatives of the governments of A`: behind those who speak for the states that follow.
#[must_use]
pub fn over_delegates(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let noun = (at..end.min(at + BEFORE)).find_map(|token| page.mark(token, |tag| tag == Tag::Delegates)).filter(|mark| mark.end < end)?;
    let ends = |token: usize| {
        matches!(page.text(token), "." | ";" | ":" | "(")
            || page.is_in_date(token)
            || page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::Met | Tag::Held | Tag::Organization(_))).is_some()
    };
    let mut before = at..noun.first;
    if before.any(|token| ends(token) || names_state(page, token)) {
        return None;
    }
    let first = (noun.end..end.min(noun.end + PORTFOLIO)).take_while(|&token| !ends(token)).find(|&token| names_state(page, token))?;
    // `ministers of labour in A`: where, and not of whom.
    let joint = (noun.end..first).rev().find(|&token| !page.has(token, Tag::Article) && !matches!(page.text(token), "'" | "’" | "the" | "The"));
    let is_of = |joint: usize| page.has(joint, Tag::Of) || page.has(joint, Tag::PartyNoun(PartyNoun::State));
    joint.map_or(page.has(first - 1, Tag::Of), |joint| is_of(joint) || page.has(first - 1, Tag::Of)).then_some(first)
}

/// `trade unions of A, B`, `des syndicats de A`: whether the states behind only say where the bodies are.
#[must_use]
pub fn heads_bodies_of(page: &Page<'_>, at: usize, end: usize) -> bool {
    let is_small = |token: usize| page.token(token).shape == Shape::Lower || matches!(page.text(token), "'" | "’");
    let noun = (at..end.min(at + SMALL))
        .take_while(|&token| is_small(token) && !names_state(page, token))
        .find_map(|token| page.mark(token, |tag| tag == Tag::PartyNoun(PartyNoun::Organization)))
        .filter(|mark| mark.end < end);
    noun.is_some_and(|noun| {
        let links = page.has(noun.end, Tag::Of) || page.has(noun.end, Tag::Since);
        let first = over_article(page, noun.end + 1, end);
        links && (names_state(page, first) || first < end && page.has(first, Tag::Region))
    })
}

/// `northern states, ` before names: states of a sort, which nobody names one by one.
#[must_use]
pub fn over_described(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let is_noun = |token: usize| page.mark(token, |tag| tag == Tag::PartyNoun(PartyNoun::State)).filter(|_| page.token(token).shape == Shape::Lower);
    let noun = (at + 1..end.min(at + SORT)).find_map(is_noun).filter(|noun| noun.end < end)?;
    // `the associated countries A and B`
    let is_named = page.is_capital(noun.end) && page.mark(noun.end, |tag| matches!(tag, Tag::Country(_))).is_some();
    if is_named && !(at..noun.first).any(|token| page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Cardinal(_))).is_some()) {
        return (at..noun.first).all(|token| page.is_word(token)).then_some(noun.end);
    }
    if page.text(noun.end) != "," {
        return None;
    }
    let names_party = |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Dialogue(_) | Tag::Country(_) | Tag::Cardinal(_));
    let is_small = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Article | Tag::Of | Tag::Connector));
    let is_sort = |token: usize| page.is_word(token) && page.mark(token, names_party).is_none() && !is_small(token);
    over_separators(page, noun.end, end).filter(|_| (at..noun.first).all(is_sort))
}

/// Most words that say of which sort states are, and their noun.
const SORT: usize = 5;
