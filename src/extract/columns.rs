//! Columns: the cells of the rows of a table below the heads of its columns.
//!
//! In: a row that may be the head of a table. Out: the rows below it, each with one cell a column. Cells that gaps part are told by their
//! place in the line where a row has fewer of them than the head: an empty cell leaves no sign.

use std::ops::Range;

use super::page::Page;
use crate::model::text::BlockKind;

/// A table with a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    pub head: Vec<Range<usize>>,
    /// The block of each row below the head, and its cells; one that is empty is none.
    pub rows: Vec<(usize, Vec<Option<Range<usize>>>)>,
}

/// Longest head of a column, in words.
const HEAD: usize = 6;

/// The table of which a row is the head: the rows right below it. None where it is no head, by its length, or nothing stands below it.
#[must_use]
pub fn below(page: &Page<'_>, block: usize) -> Option<Columns> {
    if page.block(block).kind != BlockKind::Row {
        return None;
    }
    let head = page.cells(block);
    let is_short =
        |cell: &Range<usize>| cell.clone().filter(|&token| page.is_word(token)).count() <= HEAD && !cell.clone().any(|token| page.text(token) == ":");
    if head.len() < 2 || !head.iter().all(is_short) {
        return None;
    }
    // Behind an empty line another table begins, unless empty lines part all rows.
    let is_parted = page.blocks.blocks.get(block + 1).is_some_and(|row| row.after_blank);
    let ends = |row: &usize| page.block(*row).kind != BlockKind::Row || page.block(*row).after_blank && !is_parted;
    let end = (block + 1..page.blocks.blocks.len()).find(ends).unwrap_or(page.blocks.blocks.len());
    let rows: Vec<_> = (block + 1..end).filter(|&row| has_words(page, row)).map(|row| (row, cells(page, &head, row))).collect();
    (!rows.is_empty()).then_some(Columns { head, rows })
}

/// A line of dashes below the head has none.
fn has_words(page: &Page<'_>, row: usize) -> bool {
    page.range(row).any(|token| page.is_word(token))
}

/// The cells of a row, one for each head.
fn cells(page: &Page<'_>, head: &[Range<usize>], row: usize) -> Vec<Option<Range<usize>>> {
    let range = page.range(row);
    let mut cells = page.cells(row);
    let has_bars = range.clone().any(|token| page.text(token) == "|");
    // A bar opens the row: its first cell is empty, unless bars open all rows.
    if has_bars && page.text(range.start) == "|" && head[0].start > 0 && page.text(head[0].start - 1) != "|" {
        cells.insert(0, range.start..range.start);
    }
    let mut found: Vec<Option<Range<usize>>> = vec![None; head.len()];
    if cells.len() == head.len() || has_bars {
        for (place, cell) in found.iter_mut().zip(cells) {
            *place = Some(cell).filter(|cell| !cell.is_empty());
        }
        return found;
    }
    // Each tab ends a cell, an empty one too.
    let row_start = page.token(range.start).span.start as usize;
    let before = |token: usize| &page.blocks.text[row_start..page.token(token).span.start as usize];
    if before(range.end - 1).contains('\t') {
        for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
            if let Some(place) = found.get_mut(before(cell.start).matches('\t').count()) {
                *place = Some(cell);
            }
        }
        return found;
    }
    let column = |token: usize| {
        let at = page.blocks.map.to_file(page.token(token).span).start;
        let line = page.document.text[..at as usize].rfind('\n').map_or(0, |end| end + 1);
        at as usize - line
    };
    let heads: Vec<usize> = head.iter().map(|cell| column(cell.start)).collect();
    for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
        let at = column(cell.start);
        let nearest = (0..heads.len()).min_by_key(|&place| heads[place].abs_diff(at));
        if let Some(place) = nearest.filter(|&place| found[place].is_none()) {
            found[place] = Some(cell);
        }
    }
    found
}
