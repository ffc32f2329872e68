//! Every stated cell has a line that says it, and evidence speaks of cells that there are.
//!
//! In: the rows of every table and the evidence, both row by row. They are merged by the ids of rows.

use std::collections::BTreeSet;

use super::by_id::ById;
use super::checks::Checks;
use super::places::Told;
use super::{Against, WRITTEN_LATER};
use crate::error::Error;
use crate::findings::{Finding, Place, code};
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::rows::RowSource;
use crate::model::table::{FieldType, Origin};

/// Merges the stated cells of each table with the evidence for it.
///
/// # Errors
/// `Io` where rows that are not in memory cannot be read.
pub fn check(dataset: &Dataset, against: &Against<'_>, checks: &mut Checks<'_>) -> Result<(), Error> {
    let Some(schema) = against.schemas.table("evidence") else { return Ok(()) };
    let positions = ["table", "row_id", "column"].map(|column| schema.position_of(column));
    let [Some(table), Some(row), Some(column)] = positions else { return Ok(()) };
    let mut proven = Proven { rows: dataset.open("evidence")?, at: [table, row, column], table: String::new(), id: String::new(), is_over: false };
    proven.advance()?;
    let mut tables: Vec<&TableSchema> = against.schemas.tables.iter().filter(|table| !WRITTEN_LATER.contains(&table.name.as_str())).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mut found = Found::default();
    for table in tables {
        let of_table = Table::new(table, dataset, against);
        of_table.merge(&mut proven, &mut found)?;
    }
    checks.rule("evidence", "stated_cells", code::EVIDENCE_MISSING, found.examined, found.told);
    Ok(())
}

#[derive(Default)]
struct Found {
    examined: usize,
    told: Vec<Told>,
}

/// The evidence, row by row of the tables that it is for.
struct Proven<'a> {
    rows: Box<dyn RowSource + 'a>,
    at: [usize; 3],
    /// The row that is next.
    table: String,
    id: String,
    is_over: bool,
}

impl Proven<'_> {
    /// Goes to the next piece of evidence.
    fn advance(&mut self) -> Result<(), Error> {
        while !self.is_over {
            self.is_over = !self.rows.advance()?;
            let row = if self.is_over { return Ok(()) } else { self.rows.row() };
            let [Some(table), Some(id), Some(_)] = self.at.map(|at| row[at].as_text()) else { continue };
            table.clone_into(&mut self.table);
            id.clone_into(&mut self.id);
            return Ok(());
        }
        Ok(())
    }

    /// The next row of a table that has evidence, with the columns that it is for; none where there is no more for the table.
    fn next(&mut self, table: &str, columns: &mut BTreeSet<String>) -> Result<Option<String>, Error> {
        while !self.is_over && self.table.as_str() < table {
            self.advance()?;
        }
        if self.is_over || self.table != table {
            return Ok(None);
        }
        let id = self.id.clone();
        columns.clear();
        while !self.is_over && self.table == table && self.id == id {
            if let Some(column) = self.rows.row()[self.at[2]].as_text().filter(|column| !columns.contains(*column)) {
                columns.insert(column.to_owned());
            }
            self.advance()?;
        }
        Ok(Some(id))
    }
}

/// A table with its stated columns.
struct Table<'a> {
    schema: &'a TableSchema,
    stated: Vec<usize>,
    key: Vec<usize>,
    dataset: &'a Dataset,
    against: &'a Against<'a>,
}

impl<'a> Table<'a> {
    fn new(schema: &'a TableSchema, dataset: &'a Dataset, against: &'a Against<'a>) -> Self {
        let stated = (0..schema.fields.len()).filter(|&at| schema.fields[at].origin == Origin::Stated).collect();
        Self { schema, stated, key: schema.key_positions(), dataset, against }
    }

    /// The stated columns in which a row has a value.
    fn stated(&self, row: &Row) -> Vec<usize> {
        self.stated.iter().copied().filter(|&at| !row[at].is_null()).collect()
    }

