//! The release as one struct: everything that its descriptors say. Each descriptor is a function from it to a text, so that
//! version, licence, tables, hashes and sizes agree in all of them.

use chrono::NaiveDate;

use super::cause::Digests;
use super::sums::FileFacts;
use super::version::{Bump, Version};
use crate::model::TableSchema;
use crate::model::settings::DatasetSettings;

/// A release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    pub version: Version,
    pub date: NaiveDate,
    pub about: About,
    /// In the order of their ids.
    pub sources: Vec<SourceCredit>,
    /// In the order of their positions.
    pub tables: Vec<ReleaseTable>,
    pub making: Making,
}

/// What the data set is: the part of `schemas/dataset.toml` that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub name: String,
    pub title: String,
    pub description: String,
    pub licence: String,
    pub licence_url: String,
    pub publisher: String,
    pub keywords: Vec<String>,
    pub base_url: Option<String>,
    pub attribution: Option<String>,
}

impl About {
    #[must_use]
    pub fn new(settings: &DatasetSettings) -> Self {
        Self {
            name: settings.name.clone(),
            title: settings.title.clone(),
            description: settings.description.clone(),
            licence: settings.licence.clone(),
            licence_url: settings.licence_url.clone(),
            publisher: settings.publisher.clone(),
            keywords: settings.keywords.clone(),
            base_url: settings.base_url.clone(),
            attribution: settings.attribution.clone(),
        }
    }
}

/// Who published a source, and on which terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceCredit {
    pub source_id: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    pub url: Option<String>,
}

/// A table of the release and its two files.
#[derive(Clone, Debug)]
pub struct ReleaseTable {
    /// Without what only the making of the data needs (records, columns of `extract`).
    pub schema: TableSchema,
    pub rows: u64,
    /// The release in which the files of this table last changed.
    pub table_version: Version,
    pub csv: FileFacts,
    pub parquet: FileFacts,
}

impl PartialEq for ReleaseTable {
    fn eq(&self, other: &Self) -> bool {
        schema_text(&self.schema) == schema_text(&other.schema)
            && (self.rows, self.table_version) == (other.rows, other.table_version)
            && (&self.csv, &self.parquet) == (&other.csv, &other.parquet)
    }
}

/// What the release was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    pub digests: Digests,
    /// The release before, and the SHA-256 of its SHA256SUMS; none for the first.
    pub previous: Option<Previous>,
    /// None for the first.
    pub bump: Option<Bump>,
    pub reason: String,
}

/// A link of the chain of releases.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Previous {
    pub version: String,
    pub sha256sums: String,
}

/// A schema as it is published: what only the making of the data needs is left out.
#[must_use]
pub fn published(schema: &TableSchema) -> TableSchema {
    TableSchema { allow_empty: false, record: None, extract: Vec::new(), ..schema.clone() }
}

/// A schema as one line of JSON: to compare, and to write into Parquet.
#[must_use]
pub fn schema_text(schema: &TableSchema) -> String {
    serde_json::to_string(&published(schema)).unwrap_or_default()
}

/// Whether two releases say the same of the data set, leaving aside what rows, dates and hashes say.
#[must_use]
pub fn same_description(old: &Release, about: &About, schemas: &[TableSchema]) -> bool {
    let old_schemas: Vec<String> = old.tables.iter().map(|table| schema_text(&table.schema)).collect();
    let new_schemas: Vec<String> = schemas.iter().map(schema_text).collect();
    &old.about == about && old_schemas == new_schemas
}
