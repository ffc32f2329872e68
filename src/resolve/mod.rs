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
use crate::model::dataset::Dataset;
use crate::model::record_table::{RecordBatches, RecordTables};
use crate::model::renames::Renames;
use crate::model::rows::{Shelf, Sorter, Ties};
use crate::model::schemas::Schemas;
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::model::span::Span;

use gathering::Gathering;
use heard::AllHeard;
use reading::Around;
use settle::{EvidenceRow, Observation, SourceDays};

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
    building.settle(gathered.heard, &|table, key| gathered.derived.of(table, key))?;
    let dataset = building.finish(&input, &around, gathered.names, gathered.conflicts, report)?;
    shelf.check().map(|()| dataset)
}

/// Values of the records that are withheld: what must not stand in anything that is written.
///
/// # Errors
/// Those of the shelf.
pub fn withheld_values(records: &RecordBatches, schemas: &Schemas, shelf: &dyn Shelf) -> Result<Vec<String>, Error> {
    let mut values = BTreeSet::new();
    records.each(schemas, shelf, &|_| true, &mut |tables| {
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
    observations: Vec<Observation>,
    evidence: Evidence,
}

/// The evidence for all rows, on its way into its order: two pieces of the same are one.
struct Evidence {
    positions: [Option<usize>; 11],
    columns: usize,
    sorter: Option<Box<dyn Sorter>>,
}

impl Evidence {
    fn new(schemas: &Schemas, shelf: &dyn Shelf) -> Self {
        let schema = schemas.table("evidence");
        Self {
            positions: schema.map(provenance::evidence_positions).unwrap_or_default(),
            columns: schema.map_or(0, |schema| schema.fields.len()),
            sorter: schema.map(|schema| shelf.sorter(schema, Ties::Least)),
        }
    }

    fn add(&mut self, evidence: Vec<EvidenceRow>) -> Result<(), Error> {
        let Some(sorter) = &mut self.sorter else { return Ok(()) };
        evidence.into_iter().try_for_each(|row| sorter.push(provenance::evidence(&self.positions, self.columns, row)))
    }
}

impl<'a> Building<'a> {
    fn new(days: &'a SourceDays, schemas: &'a Schemas, shelf: &'a dyn Shelf) -> Self {
        let mut dataset = Dataset::default();
        for schema in &schemas.tables {
            dataset.tables.entry(schema.name.clone()).or_default();
        }
        Self { schemas, shelf, days, dataset, observations: Vec::new(), evidence: Evidence::new(schemas, shelf) }
    }

    /// Makes the rows of all that was heard of, and their evidence.
    fn settle(&mut self, mut heard: AllHeard<'a>, derived: &dyn Fn(&str, &str) -> gathering::Columns) -> Result<(), Error> {
        let mut sorter: Option<Box<dyn Sorter>> = None;
        let Self { schemas: _, shelf, days, dataset, observations, evidence } = self;
        while let Some(schema) = heard.next_table(&mut |schema, key, statements| {
            let sorter = sorter.get_or_insert_with(|| shelf.sorter(schema, Ties::Keep));
            settle::settle(schema, key, statements, &derived(&schema.name, key), days, &mut |settled| {
                observations.extend(settled.observations);
                evidence.add(settled.evidence)?;
                sorter.push(settled.row)
            })
        })? {
            if let Some(sorter) = sorter.take() {
                dataset.set(&schema.name, sorter.finish()?);
            }
        }
        Ok(())
    }

    /// Adds what tells how we know, and brings everything into the published order.
    fn finish(
        mut self,
        input: &Input<'_>,
        around: &Around<'_>,
        names: provenance::Names,
        mut disputes: Vec<conflicts::Conflict>,
        report: &mut Report,
    ) -> Result<Dataset, Error> {
        let Input { sources, coverage, .. } = *input;
        disputes.extend(conflicts::between_sources(&self.observations, self.days, around, self.schemas, report));
        let (conflict_rows, conflict_evidence) = conflicts::rows(disputes, self.schemas);
        self.evidence.add(conflict_evidence)?;
        if let Some(sorter) = self.evidence.sorter.take() {
            self.dataset.set("evidence", sorter.finish()?);
        }
        *self.dataset.rows_mut("conflicts") = conflict_rows;
        let renames = Renames::parse(&self.schemas.files, report);
        let schemas = self.schemas;
        if let Some(schema) = schemas.table("names") {
            *self.dataset.rows_mut("names") = names.rows(schema);
        }
        let mut fill = |table: &str, rows: &dyn Fn(&crate::model::TableSchema) -> Vec<crate::model::dataset::Row>| {
            if let Some(schema) = schemas.table(table) {
                *self.dataset.rows_mut(table) = rows(schema);
            }
        };
        fill("sources", &|schema| provenance::sources(schema, sources));
        fill("coverage", &|schema| provenance::coverage(schema, coverage));
        fill("tombstones", &|schema| provenance::tombstones(schema, &renames));
        for table in ["countries", "groups", "group_members"] {
            fill(table, &|schema| provenance::reference(table, schema, schemas));
        }
        corrections::apply(&mut self.dataset, schemas, self.shelf, report)?;
        self.dataset.sort(&schemas.tables);
        Ok(self.dataset)
    }
}
