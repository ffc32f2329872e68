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
mod meetings;
mod memberships;
mod names;
mod naming;
mod provenance;
mod reading;
mod rosters;
mod settle;
mod slug;

use std::collections::BTreeMap;

use crate::error::Error;
use crate::findings::Report;
use crate::model::dataset::Dataset;
use crate::model::record_table::RecordTable;
use crate::model::renames::Renames;
use crate::model::rows::{Shelf, Sorter, Ties};
use crate::model::schemas::Schemas;
use crate::model::source::{CoverageRow, SourceRow, SourceText};
use crate::model::span::Span;

use days::Calendar;
use naming::{Naming, Thing};
use reading::Records;
use rosters::Rosters;
use settle::{EvidenceRow, Observation, SourceDays, Statements};

/// Everything that all documents state.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// By table.
    pub records: &'a BTreeMap<String, RecordTable>,
    pub sources: &'a [SourceRow],
    pub coverage: &'a [CoverageRow],
    /// For the places of findings alone.
    pub texts: &'a [SourceText<'a>],
}

/// Makes the data set of the records of all documents. Rows for which there is no room wait on the shelf.
///
/// # Errors
/// `Fault` where a query cannot be carried out; those of the shelf.
pub fn run(input: Input<'_>, schemas: &Schemas, shelf: &dyn Shelf, report: &mut Report) -> Result<Dataset, Error> {
    let Input { sources, coverage, .. } = input;
    let records = Records::read(&input, schemas, shelf);
    let naming = Naming::new(&records, schemas);
    let meetings = meetings::meetings(&records, schemas, &naming, report);
    let calendar = Calendar::new(sources, meetings.named);
    let stated = memberships::stated(&records, schemas, &naming, &calendar, report);
    let counts = counts::counts(&records, &stated, schemas, &naming, &calendar, report);
    let rosters = Rosters::new(&stated, &counts::counted(&counts), schemas)?;
    let via = rosters::via_groups(&rosters, &stated, &counts::group_counts(&counts))?;
    let (count_statements, mut disputes) = counts::statements(&counts, &stated, &rosters, schemas, &calendar, report)?;
    let secretariats = memberships::secretariats(&stated);
    let no_secretariats = BTreeMap::new();
    let (programmes, programme_countries) = facts::programmes(&records, schemas, &naming);

    let mut building = Building::new(sources, schemas, shelf);
    disputes.extend(conflicts::between_roles(&stated, &building.days)?);
    building.settle("dialogues", naming::statements(Thing::Dialogue, &records, schemas, &naming, &secretariats))?;
    building.settle("organizations", naming::statements(Thing::Organization, &records, schemas, &naming, &no_secretariats))?;
    building.settle("memberships", memberships::statements(&stated, &via))?;
    building.settle("membership_statements", memberships::told(&stated))?;
    drop((stated, via, rosters));
    building.settle("meetings", meetings.statements)?;
    building.settle("stated_counts", count_statements)?;
    building.settle("themes", facts::themes(&records, &naming))?;
    building.settle("publications", facts::publications(&records, &naming))?;
    building.settle("programmes", programmes)?;
    building.settle("programme_countries", programme_countries)?;
    building.settle("figures", facts::figures(&records))?;
    building.settle("contacts", facts::contacts(&records, schemas, &naming))?;
    let dataset = building.finish(&records, sources, coverage, disputes, report)?;
    shelf.check().map(|()| dataset)
}

/// Values of the records that are withheld: what must not stand in anything that is written.
#[must_use]
pub fn withheld_values(records: &BTreeMap<String, RecordTable>, schemas: &Schemas, shelf: &dyn Shelf) -> Vec<String> {
    reading::withheld(records, schemas, shelf)
}

/// Where in its file each withheld value of one source stands, for whoever shows its lines.
#[must_use]
pub fn withheld_spans(records: &BTreeMap<String, RecordTable>, schemas: &Schemas, shelf: &dyn Shelf) -> Vec<Span> {
    reading::withheld_spans(records, schemas, shelf)
}

/// The data set while it is put together.
struct Building<'a> {
    schemas: &'a Schemas,
    shelf: &'a dyn Shelf,
    days: SourceDays,
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
    fn new(sources: &[SourceRow], schemas: &'a Schemas, shelf: &'a dyn Shelf) -> Self {
        let days = sources.iter().map(|source| (source.id().to_owned(), source.first_day())).collect();
        let mut dataset = Dataset::default();
        for schema in &schemas.tables {
            dataset.tables.entry(schema.name.clone()).or_default();
        }
        Self { schemas, shelf, days, dataset, observations: Vec::new(), evidence: Evidence::new(schemas, shelf) }
    }

    /// Makes the rows of a table, and their evidence.
    fn settle(&mut self, table: &str, statements: Statements<'_>) -> Result<(), Error> {
        let Some(schema) = self.schemas.table(table) else { return Ok(()) };
        let mut sorter = self.shelf.sorter(schema, Ties::Keep);
        let (evidence, observations) = (&mut self.evidence, &mut self.observations);
        settle::settle(schema, statements, &self.days, &mut |settled| {
            observations.extend(settled.observations);
            evidence.add(settled.evidence)?;
            sorter.push(settled.row)
        })?;
        self.dataset.set(table, sorter.finish()?);
        Ok(())
    }

    /// Adds what tells how we know, and brings everything into the published order.
    fn finish(
        mut self,
        records: &Records<'_>,
        sources: &[SourceRow],
        coverage: &[CoverageRow],
        mut disputes: Vec<conflicts::Conflict>,
        report: &mut Report,
    ) -> Result<Dataset, Error> {
        disputes.extend(conflicts::between_sources(&self.observations, &self.days, records, report));
        let (conflict_rows, conflict_evidence) = conflicts::rows(disputes, self.schemas);
        self.evidence.add(conflict_evidence)?;
        if let Some(sorter) = self.evidence.sorter.take() {
            self.dataset.set("evidence", sorter.finish()?);
        }
        *self.dataset.rows_mut("conflicts") = conflict_rows;
        let renames = Renames::parse(&self.schemas.files, report);
        let schemas = self.schemas;
        let mut fill = |table: &str, rows: &dyn Fn(&crate::model::TableSchema) -> Vec<crate::model::dataset::Row>| {
            if let Some(schema) = schemas.table(table) {
                *self.dataset.rows_mut(table) = rows(schema);
            }
        };
        fill("sources", &|schema| provenance::sources(schema, sources));
        fill("coverage", &|schema| provenance::coverage(schema, coverage));
        fill("names", &|schema| provenance::names(schema, records, schemas));
        fill("tombstones", &|schema| provenance::tombstones(schema, &renames));
        for table in ["countries", "groups", "group_members"] {
            fill(table, &|schema| provenance::reference(table, schema, schemas));
        }
        corrections::apply(&mut self.dataset, schemas, self.shelf, report)?;
        self.dataset.sort(&schemas.tables);
        Ok(self.dataset)
    }
}
