//! Programmes by their line: a name with who pays right behind it, behind a label of projects, or of places of service.
//!
//! In: a line or a block. Out: the name that stands there.

use std::ops::Range;

use super::names::{acronym_behind, name_at, trim_openers};
use super::page::Page;
use super::programmes::{Named, first_name};
use super::{roles, sections, titles};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// Longest label of a project, in tokens.
const LABEL: usize = 5;
/// Longest name of a project in quotation marks, in tokens.
const LONGEST: usize = 60;

/// `X, funded by A`, `X: funded by A`, `“X” – paid for by A`, `X (ABC, funded by A)`: a name at the head of a line, and right behind it who pays.
pub fn at_funder(page: &Page<'_>, line: &Range<usize>, end: usize) -> Option<Named> {
    let mut start = line.start;
    while start < line.end && !page.is_word(start) && !matches!(page.text(start), "“" | "«" | "\"" | "„") {
        start += 1;
    }
    if start >= line.end {
        return None;
    }
    let quote = titles::quoted(page, start..end.min(start + LONGEST)).into_iter().next().filter(|quote| quote.tokens.start == start);
    let (name, behind) = match quote {
        Some(quote) => (quote.title, quote.tokens.end),
        None => {
            let name = trim_openers(page, name_at(page, start, line.end)?);
            (name.clone(), name.end)
        }
    };
    let acronym = acronym_behind(page, behind, end);
    let behind = acronym.as_ref().map_or(behind, |acronym| acronym.end + 1);
    let sign = behind < end && matches!(page.text(behind), "," | ":" | "–" | "—" | "(" | "-");
    let pays = behind + usize::from(sign);
    let is_paid = sign && pays < end && page.mark(pays, |tag| tag == Tag::FundedBy).is_some();
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    let is_known =
        page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Group(_))).is_some_and(|mark| mark.end >= name.end);
    let is_event = name.clone().any(|token| page.has(token, Tag::MeetingHead)) || page.is_within_dialogue(&name) && acronym.is_none() && words > 2;
    (is_paid && words >= 2 && !is_known && !is_event).then_some(Named { name, acronym, rule: "programmes/funded" })
}

/// `Current project: «X – Y», co-funded by A`: the name behind a label of projects.
pub fn at_label(page: &Page<'_>, range: &Range<usize>) -> Option<Named> {
    let (_, value) = roles::labels(page, range.clone()).into_iter().find(|(label, _)| {
        label.len() <= LABEL && sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Programmes)
    })?;
    if let Some(quote) = titles::quoted(page, value.clone()).into_iter().next().filter(|quote| quote.tokens.start <= value.start + 1) {
        let acronym = acronym_behind(page, quote.tokens.end, range.end);
        return Some(Named { name: quote.title, acronym, rule: "programmes/label" });
    }
    let named = first_name(page, &value)?;
    (named.acronym.is_some() || page.mark(named.name.end.min(range.end - 1), |tag| tag == Tag::FundedBy).is_some())
        .then_some(Named { rule: "programmes/label", ..named })
}

/// `network of Migrant Service Centres (MSCs)`: places of service that a project set up, with a short form in the plural.
pub fn at_services(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    let of = page.mark(at, |tag| tag == Tag::ServiceHead).filter(|mark| mark.end < range.end && page.token(at).shape == Shape::Lower)?;
    let name = name_at(page, of.end, range.end)?;
    let acronym = acronym_behind(page, name.end, range.end)?;
    let is_plural = page.value_of(&acronym).ends_with('s');
    (is_plural && name.len() >= 2).then_some(Named { name, acronym: Some(acronym), rule: "programmes/services" })
}
