//! Resolve: from the records of all documents to the rows of every published table.
//!
//! In: one batch of records a table, the sources, what became of their bytes. Out: rows, each stated cell with evidence. The same
//! thing gets one id; where sources disagree both values are kept and the disagreement is a row of `conflicts`. The order of the
//! documents changes nothing. `changes` and `checks` are left to the stages that can know them.

mod clusters;
mod conflicts;
mod corrections;
mod counts;
mod days;
mod facts;
mod gathering;
mod heard;
mod meetings;
mod memberships;
mod misspelling;
mod names;
mod naming;
mod provenance;
mod reading;
mod rosters;
mod settle;
mod slug;

use std::collections::BTreeSet;

use crate::error::Error;
use crate::findings::Report;
use crate::model::dataset::{Dataset, Row};
use crate::model::record_table::{RecordBatches, RecordTables};
use crate::model::renames::Renames;
use crate::model::rows::{Shelf, Sorter, Ties};
use crate::model::schemas::Schemas;
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::model::span::Span;
use crate::model::{Cell, TableSchema};

use conflicts::{Cities, Conflict, Seeing};
use gathering::Gathering;
use heard::AllHeard;
use reading::Around;
use settle::{EvidenceRow, SourceDays};

/// Everything that all documents state.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub records: &'a RecordBatches,
    pub sources: &'a [SourceRow],
    pub coverage: &'a [CoverageRow],
    /// For the places of findings alone.
    pub texts: &'a [SourceText<'a>],
}

/// Makes the data set of the records of all documents. Records, what they say and rows for which there is no room wait on the shelf.
///
/// # Errors
/// `Fault` where a query cannot be carried out; those of the shelf.
pub fn run(input: Input<'_>, schemas: &Schemas, shelf: &dyn Shelf, report: &mut Report) -> Result<Dataset, Error> {
    let around = Around::new(&input);
    let days = input.sources.iter().map(|source| (source.id().to_owned(), source.first_day())).collect();
    let gathering = Gathering { input: &input, schemas, shelf, around: &around, days: &days };
    let gathered = gathering.run(report)?;
    let mut building = Building::new(&days, schemas, shelf);
    let seeing = Seeing { days: &days, around: &around, schemas, cities: Cities::default() };
    building.conflicts = gathered.conflicts;
    building.settle(gathered.heard, &|table, key| gathered.derived.of(table, key), &seeing, report)?;
    let dataset = building.finish(&input, gathered.names, report)?;
    shelf.check().map(|()| dataset)
}

/// Values of the records that are withheld: what must not stand in anything that is written.
///
/// # Errors
/// Those of the shelf.
pub fn withheld_values(records: &RecordBatches, schemas: &Schemas, shelf: &dyn Shelf) -> Result<Vec<String>, Error> {
    let mut values = BTreeSet::new();
    records.each(schemas, shelf, &|_| true, &mut |_, tables| {
        reading::withheld(tables, schemas, &mut values);
        Ok(())
    })?;
    Ok(values.into_iter().collect())
}

/// Where in its file each withheld value of one source stands, for whoever shows its lines.
#[must_use]
pub fn withheld_spans(records: &RecordTables, schemas: &Schemas) -> Vec<Span> {
    reading::withheld_spans(records, schemas)
}

/// The data set while it is put together.
struct Building<'a> {
    schemas: &'a Schemas,
    shelf: &'a dyn Shelf,
    days: &'a SourceDays,
    dataset: Dataset,
    conflicts: Vec<Conflict>,
    evidence: Evidence,
}

/// The evidence for all rows, on its way into its order: two pieces of the same are one.
struct Evidence {
    positions: [Option<usize>; 11],
    /// Used again for each.
    row: Row,
    sorter: Option<Box<dyn Sorter>>,
}

impl Evidence {
    fn new(schemas: &Schemas, shelf: &dyn Shelf) -> Self {
        let schema = schemas.table("evidence");
        Self {
            positions: schema.map(provenance::evidence_positions).unwrap_or_default(),
            row: vec![Cell::Null; schema.map_or(0, |schema| schema.fields.len())],
            sorter: schema.map(|schema| shelf.sorter(schema, Ties::Least)),
        }
    }

