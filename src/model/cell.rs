//! A cell: one typed value of a table, with one canonical spelling and one order.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

use super::table::FieldType;

/// One value. Text is NFC and never empty: an empty value is `Null`.
#[derive(Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Null,
    Text(String),
    Integer(i64),
    Number(f64),
    Date(NaiveDate),
    Boolean(bool),
}

impl Clone for Cell {
    fn clone(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Text(text) => Self::Text(text.clone()),
            Self::Integer(value) => Self::Integer(*value),
            Self::Number(value) => Self::Number(*value),
            Self::Date(day) => Self::Date(*day),
            Self::Boolean(value) => Self::Boolean(*value),
        }
    }

    /// A text takes the place of a text in the memory that this has.
    fn clone_from(&mut self, other: &Self) {
        match (self, other) {
            (Self::Text(text), Self::Text(other)) => other.clone_into(text),
            (this, other) => *this = other.clone(),
        }
    }
}

impl Cell {
    /// Text, or `Null` where there is none.
    pub fn text(value: impl Into<String>) -> Self {
        let value = value.into();
        if value.is_empty() { Self::Null } else { Self::Text(value) }
    }

    /// The value of a type that a text means, however it is spelt; none where it means none.
    #[must_use]
    pub fn parse(field_type: FieldType, text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Null);
        }
        Some(match field_type {
            FieldType::String => Self::Text(text.to_owned()),
            FieldType::Integer => Self::Integer(text.parse().ok()?),
            FieldType::Number => Self::Number(text.parse::<f64>().ok().filter(|number| number.is_finite())?),
            FieldType::Date => Self::Date(day_of(text).or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?),
            FieldType::Boolean => Self::Boolean(text.parse().ok()?),
        })
    }

    /// Becomes a text, in the memory that it has where it was one.
    pub fn set_text(&mut self, value: &str) {
        match self {
            _ if value.is_empty() => *self = Self::Null,
            Self::Text(text) => value.clone_into(text),
            other => *other = Self::Text(value.to_owned()),
        }
    }

    /// The value of an option, `Null` for none.
    pub fn optional<T: Into<Self>>(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The one spelling that is written to CSV, compared and hashed. Empty for `Null`.
    #[must_use]
    pub fn spelling(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Number(value) => Cow::Owned(value.to_string()),
            Self::Date(day) => Cow::Owned(match digits_of(*day) {
                Some(digits) => digits.iter().copied().map(char::from).collect(),
                None => day.format("%Y-%m-%d").to_string(),
            }),
            Self::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        }
    }

    /// Appends the spelling.
    pub fn spell(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => {}
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Integer(value) => spell_integer(*value, out),
            Self::Date(day) => match digits_of(*day) {
                Some(digits) => out.extend_from_slice(&digits),
                None => out.extend_from_slice(self.spelling().as_bytes()),
            },
            Self::Number(_) | Self::Boolean(_) => out.extend_from_slice(self.spelling().as_bytes()),
        }
    }

    /// The order of published tables: empty first, text by UTF-8 bytes, numbers and days by value.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (a, b) => a.spelling().cmp(&b.spelling()),
        }
    }
}

/// The digits of a day of a year of four digits, which most are.
fn digits_of(day: NaiveDate) -> Option<[u8; 10]> {
    let year = u32::try_from(day.year()).ok().filter(|year| *year <= 9999)?;
    let (month, day) = (day.month(), day.day());
    let digit = |value: u32| b'0' + (value % 10) as u8;
    Some([
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ])
}

/// The day that such digits mean.
fn day_of(text: &str) -> Option<NaiveDate> {
    let [y, e, a, r, b'-', m, n, b'-', d, f] = text.as_bytes() else { return None };
    let number =
        |digits: &[&u8]| digits.iter().try_fold(0u32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(**digit - b'0')));
    NaiveDate::from_ymd_opt(number(&[y, e, a, r])?.try_into().ok()?, number(&[m, n])?, number(&[d, f])?)
}

fn spell_integer(value: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut left = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<NaiveDate> for Cell {
    fn from(value: NaiveDate) -> Self {
        Self::Date(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_day_and_a_number_are_spelt_as_the_library_spells_them(days in -3_000_000i32..3_000_000, value in any::<i64>()) {
            let day = NaiveDate::default() + chrono::Duration::days(i64::from(days));
            let expected = day.format("%Y-%m-%d").to_string();
            for (cell, expected) in [(Cell::Date(day), expected), (Cell::Integer(value), value.to_string())] {
                let mut spelt = Vec::new();
                cell.spell(&mut spelt);
                prop_assert_eq!(&spelt, expected.as_bytes());
                prop_assert_eq!(&*cell.spelling(), expected.as_str());
            }
            prop_assert_eq!(Cell::parse(FieldType::Date, &Cell::Date(day).spelling()), Some(Cell::Date(day)));
        }

        #[test]
        fn ten_bytes_are_a_day_where_the_library_says_so(text in "[0-9]{4}-[0-1][0-9]-[0-3][0-9]|[0-9a+ -]{10}") {
            if let Some(day) = day_of(&text) {
                prop_assert_eq!(NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok(), Some(day));
            }
        }
    }
}
