//! Dated cells: a table of terms that came out cell by cell: the heads of its columns, then a date on a line and those of that date below it.
//!
//! In: a paragraph that begins with a line that is a date, under one heading with a role or several. Out: who stands below each date, in the
//! role of the column. What follows the last cell is left to other rules.

use std::ops::Range;

use super::Role;
use super::emit::emit_list;
use super::lists::is_entry;
use super::terms::term;
use crate::extract::page::Page;
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// Fewest rows of such a table.
const ROWS: usize = 2;

/// Emits the cells of a paragraph; false where it is no such table.
pub fn from_dated_cells(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) -> bool {
    if page.block(block).kind != BlockKind::Paragraph || !page.is_in_date(page.range(block).start) {
        return false;
    }
    let roles = heads(page, block);
    let rows = rows(page, block);
    let fits = |cells: &[Range<usize>]| roles.len() == 1 && !cells.is_empty() || cells.len() == roles.len();
    if roles.is_empty() || rows.iter().filter(|(_, cells)| fits(cells)).count() < ROWS {
        return false;
    }
    for (date, cells) in rows.iter().filter(|(_, cells)| fits(cells)) {
        for (at, cell) in cells.iter().enumerate() {
            let role = &roles[at.min(roles.len() - 1)];
            emit_list(page, page.subject(block), role, cell.clone(), term(page, date.clone(), role), "memberships/cells", drafts);
        }
    }
    true
}

/// The roles of the headings right above, which are the heads of columns.
fn heads(page: &Page<'_>, block: usize) -> Vec<Role> {
    let above = (0..block).rev().take_while(|&above| page.block(above).kind == BlockKind::Heading).map_while(|above| page.role_of(above));
    let mut roles: Vec<Role> = above.map(|heading| Role::of_heading(page, heading)).collect();
    roles.reverse();
    // `Chairs and Vice-Chairs` above `Chair`, `Vice-Chair` is the caption.
    let repeats = |role: &Role, rest: &[Role]| rest.iter().any(|other| other.name == role.name);
    while roles.first().is_some_and(|first| repeats(first, &roles[1..])) {
        roles.remove(0);
    }
    roles
}

/// Each line that is a date, with the entries on the lines below it.
fn rows(page: &Page<'_>, block: usize) -> Vec<(Range<usize>, Vec<Range<usize>>)> {
    let mut rows: Vec<(Range<usize>, Vec<Range<usize>>)> = Vec::new();
    for line in page.lines(block) {
        if line.clone().all(|token| page.is_in_date(token) || !page.is_word(token)) {
            rows.push((line, Vec::new()));
        } else if let Some((_, cells)) = rows.last_mut().filter(|_| is_entry(page, &line)) {
            cells.push(line);
        } else {
            break;
        }
    }
    rows
}
