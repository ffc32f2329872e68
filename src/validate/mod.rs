//! Validate: may these rows be published?
//!
//! In: the rows of every table, the schemas, the texts of the sources, the last release. Out: findings, and one row of `checks` for
//! every check that was declared: whether it ran, over how many rows, what it measured and what it should have. A check that looks
//! at nothing proves nothing, and is an error of its own.

mod breach;
mod by_id;
mod checks;
mod columns;
mod evidence;
mod expectations;
pub mod file;
mod formulas;
mod keys;
mod personal;
mod places;
mod rules;
mod tables;
mod values;
mod withheld;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::error::Error;
use crate::findings::Report;
use crate::model::dataset::Dataset;
use crate::model::expectations::Expectations;
use crate::model::schemas::{SchemaFiles, Schemas};
use crate::model::source::SourceText;

use checks::Checks;
use personal::Detectors;

/// Tables that are written after validation: this stage writes the one, publish the other.
const WRITTEN_LATER: [&str; 2] = ["checks", "changes"];

/// What the rows are held against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    pub schemas: &'a Schemas,
    /// The texts in which claims are looked up.
    pub texts: &'a [SourceText<'a>],
    /// Values that were withheld: none of them may stand in what is written.
    pub withheld: &'a [String],
    /// The rows of the last release, where there is one.
    pub previous: Option<&'a Dataset>,
    /// The day of the run: waivers expire.
    pub today: NaiveDate,
}

/// The tables that expectations look at: of these the last release is of interest.
#[must_use]
pub fn tables_looked_at(files: &SchemaFiles) -> BTreeSet<String> {
    // What is wrong with the file is told when it is read for the checks.
    let expectations = Expectations::parse(files, &mut Report::default());
    expectations.expectations.into_iter().filter_map(|(_, expectation)| expectation.table).collect()
}

/// The day of the run, where what is found depends on it: where a waiver has expired.
#[must_use]
pub fn day_that_counts(files: &SchemaFiles, today: NaiveDate) -> Option<NaiveDate> {
    let expectations = Expectations::parse(files, &mut Report::default());
    expectations.waivers.iter().any(|(_, waiver)| waiver.expires < today).then_some(today)
}

/// Takes what is personal out of what was found before any row was made.
#[derive(Debug)]
pub struct Mask(Detectors);

impl Mask {
    /// # Errors
    /// `Fault` where a detector is no regular expression.
    pub fn new(schemas: &Schemas) -> Result<Self, Error> {
        let against = Against { schemas, texts: &[], withheld: &[], previous: None, today: NaiveDate::default() };
        Ok(Self(Detectors::new(&Dataset::default(), &against)?))
    }

    /// Masks what is reported: what looks personal, and the values that were withheld.
    pub fn apply(&self, withheld: &[&str], report: &mut Report) {
        match self.0.with_withheld(withheld) {
            Some(detectors) => personal::mask_findings(&detectors, report),
            None => personal::mask_findings(&self.0, report),
        }
    }
}

/// Takes what is personal out of what was found before any row was made.
///
/// # Errors
/// `Fault` where a detector is no regular expression.
pub fn mask(schemas: &Schemas, report: &mut Report) -> Result<(), Error> {
    Mask::new(schemas)?.apply(&[], report);
    Ok(())
}

/// Runs every check that is declared and fills the table `checks`. What fails is a finding.
///
/// # Errors
/// `Fault` where a query cannot be carried out; `Io` where rows that are not in memory cannot be read.
pub fn run(dataset: &mut Dataset, against: &Against<'_>, report: &mut Report) -> Result<(), Error> {
    let expectations = Expectations::parse(&against.schemas.files, report);
    let mut checks = Checks::new(&expectations.waivers, against);
    let detectors = Detectors::new(dataset, against)?;
    let mut personal = personal::Looking::new(&detectors);
    let mut formulas = formulas::Looking::default();
    for schema in against.schemas.tables.iter().filter(|schema| !WRITTEN_LATER.contains(&schema.name.as_str())) {
        let mut table = tables::Looking::new(schema, dataset, against)?;
        personal.begin(schema);
        formulas.begin(schema);
        dataset.each(&schema.name, |row| {
            personal.row(against, schema, row);
            formulas.row(against, schema, row);
            table.row(row)
        })?;
        table.finish(&mut checks)?;
    }
    personal.finish(&mut checks);
    formulas.finish(&mut checks);
    evidence::check(dataset, against, &mut checks)?;
    expectations::check(&expectations, dataset, against, &mut checks)?;
    let rows = checks.finish(dataset, report)?;
    *dataset.rows_mut("checks") = rows;
    personal::mask_findings(&detectors, report);
    Ok(())
}
