//! Parquet files as record batches: the columns of a schema in its order, wherever they stand in the file.
//!
//! What other programs write beside the columns (how they held them in memory) is left aside, so that text is text whoever wrote it.
//! A page of each column is in memory at a time, and one batch of rows.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::{Fields, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::rows::unsound;
use crate::error::Error;
use crate::model::TableSchema;

/// Rows of a batch. Few in unit tests, so that small tables go from one to the next.
const BATCH_ROWS: usize = if cfg!(test) { 7 } else { 8192 };

/// The batches of a file.
pub struct Batches {
    reader: ParquetRecordBatchReader,
    /// Where the columns that are wanted stand among those that are read.
    order: Vec<usize>,
    /// All columns of the file.
    columns: SchemaRef,
    pub path: PathBuf,
    /// What stands in the file beside its rows.
    pub key_values: Vec<(String, String)>,
}

impl std::fmt::Debug for Batches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batches").field("path", &self.path).field("order", &self.order).finish_non_exhaustive()
    }
}

impl Batches {
    /// All columns of a table.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it is not Parquet or has other columns or types.
    pub fn open(path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        Self::of_columns(path, schema, &(0..schema.fields.len()).collect::<Vec<_>>())
    }

    /// Some columns of a table, by their positions in the schema.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it is not Parquet or has other columns or types.
    pub fn of_columns(path: &Path, schema: &TableSchema, wanted: &[usize]) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let not_parquet = |error: parquet::errors::ParquetError| unsound(path, error.to_string());
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(not_parquet)?;
        let columns = SchemaRef::clone(builder.schema());
        let expected = schema.arrow_schema();
        let place = |field: &arrow::datatypes::FieldRef| {
            let at = columns.fields().iter().position(|column| column.name() == field.name())?;
            (columns.field(at).data_type() == field.data_type()).then_some(at)
        };
        let places: Option<Vec<usize>> = expected.fields().iter().map(place).collect();
        let Some(places) = places.filter(|places| places.len() == columns.fields().len()) else {
            return Err(other_columns(path, columns.fields(), &expected));
        };
        let read: Vec<usize> = wanted.iter().map(|&at| places[at]).collect();
        let mut in_file = read.clone();
        in_file.sort_unstable();
        let order = read.iter().filter_map(|place| in_file.binary_search(place).ok()).collect();
        let pairs = builder.metadata().file_metadata().key_value_metadata().map_or(&[][..], Vec::as_slice);
        let key_values = pairs.iter().map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default())).collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), read);
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(not_parquet)?;
        Ok(Self { reader, order, columns, path: path.to_path_buf(), key_values })
    }

    /// # Errors
    /// `Store` where the columns stand in another order than in a release, or may be empty where they may not be there.
    pub fn refuse_other_columns(&self, schema: &TableSchema) -> Result<(), Error> {
        let expected = schema.arrow_schema();
        if self.columns.fields() == expected.fields() { Ok(()) } else { Err(other_columns(&self.path, self.columns.fields(), &expected)) }
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// `Store` where the file is damaged.
    pub fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        let damaged = |error: arrow::error::ArrowError| unsound(&self.path, error.to_string());
        self.reader.next().map(|batch| batch.and_then(|batch| batch.project(&self.order)).map_err(damaged)).transpose()
    }
}

fn other_columns(path: &Path, found: &Fields, expected: &Schema) -> Error {
    let names = |fields: &Fields| -> Vec<String> {
        let null = |nullable: bool| if nullable { "" } else { " required" };
        fields.iter().map(|field| format!("{} {}{}", field.name(), field.data_type(), null(field.is_nullable()))).collect()
    };
    unsound(path, format!("the columns are {:?}, expected {:?}", names(found), names(expected.fields())))
}
