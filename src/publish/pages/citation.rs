//! `CITATION.cff`: how to cite the release, for reference managers (Citation File Format 1.2).
//!
//! A JSON string is a YAML string in double quotes, so that no value can become markup.

use std::fmt::Write as _;

use super::claims::Claims;
use super::{citation_line, folder_address};
use crate::publish::descriptor::Release;

/// The text of the file.
pub fn render(release: &Release) -> String {
    let about = &release.about;
    let mut text = String::from("cff-version: 1.2.0\n");
    // The format has no place of its own for an attribution that the publisher asks for.
    let _ = writeln!(text, "message: {}\ntype: dataset", quoted(&format!("Please cite: {}.", citation_line(release))));
    let _ = writeln!(text, "title: {}", quoted(&about.title));
    let _ = writeln!(text, "abstract: {}", quoted(&about.description));
    let _ = writeln!(text, "authors:\n  - name: {}", quoted(&about.publisher));
    let _ = writeln!(text, "version: {}", quoted(&release.version.to_string()));
    let _ = writeln!(text, "date-released: \"{}\"", release.date);
    let _ = writeln!(text, "license: {}\nlicense-url: {}", quoted(&about.licence), quoted(&about.licence_url));
    if let Some(address) = folder_address(release) {
        let _ = writeln!(text, "url: {}", quoted(&address));
    }
    if !about.keywords.is_empty() {
        text.push_str("keywords:\n");
    }
    for keyword in &about.keywords {
        let _ = writeln!(text, "  - {}", quoted(keyword));
    }
    if !release.sources.is_empty() {
        text.push_str("references:\n");
    }
    for source in &release.sources {
        let _ = writeln!(text, "  - type: generic\n    title: {}\n    authors:\n      - name: {}", quoted(&source.title), quoted(&source.publisher));
        if let Some(url) = &source.url {
            let _ = writeln!(text, "    url: {}", quoted(url));
        }
        let _ = writeln!(text, "    notes: {}", quoted(&format!("Source {}. Terms: {}", source.source_id, source.licence)));
    }
    text
}

/// What the text says of the release.
pub fn claims(text: &str) -> Option<Claims> {
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        serde_json::from_str::<String>(line).ok()
    };
    Some(Claims {
        title: Some(value("title")?),
        version: Some(value("version")?),
        licences: vec![value("license")?, value("license-url")?],
        ..Claims::default()
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
