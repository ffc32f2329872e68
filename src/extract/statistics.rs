//! Statistics: tables of numbers, of which the heads of the columns, the cells or the title say what is counted.
//!
//! In: a page. Out: one figure for each cell with a number. A row is one of numbers where its first cell says of whom and every other cell is
//! a number or says that there is none; the heads are the rows right above. A column of which nothing says what it counts is left: it may
//! number something. The other layout is that of a leaflet, numbers side by side with their words in the rows below.

use std::ops::Range;

use chrono::Datelike;

use super::numbers::{Number, number_at};
use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;

/// Most rows of heads above the first row of numbers, and of words below a row of numbers.
const HEADS: usize = 3;

/// A cell that is a number and nothing more.
#[derive(Clone, Debug)]
struct Value {
    number: Number,
    /// A percent sign or currency in the cell.
    unit: Option<Range<usize>>,
}

/// Emits the figures of tables; returns the spans of the numbers that were read.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>) -> Vec<Span> {
    let mut taken = Vec::new();
    let is_row = |block: usize| page.blocks.blocks.get(block).is_some_and(|content| content.kind == BlockKind::Row);
    let mut block = 0;
    while block < page.blocks.blocks.len() {
        if !is_row(block) {
            block += 1;
            continue;
        }
        let end = (block..page.blocks.blocks.len()).find(|&next| !is_row(next)).unwrap_or(page.blocks.blocks.len());
        let rows: Vec<Vec<Range<usize>>> = (block..end).map(|row| page.cells(row)).collect();
        read_rows(page, block, &rows, drafts, &mut taken);
        block = end;
    }
    taken
}

/// Reads the tables of a run of rows.
fn read_rows(page: &Page<'_>, block: usize, rows: &[Vec<Range<usize>>], drafts: &mut Vec<Draft>, taken: &mut Vec<Span>) {
    let mut at = 0;
    while at < rows.len() {
        let columns = rows[at].len();
        let numbers = rows[at..].iter().take_while(|row| row.len() == columns && is_of_numbers(page, row)).count();
        if numbers >= 2 {
            let first = (at.saturating_sub(HEADS)..at).rev().take_while(|&head| is_of_heads(page, &rows[head], columns)).last().unwrap_or(at);
            let table = Table { page, heads: &rows[first..at], title: title(page, block) };
            for row in &rows[at..at + numbers] {
                table.read(row, drafts, taken);
            }
            at += numbers;
        } else {
            leaflet(page, &rows[at..], drafts, taken);
            at += 1;
        }
    }
}

/// Whether a row has somebody or some year at its front and numbers behind.
fn is_of_numbers(page: &Page<'_>, row: &[Range<usize>]) -> bool {
    let Some((label, cells)) = row.split_first().filter(|(label, cells)| !label.is_empty() && !cells.is_empty()) else { return false };
    let names = label.clone().any(|token| page.is_word(token)) && value(page, label).is_none() || label.clone().all(|token| page.is_in_date(token));
    names && cells.iter().all(|cell| value(page, cell).is_some() || is_gap(page, cell)) && cells.iter().any(|cell| value(page, cell).is_some())
}

/// Whether a row has words for the columns of a table: for each, or for each but the first.
fn is_of_heads(page: &Page<'_>, row: &[Range<usize>], columns: usize) -> bool {
    (row.len() == columns || row.len() + 1 == columns) && !is_of_numbers(page, row)
}

/// The heading or paragraph right above a table.
fn title(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let above = block.checked_sub(1)?;
    let is_title = page.block(above).kind == BlockKind::Heading || page.range(above).len() <= 30;
    is_title.then(|| page.range(above)).or_else(|| page.heading(block).map(|heading| page.range(heading)))
}

/// `n/a`, `…`, `-` or a year: a cell without a number.
fn is_gap(page: &Page<'_>, cell: &Range<usize>) -> bool {
    cell.clone().all(|token| page.is_in_date(token) || page.token(token).shape != Shape::Number && page.text(token).chars().count() <= 2)
}

