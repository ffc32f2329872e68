//! Tables as Parquet: the rows of the CSV with their types, in a form that old readers take and that no upgrade changes.
//!
//! zstd 3, pages of version 1, required columns REQUIRED, days as date32, no nested types, `created_by` fixed and the Arrow
//! schema left out: else every update of a library would change every file. Level 9 made files 4 % smaller and took twice as long.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

use super::parquet_batches::Batches;
use super::rows::{RowSource, disorder, unsound};
use crate::error::Error;
use crate::model::Cell;
use crate::model::TableSchema;
use crate::model::dataset::{Row, compare};
use crate::model::record::{ColumnBuilder, read_cell};
use crate::model::table::FieldType;

/// Rows of a row group: one group below that.
pub const GROUP_ROWS: usize = 100_000;

/// What names the writer in each file. It never changes while the form of the files does not.
const CREATED_BY: &str = "rollcall version 1";

/// What is written into the file besides the rows, in this order.
pub type KeyValues = Vec<(&'static str, String)>;

/// Writes a table.
///
/// # Errors
/// Where `out` cannot be written to, or a cell has another type than its column.
#[cfg(test)]
pub fn write<W: Write + Send>(out: W, schema: &TableSchema, rows: &[Row], key_values: &KeyValues) -> Result<W, ParquetError> {
    let mut writer = TableWriter::new(out, schema, key_values)?;
    rows.iter().try_for_each(|row| writer.write(row))?;
    writer.finish()
}

/// Writes a table row by row, one row group after the other.
#[derive(Debug)]
pub struct TableWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<ColumnBuilder>,
    /// Rows that the columns have.
    rows: usize,
}

impl<W: Write + Send> TableWriter<W> {
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn new(out: W, schema: &TableSchema, key_values: &KeyValues) -> Result<Self, ParquetError> {
        let arrow_schema: SchemaRef = Arc::new(schema.arrow_schema());
        let sorting =
            schema.key_positions().into_iter().map(|column| SortingColumn { column_idx: column as i32, descending: false, nulls_first: true });
        let metadata = key_values.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
        let writer = arrow_writer(out, &arrow_schema, Some(sorting.collect()), Some(metadata.collect()))?;
        let columns = schema.fields.iter().map(|field| ColumnBuilder::new(field.field_type)).collect();
        Ok(Self { writer, schema: arrow_schema, columns, rows: 0 })
    }

    /// # Errors
    /// Where the file cannot be written to, or a cell has another type than its column.
    pub fn write(&mut self, row: &[Cell]) -> Result<(), ParquetError> {
        self.columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        self.rows += 1;
        if self.rows == GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    /// Writes [`GROUP_ROWS`] rows, the last time as many as are left. It is one batch: a dictionary ends where a batch does, so that other
    /// batches would make other files.
    fn write_group(&mut self) -> Result<(), ParquetError> {
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(ColumnBuilder::finish).collect();
        self.rows = 0;
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// # Errors
    /// Where the file cannot be written to.
    pub fn finish(mut self) -> Result<W, ParquetError> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.into_inner()
    }
}

/// A writer with the properties of a release.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn arrow_writer<W: Write + Send>(
    out: W,
    schema: &SchemaRef,
    sorting: Option<Vec<SortingColumn>>,
    metadata: Option<Vec<KeyValue>>,
) -> Result<ArrowWriter<W>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_created_by(CREATED_BY.to_owned())
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(sorting)
        .set_key_value_metadata(metadata)
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(out, Arc::clone(schema), options)
}

/// A Parquet error as one that can be told to a user.
pub fn write_error(path: &Path) -> impl FnOnce(ParquetError) -> Error {
    let path = path.to_path_buf();
    move |error| Error::Io { action: "write", path, source: std::io::Error::other(error) }
}

/// Reads a table row by row, in the order of its key.
#[derive(Debug)]
pub struct TableReader {
    batches: Batches,
    batch: Option<RecordBatch>,
    next: usize,
    /// Rows read so far.
    read: u64,
    /// The columns that are read: their places in the row, and their types.
    columns: Vec<(usize, FieldType)>,
    key: Vec<usize>,
    row: Row,
    previous: Row,
}

impl TableReader {
    /// Refuses other columns, types or nullability than the schema has, and another order of the columns.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it is not Parquet or has another schema.
    pub fn open(path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let reader = Self::open_any(path, schema)?;
        reader.batches.refuse_other_columns(schema)?;
        Ok(reader)
    }

    /// Takes the columns wherever they stand, as files of other programs have them.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it is not Parquet or has other columns or types.
    pub fn open_any(path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let all: Vec<usize> = (0..schema.fields.len()).collect();
        Ok(Self { key: schema.key_positions(), ..Self::open_columns(path, schema, &all)? })
    }

