//! The registry of sources, `sources.toml`, and entries for texts that it lacks.

use std::collections::BTreeMap;

use validator::Validate;

use super::sources::Described;
use crate::findings::{Finding, Place, Report, code};
use crate::model::schemas::{broken_rules, line_and_column};
use crate::model::settings::{Registry, SourceEntry};
use crate::model::toml_file;

/// Entries with the line on which each stands.
#[derive(Debug, Default)]
pub struct Entries {
    pub path: String,
    entries: Vec<(u32, SourceEntry)>,
    /// Whether the registry could not be read: then nothing can be said of what it lacks.
    pub unread: bool,
}

impl Entries {
    /// A registry that cannot be read.
    #[must_use]
    pub fn unread(path: &str) -> Self {
        Self { path: path.to_owned(), entries: Vec::new(), unread: true }
    }

    /// Parses the registry; every problem is a finding with its line.
    pub fn parse(path: &str, text: &str, report: &mut Report) -> Self {
        let Some(registry) = toml_file::parse::<Registry>(text, path, code::REGISTRY_INVALID, report) else {
            return Self::unread(path);
        };
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut entries = Vec::new();
        for spanned in registry.sources {
            let start = spanned.span().start;
            let (line, _) = line_and_column(text, start);
            let entry = spanned.into_inner();
            if let Err(errors) = entry.validate() {
                for (field, mut complaint) in broken_rules(&errors) {
                    let (line, column) = toml_file::place_of(text, start, &field);
                    complaint.message = format!("source \"{}\": {}", entry.id, complaint.message);
                    report.push(complaint.finding(code::REGISTRY_INVALID, Place::new(path, line, column)));
                }
            }
            if let Some(first) = seen.insert(entry.id.clone(), line) {
                let message = format!("source \"{}\" stands twice, first on line {first}", entry.id);
                let (line, column) = toml_file::place_of(text, start, "id");
                let finding = Finding::new(code::REGISTRY_INVALID, Place::new(path, line, column), message);
                report.push(finding.compared(&entry.id, "an id that no other entry has"));
            }
            entries.push((line, entry));
        }
        Self { path: path.to_owned(), entries, unread: false }
    }

    /// The entry for a text: by its id, else by the hash of the original.
    #[must_use]
    pub fn find(&self, id: &str, sha256: &str) -> Option<&SourceEntry> {
        self.with_id(id).or_else(|| self.with_original(sha256)).map(|(_, entry)| entry)
    }

    /// The entry of an id, with its line.
    #[must_use]
    pub fn with_id(&self, id: &str) -> Option<(u32, &SourceEntry)> {
        self.entries.iter().find(|(_, entry)| entry.id == id).map(|(line, entry)| (*line, entry))
    }

    /// The entry whose original has that hash, with its line.
    #[must_use]
    pub fn with_original(&self, sha256: &str) -> Option<(u32, &SourceEntry)> {
        self.entries.iter().find(|(_, entry)| entry.original_sha256.as_deref() == Some(sha256)).map(|(line, entry)| (*line, entry))
    }

    /// Entries whose text was not among `found`, with their lines.
    pub fn without_file<'a>(&'a self, found: &'a [String]) -> impl Iterator<Item = (u32, &'a SourceEntry)> {
        self.entries.iter().filter(|(_, entry)| !found.contains(&entry.id)).map(|(line, entry)| (*line, entry))
    }
}

/// An entry for a text that the registry does not know: made up from the file, and said so in a finding.
#[must_use]
pub fn derived_entry(stem: &str, described: Described) -> SourceEntry {
    let title = described.title.unwrap_or_else(|| stem.to_owned());
    SourceEntry {
        id: stem.to_owned(),
        title: title.chars().take(200).collect(),
        publisher: "unknown".to_owned(),
        published: None,
        as_of: None,
        language: described.language,
        licence: "unknown".to_owned(),
        url: None,
        transcript: false,
        original_sha256: None,
        note: None,
    }
}
