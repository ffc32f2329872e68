//! Projects in tables and on sheets: a column of names beside columns of who pays, where and how long; a heading above such labels.
//!
//! In: the head of a table, or a sheet. Out: its projects.

use std::ops::Range;

use super::columns;
use super::page::Page;
use super::programme_entries::is_title;
use super::programme_terms::payers;
use super::programmes::{acronym_behind, is_noun};
use super::sections;
use super::sheets::Sheet;
use crate::model::gazetteer::{ProjectLabel, PublicationLabel, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest head of the column of names, in words.
const HEAD: usize = 4;

/// The projects of the table that begins with a row, and the tokens of their names.
pub fn below(page: &Page<'_>, block: usize) -> Vec<Sheet> {
    let is_first = block == 0 || page.block(block - 1).kind != BlockKind::Row;
    let labels = |tag: Tag| matches!(tag, Tag::Project(_));
    if !is_first || page.block(block).kind != BlockKind::Row || !page.any_begins(&page.range(block), labels) {
        return Vec::new();
    }
    let Some(table) = columns::below(page, block) else { return Vec::new() };
    // `Name`, `Title`: the first column of a table of projects has them.
    let is_name = |cell: &Range<usize>| {
        page.mark(cell.start, |tag| matches!(tag, Tag::Publication(PublicationLabel::Title) | Tag::NameLabel))
            .is_some_and(|mark| mark.end == cell.end)
    };
    let first = || table.head.first().filter(|cell| is_name(cell)).map(|_| 0);
    let Some(names) = table.head.iter().position(|cell| is_head(page, cell)).or_else(first) else { return Vec::new() };
    let label = |cell: &Range<usize>| match page.mark(cell.start, labels)? {
        mark if mark.end == cell.end => Some(mark.tag),
        _ => None,
    };
    let place = |kind: ProjectLabel| table.head.iter().position(|cell| label(cell) == Some(Tag::Project(kind)));
    let (funder, countries) = (place(ProjectLabel::Funder), place(ProjectLabel::Countries));
    if funder.is_none() && (names > 0 || countries.is_none() && place(ProjectLabel::Other).is_none()) {
        return Vec::new();
    }
    let cell = |cells: &[Option<Range<usize>>], place: Option<usize>| place.and_then(|place| cells[place].clone());
    let named = |cells: &[Option<Range<usize>>]| {
        let name = cell(cells, Some(names))?;
        let bracket = name.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(name.end);
        let name = name.start..bracket;
        (page.is_capital(name.start) && is_title(page, &name)).then(|| Sheet {
            name,
            acronym: None,
            funder: cell(cells, funder),
            countries: cell(cells, countries),
        })
    };
    let row = |block: usize, cells: &[Option<Range<usize>>]| {
        let mut sheet = named(cells)?;
        // A bar within the cell of the funder makes more cells than the head has: those of states say where it works.
        let all = page.cells(block);
        if all.len() > table.head.len() {
            let mut states = all.iter().skip(1).filter(|cell| is_states(page, cell));
            let first = states.next().cloned();
            sheet.countries = first.map(|first| first.start..states.next_back().map_or(first.end, |last| last.end));
        }
        Some(sheet)
    };
    table.rows.iter().filter_map(|(block, cells)| row(*block, cells)).collect()
}

/// Whether a cell lists states and nothing else.
fn is_states(page: &Page<'_>, cell: &Range<usize>) -> bool {
    let mut at = cell.start;
    while at < cell.end {
        match page.mark(at, |tag| matches!(tag, Tag::Country(_))) {
            Some(mark) => at = mark.end,
            None if page.is_word(at) && !page.has(at, Tag::And) && !page.has(at, Tag::Article) => return false,
            None => at += 1,
        }
    }
    !cell.is_empty()
}

/// `Project`, `Programme title`: the head of a column of names.
fn is_head(page: &Page<'_>, cell: &Range<usize>) -> bool {
    let words = cell.clone().filter(|&token| page.is_word(token)).count();
    let is_section = || sections::section_of(page, cell.clone()).is_some_and(|section| section.reads == Reads::Programmes);
    (1..=HEAD).contains(&words) && (is_section() || cell.clone().any(|token| is_noun(page, token)))
}

/// The record of a sheet: `X` as heading, `Donors: A and B`, `Countries: C, D` below it.
pub fn record(page: &Page<'_>, sheet: &Sheet, rule: &'static str) -> Draft {
    let span = page.span(&sheet.name);
    let mut draft = Draft::new("programmes", rule).with("name", page.value(span), span);
    if let Some(acronym) = sheet.acronym.clone().or_else(|| acronym_behind(page, sheet.name.end, page.tokens.tokens.len())) {
        draft = draft.with("acronym", page.value_of(&acronym), page.span(&acronym));
    }
    let funder = sheet.funder.as_ref().and_then(|value| payers(page, value.start, value.end));
    if let Some(funder) = &funder {
        draft = draft.with("funder", page.value_of(funder), page.span(funder));
    }
    // `Harbour Aid | A, B`: what stands in the cell behind who pays.
    let rest = || funder.as_ref().zip(sheet.funder.as_ref()).map(|(funder, value)| funder.end..value.end);
    let mut codes: Vec<&str> = Vec::new();
    let mut spans = Vec::new();
    let places = sheet.countries.clone().or_else(rest).unwrap_or(0..0);
    let mut at = places.start;
    while at < places.end {
        let mark = page.mark(at, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= places.end);
        if let Some((Tag::Country(index), end)) = mark.map(|mark| (mark.tag, mark.end)) {
            let code = page.reference.countries[usize::from(index)].iso3.as_str();
            if !codes.contains(&code) {
                codes.push(code);
                spans.push(page.span(&(at..end)));
            }
            at = end;
        } else {
            at += 1;
        }
    }
    if !codes.is_empty() {
        draft.set("countries", codes.join(" "), &spans);
    }
    draft
}
