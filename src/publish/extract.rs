//! Records as files: what `rollcall extract` writes, one row a record, before anything is resolved, and as the records come.
//!
//! CSV is a projection that each table declares (`extract` in its schema), with names written out. Parquet and Arrow carry the
//! whole record, evidence included. Withheld records are left out of all of them unless asked for.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;

use super::disk::Replacement;
use super::rows::unsound;
use super::{csv_file, disk, parquet_file};
use crate::error::Error;
use crate::model::record::to_batch;
use crate::model::table::{ExtractColumn, FieldType};
use crate::model::{Cell, Record, TableSchema};

/// A format of records.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line, and the extension of its files.
    pub name: &'static str,
    /// Records that are written at a time: a batch of Arrow has so many.
    rows: usize,
    /// Whether its files have the evidence of a record.
    has_evidence: bool,
    /// Opens the file of one table; none where the format has nothing to say of the table.
    open: Open,
}

type Open = fn(&TableSchema, &Path) -> Result<Option<Box<dyn Sink>>, Error>;

/// All formats.
pub const FORMATS: &[Format] = &[
    Format { name: "csv", rows: 1, has_evidence: false, open: open_csv },
    Format { name: "parquet", rows: 2048, has_evidence: true, open: open_parquet },
    Format { name: "arrow", rows: 2048, has_evidence: true, open: open_arrow },
];

impl FromStr for &'static Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| format!("\"{name}\" is none of the formats {}", names.join(", ")))
    }
}

/// The file of one table, while it is written.
trait Sink: Send {
    fn write(&mut self, schema: &TableSchema, records: &[Record]) -> Result<(), Error>;

    /// Writes the end of the file.
    fn finish(self: Box<Self>) -> Result<Replacement, Error>;
}

/// Bytes of Parquet that wait for the end of their row group. It depends on the records alone where a group ends.
const GROUP_BYTES: usize = 8 << 20;

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

/// Writes the records of documents, one file a table, as they come. The files take their places when all are written.
pub struct Writer<'a> {
    include_withheld: bool,
    rows: usize,
    has_evidence: bool,
    tables: Vec<OpenTable<'a>>,
}

struct OpenTable<'a> {
    schema: &'a TableSchema,
    sink: Box<dyn Sink>,
    /// Records that are not written yet.
    waiting: Vec<Record>,
    written: Written,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    /// Opens the files of all tables in a folder, which is made where it is not there.
    ///
    /// # Errors
    /// `Io` where a file cannot be written.
    pub fn new(out: &Path, format: &Format, tables: &'a [TableSchema], include_withheld: bool) -> Result<Self, Error> {
        disk::make_folder(out)?;
        let mut open = Vec::new();
        for schema in tables.iter().filter(|schema| schema.record.is_some()) {
            let path = out.join(format!("{}.{}", schema.name, format.name));
            if let Some(sink) = (format.open)(schema, &path)? {
                let written = Written { table: schema.name.clone(), rows: 0, withheld: 0 };
                open.push(OpenTable { schema, sink, waiting: Vec::new(), written });
            }
        }
        Ok(Self { include_withheld, rows: format.rows, has_evidence: format.has_evidence, tables: open })
    }

    /// Whether the evidence of the records is written too.
    #[must_use]
    pub fn writes_evidence(&self) -> bool {
        self.has_evidence
    }

    /// Takes the records of a document, by table.
    ///
    /// # Errors
    /// `Io` where a file cannot be written.
    pub fn take(&mut self, mut records: BTreeMap<String, Vec<Record>>) -> Result<(), Error> {
        for table in &mut self.tables {
            let Some(of_table) = records.remove(&table.schema.name) else { continue };
            let all = of_table.len();
            let before = table.waiting.len();
            table.waiting.extend(of_table.into_iter().filter(|record| self.include_withheld || !record.withheld));
            let shown = table.waiting.len() - before;
            table.written.rows += shown;
            table.written.withheld += all - shown;
            let full = table.waiting.len() / self.rows * self.rows;
            for records in table.waiting[..full].chunks(self.rows) {
                table.sink.write(table.schema, records)?;
            }
            table.waiting.drain(..full);
        }
        Ok(())
    }

    /// Writes what waits, and puts the files in their places.
    ///
    /// # Errors
    /// `Io` where a file cannot be written.
    pub fn finish(self) -> Result<Vec<Written>, Error> {
        let mut done = Vec::new();
        for mut table in self.tables {
            if !table.waiting.is_empty() || table.written.rows == 0 {
                table.sink.write(table.schema, &table.waiting)?;
            }
            done.push((table.sink.finish()?, table.written));
        }
        let commit = |(file, written): (Replacement, Written)| file.commit().map(|()| written);
        done.into_iter().map(commit).collect()
    }
}

