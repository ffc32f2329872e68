//! Counts in tables: a column of members with a number in the row of each dialogue, and legends: `D = countries of destination (7)`.

use std::ops::Range;

use super::labels::{is_counted, of_heading};
use super::number_at;
use crate::extract::page::Page;
use crate::extract::roles::{self, RoleHeading};
use crate::model::gazetteer::{Party as PartyNoun, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// Emits the counts of an overview whose head is a row.
pub fn from_overview(page: &Page<'_>, head: usize, drafts: &mut Vec<Draft>) {
    let is_row = |block: &usize| page.block(*block).kind == BlockKind::Row;
    if !is_row(&head) || head.checked_sub(1).is_some_and(|before| is_row(&before)) {
        return;
    }
    let rows: Vec<(usize, Vec<Range<usize>>)> =
        (head + 1..page.blocks.blocks.len()).take_while(is_row).map(|row| (row, page.placed_cells(row))).collect();
    let heads = page.placed_cells(head);
    let columns: Vec<(usize, RoleHeading)> = heads.iter().enumerate().filter_map(|(at, cell)| Some((at, counts_members(page, cell)?))).collect();
    for (row, cells) in rows.iter().filter(|_| !columns.is_empty()) {
        let named = cells.iter().take(NAMES).find_map(|cell| page.dialogues_in(cell.clone()).next()).map(|(_, dialogue)| dialogue);
        let Some(dialogue) = named else { continue };
        // A row that names its dialogue under no head.
        let shift = usize::from(cells.len() == heads.len() + 1);
        for (at, heading) in &columns {
            let count = cells.get(at + shift).and_then(|cell| count_in(page, cell));
            let draft = count.and_then(|(value, number)| of_heading(page, (*row, Some(dialogue)), heading, value, number));
            drafts.extend(draft.filter(|draft| !is_said(draft, drafts)));
        }
    }
}

/// How many cells of a row can name its dialogue: an acronym and the full name.
const NAMES: usize = 2;

/// Whether the same count of the same dialogue has been read from the words of a cell.
fn is_said(draft: &Draft, drafts: &[Draft]) -> bool {
    let same = |other: &&Draft| {
        other.table == "stated_counts" && other.text("dialogue") == draft.text("dialogue") && other.spans("value") == draft.spans("value")
    };
    drafts.iter().any(|other| same(&other))
}

/// The head of a column in which numbers count members: `States`, `No. of members`.
fn counts_members(page: &Page<'_>, cell: &Range<usize>) -> Option<RoleHeading> {
    let heading = roles::role_of(page, cell.clone()).filter(|heading| is_counted(page, heading.role));
    heading.or_else(|| roles::of_states(page, cell))
}

/// The number that a cell is or begins with, before the names or the sort of those whom it counts.
fn count_in(page: &Page<'_>, cell: &Range<usize>) -> Option<(i64, Range<usize>)> {
    let first = cell.clone().find(|&token| page.mark(token, |tag| matches!(tag, Tag::Qualifier(_))).is_none())?;
    let (value, next) = number_at(page, first, cell.end + 1).filter(|_| !page.is_in_date(first))?;
    let goes_on = next >= cell.end
        || matches!(page.text(next), ":" | "+" | "(" | "*")
        || page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_))).is_some();
    (goes_on && value >= 2).then_some((value, first..first + 1))
}

/// `D = countries of destination (7)`: what a sign stands for, and how many they are.
pub fn from_legends(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    for &sign in page.label_signs_in(&page.range(block)).iter().filter(|&&sign| page.text(sign) == "=") {
        let Some(open) = (sign + 1..page.range(block).end.min(sign + LEGEND)).find(|&token| page.text(token) == "(") else { continue };
        let Some(heading) = roles::role_of(page, sign + 1..open).filter(|heading| is_counted(page, heading.role)) else { continue };
        let Some((value, next)) = number_at(page, open + 1, page.range(block).end) else { continue };
        let group = (heading.party != Some(PartyNoun::Organization)).then_some(sign + 1..open);
        let heading = RoleHeading { group, ..heading };
        if page.text(next) == ")" {
            drafts.extend(of_heading(page, (block, None), &heading, value, open + 1..open + 2));
        }
    }
}

/// Longest wording of a legend, in tokens.
const LEGEND: usize = 8;
