//! Dates as texts have them: a day, a month, a quarter, a half or a year, or a range of such; never more exact than the wording.
//!
//! `extract` writes reduced ISO 8601 (2010-12); published rows hold the first and the last day that the wording can mean.

use chrono::{Datelike, Days, Months, NaiveDate};

/// First and last year of a day that a source can mean, where nothing narrower is said.
pub const YEARS: (i32, i32) = (1900, 2100);

/// How exact the wording is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Day,
    Month,
    Quarter,
    Half,
    Year,
}

impl Precision {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }
}

/// A stretch of time as worded: from the first to the last day that it can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    pub start: NaiveDate,
    /// Last day, inclusive.
    pub end: NaiveDate,
    pub precision: Precision,
}

impl Period {
    /// A single day; none where the calendar has no such day.
    #[must_use]
    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        let start = NaiveDate::from_ymd_opt(year, month, day)?;
        Some(Self { start, end: start, precision: Precision::Day })
    }

    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::months(year, month, 1, Precision::Month)
    }

    /// Quarter 1 to 4.
    #[must_use]
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        (1..=4).contains(&quarter).then(|| Self::months(year, quarter * 3 - 2, 3, Precision::Quarter))?
    }

    /// Half 1 or 2.
    #[must_use]
    pub fn half(year: i32, half: u32) -> Option<Self> {
        (1..=2).contains(&half).then(|| Self::months(year, half * 6 - 5, 6, Precision::Half))?
    }

    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        Self::months(year, 1, 12, Precision::Year)
    }

    fn months(year: i32, month: u32, count: u32, precision: Precision) -> Option<Self> {
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        let end = start.checked_add_months(Months::new(count))?.checked_sub_days(Days::new(1))?;
        Some(Self { start, end, precision })
    }

    /// From the first day of this to the last of `other`, as exact as the coarser of both; none where it would run backwards.
    #[must_use]
    pub fn through(self, other: Self) -> Option<Self> {
        (self.start <= other.end).then(|| Self { start: self.start, end: other.end, precision: self.precision.max(other.precision) })
    }

    /// The same days of another year; none where it has no such day.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<Self> {
        if self.precision == Precision::Month && self.start.month() == self.end.month() {
            return Self::month(year, self.start.month());
        }
        let (start, end) = (self.start.with_year(year)?, self.end.with_year(year + self.end.year() - self.start.year())?);
        Some(Self { start, end, precision: self.precision })
    }

    /// Reads reduced ISO 8601: `2014`, `2014-10`, `2014-10-15`.
    #[must_use]
    pub fn parse_reduced(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year_text = parts.next()?;
        if year_text.len() != 4 {
            return None;
        }
        let year = year_text.parse().ok()?;
        let number = |part: &str| (part.len() == 2).then(|| part.parse::<u32>().ok())?;
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::year(year),
            (Some(month), None, _) => Self::month(year, number(month)?),
            (Some(month), Some(day), None) => Self::day(year, number(month)?, number(day)?),
            _ => None,
        }
    }

    /// The first day as reduced ISO 8601, as exact as the wording.
    #[must_use]
    pub fn reduced_start(&self) -> String {
        self.reduced(self.start)
    }

    /// The last day as reduced ISO 8601, as exact as the wording.
    #[must_use]
    pub fn reduced_end(&self) -> String {
        self.reduced(self.end)
    }

    fn reduced(&self, day: NaiveDate) -> String {
        match self.precision {
            // A day is written as ISO 8601 has it.
            Precision::Day => day.to_string(),
            Precision::Month | Precision::Quarter | Precision::Half => day.format("%Y-%m").to_string(),
            Precision::Year => day.year().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        Period::parse_reduced(text).expect(text).start
    }

    #[test]
    fn a_month_runs_to_its_last_day() {
        let february = Period::month(2012, 2).unwrap();
        assert_eq!((february.start, february.end), (day("2012-02-01"), day("2012-02-29")));
        assert_eq!(Period::quarter(2016, 3).unwrap().end, day("2016-09-30"));
        assert_eq!(Period::half(2016, 2).unwrap().start, day("2016-07-01"));
    }

    #[test]
    fn a_day_that_the_calendar_lacks_is_no_date() {
        assert_eq!(Period::day(2015, 2, 29), None);
        assert_eq!(Period::parse_reduced("2015-13"), None);
        assert_eq!(Period::parse_reduced("15-1"), None);
    }

    #[test]
    fn reduced_text_is_as_exact_as_the_wording() {
        assert_eq!(Period::month(2010, 12).unwrap().reduced_start(), "2010-12");
        assert_eq!(Period::year(2010).unwrap().reduced_end(), "2010");
    }
}
