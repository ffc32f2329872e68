//! Columns: where the cells of rows that are set in columns stand, line by line and over the rows of a table.
//!
//! In: rows with the column at which each cell begins. Out: under which cell a further line belongs, and which column of the table each
//! cell is in, so that an empty cell keeps its place. Rows that do not line up give none: their cells count from the left. Lists set side by
//! side are no table: their lines come out one list after the other.

use super::lines::{self, Line};
use crate::model::gazetteer::Tag;
use crate::model::span::Span;
use crate::model::tokens::Tokens;

/// A cell of a row that is set in columns, with the lines that it runs over.
#[derive(Debug)]
pub struct Cell {
    pub column: usize,
    pub parts: Vec<Span>,
}

impl Cell {
    /// The columns that the widest of its lines takes.
    fn extent(&self, text: &str) -> (usize, usize) {
        let width = self.parts.iter().map(|part| text[part.range()].chars().count()).max().unwrap_or(0);
        (self.column, self.column + width)
    }
}

/// How far a line of a cell may stand from where the cell begins, to the left and to the right.
const LEFT: usize = 2;
const RIGHT: usize = 3;
/// How far the further lines of a cell may be set in.
const HANG: usize = 6;

/// The cell of a row under which a column stands.
pub fn place_of(cells: &[Cell], column: usize) -> Option<usize> {
    cells.iter().position(|cell| column + LEFT >= cell.column && column <= cell.column + RIGHT)
}

/// The cell of a row that a piece of a further line goes on: it stands under the cell, or is set in below it and ends before the next.
pub fn goes_on(cells: &[Cell], column: usize, width: usize, text: &str) -> Option<usize> {
    let under = place_of(cells, column);
    let set_in = || {
        let at = cells.iter().rposition(|cell| cell.column <= column)?;
        let is_below = column <= cells[at].column + HANG && column < cells[at].extent(text).1;
        let is_free = cells.get(at + 1).is_none_or(|next| column + width < next.column);
        (is_below && is_free).then_some(at)
    };
    under.or_else(set_in)
}

/// The column of the table that each cell of each row is in; none where two cells of a row share one, or no row fills them all.
pub fn places(rows: &[&[Cell]], text: &str) -> Option<Vec<Vec<u8>>> {
    let mut extents: Vec<(usize, usize)> = rows.iter().flat_map(|row| row.iter().map(|cell| cell.extent(text))).collect();
    extents.sort_unstable();
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for (start, end) in extents {
        match columns.last_mut().filter(|last| start < last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => columns.push((start, end)),
        }
    }
    let place = |cell: &Cell| columns.partition_point(|(start, _)| *start <= cell.column) as u8 - 1;
    let placed: Vec<Vec<u8>> = rows.iter().map(|row| row.iter().map(place).collect()).collect();
    let lines_up = placed.iter().all(|row| row.windows(2).all(|pair| pair[0] < pair[1]));
    let is_filled = rows.iter().any(|row| row.len() == columns.len());
    (lines_up && is_filled && columns.len() <= usize::from(u8::MAX)).then_some(placed)
}

/// Whether a line of a cell breaks off in mid-word: `Authori-` above `ties`.
pub fn is_broken(line: &str, next: &str) -> bool {
    let stem = line.strip_suffix('-').unwrap_or_default();
    stem.ends_with(char::is_alphabetic) && next.starts_with(char::is_lowercase)
}

/// Fewest and most lists side by side, and fewest lines below their heads.
const SIDE_BY_SIDE: std::ops::RangeInclusive<usize> = 2..=4;
const LINES: usize = 2;
/// Fewest names of a list whose head is no wording.
const NAMES: usize = 3;

