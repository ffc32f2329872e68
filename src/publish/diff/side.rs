//! One side of a difference: a release, a folder of tables, or the file of one table.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::model::TableSchema;
use crate::model::rows::Shelf;
use crate::publish::cause::Digests;
use crate::publish::datapackage;
use crate::publish::descriptor::Release;
use crate::publish::disk::Staging;
use crate::publish::folder::read_text;
use crate::publish::rows::{RowSource, unsound};
use crate::publish::tables::{Form, TableFile, Tables};
use crate::publish::version::Version;
use crate::publish::{paths, sorting, store};

/// Where sides are looked for, and how they are read.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// The store of releases.
    pub output: &'a Path,
    /// Tables of files that do not say what they are.
    pub schemas: &'a [TableSchema],
    /// Which file of a table is read where a folder has both.
    pub form: Form,
    /// Where rows wait that are sorted.
    pub shelf: &'a dyn Shelf,
}

/// One side of a difference.
#[derive(Debug)]
pub struct Side {
    /// As it was asked for.
    pub name: String,
    pub(super) tables: SideTables,
    /// None where it does not say what it was made from.
    pub(super) digests: Option<Digests>,
    /// Tables that are no part of a release, were not in the order of their key and had to be sorted first.
    pub sorted: Vec<String>,
    /// Where they were sorted; removed when dropped.
    _scratch: Option<Staging>,
}

impl Side {
    /// Opens a version of the store, `latest`, a folder, or the file of one table, which is named after it. What is no release is sorted
    /// where it has to be, in `scratch`, which must not exist.
    ///
    /// # Errors
    /// `Usage` where there is no such release, folder or table, `Store` where its descriptor or a table cannot be read.
    pub fn open(name: &str, lookup: &Lookup<'_>, scratch: &Path) -> Result<Self, Error> {
        let in_store = name == "latest" || name.parse::<Version>().is_ok();
        let path = if in_store { paths::path(lookup.output, Some(name), None)? } else { PathBuf::from(name) };
        if path.is_file() {
            let tables = vec![table_of_file(&path, lookup)?];
            return Self::sorted(name, tables, scratch, lookup.shelf);
        }
        if !path.is_dir() {
            return Err(Error::Usage(format!("\"{name}\" is neither a release of {} nor a folder or file", lookup.output.display())));
        }
        let find = |schema: TableSchema| TableFile::find(&path, &schema.name, lookup.form).map(|file| (schema, file));
        if let Some(release) = descriptor(&path)? {
            if in_store {
                store::check_hashes(&path, release.version)?;
            }
            let missing = |table: &str| unsound(&path, format!("the table {table} has neither a CSV nor a Parquet file"));
            let tables = release.tables.into_iter().map(|table| {
                let name = table.schema.name.clone();
                find(table.schema).ok_or_else(|| missing(&name))
            });
            let tables = SideTables::new(tables.collect::<Result<_, _>>()?);
            return Ok(Self { name: name.to_owned(), tables, digests: Some(release.making.digests), sorted: Vec::new(), _scratch: None });
        }
        let tables: Vec<_> = lookup.schemas.iter().cloned().filter_map(find).collect();
        if tables.is_empty() {
            return Err(Error::Usage(format!("the folder {name} has neither a datapackage.json nor a table of the project")));
        }
        Self::sorted(name, tables, scratch, lookup.shelf)
    }

    /// A side of files that may be in any order.
    fn sorted(name: &str, tables: Vec<(TableSchema, TableFile)>, scratch: &Path, shelf: &dyn Shelf) -> Result<Self, Error> {
        let scratch = Staging::new(scratch.to_path_buf())?;
        let mut sorted = Vec::new();
        let mut in_order = Vec::new();
        for (schema, file) in tables {
            let found = sorting::sorted(file.clone(), &schema, &scratch.folder, shelf)?;
            if found != file {
                sorted.push(schema.name.clone());
            }
            in_order.push((schema, found));
        }
        Ok(Self { name: name.to_owned(), tables: SideTables::new(in_order), digests: None, sorted, _scratch: Some(scratch) })
    }
}

/// What a folder says it is; none where it says nothing.
fn descriptor(folder: &Path) -> Result<Option<Release>, Error> {
    let path = folder.join(datapackage::NAME);
    if !path.is_file() {
        return Ok(None);
    }
    datapackage::parse(&read_text(&path)?).map(Some).map_err(|problem| unsound(&path, problem))
}

/// The table that a file is named after: of the release that it lies in, else of the project.
fn table_of_file(path: &Path, lookup: &Lookup<'_>) -> Result<(TableSchema, TableFile), Error> {
    let Some(form) = Form::of(path) else {
        return Err(Error::Usage(format!("{} is neither a .csv nor a .parquet file", path.display())));
    };
    let release = path.parent().map(descriptor).transpose()?.flatten();
    let known: Vec<TableSchema> =
        release.map_or_else(|| lookup.schemas.to_vec(), |release| release.tables.into_iter().map(|table| table.schema).collect());
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match known.into_iter().find(|schema| schema.name == stem) {
        Some(schema) => Ok((schema, TableFile { form, path: path.to_path_buf() })),
        None => Err(Error::Usage(format!("{}: there is no table \"{stem}\": a file is named after its table", path.display()))),
    }
}

/// The tables of a side, each with its file.
#[derive(Debug)]
pub(super) struct SideTables {
    schemas: Vec<TableSchema>,
    /// One a schema.
    files: Vec<TableFile>,
}

impl SideTables {
    fn new(tables: Vec<(TableSchema, TableFile)>) -> Self {
        let (schemas, files) = tables.into_iter().unzip();
        Self { schemas, files }
    }
}

impl Tables for SideTables {
    fn schemas(&self) -> &[TableSchema] {
        &self.schemas
    }

    fn open<'a>(&'a self, schema: &TableSchema) -> Result<Box<dyn RowSource + 'a>, Error> {
        match self.file(&schema.name) {
            Some(file) => Ok(file.open(schema)?),
            None => Err(Error::Fault(format!("{} is no table of this side", schema.name))),
        }
    }

    fn file(&self, table: &str) -> Option<TableFile> {
        self.schemas.iter().position(|schema| schema.name == table).map(|at| self.files[at].clone())
    }
}
