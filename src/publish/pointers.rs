//! What stands above the releases: `versions.json`, `CHANGELOG.md`, `catalog.jsonld` and, written last, `latest.json`.
//!
//! All of it follows from the releases and from which of them are withdrawn, so that a run that died between two of these
//! files is finished by writing them again.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::changelog;
use super::datapackage::json;
use super::descriptor::Release;
use super::disk;
use super::folder::{OpenRelease, read_text};
use super::pages::dcat;
use super::rows::unsound;
use super::version::{Bump, Version};
use crate::error::Error;

/// Name of the list of releases.
pub const VERSIONS: &str = "versions.json";
/// Name of the pointer to the newest release.
pub const LATEST: &str = "latest.json";

/// Name of the description of all releases for data catalogues.
pub const CATALOG: &str = "catalog.jsonld";

/// Withdrawn releases: the day, and why.
pub type Withdrawn = BTreeMap<Version, (NaiveDate, String)>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionsFile {
    name: String,
    /// The newest first.
    versions: Vec<VersionEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionEntry {
    version: String,
    date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bump: Option<Bump>,
    reason: String,
    path: String,
    sha256sums: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<WithdrawnEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithdrawnEntry {
    date: String,
    reason: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LatestFile {
    version: String,
    date: String,
    path: String,
    sha256sums: String,
}

/// The files above the releases (oldest first), in the order in which they are written; none where there is no release.
///
/// # Errors
/// `Io` where the changelog of the newest release cannot be read.
pub fn files(releases: &[OpenRelease], withdrawn: &Withdrawn) -> Result<Vec<(&'static str, String)>, Error> {
    let Some(newest) = releases.last() else { return Ok(Vec::new()) };
    let versions: Vec<Version> = releases.iter().map(OpenRelease::version).collect();
    let pointed_at = pointed_at(&versions, withdrawn);
    let current = releases.iter().find(|release| Some(release.version()) == pointed_at).unwrap_or(newest);
    let versions = VersionsFile {
        name: newest.release.about.name.clone(),
        versions: releases.iter().rev().map(|release| version_entry(release, withdrawn)).collect(),
    };
    let latest = LatestFile {
        version: current.version().to_string(),
        date: current.release.date.to_string(),
        path: format!("{}/", current.version()),
        sha256sums: current.sums_sha256.clone(),
    };
    let changelog = changelog::marked(&newest.changelog()?, withdrawn);
    let newest_first: Vec<&Release> = releases.iter().rev().map(|open| &open.release).collect();
    let catalog = dcat::catalog(&newest_first, &current.release, &|release| withdrawn.contains_key(&release.version));
    Ok(vec![(VERSIONS, json(&versions)), (changelog::NAME, changelog), (CATALOG, catalog), (LATEST, json(&latest))])
}

/// The release that the pointer names: the newest that is not withdrawn, else the newest.
#[must_use]
pub fn pointed_at(versions: &[Version], withdrawn: &Withdrawn) -> Option<Version> {
    let standing = versions.iter().rev().find(|version| !withdrawn.contains_key(version));
    standing.or(versions.last()).copied()
}

fn version_entry(open: &OpenRelease, withdrawn: &Withdrawn) -> VersionEntry {
    let release = &open.release;
    VersionEntry {
        version: release.version.to_string(),
        date: release.date.to_string(),
        bump: release.making.bump,
        reason: release.making.reason.clone(),
        path: format!("{}/", release.version),
        sha256sums: open.sums_sha256.clone(),
        withdrawn: withdrawn.get(&release.version).map(|(date, reason)| WithdrawnEntry { date: date.to_string(), reason: reason.clone() }),
    }
}

/// Writes the files; the pointer last, when all before it is on the disk.
///
/// # Errors
/// `Io` where one cannot be written.
pub fn write(output: &Path, files: &[(&'static str, String)]) -> Result<(), Error> {
    for (name, text) in files {
        if *name == LATEST {
            disk::sync_folder(output)?;
        }
        disk::replace(&output.join(name), text.as_bytes())?;
    }
    disk::sync_folder(output)
}

/// The version that the pointer names; none where there is no pointer.
///
/// # Errors
/// `Store` where the pointer is not one.
pub fn latest(output: &Path) -> Result<Option<Version>, Error> {
    let path = output.join(LATEST);
    if !path.exists() {
        return Ok(None);
    }
    let pointer: LatestFile = serde_json::from_str(&read_text(&path)?).map_err(|error| unsound(&path, error.to_string()))?;
    pointer.version.parse().map(Some).map_err(|problem: String| unsound(&path, problem))
}

/// The releases that are withdrawn.
///
/// # Errors
/// `Store` where `versions.json` is not what it should be.
pub fn withdrawn(output: &Path) -> Result<Withdrawn, Error> {
    let path = output.join(VERSIONS);
    if !path.exists() {
        return Ok(Withdrawn::new());
    }
    let file: VersionsFile = serde_json::from_str(&read_text(&path)?).map_err(|error| unsound(&path, error.to_string()))?;
    let marked = file.versions.into_iter().filter_map(|entry| Some((entry.version, entry.withdrawn?)));
    let parsed = marked.map(|(version, entry)| {
        let version: Version = version.parse().map_err(|problem: String| unsound(&path, problem))?;
        let date: NaiveDate = entry.date.parse().map_err(|_| unsound(&path, format!("\"{}\" is no day", entry.date)))?;
        Ok((version, (date, entry.reason)))
    });
    parsed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::fixture::{Publisher, dataset, meeting};
    use super::*;

    #[test]
    fn the_catalogue_names_the_latest_beside_each_version() {
        let mut publisher = Publisher::new();
        publisher.settings.base_url = Some("https://example.org/data/".to_owned());
        publisher.published(dataset());
        let mut next = dataset();
        next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
        publisher.published(next);
        let catalog: Value = serde_json::from_str(&read_text(&publisher.output().join(CATALOG)).unwrap()).unwrap();
        let ids: Vec<&Value> = catalog["dataset"].as_array().unwrap().iter().map(|node| &node["@id"]).collect();
        assert_eq!(ids, ["https://example.org/data/latest/", "https://example.org/data/1.1.0/", "https://example.org/data/1.0.0/"]);
        let latest = &catalog["dataset"][0];
        assert_eq!(latest["hasCurrentVersion"]["@id"], "https://example.org/data/1.1.0/");
        assert_eq!(latest["landingPage"]["@id"], "https://example.org/data/1.1.0/index.html");
        assert_eq!(latest["hasVersion"].as_array().unwrap().len(), 2);
        assert!(latest.get("previousVersion").is_none());
        assert_eq!(catalog["dataset"][2]["isVersionOf"]["@id"], "https://example.org/data/latest/");
    }
}
