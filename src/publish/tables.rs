//! A set of tables, in memory or in the folder of a release, as schemas and streams of rows.

use std::path::{Path, PathBuf};

use super::csv_file;
use super::rows::{MemoryRows, RowSource};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::Dataset;

/// Tables that can be read more than once.
pub trait Tables {
    /// In the order of their positions.
    fn schemas(&self) -> &[TableSchema];

    /// The rows of a table in the order of its key.
    ///
    /// # Errors
    /// `Io` or `Store` where its file cannot be read.
    fn open<'a>(&'a self, schema: &TableSchema) -> Result<Box<dyn RowSource + 'a>, Error>;

    /// The CSV file of a table, in the form of a release; none where its rows are not in one.
    fn csv(&self, _table: &str) -> Option<PathBuf> {
        None
    }

    fn schema(&self, table: &str) -> Option<&TableSchema> {
        self.schemas().iter().find(|schema| schema.name == table)
    }
}

/// The tables of a data set in memory.
#[derive(Debug)]
pub struct MemoryTables<'a> {
    pub dataset: &'a Dataset,
    pub schemas: &'a [TableSchema],
}

impl Tables for MemoryTables<'_> {
    fn schemas(&self) -> &[TableSchema] {
        self.schemas
    }

    fn open<'a>(&'a self, schema: &TableSchema) -> Result<Box<dyn RowSource + 'a>, Error> {
        Ok(Box::new(MemoryRows::new(self.dataset.rows(&schema.name))))
    }
}

/// The CSV files of a release.
#[derive(Debug)]
pub struct FolderTables {
    pub folder: PathBuf,
    pub schemas: Vec<TableSchema>,
}

impl FolderTables {
    #[must_use]
    pub fn path(&self, table: &str) -> PathBuf {
        csv_path(&self.folder, table)
    }
}

/// Where the CSV of a table lies.
#[must_use]
pub fn csv_path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}.csv"))
}

/// Where the Parquet of a table lies.
#[must_use]
pub fn parquet_path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}.parquet"))
}

impl Tables for FolderTables {
    fn schemas(&self) -> &[TableSchema] {
        &self.schemas
    }

    fn open<'a>(&'a self, schema: &TableSchema) -> Result<Box<dyn RowSource + 'a>, Error> {
        Ok(Box::new(csv_file::TableReader::open(&self.path(&schema.name), schema)?))
    }

    fn csv(&self, table: &str) -> Option<PathBuf> {
        Some(self.path(table))
    }
}
