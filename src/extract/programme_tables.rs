//! Projects in tables and on sheets: a column of names beside columns of who pays, where and how long; a heading above such labels.
//!
//! In: the head of a table, or a sheet. Out: its projects.

use std::ops::Range;

use super::columns;
use super::page::Page;
use super::parties;
use super::programme_entries::is_title;
use super::programmes::{acronym_behind, is_noun};
use super::sections;
use super::sheets::Sheet;
use crate::model::gazetteer::{ProjectLabel, Tag};
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
    let Some(names) = table.head.iter().position(|cell| is_head(page, cell)) else { return Vec::new() };
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
        (page.is_capital(name.start) && is_title(page, &name)).then(|| Sheet { name, funder: cell(cells, funder), countries: cell(cells, countries) })
    };
    table.rows.iter().filter_map(|(_, cells)| named(cells)).collect()
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
    if let Some(acronym) = acronym_behind(page, sheet.name.end, page.tokens.tokens.len()) {
        draft = draft.with("acronym", page.value_of(&acronym), page.span(&acronym));
    }
    let parties_in = |value: &Range<usize>| parties::list_at(page, value.start, value.end).0;
    if let Some(found) = sheet.funder.as_ref().map(parties_in)
        && let (Some(first), Some(last)) = (found.first(), found.last())
    {
        let funder = first.name.start..last.name.end;
        draft = draft.with("funder", page.value_of(&funder), page.span(&funder));
    }
    let mut codes: Vec<&str> = Vec::new();
    let mut spans = Vec::new();
    for party in sheet.countries.as_ref().map(parties_in).unwrap_or_default() {
        if let Some(Tag::Country(index)) = page.mark(party.name.start, |tag| matches!(tag, Tag::Country(_))).map(|mark| mark.tag) {
            let code = page.reference.countries[usize::from(index)].iso3.as_str();
            if !codes.contains(&code) {
                codes.push(code);
                spans.push(page.span(&party.name));
            }
        }
    }
    if !codes.is_empty() {
        draft.set("countries", codes.join(" "), &spans);
    }
    draft
}