/// A column of the projection.
enum Column {
    SourceId,
    Line,
    Field { at: usize, field_type: FieldType, compound: Option<usize> },
}

struct CsvSink {
    path: PathBuf,
    writer: csv::Writer<BufWriter<Replacement>>,
    columns: Vec<Column>,
}

fn open_csv(schema: &TableSchema, path: &Path) -> Result<Option<Box<dyn Sink>>, Error> {
    if schema.extract.is_empty() {
        return Ok(None);
    }
    let fields = schema.record.as_ref().map_or(&[][..], |record| &record.fields);
    let field = |name: &str| fields.iter().position(|field| field.name == name);
    let from = |column: &ExtractColumn| match field(&column.from) {
        Some(at) => Some(Column::Field { at, field_type: fields[at].field_type, compound: column.compound.as_deref().and_then(field) }),
        None if column.from == "source_id" => Some(Column::SourceId),
        None if column.from == "line" => Some(Column::Line),
        None => None,
    };
    let from = |column| from(column).ok_or_else(|| unsound(path, format!("records have no column \"{}\"", column.from)));
    let columns = schema.extract.iter().map(from).collect::<Result<_, _>>()?;
    let mut writer = csv_file::writer(BufWriter::with_capacity(1 << 16, Replacement::new(path)?));
    writer.write_record(schema.extract.iter().map(|column| &column.name)).map_err(csv_file::write_error(path))?;
    Ok(Some(Box::new(CsvSink { path: path.to_path_buf(), writer, columns })))
}

impl Sink for CsvSink {
    fn write(&mut self, _schema: &TableSchema, records: &[Record]) -> Result<(), Error> {
        let mut rows = || {
            for record in records {
                for column in &self.columns {
                    match column {
                        Column::SourceId => self.writer.write_field(&record.source_id)?,
                        Column::Line => self.writer.write_field(record.line.to_string())?,
                        Column::Field { at, field_type, compound } => {
                            let value = &record.cells[*at];
                            let name = compound.and_then(|party| compound_name(value, &record.cells[party]));
                            match (name, field_type.is_of(value)) {
                                (Some(name), _) => self.writer.write_field(name)?,
                                (None, true) => self.writer.write_field(value.spelling().as_bytes())?,
                                (None, false) => self.writer.write_field("")?,
                            }
                        }
                    }
                }
                self.writer.write_record(None::<&[u8]>)?;
            }
            Ok(())
        };
        rows().map_err(csv_file::write_error(&self.path))
    }

    fn finish(self: Box<Self>) -> Result<Replacement, Error> {
        let failed = |problem: String| Error::io("write", &self.path)(std::io::Error::other(problem));
        let buffer = self.writer.into_inner().map_err(|error| failed(error.error().to_string()))?;
        buffer.into_inner().map_err(|error| failed(error.error().to_string()))
    }
}

/// The name of a role that says what the party is.
fn compound_name(role: &Cell, party: &Cell) -> Option<&'static str> {
    let (role, party) = (role.as_text()?, party.as_text()?);
    COMPOUNDS.iter().find(|(name, of, _)| *name == role && *of == party).map(|(_, _, name)| *name)
}

