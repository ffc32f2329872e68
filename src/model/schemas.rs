//! Everything below `schemas/`, parsed: what the data must be, as data that people edit without touching code.
//!
//! In: the files as text (ingest reads them, or the defaults that are compiled in). Out: tables, reference data, vocabularies and
//! settings. Every problem is a finding with file and line; nothing is used while one of severity error is open.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use validator::Validate;

use super::complaint::Complaint;
use super::corrections;
use super::expectations::Expectations;
use super::record::hex;
use super::reference::Reference;
use super::renames::Renames;
use super::salvage;
use super::settings::DatasetSettings;
use super::table::{Category, TableSchema, whole_pattern};
pub use super::toml_file::line_and_column;
use super::tongue::Tongue;
use super::{compiled, json_file, toml_file};
use crate::findings::{Code, Finding, Place, Report, code};

/// The files below `schemas/`, by path with `/`.
#[derive(Clone, Debug, Default)]
pub struct SchemaFiles {
    /// The folder as findings name it.
    pub root: String,
    pub files: Texts,
}

/// Texts by path. Those that a project has as the program has them are the program's own, and borrowed: a megabyte need not be copied, and what
/// the build made of them holds.
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

    /// Those whose paths start in a way.
    #[must_use]
    pub fn below(&self, start: &str) -> Self {
        Self(self.0.iter().filter(|(path, _)| path.starts_with(start)).map(|(path, text)| (path.clone(), text.clone())).collect())
    }

    /// Whether all texts whose paths start in a way are the program's own.
    #[must_use]
    pub fn are_built_in(&self, start: &str) -> bool {
        self.0.iter().filter(|(path, _)| path.starts_with(start)).all(|(_, text)| matches!(text, Cow::Borrowed(_)))
    }

    /// Paths in path order, with the texts that are not the program's own.
    pub fn own(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(path, text)| (path.as_str(), if let Cow::Owned(text) = text { Some(text.as_str()) } else { None }))
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

    /// SHA-256 over the paths of the files for which `of` holds, and the contents of those that are not the program's own. Beside the digest of
    /// the program it says as much as one over all contents, and takes no time where a project has the files of the program.
    #[must_use]
    pub fn program_and_own(&self, of: impl Fn(&str) -> bool) -> [u8; 32] {
        let mut digest = Sha256::new();
        for (path, text) in self.files.own().filter(|(path, _)| of(path)) {
            digest.update((path.len() as u64).to_le_bytes());
            digest.update(path.as_bytes());
            digest.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            // One that is taken away has no bytes, and a length that none has.
            digest.update(text.unwrap_or_default().as_bytes());
        }
        digest.finalize().into()
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
    pub vocabularies: Vec<Tongue>,
    pub settings: DatasetSettings,
}

impl Schemas {
    /// Parses all files; none where something in them is wrong, which is then reported.
    pub fn parse(files: SchemaFiles, report: &mut Report) -> Option<Self> {
        Self::with(files, false, report)
    }

    /// Parses what is needed of files in which [`Schemas::parse`] found nothing wrong.
    pub fn of_sound(files: SchemaFiles, report: &mut Report) -> Option<Self> {
        Self::with(files, true, report)
    }

