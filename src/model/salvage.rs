//! What can still be said of a table schema in which a value is of a wrong type or a keyword is not known.
//!
//! In: the text of the schema, after what does not fit was told. Out: a schema of the parts that can be read, each where it stood, so that
//! what is wrong between them (a key of a column that there is not, a pattern that is none) is told in the same run. It is never used for
//! data. A part that cannot be read is filled with what gives no complaint of its own.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::table::{Constraints, Field, FieldType, ForeignKey, Origin, Reference, Role, RowRule, TableSchema};

/// The schema, under that name where it says none that is a text; nothing where it is no JSON, or where not even the names of all columns can be read.
#[must_use]
pub fn table(text: &str, name: &str) -> Option<TableSchema> {
    let value: Value = serde_json::from_str(text).ok()?;
    let fields = items(&value["fields"]).map(field).collect::<Option<Vec<Field>>>().filter(|fields| !fields.is_empty())?;
    Some(TableSchema {
        name: value["name"].as_str().unwrap_or(name).to_owned(),
        title: part(&value, "title"),
        description: part(&value, "description"),
        position: part(&value, "position"),
        role: Role::Fact,
        allow_empty: part(&value, "allowEmpty"),
        fields,
        primary_key: names(&value["primaryKey"]),
        unique_keys: items(&value["uniqueKeys"]).map(names).collect(),
        foreign_keys: items(&value["foreignKeys"]).map(foreign_key).collect(),
        row_rules: items(&value["rowRules"]).map(|rule| RowRule::deserialize(rule).unwrap_or_else(|_| RowRule::Sum(Vec::new()))).collect(),
        missing_values: names(&value["missingValues"]),
        record: part(&value, "record"),
        extract: part(&value, "extract"),
    })
}

fn field(value: &Value) -> Option<Field> {
    let constraints = &value["constraints"];
    let field_type: Option<FieldType> = part(value, "type");
    // Whether a bound fits cannot be said of a type that is not known.
    let bounds = if field_type.is_some() { constraints } else { &Value::Null };
    Some(Field {
        name: value["name"].as_str()?.to_owned(),
        field_type: field_type.unwrap_or(FieldType::String),
        description: value["description"].as_str().unwrap_or("none that can be read").to_owned(),
        kind: part(value, "kind"),
        origin: Origin::Stated,
        derived_from: names(&value["derivedFrom"]),
        renamed_from: part(value, "renamedFrom"),
        constraints: Constraints {
            required: part(constraints, "required"),
            unique: part(constraints, "unique"),
            pattern: part(constraints, "pattern"),
            one_of: part(constraints, "enum"),
            minimum: part(bounds, "minimum"),
            maximum: part(bounds, "maximum"),
            min_length: part(constraints, "minLength"),
            max_length: part(constraints, "maxLength"),
        },
        categories: part(value, "categories"),
    })
}

fn foreign_key(value: &Value) -> ForeignKey {
    let whole = ForeignKey { fields: names(&value["fields"]), reference: reference(&value["reference"]) };
    // Of columns that can be read on one side alone it cannot be said that they are too few.
    if whole.fields.is_empty() || whole.reference.fields.is_empty() {
        return ForeignKey { fields: Vec::new(), reference: Reference { fields: Vec::new(), ..whole.reference } };
    }
    whole
}

fn reference(value: &Value) -> Reference {
    Reference { resource: part(value, "resource"), fields: names(&value["fields"]) }
}

/// A part that is of its type, else none.
fn part<T: DeserializeOwned + Default>(value: &Value, key: &str) -> T {
    T::deserialize(&value[key]).unwrap_or_default()
}

/// One name, or several; none where one of them is no text.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        list => items(list).map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>().unwrap_or_default(),
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn parts_stay_where_they_stood_and_what_cannot_be_read_says_nothing() {
        let text = r#"{ "name": 3, "fields": [
            { "name": "a", "type": "whole", "constraints": { "minimum": 3, "pattern": "[", "required": "yes" } },
            { "name": "b", "type": "date" } ],
            "primaryKey": "c", "rowRules": [{ "sums": [] }, { "before": ["b", "d"] }],
            "foreignKeys": [{ "fields": 3, "reference": { "resource": "x", "fields": ["y"] } }] }"#;
        let schema = table(text, "t").expect("the columns have names");
        assert_eq!(schema.column_names(), ["a", "b"]);
        assert_eq!(schema.fields[0].constraints.pattern.as_deref(), Some("["));
        assert_eq!(schema.fields[0].unfit_bounds().count(), 0);
        assert_eq!((schema.name.as_str(), schema.primary_key.as_slice()), ("t", ["c".to_owned()].as_slice()));
        assert_eq!((schema.row_rules[0].columns().len(), schema.row_rules[1].columns()[1].as_str()), (0, "d"));
        assert!(schema.foreign_keys[0].fields.is_empty() && schema.foreign_keys[0].reference.fields.is_empty());
        assert!(["{", r#"{ "fields": [{ "name": 3 }] }"#, "[]"].iter().all(|text| table(text, "t").is_none()));
    }
}
