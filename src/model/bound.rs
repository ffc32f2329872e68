//! A bound of a column: the least or greatest value that it may have, a number or a day.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Cell;
use super::table::FieldType;

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Bound {
    Number(f64),
    Day(NaiveDate),
}

/// A bound as a schema has it.
#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "invalid type, expected a number or a day as 2014-10-15")]
enum Written {
    Number(f64),
    Text(String),
}

impl TryFrom<Written> for Bound {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Number(number) => Ok(Self::Number(number)),
            Written::Text(text) => {
                text.parse().map(Self::Day).map_err(|_| format!("invalid value: string \"{text}\", expected a number or a day as 2014-10-15"))
            }
        }
    }
}

impl From<Bound> for Written {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Number(number) => Self::Number(number),
            Bound::Day(day) => Self::Text(day.to_string()),
        }
    }
}

impl Bound {
    /// The value of a cell, to be compared with a bound; none where such cells have none.
    #[must_use]
    pub fn of(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Integer(value) => Some(Self::Number(*value as f64)),
            Cell::Number(value) => Some(Self::Number(*value)),
            Cell::Date(day) => Some(Self::Day(*day)),
            Cell::Null | Cell::Text(_) | Cell::Boolean(_) => None,
        }
    }

    /// Whether columns of a type can have such a bound.
    #[must_use]
    pub fn fits(self, field_type: FieldType) -> bool {
        match self {
            Self::Number(_) => matches!(field_type, FieldType::Integer | FieldType::Number),
            Self::Day(_) => field_type == FieldType::Date,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}
