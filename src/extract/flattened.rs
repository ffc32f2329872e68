//! Flattened tables: a table of members that came out cell by cell, one cell a line, under a heading with a role.
//!
//! In: a page. Out: for each block that is a member of such a table, the heading. A table is told by its rhythm: short lines only, with
//! a state every few lines.

use super::page::Page;
use super::parties::{self, Kind};
use super::{roles, sections};
use crate::model::text::BlockKind;

/// Most cells of a row.
const CELLS: usize = 6;
/// Most tokens of a cell.
const TOKENS: usize = 16;

/// For each block the heading of the flattened table that it is a state of.
pub fn headings(page: &Page<'_>) -> Vec<Option<usize>> {
    let mut found = vec![None; page.blocks.blocks.len()];
    let mut open: Option<(usize, usize)> = None;
    for (at, block) in page.numbered_blocks() {
        let range = page.range(at);
        if block.kind == BlockKind::Heading && roles::role_of(page, range.clone()).is_some() {
            open = Some((at, at));
            continue;
        }
        let is_long = range.len() > TOKENS || range.is_empty() || page.text(range.end - 1) == "." || block.kind == BlockKind::Item;
        let is_section = block.kind == BlockKind::Heading
            && (sections::section_of(page, range.clone()).is_some() || page.dialogues_in(range.clone()).next().is_some());
        if is_long || is_section {
            open = None;
            continue;
        }
        let Some((heading, last)) = open else { continue };
        if at - last > CELLS {
            open = None;
        } else if parties::party_at(page, range.start, range.end).is_some_and(|party| party.kind == Kind::State && party.end == range.end) {
            found[at] = Some(heading);
            open = Some((heading, at));
        }
    }
    found
}
