//! Dates: every date in a text with the stretch of time that it means, never more exact than the wording.
//!
//! In: tokens. Out: dates in the order of the text. A range is one date; a day without a year takes the year of the range it is part
//! of, else of the next date of its sentence that has one, of the one before it, or of a heading above. A numeric date is read day first
//! and marked where month first were possible too.

mod reader;
mod years;

use std::ops::Range;

use super::page::Page;
use crate::findings::{Finding, Place, Report, code};
use crate::model::date::{Period, Precision};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

use reader::Reader;
use years::{Lent, issue_year, lend_years, year_above};

/// A date in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMention {
    pub tokens: Range<usize>,
    pub period: Period,
    /// Day first was taken, month first is possible.
    pub ambiguous: bool,
}

/// Finds the dates of a page.
pub fn find(page: &Page<'_>) -> Vec<DateMention> {
    let mut dates: Vec<DateMention> = Vec::new();
    let mut issue = None;
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        let is_row = content.kind == BlockKind::Row;
        let reader = Reader { page, end: range.end, year_above: year_above(page, block), is_row };
        let first = dates.len();
        let mut open: Vec<usize> = Vec::new();
        // Days of which a heading gives the year: a year in their own sentence is nearer.
        let mut adopted: Vec<usize> = Vec::new();
        let mut next = range.start;
        for at in starts(page, &range) {
            if at < next {
                continue;
            }
            let found = reader.date(at).or_else(|| {
                let date = reader.without_year(at)?;
                open.push(at);
                Some(date)
            });
            if let Some(date) = found {
                next = date.tokens.end;
                if reader.year_above.is_some()
                    && date.period.precision == Precision::Day
                    && !date.tokens.clone().any(|token| year(page, token).is_some())
                {
                    adopted.push(date.tokens.start);
                }
                dates.push(date);
            }
        }
        if !open.is_empty() || !adopted.is_empty() && dates.len() - first > adopted.len() {
            lend_years(page, &mut dates, first, &Lent { open, adopted, issue });
        }
        if block < HEAD {
            issue = issue.or_else(|| issue_year(&dates[first..]));
        }
    }
    dates
}

/// The tokens of a range that a date can begin with: a number, an ordinal or a month; `Q3` and the like with a letter.
fn starts(page: &Page<'_>, range: &Range<usize>) -> Vec<usize> {
    let mut starts: Vec<usize> = page.begins(range, |tag| matches!(tag, Tag::Ordinal(_) | Tag::Month(_))).collect();
    starts.extend(page.digits_in(range));
    starts.extend(page.capitals_in(range).iter().filter(|&&token| page.token(token).span.len() == 1));
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// How many blocks the head of an issue has at most.
const HEAD: usize = 4;

fn year(page: &Page<'_>, token: usize) -> Option<i32> {
    let text = page.text(token);
    let is_year = page.token(token).shape == Shape::Number && text.len() == 4;
    is_year.then(|| text.parse().ok())?.filter(|year| (1900..=2100).contains(year))
}

/// Says of which dates the day may be the month.
pub fn report_ambiguous(page: &Page<'_>, report: &mut Report) {
    for date in page.dates.iter().filter(|date| date.ambiguous) {
        let span = page.span(&date.tokens);
        let (line, column) = page.document.line_and_column(page.blocks.map.to_file(span).start);
        let message = format!("\"{}\" can be read day first or month first: {} is taken", page.value(span), date.period.reduced_start());
        report.push(
            Finding::new(code::DATE_AMBIGUOUS, Place::new(&page.document.display_path, line, column), message)
                .hint("if the source means the month first, say so in schemas/corrections.toml"),
        );
    }
}