    fn add(&mut self, piece: &EvidenceRow<'_>) -> Result<(), Error> {
        let Some(sorter) = &mut self.sorter else { return Ok(()) };
        provenance::evidence(&self.positions, piece, &mut self.row);
        sorter.push(&self.row)
    }
}

impl<'a> Building<'a> {
    fn new(days: &'a SourceDays, schemas: &'a Schemas, shelf: &'a dyn Shelf) -> Self {
        let mut dataset = Dataset::default();
        for schema in &schemas.tables {
            dataset.tables.entry(schema.name.clone()).or_default();
        }
        Self { schemas, shelf, days, dataset, conflicts: Vec::new(), evidence: Evidence::new(schemas, shelf) }
    }

    /// Makes the rows of all that was heard of, and their evidence.
    fn settle(
        &mut self,
        mut heard: AllHeard<'a>,
        derived: &dyn Fn(&str, &str) -> gathering::Columns,
        seeing: &Seeing<'_>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let mut sorter: Option<Box<dyn Sorter>> = None;
        let Self { schemas: _, shelf, days, dataset, conflicts, evidence } = self;
        while let Some(schema) = heard.next_table(&mut |schema, key, statements| {
            let sorter = sorter.get_or_insert_with(|| shelf.sorter(schema, Ties::Keep));
            let derived = derived(&schema.name, key);
            let settling = settle::Settling { schema, derived: &derived, days };
            settling.settle(key, statements, &mut |piece| evidence.add(piece), &mut |settled| {
                if !settled.observations.is_empty() {
                    conflicts.extend(conflicts::between_sources(&settled.observations, seeing, report));
                }
                sorter.push(&settled.row)
            })
        })? {
            if let Some(sorter) = sorter.take() {
                dataset.set(&schema.name, sorter.finish()?);
            }
        }
        Ok(())
    }

    /// Puts the rows of a table into its order, on the shelf where there is no room for them.
    fn put(&mut self, table: &str, rows: &mut dyn FnMut(&TableSchema, &mut dyn Sorter) -> Result<(), Error>) -> Result<(), Error> {
        let Some(schema) = self.schemas.table(table) else { return Ok(()) };
        let mut sorter = self.shelf.sorter(schema, Ties::Keep);
        rows(schema, &mut *sorter)?;
        self.dataset.set(table, sorter.finish()?);
        Ok(())
    }

    /// Adds what tells how we know, and brings everything into the published order.
    fn finish(mut self, input: &Input<'_>, names: provenance::Names, report: &mut Report) -> Result<Dataset, Error> {
        let Input { sources, coverage, .. } = *input;
        let disputes = std::mem::take(&mut self.conflicts);
        let conflict_rows = conflicts::rows(disputes, self.schemas, &mut |piece| self.evidence.add(piece))?;
        if let Some(sorter) = self.evidence.sorter.take() {
            self.dataset.set("evidence", sorter.finish()?);
        }
        *self.dataset.rows_mut("conflicts") = conflict_rows;
        let renames = Renames::parse(&self.schemas.files, report);
        let schemas = self.schemas;
        if let Some(schema) = schemas.table("names") {
            *self.dataset.rows_mut("names") = names.rows(schema);
        }
        // There may be as many of these as documents.
        self.put("sources", &mut |schema, sorter| sources.iter().try_for_each(|source| sorter.push(&provenance::source(schema, source))))?;
        self.put("coverage", &mut |schema, sorter| coverage.iter().try_for_each(|row| sorter.push(&provenance::coverage(schema, row))))?;
        let mut fill = |table: &str, rows: &dyn Fn(&TableSchema) -> Vec<Row>| {
            if let Some(schema) = schemas.table(table) {
                *self.dataset.rows_mut(table) = rows(schema);
            }
        };
        fill("tombstones", &|schema| provenance::tombstones(schema, &renames));
        for table in ["countries", "groups", "group_members"] {
            fill(table, &|schema| provenance::reference(table, schema, schemas));
        }
        corrections::apply(&mut self.dataset, schemas, self.shelf, report)?;
        self.dataset.sort(&schemas.tables);
        Ok(self.dataset)
    }
}
