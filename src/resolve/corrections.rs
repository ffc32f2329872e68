//! Corrections: reviewed overrides of cells, applied to rows that are settled.
//!
//! A correction says what it expects to find. One that finds something else, or nothing left to do, is an error with its line: a
//! source or a rule has changed under it. The evidence of a corrected cell keeps its bytes and names the correction as its rule.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::model::corrections::{Correction, cell_of, parse};
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::rows::{Shelf, Ties};
use crate::model::schemas::Schemas;
use crate::model::table::Field;
use crate::model::{Cell, TableSchema};

/// Applies every correction to the tables that it speaks of.
///
/// # Errors
/// Those of the shelf.
pub fn apply(dataset: &mut Dataset, schemas: &Schemas, shelf: &dyn Shelf, report: &mut Report) -> Result<(), Error> {
    for (place, correction) in parse(&schemas.files, report) {
        match Plan::new(&correction, schemas) {
            Ok(plan) => plan.carry_out(dataset, schemas, shelf, &place, report)?,
            Err(why) => report.push(Finding::new(code::SCHEMA_INVALID, place, why)),
        }
    }
    Ok(())
}

/// Changes the rows of a table: in their place, or on their way from the shelf to the shelf. Their keys stay as they are.
fn change(dataset: &mut Dataset, schema: &TableSchema, shelf: &dyn Shelf, change: impl Fn(&mut Row)) -> Result<(), Error> {
    if !dataset.is_stored(&schema.name) {
        dataset.rows_mut(&schema.name).iter_mut().for_each(change);
        return Ok(());
    }
    let mut sorter = shelf.sorter(schema, Ties::Keep);
    dataset.each(&schema.name, |row| {
        let mut row = row.clone();
        change(&mut row);
        sorter.push(&row)
    })?;
    dataset.set(&schema.name, sorter.finish()?);
    Ok(())
}

/// A correction that fits its table.
struct Plan<'a> {
    correction: &'a Correction,
    schema: &'a TableSchema,
    at: usize,
    selector: Vec<(usize, Cell)>,
    from: Cell,
    to: Cell,
}

impl<'a> Plan<'a> {
    fn new(correction: &'a Correction, schemas: &'a Schemas) -> Result<Self, String> {
        let table = &correction.table;
        let schema = schemas.table(table).ok_or_else(|| format!("there is no table \"{table}\""))?;
        let column = |name: &String| -> Result<(usize, &Field), String> {
            let at = schema.position_of(name).ok_or_else(|| format!("{table} has no column \"{name}\""))?;
            Ok((at, &schema.fields[at]))
        };
        let (at, field) = column(&correction.column)?;
        if schema.primary_key.contains(&correction.column) {
            return Err(format!("\"{}\" is the key of {table}: list the row in schemas/renames.toml instead", correction.column));
        }
        let typed = |field: &Field, value| cell_of(field, value).ok_or_else(|| format!("{} cannot be \"{}\"", field.name, value.spelling()));
        let selector: Result<Vec<(usize, Cell)>, String> =
            correction.selector.iter().map(|(name, value)| column(name).and_then(|(at, field)| Ok((at, typed(field, value)?)))).collect();
        let selector = selector?;
        if selector.is_empty() {
            return Err("the correction selects no rows: where is empty".to_owned());
        }
        Ok(Self { correction, schema, at, selector, from: typed(field, &correction.from)?, to: typed(field, &correction.to)? })
    }

    fn carry_out(&self, dataset: &mut Dataset, schemas: &Schemas, shelf: &dyn Shelf, place: &Place, report: &mut Report) -> Result<(), Error> {
        let is_meant = |row: &Row| self.selector.iter().all(|(at, cell)| row[*at] == *cell);
        let key = self.schema.key_positions();
        // The values of the rows that are meant, and the ids of those that are to be changed.
        let (mut meant, mut ids, mut done) = (Vec::new(), BTreeSet::new(), 0);
        dataset.each(&self.schema.name, |row| {
            if is_meant(row) {
                meant.push(row[self.at].clone());
                done += usize::from(row[self.at] == self.to);
                if row[self.at] == self.from {
                    ids.insert(row_id(row, &key));
                }
            }
            Ok(())
        })?;
        let to_change = meant.iter().filter(|value| **value == self.from).count();
        let Correction { table, column, expect, .. } = self.correction;
        let (from, to) = (self.from.spelling(), self.to.spelling());
        if to_change == 0 && done > 0 {
            let message = format!("{column} of {table} is \"{to}\" without the correction");
            report.push(
                Finding::new(code::CORRECTION_UNNEEDED, place.clone(), message)
                    .compared(to, from)
                    .hint("remove the correction: the source or a rule says it now"),
            );
            return Ok(());
        }
        if to_change != *expect {
            let found = match meant.as_slice() {
                [] => "no row is meant by its selector".to_owned(),
                [value] => format!("the row has \"{}\"", value.spelling()),
                several => format!("{to_change} of {} rows have it", several.len()),
            };
            let message = format!("{column} of {table}: expected \"{from}\" in {expect} rows, {found}");
            report.push(
                Finding::new(code::CORRECTION_UNMATCHED, place.clone(), message)
                    .compared(found, format!("\"{from}\" in {expect} rows"))
                    .hint("look at what changed, then mend or remove the correction"),
            );
            return Ok(());
        }
        change(dataset, self.schema, shelf, |row| {
            if is_meant(row) && row[self.at] == self.from {
                row[self.at] = self.to.clone();
            }
        })?;
        self.mark_evidence(dataset, schemas, shelf, &ids)
    }

    /// Names the correction as the rule of the evidence of each changed cell.
    fn mark_evidence(&self, dataset: &mut Dataset, schemas: &Schemas, shelf: &dyn Shelf, ids: &BTreeSet<String>) -> Result<(), Error> {
        let Some(evidence) = schemas.table("evidence") else { return Ok(()) };
        let at = |column: &str| evidence.position_of(column);
        let (Some(table_at), Some(row_at), Some(column_at), Some(rule_at)) = (at("table"), at("row_id"), at("column"), at("rule")) else {
            return Ok(());
        };
        let rule = Cell::text(format!("correction/{}", self.correction.by));
        change(dataset, evidence, shelf, |row| {
            let is_of_cell = row[table_at].as_text() == Some(&self.correction.table)
                && row[column_at].as_text() == Some(&self.correction.column)
                && row[row_at].as_text().is_some_and(|id| ids.contains(id));
            if is_of_cell {
                row[rule_at] = rule.clone();
            }
        })
    }
}
