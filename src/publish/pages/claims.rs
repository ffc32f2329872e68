//! Claims: what a page says of its release, read back from its text and held against the release.
//!
//! Each page has a reader beside its writer. So a page that was edited, or made by another hand, is seen to disagree.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::publish::descriptor::Release;
use crate::publish::folder::table_files;
use crate::publish::markdown::escaped;

/// What a page says; what it does not speak of is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub title: Option<String>,
    pub version: Option<String>,
    pub licences: Vec<String>,
    pub tables: Option<BTreeSet<String>>,
    /// Hash and size by name.
    pub files: Option<BTreeMap<String, (String, u64)>>,
}

impl Claims {
    /// The claims of a description that names files, from what each of its distributions says: name, hash, size.
    pub fn with_files(mut self, distributions: &Value, read: impl Fn(&Value) -> Option<(String, String, u64)>) -> Option<Self> {
        let read = |file: &Value| read(file).map(|(name, sha256, bytes)| (name.rsplit('/').next().unwrap_or(&name).to_owned(), (sha256, bytes)));
        let files: BTreeMap<_, _> = distributions.as_array()?.iter().map(read).collect::<Option<_>>()?;
        self.tables.get_or_insert_with(|| files.keys().filter_map(|name| name.strip_suffix(".csv")).map(str::to_owned).collect());
        self.files = Some(files);
        Some(self)
    }

    /// Where the claims are not what the release is.
    #[must_use]
    pub fn against(&self, release: &Release) -> Vec<String> {
        let about = &release.about;
        let mut wrong = Vec::new();
        let mut differs = |what: &str, said: &str, is: &str| wrong.push(format!("says that the {what} is \"{said}\", the release is \"{is}\""));
        if let Some(title) = self.title.as_ref().filter(|title| **title != about.title && **title != escaped(&about.title)) {
            differs("title", title, &about.title);
        }
        let version = release.version.to_string();
        if let Some(said) = self.version.as_ref().filter(|said| **said != version) {
            differs("version", said, &version);
        }
        for licence in self.licences.iter().filter(|licence| ![&about.licence, &about.licence_url, &escaped(&about.licence)].contains(licence)) {
            differs("licence", licence, &about.licence);
        }
        let tables: BTreeSet<String> = release.tables.iter().map(|table| table.schema.name.clone()).collect();
        for table in self.tables.iter().flat_map(|said| said.symmetric_difference(&tables)) {
            wrong.push(format!("does not have the tables of the release: {table}"));
        }
        let facts = release.tables.iter().flat_map(|table| [&table.csv, &table.parquet]);
        let files: BTreeMap<String, (String, u64)> = table_files(release).zip(facts.map(|facts| (facts.sha256.clone(), facts.bytes))).collect();
        for said in self.files.iter().filter(|said| **said != files) {
            let other = files.iter().find(|(name, facts)| said.get(*name) != Some(*facts)).map_or("more files", |(name, _)| name);
            wrong.push(format!("has another hash or size than the release: {other}"));
        }
        wrong
    }
}

/// A text in JSON.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A size as `123 B`.
pub fn size(value: &Value) -> Option<u64> {
    value.as_str()?.strip_suffix(" B")?.parse().ok()
}

/// What stands between two pieces of text, the first time.
pub fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.to_owned())
}
