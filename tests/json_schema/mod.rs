//! A validator for JSON Schema, as far as schemas of documents use it: types, enumerations, required and further properties, items,
//! bounds, patterns, references within the schema, and combinations. An unknown keyword that would decide stops the test.

#![allow(dead_code, reason = "each test file uses a part of it")]

use regex::Regex;
use serde_json::Value;

/// Keywords that say nothing about whether a document is valid.
const ANNOTATIONS: &[&str] = &["$schema", "$id", "id", "title", "description", "default", "definitions", "format", "$comment", "examples"];

/// Every way in which a document breaks a schema, each with its place in the document.
pub fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(schema, schema, document, "", &mut problems);
    problems
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else {
        if schema == &Value::Bool(false) {
            problems.push(format!("{at}: not allowed"));
        }
        return;
    };
    if let Some(target) = rules.get("$ref") {
        let pointer = target.as_str().unwrap().trim_start_matches('#');
        let target = root.pointer(pointer).unwrap_or_else(|| panic!("the schema has no {pointer}"));
        return check(root, target, value, at, problems);
    }
    for (keyword, rule) in rules {
        if let Some(problem) = broken(root, rules, keyword, rule, value, at, problems) {
            problems.push(format!("{at}: {problem}"));
        }
    }
}

fn broken(
    root: &Value,
    rules: &serde_json::Map<String, Value>,
    keyword: &str,
    rule: &Value,
    value: &Value,
    at: &str,
    problems: &mut Vec<String>,
) -> Option<String> {
    let length = |value: &Value| value.as_str().map(|text| text.chars().count() as f64);
    let count = |value: &Value| value.as_array().map(|items| items.len() as f64);
    let bound = |measured: Option<f64>, holds: fn(f64, f64) -> bool| {
        measured.filter(|measured| !holds(*measured, rule.as_f64().unwrap())).map(|measured| format!("{measured} breaks {keyword} {rule}"))
    };
    match keyword {
        "type" => {
            let allowed = rule.as_array().map_or_else(|| vec![rule], |several| several.iter().collect());
            let is_allowed = allowed.iter().any(|name| is_of_type(value, name.as_str().unwrap()));
            (!is_allowed).then(|| format!("{value} is no {rule}"))
        }
        "enum" => (!rule.as_array().unwrap().contains(value)).then(|| format!("{value} is none of {rule}")),
        "const" => (rule != value).then(|| format!("{value} is not {rule}")),
        "required" => {
            let object = value.as_object()?;
            let missing: Vec<&Value> = rule.as_array().unwrap().iter().filter(|name| !object.contains_key(name.as_str().unwrap())).collect();
            (!missing.is_empty()).then(|| format!("lacks {missing:?}"))
        }
        "properties" => {
            for (name, schema) in rule.as_object().unwrap() {
                if let Some(value) = value.get(name) {
                    check(root, schema, value, &format!("{at}/{name}"), problems);
                }
            }
            None
        }
        "additionalProperties" => {
            for (name, value) in value.as_object()? {
                if rules.get("properties").and_then(|properties| properties.get(name)).is_none() {
                    check(root, rule, value, &format!("{at}/{name}"), problems);
                }
            }
            None
        }
        "items" => {
            for (position, item) in value.as_array()?.iter().enumerate() {
                check(root, rule, item, &format!("{at}/{position}"), problems);
            }
            None
        }
        "pattern" => {
            let text = value.as_str()?;
            let pattern = Regex::new(rule.as_str().unwrap()).unwrap();
            (!pattern.is_match(text)).then(|| format!("{text:?} does not match {rule}"))
        }
        "minimum" => bound(value.as_f64(), |measured, bound| measured >= bound),
        "maximum" => bound(value.as_f64(), |measured, bound| measured <= bound),
        "minLength" => bound(length(value), |measured, bound| measured >= bound),
        "maxLength" => bound(length(value), |measured, bound| measured <= bound),
        "minItems" => bound(count(value), |measured, bound| measured >= bound),
        "maxItems" => bound(count(value), |measured, bound| measured <= bound),
        "uniqueItems" => {
            let items = value.as_array()?;
            let alike = rule == &Value::Bool(true) && items.iter().enumerate().any(|(at, item)| items[..at].contains(item));
            alike.then(|| "items are alike".to_owned())
        }
        "allOf" | "anyOf" | "oneOf" => {
            let schemas = rule.as_array().unwrap();
            let valid = schemas.iter().filter(|schema| {
                let mut found = Vec::new();
                check(root, schema, value, at, &mut found);
                found.is_empty()
            });
            let valid = valid.count();
            let holds = match keyword {
                "allOf" => valid == schemas.len(),
                "anyOf" => valid > 0,
                _ => valid == 1,
            };
            (!holds).then(|| format!("fits {valid} of {keyword}"))
        }
        "not" => {
            let mut found = Vec::new();
            check(root, rule, value, at, &mut found);
            found.is_empty().then(|| "fits what it must not".to_owned())
        }
        "dependencies" => None,
        _ => {
            assert!(ANNOTATIONS.contains(&keyword), "the validator does not know the keyword {keyword:?}");
            None
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "string" => value.is_string(),
        other => panic!("there is no type {other:?}"),
    }
}
