//! Everything below `schemas/`, parsed: what the data must be, as data that people edit without touching code.
//!
//! In: the files as text (ingest reads them, or the defaults that are compiled in). Out: tables, reference data, vocabularies and
//! settings. Every problem is a finding with file and line; nothing is used while one of severity error is open.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use validator::Validate;

use super::record::hex;
use super::reference::Reference;
use super::settings::DatasetSettings;
use super::table::TableSchema;
use super::vocabulary::Vocabulary;
use crate::findings::{Finding, Place, Report, code};

/// The files below `schemas/`, by path with `/`.
#[derive(Clone, Debug, Default)]
pub struct SchemaFiles {
    /// The folder as findings name it.
    pub root: String,
    pub files: Texts,
}

/// Texts by path. Those that a project has as the program has them are the program's own: a megabyte need not be copied.
#[derive(Clone, Debug, Default)]
pub struct Texts(BTreeMap<String, Cow<'static, str>>);

impl Texts {
    /// Takes the text of a path in place of the one that was there.
    pub fn insert(&mut self, path: String, text: impl Into<Cow<'static, str>>) {
        self.0.insert(path, text.into());
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(AsRef::as_ref)
    }

    /// Paths and texts in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_ref()))
    }
}

impl SchemaFiles {
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path)
    }

    /// The path as findings name it.
    #[must_use]
    pub fn display(&self, path: &str) -> String {
        if self.root.is_empty() { path.to_owned() } else { format!("{}/{path}", self.root) }
    }

    /// SHA-256 over the paths and contents of the files for which `of` holds.
    #[must_use]
    pub fn digest(&self, of: impl Fn(&str) -> bool) -> String {
        let mut digest = Sha256::new();
        for (path, text) in self.files.iter().filter(|(path, _)| of(path)) {
            digest.update((path.len() as u64).to_le_bytes());
            digest.update(path.as_bytes());
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        hex(&digest.finalize())
    }
}

/// All schemas, parsed.
#[derive(Clone, Debug)]
pub struct Schemas {
    pub files: SchemaFiles,
    /// In the order of their positions.
    pub tables: Vec<TableSchema>,
    pub reference: Reference,
    pub vocabularies: Vec<Vocabulary>,
    pub settings: DatasetSettings,
}

impl Schemas {
    /// Parses all files; none where something in them is wrong, which is then reported.
    pub fn parse(files: SchemaFiles, report: &mut Report) -> Option<Self> {
        let mut found = Report::default();
        let tables = parse_tables(&files, &mut found);
        let reference = Reference::parse(&files, &mut found);
        let vocabularies = Vocabulary::parse_all(&files, &mut found);
        let settings = parse_toml::<DatasetSettings>(&files, "dataset.toml", &mut found);
        if let Some(Err(errors)) = settings.as_ref().map(Validate::validate) {
            for message in validation_messages(&errors) {
                found.push(Finding::new(code::SCHEMA_INVALID, Place::file(files.display("dataset.toml")), message));
            }
        }
        let sound = !found.has_errors();
        report.extend(found);
        let settings = settings?;
        sound.then_some(Self { files, tables, reference, vocabularies, settings })
    }

    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableSchema> {
        self.tables.iter().find(|table| table.name == name)
    }
}

fn parse_tables(files: &SchemaFiles, report: &mut Report) -> Vec<TableSchema> {
    let mut tables: Vec<TableSchema> = Vec::new();
    for (path, text) in files.files.iter().filter(|(path, _)| path.starts_with("tables/") && path.ends_with(".json")) {
        match serde_json::from_str::<TableSchema>(text) {
            Ok(table) => {
                check_table(&table, path, files, report);
                tables.push(table);
            }
            Err(error) => {
                let place = Place::new(files.display(path), error.line() as u32, error.column() as u32);
                report.push(Finding::new(code::SCHEMA_INVALID, place, without_position(&error.to_string())));
            }
        }
    }
    tables.sort_by_key(|table| table.position);
    tables
}

/// What serde cannot know: names that must exist, descriptions that must say something.
fn check_table(table: &TableSchema, path: &str, files: &SchemaFiles, report: &mut Report) {
    let mut complain = |message: String| {
        report.push(Finding::new(code::SCHEMA_INVALID, Place::file(files.display(path)), message));
    };
    let stem = path.trim_start_matches("tables/").trim_end_matches(".json");
    if table.name != stem {
        complain(format!("the table is called \"{}\", the file \"{stem}\"", table.name));
    }
    for field in &table.fields {
        if field.description.trim().is_empty() {
            complain(format!("column \"{}\" has no description", field.name));
        }
    }
    let keys = std::iter::once(&table.primary_key).chain(&table.unique_keys).chain(table.foreign_keys.iter().map(|key| &key.fields));
    for column in keys.flatten().filter(|column| table.position_of(column).is_none()) {
        complain(format!("a key names the column \"{column}\", which the table does not have"));
    }
    if let Some(record) = &table.record {
        for column in &table.extract {
            let names = std::iter::once(&column.from).chain(&column.compound);
            for name in names.filter(|name| !["source_id", "line"].contains(&name.as_str())) {
                if !record.fields.iter().any(|field| &field.name == name) {
                    complain(format!("extract column \"{}\" comes from \"{name}\", which the record does not have", column.name));
                }
            }
        }
    }
}

/// Parses one TOML file; none where it is missing or wrong, which is then reported with line and column.
pub fn parse_toml<T: DeserializeOwned>(files: &SchemaFiles, path: &str, report: &mut Report) -> Option<T> {
    let Some(text) = files.get(path) else {
        report.push(Finding::new(code::SCHEMA_INVALID, Place::file(files.display(path)), "the file is missing"));
        return None;
    };
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            report.push(toml_finding(code::SCHEMA_INVALID, &files.display(path), text, &error));
            None
        }
    }
}

/// What is wrong with a TOML text, at its line and column.
#[must_use]
pub fn toml_finding(kind: &'static crate::findings::Code, path: &str, text: &str, error: &toml::de::Error) -> Finding {
    let (line, column) = error.span().map_or((0, 0), |span| line_and_column(text, span.start));
    Finding::new(kind, Place::new(path, line, column), error.message().replace('\n', ", "))
}

/// Line and column of a byte of `text`, both from 1.
#[must_use]
pub fn line_and_column(text: &str, byte: usize) -> (u32, u32) {
    let before = &text[..byte.min(text.len())];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) as u32 + 1;
    (line, column)
}

/// One message a broken rule, naming the field, the value and the rule, in field order.
#[must_use]
pub fn validation_messages(errors: &validator::ValidationErrors) -> Vec<String> {
    let mut messages: Vec<String> = errors
        .field_errors()
        .iter()
        .flat_map(|(field, broken)| {
            broken.iter().map(move |error| {
                let value = error.params.get("value").map_or_else(String::new, ToString::to_string);
                let rule = match error.code.as_ref() {
                    "length" => length_rule(error),
                    "url" => "a web address with https:// or http://".to_owned(),
                    other => other.to_owned(),
                };
                format!("{field} is {value}, expected {rule}")
            })
        })
        .collect();
    messages.sort();
    messages
}

fn length_rule(error: &validator::ValidationError) -> String {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (bound("min"), bound("max")) {
        (Some(min), Some(max)) => format!("{min} to {max} characters"),
        (None, Some(max)) => format!("at most {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, None) => "another length".to_owned(),
    }
}

/// The message of a serde_json error without its position, which the place of the finding has.
fn without_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
