//! Where a row comes from: findings about a row point to the line of the source that says it.

use super::Against;
use crate::findings::Place;
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::source::SourceText;

/// The line that says a cell, else one that says its row, else the source that the row is of, else the row in the reference file of the
/// table, else the schema of the table.
#[must_use]
pub fn of_cell(dataset: &Dataset, against: &Against<'_>, schema: &TableSchema, row: &Row, column: Option<&str>) -> Place {
    let id = row_id(row, &schema.key_positions());
    evidence(dataset, against, &schema.name, &id, column)
        .or_else(|| evidence(dataset, against, &schema.name, &id, None))
        .or_else(|| {
            let source = row[schema.position_of("source_id")?].as_text()?;
            text_of(against, source).map(|text| Place::file(text.display_path))
        })
        .or_else(|| reference(against, schema, row))
        .unwrap_or_else(|| Place::file(against.schemas.files.display(&format!("tables/{}.json", schema.name))))
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

fn evidence(dataset: &Dataset, against: &Against<'_>, table: &str, id: &str, column: Option<&str>) -> Option<Place> {
    let schema = against.schemas.table("evidence")?;
    let at = |name: &str| schema.position_of(name);
    let (table_at, row_at, column_at, source_at, line_at) = (at("table")?, at("row_id")?, at("column")?, at("source_id")?, at("line_start")?);
    let rows = dataset.rows("evidence");
    let order = |row: &Row| [row[table_at].as_text(), row[row_at].as_text()].cmp(&[Some(table), Some(id)]);
    let start = rows.partition_point(|row| order(row).is_lt());
    let mut own = rows[start..].iter().take_while(|row| order(row).is_eq());
    let piece = own.find(|row| column.is_none_or(|column| row[column_at].as_text() == Some(column)))?;
    let source = piece[source_at].as_text()?;
    let line = u32::try_from(piece[line_at].as_integer()?).ok()?;
    let Some(text) = text_of(against, source) else { return Some(Place::new(source, line, 0)) };
    let byte = at("byte_start").and_then(|at| piece[at].as_integer()).and_then(|byte| usize::try_from(byte).ok());
    Some(byte.map_or_else(|| Place::new(text.display_path, line, 0), |byte| text.place(line, byte)))
}
