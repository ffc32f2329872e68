//! `datapackage.json`: the release as a Data Package 2.0, which is also how a release is read back.
//!
//! Properties that the standard lacks stand beside its own: rows, table versions and the block `rollcall` with what the release
//! was made from. A Parquet resource has no `type` and the format `vnd.apache.parquet`: so validators take it as a plain file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cause::Digests;
use super::descriptor::{About, Making, Previous, Release, ReleaseTable, SourceCredit, published};
use super::pages::Claims;
use super::sums::FileFacts;
use super::version::{Bump, Version};
use crate::model::TableSchema;
use crate::model::table::{Field, ForeignKey, Role, RowRule};

/// Name of the file.
pub const NAME: &str = "datapackage.json";

#[derive(Debug, Serialize, Deserialize)]
struct Package {
    #[serde(rename = "$schema")]
    profile: String,
    name: String,
    title: String,
    description: String,
    version: String,
    created: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    homepage: Option<String>,
    keywords: Vec<String>,
    licenses: Vec<License>,
    contributors: Vec<Contributor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    sources: Vec<Source>,
    resources: Vec<Resource>,
    rollcall: Block,
}

#[derive(Debug, Serialize, Deserialize)]
struct License {
    name: String,
    path: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Contributor {
    title: String,
    roles: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    source_id: String,
    publisher: String,
    licence: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    name: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
    path: String,
    title: String,
    description: String,
    format: String,
    mediatype: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    bytes: u64,
    hash: String,
    /// Of the CSV alone: validators count the rows of a resource that says it, and cannot count those of a Parquet file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    table_version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<Schema>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema")]
    profile: String,
    fields: Vec<Field>,
    missing_values: Vec<String>,
    primary_key: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unique_keys: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
    position: u32,
    role: Role,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    row_rules: Vec<RowRule>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Block {
    digests: Digests,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<Previous>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bump: Option<Bump>,
    reason: String,
}

/// The text of the file.
#[must_use]
pub fn render(release: &Release) -> String {
    let about = &release.about;
    let package = Package {
        profile: "https://datapackage.org/profiles/2.0/datapackage.json".to_owned(),
        name: about.name.clone(),
        title: about.title.clone(),
        description: about.description.clone(),
        version: release.version.to_string(),
        created: format!("{}T00:00:00Z", release.date),
        homepage: about.base_url.clone(),
        keywords: about.keywords.clone(),
        licenses: vec![License { name: about.licence.clone(), path: about.licence_url.clone() }],
        contributors: vec![Contributor { title: about.publisher.clone(), roles: vec!["publisher".to_owned()] }],
        attribution: about.attribution.clone(),
        sources: release.sources.iter().map(source).collect(),
        resources: release.tables.iter().flat_map(|table| [csv_resource(table), parquet_resource(table)]).collect(),
        rollcall: Block {
            digests: release.making.digests.clone(),
            previous: release.making.previous.clone(),
            bump: release.making.bump,
            reason: release.making.reason.clone(),
        },
    };
    json(&package)
}

/// JSON as files have it: indented, a line end last.
pub fn json<T: Serialize>(value: &T) -> String {
    // Only maps with keys that are no text can fail, and there are none.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn source(credit: &SourceCredit) -> Source {
    Source {
        title: credit.title.clone(),
        path: credit.url.clone(),
        source_id: credit.source_id.clone(),
        publisher: credit.publisher.clone(),
        licence: credit.licence.clone(),
    }
}

fn csv_resource(table: &ReleaseTable) -> Resource {
    let schema = published(&table.schema);
    Resource {
        name: schema.name.clone(),
        resource_type: Some("table".to_owned()),
        path: format!("{}.csv", schema.name),
        title: schema.title.clone(),
        description: schema.description.clone(),
        format: "csv".to_owned(),
        mediatype: "text/csv".to_owned(),
        encoding: Some("utf-8".to_owned()),
        bytes: table.csv.bytes,
        hash: format!("sha256:{}", table.csv.sha256),
        rows: Some(table.rows),
        table_version: table.table_version.to_string(),
        schema: Some(Schema {
            profile: "https://datapackage.org/profiles/2.0/tableschema.json".to_owned(),
            fields: schema.fields,
            missing_values: std::iter::once(String::new()).chain(schema.missing_values.iter().cloned()).collect(),
            primary_key: schema.primary_key,
            unique_keys: schema.unique_keys,
            foreign_keys: schema.foreign_keys,
            position: schema.position,
            role: schema.role,
            row_rules: schema.row_rules,
        }),
    }
}

fn parquet_resource(table: &ReleaseTable) -> Resource {
    Resource {
        name: format!("{}-parquet", table.schema.name),
        resource_type: None,
        path: format!("{}.parquet", table.schema.name),
        title: format!("{} (Parquet)", table.schema.title),
        description: table.schema.description.clone(),
        format: "vnd.apache.parquet".to_owned(),
        mediatype: "application/vnd.apache.parquet".to_owned(),
        encoding: None,
        bytes: table.parquet.bytes,
        hash: format!("sha256:{}", table.parquet.sha256),
        rows: None,
        table_version: table.table_version.to_string(),
        schema: None,
    }
}

/// What the text says of the release: everything, for it is what a release is read back from.
pub fn claims(text: &str) -> Option<Claims> {
    let release = parse(text).ok()?;
    let facts = |table: &ReleaseTable| {
        let name = &table.schema.name;
        [(format!("{name}.csv"), &table.csv), (format!("{name}.parquet"), &table.parquet)]
            .map(|(name, facts)| (name, (facts.sha256.clone(), facts.bytes)))
    };
    Some(Claims {
        title: Some(release.about.title),
        version: Some(release.version.to_string()),
        licences: vec![release.about.licence, release.about.licence_url],
        tables: Some(release.tables.iter().map(|table| table.schema.name.clone()).collect()),
        files: Some(release.tables.iter().flat_map(facts).collect()),
    })
}

/// Reads the file back.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(text: &str) -> Result<Release, String> {
    let package: Package = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let licence = package.licenses.into_iter().next().ok_or("no licence")?;
    let publisher = package.contributors.into_iter().next().ok_or("no publisher")?;
    let day = package.created.strip_suffix("T00:00:00Z").unwrap_or(&package.created);
    let date: NaiveDate = day.parse().map_err(|_| format!("\"{}\" is no day", package.created))?;
    let mut parquets: BTreeMap<String, Resource> = BTreeMap::new();
    let mut tables = Vec::new();
    for resource in package.resources {
        match resource.path.strip_suffix(".parquet") {
            Some(table) => {
                parquets.insert(table.to_owned(), resource);
            }
            None => tables.push(resource),
        }
    }
    let tables = tables.into_iter().map(|csv| {
        let parquet = parquets.remove(&csv.name).ok_or_else(|| format!("the table {} has no Parquet file", csv.name))?;
        table(csv, &parquet)
    });
    let tables = tables.collect::<Result<Vec<_>, String>>()?;
    if let Some((name, _)) = parquets.pop_first() {
        return Err(format!("the table {name} has no CSV file"));
    }
    Ok(Release {
        version: package.version.parse()?,
        date,
        about: About {
            name: package.name,
            title: package.title,
            description: package.description,
            licence: licence.name,
            licence_url: licence.path,
            publisher: publisher.title,
            keywords: package.keywords,
            base_url: package.homepage,
            attribution: package.attribution,
        },
        sources: package.sources.into_iter().map(credit).collect(),
        tables,
        making: Making {
            digests: package.rollcall.digests,
            previous: package.rollcall.previous,
            bump: package.rollcall.bump,
            reason: package.rollcall.reason,
        },
    })
}

fn credit(source: Source) -> SourceCredit {
    SourceCredit { source_id: source.source_id, title: source.title, publisher: source.publisher, licence: source.licence, url: source.path }
}

fn table(csv: Resource, parquet: &Resource) -> Result<ReleaseTable, String> {
    let schema = csv.schema.as_ref().ok_or_else(|| format!("the table {} has no schema", csv.name))?;
    if csv.path != format!("{}.csv", csv.name) || csv.name.contains(['/', '\\', '.']) {
        return Err(format!("the path of {} is \"{}\"", csv.name, csv.path));
    }
    let facts = |resource: &Resource| {
        let sha256 = resource.hash.strip_prefix("sha256:").ok_or_else(|| format!("the hash of {} is no sha256", resource.path))?;
        Ok::<_, String>(FileFacts { bytes: resource.bytes, sha256: sha256.to_owned() })
    };
    let (csv_facts, parquet_facts) = (facts(&csv)?, facts(parquet)?);
    let rows = csv.rows.ok_or_else(|| format!("the table {} does not say how many rows it has", csv.name))?;
    if csv.table_version != parquet.table_version {
        return Err(format!("the files of {} have different versions", csv.name));
    }
    Ok(ReleaseTable {
        schema: TableSchema {
            name: csv.name,
            title: csv.title,
            description: csv.description,
            position: schema.position,
            role: schema.role,
            allow_empty: false,
            fields: schema.fields.clone(),
            primary_key: schema.primary_key.clone(),
            unique_keys: schema.unique_keys.clone(),
            foreign_keys: schema.foreign_keys.clone(),
            row_rules: schema.row_rules.clone(),
            missing_values: schema.missing_values.iter().filter(|value| !value.is_empty()).cloned().collect(),
            record: None,
            extract: Vec::new(),
        },
        rows,
        table_version: csv.table_version.parse::<Version>()?,
        csv: csv_facts,
        parquet: parquet_facts,
    })
}