/// A batch of records; a table without a record schema has no sink.
fn batch_of(schema: &TableSchema, records: &[Record]) -> Result<RecordBatch, ArrowError> {
    to_batch(schema, records)?.ok_or_else(|| ArrowError::SchemaError(format!("{} has no records", schema.name)))
}

fn arrow_schema(schema: &TableSchema, path: &Path) -> Result<SchemaRef, Error> {
    schema.record_arrow_schema().map(Arc::new).ok_or_else(|| unsound(path, format!("{} has no records", schema.name)))
}

struct ParquetSink {
    path: PathBuf,
    writer: ArrowWriter<Replacement>,
}

fn open_parquet(schema: &TableSchema, path: &Path) -> Result<Option<Box<dyn Sink>>, Error> {
    let writer = parquet_file::arrow_writer(Replacement::new(path)?, &arrow_schema(schema, path)?, None, None);
    let writer = writer.map_err(parquet_file::write_error(path))?;
    Ok(Some(Box::new(ParquetSink { path: path.to_path_buf(), writer })))
}

impl Sink for ParquetSink {
    fn write(&mut self, schema: &TableSchema, records: &[Record]) -> Result<(), Error> {
        let mut write = || {
            self.writer.write(&batch_of(schema, records)?)?;
            if self.writer.in_progress_size() >= GROUP_BYTES { self.writer.flush() } else { Ok(()) }
        };
        write().map_err(parquet_file::write_error(&self.path))
    }

    fn finish(self: Box<Self>) -> Result<Replacement, Error> {
        self.writer.into_inner().map_err(parquet_file::write_error(&self.path))
    }
}

struct ArrowSink {
    path: PathBuf,
    writer: FileWriter<BufWriter<Replacement>>,
}

fn arrow_error(path: &Path) -> impl FnOnce(ArrowError) -> Error {
    let path = path.to_path_buf();
    move |error| Error::io("write", path)(std::io::Error::other(error))
}

fn open_arrow(schema: &TableSchema, path: &Path) -> Result<Option<Box<dyn Sink>>, Error> {
    let out = BufWriter::with_capacity(1 << 16, Replacement::new(path)?);
    let writer = FileWriter::try_new(out, &*arrow_schema(schema, path)?).map_err(arrow_error(path))?;
    Ok(Some(Box::new(ArrowSink { path: path.to_path_buf(), writer })))
}

impl Sink for ArrowSink {
    fn write(&mut self, schema: &TableSchema, records: &[Record]) -> Result<(), Error> {
        batch_of(schema, records).and_then(|batch| self.writer.write(&batch)).map_err(arrow_error(&self.path))
    }

