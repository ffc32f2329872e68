//! Where a row comes from: findings about a row point to the line of the source that says it.

use super::Against;
use crate::error::Error;
use crate::findings::{Finding, Place};
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::source::SourceText;

/// A finding, and the cell or row that it is about where it is about one.
#[derive(Clone, Debug)]
pub struct Told {
    pub finding: Finding,
    pub about: Option<About>,
}

/// A row or a cell of it: the place of a finding about it is that of its evidence, and is found when all has been looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    table: String,
    id: String,
    column: Option<String>,
}

impl From<Finding> for Told {
    fn from(finding: Finding) -> Self {
        Self { finding, about: None }
    }
}

impl Told {
    /// A finding about a row, or a cell of it.
    pub fn about(against: &Against<'_>, schema: &TableSchema, row: &Row, column: Option<&str>, finding: impl FnOnce(Place) -> Finding) -> Self {
        let id = row_id(row, &schema.key_positions());
        let finding = finding(without_evidence(against, schema, row));
        Self { finding, about: Some(About { table: schema.name.clone(), id, column: column.map(str::to_owned) }) }
    }
}

/// Where a row comes from that no line says: the source that it is of, else the row in the reference file of the table, else the schema of
/// the table.
fn without_evidence(against: &Against<'_>, schema: &TableSchema, row: &Row) -> Place {
    let source = || {
        let source = row[schema.position_of("source_id")?].as_text()?;
        text_of(against, source).map(|text| Place::file(text.display_path))
    };
    let schema_file = || Place::file(against.schemas.files.display(&format!("tables/{}.json", schema.name)));
    source().or_else(|| reference(against, schema, row)).unwrap_or_else(schema_file)
}

/// Gives each finding about a row the line that says its cell, else one that says the row, in one pass over the evidence.
///
/// # Errors
/// `Io` where the evidence cannot be read.
pub fn find(dataset: &Dataset, against: &Against<'_>, told: &mut [Told]) -> Result<(), Error> {
    let Some(evidence) = against.schemas.table("evidence").and_then(Evidence::new) else { return Ok(()) };
    let mut wanted: Vec<(About, usize)> = told.iter_mut().enumerate().filter_map(|(at, told)| Some((told.about.take()?, at))).collect();
    wanted.sort();
    // What is known of each: nothing, a line that says its row, a line that says its cell.
    let mut known = vec![0; told.len()];
    let mut next = 0;
    let mut rows = dataset.open("evidence")?;
    while next < wanted.len() && rows.advance()? {
        let row = rows.row();
        let Some([table, id, column]) = evidence.cell(row) else { continue };
        let is_of_row = |about: &About| (about.table.as_str(), about.id.as_str()).cmp(&(table, id));
        next += wanted[next..].iter().take_while(|(about, _)| is_of_row(about).is_lt()).count();
        for (about, at) in wanted[next..].iter().take_while(|(about, _)| is_of_row(about).is_eq()) {
            let says = 1 + u8::from(about.column.as_deref().is_none_or(|wanted| wanted == column));
            if says > known[*at]
                && let Some(place) = evidence.place(against, row)
            {
                known[*at] = says;
                told[*at].finding.place = place;
            }
        }
    }
    Ok(())
}

/// The text of a source. Where the texts stand in the order of their ids, it is found at once.
fn text_of<'a>(against: &Against<'a>, source: &str) -> Option<&'a SourceText<'a>> {
    let at = against.texts.binary_search_by(|text| text.source_id.cmp(source)).ok();
    at.map(|at| &against.texts[at]).or_else(|| against.texts.iter().find(|text| text.source_id == source))
}

/// The line of the reference file that has the key of a row.
fn reference(against: &Against<'_>, schema: &TableSchema, row: &Row) -> Option<Place> {
    let files = &against.schemas.files;
    let path = format!("reference/{}.csv", schema.name);
    let mut reader = csv::Reader::from_reader(files.get(&path)?.as_bytes());
    let header = reader.headers().ok()?.clone();
    let part = |name: &String| Some((header.iter().position(|column| column == name)?, row[schema.position_of(name)?].spelling()));
    let key = schema.primary_key.iter().map(part).collect::<Option<Vec<_>>>()?;
    let mut records = reader.records().filter_map(Result::ok);
    let record = records.find(|record| key.iter().all(|(at, value)| record.get(*at) == Some(value)))?;
    Some(Place::new(files.display(&path), u32::try_from(record.position()?.line()).ok()?, 1))
}

/// The columns of evidence that say where something stands.
struct Evidence {
    cell: [usize; 3],
    source: usize,
    line: usize,
    byte: Option<usize>,
}

impl Evidence {
    fn new(schema: &TableSchema) -> Option<Self> {
        let at = |column| schema.position_of(column);
        let cell = [at("table")?, at("row_id")?, at("column")?];
        Some(Self { cell, source: at("source_id")?, line: at("line_start")?, byte: at("byte_start") })
    }

    fn cell<'a>(&self, row: &'a Row) -> Option<[&'a str; 3]> {
        let [table, id, column] = self.cell.map(|at| row[at].as_text());
        Some([table?, id?, column?])
    }

    fn place(&self, against: &Against<'_>, row: &Row) -> Option<Place> {
        let source = row[self.source].as_text()?;
        let line = u32::try_from(row[self.line].as_integer()?).ok()?;
        let Some(text) = text_of(against, source) else { return Some(Place::new(source, line, 0)) };
        let byte = self.byte.and_then(|at| row[at].as_integer()).and_then(|byte| usize::try_from(byte).ok());
        Some(byte.map_or_else(|| Place::new(text.display_path, line, 0), |byte| text.place(line, byte)))
    }
}