    fn with(files: SchemaFiles, is_sound: bool, report: &mut Report) -> Option<Self> {
        let mut found = Report::default();
        let tables = parse_tables(&files, is_sound, &mut found);
        let reference = compiled::reference(&files).unwrap_or_else(|| Reference::parse(&files, is_sound, &mut found));
        let vocabularies = Tongue::all(&files, is_sound, &mut found);
        let settings = parse_toml::<DatasetSettings>(&files, "dataset.toml", &mut found);
        if let Some(Err(errors)) = settings.as_ref().map(Validate::validate) {
            // For the place alone: settings that were read come from a text.
            let text = files.get("dataset.toml").unwrap_or_default();
            for (field, complaint) in broken_rules(&errors) {
                let (line, column) = toml_file::place_of(text, 0, &field);
                found.push(complaint.finding(code::SCHEMA_INVALID, Place::new(files.display("dataset.toml"), line, column)));
            }
        }
        if !is_sound {
            // These are read again where they are used: here for what is wrong with them, so that all of it is told at once.
            Expectations::parse(&files, &mut found);
            corrections::parse(&files, &mut found);
            Renames::parse(&files, &mut found);
        }
        let has_errors = found.has_errors();
        report.extend(found);
        let settings = settings?;
        (!has_errors).then_some(Self { files, tables, reference, vocabularies, settings })
    }

    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableSchema> {
        self.tables.iter().find(|table| table.name == name)
    }
}

fn parse_tables(files: &SchemaFiles, is_sound: bool, report: &mut Report) -> Vec<TableSchema> {
    let mut paths: Vec<&str> = Vec::new();
    let mut tables: Vec<TableSchema> = Vec::new();
    for (path, text) in files.files.iter().filter(|(path, _)| path.starts_with("tables/") && path.ends_with(".json")) {
        // What else is wrong with a schema that cannot be read is told in the same run.
        let parsed = json_file::parse::<TableSchema>(text, &files.display(path), code::SCHEMA_INVALID, report);
        if let Some(table) = parsed.or_else(|| salvage::table(text, stem(path))) {
            paths.push(path);
            tables.push(table);
        }
    }
    if !is_sound && !files.files.are_built_in("tables/") {
        for (table, path) in tables.iter().zip(paths) {
            check_table(table, path, &tables, files, report);
        }
    }
    tables.sort_by_key(|table| table.position);
    tables
}

/// The name that a table has by its file.
fn stem(path: &str) -> &str {
    path.trim_start_matches("tables/").trim_end_matches(".json")
}

