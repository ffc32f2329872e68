//! Flattened: tables that came out cell by cell, one cell a line or over several lines, put together again as rows.
//!
//! In: the lines of a text. Out: for each such table its rows, and of each cell its lines. A table begins with the heads of its columns, told
//! by wording; which line is in which column is the reading that fits the heads best, over all rows at once: an empty cell leaves no sign, so
//! that counting lines does not do. Where the readings do not fit, the lines stay as they are.

mod alignment;
mod fits;
mod heads;
mod sheet;

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use super::headings::Page;
use crate::model::vocabulary::Vocabulary;
use heads::Heads;
use sheet::Sheet;

/// A table: the lines that it takes, and its rows, the heads first.
#[derive(Debug)]
pub struct Table {
    pub lines: Range<usize>,
    pub rows: Vec<Row>,
}

/// For each column the lines of its cell; none where it is empty.
pub type Row = Vec<Vec<usize>>;

/// Fewest rows of a table below its heads.
const ROWS: usize = 2;

/// The flattened tables of a text, in its order.
pub fn tables(page: &Page<'_>, vocabulary: &Vocabulary) -> Vec<Table> {
    let sheet = Sheet { page, vocabulary };
    let running = LazyCell::new(|| running_heads(&sheet));
    let mut tables: Vec<Table> = Vec::new();
    for at in 0..page.lines.len() {
        if tables.last().is_none_or(|table| table.lines.end <= at) && heads::may_begin(&sheet, at) {
            tables.extend(heads::at(&sheet, at).and_then(|heads| table(&sheet, &running, at, heads)));
        }
    }
    tables
}

fn table(sheet: &Sheet<'_>, running: &HashSet<String>, first: usize, heads: Heads) -> Option<Table> {
    let rows = |heads: &Heads| alignment::rows(sheet, &heads.columns, &body(sheet, running, heads)).filter(|(_, rows)| rows.len() >= ROWS);
    let plain = rows(&heads);
    // The last head may be one that nobody knows.
    let more = heads::with_one_more(sheet, &heads).and_then(|heads| Some((rows(&heads)?, heads)));
    let (rows, heads) = match (plain, more) {
        (Some((score, rows)), Some(((other, _), _))) if score >= other => (rows, heads),
        (_, Some(((_, rows), heads))) => (rows, heads),
        (plain, None) => (plain?.1, heads),
    };
    let last = rows.iter().flatten().flatten().max().copied()?;
    let mut all = vec![heads.columns.iter().map(|head| head.lines.clone()).collect()];
    all.extend(rows);
    Some(Table { lines: first..last + 1, rows: all })
}

/// Most lines that are looked at below the heads.
const BODY: usize = 400;
/// Most lines of a running head that stands above the heads on another page.
const RUNNING: usize = 2;
/// Shortest running head, with a page number or year and without, in bytes.
const NUMBERED: usize = 12;
const PLAIN: usize = 40;

/// The filled lines below the heads that can be cells, without the heads where they stand again on another page and what stands between pages.
fn body(sheet: &Sheet<'_>, running: &HashSet<String>, heads: &Heads) -> Vec<usize> {
    let head: Vec<&str> = heads.columns.iter().flat_map(|head| &head.lines).map(|&line| sheet.line(line)).collect();
    let end = sheet.page.lines.len().min(heads.end + BODY);
    let filled: Vec<usize> = (heads.end..end).filter(|&line| !sheet.is_blank(line)).collect();
    let mut body = Vec::with_capacity(filled.len());
    let mut at = 0;
    while at < filled.len() {
        let line = filled[at];
        let is_again = filled.len() - at >= head.len() && filled[at..].iter().zip(&head).all(|(&line, head)| sheet.line(line) == *head);
        if is_again {
            leave_running_head(sheet, running, &mut body, line);
            at += head.len();
            continue;
        }
        at += 1;
        // What stands again can be a cell too: a running head stands at the edge of a page.
        let is_beside_page = || {
            let beside = [at.checked_sub(2), Some(at)].into_iter().flatten().filter_map(|other| filled.get(other));
            sheet.page.lines[line].page_start || beside.into_iter().any(|&other| is_page_number(sheet, other))
        };
        let is_running = running.contains(without_digits(sheet.line(line)).as_str()) && is_beside_page();
        if !is_running && sheet.page.lines[line].is_row {
            break;
        }
        if !is_running {
            body.push(line);
        }
    }
    body
}

/// Takes what ends and begins a page, right above heads that stand again, from the body: running heads, and a page number before them.
fn leave_running_head(sheet: &Sheet<'_>, running: &HashSet<String>, body: &mut Vec<usize>, heads: usize) {
    let begins = (1..=RUNNING).filter_map(|lines| heads.checked_sub(lines)).take_while(|&line| !sheet.is_blank(line)).last().unwrap_or(heads);
    let above = body.iter().rev().find(|&&line| line < begins).copied();
    let is_numbered = above.is_some_and(|line| is_page_number(sheet, line));
    let are_running = is_numbered || (begins..heads).all(|line| running.contains(without_digits(sheet.line(line)).as_str()));
    if are_running && (begins == 0 || sheet.is_blank(begins - 1)) {
        body.retain(|&line| line < begins);
    }
    body.pop_if(|line| is_page_number(sheet, *line));
}

/// Most digits of the number of a page: one of four is a year.
const PAGE: usize = 3;

/// Whether a line is a short number behind which an empty line stands.
fn is_page_number(sheet: &Sheet<'_>, line: usize) -> bool {
    let text = sheet.line(line);
    text.len() <= PAGE && text.bytes().all(|byte| byte.is_ascii_digit()) && sheet.is_blank(line + 1)
}

/// The longer lines that stand again with no other difference than in digits, behind an empty line or another such line.
fn running_heads(sheet: &Sheet<'_>) -> HashSet<String> {
    let (mut once, mut again) = (HashSet::new(), HashSet::new());
    let lines = &sheet.page.lines;
    let shortest = |line: usize| if sheet.line(line).contains(|letter: char| letter.is_ascii_digit()) { NUMBERED } else { PLAIN };
    for line in (0..lines.len()).filter(|&line| lines[line].whole.len() >= shortest(line)) {
        let text = without_digits(sheet.line(line));
        let begins = line == 0 || sheet.is_blank(line - 1) || again.contains(&without_digits(sheet.line(line - 1)));
        if !once.insert(text.clone()) && begins {
            again.insert(text);
        }
    }
    again
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}
