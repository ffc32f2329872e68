//! `csv-metadata.json`: CSV on the Web, the description that CSV readers look for beside a file.

use serde_json::{Map, Value, json};

use super::claims::{Claims, text};
use crate::model::TableSchema;
use crate::model::bound::Bound;
use crate::model::table::{Field, FieldType};
use crate::publish::datapackage;
use crate::publish::descriptor::{Release, ReleaseTable};

/// The text of the file.
pub fn render(release: &Release) -> String {
    let about = &release.about;
    datapackage::json(&json!({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": about.title,
        "dc:description": about.description,
        "dc:publisher": about.publisher,
        "dc:license": {"@id": about.licence_url},
        "dc:issued": {"@value": release.date.to_string(), "@type": "xsd:date"},
        "dcat:keyword": about.keywords,
        "dialect": {"encoding": "utf-8", "header": true, "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "lineTerminators": ["\n"]},
        "tables": release.tables.iter().map(table).collect::<Vec<_>>(),
    }))
}

/// What the text says of the release; the standard has no place for its version.
pub fn claims(json: &str) -> Option<Claims> {
    let value: Value = serde_json::from_str(json).ok()?;
    let name = |table: &Value| table["url"].as_str()?.strip_suffix(".csv").map(str::to_owned);
    let tables = value["tables"].as_array()?.iter().map(name).collect::<Option<_>>()?;
    Some(Claims { title: text(&value["dc:title"]), licences: vec![text(&value["dc:license"]["@id"])?], tables: Some(tables), ..Claims::default() })
}

fn table(table: &ReleaseTable) -> Value {
    let schema = &table.schema;
    let mut table_schema = Map::new();
    table_schema.insert("columns".to_owned(), schema.fields.iter().map(|field| column(schema, field)).collect());
    table_schema.insert("primaryKey".to_owned(), json!(schema.primary_key));
    if !schema.foreign_keys.is_empty() {
        let keys = schema.foreign_keys.iter().map(|key| {
            json!({
                "columnReference": key.fields,
                "reference": {"resource": format!("{}.csv", key.reference.resource), "columnReference": key.reference.fields},
            })
        });
        table_schema.insert("foreignKeys".to_owned(), keys.collect());
    }
    json!({
        "url": format!("{}.csv", schema.name),
        "dc:title": schema.title,
        "dc:description": schema.description,
        "tableSchema": table_schema,
    })
}

fn column(schema: &TableSchema, field: &Field) -> Value {
    let mut column = Map::new();
    column.insert("name".to_owned(), json!(field.name));
    column.insert("titles".to_owned(), json!(field.name));
    column.insert("dc:description".to_owned(), json!(field.description));
    column.insert("datatype".to_owned(), datatype(field));
    if schema.is_required(field) {
        column.insert("required".to_owned(), json!(true));
    }
    Value::Object(column)
}

fn datatype(field: &Field) -> Value {
    let rules = &field.constraints;
    let base = match field.field_type {
        FieldType::String => "string",
        FieldType::Integer => "integer",
        FieldType::Number => "double",
        FieldType::Date => "date",
        FieldType::Boolean => "boolean",
    };
    let mut datatype = Map::new();
    datatype.insert("base".to_owned(), json!(base));
    let allowed = (!rules.one_of.is_empty()).then(|| rules.one_of.join("|"));
    if let Some(format) = rules.pattern.clone().or(allowed).filter(|_| field.field_type == FieldType::String) {
        datatype.insert("format".to_owned(), json!(format));
    }
    for (name, bound) in rules.bounds() {
        let whole = field.field_type == FieldType::Integer;
        let bound = match bound {
            Bound::Number(number) if whole => json!(number as i64),
            other => json!(other),
        };
        datatype.insert(name.to_owned(), bound);
    }
    let lengths = [("minLength", rules.min_length), ("maxLength", rules.max_length)];
    for (name, bound) in lengths.into_iter().filter_map(|(name, bound)| Some((name, bound?))) {
        datatype.insert(name.to_owned(), json!(bound));
    }
    if datatype.len() == 1 { json!(base) } else { Value::Object(datatype) }
}
