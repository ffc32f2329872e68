//! Flattened: tables that came out cell by cell, one cell a line or over several lines, put together again as rows.
//!
//! In: the lines of a text. Out: for each such table its rows, and of each cell its lines. A table begins with the heads of its columns, told
//! by wording; which line is in which column is the reading that fits the heads best, over all rows at once: an empty cell leaves no sign, so
//! that counting lines does not do. Where the readings do not fit, the lines stay as they are.

mod alignment;
mod fits;
mod heads;
mod sheet;

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
    let mut tables: Vec<Table> = Vec::new();
    for at in 0..page.lines.len() {
        if tables.last().is_none_or(|table| table.lines.end <= at) && heads::may_begin(&sheet, at) {
            tables.extend(heads::at(&sheet, at).and_then(|heads| table(&sheet, at, heads)));
        }
    }
    tables
}

fn table(sheet: &Sheet<'_>, first: usize, heads: Heads) -> Option<Table> {
    let rows = |heads: &Heads| alignment::rows(sheet, &heads.columns, &body(sheet, heads)).filter(|(_, rows)| rows.len() >= ROWS);
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
fn body(sheet: &Sheet<'_>, heads: &Heads) -> Vec<usize> {
    let head: Vec<&str> = heads.columns.iter().flat_map(|head| &head.lines).map(|&line| sheet.line(line)).collect();
    let running = running_heads(sheet);
    let end = sheet.page.lines.len().min(heads.end + BODY);
    let filled: Vec<usize> = (heads.end..end).filter(|&line| !sheet.is_blank(line)).collect();
    let mut body = Vec::with_capacity(filled.len());
    let mut at = 0;
    while at < filled.len() {
        let line = filled[at];
        let is_again = filled.len() - at >= head.len() && filled[at..].iter().zip(&head).all(|(&line, head)| sheet.line(line) == *head);
        if is_again {
            leave_running_head(sheet, &mut body, line);
            at += head.len();
            continue;
        }
        at += 1;
        let is_running = running.contains(without_digits(sheet.line(line)).as_str());
        if !is_running && sheet.page.lines[line].is_row {
            break;
        }
        if !is_running {
            body.push(line);
        }
    }
    body
}

/// Takes the lines right above heads that stand again from the body, where an empty line stands above them, and a page number before that.
fn leave_running_head(sheet: &Sheet<'_>, body: &mut Vec<usize>, heads: usize) {
    let begins = (1..=RUNNING).map(|lines| heads - lines).take_while(|&line| !sheet.is_blank(line)).last().unwrap_or(heads);
    if begins == 0 || sheet.is_blank(begins - 1) {
        body.retain(|&line| line < begins);
    }
    let is_number = |line: usize| sheet.line(line).bytes().all(|byte| byte.is_ascii_digit()) && sheet.is_blank(line + 1);
    body.pop_if(|line| is_number(*line));
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
