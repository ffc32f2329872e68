//! Tables: overview tables with a role at the head of a column, columns of dates, and tables that came out cell by cell.

use super::{Role, Term, emit_list, record, split_terms, term};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::{roles, sections};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// A state in a table that came out cell by cell; a cell with nothing but a date behind it is the start of the term.
pub fn from_cell(page: &Page<'_>, block: usize, heading: usize, drafts: &mut Vec<Draft>) {
    let Some(role) = roles::role_of(page, page.range(heading)).map(|heading| Role::of_heading(page, &heading)) else { return };
    let range = page.range(block);
    let date = page
        .blocks
        .blocks
        .get(block + 1)
        .map(|_| page.range(block + 1))
        .filter(|next| !next.is_empty() && next.clone().all(|token| page.is_in_date(token)));
    let dates = date.map_or(Term::default(), |next| term(page, next, &role));
    if let Some(party) = parties::party_at(page, range.start, range.end) {
        drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/cells"));
    }
}

/// Cells of an overview table whose column is headed by a role.
pub fn from_table(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let Some(header) = header_of(page, block).filter(|header| *header != block) else { return };
    let heads = page.cells(header);
    for (at, cell) in page.cells(block).into_iter().enumerate() {
        let Some(heading) = heads.get(at).and_then(|head| roles::role_of(page, head.clone())) else { continue };
        if roles::labels(page, cell.clone()).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some()) {
            continue;
        }
        let role = Role::of_heading(page, &heading);
        if let Some(party) = state_of_row(page, block, at).filter(|_| cell.clone().all(|token| page.is_in_date(token) || !page.is_word(token))) {
            // A column of dates: since when, or in which years, the state of the row has the role.
            let dates = term(page, cell, &role);
            if dates.start.is_some() {
                drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/table"));
            }
            continue;
        }
        for part in split_terms(page, cell) {
            emit_list(page, page.subject(block), &role, part, Term::default(), "memberships/table", drafts);
        }
    }
}

/// The state that a row is about: the first cell that is one, other than the cell at `except`.
fn state_of_row(page: &Page<'_>, block: usize, except: usize) -> Option<Mention> {
    let cells = page.cells(block);
    let others = cells.iter().enumerate().filter(|(at, _)| *at != except);
    others
        .map(|(_, cell)| cell)
        .find_map(|cell| parties::party_at(page, cell.start, cell.end).filter(|party| party.kind == Kind::State && party.name.start == cell.start))
}

/// The first row of the table that a row is part of, where at least two of its cells are headings of columns.
pub fn header_of(page: &Page<'_>, block: usize) -> Option<usize> {
    let first = (0..=block).rev().take_while(|&at| page.block(at).kind == BlockKind::Row).last()?;
    let cells = page.cells(first);
    let headings = cells.iter().filter(|cell| sections::section_of(page, (*cell).clone()).is_some()).count();
    (cells.len() >= 3 && headings >= 2).then_some(first)
}
