//! The rows of an earlier release, in the columns of today: what may not vanish beyond a budget.

use std::collections::BTreeSet;
use std::path::Path;

use super::store::{self, Problems};
use super::tables::Tables;
use crate::error::Error;
use crate::model::dataset::Dataset;
use crate::model::{Cell, TableSchema};

/// Some tables of the newest release but `skip`; none where there is no such release. A column that it lacks is empty, and a table of
/// which the key was another is left out: its rows have no ids to compare.
///
/// # Errors
/// `Store` where the release is not sound; `Io` where a file cannot be read.
pub fn last_rows(output: &Path, skip: usize, tables: &BTreeSet<String>, schemas: &[TableSchema]) -> Result<Option<Dataset>, Error> {
    let versions = store::versions(output)?;
    let Some(version) = versions.into_iter().rev().nth(skip) else { return Ok(None) };
    let folder = output.join(version.to_string());
    let mut problems = Problems::default();
    let release = store::open(&folder, version, &mut problems)?;
    problems.into_result(output)?;
    let Some(old) = release.map(|release| release.tables()) else { return Ok(None) };
    let mut dataset = Dataset::default();
    for schema in schemas.iter().filter(|schema| tables.contains(&schema.name)) {
        let Some(before) = old.schema(&schema.name).filter(|before| before.primary_key == schema.primary_key) else { continue };
        let positions: Vec<Option<usize>> = schema.fields.iter().map(|field| before.position_of(&field.name)).collect();
        let mut rows = old.open(before)?;
        while rows.advance()? {
            let row = positions.iter().map(|at| at.map_or(Cell::Null, |at| rows.row()[at].clone())).collect();
            dataset.rows_mut(&schema.name).push(row);
        }
    }
    Ok(Some(dataset))
}
