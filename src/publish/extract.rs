//! Records as files: what `rollcall extract` writes, one row a record, before anything is resolved.
//!
//! CSV is a projection that each table declares (`extract` in its schema), with names written out. Parquet and Arrow carry the
//! whole record, evidence included. Withheld records are left out of all of them unless asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt32Type;
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;

use super::rows::unsound;
use super::{csv_file, disk, parquet_file};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::record::array_cell;
use crate::model::table::ExtractColumn;

/// A format of records.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line, and the extension of its files.
    pub name: &'static str,
    /// Writes the records of one table; none where the format has nothing to say of the table.
    render: Render,
}

type Render = fn(&TableSchema, Option<&RecordBatch>) -> Result<Option<Vec<u8>>, Error>;

/// All formats.
pub const FORMATS: &[Format] =
    &[Format { name: "csv", render: csv_bytes }, Format { name: "parquet", render: parquet_bytes }, Format { name: "arrow", render: arrow_bytes }];

impl FromStr for &'static Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| format!("\"{name}\" is none of the formats {}", names.join(", ")))
    }
}

/// What was written of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub table: String,
    pub rows: usize,
    /// Personal records that were left out.
    pub withheld: usize,
}

/// Roles whose published name says what the party is: role, party, name. Every other role is one word.
const COMPOUNDS: &[(&str, &str, &str)] = &[
    ("member", "state", "member_state"),
    ("member", "organization", "member_organisation"),
    ("member", "group", "participating_group"),
    ("observer", "state", "observer_state"),
    ("observer", "organization", "observer_organisation"),
    ("observer", "group", "observer_group"),
    ("partner", "organization", "partner_organisation"),
];

/// Writes the records of each table into a folder, which is made where it is not there.
///
/// # Errors
/// `Io` where a file cannot be written; `Store` where a batch has another schema than its table declares.
pub fn write(
    out: &Path,
    format: &Format,
    tables: &[TableSchema],
    batches: &BTreeMap<String, RecordBatch>,
    include_withheld: bool,
) -> Result<Vec<Written>, Error> {
    disk::make_folder(out)?;
    let mut written = Vec::new();
    for schema in tables.iter().filter(|schema| schema.record.is_some()) {
        let path = out.join(format!("{}.{}", schema.name, format.name));
        let all = batches.get(&schema.name);
        let shown = match all {
            Some(batch) if !include_withheld => Some(without_withheld(batch).map_err(|error| unsound(&path, error.to_string()))?),
            other => other.cloned(),
        };
        if let Some(bytes) = (format.render)(schema, shown.as_ref())? {
            disk::replace(&path, &bytes)?;
            let rows = shown.as_ref().map_or(0, RecordBatch::num_rows);
            written.push(Written { table: schema.name.clone(), rows, withheld: all.map_or(0, RecordBatch::num_rows) - rows });
        }
    }
    Ok(written)
}

fn without_withheld(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let withheld = batch.column_by_name("withheld").and_then(|column| column.as_boolean_opt());
    let withheld = withheld.ok_or_else(|| ArrowError::SchemaError("records do not say whether they are withheld".to_owned()))?;
    let shown: BooleanArray = withheld.iter().map(|withheld| Some(!withheld.unwrap_or(true))).collect();
    filter_record_batch(batch, &shown)
}

fn csv_bytes(schema: &TableSchema, batch: Option<&RecordBatch>) -> Result<Option<Vec<u8>>, Error> {
    if schema.extract.is_empty() {
        return Ok(None);
    }
    let name = format!("{}.csv", schema.name);
    let path = Path::new(&name);
    let mut writer = csv_file::writer(Vec::new());
    writer.write_record(schema.extract.iter().map(|column| &column.name)).map_err(csv_file::write_error(path))?;
    for row in 0..batch.map_or(0, RecordBatch::num_rows) {
        for column in &schema.extract {
            let value = batch.and_then(|batch| value(schema, column, batch, row));
            let value = value.ok_or_else(|| unsound(path, format!("records have no column \"{}\"", column.from)))?;
            writer.write_field(value).map_err(csv_file::write_error(path))?;
        }
        writer.write_record(None::<&[u8]>).map_err(csv_file::write_error(path))?;
    }
    writer.into_inner().map(Some).map_err(|error| Error::io("write", path)(std::io::Error::other(error.error().to_string())))
}

/// A value of the projection; none where the batch lacks the column.
fn value(schema: &TableSchema, column: &ExtractColumn, batch: &RecordBatch, row: usize) -> Option<String> {
    let value = spelling(schema, &column.from, batch, row)?;
    let Some(compound) = &column.compound else { return Some(value) };
    let party = spelling(schema, compound, batch, row)?;
    let name = COMPOUNDS.iter().find(|(role, of, _)| *role == value && *of == party);
    Some(name.map_or(value, |(_, _, name)| (*name).to_owned()))
}

