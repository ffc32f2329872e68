//! A set of tables, in memory or in the folder of a release, as schemas and streams of rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::rows::RowSource;
use super::{csv_file, parquet_file};
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

    /// The rows of a table of which only some columns are looked at; the other cells may be empty.
    ///
    /// # Errors
    /// `Io` or `Store` where its file cannot be read.
    fn open_columns<'a>(&'a self, schema: &TableSchema, _columns: &[usize]) -> Result<Box<dyn RowSource + 'a>, Error> {
        self.open(schema)
    }

    /// The file of a table, in the order of its key; none where its rows are not in one.
    fn file(&self, _table: &str) -> Option<TableFile> {
        None
    }

    /// What the file of a table is known to have; none where that is not known.
    fn content(&self, _table: &str) -> Option<&Content> {
        None
    }

    fn schema(&self, table: &str) -> Option<&TableSchema> {
        self.schemas().iter().find(|schema| schema.name == table)
    }
}

/// A form in which tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Csv,
    Parquet,
}

impl Form {
    const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The form that the name of a file says.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        path.extension().and_then(|extension| extension.to_str()).and_then(|extension| extension.parse().ok())
    }
}

impl FromStr for Form {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|form| form.name() == name).ok_or_else(|| format!("\"{name}\" is neither csv nor parquet"))
    }
}

/// The file of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFile {
    pub form: Form,
    pub path: PathBuf,
}

impl TableFile {
    /// The file of a table in a folder: in the form that is wanted, else in the other; none where there is neither.
    #[must_use]
    pub fn find(folder: &Path, table: &str, wanted: Form) -> Option<Self> {
        let forms = [wanted].into_iter().chain(Form::ALL);
        forms.map(|form| Self { form, path: folder.join(format!("{table}.{}", form.name())) }).find(|file| file.path.is_file())
    }

    /// Its rows in order.
    ///
    /// # Errors
    /// `Io` where there is no such file, `Store` where it has other columns.
    pub fn open(&self, schema: &TableSchema) -> Result<Box<dyn RowSource>, Error> {
        Ok(match self.form {
            Form::Csv => Box::new(csv_file::TableReader::open(&self.path, schema)?),
            Form::Parquet => Box::new(parquet_file::TableReader::open_any(&self.path, schema)?),
        })
    }
}

/// The tables of a data set, before they are written.
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
        self.dataset.open(&schema.name)
    }
}

/// What is known of the rows of a table without reading them: the hash of them as CSV, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub sha256: String,
    pub rows: u64,
}

/// The files of a release.
#[derive(Debug)]
pub struct FolderTables {
    pub folder: PathBuf,
    pub schemas: Vec<TableSchema>,
    /// By table; only where the hashes of the files were found right.
    pub contents: BTreeMap<String, Content>,
}

impl FolderTables {
    /// The tables of no release.
    #[must_use]
    pub fn none(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), schemas: Vec::new(), contents: BTreeMap::new() }
    }

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

    fn open_columns<'a>(&'a self, schema: &TableSchema, columns: &[usize]) -> Result<Box<dyn RowSource + 'a>, Error> {
        let path = parquet_path(&self.folder, &schema.name);
        Ok(Box::new(parquet_file::TableReader::open_columns(&path, schema, columns)?))
    }

    fn file(&self, table: &str) -> Option<TableFile> {
        Some(TableFile { form: Form::Csv, path: self.path(table) })
    }

    fn content(&self, table: &str) -> Option<&Content> {
        self.contents.get(table)
    }
}
