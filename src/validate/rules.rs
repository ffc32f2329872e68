//! Rules over the columns of one row.

use crate::model::dataset::Row;
use crate::model::table::RowRule;
use crate::model::{Cell, TableSchema};

/// The name of a rule in the account of checks.
#[must_use]
pub fn name(rule: &RowRule) -> &'static str {
    match rule {
        RowRule::ExactlyOne(_) => "exactly_one",
        RowRule::Before(_) => "before",
        RowRule::Ordered(_) => "ordered",
        RowRule::TogetherWith(_) => "together_with",
        RowRule::Sum(_) => "sum",
    }
}

/// How a row breaks a rule, if it does.
#[must_use]
pub fn broken(rule: &RowRule, schema: &TableSchema, row: &Row) -> Option<String> {
    let cell = |column: &String| schema.position_of(column).map_or(&Cell::Null, |at| &row[at]);
    match rule {
        RowRule::ExactlyOne(columns) => {
            let given: Vec<&str> = columns.iter().filter(|column| !cell(column).is_null()).map(String::as_str).collect();
            match given.as_slice() {
                [_] => None,
                [] => Some(format!("none of {} has a value, expected one", columns.join(", "))),
                several => Some(format!("{} have values, expected one of {}", several.join(" and "), columns.join(", "))),
            }
        }
        RowRule::Before([first, second]) => {
            let (a, b) = (cell(first).as_date()?, cell(second).as_date()?);
            (a >= b).then(|| format!("{first} is {a}, expected a day before {second}, {b}"))
        }
        RowRule::Ordered([first, second]) => {
            let (a, b) = (cell(first).as_date()?, cell(second).as_date()?);
            (a > b).then(|| format!("{first} is {a}, expected no day after {second}, {b}"))
        }
        RowRule::TogetherWith(columns) => {
            let given = columns.iter().filter(|column| !cell(column).is_null()).count();
            (given != 0 && given != columns.len()).then(|| format!("{} must all have a value or none", columns.join(" and ")))
        }
        RowRule::Sum(columns) => {
            let (total, parts) = columns.split_first()?;
            let sum: i64 = parts.iter().filter_map(|column| cell(column).as_integer()).sum();
            let stated = cell(total).as_integer().unwrap_or(0);
            (sum != stated).then(|| format!("{total} is {stated}, {} come to {sum}", parts.join(" + ")))
        }
    }
}