    /// Reads some columns, by their positions; the other cells of each row are empty. The order of the rows is not looked at.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it is not Parquet or has other columns or types.
    pub fn open_columns(path: &Path, schema: &TableSchema, wanted: &[usize]) -> Result<Self, Error> {
        let batches = Batches::of_columns(path, schema, wanted)?;
        let columns = wanted.iter().map(|&at| (at, schema.fields[at].field_type)).collect();
        let (row, previous) = (vec![Cell::Null; schema.fields.len()], vec![Cell::Null; schema.fields.len()]);
        Ok(Self { batches, batch: None, next: 0, read: 0, columns, key: Vec::new(), row, previous })
    }

    /// The value that is written beside the rows under `key`.
    #[must_use]
    pub fn key_value(&self, key: &str) -> Option<&str> {
        self.batches.key_values.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl RowSource for TableReader {
    fn advance(&mut self) -> Result<bool, Error> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.next < batch.num_rows()) {
                std::mem::swap(&mut self.row, &mut self.previous);
                for ((at, field_type), column) in self.columns.iter().zip(batch.columns()) {
                    read_cell(*field_type, column, self.next, &mut self.row[*at]);
                }
                self.next += 1;
                self.read += 1;
                if self.read > 1
                    && !self.key.is_empty()
                    && let Some(problem) = disorder(compare(&self.previous, &self.row, &self.key))
                {
                    return Err(unsound(&self.batches.path, format!("row {}: {problem}", self.read)));
                }
                return Ok(true);
            }
            self.batch = self.batches.next()?;
            self.next = 0;
            if self.batch.is_none() {
                return Ok(false);
            }
        }
    }

    fn row(&self) -> &Row {
        &self.row
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use parquet::basic::Repetition;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::super::fixture::{TempFolder, meetings};
    use super::super::rows::collect;
    use super::*;
    use crate::model::Cell;

    fn rows() -> Vec<Row> {
        vec![
            vec![Cell::text("a"), Cell::text("One"), Cell::Integer(3), Cell::Date("1957-03-25".parse().unwrap()), Cell::Null],
            vec![Cell::text("b"), Cell::text("Zürich"), Cell::Null, Cell::Null, Cell::Number(0.5)],
        ]
    }

    #[test]
    fn a_table_reads_as_it_is_written_and_is_the_same_each_time() {
        let folder = TempFolder::new();
        let path = folder.path().join("meetings.parquet");
        let key_values: KeyValues = vec![("table", "meetings".to_owned())];
        let bytes = write(Vec::new(), &meetings(), &rows(), &key_values).unwrap();
        assert_eq!(bytes, write(Vec::new(), &meetings(), &rows(), &key_values).unwrap());
        std::fs::write(&path, &bytes).unwrap();
        let mut reader = TableReader::open(&path, &meetings()).unwrap();
        assert_eq!(reader.key_value("table"), Some("meetings"));
        assert_eq!(collect(&mut reader).unwrap(), rows());
    }

    #[test]
    fn the_file_is_what_old_readers_take() {
        let bytes = write(Vec::new(), &meetings(), &rows(), &KeyValues::new()).unwrap();
        let folder = TempFolder::new();
        let path = folder.path().join("meetings.parquet");
        std::fs::write(&path, bytes).unwrap();
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        let file = reader.metadata().file_metadata();
        assert_eq!((file.version(), file.created_by()), (1, Some(CREATED_BY)));
        assert!(file.key_value_metadata().is_none_or(|pairs| pairs.iter().all(|pair| pair.key != "ARROW:schema")));
        let group = reader.metadata().row_group(0);
        assert_eq!(group.sorting_columns().unwrap()[0].column_idx, 0);
        assert!(group.columns().iter().all(|column| matches!(column.compression(), Compression::ZSTD(_))));
        let repetitions: Vec<Repetition> =
            file.schema_descr().columns().iter().map(|column| column.self_type().get_basic_info().repetition()).collect();
        assert_eq!(repetitions[..3], [Repetition::REQUIRED, Repetition::REQUIRED, Repetition::OPTIONAL]);
    }

    #[test]
    fn some_columns_are_read_alone() {
        let folder = TempFolder::new();
        let path = folder.path().join("meetings.parquet");
        std::fs::write(&path, write(Vec::new(), &meetings(), &rows(), &KeyValues::new()).unwrap()).unwrap();
        let read = collect(&mut TableReader::open_columns(&path, &meetings(), &[2, 1]).unwrap()).unwrap();
        let only = |row: &Row| vec![Cell::Null, row[1].clone(), row[2].clone(), Cell::Null, Cell::Null];
        assert_eq!(read, rows().iter().map(only).collect::<Vec<_>>());
    }

    #[test]
    fn other_columns_are_refused() {
        let folder = TempFolder::new();
        let path = folder.path().join("meetings.parquet");
        let mut other = meetings();
        other.fields[2].constraints.required = true;
        std::fs::write(&path, write(Vec::new(), &meetings(), &rows(), &KeyValues::new()).unwrap()).unwrap();
        assert!(TableReader::open(&path, &other).unwrap_err().to_string().contains("expected"));
        assert!(write(Vec::new(), &other, &rows(), &KeyValues::new()).is_err(), "a null in a required column");
    }
}
