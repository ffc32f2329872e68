//! Reader: the date that starts at a token, in digits or words.
//!
//! In: a token of a block. Out: the longest date there, a range as one.

use super::{DateMention, year};
use crate::extract::page::Page;
use crate::model::date::{Period, Precision};
use crate::model::gazetteer::{Shape, Tag};

/// Stands for the year of a day whose year is not known yet: a leap year, so that every day is one.
const ANY_YEAR: i32 = 2000;

/// One end of a date.
#[derive(Clone, Copy, Debug)]
struct Parts {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    end: usize,
}

pub struct Reader<'a> {
    pub page: &'a Page<'a>,
    pub end: usize,
    pub year_above: Option<i32>,
    /// Whether the block is a row of a table, of which a cell may be a month or quarter alone.
    pub is_row: bool,
}

impl Reader<'_> {
    pub fn date(&self, at: usize) -> Option<DateMention> {
        let found = self
            .numeric(at)
            .or_else(|| self.part_of_year(at))
            .or_else(|| self.worded(at))
            .or_else(|| self.year_first(at))
            .or_else(|| self.years(at))?;
        let (period, end, ambiguous) = found;
        Some(DateMention { tokens: at..end, period, ambiguous })
    }

    /// A day and month of a year that stands elsewhere: the year is that of [`ANY_YEAR`]. In a row of a table a month alone will do.
    pub fn without_year(&self, at: usize) -> Option<DateMention> {
        let is_month = || self.page.any_begins(&(at..at + 1), |tag| matches!(tag, Tag::Month(_)));
        if self.year_above.is_some() || !((self.page.is_capital(at) || self.is_row) && is_month() || self.page.token(at).shape == Shape::Number) {
            return None;
        }
        let (period, end, _) = match (Reader { year_above: Some(ANY_YEAR), ..*self }).worded(at) {
            Some(found) => found,
            None => self.month_of_row(at)?,
        };
        (period.precision == Precision::Day || self.is_row).then_some(DateMention { tokens: at..end, period, ambiguous: false })
    }

    /// A month at the end of a cell, or alone in it: `2002 | Alexandria, July`, `2013 | mai | Madrid`.
    fn month_of_row(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        let mark = page.mark(at, |tag| matches!(tag, Tag::Month(_))).filter(|_| self.is_row && at > 0)?;
        let (Tag::Month(month), end) = (mark.tag, mark.end) else { return None };
        let parts = |token: usize| page.text(token) == "|" || page.gap_before(token).contains(['\t', '\n']) || page.gap_before(token).contains("   ");
        let ends_cell = end >= self.end || parts(end);
        let opens_cell = page.text(at - 1) == "|" || parts(at);
        let month = u32::from(month);
        (ends_cell && (opens_cell || page.is_capital(at) && matches!(page.text(at - 1), "," | "(")))
            .then(|| Period::month(ANY_YEAR, month))?
            .map(|period| (period, end, false))
    }

    /// `2012, October`, `2013, 7th to 9th of August`, `2011, Q4`, `2011 (March)`.
    fn year_first(&self, at: usize) -> Option<(Period, usize, bool)> {
        let year = year(self.page, at).filter(|_| at + 2 < self.end && matches!(self.page.text(at + 1), "," | "("))?;
        let reader = Reader { year_above: Some(year), ..*self };
        let found = reader.part_of_year(at + 2).or_else(|| reader.worded(at + 2))?;
        let has_own = (at + 2..found.1).any(|token| self::year(self.page, token).is_some());
        if self.page.text(at + 1) == "(" {
            let closes = found.1 < self.end && self.page.text(found.1) == ")";
            return (!has_own && closes).then_some((found.0, found.1 + 1, found.2));
        }
        (!has_own).then_some(found)
    }

    /// Whether a month or quarter may stand without its year: as the first of a cell, or right behind a year and a comma.
    fn may_be_bare(&self, at: usize) -> bool {
        let page = self.page;
        let opens_cell = || at == 0 || page.text(at - 1) == "|" || page.gap_before(at).contains(['\t', '\n']) || page.gap_before(at).contains("   ");
        let behind_year =
            || at >= 2 && matches!(page.text(at - 1), "," | "(") && year(page, at - 2).is_some_and(|year| self.year_above == Some(year));
        self.is_row && opens_cell() || behind_year()
    }

    /// `12/02/2015`, `12.02.2015`, `2015-02-12`, `05-06/06/2008`, `06/2014`, and ranges of such.
    fn numeric(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        let is_glued = at > 0 && page.tokens.touches_previous(at) && !matches!(page.text(at - 1), "(" | "," | ";" | "|" | "[" | ":");
        if is_glued || page.token(at).shape != Shape::Number {
            return None;
        }
        let Some((first, end, ambiguous)) = self.numeric_day(at) else {
            return self.days_of_numeric(at).or_else(|| self.numeric_month(at));
        };
        let last = self.over_range_sign(end).filter(|&last| last < self.end).and_then(|last| self.numeric_day(last));
        match last.and_then(|(last, end, also)| Some((first.through(last)?, end, ambiguous && also))) {
            Some(range) => Some(range),
            None => Some((first, end, ambiguous)),
        }
    }

    /// Days before the last one of which month and year stand: `05-06/06/2008`.
    fn days_of_numeric(&self, at: usize) -> Option<(Period, usize, bool)> {
        use chrono::Datelike;
        let page = self.page;
        let day = self.small_number(at)?;
        let next = self.over_range_sign(at + 1).filter(|&next| next + 4 < self.end)?;
        let glued = next != at + 2 || page.text(at + 1) != "/" || page.tokens.touches_previous(next);
        let (last, end, ambiguous) = self.numeric_day(next).filter(|_| glued)?;
        let first = Period::day(last.start.year(), last.start.month(), day)?;
        first.through(last).map(|range| (range, end, ambiguous))
    }

    /// `06/2014`, two digits of the month: `1/2014` numbers something.
    fn numeric_month(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        let glued = at + 2 < self.end && page.tokens.touches_previous(at + 1) && page.tokens.touches_previous(at + 2);
        let goes_on = at + 3 < self.end && page.tokens.touches_previous(at + 3) && matches!(page.text(at + 3), "/" | "-" | "_");
        let month = self.small_number(at).filter(|_| page.text(at).len() == 2 && glued && !goes_on && matches!(page.text(at + 1), "/" | "."))?;
        Period::month(year(page, at + 2)?, month).filter(|_| month <= 12).map(|period| (period, at + 3, false))
    }

    /// Day, month and year in digits with one sign between them.
    fn numeric_day(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        if at + 5 > self.end {
            return None;
        }
        let numbers = [at, at + 2, at + 4];
        let glued = (at + 1..at + 5).all(|token| page.tokens.touches_previous(token));
        let sign = page.text(at + 1);
        if !glued
            || sign != page.text(at + 3)
            || !matches!(sign, "/" | "." | "-")
            || numbers.iter().any(|&token| page.token(token).shape != Shape::Number)
        {
            return None;
        }
        let value = |token: usize| page.text(token).parse::<u32>().ok();
        if let Some(year) = year(page, at) {
            return Period::day(year, value(at + 2)?, value(at + 4)?).map(|period| (period, at + 5, false));
        }
        let year = year(page, at + 4)?;
        let (first, second) = (value(at)?, value(at + 2)?);
        if first > 31 || second > 31 {
            return None;
        }
        let day_first = Period::day(year, second, first);
        let month_first = Period::day(year, first, second);
        let ambiguous = day_first.is_some() && month_first.is_some() && first != second;
        day_first.or(month_first).map(|period| (period, at + 5, ambiguous))
    }

    /// `Q3 2016`, `H1 2016`, `third quarter of 2016`, `second half of 2014`.
    fn part_of_year(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        let letter = page.text(at);
        if matches!(letter, "Q" | "T" | "H" | "S") && at + 1 < self.end && page.tokens.touches_previous(at + 1) && page.text(at + 1).len() == 1 {
            let number = page.text(at + 1).parse().ok()?;
            let (year, end) = self.year_of_part(at, at + 2)?;
            let period = if matches!(letter, "Q" | "T") { Period::quarter(year, number) } else { Period::half(year, number) };
            return period.map(|period| (period, end, false));
        }
        let (number, next) = self.ordinal(at)?;
        let noun = page.mark(next, |tag| matches!(tag, Tag::Quarter | Tag::Half))?;
        let (year, end) = self.year_of_part(at, noun.end)?;
        let period = if noun.tag == Tag::Quarter { Period::quarter(year, number) } else { Period::half(year, number) };
        period.map(|period| (period, end, false))
    }

    fn ordinal(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(mark) = self.page.mark(at, |tag| matches!(tag, Tag::Ordinal(_))) {
            let Tag::Ordinal(number) = mark.tag else { return None };
            return Some((u32::from(number), mark.end));
        }
        let number = self.small_number(at)?;
        // `2.º semestre`
        let dotted = at + 2 < self.end && self.page.text(at + 1) == "." && self.page.tokens.touches_previous(at + 2);
        let suffix = at + 1 + usize::from(dotted);
        let suffixed = suffix < self.end && self.page.tokens.touches_previous(suffix) && self.page.has(suffix, Tag::OrdinalSuffix);
        suffixed.then_some((number, suffix + 1))
    }

    /// The year of a part of a year that starts at `at` and is worded up to `end`.
    fn year_of_part(&self, at: usize, end: usize) -> Option<(i32, usize)> {
        self.year_after(end).or_else(|| self.year_above.filter(|_| self.may_be_bare(at)).map(|year| (year, end)))
    }

    fn year_after(&self, at: usize) -> Option<(i32, usize)> {
        let mut next = at;
        while next < self.end
            && next < at + 2
            && (self.page.has(next, Tag::Of) || self.page.has(next, Tag::Article) || matches!(self.page.text(next), "," | "." | "/" | "-" | "'"))
        {
            next += 1;
        }
        (next < self.end).then(|| year(self.page, next).map(|year| (year, next + 1)))?
    }

    fn small_number(&self, at: usize) -> Option<u32> {
        if at >= self.end || self.page.token(at).shape != Shape::Number || self.page.text(at).len() > 2 {
            return None;
        }
        self.page.text(at).parse().ok().filter(|day| (1..=31).contains(day))
    }

    fn month(&self, at: usize) -> Option<(u32, usize)> {
        if at >= self.end {
            return None;
        }
        let mark = self.page.mark(at, |tag| matches!(tag, Tag::Month(_)))?;
        let Tag::Month(month) = mark.tag else { return None };
        let capital = self.page.token(at).shape != Shape::Lower;
        let beside_number = (at > 0
            && (self.page.token(at - 1).shape == Shape::Number || self.page.has(at - 1, Tag::Of) || self.page.has(at - 1, Tag::OrdinalSuffix)))
            || self.year_after(mark.end).is_some();
        let dotted = mark.end < self.end && self.page.text(mark.end) == "." && self.page.tokens.touches_previous(mark.end);
        (capital || beside_number).then_some((u32::from(month), mark.end + usize::from(dotted)))
    }

    /// The number of a day, its ordinal ending included.
    fn day(&self, at: usize) -> Option<(u32, usize)> {
        let day = self.small_number(at)?;
        let mut next = at + 1;
        let suffixed = next < self.end
            && self.page.tokens.touches_previous(next)
            && (self.page.has(next, Tag::OrdinalSuffix) || self.page.text(next) == "º" || self.page.text(next) == "°");
        next += usize::from(suffixed);
        Some((day, next))
    }

    /// Skips words such as `of` and articles.
    fn over_of(&self, at: usize) -> usize {
        let mut next = at;
        while next < self.end && next < at + 2 && (self.page.has(next, Tag::Of) || self.page.has(next, Tag::Article)) {
            next += 1;
        }
        next
    }

    /// The sign or word between the ends of a range.
    fn over_range_sign(&self, at: usize) -> Option<usize> {
        if at >= self.end {
            return None;
        }
        let page = self.page;
        // A sign that was lost: `20 ? 22 June`.
        let is_lost = matches!(page.text(at), "?" | "\u{fffd}")
            && at > 0
            && at + 1 < self.end
            && [at - 1, at + 1].iter().all(|&day| self.small_number(day).is_some());
        if is_lost || matches!(page.text(at), "-" | "–" | "—" | "/" | "&" | "―" | "‐") || page.mark(at, |tag| tag == Tag::Through).is_some() {
            let mut next = page.mark(at, |tag| tag == Tag::Through).map_or(at + 1, |mark| mark.end);
            while next < self.end && page.has(next, Tag::Article) {
                next += 1;
            }
            return Some(next);
        }
        None
    }

    /// Day, month and year in either order; at least a month.
    fn parts(&self, at: usize) -> Option<Parts> {
        if let Some((day, next)) = self.day(at) {
            let next = self.over_of(next);
            let (month, next) = self.month(next)?;
            let (year, end) = self.year_after(next).map_or((None, next), |(year, end)| (Some(year), end));
            return Some(Parts { day: Some(day), month: Some(month), year, end });
        }
        let (month, next) = self.month(at)?;
        if let Some((day, after_day)) = self.day(next) {
            let (year, end) = self.year_after(after_day).map_or((None, after_day), |(year, end)| (Some(year), end));
            return Some(Parts { day: Some(day), month: Some(month), year, end });
        }
        let (year, end) = self.year_after(next).map_or((None, next), |(year, end)| (Some(year), end));
        Some(Parts { day: None, month: Some(month), year, end })
    }

    fn worded(&self, at: usize) -> Option<(Period, usize, bool)> {
        // Days before one month: `15 – 16 October, 2014`, `12, 13 and 14 May 2010`.
        if let Some((first, mut next)) = self.day(at) {
            let mut last = first;
            while let Some((day, after)) = self.over_range_sign(next).or_else(|| self.over_comma(next)).and_then(|after| self.day(after)) {
                last = day;
                next = after;
            }
            if next > at + 1 && last != first {
                let next = self.over_of(next);
                if let Some((month, after)) = self.month(next) {
                    let (year, end) = self.year_after(after).or(self.year_above.map(|year| (year, after)))?;
                    let period = Period::day(year, month, first)?.through(Period::day(year, month, last)?)?;
                    return Some((period, end, false));
                }
            }
        }
        let start = self.parts(at)?;
        // Days behind one month: `October 15-16, 2014`.
        if let (Some(day), Some(month), None) = (start.day, start.month, start.year)
            && let Some((last, after)) =
                self.over_range_sign(start.end).and_then(|after| self.day(after)).filter(|(_, after)| self.month(self.over_of(*after)).is_none())
        {
            let (year, end) = self.year_after(after).or(self.year_above.map(|year| (year, after)))?;
            let period = Period::day(year, month, day)?.through(Period::day(year, month, last)?)?;
            return Some((period, end, false));
        }
        if let Some(end) = self.over_range_sign(start.end).and_then(|after| self.parts(after)) {
            let year = end.year.or(start.year).or(self.year_above);
            if let (Some(year), true) = (year, start.day.is_some() == end.day.is_some()) {
                let first = period(start, start.year.unwrap_or(year));
                if let Some(range) = first.zip(period(end, year)).and_then(|(first, last)| first.through(last)) {
                    return Some((range, end.end, false));
                }
            }
        }
        let year = start.year.or_else(|| self.year_above.filter(|_| start.day.is_some() || self.may_be_bare(at)))?;
        period(start, year).map(|found| (found, start.end, false))
    }

    fn over_comma(&self, at: usize) -> Option<usize> {
        (at < self.end && self.page.text(at) == ",").then_some(at + 1)
    }

    /// A year alone or a range of years: `2003`, `2013-2015`, `2013–15`.
    fn years(&self, at: usize) -> Option<(Period, usize, bool)> {
        let page = self.page;
        let first = year(page, at)?;
        let glued = |token: usize| page.tokens.touches_previous(token);
        let bad_before = at > 0
            && glued(at)
            && matches!(page.text(at - 1), "/" | "." | "-" | "+" | "#" | "," | "$" | "€" | "_")
            && !page.gap_before(at - 1).is_empty();
        let word_before = at > 0 && glued(at) && page.is_word(at - 1);
        let decimals = at + 2 < self.end
            && glued(at + 1)
            && glued(at + 2)
            && matches!(page.text(at + 1), "." | ",")
            && page.token(at + 2).shape == Shape::Number;
        if (bad_before && page.text(at - 1) != "-") || word_before || decimals {
            return None;
        }
        let whole = Period::year(first)?;
        if at + 2 < self.end && matches!(page.text(at + 1), "-" | "–" | "/" | "—") {
            let text = page.text(at + 2);
            let last = year(page, at + 2).or_else(|| {
                (text.len() == 2 && page.token(at + 2).shape == Shape::Number).then(|| text.parse::<i32>().ok().map(|end| first / 100 * 100 + end))?
            });
            if let Some(range) = last.filter(|last| *last > first && *last < first + 60).and_then(Period::year).and_then(|last| whole.through(last)) {
                return Some((range, at + 3, false));
            }
        }
        Some((whole, at + 1, false))
    }
}

fn period(parts: Parts, year: i32) -> Option<Period> {
    match (parts.month, parts.day) {
        (Some(month), Some(day)) => Period::day(year, month, day),
        (Some(month), None) => Period::month(year, month),
        _ => Period::year(year),
    }
}
