//! Alignment: which line of a flattened table is in which column of which row.
//!
//! In: the columns and the lines below their heads. Out: the rows. Each line goes on in the cell of the line before it, or begins the next
//! one, or the first one of another row; of all ways through the lines the one is taken whose lines fit their columns best, and it ends where
//! going on would fit worse. Empty lines may part cells, or rows, or nothing: each is tried.

use super::Row;
use super::fits::Line;
use super::heads::{Column, Sort};
use super::sheet::Sheet;

/// What empty lines part in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parted {
    Cells,
    Rows,
    Nothing,
}

/// Costs: an empty line in the wrong place, none where one has to be, a cell that begins in mid-sentence, a cell that is empty, a cell that
/// goes on in a line that begins anew, a cell of one line that goes on.
const BLANK: i32 = 40;
const NO_BLANK: i32 = 25;
const TORN: i32 = 40;
const EMPTY: i32 = 20;
const ANEW: i32 = 8;
const SECOND: i32 = 40;
/// What no reading can make good.
const NEVER: i32 = i32::MIN / 4;
/// How well the cells of a table fit on the whole, at least.
const FIT: i32 = 9;

/// A way through the lines: how well it fits, and the column of the line before, with whether that was in the row before.
#[derive(Clone, Copy, Debug)]
struct Way {
    score: i32,
    from: Option<usize>,
    begins_cell: bool,
}

/// The rows of the table; none where no reading fits. Also how well they fit.
pub fn rows(sheet: &Sheet<'_>, columns: &[Column], body: &[usize]) -> Option<(i32, Vec<Row>)> {
    let lines: Vec<Line> = body.iter().map(|&line| Line::of(sheet, line)).collect();
    let blank: Vec<bool> = body.iter().map(|&line| line > 0 && sheet.is_blank(line - 1)).collect();
    let readings = [Parted::Cells, Parted::Rows, Parted::Nothing].map(|parted| Reading { columns, lines: &lines, blank: &blank, parted }.best());
    let (score, cells) = readings.into_iter().max_by_key(|(score, _)| *score)?;
    let mut found: Vec<Row> = Vec::new();
    let mut last = None;
    for (at, &(column, begins)) in cells.iter().enumerate() {
        if begins && last.is_none_or(|last| column <= last) {
            found.push(vec![Vec::new(); columns.len()]);
        }
        found.last_mut()?[column].push(body[at]);
        last = Some(column);
    }
    let fits = score >= FIT * (found.len() * columns.len()) as i32;
    let is_full = |row: &Row| row.iter().all(|cell| !cell.is_empty());
    let is_named = |row: &Row| columns[0].sort != Sort::Name || row[0].iter().any(|&line| Line::of(sheet, line).names_dialogue);
    let told = found.iter().filter(|row| is_named(row) || is_full(row)).count();
    let named = found.iter().filter(|row| is_named(row)).count();
    (fits && told * 3 >= found.len() * 2 && named > 0).then_some((score, found))
}

struct Reading<'a> {
    columns: &'a [Column],
    lines: &'a [Line],
    /// Whether an empty line stands before each.
    blank: &'a [bool],
    parted: Parted,
}

impl Reading<'_> {
    /// The best way: how well it fits, and for each of its lines the column and whether a cell begins with it.
    fn best(&self) -> (i32, Vec<(usize, bool)>) {
        let mut ways: Vec<Vec<Way>> = Vec::with_capacity(self.lines.len());
        let mut best = (0, None);
        for at in 0..self.lines.len() {
            let step: Vec<Way> = (0..self.columns.len()).map(|column| self.step(ways.last().map(Vec::as_slice), at, column)).collect();
            for (column, way) in step.iter().enumerate() {
                let score = way.score - self.missing(column + 1, self.columns.len());
                if score > best.0 {
                    best = (score, Some((at, column)));
                }
            }
            ways.push(step);
        }
        let mut cells = Vec::new();
        let Some((mut at, mut column)) = best.1 else { return (0, cells) };
        loop {
            let way = ways[at][column];
            cells.push((column, way.begins_cell));
            let Some(from) = way.from else { break };
            (at, column) = (at - 1, from);
        }
        cells.reverse();
        (best.0, cells)
    }

    /// The best way to a line in a column.
    fn step(&self, before: Option<&[Way]>, at: usize, column: usize) -> Way {
        let fit = self.lines[at].fit(&self.columns[column], self.columns);
        let Some(before) = before else {
            let score = if column == 0 { fit } else { NEVER };
            return Way { score, from: None, begins_cell: true };
        };
        let way = |from: usize| {
            // The same column again is the cell that goes on, but for the first one in a row without other cells.
            let (cost, begins_cell) = match from {
                _ if from == column => (self.going_on(at, column), false),
                _ if from < column => (self.beginning(at, false) + self.missing(from + 1, column), true),
                _ if column == 0 => (self.beginning(at, true) + self.missing(from + 1, self.columns.len()), true),
                _ => return Way { score: NEVER, from: Some(from), begins_cell: true },
            };
            Way { score: before[from].score.saturating_add(fit - cost).max(NEVER), from: Some(from), begins_cell }
        };
        (0..self.columns.len()).map(way).max_by_key(|way| way.score).unwrap_or(Way { score: NEVER, from: None, begins_cell: true })
    }

    /// What it costs to leave out some columns.
    fn missing(&self, from: usize, to: usize) -> i32 {
        EMPTY * to.saturating_sub(from) as i32
    }

    /// What it costs that a line goes on in the cell of the line before.
    fn going_on(&self, at: usize, column: usize) -> i32 {
        let (line, before) = (&self.lines[at], &self.lines[at - 1]);
        if line.runs_over {
            return 0;
        }
        let blank = if self.blank[at] { BLANK } else { 0 };
        let goes_on = before.is_open || line.begins_small || line.begins_bracket || line.says_since || before.is_count;
        let anew = match self.columns[column].sort {
            _ if line.is_none || before.is_none => SECOND,
            Sort::Number | Sort::Sign | Sort::Date | Sort::Brief | Sort::State => SECOND,
            _ if goes_on => 0,
            Sort::Text if line.is_item => 0,
            // What goes on with a point of a list begins small.
            Sort::Text if before.is_item || before.begins_small => 2 * ANEW,
            Sort::Text => ANEW / 2,
            Sort::Party => 2 * ANEW,
            _ => ANEW,
        };
        blank + anew
    }

    /// What it costs that a cell begins with a line.
    fn beginning(&self, at: usize, is_row: bool) -> i32 {
        let (line, before) = (&self.lines[at], &self.lines[at - 1]);
        let torn = if line.runs_over || before.is_open || line.begins_bracket && !line.is_none || line.begins_small && !line.is_item && !line.is_none
        {
            TORN
        } else {
            0
        };
        let blank = match (self.parted, self.blank[at]) {
            (Parted::Cells, false) => NO_BLANK,
            (Parted::Rows, blank) if blank != is_row => NO_BLANK,
            (Parted::Nothing, true) => BLANK,
            _ => 0,
        };
        torn + blank
    }
}