/// The number of a cell that has nothing else but a unit, signs and notes.
fn value(page: &Page<'_>, cell: &Range<usize>) -> Option<Value> {
    let first = cell.clone().find(|&token| page.token(token).shape == Shape::Number)?;
    if page.is_in_date(first) {
        return None;
    }
    let number = number_at(page, first, cell.end)?;
    let unit_at = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Percent | Tag::Currency)).filter(|mark| mark.end <= cell.end);
    let mut unit = None;
    let mut at = cell.start;
    while at < cell.end {
        if at == first {
            at = number.tokens.end;
        } else if let Some(mark) = unit_at(at).filter(|_| unit.is_none()) {
            unit = Some(mark.first..mark.end);
            at = mark.end;
        } else if page.is_word(at) && page.mark(at, |tag| matches!(tag, Tag::Qualifier(_))).is_none() && page.text(at).chars().count() > 1
            || page.token(at).shape == Shape::Number && at < first
            || matches!(page.text(at), "/" | "–" | "-") && at >= number.tokens.end
        {
            return None;
        } else {
            at += 1;
        }
    }
    Some(Value { number, unit })
}

struct Table<'a> {
    page: &'a Page<'a>,
    heads: &'a [Vec<Range<usize>>],
    title: Option<Range<usize>>,
}

impl Table<'_> {
    /// Emits the figures of one row.
    fn read(&self, row: &[Range<usize>], drafts: &mut Vec<Draft>, taken: &mut Vec<Span>) {
        let page = self.page;
        for (column, cell) in row.iter().enumerate().skip(1) {
            let Some(value) = value(page, cell) else { continue };
            let heads = self.heads_of(column, row.len());
            let Some((unit, what)) = self.unit_and_what(&heads, value.unit.clone()) else {
                page.refuse("figures/table", &value.number.tokens, "no head, cell or title says what the column counts");
                continue;
            };
            let number = page.span(&value.number.tokens);
            let (times, magnitude) = self.magnitude(&heads).filter(|_| !value.number.has_magnitude).unwrap_or((1.0, None));
            let mut draft = Draft::new("figures", "figures/table");
            let spans: Vec<Span> = std::iter::once(number).chain(magnitude).collect();
            draft.set("value", (value.number.value * times * 100.0).round() / 100.0, &spans);
            draft = draft.with("unit", page.value_of(&unit), page.span(&unit)).with("what", page.value_of(&what), page.span(&what));
            if let Some(country) = country(page, &row[0]) {
                draft = draft.with("place", page.value_of(&country), page.span(&country));
            }
            let year = heads.iter().chain([&row[0]]).chain(self.title.as_ref()).find_map(|range| only_year(page, range));
            if let Some((year, span)) = year {
                draft = draft.with("year", i64::from(year), span);
            }
            drafts.push(draft);
            taken.push(number);
        }
    }

    /// The heads above a column, counted from the last: the first column often has none.
    fn heads_of(&self, column: usize, columns: usize) -> Vec<Range<usize>> {
        let from_last = columns - column;
        self.heads.iter().filter_map(|head| head.get(head.len().checked_sub(from_last)?).cloned()).filter(|head| !head.is_empty()).collect()
    }

    /// What a column counts, and the words for it: by its cell, its heads, else the title of the table.
    fn unit_and_what(&self, heads: &[Range<usize>], own: Option<Range<usize>>) -> Option<(Range<usize>, Range<usize>)> {
        let page = self.page;
        let is_of_something_else = |head: &Range<usize>| {
            page.mark(head.start, |tag| tag == Tag::MeetingColumn).is_some_and(|mark| mark.end >= head.end)
                || head.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::MeetingHead)).is_some())
        };
        if heads.iter().any(is_of_something_else) {
            return None;
        }
        let words = |range: &&Range<usize>| Range::clone(range).any(|token| page.is_word(token));
        let what = heads.iter().find(words).or(self.title.as_ref().filter(words)).cloned();
        if let Some(unit) = own {
            return Some((unit.clone(), what.unwrap_or(unit)));
        }
        let unit = heads
            .iter()
            .find_map(|head| measure(page, head))
            .or_else(|| heads.iter().find_map(|head| noun(page, head)))
            .or_else(|| heads.iter().find_map(|head| plural(page, head)))
            .or_else(|| self.title.as_ref().and_then(|title| noun(page, title)))?;
        Some((unit.clone(), what.unwrap_or(unit)))
    }

    /// `(US$ million)`, `(thousands)`, `('000)` in a head: what its numbers are to be multiplied with.
    fn magnitude(&self, heads: &[Range<usize>]) -> Option<(f64, Option<Span>)> {
        let page = self.page;
        heads.iter().find_map(|head| {
            head.clone().find_map(|token| {
                if page.text(token) == "000" {
                    return Some((1000.0, Some(page.token(token).span)));
                }
                let mark = page.mark(token, |tag| matches!(tag, Tag::Magnitude(_))).filter(|mark| mark.end <= head.end)?;
                let Tag::Magnitude(at) = mark.tag else { return None };
                let times = page.vocabulary().numbers.magnitudes.values().nth(usize::from(at))?;
                Some((*times as f64, Some(page.span(&(mark.first..mark.end)))))
            })
        })
    }
}

