//! The rows that an expectation looks at: a question to polars.

use std::borrow::Cow;
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
    pub rows: Vec<Cow<'a, Row>>,
}

impl Selection<'_> {
    /// The values of a column, as spelt; empty ones are no values.
    #[must_use]
    pub fn values(&self, schema: &TableSchema, column: &str) -> BTreeSet<String> {
        let Some(at) = schema.position_of(column) else { return BTreeSet::new() };
        self.rows.iter().map(|row| &row[at]).filter(|cell| !cell.is_null()).map(spelling).collect()
    }
}

/// Rows that are asked at a time where a table is not in memory.
const ASKED: usize = 50_000;

/// The rows that have the values of the filter and hold on the day.
///
/// # Errors
/// `Fault` where polars cannot carry out the query; `Io` where rows that are not in memory cannot be read.
pub fn select<'a>(expectation: &Expectation, schema: &TableSchema, dataset: &'a Dataset) -> Result<Selection<'a>, Error> {
    let ask = |rows: &[Row]| query(expectation, schema, rows).map_err(|error| Error::Fault(format!("query over {}: {error}", schema.name)));
    if !dataset.is_stored(&schema.name) {
        let rows = dataset.rows(&schema.name);
        return Ok(Selection { rows: ask(rows)?.into_iter().filter_map(|at| rows.get(at)).map(Cow::Borrowed).collect() });
    }
    let mut selected = Vec::new();
    let mut asked: Vec<Row> = Vec::new();
    let mut take = |asked: &mut Vec<Row>| {
        selected.extend(ask(asked)?.into_iter().filter_map(|at| asked.get_mut(at).map(std::mem::take)).map(Cow::Owned));
        asked.clear();
        Ok::<_, Error>(())
    };
    dataset.each(&schema.name, |row| {
        asked.push(row.clone());
        if asked.len() == ASKED { take(&mut asked) } else { Ok(()) }
    })?;
    take(&mut asked)?;
    Ok(Selection { rows: selected })
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
///
/// # Errors
/// `Io` where rows that are not in memory cannot be read.
pub fn removed(schema: &TableSchema, previous: &Dataset, dataset: &Dataset, against: &Against<'_>) -> Result<Vec<String>, Error> {
    let key = schema.key_positions();
    let mut now: BTreeSet<String> = BTreeSet::new();
    dataset.each(&schema.name, |row| {
        now.insert(row_id(row, &key));
        Ok(())
    })?;
    let tombstones = against.schemas.table("tombstones");
    let buried: BTreeSet<String> = tombstones
        .and_then(|tombstones| Some((tombstones.position_of("table")?, tombstones.position_of("row_id")?)))
        .map(|(table_at, row_at)| {
            let own = dataset.rows("tombstones").iter().filter(|row| row[table_at].as_text() == Some(&schema.name));
            own.map(|row| spelling(&row[row_at])).collect()
        })
        .unwrap_or_default();
    let then = previous.rows(&schema.name).iter().filter(|row| row.len() == schema.fields.len()).map(|row| row_id(row, &key));
    Ok(then.filter(|id| !now.contains(id) && !buried.contains(id)).collect())
}
