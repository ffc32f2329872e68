//! A cell: one typed value of a table, with one canonical spelling and one order.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::NaiveDate;

use super::table::FieldType;

/// One value. Text is NFC and never empty: an empty value is `Null`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Null,
    Text(String),
    Integer(i64),
    Number(f64),
    Date(NaiveDate),
    Boolean(bool),
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
            FieldType::Date => Self::Date(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?),
            FieldType::Boolean => Self::Boolean(text.parse().ok()?),
        })
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
            Self::Date(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
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