/// A percent sign or currency of a head.
fn measure(page: &Page<'_>, head: &Range<usize>) -> Option<Range<usize>> {
    let mark = head.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Percent | Tag::Currency)))?;
    (mark.end <= head.end).then_some(mark.first..mark.end)
}

/// The noun of a head that is known to be counted.
fn noun(page: &Page<'_>, head: &Range<usize>) -> Option<Range<usize>> {
    let mark = head.clone().rev().find_map(|token| page.mark(token, |tag| tag == Tag::CountedNoun).filter(|mark| mark.end <= head.end))?;
    Some(mark.first..mark.end)
}

/// A word of a head with an ending of plurals that has no other meaning.
fn plural(page: &Page<'_>, head: &Range<usize>) -> Option<Range<usize>> {
    let is_plural = |token: usize| {
        let text = page.text(token);
        page.is_word(token)
            && page.token(token).shape != Shape::Upper
            && text.chars().count() >= 5
            && text.ends_with(['s', 'x'])
            && !text.ends_with("ss")
            && !text.ends_with("us")
            && page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Magnitude(_) | Tag::NotCounted)).is_none()
    };
    head.clone().find(|&token| is_plural(token)).map(|token| token..token + 1)
}

/// The only state of a cell.
fn country(page: &Page<'_>, cell: &Range<usize>) -> Option<Range<usize>> {
    let mut marks = cell.clone().filter_map(|token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= cell.end));
    let mark = marks.next()?;
    marks.all(|other| other.first < mark.end).then_some(mark.first..mark.end)
}

/// The year of the only date of a range; of a range of two years the first.
fn only_year(page: &Page<'_>, range: &Range<usize>) -> Option<(i32, Span)> {
    let mut dates = page.dates_in(range.clone());
    let date = dates.next().filter(|date| date.period.end.year() - date.period.start.year() <= 1)?;
    dates.next().is_none().then(|| (date.period.start.year(), page.span(&date.tokens)))
}

/// Numbers side by side, with their words in the rows right below.
fn leaflet(page: &Page<'_>, rows: &[Vec<Range<usize>>], drafts: &mut Vec<Draft>, taken: &mut Vec<Span>) {
    let Some((numbers, words)) = rows.split_first().filter(|(numbers, _)| numbers.len() >= 2) else { return };
    let Some(values) = numbers.iter().map(|cell| value(page, cell)).collect::<Option<Vec<Value>>>() else { return };
    let is_label = |cell: &Range<usize>| {
        let is_contact = cell.clone().any(|token| matches!(page.text(token), "@" | ":"));
        page.token(cell.start).shape != Shape::Number && cell.clone().any(|token| page.is_word(token)) && !is_contact
    };
    let words: Vec<&Vec<Range<usize>>> = words.iter().take(HEADS).take_while(|row| row.len() == numbers.len() && row.iter().all(is_label)).collect();
    for (column, value) in values.iter().enumerate() {
        let cells: Vec<&Range<usize>> = words.iter().map(|row| &row[column]).collect();
        let Some((first, last)) = cells.first().zip(cells.last()) else { return };
        let named = || cells.iter().find_map(|cell| noun(page, cell)).or_else(|| cells.iter().find_map(|cell| plural(page, cell)));
        let Some(unit) = value.unit.clone().or_else(named) else { continue };
        let what: Vec<String> = cells.iter().map(|cell| page.value_of(cell)).collect();
        let number = page.span(&value.number.tokens);
        let draft = Draft::new("figures", "figures/leaflet")
            .with("value", value.number.value, number)
            .with("unit", page.value_of(&unit), page.span(&unit))
            .with("what", what.join(" "), page.span(first).to(page.span(last)));
        let year = page.heading(page.block_of(numbers[0].start)).and_then(|heading| only_year(page, &page.range(heading)));
        drafts.push(match year {
            Some((year, span)) => draft.with("year", i64::from(year), span),
            None => draft,
        });
        taken.push(number);
    }
}
