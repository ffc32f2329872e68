//! Participation: tables of who takes part in what: states against dialogues, with a sign, a role or a year where one takes part in the other,
//! and tables of the dialogues of one state, which stands in a head or above.
//!
//! In: the rows of a table. Out: a record a sign or role. A cell with anything else says nothing.

use std::ops::Range;

use super::axes::state_at;
use super::terms::{Term, term};
use super::{Role, record};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;

/// A row: its block and its cells.
type Row = (usize, Vec<Range<usize>>);

/// Fewest dialogues or states on an axis.
const AXIS: usize = 2;

/// States as rows, and dialogues at the heads of the columns. False where the head names no dialogues, or the row no state.
pub fn from_row_of_state(page: &Page<'_>, head: &[Range<usize>], parties: usize, cells: &[Range<usize>], drafts: &mut Vec<Draft>) -> bool {
    let columns: Vec<(usize, usize)> = head.iter().enumerate().filter_map(|(at, cell)| Some((at, dialogue_of(page, cell)?))).collect();
    if columns.len() < AXIS {
        return false;
    }
    let Some(party) = cells.get(parties).and_then(|cell| parties::party_at(page, cell.start, cell.end)) else { return false };
    for (at, dialogue) in columns {
        if let Some((role, dates)) = cells.get(at).and_then(|cell| sign(page, cell)) {
            drafts.push(record(page, Some(dialogue), &role, &party, dates, "memberships/matrix"));
        }
    }
    true
}

/// Dialogues as rows, and states at the heads of the columns: the whole table; false where it is none.
pub fn from_rows_of_dialogues(page: &Page<'_>, rows: &[Row], drafts: &mut Vec<Draft>) -> bool {
    let [(_, head), rows @ ..] = rows else { return false };
    let whole_state = |cell: &Range<usize>| state_at(page, cell).filter(|state| state.end == cell.end);
    let columns: Vec<(usize, Mention)> = head.iter().enumerate().skip(1).filter_map(|(at, cell)| Some((at, whole_state(cell)?))).collect();
    let named = rows.iter().filter(|(_, cells)| cells.first().is_some_and(|cell| dialogue_of(page, cell).is_some())).count();
    if columns.len() < AXIS || columns.len() + 1 < head.len() || named < AXIS || named * 2 < rows.len() {
        return false;
    }
    for (_, cells) in rows {
        let Some(dialogue) = cells.first().and_then(|cell| dialogue_of(page, cell)) else { continue };
        for (at, party) in &columns {
            if let Some((role, dates)) = cells.get(*at).and_then(|cell| sign(page, cell)) {
                drafts.push(record(page, Some(dialogue), &role, party, dates, "memberships/matrix"));
            }
        }
    }
    true
}

/// Dialogues as rows, and in a column what one state is in each: the whole table; false where it is none. `roles` is that column.
pub fn of_one_state(page: &Page<'_>, rows: &[Row], roles: usize, drafts: &mut Vec<Draft>) -> bool {
    let [(first, head), rows @ ..] = rows else { return false };
    let named = |column: usize| rows.iter().filter(|(_, cells)| cells.get(column).is_some_and(|cell| dialogue_of(page, cell).is_some())).count();
    let Some(names) = (0..roles).find(|&column| named(column) >= AXIS && named(column) * 2 >= rows.len()) else { return false };
    let Some(state) = head.get(roles).and_then(|cell| only_state(page, cell)).or_else(|| state_above(page, *first)) else { return false };
    for (_, cells) in rows {
        let Some(dialogue) = cells.get(names).and_then(|cell| dialogue_of(page, cell)) else { continue };
        let Some(role) = cells.get(roles).and_then(|cell| role_of(page, cell)) else { continue };
        let others = || cells.iter().enumerate().filter(|(at, cell)| *at != names && *at != roles && !cell.is_empty()).map(|(_, cell)| cell);
        // A running number or a dash is none.
        let is_term = |cell: &&Range<usize>| {
            (*cell).clone().any(|token| page.is_in_date(token)) && (*cell).clone().all(|token| page.is_in_date(token) || !page.is_word(token))
        };
        let own = cells.get(roles).map_or(Term::default(), |cell| term(page, cell.clone(), &role));
        let dates = if own.start.is_some() { own } else { others().find(is_term).map_or(own, |cell| term(page, cell.clone(), &role)) };
        drafts.push(record(page, Some(dialogue), &role, &state, dates, "memberships/state"));
        // `chair 2011, member of the steering group`
        for part in others().flat_map(|cell| at_commas(page, cell)) {
            let office = role_of(page, &part).filter(Role::goes_round);
            drafts.extend(office.map(|office| record(page, Some(dialogue), &office, &state, term(page, part, &office), "memberships/state")));
        }
    }
    true
}

fn dialogue_of(page: &Page<'_>, cell: &Range<usize>) -> Option<usize> {
    page.dialogues_in(cell.clone()).next().map(|(_, dialogue)| dialogue)
}

fn role_of(page: &Page<'_>, cell: &Range<usize>) -> Option<Role> {
    roles::role_of(page, cell.clone()).map(|heading| Role::of_heading(page, &heading))
}

/// What a cell says that a state is: a sign, a word for a role, or the year since when it takes part.
fn sign(page: &Page<'_>, cell: &Range<usize>) -> Option<(Role, Term)> {
    if cell.is_empty() {
        return None;
    }
    let bracket = cell.clone().skip(1).find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(cell.end);
    let text = page.value_of(&(cell.start..bracket)).to_lowercase();
    let sign = text.trim_end_matches(['*', '.']).trim();
    let signs = &page.vocabulary().roles.matrix;
    // `2014 (observer)`: the bracket says more than the year.
    let noted = role_of(page, &((bracket + 1).min(cell.end)..cell.end));
    if let Some(role) = noted {
        let dates = term(page, cell.clone(), &role);
        return Some((role, dates));
    }
    let is_year = cell.start < bracket && (cell.start..bracket).all(|token| page.is_in_date(token));
    let name = match sign {
        _ if signs.member.iter().any(|other| other == sign) || is_year => "member",
        _ if signs.observer.iter().any(|other| other == sign) => "observer",
        _ => {
            let role = role_of(page, cell)?;
            let dates = term(page, cell.clone(), &role);
            return Some((role, dates));
        }
    };
    let role = Role { name: name.to_owned(), words: page.span(cell), text: page.value_of(cell), group: None, party: None };
    let dates = term(page, cell.clone(), &role);
    Some((role, dates))
}

/// The state that some words name, where they name one and no more.
fn only_state(page: &Page<'_>, range: &Range<usize>) -> Option<Mention> {
    let mut states = page.begins(range, |tag| matches!(tag, Tag::Country(_)));
    let first = states.next().filter(|_| states.next().is_none())?;
    parties::party_at(page, first, range.end).filter(|party| party.kind == Kind::State)
}

/// The one state that the line above a table names, else the nearest heading that names one.
fn state_above(page: &Page<'_>, block: usize) -> Option<Mention> {
    let above = block.checked_sub(1);
    above.into_iter().chain(page.introductions(block)).find_map(|above| only_state(page, &page.range(above)))
}

/// The parts of a cell that commas part.
fn at_commas(page: &Page<'_>, cell: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut first = cell.start;
    for token in cell.clone().filter(|&token| matches!(page.text(token), "," | ";")) {
        parts.push(first..token);
        first = token + 1;
    }
    parts.push(first..cell.end);
    parts.retain(|part| !part.is_empty());
    parts
}
