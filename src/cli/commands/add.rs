//! Add: takes texts among the sources, registers them, and says what it found in them.

use std::path::PathBuf;

use crate::error::Error;
use crate::findings::Report;
use crate::pipeline::{self, Added, Project};

/// Registers texts; the lines to print, one block a text.
pub fn run(project: &Project, files: &[PathBuf], report: &mut Report) -> Result<String, Error> {
    let added = pipeline::add(project, files, report)?;
    let told: Vec<String> = added.iter().map(told).collect();
    Ok(told.join("\n\n"))
}

fn told(added: &Added) -> String {
    let records: Vec<String> = added.records.iter().map(|(table, count)| format!("{count} {table}")).collect();
    let records = if records.is_empty() { "no record".to_owned() } else { records.join(", ") };
    let coverage = &added.coverage;
    let language = match &added.looks_like {
        None => added.described.language.clone(),
        Some(name) => format!("{} (the text looks like {name}, for which there is no vocabulary)", added.described.language),
    };
    [
        added.path.display().to_string(),
        format!("  id         {}", added.id),
        format!("  title      {}", added.described.title.as_deref().unwrap_or(&added.id)),
        format!("  language   {language}"),
        format!("  sha256     {}", added.sha256),
        format!("  found      {records}"),
        format!(
            "  bytes      {} read, {} without a fact, {} ignored, {} unread, {} blank",
            coverage.read, coverage.no_fact, coverage.ignored, coverage.unread, coverage.blank
        ),
        format!("  to fill in {}:{}: publisher, licence, published, as_of, url", added.registered.registry.display(), added.registered.line),
    ]
    .join("\n")
}
