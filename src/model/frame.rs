//! A table as a polars frame, for the questions over all rows: counts per group and day, joins, disagreements.

use chrono::NaiveDate;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, PolarsResult, Series};

use super::dataset::Row;
use super::table::{Field, FieldType, TableSchema};
use super::{Cell, dataset::Dataset};

/// The rows of a table as a frame with the columns of its schema.
///
/// # Errors
/// Where the columns do not make a frame: a fault of the program, not of the data.
pub fn frame(schema: &TableSchema, rows: &[Row]) -> PolarsResult<DataFrame> {
    let columns: PolarsResult<Vec<Column>> = schema.fields.iter().enumerate().map(|(at, field)| column(field, rows, at)).collect();
    DataFrame::new_infer_height(columns?)
}

/// The rows of a table of the data set as a frame.
///
/// # Errors
/// As [`frame`].
pub fn dataset_frame(dataset: &Dataset, schema: &TableSchema) -> PolarsResult<DataFrame> {
    frame(schema, dataset.rows(&schema.name))
}

fn column(field: &Field, rows: &[Row], at: usize) -> PolarsResult<Column> {
    let name = field.name.as_str().into();
    let series = match field.field_type {
        FieldType::String => Series::new(name, rows.iter().map(|row| row[at].as_text()).collect::<Vec<_>>()),
        FieldType::Integer => Series::new(name, rows.iter().map(|row| row[at].as_integer()).collect::<Vec<_>>()),
        FieldType::Number => Series::new(name, rows.iter().map(|row| number(&row[at])).collect::<Vec<_>>()),
        FieldType::Boolean => Series::new(name, rows.iter().map(|row| flag(&row[at])).collect::<Vec<_>>()),
        FieldType::Date => {
            let days: Vec<Option<i32>> = rows.iter().map(|row| row[at].as_date().map(day_number)).collect();
            Series::new(name, days).cast(&DataType::Date)?
        }
    };
    Ok(series.into())
}

/// Days since 1970-01-01, as polars and Arrow count them.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    day.signed_duration_since(NaiveDate::default()).num_days() as i32
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) => Some(*value),
        _ => None,
    }
}

fn flag(cell: &Cell) -> Option<bool> {
    match cell {
        Cell::Boolean(value) => Some(*value),
        _ => None,
    }
}
