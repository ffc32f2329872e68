//! What the envelope looks like, for those who read it: as JSON, and as the data definition that Spark takes.

use std::str::FromStr;

use arrow::datatypes::{DataType, Field, Schema};
use serde_json::{Value, json};

/// A way to write the schema down.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    pub render: fn(&Schema) -> String,
}

pub const FORMATS: &[Format] = &[Format { name: "json", render: as_json }, Format { name: "spark-ddl", render: as_ddl }];

impl FromStr for &'static Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| format!("\"{name}\" is none of the formats {}", names.join(", ")))
    }
}

/// How a type is called: by Arrow, and by Spark. One that has columns or items is named by what is around them.
fn names(data_type: &DataType) -> (&'static str, &'static str) {
    match data_type {
        DataType::Utf8 => ("utf8", "STRING"),
        DataType::Int64 => ("int64", "BIGINT"),
        DataType::Float64 => ("float64", "DOUBLE"),
        DataType::Boolean => ("bool", "BOOLEAN"),
        DataType::Date32 => ("date32", "DATE"),
        DataType::List(_) => ("list", "ARRAY"),
        DataType::Struct(_) => ("struct", "STRUCT"),
        // `portable` makes no other: this one would be refused by whoever reads it.
        _ => ("unknown", "UNKNOWN"),
    }
}

fn as_json(schema: &Schema) -> String {
    let fields: Vec<Value> = schema.fields().iter().map(|field| described(field)).collect();
    format!("{:#}", json!({ "fields": fields }))
}

fn described(field: &Field) -> Value {
    let mut value = json!({ "name": field.name(), "type": names(field.data_type()).0, "nullable": field.is_nullable() });
    match field.data_type() {
        DataType::Struct(fields) => value["fields"] = fields.iter().map(|field| described(field)).collect(),
        DataType::List(item) => value["item"] = described(item),
        _ => {}
    }
    value
}

fn as_ddl(schema: &Schema) -> String {
    let columns: Vec<String> = schema.fields().iter().map(|field| format!("`{}` {}", field.name(), ddl(field.data_type()))).collect();
    columns.join(",\n")
}

fn ddl(data_type: &DataType) -> String {
    let mut text = names(data_type).1.to_owned();
    match data_type {
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| format!("`{}`: {}", field.name(), ddl(field.data_type()))).collect();
            text.push_str(&format!("<{}>", fields.join(", ")));
        }
        DataType::List(item) => text.push_str(&format!("<{}>", ddl(item.data_type()))),
        _ => {}
    }
    text
}