    fn finish(mut self: Box<Self>) -> Result<Replacement, Error> {
        self.writer.finish().map_err(arrow_error(&self.path))?;
        let mut buffer = self.writer.into_inner().map_err(arrow_error(&self.path))?;
        buffer.flush().map_err(Error::io("write", &self.path))?;
        buffer.into_inner().map_err(|error| Error::io("write", &self.path)(std::io::Error::other(error.error().to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{TempFolder, table};
    use super::*;

    fn schema() -> TableSchema {
        table(
            r#"{"name": "memberships", "title": "M", "description": "M.", "position": 1, "role": "fact", "primaryKey": [], "fields": [],
            "record": {"fields": [{"name": "member", "type": "string"}, {"name": "role", "type": "string"}, {"name": "party", "type": "string"},
                                  {"name": "personal", "type": "boolean"}]},
            "extract": [{"name": "source_id", "from": "source_id"}, {"name": "member_name", "from": "member"},
                        {"name": "role", "from": "role", "compound": "party"}, {"name": "personal", "from": "personal"}, {"name": "line", "from": "line"}]}"#,
        )
    }

    fn records() -> BTreeMap<String, Vec<Record>> {
        let record = |seq: u32, member: &str, role: &str, party: &str, withheld: bool| Record {
            source_id: "leaflet".to_owned(),
            seq,
            rule: "list/item".to_owned(),
            line: seq + 10,
            withheld,
            cells: vec![Cell::text(member), Cell::text(role), Cell::text(party), Cell::Boolean(withheld)],
            evidence: Vec::new(),
        };
        let records = vec![
            record(0, "Sri Lanka", "member", "state", false),
            record(1, "Office, the", "observer", "organization", false),
            record(2, "EU", "member", "group", false),
            record(3, "Nepal", "chair", "state", false),
            record(4, "A person", "member", "", true),
        ];
        [("memberships".to_owned(), records)].into()
    }

    fn write(folder: &TempFolder, format: &Format, records: Vec<BTreeMap<String, Vec<Record>>>, include_withheld: bool) -> Vec<Written> {
        let schemas = [schema()];
        let mut writer = Writer::new(folder.path(), format, &schemas, include_withheld).unwrap();
        records.into_iter().for_each(|of_document| writer.take(of_document).unwrap());
        writer.finish().unwrap()
    }

    #[test]
    fn csv_is_the_declared_projection_without_what_is_withheld() {
        let folder = TempFolder::new();
        let csv: &Format = "csv".parse().unwrap();
        let written = write(&folder, csv, vec![records()], false);
        assert_eq!(written, [Written { table: "memberships".to_owned(), rows: 4, withheld: 1 }]);
        let text = std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap();
        let expected = "source_id,member_name,role,personal,line\nleaflet,Sri Lanka,member_state,false,10\nleaflet,\"Office, the\",observer_organisation,false,11\n\
                        leaflet,EU,participating_group,false,12\nleaflet,Nepal,chair,false,13\n";
        assert_eq!(text, expected);
        write(&folder, csv, vec![records()], true);
        let text = std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap();
        assert!(text.ends_with("leaflet,A person,member,true,14\n"), "{text}");
    }

    #[test]
    fn a_table_without_records_has_a_header_alone() {
        let folder = TempFolder::new();
        write(&folder, "csv".parse().unwrap(), Vec::new(), false);
        assert_eq!(std::fs::read_to_string(folder.path().join("memberships.csv")).unwrap(), "source_id,member_name,role,personal,line\n");
    }

    #[test]
    fn every_format_writes_whole_files_and_no_withheld_record() {
        for format in FORMATS {
            let folder = TempFolder::new();
            write(&folder, format, vec![records()], false);
            let bytes = std::fs::read(folder.path().join(format!("memberships.{}", format.name))).unwrap();
            assert!(!bytes.is_empty() && !bytes.windows(8).any(|window| window == b"A person"), "{}", format.name);
        }
    }

    #[test]
    fn files_are_the_same_however_the_records_come_and_many_make_several_batches() {
        for format in FORMATS {
            let (together, apart) = (TempFolder::new(), TempFolder::new());
            let all = |copies: usize| -> BTreeMap<String, Vec<Record>> {
                [("memberships".to_owned(), (0..copies).flat_map(|_| records().remove("memberships").unwrap()).collect())].into()
            };
            write(&together, format, vec![all(5000)], false);
            write(&apart, format, (0..1000).map(|_| all(5)).collect(), false);
            let bytes = |folder: &TempFolder| std::fs::read(folder.path().join(format!("memberships.{}", format.name))).unwrap();
            assert!(bytes(&together) == bytes(&apart), "{}", format.name);
        }
    }

    #[test]
    fn a_run_that_fails_leaves_the_files_as_they_were() {
        let folder = TempFolder::new();
        let schemas = [schema()];
        write(&folder, "csv".parse().unwrap(), vec![records()], false);
        let before = std::fs::read(folder.path().join("memberships.csv")).unwrap();
        let mut writer = Writer::new(folder.path(), "csv".parse().unwrap(), &schemas, true).unwrap();
        writer.take(records()).unwrap();
        drop(writer);
        assert_eq!(std::fs::read(folder.path().join("memberships.csv")).unwrap(), before);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