/// The lines of a text with lists that stand side by side set one below the other.
pub fn unroll(text: &str, lines: Vec<Line>, tokens: &Tokens) -> Vec<Line> {
    let mut unrolled = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match side_by_side(text, &lines, at, tokens) {
            Some((lists, end)) => {
                for list in lists {
                    // An empty line before each list and behind the last.
                    let place = list[0].whole.start as usize;
                    unrolled.push(lines::line(text, place, place));
                    unrolled.extend(list);
                }
                let place = lines[end - 1].whole.end as usize;
                unrolled.push(lines::line(text, place, place));
                at = end;
            }
            None => {
                unrolled.push(lines[at]);
                at += 1;
            }
        }
    }
    unrolled
}

/// The lists whose heads stand in a line, and the line after them.
fn side_by_side(text: &str, lines: &[Line], head: usize, tokens: &Tokens) -> Option<(Vec<Vec<Line>>, usize)> {
    if !lines[head].is_row {
        return None;
    }
    let heads = lines::columns(text, &lines[head]);
    if !SIDE_BY_SIDE.contains(&heads.len()) || heads.iter().any(|(_, head)| is_state(tokens, *head)) {
        return None;
    }
    let first = (head + 1..lines.len()).find(|&at| !lines[at].is_blank()).filter(|first| *first <= head + 2)?;
    let end = (first..lines.len()).find(|&at| lines[at].is_blank() || text[lines[at].whole.range()].contains(['|', '\t'])).unwrap_or(lines.len());
    if end < first + LINES {
        return None;
    }
    let rows: Vec<Vec<(usize, Span)>> = (first..end).map(|at| lines::columns(text, &lines[at])).collect();
    // A head can stand over several columns of its list; else the columns are where the full rows have them.
    let is_wide = rows.iter().any(|row| row.len() > heads.len());
    let full = || rows.iter().filter(|row| row.len() == heads.len());
    let start = |at: usize| if is_wide { Some(heads[at].0) } else { full().map(|row| row[at].0).min() };
    let starts: Vec<usize> = (0..heads.len()).map(start).collect::<Option<_>>()?;
    let place = |column: usize| starts.iter().rposition(|start| *start <= column + LEFT).unwrap_or(0);
    let mut lists: Vec<Vec<Line>> = heads.iter().map(|(_, head)| vec![cut(text, *head, 0)]).collect();
    for row in &rows {
        let whole = !is_wide && row.len() == heads.len();
        for (at, (column, span)) in row.iter().enumerate() {
            let list = if whole { at } else { place(*column) };
            let width = text[span.range()].chars().count();
            // Running text goes on over the next list.
            if !whole && starts.get(list + 1).is_some_and(|next| column + width > *next) {
                return None;
            }
            lists[list].push(cut(text, *span, column.saturating_sub(starts[list])));
        }
    }
    let has_number = |line: &Line| line.text(text).bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation());
    let names = |list: &[Line]| list[1..].iter().filter(|line| is_state(tokens, line.whole)).count();
    let by_wording = heads.iter().all(|(_, head)| names_role(tokens, *head)) && lists.iter().any(|list| names(list) > 0);
    let by_names = || {
        let is_plain = |list: &Vec<Line>| names(list) >= NAMES && names(list) * 3 >= (list.len() - 1) * 2;
        lists.iter().all(is_plain) && !heads.iter().any(|(_, head)| text[head.range()].contains(|letter: char| letter.is_ascii_digit()))
    };
    let are_lists = (by_wording || by_names()) && !lists.iter().flatten().any(has_number);
    are_lists.then_some((lists, end))
}

/// A line of one of several lists, set in as far as it stands behind the start of its list.
fn cut(text: &str, span: Span, indent: usize) -> Line {
    Line { indent, ..lines::line(text, span.start as usize, span.end as usize) }
}

/// Whether a stretch begins with the name of a state.
fn is_state(tokens: &Tokens, span: Span) -> bool {
    let range = tokens.within(span);
    range.take(2).any(|token| tokens.mark_at(token, |tag| matches!(tag, Tag::Country(_))).is_some())
}

/// Whether a head says in what role those below it take part.
fn names_role(tokens: &Tokens, span: Span) -> bool {
    tokens.within(span).any(|token| tokens.mark_at(token, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))).is_some())
}