/// What serde cannot know: names that must exist, descriptions that must say something, patterns that must be some.
fn check_table(table: &TableSchema, path: &str, tables: &[TableSchema], files: &SchemaFiles, report: &mut Report) {
    // For the place alone: a table that was read comes from a text.
    let text = files.get(path).unwrap_or_default();
    let mut complain = |code: &'static Code, at: &[&str], complaint: Complaint| {
        let (line, column) = json_file::place_of(text, at);
        report.push(complaint.finding(code, Place::new(files.display(path), line, column)));
    };
    let stem = stem(path);
    if table.name != stem {
        let message = format!("the table is called \"{}\", the file \"{stem}\"", table.name);
        complain(code::SCHEMA_INVALID, &["name"], Complaint::new(message).compared(&table.name, stem));
    }
    for (at, field) in table.fields.iter().enumerate() {
        let at_text = at.to_string();
        if field.description.trim().is_empty() {
            let complaint = Complaint::new(format!("column \"{}\" has no description", field.name)).compared("", "a description");
            complain(code::SCHEMA_INVALID, &["fields", &at_text, "description"], complaint);
        }
        if table.fields[..at].iter().any(|other| other.name == field.name) {
            let complaint = Complaint::new(format!("column \"{}\" stands twice", field.name));
            complain(code::SCHEMA_INVALID, &["fields", &at_text, "name"], complaint.compared(&field.name, "a name that no other column has"));
        }
        let differs = |value: &&Category| !field.constraints.one_of.is_empty() && !field.constraints.one_of.iter().any(|one| one == value.value());
        if let Some(category) = field.categories.iter().find(differs) {
            let message = format!("the category \"{}\" of column \"{}\" is not in its enum", category.value(), field.name);
            let complaint = Complaint::new(message).compared(category.value(), field.constraints.one_of.join(", "));
            complain(code::SCHEMA_INVALID, &["fields", &at_text, "categories"], complaint);
        }
        for (keyword, complaint) in field.unfit_bounds() {
            complain(code::SCHEMA_INVALID, &["fields", &at_text, "constraints", keyword], complaint);
        }
        if let Some(Err(error)) = field.constraints.pattern.as_deref().map(whole_pattern) {
            complain(code::SCHEMA_PATTERN, &["fields", &at_text, "constraints", "pattern"], field.wrong_pattern(&error));
        }
    }
    let mut names_column = |keyword: &[&str], schema: &TableSchema, columns: &[String]| {
        for column in columns.iter().filter(|column| schema.position_of(column).is_none()) {
            let message = format!("{} names the column \"{column}\", which {} does not have", keyword[0], schema.name);
            complain(code::SCHEMA_INVALID, keyword, Complaint::new(message).compared(column, schema.column_names().join(", ")));
        }
    };
    names_column(&["primaryKey"], table, &table.primary_key);
    for (at, key) in table.unique_keys.iter().enumerate() {
        names_column(&["uniqueKeys", &at.to_string()], table, key);
    }
    for (at, rule) in table.row_rules.iter().enumerate() {
        names_column(&["rowRules", &at.to_string()], table, rule.columns());
    }
    for (at, key) in table.foreign_keys.iter().enumerate() {
        let at = at.to_string();
        names_column(&["foreignKeys", &at, "fields"], table, &key.fields);
        let resource = if key.reference.resource.is_empty() { &table.name } else { &key.reference.resource };
        if let Some(other) = tables.iter().find(|other| other.name == *resource) {
            names_column(&["foreignKeys", &at, "reference", "fields"], other, &key.reference.fields);
        }
    }
    for (at, key) in table.foreign_keys.iter().enumerate() {
        let at = at.to_string();
        let resource = &key.reference.resource;
        if !resource.is_empty() && files.get(&format!("tables/{resource}.json")).is_none() {
            let message = format!("a foreign key refers to the table \"{resource}\", which there is not");
            complain(code::SCHEMA_INVALID, &["foreignKeys", &at, "reference", "resource"], Complaint::new(message).compared(resource, "a table"));
        }
        let (here, there) = (key.fields.len(), key.reference.fields.len());
        if here != there {
            let complaint = Complaint::new(format!("a foreign key has {here} columns here and {there} there"));
            complain(code::SCHEMA_INVALID, &["foreignKeys", &at], complaint.compared(format!("{here} columns"), format!("{there} columns")));
        }
    }
    if let Some(record) = &table.record {
        for (at, column) in table.extract.iter().enumerate() {
            let names = std::iter::once(&column.from).chain(&column.compound);
            for name in names.filter(|name| !["source_id", "line"].contains(&name.as_str())) {
                if !record.fields.iter().any(|field| &field.name == name) {
                    let message = format!("extract column \"{}\" comes from \"{name}\", which the record does not have", column.name);
                    complain(code::SCHEMA_INVALID, &["extract", &at.to_string()], Complaint::new(message).compared(name, "a field of the record"));
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
    toml_file::parse(text, &files.display(path), code::SCHEMA_INVALID, report)
}

/// The field and one complaint a broken rule, naming the field, the value and the rule, in field order.
#[must_use]
pub fn broken_rules(errors: &validator::ValidationErrors) -> Vec<(String, Complaint)> {
    let mut complaints: Vec<(String, Complaint)> = errors
        .field_errors()
        .iter()
        .flat_map(|(field, broken)| {
            broken.iter().map(move |error| {
                let value = error.params.get("value").map_or_else(String::new, ToString::to_string);
                let rule = match error.code.as_ref() {
                    "length" => length_rule(error),
                    "range" => length_rule(error).replace(" characters", ""),
                    "url" => "a web address with https:// or http://".to_owned(),
                    other => other.to_owned(),
                };
                ((*field).to_string(), Complaint::new(format!("{field} is {value}, expected {rule}")).compared(value, rule))
            })
        })
        .collect();
    complaints.sort();
    complaints
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