    /// Shows the rows of a table that is in the order of its key in the order of their ids.
    fn in_order(&self, show: &mut dyn FnMut(&str, &Vec<usize>) -> Result<(), Error>) -> Result<(), Error> {
        let mut by_id = ById::default();
        self.dataset.each(&self.schema.name, |row| {
            let (id, stated) = (row_id(row, &self.key), self.stated(row));
            match self.key[..] {
                [_] => show(&id, &stated),
                _ => by_id.push(row[self.key[0]].as_text().unwrap_or_default(), id, stated, show),
            }
        })?;
        by_id.finish(show)
    }

    fn merge(&self, proven: &mut Proven<'_>, found: &mut Found) -> Result<(), Error> {
        let mut merging = Merging { table: self, columns: BTreeSet::new(), next: None, has_row: false, missing: BTreeSet::new() };
        merging.next = proven.next(&self.schema.name, &mut merging.columns)?;
        // Where no column is stated no line has to say anything, and nothing speaks of these rows.
        if self.stated.is_empty() && merging.next.is_none() {
            return Ok(());
        }
        let is_text = self.key.first().is_some_and(|&at| self.schema.fields[at].field_type == FieldType::String);
        if is_text && self.dataset.is_stored(&self.schema.name) {
            self.in_order(&mut |id, stated| merging.row(id, stated, proven, found))?;
        } else {
            let mut cells = Vec::new();
            self.dataset.each(&self.schema.name, |row| {
                cells.push((row_id(row, &self.key), self.stated(row)));
                Ok(())
            })?;
            cells.sort_unstable();
            cells.iter().try_for_each(|(id, stated)| merging.row(id, stated, proven, found))?;
        }
        while let Some(id) = merging.next.take() {
            merging.pass(&id, proven, found)?;
        }
        self.tell(&merging.missing, found)
    }

    /// Tells of the rows of which no line says a cell.
    fn tell(&self, missing: &BTreeSet<(String, usize)>, found: &mut Found) -> Result<(), Error> {
        if missing.is_empty() {
            return Ok(());
        }
        self.dataset.each(&self.schema.name, |row| {
            let id = row_id(row, &self.key);
            for (_, at) in missing.range((id.clone(), 0)..=(id.clone(), usize::MAX)).filter(|(_, at)| !row[*at].is_null()) {
                let column = &self.schema.fields[*at].name;
                let message = format!("{} {id}: no line says its {column}", self.schema.name);
                found.told.push(Told::about(self.against, self.schema, row, None, |place| {
                    Finding::new(code::EVIDENCE_MISSING, place, message).compared("no line", "a line of a source that says the value")
                }));
            }
            Ok(())
        })
    }
}

/// The rows of a table on their way along its evidence.
struct Merging<'a> {
    table: &'a Table<'a>,
    /// The next row that has evidence, and the columns that it is for.
    next: Option<String>,
    columns: BTreeSet<String>,
    /// Whether there is that row.
    has_row: bool,
    /// Rows and columns for which there is none.
    missing: BTreeSet<(String, usize)>,
}

impl Merging<'_> {
    fn row(&mut self, id: &str, stated: &[usize], proven: &mut Proven<'_>, found: &mut Found) -> Result<(), Error> {
        while let Some(before) = self.next.take_if(|next| next.as_str() < id) {
            self.pass(&before, proven, found)?;
        }
        let is_proven = self.next.as_deref() == Some(id);
        self.has_row |= is_proven;
        found.examined += stated.len();
        let missing = stated.iter().filter(|at| !(is_proven && self.columns.contains(&self.table.schema.fields[**at].name)));
        self.missing.extend(missing.map(|at| (id.to_owned(), *at)));
        Ok(())
    }

    /// Goes past a row that has evidence: what that is for must be there.
    fn pass(&mut self, id: &str, proven: &mut Proven<'_>, found: &mut Found) -> Result<(), Error> {
        let Table { schema, against, .. } = self.table;
        for column in self.columns.iter().filter(|column| !self.has_row || schema.position_of(column).is_none()) {
            let place = Place::file(against.schemas.files.display("tables/evidence.json"));
            let message = format!("evidence speaks of {column} of {} {id}, which there is not", schema.name);
            let finding = Finding::new(code::EVIDENCE_MISSING, place, message);
            found.told.push(finding.compared(format!("{id} {column}"), format!("a cell of {}", schema.name)).into());
        }
        self.has_row = false;
        self.next = proven.next(&schema.name, &mut self.columns)?;
        Ok(())
    }
}
