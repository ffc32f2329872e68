//! Rules over the columns of one row.

use super::breach::Breach;
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
pub fn broken(rule: &RowRule, schema: &TableSchema, row: &Row) -> Option<Breach> {
    let breach = |message: String, found: String, expected: String| Breach::new(name(rule), message, found, expected);
    let cell = |column: &String| schema.position_of(column).map_or(&Cell::Null, |at| &row[at]);
    match rule {
        RowRule::ExactlyOne(columns) => {
            let given: Vec<&str> = columns.iter().filter(|column| !cell(column).is_null()).map(String::as_str).collect();
            let all = columns.join(", ");
            let expected = format!("a value in one of {all}");
            match given.as_slice() {
                [_] => None,
                [] => Some(breach(format!("none of {all} has a value, expected one"), "no value".to_owned(), expected)),
                several => {
                    let several = several.join(" and ");
                    Some(breach(format!("{several} have values, expected one of {all}"), format!("values in {several}"), expected))
                }
            }
        }
        RowRule::Before([first, second]) => {
            let (a, b) = (cell(first).as_date()?, cell(second).as_date()?);
            let message = || format!("{first} is {a}, expected a day before {second}, {b}");
            (a >= b).then(|| breach(message(), a.to_string(), format!("a day before {b}")))
        }
        RowRule::Ordered([first, second]) => {
            let (a, b) = (cell(first).as_date()?, cell(second).as_date()?);
            let message = || format!("{first} is {a}, expected no day after {second}, {b}");
            (a > b).then(|| breach(message(), a.to_string(), format!("no day after {b}")))
        }
        RowRule::TogetherWith(columns) => {
            let given: Vec<&str> = columns.iter().filter(|column| !cell(column).is_null()).map(String::as_str).collect();
            (!given.is_empty() && given.len() != columns.len()).then(|| {
                let all = columns.join(" and ");
                let found = format!("a value in {} alone", given.join(" and "));
                breach(format!("{all} must all have a value or none"), found, format!("values in {all}, or in none of them"))
            })
        }
        RowRule::Sum(columns) => {
            let (total, parts) = columns.split_first()?;
            let sum: i64 = parts.iter().filter_map(|column| cell(column).as_integer()).sum();
            let stated = cell(total).as_integer().unwrap_or(0);
            let message = || format!("{total} is {stated}, {} come to {sum}", parts.join(" + "));
            (sum != stated).then(|| breach(message(), stated.to_string(), sum.to_string()))
        }
    }
}
