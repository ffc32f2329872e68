//! Years: which year a day without one is of.
//!
//! In: the dates of a block. Out: the same, with the year of another date nearby, of a heading above or of the head of the text.

use super::{DateMention, year};
use crate::extract::page::Page;
use crate::model::date::Precision;

/// The year of an issue, by the month or day in its head.
pub fn issue_year(dates: &[DateMention]) -> Option<i32> {
    let mut dated = dates.iter().filter(|date| date.period.precision != Precision::Year);
    let year = chrono::Datelike::year(&dated.next()?.period.start);
    dates.iter().all(|date| chrono::Datelike::year(&date.period.start) == year).then_some(year)
}

/// Dates of a block that say no year themselves, by where they start.
pub struct Lent {
    /// Those that have none yet.
    pub open: Vec<usize>,
    /// Those that took that of a heading.
    pub adopted: Vec<usize>,
    /// The year of the head of the text, where it is one of a month or day.
    pub issue: Option<i32>,
}

/// Most tokens between a day without a year and the date that lends it one.
const LENDING: usize = 40;

/// Gives each date without a year that of the next date of its sentence or of the one before it, else the year of a date shortly before it, else
/// that of the issue; those for which there is none are left out.
pub fn lend_years(page: &Page<'_>, dates: &mut Vec<DateMention>, first: usize, lent: &Lent) {
    let is_open = |date: &DateMention| lent.open.binary_search(&date.tokens.start).is_ok();
    let is_adopted = |date: &DateMention| lent.adopted.binary_search(&date.tokens.start).is_ok();
    let is_lender = |date: &DateMention| !is_open(date) && !is_adopted(date) && is_of_one_year(date);
    let ends_sentence = |token: usize| page.text(token) == "." && token + 1 < page.tokens.tokens.len() && page.is_capital(token + 1);
    let is_near = |from: usize, to: usize| to - from <= LENDING;
    let lends = |from: usize, to: usize| is_near(from, to) && !(from..to).any(ends_sentence);
    let block = dates.split_off(first);
    let years: Vec<Option<i32>> = (0..block.len())
        .map(|at| {
            let date = &block[at];
            let before = || block[..at].iter().rev().take(LENDING).find(|last| is_lender(last));
            let before_in_sentence = || before().filter(|last| lends(last.tokens.end, date.tokens.start));
            if is_adopted(date) {
                return before_in_sentence().map(year_of);
            }
            if !is_open(date) {
                return None;
            }
            let behind = block[at + 1..]
                .iter()
                .find(|next| is_lender(next))
                .filter(|next| next.period.precision != Precision::Year && lends(date.tokens.end, next.tokens.start));
            let shortly_before = || before().filter(|last| last.period.precision == Precision::Day && is_near(last.tokens.end, date.tokens.start));
            behind.or_else(before_in_sentence).or_else(shortly_before).map(year_of).or(lent.issue)
        })
        .collect();
    for (mut date, year) in block.into_iter().zip(years) {
        match year.map(|year| date.period.in_year(year)) {
            Some(Some(period)) => date.period = period,
            Some(None) | None if is_open(&date) => continue,
            _ => {}
        }
        dates.push(date);
    }
}

fn year_of(date: &DateMention) -> i32 {
    chrono::Datelike::year(&date.period.start)
}

/// A span of years lends none.
fn is_of_one_year(date: &DateMention) -> bool {
    chrono::Datelike::year(&date.period.start) == chrono::Datelike::year(&date.period.end) || date.period.precision != Precision::Year
}

/// The only year in the headings above a block, nearest heading first.
pub fn year_above(page: &Page<'_>, block: usize) -> Option<i32> {
    page.introductions(block).find_map(|above| {
        let mut years = page.range(above).filter_map(|token| year(page, token));
        years.next().filter(|_| years.next().is_none())
    })
}
