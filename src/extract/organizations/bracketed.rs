//! Bracketed: `Name (ACRONYM)` with the noun of an organisation, or beside a known body.

use std::ops::Range;

use super::{Bodies, Body, is_dialogue, organization_head, without_article};
use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// `Name (ACRONYM)` with the noun of an organisation.
pub fn bracketed(page: &Page<'_>, bodies: &mut Bodies) {
    for given in &page.acronyms {
        let name = without_article(page, given.name.clone());
        if is_dialogue(page, &name) || names_other_thing(page, &name, given.acronym.end) {
            continue;
        }
        let listed = || fits_initials(page, &name, &given.acronym) && beside_body(page, &name, given.acronym.end);
        let kind = organization_head(page, &name).or_else(|| listed().then(|| "other".to_owned()));
        let Some(kind) = kind else { continue };
        let known = page.tokens.marks_at(given.acronym.start).find_map(|mark| match mark.tag {
            Tag::Organization(index) if mark.end == given.acronym.end => Some(index),
            _ => None,
        });
        bodies.add(page, Body { known, name, spelled: true, acronym: Some(given.acronym.clone()), kind, rule: "organizations/acronym" });
    }
}

/// Whether the capitals of a name are the letters of its acronym, in order.
fn fits_initials(page: &Page<'_>, name: &Range<usize>, acronym: &Range<usize>) -> bool {
    let initials: String = name.clone().filter(|&token| page.is_capital(token)).filter_map(|token| page.text(token).chars().next()).collect();
    initials.chars().count() >= 3 && initials == page.value_of(acronym)
}

/// Whether a known body stands beside a name and its acronym in a list.
fn beside_body(page: &Page<'_>, name: &Range<usize>, acronym_end: usize) -> bool {
    let is_body = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some();
    let is_sign = |token: usize| matches!(page.text(token), "," | ";" | "/" | "|" | "•" | "·") || page.has(token, Tag::And);
    let total = page.tokens.tokens.len();
    let behind = acronym_end + 2 < total && is_sign(acronym_end + 1) && (acronym_end + 2..total.min(acronym_end + 5)).any(is_body);
    let before = name.start > 1 && is_sign(name.start - 1) && (name.start.saturating_sub(8)..name.start).any(is_body);
    behind || before
}

/// Whether the words around a name say that it is a programme or publication: `... (TCLM) model`, `project Name (ACRONYM)`.
fn names_other_thing(page: &Page<'_>, name: &Range<usize>, acronym_end: usize) -> bool {
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::ProgrammeHead | Tag::PublicationHead(_))).is_some();
    let behind = acronym_end + 1;
    let noun_behind = behind < page.tokens.tokens.len() && page.token(behind).shape == Shape::Lower && is_noun(behind);
    let noun_before = name.start > 0 && page.token(name.start - 1).shape == Shape::Lower && is_noun(name.start - 1);
    noun_behind || noun_before
}
