//! The folder of a release: how it is written, and how it is opened again.
//!
//! Written in this order: tables, then descriptors (which hash tables only), then pages, then SHA256SUMS (of all but itself).
//! A table of which nothing differs keeps the files of the release before, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::descriptor::{Release, ReleaseTable, published, schema_text};
use super::pages::PAGES;
use super::rows::unsound;
use super::sums::{self, FileFacts, HashingWriter};
use super::tables::{Content, FolderTables, csv_path, parquet_path};
use super::version::Version;
use super::{changelog, csv_file, disk, parquet_file};
use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::Dataset;

/// A release on disk whose hashes were found right.
#[derive(Clone, Debug)]
pub struct OpenRelease {
    pub folder: PathBuf,
    pub release: Release,
    /// SHA-256 of its SHA256SUMS: its link in the chain.
    pub sums_sha256: String,
}

impl OpenRelease {
    #[must_use]
    pub fn version(&self) -> Version {
        self.release.version
    }

    /// Its tables, with the schemas that it was published with.
    #[must_use]
    pub fn tables(&self) -> FolderTables {
        let (mut schemas, mut contents) = (Vec::new(), BTreeMap::new());
        for table in &self.release.tables {
            schemas.push(table.schema.clone());
            contents.insert(table.schema.name.clone(), Content { sha256: table.csv.sha256.clone(), rows: table.rows });
        }
        FolderTables { folder: self.folder.clone(), schemas, contents }
    }

    /// The text of its changelog.
    ///
    /// # Errors
    /// `Io` where it cannot be read.
    pub fn changelog(&self) -> Result<String, Error> {
        read_text(&self.folder.join(changelog::NAME))
    }

    /// A table of it.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&ReleaseTable> {
        self.release.tables.iter().find(|table| table.schema.name == name)
    }
}

/// Reads a file that must be UTF-8.
///
/// # Errors
/// `Io` where it cannot be read, `Store` where it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    String::from_utf8(bytes).map_err(|_| unsound(path, "not UTF-8"))
}

/// The names of all files of a release, as this program writes it.
#[must_use]
pub fn file_names(release: &Release) -> BTreeSet<String> {
    let pages = PAGES.iter().map(|page| page.name).chain([changelog::NAME, sums::NAME]).map(str::to_owned);
    table_files(release).chain(pages).collect()
}

/// The names of the files of its tables.
pub fn table_files(release: &Release) -> impl Iterator<Item = String> + '_ {
    release.tables.iter().flat_map(|table| [format!("{}.csv", table.schema.name), format!("{}.parquet", table.schema.name)])
}

/// What is to be written.
pub struct Plan<'a> {
    /// The release without its tables, which are known when they are written.
    pub release: Release,
    pub schemas: &'a [TableSchema],
    pub dataset: &'a Dataset,
    pub previous: Option<&'a OpenRelease>,
    /// Tables of which no row and no column differs from the release before.
    pub unchanged: &'a BTreeSet<String>,
    pub changelog: String,
    /// Called before each file; an error ends the writing there.
    pub before_file: &'a dyn Fn() -> Result<(), Error>,
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("version", &self.release.version).field("unchanged", &self.unchanged).finish_non_exhaustive()
    }
}

/// Writes all files of a release into an empty folder, each on the disk when this returns.
///
/// # Errors
/// `Io` where a file cannot be written.
pub fn write(folder: &Path, plan: Plan<'_>) -> Result<Release, Error> {
    let mut release = plan.release.clone();
    for schema in plan.schemas {
        (plan.before_file)()?;
        let table = write_table(folder, schema, &plan)?;
        release.tables.push(table);
    }
    let mut hashes: BTreeMap<String, String> = BTreeMap::new();
    for table in &release.tables {
        hashes.insert(format!("{}.csv", table.schema.name), table.csv.sha256.clone());
        hashes.insert(format!("{}.parquet", table.schema.name), table.parquet.sha256.clone());
    }
    let pages = PAGES.iter().map(|page| (page.name, (page.render)(&release))).chain([(changelog::NAME, plan.changelog.clone())]);
    for (name, text) in pages {
        (plan.before_file)()?;
        hashes.insert(name.to_owned(), sums::sha256(text.as_bytes()));
        disk::write_new(&folder.join(name), text.as_bytes())?;
    }
    disk::write_new(&folder.join(sums::NAME), sums::render(&hashes).as_bytes())?;
    disk::sync_folder(folder)?;
    Ok(release)
}

fn write_table(folder: &Path, schema: &TableSchema, plan: &Plan<'_>) -> Result<ReleaseTable, Error> {
    if let Some(table) = kept(schema, plan) {
        let from = &table.0.folder;
        for path in [csv_path, parquet_path] {
            copy(&path(from, &schema.name), &path(folder, &schema.name))?;
        }
        return Ok(ReleaseTable { schema: published(schema), ..table.1.clone() });
    }
    let table_version = plan.release.version;
    let (csv_at, parquet_at) = (csv_path(folder, &schema.name), parquet_path(folder, &schema.name));
    let create = |path: &Path| Ok::<_, Error>(HashingWriter::new(BufWriter::new(disk::create(path)?)));
    let mut csv = csv_file::TableWriter::new(create(&csv_at)?, &schema.column_names()).map_err(csv_file::write_error(&csv_at))?;
    let key_values = key_values(schema, &plan.release, table_version);
    let mut parquet = parquet_file::TableWriter::new(create(&parquet_at)?, schema, &key_values).map_err(parquet_file::write_error(&parquet_at))?;
    plan.dataset.each(&schema.name, |row| {
        csv.write(row).map_err(csv_file::write_error(&csv_at))?;
        parquet.write(row).map_err(parquet_file::write_error(&parquet_at))
    })?;
    let csv = synced(csv.finish().map_err(Error::io("write", &csv_at))?, &csv_at)?;
    let parquet = synced(parquet.finish().map_err(parquet_file::write_error(&parquet_at))?, &parquet_at)?;
    let rows = plan.dataset.count(&schema.name) as u64;
    Ok(ReleaseTable { schema: published(schema), rows, table_version, csv, parquet })
}

/// The table of the release before, where its files can stay as they are.
fn kept<'a>(schema: &TableSchema, plan: &Plan<'a>) -> Option<(&'a OpenRelease, &'a ReleaseTable)> {
    let previous = plan.previous?;
    let table = previous.table(&schema.name)?;
    let about = |release: &Release| (release.about.name.clone(), release.about.licence.clone());
    let same = plan.unchanged.contains(&schema.name)
        && schema_text(&table.schema) == schema_text(schema)
        && about(&previous.release) == about(&plan.release);
    same.then_some((previous, table))
}

/// What a Parquet file says of itself.
#[must_use]
pub fn key_values(schema: &TableSchema, release: &Release, table_version: Version) -> parquet_file::KeyValues {
    vec![
        ("dataset", release.about.name.clone()),
        ("licence", release.about.licence.clone()),
        ("table", schema.name.clone()),
        ("schema", schema_text(schema)),
        ("table_version", table_version.to_string()),
    ]
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let mut source = fs::File::open(from).map_err(Error::io("read", from))?;
    let mut target = disk::create(to)?;
    std::io::copy(&mut source, &mut target).map_err(Error::io("write", to))?;
    target.sync()
}

fn synced(out: HashingWriter<BufWriter<disk::NewFile>>, path: &Path) -> Result<FileFacts, Error> {
    let (mut buffered, facts) = out.finish();
    buffered.flush().map_err(Error::io("write", path))?;
    buffered.get_ref().sync()?;
    Ok(facts)
}
