//! The schema of a file: a Table Schema of Data Package 2.0, with or without what our own tables say beyond it.

use serde::Deserialize;

use crate::findings::{Code, Place, Report, code};
use crate::model::complaint::Complaint;
use crate::model::json_file;
use crate::model::salvage;
use crate::model::table::{Category, Constraints, Field, FieldType, ForeignKey, Origin, Role, TableSchema, whole_pattern};

/// A Table Schema as others write it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlainSchema {
    #[serde(default, rename = "$schema")]
    _profile: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    fields: Vec<PlainField>,
    #[serde(default)]
    primary_key: Names,
    #[serde(default)]
    unique_keys: Vec<Names>,
    #[serde(default)]
    foreign_keys: Vec<PlainForeignKey>,
    #[serde(default)]
    missing_values: Vec<String>,
    #[serde(default)]
    allow_empty: bool,
}

/// One name, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Default for Names {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        match names {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainField {
    name: String,
    #[serde(rename = "type", default = "string")]
    field_type: FieldType,
    #[serde(default)]
    _title: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    constraints: Constraints,
    #[serde(default)]
    categories: Vec<Category>,
}

fn string() -> FieldType {
    FieldType::String
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainForeignKey {
    fields: Names,
    reference: PlainReference,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainReference {
    #[serde(default)]
    resource: String,
    fields: Names,
}

/// Parses the schema of a file; none where something in it is wrong, which is then reported.
pub fn parse(text: &str, path: &str, report: &mut Report) -> Option<TableSchema> {
    // A schema of ours says where its table stands among the others.
    let (line, _) = json_file::place_of(text, &["position"]);
    let parsed = if line > 0 {
        json_file::parse::<TableSchema>(text, path, code::SCHEMA_INVALID, report)
    } else {
        json_file::parse::<PlainSchema>(text, path, code::SCHEMA_INVALID, report).map(table)
    };
    let mut is_sound = parsed.is_some();
    // What else is wrong is told in the same run.
    let schema = parsed.or_else(|| salvage::table(text, ""))?;
    let mut complain = |code: &'static Code, at: &[&str], complaint: Complaint| {
        let (line, column) = json_file::place_of(text, at);
        report.push(complaint.finding(code, Place::new(path, line, column)));
        is_sound = false;
    };
    for (at, field) in schema.fields.iter().enumerate() {
        for (keyword, complaint) in field.unfit_bounds() {
            complain(code::SCHEMA_INVALID, &["fields", &at.to_string(), "constraints", keyword], complaint);
        }
        if let Some(Err(error)) = field.constraints.pattern.as_deref().map(whole_pattern) {
            complain(code::SCHEMA_PATTERN, &["fields", &at.to_string(), "constraints", "pattern"], field.wrong_pattern(&error));
        }
    }
    let foreign = schema.foreign_keys.iter().map(|key| ("foreignKeys", &key.fields));
    let keys = std::iter::once(("primaryKey", &schema.primary_key)).chain(schema.unique_keys.iter().map(|key| ("uniqueKeys", key))).chain(foreign);
    for (keyword, column) in keys.flat_map(|(keyword, columns)| columns.iter().map(move |column| (keyword, column))) {
        if schema.position_of(column).is_none() {
            let complaint = Complaint::new(format!("{keyword} names the column \"{column}\", which there is not"));
            complain(code::SCHEMA_INVALID, &[keyword], complaint.compared(column, schema.column_names().join(", ")));
        }
    }
    is_sound.then_some(schema)
}

fn table(plain: PlainSchema) -> TableSchema {
    let field = |field: PlainField| Field {
        name: field.name,
        field_type: field.field_type,
        description: field.description,
        kind: "text".to_owned(),
        origin: Origin::Stated,
        derived_from: Vec::new(),
        constraints: field.constraints,
        categories: field.categories,
        renamed_from: None,
    };
    let foreign_key = |key: PlainForeignKey| ForeignKey {
        fields: key.fields.into(),
        reference: crate::model::table::Reference { resource: key.reference.resource, fields: key.reference.fields.into() },
    };
    TableSchema {
        name: plain.name,
        title: plain.title,
        description: plain.description,
        position: 1,
        role: Role::Fact,
        allow_empty: plain.allow_empty,
        fields: plain.fields.into_iter().map(field).collect(),
        primary_key: plain.primary_key.into(),
        unique_keys: plain.unique_keys.into_iter().map(Into::into).collect(),
        foreign_keys: plain.foreign_keys.into_iter().map(foreign_key).collect(),
        row_rules: Vec::new(),
        missing_values: plain.missing_values.into_iter().filter(|value| !value.is_empty()).collect(),
        record: None,
        extract: Vec::new(),
    }
}
