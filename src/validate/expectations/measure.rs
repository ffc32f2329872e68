//! The rows that an expectation looks at: a question to polars.

use std::collections::BTreeSet;

use polars::prelude::{DataType, Expr, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};

use super::spelling;
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::expectations::Expectation;
use crate::model::frame::{day_number, frame};
use crate::validate::Against;

/// Rows of one table, in their order.
#[derive(Debug)]
pub struct Selection<'a> {
    pub rows: Vec<&'a Row>,
}

impl Selection<'_> {
    /// The values of a column, as spelt; empty ones are no values.
    #[must_use]
    pub fn values(&self, schema: &TableSchema, column: &str) -> BTreeSet<String> {
        let Some(at) = schema.position_of(column) else { return BTreeSet::new() };
        self.rows.iter().map(|row| &row[at]).filter(|cell| !cell.is_null()).map(spelling).collect()
    }
}

/// The rows that have the values of the filter and hold on the day.
///
/// # Errors
/// `Fault` where polars cannot carry out the query.
pub fn select<'a>(expectation: &Expectation, schema: &TableSchema, dataset: &'a Dataset) -> Result<Selection<'a>, Error> {
    let rows = dataset.rows(&schema.name);
    let fault = |error| Error::Fault(format!("query over {}: {error}", schema.name));
    let selected = query(expectation, schema, rows).map_err(fault)?;
    Ok(Selection { rows: selected.into_iter().filter_map(|at| rows.get(at)).collect() })
}

fn query(expectation: &Expectation, schema: &TableSchema, rows: &[Row]) -> PolarsResult<Vec<usize>> {
    const ROW: &str = "row number";
    let mut wanted: Expr = lit(true);
    for (column, value) in &expectation.filter {
        let value = value.spelling();
        let column = col(column.as_str());
        wanted = wanted.and(if value.is_empty() { column.is_null() } else { column.cast(DataType::String).eq(lit(value)) });
    }
    if let Some(day) = expectation.as_of.map(day_number) {
        let day_of = |column: &str| col(column).cast(DataType::Int32);
        wanted = wanted
            .and(col("valid_from").is_null().or(day_of("valid_from").lt_eq(lit(day))))
            .and(col("valid_to").is_null().or(day_of("valid_to").gt(lit(day))));
    }
    let selected = frame(schema, rows)?
        .lazy()
        .with_row_index(ROW, None)
        .filter(wanted)
        .select([col(ROW).cast(DataType::UInt32)])
        .sort([ROW], SortMultipleOptions::default())
        .collect()?;
    Ok(selected.column(ROW)?.u32()?.iter().flatten().map(|at| at as usize).collect())
}

/// Keys of the last release that are neither in this one nor among its tombstones.
#[must_use]
pub fn removed(schema: &TableSchema, previous: &Dataset, dataset: &Dataset, against: &Against<'_>) -> Vec<String> {
    let key = schema.key_positions();
    let now: BTreeSet<String> = dataset.rows(&schema.name).iter().map(|row| row_id(row, &key)).collect();
    let tombstones = against.schemas.table("tombstones");
    let buried: BTreeSet<String> = tombstones
        .and_then(|tombstones| Some((tombstones.position_of("table")?, tombstones.position_of("row_id")?)))
        .map(|(table_at, row_at)| {
            let own = dataset.rows("tombstones").iter().filter(|row| row[table_at].as_text() == Some(&schema.name));
            own.map(|row| spelling(&row[row_at])).collect()
        })
        .unwrap_or_default();
    let then = previous.rows(&schema.name).iter().filter(|row| row.len() == schema.fields.len()).map(|row| row_id(row, &key));
    then.filter(|id| !now.contains(id) && !buried.contains(id)).collect()
}