/// The spelling of a column of the record, or of one that every record has.
fn spelling(schema: &TableSchema, name: &str, batch: &RecordBatch, row: usize) -> Option<String> {
    let array = batch.column_by_name(name)?;
    let field = schema.record.as_ref()?.fields.iter().find(|field| field.name == name);
    match field {
        Some(field) => Some(array_cell(field.field_type, array, row).spelling().into_owned()),
        None if array.is_null(row) => Some(String::new()),
        None => array
            .as_string_opt::<i32>()
            .map(|texts| texts.value(row).to_owned())
            .or_else(|| array.as_primitive_opt::<UInt32Type>().map(|numbers| numbers.value(row).to_string())),
    }
}

fn parquet_bytes(schema: &TableSchema, batch: Option<&RecordBatch>) -> Result<Option<Vec<u8>>, Error> {
    let Some(batch) = batch else { return Ok(None) };
    let name = format!("{}.parquet", schema.name);
    let write = || {
        let mut writer = parquet_file::arrow_writer(Vec::new(), &batch.schema(), None, None)?;
        writer.write(batch)?;
        writer.into_inner()
    };
    write().map(Some).map_err(parquet_file::write_error(Path::new(&name)))
}

fn arrow_bytes(schema: &TableSchema, batch: Option<&RecordBatch>) -> Result<Option<Vec<u8>>, Error> {
    let Some(batch) = batch else { return Ok(None) };
    let name = format!("{}.arrow", schema.name);
    let write = || {
        let mut writer = FileWriter::try_new(Vec::new(), &batch.schema())?;
        writer.write(batch)?;
        writer.into_inner()
    };
    write().map(Some).map_err(|error| Error::io("write", name)(std::io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{TempFolder, table};
    use super::*;
    use crate::model::record::to_batch;
    use crate::model::{Cell, Record};

    fn schema() -> TableSchema {
        table(
            r#"{"name": "memberships", "title": "M", "description": "M.", "position": 1, "role": "fact", "primaryKey": [], "fields": [],
            "record": {"fields": [{"name": "member", "type": "string"}, {"name": "role", "type": "string"}, {"name": "party", "type": "string"},
                                  {"name": "personal", "type": "boolean"}]},
            "extract": [{"name": "source_id", "from": "source_id"}, {"name": "member_name", "from": "member"},
                        {"name": "role", "from": "role", "compound": "party"}, {"name": "personal", "from": "personal"}, {"name": "line", "from": "line"}]}"#,
        )
    }

    fn batches() -> BTreeMap<String, RecordBatch> {
        let record = |seq: u32, member: &str, role: &str, party: &str, withheld: bool| Record {
            source_id: "leaflet".to_owned(),
            seq,
            rule: "list/item".to_owned(),
            line: seq + 10,
            withheld,
            cells: vec![Cell::text(member), Cell::text(role), Cell::text(party), Cell::Boolean(withheld)],
            evidence: Vec::new(),
        };
        let records = [
            record(0, "Sri Lanka", "member", "state", false),
            record(1, "Office, the", "observer", "organization", false),
            record(2, "EU", "member", "group", false),
            record(3, "Nepal", "chair", "state", false),
            record(4, "A person", "member", "", true),
        ];
        [("memberships".to_owned(), to_batch(&schema(), &records).unwrap().unwrap())].into()
    }

    #[test]
    fn csv_is_the_declared_projection_without_what_is_withheld() {
        let folder = TempFolder::new();
        let csv: &Format = "csv".parse().unwrap();
        let written = write(folder.path(), csv, &[schema()], &batches(), false).unwrap();
        assert_eq!(written, [Written { table: "memberships".to_owned(), rows: 4, withheld: 1 }]);
        let text = std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap();
        let expected = "source_id,member_name,role,personal,line\nleaflet,Sri Lanka,member_state,false,10\nleaflet,\"Office, the\",observer_organisation,false,11\n\
                        leaflet,EU,participating_group,false,12\nleaflet,Nepal,chair,false,13\n";
        assert_eq!(text, expected);
        write(folder.path(), csv, &[schema()], &batches(), true).unwrap();
        let text = std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap();
        assert!(text.ends_with("leaflet,A person,member,true,14\n"), "{text}");
    }

    #[test]
    fn a_table_without_records_has_a_header_alone() {
        let folder = TempFolder::new();
        write(folder.path(), "csv".parse().unwrap(), &[schema()], &BTreeMap::new(), false).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap(), "source_id,member_name,role,personal,line\n");
    }

    #[test]
    fn every_format_writes_whole_files_and_no_withheld_record() {
        for format in FORMATS {
            let folder = TempFolder::new();
            write(folder.path(), format, &[schema()], &batches(), false).unwrap();
            let bytes = std::fs::read(folder.path().join(format!("memberships.{}", format.name))).unwrap();
            assert!(!bytes.is_empty() && !bytes.windows(8).any(|window| window == b"A person"), "{}", format.name);
        }
    }
}
